//! Everything that panels, shortcuts and finished effects ask of the state.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::Location;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::{
    Dialog, GatewayCall, GatewayStatus, KeptDraft, NoticeId, PastedAnswer, PastedQuestion, TabId,
    ThemeChoice,
};
use crate::collection::{
    Collection, Defaults, Environment, Item, ItemPath, RequestDraft, SecretRef,
};
use crate::exchange::{ExchangeId, FileError};
use crate::explain::{Explanation, Mending};
use crate::profile::{CallerIdentity, ProfileSummary};
use crate::request::FoundFile;
use crate::secret::SecretString;

/// What failed, and what to do: the text of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What failed and where.
    pub message: String,
    /// What to do, if something can be said.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure with its way out.
    pub fn new(message: impl Into<String>, hint: Option<String>) -> Self {
        Self {
            message: message.into(),
            hint,
        }
    }
}

/// Up or down among the neighbours in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveBy {
    /// One place towards the top.
    Up,
    /// One place towards the bottom.
    Down,
}

/// What a folder, or the collection, said when the user began to edit it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderBase {
    /// Its name.
    pub name: String,
    /// What it hands down.
    pub defaults: Defaults,
    /// Its documentation.
    pub docs: String,
}

impl FolderBase {
    /// What a collection says of a folder, of itself for the empty path; `None` when there is no
    /// such folder.
    pub fn of(collection: &Collection, path: &ItemPath) -> Option<Self> {
        let (name, defaults, docs) = match collection.item(path) {
            Some(Item::Folder(folder)) => (&folder.name, &folder.defaults, &folder.docs),
            None if path.0.is_empty() => (&collection.name, &collection.defaults, &collection.docs),
            Some(Item::Request(_) | Item::Damaged(_)) | None => return None,
        };
        Some(Self {
            name: name.clone(),
            defaults: defaults.clone(),
            docs: docs.clone(),
        })
    }
}

/// A change of the collection's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChange {
    /// A new request in a folder, from this draft.
    CreateRequest {
        /// The folder.
        folder: ItemPath,
        /// What it says; its name names the file.
        draft: Box<RequestDraft>,
        /// The tab that it was written in, if it was.
        tab: Option<TabId>,
    },
    /// A new folder in a folder.
    CreateFolder {
        /// The folder above.
        folder: ItemPath,
        /// The new one's name.
        name: String,
    },
    /// Another name.
    Rename {
        /// The item.
        path: ItemPath,
        /// Its new name.
        name: String,
    },
    /// One place up or down among its neighbours.
    Reorder {
        /// The item.
        path: ItemPath,
        /// Where to.
        by: MoveBy,
    },
    /// A copy beside it.
    Duplicate {
        /// The item.
        path: ItemPath,
    },
    /// Gone.
    Delete {
        /// The item.
        path: ItemPath,
    },
    /// What a folder hands down, with its name and documentation.
    SaveFolder {
        /// The folder; empty for the collection.
        path: ItemPath,
        /// Its name.
        name: String,
        /// What it hands down.
        defaults: Box<Defaults>,
        /// Its documentation.
        docs: String,
        /// What it said when the user began to edit it: only that is replaced.
        base: Box<FolderBase>,
    },
    /// An environment's variables.
    SaveEnvironment {
        /// The environment as it shall be.
        environment: Box<Environment>,
        /// What it said when the user began to edit it: only that is replaced.
        base: Box<Environment>,
    },
    /// A new environment without variables.
    CreateEnvironment {
        /// Its name.
        name: String,
    },
    /// Another name for an environment; the values of its secrets are under that name already,
    /// see [`Command::RenameEnvironment`].
    RenameEnvironment {
        /// The environment.
        name: String,
        /// Its new name.
        to: String,
    },
    /// An environment gone, and the values of its secrets with it.
    DeleteEnvironment {
        /// The environment.
        name: String,
    },
}

/// What a [`FileChange`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChanged {
    /// The collection, read anew.
    pub collection: Box<Collection>,
    /// The item that was made or renamed, by its path now.
    pub path: Option<ItemPath>,
}

/// Long-lived keys that the user puts in under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfileKeys {
    /// The profile's name.
    pub name: String,
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: SecretString,
    /// The session token, if they are temporary.
    pub session_token: Option<SecretString>,
    /// The region, if it has one.
    pub region: Option<String>,
}

/// A role on top of another profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRole {
    /// The profile's name.
    pub name: String,
    /// The profile that assumes it.
    pub source_profile: String,
    /// The role.
    pub role_arn: String,
    /// What the role's owner asks for, if anything.
    pub external_id: Option<SecretString>,
    /// The region, if it has one.
    pub region: Option<String>,
}

