//! Everything one can sign as: built-in profiles, the user's own, those of the AWS files, and
//! roles on top of any of them.
//!
//! ```text
//! name ─▶ chain: role ─▶ role ─▶ … ─▶ keys        read from files, checked before any call
//!                 │        │            │
//!                 │        │            └─ built in, AWS file, or secret store
//!                 └────────┴─ a session that still lasts, or AssumeRole with the next link
//! ```
//!
//! Nothing else is asked: no metadata service of a machine, no credential process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use jiff::Timestamp;

use super::aws_files::AwsFiles;
use super::book::{BookEntry, ProfileBook, RoleEntry};
use super::definition::{Definition, ExternalId, Found, Origin, Role, Sources};
use super::places::region_of_environment;
use super::stored::{AssumedBy, RoleSession, keys_from_secret, keys_to_secret};
use super::sts::{AssumeRole, Sts, StsBounds, check_endpoint, is_loopback};
use super::{
    BoxFuture, CredentialProvider, CredentialsError, ProfilePlaces, ResolvedCredentials, SecretKey,
    SecretStore, SecretStoreError,
};
use crate::practice;
use crate::profile::{CallerIdentity, ProfileSummary};
use crate::secret::SecretString;
use crate::sigv4::Credentials;

/// A role profile to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRole {
    /// The profile that assumes the role.
    pub source: String,
    /// The role.
    pub role_arn: String,
    /// Goes into the secret store.
    pub external_id: Option<SecretString>,
    /// Shows in the account's audit log; `countersign` if none.
    pub session_name: Option<String>,
    /// How long a session lasts; the role's own default if none.
    pub duration_seconds: Option<u32>,
    /// The profile's region; the source's if none.
    pub region: Option<String>,
    /// Another STS than AWS's own.
    pub sts_endpoint: Option<String>,
}

/// All profiles of this user.
pub struct Profiles {
    store: Arc<dyn SecretStore>,
    sources: Sources,
    sts_endpoint: Option<String>,
    /// The environment's, for profiles without one.
    region: Option<String>,
    practice_sts: Mutex<Option<String>>,
    bounds: StsBounds,
    slots: Mutex<BTreeMap<(Origin, String), Arc<Slot>>>,
}

/// When credentials were asked for.
#[derive(Clone, Copy)]
struct Asked {
    /// What decides whether a session has expired.
    now: SystemTime,
    /// What decides whether a failure is younger than the question.
    at: Instant,
}

impl Asked {
    fn at(now: SystemTime) -> Self {
        Self {
            now,
            at: Instant::now(),
        }
    }
}

/// What is known of a role profile's session; locked while it is being assumed.
type Slot = tokio::sync::Mutex<SlotState>;

#[derive(Default)]
struct SlotState {
    session: Option<RoleSession>,
    /// The last failure, for those who waited while it happened.
    failure: Option<(Instant, CredentialsError)>,
}

impl Profiles {
    /// Profiles of the given places, with their secrets in the store.
    pub fn new(store: Arc<dyn SecretStore>, places: ProfilePlaces) -> Self {
        Self {
            store,
            sources: Sources {
                book: ProfileBook::new(places.book),
                aws: AwsFiles {
                    config: places.aws_config,
                    credentials: places.aws_credentials,
                },
            },
            sts_endpoint: places.sts_endpoint,
            region: None,
            practice_sts: Mutex::default(),
            bounds: StsBounds::default(),
            slots: Mutex::default(),
        }
    }

    /// Profiles of the places that the environment names.
    pub fn from_env(store: Arc<dyn SecretStore>) -> Result<Self, CredentialsError> {
        let profiles = Self::new(store, ProfilePlaces::from_env()?);
        Ok(profiles.with_region(region_of_environment()))
    }

    /// The region in which STS is asked for profiles that have none.
    #[must_use]
    pub fn with_region(mut self, region: Option<String>) -> Self {
        self.region = region;
        self
    }

    /// Other bounds for STS.
    #[must_use]
    pub const fn with_bounds(mut self, bounds: StsBounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Where the running practice gateway listens, as a URL; `None` for the usual place. Sessions
    /// of the practice world end with the gateway that gave them, so they are forgotten.
    pub fn set_practice_sts(&self, endpoint: Option<String>) {
        *self
            .practice_sts
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = endpoint;
        self.slots
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|(origin, _), _| *origin != Origin::BuiltIn);
    }

