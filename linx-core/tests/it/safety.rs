//! What a sync must never do on the strength of what it does not know (hazards A3, A12, B2 to B7, C13, C16).

use http::Method;
use linx_core::LinxError;
use linx_core::change::RecordAction;
use linx_core::hold::{Reason, Remedy};
use linx_core::ledger::{LedgerError, Pair};
use linx_core::model::{Attribute, Kind};
use linx_core::plan::{AnyPlan, Becoming, SavedPlan, SavedPlanError};
use linx_core::ports::FailureKind;
use linx_core::settings::{Import, Owner};
use linx_core::sync::RecordResult;
use linx_http::sandbox::{Fault, Order};
use procore_client::ids::{PersonId, ProjectId};
use procore_client::sandbox::{BetweenPages, State};
use serde_json::json;

use crate::actions::{changes, counted, reasons};
use crate::harness::{Harness, once, two_weeks};

const PEOPLE: &str = "/people";

fn refusal(status: u16) -> Fault {
    Fault::Instead(http::Response::builder().status(status).body("{}".into()).unwrap())
}

/// Somebody at the head of the list comes and goes.
fn come_and_go(state: &mut State) {
    let first = PersonId::new(1);
    if state.people.remove(&first).is_none() {
        let mut person = state.people.values().next().unwrap().clone();
        person.employee_id = Some("00999".into());
        person.first_name = "Ivy".into();
        state.people.insert(first, person);
    }
}

#[tokio::test]
async fn a3_a_list_whose_rows_moved_once_is_read_again() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.procore.with_state(|state| {
        state.max_per_page = Some(10);
        let quit = |state: &mut State| {
            state.people.pop_first();
        };
        state.between_pages.push(BetweenPages::new(PEOPLE, 1, quit));
    });
    let plan = harness.plan_sync().await;
    assert_eq!(
        changes(&plan, Kind::Employee, RecordAction::Deactivate),
        ["00101"],
        "who went, and not who moved up"
    );
}

#[tokio::test]
async fn a3_a_list_that_keeps_moving_is_incomplete_and_removes_nobody() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.dismiss_in_procore("00104");
    harness.procore.with_state(|state| {
        state.max_per_page = Some(10);
        for _ in 0..30 {
            state.between_pages.push(BetweenPages::new(PEOPLE, 1, come_and_go));
        }
    });
    harness.person_in_procore("00107", |person| person.last_name = "Lind".into());
    let report = harness.apply_sync().await;
    let deactivated = report
        .changes
        .iter()
        .filter(|one| one.change.action == RecordAction::Deactivate);
    assert_eq!(deactivated.count(), 0, "{:?}", report.changes);
    assert!(
        report.notes.iter().any(|note| note.contains("not read completely")),
        "{:?}",
        report.notes
    );
    assert_eq!(reasons(&report.held, "list:procore:workers"), [Reason::IncompleteList]);
    // When it stands still again, absence means something again.
    harness.procore.with_state(|state| {
        state.between_pages.clear();
        state.people.remove(&PersonId::new(1));
    });
    let plan = harness.plan_sync().await;
    assert!(changes(&plan, Kind::Employee, RecordAction::Deactivate).contains(&"00104"));
}

#[tokio::test]
async fn a3_who_is_skipped_while_another_comes_is_read_again_before_anything_is_deactivated() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.procore.with_state(|state| {
        state.max_per_page = Some(10);
        // One goes from the first page and one comes at the end: the count is as it was, and somebody was never seen.
        let swap = |state: &mut State| {
            let (_, person) = state.people.pop_first().unwrap();
            let last = state.people.last_key_value().unwrap().0.get();
            state.people.insert(PersonId::new(last + 1), person);
        };
        state.between_pages.push(BetweenPages::new(PEOPLE, 1, swap));
    });
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Deactivate), [""; 0]);
    let doubtful = |held: &&linx_core::hold::Held| held.detail.contains("in one reading and not in the other");
    assert_eq!(plan.held.iter().filter(doubtful).count(), 1, "{:?}", plan.held);
}

