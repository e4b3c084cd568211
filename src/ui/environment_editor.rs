//! The variables of an environment: plain ones in its file, secret ones in the keyring.

use egui::RichText;

use super::UiContext;
use super::banners::secrets_note_ui;
use super::dialogs::refusal_ui;
use super::theme::{Icon, Tokens};
use super::widgets::{
    Button, Dialog as DialogBox, IconButton, KeyValueRow, KeyValueTable, SecretField, TextField,
    note, section_heading,
};
use crate::collection::{Environment, SecretRef, Variable, VariableValue};
use crate::secret::SecretString;
use crate::state::{Command, FileChange};

/// An environment while it is edited.
pub(super) struct EnvironmentEditor {
    collection_id: String,
    name: String,
    /// Plain variables with ids that stay with them.
    plain: Vec<(u64, Variable)>,
    secrets: Vec<SecretRow>,
    new_secret: String,
    next: u64,
}

/// A secret variable and what is typed as its new value.
struct SecretRow {
    id: u64,
    variable: Variable,
    typed: String,
    /// Whether the file has it: only then is there a place for its value.
    is_saved: bool,
}

impl EnvironmentEditor {
    /// Begins with what the collection says.
    pub(super) fn new(ctx: &UiContext<'_>, name: &str) -> Self {
        let collection = ctx.workspace.collection();
        let mut editor = Self {
            collection_id: collection.map(|c| c.id.clone()).unwrap_or_default(),
            name: name.to_owned(),
            plain: Vec::new(),
            secrets: Vec::new(),
            new_secret: String::new(),
            next: 0,
        };
        let environment = collection.and_then(|collection| collection.environment(name));
        for variable in environment.into_iter().flat_map(|e| &e.variables) {
            editor.next += 1;
            match variable.value {
                VariableValue::Plain(_) => editor.plain.push((editor.next, variable.clone())),
                VariableValue::Secret => editor.secrets.push(SecretRow {
                    id: editor.next,
                    variable: variable.clone(),
                    typed: String::new(),
                    is_saved: true,
                }),
            }
        }
        editor
    }

    fn environment(&self) -> Environment {
        Environment {
            name: self.name.clone(),
            variables: self
                .plain
                .iter()
                .map(|(_, variable)| variable)
                .filter(|variable| !variable.name.trim().is_empty())
                .chain(self.secrets.iter().map(|row| &row.variable))
                .cloned()
                .collect(),
        }
    }
}

impl Drop for EnvironmentEditor {
    fn drop(&mut self) {
        for row in &mut self.secrets {
            zeroize::Zeroize::zeroize(&mut row.typed);
        }
    }
}

/// Draws the editor in its dialog.
pub(super) fn environment_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    editor: &mut EnvironmentEditor,
) {
    egui::ScrollArea::vertical()
        .id_salt("environment")
        .max_height(460.0)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            section_heading(ui, "Variables");
            plain_ui(ui, editor);
            ui.add_space(16.0);
            section_heading(ui, "Secret variables");
            note(
                ui,
                "Their values are kept in the keyring and are not shown again",
            );
            secrets_note_ui(ui, ctx);
            secrets_ui(ui, ctx, editor);
        });
    refusal_ui(ui, ctx);
    let (saved, cancelled) = DialogBox::footer(ui, |ui| {
        let save = Button::primary("Save").name("Save the environment");
        let saved = ui.add(save).clicked();
        (saved, ui.add(Button::ghost("Close")).clicked())
    });
    if saved {
        for row in &mut editor.secrets {
            if !row.typed.is_empty() {
                let secret = SecretRef {
                    collection_id: editor.collection_id.clone(),
                    environment: editor.name.clone(),
                    variable: row.variable.name.clone(),
                };
                let value = SecretString::new(std::mem::take(&mut row.typed));
                ctx.send(Command::StoreSecret(secret, value));
            }
        }
        ctx.send(Command::ChangeFiles(FileChange::SaveEnvironment {
            environment: Box::new(editor.environment()),
        }));
    } else if cancelled {
        ctx.send(Command::CloseDialog);
    }
}

fn plain_ui(ui: &mut egui::Ui, editor: &mut EnvironmentEditor) {
    let mut rows: Vec<KeyValueRow> = editor
        .plain
        .iter()
        .map(|(id, variable)| {
            let value = match &variable.value {
                VariableValue::Plain(text) => text.as_str(),
                VariableValue::Secret => "",
            };
            let mut row = KeyValueRow::new(*id, variable.name.as_str(), value);
            row.enabled = variable.enabled;
            row
        })
        .collect();
    if KeyValueTable::new("Variable").show(ui, &mut rows).is_none() {
        return;
    }
    let mut old = std::mem::take(&mut editor.plain);
    editor.plain = rows
        .into_iter()
        .map(|row| {
            let known = old.iter().position(|(id, _)| *id == row.id);
            let mut variable = match known {
                Some(at) => old.swap_remove(at).1,
                None => Variable::plain("", ""),
            };
            variable.name = row.name;
            variable.value = VariableValue::Plain(row.value);
            variable.enabled = row.enabled;
            (row.id, variable)
        })
        .collect();
}

fn secrets_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, editor: &mut EnvironmentEditor) {
    let t = Tokens::of(ui);
    let mut removed = None;
    for row in &mut editor.secrets {
        ui.push_id(row.id, |ui| {
            ui.horizontal(|ui| {
                let name = row.variable.name.clone();
                let size = egui::vec2(180.0, 32.0);
                let layout = egui::Layout::left_to_right(egui::Align::Center);
                ui.allocate_ui_with_layout(size, layout, |ui| {
                    ui.set_min_width(size.x);
                    ui.add_space(8.0);
                    ui.add(egui::Label::new(RichText::new(&name).monospace()).truncate());
                });
                let secret = SecretRef {
                    collection_id: editor.collection_id.clone(),
                    environment: editor.name.clone(),
                    variable: name.clone(),
                };
                let hint = match ctx.secrets.has_value(&secret) {
                    Some(true) => "•••••• has a value; type to replace it",
                    Some(false) => "no value yet",
                    None if row.is_saved => "",
                    None => "its value",
                };
                let label = format!("Value of {name}");
                ui.add(
                    SecretField::new(&label, &mut row.typed)
                        .hint(hint)
                        .width(380.0),
                );
                let name = format!("Remove {name}");
                if ui
                    .add(IconButton::new(Icon::X, &name).small().colour(t.text_muted))
                    .clicked()
                {
                    removed = Some(row.id);
                }
            });
        });
    }
    editor.secrets.retain(|row| Some(row.id) != removed);
    ui.horizontal(|ui| {
        ui.add(
            TextField::new("New secret variable", &mut editor.new_secret)
                .hint("New secret variable")
                .code()
                .width(180.0),
        );
        let name = editor.new_secret.trim();
        let is_new = !name.is_empty() && editor.secrets.iter().all(|row| row.variable.name != name);
        if ui.add(Button::secondary("Add").enabled(is_new)).clicked() {
            editor.next += 1_000_000;
            editor.secrets.push(SecretRow {
                id: editor.next,
                variable: Variable::secret(name),
                typed: String::new(),
                is_saved: false,
            });
            editor.new_secret.clear();
        }
    });
}
