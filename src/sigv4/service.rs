//! Region and service from the host, with the reason.

use std::fmt;

use crate::template::Origin;

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced {
    /// The value.
    pub value: String,
    /// Where it came from.
    pub from: SourcedFrom,
    /// What the host's name says instead, if it says something else.
    pub host_says: Option<String>,
}

/// Where a region or service came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourcedFrom {
    /// The auth of the request, a folder or the collection.
    Auth(Origin),
    /// The host's name.
    Host,
    /// The profile.
    Profile(String),
    /// A command-line flag or a batch line.
    Flag,
}

impl fmt::Display for SourcedFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auth(origin) => write!(
                f,
                "auth of the {}",
                if *origin == Origin::Request {
                    "request".to_owned()
                } else {
                    origin.to_string()
                }
            ),
            Self::Host => f.write_str("host"),
            Self::Profile(name) => write!(f, "profile “{name}”"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// What a host's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFacts {
    /// The service, as it stands in the credential scope.
    pub service: String,
    /// The region, unless the name has none (`sts.amazonaws.com`).
    pub region: Option<String>,
}

/// Services whose hosts carry another name than their credential scope; a host label or two, and the
/// name to sign for. From the service models that botocore publishes
/// ([`endpointPrefix` and `signingName`](https://github.com/boto/botocore/tree/develop/botocore/data)).
const SIGNING_NAMES: [(&str, &str); 57] = [
    ("account-access-runtime", "account-access"),
    ("agent-registry-control", "agent-registry"),
    ("agreement-marketplace", "aws-marketplace"),
    ("api.tunneling.iot", "IoTSecuredTunneling"),
    ("appconfigdata", "appconfig"),
    ("appstream2", "appstream"),
    ("appsync-api", "appsync"),
    ("ats.iot", "iotdata"),
    ("bedrock-agent", "bedrock"),
    ("bedrock-agent-runtime", "bedrock"),
    ("bedrock-agentcore-control", "bedrock-agentcore"),
    ("bedrock-data-automation", "bedrock"),
    ("bedrock-data-automation-runtime", "bedrock"),
    ("bedrock-runtime", "bedrock"),
    ("cassandra-streams", "cassandra"),
    ("catalog.marketplace", "aws-marketplace"),
    ("cloudhsmv2", "cloudhsm"),
    ("cloudsearchdomain", "cloudsearch"),
    ("cloudwatch-omni", "cloudwatch"),
    ("contact-lens", "connect"),
    ("data-ats.iot", "iotdata"),
    ("data-signer", "signer"),
    ("data.iot", "iotdata"),
    ("data.jobs.iot", "iot-jobs-data"),
    ("deployment-marketplace", "aws-marketplace"),
    ("discovery-marketplace", "aws-marketplace"),
    ("email", "ses"),
    ("entitlement.marketplace", "aws-marketplace"),
    ("eventsv2", "events"),
    ("forecastquery", "forecast"),
    ("iam-toolbox", "iam"),
    ("identity-chime", "chime"),
    ("ivsrealtime", "ivs"),
    ("lambda-url", "lambda"),
    ("mail-manager", "ses"),
    ("media-pipelines-chime", "chime"),
    ("meetings-chime", "chime"),
    ("memory-db", "memorydb"),
    ("messaging-chime", "chime"),
    ("metering.marketplace", "aws-marketplace"),
    ("migrationhub-config", "mgh"),
    ("models-v2-lex", "lex"),
    ("oidc", "sso-oauth"),
    ("participant.connect", "execute-api"),
    ("partnercentral-prm", "partnercentral"),
    ("personalize-events", "personalize"),
    ("personalize-runtime", "personalize"),
    ("pinpoint", "mobiletargeting"),
    ("portal.sso", "awsssoportal"),
    ("reporting-marketplace", "aws-marketplace"),
    ("runtime-v2-lex", "lex"),
    ("s3-accesspoint", "s3"),
    ("s3-control", "s3"),
    ("servicecatalog-appregistry", "servicecatalog"),
    ("sms-voice.pinpoint", "sms-voice"),
    ("queue", "sqs"),
    ("voice-chime", "chime"),
];

/// Services with one host for all regions, signed for us-east-1 (in China cn-northwest-1); S3's is not among them, because a
/// bucket may lie anywhere.
const GLOBAL: [&str; 12] = [
    "budgets",
    "cloudfront",
    "global.health",
    "iam",
    "importexport",
    "organizations",
    "route53",
    "savingsplans",
    "sdb",
    "shield",
    "sts",
    "waf",
];

/// Reads service and region from an AWS host; a custom domain says nothing.
///
/// Forms: `{api}.execute-api.{region}.amazonaws.com`, `{vpce}.execute-api.{region}.vpce.amazonaws.com`
/// ([Invoke a private API](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html)),
/// `{id}.lambda-url.{region}.on.aws`, `{bucket}.s3.{region}.amazonaws.com` and its older forms,
/// `{id}.{region}.aoss.amazonaws.com`, and `{service}.{region}.amazonaws.com` in general, with the
/// endings of China and of dual-stack hosts
/// ([AWS service endpoints](https://docs.aws.amazon.com/general/latest/gr/rande.html)).
pub fn facts_of_host(host: &str) -> Option<HostFacts> {
    let host = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|b| b.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let (rest, suffix) = [
        ".amazonaws.com.cn",
        ".amazonaws.com",
        ".amazonaws.eu",
        ".api.aws",
        ".api.amazonwebservices.com.cn",
        ".on.aws",
    ]
    .iter()
    .find_map(|suffix| Some((host.strip_suffix(suffix)?, suffix)))?;
    let mut labels: Vec<&str> = rest
        .split('.')
        .filter(|label| *label != "dualstack")
        .collect();
    if labels.len() > 2 && labels.last() == Some(&"vpce") {
        labels.pop();
    }
    Some(match labels.as_slice() {
        [] => return None,
        // `{bucket}.s3-us-west-2`, the older form.
        [.., last] if last.strip_prefix("s3-").is_some_and(is_region) => {
            facts("s3", last.strip_prefix("s3-"))
        }
        [.., "s3"] => facts("s3", None),
        // `{id}.{region}.aoss`, `search-{name}.{region}.es`, `{region}.queue`
        [.., region, service] if is_region(region) && !is_region(service) => {
            facts(signing_name(&[*service]), Some(region))
        }
        [before @ .., region] if is_region(region) && !before.is_empty() => {
            facts(signing_name(before), Some(region))
        }
        global if GLOBAL.contains(&global.join(".").as_str()) => {
            let is_china = suffix.contains("cn");
            let region = if is_china {
                "cn-northwest-1"
            } else {
                "us-east-1"
            };
            facts(global.last()?, Some(region))
        }
        _ => return None,
    })
}

