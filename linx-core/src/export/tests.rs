//! Plans over hand-made facts: each rule by itself, without a service.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeZone, Utc};
use proptest::prelude::*;

use super::*;
use crate::change::{LineAction, LineKey};
use crate::hold::Reason;
use crate::ledger::recover::mark;
use crate::ledger::{Link, StoredLine};
use crate::mapping::{MappingRules, StandardRules};
use crate::model::*;
use crate::ports::Snapshot;

const WORKER: WorkerId = WorkerId(7);
const PROJECT: ProjectId = ProjectId(316);

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn record_id(id: &str) -> RecordId {
    RecordId(id.into())
}

fn link(office: OfficeRef, id: &str) -> Link {
    let base = Attributes::default().with(Attribute::Identifier, id);
    Link {
        office,
        kind: office.kind(),
        record: record_id(id),
        base,
    }
}

fn project_code(id: u64, company: u64, full_code: &str, base_types: &[&str]) -> ProjectCostCode {
    let types = base_types.iter().zip(50..).map(|(base, id)| LineItemType {
        id: LineItemTypeId(id),
        base_type: (*base).into(),
    });
    ProjectCostCode {
        id: ProjectCodeId(id),
        full_code: full_code.into(),
        company_code: Some(CompanyCodeId(company)),
        line_item_types: types.collect(),
    }
}

/// One worker, one project with the codes 03-300 (labor) and 02-410 (materials only), no time yet.
fn world() -> ExportFacts {
    let worker = Worker::of(WORKER, "00102", "Okafor");
    let project = Project {
        time_zone: Some("America/Chicago".into()),
        ..Project::of(PROJECT, "24-001", "Tower")
    };
    let code = |id, full_code: &str| CompanyCostCode {
        id: CompanyCodeId(id),
        full_code: full_code.into(),
        name: full_code.into(),
        list: None,
        leaf: true,
        active: true,
    };
    let codes = vec![
        project_code(900, 71, "03-300", &["labor", "materials"]),
        project_code(901, 72, "02-410", &["materials"]),
    ];
    ExportFacts {
        records: Snapshot::complete(vec![]),
        approvals: vec![],
        employees: Snapshot::complete(vec![]),
        locations: Snapshot::complete(vec![]),
        entries: Snapshot::complete(vec![]),
        workers: Snapshot::complete(vec![worker]),
        projects: Snapshot::complete(vec![project]),
        sub_jobs: vec![],
        cost_codes: Snapshot::complete(vec![code(71, "03-300"), code(72, "02-410"), code(73, "31-220")]),
        project_codes: [((PROJECT, None), Ok(codes))].into(),
        task_codes: BTreeMap::new(),
        classifications: Vec::new(),
        codes: Vec::new(),
        members: BTreeMap::new(),
        today: day(31),
        time_types: vec![
            TimeType {
                id: TimeTypeId(1),
                label: "Regular Time".into(),
            },
            TimeType {
                id: TimeTypeId(2),
                label: "Overtime".into(),
            },
        ],
        settings: TimeSettings::default(),
        links: vec![
            link(OfficeRef::Worker(WORKER), "p-102"),
            link(OfficeRef::Project(PROJECT), "loc-1"),
            link(OfficeRef::CostCode(CompanyCodeId(71)), "cc-300"),
            link(OfficeRef::CostCode(CompanyCodeId(72)), "cc-410"),
            link(OfficeRef::CostCode(CompanyCodeId(73)), "cc-220"),
        ],
        lines: vec![],
        open_intents: vec![],
        last_run: None,
    }
}

fn record(date: u32, from_hour: u32, seconds: i64) -> TimeRecord {
    let start = Utc.with_ymd_and_hms(2026, 3, date, from_hour, 0, 0).unwrap();
    TimeRecord {
        id: Some(format!("tr-{date}-{from_hour}").into()),
        employee: record_id("p-102"),
        work_date: day(date),
        location: Some(record_id("loc-1")),
        cost_code: Some(record_id("cc-300")),
        start: Some(start),
        stop: Some(start + chrono::Duration::seconds(seconds.abs())),
        hours: ClassHours::of(HourClass::Regular, Hours::from_seconds(seconds)),
        comment: None,
        classification: None,
        clock: None,
    }
}

fn plan_of(facts: &ExportFacts) -> ExportPlan {
    let selection = Selection::days(day(1), day(31));
    let plan = plan(
        facts,
        &StandardRules::standard(),
        &ExportSettings::default(),
        &selection,
    )
    .unwrap();
    assert_eq!(plan.account.check(), Ok(()));
    plan
}

