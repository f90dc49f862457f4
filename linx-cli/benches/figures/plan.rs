//! How long a plan of an export takes on one core and how much memory the process has held at most, what was read included: a million
//! time records against a million lines that stand in Procore, one in a hundred changed since.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Days, NaiveDate, TimeDelta};
use linx_core::change::LineKey;
use linx_core::export::{ExportFacts, plan};
use linx_core::ledger::{Link, Notes, Provenance, StoredLine};
use linx_core::mapping::StandardRules;
use linx_core::model::{
    ApprovalStatus, Attribute, Attributes, CentiHours, ClassHours, Coding, CompanyCodeId, CompanyCostCode, Entry,
    EntryContent, EntryId, HourClass, Hours, LineItemType, LineItemTypeId, OfficeRef, Pool, Project, ProjectCodeId,
    ProjectCostCode, ProjectId, RecordId, SharedText, TimeRecord, TimeSettings, TimeType, TimeTypeId, UserId, Worker,
    WorkerId,
};
use linx_core::plan::Selection;
use linx_core::ports::Snapshot;
use linx_core::settings::ExportSettings;
use linx_core::testing::mark;

use crate::{Figure, most_memory};

const WORKERS: u64 = 1000;
const DAYS: u64 = 250;
/// Records of a day, each on a code of its own.
const CODES: u64 = 4;
const PROJECTS: u64 = 20;

fn first_day() -> NaiveDate {
    DateTime::from_timestamp(1_767_225_600, 0).map_or_else(NaiveDate::default, |instant| instant.date_naive())
}

fn link(office: OfficeRef, id: String, identifier: &str) -> Link {
    Link {
        office,
        kind: office.kind(),
        record: RecordId(id.into()),
        base: Attributes::default().with(Attribute::Identifier, identifier),
    }
}

fn code_text(code: u64) -> String {
    format!("03-{code}00")
}

/// Two hours and a quarter on the first code, two on each other; a hundredth of the records has a minute more.
fn hours(turn: u64, code: u64) -> CentiHours {
    let changed = if turn.is_multiple_of(100) { 25 } else { 0 };
    CentiHours::from_hundredths(if code == 0 { 225 } else { 200 } + changed)
}

/// One record or line: worker, day, code and its number.
type Turn = (u64, NaiveDate, u64, u64);

fn turn(worker: u64, day: u64, code: u64) -> Turn {
    let date = first_day().checked_add_days(Days::new(day)).unwrap_or_default();
    (worker, date, code, (worker * DAYS + day) * CODES + code)
}

/// Every record in the order in which services list them: day after day.
fn by_day() -> impl Iterator<Item = Turn> {
    (0..DAYS).flat_map(|day| (0..WORKERS).flat_map(move |worker| (0..CODES).map(move |code| turn(worker, day, code))))
}

/// Every line in the order in which the ledger lists them: worker after worker.
fn by_worker() -> impl Iterator<Item = Turn> {
    (0..WORKERS).flat_map(|worker| (0..DAYS).flat_map(move |day| (0..CODES).map(move |code| turn(worker, day, code))))
}

fn project(worker: u64) -> ProjectId {
    ProjectId(worker % PROJECTS)
}

fn records() -> Vec<TimeRecord> {
    let mut ids = Pool::default();
    let record = |(worker, date, code, turn): Turn| {
        let start = date.and_hms_opt(7, 0, 0).unwrap_or_default().and_utc()
            + TimeDelta::hours(i64::try_from(code).unwrap_or(0) * 3);
        let mut id = |text: String| ids.share(RecordId(text.into()));
        TimeRecord {
            id: Some(format!("tr-{turn}").into()),
            employee: id(format!("p-{worker}")),
            work_date: date,
            location: Some(id(format!("loc-{}", project(worker)))),
            cost_code: Some(id(format!("cc-{code}"))),
            start: Some(start),
            stop: Some(start + TimeDelta::minutes(150)),
            hours: ClassHours::of(HourClass::Regular, hours(turn, code).to_hours()),
            comment: None,
            classification: None,
            clock: None,
        }
    };
    by_day().map(record).collect()
}

fn key(worker: u64, date: NaiveDate, code: u64, codes: &mut Pool<SharedText>) -> LineKey {
    LineKey {
        worker: WorkerId(worker),
        date,
        project: project(worker),
        sub_job: None,
        cost_code: codes.share(code_text(code).into()),
        class: HourClass::Regular,
        classification: None,
        start: None,
    }
}

/// What was written before the changes.
fn content(worker: u64, date: NaiveDate, code: u64, codings: &mut Pool<Arc<Coding>>) -> EntryContent {
    let project = project(worker);
    EntryContent {
        worker: WorkerId(worker),
        date,
        coding: codings.share(Arc::new(Coding {
            project,
            sub_job: None,
            cost_code: Some(ProjectCodeId(project.0 * CODES + code)),
            line_item_type: Some(LineItemTypeId(50)),
            wbs_code: None,
            classification: None,
            time_type: Some(TimeTypeId(1)),
        })),
        hours: hours(1, code),
        span: None,
        description: None,
        billable: true,
    }
}

