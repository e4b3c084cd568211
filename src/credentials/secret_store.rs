//! Where secrets are kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::collection::SecretRef;
use crate::secret::SecretString;

/// The address of a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKey {
    /// A secret variable of a collection.
    Variable(SecretRef),
    /// Keys that the user put in under a profile's name: a JSON object of access key id, secret
    /// access key and session token.
    ProfileKeys(String),
    /// The external id of a role profile.
    ExternalId(String),
    /// The temporary credentials of a role profile, with their expiry.
    RoleSession(String),
}

/// What kind of store it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// The keyring of the operating system.
    Keyring,
    /// This process's memory: forgotten at exit.
    Memory,
}

/// How long secrets last, for a banner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreStatus {
    /// They are kept until they are deleted.
    Kept,
    /// They are forgotten at exit.
    UntilExit {
        /// Why.
        reason: String,
    },
}

impl StoreStatus {
    /// One line for the window, if there is something to say.
    pub fn banner(&self) -> Option<String> {
        match self {
            Self::Kept => None,
            Self::UntilExit { reason } => {
                Some(format!("Secrets are kept only until exit: {reason}"))
            }
        }
    }
}

/// Why a secret could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretStoreError {
    /// There is no keyring service.
    #[error("no keyring service answers on this system ({0})")]
    NoService(String),
    /// The keyring is locked and was not unlocked.
    #[error("the keyring is locked")]
    Locked,
    /// The keyring refused.
    #[error("the keyring refused: {0}")]
    Refused(String),
    /// No answer within the bound.
    #[error("the keyring did not answer within {seconds} s")]
    TimedOut {
        /// The bound in seconds.
        seconds: u64,
    },
}

impl SecretStoreError {
    /// What to do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoService(_) => {
                "start a keyring (gnome-keyring, KWallet) and try again, or use a profile of ~/.aws"
            }
            Self::Locked => "unlock the keyring and try again",
            Self::Refused(_) => "look into the keyring's own manager",
            Self::TimedOut { .. } => "a password prompt may be waiting; answer it and try again",
        }
    }
}

/// A store of secrets. Calls block, at the most for the store's own bound: never call one on the
/// UI thread or inside async code (use `spawn_blocking`).
pub trait SecretStore: Send + Sync {
    /// What kind it is.
    fn kind(&self) -> StoreKind;
    /// How long secrets last, as far as it is known. Never blocks.
    fn status(&self) -> StoreStatus {
        match self.kind() {
            StoreKind::Keyring => StoreStatus::Kept,
            StoreKind::Memory => StoreStatus::UntilExit {
                reason: "they are in memory, not in a keyring".to_owned(),
            },
        }
    }
    /// Reads a secret; `None` if there is none.
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError>;
    /// Writes a secret in place of an older one.
    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError>;
    /// Deletes a secret; `false` if there was none.
    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError>;
}

impl<S: SecretStore + ?Sized> SecretStore for Arc<S> {
    fn kind(&self) -> StoreKind {
        (**self).kind()
    }

    fn status(&self) -> StoreStatus {
        (**self).status()
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        (**self).get(key)
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        (**self).set(key, secret)
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        (**self).delete(key)
    }
}

/// Keeps secrets in memory until exit.
#[derive(Default)]
pub struct MemoryStore(Mutex<BTreeMap<SecretKey, SecretString>>);

impl SecretStore for MemoryStore {
    fn kind(&self) -> StoreKind {
        StoreKind::Memory
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned())
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key.clone(), secret.clone());
        Ok(())
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(key)
            .is_some())
    }
}
