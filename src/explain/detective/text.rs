//! A canonical request as text, taken apart again.

/// The parts of a canonical request, as far as the text has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::explain) struct CanonicalText<'a> {
    pub(in crate::explain) method: &'a str,
    pub(in crate::explain) path: &'a str,
    pub(in crate::explain) query: &'a str,
    pub(in crate::explain) headers: Vec<(&'a str, &'a str)>,
    pub(in crate::explain) signed_headers: &'a str,
    pub(in crate::explain) payload: &'a str,
}

impl<'a> CanonicalText<'a> {
    /// Reads it; `None` if it has not even its first and last lines. A missing blank line behind
    /// the headers is forgiven, so that such a text can be compared part by part.
    pub(in crate::explain) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_end_matches('\n');
        let lines: Vec<&str> = text.split('\n').map(|l| l.trim_end_matches('\r')).collect();
        let (head, rest) = lines.split_at_checked(3)?;
        let [method, path, query] = head else {
            return None;
        };
        let (payload, rest) = rest.split_last()?;
        let (signed_headers, rest) = rest.split_last()?;
        let headers = rest
            .iter()
            .filter_map(|line| line.split_once(':'))
            .collect();
        Some(Self {
            method,
            path,
            query,
            headers,
            signed_headers,
            payload,
        })
    }

    /// The value of a header (lower-case name).
    pub(in crate::explain) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }
}
