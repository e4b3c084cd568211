//! A collection's files as they were read, and the tree they make.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::StorageError;
use crate::collection::format::{
    FolderFile, FormatError, read_environment, read_folder, read_request, read_root,
};
use crate::collection::{Collection, Damage, Environment, Folder, Item, ItemPath, RequestFile};

/// The root's own file.
pub(super) const ROOT_FILE: &str = "opencollection.yml";
/// A folder's own file.
pub(super) const FOLDER_FILE: &str = "folder.yml";
/// Where the environments lie, below the root.
pub(super) const ENVIRONMENTS: &str = "environments";
/// The extension of every file.
pub(super) const EXTENSION: &str = ".yml";

/// Files larger than this are not read.
const LARGEST: u64 = 8 * 1024 * 1024;
/// Folders deeper than this are not read.
const DEEPEST: usize = 32;

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Its text.
    Text(String),
    /// Why there is none.
    Unreadable(String),
}

/// All that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub(super) files: BTreeMap<ItemPath, Known>,
    pub(super) folders: BTreeSet<ItemPath>,
    /// Things in the tree that are no files: links, folders that could not be opened.
    pub(super) strangers: Vec<Damage>,
}

impl Snapshot {
    /// Reads everything below a folder.
    pub(super) fn read(root: &Path) -> Result<Self, StorageError> {
        match fs::symlink_metadata(root.join(ROOT_FILE)) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StorageError::NotACollection {
                    path: root.to_path_buf(),
                });
            }
            Err(source) => {
                return Err(StorageError::Read {
                    path: root.to_path_buf(),
                    source,
                });
            }
        }
        let mut snapshot = Self::default();
        snapshot
            .read_folder(root, &ItemPath::default(), 0)
            .map_err(|source| StorageError::Read {
                path: root.to_path_buf(),
                source,
            })?;
        Ok(snapshot)
    }

    fn read_folder(&mut self, folder: &Path, path: &ItemPath, depth: usize) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            entries.push(entry?);
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let lossy = name.to_string_lossy();
            if lossy.starts_with('.') || lossy == "node_modules" {
                continue;
            }
            let kind = match entry.file_type() {
                Ok(kind) => kind,
                Err(error) => {
                    self.stranger(
                        path.join(&lossy),
                        &format!("it cannot be looked at: {error}"),
                    );
                    continue;
                }
            };
            let is_yml = lossy.ends_with(EXTENSION);
            let Some(name) = name.to_str() else {
                if is_yml || kind.is_dir() {
                    self.stranger(path.join(&lossy), "its name is not UTF-8");
                }
                continue;
            };
            let here = path.join(name);
            if kind.is_symlink() {
                let leads_to_folder = fs::metadata(entry.path()).is_ok_and(|to| to.is_dir());
                if is_yml || leads_to_folder {
                    self.stranger(here, "it is a symbolic link; links are not followed");
                }
            } else if kind.is_dir() {
                self.read_subfolder(&entry.path(), here, depth);
            } else if kind.is_file() && is_yml {
                let known = read_file(&entry.path());
                self.files.insert(here, known);
            }
        }
        Ok(())
    }

    fn read_subfolder(&mut self, folder: &Path, here: ItemPath, depth: usize) {
        if depth + 1 > DEEPEST {
            self.stranger(here, &format!("it lies deeper than {DEEPEST} folders"));
            return;
        }
        if fs::symlink_metadata(folder.join(ROOT_FILE)).is_ok() {
            self.stranger(here, "it is a collection of its own; open it separately");
            return;
        }
        match self.read_folder(folder, &here, depth + 1) {
            Ok(()) => {
                self.folders.insert(here);
            }
            Err(error) => {
                self.stranger(here, &format!("it cannot be opened: {error}"));
            }
        }
    }

    fn stranger(&mut self, path: ItemPath, reason: &str) {
        self.strangers.push(Damage {
            path,
            line: None,
            reason: reason.to_owned(),
        });
    }

    /// Notes a renaming of a file or of a folder with all in it.
    pub(super) fn renamed(&mut self, from: &ItemPath, to: &ItemPath) {
        let moved = |path: &ItemPath| -> Option<ItemPath> {
            path.is_within(from).then(|| {
                let rest = path.0.get(from.0.len()..).unwrap_or_default();
                ItemPath(format!("{}{rest}", to.0))
            })
        };
        self.files = std::mem::take(&mut self.files)
            .into_iter()
            .map(|(path, known)| (moved(&path).unwrap_or(path), known))
            .collect();
        self.folders = std::mem::take(&mut self.folders)
            .into_iter()
            .map(|path| moved(&path).unwrap_or(path))
            .collect();
        for stranger in &mut self.strangers {
            if let Some(path) = moved(&stranger.path) {
                stranger.path = path;
            }
        }
    }

    /// Notes that a file, or a folder with all in it, is gone.
    pub(super) fn removed(&mut self, gone: &ItemPath) {
        self.files.retain(|path, _| !path.is_within(gone));
        self.folders.retain(|path| !path.is_within(gone));
        self.strangers
            .retain(|stranger| !stranger.path.is_within(gone));
    }

    /// The tree that the files make.
    pub(super) fn collection(&self, root_name: &str) -> Collection {
        let mut collection = Collection {
            name: root_name.to_owned(),
            ..Collection::default()
        };
        let root_path = ItemPath(ROOT_FILE.to_owned());
        match self.read_known(&root_path, read_root) {
            Some(Ok(root)) => {
                if root.bundled {
                    collection.damages.push(Damage {
                        path: root_path,
                        line: None,
                        reason: "requests stand in this file itself; those are not read".to_owned(),
                    });
                }
                if !root.name.is_empty() {
                    collection.name = root.name;
                }
                collection.defaults = root.defaults;
                collection.docs = root.docs;
            }
            Some(Err(damage)) => {
                collection.defaults.damage = Some(damage.clone());
                collection.damages.push(damage);
            }
            None => collection.defaults.damage = self.left_out(&ItemPath(ROOT_FILE.to_owned())),
        }
        let environments = ItemPath(ENVIRONMENTS.to_owned());
        for path in self.files.keys() {
            if path.parent() == environments {
                match self.environment(path) {
                    Ok(environment) => collection.environments.push(environment),
                    Err(damage) => collection.damages.push(damage),
                }
            }
        }
        collection
            .environments
            .sort_by_cached_key(|environment| environment.name.to_lowercase());
        collection.damages.extend(
            self.strangers
                .iter()
                .filter(|stranger| stranger.path.is_within(&environments))
                .cloned(),
        );
        collection.items = self.items(&ItemPath::default());
        collection
    }

    /// The environment of a file; one without a name takes the file's.
    pub(super) fn environment(&self, path: &ItemPath) -> Result<Environment, Damage> {
        let mut environment = self
            .read_known(path, read_environment)
            .unwrap_or_else(|| Ok(Environment::default()))?;
        if environment.name.is_empty() {
            stem(path).clone_into(&mut environment.name);
        }
        Ok(environment)
    }

    fn items(&self, folder: &ItemPath) -> Vec<Item> {
        let is_root = folder.0.is_empty();
        let mut items = Vec::new();
        for path in self.folders.iter().filter(|path| path.parent() == *folder) {
            if !(is_root && path.0 == ENVIRONMENTS) {
                items.push(self.folder(path));
            }
        }
        for path in self.files.keys().filter(|path| path.parent() == *folder) {
            if path.file_name() == FOLDER_FILE || path.file_name() == ROOT_FILE {
                if !is_root && let Some(Err(damage)) = self.read_known(path, read_folder) {
                    items.push(Item::Damaged(damage));
                }
                continue;
            }
            match self.read_known(path, read_request) {
                Some(Ok(mut draft)) => {
                    if draft.name.is_empty() {
                        stem(path).clone_into(&mut draft.name);
                    }
                    items.push(Item::Request(Box::new(RequestFile {
                        path: path.clone(),
                        draft,
                    })));
                }
                Some(Err(damage)) => items.push(Item::Damaged(damage)),
                None => {}
            }
        }
        for stranger in &self.strangers {
            if stranger.path.parent() == *folder && !(is_root && stranger.path.0 == ENVIRONMENTS) {
                items.push(Item::Damaged(stranger.clone()));
            }
        }
        items.sort_by(Item::order);
        items
    }

    fn folder(&self, path: &ItemPath) -> Item {
        let mut file = FolderFile::default();
        match self.read_known(&path.join(FOLDER_FILE), read_folder) {
            Some(Ok(read)) => file = read,
            Some(Err(damage)) => file.defaults.damage = Some(damage),
            None => file.defaults.damage = self.left_out(&path.join(FOLDER_FILE)),
        }
        Item::Folder(Box::new(Folder {
            path: path.clone(),
            name: if file.name.is_empty() {
                path.file_name().to_owned()
            } else {
                file.name
            },
            seq: file.seq,
            defaults: file.defaults,
            docs: file.docs,
            items: self.items(path),
        }))
    }

    /// A file of this path that is there and was not read: a link, too large, not text.
    fn left_out(&self, path: &ItemPath) -> Option<Damage> {
        let found = self
            .strangers
            .iter()
            .find(|stranger| stranger.path == *path);
        found.cloned()
    }

    /// Reads a file's text with a reader; `None` where there is no such file.
    fn read_known<T>(
        &self,
        path: &ItemPath,
        read: impl Fn(&str) -> Result<T, FormatError>,
    ) -> Option<Result<T, Damage>> {
        let damage = |line, reason| Damage {
            path: path.clone(),
            line,
            reason,
        };
        Some(match self.files.get(path)? {
            Known::Text(text) => read(text).map_err(|error| damage(error.line(), error.reason())),
            Known::Unreadable(reason) => Err(damage(None, reason.clone())),
        })
    }
}

/// A file's name without its extension.
pub(super) fn stem(path: &ItemPath) -> &str {
    let name = path.file_name();
    name.strip_suffix(EXTENSION).unwrap_or(name)
}

/// Reads a file, or says why not.
fn read_file(path: &Path) -> Known {
    let read = || -> io::Result<Known> {
        let size = fs::symlink_metadata(path)?.len();
        if size > LARGEST {
            return Ok(Known::Unreadable(format!(
                "it is larger than {} MB",
                LARGEST / 1024 / 1024
            )));
        }
        Ok(match String::from_utf8(fs::read(path)?) {
            Ok(text) => Known::Text(text),
            Err(error) => Known::Unreadable(format!(
                "it is not UTF-8 (byte {})",
                error.utf8_error().valid_up_to() + 1
            )),
        })
    };
    read().unwrap_or_else(|error| Known::Unreadable(format!("it cannot be read: {error}")))
}
