//! The signing view: the five steps of a signature as a page to read, live for a draft, as it was
//! for a request that was sent, and beside what the gateway says it computed.
//!
//! ```text
//! DraftPreview ───┐ build
//!                 ├──────▶ Page: steps of lines, secrets masked ─▶ drawn, or copied as text
//! SigningRecord ──┘          ▲       ▲
//! Echo of a 403 ─ comparison ┘       └ changes ─ the page of another sending
//! ```
//!
//! A page is put together when what it shows changes, not when it is drawn. Each line knows what it
//! is about ([`SigningPart`]): what is about the same lights up together, in the editor too.

mod build;
mod changes;
mod comparison;
mod detail;
mod draw;
mod invisible;
mod line;
mod page;
mod part;
mod rules;

use std::rc::Rc;

use egui::{ScrollArea, Ui};

pub use self::part::{SigningPart, SigningSource};

use self::changes::Changes;
use self::comparison::Comparison;
use self::draw::Drawing;
use self::page::Page;
use crate::exchange::{
    DraftPreview, Exchange, RequestRecord, SigningExportFormat, SigningPreview, SigningRecord,
};
use crate::sigv4::{CanonicalPart, Echo, ScopeError, TraceOutcome};
use crate::ui::theme::{INSET, Icon, Tokens};
use crate::ui::widgets::{
    Banner, Button, Dialog, DropDown, EmptyState, IconButton, MenuItem, Tone, WithTip as _, chip,
    menu_button, menu_separator, section_heading, segmented, tab_row,
};

/// How much larger the page is for those in the back row.
pub const PRESENTER_SCALE: f32 = 1.6;

/// The width below which the title row has no room for the switch.
const NARROW: f32 = 360.0;

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

    /// Tells it from others as long as nobody frees what it borrows.
    fn address(&self) -> (u8, usize) {
        match self {
            Self::Empty => (0, 0),
            Self::NotSigned { .. } => (1, 0),
            Self::Draft(preview) => (2, std::ptr::from_ref(*preview).addr()),
            Self::Sent { record, .. } => (3, std::ptr::from_ref(*record).addr()),
        }
    }

    fn page(&self, are_keys_shown: bool) -> Option<(Page, Comparison)> {
        match self {
            Self::Empty | Self::NotSigned { .. } => None,
            Self::Draft(preview) => match &preview.signing {
                SigningPreview::Ready(ready) => Some((
                    build::of_draft(ready, preview.request.as_ref().ok()),
                    Comparison::None,
                )),
                SigningPreview::NotSigned { .. }
                | SigningPreview::NotResolved
                | SigningPreview::BadChoice(_)
                | SigningPreview::NoScope(_) => None,
            },
            Self::Sent {
                record,
                request,
                echo,
            } => {
                let trace = record.trace.trace()?;
                let page = build::of_sent(trace, record, *request, are_keys_shown);
                Some((page, Comparison::of(&trace.steps, *echo)))
            }
        }
    }
}

/// Which of a request's signatures is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SigningMode {
    /// The draft, as it would be signed.
    #[default]
    Draft,
    /// The last sending.
    Sent,
    /// The sending before it.
    Previous,
}

impl SigningMode {
    fn word(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Sent => "Sent",
            Self::Previous => "Previous",
        }
    }
}

/// What the page is compared with, and what is to be known of the page.
#[derive(Clone, Copy, Debug, Default)]
pub struct SigningViewContext<'a> {
    /// What can be shown in place of this; fewer than two for no choice.
    pub modes: &'a [SigningMode],
    /// What is compared with: in a word for the lines, and what it is.
    pub other: Option<(&'a str, SigningViewModel<'a>)>,
    /// A line above the steps that says what they are not.
    pub caution: Option<&'a str>,
}

/// What the view remembers.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct SigningViewState {
    /// The size of the page; see [`PRESENTER_SCALE`].
    pub scale: f32,
    /// Which signature is shown.
    pub mode: SigningMode,
    /// Show the signing keys. Goes when another signature is shown.
    pub are_keys_shown: bool,
    /// Show spaces, tabs and line feeds, and how long the texts are.
    pub are_invisibles_shown: bool,
    /// Show what differs from the other signature.
    pub are_changes_shown: bool,
    /// What the line under the pointer, or with the keyboard, is about; others light it up.
    pub hovered: Vec<SigningPart>,
    /// What the pointer or the keyboard is on elsewhere; its lines light up here.
    pub lit: Vec<SigningPart>,
    /// To be counted up when what is shown changes: the page is put together anew.
    pub version: u64,
    /// The line whose rule and reason are shown: step, block, line.
    open: Option<(u8, usize, usize)>,
    /// They have been opened just now, and are to be seen whole.
    has_opened: bool,
    /// The line that the page is to be moved to.
    scroll_to: Option<(u8, SigningPart)>,
    /// The question whether the keys are to be shown is open.
    asks_for_keys: bool,
    shown: Option<Rc<Shown>>,
}

