//! The sandbox under tests of your own code.
//!
//!     cargo run -p procore-client --features sandbox --example sandbox

use std::error::Error;
use std::sync::Arc;

use linx_http::ManualClock;
use linx_http::sandbox::InProcess;
use procore_client::Client;
use procore_client::people::PeopleQuery;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
    let sandbox = Arc::new(Sandbox::contractor());
    let host = InProcess::new(sandbox.clone(), clock.clone());
    let traffic = host.traffic();
    let client = Client::builder(SANDBOX_COMPANY_ID)
        .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
        .transport(Arc::new(host))
        .clock(clock)
        .build()?;

    let employees = PeopleQuery::employees();
    let before = client.people(&employees).collect().await?.rows.len();
    // Somebody leaves the company, in Procore's pages.
    sandbox.with_state(|state| {
        if let Some(person) = state
            .people
            .values_mut()
            .find(|person| person.is_active && person.is_employee)
        {
            person.is_active = false;
        }
    });
    let after = client.people(&employees).collect().await?.rows.len();
    println!("{before} active employees before, {after} after");
    println!("{} requests reached the sandbox", traffic.count(None, ""));
    Ok(())
}
