//! The form in which keys and sessions lie in the secret store: one small JSON object each.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::definition::Role;
use crate::secret::SecretString;
use crate::sigv4::Credentials;

/// A session is not used in its last minutes, so that a call does not outlive it.
pub(super) const EXPIRY_MARGIN: Duration = Duration::from_mins(5);

#[derive(Serialize)]
struct KeysOut<'a> {
    access_key_id: &'a str,
    secret_access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
}

#[derive(Deserialize)]
struct KeysIn {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

impl From<KeysIn> for Credentials {
    fn from(keys: KeysIn) -> Self {
        Self {
            access_key_id: keys.access_key_id,
            secret_access_key: SecretString::new(keys.secret_access_key),
            session_token: keys.session_token.map(SecretString::new),
        }
    }
}

impl<'a> From<&'a Credentials> for KeysOut<'a> {
    fn from(credentials: &'a Credentials) -> Self {
        Self {
            access_key_id: &credentials.access_key_id,
            secret_access_key: credentials.secret_access_key.expose(),
            session_token: credentials.session_token.as_ref().map(SecretString::expose),
        }
    }
}

/// Keys as the store keeps them.
pub(super) fn keys_to_secret(credentials: &Credentials) -> Option<SecretString> {
    let text = serde_json::to_string(&KeysOut::from(credentials)).ok()?;
    Some(SecretString::new(text))
}

/// Keys as the store gave them; `None` if it is something else.
pub(super) fn keys_from_secret(secret: &SecretString) -> Option<Credentials> {
    let keys: KeysIn = serde_json::from_str(secret.expose()).ok()?;
    Some(keys.into())
}

/// The temporary credentials of a role, and for whom they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoleSession {
    pub(super) credentials: Credentials,
    pub(super) expires_at: SystemTime,
    pub(super) assumed: AssumedBy,
}

/// What a session depends on: if any of it changes, the session is not that of the profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AssumedBy {
    role_arn: String,
    source: String,
    session_name: String,
    endpoint: Option<String>,
    /// Of the source, if it has lasting keys.
    source_access_key_id: Option<String>,
}

impl AssumedBy {
    pub(super) fn new(
        role: &Role,
        endpoint: Option<&str>,
        source_access_key_id: Option<&str>,
    ) -> Self {
        Self {
            role_arn: role.role_arn.clone(),
            source: role.source.clone(),
            session_name: role.session_name().to_owned(),
            endpoint: endpoint.map(str::to_owned),
            source_access_key_id: source_access_key_id.map(str::to_owned),
        }
    }
}

impl RoleSession {
    /// Whether it is the session that is asked for and lasts long enough.
    pub(super) fn serves(&self, assumed: &AssumedBy, now: SystemTime) -> bool {
        self.assumed == *assumed && self.expires_at > now + EXPIRY_MARGIN
    }

    pub(super) fn to_secret(&self) -> Option<SecretString> {
        #[derive(Serialize)]
        struct Out<'a> {
            #[serde(flatten)]
            keys: KeysOut<'a>,
            expires_at: String,
            assumed: &'a AssumedBy,
        }
        let out = Out {
            keys: KeysOut::from(&self.credentials),
            expires_at: Timestamp::try_from(self.expires_at).ok()?.to_string(),
            assumed: &self.assumed,
        };
        Some(SecretString::new(serde_json::to_string(&out).ok()?))
    }

    pub(super) fn from_secret(secret: &SecretString) -> Option<Self> {
        #[derive(Deserialize)]
        struct In {
            #[serde(flatten)]
            keys: KeysIn,
            expires_at: String,
            assumed: AssumedBy,
        }
        let session: In = serde_json::from_str(secret.expose()).ok()?;
        let expires_at: Timestamp = session.expires_at.parse().ok()?;
        Some(Self {
            credentials: session.keys.into(),
            expires_at: expires_at.into(),
            assumed: session.assumed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::definition::ExternalId;

    fn role() -> Role {
        Role {
            source: "dev".to_owned(),
            role_arn: "arn:aws:iam::111122223333:role/R".to_owned(),
            external_id: ExternalId::None,
            session_name: None,
            duration_seconds: None,
            region: None,
            sts_endpoint: None,
        }
    }

    fn session(expires_at: SystemTime) -> RoleSession {
        let mut credentials = Credentials::new("ASIAEXAMPLE", "s\"\\é");
        credentials.session_token = Some(SecretString::new("t".repeat(800)));
        RoleSession {
            credentials,
            expires_at,
            assumed: AssumedBy::new(&role(), None, Some("AKIAIOSFODNN7EXAMPLE")),
        }
    }

    #[test]
    fn keys_and_sessions_are_read_back_and_stay_small() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        let session = session(now);
        let secret = session.to_secret().unwrap();
        // The smallest limit there is: Windows takes 2,560 bytes.
        assert!(secret.expose().len() <= 2560);
        assert_eq!(RoleSession::from_secret(&secret), Some(session.clone()));
        let keys = keys_to_secret(&session.credentials).unwrap();
        assert_eq!(keys_from_secret(&keys), Some(session.credentials));
        assert_eq!(keys_from_secret(&SecretString::new("{}")), None);
        assert_eq!(RoleSession::from_secret(&SecretString::new("x")), None);
    }

    #[test]
    fn a_session_serves_until_five_minutes_before_its_end() {
        let end = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        let session = session(end);
        let assumed = session.assumed.clone();
        assert!(session.serves(&assumed, end - Duration::from_secs(301)));
        assert!(!session.serves(&assumed, end - Duration::from_mins(5)));
        assert!(!session.serves(&assumed, end + Duration::from_secs(1)));
    }

    #[test]
    fn a_session_serves_only_for_whom_it_was_given() {
        let end = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        let session = session(end);
        let now = end - Duration::from_hours(1);
        let mut other_role = role();
        other_role.role_arn.push('2');
        for other in [
            AssumedBy::new(&other_role, None, Some("AKIAIOSFODNN7EXAMPLE")),
            AssumedBy::new(&role(), None, Some("AKIAOTHER")),
            AssumedBy::new(
                &role(),
                Some("http://127.0.0.1:1"),
                Some("AKIAIOSFODNN7EXAMPLE"),
            ),
        ] {
            assert!(!session.serves(&other, now), "{other:?}");
        }
    }
}
