//! Reads whatever somebody pastes about a refused call.
//!
//! ```text
//! text ─▶ SDK log? ─▶ command line? ─▶ JSON? ─▶ HTTP text? ─▶ URL? ─▶ header lines? ─▶ error body?
//!            │             │             │          │          │            │              │
//!            └─────────────┴─────────────┴──────────┴──────────┴────────────┴──────────────┴▶ Evidence
//! ```
//!
//! What has the more certain mark is tried first. What a text does not say stays `None`.

mod answer;
mod awscurl_output;
mod command_line;
mod document;
mod error;
mod exchange;
mod http_text;
mod python;
mod sdk_log;
mod shell;
mod signature;
mod steps;

use bytes::Bytes;
use serde_json::Value;

use self::http_text::{header_of, url_of};
use self::signature::query_of;
use super::{Evidence, Given, GivenAnswer, GivenRequest, GivenSignature};
use crate::sigv4::Echo;

pub use error::ReadError;

/// The longest text that is read. A refusal has a few kilobytes; API Gateway takes no more than
/// 10 MB, which nobody pastes.
pub const LIMIT: usize = 2 << 20;

/// What a text is tried as, in words.
const TRIED: [&str; 8] = [
    "a debug log",
    "a command line",
    "JSON",
    "HTTP",
    "a URL",
    "header lines",
    "XML or HTML of an error",
    "an error's text",
];

/// Reads a pasted text.
pub fn read(text: &str) -> Result<Evidence, ReadError> {
    if text.len() > LIMIT {
        return Err(ReadError::TooLong {
            bytes: text.len(),
            limit: LIMIT,
        });
    }
    let text = without_fence(text.trim_start_matches('\u{feff}'));
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(ReadError::Empty);
    }
    if let Some(found) = sdk_log::read(text) {
        return Ok(found);
    }
    match steps::read(text, |rest| without_steps(rest, true).ok()) {
        Some(found) => Ok(found),
        None => without_steps(text, true),
    }
}

/// Reads a text that tells no derivation as lines. Whether it may have two parts is told, so that a
/// text of a million parts is not read part within part.
fn without_steps(text: &str, may_join: bool) -> Result<Evidence, ReadError> {
    let trimmed = text.trim();
    if let Some(found) = command_line::read(text) {
        return Ok(found);
    }
    if let Some(found) = awscurl_output::read(trimmed) {
        return Ok(shown(Given::Answer, found));
    }
    if trimmed.starts_with(['{', '[', '"']) {
        return json(trimmed, may_join);
    }
    http(text)
        .or_else(|| url(trimmed))
        .or_else(|| header_lines(trimmed))
        .or_else(|| body(trimmed))
        .ok_or_else(unknown)
}

fn unknown() -> ReadError {
    ReadError::Unknown {
        tried: TRIED.to_vec(),
    }
}

/// Without the fence of Markdown around it.
fn without_fence(text: &str) -> &str {
    const FENCE: &str = "```";
    let inner = text
        .trim()
        .strip_prefix(FENCE)
        .and_then(|rest| rest.split_once('\n'));
    match inner {
        Some((_, inner)) => inner.strip_suffix(FENCE).unwrap_or(inner),
        None => text,
    }
}

fn evidence(given: Given, request: Option<GivenRequest>, answer: Option<GivenAnswer>) -> Evidence {
    let echo = answer.as_ref().and_then(|answer| Echo::find(&answer.body));
    Evidence {
        given,
        request,
        steps: None,
        answer,
        echo,
    }
}

fn json(text: &str, may_join: bool) -> Result<Evidence, ReadError> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let first = values.next().unwrap_or(Ok(Value::Null));
    let is_whole = values.byte_offset() == text.len();
    match first {
        // A string's content may be anything; it is shorter than the string.
        Ok(Value::String(inner)) if is_whole => read(&inner),
        // `"Name": "value"` is a header line of code.
        Ok(Value::String(_)) => header_lines(text).ok_or_else(unknown),
        Ok(json) => {
            let (body, behind) = text
                .split_at_checked(values.byte_offset())
                .unwrap_or((text, ""));
            let found = document::read(&json).unwrap_or_else(|| {
                let answer = GivenAnswer::new(None, Vec::new(), body.to_owned());
                evidence(Given::Answer, None, Some(answer))
            });
            Ok(if may_join {
                joined(found, behind)
            } else {
                found
            })
        }
        Err(error) => header_lines(text)
            .or_else(|| body(text))
            .ok_or_else(|| ReadError::Broken {
                what: "JSON",
                reason: format!("it cannot be read at line {}", error.line()),
            }),
    }
}

/// A document with the answer that stands behind it, or an answer with the document. Else it is a
/// prompt or the next line of a terminal.
fn joined(found: Evidence, behind: &str) -> Evidence {
    let Ok(other) = without_steps(behind, false) else {
        return found;
    };
    let is_document = |found: &Evidence| found.given == Given::SendDocument;
    match (is_document(&found), is_document(&other)) {
        (true, false) if found.answer.is_none() => Evidence {
            answer: other.answer,
            echo: other.echo,
            ..found
        },
        (false, true) if other.answer.is_none() => Evidence {
            answer: found.answer,
            echo: found.echo,
            ..other
        },
        _ => found,
    }
}

fn http(text: &str) -> Option<Evidence> {
    let read = http_text::read(text)?;
    let is_request = text
        .trim_start()
        .lines()
        .next()
        .is_some_and(http_text::is_start_of_request);
    let given = if is_request || read.answer.is_none() {
        Given::RawRequest
    } else {
        Given::Answer
    };
    Some(shown(given, read))
}

