//! The request that is shown: editor above, answer and signing side by side below.

use super::request_editor::{EditorState, request_editor_ui, reveal, url_bar_ui};
use super::response_view::{
    BodyMode, ResponseViewAction, ResponseViewModel, ResponseViewState, explained_response_view_ui,
};
use super::signing_view::{
    PRESENTER_SCALE, SigningViewAction, SigningViewModel, SigningViewState, signing_view_ui,
};
use super::widgets::{Side, Split};
use super::{Panels, UiContext};
use crate::exchange::{Exchange, ExchangeId};
use crate::request::FieldPath;
use crate::sigv4::{CanonicalPart, Echo};
use crate::state::{Command, EditorSection, ExchangeState, Tab, Tabs};

/// What the panels of one tab remember for themselves.
#[derive(Default)]
pub(super) struct Workbench {
    editor: EditorState,
    response: ResponseViewState,
    signing: SigningViewState,
    /// The last answer, and what follows from it once.
    seen: Option<Seen>,
    shows_sent: bool,
}

/// What is found once in an answer.
struct Seen {
    id: ExchangeId,
    /// The draft's revision when it came: an edit after it shows the live draft again.
    revision: u64,
    /// What the gateway says it computed.
    echo: Option<Echo>,
}

impl Workbench {
    /// Notes a new answer, and an edit after it.
    fn follow(&mut self, tab: &Tab, exchange: Option<&Exchange>) {
        let Some(exchange) = exchange else {
            self.seen = None;
            self.shows_sent = false;
            return;
        };
        match &mut self.seen {
            Some(seen) if seen.id == exchange.id => {
                if seen.revision != tab.revision() {
                    seen.revision = tab.revision();
                    self.shows_sent = false;
                }
            }
            _ => {
                self.seen = Some(Seen {
                    id: exchange.id,
                    revision: tab.revision(),
                    echo: exchange.response.body.echo.clone(),
                });
                self.shows_sent = exchange.signing.is_some();
            }
        }
    }
}

/// Draws the tab that is shown.
pub(super) fn workbench_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tabs: &mut Tabs,
    panels: &mut Panels,
) {
    let Some(tab) = tabs.active_mut() else { return };
    let Panels {
        workbenches,
        markdown,
        wants_url_focus,
        ..
    } = panels;
    // Who begins a request types its URL first.
    *wants_url_focus |=
        !workbenches.contains_key(&tab.id) && tab.is_new() && tab.draft.url.is_empty();
    let workbench = workbenches.entry(tab.id).or_default();
    url_bar_ui(ui, ctx, tab, wants_url_focus);
    let mut editor_share = ctx.settings.editor_share;
    let mut response_share = ctx.settings.response_share;
    Split::vertical("Request and response")
        .min_sizes(96.0, 140.0)
        .default_fraction(0.3)
        .show(ui, &mut editor_share, |ui, side| match side {
            Side::First => {
                request_editor_ui(ui, ctx, tab, &mut workbench.editor, markdown);
            }
            Side::Second => {
                Split::horizontal("Response and signing")
                    .min_sizes(240.0, 240.0)
                    .show(ui, &mut response_share, |ui, side| match side {
                        Side::First => response_ui(ui, ctx, tab, workbench, wants_url_focus),
                        Side::Second => signing_ui(ui, ctx, tab, workbench, wants_url_focus),
                    });
            }
        });
    let is_moved = |a: f32, b: f32| (a - b).abs() > f32::EPSILON;
    if is_moved(editor_share, ctx.settings.editor_share)
        || is_moved(response_share, ctx.settings.response_share)
    {
        ctx.send(Command::SetSplits {
            editor: editor_share,
            response: response_share,
        });
    }
}

