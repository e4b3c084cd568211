//! Ours and theirs side by side, line by line.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Frame, Label, Margin, RichText, Ui};

use crate::explain::ComparedRow;
use crate::state::PastedReading;
use crate::ui::theme::{CORNER, TEXT_BODY, TEXT_SMALL, Tokens, bold, code};
use crate::ui::widgets::{CheckBox, horizontal_line, note, section_heading};

/// The width of the margin that says what a line is.
const MARGIN: f32 = 116.0;

/// Of a longer line, only what is around its first difference is shown.
const LONGEST: usize = 2400;

/// What is shown before the first difference of a longer line.
const BEFORE: usize = 160;

/// More rows are not laid out at once.
const MOST_ROWS: usize = 300;

/// What the comparison remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ComparisonState {
    only_differences: bool,
}

/// The first line that differs, or that none does.
pub(super) fn first_difference_ui(ui: &mut Ui, reading: &PastedReading) {
    let t = Tokens::of(ui);
    let comparison = &reading.comparison;
    let Some(row) = comparison.first_difference() else {
        let text = if comparison.has_unknown() {
            "Nothing differs as far as can be seen behind the dots"
        } else {
            "Both sides computed the same: the keys differ"
        };
        ui.label(RichText::new(text).font(bold(TEXT_BODY)).color(t.text));
        return;
    };
    let title = if comparison.hash_differs_alone() {
        "Only the hash of the canonical request differs: something was hashed that cannot be seen, \
         such as a line feed at the end"
            .to_owned()
    } else {
        format!("The first line that differs: {}", row.part.name())
    };
    Frame::new()
        .fill(t.danger_tint)
        .corner_radius(egui::CornerRadius::same(CORNER))
        .inner_margin(Margin::symmetric(10, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(Label::new(RichText::new(title).font(bold(TEXT_BODY)).color(t.text)).wrap());
            let (left, right) = reading.sides;
            for (side, text, ranges) in [
                (left, &row.ours, &row.ours_ranges),
                (right, &row.theirs, &row.theirs_ranges),
            ] {
                ui.label(RichText::new(side).size(TEXT_SMALL).color(t.text_secondary));
                line_ui(ui, text.as_deref(), ranges);
            }
        });
}

/// Both derivations as a table.
pub(super) fn comparison_ui(ui: &mut Ui, reading: &PastedReading, state: &mut ComparisonState) {
    let t = Tokens::of(ui);
    let comparison = &reading.comparison;
    ui.add_space(4.0);
    ui.add(CheckBox::new(
        &mut state.only_differences,
        "Only what differs",
    ));
    for (title, rows) in [
        ("Canonical request", &comparison.canonical_request),
        ("String to sign", &comparison.string_to_sign),
    ] {
        if rows.is_empty() {
            continue;
        }
        let differing = rows.iter().filter(|row| row.differs).count();
        section_heading(ui, &format!("{title}: {}", count_words(differing)));
        let (left, right) = reading.sides;
        row_ui(
            ui,
            |ui| {
                ui.label("");
            },
            [left, right].map(|side| {
                move |ui: &mut Ui| {
                    let t = Tokens::of(ui);
                    ui.label(RichText::new(side).size(TEXT_SMALL).color(t.text_secondary));
                }
            }),
        );
        horizontal_line(ui);
        let shown = rows
            .iter()
            .filter(|row| row.differs || !state.only_differences);
        for (index, row) in shown.clone().take(MOST_ROWS).enumerate() {
            ui.push_id((title, index), |ui| compared_row_ui(ui, row));
        }
        let left_out = shown.count().saturating_sub(MOST_ROWS);
        if left_out > 0 {
            note(ui, &format!("{left_out} more lines are not shown"));
        }
        if differing == 0 && state.only_differences {
            ui.label(RichText::new("Nothing differs").color(t.text_muted));
        }
    }
}

fn count_words(differing: usize) -> String {
    match differing {
        0 => "the same on both sides".to_owned(),
        1 => "1 line differs".to_owned(),
        many => format!("{many} lines differ"),
    }
}

