//! What the folders above say of the auth.

use egui::RichText;

use super::AuthPlace;
use crate::collection::AuthSpec;
use crate::exchange::SigningPreview;
use crate::state::Derived;
use crate::template::Origin;
use crate::ui::theme::Tokens;
use crate::ui::widgets::{Banner, note};

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
        }
        AuthSpec::ApiKey { key, .. } => {
            note(ui, &format!("Sends `{key}`"));
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
    match &derived.preview.signing {
        SigningPreview::Ready(ready) => {
            for (what, sourced) in [
                ("Region", &ready.scope.region),
                ("Service", &ready.scope.service),
            ] {
                note(
                    ui,
                    &format!("{what} {} — from {}", sourced.value, sourced.from),
                );
            }
        }
        SigningPreview::NoScope(error) => {
            Banner::warning(&error.to_string())
                .body(error.hint())
                .show_plain(ui);
        }
        SigningPreview::BadChoice(error) => {
            Banner::warning(&error.to_string()).show_plain(ui);
        }
        SigningPreview::NotSigned { .. } | SigningPreview::NotResolved => {}
    }
}