    /// All profiles: built-in ones, the user's own, those of the AWS files. Reads the files, so it
    /// blocks a little; asks neither the secret store nor the network.
    pub fn list(&self, now: SystemTime) -> Vec<ProfileSummary> {
        let (all, _) = self.sources.all();
        let mut seen: BTreeMap<String, Origin> = BTreeMap::new();
        all.into_iter()
            .map(|found| {
                let hidden_by = seen.get(&found.name).copied();
                seen.entry(found.name.clone()).or_insert(found.origin);
                self.summary(found, hidden_by, now)
            })
            .collect()
    }

    /// What is wrong with the files that profiles are read from.
    pub fn problems(&self) -> Vec<CredentialsError> {
        self.sources.all().1
    }

    fn summary(&self, found: Found, hidden_by: Option<Origin>, now: SystemTime) -> ProfileSummary {
        let unusable = match hidden_by {
            Some(Origin::BuiltIn) => Some("a built-in profile has the same name".to_owned()),
            Some(Origin::Book | Origin::AwsFiles) => {
                Some("a profile of profiles.toml has the same name".to_owned())
            }
            None => self
                .sources
                .chain_of(found.clone())
                .err()
                .map(|error| error.message),
        };
        ProfileSummary {
            expires_at: self.session_end(&found).filter(|end| *end > now),
            kind: found.kind(),
            source: found.source(),
            access_key_id: found.access_key_id().map(str::to_owned),
            account: found.account().map(str::to_owned),
            region: found.region().map(str::to_owned),
            name: found.name,
            unusable,
        }
    }

    /// The end of the session at hand.
    fn session_end(&self, found: &Found) -> Option<SystemTime> {
        let slot = self.known_slot(found)?;
        // While it is being assumed, there is nothing to say.
        let slot = slot.try_lock().ok()?;
        slot.session.as_ref().map(|session| session.expires_at)
    }

    /// Who signs with this profile, by `GetCallerIdentity`.
    pub async fn whoami(
        &self,
        name: &str,
        now: SystemTime,
    ) -> Result<CallerIdentity, CredentialsError> {
        let asked = Asked::at(now);
        let chain = self.chain(name).await?;
        let resolved = self.resolve(&chain, asked).await?;
        let endpoint = self.endpoint(&chain)?;
        Sts {
            credentials: &resolved.credentials,
            region: self.sts_region(&chain, endpoint.as_deref())?,
            endpoint: endpoint.as_deref(),
            bounds: self.bounds,
        }
        .caller_identity()
        .await
        .map_err(|error: CredentialsError| {
            error.told(|message| format!("who is {}? {}", resolved.signed_as, message))
        })
    }

    /// Drops the sessions of a profile's roles, so that the next call gets new ones.
    pub async fn renew(&self, name: &str) -> Result<(), CredentialsError> {
        let chain = self.chain(name).await?;
        let mut has_session = false;
        for found in &chain {
            if !matches!(found.definition, Definition::Role(_)) {
                continue;
            }
            has_session = true;
            let slot = self.slot(found);
            let mut slot = slot.lock().await;
            if !is_practice(&chain) && found.origin != Origin::BuiltIn {
                let key = session_key(found);
                self.ask_store(move |store| store.delete(&key))
                    .await?
                    .map_err(|error| store_failure(name, "drop its session", &error))?;
            }
            *slot = SlotState::default();
        }
        if has_session {
            return Ok(());
        }
        Err(CredentialsError::new(
            format!("profile “{name}” has no session that could be begun anew"),
            "its temporary keys come from elsewhere: get new ones there, and enter them",
        ))
    }

    /// Adds keys under a name: first into the secret store, then into the file; if the file
    /// cannot be written, the store is as before. Blocks.
    pub fn add_keys(
        &self,
        name: &str,
        region: Option<&str>,
        credentials: &Credentials,
    ) -> Result<(), CredentialsError> {
        check_keys(credentials)?;
        if let Some(region) = region {
            check_region(region)?;
        }
        let key = SecretKey::ProfileKeys(name.to_owned());
        let secret = keys_to_secret(credentials).ok_or_else(|| {
            CredentialsError::new("the keys cannot be written down", "report this")
        })?;
        let entry = BookEntry::Keys {
            access_key_id: credentials.access_key_id.clone(),
            region: region.map(str::to_owned),
        };
        self.add(name, &entry, &[(key, secret)])
    }

