//! The Security Token Service.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::denial::Denial;
use crate::explain::Likelihood;

pub(super) const ENTRIES: [CatalogueEntry; 10] = [
    entry(
        "role-not-assumable",
        "this caller may not assume the role",
        "check both documents: the role's trust policy must name the caller (with its external id and MFA condition), and the caller's policy must allow sts:AssumeRole; a role that does not exist reads the same",
    ),
    entry(
        "root-cannot-assume",
        "the keys are those of an account's root user, who may assume no role",
        "use the keys of an IAM user or role",
    ),
    entry(
        "role-chaining-hour",
        "a role that is assumed from a role lasts an hour at most",
        "ask for at most 3600 seconds",
    ),
    entry(
        "session-too-long",
        "the session is longer than the role allows",
        "ask for less, or raise the role's MaxSessionDuration",
    ),
    entry(
        "sts-parameter-invalid",
        "a parameter of the STS call is not valid",
        "the message names the parameter and its rule",
    ),
    entry(
        "arn-invalid",
        "the ARN has another form",
        "write arn:aws:iam::account:role/name",
    ),
    entry(
        "session-policy-malformed",
        "the session policy is no valid policy",
        "correct the JSON of the session policy",
    ),
    entry(
        "session-policy-too-large",
        "session policies and tags are too large together",
        "shorten them: STS packs them into a space of fixed size",
    ),
    entry(
        "sts-region-disabled",
        "STS is switched off in this region",
        "activate the region in the account's settings, or call STS in another region",
    ),
    entry(
        "sts-action-unknown",
        "STS knows no such action",
        "send Action and Version=2011-06-15",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let message = case.message();
    let mut tell = |code, seen: String| {
        found.add(code, Likelihood::Proven).saw(seen);
    };
    let says_so = || "STS says so".to_owned();
    if let Some(caller) = case.between("User: ", " is not authorized to perform: sts:") {
        let role = message
            .rsplit_once("on resource: ")
            .map_or("", |(_, role)| role);
        let role = role.split(' ').next().unwrap_or_default();
        tell("role-not-assumable", format!("{caller} asked for {role}"));
    }
    if message.contains("Roles may not be assumed by root accounts") {
        tell("root-cannot-assume", says_so());
    }
    if case.is_denied_with(&Denial::RoleChainingTooLong) {
        tell("role-chaining-hour", says_so());
    }
    if case.is_denied_with(&Denial::SessionTooLong) {
        tell("session-too-long", says_so());
    }
    let code = case.error_type();
    if message.contains("validation error detected")
        || message.contains("validation errors detected")
    {
        tell("sts-parameter-invalid", message.to_owned());
    } else if code == "ValidationError" && message.ends_with(" is invalid") {
        tell("arn-invalid", message.to_owned());
    }
    match code {
        "MalformedPolicyDocument" => tell("session-policy-malformed", says_so()),
        "PackedPolicyTooLarge" => tell("session-policy-too-large", says_so()),
        "RegionDisabledException" | "RegionDisabled" => tell("sts-region-disabled", says_so()),
        "InvalidAction" => tell("sts-action-unknown", message.to_owned()),
        _ => {}
    }
}
