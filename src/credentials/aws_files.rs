//! The profiles of `~/.aws/config` and `~/.aws/credentials`, as the AWS SDK reads them.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};
use zeroize::Zeroizing;

use super::CredentialsError;
use super::definition::{Definition, ExternalId, Role, Unsupported};
use super::places::in_words;
use crate::secret::SecretString;
use crate::sigv4::Credentials;

/// The two files.
#[derive(Clone, Debug)]
pub(super) struct AwsFiles {
    pub(super) config: PathBuf,
    pub(super) credentials: PathBuf,
}

/// What stands in them.
pub(super) struct AwsProfiles {
    all: ProfileSet,
    /// The credentials file alone, to tell where keys come from.
    credentials: ProfileSet,
    files: AwsFiles,
}

impl AwsFiles {
    /// Reads both; a file that is not there is empty.
    pub(super) fn read(&self) -> Result<AwsProfiles, CredentialsError> {
        let config = contents(&self.config)?;
        let credentials = contents(&self.credentials)?;
        let only_credentials = [(
            EnvConfigFileKind::Credentials,
            &self.credentials,
            &credentials,
        )];
        let both = [
            (EnvConfigFileKind::Config, &self.config, &config),
            (
                EnvConfigFileKind::Credentials,
                &self.credentials,
                &credentials,
            ),
        ];
        Ok(AwsProfiles {
            all: parse(&both)?,
            credentials: parse(&only_credentials)?,
            files: self.clone(),
        })
    }
}

impl AwsProfiles {
    /// All names, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.all.profiles().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// What a profile is; the order of the cases is the SDK's.
    pub(super) fn find(&self, name: &str) -> Option<Definition> {
        let profile = self.all.get_profile(name)?;
        let has = |key: &str| profile.get(key).is_some();
        let unsupported = |what: &str, reason: &str| {
            Definition::Unsupported(Unsupported {
                what: what.to_owned(),
                reason: reason.to_owned(),
                place: in_words(&self.files.config),
                region: text(profile, "region"),
            })
        };
        let later = "this version does not sign with it";
        Some(if let Some(role_arn) = profile.get("role_arn") {
            match profile.get("source_profile") {
                _ if has("web_identity_token_file") => unsupported("web identity", later),
                _ if has("credential_source") => unsupported(
                    "role of a machine",
                    "credentials of EC2, ECS or the environment are not asked for",
                ),
                None => unsupported("role", "its role_arn stands without a source_profile"),
                Some(_) if has("mfa_serial") => {
                    unsupported("role with MFA", "this version does not ask for MFA codes")
                }
                Some(source) => Definition::Role(Role {
                    source: source.to_owned(),
                    role_arn: role_arn.to_owned(),
                    external_id: profile.get("external_id").map_or(ExternalId::None, |id| {
                        ExternalId::Given(SecretString::new(id))
                    }),
                    session_name: text(profile, "role_session_name"),
                    duration_seconds: profile
                        .get("duration_seconds")
                        .and_then(|seconds| seconds.parse().ok()),
                    region: text(profile, "region"),
                    sts_endpoint: None,
                }),
            }
        } else if has("sso_session") || has("sso_start_url") {
            unsupported("SSO", later)
        } else if has("login_session") {
            unsupported("console login", later)
        } else if has("web_identity_token_file") {
            unsupported("web identity", later)
        } else if has("credential_process") {
            unsupported("process", "this version starts no credential process")
        } else {
            self.keys(name)
                .unwrap_or_else(|| unsupported("settings", "it has no keys, only settings"))
        })
    }

    /// The keys of a profile, whatever else it is.
    pub(super) fn keys(&self, name: &str) -> Option<Definition> {
        let profile = self.all.get_profile(name)?;
        let mut credentials = Credentials::new(
            profile.get("aws_access_key_id")?,
            profile.get("aws_secret_access_key")?,
        );
        credentials.session_token = profile.get("aws_session_token").map(SecretString::new);
        let from_credentials = self
            .credentials
            .get_profile(name)
            .is_some_and(|profile| profile.get("aws_access_key_id").is_some());
        let file = if from_credentials {
            &self.files.credentials
        } else {
            &self.files.config
        };
        Some(Definition::Static {
            credentials,
            region: text(profile, "region"),
            file: in_words(file),
        })
    }
}

fn text(profile: &Profile, key: &str) -> Option<String> {
    profile.get(key).map(str::to_owned)
}

fn contents(path: &Path) -> Result<Zeroizing<String>, CredentialsError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Zeroizing::default()),
        Err(error) => Err(CredentialsError::new(
            format!("cannot read {}: {error}", in_words(path)),
            "look at the file and its permissions",
        )),
    }
}

