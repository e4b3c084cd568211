//! Which secret variables have a value in the store: only that, never the value.

use std::collections::BTreeMap;

use super::{AppState, Failure, NoticeLevel};
use crate::collection::SecretRef;

/// What is known of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    known: BTreeMap<SecretRef, bool>,
    /// Whether secrets outlive this run.
    pub are_kept: bool,
}

impl Default for Secrets {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
            are_kept: true,
        }
    }
}

impl Secrets {
    /// Whether a secret has a value; `None` when nobody asked yet.
    pub fn has_value(&self, secret: &SecretRef) -> Option<bool> {
        self.known.get(secret).copied()
    }

    pub(super) fn note(&mut self, secret: SecretRef, has_value: bool) {
        self.known.insert(secret, has_value);
    }
}

impl AppState {
    /// Takes in that a value was stored, or was not.
    pub(super) fn secret_stored(&mut self, secret: SecretRef, result: Result<(), Failure>) {
        match result {
            Ok(()) => {
                let text = format!("Value of “{}” stored", secret.variable);
                self.notices.add(NoticeLevel::Success, text, None);
                self.secrets.note(secret, true);
            }
            Err(failure) => self.fail(failure),
        }
    }
}
