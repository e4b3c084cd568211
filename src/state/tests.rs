//! The reducer as a whole: commands in, state and effects out.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::exchanges::tests::finished;
use super::*;
use crate::collection::{
    Collection, Damage, Environment, Item, ItemPath, RequestDraft, RequestFile, SecretRef, Variable,
};
use crate::exchange::{ExchangeId, SendJob};
use crate::practice;
use crate::secret::SecretString;

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

fn request(path: &str, url: &str) -> Item {
    Item::Request(Box::new(RequestFile {
        path: ItemPath(path.into()),
        draft: RequestDraft {
            url: url.into(),
            ..RequestDraft::new(path)
        },
    }))
}

pub(super) fn collection() -> Box<Collection> {
    Box::new(Collection {
        id: "c-1".into(),
        name: "pets".into(),
        items: vec![
            request("a.yml", "http://h/a?x=1"),
            request("b.yml", "{{base}}/b"),
        ],
        environments: vec![
            Environment {
                name: "dev".into(),
                variables: vec![
                    Variable::plain("base", "http://dev"),
                    Variable::secret("key"),
                ],
            },
            Environment {
                name: "prod".into(),
                variables: vec![Variable::plain("base", "http://prod")],
            },
        ],
        ..Collection::default()
    })
}

pub(super) fn folder() -> PathBuf {
    PathBuf::from("/c")
}

/// A state with the collection open and `a.yml` in a tab.
pub(super) fn opened() -> (AppState, TabId) {
    let mut state = AppState::new(Settings::default());
    assert_eq!(
        state.handle(Command::OpenCollection(folder()), NOW),
        [Effect::OpenCollection(folder())]
    );
    let result = Ok(collection());
    state.handle(
        Command::CollectionOpened {
            folder: folder(),
            result,
        },
        NOW,
    );
    state.handle(Command::OpenRequest(ItemPath("a.yml".into())), NOW);
    let tab = state.tabs.active().unwrap().id;
    (state, tab)
}

fn edit(state: &mut AppState, tab: TabId, url: &str) {
    let tab = state.tabs.get_mut(tab).unwrap();
    tab.draft.url = url.into();
    tab.draft.params_from_url();
    tab.touch();
}

fn started(effects: &[Effect]) -> &SendJob {
    match effects {
        [Effect::StartSend(job)] => job,
        other => panic!("no sending: {other:?}"),
    }
}

#[test]
fn a_request_opens_once_and_is_not_dirty() {
    let (mut state, tab) = opened();
    assert!(!state.tabs.active().unwrap().is_dirty());
    assert_eq!(state.tabs.active().unwrap().draft.params.len(), 1);
    state.handle(Command::NewTab, NOW);
    state.handle(Command::OpenRequest(ItemPath("a.yml".into())), NOW);
    assert_eq!(state.tabs.active().unwrap().id, tab);
    assert_eq!(state.tabs.iter().len(), 2);
    assert_eq!(
        state.settings.last_collection.as_deref(),
        Some(Path::new("/c"))
    );
}

#[test]
fn send_takes_a_snapshot_and_a_second_press_sends_nothing() {
    let (mut state, tab) = opened();
    state.handle(Command::ChooseEnvironment(Some("dev".into())), NOW);
    state.handle(Command::ChooseProfile(Some("other".into())), NOW);
    let effects = state.handle(Command::Send(tab), NOW);
    let job = started(&effects);
    assert_eq!(job.draft.url, "http://h/a?x=1");
    assert_eq!(job.profile.as_deref(), Some("other"));
    assert_eq!(job.context.collection_id, "c-1");
    assert_eq!(state.handle(Command::Send(tab), NOW), []);
    assert!(state.apply(finished(job.id, 200), NOW));
    assert!(!state.exchanges.is_running(tab));
}

