//! What signers make of the query.

use super::basis::{Basis, encoded, without_parameter};
use super::encoding::{Escaping, RIGHT, by_locale, decode};
use super::mutation::{Candidate, Dimension, Effect};
use crate::explain::{Mending, Placement};

/// In which order parameters stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// By encoded name, then encoded value.
    Right,
    Wire,
    /// By the whole of `name=value`.
    ByText,
    /// By what stands there before encoding.
    BeforeEncoding,
    ByLocale,
    IgnoringCase,
    /// Values of one name as they came.
    ByName,
}

/// What a `+` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plus {
    /// A space, `%20`.
    Space,
    /// Itself, `%2B`.
    Itself,
    /// Itself, and it is left so.
    Kept,
}

#[derive(Clone, Copy)]
struct Style {
    order: Order,
    plus: Plus,
    escaping: Escaping,
    /// A space becomes `+`.
    space_is_plus: bool,
    /// A name without a value gets no `=`.
    keeps_valueless: bool,
    /// Names are not encoded.
    raw_names: bool,
}

const STYLE: Style = Style {
    order: Order::Right,
    plus: Plus::Space,
    escaping: RIGHT,
    space_is_plus: false,
    keeps_valueless: false,
    raw_names: false,
};

impl Style {
    fn write(self, query: &str) -> String {
        struct Pair {
            raw: (String, String),
            done: (String, String),
            text: String,
        }
        let piece = |raw: &str| {
            let bytes = match self.plus {
                Plus::Space => decode(&raw.replace('+', " ")),
                Plus::Itself | Plus::Kept => decode(raw),
            };
            let mut text = self.escaping.encode(&bytes);
            if self.plus == Plus::Kept {
                text = raw
                    .split('+')
                    .map(|part| self.escaping.encode(&decode(part)))
                    .collect::<Vec<_>>()
                    .join("+");
            }
            if self.space_is_plus {
                text = text.replace("%20", "+");
            }
            text
        };
        let mut pairs: Vec<Pair> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let has_sign = pair.contains('=');
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let name_done = if self.raw_names {
                    name.to_owned()
                } else {
                    piece(name)
                };
                let value_done = piece(value);
                let text = if has_sign || !self.keeps_valueless {
                    format!("{name_done}={value_done}")
                } else {
                    name_done.clone()
                };
                Pair {
                    raw: (plain(name), plain(value)),
                    done: (name_done, value_done),
                    text,
                }
            })
            .collect();
        match self.order {
            Order::Right => pairs.sort_by(|a, b| a.done.cmp(&b.done)),
            Order::Wire => {}
            Order::ByText => pairs.sort_by(|a, b| a.text.cmp(&b.text)),
            Order::BeforeEncoding => pairs.sort_by(|a, b| a.raw.cmp(&b.raw)),
            Order::ByLocale => pairs.sort_by(|a, b| {
                by_locale(&a.raw.0, &b.raw.0).then_with(|| by_locale(&a.raw.1, &b.raw.1))
            }),
            Order::IgnoringCase => {
                pairs.sort_by_key(|pair| (pair.done.0.to_lowercase(), pair.done.1.to_lowercase()));
            }
            Order::ByName => pairs.sort_by(|a, b| a.done.0.cmp(&b.done.0)),
        }
        let texts: Vec<&str> = pairs.iter().map(|pair| pair.text.as_str()).collect();
        texts.join("&")
    }
}

fn plain(text: &str) -> String {
    String::from_utf8_lossy(&decode(&text.replace('+', " "))).into_owned()
}

