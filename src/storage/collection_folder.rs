//! The one door to a collection's files.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::file_name::{free_name, safe_stem};
use super::identity;
use super::known_folders::KnownFolders;
use super::order::{Place, numbers_after_move};
use super::snapshot::{ENVIRONMENTS, EXTENSION, FOLDER_FILE, Known, ROOT_FILE, Snapshot, stem};
use super::transaction::{Step, is_same_entry, run};
use super::{Home, Others, StorageError};
use crate::collection::format::{
    self, CredentialLiteral, CredentialLiterals, FolderFile, FormatError, RootFile,
    defaults_literals, environment_literals, request_literals, text_literals,
};
use crate::collection::{Collection, Damage, Defaults, Environment, Item, ItemPath, RequestDraft};

/// What a new collection tells git to leave out.
const GITIGNORE: &str = "# Nothing secret belongs in a collection.\n.env*\ncerts/*.key\n*.p12\n";

/// A collection's folder, with the text of every file as it was read.
#[derive(Clone, Debug)]
pub struct CollectionFolder {
    root: PathBuf,
    id: String,
    id_damage: Option<Damage>,
    /// Where it is remembered which folder an id belongs to.
    known: Option<KnownFolders>,
    snapshot: Snapshot,
}

/// Finds the collection that a request's file lies in: its folder, and the file's path there.
pub fn find_collection(request_file: &Path) -> Option<(PathBuf, ItemPath)> {
    let file = fs::canonicalize(request_file).ok()?;
    if !file.is_file() {
        return None;
    }
    let root = file
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(ROOT_FILE).is_file())?;
    let parts: Option<Vec<&str>> = file
        .strip_prefix(root)
        .ok()?
        .components()
        .map(|part| part.as_os_str().to_str())
        .collect();
    Some((root.to_path_buf(), ItemPath(parts?.join("/"))))
}

impl CollectionFolder {
    /// Opens the collection in a folder. A collection without an id gets its `countersign.toml`.
    /// Whose the id is goes unasked, so whoever reads secrets opens with
    /// [`CollectionFolder::open_known`].
    pub fn open(root: &Path) -> Result<(Self, Collection), StorageError> {
        Self::open_with(root, None)
    }

    /// As [`CollectionFolder::open`]; the home remembers which folder an id belongs to. A
    /// collection with the id of another folder that still has it is opened with a damage and
    /// without access to that id's secrets.
    pub fn open_known(root: &Path, home: &Home) -> Result<(Self, Collection), StorageError> {
        Self::open_with(root, Some(KnownFolders::new(home.collections_file())))
    }

    fn open_with(
        root: &Path,
        known: Option<KnownFolders>,
    ) -> Result<(Self, Collection), StorageError> {
        let snapshot = Snapshot::read(root)?;
        let (id, id_damage) = identity_of(root, known.as_ref());
        let folder = Self {
            root: root.to_path_buf(),
            id,
            id_damage,
            known,
            snapshot,
        };
        let collection = folder.collection();
        Ok((folder, collection))
    }

    /// Makes a new collection in a folder, which is created if it is missing.
    pub fn create(root: &Path, name: &str) -> Result<(Self, Collection), StorageError> {
        let name = name_of(name)?;
        if fs::symlink_metadata(root.join(ROOT_FILE)).is_ok() {
            return Err(StorageError::CollectionExists {
                path: root.to_path_buf(),
            });
        }
        let text = format::new_root(&RootFile {
            name: name.to_owned(),
            ..RootFile::default()
        })
        .map_err(|source| StorageError::Format {
            path: ItemPath(ROOT_FILE.to_owned()),
            source,
        })?;
        let mut steps = Vec::new();
        let missing: Vec<&Path> = root
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        for folder in missing.into_iter().rev() {
            steps.push(Step::CreateFolder(folder.to_path_buf()));
        }
        for (file, text) in [
            (".gitignore", GITIGNORE.to_owned()),
            (identity::FILE, identity::new_text(&identity::new_id())),
        ] {
            if fs::symlink_metadata(root.join(file)).is_err() {
                steps.push(Step::Create(root.join(file), text.into_bytes()));
            }
        }
        steps.push(Step::Create(root.join(ROOT_FILE), text.into_bytes()));
        run(steps)?;
        Self::open(root)
    }

