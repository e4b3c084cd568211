//! A request that is checked and final, but not yet signed.

use std::path::Path;
use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, Method};
use url::Url;

use super::{FileFacts, RequestBody};
use crate::secret::{Redactor, SecretString};
use crate::template::Origin;

/// A header as it will be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name, lower-case as on the wire.
    pub name: HeaderName,
    /// The value; `is_sensitive` when it holds a secret.
    pub value: HeaderValue,
    /// Why it is there.
    pub source: HeaderSource,
}

impl Header {
    /// The value as text; bytes that are not UTF-8 become `�`.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.value.as_bytes()).into_owned()
    }
}

/// Why a header is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderSource {
    /// A row of the draft, by its index.
    Row(usize),
    /// Handed down by collection or folder.
    Inherited(Origin),
    /// From the auth: an API key, Basic, Bearer.
    Auth,
    /// The content type that goes with the body's kind.
    Body,
    /// Every HTTP request needs it, or this tool adds it and says so: host, accept and the like.
    Tool,
    /// Added by signing.
    Signing,
}

/// The auth with its variables filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedAuth {
    /// Nothing to do: none, or already among the headers or in the query.
    Ready,
    /// To be signed with Signature Version 4.
    AwsSigV4(AwsAuth),
}

/// Who signs and for what; what is empty in the file is `None` here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwsAuth {
    /// The profile to sign as.
    pub profile_name: Option<String>,
    /// The region, if the file names it.
    pub region: Option<String>,
    /// The service, if the file names it.
    pub service: Option<String>,
    /// Keys that came through variables.
    pub keys: Option<(String, SecretString, Option<SecretString>)>,
    /// The reserved `sigv4.*` variables that the request sees, the nearest of each name.
    pub choices: Vec<SigningChoice>,
    /// Where the auth stands.
    pub origin: Origin,
}

/// A reserved `sigv4.*` variable with its variables filled in: how to sign. What it may hold is
/// signing's affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningChoice {
    /// The name: `sigv4.placement`.
    pub name: String,
    /// The value.
    pub value: String,
    /// Where it stands.
    pub origin: Origin,
}

/// A request whose every byte is fixed but for the signature.
///
/// [`super::resolve()`] is the only way to make one. It holds that: the URL is absolute, http or
/// https, has a host, no user info and no fragment, and went through `url::Url`; names and values
/// of headers are legal; exactly one `host` is there; nothing that signing owns is there when the
/// request is to be signed; no variable is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedRequest {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<Header>,
    pub(super) body: RequestBody,
    pub(super) auth: ResolvedAuth,
    pub(super) timeout: Option<Duration>,
    pub(super) redactor: Redactor,
}

impl ResolvedRequest {
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

    /// The body; empty bytes for none.
    pub fn body(&self) -> &RequestBody {
        &self.body
    }

    /// The lower-case hex SHA-256 of a body that is a file, once somebody has hashed it.
    pub fn body_sha256(&self) -> Option<&str> {
        self.body.file()?.facts.as_ref()?.sha256.as_deref()
    }

    /// The same request with the path of its body's file below a folder; an absolute path stays.
    #[must_use]
    pub fn with_file_in(mut self, folder: &Path) -> Self {
        if let RequestBody::File(file) = &mut self.body {
            file.path = folder.join(&file.path);
        }
        self
    }

    /// The same request with what was found of the file that is its body; one without a file stays
    /// as it is.
    #[must_use]
    pub fn with_file_facts(mut self, facts: FileFacts) -> Self {
        if let RequestBody::File(file) = &mut self.body {
            let length = facts.length;
            file.facts = Some(facts);
            self.set_content_length(length);
        }
        self
    }

    /// What is left to do about authentication.
    pub fn auth(&self) -> &ResolvedAuth {
        &self.auth
    }

    /// The time-out of the whole call, if the request sets one.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Takes the secrets that went into it out of every text about it.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The same request with another body, `content-length` adjusted. That of a file is not known
    /// before [`ResolvedRequest::with_file_facts`].
    #[must_use]
    pub fn with_body(mut self, body: RequestBody) -> Self {
        self.headers.retain(|header| header.name != CONTENT_LENGTH);
        if let RequestBody::Bytes(bytes) = &body
            && !bytes.is_empty()
        {
            self.set_content_length(body.len());
        }
        self.body = body;
        self
    }

    fn set_content_length(&mut self, length: u64) {
        self.headers.retain(|header| header.name != CONTENT_LENGTH);
        self.headers.push(Header {
            name: CONTENT_LENGTH,
            value: HeaderValue::from(length),
            source: HeaderSource::Tool,
        });
    }

    /// The `Host` header's value, port included if it is sent.
    pub fn host(&self) -> &str {
        self.headers
            .iter()
            .find(|header| header.name == http::header::HOST)
            .and_then(|header| header.value.to_str().ok())
            .unwrap_or_default()
    }
}
