//! Environments: chosen, made, renamed and deleted, and the values of their secrets with them.
//!
//! ```text
//! RenameEnvironment ─▶ CopySecrets ─▶ SecretsCopied ─▶ ChangeFiles ─▶ FilesChanged ─▶ DeleteSecrets
//!   a failure on the way leaves the environment, and every value under its old name, as they were
//! ```

use super::{About, AppState, Dialog, Effect, Failure, FileChange, NoticeLevel};
use crate::collection::{Collection, Item, ItemPath, SecretRef, Variable, VariableValue};

impl AppState {
    /// Chooses an environment for the open collection, now and at the next start.
    pub(super) fn choose_environment(&mut self, name: Option<String>) {
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
    }

    /// Begins to rename an environment: with the values of its secrets.
    pub(super) fn rename_environment(&mut self, name: String, to: String) -> Vec<Effect> {
        let Some(collection) = self.workspace.collection() else {
            return Vec::new();
        };
        if name == to {
            self.dialog.close();
            return Vec::new();
        }
        let is_taken = collection.environment(&to).is_some();
        let secrets = with_new_name(secrets_of(collection, &name), &to);
        if !self.dialog.begin_change() {
            return Vec::new();
        }
        if is_taken {
            let failure = Failure::new(
                format!("There is an environment “{to}” already"),
                Some("choose another name".to_owned()),
            );
            self.refuse(About::Files, failure);
            return Vec::new();
        }
        if secrets.is_empty() {
            return self.rename_environment_file(name, to);
        }
        vec![Effect::CopySecrets { name, to, secrets }]
    }

    /// The values stand under the new name too: now the file.
    pub(super) fn secrets_copied(
        &mut self,
        name: String,
        to: String,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        match result {
            Ok(()) => self.rename_environment_file(name, to),
            Err(failure) => {
                self.refuse(About::Files, failure);
                Vec::new()
            }
        }
    }

    fn rename_environment_file(&self, name: String, to: String) -> Vec<Effect> {
        self.workspace
            .folder()
            .map(|folder| Effect::ChangeFiles {
                folder: folder.to_owned(),
                change: FileChange::RenameEnvironment { name, to },
            })
            .into_iter()
            .collect()
    }

    /// The file has its new name: the choice follows, and the old values go. Comes before the
    /// collection is taken over.
    pub(super) fn environment_renamed(&mut self, name: &str, to: &str) -> Vec<Effect> {
        let old = self
            .workspace
            .collection()
            .map(|collection| secrets_of(collection, name))
            .unwrap_or_default();
        for (old, new) in with_new_name(old.clone(), to) {
            if let Some(has_value) = self.secrets.has_value(&old) {
                self.secrets.note(new, has_value);
            }
        }
        if self.workspace.environment.as_deref() == Some(name) {
            self.choose_environment(Some(to.to_owned()));
        }
        delete(old)
    }

    /// The file could not be renamed: the copies of the values go, unless they are another's.
    pub(super) fn environment_not_renamed(&self, name: &str, to: &str) -> Vec<Effect> {
        let Some(collection) = self.workspace.collection() else {
            return Vec::new();
        };
        if collection.environment(to).is_some() {
            return Vec::new();
        }
        let copies = with_new_name(secrets_of(collection, name), to);
        delete(copies.into_iter().map(|(_, copy)| copy).collect())
    }

    /// The file is gone: so is the choice, and the values go too. Comes before the collection is
    /// taken over.
    pub(super) fn environment_deleted(&mut self, name: &str) -> Vec<Effect> {
        let secrets = self
            .workspace
            .collection()
            .map(|collection| secrets_of(collection, name))
            .unwrap_or_default();
        if self.workspace.environment.as_deref() == Some(name) {
            self.choose_environment(None);
        }
        let text = format!("Environment “{name}” deleted");
        self.notices.add(NoticeLevel::Success, text, None);
        delete(secrets)
    }

    /// The new environment is there: it is chosen, and shown to be filled. Comes after the
    /// collection was taken over.
    pub(super) fn environment_created(&mut self, name: &str) -> Vec<Effect> {
        self.choose_environment(Some(name.to_owned()));
        let name = name.to_owned();
        self.show_dialog(Dialog::Environment { name })
    }

    /// Takes in which values are gone from the store.
    pub(super) fn secrets_deleted(&mut self, gone: Vec<SecretRef>, result: Result<(), Failure>) {
        for secret in gone {
            self.secrets.note(secret, false);
        }
        if let Err(failure) = result {
            self.fail(failure);
        }
    }

