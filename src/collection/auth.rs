//! How a request proves who sends it, as written in the file.

use serde::{Deserialize, Serialize};

/// The `auth` of a request, folder or collection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuthSpec {
    /// Whatever the folder above says.
    #[default]
    Inherit,
    /// None, whatever the folder above says.
    None,
    /// AWS Signature Version 4.
    AwsSigV4(AwsAuthSpec),
    /// An API key in a header or in the query.
    ApiKey {
        /// The header's or parameter's name.
        key: String,
        /// The key; a literal is refused on save, so `{{variable}}` in practice.
        value: String,
        /// Where it goes.
        placement: ApiKeyPlacement,
    },
    /// `Authorization: Basic …` (RFC 7617).
    Basic {
        /// The user's name.
        username: String,
        /// The password, `{{variable}}` in practice.
        password: String,
    },
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer {
        /// The token, `{{variable}}` in practice.
        token: String,
    },
    /// A kind that Countersign does not send; kept in the file as it is.
    Unsupported {
        /// The file's word for it.
        kind: String,
    },
}

impl AuthSpec {
    /// The name that people see.
    pub fn title(&self) -> &str {
        match self {
            Self::Inherit => "Inherit",
            Self::None => "None",
            Self::AwsSigV4(_) => "IAM",
            Self::ApiKey { .. } => "API key",
            Self::Basic { .. } => "Basic",
            Self::Bearer { .. } => "Bearer",
            Self::Unsupported { kind } => kind,
        }
    }

    /// The texts in it that may name variables.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Inherit | Self::None | Self::Unsupported { .. } => Vec::new(),
            Self::AwsSigV4(aws) => aws.texts(),
            Self::ApiKey { key, value, .. } => vec![key, value],
            Self::Basic { username, password } => vec![username, password],
            Self::Bearer { token } => vec![token],
        }
    }
}

/// Where an API key goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiKeyPlacement {
    /// A request header.
    #[default]
    Header,
    /// A query parameter.
    Query,
}

/// Who signs, and for what. Every text may hold `{{variables}}`; an empty one is not set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwsAuthSpec {
    /// The profile to sign as.
    pub profile_name: String,
    /// The region; empty takes it from the host.
    pub region: String,
    /// The service; empty takes it from the host.
    pub service: String,
    /// An access key id, for files that carry keys through variables.
    pub access_key_id: String,
    /// Its secret key: a `{{variable}}`.
    pub secret_access_key: String,
    /// Its session token: a `{{variable}}`.
    pub session_token: String,
}

impl AwsAuthSpec {
    fn texts(&self) -> Vec<&str> {
        let Self {
            profile_name,
            region,
            service,
            access_key_id,
            secret_access_key,
            session_token,
        } = self;
        vec![
            profile_name,
            region,
            service,
            access_key_id,
            secret_access_key,
            session_token,
        ]
    }
}
