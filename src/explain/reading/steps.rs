//! A derivation as text: a canonical request and a string to sign, wherever they stand in a paste,
//! with whatever labels, or the five steps as `countersign sign` prints them.
//!
//! ```text
//! Canonical request: GET        ◀ a method, alone or at the end of a label
//! /prod/pets                    ◀ a path
//! a=1                           ◀ a query or nothing
//! host:h                        ◀ headers, an empty line, their names, a hash
//!
//! host
//! e3b0c442…
//! ```

use super::sdk_log::reconstructed;
use super::{evidence, http_text};
use crate::explain::{ClientSteps, Evidence, Given, GivenAnswer, GivenSignature};
use crate::secret::MASK;

/// A derivation and the text around it.
struct Told {
    canonical_request: Option<String>,
    string_to_sign: Option<String>,
    signature: Option<String>,
    /// What is no part of it.
    rest: String,
}

/// Reads a paste that tells a derivation; `read` reads what stands around it.
pub(super) fn read(text: &str, read: impl Fn(&str) -> Option<Evidence>) -> Option<Evidence> {
    let told = printed(text).or_else(|| plain(text))?;
    let rest = told.rest.trim();
    let is_call = rest
        .lines()
        .next()
        .is_some_and(|line| http_text::is_start_of_request(line) || line.starts_with("> "))
        || super::command_line::read(rest).is_some();
    let around = is_call
        .then(|| read(rest))
        .flatten()
        .filter(|found| found.request.is_some());
    let mut found = around.unwrap_or_else(|| evidence(Given::SigningSteps, None, answer_in(rest)));
    if found.request.is_none() {
        let canonical_request = told.canonical_request.as_deref().unwrap_or_default();
        let string_to_sign = told.string_to_sign.as_deref().unwrap_or_default();
        let signature = told.signature.as_deref();
        found.request = reconstructed(canonical_request, string_to_sign, signature);
        if let (Some(request), Some(value)) = (&mut found.request, authorization_in(text)) {
            request.headers.push(("Authorization".to_owned(), value));
            request.signature = GivenSignature::of_request(request);
        }
    }
    found.steps = Some(ClientSteps {
        is_masked: told
            .canonical_request
            .as_ref()
            .is_some_and(|text| text.contains(MASK)),
        canonical_request: told.canonical_request,
        string_to_sign: told.string_to_sign,
    });
    Some(found)
}

/// The five steps as this program prints them for people.
fn printed(text: &str) -> Option<Told> {
    const TITLE: &str = "1 Canonical request";
    const VALUE: usize = 17;
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim_end_matches('\r'))
        .collect();
    let start = lines.iter().position(|line| line.trim() == TITLE)?;
    let mut canonical_request: Vec<&str> = Vec::new();
    let mut string_to_sign: Vec<&str> = Vec::new();
    let mut signature = None;
    let mut end = start + 1;
    for (at, line) in lines.iter().enumerate().skip(start + 1) {
        let label = line.get(..VALUE).unwrap_or(line).trim();
        let value = line.get(VALUE..).unwrap_or_default();
        match label {
            "method" | "path" | "query" | "header" | "end of headers" | "signed headers"
            | "body" => canonical_request.push(value),
            "algorithm" | "time" | "scope" | "SHA-256 of 1" => string_to_sign.push(value),
            _ => {
                let made = line.split_once("string to sign) = ");
                signature = made.map(|(_, hex)| hex.trim().to_owned()).or(signature);
                let is_title =
                    line.starts_with(|c: char| c.is_ascii_digit()) && line.get(1..2) == Some(" ");
                if !(is_title || line.trim().is_empty() || line.starts_with("  ")) {
                    break;
                }
            }
        }
        end = at + 1;
    }
    (canonical_request.len() > 4).then(|| Told {
        canonical_request: Some(canonical_request.join("\n")),
        string_to_sign: (string_to_sign.len() == 4).then(|| string_to_sign.join("\n")),
        signature,
        rest: lines.get(end..).unwrap_or_default().join("\n"),
    })
}

/// Blocks of lines that can be nothing else.
fn plain(text: &str) -> Option<Told> {
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| line.trim_end_matches('\r'))
        .collect();
    let mut told = Told {
        canonical_request: None,
        string_to_sign: None,
        signature: None,
        rest: String::new(),
    };
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let here = lines.get(at..).unwrap_or_default();
        if let Some((block, length)) = canonical_request_at(here) {
            told.canonical_request = Some(block);
            at += length;
        } else if let Some((block, length)) = string_to_sign_at(here) {
            told.string_to_sign = Some(block);
            at += length;
        } else {
            if let Some(hex) = signature_of(line) {
                told.signature = Some(hex.to_owned());
            }
            told.rest.push_str(line);
            told.rest.push('\n');
            at += 1;
        }
    }
    (told.canonical_request.is_some() || told.string_to_sign.is_some()).then_some(told)
}

/// No canonical request has more lines.
const LINES: usize = 256;

