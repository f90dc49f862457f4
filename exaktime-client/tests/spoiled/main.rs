//! ExakTime's answers and files, spoiled in thousands of ways: each becomes values or an error, within a bound, and nothing of
//! it is shown.

// A test may stop where it stands.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;
use std::sync::Arc;

use chrono::NaiveDate;
use exaktime_client::locations::LocationChanges;
use exaktime_client::people::PersonQuery;
use exaktime_client::sandbox::{SANDBOX_API_KEY, Sandbox};
use exaktime_client::schema::{Metadata, WarehouseSchema};
use exaktime_client::{Client, CostCodeId, LocationId, PersonId, WireProfile};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use linx_http::sandbox::InProcess;
use linx_http::testing::{Inputs, Recorded, SameAnswer, answer, assert_harmless};
use linx_http::{Applied, Change, Error, List, ManualClock, Transport};

mod files;

/// Asks one thing; what was read is judged on the way.
type Ask = fn(&Client) -> BoxFuture<'_, Result<(), Error>>;

/// What is asked, and how many spoiled answers a usual run tries.
const ASKED: [(&str, usize, Ask); 11] = [
    ("employees", 200, |client| listed(client.employees())),
    ("people", 200, |client| listed(client.people(&PersonQuery::default()))),
    ("locations", 200, |client| listed(client.locations())),
    ("cost codes", 200, |client| listed(client.cost_codes())),
    ("time records", 400, |client| {
        listed(client.time_records(day(2), day(2)))
    }),
    ("approvals", 200, |client| listed(client.approvals(day(2), day(3)))),
    ("punches", 200, |client| listed(client.punches(day(1), day(31)))),
    ("pay periods", 200, |client| listed(client.pay_periods(day(1), day(31)))),
    ("the extent", 300, |client| shown(async { client.time_extent().await })),
    ("the schema", 300, |client| {
        shown(async { client.warehouse_schema().await })
    }),
    ("the newest time", 100, |client| {
        shown(async { client.newest_time(day(31)).await })
    }),
];

fn day(of_march: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, of_march).unwrap()
}

/// Reads a list; what is told of unreadable rows shows nothing of what stood in them (hazard A14).
fn listed<T: Debug + Send + 'static>(list: List<T>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let listing = list.collect().await?;
        for row in listing.unreadable {
            assert!(
                !row.reason.contains("Zyz zyva") && !row.reason.chars().any(char::is_control),
                "{row:?}"
            );
        }
        let _ = format!("{:?}", listing.rows);
        Ok(())
    }
    .boxed()
}

fn shown<'a, T: Debug>(read: impl Future<Output = Result<T, Error>> + Send + 'a) -> BoxFuture<'a, Result<(), Error>> {
    read.map(|read| read.map(|value| drop(format!("{value:?}")))).boxed()
}

fn client(transport: Arc<dyn Transport>) -> Client {
    let clock = ManualClock::at("2026-03-17T12:00:00Z".parse().unwrap());
    let built = Client::builder()
        .api_key(SANDBOX_API_KEY.into())
        .transport(transport)
        .clock(Arc::new(clock));
    built.build().unwrap()
}

/// How the warehouse refuses.
const REFUSAL: &str = "HTTP/1.1 400\r\nx-request-id: r-1\r\n\r\n{\"error\":{\"code\":\"Zyz zyva\",\"message\":\"Zyz zyva is no column\",\
    \"details\":[{\"reason_code\":\"DUP\",\"message\":\"Zyz zyva twice\"}]}}";

/// How a write is answered: with the record, with its id, and with its address.
const WRITTEN: [&str; 4] = [
    "HTTP/1.1 201\r\n\r\n{\"data\":{\"locationId\":\"loc-7\",\"name\":\"Zyz zyva\",\"isActive\":true,\"address\":{\"city\":\"Zyz zyva\"}}}",
    "HTTP/1.1 201\r\n\r\n\"loc-7\"",
    "HTTP/1.1 201\r\nlocation: /v1/Common/Locations/loc-7\r\n\r\n",
    REFUSAL,
];

