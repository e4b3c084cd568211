//! Who exists in the practice world: a user, two roles and the sessions given out.

use std::collections::VecDeque;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha512};

use crate::practice;
use crate::secret::SecretString;
use crate::sigv4::RequestDateTime;

/// A role that wants an external id and may only read.
pub const PARTNER_ROLE_ARN: &str = "arn:aws:iam::111122223333:role/PartnerReader";
/// The external id that [`PARTNER_ROLE_ARN`] wants.
pub const PARTNER_EXTERNAL_ID: &str = "practice-external-id";

/// Sessions are kept beyond their end, so that a late call is told that it is late; this many.
const MAX_SESSIONS: usize = 1_000;

/// A role.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) arn: &'static str,
    pub(super) name: &'static str,
    /// The unique id, the first half of a session's user id.
    pub(super) id: &'static str,
    pub(super) external_id: Option<&'static str>,
    pub(super) max_session_seconds: u64,
    /// Methods that its policy allows; `None` is every method.
    pub(super) methods: Option<&'static [&'static str]>,
}

static ROLES: [Role; 2] = [
    Role {
        arn: practice::ROLE_ARN,
        name: "PetReader",
        id: "AROAIOSFODNN7EXAMPLE1",
        external_id: None,
        max_session_seconds: 43_200,
        methods: None,
    },
    Role {
        arn: PARTNER_ROLE_ARN,
        name: "PartnerReader",
        id: "AROAIOSFODNN7EXAMPLE2",
        external_id: Some(PARTNER_EXTERNAL_ID),
        max_session_seconds: 3_600,
        methods: Some(&["GET"]),
    },
];

/// The role of an ARN.
pub(super) fn role(arn: &str) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.arn == arn)
}

/// Who calls, once the signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The ARN.
    pub arn: String,
    /// The account.
    pub account: &'static str,
    /// The unique id.
    pub user_id: String,
    /// The key id that signed.
    pub access_key_id: String,
    /// The role behind a session.
    pub(super) role: Option<&'static Role>,
}

impl Caller {
    /// Whether a policy of the caller allows a method of the API.
    pub(super) fn may_invoke(&self, method: &str) -> bool {
        self.role
            .and_then(|role| role.methods)
            .is_none_or(|methods| methods.contains(&method))
    }
}

/// Temporary credentials that were given out.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: SecretString,
    pub(super) token: SecretString,
    pub(super) role: &'static Role,
    pub(super) name: String,
    pub(super) expires: RequestDateTime,
}

impl Session {
    /// The ARN of the session.
    pub(super) fn arn(&self) -> String {
        format!(
            "arn:aws:sts::{}:assumed-role/{}/{}",
            practice::ACCOUNT_ID,
            self.role.name,
            self.name
        )
    }

    /// The unique id of the session.
    pub(super) fn user_id(&self) -> String {
        format!("{}:{}", self.role.id, self.name)
    }
}

/// A key with its secret and owner.
pub(super) struct KnownKey {
    pub(super) secret_access_key: SecretString,
    pub(super) caller: Caller,
}

/// Everything that the gateway remembers between calls.
#[derive(Debug, Default)]
pub struct World {
    pub(super) sessions: VecDeque<Session>,
}

impl World {
    /// The practice world before the first call.
    pub fn new() -> Self {
        Self::default()
    }

    /// The session of a token.
    pub(super) fn session(&self, token: &str) -> Option<&Session> {
        self.sessions
            .iter()
            .find(|session| session.token.expose() == token)
    }

    /// The key of the user: temporary keys are found by their token.
    pub(super) fn user_key(access_key_id: &str) -> Option<KnownKey> {
        (access_key_id == practice::ACCESS_KEY_ID).then(|| KnownKey {
            secret_access_key: SecretString::new(practice::SECRET_ACCESS_KEY),
            caller: Caller {
                arn: format!(
                    "arn:aws:iam::{}:user/{}",
                    practice::ACCOUNT_ID,
                    practice::USER_NAME
                ),
                account: practice::ACCOUNT_ID,
                user_id: "AIDAIOSFODNN7EXAMPLE1".to_owned(),
                access_key_id: access_key_id.to_owned(),
                role: None,
            },
        })
    }

    /// The key of a session.
    pub(super) fn session_key(session: &Session) -> KnownKey {
        KnownKey {
            secret_access_key: session.secret_access_key.clone(),
            caller: Caller {
                arn: session.arn(),
                account: practice::ACCOUNT_ID,
                user_id: session.user_id(),
                access_key_id: session.access_key_id.clone(),
                role: Some(session.role),
            },
        }
    }

    /// Gives out temporary credentials made from `seed`, which must be random.
    pub(super) fn open_session(
        &mut self,
        role: &'static Role,
        name: &str,
        now: RequestDateTime,
        seconds: u64,
        seed: &[u8],
    ) -> Session {
        let bytes = |label: &str| {
            Sha512::new()
                .chain_update(label)
                .chain_update(seed)
                .finalize()
        };
        let id: String = bytes("id").iter().take(16).map(|b| base32(*b)).collect();
        let secret: String = STANDARD.encode(bytes("secret")).chars().take(40).collect();
        let token: String = ["a", "b", "c"]
            .iter()
            .map(|label| STANDARD.encode(bytes(label)).replace('=', ""))
            .collect();
        let expires = now
            .time()
            .checked_add(Duration::from_secs(seconds))
            .map_or(now, RequestDateTime::new);
        while self.sessions.len() >= MAX_SESSIONS {
            self.sessions.pop_front();
        }
        let session = Session {
            access_key_id: format!("ASIA{id}"),
            secret_access_key: SecretString::new(secret),
            token: SecretString::new(format!("IQoJb3JpZ2luX2Vj{token}==")),
            role,
            name: name.to_owned(),
            expires,
        };
        self.sessions.push_back(session.clone());
        session
    }
}

/// Five bits as a letter or digit of an access key id.
fn base32(byte: u8) -> char {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    LETTERS
        .get(usize::from(byte & 31))
        .map_or('A', |letter| char::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_look_like_those_of_sts_and_are_bounded() {
        let mut world = World::new();
        let now = RequestDateTime::parse("20260102T030405Z").unwrap();
        let role = role(practice::ROLE_ARN).unwrap();
        let mut tokens = Vec::new();
        for index in 0..=MAX_SESSIONS {
            let session = world.open_session(role, "lesson", now, 900, &index.to_le_bytes());
            assert_eq!(session.access_key_id.len(), 20);
            assert!(session.access_key_id.starts_with("ASIA"));
            assert_eq!(session.secret_access_key.expose().len(), 40);
            assert_eq!(session.expires.to_string(), "20260102T031905Z");
            tokens.push(session.token.expose().to_owned());
        }
        assert_eq!(world.sessions.len(), MAX_SESSIONS);
        assert!(world.session(&tokens[0]).is_none());
        let last = world.session(&tokens[MAX_SESSIONS]).unwrap();
        assert_eq!(
            last.arn(),
            "arn:aws:sts::111122223333:assumed-role/PetReader/lesson"
        );
    }
}
