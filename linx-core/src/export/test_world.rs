//! The invented world that the tests of the pure plan share: facts made by hand, without a service.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use proptest::prelude::*;

use crate::change::LineAction;
use crate::export::{ExportFacts, plan};
use crate::hold::Reason;
use crate::ledger::recover::mark;
use crate::ledger::{Link, Pair, StoredLine};
use crate::ledger::{Look, Moment};
use crate::mapping::StandardRules;
use crate::model::{
    ApprovalStatus, Attribute, Attributes, ClassHours, CompanyCodeId, CompanyCostCode, Entry, EntryId, HourClass,
    Hours, LineItemType, LineItemTypeId, OfficeRef, Project, ProjectCodeId, ProjectCostCode, ProjectId, RecordId,
    Refresh, TimeRecord, TimeSettings, TimeType, TimeTypeId, Worker, WorkerId,
};
use crate::plan::{ExportPlan, Selection};
use crate::ports::Snapshot;
use crate::settings::{ExportSettings, Settle};

pub(super) const WORKER: WorkerId = WorkerId(7);
pub(super) const PROJECT: ProjectId = ProjectId(316);

pub(super) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

pub(super) fn record_id(id: &str) -> RecordId {
    RecordId(id.into())
}

pub(super) fn link(office: OfficeRef, id: &str) -> Link {
    let base = Attributes::default().with(Attribute::Identifier, id);
    Link {
        office,
        kind: office.kind(),
        record: record_id(id),
        base,
    }
}

pub(super) fn project_code(id: u64, company: u64, full_code: &str, base_types: &[&str]) -> ProjectCostCode {
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
pub(super) fn world() -> ExportFacts {
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
        pair: Pair {
            office: "company 1".into(),
            field: "account".into(),
        },
        file: None,
        now: DateTime::UNIX_EPOCH,
        look: Look {
            at: Moment {
                here: DateTime::UNIX_EPOCH,
                there: None,
            },
            settle: Settle::default(),
            waited_for: None,
        },
        records: Snapshot::complete(vec![]),
        approvals: vec![],
        employees: Snapshot::complete(vec![]),
        locations: Snapshot::complete(vec![]),
        entries: Snapshot::complete(vec![]),
        workers: Snapshot::complete(vec![worker]),
        projects: Snapshot::complete(vec![project]),
        sub_jobs: vec![],
        cost_codes: Snapshot::complete(vec![code(71, "03-300"), code(72, "02-410"), code(73, "31-220")]),
        project_codes: [((PROJECT, None), Ok(Snapshot::complete(codes)))].into(),
        task_codes: BTreeMap::new(),
        classifications: Vec::new(),
        gaps: Vec::new(),
        codes: Vec::new(),
        members: BTreeMap::new(),
        today: day(31),
        refresh: Some(Refresh {
            newest: Some(day(30)),
            count: Some(104),
            ahead: None,
        }),
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
        deleted: crate::export::Deleted::default(),
        open_intents: vec![],
        line_writes: Vec::new(),
        beside: BTreeMap::new(),
        late_weeks: BTreeSet::new(),
        last_run: None,
    }
}

pub(super) fn record(date: u32, from_hour: u32, seconds: i64) -> TimeRecord {
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

pub(super) fn plan_of(facts: &ExportFacts) -> ExportPlan {
    plan_by(facts, &ExportSettings::default())
}

pub(super) fn plan_by(facts: &ExportFacts, settings: &ExportSettings) -> ExportPlan {
    let selection = Selection::days(day(1), day(31));
    let plan = plan(facts, &StandardRules::standard(), settings, &selection).unwrap();
    assert_eq!(plan.account.check(), Ok(()));
    plan
}

/// What Procore and the ledger hold once `plan` was applied to `facts`.
pub(super) fn applied(mut facts: ExportFacts, plan: &ExportPlan) -> ExportFacts {
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
            author: None,
            created: None,
            updated: None,
            parts: Vec::new(),
            origin: Some(mark(&change.key, &change.content).into()),
        });
        facts.lines.push(StoredLine {
            stretches: None,
            ..StoredLine::sent(change, id)
        });
    }
    facts
}

pub(super) fn exported() -> ExportFacts {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(2, 17, 4 * 3600)];
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    applied(facts, &plan)
}

pub(super) fn reasons(held: &[crate::hold::Held]) -> Vec<Reason> {
    held.iter().map(|held| held.reason).collect()
}

/// Any record of the small world, whole or with something missing.
pub(super) fn any_record() -> impl Strategy<Value = TimeRecord> {
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

/// Any way in which a company may have its time treated.
pub(super) fn any_settings() -> impl Strategy<Value = ExportSettings> {
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

/// A line of a day, as the ledger has it.
pub(super) fn line_of(date: NaiveDate) -> StoredLine {
    let key = format!("{WORKER}:{date}:{PROJECT}:-:03-300:REG").parse().unwrap();
    StoredLine::of(key, EntryId(1))
}