#[test]
fn an_answer_that_comes_after_cancel_is_dropped() {
    let (mut state, tab) = opened();
    let id = started(&state.handle(Command::Send(tab), NOW)).id;
    assert_eq!(
        state.handle(Command::Cancel(tab), NOW),
        [Effect::CancelSend(id)]
    );
    assert_eq!(state.handle(Command::Cancel(tab), NOW), []);
    assert!(!state.apply(finished(id, 200), NOW));
    assert!(!state.apply(finished(ExchangeId(77), 200), NOW));
    assert!(matches!(
        state.exchanges.of(tab).unwrap().state,
        ExchangeState::Cancelled
    ));
}

#[test]
fn closing_asks_when_something_would_be_lost() {
    let (mut state, tab) = opened();
    edit(&mut state, tab, "http://h/changed");
    assert_eq!(state.handle(Command::CloseTab(tab), NOW), []);
    assert_eq!(state.dialog.open, Some(Dialog::UnsavedChanges { tab }));
    let effects = state.handle(Command::SaveAndCloseTab(tab), NOW);
    let [Effect::SaveRequest { draft, path, .. }] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(path.0, "a.yml");
    let saved = Command::RequestSaved {
        tab,
        draft: draft.clone(),
        result: Ok(()),
    };
    state.handle(saved, NOW);
    assert!(state.tabs.get(tab).is_none());
    let in_tree = state
        .workspace
        .collection()
        .unwrap()
        .request(&ItemPath("a.yml".into()));
    assert_eq!(in_tree.unwrap().url, "http://h/changed");
}

#[test]
fn quitting_asks_when_something_would_be_lost() {
    let (mut state, tab) = opened();
    assert_eq!(state.handle(Command::Quit, NOW), [Effect::CloseWindow]);
    edit(&mut state, tab, "http://h/changed");
    assert!(state.has_unsaved());
    assert_eq!(state.handle(Command::Quit, NOW), []);
    assert_eq!(state.dialog.open, Some(Dialog::QuitUnsaved));
    assert_eq!(
        state.handle(Command::QuitAndDiscard, NOW),
        [Effect::CloseWindow]
    );
}

#[test]
fn what_is_typed_while_saving_stays_unsaved() {
    let (mut state, tab) = opened();
    edit(&mut state, tab, "http://h/1");
    state.handle(Command::SaveAndCloseTab(tab), NOW);
    let written = Box::new(state.tabs.get(tab).unwrap().draft.clone());
    edit(&mut state, tab, "http://h/2");
    state.handle(
        Command::RequestSaved {
            tab,
            draft: written,
            result: Ok(()),
        },
        NOW,
    );
    assert!(state.tabs.get(tab).unwrap().is_dirty());
}

#[test]
fn a_failed_save_keeps_the_tab_and_says_so() {
    let (mut state, tab) = opened();
    edit(&mut state, tab, "http://h/1");
    state.handle(Command::SaveAndCloseTab(tab), NOW);
    let draft = Box::new(state.tabs.get(tab).unwrap().draft.clone());
    let result = Err(Failure::new("disk full", None));
    state.handle(Command::RequestSaved { tab, draft, result }, NOW);
    assert!(state.tabs.get(tab).unwrap().is_dirty());
    assert_eq!(state.notices.last()[0].text, "disk full");
}

#[test]
fn an_outside_change_never_takes_a_draft_away() {
    let (mut state, tab) = opened();
    let mut changed = collection();
    changed.items[0] = request("a.yml", "http://h/outside");
    let reread = |result| Command::CollectionReread {
        folder: folder(),
        result: Ok(result),
    };
    // Not edited: the tab follows the file.
    state.handle(reread(changed.clone()), NOW);
    assert_eq!(state.tabs.get(tab).unwrap().draft.url, "http://h/outside");
    // Edited: the user is asked.
    edit(&mut state, tab, "http://h/mine");
    state.handle(reread(collection()), NOW);
    let shown = state.tabs.get(tab).unwrap();
    assert_eq!(shown.draft.url, "http://h/mine");
    assert!(shown.outside.is_some());
    state.handle(Command::KeepDraft(tab), NOW);
    let effects = state.handle(Command::SaveTab(tab), NOW);
    let [Effect::SaveRequest { base, .. }] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(
        base.url, "http://h/a?x=1",
        "only what was shown is replaced"
    );
    // Deleted outside: the draft stays, without a file.
    let mut without = collection();
    without.items.remove(0);
    state.handle(reread(without), NOW);
    let shown = state.tabs.get(tab).unwrap();
    assert_eq!(
        (&shown.path, shown.draft.url.as_str()),
        (&None, "http://h/mine")
    );
    assert!(shown.is_dirty());
}

