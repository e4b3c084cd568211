//! One choice: its control, where its value comes from, and the way back.

use super::HowToSign;
use crate::collection::Variable;
use crate::exchange::{ChoiceName, ChoiceRow, SigningChoices};
use crate::ui::request_editor::auth::fields::{LABEL_WIDTH, labelled_with_tip};
use crate::ui::request_editor::hints::variable_spans;
use crate::ui::theme::{CONTROL_HEIGHT, Icon, Tokens};
use crate::ui::widgets::{IconButton, TextField, note, segmented};
use crate::ui::wording::for_window;

/// The width of fields for names and hosts.
const TEXT_WIDTH: f32 = 300.0;

/// The width of fields for seconds.
const NUMBER_WIDTH: f32 = 120.0;

/// Draws a choice; `true` when the variables changed.
pub(super) fn choice_row_ui(
    ui: &mut egui::Ui,
    section: &HowToSign<'_>,
    row: &ChoiceRow,
    own: &mut Vec<Variable>,
) -> bool {
    let choices = section.choices;
    let title = row.name.title();
    let t = Tokens::of(ui);
    let mut changed = false;
    labelled_with_tip(ui, title, row.name.explanation(), |ui| {
        let column = egui::vec2(TEXT_WIDTH, CONTROL_HEIGHT);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(column, layout, |ui| {
            ui.set_min_width(TEXT_WIDTH);
            changed |= match row.name.options() {
                Some(options) => {
                    let mut chosen = row.value.as_str();
                    segmented(ui, title, &mut chosen, options).changed()
                        && choices.choose(own, row.name, Some(chosen))
                }
                None => text_ui(ui, section, row, own),
            };
        });
        let colour = if row.origin.is_some() {
            t.text
        } else {
            t.text_muted
        };
        ui.colored_label(colour, origin(section, row));
        if row.own.is_some() {
            let name = format!("{title} back to inherited");
            let back = IconButton::new(Icon::Undo2, &name).small();
            if ui.add(back).clicked() {
                changed |= choices.choose(own, row.name, None);
            }
        }
    });
    if let Some(problem) = row.problem.as_deref().map(for_window) {
        ui.horizontal(|ui| {
            ui.add_space(LABEL_WIDTH + ui.spacing().item_spacing.x);
            ui.colored_label(t.danger, problem);
        });
    }
    changed
}

/// Where the value comes from; and that it counts for nothing, if so.
fn origin(section: &HowToSign<'_>, row: &ChoiceRow) -> String {
    let from = if row.origin.as_ref() == Some(section.place) {
        section.here.to_owned()
    } else {
        section.choices.origin_of(row)
    };
    if row.is_in_use {
        return from;
    }
    let why = match row.name {
        ChoiceName::RegionSet => "for SigV4a only",
        ChoiceName::ContentSha256Header => "not in a presigned URL",
        _ => "for a presigned URL only",
    };
    format!("{from} · {why}")
}

fn text_ui(
    ui: &mut egui::Ui,
    section: &HowToSign<'_>,
    row: &ChoiceRow,
    own: &mut Vec<Variable>,
) -> bool {
    let (width, nothing) = match row.name {
        ChoiceName::Expires | ChoiceName::ClockOffset => (NUMBER_WIDTH, ""),
        ChoiceName::Host => (TEXT_WIDTH, "the host that is sent"),
        ChoiceName::RegionSet => (TEXT_WIDTH, "the region of the auth"),
        _ => (TEXT_WIDTH, "none by choice"),
    };
    let hint = if row.inherited.is_empty() {
        nothing
    } else {
        &row.inherited
    };
    let problem = row.problem.as_deref().map(for_window);
    let mut text = row.own.clone().unwrap_or_default();
    let highlight = |text: &str| variable_spans(section.variables, text);
    let field = TextField::new(row.name.title(), &mut text)
        .hint(hint)
        .code()
        .highlight(&highlight)
        .problem(problem.as_deref())
        .width(width);
    let changed = ui.add(field).changed() && SigningChoices::write(own, row.name, &text);
    if matches!(row.name, ChoiceName::Expires | ChoiceName::ClockOffset) {
        note(ui, "seconds");
    }
    changed
}
