//! A denial as an answer: status, error type and body.

use super::{Denial, ForbiddenCause, MessageProfile, Service};

/// What goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// `x-amzn-ErrorType` on API Gateway, `Code` on STS.
    pub code: &'static str,
    /// The gateway-response type that an API's owner would customise; none on STS.
    pub gateway_response: Option<&'static str>,
    /// The body's type.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// Status, error type and gateway-response type on API Gateway; status and code on STS.
struct Classification {
    api: (u16, &'static str, &'static str),
    sts: (u16, &'static str),
}

impl Denial {
    /// The answer as `service` gives it.
    pub fn refusal(&self, service: Service, profile: MessageProfile, request_id: &str) -> Refusal {
        let Classification { api, sts } = self.classify();
        let message = self.message(service, profile);
        match service {
            Service::ExecuteApi => {
                let (status, code, gateway_response) = api;
                let (content_type, body) = if *self == Self::RequestTooLarge {
                    ("text/plain", message.unwrap_or_default())
                } else {
                    let message = serde_json::Value::from(message);
                    let body = format!(r#"{{"{}":{message}}}"#, self.json_key());
                    ("application/json", body)
                };
                Refusal {
                    status,
                    code,
                    gateway_response: Some(gateway_response),
                    content_type,
                    body,
                }
            }
            Service::Sts => {
                let (status, code) = sts;
                Refusal {
                    status,
                    code,
                    gateway_response: None,
                    content_type: "text/xml",
                    body: error_xml(code, &message.unwrap_or_default(), request_id),
                }
            }
        }
    }

    /// The body's one key. A refused authorization writes it with a capital.
    fn json_key(&self) -> &'static str {
        if matches!(self, Self::AccessDenied { .. }) {
            "Message"
        } else {
            "message"
        }
    }

