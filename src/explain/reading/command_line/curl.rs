//! curl's flags.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::{add_header, form_escaped, has_header, with_query};
use crate::explain::{GivenRequest, SignsAs};

/// Short flags that take a value.
const SHORT_WITH_VALUE: &str = "EKCbcdDFPHmoUQreXYytzTuAwx";

/// Long flags that take a value, as curl 7.88 lists them, and later ones.
const LONG_WITH_VALUE: &str = " abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile curves data data-ascii data-binary data-raw data-urlencode delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save expect100-timeout form form-string ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip header hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type krb libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate referer request request-target resolve retry retry-delay retry-max-time sasl-authzid service-name sigalgs socks4 socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit speed-time stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket upload-file url url-query user user-agent variable vlan-priority write-out ";

/// What the flags add up to.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
struct Flags {
    method: Option<String>,
    url: Option<String>,
    headers: Vec<(String, String)>,
    /// Names that `-H 'Name:'` takes away.
    removed: Vec<String>,
    /// Pieces of the body; `None` is a file's content.
    data: Vec<Option<String>>,
    is_json: bool,
    is_get: bool,
    is_head: bool,
    is_form: bool,
    is_upload: bool,
    queries: Vec<String>,
    user: Option<String>,
    sigv4: Option<String>,
    request_target: Option<String>,
}

/// The request that curl would send. A secret key in `--user` is not kept.
pub(super) fn request(arguments: &[String]) -> GivenRequest {
    let mut flags = Flags::default();
    let mut rest = arguments.iter();
    let mut are_flags_over = false;
    while let Some(word) = rest.next() {
        if are_flags_over || word == "-" || !word.starts_with('-') {
            // Further URLs are further requests.
            flags.url.get_or_insert_with(|| word.clone());
        } else if word == "--" {
            are_flags_over = true;
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, joined) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            if name == "next" {
                break;
            }
            let takes_value = LONG_WITH_VALUE.contains(&format!(" {name} "));
            let value = match joined {
                Some(value) => Some(value),
                None if takes_value => rest.next().cloned(),
                None => None,
            };
            flags.take(name, value.unwrap_or_default());
        } else {
            for (at, letter) in word.char_indices().skip(1) {
                if !SHORT_WITH_VALUE.contains(letter) {
                    flags.take(long_name(letter), String::new());
                    continue;
                }
                let joined = word.get(at + letter.len_utf8()..).unwrap_or_default();
                let value = if joined.is_empty() {
                    rest.next().cloned().unwrap_or_default()
                } else {
                    joined.to_owned()
                };
                flags.take(long_name(letter), value);
                break;
            }
        }
    }
    flags.request()
}

fn long_name(letter: char) -> &'static str {
    match letter {
        'A' => "user-agent",
        'b' => "cookie",
        'd' => "data",
        'e' => "referer",
        'F' => "form",
        'G' => "get",
        'H' => "header",
        'I' => "head",
        'T' => "upload-file",
        'u' => "user",
        'X' => "request",
        _ => "",
    }
}

impl Flags {
    fn take(&mut self, name: &str, value: String) {
        match name {
            "request" => self.method = Some(value),
            "url" => {
                self.url.get_or_insert(value);
            }
            "header" => self.header(&value),
            "data" | "data-ascii" | "data-binary" => {
                self.data.push((!value.starts_with('@')).then_some(value));
            }
            "data-raw" => self.data.push(Some(value)),
            "data-urlencode" => self.data.push(url_encoded(&value)),
            "json" => {
                self.is_json = true;
                self.data.push((!value.starts_with('@')).then_some(value));
            }
            "url-query" => {
                let query = match value.strip_prefix('+') {
                    Some(raw) => Some(raw.to_owned()),
                    None => url_encoded(&value),
                };
                self.queries.extend(query);
            }
            "get" => self.is_get = true,
            "head" => self.is_head = true,
            "form" | "form-string" => self.is_form = true,
            "upload-file" => self.is_upload = true,
            "user" => self.user = Some(value),
            "aws-sigv4" => self.sigv4 = Some(value),
            "oauth2-bearer" => {
                self.headers
                    .push(("Authorization".to_owned(), format!("Bearer {value}")));
            }
            "user-agent" => self.headers.push(("User-Agent".to_owned(), value)),
            "referer" => self.headers.push(("Referer".to_owned(), value)),
            // Without `=` it is a file.
            "cookie" if value.contains('=') => {
                self.headers.push(("Cookie".to_owned(), value));
            }
            "request-target" => self.request_target = Some(value),
            _ => {}
        }
    }

