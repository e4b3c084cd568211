//! The parts that the files share: texts, rows, variables, auth, defaults.
//!
//! For each there is a reader, a writer of a new one, and a comparer that says what has to change
//! in the file when the model went from `was` to `now`.

use super::FormatError;
use super::change::{Change, ItemChange, KeyChange, MapChange};
use super::node::Node;
use crate::collection::{
    ApiKeyPlacement, AuthSpec, AwsAuthSpec, Defaults, Param, ParamKind, Row, Variable,
    VariableValue,
};

pub(super) const ROW: &[&str] = &["name", "value", "type", "description", "disabled"];
const VARIABLE: &[&str] = &["secret", "name", "value", "type", "description", "disabled"];
const AUTH: &[&str] = &[
    "type",
    "accessKeyId",
    "secretAccessKey",
    "sessionToken",
    "service",
    "region",
    "profileName",
    "username",
    "password",
    "token",
    "key",
    "value",
    "placement",
];
const DEFAULTS: &[&str] = &[
    "headers",
    "auth",
    "variables",
    "scripts",
    "settings",
    "actions",
];
const DOCUMENTATION: &[&str] = &["content", "type"];

// ── texts ──

/// A text that may also stand as a number, as `{type, data}`, as `{content, type}` or as a list
/// of variants.
pub(super) fn read_text(node: Option<&Node>) -> String {
    match node {
        None => String::new(),
        Some(Node::List(variants)) => {
            chosen(variants).map_or_else(String::new, |(_, v)| read_text(v.get("value")))
        }
        Some(map @ Node::Map(_)) => read_text(map.get("data").or_else(|| map.get("content"))),
        Some(scalar) => scalar.scalar().unwrap_or_default().to_owned(),
    }
}

/// The chosen one of some variants, else the first.
pub(super) fn chosen(variants: &[Node]) -> Option<(usize, &Node)> {
    let selected = |variant: &Node| variant.get("selected").is_some_and(Node::is_true);
    variants
        .iter()
        .enumerate()
        .find(|(_, variant)| selected(variant))
        .or_else(|| variants.first().map(|first| (0, first)))
}

/// Sets a text where [`read_text`] found it.
pub(super) fn set_text(old: Option<&Node>, text: &str) -> Change {
    match old {
        Some(Node::List(variants)) => match chosen(variants) {
            Some((index, variant)) => {
                let mut map = MapChange::new(&["title", "selected", "value"]);
                map.put("value", set_text(variant.get("value"), text));
                change_item(variants.len(), index, &Change::Map(map))
            }
            None => Change::Set(Node::text(text)),
        },
        Some(map @ Node::Map(_)) => {
            let key = if map.get("data").is_some() {
                "data"
            } else {
                "content"
            };
            let mut change = MapChange::new(DOCUMENTATION);
            change.set(key, Node::text(text));
            Change::Map(change)
        }
        _ => Change::Set(Node::text(text)),
    }
}

/// A list in which one entry changes.
pub(super) fn change_item(length: usize, index: usize, change: &Change) -> Change {
    Change::List(
        (0..length)
            .map(|at| {
                let change = if at == index {
                    change.clone()
                } else {
                    Change::Keep
                };
                ItemChange::Old(at, change)
            })
            .collect(),
    )
}

/// Notes the change of a text; an empty one takes its key away.
pub(super) fn optional_text(
    map: &mut MapChange,
    old: Option<&Node>,
    key: &'static str,
    was: &str,
    now: &str,
) {
    if was == now {
        return;
    }
    if now.is_empty() {
        map.remove(old, key);
    } else {
        map.put(key, set_text(old.and_then(|old| old.get(key)), now));
    }
}

/// Notes the change of a text that stands there even when it is empty.
pub(super) fn required_text(
    map: &mut MapChange,
    old: Option<&Node>,
    key: &'static str,
    was: &str,
    now: &str,
) {
    if was != now {
        map.put(key, set_text(old.and_then(|old| old.get(key)), now));
    }
}

/// `info.seq` and other small numbers.
pub(super) fn read_number(node: Option<&Node>) -> Option<u64> {
    let text = node?.scalar()?;
    text.parse::<u64>()
        .ok()
        .or_else(|| text.strip_suffix(".0")?.parse().ok())
}

