//! Request files.

use super::FormatError;
use super::change::{Change, MapChange, apply};
use super::edit::edit;
use super::emit;
use super::file_body;
use super::node::{Node, parse};
use super::parts::{
    ListForm, change_auth, change_item, change_list, change_param, change_row, change_rows,
    change_seq, change_variables, chosen, optional_text, read_auth, read_list, read_number,
    read_param, read_row, read_seq, read_text, read_variables, required_text, write_param,
    write_row,
};
use crate::collection::{
    AuthSpec, Body, Param, ParamKind, RequestDraft, RequestSettings, Row, path_param_names,
};

const FILE: &[&str] = &[
    "info", "http", "runtime", "settings", "examples", "docs", "app",
];
const INFO: &[&str] = &["name", "type", "seq", "tags", "description"];
const HTTP: &[&str] = &["method", "url", "headers", "params", "body", "auth"];
const RUNTIME: &[&str] = &["variables", "scripts", "assertions", "actions"];
const SETTINGS: &[&str] = &[
    "encodeUrl",
    "timeout",
    "followRedirects",
    "maxRedirects",
    "forwardAuthorizationHeader",
];
const BODY: &[&str] = &["type", "data"];
const VARIANT: &[&str] = &["title", "selected", "body"];

/// Reads a request file.
pub fn read_request(text: &str) -> Result<RequestDraft, FormatError> {
    read(&parse(text)?)
}

/// The text of a request file after the draft was edited: what did not change stays byte for
/// byte.
pub fn save_request(text: &str, draft: &RequestDraft) -> Result<String, FormatError> {
    let root = parse(text)?;
    let was = read(&root)?;
    if was == *draft {
        return Ok(text.to_owned());
    }
    let edited = edit(
        text,
        &Change::Map(change(&root, &was, draft)?),
        "the request",
    )?;
    checked(edited, draft)
}

/// The text of a new request file.
pub fn new_request(draft: &RequestDraft) -> Result<String, FormatError> {
    let root = Node::Map(vec![(
        "info".to_owned(),
        Node::Map(vec![
            ("name".to_owned(), Node::text("")),
            ("type".to_owned(), Node::text("http")),
        ]),
    )]);
    let mut settings = MapChange::new(SETTINGS);
    new_settings(&mut settings, 0);
    let mut start = MapChange::new(FILE);
    let mut http = MapChange::new(HTTP);
    http.set("method", Node::text(""));
    http.set("url", Node::text(""));
    start.put_part(Some(&root), "http", http);
    start.put_part(Some(&root), "settings", settings);
    let root = apply(&root, &Change::Map(start));
    let was = read(&root)?;
    let filled = apply(&root, &Change::Map(change(&root, &was, draft)?));
    checked(emit::document(&filled), draft)
}

/// Hands a text out only if it says what was meant.
fn checked(text: String, draft: &RequestDraft) -> Result<String, FormatError> {
    let read = read_request(&text)?;
    if read == *draft || read == normalised(draft.clone()) {
        Ok(text)
    } else {
        Err(FormatError::cannot_keep("the request"))
    }
}

