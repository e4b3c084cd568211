//! All widgets and both views, drawn dark and light into pictures, and driven by their names.

use std::path::PathBuf;
use std::time::Duration;

use countersign::collection::RequestContext;
use countersign::exchange::{DraftPreview, Exchange, SendError, SendErrorKind, SendStage};
use countersign::sigv4::{CanonicalPart, Echo, TraceOutcome};
use countersign::ui::response_view::{
    ResponseTab, ResponseViewAction, ResponseViewModel, ResponseViewState, response_view_ui,
};
use countersign::ui::signing_view::{
    PRESENTER_SCALE, SigningPart, SigningSource, SigningViewAction, SigningViewContext,
    SigningViewModel, SigningViewState, signing_view_ui,
};
use countersign::ui::theme::{self, Icon, Tokens};
use countersign::ui::widgets::{
    Banner, Button, CheckBox, CodeEditor, CodeLanguage, CodeView, Dialog, DropDown, EmptyState,
    IconButton, KeyValueChange, KeyValueRow, KeyValueTable, MenuItem, Rows, SecretField, Side,
    SpanKind, Split, Tab, TextField, TextSpan, Toasts, Tone, TreeRow, badge, chip, menu_separator,
    method_menu, note, section_heading, section_heading_with, segmented, tab_row,
};
use egui::accesskit::Role;
use egui::{Frame, Theme, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::sample_exchange;
use crate::support::soft_renderer::SoftRenderer;

/// Where a Linux system keeps a font with Korean letters, if it has one.
const KOREAN: [&str; 2] = [
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
];

fn set_up(ctx: &egui::Context) {
    theme::install(ctx);
    // The window asks the system for letters that its fonts lack; a test has no window.
    if let Some(bytes) = KOREAN.iter().find_map(|path| std::fs::read(path).ok()) {
        let families = [egui::FontFamily::Proportional, egui::FontFamily::Monospace]
            .into_iter()
            .map(|family| egui::epaint::text::InsertFontFamily {
                family,
                priority: egui::epaint::text::FontPriority::Lowest,
            })
            .collect();
        let font = egui::FontData::from_owned(bytes);
        ctx.add_font(egui::epaint::text::FontInsert::new(
            "Korean", font, families,
        ));
    }
}

fn harness<'a, S: 'a>(
    theme: Theme,
    size: [f32; 2],
    state: S,
    draw: impl FnMut(&mut Ui, &mut S) + 'a,
) -> Harness<'a, S> {
    let mut draw = draw;
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_max_steps(20)
        .allow_missing_glyphs()
        .with_context_setup(set_up)
        .renderer(SoftRenderer::default())
        .build_ui_state(
            move |ui, state| {
                let fill = Tokens::of(ui).surface;
                Frame::new().fill(fill).show(ui, |ui| {
                    ui.take_available_space();
                    draw(ui, state);
                });
            },
            state,
        );
    harness.run();
    harness
}

fn save<S>(harness: &mut Harness<'_, S>, name: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    std::fs::create_dir_all(&folder).unwrap();
    let picture = harness.render().unwrap();
    let first = *picture.get_pixel(0, 0);
    assert!(
        picture.pixels().any(|pixel| *pixel != first),
        "{name} is blank"
    );
    picture.save(folder.join(format!("{name}.png"))).unwrap();
}

fn for_both_themes(mut draw: impl FnMut(Theme, &str)) {
    draw(Theme::Dark, "dark");
    draw(Theme::Light, "light");
}

struct Lines(Vec<String>);

impl Rows for Lines {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn text(&self, row: usize) -> &str {
        &self.0[row]
    }

    fn number(&self, row: usize) -> Option<usize> {
        Some(row + 1)
    }
}

fn pets() -> Lines {
    let value = serde_json::json!({
        "pets": [
            {"id": 1, "name": "Rex", "type": "dog", "price": 249.99, "available": true},
            {"id": 2, "name": "나비", "type": "cat", "price": 124.5, "owner": null},
        ],
        "message": "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
        "next": "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets?page=2",
    });
    Lines(
        serde_json::to_string_pretty(&value)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect(),
    )
}

fn variables(text: &str) -> Vec<TextSpan> {
    countersign::template::segments(text)
        .into_iter()
        .filter_map(|segment| match segment {
            countersign::template::Segment::Variable { name, span } => Some(TextSpan {
                range: span,
                kind: if name == "unknown" {
                    SpanKind::UnknownVariable
                } else {
                    SpanKind::Variable
                },
                tip: Some(format!("{name} is known")),
            }),
            countersign::template::Segment::Literal(_) => None,
        })
        .collect()
}

