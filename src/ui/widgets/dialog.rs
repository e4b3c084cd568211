//! A dialog over the window.

use egui::{
    Align, Context, Frame, Id, Layout, Margin, Modal, Rect, RichText, Ui, UiBuilder, pos2, vec2,
};

use super::banner::Banner;
use super::button::Button;
use super::icon_button::IconButton;
use super::paint::horizontal_line;
use crate::ui::theme::{CONTROL_HEIGHT, Icon, TEXT_HEADING, Tokens, bold};

/// A dialog: a title, a body, and at its end the buttons. Escape, the cross, a click beside it and
/// the body's `ui.close()` close it; where something would be lost by that, it asks first.
#[must_use = "show it"]
pub struct Dialog<'a> {
    title: &'a str,
    width: f32,
    is_unsaved: bool,
    is_steady: bool,
}

/// How far the question is whether to throw away what was typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Question {
    #[default]
    None,
    /// To be asked: its first button gets the keyboard.
    Fresh,
    Asked,
}

/// What came of a frame of a dialog.
pub struct DialogResponse<R> {
    /// What the body gave.
    pub inner: R,
    /// The user wants it closed without doing anything.
    pub closed: bool,
}

impl<'a> Dialog<'a> {
    /// A dialog; the title tells it from others.
    pub fn new(title: &'a str) -> Self {
        Self {
            title,
            width: 440.0,
            is_unsaved: false,
            is_steady: false,
        }
    }

    /// Whether something in it would be lost by closing: then it asks first.
    pub fn unsaved(mut self, is_unsaved: bool) -> Self {
        self.is_unsaved = is_unsaved;
        self
    }

    /// Whether a click beside it leaves it open.
    pub fn steady(mut self, is_steady: bool) -> Self {
        self.is_steady = is_steady;
        self
    }

    /// So wide.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Draws it over everything else.
    pub fn show<R>(self, ctx: &Context, add_body: impl FnOnce(&mut Ui) -> R) -> DialogResponse<R> {
        let mut is_crossed = false;
        let scrim = {
            let theme = ctx.theme();
            Tokens::for_theme(theme).scrim
        };
        let id = Id::unique(("dialog", self.title));
        let question_id = id.with("question");
        let mut question = match ctx.data(|data| data.get_temp(question_id)) {
            Some(question) if self.is_unsaved => question,
            Some(_) | None => Question::None,
        };
        let mut is_discarded = false;
        let modal = Modal::new(id)
            .backdrop_color(scrim)
            .frame(Frame::window(&ctx.style_of(ctx.theme())).inner_margin(Margin::same(16)))
            .show(ctx, |ui| {
                let t = Tokens::of(ui);
                ui.set_width(self.width.min(ctx.content_rect().width() - 48.0));
                let right = ui.max_rect().right();
                let title = ui.horizontal(|ui| {
                    ui.set_min_height(CONTROL_HEIGHT);
                    let title = RichText::new(self.title).font(bold(TEXT_HEADING));
                    ui.label(title.color(t.text));
                });
                ui.add_space(8.0);
                let inner = add_body(ui);
                if question != Question::None {
                    is_discarded = question_ui(ui, &mut question);
                }
                // Drawn last, so that the keyboard comes to it after the fields and the buttons.
                let corner = Rect::from_min_max(
                    pos2(right - CONTROL_HEIGHT, title.response.rect.top()),
                    pos2(right, title.response.rect.bottom()),
                );
                let layout = Layout::right_to_left(Align::Center);
                let mut corner = ui.new_child(UiBuilder::new().max_rect(corner).layout(layout));
                is_crossed = corner
                    .add(IconButton::new(Icon::X, "Close the dialog").shortcut("Esc"))
                    .clicked();
                inner
            });
        let is_beside = modal.backdrop_response.clicked();
        let is_firm = is_crossed || is_beside || modal.response.should_close();
        let wants_close = is_crossed || (modal.should_close() && !(is_beside && self.is_steady));
        let mut closed = is_discarded;
        if wants_close && !self.is_unsaved {
            closed = true;
        } else if wants_close {
            // Escape answers the question that Escape has raised.
            question = if question == Question::None || is_firm {
                Question::Fresh
            } else {
                Question::None
            };
            ctx.request_repaint();
        }
        if closed {
            question = Question::None;
        }
        ctx.data_mut(|data| data.insert_temp(question_id, question));
        DialogResponse {
            inner: modal.inner,
            closed,
        }
    }

    /// The buttons at the end of the body, from right to left: the main one first.
    pub fn footer<R>(ui: &mut Ui, add_buttons: impl FnOnce(&mut Ui) -> R) -> R {
        ui.add_space(12.0);
        horizontal_line(ui);
        ui.add_space(8.0);
        let width = ui.available_width();
        ui.allocate_ui_with_layout(
            vec2(width, 32.0),
            Layout::right_to_left(Align::Center),
            add_buttons,
        )
        .inner
    }
}

/// Asks whether what was typed shall be lost; `true` when it shall.
fn question_ui(ui: &mut Ui, question: &mut Question) -> bool {
    ui.add_space(8.0);
    Banner::warning("The changes are not saved").show(ui, |ui| {
        let keep = ui.add(Button::secondary("Keep editing").small());
        if *question == Question::Fresh {
            keep.request_focus();
            *question = Question::Asked;
        }
        let is_discarded = ui.add(Button::danger("Discard changes").small()).clicked();
        if keep.clicked() {
            *question = Question::None;
        }
        is_discarded
    })
}
