//! What may not work as one would think: choices that a service refuses, and forms that signers
//! and servers read differently.

use super::canonical_request::CanonicalPart;
use super::credentials::Credentials;
use super::headers::{HeaderChoice, is_volatile};
use super::settings::{SessionTokenRule, SigningSettings, is_s3};
use super::string_to_sign::Algorithm;
use crate::secret::MASK;

/// Something to know before one wonders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningWarning {
    /// Which part of the request it is about.
    pub part: CanonicalPart,
    /// A sentence or two.
    pub text: String,
    /// Where it is known from, if that is public.
    pub link: Option<&'static str>,
}

/// What warnings are drawn from.
pub(super) struct Facts<'a> {
    pub(super) settings: &'a SigningSettings,
    pub(super) service: &'a str,
    pub(super) credentials: &'a Credentials,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) choices: &'a [HeaderChoice],
    pub(super) has_tab: bool,
}

impl Facts<'_> {
    /// All that is to be said, in the order of the canonical request.
    pub(super) fn warnings(&self) -> Vec<SigningWarning> {
        let mut out = Vec::new();
        self.of_path(&mut out);
        self.of_query(&mut out);
        self.of_headers(&mut out);
        self.of_payload(&mut out);
        self.of_algorithm(&mut out);
        self.of_credentials(&mut out);
        for text in &self.settings.not_understood {
            out.push(warning(CanonicalPart::Method, text.clone(), None));
        }
        out
    }

    fn is_api_gateway(&self) -> bool {
        self.service == "execute-api"
    }

    fn of_path(&self, out: &mut Vec<SigningWarning>) {
        let mut say = |text: &str, link| out.push(warning(CanonicalPart::Path, text.into(), link));
        let settings = self.settings;
        if settings.normalize_path && ["/.", "/.."].iter().any(|end| self.path.ends_with(end)) {
            say(
                "The path ends in a dot segment. Here it leaves a slash, as RFC 3986 says; AWS's other signers leave none, and what the service does is not known.",
                Some("https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4"),
            );
        }
        if is_s3(self.service) {
            if settings.double_encode || settings.normalize_path {
                say(
                    "S3 takes the path as it is on the wire: encoded once, double slashes kept. These settings do otherwise, and S3 will refuse the signature of a path where it makes a difference.",
                    Some(
                        "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html",
                    ),
                );
            }
        } else if !settings.double_encode && self.path.contains('%') {
            say(
                "The path is taken as it is, as for S3; every other service encodes the path of the wire once more and will refuse this signature.",
                Some(
                    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html",
                ),
            );
        }
    }

    fn of_query(&self, out: &mut Vec<SigningWarning>) {
        let mut say = |text: &str, link| out.push(warning(CanonicalPart::Query, text.into(), link));
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        if pairs.clone().any(|pair| pair.starts_with('=')) {
            say(
                "A parameter has no name. AWS's signers disagree about it, and what the service does is not known.",
                None,
            );
        }
        if self.query.contains('+') {
            say(
                "The query holds a raw `+`, which API Gateway reads as a space. Write %20 for a space and %2B for a plus sign.",
                Some("https://github.com/zirkelc/aws-signature-v4/issues/4"),
            );
        }
        if is_s3(self.service) {
            let mut names: Vec<&str> = pairs
                .map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
                .collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            if names.len() < count {
                say(
                    "A parameter stands in the query twice. S3 was seen to take only the first one into its signature.",
                    Some("https://github.com/aws/aws-sdk-go/issues/1495"),
                );
            }
        }
        if self.settings.placement.is_query() && self.is_api_gateway() {
            say(
                "API Gateway does not heed X-Amz-Expires: it refuses the signature five minutes after its date, however long it should count.",
                None,
            );
        }
    }

    fn of_headers(&self, out: &mut Vec<SigningWarning>) {
        let mut say = |name: &str, text: &str, link| {
            out.push(warning(
                CanonicalPart::Header(name.to_owned()),
                text.into(),
                link,
            ));
        };
        for choice in self.choices {
            let name = choice.name.as_str();
            match (name, choice.is_signed) {
                ("host", false) => say(
                    name,
                    "The host is not signed. AWS refuses such a signature: 'Host' must be a 'SignedHeader'.",
                    Some(
                        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html",
                    ),
                ),
                ("x-amz-security-token", false)
                    if self.settings.session_token == SessionTokenRule::Unsigned
                        && self.is_api_gateway() =>
                {
                    say(
                        name,
                        "The session token is added after signing. Some services want it so; for API Gateway it is not documented.",
                        Some(
                            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html",
                        ),
                    );
                }
                (_, false) if name.starts_with("x-amz-") && choice.is_by_choice => say(
                    name,
                    "AWS wants every x-amz-* header to be signed.",
                    Some(
                        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html",
                    ),
                ),
                (_, true) if is_volatile(name) => say(
                    name,
                    "This header is often changed on the way by proxies, load balancers or the client's own HTTP library; then the signature no longer fits.",
                    None,
                ),
                ("x-amz-content-sha256", true) if self.is_api_gateway() => say(
                    name,
                    "API Gateway does not need this header. One report says that it refuses calls that carry it, another shows it accepted; nobody has confirmed either.",
                    Some("https://github.com/aws/aws-sdk-java-v2/issues/5581"),
                ),
                _ => {}
            }
        }
        for name in &self.settings.signed_headers.signed {
            if !self
                .choices
                .iter()
                .any(|choice| choice.name.eq_ignore_ascii_case(name))
            {
                say(
                    name,
                    "This header is to be signed, but it is not among those that are sent.",
                    None,
                );
            }
        }
        if self.has_tab {
            out.push(warning(
                CanonicalPart::SignedHeaders,
                "A header's value holds a tab. AWS's signers disagree whether it becomes a space."
                    .into(),
                None,
            ));
        }
        if self.settings.session_token == SessionTokenRule::Omit
            && self.credentials.session_token.is_some()
        {
            out.push(warning(
                CanonicalPart::SignedHeaders,
                "The session token is not sent. AWS does not know a temporary key without its token and will refuse the call.".into(),
                None,
            ));
        }
        if self.settings.signed_host.is_some() {
            out.push(warning(
                CanonicalPart::Header("host".to_owned()),
                "The host that is signed is not the one that is sent; the signature fits only if something on the way sets the Host header to it.".into(),
                None,
            ));
        }
    }

    fn of_payload(&self, out: &mut Vec<SigningWarning>) {
        if self.settings.unsigned_payload && !is_s3(self.service) {
            let text = if self.is_api_gateway() {
                "API Gateway hashes the body that it receives, so a signature over UNSIGNED-PAYLOAD cannot fit; this is drawn from what it repeats in its refusals."
            } else {
                "UNSIGNED-PAYLOAD is for S3; other services hash the body that they receive."
            };
            out.push(warning(
                CanonicalPart::HashedPayload,
                text.into(),
                Some("https://github.com/aws/aws-sdk-js-v3/issues/308"),
            ));
        }
        if self.settings.unsigned_payload
            && is_s3(self.service)
            && !self.settings.content_sha256_header
            && !self.settings.placement.is_query()
        {
            out.push(warning(
                CanonicalPart::HashedPayload,
                "S3 learns from x-amz-content-sha256 that the payload is not signed; without the header it cannot know.".into(),
                Some("https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"),
            ));
        }
    }

    /// What is wrong with the keys by their form alone; their values are not told.
    fn of_credentials(&self, out: &mut Vec<SigningWarning>) {
        const LINK: Option<&str> = Some(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        );
        let mut say =
            |text: &str| out.push(warning(CanonicalPart::SignedHeaders, text.into(), LINK));
        let Credentials {
            access_key_id,
            secret_access_key,
            session_token,
        } = self.credentials;
        let secret = secret_access_key.expose();
        if secret.trim() != secret || secret.starts_with(['"', '\'']) {
            say(
                "The secret access key begins or ends with white space or quotes, which were probably copied along; the signature will not fit.",
            );
        }
        // A preview signs with dots in place of keys.
        if access_key_id == MASK {
            return;
        }
        if !access_key_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            say(
                "The access key id holds a character that no key id has, perhaps white space that was copied along; AWS will refuse it.",
            );
        }
        if access_key_id.starts_with("ASIA") && session_token.is_none() {
            say(
                "The key id is that of temporary credentials, which AWS knows only together with their session token; there is none here.",
            );
        }
    }

    fn of_algorithm(&self, out: &mut Vec<SigningWarning>) {
        if self.settings.algorithm == Algorithm::EcdsaP256Sha256 && self.is_api_gateway() {
            out.push(warning(
                CanonicalPart::Method,
                "That API Gateway takes SigV4a is said by one third-party library for REST APIs and not documented; the practice gateway refuses it.".into(),
                None,
            ));
        }
    }
}

fn warning(part: CanonicalPart, text: String, link: Option<&'static str>) -> SigningWarning {
    SigningWarning { part, text, link }
}
