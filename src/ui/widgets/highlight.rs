//! Marked pieces of an edited text: how `{{variables}}` get their colours.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Galley, Response, Ui};

use super::tooltip::WithTip as _;
use crate::ui::theme::Tokens;

/// A piece of a text that looks different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSpan {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: SpanKind,
    /// What the pointer is told over it: a variable's value and origin.
    pub tip: Option<String>,
}

/// What a [`TextSpan`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// A variable that has a value.
    Variable,
    /// A variable that has none.
    UnknownVariable,
    /// Something wrong.
    Problem,
    /// Less important than the rest.
    Muted,
}

/// Finds the spans of a text, in order and without overlap. Called each frame: keep it cheap.
pub type Highlight<'a> = &'a dyn Fn(&str) -> Vec<TextSpan>;

/// A text in one font with its spans coloured.
pub fn highlighted_job(
    text: &str,
    spans: &[TextSpan],
    font: &FontId,
    tokens: &Tokens,
    wrap_width: f32,
) -> LayoutJob {
    let plain = TextFormat::simple(font.clone(), tokens.text);
    let mut job = LayoutJob {
        wrap: egui::text::TextWrapping::wrap_at_width(wrap_width),
        keep_trailing_whitespace: true,
        ..LayoutJob::default()
    };
    let mut at = 0;
    for span in spans {
        let (Some(before), Some(inside)) =
            (text.get(at..span.range.start), text.get(span.range.clone()))
        else {
            continue;
        };
        job.append(before, 0.0, plain.clone());
        let mut format = plain.clone();
        match span.kind {
            SpanKind::Variable => {
                format.color = tokens.code.variable;
                format.background = tokens.code.variable_tint;
            }
            SpanKind::UnknownVariable => {
                format.color = tokens.code.unknown_variable;
                format.background = tokens.code.unknown_variable_tint;
                format.underline = egui::Stroke::new(1.0, tokens.code.unknown_variable);
            }
            SpanKind::Problem => {
                format.underline = egui::Stroke::new(1.0, tokens.danger);
            }
            SpanKind::Muted => format.color = tokens.text_muted,
        }
        job.append(inside, 0.0, format);
        at = span.range.end;
    }
    job.append(text.get(at..).unwrap_or_default(), 0.0, plain);
    job
}

/// Shows the tip of the span under the pointer.
pub(super) fn show_span_tip(
    ui: &Ui,
    response: Response,
    galley: &Arc<Galley>,
    galley_pos: egui::Pos2,
    text: &str,
    highlight: Highlight<'_>,
) -> Response {
    let Some(pointer) = ui
        .input(|input| input.pointer.hover_pos())
        .filter(|_| response.hovered())
    else {
        return response;
    };
    let inside = pointer - galley_pos;
    if inside.x > galley.size().x {
        return response;
    }
    let index = galley.cursor_from_pos(inside).index.0;
    let byte = text
        .char_indices()
        .nth(index)
        .map_or(text.len(), |(byte, _)| byte);
    let tip = highlight(text)
        .into_iter()
        .find(|span| span.range.start <= byte && byte <= span.range.end)
        .and_then(|span| span.tip);
    match tip {
        Some(tip) => response.tip(&tip),
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_is_laid_out_and_bad_spans_are_passed_over() {
        let span = |range| TextSpan {
            range,
            kind: SpanKind::Variable,
            tip: None,
        };
        let tokens = Tokens::for_theme(egui::Theme::Dark);
        let font = FontId::monospace(12.0);
        let text = "한 {{a}} b";
        let job = highlighted_job(text, &[span(4..9), span(90..95)], &font, tokens, 100.0);
        assert_eq!(job.text, text);
        assert_eq!(job.sections.len(), 3);
        assert_eq!(job.sections[1].format.color, tokens.code.variable);
        let job = highlighted_job(text, &[span(1..2)], &font, tokens, 100.0);
        assert_eq!(job.text, text);
    }
}
