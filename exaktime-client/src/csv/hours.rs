//! Hours in the form that is declared, as whole seconds.

use serde::{Deserialize, Serialize};

/// How hours are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoursFormat {
    /// `7.50` is seven and a half hours. A comma is an error: whether it parts thousands or stands for the point is
    /// anybody's guess.
    #[default]
    Decimal,
    /// `7:30` or `7:30:00` is seven and a half hours.
    HoursMinutes,
}

/// Returns hours in whole seconds, or what was expected.
pub(super) fn parse_hours(text: &str, format: HoursFormat) -> Result<i64, &'static str> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let size = match format {
        HoursFormat::Decimal => decimal(digits).ok_or("a decimal number of hours")?,
        HoursFormat::HoursMinutes => hours_minutes(digits).ok_or("hours and minutes, such as 7:30")?,
    };
    Ok(sign * size)
}

/// Returns decimal hours as seconds, to the nearest one.
fn decimal(text: &str) -> Option<i64> {
    /// More digits than these change no second.
    const PRECISION: u32 = 9;
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let hours = number(whole)?;
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept: String = part
        .chars()
        .chain(std::iter::repeat('0'))
        .take(usize::try_from(PRECISION).ok()?)
        .collect();
    let unit = 10_i64.pow(PRECISION);
    let part = (number(&kept)? * 3600 + unit / 2) / unit;
    hours.checked_mul(3600)?.checked_add(part)
}

/// Returns `7:30` or `7:30:15` as seconds. Sixty minutes are refused: they are an hour and are written so.
fn hours_minutes(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(':').collect();
    let sixtieth = |text: &str| number(text).filter(|value| text.len() == 2 && *value < 60);
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (number(hours)?, sixtieth(minutes)?, 0),
        [hours, minutes, seconds] => (number(hours)?, sixtieth(minutes)?, sixtieth(seconds)?),
        _ => return None,
    };
    hours.checked_mul(3600)?.checked_add(minutes * 60 + seconds)
}

fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn d14_the_form_of_hours_is_declared_and_never_guessed() {
        use HoursFormat::{Decimal, HoursMinutes};
        for (text, format, seconds) in [
            ("8.30", Decimal, Some(29_880)),
            ("8:30", HoursMinutes, Some(30_600)),
            ("8:30:15", HoursMinutes, Some(30_615)),
            ("1,234.50", Decimal, None),
            ("0,008", Decimal, None),
            ("-0.5", Decimal, Some(-1800)),
            ("0.333333333333", Decimal, Some(1200)),
            ("8", Decimal, Some(28_800)),
            ("8:30", Decimal, None),
            ("8.30", HoursMinutes, None),
            ("8:60", HoursMinutes, None),
            ("8:3", HoursMinutes, None),
            ("8,5", Decimal, None),
            ("12,34.5", Decimal, None),
            ("8.", Decimal, None),
            ("--8", Decimal, None),
            ("99999999999999999999", Decimal, None),
        ] {
            assert_eq!(parse_hours(text, format).ok(), seconds, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whole_minutes_survive_both_forms(minutes in -100_000_i64..100_000) {
            let sign = if minutes < 0 { "-" } else { "" };
            let size = minutes.abs();
            let text = format!("{sign}{}:{:02}", size / 60, size % 60);
            prop_assert_eq!(parse_hours(&text, HoursFormat::HoursMinutes), Ok(minutes * 60));
        }

        #[test]
        fn hundredths_of_an_hour_are_exact(hundredths in -1_000_000_i64..1_000_000) {
            let sign = if hundredths < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100);
            prop_assert_eq!(parse_hours(&text, HoursFormat::Decimal), Ok(hundredths * 36));
        }
    }
}
