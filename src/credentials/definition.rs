//! What a profile's name stands for, before anybody is asked for credentials.

use std::collections::BTreeMap;

use super::CredentialsError;
use super::aws_files::{AwsFiles, AwsProfiles};
use super::book::{BookEntry, ProfileBook};
use crate::practice;
use crate::profile::ProfileKind;
use crate::secret::SecretString;
use crate::sigv4::Credentials;

/// More links than anybody has.
const LONGEST_CHAIN: usize = 8;

/// How a profile gets its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Definition {
    /// The published example pair, or the one that is wrong on purpose.
    Example { secret_access_key: &'static str },
    /// Keys in the secret store.
    Stored {
        access_key_id: String,
        region: Option<String>,
    },
    /// Keys in an AWS file.
    Static {
        credentials: Credentials,
        region: Option<String>,
        file: String,
    },
    /// A role assumed with another profile.
    Role(Role),
    /// Known but not usable.
    Unsupported(Unsupported),
}

/// A role and how it is assumed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "role_arn is AWS's own term")]
pub(super) struct Role {
    pub(super) source: String,
    pub(super) role_arn: String,
    pub(super) external_id: ExternalId,
    pub(super) session_name: Option<String>,
    pub(super) duration_seconds: Option<u32>,
    pub(super) region: Option<String>,
    pub(super) sts_endpoint: Option<String>,
}

/// Where the external id is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ExternalId {
    None,
    InStore,
    Given(SecretString),
}

/// A profile that this version cannot sign with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unsupported {
    pub(super) what: String,
    pub(super) reason: String,
    pub(super) place: String,
    pub(super) region: Option<String>,
}

impl Role {
    /// The session's name in the account's audit log.
    pub(super) fn session_name(&self) -> &str {
        self.session_name.as_deref().unwrap_or("countersign")
    }

    /// The role's name without its path.
    pub(super) fn role_name(&self) -> &str {
        self.role_arn.rsplit('/').next().unwrap_or(&self.role_arn)
    }

    /// The account that owns the role.
    pub(super) fn account(&self) -> Option<&str> {
        self.role_arn
            .split(':')
            .nth(4)
            .filter(|account| !account.is_empty())
    }

    /// The partition of the role: `aws`, `aws-cn`.
    pub(super) fn partition(&self) -> &str {
        self.role_arn.split(':').nth(1).unwrap_or_default()
    }

    /// The region in which the STS of the role's partition is asked if no profile has a region.
    /// Which one it is does not change the credentials. Of other partitions none is known.
    pub(super) fn partition_region(&self) -> Option<&'static str> {
        match self.partition() {
            "aws" => Some("us-east-1"),
            "aws-cn" => Some("cn-north-1"),
            "aws-us-gov" => Some("us-gov-west-1"),
            _ => None,
        }
    }
}

/// Who wrote a profile down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    BuiltIn,
    Book,
    AwsFiles,
}

/// A profile that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) definition: Definition,
}

impl Found {
    /// The profile in words: `profile “dev” (keyring)`.
    pub(super) fn in_words(&self) -> String {
        format!("profile “{}” ({})", self.name, self.source())
    }

    /// Where it is written down.
    pub(super) fn source(&self) -> String {
        match (&self.definition, self.origin) {
            (_, Origin::BuiltIn) => "built in".to_owned(),
            (Definition::Static { file, .. }, _) => file.clone(),
            (Definition::Unsupported(unsupported), _) => unsupported.place.clone(),
            (Definition::Stored { .. }, _) => "keyring".to_owned(),
            (Definition::Role(_), Origin::AwsFiles) => "AWS files".to_owned(),
            (Definition::Role(_) | Definition::Example { .. }, _) => "profiles.toml".to_owned(),
        }
    }

    /// Its kind, for a list.
    pub(super) fn kind(&self) -> ProfileKind {
        match &self.definition {
            Definition::Example { .. } => ProfileKind::BuiltIn,
            Definition::Stored { .. } => ProfileKind::Keyring,
            Definition::Static { .. } => ProfileKind::AwsFile,
            Definition::Role(role) => ProfileKind::Role {
                source_profile: role.source.clone(),
                role_arn: role.role_arn.clone(),
            },
            Definition::Unsupported(unsupported) => ProfileKind::Unsupported {
                what: unsupported.what.clone(),
            },
        }
    }

