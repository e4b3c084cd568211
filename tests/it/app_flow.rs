//! The window from the first start on: the real engine, files and practice gateway, driven by what
//! a user sees and types.

mod inputs;
mod signing;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::app::{App, AppPorts, FileDialogs, Picked, Start};
use countersign::collection::{Body, ItemPath};
use countersign::credentials::{
    BoxFuture, MemoryStore, PracticeSecrets, ProfilePlaces, Profiles, SecretKey, SecretStore,
};
use countersign::engine::{Ports, ReqwestTransport, SystemClock};
use countersign::exchange::{Exchange, SigningPreview};
use countersign::practice;
use countersign::state::{Command, ExchangeState, GatewayStatus, Identity};
use countersign::storage::Home;
use eframe::App as _;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::soft_renderer::SoftRenderer;

/// How long something may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A window in a home of its own.
pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    home: tempfile::TempDir,
    store: Arc<MemoryStore>,
}

/// Below the home: the file that the user takes in every dialog.
const PICKED: &str = "collections/practice/pets/upload.json";

/// A desktop whose user always takes the same file; what is saved goes to the usual folder.
struct OneFile(PathBuf);

impl FileDialogs for OneFile {
    fn save_file(&self, _suggested_name: String) -> BoxFuture<'static, Picked> {
        Box::pin(async { Picked::NoDialog })
    }

    fn open_file(
        &self,
        _title: &'static str,
        _folder: Option<PathBuf>,
    ) -> BoxFuture<'static, Picked> {
        let path = self.0.clone();
        Box::pin(async { Picked::Path(path) })
    }
}

fn ports(home: &Path, store: &Arc<MemoryStore>) -> AppPorts {
    let secrets: Arc<dyn SecretStore> = Arc::clone(store) as _;
    let picked = home.join(PICKED);
    let home = Home::at(home);
    home.ensure().expect("a home");
    let places = ProfilePlaces {
        book: home.profiles_file(),
        aws_config: home.config_dir().join("aws-config"),
        aws_credentials: home.config_dir().join("aws-credentials"),
        sts_endpoint: None,
    };
    let profiles = Arc::new(Profiles::new(Arc::clone(&secrets), places));
    AppPorts {
        engine: Ports {
            secrets: Arc::new(PracticeSecrets::new(secrets)),
            credentials: Arc::clone(&profiles) as _,
            transport: Arc::new(ReqwestTransport::new().expect("TLS is set up")),
            clock: Arc::new(SystemClock),
        },
        profiles,
        home,
        dialogs: Arc::new(OneFile(picked)),
        gateway_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
    }
}

impl Window {
    /// The first start of all.
    pub(crate) fn first_start() -> Self {
        Self::start_in(tempfile::tempdir().expect("a folder"), [1440.0, 900.0])
    }

    pub(crate) fn start_in(home: tempfile::TempDir, size: [f32; 2]) -> Self {
        let store = Arc::new(MemoryStore::default());
        let ports = ports(home.path(), &store);
        let harness = Harness::builder()
            .with_size(size)
            .with_max_steps(30)
            .allow_missing_glyphs()
            .renderer(SoftRenderer::default())
            .build_eframe(|cc| App::new(cc, ports, Start::default()).expect("the window starts"));
        let mut window = Self {
            harness,
            home,
            store,
        };
        window.until(
            "the gateway runs and the first request is shown",
            |window| {
                let state = window.harness.state().state();
                matches!(state.gateway.status, GatewayStatus::Running { .. })
                    && state.tabs.active().is_some()
                    && !state.profiles.list.is_empty()
            },
        );
        window
    }