    /// Adds a role under a name; its external id goes into the secret store. Blocks.
    pub fn add_role(&self, name: &str, role: NewRole) -> Result<(), CredentialsError> {
        check_role(&role)?;
        self.sources.chain(&role.source)?;
        let secrets: Vec<_> = role
            .external_id
            .into_iter()
            .map(|id| (SecretKey::ExternalId(name.to_owned()), id))
            .collect();
        let entry = BookEntry::Role(RoleEntry {
            source: role.source,
            role_arn: role.role_arn,
            session_name: role.session_name,
            duration_seconds: role.duration_seconds,
            region: role.region,
            sts_endpoint: role.sts_endpoint,
            external_id_in_keyring: !secrets.is_empty(),
        });
        self.add(name, &entry, &secrets)
    }

    fn add(
        &self,
        name: &str,
        entry: &BookEntry,
        secrets: &[(SecretKey, SecretString)],
    ) -> Result<(), CredentialsError> {
        check_name(name)?;
        // Held over both, or two additions at once could delete each other's secrets.
        let lock = self.sources.book.lock()?;
        self.check_is_new(name)?;
        let at = |error: SecretStoreError| store_failure(name, "keep its secrets", &error);
        for (key, secret) in secrets {
            // An entry that no profile of this home names belongs to another home, or to a
            // removal that was cut short.
            if let Some(other) = self.store.get(key).map_err(at)?
                && other != *secret
            {
                return Err(CredentialsError::new(
                    format!("the keyring has other secrets under the name “{name}” already"),
                    format!(
                        "choose another name, or delete them with: countersign profiles remove {name}"
                    ),
                ));
            }
        }
        for (key, secret) in secrets {
            self.store.set(key, secret).map_err(at)?;
        }
        let written = self.sources.book.add(&lock, name, entry);
        if written.is_err() {
            for (key, _) in secrets {
                if let Err(error) = self.store.delete(key) {
                    tracing::warn!(%error, "a secret of a profile that was not added stays behind");
                }
            }
        }
        self.forget(name);
        written
    }

    /// Removes one of the user's own profiles with its secrets; if the file cannot be written,
    /// the secrets are put back. Blocks.
    pub fn remove(&self, name: &str) -> Result<(), CredentialsError> {
        if let Ok(found) = self.sources.find(name)
            && found.origin != Origin::Book
        {
            return Err(CredentialsError::new(
                format!("{} is not one of your own", found.in_words()),
                match found.origin {
                    Origin::AwsFiles => "remove it where it is written",
                    Origin::BuiltIn | Origin::Book => "built-in profiles stay",
                },
            ));
        }
        let at = |error: SecretStoreError| store_failure(name, "delete its secrets", &error);
        let lock = self.sources.book.lock()?;
        let has_no_secret = match self.sources.find(name).map(|found| found.definition) {
            Ok(Definition::Role(role)) => role.external_id == ExternalId::None,
            Ok(_) => false,
            Err(_) => true,
        };
        let keys = [
            SecretKey::ProfileKeys(name.to_owned()),
            SecretKey::ExternalId(name.to_owned()),
            SecretKey::RoleSession(name.to_owned()),
        ];
        let mut removed = Vec::new();
        let mut failure = None;
        for key in keys {
            let secret = match self.store.get(&key) {
                Ok(None) => continue,
                // Where there is no keyring, what has no secret can still go.
                Err(SecretStoreError::NoService(_)) if has_no_secret => break,
                Ok(Some(secret)) => secret,
                Err(error) => {
                    failure = Some(at(error));
                    break;
                }
            };
            if let Err(error) = self.store.delete(&key) {
                failure = Some(at(error));
                break;
            }
            removed.push((key, secret));
        }
        let outcome = match failure {
            Some(error) => Err(error),
            None => self.sources.book.remove(&lock, name),
        };
        match outcome {
            Ok(was_in_book) => {
                self.forget(name);
                if was_in_book || !removed.is_empty() {
                    Ok(())
                } else {
                    self.sources.find(name).map(|_| ())
                }
            }
            Err(error) => {
                for (key, secret) in removed {
                    if let Err(error) = self.store.set(&key, &secret) {
                        tracing::error!(%error, "a secret could not be put back");
                    }
                }
                Err(error)
            }
        }
    }

