//! What an outside tester of the command line found, each mended and kept so.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use bytes::Bytes;
use countersign::exchange::ResponseBody;

/// A copy of the practice collection and a home of its own.
struct Copy(tempfile::TempDir);

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("collections/practice");
        copy(&from, &folder.path().join("practice"));
        Self(folder)
    }

    fn append(&self, file: &str, text: &str) {
        let path = self.0.path().join("practice").join(file);
        let before = fs::read_to_string(&path).expect("readable");
        fs::write(path, before + text).expect("written");
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.path().join("practice").join(file), text).expect("written");
    }

    fn send(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_countersign"))
            .arg("send")
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path())
            .env("COUNTERSIGN_HOME", self.0.path().join("home"))
            .env("COUNTERSIGN_SECRETS", "memory")
            .envs(environment.iter().copied())
            .output()
            .expect("the program runs")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Answers one connection with fixed bytes.
fn server(answer: &'static [u8]) -> (String, std::thread::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let handle = std::thread::Builder::new()
        .spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut received = Vec::new();
            let mut buffer = [0; 4096];
            while !received.windows(4).any(|window| window == b"\r\n\r\n") {
                let read = stream.read(&mut buffer).expect("readable");
                received.extend_from_slice(&buffer[..read]);
            }
            stream.write_all(answer).expect("writable");
            received
        })
        .expect("a thread");
    (url, handle)
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// It went out unsigned, because the damaged file's auth counted as none.
#[test]
fn a_damaged_file_above_a_request_keeps_it_from_being_sent() {
    for file in ["opencollection.yml", "pets/folder.yml"] {
        let copy = Copy::new();
        copy.append(file, "\nbad: [\n");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("set");
        let base = format!("base=http://{}", listener.local_addr().expect("an address"));
        let output = copy.send(
            &[
                "practice/pets/get-pets.yml",
                "-e",
                "practice",
                "--var",
                &base,
            ],
            &[],
        );
        assert_eq!(output.status.code(), Some(3), "{file}: {}", told(&output));
        assert!(told(&output).contains(file), "{file}: {}", told(&output));
        assert!(listener.accept().is_err(), "{file}: nobody connected");
    }
}

/// Only the values of well-known headers were masked.
#[test]
fn secret_variables_are_masked_wherever_they_are_used() {
    const SECRET: &str = "s3cr3t/with space+plus";
    let copy = Copy::new();
    copy.append(
        "environments/practice.yml",
        "  - secret: true\n    name: sec\n",
    );
    copy.write(
        "leaky.yml",
        "info:\n  name: Leaky\n  type: http\n\nhttp:\n  method: GET\n  url: \"{{base}}/p/{{sec}}?k={{sec}}\"\n  headers:\n    - name: x-demo\n      value: \"{{sec}}\"\n  auth: inherit\n",
    );
    for more in [vec!["-v"], vec!["--trace"], vec!["--json"]] {
        let (url, received) = server(OK);
        let base = format!("base={url}");
        let arguments = [
            vec!["practice/leaky.yml", "-e", "practice", "--var", &base],
            more,
        ]
        .concat();
        let output = copy.send(&arguments, &[("COUNTERSIGN_SECRET_sec", SECRET)]);
        assert!(output.status.success(), "{}", told(&output));
        let sent = String::from_utf8(received.join().expect("ends")).expect("text");
        assert!(sent.contains("with%20space"), "it is sent: {sent}");
        for form in ["s3cr3t", "with%20space", "with%2520space", "space+plus"] {
            assert!(!told(&output).contains(form), "{form}: {}", told(&output));
        }
    }
}

#[test]
fn an_output_that_is_a_pipe_stays_one() {
    let copy = Copy::new();
    let pipe = copy.0.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("mkfifo runs")
            .success()
    );
    let reader = {
        let pipe = pipe.clone();
        std::thread::Builder::new()
            .spawn(move || fs::read(pipe).expect("readable"))
            .expect("a thread")
    };
    let (url, _received) = server(OK);
    let output = copy.send(&[&url, "-o", "pipe"], &[]);
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(reader.join().expect("ends"), b"ok");
    assert!(!fs::metadata(&pipe).expect("there").is_file());
}

#[test]
fn a_body_that_cannot_be_written_is_told_before_anything_is_sent() {
    let copy = Copy::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("set");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let output = copy.send(&[&url, "-d", "a", "-o", "nowhere/file"], &[]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(listener.accept().is_err(), "nobody connected");
}

#[test]
fn a_coded_answer_without_a_body_is_an_answer() {
    for answer in [
        &b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 0\r\n\r\n"[..],
        &b"HTTP/1.1 204 No Content\r\ncontent-encoding: br\r\n\r\n"[..],
        &b"HTTP/1.1 304 Not Modified\r\ncontent-encoding: gzip\r\n\r\n"[..],
    ] {
        let (url, _received) = server(answer);
        let output = Copy::new().send(&[&url], &[]);
        assert!(output.status.success(), "{}", told(&output));
    }
    let (url, _received) =
        server(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 99\r\n\r\n");
    let output = Copy::new().send(&["-X", "HEAD", &url], &[]);
    assert!(output.status.success(), "{}", told(&output));
}

#[test]
fn words_that_would_be_ignored_are_refused() {
    let copy = Copy::new();
    for (arguments, code) in [
        (vec!["practice/open.yml", "--profile", "practice"], 2),
        (vec!["practice/key.yml", "--var", "apiKey=zzz"], 2),
        (vec!["http://127.0.0.1:1/{{$guid}}"], 3),
        (vec!["http://127.0.0.1:1/{{my key}}"], 3),
        (vec!["http://127.0.0.1:1/", "-H", "nocolon"], 2),
        // They went out unsigned without a word.
        (vec!["http://127.0.0.1:1/", "--content-sha256"], 4),
        (vec!["practice/open.yml", "--at", "20260102T030405Z"], 2),
    ] {
        let output = copy.send(&arguments, &[]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            told(&output)
        );
    }
}

#[test]
fn an_sts_that_does_not_answer_is_a_matter_of_the_network() {
    let free = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let sts = format!("http://{free}");
    let arguments = [
        "practice/pets/get-pets.yml",
        "-e",
        "practice",
        "--profile",
        "practice-role",
    ];
    let output = Copy::new().send(&arguments, &[("AWS_ENDPOINT_URL_STS", &sts)]);
    assert_eq!(output.status.code(), Some(5), "{}", told(&output));
}

#[test]
fn a_damaged_environment_is_told_as_damaged() {
    let copy = Copy::new();
    copy.write("environments/bad.yml", "name: [\n");
    let output = copy.send(&["practice/open.yml", "-e", "bad"], &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(told(&output).contains("damaged"), "{}", told(&output));
}

/// The values went through a floating point number.
#[test]
fn a_json_answer_is_never_changed_by_indenting() {
    let body = ResponseBody::new(
        Bytes::from_static(br#"{"price":1.10,"id":123456789012345678901,"id":2}"#),
        "application/json",
    );
    let pretty = body.pretty.expect("it is JSON");
    for kept in ["1.10", "123456789012345678901", "\"id\": 2"] {
        assert!(pretty.text().contains(kept), "{}", pretty.text());
    }
}
