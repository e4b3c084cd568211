//! `countersign send`: sends a request of a collection, or an ad-hoc one.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::{Value, json};

use super::environment_secrets::environment_name;
use super::request_flags::{RequestFlags, SigningFlags};
use super::terminal::{ended, err_line, failed, not_sent, out, out_line};
use super::trace_json::{Sensitive, five_steps, trace_json};
use super::{exit, ports};
use crate::collection::AuthSpec;
use crate::engine::{self, Ports};
use crate::exchange::{
    ConnectTo, Exchange, ExchangeId, RecordedHeader, SendError, SendErrorKind, SendJob,
    SendOptions, Timings,
};
use crate::explain::{Evidence, Known, explain};
use crate::sigv4::{RequestDateTime, TraceOutcome};
use crate::storage;
use crate::template;

/// The first pause before a retry; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause before a retry.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// Send a request of a collection, or an ad-hoc one.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Examples:\n  countersign send collections/practice/pets/get-pets.yml -e practice\n  countersign send --profile dev https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/pets --json\n  countersign send orders/post.yml -e prod --var id=42 --fail --retry 2"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct SendArgs {
    /// A request file of a collection, or a URL
    target: String,
    /// The environment; without it the only one there is
    #[arg(short, long = "env", value_name = "NAME")]
    env: Option<String>,
    /// A variable for this run, no secrets; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = read_variable)]
    variables: Vec<(String, String)>,
    #[command(flatten)]
    request: RequestFlags,
    #[command(flatten)]
    signing: SigningFlags,
    /// Write the body to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print status and headers of the answer before the body
    #[arg(short, long)]
    include: bool,
    /// Tell on standard error what was sent, what came, and how long it took
    #[arg(short, long)]
    verbose: bool,
    /// Show the five steps of the signature on standard error
    #[arg(long)]
    trace: bool,
    /// Print one JSON document
    #[arg(long, conflicts_with_all = ["include", "output"])]
    json: bool,
    /// End with 22 if the answer is 400 or more
    #[arg(long)]
    fail: bool,
    /// Bound on each try in seconds
    #[arg(long, value_name = "SECONDS", value_parser = read_seconds)]
    timeout: Option<Duration>,
    /// Try again so often after a network failure or a 408, 429, 500, 502, 503 or 504; signed anew each time
    #[arg(long, value_name = "N", default_value_t = 0)]
    retry: u32,
    /// Connect to the second pair where the URL says the first, as curl
    #[arg(long, value_name = "HOST:PORT:HOST2:PORT2")]
    connect_to: Vec<ConnectTo>,
    /// Bound on the answer's body in bytes
    #[arg(long, value_name = "BYTES")]
    max_body: Option<u64>,
}

fn read_variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| "the form is name=value".to_owned())?;
    if name.is_empty() {
        Err("the name is empty".to_owned())
    } else {
        Ok((name.to_owned(), value.to_owned()))
    }
}

fn read_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_error| format!("`{text}` is not a number of seconds"))?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|bound| !bound.is_zero())
        .ok_or_else(|| "it must be more than 0 and less than a human life".to_owned())
}

/// Runs it and gives the exit code.
pub(super) fn run(args: &SendArgs) -> u8 {
    let prepared = job(args).and_then(|job| {
        let ports = ports::from_environment(args.signing.env_credentials)?;
        Ok((job, ports))
    });
    let (job, ports) = match prepared {
        Ok(prepared) => prepared,
        Err(failure) => return ended(failure),
    };
    match ports::block_on(attempts(&job, &ports, args.retry)) {
        Ok((Ok(exchange), attempts)) => {
            tell_what_was_not_understood(&exchange);
            show(args, &exchange, attempts)
        }
        Ok((Err(error), _)) => not_sent(&error),
        Err(error) => ended((exit::INTERNAL, error.to_string())),
    }
}

/// A mistyped `sigv4.` variable changes nothing, so the request goes out otherwise than was meant.
fn tell_what_was_not_understood(exchange: &Exchange) {
    let trace = exchange.signing.as_ref().and_then(|s| s.trace.trace());
    for text in trace.iter().flat_map(|t| &t.steps.settings.not_understood) {
        err_line(&format!("countersign: {text}"));
    }
}

