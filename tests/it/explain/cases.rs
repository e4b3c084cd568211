//! One case or more for every cause: a request that is broken in that one way against the practice
//! gateway, or an answer of AWS where the gateway gives none.

use countersign::denial::{
    AccessDeniedReason, Denial, ForbiddenCause, MessageProfile, SIGNATURE_MISMATCH, ScopeFault,
    Service,
};
use countersign::explain::{Evidence, GivenAnswer, GivenRequest, Known};
use countersign::practice;
use countersign::sigv4::{Credentials, Echo, RequestDateTime};

use super::signer::{HOST, NOW, Plan, Wire, World, hmac, with_answer};

/// Evidence, what else is known, and the cause that must come first.
pub(crate) struct Case {
    pub(crate) code: &'static str,
    pub(crate) evidence: Evidence,
    keys: Option<Credentials>,
    now: Option<&'static str>,
    sent_at: Option<&'static str>,
    attempt: Option<u32>,
}

impl Case {
    pub(crate) fn known(&self) -> Known<'_> {
        let time = |text: Option<&'static str>| text.and_then(RequestDateTime::parse);
        Known {
            keys: self.keys.as_ref(),
            now: time(self.now),
            sent_at: time(self.sent_at),
            attempt: self.attempt,
            ..Known::default()
        }
    }

    fn knowing_the_keys(mut self) -> Self {
        self.keys = Some(Credentials::new(
            practice::ACCESS_KEY_ID,
            practice::SECRET_ACCESS_KEY,
        ));
        self
    }
}

fn case(code: &'static str, evidence: Evidence) -> Case {
    Case {
        code,
        evidence,
        keys: None,
        now: None,
        sent_at: None,
        attempt: None,
    }
}

/// The answer to a denial, as API Gateway gives it.
pub(crate) fn denied(denial: &Denial) -> GivenAnswer {
    answered(Service::ExecuteApi, denial, MessageProfile::Current)
}

