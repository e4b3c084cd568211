//! What signers make of the headers.

use super::basis::Basis;
use super::encoding::by_locale;
use super::mutation::{Candidate, Dimension, Effect};
use crate::explain::Mending;
use crate::sigv4::{CanonicalRequest, PathRule, facts_of_host};

/// Another set of headers, or another way to write them. Changes of several dimensions add up.
#[derive(Clone, Default)]
pub(super) struct HeaderChange {
    /// The host's value.
    host: Option<String>,
    /// The content type's value.
    content_type: Option<String>,
    /// A header left out.
    without: Option<String>,
    /// A header added, or with another value.
    with: Option<(String, String)>,
    form: HeaderForm,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum HeaderForm {
    #[default]
    Right,
    Untrimmed,
    NotCollapsed,
    AsListed,
    ListAsWritten,
    ByLocale,
    NamesAsSent,
    TitleCase,
    TitleCaseLines,
    TitleCaseList,
    /// One line alone, by its place.
    TitleCaseLine(usize),
    BlankBehindColon,
    LowerCaseValues,
    ValuesJoinedWithBlank,
    FirstOfRepeated,
    LastOfRepeated,
}

impl HeaderChange {
    /// Both changes at once; they are of different dimensions.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self {
            host: self.host.clone().or_else(|| other.host.clone()),
            content_type: self
                .content_type
                .clone()
                .or_else(|| other.content_type.clone()),
            without: self.without.clone().or_else(|| other.without.clone()),
            with: self.with.clone().or_else(|| other.with.clone()),
            form: if self.form == HeaderForm::Right {
                other.form
            } else {
                self.form
            },
        }
    }

    /// The lines of the headers, each with its line feed, and the list of their names.
    pub(super) fn write(&self, basis: &Basis) -> (String, String) {
        let mut headers: Vec<(&str, &str)> = basis
            .signed
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut names: Vec<&str> = basis.signed_names.iter().map(String::as_str).collect();
        if let Some(host) = &self.host {
            set(&mut headers, "host", host);
        }
        if let Some(content_type) = &self.content_type {
            set(&mut headers, "content-type", content_type);
        }
        if let Some(name) = &self.without {
            headers.retain(|(known, _)| known != name);
            names.retain(|known| !known.eq_ignore_ascii_case(name));
        }
        if let Some((name, value)) = &self.with {
            if !headers.iter().any(|(known, _)| known == name) {
                headers.push((name, ""));
                names.push(name);
            }
            set(&mut headers, name, value);
        }
        self.form.write(basis, &headers, &names)
    }
}

fn set<'v>(headers: &mut [(&str, &'v str)], name: &str, value: &'v str) {
    for (_, slot) in headers.iter_mut().filter(|(known, _)| *known == name) {
        *slot = value;
    }
}

