//! Puts the page together from a draft's steps or a signature's trace.

use super::comparison::STRING_TO_SIGN_WORDS;
use super::page::{Block, Fact, KeyAccess, Line, Page, Step, WHEN_SENT, Warning, identity};
use super::part::{SigningPart, SigningSource};
use super::rules::{self, rule_of};
use crate::exchange::{ReadyPreview, RequestRecord, SigningRecord};
use crate::request::{HeaderSource, ResolvedRequest};
use crate::secret::SecretString;
use crate::sigv4::{
    CanonicalPart, SigningKey, SigningSteps, SigningTrace, Sourced, SourcedFrom,
    is_sensitive_header,
};
use crate::template::MASK;
use crate::ui::theme::Provenance;

/// Header names with the reason why each is sent.
type Sources = Vec<(String, HeaderSource)>;

/// The page of a draft.
pub(super) fn of_draft(ready: &ReadyPreview, request: Option<&ResolvedRequest>) -> Page {
    let sources: Sources = request
        .map(|request| {
            let headers = request.headers().iter();
            headers
                .map(|header| (header.name.as_str().to_owned(), header.source.clone()))
                .collect()
        })
        .unwrap_or_default();
    let steps = &ready.steps;
    let is_masked = steps.canonical_request.to_string().contains(MASK)
        || steps
            .canonical_request
            .canonical_headers
            .iter()
            .any(|(name, _)| is_sensitive_header(name));
    let body = request.map(|request| request.body().len());
    let mut first = canonical_request(steps, &sources, body);
    if is_masked {
        first
            .notes
            .push("A secret is masked here, so the hash of what is sent will be another.");
        for block in &mut first.blocks {
            block.bytes = None;
        }
    }
    let time = steps.string_to_sign.request_date_time.to_string();
    let mut facts = Vec::new();
    if let Some(profile) = &ready.profile {
        facts.push(profile_fact("Profile", profile));
    }
    facts.extend(scope_facts(&ready.scope.region, &ready.scope.service));
    Page {
        is_draft: true,
        clock: clock(&time),
        facts,
        warnings: scope_warnings(&ready.scope.region, &ready.scope.service),
        steps: vec![
            first,
            string_to_sign(steps),
            signing_key(steps, None),
            signature(steps, None),
            headers_added(
                steps,
                &[
                    ("authorization".to_owned(), steps.authorization(MASK)),
                    ("x-amz-date".to_owned(), time),
                ],
                true,
            ),
        ],
        keys: KeyAccess::None,
    }
}

/// The page of a request that was sent; with the keys of step 3 where they shall be shown.
pub(super) fn of_sent(
    trace: &SigningTrace,
    record: &SigningRecord,
    request: Option<&RequestRecord>,
    are_keys_shown: bool,
) -> Page {
    let sources: Sources = request
        .map(|request| {
            let headers = request.headers.iter();
            headers
                .filter_map(|header| Some((header.name.clone(), header.source.clone()?)))
                .collect()
        })
        .unwrap_or_default();
    let steps = &trace.steps;
    let time = steps.string_to_sign.request_date_time.to_string();
    let clock = clock(&time);
    let mut facts = vec![profile_fact("Signed as", &record.signed_as)];
    facts.extend(scope_facts(&record.region, &record.service));
    facts.push(Fact {
        name: "Time",
        value: clock.clone(),
        from: None,
        part: SigningPart::Time,
        source: None,
    });
    let mut third = signing_key(steps, are_keys_shown.then_some(trace));
    if !trace.are_examples {
        third
            .notes
            .push("The bytes stay hidden: whoever has one of these keys can sign with it.");
    }
    Page {
        is_draft: false,
        clock,
        facts,
        warnings: scope_warnings(&record.region, &record.service),
        steps: vec![
            canonical_request(steps, &sources, request.map(|request| request.body.len())),
            string_to_sign(steps),
            third,
            signature(steps, Some(&trace.signature)),
            headers_added(steps, &trace.headers_added, false),
        ],
        keys: if trace.are_examples {
            KeyAccess::Examples
        } else {
            KeyAccess::Guarded
        },
    }
}

fn profile_fact(name: &'static str, value: &str) -> Fact {
    Fact {
        name,
        value: value.to_owned(),
        from: None,
        part: SigningPart::KeyId,
        source: Some(SigningSource::Auth),
    }
}

