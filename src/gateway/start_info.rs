//! What a client needs to know to call the gateway.

use serde::Serialize;
use serde_json::{Map, Value};

use super::routes::{API_KEY_NAME, ROUTES};
use crate::practice;

/// The first line of `countersign gateway`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StartInfo {
    /// Where the API is, without a stage and without a slash at the end.
    pub url: String,
    /// Where STS is.
    pub sts_url: String,
    /// The example key id.
    pub access_key_id: &'static str,
    /// The example secret, published by AWS.
    pub secret_access_key: &'static str,
    /// A role that may be assumed.
    pub role_arn: &'static str,
    /// API keys by name.
    pub api_keys: Map<String, Value>,
    /// What can be called.
    pub routes: Vec<RouteInfo>,
}

/// A route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RouteInfo {
    /// The method.
    pub method: &'static str,
    /// The path, stage included.
    pub path: &'static str,
    /// `NONE` or `AWS_IAM`.
    pub authorization: &'static str,
    /// Whether an API key is wanted.
    pub api_key_required: bool,
}

impl StartInfo {
    pub(super) fn new(url: &str, sts_url: &str) -> Self {
        Self {
            url: url.to_owned(),
            sts_url: sts_url.to_owned(),
            access_key_id: practice::ACCESS_KEY_ID,
            secret_access_key: practice::SECRET_ACCESS_KEY,
            role_arn: practice::ROLE_ARN,
            api_keys: Map::from_iter([(API_KEY_NAME.to_owned(), practice::API_KEY.into())]),
            routes: ROUTES
                .iter()
                .map(|route| RouteInfo {
                    method: route.method,
                    path: route.path,
                    authorization: route.authorization.name(),
                    api_key_required: route.api_key_required,
                })
                .collect(),
        }
    }
}