pub(super) fn read_seq(info: Option<&Node>) -> Option<u32> {
    read_number(info?.get("seq")).and_then(|seq| u32::try_from(seq).ok())
}

pub(super) fn change_seq(
    map: &mut MapChange,
    old: Option<&Node>,
    was: Option<u32>,
    now: Option<u32>,
) {
    if was != now {
        match now {
            Some(seq) => map.set("seq", Node::plain(seq)),
            None => map.remove(old, "seq"),
        }
    }
}

// ── lists ──

/// The readable entries of a list with their place in the file.
pub(super) struct Listed<T> {
    pub(super) values: Vec<T>,
    indices: Vec<usize>,
    /// What stands there is no list at all.
    alien: bool,
}

pub(super) fn read_list<T>(node: Option<&Node>, read: impl Fn(&Node) -> T) -> Listed<T> {
    let mut listed = Listed {
        values: Vec::new(),
        indices: Vec::new(),
        alien: !matches!(node, None | Some(Node::Null | Node::List(_))),
    };
    for (index, item) in node.map(Node::items).unwrap_or_default().iter().enumerate() {
        if matches!(item, Node::Map(_)) {
            listed.values.push(read(item));
            listed.indices.push(index);
        }
    }
    listed
}

/// What has to happen to a list: entries that stay keep their lines, wherever they move.
pub(super) fn change_list<T: PartialEq>(
    map: &mut MapChange,
    old: Option<&Node>,
    key: &'static str,
    was: &Listed<T>,
    now: &[T],
    form: &ListForm<'_, T>,
) -> Result<(), FormatError> {
    if was.values == now {
        return Ok(());
    }
    if was.alien {
        return Err(FormatError::cannot_keep(format!("`{key}`")));
    }
    let old_list = old.and_then(|old| old.get(key));
    let length = old_list.map_or(0, |list| list.items().len());
    let unreadable: Vec<usize> = (0..length).filter(|at| !was.indices.contains(at)).collect();
    if now.is_empty() && unreadable.is_empty() {
        map.remove(old, key);
        return Ok(());
    }
    if length == 0 {
        map.set(key, Node::List(now.iter().map(form.write).collect()));
        return Ok(());
    }
    let pairs = align(&was.values, now, form.name);
    let mut items = Vec::new();
    for (value, pair) in now.iter().zip(pairs) {
        let paired = pair.and_then(|pair| {
            let index = *was.indices.get(pair)?;
            Some((index, old_list?.items().get(index)?, was.values.get(pair)?))
        });
        items.push(match paired {
            Some((index, node, before)) => {
                let change = match (form.change)(node, before, value).into_change(Some(node)) {
                    KeyChange::Change(change) => change,
                    KeyChange::Remove => Change::Set(Node::Map(Vec::new())),
                };
                ItemChange::Old(index, change)
            }
            None => ItemChange::New((form.write)(value)),
        });
    }
    // What could not be read stays behind the entry that it followed.
    for index in unreadable {
        let place = items
            .iter()
            .rposition(|item| matches!(item, ItemChange::Old(before, _) if *before < index))
            .map_or(0, |before| before + 1);
        items.insert(place, ItemChange::Old(index, Change::Keep));
    }
    map.put(key, Change::List(items));
    Ok(())
}

/// How the entries of a list are written and compared.
pub(super) struct ListForm<'a, T> {
    pub(super) name: fn(&T) -> &str,
    pub(super) write: fn(&T) -> Node,
    pub(super) change: &'a dyn Fn(&Node, &T, &T) -> MapChange,
}

/// Which old entry each new one comes from: the same one, else one of the same name, else the
/// one in its place.
fn align<T: PartialEq>(was: &[T], now: &[T], name: fn(&T) -> &str) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; now.len()];
    let mut free: Vec<bool> = vec![true; was.len()];
    let mut pair_by = |fits: &dyn Fn(usize, &T, usize, &T) -> bool| {
        for (at, value) in now.iter().enumerate() {
            let Some(slot) = pairs.get_mut(at).filter(|slot| slot.is_none()) else {
                continue;
            };
            let found = was
                .iter()
                .enumerate()
                .find(|(from, old)| {
                    free.get(*from).is_some_and(|free| *free) && fits(*from, old, at, value)
                })
                .map(|(from, _)| from);
            if let Some(from) = found {
                *slot = Some(from);
                if let Some(free) = free.get_mut(from) {
                    *free = false;
                }
            }
        }
    };
    pair_by(&|from, old, at, new| from == at && old == new);
    pair_by(&|_, old, _, new| old == new);
    pair_by(&|_, old, _, new| name(old) == name(new));
    pair_by(&|from, _, at, _| from == at);
    pairs
}

