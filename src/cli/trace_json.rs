//! The trace object of `--json`, and the five steps for people.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::exchange::SigningRecord;
use crate::sigv4::{
    Algorithm, CanonicalRequest, DerivedKey, HeadersBase, Placement, SigningSettings, SigningSteps,
    SigningTrace, is_sensitive_header,
};
use crate::template::MASK;

/// Whether the values of sensitive headers stand in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sensitive {
    /// As signed: for output that was asked for to be used.
    Clear,
    /// As dots.
    Masked,
}

/// The trace object of the contract.
pub(super) fn trace_json(
    trace: &SigningTrace,
    method: &str,
    url: &str,
    headers: &[(String, String)],
    key: Option<&DerivedKey>,
    sensitive: Sensitive,
) -> Value {
    let steps = &trace.steps;
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("method", json!(method));
    put("url", json!(url));
    put(
        "credential_scope",
        json!(steps.credential_scope().to_string()),
    );
    put("access_key_id", json!(steps.access_key_id));
    let shown = canonical_text(steps, sensitive);
    let is_masked = shown != steps.canonical_request.to_string();
    put("canonical_request", json!(shown));
    if is_masked {
        // The hash below is that of the text with its secrets.
        put("canonical_request_masked", json!(true));
    }
    put(
        "canonical_request_sha256",
        json!(steps.canonical_request_sha256),
    );
    put("string_to_sign", json!(steps.string_to_sign.to_string()));
    if let Some(key) = key {
        put("signing_key", key_json(key));
    }
    put("signature", json!(trace.signature));
    put("signed_headers", signed_headers(&steps.canonical_request));
    let shown: Vec<Value> = headers
        .iter()
        .map(|(name, value)| {
            let masked = sensitive == Sensitive::Masked
                && is_sensitive_header(name)
                && name != "authorization";
            json!([name, if masked { MASK } else { value }])
        })
        .collect();
    put("headers", Value::Array(shown));
    put("agrees", json!(true));
    put("settings", settings_json(&steps.settings));
    if !steps.warnings.is_empty() {
        let texts: Vec<&str> = steps.warnings.iter().map(|w| w.text.as_str()).collect();
        put("warnings", json!(texts));
    }
    Value::Object(object)
}

/// The names of the signed headers, in order.
fn signed_headers(request: &CanonicalRequest) -> Value {
    request
        .canonical_headers
        .iter()
        .map(|(name, _)| Value::from(name.as_str()))
        .collect()
}

fn settings_json(settings: &SigningSettings) -> Value {
    let SigningSettings {
        algorithm,
        placement,
        normalize_path,
        double_encode,
        escape_path,
        content_sha256_header,
        unsigned_payload,
        session_token,
        signed_headers,
        signed_host,
        not_understood: _,
    } = settings;
    let expires = match placement {
        Placement::Header => None,
        Placement::Query { expires } => Some(expires),
    };
    json!({
        "algorithm": algorithm.name(),
        "mode": if placement.is_query() { "query" } else { "header" },
        "expires": expires,
        "normalize": normalize_path,
        "double_encode": double_encode,
        "escape_path": escape_path,
        "content_sha256": content_sha256_header,
        "unsigned_payload": unsigned_payload,
        "session_token": session_token.to_string(),
        "signed_headers": match signed_headers.base {
            HeadersBase::Stable => "default",
            HeadersBase::Everything => "all",
        },
        "headers_signed_by_choice": signed_headers.signed,
        "headers_left_out_by_choice": signed_headers.unsigned,
        "signed_host": signed_host,
    })
}

/// The keys of step 3: those of the chain, or the key pair of `SigV4a`.
fn key_json(key: &DerivedKey) -> Value {
    match key {
        DerivedKey::Hmac(key) => json!({
            "date": hex::encode(*key.date),
            "region": hex::encode(*key.region),
            "service": hex::encode(*key.service),
            "signing": hex::encode(*key.signing),
        }),
        DerivedKey::Ecdsa(key) => json!({
            "counter": key.counter,
            "private": hex::encode(*key.private),
            "public_x": hex::encode(key.public_x),
            "public_y": hex::encode(key.public_y),
        }),
    }
}

fn canonical_text(steps: &SigningSteps, sensitive: Sensitive) -> String {
    match sensitive {
        Sensitive::Clear => steps.canonical_request.to_string(),
        Sensitive::Masked => steps.masked_request().to_string(),
    }
}

