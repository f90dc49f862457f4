//! A person's login: agreed to once, refreshed once for all, ended on both sides.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use http::Method;
use linx_http::sandbox::{Fault, Faults, InProcess, Order, Traffic};
use linx_http::{ErrorKind, ManualClock, MemoryTokenStore, TokenStore, Transport};
use procore_client::Client;
use procore_client::auth::{Application, Login, OUT_OF_BAND};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};

struct Harness {
    clock: Arc<ManualClock>,
    transport: Arc<dyn Transport>,
    store: MemoryTokenStore,
    faults: Faults,
    traffic: Traffic,
}

impl Harness {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse().unwrap()));
        let host = InProcess::new(Arc::new(Sandbox::contractor()), clock.clone());
        let (faults, traffic) = (host.faults(), host.traffic());
        Self {
            clock,
            transport: Arc::new(host),
            store: MemoryTokenStore::default(),
            faults,
            traffic,
        }
    }

    fn login_to(&self, redirect_uri: &str) -> Login {
        let application = Application {
            client_id: SANDBOX_CLIENT_ID.to_owned(),
            client_secret: SANDBOX_CLIENT_SECRET.into(),
            redirect_uri: redirect_uri.to_owned(),
        };
        let store = Arc::new(self.store.clone());
        Login::new(application, None, self.transport.clone(), self.clock.clone(), store).unwrap()
    }

    fn login(&self) -> Login {
        self.login_to(OUT_OF_BAND)
    }

    /// What a person's browser does: opens the page, and shows the code.
    async fn agree(&self, login: &Login) -> String {
        let mut request = http::Request::new(bytes::Bytes::new());
        *request.uri_mut() = login.page("a state").as_str().parse().unwrap();
        let answer = self.transport.send(request).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        body["code"].as_str().unwrap().to_owned()
    }

    async fn logged_in() -> Self {
        let harness = Self::new();
        let login = harness.login();
        let code = harness.agree(&login).await;
        login.complete(&code).await.unwrap();
        harness
    }

    /// A client of a process of its own.
    fn client(&self) -> Client {
        Client::builder(SANDBOX_COMPANY_ID)
            .login(Arc::new(self.login()))
            .transport(self.transport.clone())
            .clock(self.clock.clone())
            .build()
            .unwrap()
    }

    fn token_requests(&self) -> usize {
        self.traffic.count(Some(&Method::POST), "/oauth/token")
    }
}

#[tokio::test]
async fn a_person_agrees_once_and_every_process_uses_it() {
    let harness = Harness::logged_in().await;
    harness.client().me().await.unwrap();
    harness.client().me().await.unwrap();
    assert_eq!(harness.token_requests(), 1);
    let info = harness.login().info().await.unwrap().unwrap();
    assert_eq!(info.expires_in_seconds, Some(5400));
}

#[tokio::test]
async fn the_page_sends_the_browser_back_with_code_and_state() {
    let harness = Harness::new();
    let login = harness.login_to("http://127.0.0.1:7702/done");
    let mut request = http::Request::new(bytes::Bytes::new());
    *request.uri_mut() = login.page("a state").as_str().parse().unwrap();
    let answer = harness.transport.send(request).await.unwrap();
    assert_eq!(answer.status(), 302);
    let back = answer.headers()["location"].to_str().unwrap();
    assert!(
        back.starts_with("http://127.0.0.1:7702/done?code=") && back.ends_with("&state=a+state"),
        "{back}"
    );
}

#[tokio::test]
async fn a9_twenty_processes_refresh_once() {
    let harness = Harness::logged_in().await;
    harness.clock.advance(Duration::from_mins(100));
    let clients: Vec<Client> = (0..20).map(|_| harness.client()).collect();
    for answer in join_all(clients.iter().map(Client::me)).await {
        answer.unwrap();
    }
    assert_eq!(harness.token_requests(), 2);
}

#[tokio::test]
async fn a9_a_refresh_whose_answer_is_lost_is_not_sent_again_and_the_login_is_lost() {
    let harness = Harness::logged_in().await;
    harness.clock.advance(Duration::from_mins(100));
    harness.faults.order(Order {
        method: Some(Method::POST),
        path: "/oauth/token".into(),
        after: 0,
        times: 1,
        fault: Fault::CutAfter,
    });
    let client = harness.client();
    let error = client.me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(harness.token_requests(), 2);
    let error = client.me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(error.to_string().contains("log in again"), "{error}");
}

#[tokio::test]
async fn a_code_works_once_and_a_logout_ends_the_login_on_both_sides() {
    let harness = Harness::new();
    let login = harness.login();
    let code = harness.agree(&login).await;
    login.complete(&code).await.unwrap();
    assert_eq!(login.complete(&code).await.unwrap_err().kind(), ErrorKind::Rejected);
    let client = harness.client();
    client.me().await.unwrap();
    login.logout().await.unwrap();
    assert!(harness.store.load().await.unwrap().is_none());
    assert_eq!(login.info().await.unwrap(), None);
    let error = client.me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized, "the token in use is dead too");
    login.logout().await.unwrap();
}

#[tokio::test]
async fn who_has_not_logged_in_is_told_so() {
    let harness = Harness::new();
    let error = harness.client().me().await.unwrap_err();
    assert!(error.to_string().contains("nobody has logged in"), "{error}");
    assert_eq!(harness.traffic.count(None, ""), 0);
}
