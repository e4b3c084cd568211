//! Files of `environments/`.

use super::FormatError;
use super::change::{Change, MapChange, apply};
use super::edit::edit;
use super::emit;
use super::node::{Node, parse};
use super::parts::{change_variables, read_text, read_variables, required_text};
use crate::collection::Environment;

const FILE: &[&str] = &[
    "name",
    "color",
    "description",
    "variables",
    "externalSecrets",
];

/// Reads an environment; its name is empty where the file gives none.
pub fn read_environment(text: &str) -> Result<Environment, FormatError> {
    Ok(environment_of(&parse(text)?))
}

/// The text of an environment's file after an edit: what did not change stays byte for byte.
pub fn save_environment(text: &str, now: &Environment) -> Result<String, FormatError> {
    let root = parse(text)?;
    let was = environment_of(&root);
    if was == *now {
        return Ok(text.to_owned());
    }
    let edited = edit(
        text,
        &Change::Map(change(&root, &was, now)?),
        "the environment",
    )?;
    checked(edited, now)
}

/// The text of a new environment's file.
pub fn new_environment(now: &Environment) -> Result<String, FormatError> {
    let root = Node::Map(vec![("name".to_owned(), Node::text(""))]);
    let was = environment_of(&root);
    let filled = apply(&root, &Change::Map(change(&root, &was, now)?));
    checked(emit::document(&filled), now)
}

fn checked(text: String, meant: &Environment) -> Result<String, FormatError> {
    if read_environment(&text)? == *meant {
        Ok(text)
    } else {
        Err(FormatError::cannot_keep("the environment"))
    }
}

fn environment_of(root: &Node) -> Environment {
    Environment {
        name: read_text(root.get("name")),
        variables: read_variables(root.get("variables")),
    }
}

fn change(root: &Node, was: &Environment, now: &Environment) -> Result<MapChange, FormatError> {
    let mut file = MapChange::new(FILE);
    required_text(&mut file, Some(root), "name", &was.name, &now.name);
    change_variables(&mut file, Some(root), &now.variables)?;
    Ok(file)
}
