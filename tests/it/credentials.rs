//! Profiles against a small STS on loopback.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use countersign::credentials::{
    CredentialProvider as _, CredentialsError, MemoryStore, NewRole, ProfilePlaces, Profiles,
    ResolvedCredentials, SecretKey, SecretStore, SecretStoreError, StoreKind, StsBounds,
};
use countersign::practice;
use countersign::profile::ProfileKind;
use countersign::secret::SecretString;
use countersign::sigv4::Credentials;

const ROLE: &str = "arn:aws:iam::111122223333:role/team/PetReader";
const DENIED: &str = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/team/PetReader";

/// Where nobody listens: the port is reserved and never handed out, as a freed one might be.
const NOBODY: &str = "http://127.0.0.1:1";

/// 2030-01-01T00:00:00Z
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(525_960)
}

/// What the STS answers.
#[derive(Clone)]
enum Answer {
    /// A session with this access key id, until 2030-01-01T01:00:00Z.
    Session(&'static str),
    Identity,
    Error(u16, &'static str, &'static str),
    Raw(u16, &'static str),
    /// Reads the request and says nothing.
    Hang,
    /// Reads the request and closes.
    Close,
}

impl Answer {
    fn text(&self) -> Option<(u16, String)> {
        Some(match self {
            Self::Session(id) => (200, format!(
                r#"<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
                <Credentials><AccessKeyId>{id}</AccessKeyId><SecretAccessKey>session-secret</SecretAccessKey>
                <SessionToken>session-token</SessionToken><Expiration>2030-01-01T01:00:00Z</Expiration></Credentials>
                <AssumedRoleUser><Arn>a</Arn><AssumedRoleId>i</AssumedRoleId></AssumedRoleUser>
                </AssumeRoleResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleResponse>"#
            )),
            Self::Identity => (200, r#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
                <Arn>arn:aws:iam::111122223333:user/alice</Arn><UserId>AIDA</UserId><Account>111122223333</Account>
                </GetCallerIdentityResult></GetCallerIdentityResponse>"#.to_owned()),
            Self::Error(status, code, message) => (*status, format!(
                r#"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
                <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"#
            )),
            Self::Raw(status, body) => (*status, (*body).to_owned()),
            Self::Hang | Self::Close => return None,
        })
    }
}

/// An STS with one answer for all, which may wait for a word before each.
struct Sts {
    url: String,
    calls: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<Answer>>,
}

impl Sts {
    fn start(answer: Answer) -> Self {
        Self::start_held(answer, None)
    }

    /// Tells of each call and answers it after a word.
    fn held(answer: Answer) -> (Self, Receiver<()>, Sender<()>) {
        let (arrived, calls) = channel();
        let (let_go, go_on) = channel();
        let sts = Self::start_held(answer, Some((arrived, go_on)));
        (sts, calls, let_go)
    }

    fn start_held(answer: Answer, hold: Option<(Sender<()>, Receiver<()>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sts = Self {
            url,
            calls: Arc::default(),
            answer: Arc::new(Mutex::new(answer)),
        };
        let (calls, answer) = (Arc::clone(&sts.calls), Arc::clone(&sts.answer));
        std::thread::Builder::new()
            .name("sts".to_owned())
            .spawn(move || {
                let mut hung = Vec::new();
                for stream in listener.incoming() {
                    let mut stream = stream.unwrap();
                    let Some(request) = read_request(&mut stream) else {
                        continue;
                    };
                    calls.lock().unwrap().push(request);
                    if let Some((arrived, go_on)) = &hold {
                        // The test may be over by now.
                        arrived.send(()).ok();
                        go_on.recv().ok();
                    }
                    let answer = answer.lock().unwrap().clone();
                    match answer.text() {
                        Some((status, body)) => write!(
                            stream,
                            "HTTP/1.1 {status} X\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                            body.len()
                        )
                        .unwrap(),
                        None if matches!(answer, Answer::Hang) => hung.push(stream),
                        None => {}
                    }
                }
            })
            .unwrap();
        sts
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }
}

fn read_request(stream: &mut TcpStream) -> Option<String> {
    let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length:")
                        .map(str::to_owned)
                })
                .map_or(0, |length| length.trim().parse().unwrap());
            if body.len() >= length {
                return Some(text);
            }
        }
        match stream.read(&mut chunk).unwrap() {
            0 => return None,
            read => request.extend_from_slice(&chunk[..read]),
        }
    }
}

