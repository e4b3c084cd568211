//! Credentials from `AWS_ACCESS_KEY_ID` and its kin.

use std::env;
use std::time::SystemTime;

use crate::credentials::{BoxFuture, CredentialProvider, CredentialsError, ResolvedCredentials};
use crate::secret::SecretString;
use crate::sigv4::Credentials;

/// Takes the keys from the environment, whatever the profile is called.
///
/// Read are `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, and for the region
/// `AWS_REGION` or `AWS_DEFAULT_REGION`
/// ([Environment variables](https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html)).
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvironmentCredentials;

impl CredentialProvider for EnvironmentCredentials {
    fn load<'a>(
        &'a self,
        _profile: &'a str,
        _now: SystemTime,
    ) -> BoxFuture<'a, Result<ResolvedCredentials, CredentialsError>> {
        Box::pin(async { read(|name| env::var(name).ok()) })
    }
}

fn read(var: impl Fn(&str) -> Option<String>) -> Result<ResolvedCredentials, CredentialsError> {
    let set = |name: &str| var(name).filter(|value| !value.is_empty());
    let missing = |name: &str| {
        CredentialsError::new(
            format!("the environment has no {name}"),
            "export it, or name a profile with --profile",
        )
    };
    let access_key_id = set("AWS_ACCESS_KEY_ID").ok_or_else(|| missing("AWS_ACCESS_KEY_ID"))?;
    let secret_access_key =
        set("AWS_SECRET_ACCESS_KEY").ok_or_else(|| missing("AWS_SECRET_ACCESS_KEY"))?;
    Ok(ResolvedCredentials {
        credentials: Credentials {
            access_key_id,
            secret_access_key: SecretString::new(secret_access_key),
            session_token: set("AWS_SESSION_TOKEN").map(SecretString::new),
        },
        signed_as: "credentials of the environment".to_owned(),
        region: set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")),
        expires_at: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_keys_are_needed() {
        let only_id =
            |name: &str| (name == "AWS_ACCESS_KEY_ID").then(|| "AKIAIOSFODNN7EXAMPLE".to_owned());
        assert!(
            read(only_id)
                .unwrap_err()
                .message
                .contains("AWS_SECRET_ACCESS_KEY")
        );
        let all = |name: &str| Some(name.to_lowercase());
        let read = read(all).unwrap();
        assert_eq!(read.credentials.access_key_id, "aws_access_key_id");
        assert_eq!(read.region.as_deref(), Some("aws_region"));
    }
}
