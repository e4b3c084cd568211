//! The tree of a collection.

use std::fmt;

use super::{AuthSpec, Environment, RequestDraft, Row, SecretRef, Variable, VariableValue};
use crate::template::{Origin, Scope, Value, VariableSet};

/// A file or folder of a collection, by its path below the collection's folder, `/` between the
/// parts. It names the item as long as the file is not renamed or moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemPath(pub String);

impl ItemPath {
    /// The folder that holds it; the collection's root is the empty path.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(
            self.0
                .rsplit_once('/')
                .map_or_else(String::new, |(parent, _)| parent.to_owned()),
        )
    }

    /// The item of a name in this folder.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        if self.0.is_empty() {
            Self(name.to_owned())
        } else {
            Self(format!("{}/{name}", self.0))
        }
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is this item or lies below it.
    pub fn is_within(&self, folder: &Self) -> bool {
        folder.0.is_empty()
            || self == folder
            || self
                .0
                .strip_prefix(&folder.0)
                .is_some_and(|rest| rest.starts_with('/'))
    }
}

impl fmt::Display for ItemPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a folder or the collection hands down to the requests below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Headers added to every request.
    pub headers: Vec<Row>,
    /// The auth that `inherit` means.
    pub auth: AuthSpec,
    /// Variables.
    pub variables: Vec<Variable>,
    /// Why they could not be read, if they could not: no request below may go out as if there
    /// were none.
    pub damage: Option<Damage>,
}

/// A file that could not be read: shown as damaged, never overwritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub path: ItemPath,
    /// The line, from 1, if known.
    pub line: Option<usize>,
    /// What is wrong, in words.
    pub reason: String,
}

/// A request and its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFile {
    /// The file.
    pub path: ItemPath,
    /// What it says.
    pub draft: RequestDraft,
}

/// A folder of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// The folder.
    pub path: ItemPath,
    /// Its name in the tree.
    pub name: String,
    /// Place among its neighbours.
    pub seq: Option<u32>,
    /// What it hands down.
    pub defaults: Defaults,
    /// Documentation in Markdown.
    pub docs: String,
    /// What lies in it, in the tree's order.
    pub items: Vec<Item>,
}

/// A thing in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A folder.
    Folder(Box<Folder>),
    /// A request.
    Request(Box<RequestFile>),
    /// A file that could not be read.
    Damaged(Damage),
}

impl Item {
    /// Its file or folder.
    pub fn path(&self) -> &ItemPath {
        match self {
            Self::Folder(folder) => &folder.path,
            Self::Request(request) => &request.path,
            Self::Damaged(damage) => &damage.path,
        }
    }

    /// Its name in the tree.
    pub fn name(&self) -> &str {
        match self {
            Self::Folder(folder) => &folder.name,
            Self::Request(request) => &request.draft.name,
            Self::Damaged(damage) => damage.path.file_name(),
        }
    }

    fn seq(&self) -> Option<u32> {
        match self {
            Self::Folder(folder) => folder.seq,
            Self::Request(request) => request.draft.seq,
            Self::Damaged(_) => None,
        }
    }

    /// The tree's order: folders first, then by `seq`, then by name.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |item: &Self| {
            (
                !matches!(item, Self::Folder(_)),
                item.seq().unwrap_or(u32::MAX),
                item.name().to_lowercase(),
                item.path().clone(),
            )
        };
        key(self).cmp(&key(other))
    }
}

/// A collection as its folder holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    /// The committed id under which secrets are kept (`countersign.toml`).
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it hands down to every request.
    pub defaults: Defaults,
    /// Documentation in Markdown.
    pub docs: String,
    /// The tree.
    pub items: Vec<Item>,
    /// The environments, by name.
    pub environments: Vec<Environment>,
    /// Files outside the tree that could not be read (environments, the root).
    pub damages: Vec<Damage>,
}

/// What a request gets from where it stands: everything but the request itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// The id under which the collection's secrets are kept.
    pub collection_id: String,
    /// Headers of collection and folders, outermost first, each with where it stands.
    pub headers: Vec<(Row, Origin)>,
    /// The auth that `inherit` means here, and where it stands.
    pub auth: (AuthSpec, Origin),
    /// What could not be read above: the request cannot be resolved then.
    pub damage: Option<Damage>,
    /// The variables; the request's own scope is not among them, see
    /// [`RequestContext::variables_for`].
    pub scopes: Vec<Scope>,
}

