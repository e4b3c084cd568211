//! Writing values as YAML the way Bruno does, so that a file changes little when both tools
//! save it: two spaces, no folded lines, plain texts where they are unambiguous, else quoted,
//! `|-` blocks for texts of several lines.

use super::node::Node;

/// The top-level keys that stand after an empty line.
const BLOCKS: [&str; 7] = [
    "info", "http", "runtime", "settings", "examples", "docs", "request",
];

/// Whether a top-level key stands after an empty line.
pub(super) fn is_block(key: &str) -> bool {
    BLOCKS.contains(&key)
}

/// Where a scalar stands decides which forms it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A value on its own lines.
    Block,
    /// Inside `{…}` or `[…]`, or a key: one line.
    Flow,
}

/// A value as it follows `key:` or `-`: the rest of that line and the lines below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// What stands on the same line.
    pub(super) inline: String,
    /// The lines below, indented.
    pub(super) below: Vec<String>,
}

/// A whole file.
pub(super) fn document(root: &Node) -> String {
    let mut out = String::new();
    if let Node::Map(entries) = root {
        for (position, (key, value)) in entries.iter().enumerate() {
            if position > 0 && is_block(key) {
                out.push('\n');
            }
            for line in entry(key, value, 0) {
                out.push_str(&line);
                out.push('\n');
            }
        }
    }
    out
}

/// `key: value` in a block map whose keys stand at this column.
pub(super) fn entry(key: &str, value: &Node, column: usize) -> Vec<String> {
    let written = value_at(value, column);
    let key = scalar_text(key, Place::Flow, 0).inline;
    let mut first = format!("{:column$}{key}:", "");
    if !written.inline.is_empty() {
        first.push(' ');
        first.push_str(&written.inline);
    }
    let mut lines = vec![first];
    lines.extend(written.below);
    lines
}

/// `- value` in a block list whose dashes stand at this column.
pub(super) fn item(value: &Node, column: usize) -> Vec<String> {
    match value {
        Node::Map(entries) if !entries.is_empty() => {
            let mut lines = Vec::new();
            for (position, (key, value)) in entries.iter().enumerate() {
                let mut entry = entry(key, value, column + 2);
                if position == 0
                    && let Some(first) = entry.first_mut()
                {
                    *first = format!("{:column$}- {}", "", first.trim_start());
                }
                lines.append(&mut entry);
            }
            lines
        }
        Node::Null | Node::Text(_) | Node::Plain(_) | Node::List(_) | Node::Map(_) => {
            let written = value_at(value, column);
            let mut lines = vec![if written.inline.is_empty() {
                format!("{:column$}-", "")
            } else {
                format!("{:column$}- {}", "", written.inline)
            }];
            lines.extend(written.below);
            lines
        }
    }
}

/// A value that follows a key (or dash) at this column.
pub(super) fn value_at(value: &Node, column: usize) -> Written {
    match value {
        Node::Null => Written::default(),
        Node::Plain(text) => Written {
            inline: text.clone(),
            below: Vec::new(),
        },
        Node::Text(text) => scalar_text(text, Place::Block, column + 2),
        Node::List(items) if items.is_empty() => Written {
            inline: "[]".to_owned(),
            below: Vec::new(),
        },
        Node::Map(entries) if entries.is_empty() => Written {
            inline: "{}".to_owned(),
            below: Vec::new(),
        },
        Node::List(items) => Written {
            inline: String::new(),
            below: items
                .iter()
                .flat_map(|value| item(value, column + 2))
                .collect(),
        },
        Node::Map(entries) => Written {
            inline: String::new(),
            below: entries
                .iter()
                .flat_map(|(key, value)| entry(key, value, column + 2))
                .collect(),
        },
    }
}