fn answered(service: Service, denial: &Denial, profile: MessageProfile) -> GivenAnswer {
    let refusal = denial.refusal(service, profile, "3aa6efbe-6824-436d-8433-a0af57435fcf");
    let mut headers = vec![("x-amzn-RequestId".to_owned(), "3aa6efbe".to_owned())];
    if service == Service::ExecuteApi {
        headers.push(("x-amzn-ErrorType".to_owned(), refusal.code.to_owned()));
    }
    GivenAnswer::new(Some(refusal.status), headers, refusal.body)
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> GivenAnswer {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    GivenAnswer::new(Some(status), headers, body.to_owned())
}

fn body_alone(body: &str) -> Evidence {
    with_answer(None, GivenAnswer::new(None, Vec::new(), body.to_owned()))
}

/// What the client signed beside what the gateway received.
fn both_sides(world: &World, plan: &Plan, wire: &Wire) -> Evidence {
    Evidence {
        steps: Some(plan.steps()),
        ..world.send(wire)
    }
}

pub(crate) fn all(world: &World) -> Vec<Case> {
    let mut cases = signatures(world);
    cases.extend(keys_and_clocks(world));
    cases.extend(forms(world));
    cases.extend(older_words());
    cases.extend(scopes(world));
    cases.extend(paths(world));
    cases.extend(queries(world));
    cases.extend(headers(world));
    cases.extend(payloads(world));
    cases.extend(policies());
    cases.extend(forbidden(world));
    cases.extend(gateways());
    cases.extend(http_apis());
    cases.extend(sockets());
    cases.extend(token_services());
    cases.extend(others());
    cases.extend(other_services());
    cases.extend(with_keys(world));
    cases
}

/// Services that are not API Gateway, whose errors stand in the body alone.
fn other_services() -> Vec<Case> {
    let id = ("x-amzn-RequestId", "3aa6efbe");
    let sts = |status, code: &str, message: &str| {
        answer(
            status,
            &[id, ("content-type", "text/xml")],
            &format!(
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    \
                 <Type>Sender</Type>\n    <Code>{code}</Code>\n    <Message>{message}</Message>\n  \
                 </Error>\n</ErrorResponse>\n"
            ),
        )
    };
    let to_sts = || {
        let mut plan = Plan::new("POST", "/")
            .with_header("content-type", "application/x-www-form-urlencoded")
            .with_body("Action=GetCallerIdentity&Version=2011-06-15");
        "sts.us-east-1.amazonaws.com".clone_into(&mut plan.host);
        "sts".clone_into(&mut plan.scope[2]);
        plan
    };
    let request = || Some(to_sts().sign().request());
    let mismatch = || sts(403, "SignatureDoesNotMatch", SIGNATURE_MISMATCH);
    let body = serde_json::json!({
        "__type": "com.amazon.coral.service#InvalidSignatureException",
        "message": SIGNATURE_MISMATCH,
    });
    let dynamo = |body: &str| {
        with_answer(
            None,
            answer(
                400,
                &[id, ("content-type", "application/x-amz-json-1.0")],
                body,
            ),
        )
    };
    vec![
        case("signature-mismatch", with_answer(None, mismatch())),
        case("signature-mismatch", with_answer(request(), mismatch())),
        case("signature-mismatch", dynamo(&body.to_string())),
        case(
            "signature-mismatch",
            dynamo(r#"{"__type":"com.amazon.coral.service#InvalidSignatureException"}"#),
        ),
        // The client tells what it signed, and that is right.
        case(
            "wrong-secret",
            Evidence {
                steps: Some(to_sts().steps()),
                ..with_answer(request(), mismatch())
            },
        ),
        case("wrong-secret", with_answer(request(), mismatch())).knowing_the_keys(),
        case(
            "authorization-incomplete",
            with_answer(
                None,
                sts(
                    400,
                    "IncompleteSignature",
                    "Request must contain a signature that conforms to AWS standards.",
                ),
            ),
        ),
        case(
            "missing-authentication",
            with_answer(
                request(),
                sts(
                    403,
                    "MissingAuthenticationToken",
                    "Missing Authentication Token",
                ),
            ),
        ),
        case(
            "signature-mismatch",
            with_answer(
                None,
                answer(
                    403,
                    &[
                        ("x-amz-request-id", "3AA6"),
                        ("content-type", "application/xml"),
                    ],
                    "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we \
                     calculated does not match the signature you provided. Check your key and \
                     signing method.</Message></Error>",
                ),
            ),
        ),
        case(
            "cloudfront-blocked",
            with_answer(
                None,
                answer(
                    403,
                    &[("content-type", "text/html")],
                    "<HTML><TITLE>ERROR: The request could not be satisfied</TITLE></HTML>",
                ),
            ),
        ),
        case(
            "refusal-unknown",
            dynamo(r#"{"__type":"x#ResourceNotFoundException","message":"No such table"}"#),
        ),
        case(
            "cloudfront-blocked",
            with_answer(
                None,
                answer(
                    403,
                    &[
                        ("Server", "CloudFront"),
                        ("x-cache", "Error from cloudfront"),
                    ],
                    "<HTML><H2>The request could not be satisfied.</H2></HTML>",
                ),
            ),
        ),
        case(
            "cloudfront-blocked",
            with_answer(None, answer(403, &[("Server", "CloudFront")], "")),
        ),
    ]
}

/// With the keys at hand, what AWS says still comes first, and what cannot be reproduced is told.
fn with_keys(world: &World) -> Vec<Case> {
    let unanswered = |wire: &Wire| Evidence {
        answer: None,
        echo: None,
        ..with_answer(Some(wire.request()), GivenAnswer::default())
    };
    let mut other_secret = Plan::new("GET", "/prod/pets?type=dog");
    practice::WRONG_SECRET_ACCESS_KEY.clone_into(&mut other_secret.secret);
    let tampered =
        Plan::new("GET", "/prod/pets?type=dog").replacing("type=dog", "type=something-else");
    let mut longer = Plan::new("GET", "/prod/pets?type=dog").presign();
    longer.target.push_str("&x=1");
    let mut much_longer = longer.clone();
    much_longer.target.push_str("&y=2&z=3");
    let forbidden = with_answer(
        Some(Plan::new("GET", "/prod/pets").sign().request()),
        denied(&Denial::Forbidden(ForbiddenCause::ApiKey)),
    );
    let mut incomplete = Plan::new("GET", "/prod/pets").presign();
    incomplete.target = incomplete.target.replace("&X-Amz-SignedHeaders=host", "");
    let mut swapped = Plan::new("GET", "/prod/pets");
    "wJalrXUtnFEMI7K7MDENGbPxRfiCYEXAMPLEKEY0".clone_into(&mut swapped.key_id);
    let basic = Wire::new(
        "GET",
        "/prod/pets",
        &[
            ("x-amz-date", NOW),
            ("authorization", "Basic dXNlcjpwYXNzd29yZA=="),
        ],
    );
    let titled = |edit: fn(String) -> String| {
        let plan = Plan::new("GET", "/prod/pets").editing(edit);
        case("header-order", world.send(&plan.sign())).knowing_the_keys()
    };
    let of_this_machine = |sent: &str, signed: &'static str| {
        let mut plan = Plan::new("GET", "/prod/pets");
        sent.clone_into(&mut plan.host);
        let line = format!("host:{sent}\n");
        let plan = plan.replacing(&line, signed);
        case("host-mismatch", world.send(&plan.sign())).knowing_the_keys()
    };
    let with_body = |sent: &str, signed: &str| {
        let hash = countersign::sigv4::hash_hex(sent.as_bytes());
        let other = countersign::sigv4::hash_hex(signed.as_bytes());
        let plan = Plan::new("POST", "/prod/pets")
            .with_body(sent)
            .replacing(&hash, &other);
        case("body-changed", world.send(&plan.sign())).knowing_the_keys()
    };
    let body = r#"{"name":"Rex"}"#;
    let marked = format!("\u{feff}{body}");
    vec![
        case(
            "signature-not-of-these-keys",
            unanswered(&other_secret.sign()),
        )
        .knowing_the_keys(),
        case("signature-not-of-these-keys", unanswered(&tampered.sign())).knowing_the_keys(),
        case("query-changed", unanswered(&longer)).knowing_the_keys(),
        case("query-changed", unanswered(&much_longer)).knowing_the_keys(),
        case("query-changed", world.send(&longer)).knowing_the_keys(),
        case("wrong-secret", world.send(&other_secret.sign())).knowing_the_keys(),
        case("api-key-refused", forbidden).knowing_the_keys(),
        case("presigned-incomplete", world.send(&incomplete)).knowing_the_keys(),
        case("key-id-and-secret-swapped", world.send(&swapped.sign())),
        case("bearer-token-on-iam-route", world.send(&basic)),
        titled(|text| {
            text.replace("host:", "Host:")
                .replace("x-amz-date:", "X-Amz-Date:")
                .replace("host;x-amz-date", "Host;X-Amz-Date")
        }),
        titled(|text| {
            text.replace("host:", "Host:")
                .replace("x-amz-date:", "X-Amz-Date:")
        }),
        titled(|text| text.replace("host;x-amz-date", "Host;X-Amz-Date")),
        titled(|text| text.replace("x-amz-date:", "X-Amz-Date:")),
        case(
            "query-values-unsorted",
            world.send(
                &Plan::new("GET", "/prod/pets?a=2&a=1")
                    .replacing("a=1&a=2", "a=2&a=1")
                    .sign(),
            ),
        )
        .knowing_the_keys(),
        case(
            "volatile-header-signed",
            world.send(
                &Plan::new("GET", "/prod/pets")
                    .with_header("user-agent", "a client")
                    .sign()
                    .change("user-agent", |_| "a proxy".to_owned()),
            ),
        )
        .knowing_the_keys(),
        of_this_machine("localhost:8787", "host:127.0.0.1:8787\n"),
        of_this_machine("127.0.0.1:8787", "host:[::1]:8787\n"),
        of_this_machine("[::1]:8787", "host:localhost:8787\n"),
        with_body(body, &marked),
        with_body(&marked, body),
    ]
}

fn signatures(world: &World) -> Vec<Case> {
    let by_key = |derive: fn(&Plan) -> Vec<u8>| {
        let mut plan = Plan::new("GET", "/prod/pets");
        plan.key = Some(Box::new(derive));
        case("key-derivation", world.send(&plan.sign())).knowing_the_keys()
    };
    let laid_out = |edit: fn(String) -> String| {
        let plan = Plan::new("GET", "/prod/pets").editing(edit);
        case("canonical-layout", world.send(&plan.sign())).knowing_the_keys()
    };
    let mut string = Plan::new("GET", "/prod/pets");
    string.string = Box::new(|text| text + "\n");
    let upper = Plan::new("GET", "/prod/pets").sign();
    let upper = upper.change("authorization", |value| {
        let (head, signature) = value.rsplit_once('=').unwrap();
        format!("{head}={}", signature.to_uppercase())
    });
    let by_steps = {
        let plan = Plan::new("GET", "/prod/pets").editing(|text| text + "\n");
        both_sides(world, &plan, &plan.sign())
    };
    vec![
        by_key(|plan| {
            let start = format!("AWS4{}", plan.secret);
            plan.scope.iter().fold(start.into_bytes(), |key, link| {
                hex::encode(hmac(&key, link.as_bytes())).into_bytes()
            })
        }),
        by_key(|plan| {
            plan.scope
                .iter()
                .fold(plan.secret.clone().into_bytes(), |key, link| {
                    hmac(&key, link.as_bytes())
                })
        }),
        laid_out(|text| text + "\n"),
        laid_out(|text| {
            text.replace("\n\n", "\n")
                .replacen("/prod/pets\n", "/prod/pets\n\n", 1)
        }),
        case("canonical-layout", world.send(&string.sign())).knowing_the_keys(),
        case("canonical-layout", by_steps),
        case("signature-encoding", world.send(&upper)).knowing_the_keys(),
        case(
            "method-mismatch",
            world.send(
                &Plan::new("POST", "/prod/pets")
                    .replacing("POST", "post")
                    .sign(),
            ),
        )
        .knowing_the_keys(),
        case(
            "signature-mismatch",
            body_alone(&serde_json::json!({"message": SIGNATURE_MISMATCH}).to_string()),
        ),
        case(
            "signature-right",
            Evidence {
                answer: None,
                ..world.send(&Plan::new("GET", "/prod/pets").sign())
            },
        )
        .knowing_the_keys(),
    ]
}

fn keys_and_clocks(world: &World) -> Vec<Case> {
    let at = |time: &str| {
        let mut plan = Plan::new("GET", "/prod/pets");
        time.clone_into(&mut plan.time);
        plan
    };
    let with_key = |id: &str| {
        let mut plan = Plan::new("GET", "/prod/pets");
        id.clone_into(&mut plan.key_id);
        plan
    };
    let with_secret = |secret: &str| {
        let mut plan = Plan::new("GET", "/prod/pets");
        secret.clone_into(&mut plan.secret);
        plan
    };
    let slow = world.send(&at("20260102T024405Z").sign());
    let wrong = with_secret(practice::WRONG_SECRET_ACCESS_KEY);
    let wrong_answer = world.send(&wrong.sign());
    let token =
        |token: &str| Plan::new("GET", "/prod/pets").with_header("x-amz-security-token", token);
    let token_lost = {
        let plan = token("AAAAAAAAAAAA");
        let echo = Echo {
            canonical_request: plan
                .steps()
                .canonical_request
                .unwrap()
                .replace("AAAAAAAAAAAA", "BBBBBBBBBBBB"),
            string_to_sign: plan.steps().string_to_sign.unwrap(),
        };
        let answer = denied(&Denial::SignatureMismatch(echo));
        Evidence {
            steps: Some(plan.steps()),
            ..with_answer(Some(plan.sign().request()), answer)
        }
    };
    let mut later = at("20260102T030505Z");
    NOW.clone_into(&mut later.time);
    let moved = later
        .sign()
        .change("x-amz-date", |_| "20260102T030505Z".to_owned());
    let mut dashed = at("2026-01-02T03:04:05Z");
    "20260102".clone_into(&mut dashed.scope[0]);
    vec![
        case("clock-slow", slow.clone()),
        case("clock-fast", world.send(&at("20260102T032405Z").sign())),
        case(
            "presigned-expired",
            world.send(&at("20260102T025005Z").presign()),
        ),
        Case {
            sent_at: Some(NOW),
            attempt: Some(2),
            ..case("stale-retry", slow.clone())
        },
        Case {
            sent_at: Some(NOW),
            attempt: Some(1),
            ..case("paused-before-send", slow.clone())
        },
        Case {
            now: Some(NOW),
            ..case("paused-before-send", slow)
        },
        case("date-format", world.send(&dashed.sign())),
        case("time-not-as-sent", both_sides(world, &later, &moved)),
        Case {
            keys: Some(Credentials::new(
                practice::ACCESS_KEY_ID,
                practice::WRONG_SECRET_ACCESS_KEY,
            )),
            ..case("wrong-secret", wrong_answer.clone())
        },
        case(
            "wrong-secret",
            Evidence {
                steps: Some(wrong.steps()),
                ..wrong_answer
            },
        ),
        case(
            "secret-whitespace",
            world.send(&with_secret(&format!("{}\n", practice::SECRET_ACCESS_KEY)).sign()),
        )
        .knowing_the_keys(),
        case(
            "key-id-malformed",
            world.send(&with_key("AKIAIOSFODNN7EXA MPLE").sign()),
        ),
        case(
            "key-id-and-secret-swapped",
            world.send(&with_key(practice::SECRET_ACCESS_KEY).sign()),
        ),
        case(
            "session-token-missing",
            world.send(&with_key("ASIAIOSFODNN7EXAMPLE").sign()),
        ),
        case(
            "session-token-invalid",
            world.send(&token("no-token-of-a-session").sign()),
        ),
        case(
            "session-expired",
            body_alone(r#"{"message":"The security token included in the request is expired"}"#),
        ),
        case("session-token-not-as-signed", token_lost),
        case(
            "key-unknown",
            world.send(&with_key("AKIAIOSFODNN7UNKNOWN").sign()),
        ),
        case(
            "key-unknown",
            body_alone(r#"{"message":"The security token included in the request is invalid."}"#),
        ),
    ]
}

fn forms(world: &World) -> Vec<Case> {
    let wire = |authorization: &str| {
        Wire::new(
            "GET",
            "/prod/pets",
            &[("x-amz-date", NOW), ("authorization", authorization)],
        )
    };
    let scope = "20260102/us-east-1/execute-api/aws4_request";
    let id = practice::ACCESS_KEY_ID;
    let zeros = "0".repeat(64);
    let right = Plan::new("GET", "/prod/pets").sign();
    let with = |from: &str, to: &str| {
        right
            .clone()
            .change("authorization", |value| value.replace(from, to))
    };
    let both = {
        let mut presigned = Plan::new("GET", "/prod/pets").presign();
        presigned
            .headers
            .extend(right.headers.iter().skip(1).cloned());
        presigned
    };
    let mut incomplete = Plan::new("GET", "/prod/pets").presign();
    incomplete.target = incomplete.target.replace("&X-Amz-SignedHeaders=host", "");
    vec![
        case(
            "missing-authentication",
            world.send(&Wire::new("GET", "/prod/pets", &[])),
        ),
        case(
            "route-unknown",
            world.send(&Plan::new("GET", "/prod/nothing").sign()),
        ),
        case(
            "bearer-token-on-iam-route",
            world.send(&wire("Bearer abcdef")),
        ),
        case(
            "header-name-in-value",
            world.send(&wire(&format!(
                "Authorization: AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders=host, \
                 Signature={zeros}"
            ))),
        ),
        case(
            "authorization-malformed",
            world.send(&wire(&format!(
                "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders=host, Signature"
            ))),
        ),
        case(
            "authorization-incomplete",
            world.send(&wire(&format!(
                "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders=host"
            ))),
        ),
        case("presigned-incomplete", world.send(&incomplete)),
        case("both-placements", world.send(&both)),
        case(
            "both-placements",
            Evidence {
                answer: None,
                ..world.send(&both)
            },
        ),
        case(
            "algorithm-unsupported",
            world.send(&with("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA25")),
        ),
        case(
            "credential-malformed",
            world.send(&with("/us-east-1/execute-api", "/us-east-1")),
        ),
        case(
            "host-not-signed",
            world.send(&with("host;x-amz-date", "x-amz-date")),
        ),
        case(
            "query-escape-broken",
            world.send(&Plan::new("GET", "/prod/pets?a=%zz").sign()),
        ),
    ]
}

/// The same faults in AWS's older words.
fn older_words() -> Vec<Case> {
    let of = |denial: &Denial| {
        with_answer(
            None,
            answered(Service::ExecuteApi, denial, MessageProfile::Classic),
        )
    };
    let header = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE, x";
    vec![
        case(
            "bearer-token-on-iam-route",
            of(&Denial::NotKeyValue {
                token: "abcdef".into(),
                header: "Bearer abcdef".into(),
            }),
        ),
        case(
            "authorization-malformed",
            of(&Denial::NotKeyValue {
                token: "x".into(),
                header: header.into(),
            }),
        ),
        case(
            "authorization-incomplete",
            of(&Denial::MissingHeaderParameters {
                missing: vec!["Signature", "Date"],
                header: header.into(),
            }),
        ),
        case("host-not-signed", of(&Denial::HostNotSigned)),
        case(
            "region-mismatch",
            of(&Denial::CredentialScope(vec![ScopeFault::Region {
                given: "eu-west-1".into(),
            }])),
        ),
    ]
}

fn scopes(world: &World) -> Vec<Case> {
    let scoped = |index: usize, value: &str| {
        let mut plan = Plan::new("GET", "/prod/pets");
        value.clone_into(&mut plan.scope[index]);
        plan
    };
    let mut domain = scoped(1, "eu-west-1");
    "api.example.com".clone_into(&mut domain.host);
    vec![
        case(
            "region-mismatch",
            world.send(&scoped(1, "eu-west-1").sign()),
        ),
        case(
            "region-mismatch",
            Evidence {
                answer: None,
                ..world.send(&scoped(1, "eu-west-1").sign())
            },
        ),
        case(
            "region-mismatch",
            body_alone(
                r#"{"message":"Credential should be scoped to a valid region, not 'us-east-1'. "}"#,
            ),
        ),
        case("edge-domain-region", world.send(&domain.sign())),
        case("service-mismatch", world.send(&scoped(2, "lambda").sign())),
        case(
            "scope-date-mismatch",
            world.send(&scoped(0, "20260101").sign()),
        ),
        case("scope-terminator", world.send(&scoped(3, "aws4").sign())),
    ]
}

fn paths(world: &World) -> Vec<Case> {
    let path = |code, target: &str, right: &str, wrong: &str| {
        let plan = Plan::new("GET", target).replacing(right, wrong);
        case(code, world.send(&plan.sign())).knowing_the_keys()
    };
    let told = |code, target: &str, right: &str, wrong: &str| {
        let plan = Plan::new("GET", target).replacing(right, wrong);
        case(code, both_sides(world, &plan, &plan.sign()))
    };
    let mut all = Vec::new();
    for (code, target, right, wrong) in [
        ("path-encoded-once", "/prod/pets/a%20b", "a%2520b", "a%20b"),
        (
            "path-encoded-too-often",
            "/prod/pets/a%20b",
            "a%2520b",
            "a%252520b",
        ),
        ("path-decoded", "/prod/pets/a%20b", "a%2520b", "a b"),
        (
            "path-reserved-characters",
            "/prod/pets/a:b%20c",
            "a%3Ab%2520c",
            "a:b%2520c",
        ),
        ("path-slashes", "/prod/pets/a/", "/pets/a/", "/pets/a"),
        ("path-not-as-sent", "/prod/pets", "/prod/pets", "/pets"),
        (
            "query-in-path",
            "/prod/pets?a=1",
            "/prod/pets\na=1",
            "/prod/pets?a=1\n",
        ),
    ] {
        all.push(path(code, target, right, wrong));
        all.push(told(code, target, right, wrong));
    }
    all.push(path("path-slashes", "/prod/pets//a", "/pets/a", "/pets//a"));
    all
}

fn queries(world: &World) -> Vec<Case> {
    let mut all = Vec::new();
    for (code, query, right, wrong) in [
        (
            "query-unsorted",
            "type=dog&page=1",
            "page=1&type=dog",
            "type=dog&page=1",
        ),
        ("query-sort-order", "a=2&a-b=1", "a=2&a-b=1", "a-b=1&a=2"),
        ("query-values-unsorted", "b=1&a=2&a=1", "a=1&a=2", "a=2&a=1"),
        ("query-missing-equals", "x=1&flag", "flag=&x=1", "flag&x=1"),
        ("query-plus", "q=a+b", "q=a%20b", "q=a+b"),
        ("query-escaping", "q=%2A(x)", "q=%2A%28x%29", "q=*(x)"),
        ("query-semicolon", "a=1;b=2", "a=1%3Bb%3D2", "a=1&b=2"),
        ("query-not-signed", "a=1", "\na=1\n", "\n\n"),
    ] {
        let plan = Plan::new("GET", &format!("/prod/pets?{query}")).replacing(right, wrong);
        let evidence = world.send(&plan.sign());
        all.push(case(code, evidence.clone()).knowing_the_keys());
        all.push(case(
            code,
            Evidence {
                steps: Some(plan.steps()),
                ..evidence
            },
        ));
    }
    let plan = Plan::new("GET", "/prod/pets?a=1").replacing("a=1", "c=3");
    all.push(case(
        "query-changed",
        both_sides(world, &plan, &plan.sign()),
    ));
    all
}

fn headers(world: &World) -> Vec<Case> {
    let plan = || Plan::new("GET", "/prod/pets");
    let known = |code, plan: &Plan| case(code, world.send(&plan.sign())).knowing_the_keys();
    let typed = plan()
        .with_header("content-type", "application/json")
        .replacing("application/json", "application/json; charset=utf-8");
    let demo = plan().with_header("x-demo", "one");
    let agent = plan().with_header("user-agent", "a/1");
    let order = plan().editing(|text| {
        text.replace(
            &format!("host:{HOST}\nx-amz-date:{NOW}\n\nhost;x-amz-date"),
            &format!("x-amz-date:{NOW}\nhost:{HOST}\n\nx-amz-date;host"),
        )
    });
    let order_wire = order.sign().change("authorization", |value| {
        value.replace("host;x-amz-date", "x-amz-date;host")
    });
    let mut unlisted = plan();
    unlisted
        .unsigned
        .push(("x-extra".to_owned(), "1".to_owned()));
    let unlisted = unlisted.editing(|text| {
        text.replace(
            "\n\nhost;x-amz-date",
            "\nx-extra:1\n\nhost;x-amz-date;x-extra",
        )
    });
    vec![
        known(
            "host-mismatch",
            &plan().replacing(HOST, &format!("{HOST}:443")),
        ),
        known("content-type-changed", &typed),
        case(
            "content-type-changed",
            both_sides(world, &typed, &typed.sign()),
        ),
        case(
            "signed-header-missing",
            world.send(&demo.sign().without("x-demo")),
        ),
        case(
            "signed-header-missing",
            both_sides(world, &demo, &demo.sign().without("x-demo")),
        ),
        case(
            "volatile-header-signed",
            both_sides(
                world,
                &agent,
                &agent.sign().change("user-agent", |_| "b/2".to_owned()),
            ),
        ),
        case(
            "signed-header-changed",
            both_sides(
                world,
                &demo,
                &demo.sign().change("x-demo", |_| "two".to_owned()),
            ),
        ),
        known(
            "header-whitespace",
            &plan()
                .with_header("x-demo", "a   b")
                .replacing("x-demo:a b", "x-demo:a   b"),
        ),
        case("header-order", world.send(&order_wire)).knowing_the_keys(),
        case("header-order", both_sides(world, &order, &order_wire)),
        known("signed-headers-differ", &unlisted),
        case("host-mismatch", {
            let plan = plan().replacing(HOST, "other.example");
            both_sides(world, &plan, &plan.sign())
        }),
    ]
}

fn payloads(world: &World) -> Vec<Case> {
    let spaced = r#"{"name": "Rex", "age": 3}"#;
    let plan = || Plan::new("POST", "/prod/pets").with_body(spaced);
    let hash = |body: &str| countersign::sigv4::hash_hex(body.as_bytes());
    let mut all = Vec::new();
    for (code, wrong) in [
        ("body-changed", hash(r#"{"name":"Rex","age":3}"#)),
        ("body-changed", hash(&format!("{spaced}\n"))),
        ("body-not-signed", hash("")),
        ("unsigned-payload", "UNSIGNED-PAYLOAD".to_owned()),
    ] {
        let plan = plan().replacing(&hash(spaced), &wrong);
        let evidence = world.send(&plan.sign());
        all.push(case(code, evidence.clone()).knowing_the_keys());
        all.push(case(
            code,
            Evidence {
                steps: Some(plan.steps()),
                ..evidence
            },
        ));
    }
    let claimed = plan()
        .with_header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        .replacing(&hash(spaced), "UNSIGNED-PAYLOAD");
    all.push(case(
        "unsigned-payload",
        Evidence {
            request: None,
            ..world.send(&claimed.sign())
        },
    ));
    all
}

fn policies() -> Vec<Case> {
    let denied_by = |caller: &str, reason, profile| {
        let denial = Denial::AccessDenied {
            caller: caller.to_owned(),
            resource: "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/prod/GET/pets".into(),
            reason,
        };
        with_answer(None, answered(Service::ExecuteApi, &denial, profile))
    };
    let alice = "arn:aws:iam::111122223333:user/alice";
    let now = MessageProfile::Current;
    let older = MessageProfile::Classic;
    use AccessDeniedReason as Reason;
    vec![
        case(
            "identity-policy-silent",
            denied_by(alice, Reason::NoIdentityPolicy, now),
        ),
        case(
            "identity-policy-deny",
            denied_by(alice, Reason::ExplicitDenyInIdentityPolicy, now),
        ),
        case(
            "resource-policy-silent",
            denied_by(alice, Reason::NoResourcePolicy, now),
        ),
        case(
            "resource-policy-deny",
            denied_by(alice, Reason::ExplicitDenyInResourcePolicy, now),
        ),
        case(
            "policy-silent",
            denied_by(alice, Reason::NoIdentityPolicy, older),
        ),
        case(
            "policy-deny",
            denied_by(alice, Reason::ExplicitDenyInIdentityPolicy, older),
        ),
        case(
            "anonymous-caller",
            denied_by("anonymous", Reason::NoResourcePolicy, now),
        ),
        case(
            "authorizer-deny",
            body_alone(
                r#"{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}"#,
            ),
        ),
        case(
            "authorizer-policy-narrow",
            body_alone(r#"{"Message":"User is not authorized to access this resource"}"#),
        ),
    ]
}

fn forbidden(world: &World) -> Vec<Case> {
    let denial = Denial::Forbidden(ForbiddenCause::ApiKey);
    let to = |host: &str, more: &[(&str, &str)]| {
        let mut wire = Wire::new("GET", "/prod/pets", more);
        host.clone_into(&mut wire.headers[0].1);
        with_answer(Some(wire.request()), denied(&denial))
    };
    vec![
        case(
            "api-key-refused",
            world.send(&Plan::new("POST", "/prod/orders").with_body("{}").sign()),
        ),
        case("api-key-refused", body_alone(r#"{"message":"Forbidden"}"#)),
        case(
            "api-key-source",
            to(
                HOST,
                &[
                    ("x-api-key", "apikey1234abcdefghij"),
                    ("authorization", "Bearer abc"),
                ],
            ),
        ),
        case("stage-missing", world.send(&Wire::new("GET", "/", &[]))),
        case("domain-unmapped", to("api.example.com", &[])),
        case(
            "private-api-host",
            to(
                "vpce-0123-abcd.execute-api.us-east-1.vpce.amazonaws.com",
                &[],
            ),
        ),
        case("firewall", {
            let mut evidence = to(HOST, &[]);
            let given = evidence.answer.as_mut().unwrap();
            given
                .headers
                .push(("x-amzn-waf-action".into(), "block".into()));
            evidence
        }),
    ]
}

fn gateways() -> Vec<Case> {
    let of = |denial: &Denial| with_answer(None, denied(denial));
    let rest = |status, kind: &str, body: &str| {
        with_answer(
            None,
            answer(
                status,
                &[("x-amzn-RequestId", "3aa6efbe"), ("x-amzn-ErrorType", kind)],
                body,
            ),
        )
    };
    let failed = r#"{"message": "Internal server error"}"#;
    vec![
        case("authorizer-unauthorized", of(&Denial::Unauthorized)),
        case(
            "identity-token-expired",
            rest(
                401,
                "UnauthorizedException",
                r#"{"message":"The incoming token has expired"}"#,
            ),
        ),
        case("authorizer-failed", of(&Denial::AuthorizerConfiguration)),
        case("authorizer-failed", body_alone(r#"{"message":null}"#)),
        case(
            "uri-too-long",
            rest(
                414,
                "RequestTooLargeException",
                r#"{"message":"Request URI too long"}"#,
            ),
        ),
        case(
            "request-parameters-missing",
            of(&Denial::MissingParameters(vec![
                "q1".into(),
                "issuer".into(),
            ])),
        ),
        case("request-body-invalid", of(&Denial::InvalidBody)),
        case("media-type-unsupported", of(&Denial::UnsupportedMediaType)),
        case("body-too-large", of(&Denial::RequestTooLarge)),
        case(
            "headers-too-large",
            rest(
                431,
                "BadRequestException",
                r#"{"message":"Request Header Fields Too Large"}"#,
            ),
        ),
        case("throttled", of(&Denial::Throttled)),
        case("quota-exceeded", of(&Denial::QuotaExceeded)),
        case("integration-malformed", of(&Denial::IntegrationFailure)),
        case("integration-malformed", body_alone(failed)),
        case(
            "integration-permission",
            rest(500, "InternalServerErrorException", failed),
        ),
        case("integration-timeout", of(&Denial::IntegrationTimeout)),
        case(
            "endpoint-unreachable",
            rest(
                504,
                "InternalServerErrorException",
                r#"{"message":"Network error communicating with endpoint"}"#,
            ),
        ),
        case(
            "api-configuration",
            rest(500, "ApiConfigurationException", failed),
        ),
    ]
}

fn http_apis() -> Vec<Case> {
    let http = |status, more: &[(&str, &str)], body: &str| {
        let headers = [&[("apigw-requestid", "BvrtujDgDoEEMqg=")], more].concat();
        with_answer(
            Some(Plan::new("GET", "/pets").sign().request()),
            answer(status, &headers, body),
        )
    };
    let unauthorized = r#"{"message":"Unauthorized"}"#;
    let bearer = |rest: &str| format!(r#"Bearer scope="" {rest}"#);
    let audience = bearer(
        r#"error="invalid_token" error_description="the token does not have a valid audience""#,
    );
    let expired = bearer(r#"error="invalid_token" error_description="the token has expired""#);
    let scope = bearer(r#"error="insufficient_scope""#);
    vec![
        case(
            "http-api-forbidden",
            http(403, &[], r#"{"message":"Forbidden"}"#),
        ),
        case(
            "clock-slow",
            http(
                403,
                &[("date", "Fri, 02 Jan 2026 03:34:05 GMT")],
                r#"{"message":"Forbidden"}"#,
            ),
        ),
        case(
            "http-api-route-unknown",
            http(404, &[], r#"{"message":"Not Found"}"#),
        ),
        case("http-api-unauthorized", http(401, &[], unauthorized)),
        case(
            "jwt-audience",
            http(401, &[("www-authenticate", &audience)], unauthorized),
        ),
        case(
            "jwt-refused",
            http(401, &[("www-authenticate", &expired)], unauthorized),
        ),
        case(
            "jwt-scope-missing",
            http(
                403,
                &[("www-authenticate", &scope)],
                r#"{"message":"Forbidden"}"#,
            ),
        ),
        case(
            "http-api-integration",
            http(500, &[], r#"{"message":"Internal Server Error"}"#),
        ),
        case(
            "http-api-unavailable",
            http(503, &[], r#"{"message":"Service Unavailable"}"#),
        ),
        case(
            "http-api-timeout",
            http(504, &[], r#"{"message":"Gateway Timeout"}"#),
        ),
    ]
}

fn sockets() -> Vec<Case> {
    let connection = |status, kind: &str, body: &str| {
        let wire = Plan::new("POST", "/prod/%40connections/R0oXeck").sign();
        with_answer(
            Some(wire.request()),
            answer(status, &[("x-amzn-ErrorType", kind)], body),
        )
    };
    let handshake = GivenRequest {
        url: format!("wss://{HOST}/prod"),
        ..Wire::new("GET", "/prod", &[]).request()
    };
    vec![
        case(
            "websocket-message-refused",
            body_alone(
                r#"{"message": "Forbidden", "connectionId":"eHrdFcnvvHcCE-w=", "requestId":"eHrjDEuVPHcFWMg="}"#,
            ),
        ),
        case(
            "websocket-integration",
            body_alone(
                r#"{"message": "Internal server error", "connectionId":"eHrdFcnvvHcCE-w=", "requestId":"eHrjDEuVPHcFWMg="}"#,
            ),
        ),
        case(
            "websocket-handshake-refused",
            with_answer(Some(handshake), answer(401, &[("connection", "close")], "")),
        ),
        case("connection-gone", connection(410, "GoneException", "")),
        case(
            "connection-id-malformed",
            connection(
                400,
                "BadRequestException",
                r#"{"message":"Invalid connectionId: x"}"#,
            ),
        ),
    ]
}

fn token_services() -> Vec<Case> {
    let sts = |denial: &Denial| {
        with_answer(
            None,
            answered(Service::Sts, denial, MessageProfile::Current),
        )
    };
    let error = |status, code: &str, message: &str| {
        with_answer(
            None,
            answer(
                status,
                &[
                    ("content-type", "text/xml"),
                    ("x-amzn-RequestId", "3aa6efbe"),
                ],
                &format!(
                    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
                     <Error>\n    <Type>Sender</Type>\n    <Code>{code}</Code>\n    \
                     <Message>{message}</Message>\n  </Error>\n</ErrorResponse>\n"
                ),
            ),
        )
    };
    vec![
        case(
            "role-not-assumable",
            sts(&Denial::AssumeRoleDenied {
                caller: "arn:aws:iam::111122223333:user/alice".into(),
                role: practice::ROLE_ARN.into(),
            }),
        ),
        case(
            "root-cannot-assume",
            error(
                403,
                "AccessDenied",
                "Roles may not be assumed by root accounts.",
            ),
        ),
        case("role-chaining-hour", sts(&Denial::RoleChainingTooLong)),
        case("session-too-long", sts(&Denial::SessionTooLong)),
        case(
            "sts-parameter-invalid",
            sts(&Denial::InvalidParameter {
                value: Some("x y".into()),
                parameter: "roleSessionName",
                constraint: r"Member must satisfy regular expression pattern: [\w+=,.@-]*",
            }),
        ),
        case(
            "arn-invalid",
            sts(&Denial::InvalidArn("arn:aws:iam::x".into())),
        ),
        case(
            "session-policy-malformed",
            error(400, "MalformedPolicyDocument", "Syntax errors in policy."),
        ),
        case(
            "session-policy-too-large",
            error(
                400,
                "PackedPolicyTooLarge",
                "Packed size of policy exceeds the limit.",
            ),
        ),
        case(
            "sts-region-disabled",
            error(
                403,
                "RegionDisabledException",
                "STS is not activated in this region.",
            ),
        ),
        case(
            "sts-action-unknown",
            sts(&Denial::InvalidAction {
                action: "Assume".into(),
                version: "2011-06-15".into(),
            }),
        ),
        case(
            "sso-token-invalid",
            body_alone(
                r#"{"message":"Session token not found or invalid","__type":"com.amazonaws.switchboard.portal#UnauthorizedException"}"#,
            ),
        ),
        case(
            "sso-refresh-failed",
            body_alone(
                "Error when retrieving token from sso: Token has expired and refresh failed",
            ),
        ),
        case(
            "sso-session-expired",
            body_alone(
                "The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile",
            ),
        ),
        case(
            "sso-grant-over",
            body_alone(r#"{"error":"invalid_grant","__type":"InvalidGrantException"}"#),
        ),
    ]
}

fn others() -> Vec<Case> {
    let html = "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>\
                <BODY><H1>403 ERROR</H1>Bad request. Generated by cloudfront (CloudFront)</BODY></HTML>";
    vec![
        case(
            "lambda-url-forbidden",
            with_answer(
                None,
                answer(
                    403,
                    &[
                        ("x-amzn-RequestId", "3aa6efbe"),
                        ("x-amzn-ErrorType", "AccessDeniedException"),
                    ],
                    r#"{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}"#,
                ),
            ),
        ),
        case(
            "cloudfront-blocked",
            with_answer(None, answer(403, &[("server", "CloudFront")], html)),
        ),
        case(
            "operation-unknown",
            body_alone(
                r#"{"Message":"Unable to determine service/operation name to be authorized"}"#,
            ),
        ),
        case(
            "backend-refused",
            with_answer(
                None,
                answer(
                    401,
                    &[
                        ("x-amzn-RequestId", "3aa6efbe"),
                        ("x-amz-apigw-id", "Rtv0-HmFoAMEm8g="),
                    ],
                    r#"{"message":"Invalid API Key"}"#,
                ),
            ),
        ),
        case(
            "backend-failed",
            with_answer(
                None,
                answer(
                    500,
                    &[
                        ("x-amzn-RequestId", "3aa6efbe"),
                        ("x-amz-apigw-id", "Rtv0-HmFoAMEm8g="),
                    ],
                    r#"{"error":"database"}"#,
                ),
            ),
        ),
        case(
            "not-api-gateway",
            with_answer(None, answer(403, &[("server", "nginx")], "<h1>403</h1>")),
        ),
        case(
            "refusal-unknown",
            body_alone(r#"{"message":"The moon is full"}"#),
        ),
    ]
}
