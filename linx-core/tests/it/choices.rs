//! What a company chooses to bring over, and that the rest is counted by its reason.

use std::collections::BTreeMap;

use linx_core::hold::Reason;
use linx_core::ledger::Link;
use linx_core::model::{Kind, OfficeRef};
use linx_core::plan::SyncPlan;
use linx_core::settings::{Import, ProjectStatus, SyncSettings};
use procore_client::ids::{ListId, ProjectId, StandardCostCodeId};

use crate::harness::Harness;

/// The settings with one thing chosen.
fn choosing(choose: impl FnOnce(&mut SyncSettings)) -> Harness {
    let mut harness = Harness::contractor();
    choose(&mut harness.sync);
    harness
}

/// How many of a kind are left out for which reason.
fn left_out(plan: &SyncPlan, kind: Kind) -> BTreeMap<Reason, usize> {
    let mut counts = BTreeMap::new();
    for held in plan.left_out.iter().filter(|held| held.subject.kind() == kind.as_str()) {
        *counts.entry(held.reason).or_default() += 1;
    }
    counts
}

/// What is linked or made of a kind, by number, once the plan is applied.
async fn brought_over(harness: &Harness, kind: Kind) -> Vec<String> {
    harness.apply_sync().await;
    let links = harness.ledger.links().await.unwrap();
    let property = match kind {
        Kind::Employee => "employeeIdentifier",
        Kind::Location | Kind::CostCode => "identifier",
    };
    let of_kind = links.iter().filter(|link| link.kind == kind);
    let number = |link: &Link| harness.in_exaktime(link.record.as_str(), property);
    let mut numbers: Vec<String> = of_kind.map(|link| number(link).as_str().unwrap().to_owned()).collect();
    numbers.sort();
    numbers
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Of 27 people one is no employee, and two left before ExakTime had them or have them inactive there.
const CONTACTS: usize = 1;

#[tokio::test]
async fn people_who_are_no_employees_are_left_out_unless_they_are_asked_for() {
    let plan = choosing(|_| ()).plan_sync().await;
    assert_eq!(left_out(&plan, Kind::Employee)[&Reason::NotAnEmployee], CONTACTS);
    let all = choosing(|sync| sync.workers.employees_only = false).plan_sync().await;
    assert_eq!(left_out(&all, Kind::Employee).get(&Reason::NotAnEmployee), None);
    assert_eq!(
        all.held
            .iter()
            .filter(|held| held.reason == Reason::NoIdentifier)
            .count(),
        2,
        "the contact has no number either"
    );
}

#[tokio::test]
async fn people_are_chosen_by_job_title() {
    let harness = choosing(|sync| sync.workers.job_titles = words(&[" foreman ", "OPERATOR"]));
    let plan = harness.plan_sync().await;
    // Each trade in turn: two of six, of 26 employees.
    assert_eq!(
        left_out(&plan, Kind::Employee),
        BTreeMap::from([(Reason::NotAnEmployee, CONTACTS), (Reason::JobTitleNotChosen, 18)])
    );
    let foremen_and_operators = ["00105", "00106", "00111", "00112", "00117", "00118", "00124"];
    assert_eq!(brought_over(&harness, Kind::Employee).await, foremen_and_operators);
}

#[tokio::test]
async fn people_are_left_out_by_job_title() {
    let harness = choosing(|sync| sync.workers.except_job_titles = words(&["Carpenter", "Laborer", "Ironworker"]));
    let plan = harness.plan_sync().await;
    assert_eq!(left_out(&plan, Kind::Employee)[&Reason::JobTitleNotChosen], 14);
    let numbers = brought_over(&harness, Kind::Employee).await;
    assert!(numbers.contains(&"00105".to_owned()) && !numbers.contains(&"00101".to_owned()));
}

#[tokio::test]
async fn people_are_chosen_by_the_directories_of_projects() {
    let harness = choosing(|sync| sync.workers.projects = words(&["24-001", "316003"]));
    let members: usize = harness.procore.with_state(|state| {
        let of = |number: u64| ProjectId::new(number);
        let people = state.people.iter().filter(|(_, person)| person.is_employee);
        people
            .filter(|(id, _)| state.is_member(of(316_001), **id) || state.is_member(of(316_003), **id))
            .count()
    });
    let plan = harness.plan_sync().await;
    let out = left_out(&plan, Kind::Employee);
    assert_eq!(out[&Reason::NotInChosenProjects], 26 - members);
    assert!(members > 5 && members < 20);
    let numbers = brought_over(&harness, Kind::Employee).await;
    assert!(numbers.contains(&"00101".to_owned()) && !numbers.contains(&"00102".to_owned()));
}

#[tokio::test]
async fn people_are_chosen_by_number_or_id() {
    let harness = choosing(|sync| sync.workers.only = words(&["00101", "562949953430002", "103"]));
    let plan = harness.plan_sync().await;
    assert_eq!(left_out(&plan, Kind::Employee)[&Reason::NotChosen], 24);
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("\"103\"") && note.contains("sync.workers.only")),
        "numbers keep their zeros: {:?}",
        plan.notes
    );
    assert_eq!(brought_over(&harness, Kind::Employee).await, ["00101", "00102"]);
}