fn parse(
    files: &[(EnvConfigFileKind, &PathBuf, &Zeroizing<String>)],
) -> Result<ProfileSet, CredentialsError> {
    let mut sources = EnvConfigFiles::builder();
    for (kind, _, contents) in files {
        sources = sources.with_contents(*kind, contents.as_str());
    }
    let sources = sources.build();
    // Contents are given and the environment is empty, so nothing is read here and the future is
    // ready at once.
    let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
    let loading = pin!(aws_config::profile::load(
        &fs,
        &env,
        &sources,
        Some(Cow::Borrowed("default")),
    ));
    let places = || {
        let places: Vec<_> = files.iter().map(|(_, path, _)| in_words(path)).collect();
        places.join(" or ")
    };
    match loading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(profiles)) => Ok(profiles),
        Poll::Ready(Err(error)) => Err(CredentialsError::new(
            format!("cannot understand {}: {}", places(), cause(&error)),
            "mend the line; the AWS CLI stumbles over it too",
        )),
        Poll::Pending => Err(CredentialsError::new(
            format!("cannot read {}: the parser waits for something", places()),
            "report this",
        )),
    }
}

/// The innermost text, on one line.
fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let text = innermost.to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(config: &str, credentials: &str) -> (tempfile::TempDir, AwsFiles) {
        let folder = tempfile::tempdir().unwrap();
        let files = AwsFiles {
            config: folder.path().join("config"),
            credentials: folder.path().join("credentials"),
        };
        std::fs::write(&files.config, config).unwrap();
        std::fs::write(&files.credentials, credentials).unwrap();
        (folder, files)
    }

    #[test]
    fn keys_are_merged_from_both_files_and_the_credentials_file_is_named() {
        let (_folder, files) = files(
            "[default]\nregion = eu-west-1\n[profile other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = s2\naws_session_token = t\n",
            "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s1\n",
        );
        let profiles = files.read().unwrap();
        assert_eq!(profiles.names(), ["default", "other"]);
        let Some(Definition::Static {
            credentials,
            region,
            file,
        }) = profiles.find("default")
        else {
            panic!("not keys");
        };
        assert_eq!(credentials, Credentials::new("AKIAIOSFODNN7EXAMPLE", "s1"));
        assert_eq!(region.as_deref(), Some("eu-west-1"));
        assert!(file.ends_with("credentials"), "{file}");
        let Some(Definition::Static {
            credentials, file, ..
        }) = profiles.find("other")
        else {
            panic!("not keys");
        };
        assert_eq!(credentials.session_token, Some(SecretString::new("t")));
        assert!(file.ends_with("config"), "{file}");
        assert!(profiles.find("none").is_none());
    }

    #[test]
    fn each_kind_is_recognised() {
        let (_folder, files) = files(
            "[profile sso]\nsso_session = s\nsso_account_id = 1\n[profile process]\ncredential_process = /bin/x\n\
             [profile web]\nrole_arn = arn:aws:iam::111122223333:role/R\nweb_identity_token_file = t\n\
             [profile machine]\nrole_arn = arn:aws:iam::111122223333:role/R\ncredential_source = Ec2InstanceMetadata\n\
             [profile mfa]\nrole_arn = arn:aws:iam::111122223333:role/R\nsource_profile = default\nmfa_serial = m\n\
             [profile role]\nrole_arn = arn:aws:iam::111122223333:role/R\nsource_profile = default\nexternal_id = e\nduration_seconds = 900\n\
             [profile bare]\nregion = us-east-2\n[sso-session s]\nsso_region = us-east-1\n",
            "",
        );
        let profiles = files.read().unwrap();
        assert_eq!(
            profiles.names(),
            ["bare", "machine", "mfa", "process", "role", "sso", "web"]
        );
        for (name, what) in [
            ("sso", "SSO"),
            ("process", "process"),
            ("web", "web identity"),
            ("machine", "role of a machine"),
            ("mfa", "role with MFA"),
            ("bare", "settings"),
        ] {
            let Some(Definition::Unsupported(unsupported)) = profiles.find(name) else {
                panic!("{name} is not {what}");
            };
            assert_eq!(unsupported.what, what);
        }
        let Some(Definition::Role(role)) = profiles.find("role") else {
            panic!("not a role");
        };
        assert_eq!(role.source, "default");
        assert_eq!(role.duration_seconds, Some(900));
        assert_eq!(role.external_id, ExternalId::Given(SecretString::new("e")));
    }

    #[test]
    fn missing_files_are_empty_and_damaged_ones_are_told_with_their_line() {
        let (folder, mut files) = files("[profile a]\nregion eu-west-1\n", "");
        let error = files.read().err().unwrap();
        assert!(error.message.contains("line 2"), "{error}");
        files.config = folder.path().join("nowhere");
        assert!(files.read().unwrap().names().is_empty());
    }
}
