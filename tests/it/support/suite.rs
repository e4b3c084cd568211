//! The aws-c-auth signing test suite, read as raw bytes: a URL library would escape what the suite
//! leaves raw.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign::secret::SecretString;
use countersign::sigv4::{
    Credentials, RequestDateTime, SessionTokenRule, SignedHeadersRule, SigningSettings,
};

/// A case of the suite in header mode.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) credentials: Credentials,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) time: RequestDateTime,
    pub(crate) settings: SigningSettings,
    pub(crate) canonical_request: String,
    pub(crate) string_to_sign: String,
    pub(crate) signature: String,
}

/// The suite inside the published crate `aws-sigv4`, wherever cargo keeps it.
pub(crate) fn inside_the_crate() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "aws-sigv4")
        .and_then(|package| package["manifest_path"].as_str())
        .expect("aws-sigv4 is a dependency");
    Path::new(manifest)
        .with_file_name("aws-signing-test-suite")
        .join("v4")
}

/// All cases of a suite folder that have a context.
pub(crate) fn cases(folder: &Path) -> Vec<Case> {
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the suite is there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    folders.sort();
    folders
        .iter()
        .filter(|folder| folder.join("context.json").exists())
        .map(|folder| case(folder))
        .collect()
}

fn case(folder: &Path) -> Case {
    let text = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    let context: serde_json::Value =
        serde_json::from_str(&text("context.json")).expect("the context is JSON");
    let field = |name: &str| context[name].as_str().expect(name).to_owned();
    let credential = |name: &str| context["credentials"][name].as_str().map(str::to_owned);
    let request = text("request.txt");
    let (head, body) = request.split_once("\n\n").unwrap_or((request.as_str(), ""));
    let mut lines = head.lines();
    let request_line = lines.next().expect("there is a request line");
    let (method, rest) = request_line.split_once(' ').expect("there is a method");
    let target = rest.strip_suffix(" HTTP/1.1").expect("it is HTTP/1.1");
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.starts_with([' ', '\t']) {
            // Obsolete line folding is one space (RFC 9112 §5.2).
            let last = headers
                .last_mut()
                .expect("a folded line continues a header");
            last.1 = format!("{} {}", last.1, line.trim());
        } else {
            let (name, value) = line.split_once(':').expect("a header has a colon");
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let host = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("host"))
        .expect("there is a host")
        .1
        .clone();
    let flag = |name: &str| context[name].as_bool().unwrap_or(false);
    let time: String = field("timestamp")
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .collect();
    Case {
        name: folder
            .file_name()
            .expect("named")
            .to_string_lossy()
            .into_owned(),
        method: method.to_owned(),
        url: format!("https://{}{target}", host.trim()),
        headers,
        // Where the suite does not sign the body it takes the hash of an empty one.
        body: if flag("sign_body") {
            body.as_bytes().to_vec()
        } else {
            Vec::new()
        },
        credentials: Credentials {
            access_key_id: credential("access_key_id").expect("key id"),
            secret_access_key: SecretString::new(credential("secret_access_key").expect("secret")),
            session_token: credential("token").map(SecretString::new),
        },
        region: field("region"),
        service: field("service"),
        time: RequestDateTime::parse(&time).expect("a time"),
        settings: SigningSettings {
            normalize_path: flag("normalize"),
            content_sha256_header: flag("sign_body"),
            session_token: if flag("omit_session_token") {
                SessionTokenRule::Unsigned
            } else {
                SessionTokenRule::Signed
            },
            signed_headers: SignedHeadersRule::EverythingBut(Vec::new()),
            ..SigningSettings::default()
        },
        canonical_request: text("header-canonical-request.txt"),
        string_to_sign: text("header-string-to-sign.txt"),
        signature: text("header-signature.txt"),
    }
}
