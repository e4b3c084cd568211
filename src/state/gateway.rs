//! What the window knows of the practice gateway.

use std::collections::VecDeque;
use std::time::SystemTime;

use super::{About, AppState, Effect, Failure};

/// How many calls are kept for the log.
const MOST_CALLS: usize = 50;

/// Whether the practice gateway runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GatewayStatus {
    /// It does not.
    #[default]
    Stopped,
    /// It is about to.
    Starting,
    /// It does.
    Running {
        /// The practice API with its stage, without a slash at the end.
        url: String,
        /// The address it listens on.
        listen: String,
    },
    /// It could not start.
    Failed(Failure),
}

/// A call that the practice gateway answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayCall {
    /// When, by the system's clock.
    pub at: SystemTime,
    /// The method.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// Why, in a few words.
    pub verdict: String,
}

/// The practice gateway as the window sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gateway {
    /// Whether it runs.
    pub status: GatewayStatus,
    calls: VecDeque<GatewayCall>,
}

impl Gateway {
    /// Whether it runs or is about to.
    pub fn is_on(&self) -> bool {
        matches!(
            self.status,
            GatewayStatus::Starting | GatewayStatus::Running { .. }
        )
    }

    /// Notes a call.
    pub fn note(&mut self, call: GatewayCall) {
        self.calls.push_front(call);
        self.calls.truncate(MOST_CALLS);
    }

    /// The last calls, newest first.
    pub fn calls(&self) -> impl ExactSizeIterator<Item = &GatewayCall> {
        self.calls.iter()
    }
    /// Starts it, unless it is on.
    pub(super) fn start(&mut self) -> Option<Effect> {
        if self.is_on() {
            return None;
        }
        self.status = GatewayStatus::Starting;
        Some(Effect::StartGateway)
    }

    /// Stops it, if it is on.
    pub(super) fn stop(&self) -> Option<Effect> {
        self.is_on().then_some(Effect::StopGateway)
    }
}

impl AppState {
    /// Takes in whether it runs; the practice requests follow it.
    pub(super) fn gateway_is(&mut self, status: GatewayStatus) {
        if let GatewayStatus::Failed(failure) = &status {
            self.fail_about(About::Gateway, failure.clone());
        } else {
            self.notices.solved(&About::Gateway);
        }
        self.workspace.follow_gateway(&status);
        self.gateway.status = status;
    }
}
