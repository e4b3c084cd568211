//! What differs between the page that is shown and another one, line by line.

use std::collections::BTreeMap;

use super::page::{Line, Page, Step};
use super::part::SigningPart;
use crate::sigv4::CanonicalPart;

/// Where a line stands: step, block, line, all from 0.
type Place = (usize, usize, usize);

/// What the other page has in place of a line that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other<'a> {
    /// This text.
    Text(&'a str),
    /// No such line.
    Nothing,
}

/// What differs from another page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// What stands in the other page for lines that differ; `None` for lines that it has not.
    others: BTreeMap<Place, Option<String>>,
    /// Lines that only the other page has, by step and block.
    gone: BTreeMap<(usize, usize), Vec<String>>,
    /// What differs, in words and in the page's order; but for the time and what follows from it.
    pub(super) words: Vec<String>,
}

impl Changes {
    /// Finds them. Lines are the same ones when they are about the same.
    pub(super) fn between(shown: &Page, other: &Page) -> Self {
        let mut changes = Self::default();
        let is_draft = shown.is_draft || other.is_draft;
        changes.signer(shown, other);
        for (s, (step, other)) in shown.steps.iter().zip(&other.steps).enumerate() {
            changes.step(s, step, other, is_draft);
        }
        changes
    }

    /// Who signs is named even where no line of the canonical request tells it.
    fn signer(&mut self, shown: &Page, other: &Page) {
        let of = |page: &Page| {
            let fact = page.facts.iter().find(|f| f.part == SigningPart::KeyId);
            fact.map(|fact| fact.value.clone())
        };
        if let (Some(ours), Some(theirs)) = (of(shown), of(other)) {
            // A draft knows the profile's name alone.
            let is_same = match (shown.is_draft, other.is_draft) {
                (true, false) => theirs.contains(&format!("“{ours}”")),
                (false, true) => ours.contains(&format!("“{theirs}”")),
                _ => ours == theirs,
            };
            if !is_same {
                self.words.push(format!("signed as {ours}, not {theirs}"));
            }
        }
        if let (Some(ours), Some(theirs)) = (&shown.key_id, &other.key_id)
            && ours != theirs
        {
            self.words.push(format!("key id {ours}, not {theirs}"));
        }
    }

    fn step(&mut self, s: usize, step: &Step, other: &Step, is_draft: bool) {
        for (b, block) in step.blocks.iter().enumerate() {
            let twin = other
                .blocks
                .iter()
                .enumerate()
                .find(|(index, twin)| twin.title == block.title && (b == 0) == (*index == 0));
            let theirs: &[Line] = twin
                .map(|(_, twin)| twin.lines.as_slice())
                .unwrap_or_default();
            for (l, line) in block.lines.iter().enumerate() {
                let twin = theirs.iter().find(|twin| twin.part() == line.part());
                match twin {
                    Some(twin) if twin.is_missing || line.is_missing => {}
                    Some(twin) if twin.identity == line.identity => {}
                    // A draft does not know the secrets that it will be sent with.
                    Some(twin) if is_draft && twin.text == line.text => {}
                    Some(twin) => {
                        let text = if twin.text == line.text {
                            "another value, masked too".to_owned()
                        } else {
                            twin.text.clone()
                        };
                        self.others.insert((s, b, l), Some(text));
                        self.note(line);
                    }
                    None => {
                        self.others.insert((s, b, l), None);
                        self.note(line);
                    }
                }
            }
            for twin in theirs {
                if !block.lines.iter().any(|line| line.part() == twin.part()) {
                    let gone = self.gone.entry((s, b)).or_default();
                    gone.push(twin.text.clone());
                    self.note(twin);
                }
            }
        }
    }

    fn note(&mut self, line: &Line) {
        let word = match line.part() {
            Some(SigningPart::Request(CanonicalPart::Header(name))) if name == "x-amz-date" => {
                return;
            }
            Some(SigningPart::Request(CanonicalPart::Header(name))) => name.clone(),
            // With every sending there is another time, and what follows from it.
            Some(SigningPart::Time | SigningPart::RequestHash | SigningPart::Signature) => return,
            _ => line.word.to_owned(),
        };
        if !word.is_empty() && !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    /// What the other page has in place of a line, if that differs.
    pub(super) fn at(&self, place: Place) -> Option<Other<'_>> {
        let other = self.others.get(&place)?;
        Some(other.as_deref().map_or(Other::Nothing, Other::Text))
    }

