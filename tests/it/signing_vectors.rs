//! Signing against what others published.

use std::fs;

use countersign::secret::SecretString;
use countersign::sigv4::{
    CanonicalRequest, CredentialScope, PathRule, Payload, RequestDateTime, SigningInput,
    SigningKey, SigningTarget, StringToSign, hash_hex, sign_target,
};

use crate::support::shared_data;
use crate::support::suite::{Case, cases, inside_the_crate};

/// The suite of the crate has one request escaped that stands raw in the original, because the
/// crate refuses a raw space; its expectation is that of the raw one.
fn as_originally_published(mut case: Case) -> Case {
    if case.name == "get-space-normalized" {
        case.url = case.url.replace("%20", " ");
    }
    case
}

fn check(case: &Case) {
    let target = SigningTarget {
        method: &case.method,
        url: &case.url,
        headers: &case.headers,
        payload: Payload::Bytes(&case.body),
    };
    let input = SigningInput {
        credentials: &case.credentials,
        region: &case.region,
        service: &case.service,
        time: case.time,
        settings: &case.settings,
    };
    let signed =
        sign_target(&target, &input).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let steps = &signed.trace.steps;
    assert_eq!(
        steps.canonical_request.to_string(),
        case.canonical_request,
        "{}",
        case.name
    );
    assert_eq!(
        steps.string_to_sign.to_string(),
        case.string_to_sign,
        "{}",
        case.name
    );
    assert_eq!(signed.trace.signature, case.signature, "{}", case.name);
    let raw_space = case.url.contains(' ');
    assert_eq!(
        signed.agrees.is_err(),
        raw_space,
        "{}: {:?}",
        case.name,
        signed.agrees
    );
    assert!(raw_space || signed.agrees == Ok(true), "{}", case.name);
}

#[test]
fn the_suite_inside_the_crate_in_header_mode() {
    let cases = cases(&inside_the_crate());
    assert_eq!(cases.len(), 38);
    for case in cases {
        check(&as_originally_published(case));
    }
}

#[test]
fn the_original_suite_in_header_mode() {
    let Some(folder) = shared_data::path("vectors/aws-c-auth/v4") else {
        return;
    };
    let cases = cases(&folder);
    assert_eq!(cases.len(), 38);
    cases.iter().for_each(check);
}

/// The only published cases with an escape in the path under double encoding. Of the first one only
/// the canonical request can be trusted: its other files are of another time.
#[test]
fn escapes_in_the_path_are_encoded_again() {
    let rule = PathRule {
        normalize: true,
        encode: true,
    };
    let folder = inside_the_crate();
    for name in ["double-encode-path", "double-url-encode"] {
        let text = |file: &str| fs::read_to_string(folder.join(name).join(file)).unwrap();
        let request = text("request.txt");
        let target = request
            .lines()
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .to_owned();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let derived = CanonicalRequest::derive("POST", path, query, [], "", rule);
        let published = text("header-canonical-request.txt");
        assert_eq!(
            published.lines().nth(1),
            Some(derived.canonical_uri.as_str()),
            "{name}"
        );
    }
}

#[test]
fn the_worked_examples_of_the_documentation() {
    let Some(file) = shared_data::path("vectors/aws-docs/examples.jsonl") else {
        return;
    };
    let text = fs::read_to_string(file).unwrap();
    let mut checked = 0;
    for line in text.lines() {
        let example: serde_json::Value = serde_json::from_str(line).unwrap();
        let (Some(canonical), Some(signature)) = (
            example["canonical_request"].as_str(),
            example["expected_signature"].as_str(),
        ) else {
            continue;
        };
        let field = |name: &str| example[name].as_str().unwrap().to_owned();
        let time = RequestDateTime::parse(&field("datetime")).unwrap();
        let scope = CredentialScope {
            date: time.date(),
            region: field("region"),
            service: field("service"),
        };
        let key = SigningKey::derive(&SecretString::new(field("secret_key")), &scope);
        let string_to_sign = StringToSign {
            request_date_time: time,
            credential_scope: scope,
            hashed_canonical_request: hash_hex(canonical.as_bytes()),
        };
        assert_eq!(
            key.sign(&string_to_sign.to_string()),
            signature,
            "{}",
            example["name"]
        );
        checked += 1;
    }
    assert!(checked >= 7, "{checked} examples");
}
