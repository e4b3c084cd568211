//! Finds out what a signer did, by doing it again.
//!
//! ```text
//! request, signature, secret ─▶ Basis ─▶ right? ─▶ one mutation? ─▶ two? ─▶ Finding
//!                                          │ each: canonical text ─▶ SHA-256 ─▶ HMAC ─ equal?
//! ```
//!
//! A signature that comes out equal under one known mistake proves that mistake: another text or
//! key would have given another HMAC. The right derivation is the one of [`crate::sigv4`]; a
//! mutation replaces one piece of it.

mod basis;
mod encoding;
mod headers;
mod key;
mod layout;
mod mutation;
mod path;
mod payload;
mod query;
mod scope;
mod search;
mod text;

pub(super) use basis::{EMPTY_SHA256, UrlParts, signed_query, signed_values};
pub use mutation::{Dimension, Mutation};
pub(super) use text::CanonicalText;

use super::{ClientSteps, GivenRequest};
use crate::sigv4::{Credentials, Echo};
use basis::Basis;
use search::Search;

/// A signature whose making is to be found out.
#[derive(Clone, Copy, Debug)]
pub struct Suspect<'a> {
    /// The request with its signature. Without a URL the echo says what was asked for.
    pub request: &'a GivenRequest,
    /// The gateway's derivation, if the answer repeats it.
    pub echo: Option<&'a Echo>,
    /// The body's hash as the client tells it: it stands for a body that is not known, and if it is the
    /// right one, nothing else of the body is tried.
    pub hashed_payload: Option<&'a str>,
    /// The keys that were to sign it.
    pub credentials: &'a Credentials,
}

/// A way of signing that gives the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The mistakes; none if the request is signed as it should be.
    pub mutations: Vec<Mutation>,
    /// The text that was signed is the one that the gateway derived, which is not the one of the
    /// given request.
    pub on_echo: bool,
    /// The text that was signed.
    pub signed: ClientSteps,
}

/// Everything that gives the signature: at first with no mistake, else every single one, else the
/// first pair. Empty if nothing does, or if too little is known to try.
pub fn find(suspect: &Suspect<'_>) -> Vec<Finding> {
    try_to_find(suspect).unwrap_or_default()
}

/// The same; `None` if too little is known to try.
pub(super) fn try_to_find(suspect: &Suspect<'_>) -> Option<Vec<Finding>> {
    Basis::of(suspect).map(|basis| Search::new(&basis).run())
}

/// The names of all single mutations that would change the signature of this request.
pub fn mutations(suspect: &Suspect<'_>) -> Vec<Mutation> {
    Basis::of(suspect)
        .map(|basis| Search::new(&basis).mutations())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
