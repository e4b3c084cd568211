//! What the folders above say of the auth.

use egui::RichText;

use super::AuthPlace;
use crate::collection::AuthSpec;
use crate::exchange::SigningPreview;
use crate::sigv4::Scope;
use crate::state::Derived;
use crate::template::Origin;
use crate::ui::theme::Tokens;
use crate::ui::widgets::{Banner, note};
use crate::ui::wording::{scope_hint, sentence};

/// What the folders above say.
pub(super) fn inherited_ui(ui: &mut egui::Ui, place: &AuthPlace<'_>) {
    let t = Tokens::of(ui);
    let Some((auth, origin)) = place.inherited else {
        return;
    };
    let from = match origin {
        Origin::Collection => "the collection".to_owned(),
        other => other.to_string(),
    };
    ui.label(RichText::new(format!("{} — from {from}", auth.title())).color(t.text));
    match auth {
        AuthSpec::AwsSigV4(_) => {
            let Some(derived) = place.derived else { return };
            scope_ui(ui, derived);
            if let Some(profile) = &derived.profile {
                note(ui, &format!("Signed as “{profile}”"));
            }
            scope_problem_ui(ui, derived);
        }
        AuthSpec::ApiKey { key, .. } => {
            note(ui, &format!("Sends “{key}”"));
        }
        AuthSpec::None => {
            note(ui, "Nothing is added");
        }
        AuthSpec::Inherit
        | AuthSpec::Basic { .. }
        | AuthSpec::Bearer { .. }
        | AuthSpec::Unsupported { .. } => {}
    }
}

/// Region and service with the reason of each.
fn scope_ui(ui: &mut egui::Ui, derived: &Derived) {
    if let SigningPreview::Ready(ready) = &derived.preview.signing {
        let Scope { region, service } = &ready.scope;
        if region.from == service.from {
            let text = format!(
                "Region {}, service {} — from {}",
                region.value, service.value, region.from
            );
            note(ui, &text);
            return;
        }
        for (what, sourced) in [("Region", region), ("Service", service)] {
            let text = format!("{what} {} — from {}", sourced.value, sourced.from);
            note(ui, &text);
        }
    }
}

/// Why there is no region or service; what is wrong with a choice is told at the choice.
fn scope_problem_ui(ui: &mut egui::Ui, derived: &Derived) {
    if let SigningPreview::NoScope(error) = &derived.preview.signing {
        Banner::warning(&sentence(&error.to_string()))
            .body(scope_hint(*error))
            .show_plain(ui);
    }
}