fn response_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    workbench: &mut Workbench,
    wants_url_focus: &mut bool,
) {
    let cancelled;
    let model = match ctx.exchanges.of(tab.id) {
        None => ResponseViewModel::Nothing,
        Some(sending) => {
            let previous = sending.previous.as_deref();
            let in_flight = |stage, received| ResponseViewModel::InFlight {
                stage,
                received,
                elapsed: ctx.now.duration_since(sending.started).unwrap_or_default(),
                previous,
            };
            match &sending.state {
                ExchangeState::Preparing { stage } => in_flight(*stage, 0),
                ExchangeState::InFlight { received, .. } => {
                    let stage = if *received > 0 {
                        crate::exchange::SendStage::Receiving
                    } else {
                        crate::exchange::SendStage::Sending
                    };
                    in_flight(stage, *received)
                }
                ExchangeState::Done(exchange) => ResponseViewModel::Done(exchange),
                ExchangeState::Failed(error) => ResponseViewModel::Failed { error, previous },
                ExchangeState::Cancelled => {
                    cancelled = crate::exchange::SendError {
                        stage: crate::exchange::SendStage::Sending,
                        kind: crate::exchange::SendErrorKind::Cancelled,
                        hint: None,
                    };
                    ResponseViewModel::Failed {
                        error: &cancelled,
                        previous,
                    }
                }
            }
        }
    };
    let explanation = ctx
        .exchanges
        .of(tab.id)
        .and_then(|sending| sending.shown())
        .and_then(|exchange| ctx.explanations.of(tab.id, exchange.id));
    let action = ui
        .push_id(("response", tab.id.0), |ui| {
            let explanation = explanation.map(AsRef::as_ref);
            explained_response_view_ui(ui, &model, explanation, &mut workbench.response)
        })
        .inner;
    let Some(action) = action else { return };
    match action {
        ResponseViewAction::Send => ctx.send(Command::Send(tab.id)),
        ResponseViewAction::Cancel => ctx.send(Command::Cancel(tab.id)),
        ResponseViewAction::CopyBody(mode) => {
            let shown = ctx.exchanges.of(tab.id).and_then(|sending| sending.shown());
            if let Some(text) = shown.and_then(|exchange| body_text(exchange, mode)) {
                ctx.send(Command::CopyText(text));
            }
        }
        ResponseViewAction::SaveBody => ctx.send(Command::SaveBody(tab.id)),
        ResponseViewAction::Copy(text) => ctx.send(Command::CopyText(text)),
        ResponseViewAction::Mend(mending) => ctx.send(Command::MendAndSend {
            tab: tab.id,
            mending,
        }),
        ResponseViewAction::ExplainPasted => ctx.send(Command::ShowExplainer),
        ResponseViewAction::Reveal(place) => reveal(tab, &place, wants_url_focus),
    }
}

/// The body as it is shown.
fn body_text(exchange: &Exchange, mode: BodyMode) -> Option<String> {
    let body = &exchange.response.body;
    match (mode, &body.pretty) {
        (BodyMode::Pretty, Some(pretty)) => Some(pretty.text().to_owned()),
        (BodyMode::Pretty | BodyMode::Raw, _) => body.text().map(str::to_owned),
    }
}

fn signing_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    workbench: &mut Workbench,
    wants_url_focus: &mut bool,
) {
    let exchange = ctx
        .exchanges
        .of(tab.id)
        .and_then(|sending| sending.shown())
        .cloned();
    workbench.follow(tab, exchange.as_deref());
    let derived = tab.derived().cloned();
    let has_sent = exchange
        .as_ref()
        .is_some_and(|exchange| exchange.signing.is_some());
    workbench.signing.other = match (has_sent, workbench.shows_sent) {
        (false, _) => None,
        (true, true) => Some("Live draft"),
        (true, false) => Some("As sent"),
    };
    if ctx.settings.presenter {
        // The whole window is large already.
        workbench.signing.scale = workbench.signing.scale.min(PRESENTER_SCALE / 1.3);
    }
    let model = match (&exchange, &derived) {
        (Some(exchange), _) if workbench.shows_sent => {
            let echo = workbench.seen.as_ref().and_then(|seen| seen.echo.as_ref());
            SigningViewModel::of_exchange(exchange, echo)
        }
        (_, Some(derived)) => SigningViewModel::Draft(&derived.preview),
        (_, None) => SigningViewModel::Empty,
    };
    let action = ui
        .push_id(("signing", tab.id.0), |ui| {
            signing_view_ui(ui, &model, &mut workbench.signing)
        })
        .inner;
    let Some(action) = action else { return };
    match action {
        SigningViewAction::Copy(text) => ctx.send(Command::CopyText(text)),
        SigningViewAction::OpenAuth => tab.section = EditorSection::Auth,
        SigningViewAction::ShowOther => workbench.shows_sent = !workbench.shows_sent,
        SigningViewAction::Reveal(part) => match part {
            CanonicalPart::Method | CanonicalPart::Path => *wants_url_focus = true,
            CanonicalPart::Query => {
                reveal(tab, &FieldPath::PathParam(String::new()), wants_url_focus);
            }
            CanonicalPart::Header(_)
            | CanonicalPart::EndOfHeaders
            | CanonicalPart::SignedHeaders => tab.section = EditorSection::Headers,
            CanonicalPart::HashedPayload => tab.section = EditorSection::Body,
        },
    }
}
