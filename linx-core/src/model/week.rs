//! Work weeks.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Returns the first day of the work week that a date lies in: with weeks that begin on Monday, Sunday 8 March 2026
/// lies in the week of Monday 2 March.
pub fn first_of_week(date: NaiveDate, week_start: Weekday) -> NaiveDate {
    let since = u64::from(date.weekday().days_since(week_start));
    date.checked_sub_days(Days::new(since)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_the_day_that_is_set() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        assert_eq!(first_of_week(day(8), Weekday::Mon), day(2));
        assert_eq!(first_of_week(day(8), Weekday::Sun), day(8));
        assert_eq!(first_of_week(day(7), Weekday::Sun), day(1));
    }
}
