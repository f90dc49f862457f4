//! Writes: what is not named survives, nothing is written that would change nothing, nothing is made twice.

use exaktime_client::cost_codes::CostCodeChanges;
use exaktime_client::locations::{AddressChanges, LocationChanges};
use exaktime_client::people::{EmploymentChanges, NewEmployee, PersonChanges};
use exaktime_client::sandbox::{Dialect, SANDBOX_READ_ONLY_KEY};
use exaktime_client::{Change, CostCodeId, LocationId, PersonId};
use futures_util::future::join_all;
use http::Method;
use linx_http::sandbox::Fault;
use linx_http::{Applied, ErrorKind};
use serde_json::json;

use crate::harness::{Harness, answer, day, first};

crate::harness::in_both_dialects!(
    an_update_keeps_what_it_does_not_name,
    an_update_that_changes_nothing_is_not_sent,
    two_updates_of_one_record_do_not_interleave,
    records_are_created_as_asked,
    a_taken_code_is_a_conflict_and_a_system_code_is_left_alone,
    an_answer_of_the_id_only_is_followed_by_a_reading,
    a1_a_create_is_not_sent_twice_and_tells_that_it_may_have_been_applied,
    a16_a_success_that_tells_nothing_is_no_proof_of_storing,
    a16_a_service_that_answers_without_the_record_is_read_back,
    an_employee_is_a_person_and_an_active_employment,
    a1_a_person_left_without_employment_is_completed_and_not_made_again,
    a_deleted_person_is_not_taken_for_one_left_behind,
    a_person_is_renamed_and_an_employment_ended,
    a_client_that_only_reads_sends_no_write_and_a_key_that_only_reads_is_refused,
    what_is_not_there_is_told
);

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}

fn renamed(name: &str) -> LocationChanges {
    LocationChanges {
        name: set(name),
        ..LocationChanges::default()
    }
}

fn newcomer() -> NewEmployee {
    NewEmployee {
        first_name: "Sam".to_owned(),
        last_name: "Whitfield".to_owned(),
        identifier: "00119".to_owned(),
        work_email: None,
        job_title: Some("Carpenter".to_owned()),
    }
}

async fn an_update_keeps_what_it_does_not_name(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let id = LocationId::new(harness.id("loc-24-001"));
    let before = harness
        .sandbox
        .with_state(|state| state.locations["loc-24-001"].clone());
    let location = harness.client.update_location(&id, &renamed("Saguaro")).await.unwrap();
    assert_eq!(location.name.as_deref(), Some("Saguaro"));
    let mut expected = before;
    expected["name"] = json!("Saguaro");
    let after = harness
        .sandbox
        .with_state(|state| state.locations["loc-24-001"].clone());
    assert_eq!(after, expected, "also what this client knows nothing of");
}

async fn an_update_that_changes_nothing_is_not_sent(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let changes = LocationChanges {
        name: set("24-001 - Saguaro Ridge Medical Center"),
        latitude: Change::Set(33.4484),
        is_active: Change::Set(true),
        ..LocationChanges::default()
    };
    harness
        .client
        .update_location(&LocationId::new(harness.id("loc-24-001")), &changes)
        .await
        .unwrap();
    assert_eq!(harness.count(&Method::PUT, ""), 0);
}

async fn two_updates_of_one_record_do_not_interleave(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let id = LocationId::new(harness.id("loc-24-001"));
    let changes: Vec<LocationChanges> = (0..20)
        .map(|turn| match turn % 3 {
            0 => renamed("Saguaro"),
            1 => LocationChanges {
                address: AddressChanges {
                    city: set("Mesa"),
                    ..AddressChanges::default()
                },
                ..LocationChanges::default()
            },
            _ => LocationChanges {
                latitude: Change::Set(33.5),
                ..LocationChanges::default()
            },
        })
        .collect();
    let updates = changes
        .iter()
        .map(|changes| harness.client.update_location(&id, changes));
    assert!(join_all(updates).await.iter().all(Result::is_ok));
    let location = harness.client.location(&id).await.unwrap();
    assert_eq!(location.name.as_deref(), Some("Saguaro"));
    assert_eq!(location.address.city.as_deref(), Some("Mesa"));
    assert_eq!(location.latitude, Some(33.5));
    assert_eq!(harness.count(&Method::PUT, ""), 3);
}

