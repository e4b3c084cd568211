//! The variables of an environment in their dialog.

use super::UiContext;
use super::dialogs::refusal_ui;
use super::variables_editor::{VariablesEditor, variables_ui};
use super::widgets::{Button, Dialog as DialogBox};
use crate::collection::Environment;
use crate::state::{Command, FileChange};

/// An environment while it is edited.
pub(super) struct EnvironmentEditor {
    /// What the file said when the dialog was opened.
    base: Environment,
    variables: VariablesEditor,
}

impl EnvironmentEditor {
    /// Begins with what the collection says.
    pub(super) fn new(ctx: &UiContext<'_>, name: &str) -> Self {
        let environment = ctx
            .workspace
            .collection()
            .and_then(|collection| collection.environment(name));
        let base = environment.cloned().unwrap_or_else(|| Environment {
            name: name.to_owned(),
            variables: Vec::new(),
        });
        Self {
            variables: VariablesEditor::new(ctx, name, &base.variables),
            base,
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
        .show(ui, |ui| variables_ui(ui, ctx, &mut editor.variables));
    refusal_ui(ui, ctx);
    let (saved, cancelled) = DialogBox::footer(ui, |ui| {
        let save = Button::primary("Save").name("Save the environment");
        let saved = ui.add(save).clicked();
        (saved, ui.add(Button::ghost("Close")).clicked())
    });
    if saved {
        editor.variables.store_typed(ctx);
        ctx.send(Command::ChangeFiles(FileChange::SaveEnvironment {
            environment: Box::new(Environment {
                name: editor.base.name.clone(),
                variables: editor.variables.variables(),
            }),
            base: Box::new(editor.base.clone()),
        }));
    } else if cancelled {
        ctx.send(Command::CloseDialog);
    }
}
