//! The thread on which a collection's files are read and written, one job after the other.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use super::draft_files::DraftFiles;
use super::effects::Outbox;
use crate::collection::{Collection, Environment, Item, ItemPath, RequestDraft};
use crate::state::{
    Command, Failure, FileChange, FileChanged, FolderBase, KeptDraft, MoveBy, TabId,
};
use crate::storage::{CollectionFolder, Home, StorageError};

/// How many jobs may wait. A user does not make so many; more are told as a failure.
const QUEUE: usize = 64;

/// A thing to do with files.
#[derive(Clone)]
pub(super) enum FileJob {
    /// Read a collection.
    Open(PathBuf),
    /// Read it again if it changed.
    Reread(PathBuf),
    /// Read it again and tell the window, whether it changed or not.
    Reload(PathBuf),
    /// Write a draft in place of what the user takes the file to say.
    Save {
        folder: PathBuf,
        path: ItemPath,
        draft: Box<RequestDraft>,
        tab: TabId,
        base: Box<RequestDraft>,
    },
    /// Look for what was not saved at the last end.
    FindDrafts(PathBuf),
    /// Write down what is not saved.
    KeepDrafts {
        folder: PathBuf,
        drafts: Vec<KeptDraft>,
    },
    /// Change the tree or an environment.
    Change { folder: PathBuf, change: FileChange },
}

impl FileJob {
    /// The answer to a job that came to nothing.
    fn failed(self, failure: Failure) -> Command {
        match self {
            Self::Open(folder) => Command::CollectionOpened {
                folder,
                result: Err(failure),
            },
            Self::Reread(folder) | Self::Reload(folder) => Command::CollectionReread {
                folder,
                result: Err(failure),
            },
            Self::FindDrafts(_) | Self::KeepDrafts { .. } => Command::Notify(failure),
            Self::Save { tab, draft, .. } => Command::RequestSaved {
                tab,
                draft,
                result: Err(failure),
            },
            Self::Change { folder, change } => Command::FilesChanged {
                folder,
                change,
                result: Err(failure),
            },
        }
    }
}

/// What came of a job: the answer, and what has to be done next.
type Done = (Option<Command>, Option<FileJob>);

