//! An answer's body, made ready to look at: decoded, judged, indented, cut into lines.
//!
//! All of it happens once, off the UI thread; drawing only picks the rows it shows.

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use serde::de::IgnoredAny;

use crate::secret::Redactor;
use crate::sigv4::Echo;

/// Bodies above this many bytes are shown raw only: indenting needs several times the memory.
const PRETTY_LIMIT: usize = 32 << 20;

/// Answers above this many bytes are not searched for a gateway's echo: those that have one are
/// smaller.
const ECHO_LIMIT: usize = 256 << 10;

/// A display row is at most so many bytes; longer lines are cut into several rows, because laying
/// out one line of a megabyte takes seconds.
const ROW_LIMIT: usize = 1024;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// Nothing.
    Empty,
    /// JSON that can be read.
    Json,
    /// XML or HTML, by its type.
    Markup,
    /// Other text.
    Text,
    /// Not text.
    Binary,
}

/// A body with its readings.
#[derive(Clone)]
pub struct ResponseBody {
    /// What it is.
    pub kind: BodyKind,
    /// The bytes after content decoding, as they came.
    pub bytes: Bytes,
    /// The text for showing, if it is text: as it came, secrets of the request as dots.
    pub raw: Option<Arc<LineIndex>>,
    /// The indented text, if it is JSON and not too large.
    pub pretty: Option<Arc<LineIndex>>,
    /// The gateway's own derivation, if the answer repeats it. It may hold secrets.
    pub echo: Option<Echo>,
}

impl ResponseBody {
    /// Judges and prepares decoded bytes of an answer to a request without secrets.
    pub fn new(bytes: Bytes, content_type: &str) -> Self {
        Self::redacted(bytes, content_type, &Redactor::default())
    }

    /// Judges and prepares decoded bytes. What the answer repeats of the request's secrets is taken
    /// out of the texts for showing; the bytes stay.
    pub fn redacted(bytes: Bytes, content_type: &str, redactor: &Redactor) -> Self {
        let is_text = |text: &&str| !text.contains('\0');
        let Some(text) = std::str::from_utf8(&bytes).ok().filter(is_text) else {
            return Self::bare(BodyKind::Binary, bytes);
        };
        if text.is_empty() {
            return Self::bare(BodyKind::Empty, bytes);
        }
        let echo = (text.len() <= ECHO_LIMIT)
            .then(|| Echo::find(text))
            .flatten();
        let shown: Arc<str> = if redactor.is_empty() {
            text.into()
        } else {
            redactor.redact(text).into()
        };
        let content_type = content_type.to_ascii_lowercase();
        let looks_like_json =
            content_type.contains("json") || text.trim_start().starts_with(['{', '[']);
        let is_json = looks_like_json
            && bytes.len() <= PRETTY_LIMIT
            && serde_json::from_slice::<IgnoredAny>(&bytes).is_ok();
        let is_markup = content_type.contains("xml")
            || content_type.contains("html")
            || text.trim_start().starts_with("<?xml");
        let kind = match (is_json, is_markup) {
            (true, _) => BodyKind::Json,
            (false, true) => BodyKind::Markup,
            (false, false) => BodyKind::Text,
        };
        let pretty = is_json.then(|| Arc::new(LineIndex::new(indent_json(&shown).into())));
        let raw = Some(Arc::new(LineIndex::new(shown)));
        Self {
            kind,
            bytes,
            raw,
            pretty,
            echo,
        }
    }

    fn bare(kind: BodyKind, bytes: Bytes) -> Self {
        Self {
            kind,
            bytes,
            raw: None,
            pretty: None,
            echo: None,
        }
    }

    /// The text for showing, if it is text.
    pub fn text(&self) -> Option<&str> {
        self.raw.as_ref().map(|lines| lines.text())
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Answers may repeat secrets.
        write!(
            f,
            "ResponseBody({:?}, {} bytes)",
            self.kind,
            self.bytes.len()
        )
    }
}

