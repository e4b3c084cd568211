//! One catalogue of every refusal that API Gateway and STS give.
//!
//! ```text
//! Denial ── refusal(Service, MessageProfile, request id) ──▶ Refusal: status, error type, body
//! ```
//!
//! The practice gateway answers from it, and an explainer recognises by it: the texts are AWS's,
//! byte for byte, trailing spaces included. Texts that were captured on API Gateway itself are
//! those of [`Denial::NotKeyValue`], [`Denial::SignatureExpired`], [`Denial::CredentialScope`] and
//! [`Denial::SignatureMismatch`]; other signature texts are those of AWS services that share the
//! same verifier.

mod message;
mod refusal;

pub use message::SIGNATURE_MISMATCH;
pub use refusal::Refusal;

use crate::sigv4::{Echo, RequestDateTime};

/// Who refuses; the same fault has other codes, statuses and forms at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// API Gateway's data plane: JSON, `x-amzn-ErrorType`.
    ExecuteApi,
    /// The Security Token Service: the query protocol, XML.
    Sts,
}

impl Service {
    /// The name in a credential scope.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExecuteApi => "execute-api",
            Self::Sts => "sts",
        }
    }

    /// How many minutes a signature's time may be off, either way.
    pub fn window_minutes(self) -> u64 {
        match self {
            Self::ExecuteApi => 5,
            Self::Sts => 15,
        }
    }
}

/// Which of AWS's wordings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageProfile {
    /// Until 2024: a refused header and region are quoted in the clear.
    Classic,
    /// Since 2025: the header is hashed, the region left out, a denial names its policy.
    #[default]
    Current,
}

/// A sentence about the credential scope; several may apply at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeFault {
    /// The region is not the API's.
    Region {
        /// The one that was signed.
        given: String,
    },
    /// The service is another one.
    Service {
        /// The one that had to be signed.
        expected: &'static str,
    },
    /// The last element is not `aws4_request`.
    Terminator {
        /// The one that was signed.
        given: String,
    },
    /// The date is not that of the request.
    Date {
        /// The one that was signed.
        given: String,
        /// The time of the request.
        request: RequestDateTime,
    },
}

/// A signature's time against the gateway's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockFault {
    /// The time of the signature.
    pub signed_at: RequestDateTime,
    /// The gateway's time.
    pub now: RequestDateTime,
}

/// Why an action is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessDeniedReason {
    /// No policy of the caller allows it.
    NoIdentityPolicy,
    /// The API's resource policy does not allow it.
    NoResourcePolicy,
    /// A policy of the caller denies it.
    ExplicitDenyInIdentityPolicy,
    /// The API's resource policy denies it.
    ExplicitDenyInResourcePolicy,
}

/// What a bare `Forbidden` stands for; the caller is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForbiddenCause {
    /// The API key is missing, unknown or in no usage plan of the stage.
    ApiKey,
    /// The first segment of the path is no stage.
    Stage,
    /// The web application firewall.
    Firewall,
}

/// Every refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Neither an `Authorization` header nor `X-Amz-Algorithm`; also an unknown route.
    MissingAuthenticationToken,
    /// A part of the `Authorization` header has no `=`.
    NotKeyValue {
        /// The part.
        token: String,
        /// The whole header.
        header: String,
    },
    /// The `Authorization` header lacks parameters, or there is no date.
    MissingHeaderParameters {
        /// Of `Credential`, `Signature`, `SignedHeaders` and `Date`, in this order.
        missing: Vec<&'static str>,
        /// The whole header.
        header: String,
    },
    /// The query lacks parameters of a presigned URL, named in the order of AWS.
    MissingQueryParameters(Vec<&'static str>),
    /// Signed in the query and in the header at once.
    BothPlacements,
    /// Another algorithm than `AWS4-HMAC-SHA256`.
    UnsupportedAlgorithm(String),
    /// The date has another form.
    DateFormat(String),
    /// The signature is too old.
    SignatureExpired(ClockFault),
    /// The signature lies too far ahead.
    SignatureNotYetCurrent(ClockFault),
    /// `host` is not among the signed headers.
    HostNotSigned,
    /// The credential has not five elements.
    CredentialElements(String),
    /// The credential's scope is wrong.
    CredentialScope(Vec<ScopeFault>),
    /// No such access key.
    KeyUnknown,
    /// The session token is not one that was given out, or not with this key.
    TokenInvalid,
    /// The session is over.
    TokenExpired,
    /// The signature is another one; the gateway shows its own derivation.
    SignatureMismatch(Echo),
    /// A `%` in the query is not followed by two hex digits but by these characters; `None` at the
    /// query's end. Which error type API Gateway gives is not known; the texts are those of IAM.
    BrokenEscape(Option<String>),
    /// The caller is known but not allowed.
    AccessDenied {
        /// The caller's ARN, or `anonymous`.
        caller: String,
        /// The method's ARN; its account is masked in the text.
        resource: String,
        /// Which policy decided.
        reason: AccessDeniedReason,
    },
    /// `Forbidden`, without a reason.
    Forbidden(ForbiddenCause),
    /// An authorizer found no identity.
    Unauthorized,
    /// Above the rate of the usage plan, stage or account.
    Throttled,
    /// The usage plan's quota is used up.
    QuotaExceeded,
    /// Required parameters are missing.
    MissingParameters(Vec<String>),
    /// The body does not fit the method's model.
    InvalidBody,
    /// No integration takes this type of body.
    UnsupportedMediaType,
    /// The body is longer than 10 MB.
    RequestTooLarge,
    /// An authorizer answered with something that is no policy.
    AuthorizerConfiguration,
    /// The backend failed.
    IntegrationFailure,
    /// The backend did not answer in time.
    IntegrationTimeout,
    /// STS: the role may not be assumed by this caller. A missing role, a wrong external id and a
    /// silent trust policy all read the same.
    AssumeRoleDenied {
        /// The caller's ARN.
        caller: String,
        /// The role's ARN.
        role: String,
    },
    /// STS: more than an hour for a role that was assumed from a role.
    RoleChainingTooLong,
    /// STS: longer than the role allows.
    SessionTooLong,
    /// STS: an ARN of another form.
    InvalidArn(String),
    /// STS: a parameter outside its bounds.
    InvalidParameter {
        /// The value; `None` if it is missing.
        value: Option<String>,
        /// The parameter, as AWS writes it here: first letter lower-case.
        parameter: &'static str,
        /// The rule, as AWS writes it.
        constraint: &'static str,
    },
    /// STS: no such action.
    InvalidAction {
        /// The action.
        action: String,
        /// The API version asked for.
        version: String,
    },
}
