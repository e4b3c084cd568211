//! Sending: one path, stage by stage.
//!
//! ```text
//! start(SendJob) ─▶ pipeline::run on a worker ─▶ SendEvent… ─▶ wake() ─▶ poll() on the UI thread
//! cancel(id) ─▶ the job's token ─▶ Finished(Err(Cancelled))
//! ```
//!
//! The window starts jobs and polls; the terminal awaits [`send`] itself. Both run the same
//! pipeline over the same [`Ports`].

mod body_file;
mod clock;
mod environment_credentials;
mod events;
mod pipeline;
mod ports;
mod transport;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, Runtime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use body_file::look_at_file;
pub use clock::{Clock, SystemClock};
pub use environment_credentials::EnvironmentCredentials;
pub use events::{EventSink, Wake};
pub use pipeline::{credentials_of, send, sign_without_sending};
pub use ports::Ports;
pub use transport::{Answer, CallProgress, OutgoingCall, ReqwestTransport, Transport};

use crate::exchange::{ExchangeId, SendEvent, SendJob};

/// Events that may wait; progress beyond that is dropped, ends never are.
const EVENT_CAPACITY: usize = 256;

type Running = Arc<Mutex<BTreeMap<ExchangeId, CancellationToken>>>;

/// Runs sendings on its own threads.
pub struct Engine {
    runtime: Runtime,
    ports: Arc<Ports>,
    sink: EventSink,
    events: mpsc::Receiver<SendEvent>,
    running: Running,
}

impl Engine {
    /// Starts two worker threads. `wake` is called after every event, from any thread.
    pub fn new(ports: Ports, wake: Wake) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("engine")
            .enable_all()
            .build()?;
        let (sender, events) = mpsc::channel(EVENT_CAPACITY);
        let sink = EventSink::new(sender, wake);
        Ok(Self {
            runtime,
            ports: Arc::new(ports),
            sink,
            events,
            running: Running::default(),
        })
    }

    /// Begins a sending and returns at once.
    pub fn start(&self, job: SendJob) {
        let token = CancellationToken::new();
        lock(&self.running).insert(job.id, token.clone());
        let (ports, sink, running) = (
            Arc::clone(&self.ports),
            self.sink.clone(),
            Arc::clone(&self.running),
        );
        self.runtime.spawn(async move {
            let id = job.id;
            // A panic in the pipeline must end as a failed sending, not as one that never ends.
            let work = tokio::spawn({
                let sink = sink.clone();
                async move { pipeline::run(&job, &ports, &sink, &token).await }
            });
            let result = work
                .await
                .unwrap_or_else(|error| Err(pipeline::internal(&error.to_string())));
            lock(&running).remove(&id);
            sink.finished(id, result).await;
        });
    }

    /// Stops a sending; one that is over already is left alone.
    pub fn cancel(&self, id: ExchangeId) {
        if let Some(token) = lock(&self.running).get(&id) {
            token.cancel();
        }
    }

    /// The next event, if there is one; never waits.
    pub fn poll(&mut self) -> Option<SendEvent> {
        self.events.try_recv().ok()
    }

    /// The ports that jobs run over.
    pub fn ports(&self) -> &Arc<Ports> {
        &self.ports
    }

    /// For other work off the UI thread.
    pub fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// Cancels everything and waits for it, but not longer than `bound`.
    pub fn shutdown(self, bound: Duration) {
        for token in lock(&self.running).values() {
            token.cancel();
        }
        self.runtime.shutdown_timeout(bound);
    }
}

fn lock(running: &Running) -> std::sync::MutexGuard<'_, BTreeMap<ExchangeId, CancellationToken>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}
