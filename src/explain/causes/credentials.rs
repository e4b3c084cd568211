//! Key ids, secrets and session tokens.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::denial::Denial;
use crate::explain::{GivenSignature, Likelihood, Mending, Placement};
use crate::sigv4::Credentials;

pub(super) const ENTRIES: [CatalogueEntry; 9] = [
    entry(
        "wrong-secret",
        "the secret access key is not the one of this key id",
        "copy key id and secret together from where they were made, and enter both anew",
    ),
    entry(
        "secret-whitespace",
        "the secret access key has white space or quotes around it",
        "enter the secret again without a line break, blank or quote before or behind it",
    ),
    entry(
        "key-id-malformed",
        "the access key id holds something that belongs to no key id",
        "enter the key id again: 20 capital letters and digits, beginning with AKIA or ASIA",
    ),
    entry(
        "key-id-and-secret-swapped",
        "key id and secret are swapped",
        "swap them: the key id is the short one that begins with AKIA or ASIA",
    ),
    entry(
        "session-token-missing",
        "temporary credentials were used without their session token",
        "send the session token in x-amz-security-token: a key id that begins with ASIA needs it",
    ),
    entry(
        "session-token-invalid",
        "the session token is broken, or belongs to another key",
        "copy all three values together: key id, secret and session token",
    ),
    entry(
        "session-expired",
        "the temporary credentials have expired",
        "get new ones: assume the role again, or aws sso login",
    ),
    entry(
        "session-token-not-as-signed",
        "the session token that arrived is not the one that was signed",
        "send x-amz-security-token once, with the token of the same credentials, and sign it",
    ),
    entry(
        "key-unknown",
        "the gateway knows no such access key id",
        "check that the key exists, is active, and belongs to this partition of AWS (aws, aws-cn, aws-us-gov)",
    ),
];

const TOKEN: &str = "x-amz-security-token";

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    token_messages(case, found);
    key_id(case, found);
    if let Some(keys) = case.known.keys {
        secret(case, keys, found);
    }
    token_on_both_sides(case, found);
}

/// Whether the request carries a session token.
fn has_token(case: &Case<'_>) -> Option<bool> {
    let request = case.request()?;
    let in_header = request
        .header_values(TOKEN)
        .any(|token| !token.trim().is_empty());
    let in_query = request.url.contains("X-Amz-Security-Token=");
    // An Authorization header alone does not show the other headers.
    let is_complete = !request.url.is_empty();
    (in_header || in_query || is_complete).then_some(in_header || in_query)
}

fn token_messages(case: &Case<'_>, found: &mut Findings) {
    let key_id = case.signature().and_then(GivenSignature::access_key_id);
    let is_temporary = key_id.is_some_and(|id| id.starts_with("ASIA"));
    if case.is_denied_with(&Denial::TokenExpired) {
        let mut telling = found
            .add("session-expired", Likelihood::Proven)
            .saw("the gateway says so")
            .mend(Mending::RenewCredentials);
        if let Some(expires) = case.known.expires_at {
            telling = telling.saw(format!("they were good until {expires}"));
        }
        telling.mend(None);
    } else if case.is_denied_with(&Denial::TokenInvalid) {
        found
            .add("session-token-invalid", Likelihood::Proven)
            .saw("the message has no full stop: it is the token that is refused, not the key")
            .mend(Mending::RenewCredentials);
    } else if case.is_denied_with(&Denial::KeyUnknown) {
        let seen = "the message ends with a full stop: it is the key id that is refused";
        if is_temporary && has_token(case) == Some(false) {
            found
                .add("session-token-missing", Likelihood::VeryLikely)
                .saw("the key id begins with ASIA, and no session token was sent")
                .saw(seen)
                .mend(Mending::SignSessionToken);
            found.add("key-unknown", Likelihood::Likely).saw(seen);
        } else if key_id.is_some_and(looks_like_a_secret) {
            // It is known to nobody because it is no key id.
            found.add("key-unknown", Likelihood::Likely).saw(seen);
        } else {
            found
                .add("key-unknown", Likelihood::Proven)
                .saw(seen)
                .mend(Mending::EnterKeys);
        }
    } else if is_temporary && has_token(case) == Some(false) {
        found
            .add("session-token-missing", case.visible())
            .saw("the key id begins with ASIA, and no session token was sent")
            .mend(Mending::SignSessionToken);
    }
    // An HTTP API does not say so.
    let end = case.known.expires_at;
    if let (Some(end), Some(signed_at)) = (end, case.signed_at())
        && end < signed_at
        && case.message() == "Forbidden"
    {
        found
            .add("session-expired", Likelihood::VeryLikely)
            .saw(format!(
                "they were good until {end}, and it was signed at {signed_at}"
            ))
            .mend(Mending::RenewCredentials);
    }
}

