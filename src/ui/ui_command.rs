//! One catalogue of what can be done by menu, shortcut and palette.

use egui::{Key, KeyboardShortcut, Modifiers};
use strum::IntoEnumIterator as _;

use super::{Panels, UiContext};
use crate::collection::{AuthSpec, ItemPath};
use crate::exchange::SigningExportFormat;
use crate::state::{Command, Dialog, FileChange, Tab, Tabs, ThemeChoice};

/// An action without a payload, in the order of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumIter)]
pub enum UiCommand {
    /// Send the request that is shown.
    Send,
    /// Stop its sending.
    CancelSend,
    /// Save it.
    Save,
    /// A new request in a tab.
    NewRequest,
    /// A new folder.
    NewFolder,
    /// Close the tab.
    CloseTab,
    /// The tab to the right.
    NextTab,
    /// The tab to the left.
    PreviousTab,
    /// The keyboard into the URL.
    FocusUrl,
    /// Take back what an explanation changed.
    UndoMending,
    /// Explain what somebody pastes.
    ExplainPasted,
    /// The palette.
    Palette,
    /// Another name for the request.
    Rename,
    /// A copy of the request.
    Duplicate,
    /// Delete the request.
    Delete,
    /// Save the answer's body.
    SaveBody,
    /// Copy the presigned URL that was sent.
    CopyPresignedUrl,
    /// Sign the request as a presigned URL and copy that.
    Presign,
    /// Open a collection.
    OpenCollection,
    /// What the collection hands down.
    CollectionSettings,
    /// What the folder of the request that is shown hands down.
    FolderSettings,
    /// A new environment.
    NewEnvironment,
    /// Edit the chosen environment.
    EditEnvironment,
    /// Another name for the chosen environment.
    RenameEnvironment,
    /// Delete the chosen environment.
    DeleteEnvironment,
    /// The profiles.
    Profiles,
    /// Ask STS who signs.
    WhoAmI,
    /// Start or stop the practice gateway.
    ToggleGateway,
    /// What the practice gateway answered.
    GatewayLog,
    /// The keyboard into the signing view.
    GoToSigning,
    /// The signing steps on the clipboard.
    CopySigning,
    /// The signing steps in a file to read.
    SaveSigningMarkdown,
    /// The signing steps in a file to work with.
    SaveSigningJson,
    /// Show spaces and line feeds of the signing steps.
    ToggleInvisibles,
    /// Dark or light.
    ToggleTheme,
    /// Everything large.
    Presenter,
}

