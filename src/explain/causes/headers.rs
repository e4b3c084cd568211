//! The headers' lines and their list.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::{Likelihood, Mending};
use crate::secret::MASK;
use crate::sigv4::is_sensitive_header;

pub(super) const ENTRIES: [CatalogueEntry; 8] = [
    entry(
        "host-mismatch",
        "another host was signed than the one that the gateway received",
        "sign the Host header as it is sent: with its port if it is sent with one, and of a private API the name that is sent",
    ),
    entry(
        "content-type-changed",
        "the content type changed after signing",
        "set the whole content type before signing, charset and boundary too, or leave it unsigned",
    ),
    entry(
        "signed-header-missing",
        "a signed header did not arrive",
        "send every header that SignedHeaders names, or leave it out of the signature",
    ),
    entry(
        "volatile-header-signed",
        "a header was signed that clients and proxies change on the way",
        "leave it out of the signature; it is still sent",
    ),
    entry(
        "signed-header-changed",
        "a signed header arrived with another value",
        "find what changes it (the HTTP client, a proxy, CloudFront), or leave it out of the signature",
    ),
    entry(
        "header-whitespace",
        "header values were not written as AWS does",
        "trim each value, make runs of blanks one, keep its letter case, and write name:value without a blank",
    ),
    entry(
        "header-order",
        "the headers were signed in another order than AWS's, or not in lower case",
        "sort by lower-case name, byte by byte; SignedHeaders has the same order",
    ),
    entry(
        "signed-headers-differ",
        "SignedHeaders does not name the headers that were signed",
        "name in SignedHeaders exactly the headers whose lines were signed, with all their values",
    ),
];

/// Headers that something on the way writes or rewrites.
const VOLATILE: [&str; 16] = [
    "accept-encoding",
    "cache-control",
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "keep-alive",
    "max-forwards",
    "te",
    "traceparent",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-amzn-trace-id",
];

pub(super) fn is_volatile(name: &str) -> bool {
    VOLATILE.contains(&name)
        || ["x-forwarded-", "sec-", "x-b3-", "cloudfront-"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    if let Some((ours, theirs, sure)) = case.both() {
        for (name, theirs) in &theirs.headers {
            if let Some(ours) = ours.header(name).filter(|ours| ours != theirs) {
                differs(name, ours, theirs, sure, found);
            }
        }
        lists(&ours.headers, &theirs.headers, sure, found);
        let lower = ours.signed_headers.to_lowercase();
        if ours.signed_headers != theirs.signed_headers {
            let mut names: Vec<&str> = lower.split(';').collect();
            names.sort_unstable();
            let code = if names.join(";") == theirs.signed_headers {
                "header-order"
            } else {
                "signed-headers-differ"
            };
            found
                .add(code, sure)
                .saw(format!("ours   {}", ours.signed_headers))
                .saw(format!("theirs {}", theirs.signed_headers));
        }
    }
    echoed_alone(case, found);
    volatile_ones(case, found);
}

/// What is shown of a value.
fn shown<'a>(name: &str, value: &'a str) -> &'a str {
    if value.is_empty() {
        "(empty)"
    } else if is_sensitive_header(name) {
        MASK
    } else {
        value
    }
}

fn differs(name: &str, ours: &str, theirs: &str, sure: Likelihood, found: &mut Findings) {
    if ours.contains(MASK) {
        return;
    }
    let squeezed = |text: &str| {
        text.to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("")
    };
    let (code, mending) = match name {
        "host" => ("host-mismatch", None),
        "x-amz-security-token" => (
            "session-token-not-as-signed",
            Some(Mending::SignSessionToken),
        ),
        "x-amz-date" | "date" => ("time-not-as-sent", Some(Mending::SendAgain)),
        _ if theirs.is_empty() => (
            "signed-header-missing",
            Some(Mending::LeaveHeaderUnsigned(name.to_owned())),
        ),
        "content-type" => ("content-type-changed", None),
        _ if is_volatile(name) => (
            "volatile-header-signed",
            Some(Mending::LeaveHeaderUnsigned(name.to_owned())),
        ),
        _ if squeezed(ours) == squeezed(theirs) => ("header-whitespace", None),
        _ => (
            "signed-header-changed",
            Some(Mending::LeaveHeaderUnsigned(name.to_owned())),
        ),
    };
    found
        .add(code, sure)
        .saw(format!("ours   {name}:{}", shown(name, ours)))
        .saw(format!("theirs {name}:{}", shown(name, theirs)))
        .mend(mending);
}

