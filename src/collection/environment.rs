//! Variables, environments, and the address of a secret in the keyring.

use serde::{Deserialize, Serialize};

/// A set of variables to choose from: `dev`, `prod`, `practice`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its variables, in the file's order.
    pub variables: Vec<Variable>,
}

/// A variable as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value, or that it is a secret.
    pub value: VariableValue,
    /// A note.
    pub description: String,
    /// Off variables stay in the file and count for nothing.
    pub enabled: bool,
}

/// What a file says of a variable's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VariableValue {
    /// The value stands in the file.
    Plain(String),
    /// `secret: true`: the value is in the keyring.
    Secret,
}

impl Variable {
    /// A plain variable that is on.
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: VariableValue::Plain(value.into()),
            description: String::new(),
            enabled: true,
        }
    }

    /// A secret variable that is on.
    pub fn secret(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: VariableValue::Secret,
            description: String::new(),
            enabled: true,
        }
    }
}

/// Where the value of a secret variable lies in the keyring.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretRef {
    /// The collection's committed id, so that moving the folder loses nothing.
    pub collection_id: String,
    /// The environment's name; empty for variables of collection, folder or request.
    pub environment: String,
    /// The variable's name.
    pub variable: String,
}
