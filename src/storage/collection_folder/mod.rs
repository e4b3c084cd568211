//! The one door to a collection's files.

mod deleting;
mod duplicating;
mod environments;

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
use super::{Home, StorageError};
use crate::collection::format::{
    self, CredentialLiteral, CredentialLiterals, FolderFile, FormatError, RootFile,
    defaults_literals, request_literals, text_literals,
};
use crate::collection::{Collection, Damage, Defaults, Item, ItemPath, RequestDraft};

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
