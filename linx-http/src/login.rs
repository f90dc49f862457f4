//! A login that is kept: tokens that a person once agreed to, refreshed one at a time and stored before they are used.
//!
//! A refresh token works once, also when the answer to it is lost (hazard A9). So one task of one process refreshes at a
//! time, whoever waited takes what it stored, and the new pair is durable before its access token is used. Room for it is
//! made before the old one is spent; where it cannot be stored all the same, the process goes on with it, says so in an
//! error of the log, and tries again.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::credentials::{Grant, Token};
use crate::error::{Error, ErrorKind};

/// An access token, and the refresh token that gets the next one.
#[derive(Clone)]
#[non_exhaustive]
pub struct TokenPair {
    /// The secret sent as `Authorization: Bearer …`.
    pub access: SecretString,
    /// The secret that gets the next pair. It works once.
    pub refresh: SecretString,
    /// When the server stops taking the access token.
    pub expires_at: DateTime<Utc>,
}

impl TokenPair {
    /// Returns a pair whose access token is good until `expires_at`.
    pub fn new(access: SecretString, refresh: SecretString, expires_at: DateTime<Utc>) -> Self {
        Self {
            access,
            refresh,
            expires_at,
        }
    }

    fn token(&self) -> Token {
        Token {
            access: self.access.clone(),
            expires_at: self.expires_at,
        }
    }

    fn is_of(&self, access: &SecretString) -> bool {
        self.access.expose_secret() == access.expose_secret()
    }
}

/// Shows the end only.
impl fmt::Debug for TokenPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenPair")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The right to refresh, until it is dropped.
pub type StoreLock = Box<dyn Send + Sync>;

/// A place where a login is kept, which several processes may share.
///
/// A minor version may add methods, which then have a default.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Returns the stored pair, or `None` if nobody has logged in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the store cannot be read.
    async fn load(&self) -> Result<Option<TokenPair>, Error>;

    /// Replaces the pair, or with `None` removes it. When it returns, the change is durable; after a crash there is the
    /// old pair or the new one, never half of either.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the store cannot be written.
    async fn save(&self, pair: Option<&TokenPair>) -> Result<(), Error>;

    /// Makes sure that the next [`save`](Self::save) of a pair has room. It is called before a refresh token is spent: what
    /// cannot be stored then would cost the login (hazard A9). A store that cannot run full does nothing, as by default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if a pair could not be stored now. The refresh token is then not spent.
    async fn prepare(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Takes the right to refresh, among all who use this store. Returns `None` while another has it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if that cannot be found out.
    async fn try_lock(&self) -> Result<Option<StoreLock>, Error>;
}

/// Keeps a login in memory, for as long as a clone of it lives.
#[derive(Clone, Default)]
pub struct MemoryTokenStore {
    state: Arc<Mutex<MemoryState>>,
}

#[derive(Default)]
struct MemoryState {
    pair: Option<TokenPair>,
    locked: bool,
}

struct MemoryLock(Arc<Mutex<MemoryState>>);

impl Drop for MemoryLock {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).locked = false;
    }
}

#[async_trait]
impl TokenStore for MemoryTokenStore {
    async fn load(&self) -> Result<Option<TokenPair>, Error> {
        Ok(self.state.lock().unwrap_or_else(PoisonError::into_inner).pair.clone())
    }

    async fn save(&self, pair: Option<&TokenPair>) -> Result<(), Error> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).pair = pair.cloned();
        Ok(())
    }

    async fn try_lock(&self) -> Result<Option<StoreLock>, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.locked {
            return Ok(None);
        }
        state.locked = true;
        Ok(Some(Box::new(MemoryLock(Arc::clone(&self.state)))))
    }
}

/// The vendor's request for the pair that follows a refresh token.
///
/// A minor version may add methods, which then have a default.
#[async_trait]
pub trait Refresh: Send + Sync {
    /// Spends a refresh token and returns the next pair.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unauthorized`] or [`ErrorKind::Rejected`] if the token is spent or revoked; any other kind if that is
    /// not known.
    async fn refresh(&self, spent: &SecretString) -> Result<TokenPair, Error>;
}

/// How long before its end a stored pair is refreshed rather than taken.
const EARLY: Duration = Duration::from_mins(2);
/// How long one who waits for another's refresh sleeps between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// How often it looks. Longer than a refresh with all of its tries takes.
const LOOKS: u32 = 900;

