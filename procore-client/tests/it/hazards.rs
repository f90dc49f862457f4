//! The hazards of writes, limits, answers and secrecy (part A), each against the sandbox. Those of lists are in
//! `list_hazards`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::NaiveDate;
use http::{Method, Response, StatusCode};
use linx_http::sandbox::{Fault, Faults, InProcess, Order};
use linx_http::{Applied, Change, Completeness, ErrorKind};
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::edits::TimecardEntryChanges;
use procore_client::people::PeopleQuery;
use procore_client::projects::ProjectStatus;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};
use procore_client::timecards::ApprovalStatus;
use procore_client::timesheets::SharedChanges;
use procore_client::wire::ClockTime;
use procore_client::{Client, PersonId};

use crate::harness::{BEN, Harness, LAKEFRONT, day, eight_hours, harness};
use crate::list_hazards::{active, ids};

/// A client of the harness's sandbox through a host with faults to order.
fn hosted(harness: &Harness) -> (Client, Faults) {
    let host = InProcess::new(harness.sandbox.clone(), harness.clock.clone());
    let faults = host.faults();
    let client = Client::builder(SANDBOX_COMPANY_ID)
        .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
        .transport(Arc::new(host))
        .clock(harness.clock.clone())
        .build()
        .unwrap();
    (client, faults)
}

fn once(method: Method, path: &str, fault: Fault) -> Order {
    Order {
        method: Some(method),
        path: path.to_owned(),
        after: 0,
        times: 1,
        fault,
    }
}

