//! File names from the names that people give: valid on every system, unique in their folder.

/// How long a name may get, in bytes; with the extension and a number it stays far below 255.
const LONGEST: usize = 120;

/// Names that Windows keeps for devices.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Names that mean something else in a collection.
const RESERVED: [&str; 4] = ["folder", "opencollection", "environments", "node_modules"];

/// The stem for a name: `GET pets/dogs?` → `GET pets-dogs-`, without what any system forbids.
pub(super) fn safe_stem(name: &str) -> String {
    let replaced: String = name
        .trim()
        .chars()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
            c if c.is_control() => '-',
            c => c,
        })
        .collect();
    let mut stem = String::new();
    for c in replaced.chars() {
        if stem.len() + c.len_utf8() > LONGEST {
            break;
        }
        stem.push(c);
    }
    // Windows drops dots and spaces at the end; a dot at the start hides a file.
    let stem = stem.trim_end_matches(['.', ' ']).trim_start_matches('.');
    let stem = if stem.is_empty() { "untitled" } else { stem };
    let lower = stem.to_lowercase();
    let device = lower.split('.').next().unwrap_or_default();
    if DEVICES.contains(&device) || RESERVED.contains(&lower.as_str()) {
        format!("{stem}-1")
    } else {
        stem.to_owned()
    }
}

/// A free file name for a stem; letter case does not make a difference, as on macOS and Windows.
pub(super) fn free_name(stem: &str, extension: &str, taken: impl Fn(&str) -> bool) -> String {
    let first = format!("{stem}{extension}");
    if !taken(&first) {
        return first;
    }
    let mut number = 1_u32;
    loop {
        let name = format!("{stem}-{number}{extension}");
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_valid_everywhere() {
        let cases = [
            ("Get order", "Get order"),
            ("GET /pets/{id}?a=b", "GET -pets-{id}-a=b"),
            ("..", "untitled"),
            ("../../etc/passwd", "-..-etc-passwd"),
            ("a\\b", "a-b"),
            (" dots... ", "dots"),
            ("CON", "CON-1"),
            ("nul.txt", "nul.txt-1"),
            ("folder", "folder-1"),
            ("Environments", "Environments-1"),
            (".git", "git"),
            ("", "untitled"),
            ("주문 조회", "주문 조회"),
            ("a\u{0}b\nc", "a-b-c"),
        ];
        for (name, stem) in cases {
            assert_eq!(safe_stem(name), stem, "{name:?}");
        }
        assert!(safe_stem(&"é".repeat(500)).len() <= LONGEST);
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let taken = ["a.yml", "a-1.yml"];
        assert_eq!(
            free_name("a", ".yml", |name| taken.contains(&name)),
            "a-2.yml"
        );
        assert_eq!(free_name("b", "", |_| false), "b");
    }

    proptest::proptest! {
        #[test]
        fn a_stem_never_leads_elsewhere(name in "\\PC{0,60}|[./\\\\ :a]{0,20}") {
            let stem = safe_stem(&name);
            proptest::prop_assert!(!stem.is_empty());
            proptest::prop_assert!(!stem.contains(['/', '\\', '\0', ':']));
            proptest::prop_assert!(!stem.starts_with('.') && !stem.ends_with(['.', ' ']));
        }
    }
}