fn read(root: &Node) -> Result<RequestDraft, FormatError> {
    let info = root.get("info");
    let http = root.get("http");
    let kind = read_text(info.and_then(|info| info.get("type")));
    if http.is_none() {
        let other = ["graphql", "grpc", "websocket", "mock", "app", "script"]
            .into_iter()
            .find(|kind| root.get(kind).is_some());
        if let Some(kind) = other.or_else(|| {
            ["", "http", "folder"]
                .iter()
                .all(|known| *known != kind)
                .then_some(kind.as_str())
        }) {
            return Err(FormatError::OtherProtocol {
                kind: kind.to_owned(),
            });
        }
    }
    if http.is_none() && kind != "http" {
        return Err(FormatError::unreadable(
            None,
            "this is no OpenCollection request: it has no `http:`",
        ));
    }
    Ok(normalised(RequestDraft {
        name: read_text(info.and_then(|info| info.get("name"))),
        seq: read_seq(info),
        method: read_text(http.and_then(|http| http.get("method"))),
        url: read_text(http.and_then(|http| http.get("url"))),
        headers: read_list(http.and_then(|http| http.get("headers")), read_row).values,
        params: read_list(http.and_then(|http| http.get("params")), read_param).values,
        body: read_body(http.and_then(|http| http.get("body"))),
        auth: read_auth(http.and_then(|http| http.get("auth")), AuthSpec::None),
        variables: read_variables(
            root.get("runtime")
                .and_then(|runtime| runtime.get("variables")),
        ),
        settings: RequestSettings {
            timeout_ms: read_number(
                root.get("settings")
                    .and_then(|settings| settings.get("timeout")),
            )
            .filter(|timeout| *timeout > 0),
        },
        docs: read_text(root.get("docs")),
    }))
}

/// The URL is what counts; the parameters follow it. Where a file lists parameters and its URL
/// has no query, the URL gets them first, for it is what is sent.
fn normalised(mut draft: RequestDraft) -> RequestDraft {
    let has_query = draft
        .url
        .split('#')
        .next()
        .is_some_and(|url| url.contains('?'));
    let listed = draft
        .params
        .iter()
        .any(|param| param.kind == ParamKind::Query && param.row.enabled);
    if listed && !has_query {
        draft.url_from_params();
    }
    if has_query || listed || !path_param_names(&draft.url).is_empty() {
        draft.params_from_url();
    }
    draft
}

fn read_body(node: Option<&Node>) -> Body {
    let node = match node {
        Some(Node::List(variants)) => chosen(variants).and_then(|(_, variant)| variant.get("body")),
        other => other,
    };
    let Some(node) = node.filter(|node| **node != Node::Null) else {
        return Body::None;
    };
    let kind = match node {
        Node::Map(_) => read_text(node.get("type")),
        other => other.scalar().unwrap_or_default().to_owned(),
    };
    let data = node.get("data");
    let is_text = !matches!(data, Some(Node::List(_) | Node::Map(_)));
    match kind.as_str() {
        "none" => Body::None,
        "json" if is_text => Body::Json(read_text(data)),
        "text" if is_text => Body::Text(read_text(data)),
        "xml" if is_text => Body::Xml(read_text(data)),
        "form-urlencoded" => Body::Form(read_list(data, read_row).values),
        "file" => file_body::read(data).unwrap_or(Body::Unsupported { kind }),
        _ => Body::Unsupported { kind },
    }
}

fn change(root: &Node, was: &RequestDraft, now: &RequestDraft) -> Result<MapChange, FormatError> {
    let mut file = MapChange::new(FILE);

    let old = root.get("info");
    let mut info = MapChange::new(INFO);
    required_text(&mut info, old, "name", &was.name, &now.name);
    change_seq(&mut info, old, was.seq, now.seq);
    file.put_part(Some(root), "info", info);

    let old = root.get("http");
    let mut http = MapChange::new(HTTP);
    required_text(&mut http, old, "method", &was.method, &now.method);
    required_text(&mut http, old, "url", &was.url, &now.url);
    if was.headers != now.headers {
        change_rows(&mut http, old, "headers", &now.headers)?;
    }
    if was.params != now.params {
        let listed = read_list(old.and_then(|http| http.get("params")), read_param);
        let form = ListForm {
            name: |param: &Param| param.row.name.as_str(),
            write: write_param,
            change: &change_param,
        };
        change_list(&mut http, old, "params", &listed, &now.params, &form)?;
    }
    if was.body != now.body {
        change_body(&mut http, old, &was.body, &now.body)?;
    }
    change_auth(&mut http, old, &AuthSpec::None, &now.auth)?;
    file.put_part(Some(root), "http", http);

    if was.variables != now.variables {
        let old = root.get("runtime");
        let mut runtime = MapChange::new(RUNTIME);
        change_variables(&mut runtime, old, &now.variables)?;
        file.put_part(Some(root), "runtime", runtime);
    }

    if was.settings != now.settings {
        let mut settings = MapChange::new(SETTINGS);
        let timeout = now.settings.timeout_ms.unwrap_or(0);
        if matches!(root.get("settings"), Some(Node::Map(_))) {
            settings.set("timeout", Node::plain(timeout));
        } else {
            new_settings(&mut settings, timeout);
        }
        file.put_part(Some(root), "settings", settings);
    }

    optional_text(&mut file, Some(root), "docs", &was.docs, &now.docs);
    Ok(file)
}

