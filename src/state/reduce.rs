//! The reducer: one command in, the state changed, effects out.

use std::time::SystemTime;

use super::{AppState, Command, Effect, NoticeLevel};
use crate::collection::RequestDraft;

impl AppState {
    /// Takes a command; gives what the shell must do.
    pub fn handle(&mut self, command: Command, now: SystemTime) -> Vec<Effect> {
        match command {
            Command::OpenCollection(folder) => self.open_collection(folder),
            Command::CollectionOpened { folder, result } => self.collection_opened(folder, result),
            Command::DraftsFound { folder, drafts } => {
                self.drafts_found(folder, drafts);
                Vec::new()
            }
            Command::RereadCollection => self
                .workspace
                .folder()
                .map(|folder| Effect::RereadCollection(folder.to_owned()))
                .into_iter()
                .chain(self.look_again_at_body_file())
                .collect(),
            Command::CollectionReread { folder, result } => {
                self.collection_reread(folder, result);
                Vec::new()
            }
            Command::ChangeFiles(change) => self.change_files(change),
            Command::FilesChanged {
                folder,
                change,
                result,
            } => self.files_changed(folder, &change, result),
            Command::ChooseEnvironment(name) => {
                self.choose_environment(name);
                Vec::new()
            }
            Command::RenameEnvironment { name, to } => self.rename_environment(name, to),
            Command::SecretsCopied { name, to, result } => self.secrets_copied(name, to, result),
            Command::ChooseProfile(name) => {
                self.workspace.profile_override = name;
                self.workspace.touch();
                Vec::new()
            }
            Command::ToggleFolder(path) => {
                self.workspace.toggle_folder(path);
                Vec::new()
            }

            Command::OpenRequest(path) => {
                self.open_request(path);
                Vec::new()
            }
            Command::NewTab => {
                self.explainer.hide();
                self.tabs.open(None, RequestDraft::new("New request"));
                Vec::new()
            }
            Command::ShowTab(tab) => {
                self.explainer.hide();
                self.tabs.show(tab);
                Vec::new()
            }
            Command::NextTab => {
                self.step_tab(1);
                Vec::new()
            }
            Command::PreviousTab => {
                self.step_tab(-1);
                Vec::new()
            }
            Command::CloseTab(tab) => self.close_or_ask(tab),
            Command::DiscardTab(tab) => {
                self.dialog.close();
                self.close_tab(tab)
            }
            Command::SaveAndCloseTab(tab) => self.save_and_close(tab),
            Command::SaveTab(tab) => self.save_tab(tab),
            Command::RequestSaved { tab, draft, result } => self.request_saved(tab, &draft, result),
            Command::TakeOutsideChange(tab) => {
                self.tabs.take_outside_change(tab);
                Vec::new()
            }
            Command::KeepDraft(tab) => {
                self.tabs.keep_draft(tab);
                Vec::new()
            }

            Command::ChooseBodyFile(tab) => self.choose_body_file(tab),
            Command::BodyFileChosen { tab, path } => self.body_file_chosen(tab, &path),
            Command::LookAtBodyFile(tab) => self.look_at_body_file(tab).into_iter().collect(),
            Command::BodyFileFound { tab, path, found } => {
                self.body_file_found(tab, &path, found);
                Vec::new()
            }

            Command::Send(tab) => self.send(tab, now),
            Command::Cancel(tab) => self
                .exchanges
                .cancel(tab)
                .map(Effect::CancelSend)
                .into_iter()
                .collect(),
            Command::SaveBody(tab) => self.save_body(tab),
            Command::SaveText {
                suggested_name,
                text,
            } => vec![Effect::SaveText {
                suggested_name,
                text,
            }],
            Command::CopyPresignedUrl(tab) => self.copy_presigned_url(tab),
            Command::Presign(tab) => self.presign(tab),
            Command::Presigned(result) => self.presigned(result),

            Command::Explained {
                tab,
                exchange,
                explanation,
            } => {
                if self.tabs.get(tab).is_some() {
                    let explanation = self.with_possible_mendings(tab, explanation);
                    self.explanations.take(tab, exchange, explanation);
                }
                Vec::new()
            }
            Command::Mend { tab, mending } => self.mend(tab, &mending, false, now),
            Command::MendAndSend { tab, mending } => self.mend(tab, &mending, true, now),
            Command::UndoMending { tab, notice } => {
                self.undo_mending(tab, notice);
                Vec::new()
            }
            Command::CredentialsRenewed { tab, result } => {
                self.credentials_renewed(tab, result, now)
            }
            Command::ShowExplainer => {
                self.explainer.show();
                Vec::new()
            }
            Command::CloseExplainer => {
                self.explainer.close();
                Vec::new()
            }
            Command::ReadPasted(question) => self.read_pasted(*question, now),
            Command::PastedRead { revision, answer } => {
                self.explainer.take(revision, *answer);
                Vec::new()
            }
            Command::OpenPasted => {
                self.open_pasted();
                Vec::new()
            }

            Command::FindSecrets { environment } => self.find_secrets(&environment),
            Command::SecretsFound(found) => {
                for (secret, has_value) in found {
                    self.secrets.note(secret, has_value);
                }
                Vec::new()
            }
            Command::StoreSecret(secret, value) => vec![Effect::StoreSecret(secret, value)],
            Command::SaveVariables { change, values } => self.save_variables(change, values),
            Command::SecretStored(secret, result) => self.secret_stored(secret, result),
            Command::SecretsDeleted(gone, result) => {
                self.secrets_deleted(gone, result);
                Vec::new()
            }
            Command::SecretsAreKept(result) => {
                self.secrets.until_exit = result.err();
                Vec::new()
            }
            Command::ListProfiles => vec![Effect::ListProfiles],
            Command::ProfilesListed(result) => {
                self.profiles.take_list(result);
                Vec::new()
            }
            Command::AddProfileKeys(keys) => self.change_profiles(Effect::AddProfileKeys(keys)),
            Command::AddRole(role) => self.change_profiles(Effect::AddRole(role)),
            Command::RemoveProfile(name) => self.remove_profile(name),
            Command::ProfilesChanged(result) => self.profiles_changed(result),
            Command::WhoAmI(profile) => {
                self.profiles.ask(&profile);
                vec![Effect::WhoAmI(profile)]
            }
            Command::WhoAmIAnswered { profile, result } => {
                self.profiles.answered(profile, result);
                Vec::new()
            }

            Command::StartGateway => self.gateway.start().into_iter().collect(),
            Command::StopGateway => self.gateway.stop().into_iter().collect(),
            Command::GatewayIs(status) => {
                self.gateway_is(status);
                Vec::new()
            }
            Command::GatewayCalled(call) => {
                self.gateway.note(call);
                Vec::new()
            }

            Command::Quit => self.quit(),
            Command::QuitAndDiscard => {
                self.discard_drafts();
                vec![Effect::CloseWindow]
            }
            Command::ShowDialog(dialog) => self.show_dialog(dialog),
            Command::CloseDialog => {
                self.close_dialog();
                Vec::new()
            }
            Command::CopyText(text) => {
                self.notices.copied();
                vec![Effect::CopyText(text)]
            }
            Command::ChooseTheme(theme) => {
                self.settings.theme = theme;
                Vec::new()
            }
            Command::TogglePresenter => {
                self.settings.presenter = !self.settings.presenter;
                Vec::new()
            }
            Command::SetSplits { editor, response } => {
                self.settings.editor_share = editor;
                self.settings.response_share = response;
                Vec::new()
            }
            Command::SetSidebarWidth(width) => {
                self.settings.sidebar_width = width;
                Vec::new()
            }
            Command::Notify(failure) => {
                self.fail(failure);
                Vec::new()
            }
            Command::Say(text) => {
                self.notices.add(NoticeLevel::Success, text, None);
                Vec::new()
            }
        }
    }
}
