//! `HTTPie`'s flags and items.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::{add_header, form_escaped, has_header, with_query};
use crate::explain::GivenRequest;

/// Flags that take a value.
const WITH_VALUE: &str = " --auth --auth-type --boundary --cert --cert-key --cert-key-pass --chunked-size --ciphers --default-scheme --download-as --format-options --max-headers --max-redirects --output --path --pretty --print --proxy --raw --response-charset --response-mime --session --session-read-only --ssl --style --timeout --verify ";
const SHORT_WITH_VALUE: &str = "aAopPs";

/// What stands between an item's name and its value, the longer ones first.
const SEPARATORS: [&str; 8] = [":=@", "==@", ":@", "=@", ":=", "==", ":", "="];

/// The request that `HTTPie` would send; `None` if there is no URL.
pub(super) fn request(arguments: &[String], is_https: bool) -> Option<GivenRequest> {
    let mut positional: Vec<&str> = Vec::new();
    let mut is_form = false;
    let mut raw = None;
    let mut user = None;
    let mut is_bearer = false;
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            positional.extend(rest.by_ref().map(String::as_str));
        } else if let Some((name, value)) = word
            .split_once('=')
            .filter(|(name, _)| name.starts_with("--"))
        {
            match name {
                "--raw" => raw = Some(value.to_owned()),
                "--auth" => user = Some(value.to_owned()),
                "--auth-type" => is_bearer = value == "bearer",
                _ => {}
            }
        } else if word.starts_with("--") {
            let takes_value = WITH_VALUE.contains(&format!(" {word} "));
            let value = if takes_value { rest.next() } else { None };
            match word.as_str() {
                "--raw" => raw = value.cloned(),
                "--auth" => user = value.cloned(),
                "--auth-type" => is_bearer = value.is_some_and(|value| value == "bearer"),
                "--form" | "--multipart" => is_form = true,
                _ => {}
            }
        } else if let Some(letters) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
            is_form |= letters.contains('f');
            if let Some(at) = letters.find(|letter| SHORT_WITH_VALUE.contains(letter)) {
                let (flag, joined) = letters.split_at(at).1.split_at(1);
                let value = match joined {
                    "" => rest.next().cloned(),
                    joined => Some(joined.to_owned()),
                };
                match flag {
                    "a" => user = value,
                    "A" => is_bearer = value.is_some_and(|value| value == "bearer"),
                    _ => {}
                }
            }
        } else {
            positional.push(word);
        }
    }
    let mut positional = positional.into_iter();
    let first = positional.next()?;
    let is_method = first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let (method, url) = match positional.clone().next() {
        Some(second) if is_method => {
            positional.next();
            (Some(first.to_ascii_uppercase()), second)
        }
        _ => (None, first),
    };
    let mut request = GivenRequest {
        url: full_url(url, is_https),
        ..GivenRequest::default()
    };
    let mut fields = Vec::new();
    let mut is_body_unknown = false;
    for item in positional {
        let (name, separator, value) = cut(item)?;
        match separator {
            ":" if value.is_empty() => {}
            ":" => request.headers.push((name, value)),
            "==" => {
                let query = format!("{}={}", form_escaped(&name), form_escaped(&value));
                request.url = with_query(&request.url, &query);
            }
            "=" => fields.push((name, Value::String(value))),
            ":=" => match serde_json::from_str(&value) {
                Ok(json) => fields.push((name, json)),
                Err(_) => is_body_unknown = true,
            },
            ";" => request.headers.push((name, String::new())),
            // A file's content.
            _ => is_body_unknown = true,
        }
    }
    let has_body = raw.is_some() || !fields.is_empty() || is_body_unknown;
    request.method = method.unwrap_or_else(|| if has_body { "POST" } else { "GET" }.to_owned());
    // A nested name: `a[b]=c`.
    is_body_unknown |= !is_form && fields.iter().any(|(name, _)| name.contains('['));
    if has_body {
        if is_form {
            add_header(
                &mut request.headers,
                "Content-Type",
                "application/x-www-form-urlencoded; charset=utf-8",
            );
        } else {
            add_header(&mut request.headers, "Content-Type", "application/json");
            add_header(
                &mut request.headers,
                "Accept",
                "application/json, */*;q=0.5",
            );
        }
    }
    request.body = match raw {
        _ if is_body_unknown => None,
        Some(raw) => Some(Bytes::from(raw)),
        None if fields.is_empty() => Some(Bytes::new()),
        None if is_form => Some(form(&fields).into()),
        None => Some(object(&fields).into()),
    };
    if let Some(user) = user
        && !has_header(&request.headers, "authorization")
    {
        let value = if is_bearer {
            format!("Bearer {user}")
        } else {
            format!("Basic {}", STANDARD.encode(user))
        };
        request.headers.push(("Authorization".to_owned(), value));
    }
    Some(request)
}

/// `:8787/x` and `example.org` are short for whole URLs.
fn full_url(url: &str, is_https: bool) -> String {
    let scheme = if is_https { "https" } else { "http" };
    if url.contains("://") {
        return if url.starts_with("://") {
            format!("{scheme}{url}")
        } else {
            url.to_owned()
        };
    }
    match url.strip_prefix(':') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{scheme}://localhost:{rest}")
        }
        Some(rest) => format!("{scheme}://localhost{rest}"),
        None => format!("{scheme}://{url}"),
    }
}

