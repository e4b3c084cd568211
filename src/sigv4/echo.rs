//! The gateway's own canonical request and string to sign, as a 403 repeats them.
//!
//! Layout: two blocks between single quotes behind fixed sentences, seen in
//! [mhart/aws4#33](https://github.com/mhart/aws4/issues/33). Services that answer in XML escape
//! them; S3 has an element for each of the two instead.

use std::borrow::Cow;
use std::fmt;

use memchr::memmem;

use super::canonical_request::hash_hex;

const SENTENCE: &str = "The Canonical String for this request should have been";
const CANONICAL_START: &str = "The Canonical String for this request should have been\n'";
const BETWEEN: &str = "'\n\nThe String-to-Sign should have been\n'";
const CANONICAL_ELEMENT: &str = "CanonicalRequest";
const STRING_TO_SIGN_ELEMENT: &str = "StringToSign";

/// JSON is looked for in the strings of JSON down to this depth.
const WRAPPINGS: usize = 8;

/// What a gateway says it computed. `Debug` shows no canonical request: it repeats tokens and API
/// keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Echo {
    /// Its canonical request.
    pub canonical_request: String,
    /// Its string to sign.
    pub string_to_sign: String,
}

impl Echo {
    /// Finds the echo in an answer's body: in a JSON string anywhere in it, in JSON inside such a
    /// string, in XML, or in plain text. Line breaks come back as `\n`, whatever they were.
    pub fn find(body: &str) -> Option<Self> {
        let holds = |needle: &str| memmem::find(body.as_bytes(), needle.as_bytes()).is_some();
        let is_told =
            holds(SENTENCE) || (holds(CANONICAL_ELEMENT) && holds(STRING_TO_SIGN_ELEMENT));
        if !is_told {
            return None;
        }
        Self::find_in_string(body, WRAPPINGS)
    }

    /// Whether canonical request and string to sign belong together. If not, something between the
    /// gateway and here has reformatted them, and a difference may be its work.
    pub fn is_intact(&self) -> bool {
        let hash = self.string_to_sign.rsplit('\n').next();
        hash == Some(hash_hex(self.canonical_request.as_bytes()).as_str())
    }

    fn find_in_json(value: &serde_json::Value, wrappings: usize) -> Option<Self> {
        match value {
            serde_json::Value::String(text) => Self::find_in_string(text, wrappings),
            serde_json::Value::Array(items) => items
                .iter()
                .find_map(|item| Self::find_in_json(item, wrappings)),
            serde_json::Value::Object(fields) => fields
                .values()
                .find_map(|field| Self::find_in_json(field, wrappings)),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
                None
            }
        }
    }

    fn find_in_string(text: &str, wrappings: usize) -> Option<Self> {
        if wrappings > 0
            && text.trim_start().starts_with(['{', '[', '"'])
            && let Ok(json) = serde_json::from_str::<serde_json::Value>(text)
            && let Some(found) = Self::find_in_json(&json, wrappings - 1)
        {
            return Some(found);
        }
        if text.contains("</") {
            // Markup, so that its entities are no part of the echo.
            return Self::find_in_elements(text)
                .or_else(|| Self::find_in_text(&unescape_xml(text)));
        }
        Self::find_in_text(text)
            .or_else(|| Self::find_in_text(&unescape_xml(text)))
            .or_else(|| Self::find_escaped(text))
    }

    /// S3's form: `<StringToSign>` and `<CanonicalRequest>`.
    fn find_in_elements(text: &str) -> Option<Self> {
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            let (content, _) = rest.split_once(&format!("</{name}>"))?;
            Some(with_line_feeds(&unescape_xml(content)).into_owned())
        };
        Some(Self {
            canonical_request: element(CANONICAL_ELEMENT)?,
            string_to_sign: element(STRING_TO_SIGN_ELEMENT)?,
        })
    }

    /// A piece of JSON that is none by itself: its line breaks are still `\n`, or `\\n` if it was
    /// a string in a string.
    fn find_escaped(text: &str) -> Option<Self> {
        let mut text = text.to_owned();
        for _ in 0..WRAPPINGS {
            let shorter = unescape_json(&text);
            if shorter.len() == text.len() {
                return None;
            }
            text = shorter;
            if let Some(found) = Self::find_in_text(&text) {
                return Some(found);
            }
        }
        None
    }

    fn find_in_text(text: &str) -> Option<Self> {
        let text = with_line_feeds(text);
        let (_, rest) = text.split_once(CANONICAL_START)?;
        let (canonical_request, rest) = rest.split_once(BETWEEN)?;
        let end = end_of_string_to_sign(rest)?;
        Some(Self {
            canonical_request: canonical_request.to_owned(),
            string_to_sign: rest.get(..end)?.to_owned(),
        })
    }
}