#[tokio::test]
async fn a12_what_nobody_knew_survives_a_write() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    harness.set_in_exaktime("p-102", "status", "Terminated");
    harness.set_in_exaktime("p-102", "unionLocal", json!({"number": 60, "since": "2021-04-01"}));
    harness.set_in_exaktime("loc-24-001", "kiosk", json!(["north", "south"]));
    harness.set_in_exaktime("cc-31-220", "displayOption", "Kiosk");
    harness.person_in_procore("00102", |person| {
        person.last_name = "Okafor-Lee".into();
        person.job_title = Some("Rigger".into());
    });
    harness.procore.with_state(|state| {
        state.projects.values_mut().next().unwrap().name = "Saguaro Clinic".into();
        let code = state.company_codes.values_mut().find(|code| code.name == "Grading");
        code.unwrap().name = "Rough Grading".into();
    });
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-102", "lastName"), "Okafor-Lee");
    assert_eq!(harness.in_exaktime("p-102", "jobTitle"), "Rigger");
    assert_eq!(
        harness.in_exaktime("p-102", "status"),
        "Terminated",
        "never mapped to a default"
    );
    assert_eq!(harness.in_exaktime("p-102", "unionLocal")["number"], 60);
    assert_eq!(harness.in_exaktime("p-102", "badgeColor"), "orange");
    let hired = harness
        .exaktime
        .with_state(|state| state.employments["p-102"]["hireDate"].clone());
    assert_eq!(hired, "2024-05-06");
    assert_eq!(harness.in_exaktime("loc-24-001", "name"), "24-001 - Saguaro Clinic");
    assert_eq!(harness.in_exaktime("loc-24-001", "kiosk")[1], "south");
    assert_eq!(harness.in_exaktime("loc-24-001", "geofenceRadius"), 250);
    assert_eq!(harness.in_exaktime("cc-31-220", "name"), "Rough Grading");
    assert_eq!(harness.in_exaktime("cc-31-220", "displayOption"), "Kiosk");
}

#[tokio::test]
async fn a12_a_row_that_lacks_what_it_needs_is_held_alone() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let body = r#"[{"id": 416001, "code": "01", "name": null}, {"id": 416002, "code": "02", "name": "West Wing"}]"#;
    let answer = http::Response::builder().header("total", 2).body(body.into()).unwrap();
    let order = once(Method::GET, "/rest/v1.0/sub_jobs", 0, Fault::Instead(answer));
    harness.procore_faults.order(order);
    harness.set_in_exaktime("loc-YARD", "isActive", "perhaps");
    let plan = harness.plan_sync().await;
    assert_eq!(counted(&plan.held, Reason::UnreadableRow), 2, "{:?}", plan.held);
    assert_eq!(reasons(&plan.held, "sub-job:416001"), [Reason::UnreadableRow]);
    assert_eq!(changes(&plan, Kind::Location, RecordAction::Update), ["24-001.02"]);
    assert_eq!(plan.changes.len(), 1, "and nothing is taken for removed");
}

#[tokio::test]
async fn b2_a_change_in_the_same_second_as_the_last_run_is_seen() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    // The clock stands still: nothing that is stamped could be later than the last run.
    for name in ["Okafor-Lee", "Lee"] {
        harness.person_in_procore("00102", |person| person.last_name = name.into());
        harness.apply_sync().await;
        assert_eq!(harness.in_exaktime("p-102", "lastName"), name);
    }
    harness.set_in_exaktime("p-103", "lastName", "Nguyen-Ott");
    let plan = harness.plan_sync().await;
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("people changed in ExakTime")),
        "and so is one in ExakTime: {:?}",
        plan.notes
    );
}

#[tokio::test]
async fn b3_removals_come_from_a_complete_list_and_what_is_gone_from_exaktime_is_noticed() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.dismiss_in_procore("00103");
    harness.procore.with_state(|state| {
        state
            .sub_jobs
            .retain(|_, sub_job| (sub_job.project.get(), sub_job.code.as_str()) != (316_002, "02"));
    });
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Deactivate), ["00103"]);
    assert_eq!(changes(&plan, Kind::Location, RecordAction::Deactivate), ["24-002.02"]);
    assert_eq!(plan.changes.len(), 2);
    // What was sent and is gone.
    let office = harness.link_to("cc-31-220").await.unwrap().office;
    harness
        .exaktime
        .with_state(|state| state.cost_codes.remove("cc-31-220"));
    let plan = harness.plan_sync().await;
    assert_eq!(reasons(&plan.held, office), [Reason::LinkTargetGone]);
    assert_eq!(plan.changes.len(), 2, "and it is not made again");
}

