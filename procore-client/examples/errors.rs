//! A create whose answer is lost: what the error knows, and how to find out the rest.
//!
//!     cargo run -p procore-client --features sandbox --example errors

use std::error::Error;
use std::sync::Arc;

use http::Method;
use linx_http::sandbox::{Fault, InProcess, Order};
use linx_http::{Applied, ManualClock};
use procore_client::Client;
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::people::PeopleQuery;
use procore_client::projects::ProjectStatus;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
    let host = InProcess::new(Arc::new(Sandbox::contractor()), clock.clone());
    // The entry will be stored, and the connection will break before the answer.
    host.faults().order(Order {
        method: Some(Method::POST),
        path: "/timecard_entries".to_owned(),
        after: 0,
        times: 1,
        fault: Fault::CutAfter,
    });
    let client = Client::builder(SANDBOX_COMPANY_ID)
        .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
        .transport(Arc::new(host))
        .clock(clock)
        .build()?;

    let person = client.people(&PeopleQuery::employees()).collect().await?.rows[0].id;
    let project = client.projects(ProjectStatus::Active).collect().await?.rows[0].id;
    let day = "2026-03-02".parse()?;
    let mut entry = EntryDraft::new(project, day, person, Worked::hours("8.0"));
    entry.billable = true;
    entry.origin_data = Some("my-key-1".to_owned());

    match client.create_timecard_entry(&entry).await {
        Ok(stored) => println!("stored as {}", stored.id),
        Err(error) if error.was_applied() == Applied::No => println!("refused: {error}"),
        Err(error) => {
            println!("{error}");
            println!("it was not sent again; the day is read instead");
            let stored = client.timecard_entries(day, day, Some(person)).collect().await?;
            let ours = stored
                .rows
                .iter()
                .find(|row| row.origin_data.as_deref() == Some("my-key-1"));
            match ours {
                Some(entry) => println!("it is there, as {}", entry.id),
                None => println!("it is not there yet; look once more in a few minutes before you send it again"),
            }
        }
    }
    Ok(())
}
