//! Other scopes than the credential says.

use std::time::Duration;

use super::basis::Basis;
use super::mutation::{Candidate, Dimension, Effect, ScopeElement, ScopePlace};
use crate::explain::Mending;
use crate::sigv4::{RequestDateTime, facts_of_host};

/// AWS's regions.
const REGIONS: [&str; 39] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ap-south-1",
    "ap-south-2",
    "ap-east-1",
    "ap-east-2",
    "ca-central-1",
    "ca-west-1",
    "sa-east-1",
    "af-south-1",
    "me-south-1",
    "me-central-1",
    "il-central-1",
    "mx-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-west-1",
    "us-gov-east-1",
    "eusc-de-east-1",
];

/// Services that are signed for by mistake.
const SERVICES: [&str; 14] = [
    "execute-api",
    "apigateway",
    "lambda",
    "sts",
    "s3",
    "es",
    "iam",
    "appsync",
    "dynamodb",
    "apigatewayv2",
    "apigatewaymanagementapi",
    "iotdevicegateway",
    "ec2",
    "aws",
];

pub(super) fn candidates(basis: &Basis) -> Vec<Candidate> {
    let mut all = regions(basis);
    all.extend(services(basis));
    all.extend(dates(basis));
    all.extend(terminators());
    all
}

/// The same value in both places, in the key only, in the text only.
fn everywhere(
    name: [&'static str; 3],
    code: &'static str,
    element: ScopeElement,
    value: &str,
    told: &str,
) -> [Candidate; 3] {
    let dimension = match element {
        ScopeElement::Date => Dimension::Date,
        ScopeElement::Region => Dimension::Region,
        ScopeElement::Service => Dimension::Service,
        ScopeElement::Terminator => Dimension::Terminator,
    };
    let [both, key, text] = name;
    let one = |name, what: String, place| {
        let effect = Effect::Scope {
            element,
            value: value.to_owned(),
            place,
        };
        Candidate::new(name, code, dimension, what, effect)
    };
    [
        one(
            both,
            format!("it was signed for {told}, but the credential says otherwise"),
            ScopePlace::Both,
        ),
        one(
            key,
            format!("the signing key was derived for {told}, but the credential says otherwise"),
            ScopePlace::KeyOnly,
        ),
        one(
            text,
            format!("the string to sign holds {told}, but the credential says otherwise"),
            ScopePlace::TextOnly,
        ),
    ]
}

fn regions(basis: &Basis) -> Vec<Candidate> {
    let given = basis.scope[1].as_str();
    let host = basis
        .values("host")
        .chain([basis.authority.as_str()])
        .find_map(|host| facts_of_host(host)?.region);
    let likely: Vec<&str> = host.as_deref().into_iter().chain(["us-east-1"]).collect();
    let names = [
        "another-region",
        "another-region-in-the-key",
        "another-region-in-the-string",
    ];
    let mut all = Vec::new();
    let upper = given.to_uppercase();
    all.extend(everywhere(
        [
            "region-in-upper-case",
            "region-in-upper-case-in-the-key",
            "region-in-upper-case-in-the-string",
        ],
        "key-derivation",
        ScopeElement::Region,
        &upper,
        &format!("the region {upper}"),
    ));
    all.extend(everywhere(
        [
            "region-empty",
            "region-empty-in-the-key",
            "region-empty-in-the-string",
        ],
        "key-derivation",
        ScopeElement::Region,
        "",
        "an empty region",
    ));
    for region in likely.iter().copied().chain(REGIONS) {
        let is_likely = likely.contains(&region);
        let told = format!("the region {region}");
        for candidate in everywhere(
            names,
            "region-mismatch",
            ScopeElement::Region,
            region,
            &told,
        ) {
            let mended = candidate.mended_by(Mending::ScopeFromHost);
            all.push(if is_likely { mended } else { mended.alone() });
        }
    }
    all
}

fn services(basis: &Basis) -> Vec<Candidate> {
    let names = [
        "another-service",
        "another-service-in-the-key",
        "another-service-in-the-string",
    ];
    let label = basis.authority.split('.').next().unwrap_or_default();
    let mut all = Vec::new();
    for service in SERVICES.into_iter().chain([label]) {
        let is_likely = matches!(service, "execute-api" | "apigateway" | "lambda" | "s3");
        for candidate in everywhere(
            names,
            "service-mismatch",
            ScopeElement::Service,
            service,
            &format!("the service {service}"),
        ) {
            let mended = candidate.mended_by(Mending::ScopeFromHost);
            all.push(if is_likely { mended } else { mended.alone() });
        }
    }
    all
}

fn dates(basis: &Basis) -> Vec<Candidate> {
    const DAY: Duration = Duration::from_hours(24);
    let names = [
        "another-date",
        "another-date-in-the-key",
        "another-date-in-the-string",
    ];
    let mut dates: Vec<(String, &str)> = Vec::new();
    let written = format!("{}T000000Z", basis.scope[0]);
    if let Some(day) = RequestDateTime::parse(&written) {
        let near = [day.time().checked_sub(DAY), day.time().checked_add(DAY)];
        let told = ["the day before", "the day after"];
        for (time, told) in near.into_iter().zip(told) {
            dates.extend(time.map(|time| (RequestDateTime::new(time).date(), told)));
        }
    }
    if let Some(date) = basis.date_time.get(..8) {
        dates.push((date.to_owned(), "the date of the request's time"));
    }
    let mut all: Vec<Candidate> = dates
        .iter()
        .flat_map(|(date, told)| {
            everywhere(
                names,
                "scope-date-mismatch",
                ScopeElement::Date,
                date,
                &format!("{date}, {told}"),
            )
        })
        .collect();
    let dashed: String = basis.scope[0]
        .chars()
        .enumerate()
        .flat_map(|(index, c)| matches!(index, 4 | 6).then_some('-').into_iter().chain([c]))
        .collect();
    for (date, told) in [
        (basis.date_time.clone(), "the date with the time of day"),
        (dashed, "the date with dashes"),
    ] {
        all.extend(everywhere(
            [
                "date-in-another-form",
                "date-in-another-form-in-the-key",
                "date-in-another-form-in-the-string",
            ],
            "key-derivation",
            ScopeElement::Date,
            &date,
            told,
        ));
    }
    all
}

fn terminators() -> Vec<Candidate> {
    let [both, key, text] = everywhere(
        [
            "no-terminator",
            "no-terminator-in-the-key",
            "no-terminator-in-the-string",
        ],
        "key-derivation",
        ScopeElement::Terminator,
        "",
        "a scope without aws4_request at its end",
    );
    let mut all = vec![both, key, text];
    all.extend(everywhere(
        [
            "the-right-terminator",
            "the-right-terminator-in-the-key",
            "the-right-terminator-in-the-string",
        ],
        "scope-terminator",
        ScopeElement::Terminator,
        "aws4_request",
        "aws4_request",
    ));
    all
}
