//! What can go wrong with a collection's files.

use std::io;
use std::path::PathBuf;

use crate::collection::format::{CredentialLiterals, FormatError};
use crate::collection::{Damage, ItemPath};

/// Why an operation on a collection's files did not happen. Nothing was changed.
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