struct Gallery {
    rows: Vec<KeyValueRow>,
    change: Option<KeyValueChange>,
    url: String,
    broken: String,
    secret: String,
    method: String,
    mode: u8,
    split: f32,
    body: String,
    is_on: bool,
    toasts: Toasts,
    closed: Vec<&'static str>,
    dialog: bool,
}

impl Default for Gallery {
    fn default() -> Self {
        let mut off = KeyValueRow::new(1, "x-debug", "1");
        off.enabled = false;
        let mut inherited = KeyValueRow::new(3, "x-team", "pets");
        inherited.lock = Some("from the collection".to_owned());
        let mut wrong = KeyValueRow::new(4, "bad header", "x");
        wrong.problem = Some("a header name has no spaces".to_owned());
        Self {
            rows: vec![
                KeyValueRow::new(0, "accept", "application/json"),
                off,
                KeyValueRow::new(2, "x-api-key", "{{apiKey}}"),
                inherited,
                wrong,
            ],
            change: None,
            url: "{{base}}/pets/{{unknown}}?type=dog&이름=나비".to_owned(),
            broken: "us-esat-1".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG".to_owned(),
            method: "POST".to_owned(),
            mode: 0,
            split: 0.3,
            body: "{\n  \"name\": \"{{petName}}\",\n  \"type\": \"dog\",\n  \"price\": 249.99\n}"
                .to_owned(),
            is_on: true,
            toasts: Toasts::default(),
            closed: Vec::new(),
            dialog: false,
        }
    }
}

fn side_bar(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.painter().rect_filled(ui.max_rect(), 0, t.surface_side);
    Frame::new()
        .inner_margin(egui::Margin::symmetric(12, 4))
        .show(ui, |ui| {
            section_heading_with(ui, "Collections", |ui| {
                ui.add(IconButton::new(Icon::Plus, "New collection").small());
                ui.add(IconButton::new(Icon::FolderOpen, "Open a folder").small());
            });
        });
    TreeRow::new("Practice")
        .expanded(true)
        .icon(Icon::Folder)
        .show(ui);
    for (method, name, status) in [
        ("GET", "List pets", 200),
        ("POST", "Add an order for a pet with a very long name", 201),
        ("PUT", "주문 수정 — 한국어 이름", 403),
        ("PATCH", "Rename", 0),
        ("DELETE", "Remove", 502),
    ] {
        let status_text = status.to_string();
        let mut row = TreeRow::new(name)
            .depth(1)
            .leading(method, t.method(method))
            .selected(method == "GET");
        if status > 0 {
            row = row.trailing(&status_text, t.status(status));
        }
        if method == "POST" {
            row = row.dot(t.accent, "changed");
        }
        row.show(ui);
    }
    TreeRow::new("Archive")
        .expanded(false)
        .icon(Icon::Folder)
        .show(ui);
    TreeRow::new("Broken file")
        .faded(true)
        .icon(Icon::FileX)
        .show(ui);
}

