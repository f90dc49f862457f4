//! The same client and the same sandbox with a real socket between them.

use std::sync::Arc;

use linx_http::reqwest::ReqwestTransport;
use linx_http::sandbox::Server;
use linx_http::{ErrorKind, ManualClock};
use procore_client::Client;
use procore_client::people::PeopleQuery;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};

use crate::harness::eight_hours;

#[tokio::test]
async fn lists_and_writes_go_over_a_socket() {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse().unwrap()));
    let sandbox = Arc::new(Sandbox::contractor());
    sandbox.with_state(|state| state.max_per_page = Some(10));
    let server = Server::start(sandbox.clone(), clock.clone(), 0).await.unwrap();
    let client = |secret: &str| {
        Client::builder(SANDBOX_COMPANY_ID)
            .api_url(server.address())
            .login_url(server.address())
            .client_credentials(SANDBOX_CLIENT_ID.to_owned(), secret.into())
            .transport(Arc::new(ReqwestTransport::new().unwrap()))
            .clock(clock.clone())
            .build()
            .unwrap()
    };
    let right = client(SANDBOX_CLIENT_SECRET);
    let people = right.people(&PeopleQuery::employees()).collect().await.unwrap();
    assert!(people.proves_absence());
    assert_eq!(people.rows.len(), 23);

    let new = eight_hours(&sandbox);
    let created = right.create_timecard_entry(&new).await.unwrap();
    let listed = right
        .timecard_entries(new.date, new.date, Some(new.party_id))
        .collect()
        .await
        .unwrap();
    assert_eq!(listed.rows, [created]);
    assert_eq!(sandbox.entries().len(), 1);

    let wrong = client("a wrong secret").me().await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Unauthorized);
}