fn answer(status: u16, body: &'static str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

#[tokio::test]
async fn a1_no_create_whose_outcome_is_unknown_is_sent_again() {
    for fault in [
        Fault::CutAfter,
        Fault::AnswerLost(answer(503, "")),
        Fault::AnswerLost(answer(502, "<html>Bad Gateway</html>")),
    ] {
        let harness = harness();
        let (client, faults) = hosted(&harness);
        faults.order(once(Method::POST, "bulk_create", fault.clone()));
        faults.order(once(Method::POST, "timesheets", fault));
        let mut draft = eight_hours(&harness.sandbox);
        draft.origin_id = Some("linx-9".to_owned());
        let error = client.bulk_create_entries(LAKEFRONT, &[draft]).await.unwrap_err();
        assert_eq!(error.was_applied(), Applied::Unknown);
        let error = client.create_timesheet(LAKEFRONT, day("2026-03-02")).await.unwrap_err();
        assert_eq!(error.was_applied(), Applied::Unknown);
        assert_eq!(harness.sandbox.entries().len(), 1);
        assert_eq!(harness.sandbox.with_state(|state| state.timesheets.len()), 1);
    }
}

#[tokio::test]
async fn a2_a_refused_write_is_sent_once_and_gives_the_servers_words() {
    let harness = harness();
    let mut new = eight_hours(&harness.sandbox);
    new.party_id = PersonId::new(1);
    let error = harness.client.create_timecard_entry(&new).await.unwrap_err();
    assert_eq!(
        (error.status(), error.attempts()),
        (Some(StatusCode::UNPROCESSABLE_ENTITY), 1)
    );
    assert!(!error.messages().is_empty());
    assert_eq!(harness.wire.count("timecard_entries"), 1);
    assert_eq!(harness.wire.count("oauth"), 1);
}

#[tokio::test]
async fn a8_two_windows_are_paced_and_nothing_is_refused_once_both_are_known() {
    let harness = harness();
    harness.sandbox.with_state(|state| {
        (state.hourly_limit, state.ten_second_limit) = (600, Some(25));
    });
    let start = linx_http::Clock::now(&*harness.clock);
    for _ in 0..120 {
        harness.client.me().await.unwrap();
    }
    let refused = harness
        .wire
        .seen()
        .iter()
        .filter(|(_, answer)| answer.status() == 429)
        .count();
    assert_eq!(refused, 0);
    // The first token counts as well: 121 requests at 25 in ten seconds take four whole stretches at least.
    let took = linx_http::Clock::now(&*harness.clock) - start;
    assert!(
        took >= chrono::TimeDelta::seconds(40) && took < chrono::TimeDelta::seconds(65),
        "{took}"
    );
}

#[tokio::test]
async fn a8_the_headers_tell_of_the_nearer_window() {
    let harness = harness();
    harness.sandbox.with_state(|state| {
        (state.hourly_limit, state.ten_second_limit) = (28, Some(25));
    });
    let told = |harness: &Harness| {
        let (_, answer) = harness.wire.seen().pop().unwrap();
        answer.headers()["x-rate-limit-limit"].to_str().unwrap().to_owned()
    };
    harness.client.me().await.unwrap();
    assert_eq!(told(&harness), "25");
    harness.clock.advance(Duration::from_secs(10));
    harness.client.me().await.unwrap();
    assert_eq!(told(&harness), "25");
    for _ in 0..5 {
        harness.clock.advance(Duration::from_secs(10));
        harness.client.me().await.unwrap();
    }
    assert_eq!(told(&harness), "28");
}

#[tokio::test]
async fn a11_a_page_of_html_or_cut_in_two_is_asked_for_again() {
    for fault in [
        Fault::Instead(answer(502, "<html>Bad Gateway</html>")),
        Fault::Instead(answer(503, "")),
        Fault::CutAfter,
    ] {
        let harness = harness();
        harness.sandbox.with_state(|state| state.max_per_page = Some(5));
        let (client, faults) = hosted(&harness);
        let mut order = once(Method::GET, "/people", fault);
        order.after = 1;
        faults.order(order);
        let listing = client.people(&PeopleQuery::default()).collect().await.unwrap();
        assert_eq!(listing.completeness, Completeness::Complete);
        assert_eq!(ids(&listing), active(&harness));
    }
}

#[tokio::test]
async fn a11_a_body_that_is_no_list_is_never_an_empty_one() {
    for body in ["", "<html>", "{}", r#"[{"id": 1}"#] {
        let harness = harness();
        let (client, faults) = hosted(&harness);
        let mut order = once(Method::GET, "/people", Fault::Instead(answer(200, body)));
        order.times = 100;
        faults.order(order);
        client.people(&PeopleQuery::default()).collect().await.unwrap_err();
    }
}

#[tokio::test]
async fn a11_a_row_that_cannot_be_read_is_told_and_the_others_go_on() {
    let harness = harness();
    let (client, faults) = hosted(&harness);
    let body = r#"[{"id": 1, "is_employee": "perhaps"}, {"id": 2}, {"last_name": "Nobody"}]"#;
    let mut page = answer(200, body);
    page.headers_mut().insert("total", http::HeaderValue::from_static("3"));
    faults.order(once(Method::GET, "/people", Fault::Instead(page)));
    let listing = client.people(&PeopleQuery::default()).collect().await.unwrap();
    assert_eq!(ids(&listing), BTreeSet::from([PersonId::new(2)]));
    let unreadable: Vec<_> = listing.unreadable.iter().map(|row| row.id.as_deref()).collect();
    assert_eq!(unreadable, [Some("1"), None]);
    assert!(!listing.proves_absence());
}

#[tokio::test]
async fn a12_a_status_that_nobody_knew_is_kept_as_it_was_written() {
    let harness = harness();
    let new = eight_hours(&harness.sandbox);
    let entry = harness.client.create_timecard_entry(&new).await.unwrap();
    let audited = ApprovalStatus::Unknown("audited".to_owned());
    harness.sandbox.with_state(|state| {
        state.entries.get_mut(&entry.id).unwrap().status = audited.clone();
    });
    let list = harness
        .client
        .timecard_entries(new.date, new.date, None)
        .collect()
        .await
        .unwrap();
    assert_eq!(list.rows[0].approval_status, Some(audited));
    assert!(list.proves_absence());
}

#[tokio::test]
async fn a13_a_time_that_procore_dropped_is_seen_in_the_answer() {
    let harness = harness();
    harness
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects = vec![LAKEFRONT]);
    let date: NaiveDate = day("2026-03-02");
    // What a client that writes times its own way would send.
    let body = serde_json::json!({"project_id": LAKEFRONT, "timecard_entry":
        {"date": date, "party_id": BEN, "time_in": "7 am", "time_out": "3:30 pm"}});
    let careless = linx_http::Endpoint::<procore_client::timecards::TimecardEntry>::post("rest/v1.0/companies")
        .segment(SANDBOX_COMPANY_ID)
        .segment("timecard_entries")
        .json(&body);
    let dropped = harness.client.send(&careless).await.unwrap();
    assert_eq!((dropped.time_in, dropped.hours), (None, None));

    let worked = Worked::Clock {
        time_in: ClockTime::at(date.and_hms_opt(7, 0, 0).unwrap()),
        time_out: ClockTime::at(date.and_hms_opt(15, 30, 0).unwrap()),
        lunch_minutes: None,
    };
    let kept = EntryDraft::new(LAKEFRONT, date, BEN, worked);
    let kept = harness.client.create_timecard_entry(&kept).await.unwrap();
    assert_eq!((kept.hours.as_deref(), kept.date), (Some("8.5"), Some(date)));
}

