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

/// Larger bodies are not serialised and hashed anew: that would take longer than anybody waits.
const LARGEST: usize = 1 << 20;
/// The longest body that is tried as the canonical request's last line.
const LONGEST_LINE: usize = 16 << 10;
/// UTF-8's byte order mark, which some editors write.
const BOM: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn candidates(basis: &Basis) -> Vec<Candidate> {
    let line = |name, code, what: &'static str, line: String| {
        Candidate::new(name, code, Dimension::Payload, what, Effect::Payload(line))
    };
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
    let Some(body) = basis.body.as_ref().filter(|body| body.len() <= LARGEST) else {
        return all;
    };
    let hashed =
        |name, what: &'static str, body: &[u8]| line(name, "body-changed", what, hash_hex(body));
    all.push(line(
        "payload-in-base64",
        "canonical-layout",
        "the body's hash was written in Base64 instead of hex",
        STANDARD.encode(Sha256::digest(body)),
    ));
    all.push(hashed(
        "payload-with-line-feed",
        "a line feed behind the body was signed that was not sent",
        &[body, b"\n".as_slice()].concat(),
    ));
    all.push(hashed(
        "payload-with-crlf",
        "a line break (CR LF) behind the body was signed that was not sent",
        &[body, b"\r\n".as_slice()].concat(),
    ));
    all.push(match body.strip_prefix(BOM) {
        Some(rest) => hashed(
            "payload-without-bom",
            "the body was signed without the byte order mark before it, which was sent",
            rest,
        ),
        None => hashed(
            "payload-with-bom",
            "the body was signed with a byte order mark before it, which was not sent",
            &[BOM, body].concat(),
        ),
    });
    if let Ok(text) = std::str::from_utf8(body) {
        let unix = text.replace("\r\n", "\n");
        all.extend([
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
                "payload-trimmed",
                "the body was signed without the white space around it",
                text.trim().as_bytes(),
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
        ]);
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
        all.push(hashed(name, what, body.as_bytes()));
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
