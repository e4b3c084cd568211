//! Short messages to the user.

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
        self.next += 1;
        self.last.push(Notice {
            id: NoticeId(self.next),
            level,
            text: text.into(),
            hint,
        });
        if self.last.len() > MOST {
            self.last.remove(0);
        }
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
}
