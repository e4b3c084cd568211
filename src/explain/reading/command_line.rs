//! curl's, awscurl's and `HTTPie`'s command lines, with their output behind them.

mod awscurl;
mod curl;
mod httpie;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::awscurl_output;
use super::http_text;
use super::python;
use super::shell::{Command, first_command};
use crate::explain::{Evidence, Given, GivenAnswer, GivenRequest, GivenSignature};
use crate::sigv4::Echo;

/// What a URL's query keeps as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Words that may stand before the client's name.
const BEFORE: [&str; 4] = ["sudo", "time", "command", "env"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Client {
    Curl,
    Awscurl,
    Httpie { is_https: bool },
}

/// Reads a text whose first command is a client's.
pub(super) fn read(text: &str) -> Option<Evidence> {
    let text = without_prompt(text);
    client_of(text.split_whitespace())?;
    let Command { words, rest } = first_command(text);
    let name_at = name_at(words.iter().map(String::as_str))?;
    let client = client_of(words.iter().map(String::as_str))?;
    let arguments = words.get(name_at + 1..)?;
    let mut request = match client {
        Client::Curl => curl::request(arguments),
        Client::Awscurl => awscurl::request(arguments),
        Client::Httpie { is_https } => httpie::request(arguments, is_https)?,
    };
    if request.url.is_empty() {
        return None;
    }
    request.signature = GivenSignature::of_request(&request);
    let mut evidence = Evidence {
        given: Given::CommandLine,
        request: None,
        steps: None,
        answer: None,
        echo: None,
    };
    let output = rest.trim();
    if let Some(read) = awscurl_output::read(output).or_else(|| http_text::read(output)) {
        if let Some(sent) = read.request {
            request = completed(request, sent);
        }
        evidence.steps = read.steps;
        evidence.answer = read.answer;
    } else if !output.is_empty() && !output.starts_with(['$', '#']) {
        evidence.answer = Some(bare_output(output));
    }
    evidence.echo = evidence
        .answer
        .as_ref()
        .and_then(|answer| Echo::find(&answer.body));
    evidence.request = Some(request);
    Some(evidence)
}

/// `$ `, `% `, `user@host:~$ `, `PS C:\> ` before the command.
fn without_prompt(text: &str) -> &str {
    let text = text.trim_start();
    let line = text.lines().next().unwrap_or_default();
    let short = line
        .char_indices()
        .nth(80)
        .map_or(line, |(at, _)| line.get(..at).unwrap_or_default());
    ["$ ", "% ", "# ", "> "]
        .iter()
        .filter_map(|sign| short.find(sign).map(|at| at + sign.len()))
        .min()
        .and_then(|end| text.get(end..))
        .filter(|rest| client_of(rest.split_whitespace()).is_some())
        .map_or(text, str::trim_start)
}

/// Where the client's name stands: behind `sudo` and variables that are set for it.
fn name_at<'a>(words: impl Iterator<Item = &'a str>) -> Option<usize> {
    let is_before = |word: &str| {
        BEFORE.contains(&word)
            || word.split_once('=').is_some_and(|(name, _)| {
                !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
            })
    };
    words
        .enumerate()
        .find(|(_, word)| !is_before(word))
        .map(|(at, _)| at)
}

fn client_of<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<Client> {
    let at = name_at(words.clone())?;
    let mut words = words.skip(at);
    let name = words.next()?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    // Without arguments it is a word in a sentence.
    words.next()?;
    match name.trim_end_matches(".exe") {
        "curl" => Some(Client::Curl),
        "awscurl" => Some(Client::Awscurl),
        "http" => Some(Client::Httpie { is_https: false }),
        "https" => Some(Client::Httpie { is_https: true }),
        _ => None,
    }
}

/// The line's request, corrected by what its output says was sent: only that has the signature and
/// the headers that the client added.
fn completed(line: GivenRequest, sent: GivenRequest) -> GivenRequest {
    let scheme = line.url.split("://").next().unwrap_or_default();
    let url = match sent.url.split_once("://") {
        Some((_, rest)) => format!("{scheme}://{rest}"),
        None => line.url,
    };
    let declared = sent
        .header_values("content-length")
        .next()
        .and_then(|length| length.parse::<usize>().ok());
    let body = line
        .body
        .filter(|body| declared.is_none_or(|length| length == body.len()));
    GivenRequest {
        url,
        body: sent.body.filter(|body| !body.is_empty()).or(body),
        signs_as: line.signs_as,
        ..sent
    }
}

/// Output without a head: a body, behind awscurl's way of showing headers if it was asked for them.
fn bare_output(output: &str) -> GivenAnswer {
    // `-v` begins with the secret key; such an output that stops too early is not kept at all.
    if output.starts_with("{'access_key'") {
        return GivenAnswer::default();
    }
    if let Some((headers, rest)) = python::dictionary(output)
        && rest.starts_with('\n')
    {
        return GivenAnswer::new(None, headers, rest.trim().to_owned());
    }
    GivenAnswer::new(None, Vec::new(), output.to_owned())
}

/// Escaped as forms have it: spaces as `+`.
fn form_escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED)
        .to_string()
        .replace("%20", "+")
}

/// A query added to a URL, before its fragment.
fn with_query(url: &str, query: &str) -> String {
    let (before, fragment) = match url.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (url, None),
    };
    let sign = match before.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
    format!("{before}{sign}{query}{fragment}")
}

fn has_header(headers: &[(String, String)], name: &str) -> bool {
    headers
        .iter()
        .any(|(known, _)| known.eq_ignore_ascii_case(name))
}

fn add_header(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
    if !has_header(headers, name) {
        headers.push((name.to_owned(), value.to_owned()));
    }
}

#[cfg(test)]
mod tests;
