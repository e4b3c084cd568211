//! Deleting: only what was read, and never more than the tree shows.

use crate::collection::ItemPath;
use crate::storage::snapshot::{Known, Snapshot};
use crate::storage::transaction::{Step, run};
use crate::storage::{Others, StorageError};
use std::fs;
use std::io;
use std::path::Path;

use super::CollectionFolder;

impl CollectionFolder {
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
}
