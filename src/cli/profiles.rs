//! `countersign profiles`: everything one can sign as.
//!
//! No secret is ever an argument, and none is printed.

use std::io::{self, IsTerminal as _, Read, Write};
use std::time::SystemTime;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use crate::credentials::{CredentialsError, NewRole, Profiles, StoreKind, open_store_from_env};
use crate::profile::{ProfileKind, ProfileSummary};
use crate::secret::SecretString;
use crate::sigv4::Credentials;

const DONE: u8 = 0;
const INTERNAL: u8 = 1;
const USAGE: u8 = 2;
const CREDENTIALS: u8 = 4;
const NETWORK: u8 = 5;

/// More than any keys need.
const LONGEST_INPUT: u64 = 64 << 10;

const AFTER_HELP: &str = "\
Examples:
  countersign profiles list
  countersign profiles add dev
  aws configure export-credentials --profile corp | jq '{access_key_id: .AccessKeyId,
    secret_access_key: .SecretAccessKey, session_token: .SessionToken}' | countersign profiles add corp
  countersign profiles add-role reader --source dev --role-arn arn:aws:iam::111122223333:role/PetReader
  countersign profiles whoami reader

Keys go into the keyring of the operating system. The profiles of ~/.aws are listed and used as
they are; nothing is written there.";

/// List, add and remove what one can sign as
#[derive(Args, Clone, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct ProfilesArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Show all profiles: built in, your own, and those of ~/.aws
    List {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Keep keys under a name: asks on a terminal, else reads JSON from standard input
    #[command(
        after_help = "Standard input, if it is not a terminal:\n  {\"access_key_id\": \"AKIA…\", \"secret_access_key\": \"…\", \"session_token\": null, \"region\": \"eu-west-1\"}"
    )]
    Add {
        /// The profile's new name
        name: String,
    },
    /// Add a role that is assumed with another profile
    #[command(
        after_help = "Example:\n  countersign profiles add-role reader --source dev --role-arn arn:aws:iam::111122223333:role/PetReader"
    )]
    AddRole(AddRoleArgs),
    /// Remove one of your own profiles and its secrets
    #[command(after_help = "Example:\n  countersign profiles remove dev")]
    Remove {
        /// The profile
        name: String,
    },
    /// Ask STS who signs with a profile
    #[command(after_help = "Example:\n  countersign profiles whoami dev --json")]
    Whoami {
        /// The profile
        name: String,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Clone, Debug)]
struct AddRoleArgs {
    /// The profile's new name
    name: String,
    /// The profile that assumes the role
    #[arg(long, value_name = "PROFILE")]
    source: String,
    /// The role
    #[arg(long, value_name = "ARN")]
    role_arn: String,
    /// Take the external id from standard input (or ask, on a terminal)
    #[arg(long)]
    external_id_stdin: bool,
    /// The session's name in the account's audit log
    #[arg(long, value_name = "NAME")]
    session_name: Option<String>,
    /// How long a session lasts, 900 to 43200
    #[arg(long, value_name = "SECONDS")]
    duration: Option<u32>,
    /// Another STS than AWS's own, for example the practice gateway
    #[arg(long, value_name = "URL")]
    sts_endpoint: Option<String>,
}

/// Why a subcommand did not do its work.
#[derive(Debug)]
struct Failure {
    code: u8,
    message: String,
    hint: Option<String>,
    is_closed_pipe: bool,
}

impl Failure {
    fn new(code: u8, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: Some(hint.into()),
            is_closed_pipe: false,
        }
    }
}

impl From<CredentialsError> for Failure {
    fn from(error: CredentialsError) -> Self {
        Self {
            code: if error.is_network {
                NETWORK
            } else {
                CREDENTIALS
            },
            message: error.message,
            hint: error.hint,
            is_closed_pipe: false,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self {
            is_closed_pipe: error.kind() == io::ErrorKind::BrokenPipe,
            ..Self::new(
                INTERNAL,
                format!("reading or writing failed: {error}"),
                "look at what standard input and output are connected to",
            )
        }
    }
}

/// Does what the subcommand says; gives the exit code.
pub(super) fn run(args: &ProfilesArgs) -> u8 {
    let done = open().and_then(|(profiles, keeps)| {
        let mut words = Words {
            keeps,
            input: Input::from_process(),
            out: &mut io::stdout().lock(),
            notes: &mut io::stderr().lock(),
        };
        perform(&args.command, &profiles, SystemTime::now(), &mut words)
    });
    match done {
        Ok(()) => DONE,
        // Whoever read it has seen enough, as `head` does.
        Err(failure) if failure.is_closed_pipe => DONE,
        Err(failure) => {
            let mut notes = io::stderr().lock();
            // With standard error gone there is nobody left to tell.
            writeln!(notes, "countersign: {}", failure.message).ok();
            if let Some(hint) = failure.hint {
                writeln!(notes, "  {hint}").ok();
            }
            failure.code
        }
    }
}

fn open() -> Result<(Profiles, StoreKind), Failure> {
    let store = open_store_from_env().map_err(|error| {
        Failure::new(
            USAGE,
            error.to_string(),
            "unset COUNTERSIGN_SECRETS to use the keyring",
        )
    })?;
    let kind = store.kind();
    Ok((Profiles::from_env(store)?, kind))
}

/// What a subcommand reads and writes.
struct Words<'a> {
    keeps: StoreKind,
    input: Input<'a>,
    out: &'a mut dyn Write,
    notes: &'a mut dyn Write,
}