async fn records_are_created_as_asked(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let values = CostCodeChanges {
        identifier: set("04-210"),
        name: set("Brick Masonry"),
        ..CostCodeChanges::default()
    };
    let code = harness.client.create_cost_code(&values).await.unwrap();
    assert!(code.is_active && !code.is_system);
    assert_eq!(harness.client.cost_code(&code.id).await.unwrap(), code);
    let place = LocationChanges {
        identifier: set("24-002.03"),
        is_time_and_attendance: Change::Set(true),
        ..renamed("Garage")
    };
    let place = harness.client.create_location(&place).await.unwrap();
    assert!(place.is_time_and_attendance && place.is_active);
}

async fn a_taken_code_is_a_conflict_and_a_system_code_is_left_alone(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let taken = CostCodeChanges {
        identifier: set("03-300"),
        name: set("Something else"),
        ..CostCodeChanges::default()
    };
    let error = harness.client.create_cost_code(&taken).await.unwrap_err();
    assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Conflict, Applied::No));
    let error = harness
        .client
        .update_cost_code(&CostCodeId::new(harness.id("cc-IN")), &taken)
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Forbidden);
}

async fn an_answer_of_the_id_only_is_followed_by_a_reading(dialect: Dialect) {
    for (body, location) in [(r#""cc-03-300""#, None), ("", Some("/v1/Time/CostCodes/cc-03-300"))] {
        let harness = Harness::contractor(&dialect);
        let mut told = answer(201, body);
        if let Some(address) = location {
            told.headers_mut()
                .insert("location", http::HeaderValue::from_static(address));
        }
        harness
            .faults
            .order(first(Method::POST, "/CostCodes", Fault::Instead(told)));
        let code = harness
            .client
            .create_cost_code(&CostCodeChanges::default())
            .await
            .unwrap();
        assert_eq!(code.identifier.as_deref(), Some("03-300"));
    }
}

async fn a1_a_create_is_not_sent_twice_and_tells_that_it_may_have_been_applied(dialect: Dialect) {
    for fault in [Fault::CutAfter, Fault::AnswerLost(answer(503, ""))] {
        let harness = Harness::contractor(&dialect);
        harness.faults.order(first(Method::POST, "/Locations", fault));
        let error = harness.client.create_location(&renamed("Garage")).await.unwrap_err();
        assert_eq!(error.was_applied(), Applied::Unknown);
        assert_eq!(harness.count(&Method::POST, "/Locations"), 1);
        assert_eq!(harness.sandbox.with_state(|state| state.locations.len()), 13);
    }
}

/// What something in between may answer to a write, and a service that does not tell the record as well.
const TELLING_NOTHING: [(u16, &str); 5] = [
    (200, "<html>please log in</html>"),
    (204, ""),
    (200, "{}"),
    (200, "[]"),
    (200, r#"{"name": "another"}"#),
];

async fn a16_a_success_that_tells_nothing_is_no_proof_of_storing(dialect: Dialect) {
    for (status, body) in TELLING_NOTHING {
        let harness = Harness::contractor(&dialect);
        let id = LocationId::new(harness.id("loc-24-001"));
        let before = harness.client.location(&id).await.unwrap();
        let instead = Fault::Instead(answer(status, body));
        harness.faults.order(first(Method::PUT, "/Locations", instead));
        let error = harness
            .client
            .update_location(&id, &renamed("Saguaro"))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.was_applied()),
            (ErrorKind::Unreadable, Applied::Unknown),
            "{status} {body}"
        );
        assert!(!error.to_string().contains("Saguaro"));
        assert_eq!(harness.client.location(&id).await.unwrap(), before);

        let person = PersonId::new(harness.id("p-101"));
        let ended = EmploymentChanges {
            active: Some(false),
            ..EmploymentChanges::default()
        };
        let instead = Fault::Instead(answer(status, body));
        harness.faults.order(first(Method::PUT, "/Persons", instead));
        let error = harness.client.set_employment(&person, &ended).await.unwrap_err();
        assert_eq!(error.was_applied(), Applied::Unknown, "{status} {body}");
    }
}

