//! Signs with `aws-sigv4` and derives the trace beside it.

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use percent_encoding::{percent_decode_str, percent_encode};
use url::Url;

use super::canonical_request::{ENCODE, hash_hex};
use super::crate_signer::crate_signature;
use super::credentials::Credentials;
use super::memory::SigningMemory;
use super::prepared::{Prepared, check_legal, with_query};
use super::request_date_time::RequestDateTime;
use super::settings::SigningSettings;
use super::trace::{SigningSteps, SigningTrace, TraceOutcome};
use crate::request::is_sensitive_header;
use crate::request::{Header, HeaderSource, RequestBody, ResolvedRequest};
use crate::secret::Redactor;

/// Stands in a preview for the hash of a file, which is hashed when it is sent.
pub const FILE_NOT_HASHED: &str = "(the file's SHA-256)";

/// What the signer needs besides the request. Time is an argument, never read inside.
#[derive(Clone, Debug)]
pub struct SigningInput<'a> {
    /// What one signs with.
    pub credentials: &'a Credentials,
    /// The region of the credential scope.
    pub region: &'a str,
    /// The service of the credential scope.
    pub service: &'a str,
    /// The time of the signature.
    pub time: RequestDateTime,
    /// The signer's choices.
    pub settings: &'a SigningSettings,
}

/// Why a request could not be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The URL cannot be signed.
    #[error("the URL cannot be signed: {0}")]
    Url(&'static str),
    /// The crate refused.
    #[error("signing failed: {0}")]
    Refused(String),
    /// Something that HTTP or the credential scope does not allow.
    #[error("{0} holds what a signed request may not hold")]
    Illegal(&'static str),
    /// Region or service is empty.
    #[error("{0} is not set")]
    Missing(&'static str),
}

/// A request as text: for replaying vectors and lines of a batch, where nothing may be mended first.
#[derive(Clone, Copy, Debug)]
pub struct SigningTarget<'a> {
    /// The method as it will be sent.
    pub method: &'a str,
    /// The absolute URL as it will be sent.
    pub url: &'a str,
    /// All headers, any letter case.
    pub headers: &'a [(String, String)],
    /// The body, or its hash.
    pub payload: Payload<'a>,
}

/// A body as far as a signature needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload<'a> {
    /// The bytes.
    Bytes(&'a [u8]),
    /// Their lower-case hex SHA-256, of a body that is hashed elsewhere.
    Sha256(&'a str),
}

impl<'a> Payload<'a> {
    /// Lower-case hex SHA-256.
    pub(super) fn hash(self) -> Cow<'a, str> {
        match self {
            Self::Bytes(bytes) => hash_hex(bytes).into(),
            Self::Sha256(hash) => hash.into(),
        }
    }
}

/// A signed [`SigningTarget`].
#[derive(Clone, Debug)]
pub struct SignedTarget {
    /// The URL to be sent; with the signature in its query if it is presigned.
    pub url: String,
    /// All headers to be sent, lower-case names, those of signing last.
    pub headers: Vec<(String, String)>,
    /// The derivation.
    pub trace: SigningTrace,
    /// Whether the crate gave the same signature; `Err` is why it gave none.
    pub agrees: Result<bool, String>,
}

/// A request that is signed and must not be changed any more.
#[derive(Clone, Debug)]
pub struct SignedRequest {
    method: Method,
    url: Url,
    headers: Vec<Header>,
    body: RequestBody,
    timeout: Option<Duration>,
    redactor: Redactor,
    trace: TraceOutcome,
}

impl SignedRequest {
    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The headers in the order of sending.
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &RequestBody {
        &self.body
    }

    /// The time-out of the whole call, if the request sets one.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Takes the secrets that went into it out of every text about it.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The trace, or why it is withheld.
    pub fn trace(&self) -> &TraceOutcome {
        &self.trace
    }
}

/// Signs a request. The signature on the wire is the crate's; the trace is ours and is withheld if
/// it does not give the same.
pub fn sign(
    request: &ResolvedRequest,
    input: &SigningInput<'_>,
) -> Result<SignedRequest, SigningError> {
    let is_hashed = request.body().bytes().is_some() || request.body_sha256().is_some();
    if !is_hashed && !input.settings.unsigned_payload {
        return Err(SigningError::Missing("the hash of the body's file"));
    }
    let wire_url = wire_url(request.url(), input.settings);
    let mut prepared = prepared(request, &wire_url, payload(request), input)?;
    let mut memory = SigningMemory::default();
    let crate_signature = crate_signature(&prepared, input, &mut memory)?;
    let derived = prepared.derive(input, &mut memory)?;
    let agrees = crate_signature.agrees_with(&derived);
    let (headers_added, query_added) = if agrees {
        (derived.headers_added.clone(), derived.query_added.clone())
    } else {
        let owned = |pairs: Vec<(&str, &str)>| {
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        };
        (
            owned(crate_signature.headers()),
            owned(crate_signature.query()),
        )
    };

    let url = if query_added.is_empty() {
        wire_url.clone()
    } else {
        let text = with_query(wire_url.as_str(), &query_added);
        Url::parse(&text).map_err(|error| SigningError::Refused(error.to_string()))?
    };
    let mut headers = request.headers().to_vec();
    for (name, text) in &headers_added {
        let header_name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|error| SigningError::Refused(error.to_string()))?;
        let mut value = HeaderValue::from_str(text)
            .map_err(|error| SigningError::Refused(error.to_string()))?;
        // The signature may be seen by all; a session token may not.
        value.set_sensitive(is_sensitive_header(name) && name != "authorization");
        headers.push(Header {
            name: header_name,
            value,
            source: HeaderSource::Signing,
        });
    }
    let trace = if agrees {
        TraceOutcome::Agreed(Box::new(derived))
    } else {
        tracing::error!(
            method = %request.method(),
            service = input.service,
            "the derived signing steps do not give the signature that was sent"
        );
        debug_assert!(false, "trace and aws-sigv4 disagree");
        TraceOutcome::Withheld {
            reason: "The steps derived here do not give the signature that was sent, so they are not shown. \
                     This is a bug in Countersign; the request itself is signed correctly."
                .to_owned(),
        }
    };
    Ok(SignedRequest {
        method: request.method().clone(),
        url,
        headers,
        body: request.body().clone(),
        timeout: request.timeout(),
        redactor: prepared.redactor,
        trace,
    })
}

