//! How long a million rows of CSV and a hundred thousand rows of the warehouse take, in constant memory.
//!
//!     cargo bench -p exaktime-client

use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use exaktime_client::Client;
use exaktime_client::csv::{CsvFormat, read};
use futures_util::StreamExt;
use http::{Request, Response};
use linx_http::ManualClock;
use linx_http::sandbox::{InProcess, Service};

const CSV_ROWS: u64 = 1_000_000;
const ODATA_ROWS: u64 = 100_000;
const PAGE: u64 = 1000;

/// A file that is written while it is read.
struct File {
    rows: u64,
    line: Vec<u8>,
    at: usize,
}

impl Read for File {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.line.len() {
            if self.rows == 0 {
                return Ok(0);
            }
            self.rows -= 1;
            self.line = format!("{:05},2026-03-02,7.50,0.25,0,24-001,03-300,Poured\n", self.rows % 300).into_bytes();
            self.at = 0;
        }
        let size = into.len().min(self.line.len() - self.at);
        into[..size].copy_from_slice(&self.line[self.at..self.at + size]);
        self.at += size;
        Ok(size)
    }
}

/// A warehouse that makes up each page.
struct Warehouse;

impl Service for Warehouse {
    fn answer(&self, request: &Request<Bytes>, _now: DateTime<Utc>) -> Response<Bytes> {
        let query = request.uri().query().unwrap_or_default();
        let skip = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "$skip");
        let skip: u64 = skip.and_then(|(_, skip)| skip.parse().ok()).unwrap_or(0);
        let row = |id: u64| {
            format!(
                r#"{{"TimeRecordId":{id},"PersonId":"p-101","WorkDate":"2026-03-02","RegularHours":7.5,"OT1Hours":0}}"#
            )
        };
        let rows: Vec<String> = (skip..(skip + PAGE).min(ODATA_ROWS)).map(row).collect();
        let page = format!(r#"{{"@odata.count":{ODATA_ROWS},"value":[{}]}}"#, rows.join(","));
        Response::new(page.into())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = File {
        rows: CSV_ROWS,
        line: b"udfEmployeeNumber,WorkDate,Regular,OT1,OT2,udfJobsiteNumber,udfCostCode,Comment\n".to_vec(),
        at: 0,
    };
    let began = Instant::now();
    let rows = read(file, &CsvFormat::default())?.flatten().flatten().count();
    println!("{rows} CSV rows in {:?}", began.elapsed());

    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
    let client = Client::builder()
        .api_key("no-key-at-all".into())
        .transport(Arc::new(InProcess::new(Arc::new(Warehouse), clock.clone())))
        .clock(clock)
        .build()?;
    let began = Instant::now();
    let list = client.time_records("2026-03-02".parse()?, "2026-03-15".parse()?);
    let rows = list.rows().filter(|row| std::future::ready(row.is_ok())).count().await;
    println!("{rows} OData rows in {:?}", began.elapsed());
    Ok(())
}
