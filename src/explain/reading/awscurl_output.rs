//! What `awscurl -v` prints: Python's values, one behind the other.
//!
//! The first one holds the secret key. It is passed over and nothing of it is kept.

use super::http_text::HttpText;
use super::python;
use crate::explain::{ClientSteps, GivenAnswer, GivenRequest, GivenSignature};

const CANONICAL: &str = "CANONICAL REQUEST = ";
const STRING_TO_SIGN: &str = "STRING_TO_SIGN = ";
const URL: &str = "Request URL = ";
const STATUS: &str = "Response code: ";

enum Printed {
    Text(String),
    Dictionary(Vec<(String, String)>),
}

/// Reads the output, if it is awscurl's.
pub(super) fn read(text: &str) -> Option<HttpText> {
    let text = text.trim_start();
    if !text.starts_with("{'access_key':") {
        return None;
    }
    let (_, mut rest) = python::dictionary(text)?;
    let mut canonical_request = None;
    let mut string_to_sign = None;
    let mut request = GivenRequest::default();
    let mut status = None;
    let mut headers = Vec::new();
    while let Some((printed, after)) = next(rest) {
        rest = after;
        match printed {
            Printed::Text(text) => {
                let text = text.trim_start();
                if let Some(told) = text.strip_prefix(CANONICAL) {
                    canonical_request = Some(told.to_owned());
                } else if let Some(told) = text.strip_prefix(STRING_TO_SIGN) {
                    string_to_sign = Some(told.to_owned());
                } else if let Some(url) = text.strip_prefix(URL) {
                    url.trim().clone_into(&mut request.url);
                } else if let Some(code) = text.strip_prefix(STATUS) {
                    status = code.trim().parse().ok();
                }
            }
            Printed::Dictionary(found) if status.is_some() => {
                headers = found;
                break;
            }
            Printed::Dictionary(found) => request.headers = found,
        }
    }
    // An empty text stands between the headers and the body.
    let body = rest.trim().strip_prefix("''").unwrap_or(rest).trim();
    let method = canonical_request
        .as_deref()
        .and_then(|text: &str| text.lines().next());
    method.unwrap_or_default().clone_into(&mut request.method);
    request.signature = GivenSignature::of_request(&request);
    let steps = canonical_request.is_some() || string_to_sign.is_some();
    Some(HttpText {
        request: (!request.url.is_empty()).then_some(request),
        answer: status.map(|status| GivenAnswer::new(Some(status), headers, body.to_owned())),
        steps: steps.then_some(ClientSteps {
            canonical_request,
            string_to_sign,
            is_masked: false,
        }),
    })
}

/// The next value; a long text is printed as several, in parentheses.
fn next(text: &str) -> Option<(Printed, &str)> {
    let text = text.trim_start();
    if text.starts_with('{') {
        let (found, rest) = python::dictionary(text)?;
        return Some((Printed::Dictionary(found), rest));
    }
    let Some(mut rest) = text.strip_prefix('(') else {
        let (found, rest) = python::string(text)?;
        return Some((Printed::Text(found), rest));
    };
    let mut whole = String::new();
    while let Some((piece, after)) = python::string(rest.trim_start()) {
        whole.push_str(&piece);
        rest = after;
    }
    Some((Printed::Text(whole), rest.trim_start().strip_prefix(')')?))
}

#[cfg(test)]
pub(super) const SAMPLE: &str = r#"{'access_key': 'AKIAIOSFODNN7EXAMPLE',
 'data': '',
 'header': None,
 'region': 'eu-west-1',
 'request': 'GET',
 'secret_key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
 'service': 'execute-api',
 'session_token': None,
 'uri': 'https://h/prod/pets?b=2',
 'verbose': True}
'b=2'
('\n'
 'CANONICAL REQUEST = GET\n'
 '/prod/pets\n'
 'b=2\n'
 'host:h\n'
 '\n'
 'host\n'
 'e3b0')
('\n'
 'STRING_TO_SIGN = AWS4-HMAC-SHA256\n'
 '20261120T123120Z\n'
 '20261120/eu-west-1/execute-api/aws4_request\n'
 '43be')
'\nHEADERS++++++++++++++++++++++++++++++++++++'
{'Accept': 'application/xml', 'Authorization': 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=92e2', 'x-amz-date': '20261120T123120Z'}
'\nBEGIN REQUEST++++++++++++++++++++++++++++++++++++'
'Request URL = https://h/prod/pets?b=2'
'\nRESPONSE++++++++++++++++++++++++++++++++++++'
'Response code: 403\n'
{'Date': 'Fri, 20 Nov 2026 12:31:20 GMT', 'x-amzn-ErrorType': 'InvalidSignatureException'}
''
{"message":"Signature expired: x"}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivation_request_and_answer() {
        let read = read(SAMPLE).unwrap();
        let steps = read.steps.unwrap();
        assert_eq!(
            steps.canonical_request.as_deref(),
            Some("GET\n/prod/pets\nb=2\nhost:h\n\nhost\ne3b0")
        );
        assert_eq!(steps.string_to_sign.unwrap().lines().count(), 4);
        let request = read.request.unwrap();
        assert_eq!(
            (request.method.as_str(), request.url.as_str()),
            ("GET", "https://h/prod/pets?b=2")
        );
        assert_eq!(
            request.signature.unwrap().signature.as_deref(),
            Some("92e2")
        );
        let answer = read.answer.unwrap();
        assert_eq!(answer.status, Some(403));
        assert_eq!(
            answer.error_type.as_deref(),
            Some("InvalidSignatureException")
        );
        assert_eq!(answer.body, "{\"message\":\"Signature expired: x\"}");
    }

    #[test]
    fn the_secret_key_is_not_kept() {
        // As far as a paste goes: wherever it ends, nothing of the first value is in what is read.
        for (end, _) in SAMPLE.char_indices() {
            let Some(read) = read(&SAMPLE[..end]) else {
                continue;
            };
            let request = read.request.unwrap_or_default();
            let answer = read.answer.unwrap_or_default();
            let all = format!(
                "{:?} {} {:?} {}",
                request.headers, request.url, answer.headers, answer.body
            );
            assert!(!all.contains("wJalr"), "{end}: {all}");
        }
        assert!(super::read("{'a': 'b'}").is_none());
    }
}
