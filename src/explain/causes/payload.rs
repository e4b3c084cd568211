//! The body's line.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::detective::EMPTY_SHA256;
use crate::explain::{Likelihood, Mending};

pub(super) const ENTRIES: [CatalogueEntry; 3] = [
    entry(
        "body-changed",
        "the body changed after signing",
        "hash the very bytes that are sent: after serialising, compressing and encoding",
    ),
    entry(
        "body-not-signed",
        "the body was not given to the signer",
        "give the body to the signer: the hash of an empty one was signed",
    ),
    entry(
        "unsigned-payload",
        "UNSIGNED-PAYLOAD was signed, which API Gateway does not take",
        "sign the body's SHA-256",
    ),
];

const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let Some(theirs) = case.echoed() else {
        return;
    };
    let ours = case
        .ours
        .as_ref()
        .filter(|(_, is_told)| *is_told)
        .and_then(|_| case.signed());
    if let Some(ours) = ours {
        if ours.payload != theirs.payload {
            differs(ours.payload, theirs.payload, Likelihood::Proven, found);
        }
        return;
    }
    if case
        .found
        .iter()
        .any(|finding| !finding.mutations.is_empty())
    {
        return;
    }
    if let Some(ours) = case.signed().filter(|ours| ours.payload != theirs.payload) {
        found
            .add("body-changed", Likelihood::VeryLikely)
            .saw(format!("the body as given has the hash {}", ours.payload))
            .saw(format!("the body that arrived has {}", theirs.payload));
    }
    // The header tells what the signer took for the hash.
    if let Some(claimed) = theirs
        .header("x-amz-content-sha256")
        .filter(|claimed| *claimed != theirs.payload && !claimed.is_empty())
    {
        differs(claimed, theirs.payload, Likelihood::VeryLikely, found);
    }
}

fn differs(ours: &str, theirs: &str, sure: Likelihood, found: &mut Findings) {
    let code = if ours == UNSIGNED || ours.starts_with("STREAMING-") {
        "unsigned-payload"
    } else if ours == EMPTY_SHA256 || ours.is_empty() {
        "body-not-signed"
    } else {
        "body-changed"
    };
    found
        .add(code, sure)
        .saw(format!("ours   {ours}"))
        .saw(format!("theirs {theirs}"))
        .mend((code != "body-changed").then_some(Mending::SignPayload));
}
