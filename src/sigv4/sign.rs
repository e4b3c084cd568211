//! Signs with `aws-sigv4` and derives the trace beside it.

use std::borrow::Cow;
use std::time::Duration;

use aws_credential_types::Credentials as SdkCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SessionTokenMode, SignableBody, SignableRequest,
    SignatureLocation, SigningSettings as CrateSettings, UriPathNormalizationMode,
    sign as crate_sign,
};
use aws_sigv4::sign::v4;
use http::{HeaderName, HeaderValue, Method};
use url::Url;

use super::canonical_request::{CanonicalRequest, PathRule, hash_hex};
use super::credentials::Credentials;
use super::headers::choose_headers;
use super::request_date_time::RequestDateTime;
use super::settings::{SessionTokenRule, SigningSettings};
use super::signing_key::SigningKey;
use super::string_to_sign::{CredentialScope, StringToSign};
use super::trace::{SigningSteps, SigningTrace, TraceOutcome};
use crate::request::is_sensitive_header;
use crate::request::{Header, HeaderSource, RequestBody, ResolvedRequest};
use crate::secret::Redactor;

const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
/// Stands in a preview for the hash of a file, which is hashed when it is sent.
const NOT_HASHED: &str = "(the file's SHA-256)";
/// Headers that signing writes: stale ones are dropped before.
const OWNED: [&str; 3] = ["authorization", "x-amz-date", "x-amz-security-token"];

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
    /// Something that HTTP does not allow.
    #[error("{0} holds what HTTP does not allow")]
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

impl Payload<'_> {
    /// Lower-case hex SHA-256.
    fn hash(self) -> String {
        match self {
            Self::Bytes(bytes) => hash_hex(bytes),
            Self::Sha256(hash) => hash.to_owned(),
        }
    }
}

