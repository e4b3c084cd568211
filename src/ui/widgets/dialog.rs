//! A dialog over the window.

use egui::{Align, Context, Frame, Id, Layout, Margin, Modal, RichText, Ui, vec2};

use super::icon_button::IconButton;
use super::paint::horizontal_line;
use crate::ui::theme::{Icon, TEXT_HEADING, Tokens, bold};

/// A dialog: a title, a body, and at its end the buttons. Escape and the cross close it.
#[must_use = "show it"]
pub struct Dialog<'a> {
    title: &'a str,
    width: f32,
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
        }
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
        let modal = Modal::new(Id::unique(("dialog", self.title)))
            .backdrop_color(scrim)
            .frame(Frame::window(&ctx.style_of(ctx.theme())).inner_margin(Margin::same(16)))
            .show(ctx, |ui| {
                let t = Tokens::of(ui);
                ui.set_width(self.width.min(ctx.content_rect().width() - 48.0));
                ui.horizontal(|ui| {
                    let title = RichText::new(self.title).font(bold(TEXT_HEADING));
                    ui.label(title.color(t.text));
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        is_crossed = ui
                            .add(IconButton::new(Icon::X, "Close the dialog").shortcut("Esc"))
                            .clicked();
                    });
                });
                ui.add_space(8.0);
                add_body(ui)
            });
        let closed = is_crossed || modal.should_close();
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
