//! The lines of the form.

use crate::collection::ApiKeyPlacement;
use crate::ui::theme::{CONTROL_HEIGHT, Tokens};
use crate::ui::widgets::{Highlight, TextField, WithTip as _, field_label, segmented};

/// The width of the fields.
pub(super) const FIELD_WIDTH: f32 = 360.0;

/// The width of the column of labels.
pub(super) const LABEL_WIDTH: f32 = 96.0;

/// A line of the form: a label in a column of its own, and its field.
pub(super) fn labelled<R>(
    ui: &mut egui::Ui,
    label: &str,
    add_field: impl FnOnce(&mut egui::Ui) -> R,
) -> R {
    labelled_with_tip(ui, label, "", add_field)
}

/// The same, and a tooltip for the label.
pub(super) fn labelled_with_tip<R>(
    ui: &mut egui::Ui,
    label: &str,
    tip: &str,
    add_field: impl FnOnce(&mut egui::Ui) -> R,
) -> R {
    ui.horizontal(|ui| {
        let size = egui::vec2(LABEL_WIDTH, CONTROL_HEIGHT);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(size, layout, |ui| {
            ui.set_min_width(LABEL_WIDTH);
            field_label(ui, label).tip(tip);
        });
        add_field(ui)
    })
    .inner
}

/// Name, key and place of an API key; `true` when one changed.
pub(super) fn api_key_ui(
    ui: &mut egui::Ui,
    key: &mut String,
    value: &mut String,
    placement: &mut ApiKeyPlacement,
    highlight: Highlight<'_>,
) -> bool {
    let mut changed = text_ui(ui, "Name", key, "x-api-key", highlight);
    changed |= secret_text_ui(ui, "Key", value, "{{apiKey}}", highlight);
    let options = [
        (ApiKeyPlacement::Header, "Header"),
        (ApiKeyPlacement::Query, "Query"),
    ];
    changed
        | labelled(ui, "Sent in", |ui| {
            segmented(ui, "Sent in", placement, &options).changed()
        })
}

/// A field with its label; `true` when it changed.
pub(super) fn text_ui(
    ui: &mut egui::Ui,
    label: &str,
    text: &mut String,
    hint: &str,
    highlight: Highlight<'_>,
) -> bool {
    labelled(ui, label, |ui| {
        let field = TextField::new(label, text)
            .hint(hint)
            .code()
            .highlight(highlight)
            .width(FIELD_WIDTH.min(ui.available_width()));
        ui.add(field).changed()
    })
}

/// A field whose text goes into a file that others read: a secret belongs into a variable.
pub(super) fn secret_text_ui(
    ui: &mut egui::Ui,
    label: &str,
    text: &mut String,
    hint: &str,
    highlight: Highlight<'_>,
) -> bool {
    let changed = text_ui(ui, label, text, hint, highlight);
    if !text.is_empty() && crate::template::names(text).is_empty() {
        let warning = Tokens::of(ui).warning;
        let words = "Put it into a secret variable and write {{variable}} here: a key in a file is not saved";
        ui.colored_label(warning, words);
    }
    changed
}
