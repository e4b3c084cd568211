//! Which store the program uses, and what the window does where there is no keyring.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    KeyringStore, MemoryStore, SecretKey, SecretStore, SecretStoreError, StoreKind, StoreStatus,
};
use crate::secret::SecretString;

/// The environment variable that chooses the store.
pub const STORE_VARIABLE: &str = "COUNTERSIGN_SECRETS";

/// Why there is no store.
#[derive(Debug, thiserror::Error)]
pub enum OpenStoreError {
    /// The choice is for a later version.
    #[error(
        "COUNTERSIGN_SECRETS=file: an encrypted file is not in this version; use keyring or memory"
    )]
    FileNotYet,
    /// The choice is unknown.
    #[error("COUNTERSIGN_SECRETS={0}: not a secret store; use keyring or memory")]
    Unknown(String),
    /// The keyring's thread could not be started.
    #[error("cannot start the keyring's thread")]
    Thread(#[from] std::io::Error),
}

/// The store that `COUNTERSIGN_SECRETS` chooses, strictly: without a keyring service its calls
/// fail. For the terminal, where secrets kept until exit would be lost at once.
pub fn open_store_from_env() -> Result<Arc<dyn SecretStore>, OpenStoreError> {
    Ok(match choice(std::env::var_os(STORE_VARIABLE).as_deref())? {
        StoreKind::Keyring => Arc::new(KeyringStore::start()?),
        StoreKind::Memory => Arc::new(MemoryStore::default()),
    })
}

/// The same for the window: without a keyring service secrets are kept until exit, and
/// [`SecretStore::status`] says so.
pub fn open_window_store_from_env() -> Result<Arc<dyn SecretStore>, OpenStoreError> {
    Ok(match choice(std::env::var_os(STORE_VARIABLE).as_deref())? {
        StoreKind::Keyring => Arc::new(StoreWithFallback::new(KeyringStore::start()?)),
        StoreKind::Memory => Arc::new(MemoryStore::default()),
    })
}

fn choice(value: Option<&std::ffi::OsStr>) -> Result<StoreKind, OpenStoreError> {
    match value.map(|value| value.to_string_lossy()).as_deref() {
        None | Some("" | "keyring") => Ok(StoreKind::Keyring),
        Some("memory") => Ok(StoreKind::Memory),
        Some("file") => Err(OpenStoreError::FileNotYet),
        Some(other) => Err(OpenStoreError::Unknown(other.to_owned())),
    }
}

/// A store that keeps secrets in memory while the one behind it has no service.
///
/// It tries the service again at each call; a locked keyring or a refusal is an error, not a
/// reason to keep secrets elsewhere.
pub struct StoreWithFallback<S> {
    store: S,
    memory: MemoryStore,
    /// Why the last call found no service.
    missing: Mutex<Option<String>>,
}

impl<S: SecretStore> StoreWithFallback<S> {
    /// Stands before a store.
    pub fn new(store: S) -> Self {
        Self {
            store,
            memory: MemoryStore::default(),
            missing: Mutex::default(),
        }
    }

    /// Passes a result on; `None` if there is no service and memory has to answer.
    fn unless_missing<T>(
        &self,
        result: Result<T, SecretStoreError>,
    ) -> Result<Option<T>, SecretStoreError> {
        let (missing, result) = match result {
            Err(SecretStoreError::NoService(reason)) => (Some(reason), Ok(None)),
            other => (None, other.map(Some)),
        };
        *self.missing.lock().unwrap_or_else(PoisonError::into_inner) = missing;
        result
    }
}

impl<S: SecretStore> SecretStore for StoreWithFallback<S> {
    fn kind(&self) -> StoreKind {
        match self.status() {
            StoreStatus::Kept => self.store.kind(),
            StoreStatus::UntilExit { .. } => StoreKind::Memory,
        }
    }

    fn status(&self) -> StoreStatus {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        match missing.as_ref() {
            None => self.store.status(),
            Some(reason) => StoreStatus::UntilExit {
                reason: format!("no OS keyring answers ({reason})"),
            },
        }
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        match self.unless_missing(self.store.get(key))? {
            Some(Some(secret)) => Ok(Some(secret)),
            // Set while there was no service, or still is none.
            Some(None) | None => self.memory.get(key),
        }
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        match self.unless_missing(self.store.set(key, secret))? {
            Some(()) => self.memory.delete(key).map(|_| ()),
            None => self.memory.set(key, secret),
        }
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        let deleted = self
            .unless_missing(self.store.delete(key))?
            .unwrap_or(false);
        Ok(self.memory.delete(key)? || deleted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::fake::Failing;

    fn key() -> SecretKey {
        SecretKey::ProfileKeys("dev".to_owned())
    }

    #[test]
    fn without_a_keyring_secrets_are_kept_until_exit_and_it_says_so() {
        let store = StoreWithFallback::new(Failing::new(SecretStoreError::NoService(
            "no bus".to_owned(),
        )));
        store.set(&key(), &SecretString::new("s")).unwrap();
        assert_eq!(store.get(&key()), Ok(Some(SecretString::new("s"))));
        assert_eq!(
            store.status().banner().unwrap(),
            "Secrets are kept only until exit: no OS keyring answers (no bus)"
        );
        assert_eq!(store.kind(), StoreKind::Memory);
        assert_eq!(store.delete(&key()), Ok(true));
        assert_eq!(store.get(&key()), Ok(None));
    }

    #[test]
    fn a_keyring_that_starts_later_is_used_and_nothing_is_lost() {
        let store = StoreWithFallback::new(Failing::new(SecretStoreError::NoService(
            "no bus".to_owned(),
        )));
        store.set(&key(), &SecretString::new("early")).unwrap();
        store.store.fail_with(None);
        assert_eq!(store.get(&key()), Ok(Some(SecretString::new("early"))));
        assert_eq!(store.status(), StoreStatus::Kept);
        store.set(&key(), &SecretString::new("kept")).unwrap();
        assert_eq!(store.memory.get(&key()), Ok(None));
        assert_eq!(store.store.get(&key()), Ok(Some(SecretString::new("kept"))));
    }

    #[test]
    fn a_locked_keyring_is_an_error_and_gets_no_copy_in_memory() {
        let store = StoreWithFallback::new(Failing::new(SecretStoreError::Locked));
        assert_eq!(
            store.set(&key(), &SecretString::new("s")),
            Err(SecretStoreError::Locked)
        );
        assert_eq!(store.memory.get(&key()), Ok(None));
        assert_eq!(store.status(), StoreStatus::Kept);
    }

    #[test]
    fn the_environment_chooses_the_store() {
        let choice = |text: &str| choice(Some(text.as_ref()));
        assert_eq!(super::choice(None).unwrap(), StoreKind::Keyring);
        assert_eq!(choice("keyring").unwrap(), StoreKind::Keyring);
        assert_eq!(choice("memory").unwrap(), StoreKind::Memory);
        assert!(matches!(choice("file"), Err(OpenStoreError::FileNotYet)));
        assert!(matches!(choice("vault"), Err(OpenStoreError::Unknown(name)) if name == "vault"));
    }
}
