//! What the page says, before anything is drawn: every text with its secrets masked.

use crate::exchange::{ReadyPreview, RequestRecord, SigningRecord};
use crate::request::{HeaderSource, ResolvedRequest};
use crate::sigv4::{
    CanonicalLine, CanonicalPart, FILE_NOT_HASHED, SigningKey, SigningSteps, SigningTrace, Sourced,
    is_sensitive_header,
};
use crate::template::MASK;

use super::comparison::STRING_TO_SIGN_WORDS;

/// What a value says that is not there before sending.
pub(super) const WHEN_SENT: &str = "made when sent";

/// The five steps, ready to be shown.
pub(super) struct Page {
    /// It follows a draft.
    pub(super) is_draft: bool,
    /// The time of the signature, `10:12:03 UTC`.
    pub(super) clock: String,
    /// Who signs for what: a name, a value, and where the value came from.
    pub(super) facts: Vec<Fact>,
    /// Step 1.
    pub(super) canonical_request: Vec<RequestLine>,
    /// Its hash.
    pub(super) canonical_request_sha256: String,
    /// The draft holds masked secrets or a file that is not hashed yet, so that the hash is not the one that will be sent.
    pub(super) is_hash_of_masks: bool,
    /// Headers that are not signed, with the reason.
    pub(super) unsigned: Vec<(String, &'static str)>,
    /// Step 2: word and line.
    pub(super) string_to_sign: Vec<(&'static str, String)>,
    /// Step 3: name, formula, and the bytes if they may be shown.
    pub(super) key_chain: Vec<KeyLink>,
    /// The keys are those of example credentials and may be shown.
    pub(super) can_show_keys: bool,
    /// Step 4, if there is one.
    pub(super) signature: Option<String>,
    /// Step 5: the `Authorization` header.
    pub(super) authorization: Vec<String>,
    /// The other headers that signing adds.
    pub(super) added: Vec<(String, String)>,
}

/// Something said above the steps.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) from: Option<String>,
    /// What speaks against it.
    pub(super) warning: Option<String>,
}

/// A line of the canonical request.
pub(super) struct RequestLine {
    pub(super) line: CanonicalLine,
    /// Where it came from and why it is there, in a sentence.
    pub(super) source: String,
}

/// A link of step 3.
pub(super) struct KeyLink {
    pub(super) name: &'static str,
    pub(super) formula: String,
    /// Lower-case hex digits; `None` before sending, or where they may not be shown.
    pub(super) bytes: Option<String>,
}

impl Page {
    /// That of a draft.
    pub(super) fn of_draft(ready: &ReadyPreview, request: Option<&ResolvedRequest>) -> Self {
        let sources: Vec<(String, HeaderSource)> = request
            .map(|request| {
                request
                    .headers()
                    .iter()
                    .map(|header| (header.name.as_str().to_owned(), header.source.clone()))
                    .collect()
            })
            .unwrap_or_default();
        let steps = &ready.steps;
        let mut facts = Vec::new();
        if let Some(profile) = &ready.profile {
            facts.push(Fact::new("Profile", profile, None));
        }
        facts.extend(scope_facts(&ready.scope.region, &ready.scope.service));
        let mut page = Self::of_steps(steps, &sources);
        page.is_draft = true;
        page.facts = facts;
        page.is_hash_of_masks = steps.canonical_request.to_string().contains(MASK)
            || steps.canonical_request.hashed_payload == FILE_NOT_HASHED
            || steps
                .canonical_request
                .canonical_headers
                .iter()
                .any(|(name, _)| is_sensitive_header(name));
        page.authorization = authorization_lines(&steps.authorization(MASK));
        page.added = vec![(
            "x-amz-date".to_owned(),
            steps.string_to_sign.request_date_time.to_string(),
        )];
        page
    }

