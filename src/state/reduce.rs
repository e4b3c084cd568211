//! The reducer: one command in, the state changed, effects out.

use std::path::PathBuf;
use std::time::SystemTime;

use super::{
    AppState, Command, Dialog, Effect, Failure, FileChange, FileChanged, GatewayStatus, Identity,
    NoticeLevel, Opened, TabId,
};
use crate::collection::{Collection, Item, ItemPath, RequestDraft};
use crate::exchange::{SendJob, SendOptions};
use crate::practice;

impl AppState {
    /// Takes a command; gives what the shell must do.
    pub fn handle(&mut self, command: Command, now: SystemTime) -> Vec<Effect> {
        match command {
            Command::OpenCollection(folder) => {
                self.dialog.close();
                if self.has_unsaved() {
                    self.fail(Failure::new(
                        "Some requests have changes that are not saved",
                        Some("save or close them, then open the other collection".to_owned()),
                    ));
                    return Vec::new();
                }
                self.workspace.opening = Some(folder.clone());
                vec![Effect::OpenCollection(folder)]
            }
            Command::CollectionOpened { folder, result } => self.collection_opened(folder, result),
            Command::RereadCollection => self
                .workspace
                .folder()
                .map(|folder| Effect::RereadCollection(folder.to_owned()))
                .into_iter()
                .collect(),
            Command::CollectionReread { folder, result } => {
                // A failure here is told by the next deliberate action, not by a switch of windows.
                if let Ok(collection) = result
                    && self.workspace.folder() == Some(&folder)
                    && self.workspace.collection() != Some(&collection)
                {
                    self.take_collection(folder, collection);
                }
                Vec::new()
            }
            Command::ChangeFiles(change) => self.change_files(change),
            Command::FilesChanged {
                folder,
                change,
                result,
            } => self.files_changed(folder, &change, result),
            Command::ChooseEnvironment(name) => {
                self.choose_environment(name);
                Vec::new()
            }
            Command::RenameEnvironment { name, to } => self.rename_environment(name, to),
            Command::SecretsCopied { name, to, result } => self.secrets_copied(name, to, result),
            Command::ChooseProfile(name) => {
                self.workspace.profile_override = name;
                self.workspace.touch();
                Vec::new()
            }
            Command::ToggleFolder(path) => {
                if !self.workspace.closed_folders.remove(&path) {
                    self.workspace.closed_folders.insert(path);
                }
                Vec::new()
            }

            Command::OpenRequest(path) => {
                self.open_request(path);
                Vec::new()
            }
            Command::NewTab => {
                self.tabs.open(None, RequestDraft::new("New request"));
                Vec::new()
            }
            Command::ShowTab(tab) => {
                self.tabs.show(tab);
                Vec::new()
            }
            Command::NextTab => {
                self.tabs.step(1);
                Vec::new()
            }
            Command::PreviousTab => {
                self.tabs.step(-1);
                Vec::new()
            }
            Command::CloseTab(tab) => {
                if self.tabs.get(tab).is_some_and(super::Tab::is_dirty) {
                    self.tabs.show(tab);
                    self.dialog.show(Dialog::UnsavedChanges { tab });
                    return Vec::new();
                }
                self.close_tab(tab)
            }
            Command::DiscardTab(tab) => {
                self.dialog.close();
                self.close_tab(tab)
            }
            Command::SaveAndCloseTab(tab) => {
                self.dialog.close();
                if let Some(tab) = self.tabs.get_mut(tab) {
                    tab.closes_when_saved = true;
                }
                self.save_tab(tab)
            }
            Command::SaveTab(tab) => self.save_tab(tab),
            Command::RequestSaved { tab, draft, result } => self.request_saved(tab, &draft, result),
            Command::TakeOutsideChange(tab) => {
                if let Some(tab) = self.tabs.get_mut(tab)
                    && let Some(outside) = tab.outside.take()
                {
                    tab.replace(*outside);
                }
                Vec::new()
            }
            Command::KeepDraft(tab) => {
                if let Some(tab) = self.tabs.get_mut(tab)
                    && let Some(outside) = tab.outside.take()
                {
                    tab.set_saved(*outside);
                    tab.overwrites = true;
                }
                Vec::new()
            }

            Command::Send(tab) => self.send(tab, now),
            Command::Cancel(tab) => self
                .exchanges
                .cancel(tab)
                .map(Effect::CancelSend)
                .into_iter()
                .collect(),
            Command::SaveBody(tab) => {
                let Some(exchange) = self.exchanges.of(tab).and_then(|sending| sending.shown())
                else {
                    return Vec::new();
                };
                let suggested_name = body_file_name(exchange.response.header("content-type"));
                vec![Effect::SaveBody {
                    exchange: exchange.clone(),
                    suggested_name,
                }]
            }

            Command::FindSecrets { environment } => self.find_secrets(&environment),
            Command::SecretsFound(found) => {
                for (secret, has_value) in found {
                    self.secrets.note(secret, has_value);
                }
                Vec::new()
            }
            Command::StoreSecret(secret, value) => vec![Effect::StoreSecret(secret, value)],
            Command::SecretStored(secret, result) => {
                match result {
                    Ok(()) => {
                        let text = format!("Value of “{}” stored", secret.variable);
                        self.notices.add(NoticeLevel::Success, text, None);
                        self.secrets.note(secret, true);
                    }
                    Err(failure) => self.fail(failure),
                }
                Vec::new()
            }
            Command::SecretsDeleted(gone, result) => {
                self.secrets_deleted(gone, result);
                Vec::new()
            }
            Command::SecretsAreKept(are_kept) => {
                self.secrets.are_kept = are_kept;
                Vec::new()
            }
            Command::ListProfiles => vec![Effect::ListProfiles],
            Command::ProfilesListed(result) => {
                match result {
                    Ok(list) => {
                        if self.profiles.list != list {
                            self.profiles.revision += 1;
                        }
                        self.profiles.list = list;
                        self.profiles.failure = None;
                    }
                    Err(failure) => self.profiles.failure = Some(failure),
                }
                Vec::new()
            }
            Command::AddProfileKeys(keys) => vec![Effect::AddProfileKeys(keys)],
            Command::AddRole(role) => vec![Effect::AddRole(role)],
            Command::RemoveProfile(name) => {
                if self.workspace.profile_override.as_deref() == Some(&*name) {
                    self.workspace.profile_override = None;
                    self.workspace.touch();
                }
                self.profiles.identities.remove(&name);
                vec![Effect::RemoveProfile(name)]
            }
            Command::ProfilesChanged(result) => match result {
                Ok(text) => {
                    self.notices.add(NoticeLevel::Success, text, None);
                    vec![Effect::ListProfiles]
                }
                Err(failure) => {
                    self.fail(failure);
                    Vec::new()
                }
            },
            Command::WhoAmI(profile) => {
                self.profiles
                    .identities
                    .insert(profile.clone(), Identity::Asking);
                vec![Effect::WhoAmI(profile)]
            }
            Command::WhoAmIAnswered { profile, result } => {
                let identity = match result {
                    Ok(identity) => Identity::Known(identity),
                    Err(failure) => Identity::Failed(failure),
                };
                self.profiles.identities.insert(profile, identity);
                Vec::new()
            }

            Command::StartGateway => {
                if self.gateway.is_on() {
                    return Vec::new();
                }
                self.gateway.status = GatewayStatus::Starting;
                vec![Effect::StartGateway]
            }
            Command::StopGateway => {
                if self.gateway.is_on() {
                    vec![Effect::StopGateway]
                } else {
                    Vec::new()
                }
            }
            Command::GatewayIs(status) => {
                if let GatewayStatus::Failed(failure) = &status {
                    self.fail(failure.clone());
                }
                self.workspace.follow_gateway(&status);
                self.gateway.status = status;
                Vec::new()
            }
            Command::GatewayCalled(call) => {
                self.gateway.note(call);
                Vec::new()
            }

            Command::Quit => {
                if self.has_unsaved() {
                    self.dialog.show(Dialog::QuitUnsaved);
                    return Vec::new();
                }
                vec![Effect::CloseWindow]
            }
            Command::QuitAndDiscard => vec![Effect::CloseWindow],
            Command::ShowDialog(dialog) => self.show_dialog(dialog),
            Command::CloseDialog => {
                if let Some(Dialog::UnsavedChanges { tab }) = self.dialog.close()
                    && let Some(tab) = self.tabs.get_mut(tab)
                {
                    tab.closes_when_saved = false;
                }
                Vec::new()
            }
            Command::CopyText(text) => vec![Effect::CopyText(text)],
            Command::ChooseTheme(theme) => {
                self.settings.theme = theme;
                Vec::new()
            }
            Command::TogglePresenter => {
                self.settings.presenter = !self.settings.presenter;
                Vec::new()
            }
            Command::SetSplits { editor, response } => {
                self.settings.editor_share = editor;
                self.settings.response_share = response;
                Vec::new()
            }
            Command::Notify(failure) => {
                self.fail(failure);
                Vec::new()
            }
            Command::Say(text) => {
                self.notices.add(NoticeLevel::Success, text, None);
                Vec::new()
            }
        }
    }

