//! The operating system's keyring behind one thread, so that nothing else ever waits for it long.
//!
//! ```text
//! caller ── job ──▶ bounded queue ──▶ thread "keyring" ──▶ keyring service
//!   │ waits up to the bound                  │
//!   ├─ answered in time ◀──── answer ────────┤
//!   └─ gives up: TimedOut                    └─ late: the answer is dropped
//! ```
//!
//! A keyring may wait for a person at a password prompt, or for ever. As long as the thread owes
//! an answer that somebody has given up on, further calls fail at once. A job that was given up on
//! while it was still queued is not run any more; one that had begun may still take effect.
//! The thread is detached: it never holds up the program's exit.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::os_keyring::OsKeyring;
use super::{SecretKey, SecretStore, SecretStoreError, StoreKind};
use crate::secret::SecretString;

/// How long a call may take.
pub const KEYRING_BOUND: Duration = Duration::from_secs(5);

/// Calls that may wait in the queue.
const QUEUE: usize = 64;

/// What the thread is asked to do with the store.
type Job = Box<dyn FnOnce(&dyn SecretStore) + Send>;

/// The keyring of the operating system.
pub struct KeyringStore {
    jobs: SyncSender<Job>,
    bound: Duration,
    /// Answers that the thread owes and nobody waits for.
    overdue: Arc<AtomicUsize>,
}

impl KeyringStore {
    /// Starts the thread; the keyring itself is asked at the first call, and again at each one
    /// after a failure, so that it may be started or unlocked while the program runs.
    pub fn start() -> io::Result<Self> {
        Self::start_with(OsKeyring::default(), KEYRING_BOUND)
    }

    /// The same in front of any store that may block.
    pub fn start_with(store: impl SecretStore + 'static, bound: Duration) -> io::Result<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || run(&queue, &store))?;
        Ok(Self {
            jobs,
            bound,
            overdue: Arc::default(),
        })
    }

    fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SecretStore) -> Result<T, SecretStoreError> + Send + 'static,
    ) -> Result<T, SecretStoreError> {
        if self.overdue.load(Ordering::SeqCst) > 0 {
            return Err(self.timed_out());
        }
        let ticket = Arc::new(Ticket::new(Arc::clone(&self.overdue)));
        let job: Job = {
            let ticket = Arc::clone(&ticket);
            Box::new(move |store| ticket.serve(|| call(store)))
        };
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => self.timed_out(),
            TrySendError::Disconnected(_) => {
                SecretStoreError::NoService("its thread has ended".to_owned())
            }
        })?;
        ticket
            .wait(self.bound)
            .unwrap_or_else(|| Err(self.timed_out()))
    }

    fn timed_out(&self) -> SecretStoreError {
        SecretStoreError::TimedOut {
            seconds: self.bound.as_secs_f64().ceil() as u64,
        }
    }
}

impl SecretStore for KeyringStore {
    fn kind(&self) -> StoreKind {
        StoreKind::Keyring
    }

    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
        let key = key.clone();
        self.ask(move |store| store.get(&key))
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
        let (key, secret) = (key.clone(), secret.clone());
        self.ask(move |store| store.set(&key, &secret))
    }

    fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
        let key = key.clone();
        self.ask(move |store| store.delete(&key))
    }
}

fn run(queue: &Receiver<Job>, store: &dyn SecretStore) {
    while let Ok(job) = queue.recv() {
        job(store);
    }
}

/// One call and who waits for it.
struct Ticket<T> {
    state: Mutex<TicketState<T>>,
    answered: Condvar,
    overdue: Arc<AtomicUsize>,
}

enum TicketState<T> {
    Waiting,
    Answered(Result<T, SecretStoreError>),
    /// Taken by the caller, or not wanted any more.
    Closed,
}

impl<T> Ticket<T> {
    fn new(overdue: Arc<AtomicUsize>) -> Self {
        Self {
            state: Mutex::new(TicketState::Waiting),
            answered: Condvar::new(),
            overdue,
        }
    }

    /// On the thread: runs the call unless nobody waits any more.
    fn serve(&self, call: impl FnOnce() -> Result<T, SecretStoreError>) {
        if self.is_given_up() {
            self.overdue.fetch_sub(1, Ordering::SeqCst);
            return;
        }
        // Clients of keyring services are known to panic; the thread has to live on.
        let answer = catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| {
            Err(SecretStoreError::Refused(
                "its client broke down".to_owned(),
            ))
        });
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match *state {
            TicketState::Waiting => {
                *state = TicketState::Answered(answer);
                self.answered.notify_one();
            }
            TicketState::Answered(_) | TicketState::Closed => {
                self.overdue.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    fn is_given_up(&self) -> bool {
        matches!(
            *self.state.lock().unwrap_or_else(PoisonError::into_inner),
            TicketState::Closed
        )
    }

    /// In the caller: the answer, or `None` after the bound.
    fn wait(&self, bound: Duration) -> Option<Result<T, SecretStoreError>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, _) = self
            .answered
            .wait_timeout_while(state, bound, |state| matches!(state, TicketState::Waiting))
            .unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, TicketState::Closed) {
            TicketState::Answered(answer) => Some(answer),
            TicketState::Waiting | TicketState::Closed => {
                // Under the ticket's lock, so that the thread cannot pay back before the debt.
                self.overdue.fetch_add(1, Ordering::SeqCst);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};
    use std::time::Instant;

    use super::*;
    use crate::credentials::MemoryStore;

    /// Answers only when it is let.
    struct Slow {
        memory: MemoryStore,
        begun: Sender<()>,
        go_on: Mutex<Receiver<()>>,
    }

    impl Slow {
        fn stand(&self) {
            self.begun.send(()).unwrap();
            self.go_on.lock().unwrap().recv().unwrap();
        }
    }

    impl SecretStore for Slow {
        fn kind(&self) -> StoreKind {
            StoreKind::Keyring
        }

        fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, SecretStoreError> {
            self.stand();
            self.memory.get(key)
        }

        fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), SecretStoreError> {
            self.stand();
            self.memory.set(key, secret)
        }

        fn delete(&self, key: &SecretKey) -> Result<bool, SecretStoreError> {
            assert_ne!(key, &key_of("panic"), "asked to panic");
            self.memory.delete(key)
        }
    }

