//! Duplicating requests and whole folders.

use crate::collection::format::{FolderFile, request_literals};
use crate::collection::{Item, ItemPath};
use crate::storage::StorageError;
use crate::storage::snapshot::{FOLDER_FILE, Known};
use crate::storage::transaction::{Step, run};

use super::{CollectionFolder, copy_name, is_folder, is_request, next_seq, refuse_literals};

impl CollectionFolder {
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
}
