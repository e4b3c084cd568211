//! A hunt for texts that bring a reader or the signer down, or make two derivations differ.
//!
//! Each run tries some; `COUNTERSIGN_HUNT_SECONDS=600` goes on for that long with ever new seeds.
//! A failure names the seed, the smallest input that was found and what went wrong.

use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use countersign::collection::format::{
    read_environment, read_folder, read_request, read_root, save_environment, save_folder,
    save_request, save_root,
};
use countersign::collection::{
    AuthSpec, AwsAuthSpec, Body, Param, ParamKind, RequestContext, RequestDraft, Row, Variable,
};
use countersign::exchange::DraftPreview;
use countersign::request::{ResolvedAuth, resolve};
use countersign::sigv4::{
    Authorization, CanonicalRequest, Credentials, Echo, PathRule, RequestDateTime, SigningInput,
    SigningOverrides, canonical_uri, first_difference, sign,
};
use countersign::template::Reveal;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestError};

use crate::support::random_requests::{
    Request, requests, seed, try_seeded, wild_requests, wild_text, wild_url,
};

/// How many inputs a prey gets before the next one has its turn.
const ROUND: u32 = 100;

/// Something to be hunted: a name, and a round of tries from a seed.
struct Prey {
    name: &'static str,
    round: Box<dyn Fn(u64) -> Result<(), String>>,
}

fn prey<S: Strategy + 'static>(
    name: &'static str,
    strategy: S,
    test: impl Fn(S::Value) -> TestCaseResult + 'static,
) -> Prey
where
    S::Value: Debug,
{
    let round = move |seed| {
        try_seeded(seed, ROUND, &strategy, &test).map_err(|error| match error {
            TestError::Fail(reason, input) => format!("{reason}: {input:?}"),
            TestError::Abort(reason) => reason.to_string(),
        })
    };
    Prey {
        name,
        round: Box::new(round),
    }
}

fn any_rule() -> impl Strategy<Value = PathRule> {
    any::<[bool; 2]>().prop_map(|[normalize, encode]| PathRule { normalize, encode })
}

fn signing_targets() -> Prey {
    let either = prop_oneof![3 => wild_requests().boxed(), 1 => requests().boxed()];
    prey("sign_target", either, |request| {
        for request in [Request::in_header, Request::in_query].map(|place| place(request.clone())) {
            if let Ok(signed) = request.sign() {
                prop_assert!(signed.agrees != Ok(false) || !request.is_query_utf8());
                let steps = &signed.trace.steps;
                // What is shown keeps its lines whatever is in it.
                prop_assert_eq!(
                    steps.masked_lines().len(),
                    steps.canonical_request.lines().len()
                );
                let shown = format!("{signed:?}");
                prop_assert!(!shown.contains("wJalrXUtnFEMI"));
            }
        }
        Ok(())
    })
}

fn canonical_uris() -> Prey {
    prey(
        "canonical_uri",
        (wild_text(), any_rule()),
        |(path, rule)| {
            let canonical = canonical_uri(&path, rule);
            prop_assert!(!canonical.is_empty());
            if rule.encode {
                let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte);
                prop_assert!(canonical.bytes().all(is_legal), "{}", canonical);
            }
            if rule.normalize {
                prop_assert!(canonical.starts_with('/') && !canonical.contains("//"));
                prop_assert!(
                    !canonical
                        .split('/')
                        .any(|segment| [".", ".."].contains(&segment))
                );
            }
            Ok(())
        },
    )
}

fn canonical_queries() -> Prey {
    let rule = PathRule {
        normalize: true,
        encode: true,
    };
    let of = move |query: &str| {
        CanonicalRequest::derive("GET", "/", query, [], "", rule).canonical_query_string
    };
    prey("canonical query", wild_text(), move |query| {
        let canonical = of(&query);
        prop_assert_eq!(&of(&canonical), &canonical);
        let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%&=".contains(&byte);
        prop_assert!(canonical.bytes().all(is_legal), "{}", canonical);
        Ok(())
    })
}