#[test]
fn open_tabs_follow_a_renamed_folder() {
    let (mut state, _) = opened();
    let mut moved = collection();
    moved.items[0] = request("z.yml", "http://h/a?x=1");
    let change = FileChange::Rename {
        path: ItemPath("a.yml".into()),
        name: "z".into(),
    };
    assert_eq!(
        state.handle(Command::ChangeFiles(change.clone()), NOW),
        [Effect::ChangeFiles {
            folder: folder(),
            change: change.clone()
        }]
    );
    let changed = FileChanged {
        collection: moved,
        path: Some(ItemPath("z.yml".into())),
    };
    state.handle(
        Command::FilesChanged {
            folder: folder(),
            change,
            result: Ok(changed),
        },
        NOW,
    );
    assert_eq!(
        state.tabs.active().unwrap().path,
        Some(ItemPath("z.yml".into()))
    );
}

#[test]
fn a_deleted_file_closes_its_tab_and_stops_its_sending() {
    let (mut state, tab) = opened();
    let id = started(&state.handle(Command::Send(tab), NOW)).id;
    let mut without = collection();
    without.items.remove(0);
    let effects = state.handle(
        Command::FilesChanged {
            folder: folder(),
            change: FileChange::Delete {
                path: ItemPath("a.yml".into()),
            },
            result: Ok(FileChanged {
                collection: without,
                path: None,
            }),
        },
        NOW,
    );
    assert_eq!(effects, [Effect::CancelSend(id)]);
    assert!(state.tabs.get(tab).is_none());
}

#[test]
fn the_environment_is_chosen_per_collection_and_remembered() {
    let (mut state, _) = opened();
    assert_eq!(
        state.workspace.environment, None,
        "two to choose from: none is guessed"
    );
    state.handle(Command::ChooseEnvironment(Some("prod".into())), NOW);
    let settings = state.settings.clone();
    let mut again = AppState::new(settings);
    again.handle(Command::OpenCollection(folder()), NOW);
    again.handle(
        Command::CollectionOpened {
            folder: folder(),
            result: Ok(collection()),
        },
        NOW,
    );
    assert_eq!(again.workspace.environment.as_deref(), Some("prod"));
}

#[test]
fn what_is_open_stays_until_another_collection_is_read() {
    let (mut state, tab) = opened();
    let other = PathBuf::from("/other");
    state.handle(Command::OpenCollection(other.clone()), NOW);
    let result = Err(Failure::new("no collection", None));
    state.handle(
        Command::CollectionOpened {
            folder: other.clone(),
            result,
        },
        NOW,
    );
    assert_eq!(state.workspace.folder(), Some(&*folder()));
    assert!(state.tabs.get(tab).is_some());
    // And what is not saved is not thrown away.
    edit(&mut state, tab, "http://h/changed");
    assert_eq!(state.handle(Command::OpenCollection(other), NOW), []);
    assert!(state.tabs.get(tab).unwrap().is_dirty());
    // It says why, and no longer why the attempt before it failed.
    let [notice] = state.notices.last() else {
        panic!("{:?}", state.notices)
    };
    assert!(notice.text.contains("not saved"), "{notice:?}");
}

