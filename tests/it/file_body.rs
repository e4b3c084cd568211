//! A body that is a file: hashed, signed, streamed, never read into memory as a whole.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use countersign::collection::{AuthSpec, AwsAuthSpec, Body, RequestDraft, Row};
use countersign::credentials::{
    BoxFuture, CredentialProvider, CredentialsError, MemoryStore, ResolvedCredentials,
};
use countersign::engine::{
    Answer, CallProgress, Clock, Engine, OutgoingCall, Ports, ReqwestTransport, Transport, send,
};
use countersign::exchange::{
    ExchangeId, FileError, SendError, SendErrorKind, SendJob, SendProgress, SendStage,
};
use countersign::gateway::{Gateway, GatewayOptions};
use countersign::request::{FileBody, RequestBody};
use countersign::sigv4::{Credentials, SigningOverrides, hash_hex};
use serde_json::Value;

/// Long enough for a slow machine; no test waits it out.
const PATIENCE: Duration = Duration::from_mins(1);
const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    (
        "AWS_SECRET_ACCESS_KEY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ),
];

struct Now;

impl Clock for Now {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

struct Example;

impl CredentialProvider for Example {
    fn load<'a>(
        &'a self,
        profile: &'a str,
        _now: SystemTime,
    ) -> BoxFuture<'a, Result<ResolvedCredentials, CredentialsError>> {
        Box::pin(async move {
            Ok(ResolvedCredentials {
                credentials: Credentials::new(KEYS[0].1, KEYS[1].1),
                signed_as: profile.to_owned(),
                region: None,
                expires_at: None,
            })
        })
    }
}

/// Does something to the world after the signing, before anything is sent.
struct Meddling<F> {
    with: F,
    then: ReqwestTransport,
}

impl<F: Fn() + Send + Sync> Transport for Meddling<F> {
    fn call<'a>(
        &'a self,
        call: OutgoingCall,
        progress: &'a (dyn Fn(CallProgress) + Send + Sync),
    ) -> BoxFuture<'a, Result<Answer, SendErrorKind>> {
        (self.with)();
        self.then.call(call, progress)
    }
}

fn transport() -> ReqwestTransport {
    ReqwestTransport::new().expect("TLS is set up")
}

fn ports(transport: Arc<dyn Transport>) -> Ports {
    Ports {
        secrets: Arc::new(MemoryStore::default()),
        credentials: Arc::new(Example),
        transport,
        clock: Arc::new(Now),
    }
}

/// Answers one connection when it has its request, or when the sender gives up; gives back what it
/// received.
fn server() -> (SocketAddr, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = listener.local_addr().expect("an address");
    let handle = std::thread::Builder::new()
        .name("loopback".into())
        .spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let received = read_request(&mut stream);
            // Who gave up does not listen any more.
            stream.write_all(OK).ok();
            received
        })
        .expect("a thread");
    (addr, handle)
}

fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    stream.set_read_timeout(Some(PATIENCE)).expect("a bound");
    let mut received = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    let mut whole = None;
    while whole.is_none_or(|whole| received.len() < whole) {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => received.extend_from_slice(&buffer[..read]),
        }
        if whole.is_none() {
            whole = split(&received).map(|(head, _)| head.len() + 4 + content_length(&head));
        }
    }
    received
}

fn split(received: &[u8]) -> Option<(String, &[u8])> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&received[..end]).to_lowercase();
    Some((head, &received[end + 4..]))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

fn content_length(head: &str) -> usize {
    header(head, "content-length").map_or(0, |length| length.parse().expect("a number"))
}

/// Bytes that are nowhere the same.
fn bytes(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8)
        .collect()
}

fn draft(url: String, path: &str) -> RequestDraft {
    RequestDraft {
        method: "POST".into(),
        url,
        body: Body::File {
            path: path.into(),
            content_type: String::new(),
        },
        auth: AuthSpec::AwsSigV4(AwsAuthSpec {
            profile_name: "example".into(),
            region: "us-east-1".into(),
            service: "execute-api".into(),
            ..AwsAuthSpec::default()
        }),
        ..RequestDraft::new("x")
    }
}

