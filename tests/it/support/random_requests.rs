//! Random requests, legal and wild, and a way to try many of them.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::secret::SecretString;
use countersign::sigv4::{
    Algorithm, Credentials, Payload, Placement, RequestDateTime, SessionTokenRule,
    SignedHeadersRule, SignedTarget, SigningError, SigningInput, SigningSettings, SigningTarget,
    sign_target,
};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};

/// A request with everything that its signature depends on.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) token: Option<String>,
    pub(crate) settings: SigningSettings,
    pub(crate) seconds: u64,
}

impl Request {
    /// Signs it with the example keys.
    pub(crate) fn sign(&self) -> Result<SignedTarget, SigningError> {
        let credentials = Credentials {
            session_token: self.token.clone().map(SecretString::new),
            ..Credentials::new(
                "AKIAIOSFODNN7EXAMPLE",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            )
        };
        let time = RequestDateTime::new(UNIX_EPOCH + Duration::from_secs(self.seconds));
        let target = SigningTarget {
            method: &self.method,
            url: &self.url,
            headers: &self.headers,
            payload: Payload::Bytes(&self.body),
        };
        let input = SigningInput {
            credentials: &credentials,
            region: "us-east-1",
            service: "execute-api",
            time,
            settings: &self.settings,
        };
        sign_target(&target, &input)
    }

    /// Whether the escapes of its query are UTF-8. Where they are not, `aws-sigv4` signs the
    /// replacement character, and the derivation the bytes, as AWS's C library does.
    pub(crate) fn is_query_utf8(&self) -> bool {
        let url = self.url.split('#').next().unwrap();
        let (_, query) = url.split_once('?').unwrap_or_default();
        percent_encoding::percent_decode_str(query)
            .decode_utf8()
            .is_ok()
    }

    /// The same with its signature in the header.
    pub(crate) fn in_header(mut self) -> Self {
        self.settings.placement = Placement::Header;
        self
    }

    /// The same with its signature in the query.
    pub(crate) fn in_query(mut self) -> Self {
        let expires = u32::try_from(self.seconds % 604_800).unwrap() + 1;
        self.settings.placement = Placement::Query { expires };
        self
    }
}