    /// Draws frames until something is so.
    pub(crate) fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        loop {
            self.harness.step();
            if is_so(self) {
                // What follows from it is drawn too.
                self.harness.run();
                return;
            }
            assert!(
                begin.elapsed() < PATIENCE,
                "still not: {what}\n{:?}",
                self.harness.state().state().notices
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Keeps a picture of the window for people to look at.
    fn picture(&mut self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("window");
        fs::create_dir_all(&folder).expect("a folder");
        let picture = self.harness.render().expect("a picture");
        picture
            .save(folder.join(format!("{name}.png")))
            .expect("saved");
    }

    pub(crate) fn shows(&self, text: &str) -> bool {
        self.harness
            .query_all_by_label_contains(text)
            .next()
            .is_some()
    }

    pub(crate) fn click(&mut self, label: &str) {
        let node = self
            .harness
            .query_all_by_label(label)
            .next()
            .unwrap_or_else(|| panic!("nothing is called {label}"));
        node.click();
        self.harness.run();
    }

    /// Clicks a button, or a row of the tree by how its name begins.
    pub(crate) fn click_role(&mut self, role: Role, name: &str) {
        let nodes = self.harness.query_all_by_role(role);
        let found = nodes.into_iter().find(|node| {
            let label = node.accesskit_node().label().unwrap_or_default();
            label == name || label.starts_with(&format!("{name},"))
        });
        found
            .unwrap_or_else(|| panic!("no {role:?} is called {name}"))
            .click();
        self.harness.run();
    }

    pub(crate) fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run();
    }

    /// Replaces the text of a field.
    pub(crate) fn type_into(&mut self, field: &str, text: &str) {
        self.type_into_role(Role::TextInput, field, text);
    }

    fn type_into_role(&mut self, role: Role, field: &str, text: &str) {
        self.harness.get_by_role_and_label(role, field).focus();
        self.harness.run();
        self.press(Modifiers::COMMAND, Key::A);
        self.harness
            .get_by_role_and_label(role, field)
            .type_text(text);
        self.harness.run();
    }

    /// Sends with the shortcut and waits for the end.
    pub(crate) fn send(&mut self) -> Arc<Exchange> {
        let before = self.exchange().map(|exchange| exchange.id);
        self.press(Modifiers::COMMAND, Key::Enter);
        self.until("the answer is there", |window| {
            window.exchange().map(|exchange| exchange.id) != before
        });
        self.exchange().expect("an answer")
    }

    /// The last answer, if the last sending ended with one.
    pub(crate) fn exchange(&self) -> Option<Arc<Exchange>> {
        let state = self.harness.state().state();
        let tab = state.tabs.active()?.id;
        match &state.exchanges.of(tab)?.state {
            ExchangeState::Done(exchange) => Some(Arc::clone(exchange)),
            _ => None,
        }
    }

    pub(crate) fn collection(&self) -> PathBuf {
        self.home.path().join("collections/practice")
    }

    pub(crate) fn file(&self, path: &str) -> String {
        fs::read_to_string(self.collection().join(path)).expect("the file is there")
    }
}

fn signature(exchange: &Exchange) -> String {
    let trace = exchange.signing.as_ref().expect("signed").trace.trace();
    trace.expect("not withheld").signature.clone()
}

#[test]
fn on_first_start_one_click_gives_200_and_shows_the_signature() {
    let mut window = Window::first_start();
    assert!(window.shows("GET pets"));
    window.click("Send");
    window.until("200 is shown", |window| window.shows("200 OK"));
    let exchange = window.exchange().expect("an answer");
    assert_eq!(exchange.response.status, 200);
    assert!(window.shows("Signature"));
    let signature = signature(&exchange);
    assert!(
        window.shows(&signature[..32]),
        "step 4 shows the signature that was sent"
    );
    // Nothing moves any more.
    window.harness.run();
}

#[test]
fn a_wrong_secret_gives_403_and_the_explanation() {
    let mut window = Window::first_start();
    window.click_role(Role::TreeItem, practice::WRONG_SECRET_PROFILE);
    let exchange = window.send();
    assert_eq!(exchange.response.status, 403);
    assert!(window.shows("403 Forbidden"));
    assert!(window.shows("the secret access key"), "the cause is named");
    // Following the files again mends it.
    window.click_role(Role::TreeItem, practice::WRONG_SECRET_PROFILE);
    assert_eq!(window.send().response.status, 200);
}

#[test]
fn a_role_signs_with_its_session_and_says_who_it_is() {
    let mut window = Window::first_start();
    window.click_role(Role::TreeItem, practice::ROLE_PROFILE);
    assert_eq!(window.send().response.status, 200);
    assert!(window.shows("x-amz-security-token"));
    window
        .harness
        .state()
        .send(Command::WhoAmI(practice::ROLE_PROFILE.into()));
    window.until("STS has answered", |window| {
        let identities = &window.harness.state().state().profiles.identities;
        matches!(identities.get(practice::ROLE_PROFILE), Some(Identity::Known(identity)) if identity.arn.contains("PetReader"))
    });
}

#[test]
fn editing_the_url_moves_the_preview_and_saving_writes_the_file() {
    let mut window = Window::first_start();
    window.type_into("URL", "{{base}}/pets?type=cat");
    let state = window.harness.state().state();
    let tab = state.tabs.active().expect("a tab");
    assert!(tab.is_dirty());
    assert_eq!(tab.draft.params[0].row.value, "cat", "the table follows");
    let SigningPreview::Ready(ready) = &tab.derived().expect("derived").preview.signing else {
        panic!("no preview");
    };
    assert!(
        ready
            .steps
            .canonical_request
            .to_string()
            .contains("\ntype=cat\n")
    );
    assert!(window.shows("type=cat"), "the signing view shows the draft");
    let before = window.file("pets/get-pets.yml");
    window.press(Modifiers::COMMAND, Key::S);
    window.until("it is saved", |window| {
        !window
            .harness
            .state()
            .state()
            .tabs
            .active()
            .expect("a tab")
            .is_dirty()
    });
    let after = window.file("pets/get-pets.yml");
    let changed = |text: &str, pet: &str| {
        text.replace(&format!("pets?type={pet}"), "pets")
            .replace(&format!("value: {pet}"), "value:")
    };
    assert!(after.contains("{{base}}/pets?type=cat"));
    assert_eq!(
        changed(&before, "dog"),
        changed(&after, "cat"),
        "nothing else changed"
    );
}

#[test]
fn a_file_is_chosen_looked_at_sent_and_told() {
    let mut window = Window::first_start();
    let content = r#"{"name": "Rex"}"#;
    fs::write(window.home.path().join(PICKED), content).expect("written");
    let path = ItemPath("pets/post-pet.yml".into());
    window.harness.state().send(Command::OpenRequest(path));
    window.harness.run();
    window.click_role(Role::Tab, "Body");
    window.click("Body: File");
    window.click("Choose the body's file");
    window.until("it is looked at", |window| window.shows("15 B, changed "));
    let body = |window: &Window| {
        let state = window.harness.state().state();
        state.tabs.active().expect("a tab").draft.body.clone()
    };
    assert_eq!(
        body(&window),
        Body::File {
            path: "pets/upload.json".into(),
            content_type: "application/json".into()
        }
    );
    assert!(
        window.shows("the file's SHA-256"),
        "the preview pretends to no hash"
    );
    window.picture("file_body");

    let exchange = window.send();
    assert_eq!(exchange.response.status, 200);
    let hash = countersign::sigv4::hash_hex(content.as_bytes());
    assert_eq!(exchange.request.body_sha256.as_ref(), Some(&hash));
    window.click_role(Role::Tab, "Request as sent");
    assert!(window.shows("Body, a file of 15 B"));
    assert!(window.shows(&hash));
    window.picture("file_body_sent");

    window.type_into("Body file", "../nothing.bin");
    window.until("it is missed", |window| {
        window.shows("The body's file is not there")
    });
    assert!(window.shows("Outside the collection's folder"));
    window.press(Modifiers::COMMAND, Key::Enter);
    window.until("it fails", |window| window.shows("Nothing was sent"));
    window.picture("file_body_missing");

    window.press(Modifiers::COMMAND, Key::S);
    window.until("it is saved", |window| {
        window
            .file("pets/post-pet.yml")
            .contains("type: file\n    data:\n      - filePath: ../nothing.bin\n")
    });
}

#[test]
fn an_unknown_variable_is_explained_and_never_sent() {
    let mut window = Window::first_start();
    window.type_into("URL", "{{bse}}/pets");
    assert!(window.shows("did you mean"));
    window.press(Modifiers::COMMAND, Key::Enter);
    window.until("it fails", |window| window.shows("Nothing was sent"));
    assert!(window.exchange().is_none());
}

#[test]
fn ctrl_enter_sends_while_a_text_field_has_the_keyboard() {
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::L);
    assert!(
        window
            .harness
            .get_by_role_and_label(Role::TextInput, "URL")
            .is_focused()
    );
    assert_eq!(window.send().response.status, 200);
    let url = &window
        .harness
        .state()
        .state()
        .tabs
        .active()
        .expect("a tab")
        .draft
        .url;
    assert_eq!(url, "{{base}}/pets?type=dog", "no line break got into it");
}

#[test]
fn everything_by_keyboard_palette_new_request_save_and_close() {
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::K);
    let field = "Find a command or request";
    assert!(
        window
            .harness
            .get_by_role_and_label(Role::TextInput, field)
            .is_focused()
    );
    window
        .harness
        .get_by_role_and_label(Role::TextInput, field)
        .type_text("get pets");
    window.harness.run();
    window.press(Modifiers::NONE, Key::Enter);
    assert!(
        window
            .harness
            .query_by_role_and_label(Role::TextInput, field)
            .is_none()
    );
    window.press(Modifiers::COMMAND, Key::N);
    window.type_into("URL", "{{base}}/open");
    assert_eq!(window.send().response.status, 200);
    // It has no file: saving asks for a name.
    window.press(Modifiers::COMMAND, Key::S);
    window.type_into("Name", "Anyone");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("the file is there", |window| {
        window.collection().join("anyone.yml").is_file()
            || window.collection().join("Anyone.yml").is_file()
    });
    window.until("the tab is clean", |window| {
        let tab = window.harness.state().state().tabs.active();
        tab.is_some_and(|tab| tab.path.is_some() && !tab.is_dirty())
    });
    let tabs = window.harness.state().state().tabs.iter().len();
    window.press(Modifiers::COMMAND, Key::W);
    assert_eq!(window.harness.state().state().tabs.iter().len(), tabs - 1);
}