#[tokio::test]
async fn who_is_not_chosen_any_more_stays_as_it_is() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.sync.workers.job_titles = words(&["Foreman"]);
    harness.sync.projects.only = words(&["24-001"]);
    let plan = harness.plan_sync().await;
    assert!(plan.is_empty(), "{:?}", plan.changes);
    assert!(left_out(&plan, Kind::Employee)[&Reason::JobTitleNotChosen] > 15);
    assert!(left_out(&plan, Kind::Location)[&Reason::NotChosen] > 3);
}

#[tokio::test]
async fn projects_are_chosen_by_status() {
    let by_default = choosing(|sync| sync.unsent_days = 0);
    by_default.apply_sync().await;
    assert_eq!(by_default.in_exaktime("loc-22-017", "isActive"), false);
    let all = choosing(|sync| sync.projects.status = ProjectStatus::All);
    all.apply_sync().await;
    assert_eq!(all.in_exaktime("loc-22-017", "isActive"), true);
    assert!(all.link_to("loc-22-017").await.is_some());
}

#[tokio::test]
async fn projects_and_their_parts_are_chosen_by_stage() {
    let harness = choosing(|sync| sync.projects.stages = words(&["bidding"]));
    let plan = harness.plan_sync().await;
    // Four projects; the parts of what is not chosen are not even asked for.
    assert_eq!(
        left_out(&plan, Kind::Location),
        BTreeMap::from([(Reason::StageNotChosen, 4)])
    );
    assert_eq!(brought_over(&harness, Kind::Location).await, ["25-004", "25-004.10"]);
    let harness = choosing(|sync| sync.projects.except_stages = words(&["Course of Construction", "Warranty"]));
    assert_eq!(brought_over(&harness, Kind::Location).await, ["25-004", "25-004.10"]);
}

#[tokio::test]
async fn projects_are_chosen_by_number_or_id_and_demonstrations_stay_out() {
    let harness = choosing(|sync| sync.projects.only = words(&["25-004"]));
    let plan = harness.plan_sync().await;
    assert_eq!(
        left_out(&plan, Kind::Location),
        BTreeMap::from([(Reason::NotChosen, 4)])
    );
    assert_eq!(brought_over(&harness, Kind::Location).await, ["25-004", "25-004.10"]);
    let harness = choosing(|sync| sync.projects.except = words(&["316002", "22-017"]));
    harness.procore.with_state(|state| {
        state.projects.get_mut(&ProjectId::new(316_001)).unwrap().demo = true;
        state.projects.get_mut(&ProjectId::new(316_003)).unwrap().template = true;
    });
    let plan = harness.plan_sync().await;
    assert_eq!(
        left_out(&plan, Kind::Location),
        BTreeMap::from([(Reason::NotChosen, 2), (Reason::DemoOrTemplate, 2)])
    );
    assert_eq!(brought_over(&harness, Kind::Location).await, ["25-004", "25-004.10"]);
}

