//! The body.

use super::body_file::body_file_ui;
use super::headers::rows_ui;
use super::hints::{problems, variable_spans};
use super::{EditorState, Links};
use crate::collection::{Body, Row};
use crate::request::FieldPath;
use crate::sigv4::CanonicalPart;
use crate::state::Tab;
use crate::ui::UiContext;
use crate::ui::signing_view::SigningPart;
use crate::ui::theme::{Provenance, Tokens};
use crate::ui::widgets::{
    Button, CodeEditor, CodeLanguage, EmptyState, KeyValueTable, note, segmented,
};

/// An editor is no lower, however much is wrong.
const LEAST_EDITOR: f32 = 40.0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Json,
    Text,
    Xml,
    Form,
    File,
    Unsupported,
}

impl Kind {
    fn of(body: &Body) -> Self {
        match body {
            Body::None => Self::None,
            Body::Json(_) => Self::Json,
            Body::Text(_) => Self::Text,
            Body::Xml(_) => Self::Xml,
            Body::Form(_) => Self::Form,
            Body::File { .. } => Self::File,
            Body::Unsupported { .. } => Self::Unsupported,
        }
    }

    /// An empty body of this kind; `None` for one that cannot be chosen.
    fn empty(self) -> Option<Body> {
        Some(match self {
            Self::None => Body::None,
            Self::Json => Body::Json(String::new()),
            Self::Text => Body::Text(String::new()),
            Self::Xml => Body::Xml(String::new()),
            Self::Form => Body::Form(Vec::<Row>::new()),
            Self::File => Body::File {
                path: String::new(),
                content_type: String::new(),
            },
            Self::Unsupported => return None,
        })
    }
}

/// Draws the choice of a kind and the editor for it.
pub(super) fn body_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    state: &mut EditorState,
    links: &mut Links,
) {
    let part = SigningPart::Request(CanonicalPart::HashedPayload);
    let place = ui.available_rect_before_wrap();
    if links.is_lit(&part) {
        // In the margin, where nothing is written.
        let bar = egui::Rect::from_min_size(
            place.min - egui::vec2(8.0, 0.0),
            egui::vec2(3.0, place.height()),
        );
        let colour = Tokens::of(ui).provenance(Provenance::Body);
        ui.painter().rect_filled(bar, 1, colour);
    }
    if ui.rect_contains_pointer(place) {
        links.hover(part);
    }
    let mut kind = Kind::of(&tab.draft.body);
    ui.horizontal(|ui| {
        let options = [
            (Kind::None, "None"),
            (Kind::Json, "JSON"),
            (Kind::Text, "Text"),
            (Kind::Xml, "XML"),
            (Kind::Form, "Form"),
            (Kind::File, "File"),
        ];
        if segmented(ui, "Body", &mut kind, &options).changed()
            && let Some(empty) = kind.empty()
        {
            tab.draft.body = state.bodies.change_body(&tab.draft.body, empty);
            tab.touch();
        }
        if let Body::Json(text) = &mut tab.draft.body {
            let button = Button::ghost("Indent")
                .small()
                .tip("Set the JSON on lines of its own");
            if ui.add(button).clicked()
                && let Some(indented) = indented(text)
            {
                *text = indented;
                tab.touch();
            }
        }
        // That of a file is a field of its own.
        if let Some(content_type) = tab.draft.body.content_type()
            && kind != Kind::File
        {
            note(ui, content_type);
        }
    });
    let problem = problems(tab, |place| *place == FieldPath::Body);
    let is_file = kind == Kind::File;
    // What is wrong stands below what is edited, which keeps its place and its ids: else the
    // keyboard would leave the field in which the mistake is typed or mended.
    let mut room = ui.available_rect_before_wrap();
    let message = problem.as_ref().filter(|_| !is_file).map(|problem| {
        let t = Tokens::of(ui);
        let font = egui::TextStyle::Body.resolve(ui.style());
        let text = problem.clone();
        let galley = ui.painter().layout(text, font, t.danger, room.width());
        let gap = ui.spacing().item_spacing.y;
        let most = (room.height() - gap - LEAST_EDITOR).max(0.0);
        let height = galley.size().y.min(most);
        let mut place = room;
        place.min.y = place.bottom() - height;
        room.max.y = place.top() - gap;
        place
    });
    let mut inner = ui.new_child(
        egui::UiBuilder::new()
            .scope_id(egui::Id::unique(("body", tab.id.0, kind as u8)))
            .max_rect(room)
            .layout(egui::Layout::top_down(egui::Align::Min)),
    );
    let changed = editor_ui(&mut inner, ctx, tab, state, links, problem.as_deref());
    if let (Some(problem), Some(place)) = (&problem, message) {
        let mut below = ui.new_child(egui::UiBuilder::new().id_salt("problem").max_rect(place));
        below.shrink_clip_rect(place);
        below.colored_label(Tokens::of(ui).danger, problem);
    }
    ui.advance_cursor_after_rect(ui.available_rect_before_wrap());
    if changed {
        tab.touch();
    }
}

