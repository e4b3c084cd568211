//! How to sign, chosen in the window and written into the request: what a user clicks and types,
//! what the practice gateway says to it, and what stands in the file.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use countersign::practice;
use countersign::request::HeaderSource;
use countersign::state::Command;
use egui::accesskit::Role;
use egui::{Key, Modifiers, OutputCommand};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app_flow::Window;
use crate::practice_run::{Run, status};

/// A window that is high enough for every choice, with the Auth section open.
fn window() -> Window {
    let home = tempfile::tempdir().expect("a folder");
    let mut window = Window::start_in(home, [1440.0, 2600.0]);
    window.click_role(Role::Tab, "Auth");
    window
}

/// The words of the heading.
fn summary(window: &Window) -> String {
    let heading = window.harness.get_by_label_contains("How to sign:");
    heading.accesskit_node().label().unwrap_or_default()
}

fn open(window: &mut Window) {
    window.harness.get_by_label_contains("How to sign:").click();
    window.harness.run();
}

fn go_to(window: &mut Window, request: &str) {
    let path = countersign::collection::ItemPath(request.to_owned());
    window
        .harness
        .state()
        .send(Command::OpenRequest(path.clone()));
    window.until("the request is shown", |window| {
        let tab = window.harness.state().state().tabs.active();
        tab.is_some_and(|tab| tab.path.as_ref() == Some(&path))
    });
    window.click_role(Role::Tab, "Auth");
}

fn variables(window: &Window) -> Vec<String> {
    let tab = window.harness.state().state().tabs.active();
    let variables = &tab.expect("a tab").draft.variables;
    variables.iter().map(|v| v.name.clone()).collect()
}

fn save(window: &mut Window) {
    window.press(Modifiers::COMMAND, Key::S);
    window.until("it is saved", |window| {
        let tab = window.harness.state().state().tabs.active();
        !tab.expect("a tab").is_dirty()
    });
}

