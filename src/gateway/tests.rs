//! Judgements without a socket.

use super::world::{Session, role};
use super::*;
use crate::denial::{Denial, ForbiddenCause, MessageProfile, SIGNATURE_MISMATCH};
use crate::practice;
use crate::secret::SecretString;
use crate::sigv4::{
    CanonicalRequest, CredentialScope, Credentials, Echo, PathRule, Payload, RequestDateTime,
    SessionTokenRule, SigningInput, SigningKey, SigningSettings, SigningTarget, StringToSign,
    hash_hex, sign_target,
};
use bytes::Bytes;
use proptest::prelude::*;

const NOW: &str = "20260102T030405Z";
const HOST: &str = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";

fn time(text: &str) -> RequestDateTime {
    RequestDateTime::parse(text).unwrap()
}

fn context(now: &str) -> CallContext {
    CallContext {
        now: time(now),
        request_id: "3aa6efbe-6824-436d-8433-a0af57435fcf".into(),
        seed: [7; 48],
        messages: MessageProfile::Current,
    }
}

fn alice() -> Credentials {
    Credentials::new(practice::ACCESS_KEY_ID, practice::SECRET_ACCESS_KEY)
}

/// A call that is not signed.
fn plain(method: &str, path: &str, query: &str) -> ReceivedRequest {
    ReceivedRequest {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: vec![("host".into(), HOST.into())],
        body: Bytes::new(),
    }
}

fn with_header(mut request: ReceivedRequest, name: &str, value: &str) -> ReceivedRequest {
    request.headers.push((name.into(), value.into()));
    request
}

/// Signs a request as a client would, from its own side.
fn signed_by(
    request: ReceivedRequest,
    credentials: &Credentials,
    service: &str,
    at: &str,
    settings: &SigningSettings,
) -> ReceivedRequest {
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), String::from_utf8(value.clone()).unwrap()))
        .collect();
    let mark = if request.query.is_empty() { "" } else { "?" };
    let url = format!("https://{HOST}{}{mark}{}", request.path, request.query);
    let target = SigningTarget {
        method: &request.method,
        url: &url,
        headers: &headers,
        payload: Payload::Bytes(&request.body),
    };
    let input = SigningInput {
        credentials,
        region: "us-east-1",
        service,
        time: time(at),
        settings,
    };
    let signed = sign_target(&target, &input).unwrap();
    assert_eq!(signed.agrees, Ok(true));
    ReceivedRequest {
        headers: signed
            .headers
            .into_iter()
            .map(|(name, value)| (name, value.into_bytes()))
            .collect(),
        ..request
    }
}

fn signed(request: ReceivedRequest) -> ReceivedRequest {
    signed_by(
        request,
        &alice(),
        "execute-api",
        NOW,
        &SigningSettings::default(),
    )
}

fn judged(request: &ReceivedRequest) -> Judgement {
    judge(request, &mut World::new(), &context(NOW))
}

fn json(judgement: &Judgement) -> serde_json::Value {
    serde_json::from_slice(&judgement.reply.body).unwrap()
}

fn set(request: &mut ReceivedRequest, name: &str, value: &str) {
    let slot = request
        .headers
        .iter_mut()
        .find(|(known, _)| known == name)
        .unwrap();
    slot.1 = value.as_bytes().to_vec();
}

fn refused_at(judgement: &Judgement) -> Option<Gate> {
    let checks = &judgement.call.checks;
    let (last, before) = checks.split_last().unwrap();
    assert!(before.iter().all(|check| check.passed), "{checks:?}");
    assert_eq!(judgement.denial.is_some(), !last.passed, "{checks:?}");
    (!last.passed).then_some(last.gate)
}