    /// The region that is written at it.
    pub(super) fn region(&self) -> Option<&str> {
        match &self.definition {
            Definition::Example { .. } => Some(practice::REGION),
            Definition::Stored { region, .. } | Definition::Static { region, .. } => {
                region.as_deref()
            }
            Definition::Role(role) => role.region.as_deref(),
            Definition::Unsupported(unsupported) => unsupported.region.as_deref(),
        }
    }

    /// The access key id, if it is known without asking.
    pub(super) fn access_key_id(&self) -> Option<&str> {
        match &self.definition {
            Definition::Example { .. } => Some(practice::ACCESS_KEY_ID),
            Definition::Stored { access_key_id, .. } => Some(access_key_id),
            Definition::Static { credentials, .. } => Some(&credentials.access_key_id),
            Definition::Role(_) | Definition::Unsupported(_) => None,
        }
    }

    /// The account, if it is known without asking.
    pub(super) fn account(&self) -> Option<&str> {
        match &self.definition {
            Definition::Example { .. } => Some(practice::ACCOUNT_ID),
            Definition::Role(role) => role.account(),
            Definition::Stored { .. } | Definition::Static { .. } | Definition::Unsupported(_) => {
                None
            }
        }
    }
}

/// Everything that profiles are read from.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    pub(super) book: ProfileBook,
    pub(super) aws: AwsFiles,
}

impl Sources {
    /// The profile and, if it is a role, all that it is assumed with, down to the keys.
    pub(super) fn chain(&self, name: &str) -> Result<Vec<Found>, CredentialsError> {
        let first = self.find(name)?;
        self.chain_of(first)
    }

    /// The chain of a profile that was found.
    pub(super) fn chain_of(&self, first: Found) -> Result<Vec<Found>, CredentialsError> {
        let mut chain = vec![first];
        while let Some(last) = chain.last() {
            let role = match &last.definition {
                Definition::Role(role) => role,
                Definition::Unsupported(unsupported) => {
                    let at = match chain.first() {
                        Some(first) if chain.len() > 1 => {
                            format!("profile “{}” needs {}", first.name, last.in_words())
                        }
                        _ => last.in_words(),
                    };
                    return Err(CredentialsError::new(
                        format!("{at}: {} ({})", unsupported.reason, unsupported.what),
                        "get temporary keys with the AWS CLI (aws configure export-credentials) and add them as a profile",
                    ));
                }
                Definition::Example { .. }
                | Definition::Stored { .. }
                | Definition::Static { .. } => break,
            };
            let next = self.source_of(last, role)?;
            let is_known = |found: &Found| {
                (found.origin, &found.name, found.kind()) == (next.origin, &next.name, next.kind())
            };
            if chain.iter().any(is_known) || chain.len() >= LONGEST_CHAIN {
                let names: Vec<_> = chain.iter().map(|found| found.name.as_str()).collect();
                return Err(CredentialsError::new(
                    format!(
                        "the roles go in a circle: {} → {}",
                        names.join(" → "),
                        next.name
                    ),
                    "give one of them a source profile with keys",
                ));
            }
            chain.push(next);
        }
        Ok(chain)
    }

    fn source_of(&self, found: &Found, role: &Role) -> Result<Found, CredentialsError> {
        let missing = |error: CredentialsError| {
            error.told(|message| {
                format!(
                    "{} assumes {} with the profile “{}”: {}",
                    found.in_words(),
                    role.role_name(),
                    role.source,
                    message
                )
            })
        };
        if found.origin != Origin::AwsFiles {
            return self.find(&role.source).map_err(missing);
        }
        // The AWS files know only their own profiles. One that names itself means its own keys.
        let profiles = self.aws.read().map_err(missing)?;
        let definition = if role.source == found.name {
            profiles.keys(&role.source)
        } else {
            profiles.find(&role.source)
        };
        definition
            .map(|definition| Found {
                name: role.source.clone(),
                origin: Origin::AwsFiles,
                definition,
            })
            .ok_or_else(|| {
                missing(CredentialsError::new(
                    "the AWS files have no keys under this name",
                    "look at source_profile in ~/.aws/config",
                ))
            })
    }