fn job(draft: RequestDraft, folder: &Path) -> SendJob {
    SendJob {
        id: ExchangeId(1),
        draft,
        folder: folder.to_owned(),
        ..SendJob::default()
    }
}

async fn gateway() -> Gateway {
    let options = GatewayOptions {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ..GatewayOptions::default()
    };
    Gateway::start(options).await.expect("it starts")
}

#[tokio::test]
async fn a_file_is_signed_and_sent_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    // More than a few pieces, and no whole number of them.
    let content = bytes((3 << 20) + 17);
    fs::create_dir(folder.path().join("data")).expect("a folder");
    fs::write(folder.path().join("data/a b.bin"), &content).expect("written");
    let (addr, received) = server();
    let mut draft = draft(format!("http://{addr}/prod/pets"), "data/{{name}}");
    draft.variables = vec![countersign::collection::Variable::plain("name", "a b.bin")];
    let job = job(draft, folder.path());
    let exchange = send(&job, &ports(Arc::new(transport())))
        .await
        .expect("an answer");

    let received = received.join().expect("the server ends");
    let (head, body) = split(&received).expect("a head");
    assert_eq!(body, content, "every byte, and no more");
    assert_eq!(content_length(&head), content.len());
    assert_eq!(header(&head, "transfer-encoding"), None);
    assert_eq!(
        header(&head, "content-type"),
        Some("application/octet-stream")
    );

    let request = &exchange.request;
    assert_eq!(request.body_sha256, Some(hash_hex(&content)));
    assert_eq!(request.body.len(), content.len() as u64);
    assert_eq!(request.body.bytes(), None, "no copy of it is kept");
    let shown = request.shown_file().expect("a file");
    assert_eq!(PathBuf::from(shown), folder.path().join("data/a b.bin"));
    let trace = exchange.signing.as_ref().and_then(|s| s.trace.trace());
    let canonical = trace.expect("a trace").steps.canonical_request.to_string();
    assert!(canonical.ends_with(&hash_hex(&content)), "{canonical}");
}

#[tokio::test]
async fn the_practice_gateway_accepts_it_and_refuses_one_that_is_too_large() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("pet.json"), r#"{"name":"Rex"}"#).expect("written");
    let large = File::create(folder.path().join("large.bin")).expect("a file");
    large.set_len(10_485_761).expect("a length");
    let gateway = gateway().await;
    let ports = ports(Arc::new(transport()));
    let mut seen = Vec::new();
    for name in ["pet.json", "large.bin"] {
        let url = format!("http://{}/prod/pets/7", gateway.addr());
        let mut draft = draft(url, name);
        draft.headers = vec![Row::new("content-type", "application/json")];
        let exchange = send(&job(draft, folder.path()), &ports)
            .await
            .expect("an answer");
        let text = exchange.response.body.text().unwrap_or_default().to_owned();
        seen.push((exchange.response.status, text));
    }
    assert_eq!(seen[0].0, 200, "{seen:?}");
    assert!(seen[0].1.contains("Rex"), "{seen:?}");
    assert_eq!(seen[1].0, 413, "{seen:?}");
    assert_eq!(seen[1].1, "HTTP content length exceeded 10485760 bytes.");
}

/// Something that happens to a file.
type Meddle = fn(&Path);

/// Sends a file that `meddle` touches after it was hashed; gives the error and what the server got
/// of how much.
async fn changed_between(meddle: Meddle) -> (SendError, usize, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.bin");
    fs::write(&path, bytes((2 << 20) + 5)).expect("written");
    let (addr, received) = server();
    let transport = Meddling {
        with: {
            let path = path.clone();
            move || meddle(&path)
        },
        then: transport(),
    };
    let draft = draft(format!("http://{addr}/"), "a.bin");
    let error = send(&job(draft, folder.path()), &ports(Arc::new(transport)))
        .await
        .expect_err("it changed");
    // Where nothing is sent the server hears nothing, not even a connection.
    TcpStream::connect(addr).ok();
    let received = received.join().expect("the server ends");
    let (got, of) = split(&received).map_or((0, usize::MAX), |(head, body)| {
        (body.len(), content_length(&head))
    });
    (error, got, of)
}

