//! Drafts that are not saved, kept so that a crash or a restart loses nothing.
//!
//! ```text
//! edits ─▶ a second of rest ─▶ KeepDrafts ─▶ a file per collection in the user's own folder
//! the collection opens ─▶ DraftsFound ─▶ tabs with unsaved changes, as they were
//! ```

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::opening::damage_at;
use super::requests::as_opened;
use super::{AppState, Effect, Failure, NoticeLevel, TabId};
use crate::collection::format::request_literals;
use crate::collection::{ItemPath, RequestDraft};

/// How long the keyboard rests before drafts are written.
const REST: Duration = Duration::from_secs(1);

/// A draft as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDraft {
    /// Its file; none for a new request.
    pub path: Option<String>,
    /// A fingerprint of what the file said when the draft was written.
    pub base: String,
    /// The draft.
    pub draft: RequestDraft,
}

/// What is known of the kept drafts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    /// The collection whose drafts were read; nothing is written before that.
    folder: Option<PathBuf>,
    /// What the tabs were like when they were last looked at.
    seen: u64,
    changed_at: Option<SystemTime>,
    /// The user wants them forgotten.
    are_discarded: bool,
    /// Tabs of which was said that they are not kept.
    told: BTreeSet<TabId>,
}

impl AppState {
    /// Looks whether drafts are to be written; to be called in every frame.
    pub fn drafts_due(&mut self, now: SystemTime) -> Option<Effect> {
        self.drafts.folder.as_ref()?;
        let seen = self.unsaved_state();
        if seen != self.drafts.seen {
            self.drafts.seen = seen;
            self.drafts.changed_at = Some(now);
        }
        if self.drafts_wait(now)? > Duration::ZERO {
            return None;
        }
        self.keep_drafts()
    }

    /// How long it is until drafts are to be written, if any are.
    pub fn drafts_wait(&self, now: SystemTime) -> Option<Duration> {
        // A clock that was set back makes them due at once.
        let rested = now
            .duration_since(self.drafts.changed_at?)
            .unwrap_or(Duration::MAX);
        Some(REST.saturating_sub(rested))
    }

    /// What is to be written when the window closes without waiting any longer.
    pub fn drafts_at_end(&mut self) -> Option<Effect> {
        let is_behind =
            self.drafts.changed_at.is_some() || self.unsaved_state() != self.drafts.seen;
        if is_behind || self.drafts.are_discarded {
            self.keep_drafts()
        } else {
            None
        }
    }

    /// Forgets the drafts at the end.
    pub(super) fn discard_drafts(&mut self) {
        self.drafts.are_discarded = true;
    }

    /// Another collection takes the place of this one: what is still to be written.
    pub(super) fn leave_drafts(&mut self) -> Option<Effect> {
        let left = self.drafts_at_end();
        self.drafts = Drafts::default();
        left
    }

    fn keep_drafts(&mut self) -> Option<Effect> {
        self.drafts.changed_at = None;
        let folder = self.drafts.folder.clone()?;
        let mut drafts = Vec::new();
        let mut untold = Vec::new();
        for tab in self.tabs.iter().filter(|tab| tab.is_dirty()) {
            if self.drafts.are_discarded {
                break;
            }
            // What was pasted may hold anything: it is written only when the user saves it.
            if tab.is_pasted && tab.path.is_none() {
                continue;
            }
            // What a secret is typed into stays in memory.
            if let Some(literal) = request_literals(&tab.draft).first() {
                if self.drafts.told.insert(tab.id) {
                    untold.push(Failure::new(
                        format!(
                            "“{}” is not kept for a restart until it is saved: {} holds {}",
                            tab.draft.name, literal.place, literal.kind
                        ),
                        Some("put it into a secret variable".to_owned()),
                    ));
                }
                continue;
            }
            drafts.push(KeptDraft {
                path: tab.path.as_ref().map(|path| path.0.clone()),
                base: fingerprint(&tab.saved),
                draft: tab.draft.clone(),
            });
        }
        for Failure { message, hint } in untold {
            self.notices.add(NoticeLevel::Info, message, hint);
        }
        Some(Effect::KeepDrafts { folder, drafts })
    }

