//! Why a sending ended without an answer.

use std::time::Duration;

use crate::request::{FieldPath, ResolveErrors};
use crate::sigv4::{ChoiceError, ScopeError, SigningError};

use super::SendStage;

/// A sending that ended without an answer: what failed, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct SendError {
    /// The stage that failed.
    pub stage: SendStage,
    /// What failed.
    pub kind: SendErrorKind,
    /// What to do, if something can be said.
    pub hint: Option<String>,
}

/// The kinds of [`SendError`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendErrorKind {
    /// The draft cannot become a request.
    #[error(transparent)]
    Resolve(ResolveErrors),
    /// Secrets could not be fetched from the store.
    #[error("{0}")]
    Secrets(String),
    /// There are no usable credentials. Nothing was sent.
    #[error("{0}")]
    Credentials(String),
    /// Whoever gives the credentials cannot be reached. Nothing was sent.
    #[error("{0}")]
    CredentialsUnreachable(String),
    /// The request could not be signed. Nothing was sent.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// Nothing says for which region or service to sign. Nothing was sent.
    #[error(transparent)]
    Scope(ScopeError),
    /// The body's file cannot be sent. Nothing was sent.
    #[error(transparent)]
    File(FileError),
    /// The file was not the same any more while it was sent: the signature does not fit it. The
    /// request was broken off before its end.
    #[error("the body's file changed after it was signed: {change} ({path})")]
    FileChanged {
        /// The file.
        path: String,
        /// What is different.
        change: &'static str,
    },
    /// A reserved variable of signing holds what it may not. Nothing was sent.
    #[error(transparent)]
    Choice(Box<ChoiceError>),
    /// The host has no address.
    #[error("no address for `{host}`: {reason}")]
    Dns {
        /// The host asked for.
        host: String,
        /// The resolver's words.
        reason: String,
    },
    /// No connection.
    #[error("cannot connect to {host}: {reason}")]
    Connect {
        /// Host and port.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// The TLS handshake failed.
    #[error("no secure connection to {host}: {reason}")]
    Tls {
        /// Host and port.
        host: String,
        /// The TLS library's words.
        reason: String,
    },
    /// Too slow.
    #[error("no complete answer within {} s", bound.as_secs_f64())]
    Timeout {
        /// The bound.
        bound: Duration,
    },
    /// The answer ended early or was not HTTP.
    #[error("the answer broke off: {0}")]
    BrokenAnswer(String),
    /// The answer is larger than the bound.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The bound in bytes.
        limit: u64,
    },
    /// The user stopped it.
    #[error("cancelled")]
    Cancelled,
    /// A bug.
    #[error("internal error: {0}")]
    Internal(String),
}

/// Why a file cannot be a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is not there.
    #[error("the body's file is not there ({path})")]
    Missing {
        /// The file.
        path: String,
    },
    /// It is a folder.
    #[error("the body's file is a folder ({path})")]
    Folder {
        /// The folder.
        path: String,
    },
    /// It is a pipe, a device or the like, which can be read only once.
    #[error("the body's file is no regular file ({path})")]
    Special {
        /// The file.
        path: String,
    },
    /// It cannot be read.
    #[error("the body's file cannot be read: {reason} ({path})")]
    Unreadable {
        /// The file.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// It is too large.
    #[error("the body's file has {length} bytes, more than the {limit} that are sent ({path})")]
    TooLarge {
        /// The file.
        path: String,
        /// Its length in bytes.
        length: u64,
        /// The bound in bytes.
        limit: u64,
    },
    /// It became longer or shorter while it was hashed.
    #[error("the body's file changed while it was hashed ({path})")]
    Changing {
        /// The file.
        path: String,
    },
}

impl FileError {
    /// The same with its path told in another way: without the secrets in it.
    #[must_use]
    pub fn map_path(mut self, tell: impl FnOnce(String) -> String) -> Self {
        let (Self::Missing { path }
        | Self::Folder { path }
        | Self::Special { path }
        | Self::Unreadable { path, .. }
        | Self::TooLarge { path, .. }
        | Self::Changing { path }) = &mut self;
        *path = tell(std::mem::take(path));
        self
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => {
                "put it there, or choose another one; paths are relative to the collection's folder"
            }
            Self::Folder { .. } => "choose a file in it",
            Self::Special { .. } => "choose a regular file",
            Self::Unreadable { .. } => "look who may read it",
            Self::TooLarge { .. } => "upload it in parts",
            Self::Changing { .. } => "send again when nothing writes to it any more",
        }
    }
}

impl SendError {
    /// The field of the draft that the failure is about, if it is about one.
    pub fn place(&self) -> Option<&FieldPath> {
        match &self.kind {
            SendErrorKind::Resolve(errors) => errors.0.first().map(|error| &error.place),
            SendErrorKind::File(_) | SendErrorKind::FileChanged { .. } => Some(&FieldPath::Body),
            _ => None,
        }
    }

    /// The exit code of the command line for it: 1 internal, 3 the request, 4 credentials,
    /// 5 network.
    pub fn exit_code(&self) -> u8 {
        match &self.kind {
            SendErrorKind::Resolve(_)
            | SendErrorKind::Signing(_)
            | SendErrorKind::Scope(_)
            | SendErrorKind::Choice(_)
            | SendErrorKind::File(_)
            | SendErrorKind::FileChanged { .. } => 3,
            SendErrorKind::Secrets(_) | SendErrorKind::Credentials(_) => 4,
            SendErrorKind::CredentialsUnreachable(_)
            | SendErrorKind::Dns { .. }
            | SendErrorKind::Connect { .. }
            | SendErrorKind::Tls { .. }
            | SendErrorKind::Timeout { .. }
            | SendErrorKind::BrokenAnswer(_)
            | SendErrorKind::TooLarge { .. }
            | SendErrorKind::Cancelled => 5,
            SendErrorKind::Internal(_) => 1,
        }
    }
}