fn scope_facts(region: &Sourced, service: &Sourced) -> [Fact; 2] {
    [
        ("Region", region, SigningPart::Region),
        ("Service", service, SigningPart::Service),
    ]
    .map(|(name, sourced, part)| Fact {
        name,
        value: sourced.value.clone(),
        from: Some(sourced.from.to_string()),
        part,
        source: Some(match sourced.from {
            SourcedFrom::Host => SigningSource::Url,
            SourcedFrom::Auth(_) | SourcedFrom::Profile(_) | SourcedFrom::Flag => {
                SigningSource::Auth
            }
        }),
    })
}

fn scope_warnings(region: &Sourced, service: &Sourced) -> Vec<Warning> {
    [
        ("region", region, SigningPart::Region),
        ("service", service, SigningPart::Service),
    ]
    .into_iter()
    .filter_map(|(what, sourced, part)| {
        let said = sourced.host_says.as_ref()?;
        Some(Warning {
            part: Some(part),
            text: format!("The {what} is {}, but the host says {said}.", sourced.value),
            link: None,
        })
    })
    .collect()
}

/// Step 1.
fn canonical_request(steps: &SigningSteps, sources: &Sources, body: Option<usize>) -> Step {
    let real = steps.canonical_request.lines();
    let shown = steps.masked_lines();
    let last = shown.len().saturating_sub(1);
    let lines: Vec<Line> = shown
        .into_iter()
        .zip(&real)
        .enumerate()
        .map(|(index, (line, real))| {
            let part = SigningPart::Request(line.part.clone());
            let (why, source) = source_of(&line.part, steps, sources, body);
            let is_whole = line.text == real.text;
            let mut shown = Line::new(part.clone(), line.text)
                .word(line.part.label())
                .about(also_of(&line.part, steps))
                .rule(rule_of(&part, &steps.settings))
                .why(why)
                .source(source);
            shown.hue = provenance(&line.part);
            shown.ends_with_feed = index < last;
            shown.identity = identity(&real.text);
            if !is_whole {
                shown.bytes = None;
            }
            if let CanonicalPart::Header(name) = &line.part
                && name == "x-amz-date"
            {
                shown.comes_from = Some((0, SigningPart::Time));
            }
            shown
        })
        .collect();
    let mut text = Block::of(lines);
    text.bytes = Some(steps.canonical_request.to_string().len());
    let copy = text.text();
    let hash = Line::new(SigningPart::RequestHash, &steps.canonical_request_sha256)
        .word("SHA-256")
        .rule(rule_of(&SigningPart::RequestHash, &steps.settings))
        .why("It stands in line 4 of step 2.");
    let mut blocks = vec![text, Block::of(vec![hash])];
    let unsigned = unsigned_headers(steps, sources);
    if !unsigned.is_empty() {
        blocks.push(Block {
            title: Some("Sent but not signed"),
            lines: unsigned,
            bytes: None,
        });
    }
    Step {
        number: 1,
        name: "Canonical request",
        rule: "The request in one fixed form, so that both sides hash the same bytes.",
        doc: rules::CANONICAL_REQUEST,
        blocks,
        notes: Vec::new(),
        copy: Some(copy),
    }
}

fn unsigned_headers(steps: &SigningSteps, sources: &Sources) -> Vec<Line> {
    steps
        .header_choices
        .iter()
        .filter(|choice| !choice.is_signed)
        .map(|choice| {
            let (from, source) = header_source(&choice.name, sources);
            let part = SigningPart::header(&choice.name);
            let mut line = Line::new(part, &choice.name)
                .why(format!("{from}; {}.", choice.reason))
                .source(source);
            line.words = choice.reason;
            line.bytes = None;
            line.rule = "A signature covers only the headers that it names; this one can be changed on the way.";
            line.doc = Some(rules::CANONICAL_REQUEST);
            line
        })
        .collect()
}

