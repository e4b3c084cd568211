//! One known mistake.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::headers::HeaderChange;
use super::key::Chain;
use super::layout::{StringLayout, TextLayout};
use crate::explain::Mending;

/// What a mistake changes. Two mistakes of one dimension exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// The method's line.
    Method,
    /// The path's line.
    Path,
    /// The query's line.
    Query,
    /// The host's value.
    Host,
    /// The content type's value.
    ContentType,
    /// Which headers are signed.
    HeaderSet,
    /// How headers are written.
    HeaderForm,
    /// The payload's line.
    Payload,
    /// How the lines of the canonical request are put together.
    Layout,
    /// The time's line.
    Time,
    /// How the string to sign is put together.
    StringToSign,
    /// The scope's date.
    Date,
    /// The scope's region.
    Region,
    /// The scope's service.
    Service,
    /// The scope's end.
    Terminator,
    /// The secret.
    Secret,
    /// How the key is derived.
    Derivation,
    /// How the signature is written.
    Signature,
}

/// A known mistake in signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutation {
    /// Its own name, finer than a cause: `path-as-on-the-wire`.
    pub name: &'static str,
    /// The code of the cause that it proves.
    pub code: &'static str,
    /// What it changes.
    pub dimension: Dimension,
    /// What the signer did, a sentence without secrets.
    pub what: Cow<'static, str>,
    /// What the tool can do about it.
    pub mending: Option<Mending>,
}

/// A mutation with its effect on the derivation.
pub(super) struct Candidate {
    pub(super) mutation: Mutation,
    pub(super) effect: Effect,
    /// Tried together with others; of a long list of values only the usual ones are.
    pub(super) is_paired: bool,
}

/// What takes the place of the right piece.
#[derive(Clone)]
pub(super) enum Effect {
    Method(String),
    Path(String),
    PathAndQuery(String, String),
    Query(String),
    Headers(HeaderChange),
    Payload(String),
    Layout(TextLayout),
    Time(String),
    StringToSign(StringLayout),
    Scope {
        element: ScopeElement,
        value: String,
        place: ScopePlace,
    },
    Secret(Zeroizing<String>),
    Chain(Chain),
}

/// An element of the credential scope.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeElement {
    Date,
    Region,
    Service,
    Terminator,
}

/// Where another scope was used than the credential says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopePlace {
    Both,
    KeyOnly,
    TextOnly,
}

impl Candidate {
    pub(super) fn new(
        name: &'static str,
        code: &'static str,
        dimension: Dimension,
        what: impl Into<Cow<'static, str>>,
        effect: Effect,
    ) -> Self {
        Self {
            mutation: Mutation {
                name,
                code,
                dimension,
                what: what.into(),
                mending: None,
            },
            effect,
            is_paired: true,
        }
    }

    pub(super) fn mended_by(mut self, mending: Mending) -> Self {
        self.mutation.mending = Some(mending);
        self
    }

    pub(super) fn alone(mut self) -> Self {
        self.is_paired = false;
        self
    }
}
