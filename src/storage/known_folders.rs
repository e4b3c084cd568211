//! Which folder a collection's id belongs to, so that no other collection can claim its secrets.
//!
//! The id stands in a file that is committed; whoever copies it into another collection would get
//! the secrets of the first one sent to hosts of their choice. The user's home remembers where
//! each id was met first; a second folder is let in by the user alone.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::atomic::write_private_atomically;
use super::home::create_private;
use crate::practice;

const HEADER: &str = "\
# Where your collections lie, by their id. The secrets of an id are given to these folders alone.
# A second clone of a collection gets them when you add its folder here.
";

/// What the file says: by id, the folders that may use it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    folders: Vec<String>,
}

/// The file in the user's home.
#[derive(Clone, Debug)]
pub(super) struct KnownFolders {
    path: PathBuf,
}

/// Why a folder may not use its id.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unknown {
    #[error(
        "its `id` is that of {}, so this folder gets none of the secrets kept there; if both are yours, add this folder to `folders` of that id in {} and reload, else give it an `id` of its own",
        other.display(), register.display()
    )]
    Elsewhere { other: PathBuf, register: PathBuf },
    #[error(
        "whether its `id` is that of another folder cannot be told, because {} {what}; mend that and reload",
        register.display()
    )]
    Register { register: PathBuf, what: String },
}

impl KnownFolders {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Whether a folder may use an id. An id that is met for the first time belongs to the folder
    /// from then on, and so does one whose folders are all gone; `holds` tells whether a folder
    /// still has an id.
    pub(super) fn check(
        &self,
        id: &str,
        root: &Path,
        holds: impl Fn(&Path) -> Option<String>,
    ) -> Result<(), Unknown> {
        // Its secrets are published, and everybody may have copies of it.
        if id == practice::COLLECTION_ID {
            return Ok(());
        }
        let damaged = |what: String| Unknown::Register {
            register: self.path.clone(),
            what,
        };
        let root = fs::canonicalize(root).map_err(|error| {
            damaged(format!(
                "cannot be compared with a folder that cannot be looked at: {error}"
            ))
        })?;
        let mut known = self.read().map_err(damaged)?;
        // Some keyrings do not tell upper from lower case.
        let id = id.trim().to_lowercase();
        let entry = known.entry(id.clone()).or_default();
        if entry.folders.iter().any(|folder| Path::new(folder) == root) {
            return Ok(());
        }
        entry.folders.retain(|folder| {
            holds(Path::new(folder)).is_some_and(|other| other.trim().to_lowercase() == id)
        });
        if let Some(other) = entry.folders.first() {
            return Err(Unknown::Elsewhere {
                other: PathBuf::from(other),
                register: self.path.clone(),
            });
        }
        let Some(folder) = root.to_str() else {
            return Err(damaged(
                "cannot name a folder whose path is not UTF-8".to_owned(),
            ));
        };
        entry.folders.push(folder.to_owned());
        self.write(&known)
            .map_err(|error| damaged(format!("cannot be written: {error}")))
    }

    fn read(&self) -> Result<BTreeMap<String, Entry>, String> {
        match fs::read_to_string(&self.path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|error| format!("is damaged: {}", error.message()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(format!("cannot be read: {error}")),
        }
    }

    fn write(&self, known: &BTreeMap<String, Entry>) -> io::Result<()> {
        let text = toml::to_string(known).map_err(io::Error::other)?;
        if let Some(folder) = self.path.parent() {
            create_private(folder)?;
        }
        write_private_atomically(&self.path, format!("{HEADER}\n{text}").as_bytes())
    }
}
