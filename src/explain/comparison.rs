//! Two derivations beside each other, line by line.
//!
//! Headers are matched by name: one that only one side has shifts nothing. A line in which one side
//! has dots for a secret is unknown where everything around the dots is the same.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use super::ClientSteps;
use crate::request::is_sensitive_header;
use crate::secret::{MASK, Redactor};
use crate::sigv4::Echo;

/// Where more than so many bytes lie between the first and the last difference, it is one range.
const PIECEWISE: usize = 512;

/// What a line of a derivation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComparedPart {
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
    /// A line behind the body's hash, where none should be.
    BehindTheEnd,
    /// The algorithm.
    Algorithm,
    /// The time.
    Time,
    /// The credential scope.
    Scope,
    /// The hash of the canonical request.
    CanonicalHash,
    /// A line behind the string to sign, where none should be.
    BehindTheString,
}

impl ComparedPart {
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
            Self::BehindTheEnd | Self::BehindTheString => "behind the end",
            Self::Algorithm => "algorithm",
            Self::Time => "time",
            Self::Scope => "credential scope",
            Self::CanonicalHash => "hash of step 1",
        }
    }

    /// The word with the header's name: `header host`.
    pub fn name(&self) -> String {
        match self {
            Self::Header(name) => format!("header {name}"),
            other => other.label().to_owned(),
        }
    }

    /// Whether it is a line of the string to sign.
    pub fn is_of_string_to_sign(&self) -> bool {
        matches!(
            self,
            Self::Algorithm
                | Self::Time
                | Self::Scope
                | Self::CanonicalHash
                | Self::BehindTheString
        )
    }
}

/// A line on both sides. `Debug` shows no text of headers and queries.
#[derive(Clone, PartialEq, Eq)]
pub struct ComparedRow {
    /// What it is.
    pub part: ComparedPart,
    /// Our line; `None` if ours has none.
    pub ours: Option<String>,
    /// Their line; `None` if theirs has none.
    pub theirs: Option<String>,
    /// Which line of our text it is, from 0.
    pub ours_line: Option<usize>,
    /// Which line of their text it is, from 0.
    pub theirs_line: Option<usize>,
    /// Whether the lines differ, or stand in another order.
    pub differs: bool,
    /// Both have the header with the same value, but not at the same place among the others.
    pub is_moved: bool,
    /// A side has dots where the other has a text: nothing can be said.
    pub is_unknown: bool,
    /// Where our line differs, in bytes, on character boundaries.
    pub ours_ranges: Vec<Range<usize>>,
    /// Where their line differs, in bytes, on character boundaries.
    pub theirs_ranges: Vec<Range<usize>>,
}

/// Two derivations, line by line. A text that a side does not tell has no rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The canonical requests, if both sides tell theirs.
    pub canonical_request: Vec<ComparedRow>,
    /// The strings to sign, if both sides tell theirs.
    pub string_to_sign: Vec<ComparedRow>,
}

impl Comparison {
    /// Compares a client's steps with what the gateway says it computed.
    pub fn of(ours: &ClientSteps, theirs: &Echo) -> Self {
        Self::of_texts(
            ours.canonical_request.as_deref(),
            ours.string_to_sign.as_deref(),
            Some(&theirs.canonical_request),
            Some(&theirs.string_to_sign),
        )
    }

    /// Compares the steps of two clients, or of two sendings.
    pub fn between(ours: &ClientSteps, theirs: &ClientSteps) -> Self {
        Self::of_texts(
            ours.canonical_request.as_deref(),
            ours.string_to_sign.as_deref(),
            theirs.canonical_request.as_deref(),
            theirs.string_to_sign.as_deref(),
        )
    }

    fn of_texts(
        our_request: Option<&str>,
        our_string: Option<&str>,
        their_request: Option<&str>,
        their_string: Option<&str>,
    ) -> Self {
        Self {
            canonical_request: our_request
                .zip(their_request)
                .map_or_else(Vec::new, |(ours, theirs)| canonical_rows(ours, theirs)),
            string_to_sign: our_string
                .zip(their_string)
                .map_or_else(Vec::new, |(ours, theirs)| string_rows(ours, theirs)),
        }
    }

    /// All rows in their order.
    pub fn rows(&self) -> impl Iterator<Item = &ComparedRow> {
        self.canonical_request.iter().chain(&self.string_to_sign)
    }

