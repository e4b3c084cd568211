//! What the shell must do for the state; only `app::effects` does it.

use std::path::PathBuf;
use std::sync::Arc;

use super::{FileChange, KeptDraft, NewProfileKeys, NewRole, PastedJob, TabId};
use crate::collection::{ItemPath, RequestDraft, SecretRef};
use crate::exchange::{Exchange, ExchangeId, SendJob};
use crate::secret::SecretString;

/// A thing to do outside the state, as a value; what comes of it returns as a command.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send a request.
    StartSend(Box<SendJob>),
    /// Stop a sending.
    CancelSend(ExchangeId),
    /// Find out why a call was refused.
    Explain {
        /// The tab.
        tab: TabId,
        /// The call.
        exchange: Arc<Exchange>,
        /// What was sent, to find the keys that signed it.
        job: Box<SendJob>,
    },
    /// Read a pasted text.
    ReadPasted(Box<PastedJob>),
    /// Drop a profile's temporary credentials, so that new ones are got.
    RenewCredentials {
        /// The profile.
        profile: String,
        /// The tab that is sent then.
        tab: TabId,
    },
    /// Read a collection's folder.
    OpenCollection(PathBuf),
    /// Read it again, after the window came back to the front.
    RereadCollection(PathBuf),
    /// Write a draft into its file.
    SaveRequest {
        /// The collection's folder.
        folder: PathBuf,
        /// The file.
        path: ItemPath,
        /// The draft.
        draft: Box<RequestDraft>,
        /// The tab that waits for it.
        tab: TabId,
        /// What the file says as far as the user was shown: only that is replaced.
        base: Box<RequestDraft>,
    },
    /// Change files.
    ChangeFiles {
        /// The collection's folder.
        folder: PathBuf,
        /// The change.
        change: FileChange,
    },
    /// Write the drafts that are not saved into the user's own folder, in place of those before.
    KeepDrafts {
        /// The collection's folder.
        folder: PathBuf,
        /// The drafts.
        drafts: Vec<KeptDraft>,
    },
    /// Ask which secrets have a value.
    FindSecrets(Vec<SecretRef>),
    /// Ask whether secrets outlive this run.
    CheckSecretStore,
    /// Put a secret into the store.
    StoreSecret(SecretRef, SecretString),
    /// Put the values of secrets under other addresses too; all of them or none.
    CopySecrets {
        /// The environment that they belong to.
        name: String,
        /// The name that it shall have.
        to: String,
        /// From where to where.
        secrets: Vec<(SecretRef, SecretRef)>,
    },
    /// Take secrets out of the store.
    DeleteSecrets(Vec<SecretRef>),
    /// Read the list of profiles.
    ListProfiles,
    /// Put keys into the keyring.
    AddProfileKeys(NewProfileKeys),
    /// Write a role profile down.
    AddRole(NewRole),
    /// Remove a profile.
    RemoveProfile(String),
    /// Ask STS who a profile is.
    WhoAmI(String),
    /// Start the practice gateway.
    StartGateway,
    /// Stop it.
    StopGateway,
    /// Close the window.
    CloseWindow,
    /// Put a text on the clipboard.
    CopyText(String),
    /// Ask the user for the file that a request's body shall be.
    ChooseBodyFile {
        /// The tab.
        tab: TabId,
        /// Where to begin.
        folder: Option<PathBuf>,
    },
    /// Look how large the file is that a request's body is.
    LookAtBodyFile {
        /// The tab.
        tab: TabId,
        /// The file.
        path: PathBuf,
    },
    /// Put a secret on the clipboard: the user asked for it.
    CopySecret(SecretString),
    /// Sign a job, whose placement is the query, without sending it.
    Presign(Box<SendJob>),
    /// Write an answer's body into a file that the user picks.
    SaveBody {
        /// The exchange.
        exchange: Arc<Exchange>,
        /// A name to begin with.
        suggested_name: String,
    },
    /// Write a text into a file that the user picks.
    SaveText {
        /// A name to begin with.
        suggested_name: String,
        /// The text.
        text: String,
    },
}

#[cfg(test)]
impl PartialEq for Effect {
    /// Exchanges are equal when they are the same one; everything else by value. It formats both,
    /// requests and their bodies too, so only tests may do it.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::SaveBody { exchange: a, .. }, Self::SaveBody { exchange: b, .. }) => {
                Arc::ptr_eq(a, b)
            }
            _ => format!("{self:?}") == format!("{other:?}") && self.secrets() == other.secrets(),
        }
    }
}

#[cfg(test)]
impl Effect {
    /// The secrets in it, which `Debug` hides.
    fn secrets(&self) -> Vec<&SecretString> {
        match self {
            Self::StoreSecret(_, secret) | Self::CopySecret(secret) => vec![secret],
            Self::AddProfileKeys(keys) => std::iter::once(&keys.secret_access_key)
                .chain(&keys.session_token)
                .collect(),
            Self::AddRole(role) => role.external_id.iter().collect(),
            _ => Vec::new(),
        }
    }
}
