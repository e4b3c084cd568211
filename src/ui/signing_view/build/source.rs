//! Where lines of the canonical request come from.

use crate::request::{HeaderSource, RequestBody};
use crate::sigv4::{CanonicalPart, SigningSteps};
use crate::ui::signing_view::part::{SigningPart, SigningSource};
use crate::ui::theme::Provenance;

/// Header names with the reason why each is sent.
pub(super) type Sources = Vec<(String, HeaderSource)>;

/// What is said of a body.
#[derive(Clone, Copy)]
pub(super) struct BodyFacts {
    is_file: bool,
    bytes: u64,
}

impl BodyFacts {
    pub(super) fn of(body: &RequestBody) -> Self {
        Self {
            is_file: body.file().is_some(),
            bytes: body.len(),
        }
    }
}

/// What else a line of the canonical request is about.
pub(super) fn also_of(part: &CanonicalPart, steps: &SigningSteps) -> Vec<SigningPart> {
    match part {
        CanonicalPart::Header(name) => match name.as_str() {
            "x-amz-date" => vec![SigningPart::Time],
            "x-amz-region-set" => vec![SigningPart::Region],
            "x-amz-content-sha256" | "content-type" => {
                vec![SigningPart::Request(CanonicalPart::HashedPayload)]
            }
            "x-amz-security-token" => vec![SigningPart::KeyId],
            _ => Vec::new(),
        },
        CanonicalPart::SignedHeaders => steps
            .canonical_request
            .canonical_headers
            .iter()
            .map(|(name, _)| SigningPart::header(name))
            .collect(),
        CanonicalPart::Method
        | CanonicalPart::Path
        | CanonicalPart::Query
        | CanonicalPart::EndOfHeaders
        | CanonicalPart::HashedPayload => Vec::new(),
    }
}

pub(super) fn provenance(part: &CanonicalPart) -> Option<Provenance> {
    match part {
        CanonicalPart::Method => Some(Provenance::Method),
        CanonicalPart::Path => Some(Provenance::Path),
        CanonicalPart::Query => Some(Provenance::Query),
        CanonicalPart::Header(_) | CanonicalPart::SignedHeaders => Some(Provenance::Header),
        CanonicalPart::HashedPayload => Some(Provenance::Body),
        CanonicalPart::EndOfHeaders => None,
    }
}

/// Where a line came from and why it is there.
pub(super) fn source_of(
    part: &CanonicalPart,
    steps: &SigningSteps,
    sources: &Sources,
    body: Option<BodyFacts>,
) -> (String, Option<SigningSource>) {
    match part {
        CanonicalPart::Method => (
            "From the method of the request.".to_owned(),
            Some(SigningSource::Method),
        ),
        CanonicalPart::Path => (
            "From the URL, its variables filled in.".to_owned(),
            Some(SigningSource::Url),
        ),
        CanonicalPart::Query if steps.canonical_request.canonical_query_string.is_empty() => (
            "The URL has no query; its line stays, empty.".to_owned(),
            Some(SigningSource::Query),
        ),
        CanonicalPart::Query if steps.settings.placement.is_query() => (
            "From the query of the URL, and the parameters that signing adds but for the signature."
                .to_owned(),
            Some(SigningSource::Query),
        ),
        CanonicalPart::Query => (
            "From the query of the URL.".to_owned(),
            Some(SigningSource::Query),
        ),
        CanonicalPart::Header(name) => {
            let (from, source) = header_source(name, sources);
            let reason = steps
                .header_choices
                .iter()
                .find(|choice| choice.name == *name)
                .map(|choice| format!("; {}", choice.reason))
                .unwrap_or_default();
            (format!("{from}{reason}."), source)
        }
        CanonicalPart::EndOfHeaders => (String::new(), None),
        CanonicalPart::SignedHeaders => (
            "From the header lines above.".to_owned(),
            Some(SigningSource::Headers),
        ),
        CanonicalPart::HashedPayload if steps.settings.unsigned_payload => {
            ("The body is not signed.".to_owned(), None)
        }
        CanonicalPart::HashedPayload => {
            let why = match body {
                Some(BodyFacts { is_file: true, bytes: 0 }) => "From the body's file.".to_owned(),
                Some(BodyFacts { is_file: true, bytes }) => {
                    format!("From the body's file, {bytes} bytes.")
                }
                Some(BodyFacts { bytes: 0, .. }) => {
                    "There is no body: this is the hash of nothing.".to_owned()
                }
                Some(BodyFacts { bytes: 1, .. }) => "From the body, 1 byte.".to_owned(),
                Some(BodyFacts { bytes, .. }) => format!("From the body, {bytes} bytes."),
                None => "From the body.".to_owned(),
            };
            (why, Some(SigningSource::Body))
        }
    }
}

/// Where a header came from.
pub(super) fn header_source(name: &str, sources: &Sources) -> (String, Option<SigningSource>) {
    let source = sources.iter().find(|(known, _)| known == name);
    match source.map(|(_, source)| source) {
        Some(HeaderSource::Row(index)) => (
            format!("From header row {}", index + 1),
            Some(SigningSource::HeaderRow(*index)),
        ),
        Some(HeaderSource::Inherited(origin)) => {
            (format!("From the {origin}"), Some(SigningSource::Headers))
        }
        Some(HeaderSource::Auth) => ("From the auth".to_owned(), Some(SigningSource::Auth)),
        Some(HeaderSource::Body) => ("From the body's kind".to_owned(), Some(SigningSource::Body)),
        Some(HeaderSource::Tool) if name == "host" => {
            ("From the URL".to_owned(), Some(SigningSource::Url))
        }
        Some(HeaderSource::Tool) => (
            "Every request has it".to_owned(),
            Some(SigningSource::Headers),
        ),
        Some(HeaderSource::Signing) | None if name == "x-amz-security-token" => (
            "Added by signing with temporary credentials".to_owned(),
            Some(SigningSource::Auth),
        ),
        Some(HeaderSource::Signing) | None => ("Added by signing".to_owned(), None),
    }
}
