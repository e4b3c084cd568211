use std::time::SystemTime;

use proptest::prelude::*;

use super::*;
use crate::collection::{AuthSpec, AwsAuthSpec, RequestContext, RequestDraft, Row};
use crate::denial::{Denial, ForbiddenCause, MessageProfile, Service};
use crate::exchange::{
    Exchange, ExchangeId, RecordedHeader, RequestRecord, ResponseBody, ResponseRecord,
    SigningRecord, Timings,
};
use crate::explain::{Comparison, Placement};
use crate::practice;
use crate::request::{ResolvedAuth, resolve};
use crate::secret::SecretString;
use crate::sigv4::{
    Credentials, RequestDateTime, SigningInput, SigningSettings, choose_scope, hash_hex, sign,
};
use crate::template::Reveal;

const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123abcd";

const PRESIGNED: &str = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets?type=dog&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261120%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20261120T115148Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=14e9ea0a";

fn echo() -> Echo {
    let canonical_request = format!(
        "POST\n/prod/pets\na=1&b=%3C2%3E\nhost:a1b2c3d4e5.execute-api.us-east-1.amazonaws.com\nx-amz-date:20200211T205529Z\nx-note:\"a\" & <b>\n\nhost;x-amz-date;x-note\n{}",
        hash_hex(b"{}")
    );
    let string_to_sign = format!(
        "AWS4-HMAC-SHA256\n20200211T205529Z\n20200211/us-east-1/execute-api/aws4_request\n{}",
        hash_hex(canonical_request.as_bytes())
    );
    Echo {
        canonical_request,
        string_to_sign,
    }
}

fn mismatch() -> String {
    refusal(&Denial::SignatureMismatch(echo()), Service::ExecuteApi).1
}

fn refusal(denial: &Denial, service: Service) -> (u16, String, &'static str) {
    let refusal = denial.refusal(service, MessageProfile::Current, "id-1");
    (refusal.status, refusal.body, refusal.code)
}

fn answer(text: &str) -> GivenAnswer {
    read(text).unwrap().answer.unwrap()
}

fn request(text: &str) -> GivenRequest {
    read(text).unwrap().request.unwrap()
}

/// Texts of every kind, for tests that change them.
fn samples() -> Vec<String> {
    let body = mismatch();
    vec![
        body.clone(),
        serde_json::json!({"errors": [{"message": body, "code": "InvalidInput"}]}).to_string(),
        refusal(&Denial::KeyUnknown, Service::Sts).1,
        format!("HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: InvalidSignatureException\r\n\r\n{body}"),
        format!("> GET /prod HTTP/1.1\n> Host: h\n> Authorization: {AUTHORIZATION}\n>\n< HTTP/2 403\n< a: b\n<\n{body}* Connection #0 to host h left intact"),
        format!("$ curl -sv -X POST 'https://h/p?a=b' \\\n  -H $'x-a: b\\n' --data-raw '{{}}' --aws-sigv4 aws:amz:r:s -u a:b\n{body}"),
        format!("awscurl --service execute-api --region eu-west-1 -d x https://h/p\n{body}"),
        "http POST :8787/p a=b c:=1 d==2 E:f".to_owned(),
        format!("Authorization: {AUTHORIZATION}\nX-Amz-Date: 20260102T030405Z\nHost: h"),
        format!("POST /p?q HTTP/1.1\nHost: h\nAuthorization: {AUTHORIZATION}\n\n{{}}\n\nHTTP/1.1 403 x\n\n{body}"),
        PRESIGNED.to_owned(),
        format!("botocore.auth [DEBUG] CanonicalRequest:\n{}\nbotocore.auth [DEBUG] StringToSign:\n{}\nbotocore.auth [DEBUG] Signature:\nab\nSending http request: <AWSPreparedRequest method=POST, url=https://h/, headers={{'a': b'\\xc3', 'b': \"c\"}}>\nResponse headers: {{'a': 'b'}}\nResponse body:\nb'{{}}'", echo().canonical_request, echo().string_to_sign),
        format!("SDK DEBUG Request Signature:\n---[ CANONICAL STRING  ]---\n{}\n---[ STRING TO SIGN ]---\n{}\n-----\nGET / HTTP/1.1\nHost: h\n\nHTTP/1.1 403 F\n\n{{}}", echo().canonical_request, echo().string_to_sign),
        format!("{{\"canonical_request\":\"GET\\n/\\n\\nhost:h\\n\\nhost\\nab\",\"string_to_sign\":\"AWS4-HMAC-SHA256\\nt\\ns\\nc\",\"signature\":\"ab\",\"signed_headers\":[\"host\"],\"headers\":[[\"authorization\",\"{AUTHORIZATION}\"]]}}"),
        "<!DOCTYPE HTML>\n<HTML><TITLE>ERROR</TITLE><H1>403 ERROR</H1><H2>The request could not be satisfied.</H2>".to_owned(),
    ]
}

