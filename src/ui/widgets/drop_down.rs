//! The drop-down: what is chosen, and a menu of what could be.

use egui::{
    Color32, CornerRadius, InnerResponse, Popup, PopupCloseBehavior, Role, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, vec2,
};

use super::menu::want_current;
use super::paint::{focus_ring, one_line, paint_icon, state_fill};
use super::tooltip::WithTip as _;
use crate::ui::theme::{CONTROL_HEIGHT, CORNER, Icon, TEXT_BODY, Tokens};

/// A button that shows what is chosen and opens a menu.
#[must_use = "show it"]
pub struct DropDown<'a> {
    name: &'a str,
    text: &'a str,
    tip: &'a str,
    icon: Option<Icon>,
    colour: Option<Color32>,
    font: Option<egui::FontId>,
    width: Option<f32>,
    max_width: f32,
    is_framed: bool,
}

impl<'a> DropDown<'a> {
    /// `name` is what screen readers call it, `text` what is chosen.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self {
            name,
            text,
            tip: "",
            icon: None,
            colour: None,
            font: None,
            width: None,
            max_width: 240.0,
            is_framed: true,
        }
    }

    /// A tooltip.
    pub fn tip(mut self, tip: &'a str) -> Self {
        self.tip = tip;
        self
    }

    /// An icon before the text.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The text's colour.
    pub fn colour(mut self, colour: Color32) -> Self {
        self.colour = Some(colour);
        self
    }

    /// The text's font.
    pub fn font(mut self, font: egui::FontId) -> Self {
        self.font = Some(font);
        self
    }

    /// So wide, whatever the text.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self.max_width = width;
        self
    }

    /// No wider than this.
    pub fn max_width(mut self, width: f32) -> Self {
        self.max_width = width;
        self
    }

    /// Without a line around it: in a title bar or another frame.
    pub fn frameless(mut self) -> Self {
        self.is_framed = false;
        self
    }

    /// Draws it, and the menu while it is open.
    pub fn show<R>(
        self,
        ui: &mut Ui,
        add_items: impl FnOnce(&mut Ui) -> R,
    ) -> InnerResponse<Option<R>> {
        let t = Tokens::of(ui);
        let pad = 10.0;
        let icon_width = if self.icon.is_some() { 22.0 } else { 0.0 };
        let chevron = 20.0;
        let font = self
            .font
            .unwrap_or_else(|| egui::FontId::proportional(TEXT_BODY));
        let text = one_line(
            ui,
            self.text,
            font,
            t.text,
            self.max_width - icon_width - chevron - 2.0 * pad,
        );
        let width = self
            .width
            .unwrap_or((text.size().x + icon_width + chevron + 2.0 * pad - 4.0).ceil());
        let (rect, response) = ui.allocate_exact_size(vec2(width, CONTROL_HEIGHT), Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), self.name);
            info.current_text_value = Some(self.text.to_owned());
            info
        });
        if ui.is_rect_visible(rect) {
            let is_open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
            let painter = ui.painter();
            let (fill, stroke) = if self.is_framed {
                let line = if response.hovered() || is_open {
                    t.outline_hover
                } else {
                    t.outline
                };
                (t.surface_sunken, Stroke::new(1.0, line))
            } else {
                (state_fill(ui, &response, false), Stroke::NONE)
            };
            painter.rect(
                rect,
                CornerRadius::same(CORNER),
                fill,
                stroke,
                StrokeKind::Inside,
            );
            let colour = self.colour.unwrap_or(t.text);
            let mid = rect.center().y;
            let mut x = rect.left() + pad;
            if let Some(icon) = self.icon {
                paint_icon(painter, egui::pos2(x + 8.0, mid), icon, 15.0, t.text_muted);
                x += icon_width;
            }
            let at = egui::pos2(x, mid - text.size().y / 2.0);
            painter.galley_with_override_text_color(at, text, colour);
            let at = egui::pos2(rect.right() - pad - 4.0, mid);
            paint_icon(painter, at, Icon::ChevronDown, 14.0, t.text_muted);
            focus_ring(ui, rect, &response);
        }
        let min_width = rect.width().max(160.0);
        // The arrow keys go on from what is chosen, not from the first line.
        let is_opening = response.clicked()
            && !Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
        let inner = Popup::menu(&response)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .gap(4.0)
            .width(min_width)
            .accessible_name(self.name)
            .show(|ui| {
                if is_opening {
                    want_current(ui);
                }
                ui.set_min_width(min_width - 8.0);
                ui.spacing_mut().item_spacing.y = 0.0;
                add_items(ui)
            });
        InnerResponse::new(inner.map(|inner| inner.inner), response.tip(self.tip))
    }
}
