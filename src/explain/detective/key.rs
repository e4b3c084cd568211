//! The secret, the key made of it, and the signature.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::percent_decode_str;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::basis::{Basis, encoded};
use super::layout::StringLayout;
use super::mutation::{Candidate, Dimension, Effect, ScopeElement, ScopePlace};
use crate::secret::SecretString;
use crate::sigv4::{ALGORITHM, CredentialScope, SigningKey};

/// How the key comes from the secret and the scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Chain {
    #[default]
    Right,
    WithoutAws4,
    WithAws,
    WithAws4AndSecretInHex,
    HexLinks,
    Base64Links,
    RegionAndServiceSwapped,
    ArgumentsSwapped,
    SecretAlone,
    Aws4AndSecretAlone,
    HexKeyAtTheEnd,
}

/// All of the string to sign but the canonical request's hash, and the key.
#[derive(Clone)]
pub(super) struct KeySide {
    pub(super) time: String,
    pub(super) text: StringLayout,
    pub(super) scope: [String; 4],
    pub(super) key_scope: [String; 4],
    pub(super) secret: Zeroizing<String>,
    pub(super) chain: Chain,
}

/// A key ready for use, with the lines that go before the hash.
pub(super) struct ReadyKey {
    mac: Hmac<Sha256>,
    time: String,
    scope: String,
    text: StringLayout,
}

impl KeySide {
    /// As it should be.
    pub(super) fn right(basis: &Basis) -> Self {
        let mut key_scope = basis.scope.clone();
        if key_scope[3].is_empty() {
            "aws4_request".clone_into(&mut key_scope[3]);
        }
        Self {
            time: basis.date_time.clone(),
            text: StringLayout::Right,
            scope: basis.scope.clone(),
            key_scope,
            secret: basis.secret.clone(),
            chain: Chain::Right,
        }
    }

    /// Applies an effect on the string to sign or the key; others change nothing here.
    pub(super) fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::Time(time) => self.time.clone_from(time),
            Effect::StringToSign(text) => self.text = *text,
            Effect::Scope {
                element,
                value,
                place,
            } => {
                let index = match element {
                    ScopeElement::Date => 0,
                    ScopeElement::Region => 1,
                    ScopeElement::Service => 2,
                    ScopeElement::Terminator => 3,
                };
                let places = [
                    (&mut self.scope, *place != ScopePlace::KeyOnly),
                    (&mut self.key_scope, *place != ScopePlace::TextOnly),
                ];
                for (scope, is_meant) in places {
                    if let Some(slot) = scope.get_mut(index).filter(|_| is_meant) {
                        value.clone_into(slot);
                    }
                }
            }
            Effect::Secret(secret) => self.secret.clone_from(secret),
            Effect::Chain(chain) => self.chain = *chain,
            Effect::Method(_)
            | Effect::Path(_)
            | Effect::PathAndQuery(..)
            | Effect::Query(_)
            | Effect::Headers(_)
            | Effect::Payload(_)
            | Effect::Layout(_) => {}
        }
    }

    /// Derives the key.
    pub(super) fn ready(&self) -> ReadyKey {
        ReadyKey {
            mac: keyed(&self.derive()),
            time: self.time.clone(),
            scope: self.written_scope(),
            text: self.text,
        }
    }

    /// The same with a key that is derived already.
    pub(super) fn ready_with(&self, key: &ReadyKey) -> ReadyKey {
        ReadyKey {
            mac: key.mac.clone(),
            time: self.time.clone(),
            scope: self.written_scope(),
            text: self.text,
        }
    }

    /// Whether both derive the same key.
    pub(super) fn has_key_of(&self, other: &Self) -> bool {
        self.key_scope == other.key_scope
            && self.chain == other.chain
            && self.secret == other.secret
    }

    fn written_scope(&self) -> String {
        let elements: Vec<&str> = self
            .scope
            .iter()
            .enumerate()
            .filter(|(index, element)| *index < 3 || !element.is_empty())
            .map(|(_, element)| element.as_str())
            .collect();
        elements.join("/")
    }

    fn derive(&self) -> Zeroizing<Vec<u8>> {
        let [date, region, service, terminator] = &self.key_scope;
        if self.chain == Chain::Right && terminator == "aws4_request" {
            let scope = CredentialScope {
                date: date.clone(),
                region: region.clone(),
                service: service.clone(),
            };
            let secret = SecretString::new(self.secret.as_str());
            return Zeroizing::new(SigningKey::derive(&secret, &scope).signing.to_vec());
        }
        let secret = self.secret.as_bytes();
        let prefixed = |prefix: &str| Zeroizing::new([prefix.as_bytes(), secret].concat());
        let start = match self.chain {
            Chain::WithoutAws4 | Chain::SecretAlone => prefixed(""),
            Chain::WithAws => prefixed("AWS"),
            Chain::WithAws4AndSecretInHex => {
                Zeroizing::new(format!("AWS4{}", hex::encode(secret)).into_bytes())
            }
            Chain::Right
            | Chain::HexLinks
            | Chain::Base64Links
            | Chain::RegionAndServiceSwapped
            | Chain::ArgumentsSwapped
            | Chain::Aws4AndSecretAlone
            | Chain::HexKeyAtTheEnd => prefixed("AWS4"),
        };
        if matches!(self.chain, Chain::SecretAlone | Chain::Aws4AndSecretAlone) {
            return start;
        }
        let mut links = vec![date, region, service];
        if self.chain == Chain::RegionAndServiceSwapped {
            links.swap(1, 2);
        }
        if !terminator.is_empty() {
            links.push(terminator);
        }
        let mut key = start;
        for link in links {
            let next = if self.chain == Chain::ArgumentsSwapped {
                hmac(link.as_bytes(), &key)
            } else {
                hmac(&key, link.as_bytes())
            };
            key = match self.chain {
                Chain::HexLinks => Zeroizing::new(hex::encode(&*next).into_bytes()),
                Chain::Base64Links => Zeroizing::new(STANDARD.encode(&*next).into_bytes()),
                _ => next,
            };
        }
        if self.chain == Chain::HexKeyAtTheEnd {
            key = Zeroizing::new(hex::encode(&*key).into_bytes());
        }
        key
    }
}

