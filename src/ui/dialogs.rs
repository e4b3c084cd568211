//! The dialogs, and the text that is being typed in them.

use egui::{Key, Modifiers, RichText};
use egui_commonmark::CommonMarkCache;

use super::environment_editor::EnvironmentEditor;
use super::folder_settings::{FolderSettings, folder_settings_ui};
use super::profiles_panel::ProfilesPanel;
use super::theme::Tokens;
use super::widgets::{Banner, Button, Dialog as DialogBox, TextField, field_label, note};
use super::wording::for_window;
use super::{UiContext, environment_editor, gateway_panel, profiles_panel};
use crate::collection::{Item, ItemPath, RequestDraft, VariableValue};
use crate::state::{Command, Dialog, FileChange, TabId, Tabs};

/// What is typed in the open dialog; it goes with the dialog.
#[derive(Default)]
pub(super) struct DialogState {
    shown: Option<Dialog>,
    text: String,
    /// What stood in the field at first.
    first: String,
    /// Nothing has the keyboard yet.
    is_fresh: bool,
    environment: Option<EnvironmentEditor>,
    folder: Option<FolderSettings>,
    profiles: ProfilesPanel,
}

/// Draws the open dialog, if one is.
pub(super) fn dialogs_ui(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    tabs: &Tabs,
    state: &mut DialogState,
    markdown: &mut CommonMarkCache,
) {
    if state.shown.as_ref() != ctx.dialog {
        let text = ctx
            .dialog
            .map(|dialog| first_text(ctx, tabs, dialog))
            .unwrap_or_default();
        *state = DialogState {
            shown: ctx.dialog.cloned(),
            first: text.clone(),
            text,
            is_fresh: true,
            ..DialogState::default()
        };
    }
    let Some(dialog) = ctx.dialog else { return };
    let closed = match dialog {
        Dialog::OpenCollection => open_collection_ui(ui, ctx, state),
        Dialog::NewRequest { folder, tab } => new_request_ui(ui, ctx, tabs, state, folder, *tab),
        Dialog::NewFolder { folder } => new_folder_ui(ui, ctx, state, folder),
        Dialog::Rename { path } => rename_ui(ui, ctx, state, path),
        Dialog::ConfirmDelete { path } => confirm_delete_ui(ui, ctx, state, path),
        Dialog::UnsavedChanges { tab } => unsaved_ui(ui, ctx, tabs, state, *tab),
        Dialog::QuitUnsaved => quit_ui(ui, ctx, tabs, state),
        Dialog::Environment { name } => {
            let editor = state
                .environment
                .get_or_insert_with(|| EnvironmentEditor::new(ctx, name));
            DialogBox::new(&format!("Environment “{name}”"))
                .width(720.0)
                .unsaved(editor.is_changed())
                .show(ui.ctx(), |ui| {
                    environment_editor::environment_ui(ui, ctx, editor, &mut state.is_fresh);
                })
                .closed
        }
        Dialog::FolderSettings { path } => {
            if state.folder.is_none() {
                state.folder = FolderSettings::new(ctx, path);
            }
            match &mut state.folder {
                Some(settings) => {
                    folder_settings_ui(ui, ctx, settings, markdown, &mut state.is_fresh)
                }
                None => true,
            }
        }
        Dialog::NewEnvironment => new_environment_ui(ui, ctx, state),
        Dialog::RenameEnvironment { name } => rename_environment_ui(ui, ctx, state, name),
        Dialog::DeleteEnvironment { name } => delete_environment_ui(ui, ctx, state, name),
        Dialog::Profiles => {
            DialogBox::new("Profiles")
                .width(720.0)
                .unsaved(state.profiles.is_typed_in())
                .show(ui.ctx(), |ui| {
                    profiles_panel::profiles_ui(ui, ctx, &mut state.profiles);
                })
                .closed
        }
        Dialog::GatewayLog => {
            DialogBox::new("Practice gateway")
                .width(680.0)
                .show(ui.ctx(), |ui| gateway_panel::gateway_log_ui(ui, ctx))
                .closed
        }
    };
    if closed {
        ctx.send(Command::CloseDialog);
    }
}

