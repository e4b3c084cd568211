//! `countersign sign --batch` as outside programs use it.

use std::fs::File;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::sigv4::{Algorithm, SessionTokenRule};
use serde_json::{Value, json};

use crate::support::suite::{Case, Mode, cases, inside_the_crate};

fn line(id: usize, case: &Case) -> Value {
    json!({
        "id": id,
        "method": case.method,
        "url": case.url,
        "headers": case.headers,
        "body": STANDARD.encode(&case.body),
        "access_key": case.credentials.access_key_id,
        "secret_key": case.credentials.secret_access_key.expose(),
        "session_token": case.credentials.session_token.as_ref().map(|token| token.expose().to_owned()),
        "region": case.region,
        "service": case.service,
        "datetime": case.time.to_string(),
        "settings": {
            "mode": if case.settings.placement.is_query() { "query" } else { "header" },
            "expires": 3600,
            "normalize": case.settings.normalize_path,
            "double_encode": true,
            "sign_body": case.settings.content_sha256_header,
            "omit_session_token": case.settings.session_token == SessionTokenRule::Unsigned,
        },
    })
}

#[test]
fn the_suite_through_the_program_with_a_bad_line_between() {
    let suite = inside_the_crate("v4");
    let both = [Mode::Header, Mode::Query];
    let cases: Vec<Case> = both
        .into_iter()
        .flat_map(|mode| cases(&suite, Algorithm::HmacSha256, mode))
        .filter(|case| case.name != "get-space-normalized")
        .collect();
    let mut input: Vec<String> = cases
        .iter()
        .enumerate()
        .map(|(id, case)| line(id, case).to_string())
        .collect();
    input.insert(5, "this is not JSON".to_owned());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lines.jsonl");
    std::fs::write(&file, input.join("\n")).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["sign", "--batch"])
        .stdin(Stdio::from(File::open(&file).expect("opened")))
        .output()
        .expect("the program runs");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    let answers: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(answers.len(), cases.len() + 1);
    assert!(
        answers[5]["error"]
            .as_str()
            .expect("an error")
            .contains("not JSON")
    );
    let signed = answers
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != 5)
        .map(|(_, answer)| answer);
    for (case, answer) in cases.iter().zip(signed) {
        assert_eq!(
            answer["canonical_request"], case.canonical_request,
            "{}",
            case.name
        );
        assert_eq!(
            answer["string_to_sign"], case.string_to_sign,
            "{}",
            case.name
        );
        assert_eq!(answer["signature"], case.signature, "{}", case.name);
        if case.settings.placement.is_query() {
            let url = answer["url"].as_str().expect("a URL");
            assert!(url.ends_with(&case.signature), "{}: {url}", case.name);
            continue;
        }
        assert_eq!(answer["url"], case.url, "{}", case.name);
        let authorization = answer["headers"]
            .as_array()
            .expect("headers")
            .iter()
            .find(|pair| pair[0] == "authorization");
        assert!(
            authorization.expect("signed")[1]
                .as_str()
                .expect("text")
                .ends_with(&case.signature),
            "{}",
            case.name
        );
    }
}
