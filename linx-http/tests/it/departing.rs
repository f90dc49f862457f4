//! How long a request may wait before it leaves: a write for seconds only, since whoever noted that it is about to be sent
//! reckons from there until when it may arrive (hazard A15).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use linx_http::{
    Applied, Clock, Endpoint, Engine, Error, ErrorKind, Grant, ManualClock, RetryPolicy, Token, TokenCache,
};
use secrecy::SecretString;
use serde_json::Value;

use crate::scripted::{Answer, Scripted, answer, builder, clock, start, unreachable, with};

/// The longest that a write may wait.
const SOON: i64 = 15;

fn read() -> Endpoint<Value> {
    Endpoint::get("things")
}

/// One that is sent once, and those that may be repeated.
fn writes() -> [Endpoint<Value>; 4] {
    [
        Endpoint::post("things"),
        Endpoint::put("things"),
        Endpoint::patch("things"),
        Endpoint::delete("things"),
    ]
}

/// How many seconds have passed on the clock.
fn passed(clock: &ManualClock) -> f64 {
    (clock.now() - start()).as_seconds_f64()
}

/// An engine whose last answer said that nothing is left for so many seconds.
async fn limited_for(seconds: i64) -> (Engine, Arc<Scripted>, Arc<ManualClock>) {
    let reset = (start().timestamp() + seconds).to_string();
    let limits = [
        ("x-rate-limit-limit", "25"),
        ("x-rate-limit-remaining", "0"),
        ("x-rate-limit-reset", reset.as_str()),
    ];
    let transport = Scripted::answers([with(200, &limits, "{}"), answer(200, "{}")]);
    let clock = clock();
    let engine = builder(Arc::clone(&transport) as _, &clock).build().unwrap();
    engine.send(&read()).await.unwrap();
    (engine, transport, clock)
}

/// A login makes no record that could stand twice: it waits for a limit as long as a read may, also in an engine that is
/// patient for an hour.
#[tokio::test]
async fn a8_a_request_that_carries_no_record_waits_as_a_read_does() {
    let (engine, transport, clock) = limited_for(30).await;
    let login: Endpoint<Value> = Endpoint::post("token").idempotent().carrying(0);
    engine.send(&login).await.unwrap();
    assert_eq!(transport.count(), 2);
    assert!(passed(&clock) >= 30.0);
}

#[tokio::test]
async fn a8_a_read_waits_for_a_limit_as_long_as_a_server_may_ask() {
    let longest = 60;
    let (engine, transport, _) = limited_for(longest).await;
    engine.send(&read()).await.unwrap();
    assert_eq!(transport.count(), 2);
    let (engine, transport, clock) = limited_for(longest + 1).await;
    let error = engine.send(&read()).await.unwrap_err();
    assert_eq!(transport.count(), 1);
    assert_ended(&error, &clock, longest + 1);
}

/// A grant whose every token takes so long.
struct Slow(Arc<ManualClock>, Duration);

#[async_trait]
impl Grant for Slow {
    async fn fetch(&self) -> Result<Token, Error> {
        self.0.advance(self.1);
        let access = SecretString::from("secret");
        Ok(Token::new(access, self.0.now() + TimeDelta::hours(1)))
    }
}

/// An engine whose first token takes so many seconds.
fn with_slow_token(seconds: u64) -> (Engine, Arc<Scripted>, Arc<ManualClock>) {
    let transport = Scripted::new(|_| answer(200, "{}"));
    let clock = clock();
    let grant = Slow(clock.clone(), Duration::from_secs(seconds));
    let tokens = TokenCache::new(Arc::new(grant), clock.clone());
    let engine = builder(Arc::clone(&transport) as _, &clock).credentials(Arc::new(tokens));
    (engine.build().unwrap(), transport, clock)
}

/// It was not sent, nobody waited for it longer than a write may, and it says when to come back.
fn assert_ended(error: &Error, clock: &ManualClock, come_back: i64) {
    assert_eq!(
        (error.kind(), error.was_applied()),
        (ErrorKind::RateLimited, Applied::No),
        "{error}"
    );
    assert_eq!(error.retry_at(), Some(start() + TimeDelta::seconds(come_back)));
    assert!(clock.now() <= start() + TimeDelta::seconds(come_back.min(SOON)));
}

