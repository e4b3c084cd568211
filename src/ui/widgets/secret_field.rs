//! The field for a secret.

use egui::text_edit::TextEditState;
use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Frame, Id, Margin, Response, Sense, Stroke,
    StrokeKind, TextBuffer, TextEdit, Ui, Widget, WidgetInfo, vec2,
};

use super::paint::paint_icon;
use super::tooltip::WithTip as _;
use crate::ui::theme::{CONTROL_HEIGHT, CORNER, Icon, TEXT_MONO, Tokens};

/// What stands for a letter.
const BULLET: char = '•';

/// A field for a secret: dots, and the letters only while the eye is held down.
///
/// Nothing of the text reaches the accessibility tree, the clipboard or egui's undo. Wiping the
/// text is the caller's, who owns it.
#[must_use = "add it with `ui.add`"]
pub struct SecretField<'a> {
    name: &'a str,
    text: &'a mut String,
    hint: &'a str,
    width: Option<f32>,
    id: Option<Id>,
}

impl<'a> SecretField<'a> {
    /// A field; `name` is what screen readers call it.
    pub fn new(name: &'a str, text: &'a mut String) -> Self {
        Self {
            name,
            text,
            hint: "",
            width: None,
            id: None,
        }
    }

    /// What stands there while it is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// So wide, in place of all the width there is.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// The id by which the keyboard can be given to it.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }
}

impl Widget for SecretField<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let id = self.id.unwrap_or_else(|| ui.make_persistent_id(self.name));
        let eye_id = id.with("eye");
        let is_shown: bool = ui.data(|data| data.get_temp(eye_id)).unwrap_or_default();

        let background = ui.painter().add(egui::Shape::Noop);
        let font = egui::FontId::monospace(TEXT_MONO);
        let layout_font = font.clone();
        let mut layouter = move |ui: &Ui, buffer: &dyn TextBuffer, _wrap: f32| {
            // What is laid out here reaches the accessibility tree: dots, always.
            let dots = buffer.as_str().chars().map(|_| BULLET).collect();
            let colour = if is_shown {
                Color32::TRANSPARENT
            } else {
                t.text
            };
            let job = egui::text::LayoutJob::simple_singleline(dots, layout_font.clone(), colour);
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let output = TextEdit::singleline(self.text)
            .id(id)
            .password(true)
            .font(font.clone())
            .hint_text(self.hint)
            .frame(Frame::NONE.inner_margin(Margin {
                left: 8,
                right: 32,
                top: 0,
                bottom: 0,
            }))
            .align(Align2::LEFT_CENTER)
            .desired_width(width)
            .min_size(vec2(width.min(80.0), CONTROL_HEIGHT))
            .layouter(&mut layouter)
            .show(ui);
        let response = output.response.response.clone().accessible_name(self.name);
        if is_shown {
            // Painted, and nothing else: what is painted is told to nobody.
            let letters = ui.painter().layout_no_wrap(self.text.clone(), font, t.text);
            ui.painter().with_clip_rect(output.text_clip_rect).galley(
                output.galley_pos,
                letters,
                t.text,
            );
        }
        if let Some(mut state) = TextEditState::load(ui.ctx(), id) {
            state.clear_undoer();
            state.store(ui.ctx(), id);
        }
        let rect = response.rect;
        let line = if response.has_focus() {
            Stroke::new(1.5, t.focus)
        } else if response.hovered() {
            Stroke::new(1.0, t.outline_hover)
        } else {
            Stroke::new(1.0, t.outline)
        };
        ui.painter().set(
            background,
            egui::epaint::RectShape::new(
                rect,
                CornerRadius::same(CORNER),
                t.surface_sunken,
                line,
                StrokeKind::Inside,
            ),
        );

        let eye_rect = egui::Rect::from_center_size(
            egui::pos2(rect.right() - 16.0, rect.center().y),
            vec2(24.0, 24.0),
        );
        let eye = ui.interact(eye_rect, eye_id, Sense::click());
        let eye_name = format!("Hold to show {}", self.name);
        eye.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), eye_name.as_str())
        });
        let is_held = eye.is_pointer_button_down_on()
            || (eye.has_focus() && ui.input(|input| input.key_down(egui::Key::Space)));
        if is_held != is_shown {
            ui.data_mut(|data| data.insert_temp(eye_id, is_held));
            ui.request_repaint();
        }
        let icon = if is_held { Icon::Eye } else { Icon::EyeOff };
        let colour = if eye.hovered() || is_held {
            t.text
        } else {
            t.text_muted
        };
        paint_icon(ui.painter(), eye_rect.center(), icon, 15.0, colour);
        super::paint::focus_ring(ui, eye_rect, &eye);
        eye.on_hover_cursor(CursorIcon::Default).tip("Hold to show");
        response
    }
}
