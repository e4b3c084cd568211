//! Everything that needs more than one room, in one binary: each links four hundred crates.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod app_flow;
mod cli_mended;
mod cli_sign;
mod collections;
mod credentials;
mod engine;
mod explain;
mod explain_reading;
mod explain_window;
mod file_body;
mod gateway;
mod hosts;
mod keyring;
mod practice_run;
mod scratchstack;
mod sign_batch;
mod signing_choices;
mod signing_differential;
mod signing_hunt;
mod signing_published;
mod signing_random;
mod signing_safe_core;
mod signing_vectors;
mod signing_view;
mod support;
mod ui_gallery;
