//! Lists the time of a week, person by person.
//!
//!     cargo run -p exaktime-client --features sandbox --example list_week

use std::collections::BTreeMap;
use std::sync::Arc;

use exaktime_client::Client;
use exaktime_client::sandbox::{SANDBOX_API_KEY, Sandbox};
use linx_http::ManualClock;
use linx_http::sandbox::InProcess;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
    let client = Client::builder()
        .api_key(SANDBOX_API_KEY.into())
        .transport(Arc::new(InProcess::new(Arc::new(Sandbox::contractor()), clock.clone())))
        .clock(clock)
        .build()?;
    let week = client.time_records("2026-03-02".parse()?, "2026-03-08".parse()?);
    let week = week.collect().await?;
    let mut records = BTreeMap::new();
    for record in &week.rows {
        *records.entry(&record.person).or_insert(0) += 1;
    }
    for (person, count) in records {
        println!("{person}: {count} records");
    }
    println!("all of them: {}", week.proves_absence());
    Ok(())
}