/// What Procore and the ledger hold once `plan` was applied to `facts`.
fn applied(mut facts: ExportFacts, plan: &ExportPlan) -> ExportFacts {
    for change in &plan.changes {
        facts.lines.retain(|line| line.key != change.key);
        facts.entries.rows.retain(|entry| Some(entry.id) != change.entry);
        if change.action == LineAction::Delete {
            continue;
        }
        let next = facts.entries.rows.iter().map(|entry| entry.id.0).max().unwrap_or(0) + 1;
        let id = change.entry.unwrap_or(EntryId(next));
        facts.entries.rows.push(Entry {
            id,
            content: change.content.clone(),
            status: ApprovalStatus::Pending,
            signed: false,
            parts: Vec::new(),
            origin: Some(mark(&change.key, &change.content).into()),
        });
        facts.lines.push(StoredLine {
            key: change.key.clone(),
            entry: id,
            sent: Some(change.content.clone()),
            answered: None,
            employee: None,
            missing_since: None,
        });
    }
    facts
}

fn exported() -> ExportFacts {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(2, 17, 4 * 3600)];
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    applied(facts, &plan)
}

fn reasons(held: &[crate::hold::Held]) -> Vec<Reason> {
    held.iter().map(|held| held.reason).collect()
}

#[test]
fn records_of_one_day_place_code_and_class_are_one_line() {
    let mut facts = world();
    let mut overtime = record(2, 21, 3600);
    overtime.hours = ClassHours::of(HourClass::Overtime, Hours::from_seconds(3600));
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(2, 17, 4 * 3600), overtime];
    let plan = plan_of(&facts);
    let lines: Vec<_> = plan
        .changes
        .iter()
        .map(|line| (line.key.class, line.content.hours.to_string()))
        .collect();
    assert_eq!(
        lines,
        [
            (HourClass::Regular, "8.00".into()),
            (HourClass::Overtime, "1.00".into())
        ]
    );
    assert_eq!(plan.changes[0].content.coding.line_item_type, Some(LineItemTypeId(50)));
    assert!(plan.changes[0].content.billable);
}

#[test]
fn b12_a_second_export_changes_nothing() {
    let facts = exported();
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(
        (plan.unchanged, plan.account.total().stored),
        (1, Hours::from_minutes(480))
    );
}

#[test]
fn b10_a_day_that_was_cut_anew_is_the_same_line() {
    let mut facts = exported();
    facts.records.rows = vec![record(2, 13, 2 * 3600), record(2, 15, 6 * 3600)];
    assert!(plan_of(&facts).is_empty());
}

#[test]
fn b10_a_lost_ledger_is_rebuilt_from_the_marks() {
    let mut facts = exported();
    let line = std::mem::take(&mut facts.lines);
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(plan.agreed, line);

    facts.records.rows[0].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(60));
    let plan = plan_of(&facts);
    assert_eq!(
        plan.changes[0].action,
        LineAction::Update,
        "an untouched entry can still be corrected"
    );

    facts.entries.rows[0].content.hours = CentiHours::from_hundredths(750);
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EditedOnBothSides]);
}

#[test]
fn d17_a_correction_is_an_update_that_shows_both_values() {
    let mut facts = exported();
    facts.records.rows[1].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(210));
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    let change = &plan.changes[0];
    assert_eq!((change.action, change.entry), (LineAction::Update, Some(EntryId(1))));
    assert_eq!(
        (change.before.unwrap().to_string(), change.content.hours.to_string()),
        ("8.00".into(), "7.50".into())
    );
}

#[test]
fn what_the_office_adjusted_or_deleted_is_never_put_back() {
    let mut facts = exported();
    facts.entries.rows[0].content.hours = CentiHours::from_hundredths(750);
    let plan = plan_of(&facts);
    assert!(plan.is_empty() && plan.held.is_empty());
    assert_eq!(reasons(&plan.left_out), [Reason::AdjustedInOffice]);
    assert!(
        plan.left_out[0]
            .detail
            .contains("7.50 h in Procore, 8.00 h in ExakTime")
    );

    let entry = facts.entries.rows.remove(0);
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.left_out), [Reason::DeletedInOffice]);

    facts.records.rows[0].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(60));
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EditedOnBothSides]);
    facts.entries.rows.push(entry);
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EditedOnBothSides]);
}

