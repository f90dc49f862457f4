//! How old ExakTime's time is: its warehouse is filled once a night, and one that stopped looks like a quiet day
//! (hazard B13).

use chrono::NaiveDate;

use crate::linx::{Linx, LinxError};
use crate::settings::ExportSettings;

impl Linx {
    /// Errors when the newest time is older than the settings allow. Asks only where they set a limit.
    pub(super) async fn refuse_old_feed(&self, settings: &ExportSettings) -> Result<(), LinxError> {
        if settings.oldest_feed_days == 0 {
            return Ok(());
        }
        let newest = self.field.newest_time().await.map_err(LinxError::Field)?;
        judge(newest, self.clock.now().date_naive(), settings.oldest_feed_days)
    }
}

fn judge(newest: Option<NaiveDate>, today: NaiveDate, limit: u16) -> Result<(), LinxError> {
    match newest {
        Some(newest) if today.signed_duration_since(newest).num_days() <= i64::from(limit) => Ok(()),
        _ => Err(LinxError::OldFeed { newest, limit }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b13_time_that_is_too_old_or_absent_stops_the_run() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        assert!(judge(Some(day(13)), day(16), 3).is_ok());
        assert!(judge(Some(day(12)), day(16), 3).is_err());
        assert!(judge(None, day(16), 3).is_err());
        let error = judge(Some(day(12)), day(16), 3).unwrap_err().to_string();
        assert!(
            error.contains("2026-03-12") && error.contains("oldest_feed_days"),
            "{error}"
        );
    }
}
