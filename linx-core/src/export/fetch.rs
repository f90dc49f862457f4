//! What an export reads, and how old it may be.

mod gaps;
mod of_places;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use futures_util::future::{try_join, try_join3, try_join4};

use self::gaps::Gaps;
use self::of_places::places;
use super::days;
use super::facts::ExportFacts;
use super::places::company_day;
use crate::hold::List;
use crate::ledger::{Beside, Direction, IntentId, JournalEntry, Link, Look, RunId, StoredLine};
use crate::linx::{Linx, LinxError};
use crate::model::{
    Approval, Classification, CompanyCostCode, Entry, Kind, Project, Record, Refresh, TimeRecord, TimeSettings,
    TimeType, Worker, WorkerId,
};
use crate::plan::Selection;
use crate::ports::{FailureKind, Progress, SentEntries, Snapshot};
use crate::settings::ExportSettings;

/// The ledger's side of an export.
struct OfLedger {
    /// All days whose lines and entries are read.
    read: Vec<RangeInclusive<NaiveDate>>,
    /// The workers' days beside them of which a write was cut off.
    elsewhere: BTreeSet<(NaiveDate, WorkerId)>,
    late_weeks: BTreeSet<(WorkerId, NaiveDate)>,
    last_run: Option<RunId>,
    links: Vec<Link>,
    open_intents: Vec<JournalEntry>,
    /// The lines of all these days.
    known: Vec<StoredLine>,
}

/// ExakTime's side of an export.
struct OfField {
    records: Snapshot<TimeRecord>,
    approvals: Vec<Approval>,
    employees: Snapshot<Record>,
    locations: Snapshot<Record>,
    /// Its cost codes, where some of them stand for leave.
    codes: Vec<Record>,
}

/// Lists of the whole company in Procore.
struct OfCompany {
    workers: Snapshot<Worker>,
    projects: Snapshot<Project>,
    cost_codes: Snapshot<CompanyCostCode>,
    time_types: Vec<TimeType>,
    settings: TimeSettings,
}

impl Linx {
    /// What the source of the time holds. Read after the time: a line that is missed now is then missed at this refresh or
    /// at an earlier one, never at a later one.
    pub(super) async fn fetch_refresh(&self, today: NaiveDate) -> Result<Option<Refresh>, LinxError> {
        match self.field.last_refresh(today).await {
            Ok(refresh) => Ok(Some(refresh)),
            Err(error) if error.kind() == FailureKind::Unsupported => Ok(None),
            Err(error) => Err(LinxError::Field(error)),
        }
    }

    /// Reads what a plan is made from. A list that could not be read is an error, never an empty one; one that is about a
    /// single place only holds the time of that place (hazard C16).
    pub(super) async fn fetch_export(
        &self,
        settings: &ExportSettings,
        selection: &Selection,
        waited_for: Option<IntentId>,
    ) -> Result<ExportFacts, LinxError> {
        let ledger = self.fetch_ledger(settings, selection).await?;
        let (read, known) = (&ledger.read, &ledger.known);
        let (of_field, of_company) = (self.fetch_field(settings, read), self.fetch_company());
        let ((field, mut gaps), (company, gaps_of_company)) = try_join(of_field, of_company).await?;
        let places = places(&field.records.rows, &ledger.links, &company.projects.rows);
        let places = self.fetch_of_places(places, &company.settings);
        let classes = self.fetch_classifications(settings, &field.records);
        // Last of what takes long: what is created is not looked at once more.
        let entries = async {
            let (entries, look) = self.fetch_entries(read, &ledger.elsewhere, known, waited_for).await?;
            let doubts = self
                .fetch_doubts(read, &entries, known, &ledger.open_intents, &look)
                .await?;
            Ok((entries, look, doubts))
        };
        let ((of_places, gaps_of_places), (classes, gaps_of_classes), (entries, look, doubts)) =
            try_join3(places, classes, entries).await?;
        let (line_writes, deleted) = doubts;
        gaps.extend([gaps_of_company, gaps_of_places, gaps_of_classes]);
        let beside = self.fetch_beside(read).await?;
        Ok(ExportFacts {
            pair: (*self.pair).clone(),
            file: self.field.file(),
            now: self.clock.now(),
            look,
            today: company_day(self.clock.now(), settings.time_zone, &company.projects.rows),
            records: field.records,
            approvals: field.approvals,
            employees: field.employees,
            locations: field.locations,
            entries,
            workers: company.workers,
            projects: company.projects,
            sub_jobs: of_places.sub_jobs,
            cost_codes: company.cost_codes,
            project_codes: of_places.codes,
            task_codes: of_places.task_codes,
            classifications: classes,
            gaps: gaps.0,
            codes: field.codes,
            members: of_places.members,
            refresh: None,
            time_types: company.time_types,
            settings: company.settings,
            links: ledger.links,
            lines: ledger.known,
            open_intents: ledger.open_intents,
            deleted,
            line_writes,
            beside,
            late_weeks: ledger.late_weeks,
            last_run: ledger.last_run,
        })
    }

