//! Variables while they are edited: plain ones for the file, secret ones with their values for the
//! keyring.

use egui::RichText;

use super::UiContext;
use super::banners::secrets_note_ui;
use super::dialogs::entered;
use super::theme::{Icon, Tokens};
use super::widgets::{
    Button, IconButton, KeyValueRow, KeyValueTable, SecretField, TextField, note, section_heading,
};
use crate::collection::{SecretRef, Variable, VariableValue};
use crate::secret::SecretString;

/// The variables of an environment, of a folder or of the collection.
pub(super) struct VariablesEditor {
    collection_id: String,
    /// The environment under which the values of secrets are kept; empty for none.
    environment: String,
    /// Plain variables with ids that stay with them.
    plain: Vec<(u64, Variable)>,
    secrets: Vec<SecretRow>,
    new_secret: String,
    next: u64,
    wants_focus: Option<Field>,
}

/// A field that shall get the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// The name of the first plain variable.
    First,
    /// The value of a secret one.
    Value(u64),
}

/// A secret variable and what is typed as its new value.
struct SecretRow {
    id: u64,
    variable: Variable,
    typed: String,
    /// Whether the file has it: only then is there a place for its value.
    is_saved: bool,
}

impl VariablesEditor {
    /// Begins with what the file says.
    pub(super) fn new(ctx: &UiContext<'_>, environment: &str, variables: &[Variable]) -> Self {
        let collection = ctx.workspace.collection();
        let mut editor = Self {
            collection_id: collection.map(|c| c.id.clone()).unwrap_or_default(),
            environment: environment.to_owned(),
            plain: Vec::new(),
            secrets: Vec::new(),
            new_secret: String::new(),
            next: 0,
            wants_focus: None,
        };
        for variable in variables {
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

    /// The variables as they are now.
    pub(super) fn variables(&self) -> Vec<Variable> {
        self.plain
            .iter()
            .map(|(_, variable)| variable)
            .filter(|variable| !variable.name.trim().is_empty())
            .chain(self.secrets.iter().map(|row| &row.variable))
            .cloned()
            .collect()
    }

    /// Takes over what was done to the plain ones of [`Self::variables`] elsewhere.
    pub(super) fn take_over(&mut self, now: &[Variable]) {
        let is_same = |a: &Variable, b: &Variable| a.name == b.name && a.enabled == b.enabled;
        self.plain.retain(|(_, variable)| {
            variable.name.trim().is_empty() || now.iter().any(|other| is_same(other, variable))
        });
        for variable in now {
            if variable.value == VariableValue::Secret {
                continue;
            }
            let mut known = self.plain.iter_mut().rev();
            if let Some((_, known)) = known.find(|(_, known)| is_same(known, variable)) {
                known.value.clone_from(&variable.value);
            } else {
                let id = self.plain.iter().map(|(id, _)| id + 1).max().unwrap_or(1);
                self.plain.push((id, variable.clone()));
            }
        }
    }

    /// Whether something was typed that [`Self::variables`] does not have.
    pub(super) fn has_typed(&self) -> bool {
        !self.new_secret.trim().is_empty() || self.secrets.iter().any(|row| !row.typed.is_empty())
    }

    /// The values to put into the store. They stay here until the dialog is closed, so that
    /// none is lost when the store refuses it.
    pub(super) fn typed(&self) -> Vec<(SecretRef, SecretString)> {
        self.secrets
            .iter()
            .filter(|row| !row.typed.is_empty())
            .map(|row| {
                let secret = SecretRef {
                    collection_id: self.collection_id.clone(),
                    environment: self.environment.clone(),
                    variable: row.variable.name.clone(),
                };
                (secret, SecretString::new(row.typed.clone()))
            })
            .collect()
    }

    /// Gives the keyboard to the first field.
    pub(super) fn focus_first(&mut self) {
        self.wants_focus = Some(Field::First);
    }

    /// Adds the secret variable whose name is typed, unless there is one of that name.
    pub(super) fn add_named(&mut self) {
        let name = self.new_secret.trim();
        if name.is_empty() || self.secrets.iter().any(|row| row.variable.name == name) {
            return;
        }
        self.next += 1_000_000;
        self.secrets.push(SecretRow {
            id: self.next,
            variable: Variable::secret(name),
            typed: String::new(),
            is_saved: false,
        });
        self.wants_focus = Some(Field::Value(self.next));
        self.new_secret.clear();
    }
}

impl Drop for VariablesEditor {
    fn drop(&mut self) {
        for row in &mut self.secrets {
            zeroize::Zeroize::zeroize(&mut row.typed);
        }
    }
}

/// Draws both tables.
pub(super) fn variables_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, editor: &mut VariablesEditor) {
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
}

fn plain_ui(ui: &mut egui::Ui, editor: &mut VariablesEditor) {
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
    let first = rows.first().map_or(0, |row| row.id);
    let change = KeyValueTable::new("Variable").show(ui, &mut rows);
    if editor.wants_focus == Some(Field::First) {
        editor.wants_focus = None;
        // After it was drawn: in a dialog's first, unseen pass a field gives the keyboard back.
        let id = KeyValueTable::name_id(ui, "Variable", first);
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    if change.is_none() {
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

fn secrets_ui(ui: &mut egui::Ui, ctx: &UiContext<'_>, editor: &mut VariablesEditor) {
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
                    environment: editor.environment.clone(),
                    variable: name.clone(),
                };
                let hint = match ctx.secrets.has_value(&secret) {
                    Some(true) => "•••••• has a value; type to replace it",
                    Some(false) => "no value yet",
                    None if row.is_saved => "",
                    None => "its value",
                };
                let label = format!("Value of {name}");
                let value = ui.add(
                    SecretField::new(&label, &mut row.typed)
                        .hint(hint)
                        .width(380.0),
                );
                if editor.wants_focus == Some(Field::Value(row.id)) {
                    editor.wants_focus = None;
                    value.request_focus();
                }
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
        let field = ui.add(
            TextField::new("New secret variable", &mut editor.new_secret)
                .hint("New secret variable")
                .code()
                .width(180.0),
        );
        let name = editor.new_secret.trim();
        let is_new = !name.is_empty() && editor.secrets.iter().all(|row| row.variable.name != name);
        let is_pressed = ui.add(Button::secondary("Add").enabled(is_new)).clicked();
        if entered(ui, &field) || is_pressed {
            editor.add_named();
        }
    });
}
