//! Why calls are refused, found out off the window's thread.

use std::sync::Arc;
use std::time::SystemTime;

use super::effects::{Outbox, failure};
use crate::credentials::{Profiles, ResolvedCredentials};
use crate::engine::{Engine, credentials_of};
use crate::exchange::{Exchange, SendJob};
use crate::explain::{Evidence, Explanation, Known, explain as explanation_for};
use crate::sigv4::RequestDateTime;
use crate::state::{Command, PastedJob, TabId, answer_pasted};

/// Finds out why a call was refused, with the keys that signed it if they can be had.
pub(super) fn explain(
    engine: &Engine,
    outbox: Outbox,
    tab: TabId,
    exchange: Arc<Exchange>,
    job: Box<SendJob>,
) {
    let ports = Arc::clone(engine.ports());
    engine.handle().spawn(async move {
        let keys = match exchange.signing {
            Some(_) => credentials_of(&job, &ports).await,
            None => None,
        };
        let id = exchange.id;
        let found =
            tokio::task::spawn_blocking(move || explanation_of(&exchange, keys.as_ref())).await;
        match found {
            Ok(explanation) => {
                outbox
                    .send(Command::Explained {
                        tab,
                        exchange: id,
                        explanation: Arc::new(explanation),
                    })
                    .await;
            }
            Err(error) => tracing::error!(%error, "a refusal could not be explained"),
        }
    });
}

/// What is said of a refused call; nothing of it holds a secret that went into the request.
fn explanation_of(exchange: &Exchange, keys: Option<&ResolvedCredentials>) -> Explanation {
    let evidence = Evidence::of_exchange(exchange);
    let signer = evidence
        .request
        .as_ref()
        .and_then(|request| request.signature.as_ref()?.access_key_id());
    // A session may have been renewed since: its keys did not sign this call.
    let keys = keys.filter(|keys| signer == Some(keys.credentials.access_key_id.as_str()));
    let known = Known {
        keys: keys.map(|keys| &keys.credentials),
        expires_at: keys
            .and_then(|keys| keys.expires_at)
            .map(RequestDateTime::new),
        now: Some(RequestDateTime::new(
            exchange.sent_at + exchange.timings.total,
        )),
        sent_at: Some(RequestDateTime::new(exchange.sent_at)),
        attempt: None,
    };
    explanation_for(&evidence, &known).redacted(&exchange.request.redactor)
}

/// Reads a pasted text. Of several that are read at once, the state takes the last.
pub(super) fn read_pasted(engine: &Engine, outbox: Outbox, job: PastedJob, now: SystemTime) {
    let ports = Arc::clone(engine.ports());
    engine.handle().spawn(async move {
        let keys = match &job.question.profile {
            Some(profile) => ports.credentials.load(profile, now).await.ok(),
            None => None,
        };
        let revision = job.question.revision;
        let read = tokio::task::spawn_blocking(move || {
            answer_pasted(&job, keys.as_ref().map(|keys| &keys.credentials))
        });
        let Ok(answer) = read.await else {
            // What a panic says may hold the text.
            tracing::error!("a pasted text could not be read");
            return;
        };
        outbox
            .send(Command::PastedRead {
                revision,
                answer: Box::new(answer),
            })
            .await;
    });
}

/// Drops a profile's temporary credentials; the tab is sent again then.
pub(super) fn renew(
    engine: &Engine,
    outbox: Outbox,
    profiles: Arc<Profiles>,
    profile: String,
    tab: TabId,
) {
    engine.handle().spawn(async move {
        let result = profiles.renew(&profile).await.map_err(failure);
        outbox
            .send(Command::CredentialsRenewed { tab, result })
            .await;
    });
}
