//! What signers make of the body.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::basis::{Basis, EMPTY_SHA256};
use super::mutation::{Candidate, Dimension, Effect};
use crate::explain::Mending;
use crate::sigv4::hash_hex;

/// Of larger bodies only what their hash continues to is tried, with more or less white space at the
/// end: every other form would have to be written and hashed anew, longer than anybody waits.
const LARGEST_REWRITTEN: usize = 64 << 10;
/// The longest body that is tried as the canonical request's last line.
const LONGEST_LINE: usize = 16 << 10;
/// UTF-8's byte order mark, which some editors write.
const BOM: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn candidates(basis: &Basis) -> Vec<Candidate> {
    // The client itself tells the hash that it signed, and it is the right one.
    if basis.is_payload_told {
        return Vec::new();
    }
    let right = &basis.canonical.hashed_payload;
    let mut all = vec![
        line(
            "payload-of-nothing",
            "body-not-signed",
            "the hash of an empty body was signed",
            EMPTY_SHA256.to_owned(),
        )
        .mended_by(Mending::SignPayload),
        line(
            "payload-unsigned",
            "unsigned-payload",
            "UNSIGNED-PAYLOAD was signed instead of the body's hash",
            "UNSIGNED-PAYLOAD".to_owned(),
        )
        .mended_by(Mending::SignPayload),
    ];
    all.extend(basis.values("x-amz-content-sha256").map(|value| {
        line(
            "payload-of-the-header",
            "body-changed",
            "the value of x-amz-content-sha256 was signed, which is not the body's hash",
            value.trim().to_owned(),
        )
    }));
    all.extend([
        line(
            "payload-line-empty",
            "body-not-signed",
            "an empty line was signed instead of the body's hash",
            String::new(),
        ),
        line(
            "payload-in-upper-case",
            "canonical-layout",
            "the body's hash was written in upper-case hex",
            right.to_uppercase(),
        ),
    ]);
    let Some(body) = &basis.body else {
        return all;
    };
    if let Ok(bytes) = hex::decode(right) {
        all.push(line(
            "payload-in-base64",
            "canonical-layout",
            "the body's hash was written in Base64 instead of hex",
            STANDARD.encode(bytes),
        ));
    }
    all.extend(with_other_ends(body));
    if body.len() <= LARGEST_REWRITTEN {
        all.push(with_or_without_bom(body));
        all.extend(rewritten(body));
    }
    for (name, what, body) in [
        (
            "payload-of-null",
            "the hash of the text null was signed",
            "null",
        ),
        (
            "payload-of-braces",
            "the hash of the text {} was signed",
            "{}",
        ),
        (
            "payload-of-quotes",
            "the hash of the text \"\" was signed",
            "\"\"",
        ),
    ] {
        all.push(changed(name, what, hash_hex(body.as_bytes())));
    }
    all
}

/// The body with a byte order mark before it, or without the one that it has.
fn with_or_without_bom(body: &[u8]) -> Candidate {
    match body.strip_prefix(BOM) {
        Some(rest) => changed(
            "payload-without-bom",
            "the body was signed without the byte order mark before it, which was sent",
            hash_hex(rest),
        ),
        None => changed(
            "payload-with-bom",
            "the body was signed with a byte order mark before it, which was not sent",
            hash_hex(&[BOM, body].concat()),
        ),
    }
}

/// A payload line: of another body, or written another way.
fn line(name: &'static str, code: &'static str, what: &'static str, line: String) -> Candidate {
    Candidate::new(name, code, Dimension::Payload, what, Effect::Payload(line))
}

/// The hash of another body.
fn changed(name: &'static str, what: &'static str, hash: String) -> Candidate {
    line(name, "body-changed", what, hash)
}

/// The body with more or less behind it, in one pass over it: a hash goes on from where it is.
fn with_other_ends(body: &[u8]) -> Vec<Candidate> {
    let hash = |state: Sha256| hex::encode(state.finalize());
    let trimmed = match std::str::from_utf8(body) {
        Ok(text) => text.trim_end().len(),
        Err(_) => body.len(),
    };
    let (kept, end) = body.split_at(trimmed);
    let without_end = Sha256::new_with_prefix(kept);
    let whole = without_end.clone().chain_update(end);
    let mut all = vec![
        changed(
            "payload-with-line-feed",
            "a line feed behind the body was signed that was not sent",
            hash(whole.clone().chain_update(b"\n")),
        ),
        changed(
            "payload-with-crlf",
            "a line break (CR LF) behind the body was signed that was not sent",
            hash(whole.chain_update(b"\r\n")),
        ),
    ];
    if let Ok(text) = std::str::from_utf8(kept) {
        let trimmed = text.trim_start();
        all.push(changed(
            "payload-trimmed",
            "the body was signed without the white space around it",
            if trimmed.len() == kept.len() {
                hash(without_end)
            } else {
                hash_hex(trimmed.as_bytes())
            },
        ));
    }
    all
}

