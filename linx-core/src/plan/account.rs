//! The account of every hour: read = stored + held + left out, per worker and day, to the second (hazard D25).

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::AddAssign;

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::change::{Carried, LineChange};
use crate::model::{Hours, RecordId, first_of_week};

/// Hours by what became of them: every hour read is stored, held or left out, and none is two of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Read from ExakTime.
    pub read: Hours,
    /// In Procore as they should be; in a plan, once it is applied.
    pub stored: Hours,
    /// Kept back until a person acts.
    pub held: Hours,
    /// Left out by rule.
    pub left_out: Hours,
}

impl Tally {
    /// Whether the hours read are exactly those stored, held and left out.
    pub fn adds_up(&self) -> bool {
        self.read == self.stored + self.held + self.left_out
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.stored += other.stored;
        self.held += other.held;
        self.left_out += other.left_out;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}

/// What became of the hours of one employee's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTally {
    /// ExakTime's id of the employee, who need not be linked to a worker.
    pub employee: RecordId,
    /// The work date that ExakTime gives. The line may stand on another day, such as that on which a shift began.
    pub date: NaiveDate,
    /// What became of the hours of the day.
    #[serde(flatten)]
    pub hours: Tally,
}

/// What became of every hour, per employee and work date (hazard D25). As JSON it is a list of [`DayTally`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<DayTally>", into = "Vec<DayTally>")]
pub struct Account {
    employees: BTreeMap<RecordId, BTreeMap<NaiveDate, Tally>>,
}

impl From<Vec<DayTally>> for Account {
    fn from(days: Vec<DayTally>) -> Self {
        let mut account = Self::default();
        for DayTally { employee, date, hours } in days {
            *account.day(&employee, date) = hours;
        }
        account
    }
}

impl From<Account> for Vec<DayTally> {
    fn from(account: Account) -> Self {
        account.days().collect()
    }
}

impl Account {
    fn day(&mut self, employee: &RecordId, date: NaiveDate) -> &mut Tally {
        self.employees
            .entry(employee.clone())
            .or_default()
            .entry(date)
            .or_default()
    }

    /// Adds hours that were read from ExakTime.
    pub fn read(&mut self, employee: &RecordId, date: NaiveDate, hours: Hours) {
        self.day(employee, date).read += hours;
    }

    /// Adds hours that stand in Procore, or will once the plan is applied.
    pub fn stored(&mut self, employee: &RecordId, date: NaiveDate, hours: Hours) {
        self.day(employee, date).stored += hours;
    }

    /// Adds hours that are kept back until a person acts.
    pub fn held(&mut self, employee: &RecordId, date: NaiveDate, hours: Hours) {
        self.day(employee, date).held += hours;
    }

    /// Adds hours that a rule leaves out.
    pub fn left_out(&mut self, employee: &RecordId, date: NaiveDate, hours: Hours) {
        self.day(employee, date).left_out += hours;
    }

    /// Takes out hours that were left out since they belong to other days than were asked for. A day without any more
    /// is forgotten.
    pub(crate) fn forget(&mut self, employee: &RecordId, date: NaiveDate, hours: Hours) {
        let day = self.day(employee, date);
        day.read = day.read - hours;
        day.left_out = day.left_out - hours;
        if *day == Tally::default()
            && let Some(days) = self.employees.get_mut(employee)
        {
            days.remove(&date);
            if days.is_empty() {
                self.employees.remove(employee);
            }
        }
    }

    /// Moves hours from those stored to those held, because they could not be written.
    pub fn move_to_held(&mut self, employee: &RecordId, date: NaiveDate, hours: Hours) {
        let day = self.day(employee, date);
        day.stored = day.stored - hours;
        day.held += hours;
    }

    /// Moves what a line carries from stored to held: the line is not written.
    pub(crate) fn hold_line(&mut self, change: &LineChange) {
        for Carried {
            employee, date, hours, ..
        } in &change.carries
        {
            self.move_to_held(employee, *date, *hours);
        }
    }

