//! The request's documentation, in Markdown.

use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use super::EditorState;
use crate::state::Tab;
use crate::ui::widgets::{Button, CodeEditor, EmptyState, segmented};

/// Draws it set, or as text to edit.
pub(super) fn docs_ui(
    ui: &mut egui::Ui,
    tab: &mut Tab,
    state: &mut EditorState,
    markdown: &mut CommonMarkCache,
) {
    if tab.draft.docs.is_empty() && !state.edits_docs {
        EmptyState::new("No documentation yet").show(ui, |ui| {
            if ui.add(Button::secondary("Write some")).clicked() {
                state.edits_docs = true;
            }
        });
        return;
    }
    let options = [(false, "Read"), (true, "Edit")];
    segmented(ui, "Docs", &mut state.edits_docs, &options);
    if state.edits_docs {
        let editor = CodeEditor::new("Documentation", &mut tab.draft.docs).hint("Markdown");
        if ui.add(editor).changed() {
            tab.touch();
        }
    } else {
        egui::ScrollArea::vertical()
            .id_salt("docs")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_max_width(720.0);
                CommonMarkViewer::new().show(ui, markdown, &tab.draft.docs);
            });
    }
}
