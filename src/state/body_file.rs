//! The file that a request's body is: chosen by the user, and as it was found on the disk.

use std::path::{Path, PathBuf};

use super::{AppState, Effect, Tab, TabId};
use crate::collection::Body;
use crate::exchange::FileError;
use crate::request::FoundFile;
use crate::template::{MASK, Reveal};

/// Media types by the ending of a file's name, for files that one uploads by hand.
const MEDIA_TYPES: [(&str, &str); 12] = [
    ("csv", "text/csv; charset=utf-8"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("html", "text/html; charset=utf-8"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("txt", "text/plain; charset=utf-8"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// The file that a draft's body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyFile {
    /// Where it is, with all variables filled in.
    pub path: PathBuf,
    /// What was found there; `None` until the answer is here.
    pub found: Option<Result<FoundFile, FileError>>,
}

impl Tab {
    /// The path of the file that the draft's body is, below the collection's folder; `None` if it is
    /// no file, or its path cannot be told without a secret.
    pub fn body_file_path(&self, folder: Option<&Path>) -> Option<PathBuf> {
        let Body::File { path, .. } = &self.draft.body else {
            return None;
        };
        let variables = &self.derived()?.variables;
        let text = variables.render(path.trim(), Reveal::Masked).ok()?.text;
        if text.is_empty() || text.contains(MASK) {
            return None;
        }
        Some(folder.map_or_else(|| PathBuf::from(&text), |folder| folder.join(&text)))
    }
}

impl AppState {
    /// Asks the user for a file.
    pub(super) fn choose_body_file(&self, tab: TabId) -> Vec<Effect> {
        let root = self.workspace.folder();
        // Where the file is that is named already, else where the collection is.
        let folder = self
            .tabs
            .get(tab)
            .and_then(|tab| tab.body_file.as_ref())
            .filter(|file| matches!(file.found, Some(Ok(_))))
            .and_then(|file| file.path.parent())
            .or(root)
            .map(Path::to_owned);
        vec![Effect::ChooseBodyFile { tab, folder }]
    }

    /// Takes the chosen file into the draft: relative to the collection's folder if it lies in it.
    pub(super) fn body_file_chosen(&mut self, id: TabId, chosen: &Path) -> Vec<Effect> {
        let Some(tab) = self.tabs.get_mut(id) else {
            return Vec::new();
        };
        let Body::File { path, content_type } = &mut tab.draft.body else {
            return Vec::new();
        };
        let inside = self
            .workspace
            .folder()
            .and_then(|root| chosen.strip_prefix(root).ok());
        *path = inside.unwrap_or(chosen).to_string_lossy().into_owned();
        if content_type.is_empty()
            && let Some(media_type) = media_type(chosen)
        {
            media_type.clone_into(content_type);
        }
        tab.touch();
        self.look(id, chosen.to_owned()).into_iter().collect()
    }

    /// Looks how large the file is, if the draft names one that was not looked at yet.
    pub(super) fn look_at_body_file(&mut self, id: TabId) -> Option<Effect> {
        let path = self.tabs.get(id)?.body_file_path(self.workspace.folder())?;
        self.look(id, path)
    }

    /// Looks again at the file of the tab that is shown: somebody may have written it meanwhile.
    pub(super) fn look_again_at_body_file(&self) -> Option<Effect> {
        let tab = self.tabs.active()?;
        let path = tab.body_file.as_ref()?.path.clone();
        Some(Effect::LookAtBodyFile { tab: tab.id, path })
    }

    fn look(&mut self, id: TabId, path: PathBuf) -> Option<Effect> {
        let tab = self.tabs.get_mut(id)?;
        tab.body_file = Some(BodyFile {
            path: path.clone(),
            found: None,
        });
        Some(Effect::LookAtBodyFile { tab: id, path })
    }

    /// Takes in what was found, unless the draft names another file by now.
    pub(super) fn body_file_found(
        &mut self,
        id: TabId,
        path: &Path,
        found: Result<FoundFile, FileError>,
    ) {
        let file = self.tabs.get_mut(id).and_then(|tab| tab.body_file.as_mut());
        if let Some(file) = file.filter(|file| file.path == path) {
            file.found = Some(found);
        }
    }
}

fn media_type(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    MEDIA_TYPES
        .iter()
        .find(|(known, _)| *known == ending)
        .map(|(_, media_type)| *media_type)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::collection::{Collection, RequestDraft};
    use crate::state::Command;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn state() -> (AppState, TabId) {
        let mut state = AppState::default();
        let folder = PathBuf::from("/c");
        state.handle(Command::OpenCollection(folder.clone()), NOW);
        let result = Ok(Box::new(Collection::default()));
        state.handle(Command::CollectionOpened { folder, result }, NOW);
        let draft = RequestDraft {
            body: Body::File {
                path: String::new(),
                content_type: String::new(),
            },
            ..RequestDraft::new("x")
        };
        let tab = state.tabs.open(None, draft);
        (state, tab)
    }

    fn named(state: &AppState, tab: TabId) -> (String, String) {
        match &state.tabs.get(tab).unwrap().draft.body {
            Body::File { path, content_type } => (path.clone(), content_type.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_chosen_file_is_named_relative_to_the_collection_and_looked_at() {
        let (mut state, tab) = state();
        let path = PathBuf::from("/c/data/a.PNG");
        let effects = state.handle(
            Command::BodyFileChosen {
                tab,
                path: path.clone(),
            },
            NOW,
        );
        assert_eq!(effects, [Effect::LookAtBodyFile { tab, path }]);
        assert_eq!(
            named(&state, tab),
            ("data/a.PNG".into(), "image/png".into())
        );
        assert!(state.has_unsaved());

        let path = PathBuf::from("/elsewhere/b.json");
        state.handle(Command::BodyFileChosen { tab, path }, NOW);
        // What the user or the first choice wrote stays.
        assert_eq!(
            named(&state, tab),
            ("/elsewhere/b.json".into(), "image/png".into())
        );
    }

    #[test]
    fn an_answer_about_another_file_is_dropped() {
        let (mut state, tab) = state();
        let path = PathBuf::from("/c/a");
        state.handle(Command::BodyFileChosen { tab, path }, NOW);
        let found = |length| {
            Ok(FoundFile {
                length,
                modified: None,
            })
        };
        let answer = |state: &mut AppState, path: &str, length| {
            let command = Command::BodyFileFound {
                tab,
                path: path.into(),
                found: found(length),
            };
            state.handle(command, NOW);
            let file = state.tabs.get(tab).unwrap().body_file.clone();
            file.unwrap().found
        };
        assert_eq!(answer(&mut state, "/c/b", 1), None);
        assert_eq!(answer(&mut state, "/c/a", 2), Some(found(2)));
        assert_eq!(
            state.handle(Command::RereadCollection, NOW).last(),
            Some(&Effect::LookAtBodyFile {
                tab,
                path: "/c/a".into()
            })
        );
    }

    #[test]
    fn a_path_with_variables_is_filled_in_and_one_with_a_secret_is_not_looked_at() {
        let (mut state, tab) = state();
        let mut looked_at = |text: &str| {
            let open = state.tabs.get_mut(tab).unwrap();
            open.draft.variables = vec![
                crate::collection::Variable::plain("name", "a.bin"),
                crate::collection::Variable::secret("hidden"),
            ];
            open.draft.body = Body::File {
                path: text.into(),
                content_type: String::new(),
            };
            open.touch();
            state.settle(NOW);
            state.handle(Command::LookAtBodyFile(tab), NOW)
        };
        let path = PathBuf::from("/c/data/a.bin");
        assert_eq!(
            looked_at("data/{{name}}"),
            [Effect::LookAtBodyFile { tab, path }]
        );
        assert!(looked_at("data/{{hidden}}").is_empty());
        assert!(looked_at("data/{{unknown}}").is_empty());
        assert!(looked_at("").is_empty());
    }
}
