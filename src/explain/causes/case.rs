//! The evidence with what follows from it at once.

use crate::denial::{Denial, MessageProfile, Service};
use crate::explain::detective::{self, CanonicalText, Finding, Suspect, UrlParts};
use crate::explain::{
    ClientSteps, Comparison, Evidence, GivenAnswer, GivenRequest, GivenSignature, Known, Likelihood,
};
use crate::sigv4::{CanonicalRequest, PathRule, RequestDateTime, SigningSettings, facts_of_host};

/// How the words about a signature begin; services end them in their own ways.
const MISMATCH: &str = "The request signature we calculated does not match";

/// Who answered, as far as the answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) enum Speaker {
    /// A REST API's gateway, by its `x-amzn-ErrorType`.
    RestApi,
    /// A REST API's backend: the gateway's request id, but no error type.
    RestBackend,
    /// An AWS service of its own, by the error in the body: STS, `DynamoDB`, S3.
    AwsService,
    /// An HTTP API: `apigw-requestid`.
    HttpApi,
    /// Not told: headers are missing.
    Unknown,
    /// Headers are there and none is of API Gateway.
    SomebodyElse,
}

/// One call and what is known of it.
pub(in crate::explain) struct Case<'a> {
    pub(in crate::explain) evidence: &'a Evidence,
    pub(in crate::explain) known: &'a Known<'a>,
    pub(super) url: Option<UrlParts<'a>>,
    /// The canonical request of the client's side, and whether the client told it (else it is
    /// derived from the request).
    pub(super) ours: Option<(String, bool)>,
    /// What the detective found.
    pub(super) found: Vec<Finding>,
    /// Whether the detective could try: it had the keys, and a request to sign again.
    pub(super) was_tried: bool,
}

impl<'a> Case<'a> {
    pub(in crate::explain) fn new(evidence: &'a Evidence, known: &'a Known<'a>) -> Self {
        let request = evidence.request.as_ref();
        let signature = request.and_then(|request| request.signature.as_ref());
        let suspect = match (request, known.keys) {
            (Some(request), Some(credentials)) => Some(Suspect {
                request,
                echo: evidence.echo.as_ref(),
                hashed_payload: told_payload(evidence),
                credentials,
            })
            .filter(|_| {
                // A log may tell the scope alone; whose key it was is then seen by the signature.
                signature.is_some_and(GivenSignature::is_key_id_unknown)
                    || signature
                        .and_then(GivenSignature::access_key_id)
                        .is_some_and(|id| {
                            let known = credentials.access_key_id.trim();
                            id.trim() == known
                                || id == credentials.secret_access_key.expose().trim()
                        })
            }),
            _ => None,
        };
        let steps = evidence.steps.as_ref();
        let told = steps.and_then(|steps| steps.canonical_request.clone());
        let ours = told
            .map(|text| (text, true))
            .or_else(|| Some((derived(request?, None)?, false)));
        let tried = suspect.as_ref().and_then(detective::try_to_find);
        Self {
            evidence,
            known,
            url: request.and_then(|request| UrlParts::parse(&request.url)),
            ours,
            was_tried: tried.is_some(),
            found: tried.unwrap_or_default(),
        }
    }

    /// What the client signed beside what it should have, line by line.
    pub(in crate::explain) fn comparison(&self) -> Option<Comparison> {
        let echo = self.evidence.echo.as_ref();
        if let (Some(steps), Some(echo)) = (&self.evidence.steps, echo) {
            return Some(Comparison::of(steps, echo));
        }
        let derived = self.ours.as_ref().map(|(text, _)| ClientSteps {
            canonical_request: Some(text.clone()),
            string_to_sign: None,
            is_masked: false,
        });
        let signed = self.found.first().map(|finding| &finding.signed);
        match (signed, echo, &derived) {
            (Some(signed), Some(echo), _) => Some(Comparison::of(signed, echo)),
            (Some(signed), None, Some(right)) => Some(Comparison::between(signed, right)),
            (None, Some(echo), Some(given)) => Some(Comparison::of(given, echo)),
            _ => None,
        }
    }

