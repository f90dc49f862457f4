//! The same client over a socket.

use std::sync::Arc;

use exaktime_client::Client;
use exaktime_client::locations::LocationChanges;
use exaktime_client::sandbox::{SANDBOX_API_KEY, Sandbox};
use exaktime_client::{Change, LocationId};
use linx_http::ManualClock;
use linx_http::reqwest::ReqwestTransport;
use linx_http::sandbox::Server;

use crate::harness::day;

#[tokio::test]
async fn records_and_time_travel_over_a_socket() {
    let clock = Arc::new(ManualClock::at("2026-03-17T12:00:00Z".parse().unwrap()));
    let sandbox = Arc::new(Sandbox::contractor());
    sandbox.with_state(|state| state.max_odata_rows = 100);
    let server = Server::start(sandbox.clone(), clock.clone(), 0).await.unwrap();
    let client = Client::builder()
        .api_url(server.address())
        .odata_url(server.address().join("odata").unwrap())
        .api_key(SANDBOX_API_KEY.into())
        .transport(Arc::new(ReqwestTransport::new().unwrap()))
        .clock(clock)
        .build()
        .unwrap();
    assert_eq!(client.employees().collect().await.unwrap().rows.len(), 21);
    let time = client.time_records(day("2026-03-02"), day("2026-03-15"));
    let all = sandbox.with_state(|state| state.time_records.len());
    assert_eq!(
        time.collect().await.unwrap().rows.len(),
        all,
        "next links lead back here"
    );
    let changes = LocationChanges {
        name: Change::Set("Yard".to_owned()),
        ..LocationChanges::default()
    };
    client
        .update_location(&LocationId::new("loc-YARD"), &changes)
        .await
        .unwrap();
    assert_eq!(
        sandbox.with_state(|state| state.locations["loc-YARD"]["name"].clone()),
        "Yard"
    );
}
