//! `countersign.toml`: the collection's id, under which its secrets lie in the keyring.
//!
//! The file is written once and only read from then on, so that what a user adds to it stays.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::atomic::write_atomically;
use super::known_folders::KnownFolders;
use crate::collection::{Damage, ItemPath};

/// The file's name.
pub(super) const FILE: &str = "countersign.toml";

/// What of it is read.
#[derive(Deserialize)]
struct Identity {
    id: Option<String>,
}

/// The text of a new file.
pub(super) fn new_text(id: &str) -> String {
    format!(
        "# Countersign's part of this collection; other tools pass it over.\n\
         # The secrets of this collection lie in your keyring under this id: commit it, and never\n\
         # change it.\n\
         id = \"{id}\"\n"
    )
}

/// A new id.
pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// The id of the collection in a folder, as [`of`] gives it, unless it belongs to another folder:
/// then the id follows from the folder's place, and the damage says so.
pub(super) fn known_of(root: &Path, known: &KnownFolders) -> (String, Option<Damage>) {
    let (id, damage) = of(root);
    if damage.is_some() {
        return (id, damage);
    }
    match known.check(&id, root, written_id) {
        Ok(()) => (id, None),
        Err(unknown) => {
            let damage = Damage {
                path: ItemPath(FILE.to_owned()),
                line: None,
                reason: unknown.to_string(),
            };
            (from_place(root), Some(damage))
        }
    }
}

/// The id that is written in a folder; it is not given one.
fn written_id(root: &Path) -> Option<String> {
    let path = root.join(FILE);
    if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
        return None;
    }
    let text = fs::read_to_string(&path).ok()?;
    toml::from_str::<Identity>(&text).ok()?.id
}

/// The id of the collection in a folder. A file that is missing or has no id gets one; where that
/// is impossible, the id follows from the folder's place, and the damage says so.
pub(super) fn of(root: &Path) -> (String, Option<Damage>) {
    let path = root.join(FILE);
    // A link in somebody's collection could make us write anywhere.
    if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
        let reason = "it is a symbolic link; links are not followed";
        return (from_place(root), Some(damage(None, reason)));
    }
    match fs::read_to_string(&path) {
        Ok(text) => match toml::from_str::<Identity>(&text) {
            Ok(Identity { id: Some(id) }) if !id.trim().is_empty() => (id, None),
            Ok(Identity { id: Some(_) }) => {
                (from_place(root), Some(damage(None, "its `id` is empty")))
            }
            Ok(Identity { id: None }) => {
                let id = new_id();
                // Before any table, and before a first comment that may speak of what follows.
                let with_id = format!("id = \"{id}\"\n{text}");
                let sound = toml::from_str::<Identity>(&with_id)
                    .is_ok_and(|read| read.id.as_ref() == Some(&id));
                if !sound {
                    return (from_place(root), Some(damage(None, "it has no `id`")));
                }
                written(root, id, &with_id)
            }
            Err(error) => {
                let line = error.span().map(|span| {
                    let head = text.get(..span.start).unwrap_or_default();
                    head.matches('\n').count() + 1
                });
                (from_place(root), Some(damage(line, error.message())))
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let id = new_id();
            let text = new_text(&id);
            written(root, id, &text)
        }
        Err(error) => (from_place(root), Some(damage(None, &error.to_string()))),
    }
}

fn written(root: &Path, id: String, text: &str) -> (String, Option<Damage>) {
    match write_atomically(&root.join(FILE), text.as_bytes()) {
        Ok(()) => (id, None),
        Err(error) => (
            from_place(root),
            Some(damage(None, &format!("it cannot be written: {error}"))),
        ),
    }
}

fn damage(line: Option<usize>, reason: &str) -> Damage {
    Damage {
        path: ItemPath(FILE.to_owned()),
        line,
        reason: format!(
            "{reason}; until it has an `id`, secrets are kept by the folder's place and are lost \
             when it moves"
        ),
    }
}

fn from_place(root: &Path) -> String {
    let place = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let digest = Sha256::digest(place.to_string_lossy().as_bytes());
    let name: String = hex::encode(digest).chars().take(32).collect();
    format!("place-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_once_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (id, damage) = of(folder.path());
        assert_eq!(damage, None);
        assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 4);
        let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert_eq!(of(folder.path()).0, id);
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), text);
    }

    #[test]
    fn a_file_without_id_gets_one_and_keeps_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let old = "# ours\n[redaction]\nallow = [\"x\"] # why\n";
        fs::write(folder.path().join(FILE), old).unwrap();
        let (id, damage) = of(folder.path());
        assert_eq!(damage, None);
        let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert_eq!(text, format!("id = \"{id}\"\n{old}"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other.toml");
        fs::write(&other, "a = 1\n").unwrap();
        std::os::unix::fs::symlink(&other, folder.path().join(FILE)).unwrap();
        assert!(
            of(folder.path())
                .1
                .unwrap()
                .reason
                .contains("symbolic link")
        );
        assert_eq!(fs::read_to_string(&other).unwrap(), "a = 1\n");
    }

    #[test]
    fn a_damaged_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "a = 1\nid = \n").unwrap();
        let (id, damage) = of(folder.path());
        assert_eq!(damage.unwrap().line, Some(2));
        assert_eq!(of(folder.path()).0, id, "the place gives the same id");
        assert_eq!(
            fs::read_to_string(folder.path().join(FILE)).unwrap(),
            "a = 1\nid = \n"
        );
    }
}
