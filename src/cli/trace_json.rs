//! The trace object of `--json`, and the five steps for people.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::exchange::SigningRecord;
use crate::sigv4::{
    CanonicalRequest, SessionTokenRule, SignedHeadersRule, SigningKey, SigningSettings,
    SigningSteps, SigningTrace, is_sensitive_header,
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
    key: Option<&SigningKey>,
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
        put(
            "signing_key",
            json!({
                "date": hex::encode(*key.date),
                "region": hex::encode(*key.region),
                "service": hex::encode(*key.service),
                "signing": hex::encode(*key.signing),
            }),
        );
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
    Value::Object(object)
}

/// The names of the signed headers, in order.
pub(super) fn signed_headers(request: &CanonicalRequest) -> Value {
    request
        .canonical_headers
        .iter()
        .map(|(name, _)| Value::from(name.as_str()))
        .collect()
}

fn settings_json(settings: &SigningSettings) -> Value {
    let SigningSettings {
        normalize_path,
        double_encode,
        content_sha256_header,
        unsigned_payload,
        session_token,
        signed_headers,
    } = settings;
    json!({
        "mode": "header",
        "normalize": normalize_path,
        "double_encode": double_encode,
        "content_sha256": content_sha256_header,
        "unsigned_payload": unsigned_payload,
        "session_token": match session_token {
            SessionTokenRule::Signed => "signed",
            SessionTokenRule::Unsigned => "unsigned",
            SessionTokenRule::Omit => "omit",
        },
        "signed_headers": match signed_headers {
            SignedHeadersRule::Default => "default",
            SignedHeadersRule::EverythingBut(_) => "all",
        },
    })
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
    key: Option<&SigningKey>,
    sensitive: Sensitive,
) -> String {
    let steps = &trace.steps;
    let scope = steps.credential_scope();
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
    line("\n3 Signing key");
    line(&format!(
        "  kDate    = HMAC(\"AWS4\" + secret key, \"{}\"){}",
        scope.date,
        shown_key(key.map(|k| &*k.date))
    ));
    line(&format!(
        "  kRegion  = HMAC(kDate, \"{}\"){}",
        scope.region,
        shown_key(key.map(|k| &*k.region))
    ));
    line(&format!(
        "  kService = HMAC(kRegion, \"{}\"){}",
        scope.service,
        shown_key(key.map(|k| &*k.service))
    ));
    line(&format!(
        "  kSigning = HMAC(kService, \"aws4_request\"){}",
        shown_key(key.map(|k| &*k.signing))
    ));
    line("\n4 Signature");
    line(&format!(
        "  HMAC(kSigning, string to sign) = {}",
        trace.signature
    ));
    line("\n5 Headers added");
    for (name, value) in &trace.headers_added {
        let masked =
            sensitive == Sensitive::Masked && is_sensitive_header(name) && name != "authorization";
        line(&format!("  {name}: {}", if masked { MASK } else { value }));
    }
    text
}

fn shown_key(key: Option<&[u8; 32]>) -> String {
    key.map_or_else(String::new, |key| format!(" = {}", hex::encode(key)))
}
