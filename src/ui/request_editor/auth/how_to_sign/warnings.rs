//! What may not work as one would think, as a short list.

use egui::{Label, RichText};

use super::HowToSign;
use crate::exchange::SigningPreview;
use crate::ui::theme::{Icon, Tokens};
use crate::ui::widgets::{IconButton, rich_icon};
use crate::ui::wording::for_window;

/// Draws the list: that of the preview, or while there is none, what is known without it.
pub(super) fn warnings_ui(ui: &mut egui::Ui, section: &HowToSign<'_>) {
    match section.preview {
        Some(SigningPreview::Ready(ready)) => {
            for warning in &ready.steps.warnings {
                warning_ui(ui, &warning.text, warning.link);
            }
        }
        _ => {
            for text in &section.choices.not_understood {
                warning_ui(ui, text, None);
            }
        }
    }
}

fn warning_ui(ui: &mut egui::Ui, text: &str, link: Option<&str>) {
    let t = Tokens::of(ui);
    let text = for_window(text);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(rich_icon(Icon::TriangleAlert, t.warning).size(14.0));
        let width = ui.available_width() - if link.is_some() { 34.0 } else { 6.0 };
        let text = RichText::new(text).color(t.text_secondary);
        ui.vertical(|ui| {
            ui.set_max_width(width);
            ui.add(Label::new(text).wrap());
        });
        if let Some(link) = link {
            let source = IconButton::new(Icon::BookOpen, "Where this is known from").small();
            if ui.add(source).clicked() {
                ui.open_url(egui::OpenUrl::new_tab(link));
            }
        }
    });
}