impl UiCommand {
    /// Its words, for menus and the palette; short, no full stop, `…` when it asks for more.
    pub fn text(self) -> &'static str {
        self.text_and_tooltip().0
    }

    /// One sentence on what it does.
    pub fn tooltip(self) -> &'static str {
        self.text_and_tooltip().1
    }

    fn text_and_tooltip(self) -> (&'static str, &'static str) {
        match self {
            Self::Send => (
                "Send",
                "Sign the request if it is to be signed, and send it",
            ),
            Self::CancelSend => ("Cancel sending", "Stop waiting for the answer"),
            Self::Save => ("Save", "Write the request into its file"),
            Self::NewRequest => (
                "New request",
                "A request that gets its file when it is saved",
            ),
            Self::NewFolder => ("New folder…", "A folder at the top of the collection"),
            Self::CloseTab => (
                "Close tab",
                "Close the request; unsaved changes are asked about",
            ),
            Self::NextTab => ("Next tab", "Show the request to the right"),
            Self::PreviousTab => ("Previous tab", "Show the request to the left"),
            Self::FocusUrl => ("Go to the URL", "Put the keyboard into the URL"),
            Self::UndoMending => (
                "Undo the last mending",
                "Take back what an explanation changed in the request",
            ),
            Self::ExplainPasted => (
                "Explain a pasted text…",
                "Why a call was refused, from its 403, command line, request or log",
            ),
            Self::Palette => ("Find a command or request…", "Everything by its name"),
            Self::Rename => ("Rename…", "Give the request another name"),
            Self::Duplicate => ("Duplicate", "A copy of the request beside it"),
            Self::Delete => ("Delete…", "Delete the request's file"),
            Self::SaveBody => ("Save the answer…", "Write the answer's body into a file"),
            Self::CopyPresignedUrl => (
                "Copy presigned URL",
                "The URL as it was sent, session token and all: whoever has it can make this call until it expires",
            ),
            Self::Presign => (
                "Presign without sending",
                "Sign the request as a URL and copy it; whoever has it can make this call until it expires",
            ),
            Self::OpenCollection => ("Open collection…", "Open a folder with a collection"),
            Self::CollectionSettings => (
                "Collection settings…",
                "Auth, headers and variables for every request; name and documentation",
            ),
            Self::FolderSettings => (
                "Folder settings…",
                "Auth, headers and variables for the requests of the folder that is shown",
            ),
            Self::NewEnvironment => (
                "New environment…",
                "A set of variables to choose: dev, prod and the like",
            ),
            Self::EditEnvironment => ("Edit environment…", "Variables of the chosen environment"),
            Self::RenameEnvironment => (
                "Rename environment…",
                "Give the chosen environment another name",
            ),
            Self::DeleteEnvironment => (
                "Delete environment…",
                "Delete the chosen environment’s file and the values of its secrets",
            ),
            Self::Profiles => ("Profiles…", "Everything one can sign as"),
            Self::WhoAmI => ("Who am I", "Ask STS who the request's profile is"),
            Self::ToggleGateway => (
                "Start or stop the practice gateway",
                "API Gateway and STS on this machine, for practice",
            ),
            Self::GatewayLog => (
                "Practice gateway log…",
                "What the practice gateway answered, and why",
            ),
            Self::GoToSigning => (
                "Go to the signing steps",
                "Put the keyboard on the first line of the canonical request",
            ),
            Self::CopySigning => (
                "Copy the signing steps",
                "All five steps as Markdown, secrets masked",
            ),
            Self::SaveSigningMarkdown => (
                "Save the signing steps as Markdown…",
                "A page with all five steps, secrets masked",
            ),
            Self::SaveSigningJson => (
                "Save the signing steps as JSON…",
                "All five steps as an object, secrets masked",
            ),
            Self::ToggleInvisibles => (
                "Show invisible characters",
                "Spaces and line feeds of the signing steps, and how long they are",
            ),
            Self::ToggleTheme => ("Dark or light", "Switch the colours"),
            Self::Presenter => ("Presenter size", "Everything large enough for the back row"),
        }
    }

    /// Its shortcut.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
        let (modifiers, key) = match self {
            Self::Send => (Modifiers::COMMAND, Key::Enter),
            Self::CancelSend => (Modifiers::COMMAND, Key::Period),
            Self::Save => (Modifiers::COMMAND, Key::S),
            Self::NewRequest => (Modifiers::COMMAND, Key::N),
            Self::NewFolder => (CTRL_SHIFT, Key::N),
            Self::CloseTab => (Modifiers::COMMAND, Key::W),
            Self::NextTab => (Modifiers::CTRL, Key::Tab),
            Self::PreviousTab => (Modifiers::CTRL.plus(Modifiers::SHIFT), Key::Tab),
            Self::FocusUrl => (Modifiers::COMMAND, Key::L),
            Self::ExplainPasted => (CTRL_SHIFT, Key::E),
            Self::Palette => (Modifiers::COMMAND, Key::K),
            Self::Rename => (Modifiers::NONE, Key::F2),
            Self::Duplicate => (Modifiers::COMMAND, Key::D),
            Self::SaveBody => (CTRL_SHIFT, Key::S),
            Self::OpenCollection => (Modifiers::COMMAND, Key::O),
            Self::EditEnvironment => (Modifiers::COMMAND, Key::E),
            Self::Profiles => (Modifiers::COMMAND, Key::P),
            Self::ToggleGateway => (Modifiers::COMMAND, Key::G),
            Self::GatewayLog => (CTRL_SHIFT, Key::G),
            Self::GoToSigning => (Modifiers::NONE, Key::F8),
            Self::CopySigning => (CTRL_SHIFT, Key::M),
            Self::ToggleInvisibles => (CTRL_SHIFT, Key::I),
            Self::ToggleTheme => (CTRL_SHIFT, Key::T),
            Self::Presenter => (Modifiers::NONE, Key::F9),
            Self::Delete
            | Self::CopyPresignedUrl
            | Self::Presign
            | Self::UndoMending
            | Self::WhoAmI
            | Self::SaveSigningMarkdown
            | Self::SaveSigningJson
            | Self::CollectionSettings
            | Self::FolderSettings
            | Self::NewEnvironment
            | Self::RenameEnvironment
            | Self::DeleteEnvironment => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// Its shortcut in words, as the keyboard of this system has it.
    pub fn shortcut_text(self, ctx: &egui::Context) -> String {
        self.shortcut()
            .map(|shortcut| ctx.format_shortcut(&shortcut))
            .unwrap_or_default()
    }

    /// Whether it can be done now.
    pub fn is_enabled(self, ctx: &UiContext<'_>, tabs: &Tabs) -> bool {
        let tab = shown_tab(ctx, tabs);
        let has_file = tab.is_some_and(|tab| tab.path.is_some());
        match self {
            Self::Send => tab.is_some_and(|tab| !ctx.exchanges.is_running(tab.id)),
            Self::CancelSend => tab.is_some_and(|tab| ctx.exchanges.is_running(tab.id)),
            Self::Save => tab.is_some_and(|tab| tab.path.is_none() || tab.is_dirty()),
            Self::UndoMending => tab.is_some_and(|tab| tab.last_mending().is_some()),
            Self::CloseTab => tab.is_some() || ctx.explainer.is_shown(),
            Self::FocusUrl | Self::GoToSigning | Self::ToggleInvisibles => tab.is_some(),
            // Whether there are steps is known where they are shown.
            Self::CopySigning | Self::SaveSigningMarkdown | Self::SaveSigningJson => tab
                .and_then(|tab| tab.derived())
                .is_some_and(|derived| matches!(derived.auth.0, AuthSpec::AwsSigV4(_))),
            Self::NextTab | Self::PreviousTab => {
                tabs.iter().len() + usize::from(ctx.explainer.is_open()) > 1
            }
            Self::Rename | Self::Duplicate | Self::Delete => has_file,
            Self::SaveBody => tab
                .and_then(|tab| ctx.exchanges.of(tab.id))
                .is_some_and(|sending| sending.shown().is_some()),
            Self::CopyPresignedUrl => tab
                .and_then(|tab| ctx.exchanges.of(tab.id))
                .and_then(|sending| sending.shown())
                .is_some_and(|exchange| exchange.presigned_url().is_some()),
            Self::Presign => tab
                .and_then(|tab| tab.derived())
                .is_some_and(|derived| matches!(derived.auth.0, AuthSpec::AwsSigV4(_))),
            Self::NewFolder | Self::NewEnvironment | Self::CollectionSettings => {
                ctx.workspace.folder().is_some()
            }
            Self::FolderSettings => tab
                .and_then(|tab| tab.path.as_ref())
                .is_some_and(|path| !path.parent().0.is_empty()),
            Self::EditEnvironment | Self::RenameEnvironment | Self::DeleteEnvironment => {
                ctx.workspace.chosen_environment().is_some()
            }
            Self::WhoAmI => tab
                .and_then(|tab| tab.derived())
                .is_some_and(|derived| derived.profile.is_some()),
            Self::NewRequest
            | Self::ExplainPasted
            | Self::Palette
            | Self::OpenCollection
            | Self::Profiles
            | Self::ToggleGateway
            | Self::GatewayLog
            | Self::ToggleTheme
            | Self::Presenter => true,
        }
    }

    /// Does it, if it can be done now.
    pub fn perform(self, ctx: &UiContext<'_>, tabs: &Tabs, panels: &mut Panels, is_dark: bool) {
        if !self.is_enabled(ctx, tabs) {
            return;
        }
        let tab = shown_tab(ctx, tabs);
        if let Some(workbench) = tab.and_then(|tab| panels.workbenches.get_mut(&tab.id)) {
            match self {
                Self::GoToSigning => workbench.focus_steps(),
                Self::ToggleInvisibles => workbench.toggle_invisibles(),
                Self::CopySigning => workbench.copy_steps(ctx, SigningExportFormat::Markdown),
                Self::SaveSigningMarkdown => {
                    workbench.save_steps(ctx, SigningExportFormat::Markdown);
                }
                Self::SaveSigningJson => workbench.save_steps(ctx, SigningExportFormat::Json),
                _ => {}
            }
        }
        let path = tab.and_then(|tab| tab.path.clone());
        let command = match (self, tab, path) {
            (Self::Palette, ..) => {
                panels.palette.toggle();
                return;
            }
            (Self::FocusUrl, ..) => {
                panels.wants_url_focus = true;
                return;
            }
            (Self::Send, Some(tab), _) => Command::Send(tab.id),
            (Self::CancelSend, Some(tab), _) => Command::Cancel(tab.id),
            (Self::Save, Some(tab), _) => Command::SaveTab(tab.id),
            (Self::CloseTab, Some(tab), _) => Command::CloseTab(tab.id),
            (Self::SaveBody, Some(tab), _) => Command::SaveBody(tab.id),
            (Self::CopyPresignedUrl, Some(tab), _) => Command::CopyPresignedUrl(tab.id),
            (Self::Presign, Some(tab), _) => Command::Presign(tab.id),
            (Self::UndoMending, Some(tab), _) => {
                let Some(notice) = tab.last_mending() else {
                    return;
                };
                Command::UndoMending {
                    tab: tab.id,
                    notice,
                }
            }
            (Self::CloseTab, None, _) => Command::CloseExplainer,
            (Self::ExplainPasted, ..) => Command::ShowExplainer,
            (Self::NewRequest, ..) => Command::NewTab,
            (Self::NewFolder, ..) => Command::ShowDialog(Dialog::NewFolder {
                folder: ItemPath::default(),
            }),
            (Self::NextTab, ..) => Command::NextTab,
            (Self::PreviousTab, ..) => Command::PreviousTab,
            (Self::Rename, _, Some(path)) => Command::ShowDialog(Dialog::Rename { path }),
            (Self::Duplicate, _, Some(path)) => {
                Command::ChangeFiles(FileChange::Duplicate { path })
            }
            (Self::Delete, _, Some(path)) => Command::ShowDialog(Dialog::ConfirmDelete { path }),
            (Self::OpenCollection, ..) => Command::ShowDialog(Dialog::OpenCollection),
            (Self::CollectionSettings, ..) => Command::ShowDialog(Dialog::FolderSettings {
                path: ItemPath::default(),
            }),
            (Self::FolderSettings, _, Some(path)) => Command::ShowDialog(Dialog::FolderSettings {
                path: path.parent(),
            }),
            (Self::NewEnvironment, ..) => Command::ShowDialog(Dialog::NewEnvironment),
            (Self::EditEnvironment | Self::RenameEnvironment | Self::DeleteEnvironment, ..) => {
                let Some(environment) = ctx.workspace.chosen_environment() else {
                    return;
                };
                let name = environment.name.clone();
                Command::ShowDialog(match self {
                    Self::RenameEnvironment => Dialog::RenameEnvironment { name },
                    Self::DeleteEnvironment => Dialog::DeleteEnvironment { name },
                    _ => Dialog::Environment { name },
                })
            }
            (Self::Profiles, ..) => Command::ShowDialog(Dialog::Profiles),
            (Self::WhoAmI, Some(tab), _) => {
                let Some(profile) = tab.derived().and_then(|derived| derived.profile.clone())
                else {
                    return;
                };
                ctx.send(Command::ShowDialog(Dialog::Profiles));
                Command::WhoAmI(profile)
            }
            (Self::ToggleGateway, ..) => {
                if ctx.gateway.is_on() {
                    Command::StopGateway
                } else {
                    Command::StartGateway
                }
            }
            (Self::GatewayLog, ..) => Command::ShowDialog(Dialog::GatewayLog),
            (Self::ToggleTheme, ..) => Command::ChooseTheme(if is_dark {
                ThemeChoice::Light
            } else {
                ThemeChoice::Dark
            }),
            (Self::Presenter, ..) => Command::TogglePresenter,
            (
                Self::GoToSigning
                | Self::ToggleInvisibles
                | Self::CopySigning
                | Self::SaveSigningMarkdown
                | Self::SaveSigningJson
                | Self::Send
                | Self::CancelSend
                | Self::Save
                | Self::UndoMending
                | Self::SaveBody
                | Self::CopyPresignedUrl
                | Self::Presign
                | Self::Rename
                | Self::Duplicate
                | Self::Delete
                | Self::FolderSettings
                | Self::WhoAmI,
                ..,
            ) => return,
        };
        ctx.send(command);
    }

    /// Takes the shortcut that was pressed out of the input, chords of more keys first. Called
    /// before any panel, so that a text field that has the keyboard does not eat it.
    pub fn consume_shortcut(ctx: &egui::Context) -> Option<Self> {
        let mut all: Vec<(Self, KeyboardShortcut)> = Self::iter()
            .filter_map(|command| Some((command, command.shortcut()?)))
            .collect();
        all.sort_by_key(|(_, shortcut)| {
            let Modifiers { alt, shift, .. } = shortcut.modifiers;
            !(alt || shift)
        });
        ctx.input_mut(|input| {
            all.into_iter()
                .find(|(_, shortcut)| input.consume_shortcut(shortcut))
                .map(|(command, _)| command)
        })
    }
}

