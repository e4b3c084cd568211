//! Refused calls explained in the window: over the practice gateway, and from pasted texts.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::app::{App, AppPorts, NoDialogs, Start};
use countersign::collection::AuthSpec;
use countersign::credentials::{
    MemoryStore, PracticeSecrets, ProfilePlaces, Profiles, SecretStore,
};
use countersign::engine::{Ports, ReqwestTransport, SystemClock};
use countersign::explain::Mending;
use countersign::practice;
use countersign::state::{Command, ExchangeState, GatewayStatus};
use countersign::storage::Home;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::support::soft_renderer::SoftRenderer;

/// How long something may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

const FIELD: &str = "Pasted text";

/// A window on the practice collection, with the practice gateway on a port of its own.
struct Window {
    harness: Harness<'static, App>,
    home: tempfile::TempDir,
}

impl Window {
    fn start(size: [f32; 2]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let secrets: Arc<dyn SecretStore> = Arc::new(MemoryStore::default());
        let home = Home::at(folder.path());
        home.ensure().expect("a home");
        let places = ProfilePlaces {
            book: home.profiles_file(),
            aws_config: home.config_dir().join("aws-config"),
            aws_credentials: home.config_dir().join("aws-credentials"),
            sts_endpoint: None,
        };
        let profiles = Arc::new(Profiles::new(Arc::clone(&secrets), places));
        let ports = AppPorts {
            engine: Ports {
                secrets: Arc::new(PracticeSecrets::new(secrets)),
                credentials: Arc::clone(&profiles) as _,
                transport: Arc::new(ReqwestTransport::new().expect("TLS is set up")),
                clock: Arc::new(SystemClock),
            },
            profiles,
            home,
            dialogs: Arc::new(NoDialogs),
            gateway_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let harness = Harness::builder()
            .with_size(size)
            .with_max_steps(30)
            .allow_missing_glyphs()
            .renderer(SoftRenderer::default())
            .build_eframe(|cc| App::new(cc, ports, Start::default()).expect("the window starts"));
        let mut window = Self {
            harness,
            home: folder,
        };
        window.until("the gateway runs and a request is shown", |window| {
            let state = window.harness.state().state();
            matches!(state.gateway.status, GatewayStatus::Running { .. })
                && state.tabs.active().is_some()
                && !state.profiles.list.is_empty()
        });
        window
    }

    /// Draws frames until something is so.
    fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        loop {
            self.harness.step();
            if is_so(self) {
                self.harness.run();
                return;
            }
            assert!(
                begin.elapsed() < PATIENCE,
                "still not: {what}\n{:?}\n{:#?}",
                self.harness.state().state().notices,
                self.harness.state().state().explanations
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn shows(&self, text: &str) -> bool {
        self.harness
            .query_all_by_label_contains(text)
            .next()
            .is_some()
    }

    fn click(&mut self, name: &str) {
        self.harness
            .get_by_role_and_label(Role::Button, name)
            .click();
        self.harness.run();
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run();
    }

    fn send_and_wait_for(&mut self, status: u16) {
        self.press(Modifiers::COMMAND, Key::Enter);
        self.until_status(status);
    }

    fn until_status(&mut self, status: u16) {
        self.until("the answer is there", |window| {
            window.status() == Some(status)
        });
    }

    fn status(&self) -> Option<u16> {
        let state = self.harness.state().state();
        let tab = state.tabs.active()?.id;
        match &state.exchanges.of(tab)?.state {
            ExchangeState::Done(exchange) => Some(exchange.response.status),
            _ => None,
        }
    }

    /// The region that the request shown is signed for, as its own auth says.
    fn own_region(&self) -> Option<String> {
        match &self.harness.state().state().tabs.active()?.draft.auth {
            AuthSpec::AwsSigV4(aws) => Some(aws.region.clone()),
            _ => None,
        }
    }

    fn mend(&mut self, mending: Mending) {
        let tab = self
            .harness
            .state()
            .state()
            .tabs
            .active()
            .expect("a tab")
            .id;
        self.harness.state().send(Command::Mend { tab, mending });
        self.harness.run();
    }

    /// Opens the page of pasted texts with its shortcut, and pastes.
    fn paste(&mut self, text: &str) {
        self.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
        self.until("the field has the keyboard", |window| {
            window
                .harness
                .query_by_role_and_label(Role::MultilineTextInput, FIELD)
                .is_some_and(|field| field.is_focused())
        });
        self.harness.event(Event::Paste(text.to_owned()));
        self.harness.run();
        self.until("it was read", |window| {
            let explainer = &window.harness.state().state().explainer;
            explainer.answer().is_some() && !explainer.is_reading()
        });
    }

    /// The answer's text that was shown last.
    fn answer_text(&self) -> String {
        let state = self.harness.state().state();
        let tab = state.tabs.active().expect("a tab").id;
        let sending = state.exchanges.of(tab).expect("sent");
        let exchange = sending.shown().expect("an answer");
        exchange.response.body.text().expect("a text").to_owned()
    }
}

#[test]
fn a_wrong_region_is_explained_mended_by_one_button_and_taken_back() {
    let mut window = Window::start([1440.0, 900.0]);
    window.mend(Mending::Region("eu-west-1".into()));
    assert!(window.shows("Region set to eu-west-1"));
    window.send_and_wait_for(403);
    let button = "Set region to us-east-1 and send again";
    window.until("the explanation is shown", |window| window.shows(button));
    window.click(button);
    window.until_status(200);
    assert_eq!(window.own_region().as_deref(), Some("us-east-1"));
    assert!(
        !window.shows(button),
        "there is nothing to explain any more"
    );
    // The last notice takes its own mending back, and that one only.
    let undo = window
        .harness
        .query_all_by_role_and_label(Role::Button, "Undo")
        .next()
        .expect("the mending can be taken back");
    undo.click();
    window.harness.run();
    assert_eq!(window.own_region().as_deref(), Some("eu-west-1"));
}

#[test]
fn an_explanation_folds_away_and_stays_so() {
    let mut window = Window::start([1000.0, 700.0]);
    window.mend(Mending::Region("eu-west-1".into()));
    window.send_and_wait_for(403);
    let button = "Set region to us-east-1 and send again";
    window.until("the explanation is shown", |window| window.shows(button));
    let pane = window.harness.get_by_label("Hide the explanation").rect();
    let body = window
        .harness
        .get_by_role_and_label(Role::Tab, "Response body")
        .rect();
    let status = window.harness.get_by_label("403 Forbidden").rect();
    let (banner, whole) = (body.top() - pane.top(), 700.0 - status.top());
    assert!(
        banner < whole * 0.46,
        "the banner leaves the answer its room: {banner} of {whole}"
    );
    window.click("Hide the explanation");
    assert!(!window.shows(button));
    window.send_and_wait_for(403);
    window.until("it is told again, folded", |window| {
        window.shows("Show the explanation")
    });
    window.click("Show the explanation");
    assert!(window.shows(button));
}

/// The key id that signed the last call, and which call that was.
fn signer(window: &Window) -> Option<(countersign::exchange::ExchangeId, String)> {
    let state = window.harness.state().state();
    let tab = state.tabs.active()?.id;
    let ExchangeState::Done(exchange) = &state.exchanges.of(tab)?.state else {
        return None;
    };
    let trace = exchange.signing.as_ref()?.trace.trace()?;
    Some((exchange.id, trace.steps.access_key_id.clone()))
}

#[test]
fn renewing_credentials_begins_a_new_session_and_sends_with_it() {
    let mut window = Window::start([1440.0, 900.0]);
    let role = practice::ROLE_PROFILE.to_owned();
    window
        .harness
        .state()
        .send(Command::ChooseProfile(Some(role)));
    window.harness.run();
    window.send_and_wait_for(200);
    let (first, old_key) = signer(&window).expect("signed");
    window.press(Modifiers::COMMAND, Key::Enter);
    window.until("it was sent again", |window| {
        signer(window).is_some_and(|(id, _)| id != first)
    });
    let (second, same_key) = signer(&window).expect("signed");
    assert_eq!(old_key, same_key, "a session is kept while it lasts");
    window.mend(Mending::RenewCredentials);
    window.until("it was sent with a new session", |window| {
        signer(window).is_some_and(|(id, _)| id != second)
    });
    let (_, new_key) = signer(&window).expect("signed");
    assert_ne!(old_key, new_key);
    assert_eq!(window.status(), Some(200));
}

/// Goes on with the tab key until a button has the keyboard, and presses it.
fn press_by_keyboard(window: &mut Window, name: &str) {
    for _ in 0..120 {
        let button = window
            .harness
            .query_all_by_role_and_label(Role::Button, name)
            .next();
        if button.is_some_and(|button| button.is_focused()) {
            window.press(Modifiers::NONE, Key::Space);
            return;
        }
        window.press(Modifiers::NONE, Key::Tab);
    }
    panic!("the keyboard does not reach {name}");
}

/// Does the first command of a name.
fn by_palette(window: &mut Window, name: &str) {
    window.press(Modifiers::COMMAND, Key::K);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Find a command or request")
        .type_text(name);
    window.harness.run();
    window.press(Modifiers::NONE, Key::Enter);
}

#[test]
fn everything_by_keyboard_mend_undo_palette_and_open_as_request() {
    let mut window = Window::start([1440.0, 900.0]);
    window.mend(Mending::Region("eu-west-1".into()));
    window.send_and_wait_for(403);
    let button = "Set region to us-east-1 and send again";
    window.until("the explanation is shown", |window| window.shows(button));
    press_by_keyboard(&mut window, button);
    window.until_status(200);
    by_palette(&mut window, "undo the last");
    assert_eq!(window.own_region().as_deref(), Some("eu-west-1"));
    // The page is in the palette too.
    by_palette(&mut window, "explain");
    assert!(window.harness.state().state().explainer.is_shown());
    window.paste("curl -X DELETE https://abc123.execute-api.us-east-1.amazonaws.com/prod/pets/7");
    press_by_keyboard(&mut window, "Open as request");
    let tab = window.harness.state().state().tabs.active().expect("a tab");
    assert_eq!(tab.draft.method, "DELETE");
}

#[test]
fn a_pasted_refusal_shows_the_first_line_that_differs() {
    let mut window = Window::start([1440.0, 900.0]);
    window.mend(Mending::SetHeader {
        name: "x-note".into(),
        value: "나비 one".into(),
    });
    window.mend(Mending::Region("eu-west-1".into()));
    window.send_and_wait_for(403);
    let refusal = window.answer_text();
    assert!(
        refusal.contains("Canonical String") || refusal.contains("Credential"),
        "{refusal}"
    );
    // What somebody else's gateway computed from another query.
    let text = echo(&["GET", "/prod/pets", "type=cat"]);
    window.paste(&text);
    assert!(window.shows("The text does not hold the client’s own request"));
    window
        .harness
        .get_by_role_and_label(Role::RadioButton, "Compare with: Last call")
        .click();
    window.harness.run();
    window.until("it was compared", |window| {
        window.shows("The first line that differs: query")
    });
    assert!(window.shows("type=dog") && window.shows("type=cat"));
    assert!(window.shows("The gateway") && window.shows("The last call: GET"));
    assert!(window.shows("as if it were signed when the other side was"));
    assert!(!window.shows("explain takes your canonical request"));
    // Back to the request, and to the page again.
    window.press(Modifiers::CTRL, Key::Tab);
    assert!(!window.shows("The first line that differs"));
    window.press(Modifiers::CTRL | Modifiers::SHIFT, Key::Tab);
    assert!(window.shows("The first line that differs: query"));
    // Closing forgets.
    window.press(Modifiers::COMMAND, Key::W);
    assert!(!window.harness.state().state().explainer.is_open());
    window.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    assert!(!window.shows("The first line that differs"));
    let field = window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, FIELD);
    assert_eq!(field.value().unwrap_or_default(), "");
}

/// A 403 in which the gateway repeats what it computed, its first lines as given.
fn echo(first: &[&str]) -> String {
    let canonical = format!(
        "{}\\nhost:127.0.0.1\\nx-amz-date:20260102T030405Z\\n\\nhost;x-amz-date\\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        first.join("\\n")
    );
    format!(
        "{{\"message\":\"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\\n\\nThe Canonical String for this request should have been\\n'{canonical}'\\n\\nThe String-to-Sign should have been\\n'AWS4-HMAC-SHA256\\n20260102T030405Z\\n20260102/us-east-1/execute-api/aws4_request\\n{}'\\n\"}}",
        "0".repeat(64)
    )
}

#[test]
fn garbage_is_told_what_would_be_understood() {
    let mut window = Window::start([1000.0, 700.0]);
    window.paste("lorem ipsum dolor sit amet");
    assert!(window.shows("curl"), "what would be understood is told");
    assert!(
        !window.shows("lorem ipsum"),
        "and nothing of it is repeated"
    );
}

#[test]
fn a_second_paste_stands_behind_the_first() {
    let mut window = Window::start([1000.0, 700.0]);
    window.paste("{\"message\":\"Forbidden\"}");
    window.harness.event(Event::Paste("SECOND".to_owned()));
    window.harness.run();
    let field = window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, FIELD);
    assert_eq!(
        field.value().unwrap_or_default(),
        "{\"message\":\"Forbidden\"}SECOND"
    );
}

#[test]
fn a_presigned_url_that_is_over_is_told_with_the_draft_beside_it_too() {
    let mut window = Window::start([1440.0, 900.0]);
    window.paste(&format!(
        "https://abc123.execute-api.us-east-1.amazonaws.com/prod/pets?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20200102%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20200102T030405Z&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature={}",
        "0".repeat(64)
    ));
    assert!(window.shows("Why, by the text itself") && window.shows("it was signed"));
    window
        .harness
        .get_by_role_and_label(Role::RadioButton, "Compare with: Live draft")
        .click();
    window.harness.run();
    window.until("it was compared", |window| {
        window.shows("The live draft: GET")
    });
    assert!(window.shows("Why, by both sides") && window.shows("it was signed"));
}

#[test]
fn a_command_line_opens_as_a_request_and_nothing_of_it_is_written_down() {
    let mut window = Window::start([1440.0, 900.0]);
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    window.paste(&format!(
        "curl --aws-sigv4 aws:amz:us-east-1:execute-api --user AKIAIOSFODNN7EXAMPLE:{secret} -H 'x-pasted: pasted-value' 'https://abc123.execute-api.us-east-1.amazonaws.com/prod/pets?owner=나비'"
    ));
    window.click("Open as request");
    let state = window.harness.state().state();
    let tab = state.tabs.active().expect("a tab");
    assert!(
        tab.draft
            .url
            .starts_with("https://abc123.execute-api.us-east-1")
    );
    assert!(tab.is_dirty());
    assert!(!format!("{:?}", tab.draft).contains(secret));
    // Past the second after which drafts are written.
    let begin = Instant::now();
    window.until("drafts would have been written", |_| {
        begin.elapsed() > Duration::from_millis(1500)
    });
    let mut waiting = vec![window.home.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).expect("a file");
            let text = String::from_utf8_lossy(&bytes);
            for pasted in [secret, "pasted-value"] {
                assert!(!text.contains(pasted), "{} holds it", path.display());
            }
        }
    }
    assert!(files > 5, "the practice collection is there");
}

