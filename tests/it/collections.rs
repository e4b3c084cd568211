//! Collections on disk: what is read, what a save touches, and what a failure leaves behind.

mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::collection::format::{
    FormatError, new_environment, new_folder, new_request, new_root, read_environment, read_folder,
    read_request, read_root, save_environment, save_folder, save_request, save_root,
};
use countersign::collection::{
    ApiKeyPlacement, AuthSpec, AwsAuthSpec, Body, Collection, Defaults, Environment, Item,
    ItemPath, Param, ParamKind, RequestDraft, RequestSettings, Row, Variable, VariableValue,
};
use countersign::practice;
use countersign::storage::{CollectionFolder, Home, StorageError, find_collection};
use serde_json::Value;

// ── the shared data ──

/// The folder of shared test data, if it is there.
fn shared() -> Option<PathBuf> {
    let found = std::env::var_os("COUNTERSIGN_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    if found.is_dir() {
        return Some(found);
    }
    assert!(
        std::env::var_os("COUNTERSIGN_REQUIRE_SHARED").is_none(),
        "the shared test data is required and missing"
    );
    println!("skipped: the shared test data is not here");
    None
}

fn practice_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("collections/practice")
}

/// Every `.yml` below a folder.
fn yml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn corpus() -> Vec<PathBuf> {
    let Some(shared) = shared() else {
        return Vec::new();
    };
    let mut files = yml_files(&shared.join("corpus/opencollection"));
    files.extend(yml_files(&shared.join("native-example")));
    files.extend(yml_files(&practice_folder()));
    files
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Root,
    Folder,
    Environment,
    Request,
}

fn kind(path: &Path) -> Kind {
    match path.file_name().unwrap().to_str().unwrap() {
        "opencollection.yml" => Kind::Root,
        "folder.yml" => Kind::Folder,
        _ if path.parent().unwrap().ends_with("environments") => Kind::Environment,
        _ => Kind::Request,
    }
}

#[test]
fn every_file_of_the_corpus_is_read_and_an_idle_save_is_byte_for_byte() {
    let files = corpus();
    let mut requests = 0;
    for path in &files {
        let text = fs::read_to_string(path).unwrap();
        let saved = match kind(path) {
            Kind::Root => save_root(&text, &read_root(&text).unwrap()).unwrap(),
            Kind::Folder => save_folder(&text, &read_folder(&text).unwrap()).unwrap(),
            Kind::Environment => {
                save_environment(&text, &read_environment(&text).unwrap()).unwrap()
            }
            Kind::Request => match read_request(&text) {
                Ok(draft) => {
                    requests += 1;
                    save_request(&text, &draft).unwrap()
                }
                Err(FormatError::OtherProtocol { .. }) => text.clone(),
                Err(error) => panic!("{}: {error}", path.display()),
            },
        };
        assert_eq!(saved, text, "{}", path.display());
    }
    assert!(files.is_empty() || requests > 180, "{requests}");
}

