//! From clock times to instants: start and stop that came without an offset, through the zone of their place.
//!
//! A time that the clocks skipped is no instant, one that they showed twice is two (hazards D1, D2). Such a record stays
//! without instants, unless its neighbours leave one reading only.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};

use crate::hold::Reason;
use crate::model::{ClockTimes, Hours, LocalTimeError, RecordId, TimeRecord, Zone};

/// One way to read a record's clock times: from which instant to which.
type Reading = (DateTime<Utc>, DateTime<Utc>);

/// More readings of one night than these are not weighed against each other: the records are held.
const MOST_READINGS: usize = 4096;

/// Gives every record its instants whose clock times have one reading. `zone_of` is the zone of a record's place, `longest`
/// the most that a shift may last.
pub(in crate::export) fn resolve_instants(
    records: &mut [TimeRecord],
    zone_of: impl Fn(&TimeRecord) -> Option<Zone>,
    longest: Hours,
) {
    let mut by_employee: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        by_employee.entry(record.employee.clone()).or_default().push(index);
    }
    for indices in by_employee.into_values() {
        let readings: Vec<Vec<Reading>> = indices
            .iter()
            .map(|index| readings_of(&records[*index], &zone_of, longest))
            .collect();
        for (own, index) in indices.iter().enumerate() {
            let date = records[*index].work_date;
            let near: Vec<usize> = (0..indices.len())
                .filter(|other| (records[indices[*other]].work_date - date).num_days().abs() <= 1)
                .collect();
            let Some((start, stop)) = only_reading(own, &near, &readings) else {
                continue;
            };
            let record = &mut records[*index];
            if record.clock.take().is_some() {
                (record.start, record.stop) = (Some(start), Some(stop));
            }
        }
    }
}

/// Why a record still has no instants.
pub(in crate::export) fn why_unresolved(clock: &ClockTimes, zone: Zone) -> Reason {
    let misread = |time| zone.instant(time).err();
    let misread = misread(clock.start).or_else(|| clock.stop.and_then(misread));
    match misread {
        Some(LocalTimeError::Nonexistent) => Reason::TimeSkipped,
        Some(LocalTimeError::Ambiguous(..)) => Reason::TimeTwice,
        None => Reason::ShiftTooLong,
    }
}