    fn collection_opened(
        &mut self,
        folder: PathBuf,
        result: Result<Box<Collection>, Failure>,
    ) -> Vec<Effect> {
        // Another one was asked for in the meantime.
        if self.workspace.opening.as_ref() != Some(&folder) {
            return Vec::new();
        }
        self.workspace.opening = None;
        let collection = match result {
            Ok(collection) => collection,
            Err(failure) => {
                self.fail(failure.clone());
                // What is open stays open.
                if self.workspace.collection().is_none() {
                    self.workspace.opened = Opened::Failed { folder, failure };
                }
                return Vec::new();
            }
        };
        let mut effects: Vec<Effect> = self
            .tabs
            .clear()
            .into_iter()
            .filter_map(|tab| self.exchanges.forget(tab))
            .map(Effect::CancelSend)
            .collect();
        self.settings.last_collection = Some(folder.clone());
        let chosen = self.settings.environments.get(&collection.id).cloned();
        let is_practice = collection.id == practice::COLLECTION_ID;
        let only = match collection.environments.as_slice() {
            [only] => Some(only.name.clone()),
            _ => None,
        };
        self.workspace.environment = chosen
            .or_else(|| is_practice.then(|| "practice".to_owned()))
            .or(only);
        self.workspace.closed_folders.clear();
        self.workspace.set_collection(folder, collection);
        self.workspace.follow_gateway(&self.gateway.status);
        if let Some(path) = self.workspace.collection().and_then(first_to_show) {
            self.open_request(path);
        }
        effects.push(Effect::ListProfiles);
        // Its requests go nowhere else.
        if is_practice && !self.gateway.is_on() {
            self.gateway.status = GatewayStatus::Starting;
            effects.push(Effect::StartGateway);
        }
        effects
    }