/// How many lines of the old text an edit touched, taken as one region.
fn touched(old: &str, new: &str) -> usize {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..]
        .iter()
        .rev()
        .zip(new[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    old.len() - head - tail
}

type Edit = (&'static str, usize, fn(&mut RequestDraft));

/// Edits with the number of old lines that each may touch.
const EDITS: &[Edit] = &[
    ("name", 1, |draft| draft.name = "renamed: yes".into()),
    ("seq", 1, |draft| draft.seq = Some(777)),
    ("method", 1, |draft| draft.method = "PATCH".into()),
    ("fragment", 1, |draft| draft.url.push_str("#x")),
    ("header added", 0, |draft| {
        draft.headers.push(Row::new("x-added", "{{v}}"));
    }),
    ("header in front", 0, |draft| {
        draft.headers.insert(0, Row::new("x-added", "42"));
    }),
    ("header value", 1, |draft| {
        if let Some(row) = draft.headers.first_mut() {
            row.value = "other".into();
        }
    }),
    ("header off", 0, |draft| {
        if let Some(row) = draft.headers.iter_mut().find(|row| row.enabled) {
            row.enabled = false;
        }
    }),
    ("variable added", 0, |draft| {
        draft
            .variables
            .push(Variable::plain("sigv4.payload", "signed"));
    }),
    ("time-out", 1, |draft| {
        draft.settings.timeout_ms = Some(1234);
    }),
    ("docs", usize::MAX, |draft| {
        draft.docs = "# New\n\nLines.".into();
    }),
    ("no docs", usize::MAX, |draft| draft.docs.clear()),
    ("json", usize::MAX, |draft| {
        draft.body = Body::Json("{\n  \"a\": 1\n}".into());
    }),
    ("form", usize::MAX, |draft| {
        draft.body = Body::Form(vec![Row::new("a", "b"), Row::new("c", "")]);
    }),
    ("no body", usize::MAX, |draft| draft.body = Body::None),
    ("auth", usize::MAX, |draft| {
        draft.auth = AuthSpec::AwsSigV4(AwsAuthSpec {
            service: "execute-api".into(),
            region: "{{aws.region}}".into(),
            ..AwsAuthSpec::default()
        });
    }),
    ("inherited auth", usize::MAX, |draft| {
        draft.auth = AuthSpec::Inherit;
    }),
    ("no auth", usize::MAX, |draft| draft.auth = AuthSpec::None),
    ("no headers", usize::MAX, |draft| draft.headers.clear()),
    ("headers turned round", usize::MAX, |draft| {
        draft.headers.reverse();
    }),
];

/// Whether all that differs is of a kind that can be written.
fn draft_can_be_written(draft: &RequestDraft, beside: &RequestDraft) -> bool {
    let body = matches!(draft.body, Body::Unsupported { .. }) && draft.body != beside.body;
    let auth = matches!(draft.auth, AuthSpec::Unsupported { .. }) && draft.auth != beside.auth;
    !body && !auth
}

#[test]
fn edits_of_real_files_touch_only_their_lines() {
    // All edits of all files take half a minute; every file and every edit has its turn anyway.
    let stride = if std::env::var_os("COUNTERSIGN_REQUIRE_SHARED").is_some() {
        1
    } else {
        4
    };
    let mut saved_count = 0;
    for (file, path) in corpus().into_iter().enumerate() {
        if kind(&path) != Kind::Request {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let Ok(draft) = read_request(&text) else {
            continue;
        };
        for (name, may_touch, edit) in EDITS.iter().skip(file % stride).step_by(stride) {
            let mut edited = draft.clone();
            edit(&mut edited);
            let saved = save_request(&text, &edited)
                .unwrap_or_else(|error| panic!("{} {name}: {error}", path.display()));
            let read = read_request(&saved).unwrap();
            assert_eq!(read, edited, "{} {name}", path.display());
            let lines = touched(&text, &saved);
            assert!(
                lines <= *may_touch,
                "{} {name}: {lines} lines touched\n{saved}",
                path.display()
            );
            // And back again: what was not touched was not lost.
            if draft_can_be_written(&draft, &edited) {
                let back = save_request(&saved, &draft).unwrap();
                assert_eq!(
                    read_request(&back).unwrap(),
                    draft,
                    "{} {name}",
                    path.display()
                );
            }
            saved_count += 1;
        }
    }
    assert!(
        shared().is_none() || saved_count > 3500 / stride,
        "{saved_count}"
    );
}

#[test]
fn all_edits_at_once_still_say_what_was_meant() {
    for path in corpus() {
        let text = fs::read_to_string(&path).unwrap();
        if kind(&path) != Kind::Request {
            continue;
        }
        let Ok(mut draft) = read_request(&text) else {
            continue;
        };
        for (name, _, edit) in EDITS {
            if !name.starts_with("no ") {
                edit(&mut draft);
            }
        }
        let saved = save_request(&text, &draft)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(read_request(&saved).unwrap(), draft);
    }
}

#[test]
fn defaults_and_environments_of_real_files_are_edited() {
    for path in corpus() {
        let text = fs::read_to_string(&path).unwrap();
        match kind(&path) {
            Kind::Root => {
                let mut root = read_root(&text).unwrap();
                root.name.push('!');
                root.defaults.headers.push(Row::new("x-a", "b"));
                root.defaults.variables.push(Variable::plain("v", "1"));
                root.defaults.auth = AuthSpec::Bearer {
                    token: "{{t}}".into(),
                };
                root.docs = "New\n\ndocs".into();
                let saved = save_root(&text, &root).unwrap();
                assert_eq!(read_root(&saved).unwrap(), root);
            }
            Kind::Folder => {
                let mut folder = read_folder(&text).unwrap();
                folder.seq = Some(9);
                folder.defaults.headers.insert(0, Row::new("x-a", "b"));
                folder.docs = "New".into();
                let saved = save_folder(&text, &folder).unwrap();
                assert_eq!(read_folder(&saved).unwrap(), folder);
            }
            Kind::Environment => {
                let mut environment = read_environment(&text).unwrap();
                environment.variables.push(Variable::secret("apiKey"));
                if let Some(first) = environment.variables.first_mut() {
                    first.enabled = !first.enabled;
                }
                let saved = save_environment(&text, &environment).unwrap();
                assert_eq!(read_environment(&saved).unwrap(), environment);
                environment.variables.reverse();
                let saved = save_environment(&saved, &environment).unwrap();
                assert_eq!(read_environment(&saved).unwrap(), environment);
                environment.variables.clear();
                let saved = save_environment(&saved, &environment).unwrap();
                assert_eq!(read_environment(&saved).unwrap(), environment);
            }
            Kind::Request => {}
        }
    }
}

// ── the published schema ──

fn assert_valid(schema: &Value, definition: &str, text: &str, what: &str) {
    let document: Value = serde_saphyr::from_str(text).unwrap();
    let start = if definition.is_empty() {
        schema.clone()
    } else {
        schema
            .pointer(&format!("/$defs/{definition}"))
            .unwrap()
            .clone()
    };
    let found = schema::complaints(schema, &start, &document);
    assert!(found.is_empty(), "{what}: {found:#?}\n{text}");
}

fn published_schema() -> Option<Value> {
    let path = shared()?.join("native-example/opencollection.schema.json");
    Some(serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
}

fn definition(kind: Kind) -> &'static str {
    match kind {
        Kind::Root => "",
        Kind::Folder => "Folder",
        Kind::Environment => "Environment",
        Kind::Request => "HttpRequest",
    }
}

#[test]
fn the_practice_collection_is_valid_by_the_schema() {
    let Some(schema) = published_schema() else {
        return;
    };
    let files = yml_files(&practice_folder());
    assert!(files.len() > 12);
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let what = path.display().to_string();
        assert_valid(&schema, definition(kind(&path)), &text, &what);
    }
    let wrong: Value = serde_saphyr::from_str("name: 1\nvariables: [{nam: x}]\n").unwrap();
    let start = schema.pointer("/$defs/Environment").unwrap();
    assert_eq!(schema::complaints(&schema, start, &wrong).len(), 2);
}

fn full_draft() -> RequestDraft {
    let mut off = Row::new("x-off", "1");
    off.enabled = false;
    off.description = "why".into();
    RequestDraft {
        name: "POST order".into(),
        seq: Some(3),
        method: "POST".into(),
        url: "{{base}}/orders/:id?expand=items".into(),
        headers: vec![Row::new("x-api-key", "{{apiKey}}"), off],
        params: vec![
            Param {
                row: Row::new("expand", "items"),
                kind: ParamKind::Query,
            },
            Param {
                row: Row::new("id", "42"),
                kind: ParamKind::Path,
            },
        ],
        body: Body::Form(vec![Row::new("a", "b")]),
        auth: AuthSpec::AwsSigV4(AwsAuthSpec {
            profile_name: "{{aws.profile}}".into(),
            region: "{{aws.region}}".into(),
            service: "execute-api".into(),
            ..AwsAuthSpec::default()
        }),
        variables: vec![Variable::plain("sigv4.expires", "900")],
        settings: RequestSettings {
            timeout_ms: Some(2500),
        },
        docs: "# Order\n\nText.".into(),
    }
}

#[test]
fn what_is_written_is_valid_by_the_schema() {
    let Some(schema) = published_schema() else {
        return;
    };
    let auths = [
        AuthSpec::Inherit,
        AuthSpec::None,
        full_draft().auth,
        AuthSpec::ApiKey {
            key: "x-api-key".into(),
            value: "{{apiKey}}".into(),
            placement: ApiKeyPlacement::Query,
        },
        AuthSpec::Basic {
            username: "alice".into(),
            password: "{{password}}".into(),
        },
        AuthSpec::Bearer {
            token: "{{token}}".into(),
        },
    ];
    let bodies = [
        Body::None,
        Body::Json("{}".into()),
        Body::Text("t\nu".into()),
        Body::Xml("<a/>".into()),
        Body::Form(vec![Row::new("a", "b")]),
        Body::Form(Vec::new()),
        Body::File {
            path: "{{folder}}/a.bin".into(),
            content_type: "application/zip".into(),
        },
        Body::File {
            path: String::new(),
            content_type: String::new(),
        },
    ];
    for auth in &auths {
        for body in &bodies {
            let draft = RequestDraft {
                auth: auth.clone(),
                body: body.clone(),
                ..full_draft()
            };
            let text = new_request(&draft).unwrap();
            assert_valid(&schema, "HttpRequest", &text, "request");
            assert_eq!(read_request(&text).unwrap(), draft);
        }
    }
    let defaults = Defaults {
        headers: full_draft().headers,
        auth: full_draft().auth,
        variables: full_draft().variables,
        ..Defaults::default()
    };
    let text = new_folder(&countersign::collection::format::FolderFile {
        name: "f".into(),
        seq: Some(1),
        defaults: defaults.clone(),
        docs: "d".into(),
    })
    .unwrap();
    assert_valid(&schema, "Folder", &text, "folder");
    let text = new_root(&countersign::collection::format::RootFile {
        name: "r".into(),
        defaults,
        docs: "d\ne".into(),
        bundled: false,
    })
    .unwrap();
    assert_valid(&schema, "", &text, "root");
    let text = new_environment(&environment("e")).unwrap();
    assert_valid(&schema, "Environment", &text, "environment");
}

fn environment(name: &str) -> Environment {
    let mut off = Variable::plain("off", "x");
    off.enabled = false;
    Environment {
        name: name.into(),
        variables: vec![
            Variable::plain("base", "http://h"),
            Variable::secret("apiKey"),
            off,
        ],
    }
}

// ── the practice collection ──

#[test]
fn the_practice_collection_opens_without_a_fault() {
    let before = bytes_below(&practice_folder());
    let (_, collection) = CollectionFolder::open(&practice_folder()).unwrap();
    assert_eq!(
        bytes_below(&practice_folder()),
        before,
        "opening writes nothing"
    );
    assert_eq!(collection.id, practice::COLLECTION_ID);
    assert_eq!(collection.name, "Practice");
    assert!(collection.damages.is_empty());
    let names: Vec<&str> = collection.items.iter().map(Item::name).collect();
    assert_eq!(
        names,
        [
            "Pets",
            "Orders",
            "STS",
            "Presigned URLs",
            "Open",
            "Key",
            "Missing token"
        ]
    );
    let mut requests = 0;
    each_request(&collection.items, &mut |path, draft| {
        requests += 1;
        assert!(draft.docs.starts_with("# "), "{path} has docs");
        let context = collection.context_of(path, Some("practice"));
        let set = context.variables_for(draft, &[]);
        for text in draft.texts() {
            set.render(text, countersign::template::Reveal::Masked)
                .unwrap_or_else(|errors| panic!("{path}: {errors:?}"));
        }
    });
    assert_eq!(requests, 12);
    let environment = collection.environment("practice").unwrap();
    let base = format!("http://{}/{}", practice::DEFAULT_LISTEN, practice::STAGE);
    assert!(environment.variables.iter().any(|variable| {
        variable.name == "base" && variable.value == VariableValue::Plain(base.clone())
    }));
    assert!(
        environment.variables.iter().any(|variable| {
            variable.name == "apiKey" && variable.value == VariableValue::Secret
        })
    );
    let role = collection
        .request(&ItemPath("sts/assume-role.yml".into()))
        .unwrap();
    assert!(role.texts().contains(&practice::ROLE_ARN));
    let open = collection.request(&ItemPath("open.yml".into())).unwrap();
    assert_eq!(open.auth, AuthSpec::None);
}

fn each_request(items: &[Item], visit: &mut dyn FnMut(&ItemPath, &RequestDraft)) {
    for item in items {
        match item {
            Item::Folder(folder) => each_request(&folder.items, visit),
            Item::Request(request) => visit(&request.path, &request.draft),
            Item::Damaged(damage) => panic!("{}: {}", damage.path, damage.reason),
        }
    }
}

fn bytes_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        found.insert(at.strip_prefix(folder).unwrap().to_path_buf(), Vec::new());
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_path_buf();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

// ── a collection to work on ──

struct Desk {
    home: tempfile::TempDir,
    folder: CollectionFolder,
}

fn path(text: &str) -> ItemPath {
    ItemPath(text.to_owned())
}

impl Desk {
    /// A copy of the practice collection.
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("practice");
        for (name, bytes) in bytes_below(&practice_folder()) {
            let to = root.join(&name);
            if practice_folder().join(&name).is_dir() {
                fs::create_dir_all(to).unwrap();
            } else {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::write(to, bytes).unwrap();
            }
        }
        let (folder, _) = CollectionFolder::open(&root).unwrap();
        Self { home, folder }
    }

    fn root(&self) -> PathBuf {
        self.home.path().join("practice")
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.root().join(name)).unwrap()
    }

    fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        bytes_below(&self.root())
    }

    fn draft(&self, name: &str) -> RequestDraft {
        self.folder
            .collection()
            .request(&path(name))
            .unwrap()
            .clone()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let collection = self.folder.collection();
        let items = if folder.is_empty() {
            collection.items
        } else {
            match collection.item(&path(folder)).unwrap() {
                Item::Folder(folder) => folder.items.clone(),
                other => panic!("{other:?}"),
            }
        };
        items.iter().map(|item| item.name().to_owned()).collect()
    }

    /// What is known is what is on disk.
    fn assert_current(&mut self) {
        let known = self.folder.collection();
        assert!(self.folder.is_current());
        assert_eq!(self.folder.reload().unwrap(), known);
    }

    /// Files that differ from before.
    fn changed(&self, before: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
        let now = self.bytes();
        let mut changed: Vec<String> = now
            .iter()
            .filter(|(name, bytes)| before.get(*name) != Some(bytes))
            .chain(before.iter().filter(|(name, _)| !now.contains_key(*name)))
            .map(|(name, _)| name.to_string_lossy().into_owned())
            .collect();
        changed.sort();
        changed.dedup();
        changed
    }
}

