//! What really went over the wire.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{ExchangeId, ResponseBody};
use crate::request::{Header, HeaderSource, RequestBody};
use crate::secret::Redactor;
use crate::sigv4::{Sourced, TraceOutcome, hash_hex, is_sensitive_header};
use crate::template::MASK;

/// A request with its answer. It is shared behind an `Arc` and never changed.
#[derive(Debug)]
pub struct Exchange {
    /// Which sending it was.
    pub id: ExchangeId,
    /// When sending began, by the system's clock.
    pub sent_at: SystemTime,
    /// What was sent.
    pub request: RequestRecord,
    /// How it was signed, if it was.
    pub signing: Option<SigningRecord>,
    /// What came back.
    pub response: ResponseRecord,
    /// How long it took.
    pub timings: Timings,
}

impl Exchange {
    /// The presigned URL that was sent, session token and all, if the signature went into the
    /// query. Whoever has it can make the call until it expires: it is shown nowhere, and copied
    /// only on demand.
    pub fn presigned_url(&self) -> Option<&str> {
        let url = self.request.url.as_str();
        let (_, query) = url.split_once('?')?;
        let is_signed = self.signing.is_some()
            && query
                .split('&')
                .any(|pair| pair.starts_with("X-Amz-Signature="));
        is_signed.then_some(url)
    }
}

/// How a request was signed.
#[derive(Clone, Debug)]
pub struct SigningRecord {
    /// The five steps, or why they are withheld.
    pub trace: TraceOutcome,
    /// Who signed, in words: the profile and where its keys are from.
    pub signed_as: String,
    /// The region and where it came from.
    pub region: Sourced,
    /// The service and where it came from.
    pub service: Sourced,
}

/// A header as it was sent or received. `Debug` masks sensitive values.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedHeader {
    /// The name, lower-case.
    pub name: String,
    /// The value; bytes that are not UTF-8 became `�`.
    pub value: String,
    /// Whether it is masked wherever it is shown.
    pub is_sensitive: bool,
    /// Why it was sent; `None` for a received one.
    pub source: Option<HeaderSource>,
}

impl RecordedHeader {
    /// The value for showing: masked if sensitive.
    pub fn shown(&self) -> &str {
        if self.is_sensitive { MASK } else { &self.value }
    }

    /// A header that was received.
    pub fn received(name: &str, value: &[u8]) -> Self {
        Self {
            name: name.to_ascii_lowercase(),
            value: String::from_utf8_lossy(value).into_owned(),
            is_sensitive: is_sensitive_header(&name.to_ascii_lowercase()),
            source: None,
        }
    }
}

impl From<&Header> for RecordedHeader {
    fn from(header: &Header) -> Self {
        Self {
            name: header.name.as_str().to_owned(),
            value: header.text(),
            is_sensitive: header.value.is_sensitive(),
            source: Some(header.source.clone()),
        }
    }
}

impl fmt::Debug for RecordedHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.shown())
    }
}

/// A request as it was sent, byte for byte.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// The method.
    pub method: String,
    /// The URL as sent; it may hold secrets, see [`RequestRecord::shown_url`].
    pub url: String,
    /// `HTTP/1.1`.
    pub http_version: String,
    /// The headers in the order of sending.
    pub headers: Vec<RecordedHeader>,
    /// The body: its bytes, or the file that was sent.
    pub body: RequestBody,
    /// Its lower-case hex SHA-256; `None` for a file that the signature does not cover, which
    /// nobody hashed.
    pub body_sha256: Option<String>,
    /// Takes the secrets that went into the request out of texts.
    pub redactor: Redactor,
    /// The body's text for showing, with secrets as dots; `None` if it is not text or a file.
    pub shown_body: Option<Arc<str>>,
}

impl RequestRecord {
    /// The record of a request that goes out as HTTP/1.1.
    pub fn new(
        method: &str,
        url: &str,
        headers: &[Header],
        body: impl Into<RequestBody>,
        redactor: &Redactor,
    ) -> Self {
        let body = body.into();
        let (body_sha256, shown_body) = match &body {
            RequestBody::Bytes(bytes) => (
                Some(hash_hex(bytes)),
                std::str::from_utf8(bytes)
                    .ok()
                    .map(|text| redactor.redact(text).into()),
            ),
            RequestBody::File(file) => {
                let facts = file.facts.as_ref();
                (facts.and_then(|facts| facts.sha256.clone()), None)
            }
        };
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            http_version: "HTTP/1.1".to_owned(),
            headers: headers.iter().map(RecordedHeader::from).collect(),
            body,
            body_sha256,
            redactor: redactor.clone(),
            shown_body,
        }
    }

    /// The path of the file that was sent, with secrets as dots; `None` for bytes.
    pub fn shown_file(&self) -> Option<String> {
        let path = self.body.file()?.path.to_string_lossy();
        Some(self.redactor.redact(&path))
    }

    /// The URL for showing: with secrets as dots.
    pub fn shown_url(&self) -> String {
        self.redactor.redact(&self.url)
    }
}

impl fmt::Debug for RequestRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestRecord")
            .field("method", &self.method)
            .field("url", &self.shown_url())
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// An answer as it came.
#[derive(Debug)]
pub struct ResponseRecord {
    /// The status code.
    pub status: u16,
    /// The words behind the code.
    pub reason: String,
    /// `HTTP/1.1`.
    pub http_version: String,
    /// The headers in the order of arrival.
    pub headers: Vec<RecordedHeader>,
    /// Bytes of the body on the wire, before content decoding.
    pub wire_bytes: u64,
    /// The body, decoded.
    pub body: ResponseBody,
}

impl ResponseRecord {
    /// The first value of a header (lower-case name).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.name == name)
            .map(|header| header.value.as_str())
    }
}

/// How long the parts of a call took; `None` where a part did not happen or is not measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Finding the host's address.
    pub dns: Option<Duration>,
    /// Connecting; for https the TLS handshake is part of it.
    pub connect: Option<Duration>,
    /// The TLS handshake, where it can be told from connecting.
    pub tls: Option<Duration>,
    /// From the start to the answer's headers.
    pub first_byte: Duration,
    /// From the start to the last byte of the body.
    pub total: Duration,
}
