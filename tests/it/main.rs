//! Everything that needs more than one room, in one binary: each links four hundred crates.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

mod support;

mod cli_sign;
mod engine;
mod sign_batch;
mod signing_random;
mod signing_vectors;
