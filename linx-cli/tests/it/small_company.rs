//! The program on a company of four people, 28 lines and 108.00 h.

use linx_core::model::CentiHours;

use crate::harness::{EXPORT, Harness};

pub fn export() -> Vec<&'static str> {
    EXPORT.into_iter().chain(["--apply"]).collect()
}

impl Harness {
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
}

#[tokio::test]
async fn d25_a_fortnight_of_a_small_company_ends_with_0() {
    let harness = Harness::small_company().await;
    harness.run(&["sync", "--apply"], 0);
    let report = harness.json(&export(), 0);
    assert_eq!(report["summary"]["create"], 28);
    assert_eq!(report["hours"]["stored"], "108.00");
    assert!(harness.exaktime.with_state(|state| state.time_records.len()) == 26);
    assert_eq!(
        (harness.keys_in_procore().len(), harness.hours_in_procore()),
        (28, "108.00".to_owned())
    );
    assert_eq!(harness.json(&export(), 0)["summary"]["unchanged"], 28);
}
