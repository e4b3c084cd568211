//! A YAML file as a tree of values, read with `serde-saphyr`.
//!
//! It keeps the order of keys and the written form of numbers (`1.10` stays `1.10`), and knows
//! nothing of comments and quotes: those stay in the text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::MergeKeyPolicy;
use serde_saphyr::{NonFiniteFloatPolicy, Options, Spanned};

use super::FormatError;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// `null`, `~` or nothing.
    Null,
    /// A text.
    Text(String),
    /// `true`, `42`, `1.10`: what is no text, as it is written.
    Plain(String),
    /// A list.
    List(Vec<Self>),
    /// Keys and values in the file's order.
    Map(Vec<(String, Self)>),
}

impl Node {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn plain(value: impl fmt::Display) -> Self {
        Self::Plain(value.to_string())
    }

    /// The value of a key, if this is a map that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries
                .iter()
                .find(|(candidate, _)| candidate == key)
                .map(|(_, value)| value),
            Self::Null | Self::Text(_) | Self::Plain(_) | Self::List(_) => None,
        }
    }

    /// The entries of a list; of anything else none.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Null | Self::Text(_) | Self::Plain(_) | Self::Map(_) => &[],
        }
    }

    /// The scalar's text; `None` for lists and maps.
    pub(super) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Null => Some(""),
            Self::Text(text) | Self::Plain(text) => Some(text),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Whether this is the boolean `true`.
    pub(super) fn is_true(&self) -> bool {
        self.scalar()
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// Whether both say the same; the order of keys does not count.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Self::Map(a), Self::Map(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, value)| other.get(key).is_some_and(|theirs| value.same(theirs)))
            }
            (a, b) => a == b,
        }
    }
}

/// Reads a text; the root must be a map.
pub(super) fn parse(text: &str) -> Result<Node, FormatError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(FormatError::unreadable(None, "the file is empty"));
    }
    let raw: Spanned<Raw> =
        serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
            let line = error
                .location()
                .and_then(|at| usize::try_from(at.line()).ok())
                .filter(|line| *line > 0);
            let words = error.without_snippet().to_string();
            FormatError::unreadable(line, words.lines().next().unwrap_or_default())
        })?;
    let node = raw_node(raw, text);
    if matches!(node, Node::Map(_)) {
        Ok(node)
    } else {
        Err(FormatError::unreadable(
            Some(1),
            "the file is no YAML mapping (`key: value`)",
        ))
    }
}

fn options() -> Options {
    serde_saphyr::options! {
        strict_booleans: true,
        merge_keys: MergeKeyPolicy::Merge,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        emit_comments: false,
        ignore_binary_tag_for_string: true,
    }
}

/// A value as the parser gives it; what is no text is looked up in the source by its place.
enum Raw {
    Null,
    Text(String),
    Typed(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(String, Spanned<Self>)>),
}

fn raw_node(raw: Spanned<Raw>, source: &str) -> Node {
    match raw.value {
        Raw::Null => Node::Null,
        Raw::Text(text) => Node::Text(text),
        Raw::Typed(value) => {
            let span = raw.defined.span();
            let written = span
                .byte_offset()
                .zip(span.byte_len())
                .and_then(|(start, len)| {
                    let start = usize::try_from(start).ok()?;
                    let len = usize::try_from(len).ok()?;
                    source.get(start..start.checked_add(len)?)
                })
                .map(str::trim)
                .filter(|written| !written.is_empty() && !written.contains(['\n', ' ', '!', '&']));
            Node::Plain(written.map_or(value, str::to_owned))
        }
        Raw::List(items) => Node::List(
            items
                .into_iter()
                .map(|item| raw_node(item, source))
                .collect(),
        ),
        Raw::Map(entries) => Node::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key, raw_node(value, source)))
                .collect(),
        ),
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Option<String>>()? {
            entries.push((key.unwrap_or_default(), map.next_value()?));
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_written_form() {
        let node = parse("a: 1.10\nb: 007\nc: yes\nd: true\ne: ~\nf:\ng: \"42\"\nh: 0x1F\ni: [1e3, x]\nj: !!str 12\n").unwrap();
        assert_eq!(node.get("a"), Some(&Node::plain("1.10")));
        assert_eq!(node.get("b").unwrap().scalar(), Some("007"));
        assert_eq!(node.get("c"), Some(&Node::text("yes")));
        assert_eq!(node.get("d"), Some(&Node::plain("true")));
        assert_eq!(node.get("e"), Some(&Node::Null));
        assert_eq!(node.get("f"), Some(&Node::Null));
        assert_eq!(node.get("g"), Some(&Node::text("42")));
        assert_eq!(node.get("h"), Some(&Node::plain("0x1F")));
        assert_eq!(node.get("i").unwrap().items()[0], Node::plain("1e3"));
        assert_eq!(node.get("j").unwrap().scalar(), Some("12"));
    }

    #[test]
    fn an_alias_gives_what_the_anchor_says() {
        let node = parse("a: &x 1.50\nb: *x\nc: &m {d: 1}\ne:\n  <<: *m\n  f: 2\n").unwrap();
        assert_eq!(node.get("b"), Some(&Node::plain("1.50")));
        assert_eq!(node.get("e").unwrap().get("d"), Some(&Node::plain("1")));
    }

    #[test]
    fn a_broken_text_names_its_line() {
        let error = parse("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        let FormatError::Unreadable { line, reason } = error else {
            panic!("{error}");
        };
        assert!(line.is_some_and(|line| line >= 2), "{line:?} {reason}");
        assert!(parse("").is_err());
        assert!(parse("- a\n").is_err());
        assert!(parse("a: 1\na: 2\n").is_err());
    }

    proptest::proptest! {
        #[test]
        fn reading_never_panics(text in "[\\PC\n\t]{0,200}|[a-c:\\-\n \"'#|>&*{}\\[\\],!?%]{0,80}") {
            if let Err(error) = parse(&text) {
                proptest::prop_assert!(!error.reason().is_empty());
            }
        }
    }
}
