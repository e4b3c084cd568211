//! HTTP as text: raw requests and answers, lone headers, and what `curl -v` tells.

use bytes::Bytes;

use crate::explain::{ClientSteps, GivenAnswer, GivenRequest, GivenSignature};

/// What was read from a text that shows HTTP.
#[derive(Debug, Default)]
pub(super) struct HttpText {
    pub(super) request: Option<GivenRequest>,
    pub(super) answer: Option<GivenAnswer>,
    /// curl since 8.9 tells its own derivation.
    pub(super) steps: Option<ClientSteps>,
}

/// Reads a text that begins with a request line, a status line, or is a transcript of `curl -v`.
pub(super) fn read(text: &str) -> Option<HttpText> {
    let text = text.trim_start_matches(['\n', '\r']);
    if text.lines().any(|line| {
        line.strip_prefix("< ").is_some_and(is_status_line)
            || line.strip_prefix("> ").is_some_and(is_request_line)
    }) {
        return Some(transcript(text));
    }
    let first = text.lines().next()?;
    if is_status_line(first) {
        return Some(HttpText {
            answer: Some(answer(text)),
            ..HttpText::default()
        });
    }
    is_start_of_request(first).then(|| request_and_answer(text))
}

/// Whether a text that begins with this line is a raw request.
pub(super) fn is_start_of_request(line: &str) -> bool {
    is_request_line(line) || is_method_and_url(line)
}

/// `HTTP/1.1 403 Forbidden`
pub(super) fn is_status_line(line: &str) -> bool {
    status_of(line).is_some()
}

fn status_of(line: &str) -> Option<u16> {
    let rest = line.trim_end().strip_prefix("HTTP/")?;
    let (_, rest) = rest.split_once(' ')?;
    let code = rest.trim_start().get(..3)?;
    code.parse().ok().filter(|code| (100..1000).contains(code))
}

/// `POST /prod/pets HTTP/1.1`
pub(super) fn is_request_line(line: &str) -> bool {
    let mut parts = line.split_whitespace();
    let (Some(method), Some(target), Some(version)) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    method.bytes().all(|byte| byte.is_ascii_uppercase())
        && (target.starts_with('/') || target.contains("://") || target == "*")
        && version.starts_with("HTTP/")
}

/// `POST https://h/p`, as `.http` files of editors begin.
fn is_method_and_url(line: &str) -> bool {
    let mut parts = line.split_whitespace();
    let method = parts.next().unwrap_or_default();
    let is_url = parts
        .next()
        .is_some_and(|url| url.starts_with("https://") || url.starts_with("http://"));
    is_url && method.bytes().all(|byte| byte.is_ascii_uppercase()) && parts.next().is_none()
}

/// A header's name and value; `None` if the line is none.
pub(super) fn header_of(line: &str) -> Option<(String, String)> {
    let line = line.trim_end_matches('\r');
    // HTTP/2's own names begin with a colon.
    let (pseudo, rest) = match line.strip_prefix(':') {
        Some(rest) => (":", rest),
        None => ("", line),
    };
    let (name, value) = rest.split_once(':')?;
    let is_token = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    is_token.then(|| (format!("{pseudo}{name}"), value.trim().to_owned()))
}

/// The lines of a head and what stands behind its empty line.
fn head_and_body(text: &str) -> (Vec<&str>, Option<&str>) {
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let (line, after) = match rest.split_once('\n') {
            Some((line, after)) => (line, Some(after)),
            None => (rest, None),
        };
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            return (lines, after);
        }
        lines.push(line);
        match after {
            Some(after) => rest = after,
            None => return (lines, None),
        }
    }
}

/// The last answer of a text that begins with a status line: interim answers and a proxy's stand
/// before it.
fn answer(text: &str) -> GivenAnswer {
    let mut rest = text;
    loop {
        let (head, body) = head_and_body(rest);
        let body = body.unwrap_or_default();
        if body.lines().next().is_some_and(is_status_line) {
            rest = body;
            continue;
        }
        let mut head = head.into_iter();
        let status = head.next().and_then(status_of);
        let headers = head.filter_map(header_of).collect();
        return GivenAnswer::new(status, headers, body.trim_end().to_owned());
    }
}

