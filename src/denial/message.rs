//! The texts, byte for byte.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{AccessDeniedReason, ClockFault, Denial, MessageProfile, ScopeFault, Service};
use crate::sigv4::{Echo, RequestDateTime};

/// The sentence of a signature mismatch, with or without the echo behind it.
pub const SIGNATURE_MISMATCH: &str = "The request signature we calculated does not match the \
     signature you provided. Check your AWS Secret Access Key and signing method. Consult the \
     service documentation for details.";

impl Denial {
    /// The text; `None` where AWS sends a JSON `null`.
    pub fn message(&self, service: Service, profile: MessageProfile) -> Option<String> {
        let text = match self {
            Self::MissingAuthenticationToken => match service {
                Service::ExecuteApi => "Missing Authentication Token".to_owned(),
                Service::Sts => "Request is missing Authentication Token".to_owned(),
            },
            Self::NotKeyValue { token, header } => match profile {
                MessageProfile::Classic => format!(
                    "'{token}' not a valid key=value pair (missing equal-sign) in Authorization \
                     header: '{header}'."
                ),
                // What is hashed is not documented. The sentence puts the hash where the older one
                // puts the whole header.
                MessageProfile::Current => format!(
                    "Invalid key=value pair (missing equal-sign) in Authorization header (hashed \
                     with SHA-256 and encoded with Base64): '{}'.",
                    hashed(header)
                ),
            },
            Self::MissingHeaderParameters { missing, header } => {
                missing_header_parameters(missing, header, profile)
            }
            Self::MissingQueryParameters(missing) => {
                let mut text = String::new();
                for name in missing {
                    text.push_str("AWS query-string parameters must include '");
                    text.push_str(name);
                    text.push_str("'. ");
                }
                text + "Re-examine the query-string parameters."
            }
            Self::BothPlacements => "Found both 'X-Amz-Algorithm' as a query-string param and \
                                     'Authorization' as HTTP header."
                .to_owned(),
            Self::UnsupportedAlgorithm(given) => match service {
                Service::ExecuteApi => format!(
                    "Unsupported AWS 'algorithm': '{given}' (only AWS4-HMAC-SHA256 for now). "
                ),
                Service::Sts => format!("Unsupported AWS 'algorithm': '{given}'."),
            },
            Self::DateFormat(given) => format!(
                "Date must be in ISO-8601 'basic format'. Got '{given}'. See \
                 http://en.wikipedia.org/wiki/ISO_8601"
            ),
            Self::SignatureExpired(fault) => {
                let ClockFault { signed_at, now } = *fault;
                let minutes = service.window_minutes();
                let earliest = shifted(now, minutes, SystemTime::checked_sub);
                format!(
                    "Signature expired: {signed_at} is now earlier than {earliest} ({now} - \
                     {minutes} min.)"
                )
            }
            Self::SignatureNotYetCurrent(fault) => {
                let ClockFault { signed_at, now } = *fault;
                let minutes = service.window_minutes();
                let latest = shifted(now, minutes, SystemTime::checked_add);
                format!(
                    "Signature not yet current: {signed_at} is still later than {latest} ({now} + \
                     {minutes} min.)"
                )
            }
            Self::HostNotSigned => match profile {
                MessageProfile::Classic => {
                    "'Host' must be a 'SignedHeader' in the AWS Authorization.".to_owned()
                }
                MessageProfile::Current => "'Host' or ':authority' must be a 'SignedHeader' in \
                                            the AWS Authorization."
                    .to_owned(),
            },
            Self::CredentialElements(given) => format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{given}'"
            ),
            Self::CredentialScope(faults) => {
                faults.iter().map(|fault| fault.sentence(profile)).collect()
            }
            Self::KeyUnknown => "The security token included in the request is invalid.".to_owned(),
            // Only this full stop tells a broken token from an unknown key.
            Self::TokenInvalid => {
                "The security token included in the request is invalid".to_owned()
            }
            Self::TokenExpired => {
                "The security token included in the request is expired".to_owned()
            }
            Self::SignatureMismatch(echo) => match (service, profile) {
                (Service::ExecuteApi, _) | (Service::Sts, MessageProfile::Classic) => {
                    mismatch_with_echo(echo)
                }
                (Service::Sts, MessageProfile::Current) => SIGNATURE_MISMATCH.to_owned(),
            },
            Self::BrokenEscape(None) => "Incomplete trailing escape % sequence".to_owned(),
            Self::BrokenEscape(Some(given)) => {
                format!("Illegal hex character in escape % pattern: %{given}")
            }
            Self::AccessDenied {
                caller,
                resource,
                reason,
            } => format!(
                "User: {caller} is not authorized to perform: execute-api:Invoke on resource: {}{}",
                mask_account(resource),
                reason.suffix(profile)
            ),
            Self::Forbidden(_) => "Forbidden".to_owned(),
            Self::Unauthorized => "Unauthorized".to_owned(),
            Self::Throttled => "Too Many Requests".to_owned(),
            Self::QuotaExceeded => "Limit Exceeded".to_owned(),
            Self::MissingParameters(names) => {
                format!(
                    "Missing required request parameters: [{}]",
                    names.join(", ")
                )
            }
            Self::InvalidBody => "Invalid request body".to_owned(),
            Self::UnsupportedMediaType => "Unsupported Media Type".to_owned(),
            Self::RequestTooLarge => "HTTP content length exceeded 10485760 bytes.".to_owned(),
            Self::AuthorizerConfiguration => return None,
            Self::IntegrationFailure => "Internal server error".to_owned(),
            Self::IntegrationTimeout => "Endpoint request timed out".to_owned(),
            Self::AssumeRoleDenied { caller, role } => format!(
                "User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}"
            ),
            Self::RoleChainingTooLong => "The requested DurationSeconds exceeds the 1 hour \
                                          session limit for roles assumed by role chaining."
                .to_owned(),
            Self::SessionTooLong => "The requested DurationSeconds exceeds the \
                                     MaxSessionDuration set for this role."
                .to_owned(),
            Self::InvalidArn(arn) => format!("{arn} is invalid"),
            Self::InvalidParameter {
                value,
                parameter,
                constraint,
            } => {
                let value = value
                    .as_ref()
                    .map_or_else(|| "null".to_owned(), |value| format!("'{value}'"));
                format!(
                    "1 validation error detected: Value {value} at '{parameter}' failed to \
                     satisfy constraint: {constraint}"
                )
            }
            Self::InvalidAction { action, version } => {
                format!("Could not find operation {action} for version {version}")
            }
        };
        Some(text)
    }
}

