//! `countersign explain` as people and scripts use it.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use countersign::practice;
use serde_json::{Value, json};

use super::signer::{HOST, NOW, Plan, World};

fn countersign(arguments: &[&str], input: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(arguments)
        .env_clear()
        .env("COUNTERSIGN_HOME", home.path())
        .env("COUNTERSIGN_SECRETS", "memory")
        .env("HOME", home.path())
        .env("AWS_ACCESS_KEY_ID", practice::ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", practice::SECRET_ACCESS_KEY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has read enough may have closed it.
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

fn explained(arguments: &[&str], input: &str) -> Value {
    let output = countersign(&[&["explain", "--json"], arguments].concat(), input);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_message_alone_names_the_region() {
    let told = explained(
        &[],
        r#"{"message":"Credential should be scoped to a valid region, not 'us-east-1'. "}"#,
    );
    assert_eq!(told["code"], "region-mismatch");
    assert_eq!(told["likelihood"], "proven");
    assert_eq!(told["evidence"][0], "it was signed for us-east-1");
    assert_eq!(told["difference"], Value::Null);
    assert_eq!(told["others"], json!([]));
}

/// A curl line and its answer; with the keys the detective proves what was signed.
#[test]
fn a_raw_request_with_the_keys_is_proven() {
    let plan = Plan::new("GET", "/prod/pets?type=dog&page=1")
        .replacing("page=1&type=dog", "type=dog&page=1");
    let wire = plan.sign();
    let mut headers = String::new();
    for (name, value) in &wire.headers {
        headers.extend([" -H '", name, ": ", value, "'"]);
    }
    let line = format!("curl 'https://{HOST}{}'{headers}", wire.target);
    let told = explained(&["--env-credentials"], &line);
    assert_eq!(told["code"], "query-unsorted");
    assert_eq!(told["likelihood"], "proven");
    assert_eq!(
        told["difference"],
        json!({"part": "query", "ours": "type=dog&page=1", "theirs": "page=1&type=dog"})
    );
    let output = countersign(&["explain", "--env-credentials"], &line);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("1. The query's parameters were not sorted (proven) [query-unsorted]"),
        "{text}"
    );
    let at = text
        .find("  ours    type=dog&page=1\n")
        .unwrap_or_else(|| panic!("{text}"));
    let carets = text[at..].lines().nth(1).unwrap();
    assert!(
        carets.trim_start().starts_with('^') && carets.starts_with("          "),
        "{text}"
    );
    assert!(!text.contains(practice::SECRET_ACCESS_KEY));
}

#[test]
fn what_is_not_understood_ends_with_3() {
    let output = countersign(&["explain"], "the cat sat on the mat");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("paste"));
    let output = countersign(&["explain", "no-such-file.json"], "");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn the_help_lists_the_codes() {
    let output = countersign(&["explain", "--help"], "");
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for entry in countersign::explain::catalogue() {
        assert!(help.contains(entry.code), "{}", entry.code);
    }
}

/// What `send --json` prints can be piped into `explain`, and tells the cause itself.
#[test]
fn a_send_document_is_explained() {
    let world = World::start();
    let url = world.url("/prod/pets/a%20b");
    let arguments = [
        "send",
        &url,
        "--json",
        "--env-credentials",
        "--at",
        NOW,
        "--region",
        "us-east-1",
        "--service",
        "execute-api",
        "--single-encode",
    ];
    let output = countersign(&arguments, "");
    let accepted = [
        "send",
        &url,
        "--json",
        "--env-credentials",
        "--at",
        NOW,
        "--region",
        "us-east-1",
        "--service",
        "execute-api",
    ];
    let right = countersign(&accepted, "");
    world.stop();
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(document["response"]["status"], 403, "{document}");
    let told = &document["explanation"];
    assert_eq!(told["code"], "path-encoded-once", "{told}");
    assert_eq!(told["likelihood"], "proven");
    assert_eq!(told["difference"]["ours"], "/prod/pets/a%20b");
    assert_eq!(told["difference"]["theirs"], "/prod/pets/a%2520b");
    let text = String::from_utf8(output.stdout).unwrap();
    for arguments in [&[][..], &["--env-credentials"]] {
        assert_eq!(explained(arguments, &text)["code"], "path-encoded-once");
    }
    let right: Value = serde_json::from_slice(&right.stdout).unwrap();
    assert_eq!(right["response"]["status"], 200, "{right}");
    assert_eq!(right["explanation"], Value::Null);
}

/// An Authorization header alone shows what can be seen of it.
#[test]
fn a_header_alone_is_looked_at() {
    let header = "Authorization: AWS4-HMAC-SHA256 Credential=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY/20260102/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000";
    let output = countersign(&["explain"], header);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("[key-id-and-secret-swapped]"), "{text}");
    assert!(!text.contains("wJalrXUtnFEMI"), "{text}");
}

/// Older messages quote the header that they refuse.
#[test]
fn a_quoted_token_is_not_repeated() {
    for body in [
        r#"{"message":"'SECRETBEARERTOKEN' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer SECRETBEARERTOKEN'."}"#,
        r#"{"message":"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'SECRETBEARERTOKENSECRETBEARERTOKENSECRET/x/20260102/us-east-1/execute-api/aws4_request'"}"#,
    ] {
        for arguments in [&["explain"][..], &["explain", "--json"]] {
            let output = countersign(arguments, body);
            assert!(output.status.success());
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(!text.contains("SECRETBEARER"), "{text}");
        }
    }
}

/// Nothing was sent yet: the URL's age is known all the same.
#[test]
fn an_old_presigned_url_is_told_before_it_is_sent() {
    let wire = Plan::new("GET", "/prod/pets").presign();
    let told = explained(&[], &format!("https://{HOST}{}", wire.target));
    assert_eq!(told["code"], "presigned-expired", "{told}");
}
