//! What authorises a request: a static header, or a token renewed one at a time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::lock::Mutex;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::error::{Error, ErrorKind};
use crate::rate_limit::span;

/// The headers that authorise requests, and their renewal.
///
/// A minor version may add methods, which then have a default.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// Returns the headers of the next request, and fetches or renews what they need. Their values are marked sensitive,
    /// so that they stay out of errors and logs (hazard A14).
    ///
    /// # Errors
    ///
    /// Why there is no credential. The request is then not sent.
    async fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error>;

    /// Replaces a credential that was refused: the engine calls it once for a request that was answered 401 with these
    /// headers. Returns whether another credential is there now, so that the request is worth one more try.
    ///
    /// # Errors
    ///
    /// Why there is no other credential, although there could be.
    async fn renew(&self, refused: &[(HeaderName, HeaderValue)]) -> Result<bool, Error>;
}

/// A header with a fixed secret, as an API key is sent.
pub struct StaticHeader {
    name: HeaderName,
    value: HeaderValue,
}

impl StaticHeader {
    /// Returns the credential that sends `prefix` and `key` in the header `name`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if HTTP allows no such header.
    pub fn new(name: &str, prefix: &str, key: &SecretString) -> Result<Self, Error> {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| {
            Error::not_applied(ErrorKind::Configuration, "the credential's header has no legal name").caused_by(error)
        })?;
        let value = secret_value(prefix, key)
            .ok_or_else(|| Error::not_applied(ErrorKind::Configuration, "the credential cannot be sent in a header"))?;
        Ok(Self { name, value })
    }
}

#[async_trait]
impl Credentials for StaticHeader {
    async fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        Ok(vec![(self.name.clone(), self.value.clone())])
    }

    async fn renew(&self, _refused: &[(HeaderName, HeaderValue)]) -> Result<bool, Error> {
        Ok(false)
    }
}

/// Shows the header's name only.
impl fmt::Debug for StaticHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticHeader")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Returns `prefix` and `secret` as a sensitive header value; `None` if HTTP allows no such value.
fn secret_value(prefix: &str, secret: &SecretString) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{prefix}{}", secret.expose_secret())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The longest life that a token is believed to have.
const LONGEST_LIFE: Duration = Duration::from_hours(365 * 24);

/// An access token and when it ends.
#[derive(Clone)]
#[non_exhaustive]
pub struct Token {
    /// The secret sent as `Authorization: Bearer …`.
    pub access: SecretString,
    /// When the server stops taking it.
    pub expires_at: DateTime<Utc>,
}

impl Token {
    /// Returns a token that is good until `expires_at`.
    pub fn new(access: SecretString, expires_at: DateTime<Utc>) -> Self {
        Self { access, expires_at }
    }

