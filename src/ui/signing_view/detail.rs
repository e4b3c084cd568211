//! What a line is and why, opened below it.

use egui::{Label, Margin, RichText, Ui, vec2};

use super::draw::{bytes_in_words, link_button};
use super::line::margin;
use super::page::Line;
use super::{SigningViewAction, SigningViewState};
use crate::ui::theme::{Icon, TEXT_BODY, TEXT_SMALL, Tokens};
use crate::ui::widgets::Button;

/// Draws it: the rule, the reason, the length, and ways to the page, the source and the clipboard.
pub(super) fn detail(
    ui: &mut Ui,
    line: &Line,
    state: &mut SigningViewState,
    action: &mut Option<SigningViewAction>,
) {
    let t = Tokens::of(ui);
    let scale = state.scale;
    let frame = egui::Frame::new().fill(t.hover).inner_margin(Margin {
        left: margin(scale) as i8,
        right: 8,
        top: 4,
        bottom: 8,
    });
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        let text = |text: &str| RichText::new(text).size(TEXT_BODY * scale);
        ui.add(Label::new(text(line.rule).color(t.text)).wrap());
        if !line.why.is_empty() {
            ui.add(Label::new(text(&line.why).color(t.text_secondary)).wrap());
        }
        let length = match line.bytes {
            Some(bytes) => bytes_in_words(bytes),
            None if line.is_missing => "not there before sending".to_owned(),
            None => String::new(),
        };
        if !length.is_empty() {
            let length = RichText::new(length).size(TEXT_SMALL * scale);
            ui.label(length.color(t.text_muted));
        }
        ui.horizontal_wrapped(|ui| {
            if !line.is_missing {
                let button = Button::secondary("Copy")
                    .icon(Icon::Copy)
                    .small()
                    .name("Copy the line");
                if ui.add(button).clicked() {
                    *action = Some(SigningViewAction::Copy(line.text.clone()));
                }
            }
            if let Some(source) = line.source
                && ui.add(Button::secondary(source.words()).small()).clicked()
            {
                *action = Some(SigningViewAction::Reveal(source));
            }
            if let Some(from) = &line.comes_from {
                let words = match from.0 {
                    0 => "Go to the top".to_owned(),
                    step => format!("Go to step {step}"),
                };
                if ui.add(Button::secondary(&words).small()).clicked() {
                    state.scroll_to = Some(from.clone());
                    ui.request_repaint();
                }
            }
        });
        if let Some(doc) = line.doc {
            link_button(ui, doc.name, doc.url);
        }
    });
    if std::mem::take(&mut state.has_opened) {
        ui.scroll_to_rect_animation(
            shown.response.rect,
            None,
            egui::style::ScrollAnimation::none(),
        );
        ui.request_repaint();
    }
}
