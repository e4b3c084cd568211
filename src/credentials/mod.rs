//! Secrets and credentials: the keyring, profiles, assumed roles.

mod address;
#[cfg(test)]
mod fake;
mod fallback;
mod keyring;
mod os_keyring;
mod practice_secrets;
mod provider;
mod secret_store;

pub use address::KEYRING_SERVICE;
pub use fallback::{
    OpenStoreError, STORE_VARIABLE, StoreWithFallback, open_store_from_env,
    open_window_store_from_env,
};
pub use keyring::{KEYRING_BOUND, KeyringStore};
pub use practice_secrets::PracticeSecrets;
pub use provider::{BoxFuture, CredentialProvider, CredentialsError, ResolvedCredentials};
pub use secret_store::{
    MemoryStore, SecretKey, SecretStore, SecretStoreError, StoreKind, StoreStatus,
};
