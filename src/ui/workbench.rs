//! The request that is shown: editor above, answer and signing side by side below.

use std::sync::Arc;

use super::request_editor::{EditorState, Links, request_editor_ui, reveal, url_bar_ui};
use super::response_view::{
    BodyMode, ResponseViewAction, ResponseViewModel, ResponseViewState, explained_response_view_ui,
};
use super::signing_view::{
    PRESENTER_SCALE, SigningMode, SigningSource, SigningViewAction, SigningViewContext,
    SigningViewModel, SigningViewState, signing_view_ui,
};
use super::widgets::{Side, Split, Tab as TabWidget, tab_row};
use super::{Panels, UiContext};
use crate::collection::RequestDraft;
use crate::exchange::{Exchange, ExchangeId, SigningExport, SigningExportFormat};
use crate::request::FieldPath;
use crate::sigv4::Echo;
use crate::state::{Command, Derived, EditorSection, ExchangeState, Sending, Tab, Tabs};

/// The width that response and signing need side by side, each.
const LEAST_PANE: f32 = 240.0;

/// The height at which the editor shows an auth with its fields, and the first rows of the tables.
const EDITOR_LEAST: f32 = 248.0;
/// The editor's part of the height at first while someone presents.
const PRESENTED: f32 = 0.1;

/// The response's part of the width at first while someone presents.
const PRESENTED_RESPONSE: f32 = 0.46;

/// What the panels of one tab remember for themselves.
#[derive(Default)]
pub(super) struct Workbench {
    editor: EditorState,
    response: ResponseViewState,
    signing: SigningViewState,
    links: Links,
    /// The last answer, and what follows from it once.
    seen: Option<Seen>,
    /// What the signing view's page was put together from.
    shown: Shown,
    /// The signing view is shown where there is no room for the response beside it.
    prefers_signing: bool,
    /// The editor's part of the height while someone presents.
    presented_share: Option<f32>,
    /// The response's part of the width while someone presents.
    presented_response: Option<f32>,
}

/// What is found once in an answer.
struct Seen {
    id: ExchangeId,
    /// The draft's revision when it came: an edit after it shows the live draft again.
    revision: u64,
    /// The draft at that revision: saving it is no edit.
    draft: RequestDraft,
    /// A sending after it that ended without an answer.
    failed: Option<ExchangeId>,
    /// What the gateway says it computed.
    echo: Option<Echo>,
}

/// What the signing view shows; held, so that nothing else comes to its place in memory.
#[derive(Default)]
struct Shown {
    draft: Option<Arc<Derived>>,
    sent: Option<Arc<Exchange>>,
    previous: Option<Arc<Exchange>>,
}

