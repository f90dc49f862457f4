//! Hazards of requests and values that no other room has a test for.

use exaktime_client::cost_codes::CostCodeChanges;
use exaktime_client::csv::{self, CsvFormat, HoursFormat};
use exaktime_client::people::{EmploymentStatus, NewEmployee};
use exaktime_client::sandbox::Dialect;
use futures_util::future::join_all;
use http::Method;
use linx_http::sandbox::Fault;
use linx_http::{Applied, ErrorKind};

use crate::harness::{Harness, answer, day, first};

crate::harness::in_both_dialects!(
    a2_a_refused_write_is_not_sent_again,
    a7_a_next_link_to_somewhere_else_is_not_followed,
    a8_a_throttled_read_waits_as_long_as_it_is_told,
    a9_requests_at_once_share_one_login,
    a11_a_page_of_html_with_a_502_is_no_answer,
    a12_an_unheard_of_status_is_kept_and_is_not_active,
    c7_identifiers_keep_their_zeros_there_and_back,
);

async fn a2_a_refused_write_is_not_sent_again(dialect: Dialect) {
    for status in [400, 404, 409, 422] {
        let harness = Harness::contractor(&dialect);
        let refusal = Fault::Instead(answer(status, r#"{"errors": {"name": ["is taken"]}}"#));
        harness.faults.order(first(Method::POST, "/CostCodes", refusal));
        let error = harness
            .client
            .create_cost_code(&CostCodeChanges::default())
            .await
            .unwrap_err();
        assert_eq!(error.was_applied(), Applied::No);
        assert_eq!(error.messages(), ["name: is taken"]);
        assert_eq!(harness.count(&Method::POST, "/CostCodes"), 1, "{status}");
    }
}

async fn a7_a_next_link_to_somewhere_else_is_not_followed(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let page = r#"{"value": [], "@odata.nextLink": "https://elsewhere.example/odata/DwTimeRecords"}"#;
    harness
        .faults
        .order(first(Method::GET, "/DwTimeRecords", Fault::Instead(answer(200, page))));
    let list = harness.client.time_records(day("2026-03-02"), day("2026-03-15"));
    assert_eq!(list.collect().await.unwrap_err().kind(), ErrorKind::ForeignLink);
    assert_eq!(harness.traffic.count(None, "/DwTimeRecords"), 1);
}

async fn a8_a_throttled_read_waits_as_long_as_it_is_told(dialect: Dialect) {
    use linx_http::Clock;
    let harness = Harness::contractor(&dialect);
    let mut told = answer(429, "");
    told.headers_mut()
        .insert("retry-after", http::HeaderValue::from_static("30"));
    harness
        .faults
        .order(first(Method::GET, "/Locations", Fault::Instead(told)));
    let before = harness.clock.now();
    assert_eq!(harness.client.locations().collect().await.unwrap().rows.len(), 12);
    assert!((harness.clock.now() - before).num_seconds() >= 30);
}

async fn a9_requests_at_once_share_one_login(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let lists = (0..8).map(|_| async { harness.client.locations().collect().await.unwrap().rows.len() });
    assert_eq!(join_all(lists).await, [12; 8]);
    let logins = usize::from(dialect.wire.login.is_some());
    assert_eq!(harness.count(&Method::POST, ""), logins);
}

async fn a11_a_page_of_html_with_a_502_is_no_answer(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let page = Fault::Instead(answer(502, "<html><title>Bad gateway</title>"));
    harness.faults.order(first(Method::GET, "/Locations", page));
    assert_eq!(harness.client.locations().collect().await.unwrap().rows.len(), 12);
    let asked = harness.count(&Method::GET, "/Locations");
    assert_eq!(
        asked, 3,
        "the page, the page again, and the empty one that ends the list"
    );
}

async fn a12_an_unheard_of_status_is_kept_and_is_not_active(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    harness.sandbox.with_state(|state| {
        let employment = state.employments.get_mut("p-101").unwrap();
        employment.insert("status".to_owned(), "OnLeave".into());
    });
    let employees = harness.client.employees().collect().await.unwrap();
    let id = harness.id("p-101");
    let away = employees.rows.iter().find(|row| row.person.id.as_str() == id).unwrap();
    assert_eq!(
        away.employment.status,
        Some(EmploymentStatus::Unknown("OnLeave".to_owned()))
    );
    assert!(!away.is_active(day("2026-03-17")));
}

async fn c7_identifiers_keep_their_zeros_there_and_back(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let new = NewEmployee {
        first_name: "Sam".to_owned(),
        last_name: "Whitfield".to_owned(),
        identifier: "000".to_owned(),
        ..NewEmployee::default()
    };
    let made = harness.client.create_employee(&new).await.unwrap();
    let read = harness.client.person(&made.id).await.unwrap();
    assert_eq!(read.identifier.as_deref(), Some("000"));
}

#[test]
fn d15_seconds_are_counted_as_they_are_written() {
    let format = CsvFormat {
        hours: HoursFormat::HoursMinutes,
        ..CsvFormat::default()
    };
    let file = "udfEmployeeNumber,WorkDate,Regular\n007,2026-03-02,7:00:55\n007,2026-03-02,7:00\n";
    let rows = csv::read(file.as_bytes(), &format)
        .unwrap()
        .map(|row| row.unwrap().unwrap());
    let seconds: Vec<i64> = rows.map(|row| row.seconds[0]).collect();
    assert_eq!(seconds, [25_255, 25_200], "neither rounded up nor cut off");
}