/// The vectors of AWS's own signer for the practice world.
#[test]
fn requests_signed_by_others_are_accepted() {
    let authorization = |names: &str, signature: &str| {
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request, SignedHeaders={names}, Signature={signature}"
        )
    };
    let get = with_header(
        with_header(
            plain("GET", "/prod/pets", "type=dog&page=1"),
            "x-amz-date",
            NOW,
        ),
        "authorization",
        &authorization(
            "host;x-amz-date",
            "baeba69f2bacd4e447162cfd75e1bbc281edba85e2b5f8aa3f97dd29c3e0d944",
        ),
    );
    let judgement = judged(&get);
    assert_eq!(refused_at(&judgement), None);
    assert_eq!(judgement.reply.status, 200);
    assert_eq!(
        judgement.call.caller.as_deref(),
        Some("arn:aws:iam::111122223333:user/alice")
    );
    let body = json(&judgement);
    assert_eq!(body["caller"]["accessKey"], practice::ACCESS_KEY_ID);
    assert_eq!(body["caller"]["account"], practice::ACCOUNT_ID);
    let names: Vec<&str> = body["pets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pet| pet["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Rex", "Luna"]);

    let mut post = plain("POST", "/prod/pets/a%20b/%40me", "");
    post.body = Bytes::from_static(br#"{"name":"Rex"}"#);
    for (name, value) in [
        ("content-type", "application/json"),
        ("x-amz-date", NOW),
        ("x-amz-security-token", "TOKEN"),
        ("x-api-key", practice::API_KEY),
    ] {
        post = with_header(post, name, value);
    }
    let post = with_header(
        post,
        "authorization",
        &authorization(
            "content-type;host;x-amz-date;x-amz-security-token;x-api-key",
            "90a5a591dc726893f7f19a489e928156da6b7cd8a96b779961da6d67f9779a45",
        ),
    );
    assert_eq!(refused_at(&judged(&post)), Some(Gate::SessionToken));
    let mut world = World::new();
    world.sessions.push_back(Session {
        access_key_id: practice::ACCESS_KEY_ID.into(),
        secret_access_key: SecretString::new(practice::SECRET_ACCESS_KEY),
        token: SecretString::new("TOKEN"),
        role: role(practice::ROLE_ARN).unwrap(),
        name: "vector".into(),
        expires: time("20260102T040405Z"),
    });
    let judgement = judge(&post, &mut world, &context(NOW));
    assert_eq!(
        (refused_at(&judgement), judgement.reply.status),
        (None, 200)
    );
}

#[test]
fn every_route_answers() {
    let open = judged(&plain("GET", "/prod/open", ""));
    assert_eq!(
        (open.reply.status, json(&open)["stage"].as_str()),
        (200, Some("prod"))
    );

    let mut pet = plain("POST", "/prod/pets", "");
    pet.body = Bytes::from_static(br#"{"name":"Rex"}"#);
    assert_eq!(json(&judged(&signed(pet)))["pet"]["name"], "Rex");

    let path = signed(plain("GET", "/prod/pets/a%20b/%40me", "q=1"));
    let body = json(&judged(&path));
    assert_eq!(body["pathParameters"]["proxy"], "a b/@me");
    assert_eq!(body["queryStringParameters"]["q"], "1");

    let mut order = plain("POST", "/prod/orders", "");
    order.body = Bytes::from_static(b"not json");
    let order = with_header(signed(order), "x-api-key", practice::API_KEY);
    let body = json(&judged(&order));
    assert_eq!(
        (&body["order"], &body["apiKey"]),
        (&"not json".into(), &"practice".into())
    );

    let key = with_header(
        plain("GET", "/prod/key", ""),
        "x-api-key",
        practice::API_KEY,
    );
    assert_eq!(judged(&key).reply.status, 200);
}

#[test]
fn an_api_key_is_asked_for_after_the_signature() {
    let order = plain("POST", "/prod/orders", "");
    assert_eq!(refused_at(&judged(&order)), Some(Gate::Identity));
    let judgement = judged(&signed(order.clone()));
    assert_eq!(
        judgement.denial,
        Some(Denial::Forbidden(ForbiddenCause::ApiKey))
    );
    assert_eq!(judgement.reply.body, br#"{"message":"Forbidden"}"#);
    assert_eq!(judgement.call.error_type, Some("ForbiddenException"));
    let wrong = with_header(signed(order), "x-api-key", "apikey1234abcdefghij0123456788");
    assert_eq!(refused_at(&judged(&wrong)), Some(Gate::ApiKey));
    for key in [None, Some(""), Some("wrong")] {
        let mut request = plain("GET", "/prod/key", "");
        if let Some(key) = key {
            request = with_header(request, "x-api-key", key);
        }
        assert_eq!(refused_at(&judged(&request)), Some(Gate::ApiKey));
    }
}

#[test]
fn calls_that_lead_nowhere() {
    for path in ["/", "/pets", "/production/pets", "", "//prod/pets"] {
        let judgement = judged(&plain("GET", path, ""));
        assert_eq!(refused_at(&judgement), Some(Gate::Stage), "{path}");
        assert_eq!(judgement.reply.body, br#"{"message":"Forbidden"}"#);
    }
    for (method, path) in [
        ("GET", "/prod/nothing"),
        ("PUT", "/prod/pets"),
        ("GET", "/prod"),
    ] {
        let request = plain(method, path, "");
        for request in [request.clone(), signed(request)] {
            let judgement = judged(&request);
            assert_eq!(refused_at(&judgement), Some(Gate::Route), "{path}");
            assert_eq!(
                judgement.reply.body,
                br#"{"message":"Missing Authentication Token"}"#
            );
            assert_eq!(
                judgement.reply.error_type,
                Some("MissingAuthenticationTokenException")
            );
        }
    }
    for (header, code) in [
        ("Bearer abc", "IncompleteSignatureException"),
        ("allow", "IncompleteSignatureException"),
        ("Basic abc=", "IncompleteSignatureException"),
    ] {
        let request = with_header(plain("GET", "/prod/nothing", ""), "authorization", header);
        assert_eq!(judged(&request).call.error_type, Some(code), "{header}");
    }
}

#[test]
fn other_schemes_fail_at_the_form_of_the_header() {
    for (header, denial) in [
        (
            "Bearer abc",
            Denial::NotKeyValue {
                token: "abc".into(),
                header: "Bearer abc".into(),
            },
        ),
        (
            "allow",
            Denial::NotKeyValue {
                token: "allow".into(),
                header: "allow".into(),
            },
        ),
        (
            "Basic abc=",
            Denial::MissingHeaderParameters {
                missing: vec!["Credential", "Signature", "SignedHeaders", "Date"],
                header: "Basic abc=".into(),
            },
        ),
        (
            "AWS4-HMAC-SHA256 Credential=AK ID/20260102, Signature=a",
            Denial::NotKeyValue {
                token: "ID/20260102".into(),
                header: "AWS4-HMAC-SHA256 Credential=AK ID/20260102, Signature=a".into(),
            },
        ),
    ] {
        let request = with_header(plain("GET", "/prod/pets", ""), "authorization", header);
        assert_eq!(judged(&request).denial, Some(denial), "{header}");
    }
}

/// The checks of a signature, as AWS orders them.
const ORDER: [Gate; 16] = [
    Gate::QueryEscapes,
    Gate::Identity,
    Gate::Placement,
    Gate::Algorithm,
    Gate::KeyValueForm,
    Gate::Parameters,
    Gate::HostSigned,
    Gate::DateFormat,
    Gate::NotExpired,
    Gate::NotEarly,
    Gate::CredentialElements,
    Gate::CredentialScope,
    Gate::SessionToken,
    Gate::SessionAlive,
    Gate::KeyKnown,
    Gate::Signature,
];

/// A request with every check broken from `first` on, as far as two faults do not exclude each
/// other, and every one before in order. Gives the world it belongs to, too.
fn broken_from(first: usize) -> (ReceivedRequest, World) {
    let is_broken = |gate: Gate| ORDER.iter().position(|known| *known == gate).unwrap() >= first;
    let mut world = World::new();
    let over = world.open_session(
        role(practice::ROLE_ARN).unwrap(),
        "lesson",
        time("20260102T010000Z"),
        900,
        b"seed",
    );
    let query = if is_broken(Gate::QueryEscapes) {
        "a=%zz"
    } else {
        "a=%20"
    };
    let both = if is_broken(Gate::Placement) {
        "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
    } else {
        ""
    };
    let mut request = plain("GET", "/prod/pets", &format!("{query}{both}"));
    if is_broken(Gate::Identity) {
        // No identity at all leaves nothing else to break.
        request.query = query.to_owned();
        return (request, world);
    }
    let algorithm = if is_broken(Gate::Algorithm) {
        "AWS4-HMAC-SHA25"
    } else {
        "AWS4-HMAC-SHA256"
    };
    let key_id = if is_broken(Gate::SessionAlive) && !is_broken(Gate::SessionToken) {
        over.access_key_id.as_str()
    } else if is_broken(Gate::KeyKnown) {
        "AKIAIOSFODNN7UNKNOWN"
    } else {
        practice::ACCESS_KEY_ID
    };
    let region = if is_broken(Gate::CredentialScope) {
        "eu-west-1"
    } else {
        "us-east-1"
    };
    let more = if is_broken(Gate::CredentialElements) {
        "/more"
    } else {
        ""
    };
    let names = if is_broken(Gate::HostSigned) {
        "x-amz-date"
    } else {
        "host;x-amz-date"
    };
    let stray = if is_broken(Gate::KeyValueForm) {
        ", stray"
    } else {
        ""
    };
    let signature = if is_broken(Gate::Parameters) {
        ""
    } else {
        ", Signature=00"
    };
    let date = if is_broken(Gate::DateFormat) {
        "201"
    } else if is_broken(Gate::NotExpired) {
        "20260102T025904Z"
    } else if is_broken(Gate::NotEarly) {
        "20260102T030906Z"
    } else {
        NOW
    };
    let header = format!(
        "{algorithm} Credential={key_id}/20260102/{region}/execute-api/aws4_request{more}, SignedHeaders={names}{signature}{stray}"
    );
    request = with_header(request, "x-amz-date", date);
    request = with_header(request, "authorization", &header);
    if is_broken(Gate::SessionToken) {
        request = with_header(request, "x-amz-security-token", "junk");
    } else if is_broken(Gate::SessionAlive) {
        request = with_header(request, "x-amz-security-token", over.token.expose());
    }
    (request, world)
}

#[test]
fn the_first_broken_check_answers() {
    for (index, gate) in ORDER.into_iter().enumerate() {
        let (request, mut world) = broken_from(index);
        let judgement = judge(&request, &mut world, &context(NOW));
        assert_eq!(refused_at(&judgement), Some(gate), "{request:?}");
        let passed = judgement
            .call
            .checks
            .iter()
            .map(|check| check.gate)
            .filter(|gate| ORDER.contains(gate));
        assert!(passed.eq(ORDER.into_iter().take(index + 1)), "{gate:?}");
    }
}

#[test]
fn the_edges_of_the_window() {
    for (service, at, gate) in [
        ("execute-api", "20260102T025905Z", None),
        ("execute-api", "20260102T025904Z", Some(Gate::NotExpired)),
        ("execute-api", "20260102T030905Z", None),
        ("execute-api", "20260102T030906Z", Some(Gate::NotEarly)),
        ("sts", "20260102T024905Z", None),
        ("sts", "20260102T024904Z", Some(Gate::NotExpired)),
        ("sts", "20260102T031905Z", None),
        ("sts", "20260102T031906Z", Some(Gate::NotEarly)),
    ] {
        let request = if service == "sts" {
            plain("GET", "/", "Action=GetCallerIdentity&Version=2011-06-15")
        } else {
            plain("GET", "/prod/pets", "")
        };
        let request = signed_by(request, &alice(), service, at, &SigningSettings::default());
        assert_eq!(refused_at(&judged(&request)), gate, "{service} {at}");
    }
}

#[test]
fn the_echo_is_what_the_gateway_derived_from_the_bytes() {
    let wrong = Credentials::new(practice::ACCESS_KEY_ID, practice::WRONG_SECRET_ACCESS_KEY);
    let request = with_header(plain("GET", "/prod/pets", "b=2&a=1"), "x-demo", "  a   b ");
    let request = signed_by(
        request,
        &wrong,
        "execute-api",
        NOW,
        &SigningSettings::default(),
    );
    let judgement = judged(&request);
    assert_eq!(refused_at(&judgement), Some(Gate::Signature));
    let echo = Echo::find(std::str::from_utf8(&judgement.reply.body).unwrap()).unwrap();
    let empty = hash_hex(b"");
    assert_eq!(
        echo.canonical_request,
        format!(
            "GET\n/prod/pets\na=1&b=2\nhost:{HOST}\nx-amz-date:{NOW}\nx-demo:a b\n\nhost;x-amz-date;x-demo\n{empty}"
        )
    );
    assert_eq!(
        echo.string_to_sign,
        format!(
            "AWS4-HMAC-SHA256\n{NOW}\n20260102/us-east-1/execute-api/aws4_request\n{}",
            hash_hex(echo.canonical_request.as_bytes())
        )
    );
    let text = json(&judgement)["message"].as_str().unwrap().to_owned();
    assert!(text.starts_with(SIGNATURE_MISMATCH) && text.ends_with("'\n"));
}

#[test]
fn one_change_in_each_part_is_seen() {
    let good = || {
        let mut request = with_header(plain("POST", "/prod/pets", "type=dog"), "x-demo", "1");
        request.body = Bytes::from_static(b"{}");
        signed(request)
    };
    assert_eq!(refused_at(&judged(&good())), None);
    let echo_after = |change: &dyn Fn(&mut ReceivedRequest)| {
        let mut request = good();
        change(&mut request);
        let judgement = judged(&request);
        assert_eq!(refused_at(&judgement), Some(Gate::Signature));
        Echo::find(std::str::from_utf8(&judgement.reply.body).unwrap())
            .unwrap()
            .canonical_request
    };
    let echo = echo_after(&|request| request.path = "/prod/pets/x".into());
    assert!(echo.starts_with("POST\n/prod/pets/x\n"));
    let echo = echo_after(&|request| request.query = "type=dot".into());
    assert!(echo.contains("\ntype=dot\n"));
    let echo = echo_after(&|request| set(request, "x-demo", "2"));
    assert!(echo.contains("\nx-demo:2\n"));
    let echo = echo_after(&|request| request.headers.retain(|(name, _)| name != "x-demo"));
    assert!(
        echo.contains("\nx-demo:\n"),
        "a header that did not arrive is empty"
    );
    let echo = echo_after(&|request| request.body = Bytes::from_static(b"[]"));
    assert!(echo.ends_with(&hash_hex(b"[]")));
    let echo = echo_after(&|request| set(request, "x-amz-date", "20260102T030406Z"));
    assert!(echo.contains("\nx-amz-date:20260102T030406Z\n"));
    echo_after(&|request| {
        let header = request.header("authorization").unwrap();
        let last = if header.ends_with('0') { "1" } else { "0" };
        let changed = format!("{}{last}", &header[..header.len() - 1]);
        set(request, "authorization", &changed);
    });
    let echo = echo_after(&|request| {
        request
            .headers
            .push(("x-practice-proxy".into(), "x-demo".into()));
        request.meddle();
    });
    assert!(echo.contains("\nx-demo:1, changed by a proxy\n"));
}

#[test]
fn the_body_that_arrived_counts() {
    let mut request = plain("POST", "/prod/pets", "");
    request.body = Bytes::from_static(b"{}");
    let unsigned = SigningSettings {
        unsigned_payload: true,
        content_sha256_header: true,
        ..SigningSettings::default()
    };
    let unsigned = signed_by(request.clone(), &alice(), "execute-api", NOW, &unsigned);
    let judgement = judged(&unsigned);
    let echo = Echo::find(std::str::from_utf8(&judgement.reply.body).unwrap()).unwrap();
    assert!(
        echo.canonical_request
            .contains("\nx-amz-content-sha256:UNSIGNED-PAYLOAD\n")
    );
    assert!(echo.canonical_request.ends_with(&hash_hex(b"{}")));
    let settings = SigningSettings {
        content_sha256_header: true,
        ..SigningSettings::default()
    };
    let hashed = signed_by(request, &alice(), "execute-api", NOW, &settings);
    assert_eq!(refused_at(&judged(&hashed)), None);
}

/// The signature of a canonical request, made without the signer.
fn signature_of(canonical_request: &CanonicalRequest) -> String {
    let scope = CredentialScope {
        date: "20260102".into(),
        region: "us-east-1".into(),
        service: "execute-api".into(),
    };
    let key = SigningKey::derive(&alice().secret_access_key, &scope);
    let text = StringToSign {
        algorithm: crate::sigv4::Algorithm::HmacSha256,
        request_date_time: time(NOW),
        credential_scope: scope,
        hashed_canonical_request: canonical_request.sha256(),
    };
    key.sign(&text.to_string())
}

const RULE: PathRule = PathRule {
    normalize: true,
    encode: true,
};

#[test]
fn a_presigned_url_is_judged_by_its_query() {
    let query = format!(
        "type=dog&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260102%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date={NOW}&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
    );
    let empty = hash_hex(b"");
    let canonical =
        CanonicalRequest::derive("GET", "/prod/pets", &query, [("host", HOST)], empty, RULE);
    let signature = signature_of(&canonical);
    let good = plain(
        "GET",
        "/prod/pets",
        &format!("{query}&X-Amz-Signature={signature}"),
    );
    assert_eq!(refused_at(&judged(&good)), None);
    let late = judge(&good, &mut World::new(), &context("20260102T031000Z"));
    assert_eq!(
        refused_at(&late),
        Some(Gate::NotExpired),
        "X-Amz-Expires does not count on execute-api"
    );
    let mut changed = good.clone();
    changed.query = changed.query.replace("type=dog", "type=cat");
    assert_eq!(refused_at(&judged(&changed)), Some(Gate::Signature));
    let mut bare = good.clone();
    bare.query = "X-Amz-Algorithm=&X-Amz-Date=".into();
    assert_eq!(
        judged(&bare).denial,
        Some(Denial::MissingQueryParameters(vec![
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Signature",
            "X-Amz-SignedHeaders",
            "X-Amz-Date"
        ]))
    );
    let both = with_header(good, "authorization", "AWS4-HMAC-SHA256 x=y");
    assert_eq!(judged(&both).denial, Some(Denial::BothPlacements));
}

#[test]
fn bytes_that_are_no_text_are_not_taken_for_others() {
    let sign = |canonical_query: &str| {
        let mut canonical = CanonicalRequest::derive(
            "GET",
            "/prod/pets",
            "",
            [("host", HOST), ("x-amz-date", NOW)],
            hash_hex(b""),
            RULE,
        );
        canonical.canonical_query_string = canonical_query.to_owned();
        let header = format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature={}",
            signature_of(&canonical)
        );
        let request = plain("GET", "/prod/pets", "b=%ff+x&a");
        let request = with_header(request, "x-amz-date", NOW);
        with_header(request, "authorization", &header)
    };
    assert_eq!(refused_at(&judged(&sign("a=&b=%FF%20x"))), None);
    assert_eq!(
        refused_at(&judged(&sign("a=&b=%EF%BF%BD%20x"))),
        Some(Gate::Signature)
    );
    let mut request = signed(with_header(
        plain("GET", "/prod/pets", ""),
        "x-demo",
        "\u{fffd}",
    ));
    assert_eq!(refused_at(&judged(&request)), None);
    for (name, value) in &mut request.headers {
        if name == "x-demo" {
            *value = vec![0xff];
        }
    }
    assert_eq!(refused_at(&judged(&request)), Some(Gate::Signature));
}

#[test]
fn escapes_of_the_query() {
    for (query, denied) in [
        ("a=%", Some(None)),
        ("a=%2", Some(None)),
        ("a=%2&b=1", Some(Some("2&"))),
        ("a=%zz", Some(Some("zz"))),
        ("a=%2é", Some(Some("2é"))),
        ("a=%20%2f&%41", None),
    ] {
        let denial = judged(&plain("GET", "/prod/pets", query)).denial;
        match denied {
            Some(text) => assert_eq!(
                denial,
                Some(Denial::BrokenEscape(text.map(str::to_owned))),
                "{query}"
            ),
            None => assert_eq!(denial, Some(Denial::MissingAuthenticationToken), "{query}"),
        }
    }
}

/// The text of an element of an XML answer.
fn element(judgement: &Judgement, name: &str) -> String {
    let xml = String::from_utf8(judgement.reply.body.clone()).unwrap();
    let (_, rest) = xml.split_once(&format!("<{name}>")).expect(&xml);
    rest.split_once(&format!("</{name}>")).unwrap().0.to_owned()
}

fn sts_call(credentials: &Credentials, at: &str, form: &str) -> ReceivedRequest {
    let mut request = plain("POST", "/", "");
    request.body = Bytes::from(form.to_owned());
    signed_by(request, credentials, "sts", at, &SigningSettings::default())
}

fn assume(world: &mut World, credentials: &Credentials, form: &str) -> Judgement {
    let form = format!("Action=AssumeRole&Version=2011-06-15&{form}");
    judge(&sts_call(credentials, NOW, &form), world, &context(NOW))
}

fn credentials_of(judgement: &Judgement) -> Credentials {
    let mut credentials = Credentials::new(
        element(judgement, "AccessKeyId"),
        element(judgement, "SecretAccessKey"),
    );
    credentials.session_token = Some(SecretString::new(element(judgement, "SessionToken")));
    credentials
}

const PET_READER: &str =
    "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FPetReader&RoleSessionName=lesson";
const PARTNER: &str =
    "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FPartnerReader&RoleSessionName=lesson";

#[test]
fn a_role_is_assumed_used_and_ends() {
    let mut world = World::new();
    let assumed = assume(
        &mut world,
        &alice(),
        &format!("{PET_READER}&DurationSeconds=900"),
    );
    assert_eq!((refused_at(&assumed), assumed.reply.status), (None, 200));
    assert_eq!(element(&assumed, "Expiration"), "2026-01-02T03:19:05Z");
    assert_eq!(
        element(&assumed, "Arn"),
        "arn:aws:sts::111122223333:assumed-role/PetReader/lesson"
    );
    let session = credentials_of(&assumed);
    assert!(session.access_key_id.starts_with("ASIA"));

    let call = |credentials: &Credentials, at: &str, world: &mut World| {
        let request = signed_by(
            plain("GET", "/prod/pets", ""),
            credentials,
            "execute-api",
            at,
            &SigningSettings::default(),
        );
        judge(&request, world, &context(at))
    };
    let good = call(&session, NOW, &mut world);
    assert_eq!(
        json(&good)["caller"]["arn"],
        "arn:aws:sts::111122223333:assumed-role/PetReader/lesson"
    );
    let late = call(&session, "20260102T031905Z", &mut world);
    assert_eq!(late.denial, Some(Denial::TokenExpired));

    let mut cut = session.clone();
    let token = session.session_token.clone().unwrap();
    let shorter = &token.expose()[..token.expose().len() - 1];
    cut.session_token = Some(SecretString::new(shorter));
    assert_eq!(
        call(&cut, NOW, &mut world).denial,
        Some(Denial::TokenInvalid)
    );
    let mut foreign = alice();
    foreign.session_token = Some(token);
    assert_eq!(
        call(&foreign, NOW, &mut world).denial,
        Some(Denial::TokenInvalid)
    );
    let mut without = session.clone();
    without.session_token = None;
    assert_eq!(
        call(&without, NOW, &mut world).denial,
        Some(Denial::KeyUnknown)
    );

    let unsigned_token = SigningSettings {
        session_token: SessionTokenRule::Unsigned,
        ..SigningSettings::default()
    };
    let request = plain("GET", "/prod/pets", "");
    let request = signed_by(request, &session, "execute-api", NOW, &unsigned_token);
    assert_eq!(
        refused_at(&judge(&request, &mut world, &context(NOW))),
        None
    );

    let logged = format!("{:?}", good.call) + &serde_json::to_string(&assumed.call).unwrap();
    for secret in [
        session.secret_access_key.expose(),
        session.session_token.as_ref().unwrap().expose(),
        practice::SECRET_ACCESS_KEY,
    ] {
        assert!(!logged.contains(secret));
    }
}

#[test]
fn roles_from_roles_last_an_hour() {
    let mut world = World::new();
    let long = format!("{PET_READER}&DurationSeconds=43200");
    let first = assume(&mut world, &alice(), &long);
    let session = credentials_of(&first);
    let chained = |world: &mut World, seconds: u32| {
        assume(
            world,
            &session,
            &format!("{PET_READER}&DurationSeconds={seconds}"),
        )
    };
    assert_eq!(chained(&mut world, 3600).denial, None);
    let refused = chained(&mut world, 3601);
    assert_eq!(refused_at(&refused), Some(Gate::SessionLength));
    assert_eq!(refused.denial, Some(Denial::RoleChainingTooLong));
    assert_eq!(refused.reply.status, 400);
    assert_eq!(element(&refused, "Code"), "ValidationError");
}

#[test]
fn the_partner_role_wants_its_external_id_and_only_reads() {
    let mut world = World::new();
    for form in [PARTNER.to_owned(), format!("{PARTNER}&ExternalId=wrong")] {
        let refused = assume(&mut world, &alice(), &form);
        assert_eq!(refused_at(&refused), Some(Gate::Permission));
        assert_eq!(
            element(&refused, "Message"),
            "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: \
             sts:AssumeRole on resource: arn:aws:iam::111122223333:role/PartnerReader"
        );
    }
    let form = format!("{PARTNER}&ExternalId={PARTNER_EXTERNAL_ID}");
    let too_long = assume(
        &mut world,
        &alice(),
        &format!("{form}&DurationSeconds=3601"),
    );
    assert_eq!(too_long.denial, Some(Denial::SessionTooLong));
    let session = credentials_of(&assume(&mut world, &alice(), &form));
    let call = |method: &str, world: &mut World| {
        let request = signed_by(
            plain(method, "/prod/pets", ""),
            &session,
            "execute-api",
            NOW,
            &SigningSettings::default(),
        );
        judge(&request, world, &context(NOW))
    };
    assert_eq!(call("GET", &mut world).reply.status, 200);
    let refused = call("POST", &mut world);
    assert_eq!(refused_at(&refused), Some(Gate::Permission));
    assert_eq!(
        json(&refused)["Message"],
        "User: arn:aws:sts::111122223333:assumed-role/PartnerReader/lesson is not authorized to \
         perform: execute-api:Invoke on resource: \
         arn:aws:execute-api:us-east-1:********3333:a1b2c3d4e5/prod/POST/pets because no \
         identity-based policy allows the execute-api:Invoke action"
    );
}

#[test]
fn parameters_of_assume_role() {
    for (form, message) in [
        (
            "RoleSessionName=ab".to_owned(),
            "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
        ),
        (
            "RoleArn=arn:aws:iam::111122223333:role/PetReader&RoleSessionName=x+y".to_owned(),
            r"1 validation error detected: Value 'x y' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*",
        ),
        (
            "RoleArn=arn:aws:iam::1111:role/PetReader&RoleSessionName=ab".to_owned(),
            "arn:aws:iam::1111:role/PetReader is invalid",
        ),
        (
            format!("{PET_READER}&DurationSeconds=899"),
            "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
        ),
        (
            format!("{PET_READER}&DurationSeconds=43201"),
            "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
        ),
    ] {
        let refused = assume(&mut World::new(), &alice(), &form);
        assert_eq!(element(&refused, "Message"), message);
        assert_eq!(
            (refused.reply.status, refused_at(&refused)),
            (400, Some(Gate::Action))
        );
    }
}

#[test]
fn sts_answers_in_its_own_words() {
    let mut world = World::new();
    let who = judge(
        &sts_call(&alice(), NOW, "Action=GetCallerIdentity&Version=2011-06-15"),
        &mut world,
        &context(NOW),
    );
    assert_eq!(element(&who, "Arn"), "arn:aws:iam::111122223333:user/alice");
    assert_eq!(element(&who, "Account"), "111122223333");
    assert_eq!(who.reply.error_type, None);

    let unsigned = judged(&plain("POST", "/", ""));
    assert_eq!(unsigned.reply.status, 400);
    assert_eq!(element(&unsigned, "Code"), "MissingAuthenticationToken");
    let unknown = judged(&sts_call(&alice(), NOW, "Action=Nope&Version=2011-06-15"));
    assert_eq!(element(&unknown, "Code"), "InvalidAction");
    let wrong = Credentials::new(practice::ACCESS_KEY_ID, practice::WRONG_SECRET_ACCESS_KEY);
    let wrong = judged(&sts_call(&wrong, NOW, "Action=GetCallerIdentity"));
    assert_eq!(
        (wrong.reply.status, element(&wrong, "Code").as_str()),
        (403, "SignatureDoesNotMatch")
    );
    assert_eq!(element(&wrong, "Message"), SIGNATURE_MISMATCH);
    let other_service = judged(&signed_by(
        plain("POST", "/", ""),
        &alice(),
        "execute-api",
        NOW,
        &SigningSettings::default(),
    ));
    assert_eq!(
        element(&other_service, "Message"),
        "Credential should be scoped to correct service: 'sts'. "
    );
}

#[test]
fn a_date_header_may_stand_for_the_amz_date() {
    let date = "Fri, 02 Jan 2026 03:04:05 GMT";
    let canonical = CanonicalRequest::derive(
        "GET",
        "/prod/pets",
        "",
        [("host", HOST), ("date", date)],
        hash_hex(b""),
        RULE,
    );
    let header = format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request, SignedHeaders=date;host, Signature={}",
        signature_of(&canonical)
    );
    let request = with_header(plain("GET", "/prod/pets", ""), "date", date);
    let request = with_header(request, "authorization", &header);
    assert_eq!(refused_at(&judged(&request)), None);
    let mut bad = request;
    set(&mut bad, "date", "yesterday");
    assert_eq!(
        judged(&bad).denial,
        Some(Denial::DateFormat("yesterday".into()))
    );
}

/// A path and a query as they may stand on the wire.
fn targets() -> impl Strategy<Value = (String, String)> {
    let segment = "([a-zA-Z0-9._~@:$,;=!*+()-]|%[0-9A-Fa-f]{2}){0,8}"
        .prop_filter("clients remove dot segments", |segment| {
            segment != "." && segment != ".."
        });
    let path = prop::collection::vec(segment, 1..4)
        .prop_map(|segments| format!("/prod/pets/x{}", segments.join("/")));
    let pair = "([a-zA-Z0-9._~+:/-]|%[0-7][0-9A-Fa-f]){1,4}(=([a-zA-Z0-9._~+:/?=-]|%[0-7][0-9A-Fa-f]){0,6})?";
    let query = prop::collection::vec(pair, 0..5).prop_map(|pairs| pairs.join("&"));
    (path, query)
}

/// Something like an `Authorization` header, right here and there.
fn authorizations() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("AWS4-HMAC-SHA256 ".to_owned()),
        Just(
            "Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request, ".into()
        ),
        Just("SignedHeaders=host;x-amz-date;;X, ".into()),
        Just("Signature=00".into()),
        "[ -~\u{80}-\u{2fff}]{0,12}",
        "[=,;/ ]{1,4}",
    ];
    prop::collection::vec(part, 0..7).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_signed_here_is_accepted_here_and_no_other_bytes((path, query) in targets(), byte in any::<u8>()) {
        let mut request = plain("POST", &path, &query);
        request.body = Bytes::from(vec![byte]);
        let request = signed(request);
        prop_assert_eq!(refused_at(&judged(&request)), None);

        let mut changed = request.clone();
        changed.body = Bytes::from(vec![byte ^ 1]);
        prop_assert_eq!(refused_at(&judged(&changed)), Some(Gate::Signature));
        let mut changed = request.clone();
        changed.path.push('x');
        prop_assert_eq!(refused_at(&judged(&changed)), Some(Gate::Signature));
        let mut changed = request;
        changed.query.push_str("&z=");
        prop_assert_eq!(refused_at(&judged(&changed)), Some(Gate::Signature));
    }

    #[test]
    fn no_bytes_at_all_make_it_panic(
        method in "[A-Z]{1,4}|GET|POST",
        path in "/|/prod/pets|[ -~]{0,20}|(/prod/)?\\PC{0,12}",
        query in "\\PC{0,20}|([%&=+a-f0-9]|X-Amz-Algorithm=|X-Amz-Credential=|Action=AssumeRole){0,12}",
        authorization in prop::option::of(authorizations()),
        values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..12), 3),
        body in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut request = plain(&method, &path, &query);
        for (name, value) in ["x-amz-date", "x-amz-security-token", "x-practice-proxy"].iter().zip(values) {
            request.headers.push(((*name).to_owned(), value));
        }
        if let Some(authorization) = authorization {
            request = with_header(request, "authorization", &authorization);
        }
        request.body = Bytes::from(body);
        request.meddle();
        let judgement = judged(&request);
        prop_assert!([200, 400, 403].contains(&judgement.reply.status));
        prop_assert_eq!(judgement.denial.is_some(), judgement.reply.status != 200);
    }
}
