//! Who calls, judged by the signature of what arrived.
//!
//! The checks stand in AWS's order; the first that fails gives the answer, so mending one fault
//! may bring the next to light:
//!
//! ```text
//! query escapes ▸ identity ▸ placement ▸ algorithm ▸ key=value ▸ parameters ▸ host signed ▸
//! date form ▸ not expired ▸ not early ▸ credential elements ▸ credential scope ▸
//! session token ▸ session alive ▸ key known ▸ signature
//! ```

use std::collections::BTreeSet;
use std::time::Duration;

use subtle::ConstantTimeEq as _;
use url::form_urlencoded;

use super::call_log::{Check, Gate};
use super::received::ReceivedRequest;
use super::world::{Caller, KnownKey, World};
use crate::denial::{ClockFault, Denial, ScopeFault, Service};
use crate::practice;
use crate::sigv4::{
    ALGORITHM, Algorithm, Authorization, AuthorizationError, CanonicalRequest, CredentialScope,
    Echo, PathRule, RequestDateTime, SigningKey, StringToSign, hash_hex,
};

const TERMINATOR: &str = "aws4_request";

/// The checks of a call, in the order in which they were made.
#[derive(Debug, Default)]
pub(super) struct Checks(pub(super) Vec<Check>);

impl Checks {
    /// Records a check's outcome and hands it on.
    pub(super) fn record<T>(
        &mut self,
        gate: Gate,
        outcome: Result<T, Denial>,
    ) -> Result<T, Denial> {
        self.0.push(Check {
            gate,
            passed: outcome.is_ok(),
        });
        outcome
    }

    /// Records a check that is a yes or no.
    pub(super) fn require(
        &mut self,
        gate: Gate,
        passed: bool,
        denial: impl FnOnce() -> Denial,
    ) -> Result<(), Denial> {
        self.record(gate, if passed { Ok(()) } else { Err(denial()) })
    }
}

/// Where the signature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placement {
    Header,
    Query,
}

/// What the request says about its own signature.
struct Claim {
    placement: Placement,
    credential: String,
    signed_headers: Vec<String>,
    signature: String,
    date: String,
    session_token: Option<String>,
}

/// The credential's five elements, taken apart.
struct Scoped<'a> {
    access_key_id: &'a str,
    scope: CredentialScope,
}

/// Finds out who calls, or why that cannot be known.
pub(super) fn authenticate(
    request: &ReceivedRequest,
    world: &World,
    service: Service,
    now: RequestDateTime,
    checks: &mut Checks,
) -> Result<Caller, Denial> {
    checks.record(Gate::QueryEscapes, check_escapes(&request.query))?;
    let claim = read_claim(request, checks)?;
    checks.require(
        Gate::HostSigned,
        claim
            .signed_headers
            .iter()
            .any(|name| name.eq_ignore_ascii_case("host")),
        || Denial::HostNotSigned,
    )?;
    let signed_at = read_date(&claim).ok_or_else(|| Denial::DateFormat(claim.date.clone()));
    let signed_at = checks.record(Gate::DateFormat, signed_at)?;
    check_clock(signed_at, service, now, checks)?;
    let elements: Vec<&str> = claim.credential.split('/').collect();
    let scoped = match elements.as_slice() {
        [access_key_id, date, region, signed_service, terminator] => Ok((
            Scoped {
                access_key_id,
                scope: CredentialScope {
                    date: (*date).to_owned(),
                    region: (*region).to_owned(),
                    service: (*signed_service).to_owned(),
                },
            },
            *terminator,
        )),
        _ => Err(Denial::CredentialElements(claim.credential.clone())),
    };
    let (scoped, terminator) = checks.record(Gate::CredentialElements, scoped)?;
    let faults = scope_faults(&scoped.scope, terminator, service, signed_at);
    checks.require(Gate::CredentialScope, faults.is_empty(), || {
        Denial::CredentialScope(faults)
    })?;
    let key = find_key(world, &claim, scoped.access_key_id, now, checks)?;
    let signature = check_signature(request, &claim, scoped.scope, signed_at, &key);
    checks.record(Gate::Signature, signature)?;
    Ok(key.caller)
}

/// Every `%` must be followed by two hex digits.
fn check_escapes(query: &str) -> Result<(), Denial> {
    let mut pieces = query.split('%').peekable();
    pieces.next();
    while let Some(piece) = pieces.next() {
        let digits: String = piece.chars().take(2).collect();
        if digits.len() < 2 && pieces.peek().is_none() {
            return Err(Denial::BrokenEscape(None));
        }
        if digits.len() != 2 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Denial::BrokenEscape(Some(digits)));
        }
    }
    Ok(())
}

/// Reads what the request says about its signature, from the header or the query.
fn read_claim(request: &ReceivedRequest, checks: &mut Checks) -> Result<Claim, Denial> {
    let header = request.header("authorization");
    let algorithm = request.parameter("X-Amz-Algorithm");
    checks.require(
        Gate::Identity,
        header.is_some() || algorithm.is_some(),
        || Denial::MissingAuthenticationToken,
    )?;
    checks.require(
        Gate::Placement,
        header.is_none() || algorithm.is_none(),
        || Denial::BothPlacements,
    )?;
    match (header, algorithm) {
        (Some(header), _) => read_header_claim(request, &header, checks),
        (None, algorithm) => read_query_claim(request, &algorithm.unwrap_or_default(), checks),
    }
}