fn job(args: &SendArgs) -> Result<SendJob, (u8, String)> {
    let usage = |message: &str| (exit::USAGE, message.to_owned());
    let mut job = if args.target.contains("://") {
        if args.env.is_some() {
            return Err(usage("--env goes with a request file, not with a URL"));
        }
        let is_signed = args.signing.asks_for_signature();
        let (draft, raw_body) = args.request.draft(&args.target, is_signed)?;
        let options = SendOptions {
            raw_body,
            ..SendOptions::default()
        };
        SendJob {
            draft,
            options,
            ..SendJob::default()
        }
    } else {
        if !args.request.is_empty() {
            return Err(usage(
                "-X, -H, -d and --data-binary go with a URL; a request file says these itself",
            ));
        }
        job_of_file(Path::new(&args.target), args.env.as_deref())?
    };
    if args.signing.asks_for_signature()
        && !matches!(job.context.auth_for(&job.draft).0, AuthSpec::AwsSigV4(_))
    {
        return Err(usage(
            "the flags for signing have nothing to do: this request's auth is not IAM",
        ));
    }
    for (name, _) in &args.variables {
        let variables = job.context.variables_for(&job.draft, &[]);
        if matches!(
            variables.lookup(name),
            Some((template::Value::SecretNotAtHand, _))
        ) {
            return Err(usage(&format!(
                "`{name}` is a secret variable: command lines show in process lists; \
                 put it in the keyring, or in the environment as {}",
                environment_name(name)
            )));
        }
    }
    if let Some(file) = &args.output {
        check_output(file).map_err(|message| usage(&message))?;
    }
    job.id = ExchangeId(1);
    job.runtime_variables.clone_from(&args.variables);
    job.profile = args.signing.profile_name();
    job.options.signing = args.signing.overrides();
    job.options.time = args.signing.at;
    job.options.connect_to.clone_from(&args.connect_to);
    if let Some(timeout) = args.timeout {
        job.options.timeout = timeout;
        job.draft.settings.timeout_ms = None;
    }
    if let Some(max_body) = args.max_body {
        job.options.max_body = max_body;
    }
    Ok(job)
}

fn job_of_file(file: &Path, environment: Option<&str>) -> Result<SendJob, (u8, String)> {
    let request = |message: String| (exit::REQUEST, message);
    let (root, path) = storage::find_collection(file).ok_or_else(|| {
        request(format!(
            "there is no request file of a collection here: {}",
            file.display()
        ))
    })?;
    let home = storage::Home::from_env().map_err(|error| (exit::USAGE, error.to_string()))?;
    let (_, collection) = storage::CollectionFolder::open_known(&root, &home)
        .map_err(|error| request(error.to_string()))?;
    // Without its id the collection has no secrets at hand: the reason comes first.
    for damage in collection
        .damages
        .iter()
        .filter(|damage| damage.path.0 == "countersign.toml")
    {
        err_line(&format!("{}: {}", damage.path, damage.reason));
    }
    let draft = match collection.item(&path) {
        Some(crate::collection::Item::Request(found)) => found.draft.clone(),
        Some(crate::collection::Item::Damaged(damage)) => {
            let line = damage
                .line
                .map(|line| format!(" (line {line})"))
                .unwrap_or_default();
            return Err(request(format!(
                "the file is damaged: {}{line}: {path}",
                damage.reason
            )));
        }
        Some(crate::collection::Item::Folder(_)) => {
            return Err(request(format!("this is a folder: {path}")));
        }
        None => {
            return Err(request(format!(
                "the collection has no request here: {path}"
            )));
        }
    };
    let environment = match (environment, collection.environments.as_slice()) {
        (Some(name), environments) => {
            if collection.environment(name).is_none() {
                let file = format!("environments/{name}.yml");
                if let Some(damage) = collection.damages.iter().find(|d| d.path.0 == file) {
                    let line = damage
                        .line
                        .map(|line| format!(" (line {line})"))
                        .unwrap_or_default();
                    return Err(request(format!(
                        "the environment is damaged: {}{line}: {file}",
                        damage.reason
                    )));
                }
                let known: Vec<&str> = environments
                    .iter()
                    .map(|environment| environment.name.as_str())
                    .collect();
                return Err(request(format!(
                    "there is no environment `{name}`; there are: {}",
                    known.join(", ")
                )));
            }
            Some(name)
        }
        (None, [only]) => Some(only.name.as_str()),
        (None, _) => None,
    };
    let context = collection.context_of(&path, environment);
    Ok(SendJob {
        draft,
        context,
        folder: root,
        ..SendJob::default()
    })
}

