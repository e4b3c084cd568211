//! From evidence to causes.

use std::fmt::Write as _;

use serde_json::Value;

use super::causes::{self, Case};
use super::{Cause, Evidence, Explanation, Given, GivenAnswer, Mending, suspects};
use crate::secret::{Redactor, SecretString};
use crate::sigv4::{Credentials, RequestDateTime, is_sensitive_header};

/// What this machine knows beside the evidence. The default is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The keys that were to sign, so that the signature can be computed again.
    pub keys: Option<&'a Credentials>,
    /// When temporary keys end.
    pub expires_at: Option<RequestDateTime>,
    /// What this machine's clock said when the answer came; `None` for an answer that was pasted.
    pub now: Option<RequestDateTime>,
    /// What it said when the request went out.
    pub sent_at: Option<RequestDateTime>,
    /// Which try it was, from 1.
    pub attempt: Option<u32>,
}

/// Says what a call was refused for, or what is wrong with a request that has no answer yet.
pub fn explain(evidence: &Evidence, known: &Known<'_>) -> Explanation {
    let accepted = evidence
        .answer
        .as_ref()
        .is_some_and(|answer| answer.status.is_some_and(|status| status < 400) || is_data(answer));
    let redactor = redactor(evidence, known.keys);
    let (causes, comparison) = if accepted {
        (Vec::new(), None)
    } else {
        let case = Case::new(evidence, known);
        (causes::look(&case).in_order(), case.comparison())
    };
    let mut summary = summary(evidence, accepted, &redactor);
    let signer = evidence
        .request
        .as_ref()
        .and_then(|request| request.signature.as_ref()?.access_key_id());
    if let (Some(keys), Some(signer)) = (known.keys, signer)
        && keys.access_key_id.trim() != signer.trim()
    {
        summary.push_str(
            " The keys that are known here have another key id than the one that signed.",
        );
    }
    Explanation {
        summary: redactor.redact(&summary),
        causes: causes
            .into_iter()
            .map(|cause| redacted(cause, &redactor))
            .collect(),
        comparison: comparison.map(|comparison| comparison.masked(&redactor, |_| false)),
    }
}

/// Takes every secret that the evidence or the keys hold out of texts about them.
pub fn redactor(evidence: &Evidence, keys: Option<&Credentials>) -> Redactor {
    // Shorter ones are words that occur anywhere.
    const SHORTEST: usize = 6;
    let mut secrets: Vec<String> = Vec::new();
    if let Some(keys) = keys {
        let secret = keys.secret_access_key.expose();
        secrets.push(secret.to_owned());
        secrets.push(secret.trim().to_owned());
        secrets.extend(keys.session_token.as_ref().map(|t| t.expose().to_owned()));
    }
    if let Some(request) = &evidence.request {
        for (name, value) in &request.headers {
            let name = name.to_lowercase();
            if name == "authorization" || name == "proxy-authorization" {
                suspects::of_authorization(value, &mut secrets);
                // Behind a scheme of its own stands a token; AWS's own parts are no secrets.
                if let Some((scheme, token)) = value.trim().split_once(' ')
                    && !scheme.starts_with("AWS4")
                {
                    secrets.push(token.trim().to_owned());
                }
            } else if is_sensitive_header(&name) {
                secrets.push(value.trim().to_owned());
            }
        }
        if let Some(user) = user_of(&request.url) {
            // With its sign too, should the password be short.
            secrets.push(format!("{user}@"));
            if let Some((_, password)) = user.split_once(':') {
                secrets.push(password.to_owned());
            }
        }
        if let Some((_, query)) = request.url.split_once('?') {
            for pair in query.split('&') {
                if let Some(("X-Amz-Security-Token", token)) = pair.split_once('=') {
                    secrets.push(
                        percent_encoding::percent_decode_str(token)
                            .decode_utf8_lossy()
                            .into_owned(),
                    );
                }
            }
        }
        // A secret in the place of the key id.
        secrets.extend(
            request
                .signature
                .as_ref()
                .and_then(|signature| signature.access_key_id())
                .filter(|id| id.len() >= 40)
                .map(str::to_owned),
        );
    }
    let message = evidence
        .answer
        .as_ref()
        .and_then(|answer| answer.message.as_deref())
        .unwrap_or_default();
    secrets.extend(quoted_in(message));
    if let Some(echo) = &evidence.echo {
        for line in echo.canonical_request.lines() {
            if let Some((name, value)) = line.split_once(':')
                && is_sensitive_header(name)
            {
                secrets.push(value.to_owned());
            }
        }
    }
    Redactor::new(
        secrets
            .into_iter()
            .filter(|secret| secret.chars().count() >= SHORTEST)
            .map(SecretString::new),
    )
}

