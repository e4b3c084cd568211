//! The choice of a method.

use egui::{Response, Ui};

use super::drop_down::DropDown;
use super::menu::{MenuItem, menu_separator};
use super::text_field::TextField;
use crate::ui::theme::{Tokens, code};

/// The methods on offer.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// A drop-down of methods, with a field for any other. `changed` when another was chosen or typed.
pub fn method_menu(ui: &mut Ui, method: &mut String) -> Response {
    let t = Tokens::of(ui);
    let colour = t.method(method);
    let shown = method.clone();
    let mut is_changed = false;
    let mut response = DropDown::new("Method", &shown)
        .colour(colour)
        .font(code(1.0))
        .width(96.0)
        .frameless()
        .show(ui, |ui| {
            for name in METHODS {
                let item = MenuItem::new(name)
                    .code()
                    .colour(t.method(name))
                    .checked(method == name);
                if item.show(ui).clicked() && method != name {
                    name.clone_into(method);
                    is_changed = true;
                }
            }
            menu_separator(ui);
            // Empty for the methods above, so that it does not seem to repeat one.
            let is_listed = METHODS.contains(&method.as_str());
            let mut other = if is_listed {
                String::new()
            } else {
                method.clone()
            };
            let field = TextField::new("Other method", &mut other)
                .hint("Other")
                .code()
                .width(140.0)
                .id(ui.make_persistent_id("other method"));
            if ui.add(field).changed() && !other.is_empty() {
                *method = other;
                is_changed = true;
            }
        })
        .response;
    if is_changed {
        response.mark_changed();
    }
    response
}