/// Step 2.
fn string_to_sign(steps: &SigningSteps) -> Step {
    let text = steps.string_to_sign.to_string();
    let last = STRING_TO_SIGN_WORDS.len() - 1;
    let lines: Vec<Line> = STRING_TO_SIGN_WORDS
        .into_iter()
        .zip(text.split('\n'))
        .enumerate()
        .map(|(index, (word, text))| {
            let (part, also, why): (_, Vec<SigningPart>, _) = match index {
                0 => (SigningPart::Algorithm, Vec::new(), "Chosen in the auth."),
                1 => (
                    SigningPart::Time,
                    Vec::new(),
                    "The clock's time; sent as x-amz-date.",
                ),
                2 => (
                    SigningPart::Region,
                    vec![SigningPart::Service, SigningPart::Time],
                    "The day of the time above, then region and service as shown at the top.",
                ),
                _ => (
                    SigningPart::RequestHash,
                    Vec::new(),
                    "The SHA-256 of the canonical request, from step 1.",
                ),
            };
            let mut line = Line::new(part.clone(), text)
                .word(word)
                .rule(rule_of(&part, &steps.settings))
                .about(also)
                .why(why);
            line.ends_with_feed = index < last;
            match index {
                0 | 2 => line.source = Some(SigningSource::Auth),
                1 => line.comes_from = Some((0, SigningPart::Time)),
                _ => line.comes_from = Some((1, SigningPart::RequestHash)),
            }
            line
        })
        .collect();
    let mut block = Block::of(lines);
    block.bytes = Some(text.len());
    Step {
        number: 2,
        name: "String to sign",
        rule: "Says when, where and for which service, and holds the request only as its hash.",
        doc: rules::STRING_TO_SIGN,
        blocks: vec![block],
        notes: Vec::new(),
        copy: Some(text),
    }
}

/// Step 3; with the bytes of the keys if they are given.
fn signing_key(steps: &SigningSteps, trace: Option<&SigningTrace>) -> Step {
    let scope = steps.credential_scope();
    let bytes = |key: fn(&SigningKey) -> &[u8; 32]| {
        trace.map(|trace| SecretString::new(hex::encode(key(&trace.signing_key))))
    };
    let first = "\"AWS4\" + secret access key";
    let chain = [
        (
            "kDate",
            first,
            scope.date.as_str(),
            SigningPart::Time,
            bytes(|k| &k.date),
        ),
        (
            "kRegion",
            "kDate",
            &scope.region,
            SigningPart::Region,
            bytes(|k| &k.region),
        ),
        (
            "kService",
            "kRegion",
            &scope.service,
            SigningPart::Service,
            bytes(|k| &k.service),
        ),
        (
            "kSigning",
            "kService",
            "aws4_request",
            SigningPart::Key("kService"),
            bytes(|k| &k.signing),
        ),
    ];
    let mut previous: Option<&'static str> = None;
    let mut lines = Vec::new();
    for (name, key, data, from, bytes) in chain {
        let part = SigningPart::Key(name);
        let mut line = Line::new(part.clone(), format!("HMAC-SHA256({key}, \"{data}\")"))
            .word(name)
            .rule(rule_of(&part, &steps.settings))
            .why(match name {
                "kDate" => "Begins with the secret access key, and counts for this day.",
                "kRegion" => "Counts for this day and this region.",
                "kService" => "Counts for this day, region and service.",
                _ => "Signs the string of step 2.",
            })
            .about([from]);
        if let Some(previous) = previous {
            let part = SigningPart::Key(previous);
            if !line.parts.contains(&part) {
                line.parts.push(part.clone());
            }
            line.comes_from = Some((3, part));
        } else {
            line.parts.push(SigningPart::KeyId);
            line.source = Some(SigningSource::Auth);
        }
        line.bytes = None;
        line.key = bytes;
        previous = Some(name);
        lines.push(line);
    }
    let are_copied = trace.is_some_and(|trace| trace.are_examples);
    let copy: Vec<String> = lines
        .iter()
        .map(|line| match &line.key {
            Some(key) if are_copied => {
                format!("{} = {} = {}", line.word, line.text, key.expose())
            }
            _ => format!("{} = {}", line.word, line.text),
        })
        .collect();
    Step {
        number: 3,
        name: "Signing key",
        rule: "Four hashes narrow the secret down to one day, one region and one service.",
        doc: rules::SIGNING_KEY,
        blocks: vec![Block::of(lines)],
        notes: Vec::new(),
        copy: Some(copy.join("\n")),
    }
}

/// Step 4.
fn signature(steps: &SigningSteps, signature: Option<&str>) -> Step {
    let mut line = Line::new(SigningPart::Signature, signature.unwrap_or(MASK))
        .word(if signature.is_some() {
            "signature"
        } else {
            WHEN_SENT
        })
        .about([SigningPart::StringToSign, SigningPart::Key("kSigning")])
        .rule(rule_of(&SigningPart::Signature, &steps.settings))
        .why("HMAC-SHA256(kSigning, string to sign).")
        .comes_from(3, SigningPart::Key("kSigning"));
    line.is_missing = signature.is_none();
    if line.is_missing {
        line.bytes = None;
    }
    Step {
        number: 4,
        name: "Signature",
        rule: "HMAC-SHA256 of the string to sign with kSigning, as hex digits.",
        doc: rules::SIGNATURE,
        blocks: vec![Block::of(vec![line])],
        notes: Vec::new(),
        copy: signature.map(str::to_owned),
    }
}

