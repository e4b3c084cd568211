//! Step 1: the canonical request.
//!
//! ```text
//! CanonicalRequest = HTTPMethod ␊ CanonicalUri ␊ CanonicalQueryString ␊
//!                    CanonicalHeaders ␊ SignedHeaders ␊ HashedPayload
//! ```
//!
//! One derivation serves the signer's trace and the practice gateway's check. The signer hands in
//! the headers it chose; the gateway those that the request names and as they arrived.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode, utf8_percent_encode,
};
use sha2::{Digest as _, Sha256};

use crate::request::is_sensitive_header;
use crate::template::MASK;

/// Everything but the unreserved characters of
/// [RFC 3986 §2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
pub(super) const ENCODE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const ENCODE_PATH: &AsciiSet = &ENCODE.remove(b'/');

/// What becomes of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathRule {
    /// Remove dot segments and empty segments first.
    pub normalize: bool,
    /// Then encode every byte but the unreserved ones and `/`, `%` included.
    pub encode: bool,
}

/// Step 1's result. `Debug` masks the values of sensitive headers.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalRequest {
    /// The method as sent.
    pub http_method: String,
    /// The path by its [`PathRule`].
    pub canonical_uri: String,
    /// The query, each name and value encoded anew, sorted by name and then value.
    pub canonical_query_string: String,
    /// Lower-case name and normalised value, sorted by name; repeated names joined by `,`.
    pub canonical_headers: Vec<(String, String)>,
    /// Lower-case hex SHA-256 of the body, or `UNSIGNED-PAYLOAD`.
    pub hashed_payload: String,
}

/// Which part of the request a line came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CanonicalPart {
    /// The method.
    Method,
    /// The path.
    Path,
    /// The query.
    Query,
    /// A header, by its lower-case name.
    Header(String),
    /// The empty line behind the headers.
    EndOfHeaders,
    /// The list of signed headers.
    SignedHeaders,
    /// The body's hash.
    HashedPayload,
}

impl CanonicalPart {
    /// The word in the margin.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::Header(_) => "header",
            Self::EndOfHeaders => "end of headers",
            Self::SignedHeaders => "signed headers",
            Self::HashedPayload => "body",
        }
    }
}

/// A line of the canonical request with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalLine {
    /// The text without its line feed.
    pub text: String,
    /// Where it came from.
    pub part: CanonicalPart,
}

impl CanonicalRequest {
    /// Derives it. `headers` are the signed ones with any letter case and order; `path` and `query`
    /// are as on the wire.
    pub fn derive<'a>(
        method: &str,
        path: &str,
        query: &str,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        hashed_payload: impl Into<String>,
        rule: PathRule,
    ) -> Self {
        Self {
            http_method: method.to_owned(),
            canonical_uri: canonical_uri(path, rule),
            canonical_query_string: canonical_query_string(query),
            canonical_headers: canonical_headers(headers),
            hashed_payload: hashed_payload.into(),
        }
    }

    /// `SignedHeaders`: the names, joined by `;`.
    pub fn signed_headers(&self) -> String {
        let mut out = String::new();
        self.write_signed_headers(&mut out);
        out
    }

    /// Appends `SignedHeaders`.
    pub(super) fn write_signed_headers(&self, out: &mut String) {
        for (index, (name, _)) in self.canonical_headers.iter().enumerate() {
            if index > 0 {
                out.push(';');
            }
            out.push_str(name);
        }
    }

    /// Lower-case hex SHA-256 of the whole text: line 4 of the string to sign.
    pub fn sha256(&self) -> String {
        hash_hex(self.text().as_bytes())
    }

    /// The whole text.
    pub fn text(&self) -> String {
        let Self {
            http_method,
            canonical_uri,
            canonical_query_string,
            canonical_headers,
            hashed_payload,
        } = self;
        let mut out = String::with_capacity(1024);
        for line in [http_method, canonical_uri, canonical_query_string] {
            out.push_str(line);
            out.push('\n');
        }
        for (name, value) in canonical_headers {
            out.push_str(name);
            out.push(':');
            out.push_str(value);
            out.push('\n');
        }
        out.push('\n');
        self.write_signed_headers(&mut out);
        out.push('\n');
        out.push_str(hashed_payload);
        out
    }

    /// The same with the values of sensitive headers as dots. Its hash is another.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mut masked = self.clone();
        for (name, value) in &mut masked.canonical_headers {
            if is_sensitive_header(name) {
                MASK.clone_into(value);
            }
        }
        masked
    }

    /// The lines, each with its source.
    pub fn lines(&self) -> Vec<CanonicalLine> {
        let line = |text: &str, part| CanonicalLine {
            text: text.to_owned(),
            part,
        };
        let mut lines = vec![
            line(&self.http_method, CanonicalPart::Method),
            line(&self.canonical_uri, CanonicalPart::Path),
            line(&self.canonical_query_string, CanonicalPart::Query),
        ];
        for (name, value) in &self.canonical_headers {
            lines.push(line(
                &format!("{name}:{value}"),
                CanonicalPart::Header(name.clone()),
            ));
        }
        lines.push(line("", CanonicalPart::EndOfHeaders));
        lines.push(line(&self.signed_headers(), CanonicalPart::SignedHeaders));
        lines.push(line(&self.hashed_payload, CanonicalPart::HashedPayload));
        lines
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked().to_string())
    }
}