#[test]
fn every_sample_is_recognised() {
    let kinds: Vec<Given> = samples()
        .iter()
        .map(|text| read(text).unwrap().given)
        .collect();
    use Given as G;
    assert_eq!(
        kinds,
        [
            G::Answer,
            G::Answer,
            G::Answer,
            G::Answer,
            G::Answer,
            G::CommandLine,
            G::CommandLine,
            G::CommandLine,
            G::AuthorizationHeader,
            G::RawRequest,
            G::PresignedUrl,
            G::BotocoreLog,
            G::GoSdkLog,
            G::SendDocument,
            G::Answer,
        ]
    );
}

#[test]
fn the_echo_of_the_gateway_in_every_wrapping() {
    let body = mismatch();
    let xml = refusal(&Denial::SignatureMismatch(echo()), Service::Sts).1;
    // STS itself gives no echo; others of AWS do.
    let xml = xml.replace(
        crate::denial::SIGNATURE_MISMATCH,
        &quick_xml::escape::escape(
            serde_json::from_str::<Value>(&body).unwrap()["message"]
                .as_str()
                .unwrap(),
        ),
    );
    for text in [
        body.clone(),
        body.replacen("message", "Message", 1),
        format!("  {body}\n"),
        serde_json::json!({"errors": [{"message": body}]}).to_string(),
        serde_json::json!({"requestId": "1", "detail": serde_json::from_str::<Value>(&body).unwrap()["message"]}).to_string(),
        Value::from(body.as_str()).to_string(),
        format!("HTTP/2 403 \r\nx-amzn-errortype: InvalidSignatureException\r\n\r\n{body}"),
        format!("curl https://h\n{body}"),
        xml,
        body.trim_end_matches('}').to_owned(),
        format!("{body}%\n"),
        format!("```json\n{body}\n```\n"),
    ] {
        let read = read(&text).unwrap();
        assert_eq!(read.echo, Some(echo()), "{text}");
        assert!(read.echo.unwrap().is_intact());
    }
}

