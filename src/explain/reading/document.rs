//! This program's own JSON: the document of `send --json` and the trace object of `sign --json`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use crate::explain::{
    ClientSteps, Evidence, Given, GivenAnswer, GivenRequest, GivenSignature, Placement,
};
use crate::secret::MASK;
use crate::sigv4::Echo;

/// Reads a document, if the JSON is one.
pub(super) fn read(json: &Value) -> Option<Evidence> {
    let is_trace = json.get("canonical_request").is_some() && json.get("string_to_sign").is_some();
    if is_trace {
        return Some(Evidence {
            given: Given::SendDocument,
            request: Some(request_of_trace(json)),
            steps: Some(steps(json)),
            answer: None,
            echo: None,
        });
    }
    let request = json.get("request").filter(|request| request.is_object())?;
    json.get("response")?;
    json.get("signing")?;
    let signing = json.get("signing").filter(|signing| signing.is_object());
    let mut sent = GivenRequest {
        method: text(request, "method"),
        url: text(request, "url"),
        headers: headers(request),
        body: (request.get("body_bytes").and_then(Value::as_u64) == Some(0)).then(Bytes::new),
        ..GivenRequest::default()
    };
    sent.signature = match signing {
        Some(trace) => signature_of_trace(trace, &sent),
        None => GivenSignature::of_request(&sent),
    };
    let answer = json.get("response").map(answer);
    let echo = answer.as_ref().and_then(|answer| Echo::find(&answer.body));
    Some(Evidence {
        given: Given::SendDocument,
        request: Some(sent),
        steps: signing.map(steps),
        answer,
        echo,
    })
}

