//! Fills in variables and checks everything that can be checked before signing.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING,
    USER_AGENT,
};
use http::{HeaderName, HeaderValue, Method};
use url::Url;

use super::resolve_error::{ResolveError, ResolveErrorKind, ResolveErrors};
use super::resolved::{
    AwsAuth, Header, HeaderSource, ResolvedAuth, ResolvedRequest, SigningChoice,
};
use super::url_text::{UnsignableQuery, fill_path_params, legalise, unsignable};
use super::{FieldPath, FileBody, RequestBody, is_sensitive_header};
use crate::collection::{
    ApiKeyPlacement, AuthSpec, AwsAuthSpec, Body, ParamKind, RequestContext, RequestDraft, Row,
};
use crate::secret::SecretString;
use crate::template::{Origin, Rendered, Reveal, VariableSet};

/// A literal of a sensitive header that is shorter is not looked for in texts.
const SHORTEST_SECRET: usize = 8;

/// What this tool says it is.
const USER_AGENT_VALUE: &str = concat!("countersign/", env!("CARGO_PKG_VERSION"));

/// Headers that signing writes itself; the user's own would be signed stale or sent twice.
const OWNED_BY_SIGNING: [&str; 3] = ["authorization", "x-amz-date", "x-amz-security-token"];

/// Turns a draft into a request that can be signed and sent.
///
/// With [`Reveal::Masked`] secrets become dots: for previews only, never for sending.
pub fn resolve(
    draft: &RequestDraft,
    context: &RequestContext,
    variables: &VariableSet,
    reveal: Reveal,
) -> Result<ResolvedRequest, ResolveErrors> {
    let mut resolver = Resolver {
        variables,
        reveal,
        errors: Vec::new(),
    };
    if let Some(damage) = &context.damage {
        let kind = ResolveErrorKind::Damaged {
            path: damage.path.to_string(),
            line: damage.line,
            reason: damage.reason.clone(),
        };
        resolver.fail(FieldPath::Inherited, kind);
    }
    let (auth_spec, auth_origin) = context.auth_for(draft);
    let signed = matches!(auth_spec, AuthSpec::AwsSigV4(_));

    let method = resolver.method(&draft.method);
    let mut url = resolver.url(draft, signed);
    let mut headers = resolver.headers(draft, context, signed);
    let body = resolver.body(&draft.body);
    let content_type = resolver.content_type(&draft.body);
    let auth = resolver.auth(auth_spec, &auth_origin, &mut headers, url.as_mut());

    let (Some(method), Some(url), true) = (method, url, resolver.errors.is_empty()) else {
        return Err(ResolveErrors(resolver.errors));
    };
    let headers = complete(headers, &url, &method, content_type.as_deref(), &body);
    let timeout = draft
        .settings
        .timeout_ms
        .filter(|ms| *ms > 0)
        .map(Duration::from_millis);
    // A literal in a sensitive header is a secret too, wherever an answer repeats it. Shorter ones
    // would take ordinary words out of texts.
    let redactor = headers
        .iter()
        .filter(|header| header.value.is_sensitive() && header.value.len() >= SHORTEST_SECRET)
        .fold(variables.redactor(), |redactor, header| {
            redactor.with(&SecretString::new(header.text()))
        });
    Ok(ResolvedRequest {
        method,
        url,
        headers,
        body,
        auth,
        timeout,
        redactor,
    })
}

struct Resolver<'a> {
    variables: &'a VariableSet,
    reveal: Reveal,
    errors: Vec<ResolveError>,
}

