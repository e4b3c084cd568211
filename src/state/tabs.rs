//! Open requests: the drafts that may still change.

use std::cell::Cell;
use std::sync::Arc;
use std::time::SystemTime;

use super::mending::{Mended, Mendings};
use super::{BodyFile, NoticeId, Profiles, Workspace};
use crate::collection::{AuthSpec, Damage, ItemPath, RequestContext, RequestDraft};
use crate::exchange::DraftPreview;
use crate::sigv4::RequestDateTime;
use crate::template::{Origin, VariableSet};

/// A tab, unique while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TabId(pub u64);

/// Which part of the request the editor shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EditorSection {
    /// Query and path parameters.
    #[default]
    Params,
    /// Headers.
    Headers,
    /// How it proves who sends it.
    Auth,
    /// The body.
    Body,
    /// Documentation.
    Docs,
    /// Time-out and the like.
    Settings,
}

/// What follows from a draft where it stands; derived anew when either changes.
#[derive(Debug)]
pub struct Derived {
    /// What it inherits.
    pub context: RequestContext,
    /// The variables it sees, secrets not at hand.
    pub variables: VariableSet,
    /// The auth that counts, and where it stands.
    pub auth: (AuthSpec, Origin),
    /// What would be sent and signed.
    pub preview: DraftPreview,
    /// The profile that would sign.
    pub profile: Option<String>,
}

/// What a [`Derived`] depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DerivedFrom {
    draft: u64,
    workspace: u64,
    profiles: u64,
}

/// An open request.
#[derive(Debug)]
pub struct Tab {
    /// Which one.
    pub id: TabId,
    /// Its file; a new request has none until it is saved.
    pub path: Option<ItemPath>,
    /// What the user edits. Whoever changes it calls [`Tab::touch`].
    pub draft: RequestDraft,
    /// What the file says, as far as is known.
    pub saved: RequestDraft,
    /// What the file says after somebody else changed it under an edited draft.
    pub outside: Option<Box<RequestDraft>>,
    /// Why the file cannot be read now, if it cannot: it is not written either until it is mended.
    pub damage: Option<Damage>,
    /// The part that the editor shows.
    pub section: EditorSection,
    /// The file that the body is, as it was found on the disk.
    pub body_file: Option<BodyFile>,
    /// Whether the tab closes once it is saved.
    pub closes_when_saved: bool,
    /// The mendings that can be taken back.
    pub(super) mendings: Mendings,
    /// It was made from a pasted text, which is never written down unasked.
    pub(super) is_pasted: bool,
    /// What is on its way into the file.
    writing: Option<RequestDraft>,
    revision: u64,
    dirty: Cell<Option<(u64, bool)>>,
    derived: Option<(DerivedFrom, Arc<Derived>)>,
}

impl Tab {
    fn new(id: TabId, path: Option<ItemPath>, draft: RequestDraft) -> Self {
        Self {
            id,
            path,
            saved: draft.clone(),
            draft,
            outside: None,
            damage: None,
            section: EditorSection::default(),
            body_file: None,
            closes_when_saved: false,
            mendings: Mendings::new(),
            is_pasted: false,
            writing: None,
            revision: 1,
            dirty: Cell::new(None),
            derived: None,
        }
    }

    /// Notes that the draft changed.
    pub fn touch(&mut self) {
        self.revision += 1;
    }

    /// Counts the draft's changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the draft differs from its file.
    pub fn is_dirty(&self) -> bool {
        if let Some((revision, dirty)) = self.dirty.get()
            && revision == self.revision
        {
            return dirty;
        }
        let dirty = self.draft != self.saved;
        self.dirty.set(Some((self.revision, dirty)));
        dirty
    }

    /// Notes what the file says now.
    pub(super) fn set_saved(&mut self, saved: RequestDraft) {
        self.saved = saved;
        self.revision += 1;
    }

    /// What the file says as far as the user was shown.
    fn base(&self) -> &RequestDraft {
        self.outside.as_deref().unwrap_or(&self.saved)
    }

    /// Notes that the draft goes into the file; gives what the file says by then, as far as the
    /// user was shown.
    pub(super) fn begin_writing(&mut self) -> RequestDraft {
        let before = self.writing.replace(self.draft.clone());
        before.unwrap_or_else(|| self.base().clone())
    }

    /// Notes that a draft went into the file, or did not.
    pub(super) fn end_writing(&mut self, draft: &RequestDraft) {
        if self.writing.as_ref() == Some(draft) {
            self.writing = None;
        }
    }

