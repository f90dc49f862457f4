//! Hours as text, and hours out of clock times.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use serde_json::Value;

/// The parts of an hour in which hours are reckoned. Decimals beyond these ten thousandths are cut off.
pub(super) const PARTS: u64 = 10_000;

/// Decimal hours from 0 to 24 without needless zeros, but with one decimal: `8` and `08.00` are `8.0`.
pub(super) fn normal(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let whole: u8 = whole.parse().ok()?;
    let part = match part.trim_end_matches('0') {
        "" => "0",
        part => part,
    };
    (whole < 24 || (whole == 24 && part == "0")).then(|| format!("{whole}.{part}"))
}

/// Hours that were written by [`normal`], in parts.
pub(super) fn parts(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.')?;
    let part: String = part.chars().chain("0000".chars()).take(4).collect();
    Some(whole.parse::<u64>().ok()? * PARTS + part.parse::<u64>().ok()?)
}

/// Parts as hours.
pub(super) fn text(parts: u64) -> String {
    let part = format!("{:04}", parts % PARTS);
    let part = part.trim_end_matches('0');
    format!("{}.{}", parts / PARTS, if part.is_empty() { "0" } else { part })
}

/// A clock time of an entry: an instant in full, or `08:00` of its day. Anything else is dropped in silence, as Procore
/// does on some resources (hazard A13).
pub(super) fn clock_time(value: &Value, day: NaiveDate) -> Option<DateTime<Utc>> {
    let text = value.as_str()?;
    match NaiveTime::parse_from_str(text, "%H:%M") {
        Ok(time) => Some(day.and_time(time).and_utc()),
        Err(_) => text.parse().ok(),
    }
}

/// The time by the company's rule: `up`, `down` or else to the nearest, in steps of its minutes.
pub(super) fn rounded(time: DateTime<Utc>, rule: Option<&(String, u32)>) -> DateTime<Utc> {
    let Some((rule, minutes)) = rule else {
        return time;
    };
    let step = i64::from((*minutes).max(1)) * 60;
    let past = time.timestamp().rem_euclid(step);
    let back = time - Duration::seconds(past);
    let up = match rule.as_str() {
        "up" => past > 0,
        "down" => false,
        _ => past * 2 >= step,
    };
    if up { back + Duration::seconds(step) } else { back }
}

/// The hours from `start` to `stop` without the meal, to the hundredth; `None` when that is less than nothing or more
/// than a day.
pub(super) fn between(start: DateTime<Utc>, stop: DateTime<Utc>, lunch_minutes: u32) -> Option<String> {
    let seconds = (stop - start).num_seconds() - i64::from(lunch_minutes) * 60;
    let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds <= 86_400)?;
    let hundredths = (seconds + 18) / 36;
    Some(text(hundredths * (PARTS / 100)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn hours_lose_needless_zeros_only() {
        for (given, kept) in [
            ("8", "8.0"),
            ("8.00", "8.0"),
            ("08.50", "8.5"),
            ("0.33", "0.33"),
            ("24.0", "24.0"),
        ] {
            assert_eq!(normal(given).as_deref(), Some(kept), "{given}");
        }
        for wrong in ["", ".", "8.", ".5", "-1", "24.01", "25", "8h", "1e1", "999", "NaN"] {
            assert_eq!(normal(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hours_and_parts_are_each_others_reverse() {
        for (hours, expected) in [("0.0", 0), ("8.0", 80_000), ("0.33", 3_300), ("10.0625", 100_625)] {
            assert_eq!(parts(hours), Some(expected));
            assert_eq!(text(expected), hours);
        }
    }

    #[test]
    fn d12_clock_times_are_rounded_by_the_rule() {
        let rule = |name: &str| Some((name.to_owned(), 15));
        let cases = [
            ("up", "07:01:00", "07:15:00"),
            ("up", "07:15:00", "07:15:00"),
            ("down", "07:14:59", "07:00:00"),
            ("nearest", "07:07:29", "07:00:00"),
            ("nearest", "07:07:30", "07:15:00"),
            ("up", "23:59:00", "24:00:00"),
        ];
        for (name, given, expected) in cases {
            let expected = match expected {
                "24:00:00" => at("2026-03-03T00:00:00Z"),
                expected => at(&format!("2026-03-02T{expected}Z")),
            };
            let given = at(&format!("2026-03-02T{given}Z"));
            assert_eq!(rounded(given, rule(name).as_ref()), expected, "{name} {given}");
            assert_eq!(rounded(given, None), given);
        }
    }

    #[test]
    fn a_night_is_counted_across_midnight_without_its_meal() {
        let (start, stop) = (at("2026-03-07T22:00:00Z"), at("2026-03-08T06:20:00Z"));
        assert_eq!(between(start, stop, 30).as_deref(), Some("7.83"));
        assert_eq!(between(stop, start, 0), None);
        assert_eq!(between(start, stop, 501), None);
    }

    #[test]
    fn a13_a_time_in_another_form_is_dropped() {
        let day = "2026-03-02".parse().unwrap();
        assert_eq!(clock_time(&json!("08:00"), day), Some(at("2026-03-02T08:00:00Z")));
        assert_eq!(
            clock_time(&json!("2026-03-02T08:00:00Z"), day),
            Some(at("2026-03-02T08:00:00Z"))
        );
        assert_eq!(clock_time(&json!("8 am"), day), None);
        assert_eq!(clock_time(&json!(8), day), None);
    }
}
