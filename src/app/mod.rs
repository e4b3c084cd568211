//! The shell around the window: performs effects, drains events.
//!
//! ```text
//! logic: engine events ─▶ apply │ what came of effects ─▶ handle │ commands ─▶ handle ─▶ effects
//! ui:    shortcuts ─▶ panels ─▶ the same once more, so that a click shows in the next frame
//! ```
//!
//! `logic` also runs while the window is hidden: an answer is never lost because nobody looks.

mod draft_files;
mod effects;
mod explain_jobs;
mod file_dialogs;
mod file_worker;
mod first_frame;
mod gateway_worker;
mod practice_files;
mod secret_jobs;
mod startup;
mod window;

use std::time::Duration;

use egui::{Theme, ThemePreference};

pub use file_dialogs::{FileDialogs, NoDialogs, Picked, SystemDialogs};
pub use startup::{AppPorts, Start, StartupError};
pub use window::{WindowError, WindowOptions, run, run_window};

use self::effects::Effects;
use self::first_frame::FirstFrame;
use crate::state::{AppState, Command, CommandSender, Effect, Settings, ThemeChoice};
use crate::ui::{Panels, UiCommand, UiContext};

/// How long the end may take.
const SHUTDOWN_BOUND: Duration = Duration::from_secs(1);

/// How often the elapsed time of a sending is drawn anew.
const TICK: Duration = Duration::from_millis(100);

/// How large everything is at presenter size.
const PRESENTER_ZOOM: f32 = 1.6;

/// Commands that one drain takes at the most: a circle of them must not hang the window.
const MOST_COMMANDS: usize = 1000;

/// The window's application.
pub struct App {
    state: AppState,
    commands: CommandSender,
    effects: Option<Effects>,
    panels: Panels,
    had_focus: bool,
    is_closing: bool,
    /// Something changed in this frame, so that another one has to follow. egui forgets what is
    /// asked for in a pass that another pass follows: each pass of the frame asks anew.
    needs_frame: bool,
    title: String,
    first_frame: Option<FirstFrame>,
    applied: Option<(ThemeChoice, bool)>,
}

impl App {
    /// Puts everything together and asks for the first collection.
    pub fn new(
        cc: &eframe::CreationContext<'_>,
        ports: AppPorts,
        start: Start,
    ) -> Result<Self, StartupError> {
        crate::ui::theme::install(&cc.egui_ctx);
        let settings: Settings = cc
            .storage
            .and_then(|storage| eframe::get_value(storage, eframe::APP_KEY))
            .unwrap_or_default();
        let commands = CommandSender::default();
        let mut state = AppState::new(settings);
        for command in start.commands(&ports.home, &state.settings) {
            commands.send(command);
        }
        let effects = Effects::new(ports, &cc.egui_ctx)?;
        state.settle(effects.now());
        Ok(Self {
            state,
            commands,
            effects: Some(effects),
            panels: Panels::default(),
            had_focus: true,
            is_closing: false,
            needs_frame: false,
            title: String::new(),
            first_frame: None,
            applied: None,
        })
    }

    /// The state, for tests.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Asks for something, as a panel does.
    #[track_caller]
    pub fn send(&self, command: Command) {
        self.commands.send(command);
    }

    /// Takes in what happened and does what is asked; `true` when something changed.
    fn drain(&mut self, ctx: &egui::Context) -> bool {
        let Self {
            state,
            commands,
            effects,
            ..
        } = self;
        let Some(effects) = effects else { return false };
        let now = effects.now();
        let mut changed = false;
        while let Some(event) = effects.next_event() {
            if state.apply(event, now) {
                changed = true;
            } else {
                tracing::debug!("dropped a stale event of a sending");
            }
        }
        for effect in state.explanations_due() {
            effects.run(effect, ctx);
        }
        for _ in 0..MOST_COMMANDS {
            let command = if let Some(command) = effects.next_result() {
                command
            } else if let Some(sent) = commands.take() {
                tracing::debug!("{} from {}", sent.command.name(), sent.from);
                sent.command
            } else {
                break;
            };
            changed = true;
            for effect in state.handle(command, now) {
                self.is_closing |= matches!(effect, Effect::CloseWindow);
                effects.run(effect, ctx);
            }
        }
        if let Some(effect) = state.drafts_due(now) {
            effects.run(effect, ctx);
        }
        if let Some(wait) = state.drafts_wait(now) {
            ctx.request_repaint_after(wait);
        }
        changed | state.settle(now)
    }