/// All five settings, as Bruno writes them.
fn new_settings(settings: &mut MapChange, timeout: u64) {
    settings.set("encodeUrl", Node::plain(true));
    settings.set("timeout", Node::plain(timeout));
    settings.set("followRedirects", Node::plain(true));
    settings.set("maxRedirects", Node::plain(5));
    settings.set("forwardAuthorizationHeader", Node::plain(true));
}

fn change_body(
    http: &mut MapChange,
    old: Option<&Node>,
    was: &Body,
    now: &Body,
) -> Result<(), FormatError> {
    let node = old.and_then(|http| http.get("body"));
    if let Some(Node::List(variants)) = node {
        let Some((index, variant)) = chosen(variants) else {
            return Err(FormatError::cannot_keep("the body"));
        };
        let mut inner = MapChange::new(VARIANT);
        change_one_body(&mut inner, Some(variant), was, now)?;
        if !inner.keys.is_empty() {
            http.put(
                "body",
                change_item(variants.len(), index, &Change::Map(inner)),
            );
        }
        return Ok(());
    }
    change_one_body(http, old, was, now)
}

fn change_one_body(
    map: &mut MapChange,
    old: Option<&Node>,
    was: &Body,
    now: &Body,
) -> Result<(), FormatError> {
    let node = old.and_then(|map| map.get("body"));
    match (raw_body(was), raw_body(now)) {
        (Some((was_kind, was_text)), Some((kind, text))) if matches!(node, Some(Node::Map(_))) => {
            let mut part = MapChange::new(BODY);
            required_text(&mut part, node, "type", was_kind, kind);
            required_text(&mut part, node, "data", was_text, text);
            map.put_part(old, "body", part);
        }
        (_, Some((kind, text))) => map.set(
            "body",
            Node::Map(vec![
                ("type".to_owned(), Node::text(kind)),
                ("data".to_owned(), Node::text(text)),
            ]),
        ),
        (_, None) => match now {
            Body::Form(rows) => {
                if matches!(was, Body::Form(_)) && !rows.is_empty() {
                    let mut part = MapChange::new(BODY);
                    let listed = read_list(node.and_then(|body| body.get("data")), read_row);
                    let form = ListForm {
                        name: |row: &Row| row.name.as_str(),
                        write: write_row,
                        change: &change_row,
                    };
                    change_list(&mut part, node, "data", &listed, rows, &form)?;
                    map.put_part(old, "body", part);
                } else {
                    map.set(
                        "body",
                        Node::Map(vec![
                            ("type".to_owned(), Node::text("form-urlencoded")),
                            (
                                "data".to_owned(),
                                Node::List(rows.iter().map(write_row).collect()),
                            ),
                        ]),
                    );
                }
            }
            Body::File { path, content_type } => {
                if matches!(was, Body::File { .. }) {
                    let mut part = MapChange::new(BODY);
                    let data = node.and_then(|body| body.get("data"));
                    part.put("data", file_body::change(data, path, content_type));
                    map.put_part(old, "body", part);
                } else {
                    map.set("body", file_body::new(path, content_type));
                }
            }
            Body::Unsupported { kind } => {
                return Err(FormatError::cannot_keep(format!("a body of type `{kind}`")));
            }
            Body::None | Body::Json(_) | Body::Text(_) | Body::Xml(_) => map.remove(old, "body"),
        },
    }
    Ok(())
}

