//! The desktop's own dialogs for files, as a port: tests have none.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::credentials::BoxFuture;

/// What became of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// The user chose this.
    Path(PathBuf),
    /// The user chose nothing.
    Nothing,
    /// This desktop has no such dialog.
    NoDialog,
}

/// Asks the user for files and folders.
pub trait FileDialogs: Send + Sync {
    /// Where to save a file.
    fn save_file(&self, suggested_name: String) -> BoxFuture<'static, Picked>;

    /// Which file to take; `folder` is where to begin.
    fn open_file(&self, title: &'static str, folder: Option<PathBuf>)
    -> BoxFuture<'static, Picked>;
}

/// The desktop's dialogs.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemDialogs;

/// Without a portal the dialog comes back at once, without a word.
const NOBODY_IS_THAT_FAST: Duration = Duration::from_millis(150);

impl FileDialogs for SystemDialogs {
    fn save_file(&self, suggested_name: String) -> BoxFuture<'static, Picked> {
        let asked = Instant::now();
        Box::pin(async move {
            let picked = rfd::AsyncFileDialog::new()
                .set_title("Save")
                .set_file_name(suggested_name)
                .save_file()
                .await;
            answer(picked, asked)
        })
    }

    fn open_file(
        &self,
        title: &'static str,
        folder: Option<PathBuf>,
    ) -> BoxFuture<'static, Picked> {
        let asked = Instant::now();
        Box::pin(async move {
            let mut dialog = rfd::AsyncFileDialog::new().set_title(title);
            if let Some(folder) = folder {
                dialog = dialog.set_directory(folder);
            }
            answer(dialog.pick_file().await, asked)
        })
    }
}

fn answer(picked: Option<rfd::FileHandle>, asked: Instant) -> Picked {
    match picked {
        Some(file) => Picked::Path(file.path().to_owned()),
        None if asked.elapsed() < NOBODY_IS_THAT_FAST => Picked::NoDialog,
        None => Picked::Nothing,
    }
}

/// No dialogs: what is saved goes to the usual folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDialogs;

impl FileDialogs for NoDialogs {
    fn save_file(&self, _suggested_name: String) -> BoxFuture<'static, Picked> {
        Box::pin(async { Picked::NoDialog })
    }

    fn open_file(
        &self,
        _title: &'static str,
        _folder: Option<PathBuf>,
    ) -> BoxFuture<'static, Picked> {
        Box::pin(async { Picked::NoDialog })
    }
}