    pub(super) fn request(&self) -> Option<&'a GivenRequest> {
        self.evidence.request.as_ref()
    }

    pub(super) fn signature(&self) -> Option<&'a GivenSignature> {
        self.request()?.signature.as_ref()
    }

    /// Whether there is a signature of AWS, however broken: a bearer token is none.
    pub(super) fn is_signed(&self) -> bool {
        self.signature().is_some_and(|signature| {
            signature.credential.is_some() || signature.algorithm.starts_with("AWS4")
        })
    }

    /// The answer, if it refuses or its status is unknown.
    pub(super) fn refusal(&self) -> Option<&'a GivenAnswer> {
        self.evidence
            .answer
            .as_ref()
            .filter(|answer| answer.status.is_none_or(|status| status >= 400))
    }

    pub(super) fn status(&self) -> Option<u16> {
        self.refusal()?.status
    }

    /// Whether the status is this one, or unknown.
    pub(super) fn may_be(&self, status: u16) -> bool {
        self.refusal()
            .is_some_and(|answer| answer.status.is_none_or(|known| known == status))
    }

    /// The answer's message; empty if there is none.
    pub(super) fn message(&self) -> &'a str {
        self.refusal()
            .and_then(|answer| answer.message.as_deref())
            .unwrap_or_default()
    }

    /// The answer's error type; empty if there is none.
    pub(super) fn error_type(&self) -> &'a str {
        self.refusal()
            .and_then(|answer| answer.error_type.as_deref())
            .unwrap_or_default()
    }

    /// Whether the answer's body says this.
    pub(super) fn says(&self, text: &str) -> bool {
        self.message().contains(text)
            || self
                .refusal()
                .is_some_and(|answer| answer.body.contains(text))
    }

    /// Whether the answer's message is the text of a denial, of one wording or the other.
    pub(super) fn is_denied_with(&self, denial: &Denial) -> bool {
        let message = self.message();
        !message.is_empty()
            && [Service::ExecuteApi, Service::Sts]
                .into_iter()
                .any(|service| {
                    [MessageProfile::Classic, MessageProfile::Current]
                        .into_iter()
                        .any(|profile| denial.message(service, profile).as_deref() == Some(message))
                })
    }

    /// What stands between two pieces of the message.
    pub(super) fn between(&self, before: &str, after: &str) -> Option<&'a str> {
        let (_, rest) = self.message().split_once(before)?;
        Some(rest.split_once(after)?.0)
    }

    /// Whether the gateway computed another signature.
    pub(super) fn is_mismatch(&self) -> bool {
        // The same types stand before words about the clock and the scope.
        let is_type = self.message().is_empty()
            && matches!(
                self.error_type(),
                "SignatureDoesNotMatch" | "InvalidSignatureException"
            );
        is_type
            || self.message().starts_with(MISMATCH)
            || (self.refusal().is_some() && self.evidence.echo.is_some())
    }

    /// Whether the answer tells of another fault than the signature, which was met before the
    /// signature was looked at. An HTTP API has one word for all.
    pub(super) fn is_refused_otherwise(&self) -> bool {
        let may_be_any = self.message() == "Forbidden"
            && matches!(self.speaker(), Speaker::HttpApi | Speaker::Unknown);
        !self.message().is_empty() && !self.is_mismatch() && !may_be_any
    }

    /// Whether the call was one to the Security Token Service.
    pub(super) fn is_sts(&self) -> bool {
        let service = |service: &str| service == "sts";
        self.says("://sts.amazonaws.com/doc/")
            || self
                .host()
                .and_then(facts_of_host)
                .is_some_and(|facts| service(&facts.service))
            || self
                .signature()
                .and_then(GivenSignature::scope)
                .is_some_and(|scope| service(scope.service))
    }

    /// Whether the text that the client says it signed is the right one for its request; a body
    /// that is not known is taken to have the hash that the client tells.
    pub(super) fn is_told_right(&self) -> bool {
        let told = self
            .evidence
            .steps
            .as_ref()
            .filter(|steps| !steps.is_masked)
            .and_then(|steps| steps.canonical_request.as_deref());
        let right = self
            .request()
            .and_then(|request| derived(request, told_payload(self.evidence)));
        let string = self
            .evidence
            .steps
            .as_ref()
            .and_then(|steps| steps.string_to_sign.as_deref());
        told.is_some_and(|told| {
            let hash = crate::sigv4::hash_hex(told.as_bytes());
            right.as_deref() == Some(told) && string.is_none_or(|string| string.ends_with(&hash))
        })
    }

    /// Whether nothing is known of an answer, so that the request alone can be looked at.
    pub(super) fn is_unanswered(&self) -> bool {
        self.evidence.answer.is_none()
    }

    /// How sure a fault is that the request itself shows: surer while no answer says otherwise.
    pub(super) fn visible(&self) -> Likelihood {
        if self.is_unanswered() {
            Likelihood::VeryLikely
        } else {
            Likelihood::Possible
        }
    }

    pub(super) fn speaker(&self) -> Speaker {
        let Some(answer) = self.refusal() else {
            return Speaker::Unknown;
        };
        let has = |name| answer.header(name).is_some();
        if has("x-amzn-errortype") {
            Speaker::RestApi
        } else if has("apigw-requestid") {
            Speaker::HttpApi
        } else if has("x-amz-apigw-id") {
            Speaker::RestBackend
        } else if answer.error_type.is_some() && !answer.headers.is_empty() {
            // A REST API's gateway names its errors in a header.
            Speaker::AwsService
        } else if has("x-amzn-requestid") {
            Speaker::RestBackend
        } else if answer.headers.is_empty() {
            match answer.error_type {
                Some(_) => Speaker::RestApi,
                None => Speaker::Unknown,
            }
        } else {
            Speaker::SomebodyElse
        }
    }

    /// The host that the gateway sees: the Host header, else the URL's.
    pub(super) fn host(&self) -> Option<&'a str> {
        let request = self.request()?;
        request
            .header_values("host")
            .next()
            .or_else(|| {
                let url = UrlParts::parse(&request.url)?;
                Some(url.authority)
            })
            .filter(|host| !host.is_empty())
            .or_else(|| self.echoed()?.header("host"))
    }

    /// The gateway's canonical request.
    pub(super) fn echoed(&self) -> Option<CanonicalText<'a>> {
        CanonicalText::parse(&self.evidence.echo.as_ref()?.canonical_request)
    }

    /// Our canonical request.
    pub(super) fn signed(&self) -> Option<CanonicalText<'_>> {
        CanonicalText::parse(&self.ours.as_ref()?.0)
    }

    /// Both sides, and how sure a difference is.
    pub(super) fn both(&self) -> Option<(CanonicalText<'_>, CanonicalText<'a>, Likelihood)> {
        let sure = match &self.ours {
            Some((_, true)) => Likelihood::Proven,
            _ if self.is_signed_right() => Likelihood::Proven,
            _ => Likelihood::VeryLikely,
        };
        Some((self.signed()?, self.echoed()?, sure))
    }

    /// Whether the signature is right for the request as given and the key known here.
    pub(super) fn is_signed_right(&self) -> bool {
        self.found
            .iter()
            .any(|finding| finding.mutations.is_empty() && !finding.on_echo)
    }

    /// The time of the signature, if it has the right form.
    pub(super) fn signed_at(&self) -> Option<RequestDateTime> {
        RequestDateTime::parse(self.signature()?.date_time.as_deref()?)
    }

    /// Whether the host is neither one of AWS nor this machine.
    pub(super) fn is_custom_domain(&self) -> bool {
        self.host().is_some_and(|host| {
            let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
            let is_address =
                name.starts_with('[') || name.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            facts_of_host(host).is_none() && !is_address && name != "localhost"
        })
    }

    /// The path as sent.
    pub(super) fn path(&self) -> Option<&'a str> {
        Some(self.url.as_ref()?.path)
    }

    /// The query as sent.
    pub(super) fn query(&self) -> Option<&'a str> {
        Some(self.url.as_ref()?.query)
    }
}