impl HeaderForm {
    fn write(self, basis: &Basis, headers: &[(&str, &str)], names: &[&str]) -> (String, String) {
        let rule = PathRule {
            normalize: false,
            encode: false,
        };
        let pairs = headers.iter().copied();
        let right = CanonicalRequest::derive("", "", "", pairs, "", rule).canonical_headers;
        let list = |headers: &[(String, String)]| {
            let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
            names.join(";")
        };
        let lines = |headers: &[(String, String)], colon: &str| {
            let length =
                |(name, value): &(String, String)| name.len() + colon.len() + value.len() + 1;
            let mut out = String::with_capacity(headers.iter().map(length).sum());
            for (name, value) in headers {
                for piece in [name, colon, value, "\n"] {
                    out.push_str(piece);
                }
            }
            out
        };
        let rewritten = |value: &dyn Fn(&str) -> String| {
            let mut all = right.clone();
            for (name, slot) in &mut all {
                *slot = value(name);
            }
            all
        };
        let raw = |name: &str| -> Vec<&str> {
            headers
                .iter()
                .filter(|(known, _)| *known == name)
                .map(|(_, value)| *value)
                .collect()
        };
        let one_of = |name: &str, last: bool| {
            let values = raw(name);
            let value = if last { values.last() } else { values.first() };
            value.map(|v| v.trim().to_owned()).unwrap_or_default()
        };
        match self {
            Self::Right => (lines(&right, ":"), list(&right)),
            Self::Untrimmed => {
                let all = rewritten(&|name| raw(name).join(","));
                (lines(&all, ":"), list(&all))
            }
            Self::NotCollapsed => {
                let all = rewritten(&|name| {
                    let values: Vec<&str> = raw(name).iter().map(|v| v.trim()).collect();
                    values.join(",")
                });
                (lines(&all, ":"), list(&all))
            }
            Self::AsListed => {
                let mut all = right.clone();
                let place = |name: &String| names.iter().position(|n| n.eq_ignore_ascii_case(name));
                all.sort_by_key(|(name, _)| place(name));
                (lines(&all, ":"), names.join(";"))
            }
            Self::ListAsWritten => (lines(&right, ":"), names.join(";")),
            Self::ByLocale => {
                let mut all = right.clone();
                all.sort_by(|a, b| by_locale(&a.0, &b.0));
                // The list itself is in order, as SignedHeaders has it.
                (lines(&all, ":"), list(&right))
            }
            Self::NamesAsSent => {
                let mut all = right.clone();
                for (name, _) in &mut all {
                    if let Some((sent, _)) = basis
                        .headers
                        .iter()
                        .find(|(n, _)| n.eq_ignore_ascii_case(name))
                    {
                        sent.clone_into(name);
                    }
                }
                (lines(&all, ":"), list(&right))
            }
            Self::TitleCase | Self::TitleCaseLines | Self::TitleCaseList => {
                let mut titled = right.clone();
                for (name, _) in &mut titled {
                    *name = title_case(name);
                }
                let of = |is_titled| if is_titled { &titled } else { &right };
                (
                    lines(of(self != Self::TitleCaseList), ":"),
                    list(of(self != Self::TitleCaseLines)),
                )
            }
            Self::TitleCaseLine(index) => {
                let mut all = right.clone();
                if let Some((name, _)) = all.get_mut(index) {
                    *name = title_case(name);
                }
                (lines(&all, ":"), list(&right))
            }
            Self::BlankBehindColon => (lines(&right, ": "), list(&right)),
            Self::LowerCaseValues => {
                let mut all = right.clone();
                for (_, value) in &mut all {
                    *value = value.to_lowercase();
                }
                (lines(&all, ":"), list(&all))
            }
            Self::ValuesJoinedWithBlank => {
                let all = rewritten(&|name| {
                    let values: Vec<&str> = raw(name).iter().map(|v| v.trim()).collect();
                    values.join(", ")
                });
                (lines(&all, ":"), list(&all))
            }
            Self::FirstOfRepeated => {
                let all = rewritten(&|name| one_of(name, false));
                (lines(&all, ":"), list(&all))
            }
            Self::LastOfRepeated => {
                let all = rewritten(&|name| one_of(name, true));
                (lines(&all, ":"), list(&all))
            }
        }
    }
}

/// `X-Amz-Date`, as HTTP/1.1 writes names.
fn title_case(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars).collect::<String>()
        })
        .collect::<Vec<_>>()
        .join("-")
}

pub(super) fn candidates(basis: &Basis) -> Vec<Candidate> {
    let mut all = hosts(basis);
    all.extend(content_types(basis));
    all.extend(sets(basis));
    all.extend(forms());
    all.extend(lines_in_title_case(basis));
    all
}

fn hosts(basis: &Basis) -> Vec<Candidate> {
    let host = basis.values("host").next().unwrap_or_default();
    let one = |name, what: &'static str, host: String| {
        Candidate::new(
            name,
            "host-mismatch",
            Dimension::Host,
            what,
            Effect::Headers(HeaderChange {
                host: Some(host),
                ..HeaderChange::default()
            }),
        )
    };
    let (bare, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, Some(port)),
        Some(_) | None => (host, None),
    };
    let mut all = vec![
        one(
            "host-of-the-url",
            "the host of the URL was signed, but another Host header was sent",
            basis.authority.clone(),
        ),
        one(
            "host-without-port",
            "the host was signed without its port",
            bare.to_owned(),
        ),
    ];
    let url_port = basis
        .authority
        .rsplit_once(':')
        .map(|(_, port)| port)
        .filter(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    for port in [url_port, Some("443"), Some("80")].into_iter().flatten() {
        if port_is_new(port, host) {
            all.push(one(
                "host-with-port",
                "the host was signed with a port that was not sent",
                format!("{bare}:{port}"),
            ));
        }
    }
    all.extend([
        one(
            "host-in-lower-case",
            "the host was signed in lower case, but sent otherwise",
            host.to_lowercase(),
        ),
        one(
            "host-in-upper-case",
            "the host was signed in upper case",
            host.to_uppercase(),
        ),
        one(
            "host-with-scheme",
            "the host was signed with https:// before it",
            format!("https://{host}"),
        ),
        one(
            "host-with-dot",
            "the host was signed with a dot at its end",
            format!(
                "{bare}.{}",
                port.map(|p| format!(":{p}")).unwrap_or_default()
            ),
        ),
        one("host-empty", "an empty host was signed", String::new()),
    ]);
    all.extend(other_loopbacks(bare).map(|name| {
        one(
            "host-of-this-machine",
            "another name of this machine was signed than the one that was sent",
            port.map_or_else(|| name.to_owned(), |port| format!("{name}:{port}")),
        )
    }));
    all.extend(other_forms(basis, bare).into_iter().map(|host| {
        one(
            "host-in-another-form",
            "another name of this API was signed than the Host header that was sent",
            host,
        )
    }));
    all
}

