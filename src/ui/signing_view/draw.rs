//! Draws the page.

use egui::{
    CornerRadius, Frame, Label, Layout, Margin, Rect, RichText, Sense, Stroke, StrokeKind, Ui, vec2,
};

use super::comparison::{Comparison, Differences, differing_range};
use super::line::{Emphasis, StepLine};
use super::page::{Page, WHEN_SENT};
use super::{SigningViewAction, SigningViewState};
use crate::sigv4::CanonicalPart;
use crate::template::MASK;
use crate::ui::theme::{
    CORNER, Icon, Provenance, TEXT_BODY, TEXT_HEADING, TEXT_SMALL, Tokens, bold, code,
};
use crate::ui::widgets::{Banner, Button, IconButton, Tone, WithTip as _, chip};

const DOCUMENT: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html";

/// A step's heading.
struct Step<'a> {
    number: u8,
    name: &'a str,
    rule: &'a str,
    anchor: &'a str,
    /// What its copy button copies; none if there is nothing yet.
    copy: Option<String>,
}

/// The page from the facts to step 5.
pub(super) fn page(
    ui: &mut Ui,
    page: &Page,
    comparison: &Comparison,
    state: &mut SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    let hovered_before = state.hovered.take();
    let lit = hovered_before.clone().or_else(|| state.lit.clone());
    let is_hash_lit = std::mem::take(&mut state.is_hash_hovered);
    facts(ui, page, state.scale);
    verdict(ui, page, comparison);
    canonical_request(ui, page, comparison, state, (lit, is_hash_lit), action);
    string_to_sign(ui, page, comparison, state, is_hash_lit, action);
    signing_key(ui, page, state, action);
    signature(ui, page, state, action);
    headers(ui, page, state, action);
    ui.add_space(24.0);
    if state.hovered != hovered_before || state.is_hash_hovered != is_hash_lit {
        // What the pointer is on is known only now; what belongs to it lights up in the next frame.
        ui.request_repaint();
    }
}

fn facts(ui: &mut Ui, page: &Page, scale: f32) {
    let t = Tokens::of(ui);
    let label_width = 72.0 * scale;
    for fact in &page.facts {
        let width = ui.available_width();
        let row = Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(vec2(width, 20.0 * scale), row, |ui| {
            ui.set_min_height(20.0 * scale);
            ui.spacing_mut().interact_size.y = 0.0;
            ui.spacing_mut().item_spacing.x = 8.0 * scale;
            let quiet = |text: &str| {
                RichText::new(text)
                    .size(TEXT_SMALL * scale)
                    .color(t.text_muted)
            };
            let start = ui.cursor().left();
            ui.label(quiet(fact.name));
            let gap = label_width - (ui.cursor().left() - start);
            ui.add_space(gap.max(0.0));
            let value = match fact.from {
                Some(_) => RichText::new(&fact.value).font(code(scale)),
                None => RichText::new(&fact.value).size(TEXT_BODY * scale),
            };
            ui.add(Label::new(value.color(t.text)).truncate());
            if let Some(from) = &fact.from {
                ui.add(Label::new(quiet(&format!("from {from}"))).truncate());
            }
            if let Some(warning) = &fact.warning {
                chip(ui, Tone::Warning, Some(Icon::TriangleAlert), warning);
            }
        });
    }
}

/// What the comparison with the gateway says.
fn verdict(ui: &mut Ui, page: &Page, comparison: &Comparison) {
    let (tone, title, body) = match comparison {
        Comparison::None => return,
        Comparison::CanonicalRequest(differences) => (
            Tone::Danger,
            format!(
                "Line {} of the canonical request differs: {}",
                differences.first + 1,
                differences.what
            ),
            "The gateway computed another canonical request from what it received. The lines that differ are marked in step 1."
                .to_owned(),
        ),
        Comparison::StringToSign(differences) => (
            Tone::Danger,
            format!(
                "Line {} of the string to sign differs: {}",
                differences.first + 1,
                differences.what
            ),
            "The canonical requests are the same; the gateway signs with another time or scope. The line is marked in step 2."
                .to_owned(),
        ),
        Comparison::Same => {
            let who = page
                .facts
                .first()
                .map(|fact| format!(" of {}", fact.value))
                .unwrap_or_default();
            (
                Tone::Warning,
                "Canonical request and string to sign agree with the gateway's".to_owned(),
                format!(
                    "So the signing keys differ: the secret access key{who} is not the one that the gateway has for this key id."
                ),
            )
        }
    };
    ui.add_space(8.0);
    Banner::new(tone, &title).body(&body).show_plain(ui);
}

