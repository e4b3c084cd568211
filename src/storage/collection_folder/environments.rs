//! Environments: their files, and which one belongs to a name.

use crate::collection::format::{self, environment_literals};
use crate::collection::{Environment, ItemPath};
use crate::storage::StorageError;
use crate::storage::snapshot::{ENVIRONMENTS, stem};
use crate::storage::transaction::{Step, run};

use super::{CollectionFolder, format_error, name_of, refuse_literals};

impl CollectionFolder {
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
}
