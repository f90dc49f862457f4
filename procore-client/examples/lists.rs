//! Reads all people with proof that they are all, and then one by one in constant memory.
//!
//!     cargo run -p procore-client --features sandbox --example lists

use std::error::Error;
use std::sync::Arc;

use futures_util::TryStreamExt;
use linx_http::sandbox::InProcess;
use linx_http::{Guarded, ManualClock};
use procore_client::Client;
use procore_client::people::PeopleQuery;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
    let sandbox = Arc::new(Sandbox::contractor());
    // The server lowers the size of its pages; nothing is lost.
    sandbox.with_state(|state| state.max_per_page = Some(5));
    let client = Client::builder(SANDBOX_COMPANY_ID)
        .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
        .transport(Arc::new(InProcess::new(sandbox, clock.clone())))
        .clock(clock)
        .build()?;

    let people = client.people(&PeopleQuery::default());
    let all = people.collect().await?;
    println!("{} people, {:?}", all.rows.len(), all.completeness);
    if all.proves_absence() {
        println!("who is not among them is not in the directory");
    }

    let mut rows = people.rows();
    let mut numbered = 0;
    while let Some(row) = rows.try_next().await? {
        match row {
            Guarded::Row(person) => numbered += usize::from(person.employee_id.is_some()),
            Guarded::Unreadable(row) => println!("person {:?} could not be read: {}", row.id, row.reason),
        }
    }
    println!("{numbered} of them have a number");
    Ok(())
}