impl fmt::Display for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// Lower-case hex SHA-256.
pub fn hash_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes).into())
}

/// Lower-case hex digits of a hash; `hex::encode` goes letter by letter.
pub(super) fn hex(hash: &[u8; 32]) -> String {
    let mut digits = [0; 64];
    // 32 bytes are 64 digits.
    hex::encode_to_slice(hash, &mut digits).ok();
    String::from_utf8_lossy(&digits).into_owned()
}

/// `CanonicalUri`: the absolute path of the wire, by rule; an empty one is `/`.
pub fn canonical_uri(path: &str, rule: PathRule) -> String {
    let path = if path.is_empty() { "/" } else { path };
    let path = if rule.normalize {
        normalize(path)
    } else {
        path.to_owned()
    };
    if rule.encode {
        utf8_percent_encode(&path, ENCODE_PATH).to_string()
    } else {
        path
    }
}

/// Removes dot segments and empty segments. A path that ends in a dot segment keeps a slash there
/// ([RFC 3986 §5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4)); AWS's other signers
/// drop it, and HTTP clients remove dot segments before sending, so it seldom matters.
fn normalize(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let mut out = String::with_capacity(path.len());
    for segment in &kept {
        out.push('/');
        out.push_str(segment);
    }
    let ends_open = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end));
    if out.is_empty() || ends_open {
        out.push('/');
    }
    out
}

/// `CanonicalQueryString`: decoded as a form (live API Gateway reads a raw `+` as a space), encoded
/// anew, sorted by encoded name and then encoded value. A name without `=` gets one.
///
/// Byte by byte: `%FF` stays `%FF`, as AWS's C library has it. `aws-sigv4` would make it
/// `%EF%BF%BD`, so [`crate::request::resolve()`] refuses such a query before it comes to signing.
fn canonical_query_string(query: &str) -> String {
    fn again(text: &str) -> Cow<'_, str> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if text.bytes().all(is_plain) {
            return Cow::Borrowed(text);
        }
        let spaced = text.replace('+', " ");
        let decoded: Cow<'_, [u8]> = percent_decode(spaced.as_bytes()).into();
        percent_encode(&decoded, ENCODE).to_string().into()
    }
    let mut pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (again(name), again(value)))
        .collect();
    pairs.sort();
    let mut out = String::with_capacity(query.len());
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        out.push_str(name);
        out.push('=');
        out.push_str(value);
    }
    out
}

