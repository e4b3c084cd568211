//! What the window knows of profiles: never their secrets.

use std::collections::BTreeMap;

use super::Failure;
use crate::profile::{CallerIdentity, ProfileSummary};

/// What is known of who a profile is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// STS is being asked.
    Asking,
    /// STS has answered.
    Known(CallerIdentity),
    /// STS refused or did not answer.
    Failed(Failure),
}

/// The profiles that one can sign as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profiles {
    /// The list, in the order of the provider.
    pub list: Vec<ProfileSummary>,
    /// Why the list could not be read, if it could not.
    pub failure: Option<Failure>,
    /// Who they are, as far as STS was asked.
    pub identities: BTreeMap<String, Identity>,
    /// Counts the changes of the list, so that what depends on it can be derived anew.
    pub revision: u64,
}

impl Profiles {
    /// The profile of a name.
    pub fn get(&self, name: &str) -> Option<&ProfileSummary> {
        self.list.iter().find(|profile| profile.name == name)
    }
}
