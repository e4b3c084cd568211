//! Signing against the worked examples of AWS's documentation and what live servers said.

use std::fs;

use bytes::Bytes;
use countersign::collection::{AuthSpec, AwsAuthSpec, RequestContext, RequestDraft, Row};
use countersign::request::resolve;
use countersign::secret::SecretString;
use countersign::sigv4::{
    CanonicalPart, CanonicalRequest, CredentialScope, Credentials, PathRule, Payload, Placement,
    RequestDateTime, SignedHeadersRule, SignedRequest, SigningInput, SigningKey, SigningSettings,
    SigningTarget, SigningTrace, canonical_uri, sign, sign_target,
};
use countersign::template::Reveal;
use serde_json::Value;

use crate::support::shared_data;

const EXAMPLES: &str = "vectors/aws-docs/examples.jsonl";
const OBSERVED: &str = "vectors/aws-server-observed/observed.jsonl";

fn lines(file: &str) -> Option<Vec<Value>> {
    let text = fs::read_to_string(shared_data::path(file)?).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    Some(lines.collect())
}

/// A worked example of AWS's documentation.
struct Example(Value);

impl Example {
    fn named(name: &str) -> Option<Self> {
        let mut lines = lines(EXAMPLES)?.into_iter();
        let found = lines.find(|line| line["name"].as_str().unwrap().starts_with(name));
        Some(Self(found.expect(name)))
    }

    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().expect(field)
    }

    fn credentials(&self) -> Credentials {
        Credentials::new(self.text("access_key"), self.text("secret_key"))
    }

    fn settings(&self) -> SigningSettings {
        SigningSettings {
            signed_headers: SignedHeadersRule::everything_but(Vec::new()),
            ..SigningSettings::for_service(self.text("service"))
        }
    }

    fn is_reached(&self, trace: &SigningTrace) {
        let steps = &trace.steps;
        assert_eq!(
            steps.canonical_request.to_string(),
            self.text("canonical_request")
        );
        assert_eq!(
            steps.canonical_request_sha256,
            self.text("expected_canonical_hash")
        );
        assert_eq!(
            steps.string_to_sign.to_string(),
            self.text("string_to_sign")
        );
        assert_eq!(trace.signature, self.text("expected_signature"));
    }

    /// Signs a request exactly as it stands.
    fn signs(&self, method: &str, url: &str, headers: &[(&str, &str)], payload: Payload<'_>) {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let headers: Vec<(String, String)> = headers.iter().map(owned).collect();
        let target = SigningTarget {
            method,
            url,
            headers: &headers,
            payload,
        };
        let input = SigningInput {
            credentials: &self.credentials(),
            region: self.text("region"),
            service: self.text("service"),
            time: RequestDateTime::parse(self.text("datetime")).unwrap(),
            settings: &self.settings(),
        };
        let signed = sign_target(&target, &input).unwrap();
        self.is_reached(&signed.trace);
        assert_eq!(signed.agrees, Ok(true));
    }

    /// Signs a request as a user writes it, all the way that a call goes.
    fn sends(
        &self,
        draft: &RequestDraft,
        body: &'static [u8],
        settings: &SigningSettings,
    ) -> SignedRequest {
        let input = SigningInput {
            credentials: &self.credentials(),
            region: self.text("region"),
            service: self.text("service"),
            time: RequestDateTime::parse(self.text("datetime")).unwrap(),
            settings,
        };
        let signed = signed(draft, body, &input);
        self.is_reached(signed.trace().trace().expect("a trace"));
        signed
    }
}

fn draft(method: &str, url: &str, headers: &[(&str, &str)]) -> RequestDraft {
    let rows = headers.iter().map(|(name, value)| Row::new(*name, *value));
    RequestDraft {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: rows.collect(),
        auth: AuthSpec::AwsSigV4(AwsAuthSpec::default()),
        ..RequestDraft::new("published")
    }
}

fn signed(draft: &RequestDraft, body: &'static [u8], input: &SigningInput<'_>) -> SignedRequest {
    let context = RequestContext::default();
    let variables = context.variables_for(draft, &[]);
    let request = resolve(draft, &context, &variables, Reveal::Secrets).unwrap();
    sign(&request.with_body(Bytes::from_static(body).into()), input).unwrap()
}