// ── rows ──

pub(super) fn read_row(node: &Node) -> Row {
    Row {
        name: read_text(node.get("name")),
        value: read_text(node.get("value")),
        description: read_text(node.get("description")),
        enabled: is_enabled(node),
    }
}

fn is_enabled(node: &Node) -> bool {
    !node.get("disabled").is_some_and(Node::is_true)
        && !node
            .get("enabled")
            .and_then(Node::scalar)
            .is_some_and(|text| text.eq_ignore_ascii_case("false"))
}

fn change_enabled(map: &mut MapChange, old: &Node, was: bool, now: bool) {
    if was == now {
        return;
    }
    if now {
        map.remove(Some(old), "disabled");
        map.remove(Some(old), "enabled");
    } else {
        map.set("disabled", Node::plain(true));
    }
}

pub(super) fn write_row(row: &Row) -> Node {
    let mut entries = vec![
        ("name".to_owned(), Node::text(&row.name)),
        ("value".to_owned(), Node::text(&row.value)),
    ];
    push_notes(&mut entries, &row.description, row.enabled);
    Node::Map(entries)
}

fn push_notes(entries: &mut Vec<(String, Node)>, description: &str, enabled: bool) {
    if !description.is_empty() {
        entries.push(("description".to_owned(), Node::text(description)));
    }
    if !enabled {
        entries.push(("disabled".to_owned(), Node::plain(true)));
    }
}

pub(super) fn change_row(old: &Node, was: &Row, now: &Row) -> MapChange {
    let mut map = MapChange::new(ROW);
    required_text(&mut map, Some(old), "name", &was.name, &now.name);
    required_text(&mut map, Some(old), "value", &was.value, &now.value);
    optional_text(
        &mut map,
        Some(old),
        "description",
        &was.description,
        &now.description,
    );
    change_enabled(&mut map, old, was.enabled, now.enabled);
    map
}

pub(super) fn change_rows(
    map: &mut MapChange,
    old: Option<&Node>,
    key: &'static str,
    now: &[Row],
) -> Result<(), FormatError> {
    let was = read_list(old.and_then(|old| old.get(key)), read_row);
    let form = ListForm {
        name: |row: &Row| row.name.as_str(),
        write: write_row,
        change: &change_row,
    };
    change_list(map, old, key, &was, now, &form)
}

pub(super) fn read_param(node: &Node) -> Param {
    Param {
        row: read_row(node),
        kind: match node.get("type").and_then(Node::scalar) {
            Some("path") => ParamKind::Path,
            _ => ParamKind::Query,
        },
    }
}

pub(super) fn write_param(param: &Param) -> Node {
    let mut entries = vec![
        ("name".to_owned(), Node::text(&param.row.name)),
        ("value".to_owned(), Node::text(&param.row.value)),
        ("type".to_owned(), Node::text(param_kind(param.kind))),
    ];
    push_notes(&mut entries, &param.row.description, param.row.enabled);
    Node::Map(entries)
}

fn param_kind(kind: ParamKind) -> &'static str {
    match kind {
        ParamKind::Query => "query",
        ParamKind::Path => "path",
    }
}

pub(super) fn change_param(old: &Node, was: &Param, now: &Param) -> MapChange {
    let mut map = change_row(old, &was.row, &now.row);
    if was.kind != now.kind {
        map.set("type", Node::text(param_kind(now.kind)));
    }
    map
}

// ── variables ──

pub(super) fn read_variable(node: &Node) -> Variable {
    let secret = node.get("secret").is_some_and(Node::is_true);
    Variable {
        name: read_text(node.get("name")),
        value: if secret {
            VariableValue::Secret
        } else {
            VariableValue::Plain(read_text(node.get("value")))
        },
        description: read_text(node.get("description")),
        enabled: is_enabled(node),
    }
}

