//! Secrets and credentials: the keyring, profiles, assumed roles.

mod provider;
mod secret_store;

pub use provider::{BoxFuture, CredentialProvider, CredentialsError, ResolvedCredentials};
pub use secret_store::{MemoryStore, SecretKey, SecretStore, SecretStoreError, StoreKind};