struct World {
    folder: tempfile::TempDir,
    store: Arc<dyn SecretStore>,
    profiles: Arc<Profiles>,
}

impl World {
    fn new() -> Self {
        Self::with(Arc::new(MemoryStore::default()), None)
    }

    fn with(store: Arc<dyn SecretStore>, sts_endpoint: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profiles = open(folder.path(), &store, sts_endpoint);
        Self {
            folder,
            store,
            profiles,
        }
    }

    /// The same files and the same store in a program that starts anew.
    fn restarted(&self) -> Arc<Profiles> {
        open(self.folder.path(), &self.store, None)
    }

    fn book(&self) -> std::path::PathBuf {
        self.folder.path().join("home/profiles.toml")
    }

    /// Keys “dev” and the role “reader” on it, at an STS.
    fn with_role(self, sts: &Sts) -> Self {
        self.profiles
            .add_keys("dev", Some("eu-west-1"), &example())
            .unwrap();
        self.profiles.add_role("reader", role("dev", sts)).unwrap();
        self
    }
}

fn open(folder: &Path, store: &Arc<dyn SecretStore>, sts_endpoint: Option<&str>) -> Arc<Profiles> {
    let places = ProfilePlaces {
        book: folder.join("home/profiles.toml"),
        aws_config: folder.join("config"),
        aws_credentials: folder.join("credentials"),
        sts_endpoint: sts_endpoint.map(str::to_owned),
    };
    Arc::new(Profiles::new(Arc::clone(store), places))
}

fn example() -> Credentials {
    Credentials::new(practice::ACCESS_KEY_ID, practice::SECRET_ACCESS_KEY)
}