#[test]
fn a_collection_is_created_and_opened_again() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("new/orders");
    let (_, created) = CollectionFolder::create(&root, " Orders ").unwrap();
    assert_eq!(created.name, "Orders");
    assert_eq!(
        fs::read_to_string(root.join("opencollection.yml")).unwrap(),
        "opencollection: 1.0.0\n\ninfo:\n  name: Orders\nbundled: false\n"
    );
    assert!(
        fs::read_to_string(root.join(".gitignore"))
            .unwrap()
            .contains(".env*\n")
    );
    let toml = fs::read_to_string(root.join("countersign.toml")).unwrap();
    assert!(toml.contains(&created.id));
    let (_, opened) = CollectionFolder::open(&root).unwrap();
    assert_eq!(opened, created);
    assert!(matches!(
        CollectionFolder::create(&root, "Again"),
        Err(StorageError::CollectionExists { .. })
    ));
    assert!(matches!(
        CollectionFolder::open(home.path()),
        Err(StorageError::NotACollection { .. })
    ));
    assert!(matches!(
        CollectionFolder::create(&home.path().join("x"), "  "),
        Err(StorageError::EmptyName)
    ));
    assert!(!home.path().join("x").exists());
}

#[test]
fn a_save_touches_its_file_alone() {
    let mut desk = Desk::new();
    let before = desk.bytes();
    let mut draft = desk.draft("pets/get-pets.yml");
    desk.folder
        .save_request(&path("pets/get-pets.yml"), &draft)
        .unwrap();
    assert!(desk.changed(&before).is_empty());
    draft.headers.push(Row::new("x-a", "b"));
    desk.folder
        .save_request(&path("pets/get-pets.yml"), &draft)
        .unwrap();
    assert_eq!(desk.changed(&before), ["pets/get-pets.yml"]);
    assert_eq!(desk.draft("pets/get-pets.yml"), draft);
    desk.assert_current();
}

#[test]
fn requests_and_folders_are_created() {
    let mut desk = Desk::new();
    let draft = RequestDraft {
        auth: AuthSpec::None,
        ..RequestDraft::new("GET /pets/{id}?")
    };
    let first = desk.folder.create_request(&path("pets"), &draft).unwrap();
    assert_eq!(first, path("pets/GET -pets-{id}-.yml"));
    let second = desk.folder.create_request(&path("pets"), &draft).unwrap();
    assert_eq!(second, path("pets/GET -pets-{id}--1.yml"));
    assert_eq!(desk.draft(&second.0).seq, Some(5));
    assert_eq!(desk.draft(&second.0).name, "GET /pets/{id}?");
    let folder = desk
        .folder
        .create_folder(&path("pets"), "Environments")
        .unwrap();
    assert_eq!(folder, path("pets/Environments-1"));
    let deep = desk.folder.create_folder(&folder, "con").unwrap();
    let request = desk
        .folder
        .create_request(&deep, &RequestDraft::new("folder"))
        .unwrap();
    assert_eq!(request, path("pets/Environments-1/con-1/folder-1.yml"));
    assert!(matches!(
        desk.folder.create_request(&path("nowhere"), &draft),
        Err(StorageError::NotFound { .. })
    ));
    assert!(matches!(
        desk.folder.create_request(&path("environments"), &draft),
        Err(StorageError::NotFound { .. })
    ));
    desk.assert_current();
}

