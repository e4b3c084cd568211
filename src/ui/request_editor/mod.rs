//! The editor of the request that is shown: URL bar, then one section at a time.

mod auth;
mod body;
mod body_file;
mod docs;
mod headers;
mod hints;
mod kept_kinds;
mod links;
mod params;
mod row_ids;
mod settings;
mod signed_headers;
mod url_bar;
mod url_parts;

use super::UiContext;
use super::theme::{INSET, Tokens};
use super::widgets::{Tab as TabWidget, tab_row};
use crate::collection::{AuthSpec, Body, ParamKind};
use crate::request::FieldPath;
use crate::state::{EditorSection, Tab};

pub(super) use auth::{AuthPlace, HowToSign, HowToSignState, auth_fields_ui, how_to_sign_ui};
pub(super) use docs::docs_ui;
pub(super) use headers::rows_ui;
pub(super) use hints::variable_spans;
pub(super) use kept_kinds::KeptKinds;
pub(super) use links::Links;
pub(super) use row_ids::RowIds;
pub(super) use url_bar::url_bar_ui;

use self::hints::problems;

/// What the tabs need with all that stands beside them.
const TABS_WIDTH: f32 = 540.0;

/// What the editor of one tab remembers for itself.
#[derive(Default)]
pub(super) struct EditorState {
    header_ids: RowIds,
    query_ids: RowIds,
    path_ids: RowIds,
    form_ids: RowIds,
    /// What the kinds of body held that are not chosen now.
    bodies: KeptKinds<Body>,
    /// The same of the auth.
    auths: KeptKinds<AuthSpec>,
    edits_docs: bool,
    how_to_sign: auth::HowToSignState,
    timeout: Option<String>,
}

/// Draws the row of sections and the chosen one.
pub(super) fn request_editor_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tab: &mut Tab,
    state: &mut EditorState,
    links: &mut Links,
    markdown: &mut egui_commonmark::CommonMarkCache,
) {
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(INSET as i8, 0))
        .show(ui, |ui| sections_ui(ui, tab, links));
    let revision = tab.revision();
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(INSET as i8, 8))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.push_id(tab.id.0, |ui| match tab.section {
                EditorSection::Params => params::params_ui(ui, tab, state, links),
                EditorSection::Headers => headers::headers_ui(ui, tab, state, links),
                EditorSection::Auth => auth::auth_ui(ui, ctx, tab, state),
                EditorSection::Body => body::body_ui(ui, ctx, tab, state, links),
                EditorSection::Docs => {
                    let docs = &mut tab.draft.docs;
                    if docs_ui(ui, docs, &mut state.edits_docs, markdown) {
                        tab.touch();
                    }
                }
                EditorSection::Settings => settings::settings_ui(ui, tab, state),
            });
        });
    if tab.revision() != revision {
        // What follows from the draft is derived anew before the next frame.
        ui.request_repaint();
    }
}

/// Shows a field: its section, and for the URL the keyboard in it.
pub(super) fn reveal(tab: &mut Tab, place: &FieldPath, wants_url_focus: &mut bool) {
    match place {
        FieldPath::Method | FieldPath::Url => *wants_url_focus = true,
        other => tab.section = section_of(other),
    }
}

fn sections_ui(ui: &mut egui::Ui, tab: &mut Tab, links: &mut Links) {
    let draft = &tab.draft;
    let enabled_headers = draft.headers.iter().filter(|row| row.enabled).count();
    let params = draft
        .params
        .iter()
        .filter(|p| p.row.enabled || p.kind == ParamKind::Path)
        .count();
    let auth = match (&draft.auth, tab.derived()) {
        (AuthSpec::Inherit, Some(derived)) => derived.auth.0.title().to_owned(),
        (own, _) => own.title().to_owned(),
    };
    let body = match &draft.body {
        Body::None => None,
        body => Some(body.title().to_owned()),
    };
    // What is wrong with the URL and the method is shown there.
    let is_wrong = |section| {
        problems(tab, |place| {
            !matches!(place, FieldPath::Url | FieldPath::Method) && section_of(place) == section
        })
        .is_some()
    };
    let sections = [
        (EditorSection::Params, "Params", None, params),
        (EditorSection::Headers, "Headers", None, enabled_headers),
        (EditorSection::Auth, "Auth", Some(auth), 0),
        (EditorSection::Body, "Body", body, 0),
        (EditorSection::Docs, "Docs", None, 0),
        (EditorSection::Settings, "Settings", None, 0),
    ]
    .map(|(section, text, badge, count)| (section, text, badge, count, is_wrong(section)));
    let mut chosen = None;
    let danger = Tokens::of(ui).danger;
    // Words beside the tabs would push the last ones over the edge.
    let is_tight = ui.available_width() < TABS_WIDTH;
    tab_row(ui, |ui| {
        for (section, text, badge, count, is_wrong) in sections {
            let parts = links::parts_of(section, tab);
            // The chosen one shows the field itself.
            let is_lit = tab.section != section && parts.iter().any(|part| links.is_lit(part));
            let mut shown = TabWidget::new(text)
                .selected(tab.section == section)
                .lit(is_lit)
                .tight(is_tight)
                .count(count);
            if is_wrong {
                shown = shown
                    .leading("!", danger)
                    .tip("Something here keeps it from being sent");
            }
            if let Some(badge) = badge.filter(|_| !is_tight) {
                shown = shown.badge(badge);
            }
            let response = shown.show(ui).response;
            if response.clicked() {
                chosen = Some(section);
            }
            for part in parts {
                links.point(&response, part);
            }
        }
    });
    if let Some(section) = chosen {
        tab.section = section;
    }
}

/// The section in which a field is edited; the URL and the method stand above them all.
fn section_of(place: &FieldPath) -> EditorSection {
    match place {
        FieldPath::Method | FieldPath::Url | FieldPath::PathParam(_) => EditorSection::Params,
        FieldPath::Header(_) | FieldPath::InheritedHeader { .. } => EditorSection::Headers,
        FieldPath::Body | FieldPath::FormField(_) => EditorSection::Body,
        FieldPath::Auth { .. } | FieldPath::Variable { .. } | FieldPath::Inherited => {
            EditorSection::Auth
        }
    }
}
