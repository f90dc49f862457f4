//! What stands after a run, against what was worked and what the run told.
//!
//! A run that ends with nothing held needs nobody: on each day that it is about, what stands is what was worked, but for what the
//! office itself decided. A run that holds something tells of each day that is otherwise. Nobody's edit is ever changed.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use exaktime_client::sandbox::TimeRecord;
use linx_core::LinxError;
use linx_core::export::{ExportReport, LineResult, ReportedLine};
use linx_core::hold::Subject;
use linx_core::plan::Selection;
use procore_client::sandbox::Entry;

use super::Attack;
use crate::harness::{Harness, two_weeks};
use crate::small_company::{self, Hundredths, WorkerDay, hundredths, number};

/// What stands of each worker's day by all hands.
pub(super) fn standing(harness: &Harness) -> Hundredths {
    of_persons(harness, small_company::standing(harness))
}

/// The days of people, where the number of one that was merged is the other's.
fn of_persons(harness: &Harness, days: Hundredths) -> Hundredths {
    let mut persons = Hundredths::new();
    for (day, hours) in days {
        *persons.entry(of_person(harness, day)).or_default() += hours;
    }
    persons
}

fn of_person(harness: &Harness, (number, date): WorkerDay) -> WorkerDay {
    let merged = harness.export.same_person.get(&number).cloned();
    (merged.unwrap_or(number), date)
}

impl Attack {
    pub(super) fn judge(
        &mut self,
        selection: &Selection,
        before: &Hundredths,
        result: &Result<ExportReport, LinxError>,
    ) {
        self.tell(shown(result));
        for (id, left) in &self.edited {
            let now = self.left(*id);
            let kept = |entry: &Entry| (entry.hours.clone(), entry.date, entry.status.clone(), entry.deleted_at);
            assert_eq!(kept(&now), kept(left), "entry {id} of the office was changed");
        }
        let Ok(report) = result else {
            self.is_quiet = false;
            return;
        };
        assert_eq!(report.account.check(), Ok(()));
        let is_whole = *selection == two_weeks();
        self.is_quiet = is_whole && report.held.is_empty() && report.changes.is_empty();
        if report.held.is_empty() || is_whole {
            self.judge_days(selection, before, report);
        }
    }

    /// What was worked by now, whether the last night showed it or not.
    fn due(&self) -> Hundredths {
        let mut days = Hundredths::new();
        let shown = self.harness.exaktime.with_state(|state| state.time_records.clone());
        let ours = |record: &&TimeRecord| record.person.starts_with("p-2");
        for record in shown.iter().chain(&self.hidden).filter(ours) {
            let hours = [&record.regular_hours, &record.ot1_hours, &record.ot2_hours];
            let sum: i64 = hours.map(|text| hundredths(text)).iter().sum();
            *days.entry((number(&record.person), record.work_date)).or_default() += sum;
        }
        of_persons(&self.harness, days)
    }

    fn judge_days(&self, selection: &Selection, before: &Hundredths, report: &ExportReport) {
        if report.held.iter().any(|held| matches!(held.subject, Subject::List(_))) {
            // Of a list that was not read to its end nobody can say whose time is missing.
            return;
        }
        let (due, stands) = (self.due(), standing(&self.harness));
        let told: BTreeSet<WorkerDay> = small_company::told(&self.harness, report)
            .into_iter()
            .map(|day| of_person(&self.harness, day))
            .collect();
        let excused = self.by_the_office(selection);
        let scope = Scope::of(self, selection, report);
        let days: BTreeSet<&WorkerDay> = due.keys().chain(stands.keys()).collect();
        for day in days {
            let [due, stands, before] = [&due, &stands, before].map(|days| days.get(day).copied().unwrap_or_default());
            let is_wrong = scope.is_wrong(day, due, stands, before);
            assert!(
                !is_wrong || told.contains(day) || excused.contains(day),
                "{stands} stand where {due} were worked, {before} before ({} on {}), and nobody is told: {:?}",
                day.0,
                day.1,
                report.held
            );
        }
    }

    /// Days of which nobody is told, since the office decided: it moved an entry of ours there, entered hours although ExakTime
    /// has none of that day (hazard D26), or changed an entry of ours on a day that was not asked for (hazard D24).
    fn by_the_office(&self, selection: &Selection) -> BTreeSet<WorkerDay> {
        let due = self.due();
        let mut days = BTreeSet::new();
        for entry in self.edited.values() {
            let (person, date) = of_person(&self.harness, small_company::day_of(&self.harness, entry));
            let sent = sent_on(entry);
            let is_theirs = match sent {
                Some(sent) => sent != date,
                None => !due.contains_key(&(person.clone(), date)),
            };
            let unasked = sent.filter(|sent| !(selection.from..=selection.to).contains(sent));
            let theirs = is_theirs.then_some(date);
            days.extend(theirs.into_iter().chain(unasked).map(|date| (person.clone(), date)));
        }
        days
    }
}

/// The day that an entry was sent for, by its mark; `None` for one of another hand.
fn sent_on(entry: &Entry) -> Option<NaiveDate> {
    entry.origin_data.as_deref()?.split(':').nth(1)?.parse().ok()
}

/// What a run is about.
struct Scope {
    days: RangeInclusive<NaiveDate>,
    /// The persons asked for, or all.
    persons: Option<BTreeSet<String>>,
    in_part: bool,
    /// The days of which something was sent.
    sent: BTreeSet<NaiveDate>,
    /// The persons' days of which the run wrote something.
    written: BTreeSet<WorkerDay>,
}

impl Scope {
    fn of(attack: &Attack, selection: &Selection, report: &ExportReport) -> Self {
        let harness = &attack.harness;
        let person = |number: &String| of_person(harness, (number.clone(), selection.from)).0;
        let written = report.changes.iter().filter(|line| line.result == LineResult::Done);
        let day = |worker, date| of_person(harness, (small_company::number_of_worker(harness, worker), date));
        Self {
            days: selection.from..=selection.to,
            persons: (!selection.employees.is_empty()).then(|| selection.employees.iter().map(person).collect()),
            in_part: !selection.locations.is_empty(),
            sent: small_company::by_our_hand(harness)
                .iter()
                .map(|entry| entry.date)
                .collect(),
            written: written
                .map(|line| day(line.change.key.worker, line.change.key.date))
                .collect(),
        }
    }

    /// Whether what stands on a day is wrong, as far as a run of this scope has to say.
    fn is_wrong(&self, day: &WorkerDay, due: i64, stands: i64, before: i64) -> bool {
        if self.in_part {
            // The rest of the day was not asked for.
            return stands > due && stands > before && self.written.contains(day);
        }
        if self.persons.as_ref().is_some_and(|persons| !persons.contains(&day.0)) {
            return false;
        }
        let was_to_be_sent = self.days.contains(&day.1) || self.sent.contains(&day.1);
        stands > due || (stands < due && was_to_be_sent)
    }
}

fn shown(result: &Result<ExportReport, LinxError>) -> String {
    let report = match result {
        Ok(report) => report,
        Err(error) => return format!("run: {error}"),
    };
    let held = report.held.iter().chain(&report.left_out);
    let held: Vec<String> = held
        .map(|held| format!("{} {}: {}", held.subject.id(), held.reason.code(), held.detail))
        .collect();
    let line = |line: &ReportedLine| {
        let change = &line.change;
        format!(
            "{:?} {} {:?} {:?}",
            change.action, change.key, change.entry, line.result
        )
    };
    let writes: Vec<String> = report.changes.iter().map(line).collect();
    format!("run: {writes:#?} held {held:#?}")
}