#[test]
fn both_sides_moving_to_the_same_value_agree() {
    let mut facts = exported();
    facts.entries.rows[0].content.hours = CentiHours::from_hundredths(750);
    facts.records.rows[1].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(210));
    let plan = plan_of(&facts);
    assert!(plan.is_empty() && plan.held.is_empty() && plan.left_out.is_empty());
    assert_eq!(plan.agreed[0].sent.as_ref().unwrap().hours.to_string(), "7.50");
}

#[test]
fn d18_an_entry_that_a_person_has_looked_at_is_never_touched() {
    for status in [
        ApprovalStatus::Reviewed,
        ApprovalStatus::Approved,
        ApprovalStatus::Completed,
    ] {
        let mut facts = exported();
        facts.entries.rows[0].status = status;
        assert!(plan_of(&facts).held.is_empty(), "nothing changed, nothing to hold");
        facts.records.rows[0].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(60));
        let plan = plan_of(&facts);
        assert!(plan.is_empty());
        assert_eq!(reasons(&plan.held), [Reason::EntryLocked]);
    }
}

#[test]
fn d19_only_our_own_untouched_entries_are_deleted() {
    let mut facts = exported();
    facts.records.rows.clear();
    let mut strange = facts.entries.rows[0].clone();
    strange.id = EntryId(99);
    strange.origin = None;
    facts.entries.rows.push(strange);
    let plan = plan_of(&facts);
    assert!(
        plan.is_empty(),
        "a night that was not read yet looks the same (hazard B13)"
    );
    assert_eq!(reasons(&plan.left_out), [Reason::AwaitsRefresh]);
    assert_eq!(plan.agreed[0].missing_since, Some(facts.today));

    facts.lines[0].missing_since = Some(day(30));
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(
        (plan.changes[0].action, plan.changes[0].entry),
        (LineAction::Delete, Some(EntryId(1)))
    );

    facts.entries.rows[0].content.description = Some("checked".into());
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::RemovedButEdited]);
}

#[test]
fn d19_a_move_removes_before_it_creates() {
    let mut facts = exported();
    for record in &mut facts.records.rows {
        record.hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(240));
    }
    let actions: Vec<_> = plan_of(&facts).changes.iter().map(|change| change.action).collect();
    assert_eq!(actions, [LineAction::Delete, LineAction::Create]);
}

#[test]
fn d19_time_that_moves_off_an_entry_that_stays_is_not_paid_twice() {
    let mut facts = exported();
    for record in &mut facts.records.rows {
        record.hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(240));
    }
    facts.entries.rows[0].status = ApprovalStatus::Approved;
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::BesideKept, Reason::RemovedButEdited]);
    assert_eq!(plan.account.total().held, Hours::from_minutes(480));
}

#[test]
fn b5_what_moves_waits_with_the_deletion_that_the_guard_refuses() {
    let mut facts = world();
    facts.records.rows = (2..=28).map(|date| record(date, 13, 4 * 3600)).collect();
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    for record in &mut facts.records.rows {
        record.hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(240));
    }
    let plan = plan_of(&facts);
    assert!(plan.refused.is_some() && plan.is_empty());
    assert_eq!(plan.account.total().held, plan.account.total().read);
}

#[test]
fn d19_time_that_moves_from_a_day_that_was_not_asked_for_leaves_it_at_once() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(3, 13, 4 * 3600)];
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    facts.records.rows.pop();
    facts.records.rows.push(record(2, 17, 4 * 3600));
    let monday = Selection::days(day(2), day(2));
    let plan = super::plan(&facts, &StandardRules::standard(), &ExportSettings::default(), &monday).unwrap();
    let actions: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (change.key.date, change.action))
        .collect();
    assert_eq!(actions, [(day(2), LineAction::Update), (day(3), LineAction::Delete)]);
}

#[test]
fn b4_nothing_is_removed_on_the_strength_of_an_incomplete_list() {
    let mut facts = exported();
    facts.records.rows.clear();
    facts.records.incomplete = Some("499 of 500".into());
    assert!(plan_of(&facts).is_empty());
}

#[test]
fn a1_nothing_is_created_while_procores_list_may_lack_rows() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 3600)];
    facts.entries.incomplete = Some("99 of 100".into());
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::IncompleteList]);
}

#[test]
fn d8_an_open_record_holds_the_day_and_removes_nothing() {
    let mut facts = exported();
    facts.records.rows[1].stop = None;
    facts.records.rows[1].hours = ClassHours::default();
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::DayIncomplete, Reason::OpenRecord]);
    assert_eq!(plan.account.total().held, Hours::from_minutes(240));
}