#[test]
fn renaming_changes_the_name_and_the_file() {
    let mut desk = Desk::new();
    let old = desk.text("pets/post-pet.yml");
    let new = desk
        .folder
        .rename(&path("pets/post-pet.yml"), "Add a pet")
        .unwrap();
    assert_eq!(new, path("pets/Add a pet.yml"));
    assert_eq!(
        desk.text("pets/Add a pet.yml"),
        old.replace("name: POST pet\n", "name: Add a pet\n")
    );
    assert!(!desk.root().join("pets/post-pet.yml").exists());
    // Another one of that name gets a number; letter case alone is no clash with itself.
    let clash = desk
        .folder
        .rename(&path("pets/get-pets.yml"), "add A pet")
        .unwrap();
    assert_eq!(clash, path("pets/add A pet-1.yml"));
    let case = desk
        .folder
        .rename(&path("pets/Add a pet.yml"), "ADD a pet")
        .unwrap();
    assert_eq!(case, path("pets/ADD a pet.yml"));

    let folder = desk.folder.rename(&path("pets"), "Animals").unwrap();
    assert_eq!(folder, path("Animals"));
    assert_eq!(desk.names("")[0], "Animals");
    assert!(desk.root().join("Animals/ADD a pet.yml").exists());
    assert!(!desk.root().join("pets").exists());
    assert!(matches!(
        desk.folder.rename(&path("Animals"), " "),
        Err(StorageError::EmptyName)
    ));
    desk.assert_current();
}

/// Whether the disk tells `A` from `a`.
fn case_counts(folder: &Path) -> bool {
    let probe = folder.join("Case-probe");
    fs::write(&probe, "").unwrap();
    let counts = fs::symlink_metadata(folder.join("case-probe")).is_err();
    fs::remove_file(probe).unwrap();
    counts
}

#[test]
fn a_rename_that_changes_letter_case_never_destroys_another_request() {
    let mut desk = Desk::new();
    let root = desk.root();
    if !case_counts(&root) {
        println!("skipped: letter case does not count on this disk");
        return;
    }
    let file = |name: &str, url: &str| {
        format!("info:\n  name: {name}\n  type: http\nhttp:\n  method: GET\n  url: {url}\n")
    };
    fs::write(root.join("Get.yml"), file("Get", "http://one/")).unwrap();
    fs::write(root.join("get.yml"), file("other", "http://two/")).unwrap();
    fs::create_dir(root.join("Box")).unwrap();
    fs::write(root.join("Box/a.yml"), file("a", "http://three/")).unwrap();
    fs::create_dir(root.join("box")).unwrap();
    fs::write(root.join("environments/Dev.yml"), "name: Dev\n").unwrap();
    fs::write(root.join("environments/dev.yml"), "name: other\n").unwrap();
    desk.folder.reload().unwrap();
    let before = desk.bytes();

    let new = desk.folder.rename(&path("Get.yml"), "get").unwrap();
    assert_eq!(new, path("get-1.yml"));
    assert_eq!(desk.text("get.yml"), file("other", "http://two/"));
    assert_eq!(desk.text("get-1.yml"), file("get", "http://one/"));

    let new = desk.folder.rename(&path("Box"), "box").unwrap();
    assert_eq!(new, path("box-1"));
    assert_eq!(desk.text("box-1/a.yml"), file("a", "http://three/"));
    assert!(root.join("box").is_dir());

    let mut dev = desk.folder.collection().environment("Dev").unwrap().clone();
    dev.name = "dev".into();
    desk.folder.save_environment(Some("Dev"), &dev).unwrap();
    assert_eq!(desk.text("environments/dev.yml"), "name: other\n");
    assert_eq!(desk.text("environments/dev-1.yml"), "name: dev\n");
    assert_eq!(
        desk.changed(&before),
        [
            "Box",
            "Box/a.yml",
            "Get.yml",
            "box-1",
            "box-1/a.yml",
            "box-1/folder.yml",
            "environments/Dev.yml",
            "environments/dev-1.yml",
            "get-1.yml",
        ]
    );
    desk.assert_current();
}

#[test]
fn moving_rewrites_as_few_files_as_can_be() {
    let mut desk = Desk::new();
    let before = desk.bytes();
    // To the end: a new number for it alone.
    let same = desk
        .folder
        .move_to(&path("pets/get-pets.yml"), &path("pets"), None)
        .unwrap();
    assert_eq!(same, path("pets/get-pets.yml"));
    assert_eq!(desk.changed(&before), ["pets/get-pets.yml"]);
    assert_eq!(
        desk.names("pets"),
        ["POST pet", "GET pets through a meddling proxy", "GET pets"]
    );
    // Into the gap that this left.
    let before = desk.bytes();
    desk.folder
        .move_to(
            &path("pets/get-pets.yml"),
            &path("pets"),
            Some(&path("pets/post-pet.yml")),
        )
        .unwrap();
    assert_eq!(desk.changed(&before), ["pets/get-pets.yml"]);
    assert_eq!(desk.names("pets")[0], "GET pets");
    // Nothing to do.
    let before = desk.bytes();
    desk.folder
        .move_to(
            &path("pets/get-pets.yml"),
            &path("pets"),
            Some(&path("pets/post-pet.yml")),
        )
        .unwrap();
    assert!(desk.changed(&before).is_empty());
    // Into another folder, between two.
    let moved = desk
        .folder
        .move_to(
            &path("open.yml"),
            &path("orders"),
            Some(&path("orders/post-order-without-api-key.yml")),
        )
        .unwrap();
    assert_eq!(moved, path("orders/open.yml"));
    assert_eq!(
        desk.names("orders"),
        ["POST order", "Open", "POST order without API key"]
    );
    // A folder into a folder, and before its neighbours.
    let moved = desk
        .folder
        .move_to(&path("sts"), &path("pets"), None)
        .unwrap();
    assert_eq!(moved, path("pets/sts"));
    assert_eq!(desk.names("pets/sts").len(), 2);
    desk.folder
        .move_to(&path("orders"), &path(""), Some(&path("pets")))
        .unwrap();
    assert_eq!(desk.names("")[..2], ["Orders", "Pets"]);
    assert!(matches!(
        desk.folder.move_to(&path("pets"), &path("pets/sts"), None),
        Err(StorageError::IntoItself { .. })
    ));
    desk.assert_current();
}

#[test]
fn moving_never_writes_over_a_namesake() {
    let mut desk = Desk::new();
    fs::copy(
        desk.root().join("open.yml"),
        desk.root().join("pets/OPEN.yml"),
    )
    .unwrap();
    desk.folder.reload().unwrap();
    let moved = desk
        .folder
        .move_to(&path("open.yml"), &path("pets"), None)
        .unwrap();
    assert_eq!(moved, path("pets/open-1.yml"));
    assert!(desk.root().join("pets/OPEN.yml").exists());
    desk.assert_current();
}

#[test]
fn duplicates_are_whole_and_apart() {
    let mut desk = Desk::new();
    let copy = desk.folder.duplicate(&path("pets/get-pets.yml")).unwrap();
    assert_eq!(copy, path("pets/GET pets copy.yml"));
    assert_eq!(desk.draft(&copy.0).name, "GET pets copy");
    assert_eq!(
        desk.draft(&copy.0).docs,
        desk.draft("pets/get-pets.yml").docs
    );
    let copy = desk.folder.duplicate(&path("pets/get-pets.yml")).unwrap();
    assert_eq!(desk.draft(&copy.0).name, "GET pets copy 2");
    let folder = desk.folder.duplicate(&path("pets")).unwrap();
    assert_eq!(folder, path("Pets copy"));
    assert_eq!(desk.names("Pets copy"), desk.names("pets"));
    assert_eq!(
        desk.text("Pets copy/post-pet.yml"),
        desk.text("pets/post-pet.yml")
    );
    desk.assert_current();
}

