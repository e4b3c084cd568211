//! Writing a file as a whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::Builder;

/// Writes a file in one step: whoever reads it sees the old or the new one, never a half, also
/// after a crash. A file that exists keeps its permissions; a symbolic link is written through.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, Audience::Everyone)
}

/// As [`write_atomically`]; a new file is readable by its owner alone.
pub fn write_private_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, Audience::Owner)
}

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    Everyone,
    Owner,
}

fn write(path: &Path, bytes: &[u8], audience: Audience) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    let before = fs::metadata(&target).ok();
    let mut builder = Builder::new();
    builder.prefix(".countersign-").suffix(".tmp");
    if audience == Audience::Everyone {
        open_to_all(&mut builder);
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(before) = before {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    sync_folder(folder);
    Ok(())
}

/// The usual permissions of a new file, less what the user's umask takes away.
#[cfg(unix)]
fn open_to_all(builder: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn open_to_all(_: &mut Builder<'_, '_>) {}

/// Makes the renaming itself last. Not every file system can; the file is whole either way.
pub(super) fn sync_folder(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder)
        && let Err(error) = folder.sync_all()
    {
        tracing::debug!(%error, "the folder could not be synced");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yml");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "no temporary file is left");
        assert!(write_atomically(&folder.path().join("no/a.yml"), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yml");
        write_private_atomically(&path, b"one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(mode(&path), 0o640);
        let new = folder.path().join("b.yml");
        write_atomically(&new, b"x").unwrap();
        assert_eq!(mode(&new) & 0o600, 0o600);
        let link = folder.path().join("link.yml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_atomically(&link, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
