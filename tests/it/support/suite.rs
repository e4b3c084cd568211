//! The aws-c-auth signing test suite, read as raw bytes: a URL library would escape what the suite
//! leaves raw.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign::secret::SecretString;
use countersign::sigv4::{
    Algorithm, Credentials, Placement, RequestDateTime, SessionTokenRule, SignedHeadersRule,
    SigningSettings,
};

/// A case of the suite in one placement.
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
    /// The request as it is sent, headers in the order of the suite.
    pub(crate) signed_request: String,
    /// Of v4a: the public key's x and y.
    pub(crate) public_key: Option<([u8; 32], [u8; 32])>,
}

/// Where a case has its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Header,
    Query,
}

impl Mode {
    fn prefix(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
        }
    }
}

/// A suite (`v4`, `v4a`) inside the published crate `aws-sigv4`, wherever cargo keeps it.
pub(crate) fn inside_the_crate(suite: &str) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        // Packages of other platforms need not be here.
        .args(["metadata", "--format-version=1", "--offline", "--locked"])
        .args(["--filter-platform", "host-tuple"])
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
        .join(suite)
}

/// All cases of a suite folder that have a context and an expectation.
pub(crate) fn cases(folder: &Path, algorithm: Algorithm, mode: Mode) -> Vec<Case> {
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the suite is there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    folders.sort();
    folders
        .iter()
        .filter(|folder| folder.join("context.json").exists())
        .filter(|folder| folder.join("header-signature.txt").exists())
        .map(|folder| case(folder, algorithm, mode))
        .collect()
}

fn case(folder: &Path, algorithm: Algorithm, mode: Mode) -> Case {
    let expected = |what: &str| {
        let name = format!("{}-{what}.txt", mode.prefix());
        fs::read_to_string(folder.join(&name)).expect(&name)
    };
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
            signed_headers: SignedHeadersRule::everything_but(Vec::new()),
            algorithm,
            placement: match mode {
                Mode::Header => Placement::Header,
                Mode::Query => Placement::Query {
                    expires: u32::try_from(
                        context["expiration_in_seconds"].as_u64().expect("expires"),
                    )
                    .expect("small"),
                },
            },
            ..SigningSettings::default()
        },
        canonical_request: expected("canonical-request"),
        string_to_sign: expected("string-to-sign"),
        signature: expected("signature"),
        signed_request: expected("signed-request"),
        public_key: folder.join("public-key.json").exists().then(|| {
            let key: serde_json::Value =
                serde_json::from_str(&text("public-key.json")).expect("the key is JSON");
            let half = |name: &str| {
                let digits = key[name].as_str().expect(name);
                hex::decode(digits)
                    .expect("hex")
                    .try_into()
                    .expect("32 bytes")
            };
            (half("X"), half("Y"))
        }),
    }
}
