//! Tries every mutation, then every pair, the cheap ones first.

use super::basis::Basis;
use super::headers::HeaderChange;
use super::key::{KeySide, ReadyKey};
use super::layout::{Pieces, TextLayout};
use super::mutation::{Candidate, Effect, Mutation};
use super::{Finding, headers, key, layout, path, payload, query, scope};
use crate::explain::ClientSteps;
use crate::sigv4::hash_hex;

/// What a mutation puts in place of the right pieces of the canonical request.
#[derive(Clone, Default)]
struct Change {
    method: Option<String>,
    path: Option<String>,
    query: Option<String>,
    headers: Option<(String, String)>,
    payload: Option<String>,
    layout: TextLayout,
}

/// A mutation of the canonical request.
struct TextCandidate {
    mutation: Mutation,
    header_change: Option<HeaderChange>,
    change: Change,
    hash: String,
    text: String,
    is_paired: bool,
}

/// A mutation of the string to sign or the key.
struct KeyCandidate {
    candidate: Candidate,
    side: KeySide,
    ready: ReadyKey,
}

/// All that is tried.
pub(super) struct Search<'a> {
    basis: &'a Basis,
    right_headers: (String, String),
    right_text: String,
    right_hash: String,
    right_key: KeySide,
    texts: Vec<TextCandidate>,
    keys: Vec<KeyCandidate>,
}

impl<'a> Search<'a> {
    /// With nothing but the right derivation: a request that is signed right needs no mutation.
    pub(super) fn new(basis: &'a Basis) -> Self {
        let right_text = basis.canonical.to_string();
        Self {
            basis,
            right_headers: HeaderChange::default().write(basis),
            right_hash: hash_hex(right_text.as_bytes()),
            right_text,
            right_key: KeySide::right(basis),
            texts: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Prepares every single mutation; what changes nothing, or the same as one before it, is left
    /// out.
    fn gather(&mut self) {
        self.gather_texts();
        self.gather_keys();
    }

    /// The names of what is tried.
    pub(super) fn mutations(mut self) -> Vec<Mutation> {
        self.gather();
        let texts = self.texts.iter().map(|text| text.mutation.clone());
        let keys = self.keys.iter().map(|key| key.candidate.mutation.clone());
        texts.chain(keys).collect()
    }

    fn gather_texts(&mut self) {
        let basis = self.basis;
        let candidates = path::candidates(basis)
            .into_iter()
            .chain(query::candidates(basis))
            .chain(payload::candidates(basis))
            .chain(headers::candidates(basis))
            .chain(layout::of_the_request(basis));
        let mut buffer = String::new();
        for candidate in candidates {
            let header_change = match &candidate.effect {
                Effect::Headers(change) => Some(change.clone()),
                _ => None,
            };
            let Some(change) = self.change(&candidate.effect) else {
                continue;
            };
            self.write(&change, None, &mut buffer);
            let is_known =
                buffer == self.right_text || self.texts.iter().any(|text| text.text == buffer);
            if !is_known {
                self.texts.push(TextCandidate {
                    mutation: candidate.mutation,
                    header_change,
                    change,
                    hash: hash_hex(buffer.as_bytes()),
                    text: buffer.clone(),
                    is_paired: candidate.is_paired,
                });
            }
        }
    }

    fn gather_keys(&mut self) {
        let basis = self.basis;
        let candidates = key::candidates(basis)
            .into_iter()
            .chain(scope::candidates(basis))
            .chain(layout::of_the_string(basis));
        let mut buffer = String::new();
        let right = self
            .right_key
            .ready()
            .sign(&self.right_hash, &self.right_text, &mut buffer);
        let mut known = vec![right];
        for candidate in candidates {
            let mut side = self.right_key.clone();
            side.apply(&candidate.effect);
            let ready = side.ready();
            let signature = ready.sign(&self.right_hash, &self.right_text, &mut buffer);
            if !known.contains(&signature) {
                known.push(signature);
                self.keys.push(KeyCandidate {
                    candidate,
                    side,
                    ready,
                });
            }
        }
    }

    fn change(&self, effect: &Effect) -> Option<Change> {
        let mut change = Change::default();
        match effect {
            Effect::Method(method) => change.method = Some(method.clone()),
            Effect::Path(path) => change.path = Some(path.clone()),
            Effect::PathAndQuery(path, query) => {
                change.path = Some(path.clone());
                change.query = Some(query.clone());
            }
            Effect::Query(query) => change.query = Some(query.clone()),
            Effect::Headers(headers) => change.headers = Some(headers.write(self.basis)),
            Effect::Payload(payload) => change.payload = Some(payload.clone()),
            Effect::Layout(layout) => change.layout = *layout,
            Effect::Time(_)
            | Effect::StringToSign(_)
            | Effect::Scope { .. }
            | Effect::Secret(_)
            | Effect::Chain(_) => return None,
        }
        Some(change)
    }

    /// Writes the canonical request under one change or two.
    fn write(&self, one: &Change, two: Option<&Change>, out: &mut String) {
        fn pick<'t>(one: Option<&'t String>, two: Option<&'t String>, right: &'t str) -> &'t str {
            one.or(two).map_or(right, String::as_str)
        }
        let canonical = &self.basis.canonical;
        let headers = one
            .headers
            .as_ref()
            .or_else(|| two?.headers.as_ref())
            .unwrap_or(&self.right_headers);
        let pieces = Pieces {
            method: pick(
                one.method.as_ref(),
                two.and_then(|t| t.method.as_ref()),
                &canonical.http_method,
            ),
            path: pick(
                one.path.as_ref(),
                two.and_then(|t| t.path.as_ref()),
                &canonical.canonical_uri,
            ),
            query: pick(
                one.query.as_ref(),
                two.and_then(|t| t.query.as_ref()),
                &canonical.canonical_query_string,
            ),
            headers: &headers.0,
            signed_headers: &headers.1,
            payload: pick(
                one.payload.as_ref(),
                two.and_then(|t| t.payload.as_ref()),
                &canonical.hashed_payload,
            ),
        };
        let layout = match two {
            Some(two) if one.layout == TextLayout::Right => two.layout,
            Some(_) | None => one.layout,
        };
        layout.write(&pieces, out);
    }