pub(super) fn write_variable(variable: &Variable) -> Node {
    let mut entries = Vec::new();
    match &variable.value {
        VariableValue::Plain(value) => {
            entries.push(("name".to_owned(), Node::text(&variable.name)));
            entries.push(("value".to_owned(), Node::text(value)));
        }
        VariableValue::Secret => {
            entries.push(("secret".to_owned(), Node::plain(true)));
            entries.push(("name".to_owned(), Node::text(&variable.name)));
        }
    }
    push_notes(&mut entries, &variable.description, variable.enabled);
    Node::Map(entries)
}

fn change_variable(old: &Node, was: &Variable, now: &Variable) -> MapChange {
    let mut map = MapChange::new(VARIABLE);
    required_text(&mut map, Some(old), "name", &was.name, &now.name);
    match (&was.value, &now.value) {
        (VariableValue::Plain(was), VariableValue::Plain(now)) => {
            required_text(&mut map, Some(old), "value", was, now);
        }
        (VariableValue::Secret, VariableValue::Secret) => {}
        (VariableValue::Plain(_), VariableValue::Secret) => {
            map.set("secret", Node::plain(true));
            map.remove(Some(old), "value");
        }
        (VariableValue::Secret, VariableValue::Plain(value)) => {
            map.remove(Some(old), "secret");
            map.remove(Some(old), "type");
            map.set("value", Node::text(value));
        }
    }
    optional_text(
        &mut map,
        Some(old),
        "description",
        &was.description,
        &now.description,
    );
    change_enabled(&mut map, old, was.enabled, now.enabled);
    map
}

pub(super) fn read_variables(node: Option<&Node>) -> Vec<Variable> {
    read_list(node, read_variable).values
}

pub(super) fn change_variables(
    map: &mut MapChange,
    old: Option<&Node>,
    now: &[Variable],
) -> Result<(), FormatError> {
    let was = read_list(old.and_then(|old| old.get("variables")), read_variable);
    let form = ListForm {
        name: |variable: &Variable| variable.name.as_str(),
        write: write_variable,
        change: &change_variable,
    };
    change_list(map, old, "variables", &was, now, &form)
}

// ── auth ──

/// Reads an `auth`; `missing` is what its absence means.
pub(super) fn read_auth(node: Option<&Node>, missing: AuthSpec) -> AuthSpec {
    let Some(node) = node else { return missing };
    let kind = match node {
        Node::Map(_) => read_text(node.get("type").or_else(|| node.get("mode"))),
        Node::Null => return missing,
        Node::Text(kind) | Node::Plain(kind) => kind.clone(),
        Node::List(_) => {
            return AuthSpec::Unsupported {
                kind: "list".to_owned(),
            };
        }
    };
    let text = |key: &str| read_text(node.get(key));
    match kind.as_str() {
        "inherit" => AuthSpec::Inherit,
        "none" => AuthSpec::None,
        "awsv4" => AuthSpec::AwsSigV4(AwsAuthSpec {
            profile_name: text("profileName"),
            region: text("region"),
            service: text("service"),
            access_key_id: text("accessKeyId"),
            secret_access_key: text("secretAccessKey"),
            session_token: text("sessionToken"),
        }),
        "apikey" => AuthSpec::ApiKey {
            key: text("key"),
            value: text("value"),
            placement: match text("placement").as_str() {
                "query" | "queryparams" => ApiKeyPlacement::Query,
                _ => ApiKeyPlacement::Header,
            },
        },
        "basic" => AuthSpec::Basic {
            username: text("username"),
            password: text("password"),
        },
        "bearer" => AuthSpec::Bearer {
            token: text("token"),
        },
        _ => AuthSpec::Unsupported { kind },
    }
}