    /// An owner's `INVALID_SIGNATURE` customises every signature fault here. Which type AWS uses
    /// for the clock and for unknown keys is not documented.
    fn classify(&self) -> Classification {
        let both = |api, sts| Classification { api, sts };
        let incomplete = || {
            both(
                (403, "IncompleteSignatureException", "INVALID_SIGNATURE"),
                (400, "IncompleteSignature"),
            )
        };
        let invalid = || {
            both(
                (403, "InvalidSignatureException", "INVALID_SIGNATURE"),
                (403, "SignatureDoesNotMatch"),
            )
        };
        let unknown = || {
            both(
                (403, "UnrecognizedClientException", "INVALID_SIGNATURE"),
                (403, "InvalidClientTokenId"),
            )
        };
        // Faults of one service only; the other one never answers with them.
        let of_api = |status, code, response| both((status, code, response), (status, code));
        let of_sts = |status, code| both((status, code, "DEFAULT_4XX"), (status, code));
        match self {
            Self::MissingAuthenticationToken => both(
                (
                    403,
                    "MissingAuthenticationTokenException",
                    "MISSING_AUTHENTICATION_TOKEN",
                ),
                (400, "MissingAuthenticationToken"),
            ),
            Self::NotKeyValue { .. }
            | Self::MissingHeaderParameters { .. }
            | Self::MissingQueryParameters(_)
            | Self::UnsupportedAlgorithm(_)
            | Self::DateFormat(_)
            | Self::CredentialElements(_) => incomplete(),
            Self::BothPlacements
            | Self::SignatureExpired(_)
            | Self::SignatureNotYetCurrent(_)
            | Self::HostNotSigned
            | Self::CredentialScope(_)
            | Self::SignatureMismatch(_) => invalid(),
            Self::KeyUnknown | Self::TokenInvalid => unknown(),
            Self::TokenExpired => both(
                (403, "ExpiredTokenException", "EXPIRED_TOKEN"),
                (403, "ExpiredToken"),
            ),
            Self::BrokenEscape(_) => both(
                (400, "BadRequestException", "DEFAULT_4XX"),
                (400, "MalformedQueryString"),
            ),
            Self::AccessDenied { .. } => both(
                (403, "AccessDeniedException", "ACCESS_DENIED"),
                (403, "AccessDenied"),
            ),
            Self::Forbidden(ForbiddenCause::ApiKey) => {
                of_api(403, "ForbiddenException", "INVALID_API_KEY")
            }
            Self::Forbidden(ForbiddenCause::Stage) => {
                of_api(403, "ForbiddenException", "DEFAULT_4XX")
            }
            Self::Forbidden(ForbiddenCause::Firewall) => {
                of_api(403, "ForbiddenException", "WAF_FILTERED")
            }
            Self::Unauthorized => of_api(401, "UnauthorizedException", "UNAUTHORIZED"),
            Self::Throttled => of_api(429, "TooManyRequestsException", "THROTTLED"),
            Self::QuotaExceeded => of_api(429, "LimitExceededException", "QUOTA_EXCEEDED"),
            Self::MissingParameters(_) => {
                of_api(400, "BadRequestException", "BAD_REQUEST_PARAMETERS")
            }
            Self::InvalidBody => of_api(400, "BadRequestException", "BAD_REQUEST_BODY"),
            Self::UnsupportedMediaType => {
                of_api(415, "BadRequestException", "UNSUPPORTED_MEDIA_TYPE")
            }
            Self::RequestTooLarge => of_api(413, "RequestTooLargeException", "REQUEST_TOO_LARGE"),
            Self::AuthorizerConfiguration => of_api(
                500,
                "AuthorizerConfigurationException",
                "AUTHORIZER_CONFIGURATION_ERROR",
            ),
            Self::IntegrationFailure => {
                of_api(502, "InternalServerErrorException", "INTEGRATION_FAILURE")
            }
            Self::IntegrationTimeout => {
                of_api(504, "InternalServerErrorException", "INTEGRATION_TIMEOUT")
            }
            Self::AssumeRoleDenied { .. } => of_sts(403, "AccessDenied"),
            Self::RoleChainingTooLong
            | Self::SessionTooLong
            | Self::InvalidArn(_)
            | Self::InvalidParameter { .. } => of_sts(400, "ValidationError"),
            Self::InvalidAction { .. } => of_sts(400, "InvalidAction"),
        }
    }
}

fn error_xml(code: &str, message: &str, request_id: &str) -> String {
    // Quotes stay, so that an echo keeps its layout.
    let message = quick_xml::escape::partial_escape(message);
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    \
         <Type>Sender</Type>\n    <Code>{code}</Code>\n    <Message>{message}</Message>\n  \
         </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::denial::{AccessDeniedReason, ClockFault};
    use crate::sigv4::{Echo, RequestDateTime};

    fn on_api(denial: &Denial) -> Refusal {
        denial.refusal(Service::ExecuteApi, MessageProfile::Current, "id")
    }

    fn on_sts(denial: &Denial) -> Refusal {
        denial.refusal(Service::Sts, MessageProfile::Current, "id")
    }

    fn mismatch() -> Denial {
        Denial::SignatureMismatch(Echo {
            canonical_request: "GET\n/\na=1&b=2\nhost:<h>".into(),
            string_to_sign: "AWS4-HMAC-SHA256".into(),
        })
    }

    #[test]
    fn bodies_are_as_long_as_those_of_aws() {
        for (denial, body, length) in [
            (
                Denial::MissingAuthenticationToken,
                r#"{"message":"Missing Authentication Token"}"#,
                42,
            ),
            (
                Denial::Forbidden(ForbiddenCause::ApiKey),
                r#"{"message":"Forbidden"}"#,
                23,
            ),
            (Denial::AuthorizerConfiguration, r#"{"message":null}"#, 16),
        ] {
            let refusal = on_api(&denial);
            assert_eq!(refusal.body, body);
            assert_eq!(refusal.body.len(), length);
            assert_eq!(refusal.content_type, "application/json");
        }
        assert!(on_api(&mismatch()).body.ends_with(r#"'\n"}"#));
    }

    #[test]
    fn a_refused_authorization_has_a_capital_key() {
        let refusal = on_api(&Denial::AccessDenied {
            caller: "anonymous".into(),
            resource: "arn:aws:execute-api:us-east-1:111122223333:a1/prod/GET/pets".into(),
            reason: AccessDeniedReason::NoResourcePolicy,
        });
        assert!(
            refusal
                .body
                .starts_with(r#"{"Message":"User: anonymous is"#)
        );
        assert_eq!(refusal.code, "AccessDeniedException");
    }

    #[test]
    fn too_large_is_plain_text() {
        let refusal = on_api(&Denial::RequestTooLarge);
        assert_eq!(
            (refusal.status, refusal.content_type, refusal.body.as_str()),
            (
                413,
                "text/plain",
                "HTTP content length exceeded 10485760 bytes."
            )
        );
    }

    #[test]
    fn the_same_fault_at_both_services() {
        let clock = ClockFault {
            signed_at: RequestDateTime::parse("20260102T030405Z").unwrap(),
            now: RequestDateTime::parse("20260103T030405Z").unwrap(),
        };
        for (denial, api, sts) in [
            (
                Denial::MissingAuthenticationToken,
                (403, "MissingAuthenticationTokenException"),
                (400, "MissingAuthenticationToken"),
            ),
            (
                Denial::DateFormat("x".into()),
                (403, "IncompleteSignatureException"),
                (400, "IncompleteSignature"),
            ),
            (
                Denial::SignatureExpired(clock),
                (403, "InvalidSignatureException"),
                (403, "SignatureDoesNotMatch"),
            ),
            (
                mismatch(),
                (403, "InvalidSignatureException"),
                (403, "SignatureDoesNotMatch"),
            ),
            (
                Denial::KeyUnknown,
                (403, "UnrecognizedClientException"),
                (403, "InvalidClientTokenId"),
            ),
            (
                Denial::TokenInvalid,
                (403, "UnrecognizedClientException"),
                (403, "InvalidClientTokenId"),
            ),
            (
                Denial::TokenExpired,
                (403, "ExpiredTokenException"),
                (403, "ExpiredToken"),
            ),
        ] {
            let refusal = on_api(&denial);
            assert_eq!((refusal.status, refusal.code), api);
            let refusal = on_sts(&denial);
            assert_eq!((refusal.status, refusal.code), sts);
            assert_eq!(refusal.gateway_response, None);
        }
    }

    #[test]
    fn xml_is_escaped_and_has_the_shape_of_sts() {
        let refusal =
            mismatch().refusal(Service::Sts, MessageProfile::Classic, "3aa6efbe-6824-436d");
        assert_eq!(refusal.content_type, "text/xml");
        assert!(refusal.body.contains("a=1&amp;b=2\nhost:&lt;h&gt;'\n"));
        assert!(refusal.body.starts_with(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    \
             <Type>Sender</Type>\n    <Code>SignatureDoesNotMatch</Code>\n    <Message>The request"
        ));
        assert!(
            refusal
                .body
                .ends_with("  <RequestId>3aa6efbe-6824-436d</RequestId>\n</ErrorResponse>\n")
        );
    }
}
