//! Everything that needs more than one room, in one binary: each links four hundred crates.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod collections;