#[tokio::test]
async fn b4_a_run_that_was_cut_while_reading_is_no_list_and_the_next_reads_from_the_start() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.procore.with_state(|state| state.max_per_page = Some(5));
    let (links, writes) = (harness.ledger.links().await.unwrap().len(), harness.writes());
    harness.procore_faults.order(Order {
        method: Some(Method::GET),
        path: PEOPLE.into(),
        after: 3,
        times: 100,
        fault: Fault::CutBefore,
    });
    let cut = harness.linx().plan_sync(&linx_core::sync::SyncOptions::default()).await;
    assert!(
        matches!(&cut, Err(LinxError::Office(error)) if error.kind() == FailureKind::Unavailable),
        "{cut:?}"
    );
    harness.procore_faults.clear();
    harness.procore_traffic.clear();
    let plan = harness.plan_sync().await;
    assert!(plan.is_empty(), "{:?}", plan.changes);
    // Twenty-four active people and three inactive ones, five at a time.
    assert_eq!(harness.procore_traffic.count(Some(&Method::GET), PEOPLE), 6);
    assert_eq!(
        (harness.ledger.links().await.unwrap().len(), harness.writes()),
        (links, writes)
    );
}

#[tokio::test]
async fn b5_a_directory_that_became_empty_deactivates_nobody_without_consent() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.procore.with_state(|state| state.people.clear());
    let plan = harness.plan_sync().await;
    assert!(plan.changes.is_empty());
    assert_eq!(plan.refused[0].becoming, Becoming::Deactivated(Kind::Employee));
    let plan = harness.plan_with_consent().await;
    assert!(changes(&plan, Kind::Employee, RecordAction::Deactivate).len() >= 18);
}

#[tokio::test]
async fn b5_an_emptied_list_needs_consent_however_short_it_was() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.sync.import = vec![Import::Projects];
    harness.apply_sync().await;
    harness.procore.with_state(|state| state.projects.clear());
    let plan = harness.plan_sync().await;
    assert!(
        plan.is_empty(),
        "four are less than the guard's ten: {:?}",
        plan.changes
    );
    assert_eq!(counted(&plan.held, Reason::GuardRefused), 4);
    assert_eq!(harness.plan_with_consent().await.changes.len(), 4);
}

#[tokio::test]
async fn b5_a_project_whose_sub_jobs_are_all_gone_needs_consent() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    let first = |state: &State| state.sub_jobs.values().next().unwrap().project;
    harness.procore.with_state(|state| {
        let project = first(state);
        state.sub_jobs.retain(|_, part| part.project != project);
    });
    let plan = harness.plan_sync().await;
    assert!(plan.is_empty(), "{:?}", plan.changes);
    let [refused] = &plan.refused[..] else {
        panic!("{:?}", plan.refused)
    };
    assert_eq!(
        (refused.becoming, refused.limit),
        (Becoming::Deactivated(Kind::Location), None)
    );
    assert!(refused.to_string().contains("a list of Procore's is empty"));
    assert_eq!(
        changes(
            &harness.plan_with_consent().await,
            Kind::Location,
            RecordAction::Deactivate
        )
        .len(),
        2
    );
}

