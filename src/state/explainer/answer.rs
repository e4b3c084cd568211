//! What a pasted text says.

use std::fmt;
use std::sync::Arc;

use super::draft::draft_of;
use super::{Ours, PastedAnswer, PastedJob};
use crate::collection::RequestDraft;
use crate::explain::{
    ClientSteps, Comparison, Evidence, Explanation, Given, Known, explain, read, redactor,
};
use crate::secret::MASK;
use crate::sigv4::{Credentials, hash_hex};

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
    /// Whether the keys of the profile that was named were at hand.
    pub used_keys: bool,
}

impl fmt::Debug for PastedReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastedReading")
            .field("given", &self.given)
            .field("causes", &self.explanation.causes.len())
            .field("comparison", &self.comparison)
            .field("not_compared", &self.not_compared)
            .field("used_keys", &self.used_keys)
            .finish_non_exhaustive()
    }
}

/// Reads a pasted text, compares and explains it. `keys` are those of the profile that was named.
/// Takes a while; not for the window's own thread.
pub fn answer_pasted(job: &PastedJob, keys: Option<&Credentials>) -> PastedAnswer {
    let evidence = read(job.question.text.expose())?;
    let known = Known {
        keys,
        ..Known::default()
    };
    let explanation = explain(&evidence, &known);
    let redactor = redactor(&evidence, keys);
    let Sides {
        comparison,
        words,
        why_not,
    } = compare(job, &evidence);
    let comparison = comparison
        .masked(&redactor, |_| false)
        .masked(&job.redactor, |_| false);
    Ok(Arc::new(PastedReading {
        given: evidence.given,
        explanation,
        comparison,
        sides: words,
        not_compared: why_not,
        draft: draft_of(&evidence),
        used_keys: keys.is_some(),
    }))
}

struct Sides {
    comparison: Comparison,
    words: (&'static str, &'static str),
    why_not: Option<&'static str>,
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
    let ours = if job.question.ours == Ours::Draft {
        at_time_of(ours, &theirs)
    } else {
        ours
    };
    Sides {
        comparison: Comparison::between(&ours, &theirs),
        words: (left, right),
        why_not: None,
    }
}

/// A draft has no time yet: it is compared as if it were signed when the other side was.
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
