//! The answer's headers, and the table that the request's share.

use egui::{Label, RichText, ScrollArea, Sense, Stroke, Ui, UiBuilder, vec2};

use super::ResponseViewAction;
use crate::exchange::{Exchange, RecordedHeader};
use crate::ui::theme::{Icon, TEXT_SMALL, Tokens, code};
use crate::ui::widgets::{EmptyState, IconButton, WithTip as _};

/// Buttons at the end of the row of tabs.
pub(super) fn tools(ui: &mut Ui, exchange: &Exchange, action: &mut Option<ResponseViewAction>) {
    if exchange.response.headers.is_empty() {
        return;
    }
    let copy = IconButton::new(Icon::Copy, "Copy the headers").small();
    if ui.add(copy).clicked() {
        *action = Some(ResponseViewAction::Copy(as_text(
            &exchange.response.headers,
        )));
    }
}

/// Headers as text, secrets masked.
pub(super) fn as_text(headers: &[RecordedHeader]) -> String {
    let lines: Vec<String> = headers
        .iter()
        .map(|header| format!("{}: {}", header.name, header.shown()))
        .collect();
    lines.join("\n")
}

/// The answer's headers.
pub(super) fn headers(ui: &mut Ui, exchange: &Exchange) {
    if exchange.response.headers.is_empty() {
        EmptyState::new("The answer has no headers.").show(ui, |_| ());
        return;
    }
    ScrollArea::vertical()
        .id_salt("answer headers")
        .auto_shrink(false)
        .show(ui, |ui| {
            for header in &exchange.response.headers {
                header_row(ui, header, "");
            }
        });
}

/// A header: name, value, and a word on where it came from.
pub(super) fn header_row(ui: &mut Ui, header: &RecordedHeader, source: &str) {
    let t = Tokens::of(ui);
    let width = ui.available_width();
    let font = code(1.0);
    let source_width = if source.is_empty() { 0.0 } else { 88.0 };
    let name_width = (width * 0.34).clamp(80.0, 240.0);
    let value_width = (width - name_width - source_width - 44.0).max(60.0);
    let job = |text: &str, colour, width| {
        let mut job = egui::text::LayoutJob::simple(text.to_owned(), font.clone(), colour, width);
        job.wrap.break_anywhere = true;
        job
    };
    let name = job(&header.name, t.text_secondary, name_width);
    let value_colour = if header.is_sensitive {
        t.text_muted
    } else {
        t.text
    };
    let value = job(header.shown(), value_colour, value_width);
    let height = ui.fonts_mut(|fonts| {
        let name = fonts.layout_job(name.clone()).size().y;
        name.max(fonts.layout_job(value.clone()).size().y)
    });
    let (rect, row) = ui.allocate_exact_size(vec2(width, height + 12.0), Sense::hover());
    if row.hovered() {
        ui.painter().rect_filled(rect, 0, t.hover);
    }
    let mut x = rect.left() + 12.0;
    for (job, width) in [(name, name_width), (value, value_width)] {
        let at = egui::Rect::from_min_size(egui::pos2(x, rect.top() + 6.0), vec2(width, height));
        let mut cell = ui.new_child(UiBuilder::new().max_rect(at));
        let label = cell.add(Label::new(job).selectable(true).wrap());
        if header.is_sensitive {
            label.tip("Masked: it is a secret.");
        }
        x += width + 8.0;
    }
    if !source.is_empty() {
        let at = egui::Rect::from_min_size(
            egui::pos2(rect.right() - source_width - 16.0, rect.top() + 6.0),
            vec2(source_width, 16.0),
        );
        let mut cell = ui.new_child(
            UiBuilder::new()
                .max_rect(at)
                .layout(egui::Layout::right_to_left(egui::Align::Center)),
        );
        let word = RichText::new(source).size(TEXT_SMALL).color(t.text_muted);
        cell.add(Label::new(word).selectable(false).truncate());
    }
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, t.separator),
    );
}
