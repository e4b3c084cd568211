//! The signing view beside the editor: what lights up, what leads where, and what is shown after a
//! sending that failed.

use countersign::state::{EditorSection, Tab};
use egui::Rect;

use super::*;

impl Window {
    fn shown_tab(&self) -> &Tab {
        let state = self.harness.state().state();
        state.tabs.active().expect("a tab")
    }

    fn place_of(&self, label: &str) -> Rect {
        let node = self.harness.query_all_by_label(label).next();
        node.unwrap_or_else(|| panic!("nothing is called {label}"))
            .rect()
    }

    fn hover(&mut self, place: egui::Pos2) {
        self.harness.hover_at(place);
        self.harness.run();
    }

    /// The pixels of a place.
    fn pixels(&mut self, place: Rect) -> Vec<[u8; 4]> {
        let picture = self.harness.render().expect("a picture");
        let (left, right) = (place.left() as u32, place.right() as u32);
        let (top, bottom) = (place.top() as u32, place.bottom() as u32);
        (top..bottom)
            .flat_map(|y| (left..right).map(move |x| (x, y)))
            .map(|(x, y)| picture.get_pixel(x, y).0)
            .collect()
    }

    /// Two pieces of the URL field: its path and its query.
    fn url_pieces(&self) -> [Rect; 2] {
        let field = self
            .harness
            .get_by_role_and_label(Role::TextInput, "URL")
            .rect();
        let piece = |from: f32, to: f32| {
            Rect::from_x_y_ranges(field.left() + from..=field.left() + to, field.y_range())
        };
        // `{{base}}/pets?type=dog` in letters of seven and a half points.
        [piece(75.0, 100.0), piece(120.0, 165.0)]
    }
}

const FAR: egui::Pos2 = egui::pos2(700.0, 20.0);

#[test]
fn a_line_lights_up_its_part_of_the_url_and_the_url_its_line() {
    let mut window = Window::first_start();
    window.hover(FAR);
    let [path, query] = window.url_pieces();
    let dark = (window.pixels(path), window.pixels(query));
    let line = window.place_of("type=dog");
    window.hover(line.center());
    assert_eq!(window.pixels(path), dark.0, "the path stays as it is");
    assert_ne!(window.pixels(query), dark.1, "the query lights up");
    window.hover(window.place_of("/prod/pets").center());
    assert_ne!(window.pixels(path), dark.0);
    assert_eq!(window.pixels(query), dark.1);
    window.hover(FAR);
    assert_eq!(window.pixels(query), dark.1, "and all goes out again");
    // The other way round.
    let margin = Rect::from_min_size(line.left_top() - egui::vec2(6.0, 0.0), egui::vec2(4.0, 8.0));
    let dark = window.pixels(margin);
    window.hover(query.center());
    assert_ne!(window.pixels(margin), dark);
    window.hover(path.center());
    assert_eq!(window.pixels(margin), dark);
    // Typing in the query lights it up too.
    window.hover(FAR);
    window.harness.get_by_label("URL").focus();
    window.harness.run();
    window.press(Modifiers::NONE, Key::End);
    assert_ne!(window.pixels(margin), dark);
}

#[test]
fn a_header_line_leads_to_its_row_and_the_row_lights_up_its_line() {
    let mut window = Window::first_start();
    window.click_role(Role::Tab, "Headers");
    window.type_into("Header 1 name", "x-team");
    window.type_into("Header 1 value", "pets");
    window.click_role(Role::Tab, "Params");
    assert_eq!(window.shown_tab().section, EditorSection::Params);
    window.click("x-team:pets");
    window.click_role(Role::Button, "Show the header");
    assert_eq!(window.shown_tab().section, EditorSection::Headers);
    assert!(
        window
            .harness
            .get_by_role_and_label(Role::TextInput, "Header 1 name")
            .is_focused()
    );
    // The row that has the keyboard lights up its line.
    window.hover(FAR);
    let line = window.place_of("x-team:pets");
    let margin = Rect::from_min_size(line.left_top() - egui::vec2(6.0, 0.0), egui::vec2(4.0, 8.0));
    let lit = window.pixels(margin);
    window.press(Modifiers::NONE, Key::Escape);
    window.click_role(Role::Tab, "Docs");
    window.hover(FAR);
    assert_ne!(window.pixels(margin), lit);
}

#[test]
fn after_a_sending_that_failed_older_steps_are_shown_only_as_such() {
    let mut window = Window::first_start();
    window.send();
    window.click("Signature shown: Sent");
    window.type_into("URL", "http://127.0.0.1:9/none");
    window.press(Modifiers::COMMAND, Key::Enter);
    window.until("it has failed", |window| {
        let state = window.harness.state().state();
        let tab = window.shown_tab().id;
        matches!(
            state.exchanges.of(tab).map(|sending| &sending.state),
            Some(ExchangeState::Failed(_))
        )
    });
    assert!(window.shows("/none"), "the draft is shown");
    assert!(!window.shows("steps of the one before it"));
    window.click("Signature shown: Sent");
    assert!(window.shows(
        "The last sending ended without an answer. These are the steps of the one before it."
    ));
    assert!(window.shows("/prod/pets"));
}

#[test]
fn two_sendings_are_compared() {
    let mut window = Window::first_start();
    window.send();
    window.type_into("URL", "{{base}}/pets?type=cat");
    window.send();
    assert!(window.shows("Differs from the previous send: query"));
    window.click("Mark what changed");
    assert!(window.shows("type=dog"), "what stood there before");
    window.click("Signature shown: Previous");
    assert!(window.shows("Differs from the last send: query"));
    window.click("Unmark what changed");
    assert!(window.shows("type=dog") && !window.shows("type=cat,"));
    // The draft again, by an edit.
    window.type_into("URL", "{{base}}/pets?type=fish");
    assert!(window.shows("Differs from the last send: query"));
}

#[test]
fn the_steps_are_saved_and_copied_without_the_secrets_of_the_role() {
    let mut window = Window::first_start();
    window.click_role(Role::TreeItem, practice::ROLE_PROFILE);
    window.send();
    window.click("More for the signing steps");
    window.click("Save as Markdown…");
    let folder = window.home.path().to_owned();
    let saved = || -> Option<String> {
        let mut folders = vec![folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).ok()?.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if entry.file_name().to_string_lossy().starts_with("signing-") {
                    return fs::read_to_string(path).ok();
                }
            }
        }
        None
    };
    window.until("the file is there", |window| {
        window.shows("Saved in") && saved().is_some()
    });
    let text = saved().expect("saved");
    let exchange = window.exchange().expect("an answer");
    let token = exchange
        .request
        .headers
        .iter()
        .find(|header| header.name == "x-amz-security-token")
        .expect("a role sends its token");
    assert!(text.contains(&signature(&exchange)));
    assert!(text.contains("x-amz-security-token:••••••"));
    assert!(!text.contains(&token.value));
}

#[test]
fn the_keyboard_comes_to_the_steps_and_opens_them() {
    let mut window = Window::first_start();
    window.press(Modifiers::NONE, Key::F8);
    let first = "method: From the method of the request.";
    assert!(window.has_keyboard(Role::Button, first));
    window.press(Modifiers::NONE, Key::Enter);
    assert!(window.shows("The method in capital letters, as it is sent."));
    // Nothing moves any more.
    assert!(window.harness.run() <= 2);
}
