//! The real keyring, as `tests/keyring-session` sets it up; skipped without it.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use countersign::credentials::{
    KEYRING_BOUND, KeyringStore, SecretKey, SecretStore as _, SecretStoreError, StoreStatus,
    StoreWithFallback,
};
use countersign::secret::SecretString;

/// What the keyring of this run is, or `None` with a word on the terminal.
fn is(situation: &str) -> bool {
    let now = std::env::var("COUNTERSIGN_TEST_KEYRING").unwrap_or_default();
    if now != situation {
        println!("skipped: COUNTERSIGN_TEST_KEYRING is “{now}”, not “{situation}”");
    }
    now == situation
}

fn key(name: &str) -> SecretKey {
    SecretKey::ProfileKeys(format!("countersign-test-{name}"))
}

/// How much later than the bound an answer may be on a busy machine.
const SLACK: Duration = Duration::from_secs(5);

/// A call ends within the bound, whatever it gives.
fn bounded<T>(call: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = call();
    let took = start.elapsed();
    assert!(took < KEYRING_BOUND + SLACK, "{took:?}");
    result
}

#[test]
fn a_secret_is_kept_replaced_read_by_another_process_start_and_deleted() {
    if !is("present") {
        return;
    }
    let (store, key) = (KeyringStore::start().unwrap(), key("kept/한글 %"));
    assert_eq!(bounded(|| store.get(&key)), Ok(None));
    for text in ["first", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY — 비밀"] {
        assert_eq!(store.set(&key, &SecretString::new(text)), Ok(()));
        // Another connection sees it: it is not in our memory.
        let other = KeyringStore::start().unwrap();
        assert_eq!(other.get(&key), Ok(Some(SecretString::new(text))));
    }
    assert_eq!(store.status(), StoreStatus::Kept);
    assert_eq!(store.delete(&key), Ok(true));
    assert_eq!(store.delete(&key), Ok(false));
    assert_eq!(store.get(&key), Ok(None));
}

#[test]
fn the_keyring_works_from_inside_an_async_runtime() {
    if !is("present") {
        return;
    }
    let (store, key) = (KeyringStore::start().unwrap(), key("async"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let got = runtime.block_on(async { store.get(&key) });
    assert_eq!(got, Ok(None));
}

#[cfg(target_os = "linux")]
#[test]
fn an_entry_has_a_label_that_a_person_recognises() {
    use keyring_core::api::CredentialStoreApi as _;
    use std::collections::HashMap;
    use zbus_secret_service_keyring_store::Store;
    use zbus_secret_service_keyring_store::cred::Wrapper;

    if !is("present") {
        return;
    }
    let (store, key) = (KeyringStore::start().unwrap(), key("label"));
    store.set(&key, &SecretString::new("s")).unwrap();
    let address = key.address();
    let attributes = HashMap::from([("service", "countersign"), ("username", &*address)]);
    let found = Store::new().unwrap().search(&attributes).unwrap();
    assert_eq!(found.len(), 1);
    let item = found[0].as_any().downcast_ref::<Wrapper>().unwrap();
    assert_eq!(
        item.get_label().unwrap(),
        "Countersign: keys of profile countersign-test-label"
    );
    assert_eq!(store.delete(&key), Ok(true));
}

#[test]
fn without_a_service_it_says_so_at_once_and_the_window_still_keeps_secrets() {
    if !is("absent") {
        return;
    }
    let (store, key) = (KeyringStore::start().unwrap(), key("absent"));
    let error = bounded(|| store.get(&key)).unwrap_err();
    assert!(matches!(error, SecretStoreError::NoService(_)), "{error:?}");
    let error = bounded(|| store.set(&key, &SecretString::new("s"))).unwrap_err();
    assert!(matches!(error, SecretStoreError::NoService(_)), "{error:?}");

    let store = StoreWithFallback::new(store);
    store.set(&key, &SecretString::new("s")).unwrap();
    assert_eq!(store.get(&key), Ok(Some(SecretString::new("s"))));
    assert!(store.status().banner().unwrap().contains("until exit"));
}

#[test]
fn something_lies_in_the_keyring_before_it_is_locked() {
    if !is("seed") {
        return;
    }
    let store = KeyringStore::start().unwrap();
    assert_eq!(store.set(&key("seeded"), &SecretString::new("s")), Ok(()));
}

#[test]
fn a_locked_keyring_is_an_error_without_a_hang() {
    if !is("locked") {
        return;
    }
    let store = KeyringStore::start().unwrap();
    let seeded = key("seeded");
    assert_eq!(
        bounded(|| store.get(&seeded)),
        Err(SecretStoreError::Locked)
    );
    let set = bounded(|| store.set(&key("new"), &SecretString::new("s")));
    assert_eq!(set, Err(SecretStoreError::Locked));
    // What is not there is found missing without unlocking.
    assert_eq!(bounded(|| store.get(&key("missing"))), Ok(None));
}

/// Starts gnome-keyring anew, unlocked, in place of the one that runs.
fn replace_keyring() {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--replace", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    daemon.stdin.take().unwrap().write_all(b"test").unwrap();
    assert!(daemon.wait().unwrap().success());
}

#[test]
fn a_keyring_that_was_started_anew_is_found_again() {
    if !is("restart") {
        return;
    }
    let (store, key) = (KeyringStore::start().unwrap(), key("restart"));
    assert_eq!(store.set(&key, &SecretString::new("s")), Ok(()));
    replace_keyring();
    assert_eq!(
        bounded(|| store.get(&key)),
        Ok(Some(SecretString::new("s")))
    );
}
