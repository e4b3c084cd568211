//! The floors of the house: who may use whom, and which crates a floor may know.
//!
//! Reads the sources as text: `use` lines and paths. A breach names file, line, and the reason.

use std::fs;
use std::path::{Path, PathBuf};

/// A room and what it may not mention.
struct Floor {
    /// Folders or files below `src`, without `.rs`.
    rooms: &'static [&'static str],
    /// Rooms of ours that it may not use.
    rooms_above: &'static [&'static str],
    /// Crates and modules of the standard library that it may not use.
    crates: &'static [&'static str],
    reason: &'static str,
}

const DOMAIN: &[&str] = &[
    "secret",
    "template",
    "collection",
    "request",
    "sigv4",
    "exchange",
    "denial",
    "explain",
    "practice",
    "profile",
];
const IMPURE: &[&str] = &[
    "egui",
    "eframe",
    "egui_commonmark",
    "tokio",
    "tokio_util",
    "reqwest",
    "hyper",
    "hyper_util",
    "keyring",
    "keyring_core",
    "aws_config",
    "aws_sdk_sts",
    "rfd",
    "std::fs",
    "std::env",
    "std::net",
    "std::thread",
    "SystemTime::now",
    "Instant::now",
];

const FLOORS: &[Floor] = &[
    Floor {
        rooms: DOMAIN,
        rooms_above: &[
            "state",
            "engine",
            "credentials",
            "storage",
            "gateway",
            "ui",
            "app",
            "cli",
        ],
        crates: IMPURE,
        reason: "the domain is pure: values in, values out",
    },
    Floor {
        rooms: &["sigv4"],
        rooms_above: &["collection", "exchange"],
        crates: &[],
        reason: "signing knows requests, not collections or what became of them",
    },
    Floor {
        rooms: &["request"],
        rooms_above: &["sigv4", "exchange"],
        crates: &["aws_sigv4"],
        reason: "a request is final before anyone signs it",
    },
    Floor {
        rooms: &["collection"],
        rooms_above: &["request", "sigv4", "exchange"],
        crates: &[],
        reason: "a collection is what the user wrote",
    },
    Floor {
        rooms: &["state"],
        rooms_above: &[
            "engine",
            "credentials",
            "storage",
            "gateway",
            "ui",
            "app",
            "cli",
        ],
        crates: IMPURE,
        reason: "the state is a pure reducer: effects are values",
    },
    Floor {
        rooms: &["engine", "credentials", "storage", "gateway"],
        rooms_above: &["state", "ui", "app", "cli"],
        crates: &["egui", "eframe"],
        reason: "effects know nothing of the window",
    },
    Floor {
        rooms: &["credentials", "storage"],
        rooms_above: &["engine", "gateway"],
        crates: &[],
        reason: "the engine uses them, not the other way round",
    },
    Floor {
        rooms: &["gateway"],
        rooms_above: &["engine", "credentials", "storage"],
        crates: &["aws_sigv4", "crate::sigv4::sign", "reqwest"],
        reason: "the gateway judges from the received bytes and never asks the signer",
    },
    Floor {
        rooms: &["ui"],
        rooms_above: &["engine", "credentials", "storage", "gateway", "app", "cli"],
        crates: &[
            "tokio",
            "reqwest",
            "hyper",
            "keyring",
            "aws_config",
            "std::fs",
            "std::net",
            "std::thread",
            "rfd",
        ],
        reason: "panels read the state and send commands",
    },
    Floor {
        rooms: &["ui/widgets", "ui/theme"],
        rooms_above: &[
            "state",
            "collection",
            "request",
            "sigv4",
            "exchange",
            "denial",
            "explain",
            "practice",
            "profile",
            "template",
        ],
        crates: &[],
        reason: "widgets and theme know no word of the domain",
    },
    Floor {
        rooms: &["cli"],
        rooms_above: &["ui", "state"],
        crates: &["egui", "eframe"],
        reason: "the terminal is a thin caller of the library",
    },
];

#[test]
fn no_room_uses_what_is_above_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&source, &mut files);
    assert!(files.len() > 20, "the sources are here");
    let mut breaches = Vec::new();
    for file in &files {
        let relative = file
            .strip_prefix(&source)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let text = fs::read_to_string(file).unwrap();
        for floor in FLOORS
            .iter()
            .filter(|floor| floor.rooms.iter().any(|room| is_in(&relative, room)))
        {
            breaches.extend(breaches_of(floor, &relative, &text));
        }
    }
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn a_breach_is_found() {
    let domain = &FLOORS[0];
    let breach = |text: &str| breaches_of(domain, "sigv4/sign.rs", text).len();
    assert_eq!(breach("use crate::engine::Engine;\n"), 1);
    assert_eq!(breach("use tokio::sync::mpsc;\n"), 1);
    assert_eq!(breach("    let now = std::time::SystemTime::now();\n"), 1);
    assert_eq!(breach("use crate::{engine::Engine, ui};\n"), 2);
    assert_eq!(
        breach("// tokio::spawn would be wrong here\nuse crate::secret::SecretString;\n"),
        0
    );
    assert_eq!(
        breach("#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n"),
        0,
        "tests may read files"
    );
}

fn breaches_of(floor: &Floor, file: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        // In-file tests come last and may use what they like.
        if code.trim() == "#[cfg(test)]" {
            break;
        }
        for room in floor.rooms_above {
            let named = [
                format!("crate::{room}::"),
                format!("crate::{room};"),
                format!("super::super::{room}::"),
            ];
            let grouped = code.contains("crate::{") && words(code).any(|word| word == *room);
            if named.iter().any(|path| code.contains(path.as_str())) || grouped {
                found.push(format!(
                    "src/{file}:{}: uses `{room}`: {}",
                    index + 1,
                    floor.reason
                ));
            }
        }
        for name in floor.crates {
            let hit = if name.contains("::") {
                code.contains(name)
            } else {
                code.contains(&format!("{name}::"))
                    && !code.contains(&format!("_{name}::"))
                    && !code.contains(&format!("::{name}::"))
            };
            if hit {
                found.push(format!(
                    "src/{file}:{}: uses `{name}`: {}",
                    index + 1,
                    floor.reason
                ));
            }
        }
    }
    found
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn is_in(file: &str, room: &str) -> bool {
    file == format!("{room}.rs") || file.starts_with(&format!("{room}/"))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the entry can be read").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
