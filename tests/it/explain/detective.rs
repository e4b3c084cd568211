//! Random good requests, signed in one wrong way or in two.

use bytes::Bytes;
use countersign::explain::GivenRequest;
use countersign::explain::detective::{Finding, Suspect, find, mutations};
use countersign::practice;
use countersign::sigv4::{Credentials, Echo, hash_hex};
use proptest::prelude::*;

use super::signer::{Plan, hmac};

fn keys() -> Credentials {
    Credentials::new(practice::ACCESS_KEY_ID, practice::SECRET_ACCESS_KEY)
}

fn found(plan: &Plan) -> Vec<Finding> {
    let request = plan.sign().request();
    let credentials = keys();
    find(&Suspect {
        request: &request,
        echo: None,
        hashed_payload: None,
        credentials: &credentials,
    })
}

/// A mistake made here by other means than the detective's: by editing texts.
#[derive(Clone, Copy, Debug)]
struct Mistake {
    /// What the detective calls it.
    name: &'static str,
    make: fn(&mut Plan),
}

/// Replaces a line (from 0) of the canonical request.
fn line(plan: &mut Plan, index: usize, change: fn(&str) -> String) {
    let before = std::mem::replace(&mut plan.canonical, Box::new(|text| text));
    plan.canonical = Box::new(move |text| {
        let text = before(text);
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        lines[index] = change(&lines[index]);
        lines.join("\n")
    });
}

fn edit(plan: &mut Plan, change: impl Fn(String) -> String + 'static) {
    let before = std::mem::replace(&mut plan.canonical, Box::new(|text| text));
    plan.canonical = Box::new(move |text| change(before(text)));
}

fn last_line(plan: &mut Plan, line: impl Fn(&str) -> String + 'static) {
    edit(plan, move |text| {
        let (head, last) = text.rsplit_once('\n').unwrap();
        format!("{head}\n{}", line(last))
    });
}

fn scoped(plan: &mut Plan, change: fn(&mut [String; 4])) {
    plan.key = Some(Box::new(move |plan| {
        let mut scope = plan.scope.clone();
        change(&mut scope);
        let start = format!("AWS4{}", plan.secret).into_bytes();
        scope
            .iter()
            .fold(start, |key, link| hmac(&key, link.as_bytes()))
    }));
}

const TEXT_MISTAKES: [Mistake; 16] = [
    Mistake {
        name: "path-as-on-the-wire",
        make: |plan| line(plan, 1, |path| path.replace("%25", "%")),
    },
    Mistake {
        name: "path-encoded-once-too-often",
        make: |plan| line(plan, 1, |path| path.replace('%', "%25")),
    },
    Mistake {
        name: "path-with-trailing-slash",
        make: |plan| line(plan, 1, |path| format!("{path}/")),
    },
    Mistake {
        name: "path-without-first-segment",
        make: |plan| line(plan, 1, |path| path.replacen("/prod", "", 1)),
    },
    Mistake {
        name: "query-left-out",
        make: |plan| line(plan, 2, |_| String::new()),
    },
    Mistake {
        name: "query-sorted-by-text",
        make: |plan| {
            line(plan, 2, |query| {
                let mut pairs: Vec<&str> = query.split('&').collect();
                pairs.sort_unstable();
                pairs.join("&")
            });
        },
    },
    Mistake {
        name: "query-space-as-plus",
        make: |plan| line(plan, 2, |query| query.replace("%20", "+")),
    },
    Mistake {
        name: "query-in-lower-case-hex",
        make: |plan| {
            line(plan, 2, |query| {
                let mut out = String::new();
                let mut left = 0;
                for c in query.chars() {
                    out.push(if left > 0 { c.to_ascii_lowercase() } else { c });
                    left = if c == '%' { 2_i32 } else { left - 1 };
                }
                out
            });
        },
    },
    Mistake {
        name: "host-with-port",
        make: |plan| line(plan, 4, |host| format!("{host}:443")),
    },
    Mistake {
        name: "host-in-upper-case",
        make: |plan| {
            line(plan, 4, |host| {
                format!("host:{}", host.trim_start_matches("host:").to_uppercase())
            });
        },
    },
    Mistake {
        name: "content-type-with-charset",
        make: |plan| line(plan, 3, |line| format!("{line}; charset=utf-8")),
    },
    Mistake {
        name: "payload-of-nothing",
        make: |plan| last_line(plan, |_| hash_hex(b"")),
    },
    Mistake {
        name: "payload-unsigned",
        make: |plan| last_line(plan, |_| "UNSIGNED-PAYLOAD".to_owned()),
    },
    Mistake {
        name: "payload-with-line-feed",
        make: |plan| {
            let hash = hash_hex(format!("{}\n", plan.body).as_bytes());
            last_line(plan, move |_| hash.clone());
        },
    },
    Mistake {
        name: "request-ends-with-line-feed",
        make: |plan| edit(plan, |text| text + "\n"),
    },
    Mistake {
        name: "request-with-crlf",
        make: |plan| edit(plan, |text| text.replace('\n', "\r\n")),
    },
];