#[test]
fn deleting_takes_only_what_was_meant() {
    let mut desk = Desk::new();
    let before = desk.bytes();
    desk.folder.delete(&path("pets/get-pets.yml")).unwrap();
    assert_eq!(desk.changed(&before), ["pets/get-pets.yml"]);
    desk.folder.delete(&path("orders")).unwrap();
    assert!(!desk.root().join("orders").exists());
    assert!(desk.root().join("pets/post-pet.yml").exists());
    for wrong in [
        "",
        "orders",
        "pets/none.yml",
        "opencollection.yml",
        "countersign.toml",
    ] {
        assert!(desk.folder.delete(&path(wrong)).is_err(), "{wrong}");
    }
    assert!(desk.root().join("opencollection.yml").exists());
    desk.assert_current();
    // A file that came in from outside is not swept away with its folder.
    fs::write(desk.root().join("pets/new.yml"), "http: {}\n").unwrap();
    assert!(matches!(
        desk.folder.delete(&path("pets")),
        Err(StorageError::ChangedOutside { .. })
    ));
    assert!(desk.root().join("pets/new.yml").exists());
}

#[test]
fn deleting_a_folder_never_takes_what_the_tree_does_not_show() {
    for other in [".env", ".git/config", "data.csv", "notes/a.txt", "inner"] {
        let mut desk = Desk::new();
        let place = desk.root().join("orders").join(other);
        if other == "inner" {
            fs::create_dir(&place).unwrap();
            fs::write(place.join("opencollection.yml"), "info: {name: i}\n").unwrap();
            fs::write(place.join("a.yml"), "http: {}\n").unwrap();
        } else {
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(&place, "precious").unwrap();
        }
        desk.folder.reload().unwrap();
        let before = desk.bytes();
        let error = desk.folder.delete(&path("orders")).unwrap_err();
        assert!(
            matches!(error, StorageError::HoldsOthers { .. }),
            "{other}: {error:?}"
        );
        let named = format!("`orders/{}", other.split('/').next().unwrap());
        assert!(error.to_string().contains(&named), "{error}");
        assert!(desk.changed(&before).is_empty(), "{other}");
        if other == "inner" {
            // Nor by itself: it was not read.
            assert!(matches!(
                desk.folder.delete(&path("orders/inner")),
                Err(StorageError::HoldsOthers { .. })
            ));
            assert!(desk.changed(&before).is_empty());
        }
        fs::remove_dir_all(
            place
                .parent()
                .filter(|_| other.contains('/'))
                .unwrap_or(&place),
        )
        .or_else(|_| fs::remove_file(&place))
        .unwrap();
        desk.folder.reload().unwrap();
        if other == "notes/a.txt" {
            fs::create_dir_all(desk.root().join("orders/deep/er")).unwrap();
            fs::write(desk.root().join("orders/deep/er/b.yml"), "http: {}\n").unwrap();
            desk.folder.reload().unwrap();
        }
        desk.folder.delete(&path("orders")).unwrap();
        assert!(!desk.root().join("orders").exists());
        desk.assert_current();
    }
}

#[test]
fn folders_root_and_environments_are_saved() {
    let mut desk = Desk::new();
    let old = desk.text("pets/folder.yml");
    let defaults = Defaults {
        variables: vec![Variable::plain("v", "1")],
        ..Defaults::default()
    };
    let docs = desk_docs(&desk.folder.collection(), "pets");
    desk.folder
        .save_folder(&path("pets"), "Pets", &defaults, &docs)
        .unwrap();
    assert_eq!(
        desk.text("pets/folder.yml"),
        old.replace(
            "  auth: inherit\n",
            "  auth: inherit\n  variables:\n    - name: v\n      value: \"1\"\n"
        )
    );

    let collection = desk.folder.collection();
    let old = desk.text("opencollection.yml");
    desk.folder
        .save_root("Practice 2", &collection.defaults, &collection.docs)
        .unwrap();
    assert_eq!(
        desk.text("opencollection.yml"),
        old.replace("name: Practice\n", "name: Practice 2\n")
    );

    let mut prod = environment("prod: eu");
    desk.folder.save_environment(None, &prod).unwrap();
    assert!(desk.root().join("environments/prod- eu.yml").exists());
    assert!(matches!(
        desk.folder.save_environment(None, &prod),
        Err(StorageError::AlreadyExists { .. })
    ));
    prod.name = "prod".into();
    prod.variables.pop();
    desk.folder
        .save_environment(Some("prod: eu"), &prod)
        .unwrap();
    assert!(desk.root().join("environments/prod.yml").exists());
    assert!(!desk.root().join("environments/prod- eu.yml").exists());
    assert_eq!(desk.folder.collection().environment("prod"), Some(&prod));
    prod.name = "practice".into();
    assert!(matches!(
        desk.folder.save_environment(Some("prod"), &prod),
        Err(StorageError::AlreadyExists { .. })
    ));
    desk.assert_current();
    desk.folder.delete_environment("prod").unwrap();
    assert!(!desk.root().join("environments/prod.yml").exists());
    assert!(desk.folder.delete_environment("prod").is_err());
    desk.assert_current();
}

