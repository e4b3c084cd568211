//! Short notices in the corner of the window.

use std::time::Duration;

use egui::{Align2, Area, Context, Frame, Id, Margin, Order, RichText, vec2};

use super::badge::Tone;
use super::button::Button;
use super::icon_button::IconButton;
use super::paint::rich_icon;
use crate::ui::theme::{Icon, Tokens};

/// How long a notice stays, in seconds; one with a button stays twice as long.
const SECONDS: f64 = 5.0;

/// A notice, to know whose button was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToastId(u64);

/// Notices, newest below. They go by themselves, but for those that say that something went wrong.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: Vec<Toast>,
    next: u64,
}

#[derive(Debug)]
struct Toast {
    id: ToastId,
    tone: Tone,
    text: String,
    action: Option<String>,
    until: Option<f64>,
}

impl Toasts {
    /// Adds a notice.
    pub fn add(&mut self, tone: Tone, text: impl Into<String>) -> ToastId {
        self.push(tone, text.into(), None)
    }

    /// Adds a notice with a button: `Undo`.
    pub fn add_with_action(
        &mut self,
        tone: Tone,
        text: impl Into<String>,
        action: impl Into<String>,
    ) -> ToastId {
        self.push(tone, text.into(), Some(action.into()))
    }

    /// Whether none is shown.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    fn push(&mut self, tone: Tone, text: String, action: Option<String>) -> ToastId {
        let id = ToastId(self.next);
        self.next += 1;
        self.shown.push(Toast {
            id,
            tone,
            text,
            action,
            until: None,
        });
        id
    }

    /// Draws them in the lower right corner; gives the one whose button was pressed.
    pub fn show(&mut self, ctx: &Context) -> Option<ToastId> {
        let now = ctx.input(|input| input.time);
        let mut pressed = None;
        let mut closed = None;
        let mut bottom = 16.0;
        for toast in self.shown.iter_mut().rev() {
            let stays = toast.tone == Tone::Danger;
            let seconds = if toast.action.is_some() {
                2.0 * SECONDS
            } else {
                SECONDS
            };
            let until = *toast.until.get_or_insert(now + seconds);
            let area = Area::new(Id::unique(("toast", toast.id.0)))
                .order(Order::Foreground)
                .anchor(Align2::RIGHT_BOTTOM, vec2(-16.0, -bottom))
                .show(ctx, |ui| {
                    let t = Tokens::of(ui);
                    let (colour, _) = toast.tone.colours(t);
                    Frame::popup(ui.style())
                        .inner_margin(Margin::symmetric(12, 6))
                        .show(ui, |ui| {
                            ui.set_max_width(420.0);
                            ui.horizontal(|ui| {
                                ui.label(rich_icon(toast.tone.icon(), colour));
                                ui.add(egui::Label::new(RichText::new(&toast.text)).wrap());
                                if let Some(action) = &toast.action
                                    && ui.add(Button::ghost(action).small()).clicked()
                                {
                                    pressed = Some(toast.id);
                                    closed = Some(toast.id);
                                }
                                let name = format!("Close the notice: {}", toast.text);
                                if ui.add(IconButton::new(Icon::X, &name).small()).clicked() {
                                    closed = Some(toast.id);
                                }
                            });
                        });
                });
            bottom += area.response.rect.height() + 8.0;
            if area.response.contains_pointer() {
                // Who reads it is given time.
                toast.until = Some(until.max(now + 2.0));
            } else if !stays && now >= until {
                closed = Some(toast.id);
            }
            if !stays {
                let left = (toast.until.unwrap_or(until) - now).max(0.05);
                ctx.request_repaint_after(Duration::from_secs_f64(left));
            }
        }
        if let Some(closed) = closed {
            self.shown.retain(|toast| toast.id != closed);
            ctx.request_repaint();
        }
        pressed
    }
}