fn echoes() -> Prey {
    let piece = || {
        prop_oneof![
            3 => wild_text(),
            1 => Just("The Canonical String for this request should have been\n'".to_owned()),
            1 => Just("'\n\nThe String-to-Sign should have been\n'".to_owned()),
            1 => "[{}\\[\\]\"',:\n]{0,30}",
        ]
    };
    let bodies = (
        prop::collection::vec(piece(), 0..8),
        "([ -&(-~]{0,20}\n){0,5}[0-9a-f]{64}",
        "AWS4-HMAC-SHA256\n[0-9TZ]{16}\n[a-z0-9/-]{0,30}\n[0-9a-f]{64}",
    );
    prey(
        "Echo::find",
        bodies,
        |(pieces, canonical_request, string_to_sign)| {
            let body = pieces.concat();
            let found = Echo::find(&body);
            prop_assert!(found.is_none() || body.contains("should have been"));
            let echo = Echo {
                canonical_request,
                string_to_sign,
            };
            let message = format!(
                "No.\n\nThe Canonical String for this request should have been\n'{}'\n\nThe String-to-Sign should have been\n'{}'\n",
                echo.canonical_request, echo.string_to_sign
            );
            prop_assert_eq!(Echo::find(&message), Some(echo.clone()));
            let json = serde_json::json!({ "message": message }).to_string();
            prop_assert_eq!(Echo::find(&json), Some(echo));
            prop_assert_eq!(first_difference(&body, &body), None);
            Ok(())
        },
    )
}

fn authorizations() -> Prey {
    let part = || {
        prop_oneof![
            3 => wild_text(),
            1 => "AWS4-HMAC-SHA256|AWS4-ECDSA-P256-SHA256| |,|, ",
            1 => "(Credential|SignedHeaders|Signature)=[!-+.-~--]{0,30}",
        ]
    };
    let headers = (prop::collection::vec(part(), 0..8), "[!-+.-<>-~]{1,40}");
    prey("Authorization::parse", headers, |(parts, value)| {
        if let Ok(read) = Authorization::parse(&parts.concat()) {
            prop_assert!(read.algorithm.starts_with("AWS4"));
        }
        let header = format!(
            "AWS4-HMAC-SHA256 Credential={value}, SignedHeaders={value}, Signature={value}"
        );
        let read = Authorization::parse(&header).unwrap();
        prop_assert_eq!(read.credential.as_deref(), Some(value.as_str()));
        prop_assert_eq!(read.signed_headers.as_deref(), Some(value.as_str()));
        prop_assert_eq!(read.signature.as_deref(), Some(value.as_str()));
        Ok(())
    })
}

/// The files of the practice collection, and such that somebody's hand or tool broke.
fn files() -> impl Strategy<Value = String> {
    fn collect(folder: &Path, out: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "yml") {
                out.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut texts = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("collections/practice");
    collect(&folder, &mut texts);
    texts.sort();
    let broken = prop_oneof![
        3 => wild_text(),
        2 => "[-:?\\[\\]{},&*#|>@`\"'%! \n\t]{1,6}",
        1 => "&a|\\*a|<<: |---\n|\\.\\.\\.\n|!!binary |\\? |\r\n|\u{feff}|0x1f|1e999|~|null|\\|2-\n",
        1 => "(type|name|value|http|url|auth|body|data|secret|variables): ?",
    ];
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0usize..30, broken), 0..4);
    (prop::sample::select(texts), edits).prop_map(|(text, edits)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, gone, put) in edits {
            let start = at.index(text.len() + 1);
            let end = (start + gone).min(text.len());
            text.splice(start..end, put.chars());
        }
        text.into_iter().collect()
    })
}

/// What was read and not changed is written as it stands, or not at all.
fn collection_files() -> Prey {
    prey("files of a collection", files(), |text| {
        let saved = [
            read_request(&text)
                .ok()
                .and_then(|read| save_request(&text, &read).ok()),
            read_environment(&text)
                .ok()
                .and_then(|read| save_environment(&text, &read).ok()),
            read_folder(&text)
                .ok()
                .and_then(|read| save_folder(&text, &read).ok()),
            read_root(&text)
                .ok()
                .and_then(|read| save_root(&text, &read).ok()),
        ];
        for saved in saved.into_iter().flatten() {
            prop_assert_eq!(&saved, &text);
        }
        Ok(())
    })
}

