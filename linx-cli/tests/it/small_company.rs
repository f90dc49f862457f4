//! The program on a company of four people, 28 lines and 108.00 h: what its tests share, and a fortnight on which nothing
//! goes wrong.

use exaktime_client::sandbox::TimeRecord;
use linx_core::model::CentiHours;
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;

use crate::harness::{EXPORT, Harness};

/// Entries with ids from here on were made by other hands.
const OTHER_HANDS: u64 = 95_000_000;

/// Zones of the company in which it is one day and a later one, whenever a test runs: where the day begins last on earth,
/// and first. So a night passes at once.
pub const NIGHT_BEFORE: &[(&str, &str)] = &[("LINX_EXPORT__TIME_ZONE", "Pacific/Pago_Pago")];
pub const NIGHT_AFTER: &[(&str, &str)] = &[("LINX_EXPORT__TIME_ZONE", "Pacific/Kiritimati")];

pub fn export() -> Vec<&'static str> {
    EXPORT.into_iter().chain(["--apply"]).collect()
}

impl Harness {
    /// Both sides synced, nothing exported.
    pub async fn synced() -> Self {
        let harness = Self::small_company().await;
        harness.run(&["sync", "--apply"], 0);
        harness
    }

    /// The whole fortnight stands.
    pub async fn exported() -> Self {
        let harness = Self::synced().await;
        harness.run(&export(), 0);
        assert_eq!(harness.hours_in_procore(), "108.00");
        harness
    }

    /// The decimal hours of the live entries, whoever made them.
    pub fn hours_in_procore(&self) -> String {
        let entries = self.procore.entries();
        entries
            .iter()
            .filter_map(|entry| entry.hours.as_deref())
            .map(|hours| hours.parse::<CentiHours>().unwrap())
            .sum::<CentiHours>()
            .to_string()
    }

    /// Each of 28 lines stands once, and all of them come to 108.00 h.
    pub fn assert_all_stand_once(&self) {
        assert_eq!((self.keys_in_procore().len(), self.procore.entries().len()), (28, 28));
        assert_eq!(self.hours_in_procore(), "108.00");
    }

    /// Another export finds all as it is to be, and writes nothing.
    pub fn assert_next_writes_nothing(&self) {
        let writes = self.writes();
        let report = self.json(&export(), 0);
        assert_eq!(report["summary"]["unchanged"], 28, "{report}");
        assert_eq!(self.writes(), writes);
        assert_eq!(self.hours_in_procore(), "108.00");
    }

    /// Puts an entry of another hand into Procore.
    pub fn enter(&self, entry: Entry) -> u64 {
        self.procore.with_state(|state| {
            let last = state.entries.keys().next_back().map_or(0, |id| id.get());
            let id = TimecardEntryId::new(OTHER_HANDS.max(last + 1));
            state.entries.insert(id, Entry { id, ..entry });
            id.get()
        })
    }

    /// ExakTime's warehouse is filled anew: it has a record of a later day than before, without hours.
    pub fn refresh(&self) {
        self.exaktime.with_state(|state| {
            let newest = state.time_records.iter().max_by_key(|record| record.work_date).unwrap();
            let record = without_hours(newest);
            state.time_records.push(record);
        });
    }
}

/// A record without hours, of the day after `newest`.
pub fn without_hours(newest: &TimeRecord) -> TimeRecord {
    let work_date = newest.work_date.succ_opt().unwrap();
    let start = work_date.and_time(chrono::NaiveTime::MIN).and_utc();
    TimeRecord {
        id: format!("tr-{work_date}"),
        person: "p-201".into(),
        work_date,
        start,
        stop: Some(start),
        regular_hours: "0.00".into(),
        ot1_hours: "0.00".into(),
        ot2_hours: "0.00".into(),
        ..newest.clone()
    }
}

#[tokio::test]
async fn d25_a_fortnight_of_a_small_company_ends_with_0() {
    let harness = Harness::synced().await;
    let report = harness.json(&export(), 0);
    assert_eq!(report["summary"]["create"], 28);
    assert_eq!(report["hours"]["stored"], "108.00");
    assert!(harness.exaktime.with_state(|state| state.time_records.len()) == 26);
    harness.assert_all_stand_once();
    harness.assert_next_writes_nothing();
}
