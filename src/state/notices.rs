//! Short messages to the user.

use super::TabId;
use crate::collection::SecretRef;

/// How many messages are kept.
const MOST: usize = 20;

/// One message, unique while the program runs; later ones are greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(pub u64);

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeLevel {
    /// Something went as it should.
    Success,
    /// Something to know.
    Info,
    /// Something did not go as it should.
    Error,
}

/// What a message is about: a later one about the same takes its place, and a success takes a
/// failure back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The collection that is opened.
    Collection,
    /// Files that are made, renamed and deleted, and settings that are written.
    Files,
    /// A request that is saved.
    Request(TabId),
    /// Profiles that are added and removed.
    Profiles,
    /// The value of a secret variable.
    Secret(SecretRef),
    /// The practice gateway.
    Gateway,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which one.
    pub id: NoticeId,
    /// How much it matters.
    pub level: NoticeLevel,
    /// What happened.
    pub text: String,
    /// What to do, if something can be said.
    pub hint: Option<String>,
    /// What it is about, if others may be about the same.
    pub about: Option<About>,
    /// The tab whose request was changed, if that can be taken back.
    pub undo: Option<TabId>,
}

/// The last messages, oldest first. How long one is shown is the window's affair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    next: u64,
    last: Vec<Notice>,
}

impl Notices {
    /// Adds a message.
    pub fn add(&mut self, level: NoticeLevel, text: impl Into<String>, hint: Option<String>) {
        self.push(level, text.into(), hint, None, None);
    }

    /// Adds a message in place of a failure about the same.
    pub fn add_about(
        &mut self,
        about: About,
        level: NoticeLevel,
        text: impl Into<String>,
        hint: Option<String>,
    ) {
        self.solved(&about);
        self.push(level, text.into(), hint, Some(about), None);
    }

    /// Adds a message of a change of a tab's request that can be taken back.
    pub fn add_undoable(&mut self, text: impl Into<String>, tab: TabId) -> NoticeId {
        self.push(NoticeLevel::Success, text.into(), None, None, Some(tab))
    }

    /// Says that something is on the clipboard; once, however often it is copied.
    pub fn copied(&mut self) {
        const COPIED: &str = "Copied";
        self.last.retain(|notice| notice.text != COPIED);
        self.add(NoticeLevel::Success, COPIED, None);
    }

    /// Takes one message back.
    pub fn forget(&mut self, id: NoticeId) {
        self.last.retain(|notice| notice.id != id);
    }

    /// What went wrong about something is mended: nothing is said of it any more.
    pub fn solved(&mut self, about: &About) {
        self.last.retain(|notice| {
            notice.level != NoticeLevel::Error || notice.about.as_ref() != Some(about)
        });
    }

    fn push(
        &mut self,
        level: NoticeLevel,
        text: String,
        hint: Option<String>,
        about: Option<About>,
        undo: Option<TabId>,
    ) -> NoticeId {
        self.next += 1;
        let id = NoticeId(self.next);
        self.last.push(Notice {
            id,
            level,
            text,
            hint,
            about,
            undo,
        });
        if self.last.len() > MOST {
            self.last.remove(0);
        }
        id
    }

    /// The last messages, oldest first.
    pub fn last(&self) -> &[Notice] {
        &self.last
    }

    /// Those that came after one, oldest first.
    pub fn after(&self, seen: NoticeId) -> impl Iterator<Item = &Notice> {
        self.last.iter().filter(move |notice| notice.id > seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_is_new_once_and_old_ones_go() {
        let mut notices = Notices::default();
        for n in 0..30 {
            notices.add(NoticeLevel::Error, format!("e{n}"), None);
        }
        assert_eq!(notices.last().len(), MOST);
        assert_eq!(notices.last()[0].text, "e10");
        let seen = notices.last()[MOST - 2].id;
        let new: Vec<&str> = notices.after(seen).map(|n| n.text.as_str()).collect();
        assert_eq!(new, ["e29"]);
    }

    #[test]
    fn a_success_takes_back_what_failed_about_the_same() {
        let mut notices = Notices::default();
        let texts = |notices: &Notices| -> Vec<String> {
            notices.last().iter().map(|n| n.text.clone()).collect()
        };
        notices.add(NoticeLevel::Error, "other", None);
        notices.add_about(About::Profiles, NoticeLevel::Error, "locked", None);
        notices.add_about(About::Files, NoticeLevel::Error, "disk full", None);
        notices.add_about(About::Profiles, NoticeLevel::Error, "still locked", None);
        assert_eq!(texts(&notices), ["other", "disk full", "still locked"]);
        notices.add_about(About::Profiles, NoticeLevel::Success, "added", None);
        notices.solved(&About::Files);
        assert_eq!(texts(&notices), ["other", "added"]);
        let seen = notices.last()[0].id;
        assert_eq!(notices.after(seen).count(), 1);
    }
}
