//! `countersign sign` as people and scripts use it.

use std::process::{Command, Output};

use serde_json::Value;

const URL: &str =
    "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets?type=dog&page=1";

fn sign(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let home = tempfile::tempdir().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_countersign"))
        .arg("sign")
        .args(arguments)
        .env_clear()
        .env("COUNTERSIGN_HOME", home.path())
        .env("COUNTERSIGN_SECRETS", "memory")
        .env("HOME", home.path())
        .envs(environment.iter().copied())
        .output()
        .expect("the program runs")
}

const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    (
        "AWS_SECRET_ACCESS_KEY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ),
];

fn json(output: &Output) -> Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The signature was computed with botocore.
#[test]
fn region_and_service_come_from_the_host_and_the_signature_is_botocores() {
    let trace = json(&sign(
        &[
            "--env-credentials",
            "--at",
            "20260102T030405Z",
            "--json",
            URL,
        ],
        &KEYS,
    ));
    assert_eq!(
        trace["signature"],
        "baeba69f2bacd4e447162cfd75e1bbc281edba85e2b5f8aa3f97dd29c3e0d944"
    );
    assert_eq!(
        trace["credential_scope"],
        "20260102/us-east-1/execute-api/aws4_request"
    );
    assert_eq!(
        trace["signed_headers"],
        serde_json::json!(["host", "x-amz-date"])
    );
    assert_eq!(trace["agrees"], true);
    assert!(trace.get("signing_key").is_none());
    assert!(
        trace["canonical_request"]
            .as_str()
            .expect("text")
            .starts_with("GET\n/prod/pets\npage=1&type=dog\nhost:")
    );
}

#[test]
fn keys_are_shown_for_example_credentials_only() {
    let arguments = [
        "--env-credentials",
        "--at",
        "20260102T030405Z",
        "--json",
        "--show-keys",
        URL,
    ];
    let shown = json(&sign(&arguments, &KEYS));
    assert_eq!(
        shown["signing_key"]["signing"]
            .as_str()
            .expect("a key")
            .len(),
        64
    );
    let real = [
        ("AWS_ACCESS_KEY_ID", "AKIAQWERTYUIOPASDFGH"),
        (
            "AWS_SECRET_ACCESS_KEY",
            "a-secret-that-nobody-published-0123456789",
        ),
    ];
    let refused = sign(&arguments, &real);
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty());
    let insisted = [&arguments[..], &["--yes-show-keys"]].concat();
    assert_eq!(sign(&insisted, &real).status.code(), Some(0));
}

#[test]
fn failures_end_with_their_codes() {
    for (arguments, environment, code, said) in [
        (
            vec!["--env-credentials", URL],
            &[][..],
            4,
            "AWS_ACCESS_KEY_ID",
        ),
        (vec![URL], &KEYS[..], 4, "no profile"),
        (vec!["--profile", "nobody", URL], &KEYS[..], 4, "nobody"),
        (
            vec!["--env-credentials", "https://api.example.com/"],
            &KEYS[..],
            3,
            "no service",
        ),
        (
            vec!["--env-credentials", "https://api.example.com/{{x}}"],
            &KEYS[..],
            3,
            "no variable `x`",
        ),
        (
            vec!["--env-credentials", "-H", "x-amz-date: 1", URL],
            &KEYS[..],
            3,
            "written by signing",
        ),
        (
            vec!["--env-credentials", "--at", "yesterday", URL],
            &KEYS[..],
            2,
            "YYYYMMDDTHHMMSSZ",
        ),
        (
            vec!["--env-credentials", "--secret-key", "x", URL],
            &KEYS[..],
            2,
            "--secret-key",
        ),
        (vec![], &KEYS[..], 2, "URL"),
    ] {
        let output = sign(&arguments, environment);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(said), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_five_steps_for_people() {
    let output = sign(
        &["--env-credentials", "--at", "20260102T030405Z", URL],
        &KEYS,
    );
    let text = String::from_utf8(output.stdout).expect("text");
    for step in [
        "1 Canonical request",
        "2 String to sign",
        "3 Signing key",
        "4 Signature",
        "5 Headers added",
        "us-east-1 (from host)",
    ] {
        assert!(text.contains(step), "{step} in {text}");
    }
    assert!(!text.contains("wJalrXUtnFEMI"));
}
