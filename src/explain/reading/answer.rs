//! What an answer's body says: the message and the error type, however they are wrapped.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::explain::GivenAnswer;

/// JSON is looked for in the strings of JSON down to this depth.
const WRAPPINGS: usize = 8;

/// Words that stand in what AWS says of a refused call. A text without any of them, and without a
/// form of its own, is not taken for an answer.
const PHRASES: [&str; 33] = [
    "AWS query-string parameters must include",
    "Authorization header requires",
    "Credential must have exactly 5",
    "Credential should be scoped",
    "Date in Credential scope",
    "Date must be in ISO-8601",
    "Endpoint request timed out",
    "Found both 'X-Amz-Algorithm'",
    "HTTP content length exceeded",
    "Illegal hex character in escape",
    "Incomplete trailing escape",
    "Internal server error",
    "Invalid request body",
    "Limit Exceeded",
    "Missing Authentication Token",
    "Missing required request parameters",
    "Request Too Long",
    "Request URI too long",
    "SSO session associated with this profile",
    "Service Unavailable",
    "Signature expired",
    "Signature not yet current",
    "The Canonical String for this request",
    "The incoming token has expired",
    "The request could not be satisfied",
    "The request signature we calculated",
    "The security token included in the request",
    "Token has expired and refresh failed",
    "Too Many Requests",
    "Unsupported AWS 'algorithm'",
    "a valid key=value pair",
    "is not authorized to",
    "must be a 'SignedHeader'",
];

/// Whole bodies that say little, but are an answer's.
const SHORT: [&str; 6] = [
    "Forbidden",
    "Gateway Timeout",
    "Not Found",
    "Unauthorized",
    "Unsupported Media Type",
    "Invalid key=value pair",
];

/// What was found inside a body.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    message: Option<String>,
    error_type: Option<String>,
    /// A status that only the body tells.
    status: Option<u16>,
}

impl GivenAnswer {
    /// An answer with what its body says. Names of headers become lower-case.
    pub fn new(status: Option<u16>, headers: Vec<(String, String)>, body: String) -> Self {
        let headers: Vec<(String, String)> = headers
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        let found = found_in(&body, WRAPPINGS).unwrap_or_default();
        let mut answer = Self {
            status: status.or(found.status),
            headers,
            body,
            message: found.message,
            error_type: None,
        };
        // Some services add the shape's address behind a colon.
        let told = answer
            .header("x-amzn-errortype")
            .and_then(|value| value.split(':').next())
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        answer.error_type = told.or(found.error_type);
        answer
    }
}

/// Whether a text without status line and headers is an answer's body.
pub(super) fn is_answer(text: &str) -> bool {
    let text = text.trim();
    PHRASES.iter().any(|phrase| text.contains(phrase))
        || SHORT.iter().any(|start| {
            text.strip_prefix(start)
                .is_some_and(|rest| rest.len() < 400 && !rest.starts_with(char::is_alphanumeric))
        })
        || sdk_error(text).is_some()
        || is_markup_of_an_error(text)
}

fn is_markup_of_an_error(text: &str) -> bool {
    text.starts_with('<')
        && (["<Error", "<ErrorResponse", "<Message>", "<message>"]
            .iter()
            .any(|start| text.contains(start))
            || is_html(text))
}

