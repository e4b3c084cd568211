//! Stores for tests.

use std::sync::{Mutex, PoisonError};

use super::{MemoryStore, SecretKey, SecretStore, SecretStoreError, StoreKind};
use crate::secret::SecretString;

/// Fails with one error as long as it is set, and keeps secrets in memory otherwise.
pub(crate) struct Failing {
    error: Mutex<Option<SecretStoreError>>,
    memory: MemoryStore,
}

impl Failing {
    pub(crate) fn new(error: impl Into<Option<SecretStoreError>>) -> Self {
        Self {
            error: Mutex::new(error.into()),
            memory: MemoryStore::default(),
        }
    }

    pub(crate) fn fail_with(&self, error: Option<SecretStoreError>) {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }

    fn check(&self) -> Result<(), SecretStoreError> {
        let error = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        error.clone().map_or(Ok(()), Err)
    }
}

impl SecretStore for Failing {
    fn kind(&self) -> StoreKind {
        StoreKind::Keyring
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        self.check()?;
        self.memory.get(key)
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        self.check()?;
        self.memory.set(key, secret)
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        self.check()?;
        self.memory.delete(key)
    }
}
