//! The open collection and what is chosen for it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Failure, GatewayStatus};
use crate::collection::{
    Collection, Environment, Item, ItemPath, RequestContext, RequestDraft, VariableValue,
};
use crate::practice;

/// Whether a collection is open.
#[derive(Clone, Debug, Default)]
pub enum Opened {
    /// None.
    #[default]
    Nothing,
    /// It is open.
    Collection {
        /// Its folder.
        folder: PathBuf,
        /// What it holds.
        collection: Box<Collection>,
    },
    /// It could not be read.
    Failed {
        /// Its folder.
        folder: PathBuf,
        /// Why.
        failure: Failure,
    },
}

/// The open collection and what is chosen for it.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The collection.
    pub opened: Opened,
    /// The folder that is being read to take its place.
    pub opening: Option<PathBuf>,
    /// The chosen environment.
    pub environment: Option<String>,
    /// Sign as this profile whatever the files say.
    pub profile_override: Option<String>,
    /// Folders of the tree that are closed.
    pub closed_folders: BTreeSet<ItemPath>,
    runtime_variables: Vec<(String, String)>,
    revision: u64,
}

impl Workspace {
    /// The collection, if one is open.
    pub fn collection(&self) -> Option<&Collection> {
        match &self.opened {
            Opened::Collection { collection, .. } => Some(collection),
            Opened::Nothing | Opened::Failed { .. } => None,
        }
    }

    /// The open collection's folder.
    pub fn folder(&self) -> Option<&Path> {
        match &self.opened {
            Opened::Collection { folder, .. } => Some(folder),
            Opened::Nothing | Opened::Failed { .. } => None,
        }
    }

    /// The chosen environment.
    pub fn chosen_environment(&self) -> Option<&Environment> {
        self.collection()?.environment(self.environment.as_deref()?)
    }

    /// Variables that win over all others while the program runs.
    pub fn runtime_variables(&self) -> &[(String, String)] {
        &self.runtime_variables
    }

    /// Counts the changes that drafts depend on.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Notes such a change.
    pub(super) fn touch(&mut self) {
        self.revision += 1;
    }

    /// Takes over a collection that was read; what is chosen stays if it still exists.
    pub(super) fn set_collection(&mut self, folder: PathBuf, collection: Box<Collection>) {
        if let Some(name) = &self.environment
            && collection.environment(name).is_none()
        {
            self.environment = None;
        }
        self.opened = Opened::Collection { folder, collection };
        self.touch();
    }

    /// Opens or closes a folder of the tree.
    pub(super) fn toggle_folder(&mut self, path: ItemPath) {
        if !self.closed_folders.remove(&path) {
            self.closed_folders.insert(path);
        }
    }

    /// Puts a saved draft into the tree.
    pub(super) fn put_draft(&mut self, path: &ItemPath, draft: &RequestDraft) {
        if let Opened::Collection { collection, .. } = &mut self.opened {
            put(&mut collection.items, path, draft);
        }
    }

    /// What a request inherits; one without a file stands at the collection's root.
    pub fn context_of(&self, path: Option<&ItemPath>) -> RequestContext {
        let root = ItemPath::default();
        self.collection()
            .map_or_else(RequestContext::default, |collection| {
                collection.context_of(path.unwrap_or(&root), self.environment.as_deref())
            })
    }

    /// The practice collection's requests go to wherever the practice gateway listens: when that
    /// is not the published address, the variables that name it are set anew for this run.
    pub(super) fn follow_gateway(&mut self, gateway: &GatewayStatus) {
        let is_practice = self
            .collection()
            .is_some_and(|collection| collection.id == practice::COLLECTION_ID);
        let wanted = match gateway {
            GatewayStatus::Running { listen, .. }
                if is_practice && listen != practice::DEFAULT_LISTEN =>
            {
                self.chosen_environment()
                    .into_iter()
                    .flat_map(|environment| &environment.variables)
                    .filter_map(|variable| match &variable.value {
                        VariableValue::Plain(text) if text.contains(practice::DEFAULT_LISTEN) => {
                            let text = text.replace(practice::DEFAULT_LISTEN, listen);
                            Some((variable.name.clone(), text))
                        }
                        VariableValue::Plain(_) | VariableValue::Secret => None,
                    })
                    .collect()
            }
            GatewayStatus::Running { .. }
            | GatewayStatus::Stopped
            | GatewayStatus::Starting
            | GatewayStatus::Failed(_) => Vec::new(),
        };
        if wanted != self.runtime_variables {
            self.runtime_variables = wanted;
            self.touch();
        }
    }
}

fn put(items: &mut [Item], path: &ItemPath, draft: &RequestDraft) {
    for item in items {
        match item {
            Item::Request(request) if request.path == *path => request.draft = draft.clone(),
            Item::Folder(folder) if path.is_within(&folder.path) => {
                put(&mut folder.items, path, draft);
            }
            Item::Request(_) | Item::Folder(_) | Item::Damaged(_) => {}
        }
    }
}
