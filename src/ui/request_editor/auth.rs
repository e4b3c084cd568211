//! How the request proves who sends it: what is chosen, what that means, and where it comes from.

use egui::RichText;

use super::hints::{problems, variable_spans};
use crate::collection::{ApiKeyPlacement, AuthSpec, AwsAuthSpec};
use crate::exchange::SigningPreview;
use crate::request::FieldPath;
use crate::sigv4::facts_of_host;
use crate::state::{Command, Derived, Tab};
use crate::template::{Origin, VariableSet};
use crate::ui::UiContext;
use crate::ui::theme::{CONTROL_HEIGHT, Icon, Tokens};
use crate::ui::widgets::{
    Banner, Button, DropDown, Highlight, MenuItem, TextField, Tone, chip, field_label,
    menu_separator, note, segmented,
};

/// The width of the fields.
const FIELD_WIDTH: f32 = 360.0;

/// The width of the column of labels.
const LABEL_WIDTH: f32 = 80.0;

/// Draws the editor of the request's auth.
pub(super) fn auth_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, tab: &mut Tab) {
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
            if auth_fields_ui(ui, ctx, &place, &mut tab.draft.auth) {
                tab.touch();
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

/// Draws the fields of an auth; `true` when one changed.
pub(in crate::ui) fn auth_fields_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    place: &AuthPlace<'_>,
    auth: &mut AuthSpec,
) -> bool {
    let is_other_kind = kind_ui(ui, place, auth);
    if let Some(problem) = place.problem {
        Banner::danger(problem).show_plain(ui);
        ui.add_space(8.0);
    }
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
    is_other_kind | changed
}

fn kind_ui(ui: &mut egui::Ui, place: &AuthPlace<'_>, auth: &mut AuthSpec) -> bool {
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
            .width(FIELD_WIDTH)
            .show(ui, |ui| {
                for (kind, text) in kinds {
                    if place.is_root && kind == AuthSpec::Inherit {
                        continue;
                    }
                    let is_chosen = is_kind(auth, &kind);
                    if MenuItem::new(text).checked(is_chosen).show(ui).clicked() && !is_chosen {
                        let inherited = place.inherited.map(|(auth, _)| auth);
                        *auth = starting_from(kind, inherited, is_aws_host);
                        changed = true;
                    }
                }
            });
    });
    changed
}