#[test]
fn closing_a_changed_tab_asks_and_escape_keeps_it() {
    let mut window = Window::first_start();
    window.type_into("URL", "{{base}}/changed");
    window.press(Modifiers::COMMAND, Key::W);
    assert!(window.shows("has changes that are not saved"));
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.shows("has changes that are not saved"));
    assert!(
        window
            .harness
            .state()
            .state()
            .tabs
            .active()
            .expect("a tab")
            .is_dirty()
    );
    window.press(Modifiers::COMMAND, Key::W);
    window.click("Discard changes");
    assert!(window.harness.state().state().tabs.active().is_none());
    assert!(window.file("pets/get-pets.yml").contains("type=dog"));
}

#[test]
fn a_request_is_renamed_duplicated_and_deleted_from_the_tree() {
    let mut window = Window::first_start();
    window.press(Modifiers::NONE, Key::F2);
    window.type_into("Name", "All pets");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("it has its new name", |window| {
        window
            .harness
            .state()
            .state()
            .tabs
            .active()
            .is_some_and(|tab| tab.draft.name == "All pets")
    });
    window.press(Modifiers::COMMAND, Key::D);
    window.until("the copy is open", |window| {
        window
            .harness
            .state()
            .state()
            .tabs
            .active()
            .is_some_and(|tab| tab.draft.name != "All pets")
    });
    let copy = window
        .harness
        .state()
        .state()
        .tabs
        .active()
        .expect("a tab")
        .path
        .clone();
    let copy = window.collection().join(copy.expect("a file").0);
    assert!(copy.is_file());
    window.press(Modifiers::COMMAND, Key::K);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Find a command or request")
        .type_text("delete");
    window.harness.run();
    window.press(Modifiers::NONE, Key::Enter);
    window.click_role(Role::Button, "Delete");
    window.until("the copy is gone", |_| !copy.is_file());
}

#[test]
fn a_secret_goes_into_the_store_and_into_no_file() {
    const SECRET: &str = "hush-0123456789-hush";
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::E);
    window.type_into_role(Role::PasswordInput, "Value of apiKey", SECRET);
    window.click("Save the environment");
    let key = SecretKey::Variable(countersign::collection::SecretRef {
        collection_id: practice::COLLECTION_ID.into(),
        environment: "practice".into(),
        variable: "apiKey".into(),
    });
    window.until("it is in the store", |window| {
        window
            .store
            .get(&key)
            .is_ok_and(|found| found.is_some_and(|s| s.expose() == SECRET))
    });
    let state = window.harness.state().state();
    assert!(!format!("{state:?}").contains(SECRET));
    assert!(!format!("{:?}", state.settings).contains(SECRET));
    let mut folders = vec![window.home.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("readable").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files += 1;
                let bytes = fs::read(&path).expect("readable");
                assert!(
                    !String::from_utf8_lossy(&bytes).contains(SECRET),
                    "{}",
                    path.display()
                );
            }
        }
    }
    assert!(files > 10);
}

#[test]
fn a_file_that_changed_outside_is_followed_or_asked_about() {
    let mut window = Window::first_start();
    let path = window.collection().join("pets/get-pets.yml");
    let change = |from: &str, to: &str| {
        let text = fs::read_to_string(&path).expect("readable");
        fs::write(&path, text.replace(from, to)).expect("writable");
    };
    change("dog", "bird");
    window.harness.state().send(Command::RereadCollection);
    window.until("the tab follows its file", |window| {
        window
            .harness
            .state()
            .state()
            .tabs
            .active()
            .is_some_and(|tab| tab.draft.url.ends_with("bird"))
    });
    window.type_into("URL", "{{base}}/mine");
    change("bird", "fish");
    // A save notices by itself, and writes nothing over the other's text.
    window.press(Modifiers::COMMAND, Key::S);
    window.until("the user is asked", |window| {
        window.shows("changed by another program")
    });
    assert!(window.file("pets/get-pets.yml").contains("fish"));
    window.click("Keep my draft");
    window.press(Modifiers::COMMAND, Key::S);
    window.until("the draft is written", |window| {
        window.file("pets/get-pets.yml").contains("{{base}}/mine")
    });
}

#[test]
fn a_hidden_window_still_finishes_a_sending() {
    let mut window = Window::first_start();
    let tab = window
        .harness
        .state()
        .state()
        .tabs
        .active()
        .expect("a tab")
        .id;
    let ctx = window.harness.ctx.clone();
    let mut frame = eframe::Frame::_new_kittest();
    let app = window.harness.state_mut();
    app.send(Command::Send(tab));
    let begin = Instant::now();
    loop {
        // No `ui`: nobody sees it.
        app.logic(&ctx, &mut frame);
        let state = &app.state().exchanges.of(tab).expect("a sending").state;
        if let ExchangeState::Done(exchange) = state {
            assert_eq!(exchange.response.status, 200);
            break;
        }
        assert!(begin.elapsed() < PATIENCE, "{state:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
    window.harness.run();
    assert!(window.shows("200 OK"));
}

#[test]
fn the_window_ends_in_time_while_a_server_is_silent() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut window = Window::first_start();
    let url = format!("http://{}/", silent.local_addr().expect("an address"));
    window.type_into("URL", &url);
    window.press(Modifiers::COMMAND, Key::Enter);
    window.until("it is on its way", |window| {
        let state = window.harness.state().state();
        let tab = state.tabs.active().expect("a tab").id;
        matches!(
            state.exchanges.of(tab).map(|sending| &sending.state),
            Some(ExchangeState::InFlight { .. })
        )
    });
    assert!(window.shows("Cancel"));
    let begin = Instant::now();
    window.harness.state_mut().on_exit(None);
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn a_role_is_added_used_and_removed_in_the_profiles_dialog() {
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::P);
    window.click("Add role…");
    window.type_into("Name", "reader");
    window.click_role(Role::ComboBox, "Source profile");
    window.click_role(Role::MenuItemRadio, practice::PROFILE);
    window.type_into("Role ARN", practice::ROLE_ARN);
    window.click("Add role");
    let has_reader = |window: &Window| {
        let list = &window.harness.state().state().profiles.list;
        list.iter().any(|profile| profile.name == "reader")
    };
    window.until("the role is listed", has_reader);
    let book = fs::read_to_string(window.home.path().join("profiles.toml")).expect("written down");
    assert!(book.contains("reader") && book.contains(practice::ROLE_ARN));
    window.click("Remove reader");
    window.click_role(Role::Button, "Remove");
    window.until("the role is gone", |window| !has_reader(window));
}

#[test]
fn keys_go_into_the_store_and_never_into_the_state() {
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::P);
    window.click("Add keys…");
    window.type_into("Name", "copy");
    window.type_into("Access key id", practice::ACCESS_KEY_ID);
    let secret = practice::SECRET_ACCESS_KEY;
    window.type_into_role(Role::PasswordInput, "Secret access key", secret);
    window.click("Add keys");
    window.until("the profile is listed", |window| {
        let list = &window.harness.state().state().profiles.list;
        list.iter()
            .any(|profile| profile.name == "copy" && profile.unusable.is_none())
    });
    assert!(!format!("{:?}", window.harness.state().state()).contains(secret));
    let book = fs::read_to_string(window.home.path().join("profiles.toml")).expect("written down");
    assert!(book.contains("copy") && !book.contains(secret));
    // It is the practice user under another name, so the gateway knows it.
    window.press(Modifiers::NONE, Key::Escape);
    window.click_role(Role::TreeItem, "copy");
    assert_eq!(window.send().response.status, 200);
}