/// The canonical request at the start of lines, and how many of them it has.
fn canonical_request_at(lines: &[&str]) -> Option<(String, usize)> {
    let (first, rest) = lines.split_first()?;
    let (indent, method) = last_word(first);
    let is_method =
        (3..=8).contains(&method.len()) && method.bytes().all(|byte| byte.is_ascii_uppercase());
    // A cheap look first: most lines are none.
    let is_path = |line: &&str| line.trim_start().starts_with('/') && !line.contains(": ");
    if !is_method || !rest.first().is_some_and(is_path) {
        return None;
    }
    let own: Vec<&str> = rest
        .iter()
        .take(LINES)
        .map(|line| without(indent, line))
        .collect();
    let query = own.get(1)?;
    let headers = own
        .iter()
        .skip(2)
        .take_while(|line| is_canonical_header(line))
        .count();
    let is_query = query.is_empty() || (query.contains('=') && !query.contains(' '));
    let end = own.get(2 + headers)?;
    let names = own.get(3 + headers)?;
    let hash = own.get(4 + headers)?.trim_end();
    let is_whole = is_query
        && headers > 0
        && end.is_empty()
        && !names.is_empty()
        && !names.contains([' ', ':'])
        && (is_hash(hash)
            || hash.starts_with("UNSIGNED-PAYLOAD")
            || hash.starts_with("STREAMING-"));
    if !is_whole {
        return None;
    }
    let mut block: Vec<&str> = vec![method];
    block.extend(own.iter().take(4 + headers));
    block.push(hash);
    Some((block.join("\n"), 6 + headers))
}

/// The string to sign at the start of lines, and how many of them it has.
fn string_to_sign_at(lines: &[&str]) -> Option<(String, usize)> {
    let (indent, algorithm) = last_word(lines.first()?);
    if !algorithm.starts_with("AWS4-") {
        return None;
    }
    let own = |at: usize| lines.get(at).map(|line| without(indent, line).trim_end());
    let (time, scope, hash) = (own(1)?, own(2)?, own(3)?);
    let is_time = time.len() == 16 && time.ends_with('Z');
    (is_time && scope.contains('/') && !scope.contains(' ') && is_hash(hash))
        .then(|| ([algorithm, time, scope, hash].join("\n"), 4))
}

/// A line's blanks at its start and its last word, behind a label if there is one.
fn last_word(line: &str) -> (&str, &str) {
    let trimmed = line.trim();
    let indent = line.len() - line.trim_start().len();
    let indent = line.get(..indent).unwrap_or_default();
    match trimmed.rsplit_once([' ', '=', ':', '\t']) {
        // Behind a label the following lines stand at the margin.
        Some((label, word)) if label.trim_end().ends_with([':', '=']) || label.contains(' ') => {
            ("", word)
        }
        Some((_, word)) if !trimmed.contains(' ') => ("", word),
        Some(_) => ("", trimmed),
        None => (indent, trimmed),
    }
}

fn without<'a>(indent: &str, line: &'a str) -> &'a str {
    line.strip_prefix(indent)
        .unwrap_or_else(|| line.trim_start())
}

fn is_canonical_header(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase())
    })
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `Signature: 3362d7c8…`
fn signature_of(line: &str) -> Option<&str> {
    let (label, hex) = line.trim_end().rsplit_once([' ', '=', ':'])?;
    let is_label = label
        .trim_end_matches([' ', '=', ':', '-'])
        .to_ascii_lowercase();
    (is_hash(hex) && is_label.ends_with("signature")).then_some(hex)
}

/// The value of an `Authorization` header wherever it stands.
fn authorization_in(text: &str) -> Option<String> {
    let at = text
        .rmatch_indices("AWS4-")
        .take(64)
        .map(|(at, _)| at)
        .find(|at| {
            text.get(*at..).is_some_and(|rest| {
                let line = rest.lines().next().unwrap_or_default();
                line.split_once(" Credential=")
                    .is_some_and(|(algorithm, rest)| {
                        !algorithm.contains(' ') && rest.contains("Signature=")
                    })
            })
        });
    let line = text.get(at?..)?.lines().next()?;
    let end = line.find(['"', '\'']).unwrap_or(line.len());
    Some(line.get(..end)?.trim().to_owned())
}