pub(super) fn candidates(basis: &Basis) -> Vec<Candidate> {
    let query = basis.query.as_str();
    if query.is_empty() {
        return token_of_a_presigned_url(basis);
    }
    let styled = |name, code, what: &'static str, style: Style| {
        Candidate::new(
            name,
            code,
            Dimension::Query,
            what,
            Effect::Query(style.write(query)),
        )
    };
    let ordered = |name, code, what, order| styled(name, code, what, Style { order, ..STYLE });
    let escaped = |name, what, keep, is_lower| {
        let escaping = Escaping { keep, is_lower };
        styled(name, "query-escaping", what, Style { escaping, ..STYLE })
    };
    let text = |name, code, what: &'static str, text: String| {
        Candidate::new(name, code, Dimension::Query, what, Effect::Query(text))
    };
    let mut sorted: Vec<&str> = query.split('&').collect();
    sorted.sort_unstable();
    let right = &basis.canonical.canonical_query_string;
    let mut all = vec![
        // Of names in order only the values are out of order: the finer of the two comes first.
        ordered(
            "query-values-unsorted",
            "query-values-unsorted",
            "values of one name were signed in the order of the URL, not sorted",
            Order::ByName,
        ),
        ordered(
            "query-in-wire-order",
            "query-unsorted",
            "the parameters were signed in the order of the URL, not sorted",
            Order::Wire,
        ),
        ordered(
            "query-sorted-by-text",
            "query-sort-order",
            "the parameters were sorted by name=value as one text, not by name and then value",
            Order::ByText,
        ),
        ordered(
            "query-sorted-before-encoding",
            "query-sort-order",
            "the parameters were sorted before they were encoded, not after",
            Order::BeforeEncoding,
        ),
        ordered(
            "query-sorted-ignoring-case",
            "query-sort-order",
            "the parameters were sorted without regard to letter case",
            Order::IgnoringCase,
        ),
        ordered(
            "query-sorted-by-locale",
            "query-sort-order",
            "the parameters were sorted as words of a language, not by code point",
            Order::ByLocale,
        ),
        styled(
            "query-space-as-plus",
            "query-plus",
            "a space was signed as + instead of %20",
            Style {
                space_is_plus: true,
                ..STYLE
            },
        ),
        styled(
            "query-plus-escaped",
            "query-plus",
            "a + was signed as %2B, but the gateway reads it as a space: %20",
            Style {
                plus: Plus::Itself,
                ..STYLE
            },
        ),
        styled(
            "query-plus-kept",
            "query-plus",
            "a + was signed as it is, but the gateway reads it as a space: %20",
            Style {
                plus: Plus::Kept,
                ..STYLE
            },
        ),
        styled(
            "query-without-equals",
            "query-missing-equals",
            "a parameter without a value was signed without its =",
            Style {
                keeps_valueless: true,
                ..STYLE
            },
        ),
        escaped(
            "query-marks-kept",
            "the characters ! ' ( ) * were left as they are instead of being escaped",
            b"~!'()*",
            false,
        ),
        escaped(
            "query-in-lower-case-hex",
            "escapes were written with lower-case digits",
            b"~",
            true,
        ),
        text(
            "query-star-in-lower-case-hex",
            "query-escaping",
            "the character * was escaped as %2a instead of %2A",
            basis.canonical.canonical_query_string.replace("%2A", "%2a"),
        ),
        escaped(
            "query-slash-kept",
            "the character / was left as it is instead of being escaped",
            b"~/",
            false,
        ),
        escaped(
            "query-colon-at-comma-kept",
            "the characters : @ , / were left as they are instead of being escaped",
            b"~/:@,",
            false,
        ),
        escaped(
            "query-brackets-kept",
            "the characters [ ] were left as they are instead of being escaped",
            b"~[]",
            false,
        ),
        escaped(
            "query-tilde-escaped",
            "the character ~ was escaped",
            b"",
            false,
        ),
        styled(
            "query-names-not-encoded",
            "query-escaping",
            "the names of parameters were not encoded",
            Style {
                raw_names: true,
                ..STYLE
            },
        ),
        text(
            "query-as-on-the-wire",
            "query-unsorted",
            "the query was signed as it is in the URL, neither sorted nor encoded anew",
            query.to_owned(),
        ),
        text(
            "query-sorted-as-on-the-wire",
            "query-escaping",
            "the query was sorted but signed as it is written in the URL, not encoded anew",
            sorted.join("&"),
        ),
        text(
            "query-left-out",
            "query-not-signed",
            "an empty line was signed instead of the query",
            String::new(),
        ),
        text(
            "query-with-question-mark",
            "query-escaping",
            "the query was signed with its question mark",
            format!("?{right}"),
        ),
        text(
            "query-encoded-twice",
            "query-escaping",
            "the query was encoded twice",
            right
                .split('&')
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    format!("{}={}", encoded(name), encoded(value))
                })
                .collect::<Vec<_>>()
                .join("&"),
        ),
        text(
            "query-decoded",
            "query-escaping",
            "the query was decoded and not encoded anew",
            right.split('&').map(plain).collect::<Vec<_>>().join("&"),
        ),
    ];
    all.extend(semicolons(basis));
    all.extend(first_or_last(basis));
    all.extend(added(basis));
    all.extend(token_of_a_presigned_url(basis));
    all
}