/// Where secrets are read from.
enum Input<'a> {
    Terminal,
    Stream(Box<dyn Read + 'a>),
}

impl Input<'_> {
    fn from_process() -> Self {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            Self::Terminal
        } else {
            Self::Stream(Box::new(stdin))
        }
    }
}

fn perform(
    command: &Command,
    profiles: &Profiles,
    now: SystemTime,
    words: &mut Words<'_>,
) -> Result<(), Failure> {
    match command {
        Command::List { json } => {
            let all = profiles.list(now);
            for problem in profiles.problems() {
                writeln!(words.notes, "countersign: {}", problem.message)?;
            }
            if *json {
                let all: Vec<_> = all.iter().map(summary_json).collect();
                writeln!(words.out, "{:#}", json!(all))?;
            } else {
                write_table(&all, words.out)?;
            }
        }
        Command::Add { name } => {
            must_keep(words.keeps)?;
            let (credentials, region) = read_keys(&mut words.input, words.notes)?;
            profiles.add_keys(name, region.as_deref(), &credentials)?;
            writeln!(
                words.notes,
                "added profile “{name}”; its keys are in the keyring"
            )?;
        }
        Command::AddRole(args) => {
            let external_id = if args.external_id_stdin {
                must_keep(words.keeps)?;
                Some(read_line(&mut words.input, "External id (not shown): ")?)
            } else {
                None
            };
            let role = NewRole {
                source: args.source.clone(),
                role_arn: args.role_arn.clone(),
                external_id,
                session_name: args.session_name.clone(),
                duration_seconds: args.duration,
                region: None,
                sts_endpoint: args.sts_endpoint.clone(),
            };
            profiles.add_role(&args.name, role)?;
            writeln!(words.notes, "added role profile “{}”", args.name)?;
        }
        Command::Remove { name } => {
            profiles.remove(name)?;
            writeln!(words.notes, "removed profile “{name}”")?;
        }
        Command::Whoami { name, json } => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let identity = runtime.block_on(profiles.whoami(name, now));
            // A keyring call that hangs must not keep the program from ending.
            runtime.shutdown_background();
            let identity = identity?;
            if *json {
                let identity = json!({
                    "account": identity.account,
                    "arn": identity.arn,
                    "user_id": identity.user_id,
                });
                writeln!(words.out, "{identity:#}")?;
            } else {
                writeln!(words.out, "account  {}", identity.account)?;
                writeln!(words.out, "arn      {}", identity.arn)?;
                writeln!(words.out, "user id  {}", identity.user_id)?;
            }
        }
    }
    Ok(())
}

/// Memory would be empty at the next start.
fn must_keep(kind: StoreKind) -> Result<(), Failure> {
    match kind {
        StoreKind::Keyring => Ok(()),
        StoreKind::Memory => Err(Failure::new(
            CREDENTIALS,
            "COUNTERSIGN_SECRETS=memory forgets secrets at exit, so the profile would have none",
            "unset COUNTERSIGN_SECRETS to use the keyring",
        )),
    }
}

fn read_keys(
    input: &mut Input<'_>,
    notes: &mut dyn Write,
) -> Result<(Credentials, Option<String>), Failure> {
    match input {
        Input::Terminal => ask_keys(notes),
        Input::Stream(stream) => parse_keys(&read_all(stream)?),
    }
}

fn ask_keys(notes: &mut dyn Write) -> Result<(Credentials, Option<String>), Failure> {
    let mut ask = |question: &str| -> io::Result<String> {
        write!(notes, "{question}")?;
        notes.flush()?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    };
    let access_key_id = ask("Access key id: ")?;
    let secret = ask_secret("Secret access key (not shown): ")?;
    let token = ask_secret("Session token, only for temporary keys (not shown): ")?;
    let region = ask("Region, if it has one: ")?;
    let credentials = Credentials {
        access_key_id,
        secret_access_key: secret,
        session_token: (!token.is_empty()).then_some(token),
    };
    Ok((credentials, (!region.is_empty()).then_some(region)))
}

