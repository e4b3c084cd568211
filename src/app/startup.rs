//! What the window stands on: the real world, or one that tests bring.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file_dialogs::{FileDialogs, SystemDialogs};
use super::practice_files;
use crate::credentials::{
    CredentialsError, OpenStoreError, PracticeSecrets, Profiles, open_window_store_from_env,
};
use crate::engine::{Ports, ReqwestTransport, SystemClock};
use crate::practice;
use crate::state::{Command, Settings};
use crate::storage::{Home, HomeError};

/// The world as the window sees it; tests bring their own.
#[derive(Clone)]
pub struct AppPorts {
    /// What sending needs.
    pub engine: Ports,
    /// What one can sign as; the same that `engine` asks for credentials.
    pub profiles: Arc<Profiles>,
    /// Where the user's own things are kept.
    pub home: Home,
    /// The desktop's dialogs for files.
    pub dialogs: Arc<dyn FileDialogs>,
    /// Where the practice gateway listens, if it is free.
    pub gateway_listen: SocketAddr,
}

/// Why the window could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// There is no place for settings.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// There is no secret store.
    #[error(transparent)]
    Secrets(#[from] OpenStoreError),
    /// The profiles cannot be found.
    #[error(transparent)]
    Profiles(#[from] CredentialsError),
    /// TLS could not be set up.
    #[error("the network could not be set up: {0}")]
    Transport(String),
    /// No threads.
    #[error("no thread could be started: {0}")]
    Threads(std::io::Error),
}

impl AppPorts {
    /// The real world, as the environment names it.
    pub fn real() -> Result<Self, StartupError> {
        let home = Home::from_env()?;
        home.ensure()?;
        let store = open_window_store_from_env()?;
        let profiles = Arc::new(Profiles::from_env(Arc::clone(&store))?);
        let transport =
            ReqwestTransport::new().map_err(|error| StartupError::Transport(error.to_string()))?;
        Ok(Self {
            engine: Ports {
                secrets: Arc::new(PracticeSecrets::new(store)),
                credentials: Arc::clone(&profiles) as _,
                transport: Arc::new(transport),
                clock: Arc::new(SystemClock),
            },
            profiles,
            home,
            dialogs: Arc::new(SystemDialogs),
            gateway_listen: practice::DEFAULT_LISTEN
                .parse()
                .unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0))),
        })
    }
}

/// What the window begins with.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The collection to open, in place of the last one.
    pub collection: Option<PathBuf>,
}

impl Start {
    /// The first commands: the collection that was asked for, else the last one if it is still
    /// there, else the practice collection.
    pub(super) fn commands(self, home: &Home, settings: &Settings) -> Vec<Command> {
        let is_there = |folder: &&PathBuf| folder.join("opencollection.yml").is_file();
        let folder = self
            .collection
            .or_else(|| settings.last_collection.as_ref().filter(is_there).cloned());
        let mut commands = vec![Command::ListProfiles];
        match folder {
            // The window and its title say where it is; a relative path would not.
            Some(folder) => commands.push(Command::OpenCollection(absolute(&folder))),
            None => match practice_files::in_home(home) {
                Ok(folder) => commands.push(Command::OpenCollection(folder)),
                Err(failure) => commands.push(Command::Notify(failure)),
            },
        }
        commands
    }
}

fn absolute(folder: &Path) -> PathBuf {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())
}
