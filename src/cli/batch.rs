//! `countersign sign --batch`: JSON lines in, JSON lines out.

use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::exit;
use super::terminal::failed;
use super::trace_json::signed_headers;
use crate::secret::SecretString;
use crate::sigv4::{
    Algorithm, Credentials, DEFAULT_EXPIRES, MAX_EXPIRES, Payload, Placement, RequestDateTime,
    SessionTokenRule, SignedHeadersRule, SigningInput, SigningSettings, SigningTarget, sign_target,
};

/// A line of the batch; unknown keys are ignored.
#[derive(Deserialize)]
struct Line {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: Option<String>,
    access_key: String,
    secret_key: String,
    #[serde(default)]
    session_token: Option<String>,
    region: String,
    service: String,
    datetime: String,
    #[serde(default)]
    settings: LineSettings,
}

#[derive(Default, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's switches")]
struct LineSettings {
    mode: Option<String>,
    expires: Option<u32>,
    algorithm: Option<String>,
    normalize: Option<bool>,
    double_encode: Option<bool>,
    sign_body: bool,
    omit_session_token: bool,
    unsigned_payload: bool,
    s3: bool,
    unsigned_headers: Vec<String>,
}

/// Runs it and gives the exit code: a bad line is answered with an error and the rest goes on.
pub(super) fn run() -> u8 {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut input = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) if line.iter().all(u8::is_ascii_whitespace) => continue,
            Ok(_) => {}
            Err(error) => {
                failed(&format!("standard input cannot be read: {error}"), None);
                return exit::INTERNAL;
            }
        }
        let answer = answer(&line);
        let written = writeln!(output, "{answer}").and_then(|()| {
            // Whoever waits for this answer before the next question gets it now.
            if input.buffer().contains(&b'\n') {
                Ok(())
            } else {
                output.flush()
            }
        });
        match written {
            Ok(()) => {}
            // Whoever read has gone.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return exit::DONE,
            Err(error) => {
                failed(&format!("standard output cannot be written: {error}"), None);
                return exit::INTERNAL;
            }
        }
    }
    if output.flush().is_ok() {
        exit::DONE
    } else {
        exit::INTERNAL
    }
}

fn answer(line: &[u8]) -> Value {
    let value: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(error) => return json!({"id": null, "error": format!("the line is not JSON: {error}")}),
    };
    let id = value.get("id").cloned().unwrap_or(Value::Null);
    match sign_line(value) {
        Ok(mut signed) => {
            if let Some(object) = signed.as_object_mut() {
                object.shift_insert(0, "id".to_owned(), id);
            }
            signed
        }
        Err(message) => json!({"id": id, "error": message}),
    }
}

fn sign_line(value: Value) -> Result<Value, String> {
    let line: Line = serde_json::from_value(value).map_err(|error| {
        let text = error.to_string();
        // Other messages repeat the value, which may be the secret.
        if text.starts_with("missing field") {
            format!("the line lacks something: {text}")
        } else {
            "a field of the line has the wrong type".to_owned()
        }
    })?;
    let body = match &line.body {
        None => Vec::new(),
        Some(text) => STANDARD
            .decode(text)
            .map_err(|error| format!("`body` is not base64: {error}"))?,
    };
    let time = RequestDateTime::parse(&line.datetime)
        .ok_or_else(|| format!("`datetime` is not YYYYMMDDTHHMMSSZ: `{}`", line.datetime))?;
    let settings = settings(&line)?;
    let credentials = Credentials {
        access_key_id: line.access_key.clone(),
        secret_access_key: SecretString::new(line.secret_key.clone()),
        session_token: line
            .session_token
            .clone()
            .filter(|token| !token.is_empty())
            .map(SecretString::new),
    };
    let target = SigningTarget {
        method: &line.method,
        url: &line.url,
        headers: &line.headers,
        payload: Payload::Bytes(&body),
    };
    let input = SigningInput {
        credentials: &credentials,
        region: &line.region,
        service: &line.service,
        time,
        settings: &settings,
    };
    let signed = sign_target(&target, &input).map_err(|error| error.to_string())?;
    let steps = &signed.trace.steps;
    Ok(json!({
        "canonical_request": steps.canonical_request.to_string(),
        "string_to_sign": steps.string_to_sign.to_string(),
        "signature": signed.trace.signature,
        "signed_headers": signed_headers(&steps.canonical_request),
        "url": signed.url,
        "headers": signed.headers,
        "agrees": signed.agrees == Ok(true),
    }))
}

