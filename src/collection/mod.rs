//! A collection: folders, requests and environments as their files describe them.
//!
//! The tree holds what the user wrote ([`RequestDraft`] and friends), never what was sent.
//! [`Collection::context_of`] gathers what a request inherits from the folders above it.

mod auth;
mod draft;
mod environment;
pub mod format;
mod item;

pub use auth::{ApiKeyPlacement, AuthSpec, AwsAuthSpec};
pub use draft::{Body, Param, ParamKind, RequestDraft, RequestSettings, Row};
pub(crate) use draft::{form_body, path_param_names};
pub use environment::{Environment, SecretRef, Variable, VariableValue};
pub use item::{Collection, Damage, Defaults, Folder, Item, ItemPath, RequestContext, RequestFile};