/// Draws frames until a text is put on the clipboard.
fn copied(window: &mut Window) -> String {
    for _ in 0..2000 {
        window.harness.step();
        let commands = &window.harness.output().platform_output.commands;
        for command in commands {
            if let OutputCommand::CopyText(text) = command {
                return text.clone();
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    panic!(
        "nothing is copied: {:?}",
        window.harness.state().state().notices
    );
}

/// Asks for a URL with nothing but a host, as who was given the URL would.
fn get(url: &str) -> String {
    let (host, path) = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .expect("an http URL");
    let mut stream = TcpStream::connect(host).expect("the gateway listens");
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_presigned_url_is_chosen_sent_and_copied() {
    let mut window = window();
    assert_eq!(
        summary(&window),
        "How to sign: Header, payload signed, path encoded twice — what execute-api expects"
    );
    assert!(!window.shows("Placement: Presigned URL"), "it is closed");
    open(&mut window);
    window.click("Placement: Presigned URL");
    assert!(summary(&window).contains("Presigned URL for 900 s"));
    assert!(summary(&window).contains("not the default for execute-api: placement"));
    window.type_into("Expiry", "60");
    let exchange = window.send();
    assert_eq!(exchange.response.status, 200);
    let url = exchange.presigned_url().expect("a presigned URL");
    let trace = exchange.signing.as_ref().expect("signed").trace.trace();
    let signature = &trace.expect("not withheld").signature;
    assert!(url.contains("X-Amz-Expires=60"), "{url}");
    assert!(url.ends_with(&format!("X-Amz-Signature={signature}")));
    let headers = &exchange.request.headers;
    assert!(headers.iter().all(
        |header| header.name != "authorization" && header.source != Some(HeaderSource::Signing)
    ));

    window.click_role(Role::Tab, "Request as sent");
    let button = window
        .harness
        .get_by_role_and_label(Role::Button, "Copy presigned URL");
    button.click();
    let copied = copied(&mut window);
    assert_eq!(copied, url);
    assert!(get(&copied).starts_with("HTTP/1.1 200"), "it works alone");
    window.harness.run();
    assert!(window.shows("The presigned URL is on the clipboard"));
}

#[test]
fn a_session_token_is_copied_with_the_url_and_shown_nowhere() {
    let mut window = window();
    open(&mut window);
    window.click("Placement: Presigned URL");
    window.click_role(Role::TreeItem, practice::ROLE_PROFILE);
    let exchange = window.send();
    assert_eq!(exchange.response.status, 200);
    let url = exchange.presigned_url().expect("a presigned URL");
    let (_, token) = url
        .split_once("X-Amz-Security-Token=")
        .expect("a session token");
    let token = token.split('&').next().expect("text");
    assert!(token.len() > 30, "{token}");
    window.click_role(Role::Tab, "Request as sent");
    assert!(window.shows("X-Amz-Security-Token=••••••"));
    assert!(!window.shows(token));
    assert!(!format!("{exchange:?}").contains(token));
    window.click("Copy the request");
    window
        .harness
        .get_by_role_and_label(Role::Button, "Copy presigned URL")
        .click();
    let copied = copied(&mut window);
    assert!(copied.contains(token));
    assert!(get(&copied).starts_with("HTTP/1.1 200"));
    assert!(!format!("{:?}", window.harness.state().state()).contains(token));
}

#[test]
fn a_draft_is_presigned_without_being_sent() {
    let mut window = window();
    window.press(Modifiers::COMMAND, Key::K);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Find a command or request")
        .type_text("presign without");
    window.harness.run();
    // Down alone: each further event is a frame of its own, and the URL may come in any.
    window.harness.key_down(Key::Enter);
    let url = copied(&mut window);
    assert!(get(&url).starts_with("HTTP/1.1 200"), "{url}");
    assert!(window.exchange().is_none(), "nothing was sent");
    window.until("it is told", |window| window.shows("Nothing was sent."));
    assert!(variables(&window).is_empty(), "the draft stays as it was");
}

#[test]
fn a_choice_stands_in_the_file_and_is_gone_when_taken_back() {
    let mut window = window();
    let before = window.file("pets/get-pets.yml");
    open(&mut window);
    window.click("Placement: Presigned URL");
    window.click("Payload: UNSIGNED-PAYLOAD");
    save(&mut window);
    let with = window.file("pets/get-pets.yml");
    let added: Vec<&str> = with
        .lines()
        .filter(|line| !line.is_empty() && !before.lines().any(|old| old == *line))
        .map(str::trim)
        .collect();
    assert_eq!(
        added,
        [
            "runtime:",
            "variables:",
            "- name: sigv4.placement",
            "value: query",
            "- name: sigv4.payload",
            "value: unsigned",
        ]
    );
    window.click("Placement back to inherited");
    window.click("Payload: Signed");
    assert!(variables(&window).is_empty());
    save(&mut window);
    assert_eq!(window.file("pets/get-pets.yml"), before);
}

#[test]
fn a_value_out_of_range_is_told_at_its_row_and_nothing_is_sent() {
    let mut window = window();
    open(&mut window);
    window.click("Placement: Presigned URL");
    window.type_into("Expiry", "604801");
    let problem = "“604801” cannot be used; it must be a number of seconds from 1 to 604800";
    assert!(window.shows(problem));
    assert!(summary(&window).contains(problem), "told when closed too");
    window.press(Modifiers::COMMAND, Key::Enter);
    window.until("it is refused", |window| window.shows("Nothing was sent"));
    assert!(window.exchange().is_none());
    window.type_into("Expiry", "604800");
    assert!(!window.shows("cannot be used"));
    window.type_into("Clock offset", "soon");
    assert!(window.shows("“soon” cannot be used; it must be a whole number of seconds"));
}

#[test]
fn a_folders_choice_is_shown_with_its_origin_and_may_be_overruled() {
    let mut window = window();
    go_to(&mut window, "presigned/get-pets-presigned.yml");
    assert!(summary(&window).contains("Presigned URL for 300 s"));
    open(&mut window);
    assert!(window.shows("folder “Presigned URLs”"));
    assert!(!window.shows("this request"));
    let exchange = window.send();
    assert_eq!(exchange.response.status, 200);
    assert!(exchange.presigned_url().is_some());
    window.click("Placement: Header");
    assert!(window.shows("this request"));
    assert_eq!(variables(&window), ["sigv4.placement"]);
    let exchange = window.send();
    assert_eq!(exchange.response.status, 200);
    assert!(exchange.presigned_url().is_none());
    window.click("Placement: Presigned URL");
    assert!(variables(&window).is_empty(), "what is inherited anyway");
}

#[test]
fn a_choice_of_the_folders_settings_reaches_its_requests() {
    let mut window = window();
    let settings = countersign::state::Dialog::FolderSettings {
        path: countersign::collection::ItemPath("pets".to_owned()),
    };
    window
        .harness
        .state()
        .send(Command::ShowDialog(settings.clone()));
    window.until("the settings are shown", |window| {
        window.shows("Save the settings")
    });
    // The dialog's own section is the later one of two.
    let headings = |window: &Window| {
        let all = window.harness.query_all_by_label_contains("How to sign:");
        all.count()
    };
    assert_eq!(headings(&window), 2);
    let click_last = |window: &mut Window, label: &str| {
        let all = window.harness.query_all_by_label_contains(label);
        all.last().expect("shown").click();
        window.harness.run();
    };
    click_last(&mut window, "How to sign:");
    window.click("Placement: Presigned URL");
    assert!(window.shows("this folder"));
    window.click("Payload: UNSIGNED-PAYLOAD");
    window.click("Payload back to inherited");
    window.click("Save the settings");
    window.until("it is saved and closed", |window| {
        !window.shows("Folder settings")
    });
    let file = window.file("pets/folder.yml");
    assert!(
        file.contains("- name: sigv4.placement\n      value: query"),
        "{file}"
    );
    assert!(!file.contains("sigv4.payload"));
    assert!(summary(&window).contains("Presigned URL for 900 s"));
    open(&mut window);
    assert!(window.shows("folder “Pets”"));
    assert!(window.send().presigned_url().is_some());
    assert!(variables(&window).is_empty());
}

#[test]
fn a_header_is_switched_off_refused_and_switched_on_again() {
    let mut window = window();
    window.click_role(Role::Tab, "Headers");
    window.click("Sign host");
    assert_eq!(variables(&window), ["sigv4.unsignedHeaders"]);
    let exchange = window.send();
    assert_eq!(exchange.response.status, 403);
    let body = exchange.response.body.text().expect("text").to_owned();
    assert!(body.contains("must be a 'SignedHeader'"), "{body}");
    window.click_role(Role::Tab, "Auth");
    assert!(window.shows("The host is not signed."), "the warning");
    assert!(summary(&window).contains("without host"));
    window.click_role(Role::Tab, "Headers");
    window.click("Sign host");
    assert!(variables(&window).is_empty());
    // One that is added by itself, and is not signed by default.
    window.click("Sign user-agent");
    assert_eq!(variables(&window), ["sigv4.signedHeaders"]);
    let exchange = window.send();
    assert_eq!(exchange.response.status, 200);
    let trace = exchange.signing.as_ref().expect("signed").trace.trace();
    let steps = &trace.expect("not withheld").steps;
    let signed = steps.canonical_request.signed_headers();
    assert_eq!(signed, "host;user-agent;x-amz-date");
}

#[test]
fn a_row_of_the_users_own_has_a_switch_too() {
    let mut window = window();
    window.click_role(Role::Tab, "Headers");
    window.type_into("Header 1 name", "X-Demo");
    window.type_into("Header 1 value", "hello");
    window.click("Sign x-demo");
    assert_eq!(variables(&window), ["sigv4.unsignedHeaders"]);
    let exchange = window.send();
    assert_eq!(exchange.response.status, 200);
    let trace = exchange.signing.as_ref().expect("signed").trace.trace();
    let steps = &trace.expect("not withheld").steps;
    let signed = steps.canonical_request.signed_headers();
    assert_eq!(signed, "host;x-amz-date");
    // A row that is off is not sent, so there is nothing to sign.
    window.click("Header 1 on");
    let none = window
        .harness
        .query_by_role_and_label(Role::CheckBox, "Sign x-demo");
    assert!(none.is_none());
}

#[test]
fn the_keyboard_alone_opens_chooses_and_closes() {
    let mut window = window();
    window.harness.get_by_label_contains("How to sign:").focus();
    window.harness.run();
    window.press(Modifiers::NONE, Key::Enter);
    assert!(window.shows("Placement: Presigned URL"));
    window.press(Modifiers::NONE, Key::Tab);
    window.press(Modifiers::NONE, Key::Tab);
    let presigned = window
        .harness
        .get_by_role_and_label(Role::RadioButton, "Placement: Presigned URL");
    assert!(presigned.is_focused());
    window.press(Modifiers::NONE, Key::Space);
    assert_eq!(variables(&window), ["sigv4.placement"]);
    window.harness.get_by_label_contains("How to sign:").focus();
    window.harness.run();
    window.press(Modifiers::NONE, Key::ArrowLeft);
    assert!(!window.shows("Placement: Presigned URL"));
}

#[test]
fn what_gets_the_keyboard_comes_into_view() {
    let home = tempfile::tempdir().expect("a folder");
    let mut window = Window::start_in(home, [1000.0, 700.0]);
    window.click_role(Role::Tab, "Auth");
    window.harness.get_by_label_contains("How to sign:").focus();
    window.harness.run();
    window.press(Modifiers::NONE, Key::ArrowRight);
    let last = |window: &Window| {
        let name = "Algorithm: SigV4a";
        let part = window
            .harness
            .get_by_role_and_label(Role::RadioButton, name);
        (part.is_focused(), part.rect().bottom())
    };
    let below = window
        .harness
        .get_by_role_and_label(Role::Label, "Signing")
        .rect();
    assert!(last(&window).1 > below.top(), "it begins out of view");
    for _ in 0..25 {
        window.press(Modifiers::NONE, Key::Tab);
        if last(&window).0 {
            break;
        }
    }
    let (is_focused, bottom) = last(&window);
    assert!(is_focused, "the keyboard reaches it");
    assert!(bottom <= below.top(), "{bottom} {below:?}");
}

#[test]
fn an_unknown_choice_is_told_and_taken_out() {
    let mut window = window();
    let path = window.collection().join("pets/get-pets.yml");
    let text = std::fs::read_to_string(&path).expect("readable");
    let with = text.replace(
        "\nsettings:",
        "\nruntime:\n  variables:\n    - name: sigv4.placment\n      value: query\n\nsettings:",
    );
    std::fs::write(&path, with).expect("writable");
    window.harness.state().send(Command::RereadCollection);
    window.until("it is told", |window| {
        window.shows("did you mean “sigv4.placement”")
    });
    window.click("Remove sigv4.placment");
    assert!(variables(&window).is_empty());
    assert!(!window.shows("did you mean"));
}

#[test]
fn the_command_line_follows_the_variables_of_file_and_folder() {
    let run = Run::new();
    let (code, sent) = status(&run.send("presigned/get-pets-presigned.yml", &["--json"]));
    assert_eq!(code, 200, "{sent}");
    let url = sent["request"]["url"].as_str().expect("a URL");
    assert!(url.contains("X-Amz-Expires=300"), "{url}");
    assert!(url.contains("&X-Amz-Signature="), "{url}");
    let headers = sent["request"]["headers"].as_array().expect("headers");
    assert!(headers.iter().all(|pair| pair[0] != "authorization"));

    let (code, sent) = status(&run.send("presigned/get-pets-host-not-signed.yml", &["--json"]));
    assert_eq!(code, 403);
    let body = sent["response"]["body"].as_str().expect("text");
    assert!(body.contains("must be a 'SignedHeader'"), "{body}");
    let url = sent["request"]["url"].as_str().expect("a URL");
    assert!(!url.contains("X-Amz-Signature"), "the request overrules");

    let file = "presigned/get-pets-presigned.yml";
    let output = run.send(file, &["--var", "sigv4.expires=0"]);
    let error = String::from_utf8(output.stderr).expect("text");
    assert!(
        error.contains("it must be a number of seconds from 1 to 604800"),
        "{error}"
    );
    assert_eq!(output.status.code(), Some(3));
}