    /// Asks which secrets of an environment have a value.
    pub(super) fn find_secrets(&self, environment: &str) -> Vec<Effect> {
        let secrets = self
            .workspace
            .collection()
            .map(|collection| secrets_of(collection, environment))
            .unwrap_or_default();
        find(secrets)
    }

    /// Asks which secrets of a folder, or of the collection, have a value.
    pub(super) fn find_secrets_of_folder(&self, path: &ItemPath) -> Vec<Effect> {
        let Some(collection) = self.workspace.collection() else {
            return Vec::new();
        };
        let variables = match collection.item(path) {
            Some(Item::Folder(folder)) => &folder.defaults.variables,
            Some(Item::Request(_) | Item::Damaged(_)) | None => &collection.defaults.variables,
        };
        find(refs(collection, "", variables))
    }
}

/// Where the values of an environment's secret variables lie.
fn secrets_of(collection: &Collection, environment: &str) -> Vec<SecretRef> {
    match collection.environment(environment) {
        Some(found) => refs(collection, environment, &found.variables),
        None => Vec::new(),
    }
}

/// Where the values of the secret ones among variables lie.
fn refs(collection: &Collection, environment: &str, variables: &[Variable]) -> Vec<SecretRef> {
    variables
        .iter()
        .filter(|variable| variable.value == VariableValue::Secret)
        .map(|variable| SecretRef {
            collection_id: collection.id.clone(),
            environment: environment.to_owned(),
            variable: variable.name.clone(),
        })
        .collect()
}

/// Where they lie once the environment has another name.
fn with_new_name(secrets: Vec<SecretRef>, name: &str) -> Vec<(SecretRef, SecretRef)> {
    secrets
        .into_iter()
        .map(|old| {
            let new = SecretRef {
                environment: name.to_owned(),
                ..old.clone()
            };
            (old, new)
        })
        .collect()
}

fn find(secrets: Vec<SecretRef>) -> Vec<Effect> {
    if secrets.is_empty() {
        Vec::new()
    } else {
        vec![Effect::FindSecrets(secrets)]
    }
}

