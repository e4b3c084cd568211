//! A request cut into what a signature needs, and the five steps derived from it.

use std::borrow::Cow;
use std::mem;

use percent_encoding::utf8_percent_encode;

use super::canonical_request::{CanonicalRequest, ENCODE, PathRule, lower_case};
use super::ecdsa_key::EcdsaKey;
use super::headers::{HeaderChoice, choose_headers};
use super::memory::SigningMemory;
use super::settings::{Placement, SessionTokenRule, SigningSettings};
use super::sign::{Payload, SigningError, SigningInput, SigningTarget};
use super::string_to_sign::{Algorithm, CredentialScope, StringToSign};
use super::trace::{DerivedKey, SigningSteps, SigningTrace};
use super::warning::Facts;
use crate::request::ResolvedRequest;
use crate::secret::Redactor;

const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
/// Headers that signing writes: stale ones are dropped before.
const OWNED: [&str; 3] = ["authorization", "x-amz-date", "x-amz-security-token"];
/// Parameters that signing writes into a presigned URL.
const OWNED_PARAMETERS: [&str; 8] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Region-Set",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
];

/// A target cut into what both derivations need.
pub(super) struct Prepared<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    path: &'a str,
    query: &'a str,
    /// Everything to be sent but what signing adds: lower-case names, host among them.
    pub(super) all: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The headers that signing adds before the signature is known; none in a presigned URL.
    added: Vec<(String, String)>,
    /// Each header's choice, those that signing adds behind the others.
    pub(super) choices: Vec<HeaderChoice>,
    pub(super) payload_hash: Cow<'a, str>,
    secret_headers: Vec<String>,
    pub(super) redactor: Redactor,
}

/// What no request may hold, whatever signs it.
pub(super) fn check_legal(target: &SigningTarget<'_>) -> Result<(), SigningError> {
    if !is_token(target.method) {
        return Err(SigningError::Illegal("the method"));
    }
    if target.url.chars().any(char::is_control) {
        return Err(SigningError::Url("it holds a control character"));
    }
    for (name, value) in target.headers {
        if !is_token(name) {
            return Err(SigningError::Illegal("a header's name"));
        }
        // What `HeaderValue` allows (RFC 9110 §5.5), without a copy.
        let is_legal = |byte: u8| byte == b'\t' || (byte >= b' ' && byte != 0x7f);
        if !value.bytes().all(is_legal) {
            return Err(SigningError::Illegal("a header's value"));
        }
    }
    Ok(())
}

/// A token (RFC 9110 §5.6.2), as methods and headers' names are. `http`'s own types say the same of
/// one, but copy it.
fn is_token(text: &str) -> bool {
    // The length is the limit of `http`.
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (1..=usize::from(u16::MAX)).contains(&text.len()) && text.bytes().all(is_legal)
}

/// A URL's authority, path and query, exactly as they stand; a URL library would mend them.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
    query: &'a str,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Result<Self, SigningError> {
        let (scheme, rest) = url
            .split_once("://")
            .ok_or(SigningError::Url("it is not absolute"))?;
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path_and_query) = rest.split_at(end);
        let (path, query) = path_and_query
            .split_once('?')
            .unwrap_or((path_and_query, ""));
        if authority.is_empty() || authority.starts_with(':') {
            return Err(SigningError::Url("it has no host"));
        }
        let is_known = ["https", "http", "wss", "ws"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        if !is_known {
            return Err(SigningError::Url(
                "its scheme is not http, https, ws or wss",
            ));
        }
        if authority.contains('@') {
            return Err(SigningError::Url("it carries a user name or password"));
        }
        if let Some((_, port)) = authority.rsplit_once(':')
            && !authority.ends_with(']')
            && port.parse::<u16>().is_err()
        {
            return Err(SigningError::Url("its port is not a number up to 65535"));
        }
        Ok(Self {
            scheme,
            authority,
            path,
            query,
        })
    }

    /// The `Host` header of this URL: a default port is not sent.
    fn host(&self) -> &'a str {
        let default_port = if self.scheme.eq_ignore_ascii_case("https") {
            ":443"
        } else {
            ":80"
        };
        self.authority
            .strip_suffix(default_port)
            .unwrap_or(self.authority)
    }
}

