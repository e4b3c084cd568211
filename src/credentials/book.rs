//! The user's own profiles as `profiles.toml` keeps them: readable, and without any secret.
//!
//! An entry is added by appending and removed by cutting its lines, so that comments and order
//! of a file that was edited by hand stay. The file is replaced atomically.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::CredentialsError;
use super::places::in_words;
use crate::storage::write_private_atomically;

/// One profile of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum BookEntry {
    /// Keys, which are in the secret store under the profile's name.
    Keys {
        /// Stands here too, so that listing asks no keyring.
        access_key_id: String,
        /// The profile's region.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
    },
    /// A role assumed with another profile.
    Role(RoleEntry),
}

/// A role as the file keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RoleEntry {
    pub(super) source: String,
    pub(super) role_arn: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) duration_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sts_endpoint: Option<String>,
    /// Whether the secret store has an external id under the profile's name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) external_id_in_keyring: bool,
}

/// What the file says under a name: an entry, or why it is none.
pub(super) type BookLine = Result<BookEntry, String>;

/// How long another process may take, which may wait for its keyring meanwhile.
const LOCK_BOUND: Duration = Duration::from_secs(20);
const LOCK_RETRY: Duration = Duration::from_millis(20);

/// The right to change the file and the secrets that belong to it; ends when it is dropped.
pub(super) struct BookLock(#[expect(dead_code, reason = "held for its lock")] File);

const HEADER: &str = "\
# Profiles of Countersign. Nothing secret stands here: keys and external ids are in the keyring.
";

/// The file.
#[derive(Clone, Debug)]
pub(super) struct ProfileBook {
    path: PathBuf,
}

impl ProfileBook {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The file's name for people.
    pub(super) fn in_words(&self) -> String {
        in_words(&self.path)
    }

    /// All entries; a file that is not there has none.
    pub(super) fn read(&self) -> Result<BTreeMap<String, BookLine>, CredentialsError> {
        self.parse(&self.text()?)
    }

    /// Appends an entry. The name must be free.
    pub(super) fn add(
        &self,
        _lock: &BookLock,
        name: &str,
        entry: &BookEntry,
    ) -> Result<(), CredentialsError> {
        let mut text = self.text()?;
        let before = self.parse(&text)?;
        if before.contains_key(name) {
            return Err(CredentialsError::new(
                format!("there is a profile “{name}” already in {}", self.in_words()),
                "choose another name, or remove that one first",
            ));
        }
        let table = toml::to_string(entry).map_err(|error| self.cannot_write(&error))?;
        if text.is_empty() {
            text.push_str(HEADER);
        } else if !text.ends_with('\n') {
            text.push('\n');
        }
        text.extend(["\n", &header_line(name), "\n", &table]);
        if self.parse(&text)?.get(name) != Some(&Ok(entry.clone())) {
            return Err(self.cannot_write(&"the entry would not read back as it was written"));
        }
        self.write(&text)
    }

    /// Cuts an entry out; `false` if there was none.
    pub(super) fn remove(&self, _lock: &BookLock, name: &str) -> Result<bool, CredentialsError> {
        let text = self.text()?;
        let mut expected = self.parse(&text)?;
        if expected.remove(name).is_none() {
            return Ok(false);
        }
        let rest = without(&text, name);
        if self.parse(&rest).ok().as_ref() != Some(&expected) {
            return Err(CredentialsError::new(
                format!(
                    "the profile “{name}” is written in {} in a way that cannot be cut out",
                    self.in_words()
                ),
                "delete its lines by hand",
            ));
        }
        self.write(&rest)?;
        Ok(true)
    }

    fn text(&self) -> Result<String, CredentialsError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(CredentialsError::new(
                format!("cannot read {}: {error}", self.in_words()),
                "look at the file and its permissions",
            )),
        }
    }

    fn parse(&self, text: &str) -> Result<BTreeMap<String, BookLine>, CredentialsError> {
        #[derive(Deserialize)]
        struct Book {
            #[serde(default)]
            profiles: BTreeMap<String, toml::Value>,
        }
        let book: Book = toml::from_str(text).map_err(|error| {
            CredentialsError::new(
                format!("{} is damaged: {error}", self.in_words()),
                "mend the line; nothing is written while it is damaged",
            )
        })?;
        let line = |value: toml::Value| value.try_into().map_err(|error| one_line(&error));
        Ok(book
            .profiles
            .into_iter()
            .map(|(name, value)| (name, line(value)))
            .collect())
    }

    /// Keeps other processes from adding and removing until it is dropped.
    pub(super) fn lock(&self) -> Result<BookLock, CredentialsError> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        let open = || {
            fs::create_dir_all(folder)?;
            let file = File::create(self.path.with_extension("lock"))?;
            let end = Instant::now() + LOCK_BOUND;
            while let Err(error) = file.try_lock() {
                match error {
                    TryLockError::Error(error) => return Err(error),
                    TryLockError::WouldBlock if Instant::now() >= end => {
                        return Err(io::Error::other(
                            "another Countersign is changing profiles and does not end",
                        ));
                    }
                    TryLockError::WouldBlock => std::thread::sleep(LOCK_RETRY),
                }
            }
            Ok::<_, io::Error>(BookLock(file))
        };
        open().map_err(|error| self.cannot_write(&error))
    }

    fn write(&self, text: &str) -> Result<(), CredentialsError> {
        write_private_atomically(&self.path, text.as_bytes())
            .map_err(|error| self.cannot_write(&error))
    }

    fn cannot_write(&self, why: &dyn std::fmt::Display) -> CredentialsError {
        CredentialsError::new(
            format!("cannot write {}: {why}", self.in_words()),
            "nothing was changed; look at the folder's permissions and space",
        )
    }
}

