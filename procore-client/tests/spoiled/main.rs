//! Procore's answers, spoiled in thousands of ways: each becomes values or an error, within a bound, and nothing of it is
//! shown.

// A test may stop where it stands.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use linx_http::sandbox::InProcess;
use linx_http::testing::{Inputs, Recorded, SameAnswer, answer, assert_harmless};
use linx_http::{Error, List, ManualClock, Transport, TransportError};
use procore_client::people::PeopleQuery;
use procore_client::projects::ProjectStatus;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};
use procore_client::{Client, ProjectId, SubJobId, TimecardEntryId};

const LAKEFRONT: ProjectId = ProjectId::new(316_002);
const TOWER: SubJobId = SubJobId::new(416_004);

/// Asks one thing; what was read is judged on the way.
type Ask = fn(&Client) -> BoxFuture<'_, Result<(), Error>>;

/// What is asked, and how many spoiled answers a usual run tries.
const ASKED: [(&str, usize, Ask); 14] = [
    ("projects", 200, |client| listed(client.projects(ProjectStatus::All))),
    ("people", 300, |client| listed(client.people(&PeopleQuery::default()))),
    ("project people", 200, |client| {
        listed(client.project_people(LAKEFRONT, &PeopleQuery::default()))
    }),
    ("users", 100, |client| listed(client.users())),
    ("sub jobs", 100, |client| listed(client.sub_jobs(LAKEFRONT))),
    ("cost codes", 200, |client| {
        listed(client.cost_codes(LAKEFRONT, Some(TOWER)))
    }),
    ("time types", 100, |client| listed(client.time_types())),
    ("line item types", 100, |client| listed(client.line_item_types())),
    ("WBS codes", 200, |client| listed(client.wbs_codes(LAKEFRONT))),
    ("entries", 500, |client| {
        listed(client.timecard_entries(day("2026-03-01"), day("2026-03-31"), None))
    }),
    ("timesheets", 200, |client| {
        listed(client.timesheets(LAKEFRONT, day("2026-03-01"), day("2026-03-31")))
    }),
    ("company configuration", 100, |client| {
        shown(async { client.company_configuration().await })
    }),
    ("rounding configuration", 100, |client| {
        shown(async { client.rounding_configuration().await })
    }),
    ("me", 100, |client| shown(async { client.me().await })),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
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
    let clock = ManualClock::at("2026-03-16T08:00:00Z".parse().unwrap());
    Client::builder(SANDBOX_COMPANY_ID)
        .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
        .transport(transport)
        .clock(Arc::new(clock))
        .build()
        .unwrap()
}

/// Gives a good token, and to all else the same answer.
#[derive(Default)]
struct LetIn(SameAnswer);

#[async_trait]
impl Transport for LetIn {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if request.uri().path() == "/oauth/token" {
            return Ok(Response::new(r#"{"access_token":"made-up","expires_in":5400}"#.into()));
        }
        self.0.send(request).await
    }
}

/// The sandbox's answers to one question, each as a text.
fn examples(ask: Ask) -> Vec<Vec<u8>> {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse().unwrap()));
    let recorded = Arc::new(Recorded::of(InProcess::new(Arc::new(Sandbox::contractor()), clock)));
    let client = client(recorded.clone());
    ask(&client).now_or_never().unwrap().unwrap();
    // The first is the token.
    recorded.take().split_off(1)
}

fn measured(run: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(run).bytes_max
}

#[test]
fn a18_a14_spoiled_answers_are_values_or_errors_and_are_not_shown() {
    for (kind, usual, ask) in ASKED {
        Inputs::new(kind, examples(ask)).usually(usual).each(measured, |text| {
            let transport = Arc::new(LetIn::default());
            transport.0.set(answer(text));
            if let Err(error) = ask(&client(transport)).now_or_never().unwrap() {
                assert_harmless(&error);
            }
        });
    }
}

#[test]
fn a18_a_spoiled_token_is_a_token_or_an_error() {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse().unwrap()));
    let recorded = Arc::new(Recorded::of(InProcess::new(Arc::new(Sandbox::contractor()), clock)));
    client(recorded.clone()).me().now_or_never().unwrap().unwrap();
    Inputs::new("tokens", recorded.take()).each(measured, |text| {
        let transport = Arc::new(SameAnswer::default());
        transport.set(answer(text));
        let read = client(transport)
            .timecard_entry(TimecardEntryId::new(1))
            .now_or_never()
            .unwrap();
        read.err().iter().for_each(|error| assert_harmless(error));
    });
}
