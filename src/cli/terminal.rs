//! Standard output and error, without panics when the reader has gone.

use std::io::{self, Write as _};

use crate::exchange::SendError;

/// Writes bytes to standard output.
pub(super) fn out(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Writes a line to standard output; a closed pipe is the reader's own wish.
pub(super) fn out_line(text: &str) -> Result<(), String> {
    match out(format!("{text}\n").as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes a line to standard error.
pub(super) fn err_line(text: &str) {
    // There is nowhere left to tell of a closed standard error.
    writeln!(io::stderr().lock(), "{text}").ok();
}

/// Tells a failure with what to do about it.
pub(super) fn failed(message: &str, hint: Option<&str>) {
    err_line(&format!("countersign: {message}"));
    if let Some(hint) = hint {
        err_line(&format!("             {hint}"));
    }
}

/// Tells a failure that comes with its exit code, and gives the code.
pub(super) fn ended((code, message): (u8, String)) -> u8 {
    failed(&message, None);
    code
}

/// Tells why nothing was sent or signed, and gives the exit code.
pub(super) fn not_sent(error: &SendError) -> u8 {
    failed(&error.to_string(), error.hint.as_deref());
    error.exit_code()
}
