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

impl SendError {
    /// The field of the draft that the failure is about, if it is about one.
    pub fn place(&self) -> Option<&FieldPath> {
        match &self.kind {
            SendErrorKind::Resolve(errors) => errors.0.first().map(|error| &error.place),
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
            | SendErrorKind::Choice(_) => 3,
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
