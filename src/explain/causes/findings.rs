//! Causes while they are gathered.

use super::catalogue;
use crate::explain::{Cause, Likelihood, Mending};

/// What was found so far.
#[derive(Debug, Default)]
pub(in crate::explain) struct Findings(Vec<Cause>);

/// A cause that is being told.
pub(super) struct Telling<'a>(&'a mut Cause);

impl Findings {
    /// Adds a cause of the catalogue, or makes one that is there more likely.
    pub(super) fn add(&mut self, code: &'static str, likelihood: Likelihood) -> Telling<'_> {
        let index = self.0.iter().position(|cause| cause.code == code);
        let index = index.unwrap_or_else(|| {
            let known = catalogue().find(|entry| entry.code == code);
            let (title, fix) = known.map_or((code, ""), |entry| (entry.title, entry.fix));
            self.0.push(Cause {
                code,
                title: title.to_owned(),
                likelihood,
                evidence: Vec::new(),
                fix: fix.to_owned(),
                mending: None,
            });
            self.0.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "it was found or pushed right here")]
        let cause = &mut self.0[index];
        cause.likelihood = cause.likelihood.min(likelihood);
        Telling(cause)
    }

    /// Whether something was found.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a cause was found, that sure or surer.
    pub(super) fn has(&self, code: &str, likelihood: Likelihood) -> bool {
        self.0
            .iter()
            .any(|cause| cause.code == code && cause.likelihood <= likelihood)
    }

    /// Whether anything was found that sure or surer.
    pub(super) fn is_sure(&self, likelihood: Likelihood) -> bool {
        self.0.iter().any(|cause| cause.likelihood <= likelihood)
    }

    /// Adds what was seen to the likeliest cause.
    pub(super) fn note(&mut self, evidence: &str) {
        if let Some(cause) = self.0.iter_mut().min_by_key(|cause| cause.likelihood) {
            Telling(cause).saw(evidence);
        }
    }

    /// The likeliest first.
    pub(in crate::explain) fn in_order(mut self) -> Vec<Cause> {
        self.0.sort_by_key(|cause| cause.likelihood);
        self.0
    }
}

impl Telling<'_> {
    /// What was seen.
    pub(super) fn saw(self, evidence: impl Into<String>) -> Self {
        let evidence = evidence.into();
        if !self.0.evidence.contains(&evidence) {
            self.0.evidence.push(evidence);
        }
        self
    }

    /// A better fix than the catalogue's.
    pub(super) fn fix(self, fix: impl Into<String>) -> Self {
        self.0.fix = fix.into();
        self
    }

    /// What the tool can do.
    pub(super) fn mend(self, mending: impl Into<Option<Mending>>) -> Self {
        if let Some(mending) = mending.into() {
            self.0.mending.get_or_insert(mending);
        }
        self
    }
}
