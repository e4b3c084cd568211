//! The socket: hyper on loopback, bounded in every direction.

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::call_log::{CallLog, CallRing};
use super::error::GatewayError;
use super::judge::{CallContext, Judgement, judge, refuse_size};
use super::received::ReceivedRequest;
use super::reply::Reply;
use super::start_info::StartInfo;
use super::world::World;
use crate::denial::{MessageProfile, Service};
use crate::practice;
use crate::sigv4::RequestDateTime;

/// API Gateway's limit for a body.
const MAX_BODY: usize = 10_485_760;
/// A longer body is read and thrown away up to here, so that its sender can hear the refusal.
const MAX_DRAINED: usize = 4 * MAX_BODY;
/// Request line and headers together.
const MAX_HEAD: usize = 32 * 1024;
/// How long one may take to send the head of a request, and the next one on a kept connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long one may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_mins(1);
/// How long a connection may live.
const CONNECTION_LIFE: Duration = Duration::from_mins(30);
/// How long calls in flight may take when the gateway is told to stop.
const GRACE: Duration = Duration::from_secs(3);
/// Calls that the log holds.
const LOGGED_CALLS: usize = 500;

/// The gateway's clock, before its offset.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;
/// Called after each call, from the gateway's own tasks: it must not block.
pub type OnCall = Arc<dyn Fn(&CallLog) + Send + Sync>;

/// How to run the gateway.
#[derive(Clone)]
pub struct GatewayOptions {
    /// Where to listen; loopback only, port 0 picks a free one.
    pub listen: SocketAddr,
    /// How far the gateway's clock is off, in seconds.
    pub time_offset_secs: i64,
    /// Which of AWS's wordings.
    pub messages: MessageProfile,
    /// The clock.
    pub clock: Clock,
    /// Called after each call.
    pub on_call: Option<OnCall>,
    /// Connections at a time; more wait.
    pub max_connections: usize,
}

impl Default for GatewayOptions {
    fn default() -> Self {
        Self {
            listen: practice::DEFAULT_LISTEN
                .parse()
                .unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0))),
            time_offset_secs: 0,
            messages: MessageProfile::default(),
            clock: Arc::new(SystemTime::now),
            on_call: None,
            max_connections: 64,
        }
    }
}

