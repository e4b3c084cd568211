//! What the form shows and what it writes.

use super::*;
use crate::template::Scope;

fn variables(scopes: &[(Origin, &[(&str, &str)])]) -> VariableSet {
    let scopes = scopes.iter().map(|(origin, variables)| Scope {
        origin: origin.clone(),
        variables: variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::Plain((*value).to_owned())))
            .collect(),
    });
    VariableSet::new(scopes.collect())
}

fn choices(scopes: &[(Origin, &[(&str, &str)])], service: &str) -> SigningChoices {
    SigningChoices::edited_at(
        &Origin::Request,
        &variables(scopes),
        Some(service.to_owned()),
    )
}

fn row(choices: &SigningChoices, name: ChoiceName) -> &ChoiceRow {
    choices.row(name).unwrap()
}

#[test]
fn nothing_said_is_what_the_service_expects() {
    let of = choices(&[], "execute-api");
    assert_eq!(of.rows.len(), ChoiceName::iter().count());
    assert!(of.rows.iter().all(|row| !row.differs()
        && row.value == row.default
        && row.value == row.inherited
        && row.own.is_none()
        && row.origin.is_none()
        && row.problem.is_none()));
    assert_eq!(
        of.summary(),
        "Header, payload signed, path encoded twice — what execute-api expects"
    );
    let placement = row(&of, ChoiceName::Placement);
    assert_eq!(of.origin_of(placement), "default for execute-api");
    let s3 = choices(&[], "s3");
    assert_eq!(row(&s3, ChoiceName::DoubleEncode).value, "false");
    assert_eq!(row(&s3, ChoiceName::ContentSha256Header).value, "true");
    assert_eq!(
        s3.summary(),
        "Header, payload signed, path encoded once — what s3 expects"
    );
}

#[test]
fn every_choice_is_read_by_signing_under_its_name() {
    for name in ChoiceName::iter() {
        for (value, _) in name.options().unwrap_or(&[("60", "")]) {
            let of = choices(&[(Origin::Request, &[(name.variable(), value)])], "x");
            assert_eq!(row(&of, name).value, *value, "{name:?}");
            assert_eq!(row(&of, name).own.as_deref(), Some(*value));
            assert_eq!(of.problem(), None);
            assert!(of.not_understood.is_empty(), "{name:?}");
        }
    }
}

#[test]
fn the_nearest_place_counts_and_is_told() {
    let folder = Origin::Folder("Pets".into());
    let of = choices(
        &[
            (Origin::Request, &[("sigv4.payload", "unsigned")]),
            (
                folder.clone(),
                &[("sigv4.placement", "query"), ("sigv4.payload", "signed")],
            ),
            (
                Origin::Environment("dev".into()),
                &[("sigv4.expires", "60"), ("sigv4.placement", "header")],
            ),
        ],
        "execute-api",
    );
    let placement = row(&of, ChoiceName::Placement);
    assert_eq!(placement.value, "query");
    assert_eq!(of.origin_of(placement), "folder “Pets”");
    let payload = row(&of, ChoiceName::Payload);
    assert_eq!(
        (payload.value.as_str(), payload.inherited.as_str()),
        ("unsigned", "signed")
    );
    assert_eq!(of.origin_of(payload), "this request");
    let expires = row(&of, ChoiceName::Expires);
    assert_eq!(of.origin_of(expires), "environment “dev”");
    assert_eq!(of.expires(), 60);
    assert_eq!(
        of.summary(),
        "Presigned URL for 60 s, payload not signed, path encoded twice — not the default for execute-api: placement, payload"
    );
}

#[test]
fn what_cannot_be_read_is_told_at_its_own_row_and_hides_no_other() {
    let of = choices(
        &[(
            Origin::Request,
            &[
                ("sigv4.placement", "query"),
                ("sigv4.expires", "604801"),
                ("sigv4.host", "{{nowhere}}"),
                ("sigv4.placment", "header"),
            ],
        )],
        "execute-api",
    );
    let expires = row(&of, ChoiceName::Expires);
    assert_eq!(expires.value, "604801");
    assert_eq!(
        expires.problem.as_deref(),
        Some("`604801` cannot be used; it must be a number of seconds from 1 to 604800")
    );
    assert_eq!(of.expires(), DEFAULT_EXPIRES);
    assert_eq!(row(&of, ChoiceName::Placement).value, "query");
    let host = row(&of, ChoiceName::Host);
    assert!(host.problem.as_deref().unwrap().contains("nowhere"));
    assert_eq!(of.not_understood.len(), 1);
    assert!(of.not_understood[0].contains("did you mean `sigv4.placement`"));
}

#[test]
fn rules_that_follow_from_the_placement_are_no_difference() {
    let of = choices(&[(Origin::Request, &[("sigv4.placement", "query")])], "s3");
    let payload = row(&of, ChoiceName::Payload);
    assert_eq!(payload.value, "unsigned");
    assert!(!payload.differs());
    assert!(!row(&of, ChoiceName::ContentSha256Header).is_in_use);
    assert!(row(&of, ChoiceName::Expires).is_in_use);
    assert!(!row(&of, ChoiceName::RegionSet).is_in_use);
}

