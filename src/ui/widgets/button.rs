//! The text button.

use egui::{CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, Widget, WidgetInfo, vec2};

use super::paint::{focus_ring, paint_icon, state_fill};
use super::tooltip::WithTip as _;
use crate::ui::theme::{CONTROL_HEIGHT, CORNER, ICON, INSET, Icon, TEXT_SMALL, Tokens, bold};

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do next: filled with the accent.
    Primary,
    /// Something else to do: an outline.
    Secondary,
    /// Something at hand: no outline until the pointer is there.
    Ghost,
    /// Something that cannot be undone.
    Danger,
}

/// A button with a word, and perhaps an icon before and a shortcut behind it.
#[must_use = "add it with `ui.add`"]
pub struct Button<'a> {
    text: &'a str,
    kind: ButtonKind,
    icon: Option<Icon>,
    shortcut: Option<&'a str>,
    tip: &'a str,
    name: Option<&'a str>,
    is_enabled: bool,
    is_small: bool,
    min_width: f32,
}

impl<'a> Button<'a> {
    /// A button of a kind.
    pub fn new(kind: ButtonKind, text: &'a str) -> Self {
        Self {
            text,
            kind,
            icon: None,
            shortcut: None,
            tip: "",
            name: None,
            is_enabled: true,
            is_small: false,
            min_width: 0.0,
        }
    }

    /// The one thing to do next.
    pub fn primary(text: &'a str) -> Self {
        Self::new(ButtonKind::Primary, text)
    }

    /// Something else to do.
    pub fn secondary(text: &'a str) -> Self {
        Self::new(ButtonKind::Secondary, text)
    }

    /// Something at hand.
    pub fn ghost(text: &'a str) -> Self {
        Self::new(ButtonKind::Ghost, text)
    }

    /// Something that cannot be undone.
    pub fn danger(text: &'a str) -> Self {
        Self::new(ButtonKind::Danger, text)
    }

    /// An icon before the word.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// A shortcut behind the word.
    pub fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = Some(shortcut);
        self
    }

    /// A tooltip.
    pub fn tip(mut self, tip: &'a str) -> Self {
        self.tip = tip;
        self
    }

    /// What screen readers call it, where the word alone does not say enough.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Whether it can be pressed.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.is_enabled = enabled;
        self
    }

    /// Lower, for rows and banners.
    pub fn small(mut self) -> Self {
        self.is_small = true;
        self
    }

    /// At least so wide.
    pub fn min_width(mut self, width: f32) -> Self {
        self.min_width = width;
        self
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let is_enabled = self.is_enabled;
        ui.add_enabled_ui(is_enabled, |ui| self.show(ui)).inner
    }
}

impl Button<'_> {
    fn show(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let height = if self.is_small { 24.0 } else { CONTROL_HEIGHT };
        let padding = if self.is_small { 8.0 } else { INSET };
        let font = match self.kind {
            ButtonKind::Primary | ButtonKind::Danger if !self.is_small => {
                bold(crate::ui::theme::TEXT_BODY)
            }
            _ => egui::TextStyle::Button.resolve(ui.style()),
        };
        let text = ui
            .painter()
            .layout_no_wrap(self.text.to_owned(), font, t.text);
        let shortcut = self.shortcut.map(|shortcut| {
            ui.painter().layout_no_wrap(
                shortcut.to_owned(),
                egui::FontId::proportional(TEXT_SMALL),
                t.text_muted,
            )
        });
        let gap = 6.0;
        let icon_width = self.icon.map_or(0.0, |_| ICON + gap);
        let shortcut_width = shortcut
            .as_ref()
            .map_or(0.0, |galley| galley.size().x + 2.0 + gap);
        let content = icon_width + text.size().x + shortcut_width;
        let width = (content + 2.0 * padding).max(self.min_width).ceil();
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        let name = self.name.unwrap_or(self.text);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
        if ui.is_rect_visible(rect) {
            let is_down = response.is_pointer_button_down_on();
            let (fill, stroke, colour) = match self.kind {
                ButtonKind::Primary => {
                    let fill = if is_down {
                        t.accent_pressed
                    } else if response.hovered() {
                        t.accent_hover
                    } else {
                        t.accent
                    };
                    (fill, Stroke::NONE, t.on_accent)
                }
                ButtonKind::Danger => (t.danger_fill, Stroke::NONE, t.on_danger),
                ButtonKind::Secondary => {
                    let line = if response.hovered() {
                        t.outline_hover
                    } else {
                        t.outline
                    };
                    (
                        state_fill(ui, &response, false),
                        Stroke::new(1.0, line),
                        t.text,
                    )
                }
                ButtonKind::Ghost => (
                    state_fill(ui, &response, false),
                    Stroke::NONE,
                    if response.hovered() {
                        t.text
                    } else {
                        t.text_secondary
                    },
                ),
            };
            let painter = ui.painter();
            painter.rect(
                rect,
                CornerRadius::same(CORNER),
                fill,
                stroke,
                StrokeKind::Inside,
            );
            let mut x = rect.center().x - content / 2.0;
            if let Some(icon) = self.icon {
                let centre = egui::pos2(x + ICON / 2.0, rect.center().y);
                paint_icon(painter, centre, icon, ICON, colour);
                x += icon_width;
            }
            let text_width = text.size().x;
            let at = egui::pos2(x, rect.center().y - text.size().y / 2.0);
            painter.galley_with_override_text_color(at, text, colour);
            if let Some(shortcut) = shortcut {
                let at = egui::pos2(
                    x + text_width + gap + 2.0,
                    rect.center().y - shortcut.size().y / 2.0,
                );
                let faded = colour.gamma_multiply(0.8);
                painter.galley_with_override_text_color(at, shortcut, faded);
            }
            if self.kind == ButtonKind::Primary && response.has_focus() {
                // The ring would vanish on its own colour.
                painter.rect_stroke(
                    rect.shrink(2.0),
                    CornerRadius::same(CORNER - 2),
                    Stroke::new(1.5, t.on_accent),
                    StrokeKind::Inside,
                );
            } else {
                focus_ring(ui, rect, &response);
            }
        }
        response.tip(self.tip)
    }
}