const KEY_MISTAKES: [Mistake; 10] = [
    Mistake {
        name: "secret-with-line-feed",
        make: |plan| plan.secret.push('\n'),
    },
    Mistake {
        name: "secret-with-blank-before",
        make: |plan| plan.secret.insert(0, ' '),
    },
    Mistake {
        name: "secret-url-encoded",
        make: |plan| plan.secret = plan.secret.replace('/', "%2F"),
    },
    Mistake {
        name: "secret-is-the-key-id",
        make: |plan| plan.secret.clone_from(&plan.key_id),
    },
    Mistake {
        name: "region-in-upper-case-in-the-key",
        make: |plan| scoped(plan, |scope| "US-EAST-1".clone_into(&mut scope[1])),
    },
    Mistake {
        name: "another-date-in-the-key",
        make: |plan| scoped(plan, |scope| "20260101".clone_into(&mut scope[0])),
    },
    Mistake {
        name: "another-service-in-the-key",
        make: |plan| scoped(plan, |scope| "apigateway".clone_into(&mut scope[2])),
    },
    Mistake {
        name: "key-of-service-before-region",
        make: |plan| scoped(plan, |scope| scope.swap(1, 2)),
    },
    Mistake {
        name: "key-without-aws4",
        make: |plan| {
            plan.key = Some(Box::new(|plan| {
                let start = plan.secret.clone().into_bytes();
                plan.scope
                    .iter()
                    .fold(start, |key, link| hmac(&key, link.as_bytes()))
            }));
        },
    },
    Mistake {
        name: "string-ends-with-line-feed",
        make: |plan| plan.string = Box::new(|text| text + "\n"),
    },
];

/// Of long lists of values only the usual ones are tried together with other mistakes.
const LONE_MISTAKES: [Mistake; 2] = [
    Mistake {
        name: "another-region-in-the-key",
        make: |plan| scoped(plan, |scope| "eu-west-1".clone_into(&mut scope[1])),
    },
    Mistake {
        name: "another-method",
        make: |plan| line(plan, 0, |_| "GET".to_owned()),
    },
];

/// What a good request is made of.
#[derive(Clone, Debug)]
struct Request {
    path: String,
    query: String,
    body: String,
}

impl Request {
    fn plan(&self) -> Plan {
        Plan::new("POST", &format!("/prod/{}?{}", self.path, self.query))
            .with_header("content-type", "application/json")
            .with_body(&self.body)
    }
}

fn requests() -> impl Strategy<Value = Request> {
    (
        "[a-z]{1,8}%20[a-z0-9]{1,8}",
        "[b-y]{1,5}=[a-z]{1,4}%20[a-z]{1,4}%2F&z=[0-9]{1,3}",
        "\\{\"[a-z]{1,6}\": [1-9][0-9]{0,4}\\}",
    )
        .prop_map(|(path, query, body)| Request { path, query, body })
}

fn one_of(mistakes: &'static [Mistake]) -> impl Strategy<Value = Mistake> {
    (0..mistakes.len()).prop_map(move |index| mistakes[index])
}

/// The names of what each finding consists of.
fn names(findings: &[Finding]) -> Vec<Vec<&'static str>> {
    findings
        .iter()
        .map(|finding| finding.mutations.iter().map(|m| m.name).collect())
        .collect()
}

