//! What keeps a draft from being sent: where, what, and what to do.

use super::FieldPath;
use crate::template::TemplateError;

/// Something in a draft that keeps it from being sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} ({place})")]
pub struct ResolveError {
    /// Where.
    pub place: FieldPath,
    /// What.
    pub kind: ResolveErrorKind,
}

/// The kinds of [`ResolveError`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveErrorKind {
    /// A variable could not be filled in.
    #[error(transparent)]
    Variable(#[from] TemplateError),
    /// The method is not an HTTP token.
    #[error("`{0}` is not an HTTP method")]
    Method(String),
    /// What the request inherits could not be read.
    #[error("{path} cannot be read{}: {reason}", line.map(|line| format!(" (line {line})")).unwrap_or_default())]
    Damaged {
        /// The file.
        path: String,
        /// The line, from 1, if known.
        line: Option<usize>,
        /// What is wrong.
        reason: String,
    },
    /// The URL is empty.
    #[error("the URL is empty")]
    EmptyUrl,
    /// The URL names no scheme.
    #[error("the URL does not begin with http:// or https://")]
    NoScheme,
    /// The URL cannot be read.
    #[error("the URL cannot be read: {0}")]
    Url(String),
    /// User name or password in the URL.
    #[error("the URL carries a user name or password")]
    UserInfo,
    /// A query that signers and servers read differently.
    #[error("{0}")]
    Query(&'static str),
    /// A path parameter without a value.
    #[error("the path parameter has no value")]
    EmptyPathParam,
    /// A path parameter that would take the segment before it away.
    #[error("the path parameter is `{0}`, which takes away a part of the path")]
    DotSegment(String),
    /// An illegal header name.
    #[error("`{0}` is not a legal header name")]
    HeaderName(String),
    /// An illegal header value.
    #[error("the value of `{0}` holds a line break or another control character")]
    HeaderValue(String),
    /// A tab in a header value of a request to be signed.
    #[error("the value of `{0}` holds a tab, which signers and servers read differently")]
    HeaderTab(String),
    /// A header that signing writes itself.
    #[error("`{0}` is written by signing")]
    OwnedBySigning(String),
    /// A header that the transport writes itself.
    #[error("`{0}` is written by the tool from the body")]
    OwnedByTransport(String),
    /// More than one `host`.
    #[error("`host` is given twice")]
    HostTwice,
    /// A body that is a file, and no file is named.
    #[error("no file is named")]
    NoFile,
    /// A body kind or auth kind that is not sent yet.
    #[error("{0} is not something this version can send")]
    Unsupported(String),
    /// An access key without a secret, or the other way round.
    #[error("access key id and secret access key go together")]
    HalfKeys,
}

impl ResolveErrorKind {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Variable(TemplateError::Unknown { .. }) => {
                "add it to the environment, or mend the name"
            }
            Self::Variable(TemplateError::SecretNotAtHand { .. }) => {
                "put its value in the keyring with the environment editor, or for one run in the environment as COUNTERSIGN_SECRET_ and its name"
            }
            Self::Variable(TemplateError::Circle { .. }) => "give one of them a value of its own",
            Self::Method(_) => "use letters only, as in GET or PATCH",
            Self::Damaged { .. } => "mend the file; requests below it are not sent before",
            Self::EmptyUrl => "type or paste one",
            Self::NoScheme => "put https:// in front; other schemes are not sent",
            Self::Url(_) => "mend the URL",
            Self::UserInfo => "choose Basic auth and put the password in a secret variable",
            Self::Query(_) => "write the character as its UTF-8 escape, a percent sign as %25",
            Self::DotSegment(_) => "give it another value",
            Self::EmptyPathParam => "give it a value under Params",
            Self::HeaderName(_) | Self::HeaderValue(_) => "mend the row or switch it off",
            Self::HeaderTab(_) => "use a space",
            Self::OwnedBySigning(_) => "delete the row, or choose another auth",
            Self::OwnedByTransport(_) => "delete the row",
            Self::HostTwice => "keep one",
            Self::NoFile => "give its path",
            Self::Unsupported(_) => "choose another kind",
            Self::HalfKeys => "fill in both or none",
        }
    }
}

/// Everything that keeps a draft from being sent, in the order of the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveErrors(pub Vec<ResolveError>);

impl std::fmt::Display for ResolveErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {} — {}", error.place, error.kind, error.kind.hint())?;
        }
        Ok(())
    }
}

impl std::error::Error for ResolveErrors {}
