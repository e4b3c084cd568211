//! The `Authorization` header of a signed request, read back.

use super::string_to_sign::ALGORITHM;

/// What an `AWS4-HMAC-SHA256` header says. Values are as written; nothing is checked beyond the
/// form. Of a repeated parameter the last counts, as on AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The word before the first space.
    pub algorithm: String,
    /// `Credential`, if given: key id and scope, `/` between the parts.
    pub credential: Option<String>,
    /// `SignedHeaders`, if given.
    pub signed_headers: Option<String>,
    /// `Signature`, if given.
    pub signature: Option<String>,
}

/// Why an `Authorization` header could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationError {
    /// It begins with another word: Bearer, Basic.
    #[error("it does not begin with {ALGORITHM}")]
    OtherScheme,
    /// A part without `=`.
    #[error("`{0}` is not a key=value pair")]
    NotAPair(String),
}

impl Authorization {
    /// Reads the header's value.
    pub fn parse(header: &str) -> Result<Self, AuthorizationError> {
        let header = header.trim();
        let (algorithm, rest) = header.split_once(' ').unwrap_or((header, ""));
        if !algorithm.starts_with("AWS4") {
            return Err(AuthorizationError::OtherScheme);
        }
        let mut found = Self {
            algorithm: algorithm.to_owned(),
            credential: None,
            signed_headers: None,
            signature: None,
        };
        for part in rest
            .split([',', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (key, value) = part
                .split_once('=')
                .ok_or_else(|| AuthorizationError::NotAPair(part.to_owned()))?;
            let slot = match key {
                "Credential" => &mut found.credential,
                "SignedHeaders" => &mut found.signed_headers,
                "Signature" => &mut found.signature,
                _ => continue,
            };
            *slot = Some(value.to_owned());
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_spaces() {
        for text in [
            "AWS4-HMAC-SHA256 Credential=AK/20150830/us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date, Signature=ab",
            "AWS4-HMAC-SHA256 Credential=AK/20150830/us-east-1/iam/aws4_request,SignedHeaders=host;x-amz-date,Signature=ab",
        ] {
            let read = Authorization::parse(text).unwrap();
            assert_eq!(
                read.credential.unwrap(),
                "AK/20150830/us-east-1/iam/aws4_request"
            );
            assert_eq!(read.signed_headers.unwrap(), "host;x-amz-date");
            assert_eq!(read.signature.unwrap(), "ab");
        }
    }

    #[test]
    fn others_are_told_apart() {
        assert_eq!(
            Authorization::parse("Bearer abc"),
            Err(AuthorizationError::OtherScheme)
        );
        assert_eq!(
            Authorization::parse("AWS4-HMAC-SHA256 Credential"),
            Err(AuthorizationError::NotAPair("Credential".into()))
        );
    }
}
