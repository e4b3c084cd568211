//! The page on which a pasted text is read, compared and explained.
//!
//! What is pasted stays here, in memory, until the page is closed or cleared.

mod comparison;
mod field;

use std::time::{Duration, SystemTime};

use egui::{Layout, RichText, ScrollArea, Ui};

use self::comparison::{ComparisonState, comparison_ui, first_difference_ui};
use self::field::PasteField;
use super::UiContext;
use super::explanation::{ExplanationState, causes_ui};
use super::theme::{INSET, Icon, Tokens};
use super::widgets::{
    Banner, Button, DropDown, MenuItem, Side, Split, horizontal_line, note, section_heading,
    segmented,
};
use crate::exchange::ExchangeId;
use crate::secret::SecretString;
use crate::state::{Command, Ours, PastedQuestion, PastedReading, Recomputed, TabId, Tabs};

/// How long the keyboard rests before a text is read.
const REST: Duration = Duration::from_millis(150);

/// The height of the row of tools.
const TOOL: f32 = 28.0;

/// What the page remembers.
#[derive(Default)]
pub(super) struct ExplainPage {
    field: PasteField,
    ours: Ours,
    profile: Option<String>,
    share: Option<f32>,
    /// What is to be asked, and since when.
    waiting: Option<(Asked, SystemTime)>,
    asked: Option<Asked>,
    /// Counts the questions.
    revision: u64,
    causes: ExplanationState,
    comparison: ComparisonState,
}

/// What an answer depends on.
#[derive(Clone, PartialEq, Eq)]
struct Asked {
    text: u64,
    ours: Ours,
    /// The request that is compared with, as it is now.
    of: Option<(TabId, u64, Option<ExchangeId>)>,
    profile: Option<String>,
    profiles: u64,
}

impl ExplainPage {
    /// Forgets everything that was pasted.
    pub(super) fn forget(&mut self, ctx: &egui::Context) {
        self.field.clear(ctx);
        let revision = self.revision;
        *self = Self {
            revision,
            ..Self::default()
        };
    }

    /// Whether something was pasted.
    pub(super) fn is_used(&self) -> bool {
        self.asked.is_some() || !self.field.is_empty()
    }

    /// Asks once what is to be asked has not changed for a while.
    fn follow(&mut self, ui: &Ui, ctx: &UiContext<'_>, tabs: &Tabs) {
        let of = match self.ours {
            Ours::Text => None,
            Ours::Draft | Ours::Exchange => tabs.active().map(|tab| {
                let exchange = ctx
                    .exchanges
                    .of(tab.id)
                    .and_then(|sending| sending.shown())
                    .map(|exchange| exchange.id);
                (tab.id, tab.revision(), exchange)
            }),
        };
        let now = Asked {
            text: self.field.revision(),
            ours: self.ours,
            of,
            profile: self.profile.clone(),
            profiles: ctx.profiles.revision,
        };
        if self.asked.as_ref() == Some(&now) || (self.asked.is_none() && self.field.is_empty()) {
            self.waiting = None;
            return;
        }
        let since = match &self.waiting {
            Some((waiting, since)) if *waiting == now => *since,
            _ => ctx.now,
        };
        self.waiting = Some((now.clone(), since));
        // A clock that was set back makes it due at once.
        let rested = ctx.now.duration_since(since).unwrap_or(REST);
        let left = REST.saturating_sub(rested);
        if !left.is_zero() && !self.field.is_empty() {
            ui.request_repaint_after(left);
            return;
        }
        self.revision += 1;
        self.waiting = None;
        self.asked = Some(now);
        ctx.send(Command::ReadPasted(Box::new(PastedQuestion {
            revision: self.revision,
            text: SecretString::new(self.field.text()),
            ours: self.ours,
            profile: self.profile.clone(),
        })));
    }
}

/// Draws the page in all the space that is left.
pub(super) fn explain_page_ui(
    ui: &mut Ui,
    ctx: &UiContext<'_>,
    tabs: &Tabs,
    page: &mut ExplainPage,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    page.field.take_pasted(ui);
    tools_ui(ui, ctx, page);
    horizontal_line(ui);
    let mut share = page.share.unwrap_or(0.34);
    Split::vertical("Pasted text and what it says")
        .min_sizes(88.0, 120.0)
        .default_fraction(0.34)
        .show(ui, &mut share, |ui, side| match side {
            Side::First => {
                egui::Frame::new()
                    .inner_margin(egui::Margin::same(8))
                    .show(ui, |ui| page.field.show(ui));
            }
            Side::Second => answer_ui(ui, ctx, page),
        });
    page.share = Some(share);
    page.follow(ui, ctx, tabs);
}

fn tools_ui(ui: &mut Ui, ctx: &UiContext<'_>, page: &mut ExplainPage) {
    let t = Tokens::of(ui);
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(INSET as i8, 6))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                // All stand in the middle of the highest one.
                ui.set_min_height(TOOL);
                ui.label(RichText::new("Compare with").color(t.text_secondary));
                segmented(
                    ui,
                    "Compare with",
                    &mut page.ours,
                    &[
                        (Ours::Text, "The text itself"),
                        (Ours::Draft, "Live draft"),
                        (Ours::Exchange, "Last call"),
                    ],
                );
                profile_ui(ui, ctx, page);
                let clear = Button::ghost("Clear")
                    .small()
                    .name("Clear the pasted text")
                    .tip("Forget what was pasted")
                    .enabled(!page.field.is_empty());
                if ui.add(clear).clicked() {
                    page.field.clear(ui.ctx());
                }
                if ctx.explainer.is_reading() {
                    note(ui, "Reading…");
                }
            });
        });
}