/// A line of the form: a label in a column of its own, and its field.
fn labelled<R>(ui: &mut egui::Ui, label: &str, add_field: impl FnOnce(&mut egui::Ui) -> R) -> R {
    ui.horizontal(|ui| {
        let size = egui::vec2(LABEL_WIDTH, CONTROL_HEIGHT);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(size, layout, |ui| {
            ui.set_min_width(LABEL_WIDTH);
            field_label(ui, label);
        });
        add_field(ui)
    })
    .inner
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

/// What the folders above say.
fn inherited_ui(ui: &mut egui::Ui, place: &AuthPlace<'_>) {
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

fn aws_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    aws: &mut AwsAuthSpec,
    derived: Option<&Derived>,
    highlight: Highlight<'_>,
) -> bool {
    let mut changed = false;
    labelled(ui, "Profile", |ui| {
        let field = TextField::new("Profile", &mut aws.profile_name)
            .hint("the profile to sign as")
            .code()
            .highlight(highlight)
            .width(FIELD_WIDTH - 108.0);
        changed |= ui.add(field).changed();
        DropDown::new("Choose a profile", "Choose")
            .width(100.0)
            .show(ui, |ui| {
                for profile in &ctx.profiles.list {
                    let kind = profile.kind.to_string();
                    let item = MenuItem::new(&profile.name)
                        .note(&kind)
                        .checked(aws.profile_name == profile.name);
                    if item.show(ui).clicked() {
                        aws.profile_name.clone_from(&profile.name);
                        changed = true;
                    }
                }
                menu_separator(ui);
                if MenuItem::new("Profiles…").show(ui).clicked() {
                    ctx.send(Command::ShowDialog(crate::state::Dialog::Profiles));
                }
            });
    });
    if derived.is_some() {
        labelled(ui, "", |ui| profile_note_ui(ui, ctx, derived));
    }
    let scope = derived.and_then(|derived| match &derived.preview.signing {
        SigningPreview::Ready(ready) => Some(&ready.scope),
        SigningPreview::NotSigned { .. }
        | SigningPreview::NotResolved
        | SigningPreview::BadChoice(_)
        | SigningPreview::NoScope(_) => None,
    });
    for (label, text, sourced) in [
        ("Region", &mut aws.region, scope.map(|scope| &scope.region)),
        (
            "Service",
            &mut aws.service,
            scope.map(|scope| &scope.service),
        ),
    ] {
        labelled(ui, label, |ui| {
            let hint = sourced.map(|s| s.value.clone()).unwrap_or_default();
            let field = TextField::new(label, text)
                .hint(&hint)
                .code()
                .highlight(highlight)
                .width(FIELD_WIDTH);
            changed |= ui.add(field).changed();
            if let Some(sourced) = sourced {
                note(ui, &format!("{} — from {}", sourced.value, sourced.from));
                if let Some(said) = &sourced.host_says {
                    let text = format!("the host says {said}");
                    chip(ui, Tone::Warning, Some(Icon::TriangleAlert), &text);
                }
            }
        });
    }
    if let Some(SigningPreview::NoScope(error)) = derived.map(|d| &d.preview.signing) {
        ui.add_space(8.0);
        Banner::warning(&error.to_string())
            .body(error.hint())
            .show_plain(ui);
    }
    changed
}

/// What is known of the profile that signs.
fn profile_note_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, derived: Option<&Derived>) {
    let t = Tokens::of(ui);
    let Some(name) = derived.and_then(|derived| derived.profile.as_deref()) else {
        return;
    };
    if ctx.workspace.profile_override.as_deref() == Some(name) {
        ui.horizontal(|ui| {
            let text = format!("Signed as “{name}” by your choice in the title bar");
            ui.label(RichText::new(text).color(t.warning));
            let button = Button::ghost("Follow the file").small().icon(Icon::Undo2);
            if ui.add(button).clicked() {
                ctx.send(Command::ChooseProfile(None));
            }
        });
        return;
    }
    match ctx.profiles.get(name) {
        None if ctx.profiles.list.is_empty() => {}
        None => {
            let text = format!("There is no profile “{name}” on this machine");
            ui.label(RichText::new(text).color(t.danger));
        }
        Some(profile) => match &profile.unusable {
            Some(why) => {
                ui.label(RichText::new(why).color(t.danger));
            }
            None => {
                note(ui, &format!("{} · {}", profile.kind, profile.source));
            }
        },
    }
}

fn api_key_ui(
    ui: &mut egui::Ui,
    key: &mut String,
    value: &mut String,
    placement: &mut ApiKeyPlacement,
    highlight: Highlight<'_>,
) -> bool {
    let mut changed = text_ui(ui, "Name", key, "x-api-key", highlight);
    changed |= secret_text_ui(ui, "Key", value, "{{apiKey}}", highlight);
    let options = [
        (ApiKeyPlacement::Header, "Header"),
        (ApiKeyPlacement::Query, "Query"),
    ];
    changed
        | labelled(ui, "Sent in", |ui| {
            segmented(ui, "Sent in", placement, &options).changed()
        })
}

fn text_ui(
    ui: &mut egui::Ui,
    label: &str,
    text: &mut String,
    hint: &str,
    highlight: Highlight<'_>,
) -> bool {
    labelled(ui, label, |ui| {
        let field = TextField::new(label, text)
            .hint(hint)
            .code()
            .highlight(highlight)
            .width(FIELD_WIDTH);
        ui.add(field).changed()
    })
}

/// A field whose text goes into a file that others read: a secret belongs into a variable.
fn secret_text_ui(
    ui: &mut egui::Ui,
    label: &str,
    text: &mut String,
    hint: &str,
    highlight: Highlight<'_>,
) -> bool {
    let changed = text_ui(ui, label, text, hint, highlight);
    if !text.is_empty() && crate::template::names(text).is_empty() {
        let warning = Tokens::of(ui).warning;
        let words = "Put it into a secret variable and write {{variable}} here: a key in a file is not saved";
        ui.colored_label(warning, words);
    }
    changed
}
