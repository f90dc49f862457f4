//! Lists: every row, or the reason why not.

use std::sync::{Arc, Mutex};

use linx_http::{Completeness, ErrorKind};
use procore_client::PersonId;
use procore_client::ProjectId;
use procore_client::people::PeopleQuery;
use procore_client::projects::ProjectStatus;
use procore_client::sandbox::{Person, Project, Sandbox};

use crate::harness::{ANA, BEN, Harness, Interrupted, LAKEFRONT, harness, harness_with};

/// A company of `count` people.
fn crowd(count: u64) -> Arc<Sandbox> {
    let sandbox = Sandbox::new();
    sandbox.with_state(|state| {
        state
            .people
            .extend((1..=count).map(|id| (PersonId::new(id), person(id))));
    });
    Arc::new(sandbox)
}

fn person(number: u64) -> Person {
    Person {
        first_name: "Pat".to_owned(),
        last_name: format!("Number {number}"),
        employee_id: Some(format!("{number:05}")),
        is_employee: true,
        is_active: true,
        user_id: None,
        email: None,
        job_title: None,
    }
}

async fn ids(harness: &Harness) -> (Vec<u64>, Completeness) {
    let people = harness.client.people(&PeopleQuery::default()).collect().await.unwrap();
    (
        people.rows.iter().map(|person| person.id.get()).collect(),
        people.completeness,
    )
}

#[tokio::test]
async fn a4_lowered_page_size_loses_no_row() {
    let sandbox = crowd(1000);
    sandbox.with_state(|state| state.max_per_page = Some(70));
    let harness = harness_with(sandbox.clone(), sandbox);
    let (found, completeness) = ids(&harness).await;
    assert_eq!(found, (1..=1000).collect::<Vec<_>>());
    assert_eq!(completeness, Completeness::Complete);
    assert_eq!(harness.wire.count("/people"), 15);
}

#[tokio::test]
async fn a_list_takes_as_many_requests_as_it_has_largest_pages() {
    let sandbox = crowd(2001);
    let harness = harness_with(sandbox.clone(), sandbox.clone());
    assert_eq!(ids(&harness).await.0.len(), 2001);
    assert_eq!(harness.wire.count("/people"), 3);

    let contractor = Sandbox::contractor();
    let site: Project = contractor.with_state(|state| state.projects[&LAKEFRONT].clone());
    sandbox.with_state(|state| {
        state
            .projects
            .extend((1..=601).map(|id| (ProjectId::new(id), site.clone())));
    });
    let projects = harness.client.projects(ProjectStatus::Active).collect().await.unwrap();
    assert_eq!(projects.rows.len(), 601);
    assert_eq!(harness.wire.count("/projects"), 3);
}

/// Reads 300 people in pages of 100 while somebody does `act` after the first page.
async fn while_reading(act: impl FnOnce(&Sandbox) + Send + 'static) -> (Vec<u64>, Completeness) {
    let sandbox = crowd(300);
    sandbox.with_state(|state| state.max_per_page = Some(100));
    let service = Interrupted {
        sandbox: sandbox.clone(),
        part: "/people",
        act: Mutex::new(Some(act)),
    };
    let harness = harness_with(sandbox, Arc::new(service));
    ids(&harness).await
}

#[tokio::test]
async fn a3_a_row_removed_while_reading_hides_no_other() {
    let (mut found, completeness) = while_reading(|sandbox| {
        sandbox.with_state(|state| state.people.remove(&PersonId::new(5)));
    })
    .await;
    found.sort_unstable();
    assert_eq!(completeness, Completeness::Complete);
    assert_eq!(found, (1..=300).filter(|id| *id != 5).collect::<Vec<_>>());
}

#[tokio::test]
async fn a3_a_row_added_while_reading_makes_no_other_appear_twice() {
    let (mut found, completeness) = while_reading(|sandbox| {
        sandbox.with_state(|state| state.people.insert(PersonId::new(0), person(0)));
    })
    .await;
    found.sort_unstable();
    assert_eq!(completeness, Completeness::Complete);
    assert_eq!(found, (0..=300).collect::<Vec<_>>());
}

