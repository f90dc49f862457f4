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
use linx_http::{Applied, Error, List, ManualClock, Transport, TransportError};
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::people::PeopleQuery;
use procore_client::projects::ProjectStatus;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};
use procore_client::{Client, PersonId, ProjectId, SubJobId, TimecardEntryId};

const LAKEFRONT: ProjectId = ProjectId::new(316_002);
const TOWER: SubJobId = SubJobId::new(416_004);

/// Asks one thing; what was read is judged on the way.
type Ask = fn(&Client) -> BoxFuture<'_, Result<(), Error>>;

/// What is asked, and how many spoiled answers a usual run tries.
const ASKED: [(&str, usize, Ask); 14] = [
    ("projects", 100, |client| listed(client.projects(ProjectStatus::All))),
    ("people", 150, |client| listed(client.people(&PeopleQuery::default()))),
    ("project people", 100, |client| {
        listed(client.project_people(LAKEFRONT, &PeopleQuery::default()))
    }),
    ("users", 50, |client| listed(client.users())),
    ("sub jobs", 50, |client| listed(client.sub_jobs(LAKEFRONT))),
    ("cost codes", 100, |client| {
        listed(client.cost_codes(LAKEFRONT, Some(TOWER)))
    }),
    ("time types", 50, |client| listed(client.time_types())),
    ("line item types", 50, |client| listed(client.line_item_types())),
    ("WBS codes", 100, |client| listed(client.wbs_codes(LAKEFRONT))),
    ("entries", 250, |client| {
        listed(client.timecard_entries(day("2026-03-01"), day("2026-03-31"), None))
    }),
    ("timesheets", 100, |client| {
        listed(client.timesheets(LAKEFRONT, day("2026-03-01"), day("2026-03-31")))
    }),
    ("company configuration", 50, |client| {
        shown(async { client.company_configuration().await })
    }),
    ("rounding configuration", 50, |client| {
        shown(async { client.rounding_configuration().await })
    }),
    ("me", 50, |client| shown(async { client.me().await })),
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
    [recorded.take().split_off(1), vec![REFUSAL.into()]].concat()
}

/// How Procore refuses.
const REFUSAL: &str = "HTTP/1.1 422\r\nx-request-id: r-1\r\n\r\n\
    {\"errors\":{\"base\":[\"Zyz zyva is not on the project\"],\"date\":[\"is Zyz zyva\"]},\"message\":\"Zyz zyva\"}";

/// How Procore answers a write: with the entry, with those of many that were stored, and with what is wrong.
const WRITTEN: [&str; 4] = [
    "HTTP/1.1 201\r\n\r\n{\"id\":7,\"hours\":\"8.0\",\"lunch_time\":30,\"date\":\"2026-03-02\",\"project\":{\"id\":316002},\
     \"party\":{\"id\":562949953430001},\"description\":\"Zyz zyva\",\"billable\":true,\"origin_data\":\"05-120 REG\"}",
    "HTTP/1.1 201\r\n\r\n{\"timecard_entries\":[{\"id\":7,\"project_id\":316002,\"date\":\"2026-03-02\",\"hours\":\"8.0\",\"origin_data\":\"one\",\
     \"party_id\":562949953430001,\"description\":\"Zyz zyva\"}]}",
    "HTTP/1.1 201\r\n\r\n[{\"id\":7,\"origin_data\":\"two\",\"date\":\"2026-03-02\",\"description\":\"Zyz zyva\"}]",
    REFUSAL,
];

#[test]
fn a18_a14_a1_a_spoiled_answer_to_a_write_is_an_outcome_or_an_error() {
    let draft = EntryDraft::new(
        LAKEFRONT,
        day("2026-03-02"),
        PersonId::new(562_949_953_430_001),
        Worked::hours("8.00"),
    );
    // So that their outcomes can be told apart.
    let many = ["one", "two"].map(|mark| {
        let mut draft = draft.clone();
        draft.origin_data = Some(mark.to_owned());
        draft
    });
    Inputs::new("written", WRITTEN).usually(500).each(measured, |text| {
        let transport = Arc::new(LetIn::default());
        transport.0.set(answer(text));
        let client = client(transport);
        let errors = [
            client.create_timecard_entry(&draft).now_or_never().unwrap().err(),
            client
                .delete_timecard_entry(TimecardEntryId::new(7))
                .now_or_never()
                .unwrap()
                .err(),
            client
                .bulk_create_entries(LAKEFRONT, &many)
                .now_or_never()
                .unwrap()
                .err(),
            client.create_sheet_entries(&many).now_or_never().unwrap().err(),
        ];
        for error in errors.iter().flatten() {
            assert_harmless(error);
            // Whoever answers 2xx may have stored it, whatever else the answer says (hazard A1).
            let may_be_stored = error.was_applied() != Applied::No;
            assert!(may_be_stored || !answer(text).status().is_success(), "{error}");
        }
    });
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
    Inputs::new("tokens", recorded.take())
        .usually(500)
        .each(measured, |text| {
            let transport = Arc::new(SameAnswer::default());
            transport.set(answer(text));
            let read = client(transport)
                .timecard_entry(TimecardEntryId::new(1))
                .now_or_never()
                .unwrap();
            read.err().iter().for_each(|error| assert_harmless(error));
        });
}
