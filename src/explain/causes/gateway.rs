//! Checks of a REST API behind the caller's identity, and its integrations.

use super::case::Speaker;
use super::{Case, CatalogueEntry, Findings, entry};
use crate::denial::Denial;
use crate::explain::Likelihood;

pub(super) const ENTRIES: [CatalogueEntry; 12] = [
    entry(
        "request-parameters-missing",
        "required parameters are missing",
        "send the parameters that the message names",
    ),
    entry(
        "request-body-invalid",
        "the body does not fit the method's model",
        "compare the body with the model: required fields, types, and the content type that the model is for",
    ),
    entry(
        "media-type-unsupported",
        "no integration takes a body of this type",
        "send the content type that the method has a template for, usually application/json",
    ),
    entry(
        "body-too-large",
        "the body is larger than the gateway takes",
        "send at most 10 MB, or upload to S3 with a presigned URL",
    ),
    entry(
        "headers-too-large",
        "the headers are larger than the gateway takes",
        "send less: all header values together may have 10,240 bytes",
    ),
    entry(
        "throttled",
        "more calls came than the rate allows",
        "slow down and try again after a pause that grows and varies; the limit is of the key, the stage or the account",
    ),
    entry(
        "quota-exceeded",
        "the usage plan's quota is used up",
        "wait for the next period, or ask for a larger quota; trying again does not help",
    ),
    entry(
        "integration-malformed",
        "the backend's answer is not what the gateway can pass on",
        "a Lambda function must return statusCode, headers and a text as body, and must not throw; its log tells",
    ),
    entry(
        "integration-permission",
        "the gateway could not call the backend",
        "let the API invoke the function (lambda:InvokeFunction), or look at the integration's role",
    ),
    entry(
        "integration-timeout",
        "the backend did not answer in time",
        "answer faster than the integration's time-out (29 seconds unless it was raised), or work in the background; a function in a VPC needs a way out",
    ),
    entry(
        "endpoint-unreachable",
        "the gateway does not reach the backend's address",
        "check the integration's URL, its TLS certificate, the VPC link and its security groups",
    ),
    entry(
        "api-configuration",
        "the API itself is set up wrong",
        "ask the API's owner: the execution log names the fault",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    // A backend may use the same statuses and words for reasons of its own.
    if matches!(
        case.speaker(),
        Speaker::SomebodyElse | Speaker::RestBackend | Speaker::AwsService
    ) {
        return;
    }
    let mut tell = |code, sure, seen: &str| {
        found.add(code, sure).saw(seen);
    };
    let proven = Likelihood::Proven;
    let says_so = "the gateway says so";
    let message = case.message();
    if let Some(names) = case.between("Missing required request parameters: [", "]") {
        tell(
            "request-parameters-missing",
            proven,
            &format!("missing: {names}"),
        );
    }
    if case.is_denied_with(&Denial::InvalidBody) {
        tell("request-body-invalid", proven, says_so);
    }
    if case.is_denied_with(&Denial::UnsupportedMediaType) || case.status() == Some(415) {
        tell("media-type-unsupported", proven, says_so);
    }
    if case.says("HTTP content length exceeded")
        || message == "Request Too Long"
        || case.status() == Some(413)
    {
        tell("body-too-large", proven, says_so);
    }
    if case.status() == Some(431) {
        tell("headers-too-large", proven, "the status says so");
    }
    if case.is_denied_with(&Denial::Throttled) {
        tell(
            "throttled",
            proven,
            "the gateway says so; AWS sends no Retry-After",
        );
    } else if case.is_denied_with(&Denial::QuotaExceeded) {
        tell("quota-exceeded", proven, says_so);
    }
    if case.is_denied_with(&Denial::IntegrationTimeout) {
        tell("integration-timeout", proven, says_so);
    }
    if message == "Network error communicating with endpoint" {
        tell("endpoint-unreachable", proven, says_so);
    }
    if case.error_type().starts_with("ApiConfiguration") {
        tell("api-configuration", proven, says_so);
    } else if case.is_denied_with(&Denial::IntegrationFailure)
        && case.speaker() != Speaker::HttpApi
        && !case.says("connectionId")
    {
        let (first, second) = if case.status() == Some(500) {
            ("integration-permission", "integration-malformed")
        } else {
            ("integration-malformed", "integration-permission")
        };
        tell(
            first,
            Likelihood::VeryLikely,
            "the gateway says that the integration failed, not why; the status hints at it",
        );
        tell(second, Likelihood::Possible, "the words are the same");
    }
}