fn settings(line: &Line) -> Result<SigningSettings, String> {
    let given = &line.settings;
    let placement = match given.mode.as_deref() {
        None | Some("header") => Placement::Header,
        Some("query") => {
            let expires = given.expires.unwrap_or(DEFAULT_EXPIRES);
            if !(1..=MAX_EXPIRES).contains(&expires) {
                return Err(format!(
                    "`expires` is 1 to {MAX_EXPIRES} seconds, not {expires}"
                ));
            }
            Placement::Query { expires }
        }
        Some(other) => return Err(format!("`mode` is `header` or `query`, not `{other}`")),
    };
    let algorithm = match given.algorithm.as_deref() {
        None | Some("AWS4-HMAC-SHA256" | "v4") => Algorithm::HmacSha256,
        Some("AWS4-ECDSA-P256-SHA256" | "v4a") => Algorithm::EcdsaP256Sha256,
        Some(other) => {
            return Err(format!(
                "`algorithm` is `AWS4-HMAC-SHA256` or `AWS4-ECDSA-P256-SHA256`, not `{other}`"
            ));
        }
    };
    let base = SigningSettings::for_service(if given.s3 { "s3" } else { "" });
    Ok(SigningSettings {
        algorithm,
        placement,
        normalize_path: given.normalize.unwrap_or(base.normalize_path) && base.normalize_path,
        double_encode: given.double_encode.unwrap_or(base.double_encode) && base.double_encode,
        // A line is signed exactly as it stands.
        escape_path: false,
        content_sha256_header: given.sign_body || base.content_sha256_header,
        unsigned_payload: given.unsigned_payload,
        session_token: if given.omit_session_token {
            SessionTokenRule::Unsigned
        } else {
            SessionTokenRule::Signed
        },
        signed_headers: SignedHeadersRule::everything_but(given.unsigned_headers.clone()),
        signed_host: None,
        not_understood: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(extra: &str) -> String {
        format!(
            r#"{{"id":7,"method":"GET","url":"https://example.amazonaws.com/","headers":[["Host","example.amazonaws.com"]],
            "access_key":"AKIDEXAMPLE","secret_key":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY","region":"us-east-1",
            "service":"service","datetime":"20150830T123600Z"{extra}}}"#
        )
    }

    /// The signature that the suite publishes for `get-vanilla`.
    #[test]
    fn a_line_is_signed_as_published() {
        let answer = answer(line("").as_bytes());
        assert_eq!(
            answer["signature"],
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        );
        assert_eq!(answer["id"], 7);
        assert_eq!(answer["agrees"], true);
        assert_eq!(
            answer["headers"][0],
            json!(["host", "example.amazonaws.com"])
        );
        assert_eq!(
            answer["headers"][1],
            json!(["x-amz-date", "20150830T123600Z"])
        );
    }

    /// What the suite publishes for `get-vanilla` in query mode.
    #[test]
    fn a_line_is_presigned_as_published() {
        let answer = answer(line(r#","settings":{"mode":"query","expires":3600}"#).as_bytes());
        let url = answer["url"].as_str().unwrap();
        assert!(url.starts_with(
            "https://example.amazonaws.com/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature="
        ), "{url}");
        assert!(url.ends_with(answer["signature"].as_str().unwrap()));
        assert_eq!(
            answer["headers"],
            json!([["host", "example.amazonaws.com"]])
        );
        assert_eq!(answer["agrees"], true);
    }

    #[test]
    fn bad_lines_are_answered() {
        assert!(answer(b"{").get("error").is_some());
        assert_eq!(answer(br#"{"id":"a"}"#)["id"], "a");
        let mode = answer(line(r#","settings":{"mode":"qeury"}"#).as_bytes());
        assert_eq!(mode["error"], "`mode` is `header` or `query`, not `qeury`");
        let expires = answer(line(r#","settings":{"mode":"query","expires":0}"#).as_bytes());
        assert_eq!(expires["error"], "`expires` is 1 to 604800 seconds, not 0");
        let unknown = answer(line(r#","unknown":1,"settings":{"whatever":2}"#).as_bytes());
        assert_eq!(unknown["agrees"], true);
    }
}