    /// A number that changes with every edit of what is not saved.
    fn unsaved_state(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for tab in self.tabs.iter().filter(|tab| tab.is_dirty()) {
            (tab.id, tab.revision(), &tab.path).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Puts kept drafts back into tabs, unsaved as they were.
    pub(super) fn drafts_found(&mut self, folder: PathBuf, drafts: Vec<KeptDraft>) {
        if self.workspace.folder() != Some(&folder) {
            return;
        }
        let restored = drafts.into_iter().filter(|kept| self.restore(kept)).count();
        if restored > 0 {
            let text = match restored {
                1 => "A draft that was not saved is back".to_owned(),
                many => format!("{many} drafts that were not saved are back"),
            };
            self.notices.add(NoticeLevel::Info, text, None);
        }
        // What is unsaved by now is written anew.
        self.drafts.seen = DefaultHasher::new().finish();
        self.drafts.folder = Some(folder);
    }

    /// Puts a draft back; `false` when its file says the same by now.
    fn restore(&mut self, kept: &KeptDraft) -> bool {
        let path = kept.path.clone().map(ItemPath);
        let file = path
            .as_ref()
            .and_then(|path| self.workspace.collection()?.request(path))
            .map(as_opened);
        let (Some(path), Some(file)) = (path, file) else {
            let saved = match kept.path {
                // Its file is gone: what is in the tab has to be saved anew.
                Some(_) => RequestDraft::default(),
                None => RequestDraft::new("New request"),
            };
            // A damaged file keeps its place: the draft must not be saved beside it.
            let damage = kept.path.clone().and_then(|path| {
                let path = ItemPath(path);
                let damage = damage_at(self.workspace.collection()?, &path)?.clone();
                Some((path, damage))
            });
            let place = damage.as_ref().map(|(path, _)| path.clone());
            let id = self.tabs.open(place, kept.draft.clone());
            if let Some(tab) = self.tabs.get_mut(id) {
                tab.set_saved(saved);
                tab.damage = damage.map(|(_, damage)| damage);
            }
            return true;
        };
        if file == kept.draft {
            return false;
        }
        self.open_request(path);
        if let Some(tab) = self.tabs.active_mut() {
            tab.draft = kept.draft.clone();
            // Somebody else wrote in between: the user chooses.
            tab.outside = (fingerprint(&file) != kept.base).then(|| Box::new(file));
            tab.touch();
        }
        true
    }
}

/// Tells whether two drafts are the same without keeping the other one.
fn fingerprint(draft: &RequestDraft) -> String {
    let bytes = serde_json::to_vec(draft).unwrap_or_default();
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::AuthSpec;
    use crate::state::tests::{collection, folder, opened};
    use crate::state::{Command, Settings};

    fn at(milliseconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)
    }

    fn found(drafts: Vec<KeptDraft>) -> Command {
        Command::DraftsFound {
            folder: folder(),
            drafts,
        }
    }

    fn ready() -> (AppState, TabId) {
        let (mut state, tab) = opened();
        state.handle(found(Vec::new()), at(0));
        (state, tab)
    }

    fn edit(state: &mut AppState, tab: TabId, url: &str) {
        let tab = state.tabs.get_mut(tab).unwrap();
        tab.draft.url = url.into();
        tab.draft.params_from_url();
        tab.touch();
    }

    fn kept(effect: Option<Effect>) -> Vec<KeptDraft> {
        match effect {
            Some(Effect::KeepDrafts { drafts, .. }) => drafts,
            other => panic!("nothing is kept: {other:?}"),
        }
    }

    /// A start after a crash.
    fn restarted(drafts: Vec<KeptDraft>) -> AppState {
        let mut state = AppState::new(Settings::default());
        state.handle(Command::OpenCollection(folder()), at(0));
        let result = Ok(collection());
        let command = Command::CollectionOpened {
            folder: folder(),
            result,
        };
        state.handle(command, at(0));
        state.handle(found(drafts), at(0));
        state
    }

    #[test]
    fn drafts_are_written_a_second_after_the_last_edit_and_only_then() {
        let (mut state, tab) = ready();
        assert_eq!(state.drafts_due(at(0)), None);
        edit(&mut state, tab, "http://h/1");
        assert_eq!(state.drafts_due(at(100)), None);
        assert_eq!(state.drafts_wait(at(100)), Some(REST));
        edit(&mut state, tab, "http://h/2");
        assert_eq!(state.drafts_due(at(900)), None);
        assert_eq!(state.drafts_due(at(1800)), None, "typing goes on");
        let drafts = kept(state.drafts_due(at(1900)));
        assert_eq!(drafts[0].draft.url, "http://h/2");
        assert_eq!(drafts[0].path.as_deref(), Some("a.yml"));
        assert_eq!(state.drafts_due(at(9000)), None, "once is enough");
        // Taken back by hand: there is nothing to keep any more.
        edit(&mut state, tab, "http://h/a?x=1");
        assert_eq!(state.drafts_due(at(9000)), None);
        assert_eq!(kept(state.drafts_due(at(10_000))), []);
    }

    #[test]
    fn drafts_come_back_unsaved_also_without_a_file() {
        let (mut state, tab) = ready();
        edit(&mut state, tab, "http://h/mine");
        state.handle(Command::NewTab, at(0));
        let new = state.tabs.active().unwrap().id;
        edit(&mut state, new, "http://h/new");
        let drafts = kept(state.drafts_at_end());
        let state = restarted(drafts);
        let urls: Vec<(&str, bool, bool)> = state
            .tabs
            .iter()
            .map(|tab| (tab.draft.url.as_str(), tab.is_dirty(), tab.is_new()))
            .collect();
        assert_eq!(
            urls,
            [("http://h/mine", true, false), ("http://h/new", true, true)]
        );
        assert!(state.tabs.iter().all(|tab| tab.outside.is_none()));
        assert_eq!(state.notices.last().len(), 1);
    }

    #[test]
    fn a_file_that_changed_or_went_in_between_is_asked_about() {
        let (mut state, tab) = ready();
        edit(&mut state, tab, "http://h/mine");
        let mut drafts = kept(state.drafts_at_end());
        drafts[0].base = "another".into();
        let again = restarted(drafts.clone());
        assert!(again.tabs.active().unwrap().outside.is_some());
        drafts[0].path = Some("gone.yml".into());
        let again = restarted(drafts.clone());
        let tab = again.tabs.active().unwrap();
        assert!(tab.path.is_none() && tab.is_dirty() && !tab.is_new());
        // What was saved in the last second before the end is no draft.
        drafts[0].path = Some("a.yml".into());
        drafts[0].draft.url = "http://h/a?x=1".into();
        drafts[0].draft.params_from_url();
        let again = restarted(drafts);
        assert!(!again.has_unsaved());
        assert_eq!(again.notices.last(), []);
    }

    #[test]
    fn a_typed_credential_is_kept_in_memory_only_and_that_is_said_once() {
        let (mut state, tab) = ready();
        let shown = state.tabs.get_mut(tab).unwrap();
        shown.draft.auth = AuthSpec::Bearer {
            token: "hush-hush".into(),
        };
        shown.touch();
        state.drafts_due(at(0));
        let effect = state.drafts_due(at(1000));
        assert!(!format!("{effect:?}").contains("hush"));
        assert_eq!(kept(effect), []);
        edit(&mut state, tab, "http://h/2");
        assert_eq!(kept(state.drafts_at_end()), []);
        assert_eq!(state.notices.last().len(), 1);
        assert!(state.notices.last()[0].text.contains("not kept"));
    }

    #[test]
    fn discarding_at_the_end_forgets_and_nothing_is_written_before_they_are_read() {
        let (mut state, tab) = opened();
        edit(&mut state, tab, "http://h/mine");
        assert_eq!(state.drafts_due(at(0)), None);
        assert_eq!(state.drafts_due(at(9000)), None);
        assert_eq!(state.drafts_at_end(), None);
        state.handle(found(Vec::new()), at(0));
        state.drafts_due(at(0));
        assert_eq!(kept(state.drafts_due(at(1000))).len(), 1);
        edit(&mut state, tab, "http://h/more");
        state.handle(Command::QuitAndDiscard, at(0));
        assert_eq!(kept(state.drafts_at_end()), []);
    }
}