#[test]
fn d9_overlaps_hold_the_day_and_touching_ends_do_not() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(2, 17, 3600)];
    assert!(plan_of(&facts).held.is_empty());
    facts.records.rows = vec![record(2, 13, 4 * 3600 + 1), record(2, 17, 3600)];
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::Overlap; 2]);
}

#[test]
fn c11_what_cannot_be_found_is_held_with_the_missing_piece_named() {
    let mut facts = world();
    let at = |change: fn(&mut TimeRecord)| {
        let mut record = record(2, 13, 3600);
        change(&mut record);
        record
    };
    let cases: [(Reason, TimeRecord, &str); 8] = [
        (
            Reason::EmployeeNotLinked,
            at(|record| record.employee = record_id("p-999")),
            "p-999",
        ),
        (Reason::NoLocation, at(|record| record.location = None), ""),
        (
            Reason::LocationNotLinked,
            at(|record| record.location = Some(record_id("loc-YARD"))),
            "loc-YARD",
        ),
        (Reason::NoCostCode, at(|record| record.cost_code = None), ""),
        (
            Reason::CostCodeNotLinked,
            at(|record| record.cost_code = Some(record_id("cc-IN"))),
            "cc-IN",
        ),
        (
            Reason::NoLaborType,
            at(|record| record.cost_code = Some(record_id("cc-410"))),
            "02-410",
        ),
        (
            Reason::CostCodeNotInProject,
            at(|record| record.cost_code = Some(record_id("cc-220"))),
            "31-220 in project:316",
        ),
        (
            Reason::NoTimeType,
            at(|record| record.hours = ClassHours::of(HourClass::DoubleTime, Hours::from_minutes(60))),
            "`Double Time`, and Procore has Regular Time, Overtime",
        ),
    ];
    for (reason, record, named) in cases {
        facts.records.rows = vec![record];
        let plan = plan_of(&facts);
        assert!(plan.is_empty(), "{reason}");
        assert_eq!(reasons(&plan.held), [reason]);
        assert!(plan.held[0].detail.contains(named), "{}", plan.held[0].detail);
    }
}

#[test]
fn c10_a_closed_project_holds_its_time() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 3600)];
    facts.projects.rows[0].active = false;
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::ProjectClosed]);
}

#[test]
fn d13_three_times_twenty_minutes_are_sent_as_one_hour() {
    let mut facts = world();
    let mut records: Vec<TimeRecord> = (0..3).map(|n| record(2, 13 + n, 1200)).collect();
    facts.links.push(link(OfficeRef::Project(ProjectId(317)), "loc-2"));
    facts.links.push(link(OfficeRef::Project(ProjectId(318)), "loc-3"));
    for (n, record) in records.iter_mut().enumerate() {
        record.location = Some(record_id(&format!("loc-{}", n + 1)));
    }
    for id in [317, 318] {
        let project = Project {
            id: ProjectId(id),
            ..facts.projects.rows[0].clone()
        };
        facts.projects.rows.push(project);
        let codes = facts.project_codes[&(PROJECT, None)].clone();
        facts.project_codes.insert((ProjectId(id), None), codes);
    }
    facts.records.rows = records;
    let plan = plan_of(&facts);
    let sent: i64 = plan
        .changes
        .iter()
        .map(|change| change.content.hours.hundredths())
        .sum();
    assert_eq!((plan.changes.len(), sent), (3, 100));
    assert_eq!(plan.account.total().stored, Hours::from_minutes(60));
}

#[test]
fn d22_zero_hours_are_left_out_and_d23_negative_ones_are_held() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 0)];
    assert_eq!(reasons(&plan_of(&facts).left_out), [Reason::ZeroHours]);
    facts.records.rows = vec![record(2, 13, -1800)];
    let plan = plan_of(&facts);
    assert_eq!(reasons(&plan.held), [Reason::NegativeHours]);
    assert_eq!(plan.account.total().held, Hours::from_minutes(-30));
    facts.records.rows = vec![record(2, 13, 8 * 3600 + 1800), record(2, 22, -1800)];
    let plan = plan_of(&facts);
    assert_eq!(
        plan.changes[0].content.hours.to_string(),
        "8.00",
        "a lunch joins the shift of its day"
    );
}