    /// `Name: value`, `Name;` for an empty value, `Name:` to send none.
    fn header(&mut self, text: &str) {
        match text.split_once(':') {
            Some((name, value)) if value.trim().is_empty() => {
                self.removed.push(name.trim().to_ascii_lowercase());
            }
            Some((name, value)) => self
                .headers
                .push((name.trim().to_owned(), value.trim().to_owned())),
            None => {
                if let Some(name) = text.strip_suffix(';') {
                    self.headers.push((name.trim().to_owned(), String::new()));
                }
            }
        }
    }

    fn request(mut self) -> GivenRequest {
        let mut url = self.url.take().unwrap_or_default();
        if !url.is_empty() && !url.contains("://") {
            url = format!("http://{url}");
        }
        for query in &self.queries {
            url = with_query(&url, query);
        }
        let separator = if self.is_json { "" } else { "&" };
        let pieces: Option<Vec<&str>> = self.data.iter().map(Option::as_deref).collect();
        let data = pieces.map(|pieces| pieces.join(separator));
        let has_data = !self.data.is_empty();
        if self.is_get
            && has_data
            && let Some(data) = &data
        {
            url = with_query(&url, data);
        }
        if let Some(target) = &self.request_target {
            url = with_target(&url, target);
        }
        let sends_data = has_data && !self.is_get;
        let body = if self.is_form || self.is_upload {
            None
        } else if sends_data {
            data.map(Bytes::from)
        } else {
            Some(Bytes::new())
        };
        let method = self.method.take().unwrap_or_else(|| {
            let method = match () {
                () if self.is_head => "HEAD",
                () if self.is_upload => "PUT",
                () if sends_data || self.is_form => "POST",
                () => "GET",
            };
            method.to_owned()
        });
        let signs_as = self.credentials();
        if sends_data {
            let content_type = if self.is_json {
                "application/json"
            } else {
                "application/x-www-form-urlencoded"
            };
            self.add("Content-Type", content_type);
        }
        if self.is_json {
            self.add("Accept", "application/json");
        }
        GivenRequest {
            method,
            url,
            headers: self.headers,
            body,
            signature: None,
            signs_as,
        }
    }

    /// A header that curl adds by itself, unless the line sets it or takes it away.
    fn add(&mut self, name: &str, value: &str) {
        if !self.removed.contains(&name.to_ascii_lowercase()) {
            add_header(&mut self.headers, name, value);
        }
    }

    /// `--user` is the key pair with `--aws-sigv4`, and Basic without.
    fn credentials(&mut self) -> Option<SignsAs> {
        let user = self.user.take();
        let Some(sigv4) = self.sigv4.take() else {
            if let Some(user) = user
                && !has_header(&self.headers, "authorization")
            {
                let basic = format!("Basic {}", STANDARD.encode(user));
                self.headers.push(("Authorization".to_owned(), basic));
            }
            return None;
        };
        // provider1:provider2:region:service
        let mut parts = sigv4.split(':').skip(2).map(str::to_owned);
        Some(SignsAs {
            access_key_id: user.and_then(|user| Some(user.split_once(':')?.0.to_owned())),
            region: parts.next().filter(|part| !part.is_empty()),
            service: parts.next().filter(|part| !part.is_empty()),
        })
    }
}

fn with_target(url: &str, target: &str) -> String {
    let authority = url
        .split_once("://")
        .map(|(scheme, rest)| {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            format!("{scheme}://{host}")
        })
        .unwrap_or_default();
    format!("{authority}{target}")
}

