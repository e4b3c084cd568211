//! The debug logs of botocore and of the AWS SDKs for Go, which tell their signer's derivation.
//!
//! A log may tell many calls: the last signature counts, with what follows it.

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use super::http_text::{self, url_of};
use super::python;
use crate::explain::{
    ClientSteps, Evidence, Given, GivenAnswer, GivenRequest, GivenSignature, Placement,
};
use crate::secret::MASK;
use crate::sigv4::{Echo, hash_hex};

const GO_CANONICAL: &str = "---[ CANONICAL STRING";
const GO_STRING_TO_SIGN: &str = "---[ STRING TO SIGN";
const GO_SIGNED_URL: &str = "---[ SIGNED URL";
const CANONICAL: &str = "CanonicalRequest:";
const STRING_TO_SIGN: &str = "StringToSign:";
const SIGNATURE: &str = "Signature:";
const SENDING: &str = "Sending http request: ";
const FAILED: &str = "An error occurred (";

/// Reads a log, if it is one.
pub(super) fn read(text: &str) -> Option<Evidence> {
    go(text).or_else(|| botocore(text))
}

fn evidence(
    given: Given,
    request: Option<GivenRequest>,
    steps: Option<ClientSteps>,
    answer: Option<GivenAnswer>,
) -> Evidence {
    let echo = answer.as_ref().and_then(|answer| Echo::find(&answer.body));
    Evidence {
        given,
        request,
        steps,
        answer,
        echo,
    }
}

fn go(text: &str) -> Option<Evidence> {
    let mut text = text.replace("\r\n", "\n");
    if text.contains(GO_CANONICAL) && text.contains("--\\n") {
        // A logger that writes a record on one line.
        text = text.replace("\\r\\n", "\n").replace("\\n", "\n");
    }
    let start = text.rfind(GO_CANONICAL)?;
    let (_, rest) = text.get(start..)?.split_once('\n')?;
    let (canonical_request, rest) = rest.split_once(&format!("\n{GO_STRING_TO_SIGN}"))?;
    let (_, rest) = rest.split_once('\n')?;
    let (string_to_sign, rest) = rest.split_once("\n---").unwrap_or((rest.trim_end(), ""));
    let signed_url = rest
        .strip_prefix(GO_SIGNED_URL.trim_start_matches('-'))
        .and_then(|rest| rest.lines().nth(1))
        .map(str::trim);
    let mut request = reconstructed(canonical_request, string_to_sign, None)?;
    if let Some(url) = signed_url {
        url.clone_into(&mut request.url);
        request.signature = GivenSignature::of_request(&request).or(request.signature);
    }
    let mut answer = None;
    // The call itself follows, if the log tells it.
    if let Some(at) = find_line(rest, http_text::is_request_line) {
        let sent = record(rest.get(at..)?);
        if let Some(found) = http_text::read(sent).and_then(|read| read.request) {
            request = with_sent(request, found);
        }
    }
    if let Some(at) = find_line(rest, http_text::is_status_line) {
        answer = http_text::read(record(rest.get(at..)?)).and_then(|read| read.answer);
    }
    let steps = ClientSteps {
        canonical_request: Some(canonical_request.to_owned()),
        string_to_sign: Some(string_to_sign.to_owned()),
        is_masked: canonical_request.contains(MASK),
    };
    Some(evidence(
        Given::GoSdkLog,
        Some(request),
        Some(steps),
        answer,
    ))
}

