//! Where profiles are written down.

use std::path::{Path, PathBuf};

use directories::BaseDirs;

use super::CredentialsError;
use crate::storage::Home;

/// The files that profiles come from, and the STS that the environment names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfilePlaces {
    /// The user's own profiles, without their secrets: `profiles.toml`.
    pub book: PathBuf,
    /// `~/.aws/config`.
    pub aws_config: PathBuf,
    /// `~/.aws/credentials`.
    pub aws_credentials: PathBuf,
    /// `AWS_ENDPOINT_URL_STS`.
    pub sts_endpoint: Option<String>,
}

impl ProfilePlaces {
    /// The places of this process's environment: `COUNTERSIGN_HOME` or the platform's folder, and
    /// what `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE` and `AWS_ENDPOINT_URL_STS` say.
    pub fn from_env() -> Result<Self, CredentialsError> {
        let home = Home::from_env().map_err(|_unknown| no_home())?;
        Self::in_home(home.config_dir())
    }

    /// The same with the folder of our own files given.
    pub fn in_home(home: &Path) -> Result<Self, CredentialsError> {
        let user = BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
        let aws = |name: &str, file: &str| match (variable(name), &user) {
            (Some(path), user) => Ok(expand_home(&path, user.as_deref())),
            (None, Some(user)) => Ok(user.join(".aws").join(file)),
            (None, None) => Err(no_home()),
        };
        Ok(Self {
            book: home.join("profiles.toml"),
            aws_config: aws("AWS_CONFIG_FILE", "config")?,
            aws_credentials: aws("AWS_SHARED_CREDENTIALS_FILE", "credentials")?,
            sts_endpoint: variable("AWS_ENDPOINT_URL_STS"),
        })
    }
}

/// The region that the environment names, as AWS's own tools look for it.
pub(super) fn region_of_environment() -> Option<String> {
    variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"))
}

/// A variable of the environment; an empty one is none.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn expand_home(path: &str, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

fn no_home() -> CredentialsError {
    CredentialsError::new(
        "this system names no home folder, so there is no place for profiles",
        "set HOME, or COUNTERSIGN_HOME to a folder",
    )
}

/// A path as people write it: with `~` for the home folder.
pub(super) fn in_words(path: &Path) -> String {
    let short = BaseDirs::new().and_then(|dirs| {
        path.strip_prefix(dirs.home_dir())
            .ok()
            .map(|rest| format!("~/{}", rest.display()))
    });
    short.unwrap_or_else(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_stands_for_the_home_folder() {
        let home = Path::new("/home/alice");
        assert_eq!(
            expand_home("~/.aws/config", Some(home)),
            Path::new("/home/alice/.aws/config")
        );
        assert_eq!(expand_home("/etc/aws", Some(home)), Path::new("/etc/aws"));
    }

    #[test]
    fn our_own_file_lies_in_the_given_folder() {
        let places = ProfilePlaces::in_home(Path::new("elsewhere")).unwrap();
        assert_eq!(places.book, Path::new("elsewhere/profiles.toml"));
    }
}
