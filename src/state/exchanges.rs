//! What became of each tab's sendings: only legal steps are taken.
//!
//! ```text
//! Preparing{stage} ─▶ InFlight{since, received} ─▶ Done(exchange)
//!        │                     │            └────▶ Failed(error)
//!        └─────────────────────┴─────────────────▶ Cancelled
//! ```
//!
//! An event of another sending than the tab's last, or one that comes after the end, is dropped.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use super::TabId;
use crate::exchange::{
    Exchange, ExchangeId, SendError, SendErrorKind, SendEvent, SendProgress, SendStage,
};

/// How far a sending is.
#[derive(Clone, Debug)]
pub enum ExchangeState {
    /// Not on the wire yet.
    Preparing {
        /// What is being done.
        stage: SendStage,
        /// How many bytes of the body's file are hashed, and of how many.
        hashed: Option<(u64, u64)>,
    },
    /// On the wire.
    InFlight {
        /// Since when.
        since: SystemTime,
        /// How many bytes of the body's file are on their way, and of how many.
        sent: Option<(u64, u64)>,
        /// Bytes of the answer's body so far.
        received: u64,
    },
    /// Answered.
    Done(Arc<Exchange>),
    /// Ended without an answer.
    Failed(Arc<SendError>),
    /// Stopped by the user.
    Cancelled,
}

impl ExchangeState {
    /// Whether it is not over.
    pub fn is_running(&self) -> bool {
        match self {
            Self::Preparing { .. } | Self::InFlight { .. } => true,
            Self::Done(_) | Self::Failed(_) | Self::Cancelled => false,
        }
    }
}

/// A tab's last sending.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Which one.
    pub id: ExchangeId,
    /// When Send was pressed.
    pub started: SystemTime,
    /// How far it is.
    pub state: ExchangeState,
    /// The answer before it, shown until there is a new one.
    pub previous: Option<Arc<Exchange>>,
    /// The answer before that one.
    pub before: Option<Arc<Exchange>>,
}

impl Sending {
    /// The answer to show: this sending's, else the one before it.
    pub fn shown(&self) -> Option<&Arc<Exchange>> {
        match &self.state {
            ExchangeState::Done(exchange) => Some(exchange),
            ExchangeState::Preparing { .. }
            | ExchangeState::InFlight { .. }
            | ExchangeState::Failed(_)
            | ExchangeState::Cancelled => self.previous.as_ref(),
        }
    }
}

impl Sending {
    /// The answer before the one to show.
    pub fn before_shown(&self) -> Option<&Arc<Exchange>> {
        match &self.state {
            ExchangeState::Done(_) => self.previous.as_ref(),
            ExchangeState::Preparing { .. }
            | ExchangeState::InFlight { .. }
            | ExchangeState::Failed(_)
            | ExchangeState::Cancelled => self.before.as_ref(),
        }
    }
}

/// The last sending of every tab.
#[derive(Clone, Debug, Default)]
pub struct Exchanges {
    next: u64,
    by_tab: BTreeMap<TabId, Sending>,
}

impl Exchanges {
    /// A tab's last sending.
    pub fn of(&self, tab: TabId) -> Option<&Sending> {
        self.by_tab.get(&tab)
    }

    /// Whether a tab's sending is not over.
    pub fn is_running(&self, tab: TabId) -> bool {
        self.of(tab)
            .is_some_and(|sending| sending.state.is_running())
    }

    /// Whether any sending is not over.
    pub fn any_running(&self) -> bool {
        self.by_tab
            .values()
            .any(|sending| sending.state.is_running())
    }

    /// Begins a sending; `None` while the tab's last one runs, so that a second press sends
    /// nothing twice.
    pub fn begin(&mut self, tab: TabId, now: SystemTime) -> Option<ExchangeId> {
        if self.is_running(tab) {
            return None;
        }
        self.next += 1;
        let id = ExchangeId(self.next);
        let (previous, before) = match self.by_tab.remove(&tab) {
            Some(last) => (last.shown().cloned(), last.before_shown().cloned()),
            None => (None, None),
        };
        self.by_tab.insert(
            tab,
            Sending {
                id,
                started: now,
                state: ExchangeState::Preparing {
                    stage: SendStage::Resolving,
                    hashed: None,
                },
                previous,
                before,
            },
        );
        Some(id)
    }

    /// Stops a tab's sending, if it runs.
    pub fn cancel(&mut self, tab: TabId) -> Option<ExchangeId> {
        let sending = self.by_tab.get_mut(&tab)?;
        if !sending.state.is_running() {
            return None;
        }
        sending.state = ExchangeState::Cancelled;
        Some(sending.id)
    }

