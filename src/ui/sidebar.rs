//! The tree of the collection, the profiles and the practice gateway.

use egui::{RichText, ScrollArea};

use super::gateway_panel::gateway_switch_ui;
use super::theme::{INSET, Icon, Tokens};
use super::widgets::{
    Button, EmptyState, IconButton, MenuItem, TreeRow, menu_separator, note, section_heading_with,
};
use super::{Panels, UiCommand, UiContext};
use crate::collection::{Damage, Folder, Item, ItemPath, RequestFile};
use crate::exchange::Exchange;
use crate::profile::ProfileKind;
use crate::state::{Command, Dialog, ExchangeState, FileChange, MoveBy, Opened, Tabs};

/// Draws the side bar.
pub(super) fn sidebar_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs, panels: &mut Panels) {
    egui::Panel::bottom("gateway")
        .frame(egui::Frame::new().inner_margin(egui::Margin::symmetric(8, 8)))
        .resizable(false)
        .show(ui, |ui| gateway_switch_ui(ui, ctx));
    ScrollArea::vertical()
        .id_salt("sidebar")
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            egui::Frame::new()
                .inner_margin(egui::Margin::symmetric(8, 8))
                .show(ui, |ui| {
                    collection_ui(ui, ctx, tabs, panels);
                    ui.add_space(INSET);
                    profiles_ui(ui, ctx);
                });
        });
}

fn collection_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs, panels: &mut Panels) {
    section_heading_with(ui, "Collection", |ui| {
        let is_dark = ui.visuals().dark_mode;
        let shortcut = UiCommand::NewRequest.shortcut_text(ui.ctx());
        if ui
            .add(
                IconButton::new(Icon::Plus, UiCommand::NewRequest.text())
                    .small()
                    .shortcut(&shortcut),
            )
            .clicked()
        {
            UiCommand::NewRequest.perform(ctx, tabs, panels, is_dark);
        }
        if ui
            .add(
                IconButton::new(Icon::FolderPlus, UiCommand::NewFolder.text())
                    .small()
                    .enabled(UiCommand::NewFolder.is_enabled(ctx, tabs)),
            )
            .clicked()
        {
            UiCommand::NewFolder.perform(ctx, tabs, panels, is_dark);
        }
        if ui
            .add(
                IconButton::new(Icon::Settings2, UiCommand::CollectionSettings.text())
                    .small()
                    .enabled(UiCommand::CollectionSettings.is_enabled(ctx, tabs)),
            )
            .clicked()
        {
            UiCommand::CollectionSettings.perform(ctx, tabs, panels, is_dark);
        }
    });
    match &ctx.workspace.opened {
        Opened::Nothing if ctx.workspace.opening.is_some() => {
            note(ui, "Reading…");
        }
        Opened::Nothing => {
            low_empty_state_ui(ui, "No collection is open", |ui| open_button_ui(ui, ctx));
        }
        Opened::Failed { failure, .. } => {
            note(ui, &failure.message);
            low_empty_state_ui(ui, "The collection could not be opened", |ui| {
                open_button_ui(ui, ctx);
            });
        }
        Opened::Collection { collection, .. } => {
            let tree = Tree { ctx, tabs };
            if collection.items.is_empty() {
                low_empty_state_ui(ui, "No requests yet", |ui| {
                    if ui.add(Button::secondary("New request")).clicked() {
                        ctx.send(Command::NewTab);
                    }
                });
            }
            tree.items_ui(ui, &collection.items, 0);
            for damage in &collection.damages {
                tree.damaged_ui(ui, damage, 0);
            }
        }
    }
}

fn open_button_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>) {
    if ui
        .add(Button::secondary(UiCommand::OpenCollection.text()))
        .clicked()
    {
        ctx.send(Command::ShowDialog(Dialog::OpenCollection));
    }
}

/// The tree, on its way down.
struct Tree<'a> {
    ctx: &'a UiContext<'a>,
    tabs: &'a Tabs,
}