fn main_side(ui: &mut Ui, state: &mut Gallery) {
    Frame::new()
        .inner_margin(egui::Margin::symmetric(12, 0))
        .show(ui, |ui| {
            tab_row(ui, |ui| {
                let t = Tokens::of(ui);
                for (name, method, is_first) in
                    [("List pets", "GET", true), ("Add an order", "POST", false)]
                {
                    let tab = Tab::new(name)
                        .leading(method, t.method(method))
                        .selected(is_first)
                        .dot(!is_first, "changed")
                        .closable(true)
                        .show(ui);
                    if tab.close {
                        state.closed.push(name);
                    }
                }
                ui.add(IconButton::new(Icon::Plus, "New request").small());
            });
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                method_menu(ui, &mut state.method);
                let width = ui.available_width() - 108.0;
                ui.add(
                    TextField::new("URL", &mut state.url)
                        .code()
                        .highlight(&variables)
                        .width(width),
                );
                ui.add(
                    Button::primary("Send")
                        .icon(Icon::Send)
                        .min_width(96.0)
                        .tip("Send"),
                );
            });
            tab_row(ui, |ui| {
                for (index, (name, count)) in
                    [("Params", 1), ("Headers", 12), ("Auth", 0), ("Body", 0)]
                        .into_iter()
                        .enumerate()
                {
                    Tab::new(name).count(count).selected(index == 1).show(ui);
                }
            });
            let mark = Tokens::of(ui).provenance.header;
            let change = KeyValueTable::new("Header")
                .highlight(&variables)
                .mark(mark)
                .show(ui, &mut state.rows);
            state.change = change.or(state.change);
            ui.add_space(12.0);
            section_heading(ui, "Buttons");
            ui.horizontal_wrapped(|ui| {
                ui.add(Button::primary("Send").shortcut("Ctrl+Enter"));
                ui.add(Button::secondary("Save").icon(Icon::Save));
                ui.add(Button::ghost("Not now"));
                ui.add(Button::danger("Delete for ever"));
                ui.add(Button::secondary("Cannot").enabled(false));
                ui.add(
                    Button::primary("Cannot")
                        .enabled(false)
                        .name("Cannot either"),
                );
                ui.add(IconButton::new(Icon::Copy, "Copy"));
                ui.add(IconButton::new(Icon::WrapText, "Wrap").selected(true));
                ui.add(Button::secondary("small").small());
            });
            ui.horizontal_wrapped(|ui| {
                segmented(
                    ui,
                    "View",
                    &mut state.mode,
                    &[(0, "Pretty"), (1, "Raw"), (2, "Hex")],
                );
                badge(ui, "12");
                chip(ui, Tone::Accent, None, "live draft");
                chip(ui, Tone::Success, Some(Icon::Check), "as sent 10:12:03");
                chip(
                    ui,
                    Tone::Warning,
                    Some(Icon::TriangleAlert),
                    "expires 02:10",
                );
                chip(ui, Tone::Danger, None, "403");
                ui.add(CheckBox::new(&mut state.is_on, "Follow redirects"));
                DropDown::new("Environment", "practice")
                    .icon(Icon::Layers)
                    .show(ui, |ui| {
                        MenuItem::new("practice").checked(true).show(ui);
                        menu_separator(ui);
                        MenuItem::new("Delete")
                            .icon(Icon::Trash2)
                            .danger()
                            .shortcut("Del")
                            .show(ui);
                    });
            });
            ui.horizontal(|ui| {
                ui.add(SecretField::new("Secret access key", &mut state.secret).width(240.0));
                ui.add(
                    TextField::new("Region", &mut state.broken)
                        .problem(Some("no such region"))
                        .width(160.0),
                );
                let mut empty = String::new();
                ui.add(
                    TextField::new("Search", &mut empty)
                        .hint("Search 한국어")
                        .width(160.0),
                );
            });
            ui.add_space(8.0);
            Banner::danger("The signature does not match")
                .body("The gateway computed another canonical request: line 3 differs.")
                .show(ui, |ui| {
                    ui.add(Button::secondary("Show the line").small());
                });
            Banner::warning("No OS keyring: secrets are kept until the window closes.")
                .show_plain(ui);
            Banner::info("The practice gateway runs on 127.0.0.1:8787.").show_plain(ui);
            note(ui, "A note explains in one muted sentence.");
            ui.allocate_ui(egui::vec2(ui.available_width(), 132.0), |ui| {
                ui.add(
                    CodeEditor::new("Body", &mut state.body)
                        .language(CodeLanguage::Json)
                        .highlight(&variables),
                );
            });
        });
}

fn gallery(ui: &mut Ui, state: &mut Gallery) {
    let mut split = state.split;
    Split::horizontal("Side bar and main").show(ui, &mut split, |ui, side| match side {
        Side::First => side_bar(ui),
        Side::Second => main_side(ui, state),
    });
    state.split = split;
    state
        .toasts
        .show(ui.ctx(), std::time::SystemTime::UNIX_EPOCH);
    if state.dialog {
        let response = Dialog::new("Delete “List pets”?").show(ui.ctx(), |ui| {
            note(ui, "The file list-pets.yml is removed from the folder.");
            Dialog::footer(ui, |ui| {
                ui.add(Button::danger("Delete"));
                ui.add(Button::secondary("Keep"));
            });
        });
        state.dialog &= !response.closed;
    }
}

#[test]
fn pictures_of_the_widgets() {
    for_both_themes(|theme, name| {
        let mut harness = harness(theme, [1100.0, 900.0], Gallery::default(), gallery);
        harness
            .get_by_role_and_label(Role::TextInput, "URL")
            .focus();
        harness.run();
        save(&mut harness, &format!("widgets_{name}"));
        harness.state_mut().dialog = true;
        harness
            .state_mut()
            .toasts
            .add_with_action(Tone::Success, "Saved list-pets.yml", "Undo");
        harness
            .state_mut()
            .toasts
            .add(Tone::Danger, "The disk is full");
        harness.run();
        save(&mut harness, &format!("dialog_{name}"));
    });
}

