//! Two panes with a line between them that can be dragged.

use egui::{CursorIcon, Id, Key, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo};

use crate::ui::theme::Tokens;

/// How far around the line it can be grabbed.
const GRAB: f32 = 4.0;
/// What an arrow key moves the line by, as a part of the whole.
const KEY_STEP: f32 = 0.02;

/// Which of the two panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left, or above.
    First,
    /// Right, or below.
    Second,
}

/// Two panes that share what space is left, a line of one pixel between them.
#[must_use = "show it"]
pub struct Split<'a> {
    name: &'a str,
    is_horizontal: bool,
    min_first: f32,
    min_second: f32,
    default: f32,
    default_least: f32,
}

impl<'a> Split<'a> {
    /// Side by side; `name` says what the line is between: `Response and signing`.
    pub fn horizontal(name: &'a str) -> Self {
        Self {
            name,
            is_horizontal: true,
            min_first: 120.0,
            min_second: 120.0,
            default: 0.5,
            default_least: 0.0,
        }
    }

    /// One above the other.
    pub fn vertical(name: &'a str) -> Self {
        Self {
            is_horizontal: false,
            min_first: 80.0,
            min_second: 80.0,
            ..Self::horizontal(name)
        }
    }

    /// The least sizes of the two.
    pub fn min_sizes(mut self, first: f32, second: f32) -> Self {
        self.min_first = first;
        self.min_second = second;
        self
    }

    /// The part of the first to which a double click leads back.
    pub fn default_fraction(mut self, fraction: f32) -> Self {
        self.default = fraction;
        self
    }

    /// The first pane is no smaller than this while its part is the default one: a part that is fair
    /// in a large window is too little in a small one. It never takes more than half for it.
    pub fn default_least(mut self, size: f32) -> Self {
        self.default_least = size;
        self
    }

    /// Draws both by calling `add` for each; `fraction` is the first one's part of the space and
    /// follows the line. The response is the line's.
    pub fn show(
        self,
        ui: &mut Ui,
        fraction: &mut f32,
        mut add: impl FnMut(&mut Ui, Side),
    ) -> Response {
        let rect = ui.available_rect_before_wrap();
        let whole = if self.is_horizontal {
            rect.width()
        } else {
            rect.height()
        }
        .max(1.0);
        let clamp = |fraction: f32| {
            let least = (self.min_first / whole).min(1.0);
            let most = (1.0 - self.min_second / whole).max(0.0);
            if least <= most {
                fraction.clamp(least, most)
            } else {
                0.5
            }
        };
        // What is drawn obeys the least sizes; what is remembered changes only by the user.
        let is_default = (*fraction - self.default).abs() < f32::EPSILON;
        let shown = if is_default {
            let least = (self.default_least / whole).min(0.5);
            clamp(fraction.max(least))
        } else {
            clamp(*fraction)
        };
        let at = (whole * shown).round();
        let (first, second, line) = self.cut(rect, at);
        for (side, part) in [(Side::First, first), (Side::Second, second)] {
            let mut pane = ui.new_child(
                UiBuilder::new()
                    .id_salt((self.name, side == Side::First))
                    .max_rect(part)
                    .layout(egui::Layout::top_down(egui::Align::Min)),
            );
            pane.shrink_clip_rect(part);
            add(&mut pane, side);
        }
        ui.advance_cursor_after_rect(rect);

        let id: Id = ui.make_persistent_id((self.name, "line"));
        let response = ui.interact(line.expand(GRAB), id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Splitter, ui.is_enabled(), self.name));
        let response = response.on_hover_and_drag_cursor(if self.is_horizontal {
            CursorIcon::ResizeHorizontal
        } else {
            CursorIcon::ResizeVertical
        });
        if let Some(pointer) = response
            .interact_pointer_pos()
            .filter(|_| response.dragged())
        {
            let along = if self.is_horizontal {
                pointer.x - rect.left()
            } else {
                pointer.y - rect.top()
            };
            *fraction = clamp(along / whole);
        }
        if response.double_clicked() {
            *fraction = self.default;
        }
        if response.has_focus() {
            let (less, more) = if self.is_horizontal {
                (Key::ArrowLeft, Key::ArrowRight)
            } else {
                (Key::ArrowUp, Key::ArrowDown)
            };
            ui.memory_mut(|memory| {
                memory.set_focus_lock_filter(
                    id,
                    egui::EventFilter {
                        horizontal_arrows: self.is_horizontal,
                        vertical_arrows: !self.is_horizontal,
                        ..egui::EventFilter::default()
                    },
                );
            });
            let step = ui.input(|input| {
                f32::from(i8::from(input.key_pressed(more)) - i8::from(input.key_pressed(less)))
            });
            if step != 0.0 {
                *fraction = clamp(shown + step * KEY_STEP);
            }
        }
        self.paint(ui, line, &response);
        response
    }

    fn cut(&self, rect: Rect, at: f32) -> (Rect, Rect, Rect) {
        let (mut first, mut second, mut line) = (rect, rect, rect);
        if self.is_horizontal {
            let x = rect.left() + at;
            first.max.x = x;
            line.min.x = x;
            line.max.x = x + 1.0;
            second.min.x = x + 1.0;
        } else {
            let y = rect.top() + at;
            first.max.y = y;
            line.min.y = y;
            line.max.y = y + 1.0;
            second.min.y = y + 1.0;
        }
        (first, second, line)
    }

    fn paint(&self, ui: &Ui, line: Rect, response: &Response) {
        let t = Tokens::of(ui);
        let stroke = if response.dragged() || response.has_focus() {
            Stroke::new(2.0, t.focus)
        } else if response.hovered() {
            Stroke::new(2.0, t.outline_hover)
        } else {
            Stroke::new(1.0, t.separator)
        };
        if self.is_horizontal {
            ui.painter().vline(line.center().x, line.y_range(), stroke);
        } else {
            ui.painter().hline(line.x_range(), line.center().y, stroke);
        }
    }
}
