use std::time::SystemTime;

use super::*;
use crate::explain::ComparedPart;
use crate::state::tests::opened;
use crate::state::{Command, TabId};

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

/// A refusal with the gateway's echo, and the request that was refused.
const REFUSED: &str = r#"GET /prod/pets?type=cat HTTP/1.1
Host: abc123.execute-api.us-east-1.amazonaws.com
X-Amz-Date: 20260102T030405Z
X-Amz-Security-Token: IQoJb3JpZ2luX2VjEXAMPLETOKEN
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=00

HTTP/1.1 403 Forbidden
x-amzn-ErrorType: InvalidSignatureException
Content-Type: application/json

{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'GET\n/prod/pets\ntype=dog\nhost:abc123.execute-api.us-east-1.amazonaws.com\nx-amz-date:20260102T030405Z\nx-amz-security-token:IQoJb3JpZ2luX2VjEXAMPLETOKEN\n\nhost;x-amz-date;x-amz-security-token\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/us-east-1/execute-api/aws4_request\n0000000000000000000000000000000000000000000000000000000000000000'\n"}"#;

fn question(revision: u64, text: &str) -> PastedQuestion {
    PastedQuestion {
        revision,
        text: SecretString::new(text),
        ours: Ours::Text,
        profile: None,
    }
}

fn ask(state: &mut AppState, revision: u64, text: &str) -> Vec<Effect> {
    state.handle(Command::ReadPasted(Box::new(question(revision, text))), NOW)
}

fn job(effects: &[Effect]) -> &PastedJob {
    match effects {
        [Effect::ReadPasted(job)] => job,
        other => panic!("nothing is read: {other:?}"),
    }
}

#[test]
fn the_first_line_that_differs_is_found_and_secrets_are_dots() {
    let (mut state, _) = opened();
    state.handle(Command::ShowExplainer, NOW);
    let effects = ask(&mut state, 1, REFUSED);
    assert!(!format!("{effects:?}").contains("IQoJ"), "Debug shows it");
    let reading = answer_pasted(job(&effects), None).unwrap();
    let first = reading.comparison.first_difference().unwrap();
    assert_eq!(first.part, ComparedPart::Query);
    assert_eq!(
        (first.ours.as_deref(), first.theirs.as_deref()),
        (Some("type=cat"), Some("type=dog"))
    );
    assert_eq!(reading.sides.1, "The gateway");
    let told: String = reading
        .comparison
        .rows()
        .flat_map(|row| [row.ours.clone(), row.theirs.clone()])
        .flatten()
        .collect();
    assert!(!told.contains("IQoJ"), "{told}");
    assert!(!format!("{:?}", reading.explanation).contains("IQoJ"));
}

#[test]
fn what_the_keys_say_of_the_signature_is_told() {
    use crate::sigv4::{CredentialScope, Credentials, SigningKey};
    let (mut state, _) = opened();
    state.handle(Command::ShowExplainer, NOW);
    let keys = |secret: &str| Credentials::new("AKIAIOSFODNN7EXAMPLE", secret);
    let right = keys("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let string = crate::explain::ClientSteps::derived(
        crate::explain::read(REFUSED)
            .unwrap()
            .request
            .as_ref()
            .unwrap(),
    )
    .unwrap()
    .string_to_sign
    .unwrap();
    let scope = CredentialScope {
        date: "20260102".into(),
        region: "us-east-1".into(),
        service: "execute-api".into(),
    };
    let signature = SigningKey::derive(&right.secret_access_key, &scope).sign(&string);
    let text = REFUSED.replace("Signature=00", &format!("Signature={signature}"));
    let effects = ask(&mut state, 1, &text);
    let told = |keys: &Credentials| {
        let reading = answer_pasted(job(&effects), Some(keys)).unwrap();
        reading.recomputed.clone().unwrap()
    };
    assert_eq!(told(&right), Recomputed::Same);
    match told(&keys("another/K7MDENG/bPxRfiCYEXAMPLEKEY")) {
        Recomputed::Another { computed, sent } => {
            assert!(signature.starts_with(&sent) && sent.len() == 8);
            assert_ne!(computed, sent);
        }
        other => panic!("{other:?}"),
    }
    let other_id = Credentials::new("AKIAI44QH8DHBEXAMPLE", "x");
    assert_eq!(
        told(&other_id),
        Recomputed::NotPossible(
            "these keys are AKIAI44QH8DHBEXAMPLE, and AKIAIOSFODNN7EXAMPLE signed".to_owned()
        )
    );
    let alone = ask(&mut state, 2, "{\"message\":\"Forbidden\"}");
    let reading = answer_pasted(job(&alone), Some(&right)).unwrap();
    assert!(matches!(
        reading.recomputed,
        Some(Recomputed::NotPossible(_))
    ));
}

#[test]
fn only_the_last_question_is_answered_and_closing_forgets() {
    let (mut state, _) = opened();
    assert_eq!(ask(&mut state, 1, "x"), [], "the page is not open");
    state.handle(Command::ShowExplainer, NOW);
    let first = ask(&mut state, 1, "{\"message\":\"Forbidden\"}");
    let answer = answer_pasted(job(&first), None);
    ask(&mut state, 2, "nothing of the kind");
    assert!(state.explainer.is_reading());
    let read = |revision| Command::PastedRead {
        revision,
        answer: Box::new(answer.clone()),
    };
    state.handle(read(1), NOW);
    assert!(state.explainer.answer().is_none(), "it is stale");
    state.handle(read(2), NOW);
    assert!(matches!(state.explainer.answer(), Some(Ok(_))));
    assert!(!state.explainer.is_reading());
    ask(&mut state, 3, "  ");
    assert!(state.explainer.answer().is_none() && !state.explainer.is_reading());
    ask(&mut state, 4, "{\"message\":\"Forbidden\"}");
    state.handle(Command::CloseExplainer, NOW);
    state.handle(read(4), NOW);
    assert!(state.explainer.answer().is_none() && !state.explainer.is_open());
}

#[test]
fn a_pasted_request_opens_in_a_tab_and_is_never_kept_by_itself() {
    let (mut state, _) = opened();
    state.handle(
        Command::DraftsFound {
            folder: crate::state::tests::folder(),
            drafts: Vec::new(),
        },
        NOW,
    );
    state.handle(Command::ShowExplainer, NOW);
    let effects = ask(&mut state, 1, REFUSED);
    let answer = Box::new(answer_pasted(job(&effects), None));
    state.handle(
        Command::PastedRead {
            revision: 1,
            answer,
        },
        NOW,
    );
    state.handle(Command::OpenPasted, NOW);
    assert!(!state.explainer.is_shown() && state.explainer.is_open());
    let tab = state.tabs.active().unwrap();
    assert_eq!(tab.draft.method, "GET");
    assert!(tab.draft.url.ends_with("/prod/pets?type=cat"));
    assert!(tab.is_dirty(), "closing it asks");
    match state.drafts_at_end() {
        Some(Effect::KeepDrafts { drafts, .. }) => assert_eq!(drafts, []),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_page_stands_behind_the_last_tab() {
    let (mut state, first) = opened();
    state.handle(Command::NewTab, NOW);
    let second = state.tabs.active().unwrap().id;
    state.handle(Command::ShowExplainer, NOW);
    let shown = |state: &AppState| -> Option<TabId> {
        (!state.explainer.is_shown()).then(|| state.tabs.active().unwrap().id)
    };
    assert_eq!(shown(&state), None);
    state.handle(Command::NextTab, NOW);
    assert_eq!(shown(&state), Some(first));
    state.handle(Command::PreviousTab, NOW);
    assert_eq!(shown(&state), None);
    state.handle(Command::PreviousTab, NOW);
    assert_eq!(shown(&state), Some(second));
    state.handle(Command::NextTab, NOW);
    state.handle(Command::ShowTab(first), NOW);
    assert_eq!(shown(&state), Some(first));
}