/// The profile whose keys the signature is computed again with.
fn profile_ui(ui: &mut Ui, ctx: &UiContext<'_>, page: &mut ExplainPage) {
    let text = match &page.profile {
        Some(profile) => format!("keys of {profile}"),
        None => "no keys".to_owned(),
    };
    let drop_down = DropDown::new("Check with the keys of", &text)
        .icon(Icon::KeyRound)
        .frameless()
        .max_width(240.0)
        .tip("With the keys that were to sign, the signature is computed again: what went wrong can be proven");
    drop_down.show(ui, |ui| {
        if MenuItem::new("No keys")
            .checked(page.profile.is_none())
            .show(ui)
            .clicked()
        {
            page.profile = None;
        }
        for profile in &ctx.profiles.list {
            let kind = profile.kind.to_string();
            let item = MenuItem::new(&profile.name)
                .note(&kind)
                .checked(page.profile.as_deref() == Some(&*profile.name))
                .enabled(profile.unusable.is_none());
            if item.show(ui).clicked() {
                page.profile = Some(profile.name.clone());
            }
        }
    });
}

fn answer_ui(ui: &mut Ui, ctx: &UiContext<'_>, page: &mut ExplainPage) {
    ScrollArea::vertical()
        .id_salt("what it says")
        .auto_shrink(false)
        .show(ui, |ui| {
            egui::Frame::new()
                .inner_margin(egui::Margin::symmetric(INSET as i8, 8))
                .show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    ui.spacing_mut().item_spacing.y = 6.0;
                    if let Some(why) = page.field.too_long() {
                        Banner::warning(&why).show_plain(ui);
                        return;
                    }
                    match ctx.explainer.answer() {
                        None => invitation_ui(ui),
                        Some(Err(error)) => {
                            let text = capital(&error.to_string());
                            Banner::info(&text).show_plain(ui);
                        }
                        Some(Ok(reading)) => reading_ui(ui, ctx, page, reading),
                    }
                });
        });
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn invitation_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    let text = "What the text is, what both sides computed, and why the call was refused will \
                be shown here. Nothing that is pasted is written down or sent anywhere.";
    ui.add(egui::Label::new(RichText::new(text).color(t.text_secondary)).wrap());
}

fn reading_ui(ui: &mut Ui, ctx: &UiContext<'_>, page: &mut ExplainPage, reading: &PastedReading) {
    let t = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        ui.with_layout(Layout::right_to_left(egui::Align::Min), |ui| {
            if reading.draft.is_some()
                && ui
                    .add(
                        Button::secondary("Open as request")
                            .small()
                            .tip("A new request with its method, URL, headers and body"),
                    )
                    .clicked()
            {
                ctx.send(Command::OpenPasted);
            }
            ui.with_layout(Layout::top_down(egui::Align::Min), |ui| {
                let summary = RichText::new(&reading.explanation.summary).color(t.text);
                ui.add(egui::Label::new(summary).wrap().selectable(true));
                if let Some(profile) = &page.profile {
                    recomputed_ui(ui, profile, reading.recomputed.as_ref());
                }
            });
        });
    });
    if let Some(subject) = reading.subject.as_ref().filter(|_| page.ours != Ours::Text) {
        let when = if reading.is_at_their_time {
            ", as if it were signed when the other side was"
        } else {
            ""
        };
        note(ui, &format!("{}: {subject}{when}", reading.sides.0));
    }
    if reading.comparison.is_empty() {
        if let Some(why) = reading.not_compared {
            note(ui, why);
        }
    } else {
        first_difference_ui(ui, reading);
    }
    let title = if page.ours == Ours::Text || reading.comparison.is_empty() {
        "Why, by the text itself"
    } else {
        "Why, by both sides"
    };
    section_heading(ui, title);
    causes_ui(ui, &reading.explanation, &mut page.causes);
    if !reading.comparison.is_empty() {
        comparison_ui(ui, reading, &mut page.comparison);
    }
}

/// What the keys that were chosen say of the signature.
fn recomputed_ui(ui: &mut Ui, profile: &str, recomputed: Option<&Recomputed>) {
    let t = Tokens::of(ui);
    let (text, colour) = match recomputed {
        None => (format!("The keys of {profile} are not at hand"), t.warning),
        Some(Recomputed::Same) => (
            format!("The keys of {profile} give the same signature"),
            t.success,
        ),
        Some(Recomputed::Another { computed, sent }) => (
            format!(
                "The keys of {profile} give another signature ({computed}…) than the one that was \
                 sent ({sent}…)"
            ),
            t.danger,
        ),
        Some(Recomputed::NotPossible(why)) => (
            format!("The signature is not computed again with the keys of {profile}: {why}"),
            t.text_secondary,
        ),
    };
    ui.add(egui::Label::new(RichText::new(text).color(colour)).wrap());
}
