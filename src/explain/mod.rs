//! Why a signed call was refused: everything that is known of it, and the causes that fit.
//!
//! ```text
//! pasted text ── read() ───────┐
//!                              ├─▶ Evidence ── explain(Evidence, Keys) ──▶ Explanation
//! an exchange ── of_exchange() ┘       │
//!                                      └── Comparison: ours and theirs, line by line
//! ```
//!
//! A cause is told with how sure it is: [`Likelihood::Proven`] only where a recomputed signature or
//! the gateway's own words leave no other reading.

mod causes;
mod comparison;
mod derived;
pub mod detective;
mod evidence;
#[expect(
    clippy::module_inception,
    reason = "the room is named by what it does, and so is the door"
)]
mod explain;
mod explanation;
mod reading;
mod redaction;
mod suspects;

pub use causes::{CatalogueEntry, catalogue};
pub use comparison::{ComparedPart, ComparedRow, Comparison};
pub use evidence::{
    ClientSteps, Evidence, Given, GivenAnswer, GivenRequest, GivenScope, GivenSignature, Placement,
    SignsAs,
};
pub use explain::{Known, explain, redactor};
pub use explanation::{Cause, Explanation, Likelihood, Mending};
pub use reading::{LIMIT as READING_LIMIT, ReadError, read};
