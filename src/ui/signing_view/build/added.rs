//! Step 5: what signing adds, to the headers or to the query.

use std::ops::Range;

use super::is_pair;
use crate::request::ResolvedRequest;
use crate::sigv4::{CanonicalPart, SigningSteps, SigningTrace};
use crate::template::MASK;
use crate::ui::signing_view::page::{Block, Line, Step, identity};
use crate::ui::signing_view::part::{SigningPart, SigningSource};
use crate::ui::signing_view::rules::{self, rule_of};
use crate::ui::theme::Provenance;

/// Step 5 of a request that was sent.
pub(super) fn of_sent(trace: &SigningTrace) -> Step {
    let steps = &trace.steps;
    match &trace.signed_url {
        Some(url) => {
            let url = steps.redactor.redact(url);
            query_added(steps, &trace.query_added, Some(&url), false)
        }
        None => headers_added(steps, &trace.headers_added, false),
    }
}

/// Step 5 of a draft: what of it is known before there is a signature.
pub(super) fn of_draft(steps: &SigningSteps, request: Option<&ResolvedRequest>) -> Step {
    if steps.settings.placement.is_query() {
        let masked = steps.masked_request().canonical_query_string;
        let mut added: Vec<(String, String)> = masked
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(name, _)| name.starts_with("X-Amz-"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        added.push(("X-Amz-Signature".to_owned(), MASK.to_owned()));
        let url = request.map(|request| with_parameters(request.url().as_str(), &added));
        return query_added(steps, &added, url.as_deref(), true);
    }
    let headers = [
        ("authorization".to_owned(), steps.authorization(MASK)),
        (
            "x-amz-date".to_owned(),
            steps.string_to_sign.request_date_time.to_string(),
        ),
    ];
    headers_added(steps, &headers, true)
}

/// A URL with parameters that are escaped already.
fn with_parameters(url: &str, added: &[(String, String)]) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let mut out = url.to_owned();
    let mut sign = if url.contains('?') { '&' } else { '?' };
    for (name, value) in added {
        out.push(sign);
        out.push_str(name);
        out.push('=');
        out.push_str(value);
        sign = '&';
    }
    out
}

/// Step 5 for a signature in the query.
fn query_added(
    steps: &SigningSteps,
    added: &[(String, String)],
    url: Option<&str>,
    is_draft: bool,
) -> Step {
    let lines: Vec<Line> = added
        .iter()
        .map(|(name, value)| parameter(steps, name, value, is_draft))
        .collect();
    let mut blocks = vec![Block::of(lines)];
    if let Some(url) = url {
        let part = SigningPart::Request(CanonicalPart::Query);
        let mut line = Line::new(part, url)
            .word("signed URL")
            .about([SigningPart::Signature])
            .rule((
                "The URL with these parameters; whoever has it can send the request until it expires.",
                rules::PRESIGNED,
            ))
            .why("The URL of the request, and the parameters above.")
            .source(Some(SigningSource::Url));
        line.pieces = pieces(url);
        line.hue = Some(Provenance::Query);
        line.is_missing = is_draft;
        line.bytes = (!url.contains(MASK)).then_some(url.len());
        blocks.push(Block::of(vec![line]));
    }
    let copy: Vec<String> = added
        .iter()
        .map(|(name, value)| format!("{name}={}", shown(steps, name, value)))
        .chain(url.map(|url| format!("\n{url}")))
        .collect();
    Step {
        number: 5,
        name: "Added to the query",
        rule: "The signature travels in the URL: whoever has the URL can send the request.",
        doc: rules::PRESIGNED,
        blocks,
        notes: Vec::new(),
        copy: Some(copy.join("\n")),
    }
}

/// The value of a parameter as it is shown.
fn shown<'a>(steps: &SigningSteps, name: &str, value: &'a str) -> &'a str {
    if steps.is_secret_header(&name.to_ascii_lowercase()) {
        MASK
    } else {
        value
    }
}