#[test]
fn a_damaged_file_is_shown_with_its_reason_and_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("collections/practice");
    fs::create_dir_all(&folder).expect("writable");
    let text = "info:\n  name: [broken\n";
    fs::write(folder.join("broken.yml"), text).expect("writable");
    let mut window = Window::start_in(home, [1000.0, 700.0]);
    assert!(window.shows("broken.yml, damaged"));
    window.click_role(Role::TreeItem, "broken.yml");
    assert_eq!(window.file("broken.yml"), text);
}

#[test]
fn cancel_ends_a_sending_and_the_window_goes_on() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut window = Window::first_start();
    assert_eq!(window.send().response.status, 200);
    let url = format!("http://{}/", silent.local_addr().expect("an address"));
    window.type_into("URL", &url);
    window.press(Modifiers::COMMAND, Key::Enter);
    window.until("it is on its way", |window| window.shows("Cancel"));
    assert!(window.shows("\"pets\""), "the answer before stays");
    window.press(Modifiers::COMMAND, Key::Period);
    let state = window.harness.state().state();
    let tab = state.tabs.active().expect("a tab").id;
    assert!(matches!(
        state.exchanges.of(tab).map(|sending| &sending.state),
        Some(ExchangeState::Cancelled)
    ));
    window.type_into("URL", "{{base}}/pets");
    assert_eq!(window.send().response.status, 200);
}

#[test]
fn a_restarted_gateway_is_followed_to_its_new_port() {
    let mut window = Window::first_start();
    window.click("Stop the practice gateway");
    window.until("it has stopped", |window| {
        window.harness.state().state().gateway.status == GatewayStatus::Stopped
    });
    window.click("Start the practice gateway");
    window.until("it runs again, on another port", |window| {
        matches!(
            window.harness.state().state().gateway.status,
            GatewayStatus::Running { .. }
        )
    });
    assert_eq!(window.send().response.status, 200);
    assert!(
        window.shows("GET /prod/pets"),
        "the last call stands under the switch"
    );
}

/// Where a secret variable of the practice collection lies.
fn variable(environment: &str, name: &str) -> SecretKey {
    SecretKey::Variable(countersign::collection::SecretRef {
        collection_id: practice::COLLECTION_ID.into(),
        environment: environment.into(),
        variable: name.into(),
    })
}

impl Window {
    /// Chooses a line of the menu of environments.
    fn environment_menu(&mut self, role: Role, line: &str) {
        self.click_role(Role::ComboBox, "Environment");
        self.click_role(role, line);
    }

    fn stored(&self, key: &SecretKey) -> Option<String> {
        let found = self.store.get(key).expect("memory answers");
        found.map(|secret| secret.expose().to_owned())
    }

    fn chosen_environment(&self) -> Option<&str> {
        let state = self.harness.state().state();
        state.workspace.environment.as_deref()
    }
}

#[test]
fn an_environment_is_made_filled_renamed_with_its_secrets_and_deleted() {
    const SECRET: &str = "hush-0123456789-hush";
    let mut window = Window::first_start();
    window.environment_menu(Role::MenuItem, "New environment…");
    window.type_into("Name", "practice");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("the name is refused", |window| {
        window.shows("is there already")
    });
    window.type_into("Name", "staging");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("it is chosen and shown", |window| {
        window.chosen_environment() == Some("staging") && window.shows("Environment “staging”")
    });
    window.type_into("New secret variable", "token");
    window.click("Add");
    window.type_into_role(Role::PasswordInput, "Value of token", SECRET);
    window.click("Save the environment");
    window.until("it is saved and closed", |window| {
        window.stored(&variable("staging", "token")).is_some()
            && !window.shows("Save the environment")
    });
    assert!(window.file("environments/staging.yml").contains("token"));

    window.environment_menu(Role::MenuItem, "Rename environment…");
    window.type_into("Name", "live");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("its secrets are under the new name alone", |window| {
        window.stored(&variable("staging", "token")).is_none()
    });
    assert_eq!(
        window.stored(&variable("live", "token")).as_deref(),
        Some(SECRET)
    );
    assert_eq!(window.chosen_environment(), Some("live"));
    assert!(window.collection().join("environments/live.yml").is_file());
    assert!(
        !window
            .collection()
            .join("environments/staging.yml")
            .exists()
    );

    window.environment_menu(Role::MenuItem, "Delete environment…");
    window.click_role(Role::Button, "Delete");
    window.until("it is gone with its secrets", |window| {
        window.chosen_environment().is_none() && window.stored(&variable("live", "token")).is_none()
    });
    assert!(!window.collection().join("environments/live.yml").exists());
    window.environment_menu(Role::MenuItemRadio, "practice");
    assert_eq!(window.send().response.status, 200);
}

#[test]
fn a_damaged_environment_is_shown_with_its_reason_and_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("collections/practice/environments");
    fs::create_dir_all(&folder).expect("writable");
    let text = "name: [broken\n";
    fs::write(folder.join("broken.yml"), text).expect("writable");
    let mut window = Window::start_in(home, [1000.0, 700.0]);
    window.click_role(Role::ComboBox, "Environment");
    assert!(window.shows("broken.yml"));
    let state = window.harness.state().state();
    let collection = state.workspace.collection().expect("open");
    let reason = collection.damages[0].reason.clone();
    assert!(window.shows(&reason), "{reason}");
    assert_eq!(window.file("environments/broken.yml"), text);
}