fn compared_row_ui(ui: &mut Ui, row: &ComparedRow) {
    let t = Tokens::of(ui);
    let (fill, colour, state) = if row.is_unknown {
        (t.surface, t.text_muted, " · hidden")
    } else if row.is_moved {
        (t.warning_tint, t.warning, " · moved")
    } else if row.differs {
        (t.danger_tint, t.danger, " · differs")
    } else {
        (t.surface, t.text_muted, "")
    };
    Frame::new()
        .fill(fill)
        .inner_margin(Margin::symmetric(0, 3))
        .show(ui, |ui| {
            row_ui(
                ui,
                |ui| {
                    let text = format!("{}{state}", row.part.label());
                    ui.add(
                        Label::new(RichText::new(text).size(TEXT_SMALL).color(colour)).truncate(),
                    );
                },
                [
                    (&row.ours, &row.ours_ranges),
                    (&row.theirs, &row.theirs_ranges),
                ]
                .map(|(text, ranges)| move |ui: &mut Ui| line_ui(ui, text.as_deref(), ranges)),
            );
        });
}

/// A margin and two columns of one width.
fn row_ui(ui: &mut Ui, margin: impl FnOnce(&mut Ui), columns: [impl FnOnce(&mut Ui); 2]) {
    let gap = 12.0;
    let width = ((ui.available_width() - MARGIN - 2.0 * gap) / 2.0).max(80.0);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        ui.vertical(|ui| {
            ui.set_width(MARGIN);
            margin(ui);
        });
        for column in columns {
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.set_max_width(width);
                column(ui);
            });
        }
    });
}

/// A line with its differing characters marked.
fn line_ui(ui: &mut Ui, text: Option<&str>, ranges: &[Range<usize>]) {
    let t = Tokens::of(ui);
    let Some(text) = text else {
        ui.label(
            RichText::new("no such line")
                .size(TEXT_SMALL)
                .color(t.text_muted),
        );
        return;
    };
    if text.is_empty() {
        let name = RichText::new("(empty)")
            .size(TEXT_SMALL)
            .color(t.text_muted);
        ui.label(name);
        return;
    }
    let (shown, ranges, is_cut) = window(text, ranges);
    let font = code(1.0);
    let mut job = LayoutJob {
        break_on_newline: false,
        ..LayoutJob::default()
    };
    job.wrap.max_width = ui.available_width();
    job.wrap.break_anywhere = true;
    let plain = TextFormat::simple(font.clone(), t.text);
    let mut marked = TextFormat::simple(font.clone(), t.danger);
    marked.underline = egui::Stroke::new(1.0, t.danger);
    marked.background = t.danger.gamma_multiply(0.18);
    let mut at = 0;
    for range in ranges {
        job.append(
            shown.get(at..range.start).unwrap_or_default(),
            0.0,
            plain.clone(),
        );
        job.append(
            shown.get(range.clone()).unwrap_or_default(),
            0.0,
            marked.clone(),
        );
        at = range.end;
    }
    job.append(shown.get(at..).unwrap_or_default(), 0.0, plain);
    if is_cut {
        let muted = TextFormat::simple(font, t.text_muted);
        job.append(
            &format!(" … of {} characters", text.chars().count()),
            0.0,
            muted,
        );
    }
    ui.add(Label::new(job).wrap().selectable(true));
}

/// The part of a line around its first difference, and the ranges in it.
fn window<'a>(text: &'a str, ranges: &[Range<usize>]) -> (&'a str, Vec<Range<usize>>, bool) {
    if text.len() <= LONGEST {
        return (text, ranges.to_vec(), false);
    }
    let first = ranges.first().map_or(0, |range| range.start);
    let start = text.floor_char_boundary(first.saturating_sub(BEFORE));
    let end = text.floor_char_boundary((start + LONGEST).min(text.len()));
    let inside = ranges
        .iter()
        .filter(|range| range.start < end && range.end > start)
        .map(|range| range.start.max(start) - start..range.end.min(end) - start)
        .collect();
    (text.get(start..end).unwrap_or_default(), inside, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_shown_where_it_differs() {
        let text = format!("{}X{}", "가".repeat(2000), "b".repeat(4000));
        let at = 6000;
        let mark = at..at + 1;
        let (shown, ranges, is_cut) = window(&text, std::slice::from_ref(&mark));
        assert!(is_cut && shown.len() <= LONGEST);
        assert_eq!(&shown[ranges[0].clone()], "X");
        assert!(shown.starts_with('가'));
        let short = 0..1;
        let (shown, ranges, is_cut) = window("abc", std::slice::from_ref(&short));
        assert_eq!((shown, ranges.len(), is_cut), ("abc", 1, false));
    }
}
