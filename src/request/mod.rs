//! From a draft to a request that is checked and final, but not yet signed.
//!
//! ```text
//! RequestDraft ──resolve(variables)──▶ ResolvedRequest ──sigv4::sign──▶ SignedRequest ──▶ wire
//!   templates       errors carry           URL after url::Url, host and
//!                   a FieldPath            every header that will be sent
//! ```

mod field_path;
mod request_body;
mod resolve;
mod resolve_error;
mod resolved;
mod sensitive;
mod url_text;

pub use field_path::FieldPath;
pub use request_body::{FileBody, FileFacts, FoundFile, LARGEST_FILE, RequestBody, leads_outside};
pub use resolve::resolve;
pub use resolve_error::{ResolveError, ResolveErrorKind, ResolveErrors};
pub use resolved::{AwsAuth, Header, HeaderSource, ResolvedAuth, ResolvedRequest, SigningChoice};
pub use sensitive::is_sensitive_header;