#[test]
fn ten_megabytes_do_not_hold_the_window_up() {
    let mut window = Window::start([1000.0, 700.0]);
    window.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    window.harness.run();
    let begin = Instant::now();
    window.harness.event(Event::Paste("x".repeat(10 << 20)));
    window.harness.run();
    assert!(
        begin.elapsed() < Duration::from_secs(10),
        "{:?}",
        begin.elapsed()
    );
    assert!(window.shows("10.0 MB"));
    // What can be edited here is laid out, and may take a moment.
    window.click("Clear the pasted text");
    let begin = Instant::now();
    window.harness.event(Event::Paste("나비 ".repeat(13_000)));
    window.harness.run();
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "{:?}",
        begin.elapsed()
    );
    // A long text that is read is not laid out.
    let long = format!(
        "{{\"message\":\"Forbidden\",\"padding\":\"{}\"}}",
        "나".repeat(400_000)
    );
    let begin = Instant::now();
    window.click("Clear the pasted text");
    window.harness.event(Event::Paste(long));
    window.harness.run();
    assert!(
        begin.elapsed() < Duration::from_secs(10),
        "{:?}",
        begin.elapsed()
    );
    window.until("it is explained", |window| {
        matches!(
            window.harness.state().state().explainer.answer(),
            Some(Ok(_))
        )
    });
    assert!(window.shows("1.1 MB") || window.shows("1.2 MB"));
}