fn raw_body(body: &Body) -> Option<(&'static str, &str)> {
    match body {
        Body::Json(text) => Some(("json", text)),
        Body::Text(text) => Some(("text", text)),
        Body::Xml(text) => Some(("xml", text)),
        Body::None | Body::Form(_) | Body::File { .. } | Body::Unsupported { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::{ApiKeyPlacement, AwsAuthSpec, Variable, VariableValue};

    const FILE: &str = r#"# the order service
info:
  name: Get order # a short name
  type: http
  seq: 1
  x-team: orders

http:
  method: GET
  url: "{{base}}/orders/:id?expand=items"
  # sent with every call
  headers:
    # who asks
    - name: x-client
      value: 'web' # quoted
      x-why: audit
    - name: x-trace
      value: 1.10
      disabled: true
  params:
    - name: id
      value: "42"
      type: path
    - name: expand
      value: items
      type: query
  body:
    type: json
    data: |-
      {
        "a": 1
      }
  auth: inherit # from the folder

runtime:
  scripts:
    - type: after-response
      code: |-
        // # not a comment
        test()

docs: |-
  # Get order
  Returns one order.
"#;

    fn saved(edit: impl FnOnce(&mut RequestDraft)) -> String {
        let mut draft = read_request(FILE).unwrap();
        edit(&mut draft);
        let text = save_request(FILE, &draft).unwrap();
        assert_eq!(read_request(&text).unwrap(), draft);
        text
    }

    #[test]
    fn a_file_is_read() {
        let draft = read_request(FILE).unwrap();
        assert_eq!(draft.name, "Get order");
        assert_eq!(draft.seq, Some(1));
        assert_eq!(draft.headers[1].value, "1.10");
        assert!(!draft.headers[1].enabled);
        assert_eq!(draft.params.len(), 2);
        assert_eq!(draft.body, Body::Json("{\n  \"a\": 1\n}".into()));
        assert_eq!(draft.auth, AuthSpec::Inherit);
        assert_eq!(draft.docs, "# Get order\nReturns one order.");
    }

    #[test]
    fn nothing_changed_is_byte_for_byte() {
        assert_eq!(saved(|_| {}), FILE);
    }

    #[test]
    fn listed_params_that_the_url_lacks_are_sent_and_kept() {
        let file = "info:\n  name: a\n  type: http\nhttp:\n  method: GET\n  url: https://h/:id # ours\n  params:\n    - name: a\n      value: 1\n      type: query\n    - name: b\n      value: x y\n      type: query\n      disabled: true\n    - name: c\n      value: two words\n      type: query\n";
        let draft = read_request(file).unwrap();
        assert_eq!(draft.url, "https://h/:id?a=1&c=two%20words");
        let rows: Vec<_> = draft
            .params
            .iter()
            .map(|param| (param.row.name.as_str(), param.row.enabled))
            .collect();
        assert_eq!(rows, [("a", true), ("b", false), ("c", true), ("id", true)]);
        // The URL's line stays as long as it is not what is changed.
        let mut edited = draft.clone();
        edited.name = "b".into();
        assert_eq!(
            save_request(file, &edited).unwrap(),
            file.replace("name: a\n  type: http", "name: b\n  type: http")
        );
        // What the window does when the URL is typed in changes nothing by itself.
        edited = draft.clone();
        edited.params_from_url();
        assert_eq!(edited, draft);
        // A changed parameter takes the URL along.
        edited.params[0].row.value = "2".into();
        edited.url_from_params();
        let text = save_request(file, &edited).unwrap();
        assert!(
            text.contains("url: https://h/:id?a=2&c=two%20words # ours\n"),
            "{text}"
        );
        assert!(text.contains("      value: x y\n"), "{text}");
        assert_eq!(read_request(&text).unwrap(), edited);
        // None left: neither in the list nor in the URL.
        edited.params.clear();
        edited.url_from_params();
        edited.params_from_url();
        let text = save_request(file, &edited).unwrap();
        assert_eq!(read_request(&text).unwrap().url, "https://h/:id");
        assert!(!text.contains("type: query"), "{text}");
    }

    #[test]
    fn one_value_changes_one_value() {
        assert_eq!(
            saved(|draft| draft.name = "Fetch order".into()),
            FILE.replace("Get order # a", "Fetch order # a")
        );
        assert_eq!(
            saved(|draft| draft.seq = Some(7)),
            FILE.replace("seq: 1", "seq: 7")
        );
        assert_eq!(
            saved(|draft| draft.headers[0].value = "app: new".into()),
            FILE.replace("'web' #", "\"app: new\" #")
        );
        assert_eq!(
            saved(|draft| draft.headers[0].value.clear()),
            FILE.replace("'web' #", "\"\" #")
        );
        assert_eq!(
            saved(|draft| draft.headers[1].enabled = true),
            FILE.replace("      disabled: true\n", "")
        );
        assert_eq!(
            saved(|draft| draft.headers[0].enabled = false),
            FILE.replace("'web' # quoted\n", "'web' # quoted\n      disabled: true\n")
        );
    }

    #[test]
    fn texts_of_several_lines_change_in_place() {
        assert_eq!(
            saved(|draft| draft.body = Body::Json("{\n  \"b\": [\n  ]\n}".into())),
            FILE.replace(
                "      {\n        \"a\": 1\n      }\n",
                "      {\n        \"b\": [\n        ]\n      }\n"
            )
        );
        assert_eq!(
            saved(|draft| draft.body = Body::Text("one line".into())),
            FILE.replace("type: json", "type: text").replace(
                "data: |-\n      {\n        \"a\": 1\n      }\n",
                "data: one line\n"
            )
        );
        assert_eq!(
            saved(|draft| draft.docs = "short".into()),
            FILE.replace(
                "docs: |-\n  # Get order\n  Returns one order.\n",
                "docs: short\n"
            )
        );
        assert_eq!(
            saved(|draft| draft.docs.clear()),
            FILE.replace("\ndocs: |-\n  # Get order\n  Returns one order.\n", "")
        );
        assert_eq!(
            saved(|draft| draft.name = "two\nlines".into()),
            FILE.replace(
                "name: Get order # a short name\n",
                "name: |- # a short name\n    two\n    lines\n"
            )
        );
    }

    #[test]
    fn rows_come_and_go_and_move_with_their_comments() {
        assert_eq!(
            saved(|draft| draft.headers.push(Row::new("x-new", "1"))),
            FILE.replace(
                "      disabled: true\n",
                "      disabled: true\n    - name: x-new\n      value: \"1\"\n"
            )
        );
        assert_eq!(
            saved(|draft| draft.headers.insert(0, Row::new("x-new", "a"))),
            FILE.replace(
                "    - name: x-client\n",
                "    - name: x-new\n      value: a\n    - name: x-client\n"
            )
        );
        assert_eq!(
            saved(|draft| {
                draft.headers.remove(1);
            }),
            FILE.replace(
                "    - name: x-trace\n      value: 1.10\n      disabled: true\n",
                ""
            )
        );
        assert_eq!(
            saved(|draft| draft.headers.swap(0, 1)),
            FILE.replace(
                "    - name: x-client\n      value: 'web' # quoted\n      x-why: audit\n    - name: x-trace\n      value: 1.10\n      disabled: true\n",
                "    - name: x-trace\n      value: 1.10\n      disabled: true\n    - name: x-client\n      value: 'web' # quoted\n      x-why: audit\n"
            )
        );
        let none = saved(|draft| draft.headers.clear());
        assert!(!none.contains("headers:"));
        assert!(none.contains("# sent with every call"));
    }

    #[test]
    fn parts_are_added_in_their_place() {
        let aws = AuthSpec::AwsSigV4(AwsAuthSpec {
            service: "execute-api".into(),
            profile_name: "{{aws.profile}}".into(),
            ..AwsAuthSpec::default()
        });
        assert_eq!(
            saved(|draft| draft.auth = aws.clone()),
            FILE.replace(
                "  auth: inherit # from the folder\n",
                "  auth: # from the folder\n    type: awsv4\n    service: execute-api\n    profileName: \"{{aws.profile}}\"\n"
            )
        );
        assert_eq!(
            saved(|draft| draft.auth = AuthSpec::None),
            FILE.replace("  auth: inherit # from the folder\n", "")
        );
        assert_eq!(
            saved(|draft| draft.body = Body::None),
            FILE.replace(
                "  body:\n    type: json\n    data: |-\n      {\n        \"a\": 1\n      }\n",
                ""
            )
        );
        assert_eq!(
            saved(|draft| draft.settings.timeout_ms = Some(5000)),
            FILE.replace(
                "        test()\n",
                "        test()\n\nsettings:\n  encodeUrl: true\n  timeout: 5000\n  followRedirects: true\n  maxRedirects: 5\n  forwardAuthorizationHeader: true\n"
            )
        );
        assert_eq!(
            saved(|draft| draft
                .variables
                .push(Variable::plain("sigv4.expires", "900"))),
            FILE.replace(
                "runtime:\n",
                "runtime:\n  variables:\n    - name: sigv4.expires\n      value: \"900\"\n"
            )
        );
    }

    #[test]
    fn line_ends_and_a_missing_last_one_are_kept() {
        let crlf = FILE.replace('\n', "\r\n");
        let mut draft = read_request(&crlf).unwrap();
        assert_eq!(draft, read_request(FILE).unwrap());
        draft.docs = "a\nb".into();
        draft.headers.push(Row::new("x", "y"));
        let text = save_request(&crlf, &draft).unwrap();
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert_eq!(read_request(&text).unwrap(), draft);

        let open = "info: {name: a, type: http}\nhttp:\n  method: GET\n  url: http://h/";
        let mut draft = read_request(open).unwrap();
        draft.headers.push(Row::new("x", "y"));
        draft.name = "a, b".into();
        assert_eq!(
            save_request(open, &draft).unwrap(),
            "info: {name: \"a, b\", type: http}\nhttp:\n  method: GET\n  url: http://h/\n  headers:\n    - name: x\n      value: \"y\""
        );
    }

    #[test]
    fn flow_style_anchors_and_typed_values_are_edited() {
        let text = "info: {name: a, type: http}\nx-base: &base\n  region: eu-west-1 # ours\nhttp:\n  method: GET\n  url: http://h/\n  auth: {type: awsv4, region: r}\n  headers: [{name: a, value: b}]\nruntime:\n  variables:\n    - name: n\n      value:\n        type: number\n        data: \"25\"\n    - name: v\n      value:\n        - title: A\n          value: one\n        - title: B\n          selected: true\n          value: two\n";
        let mut draft = read_request(text).unwrap();
        assert_eq!(draft.variables[0].value, VariableValue::Plain("25".into()));
        assert_eq!(draft.variables[1].value, VariableValue::Plain("two".into()));
        draft.auth = AuthSpec::AwsSigV4(AwsAuthSpec {
            region: "{{r}}".into(),
            profile_name: "p".into(),
            ..AwsAuthSpec::default()
        });
        draft.headers.push(Row::new("c", "d, e"));
        draft.variables[0].value = VariableValue::Plain("26".into());
        draft.variables[1].value = VariableValue::Plain("three".into());
        assert_eq!(
            save_request(text, &draft).unwrap(),
            text.replace(
                "{type: awsv4, region: r}",
                "{type: awsv4, region: \"{{r}}\", profileName: p}"
            )
            .replace(
                "[{name: a, value: b}]",
                "[{name: a, value: b}, {name: c, value: \"d, e\"}]"
            )
            .replace("\"25\"", "\"26\"")
            .replace("value: two", "value: three")
        );
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        // The anchor is used twice: a change in one place would change the other.
        let text = "info: {name: a, type: http}\nhttp:\n  method: GET\n  url: http://h/\n  headers: &h # shared\n    - name: a\n      value: b\nx-copy: *h\n";
        let mut draft = read_request(text).unwrap();
        draft.headers[0].value = "c".into();
        assert!(matches!(
            save_request(text, &draft),
            Err(FormatError::CannotKeep { .. })
        ));
        let mut draft = read_request(FILE).unwrap();
        draft.body = Body::Unsupported {
            kind: "multipart-form".into(),
        };
        assert!(save_request(FILE, &draft).is_err());
    }

    #[test]
    fn unknown_kinds_stay_and_may_be_replaced() {
        let text = "info:\n  name: a\n  type: http\nhttp:\n  method: POST\n  url: http://h/\n  body:\n    type: multipart-form\n    data:\n      - name: f\n        type: file\n        value: [a.txt]\n  auth:\n    type: oauth2\n    flow: client_credentials\n";
        let mut draft = read_request(text).unwrap();
        assert_eq!(draft.body.title(), "multipart-form");
        assert_eq!(draft.auth.title(), "oauth2");
        draft.name = "b".into();
        assert_eq!(
            save_request(text, &draft).unwrap(),
            text.replace("name: a\n", "name: b\n")
        );
        draft.auth = AuthSpec::Bearer {
            token: "{{t}}".into(),
        };
        let saved = save_request(text, &draft).unwrap();
        assert!(
            saved.ends_with("  auth:\n    type: bearer\n    token: \"{{t}}\"\n"),
            "{saved}"
        );
    }

    #[test]
    fn other_protocols_and_strangers_are_told_apart() {
        assert_eq!(
            read_request("info: {name: q, type: graphql}\ngraphql: {url: x}\n"),
            Err(FormatError::OtherProtocol {
                kind: "graphql".into()
            })
        );
        assert!(matches!(
            read_request("services: {}\n"),
            Err(FormatError::Unreadable { .. })
        ));
        assert_eq!(read_request("http: {method: GET}\n").unwrap().method, "GET");
    }

    #[test]
    fn a_new_file_is_written_as_bruno_writes_it() {
        let draft = RequestDraft {
            name: "POST order".into(),
            seq: Some(2),
            method: "POST".into(),
            url: "{{base}}/orders/:id?x=1".into(),
            headers: vec![Row::new("x-api-key", "{{apiKey}}")],
            params: vec![
                Param {
                    row: Row::new("x", "1"),
                    kind: ParamKind::Query,
                },
                Param {
                    row: Row::new("id", "42"),
                    kind: ParamKind::Path,
                },
            ],
            body: Body::Json("{\n  \"a\": 1\n}".into()),
            auth: AuthSpec::ApiKey {
                key: "x-api-key".into(),
                value: "{{apiKey}}".into(),
                placement: ApiKeyPlacement::Query,
            },
            variables: vec![Variable::plain("sigv4.payload", "signed")],
            settings: RequestSettings::default(),
            docs: "# Order\nText.".into(),
        };
        assert_eq!(
            new_request(&draft).unwrap(),
            "info:
  name: POST order
  type: http
  seq: 2

http:
  method: POST
  url: \"{{base}}/orders/:id?x=1\"
  headers:
    - name: x-api-key
      value: \"{{apiKey}}\"
  params:
    - name: x
      value: \"1\"
      type: query
    - name: id
      value: \"42\"
      type: path
  body:
    type: json
    data: |-
      {
        \"a\": 1
      }
  auth:
    type: apikey
    key: x-api-key
    value: \"{{apiKey}}\"
    placement: query

runtime:
  variables:
    - name: sigv4.payload
      value: signed

settings:
  encodeUrl: true
  timeout: 0
  followRedirects: true
  maxRedirects: 5
  forwardAuthorizationHeader: true

docs: |-
  # Order
  Text.
"
        );
    }
}
