//! The form of the signature: what the gateway reads before it computes anything.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Case, CatalogueEntry, Findings, entry};
use crate::denial::Denial;
use crate::explain::{Likelihood, Mending};
use crate::sigv4::{ALGORITHM, Algorithm};

pub(super) const ENTRIES: [CatalogueEntry; 12] = [
    entry(
        "missing-authentication",
        "the call carries no signature",
        "sign it: this method wants an identity",
    ),
    entry(
        "route-unknown",
        "the API has no such method and path",
        "compare method, stage and path with the API's routes; an unknown route is refused with words about authentication",
    ),
    entry(
        "bearer-token-on-iam-route",
        "another kind of Authorization was sent where a signature is read",
        "sign with AWS IAM, or, if the method uses no IAM, check that the route exists",
    ),
    entry(
        "header-name-in-value",
        "the header's name was put into its value",
        "leave “Authorization:” out of the value",
    ),
    entry(
        "authorization-malformed",
        "a part of the Authorization header has no equal sign",
        "write it anew: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…",
    ),
    entry(
        "authorization-incomplete",
        "the Authorization header lacks a part, or the request has no date",
        "write it anew: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…, and send x-amz-date",
    ),
    entry(
        "presigned-incomplete",
        "the presigned URL lacks a parameter",
        "presign it anew and copy all of it; & in a shell wants quotes around the URL",
    ),
    entry(
        "both-placements",
        "the request is signed in the query and in a header at once",
        "use one: a presigned URL is sent without an Authorization header",
    ),
    entry(
        "algorithm-unsupported",
        "the algorithm is not AWS4-HMAC-SHA256",
        "write AWS4-HMAC-SHA256",
    ),
    entry(
        "credential-malformed",
        "the credential has not five parts",
        "write key id/date/region/service/aws4_request; in a URL each slash is escaped once",
    ),
    entry(
        "host-not-signed",
        "the host is not among the signed headers",
        "sign host: it binds the signature to this API",
    ),
    entry(
        "query-escape-broken",
        "a % in the query is not followed by two hex digits",
        "escape a percent sign itself as %25",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    no_identity(case, found);
    not_a_pair(case, found);
    parts(case, found);
    visible(case, found);
}

fn no_identity(case: &Case<'_>, found: &mut Findings) {
    if !case.is_denied_with(&Denial::MissingAuthenticationToken) {
        return;
    }
    let is_signed = case.request().map(|_| case.is_signed());
    if case.is_sts() {
        let telling = found
            .add("missing-authentication", Likelihood::VeryLikely)
            .saw(
                "STS found no signature where it reads one; it has no routes that could be missing",
            );
        match is_signed {
            Some(true) => {
                telling
                    .saw("the call as given is signed: the signature was lost on the way, or it is not in a form that is read")
                    .fix("see whether a proxy or a redirect drops the Authorization header, and compare what arrives with what was sent");
            }
            Some(false) => {
                telling.saw("neither an Authorization header nor X-Amz-Algorithm was sent");
            }
            None => {}
        }
        return;
    }
    match is_signed {
        Some(true) => {
            found
                .add("route-unknown", Likelihood::VeryLikely)
                .saw("the call is signed, so it is the route that the gateway did not find")
                .saw(place(case));
        }
        Some(false) => {
            found
                .add("missing-authentication", Likelihood::VeryLikely)
                .saw("neither an Authorization header nor X-Amz-Algorithm was sent");
            found
                .add("route-unknown", Likelihood::Likely)
                .saw("an unknown route is refused with the same words")
                .saw(place(case));
        }
        None => {
            found
                .add("missing-authentication", Likelihood::Likely)
                .saw("the gateway found neither an Authorization header nor X-Amz-Algorithm");
            found
                .add("route-unknown", Likelihood::Likely)
                .saw("an unknown route is refused with the same words");
        }
    }
}

fn place(case: &Case<'_>) -> String {
    let method = case.request().map_or("", |request| request.method.as_str());
    let path = case.path().unwrap_or_default();
    format!(
        "it was {method} {}",
        if path.is_empty() { "/" } else { path }
    )
}

/// `… not a valid key=value pair …`, in the clear or hashed.
fn not_a_pair(case: &Case<'_>, found: &mut Findings) {
    if !case.says("key=value pair (missing equal-sign) in Authorization header") {
        return;
    }
    let told = case.between("Authorization header: '", "'.");
    let sent = case
        .request()
        .and_then(|request| request.header_values("authorization").next());
    let raw = case.signature().map(|signature| signature.raw.as_str());
    let header = told.or(sent).or(raw).unwrap_or_default().trim();
    let hash = case.between("encoded with Base64): '", "'");
    let is_the_header = hash.is_some_and(|hash| hash == hash_of(header));
    let lower = header.to_lowercase();
    if lower.starts_with("authorization") {
        found
            .add("header-name-in-value", Likelihood::Proven)
            .saw("the header's value begins with the word Authorization");
    } else if is_of_another_scheme(header) {
        another_scheme(header, is_the_header, found);
    } else if found.has("key-id-malformed", Likelihood::VeryLikely)
        || found.has("key-id-and-secret-swapped", Likelihood::VeryLikely)
    {
        // A blank in the key id is what cuts the header in the wrong place.
    } else {
        let quoted = case
            .message()
            .strip_prefix('\'')
            .and_then(|rest| rest.split_once("' not a valid"))
            .map(|(token, _)| token);
        let mut telling = found.add("authorization-malformed", Likelihood::Proven);
        let hashed = header
            .split([' ', ','])
            .filter(|part| !part.is_empty())
            .position(|part| hash.is_some_and(|hash| hash == hash_of(part)));
        if let Some(token) = quoted {
            telling = telling.saw(format!("it is the part {} characters long", token.len()));
        } else if let Some(index) = hashed {
            telling = telling.saw(format!(
                "the hash in the message is the one of the header's part {}",
                index + 1
            ));
        }
        telling.saw("the gateway says so");
        if header.is_empty() {
            found
                .add("bearer-token-on-iam-route", Likelihood::Likely)
                .saw("a bearer token is refused with these words");
        }
    }
}

/// Whether an `Authorization` header is none of AWS.
fn is_of_another_scheme(header: &str) -> bool {
    !header.is_empty()
        && !header.starts_with("AWS4")
        && !header.to_lowercase().starts_with("authorization")
        && !header.contains("Credential=")
}

fn another_scheme(header: &str, is_the_header: bool, found: &mut Findings) {
    let scheme = header.split(' ').next().unwrap_or_default();
    let mut telling = found
        .add("bearer-token-on-iam-route", Likelihood::VeryLikely)
        .saw(if scheme.len() < 20 && header.contains(' ') {
            format!("the header begins with {scheme}, not with {ALGORITHM}")
        } else {
            format!("the header does not begin with {ALGORITHM}")
        });
    if is_the_header {
        telling = telling.saw("the hash in the message is the one of this header");
    }
    telling.mend(None);
    found
        .add("route-unknown", Likelihood::Possible)
        .saw("an unknown route is read as one with IAM");
}

/// As newer messages tell what they do not quote.
fn hash_of(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

fn parts(case: &Case<'_>, found: &mut Findings) {
    let message = case.message();
    let sent = case
        .request()
        .and_then(|request| request.header_values("authorization").next());
    let quoted = message.rsplit_once("Authorization=");
    // The padding of a token is read as the equal sign of a part.
    if let Some(header) = sent.or(quoted.map(|(_, header)| header)).map(str::trim)
        && message.contains("Authorization header requires 'Credential'")
        && is_of_another_scheme(header)
        && (sent.is_some() || header.contains(' '))
    {
        let is_the_header = quoted.is_some_and(|(_, hash)| hash.trim() == hash_of(header));
        another_scheme(header, is_the_header, found);
        return;
    }
    let mut tell = |code, seen: String| {
        let telling = found.add(code, Likelihood::Proven).saw(seen);
        if code == "algorithm-unsupported" {
            telling.mend(Mending::Algorithm);
        }
    };
    if message.contains("Authorization header requires") {
        let mut missing: Vec<&str> = message
            .split("requires '")
            .skip(1)
            .filter_map(|rest| rest.split_once('\'').map(|(name, _)| name))
            .collect();
        if message.contains("requires existence of either") {
            missing.push("X-Amz-Date");
        }
        tell(
            "authorization-incomplete",
            format!("missing: {}", missing.join(", ")),
        );
    }
    if message.contains("AWS query-string parameters must include") {
        let missing: Vec<&str> = message
            .split("must include '")
            .skip(1)
            .filter_map(|rest| rest.split_once('\'').map(|(name, _)| name))
            .collect();
        tell(
            "presigned-incomplete",
            format!("missing: {}", missing.join(", ")),
        );
    }
    if case.is_denied_with(&Denial::BothPlacements) {
        tell("both-placements", "the gateway found both".to_owned());
    }
    if let Some(given) = case.between("Unsupported AWS 'algorithm': '", "'") {
        tell("algorithm-unsupported", format!("it is “{given}”"));
    }
    if let Some(given) = case.between(
        "slash-delimited elements, e.g. keyid/date/region/service/term, got '",
        "'",
    ) {
        let parts = given.split('/').count();
        if !found.has("key-id-and-secret-swapped", Likelihood::VeryLikely)
            && !found.has("key-id-malformed", Likelihood::VeryLikely)
        {
            found
                .add("credential-malformed", Likelihood::Proven)
                .saw(format!("it has {parts}"));
        }
    }
    if case.is_denied_with(&Denial::HostNotSigned) {
        found
            .add("host-not-signed", Likelihood::Proven)
            .saw("the gateway says so")
            .mend(Mending::SignHeader("host".to_owned()));
    }
    if case.says("trailing escape % sequence") || case.says("hex character in escape % pattern") {
        found
            .add("query-escape-broken", Likelihood::Proven)
            .saw("the gateway says so");
    }
}

/// An incomplete signature in words that are not known here.
pub(super) fn fallback(case: &Case<'_>, found: &mut Findings) {
    if case.error_type().starts_with("IncompleteSignature") && found.is_empty() {
        found
            .add("authorization-incomplete", Likelihood::VeryLikely)
            .saw(format!("the error is {}", case.error_type()));
    }
}

/// What the request itself shows.
fn visible(case: &Case<'_>, found: &mut Findings) {
    let Some(request) = case.request().filter(|_| case.is_unanswered()) else {
        return;
    };
    let sure = Likelihood::VeryLikely;
    let header = request.header_values("authorization").next();
    let is_presigned = case
        .query()
        .is_some_and(|query| query.contains("X-Amz-Algorithm="));
    if is_presigned && header.is_some() {
        found
            .add("both-placements", sure)
            .saw("the URL has X-Amz-Algorithm, and there is an Authorization header")
            .mend(Mending::RemoveHeader("authorization".to_owned()));
    }
    let Some(signature) = case.signature() else {
        return;
    };
    if signature
        .raw
        .to_lowercase()
        .trim_start()
        .starts_with("authorization:")
        || header.is_some_and(|h| h.to_lowercase().trim_start().starts_with("authorization:"))
    {
        found
            .add("header-name-in-value", sure)
            .saw("the header's value begins with the word Authorization");
    }
    // The asymmetric signature is right where a service takes it; only an answer can say that it
    // does not.
    let is_known = [Algorithm::HmacSha256, Algorithm::EcdsaP256Sha256]
        .iter()
        .any(|known| known.name() == signature.algorithm);
    if signature.algorithm.starts_with("AWS4") && !is_known {
        found
            .add("algorithm-unsupported", sure)
            .saw(format!("it is “{}”", signature.algorithm))
            .mend(Mending::Algorithm);
    }
    if signature.credential.is_some() && signature.scope().is_none() {
        found
            .add("credential-malformed", sure)
            .saw("it has fewer than five");
    }
    if signature
        .signed_headers
        .as_ref()
        .is_some_and(|names| !names.iter().any(|name| name.eq_ignore_ascii_case("host")))
    {
        found
            .add("host-not-signed", sure)
            .saw("SignedHeaders does not name it")
            .mend(Mending::SignHeader("host".to_owned()));
    }
}
