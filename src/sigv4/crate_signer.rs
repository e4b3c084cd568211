//! The signature that goes over the wire: that of `aws-sigv4`.

use std::borrow::Cow;
use std::time::Duration;

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SessionTokenMode, SignableBody, SignableRequest,
    SignatureLocation, SigningInstructions, SigningParams, SigningSettings as CrateSettings,
    UriPathNormalizationMode, sign as crate_sign,
};
use aws_sigv4::sign::{v4, v4a};

use super::headers::HeaderChoice;
use super::memory::SigningMemory;
use super::prepared::Prepared;
use super::settings::{Placement, SessionTokenRule, SigningSettings};
use super::sign::{SigningError, SigningInput};
use super::string_to_sign::Algorithm;
use super::trace::SigningTrace;

/// What the crate wants added to a request.
pub(super) struct CrateSignature {
    instructions: SigningInstructions,
    signature: String,
}

impl CrateSignature {
    /// Whether the derivation gave the same: signature, headers and parameters.
    pub(super) fn agrees_with(&self, trace: &SigningTrace) -> bool {
        // In any order; no name is there twice.
        let are_same = |ours: &[(String, String)], theirs: &[(&str, &str)]| {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .all(|(name, value)| theirs.contains(&(name, value)))
        };
        self.signature == trace.signature
            && are_same(&trace.headers_added, &self.headers())
            && are_same(&trace.query_added, &self.query())
    }

    /// Headers, lower-case names.
    pub(super) fn headers(&self) -> Vec<(&str, &str)> {
        self.instructions.headers().collect()
    }

    /// Parameters of the query, values not escaped.
    pub(super) fn query(&self) -> Vec<(&str, &str)> {
        self.instructions
            .params()
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect()
    }
}

/// Signs with the crate.
pub(super) fn crate_signature(
    prepared: &Prepared<'_>,
    input: &SigningInput<'_>,
    memory: &mut SigningMemory,
) -> Result<CrateSignature, SigningError> {
    let body = if input.settings.unsigned_payload {
        SignableBody::UnsignedPayload
    } else {
        SignableBody::Precomputed(prepared.payload_hash.clone().into_owned())
    };
    let request = SignableRequest::new(prepared.method, prepared.url, prepared.signed(input), body)
        .map_err(|e| refused(&e))?;
    let token = input
        .credentials
        .session_token
        .as_ref()
        .filter(|_| input.settings.session_token != SessionTokenRule::Omit);
    let identity = memory.identity(input.credentials, token);
    let settings = crate_settings(input.settings, &prepared.choices);
    let params: SigningParams<'_> = match input.settings.algorithm {
        Algorithm::HmacSha256 => v4::SigningParams::builder()
            .identity(identity)
            .region(input.region)
            .name(input.service)
            .time(input.time.time())
            .settings(settings)
            .build()
            .map_err(|e| refused(&e))?
            .into(),
        Algorithm::EcdsaP256Sha256 => v4a::SigningParams::builder()
            .identity(identity)
            .region_set(input.region)
            .name(input.service)
            .time(input.time.time())
            .settings(settings)
            .build()
            .map_err(|e| refused(&e))?
            .into(),
    };
    let (instructions, signature) = crate_sign(request, &params)
        .map_err(|e| refused(&e))?
        .into_parts();
    Ok(CrateSignature {
        instructions,
        signature,
    })
}

fn refused(error: &dyn std::error::Error) -> SigningError {
    let cause = error
        .source()
        .map(|source| format!(": {source}"))
        .unwrap_or_default();
    SigningError::Refused(format!("{error}{cause}"))
}

fn crate_settings(settings: &SigningSettings, choices: &[HeaderChoice]) -> CrateSettings {
    let mut out = CrateSettings::default();
    (out.signature_location, out.expires_in) = match settings.placement {
        Placement::Header => (SignatureLocation::Headers, None),
        Placement::Query { expires } => (
            SignatureLocation::QueryParams,
            Some(Duration::from_secs(expires.into())),
        ),
    };
    out.percent_encoding_mode = if settings.double_encode {
        PercentEncodingMode::Double
    } else {
        PercentEncodingMode::Single
    };
    out.uri_path_normalization_mode = if settings.normalize_path {
        UriPathNormalizationMode::Enabled
    } else {
        UriPathNormalizationMode::Disabled
    };
    out.payload_checksum_kind = if settings.content_sha256_header {
        PayloadChecksumKind::XAmzSha256
    } else {
        PayloadChecksumKind::NoHeader
    };
    out.session_token_mode = match settings.session_token {
        SessionTokenRule::Signed | SessionTokenRule::Omit => SessionTokenMode::Include,
        SessionTokenRule::Unsigned => SessionTokenMode::Exclude,
    };
    // The choice of headers is ours; the crate would add host and date by itself.
    out.excluded_headers = Some(
        choices
            .iter()
            .filter(|choice| !choice.is_signed)
            .map(|choice| Cow::Owned(choice.name.clone()))
            .collect(),
    );
    out
}
