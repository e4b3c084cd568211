//! Puts the page together from a draft's steps or a signature's trace.

mod added;
mod key;
mod source;

use self::source::{BodyFacts, Sources, also_of, header_source, provenance, source_of};
use super::comparison::STRING_TO_SIGN_WORDS;
use super::page::{Block, Fact, KeyAccess, Line, Page, Step, Warning, identity};
use super::part::{SigningPart, SigningSource};
use super::rules::{self, rule_of};
use crate::exchange::{ReadyPreview, RequestRecord, SigningRecord};
use crate::request::ResolvedRequest;
use crate::sigv4::{
    Algorithm, CanonicalPart, FILE_NOT_HASHED, SigningSteps, SigningTrace, SigningWarning, Sourced,
    SourcedFrom, is_sensitive_header,
};
use crate::template::MASK;

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
    let body = request.map(|request| BodyFacts::of(request.body()));
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
    if steps.canonical_request.hashed_payload == FILE_NOT_HASHED {
        first
            .notes
            .push("The body's file is hashed when it is sent; the hash of this step will be another then.");
    }
    let mut facts = Vec::new();
    if let Some(profile) = &ready.profile {
        facts.push(profile_fact("Profile", profile));
    }
    facts.extend(scope_facts(&ready.scope.region, &ready.scope.service));
    Page {
        key_id: None,
        is_draft: true,
        clock: clock(&time),
        facts,
        warnings: Vec::new(),
        steps: vec![
            first,
            string_to_sign(steps),
            key::key(steps, None, None),
            key::signature(steps, None),
            added::of_draft(steps, request),
        ],
        keys: KeyAccess::None,
        is_pair: is_pair(steps),
    }
    .with_warnings(&steps.warnings)
}

fn is_pair(steps: &SigningSteps) -> bool {
    steps.settings.algorithm == Algorithm::EcdsaP256Sha256
}

impl Page {
    /// With each warning at the line that it is about, or above all if there is none.
    fn with_warnings(mut self, warnings: &[SigningWarning]) -> Self {
        for found in warnings {
            let warning = Warning {
                text: found.text.clone(),
                link: found.link,
            };
            let part = SigningPart::Request(found.part.clone());
            let line = self
                .steps
                .iter_mut()
                .flat_map(|step| &mut step.blocks)
                .flat_map(|block| &mut block.lines)
                // What is said of the method is about the whole.
                .find(|line| found.part != CanonicalPart::Method && line.part() == Some(&part));
            match line {
                Some(line) => line.warnings.push(warning),
                None => self.warnings.push(warning),
            }
        }
        self
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
        warnings: Vec::new(),
    });
    let shown = are_keys_shown.then_some(&trace.key);
    let mut third = key::key(steps, Some(trace), shown);
    if !trace.are_examples && !are_keys_shown {
        third
            .notes
            .push("The bytes stay hidden: whoever has one of these keys can sign with it.");
    }
    Page {
        key_id: Some(steps.access_key_id.clone()),
        is_draft: false,
        clock,
        facts,
        warnings: Vec::new(),
        steps: vec![
            canonical_request(
                steps,
                &sources,
                request.map(|request| BodyFacts::of(&request.body)),
            ),
            string_to_sign(steps),
            third,
            key::signature(steps, Some(&trace.signature)),
            added::of_sent(trace),
        ],
        keys: if trace.are_examples {
            KeyAccess::Examples
        } else {
            KeyAccess::Guarded
        },
        is_pair: is_pair(steps),
    }
    .with_warnings(&steps.warnings)
}

fn profile_fact(name: &'static str, value: &str) -> Fact {
    Fact {
        name,
        value: value.to_owned(),
        from: None,
        part: SigningPart::KeyId,
        source: Some(SigningSource::Auth),
        warnings: Vec::new(),
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
        warnings: sourced
            .host_says
            .iter()
            .map(|said| Warning {
                text: format!("The host says {said}."),
                link: None,
            })
            .collect(),
    })
}

/// Step 1.
fn canonical_request(steps: &SigningSteps, sources: &Sources, body: Option<BodyFacts>) -> Step {
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
            shown.is_verbatim = true;
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
            // That it is not signed is said above all of them.
            line.words = choice
                .reason
                .strip_prefix("not signed: ")
                .unwrap_or(choice.reason);
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
                2 if is_pair(steps) => (
                    SigningPart::Service,
                    vec![SigningPart::Time],
                    "The day of the time above, then the service; the regions travel by themselves.",
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
            line.is_verbatim = true;
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

/// `20150830T123600Z` as a clock shows it.
fn clock(time: &str) -> String {
    let part = |range| time.get(range).unwrap_or_default();
    format!("{}:{}:{} UTC", part(9..11), part(11..13), part(13..15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_a_signature() {
        assert_eq!(clock("20150830T123600Z"), "12:36:00 UTC");
    }
}