    /// Forgets a closed tab; gives the id of a sending that still runs.
    pub fn forget(&mut self, tab: TabId) -> Option<ExchangeId> {
        let running = self.cancel(tab);
        self.by_tab.remove(&tab);
        running
    }

    /// Takes a step; `false` when the event is stale or impossible and was dropped.
    pub fn apply(&mut self, event: SendEvent, now: SystemTime) -> bool {
        let Some(sending) = self
            .by_tab
            .values_mut()
            .find(|sending| sending.id == event.id)
        else {
            return false;
        };
        if !sending.state.is_running() {
            return false;
        }
        let in_flight = match sending.state {
            ExchangeState::InFlight {
                since,
                sent,
                received,
            } => Some((since, sent, received)),
            ExchangeState::Preparing { .. }
            | ExchangeState::Done(_)
            | ExchangeState::Failed(_)
            | ExchangeState::Cancelled => None,
        };
        sending.state = match (event.progress, in_flight) {
            (
                SendProgress::Stage(
                    stage @ (SendStage::Resolving
                    | SendStage::Credentials
                    | SendStage::Hashing
                    | SendStage::Signing),
                ),
                None,
            ) => ExchangeState::Preparing {
                stage,
                hashed: None,
            },
            (SendProgress::Hashed { bytes, of }, None) => ExchangeState::Preparing {
                stage: SendStage::Hashing,
                hashed: Some((bytes, of)),
            },
            // A stage before sending cannot follow it.
            (
                SendProgress::Stage(
                    SendStage::Resolving
                    | SendStage::Credentials
                    | SendStage::Hashing
                    | SendStage::Signing,
                )
                | SendProgress::Hashed { .. },
                Some(_),
            )
            // Nothing can be on its way or arrive before it was sent.
            | (SendProgress::Sent { .. } | SendProgress::Received { .. }, None) => return false,
            (SendProgress::Stage(SendStage::Sending | SendStage::Receiving), known) => {
                let (since, sent, received) = known.unwrap_or((now, None, 0));
                ExchangeState::InFlight {
                    since,
                    sent,
                    received,
                }
            }
            (SendProgress::Sent { bytes, of }, Some((since, _, received))) => {
                ExchangeState::InFlight {
                    since,
                    sent: Some((bytes, of)),
                    received,
                }
            }
            (SendProgress::Received { bytes }, Some((since, sent, received))) => ExchangeState::InFlight {
                since,
                sent,
                received: bytes.max(received),
            },
            (SendProgress::Finished(Ok(exchange)), _) => ExchangeState::Done(exchange),
            (SendProgress::Finished(Err(error)), _) if error.kind == SendErrorKind::Cancelled => {
                ExchangeState::Cancelled
            }
            (SendProgress::Finished(Err(error)), _) => ExchangeState::Failed(error),
        };
        true
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::exchange::{RequestRecord, ResponseBody, ResponseRecord, Timings};
    use crate::secret::Redactor;

    /// An answered exchange with a status.
    pub(crate) fn exchange(id: ExchangeId, status: u16) -> Arc<Exchange> {
        Arc::new(Exchange {
            id,
            sent_at: SystemTime::UNIX_EPOCH,
            request: RequestRecord::new(
                "GET",
                "http://h/",
                &[],
                Bytes::new(),
                &Redactor::default(),
            ),
            signing: None,
            response: ResponseRecord {
                status,
                reason: "OK".into(),
                http_version: "HTTP/1.1".into(),
                headers: Vec::new(),
                wire_bytes: 0,
                body: ResponseBody::new(Bytes::new(), ""),
            },
            timings: Timings::default(),
        })
    }

    pub(crate) fn finished(id: ExchangeId, status: u16) -> SendEvent {
        SendEvent {
            id,
            progress: SendProgress::Finished(Ok(exchange(id, status))),
        }
    }

    const TAB: TabId = TabId(1);
    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn step(id: ExchangeId, stage: SendStage) -> SendEvent {
        SendEvent {
            id,
            progress: SendProgress::Stage(stage),
        }
    }

    #[test]
    fn the_legal_way() {
        let mut all = Exchanges::default();
        let id = all.begin(TAB, NOW).unwrap();
        assert!(
            all.begin(TAB, NOW).is_none(),
            "a second press sends nothing"
        );
        for stage in [
            SendStage::Credentials,
            SendStage::Signing,
            SendStage::Sending,
        ] {
            assert!(all.apply(step(id, stage), NOW));
        }
        let later = NOW + Duration::from_secs(1);
        let received = |bytes| SendEvent {
            id,
            progress: SendProgress::Received { bytes },
        };
        assert!(all.apply(received(10), later));
        assert!(all.apply(received(4), later));
        assert!(matches!(
            all.of(TAB).unwrap().state,
            ExchangeState::InFlight { since, received: 10, .. } if since == NOW
        ));
        assert!(all.apply(finished(id, 200), later));
        assert!(!all.any_running());
        assert_eq!(all.of(TAB).unwrap().shown().unwrap().response.status, 200);
    }

    #[test]
    fn a_file_is_hashed_before_it_is_sent() {
        let mut all = Exchanges::default();
        let id = all.begin(TAB, NOW).unwrap();
        let tell = |progress| SendEvent { id, progress };
        let hashed = tell(SendProgress::Hashed { bytes: 1, of: 2 });
        let sent = tell(SendProgress::Sent { bytes: 1, of: 2 });
        assert!(all.apply(step(id, SendStage::Hashing), NOW));
        assert!(all.apply(hashed.clone(), NOW));
        assert!(matches!(
            all.of(TAB).unwrap().state,
            ExchangeState::Preparing {
                stage: SendStage::Hashing,
                hashed: Some((1, 2))
            }
        ));
        assert!(!all.apply(sent.clone(), NOW), "not on its way yet");
        all.apply(step(id, SendStage::Signing), NOW);
        all.apply(step(id, SendStage::Sending), NOW);
        assert!(!all.apply(hashed, NOW), "backwards");
        assert!(all.apply(sent, NOW));
        assert!(matches!(
            all.of(TAB).unwrap().state,
            ExchangeState::InFlight {
                sent: Some((1, 2)),
                received: 0,
                ..
            }
        ));
    }

    #[test]
    fn stale_and_impossible_events_are_dropped() {
        let mut all = Exchanges::default();
        assert!(!all.apply(finished(ExchangeId(9), 200), NOW), "unknown");
        let id = all.begin(TAB, NOW).unwrap();
        let early = SendEvent {
            id,
            progress: SendProgress::Received { bytes: 1 },
        };
        assert!(!all.apply(early, NOW), "received before it was sent");
        all.apply(step(id, SendStage::Sending), NOW);
        assert!(!all.apply(step(id, SendStage::Signing), NOW), "backwards");
        all.apply(finished(id, 200), NOW);
        assert!(!all.apply(finished(id, 500), NOW), "twice");
        assert_eq!(all.of(TAB).unwrap().shown().unwrap().response.status, 200);
    }

    #[test]
    fn a_failed_sending_keeps_both_answers_before_it() {
        let (mut state, tab) = crate::state::tests::opened();
        let now = SystemTime::UNIX_EPOCH;
        let mut ids = Vec::new();
        for _ in 0..2 {
            state.handle(crate::state::Command::Send(tab), now);
            let id = state.exchanges.of(tab).unwrap().id;
            state.apply(finished(id, 200), now);
            ids.push(id);
        }
        let before = |state: &crate::state::AppState| {
            let sending = state.exchanges.of(tab).unwrap();
            (
                sending.shown().map(|exchange| exchange.id),
                sending.before_shown().map(|exchange| exchange.id),
            )
        };
        assert_eq!(before(&state), (Some(ids[1]), Some(ids[0])));
        for _ in 0..2 {
            state.handle(crate::state::Command::Send(tab), now);
            state.handle(crate::state::Command::Cancel(tab), now);
            assert_eq!(before(&state), (Some(ids[1]), Some(ids[0])));
        }
    }

    #[test]
    fn an_answer_after_cancel_changes_nothing_and_the_previous_one_stays() {
        let mut all = Exchanges::default();
        let first = all.begin(TAB, NOW).unwrap();
        all.apply(finished(first, 200), NOW);
        let second = all.begin(TAB, NOW).unwrap();
        assert_eq!(all.of(TAB).unwrap().shown().unwrap().id, first);
        assert_eq!(all.cancel(TAB), Some(second));
        assert_eq!(all.cancel(TAB), None);
        assert!(!all.apply(finished(second, 500), NOW));
        assert!(matches!(
            all.of(TAB).unwrap().state,
            ExchangeState::Cancelled
        ));
        assert_eq!(all.of(TAB).unwrap().shown().unwrap().id, first);
        let third = all.begin(TAB, NOW).unwrap();
        assert!(
            !all.apply(finished(second, 500), NOW),
            "of an older sending"
        );
        assert!(all.apply(finished(third, 201), NOW));
        assert_eq!(all.of(TAB).unwrap().shown().unwrap().response.status, 201);
    }

    #[test]
    fn a_closed_tab_is_forgotten() {
        let mut all = Exchanges::default();
        let id = all.begin(TAB, NOW).unwrap();
        assert_eq!(all.forget(TAB), Some(id));
        assert!(!all.apply(finished(id, 200), NOW));
        assert!(all.of(TAB).is_none());
    }
}
