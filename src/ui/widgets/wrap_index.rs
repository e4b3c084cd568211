//! Where the rows of a long text wrap: so many columns, known without laying anything out.

use std::sync::Arc;

use egui::{Id, Ui};

use super::code_view::Rows;

/// Texts of more rows are not wrapped: the index would take longer than a frame.
const ROW_LIMIT: usize = 50_000;
/// A word is kept whole if it is no longer than this.
const WORD: usize = 24;

/// A part of a row that fits into the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The row.
    pub(super) row: usize,
    /// Where the part begins and ends, in bytes of the row.
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many columns it is moved in, to stand under the beginning of its row.
    pub(super) indent: usize,
}

/// All parts of all rows.
#[derive(Debug, Default)]
pub(super) struct WrapIndex {
    key: Key,
    segments: Vec<Segment>,
}

/// What an index was made for. Texts are told apart by where they lie in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Key {
    columns: usize,
    rows: usize,
    first: usize,
    last: usize,
    last_length: usize,
}

impl WrapIndex {
    /// That of a text; made anew only if text or width changed. `None` for a text that is too long
    /// to be wrapped.
    pub(super) fn of(ui: &Ui, id: Id, rows: &dyn Rows, columns: usize) -> Option<Arc<Self>> {
        if rows.is_empty() || rows.len() > ROW_LIMIT {
            return None;
        }
        let columns = columns.max(8);
        let last = rows.text(rows.len().saturating_sub(1));
        let key = Key {
            columns,
            rows: rows.len(),
            first: rows.text(0).as_ptr().addr(),
            last: last.as_ptr().addr(),
            last_length: last.len(),
        };
        let known: Option<Arc<Self>> = ui.data(|data| data.get_temp(id));
        if let Some(known) = known.filter(|known| known.key == key) {
            return Some(known);
        }
        let mut segments = Vec::with_capacity(rows.len());
        for row in 0..rows.len() {
            cut(row, rows.text(row), columns, &mut segments);
        }
        let index = Arc::new(Self { key, segments });
        ui.data_mut(|data| data.insert_temp(id, index.clone()));
        Some(index)
    }

    /// How many parts there are.
    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    /// A part.
    pub(super) fn segment(&self, index: usize) -> Option<Segment> {
        self.segments.get(index).copied()
    }

    /// The first part of a row.
    pub(super) fn first_of(&self, row: usize) -> usize {
        self.segments.partition_point(|segment| segment.row < row)
    }
}

/// How many columns a letter takes, or a little more.
fn width_of(c: char) -> usize {
    match c {
        '\t' => 4,
        // Letters of East Asia and emoji.
        '\u{1100}'.. => 2,
        _ => 1,
    }
}

/// Cuts a row into parts, between words where that is near.
fn cut(row: usize, text: &str, columns: usize, segments: &mut Vec<Segment>) {
    let spaces = text.bytes().take_while(|b| *b == b' ').count();
    let hanging = (spaces + 2).min(columns / 3);
    let mut start = 0;
    let mut indent = 0;
    let mut used = 0;
    // Behind the last space, and how much was used there.
    let mut word: Option<(usize, usize)> = None;
    for (at, c) in text.char_indices() {
        let width = width_of(c);
        if indent + used + width > columns && at > start {
            let (end, taken) = match word {
                Some((end, taken)) if used - taken <= WORD && end > start + spaces => (end, taken),
                _ => (at, used),
            };
            segments.push(Segment {
                row,
                start,
                end,
                indent,
            });
            start = end;
            used -= taken;
            indent = hanging;
            word = None;
        }
        used += width;
        if c == ' ' {
            word = Some((at + 1, used));
        }
    }
    segments.push(Segment {
        row,
        start,
        end: text.len(),
        indent,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, columns: usize) -> Vec<(usize, &str)> {
        let mut segments = Vec::new();
        cut(0, text, columns, &mut segments);
        segments
            .iter()
            .map(|segment| (segment.indent, &text[segment.start..segment.end]))
            .collect()
    }

    #[test]
    fn a_row_that_fits_is_one_part() {
        assert_eq!(parts("", 10), [(0, "")]);
        assert_eq!(parts("0123456789", 10), [(0, "0123456789")]);
    }

    #[test]
    fn parts_break_between_words_and_hang_under_their_row() {
        assert_eq!(
            parts("  the request signature", 14),
            [(0, "  the request "), (4, "signature")]
        );
    }

    #[test]
    fn what_has_no_words_breaks_anywhere_and_wide_letters_count_twice() {
        let long = "x".repeat(60);
        let parts_of_long = parts(&long, 30);
        assert_eq!(parts_of_long[0], (0, &long[..30]));
        assert_eq!(parts_of_long[1], (2, &long[..28]));
        assert_eq!(parts("나비나비나비", 9)[0], (0, "나비나비"));
    }

    #[test]
    fn no_text_is_lost_at_any_width() {
        let text = "  \"message\": \"서명 does not\tmatch — 🐈 wJalrXUtnFEMI/K7MDENG/bPxRfiCY\"";
        for columns in 8..90 {
            let joined: String = parts(text, columns).iter().map(|(_, part)| *part).collect();
            assert_eq!(joined, text, "{columns}");
        }
    }
}
