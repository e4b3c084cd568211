//! A line of a step: a mark in the margin, the text, a word at the end.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Label, Rect, Response, RichText, Sense, Stroke, Ui, UiBuilder, vec2};

use super::invisible::{FEED, Piece, cut};
use crate::ui::theme::{Icon, Provenance, TEXT_BODY, TEXT_SMALL, Tokens, code};
use crate::ui::widgets::{focus_ring, paint_icon};

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
    /// It differs from the other page's.
    Changed,
    /// It is the other page's, under this one's.
    Other,
}

impl Emphasis {
    /// The fill, the sign in the margin and its colour.
    fn look(self, t: &Tokens) -> (Color32, Option<(Icon, Color32)>) {
        match self {
            Self::None => (Color32::TRANSPARENT, None),
            Self::Lit => (t.selected, None),
            Self::Different => (t.danger_tint, Some((Icon::EqualNot, t.danger))),
            Self::Theirs => (t.danger_tint, Some((Icon::CornerDownRight, t.danger))),
            Self::Changed => (t.warning_tint, Some((Icon::EqualNot, t.warning))),
            Self::Other => (t.warning_tint, Some((Icon::CornerDownRight, t.warning))),
        }
    }
}

/// A line of a step.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of the line"
)]
pub(super) struct StepLine<'a> {
    pub(super) text: &'a str,
    /// Words behind the text, in the interface's voice.
    pub(super) words: &'a str,
    /// What the line is, at its end.
    pub(super) word: &'a str,
    /// What screen readers call it, if it can be pressed.
    pub(super) name: Option<&'a str>,
    /// The hue of what it came from.
    pub(super) hue: Option<Color32>,
    /// Pieces of the text in the hue of what they came from.
    pub(super) pieces: &'a [(Range<usize>, Provenance)],
    pub(super) emphasis: Emphasis,
    /// Characters that stand out, in bytes of the text.
    pub(super) marked: Option<Range<usize>>,
    /// Text quieter than the rest: something that is not there.
    pub(super) is_quiet: bool,
    /// A line feed follows; shown with the other invisible characters.
    pub(super) ends_with_feed: bool,
    pub(super) are_invisibles_shown: bool,
    /// The text must not get onto the clipboard by marking it.
    pub(super) is_kept: bool,
    /// What it is and why is shown below it.
    pub(super) is_open: bool,
    /// How far it is moved in: it continues the line above.
    pub(super) indent: f32,
}

