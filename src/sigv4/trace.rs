//! Everything that can be shown about a signature.

use std::fmt;

use super::canonical_request::{CanonicalLine, CanonicalRequest};
use super::ecdsa_key::EcdsaKey;
use super::headers::HeaderChoice;
use super::settings::SigningSettings;
use super::signing_key::SigningKey;
use super::string_to_sign::{CredentialScope, StringToSign};
use super::warning::SigningWarning;
use crate::request::is_sensitive_header;
use crate::secret::{MASK, Redactor};

/// Steps 1 and 2: what can be derived without the secret key, so that a draft can be shown live.
/// `Debug` masks secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSteps {
    /// The key id that signs; it travels in the clear.
    pub access_key_id: String,
    /// Step 1.
    pub canonical_request: CanonicalRequest,
    /// Step 1's hash.
    pub canonical_request_sha256: String,
    /// Step 2.
    pub string_to_sign: StringToSign,
    /// Each header's choice, with its reason.
    pub header_choices: Vec<HeaderChoice>,
    /// The settings used.
    pub settings: SigningSettings,
    /// What may not work as one would think.
    pub warnings: Vec<SigningWarning>,
    /// Names of further headers whose values are secrets.
    pub secret_headers: Vec<String>,
    /// Takes the secrets that went into the request out of texts.
    pub redactor: Redactor,
}

impl SigningSteps {
    /// The credential scope.
    pub fn credential_scope(&self) -> &CredentialScope {
        &self.string_to_sign.credential_scope
    }

    /// Whether the value of a header (lower-case name) is masked wherever it is shown.
    pub fn is_secret_header(&self, name: &str) -> bool {
        is_sensitive_header(name) || self.secret_headers.iter().any(|secret| secret == name)
    }

    /// The canonical request with secrets as dots. Its hash is another.
    #[must_use]
    pub fn masked_request(&self) -> CanonicalRequest {
        let mut masked = self.canonical_request.masked();
        for (name, value) in &mut masked.canonical_headers {
            if self.secret_headers.contains(name) {
                MASK.clone_into(value);
            }
            *value = self.redactor.redact(value);
        }
        masked.canonical_uri = self.redactor.redact(&masked.canonical_uri);
        masked.canonical_query_string = self.redactor.redact(&masked.canonical_query_string);
        masked
    }

    /// The canonical request's lines with the values of sensitive headers masked. Their hashes
    /// belong to the unmasked text.
    pub fn masked_lines(&self) -> Vec<CanonicalLine> {
        self.masked_request().lines()
    }

    /// The `Authorization` header for a signature.
    pub fn authorization(&self, signature: &str) -> String {
        let mut out = String::with_capacity(384);
        out.push_str(self.string_to_sign.algorithm.name());
        out.push_str(" Credential=");
        out.push_str(&self.access_key_id);
        out.push('/');
        self.credential_scope().write(&mut out);
        out.push_str(", SignedHeaders=");
        self.canonical_request.write_signed_headers(&mut out);
        out.push_str(", Signature=");
        out.push_str(signature);
        out
    }
}

/// All five steps of a signature that was made; it has proved itself equal to the crate's. `Debug`
/// shows nothing of keys and tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningTrace {
    /// Steps 1 and 2.
    pub steps: SigningSteps,
    /// Step 3: the key's derivation. Shown only for example credentials or on explicit demand.
    pub key: DerivedKey,
    /// Step 4: the signature in lower-case hex: 64 digits, or as long as DER makes it in `SigV4a`.
    pub signature: String,
    /// Step 5: the headers that signing adds, lower-case names.
    pub headers_added: Vec<(String, String)>,
    /// Step 5 of a presigned URL: the parameters that signing adds, in the order of sending, values
    /// not escaped.
    pub query_added: Vec<(String, String)>,
    /// Step 5 of a presigned URL: the URL with them.
    pub signed_url: Option<String>,
    /// Whether the credentials are from AWS's documentation.
    pub are_examples: bool,
}

/// What step 3 gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DerivedKey {
    /// The chain of `SigV4`.
    Hmac(SigningKey),
    /// The key pair of `SigV4a`.
    Ecdsa(EcdsaKey),
}

impl DerivedKey {
    /// The chain of `SigV4`.
    pub fn hmac(&self) -> Option<&SigningKey> {
        match self {
            Self::Hmac(key) => Some(key),
            Self::Ecdsa(_) => None,
        }
    }

    /// The key pair of `SigV4a`.
    pub fn ecdsa(&self) -> Option<&EcdsaKey> {
        match self {
            Self::Ecdsa(key) => Some(key),
            Self::Hmac(_) => None,
        }
    }
}

impl fmt::Debug for SigningSteps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningSteps")
            .field("access_key_id", &self.access_key_id)
            .field("canonical_request", &self.masked_request())
            .field("string_to_sign", &self.string_to_sign)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SigningTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningTrace")
            .field("steps", &self.steps)
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

/// A trace, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceOutcome {
    /// Derivation and crate gave the same signature.
    Agreed(Box<SigningTrace>),
    /// They did not: a bug. The request is signed by the crate and goes out; the steps are not
    /// shown because they are not those of the signature.
    Withheld {
        /// In words.
        reason: String,
    },
}

impl TraceOutcome {
    /// The trace, if it may be shown.
    pub fn trace(&self) -> Option<&SigningTrace> {
        match self {
            Self::Agreed(trace) => Some(trace),
            Self::Withheld { .. } => None,
        }
    }
}
