//! Another signature than the gateway's: what the detective found, and what is left when nothing is.

use super::case::Speaker;
use super::{Case, CatalogueEntry, Findings, entry, headers};
use crate::explain::detective::EMPTY_SHA256;
use crate::explain::{Likelihood, Mending, Placement};

pub(super) const ENTRIES: [CatalogueEntry; 7] = [
    entry(
        "key-derivation",
        "the signing key is derived in another way than AWS does",
        "derive it as HMAC(HMAC(HMAC(HMAC(\"AWS4\" + secret, date), region), service), \"aws4_request\"), each step with bytes, not hex",
    ),
    entry(
        "canonical-layout",
        "the lines that were signed are not put together as AWS does",
        "one line feed between the lines, an empty line behind the headers, and no line feed at the end",
    ),
    entry(
        "signature-encoding",
        "the signature is not written as lower-case hex",
        "write it as 64 lower-case hex digits",
    ),
    entry(
        "method-mismatch",
        "another method was signed than the one that was sent",
        "sign the method as it is sent, in capitals",
    ),
    entry(
        "signature-mismatch",
        "the gateway computed another signature",
        "compare line by line: explain takes your canonical request, your curl line or your send --json beside this answer",
    ),
    entry(
        "signature-not-of-these-keys",
        "the signature is not the one that the keys known here give for this request",
        "sign the request anew with these keys, and change nothing of it afterwards; or find the secret that signed it",
    ),
    entry(
        "signature-right",
        "the request as given is signed right for the key that is known here",
        "look elsewhere: the clock, the policies, the route, or something on the way that changed the request",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    compare(case, found);
}

/// What the detective found.
pub(super) fn reproduced(case: &Case<'_>, sure: Likelihood, found: &mut Findings) {
    for finding in &case.found {
        let others = case.found.len() > 1;
        for mutation in &finding.mutations {
            let mut telling = found.add(mutation.code, sure).saw(format!(
                "{}: signing again in this way gives the signature that was sent",
                mutation.what
            ));
            if finding.on_echo {
                telling = telling.saw("it was the text that the gateway derived which was signed");
            }
            if finding.mutations.len() > 1 {
                telling = telling.saw("two faults together give the signature");
            } else if others {
                telling = telling.saw("other faults would give the same bytes");
            }
            if sure != Likelihood::Proven {
                telling = telling.saw("the answer names another fault, which was met first");
            }
            telling.mend(mutation.mending.clone());
        }
    }
}

/// Our side and the gateway's.
fn compare(case: &Case<'_>, found: &mut Findings) {
    let Some(echo) = &case.evidence.echo else {
        if case.is_mismatch() && case.is_signed_right() {
            // Nothing was told but that it differs.
            found
                .add("wrong-secret", Likelihood::VeryLikely)
                .saw("the signature is right for the request as given and the secret that is known here")
                .mend(Mending::EnterKeys);
        } else if case.is_mismatch() && case.found.is_empty() && case.is_told_right() {
            found
                .add("wrong-secret", Likelihood::VeryLikely)
                .saw("the text that was signed is the right one for this request: only the key is left to differ")
                .mend(Mending::EnterKeys);
        }
        return;
    };
    if let Some((ours, theirs, sure)) = case.both()
        && ours.method != theirs.method
    {
        found
            .add("method-mismatch", sure)
            .saw(format!("ours {}, theirs {}", ours.method, theirs.method));
    }
    let Some((ours, is_told)) = &case.ours else {
        return;
    };
    let is_masked = case
        .evidence
        .steps
        .as_ref()
        .is_some_and(|steps| steps.is_masked);
    let same_text = *ours == echo.canonical_request
        || (is_masked && is_same_but_for_masks(ours, &echo.canonical_request));
    let same_string = case
        .evidence
        .steps
        .as_ref()
        .and_then(|steps| steps.string_to_sign.as_ref())
        .map(|ours| *ours == echo.string_to_sign);
    if same_text && *is_told && same_string != Some(false) {
        let sure = if case.was_tried && !case.is_signed_right() && !case.found.is_empty() {
            Likelihood::Possible
        } else {
            Likelihood::VeryLikely
        };
        let telling = found
            .add("wrong-secret", sure)
            .saw("both sides derived the same canonical request and string to sign: only the key differs")
            .mend(Mending::EnterKeys);
        if case.is_signed_right() {
            telling.saw("the signature is right for the secret that is known here: AWS knows another for this key id");
            return;
        }
        if case.was_tried && case.found.is_empty() {
            telling.saw("the secret that is known here does not give this signature, nor does any known mistake with it: another secret signed");
        }
        found.add("key-derivation", Likelihood::Possible);
    } else if same_text && case.is_signed_right() {
        found
            .add("wrong-secret", Likelihood::VeryLikely)
            .saw("the signature is right for the secret that is known here, and the gateway derived the same text: it knows another secret for this key id")
            .mend(Mending::EnterKeys);
    } else if same_text && !*is_told && case.found.is_empty() {
        let sure = if case.was_tried && !has_volatile(case) {
            Likelihood::VeryLikely
        } else {
            Likelihood::Likely
        };
        let telling = found.add("wrong-secret", sure).saw(
            "the request arrived as given, so the text or the key that was signed was another",
        );
        if case.was_tried {
            telling
                .saw("no known mistake with the secret that is known here gives the signature: most likely another secret signed")
                .mend(Mending::EnterKeys);
            changed_since(case, found);
        } else {
            telling.saw("with the secret, the signer's mistake could be computed");
        }
    }
    layout(ours, *is_told, &echo.canonical_request, is_masked, found);
    string_lines(case, same_text, found);
}

/// Whether a header is signed that something on the way may have changed.
fn has_volatile(case: &Case<'_>) -> bool {
    case.signature()
        .and_then(|signature| signature.signed_headers.as_ref())
        .is_some_and(|names| {
            names
                .iter()
                .any(|name| headers::is_volatile(&name.to_lowercase()))
        })
}

/// What may have been changed between signing and sending, so that what is given is the changed.
fn changed_since(case: &Case<'_>, found: &mut Findings) {
    const WHY: &str = "a request that was changed after signing has another signature";
    let request = case.request();
    let is_presigned = case
        .signature()
        .is_some_and(|signature| signature.placement == Placement::Query);
    let own = case.query().unwrap_or_default().split('&');
    let has_query = own
        .filter(|pair| !pair.is_empty() && !pair.starts_with("X-Amz-"))
        .count()
        > 0;
    // A URL is handed on and edited; whoever sends a header has just signed it.
    let of_query = if is_presigned {
        Likelihood::Likely
    } else {
        Likelihood::Possible
    };
    let has_header = case
        .signature()
        .and_then(|signature| signature.signed_headers.as_ref())
        .is_some_and(|names| names.iter().any(|name| !name.starts_with("x-amz-")));
    let has_body = request
        .and_then(|request| request.body.as_ref())
        .map_or(!is_presigned, |body| !body.is_empty());
    for (code, sure, is_possible) in [
        ("query-changed", of_query, has_query),
        ("signed-header-changed", Likelihood::Possible, has_header),
        ("body-changed", Likelihood::Possible, has_body),
    ] {
        if is_possible {
            found.add(code, sure).saw(WHY);
        }
    }
}

/// The same parts put together in another way.
fn layout(ours: &str, is_told: bool, theirs: &str, is_masked: bool, found: &mut Findings) {
    let plain = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.trim_end_matches('\r').to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    };
    if is_told && !is_masked && ours != theirs && plain(ours) == plain(theirs) {
        found
            .add("canonical-layout", Likelihood::Proven)
            .saw(format!(
                "the lines are the same, the line ends are not: ours is {} bytes long, theirs {}",
                ours.len(),
                theirs.len()
            ));
    }
}