#[test]
fn a_late_answer_about_another_folder_is_dropped() {
    let mut state = AppState::new(Settings::default());
    state.handle(Command::OpenCollection("/old".into()), NOW);
    state.handle(Command::OpenCollection(folder()), NOW);
    let late = Command::CollectionOpened {
        folder: "/old".into(),
        result: Ok(collection()),
    };
    state.handle(late, NOW);
    assert!(state.workspace.collection().is_none());
}

#[test]
fn practice_requests_follow_the_gateway_to_its_port() {
    let mut state = AppState::new(Settings::default());
    let practice = Box::new(Collection {
        id: practice::COLLECTION_ID.into(),
        environments: vec![Environment {
            name: "practice".into(),
            variables: vec![Variable::plain("base", "http://127.0.0.1:8787/prod")],
        }],
        items: vec![request("pets.yml", "{{base}}/pets")],
        ..Collection::default()
    });
    state.handle(Command::OpenCollection(folder()), NOW);
    state.handle(
        Command::CollectionOpened {
            folder: folder(),
            result: Ok(practice),
        },
        NOW,
    );
    assert_eq!(state.workspace.environment.as_deref(), Some("practice"));
    let running = |listen: &str| GatewayStatus::Running {
        url: format!("http://{listen}/prod"),
        listen: listen.to_owned(),
    };
    assert_eq!(
        state.gateway.status,
        GatewayStatus::Starting,
        "the gateway is asked for"
    );
    state.settle(NOW);
    let url = |state: &AppState| {
        let derived = state.tabs.active().unwrap().derived().unwrap().clone();
        derived.preview.request.as_ref().unwrap().url().to_string()
    };
    assert_eq!(url(&state), "http://127.0.0.1:8787/prod/pets");
    state.handle(Command::GatewayIs(running(practice::DEFAULT_LISTEN)), NOW);
    assert!(state.workspace.runtime_variables().is_empty());
    state.handle(Command::GatewayIs(running("127.0.0.1:4242")), NOW);
    assert!(state.settle(NOW));
    assert_eq!(url(&state), "http://127.0.0.1:4242/prod/pets");
    assert!(
        !state.settle(NOW),
        "nothing changed: nothing is derived anew"
    );
    state.handle(Command::GatewayIs(GatewayStatus::Stopped), NOW);
    assert!(state.workspace.runtime_variables().is_empty());
}

#[test]
fn no_secret_is_in_the_debug_text_of_state_commands_or_effects() {
    let (mut state, _) = opened();
    let secret = SecretRef {
        collection_id: "c-1".into(),
        environment: "dev".into(),
        variable: "key".into(),
    };
    let keys = NewProfileKeys {
        name: "n".into(),
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret_access_key: SecretString::new("hush-hush"),
        session_token: Some(SecretString::new("hush-hush")),
        region: None,
    };
    let mut seen: Vec<String> = Vec::new();
    for command in [
        Command::StoreSecret(secret.clone(), SecretString::new("hush-hush")),
        Command::AddProfileKeys(keys),
    ] {
        seen.push(format!("{command:?}"));
        for effect in state.handle(command, NOW) {
            seen.push(format!("{effect:?}"));
        }
    }
    state.handle(Command::SecretStored(secret.clone(), Ok(())), NOW);
    seen.push(format!("{state:?}"));
    let seen = seen.join("\n");
    assert!(seen.contains("StoreSecret") && seen.contains("AddProfileKeys"));
    assert!(!seen.contains("hush-hush"), "{seen}");
    assert_eq!(state.secrets.has_value(&secret), Some(true));
    let kept = serde_json::to_string(&state.settings).unwrap();
    assert!(!kept.contains("hush-hush"));
}

#[test]
fn effects_with_different_secrets_differ() {
    let secret = SecretRef {
        collection_id: "c".into(),
        environment: String::new(),
        variable: "v".into(),
    };
    let store = |text: &str| Effect::StoreSecret(secret.clone(), SecretString::new(text));
    assert_eq!(store("a"), store("a"));
    assert_ne!(store("a"), store("b"));
}