fn ask_secret(question: &str) -> io::Result<SecretString> {
    let line = Zeroizing::new(rpassword::prompt_password(question)?);
    Ok(SecretString::new(line.trim()))
}

fn parse_keys(text: &str) -> Result<(Credentials, Option<String>), Failure> {
    #[derive(Deserialize)]
    struct Keys {
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
        region: Option<String>,
    }
    // The parser's own words could quote a secret: only the place is told.
    let keys: Keys = serde_json::from_str(text).map_err(|error| {
        Failure::new(
            USAGE,
            format!(
                "standard input is not the JSON that is expected (line {}, column {})",
                error.line(),
                error.column()
            ),
            "give {\"access_key_id\": …, \"secret_access_key\": …, \"session_token\": …, \"region\": …}; the last two may be missing",
        )
    })?;
    let credentials = Credentials {
        access_key_id: keys.access_key_id,
        secret_access_key: SecretString::new(keys.secret_access_key),
        session_token: keys.session_token.map(SecretString::new),
    };
    Ok((credentials, keys.region))
}

fn read_line(input: &mut Input<'_>, question: &str) -> Result<SecretString, Failure> {
    let line = match input {
        Input::Terminal => ask_secret(question)?,
        Input::Stream(stream) => SecretString::new(read_all(stream)?.trim()),
    };
    if line.is_empty() {
        return Err(Failure::new(
            USAGE,
            "standard input has no external id",
            "pipe it in, or leave --external-id-stdin out",
        ));
    }
    Ok(line)
}

fn read_all(stream: &mut dyn Read) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    stream.take(LONGEST_INPUT).read_to_string(&mut text)?;
    Ok(text)
}

fn summary_json(profile: &ProfileSummary) -> serde_json::Value {
    let (kind, role) = match &profile.kind {
        ProfileKind::BuiltIn => ("built-in", None),
        ProfileKind::Keyring => ("keyring", None),
        ProfileKind::AwsFile => ("aws-file", None),
        ProfileKind::Role {
            source_profile,
            role_arn,
        } => ("role", Some((source_profile, role_arn))),
        ProfileKind::Unsupported { .. } => ("unsupported", None),
    };
    json!({
        "name": profile.name,
        "kind": kind,
        "source": profile.source,
        "source_profile": role.map(|(source, _)| source),
        "role_arn": role.map(|(_, arn)| arn),
        "access_key_id": profile.access_key_id,
        "account": profile.account,
        "region": profile.region,
        "expires_at": profile.expires_at.map(in_utc),
        "usable": profile.unusable.is_none(),
        "unusable": profile.unusable,
    })
}