fn text(json: &Value, name: &str) -> String {
    json.get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// `[["name", "value"], …]`
fn headers(json: &Value) -> Vec<(String, String)> {
    json.get("headers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|pair| {
            let name = pair.get(0)?.as_str()?;
            let value = pair.get(1)?.as_str()?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

fn steps(trace: &Value) -> ClientSteps {
    let told = |name| trace.get(name).and_then(Value::as_str).map(str::to_owned);
    let canonical_request = told("canonical_request");
    let is_said = trace
        .get("canonical_request_masked")
        .and_then(Value::as_bool)
        == Some(true);
    let is_seen = canonical_request
        .as_ref()
        .is_some_and(|text| text.contains(MASK));
    ClientSteps {
        canonical_request,
        string_to_sign: told("string_to_sign"),
        is_masked: is_said || is_seen,
    }
}

fn request_of_trace(trace: &Value) -> GivenRequest {
    let mut request = GivenRequest {
        method: text(trace, "method"),
        url: text(trace, "url"),
        headers: headers(trace),
        ..GivenRequest::default()
    };
    if request.method.is_empty() {
        // A line of the batch has no method of its own.
        let canonical_request = text(trace, "canonical_request");
        let method = canonical_request.lines().next().unwrap_or_default();
        method.clone_into(&mut request.method);
    }
    request.signature = signature_of_trace(trace, &request);
    request
}

/// The signature as the request carries it; where that is masked, as the trace tells it.
fn signature_of_trace(trace: &Value, request: &GivenRequest) -> Option<GivenSignature> {
    let carried = GivenSignature::of_request(request)
        .filter(|found| found.credential.is_some() && found.signature.is_some());
    if carried.is_some() {
        return carried;
    }
    let signature = trace.get("signature")?.as_str()?;
    let string_to_sign = text(trace, "string_to_sign");
    let mut lines = string_to_sign.lines();
    let algorithm = lines.next()?;
    let date_time = lines.next();
    let key_id = text(trace, "access_key_id").replace(MASK, "");
    let scope = text(trace, "credential_scope");
    let signed_headers: Vec<String> = trace
        .get("signed_headers")?
        .as_array()?
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let is_in_query = request.header_values("authorization").next().is_none();
    Some(GivenSignature {
        placement: if is_in_query {
            Placement::Query
        } else {
            Placement::Header
        },
        algorithm: algorithm.to_owned(),
        credential: Some(format!("{key_id}/{scope}")),
        raw: format!(
            "{algorithm} Credential={key_id}/{scope}, SignedHeaders={}, Signature={signature}",
            signed_headers.join(";")
        ),
        signed_headers: Some(signed_headers),
        signature: Some(signature.to_owned()),
        date_time: date_time.map(str::to_owned),
        expires: None,
    })
}

fn answer(response: &Value) -> GivenAnswer {
    let status = response
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok());
    let body = match response.get("body").and_then(Value::as_str) {
        Some(body) => body.to_owned(),
        None => STANDARD
            .decode(text(response, "body_base64"))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default(),
    };
    GivenAnswer::new(status, headers(response), body)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn trace() -> Value {
        json!({
            "method": "POST",
            "url": "https://h/prod/pets",
            "credential_scope": "20260102/eu-west-1/execute-api/aws4_request",
            "access_key_id": "AKIAIOSFODNN7EXAMPLE",
            "canonical_request": format!("POST\n/prod/pets\n\nhost:h\nx-amz-date:20260102T030405Z\nx-api-key:{MASK}\n\nhost;x-amz-date;x-api-key\nab"),
            "canonical_request_masked": true,
            "canonical_request_sha256": "cd",
            "string_to_sign": "AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/eu-west-1/execute-api/aws4_request\ncd",
            "signature": "ef",
            "signed_headers": ["host", "x-amz-date", "x-api-key"],
            "headers": [["host", "h"], ["authorization", MASK], ["x-api-key", MASK]],
            "agrees": true,
        })
    }

    #[test]
    fn the_document_of_send() {
        let document = json!({
            "request": {"method": "POST", "url": "https://h/prod/pets",
                "headers": [["host", "h"], ["authorization", MASK], ["x-api-key", MASK]],
                "body_bytes": 7, "body_sha256": "ab"},
            "signing": trace(),
            "response": {"status": 403, "http_version": "HTTP/1.1",
                "headers": [["x-amzn-errortype", "InvalidSignatureException"]],
                "body": "{\"message\":\"Signature expired: x\"}", "bytes": 33},
            "timing_ms": {}, "attempts": 1, "explanation": null,
        });
        let read = read(&document).unwrap();
        assert_eq!(read.given, Given::SendDocument);
        let steps = read.steps.unwrap();
        assert!(steps.is_masked && steps.canonical_request.unwrap().contains(MASK));
        let request = read.request.unwrap();
        assert_eq!((request.method.as_str(), request.body), ("POST", None));
        let signature = request.signature.unwrap();
        assert_eq!(signature.placement, Placement::Header);
        assert_eq!(signature.access_key_id(), Some("AKIAIOSFODNN7EXAMPLE"));
        assert_eq!(signature.signature.as_deref(), Some("ef"));
        assert_eq!(signature.date_time.as_deref(), Some("20260102T030405Z"));
        assert_eq!(
            read.answer.unwrap().message.as_deref(),
            Some("Signature expired: x")
        );
    }

    #[test]
    fn the_trace_of_sign_with_its_header() {
        let mut clear = trace();
        clear["canonical_request"] = json!("GET\n/\n\nhost:h\n\nhost\nab");
        clear["canonical_request_masked"] = Value::Null;
        clear["headers"] = json!([[
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/r/execute-api/aws4_request, SignedHeaders=host, Signature=00"
        ]]);
        let read = read(&clear).unwrap();
        assert!(!read.steps.unwrap().is_masked);
        let signature = read.request.unwrap().signature.unwrap();
        assert_eq!(signature.signature.as_deref(), Some("00"));
    }

    #[test]
    fn other_json_is_none() {
        for other in [
            json!({"request": {}, "response": {}}),
            json!({"message": "x"}),
            json!([]),
            json!({"request": "r", "response": 1, "signing": null}),
        ] {
            assert!(read(&other).is_none(), "{other}");
        }
    }
}
