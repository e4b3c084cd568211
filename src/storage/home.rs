//! Where the program keeps what is the user's own: profiles, and what it remembers.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// The variable that moves everything into one folder.
const VARIABLE: &str = "COUNTERSIGN_HOME";

/// The user's own folders. No secrets lie there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    config: PathBuf,
    data: PathBuf,
}

/// Why there is no home.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The system names no home folder.
    #[error("no home folder is known; set {VARIABLE} to a folder of your choice")]
    Unknown,
    /// The folder cannot be made.
    #[error("cannot create {}: {source}; set {VARIABLE} to another folder", path.display())]
    Create {
        /// The folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

impl Home {
    /// `COUNTERSIGN_HOME`, else the platform's own folders. Creates nothing.
    pub fn from_env() -> Result<Self, HomeError> {
        if let Some(folder) = env::var_os(VARIABLE).filter(|folder| !folder.is_empty()) {
            return Ok(Self::at(Path::new(&folder)));
        }
        let folders = ProjectDirs::from("", "", "countersign").ok_or(HomeError::Unknown)?;
        Ok(Self {
            config: folders.config_dir().to_path_buf(),
            data: folders.data_dir().to_path_buf(),
        })
    }

    /// Everything in one folder.
    pub fn at(folder: &Path) -> Self {
        Self {
            config: folder.to_path_buf(),
            data: folder.to_path_buf(),
        }
    }

    /// What the user sets: profiles.
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// What the program keeps for itself: the practice collection, the window's state.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// The file of the profiles, without their secrets.
    pub fn profiles_file(&self) -> PathBuf {
        self.config.join("profiles.toml")
    }

    /// The state of the window: open tabs, sizes.
    pub fn window_file(&self) -> PathBuf {
        self.data.join("window.ron")
    }

    /// Which folder each collection's id belongs to.
    pub fn collections_file(&self) -> PathBuf {
        self.config.join("collections.toml")
    }

    /// Creates both folders, for the user's eyes only.
    pub fn ensure(&self) -> Result<(), HomeError> {
        for folder in [&self.config, &self.data] {
            create_private(folder).map_err(|source| HomeError::Create {
                path: folder.clone(),
                source,
            })?;
        }
        Ok(())
    }
}

#[cfg(unix)]
pub(super) fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
pub(super) fn create_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_holds_all_when_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(&folder.path().join("a/b"));
        home.ensure().unwrap();
        assert!(home.config_dir().is_dir());
        assert_eq!(home.config_dir(), home.data_dir());
        assert!(home.profiles_file().starts_with(home.config_dir()));
        let blocked = folder.path().join("file");
        fs::write(&blocked, "").unwrap();
        assert!(matches!(
            Home::at(&blocked.join("x")).ensure(),
            Err(HomeError::Create { .. })
        ));
    }
}
