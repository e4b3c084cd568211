//! Short notices in the corner of the window.

use std::time::{Duration, SystemTime};

use egui::{Align2, Area, Context, Frame, Id, Margin, Order, RichText, vec2};

use super::badge::Tone;
use super::button::Button;
use super::icon_button::IconButton;
use super::paint::rich_icon;
use crate::ui::theme::{Icon, Tokens};

/// How long a notice stays; one with a button, or of something that went wrong, stays twice as
/// long.
const STAYS: Duration = Duration::from_secs(6);

/// How long it stays at least once the pointer has left it.
const LINGERS: Duration = Duration::from_secs(2);

/// How many are shown at once.
const MOST: usize = 2;

/// A notice, to know whose button was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToastId(u64);

/// Notices, newest below. They go by themselves.
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
    until: Option<SystemTime>,
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

    /// Takes notices away that are not so any more.
    pub fn retain(&mut self, is_so: impl Fn(ToastId) -> bool) {
        self.shown.retain(|toast| is_so(toast.id));
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
        if self.shown.len() > MOST {
            // The oldest goes, but good news before bad; what is said last is always shown.
            let older = self.shown.len() - 1;
            let first_good = self
                .shown
                .iter()
                .take(older)
                .position(|toast| toast.tone != Tone::Danger);
            self.shown.remove(first_good.unwrap_or(0));
        }
        id
    }

    /// Draws them in the lower right corner; gives the one whose button was pressed. While one is
    /// shown it asks for the frame that ends it, and for no other.
    pub fn show(&mut self, ctx: &Context, now: SystemTime) -> Option<ToastId> {
        let mut pressed = None;
        let mut closed = None;
        let mut bottom = 16.0;
        for toast in self.shown.iter_mut().rev() {
            let stays = if toast.action.is_some() || toast.tone == Tone::Danger {
                2 * STAYS
            } else {
                STAYS
            };
            let until = *toast.until.get_or_insert(now + stays);
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
                toast.until = Some(until.max(now + LINGERS));
            } else if now >= until {
                closed = Some(toast.id);
            }
            let left = toast.until.unwrap_or(until).duration_since(now);
            // Not a frame too early, again and again.
            ctx.request_repaint_after(left.unwrap_or_default().max(Duration::from_millis(50)));
        }
        if let Some(closed) = closed {
            self.shown.retain(|toast| toast.id != closed);
            ctx.request_repaint();
        }
        pressed
    }
}
