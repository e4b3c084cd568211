//! What is to be sent, and what is told while it is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use super::{Exchange, SendError};
use crate::collection::{RequestContext, RequestDraft};
use crate::request::RequestBody;
use crate::sigv4::{RequestDateTime, SigningOverrides};

/// One sending, unique while the program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub u64);

/// An owned snapshot of all that a sending needs; later edits of the draft do not reach it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendJob {
    /// Which sending this is.
    pub id: ExchangeId,
    /// The draft as it was when Send was pressed.
    pub draft: RequestDraft,
    /// What it inherits.
    pub context: RequestContext,
    /// The collection's folder: a file that the draft names is relative to it. Empty for the
    /// working folder.
    pub folder: PathBuf,
    /// Variables of this run; they win over all others.
    pub runtime_variables: Vec<(String, String)>,
    /// A profile chosen for this run, in place of the file's.
    pub profile: Option<String>,
    /// Limits and routes.
    pub options: SendOptions,
}

/// Limits and routes of a sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendOptions {
    /// Bound on the whole call, unless the request sets its own.
    pub timeout: Duration,
    /// Bound on the answer's body in bytes, as received and as decoded.
    pub max_body: u64,
    /// Connect elsewhere than the URL says.
    pub connect_to: Vec<ConnectTo>,
    /// What to send in place of the draft's body, with no variables in it.
    pub raw_body: Option<RequestBody>,
    /// Changes to how the service is signed for.
    pub signing: SigningOverrides,
    /// The time to sign at, in place of now.
    pub time: Option<RequestDateTime>,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            max_body: 256 << 20,
            connect_to: Vec::new(),
            raw_body: None,
            signing: SigningOverrides::default(),
            time: None,
        }
    }
}

/// `HOST:PORT:HOST2:PORT2` as curl's `--connect-to`: who would connect to the first pair connects
/// to the second. An empty part means any, or unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectTo {
    /// The URL's host; empty for any.
    pub host: String,
    /// The URL's port; `None` for any.
    pub port: Option<u16>,
    /// Where to connect; empty for the URL's host.
    pub to_host: String,
    /// The port to connect to; `None` for the URL's.
    pub to_port: Option<u16>,
}

impl FromStr for ConnectTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is not HOST:PORT:HOST2:PORT2");
        // Colons inside [IPv6] do not count.
        let mut parts = vec![String::new()];
        let mut depth = 0;
        for c in text.chars() {
            match c {
                '[' => depth += 1,
                ']' => depth -= 1,
                ':' if depth == 0 => {
                    parts.push(String::new());
                    continue;
                }
                _ => {}
            }
            if let Some(last) = parts.last_mut() {
                last.push(c);
            }
        }
        let port = |text: &str| {
            if text.is_empty() {
                Ok(None)
            } else {
                text.parse().ok().map(Some).ok_or_else(wrong)
            }
        };
        match parts.as_slice() {
            [host, p, to_host, to_p] => Ok(Self {
                host: host.to_ascii_lowercase(),
                port: port(p)?,
                to_host: to_host.to_ascii_lowercase(),
                to_port: port(to_p)?,
            }),
            _ => Err(wrong()),
        }
    }
}

/// How far a sending has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendStage {
    /// Fetching secrets and filling in variables.
    Resolving,
    /// Getting credentials.
    Credentials,
    /// Hashing the file that is the body.
    Hashing,
    /// Signing.
    Signing,
    /// Connecting and sending.
    Sending,
    /// Receiving the answer's body.
    Receiving,
}

impl fmt::Display for SendStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolving => "filling in variables",
            Self::Credentials => "getting credentials",
            Self::Hashing => "hashing the file",
            Self::Signing => "signing",
            Self::Sending => "sending",
            Self::Receiving => "receiving",
        })
    }
}

/// Something that happened to a sending.
#[derive(Clone, Debug)]
pub struct SendEvent {
    /// Which sending.
    pub id: ExchangeId,
    /// What happened.
    pub progress: SendProgress,
}

/// What happened to a sending.
#[derive(Clone, Debug)]
pub enum SendProgress {
    /// A stage has begun.
    Stage(SendStage),
    /// So many bytes of the body's file are hashed.
    Hashed {
        /// Bytes so far.
        bytes: u64,
        /// Its length.
        of: u64,
    },
    /// So many bytes of the body's file are on their way.
    Sent {
        /// Bytes so far.
        bytes: u64,
        /// Its length.
        of: u64,
    },
    /// So many bytes of the body have arrived.
    Received {
        /// Bytes so far, as on the wire.
        bytes: u64,
    },
    /// It is over.
    Finished(Result<Arc<Exchange>, Arc<SendError>>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connect_to_is_read_as_curl_reads_it() {
        let read: ConnectTo = "api.example:443:[::1]:8443".parse().unwrap();
        assert_eq!(
            read,
            ConnectTo {
                host: "api.example".into(),
                port: Some(443),
                to_host: "[::1]".into(),
                to_port: Some(8443)
            }
        );
        let read: ConnectTo = "::vpce-0abc.example:443".parse().unwrap();
        assert_eq!(
            (read.host.as_str(), read.port, read.to_host.as_str()),
            ("", None, "vpce-0abc.example")
        );
        assert!("a:b".parse::<ConnectTo>().is_err());
        assert!("a:x:b:1".parse::<ConnectTo>().is_err());
    }
}
