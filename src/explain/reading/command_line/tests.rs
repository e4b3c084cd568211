use proptest::prelude::*;

use super::*;

fn request(text: &str) -> GivenRequest {
    read(text).unwrap().request.unwrap()
}

fn header<'a>(request: &'a GivenRequest, name: &'a str) -> Option<&'a str> {
    request.header_values(name).next()
}

#[test]
fn prompts_and_what_stands_before_the_name() {
    for line in [
        "curl https://h/p",
        "$ curl https://h/p",
        "  % curl https://h/p",
        "user@host:~/x$ curl https://h/p",
        "PS C:\\Users\\x> curl.exe https://h/p",
        "AWS_PROFILE=dev TZ=UTC curl https://h/p",
        "sudo /usr/bin/curl https://h/p",
        "time curl https://h/p;",
        "curl --url https://h/p",
        "curl --url=https://h/p",
        "curl -sS -o /dev/null -w '%{http_code}' https://h/p",
    ] {
        let read = request(line);
        assert_eq!(
            (read.method.as_str(), read.url.as_str()),
            ("GET", "https://h/p"),
            "{line}"
        );
    }
    for text in [
        "curl",
        "curls up",
        "the curl https://h",
        "httpd -v",
        "http://h/p",
        "curl -v",
    ] {
        assert!(read(text).is_none(), "{text}");
    }
}

#[test]
fn a_line_with_its_signature() {
    let text = "curl -X POST 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets' \\
  -H 'Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=ab' \\
  --header=\"X-Amz-Date: 20260102T030405Z\" \\
  -H 'content-type: application/json' \\
  --data-binary $'{\"a\":\\'\\u00e9\\'}'";
    let read = request(text);
    let signature = read.signature.as_ref().unwrap();
    assert_eq!(signature.access_key_id(), Some("AKIAIOSFODNN7EXAMPLE"));
    assert_eq!(signature.date_time.as_deref(), Some("20260102T030405Z"));
    assert_eq!(read.headers.len(), 3);
    assert_eq!(read.body.unwrap(), "{\"a\":'é'}");
}

#[test]
fn output_behind_the_line() {
    let message = "{\"message\":\"Missing Authentication Token\"}";
    for output in [
        message.to_owned(),
        format!("HTTP/2 403 \r\ncontent-type: application/json\r\n\r\n{message}\r\n"),
        format!(
            "* Trying\n> GET /p HTTP/1.1\n> Host: h\n>\n< HTTP/1.1 403 Forbidden\n<\n{message}"
        ),
        format!(
            "{{'Date': 'x', 'x-amzn-ErrorType': 'MissingAuthenticationTokenException'}}\n\n{message}"
        ),
    ] {
        let read = read(&format!("$ curl -i https://h/p\n{output}")).unwrap();
        assert_eq!(read.given, Given::CommandLine);
        let answer = read.answer.unwrap();
        assert_eq!(
            answer.message.as_deref(),
            Some("Missing Authentication Token"),
            "{output}"
        );
        assert_eq!(read.request.unwrap().url, "https://h/p");
    }
    assert!(read("curl https://h/p\n$ ls").unwrap().answer.is_none());
}

