//! Open requests: shown, saved, closed, sent.

use std::path::Path;
use std::time::SystemTime;

use super::{About, AppState, Dialog, Effect, Failure, Tab, TabId};
use crate::collection::{ItemPath, RequestDraft};
use crate::exchange::{ExchangeId, SendJob, SendOptions};

impl AppState {
    /// Shows a request, in its tab if it has one.
    pub(super) fn open_request(&mut self, path: ItemPath) {
        self.explainer.hide();
        if let Some(tab) = self.tabs.of_path(&path) {
            let id = tab.id;
            self.tabs.show(id);
            return;
        }
        let Some(draft) = self.workspace.collection().and_then(|c| c.request(&path)) else {
            return;
        };
        let draft = as_opened(draft);
        self.tabs.open(Some(path), draft);
    }

    /// Closes a tab, or asks when that would lose something.
    pub(super) fn close_or_ask(&mut self, tab: TabId) -> Vec<Effect> {
        if self.tabs.get(tab).is_some_and(Tab::is_dirty) {
            self.tabs.show(tab);
            self.close_dialog();
            self.dialog.show(Dialog::UnsavedChanges { tab });
            return Vec::new();
        }
        self.close_tab(tab)
    }

    /// Closes a tab and stops its sending.
    pub(super) fn close_tab(&mut self, tab: TabId) -> Vec<Effect> {
        let running = self.exchanges.forget(tab);
        self.explanations.forget(tab);
        self.tabs.close(tab);
        running.map(Effect::CancelSend).into_iter().collect()
    }

    /// Saves a tab and closes it when that went well.
    pub(super) fn save_and_close(&mut self, id: TabId) -> Vec<Effect> {
        self.dialog.close();
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.closes_when_saved = true;
        }
        self.save_tab(id)
    }

    /// Saves a tab; one without a file asks for a name.
    pub(super) fn save_tab(&mut self, id: TabId) -> Vec<Effect> {
        let Some(tab) = self.tabs.get_mut(id) else {
            return Vec::new();
        };
        if let Some(damage) = &tab.damage {
            let failure = Failure::new(
                format!("`{}` is damaged and is left as it is", damage.path),
                Some("mend the file by hand, then save again".to_owned()),
            );
            self.stay_open(id);
            self.fail(failure);
            return Vec::new();
        }
        let Some(folder) = self.workspace.folder() else {
            self.stay_open(id);
            return Vec::new();
        };
        let Some(path) = tab.path.clone() else {
            self.dialog.show(Dialog::NewRequest {
                folder: ItemPath::default(),
                tab: Some(id),
            });
            return Vec::new();
        };
        vec![Effect::SaveRequest {
            folder: folder.to_owned(),
            path,
            draft: Box::new(tab.draft.clone()),
            tab: id,
            base: Box::new(tab.begin_writing()),
        }]
    }

    /// A tab that was to close once it is saved stays after all.
    pub(super) fn stay_open(&mut self, id: TabId) {
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.closes_when_saved = false;
        }
    }

    /// Takes in that a draft was written, or was not.
    pub(super) fn request_saved(
        &mut self,
        id: TabId,
        draft: &RequestDraft,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.end_writing(draft);
        }
        if let Err(failure) = result {
            self.stay_open(id);
            self.fail_about(About::Request(id), failure);
            return Vec::new();
        }
        self.notices.solved(&About::Request(id));
        let Some(tab) = self.tabs.get_mut(id) else {
            return Vec::new();
        };
        tab.set_saved(draft.clone());
        tab.outside = None;
        // What was typed while the file was written is not saved yet.
        let closes = tab.closes_when_saved && !tab.is_dirty();
        tab.closes_when_saved = false;
        if let Some(path) = tab.path.clone() {
            self.workspace.put_draft(&path, draft);
        }
        if closes {
            return self.close_tab(id);
        }
        Vec::new()
    }

    /// Sends a tab's draft as it is now.
    pub(super) fn send(&mut self, id: TabId, now: SystemTime) -> Vec<Effect> {
        let Some(tab) = self.tabs.get(id) else {
            return Vec::new();
        };
        let mut job = self.job_of(tab);
        let Some(exchange) = self.exchanges.begin(id, now) else {
            return Vec::new();
        };
        job.id = exchange;
        self.explanations.watch(id, job.clone());
        vec![Effect::StartSend(Box::new(job))]
    }

    /// All that a sending of a tab's draft needs but its id.
    pub(super) fn job_of(&self, tab: &Tab) -> SendJob {
        SendJob {
            id: ExchangeId::default(),
            draft: tab.draft.clone(),
            context: self.workspace.context_of(tab.path.as_ref()),
            folder: self
                .workspace
                .folder()
                .map(Path::to_owned)
                .unwrap_or_default(),
            runtime_variables: self.workspace.runtime_variables().to_vec(),
            profile: self.workspace.profile_override.clone(),
            options: SendOptions::default(),
        }
    }

    /// Writes the last answer's body into a file.
    pub(super) fn save_body(&self, tab: TabId) -> Vec<Effect> {
        let Some(exchange) = self.exchanges.of(tab).and_then(|sending| sending.shown()) else {
            return Vec::new();
        };
        let suggested_name = body_file_name(exchange.response.header("content-type"));
        vec![Effect::SaveBody {
            exchange: exchange.clone(),
            suggested_name,
        }]
    }

    /// Closes the window, or asks when that would lose something.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        if self.has_unsaved() {
            self.close_dialog();
            self.dialog.show(Dialog::QuitUnsaved);
            return Vec::new();
        }
        vec![Effect::CloseWindow]
    }
}

/// A file's draft as a tab shows it: its parameters follow from its URL.
pub(super) fn as_opened(draft: &RequestDraft) -> RequestDraft {
    let mut draft = draft.clone();
    draft.params_from_url();
    draft
}

/// A name for the file of an answer's body.
fn body_file_name(content_type: Option<&str>) -> String {
    let kind = content_type.unwrap_or_default();
    let extension = [
        ("json", "json"),
        ("html", "html"),
        ("xml", "xml"),
        ("png", "png"),
        ("jpeg", "jpg"),
        ("pdf", "pdf"),
        ("text", "txt"),
    ]
    .iter()
    .find(|(word, _)| kind.contains(word))
    .map_or("bin", |(_, extension)| extension);
    format!("response.{extension}")
}
