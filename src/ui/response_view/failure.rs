//! A sending that ended without an answer: what, where, what to do.

use egui::Ui;

use super::ResponseViewAction;
use crate::exchange::{SendError, SendErrorKind, SendStage};
use crate::ui::theme::{INSET, Icon};
use crate::ui::widgets::{Banner, Button};
use crate::ui::wording::for_window;

/// The failure across the pane, with what can be done about it.
pub(super) fn failure(ui: &mut Ui, error: &SendError, action: &mut Option<ResponseViewAction>) {
    egui::Frame::new()
        .inner_margin(egui::Margin::same(INSET as i8))
        .show(ui, |ui| {
            let title = title(error);
            let body = body(error);
            Banner::danger(&title).body(&body).show(ui, |ui| {
                if let Some(place) = error.place() {
                    let text = format!("Show the {place}");
                    if ui.add(Button::secondary(&text).small()).clicked() {
                        *action = Some(ResponseViewAction::Reveal(place.clone()));
                    }
                }
                let again = Button::secondary("Send again").icon(Icon::Send).small();
                if ui.add(again).clicked() {
                    *action = Some(ResponseViewAction::Send);
                }
            });
        });
}

/// What failed, and whether anything left.
fn title(error: &SendError) -> String {
    match &error.kind {
        SendErrorKind::Resolve(_) => "The request is not complete. Nothing was sent.".to_owned(),
        SendErrorKind::Secrets(_) => "A secret could not be read. Nothing was sent.".to_owned(),
        SendErrorKind::Credentials(_) | SendErrorKind::CredentialsUnreachable(_) => {
            "There are no credentials to sign with. Nothing was sent.".to_owned()
        }
        SendErrorKind::Signing(_) | SendErrorKind::Scope(_) | SendErrorKind::Choice(_) => {
            "The request could not be signed. Nothing was sent.".to_owned()
        }
        SendErrorKind::File(_) => "The file could not be sent. Nothing was sent.".to_owned(),
        SendErrorKind::FileChanged { .. } => {
            "The file changed while it was sent. The request was broken off.".to_owned()
        }
        SendErrorKind::Dns { .. } | SendErrorKind::Connect { .. } | SendErrorKind::Tls { .. } => {
            "The server could not be reached.".to_owned()
        }
        SendErrorKind::Timeout { .. } => "The answer took too long.".to_owned(),
        SendErrorKind::BrokenAnswer(_) | SendErrorKind::TooLarge { .. } => {
            "The answer could not be read.".to_owned()
        }
        SendErrorKind::Cancelled => "Cancelled.".to_owned(),
        SendErrorKind::Internal(_) => "Something went wrong inside Countersign.".to_owned(),
    }
}

/// The details, and what to do.
fn body(error: &SendError) -> String {
    let mut lines = match &error.kind {
        SendErrorKind::Resolve(errors) => vec![for_window(&errors.to_string())],
        kind => vec![sentence(&kind.to_string())],
    };
    if matches!(error.stage, SendStage::Sending | SendStage::Receiving) {
        lines.push(format!("It happened while {}.", error.stage));
    }
    if let Some(hint) = &error.hint {
        lines.push(sentence(hint));
    }
    lines.join("\n")
}

/// With a capital letter, and a full stop.
fn sentence(text: &str) -> String {
    let text = for_window(text);
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let mut out: String = first.to_uppercase().chain(chars).collect();
    if !out.ends_with(['.', '!', '?', ':']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_answers_what_where_and_what_to_do() {
        let error = SendError {
            stage: SendStage::Sending,
            kind: SendErrorKind::Connect {
                host: "127.0.0.1:8787".to_owned(),
                reason: "connection refused".to_owned(),
            },
            hint: Some("start the practice gateway".to_owned()),
        };
        assert_eq!(title(&error), "The server could not be reached.");
        assert_eq!(
            body(&error),
            "Cannot connect to 127.0.0.1:8787: connection refused.\n\
             It happened while sending.\n\
             Start the practice gateway."
        );
    }
}