#[test]
fn what_was_sent_completes_the_line() {
    let text = "curl -v --aws-sigv4 aws:amz:us-east-1:execute-api -u AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI -d '{\"a\":1}' https://h/p
> POST /p HTTP/2
> Host: h
> Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=78
> X-Amz-Date: 20261120T115148Z
> Content-Length: 7
>
< HTTP/2 403
<
{\"message\":\"Forbidden\"}";
    let read = read(text).unwrap();
    let request = read.request.unwrap();
    assert_eq!(request.body.as_deref(), Some(b"{\"a\":1}".as_slice()));
    assert_eq!(header(&request, "x-amz-date"), Some("20261120T115148Z"));
    assert_eq!(request.signature.unwrap().signature.as_deref(), Some("78"));
    let signs_as = request.signs_as.unwrap();
    assert_eq!(signs_as.service.as_deref(), Some("execute-api"));
    assert_eq!(read.answer.unwrap().status, Some(403));
}

#[test]
fn awscurl_and_httpie() {
    let read = request(
        "awscurl --service execute-api --region eu-west-1 --secret_key S -X POST -d '{}' https://h/p",
    );
    assert_eq!(
        (read.method.as_str(), read.url.as_str()),
        ("POST", "https://h/p")
    );
    assert_eq!(read.signs_as.unwrap().region.as_deref(), Some("eu-west-1"));
    let read = request("http --form POST example.org/p 'a=b c' X-A:y q==1");
    assert_eq!(read.url, "http://example.org/p?q=1");
    assert_eq!(header(&read, "x-a"), Some("y"));
    assert_eq!(request("https h/p").url, "https://h/p");
}

#[test]
fn what_awscurl_tells_of_itself() {
    let line = "awscurl -v --service execute-api --region eu-west-1 https://h/prod/pets?b=2\n";
    let sample = super::awscurl_output::SAMPLE;
    let found = read(&format!("{line}{sample}")).unwrap();
    assert_eq!(found.given, Given::CommandLine);
    assert!(
        found
            .steps
            .unwrap()
            .canonical_request
            .unwrap()
            .starts_with("GET\n")
    );
    assert_eq!(
        found.answer.unwrap().message.as_deref(),
        Some("Signature expired: x")
    );
    assert_eq!(
        found
            .request
            .unwrap()
            .signature
            .unwrap()
            .signature
            .as_deref(),
        Some("92e2")
    );
    let cut = read(&format!("{line}{}", &sample[..260]))
        .unwrap()
        .answer
        .unwrap();
    assert_eq!(cut, GivenAnswer::default());
}

/// As a shell wants it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The same with the escapes of C.
fn ansi_c_quoted(text: &str) -> String {
    let mut out = "$'".to_owned();
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            other => out.push(other),
        }
    }
    out + "'"
}

fn double_quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for char in text.chars() {
        if matches!(char, '"' | '\\' | '$' | '`') {
            out.push('\\');
        }
        out.push(char);
    }
    out + "\""
}

proptest! {
    /// What a printed line says is what is read.
    #[test]
    fn a_printed_line_gives_back_what_went_in(
        method in "[A-Z]{3,7}",
        path in "/[a-zA-Z0-9%é~ '\"$\\\\^`!-]{0,20}",
        query in "([a-z]=[a-z0-9%+é']{0,4}&?){0,3}",
        headers in proptest::collection::vec(("x-[a-z]{1,8}", "[!-~é]([ -~é]{0,12}[!-~é])?"), 0..4),
        body in proptest::option::of("[^@\\x00-\\x08\\x0b-\\x1f\\^][^\\x00-\\x08\\x0b-\\x1f\\^]{0,40}"),
        style in 0_usize..3,
        breaks in any::<bool>(),
        equals in any::<bool>(),
    ) {
        let quote = [quoted, ansi_c_quoted, double_quoted][style];
        // The Windows prompt's quotes are read inside quotes of a shell too.
        let path = path.replace("^\"", "");
        let url = if query.is_empty() { format!("https://h.example{path}") } else { format!("https://h.example{path}?{query}") };
        let mut words = vec!["curl".to_owned(), format!("-X{method}"), quote(&url)];
        for (name, value) in &headers {
            let header = quote(&format!("{name}: {value}"));
            words.push(if equals { format!("--header={header}") } else { format!("-H {header}") });
        }
        if let Some(body) = &body {
            words.push("-H 'Content-Type:'".to_owned());
            words.push(format!("--data-binary {}", quote(body)));
        }
        let line = words.join(if breaks { " \\\n  " } else { " " });
        // `^"` is the Windows prompt's.
        prop_assume!(style != 2 || !line.contains("^\""));
        let read = request(&line);
        prop_assert_eq!(read.method, method);
        prop_assert_eq!(read.url, url);
        let expected: Vec<(String, String)> = headers.iter().map(|(n, v)| (n.clone(), v.trim().to_owned())).collect();
        prop_assert_eq!(read.headers, expected);
        let body = body.unwrap_or_default();
        prop_assert_eq!(read.body.as_deref(), Some(body.as_bytes()));
    }
}
