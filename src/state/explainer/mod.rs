//! The page on which a pasted text is explained.
//!
//! ```text
//! the text rests ─▶ ReadPasted(question) ─▶ Effect::ReadPasted(job) ─▶ answer_pasted ─▶ PastedRead
//! ```
//!
//! What is pasted may hold secrets. It is kept by the page alone, goes through here in wiped
//! memory, and what is told of it has its secrets masked; nothing of it is written anywhere.

mod answer;
mod draft;
mod recomputed;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

pub use answer::{PastedReading, answer_pasted};
pub use recomputed::Recomputed;

use super::{AppState, Effect, TabId};
use crate::collection::RequestDraft;
use crate::exchange::SigningPreview;
use crate::explain::{ClientSteps, ReadError};
use crate::secret::{Redactor, SecretString};

/// What stands on the left of the comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ours {
    /// What the text itself says that its client computed, or has to have computed.
    #[default]
    Text,
    /// The request of the tab that was shown last, as it would be signed now.
    Draft,
    /// The last call of that tab.
    Exchange,
}

/// What the page asks about a text. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PastedQuestion {
    /// Which question; later ones are greater.
    pub revision: u64,
    /// The text.
    pub text: SecretString,
    /// What to compare with.
    pub ours: Ours,
    /// The profile that was to sign, so that the signature can be computed again.
    pub profile: Option<String>,
}

impl fmt::Debug for PastedQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastedQuestion")
            .field("revision", &self.revision)
            .field("ours", &self.ours)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// A question with what the window knows for it. `Debug` shows nothing of the texts.
#[derive(Clone, PartialEq, Eq)]
pub struct PastedJob {
    /// The question.
    pub question: PastedQuestion,
    /// Our steps, if they are not to be the text's own.
    pub ours: Option<ClientSteps>,
    /// Which request they are of: `GET pets`.
    pub subject: Option<String>,
    /// The secrets that went into them.
    pub redactor: Redactor,
    /// When it was asked.
    pub now: SystemTime,
}

impl fmt::Debug for PastedJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastedJob")
            .field("question", &self.question)
            .finish_non_exhaustive()
    }
}

/// What became of a question.
pub type PastedAnswer = Result<Arc<PastedReading>, ReadError>;

/// Whether the page is open, and what was found out.
#[derive(Clone, Debug, Default)]
pub struct Explainer {
    is_open: bool,
    is_shown: bool,
    asked: u64,
    answer: Option<(u64, PastedAnswer)>,
}

impl Explainer {
    /// Whether it has a tab.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether it is shown in place of a request.
    pub fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// The last answer; it stays while the next one is looked for.
    pub fn answer(&self) -> Option<&PastedAnswer> {
        self.answer.as_ref().map(|(_, answer)| answer)
    }

    /// Whether the last question is not answered yet.
    pub fn is_reading(&self) -> bool {
        self.answer
            .as_ref()
            .map_or(self.asked > 0, |(answered, _)| *answered < self.asked)
    }

    pub(super) fn show(&mut self) {
        self.is_open = true;
        self.is_shown = true;
    }

    pub(super) fn hide(&mut self) {
        self.is_shown = false;
    }

    /// Closes the page; an answer that is still on its way is dropped.
    pub(super) fn close(&mut self) {
        *self = Self::default();
    }

    pub(super) fn take(&mut self, revision: u64, answer: PastedAnswer) {
        if self.is_open && revision == self.asked {
            self.answer = Some((revision, answer));
        }
    }
}

impl AppState {
    /// Puts what the window knows beside a question.
    pub(super) fn read_pasted(&mut self, question: PastedQuestion, now: SystemTime) -> Vec<Effect> {
        if !self.explainer.is_open {
            return Vec::new();
        }
        self.explainer.asked = question.revision;
        if question.text.expose().trim().is_empty() {
            // Nothing is left of what was there before.
            self.explainer.answer = None;
            self.explainer.asked = 0;
            return Vec::new();
        }
        let (ours, redactor) = match question.ours {
            Ours::Text => (None, Redactor::default()),
            Ours::Draft => (self.steps_of_draft(), Redactor::default()),
            Ours::Exchange => self.steps_of_exchange(),
        };
        let subject = match question.ours {
            Ours::Text => None,
            Ours::Draft | Ours::Exchange => self.subject(),
        };
        vec![Effect::ReadPasted(Box::new(PastedJob {
            question,
            ours,
            subject,
            redactor,
            now,
        }))]
    }

    /// The request that is compared with, in words.
    fn subject(&self) -> Option<String> {
        let draft = &self.tabs.active()?.draft;
        Some(format!("{} {}", draft.method, draft.name))
    }

    /// The steps of the draft that is shown, or was before the page; secrets in them are dots.
    fn steps_of_draft(&self) -> Option<ClientSteps> {
        let derived = self.tabs.active()?.derived()?;
        let SigningPreview::Ready(ready) = &derived.preview.signing else {
            return None;
        };
        Some(ClientSteps {
            canonical_request: Some(ready.steps.masked_request().to_string()),
            string_to_sign: Some(ready.steps.string_to_sign.to_string()),
            is_masked: true,
        })
    }

    fn steps_of_exchange(&self) -> (Option<ClientSteps>, Redactor) {
        let exchange = self
            .tabs
            .active()
            .and_then(|tab| self.exchanges.of(tab.id)?.shown());
        let Some(exchange) = exchange else {
            return (None, Redactor::default());
        };
        let steps = exchange
            .signing
            .as_ref()
            .and_then(|signing| signing.trace.trace())
            .map(|trace| ClientSteps {
                canonical_request: Some(trace.steps.canonical_request.to_string()),
                string_to_sign: Some(trace.steps.string_to_sign.to_string()),
                is_masked: false,
            });
        (steps, exchange.request.redactor.clone())
    }

    /// Makes a request in a tab from what was pasted.
    pub(super) fn open_pasted(&mut self) {
        let draft = match self.explainer.answer() {
            Some(Ok(reading)) => reading.draft.clone(),
            Some(Err(_)) | None => None,
        };
        let Some(draft) = draft else { return };
        let id = self.tabs.open(None, draft);
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.is_pasted = true;
            // It has no file and says something: closing it asks.
            tab.set_saved(RequestDraft::new("New request"));
        }
        self.explainer.hide();
    }

    /// Shows the tab so many places to the right; the page stands behind the last one.
    pub(super) fn step_tab(&mut self, by: isize) {
        if !self.explainer.is_open {
            self.tabs.step(by);
            return;
        }
        let ids: Vec<TabId> = self.tabs.iter().map(|tab| tab.id).collect();
        let active = self.tabs.active().map(|tab| tab.id);
        let at = if self.explainer.is_shown {
            ids.len()
        } else {
            ids.iter()
                .position(|id| Some(*id) == active)
                .unwrap_or(ids.len())
        };
        let count = ids.len().cast_signed() + 1;
        let next = (at.cast_signed() + by).rem_euclid(count).cast_unsigned();
        match ids.get(next) {
            Some(id) => {
                self.explainer.hide();
                self.tabs.show(*id);
            }
            None => self.explainer.show(),
        }
    }
}

#[cfg(test)]
mod tests;
