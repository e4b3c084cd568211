//! The two calls to STS: `AssumeRole` and `GetCallerIdentity`.
//!
//! Credentials, region and endpoint are all given, so the SDK looks for nothing by itself: no
//! files, no environment, no metadata service of a machine.

use std::error::Error;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use aws_sdk_sts::Client;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::config::{BehaviorVersion, Config, Region};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use url::{Host, Url};

use super::CredentialsError;
use crate::profile::CallerIdentity;
use crate::secret::SecretString;
use crate::sigv4::Credentials;

/// How long STS may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StsBounds {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until there is an answer.
    pub total: Duration,
}

impl Default for StsBounds {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(20),
        }
    }
}

/// Which STS is asked, by whom.
pub(super) struct Sts<'a> {
    pub(super) credentials: &'a Credentials,
    pub(super) region: &'a str,
    /// `None` for AWS's own.
    pub(super) endpoint: Option<&'a str>,
    pub(super) bounds: StsBounds,
}

/// What is asked of `AssumeRole`.
pub(super) struct AssumeRole<'a> {
    pub(super) role_arn: &'a str,
    pub(super) session_name: &'a str,
    pub(super) external_id: Option<&'a SecretString>,
    pub(super) duration_seconds: Option<u32>,
}

impl Sts<'_> {
    /// Temporary credentials of the role, and when they end.
    pub(super) async fn assume_role(
        &self,
        asked: AssumeRole<'_>,
    ) -> Result<(Credentials, SystemTime), CredentialsError> {
        let duration = asked
            .duration_seconds
            .map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX));
        let answer = self
            .client()?
            .assume_role()
            .role_arn(asked.role_arn)
            .role_session_name(asked.session_name)
            .set_external_id(asked.external_id.map(|id| id.expose().to_owned()))
            .set_duration_seconds(duration)
            .send()
            .await
            .map_err(|error| self.failure("AssumeRole", &error))?;
        let given = answer
            .credentials()
            .ok_or_else(|| self.garbage("AssumeRole"))?;
        let expires_at = SystemTime::try_from(*given.expiration())
            .map_err(|_error| self.garbage("AssumeRole"))?;
        let fields = [
            given.access_key_id(),
            given.secret_access_key(),
            given.session_token(),
        ];
        if fields.iter().any(|field| field.is_empty()) {
            return Err(self.garbage("AssumeRole"));
        }
        let mut credentials = Credentials::new(given.access_key_id(), given.secret_access_key());
        credentials.session_token = Some(SecretString::new(given.session_token()));
        Ok((credentials, expires_at))
    }

    /// Who the credentials belong to.
    pub(super) async fn caller_identity(&self) -> Result<CallerIdentity, CredentialsError> {
        let answer = self
            .client()?
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| self.failure("GetCallerIdentity", &error))?;
        match (answer.account(), answer.arn(), answer.user_id()) {
            (Some(account), Some(arn), Some(user_id)) => Ok(CallerIdentity {
                account: account.to_owned(),
                arn: arn.to_owned(),
                user_id: user_id.to_owned(),
            }),
            _ => Err(self.garbage("GetCallerIdentity")),
        }
    }

    fn client(&self) -> Result<Client, CredentialsError> {
        let Credentials {
            access_key_id,
            secret_access_key,
            session_token,
        } = self.credentials;
        let credentials = aws_credential_types::Credentials::new(
            access_key_id,
            secret_access_key.expose(),
            session_token
                .as_ref()
                .map(|token| token.expose().to_owned()),
            None,
            "countersign",
        );
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(self.bounds.connect)
            .operation_timeout(self.bounds.total)
            .build();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.to_owned()))
            .credentials_provider(credentials)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts);
        if let Some(endpoint) = self.endpoint {
            check_endpoint(endpoint)?;
            config = config.endpoint_url(endpoint);
            if endpoint.to_ascii_lowercase().starts_with("http:") {
                // It is on this machine: a proxy of the environment would look for it on its own.
                config = config.http_client(aws_smithy_http_client::Builder::new().build_http());
            }
        }
        Ok(Client::from_conf(config.build()))
    }

    /// Where the call went, in words.
    fn place(&self) -> String {
        match self.endpoint {
            Some(endpoint) => format!("STS at {endpoint}"),
            None => format!("AWS STS in {}", self.region),
        }
    }

    fn garbage(&self, call: &str) -> CredentialsError {
        CredentialsError::new(
            format!(
                "{} gave an answer to {call} that is none of STS's",
                self.place()
            ),
            "look whether a proxy or another server answers at this address",
        )
    }

    fn failure<E>(&self, call: &str, error: &SdkError<E, HttpResponse>) -> CredentialsError
    where
        E: Error + ProvideErrorMetadata + 'static,
    {
        let place = self.place();
        let unreachable = match self.endpoint {
            Some(_) => "start the gateway that listens there, or change the endpoint",
            None => "look at the network and the proxy",
        };
        match error {
            SdkError::ServiceError(answer) => {
                let status = answer.raw().status().as_u16();
                match (answer.err().code(), answer.err().message()) {
                    (Some(code), message) => CredentialsError::new(
                        format!(
                            "{place} refused {call} ({status} {code}): {}",
                            message.unwrap_or("it gives no reason")
                        ),
                        hint(code, message.unwrap_or_default()),
                    ),
                    (None, _) => self.garbage(call),
                }
            }
            SdkError::ResponseError(_) => self.garbage(call),
            SdkError::TimeoutError(_) => CredentialsError::network(
                format!("{place} did not answer within {:?}", self.bounds.total),
                unreachable,
            ),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => {
                CredentialsError::network(
                    format!("no connection to {place} within {:?}", self.bounds.connect),
                    unreachable,
                )
            }
            other => CredentialsError::network(
                format!("{place} cannot be reached: {}", causes(other)),
                unreachable,
            ),
        }
    }
}

