//! Rounding of our own, where a company asks for it: to the nearest, the original kept, and told with what each worker gains
//! and loses by it (hazards D11, D12; 29 CFR 785.48).
//!
//! An exact half goes up: with quarters 7:07 is 7:00, 7:07:30 and 7:08 are 7:15. What is round already stays as it is.

use chrono::{Duration, NaiveDateTime, Timelike};

use crate::model::{Hours, Span, largest_remainder};
use crate::settings::Rounding;

/// The step in seconds, if there is one.
fn step(rounding: Rounding) -> Option<i64> {
    match rounding {
        Rounding::None => None,
        Rounding::FiveMinutes => Some(5 * 60),
        Rounding::Tenth => Some(6 * 60),
        Rounding::Quarter => Some(15 * 60),
    }
}

/// The nearest step; a half goes up.
fn nearest(seconds: i64, step: i64) -> i64 {
    (seconds + step / 2).div_euclid(step) * step
}

/// Rounds the lines of a worker's day so that they add up to the day's rounded hours: the largest remainder gets the
/// next step, the earlier line where remainders tie. Line by line, a worker with many short lines would lose or gain by
/// each.
///
/// With quarters, three lines of 20 minutes are 30, 15 and 15: an hour, as worked. Each by itself would be 15.
pub(in crate::export) fn day(lines: &[Hours], rounding: Rounding) -> Vec<Hours> {
    let Some(step) = step(rounding) else {
        return lines.to_vec();
    };
    let total: i64 = lines.iter().map(|line| line.seconds()).sum();
    let divide = |line: &Hours| (line.seconds().div_euclid(step), line.seconds().rem_euclid(step));
    largest_remainder(lines, nearest(total, step) / step, divide)
        .into_iter()
        .map(|steps| Hours::from_seconds(steps * step))
        .collect()
}

/// Rounds both ends of a span: with quarters, 07:07 to 15:38 becomes 07:00 to 15:45. The lunch is not rounded. A span
/// that would be left without hours stays as it is.
pub(in crate::export) fn span(span: &Span, rounding: Rounding) -> Span {
    let Some(step) = step(rounding) else {
        return span.clone();
    };
    let rounded = Span {
        start: clock(span.start, step),
        stop: clock(span.stop, step),
        lunch_minutes: span.lunch_minutes,
    };
    let lunch = Duration::minutes(span.lunch_minutes.into());
    if rounded.stop - rounded.start > lunch {
        rounded
    } else {
        span.clone()
    }
}

fn clock(time: NaiveDateTime, step: i64) -> NaiveDateTime {
    let since_midnight = i64::from(time.num_seconds_from_midnight());
    time + Duration::seconds(nearest(since_midnight, step) - since_midnight)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span_of(start: &str, stop: &str) -> Span {
        let at = |time: &str| format!("2026-06-01T{time}").parse().unwrap();
        Span {
            start: at(start),
            stop: at(stop),
            lunch_minutes: 0,
        }
    }

    fn times(span: &Span) -> [String; 2] {
        [span.start, span.stop].map(|time| time.format("%H:%M:%S").to_string())
    }

    #[test]
    fn d11_with_quarters_7_07_is_7_00_and_7_08_is_7_15() {
        for (time, rounded) in [
            ("07:07:00", "07:00:00"),
            ("07:07:29", "07:00:00"),
            ("07:07:30", "07:15:00"),
            ("07:08:00", "07:15:00"),
            ("07:15:00", "07:15:00"),
        ] {
            assert_eq!(
                times(&span(&span_of(time, "15:00:00"), Rounding::Quarter))[0],
                rounded,
                "{time}"
            );
        }
        let late = span(&span_of("16:00:00", "23:55:00"), Rounding::Quarter);
        assert_eq!(late.stop.to_string(), "2026-06-02 00:00:00");
        let minute = span_of("07:01:00", "07:02:00");
        assert_eq!(
            span(&minute, Rounding::Quarter),
            minute,
            "nobody's punch is rounded away"
        );
    }

    #[test]
    fn d12_punches_and_durations_are_rounded_to_different_hours() {
        let punched = span_of("07:07:00", "15:38:00");
        assert_eq!(times(&span(&punched, Rounding::Quarter)), ["07:00:00", "15:45:00"]);
        assert_eq!(
            day(&[Hours::from_minutes(511)], Rounding::Quarter),
            [Hours::from_minutes(510)]
        );
        assert_eq!(span(&punched, Rounding::None), punched);
    }

    proptest! {
        #[test]
        fn d11_a_day_is_rounded_by_half_a_step_at_most_and_its_lines_add_up(
            seconds in proptest::collection::vec(1_i64..40_000, 1..8),
            rounding in prop_oneof![Just(Rounding::FiveMinutes), Just(Rounding::Tenth), Just(Rounding::Quarter)],
        ) {
            let lines: Vec<Hours> = seconds.iter().copied().map(Hours::from_seconds).collect();
            let step = step(rounding).unwrap();
            let rounded = day(&lines, rounding);
            let sum = |lines: &[Hours]| lines.iter().map(|line| line.seconds()).sum::<i64>();
            prop_assert_eq!(sum(&rounded), nearest(sum(&lines), step));
            prop_assert!((sum(&rounded) - sum(&lines)).abs() * 2 <= step);
            for (line, rounded) in lines.iter().zip(&rounded) {
                prop_assert!((line.seconds() - rounded.seconds()).abs() < step && rounded.seconds() % step == 0);
            }
            prop_assert_eq!(day(&rounded, rounding), rounded, "round already");
        }

        #[test]
        fn d11_rounding_is_neutral_over_all_times_of_a_step(step_minutes in prop_oneof![Just(5_i64), Just(6), Just(15)]) {
            // Second by second the sum of all differences is no more than the ties, which go up.
            let step = step_minutes * 60;
            let sum: i64 = (0..step).map(|second| nearest(second, step) - second).sum();
            prop_assert_eq!(sum, step / 2);
        }
    }
}
