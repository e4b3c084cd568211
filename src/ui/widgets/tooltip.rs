//! Tooltips: what it does, and its shortcut.

use egui::{Response, RichText};

use crate::ui::theme::Tokens;

/// Adds tooltips to a response.
#[expect(
    clippy::return_self_not_must_use,
    reason = "what is left to do with a response with a tooltip is often nothing"
)]
pub trait WithTip {
    /// A tooltip; nothing for an empty text.
    fn tip(self, text: &str) -> Self;

    /// A tooltip with the shortcut behind it.
    fn tip_with_shortcut(self, text: &str, shortcut: Option<&str>) -> Self;
}

impl WithTip for Response {
    fn tip(self, text: &str) -> Self {
        self.tip_with_shortcut(text, None)
    }

    fn tip_with_shortcut(self, text: &str, shortcut: Option<&str>) -> Self {
        if text.is_empty() {
            return self;
        }
        let show = |ui: &mut egui::Ui| {
            ui.set_max_width(ui.spacing().tooltip_width);
            match shortcut {
                Some(shortcut) => {
                    ui.horizontal(|ui| {
                        ui.label(text);
                        let muted = Tokens::of(ui).text_muted;
                        ui.label(RichText::new(shortcut).small().color(muted));
                    });
                }
                None => {
                    ui.label(text);
                }
            }
        };
        self.on_hover_ui(show).on_disabled_hover_ui(show)
    }
}
