//! The hazards of lists (part A), each against the sandbox: all the right rows, or an error, or a list that says it is
//! incomplete.

use std::collections::BTreeSet;

use linx_http::{Completeness, Error, ErrorKind, List, Listing};
use procore_client::PersonId;
use procore_client::people::{PeopleQuery, Person};
use procore_client::sandbox::{BetweenPages, ListFault, State};
use procore_client::wbs::ItemsQuery;

use crate::harness::{Harness, LAKEFRONT, day, eight_hours, harness};

const FIRST: PersonId = PersonId::new(562_949_953_430_001);

/// Everybody active, in pages of five, with this fault of the list.
async fn people(harness: &Harness) -> Result<Listing<Person>, Error> {
    harness.sandbox.with_state(|state| state.max_per_page = Some(5));
    harness.client.people(&PeopleQuery::default()).collect().await
}

fn faulty(fault: ListFault) -> Harness {
    let harness = harness();
    harness
        .sandbox
        .with_state(|state| state.list_faults.push(("/people".to_owned(), fault)));
    harness
}

/// The ids that a list should have.
pub fn active(harness: &Harness) -> BTreeSet<PersonId> {
    let of = |state: &mut State| {
        let active = state.people.iter().filter(|(_, person)| person.is_active);
        active.map(|(id, _)| *id).collect()
    };
    harness.sandbox.with_state(of)
}

pub fn ids(listing: &Listing<Person>) -> BTreeSet<PersonId> {
    listing.rows.iter().map(|person| person.id).collect()
}

#[tokio::test]
async fn a3_a_list_that_never_stands_still_is_incomplete() {
    let harness = harness();
    harness.sandbox.with_state(|state| {
        // One goes at every reading.
        for number in 0..3 {
            let gone = PersonId::new(FIRST.get() + number);
            let act = move |state: &mut State| {
                state.people.remove(&gone);
            };
            state.between_pages.push(BetweenPages::new("/people", 1, act));
        }
    });
    let listing = people(&harness).await.unwrap();
    assert!(matches!(listing.completeness, Completeness::Incomplete(_)));
    assert!(!listing.proves_absence());
}

#[tokio::test]
async fn a3_a_list_that_moved_once_is_read_again_to_its_end() {
    let harness = harness();
    harness.sandbox.with_state(|state| {
        let act = |state: &mut State| {
            state.people.remove(&FIRST);
        };
        state.between_pages.push(BetweenPages::new("/people", 2, act));
    });
    let listing = people(&harness).await.unwrap();
    assert_eq!(listing.completeness, Completeness::Complete);
    assert_eq!(ids(&listing), active(&harness));
    assert!(!ids(&listing).contains(&FIRST));
}

/// Reads a list in pages of one and in one page, and gives how many rows it has.
async fn by_ones<T: std::fmt::Debug + PartialEq + Send + 'static>(harness: &Harness, list: List<T>) -> usize {
    harness.sandbox.with_state(|state| state.max_per_page = Some(1));
    let slow = list.collect().await.unwrap();
    harness.sandbox.with_state(|state| state.max_per_page = None);
    let fast = list.collect().await.unwrap();
    assert!(slow.proves_absence() && fast.proves_absence());
    assert_eq!(slow.rows, fast.rows);
    slow.rows.len()
}

#[tokio::test]
async fn a4_every_list_is_the_same_in_pages_of_one() {
    let harness = harness();
    let (client, date) = (&harness.client, day("2026-03-02"));
    let code_segment = procore_client::sandbox::CODE_SEGMENT;
    for key in ["linx-1", "linx-2"] {
        let mut draft = eight_hours(&harness.sandbox);
        draft.origin_id = Some(key.to_owned());
        client.create_timecard_entry(&draft).await.unwrap();
        client.create_timesheet(LAKEFRONT, date).await.unwrap();
    }
    let counts = [
        by_ones(&harness, client.project_timecard_entries(LAKEFRONT, date, date)).await,
        by_ones(&harness, client.timecard_entries(date, date, None)).await,
        by_ones(&harness, client.timesheets(LAKEFRONT, date, date)).await,
        by_ones(&harness, client.work_classifications()).await,
        by_ones(&harness, client.users()).await,
        by_ones(&harness, client.project_tools(LAKEFRONT)).await,
        by_ones(&harness, client.app_installations()).await,
    ];
    assert_eq!(counts, [2, 2, 2, 2, 3, 3, 1]);
    let members = by_ones(&harness, client.project_memberships(LAKEFRONT)).await;
    let people = by_ones(&harness, client.project_people(LAKEFRONT, &PeopleQuery::default())).await;
    // Inactive members are no people of the project's list.
    assert!(people > 1 && people <= members);
    let items = client.project_segment_items(LAKEFRONT, code_segment, ItemsQuery::default());
    assert_eq!(
        by_ones(&harness, items).await,
        by_ones(&harness, client.cost_codes(LAKEFRONT, None)).await
    );
    assert_eq!(by_ones(&harness, client.wbs_codes(LAKEFRONT)).await, 21);
}

#[tokio::test]
async fn a6_without_a_total_the_links_are_followed_to_the_last() {
    let harness = faulty(ListFault::NoTotal);
    let listing = people(&harness).await.unwrap();
    assert_eq!(ids(&listing), active(&harness));
    assert_eq!(listing.completeness, Completeness::Complete);
}

#[tokio::test]
async fn a6_a_total_that_lies_ends_no_list_and_leaves_it_incomplete() {
    for total in [0, 3, 1000] {
        let harness = faulty(ListFault::WrongTotal(total));
        let listing = people(&harness).await.unwrap();
        assert_eq!(ids(&listing), active(&harness), "{total}");
        assert!(matches!(listing.completeness, Completeness::Incomplete(_)), "{total}");
    }
}

#[tokio::test]
async fn a6_a_page_that_repeats_for_ever_is_an_error() {
    let harness = faulty(ListFault::Endless);
    let error = people(&harness).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::EndlessList);
    assert!(harness.wire.count("/people") < 10);
}

#[tokio::test]
async fn a7_a_next_link_to_another_origin_is_not_followed() {
    for origin in [
        "https://elsewhere.example",
        "http://api.procore.com",
        "https://api.procore.com:8443",
    ] {
        let harness = faulty(ListFault::ForeignLinks(origin.parse().unwrap()));
        let error = people(&harness).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignLink, "{origin}");
        assert_eq!(harness.wire.count("/people"), 1, "{origin}");
    }
}
