//! What is sent as a body: bytes, or a file that is never read into memory as a whole.

use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;

/// The largest file that is sent: what S3 takes in one `PUT`.
pub const LARGEST_FILE: u64 = 5 << 30;

/// A request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestBody {
    /// Bytes at hand; empty for no body.
    Bytes(Bytes),
    /// A file.
    File(FileBody),
}

/// A file as a body. The domain knows its path; what is in it is found out by whoever sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileBody {
    /// Where it is.
    pub path: PathBuf,
    /// What was found there; `None` until somebody looked.
    pub facts: Option<FileFacts>,
}

/// What was found of a file before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its length in bytes.
    pub length: u64,
    /// Its lower-case hex SHA-256; `None` where the signature does not cover the body.
    pub sha256: Option<String>,
}

/// A file as it is on the disk now, without a look into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Its length in bytes.
    pub length: u64,
    /// When it was changed last, if the system says.
    pub modified: Option<SystemTime>,
}

impl FileBody {
    /// A file that nobody has looked at yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            facts: None,
        }
    }
}

impl RequestBody {
    /// Its length in bytes; 0 for a file that nobody has looked at yet.
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(file) => file.facts.as_ref().map_or(0, |facts| facts.length),
        }
    }

    /// Whether there is no body. A file is one, even an empty one.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::File(_) => false,
        }
    }

    /// The bytes, unless it is a file.
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::File(_) => None,
        }
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&FileBody> {
        match self {
            Self::Bytes(_) => None,
            Self::File(file) => Some(file),
        }
    }
}

impl Default for RequestBody {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&Bytes> for RequestBody {
    fn from(bytes: &Bytes) -> Self {
        Self::Bytes(bytes.clone())
    }
}

impl From<&Self> for RequestBody {
    fn from(body: &Self) -> Self {
        body.clone()
    }
}

/// Whether a path leads out of a folder: it is elsewhere, or has more `..` than folders before them.
/// Such a file may be sent, and is said to be one.
pub fn leads_outside(folder: &Path, path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(folder) else {
        return true;
    };
    let mut depth = 0_usize;
    for component in inside.components() {
        match component {
            Component::Prefix(_) | Component::RootDir => return true,
            Component::CurDir => {}
            Component::Normal(_) => depth += 1,
            Component::ParentDir => match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return true,
            },
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_out_is_known() {
        let folder = Path::new("/c");
        for inside in ["a.bin", "./a.bin", "a/../b.bin", "data/a.bin", "/c/a.bin"] {
            assert!(!leads_outside(folder, &folder.join(inside)), "{inside}");
        }
        for outside in [
            "/etc/hosts",
            "/cc/a",
            "../a.bin",
            "a/../../b.bin",
            "/c/../a",
        ] {
            assert!(leads_outside(folder, &folder.join(outside)), "{outside}");
        }
    }

    #[test]
    fn an_empty_file_is_a_body_and_no_bytes_are_none() {
        assert!(RequestBody::default().is_empty());
        let mut file = FileBody::new("a.bin");
        file.facts = Some(FileFacts {
            length: 0,
            sha256: None,
        });
        assert!(!RequestBody::File(file).is_empty());
    }
}