#[tokio::test]
async fn a14_no_error_shows_a_query_a_body_or_a_token() {
    let harness = harness();
    let mut new = eight_hours(&harness.sandbox);
    (new.party_id, new.description) = (PersonId::new(1), Some("asked by Ana".to_owned()));
    let error = harness.client.create_timecard_entry(&new).await.unwrap_err();
    let text = format!("{error} {error:?} {:?}", harness.client);
    for secret in ["asked by Ana", "sandbox-token", SANDBOX_CLIENT_SECRET] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a14_debug_of_what_was_read_shows_no_name_address_or_text() {
    let harness = harness();
    let (client, date) = (&harness.client, day("2026-03-02"));
    let sheet = client.create_timesheet(LAKEFRONT, date).await.unwrap();
    let mut draft = eight_hours(&harness.sandbox);
    draft.timesheet_id = Some(sheet.id);
    let entry = client.create_timecard_entry(&draft).await.unwrap();
    let mut changes = TimecardEntryChanges::new(LAKEFRONT, date);
    changes.description = Change::Set("told by Ana".to_owned());
    client.update_timecard_entry(entry.id, &changes).await.unwrap();
    let mut shared = SharedChanges::default();
    shared.description = Change::Set("told by Ana again".to_owned());
    let shown = [
        format!("{draft:?} {changes:?} {shared:?} {entry:?}"),
        format!("{:?}", client.update_entries_alike(&[entry.id], &shared).await.unwrap()),
        format!("{:?}", client.timecard_entry_history(entry.id).await.unwrap()),
        format!("{:?}", client.users().collect().await.unwrap()),
        format!("{:?}", client.project_memberships(LAKEFRONT).collect().await.unwrap()),
        format!("{:?}", client.app_installations().collect().await.unwrap()),
        format!(
            "{:?}",
            client.timesheets(LAKEFRONT, date, date).collect().await.unwrap()
        ),
        format!(
            "{:?}",
            client
                .project_timecard_entries(LAKEFRONT, date, date)
                .collect()
                .await
                .unwrap()
        ),
        format!(
            "{:?}",
            client
                .project_people(LAKEFRONT, &PeopleQuery::default())
                .collect()
                .await
                .unwrap()
        ),
    ]
    .concat();
    for personal in ["Ana", "Okafor", "Delgado", "@mesaprairie", "columns", "level 4"] {
        assert!(!shown.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn a_hidden_project_is_an_error_everywhere_and_never_an_empty_list() {
    for (status, kind) in [
        (StatusCode::FORBIDDEN, ErrorKind::Forbidden),
        (StatusCode::NOT_FOUND, ErrorKind::NotFound),
    ] {
        let harness = harness();
        let new = eight_hours(&harness.sandbox);
        let entry = harness.client.create_timecard_entry(&new).await.unwrap().id;
        harness
            .sandbox
            .with_state(|state| state.hidden_projects.insert(LAKEFRONT, status));
        let client = &harness.client;
        let kinds = [
            client.cost_codes(LAKEFRONT, None).collect().await.unwrap_err().kind(),
            client.sub_jobs(LAKEFRONT).collect().await.unwrap_err().kind(),
            client
                .timesheets(LAKEFRONT, new.date, new.date)
                .collect()
                .await
                .unwrap_err()
                .kind(),
            client.project_tools(LAKEFRONT).collect().await.unwrap_err().kind(),
            client.create_timecard_entry(&new).await.unwrap_err().kind(),
            client.timecard_entry(entry).await.unwrap_err().kind(),
        ];
        assert_eq!(kinds, [kind; 6]);
        let projects = client.projects(ProjectStatus::All).collect().await.unwrap();
        assert!(projects.rows.iter().all(|project| project.id != LAKEFRONT));
        // It is no matter of tokens (trap 17).
        assert_eq!(harness.sandbox.with_state(|state| state.tokens_issued()), 1);
    }
}
