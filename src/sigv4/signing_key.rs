//! Steps 3 and 4: the signing key and the signature.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::CredentialScope;
use super::canonical_request::hex;
use crate::secret::SecretString;

/// The chain `kDate → kRegion → kService → kSigning`; each link is the HMAC key of the next.
///
/// Whoever has one can sign within its scope, so they are wiped on drop and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// `HMAC("AWS4" + secret, date)`.
    pub date: Zeroizing<[u8; 32]>,
    /// `HMAC(kDate, region)`.
    pub region: Zeroizing<[u8; 32]>,
    /// `HMAC(kRegion, service)`.
    pub service: Zeroizing<[u8; 32]>,
    /// `HMAC(kService, "aws4_request")`.
    pub signing: Zeroizing<[u8; 32]>,
}

impl SigningKey {
    /// Derives the chain for a scope.
    pub fn derive(secret_access_key: &SecretString, scope: &CredentialScope) -> Self {
        let start = Zeroizing::new(format!("AWS4{}", secret_access_key.expose()));
        let date = hmac_sha256(start.as_bytes(), scope.date.as_bytes());
        let region = hmac_sha256(&*date, scope.region.as_bytes());
        let service = hmac_sha256(&*region, scope.service.as_bytes());
        let signing = hmac_sha256(&*service, b"aws4_request");
        Self {
            date,
            region,
            service,
            signing,
        }
    }

    /// The signature of a string to sign: 64 lower-case hex digits.
    pub fn sign(&self, string_to_sign: &str) -> String {
        hex(&hmac_sha256(&*self.signing, string_to_sign.as_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(redacted)")
    }
}

fn hmac_sha256(key: &[u8], data: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(data);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of AWS's document "Examples of how to derive a signing key" (2012).
    #[test]
    fn the_documented_chain() {
        let scope = CredentialScope {
            date: "20120215".into(),
            region: "us-east-1".into(),
            service: "iam".into(),
        };
        let key = SigningKey::derive(
            &SecretString::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            &scope,
        );
        assert_eq!(
            hex::encode(*key.date),
            "969fbb94feb542b71ede6f87fe4d5fa29c789342b0f407474670f0c2489e0a0d"
        );
        assert_eq!(
            hex::encode(*key.region),
            "69daa0209cd9c5ff5c8ced464a696fd4252e981430b10e3d3fd8e2f197d7a70c"
        );
        assert_eq!(
            hex::encode(*key.service),
            "f72cfd46f26bc4643f06a11eabb6c0ba18780c19a8da0c31ace671265e3c87fa"
        );
        assert_eq!(
            hex::encode(*key.signing),
            "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"
        );
        assert_eq!(format!("{key:?}"), "SigningKey(redacted)");
    }
}
