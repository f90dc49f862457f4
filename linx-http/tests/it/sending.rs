use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use futures_util::future::join_all;
use linx_http::{
    Applied, Clock, Endpoint, Error, ErrorKind, Grant, RetryPolicy, StaticHeader, Token, TokenCache, Wait, WaitReason,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::scripted::{Scripted, answer, builder, clock, cut, engine, start, unreachable, with};

#[derive(Debug, serde::Deserialize)]
struct Thing {
    #[serde(rename = "id")]
    _id: u64,
}

fn create() -> Endpoint<Value> {
    Endpoint::post("things").json(&json!({"name": "Ana Delgado"}))
}

fn read() -> Endpoint<Value> {
    Endpoint::get("things").segment("a/b").query("q", "x y")
}

#[tokio::test]
async fn a_request_is_built_from_its_value() {
    let transport = Scripted::answers([answer(200, "{}")]);
    engine(&transport).send(&read()).await.unwrap();
    let requests = transport.requests.lock().unwrap();
    assert_eq!(requests[0].uri(), "https://api.example/base/things/a%2Fb?q=x+y");
    assert_eq!(requests[0].headers()["accept"], "application/json");
    assert!(
        requests[0].headers()["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("linx/")
    );
}

#[tokio::test]
async fn a1_a_create_is_never_sent_again_after_a_cut() {
    for lost in [
        cut(),
        answer(502, "<html>"),
        answer(503, ""),
        answer(504, ""),
        answer(500, ""),
    ] {
        let transport = Scripted::answers([lost]);
        let error = engine(&transport).send(&create()).await.unwrap_err();
        assert_eq!(
            (transport.count(), error.was_applied()),
            (1, Applied::Unknown),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a1_a_create_that_never_left_is_sent_again() {
    let transport = Scripted::answers([unreachable(), answer(429, ""), answer(201, "{}")]);
    engine(&transport).send(&create()).await.unwrap();
    assert_eq!(transport.count(), 3);
}

#[tokio::test]
async fn reads_and_repeatable_writes_are_sent_again_after_a_cut() {
    for endpoint in [
        read(),
        Endpoint::put("things"),
        Endpoint::patch("things"),
        Endpoint::delete("things"),
    ] {
        let transport = Scripted::answers([cut(), answer(503, ""), answer(200, "{}")]);
        engine(&transport).send(&endpoint).await.unwrap();
        assert_eq!(transport.count(), 3);
    }
}

#[tokio::test]
async fn a2_refusals_are_final() {
    for (status, kind) in [
        (400, ErrorKind::Rejected),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (422, ErrorKind::Rejected),
        // Final as well, and no proof: see the tests of A16.
        (302, ErrorKind::Rejected),
    ] {
        let transport = Scripted::answers([with(
            status,
            &[("x-request-id", "r-1"), ("location", "https://evil.example/")],
            r#"{"errors":{"name":["is already taken"]}}"#,
        )]);
        let error = engine(&transport).send(&create()).await.unwrap_err();
        let applied = if status == 302 { Applied::Unknown } else { Applied::No };
        assert_eq!(error.to_string().contains("redirected"), status == 302, "{error}");
        assert_eq!(
            (transport.count(), error.kind(), error.was_applied()),
            (1, kind, applied)
        );
        assert_eq!(error.messages(), ["name: is already taken"]);
        assert_eq!(error.request_id(), Some("r-1"));
    }
}

#[tokio::test]
async fn a14_a_request_id_that_is_a_text_is_not_shown() {
    for text in ["Quinn Example", "r-1\tQuinn", ""] {
        let transport = Scripted::answers([with(422, &[("x-request-id", text)], "{}")]);
        let error = engine(&transport).send(&create()).await.unwrap_err();
        assert_eq!(error.request_id(), None, "{text}");
    }
}

#[tokio::test]
async fn a11_the_status_is_judged_before_the_body() {
    let html = "<html><title>502 Bad Gateway</title></html>";
    let transport = Scripted::new(move |_| answer(502, html));
    let error = engine(&transport).send(&read()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Unavailable, 502)
    );
    assert_eq!(
        (error.messages(), error.attempts()),
        (&["502 Bad Gateway".to_owned()][..], 4)
    );

    let transport = Scripted::answers([answer(200, r#"{"id": "Ana"}"#), answer(200, ""), answer(201, "{")]);
    let engine = engine(&transport);
    let error = engine.send(&Endpoint::<Thing>::get("thing")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(
        error.to_string().contains("`id`") && !format!("{error:?}").contains("Ana"),
        "{error:?}"
    );
    assert_eq!(engine.send(&read()).await.unwrap_err().kind(), ErrorKind::Unreadable);
    // A 201 that tells of no record is no proof of one (hazard A16).
    assert_eq!(
        engine.send(&create()).await.unwrap_err().was_applied(),
        Applied::Unknown
    );
}

#[tokio::test]
async fn a8_it_waits_before_it_is_refused_and_as_long_as_asked() {
    let clock = clock();
    let reset = (start().timestamp() + 7).to_string();
    let limits = [
        ("x-rate-limit-limit", "25"),
        ("x-rate-limit-remaining", "0"),
        ("x-rate-limit-reset", reset.as_str()),
    ];
    let transport = Scripted::answers([
        with(200, &limits, "{}"),
        with(429, &[("retry-after", "5")], r#"{"message":"an hour"}"#),
        answer(200, "{}"),
    ]);
    let engine = builder(Arc::clone(&transport) as _, &clock).build().unwrap();
    engine.send(&read()).await.unwrap();
    assert_eq!(clock.now(), start());
    engine.send(&create()).await.unwrap();
    let waited = (clock.now() - start()).num_milliseconds();
    assert!((12_000..13_000).contains(&waited), "{waited} ms");
}

#[tokio::test]
async fn a8_a_wait_that_is_too_long_says_when_to_come_back() {
    let reset = (start().timestamp() + 1800).to_string();
    let limits = [
        ("x-rate-limit-limit", "3600"),
        ("x-rate-limit-remaining", "0"),
        ("x-rate-limit-reset", reset.as_str()),
    ];
    let transport = Scripted::answers([with(200, &limits, "{}")]);
    let engine = engine(&transport);
    engine.send(&read()).await.unwrap();
    let error = engine.send(&read()).await.unwrap_err();
    assert_eq!((error.kind(), transport.count()), (ErrorKind::RateLimited, 1));
    assert_eq!(error.retry_at(), Some(start() + TimeDelta::seconds(1800)));
}

#[tokio::test]
async fn d27_how_far_the_servers_clock_is_ahead_is_told() {
    for ahead in [75, -75] {
        let date = httpdate::fmt_http_date((start() + TimeDelta::seconds(ahead)).into());
        let engine = engine(&Scripted::answers([with(200, &[("date", date.as_str())], "{}")]));
        assert_eq!(engine.clock_difference(), None, "nothing was heard yet");
        engine.send(&read()).await.unwrap();
        assert_eq!(engine.clock_difference(), Some(TimeDelta::seconds(ahead)));
    }
}

/// Gives tokens that are numbered.
struct Counting {
    fetched: AtomicUsize,
    fails: bool,
}

#[async_trait]
impl Grant for Counting {
    async fn fetch(&self) -> Result<Token, Error> {
        // Give the others a chance to come in between.
        let mut yielded = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut yielded, true) {
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
        let number = self.fetched.fetch_add(1, Ordering::SeqCst) + 1;
        if self.fails && number > 1 {
            return Err(Error::not_applied(ErrorKind::Unavailable, "no token today"));
        }
        let access = SecretString::from(format!("secret-{number}"));
        Ok(Token::new(access, start() + TimeDelta::seconds(5400)))
    }
}

fn counting(fails: bool) -> Arc<Counting> {
    Arc::new(Counting {
        fetched: AtomicUsize::new(0),
        fails,
    })
}

#[tokio::test]
async fn a9_eight_requests_make_one_token_and_one_renewal() {
    let transport = Scripted::new(|request| {
        let token = request.headers()["authorization"].to_str().unwrap();
        answer(if token == "Bearer secret-1" { 401 } else { 200 }, "{}")
    });
    let (grant, clock) = (counting(false), clock());
    let tokens = TokenCache::new(Arc::clone(&grant) as _, Arc::clone(&clock) as _);
    let engine = builder(Arc::clone(&transport) as _, &clock)
        .credentials(Arc::new(tokens))
        .build()
        .unwrap();
    let (one, others) = (read(), [(); 8]);
    for sent in join_all(others.map(|()| engine.send(&one))).await {
        sent.unwrap();
    }
    assert_eq!(grant.fetched.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a9_a_token_is_renewed_ahead_of_time_and_kept_if_that_fails() {
    for (fails, fetched) in [(false, 2), (true, 2)] {
        let transport = Scripted::new(|_| answer(200, "{}"));
        let (grant, clock) = (counting(fails), clock());
        let tokens = TokenCache::new(Arc::clone(&grant) as _, Arc::clone(&clock) as _);
        let engine = builder(Arc::clone(&transport) as _, &clock)
            .credentials(Arc::new(tokens))
            .build()
            .unwrap();
        engine.send(&read()).await.unwrap();
        clock.advance(std::time::Duration::from_secs(5300));
        engine.send(&read()).await.unwrap();
        assert_eq!(grant.fetched.load(Ordering::SeqCst), fetched);
        let last = if fails { "Bearer secret-1" } else { "Bearer secret-2" };
        assert_eq!(transport.requests.lock().unwrap()[1].headers()["authorization"], last);
    }
}

#[tokio::test]
async fn a_refused_credential_is_renewed_once_and_403_never() {
    let transport = Scripted::new(|_| answer(401, ""));
    let (grant, clock) = (counting(false), clock());
    let tokens = TokenCache::new(Arc::clone(&grant) as _, Arc::clone(&clock) as _);
    let engine = builder(Arc::clone(&transport) as _, &clock)
        .credentials(Arc::new(tokens))
        .build()
        .unwrap();
    assert_eq!(engine.send(&read()).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    assert_eq!((transport.count(), grant.fetched.load(Ordering::SeqCst)), (2, 2));
    // Everything else says nothing of the credential (hazard A2).
    for status in [400, 403, 404, 409, 422] {
        let (grant, transport) = (counting(false), Scripted::answers([answer(status, "")]));
        let tokens = TokenCache::new(Arc::clone(&grant) as _, Arc::clone(&clock) as _);
        let engine = builder(transport, &clock)
            .credentials(Arc::new(tokens))
            .build()
            .unwrap();
        engine.send(&read()).await.unwrap_err();
        assert_eq!(grant.fetched.load(Ordering::SeqCst), 1, "{status}");
    }
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_is_named() {
    let transport = Scripted::new(|_| unreachable());
    let error = engine(&transport).send(&read()).await.unwrap_err();
    assert!(
        error.to_string().contains("could not connect to api.example"),
        "{error}"
    );
}

#[tokio::test]
async fn a14_no_secret_and_no_query_in_errors() {
    let transport = Scripted::new(|_| cut());
    let key = SecretString::from("very-secret");
    let header = StaticHeader::new("Ocp-Apim-Subscription-Key", "", &key).unwrap();
    assert!(!format!("{header:?}").contains("very-secret"));
    let engine = builder(Arc::clone(&transport) as _, &clock())
        .credentials(Arc::new(header))
        .build()
        .unwrap();
    for error in [
        engine.send(&create()).await.unwrap_err(),
        engine.send(&read()).await.unwrap_err(),
    ] {
        let text = format!("{error} {error:?}");
        for secret in ["very-secret", "Ana", "x y", "x+y"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert!(!format!("{:?}", create()).contains("Ana"));
    assert!(!format!("{:?}", transport.requests.lock().unwrap()[0].headers()).contains("very-secret"));
}

#[tokio::test]
async fn a_client_that_only_reads_sends_no_write() {
    let transport = Scripted::answers([answer(200, "{}")]);
    let engine = builder(Arc::clone(&transport) as _, &clock())
        .read_only(true)
        .build()
        .unwrap();
    assert_eq!(engine.send(&create()).await.unwrap_err().kind(), ErrorKind::ReadOnly);
    engine.send(&read()).await.unwrap();
    assert_eq!(transport.count(), 1);
}

#[test]
fn plain_http_is_for_loopback_only() {
    let built = |address: &str| {
        let transport = Scripted::answers([]);
        linx_http::Engine::builder(address.parse().unwrap(), transport, clock())
            .retry(RetryPolicy::default())
            .build()
    };
    for fine in [
        "https://api.example",
        "http://127.0.0.1:7700",
        "http://localhost:1",
        "http://[::1]:1",
    ] {
        assert!(built(fine).is_ok(), "{fine}");
    }
    for wrong in ["http://api.example", "http://10.0.0.1", "ftp://localhost"] {
        assert_eq!(built(wrong).unwrap_err().kind(), ErrorKind::Configuration, "{wrong}");
    }
}

#[tokio::test]
async fn a1_one_try_of_unknown_outcome_leaves_the_whole_request_unknown() {
    let replace: Endpoint<Value> = Endpoint::put("things").segment(1);
    for last in [answer(404, ""), answer(403, "")] {
        let transport = Scripted::answers([cut(), last]);
        let error = engine(&transport).send(&replace).await.unwrap_err();
        assert_eq!(
            (error.was_applied(), error.attempts()),
            (Applied::Unknown, 2),
            "{error}"
        );
    }
    let transport = Scripted::answers([cut(), unreachable(), unreachable(), unreachable()]);
    let error = engine(&transport).send(&replace).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.was_applied()),
        (ErrorKind::Connect, Applied::Unknown)
    );
    let transport = Scripted::new(|_| cut());
    let error = engine(&transport).send(&read()).await.unwrap_err();
    assert_eq!(error.was_applied(), Applied::No, "a read applies nothing");
}

#[tokio::test]
async fn a_failing_token_request_is_told_as_itself_and_applies_nothing() {
    struct Lost;
    #[async_trait]
    impl Grant for Lost {
        async fn fetch(&self) -> Result<Token, Error> {
            let error = Error::not_applied(ErrorKind::Timeout, "timed out").during("POST /oauth/token");
            Err(error.with_applied(Applied::Unknown))
        }
    }
    let transport = Scripted::answers([]);
    let clock = clock();
    let engine = builder(Arc::clone(&transport) as _, &clock)
        .credentials(Arc::new(TokenCache::new(Arc::new(Lost), clock.clone())))
        .build()
        .unwrap();
    let error = engine.send(&create()).await.unwrap_err();
    assert_eq!(error.operation(), Some("POST /oauth/token"));
    assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Timeout, Applied::No));
}

#[tokio::test]
async fn a7_a_foreign_link_gets_no_request_and_no_token() {
    let transport = Scripted::answers([]);
    let key = SecretString::from("very-secret");
    let engine = builder(Arc::clone(&transport) as _, &clock())
        .credentials(Arc::new(StaticHeader::new("x-key", "", &key).unwrap()))
        .build()
        .unwrap();
    for link in [
        "https://api.example.evil.example/things",
        "http://api.example/things",
        "https://api.example:8443/things",
        "https://api.example@evil.example/things",
        "https://user:word@api.example/things",
        "file:///etc/things",
    ] {
        let error = engine.send(&read().at(link.parse().unwrap())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignLink, "{link}");
    }
    assert_eq!(transport.count(), 0);
}

#[tokio::test]
async fn a14_a_secret_that_the_server_echoes_stays_out_of_the_error() {
    let transport = Scripted::new(|request| {
        let key = request.headers()["authorization"].to_str().unwrap();
        let body = String::from_utf8_lossy(request.body());
        answer(400, &json!({ "errors": [format!("no such {key}"), body] }).to_string())
    });
    let key = SecretString::from("very-secret-key");
    let engine = builder(Arc::clone(&transport) as _, &clock())
        .credentials(Arc::new(StaticHeader::new("authorization", "Bearer ", &key).unwrap()))
        .build()
        .unwrap();
    let form = [
        ("grant_type", "client".to_owned()),
        ("client_secret", "another-secret".to_owned()),
    ];
    let token: Endpoint<Value> = Endpoint::post("oauth/token").form(form);
    let error = engine.send(&token).await.unwrap_err();
    assert_eq!(
        error.messages(),
        ["no such Bearer …", "grant_type=client&client_secret=…"]
    );
    assert!(!format!("{error} {error:?} {engine:?}").contains("secret-key"));
    assert!(format!("{engine:?}").contains("https://api.example/base"));
}

#[tokio::test]
async fn bodies_say_what_they_are() {
    let transport = Scripted::new(|_| answer(200, "{}"));
    let engine = engine(&transport);
    engine.send(&create()).await.unwrap();
    let form: Endpoint<Value> = Endpoint::post("form").form([("a b", "ü&=".to_owned())]);
    engine.send(&form).await.unwrap();
    engine.send(&read()).await.unwrap();
    let requests = transport.requests.lock().unwrap();
    let kinds: Vec<_> = requests
        .iter()
        .map(|request| request.headers().get("content-type"))
        .collect();
    assert_eq!(kinds[0].unwrap(), "application/json");
    assert_eq!(kinds[1].unwrap(), "application/x-www-form-urlencoded");
    assert_eq!(kinds[2], None);
    assert_eq!(requests[1].body().as_ref(), b"a+b=%C3%BC%26%3D");
}

#[tokio::test]
async fn a8_every_wait_is_told_with_its_reason() {
    let transport = Scripted::answers([
        unreachable(),
        with(503, &[("retry-after", "7")], ""),
        with(
            200,
            &[
                ("x-rate-limit-limit", "1"),
                ("x-rate-limit-remaining", "0"),
                ("x-rate-limit-reset", "1772400030"),
            ],
            "1",
        ),
        answer(200, "2"),
    ]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&told);
    let engine = builder(transport, &clock())
        .on_wait(Arc::new(move |wait: &Wait| kept.lock().unwrap().push(wait.clone())))
        .build()
        .unwrap();
    let list = Endpoint::<u8>::get("rows");
    engine.send(&list).await.unwrap();
    engine.send(&list).await.unwrap();
    let told = told.lock().unwrap();
    let reasons: Vec<WaitReason> = told.iter().map(|wait| wait.reason).collect();
    assert_eq!(
        reasons,
        [WaitReason::Retry, WaitReason::RateLimit, WaitReason::RateLimit]
    );
    assert_eq!(told[1].span.as_secs(), 7);
    assert!(told.iter().all(|wait| wait.operation == "GET /rows"));
}
