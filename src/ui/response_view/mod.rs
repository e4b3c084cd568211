//! The response view: what came back, what was really sent, and how long each part took.

mod body;
mod failure;
mod headers;
mod numbers;
mod sent;
mod timeline;

use std::time::Duration;

use egui::{Layout, RichText, Ui};

pub(super) use self::numbers::size;
use self::numbers::{clock, span};
use crate::exchange::{Exchange, SendError, SendErrorKind, SendStage};
use crate::explain::{Explanation, Mending};
use crate::request::FieldPath;
pub use crate::ui::explanation::ExplanationState;
use crate::ui::explanation::explanation_banner_ui;
use crate::ui::theme::{INSET, Icon, TAB_HEIGHT, TEXT_BODY, TEXT_SMALL, Tokens, bold};
use crate::ui::widgets::{Button, EmptyState, Tab, WithTip as _, horizontal_line, tab_row};

/// What the view shows.
#[derive(Clone, Copy, Debug)]
pub enum ResponseViewModel<'a> {
    /// The request was not sent yet.
    Nothing,
    /// The request is on its way.
    InFlight {
        /// How far it is.
        stage: SendStage,
        /// How many bytes of the body's file are hashed or on their way, and of how many.
        file: Option<(u64, u64)>,
        /// Bytes of the answer's body so far.
        received: u64,
        /// How long it takes already.
        elapsed: Duration,
        /// The answer before; it stays, dimmed.
        previous: Option<&'a Exchange>,
    },
    /// An answer.
    Done(&'a Exchange),
    /// There is no answer.
    Failed {
        /// Why.
        error: &'a SendError,
        /// The answer before.
        previous: Option<&'a Exchange>,
    },
}

/// What the view remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseViewState {
    /// The part of the exchange that is shown.
    pub tab: ResponseTab,
    /// How the body is shown.
    pub body_mode: BodyMode,
    /// How the explanation above it is shown.
    pub explanation: ExplanationState,
}

/// A part of an exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseTab {
    /// The answer's body.
    #[default]
    Body,
    /// The answer's headers.
    Headers,
    /// The request as it was sent.
    Sent,
    /// How long each part took.
    Timeline,
}

/// How a body is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyMode {
    /// Indented.
    #[default]
    Pretty,
    /// As it came.
    Raw,
}

/// What the user asks of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseViewAction {
    /// Send the request.
    Send,
    /// Stop the sending.
    Cancel,
    /// Put the body on the clipboard, as it is shown.
    CopyBody(BodyMode),
    /// Save the body into a file.
    SaveBody,
    /// Put this text on the clipboard; secrets in it are masked.
    Copy(String),
    /// Put the presigned URL that was sent on the clipboard, secrets and all.
    CopyPresignedUrl,
    /// Show the field of the draft that a failure is about.
    Reveal(FieldPath),
    /// Change the request as the explanation proposes, and send it.
    Mend(Mending),
    /// Show the page on which pasted texts are explained.
    ExplainPasted,
}

/// Draws the view in all the space that is left.
pub fn response_view_ui(
    ui: &mut Ui,
    model: &ResponseViewModel<'_>,
    state: &mut ResponseViewState,
) -> Option<ResponseViewAction> {
    explained_response_view_ui(ui, model, None, state)
}