/// The body's hash in the client's own canonical request.
fn told_payload(evidence: &Evidence) -> Option<&str> {
    let text = evidence.steps.as_ref()?.canonical_request.as_deref()?;
    let payload = CanonicalText::parse(text)?.payload;
    let is_hash = payload.len() == 64 && payload.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then_some(payload)
}

/// The right canonical request of a signed request whose parts are all known, of the body at least
/// the hash.
fn derived(request: &GivenRequest, hashed_payload: Option<&str>) -> Option<String> {
    let signature = request.signature.as_ref()?;
    let url = UrlParts::parse(&request.url)?;
    let names = signature.signed_headers.as_ref()?;
    let payload = match &request.body {
        Some(body) => crate::sigv4::hash_hex(body),
        None => hashed_payload?.to_owned(),
    };
    let settings = SigningSettings::for_service(signature.scope()?.service);
    let headers = detective::signed_values(request, names, url.authority);
    let query = detective::signed_query(signature.placement, url.query);
    Some(
        CanonicalRequest::derive(
            &request.method,
            url.path,
            &query,
            headers.iter().map(|(n, v)| (n.as_str(), v.as_str())),
            payload,
            PathRule {
                normalize: settings.normalize_path,
                encode: settings.double_encode,
            },
        )
        .to_string(),
    )
}
