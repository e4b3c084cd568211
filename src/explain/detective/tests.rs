use bytes::Bytes;

use super::*;
use crate::explain::GivenSignature;
use crate::sigv4::{
    CanonicalRequest, CredentialScope, PathRule, RequestDateTime, SigningKey, StringToSign,
    hash_hex,
};

const HOST: &str = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";

fn credentials() -> Credentials {
    Credentials::new(
        crate::practice::ACCESS_KEY_ID,
        crate::practice::SECRET_ACCESS_KEY,
    )
}

/// The published example: signed right.
fn reference() -> GivenRequest {
    GivenRequest {
        method: "GET".into(),
        url: format!("https://{HOST}/prod/pets?type=dog&page=1"),
        headers: vec![
            ("Host".into(), HOST.into()),
            ("x-amz-date".into(), "20260102T030405Z".into()),
        ],
        body: Some(Bytes::new()),
        signature: Some(GivenSignature {
            algorithm: "AWS4-HMAC-SHA256".into(),
            credential: Some(
                "AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request".into(),
            ),
            signed_headers: Some(vec!["host".into(), "x-amz-date".into()]),
            signature: Some(
                "baeba69f2bacd4e447162cfd75e1bbc281edba85e2b5f8aa3f97dd29c3e0d944".into(),
            ),
            date_time: Some("20260102T030405Z".into()),
            ..GivenSignature::default()
        }),
        ..GivenRequest::default()
    }
}

fn sign(canonical: &str, secret: &str) -> String {
    let scope = CredentialScope {
        date: "20260102".into(),
        region: "us-east-1".into(),
        service: "execute-api".into(),
    };
    let text = StringToSign {
        algorithm: crate::sigv4::Algorithm::HmacSha256,
        request_date_time: RequestDateTime::parse("20260102T030405Z").unwrap(),
        credential_scope: scope.clone(),
        hashed_canonical_request: hash_hex(canonical.as_bytes()),
    };
    SigningKey::derive(&crate::secret::SecretString::new(secret), &scope).sign(&text.to_string())
}

fn canonical() -> String {
    CanonicalRequest::derive(
        "GET",
        "/prod/pets",
        "type=dog&page=1",
        [("host", HOST), ("x-amz-date", "20260102T030405Z")],
        hash_hex(b""),
        PathRule {
            normalize: true,
            encode: true,
        },
    )
    .to_string()
}

fn found(signature: String) -> Vec<Vec<&'static str>> {
    let mut request = reference();
    request.signature.as_mut().unwrap().signature = Some(signature);
    let credentials = credentials();
    find(&Suspect {
        request: &request,
        echo: None,
        hashed_payload: None,
        credentials: &credentials,
    })
    .into_iter()
    .map(|finding| finding.mutations.iter().map(|m| m.name).collect())
    .collect()
}

#[test]
fn a_request_that_is_signed_right_needs_no_mistake() {
    let right = sign(&canonical(), crate::practice::SECRET_ACCESS_KEY);
    assert_eq!(
        right,
        "baeba69f2bacd4e447162cfd75e1bbc281edba85e2b5f8aa3f97dd29c3e0d944"
    );
    assert_eq!(found(right), [Vec::<&str>::new()]);
}

#[test]
fn one_mistake_is_found() {
    let secret = crate::practice::SECRET_ACCESS_KEY;
    let unsorted = canonical().replace("page=1&type=dog", "type=dog&page=1");
    assert_eq!(found(sign(&unsorted, secret)), [["query-in-wire-order"]]);
    assert_eq!(
        found(sign(&canonical(), &format!("{secret}\n"))),
        [["secret-with-line-feed"]]
    );
    let right = sign(&canonical(), secret);
    assert_eq!(found(right.to_uppercase()), [["signature-in-upper-case"]]);
}

#[test]
fn two_mistakes_are_found() {
    let unsorted = canonical().replace("page=1&type=dog", "type=dog&page=1");
    let signature = sign(
        &unsorted,
        &format!("{} ", crate::practice::SECRET_ACCESS_KEY),
    );
    assert_eq!(
        found(signature),
        [["query-in-wire-order", "secret-with-blank"]]
    );
    let both = unsorted.replace(HOST, &format!("{HOST}:443"));
    let signature = sign(&both, crate::practice::SECRET_ACCESS_KEY);
    assert_eq!(
        found(signature),
        [["query-in-wire-order", "host-with-port"]]
    );
}

#[test]
fn another_secret_gives_nothing() {
    assert_eq!(
        found(sign(&canonical(), crate::practice::WRONG_SECRET_ACCESS_KEY)),
        Vec::<Vec<&str>>::new()
    );
}

#[test]
fn there_are_many_mistakes_to_try() {
    let request = reference();
    let credentials = credentials();
    let mut names: Vec<&str> = mutations(&Suspect {
        request: &request,
        echo: None,
        hashed_payload: None,
        credentials: &credentials,
    })
    .iter()
    .map(|mutation| mutation.name)
    .collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() >= 70, "{}: {names:?}", names.len());
}
