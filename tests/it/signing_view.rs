//! The signing view: what it links, what it tells, what it compares and what it lets out.

use countersign::collection::{Body, RequestContext, Variable};
use countersign::exchange::{DraftPreview, Exchange, SigningExport, SigningExportFormat};
use countersign::practice;
use countersign::sigv4::{CanonicalPart, Credentials};
use countersign::ui::signing_view::{
    SigningMode, SigningPart, SigningSource, SigningViewAction, SigningViewContext,
    SigningViewModel, SigningViewState, signing_view_ui,
};
use countersign::ui::theme::{self, Tokens};
use egui::{Frame, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::sample_exchange;
use crate::support::soft_renderer::SoftRenderer;

type View<'a> = Harness<'a, (SigningViewState, Option<SigningViewAction>)>;

/// The view of a model, with what it may be compared with.
fn view<'a>(
    size: [f32; 2],
    model: SigningViewModel<'a>,
    context: SigningViewContext<'a>,
) -> View<'a> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(Theme::Dark)
        .with_max_steps(20)
        .allow_missing_glyphs()
        .with_context_setup(theme::install)
        .renderer(SoftRenderer::default())
        .build_ui_state(
            move |ui, (state, last): &mut (SigningViewState, Option<SigningViewAction>)| {
                Frame::new().fill(Tokens::of(ui).surface).show(ui, |ui| {
                    ui.take_available_space();
                    let action = signing_view_ui(ui, &model, &context, state);
                    *last = action.or(last.take());
                });
            },
            (SigningViewState::default(), None),
        );
    harness.run();
    harness
}

fn sent_view(exchange: &Exchange) -> View<'_> {
    view(
        [640.0, 1900.0],
        SigningViewModel::of_exchange(exchange, None),
        SigningViewContext::default(),
    )
}

/// All that is told to screen readers.
fn told(view: &View<'_>) -> String {
    let mut out = String::new();
    let mut waiting = vec![view.root()];
    while let Some(node) = waiting.pop() {
        for text in [node.accesskit_node().label(), node.accesskit_node().value()] {
            out.push_str(&text.unwrap_or_default());
            out.push('\n');
        }
        waiting.extend(node.children());
    }
    out
}

fn request_part(part: CanonicalPart) -> SigningPart {
    SigningPart::Request(part)
}

const HOST_LINE: &str = "host:a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";

#[test]
fn a_line_under_the_pointer_tells_what_it_is_about() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let mut view = sent_view(&exchange);
    for (line, part) in [
        ("POST", request_part(CanonicalPart::Method)),
        (HOST_LINE, SigningPart::header("host")),
        ("x-team:pets", SigningPart::header("x-team")),
        ("AWS4-HMAC-SHA256", SigningPart::Algorithm),
        ("20150830T101203Z", SigningPart::Time),
        (
            "HMAC-SHA256(kDate, \"us-east-1\")",
            SigningPart::Key("kRegion"),
        ),
    ] {
        let place = view.get_by_label(line).rect().center();
        view.hover_at(place);
        view.run();
        assert_eq!(view.state().0.hovered.first(), Some(&part), "{line}");
    }
    // The scope holds region, service and day.
    let place = view
        .get_by_label("20150830/us-east-1/execute-api/aws4_request")
        .rect()
        .center();
    view.hover_at(place);
    view.run();
    assert_eq!(
        view.state().0.hovered,
        [SigningPart::Region, SigningPart::Service, SigningPart::Time]
    );
}

/// The colour in the margin of a line.
fn margin_of(view: &mut View<'_>, line: egui::Rect) -> [u8; 4] {
    let probe = line.left_center() - egui::vec2(5.0, 0.0);
    let picture = view.render().unwrap();
    picture
        .get_pixel(probe.x.round() as u32, probe.y.round() as u32)
        .0
}

