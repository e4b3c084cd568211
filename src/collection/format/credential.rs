//! Literal credentials in what is about to be saved.
//!
//! A collection is committed and shared, so nothing secret may stand in it: a slot that holds a
//! credential must be empty or name a `{{variable}}`. Besides, texts anywhere are searched for
//! things that are secret wherever they stand.

use std::fmt;

use crate::collection::{
    AuthSpec, Body, Defaults, Environment, RequestDraft, Row, Variable, VariableValue,
};
use crate::template::{Segment, segments};

/// A literal credential and where it stands; the literal itself is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialLiteral {
    /// Where it stands, in words: ``the header `Authorization` ``.
    pub place: String,
    /// What it is, in words.
    pub kind: &'static str,
    /// A name for the secret variable that should hold it.
    pub variable: String,
}

impl fmt::Display for CredentialLiteral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} holds {}: put it in the keyring as `{name}` and write {{{{{name}}}}} here",
            self.place,
            self.kind,
            name = self.variable
        )
    }
}

/// Several findings, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CredentialLiterals(pub Vec<CredentialLiteral>);

impl fmt::Display for CredentialLiterals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, literal) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{literal}")?;
        }
        Ok(())
    }
}

/// The literal credentials of a request.
pub fn request_literals(draft: &RequestDraft) -> Vec<CredentialLiteral> {
    let mut found = Vec::new();
    auth_literals(&draft.auth, &mut found);
    header_literals(&draft.headers, &mut found);
    search("the URL", &draft.url, &mut found);
    for param in &draft.params {
        let place = format!("the parameter `{}`", param.row.name);
        let name = param.row.name.to_ascii_lowercase();
        if matches!(name.as_str(), "x-amz-signature" | "x-amz-security-token")
            && is_literal(&param.row.value)
        {
            found.push(CredentialLiteral {
                place: place.clone(),
                kind: "a literal credential",
                variable: "sessionToken".to_owned(),
            });
        }
        search(&place, &param.row.value, &mut found);
        search(&place, &param.row.description, &mut found);
    }
    match &draft.body {
        Body::Json(text) | Body::Text(text) | Body::Xml(text) => {
            search("the body", text, &mut found);
        }
        Body::Form(rows) => {
            for row in rows {
                let place = format!("the form field `{}`", row.name);
                search(&place, &row.value, &mut found);
                search(&place, &row.description, &mut found);
            }
        }
        Body::File { path, content_type } => {
            search("the body's file", path, &mut found);
            search("the body's content type", content_type, &mut found);
        }
        Body::None | Body::Unsupported { .. } => {}
    }
    variable_literals(&draft.variables, &mut found);
    search("the documentation", &draft.docs, &mut found);
    distinct(found)
}

/// The literal credentials of what a folder or the collection hands down.
pub fn defaults_literals(defaults: &Defaults) -> Vec<CredentialLiteral> {
    let mut found = Vec::new();
    auth_literals(&defaults.auth, &mut found);
    header_literals(&defaults.headers, &mut found);
    variable_literals(&defaults.variables, &mut found);
    distinct(found)
}

/// The literal credentials of an environment.
pub fn environment_literals(environment: &Environment) -> Vec<CredentialLiteral> {
    let mut found = Vec::new();
    variable_literals(&environment.variables, &mut found);
    distinct(found)
}

/// What is secret wherever it stands, in a text such as documentation.
pub fn text_literals(place: &str, text: &str) -> Vec<CredentialLiteral> {
    let mut found = Vec::new();
    search(place, text, &mut found);
    found
}

fn distinct(found: Vec<CredentialLiteral>) -> Vec<CredentialLiteral> {
    let mut kept: Vec<CredentialLiteral> = Vec::new();
    for literal in found {
        if !kept.iter().any(|other| other.place == literal.place) {
            kept.push(literal);
        }
    }
    kept
}

fn auth_literals(auth: &AuthSpec, found: &mut Vec<CredentialLiteral>) {
    let slots: Vec<(&str, &str, &str)> = match auth {
        AuthSpec::AwsSigV4(aws) => vec![
            (
                "the auth's access key id",
                "accessKeyId",
                &aws.access_key_id,
            ),
            (
                "the auth's secret access key",
                "secretAccessKey",
                &aws.secret_access_key,
            ),
            (
                "the auth's session token",
                "sessionToken",
                &aws.session_token,
            ),
        ],
        AuthSpec::ApiKey { value, .. } => vec![("the auth's API key", "apiKey", value)],
        AuthSpec::Basic { password, .. } => vec![("the auth's password", "password", password)],
        AuthSpec::Bearer { token } => vec![("the auth's token", "token", token)],
        AuthSpec::Inherit | AuthSpec::None | AuthSpec::Unsupported { .. } => Vec::new(),
    };
    for (place, variable, text) in slots {
        if is_literal(text) {
            found.push(CredentialLiteral {
                place: place.to_owned(),
                kind: "a literal credential",
                variable: variable.to_owned(),
            });
        }
    }
    for text in auth.texts() {
        search("the auth", text, found);
    }
}