#[tokio::test]
async fn b5_mass_changes_are_refused_as_a_group_and_additions_go_on() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.sync.import = vec![Import::Workers];
    harness.apply_sync().await;
    let numbers: Vec<String> = (101..=112).map(|number| format!("{number:05}")).collect();
    for number in &numbers {
        harness.person_in_procore(number, |person| person.job_title = Some("Builder".into()));
    }
    harness.hire_in_procore("00113", |person| {
        person.employee_id = Some("00301".into());
        person.first_name = "Nils".into();
        person.last_name = "Berg".into();
    });
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Create), ["00301"]);
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(counted(&plan.held, Reason::GuardRefused), 12);
    let [refused] = &plan.refused[..] else {
        panic!("{:?}", plan.refused)
    };
    assert_eq!(
        (refused.becoming, refused.count),
        (Becoming::Changed(Kind::Employee), 12)
    );
    for word in ["12 of", "10%", "10 pass"] {
        assert!(refused.to_string().contains(word), "{word}: {refused}");
    }
    assert_eq!(
        refused.remedies(),
        [Remedy::AllowMassChange, Remedy::Settings("sync.guard")]
    );
    let report = harness.apply_sync().await;
    assert_eq!(report.written(), 1);
    assert_eq!(harness.in_exaktime("p-101", "jobTitle"), "Carpenter");
    // The consent is for one plan.
    let plan = harness.plan_with_consent().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Update), numbers);
    harness.linx().apply_sync(&plan).await.unwrap();
    assert_eq!(harness.in_exaktime("p-101", "jobTitle"), "Builder");
    for number in &numbers {
        harness.person_in_procore(number, |person| person.is_active = false);
    }
    let plan = harness.plan_sync().await;
    assert!(plan.is_empty());
    assert_eq!(counted(&plan.held, Reason::GuardRefused), 12);
}

#[tokio::test]
async fn b6_what_moved_since_the_plan_is_held_and_the_rest_goes_on() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    harness.person_in_procore("00101", |person| person.last_name = "Delgado-Reyes".into());
    harness.person_in_procore("00102", |person| person.last_name = "Renamed".into());
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Update), ["00101", "00102"]);
    harness.set_in_exaktime("p-101", "lastName", "Corrected");
    let report = harness.linx().apply_sync(&plan).await.unwrap();
    let held_before = plan.tally(Kind::Employee).held;
    assert_eq!(report.summary.employees.update, 1);
    assert_eq!(report.summary.employees.held, held_before + 1);
    let of_the_first = report
        .held
        .iter()
        .filter(|held| held.subject.id() == "worker:562949953430001");
    let reasons: Vec<_> = of_the_first.map(|held| held.reason).collect();
    assert_eq!(reasons, [Reason::AttributeConflict]);
    assert_eq!(harness.in_exaktime("p-101", "lastName"), "Corrected");
    assert_eq!(harness.in_exaktime("p-102", "lastName"), "Renamed");
}

#[tokio::test]
async fn b6_what_somebody_made_since_the_plan_is_not_made_twice() {
    let harness = Harness::contractor();
    let plan = harness.plan_sync().await;
    assert!(changes(&plan, Kind::CostCode, RecordAction::Create).contains(&"01-320"));
    harness.exaktime.with_state(|state| {
        let mut code = state.cost_codes["cc-IN"].clone();
        code.insert("costCodeId".into(), "cc-new".into());
        code.insert("identifier".into(), "01-320".into());
        state.cost_codes.insert("cc-new".into(), code);
    });
    let report = harness.linx().apply_sync(&plan).await.unwrap();
    let made = |change: &linx_core::sync::ReportedChange| change.change.identifier == "01-320";
    assert!(!report.changes.iter().any(made), "it is linked with what is there");
    assert_eq!(report.summary.cost_codes.failed, 0);
}

#[tokio::test]
async fn b6_a_number_that_somebody_gave_away_since_the_plan_is_not_given_twice() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    harness.person_in_procore("00101", |person| person.employee_id = Some("00501".into()));
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Update), ["00501"]);
    harness.set_in_exaktime("p-102", "employeeIdentifier", "00501");
    let report = harness.linx().apply_sync(&plan).await.unwrap();
    assert!(
        counted(&report.held, Reason::DuplicateIdentifier) > 0,
        "{:?}",
        report.held
    );
    assert_eq!(harness.in_exaktime("p-101", "employeeIdentifier"), "00101");
}

