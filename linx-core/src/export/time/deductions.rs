//! Hours that ExakTime takes off on a record of their own (hazard D23): with an overnight shift and an automatic lunch the
//! hours are on the first date and the lunch, as negative hours, on the second. Each is joined to its shift.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::model::{HourClass, Hours, TimeRecord};

/// Hours taken off a shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::export) struct Deduction {
    /// The work date on which ExakTime shows it.
    pub(in crate::export) date: NaiveDate,
    /// The class that it is taken off.
    pub(in crate::export) class: HourClass,
    /// How much: less than nothing.
    pub(in crate::export) hours: Hours,
}

/// What became of deductions, by the place of their records in the list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::export) struct Joined {
    loses: BTreeMap<usize, Vec<Deduction>>,
    gone: BTreeSet<usize>,
    held: BTreeSet<usize>,
}

impl Joined {
    /// The deductions that were joined to the record at this place; none for most.
    pub(in crate::export) fn of(&self, index: usize) -> &[Deduction] {
        self.loses.get(&index).map_or(&[], Vec::as_slice)
    }

    /// Whether the record went into another.
    pub(in crate::export) fn is_gone(&self, index: usize) -> bool {
        self.gone.contains(&index)
    }

    /// Whether the record has to be held: it takes hours off nobody knows which shift, or may lose some.
    pub(in crate::export) fn is_held(&self, index: usize) -> bool {
        self.held.contains(&index)
    }

    /// Takes a deduction off the nearest of `shifts` that has as many hours; holds it and the likeliest shift else.
    fn join(&mut self, index: usize, records: &[&TimeRecord], shifts: &[usize]) {
        let record = records[index];
        let same_work = |shift: &&usize| {
            let shift = records[**shift];
            (&shift.location, &shift.cost_code) == (&record.location, &record.cost_code)
        };
        let has_as_many = |shift: &&usize| {
            let left = |class| left(records[**shift], self.of(**shift), class);
            let mut hours = record.hours.iter();
            hours.all(|(class, hours)| left(class) + hours >= Hours::ZERO)
        };
        let Some(shift) = shifts.iter().filter(same_work).find(has_as_many) else {
            let likeliest = shifts.iter().find(same_work).or(shifts.first());
            self.held.extend(likeliest.copied().into_iter().chain([index]));
            return;
        };
        let taken_off = record.hours.iter().map(|(class, hours)| Deduction {
            date: record.work_date,
            class,
            hours,
        });
        self.loses.entry(*shift).or_default().extend(taken_off);
        self.gone.insert(index);
    }
}

/// What a shift has left of a class.
fn left(shift: &TimeRecord, deductions: &[Deduction], class: HourClass) -> Hours {
    let has = shift
        .hours
        .iter()
        .filter(|(known, _)| *known == class)
        .map(|(_, hours)| hours);
    let lost = deductions.iter().filter(|off| off.class == class).map(|off| off.hours);
    has.chain(lost).sum()
}

/// Whether a record only takes hours off.
pub(in crate::export) fn is_deduction(record: &TimeRecord) -> bool {
    record.total() < Hours::ZERO && record.hours.iter().all(|(_, hours)| hours <= Hours::ZERO)
}

/// Joins each deduction to its shift: the nearest before it of the same employee, place and code, on its own work date
/// or the one before, that has as many hours. `records` are in order of employee, work date and start.
///
/// A shift of 8.50 h from 22:00 on Monday and −0.50 h dated Tuesday become one shift of 8.00 h. The account still has
/// both: 8.50 h read for Monday, −0.50 h for Tuesday.
pub(in crate::export) fn join(records: &[&TimeRecord]) -> Joined {
    let mut joined = Joined::default();
    for (index, record) in records.iter().enumerate().filter(|(_, record)| is_deduction(record)) {
        joined.join(index, records, &shifts_before(index, record, records));
    }
    joined
}

