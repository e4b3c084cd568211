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
        (
            vec!["--env-credentials", "--presign", "604801", URL],
            &KEYS[..],
            2,
            "604800",
        ),
        (
            vec![
                "--env-credentials",
                "--presign",
                "60",
                "https://a1.execute-api.us-east-1.amazonaws.com/?X-Amz-Signature=0",
            ],
            &KEYS[..],
            3,
            "presigned already",
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

const AT: &str = "20260102T030405Z";

/// Both URLs were made with botocore's `SigV4QueryAuth`.
#[test]
fn a_presigned_url_is_botocores() {
    let with_token = [
        KEYS[0],
        KEYS[1],
        ("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2Vj+a/b=="),
    ];
    for (environment, added) in [
        (
            &KEYS[..],
            "&X-Amz-Signature=6eb134a350cc1da92dcf46a4770be1d77e0eb71d4c77b5c06b09c987a64d7c94",
        ),
        (
            &with_token[..],
            "&X-Amz-Security-Token=IQoJb3JpZ2luX2Vj%2Ba%2Fb%3D%3D&X-Amz-Signature=5a7ebbb85f666630bf52b5ed08dc948cbf60cad44e8e243a79ce676c999d1b67",
        ),
    ] {
        let output = sign(
            &[
                "--env-credentials",
                "--at",
                AT,
                "--presign",
                "900",
                "--json",
                URL,
            ],
            environment,
        );
        let trace = json(&output);
        assert_eq!(
            trace["url"],
            format!(
                "{URL}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260102%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host{added}"
            )
        );
        assert_eq!(trace["settings"]["mode"], "query");
        let headers = trace["headers"].to_string();
        assert!(
            !headers.contains("authorization") && !headers.contains("x-amz-"),
            "{headers}"
        );
        assert!(
            trace["warnings"].to_string().contains("five minutes"),
            "API Gateway does not heed the expiry"
        );
    }
}

#[test]
fn the_steps_of_a_presigned_url_hide_the_session_token() {
    let output = sign(
        &["--env-credentials", "--at", AT, "--presign", "60", URL],
        &[
            KEYS[0],
            KEYS[1],
            ("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2Vj+a/b=="),
        ],
    );
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("5 Parameters added to the query"), "{text}");
    assert!(text.contains("X-Amz-Expires=60"), "{text}");
    assert!(!text.contains("IQoJb3JpZ2luX2Vj"), "{text}");
}

#[test]
fn the_asymmetric_signature_names_its_regions() {
    let trace = json(&sign(
        &[
            "--env-credentials",
            "--at",
            AT,
            "--sigv4a",
            "--region-set",
            "us-east-1,eu-west-1",
            "--show-keys",
            "--json",
            URL,
        ],
        &KEYS,
    ));
    assert_eq!(
        trace["credential_scope"],
        "20260102/execute-api/aws4_request"
    );
    let canonical = trace["canonical_request"].as_str().expect("text");
    assert!(
        canonical.contains("\nx-amz-region-set:us-east-1,eu-west-1\n"),
        "{canonical}"
    );
    let half = |name: &str| {
        let digits = trace["signing_key"][name].as_str().expect(name);
        <[u8; 32]>::try_from(hex::decode(digits).expect("hex")).expect("32 bytes")
    };
    assert!(countersign::sigv4::verify_ecdsa(
        &half("public_x"),
        &half("public_y"),
        trace["string_to_sign"].as_str().expect("text"),
        trace["signature"].as_str().expect("text"),
    ));
}

#[test]
fn headers_are_switched_one_by_one() {
    let trace = json(&sign(
        &[
            "--env-credentials",
            "-H",
            "x-api-key: apikey1234abcdefghij0123456789",
            "-H",
            "x-demo: 1",
            "--sign-header",
            "X-Api-Key",
            "--no-sign-header",
            "x-demo",
            "--json",
            URL,
        ],
        &KEYS,
    ));
    let signed = trace["signed_headers"].to_string();
    assert!(
        signed.contains("x-api-key") && !signed.contains("x-demo"),
        "{signed}"
    );
    assert!(trace["headers"].to_string().contains("x-demo"));
}

