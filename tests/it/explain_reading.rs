//! Pasted texts: real command lines, and texts that ask for much work.

use std::fs;
use std::time::{Duration, Instant};

use countersign::explain::{READING_LIMIT as LIMIT, ReadError, read};

use crate::support::shared_data;

/// Real lines, where the shared data is.
#[test]
fn lines_of_the_corpus() {
    let Some(folder) = shared_data::path("corpus/curl") else {
        return;
    };
    let mut count = 0;
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let read = read(&text).unwrap().request.unwrap();
        assert!(read.url.starts_with("http"), "{text}");
        let expected = if ["--data", "-F "].iter().any(|flag| text.contains(flag)) {
            "POST"
        } else {
            "GET"
        };
        assert_eq!(read.method, expected, "{text}");
        if text.contains("requestb.in/api") {
            assert_eq!(read.headers.len(), 10);
            assert_eq!(read.body.as_deref(), Some(b"private=false".as_slice()));
        }
        if text.contains("_search") {
            assert_eq!(
                read.url,
                "http://192.168.1.1:9200/executions/_search?pretty"
            );
            assert_eq!(read.body.unwrap(), "{\"query\":{\"match_all\":{}}}");
        }
        count += 1;
    }
    assert!(count >= 7);
}

/// API Gateway's largest body, pasted.
#[test]
fn ten_megabytes_are_refused_at_once() {
    let text = "x".repeat(10 << 20);
    let start = Instant::now();
    assert!(matches!(read(&text), Err(ReadError::TooLong { .. })));
    assert!(start.elapsed() < Duration::from_secs(1));
}

/// Texts just below the limit that ask for the most work.
#[test]
fn long_texts_end_soon() {
    let fill = |piece: &str| piece.repeat(LIMIT / piece.len());
    for text in [
        fill("x"),
        fill("\n"),
        fill("a: b\n"),
        fill("HTTP/1.1 100 C\n\n"),
        fill("> GET / HTTP/1.1\n< HTTP/1.1 200 O\n<\nx\n"),
        fill("---[ CANONICAL STRING\na\n"),
        fill("CanonicalRequest:\n"),
        fill("GET\n/x\n"),
        fill("AWS4-X "),
        fill("token="),
        format!("curl {}", fill("'a' ").get(..LIMIT - 8).unwrap()),
        format!("{{\"a\":\"{}\"}}", fill("\\\"").get(..LIMIT - 16).unwrap()),
        fill("<a>&amp;"),
        fill("\"a\" "),
        format!(
            "AWS4-HMAC-SHA256 {}",
            fill("Credential=a ").get(..LIMIT - 32).unwrap()
        ),
        format!(
            "* aws_sigv4: Canonical request (enclosed in []) - [\n> GET / HTTP/1.1\n{}",
            fill("a\n").get(..LIMIT - 128).unwrap()
        ),
    ] {
        let start = Instant::now();
        let read = read(&text);
        let start_of_text: String = text.chars().take(30).collect();
        // Unoptimised and on a busy machine.
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{start_of_text:?} {:?}",
            start.elapsed()
        );
        drop(read);
    }
}
