//! Several changes of files that happen together or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::StorageError;
use super::atomic::{sync_folder, write_atomically};
use super::error::{LeftOver, NotTakenBack};

/// A change of the disk.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Creates a folder.
    CreateFolder(PathBuf),
    /// Creates a file that is not there.
    Create(PathBuf, Vec<u8>),
    /// Replaces a file whose old bytes are known.
    Replace {
        path: PathBuf,
        before: Vec<u8>,
        after: Vec<u8>,
    },
    /// Renames a file or folder to a name that is free.
    Rename { from: PathBuf, to: PathBuf },
    /// Removes a file or a whole folder.
    Remove(PathBuf),
}

/// How a step is taken back.
enum Undo {
    RemoveFolder(PathBuf),
    RemoveFile(PathBuf),
    Write(PathBuf, Vec<u8>),
    Rename { from: PathBuf, to: PathBuf },
}

/// Takes all steps; when one fails, those before it are taken back.
pub(super) fn run(steps: Vec<Step>) -> Result<(), StorageError> {
    let mut taken = Taken::default();
    for step in steps {
        let path = step.path().to_path_buf();
        if let Err(source) = taken.take(step) {
            return Err(taken.take_back(path, source));
        }
    }
    taken.finish();
    Ok(())
}

/// The steps that were taken so far.
#[derive(Default)]
struct Taken {
    undo: Vec<Undo>,
    /// What was removed, under the names where it waits.
    rubbish: Vec<PathBuf>,
}

impl Taken {
    fn take(&mut self, step: Step) -> io::Result<()> {
        match step {
            Step::CreateFolder(path) => {
                fs::create_dir(&path)?;
                self.undo.push(Undo::RemoveFolder(path));
            }
            Step::Create(path, bytes) => {
                refuse_taken(&path)?;
                write_atomically(&path, &bytes)?;
                self.undo.push(Undo::RemoveFile(path));
            }
            Step::Replace {
                path,
                before,
                after,
            } => {
                write_atomically(&path, &after)?;
                self.undo.push(Undo::Write(path, before));
            }
            Step::Rename { from, to } => {
                refuse_taken_by_another(&from, &to)?;
                rename(&from, &to)?;
                self.undo.push(Undo::Rename { from: to, to: from });
            }
            Step::Remove(path) => {
                let aside = aside(&path)?;
                rename(&path, &aside)?;
                self.undo.push(Undo::Rename {
                    from: aside.clone(),
                    to: path,
                });
                self.rubbish.push(aside);
            }
        }
        Ok(())
    }

    /// Takes everything back after a step failed, and says how that went.
    fn take_back(self, path: PathBuf, source: io::Error) -> StorageError {
        let left: Vec<NotTakenBack> = self.undo.into_iter().rev().filter_map(take_back).collect();
        if left.is_empty() {
            StorageError::Write { path, source }
        } else {
            StorageError::HalfWritten {
                path,
                source,
                left: LeftOver(left),
            }
        }
    }

    /// From here on nothing can fail in a way that matters: what was removed is out of the way.
    fn finish(self) {
        for path in self.rubbish {
            let removed = if path.is_dir() {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            if let Err(error) = removed {
                tracing::warn!(path = %path.display(), %error, "a removed file could not be deleted");
            }
        }
    }
}

fn take_back(undo: Undo) -> Option<NotTakenBack> {
    let (path, result) = match undo {
        Undo::RemoveFolder(path) => {
            let result = fs::remove_dir(&path);
            (path, result)
        }
        Undo::RemoveFile(path) => {
            let result = fs::remove_file(&path);
            (path, result)
        }
        Undo::Write(path, bytes) => {
            let result = write_atomically(&path, &bytes);
            (path, result)
        }
        Undo::Rename { from, to } => {
            let result = refuse_taken_by_another(&from, &to).and_then(|()| rename(&from, &to));
            (from, result)
        }
    };
    result.err().map(|source| NotTakenBack { path, source })
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    for folder in [from.parent(), to.parent()].into_iter().flatten() {
        sync_folder(folder);
    }
    Ok(())
}

fn refuse_taken(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    } else {
        Ok(())
    }
}

fn refuse_taken_by_another(from: &Path, to: &Path) -> io::Result<()> {
    if is_same_entry(from, to) {
        Ok(())
    } else {
        refuse_taken(to)
    }
}

