//! Strokes that the widgets share.

use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Response, RichText, Stroke, Ui};

use crate::ui::theme::{CORNER, ICON, Icon, Tokens, icon_font};

/// The ring around what has the keyboard; the same everywhere.
pub fn focus_ring(ui: &Ui, rect: Rect, response: &Response) {
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect,
            CornerRadius::same(CORNER),
            Stroke::new(1.5, Tokens::of(ui).focus),
            egui::StrokeKind::Inside,
        );
    }
}

/// A line of one pixel over the width that is left.
pub fn horizontal_line(ui: &mut Ui) {
    let width = if ui.is_sizing_pass() {
        0.0
    } else {
        ui.available_width()
    };
    let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 1.0), egui::Sense::hover());
    ui.painter().hline(
        rect.x_range(),
        rect.center().y,
        Stroke::new(1.0, Tokens::of(ui).separator),
    );
}

/// An icon in the middle of a point.
pub fn paint_icon(painter: &Painter, centre: Pos2, icon: Icon, size: f32, colour: Color32) {
    painter.text(
        centre,
        Align2::CENTER_CENTER,
        char::from(icon),
        icon_font(size),
        colour,
    );
}

/// An icon as text, to stand in a label.
pub fn rich_icon(icon: Icon, colour: Color32) -> RichText {
    RichText::new(char::from(icon))
        .font(icon_font(ICON))
        .color(colour)
}

/// Text on one line, cut with an ellipsis at a width.
pub(super) fn one_line(
    ui: &Ui,
    text: &str,
    font: egui::FontId,
    colour: Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(0.0));
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// The fill of something that can be pressed.
pub(super) fn state_fill(ui: &Ui, response: &Response, selected: bool) -> Color32 {
    let tokens = Tokens::of(ui);
    if selected {
        tokens.selected
    } else if response.is_pointer_button_down_on() {
        tokens.pressed
    } else if response.hovered() {
        tokens.hover
    } else {
        Color32::TRANSPARENT
    }
}