/// What a page was put together from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ShownFrom {
    subject: (u8, usize),
    other: Option<(u8, usize)>,
    version: u64,
    are_keys_shown: bool,
}

/// A page with what is found in it, kept as long as what it shows is the same.
struct Shown {
    from: ShownFrom,
    page: Option<(Page, Comparison)>,
    changes: Option<Changes>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl Default for SigningViewState {
    fn default() -> Self {
        Self {
            scale: 1.0,
            mode: SigningMode::default(),
            are_keys_shown: false,
            are_invisibles_shown: false,
            are_changes_shown: false,
            hovered: Vec::new(),
            lit: Vec::new(),
            version: 0,
            open: None,
            has_opened: false,
            scroll_to: None,
            asks_for_keys: false,
            shown: None,
        }
    }
}

impl SigningViewState {
    /// Gives the keyboard to the first line of the page.
    pub fn focus(&mut self) {
        self.scroll_to = Some((1, SigningPart::Request(CanonicalPart::Method)));
    }

    /// The page, put together anew if what it shows is another.
    fn settle(
        &mut self,
        model: &SigningViewModel<'_>,
        other: Option<&SigningViewModel<'_>>,
    ) -> Rc<Shown> {
        let mut from = ShownFrom {
            subject: model.address(),
            other: other.map(SigningViewModel::address),
            version: self.version,
            are_keys_shown: self.are_keys_shown,
        };
        if let Some(shown) = &self.shown {
            if shown.from == from {
                return Rc::clone(shown);
            }
            let is_another =
                (shown.from.subject, shown.from.version) != (from.subject, from.version);
            if is_another {
                // Whoever saw the keys of one signature did not ask for those of the next.
                self.are_keys_shown = false;
                self.asks_for_keys = false;
                from.are_keys_shown = false;
            }
        }
        let page = model.page(from.are_keys_shown);
        let other = other.and_then(|other| other.page(false));
        let changes = page
            .as_ref()
            .zip(other.as_ref())
            .map(|((page, _), (other, _))| Changes::between(page, other));
        let shown = Rc::new(Shown {
            from,
            page,
            changes,
        });
        self.shown = Some(Rc::clone(&shown));
        shown
    }
}

/// What the user asks of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningViewAction {
    /// Put this text on the clipboard; secrets in it are masked.
    Copy(String),
    /// Show the place in the editor that a line came from.
    Reveal(SigningSource),
    /// Open the editor of the auth.
    OpenAuth,
    /// Copy all steps in a form for others.
    CopyAs(SigningExportFormat),
    /// Write all steps into a file.
    Save(SigningExportFormat),
}

/// Draws the view in all the space that is left.
pub fn signing_view_ui(
    ui: &mut Ui,
    model: &SigningViewModel<'_>,
    context: &SigningViewContext<'_>,
    state: &mut SigningViewState,
) -> Option<SigningViewAction> {
    let mut action = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    let other = context.other.as_ref().map(|(_, model)| model);
    let shown = state.settle(model, other);
    if let Some((page, comparison)) = &shown.page {
        let found = Found {
            page,
            comparison,
            changes: shown.changes.as_ref(),
        };
        page_ui(ui, &found, context, state, &mut action);
        return action;
    }
    state.hovered.clear();
    match model {
        SigningViewModel::Empty => {
            title(ui, None, context, state);
            EmptyState::new("Every step of a signature is shown here.")
                .detail("Open a request whose auth is AWS IAM.")
                .icon(Icon::Signature)
                .show(ui, |_| ());
        }
        SigningViewModel::NotSigned { auth } => not_signed(ui, auth, context, state, &mut action),
        SigningViewModel::Draft(preview) => match &preview.signing {
            SigningPreview::NotSigned { auth } => {
                not_signed(ui, auth, context, state, &mut action);
            }
            SigningPreview::NoScope(error) => no_scope(ui, *error, context, state, &mut action),
            SigningPreview::BadChoice(error) => {
                title(ui, Some(DRAFT), context, state);
                padded(ui, |ui| {
                    Banner::warning("A choice of signing cannot be read")
                        .body(&error.to_string())
                        .show_plain(ui);
                });
            }
            SigningPreview::NotResolved | SigningPreview::Ready(_) => {
                not_resolved(ui, preview, context, state);
            }
        },
        SigningViewModel::Sent { record, .. } => {
            title(ui, None, context, state);
            if let TraceOutcome::Withheld { reason } = &record.trace {
                padded(ui, |ui| {
                    Banner::warning("The steps are withheld")
                        .body(reason)
                        .show_plain(ui);
                });
            }
        }
    }
    action
}

