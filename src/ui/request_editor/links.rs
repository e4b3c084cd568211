//! Links between the fields of the editor and the lines of the signing view.

use egui::Response;

use crate::sigv4::CanonicalPart;
use crate::state::{EditorSection, Tab};
use crate::ui::signing_view::SigningPart;

/// What lights up here, and what the pointer or the keyboard is on here.
#[derive(Default)]
pub(in crate::ui) struct Links {
    /// What the signing view's line under the pointer is about.
    pub(in crate::ui) lit: Vec<SigningPart>,
    /// A header row that is to get the keyboard.
    pub(in crate::ui) wants_header_row: Option<usize>,
    hovered: Vec<SigningPart>,
    focused: Vec<SigningPart>,
}

impl Links {
    /// Begins a frame.
    pub(in crate::ui) fn begin(&mut self, lit: &[SigningPart]) {
        self.lit.clear();
        self.lit.extend_from_slice(lit);
        self.hovered.clear();
        self.focused.clear();
    }

    /// What the pointer is on here, else what has the keyboard.
    pub(in crate::ui) fn pointed(&self) -> &[SigningPart] {
        if self.hovered.is_empty() {
            &self.focused
        } else {
            &self.hovered
        }
    }

    /// Whether something here is about what the signing view points at.
    pub(super) fn is_lit(&self, part: &SigningPart) -> bool {
        self.lit.contains(part)
    }

    /// Notes that a field is about this.
    pub(super) fn point(&mut self, response: &Response, part: SigningPart) {
        if response.hovered() {
            self.hover(part);
        } else if response.has_focus() {
            self.focus(part);
        }
    }

    /// Notes that the pointer is on this.
    pub(super) fn hover(&mut self, part: SigningPart) {
        self.hovered.push(part);
    }

    /// Notes that the keyboard is in this.
    pub(super) fn focus(&mut self, part: SigningPart) {
        self.focused.push(part);
    }
}

/// What a section of the editor is about.
pub(super) fn parts_of(section: EditorSection, tab: &Tab) -> Vec<SigningPart> {
    match section {
        EditorSection::Params => vec![SigningPart::Request(CanonicalPart::Query)],
        EditorSection::Headers => {
            let request = tab.derived().map(|derived| &derived.preview.request);
            let names = request
                .and_then(|request| request.as_ref().ok())
                .map(|request| {
                    let headers = request.headers().iter();
                    headers
                        .map(|header| SigningPart::header(header.name.as_str()))
                        .collect()
                });
            names.unwrap_or_default()
        }
        EditorSection::Auth => vec![
            SigningPart::KeyId,
            SigningPart::Region,
            SigningPart::Service,
            SigningPart::Algorithm,
        ],
        EditorSection::Body => vec![SigningPart::Request(CanonicalPart::HashedPayload)],
        EditorSection::Docs | EditorSection::Settings => Vec::new(),
    }
}

/// The lower-case name of the header that a row of the draft becomes, its variables filled in.
pub(super) fn header_of_row(tab: &Tab, row: usize) -> Option<String> {
    use crate::request::HeaderSource;
    let derived = tab.derived()?;
    let request = derived.preview.request.as_ref().ok()?;
    let mut headers = request.headers().iter();
    let header = headers.find(|header| header.source == HeaderSource::Row(row))?;
    Some(header.name.as_str().to_owned())
}
