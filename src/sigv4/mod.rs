//! AWS Signature Version 4: signing, and every step of it to look at.
//!
//! ```text
//! ResolvedRequest ─┬─▶ aws-sigv4 ─────────────────────────────▶ signature A ─▶ the wire
//!                  └─▶ CanonicalRequest ─▶ StringToSign ─▶ key ─▶ signature B
//!                                    A == B ? SigningTrace : withheld, and said so
//! ```
//!
//! The names are those of AWS's document
//! [Create a signed AWS API request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
//! Equal HMACs under one key mean equal strings to sign, and these hold the SHA-256 of the
//! canonical request: a trace that is shown has proved itself.

mod authorization;
mod canonical_request;
mod crate_signer;
mod credentials;
mod ecdsa_key;
mod echo;
mod headers;
mod memory;
mod overrides;
mod prepared;
mod request_date_time;
mod scope;
mod service;
mod settings;
mod sign;
mod signing_key;
mod string_to_sign;
mod trace;
mod warning;

pub use crate::request::is_sensitive_header;
pub use authorization::{Authorization, AuthorizationError};
pub use canonical_request::{
    CanonicalLine, CanonicalPart, CanonicalRequest, PathRule, canonical_uri, hash_hex,
};
pub use credentials::Credentials;
pub use ecdsa_key::{EcdsaKey, verify_ecdsa};
pub use echo::{Difference, Echo, differing_lines, first_difference};
pub use headers::{HeaderChoice, choose_headers};
pub use memory::SigningMemory;
pub use overrides::{ChoiceError, REGION_SET_ALLOWED, SigningOverrides, region_set};
pub use request_date_time::RequestDateTime;
pub use scope::{Scope, ScopeError, choose_scope};
pub use service::{HostFacts, Sourced, SourcedFrom, facts_of_host};
pub use settings::{
    DEFAULT_EXPIRES, HeadersBase, MAX_EXPIRES, Placement, SessionTokenRule, SignedHeadersRule,
    SigningSettings,
};
pub use sign::{
    FILE_NOT_HASHED, Payload, SignedRequest, SignedTarget, SigningError, SigningInput,
    SigningTarget, preview, preview_hashed, sign, sign_target, sign_target_with,
};
pub use signing_key::SigningKey;
pub use string_to_sign::{ALGORITHM, Algorithm, CredentialScope, StringToSign};
pub use trace::{DerivedKey, SigningSteps, SigningTrace, TraceOutcome};
pub use warning::SigningWarning;