    fn check_is_new(&self, name: &str) -> Result<(), CredentialsError> {
        // Ours must be whole; what is damaged in the AWS files is no reason to stop.
        self.sources.book.read()?;
        let (all, _) = self.sources.all();
        // Some keyrings do not tell upper from lower case.
        let wanted = name.to_lowercase();
        match all
            .into_iter()
            .find(|found| found.name.to_lowercase() == wanted)
        {
            None => Ok(()),
            Some(found) => Err(CredentialsError::new(
                format!("there is a {} already", found.in_words()),
                "choose another name",
            )),
        }
    }

    fn forget(&self, name: &str) {
        self.slots
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|(_, known), _| known != name);
    }

    async fn chain(&self, name: &str) -> Result<Vec<Found>, CredentialsError> {
        let (sources, name) = (self.sources.clone(), name.to_owned());
        blocking(move || sources.chain(&name)).await?
    }

    /// Credentials of the first profile of a chain.
    fn resolve<'a>(
        &'a self,
        chain: &'a [Found],
        asked: Asked,
    ) -> BoxFuture<'a, Result<ResolvedCredentials, CredentialsError>> {
        Box::pin(async move {
            let Some((found, rest)) = chain.split_first() else {
                return Err(CredentialsError::new("the chain is empty", "report this"));
            };
            let credentials = match &found.definition {
                Definition::Example { secret_access_key } => {
                    Credentials::new(practice::ACCESS_KEY_ID, *secret_access_key)
                }
                Definition::Static { credentials, .. } => credentials.clone(),
                Definition::Stored { .. } => self.stored_keys(found).await?,
                Definition::Role(role) => return self.role(chain, found, role, rest, asked).await,
                Definition::Unsupported(unsupported) => {
                    return Err(CredentialsError::new(
                        format!("{}: {}", found.in_words(), unsupported.reason),
                        "choose another profile",
                    ));
                }
            };
            Ok(ResolvedCredentials {
                credentials,
                signed_as: found.in_words(),
                region: found.region().map(str::to_owned),
                expires_at: None,
            })
        })
    }

    async fn stored_keys(&self, found: &Found) -> Result<Credentials, CredentialsError> {
        let key = SecretKey::ProfileKeys(found.name.clone());
        let secret = self
            .ask_store(move |store| store.get(&key))
            .await?
            .map_err(|error| store_failure(&found.name, "read its keys", &error))?
            .ok_or_else(|| {
                CredentialsError::new(
                    format!("{} has no keys in the keyring any more", found.in_words()),
                    format!(
                        "remove it and add it again: countersign profiles add {}",
                        found.name
                    ),
                )
            })?;
        keys_from_secret(&secret).ok_or_else(|| {
            CredentialsError::new(
                format!("what the keyring has for {} are no keys", found.in_words()),
                format!(
                    "remove it and add it again: countersign profiles add {}",
                    found.name
                ),
            )
        })
    }

    async fn role(
        &self,
        chain: &[Found],
        found: &Found,
        role: &Role,
        rest: &[Found],
        asked: Asked,
    ) -> Result<ResolvedCredentials, CredentialsError> {
        let endpoint = self.endpoint(chain)?;
        let source_id = rest.first().and_then(Found::access_key_id);
        let assumed = AssumedBy::new(role, endpoint.as_deref(), source_id);
        let resolved = |session: &RoleSession| ResolvedCredentials {
            credentials: session.credentials.clone(),
            signed_as: format!(
                "role {} via {}, until {}",
                role.role_name(),
                role.source,
                clock(session.expires_at)
            ),
            region: chain.iter().find_map(Found::region).map(str::to_owned),
            expires_at: Some(session.expires_at),
        };

        let slot = self.slot(found);
        // Whoever comes second waits here and finds what the first one got.
        let mut slot = slot.lock().await;
        if let Some((failed_at, failure)) = &slot.failure
            && *failed_at >= asked.at
        {
            return Err(failure.clone());
        }
        // Sessions of the practice world end with the gateway: a kept one would only confuse.
        let is_kept = !is_practice(chain) && found.origin != Origin::BuiltIn;
        let serves = |session: &RoleSession| session.serves(&assumed, asked.now);
        if !slot.session.as_ref().is_some_and(serves) && is_kept {
            slot.session = self.kept_session(found).await.filter(serves);
        }
        if let Some(session) = slot.session.as_ref().filter(|session| serves(session)) {
            return Ok(resolved(session));
        }
        slot.session = None;
        match self
            .assume(chain, found, role, rest, endpoint.as_deref(), asked)
            .await
        {
            Ok((credentials, expires_at)) => {
                let session = RoleSession {
                    credentials,
                    expires_at,
                    assumed,
                };
                if is_kept {
                    self.keep_session(found, &session).await;
                }
                let answer = resolved(&session);
                *slot = SlotState {
                    session: Some(session),
                    failure: None,
                };
                Ok(answer)
            }
            Err(error) => {
                slot.failure = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn assume(
        &self,
        chain: &[Found],
        found: &Found,
        role: &Role,
        rest: &[Found],
        endpoint: Option<&str>,
        asked: Asked,
    ) -> Result<(Credentials, SystemTime), CredentialsError> {
        let in_chain = |error: CredentialsError| {
            error.told(|message| {
                format!(
                    "{}: role {} via “{}”: {}",
                    found.in_words(),
                    role.role_name(),
                    role.source,
                    message
                )
            })
        };
        let source = self.resolve(rest, asked).await.map_err(in_chain)?;
        let external_id = self.external_id(found, role).await?;
        Sts {
            credentials: &source.credentials,
            region: self.sts_region(chain, endpoint).map_err(in_chain)?,
            endpoint,
            bounds: self.bounds,
        }
        .assume_role(AssumeRole {
            role_arn: &role.role_arn,
            session_name: role.session_name(),
            external_id: external_id.as_ref(),
            duration_seconds: role.duration_seconds,
        })
        .await
        .map_err(in_chain)
    }

    async fn external_id(
        &self,
        found: &Found,
        role: &Role,
    ) -> Result<Option<SecretString>, CredentialsError> {
        match &role.external_id {
            ExternalId::None => Ok(None),
            ExternalId::Given(id) => Ok(Some(id.clone())),
            ExternalId::InStore => {
                let key = SecretKey::ExternalId(found.name.clone());
                let id = self
                    .ask_store(move |store| store.get(&key))
                    .await?
                    .map_err(|error| store_failure(&found.name, "read its external id", &error))?;
                // Without it AWS would say no more than "access denied".
                id.map(Some).ok_or_else(|| {
                    CredentialsError::new(
                        format!(
                            "{} has no external id in the keyring any more",
                            found.in_words()
                        ),
                        "remove it and add it again with --external-id-stdin",
                    )
                })
            }
        }
    }

    async fn kept_session(&self, found: &Found) -> Option<RoleSession> {
        let key = session_key(found);
        let secret = self.ask_store(move |store| store.get(&key)).await.ok()?;
        match secret {
            Ok(secret) => secret.as_ref().and_then(RoleSession::from_secret),
            Err(error) => {
                tracing::debug!(%error, "no kept session of the role");
                None
            }
        }
    }

    /// Keeps a session for the next start. Failing costs one more call then, so it is no error.
    async fn keep_session(&self, found: &Found, session: &RoleSession) {
        let key = session_key(found);
        let Some(secret) = session.to_secret() else {
            return;
        };
        let kept = self.ask_store(move |store| store.set(&key, &secret)).await;
        if let Ok(Err(error)) = kept {
            tracing::debug!(%error, "the session of the role is not kept");
        }
    }

    async fn ask_store<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SecretStore) -> T + Send + 'static,
    ) -> Result<T, CredentialsError> {
        let store = Arc::clone(&self.store);
        blocking(move || call(&*store)).await
    }

    /// The STS that a chain's first profile asks; `None` for AWS's own. AWS does not know the
    /// example keys, so they are never sent anywhere but to this machine.
    fn endpoint(&self, chain: &[Found]) -> Result<Option<String>, CredentialsError> {
        let environment = self.sts_endpoint.clone();
        let own = chain.first().and_then(|found| match &found.definition {
            Definition::Role(role) => role.sts_endpoint.clone().map(|own| (found, own)),
            _ => None,
        });
        if !is_practice(chain) {
            return Ok(own.map(|(_, own)| own).or(environment));
        }
        if let Some((found, own)) = own {
            if is_loopback(&own) {
                return Ok(Some(own));
            }
            return Err(CredentialsError::new(
                format!(
                    "{} would send the practice keys to {own}; they are for this machine only",
                    found.in_words()
                ),
                "remove it and add it again without --sts-endpoint, or with another source profile",
            ));
        }
        let practice = self
            .practice_sts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(practice
            .clone()
            .or_else(|| environment.filter(|endpoint| is_loopback(endpoint)))
            .or_else(|| Some(format!("http://{}", practice::DEFAULT_LISTEN))))
    }

    /// The region whose STS a chain's first profile asks: of a profile, else of the environment,
    /// else of the role's partition. Keys do not say where they belong.
    fn sts_region<'a>(
        &'a self,
        chain: &'a [Found],
        endpoint: Option<&str>,
    ) -> Result<&'a str, CredentialsError> {
        let role = chain.first().and_then(|found| match &found.definition {
            Definition::Role(role) => Some(role),
            _ => None,
        });
        let environment = self
            .region
            .as_deref()
            .filter(|region| role.is_none_or(|role| is_in_partition(region, role.partition())));
        chain
            .iter()
            .find_map(Found::region)
            .or(environment)
            .or_else(|| role.and_then(Role::partition_region))
            // Whoever listens on this machine belongs to no region.
            .or_else(|| {
                endpoint
                    .is_some_and(is_loopback)
                    .then_some(practice::REGION)
            })
            .ok_or_else(|| {
                let who = chain
                    .first()
                    .map_or_else(|| "the profile".to_owned(), Found::in_words);
                CredentialsError::new(
                    format!("{who} has no region, so it is not known which STS to ask"),
                    "set AWS_REGION, or give the profile a region: add it again with one, or write it into the AWS config",
                )
            })
    }

    fn known_slot(&self, found: &Found) -> Option<Arc<Slot>> {
        self.slots
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(found.origin, found.name.clone()))
            .cloned()
    }

    fn slot(&self, found: &Found) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry((found.origin, found.name.clone()));
        Arc::clone(slot.or_default())
    }
}

