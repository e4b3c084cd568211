//! How the request proves who sends it: what is chosen, what that means, and where it comes from.

mod aws;
mod fields;
mod how_to_sign;
mod inherited;
mod kind;

pub(in crate::ui) use how_to_sign::{HowToSign, HowToSignState, how_to_sign_ui};

use self::aws::aws_ui;
use self::fields::{api_key_ui, secret_text_ui, text_ui};
use self::inherited::inherited_ui;
use self::kind::kind_ui;
use super::hints::{problems, variable_spans};
use super::{EditorState, KeptKinds};
use crate::collection::AuthSpec;
use crate::exchange::SigningChoices;
use crate::request::FieldPath;
use crate::state::{Derived, Tab};
use crate::template::{Origin, VariableSet};
use crate::ui::UiContext;
use crate::ui::widgets::{Banner, note};

/// Draws the editor of the request's auth.
pub(super) fn auth_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    state: &mut EditorState,
) {
    egui::ScrollArea::vertical()
        .id_salt("auth")
        .auto_shrink(false)
        .show(ui, |ui| {
            let derived = tab.derived().cloned();
            let problem = problems(tab, |place| {
                matches!(place, FieldPath::Auth { .. } | FieldPath::Inherited)
            });
            let place = AuthPlace {
                variables: derived.as_ref().map(|d| &d.variables),
                inherited: derived.as_ref().map(|d| &d.auth),
                derived: derived.as_deref(),
                problem: problem.as_deref(),
                is_root: false,
            };
            if auth_fields_ui(ui, ctx, &place, &mut tab.draft.auth, &mut state.auths) {
                tab.touch();
            }
            if let Some(derived) = &derived
                && matches!(derived.auth.0, AuthSpec::AwsSigV4(_))
            {
                let choices = SigningChoices::of(&derived.variables, &derived.preview);
                let section = HowToSign {
                    choices: &choices,
                    preview: Some(&derived.preview.signing),
                    variables: &derived.variables,
                    here: "this request",
                    place: &Origin::Request,
                };
                let variables = &mut tab.draft.variables;
                let how_to_sign = &mut state.how_to_sign;
                // Its ids do not depend on what is told above it.
                let scope = egui::Id::unique(("how to sign", tab.id.0));
                let changed = ui
                    .scope_builder(egui::UiBuilder::new().scope_id(scope), |ui| {
                        how_to_sign_ui(ui, &section, how_to_sign, variables)
                    })
                    .inner;
                if changed {
                    tab.touch();
                }
            }
        });
}

/// Where an auth stands: what is known around it.
#[derive(Clone, Copy, Default)]
pub(in crate::ui) struct AuthPlace<'a> {
    /// The variables that it sees.
    pub variables: Option<&'a VariableSet>,
    /// The auth that counts where it says nothing itself.
    pub inherited: Option<&'a (AuthSpec, Origin)>,
    /// What follows for the request, if it is a request's.
    pub derived: Option<&'a Derived>,
    /// What is wrong with it.
    pub problem: Option<&'a str>,
    /// Nothing is above it.
    pub is_root: bool,
}

/// Draws the fields of an auth; `true` when one changed. `kept` holds what was written in other
/// kinds.
pub(in crate::ui) fn auth_fields_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    place: &AuthPlace<'_>,
    auth: &mut AuthSpec,
    kept: &mut KeptKinds<AuthSpec>,
) -> bool {
    let is_other_kind = kind_ui(ui, place, auth, kept);
    let highlight = |text: &str| {
        place
            .variables
            .map(|variables| variable_spans(variables, text))
            .unwrap_or_default()
    };
    let changed = match auth {
        AuthSpec::Inherit | AuthSpec::None if place.is_root => {
            note(
                ui,
                "Requests that say nothing themselves go out without auth",
            );
            false
        }
        AuthSpec::Inherit => {
            inherited_ui(ui, place);
            false
        }
        AuthSpec::None => {
            note(ui, "Nothing is added, whatever the folder above says");
            false
        }
        AuthSpec::AwsSigV4(aws) => aws_ui(ui, ctx, aws, place.derived, &highlight),
        AuthSpec::ApiKey {
            key,
            value,
            placement,
        } => api_key_ui(ui, key, value, placement, &highlight),
        AuthSpec::Basic { username, password } => {
            let mut changed = text_ui(ui, "User name", username, "", &highlight);
            changed |= secret_text_ui(ui, "Password", password, "{{password}}", &highlight);
            changed
        }
        AuthSpec::Bearer { token } => secret_text_ui(ui, "Token", token, "{{token}}", &highlight),
        AuthSpec::Unsupported { kind } => {
            note(
                ui,
                &format!("“{kind}” is not sent by this version; it stays in the file"),
            );
            false
        }
    };
    // Below, so that the fields keep their places and the keyboard while one types.
    if let Some(problem) = place.problem {
        ui.add_space(8.0);
        Banner::danger(problem).show_plain(ui);
    }
    is_other_kind | changed
}