fn delete(secrets: Vec<SecretRef>) -> Vec<Effect> {
    if secrets.is_empty() {
        Vec::new()
    } else {
        vec![Effect::DeleteSecrets(secrets)]
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::state::tests::{collection, folder, opened};
    use crate::state::{Command, FileChanged};

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn key(environment: &str) -> SecretRef {
        SecretRef {
            collection_id: "c-1".into(),
            environment: environment.into(),
            variable: "key".into(),
        }
    }

    fn rename() -> Command {
        Command::RenameEnvironment {
            name: "dev".into(),
            to: "test".into(),
        }
    }

    fn copied(result: Result<(), Failure>) -> Command {
        Command::SecretsCopied {
            name: "dev".into(),
            to: "test".into(),
            result,
        }
    }

    fn changed(change: FileChange, result: Result<FileChanged, Failure>) -> Command {
        Command::FilesChanged {
            folder: folder(),
            change,
            result,
        }
    }

    fn change() -> FileChange {
        FileChange::RenameEnvironment {
            name: "dev".into(),
            to: "test".into(),
        }
    }

    fn renamed_collection() -> FileChanged {
        let mut collection = collection();
        collection.environments[0].name = "test".into();
        FileChanged {
            collection,
            path: None,
        }
    }

    fn with_dialog() -> AppState {
        let (mut state, _) = opened();
        state.handle(Command::ChooseEnvironment(Some("dev".into())), NOW);
        let dialog = Dialog::RenameEnvironment { name: "dev".into() };
        state.handle(Command::ShowDialog(dialog), NOW);
        state
    }

    #[test]
    fn secrets_are_copied_before_the_renaming_and_deleted_after_it() {
        let mut state = with_dialog();
        let effects = state.handle(rename(), NOW);
        assert_eq!(
            effects,
            [Effect::CopySecrets {
                name: "dev".into(),
                to: "test".into(),
                secrets: vec![(key("dev"), key("test"))],
            }]
        );
        assert_eq!(state.handle(rename(), NOW), [], "once is enough");
        let effects = state.handle(copied(Ok(())), NOW);
        assert_eq!(
            effects,
            [Effect::ChangeFiles {
                folder: folder(),
                change: change()
            }]
        );
        let effects = state.handle(changed(change(), Ok(renamed_collection())), NOW);
        assert_eq!(effects, [Effect::DeleteSecrets(vec![key("dev")])]);
        assert_eq!(state.workspace.environment.as_deref(), Some("test"));
        assert_eq!(state.settings.environments["c-1"], "test");
        assert_eq!(state.dialog.open, None);
    }

    #[test]
    fn a_locked_keyring_leaves_everything_as_it_was() {
        let mut state = with_dialog();
        state.handle(rename(), NOW);
        let locked = Failure::new("the keyring is locked", None);
        assert_eq!(state.handle(copied(Err(locked.clone())), NOW), []);
        assert_eq!(state.dialog.refusal, Some(locked));
        assert!(state.dialog.open.is_some(), "what was typed is still there");
        assert_eq!(state.workspace.environment.as_deref(), Some("dev"));
    }

    #[test]
    fn a_file_that_cannot_be_renamed_keeps_its_values() {
        let mut state = with_dialog();
        state.handle(rename(), NOW);
        state.handle(copied(Ok(())), NOW);
        let full = Failure::new("disk full", None);
        let effects = state.handle(changed(change(), Err(full.clone())), NOW);
        assert_eq!(
            effects,
            [Effect::DeleteSecrets(vec![key("test")])],
            "only the copies go"
        );
        assert_eq!(state.dialog.refusal, Some(full));
        assert_eq!(state.workspace.environment.as_deref(), Some("dev"));
    }

    #[test]
    fn a_name_that_is_taken_is_refused_before_anything_is_copied() {
        let mut state = with_dialog();
        let command = Command::RenameEnvironment {
            name: "dev".into(),
            to: "prod".into(),
        };
        assert_eq!(state.handle(command, NOW), []);
        let refusal = state.dialog.refusal.clone().unwrap();
        assert!(refusal.message.contains("“prod” already"), "{refusal:?}");
    }

    #[test]
    fn a_new_environment_is_chosen_and_shown_and_a_deleted_one_is_not() {
        let (mut state, _) = opened();
        let name = || "new".to_owned();
        let mut with_new = collection();
        with_new.environments.push(crate::collection::Environment {
            name: name(),
            variables: Vec::new(),
        });
        let done = |collection| {
            Ok(FileChanged {
                collection,
                path: None,
            })
        };
        let create = FileChange::CreateEnvironment { name: name() };
        state.handle(changed(create, done(with_new)), NOW);
        assert_eq!(state.workspace.environment, Some(name()));
        assert_eq!(
            state.dialog.open,
            Some(Dialog::Environment { name: name() })
        );

        state.handle(Command::ChooseEnvironment(Some("dev".into())), NOW);
        let mut without = collection();
        without.environments.remove(0);
        let delete = FileChange::DeleteEnvironment { name: "dev".into() };
        let effects = state.handle(changed(delete, done(without)), NOW);
        assert_eq!(effects, [Effect::DeleteSecrets(vec![key("dev")])]);
        assert_eq!(state.workspace.environment, None);
        assert!(!state.settings.environments.contains_key("c-1"));
    }

    #[test]
    fn settings_ask_for_their_secrets_and_stay_open_until_they_are_saved() {
        let (mut state, _) = opened();
        let mut with_secret = collection();
        with_secret.defaults.variables = vec![Variable::secret("signet")];
        let reread = Command::CollectionReread {
            folder: folder(),
            result: Ok(with_secret.clone()),
        };
        state.handle(reread, NOW);
        let dialog = Dialog::FolderSettings {
            path: ItemPath::default(),
        };
        let asked = state.handle(Command::ShowDialog(dialog.clone()), NOW);
        let secret = SecretRef {
            variable: "signet".into(),
            ..key("")
        };
        assert_eq!(asked, [Effect::FindSecrets(vec![secret])]);
        let save = || FileChange::SaveFolder {
            path: ItemPath::default(),
            name: "pets".into(),
            defaults: Box::default(),
            docs: "new".into(),
            base: Box::default(),
        };
        state.handle(Command::ChangeFiles(save()), NOW);
        let refused = Failure::new("must hold no credentials", None);
        state.handle(changed(save(), Err(refused.clone())), NOW);
        assert_eq!(state.dialog.open, Some(dialog));
        assert_eq!(state.dialog.refusal, Some(refused));
        assert_eq!(state.notices.last(), [], "it is said once, where it counts");
        state.handle(Command::ChangeFiles(save()), NOW);
        assert_eq!(state.dialog.refusal, None);
        let done = FileChanged {
            collection: with_secret,
            path: None,
        };
        state.handle(changed(save(), Ok(done)), NOW);
        assert_eq!(state.dialog.open, None);
    }
}