#[test]
fn what_is_pointed_at_elsewhere_lights_its_lines_and_no_others() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let mut view = sent_view(&exchange);
    let rects = |view: &View<'_>, label: &str| -> Vec<egui::Rect> {
        view.get_all_by_label(label)
            .map(|node| node.rect())
            .collect()
    };
    let (host, team) = (rects(&view, HOST_LINE)[0], rects(&view, "x-team:pets")[0]);
    let dark = margin_of(&mut view, host);
    view.state_mut().0.lit = vec![SigningPart::header("x-team")];
    view.run();
    assert_eq!(margin_of(&mut view, host), dark);
    assert_ne!(margin_of(&mut view, team), dark);
    // The signature lights up in the header that carries it.
    let signature = {
        let signing = exchange.signing.as_ref().unwrap();
        signing.trace.trace().unwrap().signature.clone()
    };
    let in_header = rects(&view, &format!("Signature={signature}"))[0];
    let dark = margin_of(&mut view, in_header);
    let place = rects(&view, &signature)[0].center();
    view.hover_at(place);
    view.run();
    assert_ne!(margin_of(&mut view, in_header), dark);
}

#[test]
fn a_line_leads_to_its_source_and_a_hash_to_the_step_that_made_it() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let mut view = sent_view(&exchange);
    for (line, source) in [
        ("x-team:pets", SigningSource::HeaderRow(2)),
        (HOST_LINE, SigningSource::Url),
        ("POST", SigningSource::Method),
        ("content-type:application/json", SigningSource::Body),
        (
            "20150830/us-east-1/execute-api/aws4_request",
            SigningSource::Auth,
        ),
    ] {
        view.get_by_label(line).click();
        view.run();
        assert_eq!(view.state_mut().1.take(), None, "{line} is opened first");
        let leads = match source {
            SigningSource::HeaderRow(_) => "Show the header",
            SigningSource::Url => "Show the URL",
            SigningSource::Method => "Show the method",
            SigningSource::Body => "Show the body",
            _ => "Show the auth",
        };
        view.get_by_role_and_label(egui::accesskit::Role::Button, leads)
            .click();
        view.run();
        assert_eq!(
            view.state_mut().1.take(),
            Some(SigningViewAction::Reveal(source)),
            "{line}"
        );
        view.get_by_label(line).click();
        view.run();
        assert!(view.query_by_label(leads).is_none(), "{line} is closed");
    }
    let unsigned = view
        .get_all_by_label_contains("accept")
        .find(|node| {
            let label = node.accesskit_node().label().unwrap_or_default();
            label.starts_with("accept: From header row 1; not signed")
        })
        .expect("the reason is told")
        .rect()
        .center();
    view.hover_at(unsigned);
    view.run();
    assert_eq!(view.state().0.hovered, [SigningPart::header("accept")]);
    // Line 4 of step 2 leads to step 1, where the keyboard goes on.
    let hash = {
        let signing = exchange.signing.as_ref().unwrap();
        signing
            .trace
            .trace()
            .unwrap()
            .steps
            .canonical_request_sha256
            .clone()
    };
    let places: Vec<_> = view.get_all_by_label(&hash).map(|n| n.rect()).collect();
    view.hover_at(places[1].center());
    view.get_all_by_label(&hash).nth(1).unwrap().click();
    view.run();
    view.get_by_label("Go to step 1").click();
    view.run();
    assert_eq!(view.state_mut().1.take(), None);
    let hash_lines: Vec<_> = view
        .get_all_by_label_contains("It stands in line 4 of step 2.")
        .collect();
    let focused = hash_lines.first().expect("the line of step 1");
    assert!(focused.is_focused());
    assert!(focused.rect().contains(places[0].center()));
}

#[test]
fn a_lines_rule_and_reason_are_opened_with_the_keyboard() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let mut view = sent_view(&exchange);
    let rule = "The names of the headers above in the same order, joined by ;. The gateway takes these, and only these, from what arrives.";
    assert!(view.query_by_label(rule).is_none());
    view.get_by_label("signed headers: From the header lines above.")
        .focus();
    view.run();
    assert_eq!(
        view.state().0.hovered.first(),
        Some(&request_part(CanonicalPart::SignedHeaders)),
        "the line with the keyboard lights up what belongs to it"
    );
    view.key_press(Key::Enter);
    view.run();
    view.get_by_label(rule);
    view.get_by_label("AWS: canonical request");
    view.get_by_label("Copy the line").click();
    view.run();
    let Some(SigningViewAction::Copy(text)) = view.state_mut().1.take() else {
        panic!("the line is copied");
    };
    assert_eq!(text, "content-type;host;x-amz-date;x-team");
    view.get_by_label("Show the headers").click();
    view.run();
    assert_eq!(
        view.state_mut().1.take(),
        Some(SigningViewAction::Reveal(SigningSource::Headers))
    );
    view.get_by_label("signed headers: From the header lines above.")
        .focus();
    view.key_press(Key::Space);
    view.run();
    assert!(view.query_by_label(rule).is_none(), "and closed again");
}

