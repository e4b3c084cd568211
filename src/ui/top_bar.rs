//! The title bar: what is open, against what, and who signs until when.

use std::time::{Duration, SystemTime};

use egui::{Align, Layout};

use super::theme::{Icon, Tokens};
use super::widgets::{
    Button, DropDown, IconButton, MenuItem, WithTip as _, menu_heading, menu_separator, rich_icon,
};
use super::{Panels, UiCommand, UiContext};
use crate::collection::{AuthSpec, Collection, ItemPath};
use crate::state::{Command, Dialog, Identity, Opened, Tab, Tabs};

/// Draws the title bar.
pub(super) fn top_bar_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs, panels: &mut Panels) {
    let t = Tokens::of(ui);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(rich_icon(Icon::ShieldCheck, t.accent));
        collection_menu(ui, ctx, tabs, panels);
        environment_menu(ui, ctx, tabs, panels);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let palette = UiCommand::Palette.shortcut_text(ui.ctx());
            if ui
                .add(
                    Button::ghost("Find")
                        .icon(Icon::Search)
                        .shortcut(&palette)
                        .name(UiCommand::Palette.text())
                        .tip(UiCommand::Palette.tooltip()),
                )
                .clicked()
            {
                panels.palette.toggle();
            }
            let is_dark = ui.visuals().dark_mode;
            let (icon, name) = if is_dark {
                (Icon::Sun, "Light colours")
            } else {
                (Icon::Moon, "Dark colours")
            };
            let shortcut = UiCommand::ToggleTheme.shortcut_text(ui.ctx());
            if ui
                .add(IconButton::new(icon, name).shortcut(&shortcut))
                .clicked()
            {
                UiCommand::ToggleTheme.perform(ctx, tabs, panels, is_dark);
            }
            let shortcut = UiCommand::Presenter.shortcut_text(ui.ctx());
            if ui
                .add(
                    IconButton::new(Icon::Presentation, UiCommand::Presenter.text())
                        .shortcut(&shortcut)
                        .selected(ctx.settings.presenter),
                )
                .clicked()
            {
                ctx.send(Command::TogglePresenter);
            }
            signer_menu(ui, ctx, tabs);
        });
    });
}

fn collection_menu(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs, panels: &mut Panels) {
    let title = match &ctx.workspace.opened {
        Opened::Collection { collection, .. } => collection.name.clone(),
        Opened::Nothing if ctx.workspace.opening.is_some() => "Opening…".to_owned(),
        Opened::Nothing | Opened::Failed { .. } => "No collection".to_owned(),
    };
    let folder = ctx
        .workspace
        .folder()
        .map(|folder| folder.display().to_string())
        .unwrap_or_default();
    let drop_down = DropDown::new("Collection", &title)
        .frameless()
        .max_width(220.0)
        .tip(&folder);
    drop_down.show(ui, |ui| {
        let is_dark = ui.visuals().dark_mode;
        for command in [
            UiCommand::NewRequest,
            UiCommand::NewFolder,
            UiCommand::Save,
            UiCommand::CollectionSettings,
            UiCommand::OpenCollection,
            UiCommand::ExplainPasted,
        ] {
            let shortcut = command.shortcut_text(ui.ctx());
            let item = MenuItem::new(command.text())
                .shortcut(&shortcut)
                .enabled(command.is_enabled(ctx, tabs));
            if item.show(ui).clicked() {
                command.perform(ctx, tabs, panels, is_dark);
            }
        }
    });
}

fn environment_menu(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs, panels: &mut Panels) {
    let Some(collection) = ctx.workspace.collection() else {
        return;
    };
    let chosen = ctx.workspace.environment.clone();
    let text = match &chosen {
        Some(name) => name.clone(),
        None => "No environment".to_owned(),
    };
    let drop_down = DropDown::new("Environment", &text)
        .icon(Icon::Layers)
        .frameless()
        .max_width(200.0)
        .tip("The environment: the variables that requests use");
    drop_down.show(ui, |ui| {
        menu_heading(ui, "Environment");
        for environment in &collection.environments {
            let is_chosen = chosen.as_deref() == Some(&*environment.name);
            let item = MenuItem::new(&environment.name).checked(is_chosen);
            if item.show(ui).clicked() {
                ctx.send(Command::ChooseEnvironment(Some(environment.name.clone())));
            }
        }
        let item = MenuItem::new("None").checked(chosen.is_none());
        if item.show(ui).clicked() {
            ctx.send(Command::ChooseEnvironment(None));
        }
        damaged_environments(ui, ctx, collection);
        menu_separator(ui);
        let is_dark = ui.visuals().dark_mode;
        for command in [
            UiCommand::NewEnvironment,
            UiCommand::EditEnvironment,
            UiCommand::RenameEnvironment,
            UiCommand::DeleteEnvironment,
        ] {
            let shortcut = command.shortcut_text(ui.ctx());
            let mut item = MenuItem::new(command.text())
                .shortcut(&shortcut)
                .enabled(command.is_enabled(ctx, tabs));
            if command == UiCommand::DeleteEnvironment {
                item = item.danger();
            }
            if item.show(ui).clicked() {
                command.perform(ctx, tabs, panels, is_dark);
            }
        }
    });
}

