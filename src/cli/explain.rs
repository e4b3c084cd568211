//! `countersign explain`: says why a signed call was refused.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::terminal::{ended, failed, out_line};
use super::{exit, ports};
use crate::credentials::ResolvedCredentials;
use crate::engine::{Clock as _, SystemClock};
use crate::explain::{
    Cause, ComparedRow, Explanation, Known, READING_LIMIT, catalogue, explain, read,
};
use crate::sigv4::RequestDateTime;

/// Say why a signed call was refused.
///
/// Reads an answer of AWS, what `send --json` printed, a curl or awscurl line, an Authorization
/// header, a presigned URL, a raw request or a log of botocore or the AWS SDK for Go. With a profile
/// the signature is computed again, which proves what the signer did.
#[derive(Args, Clone, Debug)]
#[command(after_help = help_of_codes())]
pub(super) struct ExplainArgs {
    /// The file to read; without it standard input
    file: Option<PathBuf>,
    /// Compute the signature again with the keys of this profile
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Compute it again with the keys of the environment (`AWS_ACCESS_KEY_ID` and its kin)
    #[arg(long, conflicts_with = "profile")]
    env_credentials: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

fn help_of_codes() -> String {
    let mut help = "Examples:\n  countersign send orders/post.yml --json | countersign explain\n  \
                    countersign explain --profile dev answer.json\n\nCodes:\n"
        .to_owned();
    let width = catalogue()
        .map(|entry| entry.code.len())
        .max()
        .unwrap_or_default();
    for entry in catalogue() {
        // Writing to a String cannot fail.
        writeln!(help, "  {:width$}  {}", entry.code, entry.title).ok();
    }
    help
}

/// Runs it and gives the exit code.
pub(super) fn run(args: &ExplainArgs) -> u8 {
    match explained(args) {
        Ok(explanation) => {
            let written = if args.json {
                out_line(&document(&explanation).to_string())
            } else {
                out_line(text(&explanation).trim_end())
            };
            match written {
                Ok(()) => exit::DONE,
                Err(message) => {
                    failed(&message, None);
                    exit::INTERNAL
                }
            }
        }
        Err(failure) => ended(failure),
    }
}

fn explained(args: &ExplainArgs) -> Result<Explanation, (u8, String)> {
    let input = input(args).map_err(|message| (exit::REQUEST, message))?;
    let evidence = read(&input).map_err(|error| (exit::REQUEST, error.to_string()))?;
    let resolved = keys(args)?;
    // Of an answer that was pasted nobody knows when it came.
    let now = evidence
        .answer
        .is_none()
        .then(|| RequestDateTime::new(SystemClock.now()));
    let known = Known {
        now,
        keys: resolved.as_ref().map(|resolved| &resolved.credentials),
        expires_at: resolved
            .as_ref()
            .and_then(|resolved| resolved.expires_at)
            .map(RequestDateTime::new),
        ..Known::default()
    };
    Ok(explain(&evidence, &known))
}

fn input(args: &ExplainArgs) -> Result<String, String> {
    // One byte more, so that a text that is too long is seen to be.
    let limit = u64::try_from(READING_LIMIT).map_or(u64::MAX, |limit| limit + 1);
    let mut bytes = Vec::new();
    match &args.file {
        Some(path) => {
            let told =
                |error: io::Error| format!("the file cannot be read: {error} ({})", path.display());
            let file = File::open(path).map_err(told)?;
            file.take(limit).read_to_end(&mut bytes).map_err(told)?;
        }
        None => {
            io::stdin()
                .lock()
                .take(limit)
                .read_to_end(&mut bytes)
                .map_err(|error| format!("standard input cannot be read: {error}"))?;
        }
    }
    decoded(bytes)
}

/// The text of a file: UTF-8, or UTF-16 with its mark, as `PowerShell`'s `>` writes it.
fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|pair| pair.try_into().ok().map(read))
            .collect();
        String::from_utf16(&units).map_err(|_error| "the text is not UTF-16".to_owned())
    };
    match bytes.as_slice() {
        [0xff, 0xfe, text @ ..] => wide(text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => wide(text, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, text @ ..] => decoded(text.to_vec()),
        _ => String::from_utf8(bytes).map_err(|_error| "the text is not UTF-8".to_owned()),
    }
}

/// The keys of a profile, as `sign` takes them.
fn keys(args: &ExplainArgs) -> Result<Option<ResolvedCredentials>, (u8, String)> {
    let name = match (&args.profile, args.env_credentials) {
        (_, true) => "environment",
        (Some(profile), false) => profile,
        (None, false) => return Ok(None),
    };
    let ports = ports::from_environment(args.env_credentials)?;
    let now = ports.clock.now();
    ports::block_on(ports.credentials.load(name, now))
        .map_err(|error| (exit::INTERNAL, error.to_string()))?
        .map(Some)
        .map_err(|error| {
            let hint = error.hint.as_deref().unwrap_or_default();
            (
                exit::CREDENTIALS,
                format!("{error}\n{hint}").trim_end().to_owned(),
            )
        })
}

