//! The rule of each line in one sentence, with the page that says so.

use super::part::SigningPart;
use crate::sigv4::{Algorithm, CanonicalPart, SigningSettings};

/// A page that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Doc {
    /// What it is called.
    pub(super) name: &'static str,
    /// Where it is.
    pub(super) url: &'static str,
}

macro_rules! aws {
    ($anchor:literal) => {
        concat!(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#",
            $anchor
        )
    };
}

/// How step 1 is made.
pub(super) const CANONICAL_REQUEST: Doc = Doc {
    name: "AWS: canonical request",
    url: aws!("create-canonical-request"),
};
/// How its hash is made.
pub(super) const REQUEST_HASH: Doc = Doc {
    name: "AWS: hash of the canonical request",
    url: aws!("create-canonical-request-hash"),
};
/// How step 2 is made.
pub(super) const STRING_TO_SIGN: Doc = Doc {
    name: "AWS: string to sign",
    url: aws!("create-string-to-sign"),
};
/// How step 3 is made.
pub(super) const SIGNING_KEY: Doc = Doc {
    name: "AWS: signing key",
    url: aws!("derive-signing-key"),
};
/// How step 4 is made.
pub(super) const SIGNATURE: Doc = Doc {
    name: "AWS: signature",
    url: aws!("calculate-signature"),
};
/// How step 5 is done.
pub(super) const ADDED: Doc = Doc {
    name: "AWS: add the signature",
    url: aws!("add-signature-to-request"),
};
/// How step 3 of `SigV4a` is made.
pub(super) const KEY_PAIR: Doc = Doc {
    name: "AWS: key pair of SigV4a",
    url: aws!("derive-signing-key-sigv4a"),
};
/// How step 5 is done in a presigned URL.
pub(super) const PRESIGNED: Doc = Doc {
    name: "AWS: signature in the query",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
};
const ECDSA: Doc = Doc {
    name: "RFC 6979: deterministic ECDSA",
    url: "https://www.rfc-editor.org/rfc/rfc6979",
};
const ELEMENTS: Doc = Doc {
    name: "AWS: elements of a signature",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html",
};
const METHODS: Doc = Doc {
    name: "RFC 9110 §9.1: methods",
    url: "https://www.rfc-editor.org/rfc/rfc9110#section-9.1",
};
const HOST: Doc = Doc {
    name: "RFC 9110 §7.2: Host",
    url: "https://www.rfc-editor.org/rfc/rfc9110#section-7.2",
};
const TEMPORARY: Doc = Doc {
    name: "AWS: temporary credentials",
    url: aws!("reference_sigv-create-signed-request-temp-credentials"),
};
const HMAC: Doc = Doc {
    name: "RFC 2104: HMAC",
    url: "https://www.rfc-editor.org/rfc/rfc2104",
};

/// The rule of a line, and the page that says so.
pub(super) fn rule_of(part: &SigningPart, settings: &SigningSettings) -> (&'static str, Doc) {
    match part {
        SigningPart::Request(part) => rule_of_request(part, settings),
        SigningPart::RequestHash => (
            "The SHA-256 of all lines above, line feeds included but none at the end, as 64 lower-case hex digits.",
            REQUEST_HASH,
        ),
        SigningPart::Algorithm => (
            "Names the way of signing, letter by letter.",
            STRING_TO_SIGN,
        ),
        SigningPart::Time => (
            "The time of the signature in UTC as YYYYMMDD'T'HHMMSS'Z'. A clock that is minutes off is refused.",
            ELEMENTS,
        ),
        SigningPart::Region | SigningPart::Service => (
            "Day, region, service and the word aws4_request: where and when the signature counts.",
            ELEMENTS,
        ),
        SigningPart::KeyId => (
            "The access key id travels in the clear; the gateway looks up the secret that belongs to it.",
            ELEMENTS,
        ),
        SigningPart::Key(_) if settings.algorithm == Algorithm::EcdsaP256Sha256 => (
            "A number of P-256 that follows from access key id and secret alone: the same on every day and in every region.",
            KEY_PAIR,
        ),
        SigningPart::Signature if settings.algorithm == Algorithm::EcdsaP256Sha256 => (
            "ECDSA over P-256 of the SHA-256 of the string to sign, in DER form and hex digits.",
            ECDSA,
        ),
        SigningPart::Key(_) => (
            "HMAC-SHA256 with the key to the left: each link narrows down where the next one counts.",
            SIGNING_KEY,
        ),
        SigningPart::Number(_) => (
            "A number of the key pair that is derived from the secret access key.",
            KEY_PAIR,
        ),
        SigningPart::StringToSign => ("Step 2 as a whole.", STRING_TO_SIGN),
        SigningPart::Signature => (
            "HMAC-SHA256 of the string to sign with kSigning, as 64 lower-case hex digits.",
            HMAC,
        ),
    }
}

fn rule_of_request(part: &CanonicalPart, settings: &SigningSettings) -> (&'static str, Doc) {
    match part {
        CanonicalPart::Method => ("The method in capital letters, as it is sent.", METHODS),
        CanonicalPart::Path if settings.double_encode => (
            "The path of the URL as it is sent, with every byte but A–Z a–z 0–9 - . _ ~ / percent-encoded once more.",
            CANONICAL_REQUEST,
        ),
        CanonicalPart::Path => (
            "The path of the URL, byte for byte as it is sent; this service does not encode it again.",
            CANONICAL_REQUEST,
        ),
        CanonicalPart::Query => (
            "Each name and value percent-encoded anew, sorted by name and then by value, joined by &; a name without a value keeps an =.",
            CANONICAL_REQUEST,
        ),
        CanonicalPart::Header(name) if name == "host" => (
            "The host that the request is for, with its port unless that is the usual one. It must always be signed.",
            HOST,
        ),
        CanonicalPart::Header(name) if name == "x-amz-security-token" => (
            "The session token of temporary credentials; without it their key id is not known.",
            TEMPORARY,
        ),
        CanonicalPart::Header(_) => (
            "The name in lower case, a colon, the value without spaces at its ends and with runs of spaces made one.",
            CANONICAL_REQUEST,
        ),
        CanonicalPart::EndOfHeaders => (
            "Every header line ends with a line feed, and an empty line ends the headers.",
            CANONICAL_REQUEST,
        ),
        CanonicalPart::SignedHeaders => (
            "The names of the headers above in the same order, joined by ;. The gateway takes these, and only these, from what arrives.",
            CANONICAL_REQUEST,
        ),
        CanonicalPart::HashedPayload if settings.unsigned_payload => (
            "These words in place of a hash: the body may be changed on the way.",
            CANONICAL_REQUEST,
        ),
        CanonicalPart::HashedPayload => (
            "The SHA-256 of the body's bytes as 64 lower-case hex digits; that of no bytes if there is no body.",
            CANONICAL_REQUEST,
        ),
    }
}

/// The rule of a part of the `Authorization` header.
pub(super) const ADDED_RULE: &str = "The Authorization header holds algorithm, credential, names of the signed headers and signature.";
