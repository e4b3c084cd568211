//! The main job in the terminal: the practice gateway, the practice collection, every way to sign.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use std::time::{Duration, Instant};

use serde_json::Value;

/// The gateway as a program of its own; it ends with the test.
struct Gateway {
    process: Child,
    info: Value,
}

impl Gateway {
    fn start(log: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(["gateway", "--listen", "127.0.0.1:0", "--log"])
            .stdout(Stdio::piped())
            .stderr(fs::File::create(log).expect("a log"))
            .spawn()
            .expect("the gateway starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a line");
        Self {
            process,
            info: serde_json::from_str(&line).expect("JSON"),
        }
    }

    fn url(&self) -> &str {
        self.info["url"].as_str().expect("a URL")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// A world of its own for a run: home, log, gateway.
pub(crate) struct Run {
    folder: tempfile::TempDir,
    gateway: Gateway,
}

impl Run {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let gateway = Gateway::start(&folder.path().join("log.jsonl"));
        Self { folder, gateway }
    }

    fn countersign(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env_clear()
            .env("HOME", self.folder.path())
            .env("COUNTERSIGN_HOME", self.folder.path().join("home"))
            .env("COUNTERSIGN_SECRETS", "memory")
            .env("AWS_ENDPOINT_URL_STS", self.gateway.url())
            .output()
            .expect("the program runs")
    }

    /// Sends a request of the practice collection to this gateway.
    pub(crate) fn send(&self, request: &str, more: &[&str]) -> Output {
        let file = format!("collections/practice/{request}");
        let base = format!("base={}/prod", self.gateway.url());
        let sts = format!("sts={}", self.gateway.url());
        let arguments = [
            &[
                "send", &file, "-e", "practice", "--var", &base, "--var", &sts,
            ],
            more,
        ]
        .concat();
        self.countersign(&arguments)
    }

    /// The gateway's log once it has a call of this path; the log has a thread of its own.
    fn calls_up_to(&self, path: &str) -> Vec<Value> {
        let start = Instant::now();
        loop {
            let text = fs::read_to_string(self.folder.path().join("log.jsonl")).expect("a log");
            let whole = text.rfind('\n').map_or("", |end| &text[..end]);
            let calls: Vec<Value> = whole
                .lines()
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect();
            if calls.iter().any(|call| call["path"] == path) {
                return calls;
            }
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{path} is logged: {text}"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Every file that a run has written.
    fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("readable") {
                let path = entry.expect("readable").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }
}

pub(crate) fn status(output: &Output) -> (u64, Value) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    (
        document["response"]["status"].as_u64().expect("a status"),
        document,
    )
}

#[test]
fn pets_orders_key_and_an_assumed_role_are_answered() {
    let run = Run::new();
    let (code, pets) = status(&run.send("pets/get-pets.yml", &["--json"]));
    assert_eq!(code, 200);
    assert_eq!(pets["signing"]["agrees"], true);
    assert_eq!(
        pets["signing"]["canonical_request_sha256"],
        sha256(pets["signing"]["canonical_request"].as_str().expect("text"))
    );
    let (code, order) = status(&run.send("orders/post-order.yml", &["--json"]));
    assert_eq!(code, 200, "{order}");
    let headers = order["request"]["headers"].as_array().expect("headers");
    assert!(
        headers
            .iter()
            .any(|pair| pair[0] == "x-api-key" && pair[1] == "••••••"),
        "sent and masked"
    );
    assert_eq!(status(&run.send("key.yml", &["--json"])).0, 200);
    assert_eq!(status(&run.send("open.yml", &["--json"])).0, 200);

    let (code, role) = status(&run.send(
        "pets/get-pets.yml",
        &["--json", "--profile", "practice-role"],
    ));
    assert_eq!(code, 200, "{role}");
    let body: Value =
        serde_json::from_str(role["response"]["body"].as_str().expect("text")).expect("JSON");
    assert!(
        body["caller"]["arn"]
            .as_str()
            .expect("an ARN")
            .contains(":assumed-role/PetReader/"),
        "{body}"
    );
    assert!(
        role["signing"]["access_key_id"]
            .as_str()
            .expect("an id")
            .starts_with("ASIA")
    );
    let token_line = "x-amz-security-token:••••••";
    assert!(
        role["signing"]["canonical_request"]
            .as_str()
            .expect("text")
            .contains(token_line),
        "{role}"
    );
}

#[test]
fn a_wrong_secret_is_refused_with_the_echo_and_22() {
    let run = Run::new();
    let output = run.send(
        "pets/get-pets.yml",
        &["--profile", "practice-wrong-secret", "--fail"],
    );
    assert_eq!(output.status.code(), Some(22));
    let body = String::from_utf8(output.stdout).expect("text");
    let echo = countersign::sigv4::Echo::find(&body).expect("an echo");
    let (_, sent) = status(&run.send(
        "pets/get-pets.yml",
        &["--profile", "practice-wrong-secret", "--json"],
    ));
    let ours = sent["signing"]["canonical_request"].as_str().expect("text");
    let without_date = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.starts_with("x-amz-date:"))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        without_date(&echo.canonical_request),
        without_date(ours),
        "only the secret differs"
    );
}

