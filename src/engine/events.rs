//! Events from the workers to whoever polls.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::exchange::{Exchange, ExchangeId, SendError, SendEvent, SendProgress, SendStage};

/// Called after every event; in the window it asks for a repaint.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Where the pipeline tells what happens. Telling and waking are one call, so that neither is
/// forgotten.
#[derive(Clone)]
pub struct EventSink {
    target: Option<(mpsc::Sender<SendEvent>, Wake)>,
}

impl EventSink {
    pub(super) fn new(sender: mpsc::Sender<SendEvent>, wake: Wake) -> Self {
        Self {
            target: Some((sender, wake)),
        }
    }

    /// A sink that nobody listens to.
    pub fn silent() -> Self {
        Self { target: None }
    }

    pub(super) fn stage(&self, id: ExchangeId, stage: SendStage) {
        self.tell(SendEvent {
            id,
            progress: SendProgress::Stage(stage),
        });
    }

    pub(super) fn hashed(&self, id: ExchangeId, bytes: u64, of: u64) {
        self.tell(SendEvent {
            id,
            progress: SendProgress::Hashed { bytes, of },
        });
    }

    pub(super) fn sent(&self, id: ExchangeId, bytes: u64, of: u64) {
        self.tell(SendEvent {
            id,
            progress: SendProgress::Sent { bytes, of },
        });
    }

    pub(super) fn received(&self, id: ExchangeId, bytes: u64) {
        self.tell(SendEvent {
            id,
            progress: SendProgress::Received { bytes },
        });
    }

    /// Progress may be dropped when nobody reads.
    fn tell(&self, event: SendEvent) {
        if let Some((sender, wake)) = &self.target {
            sender.try_send(event).ok();
            wake();
        }
    }

    /// The end is always delivered; it waits for room.
    pub(super) async fn finished(&self, id: ExchangeId, result: Result<Arc<Exchange>, SendError>) {
        if let Some((sender, wake)) = &self.target {
            let progress = SendProgress::Finished(result.map_err(Arc::new));
            // The receiver is gone only when the engine is.
            sender.send(SendEvent { id, progress }).await.ok();
            wake();
        }
    }
}
