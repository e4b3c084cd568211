//! What can go wrong with a collection's files.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::collection::format::{CredentialLiterals, FormatError};
use crate::collection::{Damage, ItemPath};

/// Why an operation on a collection's files did not happen. Nothing was changed, except where
/// [`StorageError::HalfWritten`] names what was.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The folder holds no collection.
    #[error("{} is no collection: it has no `opencollection.yml`", path.display())]
    NotACollection {
        /// The folder.
        path: PathBuf,
    },
    /// A collection is there already.
    #[error("{} already holds a collection; open it instead", path.display())]
    CollectionExists {
        /// The folder.
        path: PathBuf,
    },
    /// The system would not read it.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The system would not write it.
    #[error("cannot write {}: {source}; everything is as it was", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The system would not write it, and then not let all be taken back.
    #[error(
        "cannot write {}: {source}; and what was done before could not be taken back: {left}; look at these by hand, then reload the collection",
        path.display()
    )]
    HalfWritten {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
        /// What is not as it was.
        left: LeftOver,
    },
    /// More lies in the folder than the collection knows, and it would go with it.
    #[error(
        "`{path}` is not deleted: {others} would go with it; move that away by hand, then delete again"
    )]
    HoldsOthers {
        /// The folder.
        path: ItemPath,
        /// What else lies there.
        others: Others,
    },
    /// The file on disk is not what was read.
    #[error(
        "`{path}` was changed outside since it was read, and is left as it is; reload the collection, then save again"
    )]
    ChangedOutside {
        /// The file.
        path: ItemPath,
    },
    /// The file cannot be read, so it is not written either.
    #[error("`{}` is damaged and is left as it is: {}{}; mend it by hand and reload", .0.path, .0.reason, .0.line.map(|line| format!(" (line {line})")).unwrap_or_default())]
    Damaged(Damage),
    /// The change cannot be made in the file's text.
    #[error("`{path}`: {source}")]
    Format {
        /// The file.
        path: ItemPath,
        /// What stands in the way.
        source: FormatError,
    },
    /// A literal credential would be written.
    #[error("`{path}` is not saved, because a collection must hold no credentials:\n{literals}")]
    CredentialLiterals {
        /// The file.
        path: ItemPath,
        /// What was found, and where it belongs.
        literals: CredentialLiterals,
    },
    /// The path leads out of the collection's folder.
    #[error("`{path}` is no path inside the collection")]
    OutsideRoot {
        /// The path.
        path: ItemPath,
    },
    /// Nothing of that path or name is in the collection.
    #[error("`{what}` is not in the collection; reload it if it was added outside")]
    NotFound {
        /// The path or name.
        what: String,
    },
    /// The name is taken.
    #[error("`{what}` is there already; choose another name")]
    AlreadyExists {
        /// The name.
        what: String,
    },
    /// A name of nothing but white space.
    #[error("a name is needed")]
    EmptyName,
    /// A folder cannot lie in itself.
    #[error("`{path}` cannot be moved into itself")]
    IntoItself {
        /// The folder.
        path: ItemPath,
    },
}

/// A change that could not be taken back.
#[derive(Debug)]
pub struct NotTakenBack {
    /// The file or folder that is not as it was.
    pub path: PathBuf,
    /// The system's words.
    pub source: io::Error,
}

/// The changes that could not be taken back.
#[derive(Debug)]
pub struct LeftOver(pub Vec<NotTakenBack>);

impl fmt::Display for LeftOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, NotTakenBack { path, source }) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { ", " };
            write!(f, "{between}{} ({source})", path.display())?;
        }
        Ok(())
    }
}

/// Files and folders that are no part of the collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Others(pub Vec<ItemPath>);

/// How many of them are named.
const NAMED: usize = 3;

impl fmt::Display for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, path) in self.0.iter().take(NAMED).enumerate() {
            let between = if at == 0 { "" } else { ", " };
            write!(f, "{between}`{path}`")?;
        }
        match self.0.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