/// The editor of the body; `true` when it changed. `problem` is what is wrong with it.
fn editor_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    state: &mut EditorState,
    links: &mut Links,
    problem: Option<&str>,
) -> bool {
    let derived = tab.derived().cloned();
    let highlight = |text: &str| {
        derived
            .as_ref()
            .map(|d| variable_spans(&d.variables, text))
            .unwrap_or_default()
    };
    let found: Vec<Option<String>> = match &tab.draft.body {
        Body::Form(rows) => (0..rows.len())
            .map(|index| problems(tab, |place| *place == FieldPath::FormField(index)))
            .collect(),
        _ => Vec::new(),
    };
    let mut has_focus = false;
    let mut edit = |ui: &mut egui::Ui, editor: CodeEditor<'_>| {
        let response = ui.add(editor);
        has_focus |= response.has_focus();
        response.changed()
    };
    let is_file = matches!(tab.draft.body, Body::File { .. });
    let changed = match &mut tab.draft.body {
        Body::File { .. } => false,
        Body::None => {
            EmptyState::new("No body").show(ui, |_| ());
            false
        }
        Body::Json(text) => {
            let editor = CodeEditor::new("JSON body", text).language(CodeLanguage::Json);
            edit(ui, editor.highlight(&highlight))
        }
        Body::Text(text) => edit(ui, CodeEditor::new("Text body", text).highlight(&highlight)),
        Body::Xml(text) => edit(ui, CodeEditor::new("XML body", text).highlight(&highlight)),
        Body::Form(rows) => {
            egui::ScrollArea::vertical()
                .id_salt("form")
                .auto_shrink(false)
                .show(ui, |ui| {
                    let table = KeyValueTable::new("Field")
                        .highlight(&highlight)
                        .mark(Tokens::of(ui).provenance(Provenance::Body));
                    rows_ui(ui, table, &mut state.form_ids, rows, &found)
                })
                .inner
        }
        Body::Unsupported { kind } => {
            let text = format!("“{kind}” is not sent by this version");
            EmptyState::new(&text)
                .detail("It stays in the file as it is; choose another kind to replace it")
                .show(ui, |_| ());
            false
        }
    };
    if has_focus {
        links.focus(SigningPart::Request(CanonicalPart::HashedPayload));
    }
    let file_changed = is_file
        && egui::ScrollArea::vertical()
            .id_salt("file")
            .auto_shrink(false)
            .show(ui, |ui| body_file_ui(ui, ctx, tab, problem, &highlight))
            .inner;
    changed || file_changed
}

/// JSON on lines of its own; `None` for what is not JSON, variables without quotes included.
fn indented(text: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    serde_json::to_string_pretty(&json).ok()
}
