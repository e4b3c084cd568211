//! The steps of a signature written down for others: Markdown to read, JSON to work with.
//!
//! Secrets of the request and its session token are dots in both, whoever signed. The keys of step 3
//! are in them only when the credentials are those of AWS's documentation.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{DraftPreview, Exchange, ReadyPreview, SigningPreview, SigningRecord};
use crate::request::ResolvedRequest;
use crate::sigv4::{Algorithm, DerivedKey, SigningSteps, SigningTrace, Sourced};
use crate::template::MASK;

/// How the steps are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningExportFormat {
    /// A page to read.
    Markdown,
    /// An object to work with.
    Json,
}

impl SigningExportFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }
}

/// The steps of a signature with what is told beside them.
#[derive(Clone, Debug)]
pub struct SigningExport<'a> {
    steps: &'a SigningSteps,
    /// What only a signature that was made has.
    trace: Option<&'a SigningTrace>,
    signed_as: Option<&'a str>,
    region: &'a Sourced,
    service: &'a Sourced,
    /// The URL with secrets as dots.
    url: String,
    /// The headers as sent, with secrets as dots.
    headers: Vec<(String, String)>,
}

impl<'a> SigningExport<'a> {
    /// Those of a request that was sent; `None` if it was not signed or the steps are withheld.
    pub fn of_exchange(exchange: &'a Exchange) -> Option<Self> {
        let SigningRecord {
            trace,
            signed_as,
            region,
            service,
        } = exchange.signing.as_ref()?;
        let trace = trace.trace()?;
        let redact = |text: &str| trace.steps.redactor.redact(text);
        let headers = exchange.request.headers.iter();
        Some(Self {
            steps: &trace.steps,
            trace: Some(trace),
            signed_as: Some(signed_as),
            region,
            service,
            url: redact(&exchange.request.shown_url()),
            headers: headers
                .map(|header| {
                    let is_secret = header.name != "authorization"
                        && (header.is_sensitive || trace.steps.is_secret_header(&header.name));
                    let value = if is_secret {
                        MASK.to_owned()
                    } else {
                        redact(&header.value)
                    };
                    (header.name.clone(), value)
                })
                .collect(),
        })
    }

    /// Those of a draft; `None` if it cannot be signed or is not to be.
    pub fn of_draft(preview: &'a DraftPreview) -> Option<Self> {
        let SigningPreview::Ready(ready) = &preview.signing else {
            return None;
        };
        let ReadyPreview {
            steps,
            scope,
            profile,
        } = &**ready;
        let url = preview.request.as_ref().map(ResolvedRequest::url);
        Some(Self {
            steps,
            trace: None,
            signed_as: profile.as_deref(),
            region: &scope.region,
            service: &scope.service,
            url: url
                .map(|url| steps.redactor.redact(url.as_str()))
                .unwrap_or_default(),
            headers: Vec::new(),
        })
    }

    /// A name for its file.
    pub fn file_name(&self, format: SigningExportFormat) -> String {
        let time = self.steps.string_to_sign.request_date_time;
        format!("signing-{time}.{}", format.extension())
    }

    /// The steps in a format.
    pub fn text(&self, format: SigningExportFormat) -> String {
        match format {
            SigningExportFormat::Markdown => self.markdown(),
            SigningExportFormat::Json => format!("{:#}\n", self.json()),
        }
    }

    /// The keys, if the credentials are examples.
    fn keys(&self) -> Option<&DerivedKey> {
        let trace = self.trace.filter(|trace| trace.are_examples)?;
        Some(&trace.key)
    }

    /// What signing adds to the headers or the query, with secrets as dots.
    fn added(&self) -> Vec<(String, String)> {
        let Some(trace) = self.trace else {
            return if self.is_query() {
                Vec::new()
            } else {
                vec![("authorization".to_owned(), self.steps.authorization(MASK))]
            };
        };
        let added = trace.headers_added.iter().chain(&trace.query_added);
        added
            .map(|(name, value)| {
                let key = name.to_ascii_lowercase();
                let is_secret = key != "authorization" && self.steps.is_secret_header(&key);
                let value = if is_secret { MASK } else { value };
                (name.clone(), value.to_owned())
            })
            .collect()
    }

    /// Whether the signature is in the query.
    fn is_query(&self) -> bool {
        self.steps.settings.placement.is_query()
    }

