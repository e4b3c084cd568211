//! What one signs with.

use crate::secret::SecretString;

/// Access key id, secret access key and, for temporary credentials, the session token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// `AKIA…` for long-lived, `ASIA…` for temporary ones; it travels in the clear.
    pub access_key_id: String,
    /// The secret; it never travels.
    pub secret_access_key: SecretString,
    /// Goes with temporary credentials, in `x-amz-security-token`.
    pub session_token: Option<SecretString>,
}

impl Credentials {
    /// Long-lived credentials.
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: SecretString::new(secret_access_key),
            session_token: None,
        }
    }

    /// Whether these are from AWS's documentation, so that showing their keys gives nothing away.
    pub fn are_examples(&self) -> bool {
        self.access_key_id.ends_with("EXAMPLE")
            && self.secret_access_key.expose().ends_with("EXAMPLEKEY")
    }
}