/// S3 reads a raw `@` as `%40` and refuses a signature over the raw one, so it is sent escaped.
#[test]
fn an_s3_path_is_sent_in_the_form_that_s3_signs() {
    let url = "https://bucket.s3.eu-west-1.amazonaws.com/images/mac@2x%7e.png";
    let trace = json(&sign(
        &["--env-credentials", "--at", AT, "--json", url],
        &KEYS,
    ));
    assert_eq!(
        trace["url"],
        "https://bucket.s3.eu-west-1.amazonaws.com/images/mac%402x~.png"
    );
    let canonical = trace["canonical_request"].as_str().expect("text");
    assert_eq!(canonical.lines().nth(1), Some("/images/mac%402x~.png"));
    assert!(
        canonical.contains("\nx-amz-content-sha256:e3b0c442"),
        "{canonical}"
    );
    let presigned = json(&sign(
        &[
            "--env-credentials",
            "--at",
            AT,
            "--presign",
            "60",
            "--json",
            url,
        ],
        &KEYS,
    ));
    assert!(
        presigned["canonical_request"]
            .as_str()
            .expect("text")
            .ends_with("\nUNSIGNED-PAYLOAD")
    );
}

fn texts(trace: &Value) -> String {
    trace["warnings"].to_string()
}

/// What a tester found: keys that cannot work were signed with in silence.
#[test]
fn keys_that_cannot_work_are_told() {
    let secret = (
        "AWS_SECRET_ACCESS_KEY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY ",
    );
    let trace = json(&sign(
        &["--env-credentials", "--json", URL],
        &[KEYS[0], secret],
    ));
    assert!(
        texts(&trace).contains("white space or quotes"),
        "{}",
        texts(&trace)
    );
    let id = ("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE");
    let trace = json(&sign(&["--env-credentials", "--json", URL], &[id, KEYS[1]]));
    assert!(texts(&trace).contains("session token"), "{}", texts(&trace));
    let trace = json(&sign(
        &["--env-credentials", "--sign-header", "nope", "--json", URL],
        &KEYS,
    ));
    assert!(
        texts(&trace).contains("not among those that are sent"),
        "{}",
        texts(&trace)
    );
    let trace = json(&sign(&["--env-credentials", "--json", URL], &KEYS));
    assert_eq!(trace["warnings"], Value::Null);
}

#[test]
fn a_set_of_regions_is_signed_without_blanks() {
    let set = |set: &str| {
        sign(
            &[
                "--env-credentials",
                "--sigv4a",
                "--region-set",
                set,
                "--json",
                URL,
            ],
            &KEYS,
        )
    };
    let trace = json(&set(" us-east-1 , eu-west-1 "));
    let canonical = trace["canonical_request"].as_str().expect("text");
    assert!(
        canonical.contains("\nx-amz-region-set:us-east-1,eu-west-1\n"),
        "{canonical}"
    );
    assert_eq!(set("us east").status.code(), Some(2));
    assert_eq!(
        sign(&["--env-credentials", "--region", "us east-1", URL], &KEYS)
            .status
            .code(),
        Some(3)
    );
}

#[test]
fn region_and_service_of_flags_are_told_as_such() {
    let output = sign(
        &[
            "--env-credentials",
            "--region",
            "eu-west-1",
            "--service",
            "execute-api",
            "https://api.example.com/",
        ],
        &KEYS,
    );
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("eu-west-1 (from flag)"), "{text}");
}

#[test]
fn a_header_without_a_value_is_curls_semicolon() {
    let trace = json(&sign(
        &["--env-credentials", "-H", "x-empty;", "--json", URL],
        &KEYS,
    ));
    assert!(
        trace["canonical_request"]
            .as_str()
            .expect("text")
            .contains("\nx-empty:\n")
    );
}
