//! Characters that cannot be seen, made visible.

use std::borrow::Cow;

/// A piece of a text as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// As it stands.
    Plain(&'a str),
    /// A sign for a character that cannot be seen.
    Sign(Cow<'static, str>),
}

/// The sign for a line feed.
pub(super) const FEED: &str = "↵";

/// Cuts a text into what is seen and signs for what is not. Spaces get one only when `all` is
/// wanted; what hides itself always gets one, because a text that looks like another misleads.
pub(super) fn cut(text: &str, all: bool) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let Some(sign) = sign(letter, all) else {
            continue;
        };
        if let Some(before) = text.get(start..at).filter(|before| !before.is_empty()) {
            pieces.push(Piece::Plain(before));
        }
        pieces.push(Piece::Sign(sign));
        start = at + letter.len_utf8();
    }
    if let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        pieces.push(Piece::Plain(rest));
    }
    pieces
}

fn sign(letter: char, all: bool) -> Option<Cow<'static, str>> {
    Some(match letter {
        ' ' if all => "·".into(),
        ' ' => return None,
        '\t' => "⇥".into(),
        '\n' => FEED.into(),
        '\r' => "‹CR›".into(),
        '\u{a0}' => "‹NBSP›".into(),
        _ if is_hidden(letter) => format!("‹U+{:04X}›", u32::from(letter)).into(),
        _ => return None,
    })
}

/// Controls, other white space, and characters without width.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || (letter.is_whitespace() && letter != ' ')
        || matches!(
            letter,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme;

    fn shown(text: &str, all: bool) -> String {
        cut(text, all)
            .into_iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text.to_owned(),
                Piece::Sign(sign) => sign.into_owned(),
            })
            .collect()
    }

    #[test]
    fn spaces_are_shown_on_demand_and_what_hides_itself_always() {
        assert_eq!(shown("a b", false), "a b");
        assert_eq!(shown("a b", true), "a·b");
        for all in [false, true] {
            assert_eq!(
                shown("a\u{a0}b\tc\r\u{200b}\u{1}나비", all),
                "a‹NBSP›b⇥c‹CR›‹U+200B›‹U+0001›나비"
            );
        }
        assert_eq!(shown("", true), "");
        assert_eq!(cut("plain", true), [Piece::Plain("plain")]);
    }

    #[test]
    fn the_fonts_have_every_sign() {
        let ctx = egui::Context::default();
        theme::install(&ctx);
        let mut missing = Vec::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let font = theme::code(1.0);
            ui.fonts_mut(|fonts| {
                for sign in ["·", "⇥", FEED, "‹", "›"] {
                    if !fonts.has_glyphs(&font, sign) {
                        missing.push(sign);
                    }
                }
            });
        });
        output.textures_delta.clear();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
