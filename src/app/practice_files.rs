//! The practice collection, carried inside the program.

use std::path::PathBuf;

use crate::state::Failure;
use crate::storage::{Home, write_atomically};

/// A file of the practice collection, as the program carries it.
macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../collections/practice/", $path)))),*]
    };
}

/// Its files: path below the collection's folder, and text.
const FILES: &[(&str, &str)] = files![
    ".gitignore",
    "countersign.toml",
    "environments/practice.yml",
    "key.yml",
    "missing-token.yml",
    "open.yml",
    "opencollection.yml",
    "orders/folder.yml",
    "orders/post-order-without-api-key.yml",
    "orders/post-order.yml",
    "pets/folder.yml",
    "pets/get-pets-meddling-proxy.yml",
    "pets/get-pets.yml",
    "pets/post-pet.yml",
    "presigned/folder.yml",
    "presigned/get-pets-host-not-signed.yml",
    "presigned/get-pets-presigned.yml",
    "sts/assume-role.yml",
    "sts/folder.yml",
    "sts/get-caller-identity.yml",
];

/// The practice collection in the user's own folder. Files that are missing are written; what is
/// there is the user's and stays.
pub(super) fn in_home(home: &Home) -> Result<PathBuf, Failure> {
    let folder = home.data_dir().join("collections").join("practice");
    for (path, text) in FILES {
        let file = folder.join(path);
        if file.exists() {
            continue;
        }
        let written = match file.parent() {
            Some(parent) => std::fs::create_dir_all(parent),
            None => Ok(()),
        }
        .and_then(|()| write_atomically(&file, text.as_bytes()));
        if let Err(error) = written {
            return Err(Failure::new(
                format!(
                    "The practice collection could not be written: {error} ({})",
                    file.display()
                ),
                Some("set COUNTERSIGN_HOME to a folder that can be written".to_owned()),
            ));
        }
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::storage::CollectionFolder;

    fn below(folder: &Path, root: &Path, into: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, root, into);
            } else {
                let path = path.strip_prefix(root).unwrap();
                into.insert(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }

    #[test]
    fn every_file_is_carried() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("collections/practice");
        let mut on_disk = BTreeSet::new();
        below(&root, &root, &mut on_disk);
        let carried: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(carried, on_disk);
    }

    #[test]
    fn missing_files_are_written_and_the_users_own_stay() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path());
        let folder = in_home(&home).unwrap();
        let (_, collection) = CollectionFolder::open(&folder).unwrap();
        assert_eq!(collection.id, crate::practice::COLLECTION_ID);
        assert!(collection.damages.is_empty());
        assert!(collection.environment("practice").is_some());
        fs::write(folder.join("open.yml"), "mine").unwrap();
        fs::remove_file(folder.join("key.yml")).unwrap();
        in_home(&home).unwrap();
        assert_eq!(fs::read_to_string(folder.join("open.yml")).unwrap(), "mine");
        assert!(folder.join("key.yml").is_file());
    }
}