/// A signed [`SigningTarget`].
#[derive(Clone, Debug)]
pub struct SignedTarget {
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

/// Signs a request by header. The signature on the wire is the crate's; the trace is ours and is
/// withheld if it does not give the same.
pub fn sign(
    request: &ResolvedRequest,
    input: &SigningInput<'_>,
) -> Result<SignedRequest, SigningError> {
    let is_hashed = request.body().bytes().is_some() || request.body_sha256().is_some();
    if !is_hashed && !input.settings.unsigned_payload {
        return Err(SigningError::Missing("the hash of the body's file"));
    }
    let pairs = pairs(request);
    let target = target(request, &pairs);
    let prepared = Prepared::new(&target, input)?.with_secrets_of(request, input);
    let derived = prepared.derive(input);
    let (added, signature) = prepared.crate_signature(&target, input)?;

    let mut headers = request.headers().to_vec();
    for (name, text) in &added {
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
    let trace = if derived.signature == signature && derived.headers_added == added {
        TraceOutcome::Agreed(Box::new(derived))
    } else {
        tracing::error!(
            method = target.method,
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
        url: request.url().clone(),
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
    let prepared = Prepared::new(target, input)?;
    let trace = prepared.derive(input);
    let agrees = match prepared.crate_signature(target, input) {
        Ok((added, signature)) => Ok(signature == trace.signature && added == trace.headers_added),
        Err(error) => Err(error.to_string()),
    };
    let mut headers = prepared.all.clone();
    headers.extend(trace.headers_added.iter().cloned());
    Ok(SignedTarget {
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
    let pairs = pairs(request);
    let target = target(request, &pairs);
    Ok(Prepared::new(&target, input)?
        .with_secrets_of(request, input)
        .steps(input))
}

/// The headers of a request as text.
fn pairs(request: &ResolvedRequest) -> Vec<(String, String)> {
    request
        .headers()
        .iter()
        .map(|header| (header.name.as_str().to_owned(), header.text()))
        .collect()
}

/// A checked request as a target.
fn target<'a>(request: &'a ResolvedRequest, headers: &'a [(String, String)]) -> SigningTarget<'a> {
    SigningTarget {
        method: request.method().as_str(),
        url: request.url().as_str(),
        headers,
        payload: match request.body() {
            RequestBody::Bytes(bytes) => Payload::Bytes(bytes),
            RequestBody::File(_) => Payload::Sha256(request.body_sha256().unwrap_or(NOT_HASHED)),
        },
    }
}

/// What no request may hold, whatever signs it.
fn check_legal(target: &SigningTarget<'_>) -> Result<(), SigningError> {
    if Method::from_bytes(target.method.as_bytes()).is_err() {
        return Err(SigningError::Illegal("the method"));
    }
    if target.url.chars().any(char::is_control) {
        return Err(SigningError::Url("it holds a control character"));
    }
    for (name, value) in target.headers {
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(SigningError::Illegal("a header's name"));
        }
        if HeaderValue::from_bytes(value.as_bytes()).is_err() {
            return Err(SigningError::Illegal("a header's value"));
        }
    }
    Ok(())
}

/// A target cut into what both derivations need.
struct Prepared<'a> {
    method: &'a str,
    url: &'a str,
    path: &'a str,
    query: &'a str,
    /// Everything to be sent but what signing adds: lower-case names, host among them.
    all: Vec<(String, String)>,
    payload_hash: Cow<'static, str>,
    secret_headers: Vec<String>,
    redactor: Redactor,
}

impl<'a> Prepared<'a> {
    fn new(target: &SigningTarget<'a>, input: &SigningInput<'_>) -> Result<Self, SigningError> {
        if input.region.is_empty() {
            return Err(SigningError::Missing("the region"));
        }
        if input.service.is_empty() {
            return Err(SigningError::Missing("the service"));
        }
        check_legal(target)?;
        let (scheme, rest) = target
            .url
            .split_once("://")
            .ok_or(SigningError::Url("it is not absolute"))?;
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path_and_query) = rest.split_at(end);
        let (path, query) = path_and_query
            .split_once('?')
            .unwrap_or((path_and_query, ""));
        if authority.is_empty() {
            return Err(SigningError::Url("it has no host"));
        }
        if !matches!(
            scheme.to_ascii_lowercase().as_str(),
            "http" | "https" | "ws" | "wss"
        ) {
            return Err(SigningError::Url(
                "its scheme is not http, https, ws or wss",
            ));
        }
        if let Some((_, port)) = authority.rsplit_once(':')
            && !authority.ends_with(']')
            && port.parse::<u16>().is_err()
        {
            return Err(SigningError::Url("its port is not a number up to 65535"));
        }
        if authority.contains('@') {
            return Err(SigningError::Url("it carries a user name or password"));
        }
        let mut all: Vec<(String, String)> = target
            .headers
            .iter()
            .map(|(name, value)| (name.to_lowercase(), value.clone()))
            .filter(|(name, _)| !OWNED.contains(&name.as_str()))
            .filter(|(name, _)| {
                !(input.settings.content_sha256_header && name == "x-amz-content-sha256")
            })
            .collect();
        if !all.iter().any(|(name, _)| name == "host") {
            let default_port = if scheme.eq_ignore_ascii_case("https") {
                ":443"
            } else {
                ":80"
            };
            all.insert(
                0,
                (
                    "host".to_owned(),
                    authority
                        .strip_suffix(default_port)
                        .unwrap_or(authority)
                        .to_owned(),
                ),
            );
        }
        let payload_hash = if input.settings.unsigned_payload {
            UNSIGNED_PAYLOAD.into()
        } else {
            target.payload.hash().into()
        };
        Ok(Self {
            method: target.method,
            url: target.url,
            path,
            query,
            all,
            payload_hash,
            secret_headers: Vec::new(),
            redactor: Redactor::default(),
        })
    }

    /// Notes what must not be shown of it.
    fn with_secrets_of(mut self, request: &ResolvedRequest, input: &SigningInput<'_>) -> Self {
        let sensitive = request
            .headers()
            .iter()
            .filter(|header| header.value.is_sensitive());
        self.secret_headers = sensitive
            .map(|header| header.name.as_str().to_owned())
            .collect();
        self.redactor = match &input.credentials.session_token {
            Some(token) => request.redactor().with(token),
            None => request.redactor().clone(),
        };
        self
    }

    /// What signing adds before the signature is known, in the crate's order of sending.
    fn added(&self, input: &SigningInput<'_>) -> Vec<(String, String)> {
        let mut added = vec![("x-amz-date".to_owned(), input.time.to_string())];
        if input.settings.content_sha256_header {
            added.push((
                "x-amz-content-sha256".to_owned(),
                self.payload_hash.clone().into_owned(),
            ));
        }
        if let Some(token) = &input.credentials.session_token
            && input.settings.session_token != SessionTokenRule::Omit
        {
            added.push(("x-amz-security-token".to_owned(), token.expose().to_owned()));
        }
        added
    }

    fn steps(&self, input: &SigningInput<'_>) -> SigningSteps {
        let settings = input.settings;
        let added = self.added(input);
        let candidates: Vec<&(String, String)> = self.all.iter().chain(&added).collect();
        let mut choices = choose_headers(
            candidates.iter().map(|(name, _)| name.as_str()),
            &settings.signed_headers,
        );
        for choice in &mut choices {
            if choice.name == "x-amz-security-token"
                && settings.session_token == SessionTokenRule::Unsigned
            {
                choice.is_signed = false;
                choice.reason = "added after signing by choice";
            }
        }
        let signed = candidates
            .iter()
            .zip(&choices)
            .filter(|(_, choice)| choice.is_signed)
            .map(|((n, v), _)| (n.as_str(), v.as_str()));
        let rule = PathRule {
            normalize: settings.normalize_path,
            encode: settings.double_encode,
        };
        let canonical_request = CanonicalRequest::derive(
            self.method,
            self.path,
            self.query,
            signed,
            self.payload_hash.clone(),
            rule,
        );
        let canonical_request_sha256 = canonical_request.sha256();
        let credential_scope = CredentialScope {
            date: input.time.date(),
            region: input.region.to_owned(),
            service: input.service.to_owned(),
        };
        SigningSteps {
            access_key_id: input.credentials.access_key_id.clone(),
            canonical_request,
            canonical_request_sha256: canonical_request_sha256.clone(),
            string_to_sign: StringToSign {
                request_date_time: input.time,
                credential_scope,
                hashed_canonical_request: canonical_request_sha256,
            },
            header_choices: choices,
            settings: settings.clone(),
            secret_headers: self.secret_headers.clone(),
            redactor: self.redactor.clone(),
        }
    }

    fn derive(&self, input: &SigningInput<'_>) -> SigningTrace {
        let steps = self.steps(input);
        let signing_key = SigningKey::derive(
            &input.credentials.secret_access_key,
            steps.credential_scope(),
        );
        let signature = signing_key.sign(&steps.string_to_sign.to_string());
        let mut headers_added = self.added(input);
        headers_added.insert(
            1,
            ("authorization".to_owned(), steps.authorization(&signature)),
        );
        SigningTrace {
            steps,
            signing_key,
            signature,
            headers_added,
            are_examples: input.credentials.are_examples(),
        }
    }

    /// The crate's own signature and the headers it wants added.
    fn crate_signature(
        &self,
        target: &SigningTarget<'_>,
        input: &SigningInput<'_>,
    ) -> Result<(Vec<(String, String)>, String), SigningError> {
        let refused = |error: &dyn std::error::Error| {
            let cause = error
                .source()
                .map(|source| format!(": {source}"))
                .unwrap_or_default();
            SigningError::Refused(format!("{error}{cause}"))
        };
        let rule = &input.settings.signed_headers;
        let choices = choose_headers(self.all.iter().map(|(name, _)| name.as_str()), rule);
        let signed = self
            .all
            .iter()
            .zip(&choices)
            .filter(|(_, choice)| choice.is_signed)
            .map(|((name, value), _)| (name.as_str(), value.as_str()));
        let body = if input.settings.unsigned_payload {
            SignableBody::UnsignedPayload
        } else {
            SignableBody::Precomputed(self.payload_hash.clone().into_owned())
        };
        let request =
            SignableRequest::new(target.method, self.url, signed, body).map_err(|e| refused(&e))?;
        let token = input
            .credentials
            .session_token
            .as_ref()
            .filter(|_| input.settings.session_token != SessionTokenRule::Omit);
        let identity = SdkCredentials::new(
            &input.credentials.access_key_id,
            input.credentials.secret_access_key.expose(),
            token.map(|token| token.expose().to_owned()),
            None,
            "countersign",
        )
        .into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(input.region)
            .name(input.service)
            .time(input.time.time())
            .settings(crate_settings(input.settings))
            .build()
            .map_err(|e| refused(&e))?
            .into();
        let (instructions, signature) = crate_sign(request, &params)
            .map_err(|e| refused(&e))?
            .into_parts();
        let (headers, _query) = instructions.into_parts();
        let added = headers
            .iter()
            .map(|header| (header.name().to_owned(), header.value().to_owned()))
            .collect();
        Ok((added, signature))
    }
}

fn crate_settings(settings: &SigningSettings) -> CrateSettings {
    let mut out = CrateSettings::default();
    out.signature_location = SignatureLocation::Headers;
    out.percent_encoding_mode = if settings.double_encode {
        PercentEncodingMode::Double
    } else {
        PercentEncodingMode::Single
    };
    out.uri_path_normalization_mode = if settings.normalize_path {
        UriPathNormalizationMode::Enabled
    } else {
        UriPathNormalizationMode::Disabled
    };
    out.payload_checksum_kind = if settings.content_sha256_header {
        PayloadChecksumKind::XAmzSha256
    } else {
        PayloadChecksumKind::NoHeader
    };
    out.session_token_mode = match settings.session_token {
        SessionTokenRule::Signed | SessionTokenRule::Omit => SessionTokenMode::Include,
        SessionTokenRule::Unsigned => SessionTokenMode::Exclude,
    };
    out
}
