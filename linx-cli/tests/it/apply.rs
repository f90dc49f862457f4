//! Saved plans: one identity, used once, and nothing else is taken for one.

use crate::harness::{EXPORT, Harness, stderr};

#[tokio::test]
async fn b6_saved_plans_of_both_directions_are_applied_once() {
    let harness = Harness::new().await;
    let planned = harness.json(&["sync", "--save", "sync.json"], 3);
    assert_eq!(harness.writes(), 0);
    let applied = harness.json(&["apply", "sync.json"], 3);
    assert_eq!(
        (&applied["direction"], &applied["applied"]),
        (&"sync".into(), &true.into())
    );
    assert_eq!(applied["summary"], planned["summary"]);
    let writes = harness.writes();
    let refused = stderr(&harness.run(&["apply", "sync.json"], 1));
    assert!(refused.contains("another sync run has written"), "{refused}");
    assert_eq!(harness.writes(), writes);

    let export: Vec<&str> = EXPORT.into_iter().chain(["--save", "export.json"]).collect();
    harness.json(&export, 3);
    let applied = harness.json(&["apply", "export.json"], 3);
    assert_eq!(applied["direction"], "export");
    assert_eq!(
        Some(harness.keys_in_procore().len() as u64),
        applied["summary"]["create"].as_u64()
    );
    harness.run(&["apply", "export.json"], 1);
}

#[tokio::test]
async fn b6_a_file_that_is_no_plan_or_was_changed_is_wrong_usage() {
    let harness = Harness::new().await;
    let missing = stderr(&harness.run(&["apply", "missing.json"], 2));
    assert!(missing.contains("missing.json cannot be read"), "{missing}");
    std::fs::write(harness.path("other.json"), "{\"direction\": \"sync\"}").unwrap();
    let other = stderr(&harness.run(&["apply", "other.json"], 2));
    assert!(other.contains("not a saved plan of Linx"), "{other}");

    harness.json(&["sync", "--save", "plan.json"], 3);
    let text = std::fs::read_to_string(harness.path("plan.json")).unwrap();
    std::fs::write(harness.path("plan.json"), text.replacen("00119", "00999", 1)).unwrap();
    let altered = stderr(&harness.run(&["apply", "plan.json"], 2));
    assert!(altered.contains("changed after it was saved"), "{altered}");
    assert_eq!(harness.writes(), 0);
}

#[tokio::test]
async fn c13_a_plan_of_other_companies_is_refused() {
    let (harness, other) = (Harness::new().await, Harness::new().await);
    harness.json(&["sync", "--save", "plan.json"], 3);
    std::fs::copy(harness.path("plan.json"), other.path("plan.json")).unwrap();
    let refused = stderr(&other.run(&["apply", "plan.json"], 2));
    assert!(refused.contains("was made for"), "{refused}");
    assert_eq!(other.writes(), 0);
}
