//! Asks an account what it speaks and prints the configuration that would fit.
//!
//!     cargo run -p exaktime-client --features sandbox --example probe

use std::sync::Arc;

use exaktime_client::Client;
use exaktime_client::probe::{Candidates, probe};
use exaktime_client::sandbox::{Dialect, SANDBOX_API_KEY, Sandbox};
use linx_http::ManualClock;
use linx_http::sandbox::InProcess;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
    let sandbox = Arc::new(Sandbox::contractor().with_dialect(Dialect::other()));
    let builder = Client::builder()
        .api_key(SANDBOX_API_KEY.into())
        .transport(Arc::new(InProcess::new(sandbox, clock.clone())))
        .clock(clock);
    let report = Box::pin(probe(builder, &SANDBOX_API_KEY.into(), &Candidates::default())).await?;
    for finding in &report.findings {
        println!("{finding}");
    }
    println!("{}", serde_json::to_string_pretty(&report.wire)?);
    Ok(())
}
