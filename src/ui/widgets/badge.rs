//! Badges and chips: a word or a number in a small frame.

use egui::{Color32, CornerRadius, Response, Sense, Stroke, StrokeKind, Ui, vec2};

use super::paint::paint_icon;
use crate::ui::theme::{CORNER_SMALL, Icon, TEXT_SMALL, Tokens};

/// What a chip, a banner or a toast says without words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    #[default]
    Neutral,
    /// This is the one.
    Accent,
    /// A note.
    Info,
    /// It went well.
    Success,
    /// Take care.
    Warning,
    /// It went wrong.
    Danger,
}

impl Tone {
    /// The colour of text in this tone, and of the fill behind it.
    pub fn colours(self, tokens: &Tokens) -> (Color32, Color32) {
        match self {
            Self::Neutral => (tokens.text_secondary, tokens.hover),
            Self::Accent => (tokens.accent, tokens.selected),
            Self::Info => (tokens.info, tokens.info_tint),
            Self::Success => (tokens.success, tokens.success_tint),
            Self::Warning => (tokens.warning, tokens.warning_tint),
            Self::Danger => (tokens.danger, tokens.danger_tint),
        }
    }

    /// The sign that goes with the colour.
    pub fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Accent | Self::Info => Icon::Info,
            Self::Success => Icon::CircleCheck,
            Self::Warning => Icon::TriangleAlert,
            Self::Danger => Icon::CircleX,
        }
    }
}

/// A number or a short word beside what it counts.
pub fn badge(ui: &mut Ui, text: &str) -> Response {
    let t = Tokens::of(ui);
    let galley = ui.painter().layout_no_wrap(
        text.to_owned(),
        egui::FontId::proportional(TEXT_SMALL - 1.0),
        t.text_secondary,
    );
    let size = vec2((galley.size().x + 8.0).max(18.0).ceil(), 16.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    paint_badge(ui, rect, galley);
    name_as_label(ui, &response, text);
    response
}

pub(super) fn paint_badge(ui: &Ui, rect: egui::Rect, galley: std::sync::Arc<egui::Galley>) {
    let t = Tokens::of(ui);
    ui.painter().rect(
        rect,
        CornerRadius::same(CORNER_SMALL),
        t.hover,
        Stroke::new(1.0, t.separator),
        StrokeKind::Inside,
    );
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, t.text_secondary);
}

/// A word in the tone of what it says, perhaps with an icon.
pub fn chip(ui: &mut Ui, tone: Tone, icon: Option<Icon>, text: &str) -> Response {
    let t = Tokens::of(ui);
    let (colour, fill) = tone.colours(t);
    let galley = ui.painter().layout_no_wrap(
        text.to_owned(),
        egui::FontId::proportional(TEXT_SMALL),
        colour,
    );
    let icon_width = if icon.is_some() { 16.0 } else { 0.0 };
    let size = vec2((icon_width + galley.size().x + 14.0).ceil(), 20.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(rect, CornerRadius::same(10), fill);
    let mut x = rect.left() + 7.0;
    if let Some(icon) = icon {
        let centre = egui::pos2(x + 6.0, rect.center().y);
        paint_icon(painter, centre, icon, 12.0, colour);
        x += icon_width;
    }
    let at = egui::pos2(x, rect.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, colour);
    name_as_label(ui, &response, text);
    response
}

pub(super) fn name_as_label(ui: &Ui, response: &Response, text: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, ui.is_enabled(), text));
}
