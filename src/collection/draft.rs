//! A request as the user edits it.

use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::{AuthSpec, Variable};

/// A request as it stands in its file or in an editor: every text may hold `{{variables}}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestDraft {
    /// The name in the tree.
    pub name: String,
    /// Place among its neighbours (`info.seq`), 1 and up.
    pub seq: Option<u32>,
    /// The HTTP method.
    pub method: String,
    /// The URL with its query, as it will be sent; path parameters stand as `:name`.
    pub url: String,
    /// Headers, on and off.
    pub headers: Vec<Row>,
    /// Path and query parameters; the enabled query ones mirror the URL's query.
    pub params: Vec<Param>,
    /// The body.
    pub body: Body,
    /// How it is authenticated.
    pub auth: AuthSpec,
    /// Variables of this request alone.
    pub variables: Vec<Variable>,
    /// Time-out and the like.
    pub settings: RequestSettings,
    /// Documentation in Markdown.
    pub docs: String,
}

/// A name and a value that can be switched off: a header, a form field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// A note.
    pub description: String,
    /// Off rows stay in the file and are not sent.
    pub enabled: bool,
}

impl Row {
    /// A row that is on and has no note.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            description: String::new(),
            enabled: true,
        }
    }
}

/// A parameter of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// Name, value, note and switch.
    pub row: Row,
    /// Path or query.
    pub kind: ParamKind,
}

/// Where a parameter stands in the URL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParamKind {
    /// After the `?`.
    #[default]
    Query,
    /// In place of `:name` in the path.
    Path,
}

/// The body, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// JSON text, `application/json`.
    Json(String),
    /// Plain text, `text/plain`.
    Text(String),
    /// XML text, `application/xml`.
    Xml(String),
    /// `application/x-www-form-urlencoded` fields.
    Form(Vec<Row>),
    /// A file, sent as it is.
    File {
        /// Its path, relative to the collection's folder; it may hold `{{variables}}`.
        path: String,
        /// Its media type; empty for `application/octet-stream`. It may hold `{{variables}}`.
        content_type: String,
    },
    /// A kind that Countersign does not send yet; kept in the file as it is.
    Unsupported {
        /// The file's word for it.
        kind: String,
    },
}

impl Body {
    /// The name that people see.
    pub fn title(&self) -> &str {
        match self {
            Self::None => "None",
            Self::Json(_) => "JSON",
            Self::Text(_) => "Text",
            Self::Xml(_) => "XML",
            Self::Form(_) => "Form",
            Self::File { .. } => "File",
            Self::Unsupported { kind } => kind,
        }
    }

    /// The `Content-Type` that goes with its kind, if the user wrote none.
    pub fn content_type(&self) -> Option<&'static str> {
        match self {
            Self::None | Self::Unsupported { .. } => None,
            Self::Json(_) => Some("application/json"),
            Self::Text(_) => Some("text/plain; charset=utf-8"),
            Self::Xml(_) => Some("application/xml"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::File { .. } => Some("application/octet-stream"),
        }
    }

    /// The texts in it that may name variables.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::None | Self::Unsupported { .. } => Vec::new(),
            Self::Json(text) | Self::Text(text) | Self::Xml(text) => vec![text],
            Self::File { path, content_type } => vec![path, content_type],
            Self::Form(rows) => rows
                .iter()
                .filter(|row| row.enabled)
                .flat_map(|row| [row.name.as_str(), row.value.as_str()])
                .collect(),
        }
    }
}

/// What a request's `settings` say; absent ones take the tool's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSettings {
    /// Time-out of the whole call in milliseconds; 0 or absent is the tool's default.
    pub timeout_ms: Option<u64>,
}