#[test]
fn only_approved_days_are_sent_where_that_is_asked_for() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 3600), record(3, 13, 3600)];
    facts.approvals = vec![
        Approval {
            employee: record_id("p-102"),
            work_date: day(2),
            level: ApprovalLevel::SignOff,
        },
        Approval {
            employee: record_id("p-102"),
            work_date: day(3),
            level: ApprovalLevel::Employee,
        },
    ];
    let settings = ExportSettings {
        approved_only: true,
        ..ExportSettings::default()
    };
    let selection = Selection::days(day(1), day(31));
    let plan = plan(&facts, &StandardRules::standard(), &settings, &selection).unwrap();
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(reasons(&plan.held), [Reason::NotApproved]);
}

/// Any record of the small world, whole or with something missing.
fn any_record() -> impl Strategy<Value = TimeRecord> {
    (
        1_u32..6,
        0_u32..23,
        -7200_i64..40_000,
        0..4_u8,
        0..4_u8,
        0..3_u8,
        any::<bool>(),
    )
        .prop_map(|(date, hour, seconds, place, code, class, open)| {
            let mut record = record(date, hour, seconds);
            record.location = ["loc-1", "loc-1", "loc-YARD"]
                .get(usize::from(place))
                .map(|id| record_id(id));
            record.cost_code = ["cc-300", "cc-410", "cc-220"]
                .get(usize::from(code))
                .map(|id| record_id(id));
            record.hours = ClassHours::of(HourClass::ALL[usize::from(class)], Hours::from_seconds(seconds));
            if open && seconds % 5 == 0 {
                record.stop = None;
            }
            record
        })
}

proptest! {
    #[test]
    fn d25_every_hour_has_one_fate_and_a_second_export_writes_nothing(
        records in proptest::collection::vec(any_record(), 0..12),
        later in proptest::collection::vec(any_record(), 0..12),
        touched in proptest::collection::vec(any::<bool>(), 12),
    ) {
        let mut facts = world();
        facts.records.rows = records;
        let first = plan_of(&facts);
        let mut facts = applied(facts, &first);
        prop_assert!(plan_of(&facts).is_empty(), "a second export writes nothing");

        // People work on in both places; what an office hand touched is never written again.
        for (entry, touched) in facts.entries.rows.iter_mut().zip(&touched) {
            if *touched {
                entry.content.description = Some("by hand".into());
            }
        }
        let by_hand: Vec<EntryId> = facts
            .entries.rows.iter().zip(&touched).filter(|(_, touched)| **touched).map(|(entry, _)| entry.id).collect();
        facts.records.rows = later;
        let second = plan_of(&facts);
        for change in &second.changes {
            prop_assert!(change.entry.is_none_or(|entry| !by_hand.contains(&entry)), "{change:?}");
        }
        let facts = applied(facts, &second);
        prop_assert!(plan_of(&facts).is_empty());
        let keys: std::collections::BTreeSet<&LineKey> = facts.lines.iter().map(|line| &line.key).collect();
        prop_assert_eq!(keys.len(), facts.lines.len(), "no key twice");
    }

    #[test]
    fn the_order_of_reading_does_not_matter(
        records in proptest::collection::vec(any_record(), 0..8).prop_flat_map(|records| {
            (Just(records.clone()), Just(records).prop_shuffle())
        }),
    ) {
        let mut facts = world();
        facts.records.rows = records.0;
        let one = plan_of(&facts);
        facts.records.rows = records.1;
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&plan_of(&facts)).unwrap());
    }
}

fn plan_by(facts: &ExportFacts, settings: &ExportSettings) -> ExportPlan {
    let selection = Selection::days(day(1), day(31));
    let plan = plan(facts, &StandardRules::standard(), settings, &selection).unwrap();
    assert_eq!(plan.account.check(), Ok(()));
    plan
}

#[test]
fn c15_time_of_a_worker_whom_the_project_does_not_know_is_held() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 7, 8 * 3600)];
    facts.members = [(PROJECT, BTreeSet::new())].into();
    let plan = plan_by(&facts, &ExportSettings::default());
    assert_eq!(reasons(&plan.held), [Reason::NotInProject]);
    assert!(
        plan.held[0]
            .detail
            .contains("worker:7 is not in the directory of project:316")
    );
    facts.members = [(PROJECT, BTreeSet::from([WORKER]))].into();
    assert_eq!(plan_by(&facts, &ExportSettings::default()).changes.len(), 1);
}

