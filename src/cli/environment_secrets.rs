//! Secret variables from the environment, for machines without a keyring: CI.

use std::env;
use std::fmt::Write as _;

use crate::credentials::{SecretKey, SecretStore, SecretStoreError, StoreKind, StoreStatus};
use crate::secret::SecretString;

/// How such an environment variable's name begins.
const PREFIX: &str = "COUNTERSIGN_SECRET_";

/// A store whose secret variables are looked up in the environment first: `apiKey` in
/// `COUNTERSIGN_SECRET_apiKey`.
pub(super) struct EnvironmentSecrets<S>(pub(super) S);

impl<S: SecretStore> SecretStore for EnvironmentSecrets<S> {
    fn kind(&self) -> StoreKind {
        self.0.kind()
    }

    fn status(&self) -> StoreStatus {
        self.0.status()
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        if let SecretKey::Variable(secret) = key
            && let Ok(value) = env::var(environment_name(&secret.variable))
        {
            return Ok(Some(SecretString::new(value)));
        }
        self.0.get(key)
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        self.0.set(key, secret)
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        self.0.delete(key)
    }
}

/// The name of the environment variable for a secret variable: letters and digits stay, every other
/// byte becomes `_` and two hexadecimal digits, so that no two variables share one.
pub(super) fn environment_name(variable: &str) -> String {
    let mut name = PREFIX.to_owned();
    for byte in variable.bytes() {
        if byte.is_ascii_alphanumeric() {
            name.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            write!(name, "_{byte:02X}").ok();
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_variables_share_a_name() {
        assert_eq!(environment_name("apiKey"), "COUNTERSIGN_SECRET_apiKey");
        assert_eq!(
            environment_name("aws.externalId"),
            "COUNTERSIGN_SECRET_aws_2EexternalId"
        );
        let names = [
            "api-key", "api.key", "api_key", "apikey", "API_KEY", "한글", "키키",
        ];
        let mut seen: Vec<String> = names.iter().map(|name| environment_name(name)).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), names.len());
    }
}