impl RequestContext {
    /// All variables that a draft sees here, nearest first. `runtime` wins over all.
    pub fn variables_for(&self, draft: &RequestDraft, runtime: &[(String, String)]) -> VariableSet {
        let mut scopes = vec![
            Scope {
                origin: Origin::Runtime,
                variables: runtime
                    .iter()
                    .map(|(n, v)| (n.clone(), Value::Plain(v.clone())))
                    .collect(),
            },
            scope(Origin::Request, &draft.variables),
        ];
        scopes.extend(self.scopes.iter().cloned());
        VariableSet::new(scopes)
    }

    /// The auth that counts for a draft, and where it stands.
    pub fn auth_for<'a>(&'a self, draft: &'a RequestDraft) -> (&'a AuthSpec, Origin) {
        match &draft.auth {
            AuthSpec::Inherit => (&self.auth.0, self.auth.1.clone()),
            own => (own, Origin::Request),
        }
    }

    /// Where the value of a secret variable of this origin lies.
    pub fn secret_ref(&self, origin: &Origin, variable: &str) -> SecretRef {
        SecretRef {
            collection_id: self.collection_id.clone(),
            environment: match origin {
                Origin::Environment(name) => name.clone(),
                Origin::Runtime | Origin::Request | Origin::Folder(_) | Origin::Collection => {
                    String::new()
                }
            },
            variable: variable.to_owned(),
        }
    }
}

fn scope(origin: Origin, variables: &[Variable]) -> Scope {
    let variables = variables
        .iter()
        .filter(|variable| variable.enabled)
        .map(|variable| {
            let value = match &variable.value {
                VariableValue::Plain(text) => Value::Plain(text.clone()),
                VariableValue::Secret => Value::SecretNotAtHand,
            };
            (variable.name.clone(), value)
        })
        .collect();
    Scope { origin, variables }
}