/// Where a text about a message may cut it, so that half a secret is seen to be one.
const CUT: usize = 200;

/// What a message repeats of secrets, and what is left of one where the message is cut.
fn quoted_in(message: &str) -> Vec<String> {
    let mut found = suspects::suspects(message);
    let message = message.get(..message.floor_char_boundary(16 * WORDS));
    let message = message.unwrap_or_default();
    let end = message
        .char_indices()
        .nth(CUT)
        .map_or(message.len(), |(at, _)| at);
    let halves: Vec<String> = found
        .iter()
        .flat_map(|secret| message.match_indices(secret.as_str()))
        .filter(|(at, secret)| *at < end && end < at + secret.len())
        .filter_map(|(at, _)| message.get(at..end).map(str::to_owned))
        .collect();
    found.extend(halves);
    found
}

/// A URL's user and password, if it has them: `https://me:hunter2@host/`.
fn user_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    Some(authority.rsplit_once('@')?.0)
}

fn redacted(mut cause: Cause, redactor: &Redactor) -> Cause {
    if !redactor.is_empty() {
        cause.title = redactor.redact(&cause.title);
        cause.fix = redactor.redact(&cause.fix);
        for evidence in &mut cause.evidence {
            *evidence = redactor.redact(evidence);
        }
        if let Some(Mending::Url(url) | Mending::SetHeader { value: url, .. }) = &mut cause.mending
        {
            *url = redactor.redact(url);
        }
    }
    cause
}

/// Whether an answer of unknown status is JSON that speaks of no error.
fn is_data(answer: &GivenAnswer) -> bool {
    const OF_ERRORS: [&str; 12] = [
        "__type",
        "code",
        "detail",
        "error",
        "error_description",
        "errorcode",
        "errormessage",
        "errors",
        "errortype",
        "fault",
        "message",
        "reason",
    ];
    if answer.status.is_some() || answer.message.is_some() || answer.error_type.is_some() {
        return false;
    }
    match serde_json::from_str(&answer.body) {
        Ok(Value::Object(fields)) => !fields
            .keys()
            .any(|name| OF_ERRORS.contains(&name.to_ascii_lowercase().as_str())),
        Ok(Value::Array(items)) => items.iter().all(|item| !item.is_string()),
        _ => false,
    }
}

/// So many characters of a message are told.
const WORDS: usize = 240;

