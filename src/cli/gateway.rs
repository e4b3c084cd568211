//! `countersign gateway`: the practice gateway in the foreground.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tokio::runtime;

use crate::denial::MessageProfile;
use crate::gateway::{CallLog, Gateway, GatewayError, GatewayOptions, OnCall};
use crate::practice;

const DONE: u8 = 0;
const INTERNAL: u8 = 1;
const USAGE: u8 = 2;
const NETWORK: u8 = 5;

/// Log lines that may wait for a reader.
const WAITING_LINES: usize = 1_000;
/// How long the last lines may take at the end.
const FLUSH: Duration = Duration::from_secs(1);

const AFTER_HELP: &str = "\
Example, in two terminals:
  countersign gateway --listen 127.0.0.1:8787 --log
  AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE \\
  AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \\
    countersign send --env-credentials --service execute-api --region us-east-1 \\
    'http://127.0.0.1:8787/prod/pets?type=dog'

The first line on stdout is JSON with the addresses, the example credentials and the routes.
STS answers at POST / (AssumeRole, GetCallerIdentity). The role
arn:aws:iam::111122223333:role/PartnerReader wants the external id practice-external-id and may
only read. A request with `x-practice-proxy: NAME` is judged as if a proxy on the way had changed
the header NAME.
The built-in profile practice-role assumes its role at 127.0.0.1:8787. For another address add one:
countersign profiles add-role NAME --source practice --role-arn ARN --external-id-stdin --sts-endpoint URL";

/// Run the practice gateway: API Gateway and STS on this machine, with published example keys
#[derive(Clone, Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct GatewayArgs {
    /// Where to listen; loopback only, port 0 picks a free one
    #[arg(long, value_name = "ADDRESS", default_value = practice::DEFAULT_LISTEN, value_parser = parse_listen)]
    pub(super) listen: SocketAddr,

    /// Let the gateway's clock run this many seconds ahead (or behind, with a minus)
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub(super) time_offset: i64,

    /// Which of AWS's wordings refusals use
    #[arg(long, value_name = "WORDING", value_enum, default_value_t = Messages::Current)]
    pub(super) messages: Messages,

    /// Write one JSON line per call to stderr: every check in its order, and the verdict
    #[arg(long)]
    pub(super) log: bool,
}

/// Which of AWS's wordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Messages {
    /// Until 2024: headers and regions are quoted in the clear
    Classic,
    /// Since 2025: headers are hashed, regions left out
    Current,
}

impl From<Messages> for MessageProfile {
    fn from(messages: Messages) -> Self {
        match messages {
            Messages::Classic => Self::Classic,
            Messages::Current => Self::Current,
        }
    }
}

/// `localhost` is the one name that needs no look-up.
fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    let address = text
        .strip_prefix("localhost:")
        .map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    let Ok(address) = address.parse() else {
        return Err(format!(
            "`{text}` is not an address with a port, such as {}",
            practice::DEFAULT_LISTEN
        ));
    };
    Ok(address)
}

/// Runs the gateway until it is interrupted, and gives the exit code.
pub(super) fn run(args: &GatewayArgs) -> u8 {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("practice-gateway")
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("cannot start the runtime: {error}"));
            return INTERNAL;
        }
    };
    let printer = match CallPrinter::start(args.log) {
        Ok(printer) => printer,
        Err(error) => {
            complain(&format!("cannot start the log's thread: {error}"));
            return INTERNAL;
        }
    };
    let code = runtime.block_on(serve(args, &printer));
    runtime.shutdown_timeout(FLUSH);
    printer.finish();
    code
}

/// Prints calls on a thread of its own, so that a reader of stderr who falls asleep does not stop
/// the gateway. Off, it prints nothing.
struct CallPrinter {
    lines: Option<SyncSender<String>>,
    over: Option<Receiver<()>>,
}

impl CallPrinter {
    fn start(is_on: bool) -> io::Result<Self> {
        if !is_on {
            return Ok(Self {
                lines: None,
                over: None,
            });
        }
        let (lines, received) = sync_channel::<String>(WAITING_LINES);
        let (ended, over) = sync_channel::<()>(1);
        thread::Builder::new()
            .name("practice-gateway-log".to_owned())
            .spawn(move || {
                for line in received {
                    // A closed stderr is no reason to stop answering.
                    writeln!(io::stderr().lock(), "{line}").ok();
                }
                ended.send(()).ok();
            })?;
        Ok(Self {
            lines: Some(lines),
            over: Some(over),
        })
    }

    fn on_call(&self) -> Option<OnCall> {
        let lines = self.lines.clone()?;
        Some(Arc::new(move |call: &CallLog| {
            if let Ok(line) = serde_json::to_string(call) {
                // Full: nobody has read a thousand lines. Answering goes before logging.
                lines.try_send(line).ok();
            }
        }))
    }

    /// Waits a moment for the last lines.
    fn finish(self) {
        let Self { lines, over } = self;
        drop(lines);
        if let Some(over) = over {
            over.recv_timeout(FLUSH).ok();
        }
    }
}

async fn serve(args: &GatewayArgs, log: &CallPrinter) -> u8 {
    let options = GatewayOptions {
        listen: args.listen,
        time_offset_secs: args.time_offset,
        messages: args.messages.into(),
        on_call: log.on_call(),
        ..GatewayOptions::default()
    };
    // Before the first line is out, so that whoever reads it may already interrupt.
    let interrupted = interrupts();
    let gateway = match Gateway::start(options).await {
        Ok(gateway) => gateway,
        Err(error) => {
            complain(&error.to_string());
            return match error {
                GatewayError::NotLoopback(_) => USAGE,
                GatewayError::Bind { .. } => NETWORK,
            };
        }
    };
    let interrupted = match interrupted {
        Ok(interrupted) => interrupted,
        Err(error) => {
            complain(&format!("cannot listen for interrupts: {error}"));
            return INTERNAL;
        }
    };
    if let Err(error) = print_start(&gateway) {
        complain(&format!("cannot write to stdout: {error}"));
        return INTERNAL;
    }
    interrupted.await;
    gateway.shutdown().await;
    DONE
}

#[cfg(unix)]
fn interrupts() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn interrupts() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a way to hear of an interrupt, the system ends the program.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

fn print_start(gateway: &Gateway) -> io::Result<()> {
    let line = serde_json::to_string(&gateway.start_info())?;
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

fn complain(text: &str) {
    writeln!(io::stderr().lock(), "countersign gateway: {text}").ok();
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: GatewayArgs,
    }

    #[test]
    fn the_flags() {
        let parse = |line: &[&str]| Line::try_parse_from([&["x"], line].concat());
        let args = parse(&[]).unwrap().args;
        assert_eq!(args.listen.to_string(), "127.0.0.1:8787");
        assert_eq!((args.time_offset, args.messages), (0, Messages::Current));
        let args = parse(&[
            "--listen",
            "localhost:0",
            "--time-offset",
            "-1200",
            "--messages",
            "classic",
            "--log",
        ])
        .unwrap()
        .args;
        assert_eq!(args.listen.to_string(), "127.0.0.1:0");
        assert_eq!(
            (args.time_offset, args.messages),
            (-1200, Messages::Classic)
        );
        assert!(args.log);
        assert!(parse(&["--listen", "8787"]).is_err());
    }

    #[test]
    fn addresses_that_others_could_reach_are_a_usage_error() {
        let line = Line::try_parse_from(["x", "--listen", "0.0.0.0:0"]).unwrap();
        assert_eq!(run(&line.args), USAGE);
    }
}
