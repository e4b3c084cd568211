//! The thread on which a collection's files are read and written, one job after the other.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use super::draft_files::DraftFiles;
use super::effects::Outbox;
use crate::collection::{Collection, Environment, Item, ItemPath, RequestDraft};
use crate::state::{Command, Failure, FileChange, FileChanged, KeptDraft, MoveBy, TabId};
use crate::storage::{CollectionFolder, Home, StorageError};

/// How many jobs may wait. A user does not make so many; more are told as a failure.
const QUEUE: usize = 64;

/// A thing to do with files.
pub(super) enum FileJob {
    /// Read a collection.
    Open(PathBuf),
    /// Read it again if it changed.
    Reread(PathBuf),
    /// Write a draft.
    Save {
        folder: PathBuf,
        path: ItemPath,
        draft: Box<RequestDraft>,
        tab: TabId,
        overwrite: bool,
    },
    /// Write down what is not saved.
    KeepDrafts {
        folder: PathBuf,
        drafts: Vec<KeptDraft>,
    },
    /// Change the tree or an environment.
    Change { folder: PathBuf, change: FileChange },
}

/// The thread and its queue.
pub(super) struct FileWorker {
    jobs: SyncSender<FileJob>,
    done: Receiver<()>,
    outbox: Outbox,
}

impl FileWorker {
    /// Starts the thread.
    pub(super) fn start(drafts: DraftFiles, home: Home, outbox: Outbox) -> io::Result<Self> {
        let (jobs, queue) = sync_channel::<FileJob>(QUEUE);
        let (end, done) = sync_channel(1);
        let mut files = Files {
            open: None,
            home,
            drafts,
            is_told: false,
            outbox: outbox.clone(),
        };
        std::thread::Builder::new()
            .name("files".into())
            .spawn(move || {
                for job in queue {
                    files.work(job);
                }
                // Nobody waits for it when the program ends in another way.
                end.send(()).ok();
            })?;
        Ok(Self { jobs, done, outbox })
    }

    /// Puts a job at the end of the queue; never waits.
    pub(super) fn send(&self, job: FileJob) {
        if self.jobs.try_send(job).is_err() {
            self.outbox.send_if_room(Command::Notify(Failure::new(
                "The disk does not keep up; the last change was not written",
                Some("wait a moment and save again".to_owned()),
            )));
        }
    }

    /// Finishes what is queued, but waits no longer than the bound.
    pub(super) fn finish(self, bound: Duration) {
        let Self { jobs, done, outbox } = self;
        drop(jobs);
        drop(outbox);
        if done.recv_timeout(bound).is_err() {
            tracing::warn!("files were still being written at the end");
        }
    }
}

/// What the thread knows.
struct Files {
    open: Option<CollectionFolder>,
    /// Remembers which folder an id belongs to.
    home: Home,
    drafts: DraftFiles,
    /// Whether it was said that drafts cannot be kept.
    is_told: bool,
    outbox: Outbox,
}

impl Files {
    fn work(&mut self, job: FileJob) {
        let command = match job {
            FileJob::Open(folder) => {
                let result = match CollectionFolder::open_known(&folder, &self.home) {
                    Ok((open, collection)) => {
                        self.open = Some(open);
                        Ok(Box::new(collection))
                    }
                    Err(error) => Err(failure(&error)),
                };
                let is_open = result.is_ok();
                let opened = Command::CollectionOpened {
                    folder: folder.clone(),
                    result,
                };
                self.outbox.send_blocking(opened);
                if is_open {
                    self.find_drafts(folder);
                }
                return;
            }
            FileJob::KeepDrafts { folder, drafts } => match self.drafts.write(&folder, drafts) {
                Err(failure) if !self.is_told => {
                    self.is_told = true;
                    Command::Notify(failure)
                }
                Ok(()) | Err(_) => return,
            },
            FileJob::Reread(folder) => {
                let Some(open) = self.of(&folder).filter(|open| !open.is_current()) else {
                    return;
                };
                let result = open.reload().map(Box::new).map_err(|error| failure(&error));
                Command::CollectionReread { folder, result }
            }
            FileJob::Save {
                folder,
                path,
                draft,
                tab,
                overwrite,
            } => {
                let result = self.save(&folder, &path, &draft, overwrite);
                let changed_outside = matches!(result, Err(StorageError::ChangedOutside { .. }));
                self.outbox.send_blocking(Command::RequestSaved {
                    tab,
                    draft,
                    result: result.map_err(|error| failure(&error)),
                });
                if changed_outside {
                    // So that the user can choose between the two.
                    self.work(FileJob::Reread(folder));
                }
                return;
            }
            FileJob::Change { folder, change } => {
                let result = self
                    .change(&folder, &change)
                    .map_err(|error| failure(&error));
                Command::FilesChanged {
                    folder,
                    change,
                    result,
                }
            }
        };
        self.outbox.send_blocking(command);
    }

    fn find_drafts(&self, folder: PathBuf) {
        let drafts = self.drafts.read(&folder).unwrap_or_else(|failure| {
            self.outbox.send_blocking(Command::Notify(failure));
            Vec::new()
        });
        self.outbox
            .send_blocking(Command::DraftsFound { folder, drafts });
    }

