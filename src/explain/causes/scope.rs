//! Region, service and date of the credential scope.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::{GivenSignature, Likelihood, Mending};
use crate::practice;
use crate::sigv4::facts_of_host;

pub(super) const ENTRIES: [CatalogueEntry; 5] = [
    entry(
        "region-mismatch",
        "it was signed for another region than the API's",
        "sign for the region in the API's host",
    ),
    entry(
        "edge-domain-region",
        "it was signed for another region than this custom domain's",
        "sign for us-east-1 if the domain is edge-optimized, else for the region that the domain is regional in",
    ),
    entry(
        "service-mismatch",
        "it was signed for another service",
        "sign for execute-api: that is the service of API Gateway's callers, with a custom domain too",
    ),
    entry(
        "scope-date-mismatch",
        "the scope's date is not the day of the request's time",
        "take the date of x-amz-date, in UTC, and derive the key anew after midnight",
    ),
    entry(
        "scope-terminator",
        "the credential scope does not end with aws4_request",
        "end it with aws4_request",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    messages(case, found);
    if case.is_unanswered() || (case.status() == Some(403) && case.message() == "Forbidden") {
        against_host(case, found);
    }
}

fn host_region(case: &Case<'_>) -> Option<String> {
    facts_of_host(case.host()?)?.region
}

/// The region of the practice gateway, whose host tells none.
fn practice_region(case: &Case<'_>) -> Option<String> {
    let host = case.host()?;
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]").then(|| practice::REGION.to_owned())
}

fn messages(case: &Case<'_>, found: &mut Findings) {
    let scope = case.signature().and_then(GivenSignature::scope);
    if case.says("Credential should be scoped to a valid region") {
        let given = case
            .between("a valid region, not '", "'")
            .or_else(|| scope.map(|scope| scope.region));
        let seen = given.map_or_else(
            || "the gateway says so".to_owned(),
            |given| format!("it was signed for {given}"),
        );
        // Some services name the one that they want.
        let wanted = case
            .between("valid region, expected '", "'")
            .map(str::to_owned)
            .or_else(|| host_region(case))
            .or_else(|| practice_region(case));
        if case.is_custom_domain() {
            found
                .add("edge-domain-region", Likelihood::VeryLikely)
                .saw(&*seen)
                .saw("the host is a custom domain, whose name tells no region");
            found.add("region-mismatch", Likelihood::Likely).saw(seen);
        } else {
            let telling = found.add("region-mismatch", Likelihood::Proven).saw(seen);
            if let Some(region) = wanted {
                telling
                    .saw(format!("the API is in {region}"))
                    .fix(format!("sign for {region}"))
                    .mend(Mending::Region(region));
            }
        }
    }
    if let Some(expected) = case.between("scoped to correct service: '", "'") {
        let telling = found
            .add("service-mismatch", Likelihood::Proven)
            .saw(format!("the gateway wants {expected}"))
            .fix(format!("sign for {expected}"))
            .mend(Mending::Service(expected.to_owned()));
        if let Some(scope) = scope {
            telling.saw(format!("it was signed for {}", scope.service));
        }
    } else if case.says("Credential should be scoped to correct service") {
        found
            .add("service-mismatch", Likelihood::Proven)
            .saw("the gateway says so")
            .mend(Mending::Service("execute-api".to_owned()));
    }
    if case.says("should be scoped with a valid terminator") {
        let given = case
            .between("'aws4_request', not '", "'")
            .unwrap_or_default();
        found
            .add("scope-terminator", Likelihood::Proven)
            .saw(format!("it ends with “{given}”"));
    }
    if case.says("Date in Credential scope does not match") {
        let given = case
            .between("date from HTTP: ", ".")
            .or_else(|| case.between("from HTTP: ", ", from"));
        found
            .add("scope-date-mismatch", Likelihood::Proven)
            .saw(given.map_or_else(
                || "the gateway says so".to_owned(),
                |given| format!("the gateway compared {given}"),
            ))
            .mend(Mending::SendAgain);
    }
}

/// What can be seen without an answer, or behind one that says nothing.
fn against_host(case: &Case<'_>, found: &mut Findings) {
    let sure = Likelihood::VeryLikely;
    let scope = case.signature().and_then(GivenSignature::scope);
    let told = case.request().and_then(|request| request.signs_as.as_ref());
    let region = scope
        .map(|scope| scope.region)
        .or_else(|| told?.region.as_deref());
    let service = scope
        .map(|scope| scope.service)
        .or_else(|| told?.service.as_deref());
    if let Some(facts) = case.host().and_then(facts_of_host) {
        if let (Some(given), Some(wanted)) = (region, facts.region)
            && given != wanted
        {
            found
                .add("region-mismatch", sure)
                .saw(format!("it is signed for {given}, the host says {wanted}"))
                .fix(format!("sign for {wanted}"))
                .mend(Mending::Region(wanted));
        }
        if let Some(given) = service.filter(|given| *given != facts.service) {
            found
                .add("service-mismatch", sure)
                .saw(format!(
                    "it is signed for {given}, the host says {}",
                    facts.service
                ))
                .fix(format!("sign for {}", facts.service))
                .mend(Mending::Service(facts.service));
        }
    }
    let Some(scope) = scope else { return };
    if scope.terminator != "aws4_request" {
        found
            .add("scope-terminator", sure)
            .saw(format!("it ends with “{}”", scope.terminator));
    }
    if let Some(time) = case.signed_at()
        && time.date() != scope.date
    {
        found
            .add("scope-date-mismatch", sure)
            .saw(format!("the scope has {}, the time is {time}", scope.date))
            .mend(Mending::SendAgain);
    }
}
