//! Every cause is told first where it is the one, and the detective names what a signer did.

#[path = "explain/cases.rs"]
mod cases;
#[path = "explain/cli.rs"]
mod cli;
#[path = "explain/detective.rs"]
mod detective;
#[path = "explain/signer.rs"]
mod signer;

use std::collections::BTreeSet;

use countersign::explain::{Likelihood, catalogue, explain};

use signer::World;

#[test]
fn every_cause_has_a_case_in_which_it_is_told_first() {
    let world = World::start();
    let cases = cases::all(&world);
    world.stop();
    let mut wrong = Vec::new();
    for case in &cases {
        let told = explain(&case.evidence, &case.known());
        let codes: Vec<(&str, Likelihood)> = told
            .causes
            .iter()
            .map(|cause| (cause.code, cause.likelihood))
            .collect();
        if codes.first().map(|(code, _)| *code) != Some(case.code) {
            let message = case
                .evidence
                .answer
                .as_ref()
                .map(|a| (a.status, a.message.clone()));
            wrong.push(format!("{}: {codes:?}\n    {message:?}", case.code));
        }
        for cause in &told.causes {
            assert!(
                !cause.title.is_empty() && !cause.fix.is_empty(),
                "{}",
                cause.code
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let tried: BTreeSet<&str> = cases.iter().map(|case| case.code).collect();
    let known: BTreeSet<&str> = catalogue().map(|entry| entry.code).collect();
    let missing: Vec<&&str> = known.difference(&tried).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
    assert_eq!(tried.difference(&known).count(), 0);
    assert!(known.len() >= 100, "{}", known.len());
}

/// A right signature beside another fault is told of with that fault, not as a cause.
#[test]
fn a_right_signature_is_no_cause_of_a_refusal() {
    let request = signer::Plan::new("GET", "/prod/pets").sign().request();
    let forbidden =
        countersign::denial::Denial::Forbidden(countersign::denial::ForbiddenCause::ApiKey);
    let evidence = signer::with_answer(Some(request), cases::denied(&forbidden));
    let keys = countersign::sigv4::Credentials::new(
        countersign::practice::ACCESS_KEY_ID,
        countersign::practice::SECRET_ACCESS_KEY,
    );
    let known = countersign::explain::Known {
        keys: Some(&keys),
        ..countersign::explain::Known::default()
    };
    let told = explain(&evidence, &known);
    assert!(
        told.causes
            .iter()
            .all(|cause| cause.code != "signature-right")
    );
    let evidence = told.first().unwrap().evidence.join("\n");
    assert!(evidence.contains("the signature is right"), "{evidence}");
}

/// Of an answer alone, the text that it repeats still shows something.
#[test]
fn an_echo_alone_shows_what_arrived() {
    let plan = signer::Plan::new("POST", "/prod/a%20b?x=1&y=a%20b");
    let steps = plan.steps();
    let echo = countersign::sigv4::Echo {
        canonical_request: steps.canonical_request.unwrap(),
        string_to_sign: steps.string_to_sign.unwrap(),
    };
    let answer = cases::denied(&countersign::denial::Denial::SignatureMismatch(echo));
    let told = explain(
        &signer::with_answer(None, answer),
        &countersign::explain::Known::default(),
    );
    let first = told.first().unwrap();
    assert_eq!(first.code, "signature-mismatch");
    let seen = first.evidence.join("\n");
    for part in ["a%2520b", "2 parameters", "a POST without a body"] {
        assert!(seen.contains(part), "{part} in {seen}");
    }
    for code in [
        "path-encoded-once",
        "query-unsorted",
        "query-plus",
        "body-changed",
    ] {
        let cause = told.causes.iter().find(|cause| cause.code == code);
        assert_eq!(
            cause.map(|cause| cause.likelihood),
            Some(Likelihood::Likely),
            "{code}"
        );
    }
}

/// The log tells no key id, and STS names its error in the body alone.
#[test]
fn a_log_of_a_call_to_sts_is_no_backends_refusal() {
    let mut plan = signer::Plan::new("POST", "/")
        .with_header("content-type", "application/x-www-form-urlencoded")
        .with_body("Action=GetCallerIdentity&Version=2011-06-15");
    "sts.us-east-1.amazonaws.com".clone_into(&mut plan.host);
    "sts".clone_into(&mut plan.scope[2]);
    let told_by = |steps: &countersign::explain::ClientSteps| {
        let log = format!(
            "2026-01-02 03:04:05,201 botocore.auth [DEBUG] CanonicalRequest:\n{}\n\
             2026-01-02 03:04:05,201 botocore.auth [DEBUG] StringToSign:\n{}\n\
             2026-01-02 03:04:05,201 botocore.auth [DEBUG] Signature:\n{}\n\
             2026-01-02 03:04:05,215 urllib3.connectionpool [DEBUG] \
             https://sts.us-east-1.amazonaws.com:443 \"POST / HTTP/1.1\" 403 431\n\
             2026-01-02 03:04:05,216 botocore.parsers [DEBUG] Response headers: \
             {{'x-amzn-RequestId': '5eeaee7c', 'Content-Type': 'text/xml'}}\n\
             2026-01-02 03:04:05,216 botocore.parsers [DEBUG] Response body:\n\
             b'<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
             <Code>SignatureDoesNotMatch</Code><Message>{}</Message></Error></ErrorResponse>'\n",
            steps.canonical_request.as_deref().unwrap(),
            steps.string_to_sign.as_deref().unwrap(),
            plan.signature(),
            countersign::denial::SIGNATURE_MISMATCH,
        );
        let evidence = countersign::explain::read(&log).unwrap();
        let told = explain(&evidence, &countersign::explain::Known::default());
        let codes: Vec<&str> = told.causes.iter().map(|cause| cause.code).collect();
        assert!(!codes.contains(&"key-id-malformed"), "{codes:?}");
        codes.first().copied()
    };
    let mut steps = plan.steps();
    assert_eq!(told_by(&steps), Some("wrong-secret"));
    // A string to sign that is not over this canonical request leaves the key in peace.
    let string = steps.string_to_sign.take().unwrap();
    let hash = countersign::sigv4::hash_hex(b"something else");
    steps.string_to_sign = Some([&string[..string.len() - 64], &hash].concat());
    assert_eq!(told_by(&steps), Some("signature-mismatch"));
}

#[test]
fn codes_are_kebab_case_and_their_own() {
    let mut seen = BTreeSet::new();
    for entry in catalogue() {
        assert!(seen.insert(entry.code), "{} twice", entry.code);
        assert!(
            entry
                .code
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{}",
            entry.code
        );
    }
}

#[test]
fn nothing_secret_is_told() {
    let world = World::start();
    let secret = "SECRETTOKENVALUE1234567890";
    let mut plan = signer::Plan::new("GET", "/prod/pets?b=1&a=2")
        .with_header("x-amz-security-token", secret)
        .replacing("a=2&b=1", "b=1&a=2");
    plan.unsigned
        .push(("x-api-key".into(), "SECRETAPIKEY1234567890".into()));
    let mut evidence = world.send(&plan.sign());
    world.stop();
    let answer = countersign::denial::Denial::SignatureMismatch(countersign::sigv4::Echo {
        canonical_request: plan
            .steps()
            .canonical_request
            .unwrap()
            .replace(secret, "OTHERTOKENVALUE1234567890"),
        string_to_sign: "x".into(),
    });
    evidence.answer = Some(cases::denied(&answer));
    evidence.echo = countersign::sigv4::Echo::find(&evidence.answer.as_ref().unwrap().body);
    let keys = countersign::sigv4::Credentials::new(
        countersign::practice::ACCESS_KEY_ID,
        countersign::practice::SECRET_ACCESS_KEY,
    );
    let known = countersign::explain::Known {
        keys: Some(&keys),
        ..countersign::explain::Known::default()
    };
    let told = format!("{:?}", explain(&evidence, &known));
    assert!(told.contains("session-token-not-as-signed"), "{told}");
    for part in ["SECRETTOKEN", "OTHERTOKEN", "SECRETAPIKEY", "wJalrXUtnFEMI"] {
        assert!(!told.contains(part), "{part} in {told}");
    }
}

#[test]
fn an_accepted_call_has_no_cause() {
    let world = World::start();
    let evidence = world.send(&signer::Plan::new("GET", "/prod/pets").sign());
    world.stop();
    let told = explain(&evidence, &countersign::explain::Known::default());
    assert_eq!(told.causes, []);
    assert!(
        told.summary.contains("accepted with 200"),
        "{}",
        told.summary
    );
}

#[test]
fn the_offset_of_a_slow_clock_is_computed_from_the_message_alone() {
    let body = r#"{"message":"Signature expired: 20170212T175938Z is now earlier than 20170215T145534Z (20170215T150034Z - 5 min.)"}"#;
    let evidence = signer::with_answer(
        None,
        countersign::explain::GivenAnswer::new(None, Vec::new(), body.to_owned()),
    );
    let told = explain(&evidence, &countersign::explain::Known::default());
    let first = told.first().unwrap();
    assert_eq!(first.code, "clock-slow");
    assert!(
        first.evidence[0].contains("2 d 21 h behind"),
        "{:?}",
        first.evidence
    );
    assert_eq!(
        first.mending,
        Some(countersign::explain::Mending::ClockOffset(248_456))
    );
}

/// A mutation without a row in the catalogue would have neither a title nor a fix.
#[test]
fn every_mutation_proves_a_cause_of_the_catalogue() {
    let known: BTreeSet<&str> = catalogue().map(|entry| entry.code).collect();
    let mut names = BTreeSet::new();
    for (method, target, body) in [
        (
            "POST",
            "/prod/pets/a%20b//c:~/?q=a+b&flag&x=[1];2&x=*&a-b=1&a=%2F",
            r#"{"b": 1, "a": "é"}"#,
        ),
        ("GET", "/prod/pets", ""),
    ] {
        let plan = signer::Plan::new(method, target)
            .with_body(body)
            .with_header("Content-Type", "application/json")
            .with_header("x-amz-security-token", "token")
            .with_header("x-a", "a   B")
            .with_header("x-a", "c")
            .with_header("x-a_b", "d");
        let request = plan.sign().request();
        let keys = countersign::sigv4::Credentials::new(
            countersign::practice::ACCESS_KEY_ID,
            countersign::practice::SECRET_ACCESS_KEY,
        );
        let suspect = countersign::explain::detective::Suspect {
            request: &request,
            echo: None,
            hashed_payload: None,
            credentials: &keys,
        };
        for mutation in countersign::explain::detective::mutations(&suspect) {
            assert!(known.contains(mutation.code), "{mutation:?}");
            names.insert(mutation.name);
        }
    }
    assert!(names.len() >= 120, "{}", names.len());
}

/// A backend has its own reasons for the same statuses and words.
#[test]
fn what_others_say_is_not_taken_for_the_gateways_word() {
    for (status, body) in [
        (429, r#"{"message":"Too Many Requests"}"#),
        (413, "too large"),
        (403, r#"{"message":"Forbidden"}"#),
        (410, ""),
    ] {
        for (header, code) in [
            ("x-amzn-requestid", "backend-refused"),
            ("server", "not-api-gateway"),
        ] {
            let answer = countersign::explain::GivenAnswer::new(
                Some(status),
                vec![(header.to_owned(), "x".to_owned())],
                body.to_owned(),
            );
            let told = explain(
                &signer::with_answer(None, answer),
                &countersign::explain::Known::default(),
            );
            let codes: Vec<&str> = told.causes.iter().map(|cause| cause.code).collect();
            assert_eq!(codes, [code], "{status}");
        }
    }
}

/// Without a query there is no order of its parameters to get wrong.
#[test]
fn what_cannot_be_is_not_called_possible() {
    let world = World::start();
    let mut plan = signer::Plan::new("GET", "/prod/pets");
    countersign::practice::WRONG_SECRET_ACCESS_KEY.clone_into(&mut plan.secret);
    let evidence = world.send(&plan.sign());
    world.stop();
    let told = explain(&evidence, &countersign::explain::Known::default());
    let codes: Vec<&str> = told.causes.iter().map(|cause| cause.code).collect();
    assert_eq!(codes, ["signature-mismatch", "wrong-secret"]);
}