impl fmt::Debug for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Echo")
            .field("canonical_request_bytes", &self.canonical_request.len())
            .field("string_to_sign", &self.string_to_sign)
            .finish_non_exhaustive()
    }
}

/// Where the quote behind the four lines is. A quote in an earlier line belongs to the text.
fn end_of_string_to_sign(text: &str) -> Option<usize> {
    match text.match_indices('\n').nth(2) {
        Some((line, _)) => text
            .get(line..)
            .and_then(|rest| rest.find('\''))
            .map(|at| line + at),
        None => text.rfind('\''),
    }
}

fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").into()
    } else {
        text.into()
    }
}

/// XML's entities and character references resolved; an `&` that begins none stays.
fn unescape_xml(text: &str) -> String {
    /// The longest is `&#x10FFFF;`.
    const LONGEST: usize = 10;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.find('&').map(|at| rest.split_at(at)) {
        out.push_str(before);
        let entity = from
            .as_bytes()
            .iter()
            .take(LONGEST)
            .position(|byte| *byte == b';')
            .and_then(|end| from.split_at_checked(end + 1))
            .and_then(|(entity, after)| {
                let resolved = quick_xml::escape::unescape(entity).ok()?;
                Some((resolved.into_owned(), after))
            });
        if let Some((resolved, after)) = entity {
            out.push_str(&resolved);
            rest = after;
        } else {
            out.push('&');
            rest = from.strip_prefix('&').unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// The escapes of a JSON string that an echo can hold resolved once; others stay.
fn unescape_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            out.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(same @ ('"' | '/' | '\\')) => out.push(same),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// Where two texts first part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line, from 0.
    pub line: usize,
    /// The line on our side; `None` if ours ends before.
    pub ours: Option<String>,
    /// The line on their side; `None` if theirs ends before.
    pub theirs: Option<String>,
}

/// The first line in which two texts differ.
pub fn first_difference(ours: &str, theirs: &str) -> Option<Difference> {
    let mut left = ours.split('\n');
    let mut right = theirs.split('\n');
    let mut line = 0;
    loop {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (a, b) if a == b => line += 1,
            (a, b) => {
                return Some(Difference {
                    line,
                    ours: a.map(str::to_owned),
                    theirs: b.map(str::to_owned),
                });
            }
        }
    }
}

/// Every line (from 0) of ours that their text does not have at that place.
pub fn differing_lines(ours: &str, theirs: &str) -> Vec<usize> {
    let theirs: Vec<&str> = theirs.split('\n').collect();
    ours.split('\n')
        .enumerate()
        .filter(|(index, line)| theirs.get(*index) != Some(line))
        .map(|(index, _)| index)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The raw answer that mhart/aws4#33 shows, shortened hashes and all.
    const BODY: &str = r#"{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'POST\n/LocationQuery_stage\n\nhost:a5g085p7md.execute-api.us-east-1.amazonaws.com\nx-amz-date:20200211T205529Z\n\nhost;x-amz-date\n23d10f'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20200211T205529Z\n20200211/us-east-1/execute-api/aws4_request\nb0e1'\n"}"#;

    #[test]
    fn the_echo_is_found_wherever_it_is_wrapped() {
        let echo = Echo::find(BODY).unwrap();
        assert!(
            echo.canonical_request
                .starts_with("POST\n/LocationQuery_stage\n\nhost:")
        );
        assert!(echo.canonical_request.ends_with("\n23d10f"));
        assert!(echo.string_to_sign.ends_with("\nb0e1"));
        assert_eq!(
            Echo::find(&format!(r#"{{"errors":[{BODY}]}}"#)).unwrap(),
            echo
        );
        assert_eq!(Echo::find(r#"{"message":"Forbidden"}"#), None);
    }

    /// A whole echo whose hash is right, with every character that wrappings escape.
    fn whole() -> (Echo, String) {
        let canonical_request = format!(
            "GET\n/prod/o'hara%2520\na=1&b=%3Cx%3E\nhost:h\nx-note:\"a\" <b>\t& 'c'\n\nhost;x-note\n{}",
            hash_hex(b"")
        );
        let string_to_sign = format!(
            "AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/eu'west/execute-api/aws4_request\n{}",
            hash_hex(canonical_request.as_bytes())
        );
        let message =
            format!("Intro.\n\n{CANONICAL_START}{canonical_request}{BETWEEN}{string_to_sign}'\n");
        let echo = Echo {
            canonical_request,
            string_to_sign,
        };
        (echo, message)
    }

    #[test]
    fn every_wrapping_gives_the_same_echo() {
        let (echo, message) = whole();
        assert!(echo.is_intact());
        let json = serde_json::json!({ "message": message }).to_string();
        let twice = serde_json::json!({"errors": [{"detail": json}]}).to_string();
        let thrice = serde_json::json!([{ "error": twice }]).to_string();
        let xml = format!(
            "<?xml version='1.0'?>\n<ErrorResponse><Error><Message>{}</Message></Error><RequestId>it's</RequestId></ErrorResponse>",
            quick_xml::escape::escape(message.as_str())
        );
        let references = xml.replace('\n', "&#xA;").replace("&#xA;<Err", "<Err");
        let s3 = format!(
            "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>{}</StringToSign><CanonicalRequest>{}</CanonicalRequest></Error>",
            quick_xml::escape::escape(echo.string_to_sign.as_str()),
            quick_xml::escape::escape(echo.canonical_request.as_str())
        );
        let broken = json.trim_end_matches('}').to_owned();
        let broken_twice = format!("ERROR {}", twice.trim_end_matches('}'));
        for body in [
            message.clone(),
            message.replace('\n', "\r\n"),
            serde_json::json!({"message": message.replace('\n', "\r\n")}).to_string(),
            json,
            twice,
            thrice,
            xml,
            references,
            s3,
            broken,
            broken_twice,
        ] {
            assert_eq!(Echo::find(&body).as_ref(), Some(&echo), "{body}");
        }
    }

    #[test]
    fn a_reformatted_echo_says_so() {
        let (echo, message) = whole();
        let trimmed = message.replace("\t& 'c'", "& 'c'");
        let found = Echo::find(&trimmed).unwrap();
        assert_ne!(found, echo);
        assert!(!found.is_intact());
        assert!(!Echo::find(BODY).unwrap().is_intact());
    }

    #[test]
    fn an_ampersand_alone_stays() {
        assert_eq!(unescape_xml("a&b&&amp;&#65;&nbsp;&"), "a&b&&A&nbsp;&");
        assert_eq!(unescape_json("a\\nb\\u0041\\\\n\\"), "a\nb\\u0041\\n\\");
    }

    #[test]
    fn the_first_line_that_differs() {
        assert_eq!(first_difference("a\nb", "a\nb"), None);
        let difference = first_difference("a\nb\nc", "a\nx\nc").unwrap();
        assert_eq!(
            (
                difference.line,
                difference.ours.as_deref(),
                difference.theirs.as_deref()
            ),
            (1, Some("b"), Some("x"))
        );
        assert_eq!(first_difference("a", "a\nb").unwrap().ours, None);
        assert_eq!(differing_lines("a\nb\nc", "x\nb"), [0, 2]);
    }
}