fn header_literals(headers: &[Row], found: &mut Vec<CredentialLiteral>) {
    for row in headers {
        let variable = match row.name.trim().to_ascii_lowercase().as_str() {
            "authorization" | "proxy-authorization" => Some("authorization"),
            "x-api-key" => Some("apiKey"),
            "x-amz-security-token" => Some("sessionToken"),
            "cookie" | "set-cookie" => Some("cookie"),
            _ => None,
        };
        let place = format!("the header `{}`", row.name);
        if let Some(variable) = variable.filter(|_| is_literal(&row.value)) {
            found.push(CredentialLiteral {
                place: place.clone(),
                kind: "a literal credential",
                variable: variable.to_owned(),
            });
        }
        search(&place, &row.value, found);
        search(&place, &row.description, found);
    }
}

fn variable_literals(variables: &[Variable], found: &mut Vec<CredentialLiteral>) {
    for variable in variables {
        let place = format!("the variable `{}`", variable.name);
        if let VariableValue::Plain(value) = &variable.value {
            for literal in text_literals(&place, value) {
                found.push(CredentialLiteral {
                    variable: variable.name.clone(),
                    ..literal
                });
            }
        }
        search(&place, &variable.description, found);
    }
}

/// Neither empty nor made with a `{{variable}}`.
fn is_literal(text: &str) -> bool {
    !text.trim().is_empty()
        && !segments(text)
            .iter()
            .any(|segment| matches!(segment, Segment::Variable { .. }))
}

/// Looks for what is secret wherever it stands.
fn search(place: &str, text: &str, found: &mut Vec<CredentialLiteral>) {
    let mut report = |kind: &'static str, variable: &str| {
        found.push(CredentialLiteral {
            place: place.to_owned(),
            kind,
            variable: variable.to_owned(),
        });
    };
    if has_access_key_id(text) {
        report("an AWS access key id", "accessKeyId");
    }
    if has_secret_key(text) {
        report(
            "what looks like an AWS secret access key",
            "secretAccessKey",
        );
    }
    if has_session_token(text) {
        report("an AWS session token", "sessionToken");
    }
    if has_presigned_url(text) {
        report("a presigned URL's signature", "presignedUrl");
    }
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        report("a private key", "privateKey");
    }
}

/// The published prefixes of access key ids.
const KEY_ID_PREFIXES: [&str; 4] = ["AKIA", "ASIA", "ABIA", "ACCA"];

fn has_access_key_id(text: &str) -> bool {
    words(text, |c| c.is_ascii_alphanumeric() || c == '_').any(|word| {
        word.len() == 20
            && (KEY_ID_PREFIXES
                .iter()
                .any(|prefix| word.starts_with(prefix))
                || word.starts_with("A3T"))
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && !word.ends_with("EXAMPLE")
    })
}

/// Forty characters of base64 near the words `secret` or `aws`, with the disorder of a key.
fn has_secret_key(text: &str) -> bool {
    const NEAR: usize = 40;
    let lower = text.to_ascii_lowercase();
    words(text, |c| c.is_ascii_alphanumeric() || "+/".contains(c))
        .filter(|word| word.len() == 40 && !word.contains("EXAMPLE"))
        .any(|word| {
            let disorder = entropy(word) >= 4.0
                && word.chars().any(|c| c.is_ascii_uppercase())
                && word.chars().any(|c| c.is_ascii_lowercase())
                && word.chars().any(|c| c.is_ascii_digit());
            let Some(at) = text.find(word).filter(|_| disorder) else {
                return false;
            };
            let start = floor_boundary(&lower, at.saturating_sub(NEAR));
            let end = floor_boundary(&lower, (at + word.len() + NEAR).min(lower.len()));
            let around = lower.get(start..end).unwrap_or_default();
            around.contains("secret") || around.contains("aws")
        })
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The two beginnings that session tokens have.
fn has_session_token(text: &str) -> bool {
    words(text, |c| c.is_ascii_alphanumeric() || "+/=".contains(c)).any(|word| {
        word.len() > 60
            && (word.starts_with("FwoGZXIvYXdz") || word.starts_with("IQoJb3JpZ2lu"))
            && !word.ends_with("EXAMPLE")
    })
}

/// A signature in a query, unless the whole is an example.
fn has_presigned_url(text: &str) -> bool {
    const NAME: &str = "x-amz-signature=";
    let lower = text.to_ascii_lowercase();
    !text.contains("EXAMPLE")
        && lower.match_indices(NAME).any(|(at, _)| {
            let rest = lower.get(at + NAME.len()..).unwrap_or_default();
            rest.chars().take_while(char::is_ascii_hexdigit).count() == 64
        })
}

fn words(text: &str, inside: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !inside(c))
        .filter(|word| !word.is_empty())
}