fn canonical_request(
    ui: &mut Ui,
    page: &Page,
    comparison: &Comparison,
    state: &mut SigningViewState,
    (lit, is_hash_lit): (Option<CanonicalPart>, bool),
    action: &mut Option<SigningViewAction>,
) {
    let t = Tokens::of(ui);
    let scale = state.scale;
    let step = Step {
        number: 1,
        name: "Canonical request",
        rule: "The request in one fixed form, so that both sides hash the same bytes.",
        anchor: "#create-canonical-request",
        copy: Some(page.canonical_request_text()),
    };
    heading(ui, &step, scale, action);
    let differences = comparison.of_canonical_request();
    let last = page.canonical_request.len().saturating_sub(1);
    block(ui, |ui| {
        for (index, line) in page.canonical_request.iter().enumerate() {
            let part = &line.line.part;
            let is_empty = line.line.text.is_empty();
            let text = match part {
                CanonicalPart::EndOfHeaders if is_empty => "",
                _ if is_empty => "(empty)",
                _ => line.line.text.as_str(),
            };
            let is_different = differences.is_some_and(|d| d.lines.contains(&index));
            let theirs = differences.filter(|d| d.first == index);
            let response = StepLine {
                text,
                word: part.label(),
                hue: provenance(part).map(|part| t.provenance(part)),
                emphasis: if is_different {
                    Emphasis::Different
                } else if lit.as_ref() == Some(part) {
                    Emphasis::Lit
                } else {
                    Emphasis::None
                },
                marked: theirs
                    .and_then(|d| d.theirs.as_deref())
                    .map(|theirs| differing_range(text, theirs).0),
                tip: &line.source,
                is_quiet: is_empty,
                ends_with_feed: index < last,
                are_invisibles_shown: state.are_invisibles_shown,
                is_button: true,
                indent: 0.0,
            }
            .show(ui, scale);
            if response.clicked {
                *action = Some(SigningViewAction::Reveal(part.clone()));
            }
            if response.is_hovered {
                state.hovered = Some(part.clone());
            }
            if let Some(theirs) = theirs {
                gateway_saw(ui, text, theirs, state);
            }
        }
        if let Some(theirs) = differences.filter(|d| d.first > last) {
            gateway_saw(ui, "", theirs, state);
        }
    });
    ui.add_space(6.0 * scale);
    block(ui, |ui| {
        let response = StepLine {
            text: &page.canonical_request_sha256,
            word: "SHA-256",
            emphasis: if is_hash_lit {
                Emphasis::Lit
            } else {
                Emphasis::None
            },
            tip: "The SHA-256 of the lines above, as hex digits: line 4 of step 2.",
            ..StepLine::default()
        }
        .show(ui, scale);
        state.is_hash_hovered |= response.is_hovered;
    });
    if page.is_hash_of_masks {
        small_note(
            ui,
            "A secret is masked here, or a file not hashed yet: the hash of what is sent will be another.",
            scale,
        );
    }
    unsigned_headers(ui, page, scale);
}

fn unsigned_headers(ui: &mut Ui, page: &Page, scale: f32) {
    if page.unsigned.is_empty() {
        return;
    }
    let t = Tokens::of(ui);
    ui.add_space(6.0 * scale);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0 * scale, 2.0);
        ui.label(
            RichText::new("Sent but not signed:")
                .size(TEXT_SMALL * scale)
                .color(t.text_muted),
        );
        for (name, reason) in &page.unsigned {
            let name = RichText::new(name)
                .font(egui::FontId::monospace((TEXT_SMALL - 0.5) * scale))
                .color(t.text_secondary);
            ui.label(name).tip(reason);
        }
    });
}