/// The file's keys of an auth and their texts.
fn auth_fields(auth: &AuthSpec) -> Option<(&'static str, Vec<(&'static str, &str)>)> {
    Some(match auth {
        AuthSpec::AwsSigV4(aws) => (
            "awsv4",
            vec![
                ("accessKeyId", aws.access_key_id.as_str()),
                ("secretAccessKey", aws.secret_access_key.as_str()),
                ("sessionToken", aws.session_token.as_str()),
                ("service", aws.service.as_str()),
                ("region", aws.region.as_str()),
                ("profileName", aws.profile_name.as_str()),
            ],
        ),
        AuthSpec::ApiKey {
            key,
            value,
            placement,
        } => (
            "apikey",
            vec![
                ("key", key.as_str()),
                ("value", value.as_str()),
                (
                    "placement",
                    match placement {
                        ApiKeyPlacement::Header => "header",
                        ApiKeyPlacement::Query => "query",
                    },
                ),
            ],
        ),
        AuthSpec::Basic { username, password } => (
            "basic",
            vec![
                ("username", username.as_str()),
                ("password", password.as_str()),
            ],
        ),
        AuthSpec::Bearer { token } => ("bearer", vec![("token", token.as_str())]),
        AuthSpec::Inherit | AuthSpec::None | AuthSpec::Unsupported { .. } => return None,
    })
}

/// An auth as it stands in a new file; `None` where the key is left out.
fn write_auth(auth: &AuthSpec, missing: &AuthSpec) -> Option<Node> {
    if auth == missing {
        return None;
    }
    let Some((kind, fields)) = auth_fields(auth) else {
        return match auth {
            AuthSpec::Inherit => Some(Node::text("inherit")),
            // The format has no word for it; `type: none` is what its readers take it for.
            AuthSpec::None => Some(Node::Map(vec![("type".to_owned(), Node::text("none"))])),
            _ => None,
        };
    };
    let mut entries = vec![("type".to_owned(), Node::text(kind))];
    entries.extend(
        fields
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(key, text)| (key.to_owned(), Node::text(text))),
    );
    Some(Node::Map(entries))
}

pub(super) fn change_auth(
    map: &mut MapChange,
    old: Option<&Node>,
    missing: &AuthSpec,
    now: &AuthSpec,
) -> Result<(), FormatError> {
    let node = old.and_then(|old| old.get("auth"));
    let was = read_auth(node, missing.clone());
    if was == *now {
        return Ok(());
    }
    if let AuthSpec::Unsupported { kind } = now {
        return Err(FormatError::cannot_keep(format!("auth of type `{kind}`")));
    }
    if let (Some((old_kind, old_fields)), Some((kind, fields)), Some(Node::Map(_))) =
        (auth_fields(&was), auth_fields(now), node)
        && old_kind == kind
    {
        let mut part = MapChange::new(AUTH);
        for ((key, was), (_, now)) in old_fields.into_iter().zip(fields) {
            optional_text(&mut part, node, key, was, now);
        }
        map.put_part(old, "auth", part);
        return Ok(());
    }
    match write_auth(now, missing) {
        Some(auth) => map.set("auth", auth),
        None => map.remove(old, "auth"),
    }
    Ok(())
}

// ── defaults ──

/// What folders and the root hand down: the map `request`.
pub(super) fn read_defaults(node: Option<&Node>) -> Defaults {
    Defaults {
        headers: read_list(node.and_then(|node| node.get("headers")), read_row).values,
        auth: read_auth(node.and_then(|node| node.get("auth")), AuthSpec::Inherit),
        variables: read_variables(node.and_then(|node| node.get("variables"))),
        damage: None,
    }
}

pub(super) fn change_defaults(
    map: &mut MapChange,
    old: Option<&Node>,
    now: &Defaults,
) -> Result<(), FormatError> {
    let node = old.and_then(|old| old.get("request"));
    let mut part = MapChange::new(DEFAULTS);
    change_rows(&mut part, node, "headers", &now.headers)?;
    change_auth(&mut part, node, &AuthSpec::Inherit, &now.auth)?;
    change_variables(&mut part, node, &now.variables)?;
    map.put_part(old, "request", part);
    Ok(())
}

/// Documentation of folders and the root: a text or `{content, type}`, written as the latter.
pub(super) fn change_documentation(map: &mut MapChange, old: Option<&Node>, now: &str) {
    let node = old.and_then(|old| old.get("docs"));
    if read_text(node) == now {
        return;
    }
    if now.is_empty() {
        map.remove(old, "docs");
    } else if matches!(node, None | Some(Node::Null)) {
        map.set(
            "docs",
            Node::Map(vec![
                ("content".to_owned(), Node::text(now)),
                ("type".to_owned(), Node::text("text/markdown")),
            ]),
        );
    } else {
        map.put("docs", set_text(node, now));
    }
}