/// What was given and what became of it, in a sentence.
fn summary(evidence: &Evidence, accepted: bool, redactor: &Redactor) -> String {
    let given = match evidence.given {
        Given::Exchange => "A call",
        Given::SendDocument => "A call that was sent",
        Given::Answer => "An answer",
        Given::CommandLine => "A command line",
        Given::AuthorizationHeader => "An Authorization header",
        Given::PresignedUrl => "A presigned URL",
        Given::RawRequest => "A raw request",
        Given::SigningSteps => "The steps of a signature",
        Given::BotocoreLog => "A log of botocore",
        Given::GoSdkLog => "A log of the AWS SDK for Go",
    };
    let mut text = given.to_owned();
    if let Some(request) = evidence
        .request
        .as_ref()
        .filter(|request| !request.url.is_empty())
    {
        let place = request.url.split(['?', '#']).next().unwrap_or_default();
        text.push_str(": ");
        if !request.method.is_empty() {
            text.push_str(&request.method);
            text.push(' ');
        }
        match user_of(&request.url) {
            Some(user) => text.push_str(&place.replacen(&format!("{user}@"), "", 1)),
            None => text.push_str(place),
        }
    }
    let Some(answer) = &evidence.answer else {
        text.push_str(if evidence.request.is_some() {
            "; no answer is known"
        } else {
            ""
        });
        return text + ".";
    };
    if is_data(answer) {
        text.push_str("; JSON without an error in it, so nothing says that a call was refused.");
        return text;
    }
    text.push_str(if accepted { "; accepted" } else { "; refused" });
    if let Some(status) = answer.status {
        // Writing to a String cannot fail.
        write!(text, " with {status}").ok();
    }
    if let Some(kind) = &answer.error_type {
        write!(text, " {kind}").ok();
    }
    let words = answer
        .message
        .as_deref()
        .and_then(|message| message.split('\n').next())
        .filter(|words| !words.is_empty() && !accepted);
    match words {
        Some(words) => {
            // A secret that was cut in half would not be found any more.
            let near = words.get(..words.floor_char_boundary(16 * WORDS));
            let words = redactor.redact(near.unwrap_or(words));
            let words: String = words.chars().take(WORDS).collect();
            write!(text, ": {}", words.trim()).ok();
            if !text.ends_with('.') {
                text.push('.');
            }
        }
        None => text.push('.'),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::read;
    use crate::secret::MASK;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn told(text: &str) -> String {
        let told = explain(&read(text).unwrap(), &Known::default());
        format!("{told:?}")
    }

    #[test]
    fn no_secret_of_a_quoted_authorization_value_is_repeated() {
        let scope = "20260102/us-east-1/execute-api/aws4_request";
        for message in [
            format!(
                "'{SECRET}/{scope}' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE {SECRET}/{scope}, SignedHeaders=host, Signature=ab'."
            ),
            format!(
                "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256 Credential={SECRET} /{scope}, SignedHeaders=host"
            ),
            format!(
                "'{SECRET}' not a valid key=value pair (missing equal-sign) in Authorization header: '{SECRET}'."
            ),
            format!(
                "Authorization header requires 'Credential' parameter. Authorization=Bearer {SECRET}"
            ),
            format!("weird {SECRET} x-api-key: {SECRET}"),
            // Cut in the middle by whoever shows only the beginning.
            format!("{} {SECRET}", "word ".repeat(36)),
            format!("{} {SECRET}", "word ".repeat(44)),
        ] {
            let body = serde_json::json!({ "message": message }).to_string();
            for text in [body.clone(), format!("HTTP/1.1 403 Forbidden\n\n{body}")] {
                let told = told(&text);
                assert!(told.contains(MASK), "{told}");
                for piece in [&SECRET[..8], &SECRET[32..]] {
                    assert!(!told.contains(piece), "{told}");
                }
            }
        }
    }

    #[test]
    fn json_without_an_error_is_no_refusal() {
        for body in [
            r#"{"pets":[]}"#,
            "[]",
            r#"[{"a":1}]"#,
            r#"{"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"hush-hush"}"#,
        ] {
            let told = explain(&read(body).unwrap(), &Known::default());
            assert!(
                told.summary.contains("JSON without an error"),
                "{}",
                told.summary
            );
            assert!(told.causes.is_empty(), "{body}");
        }
        for body in [
            r#"{"message":null}"#,
            r#"{"error":{"code":7}}"#,
            "HTTP/1.1 403 x\n\n{}",
        ] {
            let told = explain(&read(body).unwrap(), &Known::default());
            assert!(told.summary.contains("refused"), "{}", told.summary);
        }
    }

    #[test]
    fn the_password_of_a_url_is_not_repeated() {
        for password in ["hunter2", "pw"] {
            let told = told(&format!("curl https://me:{password}@h.example/prod/x"));
            assert!(told.contains("https://h.example/prod/x"), "{told}");
            assert!(!told.contains(&format!("{password}@")), "{told}");
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
}
