//! A company that is small enough to be counted by hand, and a judge who counts.
//!
//! Four people worked 108.00 h in a fortnight, which are 28 lines. The judge asks neither the ledger nor the report what
//! stands: it looks into Procore's tables.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use linx_core::export::ExportReport;
use linx_core::hold::{Held, Reason, Subject};
use linx_core::model::{CentiHours, WorkerId};
use linx_core::plan::Selection;
use linx_core::settings::Settle;
use linx_core::sync::{SyncOptions, SyncReport};
use linx_core::{Linx, LinxError};
use procore_client::sandbox::Entry;

use crate::harness::{Harness, two_weeks};

/// Entries with ids from here on were made by other hands than ours.
pub const OTHER_HANDS: u64 = 95_000_000;

/// An employee number and a day.
pub type WorkerDay = (String, NaiveDate);

/// Hundredths of hours of each worker's day.
pub type Hundredths = BTreeMap<WorkerDay, i64>;

const ALL: i64 = 108_00;

/// What was worked, whatever any list says of it since.
pub fn worked() -> Hundredths {
    exaktime_client::sandbox::Sandbox::small_company().with_state(|state| worked_in(state))
}

/// What ExakTime has by now.
pub fn worked_now(harness: &Harness) -> Hundredths {
    harness.exaktime.with_state(|state| worked_in(state))
}

fn worked_in(state: &exaktime_client::sandbox::State) -> Hundredths {
    let mut days = Hundredths::new();
    for record in &state.time_records {
        let hours = [&record.regular_hours, &record.ot1_hours, &record.ot2_hours];
        let sum: i64 = hours.map(|text| hundredths(text)).iter().sum();
        *days.entry((number(&record.person), record.work_date)).or_default() += sum;
    }
    days
}

/// Both sides synced, nothing exported.
pub async fn synced() -> Harness {
    let harness = Harness::small_company();
    harness.apply_sync().await;
    harness
}

/// The whole fortnight stands: 28 lines, 108.00 h.
pub async fn exported() -> Harness {
    let harness = synced().await;
    harness.judged_export().await.unwrap();
    assert_eq!(all_hours(&harness), ALL);
    harness
}

/// Judges what stands after a run, where what was worked is what the company began with.
pub fn judge(harness: &Harness, result: &Result<ExportReport, LinxError>) {
    judge_by(&worked(), harness, result);
}

/// Judges what stands after a run:
///
/// * no more hours than were worked stand by our hand,
/// * no key stands twice by our hand,
/// * where other hours stand than were worked, by whatever hand, the report or an error says so, and of whom and of
///   which day; of a list that was not read to its end nobody can say whose time is missing.
pub fn judge_by(worked: &Hundredths, harness: &Harness, result: &Result<ExportReport, LinxError>) {
    judge_our_hand(worked.values().sum(), harness);
    judge_days(worked, &BTreeSet::new(), harness, result);
}

/// Judges each worker's day alone, but for those of `others`: where other hours stand than were worked, that is told.
pub fn judge_days(
    worked: &Hundredths,
    others: &BTreeSet<WorkerDay>,
    harness: &Harness,
    result: &Result<ExportReport, LinxError>,
) {
    let Ok(report) = result else {
        return;
    };
    assert_eq!(report.account.check(), Ok(()));
    if report.held.iter().any(|held| matches!(held.subject, Subject::List(_))) {
        return;
    }
    let told = told(harness, report);
    let standing = standing(harness);
    let days: BTreeSet<&WorkerDay> = worked.keys().chain(standing.keys()).collect();
    for day in days.into_iter().filter(|day| !others.contains(*day)) {
        let (due, stands) = (worked.get(day).unwrap_or(&0), standing.get(day).unwrap_or(&0));
        assert!(
            due == stands || told.contains(day),
            "{} h stand where {} h were worked ({} on {}), and nobody is told: {:?}",
            CentiHours::from_hundredths(*stands),
            CentiHours::from_hundredths(*due),
            day.0,
            day.1,
            report.held
        );
    }
}

/// No more than so many hundredths stand by our hand, and no key twice. True at any moment.
pub fn judge_our_hand(all: i64, harness: &Harness) {
    let ours = by_our_hand(harness);
    let sum: i64 = ours.iter().map(hours_of).sum();
    assert!(
        sum <= all,
        "{} h stand by our hand, where {} h were worked",
        CentiHours::from_hundredths(sum),
        CentiHours::from_hundredths(all)
    );
    let mut keys = BTreeSet::new();
    for entry in ours.iter().filter(|entry| entry.split_of.is_none()) {
        let mark = entry.origin_data.as_deref().unwrap_or_default();
        if let Some((key, _fingerprint)) = mark.rsplit_once(' ') {
            assert!(keys.insert(key.to_owned()), "{key} stands twice");
        }
    }
}

/// The live entries that came by a request.
pub fn by_our_hand(harness: &Harness) -> Vec<Entry> {
    let mut entries = harness.procore.entries();
    entries.retain(|entry| entry.id.get() < OTHER_HANDS);
    entries
}

/// What stands of each worker's day by all hands, in the time types of worked time.
pub fn standing(harness: &Harness) -> Hundredths {
    let mut days = Hundredths::new();
    for entry in harness.procore.entries() {
        let is_work = entry.time_type.is_none_or(|id| (9185..=9187).contains(&id.get()));
        if is_work && entry.party.is_some() {
            *days.entry(day_of(harness, &entry)).or_default() += hours_of(&entry);
        }
    }
    days
}