/// What stands in the field at first.
fn first_text(ctx: &UiContext<'_>, tabs: &Tabs, dialog: &Dialog) -> String {
    let item = |path: &ItemPath| ctx.workspace.collection().and_then(|c| c.item(path));
    match dialog {
        Dialog::OpenCollection => ctx
            .workspace
            .folder()
            .map(|folder| folder.display().to_string())
            .unwrap_or_default(),
        Dialog::NewRequest { tab, .. } => tab
            .and_then(|tab| tabs.get(tab))
            .map(|tab| tab.draft.name.clone())
            .unwrap_or_default(),
        Dialog::Rename { path } => item(path).map(Item::name).unwrap_or_default().to_owned(),
        Dialog::RenameEnvironment { name } => name.clone(),
        Dialog::NewFolder { .. }
        | Dialog::FolderSettings { .. }
        | Dialog::NewEnvironment
        | Dialog::DeleteEnvironment { .. }
        | Dialog::ConfirmDelete { .. }
        | Dialog::UnsavedChanges { .. }
        | Dialog::QuitUnsaved
        | Dialog::Environment { .. }
        | Dialog::Profiles
        | Dialog::GatewayLog => String::new(),
    }
}

/// The words of a dialog that asks for one text.
struct Asked<'a> {
    title: &'a str,
    label: &'a str,
    hint: &'a str,
    explains: &'a str,
    button: &'a str,
}

/// A dialog that asks for one text; gives the text when it is confirmed.
fn ask_text(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    state: &mut DialogState,
    asked: &Asked<'_>,
) -> (bool, Option<String>) {
    let dialog = DialogBox::new(asked.title).steady(state.text != state.first);
    let shown = dialog.show(ui.ctx(), |ui| {
        field_label(ui, asked.label);
        let id = egui::Id::unique("dialog text");
        let field = TextField::new(asked.label, &mut state.text)
            .hint(asked.hint)
            .id(id);
        let response = ui.add(field);
        if std::mem::take(&mut state.is_fresh) {
            response.request_focus();
            select_all(ui, id, &state.text);
        }
        if !asked.explains.is_empty() {
            note(ui, asked.explains);
        }
        refusal_ui(ui, ctx);
        let is_filled = !state.text.trim().is_empty();
        let is_entered = entered(ui, &response);
        let (pressed, cancelled) = DialogBox::footer(ui, |ui| {
            let pressed = ui
                .add(Button::primary(asked.button).enabled(is_filled))
                .clicked();
            (pressed, ui.add(Button::ghost("Cancel")).clicked())
        });
        (is_filled && (pressed || is_entered), cancelled)
    });
    let (confirmed, cancelled) = shown.inner;
    let text = confirmed.then(|| state.text.trim().to_owned());
    (shown.closed || cancelled, text)
}

/// Whether Enter was pressed in a field of one line. The keyboard stays there, in case the dialog
/// stays open.
pub(super) fn entered(ui: &egui::Ui, field: &egui::Response) -> bool {
    let is_entered =
        field.lost_focus() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
    if is_entered {
        field.request_focus();
    }
    is_entered
}

/// Adds a button, and gives it the keyboard when the dialog has just opened: Enter presses it.
fn first_button(ui: &mut egui::Ui, is_fresh: &mut bool, button: Button<'_>) -> bool {
    let response = ui.add(button);
    if std::mem::take(is_fresh) {
        response.request_focus();
    }
    response.clicked()
}

/// Why the change was refused; what was typed is still there.
pub(super) fn refusal_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>) {
    let Some(failure) = ctx.refusal else { return };
    ui.add_space(8.0);
    let message = for_window(&failure.message);
    let banner = Banner::danger(&message);
    match &failure.hint {
        Some(hint) => banner.body(&for_window(hint)).show_plain(ui),
        None => banner.show_plain(ui),
    }
}

/// Selects the whole text of a field, so that typing replaces it.
pub(super) fn select_all(ui: &egui::Ui, id: egui::Id, text: &str) {
    use egui::text::{CCursor, CCursorRange, CharIndex};
    let mut state = egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = CCursor::new(CharIndex(text.chars().count()));
    state
        .cursor
        .set_char_range(Some(CCursorRange::two(CCursor::default(), end)));
    state.store(ui.ctx(), id);
}

