//! Which field of a draft something is about.

use std::fmt;

use crate::template::Origin;

/// A place in a draft: errors carry it, so that the editor can show them there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldPath {
    /// What folders and the collection hand down.
    Inherited,
    /// The method.
    Method,
    /// The URL.
    Url,
    /// A path parameter, by name.
    PathParam(String),
    /// A header row, by its index in the draft.
    Header(usize),
    /// A header that collection or folder hands down.
    InheritedHeader {
        /// The header's name.
        name: String,
        /// Where it stands.
        origin: Origin,
    },
    /// The body's text.
    Body,
    /// A field of a form body, by its index.
    FormField(usize),
    /// A field of the auth, by its name, and where the auth stands.
    Auth {
        /// The field's name as in the file.
        field: &'static str,
        /// Where the auth stands.
        origin: Origin,
    },
    /// A reserved variable, by its name.
    Variable {
        /// Its name.
        name: String,
        /// Where it stands.
        origin: Origin,
    },
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inherited => f.write_str("inherited settings"),
            Self::Method => f.write_str("method"),
            Self::Url => f.write_str("URL"),
            Self::PathParam(name) => write!(f, "path parameter `{name}`"),
            Self::Header(index) => write!(f, "header row {}", index + 1),
            Self::InheritedHeader { name, origin } => write!(f, "header `{name}` of the {origin}"),
            Self::Body => f.write_str("body"),
            Self::FormField(index) => write!(f, "form field {}", index + 1),
            Self::Auth {
                field,
                origin: Origin::Request,
            } => write!(f, "auth, `{field}`"),
            Self::Variable { name, origin } => write!(f, "variable `{name}` ({origin})"),
            Self::Auth { field, origin } => write!(f, "auth of the {origin}, `{field}`"),
        }
    }
}
