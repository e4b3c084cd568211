//! The profiles: what one can sign as.

use egui::RichText;

use super::UiContext;
use super::banners::secrets_note_ui;
use super::dialogs::{entered, refusal_ui};
use super::sidebar::low_empty_state_ui;
use super::theme::{Icon, Tokens};
use super::top_bar::left_text;
use super::widgets::{
    Button, Dialog as DialogBox, DropDown, IconButton, MenuItem, SecretField, TextField,
    WithTip as _, field_label, horizontal_line, note,
};
use crate::profile::{ProfileKind, ProfileSummary};
use crate::secret::SecretString;
use crate::state::{Command, Identity, NewProfileKeys, NewRole};

/// What the dialog shows, and what is typed in it.
#[derive(Default)]
pub(super) struct ProfilesPanel {
    page: Page,
    form: Form,
    /// The first field of the form has yet to get the keyboard.
    is_fresh: bool,
    /// Something was asked for on this page, so that a refusal is about it.
    is_sent: bool,
    /// How many changes had been made when the form was sent.
    sent_after: Option<u64>,
    removing: Option<String>,
    /// The profile that was brought into view because the user was sent to it.
    scrolled_to: Option<String>,
}

impl ProfilesPanel {
    /// Whether something typed would be lost with the dialog.
    pub(super) fn is_typed_in(&self) -> bool {
        self.form.texts().iter().any(|text| !text.is_empty())
    }

    fn show_page(&mut self, page: Page) {
        self.page = page;
        self.is_fresh = page != Page::List;
        self.is_sent = false;
        self.sent_after = None;
    }

    /// Notes that the form is on its way; it is kept until it is known what comes of it.
    fn send(&mut self, ctx: &UiContext<'_>, command: Command) {
        self.is_sent = true;
        self.sent_after = Some(ctx.profiles.changes);
        ctx.send(command);
    }

    /// Clears the form once the change is made.
    fn follow(&mut self, ctx: &UiContext<'_>) {
        if ctx.refusal.is_some() && self.sent_after == Some(ctx.profiles.changes) {
            self.sent_after = None;
        }
        if self
            .sent_after
            .is_some_and(|before| before < ctx.profiles.changes)
        {
            self.form = Form::default();
            self.show_page(Page::List);
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Page {
    #[default]
    List,
    Keys,
    Role,
}

/// The fields of both forms.
#[derive(Default)]
struct Form {
    name: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    region: String,
    source_profile: String,
    role_arn: String,
    external_id: String,
}

impl Form {
    fn texts(&self) -> [&str; 8] {
        [
            &self.name,
            &self.access_key_id,
            &self.secret_access_key,
            &self.session_token,
            &self.region,
            &self.source_profile,
            &self.role_arn,
            &self.external_id,
        ]
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        for text in [
            &mut self.secret_access_key,
            &mut self.session_token,
            &mut self.external_id,
        ] {
            zeroize::Zeroize::zeroize(text);
        }
    }
}

/// Draws the profiles in their dialog.
pub(super) fn profiles_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, panel: &mut ProfilesPanel) {
    panel.follow(ctx);
    if ctx.profiles.asked_for.is_none() {
        panel.scrolled_to = None;
    }
    match panel.page {
        Page::List => list_ui(ui, ctx, panel),
        Page::Keys => keys_ui(ui, ctx, panel),
        Page::Role => role_ui(ui, ctx, panel),
    }
}

fn list_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, panel: &mut ProfilesPanel) {
    let t = Tokens::of(ui);
    secrets_note_ui(ui, ctx);
    if let Some(failure) = &ctx.profiles.failure {
        ui.label(RichText::new(&failure.message).color(t.danger));
    }
    if panel.is_sent {
        refusal_ui(ui, ctx);
    }
    if ctx.profiles.list.is_empty() {
        low_empty_state_ui(ui, "Nothing to sign as yet", |_| ());
    }
    egui::ScrollArea::vertical()
        .id_salt("profiles")
        .max_height(420.0)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for profile in &ctx.profiles.list {
                ui.push_id(&profile.name, |ui| profile_ui(ui, ctx, panel, profile));
                horizontal_line(ui);
            }
        });
    DialogBox::footer(ui, |ui| {
        if ui
            .add(Button::primary("Add keys…").icon(Icon::KeyRound))
            .clicked()
        {
            panel.show_page(Page::Keys);
        }
        if ui
            .add(Button::secondary("Add role…").icon(Icon::UserRoundCog))
            .clicked()
        {
            panel.show_page(Page::Role);
        }
    });
}