async fn a16_a_service_that_answers_without_the_record_is_read_back(dialect: Dialect) {
    for (status, body) in TELLING_NOTHING {
        let harness = Harness::contractor(&dialect);
        let id = LocationId::new(harness.id("loc-24-001"));
        let lost = Fault::AnswerLost(answer(status, body));
        harness.faults.order(first(Method::PUT, "/Locations", lost));
        let location = harness.client.update_location(&id, &renamed("Saguaro")).await.unwrap();
        assert_eq!(location.name.as_deref(), Some("Saguaro"), "{status} {body}");
        assert_eq!(
            (location, harness.count(&Method::PUT, "")),
            (harness.client.location(&id).await.unwrap(), 1)
        );
    }
}

async fn an_employee_is_a_person_and_an_active_employment(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let person = harness.client.create_employee(&newcomer()).await.unwrap();
    let employees = harness.client.employees().collect().await.unwrap().rows;
    let made = employees.iter().find(|row| row.person.id == person.id).unwrap();
    assert!(made.is_active(day("2026-03-17")));
    assert_eq!(made.employment.job_title.as_deref(), Some("Carpenter"));
    let again = harness.client.create_employee(&newcomer()).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    assert_eq!(harness.count(&Method::POST, "/Persons"), 1);
}

async fn a1_a_person_left_without_employment_is_completed_and_not_made_again(dialect: Dialect) {
    for (method, fault) in [
        (Method::POST, Fault::CutAfter),
        (Method::PUT, Fault::Instead(answer(400, "{}"))),
    ] {
        let harness = Harness::contractor(&dialect);
        harness.faults.order(first(method, "/Persons", fault));
        let error = harness.client.create_employee(&newcomer()).await.unwrap_err();
        assert_eq!(error.was_applied(), Applied::Unknown, "the person is there");
        assert_eq!(harness.client.employees().collect().await.unwrap().rows.len(), 21);
        harness.client.create_employee(&newcomer()).await.unwrap();
        assert_eq!(harness.count(&Method::POST, "/Persons"), 1);
        assert_eq!(harness.client.employees().collect().await.unwrap().rows.len(), 22);
    }
}

async fn a_deleted_person_is_not_taken_for_one_left_behind(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    harness.sandbox.with_state(|state| {
        let person = serde_json::json!({"personId": "p-800", "firstName": "Sam", "lastName": "Whitfield",
            "employeeIdentifier": "00119", "isDeleted": true});
        state
            .persons
            .insert("p-800".to_owned(), person.as_object().unwrap().clone());
    });
    let person = harness.client.create_employee(&newcomer()).await.unwrap();
    assert_ne!(person.id.as_str(), "p-800");
}

async fn a_person_is_renamed_and_an_employment_ended(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let id = PersonId::new(harness.id("p-107"));
    let changes = PersonChanges {
        last_name: set("Lindqvist"),
        ..PersonChanges::default()
    };
    let person = harness.client.update_person(&id, &changes).await.unwrap();
    assert_eq!(person.last_name.as_deref(), Some("Lindqvist"));
    let end = EmploymentChanges {
        active: Some(false),
        ..EmploymentChanges::default()
    };
    let employment = harness.client.set_employment(&id, &end).await.unwrap();
    assert_eq!(employment.object[&dialect.wire.employment.status], "Inactive");
    assert_eq!(employment.object["payType"], "Hourly");
    let badge = harness
        .sandbox
        .with_state(|state| state.persons["p-107"]["badgeColor"].clone());
    assert_eq!(badge, "orange");
}

async fn a_client_that_only_reads_sends_no_write_and_a_key_that_only_reads_is_refused(dialect: Dialect) {
    let reader = Harness::with(&dialect, |builder| builder.read_only(true));
    let error = reader.client.create_location(&renamed("Garage")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    assert_eq!(reader.count(&Method::POST, ""), 0);
    let harness = Harness::with(&dialect, |builder| builder.api_key(SANDBOX_READ_ONLY_KEY.into()));
    let error = harness.client.create_location(&renamed("Garage")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
}

async fn what_is_not_there_is_told(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let error = harness
        .client
        .location(&LocationId::new(harness.id("loc-none")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let update = harness
        .client
        .update_location(&LocationId::new(harness.id("loc-none")), &renamed("x"))
        .await;
    assert_eq!(update.unwrap_err().kind(), ErrorKind::NotFound);
}