    /// Takes over the name and the place that the user gave the file elsewhere in the window: no
    /// edit of this draft, and no change by somebody else. `now` is what the file says since then.
    pub(super) fn follow_own_change(&mut self, now: &RequestDraft) {
        let is_renamed = now.name != self.base().name;
        let is_moved = now.seq != self.base().seq;
        let known = [&mut self.draft, &mut self.saved];
        for draft in known.into_iter().chain(self.outside.as_deref_mut()) {
            if is_renamed {
                draft.name.clone_from(&now.name);
            }
            if is_moved {
                draft.seq = now.seq;
            }
        }
        if is_renamed || is_moved {
            self.touch();
        }
    }

    /// Takes in what the file says after somebody may have changed it: a draft that was edited
    /// stays, and the user is asked.
    pub(super) fn follow_file(&mut self, file: RequestDraft) {
        self.damage = None;
        if self.outside.as_deref() == Some(&file) {
            // That is what the user is asked about already.
        } else if file == self.saved {
            self.outside = None;
        } else if self.is_dirty() && file != self.draft {
            self.outside = Some(Box::new(file));
        } else {
            self.replace(file);
        }
    }

    /// Takes over what the file says in place of the draft.
    pub(super) fn replace(&mut self, draft: RequestDraft) {
        self.draft = draft.clone();
        self.outside = None;
        self.set_saved(draft);
    }

    /// The notice of the last mending, if it can be taken back.
    pub fn last_mending(&self) -> Option<NoticeId> {
        self.mendings.last().map(Mended::notice)
    }

    /// Whether it never had a file.
    pub fn is_new(&self) -> bool {
        self.path.is_none() && self.saved != RequestDraft::default()
    }

    /// What follows from the draft, as of the last `derive`.
    pub fn derived(&self) -> Option<&Arc<Derived>> {
        self.derived.as_ref().map(|(_, derived)| derived)
    }

    /// Derives what follows from the draft, if something changed; `true` when it did.
    pub(super) fn derive(
        &mut self,
        workspace: &Workspace,
        profiles: &Profiles,
        now: SystemTime,
    ) -> bool {
        let from = DerivedFrom {
            draft: self.revision,
            workspace: workspace.revision(),
            profiles: profiles.revision,
        };
        if self
            .derived
            .as_ref()
            .is_some_and(|(known, _)| *known == from)
        {
            return false;
        }
        let context = workspace.context_of(self.path.as_ref());
        let runtime = workspace.runtime_variables();
        let variables = context.variables_for(&self.draft, runtime);
        let (auth, origin) = context.auth_for(&self.draft);
        let auth = (auth.clone(), origin);
        let named = DraftPreview::profile_name(&self.draft, &context, runtime);
        let profile = match (&auth.0, &workspace.profile_override) {
            (AuthSpec::AwsSigV4(_), Some(chosen)) => Some(chosen.clone()),
            _ => named,
        };
        let summary = profile.as_deref().and_then(|name| profiles.get(name));
        let preview = DraftPreview::after(
            self.derived().map(|derived| &derived.preview),
            &self.draft,
            &context,
            runtime,
            summary,
            RequestDateTime::new(now),
        );
        self.derived = Some((
            from,
            Arc::new(Derived {
                context,
                variables,
                auth,
                preview,
                profile,
            }),
        ));
        true
    }
}

/// The open tabs, left to right.
#[derive(Debug, Default)]
pub struct Tabs {
    next: u64,
    open: Vec<Tab>,
    active: Option<TabId>,
}

impl Tabs {
    /// The tabs, left to right.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Tab> {
        self.open.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Tab> {
        self.open.iter_mut()
    }

    /// The tab of an id.
    pub fn get(&self, id: TabId) -> Option<&Tab> {
        self.open.iter().find(|tab| tab.id == id)
    }

    /// The tab of an id, to change.
    pub fn get_mut(&mut self, id: TabId) -> Option<&mut Tab> {
        self.open.iter_mut().find(|tab| tab.id == id)
    }

    /// The tab that is shown.
    pub fn active(&self) -> Option<&Tab> {
        self.get(self.active?)
    }

    /// The tab that is shown, to change.
    pub fn active_mut(&mut self) -> Option<&mut Tab> {
        self.get_mut(self.active?)
    }

    /// The tab of a file.
    pub fn of_path(&self, path: &ItemPath) -> Option<&Tab> {
        self.open.iter().find(|tab| tab.path.as_ref() == Some(path))
    }