fn profile_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    panel: &mut ProfilesPanel,
    profile: &ProfileSummary,
) {
    let t = Tokens::of(ui);
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.set_width((ui.available_width() - 220.0).max(200.0));
            ui.horizontal(|ui| {
                ui.label(RichText::new(&profile.name).strong().color(t.text));
                ui.label(RichText::new(profile.kind.to_string()).color(t.text_muted));
            });
            let mut facts = vec![profile.source.clone()];
            facts.extend(profile.access_key_id.clone());
            facts.extend(
                profile
                    .account
                    .as_ref()
                    .map(|account| format!("account {account}")),
            );
            facts.extend(profile.region.clone());
            facts.extend(profile.expires_at.map(|end| left_text(end, ctx.now)));
            ui.add(
                egui::Label::new(
                    RichText::new(facts.join(" · "))
                        .small()
                        .color(t.text_secondary),
                )
                .truncate(),
            );
            if let ProfileKind::Role { role_arn, .. } = &profile.kind {
                ui.add(
                    egui::Label::new(RichText::new(role_arn).monospace().color(t.text_muted))
                        .truncate(),
                );
            }
            if let Some(why) = &profile.unusable {
                ui.label(RichText::new(why).small().color(t.warning));
            }
            identity_ui(ui, ctx, &profile.name);
            asked_for_ui(ui, ctx, panel, profile);
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if is_kept_here(profile) {
                removal_ui(ui, ctx, panel, &profile.name);
            }
            let is_asking = ctx.profiles.identities.get(&profile.name) == Some(&Identity::Asking);
            let name = format!("Who am I as {}", profile.name);
            let button = Button::secondary("Who am I")
                .small()
                .name(&name)
                .tip("Ask STS who this is (GetCallerIdentity)")
                .enabled(profile.unusable.is_none() && !is_asking);
            if ui.add(button).clicked() {
                ctx.send(Command::WhoAmI(profile.name.clone()));
            }
        });
    });
    ui.add_space(6.0);
}

/// What to do with the profile whose keys the user was sent to.
fn asked_for_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    panel: &mut ProfilesPanel,
    profile: &ProfileSummary,
) {
    if ctx.profiles.asked_for.as_deref() != Some(&*profile.name) {
        return;
    }
    let t = Tokens::of(ui);
    let text = match &profile.kind {
        ProfileKind::BuiltIn => {
            "Its keys are built in, for practice: sign as another profile".to_owned()
        }
        ProfileKind::Keyring => {
            "Its keys are to be entered anew: remove it, and add it again under the same name"
                .to_owned()
        }
        ProfileKind::Role { source_profile, .. } => {
            format!("It signs with a session that “{source_profile}” gets: look at its keys")
        }
        ProfileKind::AwsFile | ProfileKind::Unsupported { .. } => {
            format!(
                "Its keys are in {}: put the right ones there",
                profile.source
            )
        }
    };
    let label = ui.add(egui::Label::new(RichText::new(text).color(t.warning)).wrap());
    if panel.scrolled_to.as_deref() != Some(&*profile.name) {
        label.scroll_to_me(Some(egui::Align::Center));
        panel.scrolled_to = Some(profile.name.clone());
    }
}

fn identity_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, profile: &str) {
    let t = Tokens::of(ui);
    match ctx.profiles.identities.get(profile) {
        None => {}
        Some(Identity::Asking) => {
            note(ui, "Asking STS…");
        }
        Some(Identity::Known(identity)) => {
            ui.add(
                egui::Label::new(RichText::new(&identity.arn).monospace().color(t.success))
                    .truncate(),
            )
            .tip(&format!(
                "Account {} · {}",
                identity.account, identity.user_id
            ));
        }
        Some(Identity::Failed(failure)) => {
            ui.label(RichText::new(&failure.message).small().color(t.danger));
            if let Some(hint) = &failure.hint {
                note(ui, hint);
            }
        }
    }
}

/// Removing asks once more in place.
fn removal_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, panel: &mut ProfilesPanel, profile: &str) {
    if panel.removing.as_deref() == Some(profile) {
        if ui.add(Button::ghost("Keep").small()).clicked() {
            panel.removing = None;
        }
        if ui.add(Button::danger("Remove").small()).clicked() {
            panel.removing = None;
            panel.is_sent = true;
            ctx.send(Command::RemoveProfile(profile.to_owned()));
        }
        return;
    }
    let name = format!("Remove {profile}");
    if ui
        .add(IconButton::new(Icon::Trash2, &name).small())
        .clicked()
    {
        panel.removing = Some(profile.to_owned());
    }
}

/// Whether the user put the profile into this tool, and so may take it out again.
fn is_kept_here(profile: &ProfileSummary) -> bool {
    match &profile.kind {
        ProfileKind::Keyring => true,
        ProfileKind::Role { .. } => profile.source == "profiles.toml",
        ProfileKind::BuiltIn | ProfileKind::AwsFile | ProfileKind::Unsupported { .. } => false,
    }
}

/// The fields of a form, from the first to the last.
struct Fields<'a, 'u> {
    ui: &'u mut egui::Ui,
    /// The next field gets the keyboard.
    is_fresh: &'a mut bool,
    /// Enter was pressed in one of them.
    is_entered: bool,
}

