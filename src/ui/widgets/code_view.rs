//! The view of a long text: only the rows that are seen are laid out.

use egui::{Label, Rect, ScrollArea, Sense, TextWrapMode, Ui, vec2};

use super::json_colours::json_job;
use super::menu::MenuItem;
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

/// A read-only text of any length, with line numbers. Rows can be selected with the pointer and
/// copied; the context menu copies a line or all of it.
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
        let mut area = ScrollArea::both()
            .id_salt(self.name)
            .auto_shrink(false)
            .animated(false);
        if let Some(row) = self.scroll_to {
            let middle = (row as f32 * row_height - ui.available_height() / 2.0).max(0.0);
            area = area.vertical_scroll_offset(middle);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        area.show_rows(ui, row_height, self.rows.len(), |ui, range| {
            let mut numbers = Vec::with_capacity(range.len());
            for row in range {
                let top = ui.cursor().top();
                self.row(ui, row, gutter, row_height, &font);
                numbers.push((top, self.rows.number(row)));
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

    fn row(&self, ui: &mut Ui, row: usize, gutter: f32, height: f32, font: &egui::FontId) {
        let t = Tokens::of(ui);
        let text = self.rows.text(row);
        let job = match self.language {
            CodeLanguage::Json => json_job(text, font, t),
            CodeLanguage::Plain => {
                egui::text::LayoutJob::simple_singleline(text.to_owned(), font.clone(), t.text)
            }
        };
        let line = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), height), line, |ui| {
            ui.set_min_height(height);
            ui.spacing_mut().interact_size.y = 0.0;
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(gutter);
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
