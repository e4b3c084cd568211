//! Words of a message that may be secrets.
//!
//! A refusal repeats what was sent: a whole `Authorization` header, its credential, the value of
//! another header. What is no recognisable part of a signature is taken for a secret.

use crate::request::is_sensitive_header;

/// Behind these words a message repeats an `Authorization` header or its credential.
const QUOTED: [(&str, Option<char>); 3] = [
    ("Authorization header: '", Some('\'')),
    ("keyid/date/region/service/term, got '", Some('\'')),
    ("Authorization=", None),
];

/// The quote before these words is a piece of the header.
const BEHIND_QUOTE: &str = "' not a valid key=value pair";

/// What the gateway's derivation in a message begins with. Its lines are looked at elsewhere.
const ECHO: &str = "The Canonical String for this request";

/// Messages are cut long before.
const LONGEST: usize = 16 << 10;

/// Newer messages repeat a hash instead of the header.
const HASHED: &str = "ashed with SHA-256";

/// Everything in a message that may be a secret.
pub(super) fn suspects(message: &str) -> Vec<String> {
    let (message, _) = message.split_once(ECHO).unwrap_or((message, ""));
    let message = message
        .get(..message.floor_char_boundary(LONGEST))
        .unwrap_or_default();
    let mut found = Vec::new();
    let is_hashed = message.contains(HASHED);
    if !is_hashed {
        for (before, end) in QUOTED {
            for (_, rest) in message
                .match_indices(before)
                .filter_map(|(at, _)| message.split_at_checked(at + before.len()))
            {
                let value = end
                    .and_then(|end| rest.rsplit_once(end))
                    .map_or(rest, |(value, _)| value);
                of_authorization(value, &mut found);
            }
        }
        if let Some((before, _)) = message.split_once(BEHIND_QUOTE)
            && let Some((_, piece)) = before.split_once('\'')
        {
            of_authorization(piece, &mut found);
        }
    }
    after_names(message, is_hashed, &mut found);
    for word in message.split(is_between_words) {
        let word = word.trim_end_matches(['.', ':', '!', '?']);
        // `name=value`, unless the sign is padding.
        let value = match word.split_once('=') {
            Some((_, value)) if !value.trim_matches('=').is_empty() => value,
            _ => word,
        };
        if looks_secret(value)
            && !(is_hashed && value.len() == 44 && value.ends_with('='))
            && let Some(part) = unrecognised("", value)
        {
            found.push(part.to_owned());
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn is_between_words(c: char) -> bool {
    c.is_whitespace() || "'\"`<>()[]{},;|".contains(c)
}

/// The values behind the names of headers that nobody should see, and behind words like them.
fn after_names(message: &str, is_hashed: bool, found: &mut Vec<String>) {
    for line in message.lines() {
        // What lies within a value is hidden with it.
        let mut end = 0;
        for (at, sign) in line.match_indices([':', '=']) {
            if at < end {
                continue;
            }
            let before = line.get(..at).unwrap_or_default();
            let before = before.trim_end_matches(['"', '\'', ' ']);
            let name = before
                .rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            // A signature is no secret, and a credential is looked at as a whole.
            if !is_sensitive_header(&name) || matches!(name.as_str(), "signature" | "credential") {
                continue;
            }
            let value = line.get(at + sign.len()..).unwrap_or_default();
            let value = value.trim_start_matches([' ', '"', '\'']);
            if name.ends_with("authorization") {
                if !is_hashed {
                    of_authorization(value, found);
                }
                continue;
            }
            let word = value.split(is_between_words).next().unwrap_or_default();
            end = line.len() - value.len() + word.len();
            // `The token: it has expired` has a word there.
            let is_word = word.bytes().all(|byte| byte.is_ascii_lowercase());
            if !is_word || sign == "=" {
                found.push(word.trim_end_matches('.').to_owned());
            }
        }
    }
}

/// Everything in an `Authorization` value that is no recognisable part of a signature.
pub(super) fn of_authorization(value: &str, found: &mut Vec<String>) {
    for word in value.split(|c: char| c.is_whitespace() || matches!(c, ',' | '\'' | '"')) {
        let word = word.trim_end_matches('.');
        let (name, rest) = word.split_once('=').unwrap_or(("", word));
        let is_padding = rest.trim_matches('=').is_empty();
        let is_name = name.len() <= 24 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        let value = if is_padding || !is_name { word } else { rest };
        let value = value.trim_end_matches('\'');
        if let Some(suspect) = unrecognised(name, value) {
            found.push(suspect.to_owned());
        }
    }
}

/// What of a word is none of the parts that a signature has.
fn unrecognised<'a>(name: &str, word: &'a str) -> Option<&'a str> {
    const WORDS: [&str; 14] = [
        "AWS",
        "Authorization",
        "Basic",
        "Bearer",
        "Credential",
        "Digest",
        "Hawk",
        "Negotiate",
        "Signature",
        "SignedHeaders",
        "Token",
        "header",
        "not",
        "in",
    ];
    let is_known = word.is_empty()
        || word.starts_with("AWS4-")
        || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is_known {
        return None;
    }
    let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_list = word
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_;".contains(&byte));
    match name {
        "Signature" if is_hex => return None,
        "SignedHeaders" if is_list => return None,
        _ if word.len() == 64 && is_hex => return None,
        _ if word.contains(';') && is_list => return None,
        _ => {}
    }
    // A credential: what stands between a key id and the scope.
    let mut rest = word;
    for is_part in [is_terminator, is_service, is_service, is_date] {
        match rest.rsplit_once('/') {
            Some((before, part)) if is_part(part) => rest = before,
            None if is_part(rest) => return None,
            _ => {}
        }
    }
    let (first, behind) = rest.split_once('/').unwrap_or((rest, ""));
    if is_key_id(first) {
        rest = behind;
    }
    let rest = rest.trim_end_matches('/');
    (!rest.is_empty()).then_some(rest)
}

fn is_terminator(part: &str) -> bool {
    part == "aws4_request"
}

/// A region or a service: `us-east-1`, `execute-api`.
fn is_service(part: &str) -> bool {
    part.len() <= 24
        && part.starts_with(|c: char| c.is_ascii_lowercase())
        && part
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_date(part: &str) -> bool {
    part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// `AKIA…`, `ASIA…` and their kin; `AKIA` alone is the start of one.
fn is_key_id(part: &str) -> bool {
    part.len() <= 32
        && part.starts_with('A')
        && part
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether a word is long and mixed as no word, name or hash is.
fn looks_secret(word: &str) -> bool {
    const SECRET_KEY: usize = 40;
    const LONG: usize = 28;
    let has = |is: fn(&u8) -> bool| word.bytes().any(|byte| is(&byte));
    let kinds = [
        u8::is_ascii_lowercase as fn(&u8) -> bool,
        u8::is_ascii_uppercase,
        u8::is_ascii_digit,
    ];
    let kinds = kinds.into_iter().filter(|kind| has(*kind)).count();
    let is_key = word.len() == SECRET_KEY
        && kinds >= 2
        && has(u8::is_ascii_uppercase)
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/+=".contains(&byte));
    let is_path = word.starts_with('/') || word.contains("://") || word.starts_with("arn:");
    let is_token = word.len() >= LONG
        && kinds == 3
        && !is_path
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/+=_-.~%".contains(&byte));
    is_key || is_token
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const SCOPE: &str = "20260102/us-east-1/execute-api/aws4_request";

    #[test]
    fn a_repeated_authorization_value_shows_recognisable_parts_alone() {
        let hex = "a".repeat(64);
        for (message, hidden) in [
            (
                format!(
                    "'{SECRET}/{SCOPE}' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE {SECRET}/{SCOPE}, SignedHeaders=host;x-amz-date, Signature={hex}'."
                ),
                SECRET,
            ),
            (
                format!(
                    "x. Authorization=AWS4-HMAC-SHA256 Credential={SECRET} /{SCOPE}, SignedHeaders=host, Signature={hex}"
                ),
                SECRET,
            ),
            (
                format!(
                    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{SECRET} /x/{SCOPE}'"
                ),
                SECRET,
            ),
            (
                format!(
                    "Authorization header requires 'Credential' parameter. Authorization={SECRET}"
                ),
                SECRET,
            ),
            (
                "requires 'Signature' parameter. Authorization=Bearer abcdef123==".to_owned(),
                "abcdef123==",
            ),
            (
                "requires 'Signature' parameter. Authorization=Token token=abcdef".to_owned(),
                "abcdef",
            ),
            (
                "requires 'Signature' parameter. Authorization=Basic dXNlcjpwdw==".to_owned(),
                "dXNlcjpwdw==",
            ),
        ] {
            let found = suspects(&message);
            assert!(
                found.iter().any(|word| word == hidden),
                "{message}: {found:?}"
            );
            for shown in [
                "AKIAIOSFODNN7EXAMPLE",
                "us-east-1",
                "host;x-amz-date",
                "Bearer",
                "Basic",
                &hex,
            ] {
                assert!(
                    found.iter().all(|word| !shown.contains(word.as_str())),
                    "{message}: {found:?}"
                );
            }
        }
    }

    #[test]
    fn words_that_look_like_secrets_are_found_in_any_message() {
        let token = "IQoJb3JpZ2luX2VjTOKENabcdefghijklmnop+/==";
        let found = suspects(&format!("weird {token} {SECRET} x-api-key: Value1"));
        assert_eq!(found, [token, "Value1", SECRET]);
    }

    #[test]
    fn a_flood_of_names_is_one_value() {
        assert_eq!(suspects(&"token=".repeat(2000)).len(), 1);
    }

    #[test]
    fn what_messages_of_aws_name_stays_visible() {
        for message in [
            "The security token included in the request is expired",
            "User: arn:aws:sts::111122223333:assumed-role/LongNameOfARole2026/SessionNameOfMine1 is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:abc123/prod/GET/Pets1",
            "Signature expired: 20260102T030405Z is now earlier than 20260102T031405Z (20260102T031905Z - 5 min.)",
            "Credential should be scoped to a valid region, not 'us-west-2'. ",
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/execute-api'",
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=b5bb9d8014A0f9b1d61e21e796d78dccdf1352f23cd=",
            "request id 3aa6efbe-6824-436d-8433-a0af57435fcf",
        ] {
            assert_eq!(suspects(message), Vec::<String>::new(), "{message}");
        }
    }
}
