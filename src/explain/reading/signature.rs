//! A signature, read with every tolerance: what it lacks stays unknown.

use percent_encoding::percent_decode_str;

use crate::explain::{GivenRequest, GivenSignature, Placement};

/// Their presence in a query is an attempt to sign it.
const SIGNING_PARAMETERS: [&str; 4] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

impl GivenSignature {
    /// Reads the value of an `Authorization` header of any scheme. Of a repeated parameter the last
    /// counts, as on AWS. A value goes on to the next comma or parameter, so that a blank inside a
    /// key id is seen.
    pub fn of_header(value: &str) -> Self {
        let raw = value.trim();
        let (scheme, rest) = raw
            .split_once(|c: char| c.is_ascii_whitespace())
            .unwrap_or((raw, ""));
        let mut found = Self {
            placement: Placement::Header,
            algorithm: scheme.to_owned(),
            raw: raw.to_owned(),
            ..Self::default()
        };
        if !scheme.starts_with("AWS4-") {
            return found;
        }
        for part in rest.split(',') {
            for (name, value) in parameters(part) {
                match name {
                    "Credential" => found.credential = Some(value.to_owned()),
                    "SignedHeaders" => found.signed_headers = Some(cut(value)),
                    "Signature" => found.signature = Some(value.to_owned()),
                    _ => {}
                }
            }
        }
        found
    }

    /// Reads the parameters of a query whose names are those of AWS to the letter. Of a repeated one
    /// the first counts, as on AWS.
    pub fn of_query(query: &str) -> Option<Self> {
        let value = |name: &str| {
            query
                .split('&')
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .find(|(known, _)| *known == name)
                .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
        };
        if SIGNING_PARAMETERS.iter().all(|name| value(name).is_none()) {
            return None;
        }
        Some(Self {
            placement: Placement::Query,
            algorithm: value("X-Amz-Algorithm").unwrap_or_default(),
            credential: value("X-Amz-Credential"),
            signed_headers: value("X-Amz-SignedHeaders").map(|names| cut(&names)),
            signature: value("X-Amz-Signature"),
            date_time: value("X-Amz-Date"),
            expires: value("X-Amz-Expires"),
            raw: query.to_owned(),
        })
    }

    /// The signature of a request: its header's, else its query's.
    pub fn of_request(request: &GivenRequest) -> Option<Self> {
        let first = |name: &'static str| request.header_values(name).next();
        match first("authorization") {
            Some(value) => Some(Self {
                date_time: first("x-amz-date")
                    .or_else(|| first("date"))
                    .map(str::to_owned),
                ..Self::of_header(value)
            }),
            None => Self::of_query(query_of(&request.url)),
        }
    }
}

/// What stands between `?` and `#`.
pub(super) fn query_of(url: &str) -> &str {
    let (url, _) = url.split_once('#').unwrap_or((url, ""));
    url.split_once('?').map_or("", |(_, query)| query)
}

fn cut(names: &str) -> Vec<String> {
    names.split(';').map(str::to_owned).collect()
}

/// The parameters of a part between commas: a comma may be missing, and a value may hold blanks.
fn parameters(part: &str) -> Vec<(&str, &str)> {
    const NAMES: [&str; 3] = ["Credential=", "SignedHeaders=", "Signature="];
    let mut starts: Vec<usize> = NAMES
        .iter()
        .flat_map(|name| part.match_indices(name))
        .map(|(at, _)| at)
        .filter(|at| {
            part.get(..*at)
                .is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace))
        })
        .collect();
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain([part.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| part.get(*start..end)?.trim().split_once('='))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_with_what_it_has() {
        let read = GivenSignature::of_header(
            " AWS4-HMAC-SHA256 Credential=AK ID\n/20260102/eu-west-1/execute-api/aws4_request,SignedHeaders=host;x-amz-date Signature=ab, Signature=cd ",
        );
        assert_eq!(
            read.credential.as_deref(),
            Some("AK ID\n/20260102/eu-west-1/execute-api/aws4_request")
        );
        assert_eq!(read.access_key_id(), Some("AK ID\n"));
        assert_eq!(read.signed_headers.unwrap(), ["host", "x-amz-date"]);
        assert_eq!(read.signature.as_deref(), Some("cd"));
        assert_eq!(read.algorithm, "AWS4-HMAC-SHA256");

        let bare = GivenSignature::of_header("AWS4-HMAC-SHA256 x=y");
        assert_eq!((bare.credential, bare.signature), (None, None));
        assert_eq!(bare.raw, "AWS4-HMAC-SHA256 x=y");
        assert_eq!(
            GivenSignature::of_header("Bearer a=b, Signature=c").signature,
            None
        );
        assert_eq!(GivenSignature::of_header("Bearer x").algorithm, "Bearer");
        assert_eq!(GivenSignature::of_header("").algorithm, "");
    }

    #[test]
    fn a_query_is_read_to_the_letter_and_the_first_counts() {
        let query = "a=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260102%2Fr%2Fexecute-api%2Faws4_request&X-Amz-Credential=other&X-Amz-SignedHeaders=host%3Bx-a&x-amz-signature=ab&X-Amz-Expires=900";
        let read = GivenSignature::of_query(query).unwrap();
        assert_eq!(
            read.credential.as_deref(),
            Some("AK/20260102/r/execute-api/aws4_request")
        );
        assert_eq!(read.signed_headers.unwrap(), ["host", "x-a"]);
        assert_eq!((read.signature, read.date_time), (None, None));
        assert_eq!(read.expires.as_deref(), Some("900"));
        // A credential that was encoded twice stays encoded once.
        let twice = GivenSignature::of_query("X-Amz-Credential=AK%252F2026").unwrap();
        assert_eq!(twice.credential.as_deref(), Some("AK%2F2026"));
        assert_eq!(
            GivenSignature::of_query("x-amz-credential=a&X-Amz-Date=b"),
            None
        );
    }
}
