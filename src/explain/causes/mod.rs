//! Every cause that is known, by kind.
//!
//! Each file has the causes of one kind: a table of code, title and fix, and a function that looks
//! for them in the evidence. The functions add what they find; [`super::explain()`] puts it in order.

mod authorizer;
mod case;
mod clock;
mod credentials;
mod findings;
mod forbidden;
mod form;
mod gateway;
mod headers;
mod http_api;
mod path;
mod payload;
mod policy;
mod query;
mod scope;
mod service;
mod signature;
mod sso;
mod sts;
mod websocket;

pub(super) use case::Case;
pub(super) use findings::Findings;

use super::Likelihood;

/// A row of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The stable code: `region-mismatch`.
    pub code: &'static str,
    /// A sentence that names the cause.
    pub title: &'static str,
    /// What to do, unless the evidence says it better.
    pub fix: &'static str,
}

const fn entry(code: &'static str, title: &'static str, fix: &'static str) -> CatalogueEntry {
    CatalogueEntry { code, title, fix }
}

/// A kind of causes.
struct Kind {
    entries: &'static [CatalogueEntry],
    look: fn(&Case<'_>, &mut Findings),
}

const fn kind(entries: &'static [CatalogueEntry], look: fn(&Case<'_>, &mut Findings)) -> Kind {
    Kind { entries, look }
}

/// In the order in which causes of one likelihood are told.
const KINDS: [Kind; 18] = [
    kind(&signature::ENTRIES, signature::look),
    kind(&clock::ENTRIES, clock::look),
    kind(&credentials::ENTRIES, credentials::look),
    kind(&form::ENTRIES, form::look),
    kind(&scope::ENTRIES, scope::look),
    kind(&path::ENTRIES, path::look),
    kind(&query::ENTRIES, query::look),
    kind(&headers::ENTRIES, headers::look),
    kind(&payload::ENTRIES, payload::look),
    kind(&policy::ENTRIES, policy::look),
    kind(&forbidden::ENTRIES, forbidden::look),
    kind(&authorizer::ENTRIES, authorizer::look),
    kind(&gateway::ENTRIES, gateway::look),
    kind(&http_api::ENTRIES, http_api::look),
    kind(&websocket::ENTRIES, websocket::look),
    kind(&sts::ENTRIES, sts::look),
    kind(&sso::ENTRIES, sso::look),
    kind(&service::ENTRIES, service::look),
];

/// Every cause that is known, by kind.
pub fn catalogue() -> impl Iterator<Item = &'static CatalogueEntry> {
    KINDS.iter().flat_map(|kind| kind.entries)
}

/// Looks for all of them.
pub(super) fn look(case: &Case<'_>) -> Findings {
    let mut found = Findings::default();
    // What the answer names comes before what else is wrong with the signature.
    if !case.is_refused_otherwise() {
        signature::reproduced(case, Likelihood::Proven, &mut found);
    }
    for kind in &KINDS {
        (kind.look)(case, &mut found);
    }
    if case.is_refused_otherwise() {
        let sure = if found.is_sure(Likelihood::VeryLikely) {
            Likelihood::Likely
        } else {
            Likelihood::Proven
        };
        signature::reproduced(case, sure, &mut found);
    }
    form::fallback(case, &mut found);
    signature::fallback(case, &mut found);
    service::fallback(case, &mut found);
    found
}