/// The first row: what this is, and what can be shown in its place.
fn title(
    ui: &mut Ui,
    status: Option<(Tone, &str, &str)>,
    context: &SigningViewContext<'_>,
    state: &mut SigningViewState,
) {
    title_with(ui, status, context, state, |_, _| ());
}

fn title_with(
    ui: &mut Ui,
    status: Option<(Tone, &str, &str)>,
    context: &SigningViewContext<'_>,
    state: &mut SigningViewState,
    add_buttons: impl FnOnce(&mut Ui, &mut SigningViewState),
) {
    tab_row(ui, |ui| {
        let is_narrow = ui.available_width() < NARROW;
        ui.add_space(INSET);
        section_heading(ui, "Signing");
        ui.add_space(4.0);
        if context.modes.len() > 1 {
            mode_ui(ui, context.modes, is_narrow, &mut state.mode);
        } else if let Some((tone, text, tip)) = status {
            chip(ui, tone, None, text).tip(tip);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            ui.add_space(6.0);
            add_buttons(ui, state);
        });
    });
}

/// The switch between draft and sendings.
fn mode_ui(ui: &mut Ui, modes: &[SigningMode], is_narrow: bool, mode: &mut SigningMode) {
    let before = *mode;
    if is_narrow {
        DropDown::new("Signature shown", mode.word())
            .width(92.0)
            .frameless()
            .show(ui, |ui| {
                for offered in modes {
                    let item = MenuItem::new(offered.word()).checked(offered == mode);
                    if item.show(ui).clicked() {
                        *mode = *offered;
                    }
                }
            });
    } else {
        let options: Vec<(SigningMode, &str)> =
            modes.iter().map(|mode| (*mode, mode.word())).collect();
        segmented(ui, "Signature shown", mode, &options);
    }
    if *mode != before {
        // What it stands for is known to whoever calls, from the next frame on.
        ui.request_repaint();
    }
}

fn padded(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new()
        .inner_margin(egui::Margin::same(INSET as i8))
        .show(ui, add);
}

fn not_signed(
    ui: &mut Ui,
    auth: &str,
    context: &SigningViewContext<'_>,
    state: &mut SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    title(ui, None, context, state);
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

fn not_resolved(
    ui: &mut Ui,
    preview: &DraftPreview,
    context: &SigningViewContext<'_>,
    state: &mut SigningViewState,
) {
    title(ui, Some(DRAFT), context, state);
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

fn no_scope(
    ui: &mut Ui,
    error: ScopeError,
    context: &SigningViewContext<'_>,
    state: &mut SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    title(ui, Some(DRAFT), context, state);
    padded(ui, |ui| {
        let what = capitalised(&error.to_string());
        let hint = crate::ui::wording::scope_hint(error);
        Banner::warning(&what).body(hint).show(ui, |ui| {
            if ui.add(Button::secondary("Open auth").small()).clicked() {
                *action = Some(SigningViewAction::OpenAuth);
            }
        });
    });
}

/// The status of a draft.
const DRAFT: (Tone, &str, &str) = (
    Tone::Accent,
    "live draft",
    "Follows what you type. Secrets are masked and no key takes part.",
);

/// A page with what was found in it.
struct Found<'a> {
    page: &'a Page,
    comparison: &'a Comparison,
    changes: Option<&'a Changes>,
}

fn page_ui(
    ui: &mut Ui,
    found: &Found<'_>,
    context: &SigningViewContext<'_>,
    state: &mut SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    let page = found.page;
    let sent = format!("as sent {}", page.clock);
    let status = if page.is_draft {
        DRAFT
    } else {
        let tip = "The time of the signature, in UTC. It does not change any more.";
        (Tone::Neutral, sent.as_str(), tip)
    };
    title_with(ui, Some(status), context, state, |ui, state| {
        more_ui(ui, page, action);
        let is_large = state.scale > 1.0;
        let large = IconButton::new(Icon::AArrowUp, "Larger steps").small();
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
            padded(ui, |ui| {
                if let Some(caution) = context.caution {
                    Banner::warning(caution).show_plain(ui);
                    ui.add_space(8.0);
                }
                if let (Some(changes), Some((what, _))) = (found.changes, context.other) {
                    changes_ui(ui, changes, what, state);
                }
                let mut drawing = Drawing::new(page, found.comparison, state, action);
                if let Some((what, _)) = context.other {
                    drawing.other = what;
                    if drawing.state.are_changes_shown {
                        drawing.changes = found.changes;
                    }
                }
                drawing.show(ui);
            });
        });
    ask_for_keys(ui, page, state);
}

/// What differs, in words, and the switch that marks it.
fn changes_ui(ui: &mut Ui, changes: &Changes, what: &str, state: &mut SigningViewState) {
    let t = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let text = if changes.is_empty() {
            format!("The same as the {what}")
        } else if changes.words.is_empty() {
            format!("Differs from the {what} only in the time")
        } else {
            let words = changes.words.join(", ");
            format!("Differs from the {what}: {words}")
        };
        let button = Button::secondary(if state.are_changes_shown {
            "Unmark"
        } else {
            "Mark"
        })
        .small()
        .name(if state.are_changes_shown {
            "Unmark what changed"
        } else {
            "Mark what changed"
        });
        let room = ui.available_width() - if changes.is_empty() { 0.0 } else { 76.0 };
        let text = egui::RichText::new(text)
            .size(crate::ui::theme::TEXT_SMALL * state.scale)
            .color(t.text_muted);
        ui.scope(|ui| {
            ui.set_max_width(room.max(60.0));
            ui.add(egui::Label::new(text).wrap());
        });
        if !changes.is_empty() && ui.add(button).clicked() {
            state.are_changes_shown = !state.are_changes_shown;
        }
    });
    ui.add_space(8.0);
}

