//! Who signs with Signature Version 4, and for what.

use egui::RichText;

use super::fields::{FIELD_WIDTH, LABEL_WIDTH, labelled};
use crate::collection::AwsAuthSpec;
use crate::exchange::SigningPreview;
use crate::sigv4::Sourced;
use crate::state::{Command, Derived};
use crate::ui::UiContext;
use crate::ui::theme::{Icon, Tokens};
use crate::ui::widgets::{
    Banner, Button, DropDown, Highlight, MenuItem, TextField, Tone, chip, menu_separator, note,
};
use crate::ui::wording::{scope_hint, sentence};

/// What the words beside a field need; where there is less, they stand below it.
const NOTE_WIDTH: f32 = 220.0;

/// Profile, region and service; `true` when one changed.
pub(super) fn aws_ui(
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
            .width(FIELD_WIDTH.min(ui.available_width()) - 108.0);
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
        labelled(ui, "", |ui| {
            ui.vertical(|ui| profile_note_ui(ui, ctx, derived))
        });
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
        let room = ui.available_width() - LABEL_WIDTH - ui.spacing().item_spacing.x;
        let is_narrow = room < FIELD_WIDTH + NOTE_WIDTH;
        labelled(ui, label, |ui| {
            let hint = sourced.map(|s| s.value.clone()).unwrap_or_default();
            let field = TextField::new(label, text)
                .hint(&hint)
                .code()
                .highlight(highlight)
                .width(FIELD_WIDTH.min(ui.available_width()));
            changed |= ui.add(field).changed();
            if let Some(sourced) = sourced.filter(|_| !is_narrow) {
                source_ui(ui, sourced);
            }
        });
        if let Some(sourced) = sourced.filter(|_| is_narrow) {
            labelled(ui, "", |ui| ui.vertical(|ui| source_ui(ui, sourced)));
        }
    }
    if let Some(SigningPreview::NoScope(error)) = derived.map(|d| &d.preview.signing) {
        ui.add_space(8.0);
        Banner::warning(&sentence(&error.to_string()))
            .body(scope_hint(*error))
            .show_plain(ui);
    }
    changed
}

/// Where a region or a service comes from.
fn source_ui(ui: &mut egui::Ui, sourced: &Sourced) {
    note(ui, &format!("{} — from {}", sourced.value, sourced.from));
    if let Some(said) = &sourced.host_says {
        let text = format!("the host says {said}");
        chip(ui, Tone::Warning, Some(Icon::TriangleAlert), &text);
    }
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