#[test]
fn a_header_changed_on_the_way_is_the_first_difference() {
    let run = Run::new();
    let (code, sent) = status(&run.send("pets/get-pets-meddling-proxy.yml", &["--json"]));
    assert_eq!(code, 403);
    let echo = countersign::sigv4::Echo::find(sent["response"]["body"].as_str().expect("text"))
        .expect("an echo");
    let ours = sent["signing"]["canonical_request"].as_str().expect("text");
    let difference =
        countersign::sigv4::first_difference(ours, &echo.canonical_request).expect("a difference");
    assert!(difference.ours.expect("a line").starts_with("x-demo:"));
}

/// The echo of a 403 repeats the session token as it arrived.
#[test]
fn the_echo_of_a_session_token_is_masked_where_it_is_shown() {
    let run = Run::new();
    let file = "pets/get-pets-meddling-proxy.yml";
    let (code, sent) = status(&run.send(file, &["--json", "--profile", "practice-role"]));
    assert_eq!(code, 403);
    let body = sent["response"]["body"].as_str().expect("text");
    assert!(body.contains("x-amz-security-token:••••••"), "{body}");
    let plain = run.send(file, &["--profile", "practice-role"]);
    let text = String::from_utf8(plain.stdout).expect("text");
    assert!(
        text.contains("x-amz-security-token:") && !text.contains('•'),
        "byte for byte"
    );
}

#[test]
fn without_credentials_nothing_reaches_the_gateway() {
    let run = Run::new();
    let output = run.send("pets/get-pets.yml", &["--profile", "nobody"]);
    assert_eq!(output.status.code(), Some(4));
    let output = run.send("pets/get-pets.yml", &["--env-credentials"]);
    assert_eq!(output.status.code(), Some(4));
    let output = run.send("pets/get-pets.yml", &["--var", "aws.profile="]);
    assert_eq!(
        output.status.code(),
        Some(4),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // The first call that the gateway's log knows is one that needs no credentials.
    assert_eq!(run.send("open.yml", &[]).status.code(), Some(0));
    let calls = run.calls_up_to("/prod/open");
    assert_eq!(calls.len(), 1, "{calls:?}");
}

#[test]
fn bad_requests_files_and_hosts_end_with_their_codes() {
    let run = Run::new();
    for (arguments, code) in [
        (vec!["send", "collections/practice/nothing.yml"], 3),
        (
            vec!["send", "collections/practice/open.yml", "-e", "nowhere"],
            3,
        ),
        (
            vec![
                "send",
                "collections/practice/open.yml",
                "--var",
                "base={{unknown}}",
            ],
            3,
        ),
        (vec!["send", "http://127.0.0.1:1/"], 5),
        (vec!["send", "http://127.0.0.1:1/", "--timeout", "0"], 2),
        (vec!["send"], 2),
    ] {
        let output = run.countersign(&arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(
            !output.stderr.is_empty() && output.stdout.is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn an_ad_hoc_call_keeps_every_byte_of_its_body() {
    let run = Run::new();
    let url = format!("{}/prod/pets", run.gateway.url());
    let file = run.folder.path().join("pet.json");
    fs::write(&file, "{\"name\":\"렉스\",\r\n\"type\":\"dog\"}\n").expect("written");
    let data = format!("@{}", file.display());
    let arguments = [
        "send",
        &url,
        "--profile",
        "practice",
        "--service",
        "execute-api",
        "--region",
        "us-east-1",
        "-H",
        "content-type: application/json",
        "--data-binary",
        &data,
        "--json",
        "-v",
        "--trace",
    ];
    let output = run.countersign(&arguments);
    let (code, sent) = status(&output);
    assert!((200..300).contains(&code), "{sent}");
    assert_eq!(
        sent["request"]["body_bytes"],
        fs::read(&file).expect("readable").len()
    );
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("> POST ") && told.contains("1 Canonical request"),
        "{told}"
    );
}

/// Nothing that was written holds a secret: neither the keys of the assumed role, nor its token,
/// nor the practice secret and API key, which are published but treated as secrets.
#[test]
fn no_secret_lies_in_any_file_after_a_run() {
    let run = Run::new();
    for (request, more) in [
        (
            "pets/get-pets.yml",
            vec!["--profile", "practice-role", "-v", "--trace", "--json"],
        ),
        ("orders/post-order.yml", vec!["-v", "--trace"]),
        (
            "pets/get-pets.yml",
            vec!["--profile", "practice-wrong-secret"],
        ),
        ("key.yml", vec!["-v"]),
        ("open.yml", vec![]),
    ] {
        let output = run.send(request, &more);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let told = [
            output.stderr,
            if more.contains(&"--json") {
                output.stdout
            } else {
                Vec::new()
            },
        ]
        .concat();
        for secret in secrets() {
            assert!(!contains(&told, secret.as_bytes()), "{request}: {secret}");
        }
    }
    run.calls_up_to("/prod/open");
    let files = run.files();
    assert!(files.iter().any(|file| file.ends_with("log.jsonl")));
    for file in files {
        let mut bytes = Vec::new();
        fs::File::open(&file)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .expect("readable");
        for secret in secrets() {
            assert!(
                !contains(&bytes, secret.as_bytes()),
                "{}: {secret}",
                file.display()
            );
        }
    }
}

fn secrets() -> [&'static str; 3] {
    use countersign::practice;
    [
        practice::SECRET_ACCESS_KEY,
        practice::WRONG_SECRET_ACCESS_KEY,
        practice::API_KEY,
    ]
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn sha256(text: &str) -> String {
    countersign::sigv4::hash_hex(text.as_bytes())
}
