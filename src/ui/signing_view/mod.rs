//! The signing view: the five steps of a signature as a page to read, live for a draft, as it was
//! for a request that was sent, and beside what the gateway says it computed.
//!
//! ```text
//! DraftPreview ───┐
//!                 ├─▶ Page: what each step shows, secrets masked ─▶ drawn, or copied as text
//! SigningRecord ──┘          ▲
//! Echo of a 403 ─────────────┘ comparison: first line that differs
//! ```

mod comparison;
mod draw;
mod line;
mod page;

use egui::{ScrollArea, Ui};

use self::comparison::Comparison;
use self::page::Page;
use crate::exchange::{DraftPreview, Exchange, RequestRecord, SigningPreview, SigningRecord};
use crate::sigv4::{CanonicalPart, Echo, ScopeError, TraceOutcome};
use crate::ui::theme::{INSET, Icon};
use crate::ui::widgets::{
    Banner, Button, EmptyState, IconButton, Tone, WithTip as _, chip, section_heading, tab_row,
};

/// How much larger the page is for those in the back row.
pub const PRESENTER_SCALE: f32 = 1.6;

/// What the view shows.
#[derive(Clone, Copy, Debug)]
pub enum SigningViewModel<'a> {
    /// No request is open.
    Empty,
    /// The request was sent, or would be, without Signature Version 4.
    NotSigned {
        /// The auth's name: None, Bearer.
        auth: &'a str,
    },
    /// A draft, derived as far as no secret is needed.
    Draft(&'a DraftPreview),
    /// A request that was sent.
    Sent {
        /// How it was signed.
        record: &'a SigningRecord,
        /// What was sent, to tell where each header came from.
        request: Option<&'a RequestRecord>,
        /// What the gateway says it computed, if it refused the signature.
        echo: Option<&'a Echo>,
    },
}

impl<'a> SigningViewModel<'a> {
    /// That of an exchange. The echo is found once, when the answer comes, and kept by the caller.
    pub fn of_exchange(exchange: &'a Exchange, echo: Option<&'a Echo>) -> Self {
        match &exchange.signing {
            Some(record) => Self::Sent {
                record,
                request: Some(&exchange.request),
                echo,
            },
            None => Self::NotSigned { auth: "" },
        }
    }
}

/// What the view remembers.
#[derive(Clone, Debug, PartialEq)]
pub struct SigningViewState {
    /// The size of the page; see [`PRESENTER_SCALE`].
    pub scale: f32,
    /// Show the signing keys, where they are those of example credentials.
    pub are_keys_shown: bool,
    /// Show spaces, tabs and line feeds.
    pub are_invisibles_shown: bool,
    /// The part of the request whose line is under the pointer; others may light it up.
    pub hovered: Option<CanonicalPart>,
    /// A part that the pointer is on elsewhere; its line lights up here.
    pub lit: Option<CanonicalPart>,
    /// What else can be shown in place of this, in words; `None` for nothing.
    pub other: Option<&'static str>,
    /// The hash that links step 1 to step 2 is under the pointer.
    is_hash_hovered: bool,
}

impl Default for SigningViewState {
    fn default() -> Self {
        Self {
            scale: 1.0,
            are_keys_shown: false,
            are_invisibles_shown: false,
            hovered: None,
            lit: None,
            other: None,
            is_hash_hovered: false,
        }
    }
}

/// What the user asks of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningViewAction {
    /// Put this text on the clipboard; secrets in it are masked.
    Copy(String),
    /// Show the part of the draft that a line came from.
    Reveal(CanonicalPart),
    /// Open the editor of the auth.
    OpenAuth,
    /// Show what [`SigningViewState::other`] names.
    ShowOther,
}

/// Draws the view in all the space that is left.
pub fn signing_view_ui(
    ui: &mut Ui,
    model: &SigningViewModel<'_>,
    state: &mut SigningViewState,
) -> Option<SigningViewAction> {
    let mut action = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    if let Some(other) = state.other {
        other_ui(ui, other, &mut action);
    }
    match model {
        SigningViewModel::Empty => {
            title(ui, None);
            EmptyState::new("Every step of a signature is shown here.")
                .detail("Open a request whose auth is AWS IAM.")
                .icon(Icon::Signature)
                .show(ui, |_| ());
        }
        SigningViewModel::NotSigned { auth } => not_signed(ui, auth, &mut action),
        SigningViewModel::Draft(preview) => match &preview.signing {
            SigningPreview::NotSigned { auth } => not_signed(ui, auth, &mut action),
            SigningPreview::NotResolved => not_resolved(ui, preview),
            SigningPreview::NoScope(error) => no_scope(ui, *error, &mut action),
            SigningPreview::BadChoice(error) => {
                title(ui, None);
                padded(ui, |ui| {
                    Banner::warning("A choice of signing cannot be read")
                        .body(&error.to_string())
                        .show_plain(ui);
                });
            }
            SigningPreview::Ready(ready) => {
                let page = Page::of_draft(ready, preview.request.as_ref().ok());
                page_ui(ui, &page, &Comparison::None, state, &mut action);
            }
        },
        SigningViewModel::Sent {
            record,
            request,
            echo,
        } => match &record.trace {
            TraceOutcome::Agreed(trace) => {
                let comparison = Comparison::of(&trace.steps, *echo);
                let page = Page::of_sent(trace, record, *request);
                page_ui(ui, &page, &comparison, state, &mut action);
            }
            TraceOutcome::Withheld { reason } => {
                title(ui, None);
                padded(ui, |ui| {
                    Banner::warning("The steps are withheld")
                        .body(reason)
                        .show_plain(ui);
                });
            }
        },
    }
    action
}

