//! Colours for a row of JSON.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId};

use crate::ui::theme::Tokens;

/// What a piece of JSON is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Key,
    String,
    Number,
    Keyword,
    Punctuation,
    Space,
}

/// A row of JSON with its pieces coloured. It needs no other row, so a cut line may be coloured
/// wrongly at its ends; it never loses text.
pub fn json_job(row: &str, font: &FontId, tokens: &Tokens) -> LayoutJob {
    let mut job = LayoutJob {
        break_on_newline: false,
        keep_trailing_whitespace: true,
        ..LayoutJob::default()
    };
    for (range, colour) in json_pieces(row, tokens) {
        let format = TextFormat::simple(font.clone(), colour);
        job.append(row.get(range).unwrap_or_default(), 0.0, format);
    }
    job
}

/// The pieces of a text, without gaps, each with its colour.
pub(super) fn json_pieces(text: &str, tokens: &Tokens) -> Vec<(Range<usize>, Color32)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (piece, length) = next_piece(rest);
        let colour = match piece {
            Piece::Key => tokens.code.key,
            Piece::String => tokens.code.string,
            Piece::Number => tokens.code.number,
            Piece::Keyword => tokens.code.keyword,
            Piece::Punctuation => tokens.code.punctuation,
            Piece::Space => tokens.text,
        };
        found.push((at..at + length, colour));
        at += length;
    }
    found
}

/// The first piece of a text that is not empty, and its length in bytes.
fn next_piece(text: &str) -> (Piece, usize) {
    let bytes = text.as_bytes();
    let run = |is_in: fn(u8) -> bool| bytes.iter().take_while(|b| is_in(**b)).count();
    match bytes.first() {
        Some(b'"') => {
            let length = string_length(bytes);
            let after = text.get(length..).unwrap_or_default();
            let is_key = after.trim_start().starts_with(':');
            (if is_key { Piece::Key } else { Piece::String }, length)
        }
        Some(b) if b.is_ascii_whitespace() => (Piece::Space, run(|b| b.is_ascii_whitespace())),
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => {
            let is_in = |b: u8| matches!(b, b'{' | b'}' | b'[' | b']' | b',' | b':');
            (Piece::Punctuation, run(is_in))
        }
        Some(b'-' | b'0'..=b'9') => {
            let is_in = |b: u8| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E') || b.is_ascii_digit();
            (Piece::Number, run(is_in))
        }
        _ => {
            let is_in = |c: &char| {
                !c.is_ascii_whitespace() && !matches!(c, '"' | '{' | '}' | '[' | ']' | ',' | ':')
            };
            let length: usize = text.chars().take_while(is_in).map(char::len_utf8).sum();
            let word = text.get(..length).unwrap_or_default();
            let piece = if matches!(word, "true" | "false" | "null") {
                Piece::Keyword
            } else {
                Piece::Space
            };
            (piece, length.max(1))
        }
    }
}

/// The length of a string from its opening quote, the closing one included.
fn string_length(bytes: &[u8]) -> usize {
    let mut is_escaped = false;
    for (index, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(mut text: &str) -> Vec<(Piece, &str)> {
        let mut found = Vec::new();
        while !text.is_empty() {
            let (piece, length) = next_piece(text);
            let (head, tail) = text.split_at(length);
            if piece != Piece::Space || !head.trim().is_empty() {
                found.push((piece, head));
            }
            text = tail;
        }
        found
    }

    #[test]
    fn a_row_falls_into_its_pieces() {
        use Piece::{Key, Keyword, Number, Punctuation, String};
        assert_eq!(
            pieces(r#"  "a\"b" : ["x", -1.5e3, true],"#),
            [
                (Key, r#""a\"b""#),
                (Punctuation, ":"),
                (Punctuation, "["),
                (String, "\"x\""),
                (Punctuation, ","),
                (Number, "-1.5e3"),
                (Punctuation, ","),
                (Keyword, "true"),
                (Punctuation, "],"),
            ]
        );
    }

    #[test]
    fn no_text_is_lost_however_broken() {
        let font = FontId::monospace(12.0);
        let tokens = Tokens::for_theme(egui::Theme::Dark);
        for text in [
            "",
            "\"open",
            "한국어 \"한\": nul",
            "\\",
            "}{\u{7f}é",
            "tru",
            "\"\\",
        ] {
            assert_eq!(json_job(text, &font, tokens).text, text);
        }
    }
}
