//! A collection is opened, or read anew because its files changed.

use std::path::PathBuf;

use super::requests::as_opened;
use super::{About, AppState, Dialog, Effect, Failure, Opened};
use crate::collection::{Collection, Damage, Item, ItemPath, RequestDraft};
use crate::practice;

/// Who changed a collection's files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangedBy {
    /// The user, in this window.
    User,
    /// Somebody else, as far as can be told.
    Others,
}

impl AppState {
    /// Begins to open a collection, unless that would lose something.
    pub(super) fn open_collection(&mut self, folder: PathBuf) -> Vec<Effect> {
        // A dialog about a request has nothing to wait for here.
        if matches!(
            self.dialog.open,
            Some(Dialog::UnsavedChanges { .. } | Dialog::NewRequest { .. })
        ) {
            self.close_dialog();
        }
        if !self.dialog.begin_change() {
            return Vec::new();
        }
        if self.has_unsaved() {
            let failure = Failure::new(
                "Some requests have changes that are not saved",
                Some("save or close them, then open the other collection".to_owned()),
            );
            self.refuse(About::Collection, failure);
            return Vec::new();
        }
        self.workspace.opening = Some(folder.clone());
        vec![Effect::OpenCollection(folder)]
    }

    /// Takes over a collection that was asked for.
    pub(super) fn collection_opened(
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
                self.refuse(About::Collection, failure.clone());
                // What is open stays open.
                if self.workspace.collection().is_none() {
                    self.workspace.opened = Opened::Failed { folder, failure };
                }
                return Vec::new();
            }
        };
        self.dialog.end_change();
        self.notices.solved(&About::Collection);
        let mut effects: Vec<Effect> = self.leave_drafts().into_iter().collect();
        let running: Vec<Effect> = self
            .tabs
            .clear()
            .into_iter()
            .filter_map(|tab| self.exchanges.forget(tab))
            .map(Effect::CancelSend)
            .collect();
        effects.extend(running);
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
        if is_practice {
            effects.extend(self.gateway.start());
        }
        effects
    }

    /// Takes over what was read again. A failure is told by the next deliberate action, not by a
    /// switch of windows.
    pub(super) fn collection_reread(
        &mut self,
        folder: PathBuf,
        result: Result<Box<Collection>, Failure>,
    ) {
        if let Ok(collection) = result
            && self.workspace.folder() == Some(&folder)
            && self.workspace.collection() != Some(&collection)
        {
            self.take_collection(folder, collection, ChangedBy::Others);
        }
    }

    /// Takes over a collection whose files changed; open drafts follow their files.
    pub(super) fn take_collection(
        &mut self,
        folder: PathBuf,
        collection: Box<Collection>,
        by: ChangedBy,
    ) {
        self.workspace.set_collection(folder, collection);
        self.workspace.follow_gateway(&self.gateway.status);
        let Some(collection) = self.workspace.collection() else {
            return;
        };
        for tab in self.tabs.iter_mut() {
            let Some(path) = &tab.path else { continue };
            // A file need not read back exactly as it was saved: that is no outside change.
            if by == ChangedBy::User && tab.is_dirty() {
                continue;
            }
            if let Some(file) = collection.request(path).map(as_opened) {
                tab.follow_file(file);
                continue;
            }
            tab.outside = None;
            tab.damage = damage_at(collection, path).cloned();
            // Its file is gone: what is in the tab has to be saved anew.
            if tab.damage.is_none() {
                tab.path = None;
                tab.set_saved(RequestDraft::default());
            }
        }
    }
}

/// Why the file at a path, or a folder above it, cannot be read.
pub(super) fn damage_at<'a>(collection: &'a Collection, path: &ItemPath) -> Option<&'a Damage> {
    let mut path = path.clone();
    while !path.0.is_empty() {
        if let Some(Item::Damaged(damage)) = collection.item(&path) {
            return Some(damage);
        }
        path = path.parent();
    }
    None
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