/// `;` taken for a separator.
fn semicolons(basis: &Basis) -> Option<Candidate> {
    basis.query.contains(';').then(|| {
        Candidate::new(
            "query-split-at-semicolon",
            "query-semicolon",
            Dimension::Query,
            "the query was split at ; as well as at &",
            Effect::Query(STYLE.write(&basis.query.replace(';', "&"))),
        )
    })
}

/// Each parameter in turn left out, and the last ones together: whoever adds some puts them at the
/// end. What AWS's own signers write is never added later.
fn added(basis: &Basis) -> Vec<Candidate> {
    /// More are not tried: each costs a hash and an HMAC.
    const MOST: usize = 24;
    let pairs: Vec<&str> = basis.query.split('&').collect();
    let one = |what: String, kept: &[&str]| {
        Candidate::new(
            "query-parameter-added",
            "query-changed",
            Dimension::Query,
            what,
            Effect::Query(STYLE.write(&kept.join("&"))),
        )
        .alone()
    };
    let is_own = |pair: &str| plain(pair).to_lowercase().starts_with("x-amz-");
    let mut all = Vec::new();
    for (index, pair) in pairs.iter().enumerate().take(MOST) {
        if pair.is_empty() || is_own(pair) {
            continue;
        }
        let name = plain(pair.split('=').next().unwrap_or_default());
        let mut kept = pairs.clone();
        kept.remove(index);
        all.push(one(
            format!("the parameter {name} was added after signing, or left out of what was signed"),
            &kept,
        ));
    }
    let at_the_end = pairs.iter().rev().take_while(|pair| !is_own(pair)).count();
    for count in 2..=at_the_end.min(MOST) {
        all.push(one(
            format!("the last {count} parameters were added after signing, or left out of what was signed"),
            pairs.get(..pairs.len() - count).unwrap_or_default(),
        ));
    }
    all
}

/// Only one value of a repeated name.
fn first_or_last(basis: &Basis) -> Vec<Candidate> {
    let name_of = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    let pairs: Vec<&str> = basis.query.split('&').collect();
    let kept = |pairs: &mut dyn Iterator<Item = &&str>| {
        let mut seen: Vec<String> = Vec::new();
        let mut kept: Vec<&str> = Vec::new();
        for pair in pairs {
            let name = name_of(pair);
            if !seen.contains(&name) {
                seen.push(name);
                kept.push(pair);
            }
        }
        STYLE.write(&kept.join("&"))
    };
    let one = |name, what: &'static str, query| {
        Candidate::new(
            name,
            "query-values-unsorted",
            Dimension::Query,
            what,
            Effect::Query(query),
        )
    };
    vec![
        one(
            "query-first-value-only",
            "of a repeated parameter only the first value was signed",
            kept(&mut pairs.iter()),
        ),
        one(
            "query-last-value-only",
            "of a repeated parameter only the last value was signed",
            kept(&mut pairs.iter().rev()),
        ),
    ]
}

/// The session token of a presigned URL is a parameter like any other.
fn token_of_a_presigned_url(basis: &Basis) -> Vec<Candidate> {
    const NAME: &str = "X-Amz-Security-Token";
    if basis.placement == Placement::Header {
        return Vec::new();
    }
    let without = without_parameter(&basis.query, NAME);
    let one = |name, what: &'static str, query: &str| {
        Candidate::new(
            name,
            "session-token-not-as-signed",
            Dimension::Query,
            what,
            Effect::Query(STYLE.write(query)),
        )
        .mended_by(Mending::SignSessionToken)
    };
    let mut all = vec![one(
        "token-parameter-left-out",
        "the session token was added to the URL after signing",
        &without,
    )];
    if let Some(token) = &basis.token {
        all.push(one(
            "token-parameter-of-the-profile",
            "the session token that was signed is the profile's; the URL has another or none",
            &format!("{without}&{NAME}={}", encoded(token)),
        ));
    }
    all
}