/// A [`Grant`] that takes its tokens from a stored login and refreshes it where needed. It stands beneath a
/// [`TokenCache`](crate::TokenCache).
pub struct StoredLogin {
    store: Arc<dyn TokenStore>,
    refresh: Arc<dyn Refresh>,
    clock: Arc<dyn Clock>,
    unsaved: Mutex<Option<Unsaved>>,
}

/// A pair that the store would not take. Only this process knows it.
#[derive(Clone)]
struct Unsaved {
    pair: TokenPair,
    /// The refresh token that was spent for it, which the store still holds.
    spent: SecretString,
}

impl StoredLogin {
    /// Returns the grant of the login in `store`, which `refresh` refreshes.
    pub fn new(store: Arc<dyn TokenStore>, refresh: Arc<dyn Refresh>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            refresh,
            clock,
            unsaved: Mutex::new(None),
        }
    }

    /// Returns the pair in use: what the store holds, or the one that follows it and could not be stored. An error if
    /// nobody has logged in.
    async fn stored(&self) -> Result<TokenPair, Error> {
        let unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let stored = self.store.load().await;
        let Some(unsaved) = unsaved else {
            return stored?.ok_or_else(|| Error::not_applied(ErrorKind::Unauthorized, "nobody has logged in yet"));
        };
        match stored {
            // Somebody has logged in anew since.
            Ok(Some(pair)) if pair.refresh.expose_secret() != unsaved.spent.expose_secret() => {
                self.forget_unsaved();
                return Ok(pair);
            }
            Ok(None) => {
                self.forget_unsaved();
                return Err(Error::not_applied(ErrorKind::Unauthorized, "nobody has logged in yet"));
            }
            Ok(Some(_)) | Err(_) => {}
        }
        // Whoever holds the lock stores a pair of its own in a moment.
        if let Ok(Some(_lock)) = self.store.try_lock().await
            && self.store.save(Some(&unsaved.pair)).await.is_ok()
        {
            self.forget_unsaved();
        }
        Ok(unsaved.pair)
    }

    fn forget_unsaved(&self) {
        *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Stores the pair that `spent` was spent for. One that the store does not take is kept and used on: it is the only
    /// one there is (hazard A9).
    async fn keep(&self, fresh: &TokenPair, spent: &SecretString) {
        match self.store.save(Some(fresh)).await {
            Ok(()) => self.forget_unsaved(),
            Err(error) => {
                tracing::error!(
                    error = %error,
                    "the renewed login could not be stored; this process goes on with it and tries again, but when it \
                     ends before that, somebody has to log in again"
                );
                let spent = match &*self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) {
                    // The store holds the older token still.
                    Some(unsaved) => unsaved.spent.clone(),
                    None => spent.clone(),
                };
                *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = Some(Unsaved {
                    pair: fresh.clone(),
                    spent,
                });
            }
        }
    }

    /// Whether a stored pair can be used as it is: it is not the one that was refused, and does not end soon.
    fn is_good(&self, pair: &TokenPair, spent: Option<&SecretString>) -> bool {
        let refused = spent.is_some_and(|spent| pair.is_of(spent));
        !refused && self.clock.now() + EARLY < pair.expires_at
    }

    async fn fetch_but(&self, spent: Option<&SecretString>) -> Result<Token, Error> {
        for _ in 0..LOOKS {
            let pair = self.stored().await?;
            if self.is_good(&pair, spent) {
                return Ok(pair.token());
            }
            if let Some(_lock) = self.store.try_lock().await? {
                return self.refreshed(spent).await;
            }
            self.clock.sleep(LOOK).await;
        }
        Err(Error::not_applied(
            ErrorKind::Unavailable,
            "another process has been renewing the login for too long",
        ))
    }

    /// Refreshes while this process holds the lock. Another may have refreshed just before the lock was taken.
    async fn refreshed(&self, spent: Option<&SecretString>) -> Result<Token, Error> {
        let mut pair = self.stored().await?;
        while !self.is_good(&pair, spent) {
            // Before the token is spent: afterwards a full disk costs the login.
            self.store.prepare().await?;
            match self.refresh.refresh(&pair.refresh).await {
                Ok(fresh) => {
                    self.keep(&fresh, &pair.refresh).await;
                    return Ok(fresh.token());
                }
                Err(error) if matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::Rejected) => {
                    // Somebody who does not lock may have used it up and stored another.
                    let other = self.stored().await?;
                    if other.refresh.expose_secret() == pair.refresh.expose_secret() {
                        let lost = Error::not_applied(ErrorKind::Unauthorized, "the login is lost: log in again");
                        return Err(lost.caused_by(error));
                    }
                    pair = other;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(pair.token())
    }
}

#[async_trait]
impl Grant for StoredLogin {
    async fn fetch(&self) -> Result<Token, Error> {
        self.fetch_but(None).await
    }

    async fn fetch_instead(&self, refused: &SecretString) -> Result<Token, Error> {
        self.fetch_but(Some(refused)).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use super::*;
    use crate::clock::ManualClock;

    /// Lets others go on while somebody sleeps.
    struct Yielding(Arc<ManualClock>);

    #[async_trait]
    impl Clock for Yielding {
        fn now(&self) -> DateTime<Utc> {
            self.0.now()
        }

        async fn sleep(&self, span: Duration) {
            tokio::task::yield_now().await;
            self.0.sleep(span).await;
        }

        fn chance(&self) -> f64 {
            0.5
        }
    }

    /// Gives numbered pairs; each refresh token works once.
    struct Numbered {
        clock: Arc<ManualClock>,
        given: AtomicUsize,
        good: Mutex<String>,
        /// What somebody who does not lock stores while the request is under way.
        meanwhile: Mutex<Option<(MemoryTokenStore, TokenPair)>>,
        is_down: AtomicBool,
    }

    #[async_trait]
    impl Refresh for Numbered {
        async fn refresh(&self, spent: &SecretString) -> Result<TokenPair, Error> {
            tokio::task::yield_now().await;
            if self.is_down.load(Ordering::SeqCst) {
                return Err(Error::not_applied(ErrorKind::Unavailable, "down"));
            }
            if let Some((store, pair)) = self.meanwhile.lock().unwrap().take() {
                store.save(Some(&pair)).now_or_never().unwrap()?;
            }
            let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
            let mut good = self.good.lock().unwrap();
            if *good != spent.expose_secret() {
                return Err(Error::not_applied(ErrorKind::Rejected, "invalid_grant"));
            }
            *good = format!("refresh-{number}");
            Ok(pair(number, self.clock.now()))
        }
    }

    fn pair(number: usize, now: DateTime<Utc>) -> TokenPair {
        TokenPair {
            access: format!("access-{number}").into(),
            refresh: format!("refresh-{number}").into(),
            expires_at: now + Duration::from_mins(90),
        }
    }

    struct Stage {
        clock: Arc<ManualClock>,
        store: MemoryTokenStore,
        server: Arc<Numbered>,
    }

    impl Stage {
        fn new() -> Self {
            let clock = Arc::new(ManualClock::at(DateTime::UNIX_EPOCH));
            let store = MemoryTokenStore::default();
            let first = pair(0, clock.now());
            store.save(Some(&first)).now_or_never().unwrap().unwrap();
            let server = Arc::new(Numbered {
                clock: clock.clone(),
                given: AtomicUsize::new(0),
                good: Mutex::new("refresh-0".to_owned()),
                meanwhile: Mutex::new(None),
                is_down: AtomicBool::new(false),
            });
            Self { clock, store, server }
        }

        /// A process of its own, as far as memory goes.
        fn process(&self) -> StoredLogin {
            let clock = Arc::new(Yielding(self.clock.clone()));
            StoredLogin::new(Arc::new(self.store.clone()), self.server.clone(), clock)
        }

        fn refreshes(&self) -> usize {
            self.server.given.load(Ordering::SeqCst)
        }
    }

    /// A store on a disk that gets full: before the refresh, or in the middle of it.
    #[derive(Clone)]
    struct FullDisk {
        inner: MemoryTokenStore,
        no_room: bool,
        failures: Arc<AtomicUsize>,
    }

    impl FullDisk {
        fn error() -> Error {
            Error::not_applied(ErrorKind::Configuration, "no space left")
        }
    }

    #[async_trait]
    impl TokenStore for FullDisk {
        async fn load(&self) -> Result<Option<TokenPair>, Error> {
            self.inner.load().await
        }

        async fn prepare(&self) -> Result<(), Error> {
            if self.no_room { Err(Self::error()) } else { Ok(()) }
        }

        async fn save(&self, pair: Option<&TokenPair>) -> Result<(), Error> {
            let left = self.failures.load(Ordering::SeqCst);
            if left > 0 {
                self.failures.store(left - 1, Ordering::SeqCst);
                return Err(Self::error());
            }
            self.inner.save(pair).await
        }

        async fn try_lock(&self) -> Result<Option<StoreLock>, Error> {
            self.inner.try_lock().await
        }
    }

    fn disk(stage: &Stage, no_room: bool, failures: usize) -> FullDisk {
        FullDisk {
            inner: stage.store.clone(),
            no_room,
            failures: Arc::new(AtomicUsize::new(failures)),
        }
    }

    /// A process at the end of its token.
    fn on_disk(stage: &Stage, disk: &FullDisk) -> StoredLogin {
        stage.clock.advance(Duration::from_mins(100));
        StoredLogin::new(Arc::new(disk.clone()), stage.server.clone(), stage.clock.clone())
    }

    /// A process whose store has no room, or fails so often, at the end of its token.
    fn with_full_disk(stage: &Stage, no_room: bool, failures: usize) -> StoredLogin {
        on_disk(stage, &disk(stage, no_room, failures))
    }

    #[tokio::test]
    async fn a9_no_refresh_token_is_spent_while_there_is_no_room_for_the_next() {
        let stage = Stage::new();
        let error = with_full_disk(&stage, true, 0).fetch().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(stage.refreshes(), 0);
        // Once there is room again, the login goes on.
        assert_eq!(access(stage.process().fetch().await), "access-1");
    }

    #[tokio::test]
    async fn a9_a_pair_that_could_not_be_stored_is_used_on_and_stored_later() {
        let stage = Stage::new();
        let process = with_full_disk(&stage, false, 2);
        for _ in 0..2 {
            assert_eq!(access(process.fetch().await), "access-1");
            let stored = stage.store.load().await.unwrap().unwrap();
            assert_eq!(stored.refresh.expose_secret(), "refresh-0");
        }
        assert_eq!(access(process.fetch().await), "access-1");
        let stored = stage.store.load().await.unwrap().unwrap();
        assert_eq!(stored.refresh.expose_secret(), "refresh-1");
        assert_eq!(stage.refreshes(), 1);
    }

    #[tokio::test]
    async fn a9_a_pair_that_was_never_stored_is_the_one_that_is_refreshed() {
        let stage = Stage::new();
        let process = with_full_disk(&stage, false, 2);
        assert_eq!(access(process.fetch().await), "access-1");
        stage.clock.advance(Duration::from_mins(100));
        assert_eq!(access(process.fetch().await), "access-2");
        let stored = stage.store.load().await.unwrap().unwrap();
        assert_eq!(stored.refresh.expose_secret(), "refresh-2");
    }

    #[tokio::test]
    async fn a9_whoever_logs_in_anew_is_heard_also_while_a_pair_could_not_be_stored() {
        let stage = Stage::new();
        let process = with_full_disk(&stage, false, 9);
        assert_eq!(access(process.fetch().await), "access-1");
        let anew = pair(7, stage.clock.now());
        stage.store.save(Some(&anew)).await.unwrap();
        assert_eq!(access(process.fetch().await), "access-7");
        stage.store.save(None).await.unwrap();
        let error = process.fetch().await.unwrap_err();
        assert!(error.to_string().contains("nobody has logged in"), "{error}");
    }

    #[tokio::test]
    async fn a9_a_disk_that_gets_full_again_costs_no_login() {
        let stage = Stage::new();
        let disk = disk(&stage, false, 1);
        let process = on_disk(&stage, &disk);
        for _ in 0..2 {
            assert_eq!(access(process.fetch().await), "access-1", "stored at the second call");
        }
        disk.failures.store(2, Ordering::SeqCst);
        stage.clock.advance(Duration::from_mins(100));
        for _ in 0..3 {
            assert_eq!(access(process.fetch().await), "access-2");
        }
        let stored = stage.store.load().await.unwrap().unwrap();
        assert_eq!(stored.refresh.expose_secret(), "refresh-2");
    }

    fn access(token: Result<Token, Error>) -> String {
        token.unwrap().access.expose_secret().to_owned()
    }

    #[tokio::test]
    async fn a9_a_stored_token_is_used_until_it_ends_soon() {
        let stage = Stage::new();
        assert_eq!(access(stage.process().fetch().await), "access-0");
        stage.clock.advance(Duration::from_mins(88));
        assert_eq!(access(stage.process().fetch().await), "access-1");
        assert_eq!(access(stage.process().fetch().await), "access-1");
        assert_eq!(stage.refreshes(), 1);
    }

    #[tokio::test]
    async fn a9_many_processes_refresh_once() {
        let stage = Stage::new();
        stage.clock.advance(Duration::from_mins(100));
        let processes: Vec<StoredLogin> = (0..20).map(|_| stage.process()).collect();
        let tokens = join_all(processes.iter().map(Grant::fetch)).await;
        assert!(tokens.into_iter().all(|token| access(token) == "access-1"));
        assert_eq!(stage.refreshes(), 1);
    }

    #[tokio::test]
    async fn a9_a_refused_token_is_replaced_and_one_that_another_replaced_is_taken() {
        let stage = Stage::new();
        let refused = SecretString::from("access-0");
        assert_eq!(access(stage.process().fetch_instead(&refused).await), "access-1");
        assert_eq!(access(stage.process().fetch_instead(&refused).await), "access-1");
        assert_eq!(stage.refreshes(), 1);
    }

    #[tokio::test]
    async fn a9_the_new_pair_is_stored_before_it_is_used() {
        let stage = Stage::new();
        stage.clock.advance(Duration::from_mins(100));
        stage.process().fetch().await.unwrap();
        let stored = stage.store.load().await.unwrap().unwrap();
        assert_eq!(stored.refresh.expose_secret(), "refresh-1");
    }

    #[tokio::test]
    async fn a9_who_waits_for_another_takes_what_it_stored() {
        let stage = Stage::new();
        stage.clock.advance(Duration::from_mins(100));
        let lock = stage.store.try_lock().await.unwrap();
        assert!(lock.is_some() && stage.store.try_lock().await.unwrap().is_none());
        let waiting = stage.process();
        let other = async {
            stage
                .store
                .save(Some(&pair(7, stage.clock.now() + Duration::from_mins(5))))
                .await
                .unwrap();
        };
        let (token, ()) = futures_util::join!(waiting.fetch(), other);
        assert_eq!(access(token), "access-7");
        assert_eq!(stage.refreshes(), 0);
        stage.store.save(Some(&pair(8, DateTime::UNIX_EPOCH))).await.unwrap();
        let error = stage.process().fetch().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "it does not wait for ever");
    }

    #[tokio::test]
    async fn a9_a_login_that_is_used_up_is_lost_only_if_the_store_has_no_other() {
        let stage = Stage::new();
        stage.clock.advance(Duration::from_mins(100));
        *stage.server.good.lock().unwrap() = "refresh-elsewhere".to_owned();
        let error = stage.process().fetch().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        assert!(error.to_string().contains("log in again"));
        stage.store.save(None).await.unwrap();
        let error = stage.process().fetch().await.unwrap_err();
        assert!(error.to_string().contains("nobody has logged in"));
    }

    #[tokio::test]
    async fn a9_what_somebody_who_does_not_lock_stored_is_taken_and_renewed_where_it_ended() {
        for (age, expected) in [(0, "access-7"), (100, "access-2")] {
            let stage = Stage::new();
            stage.clock.advance(Duration::from_mins(100));
            let other = pair(7, stage.clock.now() - Duration::from_mins(age));
            *stage.server.good.lock().unwrap() = "refresh-7".to_owned();
            *stage.server.meanwhile.lock().unwrap() = Some((stage.store.clone(), other));
            assert_eq!(access(stage.process().fetch().await), expected);
        }
    }

    #[tokio::test]
    async fn a9_a_login_is_not_called_lost_because_the_server_is_down() {
        let stage = Stage::new();
        stage.clock.advance(Duration::from_mins(100));
        stage.server.is_down.store(true, Ordering::SeqCst);
        let error = stage.process().fetch().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        stage.server.is_down.store(false, Ordering::SeqCst);
        assert_eq!(access(stage.process().fetch().await), "access-1");
    }

    #[test]
    fn a14_a_pair_shows_when_it_ends_and_no_more() {
        let text = format!("{:?}", pair(1, DateTime::UNIX_EPOCH));
        assert!(text.contains("1970-01-01T01:30:00Z"), "{text}");
        assert!(!text.contains("access-1") && !text.contains("refresh-1"), "{text}");
    }
}