#[test]
fn d8_a_day_is_sent_once_it_is_settled() {
    let mut facts = world();
    facts.records.rows = vec![record(10, 7, 3600), record(12, 7, 3600)];
    facts.today = day(14);
    let settings = ExportSettings {
        settled_days: 3,
        ..ExportSettings::default()
    };
    let plan = plan_by(&facts, &settings);
    assert_eq!(reasons(&plan.held), [Reason::NotSettled]);
    assert_eq!(plan.changes[0].key.date, day(10));
}

#[test]
fn c11_time_without_its_code_is_held_or_sent_without_one_as_the_company_says() {
    let mut facts = world();
    let mut elsewhere = record(2, 7, 8 * 3600);
    elsewhere.cost_code = Some(record_id("cc-220"));
    facts.records.rows = vec![elsewhere];
    assert_eq!(
        reasons(&plan_by(&facts, &ExportSettings::default()).held),
        [Reason::CostCodeNotInProject]
    );
    let settings = ExportSettings {
        unresolved_cost_code: crate::settings::UnresolvedCostCode::Omit,
        ..ExportSettings::default()
    };
    let plan = plan_by(&facts, &settings);
    let content = &plan.changes[0].content;
    assert_eq!((content.coding.cost_code, content.coding.line_item_type), (None, None));
    assert_eq!(
        &*plan.changes[0].key.cost_code, "31-220",
        "the key still tells the code"
    );
}

#[test]
fn c11_of_several_labor_types_only_the_companys_default_is_taken() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 7, 8 * 3600)];
    let codes = vec![project_code(900, 71, "03-300", &["labor", "labor"])];
    facts.project_codes = [((PROJECT, None), Ok(codes))].into();
    assert_eq!(
        reasons(&plan_by(&facts, &ExportSettings::default()).held),
        [Reason::NoLaborType]
    );
    facts.settings.default_cost_type = Some(LineItemTypeId(51));
    let plan = plan_by(&facts, &ExportSettings::default());
    assert_eq!(plan.changes[0].content.coding.line_item_type, Some(LineItemTypeId(51)));
    facts.settings.default_cost_type = Some(LineItemTypeId(99));
    assert_eq!(
        reasons(&plan_by(&facts, &ExportSettings::default()).held),
        [Reason::NoLaborType]
    );
}

#[test]
fn a11_a_line_is_not_made_while_an_entry_of_its_days_could_not_be_read() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 7, 8 * 3600)];
    facts.entries.unreadable = vec![crate::ports::UnreadRow::new("91000001", "`hours` is not a decimal")];
    let plan = plan_by(&facts, &ExportSettings::default());
    assert!(plan.changes.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::UnreadableRow, Reason::IncompleteList]);
}

#[test]
fn a_rule_cannot_move_time_out_of_the_days_that_were_read() {
    let mut facts = world();
    facts.records.rows = vec![record(1, 7, 8 * 3600), record(2, 7, 8 * 3600)];
    let rules = crate::mapping::Overrides::of(StandardRules::standard()).timesheet_line(|standard, time| {
        standard.timesheet_line(time).map(|draft| crate::mapping::LineDraft {
            date: draft.date.pred_opt().unwrap(),
            ..draft
        })
    });
    let selection = Selection::days(day(1), day(31));
    let plan = plan(&facts, &rules, &ExportSettings::default(), &selection).unwrap();
    let dates: Vec<NaiveDate> = plan.changes.iter().map(|change| change.key.date).collect();
    assert_eq!(dates, [day(1)]);
    assert_eq!(reasons(&plan.held), [Reason::HeldByRule]);
}

/// Any way in which a company may have its time treated.
fn any_settings() -> impl Strategy<Value = ExportSettings> {
    use crate::settings::{Overnight, Rounding, WeekStart};
    (
        prop_oneof![
            Just(Overnight::ExakTime),
            Just(Overnight::StartDay),
            Just(Overnight::SplitAtMidnight)
        ],
        prop_oneof![
            Just(Rounding::None),
            Just(Rounding::FiveMinutes),
            Just(Rounding::Quarter)
        ],
        prop_oneof![Just(WeekStart::Monday), Just(WeekStart::Wednesday)],
        prop_oneof![Just(8), Just(16)],
    )
        .prop_map(
            |(overnight, rounding, week_start, longest_shift_hours)| ExportSettings {
                rounding,
                overnight,
                longest_shift_hours,
                week_start,
                ..ExportSettings::default()
            },
        )
}