fn facts(service: &str, region: Option<&str>) -> HostFacts {
    HostFacts {
        service: service.to_owned(),
        region: region.map(str::to_owned),
    }
}

/// The name to sign for, from the labels before the region: the longest ending that is known by
/// another name, else the last label. What stands before it is the id of an API, a bucket, a
/// function of the service (`runtime.sagemaker`).
fn signing_name<'a>(labels: &[&'a str]) -> &'a str {
    let last = labels.last().copied().unwrap_or_default();
    if labels.contains(&"s3") {
        return "s3";
    }
    // The hosts with validated cryptography are signed for as the others are.
    let last = last.strip_suffix("-fips").unwrap_or(last);
    for start in 0..labels.len() {
        let ending = labels.get(start..).unwrap_or_default().join(".");
        let ending = ending.strip_suffix("-fips").unwrap_or(&ending);
        let known = SIGNING_NAMES.iter().find(|(label, _)| {
            // An account's own IoT host: `a1b2c3-ats.iot`.
            *label == ending
                || (label.starts_with("ats.") && ending.ends_with(&format!("-{label}")))
        });
        if let Some((_, name)) = known {
            return name;
        }
    }
    last
}

fn is_region(label: &str) -> bool {
    let parts: Vec<&str> = label.split('-').collect();
    let is_word = |part: &&str| part.bytes().all(|b| b.is_ascii_lowercase()) && !part.is_empty();
    match parts.as_slice() {
        [before @ .., number] => {
            before.len() >= 2
                && before.iter().all(is_word)
                && !number.is_empty()
                && number.len() <= 2
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_gateway_and_others() {
        for (host, service, region) in [
            (
                "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
                "execute-api",
                Some("us-east-1"),
            ),
            (
                "a1b2c3d4e5.execute-api.cn-north-1.amazonaws.com.cn:443",
                "execute-api",
                Some("cn-north-1"),
            ),
            (
                "a1-vpce-0a.execute-api.eu-west-1.amazonaws.com",
                "execute-api",
                Some("eu-west-1"),
            ),
            (
                "vpce-0123-abcd.execute-api.eu-west-1.vpce.amazonaws.com",
                "execute-api",
                Some("eu-west-1"),
            ),
            ("sts.eu-west-1.amazonaws.com", "sts", Some("eu-west-1")),
            ("sts.amazonaws.com", "sts", Some("us-east-1")),
            (
                "abc.lambda-url.eu-west-1.on.aws",
                "lambda",
                Some("eu-west-1"),
            ),
            ("bucket.s3.eu-west-1.amazonaws.com", "s3", Some("eu-west-1")),
            (
                "a.dotted.bucket.s3.eu-west-1.amazonaws.com",
                "s3",
                Some("eu-west-1"),
            ),
            (
                "bucket.s3.dualstack.eu-west-1.amazonaws.com",
                "s3",
                Some("eu-west-1"),
            ),
            ("bucket.s3-us-west-2.amazonaws.com", "s3", Some("us-west-2")),
            (
                "ap-111122223333.s3-accesspoint.us-west-2.amazonaws.com",
                "s3",
                Some("us-west-2"),
            ),
            ("bucket.s3.amazonaws.com", "s3", None),
            (
                "a1b2c3d4e5.execute-api.us-east-1.api.aws",
                "execute-api",
                Some("us-east-1"),
            ),
            (
                "x1.appsync-api.us-east-1.amazonaws.com",
                "appsync",
                Some("us-east-1"),
            ),
            (
                "search-logs-abc.eu-central-1.es.amazonaws.com",
                "es",
                Some("eu-central-1"),
            ),
            (
                "a1b2c3-ats.iot.eu-west-1.amazonaws.com",
                "iotdata",
                Some("eu-west-1"),
            ),
            (
                "runtime.sagemaker.eu-west-1.amazonaws.com",
                "sagemaker",
                Some("eu-west-1"),
            ),
            ("iam.amazonaws.com", "iam", Some("us-east-1")),
            ("x.eu-west-1.aoss.amazonaws.com", "aoss", Some("eu-west-1")),
            (
                "dynamodb.us-gov-west-1.amazonaws.com",
                "dynamodb",
                Some("us-gov-west-1"),
            ),
        ] {
            let want = HostFacts {
                service: service.into(),
                region: region.map(str::to_owned),
            };
            assert_eq!(facts_of_host(host), Some(want), "{host}");
        }
    }

    #[test]
    fn a_custom_domain_says_nothing() {
        for host in [
            "api.example.com",
            "127.0.0.1:8787",
            "[::1]:8787",
            "amazonaws.com",
            "execute-api.amazonaws.com.evil.example",
            "",
        ] {
            assert_eq!(facts_of_host(host), None, "{host}");
        }
    }
}