/// Indents JSON without touching a letter of its values: `1.10` stays `1.10`, long numbers keep
/// their digits, repeated names stay. The text is known to be JSON.
fn indent_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut chars = text.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                let mut is_escaped = false;
                for c in chars.by_ref() {
                    out.push(c);
                    match c {
                        '\\' => is_escaped = !is_escaped,
                        '"' if !is_escaped => break,
                        _ => is_escaped = false,
                    }
                }
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = chars.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// A text cut into display rows.
#[derive(Clone)]
pub struct LineIndex {
    text: Arc<str>,
    /// Where each row begins, and the text's end.
    starts: Vec<u32>,
    /// For each row, the number of its line from 1; 0 for a row that continues the one above.
    numbers: Vec<u32>,
}

impl LineIndex {
    /// Cuts a text at line feeds, and long lines on character boundaries.
    pub fn new(text: Arc<str>) -> Self {
        let mut starts = Vec::new();
        let mut numbers = Vec::new();
        let mut line_start = 0;
        let mut number = 0;
        let ends = memchr::memchr_iter(b'\n', text.as_bytes())
            .map(|i| i + 1)
            .chain([text.len()]);
        for line_end in ends {
            number += 1;
            let mut from = line_start;
            starts.push(from as u32);
            numbers.push(number);
            while line_end - from > ROW_LIMIT {
                let cut = text.floor_char_boundary(from + ROW_LIMIT);
                starts.push(cut as u32);
                numbers.push(0);
                from = cut;
            }
            line_start = line_end;
        }
        starts.push(text.len() as u32);
        Self {
            text,
            starts,
            numbers,
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many display rows there are.
    pub fn rows(&self) -> usize {
        self.numbers.len()
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.numbers
            .iter()
            .rev()
            .copied()
            .find(|number| *number > 0)
            .unwrap_or(0) as usize
    }

    /// The text of a row without its line end.
    pub fn row(&self, row: usize) -> &str {
        self.text
            .get(self.row_range(row))
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r'])
    }

    /// The line number of a row, unless it continues the row above.
    pub fn number(&self, row: usize) -> Option<usize> {
        self.numbers
            .get(row)
            .copied()
            .filter(|number| *number > 0)
            .map(|number| number as usize)
    }

    fn row_range(&self, row: usize) -> Range<usize> {
        let at = |index: usize| self.starts.get(index).copied().unwrap_or_default() as usize;
        at(row)..at(row + 1)
    }
}

impl fmt::Debug for LineIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LineIndex({} rows)", self.rows())
    }
}

/// Why a body could not be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Larger than the bound when decoded.
    #[error("the decoded answer is larger than {0} bytes")]
    TooLarge(u64),
    /// Not what `content-encoding` says.
    #[error("the answer is not valid {0}")]
    Broken(String),
}

/// Undoes `content-encoding` ([RFC 9110 §8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4)):
/// gzip, deflate, br; others stay as they are. `limit` bounds the result in bytes.
pub fn decode_content(wire: Bytes, encoding: &str, limit: u64) -> Result<Bytes, DecodeError> {
    let mut bytes = wire;
    // The answer to HEAD, a 204, a 304: the coding is told of a body that is not there.
    if bytes.is_empty() {
        return Ok(bytes);
    }
    for coding in encoding
        .split(',')
        .rev()
        .map(|coding| coding.trim().to_ascii_lowercase())
    {
        let reader: Box<dyn Read + '_> = match coding.as_str() {
            "gzip" | "x-gzip" => Box::new(flate2::read::MultiGzDecoder::new(&bytes[..])),
            // Servers send zlib as the RFC says, or bare deflate as early browsers expected.
            "deflate" if bytes.first().is_some_and(|b| b & 0x0f == 8) => {
                Box::new(flate2::read::ZlibDecoder::new(&bytes[..]))
            }
            "deflate" => Box::new(flate2::read::DeflateDecoder::new(&bytes[..])),
            "br" => Box::new(brotli_decompressor::Decompressor::new(&bytes[..], 4096)),
            _ => continue,
        };
        let decoded = read_bounded(reader, limit).map_err(|error| match error {
            None => DecodeError::TooLarge(limit),
            Some(_) => DecodeError::Broken(coding.clone()),
        })?;
        bytes = decoded.into();
    }
    Ok(bytes)
}

