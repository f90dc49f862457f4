//! Time that other hands entered, as the program tells it, and a person's word that both are right.

use crate::harness::{EXPORT, Harness, stderr, stdout};

const DAY: [&str; 5] = ["export", "--from", "2026-03-02", "--to", "2026-03-02"];

/// The number of the employee of an entry's worker: the invented workers have the same on both sides.
fn number(entry: &procore_client::sandbox::Entry) -> String {
    format!("{:05}", entry.party.unwrap().get() - 562_949_953_430_000 + 100)
}

#[tokio::test]
async fn d26_a_line_beside_another_hands_is_held_until_a_person_says_that_both_are_right() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    // Somebody types what one employee worked on a Monday, on the same codes.
    harness.run(&[&EXPORT[..], &["--apply"]].concat(), 3);
    let mut theirs = harness.procore.entries();
    theirs.retain(|entry| entry.date.to_string() == "2026-03-02");
    let theirs = theirs.swap_remove(0);
    let employee = number(&theirs);
    harness.procore.with_state(|state| {
        state.entries.clear();
        let by_hand = procore_client::sandbox::Entry {
            origin_data: None,
            origin_id: None,
            ..theirs.clone()
        };
        state.entries.insert(by_hand.id, by_hand);
    });
    std::fs::remove_file(harness.path("linx.db")).unwrap();
    harness.run(&["sync", "--apply"], 3);

    let plan = harness.json(&DAY, 3);
    let held = plan["held"].as_array().unwrap();
    let held: Vec<_> = held
        .iter()
        .filter(|held| held["code"] == "entered_by_another")
        .collect();
    assert_eq!(held.len(), 1, "{plan}");
    assert!(held[0]["detail"].as_str().unwrap().contains(&theirs.id.to_string()));
    assert!(held[0]["fix"].as_str().unwrap().contains("`linx beside EMPLOYEE DATE`"));
    assert_eq!(plan["other_hands"]["entries"], 1);
    let hours = plan["other_hands"]["hours"].as_str().unwrap();
    let told = stdout(&harness.run(&DAY, 3));
    assert!(
        told.contains(&format!("By other hands, beside these: {hours} h in 1 entry")),
        "{told}"
    );

    let nobody = stderr(&harness.run(&["beside", "no-such", "2026-03-02"], 2));
    assert!(nobody.contains("ExakTime has no employee `no-such`"), "{nobody}");
    let said = harness.json(&["beside", &employee, "2026-03-02"], 0);
    assert_eq!(
        (&said["beside"], said["date"].as_str()),
        (&true.into(), Some("2026-03-02"))
    );
    let created = |plan: &serde_json::Value| plan["summary"]["create"].as_u64().unwrap();
    let allowed = harness.json(&DAY, 3);
    assert_eq!(created(&allowed), created(&plan) + 1);

    let undone = stdout(&harness.run(&["beside", &employee, "2026-03-02", "--undo"], 0));
    assert!(undone.contains("weighed again"), "{undone}");
    assert_eq!(created(&harness.json(&DAY, 3)), created(&plan));
}
