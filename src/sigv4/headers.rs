//! Which headers are signed, and why.

use super::settings::{HeadersBase, Placement, SignedHeadersRule};

/// Headers that `aws-sigv4` leaves out by itself: rewritten on the way.
const REWRITTEN: [&str; 3] = ["user-agent", "x-amzn-trace-id", "transfer-encoding"];

/// Headers that the crate never signs in a presigned URL.
const NEVER_PRESIGNED: [&str; 2] = ["x-amz-user-agent", "x-amz-checksum-mode"];

/// Headers that a proxy, a client library or the connection itself may change on the way: signing
/// them breaks calls that were right.
const VOLATILE: [&str; 22] = [
    "accept-encoding",
    "baggage",
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "from",
    "keep-alive",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "upgrade",
    "via",
];

/// Families of such headers, by how their names begin.
const VOLATILE_PREFIXES: [&str; 3] = ["sec-", "x-forwarded-", "x-b3-"];

const LEFT_OUT: &str = "left out by choice";
const TAKEN_IN: &str = "signed by choice";

/// Whether a header is signed, and the reason in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderChoice {
    /// The name, lower-case.
    pub name: String,
    /// Whether it is signed.
    pub is_signed: bool,
    /// Whether somebody switched it by hand.
    pub is_by_choice: bool,
    /// Why, or why not.
    pub reason: &'static str,
}

/// Decides for each header name (lower-case) whether it is signed.
pub fn choose_headers<'a>(
    names: impl IntoIterator<Item = &'a str>,
    rule: &SignedHeadersRule,
    placement: Placement,
) -> Vec<HeaderChoice> {
    names
        .into_iter()
        .map(|name| {
            let (is_signed, reason) = choose(name, rule, placement);
            HeaderChoice {
                name: name.to_owned(),
                is_signed,
                is_by_choice: [LEFT_OUT, TAKEN_IN].contains(&reason),
                reason,
            }
        })
        .collect()
}

/// Whether a header (lower-case name) is changed on the way by proxies, client libraries or the
/// connection.
pub(super) fn is_volatile(name: &str) -> bool {
    REWRITTEN.contains(&name)
        || VOLATILE.contains(&name)
        || VOLATILE_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

fn choose(name: &str, rule: &SignedHeadersRule, placement: Placement) -> (bool, &'static str) {
    let is_on = |list: &[String]| list.iter().any(|given| given.eq_ignore_ascii_case(name));
    if name == "authorization" {
        return (false, "never signed: it carries the signature");
    }
    if placement.is_query() && NEVER_PRESIGNED.contains(&name) {
        return (false, "never signed in a presigned URL");
    }
    if is_on(&rule.unsigned) {
        return (false, LEFT_OUT);
    }
    if is_on(&rule.signed) {
        return (true, TAKEN_IN);
    }
    if REWRITTEN.contains(&name) {
        return (false, "not signed: it is rewritten on the way");
    }
    if rule.base == HeadersBase::Everything {
        return (true, "everything that is given is signed");
    }
    match name {
        "host" => (true, "must be signed: it binds the signature to this API"),
        _ if name.starts_with("x-amz-") => (true, "every x-amz-* header must be signed"),
        "x-api-key" => (
            false,
            "the usage plan checks it, not IAM; a signature does not need it",
        ),
        _ if is_volatile(name) => (false, "not signed: proxies and connections change it"),
        "accept" => (false, "not signed: clients and proxies fill it in"),
        _ if placement.is_query() => (
            false,
            "not signed: whoever opens a presigned URL would have to send it too",
        ),
        "content-type" => (
            true,
            "signed when sent, so that the body's type cannot be changed",
        ),
        _ => (true, "signed so that nobody can change it on the way"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_signed(name: &str, rule: &SignedHeadersRule) -> bool {
        choose(name, rule, Placement::Header).0
    }

    #[test]
    fn volatile_headers_are_left_out_by_default() {
        let rule = SignedHeadersRule::default();
        for name in [
            "host",
            "content-type",
            "x-amz-date",
            "x-amz-target",
            "x-demo",
            "range",
        ] {
            assert!(is_signed(name, &rule), "{name}");
        }
        for name in [
            "user-agent",
            "accept-encoding",
            "content-length",
            "connection",
            "x-forwarded-for",
            "sec-fetch-mode",
            "te",
        ] {
            assert!(!is_signed(name, &rule), "{name}");
        }
    }

    #[test]
    fn replaying_vectors_signs_everything_given() {
        let rule = SignedHeadersRule::everything_but(vec!["X-Out".into()]);
        assert!(is_signed("content-length", &rule));
        assert!(!is_signed("x-out", &rule));
        assert!(!is_signed("user-agent", &rule));
    }

    #[test]
    fn each_header_can_be_switched_but_the_one_with_the_signature() {
        let rule = SignedHeadersRule {
            signed: vec![
                "X-Api-Key".into(),
                "user-agent".into(),
                "authorization".into(),
            ],
            unsigned: vec!["content-type".into(), "host".into()],
            ..SignedHeadersRule::default()
        };
        assert!(is_signed("x-api-key", &rule) && is_signed("user-agent", &rule));
        assert!(!is_signed("content-type", &rule) && !is_signed("host", &rule));
        assert!(!is_signed("authorization", &rule));
    }

    #[test]
    fn a_presigned_url_asks_for_as_few_headers_as_it_can() {
        let query = Placement::Query { expires: 900 };
        let signed = |name| choose(name, &SignedHeadersRule::default(), query).0;
        assert!(signed("host") && signed("x-amz-target"));
        assert!(!signed("content-type") && !signed("x-demo") && !signed("x-amz-user-agent"));
    }
}