#[tokio::test]
async fn b7_a_value_changed_on_one_side_stands_and_one_changed_on_both_is_shown() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    // ExakTime only: it stays, whatever happens to the other values.
    harness.set_in_exaktime("p-101", "lastName", "Delgado Ruiz");
    // Both.
    harness.set_in_exaktime("p-102", "lastName", "Okafor (Ben)");
    let both = harness.person_in_procore("00102", |person| person.last_name = "Okafor-Lee".into());
    let report = harness.apply_sync().await;
    assert_eq!(report.written(), 0, "{:?}", report.changes);
    let conflict = report
        .held
        .iter()
        .find(|held| held.subject.id() == both.to_string())
        .unwrap();
    assert_eq!(conflict.reason, Reason::AttributeConflict);
    for value in ["last_name", "\"Okafor\"", "Okafor-Lee", "Okafor (Ben)"] {
        assert!(conflict.detail.contains(value), "{value}: {}", conflict.detail);
    }
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("one value that people changed"))
    );
    harness.person_in_procore("00101", |person| person.job_title = Some("Foreman".into()));
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-101", "jobTitle"), "Foreman");
    assert_eq!(harness.in_exaktime("p-101", "lastName"), "Delgado Ruiz");
    assert_eq!(harness.in_exaktime("p-102", "lastName"), "Okafor (Ben)");
}

/// Both sides change the title of one, and only ExakTime that of another; then what ExakTime has of both.
async fn titles_under(owner: Owner) -> (usize, [serde_json::Value; 2]) {
    let mut harness = Harness::contractor();
    harness.apply_sync().await;
    harness.sync.owners.insert(Attribute::JobTitle, owner);
    harness.set_in_exaktime("p-101", "jobTitle", "Lead");
    harness.set_in_exaktime("p-102", "jobTitle", "Lead");
    harness.person_in_procore("00101", |person| person.job_title = Some("Foreman".into()));
    let report = harness.apply_sync().await;
    let titles = ["p-101", "p-102"].map(|record| harness.in_exaktime(record, "jobTitle"));
    assert_eq!(harness.in_exaktime("p-101", "badgeColor"), "orange");
    let conflicts = report.held.iter().filter(|held| held.detail.starts_with("job_title"));
    (conflicts.count(), titles)
}

#[tokio::test]
async fn b7_the_owner_of_a_field_decides_what_both_sides_changed() {
    let of = |conflicts, titles: [&str; 2]| (conflicts, titles.map(serde_json::Value::from));
    assert_eq!(titles_under(Owner::LatestAgreed).await, of(1, ["Lead", "Lead"]));
    assert_eq!(titles_under(Owner::Procore).await, of(0, ["Foreman", "Lead"]));
    assert_eq!(titles_under(Owner::ExakTime).await, of(0, ["Lead", "Lead"]));
}

#[tokio::test]
async fn b7_exaktime_keeps_what_it_owns_also_when_the_two_meet_for_the_first_time() {
    let mut harness = Harness::contractor();
    harness.sync.owners.insert(Attribute::LastName, Owner::ExakTime);
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-107", "lastName"), "Lindquist");
    assert!(harness.plan_sync().await.is_empty());
    let other = Harness::contractor();
    other.apply_sync().await;
    assert_eq!(
        other.in_exaktime("p-107", "lastName"),
        "Lindquist",
        "nobody knows whose is newer"
    );
    let mut third = Harness::contractor();
    third.sync.owners.insert(Attribute::LastName, Owner::Procore);
    third.apply_sync().await;
    assert_eq!(third.in_exaktime("p-107", "lastName"), "Lindqvist");
}

fn pair(company: &str) -> Pair {
    Pair {
        office: format!("api.procore.com company {company}"),
        field: "api.arcoro.com".into(),
    }
}

#[tokio::test]
async fn c13_ledger_and_plan_belong_to_one_pair_of_companies() {
    let harness = Harness::contractor();
    let ours = crate::harness::pair();
    let saved = SavedPlan::new(AnyPlan::Sync(harness.plan_sync().await));
    assert_eq!(harness.ledger.pair().await.unwrap(), None, "a plan binds nothing");
    harness.apply_sync().await;
    let wrong = harness.ledger.bind(&pair("2")).await;
    assert!(matches!(wrong, Err(LedgerError::WrongPair { .. })));
    assert_eq!(harness.ledger.pair().await.unwrap(), Some(ours.clone()));
    let text = serde_json::to_string(&saved).unwrap();
    assert_eq!(*SavedPlan::read(&text).unwrap().plan.pair(), ours);
    let moved = text.replace(&ours.office, "sandbox company 2");
    assert!(matches!(SavedPlan::read(&moved), Err(SavedPlanError::Altered)));
}