    /// The steps as an object; the names are those of `countersign sign --json`.
    pub fn json(&self) -> Value {
        let steps = self.steps;
        let masked = steps.masked_request();
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
        put(
            "state",
            json!(if self.trace.is_some() {
                "sent"
            } else {
                "draft"
            }),
        );
        put("method", json!(steps.canonical_request.http_method));
        put("url", json!(self.url));
        put("signed_as", json!(self.signed_as));
        for (name, sourced) in [("region", self.region), ("service", self.service)] {
            put(
                name,
                json!({"value": sourced.value, "from": sourced.from.to_string()}),
            );
        }
        put(
            "credential_scope",
            json!(steps.credential_scope().to_string()),
        );
        put("access_key_id", json!(steps.access_key_id));
        put("canonical_request", json!(masked.to_string()));
        if self.is_masked() {
            put("canonical_request_masked", json!(true));
        }
        put(
            "canonical_request_sha256",
            json!(steps.canonical_request_sha256),
        );
        let lines: Vec<Value> = masked
            .lines()
            .iter()
            .map(|line| json!({"part": line.part.label(), "text": line.text}))
            .collect();
        put("lines", Value::Array(lines));
        let choices: Vec<Value> = steps
            .header_choices
            .iter()
            .map(|choice| json!({"name": choice.name, "signed": choice.is_signed, "reason": choice.reason}))
            .collect();
        put("header_choices", Value::Array(choices));
        put("string_to_sign", json!(steps.string_to_sign.to_string()));
        match self.keys() {
            Some(DerivedKey::Hmac(key)) => put(
                "signing_key",
                json!({
                    "date": hex::encode(*key.date),
                    "region": hex::encode(*key.region),
                    "service": hex::encode(*key.service),
                    "signing": hex::encode(*key.signing),
                }),
            ),
            Some(DerivedKey::Ecdsa(key)) => put(
                "signing_key",
                json!({
                    "counter": key.counter,
                    "private": hex::encode(*key.private),
                    "public_x": hex::encode(key.public_x),
                    "public_y": hex::encode(key.public_y),
                }),
            ),
            None => None,
        };
        if let Some(pair) = self.trace.and_then(|trace| trace.key.ecdsa()) {
            put(
                "public_key",
                json!({"x": hex::encode(pair.public_x), "y": hex::encode(pair.public_y)}),
            );
        }
        put("algorithm", json!(steps.string_to_sign.algorithm.name()));
        put(
            "placement",
            json!(if self.is_query() { "query" } else { "header" }),
        );
        let warnings: Vec<&str> = steps.warnings.iter().map(|w| w.text.as_str()).collect();
        put("warnings", json!(warnings));
        put("signature", json!(self.trace.map(|trace| &trace.signature)));
        let pairs = |pairs: &[(String, String)]| -> Value {
            pairs
                .iter()
                .map(|(name, value)| json!([name, value]))
                .collect()
        };
        put("added", pairs(&self.added()));
        put("headers", pairs(&self.headers));
        Value::Object(object)
    }

    /// Whether something in the canonical request is shown as dots.
    fn is_masked(&self) -> bool {
        self.steps.masked_request() != self.steps.canonical_request
            || self.steps.canonical_request.to_string().contains(MASK)
    }

    /// The steps as a page.
    pub fn markdown(&self) -> String {
        let steps = self.steps;
        let mut out = String::new();
        let mut line = |text: &str| {
            // Writing to a String cannot fail.
            writeln!(out, "{text}").ok();
        };
        line("# How this request was signed");
        line("");
        line(&fenced(&format!(
            "{} {}",
            steps.canonical_request.http_method, self.url
        )));
        line("");
        if self.trace.is_none() {
            line("A draft that was not sent; the signature is made when it is sent.");
            line("");
        }
        if let Some(who) = self.signed_as {
            line(&format!("- Signed as {}", code(who)));
        }
        for (name, sourced) in [("Region", self.region), ("Service", self.service)] {
            line(&format!(
                "- {name} {} from {}",
                code(&sourced.value),
                sourced.from
            ));
        }
        line(&format!(
            "- Time {}",
            code(&steps.string_to_sign.request_date_time.to_string())
        ));
        self.first_step(&mut line);
        line("## 2. String to sign");
        line("");
        line("Algorithm, time, credential scope, and the hash of step 1.");
        line("");
        line(&fenced(&steps.string_to_sign.to_string()));
        line("");
        self.key_step(&mut line);
        let is_pair = steps.string_to_sign.algorithm == Algorithm::EcdsaP256Sha256;
        line("## 4. Signature");
        line("");
        match self.trace {
            Some(trace) => {
                line(if is_pair {
                    "`ECDSA(private key, string to sign)` in DER form as hex digits."
                } else {
                    "`HMAC-SHA256(kSigning, string to sign)` as hex digits."
                });
                line("");
                line(&fenced(&trace.signature));
            }
            None => line("Made when it is sent."),
        }
        line("");
        line(if self.is_query() {
            "## 5. Added to the query"
        } else {
            "## 5. Headers added"
        });
        line("");
        let (sign, added) = (if self.is_query() { "=" } else { ": " }, self.added());
        let mut added: Vec<String> = added
            .iter()
            .map(|(name, value)| format!("{name}{sign}{value}"))
            .collect();
        if let Some(url) = self.trace.and_then(|trace| trace.signed_url.as_ref()) {
            added.push(String::new());
            added.push(steps.redactor.redact(url));
        }
        if added.is_empty() {
            line("Made when it is sent.");
        } else {
            line(&fenced(&added.join("\n")));
        }
        if !steps.warnings.is_empty() {
            line("");
            line("## To know");
            line("");
            for warning in &steps.warnings {
                line(&format!("- {}", warning.text));
            }
        }
        out
    }

