//! The request as it was sent.

use egui::text::{LayoutJob, TextFormat};
use egui::{Label, RichText, ScrollArea, Ui};

use super::ResponseViewAction;
use super::headers::{as_text, header_row};
use super::numbers::size;
use crate::exchange::{Exchange, RequestRecord};
use crate::request::HeaderSource;
use crate::ui::UiCommand;
use crate::ui::theme::{Icon, TEXT_SMALL, Tokens, code};
use crate::ui::widgets::{Button, IconButton, WithTip as _};

/// How many lines of a body are shown here, and of how many bytes.
const BODY_LINES: usize = 200;
const LINE_BYTES: usize = 2000;
const HEAD_BYTES: usize = 64 << 10;

/// Buttons at the end of the row of tabs.
pub(super) fn tools(ui: &mut Ui, exchange: &Exchange, action: &mut Option<ResponseViewAction>) {
    let copy = IconButton::new(Icon::Copy, "Copy the request").small();
    if ui.add(copy).clicked() {
        *action = Some(ResponseViewAction::Copy(request_text(&exchange.request)));
    }
    if exchange.presigned_url().is_some() {
        let copy = Button::ghost(UiCommand::CopyPresignedUrl.text())
            .small()
            .icon(Icon::Link)
            .tip(UiCommand::CopyPresignedUrl.tooltip());
        if ui.add(copy).clicked() {
            *action = Some(ResponseViewAction::CopyPresignedUrl);
        }
    }
}

/// The request with its secret headers masked.
fn request_text(request: &RequestRecord) -> String {
    format!(
        "{} {} {}\n{}\n\n{}",
        request.method,
        request.shown_url(),
        request.http_version,
        as_text(&request.headers),
        body_text(request)
    )
}

/// The body as it is copied: of a file its name, length and hash.
fn body_text(request: &RequestRecord) -> String {
    match (request.shown_file(), &request.shown_body) {
        (Some(path), _) => format!(
            "(file {path}, {} bytes{})",
            request.body.len(),
            request
                .body_sha256
                .as_ref()
                .map(|hash| format!(", SHA-256 {hash}"))
                .unwrap_or_default()
        ),
        (None, Some(text)) => text.to_string(),
        (None, None) => "(not text)".to_owned(),
    }
}

/// Request line, headers and body.
pub(super) fn sent(ui: &mut Ui, exchange: &Exchange) {
    let request = &exchange.request;
    ScrollArea::vertical()
        .id_salt("sent")
        .auto_shrink(false)
        .show(ui, |ui| {
            request_line(ui, request);
            for header in &request.headers {
                header_row(ui, header, header.source.as_ref().map_or("", source_word));
            }
            body(ui, request);
            ui.add_space(16.0);
        });
}

fn request_line(ui: &mut Ui, request: &RequestRecord) {
    let t = Tokens::of(ui);
    let mut job = LayoutJob::default();
    job.wrap.break_anywhere = true;
    let mut piece = |text: &str, colour| {
        job.append(text, 0.0, TextFormat::simple(code(1.0), colour));
    };
    piece(&request.method, t.method(&request.method));
    piece(" ", t.text);
    let url = request.shown_url();
    let (path, query) = match url.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (url.as_str(), None),
    };
    piece(path, t.text);
    if let Some(query) = query {
        piece("?", t.text_muted);
        piece(query, t.provenance.query);
    }
    piece(" ", t.text);
    piece(&request.http_version, t.text_muted);
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(12, 10))
        .show(ui, |ui| ui.add(Label::new(job).selectable(true).wrap()));
    crate::ui::widgets::horizontal_line(ui);
}

fn body(ui: &mut Ui, request: &RequestRecord) {
    let t = Tokens::of(ui);
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(12, 10))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let quiet = |text: String| RichText::new(text).size(TEXT_SMALL).color(t.text_muted);
            if request.body.is_empty() {
                ui.label(quiet("No body.".to_owned()));
                return;
            }
            let length = size(request.body.len());
            let hash = request.body_sha256.as_deref().unwrap_or("not computed");
            if let Some(path) = request.shown_file() {
                ui.label(quiet(format!("Body, a file of {length}")));
                ui.add_space(4.0);
                let fact =
                    |text: &str| Label::new(RichText::new(text).font(code(1.0))).selectable(true);
                ui.add(fact(&path).wrap());
                ui.add(fact(&format!("SHA-256  {hash}")).wrap());
                return;
            }
            ui.label(quiet(format!("Body, {length}")))
                .tip(&format!("SHA-256: {hash}"));
            ui.add_space(4.0);
            let Some(text) = request.shown_body.as_deref().map(beginning) else {
                ui.label(quiet("It is not text.".to_owned()));
                return;
            };
            let mut shown_bytes = 0;
            for line in text.lines().take(BODY_LINES) {
                let end = line.floor_char_boundary(LINE_BYTES);
                let shown = line.get(..end).unwrap_or_default();
                shown_bytes += line.len() + 1;
                let mut job = crate::ui::widgets::json_job(shown, &code(1.0), t);
                job.wrap.break_anywhere = true;
                ui.add(Label::new(job).selectable(true).wrap());
                if end < line.len() {
                    ui.label(quiet("… the line goes on".to_owned()));
                }
            }
            if (shown_bytes as u64) < request.body.len() {
                ui.label(quiet(
                    "… and more; copy the request to see all of it".to_owned(),
                ));
            }
        });
}

/// The beginning of a body: no more than can be shown is read, because this is done for each frame.
fn beginning(body: &str) -> &str {
    body.get(..body.floor_char_boundary(HEAD_BYTES))
        .unwrap_or(body)
}

fn source_word(source: &HeaderSource) -> &'static str {
    match source {
        HeaderSource::Row(_) => "your row",
        HeaderSource::Inherited(_) => "inherited",
        HeaderSource::Auth => "auth",
        HeaderSource::Body => "body",
        HeaderSource::Tool => "automatic",
        HeaderSource::Signing => "signing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_long_body_is_cut_between_letters() {
        let long = "한".repeat(HEAD_BYTES);
        let head = beginning(&long);
        assert!(head.len() <= HEAD_BYTES && head.len() > HEAD_BYTES - 3);
        assert_eq!(beginning("abc"), "abc");
    }
}