#[tokio::test]
async fn a_file_that_changes_after_the_signing_never_arrives_whole() {
    let cases: [(Meddle, &str); 3] = [
        (
            |path| {
                let mut content = fs::read(path).expect("readable");
                // The last byte: all the others are sent by then.
                *content.last_mut().expect("a byte") ^= 1;
                fs::write(path, content).expect("written");
            },
            "its content is another",
        ),
        (
            |path| {
                let mut file = File::options().append(true).open(path).expect("a file");
                file.write_all(b"more").expect("written");
            },
            "its length is another",
        ),
        (
            |path| {
                let file = File::options().write(true).open(path).expect("a file");
                file.set_len(10).expect("shorter");
            },
            "its length is another",
        ),
    ];
    for (meddle, what) in cases {
        let (error, got, of) = changed_between(meddle).await;
        assert!(
            matches!(&error.kind, SendErrorKind::FileChanged { path, change }
                if path.ends_with("a.bin") && *change == what),
            "{error:?}"
        );
        assert_eq!((error.stage, error.exit_code()), (SendStage::Sending, 3));
        assert!(
            error
                .hint
                .as_ref()
                .is_some_and(|h| h.contains("send again"))
        );
        assert!(got < of, "the server got {got} of {of}");
    }
}

#[tokio::test]
async fn a_file_that_is_gone_after_the_signing_is_told() {
    let (error, ..) = changed_between(|path| fs::remove_file(path).expect("removed")).await;
    assert!(
        matches!(error.kind, SendErrorKind::File(FileError::Missing { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_and_never_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    let sparse = File::create(folder.path().join("sparse")).expect("a file");
    sparse.set_len((5 << 30) + 1).expect("a length");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("does not block");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let ports = ports(Arc::new(transport()));
    let mut told = Vec::new();
    for (path, what) in [
        ("nothing.bin", "the body's file is not there"),
        ("sparse/below", "the body's file is not there"),
        ("sub", "the body's file is a folder"),
        ("sparse", "more than the 5368709120 that are sent"),
        #[cfg(unix)]
        ("/dev/null", "the body's file is no regular file"),
    ] {
        let error = send(&job(draft(url.clone(), path), folder.path()), &ports)
            .await
            .expect_err("it cannot be sent");
        assert!(matches!(error.kind, SendErrorKind::File(_)), "{error:?}");
        assert!(error.to_string().contains(what), "{error}");
        assert!(error.to_string().contains(path), "it is named: {error}");
        assert_eq!((error.stage, error.exit_code()), (SendStage::Hashing, 3));
        assert!(error.hint.is_some());
        told.push(error);
    }
    let error = send(&job(draft(url, ""), folder.path()), &ports)
        .await
        .expect_err("no file is named");
    assert!(error.to_string().contains("no file is named"), "{error}");
    assert!(listener.accept().is_err(), "nobody called");
}

#[tokio::test]
async fn a_secret_in_the_path_is_not_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut draft = draft("http://127.0.0.1:9/".into(), "{{hidden}}/a.bin");
    draft.variables = vec![countersign::collection::Variable::secret("hidden")];
    let job = job(draft, folder.path());
    let ports = ports(Arc::new(transport()));
    let scopes = job.context.variables_for(&job.draft, &[]);
    for (origin, name) in scopes.missing_secrets(["{{hidden}}"]) {
        let key = job.context.secret_ref(&origin, &name);
        ports
            .secrets
            .set(
                &countersign::credentials::SecretKey::Variable(key),
                &countersign::secret::SecretString::new("hush-hush"),
            )
            .expect("stored");
    }
    let error = send(&job, &ports).await.expect_err("it is not there");
    assert!(matches!(error.kind, SendErrorKind::File(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("hush-hush"), "{error:?}");
}

/// Runs a job over an engine; gives every step.
fn steps(job: SendJob, mut on_step: impl FnMut(&Engine, &SendProgress)) -> Vec<SendProgress> {
    let mut engine = Engine::new(ports(Arc::new(transport())), Arc::new(|| ())).expect("an engine");
    let start = Instant::now();
    engine.start(job);
    let mut steps = Vec::new();
    while !matches!(steps.last(), Some(SendProgress::Finished(_))) {
        if let Some(event) = engine.poll() {
            on_step(&engine, &event.progress);
            steps.push(event.progress);
        } else {
            assert!(start.elapsed() < PATIENCE, "the end is told: {steps:?}");
            std::thread::yield_now();
        }
    }
    let begun = Instant::now();
    engine.shutdown(PATIENCE);
    assert!(begun.elapsed() < PATIENCE / 2, "no thread goes on reading");
    steps
}

fn stages(steps: &[SendProgress]) -> Vec<SendStage> {
    steps
        .iter()
        .filter_map(|step| match step {
            SendProgress::Stage(stage) => Some(*stage),
            _ => None,
        })
        .collect()
}

#[test]
fn progress_is_told_while_it_is_hashed_and_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let length = 3 << 20;
    fs::write(folder.path().join("a.bin"), bytes(length as usize)).expect("written");
    let (addr, received) = server();
    let draft = draft(format!("http://{addr}/"), "a.bin");
    let steps = steps(job(draft, folder.path()), |_, _| ());
    received.join().expect("the server ends");
    assert_eq!(
        stages(&steps)[..5],
        [
            SendStage::Resolving,
            SendStage::Credentials,
            SendStage::Hashing,
            SendStage::Signing,
            SendStage::Sending
        ]
    );
    let hashed: Vec<u64> = steps
        .iter()
        .filter_map(|step| match step {
            SendProgress::Hashed { bytes, of } if *of == length => Some(*bytes),
            _ => None,
        })
        .collect();
    assert_eq!(hashed, [1 << 20, 2 << 20, 3 << 20]);
    assert!(
        steps
            .iter()
            .any(|step| matches!(step, SendProgress::Sent { of, .. } if *of == length)),
        "{steps:?}"
    );
}

/// Hashing a hole of 5 GB takes longer than the test has.
#[test]
fn hashing_can_be_cancelled() {
    let folder = tempfile::tempdir().expect("a folder");
    let sparse = File::create(folder.path().join("sparse")).expect("a file");
    sparse.set_len(5 << 30).expect("a length");
    let draft = draft("http://127.0.0.1:9/".into(), "sparse");
    let steps = steps(job(draft, folder.path()), |engine, step| {
        if matches!(step, SendProgress::Hashed { .. }) {
            engine.cancel(ExchangeId(1));
        }
    });
    let Some(SendProgress::Finished(Err(error))) = steps.last() else {
        panic!("{steps:?}");
    };
    assert_eq!(error.kind, SendErrorKind::Cancelled);
    assert!(!stages(&steps).contains(&SendStage::Signing));
}

#[test]
fn an_unsigned_payload_is_not_hashed() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.bin"), b"abc").expect("written");
    for content_sha256_header in [false, true] {
        let (addr, received) = server();
        let mut job = job(draft(format!("http://{addr}/"), "a.bin"), folder.path());
        job.options.signing = SigningOverrides {
            unsigned_payload: Some(true),
            content_sha256_header: Some(content_sha256_header),
            ..SigningOverrides::default()
        };
        let steps = steps(job, |_, _| ());
        assert!(!stages(&steps).contains(&SendStage::Hashing), "{steps:?}");
        let Some(SendProgress::Finished(Ok(exchange))) = steps.last() else {
            panic!("{steps:?}");
        };
        assert_eq!(exchange.request.body_sha256, None);
        let trace = exchange.signing.as_ref().and_then(|s| s.trace.trace());
        let canonical = trace.expect("a trace").steps.canonical_request.to_string();
        assert!(canonical.ends_with("UNSIGNED-PAYLOAD"), "{canonical}");
        let received = received.join().expect("the server ends");
        let (head, body) = split(&received).expect("a head");
        assert_eq!(body, b"abc");
        let sent = header(&head, "x-amz-content-sha256").map(str::to_uppercase);
        assert_eq!(
            sent.as_deref(),
            content_sha256_header.then_some("UNSIGNED-PAYLOAD")
        );
    }
}

#[tokio::test]
async fn an_empty_file_and_one_that_is_not_signed_are_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    for content in [&b""[..], b"abc"] {
        fs::write(folder.path().join("a.bin"), content).expect("written");
        let (addr, received) = server();
        let mut draft = draft(format!("http://{addr}/"), "unused");
        draft.auth = AuthSpec::None;
        let mut job = job(draft, folder.path());
        // In place of the draft's body, as the command line does.
        let file = FileBody::new("a.bin");
        job.options.raw_body = Some(RequestBody::File(file));
        let exchange = send(&job, &ports(Arc::new(transport())))
            .await
            .expect("an answer");
        assert_eq!(exchange.request.body.len(), content.len() as u64);
        let received = received.join().expect("the server ends");
        let (head, body) = split(&received).expect("a head");
        assert_eq!(body, content);
        assert_eq!(
            header(&head, "content-length"),
            Some(content.len().to_string().as_str())
        );
    }
}

// ── the command line ──

fn countersign(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("COUNTERSIGN_HOME", folder.join("home"))
        .env("COUNTERSIGN_SECRETS", "memory")
        .envs(KEYS);
    command
}

fn signed(url: &str) -> [String; 7] {
    let words = ["send", "--env-credentials", "--region", "us-east-1"];
    let [send, keys, region, name] = words.map(str::to_owned);
    let service = ["--service", "execute-api"].map(str::to_owned);
    let [service, api] = service;
    [send, keys, region, name, service, api, url.to_owned()]
}

fn json(output: &Output) -> Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn data_binary_sends_a_file_and_data_reads_it_without_line_breaks() {
    let folder = tempfile::tempdir().expect("a folder");
    let content = b"a=1\nb=2\r\n";
    fs::write(folder.path().join("{{a}}.txt"), content).expect("written");
    let (addr, received) = server();
    let output = countersign(folder.path())
        .args(signed(&format!("http://{addr}/")))
        .args(["--json", "--data-binary", "@{{a}}.txt"])
        .output()
        .expect("the program runs");
    let document = json(&output);
    let request = &document["request"];
    assert_eq!(request["method"], "POST");
    assert_eq!(request["body_bytes"], 9);
    assert_eq!(request["body_sha256"], hash_hex(content));
    assert_eq!(request["body_file"], "{{a}}.txt");
    let received = received.join().expect("the server ends");
    let (head, body) = split(&received).expect("a head");
    assert_eq!(body, content);
    assert_eq!(
        header(&head, "content-type"),
        Some("application/x-www-form-urlencoded")
    );

    let (addr, received) = server();
    let output = countersign(folder.path())
        .args(signed(&format!("http://{addr}/")))
        .args(["--json", "-d", "@{{a}}.txt"])
        .output()
        .expect("the program runs");
    let document = json(&output);
    assert_eq!(document["request"]["body_sha256"], hash_hex(b"a=1b=2"));
    assert_eq!(document["request"]["body_file"], Value::Null);
    let received = received.join().expect("the server ends");
    assert_eq!(split(&received).expect("a head").1, b"a=1b=2");
}

#[test]
fn standard_input_is_read_and_a_missing_file_is_a_fault_of_the_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let (addr, received) = server();
    let mut process = countersign(folder.path())
        .args(signed(&format!("http://{addr}/")))
        .args(["--json", "--data-binary", "@-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = process.stdin.take().expect("piped");
    stdin.write_all(b"x\ny").expect("written");
    drop(stdin);
    let document = json(&process.wait_with_output().expect("it ends"));
    assert_eq!(document["request"]["body_sha256"], hash_hex(b"x\ny"));
    received.join().expect("the server ends");

    let output = countersign(folder.path())
        .args(signed("http://127.0.0.1:9/"))
        .args(["--data-binary", "@nothing"])
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("nothing"), "{told}");
}

#[test]
fn sign_shows_the_hash_of_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let content = bytes(100);
    fs::write(folder.path().join("a.bin"), &content).expect("written");
    let mut arguments = signed("http://h/").to_vec();
    arguments[0] = "sign".into();
    let output = countersign(folder.path())
        .args(arguments)
        .args(["--json", "--data-binary", "@a.bin"])
        .output()
        .expect("the program runs");
    let canonical = json(&output)["canonical_request"].to_string();
    assert!(canonical.contains(&hash_hex(&content)), "{canonical}");
}

#[test]
fn a_request_file_names_a_file_of_its_collection() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("collection");
    fs::create_dir_all(root.join("sub")).expect("a folder");
    fs::write(
        root.join("opencollection.yml"),
        "opencollection: 1.0.0\ninfo:\n  name: c\n",
    )
    .expect("written");
    fs::write(root.join("a.bin"), b"abc").expect("written");
    let (addr, received) = server();
    fs::write(
        root.join("sub/upload.yml"),
        format!(
            "info:\n  name: upload\n  type: http\nhttp:\n  method: PUT\n  url: http://{addr}/\n  body:\n    type: file\n    data:\n      - filePath: b.bin\n        contentType: text/plain\n        selected: false\n      - filePath: a.bin\n        contentType: image/png\n        selected: true\n"
        ),
    )
    .expect("written");
    let output = countersign(folder.path())
        .args(["send", "--json", "collection/sub/upload.yml"])
        .output()
        .expect("the program runs");
    let document = json(&output);
    assert_eq!(document["request"]["body_bytes"], 3);
    let received = received.join().expect("the server ends");
    let (head, body) = split(&received).expect("a head");
    assert_eq!(body, b"abc");
    assert_eq!(header(&head, "content-type"), Some("image/png"));
}