/// Whether the detective may name it at all: what changes nothing, or the same as a likelier one,
/// is not a mistake of its own.
fn is_distinct(request: &Request, mistake: Mistake) -> bool {
    let plan = request.plan();
    let given = plan.sign().request();
    let credentials = keys();
    let suspect = Suspect {
        request: &given,
        echo: None,
        hashed_payload: None,
        credentials: &credentials,
    };
    mutations(&suspect)
        .iter()
        .any(|mutation| mutation.name == mistake.name)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_mistake_is_named(
        request in requests(),
        mistake in prop_oneof![
            4 => one_of(&TEXT_MISTAKES),
            3 => one_of(&KEY_MISTAKES),
            1 => one_of(&LONE_MISTAKES),
        ],
    ) {
        let right = request.plan();
        prop_assert_eq!(names(&found(&right)), vec![Vec::<&str>::new()]);
        let mut plan = request.plan();
        (mistake.make)(&mut plan);
        prop_assume!(plan.signature() != right.signature());
        let named = names(&found(&plan));
        prop_assert!(!named.is_empty(), "{:?} is not found", mistake);
        if is_distinct(&request, mistake) {
            prop_assert!(named.contains(&vec![mistake.name]), "{:?}: {:?}", mistake, named);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_mistakes_are_named(
        request in requests(),
        text in one_of(&TEXT_MISTAKES),
        key in one_of(&KEY_MISTAKES),
    ) {
        let right = request.plan();
        let mut plan = request.plan();
        (text.make)(&mut plan);
        prop_assume!(plan.signature() != right.signature());
        let after_one = plan.signature();
        (key.make)(&mut plan);
        prop_assume!(plan.signature() != after_one);
        let named = names(&found(&plan));
        prop_assert_eq!(named.len(), 1);
        if is_distinct(&request, text) && is_distinct(&request, key) {
            prop_assert_eq!(&named[0], &vec![text.name, key.name]);
        } else {
            prop_assert_eq!(named[0].len(), 2);
        }
    }
}

/// What a mistake changes: two of the same exclude each other.
fn part(mistake: Mistake) -> &'static str {
    mistake.name.split('-').next().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_mistakes_in_the_text_are_named(
        request in requests(),
        first in one_of(&TEXT_MISTAKES),
        second in one_of(&TEXT_MISTAKES),
    ) {
        // What changes the lines' ends is done last, as a signer would.
        prop_assume!(part(first) != part(second) && part(first) != "request");
        let mut plan = request.plan();
        let mut signatures = vec![plan.signature()];
        for mistake in [first, second] {
            (mistake.make)(&mut plan);
            prop_assume!(!signatures.contains(&plan.signature()));
            signatures.push(plan.signature());
        }
        let mut named = names(&found(&plan));
        prop_assert_eq!(named.len(), 1);
        if is_distinct(&request, first) && is_distinct(&request, second) {
            let mut wanted = vec![first.name, second.name];
            wanted.sort_unstable();
            named[0].sort_unstable();
            prop_assert_eq!(&named[0], &wanted);
        }
    }
}

/// The request that was pasted is not the one that arrived, but the gateway tells what did.
#[test]
fn the_gateways_own_text_is_tried_with_the_key() {
    let mut plan = Request {
        path: "pets".into(),
        query: "z=1".into(),
        body: "{}".into(),
    }
    .plan();
    plan.secret.push('\n');
    let mut request = plan.sign().request();
    let steps = plan.steps();
    let echo = Echo {
        canonical_request: steps.canonical_request.unwrap(),
        string_to_sign: steps.string_to_sign.unwrap(),
    };
    let credentials = keys();
    let among = |request: &GivenRequest| {
        let found = find(&Suspect {
            request,
            echo: Some(&echo),
            hashed_payload: None,
            credentials: &credentials,
        });
        (found[0].on_echo, names(&found))
    };
    request.url.push_str("&added=on-the-way");
    request.body = Some(Bytes::from("{ }"));
    assert_eq!(among(&request), (true, vec![vec!["secret-with-line-feed"]]));
    // An Authorization header alone, beside the answer.
    request.url.clear();
    request.headers.clear();
    request.body = None;
    assert_eq!(
        among(&request),
        (false, vec![vec!["secret-with-line-feed"]])
    );
}

/// So that every pair stays within a few milliseconds: each try is a hash and an HMAC.
#[test]
fn the_tries_are_bounded() {
    let request = Request {
        path: "pets/a%20b".into(),
        query: "b=1&a=x%20y%2F&a=2&flag".into(),
        body: r#"{"a": 1}"#.into(),
    };
    let given = request.plan().sign().request();
    let credentials = keys();
    let count = mutations(&Suspect {
        request: &given,
        echo: None,
        hashed_payload: None,
        credentials: &credentials,
    })
    .len();
    assert!((120..=420).contains(&count), "{count}");
}