    /// Returns when a token ends that was asked for at `asked_at` and lives for as many `seconds` as the server says.
    ///
    /// A life of more than a year counts as one year: servers are known to send numbers beyond every calendar (hazard
    /// A18), and a token that is renewed too early costs one request.
    pub fn end_of_life(asked_at: DateTime<Utc>, seconds: u64) -> DateTime<Utc> {
        let life = Duration::from_secs(seconds).min(LONGEST_LIFE);
        let end = chrono::TimeDelta::from_std(life)
            .ok()
            .and_then(|life| asked_at.checked_add_signed(life));
        end.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// Shows the end only.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A way to get tokens. A [`TokenCache`] calls it from one task at a time.
///
/// A minor version may add methods, which then have a default.
#[async_trait]
pub trait Grant: Send + Sync {
    /// Fetches a fresh token.
    ///
    /// # Errors
    ///
    /// Why there is none; [`ErrorKind::Unauthorized`] where trying again does not help.
    async fn fetch(&self) -> Result<Token, Error>;

    /// Fetches a token other than `refused`, which the server takes no more. By default it is [`Grant::fetch`], which is
    /// right for a grant that never returns the same token twice.
    ///
    /// # Errors
    ///
    /// As [`Grant::fetch`].
    async fn fetch_instead(&self, _refused: &SecretString) -> Result<Token, Error> {
        self.fetch().await
    }
}

/// How long before its end a token is renewed.
const EARLY: Duration = Duration::from_mins(2);
/// How long a token that could not be renewed early is used before the next attempt to.
const PAUSE: Duration = Duration::from_secs(15);

/// Keeps a bearer token and renews it ahead of time (hazard A9).
///
/// One renewal is in flight at a time, and whoever waited takes the new token. It is renewed two minutes before its end,
/// or after half its life where that is later: a token of one minute after 30 seconds. One that could not be renewed
/// early is used on while it is good.
pub struct TokenCache {
    grant: Arc<dyn Grant>,
    clock: Arc<dyn Clock>,
    current: Mutex<Option<CachedToken>>,
}

struct CachedToken {
    access: SecretString,
    value: HeaderValue,
    expires_at: DateTime<Utc>,
    renew_at: DateTime<Utc>,
}

impl TokenCache {
    /// Returns an empty cache. The first request fetches a token from `grant`.
    pub fn new(grant: Arc<dyn Grant>, clock: Arc<dyn Clock>) -> Self {
        Self {
            grant,
            clock,
            current: Mutex::new(None),
        }
    }

    /// Fetches a token; one other than `refused`, where that is given.
    async fn fetch(&self, refused: Option<&SecretString>) -> Result<CachedToken, Error> {
        let token = match refused {
            None => self.grant.fetch().await?,
            Some(refused) => self.grant.fetch_instead(refused).await?,
        };
        let value = secret_value("Bearer ", &token.access)
            .ok_or_else(|| Error::not_applied(ErrorKind::Unreadable, "the token cannot be sent in a header"))?;
        let early = EARLY.min(span(self.clock.now(), token.expires_at) / 2);
        Ok(CachedToken {
            access: token.access,
            value,
            expires_at: token.expires_at,
            renew_at: token.expires_at - early,
        })
    }
}

#[async_trait]
impl Credentials for TokenCache {
    async fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        let mut current = self.current.lock().await;
        let now = self.clock.now();
        let value = match &mut *current {
            Some(cached) if now < cached.renew_at => cached.value.clone(),
            slot => match (self.fetch(None).await, slot) {
                (Ok(fresh), slot) => slot.insert(fresh).value.clone(),
                (Err(error), Some(cached)) if self.clock.now() < cached.expires_at => {
                    tracing::debug!(error = %error, "the token could not be renewed early and is used on");
                    cached.renew_at = cached.expires_at.min(self.clock.now() + PAUSE);
                    cached.value.clone()
                }
                (Err(error), _) => return Err(error),
            },
        };
        Ok(vec![(AUTHORIZATION, value)])
    }

    async fn renew(&self, refused: &[(HeaderName, HeaderValue)]) -> Result<bool, Error> {
        let mut current = self.current.lock().await;
        let is_current = |cached: &CachedToken| {
            refused
                .iter()
                .any(|(name, value)| name == AUTHORIZATION && *value == cached.value)
        };
        if current.as_ref().is_some_and(|cached| !is_current(cached)) {
            return Ok(true);
        }
        // A refused token is not used again, whatever comes of the renewal.
        let refused = current.take().map(|cached| cached.access);
        *current = Some(self.fetch(refused.as_ref()).await?);
        Ok(true)
    }
}

/// Shows nothing of what it holds, which is secret.
impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt;

    use super::*;
    use crate::clock::ManualClock;

    /// Gives numbered tokens of one length of life, as long as it is told to.
    struct Numbered {
        clock: Arc<ManualClock>,
        life: Duration,
        fetched: AtomicUsize,
        most: usize,
    }

    #[async_trait]
    impl Grant for Numbered {
        async fn fetch(&self) -> Result<Token, Error> {
            let number = self.fetched.fetch_add(1, Ordering::SeqCst) + 1;
            if number > self.most {
                return Err(Error::not_applied(ErrorKind::Unavailable, "no more tokens"));
            }
            Ok(Token {
                access: SecretString::from(format!("token-{number}")),
                expires_at: self.clock.now() + self.life,
            })
        }
    }

    struct Stage {
        grant: Arc<Numbered>,
        clock: Arc<ManualClock>,
        cache: TokenCache,
    }

