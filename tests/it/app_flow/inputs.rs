//! What is typed stays where it was typed, and what is chosen can be seen.

use countersign::collection::AuthSpec;
use egui::Event;

use super::*;

/// As people type: one letter a frame.
fn type_slowly(window: &mut Window, text: &str) {
    for letter in text.chars() {
        window.harness.event(Event::Text(letter.to_string()));
        window.harness.run();
    }
}

fn body(window: &Window) -> Body {
    let state = window.harness.state().state();
    state.tabs.active().expect("a tab").draft.body.clone()
}

fn auth(window: &Window) -> AuthSpec {
    let state = window.harness.state().state();
    state.tabs.active().expect("a tab").draft.auth.clone()
}

fn is_dirty(window: &Window) -> bool {
    let state = window.harness.state().state();
    state.tabs.active().expect("a tab").is_dirty()
}

fn open(window: &mut Window, path: &str, section: &str) {
    let path = ItemPath(path.into());
    window.harness.state().send(Command::OpenRequest(path));
    window.harness.run();
    window.click_role(Role::Tab, section);
}

fn choose_auth(window: &mut Window, kind: &str) {
    window.click_role(Role::ComboBox, "Kind of auth");
    window.click_role(Role::MenuItemRadio, kind);
}

fn rect_of(window: &Window, role: Role, name: &str) -> egui::Rect {
    let found = window.harness.get_by_role_and_label(role, name);
    found.rect()
}

fn has_keyboard(window: &Window, role: Role, name: &str) -> bool {
    let found = window.harness.get_by_role_and_label(role, name);
    found.is_focused()
}

#[test]
fn the_path_of_a_file_is_typed_and_cleared_in_its_field() {
    let mut window = Window::first_start();
    open(&mut window, "pets/post-pet.yml", "Body");
    window.click("Body: File");
    assert!(window.shows("No file is named"));
    let before = rect_of(&window, Role::TextInput, "Body file");
    window.click_role(Role::TextInput, "Body file");
    type_slowly(&mut window, "/nu/home");
    let file = |path: &str| Body::File {
        path: path.into(),
        content_type: String::new(),
    };
    assert_eq!(body(&window), file("/nu/home"));
    assert!(!window.shows("No file is named"));
    window.press(Modifiers::COMMAND, Key::A);
    window.press(Modifiers::NONE, Key::Delete);
    assert!(window.shows("No file is named"));
    assert!(has_keyboard(&window, Role::TextInput, "Body file"));
    window.harness.event(Event::Paste("pet.bin".into()));
    window.harness.run();
    assert_eq!(body(&window), file("pet.bin"));
    assert!(has_keyboard(&window, Role::TextInput, "Body file"));
    assert_eq!(rect_of(&window, Role::TextInput, "Body file"), before);
    window.picture("file_typed");
}

#[test]
fn a_variable_is_typed_in_a_body_and_in_an_auth() {
    let mut window = Window::first_start();
    open(&mut window, "pets/post-pet.yml", "Body");
    window.click("Body: Form");
    window.click("Body: Text");
    let field = window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Text body");
    field.focus();
    window.harness.run();
    window.press(Modifiers::COMMAND, Key::A);
    type_slowly(&mut window, "a{{b}}c");
    assert!(window.shows("No variable “b”"));
    window.press(Modifiers::NONE, Key::Backspace);
    type_slowly(&mut window, "d");
    assert_eq!(body(&window), Body::Text("a{{b}}d".into()));
    window.picture("body_problem");

    window.click_role(Role::Tab, "Auth");
    choose_auth(&mut window, "Bearer token");
    window.click_role(Role::TextInput, "Token");
    type_slowly(&mut window, "{{b}}c");
    assert!(window.shows("No variable “b”"));
    let token = "{{b}}c".to_owned();
    assert_eq!(auth(&window), AuthSpec::Bearer { token });
}

#[test]
fn each_kind_of_body_gives_back_what_it_held() {
    let mut window = Window::first_start();
    open(&mut window, "pets/post-pet.yml", "Body");
    let json = body(&window);
    assert!(matches!(&json, Body::Json(text) if !text.is_empty()));
    window.click("Body: None");
    assert_eq!(body(&window), Body::None);
    window.click("Body: JSON");
    assert_eq!(body(&window), json);
    assert!(!is_dirty(&window), "back where it began");
    window.click("Body: File");
    window.type_into("Body file", "pet.bin");
    let file = body(&window);
    window.click("Body: JSON");
    assert_eq!(body(&window), json);
    window.click("Body: File");
    assert_eq!(body(&window), file);
    // Only the chosen kind is saved.
    window.press(Modifiers::COMMAND, Key::S);
    window.until("it is saved", |window| !is_dirty(window));
    let text = window.file("pets/post-pet.yml");
    assert!(text.contains("type: file") && !text.contains("type: json"));
    window.click("Body: JSON");
    assert_eq!(body(&window), json, "kept after saving too");
}

#[test]
fn each_kind_of_auth_gives_back_what_it_held() {
    let mut window = Window::first_start();
    window.click_role(Role::Tab, "Auth");
    choose_auth(&mut window, "IAM (Signature Version 4)");
    window.type_into("Profile", "somebody");
    window.type_into("Region", "eu-west-1");
    window.type_into("Service", "lambda");
    let iam = auth(&window);
    assert!(matches!(&iam, AuthSpec::AwsSigV4(aws) if aws.service == "lambda"));
    choose_auth(&mut window, "None");
    choose_auth(&mut window, "Bearer token");
    window.type_into("Token", "{{token}}");
    choose_auth(&mut window, "IAM (Signature Version 4)");
    assert_eq!(auth(&window), iam);
    choose_auth(&mut window, "Bearer token");
    let token = "{{token}}".to_owned();
    assert_eq!(auth(&window), AuthSpec::Bearer { token });
}

