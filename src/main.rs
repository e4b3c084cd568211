//! The program; everything it does is in the library.

use std::env;
use std::io;
use std::process::ExitCode;
use std::time::Instant;

use countersign::app::{self, WindowOptions};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

fn main() -> ExitCode {
    let started = Instant::now();
    log();
    countersign::cli::main(|args| {
        app::run(WindowOptions {
            collection: args.collection_dir,
            first_frame: args.first_frame,
            started,
        })
    })
}

/// Logs go to standard error: what this program itself has to say, by default what went wrong.
/// Nothing of the libraries below is ever logged: they print requests and tokens.
fn log() {
    let level = env::var("COUNTERSIGN_LOG")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(LevelFilter::WARN);
    let own = Targets::new().with_target("countersign", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(lines.with_filter(own))
        .init();
}