#[test]
fn documented_s3_get_of_a_range() {
    let Some(example) = Example::named("s3-get-object-range") else {
        return;
    };
    let url = "https://examplebucket.s3.amazonaws.com/test.txt";
    let headers = [("Range", "bytes=0-9")];
    example.signs("GET", url, &headers, Payload::Bytes(b""));
    example.sends(
        &draft("GET", url, &headers),
        b"",
        &SigningSettings::for_service("s3"),
    );
}

/// The `$` in the path stands raw in the document's request and escaped in its canonical request.
#[test]
fn documented_s3_put() {
    let Some(example) = Example::named("s3-put-object") else {
        return;
    };
    let headers = [
        ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ];
    let body = b"Welcome to Amazon S3.";
    let url = "https://examplebucket.s3.amazonaws.com/test$file.text";
    let settings = SigningSettings::for_service("s3");
    let signed = example.sends(&draft("PUT", url, &headers), body, &settings);
    assert_eq!(signed.url().path(), "/test%24file.text");
    example.signs("PUT", signed.url().as_str(), &headers, Payload::Bytes(body));
}

#[test]
fn documented_s3_get_of_a_lifecycle() {
    let Some(example) = Example::named("s3-get-bucket-lifecycle") else {
        return;
    };
    let url = "https://examplebucket.s3.amazonaws.com/?lifecycle";
    example.signs("GET", url, &[], Payload::Bytes(b""));
    example.sends(
        &draft("GET", url, &[]),
        b"",
        &SigningSettings::for_service("s3"),
    );
}

#[test]
fn documented_s3_list_of_objects() {
    let Some(example) = Example::named("s3-get-bucket-list-objects") else {
        return;
    };
    let url = "https://examplebucket.s3.amazonaws.com/?prefix=J&max-keys=2";
    example.signs("GET", url, &[], Payload::Bytes(b""));
    example.sends(
        &draft("GET", url, &[]),
        b"",
        &SigningSettings::for_service("s3"),
    );
}