fn desk_docs(collection: &Collection, folder: &str) -> String {
    match collection.item(&path(folder)).unwrap() {
        Item::Folder(folder) => folder.docs.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_folder_without_a_file_gets_one_when_it_is_needed() {
    let mut desk = Desk::new();
    fs::create_dir(desk.root().join("plain")).unwrap();
    fs::copy(
        desk.root().join("open.yml"),
        desk.root().join("plain/a.yml"),
    )
    .unwrap();
    desk.folder.reload().unwrap();
    assert!(desk.names("").contains(&"plain".to_owned()));
    desk.folder
        .save_folder(&path("plain"), "plain", &Defaults::default(), "Docs")
        .unwrap();
    assert_eq!(
        desk.text("plain/folder.yml"),
        "info:\n  name: plain\n  type: folder\n\ndocs:\n  content: Docs\n  type: text/markdown\n"
    );
    desk.assert_current();
    fs::remove_file(desk.root().join("plain/folder.yml")).unwrap();
    desk.folder.reload().unwrap();
    let renamed = desk.folder.rename(&path("plain"), "Fancy: one").unwrap();
    assert_eq!(renamed, path("Fancy- one"));
    assert_eq!(
        desk.text("Fancy- one/folder.yml"),
        "info:\n  name: \"Fancy: one\"\n  type: folder\n"
    );
    assert!(
        desk.folder
            .save_folder(&path(""), "x", &Defaults::default(), "")
            .is_err()
    );
    assert!(!desk.root().join("folder.yml").exists());
    desk.assert_current();
}

#[test]
fn literal_credentials_are_never_written() {
    let mut desk = Desk::new();
    let before = desk.bytes();
    let secret = "tok-8f3a";
    let mut draft = desk.draft("pets/get-pets.yml");
    draft
        .headers
        .push(Row::new("Authorization", format!("Bearer {secret}")));
    let error = desk
        .folder
        .save_request(&path("pets/get-pets.yml"), &draft)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("put it in the keyring as `authorization`")
    );
    assert!(!error.to_string().contains(secret));
    assert!(!format!("{error:?}").contains(secret));
    let bearer = Defaults {
        auth: AuthSpec::Bearer {
            token: secret.into(),
        },
        ..Defaults::default()
    };
    let leaking = Environment {
        name: "leak".into(),
        variables: vec![Variable::plain("k", concat!("AKIA", "QZ7XWVUTSRPONMLK"))],
    };
    let results = [
        desk.folder.create_request(&path(""), &draft).map(|_| ()),
        desk.folder.save_folder(&path("pets"), "Pets", &bearer, ""),
        desk.folder.save_root("Practice", &bearer, ""),
        desk.folder.save_environment(None, &leaking),
        desk.folder.save_environment(
            Some("practice"),
            &Environment {
                name: "practice".into(),
                ..leaking.clone()
            },
        ),
    ];
    for result in results {
        assert!(
            matches!(result, Err(StorageError::CredentialLiterals { .. })),
            "{result:?}"
        );
    }
    assert!(desk.changed(&before).is_empty());
}

#[test]
fn what_changed_outside_is_never_written_over() {
    let mut desk = Desk::new();
    let draft = desk.draft("pets/get-pets.yml");
    let outside = desk
        .text("pets/get-pets.yml")
        .replace("seq: 1", "seq: 1 # mine");
    fs::write(desk.root().join("pets/get-pets.yml"), &outside).unwrap();
    assert!(!desk.folder.is_current());
    let before = desk.bytes();
    let pets = path("pets/get-pets.yml");
    let mut edited = draft.clone();
    edited.method = "PUT".into();
    let results = [
        desk.folder.save_request(&pets, &edited),
        desk.folder.rename(&pets, "Other").map(|_| ()),
        desk.folder.duplicate(&pets).map(|_| ()),
        desk.folder.duplicate(&path("pets")).map(|_| ()),
        desk.folder.delete(&pets),
        desk.folder.delete(&path("pets")),
        desk.folder
            .move_to(&pets, &path("orders"), None)
            .map(|_| ()),
        // Its neighbour's move would renumber it.
        desk.folder
            .move_to(&path("pets/post-pet.yml"), &path("pets"), Some(&pets))
            .map(|_| ()),
    ];
    for (at, result) in results.into_iter().enumerate() {
        assert!(
            matches!(result, Err(StorageError::ChangedOutside { .. })),
            "{at}: {result:?}"
        );
    }
    assert!(desk.changed(&before).is_empty());
    // After a reload the outside edit is kept and the save goes through.
    desk.folder.reload().unwrap();
    desk.folder.save_request(&pets, &edited).unwrap();
    assert!(desk.text("pets/get-pets.yml").contains("seq: 1 # mine"));
    // A file deleted outside is not brought back.
    fs::remove_file(desk.root().join("open.yml")).unwrap();
    let open = desk.draft("open.yml");
    assert!(matches!(
        desk.folder.save_request(
            &path("open.yml"),
            &RequestDraft {
                method: "PUT".into(),
                ..open
            }
        ),
        Err(StorageError::ChangedOutside { .. })
    ));
    assert!(!desk.root().join("open.yml").exists());
}

#[test]
fn damaged_files_are_shown_and_left_alone() {
    let mut desk = Desk::new();
    let root = desk.root();
    fs::write(
        root.join("pets/broken.yml"),
        "info:\n  name: a\nhttp: [1, 2\n",
    )
    .unwrap();
    fs::write(root.join("pets/latin.yml"), b"info: {name: caf\xe9}\n").unwrap();
    fs::write(
        root.join("pets/graph.yml"),
        "info: {name: q, type: graphql}\ngraphql: {}\n",
    )
    .unwrap();
    fs::write(root.join("pets/compose.yml"), "services: {}\n").unwrap();
    let big = fs::File::create(root.join("pets/big.yml")).unwrap();
    big.set_len(9 * 1024 * 1024).unwrap();
    fs::write(root.join("environments/bad.yml"), "name: [\n").unwrap();
    fs::write(root.join("orders/folder.yml"), "a: 1\na: 2\n").unwrap();
    let collection = desk.folder.reload().unwrap();
    let reasons = |folder: &str| -> BTreeMap<String, (Option<usize>, String)> {
        match collection.item(&path(folder)).unwrap() {
            Item::Folder(folder) => folder
                .items
                .iter()
                .filter_map(|item| match item {
                    Item::Damaged(damage) => Some((
                        damage.path.file_name().to_owned(),
                        (damage.line, damage.reason.clone()),
                    )),
                    Item::Folder(_) | Item::Request(_) => None,
                })
                .collect(),
            other => panic!("{other:?}"),
        }
    };
    let pets = reasons("pets");
    assert_eq!(pets.len(), 5);
    assert!(pets["broken.yml"].0.is_some_and(|line| line >= 3));
    assert!(pets["latin.yml"].1.contains("UTF-8 (byte 17)"), "{pets:?}");
    assert!(pets["graph.yml"].1.contains("`graphql`"));
    assert!(pets["compose.yml"].1.contains("no OpenCollection request"));
    assert!(pets["big.yml"].1.contains("8 MB"));
    assert_eq!(reasons("orders")["folder.yml"].0, Some(2));
    assert_eq!(collection.damages.len(), 1);
    assert_eq!(collection.damages[0].path, path("environments/bad.yml"));

    let before = desk.bytes();
    let draft = full_draft();
    let results = [
        desk.folder.save_request(&path("pets/broken.yml"), &draft),
        desk.folder.save_request(&path("pets/latin.yml"), &draft),
        desk.folder.save_request(&path("pets/graph.yml"), &draft),
        desk.folder
            .rename(&path("pets/broken.yml"), "x")
            .map(|_| ()),
        desk.folder
            .save_folder(&path("orders"), "o", &Defaults::default(), ""),
        desk.folder.rename(&path("orders"), "o").map(|_| ()),
    ];
    for result in results {
        assert!(
            matches!(result, Err(StorageError::Damaged(_))),
            "{result:?}"
        );
    }
    assert!(desk.changed(&before).is_empty());
    // It may be moved and deleted, as any file.
    let moved = desk
        .folder
        .move_to(&path("pets/broken.yml"), &path(""), None)
        .unwrap();
    assert_eq!(moved, path("broken.yml"));
    desk.folder.delete(&moved).unwrap();
    desk.folder.delete(&path("pets/latin.yml")).unwrap();
    desk.assert_current();
}

#[test]
fn a_damaged_root_still_opens() {
    let mut desk = Desk::new();
    fs::write(desk.root().join("opencollection.yml"), "info: [\n").unwrap();
    let collection = desk.folder.reload().unwrap();
    assert_eq!(collection.name, "practice");
    assert_eq!(collection.damages[0].path, path("opencollection.yml"));
    assert!(!collection.items.is_empty());
    assert!(matches!(
        desk.folder.save_root("x", &Defaults::default(), ""),
        Err(StorageError::Damaged(_))
    ));
    assert_eq!(desk.text("opencollection.yml"), "info: [\n");
}

#[test]
fn no_path_leads_out_of_the_collection() {
    let mut desk = Desk::new();
    fs::write(
        desk.home.path().join("outside.yml"),
        "info: {name: o, type: http}\nhttp: {}\n",
    )
    .unwrap();
    let before = bytes_below(desk.home.path());
    for wrong in [
        "../outside.yml",
        "pets/../../outside.yml",
        "/etc/passwd",
        "pets//get-pets.yml",
        "./open.yml",
        "pets/..",
        ".",
    ] {
        let wrong = path(wrong);
        let results = [
            desk.folder.save_request(&wrong, &full_draft()),
            desk.folder
                .create_request(&wrong, &full_draft())
                .map(|_| ()),
            desk.folder.create_folder(&wrong, "x").map(|_| ()),
            desk.folder.rename(&wrong, "x").map(|_| ()),
            desk.folder.move_to(&wrong, &path(""), None).map(|_| ()),
            desk.folder
                .move_to(&path("open.yml"), &wrong, None)
                .map(|_| ()),
            desk.folder.duplicate(&wrong).map(|_| ()),
            desk.folder.delete(&wrong),
            desk.folder
                .save_folder(&wrong, "x", &Defaults::default(), ""),
        ];
        for result in results {
            assert!(
                matches!(result, Err(StorageError::OutsideRoot { .. })),
                "{wrong}: {result:?}"
            );
        }
    }
    assert_eq!(bytes_below(desk.home.path()), before);
}

#[cfg(unix)]
#[test]
fn links_are_told_of_and_not_followed() {
    use std::os::unix::fs::symlink;
    let mut desk = Desk::new();
    let root = desk.root();
    symlink(&root, root.join("pets/loop")).unwrap();
    let outside = desk.home.path().join("outside.yml");
    fs::write(&outside, "info: {name: o, type: http}\nhttp: {}\n").unwrap();
    symlink(&outside, root.join("pets/linked.yml")).unwrap();
    fs::create_dir(root.join(".git")).unwrap();
    fs::create_dir_all(root.join("node_modules/x")).unwrap();
    fs::write(root.join(".git/a.yml"), "x").unwrap();
    fs::write(root.join("node_modules/x/a.yml"), "x").unwrap();
    let collection = desk.folder.reload().unwrap();
    let damaged: Vec<&str> = match collection.item(&path("pets")).unwrap() {
        Item::Folder(folder) => folder
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Damaged(damage) => Some(damage.path.file_name()),
                Item::Folder(_) | Item::Request(_) => None,
            })
            .collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(damaged, ["linked.yml", "loop"]);
    assert_eq!(collection.items.len(), 7);
    assert!(matches!(
        desk.folder
            .save_request(&path("pets/linked.yml"), &full_draft()),
        Err(StorageError::OutsideRoot { .. })
    ));
    // A folder that becomes a link behind our back is not written through.
    fs::rename(root.join("orders"), desk.home.path().join("orders")).unwrap();
    symlink(desk.home.path().join("orders"), root.join("orders")).unwrap();
    let draft = desk.draft("orders/post-order.yml");
    assert!(matches!(
        desk.folder.save_request(
            &path("orders/post-order.yml"),
            &RequestDraft {
                method: "PUT".into(),
                ..draft
            }
        ),
        Err(StorageError::OutsideRoot { .. })
    ));
}

