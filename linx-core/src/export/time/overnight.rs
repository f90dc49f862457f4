//! Which days a shift belongs to, and how its hours fall to them (hazards D6, D7, D15).

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};

use crate::hold::Reason;
use crate::model::{ClassHours, Hours, TimeRecord, Zone, largest_remainder};
use crate::settings::Overnight;

/// A difference of the hours from the clock that is not worth a word: a minute (hazard D15).
const A_MINUTE: i64 = 60;
/// The shortest break: rests of less are work time (hazard D10).
const SHORTEST_BREAK: i64 = 5 * 60;
/// The longest break. A longer stretch that has no hours is no break, and no rounding has taken them away either.
const LONGEST_BREAK: i64 = 60 * 60;
const DAY: i64 = 24 * 60 * 60;

/// Cuts a record at the midnights at which the company's rule parts days; `None` where it stays whole. Each part is a
/// record of its own day, and the parts add up to the whole, class by class and to the second.
///
/// Breaks have no times, so each part gets hours in proportion to its time by the clock. Overtime is the later hours of
/// a shift, so the earlier parts take regular hours first.
///
/// ```text
/// 18:00 to 04:00 with 8.00 h regular and 1.50 h overtime, split at midnight (6 h and 4 h by the clock):
///   first day   5.70 h regular
///   second day  2.30 h regular, 1.50 h overtime
/// ```
///
/// # Errors
///
/// With the reason to hold the record: its work date is none of its days, or it has negative hours to share.
pub(in crate::export) fn cut(
    record: &TimeRecord,
    zone: Zone,
    rule: Overnight,
    week_start: Weekday,
) -> Result<Option<Vec<TimeRecord>>, Reason> {
    let (Some(start), Some(stop)) = (record.start, record.stop) else {
        return Ok(None);
    };
    if rule == Overnight::ExakTime {
        return Ok(None);
    }
    let (first, last) = days(zone, start, stop);
    if !(first..=last).contains(&record.work_date) {
        return Err(Reason::WorkDateDiffers);
    }
    if first == last {
        return Ok(None);
    }
    if record.hours.iter().any(|(_, hours)| hours < Hours::ZERO) {
        return Err(Reason::NegativeHours);
    }
    let parts_days = |day: &NaiveDate| rule == Overnight::SplitAtMidnight || day.weekday() == week_start;
    let mut cuts: Vec<(NaiveDate, DateTime<Utc>)> = vec![(first, start)];
    let later = first.iter_days().skip(1).take_while(|day| *day <= last);
    cuts.extend(
        later
            .filter(parts_days)
            .filter_map(|day| Some((day, zone.midnight(day)?))),
    );
    Ok(Some(parts(record, &cuts, stop)))
}

/// The first and the last day that a stretch touches; one that ends at midnight does not touch the day that begins.
fn days(zone: Zone, start: DateTime<Utc>, stop: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let before_stop = (stop - chrono::Duration::seconds(1)).max(start);
    (zone.clock(start).date(), zone.clock(before_stop).date())
}

/// The parts of a record that begin at these cuts; one that gets no hours is left out.
fn parts(record: &TimeRecord, cuts: &[(NaiveDate, DateTime<Utc>)], stop: DateTime<Utc>) -> Vec<TimeRecord> {
    let ends: Vec<DateTime<Utc>> = cuts.iter().skip(1).map(|(_, begin)| *begin).chain([stop]).collect();
    let lengths: Vec<i64> = cuts
        .iter()
        .zip(&ends)
        .map(|((_, begin), end)| (*end - *begin).num_seconds())
        .collect();
    let shares = share(record.total().seconds(), &lengths);
    let mut left = record.hours;
    cuts.iter()
        .zip(ends)
        .zip(shares)
        .map(|((&(day, begin), end), seconds)| TimeRecord {
            work_date: day,
            start: Some(begin),
            stop: Some(end),
            hours: take(&mut left, Hours::from_seconds(seconds)),
            ..record.clone()
        })
        .filter(|part| !part.hours.is_empty())
        .collect()
}