/// The tab that is shown, if a request is.
fn shown_tab<'a>(ctx: &UiContext<'_>, tabs: &'a Tabs) -> Option<&'a Tab> {
    tabs.active().filter(|_| !ctx.explainer.is_shown())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_two_commands_share_a_shortcut() {
        let mut taken: BTreeMap<String, UiCommand> = BTreeMap::new();
        for command in UiCommand::iter() {
            let Some(shortcut) = command.shortcut() else {
                continue;
            };
            // Ctrl and the command key are one key on most systems.
            let Modifiers {
                alt,
                ctrl,
                shift,
                command: cmd,
                mac_cmd,
            } = shortcut.modifiers;
            let key = format!(
                "{alt} {} {shift} {:?}",
                ctrl || cmd || mac_cmd,
                shortcut.logical_key
            );
            if let Some(other) = taken.insert(key, command) {
                panic!("{command:?} and {other:?} share a shortcut");
            }
        }
        assert!(taken.len() > 15);
    }

    #[test]
    fn shortcuts_are_not_those_of_text_fields() {
        let text_keys = [Key::A, Key::C, Key::V, Key::X, Key::Z, Key::Y];
        for command in UiCommand::iter() {
            if let Some(shortcut) = command.shortcut() {
                let plain = !shortcut.modifiers.shift && !shortcut.modifiers.alt;
                assert!(
                    !(plain && text_keys.contains(&shortcut.logical_key)),
                    "{command:?}"
                );
                let is_function_key = shortcut.logical_key.name().starts_with('F')
                    && shortcut.logical_key.name().len() > 1;
                assert!(
                    shortcut.modifiers.any() || is_function_key,
                    "{command:?} would fire while one types"
                );
            }
        }
    }

    #[test]
    fn words_follow_the_house_style() {
        for command in UiCommand::iter() {
            let (text, tooltip) = command.text_and_tooltip();
            assert!(
                !text.ends_with('.') && !tooltip.ends_with('.'),
                "{command:?}"
            );
            assert!(!tooltip.is_empty());
        }
    }
}
