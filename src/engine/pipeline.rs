//! The one path of a request.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::body_file::{self, Wanted};
use super::transport::{Answer, CallProgress, OutgoingCall};
use super::{EventSink, Ports};
use crate::credentials::{ResolvedCredentials, SecretKey};
use crate::exchange::{
    DecodeError, Exchange, RequestRecord, ResponseBody, ResponseRecord, SendError, SendErrorKind,
    SendJob, SendStage, SigningRecord, decode_content,
};
use crate::request::{AwsAuth, Header, ResolveErrorKind, ResolvedAuth, ResolvedRequest, resolve};
use crate::secret::Redactor;
use crate::sigv4::{
    Credentials, RequestDateTime, Scope, SignedRequest, SigningInput, SigningOverrides,
    choose_scope, sign,
};
use crate::template::{Origin, Reveal, VariableSet};

/// Sends a job and waits for its end: for callers that have their own runtime.
pub async fn send(job: &SendJob, ports: &Ports) -> Result<Arc<Exchange>, SendError> {
    run(job, ports, &EventSink::silent(), &CancellationToken::new()).await
}

/// Does everything but sending: for showing what would be sent. A job whose auth is not Signature
/// Version 4 gives `None`.
pub async fn sign_without_sending(
    job: &SendJob,
    ports: &Ports,
) -> Result<Option<(SignedRequest, SigningRecord)>, SendError> {
    let sink = EventSink::silent();
    let request = resolving(job, ports, &sink).await?;
    match authenticated(job, request, ports, &sink).await? {
        Ready::Signed(request, record) => Ok(Some((*request, *record))),
        Ready::Unsigned(_) => Ok(None),
    }
}

/// The credentials that a job is signed with; `None` if it is not signed, or if they are not to be
/// had. For those who look at a signature afterwards.
pub async fn credentials_of(job: &SendJob, ports: &Ports) -> Option<ResolvedCredentials> {
    let request = resolving(job, ports, &EventSink::silent()).await.ok()?;
    let ResolvedAuth::AwsSigV4(auth) = request.auth() else {
        return None;
    };
    credentials(job, auth, ports, ports.clock.now()).await.ok()
}

/// Runs a job through all stages.
pub(super) async fn run(
    job: &SendJob,
    ports: &Ports,
    sink: &EventSink,
    cancel: &CancellationToken,
) -> Result<Arc<Exchange>, SendError> {
    let work = async {
        let request = resolving(job, ports, sink).await?;
        let ready = authenticated(job, request, ports, sink).await?;
        calling(job, ready, ports, sink).await
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(fail(SendStage::Sending, SendErrorKind::Cancelled, None)),
        result = work => result,
    }
}

/// A failure that is a bug.
pub(super) fn internal(what: &str) -> SendError {
    fail(
        SendStage::Sending,
        SendErrorKind::Internal(what.to_owned()),
        Some("please report it".to_owned()),
    )
}

fn fail(stage: SendStage, kind: SendErrorKind, hint: Option<String>) -> SendError {
    SendError { stage, kind, hint }
}

/// Stage 1: fetches the secrets that the draft reaches, and fills everything in.
async fn resolving(
    job: &SendJob,
    ports: &Ports,
    sink: &EventSink,
) -> Result<ResolvedRequest, SendError> {
    sink.stage(job.id, SendStage::Resolving);
    let mut variables = job
        .context
        .variables_for(&job.draft, &job.runtime_variables);
    fetch_secrets(job, &mut variables, ports).await?;
    let resolved =
        resolve(&job.draft, &job.context, &variables, Reveal::Secrets).map_err(|errors| {
            // A secret that is missing is a matter of credentials, as a missing key is.
            let only_secrets = errors.0.iter().all(|error| {
                matches!(
                    &error.kind,
                    ResolveErrorKind::Variable(
                        crate::template::TemplateError::SecretNotAtHand { .. }
                    )
                )
            });
            let kind = if only_secrets && !errors.0.is_empty() {
                SendErrorKind::Secrets(errors.to_string())
            } else {
                SendErrorKind::Resolve(errors)
            };
            fail(SendStage::Resolving, kind, None)
        })?;
    let resolved = match &job.options.raw_body {
        Some(body) => resolved.with_body(body.clone()),
        None => resolved,
    };
    // Whether the file is there is asked first: it is the cheapest question.
    looked_at(
        job,
        resolved.with_file_in(&job.folder),
        Wanted::Length,
        sink,
    )
    .await
}

