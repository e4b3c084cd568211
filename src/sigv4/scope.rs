//! Which region and service a request is signed for, and why.

use super::overrides::SigningOverrides;
use super::service::{Sourced, SourcedFrom, facts_of_host};
use super::string_to_sign::Algorithm;
use crate::request::AwsAuth;

/// Region and service with their sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The region.
    pub region: Sourced,
    /// The service.
    pub service: Sourced,
}

/// Nothing says which region or service to sign for; neither is guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// No region.
    #[error("no region to sign for: neither the auth, nor the host, nor the profile names one")]
    Region,
    /// No service.
    #[error("no service to sign for: the auth names none and the host is not one of AWS's")]
    Service,
}

impl ScopeError {
    /// What to do.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Region => {
                "fill in the region (Auth, --region); for a custom domain it is the API's region (us-east-1 if edge-optimized)"
            }
            Self::Service => {
                "fill in the service (Auth, --service); for API Gateway it is execute-api"
            }
        }
    }
}

/// Takes region and service from the auth, else from the host, and a region at last from the
/// profile (name, region). Nothing is assumed.
pub fn choose_scope(
    auth: &AwsAuth,
    host: &str,
    profile_region: Option<(&str, &str)>,
    overrides: &SigningOverrides,
) -> Result<Scope, ScopeError> {
    let facts = facts_of_host(host);
    // A set of regions is one choice of its own; the auth's single region is for SigV4.
    let region_set = overrides
        .region_set
        .as_ref()
        .filter(|_| overrides.algorithm == Some(Algorithm::EcdsaP256Sha256));
    let own = |value: &Option<String>| {
        value.clone().map(|value| Sourced {
            value,
            from: SourcedFrom::Auth(auth.origin.clone()),
            host_says: None,
        })
    };
    let from_host = |value: Option<String>| {
        value.map(|value| Sourced {
            value,
            from: SourcedFrom::Host,
            host_says: None,
        })
    };
    let flag = |value: &Option<String>| {
        value.clone().map(|value| Sourced {
            value,
            from: SourcedFrom::Flag,
            host_says: None,
        })
    };
    let mut service = flag(&overrides.service)
        .or_else(|| own(&auth.service))
        .or_else(|| from_host(facts.as_ref().map(|f| f.service.clone())))
        .ok_or(ScopeError::Service)?;
    let mut region = own(&region_set.cloned())
        .or_else(|| flag(&overrides.region))
        .or_else(|| own(&auth.region))
        .or_else(|| from_host(facts.as_ref().and_then(|f| f.region.clone())))
        .or_else(|| {
            let (name, region) = profile_region?;
            Some(Sourced {
                value: region.to_owned(),
                from: SourcedFrom::Profile(name.to_owned()),
                host_says: None,
            })
        })
        .ok_or(ScopeError::Region)?;
    if let Some(facts) = facts {
        service.host_says = Some(facts.service).filter(|said| *said != service.value);
        region.host_says = facts
            .region
            .filter(|said| *said != region.value && region_set.is_none());
    }
    Ok(Scope { region, service })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(
        auth: &AwsAuth,
        host: &str,
        profile: Option<(&str, &str)>,
    ) -> Result<Scope, ScopeError> {
        choose_scope(auth, host, profile, &SigningOverrides::default())
    }

    #[test]
    fn a_set_of_regions_is_for_the_asymmetric_signature_only() {
        let auth = AwsAuth {
            service: Some("s3".into()),
            region: Some("eu-west-1".into()),
            ..AwsAuth::default()
        };
        let mut overrides = SigningOverrides {
            region_set: Some("*".into()),
            ..SigningOverrides::default()
        };
        let region = |overrides: &SigningOverrides| {
            choose_scope(&auth, "b.example", None, overrides)
                .unwrap()
                .region
                .value
        };
        assert_eq!(region(&overrides), "eu-west-1");
        overrides.algorithm = Some(Algorithm::EcdsaP256Sha256);
        assert_eq!(region(&overrides), "*");
    }

    #[test]
    fn auth_before_host_before_profile() {
        let host = "a1.execute-api.eu-west-1.amazonaws.com";
        let scope = choose(&AwsAuth::default(), host, Some(("p", "us-east-2"))).unwrap();
        assert_eq!(
            (scope.region.value.as_str(), &scope.region.from),
            ("eu-west-1", &SourcedFrom::Host)
        );
        let auth = AwsAuth {
            region: Some("us-west-2".into()),
            ..AwsAuth::default()
        };
        assert_eq!(choose(&auth, host, None).unwrap().region.value, "us-west-2");
        let auth = AwsAuth {
            service: Some("execute-api".into()),
            ..AwsAuth::default()
        };
        let scope = choose(&auth, "api.example.com", Some(("p", "us-east-2"))).unwrap();
        assert_eq!(scope.region.from, SourcedFrom::Profile("p".into()));
    }

    #[test]
    fn a_host_that_says_something_else_is_told() {
        let auth = AwsAuth {
            region: Some("us-west-2".into()),
            ..AwsAuth::default()
        };
        let host = "a1.execute-api.eu-west-1.amazonaws.com";
        let scope = choose(&auth, host, None).unwrap();
        assert_eq!(scope.region.host_says.as_deref(), Some("eu-west-1"));
        assert_eq!(scope.service.host_says, None);
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(
            choose(&AwsAuth::default(), "api.example.com", None),
            Err(ScopeError::Service)
        );
        let auth = AwsAuth {
            service: Some("execute-api".into()),
            ..AwsAuth::default()
        };
        assert_eq!(
            choose(&auth, "api.example.com", None),
            Err(ScopeError::Region)
        );
    }
}