    /// Opens a tab and shows it.
    pub(super) fn open(&mut self, path: Option<ItemPath>, draft: RequestDraft) -> TabId {
        self.next += 1;
        let id = TabId(self.next);
        let at = self
            .open
            .iter()
            .position(|tab| Some(tab.id) == self.active)
            .map_or(self.open.len(), |active| active + 1);
        self.open.insert(at, Tab::new(id, path, draft));
        self.active = Some(id);
        id
    }

    /// Shows a tab.
    pub(super) fn show(&mut self, id: TabId) {
        if self.get(id).is_some() {
            self.active = Some(id);
        }
    }

    /// Shows the tab so many places to the right, round about.
    pub(super) fn step(&mut self, by: isize) {
        let Some(at) = self.open.iter().position(|tab| Some(tab.id) == self.active) else {
            return;
        };
        let count = self.open.len().cast_signed();
        let next = (at.cast_signed() + by).rem_euclid(count).cast_unsigned();
        self.active = self.open.get(next).map(|tab| tab.id);
    }

    /// Closes a tab; its neighbour is shown.
    pub(super) fn close(&mut self, id: TabId) {
        let Some(at) = self.open.iter().position(|tab| tab.id == id) else {
            return;
        };
        self.open.remove(at);
        if self.active == Some(id) {
            self.active = self
                .open
                .get(at)
                .or_else(|| self.open.last())
                .map(|tab| tab.id);
        }
    }

    /// Takes what somebody else wrote in place of the draft.
    pub(super) fn take_outside_change(&mut self, id: TabId) {
        if let Some(tab) = self.get_mut(id)
            && let Some(outside) = tab.outside.take()
        {
            tab.replace(*outside);
        }
    }

    /// Keeps the draft; the next save replaces what somebody else wrote, as it was shown.
    pub(super) fn keep_draft(&mut self, id: TabId) {
        if let Some(tab) = self.get_mut(id)
            && let Some(outside) = tab.outside.take()
        {
            tab.set_saved(*outside);
        }
    }

    /// Open tabs follow a file or folder to its new place.
    pub(super) fn follow_rename(&mut self, old: &ItemPath, new: Option<&ItemPath>) {
        let Some(new) = new else { return };
        for tab in &mut self.open {
            let Some(path) = &tab.path else { continue };
            if path == old {
                tab.path = Some(new.clone());
            } else if path.is_within(old)
                && let Some(rest) = path.0.strip_prefix(&format!("{old}/"))
            {
                tab.path = Some(new.join(rest));
            }
        }
    }

    /// Closes all.
    pub(super) fn clear(&mut self) -> Vec<TabId> {
        self.active = None;
        self.open.drain(..).map(|tab| tab.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> (Tabs, [TabId; 3]) {
        let mut tabs = Tabs::default();
        let ids = ["a", "b", "c"].map(|name| {
            tabs.open(
                Some(ItemPath(format!("{name}.yml"))),
                RequestDraft::new(name),
            )
        });
        (tabs, ids)
    }

    #[test]
    fn closing_shows_the_neighbour() {
        let (mut tabs, [a, b, c]) = three();
        tabs.show(b);
        tabs.close(b);
        assert_eq!(tabs.active().unwrap().id, c);
        tabs.close(c);
        assert_eq!(tabs.active().unwrap().id, a);
        tabs.close(a);
        assert!(tabs.active().is_none());
    }

    #[test]
    fn stepping_goes_round() {
        let (mut tabs, [a, _, c]) = three();
        tabs.step(1);
        assert_eq!(tabs.active().unwrap().id, a);
        tabs.step(-1);
        assert_eq!(tabs.active().unwrap().id, c);
    }

    #[test]
    fn a_question_stays_until_the_file_says_something_else() {
        let (mut tabs, [a, ..]) = three();
        let tab = tabs.get_mut(a).unwrap();
        let file = tab.saved.clone();
        tab.draft.url.push('x');
        tab.touch();
        // Asked about what the tab was opened with.
        tab.outside = Some(Box::new(file.clone()));
        tab.follow_file(file.clone());
        assert_eq!(tab.outside.as_deref(), Some(&file));
        let mut other = file.clone();
        other.url.push('y');
        tab.follow_file(other.clone());
        assert_eq!(tab.outside.as_deref(), Some(&other));
        tab.follow_file(file);
        assert_eq!(tab.outside, None);
        assert_eq!(tab.draft.url, "x");
    }

    #[test]
    fn dirty_follows_the_draft() {
        let (mut tabs, [a, ..]) = three();
        let tab = tabs.get_mut(a).unwrap();
        assert!(!tab.is_dirty());
        tab.draft.url.push('x');
        tab.touch();
        assert!(tab.is_dirty());
        tab.draft.url.clear();
        tab.touch();
        assert!(!tab.is_dirty());
    }
}