/// Whether two hold the same one.
fn is_same<T>(a: Option<&Arc<T>>, b: Option<&Arc<T>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

impl Workbench {
    /// Notes a new answer, a sending that failed, and an edit after either.
    fn follow(&mut self, tab: &Tab, sending: Option<&Sending>) {
        let sent = sending.and_then(Sending::shown);
        let previous = sending.and_then(Sending::before_shown);
        let is_signed = |exchange: &&Arc<Exchange>| exchange.signing.is_some();
        let shown = Shown {
            draft: tab.derived().cloned(),
            sent: sent.cloned(),
            previous: previous.filter(is_signed).cloned(),
        };
        let is_other = !is_same(shown.draft.as_ref(), self.shown.draft.as_ref())
            || !is_same(shown.sent.as_ref(), self.shown.sent.as_ref())
            || !is_same(shown.previous.as_ref(), self.shown.previous.as_ref());
        if is_other {
            self.signing.version += 1;
            self.shown = shown;
        }
        let failed = sending.and_then(|sending| match &sending.state {
            ExchangeState::Failed(_) | ExchangeState::Cancelled => Some(sending.id),
            _ => None,
        });
        let (Some(exchange), mode) = (sent, &mut self.signing.mode) else {
            self.seen = None;
            self.signing.mode = SigningMode::Draft;
            return;
        };
        match &mut self.seen {
            Some(seen) if seen.id == exchange.id => {
                // The steps of an earlier sending are not those of the one that failed.
                let is_new_failure = failed.is_some() && seen.failed != failed;
                let is_edited = seen.revision != tab.revision() && seen.draft != tab.draft;
                if is_edited || is_new_failure {
                    *mode = SigningMode::Draft;
                }
                if is_edited {
                    seen.draft.clone_from(&tab.draft);
                }
                seen.revision = tab.revision();
                seen.failed = failed;
            }
            _ => {
                *mode = if exchange.signing.is_some() {
                    SigningMode::Sent
                } else {
                    SigningMode::Draft
                };
                self.seen = Some(Seen {
                    id: exchange.id,
                    revision: tab.revision(),
                    draft: tab.draft.clone(),
                    failed,
                    echo: exchange.response.body.echo.clone(),
                });
            }
        }
    }

    /// Which signatures can be shown.
    fn modes(&self) -> &'static [SigningMode] {
        let is_signed = |exchange: &Arc<Exchange>| exchange.signing.is_some();
        match (&self.shown.sent, &self.shown.previous) {
            (Some(sent), Some(_)) if is_signed(sent) => {
                &[SigningMode::Draft, SigningMode::Sent, SigningMode::Previous]
            }
            (Some(sent), None) if is_signed(sent) => &[SigningMode::Draft, SigningMode::Sent],
            _ => &[SigningMode::Draft],
        }
    }

    /// Which one is shown.
    fn mode(&self) -> SigningMode {
        let chosen = self.signing.mode;
        if self.modes().contains(&chosen) {
            chosen
        } else {
            SigningMode::Draft
        }
    }

    /// The steps that are shown, for others to read.
    fn export(&self) -> Option<SigningExport<'_>> {
        match self.mode() {
            SigningMode::Draft => SigningExport::of_draft(&self.shown.draft.as_ref()?.preview),
            SigningMode::Sent => SigningExport::of_exchange(self.shown.sent.as_ref()?),
            SigningMode::Previous => SigningExport::of_exchange(self.shown.previous.as_ref()?),
        }
    }

    /// Asks for the steps that are shown on the clipboard.
    pub(super) fn copy_steps(&self, ctx: &UiContext<'_>, format: SigningExportFormat) {
        if let Some(export) = self.export() {
            ctx.send(Command::CopyText(export.text(format)));
        }
    }

    /// Asks for the steps that are shown in a file.
    pub(super) fn save_steps(&self, ctx: &UiContext<'_>, format: SigningExportFormat) {
        if let Some(export) = self.export() {
            ctx.send(Command::SaveText {
                suggested_name: export.file_name(format),
                text: export.text(format),
            });
        }
    }

    /// Gives the keyboard to the signing view.
    pub(super) fn focus_steps(&mut self) {
        self.prefers_signing = true;
        self.signing.focus();
    }

    /// Shows invisible characters, or does not.
    pub(super) fn toggle_invisibles(&mut self) {
        self.signing.are_invisibles_shown = !self.signing.are_invisibles_shown;
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
    workbench.links.begin(&workbench.signing.hovered);
    url_bar_ui(ui, ctx, tab, &mut workbench.links, wants_url_focus);
    let is_presenter = ctx.settings.presenter;
    // Who presents shows the steps: the editor is low then, and as high as before afterwards.
    let mut editor_share = if is_presenter {
        workbench.presented_share.unwrap_or(PRESENTED)
    } else {
        ctx.settings.editor_share
    };
    let mut response_share = if is_presenter {
        workbench.presented_response.unwrap_or(PRESENTED_RESPONSE)
    } else {
        ctx.settings.response_share
    };
    Split::vertical("Request and response")
        .min_sizes(96.0, 140.0)
        .default_fraction(0.3)
        .default_least(EDITOR_LEAST)
        .show(ui, &mut editor_share, |ui, side| match side {
            Side::First => {
                let Workbench { editor, links, .. } = workbench;
                request_editor_ui(ui, ctx, tab, editor, links, markdown);
            }
            Side::Second if ui.available_width() < 2.0 * LEAST_PANE => {
                one_of_both_ui(ui, ctx, tab, workbench, wants_url_focus);
            }
            Side::Second => {
                Split::horizontal("Response and signing")
                    .min_sizes(LEAST_PANE, LEAST_PANE)
                    .show(ui, &mut response_share, |ui, side| match side {
                        Side::First => response_ui(ui, ctx, tab, workbench, wants_url_focus),
                        Side::Second => signing_ui(ui, ctx, tab, workbench, wants_url_focus),
                    });
            }
        });
    let is_moved = |a: f32, b: f32| (a - b).abs() > f32::EPSILON;
    if is_presenter {
        workbench.presented_share = Some(editor_share);
        workbench.presented_response = Some(response_share);
        editor_share = ctx.settings.editor_share;
        response_share = ctx.settings.response_share;
    }
    if is_moved(editor_share, ctx.settings.editor_share)
        || is_moved(response_share, ctx.settings.response_share)
    {
        ctx.send(Command::SetSplits {
            editor: editor_share,
            response: response_share,
        });
    }
}

