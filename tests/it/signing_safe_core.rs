//! The forms on which AWS's signers and the widely used others agree: canonical text spelt out, and
//! the signature that of the crate.

use countersign::sigv4::{SignedHeadersRule, SigningSettings};

use crate::support::random_requests::Request;

fn request(path_and_query: &str, headers: &[(&str, &str)]) -> Request {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Request {
        method: "GET".to_owned(),
        url: format!("https://h.example{path_and_query}"),
        headers: headers.iter().map(owned).collect(),
        body: Vec::new(),
        token: None,
        settings: SigningSettings {
            signed_headers: SignedHeadersRule::everything_but(Vec::new()),
            ..SigningSettings::default()
        },
        seconds: 1_440_938_160,
    }
}

/// Its canonical lines, in both placements; that the crate agrees.
fn lines(request: &Request) -> [Vec<String>; 2] {
    [request.clone().in_header(), request.clone().in_query()].map(|request| {
        let signed = request.sign().unwrap();
        assert_eq!(signed.agrees, Ok(true), "{request:?}");
        let text = signed.trace.steps.canonical_request.to_string();
        text.split('\n').map(str::to_owned).collect()
    })
}

#[test]
fn paths() {
    for (wire, canonical) in [
        ("", "/"),
        ("/", "/"),
        ("/a%20b", "/a%2520b"),
        ("/a%2Bb", "/a%252Bb"),
        ("/a+b", "/a%2Bb"),
        ("/a%2Fb", "/a%252Fb"),
        ("/a%2fb", "/a%252fb"),
        ("/caf%C3%A9", "/caf%25C3%25A9"),
        ("/%ed%95%9c", "/%25ed%2595%259c"),
        ("/~", "/~"),
        ("/%7E", "/%257E"),
        ("/%41%2D", "/%2541%252D"),
        ("/!$&'()*+,;=:@", "/%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%40"),
        ("/%21%24%26", "/%2521%2524%2526"),
        ("/prod/@connections/AbC%3D", "/prod/%40connections/AbC%253D"),
        ("/a//b", "/a/b"),
        ("//a", "/a"),
        ("/a/./b", "/a/b"),
        ("/a/../b", "/b"),
        ("/../../a", "/a"),
        ("/a/%2E%2E/b", "/a/%252E%252E/b"),
        ("/a/", "/a/"),
        ("/%25", "/%2525"),
        ("/%2520", "/%252520"),
        ("/100%", "/100%25"),
        ("/%zz", "/%25zz"),
        ("/%FF", "/%25FF"),
        ("/%00", "/%2500"),
    ] {
        for lines in lines(&request(wire, &[])) {
            assert_eq!(lines[1], canonical, "{wire}");
        }
    }
}

#[test]
fn queries() {
    for (wire, canonical) in [
        ("?", ""),
        ("?a=1", "a=1"),
        ("?b=2&a=1", "a=1&b=2"),
        ("?a=2&a=1", "a=1&a=2"),
        ("?a=1&a=1", "a=1&a=1"),
        ("?a=", "a="),
        ("?a-b=1&a=2", "a=2&a-b=1"),
        ("?ab=1&a=2", "a=2&ab=1"),
        ("?a=1&A=2", "A=2&a=1"),
        ("?%C3%A9=1&z=2", "%C3%A9=1&z=2"),
        ("?a=%20", "a=%20"),
        ("?a=%2B", "a=%2B"),
        ("?a=%2f", "a=%2F"),
        ("?a=%41%7e", "a=A~"),
        (
            "?param%5B10%5D=x&param%5B2%5D=y",
            "param%5B10%5D=x&param%5B2%5D=y",
        ),
        (
            "?userId%5B%5D=2405&userId%5B%5D=196624",
            "userId%5B%5D=196624&userId%5B%5D=2405",
        ),
        ("?a=%ED%95%9C", "a=%ED%95%9C"),
        ("?a=%2520", "a=%2520"),
    ] {
        let [header, query] = lines(&request(&format!("/{wire}"), &[]));
        assert_eq!(header[2], canonical, "{wire}");
        let own = query[2]
            .split('&')
            .filter(|pair| !pair.starts_with("X-Amz-"));
        let own: Vec<&str> = own.collect();
        assert_eq!(own.join("&"), canonical, "{wire}");
    }
}

#[test]
fn headers() {
    for (given, canonical) in [
        (vec![("X-A", "b")], vec!["x-a:b"]),
        (vec![("X-A", "  b  ")], vec!["x-a:b"]),
        (vec![("X-A", "b   c")], vec!["x-a:b c"]),
        (vec![("X-A", "\"b   c\"")], vec!["x-a:\"b c\""]),
        (vec![("X-A", "")], vec!["x-a:"]),
        (vec![("X-A", "   ")], vec!["x-a:"]),
        (vec![("X-A", "2"), ("X-A", "1")], vec!["x-a:2,1"]),
        (vec![("X-A", "2"), ("x-a", "1")], vec!["x-a:2,1"]),
        (vec![("X-A", "é한")], vec!["x-a:é한"]),
        (vec![("X-B", "1"), ("X-A", "2")], vec!["x-a:2", "x-b:1"]),
        (vec![("X-A-B", "1"), ("X-A", "2")], vec!["x-a:2", "x-a-b:1"]),
        (
            vec![("Content-Type", "a/b;  c=d")],
            vec!["content-type:a/b; c=d"],
        ),
    ] {
        for lines in lines(&request("/", &given)) {
            let own: Vec<&str> = lines[3..]
                .iter()
                .map(String::as_str)
                .take_while(|line| !line.is_empty())
                .filter(|line| !line.starts_with("host:") && !line.starts_with("x-amz-date:"))
                .collect();
            assert_eq!(own, canonical, "{given:?}");
        }
    }
}

#[test]
fn hosts() {
    for (url, host, signed) in [
        ("https://h.example:8443/", None, "host:h.example:8443"),
        ("https://h.example:443/", None, "host:h.example"),
        ("http://h.example:80/", None, "host:h.example"),
        ("http://127.0.0.1:8787/", None, "host:127.0.0.1:8787"),
        ("https://[::1]:8443/", None, "host:[::1]:8443"),
        ("https://[2001:db8::1]/", None, "host:[2001:db8::1]"),
        (
            "https://127.0.0.1:8787/",
            Some("h.example"),
            "host:h.example",
        ),
    ] {
        let headers: Vec<(&str, &str)> = host.map(|host| ("Host", host)).into_iter().collect();
        let mut request = request("/", &headers);
        url.clone_into(&mut request.url);
        for lines in lines(&request) {
            assert_eq!(lines[3], signed, "{url}");
        }
    }
}

#[test]
fn tokens() {
    let mut request = request("/", &[]);
    request.token = Some("IQoJb3JpZ2lu+X2VjE/A==".to_owned());
    let [header, query] = lines(&request);
    assert!(header.contains(&"x-amz-security-token:IQoJb3JpZ2lu+X2VjE/A==".to_owned()));
    assert!(query[2].contains("&X-Amz-Security-Token=IQoJb3JpZ2lu%2BX2VjE%2FA%3D%3D&"));
}

/// Pasted with a space at its end, it would be signed with the space and arrive without.
#[test]
fn a_token_with_white_space_is_refused() {
    for token in [" ", "abc ", "a  b", "a\nb", "토큰"] {
        let mut request = request("/", &[]);
        request.token = Some(token.to_owned());
        for request in [request.clone().in_header(), request.in_query()] {
            let error = request.sign().unwrap_err();
            assert_eq!(
                error.to_string(),
                "the session token holds what a signed request may not hold"
            );
        }
    }
}
