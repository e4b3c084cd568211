//! Where drafts that are not saved outlive the window: a file per collection, for the user alone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::state::{Failure, KeptDraft};
use crate::storage::write_private_atomically;

/// The form of the file.
const VERSION: u32 = 1;

/// What a file says.
#[derive(Serialize, Deserialize)]
struct DraftsFile {
    version: u32,
    /// The collection's folder, for people.
    collection: PathBuf,
    drafts: Vec<KeptDraft>,
}

/// The folder with the files.
pub(super) struct DraftFiles(pub(super) PathBuf);

impl DraftFiles {
    /// The drafts of a collection. A file that cannot be read is put aside and told of.
    pub(super) fn read(&self, collection: &Path) -> Result<Vec<KeptDraft>, Failure> {
        let file = self.file(collection);
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(&file, &error)),
        };
        match serde_json::from_slice::<DraftsFile>(&text) {
            Ok(found) if found.version <= VERSION => Ok(found.drafts),
            Ok(_) => Err(put_aside(&file, &"it is of a newer version")),
            Err(error) => Err(put_aside(&file, &error)),
        }
    }

    /// Writes the drafts of a collection; where there are none, no file is left.
    pub(super) fn write(&self, collection: &Path, drafts: Vec<KeptDraft>) -> Result<(), Failure> {
        let file = self.file(collection);
        let written = if drafts.is_empty() {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            }
        } else {
            let found = DraftsFile {
                version: VERSION,
                collection: collection.to_owned(),
                drafts,
            };
            serde_json::to_vec_pretty(&found)
                .map_err(io::Error::other)
                .and_then(|bytes| {
                    fs::create_dir_all(&self.0)?;
                    write_private_atomically(&file, &bytes)
                })
        };
        written.map_err(|error| {
            Failure::new(
                format!(
                    "Unsaved drafts cannot be kept for a restart: {error} ({})",
                    file.display()
                ),
                Some("save them before you close the window".to_owned()),
            )
        })
    }

    fn file(&self, collection: &Path) -> PathBuf {
        let digest = hex::encode(Sha256::digest(collection.as_os_str().as_encoded_bytes()));
        let name: String = digest.chars().take(24).collect();
        self.0.join(format!("{name}.json"))
    }
}

/// The next write must not overwrite what may still be mended by hand.
fn put_aside(file: &Path, why: &dyn std::fmt::Display) -> Failure {
    let aside = file.with_extension("damaged.json");
    match fs::rename(file, &aside) {
        Ok(()) => unreadable(&aside, why),
        Err(error) => unreadable(file, &error),
    }
}

fn unreadable(file: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        format!("Drafts that were not saved cannot be read: {why}"),
        Some(format!("they are in {}", file.display())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::{AuthSpec, Body, Param, ParamKind, RequestDraft, Row, Variable};

    fn draft() -> KeptDraft {
        KeptDraft {
            path: Some("pets/get.yml".into()),
            base: "f".into(),
            draft: RequestDraft {
                seq: Some(3),
                headers: vec![Row::new("x-a", "1"), Row::new("", "")],
                params: vec![Param {
                    row: Row::new("id", "{{id}}"),
                    kind: ParamKind::Path,
                }],
                body: Body::Unsupported {
                    kind: "multipart-form".into(),
                },
                auth: AuthSpec::Bearer {
                    token: "{{token}}".into(),
                },
                variables: vec![Variable::secret("token"), Variable::plain("id", "7")],
                docs: "# “Docs”".into(),
                ..RequestDraft::new("x")
            },
        }
    }

    #[test]
    fn drafts_come_back_whole_per_collection_and_go_when_there_are_none() {
        let temp = tempfile::tempdir().unwrap();
        let files = DraftFiles(temp.path().join("drafts"));
        let (one, two) = (Path::new("/c/one"), Path::new("/c/two"));
        assert_eq!(files.read(one), Ok(Vec::new()));
        files.write(one, vec![draft()]).unwrap();
        assert_eq!(files.read(one), Ok(vec![draft()]));
        assert_eq!(files.read(two), Ok(Vec::new()));
        files.write(one, Vec::new()).unwrap();
        files.write(one, Vec::new()).unwrap();
        assert_eq!(fs::read_dir(&files.0).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_file_is_put_aside_and_told_of() {
        let temp = tempfile::tempdir().unwrap();
        let files = DraftFiles(temp.path().to_owned());
        let collection = Path::new("/c");
        fs::write(files.file(collection), "{ half").unwrap();
        let failure = files.read(collection).unwrap_err();
        assert!(failure.hint.unwrap().contains("damaged"));
        files.write(collection, vec![draft()]).unwrap();
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 2);
    }
}
