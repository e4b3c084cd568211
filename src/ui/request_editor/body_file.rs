//! The body that is a file.

use std::time::SystemTime;

use crate::collection::Body;
use crate::request::{FoundFile, leads_outside};
use crate::state::{Command, Tab};
use crate::ui::UiContext;
use crate::ui::response_view::size;
use crate::ui::theme::{INSET, Tokens};
use crate::ui::widgets::{Button, Highlight, TextField, field_row, note};
use crate::ui::wording::sentence;

/// Room for the button beside the field.
const BUTTON_WIDTH: f32 = 92.0;
/// A path is rarely longer; a wider field is not easier to read.
const FIELD_MOST: f32 = 560.0;
const TYPE_WIDTH: f32 = 280.0;

/// Draws path and type, and below what is wrong and what lies there. Gives whether the draft changed.
pub(super) fn body_file_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    problem: Option<&str>,
    highlight: Highlight<'_>,
) -> bool {
    let id = tab.id;
    let Body::File { path, content_type } = &mut tab.draft.body else {
        return false;
    };
    let mut changed = false;
    ui.add_space(4.0);
    field_row(ui, "File", |ui| {
        let room = ui.available_width() - BUTTON_WIDTH - INSET;
        let field = TextField::new("Body file", path)
            .hint("path, relative to the collection's folder")
            .code()
            .highlight(highlight)
            .width(room.min(FIELD_MOST));
        changed |= ui.add(field).changed();
        let choose = Button::secondary("Choose…")
            .name("Choose the body's file")
            .min_width(BUTTON_WIDTH);
        if ui.add(choose).clicked() {
            ctx.send(Command::ChooseBodyFile(id));
        }
    });
    field_row(ui, "Type", |ui| {
        let field = TextField::new("Content type of the file", content_type)
            .hint("application/octet-stream")
            .code()
            .highlight(highlight)
            .width(TYPE_WIDTH);
        changed |= ui.add(field).changed();
    });
    ui.add_space(4.0);
    // Below the fields, so that they stay where they are while one types.
    if let Some(problem) = problem {
        ui.colored_label(Tokens::of(ui).danger, problem);
    }
    found_ui(ui, ctx, tab);
    changed
}

/// What lies there, as far as is known; asks for it if the draft names another file by now.
fn found_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tab: &Tab) {
    let Some(path) = tab.body_file_path(ctx.workspace.folder()) else {
        return;
    };
    let Some(file) = tab.body_file.as_ref().filter(|file| file.path == path) else {
        ctx.send(Command::LookAtBodyFile(tab.id));
        return;
    };
    match &file.found {
        None => {
            note(ui, "Looking at the file …");
        }
        Some(Ok(found)) => {
            note(ui, &facts(found));
            note(
                ui,
                "It is hashed when it is signed, then sent from the disk; it is not read into memory",
            );
        }
        Some(Err(error)) => {
            let text = sentence(&format!("{error} — {}", error.hint()));
            ui.colored_label(Tokens::of(ui).danger, text);
        }
    }
    if ctx
        .workspace
        .folder()
        .is_some_and(|folder| leads_outside(folder, &path))
    {
        let text = format!(
            "Outside the collection's folder: who gets the collection does not get this file ({})",
            path.display()
        );
        ui.colored_label(Tokens::of(ui).warning, text);
    }
}

/// Size and age in a line.
fn facts(found: &FoundFile) -> String {
    let changed = found.modified.map(day_and_time).unwrap_or_default();
    format!("{}{changed}", size(found.length))
}

fn day_and_time(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time)
        .map(|time| time.strftime(", changed %Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn size_and_age() {
        let found = FoundFile {
            length: 104_000_000,
            modified: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_163)),
        };
        assert_eq!(facts(&found), "104 MB, changed 2015-08-30 12:36:03 UTC");
        let found = FoundFile {
            length: 0,
            modified: None,
        };
        assert_eq!(facts(&found), "0 B");
    }
}