/// Sends until it goes well, the tries are used up, or trying again cannot help. Every try resolves
/// and signs anew.
async fn attempts(
    job: &SendJob,
    ports: &Ports,
    retries: u32,
) -> (Result<Arc<Exchange>, SendError>, u32) {
    let mut pause = FIRST_PAUSE;
    let mut attempt = 1;
    loop {
        let result = engine::send(job, ports).await;
        let wait = match &result {
            Ok(exchange)
                if matches!(exchange.response.status, 408 | 429 | 500 | 502 | 503 | 504) =>
            {
                let asked = exchange
                    .response
                    .header("retry-after")
                    .and_then(|text| text.trim().parse().ok());
                Some(asked.map_or(pause, Duration::from_secs).min(LONGEST_PAUSE))
            }
            Err(error) if is_passing(&error.kind) => Some(pause),
            Ok(_) | Err(_) => None,
        };
        let Some(wait) = wait.filter(|_| attempt <= retries) else {
            return (result, attempt);
        };
        tokio::time::sleep(wait).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        attempt += 1;
    }
}

fn is_passing(kind: &SendErrorKind) -> bool {
    matches!(
        kind,
        SendErrorKind::Connect { .. }
            | SendErrorKind::Dns { .. }
            | SendErrorKind::Timeout { .. }
            | SendErrorKind::BrokenAnswer(_)
    )
}

fn show(args: &SendArgs, exchange: &Exchange, attempts: u32) -> u8 {
    if args.verbose {
        tell(exchange, attempts);
    }
    if args.trace {
        tell_trace(exchange);
    }
    let written = if args.json {
        out_line(&document(exchange, attempts).to_string())
    } else {
        body(args, exchange)
    };
    if let Err(message) = written {
        failed(&message, None);
        return exit::INTERNAL;
    }
    if args.fail && exchange.response.status >= 400 {
        err_line(&format!(
            "countersign: the answer is {} {}",
            exchange.response.status, exchange.response.reason
        ));
        return exit::HTTP_ERROR;
    }
    exit::DONE
}

fn body(args: &SendArgs, exchange: &Exchange) -> Result<(), String> {
    let response = &exchange.response;
    if args.include {
        let mut head = format!(
            "{} {} {}\r\n",
            response.http_version, response.status, response.reason
        );
        for header in &response.headers {
            // Writing to a String cannot fail.
            write!(head, "{}: {}\r\n", header.name, header.value).ok();
        }
        head.push_str("\r\n");
        out(head.as_bytes()).map_err(|error| error.to_string())?;
    }
    match &args.output {
        Some(file) if file.as_os_str() != "-" => write_output(file, &response.body.bytes)
            .map_err(|error| format!("the body cannot be written: {error} ({})", file.display())),
        _ => match out(&response.body.bytes) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
            Ok(()) | Err(_) => Ok(()),
        },
    }
}

/// Whether a body can be written here, before anything is sent.
fn check_output(file: &Path) -> Result<(), String> {
    if file.as_os_str() == "-" {
        return Ok(());
    }
    let told = |what: &str| {
        Err(format!(
            "the body cannot be written: {what} ({})",
            file.display()
        ))
    };
    if file.is_dir() {
        return told("this is a folder");
    }
    match file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) if !folder.is_dir() => told("there is no such folder"),
        Some(_) | None => Ok(()),
    }
}

/// Replaces a file as a whole; what is no file (a pipe, a device) is written to.
fn write_output(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match std::fs::metadata(file) {
        Ok(found) if !found.is_file() => std::fs::OpenOptions::new()
            .write(true)
            .open(file)?
            .write_all(bytes),
        Ok(_) | Err(_) => storage::write_atomically(file, bytes),
    }
}

/// What was sent and came, as `curl -v` tells it; secrets are masked.
fn tell(exchange: &Exchange, attempts: u32) {
    let Exchange {
        request,
        response,
        timings,
        signing,
        ..
    } = exchange;
    if let Some(signing) = signing {
        err_line(&format!(
            "* signed as {}; region {} (from {}), service {} (from {})",
            signing.signed_as,
            signing.region.value,
            signing.region.from,
            signing.service.value,
            signing.service.from
        ));
    }
    for said in signing
        .iter()
        .flat_map(|signing| [&signing.region, &signing.service])
    {
        if let Some(host) = &said.host_says {
            err_line(&format!(
                "* signed for {}, but the host says {host}",
                said.value
            ));
        }
    }
    err_line(&format!(
        "> {} {} {}",
        request.method,
        request.shown_url(),
        request.http_version
    ));
    for header in &request.headers {
        err_line(&format!("> {}: {}", header.name, header.shown()));
    }
    let file = request
        .shown_file()
        .map(|path| format!(" from {path}"))
        .unwrap_or_default();
    err_line(&format!("> ({} bytes of body{file})", request.body.len()));
    err_line(&format!(
        "< {} {} {}",
        response.http_version, response.status, response.reason
    ));
    for header in &response.headers {
        err_line(&format!("< {}: {}", header.name, header.shown()));
    }
    err_line(&format!(
        "< ({} bytes of body, {} on the wire)",
        response.body.bytes.len(),
        response.wire_bytes
    ));
    let part = |name: &str, time: Option<Duration>| {
        time.map(|time| format!("{name} {:.1} ms, ", time.as_secs_f64() * 1e3))
            .unwrap_or_default()
    };
    err_line(&format!(
        "* {}{}first byte {:.1} ms, total {:.1} ms, {attempts} attempt{}",
        part("dns", timings.dns),
        part("connect", timings.connect),
        timings.first_byte.as_secs_f64() * 1e3,
        timings.total.as_secs_f64() * 1e3,
        if attempts == 1 { "" } else { "s" }
    ));
}