    fn first_step(&self, line: &mut impl FnMut(&str)) {
        let steps = self.steps;
        line("");
        line("## 1. Canonical request");
        line("");
        line("Method, path, query, headers, names of the signed headers, hash of the body.");
        line("");
        line(&fenced(&steps.masked_request().to_string()));
        line("");
        line(&format!(
            "SHA-256: {}",
            code(&steps.canonical_request_sha256)
        ));
        line("");
        if self.is_masked() {
            line("Secrets are dots here; the hash is that of the request with them.");
            line("");
        }
        line("| header | signed | why |");
        line("|---|---|---|");
        for choice in &steps.header_choices {
            let signed = if choice.is_signed { "yes" } else { "no" };
            line(&format!(
                "| {} | {signed} | {} |",
                code(&choice.name),
                choice.reason
            ));
        }
        line("");
    }

    fn key_step(&self, line: &mut impl FnMut(&str)) {
        let scope = self.steps.credential_scope();
        let keys = self.keys();
        let known = |bytes: Option<&[u8; 32]>| {
            bytes
                .map(|bytes| format!("\n         = {}", hex::encode(bytes)))
                .unwrap_or_default()
        };
        let is_pair = self.steps.string_to_sign.algorithm == Algorithm::EcdsaP256Sha256;
        let text: Vec<String> = if is_pair {
            line("## 3. Key pair");
            let key = keys.and_then(DerivedKey::ecdsa);
            let public = self.trace.and_then(|trace| trace.key.ecdsa());
            let mut text = vec![
                format!(
                    "candidate   = HMAC-SHA256(\"AWS4A\" + secret access key, 1 | \"{}\" | 0 | key id | {} | 256)",
                    Algorithm::EcdsaP256Sha256.name(),
                    public.map_or_else(|| "counter".to_owned(), |key| key.counter.to_string()),
                ),
                format!(
                    "private key = candidate + 1{}",
                    known(key.map(|key| &*key.private))
                ),
            ];
            if let Some(key) = public {
                text.push(format!("public X    = {}", hex::encode(key.public_x)));
                text.push(format!("public Y    = {}", hex::encode(key.public_y)));
            }
            text
        } else {
            line("## 3. Signing key");
            let key = keys.and_then(DerivedKey::hmac);
            let first = "\"AWS4\" + secret access key";
            [
                ("kDate", first, scope.date.as_str(), key.map(|k| &*k.date)),
                ("kRegion", "kDate", &scope.region, key.map(|k| &*k.region)),
                (
                    "kService",
                    "kRegion",
                    &scope.service,
                    key.map(|k| &*k.service),
                ),
                (
                    "kSigning",
                    "kService",
                    "aws4_request",
                    key.map(|k| &*k.signing),
                ),
            ]
            .into_iter()
            .map(|(name, key, data, bytes)| {
                format!("{name:<8} = HMAC-SHA256({key}, \"{data}\"){}", known(bytes))
            })
            .collect()
        };
        line("");
        line(&fenced(&text.join("\n")));
        line("");
        if keys.is_some() {
            line("These are the example credentials of AWS's documentation: no secret.");
            line("");
        }
    }
}

/// A text in a fence that it cannot end.
fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}")
}

/// A text as code in a sentence.
fn code(text: &str) -> String {
    match longest_run(text) {
        0 => format!("`{}`", text.replace('|', "\\|")),
        run => {
            let fence = "`".repeat(run + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for letter in text.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_fence() {
        assert_eq!(fenced("a"), "```text\na\n```");
        assert_eq!(fenced("a```b"), "````text\na```b\n````");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("a|b"), "`a\\|b`");
    }
}
