//! Several changes of files that happen together or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::StorageError;
use super::atomic::{sync_folder, write_atomically};

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
    let mut undo: Vec<Undo> = Vec::new();
    let mut rubbish: Vec<PathBuf> = Vec::new();
    for step in steps {
        let path = step.path().to_path_buf();
        if let Err(source) = take(step, &mut undo, &mut rubbish) {
            for back in undo.into_iter().rev() {
                take_back(back);
            }
            return Err(StorageError::Write { path, source });
        }
    }
    // From here on nothing can fail in a way that matters: what was removed is out of the way.
    for path in rubbish {
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        if let Err(error) = removed {
            tracing::warn!(path = %path.display(), %error, "a removed file could not be deleted");
        }
    }
    Ok(())
}

fn take(step: Step, undo: &mut Vec<Undo>, rubbish: &mut Vec<PathBuf>) -> io::Result<()> {
    match step {
        Step::CreateFolder(path) => {
            fs::create_dir(&path)?;
            undo.push(Undo::RemoveFolder(path));
        }
        Step::Create(path, bytes) => {
            refuse_taken(&path)?;
            write_atomically(&path, &bytes)?;
            undo.push(Undo::RemoveFile(path));
        }
        Step::Replace {
            path,
            before,
            after,
        } => {
            write_atomically(&path, &after)?;
            undo.push(Undo::Write(path, before));
        }
        Step::Rename { from, to } => {
            if !same_file(&from, &to) {
                refuse_taken(&to)?;
            }
            rename(&from, &to)?;
            undo.push(Undo::Rename { from: to, to: from });
        }
        Step::Remove(path) => {
            let aside = aside(&path)?;
            rename(&path, &aside)?;
            undo.push(Undo::Rename {
                from: aside.clone(),
                to: path,
            });
            rubbish.push(aside);
        }
    }
    Ok(())
}

fn take_back(undo: Undo) {
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
            let result = rename(&from, &to);
            (from, result)
        }
    };
    if let Err(error) = result {
        tracing::error!(path = %path.display(), %error, "a change could not be taken back");
    }
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

/// Whether both names lead to one file, as `a.yml` and `A.yml` do where letter case does not
/// count.
fn same_file(a: &Path, b: &Path) -> bool {
    let lower = |path: &Path| path.to_string_lossy().to_lowercase();
    lower(a) == lower(b)
        && matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if lower(&a) == lower(&b) && a.parent() == b.parent())
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
}