    /// That of a request that was sent.
    pub(super) fn of_sent(
        trace: &SigningTrace,
        record: &SigningRecord,
        request: Option<&RequestRecord>,
    ) -> Self {
        let sources: Vec<(String, HeaderSource)> = request
            .map(|request| {
                request
                    .headers
                    .iter()
                    .filter_map(|header| Some((header.name.clone(), header.source.clone()?)))
                    .collect()
            })
            .unwrap_or_default();
        let mut page = Self::of_steps(&trace.steps, &sources);
        page.facts = vec![Fact::new("Signed as", &record.signed_as, None)];
        page.facts
            .extend(scope_facts(&record.region, &record.service));
        page.can_show_keys = trace.are_examples;
        if trace.are_examples {
            let Some(SigningKey {
                date,
                region,
                service,
                signing,
            }) = trace.key.hmac()
            else {
                return page;
            };
            for (link, bytes) in page
                .key_chain
                .iter_mut()
                .zip([date, region, service, signing])
            {
                link.bytes = Some(hex::encode(**bytes));
            }
        }
        page.signature = Some(trace.signature.clone());
        for (name, value) in &trace.headers_added {
            if name == "authorization" {
                page.authorization = authorization_lines(value);
            } else if is_sensitive_header(name) {
                page.added.push((name.clone(), MASK.to_owned()));
            } else {
                page.added.push((name.clone(), value.clone()));
            }
        }
        page
    }

    fn of_steps(steps: &SigningSteps, sources: &[(String, HeaderSource)]) -> Self {
        let time = steps.string_to_sign.request_date_time.to_string();
        let scope = steps.credential_scope();
        let canonical_request = steps
            .masked_lines()
            .into_iter()
            .map(|line| RequestLine {
                source: source_of(&line.part, steps, sources),
                line,
            })
            .collect();
        let unsigned = steps
            .header_choices
            .iter()
            .filter(|choice| !choice.is_signed)
            .map(|choice| (choice.name.clone(), choice.reason))
            .collect();
        let text = steps.string_to_sign.to_string();
        let string_to_sign = STRING_TO_SIGN_WORDS
            .into_iter()
            .zip(text.split('\n').map(str::to_owned))
            .collect();
        let link = |name, key: &str, data: &str| KeyLink {
            name,
            formula: format!("HMAC-SHA256({key}, \"{data}\")"),
            bytes: None,
        };
        Self {
            is_draft: false,
            clock: clock(&time),
            facts: Vec::new(),
            canonical_request,
            canonical_request_sha256: steps.canonical_request_sha256.clone(),
            is_hash_of_masks: false,
            unsigned,
            string_to_sign,
            key_chain: vec![
                link("kDate", "\"AWS4\" + secret access key", &scope.date),
                link("kRegion", "kDate", &scope.region),
                link("kService", "kRegion", &scope.service),
                link("kSigning", "kService", "aws4_request"),
            ],
            can_show_keys: false,
            signature: None,
            authorization: Vec::new(),
            added: Vec::new(),
        }
    }

    /// Step 1 as text.
    pub(super) fn canonical_request_text(&self) -> String {
        let lines: Vec<&str> = self
            .canonical_request
            .iter()
            .map(|line| line.line.text.as_str())
            .collect();
        lines.join("\n")
    }

    /// Step 2 as text.
    pub(super) fn string_to_sign_text(&self) -> String {
        let lines: Vec<&str> = self
            .string_to_sign
            .iter()
            .map(|(_, line)| line.as_str())
            .collect();
        lines.join("\n")
    }

    /// Step 3 as text: how, not what.
    pub(super) fn key_chain_text(&self) -> String {
        let lines: Vec<String> = self
            .key_chain
            .iter()
            .map(|link| format!("{} = {}", link.name, link.formula))
            .collect();
        lines.join("\n")
    }

    /// Step 5 as text.
    pub(super) fn headers_text(&self) -> String {
        let mut lines = vec![format!("authorization: {}", self.authorization.join(" "))];
        lines.extend(
            self.added
                .iter()
                .map(|(name, value)| format!("{name}: {value}")),
        );
        lines.join("\n")
    }

