//! From and to, for projects that take start and stop instead of hours (procore-api.md section 7.1, trap 22).
//!
//! Procore computes the hours out of the clock times it is sent, which it neither shifts nor knows a zone for. So a span is
//! sent only where that comes to ExakTime's hours, to the hundredth (hazards D1, D2, D10, D15).

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

use crate::hold::{Reason, Refusal};
use crate::model::{CentiHours, ClassHours, HourClass, Hours, Span, TimeRecord, Zone};

/// Splits a record into one span for each class, end to end: overtime is the later hours, and the whole break lies in
/// the first span. What the clock shows beyond the hours is taken for the break.
///
/// ```text
/// 07:00 to 17:30 with 8.00 h regular and 2.00 h overtime, so that 30 minutes were a break:
///   regular   07:00 to 15:30, lunch 30 minutes
///   overtime  15:30 to 17:30
/// ```
///
/// # Errors
///
/// With the reason to hold the record, and the figures: it has no start and stop, its hours are not those between them,
/// or the clocks changed within it, so that Procore would compute other hours.
pub(in crate::export) fn spans(record: &TimeRecord, zone: Zone) -> Result<Vec<(HourClass, Span)>, Refusal> {
    let (Some(start), Some(stop)) = (record.start, record.stop) else {
        return Err(Reason::NoStartStop.into());
    };
    let differ = || {
        let clock = CentiHours::nearest(Hours::from_seconds((stop - start).num_seconds()));
        let hours = CentiHours::nearest(record.total());
        Refusal::new(
            Reason::HoursDifferFromClock,
            format!("{clock} h from start to stop, {hours} h in ExakTime"),
        )
    };
    let unpaid = (stop - start).num_seconds() - record.total().seconds();
    let lunch = u32::try_from((unpaid + 30).div_euclid(60)).map_err(|_| differ())?;
    // Hours are hundredths as ExakTime tells them; the minute that they stand for is the likelier moment.
    let cuts = [to_the_minute as fn(DateTime<Utc>) -> DateTime<Utc>, |exact| exact];
    let stretches = cuts
        .into_iter()
        .map(|cut| stretches(record.hours, start, stop, lunch, cut))
        .find(|stretches| stretches.iter().all(Stretch::comes_to_its_hours))
        .ok_or_else(differ)?;
    stretches.iter().map(|stretch| stretch.span(zone)).collect()
}

fn to_the_minute(instant: DateTime<Utc>) -> DateTime<Utc> {
    let past = instant.timestamp().rem_euclid(60);
    let ahead = if past < 30 { -past } else { 60 - past };
    instant + Duration::seconds(ahead)
}

/// The hours of one class, and when they were worked.
struct Stretch {
    class: HourClass,
    hours: Hours,
    start: DateTime<Utc>,
    stop: DateTime<Utc>,
    lunch_minutes: u32,
}

fn stretches(
    hours: ClassHours,
    start: DateTime<Utc>,
    stop: DateTime<Utc>,
    lunch: u32,
    cut: fn(DateTime<Utc>) -> DateTime<Utc>,
) -> Vec<Stretch> {
    let mut begin = start;
    let count = hours.iter().count();
    let mut stretches = Vec::with_capacity(count);
    for (index, (class, hours)) in hours.iter().enumerate() {
        let lunch_minutes = if index == 0 { lunch } else { 0 };
        let worked = begin + Duration::seconds(hours.seconds()) + Duration::minutes(lunch_minutes.into());
        let end = if index + 1 == count { stop } else { cut(worked) };
        stretches.push(Stretch {
            class,
            hours,
            start: begin,
            stop: end,
            lunch_minutes,
        });
        begin = end;
    }
    stretches
}

impl Stretch {
    /// Whether the true time without the break comes to the hours.
    fn comes_to_its_hours(&self) -> bool {
        worked((self.stop - self.start).num_seconds(), self.lunch_minutes) == CentiHours::nearest(self.hours)
    }

    /// By the clock at the place; held where Procore would compute other hours from that.
    fn span(&self, zone: Zone) -> Result<(HourClass, Span), Refusal> {
        let span = Span {
            start: zone.clock(self.start),
            stop: zone.clock(self.stop),
            lunch_minutes: self.lunch_minutes,
        };
        let (procores, exaktimes) = (hours_of(&span), CentiHours::nearest(self.hours));
        if procores == exaktimes {
            Ok((self.class, span))
        } else {
            let detail = format!("{procores} h by the clock, {exaktimes} h worked, in {zone}");
            Err(Refusal::new(Reason::ClockChange, detail))
        }
    }
}

/// The hours that Procore computes for a span: stop less start by the clock on the wall, less the lunch, to the nearest
/// hundredth.
pub(in crate::export) fn hours_of(span: &Span) -> CentiHours {
    let between = |start: NaiveDateTime, stop: NaiveDateTime| (stop - start).num_seconds();
    worked(between(span.start, span.stop), span.lunch_minutes)
}