impl ScopeFault {
    /// The sentence with the space that AWS puts behind each, the last included.
    fn sentence(&self, profile: MessageProfile) -> String {
        match self {
            Self::Region { given } => match profile {
                MessageProfile::Classic => {
                    format!("Credential should be scoped to a valid region, not '{given}'. ")
                }
                MessageProfile::Current => {
                    "Credential should be scoped to a valid region. ".to_owned()
                }
            },
            Self::Service { expected } => {
                format!("Credential should be scoped to correct service: '{expected}'. ")
            }
            Self::Terminator { given } => format!(
                "Credential should be scoped with a valid terminator: 'aws4_request', not \
                 '{given}'. "
            ),
            Self::Date { given, request } => format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
                 from HTTP: '{given}' != '{}', from '{request}'. ",
                request.date()
            ),
        }
    }
}

impl AccessDeniedReason {
    fn suffix(self, profile: MessageProfile) -> &'static str {
        match (profile, self) {
            (MessageProfile::Classic, Self::NoIdentityPolicy | Self::NoResourcePolicy) => "",
            (
                MessageProfile::Classic,
                Self::ExplicitDenyInIdentityPolicy | Self::ExplicitDenyInResourcePolicy,
            ) => " with an explicit deny",
            (MessageProfile::Current, Self::NoIdentityPolicy) => {
                " because no identity-based policy allows the execute-api:Invoke action"
            }
            (MessageProfile::Current, Self::NoResourcePolicy) => {
                " because no resource-based policy allows the execute-api:Invoke action"
            }
            (MessageProfile::Current, Self::ExplicitDenyInIdentityPolicy) => {
                " with an explicit deny in an identity-based policy"
            }
            (MessageProfile::Current, Self::ExplicitDenyInResourcePolicy) => {
                " with an explicit deny in a resource-based policy"
            }
        }
    }
}

fn missing_header_parameters(missing: &[&str], header: &str, profile: MessageProfile) -> String {
    let mut text = String::new();
    for name in missing {
        if *name == "Date" {
            text.push_str(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' \
                 header. ",
            );
        } else {
            text.push_str("Authorization header requires '");
            text.push_str(name);
            text.push_str("' parameter. ");
        }
    }
    match profile {
        MessageProfile::Classic => {
            text.push_str("Authorization=");
            text.push_str(header);
        }
        MessageProfile::Current => {
            text.push_str("(Hashed with SHA-256 and encoded with Base64) Authorization=");
            text.push_str(&hashed(header));
        }
    }
    text
}