/// A dump up to the ruler or the next record behind it.
fn record(text: &str) -> &str {
    let ends = ["\n-----", "\nSDK 2", "\n---[ ", "\n```"];
    let end = ends.iter().filter_map(|end| text.find(end)).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn find_line(text: &str, is_wanted: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = 0;
    for line in text.split('\n') {
        if is_wanted(line.trim_end_matches('\r')) {
            return Some(at);
        }
        at += line.len() + 1;
    }
    None
}

fn botocore(text: &str) -> Option<Evidence> {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    // A signer in native code tells no derivation, but botocore what it sends.
    let start = lines
        .iter()
        .rposition(|line| is_record_of(line, CANONICAL))
        .map_or_else(
            || lines.iter().rposition(|line| line.contains(SENDING)),
            |at| Some(at + 1),
        )?;
    let is_derived = start > 0
        && lines
            .get(start - 1)
            .is_some_and(|line| is_record_of(line, CANONICAL));
    let mut canonical_request: Vec<&str> = Vec::new();
    let mut string_to_sign: Vec<&str> = Vec::new();
    let mut signature = None;
    let mut request: Option<GivenRequest> = None;
    let mut status = None;
    let mut headers = Vec::new();
    let mut body = None;
    let mut rest = lines.get(start..)?.iter().copied().peekable();
    while let Some(line) = rest.next_if(|line| is_derived && !is_record(line)) {
        canonical_request.push(line);
    }
    while let Some(line) = rest.next() {
        if is_record_of(line, STRING_TO_SIGN) {
            while let Some(line) = rest.next_if(|line| !is_record(line)) {
                string_to_sign.push(line);
            }
        } else if is_record_of(line, SIGNATURE) {
            signature = rest.next_if(|line| !is_record(line)).map(str::trim);
        } else if let Some((_, sent)) = line.split_once(SENDING) {
            request = sent_request(sent).or(request);
        } else if let Some((_, told)) = line.split_once("Response headers: ") {
            let found = told.find('{').and_then(|at| told.get(at..));
            headers = found
                .and_then(python::dictionary)
                .map_or(headers, |(headers, _)| headers);
        } else if line.trim_end().ends_with("Response body:") {
            body = rest.peek().map(|line| {
                python::string(line).map_or_else(|| (*line).to_owned(), |(body, _)| body)
            });
        } else if line.contains("connectionpool") {
            // `https://h:443 "POST / HTTP/1.1" 403 192`
            status = line
                .rsplit_once("\" ")
                .and_then(|(_, rest)| rest.split(' ').next()?.parse().ok())
                .or(status);
        }
    }
    let canonical_request = canonical_request.join("\n");
    let canonical_request = ended(&canonical_request);
    let string_to_sign = string_to_sign.join("\n");
    let string_to_sign = ended(&string_to_sign);
    let rebuilt = reconstructed(canonical_request, string_to_sign, signature);
    let request = match (rebuilt, request) {
        (Some(rebuilt), Some(sent)) => Some(with_sent(rebuilt, sent)),
        (rebuilt, sent) => sent.or(rebuilt),
    };
    // Without the parser's records the exception tells the answer.
    let body = body.or_else(|| {
        text.rfind(FAILED)
            .and_then(|at| text.get(at..))
            .map(str::to_owned)
    });
    let has_answer = status.is_some() || body.is_some() || !headers.is_empty();
    let answer = has_answer.then(|| GivenAnswer::new(status, headers, body.unwrap_or_default()));
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let steps = is_derived.then(|| ClientSteps {
        canonical_request: told(canonical_request),
        string_to_sign: told(string_to_sign),
        is_masked: canonical_request.contains(MASK),
    });
    if !is_derived && request.is_none() {
        return None;
    }
    Some(evidence(Given::BotocoreLog, request, steps, answer))
}

/// What follows a text's end in a paste that stops there, without what belongs to it: an empty line
/// within is part of a canonical request.
fn ended(text: &str) -> &str {
    text.trim_end_matches('\n')
}

/// Whether a line begins a record: `2026-11-20 11:51:48,692 - …`, `DEBUG:botocore.auth:…`,
/// `[DEBUG] …`. No line of a canonical request or string to sign looks so.
fn is_record(line: &str) -> bool {
    let is_dated = line.get(..10).is_some_and(|date| {
        date.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-' || byte == b'/',
            _ => byte.is_ascii_digit(),
        })
    });
    is_dated
        || [CANONICAL, STRING_TO_SIGN, SIGNATURE]
            .iter()
            .any(|title| is_record_of(line, title))
        || ["DEBUG", "INFO", "WARNING", "ERROR", "[DEBUG", "[INFO"]
            .iter()
            .any(|level| line.starts_with(level))
}

/// The line ends with the title, alone or behind the logger's own words.
fn is_record_of(line: &str, title: &str) -> bool {
    line.trim_end()
        .strip_suffix(title)
        .is_some_and(|before| before.is_empty() || before.ends_with([' ', ':', ']', '\t', '-']))
}

