//! Time-out and the like.

use super::EditorState;
use crate::state::Tab;
use crate::ui::widgets::{TextField, field_label, note};

/// Draws the settings.
pub(super) fn settings_ui(ui: &mut egui::Ui, tab: &mut Tab, state: &mut EditorState) {
    field_label(ui, "Time-out in seconds");
    let written = seconds_text(tab.draft.settings.timeout_ms);
    let typed = state.timeout.get_or_insert_with(|| written.clone());
    let read = read_seconds(typed);
    let problem = read.is_err().then_some("A number of seconds, as 30 or 2.5");
    let field = TextField::new("Time-out in seconds", typed)
        .hint("60")
        .code()
        .width(120.0)
        .problem(problem);
    let response = ui.add(field);
    if response.changed()
        && let Ok(timeout) = read_seconds(typed)
    {
        tab.draft.settings.timeout_ms = timeout;
        tab.touch();
    } else if !response.has_focus() && read.is_ok_and(|read| read != tab.draft.settings.timeout_ms)
    {
        // The draft was replaced by its file.
        *typed = written;
    }
    note(
        ui,
        "For the whole call, from connecting to the last byte; empty for 60 seconds",
    );
}

fn seconds_text(millis: Option<u64>) -> String {
    match millis.filter(|millis| *millis > 0) {
        None => String::new(),
        Some(millis) if millis % 1000 == 0 => (millis / 1000).to_string(),
        Some(millis) => (millis as f64 / 1000.0).to_string(),
    }
}

/// Not a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotSeconds;

/// `None` for an empty text.
fn read_seconds(text: &str) -> Result<Option<u64>, NotSeconds> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => {
            Ok(Some((seconds * 1000.0).round() as u64))
        }
        Ok(_) | Err(_) => Err(NotSeconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_and_written() {
        for (text, millis) in [("", None), ("30", Some(30_000)), ("2.5", Some(2500))] {
            assert_eq!(read_seconds(text), Ok(millis));
            assert_eq!(seconds_text(millis), text);
        }
        for text in ["x", "-1", "0", "inf", "1e9"] {
            assert_eq!(read_seconds(text), Err(NotSeconds), "{text}");
        }
    }
}
