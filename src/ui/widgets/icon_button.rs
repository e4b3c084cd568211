//! The icon button.

use egui::{CornerRadius, CursorIcon, Response, Role, Sense, Ui, Widget, WidgetInfo, emath::Vec2};

use super::paint::{focus_ring, paint_icon, state_fill};
use super::tooltip::WithTip as _;
use crate::ui::theme::{CORNER, ICON, Icon, Tokens};

/// An icon to press. Its name is the tooltip and what screen readers say.
#[must_use = "add it with `ui.add`"]
pub struct IconButton<'a> {
    icon: Icon,
    name: &'a str,
    shortcut: Option<&'a str>,
    is_selected: bool,
    is_enabled: bool,
    size: f32,
    colour: Option<egui::Color32>,
}

impl<'a> IconButton<'a> {
    /// An icon button of 28 points.
    pub fn new(icon: Icon, name: &'a str) -> Self {
        Self {
            icon,
            name,
            shortcut: None,
            is_selected: false,
            is_enabled: true,
            size: 28.0,
            colour: None,
        }
    }

    /// 24 points, for rows.
    pub fn small(mut self) -> Self {
        self.size = 24.0;
        self
    }

    /// Whether what it stands for is on.
    pub fn selected(mut self, selected: bool) -> Self {
        self.is_selected = selected;
        self
    }

    /// Whether it can be pressed.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.is_enabled = enabled;
        self
    }

    /// A shortcut behind the tooltip.
    pub fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = Some(shortcut);
        self
    }

    /// A colour of its own.
    pub fn colour(mut self, colour: egui::Color32) -> Self {
        self.colour = Some(colour);
        self
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let is_enabled = self.is_enabled;
        ui.add_enabled_ui(is_enabled, |ui| {
            let t = Tokens::of(ui);
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(self.size), Sense::click());
            response.widget_info(|| {
                let mut info = WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name);
                if self.is_selected {
                    info.selected = Some(true);
                }
                info
            });
            if ui.is_rect_visible(rect) {
                let fill = state_fill(ui, &response, self.is_selected);
                let colour = self.colour.unwrap_or(if self.is_selected {
                    t.accent
                } else if response.hovered() {
                    t.text
                } else {
                    t.text_secondary
                });
                let painter = ui.painter();
                painter.rect_filled(rect, CornerRadius::same(CORNER), fill);
                paint_icon(painter, rect.center(), self.icon, ICON, colour);
                focus_ring(ui, rect, &response);
            }
            response
                .on_hover_cursor(CursorIcon::Default)
                .tip_with_shortcut(self.name, self.shortcut)
        })
        .inner
    }
}