/// What the form of the key id shows.
fn key_id(case: &Case<'_>, found: &mut Findings) {
    let Some(id) = case.signature().and_then(GivenSignature::access_key_id) else {
        return;
    };
    let is_form = case.error_type().starts_with("IncompleteSignature")
        || case.is_denied_with(&Denial::KeyUnknown);
    let sure = if is_form {
        Likelihood::VeryLikely
    } else {
        case.visible()
    };
    if looks_like_a_secret(id) {
        found
            .add("key-id-and-secret-swapped", sure)
            .saw("the key id is 40 characters long and of the letters of a secret")
            .mend(Mending::EnterKeys);
        return;
    }
    // A log that does not tell the key id has dots in its place.
    let odd = id
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !crate::secret::MASK.contains(*c));
    if let Some(odd) = odd {
        let what = match odd {
            ' ' => "a blank".to_owned(),
            '\n' | '\r' => "a line break".to_owned(),
            '\t' => "a tab".to_owned(),
            other => format!("the character {other}"),
        };
        found
            .add("key-id-malformed", sure)
            .saw(format!("it holds {what}"))
            .mend(Mending::EnterKeys);
    }
}

fn looks_like_a_secret(text: &str) -> bool {
    text.len() == 40
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b))
        && !text.starts_with("AKIA")
}

/// What the form of the secret shows; nothing of it is told.
fn secret(case: &Case<'_>, keys: &Credentials, found: &mut Findings) {
    let secret = keys.secret_access_key.expose();
    let is_mismatch = case.is_mismatch();
    let sure = if is_mismatch || case.is_unanswered() {
        Likelihood::VeryLikely
    } else {
        Likelihood::Possible
    };
    if secret != secret.trim() {
        found
            .add("secret-whitespace", sure)
            .saw("the secret that is known here begins or ends with white space")
            .mend(Mending::EnterKeys);
    } else if secret.starts_with(['"', '\'']) {
        found
            .add("secret-whitespace", sure)
            .saw("the secret that is known here is in quotes")
            .mend(Mending::EnterKeys);
    } else if secret.len() != 40 && is_mismatch {
        found
            .add("wrong-secret", Likelihood::Likely)
            .saw(format!(
                "the secret that is known here is {} characters long; those of AWS have 40",
                secret.chars().count()
            ))
            .mend(Mending::EnterKeys);
    }
}

fn token_on_both_sides(case: &Case<'_>, found: &mut Findings) {
    let Some(request) = case.request() else {
        return;
    };
    let sent: Vec<&str> = request.header_values(TOKEN).collect();
    let is_listed = case
        .signature()
        .and_then(|signature| signature.signed_headers.as_ref())
        .is_some_and(|names| names.iter().any(|name| name.eq_ignore_ascii_case(TOKEN)));
    let in_header = case
        .signature()
        .is_some_and(|signature| signature.placement == Placement::Header);
    if sent.len() > 1 {
        found
            .add("session-token-not-as-signed", Likelihood::VeryLikely)
            .saw("x-amz-security-token was sent more than once")
            .mend(Mending::SignSessionToken);
    } else if sent.is_empty() && is_listed && in_header && !request.url.is_empty() {
        found
            .add("session-token-not-as-signed", Likelihood::VeryLikely)
            .saw("x-amz-security-token is among the signed headers but was not sent")
            .mend(Mending::SignSessionToken);
    }
}