impl RequestDraft {
    /// An empty `GET` with a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            method: "GET".to_owned(),
            ..Self::default()
        }
    }

    /// Every text of it that may name variables.
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = vec![self.method.as_str(), self.url.as_str()];
        for row in self.headers.iter().filter(|row| row.enabled) {
            texts.extend([row.name.as_str(), row.value.as_str()]);
        }
        for param in self
            .params
            .iter()
            .filter(|p| p.row.enabled && p.kind == ParamKind::Path)
        {
            texts.push(&param.row.value);
        }
        texts.extend(self.body.texts());
        texts.extend(self.auth.texts());
        texts
    }

    /// Makes the query parameters follow the URL; off ones keep their place in the list.
    pub fn params_from_url(&mut self) {
        let query = self
            .url
            .split('#')
            .next()
            .and_then(|url| url.split_once('?'))
            .map_or("", |(_, query)| query);
        let written: Vec<(String, String)> = raw_pairs(query);
        let mut old: Vec<Param> = std::mem::take(&mut self.params);
        let mut params: Vec<Param> = Vec::with_capacity(old.len());
        let mut fresh = written.into_iter();
        for mut param in old.drain(..) {
            if param.kind == ParamKind::Path || !param.row.enabled {
                params.push(param);
            } else if let Some((name, value)) = fresh.next() {
                param.row.name = name;
                param.row.value = value;
                params.push(param);
            }
        }
        params.extend(fresh.map(|(name, value)| Param {
            row: Row::new(name, value),
            kind: ParamKind::Query,
        }));
        self.params = params;
        self.path_params_from_url();
    }

    /// Gives every `:name` of the path a parameter, and drops empty ones that the path lost.
    fn path_params_from_url(&mut self) {
        let wanted = path_param_names(&self.url);
        self.params.retain(|p| {
            p.kind == ParamKind::Query || wanted.contains(&p.row.name) || !p.row.value.is_empty()
        });
        for name in wanted {
            if !self
                .params
                .iter()
                .any(|p| p.kind == ParamKind::Path && p.row.name == name)
            {
                self.params.push(Param {
                    row: Row::new(name, ""),
                    kind: ParamKind::Path,
                });
            }
        }
    }

    /// Makes the URL's query follow the parameter list.
    pub fn url_from_params(&mut self) {
        let (without_fragment, fragment) = match self.url.split_once('#') {
            Some((url, fragment)) => (url.to_owned(), Some(fragment.to_owned())),
            None => (self.url.clone(), None),
        };
        let base = without_fragment
            .split_once('?')
            .map_or(without_fragment.as_str(), |(base, _)| base);
        let query: Vec<String> = self
            .params
            .iter()
            .filter(|p| {
                p.kind == ParamKind::Query
                    && p.row.enabled
                    && !(p.row.name.is_empty() && p.row.value.is_empty())
            })
            .map(|p| {
                if p.row.value.is_empty() {
                    escape_in_query(&p.row.name)
                } else {
                    format!(
                        "{}={}",
                        escape_in_query(&p.row.name),
                        escape_in_query(&p.row.value)
                    )
                }
            })
            .collect();
        let mut url = base.to_owned();
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query.join("&"));
        }
        if let Some(fragment) = fragment {
            url.push('#');
            url.push_str(&fragment);
        }
        self.url = url;
    }
}

/// Cuts a query into its pairs without decoding anything.
fn raw_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Escapes only what would end the pair; everything else stays as the user typed it, so that
/// what is in the list is what is in the URL.
fn escape_in_query(text: &str) -> String {
    text.replace('&', "%26")
        .replace('#', "%23")
        .replace(' ', "%20")
}

/// The `:name` segments of a URL's path.
pub(crate) fn path_param_names(url: &str) -> Vec<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    path.split('/')
        .skip(1)
        .filter_map(|segment| segment.strip_prefix(':'))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Form fields as `application/x-www-form-urlencoded`, spaces as `+`
/// ([URL Standard](https://url.spec.whatwg.org/#concept-urlencoded-serializer)).
pub(crate) fn form_body<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_and_params_follow_each_other() {
        let mut draft = RequestDraft {
            url: "{{base}}/orders/:id?expand=items&flag".into(),
            ..RequestDraft::new("x")
        };
        draft.params_from_url();
        let names: Vec<_> = draft
            .params
            .iter()
            .map(|p| (p.row.name.as_str(), p.row.value.as_str(), p.kind))
            .collect();
        assert_eq!(
            names,
            [
                ("expand", "items", ParamKind::Query),
                ("flag", "", ParamKind::Query),
                ("id", "", ParamKind::Path)
            ]
        );
        draft.params[0].row.value = "a b&c".into();
        draft.url_from_params();
        assert_eq!(draft.url, "{{base}}/orders/:id?expand=a%20b%26c&flag");
    }

    #[test]
    fn switched_off_params_keep_their_place() {
        let mut draft = RequestDraft {
            url: "http://h/p?a=1&b=2".into(),
            ..RequestDraft::new("x")
        };
        draft.params_from_url();
        draft.params[0].row.enabled = false;
        draft.url_from_params();
        assert_eq!(draft.url, "http://h/p?b=2");
        draft.url = "http://h/p?b=3&c=4".into();
        draft.params_from_url();
        let names: Vec<_> = draft
            .params
            .iter()
            .map(|p| (p.row.name.as_str(), p.row.value.as_str()))
            .collect();
        assert_eq!(names, [("a", "1"), ("b", "3"), ("c", "4")]);
    }

    #[test]
    fn a_port_is_no_path_parameter() {
        assert!(path_param_names("http://127.0.0.1:8787/a").is_empty());
        assert_eq!(path_param_names("{{base}}/:a/x/:b?q=:c"), ["a", "b"]);
    }
}
