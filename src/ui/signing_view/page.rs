//! What the page says, before anything is drawn: every text with its secrets masked.

use std::fmt::Write as _;
use std::ops::Range;

use super::part::{SigningPart, SigningSource};
use super::rules::Doc;
use crate::secret::SecretString;
use crate::ui::theme::Provenance;

/// What a value says that is not there before sending.
pub(super) const WHEN_SENT: &str = "made when sent";

/// The five steps, ready to be shown.
pub(super) struct Page {
    /// It follows a draft.
    pub(super) is_draft: bool,
    /// The time of the signature, `10:12:03 UTC`.
    pub(super) clock: String,
    /// Who signs for what.
    pub(super) facts: Vec<Fact>,
    /// The id of the key that signed; a draft has none yet.
    pub(super) key_id: Option<String>,
    /// What speaks against it and belongs to no line.
    pub(super) warnings: Vec<Warning>,
    /// The steps.
    pub(super) steps: Vec<Step>,
    /// Whether the keys may be shown.
    pub(super) keys: KeyAccess,
    /// They are a key pair, not a chain.
    pub(super) is_pair: bool,
}

/// Whether the keys of step 3 may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyAccess {
    /// There are none before sending.
    None,
    /// They are those of example credentials.
    Examples,
    /// Whoever sees them can sign.
    Guarded,
}

/// Something said above the steps: a name, a value, and where the value came from.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) from: Option<String>,
    /// What it is about.
    pub(super) part: SigningPart,
    /// Where it can be changed.
    pub(super) source: Option<SigningSource>,
    /// What speaks against it.
    pub(super) warnings: Vec<Warning>,
}

/// Something that speaks against what is signed, in words.
pub(super) struct Warning {
    pub(super) text: String,
    /// The page that says more.
    pub(super) link: Option<&'static str>,
}

/// A step.
pub(super) struct Step {
    pub(super) number: u8,
    pub(super) name: &'static str,
    /// What it does, in one sentence.
    pub(super) rule: &'static str,
    pub(super) doc: Doc,
    pub(super) blocks: Vec<Block>,
    /// What is to be known of it, in words.
    pub(super) notes: Vec<&'static str>,
    /// What its copy button copies; none if there is nothing yet.
    pub(super) copy: Option<String>,
}

/// Lines on one ground.
pub(super) struct Block {
    /// What they are, where that is not the step's name.
    pub(super) title: Option<&'static str>,
    pub(super) lines: Vec<Line>,
    /// How many bytes they are together, line feeds included; `None` for what is no text of the
    /// signature.
    pub(super) bytes: Option<usize>,
}

/// A line of a step.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of the line"
)]
pub(super) struct Line {
    /// What it is about: first what it is itself, then what else it holds or follows from.
    pub(super) parts: Vec<SigningPart>,
    /// The text, without its line feed.
    pub(super) text: String,
    /// What it is, at its end.
    pub(super) word: &'static str,
    /// What it came from.
    pub(super) hue: Option<Provenance>,
    /// Pieces of the text that came from something else.
    pub(super) pieces: Vec<(Range<usize>, Provenance)>,
    /// Words behind the text.
    pub(super) words: &'static str,
    /// The bytes of a key, as hex digits.
    pub(super) key: Option<SecretString>,
    /// It stands for something that is not there yet.
    pub(super) is_missing: bool,
    /// It continues the line above.
    pub(super) is_continued: bool,
    /// It is text that is hashed: its spaces count.
    pub(super) is_verbatim: bool,
    /// A line feed follows.
    pub(super) ends_with_feed: bool,
    /// How many bytes the text is; `None` while some of it is masked.
    pub(super) bytes: Option<usize>,
    /// Its rule.
    pub(super) rule: &'static str,
    /// The page that says so.
    pub(super) doc: Option<Doc>,
    /// Where it came from and why it is there, in a sentence.
    pub(super) why: String,
    /// Where in the editor it came from.
    pub(super) source: Option<SigningSource>,
    /// Where on this page it came from: a step and what the line there is about.
    pub(super) comes_from: Option<(u8, SigningPart)>,
    /// What speaks against it.
    pub(super) warnings: Vec<Warning>,
    /// A number that tells two values apart even where both are masked.
    pub(super) identity: u64,
}

impl Line {
    /// A line about something, with its text.
    pub(super) fn new(part: SigningPart, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            parts: vec![part],
            word: "",
            hue: None,
            pieces: Vec::new(),
            words: "",
            key: None,
            is_missing: false,
            is_continued: false,
            is_verbatim: false,
            ends_with_feed: false,
            bytes: Some(text.len()),
            rule: "",
            doc: None,
            why: String::new(),
            source: None,
            comes_from: None,
            warnings: Vec::new(),
            identity: identity(&text),
            text,
        }
    }

    /// With a word at its end.
    pub(super) fn word(mut self, word: &'static str) -> Self {
        self.word = word;
        self
    }

    /// About this too.
    pub(super) fn about(mut self, parts: impl IntoIterator<Item = SigningPart>) -> Self {
        self.parts.extend(parts);
        self
    }

    /// With its rule.
    pub(super) fn rule(mut self, (rule, doc): (&'static str, Doc)) -> Self {
        self.rule = rule;
        self.doc = Some(doc);
        self
    }

    /// With the reason why it is there.
    pub(super) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// Where in the editor it came from.
    pub(super) fn source(mut self, source: Option<SigningSource>) -> Self {
        self.source = source;
        self
    }

    /// Where on this page it came from.
    pub(super) fn comes_from(mut self, step: u8, part: SigningPart) -> Self {
        self.comes_from = Some((step, part));
        self
    }

    /// What it is about.
    pub(super) fn part(&self) -> Option<&SigningPart> {
        self.parts.first()
    }
}

/// A number that differs for texts that differ.
pub(super) fn identity(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Block {
    /// Lines that are no text of the signature.
    pub(super) fn of(lines: Vec<Line>) -> Self {
        Self {
            title: None,
            lines,
            bytes: None,
        }
    }

    /// The lines as text.
    pub(super) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

impl Page {
    /// All five steps as text.
    pub(super) fn as_text(&self) -> String {
        let mut out = String::new();
        for fact in &self.facts {
            out.push_str(fact.name);
            out.push_str(": ");
            out.push_str(&fact.value);
            if let Some(from) = &fact.from {
                out.push_str(" (from ");
                out.push_str(from);
                out.push(')');
            }
            out.push('\n');
        }
        for step in &self.steps {
            // Writing to a String cannot fail.
            writeln!(out, "\n{}. {}\n", step.number, step.name).ok();
            let text = step.copy.as_deref().unwrap_or(WHEN_SENT);
            for line in text.split('\n') {
                out.push_str("    ");
                out.push_str(line);
                out.push('\n');
            }
            for block in step.blocks.iter().skip(1) {
                for line in block.lines.iter().filter(|line| !line.word.is_empty()) {
                    writeln!(out, "    {}: {}", line.word, line.text).ok();
                }
            }
        }
        out
    }
}
