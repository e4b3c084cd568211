//! Tabs.

use egui::{Color32, Response, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::badge::paint_badge;
use super::paint::{focus_ring, one_line, paint_icon};
use super::tooltip::WithTip as _;
use crate::ui::theme::{Icon, TAB_HEIGHT, TEXT_BODY, TEXT_SMALL, Tokens};

/// A row of tabs with a line below. The line is drawn behind the tabs, so that the chosen one's
/// mark lies on it.
pub fn tab_row<R>(ui: &mut Ui, add_tabs: impl FnOnce(&mut Ui) -> R) -> R {
    let width = ui.available_width();
    let line = ui.painter().add(egui::Shape::Noop);
    let response = ui.allocate_ui_with_layout(
        vec2(width, TAB_HEIGHT),
        egui::Layout::left_to_right(egui::Align::Center),
        |ui| {
            ui.set_min_size(vec2(width, TAB_HEIGHT));
            ui.spacing_mut().item_spacing.x = 4.0;
            add_tabs(ui)
        },
    );
    let rect = response.response.rect;
    let y = rect.bottom() - 0.5;
    ui.painter().set(
        line,
        egui::Shape::line_segment(
            [
                egui::pos2(rect.left(), y),
                egui::pos2(rect.left() + width, y),
            ],
            Stroke::new(1.0, Tokens::of(ui).separator),
        ),
    );
    response.inner
}

/// A tab: a word with what belongs to it.
#[must_use = "show it"]
#[expect(clippy::struct_excessive_bools, reason = "each is a look of its own")]
pub struct Tab<'a> {
    text: &'a str,
    is_selected: bool,
    badge: Option<String>,
    has_dot: bool,
    dot_name: &'a str,
    is_closable: bool,
    leading: Option<(&'a str, Color32)>,
    max_width: f32,
    tip: &'a str,
    name: Option<&'a str>,
    is_lit: bool,
    is_tight: bool,
}

/// What happened to a tab.
pub struct TabResponse {
    /// The tab itself: `clicked` chooses it, a middle click asks to close it.
    pub response: Response,
    /// It was asked to close: by its cross or by a middle click.
    pub close: bool,
}

impl<'a> Tab<'a> {
    /// A tab.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            is_selected: false,
            badge: None,
            has_dot: false,
            dot_name: "",
            is_closable: false,
            leading: None,
            max_width: 220.0,
            tip: "",
            name: None,
            is_lit: false,
            is_tight: false,
        }
    }

    /// Whether what belongs to it is pointed at elsewhere.
    pub fn lit(mut self, lit: bool) -> Self {
        self.is_lit = lit;
        self
    }

    /// With less room around the word: where all of a row would not have room.
    pub fn tight(mut self, tight: bool) -> Self {
        self.is_tight = tight;
        self
    }

    /// Whether it is the one that is shown.
    pub fn selected(mut self, selected: bool) -> Self {
        self.is_selected = selected;
        self
    }

    /// A count beside the word; none for zero.
    pub fn count(mut self, count: usize) -> Self {
        self.badge = (count > 0).then(|| count.to_string());
        self
    }

    /// A short word beside the word.
    pub fn badge(mut self, text: impl Into<String>) -> Self {
        self.badge = Some(text.into());
        self
    }

    /// A dot, and what it means in words: `changed`.
    pub fn dot(mut self, shown: bool, meaning: &'a str) -> Self {
        self.has_dot = shown;
        self.dot_name = meaning;
        self
    }

    /// Whether it has a cross.
    pub fn closable(mut self, closable: bool) -> Self {
        self.is_closable = closable;
        self
    }

    /// A small coloured word before the text: a method.
    pub fn leading(mut self, text: &'a str, colour: Color32) -> Self {
        self.leading = Some((text, colour));
        self
    }

    /// A tooltip.
    pub fn tip(mut self, tip: &'a str) -> Self {
        self.tip = tip;
        self
    }

    /// What screen readers call it, where the word alone does not tell it from others.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Draws it.
    pub fn show(self, ui: &mut Ui) -> TabResponse {
        let t = Tokens::of(ui);
        let pad = if self.is_tight { 5.0 } else { 10.0 };
        let gap = 6.0;
        let leading = self.leading.map(|(text, colour)| {
            ui.painter().layout_no_wrap(
                text.to_owned(),
                egui::FontId::monospace(TEXT_SMALL - 0.5),
                colour,
            )
        });
        let badge = self.badge.as_ref().map(|text| {
            ui.painter().layout_no_wrap(
                text.clone(),
                egui::FontId::proportional(TEXT_SMALL - 1.0),
                t.text_secondary,
            )
        });
        let leading_width = leading.as_ref().map_or(0.0, |g| g.size().x + gap);
        let badge_width = badge
            .as_ref()
            .map_or(0.0, |g| (g.size().x + 8.0).max(18.0).ceil() + gap);
        let dot_width = if self.has_dot && !self.is_closable {
            12.0
        } else {
            0.0
        };
        let close_width = if self.is_closable { 22.0 } else { 0.0 };
        let beside = leading_width + badge_width + dot_width + close_width + 2.0 * pad;
        let text = one_line(
            ui,
            self.text,
            egui::FontId::proportional(TEXT_BODY),
            t.text,
            self.max_width - beside,
        );
        let width = (beside + text.size().x).ceil();
        let (rect, response) = ui.allocate_exact_size(vec2(width, TAB_HEIGHT), Sense::click());
        let mut name = match (self.name, self.leading) {
            (Some(name), _) => name.to_owned(),
            (None, Some((leading, _))) => format!("{leading} {}", self.text),
            (None, None) => self.text.to_owned(),
        };
        if let Some(badge) = &self.badge {
            name = format!("{name}, {badge}");
        }
        if self.has_dot {
            name = format!("{name}, {}", self.dot_name);
        }
        response.widget_info(|| {
            WidgetInfo::selected(Role::Tab, ui.is_enabled(), self.is_selected, &name)
        });
        // The cross lies over the tab and takes its own clicks.
        let close_rect = egui::Rect::from_center_size(
            egui::pos2(rect.right() - pad - 6.0, rect.center().y),
            vec2(20.0, 20.0),
        );
        let close = self.is_closable.then(|| {
            let close = ui.interact(close_rect, response.id.with("close"), Sense::click());
            close.widget_info(|| {
                WidgetInfo::labeled(
                    Role::Button,
                    ui.is_enabled(),
                    format!("Close {}", self.text),
                )
            });
            close
        });
        let is_hovered = response.hovered() || close.as_ref().is_some_and(Response::hovered);
        if ui.is_rect_visible(rect) {
            let painter = ui.painter();
            if self.is_lit {
                let ground = rect.shrink2(vec2(2.0, 6.0));
                painter.rect_filled(ground, egui::CornerRadius::same(4), t.selected);
            }
            let colour = if self.is_selected || self.is_lit {
                t.text
            } else if is_hovered {
                t.text_secondary
            } else {
                t.text_muted
            };
            let mid = rect.center().y;
            let mut x = rect.left() + pad;
            if let Some(leading) = leading {
                let at = egui::pos2(x, mid - leading.size().y / 2.0);
                painter.galley(at, leading, colour);
                x += leading_width;
            }
            let text_width = text.size().x;
            painter.galley_with_override_text_color(
                egui::pos2(x, mid - text.size().y / 2.0),
                text,
                colour,
            );
            x += text_width + gap;
            if let Some(badge) = badge {
                let size = vec2(badge_width - gap, 16.0);
                let at = egui::Rect::from_min_size(egui::pos2(x, mid - 8.0), size);
                paint_badge(ui, at, badge);
                x += badge_width;
            }
            if dot_width > 0.0 {
                painter.circle_filled(egui::pos2(x + 3.0, mid), 3.0, t.accent);
            }
            if let Some(close) = &close {
                if close.hovered() {
                    painter.rect_filled(close_rect, egui::CornerRadius::same(4), t.hover);
                }
                if self.has_dot && !is_hovered && !close.has_focus() {
                    painter.circle_filled(close_rect.center(), 3.5, t.accent);
                } else if is_hovered || self.is_selected || close.has_focus() {
                    paint_icon(painter, close_rect.center(), Icon::X, 13.0, t.text_muted);
                }
                focus_ring(ui, close_rect, close);
            }
            if self.is_selected {
                painter.hline(
                    (rect.left() + 4.0)..=(rect.right() - 4.0),
                    rect.bottom() - 1.0,
                    Stroke::new(2.0, t.accent),
                );
            }
            focus_ring(ui, rect.shrink2(vec2(0.0, 3.0)), &response);
        }
        let close = close.is_some_and(|close| close.tip("Close").clicked())
            || (self.is_closable && response.middle_clicked());
        TabResponse {
            response: response.tip(self.tip),
            close,
        }
    }
}