    /// The folder on disk.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The collection as the files said when they were read or last saved; the disk is not
    /// touched.
    pub fn collection(&self) -> Collection {
        let name = self.root.file_name().map_or_else(
            || "Collection".to_owned(),
            |n| n.to_string_lossy().into_owned(),
        );
        let mut collection = self.snapshot.collection(&name);
        collection.id.clone_from(&self.id);
        collection.damages.extend(self.id_damage.clone());
        collection
    }

    /// Reads everything anew: what was changed outside counts from now on.
    pub fn reload(&mut self) -> Result<Collection, StorageError> {
        self.snapshot = Snapshot::read(&self.root)?;
        (self.id, self.id_damage) = identity_of(&self.root, self.known.as_ref());
        Ok(self.collection())
    }

    /// Whether the files on disk still say what was read; `false` also where that cannot be told.
    pub fn is_current(&self) -> bool {
        Snapshot::read(&self.root).is_ok_and(|now| now == self.snapshot)
    }

    // ── requests ──

    /// Saves an edited request in its file.
    pub fn save_request(
        &mut self,
        path: &ItemPath,
        draft: &RequestDraft,
    ) -> Result<(), StorageError> {
        refuse_literals(path, request_literals(draft))?;
        let text = self.request_text(path, draft)?;
        let step = self.replace(path, &text)?;
        run(step.into_iter().collect())?;
        self.know(path, text);
        Ok(())
    }