fn worked(seconds: i64, lunch_minutes: u32) -> CentiHours {
    CentiHours::nearest(Hours::from_seconds(seconds - i64::from(lunch_minutes) * 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecordId;

    const REG: HourClass = HourClass::Regular;
    const OT1: HourClass = HourClass::Overtime;

    /// From and to in UTC, and hundredths of hours by class.
    fn record(times: Option<(&str, &str)>, hours: &[(HourClass, i64)]) -> TimeRecord {
        let at = |text: &str| text.parse().unwrap();
        TimeRecord {
            id: None,
            employee: RecordId("p-102".into()),
            work_date: "2026-06-01".parse().unwrap(),
            location: None,
            cost_code: None,
            start: times.map(|(start, _)| at(start)),
            stop: times.map(|(_, stop)| at(stop)),
            hours: hours
                .iter()
                .map(|(class, hundredths)| (*class, CentiHours::from_hundredths(*hundredths).to_hours()))
                .collect(),
            comment: None,
            classification: None,
            clock: None,
        }
    }

    /// Class, from and to, and minutes of lunch.
    type Told = (HourClass, String, u32);

    fn spans_of(zone: &str, record: &TimeRecord) -> Result<Vec<Told>, Refusal> {
        let text = |(class, span): (HourClass, Span)| {
            let format = |time: NaiveDateTime| time.format("%d %H:%M:%S").to_string();
            (
                class,
                format!("{} - {}", format(span.start), format(span.stop)),
                span.lunch_minutes,
            )
        };
        spans(record, zone.parse().unwrap()).map(|spans| spans.into_iter().map(text).collect())
    }

    #[test]
    fn d10_what_the_clock_has_beyond_the_hours_is_the_break_once() {
        let day = Some(("2026-06-01T12:00:00Z", "2026-06-01T20:30:00Z"));
        assert_eq!(
            spans_of("America/Chicago", &record(day, &[(REG, 800)])),
            Ok(vec![(REG, "01 07:00:00 - 01 15:30:00".into(), 30)])
        );
        assert_eq!(
            spans_of("America/Chicago", &record(day, &[(REG, 850)])),
            Ok(vec![(REG, "01 07:00:00 - 01 15:30:00".into(), 0)])
        );
    }

    #[test]
    fn d10_overtime_is_the_later_hours_and_the_break_lies_in_the_first() {
        let day = Some(("2026-06-01T12:00:00Z", "2026-06-01T21:00:00Z"));
        assert_eq!(
            spans_of("America/Chicago", &record(day, &[(OT1, 83), (REG, 767)])),
            Ok(vec![
                (REG, "01 07:00:00 - 01 15:10:00".into(), 30),
                (OT1, "01 15:10:00 - 01 16:00:00".into(), 0),
            ])
        );
    }

    #[test]
    fn d13_hundredths_that_stand_for_minutes_are_no_difference() {
        for (stop, hundredths) in [("2026-06-01T12:20:00Z", 33), ("2026-06-01T12:40:00Z", 67)] {
            let record = record(Some(("2026-06-01T12:00:00Z", stop)), &[(REG, hundredths)]);
            let minutes = spans_of("America/Chicago", &record).unwrap()[0].2;
            assert_eq!(minutes, 0, "{hundredths}");
        }
    }

    #[test]
    fn d13_a_class_ends_at_the_minute_that_is_nearest_to_its_hundredths() {
        let morning = Some(("2026-06-01T12:00:00Z", "2026-06-01T13:00:00Z"));
        for (regular, overtime, cut) in [(33, 67, "07:20:00"), (67, 33, "07:40:00"), (50, 50, "07:30:00")] {
            assert_eq!(
                spans_of("America/Chicago", &record(morning, &[(REG, regular), (OT1, overtime)])),
                Ok(vec![
                    (REG, format!("01 07:00:00 - 01 {cut}"), 0),
                    (OT1, format!("01 {cut} - 01 08:00:00"), 0),
                ])
            );
        }
    }

    #[test]
    fn d15_hours_that_no_break_of_whole_minutes_explains_are_held_with_both_figures() {
        let times = Some(("2026-06-01T12:00:00Z", "2026-06-01T20:00:30Z"));
        let held = spans_of("America/Chicago", &record(times, &[(REG, 800)])).unwrap_err();
        assert_eq!(
            held,
            Refusal::new(
                Reason::HoursDifferFromClock,
                "8.01 h from start to stop, 8.00 h in ExakTime"
            )
        );
        let held = spans_of("America/Chicago", &record(times, &[(REG, 825)])).unwrap_err();
        assert_eq!(held.reason, Reason::HoursDifferFromClock);
        let held = spans_of("America/Chicago", &record(None, &[(REG, 825)])).unwrap_err();
        assert_eq!(held.reason, Reason::NoStartStop);
    }

    #[test]
    fn d1_d2_nights_on_which_the_clocks_change_are_held_with_both_figures() {
        let march = ("2026-03-08T04:00:00Z", "2026-03-08T11:30:00Z");
        let november = ("2026-11-01T03:00:00Z", "2026-11-01T12:30:00Z");
        for (times, hundredths, figures) in [
            (march, 700, "8.00 h by the clock, 7.00 h worked, in America/Chicago"),
            (november, 900, "8.00 h by the clock, 9.00 h worked, in America/Chicago"),
        ] {
            let night = record(Some(times), &[(REG, hundredths)]);
            let held = spans_of("America/Chicago", &night).unwrap_err();
            assert_eq!(held, Refusal::new(Reason::ClockChange, figures));
        }
        let phoenix = record(Some(("2026-03-08T05:00:00Z", "2026-03-08T13:30:00Z")), &[(REG, 800)]);
        assert_eq!(
            spans_of("America/Phoenix", &phoenix),
            Ok(vec![(REG, "07 22:00:00 - 08 06:30:00".into(), 30)])
        );
    }
}
