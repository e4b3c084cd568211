//! What stands where nothing is yet.

use egui::{Align, Layout, RichText, Ui, UiBuilder, vec2};

use super::paint::paint_icon;
use crate::ui::theme::{Icon, Tokens};

/// One sentence that invites, and the buttons that come next.
#[must_use = "show it"]
pub struct EmptyState<'a> {
    sentence: &'a str,
    detail: &'a str,
    icon: Option<Icon>,
}

impl<'a> EmptyState<'a> {
    /// With a sentence.
    pub fn new(sentence: &'a str) -> Self {
        Self {
            sentence,
            detail: "",
            icon: None,
        }
    }

    /// A second, quieter sentence.
    pub fn detail(mut self, detail: &'a str) -> Self {
        self.detail = detail;
        self
    }

    /// An icon above.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Draws it in the middle of the space that is left, with buttons below.
    pub fn show<R>(self, ui: &mut Ui, add_buttons: impl FnOnce(&mut Ui) -> R) -> R {
        let t = Tokens::of(ui);
        let rect = ui.available_rect_before_wrap();
        let width = rect.width().clamp(40.0, 360.0);
        // A little above the middle looks like the middle.
        let height = 148.0;
        let top = rect.top() + ((rect.height() - height) * 0.42).max(12.0);
        let inside = egui::Rect::from_min_size(
            egui::pos2(rect.center().x - width / 2.0, top),
            vec2(width, (rect.bottom() - top).max(height)),
        );
        let mut child = ui.new_child(
            UiBuilder::new()
                .id_salt(self.sentence)
                .max_rect(inside)
                .layout(Layout::top_down(Align::Center)),
        );
        let ui_inner = &mut child;
        if let Some(icon) = self.icon {
            let (at, _) = ui_inner.allocate_exact_size(vec2(40.0, 40.0), egui::Sense::hover());
            paint_icon(ui_inner.painter(), at.center(), icon, 28.0, t.text_disabled);
        }
        ui_inner.label(RichText::new(self.sentence).color(t.text_secondary));
        if !self.detail.is_empty() {
            ui_inner.label(RichText::new(self.detail).small().color(t.text_muted));
        }
        ui_inner.add_space(8.0);
        // Centred, whatever the buttons: measured in the frame before.
        let id = ui_inner.make_persistent_id("buttons");
        let known: Option<f32> = ui_inner.data(|data| data.get_temp(id));
        let indent = known.map_or(0.0, |known| ((width - known) / 2.0).max(0.0));
        let row = ui_inner.horizontal(|ui| {
            ui.add_space(indent);
            let from = ui.cursor().left();
            let inner = add_buttons(ui);
            let used = ui.min_rect().right() - from;
            (inner, used)
        });
        let (inner, used) = row.inner;
        if known.is_none_or(|known| (known - used).abs() > 0.5) {
            ui_inner.data_mut(|data| data.insert_temp(id, used));
            ui_inner.request_repaint();
        }
        ui.advance_cursor_after_rect(rect);
        inner
    }
}
