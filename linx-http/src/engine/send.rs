//! The engine: one loop from credentials to an answer, or to the end of what is safe and allowed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use serde::de::DeserializeOwned;
use tracing::Instrument;
use url::Url;

use super::call::Call;
use super::judge::{Failed, judge, unanswered, unreadable};
use super::wait::{OnWait, Wait, WaitReason};
use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::endpoint::{Carries, Endpoint, RetrySafety};
use crate::error::{Applied, Error, ErrorKind};
use crate::json;
use crate::rate_limit::{Departure, InFlight, Moment, RateLimiter};
use crate::retry::{Decision, RetryPolicy, decide};
use crate::transport::Transport;

/// Requests that wait for the same reset leave spread over this span (hazard A8).
const SPREAD: Duration = Duration::from_millis(250);

/// A write leaves for the last time within so long of being asked for, or ends with when to come back. Whoever noted that
/// it is about to be sent reckons from there when it cannot arrive any more (hazard A15).
const WRITES_LEAVE_WITHIN: Duration = Duration::from_secs(15);

/// An answer of status 2xx with its body read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The body, read as what the endpoint answers.
    pub value: T,
    /// Status and headers.
    pub parts: http::response::Parts,
}

/// Sends endpoints to one base address.
///
/// Cheap to clone. Clones share credentials, and what is known of the rate limits.
#[derive(Clone)]
pub struct Engine {
    settings: Arc<Settings>,
}

/// What an engine is made of; see [`super::EngineBuilder`].
pub(super) struct Settings {
    pub(super) base: Url,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) credentials: Option<Arc<dyn Credentials>>,
    pub(super) headers: HeaderMap,
    pub(super) retry: RetryPolicy,
    pub(super) read_only: bool,
    pub(super) rate_limiter: Arc<RateLimiter>,
    pub(super) on_wait: Option<OnWait>,
}

/// How far a call has come.
struct Progress {
    /// When it was asked for, by the steady clock.
    asked: Duration,
    tries: u32,
    /// Unknown as soon as one try may have been applied, whatever comes of the later ones.
    applied: Applied,
    renewed: bool,
}

impl Engine {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
        }
    }

    /// Returns the base address, with its path if it has one.
    pub fn base(&self) -> &Url {
        &self.settings.base
    }

    /// Returns how far the server's clock is ahead of ours, as its last answer told: see
    /// [`RateLimiter::clock_difference`].
    pub fn clock_difference(&self) -> Option<TimeDelta> {
        self.settings.rate_limiter.clock_difference()
    }

    /// Returns the clock that the engine was given.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.settings.clock
    }

    /// Sends `endpoint` and reads the JSON answer.
    ///
    /// # Errors
    ///
    /// As [`Engine::send_raw`]. Besides, [`ErrorKind::Unreadable`] if the body is not what the endpoint promises: it
    /// names the field and no value, and for a write it is [`Applied::Unknown`]: a status alone proves nothing (hazard
    /// A16).
    pub async fn send<T: DeserializeOwned>(&self, endpoint: &Endpoint<T>) -> Result<Answer<T>, Error> {
        let call = self.settings.call(endpoint)?;
        let (response, tries) = self.settings.run_in_span(&call).await?;
        let (parts, body) = response.into_parts();
        match json::read(&body) {
            Ok(value) => Ok(Answer { value, parts }),
            Err(reason) => Err(unreadable(&call, &parts, &reason).after(tries)),
        }
    }

    /// Sends `endpoint` and returns the 2xx answer as it came.
    ///
    /// # Errors
    ///
    /// Every other status, and what got no answer, each with its [`ErrorKind`]. [`Error::was_applied`] takes all tries
    /// together: once one of them may have been applied, a later refusal does not make that certain. A refusal proves
    /// that nothing was changed only where it is of one record and by the service itself (hazard A16): 400, 403 to 406,
    /// 409, 410, 415 and 422, told in JSON, and 429.
    pub async fn send_raw<T>(&self, endpoint: &Endpoint<T>) -> Result<Response<Bytes>, Error> {
        let call = self.settings.call(endpoint)?;
        Ok(self.settings.run_in_span(&call).await?.0)
    }
}

