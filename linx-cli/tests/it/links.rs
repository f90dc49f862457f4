//! Links by hand.

use crate::harness::{Harness, stderr, stdout};

#[tokio::test]
async fn c14_mappings_that_a_company_has_go_in_and_out_as_csv() {
    let harness = Harness::new().await;
    harness.json(&["sync", "--apply"], 3);
    let listed = harness.json(&["links", "list", "--csv", "links.csv"], 0);
    let links = listed["links"].as_array().unwrap();
    assert!(links.len() > 100);
    let text = std::fs::read_to_string(harness.path("links.csv")).unwrap();
    assert_eq!(text.lines().count(), links.len() + 1);

    let one = links.iter().find(|link| link["kind"] == "employee").unwrap();
    let [office, field] = ["procore", "exaktime"].map(|side| one[side].as_str().unwrap());
    harness.run(&["links", "unlink", office], 0);
    assert_eq!(
        harness.json(&["links", "list"], 0)["links"].as_array().unwrap().len(),
        links.len() - 1
    );
    assert_eq!(harness.json(&["links", "set", "--csv", "links.csv"], 0)["changed"], 1);
    assert_eq!(harness.json(&["links", "set", office, field], 0)["changed"], 0);

    // The same out of a company's own list, by the numbers that people know.
    let known = links.iter().find(|link| link["exaktime"] == "p-101").unwrap();
    harness.run(&["links", "unlink", known["procore"].as_str().unwrap()], 0);
    let own = "kind,procore,exaktime\nemployee,00101,00101\nlocation,24-001.01,24-001.01\n";
    std::fs::write(harness.path("own.csv"), own).unwrap();
    assert_eq!(harness.json(&["links", "set", "--csv", "own.csv"], 0)["changed"], 1);
    std::fs::write(
        harness.path("twice.csv"),
        "kind,procore,exaktime\nemployee,00121,00101\n",
    )
    .unwrap();
    let refused = stderr(&harness.run(&["links", "set", "--csv", "twice.csv"], 2));
    assert!(
        refused.contains("Procore has 2 employee records by the number or code `00121`"),
        "{refused}"
    );
    harness.run(&["links", "set", "--csv", "links.csv"], 0);

    std::fs::write(harness.path("blank.csv"), format!("procore,exaktime\n{office},\n")).unwrap();
    let refused = stderr(&harness.run(&["links", "set", "--csv", "blank.csv"], 2));
    assert!(refused.contains("row 1: the ExakTime id is blank"), "{refused}");
    let missing = stderr(&harness.run(&["links", "set", "worker:1", "p-0"], 2));
    assert!(missing.contains("ExakTime has no employee p-0"), "{missing}");
}

#[tokio::test]
async fn what_is_ignored_is_listed_and_can_be_lifted() {
    let harness = Harness::new().await;
    let plan = harness.json(&["sync"], 3);
    let made = plan["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["identifier"] == "00119")
        .unwrap();
    let office = made["office"].as_str().unwrap();
    harness.run(&["links", "ignore", office], 0);
    assert_eq!(harness.json(&["links", "list"], 0)["ignored"][0], office);
    let ignored = harness.json(&["sync"], 3);
    assert_eq!(
        ignored["summary"]["employees"]["create"].as_u64().unwrap() + 1,
        plan["summary"]["employees"]["create"].as_u64().unwrap()
    );
    harness.run(&["links", "unignore", office], 0);
    assert_eq!(harness.json(&["sync"], 3)["summary"], plan["summary"]);
    harness.run(&["links", "ignore", "crew:1"], 2);
}

#[tokio::test]
async fn c7_suggestions_are_shown_and_accepted_only_on_demand() {
    let harness = Harness::new().await;
    harness.procore.with_state(|state| {
        for person in state.people.values_mut() {
            if person.employee_id.as_deref() == Some("00101") {
                person.employee_id = Some("101".into());
            }
        }
    });
    let shown = stdout(&harness.run(&["links", "suggest"], 0));
    assert!(
        shown.contains("p-101") && shown.contains("Nothing is linked by this"),
        "{shown}"
    );
    assert_eq!(harness.json(&["links", "suggest", "--accept", "80"], 0)["accepted"], 1);
    assert_eq!(harness.json(&["links", "list"], 0)["links"][0]["exaktime"], "p-101");
}
