//! Menus and what stands in them.

use egui::{
    CornerRadius, Popup, PopupCloseBehavior, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2,
};

use super::icon_button::IconButton;
use super::paint::{focus_ring, paint_icon, state_fill};
use crate::ui::theme::{CORNER_SMALL, Icon, TEXT_BODY, TEXT_SMALL, TREE_HEIGHT, Tokens};

/// A line of a menu.
#[must_use = "show it"]
pub struct MenuItem<'a> {
    text: &'a str,
    icon: Option<Icon>,
    shortcut: Option<&'a str>,
    note: Option<&'a str>,
    is_checked: Option<bool>,
    is_danger: bool,
    is_enabled: bool,
    colour: Option<egui::Color32>,
    is_code: bool,
}

impl<'a> MenuItem<'a> {
    /// A line of a menu.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            icon: None,
            shortcut: None,
            note: None,
            is_checked: None,
            is_danger: false,
            is_enabled: true,
            colour: None,
            is_code: false,
        }
    }

    /// An icon before the word.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The shortcut, at the end.
    pub fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = Some(shortcut);
        self
    }

    /// A muted word at the end.
    pub fn note(mut self, note: &'a str) -> Self {
        self.note = Some(note);
        self
    }

    /// One of several of which one is chosen.
    pub fn checked(mut self, checked: bool) -> Self {
        self.is_checked = Some(checked);
        self
    }

    /// It cannot be undone.
    pub fn danger(mut self) -> Self {
        self.is_danger = true;
        self
    }

    /// Whether it can be chosen.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.is_enabled = enabled;
        self
    }

    /// The word's colour.
    pub fn colour(mut self, colour: egui::Color32) -> Self {
        self.colour = Some(colour);
        self
    }

    /// The word in monospace.
    pub fn code(mut self) -> Self {
        self.is_code = true;
        self
    }

    /// Draws it; the menu closes when it is clicked.
    pub fn show(self, ui: &mut Ui) -> Response {
        let is_enabled = self.is_enabled;
        ui.add_enabled_ui(is_enabled, |ui| self.draw(ui)).inner
    }

    fn draw(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let font = if self.is_code {
            egui::FontId::monospace(TEXT_SMALL)
        } else {
            egui::FontId::proportional(TEXT_BODY)
        };
        let text = ui
            .painter()
            .layout_no_wrap(self.text.to_owned(), font, t.text);
        let end = self.shortcut.or(self.note).map(|end| {
            ui.painter().layout_no_wrap(
                end.to_owned(),
                egui::FontId::proportional(TEXT_SMALL),
                t.text_muted,
            )
        });
        let lead = if self.icon.is_some() || self.is_checked.is_some() {
            24.0
        } else {
            0.0
        };
        let end_width = end.as_ref().map_or(0.0, |end| end.size().x + 24.0);
        let needed = (lead + text.size().x + end_width + 16.0).ceil();
        // A menu is as wide as its widest line.
        let width = if ui.is_sizing_pass() {
            needed
        } else {
            needed.max(ui.available_width())
        };
        let (rect, response) = ui.allocate_exact_size(vec2(width, TREE_HEIGHT), Sense::click());
        let role = if self.is_checked.is_some() {
            Role::MenuItemRadio
        } else {
            Role::MenuItem
        };
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(role, ui.is_enabled(), self.text);
            info.selected = self.is_checked;
            info
        });
        if self.is_checked == Some(true) && !ui.is_sizing_pass() && takes_keyboard(ui) {
            response.request_focus();
        }
        if ui.is_rect_visible(rect) {
            let painter = ui.painter();
            let fill = state_fill(ui, &response, false);
            painter.rect_filled(rect, CornerRadius::same(CORNER_SMALL), fill);
            let colour = self
                .colour
                .unwrap_or(if self.is_danger { t.danger } else { t.text });
            let mid = rect.center().y;
            let icon_at = egui::pos2(rect.left() + 16.0, mid);
            if self.is_checked == Some(true) {
                paint_icon(painter, icon_at, Icon::Check, 14.0, t.accent);
            } else if let Some(icon) = self.icon {
                let colour = if self.is_danger {
                    t.danger
                } else {
                    t.text_muted
                };
                paint_icon(painter, icon_at, icon, 15.0, colour);
            }
            let at = egui::pos2(rect.left() + 8.0 + lead, mid - text.size().y / 2.0);
            painter.galley_with_override_text_color(at, text, colour);
            if let Some(end) = end {
                let at = egui::pos2(rect.right() - 8.0 - end.size().x, mid - end.size().y / 2.0);
                painter.galley(at, end, t.text_muted);
            }
            focus_ring(ui, rect, &response);
        }
        if response.clicked() {
            ui.close();
        }
        response
    }
}

/// Where it is noted that the chosen line of a menu takes the keyboard; by the menu's layer, since
/// only one menu is drawn there.
fn wish_id(ui: &Ui) -> egui::Id {
    egui::Id::unique(("menu wants its current line", ui.layer_id()))
}

/// Gives the keyboard to the line that is chosen, once it is drawn.
pub(super) fn want_current(ui: &Ui) {
    let id = wish_id(ui);
    ui.data_mut(|data| data.insert_temp(id, true));
}

fn takes_keyboard(ui: &Ui) -> bool {
    let id = wish_id(ui);
    ui.data_mut(|data| data.remove_temp::<bool>(id).unwrap_or_default())
}

/// A line between groups of a menu.
pub fn menu_separator(ui: &mut Ui) {
    ui.add_space(4.0);
    super::paint::horizontal_line(ui);
    ui.add_space(4.0);
}

/// The muted title of a group of a menu.
pub fn menu_heading(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        ui.label(RichText::new(text).small().color(t.text_muted));
    });
}

/// An icon that opens a menu.
pub fn menu_button<R>(
    ui: &mut Ui,
    icon: Icon,
    name: &str,
    add_items: impl FnOnce(&mut Ui) -> R,
) -> Option<R> {
    let response = ui.add(IconButton::new(icon, name));
    Popup::menu(&response)
        .gap(4.0)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name(name)
        .show(|ui| {
            ui.set_min_width(180.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            add_items(ui)
        })
        .map(|inner| inner.inner)
}
