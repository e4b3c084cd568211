//! What the draft's texts mean: variables coloured with their values, problems at their field.

use crate::request::FieldPath;
use crate::state::Tab;
use crate::template::{Reveal, Segment, TemplateError, Value, VariableSet, segments};
use crate::ui::widgets::{SpanKind, TextSpan};
use crate::ui::wording::sentence;

/// Colours the `{{variables}}` of a text; each tells its value and where that comes from, or why
/// it has none.
pub(in crate::ui) fn variable_spans(variables: &VariableSet, text: &str) -> Vec<TextSpan> {
    segments(text)
        .into_iter()
        .filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Variable { name, span } => {
                let (kind, tip) = meaning(variables, &name);
                Some(TextSpan {
                    range: span,
                    kind,
                    tip: Some(tip),
                })
            }
        })
        .collect()
}

fn meaning(variables: &VariableSet, name: &str) -> (SpanKind, String) {
    let braced = format!("{{{{{name}}}}}");
    match variables.render(&braced, Reveal::Masked) {
        Ok(rendered) => {
            let origin = variables
                .lookup(name)
                .map(|(_, origin)| origin.to_string())
                .unwrap_or_default();
            let is_secret = variables
                .lookup(name)
                .is_some_and(|(value, _)| match value {
                    Value::Secret(_) | Value::SecretNotAtHand => true,
                    Value::Plain(_) => false,
                });
            let what = if is_secret { "secret, " } else { "" };
            (
                SpanKind::Variable,
                format!("{}\n{what}from {origin}", rendered.text),
            )
        }
        Err(errors) => {
            let text: Vec<String> = errors.iter().map(TemplateError::to_string).collect();
            (SpanKind::UnknownVariable, sentence(&text.join("\n")))
        }
    }
}

/// What keeps the fields that `is_here` picks from being sent, with what to do about it.
pub(super) fn problems(tab: &Tab, is_here: impl Fn(&FieldPath) -> bool) -> Option<String> {
    let derived = tab.derived()?;
    let errors = derived.preview.request.as_ref().err()?;
    let texts: Vec<String> = errors
        .0
        .iter()
        .filter(|error| is_here(&error.place))
        .map(|error| sentence(&format!("{} — {}", error.kind, error.kind.hint())))
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Origin, Scope};

    #[test]
    fn a_variable_tells_its_value_and_origin_and_a_secret_only_that_it_is_one() {
        let variables = VariableSet::new(vec![Scope {
            origin: Origin::Environment("dev".into()),
            variables: vec![
                ("base".into(), Value::Plain("http://{{host}}/p".into())),
                ("host".into(), Value::Plain("h".into())),
                ("key".into(), Value::SecretNotAtHand),
            ],
        }]);
        let spans = variable_spans(&variables, "{{base}}/x?k={{key}}&y={{hots}}");
        let tips: Vec<&str> = spans
            .iter()
            .filter_map(|span| span.tip.as_deref())
            .collect();
        assert_eq!(
            tips,
            [
                "http://h/p\nfrom environment “dev”",
                "••••••\nsecret, from environment “dev”",
                "No variable “hots” — did you mean “host”?",
            ]
        );
        assert_eq!(spans[0].kind, SpanKind::Variable);
        assert_eq!(spans[2].kind, SpanKind::UnknownVariable);
        assert_eq!(spans[0].range, 0..8);
    }
}