    /// What the ledger has, read before both services: what is open then, they show if it has arrived.
    async fn fetch_ledger(&self, settings: &ExportSettings, selection: &Selection) -> Result<OfLedger, LinxError> {
        let late_weeks = self.ledger.late_weeks().await?;
        let read = self.days_to_read(settings, selection, &late_weeks).await?;
        let last_run = self.last_run(Direction::Export).await?;
        let links = self.ledger.links().await?;
        let open_intents = self.ledger.open_intents(Direction::Export).await?;
        let elsewhere = days::elsewhere(&read, &open_intents);
        let known = self.fetch_lines(&read, &elsewhere).await?;
        Ok(OfLedger {
            read,
            elsewhere,
            late_weeks,
            last_run,
            links,
            open_intents,
            known,
        })
    }

    /// All days whose lines and entries are read: weeks after those asked for only as far as lines of them were sent.
    async fn days_to_read(
        &self,
        settings: &ExportSettings,
        selection: &Selection,
        late_weeks: &BTreeSet<(WorkerId, NaiveDate)>,
    ) -> Result<Vec<RangeInclusive<NaiveDate>>, LinxError> {
        let after = days::weeks_after(selection, settings);
        let sent_after = self.fetch_lines(after.as_slice(), &BTreeSet::new()).await?;
        Ok(days::read(selection, settings, late_weeks, &sent_after))
    }

    /// The workers' days of these of which a person has said that both are right.
    async fn fetch_beside(
        &self,
        read: &[RangeInclusive<NaiveDate>],
    ) -> Result<BTreeMap<(WorkerId, NaiveDate), Beside>, LinxError> {
        let mut beside = BTreeMap::new();
        for days in read {
            beside.extend(self.ledger.beside(*days.start(), *days.end()).await?);
        }
        Ok(beside)
    }

    /// ExakTime's time of these days and those around them, and its people and places, side by side.
    async fn fetch_field(
        &self,
        settings: &ExportSettings,
        read: &[RangeInclusive<NaiveDate>],
    ) -> Result<(OfField, Gaps), LinxError> {
        self.observer.progress(Progress::Reading("ExakTime time records"));
        let read = &days::around(read);
        let records = self.fetch_records(read);
        let approvals = self.fetch_approvals(settings, read);
        let kinds = async {
            let (employees, locations) = (self.field.records(Kind::Employee), self.field.records(Kind::Location));
            try_join(employees, locations).await.map_err(LinxError::Field)
        };
        let codes = self.fetch_leave_codes(settings);
        let (records, approvals, (employees, locations), codes) = try_join4(records, approvals, kinds, codes).await?;
        let mut gaps = Gaps::default();
        let field = OfField {
            records,
            approvals: gaps.rows(List::Approvals, approvals),
            employees,
            locations,
            codes: gaps.rows(List::Records(Kind::CostCode), codes),
        };
        Ok((field, gaps))
    }

    /// Procore's lists of the whole company, side by side.
    async fn fetch_company(&self) -> Result<(OfCompany, Gaps), LinxError> {
        self.observer
            .progress(Progress::Reading("Procore workers, projects and codes"));
        let office = &self.office;
        let lists = try_join3(office.workers(), office.projects(), office.company_cost_codes());
        let settings = try_join(office.time_types(), office.time_settings());
        let both = try_join(lists, settings).await.map_err(LinxError::Office)?;
        let ((workers, projects, cost_codes), (time_types, settings)) = both;
        let mut gaps = Gaps::default();
        let company = OfCompany {
            workers,
            projects,
            cost_codes,
            time_types: gaps.rows(List::TimeTypes, time_types),
            settings,
        };
        Ok((company, gaps))
    }

    /// The time of these days, in ranges that share none.
    async fn fetch_records(&self, read: &[RangeInclusive<NaiveDate>]) -> Result<Snapshot<TimeRecord>, LinxError> {
        let mut records = Snapshot::complete(Vec::new());
        for days in read {
            let more = self.field.time_records(*days.start(), *days.end()).await;
            let more = more.map_err(LinxError::Field)?;
            let moved = moved_meanwhile(&records.rows, &more.rows);
            records = records.and(more);
            records.incomplete = records.incomplete.or(moved);
        }
        Ok(records)
    }

    /// The lines that the ledger has of these days, and of the days of writes that were cut off.
    async fn fetch_lines(
        &self,
        read: &[RangeInclusive<NaiveDate>],
        elsewhere: &BTreeSet<(NaiveDate, WorkerId)>,
    ) -> Result<Vec<StoredLine>, LinxError> {
        let mut lines = Vec::new();
        for days in read {
            lines.extend(self.ledger.lines(*days.start(), *days.end()).await?);
        }
        for date in elsewhere.iter().map(|(date, _)| *date).collect::<BTreeSet<_>>() {
            lines.extend(self.ledger.lines(date, date).await?);
        }
        Ok(lines)
    }

    /// Approvals, where only approved time is exported.
    async fn fetch_approvals(
        &self,
        settings: &ExportSettings,
        read: &[RangeInclusive<NaiveDate>],
    ) -> Result<Snapshot<Approval>, LinxError> {
        let mut approvals = Snapshot::complete(Vec::new());
        for days in read.iter().filter(|_| settings.approved_only) {
            let more = self.field.approvals(*days.start(), *days.end()).await;
            approvals = approvals.and(more.map_err(LinxError::Field)?);
        }
        Ok(approvals)
    }