fn port_is_new(port: &str, host: &str) -> bool {
    !host.ends_with(&format!(":{port}"))
}

/// The other names of this machine, if it is one of them.
fn other_loopbacks(host: &str) -> impl Iterator<Item = &'static str> {
    const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];
    let is_one = NAMES.iter().any(|name| name.eq_ignore_ascii_case(host));
    NAMES
        .into_iter()
        .filter(move |name| is_one && !name.eq_ignore_ascii_case(host))
}

/// The names under which a private API is reached.
fn other_forms(basis: &Basis, host: &str) -> Vec<String> {
    let mut all = Vec::new();
    let region = facts_of_host(host)
        .and_then(|facts| facts.region)
        .unwrap_or_else(|| basis.scope[1].clone());
    for api in basis.values("x-apigw-api-id") {
        all.push(format!("{api}.execute-api.{region}.amazonaws.com"));
    }
    let first = host.split('.').next().unwrap_or_default();
    if let Some((api, endpoint)) = first.split_once("-vpce-") {
        all.push(format!("{api}.execute-api.{region}.amazonaws.com"));
        all.push(format!(
            "vpce-{endpoint}.execute-api.{region}.vpce.amazonaws.com"
        ));
    }
    if host.contains(".execute-api.") {
        all.push(format!(
            "{first}.execute-api.{}.amazonaws.com",
            basis.scope[1]
        ));
        // The connection's other end may be all that the URL names.
        all.push(format!("{first}.execute-api.{region}.vpce.amazonaws.com"));
    }
    all.push(format!("execute-api.{region}.amazonaws.com"));
    all
}

fn content_types(basis: &Basis) -> Vec<Candidate> {
    let Some(sent) = basis
        .signed_names
        .iter()
        .any(|name| name.eq_ignore_ascii_case("content-type"))
        .then(|| basis.values("content-type").next().unwrap_or_default())
    else {
        return Vec::new();
    };
    let sent = sent.trim();
    let one = |name, what: &'static str, value: String| {
        Candidate::new(
            name,
            "content-type-changed",
            Dimension::ContentType,
            what,
            Effect::Headers(HeaderChange {
                content_type: Some(value),
                ..HeaderChange::default()
            }),
        )
    };
    let bare = sent.split(';').next().unwrap_or_default().trim();
    let with = |charset: &str| format!("{bare}{charset}");
    let added = "a charset was signed in the content type that was not sent";
    vec![
        one(
            "content-type-without-parameters",
            "the content type was signed without its charset or boundary, which was added after \
             signing",
            bare.to_owned(),
        ),
        one("content-type-with-charset", added, with("; charset=utf-8")),
        one("content-type-with-charset", added, with(";charset=utf-8")),
        one("content-type-with-charset", added, with("; charset=UTF-8")),
        one("content-type-with-charset", added, with(";charset=UTF-8")),
        one(
            "content-type-of-json",
            "application/json was signed, but another content type was sent",
            "application/json".to_owned(),
        ),
        one(
            "content-type-of-a-form",
            "application/x-www-form-urlencoded was signed, but another content type was sent",
            "application/x-www-form-urlencoded".to_owned(),
        ),
        one(
            "content-type-of-amz-json",
            "application/x-amz-json-1.0 was signed, but another content type was sent",
            "application/x-amz-json-1.0".to_owned(),
        ),
        one(
            "content-type-of-text",
            "text/plain was signed, but another content type was sent",
            "text/plain".to_owned(),
        ),
        one(
            "content-type-empty",
            "an empty content type was signed",
            String::new(),
        ),
        one(
            "content-type-twice",
            "the content type was signed twice",
            format!("{sent},{sent}"),
        ),
        one(
            "content-type-in-lower-case",
            "the content type was signed in lower case",
            sent.to_lowercase(),
        ),
    ]
}

