//! Things to know that stay until they are dealt with.

use super::UiContext;
use super::widgets::{Banner, Button};
use crate::state::{Command, Tabs};

/// Draws the banners that apply.
pub(super) fn banners_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs) {
    let Some(tab) = tabs.active() else { return };
    if tab.outside.is_some() {
        framed(ui, |ui| {
            Banner::warning("This request's file was changed by another program")
                .body("Your draft is untouched. Saving it replaces the other program's text.")
                .show(ui, |ui| {
                    if ui
                        .add(Button::secondary("Take the file’s text").small())
                        .clicked()
                    {
                        ctx.send(Command::TakeOutsideChange(tab.id));
                    }
                    if ui.add(Button::ghost("Keep my draft").small()).clicked() {
                        ctx.send(Command::KeepDraft(tab.id));
                    }
                });
        });
    }
    if let Some(damage) = &tab.damage {
        let line = damage
            .line
            .map(|line| format!(", line {line}"))
            .unwrap_or_default();
        let title = format!("{}{line} cannot be read: {}", damage.path, damage.reason);
        framed(ui, |ui| {
            Banner::danger(&title)
                .body("The file is left alone. Mend it by hand; this text is kept here until then.")
                .show_plain(ui);
        });
    }
    if tab.path.is_none() && tab.is_dirty() && !tab.is_new() {
        framed(ui, |ui| {
            Banner::warning("This request’s file is gone")
                .body("Its text is kept here. Save it to give it a file again.")
                .show(ui, |ui| {
                    if ui.add(Button::secondary("Save…").small()).clicked() {
                        ctx.send(Command::SaveTab(tab.id));
                    }
                });
        });
    }
}

/// The note that secrets are forgotten at exit, where secrets are typed.
pub(super) fn secrets_note_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>) {
    if let Some(why) = &ctx.secrets.until_exit {
        Banner::warning(why)
            .body("Start a keyring (gnome-keyring, KWallet) to keep them for good.")
            .show_plain(ui);
        ui.add_space(8.0);
    }
}

fn framed(ui: &mut egui::Ui, add: impl FnOnce(&mut egui::Ui)) {
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(12, 8))
        .show(ui, add);
}
