//! Waits for the rate limit before it is exceeded, and shows each wait.
//!
//!     cargo run -p procore-client --features sandbox --example limits

use std::error::Error;
use std::sync::Arc;

use linx_http::sandbox::InProcess;
use linx_http::{ErrorKind, ManualClock, RetryPolicy, Wait};
use procore_client::Client;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // A quarter of an hour before the allowance of the hour begins again.
    let clock = Arc::new(ManualClock::at("2026-03-16T08:45:00Z".parse()?));
    let sandbox = Arc::new(Sandbox::contractor());
    sandbox.with_state(|state| state.hourly_limit = 3);
    let transport = Arc::new(InProcess::new(sandbox, clock.clone()));
    let client = |policy: RetryPolicy| {
        Client::builder(SANDBOX_COMPANY_ID)
            .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
            .transport(transport.clone())
            .clock(clock.clone())
            .retry(policy)
            .on_wait(Arc::new(|wait: &Wait| {
                println!("waiting {} s before {}", wait.span.as_secs(), wait.operation);
            }))
            .build()
    };

    // Somebody is looking: half an hour is too long, and the error says when to come back.
    let impatient = client(RetryPolicy::default())?;
    let refused = loop {
        match impatient.me().await {
            Ok(_) => println!("asked"),
            Err(error) => break error,
        }
    };
    assert_eq!(refused.kind(), ErrorKind::RateLimited);
    println!("{refused}");

    // A nightly job waits.
    let patient = client(RetryPolicy {
        longest_server_delay: std::time::Duration::from_hours(1),
        ..RetryPolicy::default()
    })?;
    patient.me().await?;
    println!("asked again");
    Ok(())
}