#[test]
fn pictures_of_code_and_of_nothing() {
    for_both_themes(|theme, name| {
        let state = (pets(), 0.5_f32);
        let mut harness = harness(theme, [900.0, 480.0], state, |ui, (rows, split)| {
            Split::horizontal("Code and nothing").show(ui, split, |ui, side| match side {
                Side::First => CodeView::new("Body", rows)
                    .language(CodeLanguage::Json)
                    .show(ui),
                Side::Second => {
                    EmptyState::new("No answer yet.")
                        .detail("Send the request, or open the practice collection.")
                        .icon(Icon::Send)
                        .show(ui, |ui| {
                            ui.add(Button::primary("Send"));
                            ui.add(Button::secondary("Open practice"));
                        });
                }
            });
        });
        save(&mut harness, &format!("code_{name}"));
    });
}

fn echo_with(exchange: &Exchange, change: impl Fn(String) -> String) -> Echo {
    let steps = &exchange
        .signing
        .as_ref()
        .and_then(|record| record.trace.trace())
        .unwrap()
        .steps;
    Echo {
        canonical_request: change(steps.canonical_request.to_string()),
        string_to_sign: steps.string_to_sign.to_string(),
    }
}

fn signing_harness<'a>(
    theme: Theme,
    size: [f32; 2],
    exchange: &'a Exchange,
    echo: Option<&'a Echo>,
) -> Harness<'a, (SigningViewState, Option<SigningViewAction>)> {
    harness(
        theme,
        size,
        (SigningViewState::default(), None),
        move |ui, (state, last)| {
            let model = SigningViewModel::of_exchange(exchange, echo);
            let action = signing_view_ui(ui, &model, &SigningViewContext::default(), state);
            *last = action.or(last.take());
        },
    )
}

#[test]
fn pictures_of_the_signing_view() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let temporary = sample_exchange::exchange(&sample_exchange::temporary());
    let differs = echo_with(&exchange, |text| {
        text.replace("limit=10&note=a%20b&type=cat", "limit=10&note=a+b&type=cat")
    });
    let same = echo_with(&temporary, |text| text);
    let preview = sample_exchange::preview();
    for_both_themes(|theme, name| {
        let size = [560.0, 1500.0];
        let mut sent = signing_harness(theme, size, &exchange, Some(&differs));
        sent.state_mut().0.are_keys_shown = true;
        sent.run();
        save(&mut sent, &format!("signing_differs_{name}"));

        let mut sent = signing_harness(theme, size, &temporary, Some(&same));
        sent.state_mut().0.are_invisibles_shown = true;
        sent.run();
        save(&mut sent, &format!("signing_same_{name}"));

        let mut large = signing_harness(theme, [1280.0, 800.0], &exchange, None);
        large.state_mut().0.scale = PRESENTER_SCALE;
        large.state_mut().0.lit = vec![SigningPart::Request(CanonicalPart::Query)];
        large.run();
        save(&mut large, &format!("signing_large_{name}"));

        let state = SigningViewState::default();
        let mut draft = harness(theme, [400.0, 1000.0], state, |ui, state| {
            let model = SigningViewModel::Draft(&preview);
            signing_view_ui(ui, &model, &SigningViewContext::default(), state);
        });
        save(&mut draft, &format!("signing_draft_{name}"));
    });
}

#[test]
fn pictures_of_a_signing_view_that_has_no_steps_to_show() {
    let mut exchange = sample_exchange::exchange(&sample_exchange::examples());
    if let Some(record) = &mut exchange.signing {
        record.trace = TraceOutcome::Withheld {
            reason: "The steps derived here do not give the signature that was sent.".to_owned(),
        };
    }
    let mut custom = sample_exchange::draft();
    custom.url = "https://api.example.com/pets".to_owned();
    let mut broken = sample_exchange::draft();
    broken.url = "https://{{host}}/pets/{{petId}}".to_owned();
    let previews = [custom, broken].map(|draft| {
        let context = RequestContext::default();
        DraftPreview::of(&draft, &context, &[], None, sample_exchange::time())
    });
    for_both_themes(|theme, name| {
        let models = [
            SigningViewModel::Empty,
            SigningViewModel::NotSigned { auth: "Bearer" },
            SigningViewModel::Draft(&previews[0]),
            SigningViewModel::Draft(&previews[1]),
            SigningViewModel::of_exchange(&exchange, None),
        ];
        let state = (SigningViewState::default(), 0.5_f32);
        let mut all = harness(theme, [1000.0, 760.0], state, |ui, (state, _)| {
            tiles(ui, egui::vec2(480.0, 240.0), models.len(), |ui, index| {
                signing_view_ui(ui, &models[index], &SigningViewContext::default(), state);
            });
        });
        all.get_by_label("The steps are withheld");
        all.get_by_label("This request is not signed: its auth is Bearer.");
        save(&mut all, &format!("signing_states_{name}"));
    });
}