fn tell_trace(exchange: &Exchange) {
    match &exchange.signing {
        None => err_line("* not signed with Signature Version 4"),
        Some(signing) => match &signing.trace {
            TraceOutcome::Agreed(trace) => {
                err_line(five_steps(signing, trace, None, Sensitive::Masked).trim_end());
            }
            TraceOutcome::Withheld { reason } => err_line(&format!("* {reason}")),
        },
    }
}

/// The document of `--json`. Values of sensitive headers are masked: it goes into logs.
fn document(exchange: &Exchange, attempts: u32) -> Value {
    let Exchange {
        request,
        response,
        timings,
        signing,
        ..
    } = exchange;
    let pairs = |headers: &[RecordedHeader]| -> Value {
        headers
            .iter()
            .map(|header| json!([header.name, header.shown()]))
            .collect()
    };
    let trace = signing
        .as_ref()
        .and_then(|signing| signing.trace.trace())
        .map(|trace| {
            let headers: Vec<(String, String)> = request
                .headers
                .iter()
                .map(|header| (header.name.clone(), header.shown().to_owned()))
                .collect();
            trace_json(
                trace,
                &request.method,
                &request.shown_url(),
                &headers,
                None,
                Sensitive::Masked,
            )
        });
    let mut answer = json!({
        "status": response.status,
        "http_version": response.http_version,
        "headers": pairs(&response.headers),
    });
    if let Some(object) = answer.as_object_mut() {
        match response.body.text() {
            Some(text) => object.insert("body".to_owned(), json!(text)),
            None if response.body.bytes.is_empty() => object.insert("body".to_owned(), json!("")),
            None => object.insert(
                "body_base64".to_owned(),
                json!(STANDARD.encode(&response.body.bytes)),
            ),
        };
        object.insert("bytes".to_owned(), json!(response.body.bytes.len()));
    }
    json!({
        "request": {
            "method": request.method,
            "url": request.shown_url(),
            "headers": pairs(&request.headers),
            "body_bytes": request.body.len(),
            "body_file": request.shown_file(),
            "body_sha256": request.body_sha256,
        },
        "signing": trace,
        "response": answer,
        "timing_ms": timing_json(timings),
        "attempts": attempts,
        "explanation": explanation(exchange),
    })
}

/// Why the call was refused, if it was; the keys that signed are not at hand any more, but the
/// steps of the signature are.
fn explanation(exchange: &Exchange) -> Value {
    if exchange.response.status < 400 {
        return Value::Null;
    }
    let received = exchange.sent_at + exchange.timings.first_byte;
    let known = Known {
        now: Some(RequestDateTime::new(received)),
        ..Known::default()
    };
    let told = explain(&Evidence::of_exchange(exchange), &known);
    // Whoever is not AWS refuses for reasons of its own.
    if told
        .first()
        .is_none_or(|cause| matches!(cause.code, "refusal-unknown" | "not-api-gateway"))
    {
        return Value::Null;
    }
    super::explain::document(&told)
}

fn timing_json(timings: &Timings) -> Value {
    let ms = |time: Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
    json!({
        "dns": timings.dns.map(ms),
        "connect": timings.connect.map(ms),
        "tls": timings.tls.map(ms),
        "first_byte": ms(timings.first_byte),
        "total": ms(timings.total),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read() {
        assert_eq!(read_variable("a=b=c").unwrap(), ("a".into(), "b=c".into()));
        assert!(read_variable("a").is_err());
        assert_eq!(read_seconds("0.5").unwrap(), Duration::from_millis(500));
        assert!(
            read_seconds("0").is_err()
                && read_seconds("-1").is_err()
                && read_seconds("NaN").is_err()
        );
    }
}
