//! `countersign sign`: signs without sending.

use clap::Args;

use super::request_flags::{RequestFlags, SigningFlags};
use super::terminal::{ended, failed, not_sent, out_line};
use super::trace_json::{Sensitive, five_steps, trace_json};
use super::{batch, exit, ports};
use crate::engine;
use crate::exchange::{SendJob, SendOptions};
use crate::request::{Header, HeaderSource};
use crate::sigv4::TraceOutcome;

/// Sign a request without sending it, and show the five steps.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Examples:\n  countersign sign --profile practice --service execute-api --region us-east-1 http://127.0.0.1:8787/prod/pets\n  countersign sign --batch < requests.jsonl"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct SignArgs {
    /// The URL
    #[arg(required_unless_present = "batch")]
    url: Option<String>,
    #[command(flatten)]
    request: RequestFlags,
    #[command(flatten)]
    signing: SigningFlags,
    /// Print the trace as JSON
    #[arg(long)]
    json: bool,
    /// Show the four keys; only for the example credentials of AWS's documentation
    #[arg(long)]
    show_keys: bool,
    /// Show the keys of real credentials: whoever sees them can sign until the day's end
    #[arg(long, requires = "show_keys")]
    yes_show_keys: bool,
    /// Read JSON lines from standard input and write one JSON line each
    #[arg(long, conflicts_with_all = ["url", "json", "show_keys"])]
    batch: bool,
}

/// Runs it and gives the exit code.
pub(super) fn run(args: &SignArgs) -> u8 {
    if args.batch {
        return batch::run();
    }
    let url = args.url.as_deref().unwrap_or_default();
    let prepared = args.request.draft(url, true).and_then(|draft| {
        let ports = ports::from_environment(args.signing.env_credentials)?;
        Ok((draft, ports))
    });
    let ((draft, raw_body), ports) = match prepared {
        Ok(prepared) => prepared,
        Err(failure) => return ended(failure),
    };
    let job = SendJob {
        draft,
        profile: args.signing.profile_name(),
        options: SendOptions {
            raw_body,
            signing: args.signing.overrides(),
            time: args.signing.at,
            ..SendOptions::default()
        },
        ..SendJob::default()
    };
    let signed = match ports::block_on(engine::sign_without_sending(&job, &ports)) {
        Ok(Ok(Some(signed))) => signed,
        Ok(Ok(None)) => {
            failed("nothing asks for a signature", None);
            return exit::INTERNAL;
        }
        Ok(Err(error)) => return not_sent(&error),
        Err(error) => return ended((exit::INTERNAL, error.to_string())),
    };
    let (request, record) = signed;
    let trace = match &record.trace {
        TraceOutcome::Agreed(trace) => trace,
        TraceOutcome::Withheld { reason } => {
            failed(reason, None);
            return exit::INTERNAL;
        }
    };
    if args.show_keys && !trace.are_examples && !args.yes_show_keys {
        failed(
            "the keys of real credentials are not shown: whoever sees them can sign until the day's end",
            Some("--yes-show-keys shows them all the same"),
        );
        return exit::USAGE;
    }
    let key = args.show_keys.then_some(&trace.key);
    let written = if args.json {
        let headers = to_send(request.headers());
        let json = trace_json(
            trace,
            request.method().as_str(),
            request.url().as_str(),
            &headers,
            key,
            Sensitive::Clear,
        );
        out_line(&json.to_string())
    } else {
        // For people, perhaps on a shared screen; what is to be used stands in --json.
        out_line(five_steps(&record, trace, key, Sensitive::Masked).trim_end())
    };
    match written {
        Ok(()) => exit::DONE,
        Err(message) => {
            failed(&message, None);
            exit::INTERNAL
        }
    }
}

/// What the caller has to send: everything but what an HTTP client adds by itself.
fn to_send(headers: &[Header]) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|header| header.source != HeaderSource::Tool || header.name == http::header::HOST)
        .map(|header| (header.name.as_str().to_owned(), header.text()))
        .collect()
}
