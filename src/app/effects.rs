//! The only place that performs effects.
//!
//! Nothing here waits: files have a thread of their own, so that writes stay in order; the keyring
//! and the profiles run on the engine's blocking threads; the network on its workers. What comes of
//! an effect returns as a command through a bounded inbox, and asks for a frame.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::draft_files::DraftFiles;
use super::explain_jobs;
use super::file_dialogs::Picked;
use super::file_worker::{FileJob, FileWorker};
use super::gateway_worker::{GatewayJob, GatewayWorker};
use super::secret_jobs;
use super::startup::{AppPorts, StartupError};
use crate::credentials::{
    CredentialsError, NewRole, Profiles, SecretKey, SecretStore, StoreStatus,
};
use crate::engine::{self, Engine, Wake, look_at_file};
use crate::exchange::{SendEvent, SendJob};
use crate::secret::SecretString;
use crate::sigv4::Credentials;
use crate::state::{self, Command, Effect, Failure, NewProfileKeys, TabId};
use crate::storage::write_atomically;

/// How many results may wait; who has more to say waits for the window.
const INBOX: usize = 256;

/// The way back: a command, and a frame to take it in.
#[derive(Clone)]
pub(super) struct Outbox {
    sender: mpsc::Sender<Command>,
    wake: Wake,
}

impl Outbox {
    /// From a thread of its own.
    pub(super) fn send_blocking(&self, command: Command) {
        // The receiver is gone only when the window is.
        self.sender.blocking_send(command).ok();
        (self.wake)();
    }

    /// From a task.
    pub(super) async fn send(&self, command: Command) {
        self.sender.send(command).await.ok();
        (self.wake)();
    }

    /// From a place that must not wait; the news may be dropped.
    pub(super) fn send_if_room(&self, command: Command) {
        self.sender.try_send(command).ok();
        (self.wake)();
    }
}

/// Performs effects over the ports.
pub(super) struct Effects {
    engine: Engine,
    ports: AppPorts,
    outbox: Outbox,
    inbox: mpsc::Receiver<Command>,
    files: FileWorker,
    gateway: GatewayWorker,
}

impl Effects {
    /// Starts the threads.
    pub(super) fn new(ports: AppPorts, ctx: &egui::Context) -> Result<Self, StartupError> {
        let ctx = ctx.clone();
        let wake: Wake = Arc::new(move || ctx.request_repaint());
        let engine =
            Engine::new(ports.engine.clone(), Arc::clone(&wake)).map_err(StartupError::Threads)?;
        let drafts = DraftFiles(ports.home.data_dir().join("drafts"));
        let (sender, inbox) = mpsc::channel(INBOX);
        let outbox = Outbox { sender, wake };
        let files = FileWorker::start(drafts, ports.home.clone(), outbox.clone())
            .map_err(StartupError::Threads)?;
        let gateway = GatewayWorker::start(
            engine.handle(),
            ports.gateway_listen,
            Arc::clone(&ports.profiles),
            outbox.clone(),
        );
        Ok(Self {
            engine,
            ports,
            outbox,
            inbox,
            files,
            gateway,
        })
    }

    /// The time, by the port.
    pub(super) fn now(&self) -> SystemTime {
        self.ports.engine.clock.now()
    }

    /// The next step of a sending, if there is one.
    pub(super) fn next_event(&mut self) -> Option<SendEvent> {
        self.engine.poll()
    }

    /// The next result of an effect, if there is one.
    pub(super) fn next_result(&mut self) -> Option<Command> {
        self.inbox.try_recv().ok()
    }