impl CredentialProvider for Profiles {
    fn load<'a>(
        &'a self,
        profile: &'a str,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<ResolvedCredentials, CredentialsError>> {
        Box::pin(async move {
            let asked = Asked::at(now);
            let chain = self.chain(profile).await?;
            self.resolve(&chain, asked).await
        })
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CredentialsError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        CredentialsError::new(
            format!("loading credentials broke down: {error}"),
            "report this",
        )
    })
}

/// Whether a chain ends at the published example keys.
fn is_practice(chain: &[Found]) -> bool {
    chain
        .last()
        .is_some_and(|found| matches!(found.definition, Definition::Example { .. }))
}

/// Whether a region belongs to a partition, as far as its name tells.
fn is_in_partition(region: &str, partition: &str) -> bool {
    match partition {
        "aws-cn" => region.starts_with("cn-"),
        "aws-us-gov" => region.starts_with("us-gov-"),
        "aws" => !region.starts_with("cn-") && !region.starts_with("us-gov-"),
        _ => true,
    }
}

/// Where a role's session is kept; a profile of the AWS files may have the name of one of ours
/// after that was removed, so it has another address.
fn session_key(found: &Found) -> SecretKey {
    SecretKey::RoleSession(match found.origin {
        Origin::AwsFiles => format!("aws:{}", found.name),
        Origin::BuiltIn | Origin::Book => found.name.clone(),
    })
}