/// The document of `--json`, also inside that of `send --json`.
pub(super) fn document(explanation: &Explanation) -> Value {
    let mut document = explanation.first().map_or_else(
        || {
            json!({
                "code": null,
                "title": null,
                "likelihood": null,
                "evidence": [],
                "fix": null,
            })
        },
        cause_json,
    );
    if let Some(object) = document.as_object_mut() {
        object.insert("summary".to_owned(), json!(explanation.summary));
        object.insert(
            "others".to_owned(),
            explanation.causes.iter().skip(1).map(cause_json).collect(),
        );
        let difference = first_difference(explanation).map_or(Value::Null, |row| {
            json!({
                "part": row.part.name(),
                "ours": row.ours,
                "theirs": row.theirs,
            })
        });
        object.insert("difference".to_owned(), difference);
    }
    document
}

fn cause_json(cause: &Cause) -> Value {
    json!({
        "code": cause.code,
        "title": cause.title,
        "likelihood": cause.likelihood.words(),
        "evidence": cause.evidence,
        "fix": cause.fix,
    })
}

fn first_difference(explanation: &Explanation) -> Option<&ComparedRow> {
    explanation.comparison.as_ref()?.first_difference()
}

/// The same for people.
fn text(explanation: &Explanation) -> String {
    let mut out = explanation.summary.clone();
    out.push('\n');
    if let Some(row) = first_difference(explanation) {
        // Writing to a String cannot fail.
        write!(
            out,
            "\nThe first line that differs is the {}.\n",
            row.part.name()
        )
        .ok();
        side(&mut out, "ours  ", row.ours.as_deref(), &row.ours_ranges);
        side(
            &mut out,
            "theirs",
            row.theirs.as_deref(),
            &row.theirs_ranges,
        );
    }
    if explanation.causes.is_empty() {
        out.push_str("\nNothing is wrong as far as can be seen.\n");
    }
    for (index, cause) in explanation.causes.iter().enumerate() {
        write!(
            out,
            "\n{}. {} ({}) [{}]\n",
            index + 1,
            capital(&cause.title),
            cause.likelihood.words(),
            cause.code
        )
        .ok();
        for evidence in &cause.evidence {
            writeln!(out, "   - {evidence}").ok();
        }
        writeln!(out, "   > {}", capital(&cause.fix)).ok();
    }
    out
}

/// A line, and carets under the characters that differ.
fn side(out: &mut String, name: &str, line: Option<&str>, ranges: &[Range<usize>]) {
    let Some(line) = line else {
        writeln!(out, "  {name}  (no such line)").ok();
        return;
    };
    writeln!(out, "  {name}  {line}").ok();
    let marks: String = line
        .char_indices()
        .map(|(at, c)| {
            let is_in = ranges.iter().any(|range| range.contains(&at));
            match (is_in, c) {
                (true, _) => '^',
                // So that carets stand right where a tab is wide.
                (false, '\t') => '\t',
                (false, _) => ' ',
            }
        })
        .collect();
    if marks.contains('^') {
        writeln!(out, "          {}", marks.trim_end()).ok();
    }
}

fn capital(text: &str) -> String {
    // Commands and names of AWS keep their case.
    let is_name = text
        .split(' ')
        .next()
        .is_some_and(|word| word.contains(['-', ':', '.']));
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !is_name => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_what_differs() {
        let mut out = String::new();
        side(&mut out, "ours  ", Some("/a%20b/c"), &[2..5, 7..8]);
        assert_eq!(out, "  ours    /a%20b/c\n            ^^^  ^\n");
        let mut out = String::new();
        side(&mut out, "theirs", None, &[]);
        assert_eq!(out, "  theirs  (no such line)\n");
    }

    #[test]
    fn texts_with_a_mark_are_decoded() {
        let text = "{\"message\":\"é\"}\r\n";
        let units = || text.encode_utf16();
        let little = [0xff, 0xfe]
            .into_iter()
            .chain(units().flat_map(u16::to_le_bytes));
        let big = [0xfe, 0xff]
            .into_iter()
            .chain(units().flat_map(u16::to_be_bytes));
        let marked = [0xef, 0xbb, 0xbf].into_iter().chain(text.bytes());
        assert_eq!(decoded(little.collect()).unwrap(), text);
        assert_eq!(decoded(big.collect()).unwrap(), text);
        assert_eq!(decoded(marked.collect()).unwrap(), text);
        assert_eq!(decoded(text.into()).unwrap(), text);
        assert!(decoded(vec![0xff, 0xfe, 0x00, 0xd8]).is_err());
        assert!(decoded(vec![b'a', 0xff]).is_err());
    }

    #[test]
    fn the_help_lists_every_code() {
        let help = help_of_codes();
        assert!(catalogue().all(|entry| help.contains(entry.code)));
    }
}