#[test]
fn a_choice_is_written_and_taken_back() {
    let mut own = vec![Variable::plain("id", "7")];
    let fresh = choices(&[], "execute-api");
    assert!(fresh.choose(&mut own, ChoiceName::Placement, Some("query")));
    assert!(fresh.choose(&mut own, ChoiceName::Expires, Some("60")));
    assert_eq!(
        own,
        [
            Variable::plain("id", "7"),
            Variable::plain("sigv4.placement", "query"),
            Variable::plain("sigv4.expires", "60"),
        ]
    );
    assert!(!fresh.choose(&mut own, ChoiceName::Expires, Some("60")));
    let set = choices(
        &[(
            Origin::Request,
            &[("sigv4.placement", "query"), ("sigv4.expires", "60")],
        )],
        "execute-api",
    );
    // What counts anyway needs no variable, and the expiry goes with the URL.
    assert!(set.choose(&mut own, ChoiceName::Placement, Some("header")));
    assert_eq!(own, [Variable::plain("id", "7")]);
    assert!(!set.choose(&mut own, ChoiceName::Payload, None));
}

#[test]
fn a_choice_against_the_folder_is_written_down() {
    let folder = [(
        Origin::Folder("Pets".into()),
        &[("sigv4.placement", "query")][..],
    )];
    let of = choices(&folder, "execute-api");
    let mut own = Vec::new();
    assert!(of.choose(&mut own, ChoiceName::Placement, Some("header")));
    assert_eq!(own, [Variable::plain("sigv4.placement", "header")]);
    assert!(of.choose(&mut own, ChoiceName::Placement, Some("query")));
    assert!(own.is_empty());
}

#[test]
fn a_variable_that_is_switched_off_stays() {
    let off = Variable {
        enabled: false,
        ..Variable::plain("sigv4.payload", "unsigned")
    };
    let mut own = vec![off.clone()];
    let of = choices(&[], "execute-api");
    assert!(!of.choose(&mut own, ChoiceName::Payload, None));
    assert!(of.choose(&mut own, ChoiceName::Payload, Some("unsigned")));
    assert_eq!(own.len(), 2);
    assert!(of.choose(&mut own, ChoiceName::Payload, None));
    assert_eq!(own, [off]);
}

/// Switches headers of a request one after the other.
struct Request {
    own: Vec<Variable>,
    folder: Vec<(&'static str, &'static str)>,
    placement: Placement,
}

impl Request {
    fn switch(&mut self, header: &str, is_signed: bool) -> &mut Self {
        let own: Vec<(&str, &str)> = self
            .own
            .iter()
            .map(|variable| match &variable.value {
                VariableValue::Plain(value) => (variable.name.as_str(), value.as_str()),
                VariableValue::Secret => panic!("none is secret"),
            })
            .collect();
        let seen = variables(&[
            (Origin::Request, &own),
            (Origin::Folder("f".into()), &self.folder),
        ]);
        HeaderSwitch {
            variables: &seen,
            place: &Origin::Request,
            placement: self.placement,
        }
        .switch(&mut self.own, header, is_signed);
        self
    }

    fn says(&self, expected: &[(&str, &str)]) {
        let expected: Vec<Variable> = expected
            .iter()
            .map(|(name, value)| Variable::plain(*name, *value))
            .collect();
        assert_eq!(self.own, expected);
    }
}

#[test]
fn switching_a_header_back_leaves_nothing_behind() {
    let mut request = Request {
        own: Vec::new(),
        folder: Vec::new(),
        placement: Placement::Header,
    };
    request.switch("host", false).switch("user-agent", true);
    request.says(&[
        ("sigv4.unsignedHeaders", "host"),
        ("sigv4.signedHeaders", "user-agent"),
    ]);
    request.switch("x-demo", false);
    request.says(&[
        ("sigv4.unsignedHeaders", "host, x-demo"),
        ("sigv4.signedHeaders", "user-agent"),
    ]);
    request.switch("host", true).switch("user-agent", false);
    request.says(&[("sigv4.unsignedHeaders", "x-demo")]);
    request.switch("x-demo", true).says(&[]);
}

#[test]
fn a_list_from_above_is_kept_but_for_what_is_switched() {
    let mut request = Request {
        own: Vec::new(),
        folder: vec![("sigv4.unsignedHeaders", "x-a, x-b")],
        placement: Placement::Header,
    };
    request.switch("x-c", false);
    request.says(&[("sigv4.unsignedHeaders", "x-a, x-b, x-c")]);
    request.switch("x-a", true).switch("x-c", true);
    request.says(&[("sigv4.unsignedHeaders", "x-b")]);
    // An empty list of the request's own hides the folder's.
    request.switch("x-b", true);
    request.says(&[("sigv4.unsignedHeaders", "")]);
    request.switch("x-a", false).switch("x-b", false).says(&[]);
}

#[test]
fn what_is_signed_by_default_depends_on_the_placement() {
    let mut request = Request {
        own: Vec::new(),
        folder: Vec::new(),
        placement: Placement::Query { expires: 60 },
    };
    request.switch("content-type", true);
    request.says(&[("sigv4.signedHeaders", "content-type")]);
    let seen = VariableSet::default();
    let switch = HeaderSwitch {
        variables: &seen,
        place: &Origin::Request,
        placement: Placement::Query { expires: 60 },
    };
    assert!(switch.can_switch("host") && !switch.can_switch("authorization"));
    assert!(!switch.can_switch("x-amz-user-agent"));
}