#[tokio::test]
async fn a5_header_names_in_lower_case_end_no_list() {
    let sandbox = crowd(250);
    sandbox.with_state(|state| state.max_per_page = Some(100));
    let harness = harness_with(sandbox.clone(), sandbox);
    assert_eq!(ids(&harness).await.0.len(), 250);
    let (_, first) = harness
        .wire
        .seen()
        .into_iter()
        .find(|(request, _)| request.uri().path().contains("/people"))
        .unwrap();
    let names: Vec<&str> = first.headers().keys().map(http::HeaderName::as_str).collect();
    for name in ["link", "total", "per-page"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[tokio::test]
async fn links_name_all_directions_on_the_origin_of_the_request() {
    let sandbox = crowd(250);
    sandbox.with_state(|state| state.max_per_page = Some(100));
    let harness = harness_with(sandbox.clone(), sandbox);
    ids(&harness).await;
    let links: Vec<String> = harness
        .wire
        .seen()
        .iter()
        .filter_map(|(_, answer)| answer.headers().get("link"))
        .map(|value| value.to_str().unwrap().to_owned())
        .collect();
    let rels = |text: &str| ["first", "prev", "next", "last"].map(|rel| text.contains(&format!("rel=\"{rel}\"")));
    assert_eq!(rels(&links[0]), [false, false, true, true]);
    assert_eq!(rels(&links[1]), [true, true, true, true]);
    assert_eq!(rels(&links[2]), [true, true, false, false]);
    assert!(
        links
            .iter()
            .all(|text| text.starts_with("<https://api.procore.com/rest/v1.0/companies/")),
        "{links:?}"
    );
    assert!(links.iter().all(|text| text.contains("view=extended")), "{links:?}");
}

#[tokio::test]
async fn a_project_that_is_not_there_is_no_empty_list() {
    let harness = harness();
    let error = harness
        .client
        .cost_codes(ProjectId::new(9), None)
        .collect()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a13_without_days_only_today_is_listed() {
    let harness = harness();
    harness
        .client
        .create_timecard_entry(&crate::harness::eight_hours(&harness.sandbox))
        .await
        .unwrap();
    let bare = linx_http::Endpoint::get("rest/v1.0/companies")
        .segment(harness.client.company())
        .segment("timecard_entries");
    let list = harness
        .client
        .list(bare, |entry: &procore_client::timecards::TimecardEntry| {
            entry.id.to_string()
        });
    assert!(list.collect().await.unwrap().rows.is_empty());
    let told = harness.client.timecard_entries(
        crate::harness::day("2026-03-02"),
        crate::harness::day("2026-03-02"),
        Some(BEN),
    );
    assert_eq!(told.collect().await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn entries_are_filtered_by_one_or_several_people_and_ids() {
    let harness = harness();
    let mut new = crate::harness::eight_hours(&harness.sandbox);
    let bens = harness.client.create_timecard_entry(&new).await.unwrap().id;
    (new.party_id, new.origin_id) = (ANA, None);
    let anas = harness.client.create_timecard_entry(&new).await.unwrap().id;
    let filtered = |pairs: Vec<(&'static str, u64)>| {
        let day = procore_client::timecards::list(harness.client.company(), new.date, new.date, None);
        let list = pairs
            .into_iter()
            .fold(day, |list, (name, value)| list.query(name, value));
        let list = harness.client.list(list, |entry| entry.id.to_string());
        async move {
            list.collect()
                .await
                .unwrap()
                .rows
                .iter()
                .map(|entry| entry.id)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(filtered(vec![]).await, [bens, anas]);
    assert_eq!(filtered(vec![("filters[party_id]", ANA.get())]).await, [anas]);
    let both = vec![("filters[party_id][]", ANA.get()), ("filters[party_id][]", BEN.get())];
    assert_eq!(filtered(both).await, [bens, anas]);
    assert_eq!(filtered(vec![("filters[id][]", bens.get())]).await, [bens]);
    assert!(
        filtered(vec![("filters[id][]", bens.get()), ("filters[party_id][]", ANA.get())])
            .await
            .is_empty()
    );
}
