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

/// Reads service and region from an AWS host; a custom domain says nothing.
///
/// Forms: `{api}.execute-api.{region}.amazonaws.com`, `{vpce}.execute-api.{region}.vpce.amazonaws.com`
/// ([Invoke a private API](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html)),
/// `{id}.lambda-url.{region}.on.aws`, and `{service}.{region}.amazonaws.com` in general.
pub fn facts_of_host(host: &str) -> Option<HostFacts> {
    let host = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|b| b.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let facts = |service: &str, region: Option<&str>| {
        Some(HostFacts {
            service: service.to_owned(),
            region: region.map(str::to_owned),
        })
    };
    if let Some(rest) = host.strip_suffix(".on.aws") {
        let labels: Vec<&str> = rest.split('.').collect();
        return match labels.as_slice() {
            [_, "lambda-url", region] => facts("lambda", Some(region)),
            _ => None,
        };
    }
    let rest = [".amazonaws.com.cn", ".amazonaws.com", ".amazonaws.eu"]
        .iter()
        .find_map(|suffix| host.strip_suffix(suffix))?;
    let labels: Vec<&str> = rest.split('.').collect();
    match labels.as_slice() {
        [_, "execute-api", region] | [_, "execute-api", region, "vpce"] => {
            facts("execute-api", Some(region))
        }
        [_, "appsync-api", region] => facts("appsync", Some(region)),
        [_, service, region, "vpce"] => facts(service, Some(region)),
        ["s3"] | [_, "s3"] => facts("s3", None),
        ["s3", region] | [_, "s3", region] => facts("s3", Some(region)),
        ["sts" | "iam"] => facts(
            labels.first().copied().unwrap_or_default(),
            Some("us-east-1"),
        ),
        [service, region] | [_, region, service @ "aoss"] if is_region(region) => {
            facts(service, Some(region))
        }
        _ => None,
    }
}

fn is_region(label: &str) -> bool {
    let parts: Vec<&str> = label.split('-').collect();
    parts.len() >= 3
        && parts
            .last()
            .is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
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
