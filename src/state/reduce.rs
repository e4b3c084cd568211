//! The reducer: one command in, the state changed, effects out.

use std::path::PathBuf;
use std::time::SystemTime;

use super::{
    AppState, Command, Dialog, Effect, Failure, FileChange, FileChanged, GatewayStatus, Identity,
    NoticeLevel, Opened, TabId,
};
use crate::collection::{Collection, Item, ItemPath, RequestDraft, VariableValue};
use crate::exchange::{SendJob, SendOptions};
use crate::practice;

impl AppState {
    /// Takes a command; gives what the shell must do.
    pub fn handle(&mut self, command: Command, now: SystemTime) -> Vec<Effect> {
        match command {
            Command::OpenCollection(folder) => {
                self.dialog = None;
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
                if let Some(collection) = self.workspace.collection() {
                    let id = collection.id.clone();
                    match &name {
                        Some(name) => self.settings.environments.insert(id, name.clone()),
                        None => self.settings.environments.remove(&id),
                    };
                }
                self.workspace.environment = name;
                self.workspace.follow_gateway(&self.gateway.status);
                self.workspace.touch();
                Vec::new()
            }
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
                    self.dialog = Some(Dialog::UnsavedChanges { tab });
                    return Vec::new();
                }
                self.close_tab(tab)
            }
            Command::DiscardTab(tab) => {
                self.dialog = None;
                self.close_tab(tab)
            }
            Command::SaveAndCloseTab(tab) => {
                self.dialog = None;
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
                    self.dialog = Some(Dialog::QuitUnsaved);
                    return Vec::new();
                }
                vec![Effect::CloseWindow]
            }
            Command::QuitAndDiscard => vec![Effect::CloseWindow],
            Command::ShowDialog(dialog) => self.show_dialog(dialog),
            Command::CloseDialog => {
                if let Some(Dialog::UnsavedChanges { tab }) = self.dialog.take()
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

    fn fail(&mut self, failure: Failure) {
        let Failure { message, hint } = failure;
        self.notices.add(NoticeLevel::Error, message, hint);
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
                self.dialog = Some(Dialog::NewRequest {
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
        self.dialog = None;
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
                self.fail(failure);
                return Vec::new();
            }
        };
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
            | FileChange::Duplicate { .. } => {}
            FileChange::SaveEnvironment { environment } => {
                let text = format!("Environment “{}” saved", environment.name);
                self.notices.add(NoticeLevel::Success, text, None);
            }
        }
        self.take_collection(folder, collection);
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

    fn show_dialog(&mut self, dialog: Dialog) -> Vec<Effect> {
        let effects = match &dialog {
            Dialog::Environment { name } => self.find_secrets(name),
            Dialog::Profiles => vec![Effect::ListProfiles],
            Dialog::OpenCollection
            | Dialog::NewRequest { .. }
            | Dialog::NewFolder { .. }
            | Dialog::Rename { .. }
            | Dialog::ConfirmDelete { .. }
            | Dialog::UnsavedChanges { .. }
            | Dialog::QuitUnsaved
            | Dialog::GatewayLog => Vec::new(),
        };
        self.dialog = Some(dialog);
        effects
    }

    fn find_secrets(&self, environment: &str) -> Vec<Effect> {
        let Some(collection) = self.workspace.collection() else {
            return Vec::new();
        };
        let secrets: Vec<_> = collection
            .environment(environment)
            .into_iter()
            .flat_map(|environment| &environment.variables)
            .filter(|variable| variable.value == VariableValue::Secret)
            .map(|variable| crate::collection::SecretRef {
                collection_id: collection.id.clone(),
                environment: environment.to_owned(),
                variable: variable.name.clone(),
            })
            .collect();
        if secrets.is_empty() {
            Vec::new()
        } else {
            vec![Effect::FindSecrets(secrets)]
        }
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::exchanges::tests::finished;
    use super::*;
    use crate::collection::{Environment, RequestFile, SecretRef, Variable};
    use crate::exchange::ExchangeId;
    use crate::secret::SecretString;
    use crate::state::{ExchangeState, NewProfileKeys, Settings};

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn request(path: &str, url: &str) -> Item {
        Item::Request(Box::new(RequestFile {
            path: ItemPath(path.into()),
            draft: RequestDraft {
                url: url.into(),
                ..RequestDraft::new(path)
            },
        }))
    }

    fn collection() -> Box<Collection> {
        Box::new(Collection {
            id: "c-1".into(),
            name: "pets".into(),
            items: vec![
                request("a.yml", "http://h/a?x=1"),
                request("b.yml", "{{base}}/b"),
            ],
            environments: vec![
                Environment {
                    name: "dev".into(),
                    variables: vec![
                        Variable::plain("base", "http://dev"),
                        Variable::secret("key"),
                    ],
                },
                Environment {
                    name: "prod".into(),
                    variables: vec![Variable::plain("base", "http://prod")],
                },
            ],
            ..Collection::default()
        })
    }

    fn folder() -> PathBuf {
        PathBuf::from("/c")
    }

    /// A state with the collection open and `a.yml` in a tab.
    fn opened() -> (AppState, TabId) {
        let mut state = AppState::new(Settings::default());
        assert_eq!(
            state.handle(Command::OpenCollection(folder()), NOW),
            [Effect::OpenCollection(folder())]
        );
        let result = Ok(collection());
        state.handle(
            Command::CollectionOpened {
                folder: folder(),
                result,
            },
            NOW,
        );
        state.handle(Command::OpenRequest(ItemPath("a.yml".into())), NOW);
        let tab = state.tabs.active().unwrap().id;
        (state, tab)
    }

    fn edit(state: &mut AppState, tab: TabId, url: &str) {
        let tab = state.tabs.get_mut(tab).unwrap();
        tab.draft.url = url.into();
        tab.draft.params_from_url();
        tab.touch();
    }

    fn started(effects: &[Effect]) -> &SendJob {
        match effects {
            [Effect::StartSend(job)] => job,
            other => panic!("no sending: {other:?}"),
        }
    }

    #[test]
    fn a_request_opens_once_and_is_not_dirty() {
        let (mut state, tab) = opened();
        assert!(!state.tabs.active().unwrap().is_dirty());
        assert_eq!(state.tabs.active().unwrap().draft.params.len(), 1);
        state.handle(Command::NewTab, NOW);
        state.handle(Command::OpenRequest(ItemPath("a.yml".into())), NOW);
        assert_eq!(state.tabs.active().unwrap().id, tab);
        assert_eq!(state.tabs.iter().len(), 2);
        assert_eq!(
            state.settings.last_collection.as_deref(),
            Some(Path::new("/c"))
        );
    }

    #[test]
    fn send_takes_a_snapshot_and_a_second_press_sends_nothing() {
        let (mut state, tab) = opened();
        state.handle(Command::ChooseEnvironment(Some("dev".into())), NOW);
        state.handle(Command::ChooseProfile(Some("other".into())), NOW);
        let effects = state.handle(Command::Send(tab), NOW);
        let job = started(&effects);
        assert_eq!(job.draft.url, "http://h/a?x=1");
        assert_eq!(job.profile.as_deref(), Some("other"));
        assert_eq!(job.context.collection_id, "c-1");
        assert_eq!(state.handle(Command::Send(tab), NOW), []);
        assert!(state.apply(finished(job.id, 200), NOW));
        assert!(!state.exchanges.is_running(tab));
    }

    #[test]
    fn an_answer_that_comes_after_cancel_is_dropped() {
        let (mut state, tab) = opened();
        let id = started(&state.handle(Command::Send(tab), NOW)).id;
        assert_eq!(
            state.handle(Command::Cancel(tab), NOW),
            [Effect::CancelSend(id)]
        );
        assert_eq!(state.handle(Command::Cancel(tab), NOW), []);
        assert!(!state.apply(finished(id, 200), NOW));
        assert!(!state.apply(finished(ExchangeId(77), 200), NOW));
        assert!(matches!(
            state.exchanges.of(tab).unwrap().state,
            ExchangeState::Cancelled
        ));
    }

    #[test]
    fn closing_asks_when_something_would_be_lost() {
        let (mut state, tab) = opened();
        edit(&mut state, tab, "http://h/changed");
        assert_eq!(state.handle(Command::CloseTab(tab), NOW), []);
        assert_eq!(state.dialog, Some(Dialog::UnsavedChanges { tab }));
        let effects = state.handle(Command::SaveAndCloseTab(tab), NOW);
        let [
            Effect::SaveRequest {
                draft,
                path,
                overwrite: false,
                ..
            },
        ] = effects.as_slice()
        else {
            panic!("{effects:?}");
        };
        assert_eq!(path.0, "a.yml");
        let saved = Command::RequestSaved {
            tab,
            draft: draft.clone(),
            result: Ok(()),
        };
        state.handle(saved, NOW);
        assert!(state.tabs.get(tab).is_none());
        let in_tree = state
            .workspace
            .collection()
            .unwrap()
            .request(&ItemPath("a.yml".into()));
        assert_eq!(in_tree.unwrap().url, "http://h/changed");
    }

    #[test]
    fn quitting_asks_when_something_would_be_lost() {
        let (mut state, tab) = opened();
        assert_eq!(state.handle(Command::Quit, NOW), [Effect::CloseWindow]);
        edit(&mut state, tab, "http://h/changed");
        assert!(state.has_unsaved());
        assert_eq!(state.handle(Command::Quit, NOW), []);
        assert_eq!(state.dialog, Some(Dialog::QuitUnsaved));
        assert_eq!(
            state.handle(Command::QuitAndDiscard, NOW),
            [Effect::CloseWindow]
        );
    }

    #[test]
    fn what_is_typed_while_saving_stays_unsaved() {
        let (mut state, tab) = opened();
        edit(&mut state, tab, "http://h/1");
        state.handle(Command::SaveAndCloseTab(tab), NOW);
        let written = Box::new(state.tabs.get(tab).unwrap().draft.clone());
        edit(&mut state, tab, "http://h/2");
        state.handle(
            Command::RequestSaved {
                tab,
                draft: written,
                result: Ok(()),
            },
            NOW,
        );
        assert!(state.tabs.get(tab).unwrap().is_dirty());
    }

    #[test]
    fn a_failed_save_keeps_the_tab_and_says_so() {
        let (mut state, tab) = opened();
        edit(&mut state, tab, "http://h/1");
        state.handle(Command::SaveAndCloseTab(tab), NOW);
        let draft = Box::new(state.tabs.get(tab).unwrap().draft.clone());
        let result = Err(Failure::new("disk full", None));
        state.handle(Command::RequestSaved { tab, draft, result }, NOW);
        assert!(state.tabs.get(tab).unwrap().is_dirty());
        assert_eq!(state.notices.last()[0].text, "disk full");
    }

    #[test]
    fn an_outside_change_never_takes_a_draft_away() {
        let (mut state, tab) = opened();
        let mut changed = collection();
        changed.items[0] = request("a.yml", "http://h/outside");
        let reread = |result| Command::CollectionReread {
            folder: folder(),
            result: Ok(result),
        };
        // Not edited: the tab follows the file.
        state.handle(reread(changed.clone()), NOW);
        assert_eq!(state.tabs.get(tab).unwrap().draft.url, "http://h/outside");
        // Edited: the user is asked.
        edit(&mut state, tab, "http://h/mine");
        state.handle(reread(collection()), NOW);
        let shown = state.tabs.get(tab).unwrap();
        assert_eq!(shown.draft.url, "http://h/mine");
        assert!(shown.outside.is_some());
        state.handle(Command::KeepDraft(tab), NOW);
        let effects = state.handle(Command::SaveTab(tab), NOW);
        assert!(matches!(
            effects.as_slice(),
            [Effect::SaveRequest {
                overwrite: true,
                ..
            }]
        ));
        // Deleted outside: the draft stays, without a file.
        let mut without = collection();
        without.items.remove(0);
        state.handle(reread(without), NOW);
        let shown = state.tabs.get(tab).unwrap();
        assert_eq!(
            (&shown.path, shown.draft.url.as_str()),
            (&None, "http://h/mine")
        );
        assert!(shown.is_dirty());
    }

    #[test]
    fn open_tabs_follow_a_renamed_folder() {
        let (mut state, _) = opened();
        let mut moved = collection();
        moved.items[0] = request("z.yml", "http://h/a?x=1");
        let change = FileChange::Rename {
            path: ItemPath("a.yml".into()),
            name: "z".into(),
        };
        assert_eq!(
            state.handle(Command::ChangeFiles(change.clone()), NOW),
            [Effect::ChangeFiles {
                folder: folder(),
                change: change.clone()
            }]
        );
        let changed = FileChanged {
            collection: moved,
            path: Some(ItemPath("z.yml".into())),
        };
        state.handle(
            Command::FilesChanged {
                folder: folder(),
                change,
                result: Ok(changed),
            },
            NOW,
        );
        assert_eq!(
            state.tabs.active().unwrap().path,
            Some(ItemPath("z.yml".into()))
        );
    }

    #[test]
    fn a_deleted_file_closes_its_tab_and_stops_its_sending() {
        let (mut state, tab) = opened();
        let id = started(&state.handle(Command::Send(tab), NOW)).id;
        let mut without = collection();
        without.items.remove(0);
        let effects = state.handle(
            Command::FilesChanged {
                folder: folder(),
                change: FileChange::Delete {
                    path: ItemPath("a.yml".into()),
                },
                result: Ok(FileChanged {
                    collection: without,
                    path: None,
                }),
            },
            NOW,
        );
        assert_eq!(effects, [Effect::CancelSend(id)]);
        assert!(state.tabs.get(tab).is_none());
    }

    #[test]
    fn the_environment_is_chosen_per_collection_and_remembered() {
        let (mut state, _) = opened();
        assert_eq!(
            state.workspace.environment, None,
            "two to choose from: none is guessed"
        );
        state.handle(Command::ChooseEnvironment(Some("prod".into())), NOW);
        let settings = state.settings.clone();
        let mut again = AppState::new(settings);
        again.handle(Command::OpenCollection(folder()), NOW);
        again.handle(
            Command::CollectionOpened {
                folder: folder(),
                result: Ok(collection()),
            },
            NOW,
        );
        assert_eq!(again.workspace.environment.as_deref(), Some("prod"));
    }

    #[test]
    fn what_is_open_stays_until_another_collection_is_read() {
        let (mut state, tab) = opened();
        let other = PathBuf::from("/other");
        state.handle(Command::OpenCollection(other.clone()), NOW);
        let result = Err(Failure::new("no collection", None));
        state.handle(
            Command::CollectionOpened {
                folder: other.clone(),
                result,
            },
            NOW,
        );
        assert_eq!(state.workspace.folder(), Some(&*folder()));
        assert!(state.tabs.get(tab).is_some());
        // And what is not saved is not thrown away.
        edit(&mut state, tab, "http://h/changed");
        assert_eq!(state.handle(Command::OpenCollection(other), NOW), []);
        assert!(state.tabs.get(tab).unwrap().is_dirty());
        assert_eq!(state.notices.last().len(), 2);
    }

    #[test]
    fn a_late_answer_about_another_folder_is_dropped() {
        let mut state = AppState::new(Settings::default());
        state.handle(Command::OpenCollection("/old".into()), NOW);
        state.handle(Command::OpenCollection(folder()), NOW);
        let late = Command::CollectionOpened {
            folder: "/old".into(),
            result: Ok(collection()),
        };
        state.handle(late, NOW);
        assert!(state.workspace.collection().is_none());
    }

    #[test]
    fn practice_requests_follow_the_gateway_to_its_port() {
        let mut state = AppState::new(Settings::default());
        let practice = Box::new(Collection {
            id: practice::COLLECTION_ID.into(),
            environments: vec![Environment {
                name: "practice".into(),
                variables: vec![Variable::plain("base", "http://127.0.0.1:8787/prod")],
            }],
            items: vec![request("pets.yml", "{{base}}/pets")],
            ..Collection::default()
        });
        state.handle(Command::OpenCollection(folder()), NOW);
        state.handle(
            Command::CollectionOpened {
                folder: folder(),
                result: Ok(practice),
            },
            NOW,
        );
        assert_eq!(state.workspace.environment.as_deref(), Some("practice"));
        let running = |listen: &str| GatewayStatus::Running {
            url: format!("http://{listen}/prod"),
            listen: listen.to_owned(),
        };
        assert_eq!(
            state.gateway.status,
            GatewayStatus::Starting,
            "the gateway is asked for"
        );
        state.settle(NOW);
        let url = |state: &AppState| {
            let derived = state.tabs.active().unwrap().derived().unwrap().clone();
            derived.preview.request.as_ref().unwrap().url().to_string()
        };
        assert_eq!(url(&state), "http://127.0.0.1:8787/prod/pets");
        state.handle(Command::GatewayIs(running(practice::DEFAULT_LISTEN)), NOW);
        assert!(state.workspace.runtime_variables().is_empty());
        state.handle(Command::GatewayIs(running("127.0.0.1:4242")), NOW);
        assert!(state.settle(NOW));
        assert_eq!(url(&state), "http://127.0.0.1:4242/prod/pets");
        assert!(
            !state.settle(NOW),
            "nothing changed: nothing is derived anew"
        );
        state.handle(Command::GatewayIs(GatewayStatus::Stopped), NOW);
        assert!(state.workspace.runtime_variables().is_empty());
    }

    #[test]
    fn no_secret_is_in_the_debug_text_of_state_commands_or_effects() {
        let (mut state, _) = opened();
        let secret = SecretRef {
            collection_id: "c-1".into(),
            environment: "dev".into(),
            variable: "key".into(),
        };
        let keys = NewProfileKeys {
            name: "n".into(),
            access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret_access_key: SecretString::new("hush-hush"),
            session_token: Some(SecretString::new("hush-hush")),
            region: None,
        };
        let mut seen: Vec<String> = Vec::new();
        for command in [
            Command::StoreSecret(secret.clone(), SecretString::new("hush-hush")),
            Command::AddProfileKeys(keys),
        ] {
            seen.push(format!("{command:?}"));
            for effect in state.handle(command, NOW) {
                seen.push(format!("{effect:?}"));
            }
        }
        state.handle(Command::SecretStored(secret.clone(), Ok(())), NOW);
        seen.push(format!("{state:?}"));
        let seen = seen.join("\n");
        assert!(seen.contains("StoreSecret") && seen.contains("AddProfileKeys"));
        assert!(!seen.contains("hush-hush"), "{seen}");
        assert_eq!(state.secrets.has_value(&secret), Some(true));
        let kept = serde_json::to_string(&state.settings).unwrap();
        assert!(!kept.contains("hush-hush"));
    }

    #[test]
    fn effects_with_different_secrets_differ() {
        let secret = SecretRef {
            collection_id: "c".into(),
            environment: String::new(),
            variable: "v".into(),
        };
        let store = |text: &str| Effect::StoreSecret(secret.clone(), SecretString::new(text));
        assert_eq!(store("a"), store("a"));
        assert_ne!(store("a"), store("b"));
    }
}
