//! How the request is signed: one line that says it, and a row for each choice below.

mod choice_row;
mod warnings;

use self::choice_row::choice_row_ui;
use self::warnings::warnings_ui;
use crate::collection::{Variable, VariableValue};
use crate::exchange::{ChoiceName, SigningChoices, SigningPreview};
use crate::template::{Origin, VariableSet};
use crate::ui::theme::Tokens;
use crate::ui::widgets::{Button, Disclosure};
use crate::ui::wording::for_window;

/// What the section remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ui) struct HowToSignState {
    is_open: bool,
    /// What had the keyboard in the last frame.
    focused: Option<egui::Id>,
}

/// What the section shows.
#[derive(Clone, Copy)]
pub(in crate::ui) struct HowToSign<'a> {
    /// The choices.
    pub choices: &'a SigningChoices,
    /// What they came to, if it is a request that is edited.
    pub preview: Option<&'a SigningPreview>,
    /// The variables that are seen.
    pub variables: &'a VariableSet,
    /// What is edited, in words: `this request`.
    pub here: &'a str,
    /// Where its variables stand among those that are seen.
    pub place: &'a Origin,
}

/// Draws the section over the variables of what is edited; `true` when they changed.
pub(in crate::ui) fn how_to_sign_ui(
    ui: &mut egui::Ui,
    section: &HowToSign<'_>,
    state: &mut HowToSignState,
    own: &mut Vec<Variable>,
) -> bool {
    let t = Tokens::of(ui);
    ui.add_space(8.0);
    let top = ui.cursor().top();
    let problem = section.choices.problem();
    let is_wrong = problem.is_some();
    let summary = for_window(&problem.unwrap_or_else(|| section.choices.summary()));
    let mut heading = Disclosure::new("How to sign", &summary);
    if is_wrong {
        heading = heading.colour(t.danger);
    }
    let was_open = state.is_open;
    heading.show(ui, &mut state.is_open);
    let mut changed = false;
    if state.is_open {
        ui.indent("choices", |ui| {
            for row in &section.choices.rows {
                if row.is_in_use || row.own.is_some() {
                    changed |= choice_row_ui(ui, section, row, own);
                }
            }
        });
    }
    if state.is_open && !was_open {
        // Where the pane is low, all that was opened would stand below its edge.
        let opened = egui::Rect::from_x_y_ranges(ui.max_rect().x_range(), top..=ui.cursor().top());
        ui.scroll_to_rect(opened, Some(egui::Align::TOP));
    }
    // Below, so that a choice that brings a warning does not move away from the pointer.
    changed |= unknown_ui(ui, own);
    warnings_ui(ui, section);
    let below = ui.cursor().top();
    follow_keyboard(ui, state, egui::Rangef::new(top, below));
    changed
}

/// Brings what got the keyboard into view: the section is often higher than the room for it.
fn follow_keyboard(ui: &egui::Ui, state: &mut HowToSignState, section: egui::Rangef) {
    let focused = ui.memory(egui::Memory::focused);
    if std::mem::replace(&mut state.focused, focused) == focused {
        return;
    }
    if let Some(widget) = focused.and_then(|id| ui.ctx().read_response(id))
        && widget.layer_id == ui.layer_id()
        && section.contains(widget.rect.center().y)
    {
        ui.scroll_to_rect(widget.rect, None);
    }
}

/// Reserved variables of this place that signing does not know: a typo is mended by taking it out.
fn unknown_ui(ui: &mut egui::Ui, own: &mut Vec<Variable>) -> bool {
    let is_known = |name: &str| {
        use strum::IntoEnumIterator as _;
        ChoiceName::iter().any(|choice| choice.variable() == name)
    };
    let mut removed = None;
    for (index, variable) in own.iter().enumerate() {
        if !variable.enabled || !variable.name.starts_with("sigv4.") || is_known(&variable.name) {
            continue;
        }
        let value = match &variable.value {
            VariableValue::Plain(value) => value.as_str(),
            VariableValue::Secret => "secret",
        };
        ui.horizontal(|ui| {
            ui.add_space(24.0);
            ui.colored_label(
                Tokens::of(ui).warning,
                format!("“{}” is not known (it is “{value}”)", variable.name),
            );
            let name = format!("Remove {}", variable.name);
            if ui
                .add(Button::ghost("Remove").small().name(&name))
                .clicked()
            {
                removed = Some(index);
            }
        });
    }
    if let Some(index) = removed {
        own.remove(index);
    }
    removed.is_some()
}