/// The same, with what is said of the answer that is shown if it was refused.
pub fn explained_response_view_ui(
    ui: &mut Ui,
    model: &ResponseViewModel<'_>,
    explanation: Option<&Explanation>,
    state: &mut ResponseViewState,
) -> Option<ResponseViewAction> {
    let mut action = None;
    let pane_height = ui.available_height();
    ui.spacing_mut().item_spacing.y = 0.0;
    match model {
        ResponseViewModel::Nothing => {
            EmptyState::new("The answer will be shown here.")
                .detail("Nothing was sent yet.")
                .icon(Icon::ArrowDownToLine)
                .show(ui, |ui| {
                    let send = Button::secondary("Send").name("Send the request");
                    let send = send.icon(Icon::Send);
                    if ui.add(send).clicked() {
                        action = Some(ResponseViewAction::Send);
                    }
                    if ui.add(Button::ghost("Explain a pasted text…")).clicked() {
                        action = Some(ResponseViewAction::ExplainPasted);
                    }
                });
        }
        ResponseViewModel::InFlight {
            stage,
            file,
            received,
            elapsed,
            previous,
        } => {
            in_flight(ui, *stage, *file, *received, *elapsed, &mut action);
            if let Some(exchange) = previous {
                dimmed(ui, exchange, explanation, state, pane_height);
            }
        }
        ResponseViewModel::Done(exchange) => {
            status_line(ui, exchange);
            if let Some(explanation) = explanation {
                let shown = &mut state.explanation;
                action = explanation_banner_ui(ui, explanation, shown, pane_height)
                    .map(ResponseViewAction::Mend);
            }
            parts(ui, exchange, state, Some(&mut action));
        }
        ResponseViewModel::Failed { error, previous } => {
            if error.kind == SendErrorKind::Cancelled {
                cancelled(ui, previous.is_some(), &mut action);
            } else {
                failure::failure(ui, error, &mut action);
            }
            if let Some(exchange) = previous {
                dimmed(ui, exchange, explanation, state, pane_height);
            }
        }
    }
    action
}

/// The answer before, dimmed: it can be read, and says that it is not the newest.
fn dimmed(
    ui: &mut Ui,
    exchange: &Exchange,
    explanation: Option<&Explanation>,
    state: &mut ResponseViewState,
    pane_height: f32,
) {
    ui.scope(|ui| {
        ui.multiply_opacity(0.45);
        status_line(ui, exchange);
        if let Some(explanation) = explanation {
            // It keeps its place, so that nothing moves while the next answer is on its way.
            ui.add_enabled_ui(false, |ui| {
                explanation_banner_ui(ui, explanation, &mut state.explanation, pane_height);
            });
        }
        parts(ui, exchange, state, None);
    });
}

/// A row of the height of a row of tabs, with the pane's inset.
fn line<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let width = ui.available_width();
    let row = Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(egui::vec2(width, TAB_HEIGHT), row, |ui| {
        ui.set_min_size(egui::vec2(width, TAB_HEIGHT));
        ui.add_space(INSET);
        add(ui)
    })
    .inner
}

fn status_line(ui: &mut Ui, exchange: &Exchange) {
    let t = Tokens::of(ui);
    let response = &exchange.response;
    line(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let status = if response.reason.is_empty() {
            response.status.to_string()
        } else {
            format!("{} {}", response.status, response.reason)
        };
        let status = RichText::new(status)
            .font(bold(TEXT_BODY))
            .color(t.status(response.status));
        ui.label(status).tip(&response.http_version);
        let decoded = response.body.bytes.len() as u64;
        let size_tip = if decoded == response.wire_bytes {
            format!("{decoded} bytes")
        } else {
            format!(
                "{} bytes on the wire, {decoded} decoded",
                response.wire_bytes
            )
        };
        for (text, tip) in [
            (
                span(exchange.timings.total),
                "From the start to the last byte of the body".to_owned(),
            ),
            (size(decoded), size_tip),
            (
                clock(exchange.sent_at),
                "When sending began, in UTC".to_owned(),
            ),
        ] {
            ui.label(RichText::new("·").color(t.text_disabled));
            ui.label(RichText::new(text).color(t.text_secondary))
                .tip(&tip);
        }
    });
    horizontal_line(ui);
}

/// What the tools need beside the tabs; with less they have a row of their own.
const TOOLS_WIDTH: f32 = 96.0;

fn parts(
    ui: &mut Ui,
    exchange: &Exchange,
    state: &mut ResponseViewState,
    mut action: Option<&mut Option<ResponseViewAction>>,
) {
    let mut fits = true;
    tab_row(ui, |ui| {
        ui.add_space(2.0);
        let headers = exchange.response.headers.len();
        for (tab, text, name, count) in [
            (ResponseTab::Body, "Body", "Response body", 0),
            (ResponseTab::Headers, "Headers", "Response headers", headers),
            (ResponseTab::Sent, "Sent", "Request as sent", 0),
            (ResponseTab::Timeline, "Timeline", "Timeline", 0),
        ] {
            let shown = Tab::new(text)
                .name(name)
                .count(count)
                .selected(state.tab == tab);
            if shown.show(ui).response.clicked() {
                state.tab = tab;
            }
        }
        fits = ui.available_width() >= TOOLS_WIDTH;
        if fits {
            tools(ui, exchange, state, &mut action);
        }
    });
    if !fits && state.tab != ResponseTab::Timeline {
        tab_row(ui, |ui| tools(ui, exchange, state, &mut action));
    }
    match state.tab {
        ResponseTab::Body => body::body(ui, exchange, state, action),
        ResponseTab::Headers => headers::headers(ui, exchange),
        ResponseTab::Sent => sent::sent(ui, exchange),
        ResponseTab::Timeline => timeline::timeline(ui, exchange),
    }
}