fn string_lines(case: &Case<'_>, same_text: bool, found: &mut Findings) {
    let ours = case
        .evidence
        .steps
        .as_ref()
        .filter(|steps| !steps.is_masked)
        .and_then(|steps| steps.string_to_sign.as_deref());
    let (Some(ours), Some(echo)) = (ours, &case.evidence.echo) else {
        return;
    };
    if ours == echo.string_to_sign {
        return;
    }
    if ours.trim_end() == echo.string_to_sign {
        found
            .add("canonical-layout", Likelihood::Proven)
            .saw("our string to sign ends with a line feed");
        return;
    }
    let line = |text: &str, index: usize| text.lines().nth(index).unwrap_or_default().to_owned();
    let theirs = &echo.string_to_sign;
    if line(ours, 1) != line(theirs, 1) {
        found
            .add("time-not-as-sent", Likelihood::Proven)
            .saw(format!(
                "ours {}, theirs {}",
                line(ours, 1),
                line(theirs, 1)
            ));
    }
    if same_text && line(ours, 3) != line(theirs, 3) {
        found
            .add("canonical-layout", Likelihood::Proven)
            .saw("the canonical requests look the same but their hashes differ");
    }
}

fn is_same_but_for_masks(ours: &str, theirs: &str) -> bool {
    let (ours, theirs): (Vec<&str>, Vec<&str>) =
        (ours.split('\n').collect(), theirs.split('\n').collect());
    ours.len() == theirs.len()
        && ours.iter().zip(theirs).all(|(ours, theirs)| {
            *ours == theirs
                || ours
                    .split_once(crate::secret::MASK)
                    .is_some_and(|(before, _)| theirs.starts_with(before))
        })
}

