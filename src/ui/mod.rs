//! The window: panels over the state, sending commands.
//!
//! ```text
//! ┌ top_bar ─────────────────────────────────────────────┐
//! │ sidebar │ tab_bar                                     │
//! │         │ banners                                     │
//! │         │ request_editor                              │
//! │         │ response_view          │ signing_view       │
//! └─────────┴────────────────────────┴────────────────────┘   dialogs, palette and toasts above
//! ```
//!
//! A panel writes into the draft that it was handed; all else it asks for by a command.

mod banners;
mod command_palette;
mod context;
mod dialogs;
mod environment_editor;
mod explain_page;
mod explanation;
mod folder_settings;
mod gateway_panel;
mod profiles_panel;
mod request_editor;
pub mod response_view;
mod sidebar;
pub mod signing_view;
mod tab_bar;
pub mod theme;
mod top_bar;
mod ui_command;
mod variables_editor;
pub mod widgets;
mod wording;
mod workbench;

use std::collections::BTreeMap;

pub use command_palette::Palette;
pub use context::UiContext;
pub use ui_command::UiCommand;

use self::dialogs::DialogState;
use self::explain_page::{ExplainPage, explain_page_ui};
use self::theme::{INSET, Tokens};
use self::widgets::{Button, EmptyState, ToastId, Toasts, Tone};
use self::workbench::Workbench;
use crate::state::{Command, NoticeId, NoticeLevel, SIDEBAR_LEAST, SIDEBAR_MOST, TabId, Tabs};

/// The height of the title bar.
const TOP_BAR_HEIGHT: f32 = 44.0;

/// What the panels remember for themselves: text that is being typed, what is unfolded.
#[derive(Default)]
pub struct Panels {
    /// The palette.
    pub palette: Palette,
    /// The URL shall get the keyboard.
    pub wants_url_focus: bool,
    dialogs: DialogState,
    explain_page: ExplainPage,
    workbenches: BTreeMap<TabId, Workbench>,
    markdown: egui_commonmark::CommonMarkCache,
    toasts: Toasts,
    last_notice: NoticeId,
    /// Which notice a toast shows.
    toast_notices: Vec<(ToastId, NoticeId)>,
}

/// How much of the window's width the side bar takes at the most, where there is little.
const SIDEBAR_SHARE: f32 = 0.3;

/// Draws the whole window.
pub fn root_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tabs: &mut Tabs, panels: &mut Panels) {
    let t = Tokens::of(ui);
    let side = egui::Frame::new().fill(t.surface_side);
    egui::Panel::top("top bar")
        .exact_size(TOP_BAR_HEIGHT)
        .resizable(false)
        .frame(side.inner_margin(egui::Margin::symmetric(INSET as i8, 0)))
        .show(ui, |ui| top_bar::top_bar_ui(ui, ctx, tabs, panels));
    // Where all is large, the side bar leaves room for the request; what the user chose for it comes
    // back with the room.
    let most = (ui.available_width() * SIDEBAR_SHARE).clamp(SIDEBAR_LEAST, SIDEBAR_MOST);
    let is_narrow = most < ctx.settings.sidebar_width;
    let sidebar = egui::Panel::left(if is_narrow {
        "narrow sidebar"
    } else {
        "sidebar"
    })
    .default_size(ctx.settings.sidebar_width.min(most))
    .size_range(SIDEBAR_LEAST..=if is_narrow { most } else { SIDEBAR_MOST })
    .resizable(true)
    .frame(side)
    .show(ui, |ui| sidebar::sidebar_ui(ui, ctx, tabs, panels));
    let width = sidebar.response.rect.width();
    let is_dragged = ui.input(|input| input.pointer.any_down());
    if !is_narrow && !is_dragged && (width - ctx.settings.sidebar_width).abs() > 0.5 {
        ctx.send(Command::SetSidebarWidth(width));
    }
    egui::CentralPanel::default()
        .frame(egui::Frame::new().fill(t.surface))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            tab_bar::tab_bar_ui(ui, ctx, tabs);
            if ctx.explainer.is_shown() {
                explain_page_ui(ui, ctx, tabs, &mut panels.explain_page);
                return;
            }
            banners::banners_ui(ui, ctx, tabs);
            if tabs.active().is_some() {
                workbench::workbench_ui(ui, ctx, tabs, panels);
            } else {
                nothing_open_ui(ui, ctx);
            }
        });
    if !ctx.explainer.is_open() && panels.explain_page.is_used() {
        panels.explain_page.forget(ui.ctx());
    }
    let is_open = |tab: &TabId| tabs.get(*tab).is_some();
    panels.workbenches.retain(|tab, _| is_open(tab));
    dialogs::dialogs_ui(ui, ctx, tabs, &mut panels.dialogs, &mut panels.markdown);
    command_palette::command_palette_ui(ui, ctx, tabs, panels);
    toasts_ui(ui, ctx, panels);
}

fn nothing_open_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>) {
    EmptyState::new("No request is open")
        .detail("Choose one on the left, or begin a new one")
        .show(ui, |ui| {
            if ui.add(Button::primary("New request")).clicked() {
                ctx.send(Command::NewTab);
            }
            if ui.add(Button::secondary("Open collection…")).clicked() {
                ctx.send(Command::ShowDialog(crate::state::Dialog::OpenCollection));
            }
            if ui
                .add(Button::ghost(UiCommand::ExplainPasted.text()))
                .clicked()
            {
                ctx.send(Command::ShowExplainer);
            }
        });
}

/// Shows each new notice once, as long as it is so.
fn toasts_ui(ui: &egui::Ui, ctx: &UiContext<'_>, panels: &mut Panels) {
    for notice in ctx.notices.after(panels.last_notice) {
        let tone = match notice.level {
            NoticeLevel::Success => Tone::Success,
            NoticeLevel::Info => Tone::Info,
            NoticeLevel::Error => Tone::Danger,
        };
        let text = match &notice.hint {
            Some(hint) => wording::for_window(&format!("{} — {hint}", notice.text)),
            None => wording::for_window(&notice.text),
        };
        let toast = match notice.undo {
            Some(_) => panels.toasts.add_with_action(tone, text, "Undo"),
            None => panels.toasts.add(tone, text),
        };
        panels.toast_notices.push((toast, notice.id));
        panels.last_notice = notice.id;
    }
    // What was taken back is not shown any longer.
    let said = ctx.notices.last();
    panels
        .toast_notices
        .retain(|(_, id)| said.iter().any(|notice| notice.id == *id));
    let shown = &panels.toast_notices;
    panels
        .toasts
        .retain(|toast| shown.iter().any(|(id, _)| *id == toast));
    if panels.toasts.is_empty() {
        return;
    }
    let pressed = panels.toasts.show(ui.ctx(), ctx.now);
    let of_pressed = panels
        .toast_notices
        .iter()
        .find(|(toast, _)| Some(*toast) == pressed)
        .map(|(_, notice)| *notice);
    let undone = said
        .iter()
        .find(|notice| Some(notice.id) == of_pressed)
        .and_then(|notice| Some((notice.id, notice.undo?)));
    if let Some((notice, tab)) = undone {
        ctx.send(Command::UndoMending { tab, notice });
    }
}