fn parameter(steps: &SigningSteps, name: &str, value: &str, is_draft: bool) -> Line {
    let scope = if is_pair(steps) {
        SigningPart::Service
    } else {
        SigningPart::Region
    };
    let signed_headers = SigningPart::Request(CanonicalPart::SignedHeaders);
    let (part, also, why, from): (_, Vec<SigningPart>, _, _) = match name {
        "X-Amz-Algorithm" => (
            SigningPart::Algorithm,
            Vec::new(),
            "The algorithm of step 2.",
            Some((2, SigningPart::Algorithm)),
        ),
        "X-Amz-Credential" => (
            SigningPart::KeyId,
            vec![SigningPart::Region, SigningPart::Service, SigningPart::Time],
            "The access key id, then the scope of step 2.",
            Some((2, scope)),
        ),
        "X-Amz-Date" => (
            SigningPart::Time,
            Vec::new(),
            "The time of the signature, from step 2.",
            Some((2, SigningPart::Time)),
        ),
        "X-Amz-SignedHeaders" => (
            signed_headers.clone(),
            Vec::new(),
            "The names from step 1, so that the gateway takes the same headers.",
            Some((1, signed_headers)),
        ),
        "X-Amz-Region-Set" => (
            SigningPart::Region,
            Vec::new(),
            "The regions for which the signature counts.",
            None,
        ),
        "X-Amz-Signature" => (
            SigningPart::Signature,
            Vec::new(),
            "The signature of step 4: the only parameter that is not signed.",
            Some((4, SigningPart::Signature)),
        ),
        "X-Amz-Expires" => (
            SigningPart::Number("expires"),
            vec![SigningPart::Time],
            "For how many seconds the signature counts, from its date on.",
            None,
        ),
        _ => (
            SigningPart::Number("token"),
            vec![SigningPart::KeyId],
            "The session token of temporary credentials.",
            None,
        ),
    };
    let text = format!("{name}={}", shown(steps, name, value));
    let mut line = Line::new(part, text)
        .word("parameter")
        .about(also)
        .rule((
            "Signing puts it into the query, so that the request needs no header for it.",
            rules::PRESIGNED,
        ))
        .why(why)
        .source(from.is_none().then_some(SigningSource::Auth));
    line.hue = Some(Provenance::Query);
    line.is_missing = is_draft && name == "X-Amz-Signature";
    line.comes_from = from;
    line.identity = identity(value);
    line.bytes = None;
    line
}

/// The pieces of a presigned URL: host, path, own query, and what signing added.
fn pieces(url: &str) -> Vec<(Range<usize>, Provenance)> {
    let mut pieces = Vec::new();
    let host = url.find("://").map_or(0, |at| at + 3);
    let query = url.find('?').unwrap_or(url.len());
    let path = url
        .get(host..query)
        .and_then(|rest| rest.find('/'))
        .map_or(query, |at| host + at);
    pieces.push((path..query, Provenance::Path));
    let mut at = (query + 1).min(url.len());
    for pair in url.get(at..).unwrap_or_default().split('&') {
        let end = at + pair.len();
        let part = if pair.starts_with("X-Amz-") {
            Provenance::Header
        } else {
            Provenance::Query
        };
        pieces.push((at..end, part));
        at = (end + 1).min(url.len());
    }
    pieces
}

/// Step 5 for a signature in a header.
fn headers_added(steps: &SigningSteps, added: &[(String, String)], is_draft: bool) -> Step {
    let mut lines = Vec::new();
    for (name, value) in added {
        if name == "authorization" {
            lines.extend(authorization_lines(steps, value, is_draft));
        }
    }
    for (name, value) in added.iter().filter(|(name, _)| name != "authorization") {
        let is_secret = steps.is_secret_header(name);
        let shown = if is_secret { MASK } else { value };
        let part = SigningPart::header(name);
        let also = match name.as_str() {
            "x-amz-date" => Some(SigningPart::Time),
            "x-amz-region-set" => Some(SigningPart::Region),
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
fn authorization_lines(steps: &SigningSteps, value: &str, is_draft: bool) -> Vec<Line> {
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
                    Some((
                        2,
                        if is_pair(steps) {
                            SigningPart::Service
                        } else {
                            SigningPart::Region
                        },
                    )),
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
    fn a_presigned_url_is_cut_where_its_parts_begin() {
        let url = "https://h/p?a=1&X-Amz-Date=2&b=3";
        let cut: Vec<(&str, Provenance)> = pieces(url)
            .into_iter()
            .map(|(range, part)| (&url[range], part))
            .collect();
        assert_eq!(
            cut,
            [
                ("/p", Provenance::Path),
                ("a=1", Provenance::Query),
                ("X-Amz-Date=2", Provenance::Header),
                ("b=3", Provenance::Query),
            ]
        );
        let added = [("X-Amz-Date".to_owned(), "2".to_owned())];
        assert_eq!(
            with_parameters("http://h/p#f", &added),
            "http://h/p?X-Amz-Date=2"
        );
        assert_eq!(
            with_parameters("http://h/p?a", &added),
            "http://h/p?a&X-Amz-Date=2"
        );
    }
}
