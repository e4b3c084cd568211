//! What lines are about: what is about the same lights up together, here and in the editor.

use crate::sigv4::CanonicalPart;

/// Something that a line of the signing view, or a field of the editor, is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningPart {
    /// A part of the request.
    Request(CanonicalPart),
    /// The hash of the canonical request.
    RequestHash,
    /// The algorithm.
    Algorithm,
    /// The time of the signature.
    Time,
    /// The region of the scope.
    Region,
    /// The service of the scope.
    Service,
    /// Who signs.
    KeyId,
    /// A key of step 3, by its name.
    Key(&'static str),
    /// A number of step 3 that is no key, by its name.
    Number(&'static str),
    /// The string to sign as a whole.
    StringToSign,
    /// The signature.
    Signature,
}

impl SigningPart {
    /// A header, by its lower-case name.
    pub fn header(name: &str) -> Self {
        Self::Request(CanonicalPart::Header(name.to_owned()))
    }
}

/// Whether any of these is among those.
pub(super) fn share(parts: &[SigningPart], others: &[SigningPart]) -> bool {
    parts.iter().any(|part| others.contains(part))
}

/// Where in the editor something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningSource {
    /// The method.
    Method,
    /// The URL.
    Url,
    /// The query's parameters.
    Query,
    /// A header row of the request, by its index.
    HeaderRow(usize),
    /// The headers that are handed down or added.
    Headers,
    /// The auth.
    Auth,
    /// The body.
    Body,
}

impl SigningSource {
    /// What the button says that leads there.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Method => "Show the method",
            Self::Url => "Show the URL",
            Self::Query => "Show the parameters",
            Self::HeaderRow(_) => "Show the header",
            Self::Headers => "Show the headers",
            Self::Auth => "Show the auth",
            Self::Body => "Show the body",
        }
    }
}
