//! Short texts: keys of lines, hours, dates.

use linx_core::change::LineKey;
use linx_core::model::{CentiHours, Hours, OfficeRef};
use linx_http::testing::Inputs;

use crate::measured;

/// Seconds of a million hours.
const MOST_SECONDS: i64 = 3_600_000_000;

#[test]
fn a18_spoiled_hours_are_within_a_bound_or_an_error() {
    let hours = [
        "7.50",
        "-0.25",
        "8",
        "1e3",
        "0.333333",
        "  4.00 ",
        "1000000",
        "-1000000.00",
    ];
    Inputs::new("hours", hours).usually(3000).each(measured, |text| {
        let text = String::from_utf8_lossy(text);
        if let Ok(hours) = Hours::from_decimal(&text) {
            assert!(hours.seconds().abs() <= MOST_SECONDS, "{text}: {hours:?}");
        }
        if let Ok(hours) = text.parse::<CentiHours>() {
            assert!(hours.hundredths().abs() <= MOST_SECONDS / 36, "{text}: {hours}");
            assert_eq!(hours.to_string().parse(), Ok(hours), "{text}");
        }
    });
}

#[test]
fn a18_a_spoiled_key_is_one_that_prints_the_same_or_none() {
    let keys = [
        "7:2026-03-02:3:-:03-300:REG",
        "562949953430001:2026-03-02:316002:416004:03:300 x:OT1#12@070000",
        "7:2026-03-02:3:-::OT2@183059",
    ];
    for key in keys {
        assert!(key.parse::<LineKey>().is_ok(), "{key}");
    }
    let entities = ["worker:7", "sub-job:316002/416004", "cost-code:7700002"];
    Inputs::new("keys", keys.into_iter().chain(entities))
        .usually(3000)
        .each(measured, |text| {
            let text = String::from_utf8_lossy(text);
            if let Ok(key) = text.parse::<LineKey>() {
                assert_eq!(key.to_string().parse(), Ok(key), "{text}");
            }
            if let Ok(entity) = text.parse::<OfficeRef>() {
                assert_eq!(entity.to_string().parse::<OfficeRef>().ok(), Some(entity), "{text}");
            }
        });
}