/// Shows the base address only: headers and credentials are secret.
impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("base", &self.settings.base.as_str())
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Refuses what must not be sent and makes the rest ready.
    fn call<T>(&self, endpoint: &Endpoint<T>) -> Result<Call, Error> {
        if self.read_only && endpoint.retry_safety != RetrySafety::Read {
            let detail = "not sent: this client only reads";
            return Err(Error::not_applied(ErrorKind::ReadOnly, detail).during(endpoint.operation()));
        }
        Call::new(endpoint, &self.base, &self.headers)
    }

    async fn run_in_span(&self, call: &Call) -> Result<(Response<Bytes>, u32), Error> {
        let span = tracing::debug_span!("send", operation = %call.operation);
        self.run(call).instrument(span).await
    }

    /// Tries until a 2xx answer or the end of what is safe and allowed; returns the answer and the number of tries.
    async fn run(&self, call: &Call) -> Result<(Response<Bytes>, u32), Error> {
        let mut progress = Progress {
            asked: self.clock.steady(),
            tries: 0,
            applied: Applied::No,
            renewed: false,
        };
        loop {
            let credentials = self.credentials(&progress).await?;
            let (departure, place) = self.depart(call, &progress).await?;
            progress.tries += 1;
            let answer = self.attempt(call, &credentials, departure).await;
            drop(place);
            let failed = match answer {
                Ok(response) => {
                    tracing::debug!(status = response.status().as_u16(), tries = progress.tries, "answered");
                    return Ok((response, progress.tries));
                }
                Err(failed) => failed,
            };
            if failed.error.was_applied() == Applied::Unknown {
                progress.applied = Applied::Unknown;
            }
            if failed.is_unauthorized() && !progress.renewed && self.renew(&credentials, &progress).await? {
                progress.renewed = true;
                // The refusal may not be the service's own, so that a create goes out once (hazard A16). Those after it
                // have the new credential.
                if call.retry_safety != RetrySafety::Once {
                    continue;
                }
            }
            let chance = self.clock.chance();
            match decide(&self.retry, call.retry_safety, failed.attempt, progress.tries, chance) {
                Decision::Wait(span) if self.may_still_leave(call, &progress, span) => {
                    self.wait(call, failed.reason_to_wait(), span).await;
                }
                Decision::Wait(_) | Decision::Stop => {
                    return Err(failed.error.with_applied(progress.applied).after(progress.tries));
                }
            }
        }
    }

    async fn credentials(&self, progress: &Progress) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        match &self.credentials {
            Some(credentials) => credentials
                .headers()
                .await
                .map_err(|error| error.with_applied(progress.applied)),
            None => Ok(Vec::new()),
        }
    }

    async fn renew(&self, refused: &[(HeaderName, HeaderValue)], progress: &Progress) -> Result<bool, Error> {
        match &self.credentials {
            Some(credentials) => credentials
                .renew(refused)
                .await
                .map_err(|error| error.with_applied(progress.applied)),
            None => Ok(false),
        }
    }

    /// Waits for a place among the requests under way, and until the limits let this one leave; no place is held meanwhile. A wait beyond what one call may take is an error that says when to
    /// come back (hazard A8). So is a write that got ready too late, as when its token took long: the token is there then.
    async fn depart(&self, call: &Call, progress: &Progress) -> Result<(Departure, InFlight<'_>), Error> {
        let asked = self.clock.steady();
        loop {
            let place = self.rate_limiter.place().await;
            let now = Moment::of(&*self.clock);
            let not_sent = |why: &str, at| {
                let error = Error::with(ErrorKind::RateLimited, progress.applied, format!("not sent: {why}"));
                error.during(&call.operation).after(progress.tries).until(at)
            };
            if !self.may_still_leave(call, progress, Duration::ZERO) {
                return Err(not_sent("it would leave too late", now.shown));
            }
            let wait = match self.rate_limiter.try_depart(now) {
                Ok(departure) => return Ok((departure, place)),
                Err(wait) => wait,
            };
            drop(place);
            let is_too_long = now.steady.saturating_sub(asked) + wait > self.retry.longest_server_delay;
            if is_too_long || !self.may_still_leave(call, progress, wait + SPREAD) {
                return Err(not_sent("the rate limit is used up", now.shown + wait));
            }
            let spread = SPREAD.mul_f64(self.clock.chance().clamp(0.0, 1.0));
            self.wait(call, WaitReason::RateLimit, wait + spread).await;
        }
    }

    /// Whether a call may leave after a wait of `span`: what writes no record whenever it can, a write soon after it was asked
    /// for.
    fn may_still_leave(&self, call: &Call, progress: &Progress, span: Duration) -> bool {
        let waited = self.clock.steady().saturating_sub(progress.asked);
        let writes_nothing = call.retry_safety == RetrySafety::Read || call.carries == Carries::None;
        writes_nothing || waited.saturating_add(span) <= WRITES_LEAVE_WITHIN
    }

    /// Sends once, tells the limiter what the answer says of the limits, and judges it.
    async fn attempt(
        &self,
        call: &Call,
        credentials: &[(HeaderName, HeaderValue)],
        departure: Departure,
    ) -> Result<Response<Bytes>, Failed> {
        let answer = self.transport.send(call.request(credentials)).await;
        let response = answer.map_err(|error| unanswered(call, error))?;
        let now = Moment::of(&*self.clock);
        let asked = self
            .rate_limiter
            .observe(now, departure, response.status(), response.headers());
        judge(call, credentials, now.shown, asked, response)
    }

    async fn wait(&self, call: &Call, reason: WaitReason, span: Duration) {
        tracing::info!(?span, ?reason, "waiting");
        if let Some(on_wait) = &self.on_wait {
            on_wait(&Wait {
                operation: call.operation.clone(),
                reason,
                span,
            });
        }
        self.clock.sleep(span).await;
    }
}
