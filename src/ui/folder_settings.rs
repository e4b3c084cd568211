//! What a folder or the collection hands down to its requests, in a dialog.

use egui_commonmark::CommonMarkCache;

use super::UiContext;
use super::dialogs::{entered, refusal_ui};
use super::request_editor::{
    AuthPlace, HowToSign, HowToSignState, KeptKinds, RowIds, auth_fields_ui, docs_ui,
    how_to_sign_ui, rows_ui, variable_spans,
};
use super::theme::{Provenance, Tokens};
use super::variables_editor::{VariablesEditor, variables_ui};
use super::widgets::{
    Banner, Button, Dialog as DialogBox, KeyValueTable, Tab as TabWidget, TextField, field_label,
    note, tab_row,
};
use crate::collection::{AuthSpec, ItemPath, RequestContext, RequestDraft, Variable};
use crate::exchange::SigningChoices;
use crate::state::{Command, FileChange, FolderBase};
use crate::template::{Origin, Reveal, Scope, VariableSet};

/// The height of the section that is shown, where there is room for it.
const SECTION_HEIGHT: f32 = 340.0;

/// What stands above and below the section.
const OTHER_HEIGHT: f32 = 300.0;

/// Which part is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Auth,
    Headers,
    Variables,
    Docs,
}

/// A folder, or the collection, while it is edited.
pub(super) struct FolderSettings {
    /// The folder; empty for the collection.
    path: ItemPath,
    now: FolderBase,
    before: FolderBase,
    /// What the file said when the dialog was opened.
    base: FolderBase,
    variables: VariablesEditor,
    header_ids: RowIds,
    edits_docs: bool,
    how_to_sign: HowToSignState,
    /// What the kinds of auth held that are not chosen now.
    auths: KeptKinds<AuthSpec>,
    section: Section,
}

impl FolderSettings {
    /// Begins with what the collection says; `None` when there is no such folder.
    pub(super) fn new(ctx: &UiContext<'_>, path: &ItemPath) -> Option<Self> {
        let collection = ctx.workspace.collection()?;
        let base = FolderBase::of(collection, path)?;
        let variables = VariablesEditor::new(ctx, "", &base.defaults.variables);
        let mut values = base.clone();
        // In the editor's order, so that they compare equal until one is changed.
        values.defaults.variables = variables.variables();
        Some(Self {
            path: path.clone(),
            now: values.clone(),
            before: values,
            base,
            variables,
            header_ids: RowIds::default(),
            edits_docs: false,
            how_to_sign: HowToSignState::default(),
            auths: KeptKinds::default(),
            section: Section::default(),
        })
    }

    fn is_root(&self) -> bool {
        self.path.0.is_empty()
    }

    fn is_changed(&self) -> bool {
        self.now != self.before || self.variables.has_typed()
    }

    fn can_save(&self) -> bool {
        self.is_changed() && !self.now.name.trim().is_empty()
    }
}

/// Draws the dialog; `true` when it shall close.
pub(super) fn folder_settings_ui(
    ui: &egui::Ui,
    ctx: &UiContext<'_>,
    settings: &mut FolderSettings,
    markdown: &mut CommonMarkCache,
    is_fresh: &mut bool,
) -> bool {
    let title = if settings.is_root() {
        "Collection settings"
    } else {
        "Folder settings"
    };
    let dialog = DialogBox::new(title)
        .width(720.0)
        .unsaved(settings.is_changed());
    let shown = dialog.show(ui.ctx(), |ui| {
        if let Some(damage) = &settings.before.defaults.damage {
            let line = damage
                .line
                .map(|line| format!(", line {line}"))
                .unwrap_or_default();
            let title = format!("{}{line} cannot be read: {}", damage.path, damage.reason);
            Banner::danger(&title)
                .body("It is left alone. Mend it by hand; no request below is sent until then.")
                .show_plain(ui);
            if DialogBox::footer(ui, |ui| ui.add(Button::ghost("Close")).clicked()) {
                ui.close();
            }
            return;
        }
        body_ui(ui, ctx, settings, markdown, is_fresh);
        refusal_ui(ui, ctx);
        footer_ui(ui, ctx, settings);
    });
    shown.closed
}

fn body_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    settings: &mut FolderSettings,
    markdown: &mut CommonMarkCache,
    is_fresh: &mut bool,
) {
    field_label(ui, "Name");
    let name = ui.add(TextField::new("Name", &mut settings.now.name));
    if std::mem::take(is_fresh) {
        name.request_focus();
    }
    if entered(ui, &name) && settings.can_save() {
        save(ctx, settings);
    }
    if !settings.is_root() {
        let text = format!("The folder on disk stays {}", settings.path);
        note(ui, &text);
    }
    ui.add_space(8.0);
    sections_ui(ui, settings);
    ui.add_space(8.0);
    let room = ui.ctx().content_rect().height() - OTHER_HEIGHT;
    let size = egui::vec2(ui.available_width(), room.clamp(120.0, SECTION_HEIGHT));
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let mut inside = ui.new_child(
        egui::UiBuilder::new()
            .id_salt("section")
            .max_rect(rect)
            .layout(egui::Layout::top_down(egui::Align::Min)),
    );
    inside.set_clip_rect(rect.expand(3.0).intersect(ui.clip_rect()));
    section_ui(&mut inside, ctx, settings, markdown);
}