#[test]
fn a_folders_settings_reach_its_requests_and_a_literal_key_is_refused() {
    let mut window = Window::first_start();
    // The request that is shown lies in the folder.
    window.press(Modifiers::COMMAND, Key::K);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Find a command or request")
        .type_text("folder settings");
    window.harness.run();
    window.press(Modifiers::NONE, Key::Enter);
    assert!(window.shows("Folder settings"));
    window.type_into("Name", "Animals");
    window.click_role(Role::Tab, "Headers handed down");
    window.type_into("Header 1 name", "x-from-folder");
    window.type_into("Header 1 value", "yes");
    window.click_role(Role::Tab, "Auth handed down");
    window.click_role(Role::ComboBox, "Kind of auth");
    window.click_role(Role::MenuItemRadio, "Bearer token");
    let key = "sk_live_0123456789abcdefghij";
    window.type_into("Token", key);
    window.click("Save the settings");
    window.until("it is refused with a way out", |window| {
        window.shows("must hold no credentials") && window.shows("put it in the keyring")
    });
    assert!(!window.file("pets/folder.yml").contains(key));
    // Escape asks before it throws away what was typed.
    window.press(Modifiers::NONE, Key::Escape);
    assert!(window.shows("The changes are not saved"));
    window.click_role(Role::ComboBox, "Kind of auth");
    window.click_role(Role::MenuItemRadio, "From the folder above");
    window.click("Save the settings");
    window.until("it is saved and closed", |window| {
        !window.shows("Folder settings")
    });
    let file = window.file("pets/folder.yml");
    assert!(
        file.contains("Animals") && file.contains("x-from-folder"),
        "{file}"
    );
    assert!(window.shows("Animals"));
    let exchange = window.send();
    assert_eq!(exchange.response.status, 200);
    assert!(window.shows("x-from-folder"));
}

#[test]
fn the_collections_settings_are_edited_and_their_secret_goes_into_the_store() {
    const SECRET: &str = "hush-0123456789-hush";
    let mut window = Window::first_start();
    window.click("Collection settings…");
    window.click_role(Role::Tab, "Variables handed down");
    window.type_into("New secret variable", "signet");
    window.click("Add");
    window.type_into_role(Role::PasswordInput, "Value of signet", SECRET);
    window.click("Save the settings");
    window.until("its value is stored", |window| {
        window.stored(&variable("", "signet")).as_deref() == Some(SECRET)
            && !window.shows("Save the settings")
    });
    let file = window.file("opencollection.yml");
    assert!(file.contains("signet") && !file.contains(SECRET), "{file}");
    // The dialog knows that it has one.
    window.click("Collection settings…");
    window.click_role(Role::Tab, "Variables handed down");
    window.until("it is asked for", |window| {
        let state = window.harness.state().state();
        let SecretKey::Variable(secret) = variable("", "signet") else {
            return false;
        };
        state.secrets.has_value(&secret) == Some(true)
    });
}

#[test]
fn a_damaged_folder_file_says_why_and_offers_no_save() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("collections/practice/pets");
    fs::create_dir_all(&folder).expect("writable");
    let text = "info:\n  name: [broken\n";
    fs::write(folder.join("folder.yml"), text).expect("writable");
    let mut window = Window::start_in(home, [1000.0, 700.0]);
    let path = countersign::collection::ItemPath("pets".into());
    let dialog = countersign::state::Dialog::FolderSettings { path };
    window.harness.state().send(Command::ShowDialog(dialog));
    window.harness.run();
    assert!(window.shows("It is left alone"));
    assert!(!window.shows("Save the settings"));
    window.click_role(Role::Button, "Close");
    assert!(!window.shows("It is left alone"));
    assert_eq!(window.file("pets/folder.yml"), text);
}

#[test]
fn unsaved_drafts_survive_a_crash_and_go_when_they_are_saved() {
    let mut window = Window::first_start();
    let drafts = window.home.path().join("drafts");
    let files = || fs::read_dir(&drafts).map_or(0, Iterator::count);
    window.type_into("URL", "{{base}}/pets?type=mine");
    window.press(Modifiers::COMMAND, Key::N);
    window.type_into("URL", "{{base}}/never-saved");
    window.until("the drafts are written", |_| files() == 1);
    // No `on_exit`: the process is killed.
    let Window { harness, home, .. } = window;
    drop(harness);

    let mut window = Window::start_in(home, [1440.0, 900.0]);
    window.until("they are back", |window| {
        window.harness.state().state().tabs.iter().len() == 2
    });
    let urls = |window: &Window| -> Vec<String> {
        let tabs = &window.harness.state().state().tabs;
        let unsaved = tabs.iter().filter(|tab| tab.is_dirty());
        unsaved.map(|tab| tab.draft.url.clone()).collect()
    };
    assert_eq!(
        urls(&window),
        ["{{base}}/pets?type=mine", "{{base}}/never-saved"]
    );
    assert!(window.file("pets/get-pets.yml").contains("type=dog"));
    // The new one is discarded, the other one saved: nothing is left to keep.
    window.press(Modifiers::COMMAND, Key::W);
    window.click("Discard changes");
    window.press(Modifiers::COMMAND, Key::S);
    window.until("no draft is left", |_| files() == 0);
    assert!(window.file("pets/get-pets.yml").contains("type=mine"));
}

#[test]
fn a_typed_token_is_in_no_draft_file() {
    const TOKEN: &str = "hush-0123456789-hush";
    let mut window = Window::first_start();
    window.click_role(Role::Tab, "Auth");
    window.click_role(Role::ComboBox, "Kind of auth");
    window.click_role(Role::MenuItemRadio, "Bearer token");
    window.type_into("Token", TOKEN);
    window.press(Modifiers::COMMAND, Key::N);
    window.type_into("URL", "{{base}}/other");
    let drafts = window.home.path().join("drafts");
    window.until("the other draft is written", |_| {
        fs::read_dir(&drafts).is_ok_and(|files| files.count() == 1)
    });
    let file = fs::read_dir(&drafts).expect("there").flatten().next();
    let text = fs::read_to_string(file.expect("one").path()).expect("readable");
    assert!(text.contains("/other") && !text.contains(TOKEN), "{text}");
    assert!(window.shows("is not kept for a restart"));
}

#[test]
fn a_long_name_is_whole_in_its_tooltip() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("collections/practice");
    fs::create_dir_all(&folder).expect("writable");
    let name = "Everything about the pets of the neighbours who moved away in spring";
    let text =
        format!("info:\n  name: {name}\n  type: http\nhttp:\n  method: GET\n  url: http://h/\n");
    fs::write(folder.join("long.yml"), text).expect("writable");
    let mut window = Window::start_in(home, [1440.0, 900.0]);
    let count = |window: &Window| window.harness.query_all_by_label(name).count();
    assert_eq!(count(&window), 0, "the row is called GET and the name");
    let row = format!("GET {name}");
    window.harness.get_by_label(&row).hover();
    window.until("the tooltip has it", |window| count(window) == 1);
}

