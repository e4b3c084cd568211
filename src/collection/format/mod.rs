//! Text ⇄ model for the files of a collection: `OpenCollection` 1.0.0 YAML.
//!
//! Reading is tolerant: unknown keys are passed over, numbers stand where texts are meant,
//! kinds that Countersign does not know become `Unsupported`. Writing is careful: a save works
//! on the text that was read and touches what changed, so comments, order, quotes and unknown
//! keys stay byte for byte. Every written text is read again with another parser and compared
//! with what was meant before it is handed out; a text that fails is never handed out.
//!
//! Nothing here touches files: see [`crate::storage`] for that.

mod change;
mod credential;
mod edit;
mod emit;
mod environment;
mod file_body;
mod folder;
mod node;
mod parts;
mod request;

pub use credential::{
    CredentialLiteral, CredentialLiterals, defaults_literals, environment_literals,
    request_literals, text_literals,
};
pub use environment::{new_environment, read_environment, save_environment};
pub use folder::{
    FolderFile, RootFile, new_folder, new_root, read_folder, read_root, save_folder, save_root,
};
pub use request::{new_request, read_request, save_request};

/// Why a file cannot be read or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// The text is no YAML, or not of this kind.
    #[error("{reason}{}", line.map(|line| format!(" (line {line})")).unwrap_or_default())]
    Unreadable {
        /// The line, from 1, if known.
        line: Option<usize>,
        /// What is wrong, in words.
        reason: String,
    },
    /// The file holds a request of another protocol.
    #[error(
        "this is a request of type `{kind}`; Countersign sends `http` ones only and leaves the file as it is"
    )]
    OtherProtocol {
        /// The file's word for it.
        kind: String,
    },
    /// The change cannot be made without losing something that stands in the file.
    #[error(
        "{what} cannot be changed without losing what else stands in the file; edit the file by hand and reload"
    )]
    CannotKeep {
        /// The part of the file.
        what: String,
    },
}

impl FormatError {
    fn unreadable(line: Option<usize>, reason: impl Into<String>) -> Self {
        Self::Unreadable {
            line,
            reason: reason.into(),
        }
    }

    fn cannot_keep(what: impl Into<String>) -> Self {
        Self::CannotKeep { what: what.into() }
    }

    /// The line, from 1, if known.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Unreadable { line, .. } => *line,
            Self::OtherProtocol { .. } | Self::CannotKeep { .. } => None,
        }
    }

    /// What is wrong, without the line.
    pub fn reason(&self) -> String {
        match self {
            Self::Unreadable { reason, .. } => reason.clone(),
            Self::OtherProtocol { .. } | Self::CannotKeep { .. } => self.to_string(),
        }
    }
}
