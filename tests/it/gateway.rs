//! The practice gateway over a real socket, in raw bytes.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use countersign::gateway::{CallLog, Gateway, GatewayError, GatewayOptions};
use countersign::practice;
use countersign::sigv4::{
    Credentials, Echo, Payload, RequestDateTime, SigningInput, SigningSettings, SigningTarget,
    sign_target,
};
use tokio::runtime::Runtime;

const NOW: &str = "20260102T030405Z";
/// Long enough for a slow machine; no test waits it out.
const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway that runs while the test looks at it.
struct Running {
    runtime: Runtime,
    gateway: Gateway,
}

/// An answer, taken apart.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn parse(raw: &[u8]) -> Self {
        let end = raw
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(raw)));
        let head = std::str::from_utf8(&raw[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        Self {
            status: status.parse().unwrap(),
            headers: lines
                .map(|line| line.split_once(':').unwrap())
                .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
                .collect(),
            body: raw[end + 4..].to_vec(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn error_type(&self) -> &str {
        self.header("x-amzn-errortype").unwrap_or_default()
    }
}

fn at(text: &str) -> SystemTime {
    RequestDateTime::parse(text).unwrap().time()
}

fn options() -> GatewayOptions {
    GatewayOptions {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        clock: Arc::new(|| at(NOW)),
        ..GatewayOptions::default()
    }
}

impl Running {
    fn start(options: GatewayOptions) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let gateway = runtime.block_on(Gateway::start(options)).unwrap();
        Self { runtime, gateway }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.gateway.addr()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends these bytes and reads until the gateway closes.
    fn exchange(&self, raw: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // The gateway may answer and close before all is written.
        stream.write_all(raw).ok();
        read_all(&mut stream)
    }

    fn send(&self, wire: &Wire) -> Answer {
        Answer::parse(&self.exchange(&wire.bytes()))
    }
}

fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let mut raw = Vec::new();
    match stream.read_to_end(&mut raw) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("{error}, after {:?}", String::from_utf8_lossy(&raw)),
    }
    raw
}

/// A request as it goes over the wire.
#[derive(Clone, Debug)]
struct Wire {
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Wire {
    /// Signs a request as the practice user, now.
    fn signed(method: &'static str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let host = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
        let mut all = vec![("host".to_owned(), host.to_owned())];
        all.extend(
            headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let url = format!("https://{host}{target}");
        let signing_target = SigningTarget {
            method,
            url: &url,
            headers: &all,
            payload: Payload::Bytes(body),
        };
        let credentials = Credentials::new(practice::ACCESS_KEY_ID, practice::SECRET_ACCESS_KEY);
        let input = SigningInput {
            credentials: &credentials,
            region: practice::REGION,
            service: "execute-api",
            time: RequestDateTime::parse(NOW).unwrap(),
            settings: &SigningSettings::default(),
        };
        let signed = sign_target(&signing_target, &input).unwrap();
        Self {
            method,
            target: target.to_owned(),
            headers: signed.headers,
            body: body.to_vec(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let headers: String = self
            .headers
            .iter()
            .map(|(name, value)| [name, ": ", value, "\r\n"].concat())
            .collect();
        let raw = format!(
            "{} {} HTTP/1.1\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
            self.method,
            self.target,
            self.body.len()
        );
        [raw.as_bytes(), &self.body].concat()
    }

    fn change(&mut self, name: &str, change: impl Fn(&str) -> String) {
        let slot = self.headers.iter_mut().find(|(known, _)| known == name);
        let value = &mut slot.unwrap().1;
        *value = change(value);
    }
}

const OPEN: &[u8] = b"GET /prod/open HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";

#[test]
fn signed_requests_are_accepted_byte_for_byte() {
    let running = Running::start(options());
    for target in [
        "/prod/pets",
        "/prod/pets?type=dog&page=1",
        "/prod/pets?b=2&a=2&a=1&flag",
        "/prod/pets?q=a+b%2Bc%20d",
        "/prod/pets/a%20b/%40me",
        "/prod/pets/a@b:c$d,e;f=g&h!i*j(k)'l",
        "/prod/pets//a/./b/../c",
        "/prod/pets/%ed%95%9c%EA%B5%AD",
        "/prod/pets/%FF",
    ] {
        let answer = running.send(&Wire::signed("GET", target, &[], b""));
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    }
    let post = Wire::signed(
        "POST",
        "/prod/orders",
        &[
            ("x-demo", "  a   b "),
            ("x-demo", "c"),
            ("x-api-key", practice::API_KEY),
        ],
        br#"{"petId":1}"#,
    );
    let answer = running.send(&post);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains(r#""order":{"petId":1}"#));

    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("x-amzn-errortype"), None);
    let request_id = answer.header("x-amzn-requestid").unwrap();
    assert!(uuid::Uuid::parse_str(request_id).is_ok());
    let apigw_id = answer.header("x-amz-apigw-id").unwrap();
    assert!(
        apigw_id.len() == 16 && apigw_id.ends_with('='),
        "{apigw_id}"
    );
    assert_eq!(
        answer.header("date"),
        Some("Fri, 02 Jan 2026 03:04:05 GMT"),
        "the gateway's clock, not the machine's"
    );
}

#[test]
fn a_changed_byte_is_refused_with_the_gateways_own_derivation() {
    let running = Running::start(options());
    let good = Wire::signed("POST", "/prod/pets/a?q=1", &[("x-demo", "1")], b"{}");
    assert_eq!(running.send(&good).status, 200);
    type Change<'a> = (&'a str, &'a dyn Fn(&mut Wire), &'a str);
    let changes: [Change<'_>; 6] = [
        (
            "path",
            &|wire| wire.target = "/prod/pets/b?q=1".into(),
            "POST\n/prod/pets/b\nq=1\n",
        ),
        (
            "query",
            &|wire| wire.target = "/prod/pets/a?q=2".into(),
            "POST\n/prod/pets/a\nq=2\n",
        ),
        (
            "header",
            &|wire| wire.change("x-demo", |_| "2".into()),
            "\nx-demo:2\n",
        ),
        (
            "body",
            &|wire| wire.body = b"[}".to_vec(),
            "\nhost;x-amz-date;x-demo\n",
        ),
        (
            "date",
            &|wire| wire.change("x-amz-date", |_| "20260102T030406Z".into()),
            "\nx-amz-date:20260102T030406Z\n",
        ),
        (
            "signature",
            &|wire| {
                wire.change("authorization", |value| {
                    let last = if value.ends_with('0') { '1' } else { '0' };
                    format!("{}{last}", &value[..value.len() - 1])
                });
            },
            "POST\n/prod/pets/a\nq=1\n",
        ),
    ];
    for (part, change, echoed) in changes {
        let mut wire = good.clone();
        change(&mut wire);
        let answer = running.send(&wire);
        assert_eq!(
            (answer.status, answer.error_type()),
            (403, "InvalidSignatureException"),
            "{part}"
        );
        let echo = Echo::find(answer.text()).unwrap();
        assert!(echo.canonical_request.contains(echoed), "{part}: {echo:?}");
    }
    let mut wire = good;
    wire.change("x-amz-date", |_| "20260102T025904Z".into());
    assert_eq!(
        running.send(&wire).text(),
        r#"{"message":"Signature expired: 20260102T025904Z is now earlier than 20260102T025905Z (20260102T030405Z - 5 min.)"}"#
    );
}

#[test]
fn a_proxy_on_the_way_changes_a_signed_header() {
    let running = Running::start(options());
    let headers = [("x-demo", "1"), ("x-practice-proxy", "x-demo")];
    let answer = running.send(&Wire::signed("GET", "/prod/pets", &headers, b""));
    assert_eq!(answer.status, 403);
    let echo = Echo::find(answer.text()).unwrap();
    assert!(
        echo.canonical_request
            .contains("\nx-demo:1, changed by a proxy\n")
    );
}

#[test]
fn unsigned_unrouted_and_head() {
    let running = Running::start(options());
    let get = |method: &str, path: &str| {
        let raw = format!("{method} {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
        Answer::parse(&running.exchange(raw.as_bytes()))
    };
    for path in ["/prod/pets", "/prod/nothing"] {
        let answer = get("GET", path);
        assert_eq!(answer.status, 403);
        assert_eq!(
            answer.text(),
            r#"{"message":"Missing Authentication Token"}"#
        );
        assert_eq!(answer.error_type(), "MissingAuthenticationTokenException");
        assert_eq!(answer.header("content-length"), Some("42"));
    }
    let answer = get("GET", "/prod/key");
    assert_eq!(
        (answer.text(), answer.error_type()),
        (r#"{"message":"Forbidden"}"#, "ForbiddenException")
    );
    let answer = get("HEAD", "/prod/pets");
    assert_eq!((answer.status, answer.text()), (403, ""));
    assert_eq!(answer.header("content-length"), Some("0"));
    assert_eq!(answer.error_type(), "MissingAuthenticationTokenException");
    // The form for a proxy names the host in the request line.
    assert_eq!(get("GET", "http://h/prod/open").status, 200);
    let sts = get("POST", "/");
    assert_eq!(
        (sts.status, sts.header("content-type")),
        (400, Some("text/xml"))
    );
    assert_eq!(sts.header("x-amz-apigw-id"), None);
}

#[test]
fn a_body_over_ten_megabytes_is_too_long() {
    let running = Running::start(options());
    let mut raw =
        b"POST /prod/pets HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 10485761\r\n\r\n"
            .to_vec();
    raw.resize(raw.len() + 10_485_761, b'x');
    let answer = Answer::parse(&running.exchange(&raw));
    assert_eq!(
        (answer.status, answer.header("content-type"), answer.text()),
        (
            413,
            Some("text/plain"),
            "HTTP content length exceeded 10485760 bytes."
        )
    );
    assert_eq!(answer.error_type(), "RequestTooLargeException");
    // One that only announces far too much is not waited for.
    let announced = b"POST /prod/pets HTTP/1.1\r\nhost: h\r\ncontent-length: 999999999999\r\n\r\n";
    let answer = Answer::parse(&running.exchange(announced));
    assert_eq!(answer.status, 413);
}

#[test]
fn garbage_does_not_kill_it() {
    let running = Running::start(options());
    let long_header = format!(
        "GET /prod/pets HTTP/1.1\r\nhost: h\r\nx: {}\r\n\r\n",
        "a".repeat(200_000)
    );
    let many_headers = format!(
        "GET /prod/pets HTTP/1.1\r\nhost: h\r\n{}\r\n",
        "a: b\r\n".repeat(500)
    );
    let authorization = |value: &str| {
        format!(
            "GET /prod/pets?%41=%42 HTTP/1.1\r\nhost: h\r\nauthorization: {value}\r\nx-amz-date: {NOW}\r\nconnection: close\r\n\r\n"
        )
        .into_bytes()
    };
    let scope = "AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request";
    let many_names: Vec<String> = (0..5_000).map(|index| format!("{index:x}")).collect();
    let mut raws: Vec<Vec<u8>> = vec![
        b"\r\n\r\n\r\n".to_vec(),
        b"\0\x01\x02\xff\xfe\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET /prod/pets\r\n\r\n".to_vec(),
        b"GET prod HTTP/1.1\r\nhost: h\r\n\r\n".to_vec(),
        b"GET * HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n".to_vec(),
        b"CONNECT h:1 HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n".to_vec(),
        b"GET /prod/p\xc3\xa9ts?\xff HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: -1\r\n\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n".to_vec(),
        long_header.into_bytes(),
        many_headers.into_bytes(),
        authorization(""),
        authorization("AWS4-HMAC-SHA256"),
        authorization("AWS4-HMAC-SHA256 ,,,=,=="),
        authorization("AWS4-HMAC-SHA256 Credential=////,SignedHeaders=host,Signature=\u{e9}"),
        authorization(&format!("AWS4-HMAC-SHA256 Credential={scope},SignedHeaders=;;host;HOST;\u{130};authorization,Signature=x")),
        authorization(&format!("AWS4-HMAC-SHA256 Credential={scope},SignedHeaders=host;{},Signature=x", many_names.join(";"))),
    ];
    // Cut a good request anywhere, and flip any of its bytes.
    let good = Wire::signed("POST", "/prod/pets/a%20b?q=1&r", &[("x-demo", "1")], b"{}").bytes();
    for index in 0..good.len() {
        raws.push(good[..index].to_vec());
        let mut flipped = good.clone();
        flipped[index] ^= 0x81;
        raws.push(flipped);
    }
    for raw in raws {
        let mut stream = running.connect();
        stream.write_all(&raw).ok();
        // Nothing more comes, so that nobody waits for the rest.
        stream.shutdown(std::net::Shutdown::Write).ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok();
        if !answer.is_empty() {
            let status = Answer::parse(&answer).status;
            assert!(
                status == 200 || (400..500).contains(&status),
                "{status} for {raw:?}"
            );
        }
    }
    assert_eq!(Answer::parse(&running.exchange(&good)).status, 200);
}

#[test]
fn an_idle_connection_holds_a_seat_and_nothing_else() {
    let running = Running::start(GatewayOptions {
        max_connections: 2,
        ..options()
    });
    let mut slow = running.connect();
    slow.write_all(b"GET /prod/op").unwrap();
    assert_eq!(Answer::parse(&running.exchange(OPEN)).status, 200);

    let idle = running.connect();
    let mut waiting = running.connect();
    waiting.write_all(OPEN).unwrap();
    // Both seats are taken: the third is not answered before one gets up.
    waiting
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    let error = waiting.read(&mut [0; 1]).unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut
    ));
    drop(idle);
    waiting.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(Answer::parse(&read_all(&mut waiting)).status, 200);

    slow.write_all(b"en HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
        .unwrap();
    assert_eq!(Answer::parse(&read_all(&mut slow)).status, 200);
}

#[test]
fn the_offset_moves_the_clock() {
    let running = Running::start(GatewayOptions {
        time_offset_secs: -1200,
        ..options()
    });
    let answer = running.send(&Wire::signed("GET", "/prod/pets", &[], b""));
    assert_eq!(
        answer.text(),
        r#"{"message":"Signature not yet current: 20260102T030405Z is still later than 20260102T024905Z (20260102T024405Z + 5 min.)"}"#
    );
    assert_eq!(answer.header("date"), Some("Fri, 02 Jan 2026 02:44:05 GMT"));
}

#[test]
fn every_call_is_logged_and_no_secret_with_it() {
    let heard: Arc<Mutex<Vec<CallLog>>> = Arc::default();
    let listener = Arc::clone(&heard);
    let running = Running::start(GatewayOptions {
        on_call: Some(Arc::new(move |call| {
            listener.lock().unwrap().push(call.clone());
        })),
        ..options()
    });
    let mut wire = Wire::signed(
        "POST",
        "/prod/orders?X-Secret=q1w2e3",
        &[("x-api-key", practice::API_KEY)],
        b"{}",
    );
    assert_eq!(running.send(&wire).status, 200);
    wire.body = b"[]".to_vec();
    assert_eq!(running.send(&wire).status, 403);
    let log = running.gateway.log();
    assert_eq!(*heard.lock().unwrap(), log);
    let statuses: Vec<u16> = log.iter().map(|call| call.status).collect();
    assert_eq!(statuses, [200, 403]);
    let last = log.last().unwrap().checks.last().unwrap();
    assert_eq!((last.gate.name(), last.passed), ("signature", false));
    assert_eq!(log[0].checks.last().unwrap().gate.name(), "api-key");
    assert_eq!(log[0].path, "/prod/orders");
    let text = serde_json::to_string(&log).unwrap();
    let authorization = wire
        .headers
        .iter()
        .find(|(name, _)| name == "authorization");
    let (_, signature) = authorization.unwrap().1.rsplit_once("Signature=").unwrap();
    assert_eq!(signature.len(), 64);
    for secret in [
        practice::API_KEY,
        practice::SECRET_ACCESS_KEY,
        "q1w2e3",
        signature,
    ] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn it_listens_on_loopback_only_and_says_when_a_port_is_taken() {
    let runtime = Runtime::new().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = runtime.block_on(Gateway::start(GatewayOptions {
            listen: address.parse().unwrap(),
            ..options()
        }));
        assert!(
            matches!(refused, Err(GatewayError::NotLoopback(_))),
            "{address}"
        );
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = runtime.block_on(Gateway::start(GatewayOptions {
        listen: taken.local_addr().unwrap(),
        ..options()
    }));
    assert!(matches!(refused, Err(GatewayError::Bind { .. })));
}

#[test]
fn it_stops_when_told() {
    let running = Running::start(options());
    let addr = running.gateway.addr();
    let mut kept = running.connect();
    kept.write_all(b"GET /prod/open HTTP/1.1\r\nhost: h\r\n\r\n")
        .unwrap();
    let mut first = [0; 12];
    kept.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let Running { runtime, gateway } = running;
    runtime.block_on(gateway.shutdown());
    // The kept connection is closed, and no new one is taken.
    read_all(&mut kept);
    assert!(TcpStream::connect(addr).is_err());
}

#[test]
fn the_start_line_is_the_contract_of_the_command_line() {
    let running = Running::start(options());
    let info = serde_json::to_value(running.gateway.start_info()).unwrap();
    let keys: Vec<&String> = info.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "url",
            "sts_url",
            "access_key_id",
            "secret_access_key",
            "role_arn",
            "api_keys",
            "routes"
        ]
    );
    assert_eq!(info["url"], format!("http://{}", running.gateway.addr()));
    assert_eq!(info["api_keys"]["practice"], practice::API_KEY);
    assert_eq!(info["routes"][1]["path"], "/prod/pets");
    assert_eq!(info["routes"][1]["authorization"], "AWS_IAM");
}

/// AWS's own client for STS takes the answers for those of STS.
#[test]
fn the_sdk_assumes_a_role() {
    let running = Running::start(GatewayOptions {
        clock: Arc::new(SystemTime::now),
        ..options()
    });
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
        .endpoint_url(running.gateway.sts_url())
        .region(aws_sdk_sts::config::Region::new(practice::REGION))
        .credentials_provider(aws_sdk_sts::config::Credentials::new(
            practice::ACCESS_KEY_ID,
            practice::SECRET_ACCESS_KEY,
            None,
            None,
            "practice",
        ))
        .build();
    let client = aws_sdk_sts::Client::from_conf(config);
    let assume = |external_id: Option<&str>, role: &str| {
        let call = client
            .assume_role()
            .role_arn(role)
            .role_session_name("lesson")
            .set_external_id(external_id.map(str::to_owned));
        running.runtime.block_on(call.send()).map_err(Box::new)
    };
    let assumed = assume(None, practice::ROLE_ARN).unwrap();
    let credentials = assumed.credentials().unwrap();
    assert!(credentials.access_key_id().starts_with("ASIA"));
    let user = assumed.assumed_role_user().unwrap();
    assert_eq!(
        user.arn(),
        "arn:aws:sts::111122223333:assumed-role/PetReader/lesson"
    );
    let partner = countersign::gateway::PARTNER_ROLE_ARN;
    let refused = assume(None, partner).unwrap_err().into_service_error();
    assert_eq!(refused.meta().code(), Some("AccessDenied"));
    let external_id = countersign::gateway::PARTNER_EXTERNAL_ID;
    assert!(assume(Some(external_id), partner).is_ok());
}

/// The programs in `tests/clients` sign with others' code. They run where `COUNTERSIGN_PYTHON`
/// names a Python that has what their `requirements.txt` lists.
#[test]
fn other_clients_agree() {
    let Some(python) = std::env::var_os("COUNTERSIGN_PYTHON") else {
        println!("skipped: COUNTERSIGN_PYTHON names no Python");
        return;
    };
    let running = Running::start(GatewayOptions {
        clock: Arc::new(SystemTime::now),
        ..options()
    });
    let info = serde_json::to_string(&running.gateway.start_info()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    for program in [
        "client_awscrt.py",
        "client_botocore.py",
        "client_aws4auth.py",
        "client_boto3_sts.py",
    ] {
        let output = Command::new(&python)
            .arg("-B")
            .arg(folder.join(program))
            .arg(&info)
            .output()
            .unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {stdout}{stderr}");
        let last = stdout.lines().last().unwrap_or_default();
        assert!(last.ends_with(" passed, 0 failed"), "{program}: {stdout}");
        assert!(!last.starts_with("0 "), "{program}: {stdout}");
        println!("{program}: {last}");
    }
}