/// Lines that only one side has, and another order of the same.
fn lists(ours: &[(&str, &str)], theirs: &[(&str, &str)], sure: Likelihood, found: &mut Findings) {
    let names = |headers: &[(&str, &str)]| -> Vec<String> {
        headers.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let (ours, theirs) = (names(ours), names(theirs));
    if ours == theirs {
        return;
    }
    let mut sorted: Vec<String> = ours.iter().map(|name| name.trim().to_lowercase()).collect();
    sorted.sort();
    let mut wanted = theirs.clone();
    wanted.sort();
    if sorted == wanted {
        found
            .add("header-order", sure)
            .saw(format!("ours   {}", ours.join(", ")))
            .saw(format!("theirs {}", theirs.join(", ")));
        return;
    }
    let only = |left: &[String], right: &[String]| -> Vec<String> {
        left.iter()
            .filter(|name| !right.contains(name))
            .cloned()
            .collect()
    };
    for (names, whose) in [
        (only(&ours, &theirs), "we signed"),
        (only(&theirs, &ours), "SignedHeaders names"),
    ] {
        if !names.is_empty() {
            found
                .add("signed-headers-differ", sure)
                .saw(format!("only {whose} {}", names.join(", ")));
        }
    }
}

/// What the gateway's own text shows without ours.
fn echoed_alone(case: &Case<'_>, found: &mut Findings) {
    let Some(theirs) = case.echoed() else { return };
    if case.ours.as_ref().is_some_and(|(_, is_told)| *is_told) || !case.found.is_empty() {
        return;
    }
    for (name, value) in &theirs.headers {
        if value.is_empty() && *name != "host" {
            found
                .add("signed-header-missing", Likelihood::VeryLikely)
                .saw(format!("{name} is signed, but arrived empty or not at all"))
                .mend(Mending::LeaveHeaderUnsigned((*name).to_owned()));
        }
        let halves = value.split_once(',');
        if halves.is_some_and(|(one, two)| one == two.trim()) {
            let code = match *name {
                "content-type" => "content-type-changed",
                "x-amz-security-token" => "session-token-not-as-signed",
                _ => "signed-header-changed",
            };
            found
                .add(code, Likelihood::VeryLikely)
                .saw(format!("{name} arrived twice"));
        }
    }
}

/// Signed headers that do not survive the way.
fn volatile_ones(case: &Case<'_>, found: &mut Findings) {
    let is_proven = case
        .found
        .iter()
        .any(|finding| !finding.mutations.is_empty());
    if is_proven || !(case.is_mismatch() || case.is_unanswered()) {
        return;
    }
    let signed = case
        .signature()
        .and_then(|signature| signature.signed_headers.clone())
        .or_else(|| {
            let theirs = case.echoed()?;
            Some(
                theirs
                    .headers
                    .iter()
                    .map(|(n, _)| (*n).to_owned())
                    .collect(),
            )
        })
        .unwrap_or_default();
    // The request as given may be the changed one: then nothing else can be found.
    let sure = if case.was_tried && case.found.is_empty() {
        Likelihood::VeryLikely
    } else {
        Likelihood::Likely
    };
    for name in signed.iter().map(|name| name.to_lowercase()) {
        if is_volatile(&name) {
            found
                .add("volatile-header-signed", sure)
                .saw(format!("{name} is signed"))
                .mend(Mending::LeaveHeaderUnsigned(name));
        }
    }
}