#[test]
fn the_keyboard_stays_on_a_line_that_is_opened_under_another_open_one() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let mut view = sent_view(&exchange);
    let method = "method: From the method of the request.";
    view.get_by_label("POST").click();
    view.run();
    assert!(
        view.get_by_label(method).is_focused(),
        "a click gives a line the keyboard"
    );
    let headers = "signed headers: From the header lines above.";
    view.get_by_label(headers).focus();
    view.run();
    view.key_press(Key::Enter);
    view.run();
    assert!(
        view.get_by_label(headers).is_focused(),
        "and Return keeps it"
    );
    assert!(view.query_by_label("Show the method").is_none());
    view.get_by_label("Show the headers");
}

#[test]
fn the_page_of_a_rule_opens_in_the_browser_only_when_it_is_pressed() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let mut view = sent_view(&exchange);
    view.get_by_label("method: From the method of the request.")
        .focus();
    view.key_press(Key::Enter);
    view.run();
    view.get_by_label("RFC 9110 §9.1: methods").click();
    view.step();
    let opened: Vec<String> = view
        .output()
        .platform_output
        .commands
        .iter()
        .filter_map(|command| match command {
            egui::OutputCommand::OpenUrl(open) => Some(open.url.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(
        opened,
        ["https://www.rfc-editor.org/rfc/rfc9110#section-9.1"]
    );
}

#[test]
fn keys_that_are_no_examples_are_shown_after_a_warning_and_never_copied() {
    let exchange = sample_exchange::exchange(&sample_exchange::temporary());
    let trace = exchange.signing.as_ref().unwrap().trace.trace().unwrap();
    let key = hex::encode(*trace.key.hmac().unwrap().signing);
    let mut view = sent_view(&exchange);
    view.get_by_label("Show the keys…").click();
    view.run();
    view.get_by_label(
        "Whoever sees kSigning can sign for us-east-1/execute-api until the day of the scope ends.",
    );
    assert!(!told(&view).contains(&key));
    view.get_by_label("Keep them hidden").click();
    view.run();
    assert!(!told(&view).contains(&key));
    view.get_by_label("Show the keys…").click();
    view.run();
    view.get_by_label("Show the keys").click();
    view.run();
    assert!(told(&view).contains(&key));
    view.get_by_label("Copy step 3").click();
    view.run();
    let Some(SigningViewAction::Copy(text)) = view.state_mut().1.take() else {
        panic!("step 3 is copied");
    };
    assert!(text.contains("kSigning") && !text.contains(&key), "{text}");
    // Another signature: they are hidden again.
    view.state_mut().0.version += 1;
    view.run();
    assert!(!told(&view).contains(&key));
}

#[test]
fn invisible_characters_and_lengths_are_shown_on_demand() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let mut view = sent_view(&exchange);
    assert!(view.query_by_label("POST↵").is_none());
    view.get_by_label("Show invisible characters").click();
    view.run();
    view.get_by_label("POST↵");
    let trace = exchange.signing.as_ref().unwrap().trace.trace().unwrap();
    let bytes = trace.steps.canonical_request.to_string().len();
    view.get_by_label(&format!("10 lines, {bytes} bytes"));
}

/// Another sending of the sample: another path, one header gone.
fn changed_exchange() -> Exchange {
    let mut draft = sample_exchange::draft();
    draft.url = draft.url.replace("/pets/", "/dogs/");
    draft.headers.retain(|row| row.name != "x-team");
    sample_exchange::exchange_of(&draft, &sample_exchange::examples())
}

#[test]
fn what_changed_since_the_previous_send_is_named_and_marked() {
    let before = sample_exchange::exchange(&sample_exchange::examples());
    let now = changed_exchange();
    let context = SigningViewContext {
        modes: &[SigningMode::Draft, SigningMode::Sent, SigningMode::Previous],
        other: Some((
            "previous send",
            SigningViewModel::of_exchange(&before, None),
        )),
        caution: None,
    };
    let model = SigningViewModel::of_exchange(&now, None);
    let mut view = view([640.0, 1900.0], model, context);
    view.get_by_label("Differs from the previous send: path, signed headers, x-team");
    let old = "/prod/pets/%25EB%2582%2598%25EB%25B9%2584";
    assert!(view.query_by_label(old).is_none());
    view.get_by_label("Mark what changed").click();
    view.run();
    view.get_by_label(old);
    view.get_by_label("x-team:pets");
    view.get_by_label("Signature shown: Previous").click();
    view.run();
    assert_eq!(view.state().0.mode, SigningMode::Previous);
}

#[test]
fn the_same_request_again_differs_only_in_the_time() {
    let before = sample_exchange::exchange(&sample_exchange::examples());
    let now = sample_exchange::exchange(&sample_exchange::examples());
    let other = (
        "previous send",
        SigningViewModel::of_exchange(&before, None),
    );
    let context = SigningViewContext {
        other: Some(other),
        ..SigningViewContext::default()
    };
    let model = SigningViewModel::of_exchange(&now, None);
    let same = view([640.0, 1900.0], model, context);
    same.get_by_label("The same as the previous send");
    assert!(same.query_by_label("Mark what changed").is_none());
}

#[test]
fn steps_of_an_earlier_sending_say_so() {
    let before = sample_exchange::exchange(&sample_exchange::examples());
    let caution =
        "The last sending ended without an answer. These are the steps of the one before it.";
    let context = SigningViewContext {
        caution: Some(caution),
        ..SigningViewContext::default()
    };
    let view = view(
        [640.0, 1900.0],
        SigningViewModel::of_exchange(&before, None),
        context,
    );
    view.get_by_label(caution);
}

#[test]
fn exports_hold_all_steps_and_no_secret() {
    let temporary = sample_exchange::exchange(&sample_exchange::temporary());
    let examples = sample_exchange::exchange(&sample_exchange::examples());
    let preview = sample_exchange::preview();
    let secret_key = sample_exchange::temporary().secret_access_key;
    let exports = [
        SigningExport::of_exchange(&temporary).unwrap(),
        SigningExport::of_exchange(&examples).unwrap(),
        SigningExport::of_draft(&preview).unwrap(),
    ];
    for (index, export) in exports.iter().enumerate() {
        for format in [SigningExportFormat::Markdown, SigningExportFormat::Json] {
            let text = export.text(format);
            for secret in [
                sample_exchange::SESSION_TOKEN,
                practice::API_KEY,
                practice::SECRET_ACCESS_KEY,
                secret_key.expose(),
            ] {
                assert!(!text.contains(secret), "{index} {format:?}\n{text}");
            }
            for part in [
                "limit=10&note=a%20b&type=cat",
                "x-team:pets",
                "AWS4-HMAC-SHA256",
                "20150830/us-east-1/execute-api/aws4_request",
            ] {
                assert!(text.contains(part), "{index} {format:?} {part}\n{text}");
            }
        }
    }
    let chain = |exchange: &Exchange| {
        let trace = exchange.signing.as_ref().unwrap().trace.trace().unwrap();
        let key = trace.key.hmac().unwrap();
        [&key.date, &key.region, &key.service, &key.signing].map(|key| hex::encode(**key))
    };
    for format in [SigningExportFormat::Markdown, SigningExportFormat::Json] {
        let [temporary_text, examples_text] =
            [&exports[0], &exports[1]].map(|export| export.text(format));
        for key in chain(&temporary) {
            assert!(!temporary_text.contains(&key), "{format:?}");
        }
        for key in chain(&examples) {
            assert!(examples_text.contains(&key), "{format:?}");
        }
    }
}

#[test]
fn the_json_export_can_be_checked_with_its_own_numbers() {
    let mut draft = sample_exchange::draft();
    draft.headers.retain(|row| row.name != "x-api-key");
    let exchange = sample_exchange::exchange_of(&draft, &sample_exchange::examples());
    let export = SigningExport::of_exchange(&exchange).unwrap();
    let text = export.text(SigningExportFormat::Json);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let get = |name: &str| json[name].as_str().unwrap();
    let hash = countersign::sigv4::hash_hex(get("canonical_request").as_bytes());
    assert_eq!(hash, get("canonical_request_sha256"));
    assert!(get("string_to_sign").ends_with(&hash));
    assert!(json.get("canonical_request_masked").is_none());
    assert_eq!(get("state"), "sent");
    let authorization = json["added"]
        .as_array()
        .unwrap()
        .iter()
        .find(|pair| pair[0] == "authorization")
        .unwrap();
    assert!(
        authorization[1]
            .as_str()
            .unwrap()
            .ends_with(get("signature"))
    );
    assert_eq!(
        export.file_name(SigningExportFormat::Json),
        "signing-20150830T101203Z.json"
    );
}

#[test]
fn a_draft_that_is_not_signed_has_nothing_to_export() {
    let mut draft = sample_exchange::draft();
    draft.auth = countersign::collection::AuthSpec::None;
    let context = RequestContext::default();
    let preview = DraftPreview::of(&draft, &context, &[], None, sample_exchange::time());
    assert!(SigningExport::of_draft(&preview).is_none());
}

#[test]
fn an_idle_page_draws_no_frames_and_is_put_together_once() {
    let mut draft = sample_exchange::draft();
    draft.body = Body::Text("x".repeat(1 << 20));
    let context = RequestContext::default();
    let preview = DraftPreview::of(&draft, &context, &[], None, sample_exchange::time());
    let mut view = view(
        [400.0, 700.0],
        SigningViewModel::Draft(&preview),
        SigningViewContext::default(),
    );
    assert!(view.run() <= 2);
    view.get_by_label("body: From the body, 1048576 bytes.")
        .focus();
    view.run();
    assert!(view.run() <= 2);
    view.key_press_modifiers(Modifiers::NONE, Key::Tab);
    view.run();
}

/// A sending of the sample that is signed in another way.
fn signed_by(choices: &[(&str, &str)], credentials: &Credentials) -> Exchange {
    let mut draft = sample_exchange::draft();
    draft.variables = choices
        .iter()
        .map(|(name, value)| Variable::plain(*name, *value))
        .collect();
    sample_exchange::exchange_of(&draft, credentials)
}

#[test]
fn a_presigned_url_is_shown_with_what_signing_added_to_the_query() {
    let choices = [("sigv4.placement", "query")];
    let exchange = signed_by(&choices, &sample_exchange::temporary());
    let trace = exchange.signing.as_ref().unwrap().trace.trace().unwrap();
    let view = sent_view(&exchange);
    view.get_by_label("Added to the query");
    view.get_by_label("X-Amz-Date=20150830T101203Z");
    view.get_by_label("X-Amz-Security-Token=••••••");
    view.get_by_label(&format!("X-Amz-Signature={}", trace.signature));
    let told = told(&view);
    assert!(told.contains("X-Amz-Signature="));
    assert!(!told.contains(sample_exchange::SESSION_TOKEN));
    // What API Gateway makes of the time is said at the line that it is about.
    view.get_by_label_contains("API Gateway does not heed X-Amz-Expires");
    for format in [SigningExportFormat::Markdown, SigningExportFormat::Json] {
        let text = SigningExport::of_exchange(&exchange).unwrap().text(format);
        assert!(text.contains("X-Amz-SignedHeaders"), "{text}");
        assert!(!text.contains(sample_exchange::SESSION_TOKEN), "{text}");
    }
}

#[test]
fn a_key_pair_shows_its_public_half_and_guards_the_private_one() {
    let choices = [("sigv4.algorithm", "v4a")];
    let exchange = signed_by(&choices, &sample_exchange::temporary());
    let trace = exchange.signing.as_ref().unwrap().trace.trace().unwrap();
    let pair = trace.key.ecdsa().expect("a key pair");
    let private = hex::encode(*pair.private);
    let mut view = sent_view(&exchange);
    view.get_by_label("Key pair");
    for public in [pair.public_x, pair.public_y] {
        view.get_by_label(&hex::encode(public));
    }
    assert!(!told(&view).contains(&private));
    view.get_by_label("Show the keys…").click();
    view.run();
    view.get_by_label("Whoever sees the private key can sign as long as the access key lives.");
    view.get_by_label("Keep them hidden").click();
    view.run();
    for format in [SigningExportFormat::Markdown, SigningExportFormat::Json] {
        let text = SigningExport::of_exchange(&exchange).unwrap().text(format);
        assert!(text.contains(&hex::encode(pair.public_x)), "{text}");
        assert!(!text.contains(&private), "{text}");
    }
}
