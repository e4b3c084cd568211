//! The heading that opens and closes what stands below it.

use std::sync::Arc;

use egui::{
    CornerRadius, FontId, Galley, Key, Modifiers, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2,
};

use super::paint::{focus_ring, paint_icon, state_fill};
use crate::ui::theme::{CONTROL_HEIGHT, CORNER, Icon, TEXT_BODY, Tokens, bold};

/// A heading over the whole width, with a line that says what is below while it is closed.
#[must_use = "show it"]
pub struct Disclosure<'a> {
    title: &'a str,
    summary: &'a str,
    colour: Option<egui::Color32>,
}

impl<'a> Disclosure<'a> {
    /// A heading with its line.
    pub fn new(title: &'a str, summary: &'a str) -> Self {
        Self {
            title,
            summary,
            colour: None,
        }
    }

    /// The line's colour.
    pub fn colour(mut self, colour: egui::Color32) -> Self {
        self.colour = Some(colour);
        self
    }

    /// Draws it; a click, the space bar, Enter and the arrow keys change `is_open`.
    pub fn show(self, ui: &mut Ui, is_open: &mut bool) -> Response {
        let t = Tokens::of(ui);
        let pad = 6.0;
        let left = 20.0;
        let width = ui.available_width();
        let title = ui
            .painter()
            .layout_no_wrap(self.title.to_owned(), bold(TEXT_BODY), t.text);
        let beside = left + title.size().x + 12.0;
        let colour = self.colour.unwrap_or(t.text_secondary);
        let summary = ui.painter().layout(
            self.summary.to_owned(),
            FontId::proportional(TEXT_BODY),
            colour,
            (width - beside - pad).max(80.0),
        );
        let height = (summary.size().y + 12.0).max(CONTROL_HEIGHT).ceil();
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        if response.clicked() {
            *is_open = !*is_open;
        }
        if response.has_focus() {
            let key = if *is_open {
                Key::ArrowLeft
            } else {
                Key::ArrowRight
            };
            if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
                *is_open = !*is_open;
            }
        }
        let name = format!("{}: {}", self.title, self.summary);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_expanded(*is_open);
        });
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, &response, *is_open, [title, summary], beside);
        }
        response
    }

    fn paint(
        &self,
        ui: &Ui,
        rect: Rect,
        response: &Response,
        is_open: bool,
        [title, summary]: [Arc<Galley>; 2],
        beside: f32,
    ) {
        let t = Tokens::of(ui);
        let painter = ui.painter();
        let fill = state_fill(ui, response, false);
        painter.rect_filled(rect, CornerRadius::same(CORNER), fill);
        let icon = if is_open {
            Icon::ChevronDown
        } else {
            Icon::ChevronRight
        };
        // With the first line, if there are more.
        let mid = rect.top() + (rect.height().min(CONTROL_HEIGHT) / 2.0).round();
        let chevron = egui::pos2(rect.left() + 7.0, mid);
        paint_icon(painter, chevron, icon, 14.0, t.text_muted);
        let first_line = mid - (title.size().y / 2.0).round();
        painter.galley(egui::pos2(rect.left() + 20.0, first_line), title, t.text);
        let colour = self.colour.unwrap_or(t.text_secondary);
        painter.galley(
            egui::pos2(rect.left() + beside, first_line),
            summary,
            colour,
        );
        focus_ring(ui, rect, response);
    }
}