/// Signs a request given as text, exactly as it stands. Where the crate refuses the URL, the
/// derivation stands alone and [`SignedTarget::agrees`] says so.
pub fn sign_target(
    target: &SigningTarget<'_>,
    input: &SigningInput<'_>,
) -> Result<SignedTarget, SigningError> {
    sign_target_with(&mut SigningMemory::default(), target, input)
}

/// The same for one of many, which the same credentials may have signed.
pub fn sign_target_with(
    memory: &mut SigningMemory,
    target: &SigningTarget<'_>,
    input: &SigningInput<'_>,
) -> Result<SignedTarget, SigningError> {
    check_legal(target)?;
    let headers = target
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.into()));
    let mut prepared = Prepared::new(target.method, target.url, headers, target.payload, input)?;
    let crate_signature = crate_signature(&prepared, input, memory);
    let trace = prepared.derive(input, memory)?;
    let agrees = match crate_signature {
        Ok(signature) => Ok(signature.agrees_with(&trace)),
        Err(error) => Err(error.to_string()),
    };
    let mut headers: Vec<(String, String)> = prepared
        .all
        .into_iter()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    headers.extend(trace.headers_added.iter().cloned());
    Ok(SignedTarget {
        url: trace
            .signed_url
            .clone()
            .unwrap_or_else(|| target.url.to_owned()),
        headers,
        trace,
        agrees,
    })
}

/// Steps 1 and 2 for a draft that is not sent yet: no secret key takes part.
pub fn preview(
    request: &ResolvedRequest,
    input: &SigningInput<'_>,
) -> Result<SigningSteps, SigningError> {
    preview_hashed(request, input, None)
}

/// The same with the body's lower-case hex SHA-256 where it is known: a large body is not hashed
/// again with every key that is typed elsewhere.
pub fn preview_hashed(
    request: &ResolvedRequest,
    input: &SigningInput<'_>,
    body_sha256: Option<&str>,
) -> Result<SigningSteps, SigningError> {
    let wire_url = wire_url(request.url(), input.settings);
    let payload = body_sha256.map_or_else(|| payload(request), Payload::Sha256);
    Ok(prepared(request, &wire_url, payload, input)?.steps(input))
}

/// The URL as it is sent: S3 reads the path in its own canonical form, so it is sent in that form
/// (see [`SigningSettings::escape_path`]).
fn wire_url(url: &Url, settings: &SigningSettings) -> Url {
    let mut url = url.clone();
    if settings.escape_path && !settings.double_encode {
        // Segment by segment: an escaped slash is not a separator.
        let segments: Vec<String> = url
            .path()
            .split('/')
            .map(|segment| {
                let bytes: Vec<u8> = percent_decode_str(segment).collect();
                percent_encode(&bytes, ENCODE).to_string()
            })
            .collect();
        url.set_path(&segments.join("/"));
    }
    url
}

/// A checked request, cut.
fn prepared<'a>(
    request: &'a ResolvedRequest,
    url: &'a Url,
    payload: Payload<'a>,
    input: &SigningInput<'_>,
) -> Result<Prepared<'a>, SigningError> {
    let headers = request.headers().iter().map(|header| {
        let value = String::from_utf8_lossy(header.value.as_bytes());
        (header.name.as_str(), value)
    });
    let prepared = Prepared::new(
        request.method().as_str(),
        url.as_str(),
        headers,
        payload,
        input,
    )?;
    Ok(prepared.with_secrets_of(request, input))
}

fn payload(request: &ResolvedRequest) -> Payload<'_> {
    match request.body() {
        RequestBody::Bytes(bytes) => Payload::Bytes(bytes),
        RequestBody::File(_) => Payload::Sha256(request.body_sha256().unwrap_or(FILE_NOT_HASHED)),
    }
}