impl Fields<'_, '_> {
    fn text(&mut self, label: &str, text: &mut String, hint: &str) {
        field_label(self.ui, label);
        let response = self.ui.add(TextField::new(label, text).hint(hint).code());
        self.follow(&response);
    }

    fn secret(&mut self, label: &str, text: &mut String, hint: &str) {
        field_label(self.ui, label);
        let response = self.ui.add(SecretField::new(label, text).hint(hint));
        self.follow(&response);
    }

    fn follow(&mut self, response: &egui::Response) {
        if std::mem::take(self.is_fresh) {
            response.request_focus();
        }
        self.is_entered |= entered(self.ui, response);
        self.ui.add_space(6.0);
    }
}

fn keys_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, panel: &mut ProfilesPanel) {
    secrets_note_ui(ui, ctx);
    let form = &mut panel.form;
    let mut fields = Fields {
        ui,
        is_fresh: &mut panel.is_fresh,
        is_entered: false,
    };
    fields.text("Name", &mut form.name, "work");
    fields.text(
        "Access key id",
        &mut form.access_key_id,
        "AKIAIOSFODNN7EXAMPLE",
    );
    fields.secret("Secret access key", &mut form.secret_access_key, "");
    fields.secret(
        "Session token",
        &mut form.session_token,
        "only with temporary keys (ASIA…)",
    );
    fields.text("Region", &mut form.region, "optional, as eu-west-1");
    let is_entered = fields.is_entered;
    let is_complete = [&form.name, &form.access_key_id, &form.secret_access_key]
        .iter()
        .all(|text| !text.trim().is_empty());
    if !footer(ui, ctx, panel, "Add keys", is_complete, is_entered) {
        return;
    }
    let form = &panel.form;
    let command = Command::AddProfileKeys(NewProfileKeys {
        name: form.name.trim().to_owned(),
        access_key_id: form.access_key_id.trim().to_owned(),
        secret_access_key: SecretString::new(form.secret_access_key.clone()),
        session_token: filled_secret(&form.session_token),
        region: filled(&form.region),
    });
    panel.send(ctx, command);
}

fn role_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, panel: &mut ProfilesPanel) {
    secrets_note_ui(ui, ctx);
    let form = &mut panel.form;
    let mut fields = Fields {
        ui,
        is_fresh: &mut panel.is_fresh,
        is_entered: false,
    };
    fields.text("Name", &mut form.name, "work-admin");
    source_profile_ui(fields.ui, ctx, &mut form.source_profile);
    fields.text(
        "Role ARN",
        &mut form.role_arn,
        "arn:aws:iam::111122223333:role/PetReader",
    );
    fields.secret(
        "External id",
        &mut form.external_id,
        "only if the role's owner asks for one",
    );
    fields.text("Region", &mut form.region, "optional, as eu-west-1");
    let is_entered = fields.is_entered;
    let is_complete = [&form.name, &form.source_profile, &form.role_arn]
        .iter()
        .all(|text| !text.trim().is_empty());
    if !footer(ui, ctx, panel, "Add role", is_complete, is_entered) {
        return;
    }
    let form = &panel.form;
    let command = Command::AddRole(NewRole {
        name: form.name.trim().to_owned(),
        source_profile: form.source_profile.trim().to_owned(),
        role_arn: form.role_arn.trim().to_owned(),
        external_id: filled_secret(&form.external_id),
        region: filled(&form.region),
    });
    panel.send(ctx, command);
}

fn source_profile_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, source_profile: &mut String) {
    field_label(ui, "Source profile");
    let chosen = if source_profile.is_empty() {
        "Choose who assumes it"
    } else {
        source_profile.as_str()
    }
    .to_owned();
    let names: Vec<&str> = ctx.profiles.list.iter().map(|p| p.name.as_str()).collect();
    DropDown::new("Source profile", &chosen)
        .width(320.0)
        .show(ui, |ui| {
            for name in names {
                let item = MenuItem::new(name).checked(source_profile == name);
                if item.show(ui).clicked() {
                    name.clone_into(source_profile);
                }
            }
        });
    ui.add_space(6.0);
}

/// The buttons of a form, and why it was refused; `true` when it is confirmed.
fn footer(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    panel: &mut ProfilesPanel,
    text: &str,
    is_complete: bool,
    is_entered: bool,
) -> bool {
    if panel.is_sent {
        refusal_ui(ui, ctx);
    }
    let (pressed, back) = DialogBox::footer(ui, |ui| {
        let pressed = ui.add(Button::primary(text).enabled(is_complete)).clicked();
        (pressed, ui.add(Button::ghost("Back")).clicked())
    });
    if back {
        // What is typed stays: it is there again on the way forward, and asked about at the end.
        panel.show_page(Page::List);
    }
    pressed || (is_entered && is_complete)
}

fn filled_secret(text: &str) -> Option<SecretString> {
    (!text.is_empty()).then(|| SecretString::new(text))
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
