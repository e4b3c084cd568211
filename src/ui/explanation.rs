//! Why a call was refused: above an answer's body, and on the page of pasted texts.

use egui::{CornerRadius, Frame, Layout, Margin, RichText, ScrollArea, Stroke, Ui};

use super::theme::{CORNER, Icon, TEXT_BODY, TEXT_SMALL, Tokens, bold};
use super::widgets::{Button, IconButton, Tone, chip};
use crate::explain::{Cause, Explanation, Likelihood, Mending};
use crate::state::Command;

/// The banner above an answer takes no more than this part of its pane.
const MOST: f32 = 1.0 / 3.0;

/// What stands below the title begins where the title does.
const INDENT: i8 = 30;

/// What the buttons and the space around all take.
const AROUND: f32 = 64.0;

/// The scrolled text has at least so much height.
const LEAST: f32 = 36.0;

/// What a view of an explanation remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExplanationState {
    /// Only the first cause's title is shown.
    pub is_collapsed: bool,
    /// The other causes are shown too.
    pub shows_others: bool,
}

/// Draws the banner above an answer; gives the change that the user wants made. Draws nothing when
/// no cause is known.
pub(super) fn explanation_banner_ui(
    ui: &mut Ui,
    explanation: &Explanation,
    state: &mut ExplanationState,
    pane_height: f32,
) -> Option<Mending> {
    let first = explanation.first()?;
    let t = Tokens::of(ui);
    let (colour, fill) = Tone::Warning.colours(t);
    let mut wanted = None;
    Frame::new()
        .outer_margin(Margin::symmetric(8, 6))
        .inner_margin(Margin::symmetric(8, 6))
        .fill(fill)
        .stroke(Stroke::new(1.0, colour.gamma_multiply(0.35)))
        .corner_radius(CornerRadius::same(CORNER))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 4.0;
            title_ui(ui, first, state);
            if state.is_collapsed {
                return;
            }
            let left = pane_height * MOST - AROUND - ui.min_rect().height();
            Frame::new()
                .inner_margin(Margin {
                    left: INDENT,
                    ..Margin::ZERO
                })
                .show(ui, |ui| {
                    wanted = below_title_ui(ui, explanation, state, left.max(LEAST));
                });
        });
    wanted
}

/// What speaks for the first cause, what to do, and the others; the buttons stay in sight.
fn below_title_ui(
    ui: &mut Ui,
    explanation: &Explanation,
    state: &mut ExplanationState,
    most: f32,
) -> Option<Mending> {
    let first = explanation.first()?;
    let mut wanted = None;
    ScrollArea::vertical()
        .id_salt("explanation")
        .max_height(most)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            details_ui(ui, first);
            if state.shows_others {
                for (index, cause) in explanation.causes.iter().enumerate().skip(1) {
                    let other = ui.push_id(index, |ui| other_ui(ui, cause, true));
                    wanted = other.inner.or(wanted.take());
                }
            }
        });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 4.0);
        if let Some(mending) = &first.mending
            && ui
                .add(Button::primary(&and_send_words(mending)).small())
                .clicked()
        {
            wanted = Some(mending.clone());
        }
        others_button(ui, explanation.causes.len(), state);
    });
    wanted
}

/// The title with its likelihood, and the button that folds the rest away.
fn title_ui(ui: &mut Ui, cause: &Cause, state: &mut ExplanationState) {
    let t = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (icon, name) = if state.is_collapsed {
            (Icon::ChevronRight, "Show the explanation")
        } else {
            (Icon::ChevronDown, "Hide the explanation")
        };
        if ui.add(IconButton::new(icon, name).small()).clicked() {
            state.is_collapsed = !state.is_collapsed;
        }
        ui.with_layout(Layout::right_to_left(egui::Align::Min), |ui| {
            likelihood_ui(ui, cause.likelihood);
            ui.with_layout(Layout::top_down(egui::Align::Min), |ui| {
                ui.add_space(2.0);
                let title = RichText::new(sentence(&cause.title))
                    .font(bold(TEXT_BODY))
                    .color(t.text);
                let label = egui::Label::new(title);
                ui.add(if state.is_collapsed {
                    label.truncate()
                } else {
                    label.wrap()
                });
            });
        });
    });
}

fn likelihood_ui(ui: &mut Ui, likelihood: Likelihood) {
    let tone = match likelihood {
        Likelihood::Proven => Tone::Danger,
        Likelihood::VeryLikely => Tone::Warning,
        Likelihood::Likely | Likelihood::Possible => Tone::Neutral,
    };
    chip(ui, tone, None, likelihood.words());
}

/// What speaks for a cause, and what to do.
fn details_ui(ui: &mut Ui, cause: &Cause) {
    let t = Tokens::of(ui);
    for evidence in &cause.evidence {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(RichText::new("•").size(TEXT_SMALL).color(t.text_muted));
            let text = RichText::new(evidence)
                .size(TEXT_SMALL)
                .color(t.text_secondary);
            ui.add(egui::Label::new(text).wrap().selectable(true));
        });
    }
    if !cause.fix.is_empty() {
        let fix = RichText::new(sentence(&cause.fix)).color(t.text);
        ui.add(egui::Label::new(fix).wrap().selectable(true));
    }
}