/// When nothing says more.
pub(super) fn fallback(case: &Case<'_>, found: &mut Findings) {
    if case.is_mismatch() && !found.is_sure(Likelihood::VeryLikely) {
        found
            .add("signature-mismatch", Likelihood::VeryLikely)
            .saw("the gateway says so");
        shown_by_the_echo(case, found);
        for code in possible(case) {
            found.add(code, Likelihood::Possible);
        }
    }
    not_of_these_keys(case, found);
    if case.is_signed_right() && !case.is_mismatch() && !found.is_sure(Likelihood::VeryLikely) {
        if case.is_unanswered() || found.is_empty() {
            found
                .add("signature-right", Likelihood::Proven)
                .saw("signing again gives the signature that was sent");
        } else {
            found.note(
                "the signature is right: signing again with the keys that are known here gives it",
            );
        }
    }
}

/// What the gateway's own text shows, and what fits it.
fn shown_by_the_echo(case: &Case<'_>, found: &mut Findings) {
    let Some(theirs) = case.echoed() else { return };
    let mut seen = Vec::new();
    let mut fits: Vec<(&'static str, &str)> = Vec::new();
    if theirs.path.contains("%25") {
        seen.push(format!(
            "the path that arrived is escaped, so that it is signed escaped twice: {}",
            theirs.path
        ));
        fits.push((
            "path-encoded-once",
            "the gateway's path is escaped twice; many signers escape it once",
        ));
    }
    let count = theirs.query.split('&').filter(|p| !p.is_empty()).count();
    seen.push(match count {
        0 => "no query arrived".to_owned(),
        1 => "a query of one parameter arrived".to_owned(),
        count => format!("a query of {count} parameters arrived"),
    });
    if count > 1 {
        fits.push(("query-unsorted", "there is more than one parameter"));
    }
    if theirs.query.contains("%20") || theirs.query.contains("%2B") {
        fits.push((
            "query-plus",
            "the query that arrived holds a space or a plus sign",
        ));
    }
    let empty: Vec<&str> = theirs
        .headers
        .iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(name, _)| *name)
        .collect();
    if !empty.is_empty() {
        seen.push(format!("arrived empty: {}", empty.join(", ")));
    }
    let has_body = theirs.payload != EMPTY_SHA256;
    if has_body {
        seen.push("a body arrived".to_owned());
        fits.push(("body-changed", "a body arrived"));
    } else if matches!(theirs.method, "POST" | "PUT" | "PATCH") {
        seen.push(format!("a {} without a body arrived", theirs.method));
        fits.push((
            "body-changed",
            "the body that arrived is empty, though the method usually has one",
        ));
    } else {
        seen.push("no body arrived".to_owned());
    }
    for seen in seen {
        found
            .add("signature-mismatch", Likelihood::VeryLikely)
            .saw(seen);
    }
    for (code, why) in fits {
        found.add(code, Likelihood::Likely).saw(why);
    }
}

/// Nothing that is known gives the signature, and no answer says more.
fn not_of_these_keys(case: &Case<'_>, found: &mut Findings) {
    let is_silent = case.is_unanswered()
        || (case.message() == "Forbidden" && case.speaker() == Speaker::HttpApi);
    if !is_silent || !case.was_tried || !case.found.is_empty() {
        return;
    }
    let telling = found
        .add("signature-not-of-these-keys", Likelihood::VeryLikely)
        .saw("signing again does not give the signature that was sent, and no known mistake of signers does");
    let request = case.request();
    if request.is_some_and(|request| request.body.is_none()) {
        telling.saw("the body is not known: it was taken for empty, or for what its hash says");
    }
    found
        .add("wrong-secret", Likelihood::Likely)
        .saw("another secret than the one that is known here gives another signature")
        .mend(Mending::EnterKeys);
    changed_since(case, found);
}

/// What cannot be ruled out: mistakes that change nothing of this request are.
fn possible(case: &Case<'_>) -> Vec<&'static str> {
    let theirs = case.echoed();
    let path = case.path().or(theirs.as_ref().map(|theirs| theirs.path));
    let query = case.query().or(theirs.as_ref().map(|theirs| theirs.query));
    let has_body = case
        .request()
        .and_then(|request| request.body.as_ref())
        .map(|body| !body.is_empty())
        .or(theirs.as_ref().map(|theirs| theirs.payload != EMPTY_SHA256));
    let may = |text: Option<&str>, marks: &[char]| text.is_none_or(|text| text.contains(marks));
    [
        ("wrong-secret", true),
        (
            "path-encoded-once",
            may(path, &['%', '@', ':', '=', '+', '$', '*', '(', '!', ',']),
        ),
        ("query-unsorted", may(query, &['&'])),
        ("query-plus", may(query, &['+'])),
        ("body-changed", has_body != Some(false)),
    ]
    .into_iter()
    .filter(|(_, is_possible)| *is_possible)
    .map(|(code, _)| code)
    .collect()
}