/// Shannon's entropy, in bits a character.
fn entropy(text: &str) -> f64 {
    let length = text.chars().count() as f64;
    let mut counts = std::collections::BTreeMap::new();
    for c in text.chars() {
        *counts.entry(c).or_insert(0_u32) += 1;
    }
    counts
        .values()
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::AwsAuthSpec;

    // Made up for these tests; no key of anyone.
    const KEY_ID: &str = concat!("AKIA", "QZ7XWVUTSRPONMLK");
    const SECRET: &str = concat!("kD93jfHq7Zx1Lw8", "Pb2Vn6Tm4Rc5Yg0A/Ue+Io3Qh");

    #[test]
    fn every_slot_wants_a_variable() {
        let draft = |auth: AuthSpec| RequestDraft {
            auth,
            ..RequestDraft::new("x")
        };
        let aws = |access: &str, secret: &str, token: &str| {
            AuthSpec::AwsSigV4(AwsAuthSpec {
                access_key_id: access.into(),
                secret_access_key: secret.into(),
                session_token: token.into(),
                ..AwsAuthSpec::default()
            })
        };
        assert_eq!(request_literals(&draft(aws("a", "b", "c"))).len(), 3);
        assert!(request_literals(&draft(aws("{{a}}", " ", "{{c}}"))).is_empty());
        let found = request_literals(&draft(AuthSpec::ApiKey {
            key: "x-api-key".into(),
            value: "abc".into(),
            placement: crate::collection::ApiKeyPlacement::Header,
        }));
        assert_eq!(
            found[0].to_string(),
            "the auth's API key holds a literal credential: put it in the keyring as `apiKey` and write {{apiKey}} here"
        );
        let basic = AuthSpec::Basic {
            username: "alice".into(),
            password: "pw".into(),
        };
        assert_eq!(request_literals(&draft(basic))[0].variable, "password");
        let bearer = AuthSpec::Bearer { token: "ey".into() };
        assert_eq!(request_literals(&draft(bearer))[0].variable, "token");
    }

    #[test]
    fn sensitive_headers_want_a_variable_also_when_off() {
        let mut row = Row::new("COOKIE", "a=b");
        row.enabled = false;
        let defaults = Defaults {
            headers: vec![
                row,
                Row::new("Authorization", "Bearer {{token}}"),
                Row::new("X-Amz-Security-Token", "abc"),
                Row::new("x-api-key", ""),
                Row::new("x-demo", "hello"),
            ],
            ..Defaults::default()
        };
        let found = defaults_literals(&defaults);
        let places: Vec<_> = found.iter().map(|literal| literal.place.as_str()).collect();
        assert_eq!(
            places,
            ["the header `COOKIE`", "the header `X-Amz-Security-Token`"]
        );
        assert!(!format!("{found:?}").contains("a=b"));
    }

    #[test]
    fn keys_are_found_in_any_text_and_examples_are_let_through() {
        let environment = |value: &str| Environment {
            name: "e".into(),
            variables: vec![Variable::plain("mine", value)],
        };
        let found = environment_literals(&environment(KEY_ID));
        assert_eq!(found[0].variable, "mine");
        assert!(environment_literals(&environment("AKIAIOSFODNN7EXAMPLE")).is_empty());
        assert!(environment_literals(&environment("xAKIAIOSFODNN7REALKEY")).is_empty());
        let mut draft = RequestDraft::new("x");
        draft.docs = format!("aws_secret_access_key = {SECRET}");
        assert_eq!(request_literals(&draft).len(), 1);
        draft.docs = "aws secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into();
        assert!(request_literals(&draft).is_empty());
        draft.docs = format!("sha {SECRET}");
        assert!(request_literals(&draft).is_empty());
        draft.docs.clear();
        let signature = "0f".repeat(32);
        draft.url = format!("https://h/?X-Amz-Signature={signature}&a=b");
        assert_eq!(request_literals(&draft)[0].place, "the URL");
        draft.url =
            format!("https://h/?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature={signature}");
        assert!(request_literals(&draft).is_empty());
        draft.url.clear();
        draft.body = Body::Json(format!("{{\"id\":\"{KEY_ID}\"}}"));
        assert_eq!(request_literals(&draft)[0].place, "the body");
    }
}
