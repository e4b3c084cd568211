//! A request with its answer, and the way from one to the other.
//!
//! ```text
//! SendJob ─▶ Resolving ─▶ Credentials ─▶ (Hashing ─▶) Signing ─▶ Sending ─▶ Receiving ─▶ Finished(Ok(Exchange))
//!                │             │                         │          │           │
//!                └─────────────┴─────────────────────────┴──────────┴───────────┴─────▶ Finished(Err(SendError))
//! ```
//!
//! Each step tells a [`SendEvent`]. A job that was cancelled ends with [`SendErrorKind::Cancelled`].
//! Nothing is sent unless every stage before Sending went well.

mod body;
mod error;
mod job;
mod preview;
mod record;
mod signing_choices;
mod signing_export;

pub use body::{BodyKind, DecodeError, LineIndex, ResponseBody, decode_content};
pub use error::{FileError, SendError, SendErrorKind};
pub use job::{ConnectTo, ExchangeId, SendEvent, SendJob, SendOptions, SendProgress, SendStage};
pub use preview::{DraftPreview, ReadyPreview, SigningPreview};
pub use record::{Exchange, RecordedHeader, RequestRecord, ResponseRecord, SigningRecord, Timings};
pub use signing_choices::{ChoiceName, ChoiceRow, HeaderSwitch, SigningChoices};
pub use signing_export::{SigningExport, SigningExportFormat};
