//! The practice collection works without anything in a keyring.

use super::{SecretKey, SecretStore, SecretStoreError, StoreKind, StoreStatus};
use crate::practice;
use crate::secret::SecretString;

/// A store in which the secret variables of the practice collection have their published values
/// until the user sets others.
pub struct PracticeSecrets<S>(S);

impl<S: SecretStore> PracticeSecrets<S> {
    /// Stands before a store.
    pub const fn new(inner: S) -> Self {
        Self(inner)
    }

    /// The store behind it.
    pub const fn inner(&self) -> &S {
        &self.0
    }
}

impl<S: SecretStore> SecretStore for PracticeSecrets<S> {
    fn kind(&self) -> StoreKind {
        self.0.kind()
    }

    fn status(&self) -> StoreStatus {
        self.0.status()
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        let found = self.0.get(key);
        // A locked keyring may hold the user's own value, so its error stands.
        if matches!(found, Ok(None) | Err(SecretStoreError::NoService(_)))
            && let SecretKey::Variable(secret) = key
            && let Some(text) = practice::secret_variable(&secret.collection_id, &secret.variable)
        {
            return Ok(Some(SecretString::new(text)));
        }
        found
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        self.0.set(key, secret)
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        self.0.delete(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::SecretRef;
    use crate::credentials::MemoryStore;
    use crate::credentials::fake::Failing;

    fn variable(collection_id: &str, name: &str) -> SecretKey {
        SecretKey::Variable(SecretRef {
            collection_id: collection_id.to_owned(),
            environment: "practice".to_owned(),
            variable: name.to_owned(),
        })
    }

    #[test]
    fn the_published_value_stands_until_the_user_sets_another() {
        let store = PracticeSecrets::new(MemoryStore::default());
        let key = variable(practice::COLLECTION_ID, "apiKey");
        assert_eq!(
            store.get(&key),
            Ok(Some(SecretString::new(practice::API_KEY)))
        );
        store.set(&key, &SecretString::new("own")).unwrap();
        assert_eq!(store.get(&key), Ok(Some(SecretString::new("own"))));
        assert_eq!(store.get(&variable("another", "apiKey")), Ok(None));
        assert_eq!(
            store.get(&variable(practice::COLLECTION_ID, "other")),
            Ok(None)
        );
    }

    #[test]
    fn no_keyring_is_enough_and_a_locked_one_is_told() {
        let key = variable(practice::COLLECTION_ID, "apiKey");
        let none = SecretStoreError::NoService("no bus".to_owned());
        let store = PracticeSecrets::new(Failing::new(none.clone()));
        assert!(store.get(&key).unwrap().is_some());
        assert_eq!(store.get(&variable("another", "apiKey")), Err(none));

        let store = PracticeSecrets::new(Failing::new(SecretStoreError::Locked));
        assert_eq!(store.get(&key), Err(SecretStoreError::Locked));
    }
}