fn clock(time: SystemTime) -> String {
    let timestamp = Timestamp::try_from(time).unwrap_or_default();
    timestamp.strftime("%H:%M:%SZ").to_string()
}

fn store_failure(name: &str, what: &str, error: &SecretStoreError) -> CredentialsError {
    CredentialsError::new(
        format!("profile “{name}”: cannot {what}: {error}"),
        error.hint(),
    )
}

fn refuse(message: impl Into<String>, hint: &str) -> Result<(), CredentialsError> {
    Err(CredentialsError::new(message, hint))
}

/// Names stand in files and on command lines.
fn check_name(name: &str) -> Result<(), CredentialsError> {
    let fits = |c: char| c.is_alphanumeric() || "-_.@+=".contains(c);
    if name.is_empty()
        || name.chars().count() > 64
        || !name.chars().all(fits)
        || name.starts_with('-')
    {
        return refuse(
            format!("“{name}” cannot be the name of a profile"),
            "use up to 64 letters, digits and - _ . @ + =, without a - at the start",
        );
    }
    Ok(())
}

/// Catches what was pasted wrongly. No message repeats a secret.
fn check_keys(credentials: &Credentials) -> Result<(), CredentialsError> {
    let id = &credentials.access_key_id;
    let is_word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !(16..=128).contains(&id.len()) || !is_word(id) {
        return refuse(
            "the access key id is not one: it has 16 to 128 letters and digits",
            "copy it again; it begins with AKIA or ASIA",
        );
    }
    let secret = credentials.secret_access_key.expose();
    if secret.is_empty() || secret.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refuse(
            "the secret access key is empty or has blanks in it",
            "copy it again, in one piece",
        );
    }
    match &credentials.session_token {
        None if id.starts_with("ASIA") => refuse(
            "these keys are temporary (ASIA…) and come without their session token",
            "give the session token too",
        ),
        Some(token)
            if token.is_empty()
                || token
                    .expose()
                    .chars()
                    .any(|c| c.is_whitespace() || c.is_control()) =>
        {
            refuse(
                "the session token is empty or has blanks in it",
                "copy it again, in one piece",
            )
        }
        _ => Ok(()),
    }
}