/// What can be done with the chosen part, at the end of the row.
fn tools(
    ui: &mut Ui,
    exchange: &Exchange,
    state: &mut ResponseViewState,
    action: &mut Option<&mut Option<ResponseViewAction>>,
) {
    // Nothing can be asked of an answer that is about to be replaced.
    let Some(action) = action else {
        return;
    };
    ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
        ui.add_space(6.0);
        match state.tab {
            ResponseTab::Body => body::tools(ui, exchange, state, action),
            ResponseTab::Headers => headers::tools(ui, exchange, action),
            ResponseTab::Sent => sent::tools(ui, exchange, action),
            ResponseTab::Timeline => {}
        }
    });
}

fn in_flight(
    ui: &mut Ui,
    stage: SendStage,
    file: Option<(u64, u64)>,
    received: u64,
    elapsed: Duration,
    action: &mut Option<ResponseViewAction>,
) {
    let t = Tokens::of(ui);
    line(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let mut what = stage.to_string();
        if let Some(first) = what.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        ui.label(
            RichText::new(format!("{what} …"))
                .font(bold(TEXT_BODY))
                .color(t.accent),
        );
        ui.label(RichText::new(numbers::elapsed(elapsed)).color(t.text_secondary));
        if let Some((done, of)) = file {
            ui.label(RichText::new("·").color(t.text_disabled));
            let share = format!("{} of {}", size(done), size(of));
            ui.label(RichText::new(share).color(t.text_secondary));
        }
        if received > 0 {
            ui.label(RichText::new("·").color(t.text_disabled));
            ui.label(RichText::new(size(received)).color(t.text_secondary));
        }
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(INSET);
            let cancel = Button::secondary("Cancel").small().tip("Stop the sending");
            if ui.add(cancel).clicked() {
                *action = Some(ResponseViewAction::Cancel);
            }
        });
    });
    stages(ui, stage, file);
}

/// How far the sending is, as a line of five parts: it moves when a stage begins, and with the bytes
/// of a body that is a file.
fn stages(ui: &mut Ui, stage: SendStage, file: Option<(u64, u64)>) {
    let t = Tokens::of(ui);
    let share = file.map(|(done, of)| (done as f32 / of.max(1) as f32).min(1.0));
    let done = match stage {
        SendStage::Resolving => 1.0,
        SendStage::Credentials => 2.0,
        SendStage::Hashing => 2.0 + share.unwrap_or_default(),
        SendStage::Signing => 3.0,
        SendStage::Sending => 3.0 + share.unwrap_or(1.0),
        SendStage::Receiving => 5.0,
    };
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 2.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 0, t.separator);
    let part = egui::Rect::from_min_size(rect.min, egui::vec2(width * done / 5.0, 2.0));
    ui.painter().rect_filled(part, 0, t.accent);
}

fn cancelled(ui: &mut Ui, has_previous: bool, action: &mut Option<ResponseViewAction>) {
    if has_previous {
        let t = Tokens::of(ui);
        line(ui, |ui| {
            ui.label(
                RichText::new("Cancelled")
                    .font(bold(TEXT_BODY))
                    .color(t.text),
            );
            let below = RichText::new("Below is the answer before.")
                .size(TEXT_SMALL)
                .color(t.text_muted);
            ui.label(below);
        });
        horizontal_line(ui);
        return;
    }
    EmptyState::new("Cancelled.")
        .detail("If the request had left already, the server may have acted on it.")
        .icon(Icon::CircleSlash)
        .show(ui, |ui| {
            let again = Button::secondary("Send again").icon(Icon::Send);
            if ui.add(again).clicked() {
                *action = Some(ResponseViewAction::Send);
            }
        });
}