    fn stage(life: u64, most: usize) -> Stage {
        let clock = Arc::new(ManualClock::at(DateTime::UNIX_EPOCH));
        let grant = Arc::new(Numbered {
            clock: clock.clone(),
            life: Duration::from_secs(life),
            fetched: AtomicUsize::new(0),
            most,
        });
        let cache = TokenCache::new(grant.clone(), clock.clone());
        Stage { grant, clock, cache }
    }

    impl Stage {
        fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
            self.cache.headers().now_or_never().unwrap()
        }

        fn after(&self, seconds: u64) -> String {
            self.clock.advance(Duration::from_secs(seconds));
            self.headers().unwrap()[0].1.to_str().unwrap().to_owned()
        }
    }

    #[test]
    fn a9_a_token_is_renewed_two_minutes_before_its_end() {
        let stage = stage(5400, 9);
        assert_eq!(stage.after(0), "Bearer token-1");
        assert_eq!(stage.after(5279), "Bearer token-1");
        assert_eq!(stage.after(1), "Bearer token-2");
    }

    #[test]
    fn a_token_that_lives_shortly_is_not_fetched_for_every_request() {
        let stage = stage(60, 9);
        assert_eq!(stage.after(0), "Bearer token-1");
        assert_eq!(stage.after(29), "Bearer token-1");
        assert_eq!(stage.after(1), "Bearer token-2");
    }

    #[test]
    fn a_token_that_cannot_be_renewed_is_used_to_its_end_and_no_longer() {
        let stage = stage(5400, 1);
        assert_eq!(stage.after(0), "Bearer token-1");
        assert_eq!(stage.after(5280), "Bearer token-1");
        assert_eq!(stage.after(1), "Bearer token-1");
        assert_eq!(stage.grant.fetched.load(Ordering::SeqCst), 2, "a pause after a failure");
        assert_eq!(stage.after(118), "Bearer token-1");
        stage.clock.advance(Duration::from_secs(1));
        assert_eq!(stage.headers().unwrap_err().kind(), ErrorKind::Unavailable);
    }

    #[test]
    fn a18_a_life_beyond_every_calendar_counts_as_a_year() {
        let end = |seconds| Token::end_of_life(DateTime::UNIX_EPOCH, seconds).to_rfc3339();
        assert_eq!(end(5400), "1970-01-01T01:30:00+00:00");
        assert_eq!(end(u64::MAX), "1971-01-01T00:00:00+00:00");
    }

    #[test]
    fn a9_only_the_token_in_use_is_renewed_when_it_is_refused() {
        let stage = stage(5400, 2);
        let first = stage.headers().unwrap();
        let renew = |refused: &[_]| stage.cache.renew(refused).now_or_never().unwrap();
        assert!(renew(&first).unwrap());
        assert!(renew(&first).unwrap(), "another one is in use already");
        assert_eq!(stage.grant.fetched.load(Ordering::SeqCst), 2);
        let second = stage.headers().unwrap();
        assert!(renew(&second).is_err());
        assert!(stage.headers().is_err(), "a refused token is not used again");
    }

    #[test]
    fn a14_no_credential_is_printed() {
        let secret = SecretString::from("hidden");
        let header = StaticHeader::new("x-key", "Key ", &secret).unwrap();
        let token = Token {
            access: secret.clone(),
            expires_at: DateTime::UNIX_EPOCH,
        };
        let stage = stage(60, 1);
        let sent = header.headers().now_or_never().unwrap().unwrap();
        let text = format!("{header:?} {token:?} {:?} {sent:?} {:?}", stage.cache, stage.headers());
        assert!(!text.contains("hidden") && !text.contains("token-1"), "{text}");
        assert!(format!("{header:?}").contains("x-key"));
        assert!(format!("{token:?}").contains("1970-01-01T00:00:00Z"));
        assert!(format!("{:?}", stage.cache).contains("TokenCache"));
        assert_eq!(sent[0].1, "Key hidden");
        assert!(!header.renew(&sent).now_or_never().unwrap().unwrap());
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused() {
        for (name, key) in [("x key", "a"), ("x-key", "a\nb")] {
            let error = StaticHeader::new(name, "", &SecretString::from(key)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
        }
    }
}
