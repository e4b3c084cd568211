//! The gateway's own canonical request and string to sign, as a 403 repeats them.
//!
//! Layout: two blocks between single quotes behind fixed sentences, seen in
//! [mhart/aws4#33](https://github.com/mhart/aws4/issues/33).

const CANONICAL_START: &str = "The Canonical String for this request should have been\n'";
const BETWEEN: &str = "'\n\nThe String-to-Sign should have been\n'";

/// What a gateway says it computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Echo {
    /// Its canonical request.
    pub canonical_request: String,
    /// Its string to sign.
    pub string_to_sign: String,
}

impl Echo {
    /// Finds the echo in an answer's body: in a JSON string anywhere in it, or in plain text.
    pub fn find(body: &str) -> Option<Self> {
        if let Ok(json) = serde_json::from_str::<serde_json::Value>(body)
            && let Some(found) = Self::find_in_json(&json)
        {
            return Some(found);
        }
        Self::find_in_text(body)
    }

    fn find_in_json(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::String(text) => Self::find_in_text(text),
            serde_json::Value::Array(items) => items.iter().find_map(Self::find_in_json),
            serde_json::Value::Object(fields) => fields.values().find_map(Self::find_in_json),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
                None
            }
        }
    }

    fn find_in_text(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once(CANONICAL_START)?;
        let (canonical_request, rest) = rest.split_once(BETWEEN)?;
        let (string_to_sign, _) = rest.rsplit_once('\'')?;
        Some(Self {
            canonical_request: canonical_request.to_owned(),
            string_to_sign: string_to_sign.to_owned(),
        })
    }
}

/// Where two texts first part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line, from 0.
    pub line: usize,
    /// The line on our side; `None` if ours ends before.
    pub ours: Option<String>,
    /// The line on their side; `None` if theirs ends before.
    pub theirs: Option<String>,
}

/// The first line in which two texts differ.
pub fn first_difference(ours: &str, theirs: &str) -> Option<Difference> {
    let mut left = ours.split('\n');
    let mut right = theirs.split('\n');
    let mut line = 0;
    loop {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (a, b) if a == b => line += 1,
            (a, b) => {
                return Some(Difference {
                    line,
                    ours: a.map(str::to_owned),
                    theirs: b.map(str::to_owned),
                });
            }
        }
    }
}

/// Every line (from 0) of ours that their text does not have at that place.
pub fn differing_lines(ours: &str, theirs: &str) -> Vec<usize> {
    let theirs: Vec<&str> = theirs.split('\n').collect();
    ours.split('\n')
        .enumerate()
        .filter(|(index, line)| theirs.get(*index) != Some(line))
        .map(|(index, _)| index)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The raw answer that mhart/aws4#33 shows, shortened hashes and all.
    const BODY: &str = r#"{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'POST\n/LocationQuery_stage\n\nhost:a5g085p7md.execute-api.us-east-1.amazonaws.com\nx-amz-date:20200211T205529Z\n\nhost;x-amz-date\n23d10f'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20200211T205529Z\n20200211/us-east-1/execute-api/aws4_request\nb0e1'\n"}"#;

    #[test]
    fn the_echo_is_found_wherever_it_is_wrapped() {
        let echo = Echo::find(BODY).unwrap();
        assert!(
            echo.canonical_request
                .starts_with("POST\n/LocationQuery_stage\n\nhost:")
        );
        assert!(echo.canonical_request.ends_with("\n23d10f"));
        assert!(echo.string_to_sign.ends_with("\nb0e1"));
        assert_eq!(
            Echo::find(&format!(r#"{{"errors":[{BODY}]}}"#)).unwrap(),
            echo
        );
        assert_eq!(Echo::find(r#"{"message":"Forbidden"}"#), None);
    }

    #[test]
    fn the_first_line_that_differs() {
        assert_eq!(first_difference("a\nb", "a\nb"), None);
        let difference = first_difference("a\nb\nc", "a\nx\nc").unwrap();
        assert_eq!(
            (
                difference.line,
                difference.ours.as_deref(),
                difference.theirs.as_deref()
            ),
            (1, Some("b"), Some("x"))
        );
        assert_eq!(first_difference("a", "a\nb").unwrap().ours, None);
        assert_eq!(differing_lines("a\nb\nc", "x\nb"), [0, 2]);
    }
}