/// What else can be done with the page.
fn more_ui(ui: &mut Ui, page: &Page, action: &mut Option<SigningViewAction>) {
    use SigningExportFormat::{Json, Markdown};
    menu_button(ui, Icon::Ellipsis, "More for the signing steps", |ui| {
        let mut item = |ui: &mut Ui, icon, text: &str, chosen: &dyn Fn() -> SigningViewAction| {
            if MenuItem::new(text).icon(icon).show(ui).clicked() {
                *action = Some(chosen());
            }
        };
        item(ui, Icon::Copy, "Copy all steps as text", &|| {
            SigningViewAction::Copy(page.as_text())
        });
        item(ui, Icon::Copy, "Copy as Markdown", &|| {
            SigningViewAction::CopyAs(Markdown)
        });
        item(ui, Icon::Copy, "Copy as JSON", &|| {
            SigningViewAction::CopyAs(Json)
        });
        menu_separator(ui);
        item(ui, Icon::Download, "Save as Markdown…", &|| {
            SigningViewAction::Save(Markdown)
        });
        item(ui, Icon::Download, "Save as JSON…", &|| {
            SigningViewAction::Save(Json)
        });
    });
}

/// Asks before keys are shown that anyone could sign with.
fn ask_for_keys(ui: &Ui, page: &Page, state: &mut SigningViewState) {
    if !state.asks_for_keys {
        return;
    }
    let scope = page
        .facts
        .iter()
        .filter(|fact| matches!(fact.part, SigningPart::Region | SigningPart::Service))
        .map(|fact| fact.value.as_str())
        .collect::<Vec<_>>()
        .join("/");
    let (what, more) = if page.is_pair {
        (
            "Whoever sees the private key can sign as long as the access key lives.".to_owned(),
            "It counts on every day, in every region and for every service.",
        )
    } else {
        (
            format!("Whoever sees kSigning can sign for {scope} until the day of the scope ends."),
            "kDate and kRegion count for every service, and kDate for every region too.",
        )
    };
    let dialog = Dialog::new("Show the signing keys?").show(ui.ctx(), |ui| {
        let more = format!(
            "{more} Keys are never copied nor exported, and they are hidden again when another signature is shown."
        );
        Banner::warning(&what).body(&more).show_plain(ui);
        Dialog::footer(ui, |ui| {
            let shows = ui.add(Button::danger("Show the keys")).clicked();
            let keep = ui.add(Button::secondary("Keep them hidden"));
            (shows, keep.clicked())
        })
    });
    let (shows, keeps) = dialog.inner;
    state.are_keys_shown |= shows;
    if shows || keeps || dialog.closed {
        state.asks_for_keys = false;
        ui.request_repaint();
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
