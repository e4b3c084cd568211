//! WebSocket APIs and their `@connections`.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::Likelihood;

pub(super) const ENTRIES: [CatalogueEntry; 5] = [
    entry(
        "websocket-message-refused",
        "the message goes to no route of the WebSocket API, or its authorizer refused it",
        "compare the message with the route selection expression, usually $request.body.action, or add a $default route",
    ),
    entry(
        "websocket-integration",
        "the integration behind the message's route failed",
        "look at the integration's log; the answer names connection and request",
    ),
    entry(
        "websocket-handshake-refused",
        "the WebSocket's handshake was refused",
        "sign the $connect request: GET, the stage as path, execute-api, in the query if headers cannot be set",
    ),
    entry(
        "connection-gone",
        "the connection is closed",
        "forget the connection id; the client has to connect again",
    ),
    entry(
        "connection-id-malformed",
        "the connection id is none",
        "send the id as it was given, escaped once: /@connections/…%3D",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let Some(answer) = case.refusal() else {
        return;
    };
    let is_frame =
        answer.body.contains("\"connectionId\"") && answer.body.contains("\"requestId\"");
    if is_frame && case.message() == "Forbidden" {
        found
            .add("websocket-message-refused", Likelihood::Proven)
            .saw("the frame has connectionId and requestId");
    } else if is_frame && case.message() == "Internal server error" {
        found
            .add("websocket-integration", Likelihood::Proven)
            .saw("the frame has connectionId and requestId");
    }
    let path = case.path().unwrap_or_default();
    let is_connections = path.contains("@connections") || path.contains("%40connections");
    if (answer.status == Some(410) && is_connections) || case.error_type().starts_with("Gone") {
        found
            .add("connection-gone", Likelihood::Proven)
            .saw("the gateway says so");
    } else if is_connections && (case.says("Invalid connectionId") || answer.status == Some(400)) {
        found
            .add("connection-id-malformed", Likelihood::VeryLikely)
            .saw("the gateway refuses the request to @connections as a bad one");
    }
    let is_upgrade = case.url.is_some_and(|url| url.scheme.starts_with("ws"))
        || case.request().is_some_and(|request| {
            request
                .header_values("upgrade")
                .any(|value| value.eq_ignore_ascii_case("websocket"))
        });
    if is_upgrade
        && matches!(answer.status, Some(401 | 403))
        && !found.is_sure(Likelihood::VeryLikely)
    {
        found
            .add("websocket-handshake-refused", Likelihood::VeryLikely)
            .saw("the handshake was answered with a refusal");
    }
}