/// The request with what is found of its body's file, if it has one.
async fn looked_at(
    job: &SendJob,
    request: ResolvedRequest,
    wanted: Wanted,
    sink: &EventSink,
) -> Result<ResolvedRequest, SendError> {
    let Some(file) = request.body().file() else {
        return Ok(request);
    };
    if wanted == Wanted::LengthAndHash {
        sink.stage(job.id, SendStage::Hashing);
    }
    let progress = {
        let (sink, id) = (sink.clone(), job.id);
        Box::new(move |bytes, of| sink.hashed(id, bytes, of))
    };
    let facts = body_file::facts(file.path.clone(), wanted, progress).await;
    let facts = facts.map_err(|kind| {
        let kind = redacted(kind, request.redactor());
        let hint = file_hint(&kind);
        fail(SendStage::Hashing, kind, hint)
    })?;
    Ok(request.with_file_facts(facts))
}

/// What to do about a file that cannot be sent.
fn file_hint(kind: &SendErrorKind) -> Option<String> {
    let hint = match kind {
        SendErrorKind::File(error) => error.hint(),
        SendErrorKind::FileChanged { .. } => {
            "the server did not get the whole of it; send again when nothing writes to the file any more"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

async fn fetch_secrets(
    job: &SendJob,
    variables: &mut VariableSet,
    ports: &Ports,
) -> Result<(), SendError> {
    let mut texts = job.draft.texts();
    texts.extend(
        job.context
            .headers
            .iter()
            .flat_map(|(row, _)| [row.name.as_str(), row.value.as_str()]),
    );
    texts.extend(job.context.auth_for(&job.draft).0.texts());
    for (origin, name) in variables.missing_secrets(texts) {
        let key = SecretKey::Variable(job.context.secret_ref(&origin, &name));
        let store = Arc::clone(&ports.secrets);
        let fetched = spawn_blocking(move || store.get(&key))
            .await
            .map_err(|error| internal(&error.to_string()))?;
        match fetched {
            Ok(Some(secret)) => variables.put_secret(&origin, &name, &secret),
            // Resolving says which variable has no value, and where it stands.
            Ok(None) => {}
            Err(error) => {
                let message =
                    format!("the secret variable `{name}` ({origin}) cannot be read: {error}");
                return Err(fail(
                    SendStage::Resolving,
                    SendErrorKind::Secrets(message),
                    Some(error.hint().to_owned()),
                ));
            }
        }
    }
    Ok(())
}

/// A request with everything that will be sent.
enum Ready {
    Signed(Box<SignedRequest>, Box<SigningRecord>),
    Unsigned(Box<ResolvedRequest>),
}

impl Ready {
    fn headers(&self) -> &[Header] {
        match self {
            Self::Signed(request, _) => request.headers(),
            Self::Unsigned(request) => request.headers(),
        }
    }
}

/// Stages 2 and 3: credentials and signature, if the auth asks for them. There is no way round:
/// a request whose auth is Signature Version 4 leaves this function signed or not at all.
async fn authenticated(
    job: &SendJob,
    request: ResolvedRequest,
    ports: &Ports,
    sink: &EventSink,
) -> Result<Ready, SendError> {
    let ResolvedAuth::AwsSigV4(auth) = request.auth().clone() else {
        return Ok(Ready::Unsigned(Box::new(request)));
    };
    sink.stage(job.id, SendStage::Credentials);
    let now = ports.clock.now();
    let resolved = credentials(job, &auth, ports, now).await?;

    let profile_region = resolved
        .region
        .as_deref()
        .map(|region| (resolved.signed_as.as_str(), region));
    let chosen = SigningOverrides::from_choices(&auth.choices).map_err(|error| {
        fail(
            SendStage::Signing,
            SendErrorKind::Choice(Box::new(error)),
            None,
        )
    })?;
    let overrides = job.options.signing.clone().or(chosen);
    let Scope { region, service } = choose_scope(&auth, request.host(), profile_region, &overrides)
        .map_err(|error| {
            let kind = SendErrorKind::Scope(error);
            fail(SendStage::Signing, kind, Some(error.hint().to_owned()))
        })?;
    let settings = overrides.for_service(&service.value);
    let request = if settings.unsigned_payload {
        request
    } else {
        looked_at(job, request, Wanted::LengthAndHash, sink).await?
    };

    sink.stage(job.id, SendStage::Signing);
    let input = SigningInput {
        credentials: &resolved.credentials,
        region: &region.value,
        service: &service.value,
        time: job
            .options
            .time
            // Not the time before: credentials and a large file may have taken a while.
            .unwrap_or_else(|| RequestDateTime::new(ports.clock.now()))
            .plus_seconds(overrides.clock_offset_seconds.unwrap_or_default()),
        settings: &settings,
    };
    let signed =
        sign(&request, &input).map_err(|error| fail(SendStage::Signing, error.into(), None))?;
    let record = SigningRecord {
        trace: signed.trace().clone(),
        signed_as: resolved.signed_as,
        region,
        service,
    };
    Ok(Ready::Signed(Box::new(signed), Box::new(record)))
}

async fn credentials(
    job: &SendJob,
    auth: &AwsAuth,
    ports: &Ports,
    now: SystemTime,
) -> Result<ResolvedCredentials, SendError> {
    if job.profile.is_none()
        && let Some((access_key_id, secret_access_key, session_token)) = &auth.keys
    {
        return Ok(ResolvedCredentials {
            credentials: Credentials {
                access_key_id: access_key_id.clone(),
                secret_access_key: secret_access_key.clone(),
                session_token: session_token.clone(),
            },
            signed_as: format!("keys in the auth of {}", of(&auth.origin)),
            region: None,
            expires_at: None,
        });
    }
    let Some(profile) = job.profile.as_deref().or(auth.profile_name.as_deref()) else {
        let kind = SendErrorKind::Credentials(
            "the request is to be signed, but no profile is named to sign as".to_owned(),
        );
        let hint =
            "choose one under Auth, or with --profile; `countersign profiles list` shows them"
                .to_owned();
        return Err(fail(SendStage::Credentials, kind, Some(hint)));
    };
    ports.credentials.load(profile, now).await.map_err(|error| {
        let kind = if error.is_network {
            SendErrorKind::CredentialsUnreachable(error.message)
        } else {
            SendErrorKind::Credentials(error.message)
        };
        fail(SendStage::Credentials, kind, error.hint)
    })
}

/// The origin as it stands behind “of”.
fn of(origin: &Origin) -> String {
    match origin {
        Origin::Request => origin.to_string(),
        other => format!("the {other}"),
    }
}

/// Stages 4 and 5: over the wire and back.
async fn calling(
    job: &SendJob,
    ready: Ready,
    ports: &Ports,
    sink: &EventSink,
) -> Result<Arc<Exchange>, SendError> {
    sink.stage(job.id, SendStage::Sending);
    let (method, url, body, own_timeout, redactor) = match &ready {
        Ready::Signed(request, _) => (
            request.method(),
            request.url(),
            request.body(),
            request.timeout(),
            request.redactor(),
        ),
        Ready::Unsigned(request) => (
            request.method(),
            request.url(),
            request.body(),
            request.timeout(),
            request.redactor(),
        ),
    };
    let record = RequestRecord::new(
        method.as_str(),
        url.as_str(),
        ready.headers(),
        body,
        redactor,
    );
    let timeout = own_timeout.unwrap_or(job.options.timeout);
    let call = OutgoingCall {
        method: method.clone(),
        url: url.clone(),
        headers: ready
            .headers()
            .iter()
            .map(|header| (header.name.clone(), header.value.clone()))
            .collect(),
        body: body.clone(),
        connect_to: job.options.connect_to.clone(),
        max_body: job.options.max_body,
    };
    let sent_at = ports.clock.now();
    let progress = |progress: CallProgress| match progress {
        CallProgress::Sent(bytes, of) => sink.sent(job.id, bytes, of),
        CallProgress::Headers => sink.stage(job.id, SendStage::Receiving),
        CallProgress::Received(bytes) => sink.received(job.id, bytes),
    };
    let answer = tokio::time::timeout(timeout, ports.transport.call(call, &progress))
        .await
        .map_err(|_elapsed| timed_out(timeout))?
        .map_err(|kind| {
            let hint = file_hint(&kind);
            fail(SendStage::Sending, redacted(kind, redactor), hint)
        })?;
    let (response, timings) = prepared(answer, job.options.max_body, redactor.clone()).await?;
    let signing = match ready {
        Ready::Signed(_, record) => Some(*record),
        Ready::Unsigned(_) => None,
    };
    Ok(Arc::new(Exchange {
        id: job.id,
        sent_at,
        request: record,
        signing,
        response,
        timings,
    }))
}

/// A host and the name of a file may come from a secret variable.
fn redacted(kind: SendErrorKind, redactor: &Redactor) -> SendErrorKind {
    let clean = |text: String| redactor.redact(&text);
    match kind {
        SendErrorKind::Dns { host, reason } => SendErrorKind::Dns {
            host: clean(host),
            reason: clean(reason),
        },
        SendErrorKind::Connect { host, reason } => SendErrorKind::Connect {
            host: clean(host),
            reason: clean(reason),
        },
        SendErrorKind::Tls { host, reason } => SendErrorKind::Tls {
            host: clean(host),
            reason: clean(reason),
        },
        SendErrorKind::File(error) => SendErrorKind::File(error.map_path(clean)),
        SendErrorKind::FileChanged { path, change } => SendErrorKind::FileChanged {
            path: clean(path),
            change,
        },
        other => other,
    }
}

fn timed_out(bound: Duration) -> SendError {
    let kind = SendErrorKind::Timeout { bound };
    fail(
        SendStage::Sending,
        kind,
        Some("raise the time-out (Settings, --timeout), or look whether the API hangs".to_owned()),
    )
}

/// Decodes and prepares the body where it blocks nobody.
async fn prepared(
    answer: Answer,
    limit: u64,
    redactor: Redactor,
) -> Result<(ResponseRecord, crate::exchange::Timings), SendError> {
    let Answer {
        status,
        http_version,
        reason,
        headers,
        wire,
        timings,
    } = answer;
    let header = |name: &str| {
        headers
            .iter()
            .find(|header| header.name == name)
            .map(|header| header.value.clone())
            .unwrap_or_default()
    };
    let (encoding, content_type) = (header("content-encoding"), header("content-type"));
    let wire_bytes = wire.len() as u64;
    let body = spawn_blocking(move || {
        decode_content(wire, &encoding, limit)
            .map(|bytes| ResponseBody::redacted(bytes, &content_type, &redactor))
    })
    .await
    .map_err(|error| internal(&error.to_string()))?
    .map_err(|error| {
        let kind = match error {
            DecodeError::TooLarge(limit) => SendErrorKind::TooLarge { limit },
            DecodeError::Broken(_) => SendErrorKind::BrokenAnswer(error.to_string()),
        };
        fail(SendStage::Receiving, kind, None)
    })?;
    Ok((
        ResponseRecord {
            status,
            reason,
            http_version,
            headers,
            wire_bytes,
            body,
        },
        timings,
    ))
}