fn shown(given: Given, read: http_text::HttpText) -> Evidence {
    let mut found = evidence(given, read.request, read.answer);
    found.steps = read.steps;
    found
}

/// A URL alone; quotes and angle brackets around it are not part of it.
fn url(text: &str) -> Option<Evidence> {
    let url = text.trim_matches(['"', '\'', '<', '>', '`']);
    let is_url = ["https://", "http://"].iter().any(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    if !is_url || url.contains(char::is_whitespace) {
        return None;
    }
    let is_presigned = query_of(url).split('&').any(|pair| {
        pair.get(..6)
            .is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"))
    });
    let mut request = GivenRequest {
        url: url.to_owned(),
        ..GivenRequest::default()
    };
    request.signature = GivenSignature::of_request(&request);
    let given = if is_presigned {
        Given::PresignedUrl
    } else {
        Given::RawRequest
    };
    Some(evidence(given, Some(request), None))
}

/// Names that only answers have.
const OF_ANSWERS: [&str; 7] = [
    "apigw-requestid",
    "www-authenticate",
    "x-amz-apigw-id",
    "x-amz-cf-id",
    "x-amzn-errortype",
    "x-amzn-remapped-",
    "x-amzn-requestid",
];

/// Lone header lines, or the value of an `Authorization` header without its name. Whoever copies
/// from code has quotes and commas around them.
fn header_lines(text: &str) -> Option<Evidence> {
    if let Some(value) = authorization_value(text) {
        let mut request = GivenRequest {
            headers: vec![("Authorization".to_owned(), value)],
            ..GivenRequest::default()
        };
        request.signature = GivenSignature::of_request(&request);
        return Some(evidence(Given::AuthorizationHeader, Some(request), None));
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut body = "";
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = line.trim_end();
        if line.is_empty() {
            if !headers.is_empty() {
                body = after.trim();
                break;
            }
        } else if let Some(header) = header_of(unquoted(line).as_ref()) {
            headers.push(header);
        } else if line.starts_with([' ', '\t'])
            && let Some((_, value)) = headers.last_mut()
        {
            // A long value that was wrapped.
            value.push(' ');
            value.push_str(line.trim_start());
        } else if !matches!(line.trim(), "{" | "}" | "};" | "})") {
            return None;
        }
        rest = after;
    }
    let has = |wanted: &[&str]| {
        headers.iter().any(|(name, _)| {
            let name = name.to_ascii_lowercase();
            wanted.iter().any(|wanted| name.starts_with(wanted))
        })
    };
    if has(&["authorization", "x-amz-date", "x-amz-security-token"]) {
        let mut request = GivenRequest {
            headers,
            body: (!body.is_empty()).then(|| Bytes::copy_from_slice(body.as_bytes())),
            ..GivenRequest::default()
        };
        // HTTP/2's own names tell method and path too.
        let told = |name| request.header_values(name).next().map(str::to_owned);
        if let (Some(method), Some(host), Some(path)) =
            (told(":method"), told(":authority"), told(":path"))
        {
            request.url = url_of(told(":scheme").as_deref(), &host, &path);
            request.method = method;
        }
        request.signature = GivenSignature::of_request(&request);
        return Some(evidence(Given::AuthorizationHeader, Some(request), None));
    }
    if has(&OF_ANSWERS) {
        let status = headers
            .iter()
            .find(|(name, _)| name == ":status")
            .and_then(|(_, value)| value.parse().ok());
        let answer = GivenAnswer::new(status, headers, body.to_owned());
        return Some(evidence(Given::Answer, None, Some(answer)));
    }
    None
}

/// The value of an `Authorization` header that stands alone.
fn authorization_value(text: &str) -> Option<String> {
    let value = text.trim_matches(['"', '\'', '`', ',', ';', ' ']);
    let (scheme, rest) = value.split_once(char::is_whitespace)?;
    let is_aws = scheme.starts_with("AWS4-");
    let is_other = ["Bearer", "Basic", "Digest", "Negotiate"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme))
        && !rest.trim().contains(char::is_whitespace)
        && rest.trim().len() >= 6;
    // A value that was wrapped in an e-mail or a terminal.
    let is_one = !value.contains("\n\n") && value.lines().all(|line| line.len() < 8 << 10);
    ((is_aws || is_other) && is_one).then(|| {
        let lines: Vec<&str> = value.lines().map(str::trim).collect();
        lines.join(" ")
    })
}

/// `"Name": "value",` as code and JSON write a header.
fn unquoted(line: &str) -> std::borrow::Cow<'_, str> {
    let whole = line.trim();
    let line = whole.trim_end_matches([',', ';']);
    for quote in ['"', '\''] {
        let inner = line
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            return match inner.split_once(&format!("{quote}:")) {
                Some((name, value)) => {
                    let value = value.trim_start();
                    let value = value.strip_prefix(quote).unwrap_or(value);
                    format!("{name}: {value}").into()
                }
                None => inner.into(),
            };
        }
    }
    whole.into()
}

/// An answer's body alone.
fn body(text: &str) -> Option<Evidence> {
    answer::is_answer(text).then(|| {
        let answer = GivenAnswer::new(None, Vec::new(), text.to_owned());
        evidence(Given::Answer, None, Some(answer))
    })
}

#[cfg(test)]
mod tests;