/// The shifts that a deduction may belong to, the nearest first.
fn shifts_before(index: usize, record: &TimeRecord, records: &[&TimeRecord]) -> Vec<usize> {
    let is_near = |other: &TimeRecord| {
        other.employee == record.employee && (0..=1).contains(&(record.work_date - other.work_date).num_days())
    };
    // A day's records without a start come first in order, so those after it are looked at too.
    let first = records[..index]
        .iter()
        .rposition(|other| !is_near(other))
        .map_or(0, |before| before + 1);
    let near = records[first..].iter().take_while(|other| is_near(other)).count();
    let precedes = |other: &TimeRecord| {
        let same_day = other.work_date == record.work_date;
        !same_day || record.start.zip(other.start).is_none_or(|(own, others)| others <= own)
    };
    let mut shifts: Vec<usize> = (first..first + near)
        .filter(|other| records[*other].total() > Hours::ZERO && precedes(records[*other]))
        .collect();
    shifts.reverse();
    shifts
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::model::{ClassHours, RecordId};

    const REG: HourClass = HourClass::Regular;

    fn record(day: u32, hour: u32, place: &str, minutes: i64) -> TimeRecord {
        TimeRecord {
            id: None,
            employee: RecordId("p-102".into()),
            work_date: NaiveDate::from_ymd_opt(2026, 3, day).unwrap(),
            location: Some(RecordId(place.into())),
            cost_code: None,
            start: Some(Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap()),
            stop: Some(Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap()),
            hours: ClassHours::of(REG, Hours::from_minutes(minutes)),
            comment: None,
            classification: None,
            clock: None,
        }
    }

    /// Minutes that each record has left; `None` for one that went into another, an error for one that is held.
    fn fates(records: &[TimeRecord]) -> Vec<Result<Option<i64>, ()>> {
        let records: Vec<&TimeRecord> = records.iter().collect();
        let joined = join(&records);
        let fate = |index: usize| match (joined.is_held(index), joined.is_gone(index)) {
            (true, _) => Err(()),
            (_, true) => Ok(None),
            _ => Ok(Some(left(records[index], joined.of(index), REG).seconds() / 60)),
        };
        (0..records.len()).map(fate).collect()
    }

    #[test]
    fn d23_a_lunch_on_the_second_date_comes_off_the_first() {
        let shift = record(2, 18, "loc-1", 510);
        assert_eq!(
            fates(&[shift.clone(), record(3, 3, "loc-1", -30)]),
            [Ok(Some(480)), Ok(None)]
        );
        assert_eq!(
            fates(&[shift.clone(), record(2, 22, "loc-1", -30)]),
            [Ok(Some(480)), Ok(None)]
        );
        // Without a start it stands before the shift of its day.
        let mut lunch = record(2, 0, "loc-1", -30);
        lunch.start = None;
        assert_eq!(fates(&[lunch, shift]), [Ok(None), Ok(Some(480))]);
    }

    #[test]
    fn d23_the_nearest_shift_of_the_same_place_loses_it() {
        let records = [
            record(2, 6, "loc-1", 240),
            record(2, 12, "loc-1", 240),
            record(2, 17, "loc-2", 240),
            record(3, 1, "loc-1", -30),
            record(3, 18, "loc-1", 480),
        ];
        let others = [Ok(Some(240)), Ok(Some(210)), Ok(Some(240)), Ok(None), Ok(Some(480))];
        assert_eq!(fates(&records), others);
    }

    #[test]
    fn d23_without_its_shift_it_is_held_with_the_one_that_it_may_belong_to() {
        let lunch = record(3, 3, "loc-1", -30);
        assert_eq!(fates(std::slice::from_ref(&lunch)), [Err(())]);
        assert_eq!(
            fates(&[record(1, 18, "loc-1", 510), lunch.clone()]),
            [Ok(Some(510)), Err(())],
            "too far"
        );
        assert_eq!(
            fates(&[record(2, 18, "loc-2", 510), lunch.clone()]),
            [Err(()), Err(())],
            "another place"
        );
        assert_eq!(
            fates(&[record(2, 18, "loc-1", 20), lunch.clone()]),
            [Err(()), Err(())],
            "too short"
        );
        assert_eq!(
            fates(&[lunch, record(3, 18, "loc-1", 510)]),
            [Err(()), Ok(Some(510))],
            "after it"
        );
        let mut others = record(2, 18, "loc-1", 510);
        others.employee = RecordId("p-101".into());
        assert_eq!(fates(&[others, record(3, 3, "loc-1", -30)]), [Ok(Some(510)), Err(())]);
    }

    #[test]
    fn d23_a_shift_loses_no_more_than_it_has() {
        let records = [
            record(2, 6, "loc-1", 40),
            record(2, 12, "loc-1", -30),
            record(2, 13, "loc-1", -30),
        ];
        assert_eq!(fates(&records), [Err(()), Ok(None), Err(())]);
    }
}
