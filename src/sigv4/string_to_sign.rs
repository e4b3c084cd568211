//! Step 2: the credential scope and the string to sign.

use std::fmt;

use super::RequestDateTime;

/// The algorithm's name.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// `date/region/service/aws4_request`: where and when a signature counts.
/// (`aws-sigv4` calls it `SigningScope`.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialScope {
    /// `YYYYMMDD`.
    pub date: String,
    /// The region.
    pub region: String,
    /// The service, `execute-api` for API Gateway.
    pub service: String,
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            date,
            region,
            service,
        } = self;
        write!(f, "{date}/{region}/{service}/aws4_request")
    }
}

/// Algorithm, time, scope and the canonical request's hash, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringToSign {
    /// The time of the signature.
    pub request_date_time: RequestDateTime,
    /// The scope.
    pub credential_scope: CredentialScope,
    /// Lower-case hex SHA-256 of the canonical request.
    pub hashed_canonical_request: String,
}

impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            request_date_time,
            credential_scope,
            hashed_canonical_request,
        } = self;
        write!(
            f,
            "{ALGORITHM}\n{request_date_time}\n{credential_scope}\n{hashed_canonical_request}"
        )
    }
}
