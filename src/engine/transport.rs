//! The network.

use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, Method};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower::{Layer, Service};
use url::{Host, Url};

use super::body_file::{FileStream, Upload};
use crate::credentials::BoxFuture;
use crate::exchange::{ConnectTo, RecordedHeader, SendErrorKind, Timings};
use crate::request::RequestBody;

/// Everything that goes out, byte for byte but for the framing.
#[derive(Clone, Debug)]
pub struct OutgoingCall {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// All headers in the order of sending, `host` among them.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body; a file with its facts.
    pub body: RequestBody,
    /// Where to connect instead.
    pub connect_to: Vec<ConnectTo>,
    /// Bound on the answer's body in bytes.
    pub max_body: u64,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// `HTTP/1.1`.
    pub http_version: String,
    /// The words that go with the code.
    pub reason: String,
    /// The headers in the order of arrival.
    pub headers: Vec<RecordedHeader>,
    /// The body as on the wire.
    pub wire: Bytes,
    /// How long it took.
    pub timings: Timings,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug)]
pub enum CallProgress {
    /// So many bytes of the body's file are read, of so many.
    Sent(u64, u64),
    /// The answer's headers are here.
    Headers,
    /// So many bytes of the body are here.
    Received(u64),
}

/// Sends one call and follows nothing.
pub trait Transport: Send + Sync {
    /// Sends it. Dropping the future closes the connection.
    fn call<'a>(
        &'a self,
        call: OutgoingCall,
        progress: &'a (dyn Fn(CallProgress) + Send + Sync),
    ) -> BoxFuture<'a, Result<Answer, SendErrorKind>>;
}

/// Sends over reqwest as HTTP/1.1: no redirect is followed, no header added, no body decoded, and
/// every call has a connection of its own, so that timings and bytes are those of this call.
#[derive(Clone)]
pub struct ReqwestTransport {
    /// By way of the system's proxy, if there is one.
    client: reqwest::Client,
    /// Without a proxy: to loopback, and where the user says whom to connect to.
    direct: reqwest::Client,
}

impl ReqwestTransport {
    /// Sets up TLS; fails if the system's certificate store cannot be used.
    pub fn new() -> Result<Self, SendErrorKind> {
        let builder = || {
            reqwest::Client::builder()
                .http1_only()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .pool_max_idle_per_host(0)
                .dns_resolver(MeasuringResolver)
                .connector_layer(MeasureConnect)
        };
        let built = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| {
                SendErrorKind::Internal(format!("the HTTP client cannot start: {}", chain(&error)))
            })
        };
        Ok(Self {
            client: built(builder())?,
            direct: built(builder().no_proxy())?,
        })
    }
}

impl Transport for ReqwestTransport {
    fn call<'a>(
        &'a self,
        call: OutgoingCall,
        progress: &'a (dyn Fn(CallProgress) + Send + Sync),
    ) -> BoxFuture<'a, Result<Answer, SendErrorKind>> {
        let measured = Arc::new(Measured::default());
        Box::pin(CALL.scope(Arc::clone(&measured), async move {
            let route = Route::of(&call)?;
            if let Ok(mut target) = measured.target.lock() {
                target.clone_from(&route.resolve_as);
            }
            let client = if route.is_direct {
                &self.direct
            } else {
                &self.client
            };
            let mut request = reqwest::Request::new(call.method, route.url);
            for (name, value) in call.headers {
                request.headers_mut().append(name, value);
            }
            let mut upload = None;
            match call.body {
                RequestBody::Bytes(bytes) if bytes.is_empty() => {}
                RequestBody::Bytes(bytes) => *request.body_mut() = Some(bytes.into()),
                RequestBody::File(file) => {
                    let (stream, told) = FileStream::start(file)?;
                    *request.body_mut() = Some(reqwest::Body::wrap(stream));
                    upload = Some(told);
                }
            }
            let start = Instant::now();
            let answering = client.execute(request);
            let answer = match &mut upload {
                None => answering.await,
                Some(upload) => {
                    let tell = |done, of| progress(CallProgress::Sent(done, of));
                    upload.while_waiting(answering, tell).await
                }
            };
            // What became of the file says more than that the connection broke because of it.
            let failed = |error: reqwest::Error| {
                let trouble = upload.as_ref().and_then(Upload::trouble);
                trouble.unwrap_or_else(|| failure(error, &route.shown))
            };
            let mut response = answer.map_err(failed)?;
            let first_byte = start.elapsed();
            progress(CallProgress::Headers);
            let mut wire = BytesMut::new();
            while let Some(chunk) = response.chunk().await.map_err(failed)? {
                if (wire.len() + chunk.len()) as u64 > call.max_body {
                    return Err(SendErrorKind::TooLarge {
                        limit: call.max_body,
                    });
                }
                wire.extend_from_slice(&chunk);
                progress(CallProgress::Received(wire.len() as u64));
            }
            let dns = measured.dns();
            let timings = Timings {
                dns,
                connect: measured
                    .connect()
                    .map(|all| all.saturating_sub(dns.unwrap_or_default())),
                tls: None,
                first_byte,
                total: start.elapsed(),
            };
            Ok(Answer {
                status: response.status().as_u16(),
                http_version: format!("{:?}", response.version()),
                reason: response
                    .status()
                    .canonical_reason()
                    .unwrap_or_default()
                    .to_owned(),
                headers: response
                    .headers()
                    .iter()
                    .map(|(name, value)| RecordedHeader::received(name.as_str(), value.as_bytes()))
                    .collect(),
                wire: wire.freeze(),
                timings,
            })
        }))
    }
}