    /// All five steps as text.
    pub(super) fn as_text(&self) -> String {
        let signature = self.signature.as_deref().unwrap_or(WHEN_SENT);
        let mut out = String::new();
        for fact in &self.facts {
            out.push_str(fact.name);
            out.push_str(": ");
            out.push_str(&fact.value);
            if let Some(from) = &fact.from {
                out.push_str(" (from ");
                out.push_str(from);
                out.push(')');
            }
            out.push('\n');
        }
        for (title, text) in [
            ("1. Canonical request", self.canonical_request_text()),
            (
                "SHA-256 of the canonical request",
                self.canonical_request_sha256.clone(),
            ),
            ("2. String to sign", self.string_to_sign_text()),
            ("3. Signing key", self.key_chain_text()),
            ("4. Signature", signature.to_owned()),
            ("5. Headers added", self.headers_text()),
        ] {
            out.push('\n');
            out.push_str(title);
            out.push_str("\n\n");
            for line in text.split('\n') {
                out.push_str("    ");
                out.push_str(line);
                out.push('\n');
            }
        }
        out
    }
}

impl Fact {
    fn new(name: &'static str, value: &str, from: Option<String>) -> Self {
        Self {
            name,
            value: value.to_owned(),
            from,
            warning: None,
        }
    }
}

fn scope_facts(region: &Sourced, service: &Sourced) -> [Fact; 2] {
    [("Region", region), ("Service", service)].map(|(name, sourced)| Fact {
        warning: sourced
            .host_says
            .as_ref()
            .map(|said| format!("the host says {said}")),
        ..Fact::new(name, &sourced.value, Some(sourced.from.to_string()))
    })
}

/// `20150830T123600Z` as a clock shows it.
fn clock(time: &str) -> String {
    let part = |range| time.get(range).unwrap_or_default();
    format!("{}:{}:{} UTC", part(9..11), part(11..13), part(13..15))
}

/// The header's value, cut where its parts begin.
fn authorization_lines(value: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (algorithm, rest) = value.split_once(' ').unwrap_or((value, ""));
    lines.push(algorithm.to_owned());
    let parts: Vec<&str> = rest.split(", ").collect();
    for (index, part) in parts.iter().enumerate() {
        let comma = if index + 1 < parts.len() { "," } else { "" };
        lines.push(format!("{part}{comma}"));
    }
    lines
}

fn source_of(
    part: &CanonicalPart,
    steps: &SigningSteps,
    sources: &[(String, HeaderSource)],
) -> String {
    match part {
        CanonicalPart::Method => "The method, as it is sent.".to_owned(),
        CanonicalPart::Path if steps.settings.double_encode => {
            "The path of the URL as it is sent, each byte but A–Z a–z 0–9 - . _ ~ / encoded once more."
                .to_owned()
        }
        CanonicalPart::Path => "The path of the URL, as it is sent.".to_owned(),
        CanonicalPart::Query => {
            "The query of the URL: each name and value encoded, sorted by name and then value."
                .to_owned()
        }
        CanonicalPart::Header(name) => {
            let source = sources.iter().find(|(known, _)| known == name);
            let from = match source.map(|(_, source)| source) {
                Some(HeaderSource::Row(index)) => format!("From header row {}", index + 1),
                Some(HeaderSource::Inherited(origin)) => format!("From the {origin}"),
                Some(HeaderSource::Auth) => "From the auth".to_owned(),
                Some(HeaderSource::Body) => "From the body's kind".to_owned(),
                Some(HeaderSource::Tool) => "Every request needs it".to_owned(),
                Some(HeaderSource::Signing) | None => "Added by signing".to_owned(),
            };
            let reason = steps
                .header_choices
                .iter()
                .find(|choice| choice.name == *name)
                .map(|choice| format!("; {}", choice.reason))
                .unwrap_or_default();
            format!("{from}{reason}.")
        }
        CanonicalPart::EndOfHeaders => "An empty line ends the headers.".to_owned(),
        CanonicalPart::SignedHeaders => {
            "The names of the headers above, in the same order.".to_owned()
        }
        CanonicalPart::HashedPayload if steps.settings.unsigned_payload => {
            "The body is not signed.".to_owned()
        }
        CanonicalPart::HashedPayload => {
            "The SHA-256 of the body; that of nothing if there is none.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_cut_where_its_parts_begin() {
        let value = "AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=host;x, Signature=ab";
        let lines = authorization_lines(value);
        assert_eq!(
            lines,
            [
                "AWS4-HMAC-SHA256",
                "Credential=A/b,",
                "SignedHeaders=host;x,",
                "Signature=ab"
            ]
        );
        assert_eq!(lines.join(" "), value);
    }

    #[test]
    fn the_clock_of_a_signature() {
        assert_eq!(clock("20150830T123600Z"), "12:36:00 UTC");
    }
}