/// What happened to a line.
pub(super) struct LineResponse {
    /// The line as a whole, for a tooltip.
    pub(super) response: Response,
    /// The pointer is on it.
    pub(super) is_hovered: bool,
    /// It has the keyboard.
    pub(super) has_focus: bool,
    /// It was asked to show more or less below it.
    pub(super) toggled: bool,
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

/// The most space that a word at the end takes.
fn word_column(width: f32, scale: f32) -> f32 {
    (112.0 * scale).min(width * 0.36)
}

/// Where the text of a line begins.
pub(super) fn margin(scale: f32) -> f32 {
    22.0 * scale
}

impl StepLine<'_> {
    /// Draws it over the width that is left.
    pub(super) fn show(&self, ui: &mut Ui, scale: f32) -> LineResponse {
        let t = Tokens::of(ui);
        let width = ui.available_width();
        let margin = margin(scale) + self.indent * scale;
        let word_width = if self.word.is_empty() {
            12.0
        } else {
            let font = FontId::proportional(TEXT_SMALL * scale);
            let word = ui
                .painter()
                .layout_no_wrap(self.word.to_owned(), font, t.text_muted);
            (word.size().x + 20.0).min(word_column(width, scale))
        };
        // Room for the sign of a line feed, so that nothing moves when it is shown.
        let feed_width = if self.ends_with_feed {
            12.0 * scale
        } else {
            0.0
        };
        let text_width = (width - margin - word_width - feed_width).max(60.0);
        let font = code(scale);
        let (digit, row_height) =
            ui.fonts_mut(|fonts| (fonts.glyph_width(&font, '0'), fonts.row_height(&font)));
        let mut wrap_width = wrap_width(self.text, digit, text_width);
        if self.are_invisibles_shown {
            wrap_width += feed_width;
        }
        let job = self.job(t, scale, wrap_width);
        let is_as_it_stands = job.text == self.text;
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job.clone()));
        let pad = ((20.0 * scale - row_height) / 2.0).max(0.0).round();
        let height = galley.size().y.max(row_height) + 2.0 * pad;
        let is_button = self.name.is_some();
        let sense = if is_button {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
        if let Some(name) = self.name {
            response.widget_info(|| {
                let mut info = egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), name);
                info.selected = Some(self.is_open);
                info
            });
        }
        let is_hovered = ui.rect_contains_pointer(rect);
        let has_focus = response.has_focus();
        let (fill, sign) = self.emphasis.look(t);
        let fill = match self.emphasis {
            Emphasis::None if is_button && (is_hovered || self.is_open) => t.hover,
            _ => fill,
        };
        ui.painter().rect_filled(rect, 0, fill);
        if let Some(hue) = self.hue {
            let bar = Rect::from_min_max(
                rect.min,
                egui::pos2(rect.left() + 3.0 * scale.min(1.4), rect.bottom()),
            );
            ui.painter().rect_filled(bar, 0, hue);
        }
        let at = egui::pos2(rect.left() + 13.0 * scale, rect.top() + 10.0 * scale);
        let toggle = is_button.then(|| {
            let place = Rect::from_center_size(at, egui::Vec2::splat(18.0 * scale));
            ui.interact(place, response.id.with("toggle"), Sense::CLICK)
        });
        // What differs says so even while it is open.
        let keeps_sign = self.is_open && sign.is_some() && !is_hovered;
        if is_button && !keeps_sign && (is_hovered || has_focus || self.is_open) {
            let icon = if self.is_open {
                Icon::ChevronDown
            } else {
                Icon::ChevronRight
            };
            let is_on_it = toggle.as_ref().is_some_and(Response::hovered);
            let colour = if is_on_it { t.text } else { t.text_muted };
            paint_icon(ui.painter(), at, icon, 12.0 * scale, colour);
        } else if let Some((sign, colour)) = sign {
            paint_icon(ui.painter(), at, sign, 12.0 * scale, colour);
        }
        let text_rect = Rect::from_min_size(
            egui::pos2(rect.left() + margin, rect.top() + pad),
            vec2(wrap_width, height - 2.0 * pad),
        );
        let mut child = ui.new_child(UiBuilder::new().max_rect(text_rect));
        // What was made visible would be marked and copied in place of what stands there.
        let is_selectable = !self.is_kept && (is_as_it_stands || !self.words.is_empty());
        let label = child.add(Label::new(job).selectable(is_selectable).wrap());
        self.end_word(ui, rect, word_width, scale);
        focus_ring(ui, rect, &response);
        let on_toggle = toggle.as_ref().is_some_and(Response::clicked);
        let pressed = response.clicked() || label.clicked() || on_toggle;
        if is_button && pressed {
            // The keyboard goes on where the pointer was.
            response.request_focus();
        }
        LineResponse {
            is_hovered,
            has_focus,
            toggled: is_button && pressed,
            response: response.union(label),
        }
    }

    /// The word at the line's end.
    fn end_word(&self, ui: &mut Ui, rect: Rect, width: f32, scale: f32) {
        if self.word.is_empty() {
            return;
        }
        let t = Tokens::of(ui);
        let place = Rect::from_min_max(
            egui::pos2(rect.right() - width + 8.0, rect.top()),
            egui::pos2(rect.right() - 8.0, rect.top() + 20.0 * scale),
        );
        let colour = match self.emphasis.look(t).1 {
            Some((_, colour)) => colour,
            None => self.hue.unwrap_or(t.text_muted),
        };
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
        let word = RichText::new(self.word)
            .size(TEXT_SMALL * scale)
            .color(colour);
        child.add(Label::new(word).selectable(false).truncate());
    }

    fn job(&self, t: &Tokens, scale: f32, width: f32) -> LayoutJob {
        let font = code(scale);
        let colour = match (self.is_quiet, self.emphasis) {
            (true, _) => t.text_muted,
            (_, Emphasis::Theirs) => t.danger,
            (_, Emphasis::Other) => t.text_secondary,
            _ => t.text,
        };
        let plain = TextFormat::simple(font.clone(), colour);
        let mut job = LayoutJob {
            break_on_newline: false,
            ..LayoutJob::default()
        };
        job.wrap.max_width = width;
        job.wrap.break_anywhere = self.words.is_empty() && !self.text.contains(' ');
        for range in self.cuts() {
            let mut format = plain.clone();
            if let Some((_, part)) = self
                .pieces
                .iter()
                .find(|(piece, _)| piece.contains(&range.start))
            {
                format.color = t.provenance(*part);
            }
            if self
                .marked
                .as_ref()
                .is_some_and(|marked| marked.contains(&range.start))
            {
                let (colour, tint) = match self.emphasis {
                    Emphasis::Changed | Emphasis::Other => (t.warning, t.warning_tint),
                    _ => (t.danger, t.danger_tint),
                };
                format.background = tint;
                format.underline = Stroke::new(1.5, colour);
            }
            self.append(
                &mut job,
                self.text.get(range).unwrap_or_default(),
                &format,
                t,
            );
        }
        let mut faint = plain;
        faint.color = t.text_disabled;
        if self.are_invisibles_shown && self.ends_with_feed {
            job.append(FEED, 2.0, faint);
        }
        if !self.words.is_empty() {
            let format = TextFormat::simple(
                FontId::proportional((TEXT_BODY - 1.0) * scale),
                t.text_muted,
            );
            job.append(self.words, 10.0 * scale, format);
        }
        job
    }

    /// The text cut where its look changes.
    fn cuts(&self) -> Vec<Range<usize>> {
        let mut ends: Vec<usize> = self
            .pieces
            .iter()
            .map(|(range, _)| range)
            .chain(&self.marked)
            .flat_map(|range| [range.start, range.end])
            .filter(|end| *end < self.text.len() && self.text.is_char_boundary(*end))
            .collect();
        ends.push(self.text.len());
        ends.sort_unstable();
        ends.dedup();
        let mut start = 0;
        ends.into_iter()
            .map(|end| std::mem::replace(&mut start, end)..end)
            .filter(|range| !range.is_empty())
            .collect()
    }

    /// Appends text with signs for what cannot be seen.
    fn append(&self, job: &mut LayoutJob, text: &str, format: &TextFormat, t: &Tokens) {
        let all = self.are_invisibles_shown && !self.is_quiet;
        for piece in cut(text, all) {
            match piece {
                Piece::Plain(text) => job.append(text, 0.0, format.clone()),
                Piece::Sign(sign) => {
                    let mut faint = format.clone();
                    faint.color = if sign == "·" {
                        t.text_disabled
                    } else {
                        t.warning
                    };
                    job.append(&sign, 0.0, faint);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_look_changes_and_nowhere_else() {
        let line = StepLine {
            text: "a=1&한=2",
            pieces: &[(0..3, Provenance::Query), (4..9, Provenance::Header)],
            marked: Some(5..6),
            ..StepLine::default()
        };
        // A cut inside a letter is none.
        assert_eq!(line.cuts(), [0..3, 3..4, 4..9]);
        assert_eq!(StepLine::default().cuts(), []);
    }
}