#[test]
fn the_side_bars_width_is_kept() {
    let (mut state, _) = opened();
    assert!((state.settings.sidebar_width - 280.0).abs() < f32::EPSILON);
    state.handle(Command::SetSidebarWidth(333.0), NOW);
    let kept = serde_json::to_string(&state.settings).unwrap();
    let again = AppState::new(serde_json::from_str(&kept).unwrap());
    assert!((again.settings.sidebar_width - 333.0).abs() < f32::EPSILON);
}

/// What the worker answers to a change of files.
fn changed(change: FileChange, collection: Box<Collection>, path: Option<&str>) -> Command {
    Command::FilesChanged {
        folder: folder(),
        change,
        result: Ok(FileChanged {
            collection,
            path: path.map(|path| ItemPath(path.into())),
        }),
    }
}

fn reread(collection: Box<Collection>) -> Command {
    Command::CollectionReread {
        folder: folder(),
        result: Ok(collection),
    }
}

fn draft_of(item: &mut Item) -> &mut RequestDraft {
    match item {
        Item::Request(request) => &mut request.draft,
        other => panic!("no request: {other:?}"),
    }
}

#[test]
fn renaming_and_moving_an_edited_request_is_no_outside_change() {
    let (mut state, tab) = opened();
    edit(&mut state, tab, "http://h/mine");
    let mut renamed = collection();
    renamed.items[0] = request("z.yml", "http://h/a?x=1");
    let change = FileChange::Rename {
        path: ItemPath("a.yml".into()),
        name: "z.yml".into(),
    };
    state.handle(changed(change, renamed.clone(), Some("z.yml")), NOW);
    let shown = state.tabs.get(tab).unwrap();
    assert_eq!(shown.outside, None);
    assert_eq!(shown.path, Some(ItemPath("z.yml".into())));
    assert_eq!((&*shown.draft.name, &*shown.saved.name), ("z.yml", "z.yml"));
    assert!(shown.is_dirty(), "the edit is still there");

    let mut moved = renamed;
    draft_of(&mut moved.items[0]).seq = Some(7);
    let change = FileChange::Reorder {
        path: ItemPath("z.yml".into()),
        by: MoveBy::Down,
    };
    state.handle(changed(change, moved, Some("z.yml")), NOW);
    assert_eq!(state.tabs.get(tab).unwrap().outside, None);
    let effects = state.handle(Command::SaveTab(tab), NOW);
    let [Effect::SaveRequest { draft, base, .. }] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    let written = (&*draft.name, draft.seq, &*draft.url);
    assert_eq!(written, ("z.yml", Some(7), "http://h/mine"));
    assert_eq!(
        (&*base.name, base.seq, &*base.url),
        ("z.yml", Some(7), "http://h/a?x=1")
    );
}

#[test]
fn an_own_change_does_not_answer_the_question_about_an_outside_one() {
    let (mut state, tab) = opened();
    edit(&mut state, tab, "http://h/mine");
    let mut theirs = collection();
    theirs.items[0] = request("a.yml", "http://h/theirs");
    state.handle(reread(theirs.clone()), NOW);
    draft_of(&mut theirs.items[0]).seq = Some(2);
    let change = FileChange::Reorder {
        path: ItemPath("b.yml".into()),
        by: MoveBy::Up,
    };
    state.handle(changed(change, theirs, Some("b.yml")), NOW);
    let shown = state.tabs.get(tab).unwrap();
    let outside = shown.outside.as_ref().expect("still asked about");
    assert_eq!((&*outside.url, outside.seq), ("http://h/theirs", Some(2)));
    assert_eq!(
        (&*shown.draft.url, shown.draft.seq),
        ("http://h/mine", Some(2))
    );
    // What was changed back outside needs no question any more.
    let mut back = collection();
    draft_of(&mut back.items[0]).seq = Some(2);
    state.handle(reread(back), NOW);
    assert_eq!(state.tabs.get(tab).unwrap().outside, None);
}