impl Window {
    fn ask(&self, command: Command) {
        self.harness.state().send(command);
    }

    fn tab(&self) -> &countersign::state::Tab {
        let tabs = &self.harness.state().state().tabs;
        tabs.active().expect("a tab")
    }

    /// Changes a file as another program does.
    fn change_outside(&self, path: &str, from: &str, to: &str) {
        let text = self.file(path);
        assert!(text.contains(from), "{text}");
        fs::write(self.collection().join(path), text.replace(from, to)).expect("writable");
    }

    /// The messages so far.
    fn notices(&self) -> Vec<String> {
        let notices = &self.harness.state().state().notices;
        notices.last().iter().map(|n| n.text.clone()).collect()
    }

    fn newest_notice(&self) -> Option<countersign::state::NoticeId> {
        let notices = &self.harness.state().state().notices;
        notices.last().last().map(|notice| notice.id)
    }

    fn save_until_clean(&mut self) {
        self.press(Modifiers::COMMAND, Key::S);
        self.until("it is saved", |window| !window.tab().is_dirty());
    }

    /// Saves, and waits until it is refused because of somebody else's text.
    fn save_refused(&mut self) {
        // A newer failure about the same request takes the place of the one before.
        let before = self.newest_notice();
        self.press(Modifiers::COMMAND, Key::S);
        self.until("it is refused", |window| window.newest_notice() != before);
        let notices = self.notices();
        let last = notices.last().expect("a message");
        assert!(last.contains("was changed outside"), "{last}");
        self.until("the user is asked", |window| {
            window.shows("changed by another program")
        });
    }
}

fn item(path: &str) -> countersign::collection::ItemPath {
    countersign::collection::ItemPath(path.into())
}

#[test]
fn an_edited_request_is_renamed_and_moved_without_asking_and_saved_in_its_place() {
    use countersign::state::{FileChange, MoveBy};
    let mut window = Window::first_start();
    window.type_into("URL", "{{base}}/mine");
    window.ask(Command::ChangeFiles(FileChange::Rename {
        path: item("pets/get-pets.yml"),
        name: "All pets".into(),
    }));
    window.until("it is renamed", |window| {
        window.tab().path != Some(item("pets/get-pets.yml"))
    });
    let path = window.tab().path.clone().expect("a file");
    window.ask(Command::ChangeFiles(FileChange::Reorder {
        path: path.clone(),
        by: MoveBy::Down,
    }));
    window.until("it is moved", |window| {
        window.tab().saved.seq.is_some_and(|seq| seq > 1)
    });
    assert!(!window.shows("changed by another program"));
    assert!(window.tab().is_dirty());
    window.save_until_clean();
    let text = window.file(&path.0);
    assert!(
        text.contains("name: All pets") && text.contains("{{base}}/mine"),
        "{text}"
    );
    let mut places: Vec<String> = Vec::new();
    for entry in fs::read_dir(window.collection().join("pets")).expect("a folder") {
        let file = entry.expect("an entry").file_name();
        let file = file.to_str().expect("UTF-8");
        if file != "folder.yml" {
            let text = window.file(&format!("pets/{file}"));
            let seq = text.lines().find(|line| line.contains("seq:"));
            places.push(seq.expect("a place").trim().to_owned());
        }
    }
    places.sort();
    places.dedup();
    assert_eq!(places.len(), 3, "each has a place of its own: {places:?}");
}

#[test]
fn keeping_the_draft_replaces_only_what_was_shown() {
    const PETS: &str = "pets/get-pets.yml";
    const POST: &str = "pets/post-pet.yml";
    let mut window = Window::first_start();
    window.type_into("URL", "{{base}}/mine");
    window.change_outside(PETS, "dog", "fish");
    window.save_refused();
    window.click("Keep my draft");
    // A second change of the same file, which the worker reads before it is asked to save.
    window.change_outside(PETS, "fish", "whale");
    window.ask(Command::RereadCollection);
    let tab = window.tab().id;
    let before = window.newest_notice();
    window.ask(Command::SaveTab(tab));
    window.until("the user is asked again", |window| {
        window.shows("changed by another program")
    });
    assert!(window.file(PETS).contains("whale"));
    window.until("and told", |window| {
        let is_told = window
            .notices()
            .iter()
            .any(|n| n.contains("changed outside"));
        is_told && window.newest_notice() != before
    });
    window.click("Keep my draft");
    // A third one that nobody has read yet, and one of another file.
    window.change_outside(PETS, "whale", "seal");
    window.change_outside(POST, "Rex", "Bello");
    window.save_refused();
    assert!(window.file(PETS).contains("seal"));
    window.until("the other file is followed", |window| {
        let state = window.harness.state().state();
        let collection = state.workspace.collection().expect("open");
        format!("{:?}", collection.request(&item(POST))).contains("Bello")
    });
    window.click("Keep my draft");
    window.change_outside(POST, "Bello", "Hasso");
    window.save_until_clean();
    assert!(window.file(PETS).contains("{{base}}/mine"));
    // The save did not make the worker take the other file's new text for one that was shown.
    window.ask(Command::OpenRequest(item(POST)));
    window.harness.run();
    window.type_into("URL", "{{base}}/theirs");
    window.save_refused();
    assert!(window.file(POST).contains("Hasso"));
}

#[test]
fn a_settings_dialog_does_not_write_old_values_over_an_outside_change() {
    use countersign::state::Dialog;
    const FILE: &str = "environments/practice.yml";
    let mut window = Window::first_start();
    let reread = |window: &mut Window, marker: &'static str| {
        window.ask(Command::RereadCollection);
        window.until("the window knows the change", move |window| {
            let state = window.harness.state().state();
            format!("{:?}", state.workspace.collection()).contains(marker)
        });
    };
    let open = || {
        Command::ShowDialog(Dialog::Environment {
            name: "practice".into(),
        })
    };
    window.ask(open());
    window.harness.run();
    window.change_outside(FILE, "us-east-1", "eu-central-1");
    reread(&mut window, "eu-central-1");
    window.click("Save the environment");
    window.until("it is refused with a way out", |window| {
        window.shows("was changed outside") && window.shows("open it again")
    });
    assert!(window.file(FILE).contains("eu-central-1"));
    window.ask(Command::CloseDialog);
    window.harness.run();
    window.ask(open());
    window.harness.run();
    window.click("Save the environment");
    window.until("it is saved and closed", |window| {
        !window.shows("Save the environment")
    });
    assert!(window.file(FILE).contains("eu-central-1"));

    for (path, file, marker) in [
        ("pets", "pets/folder.yml", "Routes that ask for"),
        ("", "opencollection.yml", "marker-of-somebody-else"),
    ] {
        let dialog = Dialog::FolderSettings { path: item(path) };
        window.ask(Command::ShowDialog(dialog));
        window.harness.run();
        window.type_into("Name", "Mine");
        if path.is_empty() {
            window.change_outside(
                file,
                "content: |-\n",
                &format!("content: |-\n    {marker}\n"),
            );
        } else {
            window.change_outside(file, "Routes that want", marker);
        }
        reread(&mut window, marker);
        window.click("Save the settings");
        window.until("it is refused with a way out", |window| {
            window.shows("was changed outside") && window.shows("open it again")
        });
        let text = window.file(file);
        assert!(text.contains(marker) && !text.contains("Mine"), "{text}");
        window.ask(Command::CloseDialog);
        window.harness.run();
    }
}