impl Tree<'_> {
    fn items_ui(&self, ui: &mut egui::Ui, items: &[Item], depth: usize) {
        for item in items {
            ui.push_id(&item.path().0, |ui| match item {
                Item::Folder(folder) => self.folder_ui(ui, folder, depth),
                Item::Request(request) => self.request_ui(ui, request, depth),
                Item::Damaged(damage) => self.damaged_ui(ui, damage, depth),
            });
        }
    }

    fn folder_ui(&self, ui: &mut egui::Ui, folder: &Folder, depth: usize) {
        let is_open = !self.ctx.workspace.closed_folders.contains(&folder.path);
        let row = TreeRow::new(&folder.name)
            .depth(depth)
            .expanded(is_open)
            .show(ui);
        if row.response.clicked() || row.toggled {
            self.ctx.send(Command::ToggleFolder(folder.path.clone()));
        }
        context_menu_ui(&row.response, |ui| {
            self.new_items_menu(ui, &folder.path);
            menu_separator(ui);
            if MenuItem::new(UiCommand::FolderSettings.text())
                .show(ui)
                .clicked()
            {
                let path = folder.path.clone();
                self.ctx
                    .send(Command::ShowDialog(Dialog::FolderSettings { path }));
            }
            self.item_menu(ui, &folder.path);
        });
        if is_open {
            self.items_ui(ui, &folder.items, depth + 1);
        }
    }

    fn request_ui(&self, ui: &mut egui::Ui, request: &RequestFile, depth: usize) {
        let t = Tokens::of(ui);
        let RequestFile { path, draft } = request;
        let tab = self.tabs.of_path(path);
        let is_shown = tab.is_some_and(|tab| self.tabs.active().is_some_and(|a| a.id == tab.id));
        let status = tab
            .and_then(|tab| self.ctx.exchanges.of(tab.id))
            .and_then(|sending| match &sending.state {
                ExchangeState::Done(exchange) => Some(status_of(exchange)),
                ExchangeState::Preparing { .. }
                | ExchangeState::InFlight { .. }
                | ExchangeState::Failed(_)
                | ExchangeState::Cancelled => None,
            });
        let method = short_method(&draft.method);
        let mut row = TreeRow::new(&draft.name)
            .depth(depth)
            .selected(is_shown)
            .leading(method, t.method(&draft.method));
        let text = status.map(|status| status.to_string());
        if let (Some(status), Some(text)) = (status, &text) {
            row = row.trailing(text, t.status(status));
        }
        let row = row.show(ui);
        if row.response.clicked() {
            self.ctx.send(Command::OpenRequest(path.clone()));
        }
        context_menu_ui(&row.response, |ui| {
            self.new_items_menu(ui, &path.parent());
            menu_separator(ui);
            self.item_menu(ui, path);
        });
    }

    fn damaged_ui(&self, ui: &mut egui::Ui, damage: &Damage, depth: usize) {
        let t = Tokens::of(ui);
        let reason = match damage.line {
            Some(line) => format!("{}: line {line}: {}", damage.path, damage.reason),
            None => format!("{}: {}", damage.path, damage.reason),
        };
        let tip = format!("This file cannot be read and is left alone\n{reason}");
        let response = TreeRow::new(damage.path.file_name())
            .depth(depth)
            .icon(Icon::FileWarning)
            .trailing("damaged", t.danger)
            .tip(&tip)
            .show(ui)
            .response;
        context_menu_ui(&response, |ui| {
            if MenuItem::new("Copy the reason").show(ui).clicked() {
                self.ctx.send(Command::CopyText(reason.clone()));
            }
        });
    }

    fn new_items_menu(&self, ui: &mut egui::Ui, folder: &ItemPath) {
        let entries = [
            (
                "New request…",
                Dialog::NewRequest {
                    folder: folder.clone(),
                    tab: None,
                },
            ),
            (
                "New folder…",
                Dialog::NewFolder {
                    folder: folder.clone(),
                },
            ),
        ];
        for (text, dialog) in entries {
            if MenuItem::new(text).show(ui).clicked() {
                self.ctx.send(Command::ShowDialog(dialog));
            }
        }
    }

    fn item_menu(&self, ui: &mut egui::Ui, path: &ItemPath) {
        let path = || path.clone();
        let entries = [
            (
                "Rename…",
                Command::ShowDialog(Dialog::Rename { path: path() }),
            ),
            (
                "Duplicate",
                Command::ChangeFiles(FileChange::Duplicate { path: path() }),
            ),
            (
                "Move up",
                Command::ChangeFiles(FileChange::Reorder {
                    path: path(),
                    by: MoveBy::Up,
                }),
            ),
            (
                "Move down",
                Command::ChangeFiles(FileChange::Reorder {
                    path: path(),
                    by: MoveBy::Down,
                }),
            ),
        ];
        for (text, command) in entries {
            if MenuItem::new(text).show(ui).clicked() {
                self.ctx.send(command);
            }
        }
        menu_separator(ui);
        if MenuItem::new("Delete…").danger().show(ui).clicked() {
            self.ctx
                .send(Command::ShowDialog(Dialog::ConfirmDelete { path: path() }));
        }
    }
}