/// Step 5 for a signature in a header.
fn headers_added(steps: &SigningSteps, added: &[(String, String)], is_draft: bool) -> Step {
    let mut lines = Vec::new();
    for (name, value) in added {
        if name == "authorization" {
            lines.extend(authorization_lines(value, is_draft));
        }
    }
    for (name, value) in added.iter().filter(|(name, _)| name != "authorization") {
        let is_secret = steps.is_secret_header(name);
        let shown = if is_secret { MASK } else { value };
        let part = SigningPart::header(name);
        let also = match name.as_str() {
            "x-amz-date" => Some(SigningPart::Time),
            "x-amz-content-sha256" => Some(SigningPart::Request(CanonicalPart::HashedPayload)),
            _ => Some(SigningPart::KeyId),
        };
        let mut line = Line::new(part.clone(), format!("{name}: {shown}"))
            .word("header")
            .about(also)
            .rule(rule_of(&part, &steps.settings))
            .why("Added by signing.")
            .comes_from(1, part);
        line.hue = Some(Provenance::Header);
        line.identity = identity(value);
        line.bytes = None;
        lines.push(line);
    }
    let copy: Vec<String> = added
        .iter()
        .map(|(name, value)| {
            let is_secret = name != "authorization" && steps.is_secret_header(name);
            format!("{name}: {}", if is_secret { MASK } else { value })
        })
        .collect();
    Step {
        number: 5,
        name: "Headers added",
        rule: "Key id, scope, names of the signed headers and signature travel with the request.",
        doc: rules::ADDED,
        blocks: vec![Block::of(lines)],
        notes: Vec::new(),
        copy: Some(copy.join("\n")),
    }
}

/// The `Authorization` header, cut where its parts begin.
fn authorization_lines(value: &str, is_draft: bool) -> Vec<Line> {
    let texts = cut_authorization(value);
    texts
        .into_iter()
        .enumerate()
        .map(|(index, text)| {
            let name = text.split('=').next().unwrap_or_default();
            let is_signature = name == "Signature";
            let (part, also, word, why, from): (_, Vec<SigningPart>, _, _, _) = match name {
                "Credential" => (
                    SigningPart::KeyId,
                    vec![SigningPart::Region, SigningPart::Service, SigningPart::Time],
                    "key id and scope",
                    "The access key id, then the scope of step 2.",
                    Some((2, SigningPart::Region)),
                ),
                "SignedHeaders" => (
                    SigningPart::Request(CanonicalPart::SignedHeaders),
                    Vec::new(),
                    "signed headers",
                    "The names from step 1, so that the gateway takes the same headers.",
                    Some((1, SigningPart::Request(CanonicalPart::SignedHeaders))),
                ),
                "Signature" => (
                    SigningPart::Signature,
                    Vec::new(),
                    "signature",
                    "The signature of step 4.",
                    Some((4, SigningPart::Signature)),
                ),
                _ => (
                    SigningPart::Algorithm,
                    Vec::new(),
                    "algorithm",
                    "The algorithm of step 2.",
                    Some((2, SigningPart::Algorithm)),
                ),
            };
            let text = if index == 0 {
                format!("authorization: {text}")
            } else {
                text
            };
            let mut line = Line::new(part.clone(), text)
                .word(word)
                .about(also)
                .rule((rules::ADDED_RULE, rules::ADDED))
                .why(why);
            line.is_continued = index > 0;
            line.is_missing = is_draft && is_signature;
            line.comes_from = from;
            line.bytes = None;
            line
        })
        .collect()
}

