//! Signing against the suites of AWS.

use std::fs;
use std::path::Path;

use countersign::sigv4::{
    Algorithm, CanonicalRequest, PathRule, Payload, SigningInput, SigningTarget, sign_target,
    verify_ecdsa,
};

use crate::support::shared_data;
use crate::support::suite::{Case, Mode, cases, inside_the_crate};

/// The suite of the crate has one request escaped that stands raw in the original, because the
/// crate refuses a raw space; its expectation is that of the raw one.
fn as_originally_published(mut case: Case) -> Case {
    if case.name == "get-space-normalized" {
        case.url = case.url.replace("%20", " ");
    }
    case
}

/// The target of the request line that the suite expects, its parameters in any order.
fn parameters_of(target: &str) -> Vec<String> {
    let (_, query) = target.split_once('?').unwrap_or((target, ""));
    let mut parameters: Vec<String> = query.split('&').map(str::to_owned).collect();
    parameters.sort();
    parameters
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
    let trace = &signed.trace;
    let steps = &trace.steps;
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
    if let Some((x, y)) = &case.public_key {
        let key = trace.key.ecdsa().expect("a key pair");
        assert_eq!((&key.public_x, &key.public_y), (x, y), "{}", case.name);
        for signature in [&case.signature, &trace.signature] {
            assert!(
                verify_ecdsa(x, y, &case.string_to_sign, signature),
                "{}: {signature}",
                case.name
            );
        }
    } else {
        assert_eq!(trace.signature, case.signature, "{}", case.name);
    }
    if case.settings.placement.is_query() {
        let line = case.signed_request.lines().next().unwrap();
        let wanted = line.strip_suffix(" HTTP/1.1").unwrap();
        let is_signature = |parameter: &String| parameter.starts_with("X-Amz-Signature=");
        let without = |text: &str| {
            let mut parameters = parameters_of(text);
            parameters.retain(|parameter| !is_signature(parameter));
            parameters
        };
        // The suite's own parameters stand raw or escaped; those of signing must be the same.
        let of_signing = |parameters: Vec<String>| -> Vec<String> {
            parameters
                .into_iter()
                .filter(|parameter| parameter.starts_with("X-Amz-"))
                .collect()
        };
        assert_eq!(
            of_signing(without(&signed.url)),
            of_signing(without(wanted)),
            "{}",
            case.name
        );
        assert!(
            signed
                .url
                .ends_with(&format!("X-Amz-Signature={}", trace.signature))
        );
    }
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

/// 38 cases in header and query mode: 76 checks.
fn check_all(folder: &Path, algorithm: Algorithm, mend: impl Fn(Case) -> Case) {
    let mut checked = 0;
    for mode in [Mode::Header, Mode::Query] {
        for case in cases(folder, algorithm, mode) {
            check(&mend(case));
            checked += 1;
        }
    }
    assert_eq!(checked, 76);
}

#[test]
fn the_suite_inside_the_crate() {
    let folder = inside_the_crate("v4");
    check_all(&folder, Algorithm::HmacSha256, as_originally_published);
}

#[test]
fn the_original_suite() {
    if let Some(folder) = shared_data::path("vectors/aws-c-auth/v4") {
        check_all(&folder, Algorithm::HmacSha256, |case| case);
    }
}

#[test]
fn the_asymmetric_suite_inside_the_crate() {
    let folder = inside_the_crate("v4a");
    check_all(&folder, Algorithm::EcdsaP256Sha256, as_originally_published);
}

#[test]
fn the_original_asymmetric_suite() {
    if let Some(folder) = shared_data::path("vectors/aws-c-auth/v4a") {
        check_all(&folder, Algorithm::EcdsaP256Sha256, |case| case);
    }
}

/// The only published cases with an escape in the path under double encoding. Of the first one only
/// the canonical request can be trusted: its other files are of another time.
#[test]
fn escapes_in_the_path_are_encoded_again() {
    let rule = PathRule {
        normalize: true,
        encode: true,
    };
    let folder = inside_the_crate("v4");
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
