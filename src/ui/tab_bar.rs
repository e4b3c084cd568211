//! The open requests.

use super::theme::{Icon, Tokens};
use super::widgets::{IconButton, Tab, tab_row};
use super::{UiCommand, UiContext};
use crate::state::{Command, Tabs};

/// Draws the row of tabs.
pub(super) fn tab_bar_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &Tabs) {
    let t = Tokens::of(ui);
    let active = tabs
        .active()
        .map(|tab| tab.id)
        .filter(|_| !ctx.explainer.is_shown());
    tab_row(ui, |ui| {
        egui::ScrollArea::horizontal()
            .id_salt("tabs")
            .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
            .show(ui, |ui| {
                ui.horizontal(|ui| {
                    for tab in tabs.iter() {
                        let method = tab.draft.method.to_uppercase();
                        let shown = ui
                            .push_id(tab.id.0, |ui| {
                                Tab::new(&tab.draft.name)
                                    .selected(active == Some(tab.id))
                                    .leading(&method, t.method(&method))
                                    .dot(tab.is_dirty(), "changed")
                                    .closable(true)
                                    .show(ui)
                            })
                            .inner;
                        if shown.close {
                            ctx.send(Command::CloseTab(tab.id));
                        } else if shown.response.clicked() {
                            ctx.send(Command::ShowTab(tab.id));
                        }
                        if active == Some(tab.id) && ui.ctx().current_pass_index() == 0 {
                            keep_in_view(ui, &shown.response);
                        }
                    }
                    explainer_tab_ui(ui, ctx);
                    let shortcut = UiCommand::NewRequest.shortcut_text(ui.ctx());
                    if ui
                        .add(
                            IconButton::new(Icon::Plus, UiCommand::NewRequest.text())
                                .small()
                                .shortcut(&shortcut),
                        )
                        .clicked()
                    {
                        ctx.send(Command::NewTab);
                    }
                });
            });
    });
}

/// The tab of the page on which pasted texts are explained, behind the requests.
fn explainer_tab_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>) {
    if !ctx.explainer.is_open() {
        return;
    }
    let shown = ui
        .push_id("explainer", |ui| {
            Tab::new("Explain")
                .name("Explain a pasted text")
                .selected(ctx.explainer.is_shown())
                .closable(true)
                .show(ui)
        })
        .inner;
    if shown.close {
        ctx.send(Command::CloseExplainer);
    } else if shown.response.clicked() {
        ctx.send(Command::ShowExplainer);
    }
    if ctx.explainer.is_shown() && ui.ctx().current_pass_index() == 0 {
        keep_in_view(ui, &shown.response);
    }
}

/// Scrolls to the chosen tab when it was chosen out of sight.
fn keep_in_view(ui: &egui::Ui, response: &egui::Response) {
    if !ui.clip_rect().x_range().contains(response.rect.center().x) {
        response.scroll_to_me(None);
    }
}