/// An endpoint is https, or http on this machine: an answer of STS holds a secret.
pub(super) fn check_endpoint(endpoint: &str) -> Result<(), CredentialsError> {
    let refused = |why: &str| {
        Err(CredentialsError::new(
            format!("{endpoint} cannot be an STS endpoint: {why}"),
            "write https://HOST, or http://127.0.0.1:PORT for the practice gateway",
        ))
    };
    let Ok(url) = Url::parse(endpoint) else {
        return refused("it is not a URL");
    };
    if url.host().is_none() {
        return refused("it names no host");
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback_host(&url) => Ok(()),
        "http" => refused("plain http would show the session's keys to the network"),
        _ => refused("it is neither https nor http"),
    }
}

/// Whether an endpoint lies on this machine.
pub(super) fn is_loopback(endpoint: &str) -> bool {
    Url::parse(endpoint).is_ok_and(|url| is_loopback_host(&url))
}

fn is_loopback_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// What to do about a refusal.
fn hint(code: &str, message: &str) -> &'static str {
    match code {
        "AccessDenied" if message.contains("root accounts") => {
            "sign with keys of an IAM user or of another role, not of the root account"
        }
        "AccessDenied" => {
            "role does not exist, trust policy, external id, or the caller's own policy: AWS says the same for all"
        }
        "InvalidClientTokenId" => {
            "the access key id is unknown there, or its session token is missing or over"
        }
        "ExpiredToken" | "ExpiredTokenException" => "get new keys for the source profile",
        "SignatureDoesNotMatch"
            if message.contains("expired") || message.contains("not yet current") =>
        {
            "set this machine's clock right"
        }
        "SignatureDoesNotMatch" => "the secret access key does not belong to the access key id",
        "ValidationError" if message.contains("session limit") => {
            "a role assumed with a role lasts one hour at the most: set --duration 3600 or less"
        }
        "ValidationError" if message.contains("MaxSessionDuration") => {
            "set a shorter --duration, or raise the role's maximum session duration"
        }
        "ValidationError" => "look at the role ARN, the session name and the duration",
        "RegionDisabledException" => "activate STS in this region, or give the profile another one",
        _ => "look at the role and at what its source profile may do",
    }
}

/// The failure with its causes, each said once.
fn causes(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut link = error.source();
    while let Some(cause) = link {
        let words = cause.to_string();
        if !words.is_empty() && !text.contains(&words) {
            let between = if text.is_empty() { "" } else { ": " };
            // Writing to a String cannot fail.
            write!(text, "{between}{words}").ok();
        }
        link = cause.source();
    }
    if text.is_empty() {
        text = error.to_string();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for endpoint in [
            "http://127.0.0.1:8787",
            "http://[::1]:1",
            "http://localhost:4566",
            "https://sts.eu-west-1.amazonaws.com",
        ] {
            assert_eq!(check_endpoint(endpoint), Ok(()), "{endpoint}");
        }
        for endpoint in [
            "http://sts.amazonaws.com",
            "http://localhost.evil.example",
            "ftp://127.0.0.1",
            "127.0.0.1:8787",
            "",
        ] {
            assert!(check_endpoint(endpoint).is_err(), "{endpoint}");
        }
    }
}
