//! How long lists take and how much they hold: `cargo bench -p procore-client`.
//!
//! The pages are made up as they are asked for, so that what is measured is the client's.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, future};
use http::{Request, Response};
use linx_http::{Guarded, ManualClock, Transport, TransportError};
use procore_client::people::PeopleQuery;
use procore_client::{Client, CompanyId};

const PER_PAGE: u64 = 100;

/// Answers like Procore, after a while, with as many rows as it has.
struct Synthetic {
    rows: u64,
    latency: Duration,
}

#[async_trait]
impl Transport for Synthetic {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        if request.uri().path() == "/oauth/token" {
            let body = r#"{"access_token":"made-up","expires_in":5400}"#;
            return Ok(Response::new(Bytes::from_static(body.as_bytes())));
        }
        Ok(self.page(&request))
    }
}

impl Synthetic {
    fn page(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let query = request.uri().query().unwrap_or_default();
        let page: u64 = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("page="))
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        let first = (page - 1) * PER_PAGE + 1;
        let last = (page * PER_PAGE).min(self.rows);
        let people = request.uri().path().ends_with("/people");
        let rows: Vec<String> = (first..=last)
            .map(|id| if people { person(id) } else { entry(id) })
            .collect();
        let mut response = Response::builder()
            .header("total", self.rows)
            .header("per-page", PER_PAGE);
        if last < self.rows {
            let next = format!(
                "<{}?page={}&per_page={PER_PAGE}>; rel=\"next\"",
                request.uri().path(),
                page + 1
            );
            response = response.header("link", next);
        }
        let body = Bytes::from(format!("[{}]", rows.join(",")));
        response.body(body).unwrap_or_default()
    }
}

fn person(id: u64) -> String {
    format!(
        r#"{{"id":{id},"first_name":"Invented","last_name":"Person {id}","employee_id":"{id:06}","is_employee":true,"user_id":null,"user_uuid":null,"job_title":"Carpenter","origin_id":null,"origin_data":null,"contact":{{"id":{id},"is_active":true,"email":"person{id}@example.invalid","business_phone":"5550100","mobile_phone":null,"address":"1 Example St","city":"Mesa","state_code":"AZ","zip":"85201","country_code":"US"}},"work_classification":{{"id":null,"name":null}},"permission_template":null,"vendor":{{"id":7,"name":"Mesa Prairie Builders"}}}}"#
    )
}

fn entry(id: u64) -> String {
    format!(
        r#"{{"id":{id},"date":"2026-03-02","hours":"8.0","billable":true,"description":null,"in_progress":false,"approval_status":"pending","party":{{"id":9,"name":"Invented Person"}},"project":{{"id":3,"name":"Tower"}},"sub_job":{{"id":null,"name":null}},"cost_code":{{"id":78,"name":"Concrete"}},"line_item_type_id":50887,"timecard_time_type":{{"id":9185}},"origin_id":null,"origin_data":"linx1 key {id}","created_at":"2026-03-03T08:00:00Z","updated_at":"2026-03-03T08:00:00Z","deleted_at":null}}"#
    )
}

fn client(rows: u64, latency: Duration) -> Client {
    let built = Client::builder(CompanyId::new(1))
        .client_credentials("made-up".to_owned(), "made-up".to_owned().into())
        .transport(Arc::new(Synthetic { rows, latency }))
        .clock(Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH)))
        .build();
    built.unwrap_or_else(|error| panic!("{error}"))
}

/// The most memory that this process ever held, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn tell(what: &str, took: Duration) {
    let peak = peak().map_or_else(|| "unknown".to_owned(), |peak| format!("{peak} KiB"));
    println!("{what}: {} ms, peak memory {peak}", took.as_millis());
}

async fn people(latency: Duration) -> Duration {
    let client = client(10_000, latency);
    let began = Instant::now();
    let listing = client.people(&PeopleQuery::default()).collect().await;
    let took = began.elapsed();
    let listing = listing.unwrap_or_else(|error| panic!("{error}"));
    assert!(listing.proves_absence() && listing.rows.len() == 10_000);
    took
}

async fn entries(rows: u64) -> Duration {
    let client = client(rows, Duration::ZERO);
    let day = chrono::NaiveDate::default();
    let list = client.timecard_entries(day, day, None);
    let began = Instant::now();
    let seen = list
        .rows()
        .filter(|row| future::ready(matches!(row, Ok(Guarded::Row(_)))))
        .count()
        .await;
    assert_eq!(u64::try_from(seen), Ok(rows));
    began.elapsed()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tell("10,000 time entries streamed", entries(10_000).await);
    tell("100,000 time entries streamed", entries(100_000).await);
    tell("10,000 people at 100 a page, no latency", people(Duration::ZERO).await);
    tell(
        "10,000 people at 100 a page, 50 ms latency",
        people(Duration::from_millis(50)).await,
    );
}