    /// The open collection, if it is the one in this folder.
    fn of(&mut self, folder: &Path) -> Option<&mut CollectionFolder> {
        self.open.as_mut().filter(|open| open.root() == folder)
    }

    fn require(&mut self, folder: &Path) -> Result<&mut CollectionFolder, StorageError> {
        self.of(folder).ok_or_else(|| StorageError::NotFound {
            what: folder.display().to_string(),
        })
    }

    fn save(
        &mut self,
        folder: &Path,
        path: &ItemPath,
        draft: &RequestDraft,
        overwrite: bool,
    ) -> Result<(), StorageError> {
        let open = self.require(folder)?;
        if overwrite {
            open.reload()?;
        }
        open.save_request(path, draft)
    }

    fn change(&mut self, folder: &Path, change: &FileChange) -> Result<FileChanged, StorageError> {
        let open = self.require(folder)?;
        let path = match change {
            FileChange::CreateRequest { folder, draft, .. } => {
                Some(open.create_request(folder, draft)?)
            }
            FileChange::CreateFolder { folder, name } => Some(open.create_folder(folder, name)?),
            FileChange::Rename { path, name } => Some(open.rename(path, name)?),
            FileChange::Reorder { path, by } => {
                if let Some(before) = place_after(&open.collection(), path, *by) {
                    open.move_to(path, &path.parent(), before.as_ref())?;
                }
                Some(path.clone())
            }
            FileChange::Duplicate { path } => Some(open.duplicate(path)?),
            FileChange::Delete { path } => {
                open.delete(path)?;
                None
            }
            FileChange::SaveFolder {
                path,
                name,
                defaults,
                docs,
            } => {
                if path.0.is_empty() {
                    open.save_root(name, defaults, docs)?;
                } else {
                    open.save_folder(path, name, defaults, docs)?;
                }
                None
            }
            FileChange::SaveEnvironment { environment } => {
                open.save_environment(Some(&environment.name), environment)?;
                None
            }
            FileChange::CreateEnvironment { name } => {
                let environment = Environment {
                    name: name.clone(),
                    variables: Vec::new(),
                };
                open.save_environment(None, &environment)?;
                None
            }
            FileChange::RenameEnvironment { name, to } => {
                rename_environment(open, name, to)?;
                None
            }
            FileChange::DeleteEnvironment { name } => {
                open.delete_environment(name)?;
                None
            }
        };
        Ok(FileChanged {
            collection: Box::new(open.collection()),
            path,
        })
    }
}

fn rename_environment(
    open: &mut CollectionFolder,
    name: &str,
    to: &str,
) -> Result<(), StorageError> {
    let collection = open.collection();
    let environment = collection
        .environment(name)
        .ok_or_else(|| StorageError::NotFound {
            what: name.to_owned(),
        })?;
    let renamed = Environment {
        name: to.to_owned(),
        ..environment.clone()
    };
    open.save_environment(Some(name), &renamed)
}

/// Before which neighbour of its kind an item shall stand, `Some(None)` for behind all; `None` when
/// it stands at the end already.
#[expect(
    clippy::option_option,
    reason = "`move_to` takes the inner one as it is"
)]
fn place_after(collection: &Collection, path: &ItemPath, by: MoveBy) -> Option<Option<ItemPath>> {
    let parent = path.parent();
    let items = match collection.item(&parent) {
        Some(Item::Folder(folder)) => &folder.items,
        Some(Item::Request(_) | Item::Damaged(_)) | None => &collection.items,
    };
    let own = items.iter().find(|item| item.path() == path)?;
    let same_kind: Vec<&ItemPath> = items
        .iter()
        .filter(|item| std::mem::discriminant(*item) == std::mem::discriminant(own))
        .map(Item::path)
        .collect();
    let at = same_kind.iter().position(|other| *other == path)?;
    match by {
        MoveBy::Up => Some(Some((*same_kind.get(at.checked_sub(1)?)?).clone())),
        MoveBy::Down => {
            same_kind.get(at + 1)?;
            Some(same_kind.get(at + 2).map(|path| (*path).clone()))
        }
    }
}

fn failure(error: &StorageError) -> Failure {
    Failure::new(error.to_string(), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::RequestFile;

    #[test]
    fn one_place_up_or_down_among_its_kind() {
        let request = |path: &str| {
            Item::Request(Box::new(RequestFile {
                path: ItemPath(path.into()),
                draft: RequestDraft::new(path),
            }))
        };
        let collection = Collection {
            items: vec![request("a"), request("b"), request("c")],
            ..Collection::default()
        };
        let place = |path: &str, by| place_after(&collection, &ItemPath(path.into()), by);
        let before = |path: &str| Some(Some(ItemPath(path.into())));
        assert_eq!(place("b", MoveBy::Up), before("a"));
        assert_eq!(place("a", MoveBy::Down), before("c"));
        assert_eq!(place("b", MoveBy::Down), Some(None));
        assert_eq!(place("a", MoveBy::Up), None);
        assert_eq!(place("c", MoveBy::Down), None);
    }
}
