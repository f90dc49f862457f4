//! What people do in ExakTime.

use chrono::Duration;
use exaktime_client::sandbox::TimeRecord;
use fastrand::Rng;

use super::Attack;
use crate::harness::day;

impl Attack {
    pub(super) fn edit_time(&mut self) {
        let is_quiet = std::mem::take(&mut self.is_quiet);
        if is_quiet && self.once_in(4) {
            // Whether what was not sent yet is missing, nobody can know; beside a correction it looks like a part of it.
            self.hide_time();
            return;
        }
        for _ in 0..self.rng.usize(0..3) {
            self.edit_record();
        }
    }

    /// A night's copy of the time lacks a record, which is all that its line has: a line that only becomes less is lowered at once
    /// (hazard B13, *Not yet*).
    fn hide_time(&mut self) {
        let records = self.harness.exaktime.with_state(|state| state.time_records.clone());
        let Some(at) = self.any_of(&records) else { return };
        let line = |record: &TimeRecord| {
            let place = (record.location.clone(), record.cost_code.clone());
            (record.person.clone(), record.work_date, place)
        };
        if records
            .iter()
            .filter(|record| line(record) == line(&records[at]))
            .count()
            > 1
        {
            return;
        }
        let hidden = self.harness.exaktime.with_state(|state| state.time_records.remove(at));
        self.tell(format!("time is not shown: {hidden:?}"));
        self.hidden.push(hidden);
    }

    /// One of the company's records.
    fn any_of(&mut self, records: &[TimeRecord]) -> Option<usize> {
        let of_ours: Vec<usize> = (0..records.len())
            .filter(|at| records[*at].person.starts_with("p-2"))
            .collect();
        self.rng.choice(of_ours)
    }

    fn edit_record(&mut self) {
        let mut records = self.harness.exaktime.with_state(|state| state.time_records.clone());
        let Some(at) = self.any_of(&records) else { return };
        let before = records[at].clone();
        match self.rng.u8(0..8) {
            0 => {
                records.remove(at);
            }
            1 => {
                let more = one_more(&before, &mut self.rng);
                records.push(more);
            }
            deed => {
                let others = records.clone();
                change(&mut records[at], deed, &others, &mut self.rng);
            }
        }
        let after = records.get(at).cloned();
        self.tell(format!("time {before:?} is now {after:?}; {} in all", records.len()));
        self.harness.exaktime.with_state(|state| state.time_records = records);
    }
}

/// Somebody worked an hour more in the evening.
fn one_more(like: &TimeRecord, rng: &mut Rng) -> TimeRecord {
    TimeRecord {
        id: format!("tr-new-{}", rng.u32(..)),
        start: like.start + Duration::hours(12),
        stop: like.stop.map(|stop| stop + Duration::hours(12)),
        regular_hours: "1.00".into(),
        ot1_hours: "0.00".into(),
        ..like.clone()
    }
}

/// Other hours, or the hours are somebody else's, of another day, place or code; now and then all at once.
fn change(record: &mut TimeRecord, deed: u8, others: &[TimeRecord], rng: &mut Rng) {
    let other = rng.choice(others).unwrap_or(record).clone();
    let all = deed == 7;
    if all || deed == 2 {
        record.cost_code = other.cost_code;
    }
    if all || deed == 3 {
        record.location = other.location;
    }
    if all || deed == 4 {
        let to = day("2026-03-02") + Duration::days(rng.i64(0..14));
        let shift = to - record.work_date;
        record.work_date = to;
        record.start += shift;
        record.stop = record.stop.map(|stop| stop + shift);
    }
    if deed == 5 || (all && rng.bool()) {
        record.person = format!("p-20{}", rng.u8(1..5));
    }
    if deed == 6 {
        record.regular_hours = format!("{}.{}", rng.u8(1..6), ["00", "25", "50"][rng.usize(..3)]);
    }
}