impl Collection {
    /// The environment of a name.
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments
            .iter()
            .find(|environment| environment.name == name)
    }

    /// The item at a path.
    pub fn item(&self, path: &ItemPath) -> Option<&Item> {
        fn find<'a>(items: &'a [Item], path: &ItemPath) -> Option<&'a Item> {
            items.iter().find_map(|item| {
                if item.path() == path {
                    return Some(item);
                }
                match item {
                    Item::Folder(folder) if path.is_within(&folder.path) => {
                        find(&folder.items, path)
                    }
                    Item::Folder(_) | Item::Request(_) | Item::Damaged(_) => None,
                }
            })
        }
        find(&self.items, path)
    }

    /// The request at a path.
    pub fn request(&self, path: &ItemPath) -> Option<&RequestDraft> {
        match self.item(path)? {
            Item::Request(request) => Some(&request.draft),
            Item::Folder(_) | Item::Damaged(_) => None,
        }
    }

    /// The folders above a path, outermost first.
    fn folders_above(&self, path: &ItemPath) -> Vec<&Folder> {
        let mut found = Vec::new();
        let mut items = &self.items;
        while let Some(folder) = items.iter().find_map(|item| match item {
            Item::Folder(folder) if path.is_within(&folder.path) && folder.path != *path => {
                Some(folder)
            }
            Item::Folder(_) | Item::Request(_) | Item::Damaged(_) => None,
        }) {
            found.push(&**folder);
            items = &folder.items;
        }
        found
    }

    /// What the request at a path (or a new one beside it) inherits, with the chosen environment.
    pub fn context_of(&self, path: &ItemPath, environment: Option<&str>) -> RequestContext {
        let folders = self.folders_above(path);
        let mut headers: Vec<(Row, Origin)> = self
            .defaults
            .headers
            .iter()
            .map(|row| (row.clone(), Origin::Collection))
            .collect();
        let mut auth = (self.defaults.auth.clone(), Origin::Collection);
        let mut damage = self.defaults.damage.clone();
        let mut scopes = Vec::new();
        for folder in &folders {
            let origin = Origin::Folder(folder.name.clone());
            damage = damage.or_else(|| folder.defaults.damage.clone());
            headers.extend(
                folder
                    .defaults
                    .headers
                    .iter()
                    .map(|row| (row.clone(), origin.clone())),
            );
            if folder.defaults.auth != AuthSpec::Inherit {
                auth = (folder.defaults.auth.clone(), origin);
            }
        }
        for folder in folders.iter().rev() {
            scopes.push(scope(
                Origin::Folder(folder.name.clone()),
                &folder.defaults.variables,
            ));
        }
        if let Some(environment) = environment.and_then(|name| self.environment(name)) {
            scopes.push(scope(
                Origin::Environment(environment.name.clone()),
                &environment.variables,
            ));
        }
        scopes.push(scope(Origin::Collection, &self.defaults.variables));
        if auth.0 == AuthSpec::Inherit {
            auth.0 = AuthSpec::None;
        }
        RequestContext {
            collection_id: self.id.clone(),
            headers,
            auth,
            damage,
            scopes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Reveal;

    fn collection() -> Collection {
        let request = Item::Request(Box::new(RequestFile {
            path: ItemPath("a/b/get.yml".into()),
            draft: RequestDraft {
                variables: vec![Variable::plain("v", "request")],
                ..RequestDraft::new("get")
            },
        }));
        let inner = Folder {
            path: ItemPath("a/b".into()),
            name: "b".into(),
            defaults: Defaults {
                variables: vec![Variable::plain("v", "inner"), Variable::plain("w", "inner")],
                ..Defaults::default()
            },
            items: vec![request],
            ..Folder::default()
        };
        let outer = Folder {
            path: ItemPath("a".into()),
            name: "a".into(),
            defaults: Defaults {
                auth: AuthSpec::Bearer {
                    token: "{{t}}".into(),
                },
                headers: vec![Row::new("x-a", "1")],
                variables: vec![Variable::plain("w", "outer"), Variable::plain("x", "outer")],
                ..Defaults::default()
            },
            items: vec![Item::Folder(Box::new(inner))],
            ..Folder::default()
        };
        Collection {
            id: "c".into(),
            defaults: Defaults {
                variables: vec![
                    Variable::plain("y", "collection"),
                    Variable::plain("z", "collection"),
                ],
                ..Defaults::default()
            },
            items: vec![Item::Folder(Box::new(outer))],
            environments: vec![Environment {
                name: "dev".into(),
                variables: vec![
                    Variable::plain("x", "environment"),
                    Variable::plain("y", "environment"),
                    Variable::secret("s"),
                ],
            }],
            ..Collection::default()
        }
    }

    #[test]
    fn precedence_is_that_of_bruno() {
        let collection = collection();
        let path = ItemPath("a/b/get.yml".into());
        let draft = collection.request(&path).unwrap();
        let context = collection.context_of(&path, Some("dev"));
        let set = context.variables_for(draft, &[]);
        let all = set
            .render("{{v}} {{w}} {{x}} {{y}} {{z}}", Reveal::Secrets)
            .unwrap();
        assert_eq!(all.text, "request inner outer environment collection");
        let set = context.variables_for(draft, &[("v".into(), "run".into())]);
        assert_eq!(set.render("{{v}}", Reveal::Secrets).unwrap().text, "run");
    }

    #[test]
    fn auth_and_headers_are_inherited_with_their_origin() {
        let collection = collection();
        let path = ItemPath("a/b/get.yml".into());
        let context = collection.context_of(&path, None);
        let draft = collection.request(&path).unwrap();
        assert_eq!(context.auth_for(draft).1, Origin::Folder("a".into()));
        assert_eq!(
            context.headers,
            vec![(Row::new("x-a", "1"), Origin::Folder("a".into()))]
        );
        assert_eq!(
            context
                .secret_ref(&Origin::Environment("dev".into()), "s")
                .environment,
            "dev"
        );
    }

    #[test]
    fn a_folder_with_a_longer_name_is_not_within() {
        assert!(!ItemPath("ab/c".into()).is_within(&ItemPath("a".into())));
        assert!(ItemPath("a/c".into()).is_within(&ItemPath("a".into())));
        assert_eq!(ItemPath("a/c".into()).parent(), ItemPath("a".into()));
    }
}
