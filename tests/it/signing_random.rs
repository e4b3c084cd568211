//! Random requests: the derivation and `aws-sigv4` agree, whatever is signed.

use countersign::secret::SecretString;
use countersign::sigv4::{
    Algorithm, Credentials, Payload, Placement, RequestDateTime, SessionTokenRule,
    SignedHeadersRule, SigningInput, SigningSettings, SigningTarget, sign_target,
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
        Just(SignedHeadersRule::default()),
        Just(SignedHeadersRule::everything_but(Vec::new())),
        Just(SignedHeadersRule::everything_but(vec![
            "content-type".to_owned()
        ])),
        Just(SignedHeadersRule {
            signed: vec!["user-agent".to_owned(), "accept".to_owned()],
            unsigned: vec!["host".to_owned(), "x-amz-date".to_owned()],
            ..SignedHeadersRule::default()
        }),
    ];
    let token = prop_oneof![
        Just(SessionTokenRule::Signed),
        Just(SessionTokenRule::Unsigned),
        Just(SessionTokenRule::Omit)
    ];
    let placement = prop_oneof![
        Just(Placement::Header),
        (1u32..=604_800).prop_map(|expires| Placement::Query { expires }),
    ];
    // The asymmetric signature is a thousand times as slow, so it is drawn seldom.
    let algorithm = prop_oneof![
        199 => Just(Algorithm::HmacSha256),
        1 => Just(Algorithm::EcdsaP256Sha256),
    ];
    let signed_host = prop_oneof![
        9 => Just(None),
        1 => Just(Some("other.example".to_owned())),
    ];
    let settings = (
        any::<[bool; 4]>(),
        token,
        rule,
        placement,
        algorithm,
        signed_host,
    )
        .prop_map(
            |(
                [normalize, double, sha, unsigned],
                session_token,
                signed_headers,
                placement,
                algorithm,
                signed_host,
            )| SigningSettings {
                algorithm,
                placement,
                signed_host,
                escape_path: false,
                not_understood: Vec::new(),
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

/// 100,000 in a run of all checks; fewer where somebody waits for a debug build
/// (`COUNTERSIGN_RANDOM_REQUESTS` sets the number).
fn cases() -> u32 {
    std::env::var("COUNTERSIGN_RANDOM_REQUESTS")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(10_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_requests_agree_with_the_crate(request in requests()) {
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