#[test]
fn a_second_save_builds_on_the_first_that_is_still_being_written() {
    let (mut state, tab) = opened();
    let base_of = |effects: Vec<Effect>| match effects.as_slice() {
        [Effect::SaveRequest { base, draft, .. }] => (base.url.clone(), draft.clone()),
        other => panic!("{other:?}"),
    };
    edit(&mut state, tab, "http://h/1");
    let (base, first) = base_of(state.handle(Command::SaveTab(tab), NOW));
    assert_eq!(base, "http://h/a?x=1");
    edit(&mut state, tab, "http://h/2");
    let (base, second) = base_of(state.handle(Command::SaveTab(tab), NOW));
    assert_eq!(base, "http://h/1");
    let done = |draft, result| Command::RequestSaved { tab, draft, result };
    state.handle(done(first, Ok(())), NOW);
    let refused = Failure::new("disk full", None);
    state.handle(done(second, Err(refused)), NOW);
    let (base, _) = base_of(state.handle(Command::SaveTab(tab), NOW));
    assert_eq!(base, "http://h/1", "what is in the file");
}

#[test]
fn a_damaged_file_keeps_its_tab_and_is_not_saved_over() {
    let (mut state, tab) = opened();
    edit(&mut state, tab, "http://h/mine");
    let mut damaged = collection();
    damaged.items[0] = Item::Damaged(Damage {
        path: ItemPath("a.yml".into()),
        line: Some(1),
        reason: "it is no YAML".into(),
    });
    state.handle(reread(damaged.clone()), NOW);
    let shown = state.tabs.get(tab).unwrap();
    assert_eq!(shown.path, Some(ItemPath("a.yml".into())));
    assert_eq!(shown.damage.as_ref().unwrap().line, Some(1));
    assert!(shown.is_dirty());
    assert_eq!(state.handle(Command::SaveTab(tab), NOW), []);
    assert_eq!(state.handle(Command::SaveAndCloseTab(tab), NOW), []);
    assert_eq!(state.dialog.open, None, "no second file is offered");
    let shown = state.tabs.get(tab).unwrap();
    assert!(!shown.closes_when_saved);
    assert!(state.notices.last()[0].text.contains("`a.yml` is damaged"));
    // Mended as it was: the draft can be saved again.
    state.handle(reread(collection()), NOW);
    let shown = state.tabs.get(tab).unwrap();
    assert_eq!((&shown.damage, &shown.outside), (&None, &None));
    assert_eq!(state.handle(Command::SaveTab(tab), NOW).len(), 1);
    // Mended in another way: the user is asked.
    state.handle(reread(damaged), NOW);
    let mut mended = collection();
    mended.items[0] = request("a.yml", "http://h/merged");
    state.handle(reread(mended), NOW);
    let shown = state.tabs.get(tab).unwrap();
    assert_eq!(shown.outside.as_ref().unwrap().url, "http://h/merged");
    assert_eq!(shown.draft.url, "http://h/mine");
}

/// A new tab with something typed, and the dialog that asks for its name before it closes.
fn saving_and_closing() -> (AppState, TabId) {
    let (mut state, _) = opened();
    state.handle(Command::NewTab, NOW);
    let tab = state.tabs.active().unwrap().id;
    edit(&mut state, tab, "http://h/new");
    state.handle(Command::SaveAndCloseTab(tab), NOW);
    assert!(matches!(
        state.dialog.open,
        Some(Dialog::NewRequest { tab: Some(_), .. })
    ));
    assert!(state.tabs.get(tab).unwrap().closes_when_saved);
    (state, tab)
}

fn create(tab: TabId, draft: &RequestDraft) -> FileChange {
    FileChange::CreateRequest {
        folder: ItemPath::default(),
        draft: Box::new(draft.clone()),
        tab: Some(tab),
    }
}

