//! What signers make of the path.

use super::basis::Basis;
use super::encoding::{Escaping, decode};
use super::mutation::{Candidate, Dimension, Effect};
use crate::explain::Mending;
use crate::sigv4::{PathRule, canonical_uri};

pub(super) fn candidates(basis: &Basis) -> Vec<Candidate> {
    let path = if basis.path.is_empty() {
        "/"
    } else {
        &basis.path
    };
    let right = &basis.canonical.canonical_uri;
    let by_rule = |normalize, encode| canonical_uri(path, PathRule { normalize, encode });
    let PathRule { normalize, encode } = basis.rule;
    let again = |text: &str| {
        canonical_uri(
            text,
            PathRule {
                normalize: false,
                encode: true,
            },
        )
    };
    let decoded = String::from_utf8_lossy(&decode(path)).into_owned();
    let one = |name, code, what: &'static str, path: String| {
        Candidate::new(name, code, Dimension::Path, what, Effect::Path(path))
    };
    let kept = |keep, is_lower| Escaping { keep, is_lower }.encode(path.as_bytes());
    let mut all = Vec::new();
    if encode {
        all.extend([
            one(
                "path-as-on-the-wire",
                "path-encoded-once",
                "the path was signed as it is on the wire, not encoded once more",
                by_rule(normalize, false),
            )
            .mended_by(Mending::DoubleEncode(true)),
            one(
                "path-decoded-and-encoded-once",
                "path-encoded-once",
                "the path was decoded and encoded once, not twice",
                canonical_uri(
                    &decoded,
                    PathRule {
                        normalize,
                        encode: true,
                    },
                ),
            )
            .mended_by(Mending::DoubleEncode(true)),
        ]);
    } else {
        all.push(
            one(
                "path-encoded-twice",
                "path-encoded-too-often",
                "the path was encoded once more, which this service does not do",
                by_rule(normalize, true),
            )
            .mended_by(Mending::DoubleEncode(false)),
        );
    }
    all.push(one(
        "path-encoded-once-too-often",
        "path-encoded-too-often",
        "the path was encoded once more than it should be",
        again(right),
    ));
    let unnormalized = one(
        "path-not-normalized",
        "path-slashes",
        "double slashes or dot segments were left in the path",
        by_rule(!normalize, encode),
    );
    all.push(if normalize {
        unnormalized.mended_by(Mending::NormalizePath(true))
    } else {
        one(
            "path-normalized",
            "path-slashes",
            "double slashes or dot segments were removed from the path, which this service does \
             not do",
            by_rule(true, encode),
        )
        .mended_by(Mending::NormalizePath(false))
    });
    all.push(one(
        "path-neither-normalized-nor-encoded",
        "path-encoded-once",
        "the path was signed as it is on the wire, with its double slashes or dot segments",
        by_rule(false, false),
    ));
    all.push(match right.strip_suffix('/') {
        Some(without) => one(
            "path-without-trailing-slash",
            "path-slashes",
            "the slash at the path's end was left out",
            if without.is_empty() { "" } else { without }.to_owned(),
        ),
        None => one(
            "path-with-trailing-slash",
            "path-slashes",
            "a slash was added at the path's end",
            format!("{right}/"),
        ),
    });
    all.extend([
        one(
            "path-decoded",
            "path-decoded",
            "the path was decoded before it was signed",
            decoded,
        ),
        one(
            "path-reserved-kept",
            "path-reserved-characters",
            "characters such as $ @ : = + were left as they are instead of being escaped",
            kept(b"/~!$&'()*+,;=:@", false),
        ),
        one(
            "path-marks-kept",
            "path-reserved-characters",
            "the characters ! ' ( ) * were left as they are instead of being escaped",
            kept(b"/~!'()*", false),
        ),
        one(
            "path-tilde-escaped",
            "path-reserved-characters",
            "the character ~ was escaped",
            kept(b"/", false),
        ),
        one(
            "path-in-lower-case-hex",
            "path-reserved-characters",
            "escapes in the path were written with lower-case digits",
            kept(b"/~", true),
        ),
        one(
            "path-slashes-escaped",
            "path-reserved-characters",
            "the slashes of the path were escaped",
            kept(b"~", false),
        ),
    ]);
    all.extend(shortened(right));
    if !basis.query.is_empty() {
        let raw = format!("{path}?{}", basis.query);
        let both = |name, path: String| {
            Candidate::new(
                name,
                "query-in-path",
                Dimension::Path,
                "the query was signed as a part of the path, and the query's line left empty",
                Effect::PathAndQuery(path, String::new()),
            )
        };
        all.push(both("query-glued-to-path", raw.clone()));
        all.push(both("query-glued-to-path-and-encoded", again(&raw)));
    }
    all
}

/// A path without its first segment, the stage of an execute-api host, or nothing of it at all.
fn shortened(right: &str) -> Vec<Candidate> {
    let one = |name, what: &'static str, path: String| {
        Candidate::new(
            name,
            "path-not-as-sent",
            Dimension::Path,
            what,
            Effect::Path(path),
        )
    };
    let mut all = Vec::new();
    if let Some(at) = right.get(1..).and_then(|rest| rest.find('/')) {
        let rest = right.get(at + 1..).unwrap_or_default();
        all.push(one(
            "path-without-first-segment",
            "the first segment of the path, a stage or a base path, was not signed",
            rest.to_owned(),
        ));
    }
    all.push(one(
        "path-root",
        "only / was signed instead of the path",
        "/".to_owned(),
    ));
    all.push(one(
        "path-empty",
        "an empty line was signed instead of the path",
        String::new(),
    ));
    all
}
