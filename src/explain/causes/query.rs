//! The query's line.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::Likelihood;

pub(super) const ENTRIES: [CatalogueEntry; 9] = [
    entry(
        "query-unsorted",
        "the query's parameters were not sorted",
        "sort the parameters by encoded name, then by encoded value, before signing",
    ),
    entry(
        "query-sort-order",
        "the query's parameters were sorted in another order than AWS's",
        "sort by encoded name and then by encoded value, byte by byte: not by name=value, not before encoding, not as words of a language",
    ),
    entry(
        "query-values-unsorted",
        "the values of a repeated parameter were not sorted, or not all signed",
        "sign every value of a repeated name, sorted by encoded value",
    ),
    entry(
        "query-missing-equals",
        "a parameter without a value was signed without its equal sign",
        "sign flag as flag=",
    ),
    entry(
        "query-plus",
        "a space or a plus sign in the query was signed as another character",
        "send %20 for a space and %2B for a plus sign, and sign these",
    ),
    entry(
        "query-escaping",
        "the query's characters were not escaped as AWS does",
        "escape every byte of names and values but letters, digits, - . _ ~, once, with upper-case digits",
    ),
    entry(
        "query-semicolon",
        "a ; or | in the query is read in another way by the gateway",
        "escape them: %3B and %7C",
    ),
    entry(
        "query-not-signed",
        "the query was left out of the signature, or did not arrive",
        "give the query to the signer as it is sent",
    ),
    entry(
        "query-changed",
        "another query was signed than the one that arrived",
        "sign last, when the query does not change any more",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    if let Some((ours, theirs, sure)) = case.both()
        && ours.query != theirs.query
        && !found.has("query-in-path", Likelihood::Possible)
    {
        found
            .add(classify(ours.query, theirs.query), sure)
            .saw(format!("ours   {}", shown(ours.query)))
            .saw(format!("theirs {}", shown(theirs.query)));
    }
    if case.query().is_some_and(|query| query.contains([';', '|']))
        && (case.is_mismatch() || case.is_unanswered())
    {
        found
            .add("query-semicolon", Likelihood::Possible)
            .saw("the URL has one of them raw in its query");
    }
}

/// A query with the values of a presigned URL's secrets left out.
fn shown(query: &str) -> String {
    if query.is_empty() {
        return "(empty)".to_owned();
    }
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name @ ("X-Amz-Security-Token" | "X-Amz-Signature"), _)) => {
                format!("{name}={}", crate::secret::MASK)
            }
            Some(_) | None => pair.to_owned(),
        })
        .collect();
    pairs.join("&")
}

fn classify(mine: &str, other: &str) -> &'static str {
    let pieces = |text: &str| -> Vec<String> { text.split('&').map(str::to_owned).collect() };
    let in_order = |text: &str| {
        let mut pieces = pieces(text);
        pieces.sort();
        pieces
    };
    if mine.is_empty() || other.is_empty() {
        return "query-not-signed";
    }
    if in_order(mine) == in_order(other) {
        return order(&pieces(mine), &pieces(other));
    }
    let with_sign = |text: &str| {
        let mut pieces: Vec<String> = text
            .split('&')
            .map(|pair| {
                if pair.contains('=') {
                    pair.to_owned()
                } else {
                    format!("{pair}=")
                }
            })
            .collect();
        pieces.sort();
        pieces
    };
    if with_sign(mine) == with_sign(other) {
        return "query-missing-equals";
    }
    let is_split = |c| mine.matches(c).count() != other.matches(c).count();
    if is_split("%3B") || is_split(";") || is_split("%7C") || is_split("|") {
        return "query-semicolon";
    }
    let spaced = |text: &str| {
        let mut pieces = pieces(&text.replace("%2B", "+").replace("%20", "+"));
        pieces.sort();
        pieces
    };
    if spaced(mine) == spaced(other) {
        return "query-plus";
    }
    let plain = |text: &str| {
        let once = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        let twice = percent_encoding::percent_decode_str(&once).decode_utf8_lossy();
        let mut pieces = pieces(&twice.replace('+', " "));
        pieces.sort();
        pieces
    };
    if plain(mine.trim_start_matches('?')) == plain(other) {
        return "query-escaping";
    }
    let mut names: Vec<&str> = other
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    if names.len() < all && mine.split('&').count() < all {
        return "query-values-unsorted";
    }
    "query-changed"
}

/// The same pieces in another order.
fn order(mine: &[String], other: &[String]) -> &'static str {
    let names = |pieces: &[String]| -> Vec<String> {
        pieces
            .iter()
            .map(|pair| pair.split('=').next().unwrap_or_default().to_owned())
            .collect()
    };
    if names(mine) == names(other) {
        return "query-values-unsorted";
    }
    let sorted_by = |key: &dyn Fn(&String) -> String| {
        mine.iter()
            .zip(mine.iter().skip(1))
            .all(|(one, two)| key(one) <= key(two))
    };
    let plain = |pair: &String| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        };
        format!("{}\0{}", decode(name), decode(value))
    };
    if sorted_by(&|pair| pair.clone())
        || sorted_by(&plain)
        || sorted_by(&|pair| pair.to_lowercase())
    {
        "query-sort-order"
    } else {
        "query-unsorted"
    }
}