#[test]
fn very_deep_and_nested_collections_are_told_of() {
    let mut desk = Desk::new();
    let mut deep = desk.root();
    for _ in 0..40 {
        deep.push("d");
        fs::create_dir(&deep).unwrap();
    }
    fs::create_dir(desk.root().join("inner")).unwrap();
    fs::write(
        desk.root().join("inner/opencollection.yml"),
        "info: {name: i}\n",
    )
    .unwrap();
    let collection = desk.folder.reload().unwrap();
    let inner = collection.item(&path("inner")).unwrap();
    assert!(matches!(inner, Item::Damaged(damage) if damage.reason.contains("of its own")));
    let deepest = path(&vec!["d"; 33].join("/"));
    let deepest = collection.item(&deepest).unwrap();
    assert!(matches!(deepest, Item::Damaged(damage) if damage.reason.contains("deeper than 32")));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_loses_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut desk = Desk::new();
    let pets = desk.root().join("pets");
    let set = |mode| fs::set_permissions(&pets, fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    if fs::write(pets.join("probe"), "").is_ok() {
        fs::remove_file(pets.join("probe")).unwrap();
        set(0o755);
        println!("skipped: this user may write everywhere");
        return;
    }
    let before = desk.bytes();
    let draft = RequestDraft {
        method: "PUT".into(),
        ..desk.draft("pets/get-pets.yml")
    };
    let results = [
        desk.folder.save_request(&path("pets/get-pets.yml"), &draft),
        desk.folder
            .create_request(&path("pets"), &draft)
            .map(|_| ()),
        desk.folder
            .rename(&path("pets/get-pets.yml"), "x")
            .map(|_| ()),
        desk.folder
            .move_to(&path("open.yml"), &path("pets"), None)
            .map(|_| ()),
        desk.folder.delete(&path("pets/get-pets.yml")),
    ];
    for result in results {
        assert!(
            matches!(result, Err(StorageError::Write { .. })),
            "{result:?}"
        );
    }
    set(0o755);
    assert!(desk.changed(&before).is_empty());
    desk.assert_current();
}

#[test]
fn a_foreign_collection_cannot_claim_the_secrets_of_a_known_one() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let home = Home::at(&at("home"));
    let open = |name: &str| CollectionFolder::open_known(&at(name), &home).unwrap();
    let (_, mine) = CollectionFolder::create(&at("mine"), "Mine").unwrap();
    assert_eq!(open("mine").1.id, mine.id);
    // Somebody's repository comes with the id of ours, however it is written.
    CollectionFolder::create(&at("theirs"), "Theirs").unwrap();
    for id in [
        mine.id.clone(),
        mine.id.to_uppercase(),
        format!(" {}", mine.id),
    ] {
        fs::write(at("theirs/countersign.toml"), format!("id = \"{id}\"\n")).unwrap();
        let (mut folder, theirs) = open("theirs");
        assert_ne!(theirs.id.trim().to_lowercase(), mine.id);
        let damage = &theirs.damages[0];
        assert_eq!(damage.path, path("countersign.toml"));
        let real = fs::canonicalize(at("mine")).unwrap();
        assert!(
            damage.reason.contains(&real.display().to_string()),
            "{damage:?}"
        );
        assert_eq!(
            folder.reload().unwrap().id,
            theirs.id,
            "a reload is no way in"
        );
    }
    // Ours is as before, also by another name of its folder.
    let (_, again) = CollectionFolder::open_known(&at("theirs/../mine"), &home).unwrap();
    assert_eq!((again.id, again.damages), (mine.id.clone(), Vec::new()));

    // The user lets a second clone in.
    fs::write(
        at("theirs/countersign.toml"),
        format!("id = \"{}\"\n", mine.id),
    )
    .unwrap();
    let register = fs::read_to_string(home.collections_file()).unwrap();
    let real = fs::canonicalize(at("theirs")).unwrap();
    let real = Value::String(real.to_str().unwrap().to_owned());
    fs::write(
        home.collections_file(),
        register.replace("folders = [", &format!("folders = [{real}, ")),
    )
    .unwrap();
    assert_eq!(open("theirs").1.id, mine.id);
    assert_eq!(open("mine").1.id, mine.id);

    // A register that says nothing lets nobody in.
    fs::write(home.collections_file(), "[").unwrap();
    let (_, locked) = open("mine");
    assert_ne!(locked.id, mine.id);
    assert!(locked.damages[0].reason.contains("is damaged"));
    assert_eq!(fs::read_to_string(home.collections_file()).unwrap(), "[");
}

#[test]
fn a_known_collection_that_moves_keeps_its_id() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let home = Home::at(&at("home"));
    CollectionFolder::create(&at("old"), "Mine").unwrap();
    let (_, old) = CollectionFolder::open_known(&at("old"), &home).unwrap();
    fs::rename(at("old"), at("new")).unwrap();
    let (_, new) = CollectionFolder::open_known(&at("new"), &home).unwrap();
    assert_eq!((new.id, new.damages), (old.id, Vec::new()));
    let register = fs::read_to_string(home.collections_file()).unwrap();
    let real = |name: &str| {
        let real = fs::canonicalize(place.path()).unwrap().join(name);
        real.display().to_string().replace('\\', "\\\\")
    };
    assert!(register.contains(&real("new")), "{register}");
    assert!(!register.contains(&real("old")), "{register}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(home.collections_file()).unwrap().permissions();
        assert_eq!(mode.mode() & 0o077, 0);
    }
    // Copies of the practice collection have no secrets of their own.
    for copy in [Desk::new(), Desk::new()] {
        let (_, practice) = CollectionFolder::open_known(&copy.root(), &home).unwrap();
        assert_eq!(practice.id, practice::COLLECTION_ID);
        assert!(practice.damages.is_empty());
    }
}

