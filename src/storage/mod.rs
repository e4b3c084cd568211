//! Collections on disk: read tolerantly, edited in place, written atomically.
//!
//! [`CollectionFolder`] is the one door to a collection's files. It remembers the text of every
//! file as it was read; a file that reads otherwise when it is to be written is left alone and
//! the caller is told. Every operation either happens as a whole or leaves everything as it was;
//! where the disk does not let it be taken back, the error names what is left.
//!
//! [`Home`] says where the program keeps what is the user's own, and [`write_atomically`] is how
//! any file is written.

mod atomic;
mod collection_folder;
mod error;
mod file_name;
mod home;
mod identity;
mod known_folders;
mod order;
mod snapshot;
mod transaction;

pub use atomic::{write_atomically, write_private_atomically};
pub use collection_folder::{CollectionFolder, find_collection};
pub use error::{LeftOver, NotTakenBack, Others, StorageError};
pub use home::{Home, HomeError};