/// Every choice that a signer has but the placement. The asymmetric signature is a thousand times
/// as slow, so it is drawn seldom.
pub(crate) fn settings() -> impl Strategy<Value = SigningSettings> {
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
    let algorithm = prop_oneof![
        399 => Just(Algorithm::HmacSha256),
        1 => Just(Algorithm::EcdsaP256Sha256),
    ];
    let signed_host = prop_oneof![
        9 => Just(None),
        1 => Just(Some("other.example".to_owned())),
    ];
    (any::<[bool; 4]>(), token, rule, algorithm, signed_host).prop_map(
        |(
            [normalize, double, sha, unsigned],
            session_token,
            signed_headers,
            algorithm,
            signed_host,
        )| SigningSettings {
            algorithm,
            placement: Placement::Header,
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
    )
}

/// What HTTP allows in a request line and in headers.
pub(crate) fn requests() -> impl Strategy<Value = Request> {
    // Segments, escapes, sub-delimiters, raw UTF-8, dots, slashes.
    let segment = "([a-zA-Z0-9~._-]|%[0-9A-Fa-f]{2}|[!$&'()*+,;=:@]|[가-힣é]|\\.\\.|\\.|/){0,12}";
    let query = "(([a-zA-Z0-9~._-]|%[2-7][0-9A-Fa-f]|[!$'()*,;:@/?+]|[é한]){0,6}(=([a-zA-Z0-9~._-]|%[2-7][0-9A-Fa-f]|[=+;]){0,6})?&?){0,5}";
    let name = "x-[a-z0-9_-]{1,8}|content-type|range|Accept|X-Amz-Target|cache-control|user-agent";
    let value = "[ !-~é]{0,20}";
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
        settings(),
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

/// Anything that somebody may type or paste: any Unicode, control characters, bytes read as
/// Latin-1, broken escapes, runs of one sign.
pub(crate) fn wild_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        2 => any::<String>(),
        2 => "[\\x00-\\xff]{0,12}",
        2 => "[ -~]{0,12}",
        2 => "(%[0-9A-Fa-f]{0,3}|\\+|&|=|;|/|\\.|:|@|#|\\?|\\[|\\]|\\{\\{|\\}\\}|\\\\){0,8}",
        1 => ("[/.%&=:\\[\\{,;'\"\n]", 0usize..400).prop_map(|(sign, times)| sign.repeat(times)),
        1 => Just("X-Amz-Signature=".to_owned()),
        1 => "[\u{1f1e6}\u{200d}\u{301}\u{feff}\u{202e}\u{fffd}\u{10ffff}\u{a0}]{0,4}",
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// A URL that may be none: user names, ports, IPv6, wild parts.
pub(crate) fn wild_url() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![4 => "https?|wss?|HTTPS", 1 => wild_text()];
    let user =
        prop_oneof![8 => Just(String::new()), 1 => "[a-z]{0,3}(:[a-z]{0,3})?@", 1 => wild_text()];
    let host = prop_oneof![
        4 => "[a-zA-Z0-9-]{0,8}(\\.[a-z]{0,4}){0,2}",
        1 => "\\[[0-9a-f:.%]{0,12}\\]?",
        1 => "[0-9.]{0,15}",
        1 => "(한|é|xn--)[a-z]{0,4}",
        1 => wild_text(),
    ];
    let port = prop_oneof![3 => Just(String::new()), 2 => ":[0-9]{0,6}", 1 => ":[a-z+-]{0,3}"];
    let rest = (wild_text(), wild_text(), wild_text(), any::<[bool; 3]>());
    let built = (scheme, user, host, port, rest).prop_map(
        |(
            scheme,
            user,
            host,
            port,
            (path, query, fragment, [has_path, has_query, has_fragment]),
        )| {
            let path = if has_path { format!("/{path}") } else { path };
            let query = if has_query {
                format!("?{query}")
            } else {
                String::new()
            };
            let fragment = if has_fragment {
                format!("#{fragment}")
            } else {
                String::new()
            };
            format!("{scheme}://{user}{host}{port}{path}{query}{fragment}")
        },
    );
    prop_oneof![6 => built, 1 => wild_text()]
}

/// What may be no request at all.
pub(crate) fn wild_requests() -> impl Strategy<Value = Request> {
    let name = prop_oneof![3 => "[a-zA-Z0-9-]{1,8}", 1 => "(?i)host|x-amz-date|authorization|x-amz-content-sha256|x-amz-security-token", 1 => wild_text()];
    (
        prop_oneof![3 => "GET|post|[A-Z]{1,8}", 1 => wild_text()],
        wild_url(),
        prop::collection::vec((name, wild_text()), 0..4),
        prop::collection::vec(any::<u8>(), 0..64),
        prop::option::of(wild_text()),
        settings(),
        prop_oneof![
            0u64..4_000_000_000,
            any::<u32>().prop_map(|n| u64::from(n) << 12)
        ],
    )
        .prop_map(
            |(method, url, headers, body, token, settings, seconds)| Request {
                method,
                url,
                headers,
                body,
                token,
                settings,
                seconds,
            },
        )
}

/// Where the random numbers begin: `COUNTERSIGN_RANDOM_SEED`, or another place each time.
pub(crate) fn seed() -> u64 {
    let given = std::env::var("COUNTERSIGN_RANDOM_SEED").ok();
    given.and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        now.as_secs() << 20 | u64::from(now.subsec_micros())
    })
}

/// Tries so many values, drawn from a seed.
pub(crate) fn try_seeded<S: Strategy>(
    seed: u64,
    cases: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> TestCaseResult,
) -> Result<(), TestError<S::Value>> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(config, rng).run(strategy, test)
}

/// Tries so many values on all cores. Says the seed, so that a failure can be had again.
pub(crate) fn try_many<S: Strategy>(
    cases: u32,
    strategy: impl Fn() -> S + Sync,
    test: impl Fn(S::Value) -> TestCaseResult + Sync,
) where
    S::Value: Debug,
{
    const PORTION: u32 = 500;
    let first = seed();
    println!("{cases} of seed {first}");
    let next = AtomicU64::new(0);
    let portions = u64::from(cases.div_ceil(PORTION));
    let work = || {
        let strategy = strategy();
        loop {
            let portion = next.fetch_add(1, Ordering::Relaxed);
            if portion >= portions {
                return Ok(());
            }
            try_seeded(first + portion, PORTION.min(cases), &strategy, &test)
                .map_err(|error| format!("{error}"))?;
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let failures: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let results = workers.into_iter().map(|worker| worker.join().unwrap());
        results.filter_map(Result::err).collect()
    });
    assert!(failures.is_empty(), "seed {first}: {}", failures.join("\n"));
}