fn sections_ui(ui: &mut egui::Ui, settings: &mut FolderSettings) {
    let defaults = &settings.now.defaults;
    let sections = [
        (Section::Auth, "Auth", "Auth handed down", 0),
        (
            Section::Headers,
            "Headers",
            "Headers handed down",
            defaults.headers.len(),
        ),
        (
            Section::Variables,
            "Variables",
            "Variables handed down",
            defaults.variables.len(),
        ),
        (Section::Docs, "Docs", "Documentation", 0),
    ];
    let mut chosen = settings.section;
    tab_row(ui, |ui| {
        for (section, text, name, count) in sections {
            let tab = TabWidget::new(text)
                .name(name)
                .selected(settings.section == section)
                .count(count);
            if tab.show(ui).response.clicked() {
                chosen = section;
            }
        }
    });
    settings.section = chosen;
}

fn section_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    settings: &mut FolderSettings,
    markdown: &mut CommonMarkCache,
) {
    let is_root = settings.is_root();
    let FolderSettings {
        path,
        now,
        variables,
        header_ids,
        edits_docs,
        how_to_sign,
        auths,
        section,
        ..
    } = settings;
    // A request in the folder sees the folder's own variables too, one beside it the auth above.
    let inside = ctx.workspace.context_of(Some(&path.join("request")));
    let seen = inside.variables_for(&RequestDraft::default(), ctx.workspace.runtime_variables());
    let above = ctx.workspace.context_of(Some(path));
    let in_scroll = |ui: &mut egui::Ui, add: &mut dyn FnMut(&mut egui::Ui)| {
        egui::ScrollArea::vertical()
            .id_salt("settings")
            .auto_shrink(false)
            .show(ui, |ui| add(ui));
    };
    match section {
        Section::Auth => in_scroll(ui, &mut |ui| {
            let place = AuthPlace {
                variables: Some(&seen),
                inherited: (!is_root).then_some(&above.auth),
                is_root,
                ..AuthPlace::default()
            };
            auth_fields_ui(ui, ctx, &place, &mut now.defaults.auth, auths);
            let auth = match &now.defaults.auth {
                AuthSpec::Inherit if !is_root => &above.auth.0,
                own => own,
            };
            let AuthSpec::AwsSigV4(aws) = auth else {
                return;
            };
            let service = seen.render(&aws.service, Reveal::Masked).ok();
            let service = service.map(|rendered| rendered.text);
            let mut own = variables.variables();
            let runtime = ctx.workspace.runtime_variables();
            let seen = seen_from_inside(&above, runtime, &own, is_root);
            let choices = SigningChoices::edited_at(
                place_of(is_root),
                &seen,
                service.filter(|service| !service.is_empty()),
            );
            let section = HowToSign {
                choices: &choices,
                preview: None,
                variables: &seen,
                here: if is_root {
                    "this collection"
                } else {
                    "this folder"
                },
                place: place_of(is_root),
            };
            if how_to_sign_ui(ui, &section, how_to_sign, &mut own) {
                variables.take_over(&own);
                now.defaults.variables = variables.variables();
            }
        }),
        Section::Headers => in_scroll(ui, &mut |ui| {
            let highlight = |text: &str| variable_spans(&seen, text);
            let table = KeyValueTable::new("Header")
                .highlight(&highlight)
                .mark(Tokens::of(ui).provenance(Provenance::Header));
            rows_ui(ui, table, header_ids, &mut now.defaults.headers, &[]);
        }),
        Section::Variables => in_scroll(ui, &mut |ui| {
            variables_ui(ui, ctx, variables);
            now.defaults.variables = variables.variables();
        }),
        Section::Docs => {
            docs_ui(ui, &mut now.docs, edits_docs, markdown);
        }
    }
}

/// The variables of a folder are nearer than all that is above it, as those of a request are; those
/// of the collection are the farthest.
fn place_of(is_root: bool) -> &'static Origin {
    if is_root {
        &Origin::Collection
    } else {
        &Origin::Request
    }
}

/// The variables that count in a folder, with its own as they are while they are edited.
fn seen_from_inside(
    above: &RequestContext,
    runtime: &[(String, String)],
    own: &[Variable],
    is_root: bool,
) -> VariableSet {
    let as_draft = RequestDraft {
        variables: own.to_vec(),
        ..RequestDraft::default()
    };
    let seen = above.variables_for(&as_draft, runtime);
    if !is_root {
        return seen;
    }
    let (mut farthest, mut scopes): (Vec<Scope>, Vec<Scope>) = seen
        .scopes()
        .iter()
        .filter(|scope| scope.origin != Origin::Collection)
        .cloned()
        .partition(|scope| scope.origin == Origin::Request);
    for scope in &mut farthest {
        scope.origin = Origin::Collection;
    }
    scopes.append(&mut farthest);
    VariableSet::new(scopes)
}

fn footer_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, settings: &mut FolderSettings) {
    let (saved, closes) = DialogBox::footer(ui, |ui| {
        let button = Button::primary("Save")
            .name("Save the settings")
            .enabled(settings.can_save());
        let saved = ui.add(button).clicked();
        (saved, ui.add(Button::ghost("Close")).clicked())
    });
    if saved {
        save(ctx, settings);
    } else if closes {
        ui.close();
    }
}

fn save(ctx: &UiContext<'_>, settings: &mut FolderSettings) {
    settings.variables.add_named();
    settings.now.defaults.variables = settings.variables.variables();
    let FolderBase {
        name,
        mut defaults,
        docs,
    } = settings.now.clone();
    defaults
        .headers
        .retain(|row| !row.name.trim().is_empty() || !row.value.is_empty());
    ctx.send(Command::SaveVariables {
        change: FileChange::SaveFolder {
            path: settings.path.clone(),
            name: name.trim().to_owned(),
            defaults: Box::new(defaults),
            docs,
            base: Box::new(settings.base.clone()),
        },
        values: settings.variables.typed(),
    });
}