/// What the ledger knows.
fn lines() -> Vec<StoredLine> {
    let (mut codes, mut codings, mut employees) = (Pool::default(), Pool::default(), Pool::default());
    let line = |(worker, date, code, turn): Turn| StoredLine {
        key: key(worker, date, code, &mut codes),
        entry: EntryId(turn),
        sent: Some(content(worker, date, code, &mut codings)),
        employees: employees.share(Arc::new([RecordId(format!("p-{worker}").into())].into())),
        stretches: Some(1),
        provenance: Provenance::Written,
        notes: Notes::default(),
    };
    by_worker().map(line).collect()
}

/// What stands in Procore.
fn entries() -> Vec<Entry> {
    let (mut codes, mut codings) = (Pool::default(), Pool::default());
    let entry = |(worker, date, code, turn): Turn| {
        let (key, content) = (
            key(worker, date, code, &mut codes),
            content(worker, date, code, &mut codings),
        );
        Entry {
            id: EntryId(turn),
            origin: Some(mark(&key, &content).into()),
            content,
            status: ApprovalStatus::Pending,
            signed: false,
            author: Some(UserId(1)),
            created: None,
            updated: None,
            parts: Vec::new(),
        }
    };
    by_day().map(entry).collect()
}

fn facts() -> ExportFacts {
    let worker = |id| Worker {
        last_name: None,
        ..Worker::of(WorkerId(id), &format!("{id:05}"), "")
    };
    let one = |id| Project::of(ProjectId(id), &format!("24-{id:03}"), &format!("Project {id}"));
    let codes_of = |project: u64| {
        let code = |code| ProjectCostCode {
            id: ProjectCodeId(project * CODES + code),
            full_code: code_text(code),
            company_code: Some(CompanyCodeId(code)),
            line_item_types: vec![LineItemType {
                id: LineItemTypeId(50),
                base_type: "labor".to_owned(),
            }],
        };
        (
            (ProjectId(project), None),
            Ok(Snapshot::complete((0..CODES).map(code).collect())),
        )
    };
    let company_code = |code| CompanyCostCode {
        id: CompanyCodeId(code),
        full_code: code_text(code),
        name: code_text(code),
        list: None,
        leaf: true,
        active: true,
    };
    let workers = (0..WORKERS).map(|id| link(OfficeRef::Worker(WorkerId(id)), format!("p-{id}"), &format!("{id:05}")));
    let places = (0..PROJECTS).map(|id| {
        link(
            OfficeRef::Project(ProjectId(id)),
            format!("loc-{id}"),
            &format!("24-{id:03}"),
        )
    });
    let codes = (0..CODES).map(|id| {
        link(
            OfficeRef::CostCode(CompanyCodeId(id)),
            format!("cc-{id}"),
            &code_text(id),
        )
    });
    ExportFacts {
        pair: linx_core::ledger::Pair {
            office: "company 1".into(),
            field: "account".into(),
        },
        file: None,
        now: chrono::DateTime::UNIX_EPOCH,
        look: linx_core::ledger::Look {
            at: linx_core::ledger::Moment {
                here: chrono::DateTime::UNIX_EPOCH,
                there: None,
            },
            settle: linx_core::settings::Settle::default(),
            waited_for: None,
        },
        records: Snapshot::complete(records()),
        approvals: Vec::new(),
        employees: Snapshot::complete(Vec::new()),
        locations: Snapshot::complete(Vec::new()),
        entries: Snapshot::complete(entries()),
        workers: Snapshot::complete((0..WORKERS).map(worker).collect()),
        projects: Snapshot::complete((0..PROJECTS).map(one).collect()),
        sub_jobs: Vec::new(),
        cost_codes: Snapshot::complete((0..CODES).map(company_code).collect()),
        project_codes: (0..PROJECTS).map(codes_of).collect(),
        task_codes: BTreeMap::new(),
        classifications: Vec::new(),
        codes: Vec::new(),
        gaps: Vec::new(),
        members: BTreeMap::new(),
        today: NaiveDate::MAX,
        refresh: None,
        time_types: vec![TimeType {
            id: TimeTypeId(1),
            label: "Regular Time".to_owned(),
        }],
        settings: TimeSettings::default(),
        links: workers.chain(places).chain(codes).collect(),
        lines: lines(),
        deleted: linx_core::export::Deleted::default(),
        open_intents: Vec::new(),
        line_writes: Vec::new(),
        beside: BTreeMap::new(),
        late_weeks: [].into(),
        last_run: None,
    }
}

pub fn figures() -> Vec<Figure> {
    let facts = facts();
    let selection = Selection::days(
        first_day(),
        first_day().checked_add_days(Days::new(DAYS)).unwrap_or_default(),
    );
    let once = || {
        let began = Instant::now();
        let rules = StandardRules::standard();
        let plan = plan(&facts, &rules, &ExportSettings::default(), &selection).expect("a plan");
        let took = began.elapsed();
        assert_eq!((plan.changes.len(), plan.unchanged), (10_000, 990_000));
        assert_eq!(plan.account.total().read, plan.account.total().stored);
        assert!(plan.account.total().read > Hours::ZERO);
        took
    };
    let best = (0..3).map(|_| once()).min().unwrap_or_default();
    vec![
        Figure::time(
            "the plan of 1,000,000 records against as many lines",
            "0.940 s",
            "0.550 s",
            best,
        ),
        Figure::memory(
            "the same with all that was read, held at most",
            "586 MB",
            "400 MB",
            most_memory(),
        ),
    ]
}
