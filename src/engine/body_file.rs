//! A body that is a file: hashed before it is signed, hashed again while it is sent.
//!
//! ```text
//! look ─▶ hash (1 MiB at a time) ─▶ FileFacts ─▶ sign ─▶ FileStream ─▶ wire
//!                                                          │ last piece held back until length
//!                                                          └ and hash are those that were signed
//! ```
//!
//! Reading and hashing run on blocking threads; no more than a few pieces are in memory.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use sha2::{Digest as _, Sha256};
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::exchange::{FileError, SendErrorKind};
use crate::request::{FileBody, FileFacts, FoundFile, LARGEST_FILE};

/// How much is read at once.
const PIECE: usize = 1 << 20;
/// Pieces that wait for the network.
const WAITING: usize = 1;
/// How often progress is told over the whole file.
const TOLD: u64 = 100;

/// Told how many bytes are done, and of how many.
pub(super) type OnBytes = Box<dyn Fn(u64, u64) + Send>;

/// What of a file is to be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The length alone: the signature does not cover the body.
    Length,
    /// Length and hash.
    LengthAndHash,
}

/// Looks at a file, and hashes it if that is wanted. Dropping the future stops the reading.
pub(super) async fn facts(
    path: PathBuf,
    wanted: Wanted,
    progress: OnBytes,
) -> Result<FileFacts, SendErrorKind> {
    let stop = CancellationToken::new();
    let guard = stop.clone().drop_guard();
    let found = spawn_blocking(move || facts_blocking(&path, wanted, &progress, &stop)).await;
    drop(guard);
    match found {
        Ok(Ok(facts)) => Ok(facts),
        Ok(Err(error)) => Err(SendErrorKind::File(error)),
        Err(error) => Err(SendErrorKind::Internal(error.to_string())),
    }
}

fn facts_blocking(
    path: &Path,
    wanted: Wanted,
    progress: &OnBytes,
    stop: &CancellationToken,
) -> Result<FileFacts, FileError> {
    let (mut file, length) = open(path)?;
    if wanted == Wanted::Length {
        return Ok(FileFacts {
            length,
            sha256: None,
        });
    }
    let mut meter = Meter::new(length);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; PIECE];
    loop {
        let read = read_some(&mut file, &mut buffer).map_err(|error| unreadable(path, &error))?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        // Nobody waits for the result any more when it is stopped.
        if meter.add(read, progress) > length || stop.is_cancelled() {
            break;
        }
    }
    if meter.done != length {
        let path = path.display().to_string();
        return Err(FileError::Changing { path });
    }
    Ok(FileFacts {
        length,
        sha256: Some(hex::encode(hash.finalize())),
    })
}

/// Looks whether a file could be sent, without reading it.
pub fn look_at_file(path: &Path) -> Result<FoundFile, FileError> {
    let shown = || path.display().to_string();
    // Before it is opened: opening a pipe waits for who writes into it.
    let found = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if found.is_dir() {
        return Err(FileError::Folder { path: shown() });
    }
    if !found.is_file() {
        return Err(FileError::Special { path: shown() });
    }
    let length = found.len();
    if length > LARGEST_FILE {
        return Err(FileError::TooLarge {
            path: shown(),
            length,
            limit: LARGEST_FILE,
        });
    }
    Ok(FoundFile {
        length,
        modified: found.modified().ok(),
    })
}

/// Opens a file that could be sent; gives its length.
fn open(path: &Path) -> Result<(File, u64), FileError> {
    let found = look_at_file(path)?;
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok((file, found.length))
}

fn unreadable(path: &Path, error: &io::Error) -> FileError {
    let path = path.display().to_string();
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileError::Missing { path },
        _ => FileError::Unreadable {
            path,
            reason: error.to_string(),
        },
    }
}

