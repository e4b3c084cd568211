//! The text field of one line.

use std::ops::Range;

use egui::text::{CCursor, CharIndex};
use egui::text_edit::TextEditOutput;
use egui::{
    Align2, Color32, CornerRadius, FontId, Frame, Id, Margin, Rect, Response, Stroke, StrokeKind,
    TextBuffer, TextEdit, Ui, Widget, vec2,
};

use super::highlight::{Highlight, highlighted_job, show_span_tip};
use super::tooltip::WithTip as _;
use crate::ui::theme::{CONTROL_HEIGHT, CORNER, Tokens, code};

/// A field of one line. It has a name instead of a label beside it.
#[must_use = "add it with `ui.add`"]
pub struct TextField<'a> {
    name: &'a str,
    text: &'a mut String,
    hint: &'a str,
    is_code: bool,
    width: Option<f32>,
    highlight: Option<Highlight<'a>>,
    problem: Option<&'a str>,
    id: Option<Id>,
    is_framed: bool,
    is_enabled: bool,
    marks: &'a [(Range<usize>, Color32)],
    pointed: Option<&'a mut PointedText>,
}

/// Where in a text the pointer and the keyboard are, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointedText {
    /// What the pointer is on.
    pub hovered: Option<usize>,
    /// Where one types.
    pub focused: Option<usize>,
}

impl<'a> TextField<'a> {
    /// A field; `name` is what screen readers call it.
    pub fn new(name: &'a str, text: &'a mut String) -> Self {
        Self {
            name,
            text,
            hint: "",
            is_code: false,
            width: None,
            highlight: None,
            problem: None,
            id: None,
            is_framed: true,
            is_enabled: true,
            marks: &[],
            pointed: None,
        }
    }

    /// What stands there while it is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// In monospace: for what goes over the wire.
    pub fn code(mut self) -> Self {
        self.is_code = true;
        self
    }

    /// So wide, in place of all the width there is.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Colours pieces of the text, with tips.
    pub fn highlight(mut self, highlight: Highlight<'a>) -> Self {
        self.highlight = Some(highlight);
        self
    }

    /// What is wrong with the text: a red line around it and a tooltip.
    pub fn problem(mut self, problem: Option<&'a str>) -> Self {
        self.problem = problem;
        self
    }

    /// The id by which the keyboard can be given to it.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// Without a line around it: inside something that has one.
    pub fn frameless(mut self) -> Self {
        self.is_framed = false;
        self
    }

    /// Pieces of the text, in bytes, with a colour below them.
    pub fn marks(mut self, marks: &'a [(Range<usize>, Color32)]) -> Self {
        self.marks = marks;
        self
    }

    /// Tells where in the text the pointer and the keyboard are.
    pub fn pointed(mut self, pointed: &'a mut PointedText) -> Self {
        self.pointed = Some(pointed);
        self
    }

    /// Whether it can be written into.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.is_enabled = enabled;
        self
    }
}

impl Widget for TextField<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let is_enabled = self.is_enabled;
        ui.add_enabled_ui(is_enabled, |ui| self.show(ui)).inner
    }
}

impl TextField<'_> {
    fn show(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let font = if self.is_code {
            code(1.0)
        } else {
            egui::TextStyle::Body.resolve(ui.style())
        };
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let background = ui.painter().add(egui::Shape::Noop);
        let mut layouter = layouter(self.highlight, font.clone());
        let mut edit = TextEdit::singleline(self.text)
            .font(font)
            .text_color(t.text)
            .hint_text(self.hint)
            .frame(Frame::NONE.inner_margin(Margin::symmetric(8, 0)))
            .align(Align2::LEFT_CENTER)
            .desired_width(width)
            .min_size(vec2(width.min(48.0), CONTROL_HEIGHT));
        if let Some(id) = self.id {
            edit = edit.id(id);
        }
        if self.highlight.is_some() {
            edit = edit.layouter(&mut layouter);
        }
        let output = edit.show(ui);
        let mut response = output.response.response.clone().accessible_name(self.name);
        let rect = response.rect;
        mark(ui, &output, self.text, self.marks);
        if let Some(pointed) = self.pointed {
            *pointed = pointed_text(ui, &output, self.text);
        }
        if self.is_framed || self.problem.is_some() {
            let line = if self.problem.is_some() {
                Stroke::new(1.0, t.danger)
            } else if response.has_focus() {
                Stroke::new(1.5, t.focus)
            } else if response.hovered() {
                Stroke::new(1.0, t.outline_hover)
            } else {
                Stroke::new(1.0, t.outline)
            };
            let fill = if self.is_framed {
                t.surface_sunken
            } else {
                egui::Color32::TRANSPARENT
            };
            ui.painter().set(
                background,
                egui::epaint::RectShape::new(
                    rect,
                    CornerRadius::same(CORNER),
                    fill,
                    line,
                    StrokeKind::Inside,
                ),
            );
        }
        if let Some(problem) = self.problem {
            response = response.tip(problem);
        } else if let Some(highlight) = self.highlight {
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

/// Marks pieces of the text: a tint over them and a line below, inside the field.
fn mark(ui: &Ui, output: &TextEditOutput, text: &str, marks: &[(Range<usize>, Color32)]) {
    let painter = ui.painter().with_clip_rect(output.text_clip_rect);
    let x_of = |byte: usize| {
        let index = text.get(..byte).map_or(0, |before| before.chars().count());
        let cursor = CCursor::new(CharIndex(index));
        output.galley_pos.x + output.galley.pos_from_cursor(cursor).left()
    };
    for (range, colour) in marks {
        let top = output.galley_pos.y;
        let piece = Rect::from_x_y_ranges(
            x_of(range.start)..=x_of(range.end),
            top..=top + output.galley.size().y,
        );
        painter.rect_filled(piece, 2, colour.gamma_multiply(0.22));
        let line = Stroke::new(2.0, *colour);
        painter.hline(piece.x_range(), piece.bottom() - 1.0, line);
    }
}

fn pointed_text(ui: &Ui, output: &TextEditOutput, text: &str) -> PointedText {
    let byte_of = |index: usize| {
        text.char_indices()
            .nth(index)
            .map_or(text.len(), |(byte, _)| byte)
    };
    let response = &output.response.response;
    let hover = ui.input(|input| input.pointer.hover_pos());
    let hovered = hover.filter(|_| response.hovered()).and_then(|at| {
        let inside = at - output.galley_pos;
        let is_in_text = inside.x >= 0.0 && inside.x <= output.galley.size().x;
        is_in_text.then(|| byte_of(output.galley.cursor_from_pos(inside).index.0))
    });
    let cursor = output.cursor_range.filter(|_| response.has_focus());
    PointedText {
        hovered,
        focused: cursor.map(|range| byte_of(range.primary.index.0)),
    }
}

/// A layouter for egui's text fields that colours spans.
pub(super) fn layouter(
    highlight: Option<Highlight<'_>>,
    font: FontId,
) -> impl FnMut(&Ui, &dyn TextBuffer, f32) -> std::sync::Arc<egui::Galley> {
    move |ui, buffer, wrap_width| {
        let text = buffer.as_str();
        let spans = highlight.map(|find| find(text)).unwrap_or_default();
        let mut job = highlighted_job(text, &spans, &font, Tokens::of(ui), wrap_width);
        job.break_on_newline = false;
        job.wrap.max_width = f32::INFINITY;
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    }
}