impl<'a> Prepared<'a> {
    /// Cuts a request whose method, URL and headers are legal.
    pub(super) fn new(
        method: &'a str,
        url: &'a str,
        headers: impl IntoIterator<Item = (&'a str, Cow<'a, str>)>,
        payload: Payload<'a>,
        input: &SigningInput<'_>,
    ) -> Result<Self, SigningError> {
        if input.region.is_empty() {
            return Err(SigningError::Missing("the region"));
        }
        if input.service.is_empty() {
            return Err(SigningError::Missing("the service"));
        }
        // Either would take the scope apart: its parts stand between slashes.
        for (name, text) in [("the region", input.region), ("the service", input.service)] {
            if text.contains(|c: char| c == '/' || c.is_whitespace() || c.is_control()) {
                return Err(SigningError::Illegal(name));
            }
        }
        // At its ends or twice in a row, the crate signs a space that no server would.
        if token(input).is_some_and(|token| !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(SigningError::Illegal("the session token"));
        }
        let parts = Parts::of(url)?;
        let placement = input.settings.placement;
        if placement.is_query() && is_presigned(parts.query) {
            return Err(SigningError::Url(
                "it is presigned already: take the X-Amz-… parameters of the old signature out",
            ));
        }
        let writes_content_hash = input.settings.content_sha256_header && !placement.is_query();
        let mut all: Vec<(Cow<'a, str>, Cow<'a, str>)> = headers
            .into_iter()
            .map(|(name, value)| (lower_case(name), value))
            .filter(|(name, _)| !OWNED.contains(&&**name))
            .filter(|(name, _)| !(writes_content_hash && name == "x-amz-content-sha256"))
            .collect();
        if !all.iter().any(|(name, _)| name == "host") {
            all.insert(0, ("host".into(), parts.host().into()));
        }
        let payload_hash: Cow<'a, str> = if input.settings.unsigned_payload {
            UNSIGNED_PAYLOAD.into()
        } else {
            payload.hash()
        };
        let added = headers_added(input, &payload_hash);
        let choices = choices(
            all.iter()
                .map(|(name, _)| &**name)
                .chain(added.iter().map(|(name, _)| name.as_str())),
            input.settings,
        );
        Ok(Self {
            method,
            url,
            path: parts.path,
            query: parts.query,
            all,
            added,
            choices,
            payload_hash,
            secret_headers: Vec::new(),
            redactor: Redactor::default(),
        })
    }

    /// Notes what must not be shown of it.
    pub(super) fn with_secrets_of(
        mut self,
        request: &ResolvedRequest,
        input: &SigningInput<'_>,
    ) -> Self {
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

    /// The headers that are signed, in the order of sending.
    pub(super) fn signed<'v>(
        &'v self,
        input: &'v SigningInput<'_>,
    ) -> impl Iterator<Item = (&'v str, &'v str)> {
        let given = self.all.iter().map(|(name, value)| (&**name, &**value));
        let added = self
            .added
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        given
            .chain(added)
            .zip(&self.choices)
            .filter(|(_, choice)| choice.is_signed)
            .map(|((name, value), _)| (name, signed_value(input, name, value)))
    }

    /// The parameters of a presigned URL but for the signature, and whether each is signed.
    fn query_added(
        input: &SigningInput<'_>,
        scope: &CredentialScope,
        signed_headers: &str,
    ) -> Vec<(&'static str, String, bool)> {
        let settings = input.settings;
        let Placement::Query { expires } = settings.placement else {
            return Vec::new();
        };
        let credential = format!("{}/{scope}", input.credentials.access_key_id);
        let mut added = vec![
            (
                "X-Amz-Algorithm",
                settings.algorithm.name().to_owned(),
                true,
            ),
            ("X-Amz-Credential", credential, true),
            ("X-Amz-Date", input.time.to_string(), true),
            ("X-Amz-Expires", expires.to_string(), true),
            ("X-Amz-SignedHeaders", signed_headers.to_owned(), true),
        ];
        if settings.algorithm == Algorithm::EcdsaP256Sha256 {
            added.push(("X-Amz-Region-Set", input.region.to_owned(), true));
        }
        if let Some(token) = token(input) {
            let is_signed = settings.session_token == SessionTokenRule::Signed;
            added.push(("X-Amz-Security-Token", token.to_owned(), is_signed));
        }
        added
    }

    /// Steps 1 and 2. The choices go into them, so the crate has its turn before.
    pub(super) fn steps(&mut self, input: &SigningInput<'_>) -> SigningSteps {
        let settings = input.settings;
        let credential_scope = CredentialScope {
            date: input.time.date(),
            region: match settings.algorithm {
                Algorithm::HmacSha256 => input.region.to_owned(),
                Algorithm::EcdsaP256Sha256 => String::new(),
            },
            service: input.service.to_owned(),
        };
        let signed: Vec<(&str, &str)> = self.signed(input).collect();
        let mut query = self.query.to_owned();
        if settings.placement.is_query() {
            let names = signed_names(&signed);
            for (name, value, is_signed) in Self::query_added(input, &credential_scope, &names) {
                if is_signed {
                    append(&mut query, name, &value);
                }
            }
        }
        let rule = PathRule {
            normalize: settings.normalize_path,
            encode: settings.double_encode,
        };
        let has_tab = signed.iter().any(|(_, value)| value.contains('\t'));
        let canonical_request = CanonicalRequest::derive(
            self.method,
            self.path,
            &query,
            signed,
            self.payload_hash.clone(),
            rule,
        );
        let warnings = Facts {
            settings,
            service: input.service,
            credentials: input.credentials,
            path: self.path,
            query: self.query,
            choices: &self.choices,
            has_tab,
        }
        .warnings();
        let canonical_request_sha256 = canonical_request.sha256();
        SigningSteps {
            access_key_id: input.credentials.access_key_id.clone(),
            canonical_request,
            canonical_request_sha256: canonical_request_sha256.clone(),
            string_to_sign: StringToSign {
                algorithm: settings.algorithm,
                request_date_time: input.time,
                credential_scope,
                hashed_canonical_request: canonical_request_sha256,
            },
            header_choices: mem::take(&mut self.choices),
            settings: settings.clone(),
            warnings,
            secret_headers: self.secret_headers.clone(),
            redactor: self.redactor.clone(),
        }
    }

    /// All five steps; see [`Prepared::steps`].
    pub(super) fn derive(
        &mut self,
        input: &SigningInput<'_>,
        memory: &mut SigningMemory,
    ) -> Result<SigningTrace, SigningError> {
        let steps = self.steps(input);
        let secret = &input.credentials.secret_access_key;
        let string_to_sign = steps.string_to_sign.text();
        let (key, signature) = match input.settings.algorithm {
            Algorithm::HmacSha256 => {
                let key = memory.key(secret, steps.credential_scope());
                let signature = key.sign(&string_to_sign);
                (DerivedKey::Hmac(key), signature)
            }
            Algorithm::EcdsaP256Sha256 => {
                let key = EcdsaKey::derive(&input.credentials.access_key_id, secret)
                    .ok_or(SigningError::Missing("a key pair for this secret key"))?;
                let signature = key
                    .sign(&string_to_sign)
                    .ok_or(SigningError::Missing("a key pair for this secret key"))?;
                (DerivedKey::Ecdsa(key), signature)
            }
        };
        let mut headers_added = mem::take(&mut self.added);
        let mut query_added = Vec::new();
        let mut signed_url = None;
        if input.settings.placement.is_query() {
            let names = steps.canonical_request.signed_headers();
            query_added = Self::query_added(input, steps.credential_scope(), &names)
                .into_iter()
                .map(|(name, value, _)| (name.to_owned(), value))
                .collect();
            query_added.push(("X-Amz-Signature".to_owned(), signature.clone()));
            signed_url = Some(with_query(self.url, &query_added));
        } else {
            headers_added.insert(
                1,
                ("authorization".to_owned(), steps.authorization(&signature)),
            );
        }
        Ok(SigningTrace {
            steps,
            key,
            signature,
            headers_added,
            query_added,
            signed_url,
            are_examples: input.credentials.are_examples(),
        })
    }
}