    /// Takes over a collection whose files changed; open drafts follow their files.
    fn take_collection(&mut self, folder: PathBuf, collection: Box<Collection>) {
        self.workspace.set_collection(folder, collection);
        self.workspace.follow_gateway(&self.gateway.status);
        let Some(collection) = self.workspace.collection() else {
            return;
        };
        for tab in self.tabs.iter_mut() {
            let Some(path) = &tab.path else { continue };
            match collection.request(path).map(as_opened) {
                Some(file) if file == tab.saved => {}
                Some(file) if tab.is_dirty() && file != tab.draft => {
                    tab.outside = Some(Box::new(file));
                }
                Some(file) => tab.replace(file),
                // Its file is gone: what is in the tab has to be saved anew.
                None => {
                    tab.path = None;
                    tab.set_saved(RequestDraft::default());
                }
            }
        }
    }

    fn open_request(&mut self, path: ItemPath) {
        if let Some(tab) = self.tabs.of_path(&path) {
            let id = tab.id;
            self.tabs.show(id);
            return;
        }
        let Some(draft) = self.workspace.collection().and_then(|c| c.request(&path)) else {
            return;
        };
        let draft = as_opened(draft);
        self.tabs.open(Some(path), draft);
    }

    fn close_tab(&mut self, tab: TabId) -> Vec<Effect> {
        let running = self.exchanges.forget(tab);
        self.tabs.close(tab);
        running.map(Effect::CancelSend).into_iter().collect()
    }