    /// ExakTime's cost codes, where some of them stand for leave (hazard D22).
    async fn fetch_leave_codes(&self, settings: &ExportSettings) -> Result<Snapshot<Record>, LinxError> {
        if settings.leave.is_empty() {
            return Ok(Snapshot::complete(Vec::new()));
        }
        self.field.records(Kind::CostCode).await.map_err(LinxError::Field)
    }

    /// The entries of the selected days, and of the days of writes that were cut off; those that Procore split are
    /// joined (hazard D16).
    async fn fetch_entries(
        &self,
        read: &[RangeInclusive<NaiveDate>],
        elsewhere: &BTreeSet<(NaiveDate, WorkerId)>,
        known: &[StoredLine],
        waited_for: Option<IntentId>,
    ) -> Result<(Snapshot<Entry>, Look), LinxError> {
        self.observer.progress(Progress::Reading("Procore timecard entries"));
        let began = self.clock.now();
        let sent = sent_entries(known);
        let mut entries = Snapshot::complete(Vec::new());
        for days in read {
            let more = self.office.entries(*days.start(), *days.end(), None, &sent).await;
            entries = entries.and(more.map_err(LinxError::Office)?);
        }
        for (date, worker) in elsewhere {
            let more = self.office.entries(*date, *date, Some(*worker), &sent).await;
            entries = entries.and(more.map_err(LinxError::Office)?);
        }
        entries.rows.sort_by_key(|entry| entry.id);
        Ok((entries, self.look(Direction::Export, began, waited_for)))
    }

    async fn fetch_classifications(
        &self,
        settings: &ExportSettings,
        records: &Snapshot<TimeRecord>,
    ) -> Result<(Vec<Classification>, Gaps), LinxError> {
        let mut gaps = Gaps::default();
        let classified = records.rows.iter().any(|record| record.classification.is_some());
        if !classified && settings.classified_projects.is_empty() {
            return Ok((Vec::new(), gaps));
        }
        let list = self.office.classifications().await.map_err(LinxError::Office)?;
        Ok((gaps.rows(List::Classifications, list), gaps))
    }
}

/// Why two lists of time are not one, if they are not: a record moved from the days of one to those of the other between the two
/// requests, and would count twice.
fn moved_meanwhile(first: &[TimeRecord], second: &[TimeRecord]) -> Option<String> {
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let ids: BTreeSet<&str> = first.iter().filter_map(|record| record.id.as_deref()).collect();
    let mut second = second.iter().filter_map(|record| record.id.as_deref());
    let moved = second.find(|id| ids.contains(id))?;
    Some(format!("record {moved} moved to other days while they were read"))
}

/// What was sent of each entry that the ledger knows.
pub(super) fn sent_entries<'a>(lines: impl IntoIterator<Item = &'a StoredLine>) -> SentEntries<'a> {
    let sent = |line: &'a StoredLine| Some((line.entry, line.sent.as_ref()?));
    lines.into_iter().filter_map(sent).collect()
}

/// Errors when the newest time is older than the settings allow: ExakTime's warehouse is filled once a night, and one that
/// stopped looks like a quiet day (hazard B13). Days to come say nothing of that.
pub(super) fn check_age(newest: Option<NaiveDate>, today: NaiveDate, limit: u16) -> Result<(), LinxError> {
    match newest.map(|newest| today.signed_duration_since(newest).num_days()) {
        Some(age) if (0..=i64::from(limit)).contains(&age) => Ok(()),
        _ => Err(LinxError::OldFeed { newest, limit }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::test_world::record;

    /// Either list alone is whole, and the record counts once.
    #[test]
    fn a3_time_that_moves_from_days_that_were_read_to_days_that_are_read_next_is_no_list() {
        let (week, next) = (vec![record(2, 13, 3600)], vec![record(9, 13, 3600)]);
        assert_eq!(moved_meanwhile(&week, &next), None);
        let mut moved = vec![record(9, 7, 3600), record(2, 13, 3600)];
        moved[1].work_date = moved[0].work_date;
        let why = moved_meanwhile(&week, &moved).unwrap();
        assert!(why.contains("tr-2-13"), "{why}");
        // Rows of a file that have no id say nothing.
        for record in &mut moved {
            record.id = None;
        }
        assert_eq!(moved_meanwhile(&moved, &moved), None);
    }

    #[test]
    fn b13_time_that_is_too_old_or_absent_stops_the_run() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        assert!(check_age(Some(day(13)), day(16), 3).is_ok());
        assert!(check_age(Some(day(12)), day(16), 3).is_err());
        assert!(check_age(None, day(16), 3).is_err());
        assert!(check_age(Some(day(17)), day(16), 3).is_err(), "a day to come");
        let error = check_age(Some(day(12)), day(16), 3).unwrap_err().to_string();
        assert!(
            error.contains("2026-03-12") && error.contains("oldest_feed_days"),
            "{error}"
        );
    }
}
