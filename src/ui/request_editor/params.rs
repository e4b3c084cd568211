//! Query and path parameters. The query ones mirror the URL; both can be edited.

use super::hints::{problems, variable_spans};
use super::{EditorState, Links, RowIds};
use crate::collection::{Param, ParamKind, Row};
use crate::request::FieldPath;
use crate::sigv4::CanonicalPart;
use crate::state::Tab;
use crate::ui::signing_view::SigningPart;
use crate::ui::theme::{Provenance, Tokens};
use crate::ui::widgets::{KeyValueRow, KeyValueTable, PointedRow, section_heading};

/// Draws both tables.
pub(super) fn params_ui(
    ui: &mut egui::Ui,
    tab: &mut Tab,
    state: &mut EditorState,
    links: &mut Links,
) {
    egui::ScrollArea::vertical()
        .id_salt("params")
        .auto_shrink(false)
        .show(ui, |ui| {
            if tab.draft.params.iter().any(|p| p.kind == ParamKind::Path) {
                section_heading(ui, "Path");
                path_ui(ui, tab, &mut state.path_ids, links);
                ui.add_space(12.0);
                section_heading(ui, "Query");
            }
            query_ui(ui, tab, &mut state.query_ids, links);
        });
}

/// The places of one kind's parameters in the draft's list.
fn places(tab: &Tab, kind: ParamKind) -> Vec<usize> {
    tab.draft
        .params
        .iter()
        .enumerate()
        .filter(|(_, param)| param.kind == kind)
        .map(|(index, _)| index)
        .collect()
}

fn query_ui(ui: &mut egui::Ui, tab: &mut Tab, ids: &mut RowIds, links: &mut Links) {
    let places = places(tab, ParamKind::Query);
    let mut rows = rows_of(tab, &places, ids, |_| None);
    let part = SigningPart::Request(CanonicalPart::Query);
    for row in &mut rows {
        row.is_lit = row.enabled && links.is_lit(&part);
    }
    let mut pointed = PointedRow::default();
    let derived = tab.derived().cloned();
    let highlight = |text: &str| {
        derived
            .as_ref()
            .map(|d| variable_spans(&d.variables, text))
            .unwrap_or_default()
    };
    let change = KeyValueTable::new("Parameter")
        .highlight(&highlight)
        .mark(Tokens::of(ui).provenance(Provenance::Query))
        .pointed(&mut pointed)
        .show(ui, &mut rows);
    follow(links, pointed, &part);
    let Some(change) = change else { return };
    ids.follow(change);
    let old = std::mem::take(&mut tab.draft.params);
    let (mut queries, paths): (Vec<Param>, Vec<Param>) = old
        .into_iter()
        .partition(|param| param.kind == ParamKind::Query);
    if let crate::ui::widgets::KeyValueChange::Removed(index) = change
        && index < queries.len()
    {
        queries.remove(index);
    }
    queries.resize_with(rows.len(), || Param {
        row: Row::new("", ""),
        kind: ParamKind::Query,
    });
    for (param, row) in queries.iter_mut().zip(rows) {
        param.row.name = row.name;
        param.row.value = row.value;
        param.row.enabled = row.enabled;
    }
    tab.draft.params = queries.into_iter().chain(paths).collect();
    tab.draft.url_from_params();
    tab.touch();
}

fn path_ui(ui: &mut egui::Ui, tab: &mut Tab, ids: &mut RowIds, links: &mut Links) {
    let places = places(tab, ParamKind::Path);
    let mut rows = rows_of(tab, &places, ids, |name| {
        problems(tab, |place| *place == FieldPath::PathParam(name.to_owned()))
    });
    let part = SigningPart::Request(CanonicalPart::Path);
    for row in &mut rows {
        row.is_lit = links.is_lit(&part);
    }
    let mut pointed = PointedRow::default();
    let derived = tab.derived().cloned();
    let highlight = |text: &str| {
        derived
            .as_ref()
            .map(|d| variable_spans(&d.variables, text))
            .unwrap_or_default()
    };
    let change = KeyValueTable::new("Path parameter")
        .highlight(&highlight)
        .mark(Tokens::of(ui).provenance(Provenance::Path))
        .fixed()
        .pointed(&mut pointed)
        .show(ui, &mut rows);
    follow(links, pointed, &part);
    if change.is_none() {
        return;
    }
    for (place, row) in places.into_iter().zip(rows) {
        if let Some(param) = tab.draft.params.get_mut(place) {
            param.row.value = row.value;
        }
    }
    tab.touch();
}

/// Notes that the pointer or the keyboard is in a row.
fn follow(links: &mut Links, pointed: PointedRow, part: &SigningPart) {
    if pointed.hovered.is_some() {
        links.hover(part.clone());
    } else if pointed.focused.is_some() {
        links.focus(part.clone());
    }
}

fn rows_of(
    tab: &Tab,
    places: &[usize],
    ids: &mut RowIds,
    problem: impl Fn(&str) -> Option<String>,
) -> Vec<KeyValueRow> {
    let ids = ids.of(places.len());
    places
        .iter()
        .zip(ids)
        .filter_map(|(place, id)| Some((tab.draft.params.get(*place)?, *id)))
        .map(|(param, id)| {
            let mut row = KeyValueRow::new(id, param.row.name.as_str(), param.row.value.as_str());
            row.enabled = param.row.enabled;
            row.problem = problem(&param.row.name);
            row
        })
        .collect()
}