/// Whose hours an entry has, and of which day.
pub fn day_of(harness: &Harness, entry: &Entry) -> WorkerDay {
    let party = entry.party.unwrap();
    (number_of_worker(harness, WorkerId(party.get())), entry.date)
}

/// The sum of what stands by all hands, in hundredths of hours.
pub fn all_hours(harness: &Harness) -> i64 {
    standing(harness).values().sum()
}

pub fn hours_of(entry: &Entry) -> i64 {
    entry.hours.as_deref().map_or(0, hundredths)
}

pub fn hundredths(text: &str) -> i64 {
    text.parse::<CentiHours>().unwrap().hundredths()
}

/// `00201` of `p-201`.
pub fn number(person: &str) -> String {
    format!("00{}", person.strip_prefix("p-").unwrap())
}

/// The number of a worker, also of one whom somebody deleted meanwhile.
pub fn number_of_worker(harness: &Harness, worker: WorkerId) -> String {
    let of = |sandbox: &procore_client::sandbox::Sandbox| {
        sandbox.with_state(|state| {
            let mut people = state.people.iter();
            let (_, person) = people.find(|(id, _)| id.get() == worker.0)?;
            person.employee_id.clone()
        })
    };
    let beginning = procore_client::sandbox::Sandbox::small_company();
    of(&beginning).or_else(|| of(&harness.procore)).unwrap()
}

/// The workers' days that a report speaks of, with hours.
pub fn told(harness: &Harness, report: &ExportReport) -> BTreeSet<WorkerDay> {
    let by_the_office = |held: &&Held| matches!(held.reason, Reason::AdjustedInOffice | Reason::DeletedInOffice);
    let held = report.held.iter().chain(report.left_out.iter().filter(by_the_office));
    held.filter(|held| held.hours.is_some() || held.detail.contains(" h"))
        .flat_map(|held| days_of(harness, &held.subject))
        .collect()
}

fn week_of(number: &str, first: NaiveDate) -> Vec<WorkerDay> {
    (0..7).map(|day| (number.to_owned(), first + Days::new(day))).collect()
}

/// The workers' days that a subject names.
fn days_of(harness: &Harness, subject: &Subject) -> Vec<WorkerDay> {
    match subject {
        Subject::Line(key) => vec![(number_of_worker(harness, key.worker), key.date)],
        Subject::EmployeeDay(employee, date) => vec![(number(&employee.0), *date)],
        Subject::Week(worker, first) => week_of(&number_of_worker(harness, *worker), *first),
        Subject::EmployeeWeek(employee, first) => week_of(&number(&employee.0), *first),
        Subject::TimeRecord(id) => {
            let records = harness.exaktime.with_state(|state| state.time_records.clone());
            let record = records.into_iter().find(|record| record.id == *id);
            record
                .map(|record| (number(&record.person), record.work_date))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

impl Harness {
    /// Plans and applies an export of the fortnight, and judges what stands then.
    pub async fn judged_export(&self) -> Result<ExportReport, LinxError> {
        let result = self.try_export().await;
        judge(self, &result);
        result
    }

    /// The same without a judge.
    pub async fn try_export(&self) -> Result<ExportReport, LinxError> {
        self.try_export_of(&two_weeks()).await
    }

    pub async fn try_export_of(&self, selection: &Selection) -> Result<ExportReport, LinxError> {
        let plan = self.linx().plan_export(selection).await?;
        self.linx().apply_export(&plan).await
    }

    /// An export that does not wait until what it does not know can be known.
    pub async fn export_at_once(&self) -> Result<ExportReport, LinxError> {
        let linx = self.impatient();
        let plan = linx.plan_export(&two_weeks()).await?;
        linx.apply_export(&plan).await
    }

    /// A sync that does not wait either.
    pub async fn sync_at_once(&self) -> SyncReport {
        let linx = self.impatient();
        let plan = linx.plan_sync(&SyncOptions::default()).await.unwrap();
        linx.apply_sync(&plan).await.unwrap()
    }

    fn impatient(&self) -> Linx {
        let settle = Settle {
            wait: false,
            ..Settle::default()
        };
        self.builder(self.field.clone()).settle(settle).build().unwrap()
    }

    /// An export that is killed when a request to Procore stalls.
    pub async fn killed_export(&self) {
        tokio::select! {
            biased;
            result = self.try_export() => panic!("nothing stalled: {result:?}"),
            () = self.procore_faults.stalled() => {}
        }
    }

    /// A sync that is killed when a request to ExakTime stalls.
    pub async fn killed_sync(&self) {
        tokio::select! {
            biased;
            report = self.apply_sync() => panic!("nothing stalled: {report:?}"),
            () = self.exaktime_faults.stalled() => {}
        }
    }
}

#[tokio::test]
async fn d25_a_fortnight_of_a_small_company_is_28_lines_and_108_hours_and_needs_nobody() {
    let harness = Harness::small_company();
    let sync = harness.apply_sync().await;
    assert_eq!(
        (sync.held.len(), sync.changes.len()),
        (0, 0),
        "{:?} {:?}",
        sync.held,
        sync.changes
    );
    let report = harness.judged_export().await.unwrap();
    assert_eq!((report.summary.create, report.held.len()), (28, 0), "{:?}", report.held);
    assert_eq!((all_hours(&harness), worked().values().sum()), (ALL, ALL));
    let writes = harness.writes();
    let again = harness.judged_export().await.unwrap();
    assert_eq!((again.summary.unchanged, again.held.len()), (28, 0));
    assert_eq!(harness.writes(), writes);
}
