//! The segmented switch: one of a few.

use egui::{CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use super::paint::{focus_ring, state_fill};
use crate::ui::theme::{CORNER, TEXT_SMALL, Tokens};

/// One of a few words, side by side; `name` says to screen readers what is chosen. Arrow keys move
/// the focus, the space bar chooses.
pub fn segmented<T: PartialEq + Copy>(
    ui: &mut Ui,
    name: &str,
    value: &mut T,
    options: &[(T, &str)],
) -> Response {
    let t = Tokens::of(ui);
    let height = 24.0;
    let galleys: Vec<_> = options
        .iter()
        .map(|(_, text)| {
            ui.painter().layout_no_wrap(
                (*text).to_owned(),
                egui::FontId::proportional(TEXT_SMALL),
                t.text_secondary,
            )
        })
        .collect();
    let widths: Vec<f32> = galleys
        .iter()
        .map(|galley| (galley.size().x + 20.0).ceil())
        .collect();
    let (rect, mut whole) =
        ui.allocate_exact_size(vec2(widths.iter().sum(), height), Sense::hover());
    ui.painter().rect(
        rect,
        CornerRadius::same(CORNER),
        t.surface_sunken,
        Stroke::new(1.0, t.separator),
        StrokeKind::Inside,
    );
    let mut x = rect.left();
    for (index, ((option, text), (galley, width))) in options
        .iter()
        .zip(galleys.into_iter().zip(widths))
        .enumerate()
    {
        let part = Rect::from_min_size(egui::pos2(x, rect.top()), vec2(width, height));
        x += width;
        let response = ui.interact(part, whole.id.with(index), Sense::click());
        let is_chosen = *value == *option;
        response.widget_info(|| {
            WidgetInfo::selected(
                Role::RadioButton,
                ui.is_enabled(),
                is_chosen,
                format!("{name}: {text}"),
            )
        });
        if response.clicked() && !is_chosen {
            *value = *option;
            whole.mark_changed();
        }
        let inner = part.shrink(2.0);
        let fill = state_fill(ui, &response, is_chosen);
        ui.painter()
            .rect_filled(inner, CornerRadius::same(CORNER - 2), fill);
        let colour = if is_chosen {
            t.accent
        } else {
            t.text_secondary
        };
        let at = part.center() - galley.size() / 2.0;
        ui.painter()
            .galley_with_override_text_color(at, galley, colour);
        focus_ring(ui, part, &response);
    }
    whole
}
