//! Secret variables from the environment, for machines without a keyring: CI.

use std::env;

use crate::credentials::{SecretKey, SecretStore, SecretStoreError, StoreKind, StoreStatus};
use crate::secret::SecretString;

/// How such an environment variable's name begins.
const PREFIX: &str = "COUNTERSIGN_SECRET_";

/// A store whose secret variables are looked up in the environment first: `apiKey` in
/// `COUNTERSIGN_SECRET_APIKEY`.
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

/// The name of the environment variable for a secret variable.
fn environment_name(variable: &str) -> String {
    let name: String = variable
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("{PREFIX}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_a_shell_can_export() {
        assert_eq!(environment_name("apiKey"), "COUNTERSIGN_SECRET_APIKEY");
        assert_eq!(
            environment_name("aws.externalId"),
            "COUNTERSIGN_SECRET_AWS_EXTERNALID"
        );
    }
}
