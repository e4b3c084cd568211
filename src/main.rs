//! The program; everything it does is in the library.

use std::process::ExitCode;
use std::time::Instant;

use countersign::app::{self, WindowOptions};

fn main() -> ExitCode {
    let started = Instant::now();
    countersign::cli::main(|args| {
        app::run(WindowOptions {
            collection: args.collection_dir,
            first_frame: args.first_frame,
            started,
        })
    })
}