/// The body written another way.
fn rewritten(body: &[u8]) -> Vec<Candidate> {
    let Ok(text) = std::str::from_utf8(body) else {
        return Vec::new();
    };
    let hashed = |name, what: &'static str, other: &[u8]| changed(name, what, hash_hex(other));
    let unix = text.replace("\r\n", "\n");
    let mut all = vec![
        hashed(
            "payload-with-lf",
            "the body was signed with LF line ends and sent with CR LF",
            unix.as_bytes(),
        ),
        hashed(
            "payload-with-crlf-lines",
            "the body was signed with CR LF line ends and sent with LF",
            unix.replace('\n', "\r\n").as_bytes(),
        ),
        hashed(
            "payload-without-line-feeds",
            "the body was signed without its line feeds",
            text.replace(['\r', '\n'], "").as_bytes(),
        ),
        hashed(
            "payload-quoted",
            "the body was signed as a JSON string of itself",
            Value::from(text).to_string().as_bytes(),
        ),
    ];
    if text.len() <= LONGEST_LINE {
        all.push(line(
            "payload-itself",
            "canonical-layout",
            "the body itself was signed instead of its hash",
            text.to_owned(),
        ));
    }
    if let Some(latin) = latin_1(text) {
        all.push(hashed(
            "payload-in-latin-1",
            "the body was signed in Latin-1 and sent in UTF-8",
            &latin,
        ));
    }
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        all.extend(
            serialized(&json)
                .into_iter()
                .map(|(name, what, text)| hashed(name, what, text.as_bytes())),
        );
    }
    all
}

fn latin_1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect()
}

/// A JSON document as the usual serialisers write it.
fn serialized(json: &Value) -> Vec<(&'static str, &'static str, String)> {
    let spaced = python(json, false);
    let mut all = vec![
        (
            "payload-as-compact-json",
            "the JSON was signed without blanks and sent with them",
            json.to_string(),
        ),
        (
            "payload-as-python-json",
            "the JSON was signed with a blank behind : and , as Python writes it, and sent \
             otherwise",
            python(json, true),
        ),
        (
            "payload-as-spaced-json",
            "the JSON was signed with a blank behind : and , and sent otherwise",
            spaced,
        ),
        (
            "payload-as-sorted-json",
            "the JSON was signed with its keys sorted and sent otherwise",
            sorted(json).to_string(),
        ),
    ];
    if let Ok(pretty) = serde_json::to_string_pretty(json) {
        let wider: String = pretty
            .split('\n')
            .map(|line| {
                let blanks = line.len() - line.trim_start().len();
                format!("{}{line}", " ".repeat(blanks))
            })
            .collect::<Vec<_>>()
            .join("\n");
        all.push((
            "payload-as-indented-json",
            "the JSON was signed with line breaks and indents and sent otherwise",
            pretty,
        ));
        all.push((
            "payload-as-wide-json",
            "the JSON was signed with line breaks and wide indents and sent otherwise",
            wider,
        ));
    }
    all
}

/// As Python's `json.dumps` writes it; `ascii` escapes everything else.
fn python(json: &Value, ascii: bool) -> String {
    match json {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| python(item, ascii)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| {
                    let name = python(&Value::from(name.as_str()), ascii);
                    format!("{name}: {}", python(value, ascii))
                })
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::String(_) if ascii => {
            let mut out = String::new();
            for unit in json.to_string().encode_utf16() {
                match u8::try_from(unit) {
                    Ok(byte) if byte.is_ascii() => out.push(char::from(byte)),
                    Ok(_) | Err(_) => {
                        // Writing to a String cannot fail.
                        write!(out, "\\u{unit:04x}").ok();
                    }
                }
            }
            out
        }
        other => other.to_string(),
    }
}

fn sorted(json: &Value) -> Value {
    match json {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            fields
                .into_iter()
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