    /// The first row that differs.
    pub fn first_difference(&self) -> Option<&ComparedRow> {
        self.rows().find(|row| row.differs)
    }

    /// Whether nothing differs as far as both sides tell it. It says nothing if there are no rows.
    pub fn is_same(&self) -> bool {
        self.first_difference().is_none()
    }

    /// Whether a text was compared at all.
    pub fn is_empty(&self) -> bool {
        self.canonical_request.is_empty() && self.string_to_sign.is_empty()
    }

    /// Whether dots hid something.
    pub fn has_unknown(&self) -> bool {
        self.rows().any(|row| row.is_unknown)
    }

    /// Whether the hashes of the canonical requests differ though the texts, which both sides tell
    /// without dots, are the same: something was hashed that cannot be seen, a line feed at the end
    /// or a missing empty line.
    pub fn hash_differs_alone(&self) -> bool {
        !self.canonical_request.is_empty()
            && self
                .canonical_request
                .iter()
                .all(|row| !row.differs && !row.is_unknown)
            && self
                .string_to_sign
                .iter()
                .any(|row| row.part == ComparedPart::CanonicalHash && row.differs)
    }

    /// The same for showing: sensitive headers and session tokens in the query as dots, and what
    /// the redactor knows. `is_secret` tells of further headers by their lower-case names. That a
    /// row differs stays told.
    #[must_use]
    pub fn masked(&self, redactor: &Redactor, is_secret: impl Fn(&str) -> bool) -> Self {
        let mask = |rows: &[ComparedRow]| {
            rows.iter()
                .map(|row| row.masked(redactor, &is_secret))
                .collect()
        };
        Self {
            canonical_request: mask(&self.canonical_request),
            string_to_sign: mask(&self.string_to_sign),
        }
    }
}

impl ComparedRow {
    fn new(part: ComparedPart, ours: Option<(usize, &str)>, theirs: Option<(usize, &str)>) -> Self {
        let ours_text = ours.map(|(_, text)| text);
        let theirs_text = theirs.map(|(_, text)| text);
        let is_unknown = match (ours_text, theirs_text) {
            (Some(ours), Some(theirs)) => {
                (ours.contains(MASK) || theirs.contains(MASK)) && is_same_around_dots(ours, theirs)
            }
            _ => false,
        };
        let differs = !is_unknown && ours_text != theirs_text;
        let (ours_ranges, theirs_ranges) = if differs {
            differing_ranges(
                ours_text.unwrap_or_default(),
                theirs_text.unwrap_or_default(),
            )
        } else {
            (Vec::new(), Vec::new())
        };
        Self {
            part,
            ours: ours_text.map(str::to_owned),
            theirs: theirs_text.map(str::to_owned),
            ours_line: ours.map(|(line, _)| line),
            theirs_line: theirs.map(|(line, _)| line),
            differs,
            is_moved: false,
            is_unknown,
            ours_ranges,
            theirs_ranges,
        }
    }

    fn masked(&self, redactor: &Redactor, is_secret: impl Fn(&str) -> bool) -> Self {
        let mask = |text: &Option<String>| {
            text.as_ref().map(|text| match &self.part {
                ComparedPart::Header(name) if is_sensitive_header(name) || is_secret(name) => {
                    match text.split_once(':') {
                        // An empty value is told: the header did not arrive.
                        Some((name, value)) if !value.is_empty() => format!("{name}:{MASK}"),
                        _ => text.clone(),
                    }
                }
                ComparedPart::Query => without_token(&redactor.redact(text)),
                _ => redactor.redact(text),
            })
        };
        let (ours, theirs) = (mask(&self.ours), mask(&self.theirs));
        let is_changed = ours != self.ours || theirs != self.theirs;
        let (ours_ranges, theirs_ranges) = if is_changed && self.differs {
            differing_ranges(
                ours.as_deref().unwrap_or_default(),
                theirs.as_deref().unwrap_or_default(),
            )
        } else {
            (self.ours_ranges.clone(), self.theirs_ranges.clone())
        };
        Self {
            ours,
            theirs,
            ours_ranges,
            theirs_ranges,
            ..self.clone()
        }
    }
}

impl std::fmt::Debug for ComparedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ComparedRow")
            .field("part", &self.part)
            .field("ours_line", &self.ours_line)
            .field("theirs_line", &self.theirs_line)
            .field("differs", &self.differs)
            .field("is_moved", &self.is_moved)
            .field("is_unknown", &self.is_unknown)
            .finish_non_exhaustive()
    }
}