/// The collection with a new file at its end.
fn with_new(draft: &RequestDraft) -> Box<Collection> {
    let mut collection = collection();
    collection.items.push(Item::Request(Box::new(RequestFile {
        path: ItemPath("new.yml".into()),
        draft: RequestDraft {
            seq: Some(3),
            ..draft.clone()
        },
    })));
    collection
}

#[test]
fn a_tab_whose_naming_was_cancelled_stays_open_when_it_is_saved_later() {
    let leave: [fn(&mut AppState); 4] = [
        |state| drop(state.handle(Command::CloseDialog, NOW)),
        |state| drop(state.handle(Command::ShowDialog(Dialog::GatewayLog), NOW)),
        |state| drop(state.handle(Command::Quit, NOW)),
        |state| drop(state.handle(Command::OpenCollection("/other".into()), NOW)),
    ];
    for leave in leave {
        let (mut state, tab) = saving_and_closing();
        leave(&mut state);
        assert!(!state.tabs.get(tab).unwrap().closes_when_saved);
    }
    let (mut state, tab) = saving_and_closing();
    state.handle(Command::CloseDialog, NOW);
    state.handle(Command::SaveTab(tab), NOW);
    let draft = state.tabs.get(tab).unwrap().draft.clone();
    state.handle(
        changed(create(tab, &draft), with_new(&draft), Some("new.yml")),
        NOW,
    );
    assert!(!state.tabs.get(tab).expect("it stays").is_dirty());
}

#[test]
fn a_tab_whose_file_could_not_be_made_stays_open_when_it_is_saved_later() {
    let (mut state, tab) = saving_and_closing();
    let draft = state.tabs.get(tab).unwrap().draft.clone();
    let refused = Command::FilesChanged {
        folder: folder(),
        change: create(tab, &draft),
        result: Err(Failure::new("disk full", None)),
    };
    state.handle(refused, NOW);
    assert!(!state.tabs.get(tab).unwrap().closes_when_saved);
}

#[test]
fn what_is_typed_while_the_file_is_made_stays_unsaved() {
    let (mut state, tab) = saving_and_closing();
    let draft = state.tabs.get(tab).unwrap().draft.clone();
    edit(&mut state, tab, "http://h/later");
    state.handle(
        changed(create(tab, &draft), with_new(&draft), Some("new.yml")),
        NOW,
    );
    let shown = state.tabs.get(tab).expect("it stays");
    assert!(shown.is_dirty() && !shown.closes_when_saved);
    assert_eq!((&shown.outside, shown.draft.seq), (&None, Some(3)));

    let (mut state, tab) = saving_and_closing();
    state.handle(
        changed(create(tab, &draft), with_new(&draft), Some("new.yml")),
        NOW,
    );
    assert!(state.tabs.get(tab).is_none(), "nothing typed: it closes");
}

#[test]
fn a_file_that_reads_back_otherwise_than_it_was_saved_is_no_outside_change() {
    let (mut state, tab) = opened();
    edit(&mut state, tab, "http://h/1");
    let shown = state.tabs.get_mut(tab).unwrap();
    shown.draft.method = "get".into();
    shown.touch();
    let draft = Box::new(shown.draft.clone());
    let result = Ok(());
    state.handle(Command::RequestSaved { tab, draft, result }, NOW);
    edit(&mut state, tab, "http://h/2");
    let mut moved = collection();
    moved.items[0] = request("a.yml", "http://h/1");
    draft_of(&mut moved.items[0]).seq = Some(2);
    let change = FileChange::Reorder {
        path: ItemPath("b.yml".into()),
        by: MoveBy::Up,
    };
    state.handle(changed(change, moved, Some("b.yml")), NOW);
    let shown = state.tabs.get(tab).unwrap();
    assert_eq!((&shown.outside, shown.draft.seq), (&None, Some(2)));
    assert_eq!(shown.draft.url, "http://h/2");
}