fn mismatch_with_echo(echo: &Echo) -> String {
    let Echo {
        canonical_request,
        string_to_sign,
    } = echo;
    format!(
        "{SIGNATURE_MISMATCH}\n\nThe Canonical String for this request should have been\n\
         '{canonical_request}'\n\nThe String-to-Sign should have been\n'{string_to_sign}'\n"
    )
}

fn hashed(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

fn shifted(
    now: RequestDateTime,
    minutes: u64,
    by: impl Fn(&SystemTime, Duration) -> Option<SystemTime>,
) -> RequestDateTime {
    by(&now.time(), Duration::from_secs(minutes * 60)).map_or(now, RequestDateTime::new)
}

/// All but the last four digits of the account in an ARN become `*`, as API Gateway does.
fn mask_account(arn: &str) -> String {
    let parts: Vec<String> = arn
        .split(':')
        .enumerate()
        .map(|(index, part)| {
            let digits = part.len();
            if index == 4 && digits > 4 && part.bytes().all(|b| b.is_ascii_digit()) {
                let kept: String = part.chars().skip(digits - 4).collect();
                format!("{}{kept}", "*".repeat(digits - 4))
            } else {
                part.to_owned()
            }
        })
        .collect();
    parts.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::denial::ForbiddenCause;

    const CLASSIC: MessageProfile = MessageProfile::Classic;
    const CURRENT: MessageProfile = MessageProfile::Current;

    fn on_api(denial: &Denial, profile: MessageProfile) -> String {
        denial.message(Service::ExecuteApi, profile).unwrap()
    }

    fn on_sts(denial: &Denial, profile: MessageProfile) -> String {
        denial.message(Service::Sts, profile).unwrap()
    }

    fn time(text: &str) -> RequestDateTime {
        RequestDateTime::parse(text).unwrap()
    }

    #[test]
    fn no_identity_at_all() {
        let denial = Denial::MissingAuthenticationToken;
        assert_eq!(on_api(&denial, CURRENT), "Missing Authentication Token");
        assert_eq!(
            on_sts(&denial, CURRENT),
            "Request is missing Authentication Token"
        );
    }

    #[test]
    fn a_part_without_an_equal_sign() {
        let denial = Denial::NotKeyValue {
            token: "abc".into(),
            header: "Bearer abc".into(),
        };
        assert_eq!(
            on_api(&denial, CLASSIC),
            "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: \
             'Bearer abc'."
        );
        assert_eq!(
            on_api(&denial, CURRENT),
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with \
             SHA-256 and encoded with Base64): 'w1Xc6WwWEogNEZQP/dkBTThsJT4MNlKmzQanIm970rY='."
        );
    }

    #[test]
    fn missing_parameters_each_followed_by_a_space() {
        let denial = |missing: &[&'static str]| Denial::MissingHeaderParameters {
            missing: missing.to_vec(),
            header: "AWS4-HMAC-SHA256 x=y".into(),
        };
        assert_eq!(
            on_api(
                &denial(&["Credential", "Signature", "SignedHeaders", "Date"]),
                CLASSIC
            ),
            "Authorization header requires 'Credential' parameter. Authorization header requires \
             'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. \
             Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
             Authorization=AWS4-HMAC-SHA256 x=y"
        );
        assert_eq!(
            on_api(&denial(&["Signature"]), CLASSIC),
            "Authorization header requires 'Signature' parameter. \
             Authorization=AWS4-HMAC-SHA256 x=y"
        );
        assert_eq!(
            on_api(&denial(&["Signature"]), CURRENT),
            format!(
                "Authorization header requires 'Signature' parameter. (Hashed with SHA-256 and \
                 encoded with Base64) Authorization={}",
                hashed("AWS4-HMAC-SHA256 x=y")
            )
        );
        assert_eq!(
            on_api(
                &Denial::MissingQueryParameters(vec![
                    "X-Amz-Algorithm",
                    "X-Amz-Credential",
                    "X-Amz-Signature",
                    "X-Amz-SignedHeaders",
                    "X-Amz-Date"
                ]),
                CURRENT
            ),
            "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string \
             parameters must include 'X-Amz-Credential'. AWS query-string parameters must include \
             'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. \
             AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string \
             parameters."
        );
    }

    #[test]
    fn placement_algorithm_date_and_host() {
        assert_eq!(
            on_api(&Denial::BothPlacements, CURRENT),
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP \
             header."
        );
        let algorithm = Denial::UnsupportedAlgorithm("AWS4-HMAC-SHA25".into());
        assert_eq!(
            on_api(&algorithm, CURRENT),
            "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). "
        );
        assert_eq!(
            on_sts(&algorithm, CURRENT),
            "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25'."
        );
        assert_eq!(
            on_api(&Denial::DateFormat("201".into()), CURRENT),
            "Date must be in ISO-8601 'basic format'. Got '201'. See \
             http://en.wikipedia.org/wiki/ISO_8601"
        );
        assert_eq!(
            on_api(&Denial::HostNotSigned, CLASSIC),
            "'Host' must be a 'SignedHeader' in the AWS Authorization."
        );
        assert_eq!(
            on_api(&Denial::HostNotSigned, CURRENT),
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        );
        assert_eq!(
            on_api(&Denial::CredentialElements("AKIDEXAMPLE".into()), CURRENT),
            "Credential must have exactly 5 slash-delimited elements, e.g. \
             keyid/date/region/service/term, got 'AKIDEXAMPLE'"
        );
    }

    /// The stamps of aws-amplify/aws-sdk-android#253 and serverless/enterprise#11.
    #[test]
    fn the_clock_is_off() {
        let expired = Denial::SignatureExpired(ClockFault {
            signed_at: time("20170212T175938Z"),
            now: time("20170215T150034Z"),
        });
        assert_eq!(
            on_api(&expired, CURRENT),
            "Signature expired: 20170212T175938Z is now earlier than 20170215T145534Z \
             (20170215T150034Z - 5 min.)"
        );
        assert_eq!(
            on_sts(&expired, CURRENT),
            "Signature expired: 20170212T175938Z is now earlier than 20170215T144534Z \
             (20170215T150034Z - 15 min.)"
        );
        let early = Denial::SignatureNotYetCurrent(ClockFault {
            signed_at: time("20181120T211543Z"),
            now: time("20181120T211029Z"),
        });
        assert_eq!(
            on_api(&early, CURRENT),
            "Signature not yet current: 20181120T211543Z is still later than 20181120T211529Z \
             (20181120T211029Z + 5 min.)"
        );
    }

    #[test]
    fn sentences_about_the_scope_are_joined_and_end_in_a_space() {
        let denial = Denial::CredentialScope(vec![
            ScopeFault::Region {
                given: "eu-west-1".into(),
            },
            ScopeFault::Service {
                expected: "execute-api",
            },
            ScopeFault::Terminator { given: "x".into() },
            ScopeFault::Date {
                given: "20150831".into(),
                request: time("20150830T122100Z"),
            },
        ]);
        assert_eq!(
            on_api(&denial, CLASSIC),
            "Credential should be scoped to a valid region, not 'eu-west-1'. Credential should be \
             scoped to correct service: 'execute-api'. Credential should be scoped with a valid \
             terminator: 'aws4_request', not 'x'. Date in Credential scope does not match \
             YYYYMMDD from ISO-8601 version of date from HTTP: '20150831' != '20150830', from \
             '20150830T122100Z'. "
        );
        let region = Denial::CredentialScope(vec![ScopeFault::Region {
            given: "eu-west-1".into(),
        }]);
        assert_eq!(
            on_api(&region, CURRENT),
            "Credential should be scoped to a valid region. "
        );
    }

    #[test]
    fn keys_and_tokens_differ_by_a_full_stop() {
        assert_eq!(
            on_api(&Denial::KeyUnknown, CURRENT),
            "The security token included in the request is invalid."
        );
        assert_eq!(
            on_api(&Denial::TokenInvalid, CURRENT),
            "The security token included in the request is invalid"
        );
        assert_eq!(
            on_api(&Denial::TokenExpired, CURRENT),
            "The security token included in the request is expired"
        );
    }

    #[test]
    fn the_echo_has_two_blocks_and_one_line_feed_behind_the_last_quote() {
        let echo = Echo {
            canonical_request: "GET\n/prod/pets\n\nhost:h\n\nhost\ne3b0".into(),
            string_to_sign: "AWS4-HMAC-SHA256\nt\ns\nb0e1".into(),
        };
        let denial = Denial::SignatureMismatch(echo.clone());
        assert_eq!(
            on_api(&denial, CURRENT),
            "The request signature we calculated does not match the signature you provided. Check \
             your AWS Secret Access Key and signing method. Consult the service documentation for \
             details.\n\nThe Canonical String for this request should have been\n'GET\n/prod/pets\
             \n\nhost:h\n\nhost\ne3b0'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n\
             t\ns\nb0e1'\n"
        );
        assert_eq!(Echo::find(&on_api(&denial, CLASSIC)), Some(echo));
        // With a key and a brace pair around it, the body that Lambda URLs and OpenSearch send.
        assert_eq!(on_sts(&denial, CURRENT), SIGNATURE_MISMATCH);
        assert_eq!(
            format!(r#"{{"message":"{SIGNATURE_MISMATCH}"}}"#).len(),
            192
        );
    }

    #[test]
    fn escapes_that_are_none() {
        assert_eq!(
            on_api(&Denial::BrokenEscape(None), CURRENT),
            "Incomplete trailing escape % sequence"
        );
        assert_eq!(
            on_api(&Denial::BrokenEscape(Some("zz".into())), CURRENT),
            "Illegal hex character in escape % pattern: %zz"
        );
    }

    #[test]
    fn a_denial_masks_the_account_of_the_resource_only() {
        let denial = |reason| Denial::AccessDenied {
            caller: "arn:aws:iam::111122223333:user/alice".into(),
            resource: "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/prod/GET/pets".into(),
            reason,
        };
        let plain = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: \
                     execute-api:Invoke on resource: \
                     arn:aws:execute-api:us-east-1:********3333:a1b2c3d4e5/prod/GET/pets";
        for (reason, profile, suffix) in [
            (AccessDeniedReason::NoIdentityPolicy, CLASSIC, ""),
            (
                AccessDeniedReason::NoIdentityPolicy,
                CURRENT,
                " because no identity-based policy allows the execute-api:Invoke action",
            ),
            (
                AccessDeniedReason::NoResourcePolicy,
                CURRENT,
                " because no resource-based policy allows the execute-api:Invoke action",
            ),
            (
                AccessDeniedReason::ExplicitDenyInIdentityPolicy,
                CURRENT,
                " with an explicit deny in an identity-based policy",
            ),
            (
                AccessDeniedReason::ExplicitDenyInResourcePolicy,
                CURRENT,
                " with an explicit deny in a resource-based policy",
            ),
            (
                AccessDeniedReason::ExplicitDenyInIdentityPolicy,
                CLASSIC,
                " with an explicit deny",
            ),
        ] {
            assert_eq!(on_api(&denial(reason), profile), format!("{plain}{suffix}"));
        }
    }

    #[test]
    fn short_texts_of_the_gateway() {
        for (denial, text) in [
            (Denial::Forbidden(ForbiddenCause::ApiKey), "Forbidden"),
            (Denial::Unauthorized, "Unauthorized"),
            (Denial::Throttled, "Too Many Requests"),
            (Denial::QuotaExceeded, "Limit Exceeded"),
            (
                Denial::MissingParameters(vec!["issuer".into(), "qs1".into()]),
                "Missing required request parameters: [issuer, qs1]",
            ),
            (Denial::InvalidBody, "Invalid request body"),
            (Denial::UnsupportedMediaType, "Unsupported Media Type"),
            (
                Denial::RequestTooLarge,
                "HTTP content length exceeded 10485760 bytes.",
            ),
            (Denial::IntegrationFailure, "Internal server error"),
            (Denial::IntegrationTimeout, "Endpoint request timed out"),
        ] {
            assert_eq!(on_api(&denial, CURRENT), text);
        }
        assert_eq!(
            Denial::AuthorizerConfiguration.message(Service::ExecuteApi, CURRENT),
            None
        );
    }

    #[test]
    fn texts_of_sts() {
        let denied = Denial::AssumeRoleDenied {
            caller: "arn:aws:iam::429418377036:user/authsec".into(),
            role: "arn:aws:iam::429418377036:role/AuthSecCloudDiscovery".into(),
        };
        assert_eq!(
            on_sts(&denied, CURRENT),
            "User: arn:aws:iam::429418377036:user/authsec is not authorized to perform: \
             sts:AssumeRole on resource: arn:aws:iam::429418377036:role/AuthSecCloudDiscovery"
        );
        assert_eq!(
            on_sts(&Denial::RoleChainingTooLong, CURRENT),
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining."
        );
        assert_eq!(
            on_sts(&Denial::SessionTooLong, CURRENT),
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        );
        assert_eq!(
            on_sts(&Denial::InvalidArn("arn:x".into()), CURRENT),
            "arn:x is invalid"
        );
        let parameter = |value: Option<&str>| Denial::InvalidParameter {
            value: value.map(str::to_owned),
            parameter: "roleSessionName",
            constraint: r"Member must satisfy regular expression pattern: [\w+=,.@-]*",
        };
        assert_eq!(
            on_sts(&parameter(Some("x y")), CURRENT),
            r"1 validation error detected: Value 'x y' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*"
        );
        assert!(on_sts(&parameter(None), CURRENT).contains("Value null at"));
        assert_eq!(
            on_sts(
                &Denial::InvalidAction {
                    action: "Foo".into(),
                    version: "2011-06-15".into()
                },
                CURRENT
            ),
            "Could not find operation Foo for version 2011-06-15"
        );
    }
}
