//! Ours beside what the gateway says it computed.

use std::ops::Range;

use crate::secret::{MASK, Redactor};
use crate::sigv4::{CanonicalPart, Echo, SigningSteps, differing_lines, first_difference};

/// Which step differs first, if any does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// There is nothing to compare with.
    None,
    /// The canonical requests differ.
    CanonicalRequest(Differences),
    /// The canonical requests are one, the strings to sign differ.
    StringToSign(Differences),
    /// Both are one: the secret key, or how the signing key is derived from it, differs.
    Same,
}

/// Lines that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Differences {
    /// The first one, from 0.
    pub(super) first: usize,
    /// What it is: `header`, `path`.
    pub(super) what: String,
    /// What stands there on the gateway's side; `None` if its text ends before.
    pub(super) theirs: Option<String>,
    /// All of them, the first included.
    pub(super) lines: Vec<usize>,
}

/// What the lines of a string to sign are.
pub(super) const STRING_TO_SIGN_WORDS: [&str; 4] =
    ["algorithm", "time", "credential scope", "hash of step 1"];

impl Comparison {
    /// Compares the unmasked texts; what is shown of the gateway's is masked like ours.
    pub(super) fn of(steps: &SigningSteps, echo: Option<&Echo>) -> Self {
        let Some(echo) = echo else {
            return Self::None;
        };
        let ours = steps.canonical_request.to_string();
        if let Some(difference) = first_difference(&ours, &echo.canonical_request) {
            let part = steps
                .canonical_request
                .lines()
                .into_iter()
                .nth(difference.line)
                .map(|line| line.part);
            let what = match &part {
                Some(CanonicalPart::Header(name)) => format!("header {name}"),
                Some(part) => part.label().to_owned(),
                None => "line".to_owned(),
            };
            return Self::CanonicalRequest(Differences {
                first: difference.line,
                what,
                theirs: difference.theirs.map(|line| masked(steps, &line)),
                lines: differing_lines(&ours, &echo.canonical_request),
            });
        }
        let ours = steps.string_to_sign.to_string();
        if let Some(difference) = first_difference(&ours, &echo.string_to_sign) {
            let what = STRING_TO_SIGN_WORDS
                .get(difference.line)
                .copied()
                .unwrap_or("line");
            return Self::StringToSign(Differences {
                first: difference.line,
                what: what.to_owned(),
                theirs: difference.theirs,
                lines: differing_lines(&ours, &echo.string_to_sign),
            });
        }
        Self::Same
    }

    /// The differing lines of step 1.
    pub(super) fn of_canonical_request(&self) -> Option<&Differences> {
        match self {
            Self::CanonicalRequest(differences) => Some(differences),
            _ => None,
        }
    }

    /// The differing lines of step 2.
    pub(super) fn of_string_to_sign(&self) -> Option<&Differences> {
        match self {
            Self::StringToSign(differences) => Some(differences),
            _ => None,
        }
    }
}

fn masked(steps: &SigningSteps, line: &str) -> String {
    mask(line, |name| steps.is_secret_header(name), &steps.redactor)
}

/// A line of the gateway's with secrets as dots, those that our request did not hold included.
fn mask(line: &str, is_secret: impl Fn(&str) -> bool, redactor: &Redactor) -> String {
    match line.split_once(':') {
        Some((name, _)) if is_secret(name) => format!("{name}:{MASK}"),
        _ => redactor.redact(line),
    }
}

/// Where two lines differ, in bytes of each: all between what they begin and end with alike.
pub(super) fn differing_range(ours: &str, theirs: &str) -> (Range<usize>, Range<usize>) {
    let start: usize = ours
        .chars()
        .zip(theirs.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let rest = |text: &str| text.get(start..).unwrap_or_default().to_owned();
    let end: usize = rest(ours)
        .chars()
        .rev()
        .zip(rest(theirs).chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    (start..ours.len() - end, start..theirs.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SecretString;

    #[test]
    fn the_differing_middle_of_two_lines() {
        assert_eq!(differing_range("/prod/pets", "/test/pets"), (1..5, 1..5));
        assert_eq!(differing_range("ab", "ab"), (2..2, 2..2));
        assert_eq!(differing_range("aa", "aaa"), (2..2, 2..3));
        assert_eq!(differing_range("이름", "이를"), (3..6, 3..6));
        assert_eq!(differing_range("", "x"), (0..0, 0..1));
    }

    #[test]
    fn what_the_gateway_says_of_a_sensitive_header_is_masked() {
        assert_eq!(
            mask(
                "x-amz-security-token:IQoJb3JpZ2luX2Vj",
                |name| name == "x-amz-security-token",
                &Redactor::default()
            ),
            format!("x-amz-security-token:{MASK}")
        );
        let redactor = Redactor::new([SecretString::new("k-1")]);
        assert_eq!(mask("host:a", |_| false, &redactor), "host:a");
        assert_eq!(
            mask("x-t:k-1, changed", |_| false, &redactor),
            format!("x-t:{MASK}, changed")
        );
    }
}
