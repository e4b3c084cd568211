//! Why a text could not be read.

/// What is understood, for everyone who brought something else.
const UNDERSTOOD: &str = "paste an AWS error body (JSON, XML or HTML, with or without its headers), \
     what `send --json` or `sign --json` printed, a curl, awscurl or HTTPie command line with or \
     without its output, an Authorization header, a presigned URL, a raw HTTP request, or the debug \
     log of botocore or of an AWS SDK for Go";

/// Why there is no evidence in a text. No message repeats the text: it may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing but blanks.
    #[error("there is nothing to read: {UNDERSTOOD}")]
    Empty,
    /// Too much for one call's evidence.
    #[error(
        "the text has {bytes} bytes and no more than {limit} are read: leave only the call that failed"
    )]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The most that is read.
        limit: usize,
    },
    /// It begins as something that is understood and is broken.
    #[error("this looks like {what}, but {reason}: {UNDERSTOOD}")]
    Broken {
        /// What it looks like.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// It is nothing that is understood.
    #[error("this is none of {}: {UNDERSTOOD}", .tried.join(", "))]
    Unknown {
        /// What it was tried as.
        tried: Vec<&'static str>,
    },
}