    /// Returns every day that has hours of any sort, in order of employee and date.
    pub fn days(&self) -> impl Iterator<Item = DayTally> + '_ {
        self.tallies().map(|(employee, date, hours)| DayTally {
            employee: employee.clone(),
            date,
            hours: *hours,
        })
    }

    fn tallies(&self) -> impl Iterator<Item = (&RecordId, NaiveDate, &Tally)> {
        let days = |(employee, days)| BTreeMap::iter(days).map(move |(date, hours)| (employee, *date, hours));
        self.employees.iter().flat_map(days)
    }

    /// Returns the sums per employee and work week; a week is named by its first day. With weeks from Monday on, Sunday
    /// 8 March 2026 counts for the week of 2 March.
    pub fn weeks(&self, week_start: Weekday) -> BTreeMap<(RecordId, NaiveDate), Tally> {
        let mut weeks: BTreeMap<(RecordId, NaiveDate), Tally> = BTreeMap::new();
        for (employee, date, hours) in self.tallies() {
            let first = first_of_week(date, week_start);
            *weeks.entry((employee.clone(), first)).or_default() += *hours;
        }
        weeks
    }

    /// Returns the sum of all days and employees.
    pub fn total(&self) -> Tally {
        self.tallies().map(|(_, _, hours)| *hours).sum()
    }

    /// Checks the first law for every day: hours read = stored + held + left out, to the second (hazard D25).
    ///
    /// # Errors
    ///
    /// A sentence that names the first day that breaks it, with its four sums in seconds.
    pub fn check(&self) -> Result<(), String> {
        match self.tallies().find(|(_, _, hours)| !hours.adds_up()) {
            None => Ok(()),
            Some((employee, date, hours)) => Err(format!(
                "employee {employee} on {date}: {} s read, {} s stored, {} s held, {} s left out",
                hours.read.seconds(),
                hours.stored.seconds(),
                hours.held.seconds(),
                hours.left_out.seconds(),
            )),
        }
    }
}

/// What an employee gains and loses by rounding of Linx's own, summed apart: a person sees how much time moved either
/// way, and not only the difference (hazard D11). In quarters, days of 8:31 and 8:29 lose one minute and gain one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rounded {
    /// The sum of what was added where time was rounded up; never negative.
    pub gained: Hours,
    /// The sum of what was taken off where time was rounded down; never negative.
    pub lost: Hours,
}

impl Rounded {
    /// Enters one day, or one span, of a worker.
    pub(crate) fn enter(sums: &mut BTreeMap<RecordId, Self>, employee: &RecordId, exact: Hours, rounded: Hours) {
        if exact == rounded {
            return;
        }
        let sum = sums.entry(employee.clone()).or_default();
        if rounded > exact {
            sum.gained += rounded - exact;
        } else {
            sum.lost += exact - rounded;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d7_weeks_begin_on_the_day_that_is_set() {
        let employee = RecordId("p-1".into());
        let sunday = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
        let mut account = Account::default();
        account.read(&employee, sunday, Hours::from_minutes(60));
        account.read(&employee, sunday.succ_opt().unwrap(), Hours::from_minutes(30));
        assert_eq!(account.weeks(Weekday::Mon).len(), 2);
        assert_eq!(account.weeks(Weekday::Sun).len(), 1);
    }

    #[test]
    fn d25_hours_without_a_fate_are_found() {
        let employee = RecordId("p-1".into());
        let day = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
        let mut account = Account::default();
        account.read(&employee, day, Hours::from_seconds(10));
        account.stored(&employee, day, Hours::from_seconds(9));
        assert!(account.check().unwrap_err().contains("2026-03-08"));
        account.left_out(&employee, day, Hours::from_seconds(1));
        assert_eq!(account.check(), Ok(()));
        account.move_to_held(&employee, day, Hours::from_seconds(9));
        assert_eq!(account.check(), Ok(()));
        assert_eq!(account.total().held, Hours::from_seconds(9));
    }

    #[test]
    fn d11_what_a_worker_gains_and_loses_is_summed_apart() {
        let (mut sums, worker) = (BTreeMap::new(), RecordId("p-102".into()));
        for (exact, rounded) in [(511, 510), (509, 510), (480, 480), (502, 495)] {
            Rounded::enter(
                &mut sums,
                &worker,
                Hours::from_minutes(exact),
                Hours::from_minutes(rounded),
            );
        }
        let sum = sums[&worker];
        assert_eq!((sum.gained, sum.lost), (Hours::from_minutes(1), Hours::from_minutes(8)));
    }

    #[test]
    fn a_week_begins_on_the_day_that_is_set() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let week_of = |date: &str, week_start| {
            let mut account = Account::default();
            account.read(&RecordId("p-1".into()), day(date), Hours::ZERO);
            account.weeks(week_start).into_keys().map(|(_, first)| first).next()
        };
        assert_eq!(week_of("2026-03-08", Weekday::Mon), Some(day("2026-03-02")));
        assert_eq!(week_of("2026-03-08", Weekday::Sun), Some(day("2026-03-08")));
        assert_eq!(week_of("2026-03-07", Weekday::Sun), Some(day("2026-03-01")));
    }
}