/// The most memory that a process had so far, in bytes, once the server has its whole request.
#[cfg(target_os = "linux")]
fn peak_while_sending(folder: &Path, name: &str) -> u64 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let mut process = countersign(folder)
        .args(signed(&url))
        .args(["--data-binary", &format!("@{name}")])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let (mut stream, _) = listener.accept().expect("a connection");
    let length = fs::metadata(folder.join(name)).expect("a file").len();
    let received = read_request(&mut stream);
    let (_, body) = split(&received).expect("a head");
    assert_eq!(body.len() as u64, length);
    let status = File::open(format!("/proc/{}/status", process.id())).expect("it waits");
    let peak = BufReader::new(status)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            let rest = line.strip_prefix("VmHWM:")?.trim();
            rest.strip_suffix(" kB")?.parse::<u64>().ok()
        })
        .expect("a peak");
    stream.write_all(OK).expect("written");
    assert!(process.wait().expect("it ends").success());
    peak * 1024
}

#[cfg(target_os = "linux")]
#[test]
fn a_large_file_takes_no_more_memory_than_a_small_one() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("small"), b"abc").expect("written");
    fs::write(folder.path().join("large"), bytes(24 << 20)).expect("written");
    let small = peak_while_sending(folder.path(), "small");
    let large = peak_while_sending(folder.path(), "large");
    let more = large.saturating_sub(small) >> 20;
    assert!(more < 8, "{more} MiB more for a file of 24 MiB");
}