/// Name, separator and value: the first separator counts, of those that begin there the longest. A
/// backslash takes a separator its meaning.
fn cut(item: &str) -> Option<(String, &'static str, String)> {
    let mut name = String::new();
    let mut rest = item;
    while let Some(char) = rest.chars().next() {
        if char == '\\' {
            let mut chars = rest.chars();
            chars.next();
            let escaped = chars.next();
            if !escaped.is_some_and(|c| matches!(c, ':' | '=' | '@' | ';')) {
                name.push('\\');
            }
            name.extend(escaped);
            rest = chars.as_str();
            continue;
        }
        let separator = SEPARATORS
            .into_iter()
            .find(|separator| rest.starts_with(separator))
            .or_else(|| (rest == ";").then_some(";"))
            .or_else(|| rest.starts_with('@').then_some("@"));
        if let Some(separator) = separator {
            let value = rest.get(separator.len()..)?.to_owned();
            return Some((name, separator, value));
        }
        name.push(char);
        rest = rest.get(char.len_utf8()..)?;
    }
    None
}

fn form(fields: &[(String, Value)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("{}={}", form_escaped(name), form_escaped(&value))
        })
        .collect();
    pairs.join("&")
}

/// JSON as Python prints it: a space behind `,` and `:`, other letters than ASCII's escaped. Of a
/// repeated name the last value counts.
fn object(fields: &[(String, Value)]) -> String {
    let mut object = serde_json::Map::new();
    for (name, value) in fields {
        object.insert(name.clone(), value.clone());
    }
    let mut out = String::new();
    print(&Value::Object(object), &mut out);
    out
}

fn print(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            out.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                print_string(name, out);
                out.push_str(": ");
                print(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                print(item, out);
            }
            out.push(']');
        }
        Value::String(text) => print_string(text, out),
        // Writing to a String cannot fail.
        other => write!(out, "{other}").unwrap_or_default(),
    }
}

fn print_string(text: &str, out: &mut String) {
    for char in Value::from(text).to_string().chars() {
        if char.is_ascii() {
            out.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                write!(out, "\\u{unit:04x}").unwrap_or_default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> GivenRequest {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        request(&words, false).unwrap()
    }

    #[test]
    fn items_become_what_httpie_sends() {
        let read = read(&[
            "-v",
            "POST",
            "https://h/prod",
            "name=Rex é",
            "age:=3",
            "tags:=[\"a\",1]",
            "Authorization:Bearer x",
            "q==a b",
            "X-Empty;",
            "a\\:b=c",
            "X-Gone:",
        ]);
        assert_eq!(read.method, "POST");
        assert_eq!(read.url, "https://h/prod?q=a+b");
        assert_eq!(
            read.body.unwrap(),
            r#"{"name": "Rex \u00e9", "age": 3, "tags": ["a", 1], "a:b": "c"}"#
        );
        let names: Vec<&str> = read.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["Authorization", "X-Empty", "Content-Type", "Accept"]
        );
    }

    /// The bodies that `HTTPie` 3.2.4 made, seen with its `--offline`.
    #[test]
    fn bodies_are_those_of_httpie() {
        let body = |words: &[&str]| String::from_utf8(read(words).body.unwrap().to_vec()).unwrap();
        assert_eq!(
            body(&[
                "POST",
                ":/p",
                "a:={\"z\":null,\"u\":\"é😀\"}",
                "b=1",
                "b=2",
                "n:=1.50"
            ]),
            r#"{"a": {"z": null, "u": "\u00e9\ud83d\ude00"}, "b": "2", "n": 1.5}"#
        );
        assert_eq!(
            read(&["-f", "h/p", "d==e/f~é"]).url,
            "http://h/p?d=e%2Ff~%C3%A9"
        );
    }

    #[test]
    fn methods_urls_and_bodies() {
        assert_eq!(read(&["h/p"]).method, "GET");
        assert_eq!(read(&["h/p", "a=b"]).method, "POST");
        assert_eq!(read(&["delete", ":8787/p"]).method, "DELETE");
        assert_eq!(read(&[":8787/p"]).url, "http://localhost:8787/p");
        assert_eq!(read(&[":/p"]).url, "http://localhost/p");
        assert_eq!(read(&["-f", "h/", "a=b c"]).body.unwrap(), "a=b+c");
        assert_eq!(read(&["--raw", "{}", "h/"]).body.unwrap(), "{}");
        assert_eq!(read(&["--raw={}", "h/"]).method, "POST");
        assert_eq!(read(&["h/", "a=@f"]).body, None);
        assert_eq!(read(&["h/", "a[b]=c"]).body, None);
        assert_eq!(read(&["-a", "a:b", "h"]).headers[0].1, "Basic YTpi");
        assert_eq!(
            read(&["-A", "bearer", "-a", "t", "h"]).headers[0].1,
            "Bearer t"
        );
        assert!(request(&[], false).is_none());
    }
}
