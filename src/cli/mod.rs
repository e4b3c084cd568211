//! The terminal: one file per subcommand, each a thin caller of the library.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 internal
//! error, 2 usage, 3 the request cannot be built, 4 credentials, 5 network, 22 an answer of 400 or
//! more with `--fail`.

mod batch;
mod environment_secrets;
mod explain;
mod gateway;
mod ports;
mod profiles;
mod request_flags;
mod send;
mod sign;
mod terminal;
mod trace_json;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Exit codes of the contract.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// A bug, or the machine failed.
    pub const INTERNAL: u8 = 1;
    /// Wrong words on the command line.
    pub const USAGE: u8 = 2;
    /// The request cannot be built: unknown variable, bad URL, bad file.
    pub const REQUEST: u8 = 3;
    /// No credentials, or no secret.
    pub const CREDENTIALS: u8 = 4;
    /// With `--fail`, an answer of 400 or more.
    pub const HTTP_ERROR: u8 = 22;
}

/// Signs and sends calls to APIs behind Amazon API Gateway, and shows every step.
///
/// Without a subcommand the window opens.
#[derive(Debug, Parser)]
#[command(
    name = "countersign",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  countersign                                   the window\n  countersign gateway                           a practice gateway on 127.0.0.1:8787\n  countersign send collections/practice/pets/get-pets.yml -e practice"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    window: WindowArgs,
}

/// The window's own arguments.
#[derive(Args, Clone, Debug, Default)]
pub struct WindowArgs {
    /// The collection to open; without it the one of last time, at first the practice collection
    #[arg(value_name = "COLLECTION_DIR")]
    pub collection_dir: Option<PathBuf>,
    /// Open the window, print one JSON line of start-up times and memory, and end
    #[arg(long)]
    pub first_frame: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say why a signed call was refused
    Explain(explain::ExplainArgs),
    /// Run the practice gateway in the foreground
    Gateway(gateway::GatewayArgs),
    /// Add, list, try and remove what one can sign as
    Profiles(profiles::ProfilesArgs),
    /// Send a request of a collection, or an ad-hoc one
    Send(Box<send::SendArgs>),
    /// Sign a request without sending it, and show the five steps
    Sign(Box<sign::SignArgs>),
}

/// Reads the command line and does what it says. `window` opens the window.
pub fn main(window: impl FnOnce(WindowArgs) -> u8) -> ExitCode {
    let cli = Cli::parse();
    let code = match cli.command {
        None => match &cli.window.collection_dir {
            Some(folder) if !folder.is_dir() => {
                let message = format!(
                    "`{}` is neither a subcommand nor a folder",
                    folder.display()
                );
                terminal::failed(&message, Some("countersign --help shows the subcommands"));
                exit::USAGE
            }
            Some(_) | None => window(cli.window),
        },
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Gateway(args)) => gateway::run(&args),
        Some(Command::Profiles(args)) => profiles::run(&args),
        Some(Command::Send(args)) => send::run(&args),
        Some(Command::Sign(args)) => sign::run(&args),
    };
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }
}