#[tokio::test]
async fn a15_a_write_leaves_soon_or_ends_with_when_to_come_back() {
    for write in writes() {
        let (engine, transport, clock) = limited_for(SOON - 1).await;
        engine.send(&write).await.unwrap();
        assert_eq!(transport.count(), 2, "a limit that ends soon is waited for");
        assert!((14.0..15.0).contains(&passed(&clock)), "{}", passed(&clock));

        let (engine, transport, clock) = limited_for(SOON + 1).await;
        let error = engine.send(&write).await.unwrap_err();
        assert_eq!(transport.count(), 1, "one that ends later is not");
        assert_ended(&error, &clock, SOON + 1);

        let (engine, _, clock) = limited_for(SOON).await;
        let error = engine.send(&write).await.unwrap_err();
        assert_ended(&error, &clock, SOON);
        assert_eq!(clock.now(), start(), "nobody waits for what would leave too late");
    }
}

#[tokio::test]
async fn a15_all_waits_of_a_write_together_are_short() {
    for write in writes() {
        let transport = Scripted::new(|_| with(429, &[("retry-after", "10")], ""));
        let clock = clock();
        let engine = builder(Arc::clone(&transport) as _, &clock).build().unwrap();
        let error = engine.send(&write).await.unwrap_err();
        assert_eq!(
            (transport.count(), error.attempts()),
            (2, 2),
            "a third would leave after 20 s"
        );
        assert_eq!(
            (error.kind(), error.was_applied()),
            (ErrorKind::RateLimited, Applied::No)
        );
        assert_eq!(error.retry_at(), Some(clock.now() + TimeDelta::seconds(10)));
        assert!(passed(&clock) < 15.0);

        let transport = Scripted::new(|_| unreachable());
        let clock = self::clock();
        let patient = RetryPolicy {
            attempts: 100,
            ..RetryPolicy::default()
        };
        let engine = builder(Arc::clone(&transport) as _, &clock).retry(patient);
        let error = engine.build().unwrap().send(&write).await.unwrap_err();
        assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Connect, Applied::No));
        assert!(passed(&clock) <= 15.0, "{}", passed(&clock));
    }
}

#[tokio::test]
async fn a15_a_write_whose_token_took_long_does_not_leave_late() {
    for write in writes() {
        let (engine, transport, clock) = with_slow_token(20);
        let error = engine.send(&write).await.unwrap_err();
        assert_eq!(transport.count(), 0);
        assert_eq!(
            (error.kind(), error.was_applied()),
            (ErrorKind::RateLimited, Applied::No)
        );
        assert_eq!(error.retry_at(), Some(clock.now()), "the token is there now");
        engine.send(&write).await.unwrap();
    }
}

#[tokio::test]
async fn a15_a_read_may_wait_longer_than_a_write() {
    let (engine, transport, clock) = limited_for(50).await;
    engine.send(&read()).await.unwrap();
    assert_eq!(transport.count(), 2);
    assert!((50.0..51.0).contains(&passed(&clock)), "{}", passed(&clock));

    let (engine, transport, _) = with_slow_token(20);
    engine.send(&read()).await.unwrap();
    assert_eq!(transport.count(), 1);
}

/// Counts how many requests are under way at once, each for a few turns.
#[derive(Default)]
struct Busy {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl linx_http::Transport for Busy {
    async fn send(&self, _: http::Request<bytes::Bytes>) -> Answer {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        self.now.fetch_sub(1, Ordering::Relaxed);
        answer(200, "{}")
    }
}

#[tokio::test]
async fn a8_no_more_than_sixteen_are_under_way_at_once_whoever_asks_and_all_get_their_turn() {
    let transport = Arc::new(Busy::default());
    let limiter = Arc::new(linx_http::RateLimiter::default());
    let engine = || {
        let builder = builder(Arc::clone(&transport) as _, &clock());
        builder.rate_limiter(Arc::clone(&limiter)).build().unwrap()
    };
    let (one, other) = (engine(), engine());
    let (read, write) = (read(), writes()[0].clone());
    let all = (0..100).flat_map(|_| [one.send(&read), other.send(&write)]);
    let answers = futures_util::future::join_all(all).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(transport.most.load(Ordering::Relaxed), 16);
}