/// The ways in which a record's times can be meant.
fn readings_of(record: &TimeRecord, zone_of: impl Fn(&TimeRecord) -> Option<Zone>, longest: Hours) -> Vec<Reading> {
    let Some(clock) = &record.clock else {
        return record.start.zip(record.stop).into_iter().collect();
    };
    match (zone_of(record), clock.stop) {
        (Some(zone), Some(stop)) => {
            // An end before the start is meant for the next day (hazard D6).
            let next_day = stop.checked_add_days(Days::new(1)).filter(|_| stop < clock.start);
            let stops = std::iter::once(stop)
                .chain(next_day)
                .flat_map(|stop| instants(zone, stop));
            let stops: Vec<DateTime<Utc>> = stops.collect();
            let readings = instants(zone, clock.start)
                .into_iter()
                .flat_map(|start| stops.iter().map(move |stop| (start, *stop)));
            readings
                .filter(|(start, stop)| (0..=longest.seconds()).contains(&(*stop - *start).num_seconds()))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn instants(zone: Zone, clock: chrono::NaiveDateTime) -> Vec<DateTime<Utc>> {
    match zone.instant(clock) {
        Ok(instant) => vec![instant],
        Err(LocalTimeError::Ambiguous(one, other)) => vec![one, other],
        Err(LocalTimeError::Nonexistent) => Vec::new(),
    }
}

/// The one reading of record `own` that some readings of its neighbours fit, so that nobody is at two places at once;
/// `None` where there is no such reading, or more than one.
///
/// On the night of two hours from 01:00 to 02:00, records of 00:30 to 01:45 and 01:15 to 06:00 fit together in one way
/// only: the first ends before the clocks go back, the second begins after.
fn only_reading(own: usize, near: &[usize], readings: &[Vec<Reading>]) -> Option<Reading> {
    if let [] | [_] = readings[own].as_slice() {
        return readings[own].first().copied();
    }
    let others: Vec<&Vec<Reading>> = near
        .iter()
        .filter(|other| **other != own)
        .map(|other| &readings[*other])
        .filter(|readings| !readings.is_empty())
        .collect();
    let mut ways: usize = 1;
    for readings in &others {
        ways = ways.checked_mul(readings.len()).filter(|ways| *ways <= MOST_READINGS)?;
    }
    let mut possible = readings[own]
        .iter()
        .filter(|reading| fits(&mut vec![**reading], &others));
    let only = possible.next()?;
    possible.next().is_none().then_some(*only)
}

/// Whether each of `others` has a reading that overlaps nothing taken so far.
fn fits(taken: &mut Vec<Reading>, others: &[&Vec<Reading>]) -> bool {
    let Some((first, rest)) = others.split_first() else {
        return true;
    };
    first.iter().any(|reading| {
        let free = taken.iter().all(|known| reading.1 <= known.0 || known.1 <= reading.0);
        if !free {
            return false;
        }
        taken.push(*reading);
        let fits = fits(taken, rest);
        taken.pop();
        fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClassHours, HourClass};

    const LONGEST: Hours = Hours::from_minutes(16 * 60);

    fn record(date: &str, start: &str, stop: &str) -> TimeRecord {
        let at = |time: &str| format!("{date}T{time}:00").parse().unwrap();
        TimeRecord {
            id: None,
            employee: RecordId("p-102".into()),
            work_date: date.parse().unwrap(),
            location: None,
            cost_code: None,
            start: None,
            stop: None,
            hours: ClassHours::of(HourClass::Regular, Hours::from_minutes(60)),
            comment: None,
            classification: None,
            clock: Some(Box::new(ClockTimes {
                start: at(start),
                stop: Some(at(stop)),
            })),
        }
    }

    /// How long each is, or why that is not known.
    fn resolved(zone: &str, records: &[(&str, &str, &str)]) -> Vec<Result<i64, Reason>> {
        let zone: Zone = zone.parse().unwrap();
        let mut records: Vec<TimeRecord> = records
            .iter()
            .map(|(date, start, stop)| record(date, start, stop))
            .collect();
        resolve_instants(&mut records, |_| Some(zone), LONGEST);
        let length = |record: &TimeRecord| match &record.clock {
            Some(clock) => Err(why_unresolved(clock, zone)),
            None => Ok((record.stop.unwrap() - record.start.unwrap()).num_minutes()),
        };
        records.iter().map(length).collect()
    }

    #[test]
    fn d1_d2_a_night_shift_is_as_long_as_the_night() {
        for (zone, date, minutes) in [
            ("America/Chicago", "2026-03-07", 450),
            ("America/Phoenix", "2026-03-07", 510),
            ("America/Chicago", "2026-10-31", 570),
            ("America/Phoenix", "2026-10-31", 510),
            ("America/Chicago", "2026-06-01", 510),
        ] {
            assert_eq!(
                resolved(zone, &[(date, "22:00", "06:30")]),
                [Ok(minutes)],
                "{zone} {date}"
            );
        }
    }

    #[test]
    fn d1_a_time_that_was_skipped_stays_unsettled() {
        let night = [("2026-03-08", "02:30", "06:30"), ("2026-03-08", "07:00", "09:00")];
        assert_eq!(resolved("America/Chicago", &night), [Err(Reason::TimeSkipped), Ok(120)]);
    }

    #[test]
    fn d2_a_time_that_occurs_twice_is_read_by_its_neighbours_or_not_at_all() {
        let alone = [("2026-11-01", "01:30", "06:30")];
        assert_eq!(resolved("America/Chicago", &alone), [Err(Reason::TimeTwice)]);
        // It touches a neighbour that may be either too.
        let touching = [("2026-11-01", "00:30", "01:30"), ("2026-11-01", "01:30", "06:30")];
        assert_eq!(resolved("America/Chicago", &touching), [Err(Reason::TimeTwice); 2]);
        // Only one order leaves nobody at two places at once.
        let crossing = [("2026-11-01", "00:30", "01:45"), ("2026-11-01", "01:15", "06:00")];
        assert_eq!(resolved("America/Chicago", &crossing), [Ok(75), Ok(285)]);
        let backwards = [("2026-11-01", "01:45", "01:15")];
        assert_eq!(resolved("America/Chicago", &backwards), [Ok(30)]);
    }

    #[test]
    fn d6_an_end_before_the_start_is_the_next_day_within_the_longest_shift() {
        let day = |start, stop| resolved("America/Chicago", &[("2026-06-01", start, stop)]);
        assert_eq!(day("18:00", "03:00"), [Ok(540)]);
        assert_eq!(day("07:00", "07:00"), [Ok(0)]);
        assert_eq!(day("08:00", "00:00"), [Ok(960)]);
        assert_eq!(day("07:00", "06:00"), [Err(Reason::ShiftTooLong)]);
    }
}