/// What is asked of the state. Panels send them, finished effects come back as them.
#[derive(Clone, Debug, PartialEq, strum::IntoStaticStr)]
pub enum Command {
    // ── collection
    /// Open the collection in a folder.
    OpenCollection(PathBuf),
    /// It was read.
    CollectionOpened {
        /// The folder asked for.
        folder: PathBuf,
        /// What it holds.
        result: Result<Box<Collection>, Failure>,
    },
    /// Drafts that were not saved when the collection was open last.
    DraftsFound {
        /// The collection's folder.
        folder: PathBuf,
        /// The drafts.
        drafts: Vec<KeptDraft>,
    },
    /// Look whether files changed outside.
    RereadCollection,
    /// They were read again.
    CollectionReread {
        /// The folder.
        folder: PathBuf,
        /// What it holds now.
        result: Result<Box<Collection>, Failure>,
    },
    /// Change files of the collection.
    ChangeFiles(FileChange),
    /// The change was made, or not.
    FilesChanged {
        /// The collection's folder.
        folder: PathBuf,
        /// The change.
        change: FileChange,
        /// How it went.
        result: Result<FileChanged, Failure>,
    },
    /// Choose an environment; `None` for none.
    ChooseEnvironment(Option<String>),
    /// Sign as this profile whatever the files say; `None` to follow them.
    ChooseProfile(Option<String>),
    /// Give an environment another name. The values of its secrets are kept under that name, so
    /// they are copied first, then its file is renamed, then the old values are deleted.
    RenameEnvironment {
        /// The environment.
        name: String,
        /// Its new name.
        to: String,
    },
    /// The values stand under the new name too, or not.
    SecretsCopied {
        /// The environment.
        name: String,
        /// Its new name.
        to: String,
        /// How it went.
        result: Result<(), Failure>,
    },
    /// Open or close a folder of the tree.
    ToggleFolder(ItemPath),

    // ── tabs
    /// Show a request, in its tab if it has one.
    OpenRequest(ItemPath),
    /// A new request that has no file yet.
    NewTab,
    /// Show a tab.
    ShowTab(TabId),
    /// The tab to the right, round about.
    NextTab,
    /// The tab to the left, round about.
    PreviousTab,
    /// Close a tab; one with unsaved changes asks first.
    CloseTab(TabId),
    /// Close a tab and forget its changes.
    DiscardTab(TabId),
    /// Save a tab's draft and close it when that went well.
    SaveAndCloseTab(TabId),
    /// Save a tab's draft in its file.
    SaveTab(TabId),
    /// The draft was written, or not.
    RequestSaved {
        /// The tab.
        tab: TabId,
        /// The draft as written.
        draft: Box<RequestDraft>,
        /// How it went.
        result: Result<(), Failure>,
    },
    /// Take the file's text in place of the draft's after an outside change.
    TakeOutsideChange(TabId),
    /// Keep the draft; the next save overwrites the outside change.
    KeepDraft(TabId),

    /// Ask the user for the file that a tab's body shall be.
    ChooseBodyFile(TabId),
    /// The user chose it.
    BodyFileChosen {
        /// The tab.
        tab: TabId,
        /// The file.
        path: PathBuf,
    },
    /// Look how large the file is that a tab's body is.
    LookAtBodyFile(TabId),
    /// It was looked at.
    BodyFileFound {
        /// The tab.
        tab: TabId,
        /// The file.
        path: PathBuf,
        /// What was found.
        found: Result<FoundFile, FileError>,
    },

    // ── sending
    /// Send a tab's draft.
    Send(TabId),
    /// Stop a tab's sending.
    Cancel(TabId),
    /// Write the last answer's body into a file that the user picks.
    SaveBody(TabId),
    /// Write a text into a file that the user picks.
    SaveText {
        /// A name to begin with.
        suggested_name: String,
        /// The text; secrets in it are masked.
        text: String,
    },
    /// Put the presigned URL that a tab sent last on the clipboard.
    CopyPresignedUrl(TabId),
    /// Sign a tab's draft as a presigned URL and put it on the clipboard; nothing is sent.
    Presign(TabId),
    /// The URL, a secret for as long as it counts; or why there is none.
    Presigned(Result<SecretString, Failure>),

    // ── why a call was refused
    /// A tab's answer was explained.
    Explained {
        /// The tab.
        tab: TabId,
        /// The answer.
        exchange: ExchangeId,
        /// What is said of it.
        explanation: Arc<Explanation>,
    },
    /// Change a tab's request as an explanation proposes.
    Mend {
        /// The tab.
        tab: TabId,
        /// The change.
        mending: Mending,
    },
    /// The same, and send it.
    MendAndSend {
        /// The tab.
        tab: TabId,
        /// The change.
        mending: Mending,
    },
    /// Take the change that a notice tells of back.
    UndoMending {
        /// The tab.
        tab: TabId,
        /// The notice.
        notice: NoticeId,
    },
    /// The credentials of a tab's profile were dropped, so that the next sending gets new ones.
    CredentialsRenewed {
        /// The tab.
        tab: TabId,
        /// How it went.
        result: Result<(), Failure>,
    },
    /// Show the page on which a pasted text is explained.
    ShowExplainer,
    /// Close it and forget what was pasted.
    CloseExplainer,
    /// Read a pasted text.
    ReadPasted(Box<PastedQuestion>),
    /// It was read, or not.
    PastedRead {
        /// Which question it answers.
        revision: u64,
        /// The answer.
        answer: Box<PastedAnswer>,
    },
    /// Make a request in a tab from what was pasted.
    OpenPasted,

