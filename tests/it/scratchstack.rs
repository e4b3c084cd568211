//! Our signatures before a verifier that is not ours: scratchstack-aws-signature.
//!
//! It reads paths as S3 does, encoded once; API Gateway encodes what is on the wire once more. So
//! it is handed the path with `%` written `%25`. Left out are three faults of its own: it sorts a
//! query by `name=value` in place of name and then value, reads `+` in a path as a space, and
//! refuses `..` above the root.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use countersign::sigv4::{
    Credentials, Payload, Placement, RequestDateTime, SigningInput, SigningSettings, SigningTarget,
    sign_target,
};
use http::Request;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use scratchstack_aws_signature::principal::{Principal, User};
use scratchstack_aws_signature::{
    GetSigningKeyRequest, GetSigningKeyResponse, KSecretKey, NO_ADDITIONAL_SIGNED_HEADERS,
    SignatureOptions, service_for_signing_key_fn, sigv4_validate_request,
};
use tower::BoxError;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const HOST: &str = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
const REGION: &str = "us-east-1";
const SERVICE: &str = "execute-api";
const TIME: &str = "20260102T030405Z";

/// A request to be signed.
#[derive(Clone, Debug)]
struct Call {
    method: &'static str,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    has_token: bool,
}

/// A signed one, as it goes over the wire.
#[derive(Clone, Debug)]
struct Wire {
    method: &'static str,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

fn signed(call: &Call) -> Wire {
    signed_in(call, Placement::Header)
}

fn signed_in(call: &Call, placement: Placement) -> Wire {
    let mark = if call.query.is_empty() { "" } else { "?" };
    let url = format!("https://{HOST}{}{mark}{}", call.path, call.query);
    let mut credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET);
    credentials.session_token = call
        .has_token
        .then(|| "IQoJb3JpZ2luX2Vj+a/b==".to_owned().into());
    let mut headers = vec![("host".to_owned(), HOST.to_owned())];
    headers.extend(call.headers.iter().cloned());
    let target = SigningTarget {
        method: call.method,
        url: &url,
        headers: &headers,
        payload: Payload::Bytes(&call.body),
    };
    let input = SigningInput {
        credentials: &credentials,
        region: REGION,
        service: SERVICE,
        time: RequestDateTime::parse(TIME).unwrap(),
        settings: &SigningSettings {
            placement,
            ..SigningSettings::default()
        },
    };
    let signed = sign_target(&target, &input).unwrap();
    assert_eq!(signed.agrees, Ok(true), "{url}");
    let (_, query) = signed.url.split_once('?').unwrap_or((&signed.url, ""));
    Wire {
        method: call.method,
        path: call.path.clone(),
        query: query.to_owned(),
        headers: signed.headers,
        body: call.body.clone(),
    }
}

async fn signing_key(request: GetSigningKeyRequest) -> Result<GetSigningKeyResponse, BoxError> {
    let secret: KSecretKey = SECRET.parse()?;
    let principal = Principal::from(User::new("aws", "111122223333", "/", "alice")?);
    Ok(GetSigningKeyResponse::builder()
        .principal(principal)
        .signing_key(secret.to_ksigning(request.request_date(), REGION, SERVICE))
        .build()?)
}

/// What the verifier says.
fn verified(wire: &Wire) -> Result<(), String> {
    let path = wire.path.replace('%', "%25");
    let mark = if wire.query.is_empty() { "" } else { "?" };
    let mut request = Request::builder()
        .method(wire.method)
        .uri(format!("{path}{mark}{}", wire.query));
    for (name, value) in &wire.headers {
        request = request.header(name.as_str(), value.as_bytes());
    }
    let request = request.body(Bytes::from(wire.body.clone())).unwrap();
    let now: DateTime<Utc> = RequestDateTime::parse(TIME).unwrap().time().into();
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(sigv4_validate_request(
            request,
            REGION,
            SERVICE,
            &mut service_for_signing_key_fn(signing_key),
            now,
            &NO_ADDITIONAL_SIGNED_HEADERS,
            SignatureOptions::default(),
        ))
        .map(|_| ())
        .map_err(|error| error.to_string())
}

/// Whether sorting `name=value` gives another order than AWS's.
fn sorts_otherwise(query: &str) -> bool {
    const ENCODE: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    let encode = |text: &str| utf8_percent_encode(text, ENCODE).to_string();
    let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (encode(&name), encode(&value)))
        .collect();
    pairs.sort();
    let joined: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    !joined.is_sorted()
}

fn call(method: &'static str, path: &str, query: &str) -> Call {
    Call {
        method,
        path: path.into(),
        query: query.into(),
        headers: Vec::new(),
        body: Vec::new(),
        has_token: false,
    }
}

