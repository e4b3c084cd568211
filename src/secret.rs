//! Text that must not be seen: it is wiped from memory when dropped and never printed.

use std::fmt;

use zeroize::Zeroizing;

/// A secret text: an AWS secret key, a session token, an API key, a password.
///
/// It has no `Display` and no `Serialize`, its `Debug` prints `(redacted)`, and its memory is
/// overwritten on drop. Reading it is one word, [`SecretString::expose`], so that every place
/// that does can be found.
#[derive(Clone, Default)]
pub struct SecretString(Zeroizing<String>);

impl SecretString {
    /// Takes over a text as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(redacted)")
    }
}

impl PartialEq for SecretString {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes() == other.0.as_bytes()
    }
}

impl Eq for SecretString {}

/// What stands for a secret wherever one would be shown.
pub const MASK: &str = "••••••";

/// The secrets that went into a request, to take them out of every text about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redactor(Vec<SecretString>);

impl Redactor {
    /// Takes these secrets out; empty ones are nothing to look for.
    pub fn new(secrets: impl IntoIterator<Item = SecretString>) -> Self {
        let mut secrets: Vec<SecretString> =
            secrets.into_iter().filter(|s| !s.is_empty()).collect();
        // A secret that holds another goes first.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        Self(secrets)
    }

    /// The same, and this secret too.
    #[must_use]
    pub fn with(&self, secret: &SecretString) -> Self {
        Self::new(self.0.iter().chain([secret]).cloned())
    }

    /// Whether there is nothing to take out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with dots in place of every secret, whichever of its bytes are escaped: once, as in
    /// a URL, or twice, as in a canonical path.
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.0 {
            let bytes = text.as_bytes();
            let mut out = String::new();
            let (mut at, mut copied) = (0, 0);
            while at < bytes.len() {
                match matched(
                    bytes.get(at..).unwrap_or_default(),
                    secret.expose().as_bytes(),
                ) {
                    Some(length) => {
                        out.push_str(text.get(copied..at).unwrap_or_default());
                        out.push_str(MASK);
                        at += length;
                        copied = at;
                    }
                    None => at += 1,
                }
            }
            if copied > 0 {
                out.push_str(text.get(copied..).unwrap_or_default());
                text = out;
            }
        }
        text
    }
}

/// How many bytes of the text are the secret, each byte of it raw or escaped once or twice.
fn matched(text: &[u8], secret: &[u8]) -> Option<usize> {
    let mut at = 0;
    for byte in secret {
        let rest = text.get(at..)?;
        // In a query a raw plus and a space are the same byte.
        let twins: &[u8] = if matches!(byte, b'+' | b' ') {
            b"+ "
        } else {
            &[*byte]
        };
        at += twins.iter().find_map(|byte| {
            escaped(rest, b"%25", *byte)
                .or_else(|| escaped(rest, b"%", *byte))
                .or_else(|| (rest.first() == Some(byte)).then_some(1))
        })?;
    }
    Some(at)
}

/// The length of a byte's escape, if the text begins with it.
fn escaped(text: &[u8], sign: &[u8], byte: u8) -> Option<usize> {
    let digits = text.strip_prefix(sign)?.get(..2)?;
    let value = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (value == byte).then_some(sign.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_in_every_form() {
        let redactor = Redactor::new(["k y/1", "", "k y/1-longer"].map(SecretString::new));
        for text in [
            "a k y/1 b",
            "?k=k%20y%2F1",
            "/k%2520y%252F1/x",
            "k+y%2F1",
            "k y/1-longer",
            "k%20y/1",
        ] {
            let redacted = redactor.redact(text);
            assert!(redacted.contains(MASK), "{redacted}");
            assert!(
                !redacted.contains("y/1") && !redacted.contains("2F1"),
                "{redacted}"
            );
        }
        assert_eq!(redactor.redact("k y"), "k y");
        assert!(!redactor.redact("k y/1-longer").contains("longer"));
    }

    #[test]
    fn debug_shows_nothing_of_the_text() {
        let secret = SecretString::new("wJalrXUtnFEMI");
        assert_eq!(format!("{secret:?}"), "(redacted)");
        assert_eq!(format!("{:?}", Some(&secret)), "Some((redacted))");
    }
}