#[test]
fn a_file_with_conflict_markers_keeps_its_tab_and_is_not_saved_over() {
    const FILE: &str = "pets/get-pets.yml";
    let mut window = Window::first_start();
    window.type_into("URL", "{{base}}/mine");
    let before = window.file(FILE);
    let folder = window.collection().join("pets");
    let count = fs::read_dir(&folder).expect("a folder").count();
    let conflict = before.replace(
        "  method: GET\n",
        "<<<<<<< HEAD\n  method: GET\n=======\n  method: PUT\n>>>>>>> theirs\n",
    );
    assert_ne!(conflict, before);
    fs::write(window.collection().join(FILE), &conflict).expect("writable");
    window.ask(Command::RereadCollection);
    window.until("it is said", |window| {
        window.shows("The file is left alone")
    });
    assert!(!window.shows("file is gone"));
    assert_eq!(window.tab().path, Some(item(FILE)));
    window.press(Modifiers::COMMAND, Key::S);
    window.until("it is refused", |window| {
        window.notices().iter().any(|n| n.contains("is damaged"))
    });
    assert!(window.harness.state().state().dialog.open.is_none());
    assert_eq!(window.file(FILE), conflict);
    // Mended as it was: what was typed meanwhile goes into it.
    fs::write(window.collection().join(FILE), &before).expect("writable");
    window.ask(Command::RereadCollection);
    window.until("it is whole again", |window| window.tab().damage.is_none());
    assert!(!window.shows("changed by another program"));
    window.save_until_clean();
    assert!(window.file(FILE).contains("{{base}}/mine"));
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), count);
}

impl Window {
    /// Types where the keyboard is.
    fn type_on(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.harness.run();
    }

    /// What stands in a field of one line.
    fn text_of(&self, field: &str) -> String {
        let node = self.harness.get_by_role_and_label(Role::TextInput, field);
        node.accesskit_node().value().unwrap_or_default()
    }

    fn has_keyboard(&self, role: Role, name: &str) -> bool {
        self.harness.get_by_role_and_label(role, name).is_focused()
    }

    fn click_at(&mut self, at: egui::Pos2) {
        self.harness.event(egui::Event::PointerMoved(at));
        for pressed in [true, false] {
            self.harness.event(egui::Event::PointerButton {
                pos: at,
                button: egui::PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            self.harness.run();
        }
    }

    /// Clicks beside a dialog.
    fn click_beside(&mut self) {
        self.click_at(egui::pos2(4.0, 500.0));
    }
}

#[test]
fn keys_are_added_from_the_first_key_press_to_the_last_without_the_pointer() {
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::P);
    window.click("Add keys…");
    let fields = [
        (Role::TextInput, "Name", "copy"),
        (Role::TextInput, "Access key id", practice::ACCESS_KEY_ID),
        (
            Role::PasswordInput,
            "Secret access key",
            practice::SECRET_ACCESS_KEY,
        ),
    ];
    for (at, (role, name, text)) in fields.into_iter().enumerate() {
        if at > 0 {
            window.press(Modifiers::NONE, Key::Tab);
        }
        assert!(window.has_keyboard(role, name), "{name}");
        window.type_on(text);
    }
    assert_eq!(window.text_of("Name"), "copy");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("the profile is listed", |window| {
        let list = &window.harness.state().state().profiles.list;
        list.iter().any(|profile| profile.name == "copy")
    });
    assert!(window.shows("Who am I as copy"), "back at the list");
    // What was typed is done with: nothing is asked.
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.shows("Who am I as copy"));
}

#[test]
fn each_dialogs_first_field_has_the_keyboard() {
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::P);
    window.click("Add role…");
    assert!(window.has_keyboard(Role::TextInput, "Name"));
    window.press(Modifiers::NONE, Key::Escape);
    window.press(Modifiers::COMMAND, Key::E);
    assert!(window.has_keyboard(Role::TextInput, "Variable 1 name"));
    window.press(Modifiers::NONE, Key::Escape);
    window.click("Collection settings…");
    assert!(window.has_keyboard(Role::TextInput, "Name"));
}

#[test]
fn enter_deletes_and_escape_does_not() {
    let mut window = Window::first_start();
    let path = window.collection().join("pets/get-pets.yml");
    let dialog = || {
        let path = countersign::collection::ItemPath("pets/get-pets.yml".into());
        Command::ShowDialog(countersign::state::Dialog::ConfirmDelete { path })
    };
    window.harness.state().send(dialog());
    window.harness.run();
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.harness.state().state().dialog.open, None);
    assert!(path.is_file());
    window.harness.state().send(dialog());
    window.harness.run();
    window.press(Modifiers::NONE, Key::Enter);
    window.until("the file is gone", |_| !path.is_file());
}

#[test]
fn typed_variables_are_not_lost_by_escape_nor_by_a_click_beside_the_dialog() {
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::E);
    window.type_into("New secret variable", "token");
    window.press(Modifiers::NONE, Key::Enter);
    assert!(
        window.has_keyboard(Role::PasswordInput, "Value of token"),
        "its value comes next"
    );
    window.type_on("hush");
    window.press(Modifiers::NONE, Key::Escape);
    assert!(window.shows("The changes are not saved"));
    // Escape takes the question back.
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.shows("The changes are not saved"));
    assert!(window.shows("Value of token"));
    for _ in 0..2 {
        window.click_beside();
        assert!(window.shows("The changes are not saved"));
        assert!(window.shows("Value of token"));
    }
    window.click("Keep editing");
    assert!(!window.shows("The changes are not saved"));
    window.click_role(Role::Button, "Close");
    window.click("Discard changes");
    assert!(!window.shows("Value of token"));
    assert!(!window.file("environments/practice.yml").contains("token"));
    // Untouched, it closes at once.
    window.press(Modifiers::COMMAND, Key::E);
    assert!(!window.shows("The changes are not saved"));
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.harness.state().state().dialog.open, None);
}