/// The five steps as text for people.
pub(super) fn five_steps(
    record: &SigningRecord,
    trace: &SigningTrace,
    key: Option<&DerivedKey>,
    sensitive: Sensitive,
) -> String {
    let steps = &trace.steps;
    let mut text = String::new();
    let mut line = |content: &str| {
        // Writing to a String cannot fail.
        writeln!(text, "{content}").ok();
    };
    line(&format!("Signed as {}", record.signed_as));
    line(&format!(
        "Region    {} (from {})",
        record.region.value, record.region.from
    ));
    line(&format!(
        "Service   {} (from {})",
        record.service.value, record.service.from
    ));
    line("\n1 Canonical request");
    for (canonical, shown) in steps
        .canonical_request
        .lines()
        .iter()
        .zip(canonical_text(steps, sensitive).split('\n'))
    {
        line(&format!("  {:<15}{shown}", canonical.part.label()));
    }
    line(&format!(
        "  {:<15}{}",
        "SHA-256", steps.canonical_request_sha256
    ));
    line("\n2 String to sign");
    for (label, shown) in ["algorithm", "time", "scope", "SHA-256 of 1"]
        .iter()
        .zip(steps.string_to_sign.to_string().split('\n'))
    {
        line(&format!("  {label:<15}{shown}"));
    }
    line(match trace.key {
        DerivedKey::Hmac(_) => "\n3 Signing key",
        DerivedKey::Ecdsa(_) => "\n3 Key pair",
    });
    for step in key_steps(trace, key) {
        line(&format!("  {step}"));
    }
    line("\n4 Signature");
    match trace.key {
        DerivedKey::Hmac(_) => line(&format!(
            "  HMAC(kSigning, string to sign) = {}",
            trace.signature
        )),
        DerivedKey::Ecdsa(_) => line(&format!(
            "  ECDSA(private key, string to sign) = {}",
            trace.signature
        )),
    }
    let is_masked = |name: &str| {
        sensitive == Sensitive::Masked && is_sensitive_header(name) && name != "authorization"
    };
    if let Some(url) = &trace.signed_url {
        line("\n5 Parameters added to the query");
        for (name, value) in &trace.query_added {
            let masked = is_masked(&name.to_ascii_lowercase());
            line(&format!("  {name}={}", if masked { MASK } else { value }));
        }
        let shown = match sensitive {
            Sensitive::Clear => url.clone(),
            Sensitive::Masked => steps.redactor.redact(url),
        };
        line(&format!("\n  {shown}"));
    } else {
        line("\n5 Headers added");
        for (name, value) in &trace.headers_added {
            line(&format!(
                "  {name}: {}",
                if is_masked(name) { MASK } else { value }
            ));
        }
    }
    if !steps.warnings.is_empty() {
        line("\nTo know");
        for warning in &steps.warnings {
            line(&format!("  {}: {}", warning.part.label(), warning.text));
        }
    }
    text
}

/// The formulas of step 3, with the keys if they are shown.
fn key_steps(trace: &SigningTrace, key: Option<&DerivedKey>) -> Vec<String> {
    let scope = trace.steps.credential_scope();
    match &trace.key {
        DerivedKey::Hmac(_) => {
            let shown = key.and_then(DerivedKey::hmac);
            vec![
                format!(
                    "kDate    = HMAC(\"AWS4\" + secret key, \"{}\"){}",
                    scope.date,
                    shown_key(shown.map(|k| &*k.date))
                ),
                format!(
                    "kRegion  = HMAC(kDate, \"{}\"){}",
                    scope.region,
                    shown_key(shown.map(|k| &*k.region))
                ),
                format!(
                    "kService = HMAC(kRegion, \"{}\"){}",
                    scope.service,
                    shown_key(shown.map(|k| &*k.service))
                ),
                format!(
                    "kSigning = HMAC(kService, \"aws4_request\"){}",
                    shown_key(shown.map(|k| &*k.signing))
                ),
            ]
        }
        DerivedKey::Ecdsa(pair) => {
            let shown = key.and_then(DerivedKey::ecdsa);
            vec![
                format!(
                    "private  = 1 + HMAC(\"AWS4A\" + secret key, 1 | \"{}\" | 0 | key id | {} | 256){}",
                    Algorithm::EcdsaP256Sha256.name(),
                    pair.counter,
                    shown_key(shown.map(|k| &*k.private))
                ),
                format!("public x = {}", hex::encode(pair.public_x)),
                format!("public y = {}", hex::encode(pair.public_y)),
            ]
        }
    }
}

fn shown_key(key: Option<&[u8; 32]>) -> String {
    key.map_or_else(String::new, |key| format!(" = {}", hex::encode(key)))
}
