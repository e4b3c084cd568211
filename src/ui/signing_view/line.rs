//! A line of a step: a mark in the margin, the text, a word at the end.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Label, Rect, Response, RichText, Sense, Stroke, Ui, UiBuilder, vec2};

use crate::ui::theme::{Icon, TEXT_SMALL, Tokens, code};
use crate::ui::widgets::{WithTip as _, paint_icon};

/// How a line stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Emphasis {
    /// Not at all.
    #[default]
    None,
    /// What belongs to it is under the pointer.
    Lit,
    /// It differs from the gateway's.
    Different,
    /// It is the gateway's, under ours.
    Theirs,
}

/// A line of a step.
#[derive(Default)]
pub(super) struct StepLine<'a> {
    pub(super) text: &'a str,
    /// What the line is, at its end.
    pub(super) word: &'a str,
    /// The hue of what it came from.
    pub(super) hue: Option<Color32>,
    pub(super) emphasis: Emphasis,
    /// Characters that stand out, in bytes of the text.
    pub(super) marked: Option<Range<usize>>,
    /// Where it came from, for the pointer.
    pub(super) tip: &'a str,
    /// Text quieter than the rest: something that is not there.
    pub(super) is_quiet: bool,
    /// A line feed follows; shown with the other invisible characters.
    pub(super) ends_with_feed: bool,
    pub(super) are_invisibles_shown: bool,
}

/// The space that the words at the ends take.
pub(super) fn word_column(scale: f32) -> f32 {
    100.0 * scale
}

impl StepLine<'_> {
    /// Draws it over the width that is left. The response is the whole line's.
    pub(super) fn show(&self, ui: &mut Ui, scale: f32) -> Response {
        let t = Tokens::of(ui);
        let width = ui.available_width();
        let margin = 22.0 * scale;
        let word_width = if self.word.is_empty() {
            12.0
        } else {
            word_column(scale)
        };
        let text_width = (width - margin - word_width).max(60.0);
        let job = self.job(t, scale, text_width);
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job.clone()));
        let pad = (2.0 * scale).round();
        let height = (galley.size().y + 2.0 * pad).max(20.0 * scale);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        let is_hovered = ui.rect_contains_pointer(rect);
        let fill = match self.emphasis {
            Emphasis::Different | Emphasis::Theirs => t.danger_tint,
            Emphasis::Lit => t.selected,
            Emphasis::None if is_hovered && !self.tip.is_empty() => t.hover,
            Emphasis::None => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, 0, fill);
        if let Some(hue) = self.hue {
            let bar = Rect::from_min_max(
                rect.min,
                egui::pos2(rect.left() + 3.0 * scale.min(1.4), rect.bottom()),
            );
            ui.painter().rect_filled(bar, 0, hue);
        }
        let sign = match self.emphasis {
            Emphasis::Different => Some(Icon::EqualNot),
            Emphasis::Theirs => Some(Icon::CornerDownRight),
            Emphasis::None | Emphasis::Lit => None,
        };
        if let Some(sign) = sign {
            let at = egui::pos2(rect.left() + margin * 0.58, rect.top() + 10.0 * scale);
            paint_icon(ui.painter(), at, sign, 12.0 * scale, t.danger);
        }
        let text_rect = Rect::from_min_size(
            egui::pos2(rect.left() + margin, rect.top() + pad),
            vec2(text_width, height - 2.0 * pad),
        );
        let mut child = ui.new_child(UiBuilder::new().max_rect(text_rect));
        child.add(Label::new(job).selectable(true).wrap());
        if !self.word.is_empty() {
            let word_rect = Rect::from_min_max(
                egui::pos2(rect.right() - word_width + 8.0, rect.top()),
                egui::pos2(rect.right() - 8.0, rect.top() + 20.0 * scale),
            );
            let colour = match self.emphasis {
                Emphasis::Theirs | Emphasis::Different => t.danger,
                _ => self.hue.unwrap_or(t.text_muted),
            };
            let mut child = ui.new_child(
                UiBuilder::new()
                    .max_rect(word_rect)
                    .layout(egui::Layout::right_to_left(egui::Align::Center)),
            );
            let word = RichText::new(self.word)
                .size(TEXT_SMALL * scale)
                .color(colour);
            child.add(Label::new(word).selectable(false).truncate());
        }
        response.tip(self.tip)
    }

    fn job(&self, t: &Tokens, scale: f32, width: f32) -> LayoutJob {
        let font = code(scale);
        let colour = match (self.is_quiet, self.emphasis) {
            (true, _) => t.text_muted,
            (_, Emphasis::Theirs) => t.danger,
            _ => t.text,
        };
        let plain = TextFormat::simple(font.clone(), colour);
        let mut job = LayoutJob {
            break_on_newline: false,
            ..LayoutJob::default()
        };
        job.wrap.max_width = width;
        job.wrap.break_anywhere = true;
        let mut marked = plain.clone();
        marked.background = t.danger_tint;
        marked.underline = Stroke::new(1.5, t.danger);
        let range = self.marked.clone().unwrap_or_default();
        let cut = |range: Range<usize>| self.text.get(range).unwrap_or_default();
        for (text, format) in [
            (cut(0..range.start), &plain),
            (cut(range.clone()), &marked),
            (cut(range.end..self.text.len()), &plain),
        ] {
            if !text.is_empty() {
                self.append(&mut job, text, format, t);
            }
        }
        if self.are_invisibles_shown && self.ends_with_feed {
            let mut feed = plain;
            feed.color = t.text_disabled;
            job.append("\u{240a}", 0.0, feed);
        }
        job
    }

    /// Appends text, its spaces and tabs made visible if that is wanted.
    fn append(&self, job: &mut LayoutJob, text: &str, format: &TextFormat, t: &Tokens) {
        if !self.are_invisibles_shown || self.is_quiet {
            job.append(text, 0.0, format.clone());
            return;
        }
        let mut faint = format.clone();
        faint.color = t.text_disabled;
        let mut rest = text;
        while let Some(at) = rest.find([' ', '\t']) {
            let (before, from) = rest.split_at(at);
            if !before.is_empty() {
                job.append(before, 0.0, format.clone());
            }
            let sign = if from.starts_with('\t') { "→" } else { "·" };
            job.append(sign, 0.0, faint.clone());
            rest = from.get(1..).unwrap_or_default();
        }
        if !rest.is_empty() {
            job.append(rest, 0.0, format.clone());
        }
    }
}