    fn save_tab(&mut self, id: TabId) -> Vec<Effect> {
        let Some(tab) = self.tabs.get_mut(id) else {
            return Vec::new();
        };
        let (Some(folder), Some(path)) = (self.workspace.folder(), tab.path.clone()) else {
            if self.workspace.folder().is_some() {
                self.dialog.show(Dialog::NewRequest {
                    folder: ItemPath::default(),
                    tab: Some(id),
                });
            }
            return Vec::new();
        };
        vec![Effect::SaveRequest {
            folder: folder.to_owned(),
            path,
            draft: Box::new(tab.draft.clone()),
            tab: id,
            overwrite: std::mem::take(&mut tab.overwrites),
        }]
    }

    fn request_saved(
        &mut self,
        id: TabId,
        draft: &RequestDraft,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        let tab = self.tabs.get_mut(id);
        if let Err(failure) = result {
            if let Some(tab) = tab {
                tab.closes_when_saved = false;
            }
            self.fail(failure);
            return Vec::new();
        }
        let Some(tab) = tab else { return Vec::new() };
        tab.set_saved(draft.clone());
        tab.outside = None;
        // What was typed while the file was written is not saved yet.
        let closes = tab.closes_when_saved && !tab.is_dirty();
        tab.closes_when_saved = false;
        if let Some(path) = tab.path.clone() {
            self.workspace.put_draft(&path, draft);
        }
        if closes {
            return self.close_tab(id);
        }
        Vec::new()
    }

    fn change_files(&mut self, change: FileChange) -> Vec<Effect> {
        if !self.dialog.begin_change() {
            return Vec::new();
        }
        self.workspace
            .folder()
            .map(|folder| Effect::ChangeFiles {
                folder: folder.to_owned(),
                change,
            })
            .into_iter()
            .collect()
    }

    fn files_changed(
        &mut self,
        folder: PathBuf,
        change: &FileChange,
        result: Result<FileChanged, Failure>,
    ) -> Vec<Effect> {
        if self.workspace.folder() != Some(&folder) {
            return Vec::new();
        }
        let FileChanged { collection, path } = match result {
            Ok(changed) => changed,
            Err(failure) => {
                self.refuse(failure);
                return match change {
                    FileChange::RenameEnvironment { name, to } => {
                        self.environment_not_renamed(name, to)
                    }
                    _ => Vec::new(),
                };
            }
        };
        self.dialog.end_change();
        let mut effects = Vec::new();
        match change {
            FileChange::Rename { path: old, .. } => self.follow_rename(old, path.as_ref()),
            FileChange::Delete { path: gone } => {
                let lost: Vec<TabId> = self
                    .tabs
                    .iter()
                    .filter(|tab| tab.path.as_ref().is_some_and(|p| p.is_within(gone)))
                    .map(|tab| tab.id)
                    .collect();
                for tab in lost {
                    effects.extend(self.close_tab(tab));
                }
            }
            FileChange::CreateRequest {
                tab: Some(tab),
                draft,
                ..
            } => {
                if let Some(tab) = self.tabs.get_mut(*tab) {
                    tab.path.clone_from(&path);
                    tab.draft.name.clone_from(&draft.name);
                    tab.set_saved((**draft).clone());
                }
            }
            FileChange::CreateRequest { tab: None, .. }
            | FileChange::CreateFolder { .. }
            | FileChange::Reorder { .. }
            | FileChange::Duplicate { .. }
            | FileChange::CreateEnvironment { .. } => {}
            FileChange::RenameEnvironment { name, to } => {
                effects.extend(self.environment_renamed(name, to));
            }
            FileChange::DeleteEnvironment { name } => {
                effects.extend(self.environment_deleted(name));
            }
            FileChange::SaveFolder { name, .. } => {
                let text = format!("Settings of “{name}” saved");
                self.notices.add(NoticeLevel::Success, text, None);
            }
            FileChange::SaveEnvironment { environment } => {
                let text = format!("Environment “{}” saved", environment.name);
                self.notices.add(NoticeLevel::Success, text, None);
            }
        }
        self.take_collection(folder, collection);
        if let FileChange::CreateEnvironment { name } = change {
            effects.extend(self.environment_created(name));
        }
        if let (FileChange::CreateRequest { .. } | FileChange::Duplicate { .. }, Some(path)) =
            (change, path)
        {
            let closing = self
                .tabs
                .of_path(&path)
                .filter(|tab| tab.closes_when_saved)
                .map(|tab| tab.id);
            match closing {
                Some(tab) => effects.extend(self.close_tab(tab)),
                None => self.open_request(path),
            }
        }
        effects
    }

