//! Limits, clocks, and services that go away (hazards A8, D27).

use chrono::TimeDelta;
use linx_core::ports::{CheckStatus, Field, Office};

use crate::harness::Harness;

#[tokio::test]
async fn d27_a_clock_that_is_wrong_is_told() {
    for (ahead, status, saw) in [
        (0, CheckStatus::Ok, "within a minute"),
        (-45, CheckStatus::Ok, "within a minute"),
        (75, CheckStatus::Warn, "75 s ahead"),
        (-3600, CheckStatus::Warn, "3600 s behind"),
    ] {
        let harness = Harness::contractor();
        harness.our_clock.set_ahead(TimeDelta::seconds(ahead));
        for checks in [harness.office.check().await, harness.field.check().await] {
            let clock = checks.iter().find(|check| check.name.starts_with("Clock")).unwrap();
            assert_eq!(clock.status, status, "{clock:?}");
            assert!(clock.saw.contains(saw), "{clock:?}");
        }
    }
}
