//! Random requests: the derivation and `aws-sigv4` agree, whatever is signed.

use std::fmt::Write as _;

use countersign::sigv4::{CanonicalRequest, PathRule, SigningError, hash_hex};
use proptest::prelude::*;

use crate::support::random_requests::{Request, requests, try_many, wild_requests};

/// 100,000 in a run of all checks; fewer where somebody waits for a debug build
/// (`COUNTERSIGN_RANDOM_REQUESTS` sets the number).
fn cases() -> u32 {
    std::env::var("COUNTERSIGN_RANDOM_REQUESTS")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(10_000)
}

/// Each in the header and in the query.
#[test]
fn random_requests_agree_with_the_crate() {
    try_many(cases(), requests, |request| {
        for request in [request.clone().in_header(), request.in_query()] {
            let signed = request.sign().unwrap();
            prop_assert_eq!(signed.agrees, Ok(true));
        }
        Ok(())
    });
}

/// The crate may refuse what is none of HTTP's; it may not give another signature, and nothing may
/// panic.
#[test]
fn wild_requests_are_signed_alike_or_refused() {
    try_many(cases() / 10, wild_requests, |request| {
        for request in [request.clone().in_header(), request.in_query()] {
            match request.sign() {
                Ok(signed) => prop_assert!(signed.agrees != Ok(false) || !request.is_query_utf8()),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
        Ok(())
    });
}

/// The canonical request, and that the crate agrees.
fn canonical(request: &Request) -> Result<String, SigningError> {
    let signed = request.sign()?;
    assert_eq!(signed.agrees, Ok(true));
    Ok(signed.trace.steps.canonical_request.to_string())
}

/// A query's pairs: everything between two `&`.
fn pairs_of(url: &str) -> (&str, Vec<&str>) {
    let (before, query) = url.split_once('?').unwrap_or((url, ""));
    (
        before,
        query.split('&').filter(|pair| !pair.is_empty()).collect(),
    )
}

#[test]
fn the_order_of_headers_does_not_matter() {
    try_many(
        1000,
        || (requests(), any::<u64>()),
        |(request, dice)| {
            let mut other = request.clone();
            // By another order of names; values of one name stay in their order.
            other.headers.sort_by_cached_key(|(name, _)| {
                hash_hex(format!("{dice}{}", name.to_lowercase()).as_bytes())
            });
            prop_assert_eq!(canonical(&request)?, canonical(&other)?);
            Ok(())
        },
    );
}

#[test]
fn the_letter_case_of_header_names_does_not_matter() {
    try_many(
        1000,
        || (requests(), any::<u64>()),
        |(request, dice)| {
            let mut other = request.clone();
            for (name, _) in &mut other.headers {
                *name = (0u32..)
                    .zip(name.chars())
                    .fold(String::new(), |mut out, (at, letter)| {
                        let is_upper = dice.rotate_left(at) & 1 == 1;
                        out.push(if is_upper {
                            letter.to_ascii_uppercase()
                        } else {
                            letter.to_ascii_lowercase()
                        });
                        out
                    });
            }
            prop_assert_eq!(canonical(&request)?, canonical(&other)?);
            Ok(())
        },
    );
}

#[test]
fn headers_of_one_name_are_one_header_in_their_order() {
    let values = || prop::collection::vec("[!-~]{1,6}", 2..5);
    try_many(
        1000,
        || (requests(), values()),
        |(request, values)| {
            let with = |values: &[String]| {
                let mut with = request.clone();
                with.headers.extend(
                    values
                        .iter()
                        .map(|value| ("x-twice".to_owned(), value.clone())),
                );
                with
            };
            let joined = with(&[values.join(",")]);
            let apart = with(&values);
            prop_assert_eq!(canonical(&apart)?, canonical(&joined)?);
            let mut turned = values.clone();
            turned.reverse();
            if turned != values {
                prop_assert_ne!(canonical(&apart)?, canonical(&with(&turned))?);
            }
            Ok(())
        },
    );
}

#[test]
fn the_order_of_parameters_does_not_matter() {
    try_many(
        1000,
        || (requests(), any::<u64>()),
        |(request, dice)| {
            let (before, mut pairs) = pairs_of(&request.url);
            pairs.sort_by_cached_key(|pair| hash_hex(format!("{dice}{pair}").as_bytes()));
            let other = Request {
                url: format!("{before}?{}", pairs.join("&")),
                ..request.clone()
            };
            for place in [Request::in_header, Request::in_query] {
                prop_assert_eq!(
                    canonical(&place(request.clone()))?,
                    canonical(&place(other.clone()))?
                );
            }
            Ok(())
        },
    );
}

#[test]
fn empty_parameters_do_not_matter() {
    try_many(
        1000,
        || (requests(), 1usize..4),
        |(request, more)| {
            let (before, pairs) = pairs_of(&request.url);
            let gap = "&".repeat(more);
            let url = format!("{before}?{gap}{}{gap}", pairs.join(&gap));
            let other = Request {
                url,
                ..request.clone()
            };
            for place in [Request::in_header, Request::in_query] {
                prop_assert_eq!(
                    canonical(&place(request.clone()))?,
                    canonical(&place(other.clone()))?
                );
            }
            Ok(())
        },
    );
}

/// `%41`, `%7e` and `~` in a query are other ways to write the same parameter.
#[test]
fn the_spelling_of_a_query_does_not_matter() {
    try_many(
        1000,
        || (requests(), any::<u64>()),
        |(request, dice)| {
            let (before, pairs) = pairs_of(&request.url);
            let mut query = String::new();
            let mut of_escape = 0;
            for (at, letter) in (0u32..).zip(pairs.join("&").chars()) {
                let is_plain = letter.is_ascii_alphanumeric() || "-._~".contains(letter);
                if letter == '%' {
                    of_escape = 3;
                }
                if is_plain && of_escape == 0 && dice.rotate_left(at) & 1 == 1 {
                    write!(query, "%{:02x}", u32::from(letter)).unwrap();
                } else {
                    query.push(letter);
                }
                of_escape = of_escape.max(1) - 1;
            }
            let other = Request {
                url: format!("{before}?{query}"),
                ..request.clone()
            };
            for place in [Request::in_header, Request::in_query] {
                prop_assert_eq!(
                    canonical(&place(request.clone()))?,
                    canonical(&place(other.clone()))?
                );
            }
            Ok(())
        },
    );
}

/// What is canonical already stays as it is.
#[test]
fn canonical_forms_are_their_own() {
    let rule = PathRule {
        normalize: true,
        encode: false,
    };
    try_many(1000, requests, |request| {
        let first = &request.sign().unwrap().trace.steps.canonical_request;
        let headers = first
            .canonical_headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let again = CanonicalRequest::derive(
            &first.http_method,
            &first.canonical_uri,
            &first.canonical_query_string,
            headers,
            first.hashed_payload.clone(),
            PathRule {
                normalize: request.settings.normalize_path,
                ..rule
            },
        );
        prop_assert_eq!(again.to_string(), first.to_string());
        Ok(())
    });
}
