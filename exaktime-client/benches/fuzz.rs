//! Throws bytes at everything that reads what comes from outside, for a while:
//! `cargo bench -p exaktime-client --bench fuzz -- 60` for a minute each, a second each without a number.
//!
//! Inputs are good ones with bytes changed, cut out, doubled and put in. Nothing may panic or hang; what comes of it does
//! not matter. The seed is told, so that a bad input can be found again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use exaktime_client::csv::{self, CsvFormat};
use exaktime_client::schema::Metadata;
use exaktime_client::{Client, WireProfile};
use fastrand::Rng;
use futures_util::FutureExt;
use http::{Request, Response};
use linx_http::{ManualClock, RetryPolicy, Transport, TransportError};

/// With a blank line, a note over two lines, quotes, a correction, and a last line without a break.
const CSV: &str = "\u{feff}udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,Comment,OT3\r\n\
    00101,2026-03-02,8.00,\"1.50\",24-001,\"Waited,\nthen \"\"poured\"\"\",0\r\n\r\n\
    00102,2026-03-02,-0.50,,24-001,,\r\n00103,2026-03-02,8.00,,24-001,Ü,0.00";
const METADATA: &str = r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema
    Namespace="X" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="DwTimeRecord"><Property Name="PersonId"
    Type="Edm.String"/></EntityType><EntityContainer Name="C"><EntitySet Name="DwTimeRecords" EntityType="X.DwTimeRecord"/>
    </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"#;
const FEED: &str = r#"{"@odata.count":2,"@odata.nextLink":"DwTimeRecords?$skip=1","value":[{"TimeRecordId":"tr-1","PersonId":7,
    "WorkDate":"2026-03-08T00:00:00-07:00","StartTime":"2026-03-08T07:00:00Z","RegularHours":7.5,"OT1Hours":"2.00"}]}"#;
const ENVELOPE: &str = r#"{"data":{"items":[{"locationId":"loc-1","name":"Yard","isActive":true,"address":{"city":"Mesa"},
    "latitude":33.4}]},"items":[{"locationId":1}]}"#;

/// A good input with some of its bytes spoiled.
fn spoiled(rng: &mut Rng, good: &str) -> Vec<u8> {
    let mut bytes = good.as_bytes().to_vec();
    for _ in 0..rng.usize(1..8) {
        let at = rng.usize(..=bytes.len().saturating_sub(1));
        match rng.u8(0..5) {
            0 if !bytes.is_empty() => bytes[at] = rng.u8(..),
            1 if !bytes.is_empty() => {
                bytes.remove(at);
            }
            2 => bytes.insert(at.min(bytes.len()), rng.u8(..)),
            3 => bytes.truncate(at),
            _ => {
                let piece = bytes[at.min(bytes.len())..].to_vec();
                bytes.extend(piece.into_iter().take(40));
            }
        }
    }
    bytes
}

/// Answers everything with the same bytes.
struct Same(Mutex<Bytes>);

#[async_trait]
impl Transport for Same {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        Ok(Response::new(
            self.0.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        ))
    }
}

fn client(transport: Arc<Same>) -> Client {
    let once = RetryPolicy {
        attempts: 1,
        ..RetryPolicy::default()
    };
    let built = Client::builder()
        .api_key("made-up".into())
        .transport(transport)
        .clock(Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH)))
        .retry(once)
        .build();
    built.unwrap_or_else(|error| panic!("{error}"))
}

fn for_a_while(what: &str, span: Duration, mut once: impl FnMut(&mut Rng)) {
    let seed = fastrand::u64(..);
    println!("{what}: seed {seed}");
    let (mut rng, began, mut count) = (Rng::with_seed(seed), Instant::now(), 0_u64);
    while began.elapsed() < span {
        once(&mut rng);
        count += 1;
    }
    println!("{what}: {count} inputs, no panic");
}

fn main() {
    let seconds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(1);
    let span = Duration::from_secs(seconds);
    for_a_while("csv", span, |rng| {
        let file = spoiled(rng, CSV);
        let Ok(rows) = csv::read(file.as_slice(), &CsvFormat::default()) else {
            return;
        };
        // Whatever is read is of one day, stands on a line of its own, and ends with an error of the file, if any.
        let (mut last, mut failed) = (1, false);
        for row in rows {
            assert!(!failed, "a row after an error of the file");
            let line = match row {
                Ok(Ok(row)) => {
                    let size: u64 = row.seconds.iter().map(|seconds| seconds.unsigned_abs()).sum();
                    assert!(size <= 24 * 60 * 60, "more than a day in a row");
                    row.line
                }
                Ok(Err(error)) => error.line,
                Err(_) => {
                    failed = true;
                    continue;
                }
            };
            assert!(line > last, "two rows of one line");
            last = line;
        }
    });
    for_a_while("metadata", span, |rng| {
        let text = String::from_utf8_lossy(&spoiled(rng, METADATA)).into_owned();
        if let Ok(metadata) = Metadata::read(&text) {
            let _ = exaktime_client::schema::WarehouseSchema::of(&metadata, &WireProfile::default());
        }
    });
    let same = Arc::new(Same(Mutex::default()));
    let client = client(Arc::clone(&same));
    let say = |bytes: Vec<u8>| *same.0.lock().unwrap_or_else(PoisonError::into_inner) = bytes.into();
    let day = chrono::NaiveDate::default();
    for_a_while("dates and OData feeds", span, |rng| {
        say(spoiled(rng, FEED));
        let _ = client.time_records(day, day).collect().now_or_never();
    });
    for_a_while("envelopes and records", span, |rng| {
        say(spoiled(rng, ENVELOPE));
        let _ = client.locations().collect().now_or_never();
        let _ = client
            .location(&exaktime_client::LocationId::new("loc-1"))
            .now_or_never();
    });
}
