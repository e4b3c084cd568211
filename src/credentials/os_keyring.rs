//! The blocking calls to the operating system's keyring.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use super::address::KEYRING_SERVICE;
use super::{SecretKey, SecretStore, SecretStoreError, StoreKind};
use crate::secret::SecretString;

/// A connection to a keyring service.
type Connection = Arc<dyn CredentialStoreApi + Send + Sync>;

/// The keyring service, connected at the first call and again after a failure.
///
/// The facade `keyring` remembers a first failure as long as the process lives, so on Linux its
/// store is opened here without it.
#[derive(Default)]
pub(super) struct OsKeyring {
    connection: Mutex<Option<Connection>>,
}

impl OsKeyring {
    fn call<T>(
        &self,
        key: &SecretKey,
        action: impl Fn(&Entry) -> Result<T, Error>,
    ) -> Result<Option<T>, SecretStoreError> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = connection.as_ref() {
            match entry(known, key).and_then(|entry| action(&entry)) {
                // The service may have been restarted since; a new connection decides.
                Err(Error::PlatformFailure(_)) => *connection = None,
                other => return outcome(other),
            }
        }
        let fresh = connect()?;
        let result = entry(&fresh, key).and_then(|entry| action(&entry));
        if !matches!(result, Err(Error::PlatformFailure(_))) {
            *connection = Some(fresh);
        }
        outcome(result)
    }
}

impl SecretStore for OsKeyring {
    fn kind(&self) -> StoreKind {
        StoreKind::Keyring
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        let Some(bytes) = self.call(key, Entry::get_secret)? else {
            return Ok(None);
        };
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(SecretString::new(text))),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                Err(SecretStoreError::Refused(format!(
                    "the entry {} is not text",
                    key.address()
                )))
            }
        }
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        self.call(key, |entry| entry.set_secret(secret.expose().as_bytes()))?
            .ok_or_else(|| SecretStoreError::Refused("it kept nothing".to_owned()))
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        Ok(self.call(key, Entry::delete_credential)?.is_some())
    }
}

#[cfg(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
))]
fn connect() -> Result<Connection, SecretStoreError> {
    match zbus_secret_service_keyring_store::Store::new() {
        Ok(store) => Ok(store),
        Err(error) => Err(SecretStoreError::NoService(reason(&error))),
    }
}

#[cfg(not(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
)))]
fn connect() -> Result<Connection, SecretStoreError> {
    if let Err(error) = keyring::Entry::store_status() {
        return Err(SecretStoreError::NoService(reason(error)));
    }
    keyring_core::get_default_store()
        .map(|store| store as Connection)
        .ok_or_else(|| SecretStoreError::NoService("no store was opened".to_owned()))
}

fn entry(connection: &Connection, key: &SecretKey) -> Result<Entry, Error> {
    let label = key.label();
    // Only the Secret Service takes a label; the others show service and user.
    let modifiers = cfg!(all(
        unix,
        not(any(
            target_os = "macos",
            target_os = "ios",
            target_os = "android"
        ))
    ))
    .then(|| HashMap::from([("label", label.as_str())]));
    connection.build(KEYRING_SERVICE, &key.address(), modifiers.as_ref())
}

/// `None` stands for: no such entry.
fn outcome<T>(result: Result<T, Error>) -> Result<Option<T>, SecretStoreError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(store_error(&error)),
    }
}

fn store_error(error: &Error) -> SecretStoreError {
    let text = reason(error);
    match error {
        Error::NoDefaultStore => SecretStoreError::NoService(text),
        Error::NoStorageAccess(_) => SecretStoreError::Locked,
        Error::PlatformFailure(_) => {
            if text.contains("IsLocked") {
                SecretStoreError::Locked
            } else if ["ServiceUnknown", "NoReply", "Disconnected", "InputOutput"]
                .iter()
                .any(|sign| text.contains(sign))
            {
                SecretStoreError::NoService(text)
            } else {
                SecretStoreError::Refused(text)
            }
        }
        Error::Ambiguous(_) => SecretStoreError::Refused(
            "it has several entries under this name; delete all but one".to_owned(),
        ),
        _ => SecretStoreError::Refused(text),
    }
}

/// The failure in the platform's own words. Never `Debug`: that could show the secret's bytes.
fn reason(error: &Error) -> String {
    match error {
        Error::PlatformFailure(source) | Error::NoStorageAccess(source) => source.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_the_platform_are_told_apart() {
        let platform = |text: &str| Error::PlatformFailure(text.into());
        assert_eq!(
            store_error(&platform("org.freedesktop.Secret.Error.IsLocked: no")),
            SecretStoreError::Locked
        );
        assert!(matches!(
            store_error(&platform("org.freedesktop.DBus.Error.ServiceUnknown: gone")),
            SecretStoreError::NoService(_)
        ));
        assert_eq!(
            store_error(&platform("disk is full")),
            SecretStoreError::Refused("disk is full".to_owned())
        );
        assert_eq!(
            store_error(&Error::NoStorageAccess("SS error: prompt dismissed".into())),
            SecretStoreError::Locked
        );
        assert_eq!(outcome::<()>(Err(Error::NoEntry)), Ok(None));
    }

    #[test]
    fn an_error_never_shows_bytes() {
        let secret = b"wJalr".to_vec();
        let text = store_error(&Error::BadEncoding(secret)).to_string();
        assert!(!text.contains("wJalr") && !text.contains("119"), "{text}");
    }
}