/// The session token, if it is sent.
fn token<'i>(input: &'i SigningInput<'_>) -> Option<&'i str> {
    let sent = input.settings.session_token != SessionTokenRule::Omit;
    let token = input.credentials.session_token.as_ref()?;
    sent.then(|| token.expose())
}

fn headers_added(input: &SigningInput<'_>, payload_hash: &str) -> Vec<(String, String)> {
    let settings = input.settings;
    if settings.placement.is_query() {
        return Vec::new();
    }
    let mut added = vec![("x-amz-date".to_owned(), input.time.to_string())];
    if settings.algorithm == Algorithm::EcdsaP256Sha256 {
        added.push(("x-amz-region-set".to_owned(), input.region.to_owned()));
    }
    if settings.content_sha256_header {
        added.push(("x-amz-content-sha256".to_owned(), payload_hash.to_owned()));
    }
    if let Some(token) = token(input) {
        added.push(("x-amz-security-token".to_owned(), token.to_owned()));
    }
    added
}

fn choices<'n>(
    names: impl Iterator<Item = &'n str>,
    settings: &SigningSettings,
) -> Vec<HeaderChoice> {
    let mut choices = choose_headers(names, &settings.signed_headers, settings.placement);
    for choice in &mut choices {
        if choice.name == "x-amz-security-token"
            && settings.session_token == SessionTokenRule::Unsigned
        {
            choice.is_signed = false;
            choice.reason = "added after signing by choice";
        }
    }
    choices
}

/// The value of a header that is signed: the host may be another one by choice.
fn signed_value<'v>(input: &'v SigningInput<'_>, name: &str, value: &'v str) -> &'v str {
    match &input.settings.signed_host {
        Some(host) if name == "host" => host,
        _ => value,
    }
}

/// The names that will stand in `SignedHeaders`.
fn signed_names(signed: &[(&str, &str)]) -> String {
    let mut names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    names.join(";")
}

fn is_presigned(query: &str) -> bool {
    query
        .split('&')
        .map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
        .any(|name| OWNED_PARAMETERS.contains(&name))
}

/// Appends a parameter to a query.
fn append(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() && !query.ends_with('&') {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.extend(utf8_percent_encode(value, ENCODE));
}

/// A URL with more parameters at the end of its query.
pub(super) fn with_query(url: &str, added: &[(String, String)]) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let (before, query) = url.split_once('?').unwrap_or((url, ""));
    let mut query = query.to_owned();
    for (name, value) in added {
        append(&mut query, name, value);
    }
    format!("{before}?{query}")
}
