//! `folder.yml` and `opencollection.yml`.

use super::FormatError;
use super::change::{Change, MapChange, apply};
use super::edit::edit;
use super::emit;
use super::node::{Node, parse};
use super::parts::{
    change_defaults, change_documentation, change_seq, read_defaults, read_seq, read_text,
    required_text,
};
use crate::collection::Defaults;

const FOLDER: &[&str] = &["info", "request", "docs"];
const FOLDER_INFO: &[&str] = &["name", "type", "seq", "tags", "description"];
const ROOT: &[&str] = &[
    "opencollection",
    "info",
    "config",
    "items",
    "request",
    "docs",
    "bundled",
    "extensions",
];
const ROOT_INFO: &[&str] = &["name", "summary", "version", "authors"];

/// What a `folder.yml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderFile {
    /// The folder's name in the tree; empty where the file gives none.
    pub name: String,
    /// Place among its neighbours.
    pub seq: Option<u32>,
    /// What it hands down.
    pub defaults: Defaults,
    /// Documentation in Markdown.
    pub docs: String,
}

/// What an `opencollection.yml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RootFile {
    /// The collection's name.
    pub name: String,
    /// What it hands down.
    pub defaults: Defaults,
    /// Documentation in Markdown.
    pub docs: String,
    /// Whether requests stand in the file itself; those are not read.
    pub bundled: bool,
}

/// Reads a `folder.yml`.
pub fn read_folder(text: &str) -> Result<FolderFile, FormatError> {
    Ok(folder_of(&parse(text)?))
}

/// The text of a `folder.yml` after an edit: what did not change stays byte for byte.
pub fn save_folder(text: &str, now: &FolderFile) -> Result<String, FormatError> {
    let root = parse(text)?;
    let was = folder_of(&root);
    if was == *now {
        return Ok(text.to_owned());
    }
    let edited = edit(
        text,
        &Change::Map(folder_change(&root, &was, now)?),
        "the folder",
    )?;
    checked_folder(edited, now)
}

/// The text of a new `folder.yml`.
pub fn new_folder(now: &FolderFile) -> Result<String, FormatError> {
    let root = Node::Map(vec![(
        "info".to_owned(),
        Node::Map(vec![
            ("name".to_owned(), Node::text("")),
            ("type".to_owned(), Node::text("folder")),
        ]),
    )]);
    let was = folder_of(&root);
    let filled = apply(&root, &Change::Map(folder_change(&root, &was, now)?));
    checked_folder(emit::document(&filled), now)
}

fn checked_folder(text: String, meant: &FolderFile) -> Result<String, FormatError> {
    if read_folder(&text)? == *meant {
        Ok(text)
    } else {
        Err(FormatError::cannot_keep("the folder"))
    }
}

fn folder_of(root: &Node) -> FolderFile {
    let info = root.get("info");
    FolderFile {
        name: read_text(info.and_then(|info| info.get("name"))),
        seq: read_seq(info),
        defaults: read_defaults(root.get("request")),
        docs: read_text(root.get("docs")),
    }
}

fn folder_change(
    root: &Node,
    was: &FolderFile,
    now: &FolderFile,
) -> Result<MapChange, FormatError> {
    let mut file = MapChange::new(FOLDER);
    let mut info = MapChange::new(FOLDER_INFO);
    let old = root.get("info");
    required_text(&mut info, old, "name", &was.name, &now.name);
    change_seq(&mut info, old, was.seq, now.seq);
    file.put_part(Some(root), "info", info);
    change_defaults(&mut file, Some(root), &now.defaults)?;
    change_documentation(&mut file, Some(root), &now.docs);
    Ok(file)
}

/// Reads an `opencollection.yml`.
pub fn read_root(text: &str) -> Result<RootFile, FormatError> {
    Ok(root_of(&parse(text)?))
}

/// The text of an `opencollection.yml` after an edit: what did not change stays byte for byte.
/// [`RootFile::bundled`] is told, never changed.
pub fn save_root(text: &str, now: &RootFile) -> Result<String, FormatError> {
    let root = parse(text)?;
    let was = root_of(&root);
    let meant = RootFile {
        bundled: was.bundled,
        ..now.clone()
    };
    if was == meant {
        return Ok(text.to_owned());
    }
    let change = Change::Map(root_change(&root, &was, &meant)?);
    let edited = edit(text, &change, "the collection's `opencollection.yml`")?;
    checked_root(edited, &meant)
}

/// The text of a new `opencollection.yml`.
pub fn new_root(now: &RootFile) -> Result<String, FormatError> {
    let root = Node::Map(vec![
        ("opencollection".to_owned(), Node::text("1.0.0")),
        (
            "info".to_owned(),
            Node::Map(vec![("name".to_owned(), Node::text(""))]),
        ),
        ("bundled".to_owned(), Node::plain(false)),
    ]);
    let was = root_of(&root);
    let filled = apply(&root, &Change::Map(root_change(&root, &was, now)?));
    let meant = RootFile {
        bundled: false,
        ..now.clone()
    };
    checked_root(emit::document(&filled), &meant)
}

fn checked_root(text: String, meant: &RootFile) -> Result<String, FormatError> {
    if read_root(&text)? == *meant {
        Ok(text)
    } else {
        Err(FormatError::cannot_keep(
            "the collection's `opencollection.yml`",
        ))
    }
}

fn root_of(root: &Node) -> RootFile {
    RootFile {
        name: read_text(root.get("info").and_then(|info| info.get("name"))),
        defaults: read_defaults(root.get("request")),
        docs: read_text(root.get("docs")),
        bundled: root
            .get("items")
            .is_some_and(|items| !items.items().is_empty()),
    }
}

fn root_change(root: &Node, was: &RootFile, now: &RootFile) -> Result<MapChange, FormatError> {
    let mut file = MapChange::new(ROOT);
    let mut info = MapChange::new(ROOT_INFO);
    required_text(&mut info, root.get("info"), "name", &was.name, &now.name);
    file.put_part(Some(root), "info", info);
    change_defaults(&mut file, Some(root), &now.defaults)?;
    change_documentation(&mut file, Some(root), &now.docs);
    Ok(file)
}