/// Environments whose files cannot be read, each with the reason; a click copies it.
fn damaged_environments(ui: &mut egui::Ui, ctx: &UiContext<'_>, collection: &Collection) {
    let t = Tokens::of(ui);
    let folder = ItemPath("environments".to_owned());
    for damage in &collection.damages {
        if damage.path == folder || !damage.path.is_within(&folder) {
            continue;
        }
        let reason = match damage.line {
            Some(line) => format!("line {line}: {}", damage.reason),
            None => damage.reason.clone(),
        };
        let item = MenuItem::new(damage.path.file_name())
            .note("damaged")
            .colour(t.danger);
        let tip = "This file cannot be read and is left alone; click to copy the reason";
        if item.show(ui).tip(tip).clicked() {
            ctx.send(Command::CopyText(format!("{}: {reason}", damage.path)));
        }
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(12, 2))
            .show(ui, |ui| {
                ui.set_max_width(280.0);
                let text = egui::RichText::new(reason).small().color(t.text_muted);
                ui.add(egui::Label::new(text).wrap());
            });
    }
}

/// Who signs the request that is shown, and the way to sign as someone else.
fn signer_menu(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs) {
    let t = Tokens::of(ui);
    let signer = tabs
        .active()
        .and_then(|tab| tab.derived())
        .and_then(|derived| derived.profile.clone());
    let forced = ctx.workspace.profile_override.as_deref();
    let summary = signer.as_deref().and_then(|name| ctx.profiles.get(name));
    let mut text = match (&signer, tabs.active()) {
        // In words: the colour alone is not seen by all.
        (Some(name), _) if forced.is_some() => format!("as {name}, chosen here"),
        (Some(name), _) => format!("as {name}"),
        (None, Some(tab)) if is_to_be_signed(tab) => "no profile".to_owned(),
        (None, Some(_)) => "not signed".to_owned(),
        (None, None) => "Profiles".to_owned(),
    };
    if let Some(left) = summary
        .and_then(|profile| profile.expires_at)
        .map(|end| left_text(end, ctx.now))
    {
        text.push_str(" · ");
        text.push_str(&left);
        ui.request_repaint_after(Duration::from_secs(30));
    }
    let mut tip = match &signer {
        Some(name) => format!("Requests are signed as “{name}”"),
        None => "The request that is shown is not signed".to_owned(),
    };
    if forced.is_some() && signer.is_some() {
        tip.push_str(", whatever the files say");
    }
    if let Some(Identity::Known(identity)) = signer
        .as_deref()
        .and_then(|name| ctx.profiles.identities.get(name))
    {
        tip.push('\n');
        tip.push_str(&identity.arn);
    }
    let colour = if forced.is_some() && signer.is_some() {
        t.warning
    } else {
        t.text_secondary
    };
    let drop_down = DropDown::new("Signing as", &text)
        .icon(Icon::KeyRound)
        .colour(colour)
        .frameless()
        .max_width(280.0)
        .tip(&tip);
    drop_down.show(ui, |ui| {
        menu_heading(ui, "Sign as");
        let item = MenuItem::new("As the request says").checked(forced.is_none());
        if item.show(ui).clicked() {
            ctx.send(Command::ChooseProfile(None));
        }
        for profile in &ctx.profiles.list {
            let kind = profile.kind.to_string();
            let item = MenuItem::new(&profile.name)
                .note(&kind)
                .checked(forced == Some(&*profile.name))
                .enabled(profile.unusable.is_none());
            let why = profile.unusable.as_deref().unwrap_or_default();
            if item.show(ui).tip(why).clicked() {
                ctx.send(Command::ChooseProfile(Some(profile.name.clone())));
            }
        }
        menu_separator(ui);
        let shortcut = UiCommand::Profiles.shortcut_text(ui.ctx());
        let item = MenuItem::new(UiCommand::Profiles.text()).shortcut(&shortcut);
        if item.show(ui).clicked() {
            ctx.send(Command::ShowDialog(Dialog::Profiles));
        }
    });
}

/// Whether a request asks for a signature.
fn is_to_be_signed(tab: &Tab) -> bool {
    tab.derived()
        .is_some_and(|derived| matches!(derived.auth.0, AuthSpec::AwsSigV4(_)))
}

/// How long temporary credentials last, in words that change at most once a minute.
pub(super) fn left_text(end: SystemTime, now: SystemTime) -> String {
    match end.duration_since(now) {
        Ok(left) if left >= Duration::from_hours(1) => {
            let minutes = left.as_secs() / 60;
            format!("{} h {:02} min", minutes / 60, minutes % 60)
        }
        Ok(left) if left >= Duration::from_mins(1) => format!("{} min", left.as_secs() / 60),
        Ok(_) => "under a minute".to_owned(),
        Err(_) => "expired".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_in_words() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(10);
        for (seconds, text) in [
            (3660, "1 h 01 min"),
            (2530, "42 min"),
            (59, "under a minute"),
        ] {
            assert_eq!(left_text(now + Duration::from_secs(seconds), now), text);
        }
        assert_eq!(left_text(now - Duration::from_secs(1), now), "expired");
    }
}