impl fmt::Debug for GatewayOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayOptions")
            .field("listen", &self.listen)
            .field("time_offset_secs", &self.time_offset_secs)
            .field("messages", &self.messages)
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// A running gateway. It stops when it is dropped or told to.
#[derive(Debug)]
pub struct Gateway {
    addr: SocketAddr,
    shared: Arc<Shared>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

/// What every connection shares.
struct Shared {
    options: GatewayOptions,
    world: Mutex<World>,
    calls: Mutex<CallRing>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Gateway {
    /// Starts the gateway inside the current tokio runtime.
    pub async fn start(options: GatewayOptions) -> Result<Self, GatewayError> {
        let listen = options.listen;
        if !listen.ip().is_loopback() {
            return Err(GatewayError::NotLoopback(listen));
        }
        let bind_error = |source| GatewayError::Bind {
            addr: listen,
            source,
        };
        let listener = TcpListener::bind(listen).await.map_err(bind_error)?;
        let addr = listener.local_addr().map_err(bind_error)?;
        let stop = CancellationToken::new();
        let shared = Arc::new(Shared {
            options,
            world: Mutex::new(World::new()),
            calls: Mutex::new(CallRing::new(LOGGED_CALLS)),
        });
        let task = tokio::spawn(serve(listener, Arc::clone(&shared), stop.clone()));
        Ok(Self {
            addr,
            shared,
            stop,
            task: Some(task),
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The API, without a stage and without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// STS.
    pub fn sts_url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// What a client needs to know.
    pub fn start_info(&self) -> StartInfo {
        StartInfo::new(&self.url(), &self.sts_url())
    }

    /// The last calls, oldest first.
    pub fn log(&self) -> Vec<CallLog> {
        locked(&self.shared.calls).snapshot()
    }

    /// Stops taking calls and waits a moment for those in flight.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            // Whether it ended or panicked, it is over.
            task.await.ok();
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A panic elsewhere leaves the value whole: both are changed by single pushes.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let seats = Arc::new(Semaphore::new(shared.options.max_connections.max(1)));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = async {
                let seat = Arc::clone(&seats).acquire_owned().await;
                (seat, listener.accept().await)
            } => accepted,
        };
        match accepted {
            (Ok(seat), Ok((stream, _))) => {
                let shared = Arc::clone(&shared);
                let stop = stop.clone();
                connections.spawn(async move {
                    serve_connection(stream, shared, stop).await;
                    drop(seat);
                });
            }
            (_, Err(error)) => {
                // Out of file handles, most likely: a moment frees some.
                tracing::warn!(%error, "the practice gateway could not take a connection");
                sleep(Duration::from_millis(100)).await;
            }
            (Err(_), Ok(_)) => break,
        }
    }
    drop(listener);
    let all_over = async { while connections.join_next().await.is_some() {} };
    if timeout(GRACE, all_over).await.is_err() {
        connections.shutdown().await;
    }
}

async fn serve_connection(stream: TcpStream, shared: Arc<Shared>, stop: CancellationToken) {
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(answer(request, &shared).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        result = connection.as_mut() => {
            log_end(result);
            return;
        }
        () = stop.cancelled() => {}
        () = sleep(CONNECTION_LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    if let Ok(result) = timeout(GRACE, connection).await {
        log_end(result);
    }
}

fn log_end(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "a connection to the practice gateway ended early");
    }
}

/// A body, or why there is none.
enum ReadBody {
    Whole(Bytes),
    TooLarge,
    Broken,
}

async fn answer(request: Request<Incoming>, shared: &Shared) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let is_head = parts.method == Method::HEAD;
    let mut received = ReceivedRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect(),
        body: Bytes::new(),
    };
    let Ok(body) = timeout(BODY_TIMEOUT, read_body(body)).await else {
        return bare(StatusCode::REQUEST_TIMEOUT);
    };
    let context = shared.context();
    let judgement = match body {
        ReadBody::Whole(body) => {
            received.body = body;
            received.meddle();
            judge(&received, &mut locked(&shared.world), &context)
        }
        ReadBody::TooLarge => refuse_size(&received, &context),
        ReadBody::Broken => return bare(StatusCode::BAD_REQUEST),
    };
    let Judgement { reply, call, .. } = judgement;
    let response = into_response(reply, is_head, &context);
    locked(&shared.calls).push(call.clone());
    // Only now, so that whoever is woken finds the call in the log.
    if let Some(on_call) = &shared.options.on_call {
        on_call(&call);
    }
    response
}

impl Shared {
    fn context(&self) -> CallContext {
        let offset = self.options.time_offset_secs;
        let shift = Duration::from_secs(offset.unsigned_abs());
        let time = (self.options.clock)();
        let shifted = if offset < 0 {
            time.checked_sub(shift)
        } else {
            time.checked_add(shift)
        };
        let mut seed = [0; 48];
        for chunk in seed.chunks_mut(16) {
            chunk.copy_from_slice(Uuid::new_v4().as_bytes());
        }
        CallContext {
            now: RequestDateTime::new(shifted.unwrap_or(time)),
            request_id: Uuid::new_v4().to_string(),
            seed,
            messages: self.options.messages,
        }
    }
}

/// Reads a body up to the limit. One that is somewhat longer is read to its end, because a sender
/// that is cut off while it writes does not see the answer.
async fn read_body(mut body: Incoming) -> ReadBody {
    if body.size_hint().lower() > MAX_DRAINED as u64 {
        return ReadBody::TooLarge;
    }
    let mut whole = BytesMut::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return ReadBody::Broken;
        };
        let Some(data) = frame.data_ref() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length <= MAX_BODY {
            whole.extend_from_slice(data);
        } else {
            whole = BytesMut::new();
        }
        if length > MAX_DRAINED {
            break;
        }
    }
    if length > MAX_BODY {
        ReadBody::TooLarge
    } else {
        ReadBody::Whole(whole.freeze())
    }
}

fn bare(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = status;
    response
}

fn into_response(reply: Reply, is_head: bool, context: &CallContext) -> Response<Full<Bytes>> {
    let body = if is_head {
        Bytes::new()
    } else {
        Bytes::from(reply.body)
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    if is_head {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    let mut insert = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    insert("x-amzn-requestid", &context.request_id);
    if reply.service == Service::ExecuteApi {
        insert("x-amz-apigw-id", &apigw_id());
    }
    if let Some(error_type) = reply.error_type {
        insert("x-amzn-errortype", error_type);
    }
    // The gateway's clock, not the machine's: from here a client learns how far its own is off.
    if let Ok(now) = jiff::Timestamp::try_from(context.now.time()) {
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::from_str(&date) {
            response.headers_mut().insert(DATE, date);
        }
    }
    response
}

/// 15 characters and a `=`, as API Gateway's.
fn apigw_id() -> String {
    let mut id: String = URL_SAFE_NO_PAD
        .encode(Uuid::new_v4().as_bytes())
        .chars()
        .take(15)
        .collect();
    id.push('=');
    id
}