/// A raw request, as `HTTPie` prints it with its answer behind it.
fn request_and_answer(text: &str) -> HttpText {
    let (head, rest) = head_and_body(text);
    let rest = rest.unwrap_or_default();
    let status_line = line_starts(rest).find(|at| rest.get(*at..).is_some_and(is_status_line_of));
    let (body, answer) = match status_line {
        Some(at) => {
            let (body, answer_text) = rest.split_at(at);
            (body, Some(answer(answer_text)))
        }
        None => (rest, None),
    };
    let mut request = request_of_head(&head, None);
    request.body = body_of(&request, body, answer.is_some());
    HttpText {
        request: Some(request),
        answer,
        steps: None,
    }
}

fn is_status_line_of(text: &str) -> bool {
    text.starts_with("HTTP/") && text.lines().next().is_some_and(is_status_line)
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1))
}

/// A request from its head: request line, then headers. Without a scheme in sight it is https,
/// unless the host is this machine.
pub(super) fn request_of_head(head: &[&str], scheme: Option<&str>) -> GivenRequest {
    let mut lines = head.iter();
    let mut parts = lines.next().copied().unwrap_or_default().split_whitespace();
    let method = parts.next().unwrap_or_default().to_owned();
    let target = parts.next().unwrap_or_default();
    let headers: Vec<(String, String)> = lines.filter_map(|line| header_of(line)).collect();
    let mut request = GivenRequest {
        method,
        headers,
        ..GivenRequest::default()
    };
    request.url = if target.contains("://") {
        target.to_owned()
    } else {
        let host = request
            .header_values("host")
            .chain(request.header_values(":authority"))
            .next();
        host.map_or_else(String::new, |host| url_of(scheme, host, target))
    };
    request.signature = GivenSignature::of_request(&request);
    request
}

/// An absolute URL from host and target.
pub(super) fn url_of(scheme: Option<&str>, host: &str, target: &str) -> String {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_this_machine = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    let scheme = scheme.unwrap_or(if is_this_machine { "http" } else { "https" });
    format!("{scheme}://{host}{target}")
}

/// The body that a text shows behind a head. Line breaks at a text's end are often those of the
/// terminal: the declared length decides, and without one a single break is taken off.
fn body_of(request: &GivenRequest, shown: &str, is_followed: bool) -> Option<Bytes> {
    let declared: Option<usize> = request
        .header_values("content-length")
        .next()
        .and_then(|length| length.trim().parse().ok());
    let text = match declared {
        Some(length) => shown.get(..length).filter(|_| {
            shown
                .get(length..)
                .is_some_and(|rest| rest.trim().is_empty())
        })?,
        None if is_followed => shown.trim_end_matches(['\r', '\n']),
        None => shown
            .strip_suffix("\r\n")
            .or_else(|| shown.strip_suffix('\n'))
            .unwrap_or(shown),
    };
    let is_unknown = text.is_empty() && request.header_values("transfer-encoding").next().is_some();
    (!is_unknown).then(|| Bytes::copy_from_slice(text.as_bytes()))
}

/// What `curl -v` prints: `> ` sent, `< ` received, `* ` and `{ ` told; the rest is the body.
fn transcript(text: &str) -> HttpText {
    let mut request_head: Vec<&str> = Vec::new();
    let mut answer_head: Vec<&str> = Vec::new();
    let mut body = String::new();
    let mut is_in_answer_head = false;
    let mut is_encrypted = false;
    let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let mut told: Vec<String> = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(sent) = line
            .strip_prefix('>')
            .filter(|_| answer_head.is_empty() || is_sent(line))
        {
            let sent = sent.trim_start();
            if is_request_line(sent) {
                request_head.clear();
                answer_head.clear();
                body.clear();
            }
            if !sent.is_empty() {
                request_head.push(sent);
            }
        } else if line.strip_prefix("< ").is_some_and(is_status_line) {
            answer_head.clear();
            body.clear();
            answer_head.push(line.get(2..).unwrap_or_default());
            is_in_answer_head = true;
        } else if is_in_answer_head && (line == "<" || line.starts_with("< ")) {
            let received = line.get(1..).unwrap_or_default().trim();
            if received.is_empty() {
                is_in_answer_head = false;
            } else {
                answer_head.push(received);
            }
        } else if let Some(said) = line.strip_prefix("* ") {
            is_encrypted |= said.contains("TLS") || said.contains("SSL");
            let mut said = said.to_owned();
            if said.contains("(enclosed in []) - [") {
                while !said.ends_with(']')
                    && let Some(more) = lines.next()
                {
                    said.push('\n');
                    said.push_str(more);
                }
            }
            told.push(said);
        } else if !answer_head.is_empty() && !is_progress(line) {
            is_in_answer_head = false;
            body.push_str(line);
            body.push('\n');
        }
    }
    let has_connected = told.iter().any(|said| said.starts_with("Connected to "));
    let scheme = match (is_encrypted, has_connected) {
        (true, _) => Some("https"),
        (false, true) => Some("http"),
        (false, false) => None,
    };
    HttpText {
        request: (!request_head.is_empty()).then(|| {
            let mut request = request_of_head(&request_head, scheme);
            // `send -v` counts the body instead of showing it.
            let counted = request_head
                .iter()
                .find_map(|line| line.strip_prefix('(')?.strip_suffix(" bytes of body)"));
            let length = counted.or_else(|| request.header_values("content-length").next());
            let is_sent_without_body = length.is_none_or(|length| length == "0")
                && request.header_values("transfer-encoding").next().is_none();
            request.body = is_sent_without_body.then(Bytes::new);
            request
        }),
        answer: (!answer_head.is_empty()).then(|| {
            let mut head = answer_head.into_iter();
            let status = head.next().and_then(status_of);
            let headers = head.filter_map(header_of).collect();
            GivenAnswer::new(status, headers, without_curls_end(&body))
        }),
        steps: curls_steps(&told),
    }
}

