//! How lines are put together, in the canonical request and in the string to sign.

use super::basis::Basis;
use super::mutation::{Candidate, Dimension, Effect};

/// The canonical request's lines put together.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum TextLayout {
    #[default]
    Right,
    NoBlankLine,
    TwoBlankLines,
    EndsWithLineFeed,
    CrLf,
    NoQueryLine,
    NoPayloadLine,
    BeginsWithLineFeed,
}

/// The string to sign put together.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum StringLayout {
    #[default]
    Right,
    EndsWithLineFeed,
    CrLf,
    UpperCaseHash,
    NoAlgorithm,
    CanonicalRequestItself,
}

/// The pieces of a canonical request.
#[derive(Clone, Copy)]
pub(super) struct Pieces<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    /// Each with its line feed.
    pub(super) headers: &'a str,
    pub(super) signed_headers: &'a str,
    pub(super) payload: &'a str,
}

impl TextLayout {
    /// Writes the canonical request into a cleared buffer.
    pub(super) fn write(self, pieces: &Pieces<'_>, out: &mut String) {
        out.clear();
        if self == Self::BeginsWithLineFeed {
            out.push('\n');
        }
        let mut line = |text: &str| {
            out.push_str(text);
            out.push('\n');
        };
        line(pieces.method);
        line(pieces.path);
        if !(self == Self::NoQueryLine && pieces.query.is_empty()) {
            line(pieces.query);
        }
        out.push_str(pieces.headers);
        match self {
            Self::NoBlankLine => {}
            Self::TwoBlankLines => out.push_str("\n\n"),
            _ => out.push('\n'),
        }
        out.push_str(pieces.signed_headers);
        if self != Self::NoPayloadLine {
            out.push('\n');
            out.push_str(pieces.payload);
        }
        match self {
            Self::EndsWithLineFeed => out.push('\n'),
            Self::CrLf => *out = out.replace('\n', "\r\n"),
            _ => {}
        }
    }
}

impl StringLayout {
    /// Writes the string to sign into a cleared buffer.
    pub(super) fn write(
        self,
        algorithm: &str,
        time: &str,
        scope: &str,
        canonical: (&str, &str),
        out: &mut String,
    ) {
        let (hash, text) = canonical;
        out.clear();
        if self != Self::NoAlgorithm {
            out.push_str(algorithm);
            out.push('\n');
        }
        out.push_str(time);
        out.push('\n');
        out.push_str(scope);
        out.push('\n');
        match self {
            Self::UpperCaseHash => out.push_str(&hash.to_uppercase()),
            Self::CanonicalRequestItself => out.push_str(text),
            _ => out.push_str(hash),
        }
        match self {
            Self::EndsWithLineFeed => out.push('\n'),
            Self::CrLf => *out = out.replace('\n', "\r\n"),
            _ => {}
        }
    }
}

pub(super) fn of_the_request(basis: &Basis) -> Vec<Candidate> {
    let one = |name, what: &'static str, layout| {
        Candidate::new(
            name,
            "canonical-layout",
            Dimension::Layout,
            what,
            Effect::Layout(layout),
        )
    };
    let method = |name, what: &'static str, method: String| {
        Candidate::new(
            name,
            "method-mismatch",
            Dimension::Method,
            what,
            Effect::Method(method),
        )
    };
    let mut all = vec![
        one(
            "no-blank-line",
            "the blank line between the headers and their list is missing in the canonical request",
            TextLayout::NoBlankLine,
        ),
        one(
            "request-ends-with-line-feed",
            "the canonical request was signed with a line feed at its end",
            TextLayout::EndsWithLineFeed,
        ),
        one(
            "no-query-line",
            "the empty line for the query is missing in the canonical request",
            TextLayout::NoQueryLine,
        ),
        one(
            "two-blank-lines",
            "there are two blank lines behind the headers in the canonical request",
            TextLayout::TwoBlankLines,
        ),
        one(
            "request-with-crlf",
            "the lines of the canonical request end with CR LF instead of LF",
            TextLayout::CrLf,
        ),
        one(
            "no-payload-line",
            "the body's hash is missing in the canonical request",
            TextLayout::NoPayloadLine,
        ),
        one(
            "request-begins-with-line-feed",
            "the canonical request was signed with a line feed at its beginning",
            TextLayout::BeginsWithLineFeed,
        ),
        method(
            "method-in-lower-case",
            "the method was signed in lower case",
            basis.method.to_lowercase(),
        ),
        method(
            "method-in-upper-case",
            "the method was signed in upper case, but sent otherwise",
            basis.method.to_uppercase(),
        ),
    ];
    for other in ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
        all.push(
            Candidate::new(
                "another-method",
                "method-mismatch",
                Dimension::Method,
                format!(
                    "the method {other} was signed, but {} was sent",
                    basis.method
                ),
                Effect::Method(other.to_owned()),
            )
            .alone(),
        );
    }
    all
}

pub(super) fn of_the_string(basis: &Basis) -> Vec<Candidate> {
    let one = |name, what: &'static str, layout| {
        Candidate::new(
            name,
            "canonical-layout",
            Dimension::StringToSign,
            what,
            Effect::StringToSign(layout),
        )
    };
    let time = |name, what: &'static str, time: String| {
        Candidate::new(
            name,
            "time-not-as-sent",
            Dimension::Time,
            what,
            Effect::Time(time),
        )
    };
    let mut all = vec![
        one(
            "string-ends-with-line-feed",
            "the string to sign was signed with a line feed at its end",
            StringLayout::EndsWithLineFeed,
        ),
        one(
            "string-with-crlf",
            "the lines of the string to sign end with CR LF instead of LF",
            StringLayout::CrLf,
        ),
        one(
            "string-with-upper-case-hash",
            "the canonical request's hash was written in upper-case hex",
            StringLayout::UpperCaseHash,
        ),
        one(
            "string-without-algorithm",
            "the algorithm's line is missing in the string to sign",
            StringLayout::NoAlgorithm,
        ),
        one(
            "string-with-the-request-itself",
            "the canonical request itself was put into the string to sign instead of its hash",
            StringLayout::CanonicalRequestItself,
        ),
    ];
    for name in ["x-amz-date", "date"] {
        all.extend(basis.values(name).map(|value| {
            time(
                "time-of-another-header",
                "the string to sign holds the time of another header",
                value.trim().to_owned(),
            )
        }));
    }
    if let (Some(date), Some(clock)) = (basis.date_time.get(..8), basis.date_time.get(9..15)) {
        let cut = |text: &str, at: &[usize], mark: char| {
            let mut out = String::new();
            for (index, c) in text.chars().enumerate() {
                if at.contains(&index) {
                    out.push(mark);
                }
                out.push(c);
            }
            out
        };
        let date_with = cut(date, &[4, 6], '-');
        let clock_with = cut(clock, &[2, 4], ':');
        all.extend([
            time(
                "time-with-dashes",
                "the string to sign holds the time with dashes and colons",
                format!("{date_with}T{clock_with}Z"),
            ),
            time(
                "time-as-date",
                "the string to sign holds only the date instead of date and time",
                date.to_owned(),
            ),
            time(
                "time-without-zone",
                "the string to sign holds the time without its Z",
                format!("{date}T{clock}"),
            ),
        ]);
    }
    all
}
