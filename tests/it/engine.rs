//! The engine over a loopback server: what is shown is what is signed is what is sent.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use countersign::collection::{AuthSpec, AwsAuthSpec, Body, RequestContext, RequestDraft, Row};
use countersign::credentials::{
    BoxFuture, CredentialProvider, CredentialsError, MemoryStore, ResolvedCredentials,
};
use countersign::engine::{Clock, Engine, Ports, ReqwestTransport, send};
use countersign::exchange::{
    ConnectTo, ExchangeId, SendErrorKind, SendJob, SendProgress, SendStage,
};
use countersign::secret::SecretString;
use countersign::sigv4::Credentials;

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_323_045)
    }
}

struct Example {
    token: Option<&'static str>,
}

impl CredentialProvider for Example {
    fn load<'a>(
        &'a self,
        profile: &'a str,
        _now: SystemTime,
    ) -> BoxFuture<'a, Result<ResolvedCredentials, CredentialsError>> {
        Box::pin(async move {
            if profile == "missing" {
                return Err(CredentialsError::new(
                    "there is no profile “missing”",
                    "add it",
                ));
            }
            let mut credentials = Credentials::new(
                "AKIAIOSFODNN7EXAMPLE",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            );
            credentials.session_token = self.token.map(SecretString::new);
            Ok(ResolvedCredentials {
                credentials,
                signed_as: profile.to_owned(),
                region: None,
                expires_at: None,
            })
        })
    }
}

fn ports(token: Option<&'static str>) -> Ports {
    Ports {
        secrets: Arc::new(MemoryStore::default()),
        credentials: Arc::new(Example { token }),
        transport: Arc::new(ReqwestTransport::new().expect("TLS is set up")),
        clock: Arc::new(FixedClock),
    }
}

/// Answers one connection with fixed bytes and gives back what it received.
fn server(answer: &'static [u8]) -> (SocketAddr, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = listener.local_addr().expect("an address");
    let handle = std::thread::Builder::new()
        .name("loopback".into())
        .spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut received = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let read = stream.read(&mut buffer).expect("readable");
                received.extend_from_slice(&buffer[..read]);
                if read == 0 || is_whole(&received) {
                    break;
                }
            }
            stream.write_all(answer).expect("writable");
            received
        })
        .expect("a thread");
    (addr, handle)
}

fn is_whole(received: &[u8]) -> bool {
    let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&received[..end]).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("a number"));
    received.len() >= end + 4 + length
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"ok\":true}";

fn signed_draft(url: String) -> RequestDraft {
    RequestDraft {
        method: "POST".into(),
        url,
        headers: vec![
            Row::new("X-Demo", "  a   b "),
            Row::new("x-demo", "c"),
            Row::new("x-api-key", "k"),
        ],
        body: Body::Json("{\"name\":\"렉스\"}".into()),
        auth: AuthSpec::AwsSigV4(AwsAuthSpec {
            profile_name: "example".into(),
            region: "us-east-1".into(),
            service: "execute-api".into(),
            ..AwsAuthSpec::default()
        }),
        ..RequestDraft::new("x")
    }
}

fn job(draft: RequestDraft) -> SendJob {
    SendJob {
        id: ExchangeId(1),
        draft,
        context: RequestContext::default(),
        ..SendJob::default()
    }
}

#[tokio::test]
async fn the_bytes_received_are_those_shown_and_signed() {
    let (addr, received) = server(OK);
    let draft = signed_draft(format!(
        "http://{addr}/prod/a%20b/@me//x?type=dog&q=a b&page=1"
    ));
    let exchange = send(&job(draft), &ports(Some("TOKEN")))
        .await
        .expect("an answer");
    let received = received.join().expect("the server ends");
    let text = String::from_utf8(received).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.split("\r\n");
    let request = &exchange.request;

    let url = url::Url::parse(&request.url).expect("a URL");
    let target = format!("{}?{}", url.path(), url.query().expect("a query"));
    assert_eq!(
        lines.next(),
        Some(format!("POST {target} HTTP/1.1").as_str())
    );
    let on_the_wire: Vec<(String, String)> = lines
        .map(|line| {
            line.split_once(": ")
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .expect("a header")
        })
        .collect();
    let mut shown: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|h| (h.name.clone(), h.value.clone()))
        .collect();
    let mut wire = on_the_wire.clone();
    assert_eq!(wire.first().map(|(name, _)| name.as_str()), Some("host"));
    wire.sort();
    shown.sort();
    assert_eq!(
        wire, shown,
        "every header shown is on the wire and nothing else"
    );
    assert_eq!(body.as_bytes(), request.body.bytes().expect("bytes"));

    // The trace, derived anew from what arrived.
    let trace = exchange
        .signing
        .as_ref()
        .and_then(|signing| signing.trace.trace())
        .expect("a trace");
    let names: Vec<String> = trace
        .steps
        .canonical_request
        .canonical_headers
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    let signed = on_the_wire
        .iter()
        .filter(|(name, _)| names.contains(name))
        .map(|(n, v)| (n.as_str(), v.as_str()));
    let (path, query) = target.split_once('?').expect("a query");
    let again = countersign::sigv4::CanonicalRequest::derive(
        "POST",
        path,
        query,
        signed,
        countersign::sigv4::hash_hex(body.as_bytes()),
        countersign::sigv4::PathRule {
            normalize: true,
            encode: true,
        },
    );
    assert_eq!(again.to_string(), trace.steps.canonical_request.to_string());
    assert!(
        !names.contains(&"x-api-key".to_owned())
            && names.contains(&"x-amz-security-token".to_owned())
    );
    assert_eq!(exchange.response.status, 200);
    assert_eq!(exchange.response.body.text(), Some("{\"ok\":true}"));
    assert!(exchange.timings.total >= exchange.timings.first_byte);
    assert!(exchange.timings.connect.is_some());
    assert!(
        !format!("{exchange:?}").contains("TOKEN"),
        "no secret in Debug"
    );
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("set");
    let mut draft = signed_draft(format!(
        "http://{}/prod/pets",
        listener.local_addr().expect("an address")
    ));
    if let AuthSpec::AwsSigV4(aws) = &mut draft.auth {
        aws.profile_name = "missing".into();
    }
    let error = send(&job(draft.clone()), &ports(None))
        .await
        .expect_err("no credentials");
    assert_eq!(
        (error.stage, error.exit_code()),
        (SendStage::Credentials, 4)
    );
    assert_eq!(error.hint.as_deref(), Some("add it"));
    if let AuthSpec::AwsSigV4(aws) = &mut draft.auth {
        aws.profile_name = String::new();
    }
    assert_eq!(
        send(&job(draft.clone()), &ports(None))
            .await
            .expect_err("no profile")
            .exit_code(),
        4
    );
    if let AuthSpec::AwsSigV4(aws) = &mut draft.auth {
        aws.profile_name = "example".into();
        aws.region = String::new();
    }
    assert_eq!(
        send(&job(draft), &ports(None))
            .await
            .expect_err("no region")
            .exit_code(),
        3
    );
    assert!(listener.accept().is_err(), "nobody connected");
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let (addr, received) =
        server(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n");
    let exchange = send(&job(signed_draft(format!("http://{addr}/"))), &ports(None))
        .await
        .expect("an answer");
    received.join().expect("one connection");
    assert_eq!(exchange.response.status, 302);
    assert_eq!(
        exchange.response.header("location"),
        Some("http://127.0.0.1:1/")
    );
}