/// Response or signing, where there is no room for both: presenter size in a small window.
fn one_of_both_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    workbench: &mut Workbench,
    wants_url_focus: &mut bool,
) {
    tab_row(ui, |ui| {
        ui.add_space(4.0);
        for (text, is_signing) in [("Response", false), ("Signing", true)] {
            let is_chosen = workbench.prefers_signing == is_signing;
            let shown = TabWidget::new(text).selected(is_chosen).show(ui);
            if shown.response.clicked() {
                workbench.prefers_signing = is_signing;
            }
        }
    });
    if workbench.prefers_signing {
        signing_ui(ui, ctx, tab, workbench, wants_url_focus);
    } else {
        response_ui(ui, ctx, tab, workbench, wants_url_focus);
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
            let in_flight = |stage, file, received| ResponseViewModel::InFlight {
                stage,
                file,
                received,
                elapsed: ctx.now.duration_since(sending.started).unwrap_or_default(),
                previous,
            };
            match &sending.state {
                ExchangeState::Preparing { stage, hashed } => in_flight(*stage, *hashed, 0),
                ExchangeState::InFlight { sent, received, .. } => {
                    let (stage, sent) = if *received > 0 {
                        (crate::exchange::SendStage::Receiving, None)
                    } else {
                        (crate::exchange::SendStage::Sending, *sent)
                    };
                    in_flight(stage, sent, *received)
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
        ResponseViewAction::CopyPresignedUrl => ctx.send(Command::CopyPresignedUrl(tab.id)),
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
    let sending = ctx.exchanges.of(tab.id);
    workbench.follow(tab, sending);
    let (mode, offered) = (workbench.mode(), workbench.modes());
    let Workbench {
        signing,
        shown,
        seen,
        links,
        ..
    } = workbench;
    signing.mode = mode;
    signing.lit.clear();
    signing.lit.extend_from_slice(links.pointed());
    let own_scale = signing.scale;
    if ctx.settings.presenter {
        // The whole window is large already.
        signing.scale = signing.scale.min(PRESENTER_SCALE / 1.3);
    }
    let drawn_scale = signing.scale;
    let echo = seen.as_ref().and_then(|seen| seen.echo.as_ref());
    let draft = match &shown.draft {
        Some(derived) => SigningViewModel::Draft(&derived.preview),
        None => SigningViewModel::Empty,
    };
    let sent = shown
        .sent
        .as_deref()
        .map(|exchange| SigningViewModel::of_exchange(exchange, echo));
    let previous = shown
        .previous
        .as_deref()
        .map(|exchange| SigningViewModel::of_exchange(exchange, None));
    let (chosen, other) = match mode {
        SigningMode::Draft => (Some(draft), sent.map(|sent| ("last send", sent))),
        SigningMode::Sent => (sent, previous.map(|previous| ("previous send", previous))),
        SigningMode::Previous => (previous, sent.map(|sent| ("last send", sent))),
    };
    let is_of_failed = seen.as_ref().is_some_and(|seen| seen.failed.is_some());
    let context = SigningViewContext {
        modes: offered,
        other,
        caution: (mode == SigningMode::Sent && is_of_failed).then_some(
            "The last sending ended without an answer. These are the steps of the one before it.",
        ),
    };
    let chosen = chosen.unwrap_or(draft);
    let action = ui
        .push_id(("signing", tab.id.0), |ui| {
            signing_view_ui(ui, &chosen, &context, signing)
        })
        .inner;
    if (signing.scale - drawn_scale).abs() < f32::EPSILON {
        // Outside of presenter mode it is as large as it was.
        signing.scale = own_scale;
    }
    let Some(action) = action else { return };
    match action {
        SigningViewAction::Copy(text) => ctx.send(Command::CopyText(text)),
        SigningViewAction::CopyAs(format) => workbench.copy_steps(ctx, format),
        SigningViewAction::Save(format) => workbench.save_steps(ctx, format),
        SigningViewAction::OpenAuth => tab.section = EditorSection::Auth,
        SigningViewAction::Reveal(source) => {
            show_source(tab, source, &mut workbench.links, wants_url_focus);
        }
    }
}

/// Shows where in the editor a line of the signing view came from.
fn show_source(
    tab: &mut Tab,
    source: SigningSource,
    links: &mut Links,
    wants_url_focus: &mut bool,
) {
    match source {
        SigningSource::Method | SigningSource::Url => *wants_url_focus = true,
        SigningSource::Query => {
            reveal(tab, &FieldPath::PathParam(String::new()), wants_url_focus);
        }
        SigningSource::HeaderRow(row) => {
            tab.section = EditorSection::Headers;
            links.wants_header_row = Some(row);
        }
        SigningSource::Headers => tab.section = EditorSection::Headers,
        SigningSource::Auth => tab.section = EditorSection::Auth,
        SigningSource::Body => tab.section = EditorSection::Body,
    }
}
