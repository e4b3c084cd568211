//! The practice gateway: its switch at the foot of the side bar, and its log.

use egui::RichText;

use super::UiContext;
use super::sidebar::low_empty_state_ui;
use super::theme::{Icon, Tokens};
use super::widgets::{Button, IconButton, TreeRow, WithTip as _, note, section_heading_with};
use crate::state::{Command, Dialog, GatewayStatus};

/// How many of the last calls stand under the switch.
const LAST_CALLS: usize = 3;

/// The height of a call's line.
const CALL_HEIGHT: f32 = 20.0;

/// The switch, the address and the last calls.
pub(super) fn gateway_switch_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    section_heading_with(ui, "Practice gateway", |ui| {
        let (icon, name) = if ctx.gateway.is_on() {
            (Icon::Square, "Stop the practice gateway")
        } else {
            (Icon::Play, "Start the practice gateway")
        };
        if ui.add(IconButton::new(icon, name).small()).clicked() {
            ctx.send(if ctx.gateway.is_on() {
                Command::StopGateway
            } else {
                Command::StartGateway
            });
        }
        if ui
            .add(IconButton::new(Icon::ScrollText, "Practice gateway log").small())
            .clicked()
        {
            ctx.send(Command::ShowDialog(Dialog::GatewayLog));
        }
    });
    match &ctx.gateway.status {
        GatewayStatus::Stopped => {
            note(ui, "Stopped");
        }
        GatewayStatus::Starting => {
            note(ui, "Starting…");
        }
        GatewayStatus::Failed(failure) => {
            ui.label(RichText::new(&failure.message).color(t.danger));
        }
        GatewayStatus::Running { url, listen, .. } => {
            let row = TreeRow::new(listen)
                .icon(Icon::Radio)
                .trailing("on", t.success)
                .show(ui);
            if row.response.tip(&format!("Copy {url}")).clicked() {
                ctx.send(Command::CopyText(url.clone()));
            }
        }
    }
    if !matches!(ctx.gateway.status, GatewayStatus::Running { .. }) {
        return;
    }
    // The place for all of them is kept, so that nothing moves when a call comes.
    let height = LAST_CALLS as f32 * CALL_HEIGHT;
    let (rect, _) = ui.allocate_exact_size(
        egui::vec2(ui.available_width(), height),
        egui::Sense::hover(),
    );
    let mut calls = ui.new_child(egui::UiBuilder::new().id_salt("calls").max_rect(rect));
    let ui = &mut calls;
    for call in ctx.gateway.calls().take(LAST_CALLS) {
        ui.horizontal(|ui| {
            ui.set_height(CALL_HEIGHT);
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.add_space(8.0);
            ui.label(
                RichText::new(call.status.to_string())
                    .monospace()
                    .color(t.status(call.status)),
            );
            ui.add(
                egui::Label::new(
                    RichText::new(format!("{} {}", call.method, call.path))
                        .monospace()
                        .color(t.text_secondary),
                )
                .truncate(),
            )
            .tip(&call.verdict);
        });
    }
}

/// Everything it answered lately.
pub(super) fn gateway_log_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>) {
    let t = Tokens::of(ui);
    if ctx.gateway.calls().len() == 0 {
        low_empty_state_ui(ui, "The practice gateway has answered nothing yet", |ui| {
            if !ctx.gateway.is_on() && ui.add(Button::secondary("Start it")).clicked() {
                ctx.send(Command::StartGateway);
            }
        });
        return;
    }
    egui::ScrollArea::vertical()
        .id_salt("gateway log")
        .max_height(420.0)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for call in ctx.gateway.calls() {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    ui.label(
                        RichText::new(call.status.to_string())
                            .monospace()
                            .color(t.status(call.status)),
                    );
                    ui.label(
                        RichText::new(&call.method)
                            .monospace()
                            .color(t.method(&call.method)),
                    );
                    ui.label(RichText::new(&call.path).monospace());
                    ui.label(RichText::new(&call.verdict).color(t.text_muted));
                });
            }
        });
}
