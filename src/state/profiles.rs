//! What the window knows of profiles: never their secrets.

use std::collections::BTreeMap;

use super::{About, AppState, Effect, Failure, NoticeLevel};
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
    /// The profile whose keys the user was sent to, until the dialog closes.
    pub asked_for: Option<String>,
    /// Counts the changes that were asked for and made, so that a form knows when it is done.
    pub changes: u64,
}

impl Profiles {
    /// The profile of a name.
    pub fn get(&self, name: &str) -> Option<&ProfileSummary> {
        self.list.iter().find(|profile| profile.name == name)
    }
    /// Takes in the list, or why it could not be read.
    pub(super) fn take_list(&mut self, result: Result<Vec<ProfileSummary>, Failure>) {
        match result {
            Ok(list) => {
                if self.list != list {
                    self.revision += 1;
                }
                self.list = list;
                self.failure = None;
            }
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// Notes that STS is asked.
    pub(super) fn ask(&mut self, profile: &str) {
        self.identities.insert(profile.to_owned(), Identity::Asking);
    }

    /// Takes in what STS says.
    pub(super) fn answered(&mut self, profile: String, result: Result<CallerIdentity, Failure>) {
        let identity = match result {
            Ok(identity) => Identity::Known(identity),
            Err(failure) => Identity::Failed(failure),
        };
        self.identities.insert(profile, identity);
    }
}

impl AppState {
    /// Asks for a change of profiles.
    pub(super) fn change_profiles(&mut self, effect: Effect) -> Vec<Effect> {
        if !self.dialog.begin_change() {
            return Vec::new();
        }
        vec![effect]
    }

    /// Removes a profile; who signed as it follows the files again.
    pub(super) fn remove_profile(&mut self, name: String) -> Vec<Effect> {
        if !self.dialog.begin_change() {
            return Vec::new();
        }
        if self.workspace.profile_override.as_deref() == Some(&*name) {
            self.workspace.profile_override = None;
            self.workspace.touch();
        }
        self.profiles.identities.remove(&name);
        vec![Effect::RemoveProfile(name)]
    }

    /// Takes in how a change of profiles went.
    pub(super) fn profiles_changed(&mut self, result: Result<String, Failure>) -> Vec<Effect> {
        match result {
            Ok(text) => {
                self.dialog.end_change_open();
                self.profiles.changes += 1;
                self.notices
                    .add_about(About::Profiles, NoticeLevel::Success, text, None);
                vec![Effect::ListProfiles]
            }
            Err(failure) => {
                self.refuse(About::Profiles, failure);
                Vec::new()
            }
        }
    }
}