#[tokio::test]
async fn failures_of_the_network_are_told_apart() {
    let free = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let error = send(
        &job(RequestDraft {
            url: format!("http://{free}/"),
            ..RequestDraft::new("x")
        }),
        &ports(None),
    )
    .await;
    assert!(matches!(
        error.expect_err("refused").kind,
        SendErrorKind::Connect { .. }
    ));

    let (addr, server_thread) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort");
    let error = send(
        &job(RequestDraft {
            url: format!("http://{addr}/"),
            ..RequestDraft::new("x")
        }),
        &ports(None),
    )
    .await;
    assert!(matches!(
        error.expect_err("cut").kind,
        SendErrorKind::BrokenAnswer(_)
    ));
    server_thread.join().expect("ends");

    let (addr, server_thread) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12345");
    let mut small = job(RequestDraft {
        url: format!("http://{addr}/"),
        ..RequestDraft::new("x")
    });
    small.options.max_body = 4;
    let error = send(&small, &ports(None)).await.expect_err("too large");
    assert_eq!(
        (error.kind.clone(), error.exit_code()),
        (SendErrorKind::TooLarge { limit: 4 }, 5)
    );
    server_thread.join().expect("ends");

    // Accepted by the system's backlog, never answered.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", silent.local_addr().expect("an address"));
    let mut slow = job(RequestDraft {
        url,
        ..RequestDraft::new("x")
    });
    slow.options.timeout = Duration::from_millis(50);
    assert!(matches!(
        send(&slow, &ports(None)).await.expect_err("slow").kind,
        SendErrorKind::Timeout { .. }
    ));

    let talker = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}/", talker.local_addr().expect("an address"));
    let tls = job(RequestDraft {
        url,
        ..RequestDraft::new("x")
    });
    let talker = std::thread::Builder::new()
        .spawn(move || {
            let (mut stream, _) = talker.accept().expect("a connection");
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").ok();
        })
        .expect("a thread");
    let error = send(&tls, &ports(None)).await.expect_err("no TLS there");
    assert!(matches!(error.kind, SendErrorKind::Tls { .. }), "{error:?}");
    talker.join().expect("ends");
}

#[tokio::test]
async fn connecting_elsewhere_keeps_the_host_that_is_signed() {
    let (addr, received) = server(OK);
    let mut job = job(signed_draft(
        "http://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets".into(),
    ));
    job.options.connect_to = vec![ConnectTo {
        host: String::new(),
        port: None,
        to_host: "127.0.0.1".into(),
        to_port: Some(addr.port()),
    }];
    let exchange = send(&job, &ports(None)).await.expect("an answer");
    let received = String::from_utf8(received.join().expect("ends")).expect("text");
    assert!(
        received.contains("host: a1b2c3d4e5.execute-api.us-east-1.amazonaws.com\r\n"),
        "{received}"
    );
    assert_eq!(exchange.response.status, 200);
    assert!(exchange.timings.dns.is_some());
}

#[test]
fn the_window_hears_of_the_end_and_can_cancel() {
    let wakes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&wakes);
    let wake = Arc::new(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let mut engine = Engine::new(ports(None), wake).expect("an engine");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", silent.local_addr().expect("an address"));
    let start = Instant::now();
    engine.start(job(RequestDraft {
        url,
        ..RequestDraft::new("x")
    }));
    let mut cancelled = false;
    let error = loop {
        match engine.poll().map(|event| event.progress) {
            Some(SendProgress::Stage(SendStage::Sending)) if !cancelled => {
                engine.cancel(ExchangeId(1));
                cancelled = true;
            }
            Some(SendProgress::Finished(result)) => break result.expect_err("cancelled"),
            Some(_) => {}
            None => {
                assert!(start.elapsed() < Duration::from_mins(1), "the end is told");
                std::thread::yield_now();
            }
        }
    };
    assert_eq!(error.kind, SendErrorKind::Cancelled);
    assert!(wakes.load(Ordering::SeqCst) > 0);
    engine.shutdown(Duration::from_secs(1));
}
