//! What is done with the secret store, on a blocking thread.

use crate::collection::SecretRef;
use crate::credentials::{SecretKey, SecretStore, SecretStoreError};
use crate::practice;
use crate::secret::SecretString;
use crate::state::{Command, Failure};

/// Asks which secrets have a value.
pub(super) fn find(store: &dyn SecretStore, secrets: Vec<SecretRef>) -> Command {
    let found = secrets.into_iter().filter_map(|secret| {
        let value = store.get(&SecretKey::Variable(secret.clone())).ok()?;
        Some((secret, value.is_some()))
    });
    Command::SecretsFound(found.collect())
}

/// Puts a value into the store.
pub(super) fn store(store: &dyn SecretStore, secret: SecretRef, value: &SecretString) -> Command {
    let result = store
        .set(&SecretKey::Variable(secret.clone()), value)
        .map_err(|error| failure(&error));
    Command::SecretStored(secret, result)
}

/// Puts values under other addresses too. When one cannot be, those before it are taken back: what
/// stood at their addresses stands there again.
pub(super) fn copy(
    store: &dyn SecretStore,
    secrets: &[(SecretRef, SecretRef)],
) -> Result<(), Failure> {
    let mut done: Vec<(SecretKey, Option<SecretString>)> = Vec::new();
    for (from, to) in secrets {
        let copied = copy_one(store, from, to);
        match copied {
            Ok(Some(before)) => done.push(before),
            Ok(None) => {}
            Err(error) => {
                for (key, before) in done {
                    let restored = match before {
                        Some(value) => store.set(&key, &value),
                        None => store.delete(&key).map(|_| ()),
                    };
                    if let Err(error) = restored {
                        tracing::warn!(%error, "a copy of a secret could not be taken back");
                    }
                }
                return Err(failure(&error));
            }
        }
    }
    Ok(())
}

/// Copies one value; gives what stood at its address before, or `None` when there is nothing to
/// copy.
fn copy_one(
    store: &dyn SecretStore,
    from: &SecretRef,
    to: &SecretRef,
) -> Result<Option<(SecretKey, Option<SecretString>)>, SecretStoreError> {
    let Some(value) = store.get(&SecretKey::Variable(from.clone()))? else {
        return Ok(None);
    };
    // The practice collection's published values stand under every name by themselves.
    if practice::secret_variable(&from.collection_id, &from.variable) == Some(value.expose()) {
        return Ok(None);
    }
    let key = SecretKey::Variable(to.clone());
    let before = store.get(&key)?;
    store.set(&key, &value)?;
    Ok(Some((key, before)))
}

/// Takes values out of the store.
pub(super) fn delete(store: &dyn SecretStore, secrets: Vec<SecretRef>) -> Command {
    let mut gone = Vec::new();
    let mut result = Ok(());
    for secret in secrets {
        match store.delete(&SecretKey::Variable(secret.clone())) {
            Ok(_) => gone.push(secret),
            Err(error) => {
                result = Err(Failure::new(
                    format!(
                        "The value of “{}” under its old environment “{}” is still in the keyring: {error}",
                        secret.variable, secret.environment
                    ),
                    Some("delete it in the keyring's own manager".to_owned()),
                ));
            }
        }
    }
    Command::SecretsDeleted(gone, result)
}

fn failure(error: &SecretStoreError) -> Failure {
    Failure::new(error.to_string(), Some(error.hint().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::{MemoryStore, StoreKind};

    /// Refuses to write one variable.
    struct Refusing(MemoryStore, &'static str);

    impl SecretStore for Refusing {
        fn kind(&self) -> StoreKind {
            self.0.kind()
        }
        fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
            self.0.get(key)
        }
        fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
            match key {
                SecretKey::Variable(variable) if variable.variable == self.1 => {
                    Err(SecretStoreError::Locked)
                }
                _ => self.0.set(key, secret),
            }
        }
        fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
            self.0.delete(key)
        }
    }

    fn secret(environment: &str, variable: &str) -> SecretRef {
        SecretRef {
            collection_id: "c".into(),
            environment: environment.into(),
            variable: variable.into(),
        }
    }

    fn value(store: &dyn SecretStore, secret: SecretRef) -> Option<String> {
        let found = store.get(&SecretKey::Variable(secret)).unwrap();
        found.map(|value| value.expose().to_owned())
    }

    #[test]
    fn copies_are_made_of_all_or_of_none() {
        let inner = MemoryStore::default();
        for (environment, variable, text) in
            [("old", "a", "1"), ("old", "b", "2"), ("new", "a", "0")]
        {
            let key = SecretKey::Variable(secret(environment, variable));
            inner.set(&key, &SecretString::new(text)).unwrap();
        }
        let pairs = ["a", "b", "without a value"]
            .map(|variable| (secret("old", variable), secret("new", variable)));
        let store = Refusing(inner, "b");
        let failed = copy(&store, &pairs).unwrap_err();
        assert!(failed.message.contains("locked") && failed.hint.is_some());
        assert_eq!(value(&store, secret("new", "a")).as_deref(), Some("0"));
        let store = store.0;
        assert_eq!(copy(&store, &pairs), Ok(()));
        assert_eq!(value(&store, secret("new", "a")).as_deref(), Some("1"));
        assert_eq!(value(&store, secret("new", "b")).as_deref(), Some("2"));
        assert_eq!(value(&store, secret("old", "b")).as_deref(), Some("2"));
        let gone = vec![secret("old", "a"), secret("old", "b")];
        assert_eq!(
            delete(&store, gone.clone()),
            Command::SecretsDeleted(gone, Ok(()))
        );
        assert_eq!(value(&store, secret("old", "a")), None);
    }
}
