//! awscurl's flags.

use bytes::Bytes;

use crate::explain::{GivenRequest, SignsAs};

/// The request that awscurl would sign and send. Secret key and session token are not kept.
pub(super) fn request(arguments: &[String]) -> GivenRequest {
    let mut method = "GET".to_owned();
    let mut url = None;
    let mut headers: Option<Vec<(String, String)>> = None;
    let mut body = Some(Bytes::new());
    // awscurl's own defaults.
    let mut signs_as = SignsAs {
        access_key_id: None,
        region: Some("us-east-1".to_owned()),
        service: Some("execute-api".to_owned()),
    };
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        let Some((name, joined)) = flag(word) else {
            url.get_or_insert_with(|| word.clone());
            continue;
        };
        if !takes_value(name) {
            continue;
        }
        let value = joined
            .map(str::to_owned)
            .or_else(|| rest.next().cloned())
            .unwrap_or_default();
        match name {
            "request" => method = value,
            "data" => body = (!value.starts_with('@')).then(|| Bytes::from(value)),
            "header" => {
                let (name, value) = value.split_once(':').unwrap_or((&value, ""));
                headers
                    .get_or_insert_default()
                    .push((name.trim().to_owned(), value.trim().to_owned()));
            }
            "region" => signs_as.region = Some(value),
            "service" => signs_as.service = Some(value),
            "access_key" => signs_as.access_key_id = Some(value),
            // Secrets, and what does not change the request.
            _ => {}
        }
    }
    let default_headers = || {
        [
            ("Accept", "application/xml"),
            ("Content-Type", "application/json"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    };
    GivenRequest {
        method,
        url: url.unwrap_or_default(),
        headers: headers.unwrap_or_else(default_headers),
        body,
        signature: None,
        signs_as: Some(signs_as),
    }
}

/// A flag's long name, and the value if it is joined to it.
fn flag(word: &str) -> Option<(&str, Option<&str>)> {
    if let Some(long) = word.strip_prefix("--") {
        return Some(match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        });
    }
    let short = word.strip_prefix('-')?;
    let (name, value) = match short.chars().next()? {
        'X' => ("request", short.get(1..)),
        'd' => ("data", short.get(1..)),
        'H' => ("header", short.get(1..)),
        'o' => ("output", short.get(1..)),
        _ => ("", None),
    };
    Some((name, value.filter(|value| !value.is_empty())))
}

fn takes_value(name: &str) -> bool {
    matches!(
        name,
        "request"
            | "data"
            | "header"
            | "region"
            | "profile"
            | "service"
            | "access_key"
            | "secret_key"
            | "security_token"
            | "session_token"
            | "output"
            | "tls-min"
            | "tls-max"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> GivenRequest {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        request(&words)
    }

    #[test]
    fn flags_and_defaults() {
        let plain = read(&["https://h/prod"]);
        assert_eq!(
            (plain.method.as_str(), plain.url.as_str()),
            ("GET", "https://h/prod")
        );
        assert_eq!(plain.headers.len(), 2);
        let signs_as = plain.signs_as.unwrap();
        assert_eq!(signs_as.region.as_deref(), Some("us-east-1"));
        assert_eq!(signs_as.service.as_deref(), Some("execute-api"));

        let full = read(&[
            "--service=lambda",
            "--region",
            "eu-west-1",
            "-X",
            "POST",
            "-d",
            "{}",
            "-H",
            "x-a: b:c",
            "--data-binary",
            "-k",
            "-v",
            "https://h/prod",
        ]);
        assert_eq!(
            (full.method.as_str(), full.url.as_str()),
            ("POST", "https://h/prod")
        );
        assert_eq!(full.headers, [("x-a".to_owned(), "b:c".to_owned())]);
        assert_eq!(full.body.unwrap(), "{}");
        let signs_as = full.signs_as.unwrap();
        assert_eq!(signs_as.region.as_deref(), Some("eu-west-1"));
        assert_eq!(signs_as.service.as_deref(), Some("lambda"));
        assert_eq!(read(&["-d", "@f", "u"]).body, None);
    }

    #[test]
    fn secrets_are_not_kept() {
        let read = read(&[
            "--access_key",
            "AKIAIOSFODNN7EXAMPLE",
            "--secret_key",
            "SECRET",
            "--session_token=TOKEN",
            "--security_token",
            "TOKEN",
            "https://h",
        ]);
        assert_eq!(read.url, "https://h");
        let all = format!("{read:?} {:?} {}", read.headers, read.url);
        assert!(!all.contains("SECRET") && !all.contains("TOKEN"), "{all}");
        assert_eq!(
            read.signs_as.unwrap().access_key_id.as_deref(),
            Some("AKIAIOSFODNN7EXAMPLE")
        );
    }
}
