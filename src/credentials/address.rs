//! Under which name a secret lies in the keyring.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::SecretKey;

/// The keyring's service of all our entries.
pub const KEYRING_SERVICE: &str = "countersign";

/// What would make two addresses alike, or one unreadable in a keyring's manager.
const ESCAPED: &AsciiSet = &CONTROLS.add(b'/').add(b'%').add(b' ');

impl SecretKey {
    /// The stable name of the keyring entry. Changing its form loses what users have stored.
    pub fn address(&self) -> String {
        let parts = match self {
            Self::Variable(secret) => vec![
                "variable",
                &secret.collection_id,
                &secret.environment,
                &secret.variable,
            ],
            Self::ProfileKeys(profile) => vec!["profile-keys", profile],
            Self::ExternalId(profile) => vec!["external-id", profile],
            Self::RoleSession(profile) => vec!["role-session", profile],
        };
        parts
            .into_iter()
            .map(|part| utf8_percent_encode(part, ESCAPED).to_string())
            .collect::<Vec<_>>()
            .join("/")
    }

    /// What a person reads in the keyring's own manager.
    pub fn label(&self) -> String {
        match self {
            Self::Variable(secret) if secret.environment.is_empty() => format!(
                "Countersign: variable {} of collection {}",
                secret.variable, secret.collection_id
            ),
            Self::Variable(secret) => format!(
                "Countersign: variable {} of environment {} in collection {}",
                secret.variable, secret.environment, secret.collection_id
            ),
            Self::ProfileKeys(profile) => format!("Countersign: keys of profile {profile}"),
            Self::ExternalId(profile) => format!("Countersign: external id of profile {profile}"),
            Self::RoleSession(profile) => {
                format!("Countersign: role session of profile {profile}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    use super::*;
    use crate::collection::SecretRef;

    fn parse(address: &str) -> Option<SecretKey> {
        let parts: Vec<String> = address
            .split('/')
            .map(|part| percent_decode_str(part).decode_utf8().unwrap().into_owned())
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match *parts.as_slice() {
            ["variable", collection_id, environment, variable] => {
                Some(SecretKey::Variable(SecretRef {
                    collection_id: collection_id.to_owned(),
                    environment: environment.to_owned(),
                    variable: variable.to_owned(),
                }))
            }
            ["profile-keys", name] => Some(SecretKey::ProfileKeys(name.to_owned())),
            ["external-id", name] => Some(SecretKey::ExternalId(name.to_owned())),
            ["role-session", name] => Some(SecretKey::RoleSession(name.to_owned())),
            _ => None,
        }
    }

    fn key() -> impl Strategy<Value = SecretKey> {
        // Slashes, percent signs and empty names often: they are what could collide.
        let name = "[/%a b2Fé\u{0}-\u{1f}]{0,6}";
        prop_oneof![
            (name, name, name).prop_map(|(collection_id, environment, variable)| {
                SecretKey::Variable(SecretRef {
                    collection_id,
                    environment,
                    variable,
                })
            }),
            name.prop_map(SecretKey::ProfileKeys),
            name.prop_map(SecretKey::ExternalId),
            name.prop_map(SecretKey::RoleSession),
        ]
    }

    proptest! {
        #[test]
        fn an_address_names_one_key_only(key in key()) {
            let address = key.address();
            prop_assert!(address.is_ascii() && !address.contains(char::is_control));
            prop_assert_eq!(parse(&address), Some(key));
        }
    }

    #[test]
    fn addresses_stay_as_they_are() {
        assert_eq!(
            SecretKey::ProfileKeys("dev".to_owned()).address(),
            "profile-keys/dev"
        );
        let variable = SecretKey::Variable(SecretRef {
            collection_id: "0c6a".to_owned(),
            environment: "a/b".to_owned(),
            variable: "apiKey".to_owned(),
        });
        assert_eq!(variable.address(), "variable/0c6a/a%2Fb/apiKey");
        assert_eq!(
            variable.label(),
            "Countersign: variable apiKey of environment a/b in collection 0c6a"
        );
    }
}
