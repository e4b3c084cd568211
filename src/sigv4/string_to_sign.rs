//! Step 2: the credential scope and the string to sign.

use std::fmt;

use super::RequestDateTime;

/// The name of `SigV4`'s algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// How a string to sign becomes a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// `SigV4`: an HMAC with a key derived from the secret key, for one region.
    #[default]
    HmacSha256,
    /// `SigV4a`: ECDSA with a key pair derived from the secret key, for a set of regions.
    EcdsaP256Sha256,
}

impl Algorithm {
    /// The name that stands in the string to sign.
    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha256 => ALGORITHM,
            Self::EcdsaP256Sha256 => "AWS4-ECDSA-P256-SHA256",
        }
    }
}

/// `date/region/service/aws4_request`: where and when a signature counts.
/// (`aws-sigv4` calls it `SigningScope`.) In `SigV4a` it is `date/service/aws4_request`; the regions
/// stand in `x-amz-region-set`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialScope {
    /// `YYYYMMDD`.
    pub date: String,
    /// The region; empty in `SigV4a`.
    pub region: String,
    /// The service, `execute-api` for API Gateway.
    pub service: String,
}

impl CredentialScope {
    /// Appends it as written.
    pub(super) fn write(&self, out: &mut String) {
        let Self {
            date,
            region,
            service,
        } = self;
        out.push_str(date);
        out.push('/');
        if !region.is_empty() {
            out.push_str(region);
            out.push('/');
        }
        out.push_str(service);
        out.push_str("/aws4_request");
    }
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(64);
        self.write(&mut text);
        f.write_str(&text)
    }
}

/// Algorithm, time, scope and the canonical request's hash, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringToSign {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The time of the signature.
    pub request_date_time: RequestDateTime,
    /// The scope.
    pub credential_scope: CredentialScope,
    /// Lower-case hex SHA-256 of the canonical request.
    pub hashed_canonical_request: String,
}

impl StringToSign {
    /// The whole text.
    pub fn text(&self) -> String {
        let Self {
            algorithm,
            request_date_time,
            credential_scope,
            hashed_canonical_request,
        } = self;
        let mut out = String::with_capacity(192);
        out.push_str(algorithm.name());
        out.push('\n');
        request_date_time.write(&mut out);
        out.push('\n');
        credential_scope.write(&mut out);
        out.push('\n');
        out.push_str(hashed_canonical_request);
        out
    }
}

impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
