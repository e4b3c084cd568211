//! What the pipeline needs from outside.

use std::sync::Arc;

use super::{Clock, Transport};
use crate::credentials::{CredentialProvider, SecretStore};

/// The world as the pipeline sees it; tests bring fakes.
#[derive(Clone)]
pub struct Ports {
    /// Secret variables.
    pub secrets: Arc<dyn SecretStore>,
    /// Credentials by profile.
    pub credentials: Arc<dyn CredentialProvider>,
    /// The network.
    pub transport: Arc<dyn Transport>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}