    /// Whether a request's file says what a draft says: writing it would change nothing.
    pub fn says(&self, path: &ItemPath, draft: &RequestDraft) -> Result<bool, StorageError> {
        match self.request_text(path, draft) {
            Ok(text) => Ok(text == self.known_text(path)?),
            Err(StorageError::Format { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Saves a new request in a folder (the empty path is the root), behind all others.
    pub fn create_request(
        &mut self,
        folder: &ItemPath,
        draft: &RequestDraft,
    ) -> Result<ItemPath, StorageError> {
        let name = name_of(&draft.name)?;
        let folder_on_disk = self.existing_folder(folder)?;
        let mut draft = draft.clone();
        name.clone_into(&mut draft.name);
        draft.seq = Some(next_seq(&self.items_in(folder)?, is_request));
        let file = self.free_file(folder, &folder_on_disk, name, None);
        let path = folder.join(&file);
        refuse_literals(&path, request_literals(&draft))?;
        let text = format::new_request(&draft).map_err(format_error(&path))?;
        run(vec![Step::Create(
            folder_on_disk.join(&file),
            text.clone().into_bytes(),
        )])?;
        self.know(&path, text);
        Ok(path)
    }

    // ── folders ──

    /// Makes a folder in a folder (the empty path is the root), behind all others.
    pub fn create_folder(
        &mut self,
        parent: &ItemPath,
        name: &str,
    ) -> Result<ItemPath, StorageError> {
        let name = name_of(name)?;
        let parent_on_disk = self.existing_folder(parent)?;
        let seq = next_seq(&self.items_in(parent)?, is_folder);
        let folder = self.free_folder(parent, &parent_on_disk, name, None);
        let path = parent.join(&folder);
        let file = path.join(FOLDER_FILE);
        let text = format::new_folder(&FolderFile {
            name: name.to_owned(),
            seq: Some(seq),
            ..FolderFile::default()
        })
        .map_err(format_error(&file))?;
        let on_disk = parent_on_disk.join(&folder);
        run(vec![
            Step::CreateFolder(on_disk.clone()),
            Step::Create(on_disk.join(FOLDER_FILE), text.clone().into_bytes()),
        ])?;
        self.snapshot.folders.insert(path.clone());
        self.know(&file, text);
        Ok(path)
    }

    /// Saves a folder's name, what it hands down, and its documentation. The folder on disk keeps
    /// its name; see [`CollectionFolder::rename`].
    pub fn save_folder(
        &mut self,
        path: &ItemPath,
        name: &str,
        defaults: &Defaults,
        docs: &str,
    ) -> Result<(), StorageError> {
        let name = name_of(name)?;
        let file = path.join(FOLDER_FILE);
        let mut literals = defaults_literals(defaults);
        literals.extend(text_literals("the documentation", docs));
        refuse_literals(&file, literals)?;
        let (step, text) = self.folder_step(path, |folder| {
            name.clone_into(&mut folder.name);
            folder.defaults.clone_from(defaults);
            docs.clone_into(&mut folder.docs);
        })?;
        run(step.into_iter().collect())?;
        self.know(&file, text);
        Ok(())
    }

    // ── both ──

    /// Gives a request or folder another name, in the file and on disk; returns where it lies now.
    pub fn rename(&mut self, path: &ItemPath, name: &str) -> Result<ItemPath, StorageError> {
        let name = name_of(name)?;
        let from = self.locate(path)?;
        let parent = path.parent();
        let parent_on_disk = self.existing_folder(&parent)?;
        match self.item(path)? {
            Item::Folder(_) => {
                let new = parent.join(&self.free_folder(
                    &parent,
                    &parent_on_disk,
                    name,
                    Some(path.file_name()),
                ));
                let (step, text) = self.folder_step(path, |folder| {
                    name.clone_into(&mut folder.name);
                })?;
                let mut steps: Vec<Step> = step.into_iter().collect();
                if new != *path {
                    steps.push(Step::Rename {
                        from,
                        to: parent_on_disk.join(new.file_name()),
                    });
                }
                run(steps)?;
                self.know(&path.join(FOLDER_FILE), text);
                self.snapshot.renamed(path, &new);
                Ok(new)
            }
            Item::Request(request) => {
                let mut draft = request.draft;
                name.clone_into(&mut draft.name);
                let text = self.request_text(path, &draft)?;
                let new = parent.join(&self.free_file(
                    &parent,
                    &parent_on_disk,
                    name,
                    Some(path.file_name()),
                ));
                let mut steps: Vec<Step> = self.replace(path, &text)?.into_iter().collect();
                if new != *path {
                    steps.push(Step::Rename {
                        from,
                        to: parent_on_disk.join(new.file_name()),
                    });
                }
                run(steps)?;
                self.snapshot.renamed(path, &new);
                self.know(&new, text);
                Ok(new)
            }
            Item::Damaged(damage) => Err(StorageError::Damaged(damage)),
        }
    }

    /// Moves a request or folder into a folder (the empty path is the root), before another item
    /// of its kind or behind all; returns where it lies now. As few files as possible are
    /// rewritten for the order.
    pub fn move_to(
        &mut self,
        path: &ItemPath,
        folder: &ItemPath,
        before: Option<&ItemPath>,
    ) -> Result<ItemPath, StorageError> {
        let from = self.locate(path)?;
        let target = self.existing_folder(folder)?;
        let item = self.item(path)?;
        if matches!(item, Item::Folder(_)) && folder.is_within(path) {
            return Err(StorageError::IntoItself { path: path.clone() });
        }
        let new = if path.parent() == *folder {
            path.clone()
        } else {
            let taken = |name: &str| self.is_taken(folder, &target, name, None);
            let name = match item {
                Item::Folder(_) => free_name(path.file_name(), "", taken),
                Item::Request(_) | Item::Damaged(_) => free_name(stem(path), EXTENSION, taken),
            };
            folder.join(&name)
        };
        let mut steps = Vec::new();
        let mut texts = Vec::new();
        if !matches!(item, Item::Damaged(_)) {
            for (sibling, seq) in self.reordered(&item, &new, folder, before)? {
                let (step, file, text) = self.seq_step(&sibling, seq)?;
                steps.extend(step);
                texts.push((file, text));
            }
        } else if let Known::Text(text) = self
            .snapshot
            .files
            .get(path)
            .cloned()
            .unwrap_or(Known::Unreadable(String::new()))
        {
            self.check_unchanged(path, &text)?;
        }
        if new != *path {
            steps.push(Step::Rename {
                from,
                to: target.join(new.file_name()),
            });
        }
        run(steps)?;
        for (file, text) in texts {
            self.know(&file, text);
        }
        if new != *path {
            self.snapshot.renamed(path, &new);
        }
        Ok(new)
    }

    /// Copies a request or folder beside itself; returns the copy's path. Of a folder, only what
    /// belongs to the collection is copied.
    pub fn duplicate(&mut self, path: &ItemPath) -> Result<ItemPath, StorageError> {
        let parent = path.parent();
        let parent_on_disk = self.existing_folder(&parent)?;
        let siblings = self.items_in(&parent)?;
        match self.item(path)? {
            Item::Request(request) => {
                let mut draft = request.draft;
                draft.name = copy_name(&draft.name, &siblings);
                draft.seq = Some(next_seq(&siblings, is_request));
                refuse_literals(path, request_literals(&draft))?;
                let text = self.request_text(path, &draft)?;
                let file = self.free_file(&parent, &parent_on_disk, &draft.name, None);
                let new = parent.join(&file);
                run(vec![Step::Create(
                    parent_on_disk.join(&file),
                    text.clone().into_bytes(),
                )])?;
                self.know(&new, text);
                Ok(new)
            }
            Item::Folder(folder) => {
                let name = copy_name(&folder.name, &siblings);
                let seq = next_seq(&siblings, is_folder);
                let new = parent.join(&self.free_folder(&parent, &parent_on_disk, &name, None));
                self.duplicate_folder(path, &new, |copy| {
                    copy.name.clone_from(&name);
                    copy.seq = Some(seq);
                })?;
                Ok(new)
            }
            Item::Damaged(damage) => Err(StorageError::Damaged(damage)),
        }
    }

    fn duplicate_folder(
        &mut self,
        path: &ItemPath,
        new: &ItemPath,
        change: impl FnOnce(&mut FolderFile),
    ) -> Result<(), StorageError> {
        let (_, folder_text) = self.folder_step(path, change)?;
        let moved = |old: &ItemPath| {
            let rest = old.0.get(path.0.len()..).unwrap_or_default();
            ItemPath(format!("{}{rest}", new.0))
        };
        let mut steps = vec![Step::CreateFolder(self.locate(new)?)];
        let mut known = Vec::new();
        let folders: Vec<ItemPath> = self
            .snapshot
            .folders
            .iter()
            .filter(|folder| folder.is_within(path) && *folder != path)
            .map(moved)
            .collect();
        for folder in &folders {
            steps.push(Step::CreateFolder(self.locate(folder)?));
        }
        let own_file = path.join(FOLDER_FILE);
        for (file, content) in &self.snapshot.files {
            if !file.is_within(path) || *file == own_file {
                continue;
            }
            if let Known::Text(text) = content {
                self.check_unchanged(file, text)?;
                known.push((moved(file), text.clone()));
            }
        }
        known.push((new.join(FOLDER_FILE), folder_text));
        for (file, text) in &known {
            steps.push(Step::Create(self.locate(file)?, text.clone().into_bytes()));
        }
        run(steps)?;
        self.snapshot.folders.insert(new.clone());
        self.snapshot.folders.extend(folders);
        for (file, text) in known {
            self.know(&file, text);
        }
        Ok(())
    }

    /// Deletes a request, a damaged file, or a folder with all that the tree shows in it. A file
    /// that was changed outside is not deleted, nor is a folder in which anything else lies.
    pub fn delete(&mut self, path: &ItemPath) -> Result<(), StorageError> {
        let on_disk = self.locate(path)?;
        if path.0.is_empty() {
            return Err(StorageError::OutsideRoot { path: path.clone() });
        }
        self.item(path)?;
        for (file, known) in &self.snapshot.files {
            if let (true, Known::Text(text)) = (file.is_within(path), known) {
                self.check_unchanged(file, text)?;
            }
        }
        if on_disk.is_dir() {
            self.check_nothing_else_in(path, &on_disk)?;
        }
        run(vec![Step::Remove(on_disk)])?;
        self.snapshot.removed(path);
        Ok(())
    }

    /// Whether a folder may be deleted: all that lies in it was read, and is what was read.
    fn check_nothing_else_in(&self, path: &ItemPath, on_disk: &Path) -> Result<(), StorageError> {
        let now = Snapshot::read(&self.root)?;
        if let Some((changed, _)) = now.files.iter().find(|(file, known)| {
            file.is_within(path) && self.snapshot.files.get(file) != Some(known)
        }) {
            return Err(StorageError::ChangedOutside {
                path: changed.clone(),
            });
        }
        let others = if self.snapshot.folders.contains(path) {
            let mut others = Vec::new();
            self.others_in(path, on_disk, &mut others)
                .map_err(|source| StorageError::Read {
                    path: on_disk.to_path_buf(),
                    source,
                })?;
            others
        } else {
            // A collection of its own, or a folder that could not be opened.
            vec![path.clone()]
        };
        if others.is_empty() {
            Ok(())
        } else {
            Err(StorageError::HoldsOthers {
                path: path.clone(),
                others: Others(others),
            })
        }
    }

    /// Gathers what was not read in a folder that was; what lies in there is not looked at.
    fn others_in(
        &self,
        path: &ItemPath,
        on_disk: &Path,
        others: &mut Vec<ItemPath>,
    ) -> io::Result<()> {
        let mut entries = fs::read_dir(on_disk)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type()?;
            let name = entry.file_name();
            let here = path.join(&name.to_string_lossy());
            let is_utf8 = name.to_str().is_some();
            if is_utf8 && kind.is_dir() && self.snapshot.folders.contains(&here) {
                self.others_in(&here, &entry.path(), others)?;
            } else if !(is_utf8 && kind.is_file() && self.snapshot.files.contains_key(&here)) {
                others.push(here);
            }
        }
        Ok(())
    }

    // ── root and environments ──

    /// Saves the collection's name, what it hands down, and its documentation.
    pub fn save_root(
        &mut self,
        name: &str,
        defaults: &Defaults,
        docs: &str,
    ) -> Result<(), StorageError> {
        let name = name_of(name)?;
        let path = ItemPath(ROOT_FILE.to_owned());
        let mut literals = defaults_literals(defaults);
        literals.extend(text_literals("the documentation", docs));
        refuse_literals(&path, literals)?;
        let before = self.known_text(&path)?;
        let mut root = format::read_root(&before).map_err(format_error(&path))?;
        let unnamed = root.name.is_empty() && name == self.collection().name;
        if !unnamed {
            name.clone_into(&mut root.name);
        }
        root.defaults.clone_from(defaults);
        docs.clone_into(&mut root.docs);
        let text = format::save_root(&before, &root).map_err(format_error(&path))?;
        let step = self.replace(&path, &text)?;
        run(step.into_iter().collect())?;
        self.know(&path, text);
        Ok(())
    }

    /// Saves an environment: a new one, or the one that was called `previous`. The values of its
    /// secret variables are not in it; after a renaming the caller moves them in the keyring.
    pub fn save_environment(
        &mut self,
        previous: Option<&str>,
        environment: &Environment,
    ) -> Result<(), StorageError> {
        let name = name_of(&environment.name)?;
        let folder = ItemPath(ENVIRONMENTS.to_owned());
        let old = match previous {
            Some(previous) => Some(self.environment_file(previous)?),
            None => None,
        };
        if previous != Some(name) && self.environment_file(name).is_ok() {
            return Err(StorageError::AlreadyExists {
                what: name.to_owned(),
            });
        }
        let mut now = environment.clone();
        name.clone_into(&mut now.name);
        let place = old.clone().unwrap_or_else(|| folder.join(name));
        refuse_literals(&place, environment_literals(&now))?;
        let on_disk = self.locate(&folder)?;
        if let Some(old) = old {
            let before = self.known_text(&old)?;
            let file_says = format::read_environment(&before).map_err(format_error(&old))?;
            if file_says.name.is_empty() && stem(&old) == name {
                now.name.clear();
            }
            let text = format::save_environment(&before, &now).map_err(format_error(&old))?;
            let mut steps: Vec<Step> = self.replace(&old, &text)?.into_iter().collect();
            let new = if previous == Some(name) {
                old.clone()
            } else {
                folder.join(&self.free_file(&folder, &on_disk, name, Some(old.file_name())))
            };
            if new != old {
                steps.push(Step::Rename {
                    from: self.locate(&old)?,
                    to: on_disk.join(new.file_name()),
                });
            }
            run(steps)?;
            self.snapshot.renamed(&old, &new);
            self.know(&new, text);
        } else {
            let file = self.free_file(&folder, &on_disk, name, None);
            let path = folder.join(&file);
            let text = format::new_environment(&now).map_err(format_error(&path))?;
            let mut steps = Vec::new();
            if !on_disk.is_dir() {
                steps.push(Step::CreateFolder(on_disk.clone()));
            }
            steps.push(Step::Create(on_disk.join(&file), text.clone().into_bytes()));
            run(steps)?;
            self.snapshot.folders.insert(folder);
            self.know(&path, text);
        }
        Ok(())
    }

    /// Whether an environment's file says, as it was last read, what somebody takes it to say.
    pub fn check_environment(&self, base: &Environment) -> Result<(), StorageError> {
        let path = self.environment_file(&base.name)?;
        if self
            .snapshot
            .environment(&path)
            .is_ok_and(|now| now == *base)
        {
            Ok(())
        } else {
            Err(StorageError::ChangedOutside { path })
        }
    }

    /// Whether a folder's file (the empty path is the root) says, as it was last read, what the
    /// caller takes it to say.
    pub fn check_folder(
        &self,
        path: &ItemPath,
        is_as_taken: impl FnOnce(&Collection) -> bool,
    ) -> Result<(), StorageError> {
        if is_as_taken(&self.collection()) {
            return Ok(());
        }
        let file = if path.0.is_empty() {
            ItemPath(ROOT_FILE.to_owned())
        } else {
            path.join(FOLDER_FILE)
        };
        Err(StorageError::ChangedOutside { path: file })
    }

    /// Deletes an environment.
    pub fn delete_environment(&mut self, name: &str) -> Result<(), StorageError> {
        let path = self.environment_file(name)?;
        let text = self.known_text(&path)?;
        self.check_unchanged(&path, &text)?;
        run(vec![Step::Remove(self.locate(&path)?)])?;
        self.snapshot.removed(&path);
        Ok(())
    }

    fn environment_file(&self, name: &str) -> Result<ItemPath, StorageError> {
        let folder = ItemPath(ENVIRONMENTS.to_owned());
        self.snapshot
            .files
            .keys()
            .filter(|path| path.parent() == folder)
            .find(|path| {
                self.snapshot
                    .environment(path)
                    .is_ok_and(|environment| environment.name == name)
            })
            .cloned()
            .ok_or_else(|| StorageError::NotFound {
                what: format!("{ENVIRONMENTS}/{name}"),
            })
    }

    // ── paths ──

    /// Where a path lies on disk. It never leads out of the root, neither by `..` nor by a link.
    fn locate(&self, path: &ItemPath) -> Result<PathBuf, StorageError> {
        let outside = || StorageError::OutsideRoot { path: path.clone() };
        let mut on_disk = self.root.clone();
        if path.0.is_empty() {
            return Ok(on_disk);
        }
        for part in path.0.split('/') {
            let mut components = Path::new(part).components();
            let plain = matches!(
                (components.next(), components.next()),
                (Some(Component::Normal(name)), None) if name == OsStr::new(part)
            );
            if !plain || part.contains('\0') {
                return Err(outside());
            }
            on_disk.push(part);
            if fs::symlink_metadata(&on_disk).is_ok_and(|found| found.is_symlink()) {
                return Err(outside());
            }
        }
        Ok(on_disk)
    }

    /// A folder of the collection, on disk.
    fn existing_folder(&self, path: &ItemPath) -> Result<PathBuf, StorageError> {
        let on_disk = self.locate(path)?;
        let known = path.0.is_empty() || self.snapshot.folders.contains(path);
        if known && path.0 != ENVIRONMENTS && on_disk.is_dir() {
            Ok(on_disk)
        } else {
            Err(StorageError::NotFound {
                what: path.0.clone(),
            })
        }
    }

    fn item(&self, path: &ItemPath) -> Result<Item, StorageError> {
        self.locate(path)?;
        self.collection()
            .item(path)
            .cloned()
            .ok_or_else(|| StorageError::NotFound {
                what: path.0.clone(),
            })
    }

    fn items_in(&self, folder: &ItemPath) -> Result<Vec<Item>, StorageError> {
        let collection = self.collection();
        if folder.0.is_empty() {
            return Ok(collection.items);
        }
        match collection.item(folder) {
            Some(Item::Folder(found)) => Ok(found.items.clone()),
            _ => Err(StorageError::NotFound {
                what: folder.0.clone(),
            }),
        }
    }

    /// Whether a name is in use in a folder, known or on disk, whatever its letter case. What is
    /// called `own` may have it.
    fn is_taken(&self, folder: &ItemPath, on_disk: &Path, name: &str, own: Option<&str>) -> bool {
        if own == Some(name) {
            return false;
        }
        let wanted = name.to_lowercase();
        let clashes = |other: &str| Some(other) != own && other.to_lowercase() == wanted;
        let place = on_disk.join(name);
        let is_own = || own.is_some_and(|own| is_same_entry(&on_disk.join(own), &place));
        self.snapshot
            .files
            .keys()
            .chain(&self.snapshot.folders)
            .any(|path| path.parent() == *folder && clashes(path.file_name()))
            || (fs::symlink_metadata(&place).is_ok() && !is_own())
            || fs::read_dir(on_disk).is_ok_and(|entries| {
                entries
                    .filter_map(Result::ok)
                    .any(|entry| clashes(&entry.file_name().to_string_lossy()))
            })
    }

    /// A free file name for a name; `own` may stay.
    fn free_file(
        &self,
        folder: &ItemPath,
        on_disk: &Path,
        name: &str,
        own: Option<&str>,
    ) -> String {
        free_name(&safe_stem(name), EXTENSION, |candidate| {
            self.is_taken(folder, on_disk, candidate, own)
        })
    }

    fn free_folder(
        &self,
        parent: &ItemPath,
        on_disk: &Path,
        name: &str,
        own: Option<&str>,
    ) -> String {
        free_name(&safe_stem(name), "", |candidate| {
            self.is_taken(parent, on_disk, candidate, own)
        })
    }

    // ── texts ──

    /// The text of a file as it was read.
    fn known_text(&self, path: &ItemPath) -> Result<String, StorageError> {
        match self.snapshot.files.get(path) {
            Some(Known::Text(text)) => Ok(text.clone()),
            Some(Known::Unreadable(reason)) => Err(StorageError::Damaged(Damage {
                path: path.clone(),
                line: None,
                reason: reason.clone(),
            })),
            None => Err(StorageError::NotFound {
                what: path.0.clone(),
            }),
        }
    }

    /// The text of a request's file after an edit.
    fn request_text(&self, path: &ItemPath, draft: &RequestDraft) -> Result<String, StorageError> {
        self.locate(path)?;
        let before = self.known_text(path)?;
        self.check_unchanged(path, &before)?;
        let file_says = format::read_request(&before).map_err(format_error(path))?;
        let mut draft = draft.clone();
        if file_says.name.is_empty() && draft.name == stem(path) {
            draft.name.clear();
        }
        format::save_request(&before, &draft).map_err(format_error(path))
    }

    /// The step that writes a folder's changed file, and the file's new text.
    fn folder_step(
        &self,
        path: &ItemPath,
        change: impl FnOnce(&mut FolderFile),
    ) -> Result<(Option<Step>, String), StorageError> {
        if path.0.is_empty() {
            // The root's own file is another one.
            return Err(StorageError::OutsideRoot { path: path.clone() });
        }
        let on_disk = self.existing_folder(path)?;
        let file = path.join(FOLDER_FILE);
        if self.snapshot.files.contains_key(&file) {
            let before = self.known_text(&file)?;
            self.check_unchanged(&file, &before)?;
            let was = format::read_folder(&before).map_err(format_error(&file))?;
            let mut now = was.clone();
            change(&mut now);
            if was.name.is_empty() && now.name == path.file_name() {
                now.name.clear();
            }
            let text = format::save_folder(&before, &now).map_err(format_error(&file))?;
            Ok((self.replace(&file, &text)?, text))
        } else {
            if fs::symlink_metadata(on_disk.join(FOLDER_FILE)).is_ok() {
                return Err(StorageError::ChangedOutside { path: file });
            }
            let mut now = FolderFile {
                name: path.file_name().to_owned(),
                ..FolderFile::default()
            };
            change(&mut now);
            let text = format::new_folder(&now).map_err(format_error(&file))?;
            let step = Step::Create(on_disk.join(FOLDER_FILE), text.clone().into_bytes());
            Ok((Some(step), text))
        }
    }

    /// The step that gives an item another `seq`, with the file and its new text.
    fn seq_step(
        &self,
        path: &ItemPath,
        seq: Option<u32>,
    ) -> Result<(Option<Step>, ItemPath, String), StorageError> {
        if self.snapshot.folders.contains(path) {
            let (step, text) = self.folder_step(path, |folder| folder.seq = seq)?;
            return Ok((step, path.join(FOLDER_FILE), text));
        }
        let before = self.known_text(path)?;
        let mut draft = format::read_request(&before).map_err(format_error(path))?;
        draft.seq = seq;
        let text = self.request_text(path, &draft)?;
        Ok((self.replace(path, &text)?, path.clone(), text))
    }

    /// The step that replaces a file's text; none where nothing changes.
    fn replace(&self, path: &ItemPath, text: &str) -> Result<Option<Step>, StorageError> {
        let on_disk = self.locate(path)?;
        let before = self.known_text(path)?;
        self.check_unchanged(path, &before)?;
        Ok((before != text).then(|| Step::Replace {
            path: on_disk,
            before: before.into_bytes(),
            after: text.as_bytes().to_vec(),
        }))
    }

    /// Whether a file on disk still has the text that was read.
    fn check_unchanged(&self, path: &ItemPath, text: &str) -> Result<(), StorageError> {
        let on_disk = self.locate(path)?;
        match fs::read(&on_disk) {
            Ok(bytes) if bytes == text.as_bytes() => Ok(()),
            Ok(_) => Err(StorageError::ChangedOutside { path: path.clone() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(StorageError::ChangedOutside { path: path.clone() })
            }
            Err(source) => Err(StorageError::Read {
                path: on_disk,
                source,
            }),
        }
    }

    fn know(&mut self, path: &ItemPath, text: String) {
        self.snapshot.files.insert(path.clone(), Known::Text(text));
    }

    /// Which items get another `seq` so that `item`, lying at `new`, stands before another one.
    fn reordered(
        &self,
        item: &Item,
        new: &ItemPath,
        folder: &ItemPath,
        before: Option<&ItemPath>,
    ) -> Result<Vec<(ItemPath, Option<u32>)>, StorageError> {
        let same_kind = |other: &&Item| {
            std::mem::discriminant::<Item>(*other) == std::mem::discriminant(item)
                && other.path() != item.path()
        };
        let siblings = self.items_in(folder)?;
        let mut wanted: Vec<(ItemPath, Place)> = siblings
            .iter()
            .filter(same_kind)
            .map(|sibling| (sibling.path().clone(), place(sibling, sibling.path())))
            .collect();
        let at = before
            .and_then(|before| wanted.iter().position(|(path, _)| path == before))
            .unwrap_or(wanted.len());
        wanted.insert(at, (item.path().clone(), place(item, new)));
        let places: Vec<Place> = wanted.iter().map(|(_, place)| place.clone()).collect();
        let planned = numbers_after_move(&places, at);
        Ok(wanted
            .into_iter()
            .zip(planned)
            .filter(|((_, place), number)| place.seq != *number)
            .map(|((path, _), number)| (path, number))
            .collect())
    }
}

fn identity_of(root: &Path, known: Option<&KnownFolders>) -> (String, Option<Damage>) {
    match known {
        Some(known) => identity::known_of(root, known),
        None => identity::of(root),
    }
}

fn place(item: &Item, path: &ItemPath) -> Place {
    Place {
        seq: seq(item),
        tie: (item.name().to_lowercase(), path.0.clone()),
    }
}

fn seq(item: &Item) -> Option<u32> {
    match item {
        Item::Folder(folder) => folder.seq,
        Item::Request(request) => request.draft.seq,
        Item::Damaged(_) => None,
    }
}

fn is_request(item: &Item) -> bool {
    matches!(item, Item::Request(_))
}

fn is_folder(item: &Item) -> bool {
    matches!(item, Item::Folder(_))
}

fn next_seq(items: &[Item], of_kind: fn(&Item) -> bool) -> u32 {
    items
        .iter()
        .filter(|item| of_kind(item))
        .filter_map(seq)
        .max()
        .map_or(1, |last| last.saturating_add(1))
}

/// `Get order copy`, `Get order copy 2`, …
fn copy_name(name: &str, siblings: &[Item]) -> String {
    let taken = |candidate: &str| siblings.iter().any(|item| item.name() == candidate);
    let first = format!("{name} copy");
    if !taken(&first) {
        return first;
    }
    let mut number = 2_u32;
    loop {
        let candidate = format!("{name} copy {number}");
        if !taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

fn name_of(name: &str) -> Result<&str, StorageError> {
    let name = name.trim();
    if name.is_empty() {
        Err(StorageError::EmptyName)
    } else {
        Ok(name)
    }
}

fn refuse_literals(path: &ItemPath, found: Vec<CredentialLiteral>) -> Result<(), StorageError> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(StorageError::CredentialLiterals {
            path: path.clone(),
            literals: CredentialLiterals(found),
        })
    }
}

fn format_error(path: &ItemPath) -> impl FnOnce(FormatError) -> StorageError + use<> {
    let path = path.clone();
    move |error| match error {
        FormatError::Unreadable { .. } | FormatError::OtherProtocol { .. } => {
            StorageError::Damaged(Damage {
                path,
                line: error.line(),
                reason: error.reason(),
            })
        }
        FormatError::CannotKeep { .. } => StorageError::Format {
            path,
            source: error,
        },
    }
}