proptest! {
    #[test]
    fn d25_every_hour_has_one_fate_however_shifts_are_cut_and_rounded(
        records in proptest::collection::vec(any_record(), 0..8),
        breaks in proptest::collection::vec(0_i64..4000, 8),
        settings in any_settings(),
        takes_start_stop in any::<bool>(),
        (from, days) in (1_u32..5, 0_u32..4),
    ) {
        let mut facts = world();
        if takes_start_stop {
            facts.settings.start_stop_projects = vec![PROJECT];
        }
        facts.records.rows = records;
        for (record, unpaid) in facts.records.rows.iter_mut().zip(breaks) {
            record.stop = record.stop.map(|stop| stop + chrono::Duration::seconds(unpaid));
        }
        let selection = Selection::days(day(from), day(from + days));
        let rules = StandardRules::standard();
        // Nothing that was read is without a fate, or `plan` would be an error.
        let first = plan(&facts, &rules, &settings, &selection).unwrap();
        prop_assert_eq!(first.account.check(), Ok(()));
        for change in &first.changes {
            prop_assert!((selection.from..=selection.to).contains(&change.key.date));
            prop_assert_eq!(change.content.span.is_some(), takes_start_stop);
            if settings.rounding == crate::settings::Rounding::None {
                let exact: Hours = change.carries.iter().map(|carried| carried.hours).sum();
                let sent = change.content.hours.to_hours();
                prop_assert!((sent - exact).seconds().abs() <= 36, "{} for {}", sent.seconds(), exact.seconds());
            }
        }
        // Whatever the days of the next export, it leaves these lines alone.
        let facts = applied(facts, &first);
        let wider = Selection::days(day(1), day(9));
        let second = plan(&facts, &rules, &settings, &wider).unwrap();
        for change in &second.changes {
            prop_assert!(!first.changes.iter().any(|known| known.key == change.key), "{change:?}");
            prop_assert_eq!(change.action, LineAction::Create);
        }
    }
}

#[test]
fn d20_classes_stay_apart_and_a_project_that_certifies_its_payroll_demands_one() {
    let mut facts = world();
    let class = |id, name: &str, abbreviation: &str| crate::model::Classification {
        id: ClassificationId(id),
        name: name.into(),
        abbreviation: Some(abbreviation.into()),
        projects: None,
        active: true,
    };
    facts.classifications = vec![class(1, "Carpenter Journeyman", "CJ"), class(2, "Laborer", "LB")];
    let of = |hour: u32, class: Option<&str>| TimeRecord {
        classification: class.map(Into::into),
        ..record(2, hour, 2 * 3600)
    };
    facts.records.rows = vec![
        of(7, Some("Carpenter J")),
        of(9, Some("lb")),
        of(11, None),
        of(13, Some("Welder")),
    ];
    let settings = ExportSettings {
        classifications: [("Carpenter J".to_owned(), "CJ".to_owned())].into(),
        classified_projects: vec!["24-001".into()],
        ..ExportSettings::default()
    };
    let rules = StandardRules::new(&crate::settings::SyncSettings::default(), &settings).unwrap();
    let plan = plan(&facts, &rules, &settings, &Selection::days(day(1), day(31))).unwrap();
    let classes: Vec<_> = plan
        .changes
        .iter()
        .map(|change| change.content.coding.classification)
        .collect();
    assert_eq!(
        classes,
        [Some(ClassificationId(1)), Some(ClassificationId(2))],
        "never merged"
    );
    let said: Vec<_> = plan
        .changes
        .iter()
        .map(|change| change.view.classification.as_deref())
        .collect();
    assert_eq!(said, [Some("Carpenter J"), Some("lb")], "the source's words are kept");
    assert!(
        plan.changes
            .iter()
            .all(|change| change.key.classification == change.content.coding.classification)
    );
    assert_eq!(
        reasons(&plan.held),
        [Reason::NoClassification; 2],
        "one without and one that Procore does not have"
    );
    assert_eq!(plan.account.total().held, Hours::from_minutes(240));
}

#[test]
fn d13_what_is_shorter_than_a_hundredth_is_left_out_to_the_second_and_never_sent_as_nothing() {
    let mut facts = world();
    facts.records.rows = vec![
        record(2, 7, 17),
        TimeRecord {
            hours: ClassHours::of(HourClass::Overtime, Hours::from_seconds(3600)),
            ..record(2, 9, 3600)
        },
    ];
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(reasons(&plan.left_out), [Reason::TooShort]);
    assert_eq!(plan.account.total().left_out, Hours::from_seconds(17));
}