#[test]
fn documented_s3_presigned_get() {
    let Some(example) = Example::named("s3-presigned-get") else {
        return;
    };
    let settings = SigningSettings {
        placement: Placement::Query { expires: 86_400 },
        unsigned_payload: true,
        ..SigningSettings::for_service("s3")
    };
    let url = "https://examplebucket.s3.amazonaws.com/test.txt";
    let signed = example.sends(&draft("GET", url, &[]), b"", &settings);
    assert_eq!(
        signed.url().as_str(),
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
         &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
}

/// A body that is sent in signed chunks is signed by a word in place of its hash.
#[test]
fn documented_s3_seed_of_a_chunked_upload() {
    let Some(example) = Example::named("s3-streaming-seed") else {
        return;
    };
    example.signs(
        "PUT",
        "https://s3.amazonaws.com/examplebucket/chunkObject.txt",
        &[
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("Content-Encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("Content-Length", "66824"),
        ],
        Payload::Sha256("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
    );
}

#[test]
fn documented_iam_list_of_users() {
    let Some(example) = Example::named("iam-list-users") else {
        return;
    };
    let url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08";
    let headers = [(
        "Content-Type",
        "application/x-www-form-urlencoded; charset=utf-8",
    )];
    example.signs("GET", url, &headers, Payload::Bytes(b""));
    example.sends(
        &draft("GET", url, &headers),
        b"",
        &SigningSettings::for_service("iam"),
    );
}

#[test]
fn documented_glacier_put_of_a_vault() {
    let Some(example) = Example::named("glacier-create-vault") else {
        return;
    };
    let url = "https://glacier.us-east-1.amazonaws.com/-/vaults/examplevault";
    let headers = [("x-amz-glacier-version", "2012-06-01")];
    example.signs("PUT", url, &headers, Payload::Bytes(b""));
    example.sends(
        &draft("PUT", url, &headers),
        b"",
        &SigningSettings::for_service("glacier"),
    );
}

fn derived(example: &Example) -> SigningKey {
    let scope = CredentialScope {
        date: example.text("date").to_owned(),
        region: example.text("region").to_owned(),
        service: example.text("service").to_owned(),
    };
    SigningKey::derive(&SecretString::new(example.text("secret_key")), &scope)
}

#[test]
fn documented_signing_key_of_2015() {
    let Some(example) = Example::named("derive-key-iam") else {
        return;
    };
    let key = derived(&example);
    assert_eq!(
        hex::encode(*key.signing),
        example.text("expected_signing_key")
    );
}

#[test]
fn documented_signing_key_of_2012_link_by_link() {
    let Some(example) = Example::named("derive-key-2012") else {
        return;
    };
    let key = derived(&example);
    let links = [
        ("kDate", &key.date),
        ("kRegion", &key.region),
        ("kService", &key.service),
    ];
    for (name, link) in links {
        assert_eq!(
            hex::encode(**link),
            example.0["steps"][name].as_str().unwrap(),
            "{name}"
        );
    }
    assert_eq!(
        hex::encode(*key.signing),
        example.text("expected_signing_key")
    );
}

#[test]
fn each_documented_example_has_its_test() {
    let Some(examples) = lines(EXAMPLES) else {
        return;
    };
    assert_eq!(examples.len(), 10);
}

/// How the gateway reads a path, and every service but S3.
const TWICE: PathRule = PathRule {
    normalize: true,
    encode: true,
};

/// What a live server said about a wire form: the canonical form or, of others, the whole line.
/// Lines are named by service and the beginning of their wire form or note.
fn observed(service: &str, start: &str) -> Option<Value> {
    let of_line = |line: &Value, field: &str| {
        line[field]
            .as_str()
            .is_some_and(|text| text.starts_with(start))
    };
    let mut lines = lines(OBSERVED)?.into_iter();
    let found = lines.find(|line| {
        line["service"] == service
            && ["wire", "signed", "note"]
                .iter()
                .any(|field| of_line(line, field))
    });
    Some(found.expect(start))
}

fn path_is_seen(service: &str, wire: &str) {
    if let Some(seen) = observed(service, wire) {
        let canonical = seen["canonical"].as_str().unwrap();
        assert_eq!(canonical_uri(wire, TWICE), canonical, "{wire}");
    }
}

fn canonical_query(query: &str) -> String {
    CanonicalRequest::derive("GET", "/", query, [], "", TWICE).canonical_query_string
}

/// Signs as a call is signed; gives the request as sent and its canonical form.
fn call(service: &str, url: &str) -> (SignedRequest, CanonicalRequest) {
    let settings = SigningSettings::for_service(service);
    call_with(service, &draft("GET", url, &[]), &settings)
}

fn call_with(
    service: &str,
    draft: &RequestDraft,
    settings: &SigningSettings,
) -> (SignedRequest, CanonicalRequest) {
    let input = SigningInput {
        credentials: &Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ),
        region: "us-east-1",
        service,
        time: RequestDateTime::parse("20150830T123600Z").unwrap(),
        settings,
    };
    let signed = signed(draft, b"", &input);
    let steps = &signed.trace().trace().unwrap().steps;
    let canonical = steps.canonical_request.clone();
    (signed, canonical)
}

#[test]
fn seen_from_api_gateway_connections_escaped_by_the_net_sdk() {
    path_is_seen("execute-api", "/$default/%40connections/P-S_9e-7liACH9A%3D");
}

#[test]
fn seen_from_api_gateway_connections_with_a_raw_at() {
    path_is_seen("execute-api", "/wss/@connections");
}

#[test]
fn seen_from_api_gateway_connections_escaped_by_amazonka() {
    path_is_seen("execute-api", "/prod/%40connections/R0oXAdfD0kwCH6w%3D");
}

/// The Java SDK's wire form is not shown; what the server answered fits a raw `=`.
#[test]
fn seen_from_api_gateway_connections_of_the_java_sdk() {
    if let Some(seen) = observed("execute-api", "@connections call of Java SDK v1") {
        assert_eq!(
            canonical_uri("/dev/@connections/ZDb-VclrIAMCJ3w=", TWICE),
            seen["canonical"].as_str().unwrap()
        );
    }
}

#[test]
fn seen_from_api_gateway_letters_beyond_ascii() {
    if let Some(seen) = observed("execute-api", "Citroën escaped once") {
        let (sent, canonical) = call("execute-api", "https://h.example/Citroën/");
        assert_eq!(sent.url().path(), "/Citro%C3%ABn/");
        assert_eq!(canonical.canonical_uri, seen["canonical"].as_str().unwrap());
    }
}

#[test]
fn seen_from_api_gateway_a_raw_plus_in_the_path() {
    if let Some(seen) = observed("execute-api", "/a+b") {
        assert_eq!(seen["verdict"], 200);
        let (sent, canonical) = call("execute-api", "https://h.example/a+b");
        assert_eq!(
            (sent.url().path(), canonical.canonical_uri.as_str()),
            ("/a+b", "/a%2Bb")
        );
        assert!(seen["canonical"].as_str().unwrap().starts_with("/a%2Bb "));
    }
}

#[test]
fn seen_from_api_gateway_an_escaped_slash_stays_escaped() {
    if observed("execute-api", "execute-api does not decode %2F").is_some() {
        let (_, canonical) = call("execute-api", "https://h.example/a%2Fb");
        assert_eq!(canonical.canonical_uri, "/a%252Fb");
    }
}

#[test]
fn seen_from_api_gateway_a_plus_in_the_query_is_a_space() {
    if let Some(seen) = observed("execute-api", "?$filter=id eq 123") {
        assert_eq!(
            canonical_query("%24filter=id+eq+123"),
            seen["canonical"].as_str().unwrap()
        );
    }
}

#[test]
fn seen_from_api_gateway_values_of_one_name_sorted_as_text() {
    if let Some(seen) = observed("execute-api", "userId[]=2405&userId[]=196624") {
        let canonical = canonical_query("userId[]=2405&userId[]=196624&userType=student&oktaId=1");
        let wanted = seen["canonical"]
            .as_str()
            .unwrap()
            .rsplit(' ')
            .next()
            .unwrap();
        assert!(canonical.contains(wanted), "{canonical}");
        assert!(canonical.starts_with("oktaId=1&"), "{canonical}");
    }
}

/// Which headers are signed is the caller's choice; the server followed these lists.
fn a_list_of_signed_headers(list: &str) {
    if observed("execute-api", list).is_none() {
        return;
    }
    let mut headers = vec![("Content-Type", "application/json"), ("Accept", "*/*")];
    if list.contains("content-length") {
        headers.push(("Content-Length", "2"));
    }
    let headers: Vec<(String, String)> = headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    credentials.session_token = list.contains("token").then(|| SecretString::new("TOKEN"));
    let settings = SigningSettings {
        signed_headers: SignedHeadersRule {
            signed: list.split(';').map(str::to_owned).collect(),
            ..SignedHeadersRule::default()
        },
        ..SigningSettings::default()
    };
    let signed = sign_target(
        &SigningTarget {
            method: "POST",
            url: "https://h.example/prod",
            headers: &headers,
            payload: Payload::Bytes(b"{}"),
        },
        &SigningInput {
            credentials: &credentials,
            region: "us-east-1",
            service: "execute-api",
            time: RequestDateTime::parse("20150830T123600Z").unwrap(),
            settings: &settings,
        },
    )
    .unwrap();
    assert_eq!(signed.trace.steps.canonical_request.signed_headers(), list);
    assert_eq!(signed.agrees, Ok(true));
}

#[test]
fn seen_from_api_gateway_accept_among_the_signed_headers() {
    a_list_of_signed_headers("accept;content-type;host;x-amz-date");
}

#[test]
fn seen_from_api_gateway_content_length_among_the_signed_headers() {
    a_list_of_signed_headers("content-length;content-type;host;x-amz-date;x-amz-security-token");
}

/// One report says refused, another shows it accepted: the user is told.
#[test]
fn seen_from_api_gateway_an_unsigned_payload_refused() {
    if let Some(seen) = observed("execute-api", "x-amz-content-sha256: UNSIGNED-PAYLOAD") {
        assert_eq!(seen["verdict"], 403);
        let settings = SigningSettings {
            unsigned_payload: true,
            content_sha256_header: true,
            ..SigningSettings::default()
        };
        let draft = draft("GET", "https://h.example/prod", &[]);
        let (signed, canonical) = call_with("execute-api", &draft, &settings);
        assert_eq!(canonical.hashed_payload, "UNSIGNED-PAYLOAD");
        let warnings = &signed.trace().trace().unwrap().steps.warnings;
        for part in [
            CanonicalPart::HashedPayload,
            CanonicalPart::Header("x-amz-content-sha256".to_owned()),
        ] {
            assert!(
                warnings.iter().any(|warning| warning.part == part),
                "{part:?}"
            );
        }
    }
}

#[test]
fn seen_from_elasticsearch_an_escaped_question_mark() {
    path_is_seen("es", "/_search/%3Fa=b%20c");
}

#[test]
fn seen_from_elasticsearch_stars() {
    path_is_seen("es", "/*/*/_search/");
}

#[test]
fn seen_from_quicksight_a_raw_at() {
    path_is_seen("quicksight", "/users/some@email.com");
}

#[test]
fn seen_from_cloudsearch_sorted_by_name_alone() {
    if let Some(seen) = observed("cloudsearch", "q.parser=y&q=x") {
        assert_eq!(
            canonical_query("q.parser=y&q=x"),
            seen["canonical"].as_str().unwrap()
        );
    }
}

/// S3 decodes the path and encodes it once; what is sent is in that form already, so that the
/// canonical path is the one of the wire.
fn s3_path_is_seen(wire: &str, canonical: &str) {
    let (sent, derived) = call("s3", &format!("https://b.s3.amazonaws.com{wire}"));
    assert_eq!(derived.canonical_uri, canonical);
    assert_eq!(sent.url().path(), canonical);
}

#[test]
fn seen_from_s3_an_escaped_question_mark() {
    let wire = "/%3Fa=b%20c";
    if let Some(seen) = observed("s3", wire) {
        s3_path_is_seen(wire, seen["canonical"].as_str().unwrap());
    }
}

#[test]
fn seen_from_s3_an_escaped_space() {
    let wire = "/test%20file";
    if let Some(seen) = observed("s3", wire) {
        s3_path_is_seen(wire, seen["canonical"].as_str().unwrap());
    }
}

/// Refused when the raw `@` was signed, so it is neither signed nor sent raw.
#[test]
fn seen_from_s3_a_raw_at_refused() {
    let wire = "/images/mac@2x.png";
    if let Some(seen) = observed("s3", wire) {
        assert_eq!(seen["verdict"], 403);
        s3_path_is_seen(wire, "/images/mac%402x.png");
    }
}

#[test]
fn seen_from_s3_a_plus_in_the_query_is_a_space() {
    if let Some(seen) = observed("s3", "response-content-disposition=attachment%3B+filename") {
        assert_eq!(seen["verdict"], 200);
        let url =
            "https://b.s3.amazonaws.com/k?response-content-disposition=attachment%3B+filename";
        let (_, canonical) = call("s3", url);
        let wanted = "response-content-disposition=attachment%3B%20filename";
        assert_eq!(canonical.canonical_query_string, wanted);
    }
}

/// S3 took the first value of a repeated name only; all signers sign all, so the user is told.
#[test]
fn seen_from_s3_a_repeated_parameter_taken_once() {
    if let Some(seen) = observed("s3", "?b=1&a=2&a=1") {
        assert_eq!(seen["canonical"], "a=2&b=1");
        let (signed, canonical) = call("s3", "https://b.s3.amazonaws.com/k?b=1&a=2&a=1");
        assert_eq!(canonical.canonical_query_string, "a=1&a=2&b=1");
        let warnings = &signed.trace().trace().unwrap().steps.warnings;
        assert!(
            warnings
                .iter()
                .any(|warning| warning.part == CanonicalPart::Query)
        );
    }
}

#[test]
fn each_observed_form_has_its_test() {
    let Some(seen) = lines(OBSERVED) else {
        return;
    };
    assert_eq!(seen.len(), 21);
}
