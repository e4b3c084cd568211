//! How long each part of a call took, as bars.

use std::time::Duration;

use egui::{Color32, RichText, Sense, Ui, UiBuilder, vec2};

use super::numbers::span;
use crate::exchange::{Exchange, Timings};
use crate::ui::theme::{TEXT_BODY, TREE_HEIGHT, Tokens};
use crate::ui::widgets::WithTip as _;

/// A part of a call.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    name: &'static str,
    tip: &'static str,
    start: Duration,
    length: Duration,
}

/// The parts in order; those that did not happen are left out.
fn parts_of(timings: &Timings) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = Duration::ZERO;
    let connect_only = timings.connect.map(|connect| {
        let tls = timings.tls.unwrap_or_default();
        connect.saturating_sub(tls)
    });
    for (name, tip, length) in [
        ("Find address", "DNS", timings.dns),
        (
            "Connect",
            "TCP; for https without a line of its own, the TLS handshake too",
            connect_only,
        ),
        ("TLS", "The handshake", timings.tls),
    ] {
        if let Some(length) = length {
            parts.push(Part {
                name,
                tip,
                start: at,
                length,
            });
            at += length;
        }
    }
    let first_byte = timings.first_byte.max(at);
    parts.push(Part {
        name: "Wait",
        tip: "Sending the request, and the server's work until its headers are here",
        start: at,
        length: first_byte.saturating_sub(at),
    });
    parts.push(Part {
        name: "Download",
        tip: "From the headers to the last byte of the body",
        start: first_byte,
        length: timings.total.saturating_sub(first_byte),
    });
    parts
}

/// The bars with their numbers.
pub(super) fn timeline(ui: &mut Ui, exchange: &Exchange) {
    let t = Tokens::of(ui);
    let total = exchange.timings.total;
    let hues = [
        t.provenance.method,
        t.provenance.path,
        t.provenance.path,
        t.provenance.header,
        t.provenance.query,
    ];
    ui.add_space(8.0);
    let parts = parts_of(&exchange.timings);
    for part in &parts {
        let hue = match part.name {
            "Find address" => hues[0],
            "Connect" | "TLS" => hues[1],
            "Wait" => hues[3],
            _ => hues[4],
        };
        bar(ui, part, total, hue);
    }
    ui.add_space(4.0);
    crate::ui::widgets::horizontal_line(ui);
    ui.add_space(4.0);
    let whole = Part {
        name: "Total",
        tip: "From the start to the last byte of the body",
        start: Duration::ZERO,
        length: total,
    };
    bar(ui, &whole, total, t.text_disabled);
    if exchange.timings.connect.is_none() {
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.add_space(12.0);
            let note = "An open connection was used again: no address, no handshake.";
            ui.label(RichText::new(note).color(t.text_muted));
        });
    }
}

fn bar(ui: &mut Ui, part: &Part, total: Duration, hue: Color32) {
    let t = Tokens::of(ui);
    let width = ui.available_width();
    let (rect, row) = ui.allocate_exact_size(vec2(width, TREE_HEIGHT), Sense::hover());
    let name_width = 104.0;
    let number_width = 84.0;
    let cell = |ui: &mut Ui, x: f32, width: f32, text: RichText, right: bool| {
        let at = egui::Rect::from_min_size(egui::pos2(x, rect.top()), vec2(width, TREE_HEIGHT));
        let layout = if right {
            egui::Layout::right_to_left(egui::Align::Center)
        } else {
            egui::Layout::left_to_right(egui::Align::Center)
        };
        let mut child = ui.new_child(UiBuilder::new().max_rect(at).layout(layout));
        child.add(egui::Label::new(text).selectable(false));
    };
    let name = RichText::new(part.name)
        .size(TEXT_BODY)
        .color(t.text_secondary);
    cell(ui, rect.left() + 12.0, name_width, name, false);
    let number = RichText::new(span(part.length))
        .size(TEXT_BODY)
        .color(t.text);
    let number_x = rect.right() - 12.0 - number_width;
    cell(ui, number_x, number_width, number, true);
    let track = (number_x - rect.left() - 12.0 - name_width - 12.0).max(20.0);
    let left = rect.left() + 12.0 + name_width;
    let whole = total.as_secs_f32().max(1e-6);
    let start = (part.start.as_secs_f32() / whole).min(1.0) * track;
    let length = (part.length.as_secs_f32() / whole).min(1.0) * track;
    let bar = egui::Rect::from_min_size(
        egui::pos2(left + start, rect.center().y - 5.0),
        vec2(length.max(2.0), 10.0),
    );
    ui.painter().rect_filled(bar, 2, hue);
    row.tip(part.tip);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_add_up_to_the_whole() {
        let ms = Duration::from_millis;
        let timings = Timings {
            dns: Some(ms(3)),
            connect: Some(ms(20)),
            tls: Some(ms(12)),
            first_byte: ms(80),
            total: ms(95),
        };
        let parts = parts_of(&timings);
        let names: Vec<_> = parts.iter().map(|part| part.name).collect();
        assert_eq!(
            names,
            ["Find address", "Connect", "TLS", "Wait", "Download"]
        );
        let sum: Duration = parts.iter().map(|part| part.length).sum();
        assert_eq!(sum, timings.total);
        assert_eq!(parts[1].length, ms(8));
        assert_eq!(parts[4].start, ms(80));
    }

    #[test]
    fn a_connection_that_was_open_has_no_handshake() {
        let timings = Timings {
            first_byte: Duration::from_millis(5),
            total: Duration::from_millis(6),
            ..Timings::default()
        };
        assert_eq!(parts_of(&timings).len(), 2);
    }
}
