//! The check box.

use egui::{CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, Widget, WidgetInfo, vec2};

use super::paint::{focus_ring, paint_icon};
use super::tooltip::WithTip as _;
use crate::ui::theme::{CONTROL_HEIGHT, CORNER_SMALL, Icon, Tokens};

/// On or off, with words behind it or only with a name.
#[must_use = "add it with `ui.add`"]
pub struct CheckBox<'a> {
    value: &'a mut bool,
    text: &'a str,
    is_text_shown: bool,
    tip: Option<&'a str>,
    height: f32,
}

impl<'a> CheckBox<'a> {
    /// A box with words behind it.
    pub fn new(value: &'a mut bool, text: &'a str) -> Self {
        Self {
            value,
            text,
            is_text_shown: true,
            tip: None,
            height: 24.0,
        }
    }

    /// A box alone; the name is its tooltip.
    pub fn bare(value: &'a mut bool, name: &'a str) -> Self {
        Self {
            is_text_shown: false,
            height: CONTROL_HEIGHT,
            ..Self::new(value, name)
        }
    }

    /// A tooltip, in place of the name where only the box is shown.
    pub fn tip(mut self, tip: &'a str) -> Self {
        self.tip = Some(tip);
        self
    }
}

impl Widget for CheckBox<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let side = 16.0;
        let font = egui::TextStyle::Body.resolve(ui.style());
        let text = self.is_text_shown.then(|| {
            ui.painter()
                .layout_no_wrap(self.text.to_owned(), font, t.text)
        });
        let width = text
            .as_ref()
            .map_or(24.0, |text| side + 8.0 + text.size().x + 4.0);
        let (rect, mut response) = ui.allocate_exact_size(vec2(width, self.height), Sense::click());
        if response.clicked() {
            *self.value = !*self.value;
            response.mark_changed();
        }
        let is_on = *self.value;
        response.widget_info(|| {
            WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), is_on, self.text)
        });
        if ui.is_rect_visible(rect) {
            let left = if text.is_some() { 2.0 } else { 4.0 };
            let square = egui::Rect::from_min_size(
                egui::pos2(rect.left() + left, rect.center().y - side / 2.0),
                vec2(side, side),
            );
            let painter = ui.painter();
            let (fill, line) = match (is_on, response.hovered()) {
                (true, false) => (t.accent, t.accent),
                (true, true) => (t.accent_hover, t.accent_hover),
                (false, true) => (t.hover, t.text_muted),
                (false, false) => (t.surface_sunken, t.outline_hover),
            };
            painter.rect(
                square,
                CornerRadius::same(CORNER_SMALL),
                fill,
                Stroke::new(1.0, line),
                StrokeKind::Inside,
            );
            if is_on {
                paint_icon(painter, square.center(), Icon::Check, 12.0, t.on_accent);
            }
            if let Some(text) = text {
                let at = egui::pos2(square.right() + 8.0, rect.center().y - text.size().y / 2.0);
                painter.galley(at, text, t.text);
            }
            focus_ring(ui, square.expand(3.0), &response);
        }
        match (self.tip, self.is_text_shown) {
            (Some(tip), _) => response.tip(tip),
            (None, true) => response,
            (None, false) => response.tip(self.text),
        }
    }
}
