//! What panels see: everything to read, one queue to ask with.

use std::time::SystemTime;

use crate::state::{
    Command, CommandSender, Dialog, Exchanges, Explainer, Explanations, Failure, Gateway, Notices,
    Profiles, Secrets, Settings, Workspace,
};

/// Read-only borrows of the state, and the queue for what is to be caused. The tabs are handed on
/// beside it, because the editor writes into the draft that it shows.
#[derive(Clone, Copy)]
pub struct UiContext<'a> {
    /// The open collection and what is chosen for it.
    pub workspace: &'a Workspace,
    /// What became of the sendings.
    pub exchanges: &'a Exchanges,
    /// Why the calls were refused.
    pub explanations: &'a Explanations,
    /// The page on which a pasted text is explained.
    pub explainer: &'a Explainer,
    /// What one can sign as.
    pub profiles: &'a Profiles,
    /// Which secrets have a value.
    pub secrets: &'a Secrets,
    /// The practice gateway.
    pub gateway: &'a Gateway,
    /// Messages to the user.
    pub notices: &'a Notices,
    /// The open dialog.
    pub dialog: Option<&'a Dialog>,
    /// Why the change that was asked for in it was refused.
    pub refusal: Option<&'a Failure>,
    /// What is kept between runs.
    pub settings: &'a Settings,
    /// Where to ask.
    pub commands: &'a CommandSender,
    /// The time of this frame.
    pub now: SystemTime,
}

impl UiContext<'_> {
    /// Asks for something.
    #[track_caller]
    pub fn send(&self, command: Command) {
        self.commands.send(command);
    }
}
