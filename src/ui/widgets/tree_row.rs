//! A row of a tree.

use egui::{Color32, CornerRadius, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::paint::{focus_ring, one_line, paint_icon, state_fill};
use super::tooltip::WithTip as _;
use crate::ui::theme::{CORNER_SMALL, Icon, TEXT_BODY, TEXT_SMALL, TREE_HEIGHT, Tokens};

/// What a level is moved in by.
const INDENT: f32 = 14.0;

/// A row of 28 points: chevron, icon or method, text, and something small at the end.
#[must_use = "show it"]
pub struct TreeRow<'a> {
    text: &'a str,
    depth: usize,
    is_expanded: Option<bool>,
    is_selected: bool,
    is_faded: bool,
    icon: Option<Icon>,
    leading: Option<(&'a str, Color32)>,
    trailing: Option<(&'a str, Color32)>,
    dot: Option<(Color32, &'a str)>,
    tip: &'a str,
}

/// What happened to a row.
pub struct TreeRowResponse {
    /// The row itself.
    pub response: Response,
    /// It was asked to open or close: by its chevron, or an arrow key.
    pub toggled: bool,
}

impl<'a> TreeRow<'a> {
    /// A row.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            depth: 0,
            is_expanded: None,
            is_selected: false,
            is_faded: false,
            icon: None,
            leading: None,
            trailing: None,
            dot: None,
            tip: "",
        }
    }

    /// How deep it stands.
    pub fn depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// It has rows below it, and whether they are shown.
    pub fn expanded(mut self, expanded: bool) -> Self {
        self.is_expanded = Some(expanded);
        self
    }

    /// Whether it is the one that is shown.
    pub fn selected(mut self, selected: bool) -> Self {
        self.is_selected = selected;
        self
    }

    /// Quieter than the others: it cannot be read, or is not used.
    pub fn faded(mut self, faded: bool) -> Self {
        self.is_faded = faded;
        self
    }

    /// An icon before the text.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// A small coloured word before the text: a method.
    pub fn leading(mut self, text: &'a str, colour: Color32) -> Self {
        self.leading = Some((text, colour));
        self
    }

    /// A small coloured word at the end: the last status.
    pub fn trailing(mut self, text: &'a str, colour: Color32) -> Self {
        self.trailing = Some((text, colour));
        self
    }

    /// A dot at the end, and what it means in words: `changed`.
    pub fn dot(mut self, colour: Color32, meaning: &'a str) -> Self {
        self.dot = Some((colour, meaning));
        self
    }

    /// A tooltip.
    pub fn tip(mut self, tip: &'a str) -> Self {
        self.tip = tip;
        self
    }

    /// Draws it over the width that is left.
    pub fn show(self, ui: &mut Ui) -> TreeRowResponse {
        let width = ui.available_width();
        let (rect, response) =
            ui.allocate_exact_size(vec2(width, TREE_HEIGHT), Sense::click_and_drag());
        let name = self.spoken();
        response.widget_info(|| {
            WidgetInfo::selected(Role::TreeItem, ui.is_enabled(), self.is_selected, &name)
        });
        if let Some(is_expanded) = self.is_expanded {
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_expanded(is_expanded);
            });
        }
        let left = rect.left() + 8.0 + self.depth as f32 * INDENT;
        let chevron_rect =
            Rect::from_min_size(egui::pos2(left - 4.0, rect.top()), vec2(20.0, 28.0));
        let pointer = response.interact_pointer_pos();
        let is_on_chevron = pointer.is_some_and(|at| chevron_rect.contains(at));
        let mut toggled = self.is_expanded.is_some()
            && response.clicked()
            && (is_on_chevron || pointer.is_none());
        if let Some(is_expanded) = self.is_expanded
            && response.has_focus()
        {
            let key = if is_expanded {
                egui::Key::ArrowLeft
            } else {
                egui::Key::ArrowRight
            };
            toggled |= ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
        }
        let is_cut = ui.is_rect_visible(rect) && self.paint(ui, rect, left, &response);
        // A name that is cut off is whole in the tooltip.
        let tip = match (is_cut, self.tip.is_empty()) {
            (true, true) => self.text.to_owned(),
            (true, false) => format!("{}\n{}", self.text, self.tip),
            (false, _) => self.tip.to_owned(),
        };
        TreeRowResponse {
            response: response.tip(&tip),
            toggled,
        }
    }

    fn spoken(&self) -> String {
        let mut name = String::new();
        if let Some((leading, _)) = self.leading {
            name.push_str(leading);
            name.push(' ');
        }
        name.push_str(self.text);
        for end in [
            self.trailing.map(|(text, _)| text),
            self.dot.map(|(_, meaning)| meaning),
        ]
        .into_iter()
        .flatten()
        {
            name.push_str(", ");
            name.push_str(end);
        }
        name
    }

    /// Paints it; `true` when the text is cut off.
    fn paint(&self, ui: &Ui, rect: Rect, left: f32, response: &Response) -> bool {
        let t = Tokens::of(ui);
        let painter = ui.painter();
        let plate = rect.shrink2(vec2(4.0, 1.0));
        let fill = state_fill(ui, response, self.is_selected);
        painter.rect_filled(plate, CornerRadius::same(CORNER_SMALL), fill);
        let mid = rect.center().y;
        let mut x = left;
        if let Some(is_expanded) = self.is_expanded {
            let icon = if is_expanded {
                Icon::ChevronDown
            } else {
                Icon::ChevronRight
            };
            paint_icon(painter, egui::pos2(x + 6.0, mid), icon, 14.0, t.text_muted);
        }
        x += 18.0;
        if let Some(icon) = self.icon {
            paint_icon(painter, egui::pos2(x + 8.0, mid), icon, 15.0, t.text_muted);
            x += 24.0;
        }
        if let Some((leading, colour)) = self.leading {
            // Methods end at the same place on every row, so that names stand in a column.
            let font = egui::FontId::monospace(TEXT_SMALL - 1.0);
            let column = 48.0;
            let galley = one_line(ui, leading, font, colour, column - 4.0);
            let at = egui::pos2(x, mid - galley.size().y / 2.0);
            painter.galley(at, galley, colour);
            x += column;
        }
        let mut right = plate.right() - 8.0;
        if let Some((trailing, colour)) = self.trailing {
            let galley = painter.layout_no_wrap(
                trailing.to_owned(),
                egui::FontId::monospace(TEXT_SMALL - 1.0),
                colour,
            );
            right -= galley.size().x;
            painter.galley(
                egui::pos2(right, mid - galley.size().y / 2.0),
                galley,
                colour,
            );
            right -= 8.0;
        }
        if let Some((colour, _)) = self.dot {
            painter.circle_filled(egui::pos2(right - 3.0, mid), 3.0, colour);
            right -= 12.0;
        }
        let colour = if self.is_faded {
            t.text_disabled
        } else if self.is_selected || response.hovered() {
            t.text
        } else {
            t.text_secondary
        };
        let font = egui::FontId::proportional(TEXT_BODY);
        let galley = one_line(ui, self.text, font, colour, right - x);
        let at = egui::pos2(x, mid - galley.size().y / 2.0);
        let is_cut = galley.elided;
        painter.galley(at, galley, colour);
        focus_ring(ui, plate, response);
        is_cut
    }
}