/// `<AWSPreparedRequest stream_output=False, method=POST, url=…, headers={…}>`
fn sent_request(text: &str) -> Option<GivenRequest> {
    let (_, rest) = text.split_once("method=")?;
    let (method, rest) = rest.split_once(", url=")?;
    let (url, rest) = rest.split_once(", headers=")?;
    let (headers, _) = python::dictionary(rest)?;
    let mut request = GivenRequest {
        method: method.to_owned(),
        url: url.to_owned(),
        headers,
        ..GivenRequest::default()
    };
    request.signature = GivenSignature::of_request(&request);
    Some(request)
}

/// What was sent, completed with what only the derivation tells.
fn with_sent(rebuilt: GivenRequest, sent: GivenRequest) -> GivenRequest {
    GivenRequest {
        signature: sent.signature.or(rebuilt.signature),
        body: rebuilt.body.or(sent.body.filter(|body| !body.is_empty())),
        url: if sent.url.is_empty() {
            rebuilt.url
        } else {
            sent.url
        },
        ..sent
    }
}

/// The request that a canonical request stands for: the path decoded once, the query as derived,
/// the signed headers. A signature that is not told whole has nothing for the key id.
pub(super) fn reconstructed(
    canonical_request: &str,
    string_to_sign: &str,
    signature: Option<&str>,
) -> Option<GivenRequest> {
    let mut lines = canonical_request.split('\n');
    let method = lines.next()?.trim().to_owned();
    let path = lines.next()?;
    let query = lines.next()?;
    let headers: Vec<(String, String)> = lines
        .by_ref()
        .take_while(|line| !line.is_empty())
        .filter_map(http_text::header_of)
        .collect();
    let signed_headers = lines.next().map(str::to_owned);
    let payload_hash = lines.next().unwrap_or_default();
    let mut request = GivenRequest {
        method,
        headers,
        body: (payload_hash == hash_hex(b"")).then(Bytes::new),
        ..GivenRequest::default()
    };
    let target = percent_decode_str(path).decode_utf8_lossy();
    let target = if query.is_empty() {
        target.into_owned()
    } else {
        format!("{target}?{query}")
    };
    let url = request
        .header_values("host")
        .next()
        .map(|host| url_of(None, host, &target));
    request.url = url.unwrap_or_default();
    let mut told = string_to_sign.split('\n');
    let (algorithm, time, scope) = (told.next(), told.next(), told.next());
    request.signature = GivenSignature::of_request(&request).map_or_else(
        || {
            Some(GivenSignature {
                placement: Placement::Header,
                algorithm: algorithm?.to_owned(),
                credential: Some(format!("/{}", scope?)),
                signed_headers: signed_headers
                    .map(|names| names.split(';').map(str::to_owned).collect()),
                signature: signature.map(str::to_owned),
                date_time: time.map(str::to_owned),
                expires: None,
                raw: String::new(),
            })
        },
        |found| {
            Some(GivenSignature {
                signature: found.signature.or_else(|| signature.map(str::to_owned)),
                ..found
            })
        },
    );
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANONICAL_TEXT: &str = "POST\n/prod/a%2520b\ntype=dog\ncontent-type:application/json\nhost:a1b2c3d4e5.execute-api.us-east-1.amazonaws.com\nx-amz-date:20261120T115148Z\n\ncontent-type;host;x-amz-date\nab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843";
    const STRING_TEXT: &str = "AWS4-HMAC-SHA256\n20261120T115148Z\n20261120/us-east-1/execute-api/aws4_request\n0da006a7f3c2491b1d4a1d2bdf6f83f9affa6548ced1c255b4fc310ee76ee9b6";

    fn botocore_log(prefix: &str) -> String {
        format!(
            "{prefix}Calculating signature using v4 auth.\n{prefix}CanonicalRequest:\n{CANONICAL_TEXT}\n{prefix}StringToSign:\n{STRING_TEXT}\n{prefix}Signature:\n3362d7c8\n"
        )
    }

    #[test]
    fn botocore_with_every_prefix() {
        for prefix in [
            "2026-11-20 11:51:48,692 - botocore.auth - DEBUG - ",
            "2026-11-20 11:51:48,692 - MainThread - botocore.auth - DEBUG - ",
            "2022-01-07 23:41:24,308 botocore.auth [DEBUG] ",
            "DEBUG:botocore.auth:",
            "[DEBUG]\t2026-11-20T11:51:48.692Z\t1-2\t",
            "",
        ] {
            let read = read(&botocore_log(prefix)).unwrap();
            assert_eq!(read.given, Given::BotocoreLog);
            let steps = read.steps.unwrap();
            assert_eq!(
                steps.canonical_request.as_deref(),
                Some(CANONICAL_TEXT),
                "{prefix}"
            );
            assert_eq!(
                steps.string_to_sign.as_deref(),
                Some(STRING_TEXT),
                "{prefix}"
            );
            let request = read.request.unwrap();
            assert_eq!(request.method, "POST");
            assert_eq!(
                request.url,
                "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/a%20b?type=dog"
            );
            assert_eq!(request.body, None);
            let signature = request.signature.unwrap();
            assert_eq!(signature.signature.as_deref(), Some("3362d7c8"));
            assert_eq!(signature.access_key_id(), None);
            assert!(signature.is_key_id_unknown());
            assert_eq!(signature.scope().unwrap().region, "us-east-1");
            assert_eq!(signature.signed_headers.unwrap().len(), 3);
            assert!(read.answer.is_none());
        }
    }

    #[test]
    fn botocore_tells_what_was_sent_and_came() {
        let prefix = "2026-11-20 11:51:48,692 - botocore.";
        let log = botocore_log("2026-11-20 11:51:48,692 - botocore.auth - DEBUG - ")
            + &format!(
                r#"{prefix}endpoint - DEBUG - Sending http request: <AWSPreparedRequest stream_output=False, method=POST, url=https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/a%20b?type=dog, headers={{'Content-Type': b'application/json', 'X-Amz-Date': b'20261120T115148Z', 'Authorization': b'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/execute-api/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=3362d7c8', 'Content-Length': '43'}}>
2026-11-20 11:51:48,975 - urllib3.connectionpool - DEBUG - https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com:443 "POST /prod/a%20b?type=dog HTTP/1.1" 403 192
{prefix}parsers - DEBUG - Response headers: {{'Date': 'Fri, 20 Nov 2026 11:51:48 GMT', 'x-amzn-ErrorType': 'InvalidSignatureException', 'content-length': '192'}}
{prefix}parsers - DEBUG - Response body:
b'{{"message":"Signature expired: it\'s late"}}'
"#
            );
        let read = read(&log).unwrap();
        let request = read.request.unwrap();
        assert_eq!(request.headers.len(), 4);
        assert_eq!(
            request.signature.unwrap().access_key_id(),
            Some("AKIAIOSFODNN7EXAMPLE")
        );
        let answer = read.answer.unwrap();
        assert_eq!(answer.status, Some(403));
        assert_eq!(
            answer.message.as_deref(),
            Some("Signature expired: it's late")
        );
        assert_eq!(
            answer.error_type.as_deref(),
            Some("InvalidSignatureException")
        );
        assert_eq!(answer.header("content-length"), Some("192"));
    }

    #[test]
    fn a_log_of_a_native_signer_has_request_and_answer() {
        let log = |status: u16, body: &str| {
            format!(
                r#"2026-11-20 11:51:48,600 botocore.hooks [DEBUG] Event choose-signer: calling handler
2026-11-20 11:51:48,692 botocore.endpoint [DEBUG] Sending http request: <AWSPreparedRequest stream_output=False, method=POST, url=https://sts.us-east-1.amazonaws.com/, headers={{'X-Amz-Date': b'20261120T115148Z', 'Authorization': b'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=ab'}}>
2026-11-20 11:51:48,975 urllib3.connectionpool [DEBUG] https://sts.us-east-1.amazonaws.com:443 "POST / HTTP/1.1" {status} 192
2026-11-20 11:51:48,976 botocore.parsers [DEBUG] Response headers: {{'x-amzn-requestid': 'id-1'}}
2026-11-20 11:51:48,976 botocore.parsers [DEBUG] Response body:
b'{body}'
Traceback (most recent call last):
  File "x.py", line 1, in <module>
botocore.exceptions.ClientError: An error occurred (X) when calling the Y operation: z
"#
            )
        };
        let found = read(&log(403, r#"{"message":"Signature expired: x"}"#)).unwrap();
        assert_eq!((found.given, found.steps), (Given::BotocoreLog, None));
        let signature = found.request.unwrap().signature.unwrap();
        assert_eq!(signature.access_key_id(), Some("AKIAIOSFODNN7EXAMPLE"));
        let answer = found.answer.unwrap();
        assert_eq!(
            (answer.status, answer.message.as_deref()),
            (Some(403), Some("Signature expired: x"))
        );
        let found = read(&log(200, "<a/>")).unwrap();
        assert_eq!(found.answer.unwrap().status, Some(200));
        // Without the parser's records.
        let log = log(403, "");
        let (head, rest) = log.split_once("2026-11-20 11:51:48,976").unwrap();
        let (_, traceback) = rest.split_once("b''\n").unwrap();
        let found = read(&format!(
            "{head}{traceback}Traceback (most recent call last):\n  File"
        ));
        let answer = found.unwrap().answer.unwrap();
        assert_eq!(answer.message.as_deref(), Some("z"));
        assert!(read("Sending http request: soon").is_none());
    }

    #[test]
    fn the_last_of_two_signatures_counts() {
        let prefix = "2022-01-07 23:41:24,308 botocore.auth [DEBUG] ";
        let first = botocore_log(prefix)
            .replace("POST", "GET")
            .replace("3362d7c8", "00");
        let read = read(&(first + &botocore_log(prefix))).unwrap();
        let request = read.request.unwrap();
        assert_eq!(request.method, "POST");
        assert_eq!(
            request.signature.unwrap().signature.as_deref(),
            Some("3362d7c8")
        );
    }

    fn go_log() -> String {
        format!(
            "SDK 2024/03/09 14:14:13 DEBUG Request Signature:\n---[ CANONICAL STRING  ]-----------------------------\n{CANONICAL_TEXT}\n---[ STRING TO SIGN ]--------------------------------\n{STRING_TEXT}\n-----------------------------------------------------\n"
        )
    }

    #[test]
    fn go_with_and_without_the_call() {
        for log in [
            go_log(),
            go_log().replace('\n', "\r\n"),
            format!(
                "time=\"x\" level=info msg=\"{}\"",
                go_log().replace('\n', "\\n")
            ),
        ] {
            let read = read(&log).unwrap();
            assert_eq!(read.given, Given::GoSdkLog);
            let steps = read.steps.unwrap();
            assert_eq!(steps.canonical_request.as_deref(), Some(CANONICAL_TEXT));
            assert_eq!(steps.string_to_sign.as_deref(), Some(STRING_TEXT));
            assert_eq!(read.request.unwrap().method, "POST");
        }
        let with_call = go_log()
            + "SDK 2024/03/09 14:14:13 DEBUG Request\nPOST /prod/a%20b?type=dog HTTP/1.1\r\nHost: a1b2c3d4e5.execute-api.us-east-1.amazonaws.com\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=ab\r\nX-Amz-Date: 20261120T115148Z\r\n\r\n{\"a\":1}\nSDK 2024/03/09 14:14:13 DEBUG Response\nHTTP/1.1 403 Forbidden\r\nX-Amzn-Errortype: InvalidSignatureException\r\n\r\n{\"message\":\"Signature expired: x\"}\n";
        let read = read(&with_call).unwrap();
        let request = read.request.unwrap();
        assert_eq!(request.body.unwrap(), "{\"a\":1}");
        assert_eq!(
            request.signature.unwrap().access_key_id(),
            Some("AKIAIOSFODNN7EXAMPLE")
        );
        assert_eq!(
            read.answer.unwrap().message.as_deref(),
            Some("Signature expired: x")
        );
    }

    #[test]
    fn go_presigned() {
        let url = "https://h/prod?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=ab";
        let log = go_log().trim_end().trim_end_matches('-').to_owned()
            + "---[ SIGNED URL ]------------------------------------\n"
            + url
            + "\n-----------------------------------------------------\n";
        let request = read(&log).unwrap().request.unwrap();
        assert_eq!(request.url, url);
        assert_eq!(request.signature.unwrap().placement, Placement::Query);
    }
}