    /// Performs an effect and returns at once.
    pub(super) fn run(&self, effect: Effect, ctx: &egui::Context) {
        match effect {
            Effect::StartSend(job) => self.engine.start(*job),
            Effect::CancelSend(id) => self.engine.cancel(id),
            Effect::OpenCollection(folder) => self.files.send(FileJob::Open(folder)),
            Effect::RereadCollection(folder) => self.files.send(FileJob::Reread(folder)),
            Effect::SaveRequest {
                folder,
                path,
                draft,
                tab,
                base,
            } => self.files.send(FileJob::Save {
                folder,
                path,
                draft,
                tab,
                base,
            }),
            Effect::KeepDrafts { .. } => self.keep_drafts(effect),
            Effect::ChangeFiles { folder, change } => {
                self.files.send(FileJob::Change { folder, change });
            }
            Effect::FindSecrets(secrets) => {
                self.with_secrets(move |store| secret_jobs::find(store, secrets));
            }
            Effect::CheckSecretStore => self.check_secret_store(),
            Effect::StoreSecret(secret, value) => {
                self.with_secrets(move |store| secret_jobs::store(store, secret, &value));
            }
            Effect::CopySecrets { name, to, secrets } => self.with_secrets(move |store| {
                let result = secret_jobs::copy(store, &secrets);
                Command::SecretsCopied { name, to, result }
            }),
            Effect::DeleteSecrets(secrets) => {
                self.with_secrets(move |store| secret_jobs::delete(store, secrets));
            }
            Effect::ListProfiles => {
                let now = self.now();
                self.with_profiles(move |profiles| Command::ProfilesListed(Ok(profiles.list(now))));
            }
            Effect::AddProfileKeys(keys) => {
                let store = Arc::clone(&self.ports.engine.secrets);
                self.with_profiles(move |profiles| add_keys(profiles, &*store, keys));
            }
            Effect::AddRole(role) => {
                let store = Arc::clone(&self.ports.engine.secrets);
                self.with_profiles(move |profiles| add_role(profiles, &*store, role));
            }
            Effect::RemoveProfile(name) => self.with_profiles(move |profiles| {
                let result = profiles.remove(&name);
                changed(result, || format!("Profile “{name}” removed"))
            }),
            Effect::WhoAmI(profile) => self.who_am_i(profile),
            Effect::Explain { tab, exchange, job } => {
                explain_jobs::explain(&self.engine, self.outbox.clone(), tab, exchange, job);
            }
            Effect::ReadPasted(job) => {
                explain_jobs::read_pasted(&self.engine, self.outbox.clone(), *job, self.now());
            }
            Effect::RenewCredentials { profile, tab } => {
                let profiles = Arc::clone(&self.ports.profiles);
                explain_jobs::renew(&self.engine, self.outbox.clone(), profiles, profile, tab);
            }
            Effect::StartGateway => self.gateway.send(GatewayJob::Start),
            Effect::StopGateway => self.gateway.send(GatewayJob::Stop),
            Effect::CloseWindow => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Effect::CopyText(text) => ctx.copy_text(text),
            Effect::ChooseBodyFile { tab, folder } => self.choose_body_file(tab, folder),
            Effect::LookAtBodyFile { tab, path } => self.look_at_body_file(tab, path),
            Effect::CopySecret(secret) => ctx.copy_text(secret.expose().to_owned()),
            Effect::Presign(job) => self.presign(job),
            Effect::SaveBody {
                exchange,
                suggested_name,
            } => {
                let body = exchange.response.body.bytes.clone();
                self.save_file("The answer", body, suggested_name);
            }
            Effect::SaveText {
                suggested_name,
                text,
            } => self.save_file("The text", text.into(), suggested_name),
        }
    }

    /// Writes drafts down; the only effect that is performed at the end too.
    pub(super) fn keep_drafts(&self, effect: Effect) {
        if let Effect::KeepDrafts { folder, drafts } = effect {
            self.files.send(FileJob::KeepDrafts { folder, drafts });
        }
    }

    /// Runs something over the secret store on a blocking thread.
    fn with_secrets(&self, work: impl FnOnce(&dyn SecretStore) -> Command + Send + 'static) {
        let store = Arc::clone(&self.ports.engine.secrets);
        let outbox = self.outbox.clone();
        self.engine.handle().spawn_blocking(move || {
            let command = work(&*store);
            outbox.send_blocking(are_kept(&*store));
            outbox.send_blocking(command);
        });
    }

    /// Finds out whether secrets outlive this run: before one is typed, not after.
    fn check_secret_store(&self) {
        let store = Arc::clone(&self.ports.engine.secrets);
        let outbox = self.outbox.clone();
        self.engine.handle().spawn_blocking(move || {
            // A store knows by trying. Nothing has this name; only that it answers counts, and what
            // it says instead is said again when something is kept.
            store.get(&SecretKey::ProfileKeys(String::new())).ok();
            outbox.send_blocking(are_kept(&*store));
        });
    }

    /// Runs something over the profiles on a blocking thread.
    fn with_profiles(&self, work: impl FnOnce(&Profiles) -> Command + Send + 'static) {
        let profiles = Arc::clone(&self.ports.profiles);
        let store = Arc::clone(&self.ports.engine.secrets);
        let outbox = self.outbox.clone();
        self.engine.handle().spawn_blocking(move || {
            let command = work(&profiles);
            outbox.send_blocking(are_kept(&*store));
            outbox.send_blocking(command);
        });
    }

    fn who_am_i(&self, profile: String) {
        let profiles = Arc::clone(&self.ports.profiles);
        let outbox = self.outbox.clone();
        let now = self.now();
        self.engine.handle().spawn(async move {
            let result = profiles.whoami(&profile, now).await.map_err(failure);
            outbox
                .send(Command::WhoAmIAnswered { profile, result })
                .await;
            // A role's session may have begun: its end is shown.
            outbox.send(Command::ListProfiles).await;
        });
    }

    fn choose_body_file(&self, tab: TabId, folder: Option<PathBuf>) {
        let dialogs = Arc::clone(&self.ports.dialogs);
        let outbox = self.outbox.clone();
        self.engine.handle().spawn(async move {
            let picked = dialogs.open_file("Choose the body's file", folder).await;
            let command = match picked {
                Picked::Path(path) => Command::BodyFileChosen { tab, path },
                Picked::Nothing => return,
                Picked::NoDialog => Command::Notify(Failure::new(
                    "This desktop has no dialog for files",
                    Some("type the file's path".to_owned()),
                )),
            };
            outbox.send(command).await;
        });
    }