#[test]
fn a_small_window_shows_the_fields_of_the_auth_and_the_headers_that_are_added() {
    let home = tempfile::tempdir().expect("a folder");
    let mut window = Window::start_in(home, [1000.0, 700.0]);
    window.click_role(Role::Tab, "Auth");
    choose_auth(&mut window, "IAM (Signature Version 4)");
    window.picture("small_auth");
    let line = |window: &Window| rect_of(window, Role::Splitter, "Request and response").top();
    for field in ["Region", "Service"] {
        let field = rect_of(&window, Role::TextInput, field);
        assert!(field.bottom() <= line(&window), "{field:?}");
    }
    window.click_role(Role::Tab, "Headers");
    window.picture("small_headers");
    let heading = window.harness.get_by_label("Also sent").rect();
    // With two rows below it.
    assert!(heading.bottom() + 64.0 <= line(&window), "{heading:?}");
}

#[test]
fn how_to_sign_comes_into_view_when_it_is_opened() {
    let mut window = Window::first_start();
    window.click_role(Role::Tab, "Auth");
    choose_auth(&mut window, "IAM (Signature Version 4)");
    let heading = |window: &Window| {
        let mut nodes = window.harness.query_all_by_label_contains("How to sign:");
        nodes
            .next()
            .expect("the heading")
            .accesskit_node()
            .label()
            .expect("a name")
    };
    let name = heading(&window);
    // It stands below the edge; the keyboard comes to it.
    window
        .harness
        .get_by_role_and_label(Role::Button, &name)
        .focus();
    window.harness.run();
    window.press(Modifiers::NONE, Key::Enter);
    for _ in 0..60 {
        window.harness.step();
    }
    window.picture("how_to_sign_opened");
    let line = rect_of(&window, Role::Splitter, "Request and response").top();
    let name = heading(&window);
    let shown = rect_of(&window, Role::Button, &name);
    let label = window.harness.get_by_label("Kind").rect();
    assert!(shown.bottom() + 96.0 <= line, "three rows of it: {shown:?}");
    assert!(
        (shown.left() - label.left()).abs() < 1.0,
        "in line with the labels"
    );
}

#[test]
fn presenter_size_in_a_small_window_cuts_nothing_off() {
    let home = tempfile::tempdir().expect("a folder");
    let mut window = Window::start_in(home, [1000.0, 700.0]);
    let chosen = window.harness.state().state().settings.sidebar_width;
    window.press(Modifiers::NONE, Key::F9);
    window.click_role(Role::Tab, "Auth");
    window.picture("presenter_auth_inherited");
    let right = window.harness.ctx.content_rect().right();
    let inside = |rect: egui::Rect| assert!(rect.right() <= right, "{rect:?} of {right}");
    for tab in ["Docs", "Settings"] {
        inside(rect_of(&window, Role::Tab, tab));
    }
    let url = rect_of(&window, Role::TextInput, "URL");
    assert!(url.width() > 150.0, "{url:?}");
    inside(rect_of(&window, Role::ComboBox, "Kind of auth"));
    let from = window.harness.query_all_by_label_contains("— from ").next();
    inside(from.expect("where it comes from").rect());
    choose_auth(&mut window, "IAM (Signature Version 4)");
    window.picture("presenter_auth");
    for node in window.harness.query_all_by_label_contains("— from ") {
        inside(node.rect());
    }
    // The side bar is as wide as before when there is room again.
    window.press(Modifiers::NONE, Key::F9);
    let width = window.harness.state().state().settings.sidebar_width;
    assert!((width - chosen).abs() < 0.5, "{width} {chosen}");
}

#[test]
fn the_arrow_keys_go_on_from_what_is_chosen_in_a_menu() {
    let mut window = Window::first_start();
    window.click_role(Role::Tab, "Auth");
    choose_auth(&mut window, "API key");
    let field = window
        .harness
        .get_by_role_and_label(Role::ComboBox, "Kind of auth");
    field.focus();
    window.harness.run();
    window.press(Modifiers::NONE, Key::Enter);
    assert!(has_keyboard(&window, Role::MenuItemRadio, "API key"));
    window.press(Modifiers::NONE, Key::ArrowDown);
    assert!(has_keyboard(&window, Role::MenuItemRadio, "Basic"));
    window.press(Modifiers::NONE, Key::Enter);
    assert!(matches!(auth(&window), AuthSpec::Basic { .. }));
}

#[test]
fn a_profile_that_was_chosen_in_the_window_is_told_in_words() {
    let mut window = Window::first_start();
    let signer = |window: &Window| {
        let found = window
            .harness
            .get_by_role_and_label(Role::ComboBox, "Signing as");
        found.accesskit_node().value().expect("what it shows")
    };
    let before = signer(&window);
    assert!(!before.contains("chosen here"), "{before}");
    window.click_role(Role::TreeItem, practice::ROLE_PROFILE);
    assert!(signer(&window).contains(", chosen here"));
    window.picture("signer_chosen");
}

#[test]
fn a_missing_service_is_told_in_the_words_of_the_window() {
    let mut window = Window::first_start();
    window.type_into("URL", "https://example.com/x");
    window.click_role(Role::Tab, "Auth");
    choose_auth(&mut window, "IAM (Signature Version 4)");
    window.type_into("Region", "us-east-1");
    window.type_into("Service", "");
    window.press(Modifiers::COMMAND, Key::A);
    window.press(Modifiers::NONE, Key::Delete);
    assert!(window.shows("No service to sign for"));
    assert!(window.shows("Fill in the service; for API Gateway it is execute-api"));
}