/// Shares whole seconds by weight; the largest remainder gets the next second, the earlier part where remainders tie.
/// Shared 1 to 2, 100 seconds are 33 and 67.
fn share(total: i64, weights: &[i64]) -> Vec<i64> {
    let all: i128 = weights.iter().copied().map(i128::from).sum::<i128>().max(1);
    let divide = |weight: &i64| {
        let exact = i128::from(total) * i128::from(*weight);
        let whole = i64::try_from(exact.div_euclid(all)).unwrap_or(total);
        (whole, exact.rem_euclid(all))
    };
    largest_remainder(weights, total, divide)
}

/// Takes the first `wanted` hours out of `left`: all regular ones before any overtime, and that before double time.
fn take(left: &mut ClassHours, mut wanted: Hours) -> ClassHours {
    let mut taken = ClassHours::default();
    let classes: Vec<_> = left.iter().collect();
    for (class, hours) in classes {
        let part = hours.min(wanted);
        taken.add(class, part);
        left.add(class, -part);
        wanted = wanted - part;
    }
    taken
}

/// How far the hours are from what the clock shows, where no break explains it: hours beyond the clock, or a shortfall
/// too short for a break (hazard D15). It is told and never corrected: ExakTime's hours stand.
///
/// From 07:00 to 15:00, 8.05 h are told as 180 seconds and 7.95 h as −180. 7.50 h are not told, since half an hour is a
/// break, and neither is anything up to a minute.
pub(in crate::export) fn differs_from_clock(record: &TimeRecord) -> Option<Hours> {
    let clock = (record.stop? - record.start?).num_seconds();
    let beyond = record.total().seconds() - clock;
    let unexplained = beyond > A_MINUTE || (-SHORTEST_BREAK < beyond && beyond < -A_MINUTE);
    unexplained.then(|| Hours::from_seconds(beyond))
}

/// Whether a record has no hours although it lasts longer than any break: its hours are not computed yet (hazard D22).
///
/// From 07:00 to 08:00, 0.00 h may be a break that is not paid; from 07:00 to 11:00 they are not.
pub(in crate::export) fn is_not_computed(record: &TimeRecord) -> bool {
    let instants = record.start.zip(record.stop).map(|(start, stop)| stop - start);
    // An end before the start is meant for the next day (hazard D6).
    let by_clock = || {
        let clock = record.clock.as_ref()?;
        Some((clock.stop? - clock.start).num_seconds().rem_euclid(DAY))
    };
    let lasts = instants.map(|stretch| stretch.num_seconds()).or_else(by_clock);
    record.hours.is_empty() && lasts.is_some_and(|seconds| seconds > LONGEST_BREAK)
}