/// A menu at the pointer, no wider than it needs.
fn context_menu_ui(response: &egui::Response, add_items: impl FnOnce(&mut egui::Ui)) {
    egui::Popup::context_menu(response).width(180.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        add_items(ui);
    });
}

/// An empty state in a place that is as high as its content.
pub(super) fn low_empty_state_ui(
    ui: &mut egui::Ui,
    sentence: &str,
    add_buttons: impl FnOnce(&mut egui::Ui),
) {
    let size = egui::vec2(ui.available_width(), 150.0);
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let mut inside = ui.new_child(egui::UiBuilder::new().id_salt(sentence).max_rect(rect));
    EmptyState::new(sentence).show(&mut inside, add_buttons);
}

/// The status that a row's end shows.
fn status_of(exchange: &Exchange) -> u16 {
    exchange.response.status
}

/// Long methods would push the names out of line.
fn short_method(method: &str) -> &str {
    match method {
        "DELETE" => "DEL",
        "OPTIONS" => "OPT",
        other => other,
    }
}

/// The kind in a word: the whole of it is in the tooltip.
fn short_kind(kind: &ProfileKind) -> &'static str {
    match kind {
        ProfileKind::BuiltIn => "example",
        ProfileKind::Keyring => "keys",
        ProfileKind::AwsFile => "file",
        ProfileKind::Role { .. } => "role",
        ProfileKind::Unsupported { .. } => "no",
    }
}

fn profiles_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>) {
    section_heading_with(ui, "Profiles", |ui| {
        if ui
            .add(IconButton::new(Icon::Settings2, "Manage profiles").small())
            .clicked()
        {
            ctx.send(Command::ShowDialog(Dialog::Profiles));
        }
    });
    if let Some(failure) = &ctx.profiles.failure {
        note(ui, &failure.message);
    }
    let t = Tokens::of(ui);
    let forced = ctx.workspace.profile_override.as_deref();
    for profile in &ctx.profiles.list {
        let kind = short_kind(&profile.kind);
        let is_forced = forced == Some(&*profile.name);
        let what = if is_forced {
            "Requests are signed as this profile; click to follow the files again"
        } else {
            "Click to sign as this profile, whatever the files say"
        };
        let tip = match &profile.unusable {
            Some(why) => format!(
                "{} · {}\nCannot be used: {why}",
                profile.kind, profile.source
            ),
            None => format!("{} · {}\n{what}", profile.kind, profile.source),
        };
        let row = ui
            .push_id(&profile.name, |ui| {
                TreeRow::new(&profile.name)
                    .selected(is_forced)
                    .icon(Icon::KeyRound)
                    .trailing(kind, t.text_muted)
                    .tip(&tip)
                    .show(ui)
            })
            .inner;
        let response = row.response;
        if response.clicked() && profile.unusable.is_none() {
            ctx.send(Command::ChooseProfile(
                (!is_forced).then(|| profile.name.clone()),
            ));
        }
        context_menu_ui(&response, |ui| {
            if MenuItem::new("Who am I").show(ui).clicked() {
                ctx.send(Command::ShowDialog(Dialog::Profiles));
                ctx.send(Command::WhoAmI(profile.name.clone()));
            }
        });
    }
    if ctx.profiles.list.is_empty() && ctx.profiles.failure.is_none() {
        ui.label(RichText::new("None yet").color(t.text_muted));
    }
}