impl ReadyKey {
    /// The signature over a canonical request, given by hash and text.
    pub(super) fn sign(&self, hash: &str, text: &str, buffer: &mut String) -> [u8; 32] {
        self.text
            .write(ALGORITHM, &self.time, &self.scope, (hash, text), buffer);
        let mut mac = self.mac.clone();
        mac.update(buffer.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn hmac(key: &[u8], data: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut mac = keyed(key);
    mac.update(data);
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

pub(super) fn candidates(basis: &Basis) -> Vec<Candidate> {
    let mut all = secrets(basis);
    let one = |name, what: &'static str, chain| {
        Candidate::new(
            name,
            "key-derivation",
            Dimension::Derivation,
            what,
            Effect::Chain(chain),
        )
    };
    all.extend([
        one(
            "key-without-aws4",
            "the key was derived without AWS4 before the secret",
            Chain::WithoutAws4,
        ),
        one(
            "key-with-aws",
            "the key was derived with AWS instead of AWS4 before the secret",
            Chain::WithAws,
        ),
        one(
            "key-of-hex-secret",
            "the secret was written in hex before the key was derived",
            Chain::WithAws4AndSecretInHex,
        ),
        one(
            "key-of-hex-links",
            "each step of the key went on with hex text instead of bytes",
            Chain::HexLinks,
        ),
        one(
            "key-of-base64-links",
            "each step of the key went on with Base64 text instead of bytes",
            Chain::Base64Links,
        ),
        one(
            "key-of-service-before-region",
            "the key was derived with the service before the region",
            Chain::RegionAndServiceSwapped,
        ),
        one(
            "key-with-swapped-arguments",
            "key and data of the HMAC were swapped while deriving the key",
            Chain::ArgumentsSwapped,
        ),
        one(
            "key-is-the-secret",
            "the secret itself was the key; nothing was derived from it",
            Chain::SecretAlone,
        ),
        one(
            "key-is-aws4-and-the-secret",
            "AWS4 and the secret were the key; nothing was derived from them",
            Chain::Aws4AndSecretAlone,
        ),
        one(
            "key-in-hex-at-the-end",
            "the signing key was used as hex text instead of bytes",
            Chain::HexKeyAtTheEnd,
        ),
    ]);
    all
}

fn secrets(basis: &Basis) -> Vec<Candidate> {
    let secret = basis.secret.as_str();
    let mut all = Vec::new();
    let mut one = |name, code, what: &'static str, text: String| {
        all.push(Candidate::new(
            name,
            code,
            Dimension::Secret,
            what,
            Effect::Secret(Zeroizing::new(text)),
        ));
    };
    let around = "secret-whitespace";
    one(
        "secret-trimmed",
        around,
        "it was signed without the white space around the secret that is known here",
        secret.trim().to_owned(),
    );
    for (name, before, after) in [
        ("secret-with-line-feed", "", "\n"),
        ("secret-with-blank", "", " "),
        ("secret-with-crlf", "", "\r\n"),
        ("secret-with-carriage-return", "", "\r"),
        ("secret-with-blank-before", " ", ""),
        ("secret-with-tab", "", "\t"),
    ] {
        one(
            name,
            around,
            "it was signed with white space around the secret",
            format!("{before}{secret}{after}"),
        );
    }
    for (quote, name) in [("\"", "secret-in-quotes"), ("'", "secret-in-single-quotes")] {
        one(
            name,
            around,
            "it was signed with quotes around the secret",
            format!("{quote}{secret}{quote}"),
        );
    }
    let other = "wrong-secret";
    one(
        "secret-url-encoded",
        other,
        "it was signed with the secret in its URL-encoded form",
        encoded(secret),
    );
    one(
        "secret-url-decoded",
        other,
        "it was signed with the secret URL-decoded",
        percent_decode_str(secret).decode_utf8_lossy().into_owned(),
    );
    one(
        "secret-plus-as-blank",
        other,
        "it was signed with blanks in place of the secret's plus signs",
        secret.replace('+', " "),
    );
    one(
        "secret-is-the-key-id",
        "key-id-and-secret-swapped",
        "it was signed with the key id as the secret",
        basis.access_key_id.clone(),
    );
    one(
        "secret-in-lower-case",
        other,
        "it was signed with the secret in lower case",
        secret.to_lowercase(),
    );
    one(
        "secret-in-upper-case",
        other,
        "it was signed with the secret in upper case",
        secret.to_uppercase(),
    );
    one(
        "secret-empty",
        other,
        "it was signed with an empty secret",
        String::new(),
    );
    one(
        "secret-in-base64",
        other,
        "it was signed with the secret in Base64",
        STANDARD.encode(secret),
    );
    if let Some(token) = &basis.token {
        one(
            "secret-is-the-session-token",
            other,
            "it was signed with the session token as the secret",
            token.to_string(),
        );
    }
    let mut cut = secret.to_owned();
    if cut.pop().is_some() {
        one(
            "secret-without-last-character",
            other,
            "it was signed with the secret without its last character",
            cut,
        );
    }
    let mut doubled = String::new();
    // Writing to a String cannot fail.
    write!(doubled, "{secret}{secret}").ok();
    one(
        "secret-twice",
        other,
        "it was signed with the secret pasted twice",
        doubled,
    );
    all
}
