//! The path's line.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::Mending;
use crate::sigv4::{PathRule, canonical_uri};

pub(super) const ENTRIES: [CatalogueEntry; 7] = [
    entry(
        "path-encoded-once",
        "the path was signed as it is on the wire, not encoded once more",
        "encode the path of the wire once more before signing: %20 becomes %2520; only S3 does without",
    ),
    entry(
        "path-encoded-too-often",
        "the path was encoded more often than it should be",
        "let one side encode: the library or you",
    ),
    entry(
        "path-decoded",
        "the path was decoded before it was signed",
        "sign the bytes that go over the wire, not what a URL parser made of them",
    ),
    entry(
        "path-reserved-characters",
        "reserved characters of the path were not escaped as AWS does",
        "escape every byte but letters, digits, - . _ ~ and /, with upper-case digits",
    ),
    entry(
        "path-slashes",
        "slashes or dot segments of the path differ",
        "send the path without double slashes and dot segments, and keep its last slash as it is",
    ),
    entry(
        "path-not-as-sent",
        "another path was signed than the one that arrived",
        "sign the whole public path: the stage on an execute-api host, the base path on a custom domain",
    ),
    entry(
        "query-in-path",
        "the query was signed as a part of the path",
        "give path and query to the signer apart; the query has a line of its own",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let Some((ours, theirs, sure)) = case.both() else {
        return;
    };
    let (mine, other) = (ours.path, theirs.path);
    if mine == other {
        return;
    }
    let (code, mending) = classify(mine, other);
    found
        .add(code, sure)
        .saw(format!("ours   {mine}"))
        .saw(format!("theirs {other}"))
        .mend(mending);
}

fn encode(text: &str) -> String {
    canonical_uri(
        text,
        PathRule {
            normalize: false,
            encode: true,
        },
    )
}

fn normal(text: &str) -> String {
    canonical_uri(
        text,
        PathRule {
            normalize: true,
            encode: false,
        },
    )
}

fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    // Escapes within escapes end soon; four times is more than anybody does.
    for _ in 0..4 {
        let again = percent_encoding::percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned();
        if again == text {
            break;
        }
        text = again;
    }
    text
}

fn classify(mine: &str, other: &str) -> (&'static str, Option<Mending>) {
    let slashes = |text: &str| normal(text).trim_end_matches('/').to_owned();
    if mine.contains('?') || mine.contains("%3F") && !other.contains("%253F") {
        ("query-in-path", None)
    } else if encode(mine) == other {
        if mine.contains('%') {
            ("path-encoded-once", Some(Mending::DoubleEncode(true)))
        } else {
            ("path-reserved-characters", None)
        }
    } else if encode(other) == mine {
        ("path-encoded-too-often", Some(Mending::DoubleEncode(false)))
    } else if slashes(mine) == slashes(other) {
        ("path-slashes", Some(Mending::NormalizePath(true)))
    } else if mine.eq_ignore_ascii_case(other) && mine.contains('%') {
        ("path-reserved-characters", None)
    } else if plain(mine) == plain(other) {
        if !mine.contains('%') {
            ("path-decoded", None)
        } else if mine.matches("%25").count() > other.matches("%25").count() {
            ("path-encoded-too-often", None)
        } else {
            ("path-reserved-characters", None)
        }
    } else {
        ("path-not-as-sent", None)
    }
}