fn open_collection_ui(ui: &egui::Ui, ctx: &UiContext<'_>, state: &mut DialogState) -> bool {
    let asked = Asked {
        title: "Open collection",
        label: "Folder",
        hint: "/home/me/apis/pets",
        explains: "A folder in OpenCollection or Bruno’s YAML form: opencollection.yml and request files",
        button: "Open",
    };
    let (closed, text) = ask_text(ui, ctx, state, &asked);
    if let Some(text) = text {
        ctx.send(Command::OpenCollection(text.into()));
    }
    closed
}

fn new_request_ui(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    tabs: &Tabs,
    state: &mut DialogState,
    folder: &ItemPath,
    tab: Option<TabId>,
) -> bool {
    let place = place_of(ctx, folder);
    let asked = Asked {
        title: if tab.is_some() {
            "Save request"
        } else {
            "New request"
        },
        label: "Name",
        hint: "GET pets",
        explains: &place,
        button: if tab.is_some() { "Save" } else { "Create" },
    };
    let (closed, text) = ask_text(ui, ctx, state, &asked);
    if let Some(name) = text {
        let mut draft = tab
            .and_then(|tab| tabs.get(tab))
            .map_or_else(|| RequestDraft::new(""), |tab| tab.draft.clone());
        draft.name = name;
        // It goes to the end of its folder.
        draft.seq = None;
        ctx.send(Command::ChangeFiles(FileChange::CreateRequest {
            folder: folder.clone(),
            draft: Box::new(draft),
            tab,
        }));
    }
    closed
}

fn new_folder_ui(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    state: &mut DialogState,
    folder: &ItemPath,
) -> bool {
    let place = place_of(ctx, folder);
    let asked = Asked {
        title: "New folder",
        label: "Name",
        hint: "Orders",
        explains: &place,
        button: "Create",
    };
    let (closed, text) = ask_text(ui, ctx, state, &asked);
    if let Some(name) = text {
        ctx.send(Command::ChangeFiles(FileChange::CreateFolder {
            folder: folder.clone(),
            name,
        }));
    }
    closed
}

fn rename_ui(ui: &egui::Ui, ctx: &UiContext<'_>, state: &mut DialogState, path: &ItemPath) -> bool {
    let asked = Asked {
        title: "Rename",
        label: "Name",
        hint: "",
        explains: "",
        button: "Rename",
    };
    let (closed, text) = ask_text(ui, ctx, state, &asked);
    if let Some(name) = text {
        ctx.send(Command::ChangeFiles(FileChange::Rename {
            path: path.clone(),
            name,
        }));
    }
    closed
}

fn new_environment_ui(ui: &egui::Ui, ctx: &UiContext<'_>, state: &mut DialogState) -> bool {
    let asked = Asked {
        title: "New environment",
        label: "Name",
        hint: "prod",
        explains: "Variables that requests use while it is chosen; its file lies in environments/",
        button: "Create",
    };
    let (closed, text) = ask_text(ui, ctx, state, &asked);
    if let Some(name) = text {
        ctx.send(Command::ChangeFiles(FileChange::CreateEnvironment { name }));
    }
    closed
}

fn rename_environment_ui(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    state: &mut DialogState,
    name: &str,
) -> bool {
    let asked = Asked {
        title: "Rename environment",
        label: "Name",
        hint: "",
        explains: "The values of its secret variables go with it in this machine’s keyring; others who use the collection type theirs anew",
        button: "Rename",
    };
    let (closed, text) = ask_text(ui, ctx, state, &asked);
    if let Some(to) = text {
        let name = name.to_owned();
        ctx.send(Command::RenameEnvironment { name, to });
    }
    closed
}