fn is_sent(line: &str) -> bool {
    line.strip_prefix("> ").is_some_and(is_request_line)
}

/// `{ [192 bytes data]` and the meter of the download.
fn is_progress(line: &str) -> bool {
    ((line.starts_with("{ [") || line.starts_with("} [")) && line.ends_with("bytes data]"))
        || line.contains("--:--:--")
        || line.trim_start().starts_with("% Total")
        || line.contains("Dload  Upload")
}

/// A body without a line feed at its end has curl's next words behind it on the same line.
fn without_curls_end(body: &str) -> String {
    const ENDS: [&str; 3] = [
        "* Connection #",
        "* Closing connection",
        "* shutting down connection",
    ];
    let end = ENDS.iter().filter_map(|end| body.rfind(end)).min();
    let body = end.and_then(|end| body.get(..end)).unwrap_or(body);
    body.trim_end().to_owned()
}

fn curls_steps(told: &[String]) -> Option<ClientSteps> {
    let said = |start: &str| {
        let text = told
            .iter()
            .rev()
            .find_map(|said| said.strip_prefix(start))?;
        Some(text.strip_suffix(']')?.to_owned())
    };
    let canonical_request = said("aws_sigv4: Canonical request (enclosed in []) - [");
    let string_to_sign = said("aws_sigv4: String to sign (enclosed in []) - [");
    (canonical_request.is_some() || string_to_sign.is_some()).then_some(ClientSteps {
        canonical_request,
        string_to_sign,
        is_masked: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As curl 7.88 prints it, its answer without a line feed at the end.
    const VERBOSE: &str = "*   Trying 127.0.0.1:37169...
* Connected to 127.0.0.1 (127.0.0.1) port 37169 (#0)
* Server auth using AWS_SIGV4 with user 'AKIAIOSFODNN7EXAMPLE'
> POST /prod/pets?b=2&a=1 HTTP/1.1
> Host: 127.0.0.1:37169
> Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/execute-api/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=78705325
> X-Amz-Date: 20261120T115148Z
> content-type: application/json
> Content-Length: 7
> 
} [7 bytes data]
< HTTP/1.1 403 Forbidden
< Date: Fri, 20 Nov 2026 11:51:48 GMT
< x-amzn-ErrorType: InvalidSignatureException
< 
{ [192 bytes data]
* Connection #0 to host 127.0.0.1 left intact
{\"message\":\"Missing Authentication Token\"}";

    #[test]
    fn a_transcript_has_request_and_answer() {
        for text in [
            VERBOSE.to_owned(),
            VERBOSE.replace('\n', "\r\n"),
            VERBOSE.replace("* Connection #0 to host 127.0.0.1 left intact\n", "")
                + "* Connection #0 to host 127.0.0.1 left intact",
        ] {
            let read = read(&text).unwrap();
            let request = read.request.unwrap();
            assert_eq!(request.method, "POST");
            assert_eq!(request.url, "http://127.0.0.1:37169/prod/pets?b=2&a=1");
            assert_eq!(request.body, None);
            let signature = request.signature.unwrap();
            assert_eq!(signature.date_time.as_deref(), Some("20261120T115148Z"));
            assert_eq!(signature.signature.as_deref(), Some("78705325"));
            let answer = read.answer.unwrap();
            assert_eq!(answer.status, Some(403));
            assert_eq!(
                answer.error_type.as_deref(),
                Some("InvalidSignatureException")
            );
            assert_eq!(
                answer.body,
                "{\"message\":\"Missing Authentication Token\"}"
            );
        }
    }

    #[test]
    fn a_counted_body_is_not_shown() {
        let body = |count: &str| {
            let text = format!(
                "> POST https://h/p HTTP/1.1\n> host: h\n> ({count} bytes of body)\n< HTTP/1.1 200 OK\n< (0 bytes of body, 0 on the wire)\n"
            );
            read(&text).unwrap().request.unwrap()
        };
        assert_eq!(body("7").body, None);
        assert_eq!(body("0").body, Some(Bytes::new()));
        assert_eq!(body("0").url, "https://h/p");
    }

    #[test]
    fn curl_tells_its_steps() {
        let text = "* aws_sigv4: Canonical request (enclosed in []) - [GET
/

host:h

host
e3b0]
* aws_sigv4: String to sign (enclosed in []) - [AWS4-HMAC-SHA256
t
s
ab]
* aws_sigv4: Signature - cd
* SSL connection using TLSv1.3
> GET / HTTP/2
> Host: h
> 
< HTTP/2 200 
< a: b
<
<xml>";
        let read = read(text).unwrap();
        let steps = read.steps.unwrap();
        assert_eq!(
            steps.canonical_request.unwrap(),
            "GET\n/\n\nhost:h\n\nhost\ne3b0"
        );
        assert_eq!(steps.string_to_sign.unwrap(), "AWS4-HMAC-SHA256\nt\ns\nab");
        let request = read.request.unwrap();
        assert_eq!(
            (request.url.as_str(), request.body),
            ("https://h/", Some(Bytes::new()))
        );
        let answer = read.answer.unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (Some(200), "<xml>"));
    }

    #[test]
    fn the_last_answer_counts() {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 403 \r\ncontent-type: application/json\r\n\r\n{\"message\":\"Forbidden\"}\n";
        let answer = read(text).unwrap().answer.unwrap();
        assert_eq!(answer.status, Some(403));
        assert_eq!(
            answer.headers,
            [("content-type".to_owned(), "application/json".to_owned())]
        );
        assert_eq!(answer.message.as_deref(), Some("Forbidden"));
        assert_eq!(answer.body, "{\"message\":\"Forbidden\"}");
    }

    #[test]
    fn a_raw_request_with_its_answer() {
        let text = "POST /prod/pets HTTP/1.1\nHost: h.example\nContent-Length: 9\n\n{\"a\":\n 1}\n\n\nHTTP/1.1 403 Forbidden\nx: y\n\n{\"message\":\"Forbidden\"}\n\n";
        let read = read(text).unwrap();
        let request = read.request.unwrap();
        assert_eq!(request.url, "https://h.example/prod/pets");
        assert_eq!(request.body.unwrap(), "{\"a\":\n 1}");
        assert_eq!(read.answer.unwrap().status, Some(403));
    }

    #[test]
    fn a_request_of_an_editor() {
        let text =
            "POST https://h/p?X-Amz-Signature=ab\nContent-Type: application/json\n\n{\"a\": 1}\n";
        let request = read(text).unwrap().request.unwrap();
        assert_eq!(
            (request.method.as_str(), request.headers.len()),
            ("POST", 1)
        );
        assert_eq!(request.url, "https://h/p?X-Amz-Signature=ab");
        assert_eq!(request.signature.unwrap().signature.as_deref(), Some("ab"));
        assert_eq!(request.body.unwrap(), "{\"a\": 1}");
        assert!(read("See https://h/p").is_none());
    }

    #[test]
    fn the_declared_length_decides_about_line_breaks() {
        let body = |text: &str| read(text).unwrap().request.unwrap().body;
        let head = "POST / HTTP/1.1\r\nHost: h\r\n";
        for (text, expected) in [
            (
                format!("{head}Content-Length: 4\r\n\r\na\r\nb\r\n"),
                Some("a\r\nb"),
            ),
            (
                format!("{head}Content-Length: 6\r\n\r\na\r\nb\r\n"),
                Some("a\r\nb\r\n"),
            ),
            (format!("{head}Content-Length: 9\r\n\r\na\r\nb\r\n"), None),
            (format!("{head}\r\nab\n"), Some("ab")),
            (format!("{head}\r\n"), Some("")),
            (head.to_owned(), Some("")),
            (format!("{head}Transfer-Encoding: chunked\r\n\r\n"), None),
        ] {
            assert_eq!(
                body(&text).as_deref(),
                expected.map(str::as_bytes),
                "{text}"
            );
        }
    }
}