    /// The profile of a name. Built-in ones win over the user's own, and those over the AWS files.
    pub(super) fn find(&self, name: &str) -> Result<Found, CredentialsError> {
        if let Some(found) = built_in().into_iter().find(|found| found.name == name) {
            return Ok(found);
        }
        // A damaged file must not hide what the other one has.
        let book = self.book_profiles();
        if let Ok(book) = &book
            && let Some(found) = book.iter().find(|found| found.name == name)
        {
            return Ok(found.clone());
        }
        let aws = self.aws.read();
        if let Some(definition) = aws.as_ref().ok().and_then(|aws| aws.find(name)) {
            return Ok(Found {
                name: name.to_owned(),
                origin: Origin::AwsFiles,
                definition,
            });
        }
        let mut names: Vec<String> = built_in().into_iter().map(|found| found.name).collect();
        let mut troubles = Vec::new();
        match book {
            Ok(book) => names.extend(book.into_iter().map(|found| found.name)),
            Err(error) => troubles.push(error.message),
        }
        match aws {
            Ok(aws) => names.extend(aws.names()),
            Err(error) => troubles.push(error.message),
        }
        Err(unknown(name, names, &troubles))
    }

    /// All profiles, with what is wrong with the files. A name that is hidden by another profile
    /// of the same name appears twice.
    pub(super) fn all(&self) -> (Vec<Found>, Vec<CredentialsError>) {
        let mut found = built_in();
        let mut troubles = Vec::new();
        match self.book_profiles() {
            Ok(book) => found.extend(book),
            Err(error) => troubles.push(error),
        }
        match self.aws.read() {
            Ok(aws) => found.extend(aws_profiles(&aws)),
            Err(error) => troubles.push(error),
        }
        (found, troubles)
    }

    fn book_profiles(&self) -> Result<Vec<Found>, CredentialsError> {
        let entries: BTreeMap<_, _> = self.book.read()?;
        Ok(entries
            .into_iter()
            .map(|(name, line)| Found {
                name,
                origin: Origin::Book,
                definition: match line {
                    Ok(entry) => entry.into(),
                    Err(reason) => Definition::Unsupported(Unsupported {
                        what: "damaged entry".to_owned(),
                        reason,
                        place: self.book.in_words(),
                        region: None,
                    }),
                },
            })
            .collect())
    }
}

impl From<BookEntry> for Definition {
    fn from(entry: BookEntry) -> Self {
        match entry {
            BookEntry::Keys {
                access_key_id,
                region,
            } => Self::Stored {
                access_key_id,
                region,
            },
            BookEntry::Role(role) => Self::Role(Role {
                source: role.source,
                role_arn: role.role_arn,
                external_id: if role.external_id_in_keyring {
                    ExternalId::InStore
                } else {
                    ExternalId::None
                },
                session_name: role.session_name,
                duration_seconds: role.duration_seconds,
                region: role.region,
                sts_endpoint: role.sts_endpoint,
            }),
        }
    }
}

fn aws_profiles(aws: &AwsProfiles) -> Vec<Found> {
    aws.names()
        .into_iter()
        .filter_map(|name| {
            Some(Found {
                definition: aws.find(&name)?,
                origin: Origin::AwsFiles,
                name,
            })
        })
        .collect()
}

/// The profiles of the practice world.
pub(super) fn built_in() -> Vec<Found> {
    let example = |name: &str, secret_access_key| Found {
        name: name.to_owned(),
        origin: Origin::BuiltIn,
        definition: Definition::Example { secret_access_key },
    };
    vec![
        example(practice::PROFILE, practice::SECRET_ACCESS_KEY),
        example(
            practice::WRONG_SECRET_PROFILE,
            practice::WRONG_SECRET_ACCESS_KEY,
        ),
        Found {
            name: practice::ROLE_PROFILE.to_owned(),
            origin: Origin::BuiltIn,
            definition: Definition::Role(Role {
                source: practice::PROFILE.to_owned(),
                role_arn: practice::ROLE_ARN.to_owned(),
                external_id: ExternalId::None,
                session_name: None,
                duration_seconds: None,
                region: Some(practice::REGION.to_owned()),
                sts_endpoint: None,
            }),
        },
    ]
}