    /// Brings colours and size in line with the settings.
    fn apply_settings(&mut self, ctx: &egui::Context) {
        let Settings {
            theme, presenter, ..
        } = self.state.settings;
        if self.applied == Some((theme, presenter)) {
            return;
        }
        ctx.set_theme(match theme {
            ThemeChoice::System => ThemePreference::System,
            ThemeChoice::Dark => ThemePreference::Dark,
            ThemeChoice::Light => ThemePreference::Light,
        });
        let was_presenting = self.applied.is_some_and(|(_, presenter)| presenter);
        if presenter {
            ctx.set_zoom_factor(PRESENTER_ZOOM);
        } else if was_presenting {
            ctx.set_zoom_factor(1.0);
        }
        self.applied = Some((theme, presenter));
        self.needs_frame = true;
    }

    /// The window's own cross asks first when something is not saved.
    fn watch_close(&mut self, ctx: &egui::Context) {
        let is_asked = ctx.input(|input| input.viewport().close_requested());
        if is_asked && !self.is_closing && self.state.has_unsaved() {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.commands.send(Command::Quit);
        }
    }

    /// The title says which collection is open.
    fn name_window(&mut self, ctx: &egui::Context) {
        let title = match self.state.workspace.collection() {
            Some(collection) => format!("Countersign — {}", collection.name),
            None => "Countersign".to_owned(),
        };
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Files may have changed while another window was in front.
    fn watch_focus(&mut self, ctx: &egui::Context) {
        let has_focus = ctx.input(|input| input.focused);
        if has_focus && !self.had_focus {
            self.commands.send(Command::RereadCollection);
        }
        self.had_focus = has_focus;
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.watch_focus(ctx);
        self.watch_close(ctx);
        let is_first_pass = ctx.current_pass_index() == 0;
        if is_first_pass {
            self.needs_frame = false;
        }
        self.needs_frame |= self.drain(ctx);
        self.apply_settings(ctx);
        self.name_window(ctx);
        if let Some(first_frame) = &mut self.first_frame
            && is_first_pass
        {
            first_frame.tick(ctx);
        }
        if self.needs_frame {
            ctx.request_repaint();
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let Some(now) = self.effects.as_ref().map(Effects::now) else {
            return;
        };
        let Self {
            state,
            commands,
            panels,
            ..
        } = self;
        let AppState {
            workspace,
            tabs,
            exchanges,
            explanations,
            explainer,
            profiles,
            secrets,
            gateway,
            notices,
            dialog,
            settings,
            ..
        } = state;
        let ctx = UiContext {
            workspace,
            exchanges,
            explanations,
            explainer,
            profiles,
            secrets,
            gateway,
            notices,
            dialog: dialog.open.as_ref(),
            refusal: dialog.refusal.as_ref(),
            settings,
            commands,
            now,
        };
        let is_dark = ui.ctx().theme() == Theme::Dark;
        // A dialog takes the whole keyboard; its own keys close it.
        if dialog.open.is_none()
            && let Some(command) = UiCommand::consume_shortcut(ui.ctx())
        {
            command.perform(&ctx, tabs, panels, is_dark);
        }
        crate::ui::root_ui(ui, &ctx, tabs, panels);
        if exchanges.any_running() {
            ui.request_repaint_after(TICK);
        }
        self.needs_frame |= self.drain(&ui.ctx().clone());
        if self.needs_frame {
            ui.request_repaint();
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, eframe::APP_KEY, &self.state.settings);
    }

    /// What egui remembers may hold typed text; only [`Settings`] are kept.
    fn persist_egui_memory(&self) -> bool {
        false
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if let Some(effects) = self.effects.take() {
            if let Some(effect) = self.state.drafts_at_end() {
                effects.keep_drafts(effect);
            }
            effects.shutdown(SHUTDOWN_BOUND);
        }
    }
}