/// A cause that is not the likeliest; its button mends when there is something to mend.
fn other_ui(ui: &mut Ui, cause: &Cause, can_mend: bool) -> Option<Mending> {
    let t = Tokens::of(ui);
    let mut wanted = None;
    ui.add_space(4.0);
    ui.separator();
    ui.horizontal_top(|ui| {
        ui.with_layout(Layout::right_to_left(egui::Align::Min), |ui| {
            likelihood_ui(ui, cause.likelihood);
            ui.with_layout(Layout::top_down(egui::Align::Min), |ui| {
                let title = RichText::new(sentence(&cause.title))
                    .font(bold(TEXT_BODY))
                    .color(t.text);
                ui.add(egui::Label::new(title).wrap());
            });
        });
    });
    details_ui(ui, cause);
    if can_mend
        && let Some(mending) = &cause.mending
        && ui
            .add(Button::secondary(&and_send_words(mending)).small())
            .clicked()
    {
        wanted = Some(mending.clone());
    }
    wanted
}

fn others_button(ui: &mut Ui, causes: usize, state: &mut ExplanationState) {
    let others = causes.saturating_sub(1);
    if others == 0 {
        return;
    }
    let text = if state.shows_others {
        "Hide the other causes".to_owned()
    } else {
        format!("Other causes ({others})")
    };
    if ui.add(Button::ghost(&text).small()).clicked() {
        state.shows_others = !state.shows_others;
    }
}

/// Draws all causes one below the other, where nothing can be mended.
pub(super) fn causes_ui(ui: &mut Ui, explanation: &Explanation, state: &mut ExplanationState) {
    let t = Tokens::of(ui);
    let Some(first) = explanation.first() else {
        let none = RichText::new("Nothing is wrong as far as can be seen from this text.")
            .color(t.text_secondary);
        ui.label(none);
        return;
    };
    ui.spacing_mut().item_spacing.y = 4.0;
    ui.horizontal_top(|ui| {
        ui.with_layout(Layout::right_to_left(egui::Align::Min), |ui| {
            likelihood_ui(ui, first.likelihood);
            ui.with_layout(Layout::top_down(egui::Align::Min), |ui| {
                let title = RichText::new(sentence(&first.title))
                    .font(bold(TEXT_BODY))
                    .color(t.text);
                ui.add(egui::Label::new(title).wrap());
            });
        });
    });
    details_ui(ui, first);
    others_button(ui, explanation.causes.len(), state);
    if state.shows_others {
        for (index, cause) in explanation.causes.iter().enumerate().skip(1) {
            ui.push_id(index, |ui| other_ui(ui, cause, false));
        }
    }
}

/// A title of the catalogue as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        // A header's name or a variable keeps its letters.
        Some(first) if first.is_lowercase() && !starts_with_name(text) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

fn starts_with_name(text: &str) -> bool {
    text.split_whitespace()
        .next()
        .is_some_and(|word| word.contains(['-', '_', '/', ':', '=']))
}

/// What the button says that mends and sends.
pub(super) fn and_send_words(mending: &Mending) -> String {
    let words = mending_words(mending);
    if Command::changes_draft(mending) || *mending == Mending::RenewCredentials {
        format!("{words} and send again")
    } else {
        words
    }
}

/// What is done, in the words of a button.
fn mending_words(mending: &Mending) -> String {
    match mending {
        Mending::Region(region) => format!("Set region to {region}"),
        Mending::Service(service) => format!("Set service to {service}"),
        Mending::ScopeFromHost => "Take region and service from the host".to_owned(),
        Mending::ClockOffset(0) => "Sign at this machine’s time".to_owned(),
        Mending::ClockOffset(seconds) if *seconds > 0 => format!("Sign {seconds} s later"),
        Mending::ClockOffset(seconds) => format!("Sign {} s earlier", seconds.unsigned_abs()),
        Mending::DoubleEncode(true) => "Encode the path once more".to_owned(),
        Mending::DoubleEncode(false) => "Sign the path as it is sent".to_owned(),
        Mending::NormalizePath(true) => "Normalise the path".to_owned(),
        Mending::NormalizePath(false) => "Leave the path as it is".to_owned(),
        Mending::SignPayload => "Sign the body".to_owned(),
        Mending::SignSessionToken => "Sign the session token".to_owned(),
        Mending::PlaceInHeader => "Sign in the header".to_owned(),
        Mending::SignHeader(name) => format!("Sign {name}"),
        Mending::LeaveHeaderUnsigned(name) => format!("Leave {name} unsigned"),
        Mending::RemoveHeader(name) => format!("Remove {name}"),
        Mending::SetHeader { name, .. } => format!("Set {name}"),
        Mending::Url(_) => "Correct the URL".to_owned(),
        Mending::Algorithm => "Sign with SigV4".to_owned(),
        Mending::Profile(name) => format!("Sign as {name}"),
        Mending::EnterKeys => "Enter the keys anew…".to_owned(),
        Mending::RenewCredentials => "Renew the credentials".to_owned(),
        Mending::SendAgain => "Send again".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_begins_with_a_capital_unless_it_is_a_name() {
        assert_eq!(sentence("the key is wrong"), "The key is wrong");
        assert_eq!(sentence("x-amz-date was changed"), "x-amz-date was changed");
        assert_eq!(sentence("AWS gives no reason"), "AWS gives no reason");
    }

    #[test]
    fn a_button_says_whether_it_sends() {
        assert_eq!(
            and_send_words(&Mending::Region("eu-west-1".into())),
            "Set region to eu-west-1 and send again"
        );
        assert_eq!(
            and_send_words(&Mending::RenewCredentials),
            "Renew the credentials and send again"
        );
        assert_eq!(and_send_words(&Mending::SendAgain), "Send again");
        assert_eq!(
            and_send_words(&Mending::Algorithm),
            "Sign with SigV4 and send again"
        );
        assert_eq!(
            and_send_words(&Mending::Profile("practice".into())),
            "Sign as practice and send again"
        );
        assert_eq!(and_send_words(&Mending::EnterKeys), "Enter the keys anew…");
        assert_eq!(
            and_send_words(&Mending::ClockOffset(-300)),
            "Sign 300 s earlier and send again"
        );
    }
}
