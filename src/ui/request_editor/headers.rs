//! Headers: the request's own, those handed down, and those that are added when it is sent.

use super::hints::{problems, variable_spans};
use super::links::{Links, header_of_row};
use super::{EditorState, RowIds};
use crate::collection::Row;
use crate::request::{FieldPath, HeaderSource};
use crate::sigv4::is_sensitive_header;
use crate::state::Tab;
use crate::template::MASK;
use crate::ui::signing_view::SigningPart;
use crate::ui::theme::{Provenance, Tokens};
use crate::ui::widgets::{
    Highlight, KeyValueChange, KeyValueRow, KeyValueTable, PointedRow, section_heading,
};

/// Draws the tables.
pub(super) fn headers_ui(
    ui: &mut egui::Ui,
    tab: &mut Tab,
    state: &mut EditorState,
    links: &mut Links,
) {
    egui::ScrollArea::vertical()
        .id_salt("headers")
        .auto_shrink(false)
        .show(ui, |ui| {
            let derived = tab.derived().cloned();
            let highlight = |text: &str| {
                derived
                    .as_ref()
                    .map(|d| variable_spans(&d.variables, text))
                    .unwrap_or_default()
            };
            let mut pointed = PointedRow::default();
            let table = KeyValueTable::new("Header")
                .highlight(&highlight)
                .mark(Tokens::of(ui).provenance(Provenance::Header))
                .pointed(&mut pointed);
            let names: Vec<Option<SigningPart>> = (0..tab.draft.headers.len())
                .map(|row| Some(SigningPart::header(&header_of_row(tab, row)?)))
                .collect();
            let lit: Vec<bool> = names
                .iter()
                .map(|name| name.as_ref().is_some_and(|name| links.is_lit(name)))
                .collect();
            let found: Vec<Option<String>> = (0..tab.draft.headers.len())
                .map(|index| problems(tab, |place| *place == FieldPath::Header(index)))
                .collect();
            if let Some(row) = links.wants_header_row.take()
                && let Some(id) = state.header_ids.of(tab.draft.headers.len()).get(row)
            {
                let id = KeyValueTable::name_id(ui, "Header", *id);
                ui.memory_mut(|memory| memory.request_focus(id));
            }
            let about = RowsAbout {
                problems: &found,
                lit: &lit,
            };
            let (ids, rows) = (&mut state.header_ids, &mut tab.draft.headers);
            if rows_about_ui(ui, table, ids, rows, &about) {
                tab.touch();
            }
            let at = |row: Option<usize>| names.get(row?).cloned().flatten();
            if let Some(part) = at(pointed.hovered) {
                links.hover(part);
            }
            if let Some(part) = at(pointed.focused) {
                links.focus(part);
            }
            others_ui(ui, tab, links, &highlight);
        });
}

/// A table over rows of the draft; `true` when one changed.
pub(in crate::ui) fn rows_ui(
    ui: &mut egui::Ui,
    table: KeyValueTable<'_>,
    ids: &mut RowIds,
    rows: &mut Vec<Row>,
    problems: &[Option<String>],
) -> bool {
    let about = RowsAbout { problems, lit: &[] };
    rows_about_ui(ui, table, ids, rows, &about)
}

/// What is known of the rows of a table.
struct RowsAbout<'a> {
    /// What is wrong with each.
    problems: &'a [Option<String>],
    /// Whether what belongs to each is pointed at elsewhere.
    lit: &'a [bool],
}

fn rows_about_ui(
    ui: &mut egui::Ui,
    table: KeyValueTable<'_>,
    ids: &mut RowIds,
    rows: &mut Vec<Row>,
    about: &RowsAbout<'_>,
) -> bool {
    let mut shown: Vec<KeyValueRow> = rows
        .iter()
        .zip(ids.of(rows.len()))
        .enumerate()
        .map(|(index, (row, id))| {
            let mut shown = KeyValueRow::new(*id, row.name.as_str(), row.value.as_str());
            shown.enabled = row.enabled;
            shown.problem = about.problems.get(index).cloned().flatten();
            shown.is_lit = about.lit.get(index).copied().unwrap_or_default();
            shown
        })
        .collect();
    let Some(change) = table.show(ui, &mut shown) else {
        return false;
    };
    ids.follow(change);
    if let KeyValueChange::Removed(index) = change
        && index < rows.len()
    {
        rows.remove(index);
    }
    rows.resize_with(shown.len(), || Row::new("", ""));
    for (row, shown) in rows.iter_mut().zip(shown) {
        row.name = shown.name;
        row.value = shown.value;
        row.enabled = shown.enabled;
    }
    true
}

/// Headers that the user did not write here.
fn others_ui(ui: &mut egui::Ui, tab: &Tab, links: &mut Links, highlight: Highlight<'_>) {
    let Some(derived) = tab.derived() else { return };
    let mut rows = Vec::new();
    if let Ok(request) = &derived.preview.request {
        for header in request.headers() {
            let why = match &header.source {
                HeaderSource::Row(_) => continue,
                HeaderSource::Inherited(origin) => format!("Handed down by the {origin}"),
                HeaderSource::Auth => "From the auth".to_owned(),
                HeaderSource::Body => "Goes with the kind of the body".to_owned(),
                HeaderSource::Tool => "Added when it is sent".to_owned(),
                HeaderSource::Signing => "Added by signing".to_owned(),
            };
            let name = header.name.as_str();
            let value = if is_sensitive_header(name) || header.value.is_sensitive() {
                MASK.to_owned()
            } else {
                header.text()
            };
            let mut row = KeyValueRow::new(rows.len() as u64, name, value);
            row.lock = Some(why);
            row.is_lit = links.is_lit(&SigningPart::header(name));
            rows.push(row);
        }
    } else {
        for (row, origin) in &derived.context.headers {
            let id = rows.len() as u64;
            let mut shown = KeyValueRow::new(id, row.name.as_str(), row.value.as_str());
            shown.lock = Some(format!("Handed down by the {origin}"));
            rows.push(shown);
        }
    }
    if rows.is_empty() {
        return;
    }
    ui.add_space(12.0);
    section_heading(ui, "Also sent");
    let mut pointed = PointedRow::default();
    KeyValueTable::new("Other header")
        .highlight(highlight)
        .locked()
        .pointed(&mut pointed)
        .show(ui, &mut rows);
    if let Some(row) = pointed.hovered.and_then(|row| rows.get(row)) {
        links.hover(SigningPart::header(&row.name));
    }
}
