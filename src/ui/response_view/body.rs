//! The answer's body.

use egui::Ui;

use super::numbers::size;
use super::{BodyMode, ResponseViewAction, ResponseViewState};
use crate::exchange::{BodyKind, Exchange, LineIndex};
use crate::ui::theme::Icon;
use crate::ui::widgets::{Button, CodeLanguage, CodeView, EmptyState, IconButton, Rows, segmented};

/// A body's rows for the code view.
pub(super) struct BodyRows<'a>(pub(super) &'a LineIndex);

impl Rows for BodyRows<'_> {
    fn len(&self) -> usize {
        self.0.rows()
    }

    fn text(&self, row: usize) -> &str {
        self.0.row(row)
    }

    fn number(&self, row: usize) -> Option<usize> {
        self.0.number(row)
    }
}

/// What the switch between indented and raw needs.
const SWITCH_WIDTH: f32 = 110.0;

/// Buttons at the end of the row of tabs, from right to left.
pub(super) fn tools(
    ui: &mut Ui,
    exchange: &Exchange,
    state: &mut ResponseViewState,
    action: &mut Option<ResponseViewAction>,
) {
    let body = &exchange.response.body;
    if body.kind == BodyKind::Empty {
        return;
    }
    let save = IconButton::new(Icon::Download, "Save the body").small();
    if ui.add(save).clicked() {
        *action = Some(ResponseViewAction::SaveBody);
    }
    if body.raw.is_some() {
        let copy = IconButton::new(Icon::Copy, "Copy the body").small();
        if ui.add(copy).clicked() {
            *action = Some(ResponseViewAction::CopyBody(state.body_mode));
        }
    }
    if body.pretty.is_some() && ui.available_width() < SWITCH_WIDTH {
        // Where the switch has no room, one button changes over.
        let (icon, name, other) = match state.body_mode {
            BodyMode::Pretty => (Icon::Braces, "Show it as it came", BodyMode::Raw),
            BodyMode::Raw => (Icon::TextAlignStart, "Show it indented", BodyMode::Pretty),
        };
        if ui.add(IconButton::new(icon, name).small()).clicked() {
            state.body_mode = other;
        }
    } else if body.pretty.is_some() {
        ui.add_space(4.0);
        segmented(
            ui,
            "Body",
            &mut state.body_mode,
            &[(BodyMode::Pretty, "Pretty"), (BodyMode::Raw, "Raw")],
        );
    }
}

/// The body itself.
pub(super) fn body(
    ui: &mut Ui,
    exchange: &Exchange,
    state: &ResponseViewState,
    action: Option<&mut Option<ResponseViewAction>>,
) {
    let body = &exchange.response.body;
    let lines = match state.body_mode {
        BodyMode::Pretty => body.pretty.as_ref().or(body.raw.as_ref()),
        BodyMode::Raw => body.raw.as_ref(),
    };
    match (body.kind, lines) {
        (BodyKind::Empty, _) => {
            EmptyState::new("The answer has no body.").show(ui, |_| ());
        }
        (kind, Some(lines)) => {
            let language = if kind == BodyKind::Json {
                CodeLanguage::Json
            } else {
                CodeLanguage::Plain
            };
            ui.add_space(8.0);
            CodeView::new("Response body text", &BodyRows(lines))
                .language(language)
                .show(ui);
        }
        (_, None) => {
            let what = exchange.response.header("content-type").unwrap_or("binary");
            let detail = format!("{what}, {}", size(body.bytes.len() as u64));
            EmptyState::new("The body is not text.")
                .detail(&detail)
                .icon(Icon::FileDigit)
                .show(ui, |ui| {
                    let Some(action) = action else {
                        return;
                    };
                    let save = Button::secondary("Save the body").icon(Icon::Download);
                    if ui.add(save).clicked() {
                        *action = Some(ResponseViewAction::SaveBody);
                    }
                });
        }
    }
}
