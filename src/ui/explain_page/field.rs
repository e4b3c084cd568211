//! The field that texts are pasted into, however long they are.

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Event, Id, Ui};
use zeroize::Zeroize as _;

use crate::explain::READING_LIMIT;
use crate::ui::theme::Icon;
use crate::ui::widgets::{CodeEditor, EmptyState};

/// A longer text is not laid out: it would hold every frame up.
const EDITED: usize = 96 << 10;

/// What the field is called.
const NAME: &str = "Pasted text";

const HINT: &str = "Paste what tells of the refused call: the 403 with its headers, a curl command \
    and its output, a raw request, an Authorization header, a presigned URL, what “send --json” \
    printed, or a debug log of botocore or the AWS SDK for Go";

/// The text, and how often it changed.
#[derive(Default)]
pub(super) struct PasteField {
    text: String,
    revision: u64,
    /// The text is too long to be edited here.
    is_long: bool,
    /// How long a text was that nobody could read.
    refused: Option<usize>,
    /// The editor, to clear what it remembers.
    editor: Option<Id>,
    was_shown: bool,
    /// The editor's caret is to be put behind the text.
    wants_end: bool,
}

impl PasteField {
    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Counts the changes.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether there is no text.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.refused.is_none()
    }

    /// Why the text that was pasted is not read, if it is too long.
    pub(super) fn too_long(&self) -> Option<String> {
        self.refused.map(|bytes| {
            format!(
                "A text of {} was pasted and not kept: no more than {} are read. Paste only the \
                 call that failed.",
                megabytes(bytes),
                megabytes(READING_LIMIT)
            )
        })
    }

    /// Forgets the text, and what the editor remembers of it for undoing.
    pub(super) fn clear(&mut self, ctx: &egui::Context) {
        self.text.zeroize();
        if let Some(id) = self.editor
            && let Some(mut state) = TextEditState::load(ctx, id)
        {
            state.clear_undoer();
            state.store(ctx, id);
        }
        self.is_long = false;
        self.refused = None;
        self.was_shown = false;
        self.revision += 1;
    }

    /// Takes a paste before the editor lays it out: a long one, and any while nothing else has the
    /// keyboard.
    pub(super) fn take_pasted(&mut self, ui: &Ui) {
        let focused = ui.memory(egui::Memory::focused);
        let is_ours = focused.is_none() || (focused == self.editor && focused.is_some());
        if !is_ours {
            return;
        }
        let is_free = focused.is_none();
        let mut taken = None;
        ui.input_mut(|input| {
            input.events.retain_mut(|event| match event {
                Event::Paste(text) if is_free || text.len() > EDITED => {
                    taken = Some(std::mem::take(text));
                    false
                }
                _ => true,
            });
        });
        if let Some(text) = taken {
            self.clear(ui.ctx());
            self.put(text);
            self.wants_end = true;
        }
    }

    fn put(&mut self, mut text: String) {
        self.revision += 1;
        if text.len() > READING_LIMIT {
            self.refused = Some(text.len());
            text.zeroize();
            self.text.zeroize();
            self.is_long = false;
            return;
        }
        self.is_long = text.len() > EDITED;
        self.text = text;
    }

    /// Draws it in all the space that is left.
    pub(super) fn show(&mut self, ui: &mut Ui) {
        if self.is_long {
            let lines = self.text.lines().count();
            let title = format!("{} in {lines} lines", megabytes(self.text.len()));
            EmptyState::new(&title)
                .detail("It is too long to be shown. Clear it to paste another text.")
                .icon(Icon::FileText)
                .show(ui, |_| ());
            return;
        }
        let editor = CodeEditor::new(NAME, &mut self.text)
            .hint(HINT)
            .tab_moves_on();
        let response = ui.add(editor);
        self.editor = Some(response.id);
        if std::mem::take(&mut self.wants_end) {
            // What is pasted next stands behind it.
            let mut state = TextEditState::load(ui.ctx(), response.id).unwrap_or_default();
            let end = CCursor::new(self.text.chars().count());
            state.cursor.set_char_range(Some(CCursorRange::one(end)));
            state.store(ui.ctx(), response.id);
        }
        if !self.was_shown {
            self.was_shown = true;
            response.request_focus();
        }
        if response.changed() {
            self.refused = None;
            let text = std::mem::take(&mut self.text);
            self.put(text);
        }
    }
}

impl Drop for PasteField {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

fn megabytes(bytes: usize) -> String {
    if bytes < 1 << 20 {
        format!("{} KB", bytes.div_ceil(1 << 10))
    } else {
        format!("{:.1} MB", bytes as f64 / f64::from(1 << 20))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_nobody_reads_is_not_kept() {
        let mut field = PasteField::default();
        field.put("x".repeat(READING_LIMIT + 1));
        assert_eq!(field.text(), "");
        assert!(field.too_long().unwrap().contains("2.0 MB"));
        assert!(!field.is_empty(), "there is something to clear");
        field.put("short".to_owned());
        assert!(!field.is_long);
        field.put("x".repeat(EDITED + 1));
        assert!(field.is_long && field.revision() == 3);
    }
}