/// The way to what else can be shown: a button that lies in the title row, behind its status.
fn other_ui(ui: &mut Ui, other: &str, action: &mut Option<SigningViewAction>) {
    let row = egui::Rect::from_min_size(
        ui.max_rect().min + egui::vec2(0.0, 6.0),
        egui::vec2(ui.max_rect().width() - 100.0, 24.0),
    );
    let mut over = ui.new_child(
        egui::UiBuilder::new()
            .id_salt("other")
            .max_rect(row)
            .layout(egui::Layout::right_to_left(egui::Align::Center)),
    );
    if over.add(Button::ghost(other).small()).clicked() {
        *action = Some(SigningViewAction::ShowOther);
    }
}

/// The first row: what this is, and whether it is a draft.
fn title(ui: &mut Ui, status: Option<(Tone, &str, &str)>) {
    title_with(ui, status, |_| ());
}

fn title_with(ui: &mut Ui, status: Option<(Tone, &str, &str)>, add_buttons: impl FnOnce(&mut Ui)) {
    tab_row(ui, |ui| {
        ui.add_space(INSET);
        section_heading(ui, "Signing");
        if let Some((tone, text, tip)) = status {
            ui.add_space(4.0);
            chip(ui, tone, None, text).tip(tip);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(6.0);
            add_buttons(ui);
        });
    });
}

fn padded(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new()
        .inner_margin(egui::Margin::same(INSET as i8))
        .show(ui, add);
}

fn not_signed(ui: &mut Ui, auth: &str, action: &mut Option<SigningViewAction>) {
    title(ui, None);
    let sentence = if auth.is_empty() || auth == "None" {
        "This request is not signed.".to_owned()
    } else {
        format!("This request is not signed: its auth is {auth}.")
    };
    EmptyState::new(&sentence)
        .detail("With AWS IAM as its auth, each step of the signature is shown here.")
        .icon(Icon::Signature)
        .show(ui, |ui| {
            if ui.add(Button::secondary("Open auth")).clicked() {
                *action = Some(SigningViewAction::OpenAuth);
            }
        });
}

fn not_resolved(ui: &mut Ui, preview: &DraftPreview) {
    title(ui, Some((Tone::Neutral, "live draft", DRAFT_TIP)));
    padded(ui, |ui| {
        let errors = match &preview.request {
            Err(errors) => errors.to_string(),
            Ok(_) => String::new(),
        };
        Banner::warning("The draft cannot be signed yet")
            .body(&errors)
            .show_plain(ui);
    });
}

fn no_scope(ui: &mut Ui, error: ScopeError, action: &mut Option<SigningViewAction>) {
    title(ui, Some((Tone::Neutral, "live draft", DRAFT_TIP)));
    padded(ui, |ui| {
        let what = capitalised(&error.to_string());
        let hint = capitalised(error.hint());
        Banner::warning(&what).body(&hint).show(ui, |ui| {
            if ui.add(Button::secondary("Open auth").small()).clicked() {
                *action = Some(SigningViewAction::OpenAuth);
            }
        });
    });
}

const DRAFT_TIP: &str = "Follows what you type. Secrets are masked and no key takes part.";

fn page_ui(
    ui: &mut Ui,
    page: &Page,
    comparison: &Comparison,
    state: &mut SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    let status = if page.is_draft {
        (Tone::Accent, "live draft".to_owned(), DRAFT_TIP)
    } else {
        (
            Tone::Neutral,
            format!("as sent {}", page.clock),
            "The time of the signature, in UTC. It does not change any more.",
        )
    };
    title_with(ui, Some((status.0, &status.1, status.2)), |ui| {
        if ui
            .add(IconButton::new(Icon::Copy, "Copy all steps as text").small())
            .clicked()
        {
            *action = Some(SigningViewAction::Copy(page.as_text()));
        }
        let is_large = state.scale > 1.0;
        let large = IconButton::new(Icon::Presentation, "Presenter size").small();
        if ui.add(large.selected(is_large)).clicked() {
            state.scale = if is_large { 1.0 } else { PRESENTER_SCALE };
        }
        let invisible = IconButton::new(Icon::Pilcrow, "Show invisible characters").small();
        if ui
            .add(invisible.selected(state.are_invisibles_shown))
            .clicked()
        {
            state.are_invisibles_shown = !state.are_invisibles_shown;
        }
    });
    ScrollArea::vertical()
        .id_salt("signing")
        .auto_shrink(false)
        .show(ui, |ui| {
            padded(ui, |ui| draw::page(ui, page, comparison, state, action));
        });
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