fn read_header_claim(
    request: &ReceivedRequest,
    header: &str,
    checks: &mut Checks,
) -> Result<Claim, Denial> {
    let header = header.trim();
    let word = header.split(' ').next().unwrap_or_default();
    // Bearer, Basic and the like are no algorithms; they fail at the next check.
    checks.require(
        Gate::Algorithm,
        word == ALGORITHM || !word.starts_with("AWS4"),
        || Denial::UnsupportedAlgorithm(word.to_owned()),
    )?;
    let parts = checks.record(Gate::KeyValueForm, read_pairs(header))?;
    let date = request
        .header("x-amz-date")
        .or_else(|| request.header("date"));
    let given = |value: Option<String>| value.filter(|value| !value.is_empty());
    let credential = given(parts.credential);
    let signature = given(parts.signature);
    let signed_headers = given(parts.signed_headers);
    let date = given(date);
    let outcome = match (credential, signature, signed_headers, date) {
        (Some(credential), Some(signature), Some(signed_headers), Some(date)) => Ok(Claim {
            placement: Placement::Header,
            credential,
            signed_headers: names(&signed_headers),
            signature,
            date,
            session_token: request.header("x-amz-security-token"),
        }),
        (credential, signature, signed_headers, date) => {
            let missing = [
                ("Credential", credential.is_none()),
                ("Signature", signature.is_none()),
                ("SignedHeaders", signed_headers.is_none()),
                ("Date", date.is_none()),
            ];
            Err(Denial::MissingHeaderParameters {
                missing: names_of_missing(&missing),
                header: header.to_owned(),
            })
        }
    };
    checks.record(Gate::Parameters, outcome)
}

/// The header's pairs. What does not begin with AWS's algorithm is read the same way: that is how
/// a bearer token comes to be called a pair without an equal-sign.
fn read_pairs(header: &str) -> Result<Authorization, Denial> {
    let not_a_pair = |token: &str| Denial::NotKeyValue {
        token: token.to_owned(),
        header: header.to_owned(),
    };
    match Authorization::parse(header) {
        Ok(parts) => Ok(parts),
        Err(AuthorizationError::NotAPair(token)) => Err(not_a_pair(&token)),
        Err(AuthorizationError::OtherScheme) => {
            let rest = header.split_once(' ').map_or(header, |(_, rest)| rest);
            let mut parts = rest.split([',', ' ']).filter(|part| !part.is_empty());
            match parts.find(|part| !part.contains('=')) {
                Some(token) => Err(not_a_pair(token)),
                None => Ok(Authorization {
                    algorithm: String::new(),
                    credential: None,
                    signed_headers: None,
                    signature: None,
                }),
            }
        }
    }
}

fn read_query_claim(
    request: &ReceivedRequest,
    algorithm: &str,
    checks: &mut Checks,
) -> Result<Claim, Denial> {
    checks.require(
        Gate::Algorithm,
        algorithm == ALGORITHM || algorithm.is_empty(),
        || Denial::UnsupportedAlgorithm(algorithm.to_owned()),
    )?;
    let given = |name| request.parameter(name).filter(|value| !value.is_empty());
    let credential = given("X-Amz-Credential");
    let signature = given("X-Amz-Signature");
    let signed_headers = given("X-Amz-SignedHeaders");
    let date = given("X-Amz-Date");
    let outcome = match (
        algorithm.is_empty(),
        credential,
        signature,
        signed_headers,
        date,
    ) {
        (false, Some(credential), Some(signature), Some(signed_headers), Some(date)) => Ok(Claim {
            placement: Placement::Query,
            credential,
            signed_headers: names(&signed_headers),
            signature,
            date,
            session_token: request.parameter("X-Amz-Security-Token"),
        }),
        (no_algorithm, credential, signature, signed_headers, date) => {
            let missing = [
                ("X-Amz-Algorithm", no_algorithm),
                ("X-Amz-Credential", credential.is_none()),
                ("X-Amz-Signature", signature.is_none()),
                ("X-Amz-SignedHeaders", signed_headers.is_none()),
                ("X-Amz-Date", date.is_none()),
            ];
            Err(Denial::MissingQueryParameters(names_of_missing(&missing)))
        }
    };
    checks.record(Gate::Parameters, outcome)
}

fn names(signed_headers: &str) -> Vec<String> {
    signed_headers.split(';').map(str::to_owned).collect()
}