    fn look_at_body_file(&self, tab: TabId, path: PathBuf) {
        let outbox = self.outbox.clone();
        self.engine.handle().spawn_blocking(move || {
            let found = look_at_file(&path);
            outbox.send_blocking(Command::BodyFileFound { tab, path, found });
        });
    }

    fn presign(&self, job: Box<SendJob>) {
        let ports = self.ports.engine.clone();
        let outbox = self.outbox.clone();
        self.engine.handle().spawn(async move {
            let result = match engine::sign_without_sending(&job, &ports).await {
                Ok(Some((signed, _))) => Ok(SecretString::new(signed.url().as_str())),
                Ok(None) => Err(Failure::new(
                    "The request is not signed with Signature Version 4",
                    Some("choose IAM as its auth".to_owned()),
                )),
                Err(error) => Err(Failure::new(
                    format!("The URL could not be presigned: {error}"),
                    error.hint.clone(),
                )),
            };
            outbox.send(Command::Presigned(result)).await;
        });
    }

    /// Writes something, called `what`, into a file that the user picks.
    fn save_file(&self, what: &'static str, content: Bytes, suggested_name: String) {
        let dialogs = Arc::clone(&self.ports.dialogs);
        let outbox = self.outbox.clone();
        let fallback = self.ports.home.data_dir().to_owned();
        self.engine.handle().spawn(async move {
            let path = match dialogs.save_file(suggested_name.clone()).await {
                Picked::Path(path) => path,
                Picked::Nothing => return,
                Picked::NoDialog => free_path(&fallback, &suggested_name),
            };
            let written = tokio::task::spawn_blocking({
                let path = path.clone();
                move || write_atomically(&path, &content)
            });
            let result = written
                .await
                .unwrap_or_else(|error| Err(io::Error::other(error)));
            outbox
                .send(match result {
                    Ok(()) => Command::Say(format!("Saved in {}", path.display())),
                    Err(error) => Command::Notify(Failure::new(
                        format!("{what} could not be saved: {error} ({})", path.display()),
                        Some("choose another folder".to_owned()),
                    )),
                })
                .await;
        });
    }

    /// Ends everything, within a bound. Files that are being written are finished.
    pub(super) fn shutdown(self, bound: Duration) {
        self.files.finish(bound);
        self.engine.shutdown(bound);
    }
}

/// How long secrets last, as far as the store knows by now.
fn are_kept(store: &dyn SecretStore) -> Command {
    Command::SecretsAreKept(match store.status().banner() {
        None => Ok(()),
        Some(words) => Err(words),
    })
}

fn add_keys(profiles: &Profiles, store: &dyn SecretStore, keys: NewProfileKeys) -> Command {
    let NewProfileKeys {
        name,
        access_key_id,
        secret_access_key,
        session_token,
        region,
    } = keys;
    let credentials = Credentials {
        access_key_id,
        secret_access_key,
        session_token,
    };
    let result = profiles.add_keys(&name, region.as_deref(), &credentials);
    changed(result, || match store.status() {
        StoreStatus::Kept => format!("Profile “{name}” added"),
        StoreStatus::UntilExit { .. } => {
            format!("Profile “{name}” added; its keys are kept until exit")
        }
    })
}

fn add_role(profiles: &Profiles, store: &dyn SecretStore, role: state::NewRole) -> Command {
    let state::NewRole {
        name,
        source_profile,
        role_arn,
        external_id,
        region,
    } = role;
    let has_secret = external_id.is_some();
    let result = profiles.add_role(
        &name,
        NewRole {
            source: source_profile,
            role_arn,
            external_id,
            region,
            ..NewRole::default()
        },
    );
    changed(result, || match store.status() {
        StoreStatus::UntilExit { .. } if has_secret => {
            format!("Profile “{name}” added; its external id is kept until exit")
        }
        StoreStatus::Kept | StoreStatus::UntilExit { .. } => format!("Profile “{name}” added"),
    })
}

fn changed(result: Result<(), CredentialsError>, text: impl FnOnce() -> String) -> Command {
    Command::ProfilesChanged(result.map(|()| text()).map_err(failure))
}

pub(super) fn failure(error: CredentialsError) -> Failure {
    Failure::new(error.message, error.hint)
}

/// A path of a name in a folder that is not taken.
fn free_path(folder: &Path, name: &str) -> PathBuf {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    (1..1000_u32)
        .map(|number| match number {
            1 => folder.join(name),
            number => folder.join(format!("{stem} {number}.{extension}")),
        })
        .find(|path| fs::symlink_metadata(path).is_err())
        .unwrap_or_else(|| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let first = free_path(folder.path(), "response.json");
        assert_eq!(first, folder.path().join("response.json"));
        fs::write(&first, "x").unwrap();
        assert_eq!(
            free_path(folder.path(), "response.json"),
            folder.path().join("response 2.json")
        );
    }
}