#[test]
fn a_click_beside_a_dialog_keeps_a_typed_name() {
    let mut window = Window::first_start();
    window.press(Modifiers::NONE, Key::F2);
    window.type_on("All pets");
    window.click_beside();
    assert_eq!(window.text_of("Name"), "All pets");
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.harness.state().state().dialog.open, None);
}

#[test]
fn refused_keys_stay_typed_and_the_dialog_says_why() {
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::P);
    window.click("Add keys…");
    window.type_on(practice::PROFILE);
    window.type_into("Access key id", practice::ACCESS_KEY_ID);
    let secret = practice::SECRET_ACCESS_KEY;
    window.type_into_role(Role::PasswordInput, "Secret access key", secret);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("it is refused", |window| {
        window.harness.state().state().dialog.refusal.is_some()
    });
    let refusal = window.harness.state().state().dialog.refusal.clone();
    let refusal = refusal.expect("a reason").message;
    assert!(window.shows(&refusal), "{refusal}");
    let state = window.harness.state().state();
    assert_eq!(state.notices.last(), [], "it is said once, where it counts");
    assert_eq!(window.text_of("Name"), practice::PROFILE);
    // Under another name it goes with what is still there.
    window.type_into("Name", "copy");
    window.click("Add keys");
    window.until("the profile is listed", |window| {
        let list = &window.harness.state().state().profiles.list;
        list.iter()
            .any(|profile| profile.name == "copy" && profile.unusable.is_none())
    });
    let key = SecretKey::ProfileKeys("copy".into());
    assert!(
        window
            .stored(&key)
            .is_some_and(|kept| kept.contains(secret))
    );
}

#[test]
fn without_a_keyring_the_profiles_say_that_keys_are_kept_until_exit() {
    const WORDS: &str = "Secrets are kept only until exit";
    let mut window = Window::first_start();
    window.press(Modifiers::COMMAND, Key::P);
    window.until("the list says so", |window| window.shows(WORDS));
    window.click("Add keys…");
    assert!(window.shows(WORDS), "before a key is typed");
    window.type_on("copy");
    window.type_into("Access key id", practice::ACCESS_KEY_ID);
    let secret = practice::SECRET_ACCESS_KEY;
    window.type_into_role(Role::PasswordInput, "Secret access key", secret);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("the notice says so too", |window| {
        window.shows("its keys are kept until exit")
    });
}

/// A clock that is set by hand.
struct SetClock(std::sync::Mutex<std::time::SystemTime>);

impl SetClock {
    fn pass(&self, seconds: u64) {
        *self.0.lock().expect("nobody panicked") += Duration::from_secs(seconds);
    }
}

impl countersign::engine::Clock for SetClock {
    fn now(&self) -> std::time::SystemTime {
        *self.0.lock().expect("nobody panicked")
    }
}

/// A window with a clock that is set by hand, and nothing open.
fn window_with_clock() -> (Harness<'static, App>, Arc<SetClock>, tempfile::TempDir) {
    let home = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(SetClock(std::time::SystemTime::now().into()));
    let mut ports = ports(home.path(), &Arc::default());
    ports.engine.clock = Arc::clone(&clock) as _;
    let start = Start {
        collection: Some(home.path().join("none")),
    };
    let mut harness = Harness::builder()
        .with_size([1000.0, 700.0])
        .allow_missing_glyphs()
        .renderer(SoftRenderer::default())
        .build_eframe(|cc| App::new(cc, ports, start).expect("the window starts"));
    let begin = Instant::now();
    while harness.state().state().notices.last().is_empty() {
        assert!(begin.elapsed() < PATIENCE, "it says that there is none");
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    harness.run();
    clock.pass(60);
    harness.run();
    assert_eq!(toasts(&harness), [] as [String; 0]);
    (harness, clock, home)
}

/// What the notices say, in the order of the alphabet.
fn toasts(harness: &Harness<'_, App>) -> Vec<String> {
    let mut shown: Vec<String> = harness
        .query_all_by_label_contains("Close the notice: ")
        .filter_map(|node| node.accesskit_node().label())
        .map(|label| label.replace("Close the notice: ", ""))
        .collect();
    shown.sort();
    shown.dedup();
    shown
}

fn failure(text: &str) -> countersign::state::Failure {
    countersign::state::Failure::new(text, None)
}

#[test]
fn notices_go_in_time_and_the_window_rests_after_them() {
    let (mut harness, clock, _home) = window_with_clock();
    for command in [
        Command::Notify(failure("first failure")),
        Command::Notify(failure("second failure")),
        Command::Say("well done".into()),
    ] {
        harness.state().send(command);
    }
    harness.run();
    assert_eq!(toasts(&harness), ["second failure", "well done"]);
    let next_frame = |harness: &Harness<'_, App>| {
        let viewports = &harness.output().viewport_output;
        viewports[&egui::ViewportId::ROOT].repaint_delay
    };
    assert!(next_frame(&harness) <= Duration::from_secs(6));
    clock.pass(5);
    harness.run();
    assert_eq!(toasts(&harness).len(), 2, "there is time to read");
    clock.pass(2);
    harness.run();
    assert_eq!(toasts(&harness), ["second failure"]);
    clock.pass(6);
    harness.run();
    assert_eq!(toasts(&harness), [] as [String; 0]);
    assert!(
        next_frame(&harness) > Duration::from_hours(1),
        "nothing is drawn any more: {:?}",
        next_frame(&harness)
    );
}

#[test]
fn a_failure_is_taken_back_by_the_success_that_follows() {
    let (mut harness, _clock, _home) = window_with_clock();
    let refused = Command::ProfilesChanged(Err(failure("the keyring is locked")));
    harness.state().send(refused);
    harness.run();
    assert_eq!(toasts(&harness), ["the keyring is locked"]);
    let done = Command::ProfilesChanged(Ok("Profile “copy” added".into()));
    harness.state().send(done);
    harness.run();
    assert_eq!(toasts(&harness), ["Profile “copy” added"]);
}

#[test]
fn a_folder_that_cannot_be_opened_stays_typed_with_the_reason() {
    let mut window = Window::first_start();
    let dialog = countersign::state::Dialog::OpenCollection;
    window.harness.state().send(Command::ShowDialog(dialog));
    window.harness.run();
    let folder = window.home.path().join("nowhere").display().to_string();
    window.type_on(&folder);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("it is refused", |window| {
        window.harness.state().state().dialog.refusal.is_some()
    });
    assert_eq!(window.text_of("Folder"), folder);
    let practice = window.collection().display().to_string();
    window.type_into("Folder", &practice);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("it is opened and the dialog closed", |window| {
        window.harness.state().state().dialog.open.is_none()
    });
}