/// Whether both names lead to one entry of the disk, as `a.yml` and `A.yml` do where letter case
/// does not count. The disk decides: where it does count, they are two files.
#[cfg(unix)]
pub(super) fn is_same_entry(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (fs::symlink_metadata(a), fs::symlink_metadata(b)) {
        (Ok(a), Ok(b)) => {
            // A file of two names has two entries; renaming one to the other would do nothing.
            let one_name = a.is_dir() || a.nlink() == 1;
            one_name && a.dev() == b.dev() && a.ino() == b.ino()
        }
        _ => false,
    }
}

/// Whether both names lead to one entry of the disk, as `a.yml` and `A.yml` do where letter case
/// does not count. The disk decides: where it does count, they are two files.
#[cfg(not(unix))]
pub(super) fn is_same_entry(a: &Path, b: &Path) -> bool {
    // The canonical path has the names as they stand in the folder.
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// A free hidden name beside a file, where it waits to be deleted.
fn aside(path: &Path) -> io::Result<PathBuf> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let placeholder = tempfile::Builder::new()
        .prefix(".countersign-removed-")
        .tempdir_in(folder)?;
    let name = placeholder.path().to_path_buf();
    placeholder.close()?;
    Ok(name)
}

impl Step {
    fn path(&self) -> &Path {
        match self {
            Self::CreateFolder(path)
            | Self::Create(path, _)
            | Self::Replace { path, .. }
            | Self::Remove(path) => path,
            Self::Rename { to, .. } => to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_step_takes_all_back() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "a").unwrap();
        fs::write(at("b"), "b").unwrap();
        fs::create_dir(at("gone")).unwrap();
        fs::write(at("gone/x"), "x").unwrap();
        let error = run(vec![
            Step::Replace {
                path: at("a"),
                before: b"a".to_vec(),
                after: b"A".to_vec(),
            },
            Step::CreateFolder(at("new")),
            Step::Create(at("new/c"), b"c".to_vec()),
            Step::Rename {
                from: at("b"),
                to: at("new/b"),
            },
            Step::Remove(at("gone")),
            Step::Create(at("nowhere/d"), b"d".to_vec()),
        ])
        .unwrap_err();
        assert!(matches!(error, StorageError::Write { path, .. } if path == at("nowhere/d")));
        assert_eq!(fs::read(at("a")).unwrap(), b"a");
        assert_eq!(fs::read(at("b")).unwrap(), b"b");
        assert_eq!(fs::read(at("gone/x")).unwrap(), b"x");
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["a", "b", "gone"]);
    }

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "a").unwrap();
        fs::write(at("b"), "b").unwrap();
        for step in [
            Step::Create(at("a"), Vec::new()),
            Step::Rename {
                from: at("a"),
                to: at("b"),
            },
        ] {
            assert!(run(vec![step]).is_err());
        }
        assert_eq!(fs::read(at("b")).unwrap(), b"b");
        assert_eq!(fs::read(at("a")).unwrap(), b"a");
    }

    #[test]
    fn a_failed_undo_is_not_called_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "a").unwrap();
        let mut taken = Taken::default();
        taken.take(Step::CreateFolder(at("new"))).unwrap();
        taken
            .take(Step::Replace {
                path: at("a"),
                before: b"a".to_vec(),
                after: b"A".to_vec(),
            })
            .unwrap();
        // Another program is faster: the folder cannot be taken back.
        fs::write(at("new/theirs"), "x").unwrap();
        let failed = Step::Create(at("nowhere/d"), Vec::new());
        let source = taken.take(failed).unwrap_err();
        let error = taken.take_back(at("nowhere/d"), source);
        let StorageError::HalfWritten { left, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(left.0.len(), 1);
        assert_eq!(left.0[0].path, at("new"));
        let words = error.to_string();
        assert!(words.contains(&at("new").display().to_string()), "{words}");
        assert!(!words.contains("everything is as it was"), "{words}");
        assert_eq!(fs::read(at("a")).unwrap(), b"a", "the rest is taken back");
        assert_eq!(fs::read(at("new/theirs")).unwrap(), b"x");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_differ_in_case_alone_are_two_files_where_the_disk_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("Get"), "one").unwrap();
        assert!(is_same_entry(&at("Get"), &at("Get")));
        if fs::symlink_metadata(at("get")).is_ok() {
            assert!(is_same_entry(&at("Get"), &at("get")), "case does not count");
            return;
        }
        fs::write(at("get"), "two").unwrap();
        let rename = |from: &str, to: &str| {
            run(vec![Step::Rename {
                from: at(from),
                to: at(to),
            }])
        };
        assert!(rename("Get", "get").is_err());
        assert_eq!(fs::read(at("get")).unwrap(), b"two");
        // Two names of one file are two entries all the same.
        fs::hard_link(at("Get"), at("GET")).unwrap();
        assert!(rename("Get", "GET").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
