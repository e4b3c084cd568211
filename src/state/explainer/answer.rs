//! What a pasted text says.

use std::fmt;
use std::sync::Arc;

use super::draft::draft_of;
use super::{Ours, PastedAnswer, PastedJob, Recomputed};
use crate::collection::RequestDraft;
use crate::explain::{
    ClientSteps, Comparison, Evidence, Explanation, Given, Known, explain, read, redactor,
};
use crate::secret::MASK;
use crate::sigv4::{Credentials, RequestDateTime, hash_hex};

/// What was found in a pasted text; secrets in what is told of it are dots. `Debug` shows nothing
/// of the text.
#[derive(Clone, PartialEq, Eq)]
pub struct PastedReading {
    /// What it is.
    pub given: Given,
    /// The causes.
    pub explanation: Explanation,
    /// Both derivations; empty if there are not two.
    pub comparison: Comparison,
    /// What stands left and right, in words.
    pub sides: (&'static str, &'static str),
    /// Why there is no comparison, and what would make one.
    pub not_compared: Option<&'static str>,
    /// The request that can be opened.
    pub draft: Option<RequestDraft>,
    /// The request on the left, if it is not the text's own: `GET pets`.
    pub subject: Option<String>,
    /// It is compared as if it were signed when the other side was.
    pub is_at_their_time: bool,
    /// What became of computing the signature again; `None` if no keys were at hand.
    pub recomputed: Option<Recomputed>,
}

impl fmt::Debug for PastedReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastedReading")
            .field("given", &self.given)
            .field("causes", &self.explanation.causes.len())
            .field("comparison", &self.comparison)
            .field("not_compared", &self.not_compared)
            .field("recomputed", &self.recomputed)
            .finish_non_exhaustive()
    }
}

/// Reads a pasted text, compares and explains it. `keys` are those of the profile that was named.
/// Takes a while; not for the window's own thread.
pub fn answer_pasted(job: &PastedJob, keys: Option<&Credentials>) -> PastedAnswer {
    let mut evidence = read(job.question.text.expose())?;
    let recomputed = keys.map(|keys| Recomputed::of(&evidence, keys));
    let draft = draft_of(&evidence);
    let Sides {
        comparison,
        words,
        why_not,
        ours,
        is_moved,
    } = compare(job, &evidence);
    if evidence.steps.is_none() && evidence.echo.is_some() {
        // What the chosen side computed tells more than what would have to have been computed.
        evidence.steps = ours;
    }
    let known = Known {
        keys,
        // A refusal may be old: only what was never sent is told by this machine's clock.
        now: evidence
            .answer
            .is_none()
            .then(|| RequestDateTime::new(job.now)),
        ..Known::default()
    };
    let mut explanation = explain(&evidence, &known).redacted(&job.redactor);
    for cause in &mut explanation.causes {
        if cause.code == "signature-mismatch" {
            cause.fix = on_the_page(&comparison);
        }
    }
    let redactor = redactor(&evidence, keys);
    let comparison = comparison
        .masked(&redactor, |_| false)
        .masked(&job.redactor, |_| false);
    Ok(Arc::new(PastedReading {
        given: evidence.given,
        explanation,
        comparison,
        sides: words,
        not_compared: why_not,
        subject: job.subject.clone(),
        is_at_their_time: is_moved,
        draft,
        recomputed,
    }))
}

/// What to do about another signature, in terms of what the page shows.
fn on_the_page(comparison: &Comparison) -> String {
    if comparison.is_empty() {
        return "paste the request that was refused beside this answer, or compare with the live \
                draft or the last call: the first line that differs is shown then"
            .to_owned();
    }
    match comparison.first_difference() {
        Some(row) => format!(
            "look at the first line that differs, above: {}. It has to be signed as the gateway \
             receives it",
            row.part.name()
        ),
        None => "no line differs: check the keys that signed".to_owned(),
    }
}