fn sets(basis: &Basis) -> Vec<Candidate> {
    const TOKEN: &str = "x-amz-security-token";
    let mut all = Vec::new();
    let is_listed = |name: &str| {
        basis
            .signed_names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let one = |name, code, what: String, change: HeaderChange| {
        Candidate::new(
            name,
            code,
            Dimension::HeaderSet,
            what,
            Effect::Headers(change),
        )
    };
    let without = |name: &str| HeaderChange {
        without: Some(name.to_owned()),
        ..HeaderChange::default()
    };
    let with = |name: &str, value: &str| HeaderChange {
        with: Some((name.to_owned(), value.to_owned())),
        ..HeaderChange::default()
    };
    if is_listed(TOKEN) {
        all.push(
            one(
                "token-left-out",
                "session-token-not-as-signed",
                "the session token is listed in SignedHeaders but was not signed".to_owned(),
                without(TOKEN),
            )
            .mended_by(Mending::SignSessionToken),
        );
        if let Some(token) = basis.values(TOKEN).next() {
            all.push(one(
                "token-twice",
                "session-token-not-as-signed",
                "the session token was signed twice".to_owned(),
                with(TOKEN, &format!("{},{}", token.trim(), token.trim())),
            ));
        }
    }
    if let Some(token) = &basis.token {
        all.push(one(
            "token-of-the-profile",
            "session-token-not-as-signed",
            "the session token that was signed is the profile's; another one was sent, or none"
                .to_owned(),
            with(TOKEN, token),
        ));
    }
    for name in &basis.signed_names {
        let name = name.to_lowercase();
        if name != TOKEN {
            all.push(one(
                "header-left-out",
                "signed-headers-differ",
                format!("the header {name} is listed in SignedHeaders but was not signed"),
                without(&name),
            ));
        }
    }
    for (name, value) in &basis.headers {
        let name = name.to_lowercase();
        if !is_listed(&name) && name != "authorization" {
            let code = if name == TOKEN {
                "session-token-not-as-signed"
            } else {
                "signed-headers-differ"
            };
            all.push(one(
                "header-not-listed",
                code,
                format!("the header {name} was signed but is not listed in SignedHeaders"),
                with(&name, value),
            ));
        }
    }
    all
}

/// A signer that lower-cases its own headers and not those that it is given.
fn lines_in_title_case(basis: &Basis) -> Vec<Candidate> {
    /// More are not tried: each costs a hash and an HMAC.
    const MOST: usize = 16;
    (0..basis.signed_names.len().min(MOST))
        .map(|index| {
            Candidate::new(
                "header-line-in-title-case",
                "header-order",
                Dimension::HeaderForm,
                "the name of one header was signed in capitals, not in lower case",
                Effect::Headers(HeaderChange {
                    form: HeaderForm::TitleCaseLine(index),
                    ..HeaderChange::default()
                }),
            )
            .alone()
        })
        .collect()
}

fn forms() -> Vec<Candidate> {
    let one = |name, code, what: &'static str, form| {
        Candidate::new(
            name,
            code,
            Dimension::HeaderForm,
            what,
            Effect::Headers(HeaderChange {
                form,
                ..HeaderChange::default()
            }),
        )
    };
    vec![
        one(
            "headers-untrimmed",
            "header-whitespace",
            "header values were signed with the blanks around them",
            HeaderForm::Untrimmed,
        ),
        one(
            "headers-not-collapsed",
            "header-whitespace",
            "runs of blanks in header values were not made one",
            HeaderForm::NotCollapsed,
        ),
        one(
            "headers-lower-case-values",
            "header-whitespace",
            "header values were signed in lower case",
            HeaderForm::LowerCaseValues,
        ),
        one(
            "headers-blank-behind-colon",
            "header-whitespace",
            "headers were signed with a blank behind the colon",
            HeaderForm::BlankBehindColon,
        ),
        one(
            "headers-as-listed",
            "header-order",
            "headers were signed in the order of SignedHeaders, which is not sorted",
            HeaderForm::AsListed,
        ),
        one(
            "header-list-as-written",
            "header-order",
            "the list of signed headers was signed as written, neither sorted nor in lower case",
            HeaderForm::ListAsWritten,
        ),
        one(
            "headers-by-locale",
            "header-order",
            "headers were sorted as words of a language, not by code point",
            HeaderForm::ByLocale,
        ),
        one(
            "header-names-as-sent",
            "header-order",
            "header names were signed in their own letter case, not in lower case",
            HeaderForm::NamesAsSent,
        ),
        one(
            "header-names-in-title-case",
            "header-order",
            "header names were signed as Host and X-Amz-Date, not in lower case",
            HeaderForm::TitleCase,
        ),
        one(
            "header-lines-in-title-case",
            "header-order",
            "header lines were signed as Host:… and X-Amz-Date:…, not in lower case",
            HeaderForm::TitleCaseLines,
        ),
        one(
            "header-list-in-title-case",
            "header-order",
            "the list of signed headers was signed as Host;X-Amz-Date, not in lower case",
            HeaderForm::TitleCaseList,
        ),
        one(
            "headers-joined-with-blank",
            "header-whitespace",
            "values of a repeated header were joined with a blank behind the comma",
            HeaderForm::ValuesJoinedWithBlank,
        ),
        one(
            "headers-first-value",
            "signed-headers-differ",
            "of a repeated header only the first value was signed",
            HeaderForm::FirstOfRepeated,
        ),
        one(
            "headers-last-value",
            "signed-headers-differ",
            "of a repeated header only the last value was signed",
            HeaderForm::LastOfRepeated,
        ),
    ]
}