fn delete_environment_ui(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    state: &mut DialogState,
    name: &str,
) -> bool {
    let collection = ctx.workspace.collection();
    let Some(environment) = collection.and_then(|c| c.environment(name)) else {
        return true;
    };
    let has_secrets = environment
        .variables
        .iter()
        .any(|variable| variable.value == VariableValue::Secret);
    let shown = DialogBox::new("Delete environment").show(ui.ctx(), |ui| {
        ui.label(format!("Delete the environment “{name}”?"));
        note(
            ui,
            if has_secrets {
                "Its file is removed from the disk, and the values of its secret variables from the keyring"
            } else {
                "Its file is removed from the disk"
            },
        );
        refusal_ui(ui, ctx);
        DialogBox::footer(ui, |ui| {
            let delete = Button::danger("Delete");
            let deleted = first_button(ui, &mut state.is_fresh, delete);
            (deleted, ui.add(Button::ghost("Cancel")).clicked())
        })
    });
    let (deleted, cancelled) = shown.inner;
    if deleted {
        let name = name.to_owned();
        ctx.send(Command::ChangeFiles(FileChange::DeleteEnvironment { name }));
    }
    shown.closed || cancelled
}

fn place_of(ctx: &UiContext<'_>, folder: &ItemPath) -> String {
    let name = ctx
        .workspace
        .collection()
        .and_then(|collection| collection.item(folder))
        .map(|item| item.name().to_owned());
    match name {
        Some(name) => format!("In the folder “{name}”"),
        None => "At the top of the collection".to_owned(),
    }
}

fn confirm_delete_ui(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    state: &mut DialogState,
    path: &ItemPath,
) -> bool {
    let item = ctx.workspace.collection().and_then(|c| c.item(path));
    let text = match item {
        Some(Item::Folder(folder)) => {
            format!("Delete the folder “{}” with everything in it?", folder.name)
        }
        Some(item) => format!("Delete “{}”?", item.name()),
        None => return true,
    };
    let shown = DialogBox::new("Delete").show(ui.ctx(), |ui| {
        ui.label(text);
        note(ui, &format!("The file {path} is removed from the disk"));
        refusal_ui(ui, ctx);
        DialogBox::footer(ui, |ui| {
            let delete = Button::danger("Delete");
            let deleted = first_button(ui, &mut state.is_fresh, delete);
            (deleted, ui.add(Button::ghost("Cancel")).clicked())
        })
    });
    let (deleted, cancelled) = shown.inner;
    if deleted {
        ctx.send(Command::ChangeFiles(FileChange::Delete {
            path: path.clone(),
        }));
    }
    shown.closed || cancelled
}

fn unsaved_ui(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    tabs: &Tabs,
    state: &mut DialogState,
    tab: TabId,
) -> bool {
    let Some(open) = tabs.get(tab) else {
        return true;
    };
    let shown = DialogBox::new("Unsaved changes").show(ui.ctx(), |ui| {
        let t = Tokens::of(ui);
        ui.label(format!(
            "“{}” has changes that are not saved",
            open.draft.name
        ));
        if let Some(path) = &open.path {
            ui.label(
                RichText::new(path.to_string())
                    .monospace()
                    .color(t.text_muted),
            );
        }
        DialogBox::footer(ui, |ui| {
            let save = Button::primary("Save");
            let saved = first_button(ui, &mut state.is_fresh, save);
            let discarded = ui.add(Button::secondary("Discard changes")).clicked();
            (saved, discarded, ui.add(Button::ghost("Cancel")).clicked())
        })
    });
    let (saved, discarded, cancelled) = shown.inner;
    if saved {
        ctx.send(Command::SaveAndCloseTab(tab));
    } else if discarded {
        ctx.send(Command::DiscardTab(tab));
    }
    shown.closed || cancelled
}

fn quit_ui(ui: &egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs, state: &mut DialogState) -> bool {
    let names: Vec<String> = tabs
        .iter()
        .filter(|tab| tab.is_dirty())
        .map(|tab| format!("“{}”", tab.draft.name))
        .collect();
    let shown = DialogBox::new("Close Countersign").show(ui.ctx(), |ui| {
        ui.label(format!("Not saved: {}", names.join(", ")));
        DialogBox::footer(ui, |ui| {
            let stay = Button::primary("Go back and save");
            let stays = first_button(ui, &mut state.is_fresh, stay);
            let discarded = ui.add(Button::danger("Discard and close")).clicked();
            (stays, discarded)
        })
    });
    let (stays, discarded) = shown.inner;
    if discarded {
        ctx.send(Command::QuitAndDiscard);
    }
    shown.closed || stays
}