/// Draws several panes in two columns.
fn tiles(ui: &mut Ui, size: egui::Vec2, count: usize, mut draw: impl FnMut(&mut Ui, usize)) {
    let origin = ui.max_rect().min;
    for index in 0..count {
        let at = origin
            + egui::vec2(
                (index % 2) as f32 * (size.x + 20.0),
                (index / 2) as f32 * (size.y + 12.0),
            );
        let rect = egui::Rect::from_min_size(at, size);
        let mut pane = ui.new_child(egui::UiBuilder::new().id_salt(index).max_rect(rect));
        pane.shrink_clip_rect(rect);
        draw(&mut pane, index);
        let line = egui::Stroke::new(1.0, Tokens::of(ui).separator);
        ui.painter()
            .rect_stroke(rect, 0, line, egui::StrokeKind::Outside);
    }
}

#[test]
fn pictures_of_the_response_view() {
    let exchange = sample_exchange::exchange(&sample_exchange::temporary());
    let failed = SendError {
        stage: SendStage::Sending,
        kind: SendErrorKind::Connect {
            host: "127.0.0.1:8787".to_owned(),
            reason: "connection refused".to_owned(),
        },
        hint: Some("start the practice gateway, or check host and port of the URL".to_owned()),
    };
    for_both_themes(|theme, name| {
        let mut pages = vec![];
        for tab in [
            ResponseTab::Body,
            ResponseTab::Headers,
            ResponseTab::Sent,
            ResponseTab::Timeline,
        ] {
            pages.push((tab, ResponseViewModel::Done(&exchange)));
        }
        let body = ResponseTab::Body;
        pages.push((body, ResponseViewModel::Nothing));
        pages.push((
            body,
            ResponseViewModel::InFlight {
                stage: SendStage::Hashing,
                file: Some((412_000_000, 2_147_483_648)),
                received: 0,
                elapsed: Duration::from_millis(820),
                previous: None,
            },
        ));
        pages.push((
            body,
            ResponseViewModel::InFlight {
                stage: SendStage::Receiving,
                file: None,
                received: 48_200,
                elapsed: Duration::from_millis(1_240),
                previous: Some(&exchange),
            },
        ));
        pages.push((
            body,
            ResponseViewModel::Failed {
                error: &failed,
                previous: None,
            },
        ));
        // One picture of all, in two columns.
        let states: Vec<_> = pages
            .iter()
            .map(|(tab, _)| ResponseViewState {
                tab: *tab,
                ..ResponseViewState::default()
            })
            .collect();
        let mut all = harness(theme, [1180.0, 1560.0], states, |ui, states| {
            tiles(ui, egui::vec2(570.0, 376.0), pages.len(), |ui, index| {
                response_view_ui(ui, &pages[index].1, &mut states[index]);
            });
        });
        save(&mut all, &format!("response_{name}"));
    });
}

/// Every text that a screen reader is told: names, values, descriptions.
fn spoken<S>(harness: &Harness<'_, S>) -> String {
    let mut all = String::new();
    for node in harness.root().children_recursive() {
        let node = node.accesskit_node();
        for text in [node.label(), node.value(), node.description()] {
            all.push_str(&text.unwrap_or_default());
            all.push('\n');
        }
    }
    all
}

#[test]
fn typing_into_the_empty_row_makes_a_row_and_keeps_the_keyboard_there() {
    let rows = vec![KeyValueRow::new(7, "accept", "*/*")];
    let mut harness = harness(
        Theme::Dark,
        [600.0, 300.0],
        (rows, Vec::new()),
        |ui, (rows, changes)| {
            changes.extend(KeyValueTable::new("Header").show(ui, rows));
        },
    );
    let field = "Header 2 name";
    harness
        .get_by_role_and_label(Role::TextInput, field)
        .focus();
    harness.run();
    harness
        .get_by_role_and_label(Role::TextInput, field)
        .type_text("x");
    harness.run();
    harness
        .get_by_role_and_label(Role::TextInput, field)
        .type_text("-team");
    harness.run();
    {
        let (rows, changes) = harness.state();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].id, rows[1].name.as_str()), (8, "x-team"));
        assert!(rows[1].enabled);
        assert_eq!(
            changes.as_slice(),
            [KeyValueChange::Added(1), KeyValueChange::Edited(1)]
        );
    }
    assert!(
        harness
            .get_by_role_and_label(Role::TextInput, field)
            .is_focused()
    );
    // A new empty row stands below.
    harness.get_by_role_and_label(Role::TextInput, "Header 3 name");
    harness.get_by_label("Header 1 on").click();
    harness.run();
    assert!(!harness.state().0[0].enabled);
    harness.get_by_label("Remove Header 1").click();
    harness.run();
    let (rows, changes) = harness.state();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].name, "x-team");
    assert_eq!(changes.last(), Some(&KeyValueChange::Removed(0)));
}