/// `CanonicalHeaders`: names lower-case and sorted, values trimmed and runs of spaces made one.
/// Values of one name are joined in the order of sending.
fn canonical_headers<'a>(
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<(String, String)> {
    let mut sorted: Vec<(String, String)> = headers
        .into_iter()
        .map(|(name, value)| (lower_case(name).into_owned(), collapse_spaces(value)))
        .collect();
    // Stable: values of one name keep their order.
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    sorted.dedup_by(|(name, value), (kept, values)| {
        let is_same = name == kept;
        if is_same {
            values.push(',');
            values.push_str(value);
        }
        is_same
    });
    sorted
}

/// A header's name in lower case; most are already.
pub(super) fn lower_case(name: &str) -> Cow<'_, str> {
    let may_change = |byte: u8| byte.is_ascii_uppercase() || !byte.is_ascii();
    if name.bytes().any(may_change) {
        name.to_lowercase().into()
    } else {
        name.into()
    }
}

/// Trims spaces and makes runs of them one. Only spaces: a tab inside a value stays, as in
/// `aws-sigv4`; [`crate::request::resolve()`] refuses one before it comes here.
fn collapse_spaces(value: &str) -> String {
    let is_right = !value.starts_with(' ') && !value.ends_with(' ') && !value.contains("  ");
    if is_right {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    for part in value.split(' ').filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATEWAY: PathRule = PathRule {
        normalize: true,
        encode: true,
    };
    const S3: PathRule = PathRule {
        normalize: false,
        encode: false,
    };

    #[test]
    fn the_path_of_the_wire_is_encoded_once_more() {
        for (wire, canonical) in [
            ("", "/"),
            ("/prod/a%20b", "/prod/a%2520b"),
            (
                "/$default/%40connections/x%3D",
                "/%24default/%2540connections/x%253D",
            ),
            ("/prod//pets/./x/../y/", "/prod/pets/y/"),
            ("/..", "/"),
            ("/a/.", "/a/"),
            ("/%2E%2E/a+b", "/%252E%252E/a%2Bb"),
            ("/ሴ", "/%E1%88%B4"),
        ] {
            assert_eq!(canonical_uri(wire, GATEWAY), canonical, "{wire}");
        }
        assert_eq!(canonical_uri("/a//b/../c%20", S3), "/a//b/../c%20");
    }

    #[test]
    fn the_query_is_decoded_encoded_and_sorted() {
        for (wire, canonical) in [
            ("", ""),
            ("type=dog&page=1", "page=1&type=dog"),
            ("b=2&a=2&a=1", "a=1&a=2&b=2"),
            ("a-b=1&a=2", "a=2&a-b=1"),
            ("q=a+b%2Bc", "q=a%20b%2Bc"),
            ("flag&&x=", "flag=&x="),
            ("a=b=c;d", "a=b%3Dc%3Bd"),
            ("q=%2a~%7e", "q=%2A~~"),
            ("=v", "=v"),
            ("b=%FF&a=%ff%80", "a=%FF%80&b=%FF"),
            ("100%", "100%25="),
        ] {
            assert_eq!(canonical_query_string(wire), canonical, "{wire}");
        }
    }

    #[test]
    fn headers_are_sorted_joined_and_trimmed() {
        let headers = canonical_headers([
            ("My-Header1", "  a   b  "),
            ("host", "h"),
            ("my-header1", "c"),
            ("A", ""),
        ]);
        let text: Vec<String> = headers.iter().map(|(n, v)| format!("{n}:{v}")).collect();
        assert_eq!(text, ["a:", "host:h", "my-header1:a b,c"]);
    }

    #[test]
    fn lines_are_the_text() {
        let request = CanonicalRequest::derive(
            "GET",
            "/p",
            "a=1",
            [("host", "h"), ("x-amz-date", "d")],
            "e3",
            GATEWAY,
        );
        let lines: Vec<String> = request.lines().into_iter().map(|line| line.text).collect();
        assert_eq!(lines.join("\n"), request.to_string());
    }
}
