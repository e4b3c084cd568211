//! A request in a tab from what was pasted.

use percent_encoding::percent_decode_str;

use crate::collection::{AuthSpec, AwsAuthSpec, Body, RequestDraft, Row, Variable};
use crate::explain::{Evidence, GivenRequest, GivenSignature, Placement};

/// Headers that signing or sending makes anew.
const MADE_ANEW: [&str; 9] = [
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amzn-trace-id",
];

/// The request of a text, to be sent from here; `None` if the text tells none that could be.
pub(super) fn draft_of(evidence: &Evidence) -> Option<RequestDraft> {
    let request = evidence.request.as_ref()?;
    if request.url.is_empty() {
        return None;
    }
    let mut draft = RequestDraft::new(name_of(request));
    if !request.method.is_empty() {
        draft.method.clone_from(&request.method);
    }
    draft.url = unsigned_url(request);
    draft.params_from_url();
    draft.auth = auth_of(request);
    let is_signed = matches!(draft.auth, AuthSpec::AwsSigV4(_));
    draft.headers = request
        .headers
        .iter()
        .filter(|(name, _)| {
            let name = name.to_ascii_lowercase();
            let is_made_anew = name.starts_with(':')
                || MADE_ANEW.contains(&name.as_str())
                || (name == "authorization" && is_signed);
            !is_made_anew
        })
        .map(|(name, value)| Row::new(name.clone(), value.clone()))
        .collect();
    draft.body = body_of(request);
    if let Some(signature) = &request.signature
        && signature.placement == Placement::Query
    {
        draft
            .variables
            .push(Variable::plain("sigv4.placement", "query"));
        if let Some(expires) = &signature.expires {
            let expires = Variable::plain("sigv4.expires", expires.trim());
            draft.variables.push(expires);
        }
    }
    Some(draft)
}

fn name_of(request: &GivenRequest) -> String {
    let place = request
        .url
        .split_once("://")
        .map_or(request.url.as_str(), |(_, rest)| rest)
        .split(['?', '#'])
        .next()
        .unwrap_or_default();
    let last = place
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let last = percent_decode_str(last).decode_utf8_lossy();
    let name: String = last.chars().take(40).collect();
    if name.is_empty() {
        "Pasted request".to_owned()
    } else {
        format!("Pasted {name}")
    }
}

/// The URL without what a presigned one has for its signature.
fn unsigned_url(request: &GivenRequest) -> String {
    let is_presigned = request
        .signature
        .as_ref()
        .is_some_and(|signature| signature.placement == Placement::Query);
    let Some((base, query)) = request.url.split_once('?').filter(|_| is_presigned) else {
        return request.url.clone();
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !name.to_ascii_lowercase().starts_with("x-amz-")
        })
        .collect();
    if kept.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", kept.join("&"))
    }
}

/// Region and service as they were signed for; who signs is chosen here.
fn auth_of(request: &GivenRequest) -> AuthSpec {
    if let Some(scope) = request.signature.as_ref().and_then(GivenSignature::scope) {
        return AuthSpec::AwsSigV4(AwsAuthSpec {
            region: scope.region.to_owned(),
            service: scope.service.to_owned(),
            ..AwsAuthSpec::default()
        });
    }
    if let Some(signs_as) = &request.signs_as {
        return AuthSpec::AwsSigV4(AwsAuthSpec {
            region: signs_as.region.clone().unwrap_or_default(),
            service: signs_as.service.clone().unwrap_or_default(),
            ..AwsAuthSpec::default()
        });
    }
    AuthSpec::None
}

fn body_of(request: &GivenRequest) -> Body {
    let text = request
        .body
        .as_ref()
        .and_then(|body| std::str::from_utf8(body).ok())
        .filter(|text| !text.is_empty());
    let Some(text) = text else {
        return Body::None;
    };
    let content_type = request
        .header_values("content-type")
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let text = text.to_owned();
    if content_type.contains("json") {
        Body::Json(text)
    } else if content_type.contains("xml") {
        Body::Xml(text)
    } else {
        Body::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::read;

    #[test]
    fn a_presigned_url_loses_its_signature_and_stays_presigned() {
        let text = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/pets?type=cat&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260102%2Feu-west-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
        let draft = draft_of(&read(text).unwrap()).unwrap();
        assert_eq!(
            draft.url,
            "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/pets?type=cat"
        );
        assert_eq!(
            (draft.name.as_str(), draft.params.len()),
            ("Pasted pets", 1)
        );
        let AuthSpec::AwsSigV4(aws) = &draft.auth else {
            panic!("not signed: {:?}", draft.auth);
        };
        assert_eq!(
            (aws.region.as_str(), aws.service.as_str()),
            ("eu-west-1", "execute-api")
        );
        assert_eq!(
            draft.variables,
            [
                Variable::plain("sigv4.placement", "query"),
                Variable::plain("sigv4.expires", "60")
            ]
        );
    }

    #[test]
    fn a_command_line_becomes_its_request_without_what_signing_makes() {
        let text = "curl -X POST --aws-sigv4 'aws:amz:eu-west-1:execute-api' --user 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' -H 'Content-Type: application/json' -H 'X-Amz-Date: 20260102T030405Z' -d '{\"name\":\"나비\"}' https://abc123.execute-api.eu-west-1.amazonaws.com/prod/pets";
        let draft = draft_of(&read(text).unwrap()).unwrap();
        assert_eq!(draft.method, "POST");
        assert_eq!(draft.body, Body::Json("{\"name\":\"나비\"}".to_owned()));
        let names: Vec<&str> = draft.headers.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Content-Type"]);
        assert!(!format!("{draft:?}").contains("wJalr"));
        assert!(matches!(draft.auth, AuthSpec::AwsSigV4(_)));
    }

    #[test]
    fn a_refusal_alone_is_no_request() {
        let evidence = read("{\"message\":\"Forbidden\"}").unwrap();
        assert_eq!(draft_of(&evidence), None);
    }
}