/// Whether a record lasts longer than a shift may, or ends before it begins.
pub(in crate::export) fn is_too_long(record: &TimeRecord, longest: Hours) -> bool {
    let length = record
        .start
        .zip(record.stop)
        .map(|(start, stop)| (stop - start).num_seconds());
    length.is_some_and(|seconds| !(0..=longest.seconds()).contains(&seconds))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{HourClass, RecordId};

    const REG: HourClass = HourClass::Regular;
    const OT1: HourClass = HourClass::Overtime;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn record(work_date: &str, start: &str, stop: &str, hours: &[(HourClass, i64)]) -> TimeRecord {
        TimeRecord {
            id: None,
            employee: RecordId("p-102".into()),
            work_date: work_date.parse().unwrap(),
            location: None,
            cost_code: None,
            start: Some(start.parse().unwrap()),
            stop: Some(stop.parse().unwrap()),
            hours: hours
                .iter()
                .map(|(class, minutes)| (*class, Hours::from_minutes(*minutes)))
                .collect(),
            comment: None,
            classification: None,
            clock: None,
        }
    }

    /// Each part's day and minutes by class.
    fn days_of(parts: Option<Vec<TimeRecord>>) -> Vec<(String, Vec<(HourClass, i64)>)> {
        let minutes = |(class, hours): (HourClass, Hours)| (class, hours.seconds() / 60);
        let day = |part: TimeRecord| (part.work_date.to_string(), part.hours.iter().map(minutes).collect());
        parts.into_iter().flatten().map(day).collect()
    }

    /// 18:00 to 03:00 in Chicago in June, with nine hours of which one is overtime.
    fn night() -> TimeRecord {
        record(
            "2026-06-01",
            "2026-06-01T23:00:00Z",
            "2026-06-02T08:00:00Z",
            &[(REG, 480), (OT1, 60)],
        )
    }

    #[test]
    fn d6_a_shift_across_midnight_belongs_to_the_days_of_the_rule() {
        let chicago = zone("America/Chicago");
        let by = |rule| cut(&night(), chicago, rule, Weekday::Sun).map(days_of);
        assert_eq!(by(Overnight::ExakTime), Ok(vec![]));
        assert_eq!(
            by(Overnight::StartDay),
            Ok(vec![("2026-06-01".into(), vec![(REG, 480), (OT1, 60)])])
        );
        assert_eq!(
            by(Overnight::SplitAtMidnight),
            Ok(vec![
                ("2026-06-01".into(), vec![(REG, 360)]),
                ("2026-06-02".into(), vec![(REG, 120), (OT1, 60)]),
            ])
        );
        // In its zone it is all in one day.
        let berlin = record(
            "2026-06-02",
            "2026-06-01T23:00:00Z",
            "2026-06-02T08:00:00Z",
            &[(REG, 540)],
        );
        assert_eq!(
            cut(&berlin, zone("Europe/Berlin"), Overnight::SplitAtMidnight, Weekday::Sun),
            Ok(None)
        );
        // One that ends at midnight touches one day.
        let evening = record(
            "2026-06-01",
            "2026-06-01T23:00:00Z",
            "2026-06-02T05:00:00Z",
            &[(REG, 360)],
        );
        assert_eq!(
            cut(&evening, chicago, Overnight::SplitAtMidnight, Weekday::Sun),
            Ok(None)
        );
    }

    #[test]
    fn d6_a_start_day_moves_the_hours_from_the_day_after() {
        let mut night = night();
        night.work_date = "2026-06-02".parse().unwrap();
        let parts = cut(&night, zone("America/Chicago"), Overnight::StartDay, Weekday::Sun);
        assert_eq!(days_of(parts.unwrap())[0].0, "2026-06-01");
        night.work_date = "2026-06-03".parse().unwrap();
        let parts = cut(&night, zone("America/Chicago"), Overnight::StartDay, Weekday::Sun);
        assert_eq!(parts, Err(Reason::WorkDateDiffers));
    }

    #[test]
    fn d7_hours_of_the_next_work_week_stay_in_it() {
        // Saturday, 18:00, to Sunday, 03:00.
        let night = record(
            "2026-06-06",
            "2026-06-06T23:00:00Z",
            "2026-06-07T08:00:00Z",
            &[(REG, 540)],
        );
        let by = |week_start| days_of(cut(&night, zone("America/Chicago"), Overnight::StartDay, week_start).unwrap());
        assert_eq!(by(Weekday::Mon), [("2026-06-06".into(), vec![(REG, 540)])]);
        assert_eq!(
            by(Weekday::Sun),
            [
                ("2026-06-06".into(), vec![(REG, 360)]),
                ("2026-06-07".into(), vec![(REG, 180)])
            ]
        );
    }

    #[test]
    fn d1_d2_parts_have_hours_as_they_have_time_on_the_nights_the_clocks_change() {
        let chicago = zone("America/Chicago");
        let minutes = |record: TimeRecord| {
            let parts = cut(&record, chicago, Overnight::SplitAtMidnight, Weekday::Mon).unwrap();
            days_of(parts).iter().map(|(_, hours)| hours[0].1).collect::<Vec<_>>()
        };
        // 22:00 to 06:30 without a break: two hours before midnight, and five and a half or seven and a half after it.
        let march = record(
            "2026-03-07",
            "2026-03-08T04:00:00Z",
            "2026-03-08T11:30:00Z",
            &[(REG, 450)],
        );
        assert_eq!(minutes(march), [120, 330]);
        let november = record(
            "2026-10-31",
            "2026-11-01T03:00:00Z",
            "2026-11-01T12:30:00Z",
            &[(REG, 570)],
        );
        assert_eq!(minutes(november), [120, 450]);
    }

    #[test]
    fn d15_a_difference_of_more_than_a_minute_that_is_no_break_is_told() {
        let of = |seconds: i64| {
            let mut record = record("2026-06-01", "2026-06-01T12:00:55Z", "2026-06-01T20:00:55Z", &[]);
            record.hours = ClassHours::of(REG, Hours::from_seconds(8 * 3600 + seconds));
            differs_from_clock(&record).map(Hours::seconds)
        };
        assert_eq!([60, 61].map(of), [None, Some(61)]);
        assert_eq!([-60, -61, -299].map(of), [None, Some(-61), Some(-299)]);
        assert_eq!([-300, -1800].map(of), [None, None], "a break");
    }

    #[test]
    fn d22_a_stretch_of_hours_without_hours_is_not_computed() {
        let until = |stop: &str, hours: i64| {
            let mut record = record("2026-06-01", "2026-06-01T12:00:00Z", stop, &[]);
            record.hours = ClassHours::of(REG, Hours::from_seconds(hours));
            record
        };
        for (stop, hours, expected) in [
            ("2026-06-01T16:00:00Z", 0, true),
            ("2026-06-01T13:00:01Z", 0, true),
            ("2026-06-01T13:00:00Z", 0, false),
            ("2026-06-01T12:00:00Z", 0, false),
            ("2026-06-01T16:00:00Z", 1, false),
        ] {
            assert_eq!(is_not_computed(&until(stop, hours)), expected, "{stop} {hours}");
        }
        let total = TimeRecord {
            start: None,
            stop: None,
            ..until("2026-06-01T16:00:00Z", 0)
        };
        assert!(!is_not_computed(&total), "a mere total of nothing");
        let clock = |stop: &str| {
            let time = |text: &str| format!("2026-06-01T{text}:00").parse().unwrap();
            let (start, stop) = (time("22:00"), Some(time(stop)));
            is_not_computed(&TimeRecord {
                clock: Some(Box::new(crate::model::ClockTimes { start, stop })),
                ..total.clone()
            })
        };
        assert_eq!(["02:00", "22:30"].map(clock), [true, false]);
    }

    #[test]
    fn d6_a_shift_has_a_longest_length() {
        let longest = Hours::from_minutes(540);
        assert!(!is_too_long(&night(), longest));
        assert!(is_too_long(&night(), longest - Hours::from_seconds(1)));
        let mut backwards = night();
        std::mem::swap(&mut backwards.start, &mut backwards.stop);
        assert!(is_too_long(&backwards, longest));
    }

    proptest! {
        #[test]
        fn d6_the_parts_add_up_to_the_whole_and_overtime_is_the_later_hours(
            start in 1_767_225_600_i64..1_798_761_600,
            length in 1_i64..200_000,
            hours in proptest::array::uniform3(0_i64..60_000),
            rule in prop_oneof![Just(Overnight::StartDay), Just(Overnight::SplitAtMidnight)],
            zone_name in prop_oneof![Just("America/Chicago"), Just("America/St_Johns"), Just("America/Santiago")],
        ) {
            let zone = zone(zone_name);
            let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
            let mut whole = night();
            (whole.start, whole.stop) = (Some(at(start)), Some(at(start + length)));
            whole.work_date = zone.clock(at(start)).date();
            whole.hours = HourClass::ALL.into_iter().zip(hours.map(Hours::from_seconds)).collect();
            let parts = cut(&whole, zone, rule, Weekday::Sun).unwrap().unwrap_or_else(|| vec![whole.clone()]);
            let sum = parts.iter().flat_map(|part| part.hours.iter()).collect::<ClassHours>();
            prop_assert_eq!(sum, whole.hours);
            let classes: Vec<HourClass> = parts.iter().flat_map(|part| part.hours.iter()).map(|(class, _)| class).collect();
            prop_assert!(classes.is_sorted());
            let dates: Vec<NaiveDate> = parts.iter().map(|part| part.work_date).collect();
            prop_assert!(dates.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