/// Every refusal that the practice gateway can give is read back.
#[test]
fn every_refusal_is_read() {
    for denial in [
        Denial::MissingAuthenticationToken,
        Denial::BothPlacements,
        Denial::HostNotSigned,
        Denial::KeyUnknown,
        Denial::TokenExpired,
        Denial::Forbidden(ForbiddenCause::ApiKey),
        Denial::Unauthorized,
        Denial::Throttled,
        Denial::QuotaExceeded,
        Denial::InvalidBody,
        Denial::UnsupportedMediaType,
        Denial::RequestTooLarge,
        Denial::IntegrationFailure,
        Denial::IntegrationTimeout,
        Denial::NotKeyValue {
            token: "a".into(),
            header: "Bearer a".into(),
        },
    ] {
        let message = denial.message(Service::ExecuteApi, MessageProfile::Current);
        let (status, body, code) = refusal(&denial, Service::ExecuteApi);
        let found = answer(&body);
        assert_eq!(found.message, message, "{body}");
        let whole = format!("HTTP/1.1 {status} X\nx-amzn-ErrorType: {code}\n\n{body}\n");
        let found = answer(&whole);
        assert_eq!(
            (found.status, found.message),
            (Some(status), message.clone())
        );
        assert_eq!(found.error_type.as_deref(), Some(code));
        // The bare message, as a log has it.
        assert!(!answer(&message.unwrap()).body.is_empty());
    }
    let null = refusal(&Denial::AuthorizerConfiguration, Service::ExecuteApi).1;
    assert_eq!(null, r#"{"message":null}"#);
    assert_eq!(answer(&null).message, None);
}

#[test]
fn authorization_in_every_dress() {
    for text in [
        AUTHORIZATION.to_owned(),
        format!("Authorization: {AUTHORIZATION}"),
        format!("authorization:{AUTHORIZATION}\r\n"),
        format!("\"Authorization\": \"{AUTHORIZATION}\","),
        format!("'Authorization': '{AUTHORIZATION}'"),
        AUTHORIZATION.replace(", ", ",\n  "),
        format!("Authorization: {}", AUTHORIZATION.replace(", ", ",\n  ")),
    ] {
        let read = read(&text).unwrap();
        assert_eq!(read.given, Given::AuthorizationHeader, "{text}");
        let signature = read.request.unwrap().signature.unwrap();
        assert_eq!(
            signature.access_key_id(),
            Some("AKIAIOSFODNN7EXAMPLE"),
            "{text}"
        );
        assert_eq!(signature.signed_headers.unwrap(), ["host", "x-amz-date"]);
        assert_eq!(signature.signature.as_deref(), Some("0123abcd"), "{text}");
        assert_eq!(signature.date_time, None);
    }
    for (text, scheme) in [
        ("Bearer eyJhbGciOiJIUzI1NiJ9", "Bearer"),
        ("Authorization: Basic YTpi", "Basic"),
        ("Authorization: AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256"),
        (
            &format!("Authorization: Authorization: {AUTHORIZATION}"),
            "Authorization:",
        ),
    ] {
        let signature = request(text).signature.unwrap();
        assert_eq!(signature.algorithm, scheme, "{text}");
        assert_eq!(signature.credential, None);
    }
}

#[test]
fn header_lines_together() {
    let lines = request(&format!(
        "Host: h\nX-Amz-Date: 20260102T030405Z\nAuthorization: {AUTHORIZATION}\nx-api-key: k\n"
    ));
    assert_eq!(lines.headers.len(), 4);
    assert_eq!(
        lines.signature.unwrap().date_time.as_deref(),
        Some("20260102T030405Z")
    );
    let two = request(&format!(
        ":method: POST\n:authority: h\n:scheme: https\n:path: /p?q=1\nauthorization: {AUTHORIZATION}"
    ));
    assert_eq!(
        (two.method.as_str(), two.url.as_str()),
        ("POST", "https://h/p?q=1")
    );
    let code = request("{\n  'X-Amz-Date': '20260102T030405Z',\n  'x-api-key': 'k',\n}");
    assert_eq!(code.headers[1], ("x-api-key".to_owned(), "k".to_owned()));
    let of_answer = read(
        "x-amzn-RequestId: 1\nx-amzn-ErrorType: ForbiddenException\n\n{\"message\":\"Forbidden\"}",
    )
    .unwrap();
    assert_eq!(of_answer.given, Given::Answer);
    let of_answer = of_answer.answer.unwrap();
    assert_eq!(of_answer.error_type.as_deref(), Some("ForbiddenException"));
    assert_eq!(of_answer.message.as_deref(), Some("Forbidden"));
}

#[test]
fn presigned_urls() {
    let given = request(PRESIGNED);
    assert_eq!(given.url, PRESIGNED);
    let signature = given.signature.unwrap();
    assert_eq!(signature.placement, Placement::Query);
    assert_eq!(signature.scope().unwrap().service, "execute-api");
    assert_eq!(signature.expires.as_deref(), Some("3600"));
    assert_eq!(
        read(&format!("'{PRESIGNED}'\n")).unwrap().given,
        Given::PresignedUrl
    );
    // Names in lower case are not AWS's.
    let lower = read(&PRESIGNED.replace("X-Amz", "x-amz")).unwrap();
    assert_eq!(lower.given, Given::PresignedUrl);
    assert_eq!(lower.request.unwrap().signature, None);
    assert_eq!(read("https://h/p?a=1").unwrap().given, Given::RawRequest);
}

#[test]
fn what_is_not_read_says_why() {
    assert_eq!(read(" \n\t").unwrap_err(), ReadError::Empty);
    let long = "x".repeat(10 << 20);
    let error = read(&long).unwrap_err();
    assert_eq!(
        error,
        ReadError::TooLong {
            bytes: 10 << 20,
            limit: LIMIT
        }
    );
    assert!(error.to_string().contains("2097152"));
    for text in [
        "hello",
        "a shopping list:\n- milk",
        "http is a protocol",
        "GET",
        "curl",
        "12",
        "<p>hello</p>",
        "https://a b",
    ] {
        let error = read(text).unwrap_err();
        assert!(
            matches!(error, ReadError::Unknown { .. }),
            "{text}: {error}"
        );
        assert!(error.to_string().contains("a presigned URL"), "{error}");
    }
    let broken = read("{\"a\": 1,\n \"secret\": x}").unwrap_err();
    assert!(matches!(broken, ReadError::Broken { .. }));
    assert!(broken.to_string().contains("line 2") && !broken.to_string().contains("secret"));
}

#[test]
fn an_exchange_is_evidence() {
    const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN";
    let draft = RequestDraft {
        method: "GET".to_owned(),
        url: "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets?type=dog".to_owned(),
        headers: vec![Row::new("x-api-key", practice::API_KEY)],
        auth: AuthSpec::AwsSigV4(AwsAuthSpec {
            profile_name: practice::PROFILE.to_owned(),
            ..AwsAuthSpec::default()
        }),
        ..RequestDraft::new("Pets")
    };
    let context = RequestContext::default();
    let variables = context.variables_for(&draft, &[]);
    let resolved = resolve(&draft, &context, &variables, Reveal::Secrets).unwrap();
    let ResolvedAuth::AwsSigV4(auth) = resolved.auth() else {
        panic!("the draft is signed");
    };
    let scope = choose_scope(
        auth,
        resolved.host(),
        None,
        &crate::sigv4::SigningOverrides::default(),
    )
    .unwrap();
    let credentials = Credentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: SecretString::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        session_token: Some(SecretString::new(TOKEN)),
    };
    let settings = SigningSettings::default();
    let input = SigningInput {
        credentials: &credentials,
        region: &scope.region.value,
        service: &scope.service.value,
        time: RequestDateTime::parse("20150830T101203Z").unwrap(),
        settings: &settings,
    };
    let signed = sign(&resolved, &input).unwrap();
    let trace = signed.trace().trace().unwrap();
    let theirs = Echo {
        canonical_request: trace
            .steps
            .canonical_request
            .to_string()
            .replace("dog", "cat"),
        string_to_sign: trace.steps.string_to_sign.to_string(),
    };
    let body = refusal(
        &Denial::SignatureMismatch(theirs.clone()),
        Service::ExecuteApi,
    )
    .1;
    let redactor = signed.redactor().clone();
    let exchange = Exchange {
        id: ExchangeId(1),
        sent_at: SystemTime::UNIX_EPOCH,
        request: RequestRecord::new(
            "GET",
            signed.url().as_str(),
            signed.headers(),
            bytes::Bytes::new(),
            &redactor,
        ),
        signing: Some(SigningRecord {
            trace: signed.trace().clone(),
            signed_as: "practice".to_owned(),
            region: scope.region,
            service: scope.service,
        }),
        response: ResponseRecord {
            status: 403,
            reason: "Forbidden".to_owned(),
            http_version: "HTTP/1.1".to_owned(),
            headers: vec![RecordedHeader::received(
                "x-amzn-ErrorType",
                b"InvalidSignatureException",
            )],
            wire_bytes: 0,
            body: ResponseBody::redacted(body.into(), "application/json", &redactor),
        },
        timings: Timings::default(),
    };
    let evidence = Evidence::of_exchange(&exchange);
    assert_eq!(evidence.given, Given::Exchange);
    let steps = evidence.steps.as_ref().unwrap();
    assert!(!steps.is_masked && steps.canonical_request.as_ref().unwrap().contains(TOKEN));
    assert_eq!(evidence.echo.as_ref(), Some(&theirs));
    let request = evidence.request.as_ref().unwrap();
    assert_eq!(
        request.header_values("X-API-Key").next(),
        Some(practice::API_KEY)
    );
    let signature = request.signature.as_ref().unwrap();
    assert_eq!(
        signature.signature.as_deref(),
        Some(trace.signature.as_str())
    );
    assert_eq!(signature.date_time.as_deref(), Some("20150830T101203Z"));
    let answer = evidence.answer.as_ref().unwrap();
    assert_eq!(
        (answer.status, answer.error_type.as_deref()),
        (Some(403), Some("InvalidSignatureException"))
    );
    assert!(!answer.body.contains(TOKEN) && !answer.message.as_ref().unwrap().contains(TOKEN));
    let comparison = Comparison::of(steps, evidence.echo.as_ref().unwrap());
    assert_eq!(
        comparison.first_difference().unwrap().ours.as_deref(),
        Some("type=dog")
    );
    for secret in [TOKEN, practice::API_KEY] {
        assert!(!format!("{:?} {:?}", evidence.request, evidence.steps).contains(secret));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_breaks_it(text in "\\PC{0,200}") {
        drop(read(&text));
    }

    /// Pieces that mean something, in any order.
    #[test]
    fn no_jumble_breaks_it(
        pieces in proptest::collection::vec(prop::sample::select(vec![
            "curl ", "awscurl ", "http ", "-H ", "-d", "--data-urlencode ", "-u ", "'", "\"", "\\", "$'", "\\x", "\\u00",
            "\n", "\r\n", " ", "> ", "< ", "* ", "HTTP/1.1 403", "GET / HTTP/1.1", "Host: ", "é", "•", "{", "}", "[", "b'",
            "CanonicalRequest:", "StringToSign:", "Signature:", "---[ CANONICAL STRING", "---[ STRING TO SIGN", "---[ SIGNED URL",
            "headers={", "method=", ", url=", "Sending http request: ", "Response headers: {", "Response body:", "<Message>", "&amp;", "</",
            "AWS4-HMAC-SHA256 ", "Credential=", "Signature=", "SignedHeaders=", ",", "https://h/?X-Amz-Credential=", "%", "&",
            "The Canonical String for this request should have been\n'", "'\n\nThe String-to-Sign should have been\n'", "\\n",
            "(enclosed in []) - [", "]", "@", "=", ":=", "==", ";", "--",
        ]), 0..24)
    ) {
        drop(read(&pieces.concat()));
    }

    /// Samples with a part cut out, doubled, or overwritten.
    #[test]
    fn no_damage_breaks_it(index in 0_usize..15, from in 0.0..1.0_f64, to in 0.0..1.0_f64, put in "\\PC{0,6}", times in 0_usize..3) {
        let sample = samples().swap_remove(index);
        let boundary = |share: f64| sample.floor_char_boundary((sample.len() as f64 * share) as usize);
        let (start, end) = (boundary(from.min(to)), boundary(from.max(to)));
        let text = format!("{}{put}{}{}", &sample[..start], sample[start..end].repeat(times), &sample[end..]);
        drop(read(&text));
    }
}

#[test]
fn an_answer_behind_a_document_is_joined_with_it() {
    let document = samples()
        .into_iter()
        .find(|text| text.starts_with("{\"canonical_request"))
        .unwrap();
    let body = mismatch();
    let whole = format!("HTTP/1.1 403 Forbidden\nx: y\n\n{body}");
    for text in [
        format!("{document}\n{whole}"),
        format!("{document}\n\n{body}\n$ "),
        format!("{body}\n{document}"),
        format!("{document}{body}"),
    ] {
        let found = read(&text).unwrap();
        assert_eq!(found.given, Given::SendDocument, "{text}");
        assert!(found.steps.is_some() && found.echo.is_some(), "{text}");
        let status = found.answer.unwrap().status;
        assert_eq!(status, text.contains("HTTP/1.1").then_some(403), "{text}");
    }
    // A prompt is no answer.
    assert!(read(&format!("{document}\n$ ")).unwrap().answer.is_none());
    // Many documents are not read one within the other.
    assert!(read(&"[]".repeat(200_000)).is_ok());
}
