//! Random requests: the derivation and `aws-sigv4` agree, whatever is signed.

use countersign::secret::SecretString;
use countersign::sigv4::{
    Credentials, Payload, RequestDateTime, SessionTokenRule, SignedHeadersRule, SigningInput,
    SigningSettings, SigningTarget, sign_target,
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Request {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    token: Option<String>,
    settings: SigningSettings,
    seconds: u64,
}

fn requests() -> impl Strategy<Value = Request> {
    // What may stand in a request line: segments, escapes, sub-delimiters, raw UTF-8, dots, slashes.
    let segment = "([a-zA-Z0-9~._-]|%[0-9A-Fa-f]{2}|[!$&'()*+,;=:@]|[가-힣é]|\\.\\.|\\.|/){0,12}";
    let query = "(([a-zA-Z0-9~._-]|%[2-7][0-9A-Fa-f]|[!$'()*,;:@/?+]|[é한]){0,6}(=([a-zA-Z0-9~._-]|%[2-7][0-9A-Fa-f]|[=+;]){0,6})?&?){0,5}";
    let name = "x-[a-z0-9_-]{1,8}|content-type|range|Accept|X-Amz-Target|cache-control|user-agent";
    let value = "[ !-~é]{0,20}";
    let rule = prop_oneof![
        Just(SignedHeadersRule::Default),
        Just(SignedHeadersRule::EverythingBut(Vec::new())),
        Just(SignedHeadersRule::EverythingBut(vec![
            "content-type".to_owned()
        ])),
    ];
    let token = prop_oneof![
        Just(SessionTokenRule::Signed),
        Just(SessionTokenRule::Unsigned),
        Just(SessionTokenRule::Omit)
    ];
    let settings = (any::<[bool; 4]>(), token, rule).prop_map(
        |([normalize, double, sha, unsigned], session_token, signed_headers)| SigningSettings {
            normalize_path: normalize,
            double_encode: double,
            content_sha256_header: sha,
            unsigned_payload: unsigned,
            session_token,
            signed_headers,
        },
    );
    (
        prop_oneof!["GET", "POST", "PUT", "DELETE", "PURGE"],
        (
            prop_oneof!["http", "https"],
            prop_oneof![
                "h[.]example",
                "h[.]example:8443",
                "h[.]example:443",
                "\\[::1\\]:80"
            ],
            segment,
            prop::option::of(query),
        ),
        prop::collection::vec((name, value), 0..6),
        prop::collection::vec(any::<u8>(), 0..64),
        prop::option::of("[A-Za-z0-9+/=]{1,40}"),
        settings,
        0u64..4_000_000_000,
    )
        .prop_map(
            |(method, (scheme, host, path, query), headers, body, token, settings, seconds)| {
                let query = query.map(|query| format!("?{query}")).unwrap_or_default();
                Request {
                    method,
                    url: format!("{scheme}://{host}/{path}{query}"),
                    headers,
                    body,
                    token,
                    settings,
                    seconds,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ten_thousand_random_requests_agree_with_the_crate(request in requests()) {
        let credentials = Credentials {
            session_token: request.token.map(SecretString::new),
            ..Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        };
        let time = RequestDateTime::new(std::time::UNIX_EPOCH + std::time::Duration::from_secs(request.seconds));
        let target = SigningTarget { method: &request.method, url: &request.url, headers: &request.headers, payload: Payload::Bytes(&request.body) };
        let input = SigningInput { credentials: &credentials, region: "us-east-1", service: "execute-api", time, settings: &request.settings };
        let signed = sign_target(&target, &input).unwrap();
        prop_assert_eq!(signed.agrees, Ok(true));
    }
}
