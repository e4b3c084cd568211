//! A request as it arrived.

use bytes::Bytes;
use url::form_urlencoded;

/// The header that asks for a change on the way: its value names the header to change.
const PROXY_HEADER: &str = "x-practice-proxy";
/// What the pretended proxy appends.
const PROXY_MARK: &[u8] = b", changed by a proxy";

/// A request as it arrived: nothing decoded, nothing mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The method of the request line.
    pub method: String,
    /// The path of the request line, up to `?`.
    pub path: String,
    /// The query of the request line, without `?`.
    pub query: String,
    /// Headers with lower-case names, in the order of arrival, repeats included.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Bytes,
}

impl ReceivedRequest {
    /// The values of a header (lower-case name).
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.headers
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_slice())
    }

    /// A header as text, repeats joined by `, `
    /// ([RFC 9110 §5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)).
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .values(name)
            .map(|value| String::from_utf8_lossy(value))
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The first value of a query parameter, decoded. AWS lets the first of several count.
    pub fn parameter(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes())
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Changes the header that `x-practice-proxy` names, as a proxy on the way might: what is
    /// judged is then no longer what was signed.
    pub fn meddle(&mut self) {
        let Some(name) = self.header(PROXY_HEADER) else {
            return;
        };
        let name = name.trim().to_ascii_lowercase();
        for (known, value) in &mut self.headers {
            if *known == name && name != PROXY_HEADER {
                value.extend_from_slice(PROXY_MARK);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&str, &str)]) -> ReceivedRequest {
        ReceivedRequest {
            method: "GET".into(),
            path: "/prod/pets".into(),
            query: "type=a+b&type=c".into(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                .collect(),
            body: Bytes::new(),
        }
    }

    #[test]
    fn the_proxy_changes_the_named_header_only() {
        let mut changed = request(&[
            ("x-demo", "1"),
            ("x-other", "2"),
            ("x-practice-proxy", "X-Demo"),
        ]);
        changed.meddle();
        assert_eq!(changed.header("x-demo").unwrap(), "1, changed by a proxy");
        assert_eq!(changed.header("x-other").unwrap(), "2");
        let mut kept = request(&[("x-demo", "1")]);
        kept.meddle();
        assert_eq!(kept, request(&[("x-demo", "1")]));
    }

    #[test]
    fn repeats_are_joined_and_the_first_parameter_counts() {
        let request = request(&[("a", "1"), ("b", "2"), ("a", "3")]);
        assert_eq!(request.header("a").unwrap(), "1, 3");
        assert_eq!(request.header("c"), None);
        assert_eq!(request.parameter("type").unwrap(), "a b");
    }
}