fn check_region(region: &str) -> Result<(), CredentialsError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if region.is_empty() || !region.chars().all(fits) {
        return refuse(
            format!("“{region}” is not a region"),
            "write it like eu-west-1",
        );
    }
    Ok(())
}

fn check_role(role: &NewRole) -> Result<(), CredentialsError> {
    let parts: Vec<&str> = role.role_arn.splitn(6, ':').collect();
    let is_role = matches!(
        parts.as_slice(),
        ["arn", partition, "iam", "", account, name]
            if partition.starts_with("aws")
                && account.len() == 12
                && account.chars().all(|c| c.is_ascii_digit())
                && name.strip_prefix("role/").is_some_and(|name| !name.is_empty())
                && !name.contains(char::is_whitespace)
    );
    if !is_role {
        return refuse(
            format!("“{}” is not the ARN of a role", role.role_arn),
            "write it like arn:aws:iam::111122223333:role/PetReader",
        );
    }
    if let Some(name) = &role.session_name {
        let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        if !(2..=64).contains(&name.len()) || !name.chars().all(fits) {
            return refuse(
                format!("“{name}” cannot be the name of a session"),
                "use 2 to 64 letters, digits and _ + = , . @ -",
            );
        }
    }
    if let Some(id) = &role.external_id {
        let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c);
        if !(2..=1224).contains(&id.expose().len()) || !id.expose().chars().all(fits) {
            return refuse(
                "the external id is not one: it has 2 to 1224 letters, digits and _ + = , . @ : / -",
                "copy it again",
            );
        }
    }
    if role
        .duration_seconds
        .is_some_and(|seconds| !(900..=43_200).contains(&seconds))
    {
        return refuse(
            "a session lasts 900 to 43200 seconds",
            "3600 is what AWS takes by itself",
        );
    }
    if let Some(region) = &role.region {
        check_region(region)?;
    }
    role.sts_endpoint.as_deref().map_or(Ok(()), check_endpoint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::MemoryStore;

    #[test]
    fn without_a_gateway_practice_profiles_ask_this_machine_whatever_the_environment_says() {
        let usual = format!("http://{}", practice::DEFAULT_LISTEN);
        for (environment, asked) in [
            (None, usual.as_str()),
            (Some("https://sts.us-east-1.amazonaws.com"), &usual),
            (Some("https://127.0.0.1.example"), &usual),
            (Some("http://127.0.0.1:4566"), "http://127.0.0.1:4566"),
            (Some("https://[::1]:4566"), "https://[::1]:4566"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let places = ProfilePlaces {
                book: folder.path().join("profiles.toml"),
                aws_config: folder.path().join("config"),
                aws_credentials: folder.path().join("credentials"),
                sts_endpoint: environment.map(str::to_owned),
            };
            let profiles = Profiles::new(Arc::new(MemoryStore::default()), places);
            for name in [
                practice::PROFILE,
                practice::WRONG_SECRET_PROFILE,
                practice::ROLE_PROFILE,
            ] {
                let chain = profiles.sources.chain(name).unwrap();
                let endpoint = profiles.endpoint(&chain).unwrap();
                assert_eq!(endpoint.as_deref(), Some(asked), "{name} {environment:?}");
            }
        }
    }
}
