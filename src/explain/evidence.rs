//! What is known of one call, wherever it was read from.

use std::fmt;

use bytes::Bytes;

use crate::sigv4::Echo;

/// What a pasted text turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Given {
    /// A call that this program sent.
    Exchange,
    /// The document that `send --json` prints.
    SendDocument,
    /// An answer's body, with or without its status line and headers.
    Answer,
    /// A curl, awscurl or `HTTPie` command line.
    CommandLine,
    /// An `Authorization` header.
    AuthorizationHeader,
    /// A presigned URL.
    PresignedUrl,
    /// A raw HTTP request.
    RawRequest,
    /// A canonical request or a string to sign as text, by whichever signer.
    SigningSteps,
    /// The debug log of botocore.
    BotocoreLog,
    /// The debug log of an AWS SDK for Go.
    GoSdkLog,
}

/// Everything that is known of one call. What is not known is `None`; nothing is guessed.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What it was read from.
    pub given: Given,
    /// The request as it was sent, or would be.
    pub request: Option<GivenRequest>,
    /// The client's own derivation, if it told it.
    pub steps: Option<ClientSteps>,
    /// What came back.
    pub answer: Option<GivenAnswer>,
    /// The gateway's derivation, if the answer repeats it.
    pub echo: Option<Echo>,
}

/// A request as it stands in a text. `Debug` shows no values of headers and no body.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct GivenRequest {
    /// The method; empty if unknown.
    pub method: String,
    /// The absolute URL with its query exactly as written; empty if unknown.
    pub url: String,
    /// Headers as written, in order.
    pub headers: Vec<(String, String)>,
    /// The body; `None` if unknown, which is not the same as empty.
    pub body: Option<Bytes>,
    /// Its signature, if it has one.
    pub signature: Option<GivenSignature>,
    /// What a command line tells its client to sign with; the signature is not made yet.
    pub signs_as: Option<SignsAs>,
}

/// What curl's `--aws-sigv4` or awscurl is told to sign with. A secret key beside it is not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignsAs {
    /// The key id, if the line has it.
    pub access_key_id: Option<String>,
    /// The region, or the client's own default.
    pub region: Option<String>,
    /// The service, or the client's own default.
    pub service: Option<String>,
}

/// Where a signature stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// In the `Authorization` header.
    #[default]
    Header,
    /// In the query.
    Query,
}

/// A signature and what it says of itself; each part as written, `None` if it is missing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct GivenSignature {
    /// Header or query.
    pub placement: Placement,
    /// `AWS4-HMAC-SHA256` if it is right; the whole scheme word otherwise (`Bearer`).
    pub algorithm: String,
    /// `Credential` as written.
    pub credential: Option<String>,
    /// `SignedHeaders`, cut at `;`.
    pub signed_headers: Option<Vec<String>>,
    /// The signature.
    pub signature: Option<String>,
    /// `x-amz-date`, `X-Amz-Date` or `Date` as written.
    pub date_time: Option<String>,
    /// `X-Amz-Expires` as written.
    pub expires: Option<String>,
    /// The header's value or the query as it was found, for messages that repeat it.
    pub raw: String,
}

impl GivenSignature {
    /// Whether the key id is not told, though the scope is: the credential begins with its slash.
    pub fn is_key_id_unknown(&self) -> bool {
        self.credential
            .as_deref()
            .is_some_and(|credential| credential.starts_with('/'))
    }

    /// The key id: what stands before the scope; `None` if it is not told.
    pub fn access_key_id(&self) -> Option<&str> {
        let credential = self.credential.as_deref()?;
        // A key id may wrongly hold slashes; the scope has four elements.
        let mut parts = credential.rsplitn(5, '/');
        parts.nth(4).filter(|id| !id.is_empty())
    }

    /// The scope, if the credential has five elements or more.
    pub fn scope(&self) -> Option<GivenScope<'_>> {
        let mut parts = self.credential.as_deref()?.rsplitn(5, '/');
        let terminator = parts.next()?;
        let service = parts.next()?;
        let region = parts.next()?;
        let date = parts.next()?;
        parts.next()?;
        Some(GivenScope {
            date,
            region,
            service,
            terminator,
        })
    }
}

/// A credential scope as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenScope<'a> {
    /// `YYYYMMDD` if it is right.
    pub date: &'a str,
    /// The region.
    pub region: &'a str,
    /// The service.
    pub service: &'a str,
    /// `aws4_request` if it is right.
    pub terminator: &'a str,
}

/// What the client says that it computed.
/// `Debug` shows no text: it may hold a session token.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSteps {
    /// Its canonical request, if told.
    pub canonical_request: Option<String>,
    /// Its string to sign, if told.
    pub string_to_sign: Option<String>,
    /// Secrets in it were replaced by dots, so that its hash cannot be checked.
    pub is_masked: bool,
}

/// An answer as far as it is known. `Debug` shows no values and no body: a refusal repeats tokens.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct GivenAnswer {
    /// The status code.
    pub status: Option<u16>,
    /// Headers, lower-case names.
    pub headers: Vec<(String, String)>,
    /// The body's text.
    pub body: String,
    /// The message inside the body, unwrapped: `message`, `Message`, XML's `<Message>`, at any depth.
    pub message: Option<String>,
    /// The error type: `x-amzn-ErrorType` up to its first `:`, else `__type` behind its `#`, else
    /// XML's `<Code>`.
    pub error_type: Option<String>,
}

impl GivenAnswer {
    /// The first value of a header (lower-case name).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl GivenRequest {
    /// The values of a header, any letter case, in order.
    pub fn header_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for GivenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("GivenRequest")
            .field("method", &self.method)
            .field("headers", &names)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for GivenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("GivenAnswer")
            .field("status", &self.status)
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .field("has_message", &self.message.is_some())
            .field("error_type", &self.error_type)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientSteps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSteps")
            .field("has_canonical_request", &self.canonical_request.is_some())
            .field("string_to_sign", &self.string_to_sign)
            .field("is_masked", &self.is_masked)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for GivenSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenSignature")
            .field("placement", &self.placement)
            .field("algorithm", &self.algorithm)
            .field("credential", &self.credential)
            .field("signed_headers", &self.signed_headers)
            .field("date_time", &self.date_time)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_in_the_key_id_belongs_to_it() {
        let signature = GivenSignature {
            credential: Some("AK/ID/20260102/us-east-1/execute-api/aws4_request".into()),
            ..GivenSignature::default()
        };
        assert_eq!(signature.access_key_id(), Some("AK/ID"));
        assert_eq!(signature.scope().unwrap().region, "us-east-1");
        let short = GivenSignature {
            credential: Some("AKID".into()),
            ..GivenSignature::default()
        };
        assert_eq!((short.access_key_id(), short.scope()), (None, None));
        assert!(!short.is_key_id_unknown());
    }

    #[test]
    fn a_scope_without_a_key_id_is_a_scope() {
        let signature = GivenSignature {
            credential: Some("/20260102/us-east-1/execute-api/aws4_request".into()),
            ..GivenSignature::default()
        };
        assert_eq!(signature.access_key_id(), None);
        assert!(signature.is_key_id_unknown());
        assert_eq!(signature.scope().unwrap().date, "20260102");
    }
}
