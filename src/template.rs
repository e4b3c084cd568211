//! Text with `{{variables}}`, and the variables that fill it.
//!
//! What Bruno takes as a name (`[\w.-]*`) is one here, so that a collection means the same in both.
//! A value may itself name variables; a circle is an error, not a hang.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use memchr::memmem;

pub use crate::secret::MASK;
use crate::secret::{Redactor, SecretString};

/// How deep variables may nest before it is called a circle.
const MAX_DEPTH: usize = 16;

/// A piece of a text, see [`segments`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text that stays as it is.
    Literal(Range<usize>),
    /// `{{name}}`; the span covers the braces.
    Variable {
        /// The name between the braces, without white space.
        name: String,
        /// Where it stands in the text, in bytes.
        span: Range<usize>,
    },
}

/// Cuts a text into literals and `{{variables}}`; anything that is not a well-formed variable is
/// literal text.
pub fn segments(text: &str) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut literal_start = 0;
    let mut at = 0;
    while let Some(open) = text
        .get(at..)
        .and_then(|rest| memmem::find(rest.as_bytes(), b"{{"))
        .map(|i| i + at)
    {
        let inner_start = open + 2;
        let Some(close) = text
            .get(inner_start..)
            .and_then(|rest| memmem::find(rest.as_bytes(), b"}}"))
            .map(|i| i + inner_start)
        else {
            break;
        };
        // "{{{name}}}" and "{{ {{name}} }}": the innermost opening counts.
        let inner = text.get(inner_start..close).unwrap_or_default();
        let inner_offset = inner.rfind("{{").map_or(0, |i| i + 2);
        let name = inner
            .get(inner_offset..)
            .unwrap_or_default()
            .trim_start_matches('{')
            .trim();
        if !name.is_empty() && name.chars().all(is_name_char) {
            let start = text
                .get(..close)
                .and_then(|head| head.rfind("{{"))
                .unwrap_or(open);
            if literal_start < start {
                found.push(Segment::Literal(literal_start..start));
            }
            found.push(Segment::Variable {
                name: name.to_owned(),
                span: start..close + 2,
            });
            literal_start = close + 2;
        }
        at = close + 2;
    }
    if literal_start < text.len() {
        found.push(Segment::Literal(literal_start..text.len()));
    }
    found
}

/// Wider than Bruno's rule: `{{$guid}}` and `{{my key}}` are meant as variables too, and must be
/// told as unknown rather than sent as they stand.
fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | ' ')
}

/// The names of the variables in a text, in order.
pub fn names(text: &str) -> Vec<String> {
    segments(text)
        .into_iter()
        .filter_map(|segment| match segment {
            Segment::Variable { name, .. } => Some(name),
            Segment::Literal(_) => None,
        })
        .collect()
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text that stands in a file; it may name other variables.
    Plain(String),
    /// A secret whose value has been fetched.
    Secret(SecretString),
    /// A secret whose value is not at hand (not fetched, or not in the store).
    SecretNotAtHand,
}

/// Where a variable's value came from, nearest first (Bruno's order).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// `--var` or a value set while running.
    Runtime,
    /// The request's own file.
    Request,
    /// A folder, by its name.
    Folder(String),
    /// The chosen environment, by its name.
    Environment(String),
    /// The collection's root.
    #[default]
    Collection,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Runtime => f.write_str("set for this run"),
            Self::Request => f.write_str("this request"),
            Self::Folder(name) => write!(f, "folder “{name}”"),
            Self::Environment(name) => write!(f, "environment “{name}”"),
            Self::Collection => f.write_str("collection"),
        }
    }
}

/// Variables of one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Where they stand.
    pub origin: Origin,
    /// Name and value; a later one of the same name wins.
    pub variables: Vec<(String, Value)>,
}

/// All variables that a request can see, nearest scope first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariableSet {
    scopes: Vec<Scope>,
}

/// Whether secrets are filled in or masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// Secrets are filled in: for sending.
    Secrets,
    /// Secrets become `••••••`: for everything that is shown.
    Masked,
}

/// A text whose variables are filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text; with [`Reveal::Secrets`] it may hold secrets, see [`Rendered::holds_secret`].
    pub text: String,
    /// Whether some of it came from a secret variable.
    pub holds_secret: bool,
}

/// Why a variable could not be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No scope has it.
    #[error("no variable `{name}`{}", nearest.as_ref().map(|n| format!(" — did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// The name asked for.
        name: String,
        /// The name that resembles it most.
        nearest: Option<String>,
        /// Where it stands in the text, in bytes.
        span: Range<usize>,
    },
    /// The variable is a secret and its value is not in the store.
    #[error("the secret variable `{name}` has no value in the keyring")]
    SecretNotAtHand {
        /// The variable.
        name: String,
        /// Where it stands in the text, in bytes.
        span: Range<usize>,
    },
    /// The variable's value leads back to itself.
    #[error("the variable `{name}` refers to itself ({chain})")]
    Circle {
        /// The variable.
        name: String,
        /// The way round, joined by arrows.
        chain: String,
        /// Where it stands in the text, in bytes.
        span: Range<usize>,
    },
}

