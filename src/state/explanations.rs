//! Why the tabs' calls were refused.
//!
//! ```text
//! Send ─▶ watch(job) ─▶ answered with 400 or more ─▶ Effect::Explain ─▶ Explained ─▶ take
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{AppState, Effect, ExchangeState, TabId};
use crate::exchange::{ExchangeId, SendJob};
use crate::explain::Explanation;

/// The first status code of an answer that is explained.
const REFUSED: u16 = 400;

/// What is said of the tabs' last answers.
#[derive(Clone, Debug, Default)]
pub struct Explanations {
    told: BTreeMap<TabId, (ExchangeId, Arc<Explanation>)>,
    /// What is being sent.
    watched: BTreeMap<TabId, Box<SendJob>>,
}

impl Explanations {
    /// What is said of a tab's answer, once it is known.
    pub fn of(&self, tab: TabId, exchange: ExchangeId) -> Option<&Arc<Explanation>> {
        self.told
            .get(&tab)
            .filter(|(known, _)| *known == exchange)
            .map(|(_, explanation)| explanation)
    }

    /// Remembers what is sent until it is answered.
    pub(super) fn watch(&mut self, tab: TabId, job: SendJob) {
        self.watched.insert(tab, Box::new(job));
    }

    /// Takes in what is said of an answer.
    pub(super) fn take(&mut self, tab: TabId, exchange: ExchangeId, told: Arc<Explanation>) {
        // Answers come one after the other; an older explanation may come late.
        let is_newer = self
            .told
            .get(&tab)
            .is_none_or(|(known, _)| *known <= exchange);
        if is_newer {
            self.told.insert(tab, (exchange, told));
        }
    }

    /// Forgets a closed tab.
    pub(super) fn forget(&mut self, tab: TabId) {
        self.told.remove(&tab);
        self.watched.remove(&tab);
    }
}

impl AppState {
    /// The answers that came since the last call and are to be explained.
    pub fn explanations_due(&mut self) -> Vec<Effect> {
        let Self {
            exchanges,
            explanations,
            tabs,
            ..
        } = self;
        let mut due = Vec::new();
        let mut running = BTreeMap::new();
        for (tab, job) in std::mem::take(&mut explanations.watched) {
            let Some(sending) = exchanges.of(tab).filter(|_| tabs.get(tab).is_some()) else {
                continue;
            };
            if sending.id != job.id {
                continue;
            }
            match &sending.state {
                ExchangeState::Preparing { .. } | ExchangeState::InFlight { .. } => {
                    running.insert(tab, job);
                }
                ExchangeState::Done(exchange) if exchange.response.status >= REFUSED => {
                    due.push(Effect::Explain {
                        tab,
                        exchange: Arc::clone(exchange),
                        job,
                    });
                }
                ExchangeState::Done(_) | ExchangeState::Failed(_) | ExchangeState::Cancelled => {}
            }
        }
        explanations.watched = running;
        due
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::state::Command;
    use crate::state::exchanges::tests::finished;
    use crate::state::tests::opened;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn explanation(summary: &str) -> Arc<Explanation> {
        Arc::new(Explanation {
            summary: summary.to_owned(),
            comparison: None,
            causes: Vec::new(),
        })
    }

    #[test]
    fn a_refusal_is_explained_once_and_a_success_never() {
        let (mut state, tab) = opened();
        state.handle(Command::Send(tab), NOW);
        let id = state.exchanges.of(tab).unwrap().id;
        assert!(state.explanations_due().is_empty(), "nothing came yet");
        state.apply(finished(id, 403), NOW);
        match state.explanations_due().as_slice() {
            [
                Effect::Explain {
                    tab: of,
                    exchange,
                    job,
                },
            ] => {
                assert_eq!((*of, exchange.id, job.id), (tab, id, id));
            }
            other => panic!("nothing is explained: {other:?}"),
        }
        assert!(state.explanations_due().is_empty(), "once is enough");
        state.handle(Command::Send(tab), NOW);
        let second = state.exchanges.of(tab).unwrap().id;
        state.apply(finished(second, 200), NOW);
        assert!(state.explanations_due().is_empty());
    }

    #[test]
    fn what_is_said_of_an_older_answer_is_not_shown_for_a_newer_one() {
        let (mut state, tab) = opened();
        let (old, new) = (ExchangeId(1), ExchangeId(2));
        for (exchange, summary) in [(new, "new"), (old, "old")] {
            state.handle(
                Command::Explained {
                    tab,
                    exchange,
                    explanation: explanation(summary),
                },
                NOW,
            );
        }
        assert_eq!(state.explanations.of(tab, new).unwrap().summary, "new");
        assert!(state.explanations.of(tab, old).is_none());
        state.handle(Command::CloseTab(tab), NOW);
        assert!(state.explanations.of(tab, new).is_none());
        let late = Command::Explained {
            tab,
            exchange: new,
            explanation: explanation("late"),
        };
        state.handle(late, NOW);
        assert!(
            state.explanations.of(tab, new).is_none(),
            "the tab is closed"
        );
    }
}
