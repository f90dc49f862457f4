//! Lists: all the right rows, or an error.

use std::collections::BTreeSet;

use exaktime_client::people::PersonQuery;
use exaktime_client::sandbox::SANDBOX_READ_ONLY_KEY;
use exaktime_client::wire::WireProfile;
use http::Method;
use linx_http::ErrorKind;
use linx_http::host::Fault;

use crate::stage::{Stage, answer, first};

#[tokio::test]
async fn every_employee_place_and_code_is_listed_once() {
    let stage = Stage::contractor();
    let employees = stage.client.employees().collect().await.unwrap();
    let locations = stage.client.locations().collect().await.unwrap();
    let codes = stage.client.cost_codes().collect().await.unwrap();
    assert!(employees.proves_absence() && locations.proves_absence() && codes.proves_absence());
    assert_eq!(
        (employees.rows.len(), locations.rows.len(), codes.rows.len()),
        (21, 12, 13)
    );
    let persons = stage.client.persons(&PersonQuery::default()).collect().await.unwrap();
    assert_eq!(persons.rows.len(), 22);
    assert_eq!(codes.rows.iter().filter(|code| code.is_system).count(), 2);
}

#[tokio::test]
async fn a4_no_row_is_lost_whatever_size_of_page_the_server_allows() {
    for allowed in [1, 3, 7, 20, 21, 50] {
        let stage = Stage::contractor();
        stage.sandbox.with_state(|state| state.max_page_size = allowed);
        let employees = stage.client.employees().collect().await.unwrap();
        let ids: BTreeSet<String> = employees.rows.iter().map(|row| row.person.id.to_string()).collect();
        assert_eq!(ids.len(), 21, "{allowed} rows a page");
    }
}

#[tokio::test]
async fn persons_are_found_by_identifier() {
    let stage = Stage::contractor();
    let query = PersonQuery {
        identifier: Some("00107".to_owned()),
        ..PersonQuery::default()
    };
    let found = stage.client.persons(&query).collect().await.unwrap();
    assert_eq!(found.rows.len(), 1);
    assert_eq!(found.rows[0].last_name.as_deref(), Some("Lindquist"));
}

#[tokio::test]
async fn a11_one_unreadable_row_does_not_spoil_its_page() {
    let stage = Stage::contractor();
    stage.sandbox.with_state(|state| {
        let location = state.locations.get_mut("loc-YARD").unwrap();
        location.insert("isActive".to_owned(), "perhaps".into());
    });
    let locations = stage.client.locations().collect().await.unwrap();
    assert_eq!(locations.rows.len(), 11);
    let unreadable = (
        Some("loc-YARD".to_owned()),
        "`isActive` is not true or false".to_owned(),
    );
    assert_eq!(locations.unreadable, [unreadable]);
    assert!(!locations.proves_absence());
}

#[tokio::test]
async fn a_page_that_is_no_list_is_an_error_that_names_what_it_has() {
    let stage = Stage::contractor();
    let body = r#"{"rows":[],"page":1}"#;
    stage
        .faults
        .order(first(Method::GET, "/Locations", Fault::Instead(answer(200, body))));
    let error = stage.client.locations().collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(error.to_string().contains("it has page, rows"), "{error}");
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_a_read_only_key_reads() {
    let wrong = Stage::with(|builder| builder.api_key("nobody-knows-this".into()));
    let error = wrong.client.employees().collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(!error.to_string().contains("nobody-knows-this"));
    assert_eq!(wrong.traffic.count(None, ""), 1, "a wrong key is not tried again");

    let reader = Stage::with(|builder| builder.api_key(SANDBOX_READ_ONLY_KEY.into()));
    assert_eq!(reader.client.employees().collect().await.unwrap().rows.len(), 21);
}

#[tokio::test]
async fn a_configured_name_is_what_is_asked_for() {
    let mut wire = WireProfile::default();
    wire.location.path = "/v2/Places".to_owned();
    wire.list.page = "page".to_owned();
    let stage = Stage::with(|builder| builder.wire(wire));
    let error = stage.client.locations().collect().await.unwrap_err();
    assert_eq!(error.operation(), Some("GET /v2/Places"));
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
