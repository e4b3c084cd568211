//! Headings, labels and notes.

use egui::{Align, Layout, Response, RichText, Ui, vec2};

use crate::ui::theme::{CONTROL_HEIGHT, TEXT_BODY, TREE_HEIGHT, Tokens, bold};

/// The width of a form's column of labels.
const LABEL_WIDTH: f32 = 80.0;

/// The heading of a group.
pub fn section_heading(ui: &mut Ui, text: &str) -> Response {
    let t = Tokens::of(ui);
    ui.label(
        RichText::new(text)
            .font(bold(TEXT_BODY))
            .color(t.text_secondary),
    )
}

/// The heading of a group, with buttons at the end of the line. They are added from right to left.
pub fn section_heading_with<R>(
    ui: &mut Ui,
    text: &str,
    add_buttons: impl FnOnce(&mut Ui) -> R,
) -> R {
    let width = ui.available_width();
    ui.allocate_ui_with_layout(
        vec2(width, TREE_HEIGHT),
        Layout::left_to_right(Align::Center),
        |ui| {
            section_heading(ui, text);
            ui.with_layout(Layout::right_to_left(Align::Center), add_buttons)
                .inner
        },
    )
    .inner
}

/// The label above or beside a field.
pub fn field_label(ui: &mut Ui, text: &str) -> Response {
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).color(t.text_secondary))
}

/// A line of a form: a label in a column of its own, and its field.
pub fn field_row<R>(ui: &mut Ui, label: &str, add_field: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        let size = vec2(LABEL_WIDTH, CONTROL_HEIGHT);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(LABEL_WIDTH);
            field_label(ui, label);
        });
        add_field(ui)
    })
    .inner
}

/// A sentence that explains, muted.
pub fn note(ui: &mut Ui, text: &str) -> Response {
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).color(t.text_muted))
}