impl Resolver<'_> {
    fn fail(&mut self, place: FieldPath, kind: ResolveErrorKind) {
        self.errors.push(ResolveError { place, kind });
    }

    fn render(&mut self, text: &str, place: &FieldPath) -> Option<Rendered> {
        match self.variables.render(text, self.reveal) {
            Ok(rendered) => Some(rendered),
            Err(errors) => {
                for error in errors {
                    self.fail(place.clone(), error.into());
                }
                None
            }
        }
    }

    fn method(&mut self, text: &str) -> Option<Method> {
        let shown = text.trim().to_owned();
        let text = self
            .render(text.trim(), &FieldPath::Method)?
            .text
            .to_uppercase();
        let method = Method::from_bytes(text.as_bytes()).ok();
        if method.is_none() {
            self.fail(FieldPath::Method, ResolveErrorKind::Method(shown));
        }
        method
    }

    fn url(&mut self, draft: &RequestDraft, signed: bool) -> Option<Url> {
        let errors_before = self.errors.len();
        let mut values = Vec::new();
        let wanted = crate::collection::path_param_names(&draft.url);
        for name in wanted {
            let place = FieldPath::PathParam(name.clone());
            let param = draft
                .params
                .iter()
                .find(|p| p.kind == ParamKind::Path && p.row.name == name && p.row.enabled);
            match param.and_then(|p| self.render(&p.row.value, &place)) {
                Some(value) if matches!(value.text.as_str(), "." | "..") => {
                    self.fail(place, ResolveErrorKind::DotSegment(value.text));
                }
                Some(value) if !value.text.is_empty() => values.push((name, value.text)),
                Some(_) => self.fail(place, ResolveErrorKind::EmptyPathParam),
                // A segment like `:batch` with no parameter row is literal text.
                None => {}
            }
        }
        let filled = fill_path_params(&draft.url, |name| {
            values
                .iter()
                .find(|(candidate, _)| candidate == name)
                .map(|(_, value)| value.as_str())
        });
        let text = self.render(filled.trim(), &FieldPath::Url)?.text;
        let kind = match checked_url(&text, signed) {
            Ok(url) if self.errors.len() == errors_before => return Some(url),
            Ok(_) => return None,
            Err(kind) => kind,
        };
        self.fail(FieldPath::Url, kind);
        None
    }

    fn headers(
        &mut self,
        draft: &RequestDraft,
        context: &RequestContext,
        signed: bool,
    ) -> Vec<Header> {
        let mut headers: Vec<Header> = Vec::new();
        let own: Vec<String> = draft
            .headers
            .iter()
            .filter(|row| row.enabled)
            .map(|row| row.name.trim().to_lowercase())
            .collect();
        for (row, origin) in context.headers.iter().filter(|(row, _)| row.enabled) {
            // What stands nearer replaces what is handed down under the same name.
            if own.contains(&row.name.trim().to_lowercase()) {
                continue;
            }
            let place = FieldPath::InheritedHeader {
                name: row.name.clone(),
                origin: origin.clone(),
            };
            if let Some(header) =
                self.header(row, place, HeaderSource::Inherited(origin.clone()), signed)
            {
                headers.retain(|earlier| earlier.name != header.name);
                headers.push(header);
            }
        }
        for (index, row) in draft
            .headers
            .iter()
            .enumerate()
            .filter(|(_, row)| row.enabled)
        {
            if row.name.trim().is_empty() && row.value.is_empty() {
                continue;
            }
            let Some(header) = self.header(
                row,
                FieldPath::Header(index),
                HeaderSource::Row(index),
                signed,
            ) else {
                continue;
            };
            if header.name == HOST && headers.iter().any(|earlier| earlier.name == HOST) {
                self.fail(FieldPath::Header(index), ResolveErrorKind::HostTwice);
            }
            headers.push(header);
        }
        headers
    }

    fn header(
        &mut self,
        row: &Row,
        place: FieldPath,
        source: HeaderSource,
        signed: bool,
    ) -> Option<Header> {
        let name_text = self.render(row.name.trim(), &place)?.text;
        let value_text = self.render(&row.value, &place)?;
        let Ok(name) = HeaderName::from_bytes(name_text.as_bytes()) else {
            self.fail(place, ResolveErrorKind::HeaderName(row.name.clone()));
            return None;
        };
        if signed && OWNED_BY_SIGNING.contains(&name.as_str()) {
            self.fail(place, ResolveErrorKind::OwnedBySigning(row.name.clone()));
            return None;
        }
        if name == CONTENT_LENGTH || name == TRANSFER_ENCODING {
            self.fail(place, ResolveErrorKind::OwnedByTransport(row.name.clone()));
            return None;
        }
        // Optional white space around a value is no part of it (RFC 9110 §5.5).
        let value_trimmed = value_text.text.trim_matches([' ', '\t']);
        if signed && value_trimmed.contains('\t') {
            self.fail(place, ResolveErrorKind::HeaderTab(row.name.clone()));
            return None;
        }
        let Ok(mut value) = HeaderValue::from_bytes(value_trimmed.as_bytes()) else {
            self.fail(place, ResolveErrorKind::HeaderValue(row.name.clone()));
            return None;
        };
        value.set_sensitive(value_text.holds_secret || is_sensitive_header(name.as_str()));
        Some(Header {
            name,
            value,
            source,
        })
    }

    fn body(&mut self, body: &Body) -> RequestBody {
        let bytes = match body {
            Body::None => Bytes::new(),
            Body::File { path, .. } => {
                return RequestBody::File(FileBody::new(self.file_path(path)));
            }
            Body::Json(text) | Body::Text(text) | Body::Xml(text) => self
                .render(text, &FieldPath::Body)
                .map(|rendered| Bytes::from(rendered.text))
                .unwrap_or_default(),
            Body::Form(rows) => {
                let mut fields = Vec::new();
                for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.enabled) {
                    let place = FieldPath::FormField(index);
                    if row.name.is_empty() && row.value.is_empty() {
                        continue;
                    }
                    if let (Some(name), Some(value)) = (
                        self.render(&row.name, &place),
                        self.render(&row.value, &place),
                    ) {
                        fields.push((name.text, value.text));
                    }
                }
                let fields = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()));
                Bytes::from(crate::collection::form_body(fields))
            }
            Body::Unsupported { kind } => {
                self.fail(
                    FieldPath::Body,
                    ResolveErrorKind::Unsupported(format!("a body of kind `{kind}`")),
                );
                Bytes::new()
            }
        };
        RequestBody::Bytes(bytes)
    }

    /// The path of a body's file as written: the folder that it is relative to is known to whoever
    /// opens it.
    fn file_path(&mut self, path: &str) -> String {
        let Some(rendered) = self.render(path.trim(), &FieldPath::Body) else {
            return String::new();
        };
        if rendered.text.is_empty() {
            self.fail(FieldPath::Body, ResolveErrorKind::NoFile);
        }
        rendered.text
    }

    /// The `Content-Type` that goes with the body, if the user wrote none.
    fn content_type(&mut self, body: &Body) -> Option<String> {
        let Body::File { content_type, .. } = body else {
            return body.content_type().map(str::to_owned);
        };
        let text = self.render(content_type.trim(), &FieldPath::Body)?.text;
        if text.is_empty() {
            return body.content_type().map(str::to_owned);
        }
        if HeaderValue::from_str(&text).is_err() {
            let kind = ResolveErrorKind::HeaderValue(CONTENT_TYPE.to_string());
            self.fail(FieldPath::Body, kind);
        }
        Some(text)
    }

    fn auth(
        &mut self,
        spec: &AuthSpec,
        origin: &Origin,
        headers: &mut Vec<Header>,
        url: Option<&mut Url>,
    ) -> ResolvedAuth {
        let place = |field| FieldPath::Auth {
            field,
            origin: origin.clone(),
        };
        match spec {
            AuthSpec::Inherit | AuthSpec::None => {}
            AuthSpec::AwsSigV4(aws) => return ResolvedAuth::AwsSigV4(self.aws(aws, origin)),
            AuthSpec::ApiKey {
                key,
                value,
                placement,
            } => {
                let rendered = (
                    self.render(key, &place("key")),
                    self.render(value, &place("value")),
                );
                let (Some(key), Some(value)) = rendered else {
                    return ResolvedAuth::Ready;
                };
                match placement {
                    ApiKeyPlacement::Header => {
                        self.push_auth(headers, &key.text, &value.text, place("value"));
                    }
                    ApiKeyPlacement::Query => {
                        if let Some(url) = url {
                            url.query_pairs_mut().append_pair(&key.text, &value.text);
                        }
                    }
                }
            }
            AuthSpec::Basic { username, password } => {
                let rendered = (
                    self.render(username, &place("username")),
                    self.render(password, &place("password")),
                );
                let (Some(user), Some(password)) = rendered else {
                    return ResolvedAuth::Ready;
                };
                let pair = STANDARD.encode(format!("{}:{}", user.text, password.text));
                self.push_auth(
                    headers,
                    AUTHORIZATION.as_str(),
                    &format!("Basic {pair}"),
                    place("password"),
                );
            }
            AuthSpec::Bearer { token } => {
                if let Some(token) = self.render(token, &place("token")) {
                    self.push_auth(
                        headers,
                        AUTHORIZATION.as_str(),
                        &format!("Bearer {}", token.text),
                        place("token"),
                    );
                }
            }
            AuthSpec::Unsupported { kind } => {
                self.fail(
                    place("type"),
                    ResolveErrorKind::Unsupported(format!("auth of kind `{kind}`")),
                );
            }
        }
        ResolvedAuth::Ready
    }

    fn push_auth(&mut self, headers: &mut Vec<Header>, name: &str, value: &str, place: FieldPath) {
        let Ok(header_name) = HeaderName::from_bytes(name.trim().as_bytes()) else {
            return self.fail(place, ResolveErrorKind::HeaderName(name.to_owned()));
        };
        let Ok(mut value) = HeaderValue::from_bytes(value.as_bytes()) else {
            return self.fail(place, ResolveErrorKind::HeaderValue(name.to_owned()));
        };
        value.set_sensitive(true);
        headers.retain(|earlier| earlier.name != header_name);
        headers.push(Header {
            name: header_name,
            value,
            source: HeaderSource::Auth,
        });
    }

    fn aws(&mut self, spec: &AwsAuthSpec, origin: &Origin) -> AwsAuth {
        let mut field = |text: &str, field: &'static str| {
            let rendered = self.render(
                text,
                &FieldPath::Auth {
                    field,
                    origin: origin.clone(),
                },
            )?;
            let trimmed = rendered.text.trim().to_owned();
            (!trimmed.is_empty()).then_some(trimmed)
        };
        let profile_name = field(&spec.profile_name, "profileName");
        let region = field(&spec.region, "region");
        let service = field(&spec.service, "service");
        let access_key_id = field(&spec.access_key_id, "accessKeyId");
        let secret_access_key = field(&spec.secret_access_key, "secretAccessKey");
        let session_token = field(&spec.session_token, "sessionToken").map(SecretString::new);
        let keys = match (access_key_id, secret_access_key) {
            (Some(id), Some(secret)) => Some((id, SecretString::new(secret), session_token)),
            (None, None) => None,
            _ => {
                let place = FieldPath::Auth {
                    field: "accessKeyId",
                    origin: origin.clone(),
                };
                self.fail(place, ResolveErrorKind::HalfKeys);
                None
            }
        };
        AwsAuth {
            profile_name,
            region,
            service,
            keys,
            choices: self.signing_choices(),
            origin: origin.clone(),
        }
    }

    /// The reserved variables of signing, the nearest of each name.
    fn signing_choices(&mut self) -> Vec<SigningChoice> {
        let names: BTreeSet<&str> = self
            .variables
            .scopes()
            .iter()
            .flat_map(|scope| &scope.variables)
            .map(|(name, _)| name.as_str())
            // Another letter case is a slip that signing tells of.
            .filter(|name| {
                name.get(..6)
                    .is_some_and(|start| start.eq_ignore_ascii_case("sigv4."))
            })
            .collect();
        names
            .into_iter()
            .filter_map(|name| {
                let (_, origin) = self.variables.lookup(name)?;
                let place = FieldPath::Variable {
                    name: name.to_owned(),
                    origin: origin.clone(),
                };
                let rendered = self.render(&format!("{{{{{name}}}}}"), &place)?;
                Some(SigningChoice {
                    name: name.to_owned(),
                    value: rendered.text,
                    origin: origin.clone(),
                })
            })
            .collect()
    }
}

