//! Changes of the collection's files: asked for, and what follows when they are made.

use std::path::PathBuf;

use super::opening::ChangedBy;
use super::{About, AppState, Effect, Failure, FileChange, FileChanged, NoticeLevel, TabId};

impl AppState {
    /// Asks for a change.
    pub(super) fn change_files(&mut self, change: FileChange) -> Vec<Effect> {
        if !self.dialog.begin_change() {
            return Vec::new();
        }
        self.files_effect(change)
    }

    /// The effect of a change in the open collection.
    pub(super) fn files_effect(&self, change: FileChange) -> Vec<Effect> {
        self.workspace
            .folder()
            .map(|folder| Effect::ChangeFiles {
                folder: folder.to_owned(),
                change,
            })
            .into_iter()
            .collect()
    }

    /// Follows a change that was made, or says why it was not.
    pub(super) fn files_changed(
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
                if let FileChange::CreateRequest { tab: Some(tab), .. } = change {
                    self.stay_open(*tab);
                }
                self.refuse(About::Files, failure);
                return match change {
                    FileChange::RenameEnvironment { name, to } => {
                        self.environment_not_renamed(name, to)
                    }
                    _ => Vec::new(),
                };
            }
        };
        self.dialog.end_change();
        self.notices.solved(&About::Files);
        let mut effects = Vec::new();
        match change {
            FileChange::Rename { path: old, .. } => {
                self.tabs.follow_rename(old, path.as_ref());
                self.workspace.touch();
            }
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
            FileChange::SaveEnvironment { environment, .. } => {
                let text = format!("Environment “{}” saved", environment.name);
                self.notices.add(NoticeLevel::Success, text, None);
            }
        }
        for tab in self.tabs.iter_mut() {
            if let Some(now) = tab.path.as_ref().and_then(|path| collection.request(path)) {
                tab.follow_own_change(now);
            }
        }
        self.take_collection(folder, collection, ChangedBy::User);
        if let FileChange::CreateEnvironment { name } = change {
            effects.extend(self.environment_created(name));
        }
        if let (FileChange::CreateRequest { .. } | FileChange::Duplicate { .. }, Some(path)) =
            (change, path)
        {
            // What was typed while the file was made is not saved yet.
            let closing = self
                .tabs
                .of_path(&path)
                .filter(|tab| tab.closes_when_saved && !tab.is_dirty())
                .map(|tab| tab.id);
            if let FileChange::CreateRequest { tab: Some(tab), .. } = change {
                self.stay_open(*tab);
            }
            match closing {
                Some(tab) => effects.extend(self.close_tab(tab)),
                None => self.open_request(path),
            }
        }
        effects
    }
}
