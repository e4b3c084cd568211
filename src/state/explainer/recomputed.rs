//! A pasted signature computed again with the keys of a profile.

use crate::explain::{ClientSteps, Evidence};
use crate::sigv4::{CredentialScope, Credentials, SigningKey};

/// How many digits of a signature tell it from others.
const DIGITS: usize = 8;

/// What became of computing the signature again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recomputed {
    /// It is the one that was sent.
    Same,
    /// It is another one, which begins with these digits; so does the one that was sent.
    Another {
        /// Of the one that was computed.
        computed: String,
        /// Of the one that was sent.
        sent: String,
    },
    /// It cannot be computed, for this reason.
    NotPossible(String),
}

impl Recomputed {
    /// Computes it from what the text says was signed.
    pub(super) fn of(evidence: &Evidence, keys: &Credentials) -> Self {
        match compute(evidence, keys) {
            Ok((computed, sent)) if computed == sent => Self::Same,
            Ok((computed, sent)) => Self::Another {
                computed: computed.chars().take(DIGITS).collect(),
                sent: sent.chars().take(DIGITS).collect(),
            },
            Err(why) => Self::NotPossible(why),
        }
    }
}

/// The signature that the keys give, and the one that was sent.
fn compute(evidence: &Evidence, keys: &Credentials) -> Result<(String, String), String> {
    let no = |why: &str| why.to_owned();
    let request = evidence
        .request
        .as_ref()
        .ok_or_else(|| no("the text does not hold the request that was sent"))?;
    let signature = request
        .signature
        .as_ref()
        .ok_or_else(|| no("the text holds no signature"))?;
    if signature.algorithm != "AWS4-HMAC-SHA256" {
        return Err(no("the signature is not one of AWS4-HMAC-SHA256"));
    }
    let sent = signature
        .signature
        .as_deref()
        .map(str::trim)
        .filter(|sent| !sent.is_empty())
        .ok_or_else(|| no("the text holds no signature"))?;
    let known = keys.access_key_id.trim();
    if let Some(signer) = signature.access_key_id().filter(|id| id.trim() != known) {
        // A secret in the place of the key id is not repeated.
        let signer: String = match signer.len() {
            ..40 => signer.to_owned(),
            _ => "another one".to_owned(),
        };
        return Err(format!("these keys are {known}, and {signer} signed"));
    }
    let told = evidence
        .steps
        .as_ref()
        .filter(|steps| !steps.is_masked)
        .and_then(|steps| steps.string_to_sign.clone());
    let text = told
        .or_else(|| ClientSteps::derived(request)?.string_to_sign)
        .ok_or_else(|| {
            no("the text does not tell all that was signed: date, URL or body are missing")
        })?;
    let scope = scope_of(&text).ok_or_else(|| no("the scope that was signed cannot be read"))?;
    let key = SigningKey::derive(&keys.secret_access_key, &scope);
    Ok((key.sign(&text), sent.to_owned()))
}

/// The scope that a string to sign names.
fn scope_of(string_to_sign: &str) -> Option<CredentialScope> {
    let scope = string_to_sign.split('\n').nth(2)?;
    let [date, region, service, "aws4_request"] = *scope.split('/').collect::<Vec<_>>() else {
        return None;
    };
    Some(CredentialScope {
        date: date.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
    })
}