    fn key_of(name: &str) -> SecretKey {
        SecretKey::ProfileKeys(name.to_owned())
    }

    fn slow(bound: Duration) -> (KeyringStore, Receiver<()>, Sender<()>) {
        let (begun, begins) = channel();
        let (let_go, go_on) = channel();
        let store = KeyringStore::start_with(
            Slow {
                memory: MemoryStore::default(),
                begun,
                go_on: Mutex::new(go_on),
            },
            bound,
        )
        .unwrap();
        (store, begins, let_go)
    }

    #[test]
    fn what_is_set_is_read_and_deleted() {
        let store =
            KeyringStore::start_with(MemoryStore::default(), Duration::from_mins(1)).unwrap();
        let (dev, secret) = (key_of("dev"), SecretString::new("s"));
        assert_eq!(store.get(&dev), Ok(None));
        assert_eq!(store.set(&dev, &secret), Ok(()));
        assert_eq!(store.get(&dev), Ok(Some(secret)));
        assert_eq!(store.delete(&dev), Ok(true));
        assert_eq!(store.delete(&dev), Ok(false));
    }

    /// How long a test waits for what is sure to come.
    const PATIENCE: Duration = Duration::from_mins(1);
    /// A bound within which the thread takes up a job on the slowest machine.
    const BOUND: Duration = Duration::from_secs(2);

    /// Waits until the thread owes no answer any more.
    fn wait_for_late_answers(store: &KeyringStore) {
        let start = Instant::now();
        while store.overdue.load(Ordering::SeqCst) > 0 {
            assert!(start.elapsed() < PATIENCE, "the late answer never came");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_hung_keyring_times_out_then_fails_fast_then_recovers() {
        let (mut store, begins, let_go) = slow(BOUND);

        let start = Instant::now();
        assert_eq!(
            store.set(&key_of("dev"), &SecretString::new("late")),
            Err(SecretStoreError::TimedOut { seconds: 2 })
        );
        assert!(start.elapsed() >= BOUND);
        begins.recv_timeout(PATIENCE).unwrap();

        // The thread still stands in the first call: this one does not even reach the queue.
        assert_eq!(
            store.get(&key_of("dev")),
            Err(SecretStoreError::TimedOut { seconds: 2 })
        );

        let_go.send(()).unwrap();
        // The late answer pays the debt; the next calls reach the store again.
        wait_for_late_answers(&store);
        assert!(begins.try_recv().is_err(), "the second call was run");
        store.bound = PATIENCE;
        let_go.send(()).unwrap();
        assert_eq!(
            store.get(&key_of("dev")),
            Ok(Some(SecretString::new("late")))
        );
    }

    #[test]
    fn a_call_given_up_in_the_queue_is_never_run() {
        let (mut store, begins, let_go) = slow(BOUND);
        std::thread::scope(|scope| {
            let store = &store;
            let first = scope.spawn(move || store.get(&key_of("a")));
            begins.recv_timeout(PATIENCE).unwrap();
            // Queued behind the first one; both are given up on.
            let second = scope.spawn(move || store.set(&key_of("b"), &SecretString::new("x")));
            assert!(matches!(
                first.join().unwrap(),
                Err(SecretStoreError::TimedOut { .. })
            ));
            assert!(matches!(
                second.join().unwrap(),
                Err(SecretStoreError::TimedOut { .. })
            ));
        });
        let_go.send(()).unwrap();
        wait_for_late_answers(&store);
        assert!(begins.try_recv().is_err(), "the second call was run");
        store.bound = PATIENCE;
        let_go.send(()).unwrap();
        assert_eq!(store.get(&key_of("b")), Ok(None));
    }

    #[test]
    fn a_panic_of_the_client_is_an_error_and_not_the_end() {
        let (store, _begins, _let_go) = slow(Duration::from_mins(1));
        assert!(matches!(
            store.delete(&key_of("panic")),
            Err(SecretStoreError::Refused(_))
        ));
        assert_eq!(store.delete(&key_of("dev")), Ok(false));
    }
}