    // ── secrets and profiles
    /// Ask which secret variables of an environment have a value.
    FindSecrets {
        /// The environment.
        environment: String,
    },
    /// Which of them have one.
    SecretsFound(Vec<(SecretRef, bool)>),
    /// Put values of secret variables into the store, then change the file that names them: not
    /// before all of them are kept.
    SaveVariables {
        /// The change.
        change: FileChange,
        /// The values.
        values: Vec<(SecretRef, SecretString)>,
    },
    /// Put a secret variable's value into the store.
    StoreSecret(SecretRef, SecretString),
    /// It is there, or not.
    SecretStored(SecretRef, Result<(), Failure>),
    /// Values are gone from the store, or not.
    SecretsDeleted(Vec<SecretRef>, Result<(), Failure>),
    /// Whether secrets outlive this run; if not, the words that say so.
    SecretsAreKept(Result<(), String>),
    /// Read the list of profiles.
    ListProfiles,
    /// It was read.
    ProfilesListed(Result<Vec<ProfileSummary>, Failure>),
    /// Put keys into the keyring under a name.
    AddProfileKeys(NewProfileKeys),
    /// Add a role.
    AddRole(NewRole),
    /// Remove a profile that this tool keeps.
    RemoveProfile(String),
    /// A change of profiles went well or not; the words say which.
    ProfilesChanged(Result<String, Failure>),
    /// Ask STS who a profile is.
    WhoAmI(String),
    /// What STS says.
    WhoAmIAnswered {
        /// The profile.
        profile: String,
        /// The answer.
        result: Result<CallerIdentity, Failure>,
    },

    // ── practice gateway
    /// Start it.
    StartGateway,
    /// Stop it.
    StopGateway,
    /// It runs, or stopped, or could not start.
    GatewayIs(GatewayStatus),
    /// It answered a call.
    GatewayCalled(GatewayCall),

    // ── window
    /// The user wants the window closed; unsaved changes are asked about.
    Quit,
    /// Close it and forget unsaved changes.
    QuitAndDiscard,
    /// Show a dialog.
    ShowDialog(Dialog),
    /// Close the dialog that is shown.
    CloseDialog,
    /// Put a text on the clipboard.
    CopyText(String),
    /// Choose the colours.
    ChooseTheme(ThemeChoice),
    /// Presenter size on or off.
    TogglePresenter,
    /// How the room is shared between editor and answer, and between answer and signing.
    SetSplits {
        /// The editor's share of the height.
        editor: f32,
        /// The answer's share of the width.
        response: f32,
    },
    /// How wide the side bar is.
    SetSidebarWidth(f32),
    /// Tell the user of a failure.
    Notify(Failure),
    /// Tell the user of something that went well.
    Say(String),
}

impl Command {
    /// Its name without its payload, for logs.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// Commands in waiting; the same thread puts in and takes out.
#[derive(Clone, Default)]
pub struct CommandSender(Rc<RefCell<VecDeque<Sent>>>);

/// A command and the line of code that sent it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The command.
    pub command: Command,
    /// Where it was sent.
    pub from: &'static Location<'static>,
}

impl CommandSender {
    /// Puts a command at the end of the queue.
    #[track_caller]
    pub fn send(&self, command: Command) {
        self.0.borrow_mut().push_back(Sent {
            command,
            from: Location::caller(),
        });
    }

    /// Takes the first command out.
    pub fn take(&self) -> Option<Sent> {
        self.0.borrow_mut().pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_come_out_in_order_with_their_place() {
        let sender = CommandSender::default();
        let other = sender.clone();
        sender.send(Command::NewTab);
        other.send(Command::NextTab);
        let first = sender.take().unwrap();
        assert_eq!(first.command, Command::NewTab);
        assert!(first.from.file().ends_with("command.rs"));
        assert_eq!(sender.take().unwrap().command, Command::NextTab);
        assert!(sender.take().is_none());
    }

    #[test]
    fn a_name_shows_no_payload() {
        let secret = Command::OpenRequest(ItemPath("a/b.yml".into()));
        assert_eq!(secret.name(), "OpenRequest");
        assert_eq!(
            Command::SetSplits {
                editor: 0.4,
                response: 0.5
            }
            .name(),
            "SetSplits"
        );
        assert_eq!(Command::NewTab.name(), "NewTab");
    }
}
