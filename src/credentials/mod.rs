//! Secrets and credentials: the keyring, profiles, assumed roles.

mod address;
mod aws_files;
mod book;
mod definition;
#[cfg(test)]
mod fake;
mod fallback;
mod keyring;
mod os_keyring;
mod places;
mod practice_secrets;
mod profiles;
mod provider;
mod secret_store;
mod stored;
mod sts;

pub use address::KEYRING_SERVICE;
pub use fallback::{
    OpenStoreError, STORE_VARIABLE, StoreWithFallback, open_store_from_env,
    open_window_store_from_env,
};
pub use keyring::{KEYRING_BOUND, KeyringStore};
pub use places::ProfilePlaces;
pub use practice_secrets::PracticeSecrets;
pub use profiles::{NewRole, Profiles};
pub use provider::{BoxFuture, CredentialProvider, CredentialsError, ResolvedCredentials};
pub use secret_store::{
    MemoryStore, SecretKey, SecretStore, SecretStoreError, StoreKind, StoreStatus,
};
pub use sts::StsBounds;