#[test]
fn a_tab_is_chosen_by_its_name_and_closed_by_its_cross() {
    let mut harness = harness(
        Theme::Light,
        [600.0, 200.0],
        (0, Vec::new()),
        |ui, (chosen, closed)| {
            tab_row(ui, |ui| {
                for (index, name) in ["List pets", "Add an order"].into_iter().enumerate() {
                    let tab = Tab::new(name)
                        .selected(*chosen == index)
                        .dot(index == 1, "changed")
                        .closable(true)
                        .show(ui);
                    if tab.response.clicked() {
                        *chosen = index;
                    }
                    if tab.close {
                        closed.push(index);
                    }
                }
            });
        },
    );
    harness
        .get_by_role_and_label(Role::Tab, "Add an order, changed")
        .click();
    harness.run();
    assert_eq!(harness.state(), &(1, vec![]));
    harness.get_by_label("Close List pets").click();
    harness.run();
    assert_eq!(harness.state(), &(1, vec![0]), "closing does not choose");
}

#[test]
fn the_line_between_two_panes_is_dragged_and_moved_by_keys() {
    let mut harness = harness(Theme::Dark, [800.0, 300.0], 0.5_f32, |ui, split| {
        Split::horizontal("Left and right")
            .min_sizes(100.0, 200.0)
            .show(ui, split, |ui, _| {
                ui.label("pane");
            });
    });
    let line = harness.get_by_role_and_label(Role::Splitter, "Left and right");
    let from = line.rect().center();
    harness.drag_at(from);
    harness.run();
    harness.hover_at(from - egui::vec2(200.0, 0.0));
    harness.run();
    harness.drop_at(from - egui::vec2(200.0, 0.0));
    harness.run();
    let dragged = *harness.state();
    assert!((dragged - 0.245).abs() < 0.02, "{dragged}");
    harness
        .get_by_role_and_label(Role::Splitter, "Left and right")
        .focus();
    harness.run();
    harness.key_press(egui::Key::ArrowRight);
    harness.run();
    assert!((*harness.state() - dragged - 0.02).abs() < 0.001);
    // The least size of the right pane holds.
    for _ in 0..60 {
        harness.key_press(egui::Key::ArrowRight);
        harness.step();
    }
    assert!(*harness.state() < 0.76, "{}", harness.state());
}

#[test]
fn a_secret_is_never_told_and_cannot_be_copied() {
    let secret = "wJalrXUtnFEMI/K7MDENG";
    let mut harness = harness(
        Theme::Dark,
        [400.0, 200.0],
        secret.to_owned(),
        |ui, text| {
            ui.add(SecretField::new("Secret access key", text));
        },
    );
    assert!(!spoken(&harness).contains(secret));
    harness.get_by_label("Secret access key").focus();
    harness.run();
    harness.get_by_label("Secret access key").type_text("X");
    harness.run();
    assert_eq!(harness.state(), &format!("{secret}X"), "it is typed into");
    // Held, the eye shows the letters, but still tells them to nobody.
    let eye = harness.get_by_label("Hold to show Secret access key");
    let at = eye.rect().center();
    let shut = harness.render().unwrap();
    harness.drag_at(at);
    harness.run();
    let open = harness.render().unwrap();
    assert_ne!(shut, open, "the letters are seen while the eye is held");
    assert!(!spoken(&harness).contains(secret));
    harness.drop_at(at);
    harness.remove_cursor();
    harness.run();
    harness.get_by_label("Secret access key").focus();
    harness.run();
    harness.key_combination_modifiers(egui::Modifiers::COMMAND, &[egui::Key::A]);
    harness.event(egui::Event::Copy);
    harness.step();
    let copied = harness
        .output()
        .platform_output
        .commands
        .iter()
        .any(|command| matches!(command, egui::OutputCommand::CopyText(_)));
    assert!(!copied);
    // And nothing of it is left in the undo.
    harness.key_combination_modifiers(egui::Modifiers::COMMAND, &[egui::Key::Z]);
    harness.run();
    assert_eq!(harness.state(), &format!("{secret}X"));
}

#[test]
fn an_idle_gallery_draws_no_frames() {
    let mut harness = harness(Theme::Dark, [1100.0, 900.0], Gallery::default(), gallery);
    harness
        .get_by_role_and_label(Role::TextInput, "URL")
        .focus();
    // It would not settle if anything blinked, spun or faded.
    harness.run();
    assert!(harness.run() <= 2);
}