#[tokio::test]
async fn c13_a_company_that_the_credential_does_not_reach_is_written_nothing() {
    let harness = Harness::contractor();
    // The sandbox refuses whatever does not name its company in `Procore-Company-Id`.
    harness
        .procore
        .with_state(|state| state.company = procore_client::ids::CompanyId::new(1));
    let refused = harness.linx().plan_sync(&linx_core::sync::SyncOptions::default()).await;
    assert!(matches!(refused, Err(LinxError::Office(_))), "{refused:?}");
    assert_eq!(harness.writes(), 0);
}

#[tokio::test]
async fn c16_a_hidden_list_of_one_project_is_a_failure_of_that_list_only() {
    for status in [403, 404] {
        let mut harness = Harness::contractor();
        harness.sync.unsent_days = 0;
        harness.apply_sync().await;
        harness
            .procore_faults
            .order(once(Method::GET, "/rest/v1.0/sub_jobs", 0, refusal(status)));
        harness.procore.with_state(|state| {
            let sub_job = state.sub_jobs.values_mut().find(|one| one.name == "Podium");
            sub_job.unwrap().name = "Base".into();
        });
        let plan = harness.plan_sync().await;
        assert_eq!(changes(&plan, Kind::Location, RecordAction::Update), ["24-002.01"]);
        assert_eq!(plan.changes.len(), 1, "nothing is deactivated for the list that failed");
        assert_eq!(counted(&plan.held, Reason::IncompleteList), 1);
        assert!(plan.notes.iter().any(|note| note.contains("sub-job:316001/")));
    }
}

#[tokio::test]
async fn the_older_list_of_cost_codes_is_read_only_where_the_other_is_not_open() {
    let mut codes = Vec::new();
    for is_open in [true, false] {
        let harness = Harness::contractor();
        harness.exaktime.with_state(|state| state.cost_codes.clear());
        if !is_open {
            let path = "/work_breakdown_structure/segments";
            harness.procore_faults.order(once(Method::GET, path, 0, refusal(403)));
        }
        let plan = harness.plan_sync().await;
        let made = changes(&plan, Kind::CostCode, RecordAction::Create);
        codes.push(made.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let older = harness.procore_traffic.count(Some(&Method::GET), "standard_cost_code");
        assert_eq!(older == 0, is_open, "{older}");
    }
    assert!(!codes[0].is_empty());
    assert_eq!(codes[0], codes[1], "and it tells of the same codes");
}

#[tokio::test]
async fn c16_a_service_that_is_away_is_no_failure_of_one_projects_list() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.procore_faults.order(Order {
        method: Some(Method::GET),
        path: "/rest/v1.0/sub_jobs".into(),
        after: 0,
        times: 1000,
        fault: Fault::Unreachable,
    });
    let away = harness.linx().plan_sync(&linx_core::sync::SyncOptions::default()).await;
    assert!(matches!(away, Err(LinxError::Office(_))), "{away:?}");
}

/// Of the tower's task codes or people nothing is known; or Procore is away.
#[tokio::test]
async fn c16_a_list_of_one_project_that_an_export_is_refused_holds_no_other_time() {
    for path in ["/wbs_codes", "/projects/316001/people"] {
        let is_codes = path == "/wbs_codes";
        let synced = async || {
            let mut harness = Harness::contractor();
            harness.sync.unsent_days = 0;
            harness.apply_sync().await;
            harness.procore.with_state(|state| {
                state.configuration.task_codes = is_codes;
                state.configuration.employees_see_all_projects = is_codes;
            });
            harness
        };
        let harness = synced().await;
        let all = harness.plan_export().await.changes.len();
        harness.procore_faults.order(once(Method::GET, path, 0, refusal(403)));
        let plan = harness.plan_export().await;
        let told = plan.held.iter().filter(|held| held.reason == Reason::IncompleteList);
        assert_eq!(told.count() > 0, is_codes, "{path}: {:?}", plan.held);
        let left = plan.changes.len();
        assert!(0 < left && (left < all) == is_codes, "{path}: {left} of {all}");

        let harness = synced().await;
        harness.procore_faults.order(Order {
            method: Some(Method::GET),
            path: path.into(),
            after: 0,
            times: 1000,
            fault: Fault::Unreachable,
        });
        let away = harness.linx().plan_export(&two_weeks()).await;
        assert!(matches!(away, Err(LinxError::Office(_))), "{path}: {away:?}");
    }
}

