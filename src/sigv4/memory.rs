//! What need not be made again for the next request that the same credentials sign.

use std::fmt;

use aws_credential_types::Credentials as SdkCredentials;
use aws_smithy_runtime_api::client::identity::Identity;

use super::Credentials;
use super::signing_key::SigningKey;
use super::string_to_sign::CredentialScope;
use crate::secret::SecretString;

/// The last credentials in the crate's form and the last signing key.
///
/// It is as secret as they are: wiped on drop, never printed, and owned by whoever signs many
/// requests at once instead of lying about for the next one.
#[derive(Default)]
pub struct SigningMemory {
    identity: Option<(Credentials, Identity)>,
    key: Option<(SecretString, CredentialScope, SigningKey)>,
}

impl SigningMemory {
    /// The credentials in the crate's form, with the token that is sent.
    pub(super) fn identity(
        &mut self,
        credentials: &Credentials,
        token: Option<&SecretString>,
    ) -> &Identity {
        let known = self.identity.take().filter(|(known, _)| {
            known.access_key_id == credentials.access_key_id
                && known.secret_access_key == credentials.secret_access_key
                && known.session_token.as_ref() == token
        });
        let identity = known.unwrap_or_else(|| {
            let sent = Credentials {
                session_token: token.cloned(),
                ..credentials.clone()
            };
            let identity = SdkCredentials::new(
                &sent.access_key_id,
                sent.secret_access_key.expose(),
                token.map(|token| token.expose().to_owned()),
                None,
                "countersign",
            )
            .into();
            (sent, identity)
        });
        &self.identity.insert(identity).1
    }

    /// The signing key of a scope.
    pub(super) fn key(&mut self, secret: &SecretString, scope: &CredentialScope) -> SigningKey {
        if let Some((known, of, key)) = &self.key
            && known == secret
            && of == scope
        {
            return key.clone();
        }
        let key = SigningKey::derive(secret, scope);
        self.key = Some((secret.clone(), scope.clone(), key.clone()));
        key
    }
}

impl fmt::Debug for SigningMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningMemory(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn scope(region: &str) -> CredentialScope {
        CredentialScope {
            date: "20150830".into(),
            region: region.into(),
            service: "execute-api".into(),
        }
    }

    #[test]
    fn a_key_is_that_of_its_secret_and_scope() {
        let mut memory = SigningMemory::default();
        let other = format!("{SECRET}2");
        for (secret, region) in [
            (SECRET, "us-east-1"),
            (SECRET, "us-east-1"),
            (SECRET, "eu-west-1"),
            (&other, "eu-west-1"),
        ] {
            let secret = SecretString::new(secret);
            let key = memory.key(&secret, &scope(region));
            assert!(key == SigningKey::derive(&secret, &scope(region)));
        }
        assert_eq!(format!("{memory:?}"), "SigningMemory(redacted)");
    }

    #[test]
    fn an_identity_is_that_of_its_credentials_and_token() {
        let mut memory = SigningMemory::default();
        let token = SecretString::new("a token");
        for (id, secret, token) in [
            ("AKIAIOSFODNN7EXAMPLE", SECRET, None),
            ("AKIAIOSFODNN7EXAMPLE", SECRET, None),
            ("AKIAIOSFODNN7EXAMPLE", SECRET, Some(&token)),
            ("AKIAIOSFODNN7EXAMPLE", SECRET, None),
            ("AKIAI44QH8DHBEXAMPLE", SECRET, None),
            ("AKIAI44QH8DHBEXAMPLE", "another secret", None),
        ] {
            let identity = memory.identity(&Credentials::new(id, secret), token);
            let made = identity.data::<SdkCredentials>().unwrap();
            assert_eq!(made.access_key_id(), id);
            assert_eq!(made.secret_access_key(), secret);
            assert_eq!(made.session_token(), token.map(SecretString::expose));
        }
    }
}
