//! Which characters of a URL's text become which line of the canonical request.

use std::ops::Range;

use crate::sigv4::CanonicalPart;
use crate::ui::signing_view::SigningPart;
use crate::ui::theme::Provenance;

/// A URL's text, cut. What a variable at its beginning stands for may hold host and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UrlParts {
    host: Range<usize>,
    path: Range<usize>,
    query: Range<usize>,
}

impl UrlParts {
    /// Cuts a text.
    pub(super) fn of(url: &str) -> Self {
        let end = url.find('#').unwrap_or(url.len());
        let before = url.get(..end).unwrap_or_default();
        let path_end = before.find('?').unwrap_or(end);
        let query = (path_end + 1).min(end)..end;
        let head = url.get(..path_end).unwrap_or_default();
        let host = head.find("://").map_or(0, |at| at + 3);
        let rest = head.get(host..).unwrap_or_default();
        let host_end = rest.find('/').map_or(path_end, |at| host + at);
        // A base URL in a variable holds the host, and often the first part of the path.
        let is_base = rest.starts_with("{{") && !head.contains("://");
        let path = if is_base { 0 } else { host_end }..path_end;
        Self {
            host: host..host_end,
            path,
            query,
        }
    }

    /// What a character is about.
    pub(super) fn parts_at(&self, byte: usize) -> Vec<SigningPart> {
        let is_in =
            |range: &Range<usize>| range.start <= byte && byte < range.end.max(range.start + 1);
        // The question mark belongs to the query.
        if self.query.start > self.path.end && byte >= self.path.end {
            return vec![SigningPart::Request(CanonicalPart::Query)];
        }
        let mut parts = Vec::new();
        if is_in(&self.host) {
            parts.push(SigningPart::header("host"));
        }
        if is_in(&self.path) || (parts.is_empty() && byte >= self.path.start) {
            parts.push(SigningPart::Request(CanonicalPart::Path));
        }
        parts
    }

    /// The characters that are about something of these, with the hue of it.
    pub(super) fn lit(&self, lit: &[SigningPart]) -> Vec<(Range<usize>, Provenance)> {
        let is_lit = |part: SigningPart| lit.contains(&part);
        let mut ranges = Vec::new();
        if is_lit(SigningPart::header("host")) || is_lit(SigningPart::Region) {
            ranges.push((self.host.clone(), Provenance::Header));
        }
        if is_lit(SigningPart::Request(CanonicalPart::Path)) {
            ranges.push((self.path.clone(), Provenance::Path));
        }
        if is_lit(SigningPart::Request(CanonicalPart::Query)) {
            ranges.push((self.query.clone(), Provenance::Query));
        }
        ranges.retain(|(range, _)| !range.is_empty());
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(url: &str) -> [&str; 3] {
        let UrlParts { host, path, query } = UrlParts::of(url);
        [&url[host], &url[path], &url[query]]
    }

    #[test]
    fn a_url_is_cut_into_host_path_and_query() {
        assert_eq!(cut("https://h:8/a/b?x=1&y#f"), ["h:8", "/a/b", "x=1&y"]);
        assert_eq!(cut("https://h"), ["h", "", ""]);
        assert_eq!(cut("https://h?q"), ["h", "", "q"]);
        assert_eq!(
            cut("{{base}}/pets?type=개"),
            ["{{base}}", "{{base}}/pets", "type=개"]
        );
        assert_eq!(cut("https://{{host}}/p"), ["{{host}}", "/p", ""]);
        assert_eq!(cut(""), ["", "", ""]);
        assert_eq!(cut("a#b?c"), ["a", "", ""]);
    }

    #[test]
    fn a_character_tells_its_line() {
        let query = SigningPart::Request(CanonicalPart::Query);
        let path = SigningPart::Request(CanonicalPart::Path);
        let parts = UrlParts::of("https://h/a?x=1");
        assert_eq!(parts.parts_at(8), [SigningPart::header("host")]);
        assert_eq!(parts.parts_at(9), std::slice::from_ref(&path));
        assert_eq!(parts.parts_at(12), std::slice::from_ref(&query));
        assert_eq!(parts.parts_at(15), [query]);
        assert_eq!(parts.parts_at(0), []);
        let base = UrlParts::of("{{base}}/p");
        assert_eq!(
            base.parts_at(3),
            [SigningPart::header("host"), path.clone()]
        );
        assert_eq!(base.parts_at(10), [path]);
    }
}
