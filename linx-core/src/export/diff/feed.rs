//! How much time came for the days asked for, against what was sent for them.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::entry_index::EntryIndex;
use crate::ledger::StoredLine;
use crate::model::{Hours, TimeRecord};

/// The hours of the days and workers asked for: as they came, and as they stand in Procore since they were sent. Of a source
/// that is empty or being filled few come (hazards B5, B13).
#[derive(Debug, Default)]
pub(in crate::export) struct Feed {
    came: Hours,
    sent: Hours,
}

impl Feed {
    /// Adds what came of a worker's time and what was sent of it, as far as it is of `days`.
    pub(in crate::export) fn add<'r>(
        &mut self,
        records: impl Iterator<Item = &'r TimeRecord>,
        sent: &[&StoredLine],
        entries: &EntryIndex<'_>,
        days: &RangeInclusive<NaiveDate>,
    ) {
        let records = records.filter(|record| days.contains(&record.work_date));
        self.came += records.map(TimeRecord::total).sum();
        let sent = sent.iter().filter(|line| days.contains(&line.key.date));
        let stands = sent.filter_map(|line| entries.get(line.entry));
        self.sent += stands.map(|entry| entry.content.hours.to_hours()).sum();
    }

    /// Whether less than half came of what was sent.
    pub(in crate::export) fn is_halved(&self) -> bool {
        self.came + self.came < self.sent
    }
}
