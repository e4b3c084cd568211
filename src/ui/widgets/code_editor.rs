//! The editor of a text of several lines.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    CornerRadius, Frame, Margin, Rect, Response, ScrollArea, Stroke, StrokeKind, TextBuffer,
    TextEdit, Ui, Widget, vec2,
};

use super::code_view::CodeLanguage;
use super::highlight::{Highlight, highlighted_job, show_span_tip};
use super::json_colours::json_pieces;
use crate::ui::theme::{CORNER, Tokens, code};

/// An editor with line numbers, in all the space that is left. For texts up to about a megabyte.
#[must_use = "add it with `ui.add`"]
pub struct CodeEditor<'a> {
    name: &'a str,
    text: &'a mut String,
    hint: &'a str,
    language: CodeLanguage,
    highlight: Option<Highlight<'a>>,
    tab_moves_on: bool,
}

impl<'a> CodeEditor<'a> {
    /// An editor; `name` tells it from others and is what screen readers call it.
    pub fn new(name: &'a str, text: &'a mut String) -> Self {
        Self {
            name,
            text,
            hint: "",
            language: CodeLanguage::Plain,
            highlight: None,
            tab_moves_on: false,
        }
    }

    /// The tab key goes to the next control in place of into the text.
    pub fn tab_moves_on(mut self) -> Self {
        self.tab_moves_on = true;
        self
    }

    /// What stands there while it is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// How it is coloured.
    pub fn language(mut self, language: CodeLanguage) -> Self {
        self.language = language;
        self
    }

    /// Colours pieces of the text, over the language's colours.
    pub fn highlight(mut self, highlight: Highlight<'a>) -> Self {
        self.highlight = Some(highlight);
        self
    }
}

impl Widget for CodeEditor<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let font = code(1.0);
        let rect = ui.available_rect_before_wrap();
        let background = ui.painter().add(egui::Shape::Noop);
        let digit = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
        let row_height = ui.fonts_mut(|fonts| fonts.row_height(&font));
        let lines = self.text.split('\n').count();
        let gutter = (lines.to_string().len().max(2) as f32 * digit + 20.0).round();
        let (language, highlight, tab_moves_on) =
            (self.language, self.highlight, self.tab_moves_on);
        let layout_font = font.clone();
        let mut layouter = move |ui: &Ui, buffer: &dyn TextBuffer, wrap_width: f32| {
            let text = buffer.as_str();
            let t = Tokens::of(ui);
            let spans = highlight.map(|find| find(text)).unwrap_or_default();
            let mut job = highlighted_job(text, &spans, &layout_font, t, wrap_width);
            if language == CodeLanguage::Json {
                job = colour_between(&job, &layout_font, t);
            }
            for section in &mut job.sections {
                section.format.line_height = Some((row_height * 1.25).round());
            }
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let mut inner = ui.new_child(
            egui::UiBuilder::new()
                .id_salt(self.name)
                .max_rect(rect.shrink(1.0)),
        );
        let output = ScrollArea::vertical()
            .auto_shrink(false)
            .show(&mut inner, |ui| {
                let edit = TextEdit::multiline(self.text)
                    .id_salt(self.name)
                    .font(font.clone())
                    .hint_text(self.hint)
                    .frame(Frame::NONE.inner_margin(Margin {
                        left: gutter as i8,
                        right: 12,
                        top: 8,
                        bottom: 8,
                    }))
                    .lock_focus(!tab_moves_on)
                    .desired_width(f32::INFINITY)
                    .min_size(vec2(0.0, (rect.height() - 2.0).max(row_height)))
                    .layouter(&mut layouter)
                    .show(ui);
                let x = rect.left() + gutter - 10.0;
                let mut number = 1;
                let mut is_first = true;
                for row in &edit.galley.rows {
                    if is_first {
                        let row = row.rect().translate(edit.galley_pos.to_vec2());
                        if ui.is_rect_visible(Rect::everything_below(row.top()).intersect(row)) {
                            ui.painter().text(
                                egui::pos2(x, row.center().y),
                                egui::Align2::RIGHT_CENTER,
                                number,
                                font.clone(),
                                t.code.line_number,
                            );
                        }
                        number += 1;
                    }
                    is_first = row.ends_with_newline;
                }
                edit
            })
            .inner;
        ui.advance_cursor_after_rect(rect);
        let mut response = output.response.response.clone().accessible_name(self.name);
        let line = if response.has_focus() {
            Stroke::new(1.5, t.focus)
        } else {
            Stroke::new(1.0, t.outline)
        };
        ui.painter().set(
            background,
            egui::epaint::RectShape::new(
                rect,
                CornerRadius::same(CORNER),
                t.surface_sunken,
                line,
                StrokeKind::Inside,
            ),
        );
        if let Some(highlight) = highlight {
            response = show_span_tip(
                ui,
                response,
                &output.galley,
                output.galley_pos,
                self.text,
                highlight,
            );
        }
        response
    }
}

/// Colours as JSON what has the plain colour, and leaves marked spans alone.
fn colour_between(job: &LayoutJob, font: &egui::FontId, tokens: &Tokens) -> LayoutJob {
    let mut out = LayoutJob {
        wrap: job.wrap.clone(),
        keep_trailing_whitespace: true,
        ..LayoutJob::default()
    };
    let pieces = json_pieces(&job.text, tokens);
    for section in &job.sections {
        let section_range = section.byte_range.start.0..section.byte_range.end.0;
        if section.format.color != tokens.text {
            let text = job.text.get(section_range).unwrap_or_default();
            out.append(text, 0.0, section.format.clone());
            continue;
        }
        let first = pieces.partition_point(|(range, _)| range.end <= section_range.start);
        for (range, colour) in pieces.iter().skip(first) {
            if range.start >= section_range.end {
                break;
            }
            let both = range.start.max(section_range.start)..range.end.min(section_range.end);
            let format = TextFormat::simple(font.clone(), *colour);
            out.append(job.text.get(both).unwrap_or_default(), 0.0, format);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::highlight::{SpanKind, TextSpan};

    #[test]
    fn a_variable_inside_a_string_does_not_turn_the_colours_round() {
        let tokens = Tokens::for_theme(egui::Theme::Dark);
        let font = code(1.0);
        let text = "{\"a\": \"x{{v}}\", \"b\": \"c\"}";
        let span = TextSpan {
            range: 8..13,
            kind: SpanKind::Variable,
            tip: None,
        };
        let job = highlighted_job(text, &[span], &font, tokens, 100.0);
        let job = colour_between(&job, &font, tokens);
        assert_eq!(job.text, text);
        let colour_of = |piece: &str| {
            let at = text.find(piece).unwrap();
            job.sections
                .iter()
                .find(|section| section.byte_range.start.0 <= at && at < section.byte_range.end.0)
                .unwrap()
                .format
                .color
        };
        assert_eq!(colour_of("{{v}}"), tokens.code.variable);
        assert_eq!(colour_of("\"b\""), tokens.code.key);
        assert_eq!(colour_of("\"c\""), tokens.code.string);
    }
}