#[test]
fn a_requests_file_leads_to_its_collection() {
    let desk = Desk::new();
    let (root, item) = find_collection(&desk.root().join("pets/../pets/get-pets.yml")).unwrap();
    assert_eq!(root, fs::canonicalize(desk.root()).unwrap());
    assert_eq!(item, path("pets/get-pets.yml"));
    let (_, collection) = CollectionFolder::open(&root).unwrap();
    assert!(collection.request(&item).is_some());
    assert_eq!(find_collection(&desk.root().join("none.yml")), None);
    let lone = desk.home.path().join("lone.yml");
    fs::write(&lone, "http: {}\n").unwrap();
    assert_eq!(find_collection(&lone), None);
}

#[test]
fn collections_of_the_corpus_open_whole() {
    let Some(shared) = shared() else { return };
    let mut opened = 0;
    for root in yml_files(&shared.join("corpus/opencollection"))
        .iter()
        .filter(|path| path.ends_with("opencollection.yml"))
        .map(|path| path.parent().unwrap())
    {
        let home = tempfile::tempdir().unwrap();
        for (name, bytes) in bytes_below(root) {
            let to = home.path().join(&name);
            if root.join(&name).is_dir() {
                fs::create_dir_all(to).unwrap();
            } else {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::write(to, bytes).unwrap();
            }
        }
        let (_, collection) = CollectionFolder::open(home.path()).unwrap();
        assert!(
            collection.damages.is_empty(),
            "{}: {:?}",
            root.display(),
            collection.damages
        );
        assert!(!collection.name.is_empty());
        opened += 1;
    }
    assert_eq!(opened, 15);
}

// ── any model survives ──

mod any {
    use super::*;
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ -~]{0,16}",
            "[a-z{}:#' \"\n\t-]{0,24}",
            "\\PC{0,12}",
            "[0-9.e-]{0,6}",
        ]
    }

    fn row() -> impl Strategy<Value = Row> {
        (text(), text(), text(), any::<bool>()).prop_map(|(name, value, description, enabled)| {
            Row {
                name,
                value,
                description,
                enabled,
            }
        })
    }

    /// What people and merges do to a line.
    fn bend() -> impl Strategy<Value = (u8, String)> {
        let what = prop_oneof![
            Just("# note".to_owned()),
            Just("  # note".to_owned()),
            Just(" # note".to_owned()),
            Just(String::new()),
            Just("  ".to_owned()),
            Just("\r".to_owned()),
            Just("\t".to_owned()),
            Just("---".to_owned()),
            Just("&a ".to_owned()),
            Just("x: *a".to_owned()),
            Just("? complex".to_owned()),
            Just("x: {a: [1, {b: c}], d: e}".to_owned()),
            Just("<<<<<<< HEAD".to_owned()),
            Just("!!str ".to_owned()),
            Just("x-a: >-\n  folded\n  text\n".to_owned()),
            "[ a-z:#'\"{}\\[\\],&*|>%@!?-]{0,6}",
        ];
        (0_u8..4, what)
    }

    fn rows() -> BoxedStrategy<Vec<Row>> {
        prop::collection::vec(row(), 0..4).boxed()
    }

    fn variable() -> BoxedStrategy<Variable> {
        (text(), prop::option::of(text()), text(), any::<bool>())
            .prop_map(|(name, value, description, enabled)| Variable {
                name,
                value: value.map_or(VariableValue::Secret, VariableValue::Plain),
                description,
                enabled,
            })
            .boxed()
    }

    fn auth() -> BoxedStrategy<AuthSpec> {
        prop_oneof![
            Just(AuthSpec::Inherit),
            Just(AuthSpec::None),
            (text(), text(), text(), text(), text(), text()).prop_map(|(a, b, c, d, e, f)| {
                AuthSpec::AwsSigV4(AwsAuthSpec {
                    profile_name: a,
                    region: b,
                    service: c,
                    access_key_id: d,
                    secret_access_key: e,
                    session_token: f,
                })
            }),
            (text(), text(), any::<bool>()).prop_map(|(key, value, query)| AuthSpec::ApiKey {
                key,
                value,
                placement: if query {
                    ApiKeyPlacement::Query
                } else {
                    ApiKeyPlacement::Header
                },
            }),
            (text(), text())
                .prop_map(|(username, password)| AuthSpec::Basic { username, password }),
            text().prop_map(|token| AuthSpec::Bearer { token }),
        ]
        .boxed()
    }

    fn body() -> BoxedStrategy<Body> {
        prop_oneof![
            Just(Body::None),
            text().prop_map(Body::Json),
            text().prop_map(Body::Text),
            text().prop_map(Body::Xml),
            rows().prop_map(Body::Form),
        ]
        .boxed()
    }

    pub(super) fn draft() -> BoxedStrategy<RequestDraft> {
        (
            (text(), prop::option::of(any::<u32>()), text(), text()),
            (rows(), rows(), body(), auth()),
            (
                prop::collection::vec(variable(), 0..3),
                prop::option::of(1_u64..1_000_000),
                text(),
            ),
        )
            .prop_map(
                |(
                    (name, seq, method, url),
                    (headers, params, body, auth),
                    (variables, timeout_ms, docs),
                )| {
                    let mut draft = RequestDraft {
                        name,
                        seq,
                        method,
                        url,
                        headers,
                        params: params
                            .into_iter()
                            .map(|row| Param {
                                row,
                                kind: ParamKind::Query,
                            })
                            .collect(),
                        body,
                        auth,
                        variables,
                        settings: RequestSettings { timeout_ms },
                        docs,
                    };
                    draft.params_from_url();
                    draft
                },
            )
            .boxed()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_new_file_says_what_was_meant(draft in draft()) {
            let text = new_request(&draft).unwrap();
            prop_assert_eq!(read_request(&text).unwrap(), draft, "{}", text);
        }

        #[test]
        fn a_bent_file_is_edited_or_left(
            before in draft(),
            after in draft(),
            bends in prop::collection::vec((any::<prop::sample::Index>(), bend()), 1..5),
        ) {
            let text = new_request(&before).unwrap();
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            for (at, (how, what)) in bends {
                let at = at.index(lines.len());
                match how {
                    0 => lines.insert(at, what),
                    1 => lines[at].push_str(&what),
                    2 => lines[at].insert_str(0, &what),
                    _ => {
                        lines.remove(at);
                        lines.push(what);
                    }
                }
            }
            let text = lines.join("\n");
            if let Ok(read) = read_request(&text) {
                prop_assert_eq!(save_request(&text, &read).unwrap(), text.clone());
                match save_request(&text, &after) {
                    Ok(saved) => prop_assert_eq!(read_request(&saved).unwrap(), after, "{}", saved),
                    Err(error) => prop_assert!(
                        matches!(error, FormatError::CannotKeep { .. }),
                        "{} {}", error, text
                    ),
                }
            }
        }

        #[test]
        fn an_edit_says_what_was_meant(before in draft(), after in draft()) {
            let text = new_request(&before).unwrap();
            let saved = save_request(&text, &after).unwrap();
            prop_assert_eq!(read_request(&saved).unwrap(), after, "{}", saved);
        }

        #[test]
        fn an_edit_of_an_annotated_file_keeps_the_annotations(before in draft(), after in draft()) {
            let text = format!(
                "# head\n{}x-unknown: # kept\n  - a: [1, 2] # too\n# tail\n",
                new_request(&before).unwrap()
            );
            let saved = save_request(&text, &after).unwrap();
            prop_assert_eq!(read_request(&saved).unwrap(), after, "{}", &saved);
            prop_assert!(saved.starts_with("# head\n"));
            prop_assert!(
                saved.contains("x-unknown: # kept\n  - a: [1, 2] # too\n"),
                "{}", saved
            );
            prop_assert!(saved.contains("# tail\n"), "{}", saved);
        }
    }
}
