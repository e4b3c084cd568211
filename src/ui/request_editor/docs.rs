//! Documentation in Markdown: the request's, a folder's, the collection's.

use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use crate::ui::widgets::{Button, CodeEditor, EmptyState, segmented};

/// Draws it set, or as text to edit; `true` when the text changed.
pub(in crate::ui) fn docs_ui(
    ui: &mut egui::Ui,
    docs: &mut String,
    edits: &mut bool,
    markdown: &mut CommonMarkCache,
) -> bool {
    if docs.is_empty() && !*edits {
        EmptyState::new("No documentation yet").show(ui, |ui| {
            if ui.add(Button::secondary("Write some")).clicked() {
                *edits = true;
            }
        });
        return false;
    }
    let options = [(false, "Read"), (true, "Edit")];
    segmented(ui, "Docs", edits, &options);
    if *edits {
        let editor = CodeEditor::new("Documentation", docs).hint("Markdown");
        ui.add(editor).changed()
    } else {
        egui::ScrollArea::vertical()
            .id_salt("docs")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_max_width(720.0);
                CommonMarkViewer::new().show(ui, markdown, docs);
            });
        false
    }
}
