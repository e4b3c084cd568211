//! The real world, for the pipeline.

use std::future::Future;
use std::io;
use std::sync::Arc;

use super::environment_secrets::EnvironmentSecrets;
use super::exit;
use crate::credentials::{CredentialProvider, PracticeSecrets, Profiles, open_store_from_env};
use crate::engine::{EnvironmentCredentials, Ports, ReqwestTransport, SystemClock};

/// Ports over the real network, clock, profiles and secret store. The error is an exit code and a
/// message.
pub(super) fn from_environment(env_credentials: bool) -> Result<Ports, (u8, String)> {
    let transport = ReqwestTransport::new().map_err(|error| (exit::INTERNAL, error.to_string()))?;
    let secrets = open_store_from_env().map_err(|error| (exit::USAGE, error.to_string()))?;
    let credentials: Arc<dyn CredentialProvider> = if env_credentials {
        Arc::new(EnvironmentCredentials)
    } else {
        let profiles = Profiles::from_env(Arc::clone(&secrets))
            .map_err(|error| (exit::CREDENTIALS, error.to_string()))?;
        Arc::new(profiles)
    };
    Ok(Ports {
        secrets: Arc::new(EnvironmentSecrets(PracticeSecrets::new(secrets))),
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
