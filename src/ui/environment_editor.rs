//! The variables of an environment in their dialog.

use super::UiContext;
use super::dialogs::refusal_ui;
use super::variables_editor::{VariablesEditor, variables_ui};
use super::widgets::{Button, Dialog as DialogBox};
use crate::collection::{Environment, Variable};
use crate::state::{Command, FileChange};

/// What stands above and below the variables.
const OTHER_HEIGHT: f32 = 300.0;

/// An environment while it is edited.
pub(super) struct EnvironmentEditor {
    /// What the file said when the dialog was opened.
    base: Environment,
    variables: VariablesEditor,
    before: Vec<Variable>,
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
        let variables = VariablesEditor::new(ctx, name, &base.variables);
        Self {
            before: variables.variables(),
            variables,
            base,
        }
    }

    /// Whether something would be lost with the dialog.
    pub(super) fn is_changed(&self) -> bool {
        self.variables.has_typed() || self.variables.variables() != self.before
    }
}

/// Draws the editor in its dialog.
pub(super) fn environment_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    editor: &mut EnvironmentEditor,
    is_fresh: &mut bool,
) {
    if std::mem::take(is_fresh) {
        editor.variables.focus_first();
    }
    let room = ui.ctx().content_rect().height() - OTHER_HEIGHT;
    egui::ScrollArea::vertical()
        .id_salt("environment")
        .max_height(room.clamp(120.0, 460.0))
        .auto_shrink([false, true])
        .show(ui, |ui| variables_ui(ui, ctx, &mut editor.variables));
    refusal_ui(ui, ctx);
    let (saved, cancelled) = DialogBox::footer(ui, |ui| {
        let save = Button::primary("Save").name("Save the environment");
        let saved = ui.add(save).clicked();
        (saved, ui.add(Button::ghost("Close")).clicked())
    });
    if saved {
        editor.variables.add_named();
        ctx.send(Command::SaveVariables {
            change: FileChange::SaveEnvironment {
                environment: Box::new(Environment {
                    name: editor.base.name.clone(),
                    variables: editor.variables.variables(),
                }),
                base: Box::new(editor.base.clone()),
            },
            values: editor.variables.typed(),
        });
    } else if cancelled {
        ui.close();
    }
}
