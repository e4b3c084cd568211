//! The evidence with what follows from it at once.

use crate::denial::{Denial, MessageProfile, SIGNATURE_MISMATCH, Service};
use crate::explain::detective::{self, CanonicalText, Finding, Suspect, UrlParts};
use crate::explain::{
    ClientSteps, Comparison, Evidence, GivenAnswer, GivenRequest, GivenSignature, Known, Likelihood,
};
use crate::sigv4::{CanonicalRequest, PathRule, RequestDateTime, SigningSettings, facts_of_host};

/// Who answered, as far as the answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) enum Speaker {
    /// A REST API's gateway, by its `x-amzn-ErrorType`.
    RestApi,
    /// A REST API's backend: the gateway's request id, but no error type.
    RestBackend,
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
    /// Whether the detective could try.
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
            .or_else(|| Some((derived(request?)?, false)));
        Self {
            evidence,
            known,
            url: request.and_then(|request| UrlParts::parse(&request.url)),
            ours,
            found: suspect.as_ref().map(detective::find).unwrap_or_default(),
            was_tried: suspect.is_some(),
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
        self.message().starts_with(SIGNATURE_MISMATCH)
            || (self.refusal().is_some() && self.evidence.echo.is_some())
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
        } else if has("x-amz-apigw-id") || has("x-amzn-requestid") {
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

/// The right canonical request of a signed request whose parts are all known.
fn derived(request: &GivenRequest) -> Option<String> {
    let signature = request.signature.as_ref()?;
    let url = UrlParts::parse(&request.url)?;
    let names = signature.signed_headers.as_ref()?;
    let body = request.body.as_ref()?;
    let settings = SigningSettings::for_service(signature.scope()?.service);
    let headers = detective::signed_values(request, names, url.authority);
    let query = detective::signed_query(signature.placement, url.query);
    Some(
        CanonicalRequest::derive(
            &request.method,
            url.path,
            &query,
            headers.iter().map(|(n, v)| (n.as_str(), v.as_str())),
            crate::sigv4::hash_hex(body),
            PathRule {
                normalize: settings.normalize_path,
                encode: settings.double_encode,
            },
        )
        .to_string(),
    )
}
