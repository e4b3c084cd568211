//! The task that starts and stops the practice gateway, one after the other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::effects::Outbox;
use crate::credentials::Profiles;
use crate::gateway::{CallLog, Gateway, GatewayError, GatewayOptions};
use crate::practice;
use crate::state::{Command, Failure, GatewayCall, GatewayStatus};

/// How many wishes may wait.
const QUEUE: usize = 16;

/// A wish.
#[derive(Clone, Copy, Debug)]
pub(super) enum GatewayJob {
    /// Start it if it does not run.
    Start,
    /// Stop it if it runs.
    Stop,
}

/// The task and its queue.
pub(super) struct GatewayWorker {
    jobs: mpsc::Sender<GatewayJob>,
}

impl GatewayWorker {
    /// Starts the task; the gateway itself starts when it is told to.
    pub(super) fn start(
        handle: &Handle,
        listen: SocketAddr,
        profiles: Arc<Profiles>,
        outbox: Outbox,
    ) -> Self {
        let (jobs, mut queue) = mpsc::channel(QUEUE);
        handle.spawn(async move {
            let mut running: Option<Gateway> = None;
            while let Some(job) = queue.recv().await {
                match job {
                    GatewayJob::Start if running.is_some() => {}
                    GatewayJob::Start => {
                        let status = match start(listen, &outbox).await {
                            Ok(gateway) => {
                                profiles.set_practice_sts(Some(gateway.sts_url()));
                                let status = status_of(&gateway);
                                running = Some(gateway);
                                status
                            }
                            Err(error) => {
                                GatewayStatus::Failed(Failure::new(error.to_string(), None))
                            }
                        };
                        outbox.send(Command::GatewayIs(status)).await;
                    }
                    GatewayJob::Stop => {
                        if let Some(gateway) = running.take() {
                            gateway.shutdown().await;
                        }
                        profiles.set_practice_sts(None);
                        outbox
                            .send(Command::GatewayIs(GatewayStatus::Stopped))
                            .await;
                    }
                }
            }
        });
        Self { jobs }
    }

    /// Puts a wish at the end of the queue; never waits.
    pub(super) fn send(&self, job: GatewayJob) {
        if self.jobs.try_send(job).is_err() {
            tracing::debug!("too many wishes for the practice gateway");
        }
    }
}

/// Starts at the usual place; where somebody else listens there, at a free one.
async fn start(listen: SocketAddr, outbox: &Outbox) -> Result<Gateway, GatewayError> {
    let outbox = outbox.clone();
    let options = GatewayOptions {
        listen,
        on_call: Some(Arc::new(move |call: &CallLog| {
            outbox.send_if_room(Command::GatewayCalled(told(call)));
        })),
        ..GatewayOptions::default()
    };
    match Gateway::start(options.clone()).await {
        Err(GatewayError::Bind { addr, .. }) if addr.port() != 0 => {
            let anywhere = SocketAddr::new(addr.ip(), 0);
            Gateway::start(GatewayOptions {
                listen: anywhere,
                ..options
            })
            .await
        }
        other => other,
    }
}

fn status_of(gateway: &Gateway) -> GatewayStatus {
    GatewayStatus::Running {
        url: format!("{}/{}", gateway.url(), practice::STAGE),
        listen: gateway.addr().to_string(),
    }
}

fn told(call: &CallLog) -> GatewayCall {
    let verdict = match (call.error_type, call.checks.last(), &call.caller) {
        (Some(error), Some(check), _) => format!("{error} at the check “{}”", check.gate.name()),
        (Some(error), None, _) => error.to_owned(),
        (None, _, Some(caller)) => format!("signed by {caller}"),
        (None, ..) => "not signed".to_owned(),
    };
    GatewayCall {
        at: SystemTime::now(),
        method: call.method.clone(),
        path: call.path.clone(),
        status: call.status,
        verdict,
    }
}