#[test]
fn named_requests_are_accepted() {
    let mut calls = Vec::new();
    for path in [
        "/",
        "/prod/pets",
        "/prod/pets/",
        "/prod//pets///x",
        "/prod/./pets/x/../y",
        "/prod/pets/a%20b/%40me",
        "/prod/pets/a@b:c$d,e;f=g&h!i*j(k)'l",
        "/prod/%40connections/AbC%3D",
        "/prod/a%2Fb/%2e%2E/%7Ex/%25/%2520",
        "/prod/%E4%BD%A0%E5%A5%BD/%FF/%00",
    ] {
        calls.push(call("GET", path, ""));
    }
    for query in [
        "type=dog&page=1",
        "a=2&a=1&a=",
        "flag",
        "&&a=1&",
        "a=b=c",
        "a=1;b=2",
        "q=a+b&r=a%20b&s=a%2Bb",
        "q=%2a%7e!'()*",
        "param%5B10%5D=x&param%5B2%5D=y",
        "B=1&a=2&A=3&b=4",
        "q=%ED%95%9C%EA%B5%AD",
    ] {
        assert!(!sorts_otherwise(query), "{query}");
        calls.push(call("GET", "/prod/pets", query));
    }
    let mut post = call("POST", "/prod/orders", "");
    post.body = br#"{"petId":1}"#.to_vec();
    post.has_token = true;
    post.headers = vec![
        ("content-type".into(), "application/json".into()),
        ("x-demo".into(), "  a   b ".into()),
        ("x-demo".into(), "c".into()),
        ("x-api-key".into(), "apikey1234abcdefghij0123456789".into()),
    ];
    calls.push(post);
    for call in &calls {
        assert_eq!(verified(&signed(call)), Ok(()), "{call:?}");
    }
}

/// The faults that are left out are still there; if not, the skips can go.
#[test]
fn the_verifiers_own_faults_are_still_there() {
    assert!(sorts_otherwise("a-b=1&a=2"));
    for call in [
        call("GET", "/prod/pets", "a-b=1&a=2"),
        call("GET", "/prod/a+b", ""),
        call("GET", "/../prod", ""),
    ] {
        assert!(verified(&signed(&call)).is_err(), "{call:?}");
    }
    // It reads the parameters of a presigned URL without decoding them, so none is accepted;
    // presigned URLs are checked against botocore, awscrt and the suite.
    let presigned = signed_in(&call("GET", "/", ""), Placement::Query { expires: 300 });
    assert!(
        verified(&presigned)
            .unwrap_err()
            .contains("exactly 5 slash-delimited elements")
    );
}

/// A segment of a path as it may stand on the wire: no `+`, no dot segment.
fn segment() -> impl Strategy<Value = String> {
    "([a-zA-Z0-9._~@:$,;=!*()-]|%[0-9A-Fa-f]{2}){0,8}".prop_filter("no dot segments", |segment| {
        segment != "." && segment != ".."
    })
}

fn calls() -> impl Strategy<Value = Call> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("PUT"), Just("DELETE")];
    let path = prop::collection::vec(segment(), 0..4)
        .prop_map(|segments| format!("/prod/{}", segments.join("/")));
    let pair = "[a-zA-Z0-9._~+:/-]{1,4}(=([a-zA-Z0-9._~+:/?-]|%[0-7][0-9A-Fa-f]){0,6})?";
    let query = prop::collection::vec(pair, 0..5)
        .prop_map(|pairs| pairs.join("&"))
        .prop_filter("the verifier sorts name=value", |query| {
            !sorts_otherwise(query)
        });
    let headers = prop::collection::vec(("x-(a|b|c-d|e_f)", "[ -~]{0,12}"), 0..4);
    let body = prop::collection::vec(any::<u8>(), 0..40);
    (method, path, query, headers, body, any::<bool>()).prop_map(
        |(method, path, query, headers, body, has_token)| Call {
            method,
            path,
            query,
            headers,
            body,
            has_token,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_requests_are_accepted_and_tampered_ones_are_not(call in calls()) {
        let wire = signed(&call);
        prop_assert_eq!(verified(&wire), Ok(()));

        let mut changed = wire.clone();
        changed.body.push(b'x');
        prop_assert!(verified(&changed).is_err(), "body");
        let mut changed = wire.clone();
        changed.path.push('x');
        prop_assert!(verified(&changed).is_err(), "path");
        let mut changed = wire.clone();
        changed.query.push_str("&zz=1");
        prop_assert!(verified(&changed).is_err(), "query");
        let mut changed = wire;
        for (name, value) in &mut changed.headers {
            if name == "authorization" {
                let last = if value.ends_with('0') { '1' } else { '0' };
                value.pop();
                value.push(last);
            }
        }
        prop_assert!(verified(&changed).is_err(), "signature");
    }
}