#[test]
fn a_step_is_copied_without_its_secrets_and_a_line_leads_to_its_source() {
    let exchange = sample_exchange::exchange(&sample_exchange::temporary());
    let mut harness = signing_harness(Theme::Dark, [600.0, 1400.0], &exchange, None);
    let told = spoken(&harness);
    assert!(!told.contains(sample_exchange::SESSION_TOKEN));
    assert!(told.contains("x-amz-security-token:••••••"));
    assert!(told.contains("host:a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"));
    for button in ["Copy step 1", "Copy step 5", "Copy all steps as text"] {
        if button.contains("all") {
            harness.get_by_label("More for the signing steps").click();
            harness.run();
        }
        harness.get_by_label(button).click();
        harness.run();
        let Some(SigningViewAction::Copy(text)) = harness.state_mut().1.take() else {
            panic!("{button} copies");
        };
        assert!(text.contains("x-amz-security-token"), "{text}");
        assert!(!text.contains(sample_exchange::SESSION_TOKEN), "{text}");
    }
    harness
        .get_by_label("host:a1b2c3d4e5.execute-api.us-east-1.amazonaws.com")
        .click();
    harness.run();
    harness.get_by_label("Show the URL").click();
    harness.run();
    assert_eq!(
        harness.state().1,
        Some(SigningViewAction::Reveal(SigningSource::Url))
    );
}

#[test]
fn the_line_that_the_gateway_saw_differently_is_named() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let echo = echo_with(&exchange, |text| text.replace("/prod/", "/test/"));
    let harness = signing_harness(Theme::Dark, [600.0, 1400.0], &exchange, Some(&echo));
    harness.get_by_label("Line 2 of the canonical request differs: path");
    harness.get_by_label("/test/pets/%25EB%2582%2598%25EB%25B9%2584");
    harness.get_by_label("gateway saw");

    let same = echo_with(&exchange, |text| text);
    let harness = signing_harness(Theme::Dark, [600.0, 1400.0], &exchange, Some(&same));
    harness.get_by_label("Canonical request and string to sign agree with the gateway's");
    assert!(harness.query_by_label("gateway saw").is_none());
}

#[test]
fn keys_of_example_credentials_are_shown_on_demand_only() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let trace = exchange.signing.as_ref().unwrap().trace.trace().unwrap();
    let key = hex::encode(*trace.key.hmac().unwrap().signing);
    let mut harness = signing_harness(Theme::Dark, [600.0, 1400.0], &exchange, None);
    assert!(!spoken(&harness).contains(&key));
    harness.get_by_label("Show the keys").click();
    harness.run();
    assert!(spoken(&harness).contains(&key));
}

#[test]
fn what_was_sent_is_shown_with_its_secrets_masked() {
    let exchange = sample_exchange::exchange(&sample_exchange::temporary());
    let state = (ResponseViewState::default(), None);
    let mut harness = harness(Theme::Dark, [700.0, 700.0], state, |ui, (state, last)| {
        let action = response_view_ui(ui, &ResponseViewModel::Done(&exchange), state);
        *last = action.or(last.take());
    });
    harness.get_by_label("200 OK");
    harness.get_by_label("Request as sent").click();
    harness.run();
    let told = spoken(&harness);
    for secret in [
        sample_exchange::SESSION_TOKEN,
        countersign::practice::API_KEY,
    ] {
        assert!(!told.contains(secret));
    }
    assert!(told.contains("x-api-key"));
    harness.get_by_label("Copy the request").click();
    harness.run();
    let Some(ResponseViewAction::Copy(text)) = harness.state_mut().1.take() else {
        panic!("the request is copied");
    };
    assert!(text.contains("x-api-key: ••••••"), "{text}");
    assert!(!text.contains(countersign::practice::API_KEY));
    harness.get_by_label("Response headers, 6").click();
    harness.run();
    assert!(!spoken(&harness).contains("hunter2"));
}

#[test]
fn a_sending_can_be_cancelled_and_a_failure_says_what_to_do() {
    let error = SendError {
        stage: SendStage::Credentials,
        kind: SendErrorKind::Credentials("the profile `dev` has no keys".to_owned()),
        hint: Some("choose another profile".to_owned()),
    };
    let before = sample_exchange::exchange(&sample_exchange::examples());
    let models = [
        ResponseViewModel::InFlight {
            stage: SendStage::Sending,
            file: None,
            received: 0,
            elapsed: Duration::from_millis(300),
            previous: Some(&before),
        },
        ResponseViewModel::Failed {
            error: &error,
            previous: None,
        },
    ];
    let state = (ResponseViewState::default(), 0, None);
    let mut harness = harness(
        Theme::Dark,
        [600.0, 300.0],
        state,
        |ui, (state, which, last)| {
            let action = response_view_ui(ui, &models[*which], state);
            *last = action.or(last.take());
        },
    );
    harness.get_by_label("Sending …");
    assert!(harness.query_by_label("Copy the body").is_none());
    harness.get_by_label("Cancel").click();
    harness.run();
    assert_eq!(harness.state().2, Some(ResponseViewAction::Cancel));
    harness.state_mut().1 = 1;
    harness.run();
    harness.get_by_label("There are no credentials to sign with. Nothing was sent.");
    harness.get_by_label("The profile “dev” has no keys.\nChoose another profile.");
    harness.get_by_label("Send again").click();
    harness.run();
    assert_eq!(harness.state().2, Some(ResponseViewAction::Send));
}

