//! Headers whose values nobody should see.

/// AWS's own headers whose values are masked wherever they are shown. What else begins with
/// `x-amz` is a date, a hash, an id.
const OF_AWS: [&str; 6] = [
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key-md5",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key-md5",
];

/// Parts between dashes that name a secret, alone or as the end of a part (`csrftoken`).
const PARTS: [&str; 16] = [
    "apikey",
    "auth",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "session",
    "sessionid",
    "signature",
    "token",
];

/// Keys that lock nothing.
const OPEN_KEYS: [&str; 4] = [
    "x-cache-key",
    "x-idempotency-key",
    "x-partition-key",
    "x-surrogate-key",
];

/// Whether the value of a header (lower-case name) is masked wherever it is shown. Owners name
/// their secrets as they like: parts of the name tell.
pub fn is_sensitive_header(name: &str) -> bool {
    if (name.starts_with("x-amz-") && !name.starts_with("x-amz-meta-"))
        || name.starts_with("x-amzn-")
    {
        return OF_AWS.contains(&name);
    }
    // `access-control-allow-credentials` says yes or no.
    if name.starts_with("access-control-") || OPEN_KEYS.contains(&name) {
        return false;
    }
    let is_key = name.ends_with("-key") && (name.starts_with("x-") || name.ends_with("api-key"));
    let is_joined = [
        "api_key",
        "access-key",
        "access_key",
        "secret_key",
        "accesskey",
    ]
    .iter()
    .any(|joined| name.ends_with(joined));
    is_key
        || is_joined
        || name.split(['-', '_', '.']).any(|part| {
            PARTS
                .iter()
                .any(|known| part == *known || (known.len() > 4 && part.ends_with(known)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_by_their_parts() {
        for name in [
            "api-key",
            "apikey",
            "authorization",
            "cookie",
            "csrftoken",
            "proxy-authorization",
            "set-cookie",
            "x-access-token",
            "x-amz-s3session-token",
            "x-amz-security-token",
            "x-amz-server-side-encryption-customer-key-md5",
            "x-api-key",
            "x-auth-token",
            "x-client-credential",
            "x-csrf-token",
            "x-functions-key",
            "x-hub-signature-256",
            "x-my_password",
            "x-secret",
            "x-session-id",
            "x-vault-token",
            "x_api_key",
        ] {
            assert!(is_sensitive_header(name), "{name}");
        }
    }

    #[test]
    fn other_headers_stay_visible() {
        for name in [
            "",
            ":authority",
            "accept",
            "access-control-allow-credentials",
            "content-type",
            "date",
            "host",
            "idempotency-key",
            "sec-websocket-key",
            "user-agent",
            "www-authenticate",
            "x-amz-apigw-id",
            "x-amz-content-sha256",
            "x-amz-date",
            "x-amz-invocation-type",
            "x-amzn-errortype",
            "x-amzn-requestid",
            "x-amzn-trace-id",
            "x-forwarded-for",
            "x-idempotency-key",
            "x-keyboard",
            "x-monkey",
            "x-request-id",
        ] {
            assert!(!is_sensitive_header(name), "{name}");
        }
    }
}