fn unknown(name: &str, mut names: Vec<String>, troubles: &[String]) -> CredentialsError {
    names.sort();
    names.dedup();
    let wanted = name.to_lowercase();
    let mut near: Vec<(usize, &String)> = names
        .iter()
        .map(|known| {
            let distance = strsim::damerau_levenshtein(&wanted, &known.to_lowercase());
            (distance, known)
        })
        .filter(|(distance, _)| *distance <= 1 + wanted.chars().count() / 3)
        .collect();
    near.sort();
    let near: Vec<String> = near
        .into_iter()
        .take(3)
        .map(|(_, known)| format!("“{known}”"))
        .collect();
    let mut message = format!("there is no profile “{name}”");
    for trouble in troubles {
        message.push_str("; ");
        message.push_str(trouble);
    }
    let hint = if near.is_empty() {
        "countersign profiles list shows those there are".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    CredentialsError::new(message, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(book: &str, config: &str) -> (tempfile::TempDir, Sources) {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("profiles.toml"), book).unwrap();
        std::fs::write(path("config"), config).unwrap();
        let sources = Sources {
            book: ProfileBook::new(path("profiles.toml")),
            aws: AwsFiles {
                config: path("config"),
                credentials: path("credentials"),
            },
        };
        (folder, sources)
    }

    fn role(source: &str) -> String {
        format!(
            "kind = \"role\"\nsource = \"{source}\"\nrole_arn = \"arn:aws:iam::111122223333:role/team/R\"\n"
        )
    }

    #[test]
    fn a_chain_goes_down_to_the_keys() {
        let book = format!(
            "[profiles.a]\n{}[profiles.b]\n{}[profiles.c]\nkind = \"keys\"\naccess_key_id = \"AKIA\"\n",
            role("b"),
            role("c")
        );
        let (_folder, sources) = sources(&book, "");
        let chain = sources.chain("a").unwrap();
        let names: Vec<_> = chain.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(chain[0].account(), Some("111122223333"));
        assert_eq!(chain[2].in_words(), "profile “c” (keyring)");
    }

    #[test]
    fn a_circle_and_a_missing_source_are_told() {
        let book = format!(
            "[profiles.a]\n{}[profiles.b]\n{}[profiles.c]\n{}",
            role("b"),
            role("a"),
            role("gone")
        );
        let (_folder, sources) = sources(&book, "");
        let error = sources.chain("a").unwrap_err();
        assert_eq!(error.message, "the roles go in a circle: a → b → a");
        let error = sources.chain("c").unwrap_err();
        assert_eq!(
            error.message,
            "profile “c” (profiles.toml) assumes R with the profile “gone”: there is no profile “gone”"
        );
    }

    #[test]
    fn an_aws_role_may_name_itself_and_never_reaches_into_our_own_profiles() {
        let (_folder, sources) = sources(
            "[profiles.mine]\nkind = \"keys\"\naccess_key_id = \"AKIA\"\n",
            "[profile self]\nrole_arn = arn:aws:iam::111122223333:role/R\nsource_profile = self\n\
             aws_access_key_id = A\naws_secret_access_key = s\n\
             [profile reaching]\nrole_arn = arn:aws:iam::111122223333:role/R\nsource_profile = mine\n",
        );
        let chain = sources.chain("self").unwrap();
        assert_eq!(chain.len(), 2);
        assert_eq!(chain[1].access_key_id(), Some("A"));
        assert!(sources.chain("reaching").is_err());
    }

    #[test]
    fn an_unknown_name_brings_the_nearest_ones() {
        let (_folder, sources) = sources("", "[profile develop]\nregion = us-east-1\n");
        let error = sources.find("devleop").unwrap_err();
        assert_eq!(error.message, "there is no profile “devleop”");
        assert_eq!(error.hint.unwrap(), "did you mean “develop”?");
        let error = sources.find("Practice").is_err();
        assert!(error);
        let error = sources.find("zzzzzz").unwrap_err();
        assert!(error.hint.unwrap().contains("profiles list"));
    }

    #[test]
    fn a_damaged_file_does_not_hide_the_others() {
        let (_folder, sources) = sources(
            "[profiles.a",
            "[default]\naws_access_key_id = A\naws_secret_access_key = s\n",
        );
        assert!(sources.find("default").is_ok());
        assert!(sources.find(practice::PROFILE).is_ok());
        let error = sources.find("a").unwrap_err();
        assert!(error.message.contains("damaged"), "{error}");
        let (found, troubles) = sources.all();
        assert_eq!(found.len(), 4);
        assert_eq!(troubles.len(), 1);
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let (_folder, sources) = sources("", "[profile corp]\nsso_start_url = https://x\n");
        let error = sources.chain("corp").unwrap_err();
        assert!(error.message.contains("SSO"), "{error}");
    }
}
