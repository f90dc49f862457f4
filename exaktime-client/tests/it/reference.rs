//! Jobs and the smaller reference data.

use exaktime_client::Change;
use exaktime_client::jobs::JobChanges;
use exaktime_client::reference::{CostTypeChanges, DepartmentChanges, JobCodeChanges, PayScheduleChanges};
use exaktime_client::sandbox::Dialect;
use exaktime_client::{LocationId, PersonId};
use http::Method;
use linx_http::ErrorKind;

use crate::harness::{Harness, day};

crate::harness::in_both_dialects!(
    a_job_is_made_changed_and_cleared,
    d5_the_dates_of_a_job_stay_dates,
    c14_an_empty_value_clears_only_where_it_is_asked_for,
    a_service_without_cost_types_is_no_failure,
    reference_data_is_made_listed_read_and_changed,
);

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}

fn clinic() -> JobChanges {
    JobChanges {
        identifier: set("024-017"),
        name: set("Riverside Clinic"),
        start_date: Change::Set(day("2026-05-04")),
        ..JobChanges::default()
    }
}

async fn a_job_is_made_changed_and_cleared(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let job = harness.client.create_job(&clinic()).await.unwrap();
    assert_eq!(job.identifier.as_deref(), Some("024-017"));
    let part = JobChanges {
        identifier: set("024-017.01"),
        parent: Change::Set(job.id.clone()),
        ..clinic()
    };
    let part = harness.client.create_job(&part).await.unwrap();
    assert_eq!(part.parent, Some(job.id.clone()));
    let places = harness.client.locations().collect().await.unwrap().rows;
    let detached = JobChanges {
        parent: Change::Clear,
        locations: Change::Set(vec![places[0].id.clone()]),
        ..JobChanges::default()
    };
    let part = harness.client.update_job(&part.id, &detached).await.unwrap();
    assert_eq!(part.parent, None);
    assert_eq!(part.name.as_deref(), Some("Riverside Clinic"));
    assert_eq!(part.object[&dialect.wire.job.at_all_locations], false);
    let place: Vec<LocationId> = serde_json::from_value(part.object[&dialect.wire.job.locations].clone()).unwrap();
    assert_eq!(place, [places[0].id.clone()]);
    assert_eq!(harness.client.jobs().collect().await.unwrap().rows.len(), 2);
    let again = harness.client.create_job(&clinic()).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
}

async fn d5_the_dates_of_a_job_stay_dates(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let job = harness.client.create_job(&clinic()).await.unwrap();
    assert_eq!(job.object[&dialect.wire.job.start_date], "2026-05-04");
    assert_eq!(
        harness.client.job(&job.id).await.unwrap().start_date,
        Some(day("2026-05-04"))
    );
}

async fn c14_an_empty_value_clears_only_where_it_is_asked_for(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let job = harness.client.create_job(&clinic()).await.unwrap();
    let blank: Change<String> = None.into();
    let kept = JobChanges {
        identifier: blank,
        ..JobChanges::default()
    };
    let kept = harness.client.update_job(&job.id, &kept).await.unwrap();
    assert_eq!(kept.identifier.as_deref(), Some("024-017"));
    assert_eq!(harness.count(&Method::PUT, ""), 0);
    let cleared = JobChanges {
        start_date: Change::Clear,
        ..JobChanges::default()
    };
    let cleared = harness.client.update_job(&job.id, &cleared).await.unwrap();
    assert_eq!(cleared.start_date, None);
    assert_eq!(cleared.identifier.as_deref(), Some("024-017"));
}

async fn a_service_without_cost_types_is_no_failure(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    assert!(
        harness
            .client
            .cost_types_if_any()
            .await
            .unwrap()
            .unwrap()
            .rows
            .is_empty()
    );
    harness.sandbox.with_state(|state| state.has_cost_types = false);
    assert!(harness.client.cost_types_if_any().await.unwrap().is_none());
    let error = harness.client.person(&PersonId::new("none")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "other absences are told");
}

async fn reference_data_is_made_listed_read_and_changed(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let client = &harness.client;
    let kind = CostTypeChanges {
        identifier: set("L"),
        name: set("Labor"),
        ..CostTypeChanges::default()
    };
    let kind = client.create_cost_type(&kind).await.unwrap();
    let ended = CostTypeChanges {
        is_active: Change::Set(false),
        ..CostTypeChanges::default()
    };
    assert!(!client.update_cost_type(&kind.id, &ended).await.unwrap().is_active);
    assert_eq!(
        client.cost_type(&kind.id).await.unwrap().identifier.as_deref(),
        Some("L")
    );

    let place = DepartmentChanges {
        identifier: set("007"),
        name: set("Field"),
        ..DepartmentChanges::default()
    };
    let place = client.create_department(&place).await.unwrap();
    assert_eq!(
        client.departments().collect().await.unwrap().rows,
        [client.department(&place.id).await.unwrap()]
    );

    let trade = JobCodeChanges {
        name: set("Mason"),
        description: set("Lays bricks"),
        ..JobCodeChanges::default()
    };
    let trade = client.create_job_code(&trade).await.unwrap();
    assert_eq!(client.job_codes().collect().await.unwrap().rows, [trade]);

    let weekly = PayScheduleChanges {
        name: set("Weekly"),
        frequency: set("Weekly"),
        ..PayScheduleChanges::default()
    };
    let weekly = client.create_pay_schedule(&weekly).await.unwrap();
    assert!(!weekly.is_default);
    assert_eq!(client.pay_schedules().collect().await.unwrap().rows, [weekly]);
}
