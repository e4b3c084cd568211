//! A line of a step: a mark in the margin, the text, a word at the end.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Label, Rect, RichText, Sense, Stroke, Ui, UiBuilder, vec2};

use crate::ui::theme::{Icon, TEXT_SMALL, Tokens, code, icon_font};
use crate::ui::widgets::{WithTip as _, focus_ring, paint_icon};

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
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of the line"
)]
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
    /// It can be pressed.
    pub(super) is_button: bool,
    /// How far it is moved in: it continues the line above.
    pub(super) indent: f32,
}

/// What happened to a line.
pub(super) struct LineResponse {
    /// The pointer is on it.
    pub(super) is_hovered: bool,
    /// It was pressed.
    pub(super) clicked: bool,
}

/// Where a line wraps. Sixty-four digits of a hash break in equal parts.
fn wrap_width(text: &str, digit: f32, width: f32) -> f32 {
    let is_hash = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_hash {
        return width;
    }
    [64.0, 32.0, 16.0]
        .into_iter()
        .map(|digits| digits * digit + 1.0)
        .find(|part| *part <= width)
        .unwrap_or(width)
}

/// The space that the words at the ends take.
pub(super) fn word_column(scale: f32) -> f32 {
    112.0 * scale
}

impl StepLine<'_> {
    /// Draws it over the width that is left.
    pub(super) fn show(&self, ui: &mut Ui, scale: f32) -> LineResponse {
        let t = Tokens::of(ui);
        let width = ui.available_width();
        let margin = 22.0 * scale + self.indent * scale;
        let word_width = if self.word.is_empty() {
            12.0
        } else {
            word_column(scale)
        };
        let text_width = (width - margin - word_width).max(60.0);
        let font = code(scale);
        let (digit, row_height) =
            ui.fonts_mut(|fonts| (fonts.glyph_width(&font, '0'), fonts.row_height(&font)));
        let wrap_width = wrap_width(self.text, digit, text_width);
        let job = self.job(t, scale, wrap_width);
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job.clone()));
        let pad = ((20.0 * scale - row_height) / 2.0).max(0.0).round();
        let height = galley.size().y.max(row_height) + 2.0 * pad;
        let sense = if self.is_button {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
        if self.is_button {
            let name = format!("{}: {}", self.word, self.tip);
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), name.as_str())
            });
        }
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
            let at = egui::pos2(rect.left() + 13.0 * scale, rect.top() + 10.0 * scale);
            paint_icon(ui.painter(), at, sign, 12.0 * scale, t.danger);
        }
        let text_rect = Rect::from_min_size(
            egui::pos2(rect.left() + margin, rect.top() + pad),
            vec2(wrap_width, height - 2.0 * pad),
        );
        let mut child = ui.new_child(UiBuilder::new().max_rect(text_rect));
        let label = child.add(Label::new(job).selectable(true).wrap());
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
        focus_ring(ui, rect, &response);
        let clicked = self.is_button && (response.clicked() || label.clicked());
        response.union(label).tip(self.tip);
        LineResponse {
            is_hovered,
            clicked,
        }
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
        job.wrap.break_anywhere = !self.text.contains(' ');
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
            let mut feed = TextFormat::simple(icon_font(font.size * 0.85), t.text_disabled);
            feed.valign = egui::Align::Center;
            let sign = char::from(Icon::CornerDownLeft).to_string();
            job.append(&sign, 2.0, feed);
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