/// `content`, `=content`, `name=content`; `None` for `@file` and `name@file`.
fn url_encoded(text: &str) -> Option<String> {
    match text.find(['=', '@']).map(|at| (at, text.split_at(at))) {
        None => Some(form_escaped(text)),
        Some((_, (_, rest))) if rest.starts_with('@') => None,
        Some((0, (_, rest))) => Some(form_escaped(rest.get(1..)?)),
        Some((_, (name, rest))) => Some(format!("{name}={}", form_escaped(rest.get(1..)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> GivenRequest {
        let words: Vec<String> = line.split('\u{1}').map(str::to_owned).collect();
        request(&words)
    }

    fn url_and_body(words: &[&str]) -> (String, Option<String>) {
        let read = read(&words.join("\u{1}"));
        let body = read
            .body
            .map(|body| String::from_utf8(body.to_vec()).unwrap());
        (read.url, body)
    }

    /// The bodies and queries that curl 7.88 sent.
    #[test]
    fn data_becomes_what_curl_sends() {
        let url = "http://h/x?q=1";
        for (words, expected_url, body) in [
            (
                vec!["--data-urlencode", "a=b c&é~+"],
                url,
                "a=b+c%26%C3%A9~%2B",
            ),
            (
                vec!["-G", "--data-urlencode", "a=b c", "-d", "z"],
                "http://h/x?q=1&a=b+c&z",
                "",
            ),
            (
                vec!["--json", "{\"a\":1}", "--json", "x"],
                url,
                "{\"a\":1}x",
            ),
            (vec!["-da", "--data=b"], url, "a&b"),
            (vec!["--data-urlencode", "b c"], url, "b+c"),
            (vec!["--data-urlencode", "=b=c"], url, "b%3Dc"),
            (vec!["--data-raw", "@x"], url, "@x"),
            (vec!["--url-query", "a=b c"], "http://h/x?q=1&a=b+c", ""),
        ] {
            let words: Vec<&str> = words.into_iter().chain(["h/x?q=1"]).collect();
            assert_eq!(
                url_and_body(&words),
                (expected_url.to_owned(), Some(body.to_owned())),
                "{words:?}"
            );
        }
        for words in [
            ["-d", "@f"],
            ["-F", "a=b"],
            ["-T", "f"],
            ["--data-urlencode", "n@f"],
        ] {
            assert_eq!(url_and_body(&[words[0], words[1], "h"]).1, None);
        }
    }

    #[test]
    fn methods_and_headers() {
        let method = |words: &[&str]| read(&words.join("\u{1}")).method;
        assert_eq!(method(&["h"]), "GET");
        assert_eq!(method(&["-sI", "h"]), "HEAD");
        assert_eq!(method(&["-T", "f", "h"]), "PUT");
        assert_eq!(method(&["-d", "a", "h"]), "POST");
        assert_eq!(method(&["-XDELETE", "-d", "a", "h"]), "DELETE");
        assert_eq!(method(&["-kXPATCH", "h"]), "PATCH");
        let read = read(
            &[
                "-svo",
                "/dev/null",
                "-H",
                "A: b:c ",
                "-H",
                "E;",
                "-H",
                "Accept:",
                "-HX:y",
                "--json",
                "{}",
                "-A",
                "me",
                "--max-time",
                "5",
                "-m5",
                "h",
                "second",
            ]
            .join("\u{1}"),
        );
        let headers: Vec<(&str, &str)> = read
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            headers,
            [
                ("A", "b:c"),
                ("E", ""),
                ("X", "y"),
                ("User-Agent", "me"),
                ("Content-Type", "application/json")
            ]
        );
        assert_eq!(read.url, "http://h");
    }

    #[test]
    fn users() {
        let signed = read(
            &[
                "--aws-sigv4",
                "aws:amz:eu-west-1:execute-api",
                "--user",
                "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "https://h",
            ]
            .join("\u{1}"),
        );
        assert_eq!(
            signed.signs_as,
            Some(SignsAs {
                access_key_id: Some("AKIAIOSFODNN7EXAMPLE".into()),
                region: Some("eu-west-1".into()),
                service: Some("execute-api".into()),
            })
        );
        assert!(signed.headers.is_empty());
        let basic = read("-u\u{1}a:b\u{1}h");
        assert_eq!(
            basic.headers,
            [("Authorization".to_owned(), "Basic YTpi".to_owned())]
        );
        assert_eq!(basic.signs_as, None);
    }
}
