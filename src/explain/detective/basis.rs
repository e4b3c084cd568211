//! What is fixed: the request, its signature, and how it should have been signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::Suspect;
use super::encoding::RIGHT;
use super::mutation::{Dimension, Mutation};
use super::text::CanonicalText;
use crate::explain::{GivenRequest, GivenSignature, Placement};
use crate::secret::MASK;
use crate::sigv4::{CanonicalRequest, PathRule, SigningSettings, hash_hex};

/// The SHA-256 of nothing.
pub(in crate::explain) const EMPTY_SHA256: &str =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A URL cut at its delimiters and nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) struct UrlParts<'a> {
    pub(in crate::explain) scheme: &'a str,
    pub(in crate::explain) authority: &'a str,
    pub(in crate::explain) path: &'a str,
    pub(in crate::explain) query: &'a str,
}

impl<'a> UrlParts<'a> {
    /// Cuts an absolute URL.
    pub(in crate::explain) fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Some(Self {
            scheme,
            authority: authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host),
            path,
            query,
        })
    }
}

/// The query that a signature covers: of a presigned URL all but the signature.
pub(in crate::explain) fn signed_query(placement: Placement, query: &str) -> String {
    match placement {
        Placement::Header => query.to_owned(),
        Placement::Query => without_parameter(query, "X-Amz-Signature"),
    }
}

/// The headers that a list names with the values of a request, whose URL names its host.
pub(in crate::explain) fn signed_values(
    request: &GivenRequest,
    names: &[String],
    authority: &str,
) -> Vec<(String, String)> {
    let mut headers = request.headers.clone();
    if request.header_values("host").next().is_none() {
        headers.push(("host".to_owned(), authority.to_owned()));
    }
    signed_headers(&headers, names)
}

/// A query without one of its parameters.
pub(super) fn without_parameter(query: &str, name: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let key = pair.split('=').next().unwrap_or_default();
            percent_decode_str(key).decode_utf8_lossy() != name
        })
        .collect();
    kept.join("&")
}

/// The right derivation and all that mistakes are made from.
pub(super) struct Basis {
    /// The method as sent.
    pub(super) method: String,
    /// The path of the wire.
    pub(super) path: String,
    /// The query of the wire, the signature of a presigned URL left out.
    pub(super) query: String,
    /// The URL's host and port, if known.
    pub(super) authority: String,
    /// All headers as sent, `host` among them.
    pub(super) headers: Vec<(String, String)>,
    /// `SignedHeaders` as written.
    pub(super) signed_names: Vec<String>,
    /// The headers that it names, in order, each with every value that was sent.
    pub(super) signed: Vec<(String, String)>,
    /// The body, if known.
    pub(super) body: Option<Bytes>,
    /// Whether the client tells the hash that it signed, and it is that of the body.
    pub(super) is_payload_told: bool,
    /// How the service takes the path.
    pub(super) rule: PathRule,
    /// What should have been signed.
    pub(super) canonical: CanonicalRequest,
    /// The time as written.
    pub(super) date_time: String,
    /// Date, region, service and terminator as written.
    pub(super) scope: [String; 4],
    /// The key id as written.
    pub(super) access_key_id: String,
    /// The secret that is known.
    pub(super) secret: Zeroizing<String>,
    /// The session token that is known.
    pub(super) token: Option<Zeroizing<String>>,
    /// Where the signature stands.
    pub(super) placement: Placement,
    /// The signature.
    pub(super) wanted: [u8; 32],
    /// The mistake in how it is written.
    pub(super) written: Option<Mutation>,
    /// The gateway's canonical request, if it is another text than ours.
    pub(super) echo: Option<String>,
}

