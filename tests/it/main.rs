//! Everything that needs more than one room, in one binary: each links four hundred crates.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod gateway;
mod scratchstack;
