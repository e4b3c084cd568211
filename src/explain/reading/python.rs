//! Python's way of printing strings and dictionaries, as its logs show them.

/// The string or bytes literal at the start of a text, and what stands behind it.
pub(super) fn string(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix(['b', 'u']).unwrap_or(text);
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut bytes = Vec::new();
    let mut chars = text.get(1..)?.char_indices();
    while let Some((at, char)) = chars.next() {
        if char == quote {
            let rest = text.get(at + 2..)?;
            return Some((String::from_utf8_lossy(&bytes).into_owned(), rest));
        }
        if char != '\\' {
            push(&mut bytes, char);
            continue;
        }
        let (_, escaped) = chars.next()?;
        let mut number = |digits: usize| {
            let hex: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
            u32::from_str_radix(&hex, 16).ok()
        };
        match escaped {
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'x' => bytes.push(number(2)? as u8),
            'u' => push(&mut bytes, char::from_u32(number(4)?)?),
            'U' => push(&mut bytes, char::from_u32(number(8)?)?),
            '\\' | '\'' | '"' => push(&mut bytes, escaped),
            other => {
                bytes.push(b'\\');
                push(&mut bytes, other);
            }
        }
    }
    None
}

/// The dictionary of strings at the start of a text, and what stands behind it.
pub(super) fn dictionary(text: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut rest = text.strip_prefix('{')?;
    let mut pairs = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', ',', '\n']);
        if let Some(rest) = rest.strip_prefix('}') {
            return Some((pairs, rest));
        }
        let (name, after) = string(rest)?;
        let after = after.trim_start().strip_prefix(':')?.trim_start();
        if let Some((value, after)) = string(after) {
            pairs.push((name, value));
            rest = after;
        } else {
            // A number or a name; what else there is is not read.
            let end = after.find([',', '}'])?;
            let (value, after) = after.split_at(end);
            pairs.push((name, value.trim().to_owned()));
            rest = after;
        }
    }
}

fn push(bytes: &mut Vec<u8>, char: char) {
    let mut buffer = [0; 4];
    bytes.extend(char.encode_utf8(&mut buffer).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_bytes_and_escapes() {
        for (text, expected, rest) in [
            ("'a' b", "a", " b"),
            (r#"b"it's""#, "it's", ""),
            (r"b'\xc3\xa9\n\\\'',", "é\n\\'", ","),
            (r"'\u00e9\d'", "é\\d", ""),
            ("'é'x", "é", "x"),
        ] {
            assert_eq!(string(text), Some((expected.to_owned(), rest)), "{text}");
        }
        for text in ["'a", "a'", "", r"'\x4", r"'\xzz'", "'\\"] {
            assert_eq!(string(text), None, "{text}");
        }
    }

    #[test]
    fn dictionaries() {
        let (pairs, rest) = dictionary("{'A': b'x, }', \"B\": 'y', 'C': 43, 'D': None}>").unwrap();
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [("A", "x, }"), ("B", "y"), ("C", "43"), ("D", "None")]
        );
        assert_eq!(rest, ">");
        assert_eq!(dictionary("{}").unwrap().0, []);
        assert_eq!(dictionary("{'a'"), None);
    }
}