    /// Lines that only the other page has in a block.
    pub(super) fn gone(&self, step: usize, block: usize) -> &[String] {
        self.gone
            .get(&(step, block))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether nothing differs.
    pub(super) fn is_empty(&self) -> bool {
        self.others.is_empty() && self.gone.is_empty() && self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::signing_view::page::{Block, KeyAccess};
    use crate::ui::signing_view::rules;

    fn page(lines: Vec<Line>) -> Page {
        Page {
            is_draft: false,
            clock: String::new(),
            facts: Vec::new(),
            key_id: None,
            warnings: Vec::new(),
            steps: vec![Step {
                number: 1,
                name: "",
                rule: "",
                doc: rules::ADDED,
                blocks: vec![Block::of(lines)],
                notes: Vec::new(),
                copy: None,
            }],
            keys: KeyAccess::None,
            is_pair: false,
        }
    }

    fn header(name: &str, value: &str) -> Line {
        Line::new(SigningPart::header(name), format!("{name}:{value}")).word("header")
    }

    #[test]
    fn lines_are_compared_by_what_they_are_about_not_by_their_number() {
        let old = page(vec![
            header("a", "1"),
            header("gone", "x"),
            header("z", "1"),
        ]);
        let new = page(vec![header("a", "2"), header("new", "y"), header("z", "1")]);
        let changes = Changes::between(&new, &old);
        assert_eq!(changes.at((0, 0, 0)), Some(Other::Text("a:1")));
        assert_eq!(changes.at((0, 0, 1)), Some(Other::Nothing));
        assert_eq!(changes.at((0, 0, 2)), None);
        assert_eq!(changes.gone(0, 0), ["gone:x"]);
        assert_eq!(changes.words, ["a", "new", "gone"]);
        assert!(Changes::between(&new, &new).is_empty());
    }

    #[test]
    fn another_signer_is_named_though_no_line_differs() {
        let signed_as = |name: &str, key_id: &str| {
            let name = format!("profile “{name}” (built in)");
            let mut page = page(vec![header("a", "1")]);
            page.facts.push(crate::ui::signing_view::page::Fact {
                name: "Signed as",
                value: name,
                from: None,
                part: SigningPart::KeyId,
                source: None,
                warnings: Vec::new(),
            });
            page.key_id = Some(key_id.to_owned());
            page
        };
        let old = signed_as("practice", "AKIAIOSFODNN7EXAMPLE");
        let new = signed_as("practice-wrong-secret", "AKIAIOSFODNN7EXAMPLE");
        let changes = Changes::between(&new, &old);
        assert_eq!(
            changes.words,
            [
                "signed as profile “practice-wrong-secret” (built in), not profile “practice” (built in)"
            ]
        );
        assert!(!changes.is_empty());
        let other_key = signed_as("practice", "AKIAI44QH8DHBEXAMPLE");
        assert_eq!(
            Changes::between(&other_key, &old).words,
            ["key id AKIAI44QH8DHBEXAMPLE, not AKIAIOSFODNN7EXAMPLE"]
        );
        assert!(Changes::between(&old, &old).is_empty());
        let mut draft = signed_as("practice", "");
        (draft.is_draft, draft.key_id) = (true, None);
        draft.facts[0].value = "practice".to_owned();
        assert!(Changes::between(&draft, &old).is_empty());
    }

    #[test]
    fn a_masked_value_that_is_another_one_is_told_without_showing_it() {
        let mut old = header("x-api-key", "••••••");
        let mut new = header("x-api-key", "••••••");
        (old.identity, new.identity) = (1, 2);
        let changes = Changes::between(&page(vec![new]), &page(vec![old]));
        assert_eq!(
            changes.at((0, 0, 0)),
            Some(Other::Text("another value, masked too"))
        );
    }
}
