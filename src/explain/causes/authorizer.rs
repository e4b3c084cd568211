//! Lambda and Cognito authorizers of a REST API.

use super::case::Speaker;
use super::{Case, CatalogueEntry, Findings, entry};
use crate::denial::Denial;
use crate::explain::Likelihood;

pub(super) const ENTRIES: [CatalogueEntry; 4] = [
    entry(
        "authorizer-unauthorized",
        "the authorizer found no identity: its token is missing, empty or of another form, or it said Unauthorized itself",
        "send the header that the authorizer reads, with a token of the form that it expects; of Cognito the id token or a token with the method's scope",
    ),
    entry(
        "identity-token-expired",
        "the token for the authorizer has expired",
        "get a new token",
    ),
    entry(
        "authorizer-failed",
        "the authorizer failed, or returned what is no policy",
        "look at the authorizer's own log: it must answer in time with principalId and policyDocument, and the API must be allowed to call it",
    ),
    entry(
        "uri-too-long",
        "the method's ARN is longer than an authorizer can be asked about",
        "shorten the path: with an authorizer the whole ARN may have 1600 bytes",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let is_rest = matches!(case.speaker(), Speaker::RestApi | Speaker::Unknown);
    if case.is_denied_with(&Denial::Unauthorized) && case.may_be(401) && is_rest {
        let sure = if case.speaker() == Speaker::RestApi {
            Likelihood::Proven
        } else {
            Likelihood::VeryLikely
        };
        let sent = case
            .request()
            .map(|request| request.header_values("authorization").next().is_some());
        let telling = found.add("authorizer-unauthorized", sure);
        match sent {
            Some(true) => telling.saw("an Authorization header was sent"),
            Some(false) => telling.saw("no Authorization header was sent"),
            None => telling.saw("the gateway says so"),
        };
    }
    if case.says("The incoming token has expired") {
        found
            .add("identity-token-expired", Likelihood::Proven)
            .saw("the gateway says so");
    }
    let is_null = case.refusal().is_some_and(|answer| {
        answer.body.split_whitespace().collect::<String>() == r#"{"message":null}"#
    });
    if case.error_type().starts_with("Authorizer") || (is_null && case.may_be(500)) {
        found.add("authorizer-failed", Likelihood::Proven).saw(
            "a null message, or an error type that begins with Authorizer, comes from nothing else",
        );
    }
    if case.says("Request URI too long") || (case.status() == Some(414) && is_rest) {
        found
            .add("uri-too-long", Likelihood::Proven)
            .saw("the gateway says so");
    }
}