#[tokio::test]
async fn c16_a_project_that_procore_refuses_to_show_is_hidden_and_not_gone() {
    for (status, deactivated) in [(403, 0), (404, 3)] {
        let mut harness = Harness::contractor();
        harness.sync.unsent_days = 0;
        harness.apply_sync().await;
        harness.procore.with_state(|state| {
            let status = http::StatusCode::from_u16(status).unwrap();
            state.hidden_projects.insert(ProjectId::new(316_001), status);
        });
        let plan = harness.plan_sync().await;
        let places = changes(&plan, Kind::Location, RecordAction::Deactivate);
        assert_eq!(places.len(), deactivated, "{status}: {places:?}");
        let left = plan.notes.iter().filter(|note| note.contains("left as it is"));
        assert_eq!(left.count(), 3 - deactivated, "{:?}", plan.notes);
    }
}

#[tokio::test]
async fn c16_a_hidden_company_list_ends_the_run_and_is_never_empty() {
    for (path, status) in [
        (PEOPLE, 403),
        (PEOPLE, 404),
        ("/rest/v1.1/projects", 403),
        ("/rest/v1.1/projects", 404),
    ] {
        let harness = Harness::contractor();
        harness.apply_sync().await;
        let writes = harness.writes();
        harness
            .procore_faults
            .order(once(Method::GET, path, 0, refusal(status)));
        let refused = harness.linx().plan_sync(&linx_core::sync::SyncOptions::default()).await;
        assert!(
            matches!(refused, Err(LinxError::Office(_))),
            "{path} {status}: {refused:?}"
        );
        assert_eq!(harness.writes(), writes);
    }
}

#[tokio::test]
async fn what_was_refused_is_told_and_tried_again() {
    let harness = Harness::contractor();
    harness
        .exaktime_faults
        .order(once(Method::POST, "/v1/Time/CostCodes", 5, refusal(422)));
    let report = harness.apply_sync().await;
    assert_eq!(counted(&report.held, Reason::TargetRefused), 1);
    let again = harness.apply_sync().await;
    assert_eq!(again.changes.len(), 1);
    assert_eq!(again.changes[0].result, RecordResult::Done);
}

#[tokio::test]
async fn b6_a_plan_that_was_kept_deactivates_nobody_who_was_taken_back() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.person_in_procore("00104", |person| person.is_active = false);
    let dismissed = harness.plan_sync().await;
    assert_eq!(changes(&dismissed, Kind::Employee, RecordAction::Deactivate), ["00104"]);
    harness.person_in_procore("00104", |person| person.is_active = true);
    let writes = harness.writes();
    let report = harness.linx().apply_sync(&dismissed).await.unwrap();
    assert_eq!((report.written(), harness.writes()), (0, writes));
    assert_eq!(counted(&report.held, Reason::StalePlan), 1);
}

#[tokio::test]
async fn what_is_ignored_takes_its_parts_along() {
    let harness = Harness::contractor();
    let project = linx_core::model::OfficeRef::Project(linx_core::model::ProjectId(316_003));
    assert_eq!(harness.linx().ignore(&[project]).await.unwrap(), 1);
    assert_eq!(
        harness.linx().ignore(&[project]).await.unwrap(),
        0,
        "it was ignored already"
    );
    let plan = harness.plan_sync().await;
    let created = changes(&plan, Kind::Location, RecordAction::Create);
    assert_eq!(created, ["24-002.03"], "and not 24-003.02");
    assert_eq!(counted(&plan.left_out, Reason::Ignored), 3);
}