#[test]
fn d13_a_part_of_a_day_does_not_move_the_hundredths_of_the_whole() {
    let mut facts = world();
    facts.links.push(link(OfficeRef::Project(ProjectId(4)), "loc-2"));
    let other = Project {
        id: ProjectId(4),
        number: Some("24-004".into()),
        ..facts.projects.rows[0].clone()
    };
    facts.projects.rows.push(other);
    let codes = facts.project_codes[&(PROJECT, None)].clone();
    facts.project_codes.insert((ProjectId(4), None), codes);
    let third = |hour: u32, location: &str, class| TimeRecord {
        location: Some(record_id(location)),
        hours: ClassHours::of(class, Hours::from_minutes(20)),
        ..record(2, hour, 1200)
    };
    facts.records.rows = vec![
        third(7, "loc-1", HourClass::Regular),
        third(8, "loc-1", HourClass::Overtime),
        third(9, "loc-2", HourClass::Regular),
    ];
    let whole = plan_of(&facts);
    let facts = applied(facts, &whole);
    for location in ["loc-1", "loc-2"] {
        let selection = Selection {
            locations: vec![location.into()],
            ..Selection::days(day(1), day(31))
        };
        let mut facts = facts.clone();
        facts.locations.rows = vec![Record {
            kind: Kind::Location,
            id: record_id(location),
            attributes: Attributes::default(),
            protected: false,
        }];
        let part = plan(
            &facts,
            &StandardRules::standard(),
            &ExportSettings::default(),
            &selection,
        )
        .unwrap();
        assert!(part.is_empty(), "{location}: {:?}", part.changes);
    }
}

#[test]
fn d18_what_a_locked_entry_keeps_is_not_given_to_another_line() {
    let mut facts = exported();
    facts.entries.rows[0].status = ApprovalStatus::Approved;
    facts.records.rows[1].hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(240));
    let plan = plan_of(&facts);
    assert!(
        plan.is_empty(),
        "8 h stay, so that 4 h more would be 12: {:?}",
        plan.changes
    );
    let mut held = reasons(&plan.held);
    held.sort();
    assert_eq!(held, [Reason::EntryLocked, Reason::BesideKept]);
}

#[test]
fn c5_another_employees_days_say_nothing_of_the_lines_of_the_one_before() {
    let mut facts = exported();
    facts.lines[0].employee = Some(record_id("p-102"));
    facts.lines[0].missing_since = Some(day(30));
    facts.records.rows.clear();
    assert_eq!(plan_of(&facts).count(LineAction::Delete), 1);
    for link in &mut facts.links {
        if link.kind == Kind::Employee {
            link.record = record_id("p-999");
        }
    }
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::EmployeeRelinked]);
}

#[test]
fn d11_parts_of_a_day_are_not_rounded_one_place_at_a_time() {
    let settings = ExportSettings {
        rounding: crate::settings::Rounding::Quarter,
        ..ExportSettings::default()
    };
    let selection = Selection {
        locations: vec!["loc-1".into()],
        ..Selection::days(day(1), day(31))
    };
    let refused = plan(&world(), &StandardRules::standard(), &settings, &selection);
    assert!(matches!(refused, Err(LinxError::PartOfDay { setting: "rounding" })));
}

#[test]
fn c5_two_employees_may_be_one_person_by_an_explicit_entry() {
    let mut facts = world();
    let employee = |id: &str, number: &str| Record {
        kind: Kind::Employee,
        id: record_id(id),
        attributes: Attributes::default().with(Attribute::Identifier, number),
        protected: false,
    };
    facts.employees.rows = vec![employee("p-102", "00102"), employee("p-117", "00117")];
    let merged = TimeRecord {
        employee: record_id("p-117"),
        ..record(2, 15, 3600)
    };
    facts.records.rows = vec![record(2, 7, 3600), merged];
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EmployeeNotLinked]);

    let settings = ExportSettings {
        same_person: [("00117".to_owned(), "00102".to_owned())].into(),
        ..ExportSettings::default()
    };
    let of = |facts: &ExportFacts| {
        plan(
            facts,
            &StandardRules::standard(),
            &settings,
            &Selection::days(day(1), day(31)),
        )
        .unwrap()
    };
    let one = of(&facts);
    assert_eq!(one.changes.len(), 1, "one line of both");
    assert_eq!(one.changes[0].content.hours.to_string(), "2.00");
    let whose: Vec<&str> = one.changes[0]
        .carries
        .iter()
        .map(|carried| carried.employee.as_str())
        .collect();
    assert_eq!(whose, ["p-102", "p-117"]);
    assert!(of(&applied(facts, &one)).is_empty());
}