struct Sides {
    comparison: Comparison,
    words: (&'static str, &'static str),
    why_not: Option<&'static str>,
    /// The steps of the side that was chosen, if it is not the text itself.
    ours: Option<ClientSteps>,
    /// They are as if they were signed when the other side was.
    is_moved: bool,
}

fn compare(job: &PastedJob, evidence: &Evidence) -> Sides {
    let of_text = evidence
        .steps
        .clone()
        .or_else(|| ClientSteps::derived(evidence.request.as_ref()?));
    let (ours, left) = match job.question.ours {
        Ours::Text if evidence.steps.is_some() => (of_text.clone(), "The client, as it says"),
        Ours::Text => (of_text.clone(), "The request, as it stands"),
        Ours::Draft => (job.ours.clone(), "The live draft"),
        Ours::Exchange => (job.ours.clone(), "The last call"),
    };
    let missing = |why| Sides {
        comparison: Comparison::default(),
        words: (left, ""),
        why_not: Some(why),
        ours: None,
        is_moved: false,
    };
    let Some(ours) = ours else {
        return missing(match job.question.ours {
            Ours::Text => {
                "The text does not hold the client’s own request: paste it too, or compare with \
                 the draft or the last call"
            }
            Ours::Draft => "The request that is shown is not one that can be signed now",
            Ours::Exchange => "The request that is shown has no signed call yet",
        });
    };
    let (theirs, right) = match (&evidence.echo, of_text) {
        (Some(echo), _) => (
            ClientSteps {
                canonical_request: Some(echo.canonical_request.clone()),
                string_to_sign: Some(echo.string_to_sign.clone()),
                is_masked: false,
            },
            "The gateway",
        ),
        (None, Some(steps)) if job.question.ours != Ours::Text => (steps, "The pasted text"),
        (None, _) => {
            return missing(
                "The text does not repeat what the gateway computed; an IAM refusal of a REST API \
                 does (“The Canonical String for this request should have been …”)",
            );
        }
    };
    // Another moment is no fault.
    let (ours, is_moved) = if job.question.ours == Ours::Text {
        (ours, false)
    } else {
        let moved = at_time_of(ours.clone(), &theirs);
        let is_moved = moved != ours;
        (moved, is_moved)
    };
    Sides {
        comparison: Comparison::between(&ours, &theirs),
        words: (left, right),
        why_not: None,
        ours: (job.question.ours != Ours::Text).then_some(ours),
        is_moved,
    }
}

/// A draft has no time yet, and a call that was sent has another one: they are compared as if they
/// were signed when the other side was.
fn at_time_of(ours: ClientSteps, theirs: &ClientSteps) -> ClientSteps {
    const NAME: &str = "x-amz-date:";
    let their_canonical = theirs.canonical_request.as_deref().unwrap_or_default();
    let their_date = their_canonical
        .lines()
        .find(|line| line.starts_with(NAME))
        .map(str::to_owned);
    let canonical = ours.canonical_request.map(|text| {
        let lines: Vec<&str> = text
            .split('\n')
            .map(|line| match &their_date {
                Some(date) if line.starts_with(NAME) => date.as_str(),
                _ => line,
            })
            .collect();
        lines.join("\n")
    });
    let their_lines: Vec<&str> = theirs
        .string_to_sign
        .as_deref()
        .unwrap_or_default()
        .split('\n')
        .collect();
    let string = ours.string_to_sign.and_then(|text| {
        let [algorithm, _, scope, _] = *text.split('\n').collect::<Vec<_>>() else {
            return None;
        };
        let time = their_lines.get(1)?;
        let day = their_lines.get(2)?.split('/').next()?;
        let (_, rest) = scope.split_once('/')?;
        // The hash of a text with dots in it is not the one that would be signed.
        let hash = canonical
            .as_deref()
            .filter(|text| !text.contains(MASK))
            .map(|text| hash_hex(text.as_bytes()))?;
        Some(format!("{algorithm}\n{time}\n{day}/{rest}\n{hash}"))
    });
    ClientSteps {
        canonical_request: canonical,
        string_to_sign: string,
        is_masked: ours.is_masked,
    }
}
