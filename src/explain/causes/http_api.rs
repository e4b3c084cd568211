//! HTTP APIs, which say little.

use super::case::Speaker;
use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::{GivenSignature, Likelihood};

pub(super) const ENTRIES: [CatalogueEntry; 9] = [
    entry(
        "http-api-forbidden",
        "the HTTP API refused the call and AWS gives no reason",
        "ask the API's owner for the access log with $context.authorizer.error, $context.error.message, $context.authorize.error and $context.integrationErrorMessage",
    ),
    entry(
        "http-api-route-unknown",
        "the HTTP API has no such route",
        "compare method and path with the API's routes; with $default as the stage no stage is in the path",
    ),
    entry(
        "http-api-unauthorized",
        "the authorizer of the HTTP API found no identity",
        "send what the authorizer reads, usually Authorization: Bearer …",
    ),
    entry(
        "jwt-audience",
        "the token is meant for another audience",
        "get a token for the audience that the authorizer names (aud, or client_id if there is none)",
    ),
    entry(
        "jwt-refused",
        "the token is not valid for this authorizer",
        "compare the token's issuer, expiry and signature with the authorizer: iss, exp, nbf, kid",
    ),
    entry(
        "jwt-scope-missing",
        "the token lacks a scope that the route wants",
        "get a token with the route's scope",
    ),
    entry(
        "http-api-integration",
        "the backend of the HTTP API failed, or its authorizer cannot be called",
        "look at the backend's log, and at $context.integrationErrorMessage in the access log",
    ),
    entry(
        "http-api-unavailable",
        "the HTTP API does not reach its backend",
        "check the integration's address, the VPC link and its security groups",
    ),
    entry(
        "http-api-timeout",
        "the backend of the HTTP API did not answer within 30 seconds",
        "answer faster, or work in the background: the limit cannot be raised",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let speaker = case.speaker();
    if !matches!(speaker, Speaker::HttpApi | Speaker::Unknown) || case.refusal().is_none() {
        return;
    }
    let sure = if speaker == Speaker::HttpApi {
        Likelihood::VeryLikely
    } else {
        Likelihood::Possible
    };
    let message = case.message();
    match message {
        "Forbidden" if case.may_be(403) && !case.says("connectionId") => {
            forbidden(case, sure, found);
        }
        "Not Found" if case.may_be(404) => {
            // Only an HTTP API writes it like this.
            found
                .add("http-api-route-unknown", Likelihood::VeryLikely)
                .saw("the gateway of an HTTP API has no other answer of these words");
        }
        "Internal Server Error" if case.may_be(500) => {
            found
                .add("http-api-integration", Likelihood::VeryLikely)
                .saw("an HTTP API writes its words with capitals");
        }
        "Service Unavailable" if case.may_be(503) => {
            found
                .add("http-api-unavailable", sure.min(Likelihood::Likely))
                .saw("the gateway says so");
        }
        "Gateway Timeout" if case.may_be(504) => {
            found
                .add("http-api-timeout", sure.min(Likelihood::Likely))
                .saw("the gateway says so");
        }
        _ => {}
    }
    token(case, found);
}

fn forbidden(case: &Case<'_>, sure: Likelihood, found: &mut Findings) {
    let mut telling = found
        .add("http-api-forbidden", sure.min(Likelihood::Likely))
        .saw("AWS gives no reason: a missing permission, an authorizer's no and a wrong signature are answered with the same word");
    if let Some(id) = case.signature().and_then(GivenSignature::access_key_id) {
        telling = telling.saw(format!("it was signed as {id}"));
    }
    telling.mend(None);
    if sure == Likelihood::Possible {
        return;
    }
    if case.request().is_some() && !case.is_signed() {
        found
            .add("missing-authentication", Likelihood::Likely)
            .saw("the call is not signed");
    }
    let policy = if case.is_signed_right() {
        Likelihood::Likely
    } else {
        Likelihood::Possible
    };
    let telling = found.add("policy-silent", policy);
    let telling = if case.is_signed_right() {
        telling.saw("the signature is right for the key that is known here")
    } else {
        telling
    };
    telling
        .fix("grant execute-api:Invoke on the route's ARN; a caller of another account must assume a role in the API's account");
}

/// JWT authorizers tell in `www-authenticate`.
fn token(case: &Case<'_>, found: &mut Findings) {
    let header = case
        .refusal()
        .and_then(|answer| answer.header("www-authenticate"))
        .unwrap_or_default();
    let told = header
        .split_once("error_description=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(told, _)| told);
    let seen = told.map_or_else(
        || "www-authenticate says so".to_owned(),
        |told| format!("the gateway says: {told}"),
    );
    if header.contains("insufficient_scope") {
        found.add("jwt-scope-missing", Likelihood::Proven).saw(seen);
    } else if header.contains("invalid_token") {
        let code = if header.contains("audience") {
            "jwt-audience"
        } else {
            "jwt-refused"
        };
        found.add(code, Likelihood::Proven).saw(seen);
    } else if case.speaker() == Speaker::HttpApi
        && case.status() == Some(401)
        && case.message() == "Unauthorized"
    {
        found
            .add("http-api-unauthorized", Likelihood::VeryLikely)
            .saw("the authorizer was not called, or found no token");
    }
}
