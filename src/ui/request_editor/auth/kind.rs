//! Which kind of auth it is.

use super::fields::{FIELD_WIDTH, labelled};
use super::{AuthPlace, KeptKinds};
use crate::collection::{ApiKeyPlacement, AuthSpec, AwsAuthSpec};
use crate::sigv4::facts_of_host;
use crate::ui::widgets::{DropDown, MenuItem};

/// The choice of the kind; `true` when another one was chosen.
pub(super) fn kind_ui(
    ui: &mut egui::Ui,
    place: &AuthPlace<'_>,
    auth: &mut AuthSpec,
    kept: &mut KeptKinds<AuthSpec>,
) -> bool {
    let kinds = [
        (AuthSpec::Inherit, "From the folder above"),
        (AuthSpec::None, "None"),
        (
            AuthSpec::AwsSigV4(AwsAuthSpec::default()),
            "IAM (Signature Version 4)",
        ),
        (
            AuthSpec::ApiKey {
                key: "x-api-key".to_owned(),
                value: String::new(),
                placement: ApiKeyPlacement::Header,
            },
            "API key",
        ),
        (
            AuthSpec::Basic {
                username: String::new(),
                password: String::new(),
            },
            "Basic",
        ),
        (
            AuthSpec::Bearer {
                token: String::new(),
            },
            "Bearer token",
        ),
    ];
    // Where nothing is above, to say nothing means none.
    let is_kind = |auth: &AuthSpec, kind: &AuthSpec| {
        let auth = if place.is_root && *auth == AuthSpec::Inherit {
            &AuthSpec::None
        } else {
            auth
        };
        std::mem::discriminant(auth) == std::mem::discriminant(kind)
    };
    let shown = kinds
        .iter()
        .find(|(kind, _)| is_kind(auth, kind))
        .map_or(auth.title(), |(_, text)| text)
        .to_owned();
    let is_aws_host = place
        .derived
        .and_then(|derived| derived.preview.request.as_ref().ok())
        .is_some_and(|request| facts_of_host(request.host()).is_some());
    let mut changed = false;
    labelled(ui, "Kind", |ui| {
        DropDown::new("Kind of auth", &shown)
            .width(FIELD_WIDTH.min(ui.available_width()))
            .show(ui, |ui| {
                for (kind, text) in kinds {
                    if place.is_root && kind == AuthSpec::Inherit {
                        continue;
                    }
                    let is_chosen = is_kind(auth, &kind);
                    if MenuItem::new(text).checked(is_chosen).show(ui).clicked() && !is_chosen {
                        let inherited = place.inherited.map(|(auth, _)| auth);
                        kept.keep(auth);
                        *auth = match kept.of_kind(&kind) {
                            Some(kept) => kept.clone(),
                            None => starting_from(kind, inherited, is_aws_host),
                        };
                        changed = true;
                    }
                }
            });
    });
    changed
}

/// A new auth of a kind; one that is of the inherited kind begins as that.
fn starting_from(kind: AuthSpec, inherited: Option<&AuthSpec>, is_aws_host: bool) -> AuthSpec {
    match inherited {
        // Region and service of an AWS host come from the host: what the folder says may be meant
        // for another one.
        Some(AuthSpec::AwsSigV4(inherited)) if matches!(kind, AuthSpec::AwsSigV4(_)) => {
            let mut own = inherited.clone();
            if is_aws_host {
                own.region.clear();
                own.service.clear();
            }
            AuthSpec::AwsSigV4(own)
        }
        Some(inherited) if std::mem::discriminant(inherited) == std::mem::discriminant(&kind) => {
            inherited.clone()
        }
        _ => kind,
    }
}
