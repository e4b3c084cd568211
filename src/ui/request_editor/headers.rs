//! Headers: the request's own, those handed down, and those that are added when it is sent.

use super::hints::{problems, variable_spans};
use super::links::{Links, header_of_row};
use super::signed_headers::SignedHeaders;
use super::{EditorState, RowIds};
use crate::collection::Row;
use crate::request::{FieldPath, HeaderSource};
use crate::sigv4::is_sensitive_header;
use crate::state::Tab;
use crate::template::MASK;
use crate::ui::signing_view::SigningPart;
use crate::ui::theme::{Provenance, Tokens};
use crate::ui::widgets::{
    EndSwitch, Highlight, KeyValueChange, KeyValueRow, KeyValueTable, PointedRow, section_heading,
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
            let signed = SignedHeaders::of(derived.as_deref());
            let table = signed.column(table);
            let rows = &mut tab.draft.headers;
            let about = RowsAbout {
                problems: &found,
                lit: &lit,
                switches: &signed.of_rows(rows.len()),
            };
            if let Some(change) = rows_about_ui(ui, table, &mut state.header_ids, rows, &about) {
                signed.follow_row(&mut tab.draft.variables, change);
                tab.touch();
            }
            let at = |row: Option<usize>| names.get(row?).cloned().flatten();
            if let Some(part) = at(pointed.hovered) {
                links.hover(part);
            }
            if let Some(part) = at(pointed.focused) {
                links.focus(part);
            }
            if let Some(header) = others_ui(ui, tab, links, &signed, &highlight) {
                signed.switch(&mut tab.draft.variables, &header);
                tab.touch();
            }
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
    let about = RowsAbout {
        problems,
        lit: &[],
        switches: &[],
    };
    rows_about_ui(ui, table, ids, rows, &about).is_some()
}

/// What is known of the rows of a table.
struct RowsAbout<'a> {
    /// What is wrong with each.
    problems: &'a [Option<String>],
    /// Whether what belongs to each is pointed at elsewhere.
    lit: &'a [bool],
    /// The switch at the end of each.
    switches: &'a [Option<EndSwitch>],
}

fn rows_about_ui(
    ui: &mut egui::Ui,
    table: KeyValueTable<'_>,
    ids: &mut RowIds,
    rows: &mut Vec<Row>,
    about: &RowsAbout<'_>,
) -> Option<KeyValueChange> {
    let mut shown: Vec<KeyValueRow> = rows
        .iter()
        .zip(ids.of(rows.len()))
        .enumerate()
        .map(|(index, (row, id))| {
            let mut shown = KeyValueRow::new(*id, row.name.as_str(), row.value.as_str());
            shown.enabled = row.enabled;
            shown.problem = about.problems.get(index).cloned().flatten();
            shown.is_lit = about.lit.get(index).copied().unwrap_or_default();
            shown.end_switch = about.switches.get(index).cloned().flatten();
            shown
        })
        .collect();
    let change = table.show(ui, &mut shown)?;
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
    Some(change)
}

/// Headers that the user did not write here; gives the one whose switch was switched.
fn others_ui(
    ui: &mut egui::Ui,
    tab: &Tab,
    links: &mut Links,
    signed: &SignedHeaders<'_>,
    highlight: Highlight<'_>,
) -> Option<String> {
    let derived = tab.derived()?;
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
            row.end_switch = signed.of_header(name);
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
        return None;
    }
    ui.add_space(12.0);
    section_heading(ui, "Also sent");
    let mut pointed = PointedRow::default();
    let table = KeyValueTable::new("Other header")
        .highlight(highlight)
        .locked()
        .pointed(&mut pointed);
    let change = signed.column(table).show(ui, &mut rows);
    if let Some(row) = pointed.hovered.and_then(|row| rows.get(row)) {
        links.hover(SigningPart::header(&row.name));
    }
    match change {
        Some(KeyValueChange::EndSwitched(index)) => rows.get(index).map(|row| row.name.clone()),
        _ => None,
    }
}