fn string_to_sign(
    ui: &mut Ui,
    page: &Page,
    comparison: &Comparison,
    state: &mut SigningViewState,
    is_hash_lit: bool,
    action: &mut Option<SigningViewAction>,
) {
    let scale = state.scale;
    let step = Step {
        number: 2,
        name: "String to sign",
        rule: "Says when, where and for which service, and holds the request only as its hash.",
        anchor: "#create-string-to-sign",
        copy: Some(page.string_to_sign_text()),
    };
    heading(ui, &step, scale, action);
    let differences = comparison.of_string_to_sign();
    let last = page.string_to_sign.len().saturating_sub(1);
    block(ui, |ui| {
        for (index, (word, text)) in page.string_to_sign.iter().enumerate() {
            let is_hash = index == last;
            let theirs = differences.filter(|d| d.first == index);
            let response = StepLine {
                text,
                word,
                emphasis: if differences.is_some_and(|d| d.lines.contains(&index)) {
                    Emphasis::Different
                } else if is_hash && is_hash_lit {
                    Emphasis::Lit
                } else {
                    Emphasis::None
                },
                marked: theirs
                    .and_then(|d| d.theirs.as_deref())
                    .map(|theirs| differing_range(text, theirs).0),
                tip: if is_hash {
                    "The SHA-256 of the canonical request, from step 1."
                } else {
                    ""
                },
                ends_with_feed: index < last,
                are_invisibles_shown: state.are_invisibles_shown,
                ..StepLine::default()
            }
            .show(ui, scale);
            state.is_hash_hovered |= is_hash && response.is_hovered;
            if let Some(theirs) = theirs {
                gateway_saw(ui, text, theirs, state);
            }
        }
    });
}

fn signing_key(
    ui: &mut Ui,
    page: &Page,
    state: &mut SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    let scale = state.scale;
    let step = Step {
        number: 3,
        name: "Signing key",
        rule: "Four hashes narrow the secret down to one day, one region and one service.",
        anchor: "#calculate-signature",
        copy: Some(page.key_chain_text()),
    };
    heading(ui, &step, scale, action);
    let are_shown = page.can_show_keys && state.are_keys_shown;
    block(ui, |ui| {
        for link in &page.key_chain {
            StepLine {
                text: &link.formula,
                word: link.name,
                ..StepLine::default()
            }
            .show(ui, scale);
            if let Some(bytes) = link.bytes.as_deref().filter(|_| are_shown) {
                StepLine {
                    text: bytes,
                    is_quiet: true,
                    ..StepLine::default()
                }
                .show(ui, scale);
            }
        }
    });
    ui.add_space(6.0 * scale);
    if page.can_show_keys {
        let (text, icon) = if are_shown {
            ("Hide the keys", Icon::EyeOff)
        } else {
            ("Show the keys", Icon::Eye)
        };
        let tip = "These are the example credentials of AWS's documentation: no secret.";
        if ui
            .add(Button::secondary(text).icon(icon).small().tip(tip))
            .clicked()
        {
            state.are_keys_shown = !state.are_keys_shown;
        }
    } else if page.is_draft {
        small_note(ui, "No key takes part before sending.", scale);
    } else {
        small_note(
            ui,
            "The bytes stay hidden: whoever has one of these keys can sign with it.",
            scale,
        );
    }
}

fn signature(
    ui: &mut Ui,
    page: &Page,
    state: &SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    let step = Step {
        number: 4,
        name: "Signature",
        rule: "HMAC-SHA256 of the string to sign with kSigning, as hex digits.",
        anchor: "#calculate-signature",
        copy: page.signature.clone(),
    };
    heading(ui, &step, state.scale, action);
    block(ui, |ui| {
        StepLine {
            text: page.signature.as_deref().unwrap_or(MASK),
            word: if page.signature.is_some() {
                "signature"
            } else {
                WHEN_SENT
            },
            is_quiet: page.signature.is_none(),
            ..StepLine::default()
        }
        .show(ui, state.scale);
    });
}

