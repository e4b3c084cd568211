//! What the window knows: a pure reducer over commands that gives effects as values.
//!
//! ```text
//! panels, shortcuts ─▶ Command ─▶ AppState::handle ─▶ Vec<Effect> ─▶ app::effects
//!                        ▲                                              │
//!                        └──────────── what came of it ─────────────────┤
//! engine ─▶ SendEvent ─▶ AppState::apply                ◀─ StartSend ───┘
//! ```
//!
//! Nothing here reads a clock, a file or the network; the time comes in with each call.

mod body_file;
mod command;
mod dialog;
mod drafts;
mod effect;
mod environments;
mod exchanges;
mod explainer;
mod explanations;
mod files;
mod gateway;
mod mending;
mod notices;
mod opening;
mod presigned;
mod profiles;
mod reduce;
mod requests;
mod secrets;
mod settings;
mod tabs;
#[cfg(test)]
mod tests;
mod workspace;

use std::time::SystemTime;

pub use body_file::BodyFile;
pub use command::{
    Command, CommandSender, Failure, FileChange, FileChanged, FolderBase, MoveBy, NewProfileKeys,
    NewRole, Sent,
};
pub use dialog::{Dialog, Dialogs};
pub use drafts::{Drafts, KeptDraft};
pub use effect::Effect;
pub use exchanges::{ExchangeState, Exchanges, Sending};
pub use explainer::{
    Explainer, Ours, PastedAnswer, PastedJob, PastedQuestion, PastedReading, Recomputed,
    answer_pasted,
};
pub use explanations::Explanations;
pub use gateway::{Gateway, GatewayCall, GatewayStatus};
pub use notices::{About, Notice, NoticeId, NoticeLevel, Notices};
pub use profiles::{Identity, Profiles};
pub use secrets::Secrets;
pub use settings::{SETTINGS_VERSION, SIDEBAR_LEAST, SIDEBAR_MOST, Settings, ThemeChoice};
pub use tabs::{Derived, EditorSection, Tab, TabId, Tabs};
pub use workspace::{Opened, Workspace};

use crate::exchange::SendEvent;

/// All that the window knows.
#[derive(Debug, Default)]
pub struct AppState {
    /// The open collection and what is chosen for it.
    pub workspace: Workspace,
    /// The open requests.
    pub tabs: Tabs,
    /// What became of their sendings.
    pub exchanges: Exchanges,
    /// Why their calls were refused.
    pub explanations: Explanations,
    /// The page on which a pasted text is explained.
    pub explainer: Explainer,
    /// What one can sign as.
    pub profiles: Profiles,
    /// Which secrets have a value.
    pub secrets: Secrets,
    /// The practice gateway.
    pub gateway: Gateway,
    /// Which unsaved drafts are kept.
    pub drafts: Drafts,
    /// Messages to the user.
    pub notices: Notices,
    /// The open dialog.
    pub dialog: Dialogs,
    /// What is kept between runs.
    pub settings: Settings,
}

impl AppState {
    /// The state at the start, with what an earlier run kept.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings: settings.checked(),
            ..Self::default()
        }
    }

    /// Takes a step of a sending; `false` when it was stale or impossible.
    pub fn apply(&mut self, event: SendEvent, now: SystemTime) -> bool {
        self.exchanges.apply(event, now)
    }

    /// Whether closing the window would lose something.
    pub fn has_unsaved(&self) -> bool {
        self.tabs.iter().any(Tab::is_dirty)
    }

    /// Derives anew what follows from the shown draft, if something changed; `true` when it did.
    /// `now` is the time at which its preview pretends to sign.
    pub fn settle(&mut self, now: SystemTime) -> bool {
        let Self {
            tabs,
            workspace,
            profiles,
            ..
        } = self;
        tabs.active_mut()
            .is_some_and(|tab| tab.derive(workspace, profiles, now))
    }
}