/// Does a job. One that panics fails like any other; the thread goes on to the next.
fn guarded(job: FileJob, work: impl FnOnce(FileJob) -> Done) -> Done {
    let kept = job.clone();
    catch_unwind(AssertUnwindSafe(|| work(job))).unwrap_or_else(|_| {
        tracing::error!("a job with files panicked");
        let failure = Failure::new(
            "Something in the collection's files could not be worked with; this is a fault of Countersign",
            Some("look for a file that is out of the ordinary, then try again".to_owned()),
        );
        (Some(kept.failed(failure)), None)
    })
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
        };
        let answers = outbox.clone();
        std::thread::Builder::new()
            .name("files".into())
            .spawn(move || {
                for job in queue {
                    let mut next = Some(job);
                    while let Some(job) = next {
                        let (answer, then) = guarded(job, |job| files.work(job));
                        if let Some(answer) = answer {
                            answers.send_blocking(answer);
                        }
                        next = then;
                    }
                }
                // Nobody waits for it when the program ends in another way.
                end.send(()).ok();
            })?;
        Ok(Self { jobs, done, outbox })
    }

    /// Puts a job at the end of the queue; never waits.
    pub(super) fn send(&self, job: FileJob) {
        if let Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) =
            self.jobs.try_send(job)
        {
            self.outbox.send_if_room(job.failed(Failure::new(
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
}

impl Files {
    fn work(&mut self, job: FileJob) -> Done {
        match job {
            FileJob::Open(folder) => {
                let result = match CollectionFolder::open_known(&folder, &self.home) {
                    Ok((open, collection)) => {
                        self.open = Some(open);
                        Ok(Box::new(collection))
                    }
                    Err(error) => Err(failure(&error)),
                };
                let then = result.is_ok().then(|| FileJob::FindDrafts(folder.clone()));
                (Some(Command::CollectionOpened { folder, result }), then)
            }
            FileJob::KeepDrafts { folder, drafts } => match self.drafts.write(&folder, drafts) {
                Err(failure) if !self.is_told => {
                    self.is_told = true;
                    (Some(Command::Notify(failure)), None)
                }
                Ok(()) | Err(_) => (None, None),
            },
            FileJob::FindDrafts(folder) => match self.drafts.read(&folder) {
                Ok(drafts) => (Some(Command::DraftsFound { folder, drafts }), None),
                Err(failure) => (Some(Command::Notify(failure)), None),
            },
            FileJob::Reread(folder) => {
                let changed = self.of(&folder).is_some_and(|open| !open.is_current());
                (None, changed.then_some(FileJob::Reload(folder)))
            }
            FileJob::Reload(folder) => {
                let answer = self.of(&folder).map(|open| {
                    let result = open.reload().map(Box::new).map_err(|error| failure(&error));
                    Command::CollectionReread { folder, result }
                });
                (answer, None)
            }
            FileJob::Save {
                folder,
                path,
                draft,
                tab,
                base,
            } => {
                let result = self.save(&folder, &path, &draft, &base);
                // So that the user can choose between the two.
                let then = changed_outside(&result).then_some(FileJob::Reload(folder));
                let answer = Command::RequestSaved {
                    tab,
                    draft,
                    result: result.map_err(|error| failure(&error)),
                };
                (Some(answer), then)
            }
            FileJob::Change { folder, change } => {
                let result = self.change(&folder, &change);
                let then = changed_outside(&result).then(|| FileJob::Reload(folder.clone()));
                let result = result.map_err(|error| match (&error, &change) {
                    (
                        StorageError::ChangedOutside { path },
                        FileChange::SaveEnvironment { .. } | FileChange::SaveFolder { .. },
                    ) => changed_under_dialog(path),
                    _ => failure(&error),
                });
                let answer = Command::FilesChanged {
                    folder,
                    change,
                    result,
                };
                (Some(answer), then)
            }
        }
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
        base: &RequestDraft,
    ) -> Result<(), StorageError> {
        let open = self.require(folder)?;
        // What was read may be newer than what the window showed when it was asked to save.
        let is_as_shown = open.collection().request(path).is_some_and(|file| {
            let mut file = file.clone();
            file.params_from_url();
            file == *base
        });
        if !is_as_shown && !open.says(path, base)? {
            return Err(StorageError::ChangedOutside { path: path.clone() });
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
                base,
            } => {
                open.check_folder(path, |now| {
                    FolderBase::of(now, path).as_ref() == Some(&**base)
                })?;
                if path.0.is_empty() {
                    open.save_root(name, defaults, docs)?;
                } else {
                    open.save_folder(path, name, defaults, docs)?;
                }
                None
            }
            FileChange::SaveEnvironment { environment, base } => {
                open.check_environment(base)?;
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

fn changed_outside<T>(result: &Result<T, StorageError>) -> bool {
    matches!(result, Err(StorageError::ChangedOutside { .. }))
}

/// A dialog keeps what it showed: only a new one shows what the file says now.
fn changed_under_dialog(path: &ItemPath) -> Failure {
    Failure::new(
        format!("`{path}` was changed outside since this was opened, and is left as it is"),
        Some("close it and open it again to see what the file says now".to_owned()),
    )
}

fn failure(error: &StorageError) -> Failure {
    Failure::new(error.to_string(), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::RequestFile;

    fn save(name: &str) -> FileJob {
        FileJob::Save {
            folder: "/c".into(),
            path: ItemPath("a.yml".into()),
            draft: Box::new(RequestDraft::new(name)),
            tab: TabId(1),
            base: Box::default(),
        }
    }

    #[test]
    fn a_job_that_panics_is_answered_as_failed_and_the_next_one_is_done() {
        let change = FileChange::Delete {
            path: ItemPath("a.yml".into()),
        };
        let jobs = [
            FileJob::Open("/c".into()),
            FileJob::Reread("/c".into()),
            save("a"),
            FileJob::Change {
                folder: "/c".into(),
                change,
            },
        ];
        for job in jobs {
            let (answer, then) = guarded(job, |_| panic!("a hostile file"));
            let failure = match answer.expect("an answer") {
                Command::CollectionOpened { result, .. }
                | Command::CollectionReread { result, .. } => result.err(),
                Command::RequestSaved { result, draft, .. } => {
                    assert_eq!(draft.name, "a");
                    result.err()
                }
                Command::FilesChanged { result, .. } => result.err(),
                other => panic!("{other:?}"),
            };
            let failure = failure.expect("it failed");
            assert!(failure.message.contains("fault"), "{failure:?}");
            assert!(then.is_none());
        }
        let home = tempfile::tempdir().unwrap();
        let mut files = Files {
            open: None,
            home: Home::at(home.path()),
            drafts: DraftFiles(home.path().join("drafts")),
            is_told: false,
        };
        let (answer, _) = guarded(save("b"), |job| files.work(job));
        let Some(Command::RequestSaved { result, .. }) = answer else {
            panic!("{answer:?}");
        };
        assert!(
            result
                .unwrap_err()
                .message
                .contains("not in the collection")
        );
    }

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