fn role(source: &str, sts: &Sts) -> NewRole {
    NewRole {
        source: source.to_owned(),
        role_arn: ROLE.to_owned(),
        sts_endpoint: Some(sts.url.clone()),
        ..NewRole::default()
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn load(profiles: &Profiles, name: &str) -> Result<ResolvedCredentials, CredentialsError> {
    block_on(profiles.load(name, now()))
}

#[test]
fn the_practice_profiles_need_no_store_and_no_network() {
    let world = World::with(Arc::new(Broken), None);
    let good = load(&world.profiles, practice::PROFILE).unwrap();
    assert_eq!(good.credentials, example());
    assert_eq!(good.signed_as, "profile “practice” (built in)");
    assert_eq!(good.region.as_deref(), Some("us-east-1"));
    let wrong = load(&world.profiles, practice::WRONG_SECRET_PROFILE).unwrap();
    assert_eq!(wrong.credentials.access_key_id, practice::ACCESS_KEY_ID);
    assert_ne!(wrong.credentials, good.credentials);
}

#[test]
fn kept_keys_are_loaded_after_a_restart() {
    let world = World::new();
    let mut keys = example();
    keys.session_token = Some(SecretString::new("token"));
    world.profiles.add_keys("개발", None, &keys).unwrap();
    let loaded = load(&world.restarted(), "개발").unwrap();
    assert_eq!(loaded.credentials, keys);
    assert_eq!(loaded.signed_as, "profile “개발” (keyring)");
    assert_eq!(loaded.region, None);
    let file = std::fs::read_to_string(world.book()).unwrap();
    assert!(
        !file.contains("wJalr") && !file.contains("\"token\""),
        "{file}"
    );
}

#[test]
fn a_role_is_assumed_once_and_used_until_five_minutes_before_its_end() {
    let sts = Sts::start(Answer::Session("ASIAONE"));
    let world = World::new().with_role(&sts);
    let first = load(&world.profiles, "reader").unwrap();
    assert_eq!(first.credentials.access_key_id, "ASIAONE");
    assert_eq!(
        first.credentials.session_token,
        Some(SecretString::new("session-token"))
    );
    assert_eq!(first.signed_as, "role PetReader via dev, until 01:00:00Z");
    assert_eq!(first.region.as_deref(), Some("eu-west-1"));
    assert_eq!(first.expires_at, Some(now() + Duration::from_hours(1)));

    let calls = sts.calls();
    assert!(calls[0].contains("Action=AssumeRole"), "{calls:?}");
    assert!(
        calls[0].contains("RoleSessionName=countersign"),
        "{calls:?}"
    );
    assert!(
        calls[0].contains("/eu-west-1/sts/aws4_request"),
        "{calls:?}"
    );
    assert!(!calls[0].contains("ExternalId"), "{calls:?}");

    sts.answer(Answer::Session("ASIATWO"));
    let late = now() + Duration::from_mins(54);
    assert_eq!(
        block_on(world.profiles.load("reader", late)),
        Ok(first.clone())
    );
    // The next program finds the session in the store.
    assert_eq!(load(&world.restarted(), "reader"), Ok(first));
    assert_eq!(sts.calls().len(), 1);

    let listed = world.profiles.list(now());
    let reader = listed
        .iter()
        .find(|profile| profile.name == "reader")
        .unwrap();
    assert_eq!(reader.expires_at, Some(now() + Duration::from_hours(1)));
    assert_eq!(reader.account.as_deref(), Some("111122223333"));

    let later = now() + Duration::from_mins(55);
    let second = block_on(world.profiles.load("reader", later)).unwrap();
    assert_eq!(second.credentials.access_key_id, "ASIATWO");
    assert_eq!(sts.calls().len(), 2);
}

#[test]
fn a_session_of_another_role_is_not_used() {
    let sts = Sts::start(Answer::Session("ASIAONE"));
    let world = World::new().with_role(&sts);
    load(&world.profiles, "reader").unwrap();
    let book = std::fs::read_to_string(world.book()).unwrap();
    std::fs::write(world.book(), book.replace("PetReader", "PetWriter")).unwrap();
    let resolved = load(&world.profiles, "reader").unwrap();
    assert!(
        resolved.signed_as.starts_with("role PetWriter"),
        "{resolved:?}"
    );
    assert!(sts.calls()[1].contains("PetWriter"));
}

#[test]
fn loads_at_the_same_time_cause_one_call() {
    for (answer, succeeds) in [
        (Answer::Session("ASIAONE"), true),
        (Answer::Error(403, "AccessDenied", DENIED), false),
    ] {
        let (sts, arrives, let_go) = Sts::held(answer);
        let world = World::new().with_role(&sts);
        let results = block_on(async {
            let loads: Vec<_> = (0..8)
                .map(|_| {
                    let profiles = Arc::clone(&world.profiles);
                    tokio::spawn(async move { profiles.load("reader", now()).await })
                })
                .collect();
            // Later calls would hold too; there are none, so one word is enough.
            tokio::task::spawn_blocking(move || {
                arrives.recv_timeout(Duration::from_secs(20)).unwrap();
                let_go.send(()).unwrap();
                drop(let_go);
            })
            .await
            .unwrap();
            let mut results = Vec::new();
            for load in loads {
                results.push(load.await.unwrap());
            }
            results
        });
        assert_eq!(results.len(), 8);
        for result in &results {
            assert_eq!(result.is_ok(), succeeds, "{result:?}");
            assert_eq!(result, &results[0]);
        }
        assert_eq!(sts.calls().len(), 1);
    }
}

#[test]
fn after_a_failure_the_next_load_asks_again() {
    let sts = Sts::start(Answer::Error(403, "AccessDenied", DENIED));
    let world = World::new().with_role(&sts);
    load(&world.profiles, "reader").unwrap_err();
    sts.answer(Answer::Session("ASIAONE"));
    load(&world.profiles, "reader").unwrap();
    assert_eq!(sts.calls().len(), 2);
}

#[test]
fn a_refusal_carries_the_words_of_aws_the_link_and_a_way_out() {
    for (status, code, message, hint) in [
        (403, "AccessDenied", DENIED, "AWS says the same for all"),
        (
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            "access key id is unknown",
        ),
        (
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            "shorter --duration",
        ),
        (
            403,
            "SignatureDoesNotMatch",
            "Signature expired: 20300101T000000Z is now earlier than 20300101T001000Z (20300101T002500Z - 15 min.)",
            "clock",
        ),
    ] {
        let sts = Sts::start(Answer::Error(status, code, message));
        let world = World::new().with_role(&sts);
        let error = load(&world.profiles, "reader").unwrap_err();
        for part in [
            "profile “reader” (profiles.toml): role PetReader via “dev”",
            &sts.url,
            code,
            message,
        ] {
            assert!(error.message.contains(part), "{part}: {error}");
        }
        assert!(error.hint.as_ref().unwrap().contains(hint), "{error:?}");
        assert!(!format!("{error:?}").contains("wJalr"), "{error:?}");
    }
}

#[test]
fn an_answer_that_is_none_of_sts_is_told() {
    for answer in [
        Answer::Raw(200, "<html>welcome</html>"),
        Answer::Raw(200, ""),
        Answer::Raw(200, "{\"a\":"),
        Answer::Raw(502, "<html>bad gateway</html>"),
        Answer::Raw(
            200,
            "<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>",
        ),
        Answer::Session(""),
        Answer::Identity,
    ] {
        let sts = Sts::start(answer.clone());
        let world = World::new().with_role(&sts);
        let error = load(&world.profiles, "reader").unwrap_err();
        assert!(
            error.message.contains("none of STS's"),
            "{:?} {error}",
            answer.text()
        );
    }
}

#[test]
fn a_hanging_sts_is_bounded_and_a_missing_one_is_told() {
    let bounds = StsBounds {
        connect: Duration::from_secs(2),
        total: Duration::from_secs(3),
    };
    let sts = Sts::start(Answer::Hang);
    let world = World::new().with_role(&sts);
    let profiles = Arc::into_inner(world.profiles).unwrap().with_bounds(bounds);
    let error = load(&profiles, "reader").unwrap_err();
    assert!(
        error.message.contains("did not answer within 3s"),
        "{error}"
    );
    assert_eq!(sts.calls().len(), 1);

    let sts = Sts::start(Answer::Close);
    let world = World::new().with_role(&sts);
    let error = load(&world.profiles, "reader").unwrap_err();
    assert!(error.message.contains("cannot be reached"), "{error}");

    let world = World::new();
    world.profiles.set_practice_sts(Some(NOBODY.to_owned()));
    let error = load(&world.profiles, practice::ROLE_PROFILE).unwrap_err();
    assert!(error.message.contains("refused"), "{error}");
    assert!(error.hint.unwrap().contains("start the gateway"));
}

#[test]
fn the_practice_role_asks_the_practice_gateway_and_keeps_nothing() {
    let sts = Sts::start(Answer::Session("ASIAONE"));
    let world = World::with(Arc::new(Broken), Some(NOBODY));
    world.profiles.set_practice_sts(Some(sts.url.clone()));
    let resolved = load(&world.profiles, practice::ROLE_PROFILE).unwrap();
    assert_eq!(
        resolved.signed_as,
        "role PetReader via practice, until 01:00:00Z"
    );
    assert!(sts.calls()[0].contains("/us-east-1/sts/aws4_request"));
    load(&world.profiles, practice::ROLE_PROFILE).unwrap();
    assert_eq!(sts.calls().len(), 1);
    // A gateway that was started anew knows no sessions of the old one.
    world.profiles.set_practice_sts(Some(sts.url.clone()));
    load(&world.profiles, practice::ROLE_PROFILE).unwrap();
    assert_eq!(sts.calls().len(), 2);
}

#[test]
fn an_own_role_on_the_practice_keys_never_goes_to_aws() {
    let sts = Sts::start(Answer::Session("ASIAONE"));
    let world = World::with(Arc::new(MemoryStore::default()), Some(&sts.url));
    let role = NewRole {
        sts_endpoint: None,
        ..role(practice::PROFILE, &sts)
    };
    world.profiles.add_role("own", role).unwrap();
    load(&world.profiles, "own").unwrap();
    assert_eq!(sts.calls().len(), 1);
    let session = SecretKey::RoleSession("own".to_owned());
    assert_eq!(world.store.get(&session), Ok(None));
}

#[test]
fn example_keys_never_leave_this_machine() {
    for elsewhere in [
        "https://sts.us-east-1.amazonaws.com",
        "https://127.0.0.1.example",
    ] {
        let world = World::with(Arc::new(MemoryStore::default()), Some(elsewhere));
        let profiles = world.profiles;
        // A role of one's own that says so itself is refused before anything is sent.
        let role = NewRole {
            source: practice::PROFILE.to_owned(),
            role_arn: ROLE.to_owned(),
            sts_endpoint: Some(elsewhere.to_owned()),
            ..NewRole::default()
        };
        profiles.add_role("own", role).unwrap();
        let error = load(&profiles, "own").unwrap_err();
        assert!(error.message.contains("this machine only"), "{error}");
        assert!(error.message.contains(elsewhere), "{error}");
        assert!(!error.is_network, "{error:?}");
    }
}

#[test]
fn the_region_of_sts_is_never_guessed_for_keys() {
    let keys_without_region = |sts_endpoint: Option<&str>| {
        let world = World::with(Arc::new(MemoryStore::default()), sts_endpoint);
        world.profiles.add_keys("dev", None, &example()).unwrap();
        world
    };
    let sts = Sts::start(Answer::Identity);
    // Elsewhere it has to be known. The address is one that no call may reach.
    let world = keys_without_region(Some("https://sts.invalid"));
    let error = block_on(world.profiles.whoami("dev", now())).unwrap_err();
    assert!(
        error
            .message
            .contains("profile “dev” (keyring) has no region"),
        "{error}"
    );
    assert!(error.hint.unwrap().contains("AWS_REGION"));
    assert!(!error.is_network);
    // The environment may say it.
    let world = keys_without_region(Some(&sts.url));
    let profiles = Arc::into_inner(world.profiles)
        .unwrap()
        .with_region(Some("cn-north-1".to_owned()));
    block_on(profiles.whoami("dev", now())).unwrap();
    assert!(
        sts.calls()[0].contains("/cn-north-1/sts/aws4_request"),
        "{:?}",
        sts.calls()
    );
    // On this machine it does not matter.
    let world = keys_without_region(Some(&sts.url));
    block_on(world.profiles.whoami("dev", now())).unwrap();
    assert_eq!(sts.calls().len(), 2);
}

#[test]
fn the_region_of_sts_fits_the_roles_partition() {
    let sts = Sts::start(Answer::Session("ASIAONE"));
    for (partition, environment, region) in [
        ("aws", None, "us-east-1"),
        ("aws", Some("eu-west-1"), "eu-west-1"),
        ("aws-cn", None, "cn-north-1"),
        ("aws-cn", Some("us-east-1"), "cn-north-1"),
        ("aws-cn", Some("cn-northwest-1"), "cn-northwest-1"),
        ("aws-us-gov", Some("eu-west-1"), "us-gov-west-1"),
    ] {
        let world = World::new();
        world.profiles.add_keys("dev", None, &example()).unwrap();
        let role = NewRole {
            role_arn: ROLE.replace("arn:aws:", &format!("arn:{partition}:")),
            ..role("dev", &sts)
        };
        world.profiles.add_role("reader", role).unwrap();
        let profiles = Arc::into_inner(world.profiles)
            .unwrap()
            .with_region(environment.map(str::to_owned));
        load(&profiles, "reader").unwrap();
        let call = sts.calls().pop().unwrap();
        assert!(
            call.contains(&format!("/{region}/sts/aws4_request")),
            "{partition} {environment:?}: {call}"
        );
    }
    // Of a partition that is not known, no region is.
    let world = World::new();
    world.profiles.add_keys("dev", None, &example()).unwrap();
    let role = NewRole {
        role_arn: ROLE.replace("arn:aws:", "arn:aws-iso:"),
        sts_endpoint: Some("https://sts.invalid".to_owned()),
        ..role("dev", &sts)
    };
    world.profiles.add_role("reader", role).unwrap();
    let error = load(&world.profiles, "reader").unwrap_err();
    assert!(error.message.contains("has no region"), "{error}");
    assert!(!error.is_network);
}

#[test]
fn roles_are_chained_and_the_external_id_goes_along() {
    let sts = Sts::start(Answer::Session("ASIAONE"));
    let world = World::new().with_role(&sts);
    let second = NewRole {
        role_arn: "arn:aws:iam::444455556666:role/Partner".to_owned(),
        external_id: Some(SecretString::new("an-id")),
        session_name: Some("alice".to_owned()),
        duration_seconds: Some(900),
        ..role("reader", &sts)
    };
    world.profiles.add_role("partner", second).unwrap();
    let resolved = load(&world.profiles, "partner").unwrap();
    assert_eq!(
        resolved.signed_as,
        "role Partner via reader, until 01:00:00Z"
    );
    let calls = sts.calls();
    assert_eq!(calls.len(), 2);
    assert!(
        calls[0].contains("Credential=AKIAIOSFODNN7EXAMPLE/"),
        "{calls:?}"
    );
    assert!(calls[1].contains("Credential=ASIAONE/"), "{calls:?}");
    for part in [
        "ExternalId=an-id",
        "RoleSessionName=alice",
        "DurationSeconds=900",
    ] {
        assert!(calls[1].contains(part), "{part}: {calls:?}");
    }
    assert!(
        calls[1].contains("x-amz-security-token: session-token"),
        "{calls:?}"
    );
    assert!(
        !std::fs::read_to_string(world.book())
            .unwrap()
            .contains("an-id")
    );

    // Without its external id the role is not even asked for.
    let key = SecretKey::ExternalId("partner".to_owned());
    assert_eq!(world.store.delete(&key), Ok(true));
    let session = SecretKey::RoleSession("partner".to_owned());
    assert_eq!(world.store.delete(&session), Ok(true));
    let error = load(&world.restarted(), "partner").unwrap_err();
    assert!(error.message.contains("no external id"), "{error}");
    assert_eq!(sts.calls().len(), 2);
}

#[test]
fn profiles_of_the_aws_files_are_used_as_they_are() {
    let sts = Sts::start(Answer::Session("ASIAONE"));
    let world = World::with(Arc::new(MemoryStore::default()), Some(&sts.url));
    let write =
        |name: &str, text: &str| std::fs::write(world.folder.path().join(name), text).unwrap();
    write(
        "config",
        &format!(
            "[default]\nregion = ap-northeast-2\n[profile reader]\nrole_arn = {ROLE}\nsource_profile = default\nexternal_id = e-1\n\
         [profile corp]\nsso_start_url = https://x\n[profile practice]\nregion = x\n"
        ),
    );
    write(
        "credentials",
        "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
    );
    let keys = load(&world.profiles, "default").unwrap();
    assert_eq!(keys.credentials, example());
    assert!(
        keys.signed_as.ends_with("/credentials)"),
        "{}",
        keys.signed_as
    );
    assert_eq!(keys.region.as_deref(), Some("ap-northeast-2"));

    let role = load(&world.profiles, "reader").unwrap();
    assert_eq!(
        role.signed_as,
        "role PetReader via default, until 01:00:00Z"
    );
    assert!(sts.calls()[0].contains("ExternalId=e-1"));

    let error = load(&world.profiles, "corp").unwrap_err();
    assert!(error.message.contains("SSO"), "{error}");
    let error = load(&world.profiles, "defalt").unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean “default”?"));

    let list = world.profiles.list(now());
    let names: Vec<_> = list.iter().map(|profile| profile.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "practice",
            "practice-wrong-secret",
            "practice-role",
            "corp",
            "default",
            "practice",
            "reader"
        ]
    );
    let unusable: Vec<_> = list
        .iter()
        .filter(|profile| profile.unusable.is_some())
        .map(|profile| profile.name.as_str())
        .collect();
    assert_eq!(unusable, ["corp", "practice"]);
    assert_eq!(list[4].kind, ProfileKind::AwsFile);
    assert_eq!(
        list[4].access_key_id.as_deref(),
        Some("AKIAIOSFODNN7EXAMPLE")
    );
    assert!(
        world
            .profiles
            .add_keys("Default", None, &example())
            .is_err()
    );
    assert!(world.profiles.remove("default").is_err());
    assert!(world.profiles.remove("practice").is_err());
}

#[test]
fn whoami_tells_who_signs() {
    let sts = Sts::start(Answer::Identity);
    let world = World::new();
    world.profiles.set_practice_sts(Some(sts.url.clone()));
    let identity = block_on(world.profiles.whoami(practice::PROFILE, now())).unwrap();
    assert_eq!(identity.arn, "arn:aws:iam::111122223333:user/alice");
    assert_eq!(identity.account, "111122223333");
    assert_eq!(identity.user_id, "AIDA");
    assert!(sts.calls()[0].contains("Action=GetCallerIdentity"));

    sts.answer(Answer::Error(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided.",
    ));
    let error = block_on(world.profiles.whoami(practice::WRONG_SECRET_PROFILE, now())).unwrap_err();
    assert!(
        error
            .message
            .starts_with("who is profile “practice-wrong-secret”"),
        "{error}"
    );
    assert!(error.hint.unwrap().contains("secret access key"));
}

#[test]
fn a_proxy_of_the_environment_is_not_asked_for_an_sts_on_this_machine() {
    // The other test has an environment of its own.
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "credentials::whoami_tells_who_signs"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, NOBODY)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_written() {
    let sts = Sts::start(Answer::Hang);
    let world = World::new();
    let add = |role: NewRole| world.profiles.add_role("new", role);
    let good = || role(practice::PROFILE, &sts);
    let plain_http = Some("http://sts.amazonaws.com".to_owned());
    for (bad, part) in [
        (
            NewRole {
                role_arn: "PetReader".to_owned(),
                ..good()
            },
            "ARN",
        ),
        (
            NewRole {
                role_arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
                ..good()
            },
            "ARN",
        ),
        (
            NewRole {
                source: "practise".to_owned(),
                ..good()
            },
            "no profile “practise”",
        ),
        (
            NewRole {
                session_name: Some("a b".to_owned()),
                ..good()
            },
            "session",
        ),
        (
            NewRole {
                duration_seconds: Some(60),
                ..good()
            },
            "900",
        ),
        (
            NewRole {
                sts_endpoint: plain_http,
                ..good()
            },
            "http",
        ),
        (
            NewRole {
                external_id: Some(SecretString::new("a b")),
                ..good()
            },
            "external id",
        ),
    ] {
        let error = add(bad).unwrap_err();
        assert!(error.message.contains(part), "{part}: {error}");
    }
    for name in [
        "",
        "a b",
        "../x",
        "-x",
        "a\nb",
        "practice",
        "PRACTICE",
        &"x".repeat(65),
    ] {
        assert!(
            world.profiles.add_keys(name, None, &example()).is_err(),
            "{name}"
        );
    }
    let asia = Credentials::new("ASIAIOSFODNN7EXAMPLE", "s");
    let short = Credentials::new("AKIA", "s");
    for keys in [asia, short, Credentials::new(practice::ACCESS_KEY_ID, "")] {
        assert!(
            world.profiles.add_keys("new", None, &keys).is_err(),
            "{keys:?}"
        );
    }
    assert!(!world.book().exists());
    assert!(sts.calls().is_empty());
}

#[test]
fn an_addition_that_fails_leaves_nothing_and_a_removal_that_fails_leaves_all() {
    // The folder of profiles.toml cannot be made: a file is in its place.
    let world = World::new();
    std::fs::write(world.folder.path().join("home"), "").unwrap();
    let error = world
        .profiles
        .add_keys("dev", None, &example())
        .unwrap_err();
    assert!(error.message.contains("profiles.toml"), "{error}");
    let key = SecretKey::ProfileKeys("dev".to_owned());
    assert_eq!(world.store.get(&key), Ok(None));

    // The file breaks after the secret was kept: it is taken back.
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(BreaksTheFile {
        memory: MemoryStore::default(),
        file: folder.path().join("home/profiles.toml"),
    });
    let as_store: Arc<dyn SecretStore> = Arc::<BreaksTheFile>::clone(&store);
    let profiles = open(folder.path(), &as_store, None);
    let error = profiles.add_keys("dev", None, &example()).unwrap_err();
    assert!(error.message.contains("damaged"), "{error}");
    assert_eq!(store.memory.get(&key), Ok(None));

    // The store fails: the file is not touched.
    let world = World::with(Arc::new(Broken), None);
    let error = world
        .profiles
        .add_keys("dev", None, &example())
        .unwrap_err();
    assert!(error.message.contains("no keyring service"), "{error}");
    assert!(error.hint.is_some());
    assert!(!world.book().exists());
    let error = world.profiles.remove("nobody").unwrap_err();
    assert!(error.message.contains("no profile “nobody”"), "{error}");

    // The file is damaged: the secrets stay.
    let world = World::new();
    world.profiles.add_keys("dev", None, &example()).unwrap();
    std::fs::write(world.book(), "[profiles.dev").unwrap();
    let error = world.profiles.remove("dev").unwrap_err();
    assert!(error.message.contains("damaged"), "{error}");
    assert!(world.store.get(&key).unwrap().is_some());
}

#[test]
fn secrets_of_another_home_are_not_overwritten() {
    let store: Arc<dyn SecretStore> = Arc::new(MemoryStore::default());
    let first = World::with(Arc::clone(&store), None);
    first.profiles.add_keys("dev", None, &example()).unwrap();
    let second = World::with(store, None);
    let other = Credentials::new(
        "AKIAI44QH8DHBEXAMPLE",
        "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    );
    let error = second.profiles.add_keys("dev", None, &other).unwrap_err();
    assert!(error.message.contains("already"), "{error}");
    assert_eq!(load(&first.profiles, "dev").unwrap().credentials, example());
}

#[test]
fn a_removed_profile_is_gone_with_its_secrets_and_session() {
    let sts = Sts::start(Answer::Session("ASIAONE"));
    let world = World::new().with_role(&sts);
    load(&world.profiles, "reader").unwrap();
    let session = SecretKey::RoleSession("reader".to_owned());
    assert!(world.store.get(&session).unwrap().is_some());
    world.profiles.remove("reader").unwrap();
    world.profiles.remove("dev").unwrap();
    assert_eq!(world.store.get(&session), Ok(None));
    assert_eq!(
        world.store.get(&SecretKey::ProfileKeys("dev".to_owned())),
        Ok(None)
    );
    let error = load(&world.profiles, "dev").unwrap_err();
    assert!(
        error.message.contains("there is no profile “dev”"),
        "{error}"
    );
    assert_eq!(world.profiles.remove("dev").unwrap_err(), error);
}

#[test]
fn a_store_that_fails_stops_a_profile_with_kept_keys_and_says_why() {
    let world = World::new();
    world.profiles.add_keys("dev", None, &example()).unwrap();
    let broken: Arc<dyn SecretStore> = Arc::new(Broken);
    let error = load(&open(world.folder.path(), &broken, None), "dev").unwrap_err();
    assert_eq!(
        error.message,
        "profile “dev”: cannot read its keys: no keyring service answers on this system (gone)"
    );
    let empty: Arc<dyn SecretStore> = Arc::new(MemoryStore::default());
    let error = load(&open(world.folder.path(), &empty, None), "dev").unwrap_err();
    assert!(
        error.message.contains("no keys in the keyring any more"),
        "{error}"
    );
}

/// A store without a service.
struct Broken;

impl SecretStore for Broken {
    fn kind(&self) -> StoreKind {
        StoreKind::Keyring
    }

    fn get(&self, _: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        Err(SecretStoreError::NoService("gone".to_owned()))
    }

    fn set(&self, _: &SecretKey, _: &SecretString) -> Result<(), SecretStoreError> {
        Err(SecretStoreError::NoService("gone".to_owned()))
    }

    fn delete(&self, _: &SecretKey) -> Result<bool, SecretStoreError> {
        Err(SecretStoreError::NoService("gone".to_owned()))
    }
}

/// Damages profiles.toml when a secret is written.
struct BreaksTheFile {
    memory: MemoryStore,
    file: std::path::PathBuf,
}

impl SecretStore for BreaksTheFile {
    fn kind(&self) -> StoreKind {
        StoreKind::Keyring
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        self.memory.get(key)
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        self.memory.set(key, secret)?;
        std::fs::write(&self.file, "[profiles").unwrap();
        Ok(())
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        self.memory.delete(key)
    }
}
