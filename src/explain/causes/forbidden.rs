//! `Forbidden` on a REST API: one word for many causes.

use super::case::Speaker;
use super::{Case, CatalogueEntry, Findings, entry};
use crate::denial::{Denial, ForbiddenCause};
use crate::explain::Likelihood;

pub(super) const ENTRIES: [CatalogueEntry; 6] = [
    entry(
        "api-key-refused",
        "the API key is missing, unknown, disabled, or in no usage plan of this stage",
        "send x-api-key with a key that is enabled and in a usage plan of this API and stage; after changes the API is deployed again",
    ),
    entry(
        "api-key-source",
        "the API takes its key from the authorizer, not from the header",
        "let the authorizer return usageIdentifierKey, or set the API's key source to HEADER",
    ),
    entry(
        "stage-missing",
        "the path does not begin with a stage of this API, or its default endpoint is switched off",
        "put the stage before the path on an execute-api host: /prod/…",
    ),
    entry(
        "domain-unmapped",
        "the custom domain leads this path to no API, or wants a client certificate",
        "compare the path with the domain's API mappings; with mutual TLS send the client's certificate",
    ),
    entry(
        "private-api-host",
        "the Host header names no API that is reached through this VPC endpoint",
        "send the API's own host, or x-apigw-api-id; a public API is not reached through an endpoint with private DNS",
    ),
    entry(
        "firewall",
        "the web application firewall blocked the call",
        "ask the owner for $context.wafResponseCode in the access log",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let is_forbidden = case.may_be(403)
        && case.is_denied_with(&Denial::Forbidden(ForbiddenCause::ApiKey))
        && matches!(case.speaker(), Speaker::RestApi | Speaker::Unknown);
    if !is_forbidden {
        return;
    }
    let bare = "AWS gives no reason: all of these are answered with the same word";
    let request = case.request();
    let has =
        |name: &str| request.is_some_and(|request| request.header_values(name).next().is_some());
    let of_answer = |name: &str| {
        case.refusal()
            .is_some_and(|answer| answer.header(name).is_some())
    };
    if of_answer("x-amzn-waf-action") {
        found
            .add("firewall", Likelihood::VeryLikely)
            .saw("the answer has x-amzn-waf-action");
    }
    let host = case.host().unwrap_or_default();
    if host.contains(".vpce.") || has("x-apigw-api-id") || host.contains("-vpce-") {
        found
            .add("private-api-host", Likelihood::VeryLikely)
            .saw(format!(
                "the call goes to a VPC endpoint with the host {host}"
            ))
            .saw(bare);
    }
    let first = case
        .path()
        .and_then(|path| path.split('/').find(|segment| !segment.is_empty()));
    if case.is_custom_domain() && !has("x-api-key") {
        found
            .add("domain-unmapped", Likelihood::Likely)
            .saw("the host is a custom domain")
            .saw(bare);
    }
    if request.is_some() && case.path().is_some() && first.is_none() {
        found
            .add("stage-missing", Likelihood::VeryLikely)
            .saw("the path is empty")
            .saw(bare);
    }
    let has_own_authorization = request.is_some_and(|request| {
        !case.is_signed() && request.header_values("authorization").next().is_some()
    });
    if has("x-api-key") && has_own_authorization {
        found
            .add("api-key-source", Likelihood::Likely)
            .saw("a key and a token for an authorizer were sent")
            .saw(bare);
    }
    let telling = found.add("api-key-refused", Likelihood::Likely);
    let telling = match request {
        Some(_) if has("x-api-key") => telling.saw("x-api-key was sent"),
        Some(request) if !request.url.is_empty() => telling.saw("no x-api-key was sent"),
        Some(_) | None => telling,
    };
    telling.saw(bare);
    let segment = first.map(|first| format!("the path begins with /{first}"));
    let telling = found.add("stage-missing", Likelihood::Possible);
    if let Some(segment) = segment {
        telling.saw(segment);
    }
    found.add("firewall", Likelihood::Possible);
    found.add("api-key-source", Likelihood::Possible);
    if request.is_none() {
        found.add("domain-unmapped", Likelihood::Possible);
        found.add("private-api-host", Likelihood::Possible);
    }
}
