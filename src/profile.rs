//! What can be said about a profile without its secrets.

use std::fmt;
use std::time::SystemTime;

/// Something one can sign as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// The name by which collections call it.
    pub name: String,
    /// How it gets credentials.
    pub kind: ProfileKind,
    /// Where it is written down, in words: `keyring`, `~/.aws/credentials`, `built in`.
    pub source: String,
    /// The access key id, if it is known without asking anyone.
    pub access_key_id: Option<String>,
    /// The account, if it is known without asking anyone.
    pub account: Option<String>,
    /// Its region, if it has one.
    pub region: Option<String>,
    /// When the temporary credentials at hand end.
    pub expires_at: Option<SystemTime>,
    /// Why it cannot be used, if it cannot.
    pub unusable: Option<String>,
}

/// How a profile gets credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileKind {
    /// The published example pair, for the practice gateway.
    BuiltIn,
    /// Keys in the operating system's keyring.
    Keyring,
    /// Keys in the AWS files.
    AwsFile,
    /// A role assumed with another profile.
    Role {
        /// The profile that assumes it.
        source_profile: String,
        /// The role.
        role_arn: String,
    },
    /// A kind of the AWS files that this version does not sign with.
    Unsupported {
        /// What it is, in words.
        what: String,
    },
}

impl fmt::Display for ProfileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::Keyring => f.write_str("keyring"),
            Self::AwsFile => f.write_str("AWS file"),
            Self::Role { source_profile, .. } => write!(f, "role via {source_profile}"),
            Self::Unsupported { what } => f.write_str(what),
        }
    }
}

/// What STS says of who signs (`GetCallerIdentity`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdentity {
    /// The account's number.
    pub account: String,
    /// The user's or session's ARN.
    pub arn: String,
    /// The unique id.
    pub user_id: String,
}