/// A value in one line, for `{…}` and `[…]`.
pub(super) fn flow(value: &Node) -> String {
    match value {
        Node::Null => "null".to_owned(),
        Node::Plain(text) => text.clone(),
        Node::Text(text) => scalar_text(text, Place::Flow, 0).inline,
        Node::List(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Node::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Node::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| {
                    format!(
                        "{}: {}",
                        scalar_text(key, Place::Flow, 0).inline,
                        flow(value)
                    )
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A text as a scalar; the lines of a block stand at `column`.
pub(super) fn scalar_text(text: &str, place: Place, column: usize) -> Written {
    let one_line = |inline: String| Written {
        inline,
        below: Vec::new(),
    };
    if place == Place::Block && text.contains('\n') && fits_block(text) {
        return block(text, column);
    }
    if is_plain(text, place) {
        return one_line(text.to_owned());
    }
    let quotable = !text.chars().any(needs_escape);
    if quotable && text.contains('"') && !text.contains('\'') {
        one_line(format!("'{text}'"))
    } else {
        one_line(double_quoted(text))
    }
}

/// Characters that only a double-quoted text can hold on one line.
fn needs_escape(c: char) -> bool {
    c.is_control() || is_odd(c)
}

/// Line ends of other worlds, marks of byte order and the like.
fn is_odd(c: char) -> bool {
    matches!(
        c,
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

fn fits_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    // More than one line end at the end would take in the empty lines of the file below it.
    !body.ends_with('\n')
        && !body.trim_matches([' ', '\t', '\n']).is_empty()
        && !body
            .rsplit('\n')
            .next()
            .is_some_and(|last| last.trim_matches([' ', '\t']).is_empty())
        && !text
            .chars()
            .any(|c| (c.is_control() && c != '\n' && c != '\t') || is_odd(c))
}

fn block(text: &str, column: usize) -> Written {
    let (body, chomp) = match text.strip_suffix('\n') {
        Some(body) => (body, ""),
        None => (text, "-"),
    };
    let indicator = if body.starts_with([' ', '\t', '\n']) {
        "2"
    } else {
        ""
    };
    Written {
        inline: format!("|{indicator}{chomp}"),
        below: body
            .split('\n')
            .map(|line| {
                if line.is_empty() {
                    String::new()
                } else {
                    format!("{:column$}{line}", "")
                }
            })
            .collect(),
    }
}

/// Whether a text can stand without quotes and is read as that very text by every reader.
fn is_plain(text: &str, place: Place) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    if text.chars().any(needs_escape) || text.trim().len() < text.len() || looks_typed(text) {
        return false;
    }
    if " ,[]{}#&*!|>'\"%@`".contains(first) || text.ends_with([':', '-']) {
        return false;
    }
    if matches!(first, '?' | '-') && chars.next().is_none_or(|second| second == ' ') {
        return false;
    }
    if text.starts_with("---") || text.starts_with("...") || text == "<<" || text == "=" {
        return false;
    }
    if text.contains(": ") || text.contains(" #") {
        return false;
    }
    !(place == Place::Flow && text.contains(['[', ']', '{', '}', ',', ':']))
}

/// Whether a plain text would be read as something else than a text.
fn looks_typed(text: &str) -> bool {
    if matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "~"
            | "null"
            | "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "y"
            | "n"
            | ".nan"
            | ".inf"
            | "+.inf"
            | "-.inf"
            | "nan"
            | "inf"
            | "+inf"
            | "-inf"
            | "infinity"
            | "+infinity"
            | "-infinity"
            | "+.nan"
            | "-.nan"
            | "+nan"
            | "-nan"
    ) {
        return true;
    }
    let digits = text.trim_start_matches(['+', '-']).replace('_', "");
    let digits = digits.as_str();
    let radix = |prefixes: [&str; 2], radix: u32| {
        prefixes
            .iter()
            .find_map(|prefix| digits.strip_prefix(prefix))
            .is_some_and(|rest| rest.chars().all(|c| c.is_digit(radix)))
    };
    let clock = |c: char| c.is_ascii_digit() || c == ':' || c == '.';
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && (digits.parse::<f64>().is_ok()
            || (digits.contains(':') && digits.chars().all(clock))
            || radix(["0x", "0X"], 16)
            || radix(["0o", "0O"], 8)
            || radix(["0b", "0B"], 2))
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if needs_escape(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str("\\u");
                    out.extend(hex_digits(*unit));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn hex_digits(unit: u16) -> impl Iterator<Item = char> {
    [12, 8, 4, 0]
        .into_iter()
        .filter_map(move |shift| char::from_digit(u32::from(unit >> shift) & 15, 16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::format::node::parse;

    #[test]
    fn texts_are_quoted_only_where_they_must() {
        let cases = [
            ("plain text", "plain text"),
            ("{{aws.region}}", "\"{{aws.region}}\""),
            ("https://h/p?a=b", "https://h/p?a=b"),
            ("42", "\"42\""),
            ("2011-06-15", "2011-06-15"),
            ("true", "\"true\""),
            ("", "\"\""),
            ("off", "\"off\""),
            ("1.0.0", "1.0.0"),
            ("1e3", "\"1e3\""),
            ("127.0.0.1", "127.0.0.1"),
            ("12:30", "\"12:30\""),
            ("{\"id\":\"42\"}", "'{\"id\":\"42\"}'"),
            ("it's", "it's"),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("::vpce:443", "::vpce:443"),
            ("-", "\"-\""),
            ("- x", "\"- x\""),
            ("-x", "-x"),
            ("tab\there", "\"tab\\there\""),
            ("서울", "서울"),
        ];
        for (text, written) in cases {
            assert_eq!(
                scalar_text(text, Place::Block, 2).inline,
                written,
                "{text:?}"
            );
        }
    }

    #[test]
    fn lines_become_a_block() {
        let node = Node::Map(vec![
            ("a".into(), Node::text("x\n y\n\nz")),
            ("b".into(), Node::text("x\n")),
            ("c".into(), Node::text("  x\ny")),
            ("d".into(), Node::text("x\n\n")),
            ("e".into(), Node::text("x\r\ny")),
        ]);
        let text = document(&node);
        assert_eq!(
            text,
            "a: |-\n  x\n   y\n\n  z\nb: \"x\\n\"\nc: |2-\n    x\n  y\nd: \"x\\n\\n\"\ne: \"x\\r\\ny\"\n"
                .replace("b: \"x\\n\"", "b: |\n  x")
        );
        assert_eq!(parse(&text).unwrap(), node);
    }

    fn any_node() -> impl proptest::strategy::Strategy<Value = Node> {
        use proptest::prelude::*;
        let text = prop_oneof![
            "[a-z0-9 :#'\"{}\\[\\],|>\\-?&*!%@`~.+_=<\n\t]{0,12}",
            "\\PC{0,8}",
            "[0-9.eExob+_-]{1,6}",
            "[ \n]{0,3}[a-z]{0,3}[ \n]{0,3}",
        ];
        let leaf = prop_oneof![
            text.prop_map(Node::Text),
            Just(Node::Null),
            (0u32..500).prop_map(Node::plain),
            any::<bool>().prop_map(Node::plain),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Node::List),
                proptest::collection::btree_map("[a-zA-Z0-9.: -]{1,6}", inner, 0..4)
                    .prop_map(|map| Node::Map(map.into_iter().collect())),
            ]
        })
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_again(inner in any_node()) {
            let node = Node::Map(vec![("k".into(), inner.clone()), ("z".into(), Node::plain(1))]);
            let text = document(&node);
            proptest::prop_assert_eq!(parse(&text).unwrap(), node, "{}", text);
            let line = format!("k: {}\n", flow(&inner));
            let node = Node::Map(vec![("k".into(), inner)]);
            proptest::prop_assert_eq!(parse(&line).unwrap(), node, "{}", line);
        }
    }
}