fn names_of_missing(parameters: &[(&'static str, bool)]) -> Vec<&'static str> {
    parameters
        .iter()
        .filter(|(_, is_missing)| *is_missing)
        .map(|(name, _)| *name)
        .collect()
}

/// ISO 8601 basic; in a header also the form of `Date`, which older signers sign.
fn read_date(claim: &Claim) -> Option<RequestDateTime> {
    RequestDateTime::parse(&claim.date).or_else(|| {
        if claim.placement == Placement::Query {
            return None;
        }
        let zoned = jiff::fmt::rfc2822::parse(&claim.date).ok()?;
        let seconds = u64::try_from(zoned.timestamp().as_second()).ok()?;
        let time = std::time::SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
        Some(RequestDateTime::new(time))
    })
}

fn check_clock(
    signed_at: RequestDateTime,
    service: Service,
    now: RequestDateTime,
    checks: &mut Checks,
) -> Result<(), Denial> {
    let window = Duration::from_secs(service.window_minutes() * 60);
    let fault = ClockFault { signed_at, now };
    let earliest = now.time().checked_sub(window);
    checks.require(
        Gate::NotExpired,
        earliest.is_none_or(|earliest| signed_at.time() >= earliest),
        || Denial::SignatureExpired(fault),
    )?;
    let latest = now.time().checked_add(window);
    checks.require(
        Gate::NotEarly,
        latest.is_none_or(|latest| signed_at.time() <= latest),
        || Denial::SignatureNotYetCurrent(fault),
    )
}

fn scope_faults(
    scope: &CredentialScope,
    terminator: &str,
    service: Service,
    signed_at: RequestDateTime,
) -> Vec<ScopeFault> {
    let mut faults = Vec::new();
    if scope.region != practice::REGION {
        faults.push(ScopeFault::Region {
            given: scope.region.clone(),
        });
    }
    if scope.service != service.name() {
        faults.push(ScopeFault::Service {
            expected: service.name(),
        });
    }
    if terminator != TERMINATOR {
        faults.push(ScopeFault::Terminator {
            given: terminator.to_owned(),
        });
    }
    if scope.date != signed_at.date() {
        faults.push(ScopeFault::Date {
            given: scope.date.clone(),
            request: signed_at,
        });
    }
    faults
}

/// The token comes before the key: a broken token is told even with an unknown key. A temporary
/// key without its token is an unknown key.
fn find_key(
    world: &World,
    claim: &Claim,
    access_key_id: &str,
    now: RequestDateTime,
    checks: &mut Checks,
) -> Result<KnownKey, Denial> {
    let session = match &claim.session_token {
        Some(token) => world
            .session(token)
            .filter(|session| session.access_key_id == access_key_id)
            .map(Some)
            .ok_or(Denial::TokenInvalid),
        None => Ok(None),
    };
    let session = checks.record(Gate::SessionToken, session)?;
    checks.require(
        Gate::SessionAlive,
        session.is_none_or(|session| now < session.expires),
        || Denial::TokenExpired,
    )?;
    let key = match session {
        Some(session) => Some(World::session_key(session)),
        None => World::user_key(access_key_id),
    };
    checks.record(Gate::KeyKnown, key.ok_or(Denial::KeyUnknown))
}

fn check_signature(
    request: &ReceivedRequest,
    claim: &Claim,
    scope: CredentialScope,
    signed_at: RequestDateTime,
    key: &KnownKey,
) -> Result<(), Denial> {
    let (headers, are_text) = signed_headers(request, &claim.signed_headers);
    let query = match claim.placement {
        Placement::Header => request.query.clone(),
        Placement::Query => without_signature(&request.query),
    };
    let canonical_request = CanonicalRequest::derive(
        &request.method,
        &request.path,
        &query,
        headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
        // The body that arrived counts, whatever `x-amz-content-sha256` says.
        hash_hex(&request.body),
        PathRule {
            normalize: true,
            encode: true,
        },
    );
    let signing_key = SigningKey::derive(&key.secret_access_key, &scope);
    let string_to_sign = StringToSign {
        algorithm: Algorithm::HmacSha256,
        request_date_time: signed_at,
        credential_scope: scope,
        hashed_canonical_request: canonical_request.sha256(),
    }
    .to_string();
    let expected = signing_key.sign(&string_to_sign);
    let is_equal = bool::from(expected.as_bytes().ct_eq(claim.signature.as_bytes()));
    if is_equal && are_text {
        Ok(())
    } else {
        Err(Denial::SignatureMismatch(Echo {
            canonical_request: canonical_request.to_string(),
            string_to_sign,
        }))
    }
}

/// The headers that the request names, with the values that arrived; one that did not arrive is
/// empty. A value that is not UTF-8 cannot be shown exactly, so it is never accepted (`false`).
fn signed_headers(request: &ReceivedRequest, names: &[String]) -> (Vec<(String, String)>, bool) {
    let names: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let mut headers = Vec::new();
    let mut are_text = true;
    for name in names {
        let before = headers.len();
        for value in request.values(&name) {
            are_text &= std::str::from_utf8(value).is_ok();
            headers.push((name.clone(), String::from_utf8_lossy(value).into_owned()));
        }
        if headers.len() == before {
            headers.push((name, String::new()));
        }
    }
    (headers, are_text)
}

/// The query of a presigned URL as it was before the signature was appended.
fn without_signature(query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            form_urlencoded::parse(pair.as_bytes())
                .next()
                .is_none_or(|(name, _)| name != "X-Amz-Signature")
        })
        .collect();
    kept.join("&")
}