fn headers(
    ui: &mut Ui,
    page: &Page,
    state: &SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    let step = Step {
        number: 5,
        name: "Headers added",
        rule: "Key id, scope, names of the signed headers and signature travel with the request.",
        anchor: "#add-signature-to-request",
        copy: Some(page.headers_text()),
    };
    heading(ui, &step, state.scale, action);
    block(ui, |ui| {
        for (index, part) in page.authorization.iter().enumerate() {
            let text = if index == 0 {
                format!("authorization: {part}")
            } else {
                part.clone()
            };
            StepLine {
                text: &text,
                indent: if index == 0 { 0.0 } else { 16.0 },
                ..StepLine::default()
            }
            .show(ui, state.scale);
        }
        for (name, value) in &page.added {
            StepLine {
                text: &format!("{name}: {value}"),
                ..StepLine::default()
            }
            .show(ui, state.scale);
        }
    });
}

fn gateway_saw(ui: &mut Ui, ours: &str, differences: &Differences, state: &SigningViewState) {
    let (text, marked) = match &differences.theirs {
        Some(theirs) => (theirs.as_str(), Some(differing_range(ours, theirs).1)),
        None => ("(no such line)", None),
    };
    StepLine {
        text: if text.is_empty() { "(empty)" } else { text },
        word: "gateway saw",
        emphasis: Emphasis::Theirs,
        marked,
        tip: "What the gateway says it computed here.",
        are_invisibles_shown: state.are_invisibles_shown,
        ..StepLine::default()
    }
    .show(ui, state.scale);
}

fn heading(ui: &mut Ui, step: &Step<'_>, scale: f32, action: &mut Option<SigningViewAction>) {
    let t = Tokens::of(ui);
    ui.add_space(20.0 * scale);
    let width = ui.available_width();
    let height = (24.0 * scale).max(24.0);
    let row = Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(vec2(width, height), row, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0 * scale;
        let side = 20.0 * scale;
        let (rect, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
        ui.painter().rect(
            rect,
            CornerRadius::same((side / 2.0) as u8),
            egui::Color32::TRANSPARENT,
            Stroke::new(1.0, t.outline_hover),
            StrokeKind::Inside,
        );
        ui.painter().text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            step.number,
            bold(TEXT_SMALL * scale),
            t.text_secondary,
        );
        let name = RichText::new(step.name)
            .font(bold((TEXT_HEADING - 0.5) * scale))
            .color(t.text);
        ui.add(Label::new(name).selectable(false));
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            if let Some(copy) = &step.copy {
                let name = format!("Copy step {}", step.number);
                if ui.add(IconButton::new(Icon::Copy, &name).small()).clicked() {
                    *action = Some(SigningViewAction::Copy(copy.clone()));
                }
            }
            let name = format!("Step {} in AWS's document", step.number);
            let url = format!("{DOCUMENT}{}", step.anchor);
            if ui
                .add(IconButton::new(Icon::BookOpen, &name).small())
                .clicked()
            {
                ui.open_url(egui::OpenUrl::new_tab(url));
            }
        });
    });
    ui.add_space(2.0 * scale);
    let rule = RichText::new(step.rule)
        .size(TEXT_BODY * scale)
        .color(t.text_muted);
    ui.label(rule);
    ui.add_space(8.0 * scale);
}

/// The ground on which the lines of a step stand.
fn block(ui: &mut Ui, add_lines: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    let response = Frame::new()
        .fill(t.surface_sunken)
        .corner_radius(CornerRadius::same(CORNER))
        .inner_margin(Margin::symmetric(0, 4))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            add_lines(ui);
        });
    let rect: Rect = response.response.rect;
    ui.painter().rect_stroke(
        rect,
        CornerRadius::same(CORNER),
        Stroke::new(1.0, t.separator),
        StrokeKind::Inside,
    );
}

fn small_note(ui: &mut Ui, text: &str, scale: f32) {
    let t = Tokens::of(ui);
    ui.add_space(4.0 * scale);
    ui.label(
        RichText::new(text)
            .size(TEXT_SMALL * scale)
            .color(t.text_muted),
    );
}

fn provenance(part: &CanonicalPart) -> Option<Provenance> {
    match part {
        CanonicalPart::Method => Some(Provenance::Method),
        CanonicalPart::Path => Some(Provenance::Path),
        CanonicalPart::Query => Some(Provenance::Query),
        CanonicalPart::Header(_) | CanonicalPart::SignedHeaders => Some(Provenance::Header),
        CanonicalPart::HashedPayload => Some(Provenance::Body),
        CanonicalPart::EndOfHeaders => None,
    }
}