tokio::task_local! {
    /// The call that a connection is made for: the resolver and the connector run inside its task.
    static CALL: Arc<Measured>;
}

/// What resolver and connector note down for a call.
#[derive(Default)]
struct Measured {
    dns: Mutex<Option<Duration>>,
    connect: Mutex<Option<Duration>>,
    /// Resolve this host and port in place of the URL's.
    target: Mutex<Option<(String, u16)>>,
}

impl Measured {
    fn dns(&self) -> Option<Duration> {
        *self.dns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> Option<Duration> {
        *self.connect.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which way a call goes.
struct Route {
    /// The URL for the client: its port is dropped where the resolver gives another.
    url: Url,
    /// The host and port to resolve in place of the URL's.
    resolve_as: Option<(String, u16)>,
    is_direct: bool,
    /// Host and port for messages.
    shown: String,
}

impl Route {
    fn of(call: &OutgoingCall) -> Result<Self, SendErrorKind> {
        let url_host = call.url.host_str().unwrap_or_default().to_ascii_lowercase();
        let url_port = call.url.port_or_known_default().unwrap_or(443);
        let found = call.connect_to.iter().find(|rule| {
            (rule.host.is_empty() || rule.host == url_host)
                && rule.port.is_none_or(|port| port == url_port)
        });
        let mut url = call.url.clone();
        let Some(rule) = found else {
            let shown = format!("{url_host}:{url_port}");
            return Ok(Self {
                url,
                resolve_as: None,
                is_direct: is_loopback(&url_host),
                shown,
            });
        };
        let host = if rule.to_host.is_empty() {
            url_host
        } else {
            rule.to_host.clone()
        };
        let port = rule.to_port.unwrap_or(url_port);
        let shown = format!("{host}:{port}");
        // The Host header stands among the headers already; the URL only says where to connect and,
        // for TLS, which name to ask for.
        if matches!(url.host(), Some(Host::Domain(_))) {
            url.set_port(None).ok();
            return Ok(Self {
                url,
                resolve_as: Some((host, port)),
                is_direct: true,
                shown,
            });
        }
        if url.scheme() == "https" {
            let reason =
                "connecting elsewhere needs a host name in the URL, not an address".to_owned();
            return Err(SendErrorKind::Connect {
                host: shown,
                reason,
            });
        }
        let rewritten = url.set_host(Some(&host)).is_ok() && url.set_port(Some(port)).is_ok();
        if !rewritten {
            return Err(SendErrorKind::Connect {
                host: shown,
                reason: "this is not a host".to_owned(),
            });
        }
        Ok(Self {
            url,
            resolve_as: None,
            is_direct: true,
            shown,
        })
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Asks the system, and notes how long it took.
struct MeasuringResolver;

impl Resolve for MeasuringResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let call = CALL.try_with(Arc::clone).ok();
        Box::pin(async move {
            let target = call
                .as_ref()
                .and_then(|call| call.target.lock().ok()?.clone());
            let (host, port) = target.unwrap_or_else(|| (name.as_str().to_owned(), 0));
            let host = host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned();
            let start = Instant::now();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
            if let Some(call) = call
                && let Ok(mut dns) = call.dns.lock()
            {
                *dns = Some(start.elapsed());
            }
            let addrs: Addrs = Box::new(found.into_iter());
            Ok(addrs)
        })
    }
}

/// Wraps the connector so that connecting is measured.
#[derive(Clone, Copy)]
struct MeasureConnect;

impl<S> Layer<S> for MeasureConnect {
    type Service = MeasuredConnector<S>;

    fn layer(&self, inner: S) -> Self::Service {
        MeasuredConnector { inner }
    }
}

#[derive(Clone)]
struct MeasuredConnector<S> {
    inner: S,
}

impl<S, R> Service<R> for MeasuredConnector<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let connecting = self.inner.call(request);
        let call = CALL.try_with(Arc::clone).ok();
        Box::pin(async move {
            let start = Instant::now();
            let result = connecting.await;
            if let Some(call) = call
                && let Ok(mut connect) = call.connect.lock()
            {
                *connect = Some(start.elapsed());
            }
            result
        })
    }
}

/// What a failed call means. URLs may hold secrets, so they are dropped first.
fn failure(error: reqwest::Error, shown: &str) -> SendErrorKind {
    let error = error.without_url();
    let reason = root_cause(&error);
    let text = chain(&error).to_lowercase();
    let host = shown.to_owned();
    if error.is_dns() || text.contains("dns error") || text.contains("failed to lookup address") {
        let host = shown
            .rsplit_once(':')
            .map_or(shown, |(host, _)| host)
            .to_owned();
        return SendErrorKind::Dns { host, reason };
    }
    if error.is_connect() {
        let is_tls = [
            "certificate",
            "handshake",
            "tls",
            "invalidcontenttype",
            "corrupt message",
        ]
        .iter()
        .any(|word| text.contains(word));
        return if is_tls {
            SendErrorKind::Tls { host, reason }
        } else {
            SendErrorKind::Connect { host, reason }
        };
    }
    SendErrorKind::BrokenAnswer(reason)
}

/// The error and its causes in one line.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The innermost cause: the one that says something.
fn root_cause(error: &dyn StdError) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
