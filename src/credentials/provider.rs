//! Who gives credentials for a profile.

use std::future::Future;
use std::pin::Pin;
use std::time::SystemTime;

use crate::sigv4::Credentials;

/// A future that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Credentials and where they came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedCredentials {
    /// What to sign with.
    pub credentials: Credentials,
    /// Who that is, in words: `profile “dev” (~/.aws/credentials)`.
    pub signed_as: String,
    /// The profile's region, if it has one.
    pub region: Option<String>,
    /// When temporary credentials end.
    pub expires_at: Option<SystemTime>,
}

/// Why there are no credentials. Nothing is sent then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CredentialsError {
    /// What failed and where: names the profile and the link of its chain.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Whether nobody answered, rather than refused.
    pub is_network: bool,
}

impl CredentialsError {
    /// A failure with its way out.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: Some(hint.into()),
            is_network: false,
        }
    }

    /// A failure of the network with its way out.
    pub fn network(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            is_network: true,
            ..Self::new(message, hint)
        }
    }

    /// The same failure, told from further up the chain.
    #[must_use]
    pub fn told(self, message: impl FnOnce(&str) -> String) -> Self {
        Self {
            message: message(&self.message),
            ..self
        }
    }
}

/// Gives credentials for a profile.
pub trait CredentialProvider: Send + Sync {
    /// Loads them; `now` decides what has expired. Never prompts, and ends within its own bound.
    fn load<'a>(
        &'a self,
        profile: &'a str,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<ResolvedCredentials, CredentialsError>>;
}
