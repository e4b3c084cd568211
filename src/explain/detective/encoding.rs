//! Percent-encoding with the freedoms that signers take.

use std::cmp::Ordering;
use std::fmt::Write as _;

/// How bytes are escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Escaping {
    /// Bytes left as they are besides letters, digits, `-`, `.`, `_`.
    pub(super) keep: &'static [u8],
    /// `%2a` instead of `%2A`.
    pub(super) is_lower: bool,
}

/// What AWS asks for.
pub(super) const RIGHT: Escaping = Escaping {
    keep: b"~",
    is_lower: false,
};

impl Escaping {
    /// Escapes a text's bytes.
    pub(super) fn encode(self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len());
        for byte in bytes {
            if byte.is_ascii_alphanumeric() || b"-._".contains(byte) || self.keep.contains(byte) {
                out.push(char::from(*byte));
            } else if self.is_lower {
                // Writing to a String cannot fail.
                write!(out, "%{byte:02x}").ok();
            } else {
                write!(out, "%{byte:02X}").ok();
            }
        }
        out
    }
}

/// Unescapes; what is no escape stays.
pub(super) fn decode(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(text).collect()
}

/// The order of `localeCompare` and its kin: punctuation, digits, letters whatever their case.
pub(super) fn by_locale(left: &str, right: &str) -> Ordering {
    const PUNCTUATION: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    let rank = |c: char| {
        let class = if c.is_alphabetic() {
            2
        } else {
            u8::from(c.is_ascii_digit())
        };
        let place = PUNCTUATION.find(c).unwrap_or(usize::MAX);
        (
            class,
            if class == 0 { place } else { 0 },
            c.to_ascii_lowercase(),
        )
    };
    left.chars()
        .map(rank)
        .cmp(right.chars().map(rank))
        .then_with(|| right.cmp(left))
}