#[test]
fn a18_a14_a1_a_spoiled_answer_to_a_write_is_a_record_or_an_error() {
    let changes = LocationChanges {
        name: Change::Set("24-001".to_owned()),
        ..LocationChanges::default()
    };
    Inputs::new("written", WRITTEN).usually(300).each(measured, |text| {
        let transport = Arc::new(SameAnswer::default());
        transport.set(answer(text));
        let client = client(transport);
        let errors = [
            client.create_location(&changes).now_or_never().unwrap().err(),
            client
                .update_location(&LocationId::new("loc-7"), &changes)
                .now_or_never()
                .unwrap()
                .err(),
        ];
        errors.iter().flatten().for_each(|error| assert_harmless(error));
        // Whoever answers 2xx may have stored it, whatever else the answer says (hazard A1).
        let may_be_stored = errors[0]
            .as_ref()
            .is_none_or(|error| error.was_applied() != Applied::No);
        assert!(may_be_stored || !answer(text).status().is_success(), "{:?}", errors[0]);
    });
}

fn recorded() -> (Arc<Recorded<InProcess>>, Client) {
    let clock = Arc::new(ManualClock::at("2026-03-17T12:00:00Z".parse().unwrap()));
    let recorded = Arc::new(Recorded::of(InProcess::new(Arc::new(Sandbox::contractor()), clock)));
    (recorded.clone(), client(recorded))
}

fn measured(run: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(run).bytes_max
}

#[test]
fn a18_a14_spoiled_answers_are_values_or_errors_and_are_not_shown() {
    let (recorded, good) = recorded();
    for (kind, usual, ask) in ASKED {
        ask(&good).now_or_never().unwrap().unwrap();
        Inputs::new(kind, [recorded.take(), vec![REFUSAL.into()]].concat())
            .usually(usual)
            .each(measured, |text| {
                let transport = Arc::new(SameAnswer::default());
                transport.set(answer(text));
                if let Err(error) = ask(&client(transport)).now_or_never().unwrap() {
                    assert_harmless(&error);
                }
            });
    }
}

#[test]
fn a18_a14_spoiled_records_are_values_or_errors_and_are_not_shown() {
    let (recorded, good) = recorded();
    let person = good
        .people(&PersonQuery::default())
        .collect()
        .now_or_never()
        .unwrap()
        .unwrap()
        .rows
        .swap_remove(0)
        .id;
    recorded.take();
    good.person(&person).now_or_never().unwrap().unwrap();
    Inputs::new("records", recorded.take())
        .usually(300)
        .each(measured, |text| {
            let transport = Arc::new(SameAnswer::default());
            transport.set(answer(text));
            let client = client(transport);
            let errors = [
                client.person(&person).now_or_never().unwrap().err(),
                client.location(&LocationId::new("loc-1")).now_or_never().unwrap().err(),
                client.cost_code(&CostCodeId::new("1")).now_or_never().unwrap().err(),
                client.employment(&PersonId::new("1")).now_or_never().unwrap().err(),
            ];
            errors.iter().flatten().for_each(|error| assert_harmless(error));
        });
}

#[test]
fn a18_spoiled_metadata_is_a_schema_or_an_error() {
    let (recorded, good) = recorded();
    good.metadata().now_or_never().unwrap().unwrap();
    let whole = answer(&recorded.take()[0]).body().to_vec();
    let short = br#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema
        Namespace="X" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="Base"><Property Name="PersonId"
        Type="Edm.String"/></EntityType><EntityType Name="DwTimeRecord" BaseType="X.Base"/><EntityContainer Name="C"><EntitySet
        Name="DwTimeRecords" EntityType="X.DwTimeRecord"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"#;
    // Entities that multiply: a few hundred bytes that stand for a gigabyte.
    let entity = |n: u8| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10));
    let entities = (1..9).map(entity).collect::<Vec<_>>().concat();
    let laughing = format!("<!DOCTYPE x [<!ENTITY e0 \"ha\">{entities}]><x>&e8;</x>");
    // Types that inherit from each other.
    let circle = r#"<S><EntityType Name="A" BaseType="X.B"/><EntityType Name="B" BaseType="X.A"/><EntitySet Name="T" EntityType="X.A"/></S>"#;
    let examples = [whole, short.to_vec(), laughing.into_bytes(), circle.as_bytes().to_vec()];
    Inputs::new("metadata", examples).each(measured, |text| match Metadata::read(&String::from_utf8_lossy(text)) {
        Ok(metadata) => drop(WarehouseSchema::of(&metadata, &WireProfile::default())),
        Err(error) => assert_harmless(&error),
    });
}
