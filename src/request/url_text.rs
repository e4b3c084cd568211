//! The URL's text: path parameters, illegal characters, and what `aws-sigv4` cannot sign.

use std::borrow::Cow;

use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};
use url::Url;

/// Characters that [RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3) does not
/// allow in a path but the URL Standard leaves alone.
const ILLEGAL_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The same for a query (§3.4).
const ILLEGAL_IN_QUERY: &AsciiSet = ILLEGAL_IN_PATH;

/// What a path parameter's value may keep: the unreserved characters.
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Puts path parameters into `:name` segments, escaped so that each stays one segment.
pub(super) fn fill_path_params<'a>(
    url: &str,
    value_of: impl Fn(&str) -> Option<&'a str>,
) -> String {
    let end_of_path = url.find(['?', '#']).unwrap_or(url.len());
    let (path, rest) = url.split_at(end_of_path);
    let start = path.find("://").map_or(0, |i| i + 3);
    let (head, path) = path.split_at(start);
    let filled: Vec<Cow<'_, str>> = path
        .split('/')
        .enumerate()
        .map(|(index, segment)| {
            match segment
                .strip_prefix(':')
                .filter(|_| index > 0)
                .and_then(&value_of)
            {
                Some(value) => utf8_percent_encode(value, NOT_UNRESERVED)
                    .to_string()
                    .into(),
                None => segment.into(),
            }
        })
        .collect();
    format!("{head}{}{rest}", filled.join("/"))
}

/// Escapes what may not stand raw in a request line, so that what is signed is what arrives.
pub(super) fn legalise(url: &mut Url) {
    let path = utf8_percent_encode(url.path(), ILLEGAL_IN_PATH).to_string();
    if path != url.path() {
        url.set_path(&path);
    }
    if let Some(query) = url.query() {
        let legal = utf8_percent_encode(query, ILLEGAL_IN_QUERY).to_string();
        if legal != query {
            url.set_query(Some(&legal));
        }
    }
}

/// Why a query cannot be signed as AWS would read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnsignableQuery {
    /// `%` without two hexadecimal digits behind it.
    BrokenEscape,
    /// Escapes that are not UTF-8: `aws-sigv4` would sign `%EF%BF%BD` for `%FF`.
    NotUtf8,
}

/// Looks for what signers and servers read differently in a query.
pub(super) fn unsignable(query: &str) -> Option<UnsignableQuery> {
    let mut rest = query;
    while let Some((_, after)) = rest.split_once('%') {
        let hex = after
            .get(..2)
            .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        if !hex {
            return Some(UnsignableQuery::BrokenEscape);
        }
        rest = after;
    }
    percent_decode_str(query)
        .decode_utf8()
        .is_err()
        .then_some(UnsignableQuery::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_params_stay_one_segment() {
        let value = |name: &str| (name == "id").then_some("a b/ü");
        assert_eq!(
            fill_path_params("http://h:80/x/:id/:other?q=:id", value),
            "http://h:80/x/a%20b%2F%C3%BC/:other?q=:id"
        );
    }

    #[test]
    fn illegal_characters_are_escaped_once() {
        let mut url = Url::parse("http://h/a|b^c[d]%20?x={1}|2&y=%7B").unwrap();
        legalise(&mut url);
        assert_eq!(
            url.as_str(),
            "http://h/a%7Cb%5Ec%5Bd%5D%20?x=%7B1%7D%7C2&y=%7B"
        );
    }

    #[test]
    fn queries_that_signers_read_differently() {
        assert_eq!(unsignable("a=%FF"), Some(UnsignableQuery::NotUtf8));
        assert_eq!(unsignable("a=100%"), Some(UnsignableQuery::BrokenEscape));
        assert_eq!(unsignable("a=%zz"), Some(UnsignableQuery::BrokenEscape));
        assert_eq!(unsignable("a=%20%C3%BC+b"), None);
    }
}
