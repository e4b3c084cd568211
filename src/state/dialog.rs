//! Which dialog is open; what is typed in it belongs to the panel that shows it.

use super::{About, AppState, Effect, Failure, FileChange, NoticeLevel, TabId};
use crate::collection::{ItemPath, SecretRef};

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Type the path of a collection, or choose it.
    OpenCollection,
    /// Name a new request in a folder; with a tab, that tab's draft is saved there.
    NewRequest {
        /// The folder.
        folder: ItemPath,
        /// The tab whose draft gets the file.
        tab: Option<TabId>,
    },
    /// Name a new folder.
    NewFolder {
        /// The folder above.
        folder: ItemPath,
    },
    /// Another name.
    Rename {
        /// The item.
        path: ItemPath,
    },
    /// Delete for good?
    ConfirmDelete {
        /// The item.
        path: ItemPath,
    },
    /// Save, discard, or stay?
    UnsavedChanges {
        /// The tab.
        tab: TabId,
    },
    /// Close the window though something is not saved?
    QuitUnsaved,
    /// What a folder or the collection hands down.
    FolderSettings {
        /// The folder; empty for the collection.
        path: ItemPath,
    },
    /// The variables of an environment.
    Environment {
        /// The environment.
        name: String,
    },
    /// Name a new environment.
    NewEnvironment,
    /// Another name for an environment.
    RenameEnvironment {
        /// The environment.
        name: String,
    },
    /// Delete an environment for good?
    DeleteEnvironment {
        /// The environment.
        name: String,
    },
    /// The profiles.
    Profiles,
    /// What the practice gateway answered.
    GatewayLog,
}

/// The open dialog, and how the change goes that was asked for in it: it stays open until the
/// change is made, so that nothing typed is lost when it is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialogs {
    /// The dialog.
    pub open: Option<Dialog>,
    /// Why the change was refused, if it was.
    pub refusal: Option<Failure>,
    waits: Option<Dialog>,
    /// The change that follows once values are kept, and those that are not yet.
    saving: Option<(FileChange, Vec<SecretRef>)>,
}

impl Dialogs {
    /// Opens a dialog in place of another.
    pub(super) fn show(&mut self, dialog: Dialog) {
        *self = Self {
            open: Some(dialog),
            ..Self::default()
        };
    }

    /// Closes the dialog; gives it.
    pub(super) fn close(&mut self) -> Option<Dialog> {
        std::mem::take(self).open
    }

    /// Notes that a change was asked for; `false` while the dialog waits for the one before.
    pub(super) fn begin_change(&mut self) -> bool {
        if self.waits.is_some() && self.waits == self.open {
            return false;
        }
        self.refusal = None;
        self.waits.clone_from(&self.open);
        true
    }

    /// The change was made: the dialog that asked for it closes.
    pub(super) fn end_change(&mut self) {
        if self.waits.take().is_some_and(|d| Some(d) == self.open) {
            self.close();
        }
    }

    /// The change was made, and the dialog that asked for it stays open for others.
    pub(super) fn end_change_open(&mut self) {
        self.waits = None;
    }

    /// Notes that a change follows once values are kept.
    pub(super) fn save_after(&mut self, change: FileChange, values: Vec<SecretRef>) {
        self.saving = Some((change, values));
    }

    /// A value is kept; gives the change that waited for it as the last.
    pub(super) fn value_kept(&mut self, secret: &SecretRef) -> Option<FileChange> {
        let (_, values) = self.saving.as_mut()?;
        values.retain(|value| value != secret);
        if !values.is_empty() {
            return None;
        }
        self.saving.take().map(|(change, _)| change)
    }
}

impl AppState {
    /// Opens a dialog and asks for what it shows.
    pub(super) fn show_dialog(&mut self, dialog: Dialog) -> Vec<Effect> {
        let effects = match &dialog {
            Dialog::Environment { name } => self.find_secrets(name),
            Dialog::FolderSettings { path } => self.find_secrets_of_folder(path),
            Dialog::Profiles => vec![Effect::ListProfiles, Effect::CheckSecretStore],
            Dialog::OpenCollection
            | Dialog::NewRequest { .. }
            | Dialog::NewFolder { .. }
            | Dialog::Rename { .. }
            | Dialog::ConfirmDelete { .. }
            | Dialog::UnsavedChanges { .. }
            | Dialog::QuitUnsaved
            | Dialog::NewEnvironment
            | Dialog::RenameEnvironment { .. }
            | Dialog::DeleteEnvironment { .. }
            | Dialog::GatewayLog => Vec::new(),
        };
        self.close_dialog();
        self.dialog.show(dialog);
        effects
    }

    /// Closes the dialog; a tab that waited for an answer stays.
    pub(super) fn close_dialog(&mut self) {
        self.profiles.asked_for = None;
        if let Some(Dialog::UnsavedChanges { tab } | Dialog::NewRequest { tab: Some(tab), .. }) =
            self.dialog.close()
        {
            self.stay_open(tab);
        }
    }

    /// Says why a change was refused: in the dialog that waits for it, else in a notice.
    pub(super) fn refuse(&mut self, about: About, failure: Failure) {
        self.dialog.saving = None;
        let waits = self.dialog.waits.take();
        if waits.is_some() && waits == self.dialog.open {
            self.dialog.refusal = Some(failure);
        } else {
            self.fail_about(about, failure);
        }
    }

    /// Tells of a failure that a later success takes back.
    pub(super) fn fail_about(&mut self, about: About, failure: Failure) {
        let Failure { message, hint } = failure;
        self.notices
            .add_about(about, NoticeLevel::Error, message, hint);
    }

    /// Tells of a failure.
    pub(super) fn fail(&mut self, failure: Failure) {
        let Failure { message, hint } = failure;
        self.notices.add(NoticeLevel::Error, message, hint);
    }
}