fn without_token(query: &str) -> String {
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value))
                if name.eq_ignore_ascii_case("x-amz-security-token") && !value.is_empty() =>
            {
                format!("{name}={MASK}")
            }
            _ => pair.to_owned(),
        })
        .collect();
    pairs.join("&")
}

/// A line with its number.
type Line<'a> = (usize, &'a str);

/// A canonical request cut into its parts, whatever is wrong with it.
struct Cut<'a> {
    lines: Vec<Line<'a>>,
    /// How many lines behind the query are headers.
    headers: usize,
    has_end: bool,
}

impl<'a> Cut<'a> {
    fn new(text: &'a str) -> Self {
        let lines: Vec<Line<'a>> = text.split('\n').enumerate().collect();
        // A list of signed headers has no colon, so that a missing empty line is seen.
        let headers = lines
            .iter()
            .skip(3)
            .take_while(|(_, line)| line.contains(':'))
            .count();
        let has_end = lines
            .get(3 + headers)
            .is_some_and(|(_, line)| line.is_empty());
        Self {
            lines,
            headers,
            has_end,
        }
    }

    fn line(&self, at: usize) -> Option<Line<'a>> {
        self.lines.get(at).copied()
    }

    fn headers(&self) -> impl Iterator<Item = (&'a str, Line<'a>)> {
        self.lines
            .iter()
            .skip(3)
            .take(self.headers)
            .map(|line| (line.1.split(':').next().unwrap_or_default(), *line))
    }

    fn end_of_headers(&self) -> Option<Line<'a>> {
        self.line(3 + self.headers).filter(|_| self.has_end)
    }

    /// The lines behind the headers, from the list of signed headers on.
    fn behind(&self, at: usize) -> Option<Line<'a>> {
        self.line(3 + self.headers + usize::from(self.has_end) + at)
    }
}

fn canonical_rows(ours: &str, theirs: &str) -> Vec<ComparedRow> {
    let (ours, theirs) = (Cut::new(ours), Cut::new(theirs));
    let first = [
        ComparedPart::Method,
        ComparedPart::Path,
        ComparedPart::Query,
    ];
    let mut rows: Vec<ComparedRow> = first
        .into_iter()
        .enumerate()
        .map(|(at, part)| ComparedRow::new(part, ours.line(at), theirs.line(at)))
        .collect();
    rows.extend(header_rows(&ours, &theirs));
    rows.push(ComparedRow::new(
        ComparedPart::EndOfHeaders,
        ours.end_of_headers(),
        theirs.end_of_headers(),
    ));
    for at in 0.. {
        let (left, right) = (ours.behind(at), theirs.behind(at));
        if left.is_none() && right.is_none() {
            break;
        }
        let part = match at {
            0 => ComparedPart::SignedHeaders,
            1 => ComparedPart::HashedPayload,
            _ => ComparedPart::BehindTheEnd,
        };
        rows.push(ComparedRow::new(part, left, right));
    }
    rows
}