/// Reads at most `limit` bytes; `Err(None)` is more than that.
fn read_bounded(reader: impl Read, limit: u64) -> Result<Vec<u8>, Option<io::Error>> {
    let mut out = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut out)
        .map_err(Some)?;
    if out.len() as u64 > limit {
        Err(None)
    } else {
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn gzip(data: &[u8]) -> Bytes {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn content_is_decoded_within_the_bound() {
        assert_eq!(
            decode_content(gzip(b"hello"), "gzip", 100).unwrap(),
            "hello"
        );
        assert_eq!(
            decode_content(Bytes::from_static(b"plain"), "identity", 100).unwrap(),
            "plain"
        );
        assert_eq!(decode_content(Bytes::new(), "gzip", 100).unwrap(), "");
        assert!(matches!(
            decode_content(gzip(&[0; 10_000]), "gzip", 999),
            Err(DecodeError::TooLarge(999))
        ));
        assert!(matches!(
            decode_content(Bytes::from_static(b"nope"), "gzip", 100),
            Err(DecodeError::Broken(_))
        ));
    }

    #[test]
    fn json_is_indented_and_keeps_its_order() {
        let body = ResponseBody::new(Bytes::from_static(br#"{"b":1,"a":[]}"#), "application/json");
        assert_eq!(body.kind, BodyKind::Json);
        assert_eq!(
            body.pretty.unwrap().text(),
            "{\n  \"b\": 1,\n  \"a\": []\n}"
        );
    }

    #[test]
    fn indenting_changes_no_value() {
        let text =
            r#"{"a":1.10,"b":123456789012345678901,"a":"x\\\",{\"","c":[],"d":[ {} , [1,2] ]}"#;
        let body = ResponseBody::new(Bytes::from_static(text.as_bytes()), "application/json");
        let pretty = body.pretty.unwrap();
        let squeezed: String = pretty.text().lines().map(str::trim_start).collect();
        assert_eq!(squeezed.replace(": ", ":"), text.replace(' ', ""));
        assert!(
            pretty.text().contains("\n  \"a\": 1.10,\n"),
            "{}",
            pretty.text()
        );
    }

    #[test]
    fn an_answer_that_repeats_a_secret_is_shown_without_it() {
        let redactor = Redactor::new([crate::secret::SecretString::new("k-123/4")]);
        let bytes = Bytes::from_static(br#"{"you sent":"k-123/4"}"#);
        let body = ResponseBody::redacted(bytes.clone(), "application/json", &redactor);
        assert!(!body.text().unwrap().contains("k-123"));
        assert!(!body.pretty.unwrap().text().contains("k-123"));
        assert_eq!(body.bytes, bytes);
    }

    #[test]
    fn broken_json_and_binary_are_what_they_are() {
        assert_eq!(
            ResponseBody::new(Bytes::from_static(b"{"), "application/json").kind,
            BodyKind::Text
        );
        assert_eq!(
            ResponseBody::new(Bytes::from_static(b"\xff\xfe"), "text/plain").kind,
            BodyKind::Binary
        );
        assert_eq!(ResponseBody::new(Bytes::new(), "").kind, BodyKind::Empty);
        assert_eq!(
            ResponseBody::new(Bytes::from_static(b"<a/>"), "text/xml").kind,
            BodyKind::Markup
        );
    }

    #[test]
    fn long_lines_become_several_rows_on_character_boundaries() {
        let text = format!("a\n{}\nz", "한".repeat(1000));
        let index = LineIndex::new(text.as_str().into());
        assert_eq!(index.lines(), 3);
        assert_eq!(index.rows(), 5);
        assert_eq!((index.row(0), index.row(4)), ("a", "z"));
        assert_eq!(
            (index.number(1), index.number(2), index.number(4)),
            (Some(2), None, Some(3))
        );
        let joined: String = (1..4).map(|row| index.row(row)).collect();
        assert_eq!(joined, "한".repeat(1000));
    }
}
