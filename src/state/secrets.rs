//! Which secret variables have a value in the store: only that, never the value.

use std::collections::BTreeMap;

use super::{About, AppState, Effect, Failure, FileChange, NoticeLevel};
use crate::collection::SecretRef;
use crate::secret::SecretString;

/// What is known of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    known: BTreeMap<SecretRef, bool>,
    /// Why secrets do not outlive this run, if they do not.
    pub until_exit: Option<String>,
}

impl Secrets {
    /// Whether a secret has a value; `None` when nobody asked yet.
    pub fn has_value(&self, secret: &SecretRef) -> Option<bool> {
        self.known.get(secret).copied()
    }

    pub(super) fn note(&mut self, secret: SecretRef, has_value: bool) {
        self.known.insert(secret, has_value);
    }
}

impl AppState {
    /// Stores values, and then changes the file that names them. The dialog stays open until both
    /// are done.
    pub(super) fn save_variables(
        &mut self,
        change: FileChange,
        values: Vec<(SecretRef, SecretString)>,
    ) -> Vec<Effect> {
        if values.is_empty() {
            return self.change_files(change);
        }
        if !self.dialog.begin_change() {
            return Vec::new();
        }
        let secrets = values.iter().map(|(secret, _)| secret.clone()).collect();
        self.dialog.save_after(change, secrets);
        values
            .into_iter()
            .map(|(secret, value)| Effect::StoreSecret(secret, value))
            .collect()
    }

    /// Takes in that a value was stored, or was not.
    pub(super) fn secret_stored(
        &mut self,
        secret: SecretRef,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        match result {
            Ok(()) => {
                let until = match self.secrets.until_exit {
                    Some(_) => " until exit",
                    None => "",
                };
                let text = format!("Value of “{}” stored{until}", secret.variable);
                let about = About::Secret(secret.clone());
                self.notices
                    .add_about(about, NoticeLevel::Success, text, None);
                let change = self.dialog.value_kept(&secret);
                self.secrets.note(secret, true);
                change
                    .map(|change| self.files_effect(change))
                    .unwrap_or_default()
            }
            Err(failure) => {
                self.refuse(About::Secret(secret), failure);
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::collection::Environment;
    use crate::state::tests::{folder, opened};
    use crate::state::{Command, Dialog};

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn secret(variable: &str) -> SecretRef {
        SecretRef {
            collection_id: "c-1".into(),
            environment: "dev".into(),
            variable: variable.into(),
        }
    }

    fn change() -> FileChange {
        let environment = Box::new(Environment {
            name: "dev".into(),
            variables: Vec::new(),
        });
        FileChange::SaveEnvironment {
            base: environment.clone(),
            environment,
        }
    }

    fn save() -> Command {
        let values = ["a", "b"].map(|variable| (secret(variable), SecretString::new("hush-hush")));
        Command::SaveVariables {
            change: change(),
            values: values.into(),
        }
    }

    #[test]
    fn the_file_follows_the_last_value_and_a_refused_one_keeps_the_dialog_open() {
        let (mut state, _) = opened();
        let dialog = Dialog::Environment { name: "dev".into() };
        state.handle(Command::ShowDialog(dialog.clone()), NOW);
        assert_eq!(state.handle(save(), NOW).len(), 2);
        assert_eq!(state.handle(save(), NOW), [], "once is enough");
        let locked = Failure::new("the keyring is locked", None);
        let stored = |variable, result| Command::SecretStored(secret(variable), result);
        assert_eq!(state.handle(stored("a", Err(locked.clone())), NOW), []);
        assert_eq!(state.handle(stored("b", Ok(())), NOW), [], "no file yet");
        assert_eq!(state.dialog.open, Some(dialog));
        assert_eq!(state.dialog.refusal, Some(locked));

        assert_eq!(state.handle(save(), NOW).len(), 2);
        assert_eq!(state.dialog.refusal, None);
        assert_eq!(state.handle(stored("a", Ok(())), NOW), []);
        let effects = state.handle(stored("b", Ok(())), NOW);
        let expected = Effect::ChangeFiles {
            folder: folder(),
            change: change(),
        };
        assert_eq!(effects, [expected]);
        assert!(state.dialog.open.is_some(), "until the file is written");
    }
}