    /// Open tabs follow a file or folder to its new place.
    fn follow_rename(&mut self, old: &ItemPath, new: Option<&ItemPath>) {
        let Some(new) = new else { return };
        for tab in self.tabs.iter_mut() {
            let Some(path) = &tab.path else { continue };
            if path == old {
                tab.path = Some(new.clone());
            } else if path.is_within(old)
                && let Some(rest) = path.0.strip_prefix(&format!("{old}/"))
            {
                tab.path = Some(new.join(rest));
            }
        }
        self.workspace.touch();
    }

    fn send(&mut self, id: TabId, now: SystemTime) -> Vec<Effect> {
        let Some(tab) = self.tabs.get(id) else {
            return Vec::new();
        };
        let draft = tab.draft.clone();
        let context = self.workspace.context_of(tab.path.as_ref());
        let Some(exchange) = self.exchanges.begin(id, now) else {
            return Vec::new();
        };
        vec![Effect::StartSend(Box::new(SendJob {
            id: exchange,
            draft,
            context,
            runtime_variables: self.workspace.runtime_variables().to_vec(),
            profile: self.workspace.profile_override.clone(),
            options: SendOptions::default(),
        }))]
    }

    pub(super) fn show_dialog(&mut self, dialog: Dialog) -> Vec<Effect> {
        let effects = match &dialog {
            Dialog::Environment { name } => self.find_secrets(name),
            Dialog::FolderSettings { path } => self.find_secrets_of_folder(path),
            Dialog::Profiles => vec![Effect::ListProfiles],
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
        self.dialog.show(dialog);
        effects
    }
}

/// A file's draft as a tab shows it: its parameters follow from its URL.
fn as_opened(draft: &RequestDraft) -> RequestDraft {
    let mut draft = draft.clone();
    draft.params_from_url();
    draft
}

/// The request that a collection opens with: the practice collection's first call by its name, else
/// the first in the tree.
fn first_to_show(collection: &Collection) -> Option<ItemPath> {
    fn find<'a>(items: &'a [Item], fits: &impl Fn(&RequestDraft) -> bool) -> Option<&'a ItemPath> {
        items.iter().find_map(|item| match item {
            Item::Request(request) => fits(&request.draft).then_some(&request.path),
            Item::Folder(folder) => find(&folder.items, fits),
            Item::Damaged(_) => None,
        })
    }
    let is_practice = collection.id == practice::COLLECTION_ID;
    find(&collection.items, &|draft| {
        is_practice && draft.name.eq_ignore_ascii_case("GET pets")
    })
    .or_else(|| find(&collection.items, &|_| true))
    .cloned()
}

/// A name for the file of an answer's body.
fn body_file_name(content_type: Option<&str>) -> String {
    let kind = content_type.unwrap_or_default();
    let extension = [
        ("json", "json"),
        ("html", "html"),
        ("xml", "xml"),
        ("png", "png"),
        ("jpeg", "jpg"),
        ("pdf", "pdf"),
        ("text", "txt"),
    ]
    .iter()
    .find(|(word, _)| kind.contains(word))
    .map_or("bin", |(_, extension)| extension);
    format!("response.{extension}")
}
