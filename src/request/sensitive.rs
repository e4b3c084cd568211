//! Headers whose values nobody should see.

/// Headers whose values are masked wherever they are shown; those that AWS's own SDK masks, and
/// the API key.
const SENSITIVE: [&str; 11] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key-md5",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key-md5",
    "x-api-key",
    "x-auth-token",
];

/// Whether the value of a header (lower-case name) is masked wherever it is shown.
pub fn is_sensitive_header(name: &str) -> bool {
    SENSITIVE.contains(&name)
}