/// The line that begins an entry.
fn header_line(name: &str) -> String {
    format!("[profiles.{}]", toml::Value::String(name.to_owned()))
}

/// The text without the lines of an entry. Comments directly above the next entry are its own.
fn without(text: &str, name: &str) -> String {
    let bare = format!("[profiles.{name}]");
    let header = header_line(name);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_ours = |line: &&str| [bare.as_str(), header.as_str()].contains(&line.trim());
    let Some(start) = lines.iter().position(is_ours) else {
        return text.to_owned();
    };
    let mut end = lines
        .iter()
        .skip(start + 1)
        .position(|line| line.trim_start().starts_with('['))
        .map_or(lines.len(), |offset| start + 1 + offset);
    if end < lines.len() {
        while end > start + 1
            && lines
                .get(end - 1)
                .is_some_and(|line| line.trim().is_empty() || line.trim().starts_with('#'))
        {
            end -= 1;
        }
    }
    // The blank line that was put above it goes with it.
    let above = start
        .checked_sub(1)
        .filter(|above| lines.get(*above).is_some_and(|line| line.trim().is_empty()));
    let start = above.unwrap_or(start);
    let kept = lines
        .iter()
        .enumerate()
        .filter(|(index, _)| !(start..end).contains(index));
    kept.map(|(_, line)| *line).collect()
}

fn one_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().trim().replace('\n', ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(text: Option<&str>) -> (tempfile::TempDir, ProfileBook) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home").join("profiles.toml");
        if let Some(text) = text {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        }
        (folder, ProfileBook::new(path))
    }

    fn keys(id: &str) -> BookEntry {
        BookEntry::Keys {
            access_key_id: id.to_owned(),
            region: Some("eu-west-1".to_owned()),
        }
    }

    fn role(source: &str) -> BookEntry {
        BookEntry::Role(RoleEntry {
            source: source.to_owned(),
            role_arn: "arn:aws:iam::111122223333:role/PetReader".to_owned(),
            session_name: None,
            duration_seconds: Some(900),
            region: None,
            sts_endpoint: None,
            external_id_in_keyring: true,
        })
    }

    #[test]
    fn entries_are_added_read_and_removed() {
        let (_folder, book) = book(None);
        assert!(book.read().unwrap().is_empty());
        book.add(&book.lock().unwrap(), "dev", &keys("AKIAIOSFODNN7EXAMPLE"))
            .unwrap();
        book.add(&book.lock().unwrap(), "개발.eu", &role("dev"))
            .unwrap();
        let entries = book.read().unwrap();
        assert_eq!(entries["dev"], Ok(keys("AKIAIOSFODNN7EXAMPLE")));
        assert_eq!(entries["개발.eu"], Ok(role("dev")));
        assert!(book.add(&book.lock().unwrap(), "dev", &role("x")).is_err());
        assert_eq!(book.remove(&book.lock().unwrap(), "dev"), Ok(true));
        assert_eq!(book.remove(&book.lock().unwrap(), "dev"), Ok(false));
        assert_eq!(book.read().unwrap().len(), 1);
        assert_eq!(book.remove(&book.lock().unwrap(), "개발.eu"), Ok(true));
        assert_eq!(
            fs::read_to_string(&book.path).unwrap().trim_end(),
            HEADER.trim_end()
        );
    }

    #[test]
    fn comments_and_what_a_later_version_wrote_stay() {
        let (_folder, book) = book(Some(
            "# mine\n[profiles.a]\nkind = \"keys\"\naccess_key_id = \"A\" # first\n\n# of b\n[profiles.b]\nkind = \"sso\"\nstart_url = \"x\"\n",
        ));
        let entries = book.read().unwrap();
        assert!(
            entries["b"].as_ref().unwrap_err().contains("sso"),
            "{entries:?}"
        );
        book.add(&book.lock().unwrap(), "c", &keys("C")).unwrap();
        assert_eq!(book.remove(&book.lock().unwrap(), "a"), Ok(true));
        let text = fs::read_to_string(&book.path).unwrap();
        assert!(
            text.starts_with("# mine\n\n# of b\n[profiles.b]\nkind = \"sso\"\nstart_url = \"x\"\n"),
            "{text}"
        );
        assert_eq!(book.read().unwrap()["c"], Ok(keys("C")));
    }

    #[test]
    fn a_damaged_file_is_told_and_left_alone() {
        let damaged = "[profiles.a\nkind = 1";
        let (_folder, book) = book(Some(damaged));
        let lock = book.lock().unwrap();
        for error in [
            book.read().unwrap_err(),
            book.add(&lock, "b", &keys("B")).unwrap_err(),
            book.remove(&lock, "a").unwrap_err(),
        ] {
            assert!(
                error.message.contains("profiles.toml is damaged"),
                "{error}"
            );
        }
        assert_eq!(fs::read_to_string(&book.path).unwrap(), damaged);
    }

    #[test]
    fn an_entry_in_another_form_is_not_cut_wrongly() {
        let text = "profiles.a.kind = \"keys\"\nprofiles.a.access_key_id = \"A\"\n";
        let (_folder, book) = book(Some(text));
        assert!(book.remove(&book.lock().unwrap(), "a").is_err());
        assert_eq!(fs::read_to_string(&book.path).unwrap(), text);
    }
}
