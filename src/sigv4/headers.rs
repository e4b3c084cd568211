//! Which headers are signed, and why.

use super::settings::SignedHeadersRule;

/// The four that `aws-sigv4` never signs.
const NEVER_SIGNED: [&str; 4] = [
    "authorization",
    "user-agent",
    "x-amzn-trace-id",
    "transfer-encoding",
];

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

/// Whether a header is signed, and the reason in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderChoice {
    /// The name, lower-case.
    pub name: String,
    /// Whether it is signed.
    pub is_signed: bool,
    /// Why, or why not.
    pub reason: &'static str,
}

/// Decides for each header name (lower-case) whether it is signed.
pub fn choose_headers<'a>(
    names: impl IntoIterator<Item = &'a str>,
    rule: &SignedHeadersRule,
) -> Vec<HeaderChoice> {
    names
        .into_iter()
        .map(|name| {
            let (is_signed, reason) = choose(name, rule);
            HeaderChoice {
                name: name.to_owned(),
                is_signed,
                reason,
            }
        })
        .collect()
}

fn choose(name: &str, rule: &SignedHeadersRule) -> (bool, &'static str) {
    if NEVER_SIGNED.contains(&name) {
        return (
            false,
            "never signed: it carries the signature, or is rewritten on the way",
        );
    }
    match rule {
        SignedHeadersRule::EverythingBut(names) => {
            if names
                .iter()
                .any(|unsigned| unsigned.eq_ignore_ascii_case(name))
            {
                (false, "left out by choice")
            } else {
                (true, "everything that is given is signed")
            }
        }
        SignedHeadersRule::Default => match name {
            "host" => (true, "must be signed: it binds the signature to this API"),
            "content-type" => (
                true,
                "signed when sent, so that the body's type cannot be changed",
            ),
            "x-api-key" => (
                false,
                "the usage plan checks it, not IAM; a signature does not need it",
            ),
            _ if name.starts_with("x-amz-") => (true, "every x-amz-* header must be signed"),
            _ if VOLATILE.contains(&name)
                || VOLATILE_PREFIXES
                    .iter()
                    .any(|prefix| name.starts_with(prefix)) =>
            {
                (false, "not signed: proxies and connections change it")
            }
            "accept" => (false, "not signed: clients and proxies fill it in"),
            _ => (true, "signed so that nobody can change it on the way"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volatile_headers_are_left_out_by_default() {
        let signed = |name| choose(name, &SignedHeadersRule::Default).0;
        for name in [
            "host",
            "content-type",
            "x-amz-date",
            "x-amz-target",
            "x-demo",
            "range",
        ] {
            assert!(signed(name), "{name}");
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
            assert!(!signed(name), "{name}");
        }
    }

    #[test]
    fn replaying_vectors_signs_everything_given() {
        let rule = SignedHeadersRule::EverythingBut(vec!["X-Out".into()]);
        assert!(choose("content-length", &rule).0);
        assert!(!choose("x-out", &rule).0);
        assert!(!choose("user-agent", &rule).0);
    }
}