/// Our headers in our order, with those that only the other side has at the place they have there.
fn header_rows(ours: &Cut<'_>, theirs: &Cut<'_>) -> Vec<ComparedRow> {
    let their_headers: Vec<(&str, Line<'_>)> = theirs.headers().collect();
    let mut by_name: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (at, (name, _)) in their_headers.iter().enumerate() {
        by_name.entry(name).or_default().push_back(at);
    }
    let partners: Vec<Option<usize>> = ours
        .headers()
        .map(|(name, _)| by_name.get_mut(name)?.pop_front())
        .collect();
    let mut is_matched = vec![false; their_headers.len()];
    for partner in partners.iter().flatten() {
        if let Some(matched) = is_matched.get_mut(*partner) {
            *matched = true;
        }
    }
    let mut rows = Vec::with_capacity(partners.len());
    // Everything of theirs before this place has its row.
    let mut next = 0;
    let mut add_theirs_up_to = |end: usize, rows: &mut Vec<ComparedRow>| {
        while next < end {
            if let (Some((name, line)), Some(false)) =
                (their_headers.get(next), is_matched.get(next))
            {
                let part = ComparedPart::Header(name.to_lowercase());
                rows.push(ComparedRow::new(part, None, Some(*line)));
            }
            next += 1;
        }
    };
    let mut furthest = None;
    for ((name, line), partner) in ours.headers().zip(partners) {
        if let Some(at) = partner {
            add_theirs_up_to(at, &mut rows);
        }
        let their_line = partner
            .and_then(|at| their_headers.get(at))
            .map(|(_, line)| *line);
        let part = ComparedPart::Header(name.to_lowercase());
        let mut row = ComparedRow::new(part, Some(line), their_line);
        row.is_moved = partner.is_some() && partner < furthest;
        row.differs |= row.is_moved;
        furthest = furthest.max(partner);
        rows.push(row);
    }
    add_theirs_up_to(their_headers.len(), &mut rows);
    rows
}

fn string_rows(ours: &str, theirs: &str) -> Vec<ComparedRow> {
    let mut left = ours.split('\n').enumerate();
    let mut right = theirs.split('\n').enumerate();
    let mut rows = Vec::new();
    loop {
        let (ours, theirs) = (left.next(), right.next());
        if ours.is_none() && theirs.is_none() {
            return rows;
        }
        let part = match rows.len() {
            0 => ComparedPart::Algorithm,
            1 => ComparedPart::Time,
            2 => ComparedPart::Scope,
            3 => ComparedPart::CanonicalHash,
            _ => ComparedPart::BehindTheString,
        };
        rows.push(ComparedRow::new(part, ours, theirs));
    }
}

/// Whether two lines can be the same: dots of either side stand for any text.
fn is_same_around_dots(ours: &str, theirs: &str) -> bool {
    ours == theirs || fits(ours, theirs) || fits(theirs, ours)
}

/// Whether a text is what a line with dots can stand for.
fn fits(dotted: &str, text: &str) -> bool {
    let mut pieces = dotted.split(MASK);
    let Some(mut rest) = pieces.next().and_then(|start| text.strip_prefix(start)) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

/// Where two lines differ, in bytes of each: between what they begin and end with alike, piece by
/// piece if they are short.
fn differing_ranges(ours: &str, theirs: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (left, right) = differing_middle(ours, theirs);
    let whole = || (ranges_of(left.clone()), ranges_of(right.clone()));
    if left.len().max(right.len()) > PIECEWISE {
        return whole();
    }
    let (Some(ours), Some(theirs)) = (ours.get(left.clone()), theirs.get(right.clone())) else {
        return whole();
    };
    let (ours, theirs) = (pieces(ours, left.start), pieces(theirs, right.start));
    if ours.len() < 2 || theirs.len() < 2 {
        return whole();
    }
    let (ours_kept, theirs_kept) = common_pieces(&ours, &theirs);
    (
        ranges_of_others(&ours, &ours_kept),
        ranges_of_others(&theirs, &theirs_kept),
    )
}

fn ranges_of(range: Range<usize>) -> Vec<Range<usize>> {
    if range.is_empty() {
        Vec::new()
    } else {
        vec![range]
    }
}

fn differing_middle(ours: &str, theirs: &str) -> (Range<usize>, Range<usize>) {
    let alike = ours
        .bytes()
        .zip(theirs.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    // Both texts are the same up to here, so that the boundary is one of both.
    let start = ours.floor_char_boundary(alike);
    let alike = ours
        .bytes()
        .rev()
        .zip(theirs.bytes().rev())
        .take(ours.len().min(theirs.len()) - start)
        .take_while(|(a, b)| a == b)
        .count();
    let end = ours.ceil_char_boundary(ours.len() - alike);
    let tail = ours.len() - end;
    (start..end, start..theirs.len() - tail)
}

/// A line cut behind its separators, with where each piece begins.
fn pieces(text: &str, offset: usize) -> Vec<(usize, &str)> {
    let mut at = offset;
    text.split_inclusive(['&', '=', ';', ',', '/', ' ', ':'])
        .map(|piece| {
            let start = at;
            at += piece.len();
            (start, piece)
        })
        .collect()
}

/// Which pieces belong to the longest sequence that both sides have.
fn common_pieces(ours: &[(usize, &str)], theirs: &[(usize, &str)]) -> (Vec<bool>, Vec<bool>) {
    let width = theirs.len() + 1;
    // The longest common sequence of what stands from here on, row by row.
    let mut lengths = vec![0_u16; (ours.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    let length = |lengths: &[u16], row, column| lengths.get(at(row, column)).copied().unwrap_or(0);
    for (row, (_, left)) in ours.iter().enumerate().rev() {
        for (column, (_, right)) in theirs.iter().enumerate().rev() {
            let best = if left == right {
                length(&lengths, row + 1, column + 1) + 1
            } else {
                length(&lengths, row + 1, column).max(length(&lengths, row, column + 1))
            };
            if let Some(cell) = lengths.get_mut(at(row, column)) {
                *cell = best;
            }
        }
    }
    let mut ours_kept = vec![false; ours.len()];
    let mut theirs_kept = vec![false; theirs.len()];
    let (mut row, mut column) = (0, 0);
    while let (Some((_, left)), Some((_, right))) = (ours.get(row), theirs.get(column)) {
        if left == right {
            if let (Some(a), Some(b)) = (ours_kept.get_mut(row), theirs_kept.get_mut(column)) {
                (*a, *b) = (true, true);
            }
            row += 1;
            column += 1;
        } else if length(&lengths, row + 1, column) >= length(&lengths, row, column + 1) {
            row += 1;
        } else {
            column += 1;
        }
    }
    (ours_kept, theirs_kept)
}

/// The pieces that are not kept, neighbours joined.
fn ranges_of_others(pieces: &[(usize, &str)], kept: &[bool]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for ((start, piece), is_kept) in pieces.iter().zip(kept) {
        if *is_kept {
            continue;
        }
        let end = start + piece.len();
        match ranges.last_mut() {
            Some(last) if last.end == *start => last.end = end,
            _ => ranges.push(*start..end),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;
    use crate::secret::SecretString;

    const REQUEST: &str = "GET\n/prod/pets\na=1&b=2\nhost:h\nx-amz-date:t\nx-api-key:k\n\nhost;x-amz-date;x-api-key\ne3b0";
    const STRING: &str = "AWS4-HMAC-SHA256\nt\n20260102/eu-west-1/execute-api/aws4_request\nab";

    fn steps(request: &str, string: &str) -> ClientSteps {
        ClientSteps {
            canonical_request: Some(request.to_owned()),
            string_to_sign: Some(string.to_owned()),
            is_masked: request.contains(MASK),
        }
    }

    fn echo(request: &str, string: &str) -> Echo {
        Echo {
            canonical_request: request.to_owned(),
            string_to_sign: string.to_owned(),
        }
    }

    fn compared(ours: &str, theirs: &str) -> Comparison {
        Comparison::of(&steps(ours, STRING), &echo(theirs, STRING))
    }

    fn spans(ends: &[(usize, usize)]) -> Vec<Range<usize>> {
        ends.iter().map(|(start, end)| *start..*end).collect()
    }

    fn differing(comparison: &Comparison) -> Vec<String> {
        comparison
            .rows()
            .filter(|row| row.differs)
            .map(|row| row.part.name())
            .collect()
    }

    #[test]
    fn the_same() {
        let comparison = compared(REQUEST, REQUEST);
        assert!(comparison.is_same() && !comparison.has_unknown());
        assert!(!comparison.hash_differs_alone());
        assert_eq!(comparison.canonical_request.len(), 9);
        assert_eq!(comparison.string_to_sign.len(), 4);
        assert!(Comparison::default().is_empty());
    }

    #[test]
    fn a_header_more_shifts_nothing() {
        let theirs = REQUEST
            .replace("x-amz-date:t\n", "x-a:1\nx-amz-date:u\n")
            .replace("host;", "host;x-a;");
        let comparison = compared(REQUEST, &theirs);
        assert_eq!(
            differing(&comparison),
            ["header x-a", "header x-amz-date", "signed headers"]
        );
        let first = comparison.first_difference().unwrap();
        assert_eq!(
            (first.ours.as_deref(), first.theirs.as_deref()),
            (None, Some("x-a:1"))
        );
        assert_eq!((first.ours_line, first.theirs_line), (None, Some(4)));
        let date = comparison.rows().filter(|row| row.differs).nth(1).unwrap();
        assert_eq!((date.ours_line, date.theirs_line), (Some(4), Some(5)));
        assert_eq!(
            (&date.ours_ranges, &date.theirs_ranges),
            (&spans(&[(11, 12)]), &spans(&[(11, 12)]))
        );
        // The other way round the place is the same.
        let back = compared(&theirs, REQUEST);
        assert_eq!(differing(&back), differing(&comparison));
    }

    #[test]
    fn headers_in_another_order_are_seen() {
        let ours = REQUEST.replace("host:h\nx-amz-date:t\n", "x-amz-date:t\nhost:h\n");
        let comparison = compared(&ours, REQUEST);
        assert_eq!(differing(&comparison), ["header host"]);
        let row = comparison.first_difference().unwrap();
        assert!(row.is_moved && row.ours_ranges.is_empty());
    }

    #[test]
    fn a_header_that_comes_twice() {
        let ours = REQUEST.replace("x-api-key:k\n", "x-api-key:k\nx-api-key:l\n");
        let comparison = compared(&ours, REQUEST);
        assert_eq!(differing(&comparison), ["header x-api-key"]);
        assert_eq!(
            comparison.first_difference().unwrap().ours.as_deref(),
            Some("x-api-key:l")
        );
    }

    #[test]
    fn missing_and_additional_lines() {
        let without_end = REQUEST.replace("\n\nhost;", "\nhost;");
        assert_eq!(
            differing(&compared(&without_end, REQUEST)),
            ["end of headers"]
        );
        let with_feed = format!("{REQUEST}\n");
        assert_eq!(
            differing(&compared(&with_feed, REQUEST)),
            ["behind the end"]
        );
        let longer = Comparison::of(
            &steps(REQUEST, &format!("{STRING}\n")),
            &echo(REQUEST, STRING),
        );
        assert_eq!(
            longer.first_difference().unwrap().part,
            ComparedPart::BehindTheString
        );
        assert_eq!(differing(&compared("GET", REQUEST)).len(), 8);
    }

    #[test]
    fn a_hash_that_differs_alone() {
        let other = STRING.replace("\nab", "\ncd");
        let ours = steps(REQUEST, STRING);
        let comparison = Comparison::of(&ours, &echo(REQUEST, &other));
        assert!(comparison.hash_differs_alone());
        assert_eq!(differing(&comparison), ["hash of step 1"]);
        let changed = REQUEST.replace("a=1", "a=2");
        assert!(!Comparison::of(&ours, &echo(&changed, &other)).hash_differs_alone());
        // Dots may hide what differs.
        let masked = steps(&REQUEST.replace("key:k", &format!("key:{MASK}")), STRING);
        let comparison = Comparison::of(&masked, &echo(REQUEST, &other));
        assert!(!comparison.hash_differs_alone() && comparison.has_unknown());
        // Without the canonical requests nothing is known of them.
        let alone = ClientSteps {
            canonical_request: None,
            ..ours
        };
        assert!(!Comparison::of(&alone, &echo(REQUEST, &other)).hash_differs_alone());
    }

    #[test]
    fn dots_are_unknown_and_not_different() {
        let masked = REQUEST
            .replace("key:k", &format!("key:{MASK}"))
            .replace("a=1", &format!("a={MASK}"));
        let comparison = compared(&masked, REQUEST);
        assert!(comparison.is_same());
        let unknown: Vec<String> = comparison
            .rows()
            .filter(|row| row.is_unknown)
            .map(|row| row.part.name())
            .collect();
        assert_eq!(unknown, ["query", "header x-api-key"]);
        // Around the dots it differs.
        let theirs = REQUEST.replace("b=2", "b=3");
        assert_eq!(differing(&compared(&masked, &theirs)), ["query"]);
        let previous = steps(&masked, STRING);
        assert!(Comparison::between(&previous, &previous).is_same());
        for (dotted, text, expected) in [
            (format!("a{MASK}b"), "axb", true),
            (format!("a{MASK}b"), "ab", true),
            (format!("a{MASK}b"), "axc", false),
            (format!("a{MASK}b{MASK}c"), "a1b2c", true),
            (format!("a{MASK}b{MASK}c"), "a1c", false),
            (MASK.to_owned(), "", true),
            ("ab".to_owned(), "abc", false),
        ] {
            assert_eq!(fits(&dotted, text), expected, "{dotted} {text}");
        }
    }

    #[test]
    fn for_showing_secrets_are_dots_and_the_difference_stays() {
        let ours = "GET\n/s-1\nX-Amz-Security-Token=abc&b=2\nhost:h\nx-api-key:k\nx-own:o\n\nl\ne";
        let theirs =
            "GET\n/s-1x\nX-Amz-Security-Token=abd&b=3\nhost:h\nx-api-key:\nx-own:p\n\nl\ne";
        let redactor = Redactor::new([SecretString::new("s-1")]);
        let masked = compared(ours, theirs).masked(&redactor, |name| name == "x-own");
        let texts: Vec<String> = masked
            .canonical_request
            .iter()
            .filter(|row| row.differs)
            .flat_map(|row| [row.ours.clone().unwrap(), row.theirs.clone().unwrap()])
            .collect();
        assert_eq!(
            texts,
            [
                format!("/{MASK}"),
                format!("/{MASK}x"),
                format!("X-Amz-Security-Token={MASK}&b=2"),
                format!("X-Amz-Security-Token={MASK}&b=3"),
                format!("x-api-key:{MASK}"),
                "x-api-key:".to_owned(),
                format!("x-own:{MASK}"),
                format!("x-own:{MASK}"),
            ]
        );
        for row in masked.rows() {
            check_ranges(row);
        }
        assert!(!format!("{:?}", compared(ours, theirs)).contains("abc"));
    }

    #[test]
    fn several_ranges_in_a_line() {
        let ranges = |ours: &str, theirs: &str| differing_ranges(ours, theirs);
        assert_eq!(
            ranges("a=1&b=2&c=3", "a=9&b=2&c=8"),
            (spans(&[(2, 4), (10, 11)]), spans(&[(2, 4), (10, 11)]))
        );
        assert_eq!(
            ranges("/prod/pets", "/test/pets"),
            (spans(&[(1, 5)]), spans(&[(1, 5)]))
        );
        assert_eq!(ranges("aa", "aaa"), (spans(&[]), spans(&[(2, 3)])));
        assert_eq!(ranges("이름", "이를"), (spans(&[(3, 6)]), spans(&[(3, 6)])));
        assert_eq!(ranges("", "x"), (spans(&[]), spans(&[(0, 1)])));
        assert_eq!(ranges("a=1", ""), (spans(&[(0, 3)]), spans(&[])));
    }

    fn check_ranges(row: &ComparedRow) {
        for (text, ranges) in [
            (&row.ours, &row.ours_ranges),
            (&row.theirs, &row.theirs_ranges),
        ] {
            let text = text.as_deref().unwrap_or_default();
            let mut end = 0;
            for range in ranges {
                assert!(range.start >= end && !range.is_empty(), "{row:?}");
                assert!(text.get(range.clone()).is_some(), "{row:?}");
                end = range.end;
            }
        }
    }

    /// Two hundred headers of a kilobyte, every second one changed, the other side's order turned.
    #[test]
    fn two_hundred_headers_take_no_time() {
        let header = |at: usize, piece: &str| format!("x-h{at:03}:{}\n", piece.repeat(100));
        let request = |headers: String| format!("GET\n/\n\n{headers}\nhost\ne3b0");
        let ours = request((0..200).map(|at| header(at, "a=1;b=22;c")).collect());
        let theirs = request(
            (0..200)
                .rev()
                .map(|at| {
                    header(
                        at,
                        if at % 2 == 0 {
                            "a=1;b=22;c"
                        } else {
                            "a=1;d=22;c"
                        },
                    )
                })
                .collect(),
        );
        let best = (0..5)
            .map(|_| {
                let start = Instant::now();
                let comparison = compared(&ours, &theirs);
                assert_eq!(comparison.canonical_request.len(), 206);
                start.elapsed()
            })
            .min()
            .unwrap();
        // Unoptimised on a busy machine; a quadratic one takes seconds.
        assert!(best < Duration::from_millis(50), "{best:?}");
    }

    proptest! {
        /// Every line of both sides has exactly one row, ranges lie on characters, and a comparison
        /// is the same exactly if the texts are.
        #[test]
        fn nothing_is_lost(
            ours in "([a-c:é•\n]|host:a\n|x:b\n){0,12}",
            theirs in "([a-c:é•\n]|host:a\n|x:b\n){0,12}",
        ) {
            let comparison = compared(&ours, &theirs);
            let mut our_lines: Vec<usize> = comparison.canonical_request.iter().filter_map(|row| row.ours_line).collect();
            let mut their_lines: Vec<usize> = comparison.canonical_request.iter().filter_map(|row| row.theirs_line).collect();
            our_lines.sort_unstable();
            their_lines.sort_unstable();
            prop_assert_eq!(our_lines, (0..ours.split('\n').count()).collect::<Vec<_>>());
            prop_assert_eq!(their_lines, (0..theirs.split('\n').count()).collect::<Vec<_>>());
            if !comparison.has_unknown() {
                prop_assert_eq!(comparison.is_same(), ours == theirs);
            }
            for row in comparison.rows() {
                check_ranges(row);
            }
        }
    }
}
