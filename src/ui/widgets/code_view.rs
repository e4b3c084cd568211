//! The view of a long text: only the rows that are seen are laid out.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Label, Rect, ScrollArea, Sense, TextWrapMode, Ui, vec2};

use super::json_colours::json_pieces;
use super::menu::MenuItem;
use super::wrap_index::{Segment, WrapIndex};
use crate::ui::theme::{Icon, Tokens, code};

/// A text cut into rows that are short enough to be laid out one by one.
pub trait Rows {
    /// How many rows there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of a row without its line end.
    fn text(&self, row: usize) -> &str;

    /// The number of the line that begins with a row, from 1; `None` for a row that continues the
    /// one above.
    fn number(&self, row: usize) -> Option<usize>;
}

/// How a text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeLanguage {
    /// Not at all.
    #[default]
    Plain,
    /// As JSON.
    Json,
}

/// A read-only text of any length, with line numbers. Lines wrap, unless there are very many. Text
/// can be selected with the pointer and copied; the context menu copies a line or all of it.
#[must_use = "show it"]
pub struct CodeView<'a> {
    name: &'a str,
    rows: &'a dyn Rows,
    language: CodeLanguage,
    scale: f32,
    scroll_to: Option<usize>,
}

impl<'a> CodeView<'a> {
    /// A view; `name` tells it from others and is what screen readers call it.
    pub fn new(name: &'a str, rows: &'a dyn Rows) -> Self {
        Self {
            name,
            rows,
            language: CodeLanguage::Plain,
            scale: 1.0,
            scroll_to: None,
        }
    }

    /// How it is coloured.
    pub fn language(mut self, language: CodeLanguage) -> Self {
        self.language = language;
        self
    }

    /// Larger or smaller text.
    pub fn scale(mut self, scale: f32) -> Self {
        self.scale = scale;
        self
    }

    /// Scrolls so that a row is seen, this frame.
    pub fn scroll_to(mut self, row: Option<usize>) -> Self {
        self.scroll_to = row;
        self
    }

    /// Draws it in all the space that is left.
    pub fn show(self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let font = code(self.scale);
        let row_height = (ui.fonts_mut(|fonts| fonts.row_height(&font)) * 1.25).round();
        let digit = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
        let last = (0..self.rows.len())
            .rev()
            .find_map(|row| self.rows.number(row))
            .unwrap_or(1);
        let digits = last.to_string().len().max(2);
        let gutter = (digits as f32 * digit + 24.0).round();
        let width = ui.available_width() - gutter - 12.0;
        let columns = (width / digit).floor().max(1.0) as usize;
        let id = ui.make_persistent_id((self.name, "wrap"));
        let wrap = WrapIndex::of(ui, id, self.rows, columns);
        let count = wrap.as_ref().map_or(self.rows.len(), |wrap| wrap.len());
        let segment_at = |index: usize| -> Segment {
            wrap.as_ref()
                .and_then(|wrap| wrap.segment(index))
                .unwrap_or(Segment {
                    row: index,
                    start: 0,
                    end: usize::MAX,
                    indent: 0,
                })
        };
        let mut area = ScrollArea::new([wrap.is_none(), true])
            .id_salt(self.name)
            .auto_shrink(false)
            .animated(false);
        if let Some(row) = self.scroll_to {
            let row = wrap.as_ref().map_or(row, |wrap| wrap.first_of(row));
            let middle = (row as f32 * row_height - ui.available_height() / 2.0).max(0.0);
            area = area.vertical_scroll_offset(middle);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        area.show_rows(ui, row_height, count, |ui, range| {
            let mut numbers = Vec::with_capacity(range.len());
            for index in range {
                let top = ui.cursor().top();
                let segment = segment_at(index);
                let left = gutter + segment.indent as f32 * digit;
                self.part(ui, segment, left, row_height, &font);
                let number = (segment.start == 0)
                    .then(|| self.rows.number(segment.row))
                    .flatten();
                numbers.push((top, number));
            }
            // The gutter stays where it is while the text scrolls under it.
            let clip = ui.clip_rect();
            let column = Rect::from_min_size(clip.min, vec2(gutter - 8.0, clip.height()));
            ui.painter().rect_filled(column, 0, t.surface);
            for (top, number) in numbers {
                if let Some(number) = number {
                    ui.painter().text(
                        egui::pos2(column.right() - 4.0, top + row_height / 2.0),
                        egui::Align2::RIGHT_CENTER,
                        number,
                        font.clone(),
                        t.code.line_number,
                    );
                }
            }
        });
    }

    /// Draws a part of a row.
    fn part(&self, ui: &mut Ui, part: Segment, left: f32, height: f32, font: &FontId) {
        let t = Tokens::of(ui);
        let text = self.rows.text(part.row);
        let end = part.end.min(text.len());
        let mut job = LayoutJob {
            break_on_newline: false,
            keep_trailing_whitespace: true,
            ..LayoutJob::default()
        };
        let mut append = |range: Range<usize>, colour| {
            let piece = text.get(range).unwrap_or_default();
            job.append(piece, 0.0, TextFormat::simple(font.clone(), colour));
        };
        match self.language {
            CodeLanguage::Json => {
                // Coloured as a whole: a part may begin inside a string.
                for (range, colour) in json_pieces(text, t) {
                    let both = range.start.max(part.start)..range.end.min(end);
                    if !both.is_empty() {
                        append(both, colour);
                    }
                }
            }
            CodeLanguage::Plain => append(part.start..end, t.text),
        }
        let row = part.row;
        let line = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), height), line, |ui| {
            ui.set_min_height(height);
            ui.spacing_mut().interact_size.y = 0.0;
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(left);
            let label = Label::new(job)
                .wrap_mode(TextWrapMode::Extend)
                .selectable(true)
                .sense(Sense::click());
            ui.add(label).context_menu(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                if MenuItem::new("Copy line")
                    .icon(Icon::Copy)
                    .show(ui)
                    .clicked()
                {
                    ui.copy_text(self.line(row));
                }
                let all = MenuItem::new("Copy all").icon(Icon::ClipboardCopy);
                if all.show(ui).clicked() {
                    ui.copy_text(self.all());
                }
            });
        });
    }

    /// The whole line to which a row belongs.
    fn line(&self, row: usize) -> String {
        let first = (0..=row)
            .rev()
            .find(|row| self.rows.number(*row).is_some())
            .unwrap_or(0);
        let mut line = self.rows.text(first).to_owned();
        for next in first + 1..self.rows.len() {
            if self.rows.number(next).is_some() {
                break;
            }
            line.push_str(self.rows.text(next));
        }
        line
    }

    /// The whole text.
    fn all(&self) -> String {
        let mut all = String::new();
        for row in 0..self.rows.len() {
            if row > 0 && self.rows.number(row).is_some() {
                all.push('\n');
            }
            all.push_str(self.rows.text(row));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Cut;

    impl Rows for Cut {
        fn len(&self) -> usize {
            3
        }

        fn text(&self, row: usize) -> &str {
            ["ab", "cd", "e"][row]
        }

        fn number(&self, row: usize) -> Option<usize> {
            [Some(1), None, Some(2)][row]
        }
    }

    #[test]
    fn a_cut_line_is_copied_whole() {
        let view = CodeView::new("Body", &Cut);
        assert_eq!(view.line(1), "abcd");
        assert_eq!(view.line(2), "e");
        assert_eq!(view.all(), "abcd\ne");
    }
}