impl TemplateError {
    /// The variable in question.
    pub fn name(&self) -> &str {
        match self {
            Self::Unknown { name, .. }
            | Self::SecretNotAtHand { name, .. }
            | Self::Circle { name, .. } => name,
        }
    }

    /// Where it stands in the text, in bytes.
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Unknown { span, .. }
            | Self::SecretNotAtHand { span, .. }
            | Self::Circle { span, .. } => span.clone(),
        }
    }
}

impl VariableSet {
    /// Scopes in order of precedence, nearest first.
    pub fn new(scopes: Vec<Scope>) -> Self {
        Self { scopes }
    }

    /// The scopes, nearest first.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// The value that counts for a name, and where it came from.
    pub fn lookup(&self, name: &str) -> Option<(&Value, &Origin)> {
        self.scopes.iter().find_map(|scope| {
            scope
                .variables
                .iter()
                .rev()
                .find(|(candidate, _)| candidate == name)
                .map(|(_, value)| (value, &scope.origin))
        })
    }

    /// Fills in a fetched secret wherever that origin declares it.
    pub fn put_secret(&mut self, origin: &Origin, name: &str, secret: &SecretString) {
        for scope in self
            .scopes
            .iter_mut()
            .filter(|scope| scope.origin == *origin)
        {
            for (_, value) in scope.variables.iter_mut().filter(|(n, _)| n == name) {
                *value = Value::Secret(secret.clone());
            }
        }
    }

    /// Takes the values of all secrets at hand out of texts.
    pub fn redactor(&self) -> Redactor {
        let values = self.scopes.iter().flat_map(|scope| &scope.variables);
        Redactor::new(values.filter_map(|(_, value)| match value {
            Value::Secret(secret) => Some(secret.clone()),
            Value::Plain(_) | Value::SecretNotAtHand => None,
        }))
    }

    /// Every secret variable that the texts reach, directly or through other variables, and that
    /// is not at hand yet.
    pub fn missing_secrets<'a>(
        &self,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Vec<(Origin, String)> {
        let mut seen = BTreeSet::new();
        let mut queue: Vec<String> = texts.into_iter().flat_map(names).collect();
        let mut found = BTreeSet::new();
        while let Some(name) = queue.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            match self.lookup(&name) {
                Some((Value::Plain(text), _)) => queue.extend(names(text)),
                Some((Value::SecretNotAtHand, origin)) => {
                    found.insert((origin.clone(), name));
                }
                Some((Value::Secret(_), _)) | None => {}
            }
        }
        found.into_iter().collect()
    }

    /// Fills in every variable of a text, or says which could not be.
    pub fn render(&self, text: &str, reveal: Reveal) -> Result<Rendered, Vec<TemplateError>> {
        let mut out = Rendered::default();
        let mut errors = Vec::new();
        for segment in segments(text) {
            match segment {
                Segment::Literal(range) => out.text.push_str(text.get(range).unwrap_or_default()),
                Segment::Variable { name, span } => {
                    if let Err(error) =
                        self.render_variable(&name, &span, reveal, &mut Vec::new(), &mut out)
                    {
                        errors.push(error);
                    }
                }
            }
        }
        if errors.is_empty() {
            Ok(out)
        } else {
            Err(errors)
        }
    }

    fn render_variable(
        &self,
        name: &str,
        span: &Range<usize>,
        reveal: Reveal,
        chain: &mut Vec<String>,
        out: &mut Rendered,
    ) -> Result<(), TemplateError> {
        if chain.iter().any(|seen| seen == name) || chain.len() >= MAX_DEPTH {
            chain.push(name.to_owned());
            return Err(TemplateError::Circle {
                name: name.to_owned(),
                chain: chain.join(" → "),
                span: span.clone(),
            });
        }
        match self.lookup(name) {
            None => Err(TemplateError::Unknown {
                name: name.to_owned(),
                nearest: self.nearest(name),
                span: span.clone(),
            }),
            Some((Value::SecretNotAtHand, _)) if reveal == Reveal::Secrets => {
                Err(TemplateError::SecretNotAtHand {
                    name: name.to_owned(),
                    span: span.clone(),
                })
            }
            Some((Value::Secret(secret), _)) if reveal == Reveal::Secrets => {
                out.text.push_str(secret.expose());
                out.holds_secret = true;
                Ok(())
            }
            Some((Value::Secret(_) | Value::SecretNotAtHand, _)) => {
                out.text.push_str(MASK);
                out.holds_secret = true;
                Ok(())
            }
            Some((Value::Plain(value), _)) => {
                chain.push(name.to_owned());
                for segment in segments(value) {
                    match segment {
                        Segment::Literal(range) => {
                            out.text.push_str(value.get(range).unwrap_or_default());
                        }
                        Segment::Variable { name, .. } => {
                            self.render_variable(&name, span, reveal, chain, out)?;
                        }
                    }
                }
                chain.pop();
                Ok(())
            }
        }
    }

    /// The known name that resembles this one most, if any does.
    fn nearest(&self, name: &str) -> Option<String> {
        let known: BTreeSet<&str> = self
            .scopes
            .iter()
            .flat_map(|scope| scope.variables.iter().map(|(n, _)| n.as_str()))
            .collect();
        known
            .into_iter()
            .map(|candidate| (edit_distance(name, candidate), candidate))
            .filter(|(distance, candidate)| *distance <= 2.max(candidate.len() / 4))
            .min()
            .map(|(_, candidate)| candidate.to_owned())
    }
}