fn is_html(text: &str) -> bool {
    let start: String = text
        .trim_start()
        .chars()
        .take(16)
        .collect::<String>()
        .to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

fn found_in(body: &str, wrappings: usize) -> Option<Found> {
    let text = body.trim();
    if text.starts_with(['{', '[', '"'])
        && let Ok(json) = serde_json::from_str::<Value>(text)
    {
        return Some(found_in_json(&json, wrappings));
    }
    if is_html(text) {
        return Some(found_in_html(text));
    }
    if text.starts_with('<') {
        return Some(found_in_xml(text));
    }
    if let Some(found) = sdk_error(text) {
        return Some(found);
    }
    let is_broken_json = text.starts_with(['{', '[']);
    (!is_broken_json && is_answer(text)).then(|| Found {
        message: Some(without_traceback(text).trim_end().to_owned()),
        ..Found::default()
    })
}

fn found_in_json(json: &Value, wrappings: usize) -> Found {
    Found {
        message: message_in(json, wrappings).or_else(|| phrase_in(json, wrappings)),
        error_type: string_under(json, "__type", wrappings)
            .map(|name| name.rsplit('#').next().unwrap_or_default().to_owned()),
        status: None,
    }
}

/// The message nearest to the top; JSON or XML inside it is opened.
fn message_in(json: &Value, wrappings: usize) -> Option<String> {
    let message = string_under(json, "message", wrappings)?;
    let inner = (wrappings > 0 && message.trim_start().starts_with(['{', '[', '<']))
        .then(|| found_in(&message, wrappings - 1))
        .flatten()
        .and_then(|found| found.message);
    Some(inner.unwrap_or(message))
}

/// The first string under a name, any letter case: an object's own names before those below it.
fn string_under(json: &Value, name: &str, wrappings: usize) -> Option<String> {
    match json {
        Value::Object(fields) => fields
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .find_map(|(_, value)| value.as_str().map(str::to_owned))
            .or_else(|| {
                fields
                    .values()
                    .find_map(|value| string_under(value, name, wrappings))
            }),
        Value::Array(items) => items
            .iter()
            .find_map(|item| string_under(item, name, wrappings)),
        Value::String(text) => {
            let inner = inner_json(text, wrappings)?;
            string_under(&inner, name, wrappings - 1)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// An owner's template may put AWS's sentence under any name.
fn phrase_in(json: &Value, wrappings: usize) -> Option<String> {
    match json {
        Value::Object(fields) => fields
            .values()
            .find_map(|value| phrase_in(value, wrappings)),
        Value::Array(items) => items.iter().find_map(|item| phrase_in(item, wrappings)),
        Value::String(text) => match inner_json(text, wrappings) {
            Some(inner) => phrase_in(&inner, wrappings - 1),
            None => PHRASES
                .iter()
                .any(|phrase| text.contains(phrase))
                .then(|| text.clone()),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn inner_json(text: &str, wrappings: usize) -> Option<Value> {
    if wrappings == 0 || !text.trim_start().starts_with(['{', '[', '"']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// `<Code>` and `<Message>` wherever they stand; broken XML as far as it goes.
fn found_in_xml(text: &str) -> Found {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut found = Found::default();
    let mut content = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => content.clear(),
            Ok(Event::Text(text)) => {
                if let Ok(text) = text.decode() {
                    content.push_str(&text);
                }
            }
            Ok(Event::CData(text)) => {
                if let Ok(text) = text.decode() {
                    content.push_str(&text);
                }
            }
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.decode().unwrap_or_default();
                let entity = format!("&{name};");
                match quick_xml::escape::unescape(&entity) {
                    Ok(resolved) => content.push_str(&resolved),
                    Err(_) => content.push_str(&entity),
                }
            }
            Ok(Event::End(end)) => {
                let slot = match end.local_name().as_ref() {
                    b"Message" | b"message" => &mut found.message,
                    b"Code" | b"code" => &mut found.error_type,
                    _ => continue,
                };
                let text = std::mem::take(&mut content);
                if slot.is_none() && !text.trim().is_empty() {
                    *slot = Some(text.trim().to_owned());
                }
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

/// `CloudFront`'s page: `<H1>403 ERROR</H1><H2>The request could not be satisfied.</H2>`.
fn found_in_html(text: &str) -> Found {
    let lower = text.to_ascii_lowercase();
    let element = |name: &str| {
        let open = lower.find(&format!("<{name}"))?;
        let start = open + lower.get(open..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find(&format!("</{name}"))?;
        let words: Vec<&str> = text.get(start..end)?.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    };
    Found {
        message: element("h2")
            .or_else(|| element("title"))
            .or_else(|| element("h1")),
        error_type: None,
        status: element("h1")
            .or_else(|| element("title"))
            .and_then(|heading| heading.split(' ').next()?.parse().ok())
            .filter(|status| (100..600).contains(status)),
    }
}

/// A message without what Python tells behind it.
fn without_traceback(text: &str) -> &str {
    const STARTS: [&str; 3] = [
        "\nTraceback (most recent call last)",
        "\nDuring handling of the above exception",
        "\n  File \"",
    ];
    let end = STARTS.iter().filter_map(|start| text.find(start)).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// An SDK's own words: botocore's `An error occurred (Type) when calling the X operation: message`,
/// others' `TypeException: message`.
fn sdk_error(text: &str) -> Option<Found> {
    let found = |error_type: &str, message: &str| {
        Some(Found {
            message: Some(without_traceback(message).trim().to_owned()),
            error_type: Some(error_type.to_owned()),
            status: None,
        })
    };
    if let Some((_, rest)) = text.split_once("An error occurred (") {
        let (error_type, rest) = rest.split_once(')')?;
        let (_, rest) = rest.split_once(" operation")?;
        // ` (reached max retries: 4)`
        let rest = match rest.strip_prefix(" (") {
            Some(note) => note.split_once(')')?.1,
            None => rest,
        };
        let message = rest.strip_prefix(": ")?;
        return found(error_type, message);
    }
    let (name, message) = text.split_once(": ")?;
    let name = name.rsplit(['.', ' ', '#']).next()?;
    let is_type = name.ends_with("Exception")
        && name.len() < 80
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_type.then(|| found(name, message)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Option<String>, Option<String>, Option<u16>) {
        let answer = GivenAnswer::new(None, Vec::new(), body.to_owned());
        (answer.message, answer.error_type, answer.status)
    }

    fn message(body: &str) -> Option<String> {
        read(body).0
    }

    #[test]
    fn json_in_every_wrapping() {
        let inner = r#"{"Message":"Signature expired: x"}"#;
        for body in [
            r#"{"message":"Signature expired: x"}"#.to_owned(),
            inner.to_owned(),
            r#"{"MESSAGE":"Signature expired: x","code":7}"#.to_owned(),
            r#"{"errors":[{"message":"Signature expired: x","code":"InvalidInput"}]}"#.to_owned(),
            serde_json::json!({"message": inner}).to_string(),
            serde_json::json!({"body": inner, "statusCode": 403}).to_string(),
            serde_json::json!({"a": [{"b": serde_json::json!({"x": inner}).to_string()}]})
                .to_string(),
            serde_json::Value::from(inner).to_string(),
            r#"{"error":{"details":"Signature expired: x"}}"#.to_owned(),
            r#"{"message":{"text":1},"Message":"Signature expired: x"}"#.to_owned(),
            r#"{"message":"<Error><Message>Signature expired: x</Message></Error>"}"#.to_owned(),
        ] {
            assert_eq!(
                message(&body).as_deref(),
                Some("Signature expired: x"),
                "{body}"
            );
        }
        assert_eq!(message(r#"{"message":null}"#), None);
        // The nearest to the top.
        assert_eq!(
            message(r#"{"a":{"message":"deep"},"message":"top"}"#).as_deref(),
            Some("top")
        );
    }

    #[test]
    fn the_type_comes_from_header_body_or_code() {
        let body = r#"{"message":"Session token not found or invalid","__type":"com.amazonaws.switchboard.portal#UnauthorizedException"}"#;
        assert_eq!(read(body).1.as_deref(), Some("UnauthorizedException"));
        let headers = vec![(
            "X-Amzn-ErrorType".to_owned(),
            "InvalidSignatureException:http://internal.amazon.com/coral/x/".to_owned(),
        )];
        let answer = GivenAnswer::new(Some(403), headers, body.to_owned());
        assert_eq!(
            answer.error_type.as_deref(),
            Some("InvalidSignatureException")
        );
        assert_eq!(answer.header("x-amzn-errortype").unwrap().len(), 61);
    }

    #[test]
    fn xml_of_sts_and_s3() {
        let body = r#"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>SignatureDoesNotMatch</Code>
    <Message>A &lt;b&gt; &amp;&#xA;&quot;c&apos; &unknown; d</Message>
  </Error>
  <RequestId>0</RequestId>
</ErrorResponse>"#;
        assert_eq!(
            read(body),
            (
                Some("A <b> &\n\"c' &unknown; d".to_owned()),
                Some("SignatureDoesNotMatch".to_owned()),
                None
            )
        );
        let s3 = "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message><![CDATA[a & b]]></Message></Erro";
        assert_eq!(message(s3).as_deref(), Some("a & b"));
    }

    #[test]
    fn cloudfront_and_plain_text() {
        let page = "<!DOCTYPE HTML PUBLIC \"x\">\n<HTML><HEAD>\n<TITLE>ERROR: The request could not be satisfied</TITLE>\n</HEAD><BODY>\n<H1>403 ERROR</H1>\n<H2>The request could not be\nsatisfied.</H2>\n<HR noshade size=\"1px\">\nBad request.\n</BODY></HTML>";
        assert_eq!(
            read(page),
            (
                Some("The request could not be satisfied.".to_owned()),
                None,
                Some(403)
            )
        );
        let text = "HTTP content length exceeded 10485760 bytes.";
        assert_eq!(message(text).as_deref(), Some(text));
        assert_eq!(message("A shopping list"), None);
        assert!(
            is_answer("Forbidden")
                && !is_answer("Forbidden fruit tastes best. ".repeat(20).as_str())
        );
    }

    #[test]
    fn errors_as_sdks_tell_them() {
        for text in [
            "botocore.exceptions.ClientError: An error occurred (InvalidSignatureException) when calling the X operation (reached max retries: 4): Signature expired: a: b",
            "InvalidSignatureException: Signature expired: a: b",
            "com.amazonaws.x.model.InvalidSignatureException: Signature expired: a: b",
        ] {
            let (message, error_type, _) = read(text);
            assert_eq!(
                message.as_deref(),
                Some("Signature expired: a: b"),
                "{text}"
            );
            assert_eq!(error_type.as_deref(), Some("InvalidSignatureException"));
        }
    }
}