fn a_second_list(harness: &Harness) {
    harness.procore.with_state(|state| {
        let list = ListId::new(5502);
        state.code_lists.insert(list, "Shop".into());
        let first = StandardCostCodeId::new(7_800_001);
        let mut division = state.company_codes.values().next().unwrap().clone();
        division.list = list;
        division.code = "90".into();
        division.name = "Shop".into();
        let mut leaf = division.clone();
        leaf.parent = Some(first);
        leaf.code = "100".into();
        leaf.name = "Benches".into();
        state.company_codes.insert(first, division);
        state.company_codes.insert(StandardCostCodeId::new(7_800_002), leaf);
    });
}

#[tokio::test]
async fn cost_codes_are_chosen_by_list_and_leaf() {
    let harness = choosing(|sync| sync.cost_codes.lists = words(&["shop"]));
    a_second_list(&harness);
    let codes = harness.procore.with_state(|state| state.company_codes.len());
    let plan = harness.plan_sync().await;
    assert_eq!(
        left_out(&plan, Kind::CostCode),
        BTreeMap::from([(Reason::ListNotChosen, codes - 2), (Reason::ParentCode, 1)])
    );
    assert_eq!(brought_over(&harness, Kind::CostCode).await, ["90-100"]);
    let harness = choosing(|sync| {
        sync.cost_codes.lists = words(&["5502"]);
        sync.leaf_codes_only = false;
    });
    a_second_list(&harness);
    assert_eq!(brought_over(&harness, Kind::CostCode).await, ["90", "90-100"]);
}

#[tokio::test]
async fn places_are_made_of_projects_of_sub_jobs_or_of_both() {
    let is_part = |link: &Link| matches!(link.office, OfficeRef::SubJob(..));
    for (imports, projects, parts) in [
        (vec![Import::Projects], 5, 0),
        (vec![Import::SubJobs], 0, 8),
        (vec![Import::Projects, Import::SubJobs], 5, 8),
    ] {
        let harness = choosing(|sync| {
            sync.import = imports;
            sync.unsent_days = 0;
        });
        harness.apply_sync().await;
        let links = harness.ledger.links().await.unwrap();
        let made = links.iter().filter(|link| is_part(link)).count();
        assert_eq!((links.len() - made, made), (projects, parts));
        assert!(harness.plan_sync().await.is_empty());
    }
}

#[tokio::test]
async fn dropping_an_import_deactivates_nothing() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    for import in Import::ALL {
        harness.sync.import = vec![import];
        let plan = harness.plan_sync().await;
        assert!(plan.is_empty(), "{import:?}: {:?}", plan.changes);
    }
}

#[tokio::test]
async fn a_mistyped_word_is_noted_with_its_setting() {
    let harness = choosing(|sync| {
        sync.workers.job_titles = words(&["Foremen"]);
        sync.workers.except_job_titles = words(&["Crews"]);
        sync.workers.projects = words(&["24-1"]);
        sync.projects.only = words(&["24-01"]);
        sync.projects.stages = words(&["Construction"]);
        sync.cost_codes.lists = words(&["Mastre"]);
    });
    let plan = harness.plan_sync().await;
    for (setting, word) in [
        ("sync.workers.job_titles", "Foremen"),
        ("sync.workers.except_job_titles", "Crews"),
        ("sync.workers.projects", "24-1"),
        ("sync.projects.only", "24-01"),
        ("sync.projects.stages", "Construction"),
        ("sync.cost_codes.lists", "Mastre"),
    ] {
        let told = format!("{setting} names \"{word}\"");
        assert_eq!(
            plan.notes.iter().filter(|note| note.starts_with(&told)).count(),
            1,
            "{told}"
        );
    }
    assert_eq!(plan.notes.len(), 6, "{:?}", plan.notes);
    assert!(plan.is_empty());
}

#[tokio::test]
async fn a_mistyped_word_of_the_export_is_noted_and_one_that_fits_is_not() {
    let mut harness = Harness::contractor();
    harness.apply_sync().await;
    harness.export.classified_projects = words(&["24-001", "24-01"]);
    harness.export.leave = [("VAC".into(), "Vacations".into()), ("UNPAID".into(), String::new())].into();
    let plan = harness.plan_export().await;
    let told: Vec<_> = plan.notes.iter().filter(|note| note.contains(" names ")).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("export.classified_projects names \"24-01\""),
        "{told:?}"
    );
    assert!(told[1].starts_with("export.leave.VAC names \"Vacations\""), "{told:?}");
}
