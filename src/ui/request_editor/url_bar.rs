//! Method, URL, and the button that sends.

use super::Links;
use super::hints::{problems, variable_spans};
use super::url_parts::UrlParts;
use crate::request::FieldPath;
use crate::sigv4::CanonicalPart;
use crate::state::{Command, Tab};
use crate::ui::dialogs::select_all;
use crate::ui::signing_view::SigningPart;
use crate::ui::theme::{CORNER, INSET, Icon, Provenance, Tokens};
use crate::ui::widgets::{Button, IconButton, PointedText, TextField, method_menu};
use crate::ui::{UiCommand, UiContext};

/// The width kept for the button, so that the URL does not move when it changes.
const SEND_WIDTH: f32 = 104.0;

/// The same where there is little room for the URL: without an icon.
const SEND_WIDTH_NARROW: f32 = 64.0;

/// A bar of less width is a narrow one.
const NARROW: f32 = 520.0;

/// Draws the bar. `wants_focus` puts the keyboard into the URL.
pub(crate) fn url_bar_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    links: &mut Links,
    wants_focus: &mut bool,
) {
    let t = Tokens::of(ui);
    let revision = tab.revision();
    egui::Frame::new()
        .inner_margin(egui::Margin {
            left: INSET as i8,
            right: INSET as i8,
            top: 12,
            bottom: 4,
        })
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                // An empty field invites; it is no mistake yet.
                let problem = problems(tab, |place| {
                    matches!(place, FieldPath::Url | FieldPath::Method)
                })
                .filter(|_| !tab.draft.url.is_empty());
                let line = if problem.is_some() {
                    t.danger
                } else {
                    t.outline
                };
                let send_width = if ui.available_width() < NARROW {
                    SEND_WIDTH_NARROW
                } else {
                    SEND_WIDTH
                };
                let width = ui.available_width() - send_width - 28.0 - 2.0 * 8.0;
                egui::Frame::new()
                    .fill(t.surface_sunken)
                    .stroke(egui::Stroke::new(1.0, line))
                    .corner_radius(CORNER)
                    .show(ui, |ui| {
                        ui.set_width(width - 2.0);
                        ui.spacing_mut().item_spacing.x = 0.0;
                        method_ui(ui, tab, links);
                        url_field_ui(ui, tab, problem.as_deref(), links, wants_focus);
                    });
                send_ui(ui, ctx, tab, send_width);
                let shortcut = UiCommand::Save.shortcut_text(ui.ctx());
                let is_dirty = tab.is_dirty() || tab.path.is_none();
                let save = IconButton::new(Icon::Save, UiCommand::Save.text())
                    .shortcut(&shortcut)
                    .enabled(is_dirty);
                if ui.add(save).clicked() {
                    ctx.send(Command::SaveTab(tab.id));
                }
            });
        });
    if tab.revision() != revision {
        ui.request_repaint();
    }
}

fn method_ui(ui: &mut egui::Ui, tab: &mut Tab, links: &mut Links) {
    let part = SigningPart::Request(CanonicalPart::Method);
    let ground = ui.painter().add(egui::Shape::Noop);
    let response = method_menu(ui, &mut tab.draft.method);
    if links.is_lit(&part) {
        let t = Tokens::of(ui);
        let place = response.rect.shrink2(egui::vec2(2.0, 5.0));
        let colour = t.provenance(Provenance::Method);
        let tint = egui::epaint::RectShape::filled(place, 2, colour.gamma_multiply(0.22));
        ui.painter().set(ground, tint);
        let line = egui::Stroke::new(2.0, colour);
        ui.painter().hline(place.x_range(), place.bottom(), line);
    }
    if response.changed() {
        tab.touch();
    }
    links.point(&response, part);
}

fn url_field_ui(
    ui: &mut egui::Ui,
    tab: &mut Tab,
    problem: Option<&str>,
    links: &mut Links,
    wants_focus: &mut bool,
) {
    let t = Tokens::of(ui);
    let parts = UrlParts::of(&tab.draft.url);
    let marks: Vec<_> = parts
        .lit(&links.lit)
        .into_iter()
        .map(|(range, part)| (range, t.provenance(part)))
        .collect();
    let mut pointed = PointedText::default();
    let derived = tab.derived().cloned();
    let highlight = |text: &str| {
        derived
            .as_ref()
            .map(|d| variable_spans(&d.variables, text))
            .unwrap_or_default()
    };
    let id = egui::Id::unique(("url", tab.id.0));
    let field = TextField::new("URL", &mut tab.draft.url)
        .hint("https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets")
        .code()
        .frameless()
        .highlight(&highlight)
        .marks(&marks)
        .pointed(&mut pointed)
        .id(id);
    let response = ui.add(field);
    for part in pointed
        .hovered
        .map(|at| parts.parts_at(at))
        .into_iter()
        .flatten()
    {
        links.hover(part);
    }
    for part in pointed
        .focused
        .map(|at| parts.parts_at(at))
        .into_iter()
        .flatten()
    {
        links.focus(part);
    }
    let response = match problem {
        Some(problem) => response.on_hover_text(problem),
        None => response,
    };
    if response.changed() {
        tab.draft.params_from_url();
        tab.touch();
    }
    if std::mem::take(wants_focus) {
        response.request_focus();
        select_all(ui, id, &tab.draft.url);
    }
}

fn send_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tab: &Tab, width: f32) {
    let with_icon = |button: Button<'static>, icon| {
        if width < SEND_WIDTH {
            button
        } else {
            button.icon(icon)
        }
    };
    if ctx.exchanges.is_running(tab.id) {
        let shortcut = UiCommand::CancelSend.shortcut_text(ui.ctx());
        let button = with_icon(Button::secondary("Cancel"), Icon::Square)
            .min_width(width)
            .tip(&shortcut);
        if ui.add(button).clicked() {
            ctx.send(Command::Cancel(tab.id));
        }
    } else {
        let shortcut = UiCommand::Send.shortcut_text(ui.ctx());
        let button = with_icon(Button::primary("Send"), Icon::SendHorizontal)
            .min_width(width)
            .tip(&shortcut);
        if ui.add(button).clicked() {
            ctx.send(Command::Send(tab.id));
        }
    }
}
