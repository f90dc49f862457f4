//! Lists: all the right rows, or an error.

use std::collections::BTreeSet;

use exaktime_client::people::PersonQuery;
use exaktime_client::sandbox::{Dialect, SANDBOX_READ_ONLY_KEY};
use http::Method;
use linx_http::sandbox::Fault;
use linx_http::{ErrorKind, UnreadableRow};

use crate::harness::{Harness, answer, first};

crate::harness::in_both_dialects!(
    every_employee_place_and_code_is_listed_once,
    a4_no_row_is_lost_whatever_size_of_page_the_server_allows,
    persons_are_found_by_identifier,
    a11_one_unreadable_row_does_not_spoil_its_page,
    a_page_that_is_no_list_is_an_error_that_names_what_it_has,
    a_wrong_key_is_refused_and_a_read_only_key_reads,
    a_configured_name_is_what_is_asked_for,
    a_refused_token_is_renewed_once_and_an_old_one_ahead_of_its_end,
    a14_a_refused_login_does_not_echo_the_key,
    a_client_that_only_reads_may_log_in,
    a6_a_list_that_repeats_a_page_is_an_error
);

async fn every_employee_place_and_code_is_listed_once(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let employees = harness.client.employees().collect().await.unwrap();
    let locations = harness.client.locations().collect().await.unwrap();
    let codes = harness.client.cost_codes().collect().await.unwrap();
    assert!(employees.proves_absence() && locations.proves_absence() && codes.proves_absence());
    assert_eq!(
        (employees.rows.len(), locations.rows.len(), codes.rows.len()),
        (21, 12, 13)
    );
    let persons = harness.client.people(&PersonQuery::default()).collect().await.unwrap();
    assert_eq!(persons.rows.len(), 22);
    assert_eq!(codes.rows.iter().filter(|code| code.is_system).count(), 2);
}

async fn a4_no_row_is_lost_whatever_size_of_page_the_server_allows(dialect: Dialect) {
    for allowed in [1, 3, 7, 20, 21, 50] {
        let harness = Harness::contractor(&dialect);
        harness.sandbox.with_state(|state| state.max_page_size = allowed);
        let employees = harness.client.employees().collect().await.unwrap();
        let ids: BTreeSet<String> = employees.rows.iter().map(|row| row.person.id.to_string()).collect();
        assert_eq!(ids.len(), 21, "{allowed} rows a page");
    }
}

async fn persons_are_found_by_identifier(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let query = PersonQuery {
        identifier: Some("00107".to_owned()),
        ..PersonQuery::default()
    };
    let found = harness.client.people(&query).collect().await.unwrap();
    assert_eq!(found.rows.len(), 1);
    assert_eq!(found.rows[0].last_name.as_deref(), Some("Lindquist"));
}

async fn a11_one_unreadable_row_does_not_spoil_its_page(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    harness.sandbox.with_state(|state| {
        let location = state.locations.get_mut("loc-YARD").unwrap();
        location.insert("isActive".to_owned(), "perhaps".into());
    });
    let locations = harness.client.locations().collect().await.unwrap();
    assert_eq!(locations.rows.len(), 11);
    let unreadable = UnreadableRow {
        id: Some(harness.id("loc-YARD")),
        reason: format!("`{}` is not true or false", dialect.wire.location.is_active),
    };
    assert_eq!(locations.unreadable, [unreadable]);
    assert!(!locations.proves_absence());
}

async fn a_page_that_is_no_list_is_an_error_that_names_what_it_has(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let body = r#"{"list":[],"page":1}"#;
    harness
        .faults
        .order(first(Method::GET, "/Locations", Fault::Instead(answer(200, body))));
    let error = harness.client.locations().collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(error.to_string().contains("it has list, page"), "{error}");
}

async fn a_wrong_key_is_refused_and_a_read_only_key_reads(dialect: Dialect) {
    let wrong = Harness::with(&dialect, |builder| builder.api_key("nobody-knows-this".into()));
    let error = wrong.client.employees().collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(!error.to_string().contains("nobody-knows-this"));
    assert_eq!(wrong.traffic.count(None, ""), 1, "a wrong key is not tried again");

    let reader = Harness::with(&dialect, |builder| builder.api_key(SANDBOX_READ_ONLY_KEY.into()));
    assert_eq!(reader.client.employees().collect().await.unwrap().rows.len(), 21);
}

async fn a_configured_name_is_what_is_asked_for(dialect: Dialect) {
    let mut wire = dialect.wire.clone();
    "/v2/Places".clone_into(&mut wire.location.path);
    let harness = Harness::with(&dialect, |builder| builder.wire(wire));
    let error = harness.client.locations().collect().await.unwrap_err();
    assert_eq!(error.operation(), Some("GET /v2/Places"));
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

async fn a_refused_token_is_renewed_once_and_an_old_one_ahead_of_its_end(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let Some(login) = &dialect.wire.login else {
        return;
    };
    let logins = || harness.count(&Method::POST, &login.path);
    let list = || harness.client.employees();
    list().collect().await.unwrap();
    harness.client.locations().collect().await.unwrap();
    assert_eq!(logins(), 1, "one login for many requests");
    harness
        .sandbox
        .with_state(exaktime_client::sandbox::State::revoke_tokens);
    assert_eq!(list().collect().await.unwrap().rows.len(), 21);
    assert_eq!(logins(), 2);
    harness.clock.advance(std::time::Duration::from_secs(880));
    list().collect().await.unwrap();
    assert_eq!(logins(), 3, "the old one was about to end");
}

async fn a14_a_refused_login_does_not_echo_the_key(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let Some(login) = &dialect.wire.login else {
        return;
    };
    let echo = Fault::Instead(answer(400, r#"{"message": "linx-sandbox-key is no key"}"#));
    harness.faults.order(first(Method::POST, &login.path, echo));
    let error = harness.client.employees().collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(!format!("{error:?}").contains("linx-sandbox-key"), "{error:?}");
}

async fn a_client_that_only_reads_may_log_in(dialect: Dialect) {
    let harness = Harness::with(&dialect, |builder| builder.read_only(true));
    assert_eq!(harness.client.locations().collect().await.unwrap().rows.len(), 12);
}

async fn a6_a_list_that_repeats_a_page_is_an_error(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    harness.sandbox.with_state(|state| {
        state.max_page_size = 5;
        state.faults.repeats_pages = true;
    });
    let error = harness.client.locations().collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::EndlessList);
}