/// The answer somewhere in a text.
fn answer_in(text: &str) -> Option<GivenAnswer> {
    const STARTS: usize = 500;
    const MARKUP: usize = 4 << 10;
    let mut starts = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .take(STARTS)
        .filter_map(|at| text.get(at..));
    let status = text
        .split_once("Response code: ")
        .and_then(|(_, rest)| rest.get(..3)?.parse().ok());
    starts.find_map(|from| {
        let line = from.lines().next().unwrap_or_default();
        if http_text::is_status_line(line) {
            return http_text::read(from)?.answer;
        }
        if from.starts_with(['{', '[']) {
            let mut values =
                serde_json::Deserializer::from_str(from).into_iter::<serde_json::Value>();
            values.next()?.ok()?;
            let body = from.get(..values.byte_offset())?.to_owned();
            return Some(GivenAnswer::new(status, Vec::new(), body));
        }
        let is_answer = super::answer::is_answer(line)
            || (from.starts_with('<')
                && super::answer::is_answer(
                    from.get(..from.floor_char_boundary(MARKUP))
                        .unwrap_or_default(),
                ));
        is_answer.then(|| GivenAnswer::new(status, Vec::new(), from.trim_end().to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigv4::hash_hex;

    fn canonical() -> String {
        format!(
            "GET\n/prod/pets\na=1\nhost:h.example\nx-amz-date:20260102T030405Z\n\nhost;x-amz-date\n{}",
            hash_hex(b"")
        )
    }

    fn string_to_sign() -> String {
        format!(
            "AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/us-east-1/execute-api/aws4_request\n{}",
            hash_hex(canonical().as_bytes())
        )
    }

    #[test]
    fn a_derivation_is_found_wherever_it_stands() {
        let (canonical, string) = (canonical(), string_to_sign());
        let answer = "{\"message\":\"Signature expired: x\"}";
        let whole = format!("HTTP/1.1 403 Forbidden\nx: y\n\n{answer}");
        let indented = format!("    {}\n", canonical.replace('\n', "\n    "));
        for text in [
            format!("{canonical}\n\n{answer}"),
            format!("{canonical}\n{answer}"),
            format!("{answer}\n{canonical}"),
            format!("{whole}\n\n{canonical}\n"),
            format!("Canonical request:\n{canonical}\n\nString to sign:\n{string}\n\n{whole}"),
            format!(
                "DEBUG:awscurl:CANONICAL REQUEST = {canonical}\nDEBUG:awscurl:STRING_TO_SIGN = {string}\n{answer}"
            ),
            format!("The canonical request\n{indented}\n{answer}"),
            canonical.replace('\n', "\r\n") + "\r\n\r\n" + answer,
            format!("GET /prod/pets?a=1 HTTP/1.1\nHost: h.example\n\n{whole}\n\n{canonical}"),
            format!("curl 'https://h.example/prod/pets?a=1'\n{canonical}\n{answer}"),
        ] {
            let found = crate::explain::read(&text).unwrap();
            let steps = found.steps.unwrap();
            assert_eq!(steps.canonical_request.as_ref(), Some(&canonical), "{text}");
            let told = steps.string_to_sign;
            assert_eq!(told.is_some(), text.contains("AWS4"), "{text}");
            assert!(told.is_none_or(|told| told == string), "{text}");
            let request = found.request.unwrap();
            assert_eq!(request.method, "GET", "{text}");
            assert_eq!(request.url, "https://h.example/prod/pets?a=1", "{text}");
            let message = found.answer.and_then(|answer| answer.message);
            assert_eq!(message.as_deref(), Some("Signature expired: x"), "{text}");
        }
    }

    #[test]
    fn the_five_steps_as_printed_for_people() {
        let hash = hash_hex(b"");
        let hex = "ab".repeat(32);
        let text = format!(
            "Signed as credentials of the environment\nRegion    us-east-1\n\n1 Canonical request\n  method         GET\n  path           /prod/pets\n  query          a=1\n  header         host:h.example\n  header         x-amz-date:20260102T030405Z\n  end of headers \n  signed headers host;x-amz-date\n  body           {hash}\n  SHA-256        {hash}\n\n2 String to sign\n  algorithm      AWS4-HMAC-SHA256\n  time           20260102T030405Z\n  scope          20260102/us-east-1/execute-api/aws4_request\n  SHA-256 of 1   {}\n\n3 Signing key\n  kDate    = HMAC(\"AWS4\" + secret key, \"20260102\")\n\n4 Signature\n  HMAC(kSigning, string to sign) = {hex}\n\n5 Headers added\n  x-amz-date: 20260102T030405Z\n  authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature={hex}\nHTTP/1.1 403 Forbidden\n\n{{\"message\":\"Forbidden\"}}\n",
            hash_hex(canonical().as_bytes())
        );
        let found = crate::explain::read(&text).unwrap();
        let steps = found.steps.unwrap();
        assert_eq!(steps.canonical_request, Some(canonical()));
        assert_eq!(steps.string_to_sign, Some(string_to_sign()));
        let signature = found.request.unwrap().signature.unwrap();
        assert_eq!(signature.access_key_id(), Some("AKIAIOSFODNN7EXAMPLE"));
        assert_eq!(signature.signature, Some(hex));
        let answer = found.answer.unwrap();
        assert_eq!(
            (answer.status, answer.message.as_deref()),
            (Some(403), Some("Forbidden"))
        );
    }

    #[test]
    fn other_texts_have_no_steps() {
        for text in [
            "GET\n/prod\n\nhost:h",
            "Use GET\n/prod/pets\nit works",
            "HTTP/1.1 403 Forbidden\n\n{\"message\":\"Forbidden\"}",
        ] {
            assert!(printed(text).is_none() && plain(text).is_none(), "{text}");
        }
    }
}