fn drafts() -> impl Strategy<Value = RequestDraft> {
    let template = || {
        prop_oneof![
            3 => wild_text(),
            2 => "[ -~]{0,20}",
            1 => "(\\{\\{(a|b|sigv4\\.[a-z]{1,6}|missing)?\\}\\}|x|\\{|\\}){0,4}",
        ]
    };
    let name = || prop_oneof![3 => "[A-Za-z0-9-]{1,10}", 1 => template(), 1 => "(?i)host|content-type|accept|authorization|x-amz-date"];
    let row = (name(), template(), any::<bool>()).prop_map(|(name, value, enabled)| Row {
        enabled,
        ..Row::new(name, value)
    });
    let url = prop_oneof![
        3 => wild_url(),
        2 => (template(), template()).prop_map(|(path, query)| format!("https://h.example/:id/{path}?{query}")),
        1 => template(),
    ];
    let param =
        ("id|[a-z]{0,3}", template(), any::<bool>()).prop_map(|(name, value, is_path)| Param {
            row: Row::new(name, value),
            kind: if is_path {
                ParamKind::Path
            } else {
                ParamKind::Query
            },
        });
    let body = prop_oneof![
        Just(Body::None),
        template().prop_map(Body::Json),
        template().prop_map(Body::Text),
        prop::collection::vec((name(), template()), 0..3).prop_map(|rows| Body::Form(
            rows.into_iter()
                .map(|(name, value)| Row::new(name, value))
                .collect()
        )),
    ];
    let aws = (
        prop_oneof![4 => Just("us-east-1".to_owned()), 1 => template()],
        prop_oneof![4 => "execute-api|s3|sts", 1 => template()],
    );
    let auth = prop_oneof![
        4 => aws.prop_map(|(region, service)| AuthSpec::AwsSigV4(AwsAuthSpec {
            region,
            service,
            ..AwsAuthSpec::default()
        })),
        1 => template().prop_map(|token| AuthSpec::Bearer { token }),
        1 => (template(), template()).prop_map(|(username, password)| AuthSpec::Basic { username, password }),
    ];
    let choice = (
        "a|b|sigv4\\.(placement|expires|algorithm|normalize|double_encode|session_token|signed_headers|unsigned_headers|signed_host|clock_offset)",
        prop_oneof![template(), "query|header|true|false|[0-9]{1,7}|v4a|omit|unsigned"],
    )
        .prop_map(|(name, value)| Variable::plain(name, value));
    (
        prop_oneof![4 => "GET|post|PURGE", 1 => template()],
        url,
        prop::collection::vec(row, 0..4),
        prop::collection::vec(param, 0..3),
        body,
        auth,
        prop::collection::vec(choice, 0..3),
    )
        .prop_map(
            |(method, url, headers, params, body, auth, variables)| RequestDraft {
                method,
                url,
                headers,
                params,
                body,
                auth,
                variables,
                ..RequestDraft::new("prey")
            },
        )
}

/// What can be resolved can be previewed and signed, and the trace proves itself.
fn resolved_drafts() -> Prey {
    let time = RequestDateTime::parse("20150830T123600Z").unwrap();
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    prey("resolve and sign", drafts(), move |mut draft| {
        let context = RequestContext::default();
        DraftPreview::of(&draft, &context, &[], None, time);
        let variables = context.variables_for(&draft, &[]);
        if let Ok(request) = resolve(&draft, &context, &variables, Reveal::Secrets)
            && matches!(request.auth(), ResolvedAuth::AwsSigV4(_))
        {
            for service in ["execute-api", "s3"] {
                let settings = SigningOverrides::default().for_service(service);
                let input = SigningInput {
                    credentials: &credentials,
                    region: "us-east-1",
                    service,
                    time,
                    settings: &settings,
                };
                match sign(&request, &input) {
                    Ok(signed) => prop_assert!(signed.trace().trace().is_some()),
                    Err(error) => prop_assert!(false, "resolved, but {}: {}", error, request.url()),
                }
            }
        }
        // Table and URL follow each other without an end.
        draft.params_from_url();
        draft.url_from_params();
        let url = draft.url.clone();
        draft.params_from_url();
        draft.url_from_params();
        prop_assert_eq!(draft.url, url);
        Ok(())
    })
}

#[test]
fn hunt() {
    let herd = [
        signing_targets(),
        canonical_uris(),
        canonical_queries(),
        echoes(),
        authorizations(),
        collection_files(),
        resolved_drafts(),
    ];
    let seconds = std::env::var("COUNTERSIGN_HUNT_SECONDS").ok();
    let seconds = seconds.map_or(0, |seconds| seconds.parse().expect("a number of seconds"));
    let end = Instant::now() + Duration::from_secs(seconds);
    let first = seed();
    let mut found: Vec<String> = Vec::new();
    let mut rounds = 0;
    loop {
        for prey in &herd {
            if let Err(failure) = (prey.round)(first + rounds) {
                let report = format!("{} (seed {}): {failure}", prey.name, first + rounds);
                println!("{report}");
                found.push(report);
            }
        }
        rounds += 1;
        if Instant::now() >= end || found.len() >= 50 {
            break;
        }
    }
    println!(
        "{} inputs in {rounds} rounds from seed {first}",
        rounds * u64::from(ROUND) * herd.len() as u64
    );
    assert!(found.is_empty(), "{}", found.join("\n"));
}
