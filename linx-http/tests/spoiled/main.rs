//! Answers that are spoiled in thousands of ways: each becomes a value or an error, within a bound.

// A test may stop where it stands.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use futures_util::{FutureExt, StreamExt};
use linx_http::pagination::LinkPaging;
use linx_http::testing::{Inputs, SameAnswer, answer, assert_harmless};
use linx_http::{Endpoint, Engine, Error, Guarded, List, ManualClock};
use serde::Deserialize;
use serde_json::Value;

mod on_a_socket;

/// A row as a client would read it.
#[derive(Deserialize)]
struct Thing {
    id: u64,
    #[serde(rename = "name")]
    _name: Option<String>,
    #[serde(rename = "date")]
    _date: Option<chrono::NaiveDate>,
}

fn examples(folder: &str) -> Inputs {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spoiled").join(folder);
    Inputs::new(folder.file_name().unwrap().to_string_lossy(), NONE).and_folder(&folder)
}

/// The least that may come.
const NONE: [&[u8]; 1] = [b""];

fn measured(run: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(run).bytes_max
}

fn engine(transport: Arc<SameAnswer>) -> Engine {
    let clock = Arc::new(ManualClock::at(DateTime::from_timestamp(1_773_648_000, 0).unwrap()));
    Engine::builder("https://api.example".parse().unwrap(), transport, clock)
        .build()
        .unwrap()
}

/// An engine that gets this answer to whatever it asks.
fn answered(text: &[u8]) -> Engine {
    let transport = Arc::new(SameAnswer::default());
    transport.set(answer(text));
    engine(transport)
}

/// What an error may hold, and tell a person.
fn judge(error: &Error) {
    assert_harmless(error);
    assert!(!error.words().chars().any(char::is_control), "{:?}", error.words());
    assert!(error.messages().len() <= 5);
    assert!(error.messages().iter().all(|text| text.chars().count() <= 200));
}

#[test]
fn a18_a_spoiled_page_is_a_list_or_an_error() {
    examples("pages").usually(2000).each(measured, |text| {
        let paging = Arc::new(LinkPaging { per_page: 2 });
        let list: List<Thing> = List::of_json(answered(text), paging, Endpoint::get("things"), |thing| {
            thing.id.to_string()
        });
        let collected = list.collect().now_or_never().expect("nothing waits for a real second");
        match collected {
            Ok(listing) => {
                let rows = listing.rows.len() + listing.unreadable.len();
                assert!(rows <= text.len(), "more rows than there are signs");
                listing.unreadable.iter().for_each(|row| unreadable(&row.reason));
            }
            Err(error) => judge(&error),
        }
        let streamed: Vec<_> = list.rows().collect().now_or_never().unwrap();
        for row in streamed {
            match row {
                Ok(Guarded::Row(_)) => {}
                Ok(Guarded::Unreadable(row)) => unreadable(&row.reason),
                Err(error) => judge(&error),
            }
        }
    });
}

/// A reason names a field and no value (hazard A14).
fn unreadable(reason: &str) {
    assert!(
        !reason.contains("Zyz zyva") && !reason.chars().any(char::is_control),
        "{reason:?}"
    );
}

#[test]
fn a14_a_spoiled_refusal_tells_nothing_in_an_error_and_little_beside_it() {
    examples("refusals").usually(2000).each(measured, |text| {
        let engine = answered(text);
        for endpoint in [Endpoint::<Value>::get("things"), Endpoint::post("things").json(&7)] {
            if let Err(error) = engine.send(&endpoint).now_or_never().unwrap() {
                judge(&error);
            }
        }
    });
}