impl Basis {
    /// Puts it together; `None` if there is no signature to compare with, or no request.
    pub(super) fn of(suspect: &Suspect<'_>) -> Option<Self> {
        let request = suspect.request;
        let signature = request.signature.as_ref()?;
        let (wanted, written) = read_signature(signature.signature.as_deref()?)?;
        let echo = suspect
            .echo
            .and_then(|echo| CanonicalText::parse(&echo.canonical_request));
        let url = UrlParts::parse(&request.url);
        let mut headers = request.headers.clone();
        // A document for showing has dots in place of the token.
        if let Some(token) = &suspect.credentials.session_token {
            for (name, value) in &mut headers {
                if value == MASK && name.eq_ignore_ascii_case("x-amz-security-token") {
                    token.expose().clone_into(value);
                }
            }
        }
        let (path, query) = match (&url, &echo) {
            (Some(url), _) => (url.path.to_owned(), url.query.to_owned()),
            (None, Some(echo)) => {
                let known: Vec<String> = headers.iter().map(|(n, _)| n.to_lowercase()).collect();
                for (name, value) in &echo.headers {
                    if !known.iter().any(|known| known == name) {
                        headers.push(((*name).to_owned(), (*value).to_owned()));
                    }
                }
                // The gateway encoded the path of the wire once.
                let path = percent_decode_str(echo.path).decode_utf8_lossy();
                (path.into_owned(), echo.query.to_owned())
            }
            (None, None) => return None,
        };
        let method = match (&*request.method, &echo) {
            ("", Some(echo)) => echo.method.to_owned(),
            ("", None) => "GET".to_owned(),
            (method, _) => method.to_owned(),
        };
        let authority = url.map(|url| url.authority).unwrap_or_default().to_owned();
        if !headers.iter().any(|(n, _)| n.eq_ignore_ascii_case("host")) {
            headers.push(("host".to_owned(), authority.clone()));
        }
        let query = signed_query(signature.placement, &query);
        let date_time = date_time(signature, &headers)?;
        let scope = scope(signature)?;
        let settings = SigningSettings::for_service(&scope[2]);
        let rule = PathRule {
            normalize: settings.normalize_path,
            encode: settings.double_encode,
        };
        let signed_names = signature.signed_headers.clone().unwrap_or_default();
        let payload = match (&request.body, &echo) {
            (Some(body), _) => hash_hex(body),
            (None, Some(echo)) => echo.payload.to_owned(),
            (None, None) if suspect.hashed_payload.is_some() => {
                suspect.hashed_payload.unwrap_or_default().to_owned()
            }
            (None, None) => headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("x-amz-content-sha256"))
                .map_or_else(|| EMPTY_SHA256.to_owned(), |(_, value)| value.clone()),
        };
        let is_payload_told =
            request.body.is_some() && suspect.hashed_payload == Some(payload.as_str());
        let signed = signed_headers(&headers, &signed_names);
        let canonical = CanonicalRequest::derive(
            &method,
            &path,
            &query,
            signed.iter().map(|(n, v)| (n.as_str(), v.as_str())),
            payload,
            rule,
        );
        let echo = suspect
            .echo
            .map(|echo| echo.canonical_request.clone())
            .filter(|echo| *echo != canonical.to_string());
        Some(Self {
            method,
            path,
            query,
            authority,
            headers,
            signed_names,
            body: request.body.clone(),
            is_payload_told,
            signed,
            rule,
            canonical,
            date_time,
            scope,
            access_key_id: signature.access_key_id().unwrap_or_default().to_owned(),
            secret: Zeroizing::new(suspect.credentials.secret_access_key.expose().to_owned()),
            token: suspect
                .credentials
                .session_token
                .as_ref()
                .map(|token| Zeroizing::new(token.expose().to_owned())),
            placement: signature.placement,
            wanted,
            written,
            echo,
        })
    }

    /// The values of a header, any letter case.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The headers that a list names, each with every value that was sent; one that was not is empty.
fn signed_headers(headers: &[(String, String)], names: &[String]) -> Vec<(String, String)> {
    let mut names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    names.sort();
    names.dedup();
    let mut signed = Vec::new();
    for name in names {
        let before = signed.len();
        signed.extend(
            headers
                .iter()
                .filter(|(known, _)| known.eq_ignore_ascii_case(&name))
                .map(|(_, value)| (name.clone(), value.clone())),
        );
        if signed.len() == before {
            signed.push((name, String::new()));
        }
    }
    signed
}

fn date_time(signature: &GivenSignature, headers: &[(String, String)]) -> Option<String> {
    let sent = |name: &str| {
        headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
    };
    signature
        .date_time
        .clone()
        .or_else(|| sent("x-amz-date"))
        .or_else(|| sent("date"))
}

fn scope(signature: &GivenSignature) -> Option<[String; 4]> {
    if let Some(scope) = signature.scope() {
        let elements = [scope.date, scope.region, scope.service, scope.terminator];
        return Some(elements.map(str::to_owned));
    }
    // Without its last element, which some leave out.
    let credential = signature.credential.as_deref()?;
    let mut parts = credential.rsplitn(4, '/');
    let (service, region, date) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next()?;
    Some([date, region, service, ""].map(str::to_owned))
}

/// 32 bytes, and the mistake if they are not written as lower-case hex.
fn read_signature(text: &str) -> Option<([u8; 32], Option<Mutation>)> {
    let mistake = |name, what: &'static str| Mutation {
        name,
        code: "signature-encoding",
        dimension: Dimension::Signature,
        what: what.into(),
        mending: None,
    };
    let text = text.trim();
    if text.len() == 64
        && let Ok(bytes) = hex::decode(text)
    {
        let written = text.bytes().any(|b| b.is_ascii_uppercase()).then(|| {
            mistake(
                "signature-in-upper-case",
                "the signature is written in upper-case hex",
            )
        });
        return Some((bytes.try_into().ok()?, written));
    }
    let plain = percent_decode_str(text).decode_utf8().ok()?;
    let bytes = STANDARD.decode(plain.as_bytes()).ok()?;
    let bytes: [u8; 32] = bytes.try_into().ok()?;
    Some((
        bytes,
        Some(mistake(
            "signature-in-base64",
            "the signature is written in Base64 instead of hex",
        )),
    ))
}

/// A text encoded as AWS asks for.
pub(super) fn encoded(text: &str) -> String {
    RIGHT.encode(text.as_bytes())
}