/// Levenshtein's distance, letter case ignored.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut row = vec![left];
        for (cb, above) in b.iter().zip(previous.iter().skip(1)) {
            let cost = usize::from(ca != cb);
            left = (diagonal + cost).min(above + 1).min(left + 1);
            row.push(left);
            diagonal = *above;
        }
        previous = row;
    }
    previous.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> VariableSet {
        VariableSet::new(vec![
            Scope {
                origin: Origin::Request,
                variables: vec![("id".into(), Value::Plain("7".into()))],
            },
            Scope {
                origin: Origin::Environment("dev".into()),
                variables: vec![
                    ("base".into(), Value::Plain("https://{{host}}/prod".into())),
                    ("host".into(), Value::Plain("h.example".into())),
                    ("id".into(), Value::Plain("8".into())),
                    ("apiKey".into(), Value::Secret(SecretString::new("k-1"))),
                    ("other".into(), Value::SecretNotAtHand),
                    ("loop".into(), Value::Plain("{{pool}}".into())),
                    ("pool".into(), Value::Plain("{{loop}}".into())),
                ],
            },
        ])
    }

    #[test]
    fn nearest_scope_wins_and_values_nest() {
        let rendered = set()
            .render("{{base}}/pets/{{ id }}", Reveal::Secrets)
            .unwrap();
        assert_eq!(rendered.text, "https://h.example/prod/pets/7");
        assert!(!rendered.holds_secret);
    }

    #[test]
    fn secrets_are_masked_unless_asked_for() {
        assert_eq!(
            set().render("{{apiKey}}", Reveal::Masked).unwrap().text,
            MASK
        );
        let sent = set().render("{{apiKey}}", Reveal::Secrets).unwrap();
        assert_eq!((sent.text.as_str(), sent.holds_secret), ("k-1", true));
    }

    #[test]
    fn every_failure_is_told_with_its_place() {
        let errors = set()
            .render("a {{hots}} {{other}} {{loop}}", Reveal::Secrets)
            .unwrap_err();
        assert_eq!(errors.len(), 3);
        assert_eq!(
            errors[0].to_string(),
            "no variable `hots` — did you mean `host`?"
        );
        assert_eq!(errors[0].span(), 2..10);
        assert!(matches!(errors[1], TemplateError::SecretNotAtHand { .. }));
        assert!(matches!(errors[2], TemplateError::Circle { .. }));
    }

    #[test]
    fn what_is_not_a_variable_stays() {
        for text in [
            "{}",
            "{{",
            "}}",
            "{{ }}",
            "{{\"a\": 1}}",
            "{\"a\":{\"b\":1}}",
            "한글 {{",
            "",
        ] {
            assert_eq!(set().render(text, Reveal::Secrets).unwrap().text, text);
        }
    }

    #[test]
    fn inner_braces_count() {
        assert_eq!(
            set().render("{{{{id}}}}", Reveal::Secrets).unwrap().text,
            "{{7}}"
        );
        assert_eq!(
            set().render("{{{id}}}", Reveal::Secrets).unwrap().text,
            "{7}"
        );
    }

    #[test]
    fn missing_secrets_are_found_through_other_variables() {
        let mut set = set();
        set.scopes[1]
            .variables
            .push(("via".into(), Value::Plain("x{{other}}".into())));
        let missing = set.missing_secrets(["{{via}} {{apiKey}} {{id}}"]);
        assert_eq!(
            missing,
            vec![(Origin::Environment("dev".into()), "other".to_owned())]
        );
    }

    proptest::proptest! {
        #[test]
        fn segments_cover_the_text(text in ".{0,40}|[{} a]{0,20}") {
            let mut at = 0;
            for segment in segments(&text) {
                let range = match segment { Segment::Literal(r) | Segment::Variable { span: r, .. } => r };
                proptest::prop_assert_eq!(range.start, at);
                at = range.end;
            }
            proptest::prop_assert_eq!(at, text.len());
        }
    }
}
