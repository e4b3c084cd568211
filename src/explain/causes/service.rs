//! Whoever answered was not API Gateway's own check: a backend, the `CloudFront` edge, a
//! function's URL.

use super::case::Speaker;
use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::Likelihood;

pub(super) const ENTRIES: [CatalogueEntry; 7] = [
    entry(
        "lambda-url-forbidden",
        "this is a Lambda function's URL, not API Gateway, and it refused the caller",
        "sign for the service lambda, and allow lambda:InvokeFunctionUrl to the caller",
    ),
    entry(
        "cloudfront-blocked",
        "CloudFront refused the request before it came to API Gateway",
        "send no body with GET, and send the API's own host name to its edge",
    ),
    entry(
        "operation-unknown",
        "an AWS service could not tell which operation was meant",
        "check host and path; a Lambda integration is called with POST whatever the method's own",
    ),
    entry(
        "backend-refused",
        "the backend refused the call, not the gateway",
        "look at the backend: the gateway let the call through, and the answer carries none of its error types",
    ),
    entry(
        "backend-failed",
        "the backend failed, not the gateway",
        "look at the backend's log",
    ),
    entry(
        "not-api-gateway",
        "something that is not API Gateway answered",
        "check the address: the answer carries no header of API Gateway",
    ),
    entry(
        "refusal-unknown",
        "the call was refused with words that are not known here",
        "ask the API's owner, who can find the call in the log by its request id",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let Some(answer) = case.refusal() else {
        return;
    };
    if case.says("/urls-auth.html") || case.says("troubleshooting Function URL authorization") {
        found
            .add("lambda-url-forbidden", Likelihood::Proven)
            .saw("the message is the one of a function's URL");
    }
    let of = |name, mark: &str| {
        answer
            .header(name)
            .is_some_and(|value| value.to_lowercase().contains(mark))
    };
    let is_edge = of("server", "cloudfront") || of("x-cache", "from cloudfront");
    if case.says("The request could not be satisfied") && (is_edge || case.says("cloudfront")) {
        let telling = found
            .add("cloudfront-blocked", Likelihood::Proven)
            .saw("the answer is a page of CloudFront");
        if case.request().is_some_and(|request| {
            request.method == "GET" && request.body.as_ref().is_some_and(|body| !body.is_empty())
        }) {
            telling.saw("a body was sent with GET");
        }
    } else if case.says("ERROR: The request could not be satisfied") {
        found
            .add("cloudfront-blocked", Likelihood::VeryLikely)
            .saw("the page has the title of CloudFront's");
    } else if of("server", "cloudfront")
        && found.is_empty()
        && case.speaker() == Speaker::SomebodyElse
    {
        found
            .add("cloudfront-blocked", Likelihood::VeryLikely)
            .saw("the header Server says CloudFront, and no header is of API Gateway");
    }
    if case.says("Unable to determine service/operation name to be authorized") {
        found
            .add("operation-unknown", Likelihood::Proven)
            .saw("the words are those of an AWS service's own front");
    }
    // What is left to say of a signature is said later.
    if case.is_mismatch() {
        return;
    }
    // A backend behind an HTTP API answers as the gateway does; its words tell.
    if found.is_empty() && matches!(case.speaker(), Speaker::RestBackend | Speaker::HttpApi) {
        let code = if answer.status.is_some_and(|status| status >= 500) {
            "backend-failed"
        } else {
            "backend-refused"
        };
        let seen = if case.speaker() == Speaker::RestBackend {
            "the answer has the gateway's request id and no x-amzn-ErrorType: the gateway passed it on"
        } else {
            "the words are none of an HTTP API's own"
        };
        found.add(code, Likelihood::VeryLikely).saw(seen);
    }
    if found.is_empty() && case.speaker() == Speaker::SomebodyElse {
        found
            .add("not-api-gateway", Likelihood::Likely)
            .saw("neither x-amzn-RequestId nor apigw-requestid is among the headers");
    }
}

/// When nothing else fits.
pub(super) fn fallback(case: &Case<'_>, found: &mut Findings) {
    if !found.is_empty() {
        return;
    }
    let Some(answer) = case.refusal() else {
        return;
    };
    let mut telling = found.add("refusal-unknown", Likelihood::Possible);
    if case.speaker() == Speaker::AwsService {
        telling = telling.saw(format!(
            "an AWS service refused it: {} is its own error",
            case.error_type()
        ));
    }
    let words: String = case.message().chars().take(200).collect();
    if words.is_empty() {
        if let Some(status) = answer.status {
            telling.saw(format!("the status is {status}"));
        }
    } else {
        telling.saw(format!("the words are: {words}"));
    }
}