/// The header's value, cut where its parts begin.
fn cut_authorization(value: &str) -> Vec<String> {
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

/// `20150830T123600Z` as a clock shows it.
fn clock(time: &str) -> String {
    let part = |range| time.get(range).unwrap_or_default();
    format!("{}:{}:{} UTC", part(9..11), part(11..13), part(13..15))
}

/// What else a line of the canonical request is about.
fn also_of(part: &CanonicalPart, steps: &SigningSteps) -> Vec<SigningPart> {
    match part {
        CanonicalPart::Header(name) => match name.as_str() {
            "x-amz-date" => vec![SigningPart::Time],
            "x-amz-content-sha256" | "content-type" => {
                vec![SigningPart::Request(CanonicalPart::HashedPayload)]
            }
            "x-amz-security-token" => vec![SigningPart::KeyId],
            _ => Vec::new(),
        },
        CanonicalPart::SignedHeaders => steps
            .canonical_request
            .canonical_headers
            .iter()
            .map(|(name, _)| SigningPart::header(name))
            .collect(),
        CanonicalPart::Method
        | CanonicalPart::Path
        | CanonicalPart::Query
        | CanonicalPart::EndOfHeaders
        | CanonicalPart::HashedPayload => Vec::new(),
    }
}

fn provenance(part: &CanonicalPart) -> Option<Provenance> {
    match part {
        CanonicalPart::Method => Some(Provenance::Method),
        CanonicalPart::Path => Some(Provenance::Path),
        CanonicalPart::Query => Some(Provenance::Query),
        CanonicalPart::Header(_) | CanonicalPart::SignedHeaders => Some(Provenance::Header),
        CanonicalPart::HashedPayload => Some(Provenance::Body),
        CanonicalPart::EndOfHeaders => None,
    }
}

/// Where a line came from and why it is there.
fn source_of(
    part: &CanonicalPart,
    steps: &SigningSteps,
    sources: &Sources,
    body: Option<usize>,
) -> (String, Option<SigningSource>) {
    match part {
        CanonicalPart::Method => (
            "From the method of the request.".to_owned(),
            Some(SigningSource::Method),
        ),
        CanonicalPart::Path => (
            "From the URL, its variables filled in.".to_owned(),
            Some(SigningSource::Url),
        ),
        CanonicalPart::Query if steps.canonical_request.canonical_query_string.is_empty() => (
            "The URL has no query; its line stays, empty.".to_owned(),
            Some(SigningSource::Query),
        ),
        CanonicalPart::Query => (
            "From the query of the URL.".to_owned(),
            Some(SigningSource::Query),
        ),
        CanonicalPart::Header(name) => {
            let (from, source) = header_source(name, sources);
            let reason = steps
                .header_choices
                .iter()
                .find(|choice| choice.name == *name)
                .map(|choice| format!("; {}", choice.reason))
                .unwrap_or_default();
            (format!("{from}{reason}."), source)
        }
        CanonicalPart::EndOfHeaders => (String::new(), None),
        CanonicalPart::SignedHeaders => (
            "From the header lines above.".to_owned(),
            Some(SigningSource::Headers),
        ),
        CanonicalPart::HashedPayload if steps.settings.unsigned_payload => {
            ("The body is not signed.".to_owned(), None)
        }
        CanonicalPart::HashedPayload => {
            let why = match body {
                Some(0) => "There is no body: this is the hash of nothing.".to_owned(),
                Some(1) => "From the body, 1 byte.".to_owned(),
                Some(bytes) => format!("From the body, {bytes} bytes."),
                None => "From the body.".to_owned(),
            };
            (why, Some(SigningSource::Body))
        }
    }
}

/// Where a header came from.
fn header_source(name: &str, sources: &Sources) -> (String, Option<SigningSource>) {
    let source = sources.iter().find(|(known, _)| known == name);
    match source.map(|(_, source)| source) {
        Some(HeaderSource::Row(index)) => (
            format!("From header row {}", index + 1),
            Some(SigningSource::HeaderRow(*index)),
        ),
        Some(HeaderSource::Inherited(origin)) => {
            (format!("From the {origin}"), Some(SigningSource::Headers))
        }
        Some(HeaderSource::Auth) => ("From the auth".to_owned(), Some(SigningSource::Auth)),
        Some(HeaderSource::Body) => ("From the body's kind".to_owned(), Some(SigningSource::Body)),
        Some(HeaderSource::Tool) if name == "host" => {
            ("From the URL".to_owned(), Some(SigningSource::Url))
        }
        Some(HeaderSource::Tool) => (
            "Every request has it".to_owned(),
            Some(SigningSource::Headers),
        ),
        Some(HeaderSource::Signing) | None if name == "x-amz-security-token" => (
            "Added by signing with temporary credentials".to_owned(),
            Some(SigningSource::Auth),
        ),
        Some(HeaderSource::Signing) | None => ("Added by signing".to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_cut_where_its_parts_begin() {
        let value = "AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=host;x, Signature=ab";
        let lines = cut_authorization(value);
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