fn in_utc(time: SystemTime) -> String {
    let timestamp = Timestamp::try_from(time).unwrap_or_default();
    timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn write_table(all: &[ProfileSummary], out: &mut dyn Write) -> io::Result<()> {
    let dash = || "-".to_owned();
    let header = ["NAME", "KIND", "SOURCE", "ACCOUNT", "REGION"].map(str::to_owned);
    let mut rows = vec![(header, "EXPIRES".to_owned())];
    for profile in all {
        let cells = [
            profile.name.clone(),
            profile.kind.to_string(),
            profile.source.clone(),
            profile.account.clone().unwrap_or_else(dash),
            profile.region.clone().unwrap_or_else(dash),
        ];
        let end = match (&profile.unusable, profile.expires_at) {
            (Some(why), _) => format!("unusable: {why}"),
            (None, end) => end.map_or_else(dash, in_utc),
        };
        rows.push((cells, end));
    }
    let mut widths = [0; 5];
    for (cells, _) in &rows {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = cell.chars().count().max(*width);
        }
    }
    for (cells, end) in rows {
        for (cell, width) in cells.iter().zip(widths) {
            write!(out, "{cell:width$}  ")?;
        }
        writeln!(out, "{end}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clap::Parser;

    use super::*;
    use crate::credentials::{MemoryStore, ProfilePlaces, SecretKey, SecretStore as _};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: ProfilesArgs,
    }

    struct World {
        _folder: tempfile::TempDir,
        store: Arc<MemoryStore>,
        profiles: Profiles,
    }

    fn world() -> World {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(
            path("config"),
            "[profile corp]\nsso_session = s\nregion = eu-west-1\n",
        )
        .unwrap();
        let store = Arc::new(MemoryStore::default());
        let places = ProfilePlaces {
            book: path("profiles.toml"),
            aws_config: path("config"),
            aws_credentials: path("credentials"),
            sts_endpoint: None,
        };
        World {
            profiles: Profiles::new(store.clone(), places),
            store,
            _folder: folder,
        }
    }

    impl World {
        /// Runs a command line as if the store were a keyring; gives what was printed.
        fn run(&self, line: &str, input: &str) -> Result<(String, String), Failure> {
            self.run_keeping(StoreKind::Keyring, line, input)
        }

        fn run_keeping(
            &self,
            keeps: StoreKind,
            line: &str,
            input: &str,
        ) -> Result<(String, String), Failure> {
            let line = Line::parse_from(["profiles"].into_iter().chain(line.split(' ')));
            let (mut out, mut notes) = (Vec::new(), Vec::new());
            perform(
                &line.args.command,
                &self.profiles,
                SystemTime::UNIX_EPOCH,
                &mut Words {
                    keeps,
                    input: Input::Stream(Box::new(input.as_bytes())),
                    out: &mut out,
                    notes: &mut notes,
                },
            )?;
            Ok((
                String::from_utf8(out).unwrap(),
                String::from_utf8(notes).unwrap(),
            ))
        }
    }

    const KEYS: &str = r#"{"access_key_id":"AKIAIOSFODNN7EXAMPLE",
        "secret_access_key":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY","region":"eu-west-1"}"#;

    #[test]
    fn keys_from_standard_input_are_kept_listed_and_removed_and_never_printed() {
        let world = world();
        let (out, notes) = world.run("add dev", KEYS).unwrap();
        assert_eq!(out, "");
        assert!(notes.contains("“dev”"), "{notes}");
        let key = SecretKey::ProfileKeys("dev".to_owned());
        assert!(world.store.get(&key).unwrap().is_some());

        let (json, _) = world.run("list --json", "").unwrap();
        let list: serde_json::Value = serde_json::from_str(&json).unwrap();
        let dev = list.as_array().unwrap().iter().find(|p| p["name"] == "dev");
        let dev = dev.unwrap();
        assert_eq!(dev["kind"], "keyring");
        assert_eq!(dev["region"], "eu-west-1");
        assert_eq!(dev["usable"], true);
        let (table, _) = world.run("list", "").unwrap();
        for text in [&json, &table, &notes] {
            assert!(!text.contains("wJalr"), "{text}");
        }
        assert!(table.contains("unusable: "), "{table}");

        world.run("remove dev", "").unwrap();
        assert_eq!(world.store.get(&key), Ok(None));
        let again = world.run("remove dev", "").unwrap_err();
        assert_eq!(again.code, CREDENTIALS);
    }

    #[test]
    fn a_role_takes_its_external_id_from_standard_input() {
        let world = world();
        let line = "add-role reader --source practice --role-arn arn:aws:iam::111122223333:role/PetReader --external-id-stdin --duration 900";
        world.run(line, "an-id\n").unwrap();
        let key = SecretKey::ExternalId("reader".to_owned());
        assert_eq!(
            world.store.get(&key).unwrap(),
            Some(SecretString::new("an-id"))
        );
        let empty = world.run(&line.replace("reader", "other"), "\n");
        assert_eq!(empty.unwrap_err().code, USAGE);
    }

    #[test]
    fn wrong_input_is_told_without_repeating_it() {
        let world = world();
        for input in [
            r#"{"access_key_id":"AKIAIOSFODNN7EXAMPLE","secret_access_key":["wJalr"]}"#,
            r#"{"access_key_id":"AKIAIOSFODNN7EXAMPLE","secret_access_key":"wJalr" "x"}"#,
            r#""wJalr""#,
            "",
        ] {
            let failure = world.run("add dev", input).unwrap_err();
            assert_eq!(failure.code, USAGE);
            assert!(!format!("{failure:?}").contains("wJalr"), "{failure:?}");
        }
        let blank = KEYS.replace("MDENG/", "MDENG ");
        let failure = world.run("add dev", &blank).unwrap_err();
        assert_eq!(failure.code, CREDENTIALS);
        assert!(!format!("{failure:?}").contains("wJalr"), "{failure:?}");
    }

    #[test]
    fn a_store_that_forgets_is_refused() {
        let world = world();
        let failure = world.run_keeping(StoreKind::Memory, "add dev", KEYS);
        assert_eq!(failure.unwrap_err().code, CREDENTIALS);
        let (json, _) = world.run("list --json", "").unwrap();
        assert!(!json.contains("\"dev\""));
    }
}