#[test]
fn a_long_text_is_drawn_in_part_and_copied_whole() {
    // More rows than are wrapped, and one that is far too wide.
    for count in [1_000, 60_000] {
        let mut lines: Vec<String> = (0..count).map(|row| format!("row {row}")).collect();
        lines[3] = "wide ".repeat(200);
        let rows = Lines(lines);
        let mut harness = harness(Theme::Dark, [500.0, 300.0], None, |ui, scroll_to| {
            CodeView::new("Long", &rows)
                .scroll_to(scroll_to.take())
                .show(ui);
        });
        harness.get_by_label("row 2");
        assert!(harness.query_by_label("row 400").is_none());
        *harness.state_mut() = Some(400);
        harness.run();
        harness.get_by_label("row 400").click_secondary();
        harness.run();
        harness.get_by_label("Copy all").click();
        harness.step();
        let copied = harness
            .output()
            .platform_output
            .commands
            .iter()
            .find_map(|command| match command {
                egui::OutputCommand::CopyText(text) => Some(text.clone()),
                _ => None,
            });
        assert_eq!(copied.as_deref(), Some(rows.0.join("\n").as_str()));
    }
}

#[test]
fn the_hash_under_the_pointer_lights_up_where_it_is_used() {
    let exchange = sample_exchange::exchange(&sample_exchange::examples());
    let trace = exchange.signing.as_ref().unwrap().trace.trace().unwrap();
    let hash = trace.steps.canonical_request_sha256.clone();
    let mut harness = signing_harness(Theme::Dark, [640.0, 1400.0], &exchange, None);
    let places: Vec<egui::Rect> = harness
        .get_all_by_label(&hash)
        .map(|node| node.rect())
        .collect();
    assert_eq!(places.len(), 2, "in step 1 and in step 2");
    // Left of the text, in the margin of its line.
    let probe = places[1].left_center() - egui::vec2(6.0, 0.0);
    let (x, y) = (probe.x.round() as u32, probe.y.round() as u32);
    let dark = *harness.render().unwrap().get_pixel(x, y);
    harness.hover_at(places[0].center());
    harness.run();
    let lit = *harness.render().unwrap().get_pixel(x, y);
    assert_ne!(dark, lit);

    let host = "host:a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
    let at = harness.get_by_label(host).rect().center();
    harness.hover_at(at);
    harness.run();
    assert_eq!(harness.state().0.hovered, [SigningPart::header("host")]);
}

#[test]
fn pictures_of_an_open_menu_and_of_what_has_the_keyboard() {
    for_both_themes(|theme, name| {
        let mut harness = harness(theme, [1100.0, 900.0], Gallery::default(), gallery);
        harness
            .get_by_role_and_label(Role::ComboBox, "Method")
            .click();
        harness.run();
        harness.get_by_role_and_label(Role::MenuItemRadio, "DELETE");
        harness.get_by_role_and_label(Role::Button, "Save").focus();
        harness.run();
        save(&mut harness, &format!("menu_{name}"));
        harness
            .get_by_role_and_label(Role::MenuItemRadio, "DELETE")
            .click();
        harness.run();
        assert_eq!(harness.state().method, "DELETE");
        assert!(
            harness
                .query_by_role_and_label(Role::MenuItemRadio, "DELETE")
                .is_none(),
            "the menu closes"
        );
    });
}

#[test]
fn a_method_that_is_not_listed_can_be_typed() {
    let mut harness = harness(
        Theme::Dark,
        [500.0, 400.0],
        "GET".to_owned(),
        |ui, method| {
            method_menu(ui, method);
        },
    );
    harness
        .get_by_role_and_label(Role::ComboBox, "Method")
        .click();
    harness.run();
    harness.get_by_label("Other method").click();
    harness.run();
    for letter in ["P", "U", "R", "G", "E"] {
        harness.get_by_label("Other method").type_text(letter);
        harness.run();
    }
    assert_eq!(harness.state(), "PURGE");
}
