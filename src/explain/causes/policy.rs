//! The caller is known, and may not.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::Likelihood;

pub(super) const ENTRIES: [CatalogueEntry; 9] = [
    entry(
        "identity-policy-silent",
        "no policy of the caller allows this method",
        "grant execute-api:Invoke on the method's ARN to the user or role",
    ),
    entry(
        "identity-policy-deny",
        "a policy of the caller denies this method",
        "find the Deny in the caller's policies, permissions boundary or session policy",
    ),
    entry(
        "resource-policy-silent",
        "the API's resource policy does not allow this caller",
        "allow the caller in the API's resource policy and deploy the API again; a private API needs one, and across accounts both sides must allow",
    ),
    entry(
        "resource-policy-deny",
        "the API's resource policy denies this call",
        "look for a Deny with aws:SourceVpce, aws:SourceVpc or aws:SourceIp in the API's resource policy",
    ),
    entry(
        "policy-silent",
        "no policy allows this method",
        "grant execute-api:Invoke on the method's ARN to the caller, and if the API has a resource policy, allow it there too",
    ),
    entry(
        "policy-deny",
        "a policy denies this method",
        "look for a Deny in the caller's policies and in the API's resource policy",
    ),
    entry(
        "anonymous-caller",
        "the method knows no caller, and the resource policy lets no stranger in",
        "turn on IAM for the method and sign the call, or allow the call in the resource policy; deploy the API again",
    ),
    entry(
        "authorizer-deny",
        "the Lambda authorizer denied the call",
        "look at the policy that the authorizer returned for this token",
    ),
    entry(
        "authorizer-policy-narrow",
        "the Lambda authorizer's policy does not cover this method",
        "let the authorizer return a policy for all methods that the token may call (…/*), or turn its cache off: a cached policy serves other methods too",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let message = case.message();
    let proven = Likelihood::Proven;
    if message.starts_with("User is not authorized to access this resource") {
        let code = if message.contains("explicit deny") {
            "authorizer-deny"
        } else {
            "authorizer-policy-narrow"
        };
        found
            .add(code, proven)
            .saw("the message names no caller: a Lambda authorizer decided");
        return;
    }
    let Some((_, rest)) = message.split_once("User: ") else {
        return;
    };
    let Some((caller, rest)) = rest.split_once(" is not authorized to perform: ") else {
        return;
    };
    let action = rest.split(' ').next().unwrap_or_default();
    if !action.starts_with("execute-api:") {
        return;
    }
    let resource = rest
        .split_once("on resource: ")
        .and_then(|(_, rest)| rest.split(' ').next())
        .unwrap_or_default();
    let code = if message.contains("explicit deny in a resource-based") {
        "resource-policy-deny"
    } else if message.contains("explicit deny in a") {
        "identity-policy-deny"
    } else if message.contains("explicit deny") {
        "policy-deny"
    } else if caller == "anonymous" {
        "anonymous-caller"
    } else if message.contains("no resource-based policy") {
        "resource-policy-silent"
    } else if message.contains("no identity-based policy") {
        "identity-policy-silent"
    } else {
        "policy-silent"
    };
    let telling = found
        .add(code, proven)
        .saw(format!("the caller is {caller}"))
        .saw(format!("the action is {action} on {resource}"));
    if action == "execute-api:ManageConnections" {
        telling.fix("grant execute-api:ManageConnections on the API's @connections to the caller");
    }
    if caller == "anonymous" && code != "anonymous-caller" {
        found.add("anonymous-caller", Likelihood::Possible);
    }
}