/// Fills the buffer unless the file ends before.
fn read_some(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Counts bytes, and tells no more often than is seen.
struct Meter {
    done: u64,
    of: u64,
    told: u64,
}

impl Meter {
    fn new(of: u64) -> Self {
        Self {
            done: 0,
            of,
            told: 0,
        }
    }

    /// Counts some more; gives how many there are by now.
    fn add(&mut self, bytes: usize, progress: &OnBytes) -> u64 {
        self.done += bytes as u64;
        if self.done == self.of || self.done - self.told >= self.of / TOLD {
            self.told = self.done;
            progress(self.done, self.of);
        }
        self.done
    }
}

/// What becomes of a file on its way, as the thread that reads it tells.
pub(super) struct Upload {
    done: watch::Receiver<u64>,
    of: u64,
    trouble: Trouble,
}

/// Why a file was not sent to its end.
type Trouble = Arc<Mutex<Option<SendErrorKind>>>;

impl Upload {
    /// What happened to the file, if something did.
    pub(super) fn trouble(&self) -> Option<SendErrorKind> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Waits for an answer, and tells meanwhile how many bytes are read, and of how many.
    pub(super) async fn while_waiting<T>(
        &mut self,
        answer: impl Future<Output = T>,
        progress: impl Fn(u64, u64),
    ) -> T {
        tokio::pin!(answer);
        loop {
            tokio::select! {
                biased;
                answer = &mut answer => return answer,
                Ok(()) = self.done.changed() => progress(*self.done.borrow_and_update(), self.of),
            }
        }
    }
}

/// The file on its way: exactly as long as it was when it was signed.
pub(super) struct FileStream {
    pieces: mpsc::Receiver<Piece>,
    left: u64,
}

/// A piece of the file, or its untimely end.
type Piece = Result<Bytes, BrokenOff>;

/// The file is not sent to its end; [`Upload::trouble`] says why.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the file was not sent to its end")]
pub(super) struct BrokenOff;

impl FileStream {
    /// Begins to read. A file that nobody looked at before is not sent.
    pub(super) fn start(file: FileBody) -> Result<(Self, Upload), SendErrorKind> {
        let FileBody { path, facts } = file;
        let Some(facts) = facts else {
            let what = "a file is to be sent that was not looked at".to_owned();
            return Err(SendErrorKind::Internal(what));
        };
        let left = facts.length;
        let (sender, pieces) = mpsc::channel(WAITING);
        let (counter, done) = watch::channel(0);
        let trouble = Trouble::default();
        let upload = Upload {
            done,
            of: left,
            trouble: Arc::clone(&trouble),
        };
        let progress: OnBytes = Box::new(move |done, _of| {
            counter.send_replace(done);
        });
        drop(spawn_blocking(move || {
            if let Err(kind) = feed(&path, &facts, &sender, &progress) {
                *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(kind);
                // The receiver is gone only when the call is.
                sender.blocking_send(Err(BrokenOff)).ok();
            }
        }));
        Ok((Self { pieces, left }, upload))
    }
}

/// Hands the file on piece by piece. The last piece goes only when the whole is what was signed, so
/// that a server never gets a complete request with another body.
fn feed(
    path: &Path,
    facts: &FileFacts,
    sender: &mpsc::Sender<Piece>,
    progress: &OnBytes,
) -> Result<(), SendErrorKind> {
    let changed = |change| {
        Err(SendErrorKind::FileChanged {
            path: path.display().to_string(),
            change,
        })
    };
    let (mut file, length) = open(path).map_err(SendErrorKind::File)?;
    if length != facts.length {
        return changed("its length is another");
    }
    let mut meter = Meter::new(length);
    let mut hash = facts.sha256.is_some().then(Sha256::new);
    let mut held_back = Bytes::new();
    loop {
        let mut buffer = vec![0; PIECE];
        let read = read_some(&mut file, &mut buffer)
            .map_err(|error| SendErrorKind::File(unreadable(path, &error)))?;
        if read == 0 {
            break;
        }
        buffer.truncate(read);
        if let Some(hash) = &mut hash {
            hash.update(&buffer);
        }
        if meter.done + read as u64 > length {
            return changed("it became longer");
        }
        let ready = std::mem::replace(&mut held_back, Bytes::from(buffer));
        if !ready.is_empty() && sender.blocking_send(Ok(ready)).is_err() {
            // The server answered before it had everything, or the sending was stopped.
            return Ok(());
        }
        meter.add(read, progress);
    }
    if meter.done < length {
        return changed("it became shorter");
    }
    let sent = hash.map(|hash| hex::encode(hash.finalize()));
    if sent != facts.sha256 {
        return changed("its content is another");
    }
    sender.blocking_send(Ok(held_back)).ok();
    Ok(())
}

impl Body for FileStream {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        self.pieces.poll_recv(context).map(|piece| match piece? {
            Ok(bytes) => {
                self.left = self.left.saturating_sub(bytes.len() as u64);
                Some(Ok(Frame::data(bytes)))
            }
            Err(broken_off) => Some(Err(broken_off)),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Write as _;

    use super::*;

    async fn next(stream: &mut FileStream) -> Option<Result<Bytes, BrokenOff>> {
        let frame = poll_fn(|context| Pin::new(&mut *stream).poll_frame(context)).await?;
        Some(frame.map(|frame| frame.into_data().unwrap_or_default()))
    }

    /// Touches a file when its first piece has been taken; gives how much came and what was wrong.
    async fn touched_on_the_way(touch: impl FnOnce(&Path)) -> (u64, Option<SendErrorKind>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        // Much more than waits for the network.
        let length = 12 * PIECE as u64;
        File::create(&path).unwrap().set_len(length).unwrap();
        let file = FileBody {
            path: path.clone(),
            facts: Some(FileFacts {
                length,
                sha256: None,
            }),
        };
        let (mut stream, upload) = FileStream::start(file).unwrap();
        assert_eq!(stream.size_hint().exact(), Some(length));
        let mut came = next(&mut stream).await.unwrap().unwrap().len() as u64;
        touch(&path);
        while let Some(Ok(bytes)) = next(&mut stream).await {
            came += bytes.len() as u64;
        }
        (came, upload.trouble())
    }

    #[tokio::test]
    async fn a_file_that_grows_or_shrinks_on_the_way_is_broken_off() {
        let whole = 12 * PIECE as u64;
        let (came, trouble) = touched_on_the_way(|_| ()).await;
        assert_eq!((came, trouble), (whole, None));
        let (came, trouble) = touched_on_the_way(|path| {
            let mut file = File::options().append(true).open(path).unwrap();
            file.write_all(b"more").unwrap();
        })
        .await;
        assert!(came < whole, "{came}");
        assert!(
            matches!(&trouble, Some(SendErrorKind::FileChanged { change, .. }) if *change == "it became longer"),
            "{trouble:?}"
        );
        let (came, trouble) = touched_on_the_way(|path| {
            let file = File::options().write(true).open(path).unwrap();
            file.set_len(PIECE as u64).unwrap();
        })
        .await;
        assert!(came < whole, "{came}");
        assert!(
            matches!(&trouble, Some(SendErrorKind::FileChanged { change, .. }) if *change == "it became shorter"),
            "{trouble:?}"
        );
    }
}