    /// Looks for what gives the signature.
    pub(super) fn run(mut self) -> Vec<Finding> {
        let mut buffer = String::new();
        let right_key = self.right_key.ready();
        let wanted = self.basis.wanted;
        if right_key.sign(&self.right_hash, &self.right_text, &mut buffer) == wanted {
            return vec![self.finding([], false, &self.right_text)];
        }
        self.gather();
        let mut found: Vec<Finding> = Vec::new();
        for text in &self.texts {
            if right_key.sign(&text.hash, &text.text, &mut buffer) == wanted {
                found.push(self.finding([&text.mutation], false, &text.text));
            }
        }
        for key in &self.keys {
            if key
                .ready
                .sign(&self.right_hash, &self.right_text, &mut buffer)
                == wanted
            {
                found.push(self.finding([&key.candidate.mutation], false, &self.right_text));
            }
        }
        if found.is_empty() {
            found = self.on_echo(&right_key);
        }
        if found.is_empty() {
            found.extend(
                self.text_and_key()
                    .or_else(|| self.two_keys(&self.right_hash, &self.right_text, &right_key))
                    .or_else(|| self.two_texts(&right_key)),
            );
        }
        found
    }

    fn finding<const N: usize>(
        &self,
        mutations: [&Mutation; N],
        on_echo: bool,
        text: &str,
    ) -> Finding {
        Finding {
            mutations: mutations
                .into_iter()
                .chain(&self.basis.written)
                .cloned()
                .collect(),
            on_echo,
            signed: ClientSteps {
                canonical_request: Some(text.to_owned()),
                string_to_sign: None,
                is_masked: false,
            },
        }
    }

    /// The gateway's text under the right key and every single mistake with keys.
    fn on_echo(&self, right_key: &ReadyKey) -> Vec<Finding> {
        let Some(text) = &self.basis.echo else {
            return Vec::new();
        };
        let hash = hash_hex(text.as_bytes());
        let mut buffer = String::new();
        let wanted = self.basis.wanted;
        if right_key.sign(&hash, text, &mut buffer) == wanted {
            return vec![self.finding([], true, text)];
        }
        self.keys
            .iter()
            .filter(|key| key.ready.sign(&hash, text, &mut buffer) == wanted)
            .map(|key| self.finding([&key.candidate.mutation], true, text))
            .collect()
    }

    fn text_and_key(&self) -> Option<Finding> {
        let mut buffer = String::new();
        for key in self.keys.iter().filter(|key| key.candidate.is_paired) {
            for text in self.texts.iter().filter(|text| text.is_paired) {
                if key.ready.sign(&text.hash, &text.text, &mut buffer) == self.basis.wanted {
                    return Some(self.finding(
                        [&text.mutation, &key.candidate.mutation],
                        false,
                        &text.text,
                    ));
                }
            }
        }
        None
    }

    fn two_keys(&self, hash: &str, text: &str, right: &ReadyKey) -> Option<Finding> {
        let mut buffer = String::new();
        let paired: Vec<&KeyCandidate> = self
            .keys
            .iter()
            .filter(|key| key.candidate.is_paired)
            .collect();
        for (index, one) in paired.iter().enumerate() {
            for two in paired.iter().skip(index + 1) {
                let (first, second) = (&one.candidate, &two.candidate);
                if first.mutation.dimension == second.mutation.dimension {
                    continue;
                }
                let mut side = one.side.clone();
                side.apply(&second.effect);
                // Deriving a key costs more than all the rest.
                let known = [
                    (&self.right_key, right),
                    (&one.side, &one.ready),
                    (&two.side, &two.ready),
                ];
                let ready = known
                    .iter()
                    .find(|(known, _)| side.has_key_of(known))
                    .map_or_else(|| side.ready(), |(_, key)| side.ready_with(key));
                if ready.sign(hash, text, &mut buffer) == self.basis.wanted {
                    return Some(self.finding([&first.mutation, &second.mutation], false, text));
                }
            }
        }
        None
    }

    fn two_texts(&self, key: &ReadyKey) -> Option<Finding> {
        let mut text = String::new();
        let mut buffer = String::new();
        let paired: Vec<&TextCandidate> = self.texts.iter().filter(|t| t.is_paired).collect();
        for (index, one) in paired.iter().enumerate() {
            for two in paired.iter().skip(index + 1) {
                if one.mutation.dimension == two.mutation.dimension {
                    continue;
                }
                match (&one.header_change, &two.header_change) {
                    (Some(first), Some(second)) => {
                        let change = Change {
                            headers: Some(first.and(second).write(self.basis)),
                            ..Change::default()
                        };
                        self.write(&change, None, &mut text);
                    }
                    _ => self.write(&one.change, Some(&two.change), &mut text),
                }
                let hash = hash_hex(text.as_bytes());
                if key.sign(&hash, &text, &mut buffer) == self.basis.wanted {
                    return Some(self.finding([&one.mutation, &two.mutation], false, &text));
                }
            }
        }
        None
    }
}