fn checked_url(text: &str, signed: bool) -> Result<Url, ResolveErrorKind> {
    if text.is_empty() {
        return Err(ResolveErrorKind::EmptyUrl);
    }
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return Err(ResolveErrorKind::NoScheme);
    }
    let mut url = Url::parse(text).map_err(|error| ResolveErrorKind::Url(error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ResolveErrorKind::UserInfo);
    }
    url.set_fragment(None);
    legalise(&mut url);
    // In a host, `url` lets stand what nothing can send: `"`, `` ` ``, `{`.
    if let Err(error) = url.as_str().parse::<http::Uri>() {
        return Err(ResolveErrorKind::Url(error.to_string()));
    }
    if signed {
        match url.query().and_then(unsignable) {
            Some(UnsignableQuery::BrokenEscape) => {
                return Err(ResolveErrorKind::Query(
                    "a `%` in the query has no two hexadecimal digits behind it",
                ));
            }
            Some(UnsignableQuery::NotUtf8) => {
                return Err(ResolveErrorKind::Query(
                    "the query holds escapes that are not UTF-8, which signers read differently",
                ));
            }
            None => {}
        }
    }
    Ok(url)
}

/// Adds what every request needs, in the order in which it is sent: host first.
fn complete(
    mut headers: Vec<Header>,
    url: &Url,
    method: &Method,
    content_type: Option<&str>,
    body: &RequestBody,
) -> Vec<Header> {
    let has =
        |headers: &[Header], name: &HeaderName| headers.iter().any(|header| header.name == *name);
    let add = |headers: &mut Vec<Header>, name: HeaderName, text: &str, source: HeaderSource| {
        if !has(headers, &name)
            && let Ok(value) = HeaderValue::from_str(text)
        {
            headers.push(Header {
                name,
                value,
                source,
            });
        }
    };
    if let Some(content_type) = content_type {
        add(&mut headers, CONTENT_TYPE, content_type, HeaderSource::Body);
    }
    add(&mut headers, ACCEPT, "*/*", HeaderSource::Tool);
    add(
        &mut headers,
        ACCEPT_ENCODING,
        "gzip, deflate, br",
        HeaderSource::Tool,
    );
    add(
        &mut headers,
        USER_AGENT,
        USER_AGENT_VALUE,
        HeaderSource::Tool,
    );
    let expects_body = [Method::POST, Method::PUT, Method::PATCH].contains(method);
    // That of a file is added when its length is known.
    if let RequestBody::Bytes(bytes) = body
        && (!bytes.is_empty() || expects_body)
    {
        add(
            &mut headers,
            CONTENT_LENGTH,
            &body.len().to_string(),
            HeaderSource::Tool,
        );
    }
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    };
    add(&mut headers, HOST, &host, HeaderSource::Tool);
    headers.sort_by_key(|header| header.name != HOST);
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Scope, Value};

    fn variables() -> VariableSet {
        VariableSet::new(vec![Scope {
            origin: Origin::Environment("dev".into()),
            variables: vec![
                (
                    "base".into(),
                    Value::Plain("http://127.0.0.1:8787/prod".into()),
                ),
                ("key".into(), Value::Secret(SecretString::new("k-123"))),
            ],
        }])
    }

    fn iam(draft: RequestDraft) -> RequestDraft {
        RequestDraft {
            auth: AuthSpec::AwsSigV4(AwsAuthSpec::default()),
            ..draft
        }
    }

    fn go(draft: &RequestDraft) -> Result<ResolvedRequest, ResolveErrors> {
        resolve(
            draft,
            &RequestContext::default(),
            &variables(),
            Reveal::Secrets,
        )
    }

    fn draft(url: &str) -> RequestDraft {
        RequestDraft {
            url: url.into(),
            ..RequestDraft::new("x")
        }
    }

    #[test]
    fn host_keeps_its_port_as_sent() {
        assert_eq!(
            go(&draft("{{base}}/pets")).unwrap().host(),
            "127.0.0.1:8787"
        );
        assert_eq!(
            go(&draft("https://H.example:443/")).unwrap().host(),
            "h.example"
        );
        assert_eq!(go(&draft("http://[::1]:81/")).unwrap().host(), "[::1]:81");
    }

    #[test]
    fn the_users_host_header_counts() {
        let mut d = draft("{{base}}/pets");
        d.headers.push(Row::new("Host", "api.example"));
        assert_eq!(go(&d).unwrap().host(), "api.example");
        d.headers.push(Row::new("host", "b"));
        assert_eq!(go(&d).unwrap_err().0[0].kind, ResolveErrorKind::HostTwice);
    }

    #[test]
    fn what_signing_owns_is_an_error_at_its_row() {
        for name in OWNED_BY_SIGNING {
            let mut d = iam(draft("{{base}}/pets"));
            d.headers = vec![Row::new("x-ok", "1"), Row::new(name.to_uppercase(), "v")];
            let errors = go(&d).unwrap_err();
            assert_eq!(errors.0[0].place, FieldPath::Header(1), "{name}");
            d.auth = AuthSpec::None;
            assert!(go(&d).is_ok(), "{name} is the user's own without signing");
        }
    }

    #[test]
    fn traps_of_the_signer_are_refused_before_it() {
        for (url, want) in [
            (
                "http://user:pw@h/p",
                "the URL carries a user name or password",
            ),
            (
                "http://h/p?a=%FF",
                "the query holds escapes that are not UTF-8, which signers read differently",
            ),
            (
                "http://h/p?a=100%",
                "a `%` in the query has no two hexadecimal digits behind it",
            ),
            ("h/p", "the URL does not begin with http:// or https://"),
            ("http://", "the URL cannot be read: empty host"),
        ] {
            assert_eq!(
                go(&iam(draft(url))).unwrap_err().0[0].kind.to_string(),
                want,
                "{url}"
            );
        }
        let mut d = iam(draft("http://h/"));
        d.headers.push(Row::new("x-t", "a\tb"));
        assert!(matches!(
            go(&d).unwrap_err().0[0].kind,
            ResolveErrorKind::HeaderTab(_)
        ));
    }

    #[test]
    fn auth_and_api_key_share_a_request() {
        let mut d = iam(draft("{{base}}/orders"));
        d.headers.push(Row::new("x-api-key", "{{key}}"));
        let resolved = go(&d).unwrap();
        let header = resolved
            .headers()
            .iter()
            .find(|h| h.name == "x-api-key")
            .unwrap();
        assert_eq!(header.text(), "k-123");
        assert!(header.value.is_sensitive());
        assert!(!format!("{resolved:?}").contains("k-123"));
    }

    #[test]
    fn basic_and_bearer_become_headers() {
        let mut d = draft("http://h/");
        d.auth = AuthSpec::Basic {
            username: "Aladdin".into(),
            password: "open sesame".into(),
        };
        let text = |d: &RequestDraft| {
            go(d)
                .unwrap()
                .headers()
                .iter()
                .find(|h| h.name == AUTHORIZATION)
                .map(Header::text)
        };
        assert_eq!(text(&d).unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        d.auth = AuthSpec::Bearer {
            token: "{{key}}".into(),
        };
        assert_eq!(text(&d).unwrap(), "Bearer k-123");
    }

    #[test]
    fn all_errors_are_told_at_once() {
        let mut d = draft("{{nope}}/p");
        d.method = "G T".into();
        d.headers.push(Row::new("a b", "v"));
        d.body = Body::Json("{{what}}".into());
        let places: Vec<_> = go(&d).unwrap_err().0.into_iter().map(|e| e.place).collect();
        assert_eq!(
            places,
            [
                FieldPath::Method,
                FieldPath::Url,
                FieldPath::Header(0),
                FieldPath::Body
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn resolving_never_panics(url in "\\PC{0,30}", name in "\\PC{0,8}", value in "\\PC{0,12}", body in "\\PC{0,20}") {
            let mut d = iam(draft(&format!("http://h/{url}")));
            d.headers.push(Row::new(name, value));
            d.body = Body::Text(body);
            drop(go(&d));
        }
    }
}
