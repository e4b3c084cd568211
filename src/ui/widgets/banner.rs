//! A notice across a pane.

use egui::{CornerRadius, Frame, Margin, RichText, Stroke, Ui};

use super::badge::Tone;
use super::paint::rich_icon;
use crate::ui::theme::{CORNER, TEXT_BODY, Tokens, bold};

/// A notice: what is so, why, and what to do.
#[must_use = "show it"]
pub struct Banner<'a> {
    tone: Tone,
    title: &'a str,
    body: &'a str,
}

impl<'a> Banner<'a> {
    /// In a tone.
    pub fn new(tone: Tone, title: &'a str) -> Self {
        Self {
            tone,
            title,
            body: "",
        }
    }

    /// A note.
    pub fn info(title: &'a str) -> Self {
        Self::new(Tone::Info, title)
    }

    /// Something to take care of.
    pub fn warning(title: &'a str) -> Self {
        Self::new(Tone::Warning, title)
    }

    /// Something that went wrong.
    pub fn danger(title: &'a str) -> Self {
        Self::new(Tone::Danger, title)
    }

    /// Sentences below the title.
    pub fn body(mut self, body: &'a str) -> Self {
        self.body = body;
        self
    }

    /// Draws it over the width that is left, with buttons below the text.
    pub fn show<R>(self, ui: &mut Ui, add_buttons: impl FnOnce(&mut Ui) -> R) -> R {
        self.draw(ui, |ui| {
            ui.add_space(4.0);
            ui.horizontal_wrapped(add_buttons).inner
        })
    }

    /// Draws it without buttons.
    pub fn show_plain(self, ui: &mut Ui) {
        self.draw(ui, |_| ());
    }

    fn draw<R>(self, ui: &mut Ui, add_below: impl FnOnce(&mut Ui) -> R) -> R {
        let t = Tokens::of(ui);
        let (colour, fill) = self.tone.colours(t);
        Frame::new()
            .fill(fill)
            .stroke(Stroke::new(1.0, colour.gamma_multiply(0.35)))
            .corner_radius(CornerRadius::same(CORNER))
            .inner_margin(Margin::symmetric(12, 8))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal_top(|ui| {
                    ui.label(rich_icon(self.tone.icon(), colour));
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = 2.0;
                        let title = RichText::new(self.title).color(t.text);
                        if self.body.is_empty() {
                            ui.label(title);
                        } else {
                            ui.label(title.font(bold(TEXT_BODY)));
                            ui.label(RichText::new(self.body).color(t.text_secondary));
                        }
                        add_below(ui)
                    })
                    .inner
                })
                .inner
            })
            .inner
    }
}
