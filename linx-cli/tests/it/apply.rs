//! Saved plans: one identity, used once, and nothing else is taken for one.

use assert_cmd::Command;

use crate::harness::{EXPORT, Harness, expect, stderr, stdout};

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

/// Every customer of ExakTime has the same host: the account's name tells one ledger, and one plan, from another.
#[tokio::test]
async fn c13_two_accounts_at_one_host_share_neither_a_ledger_nor_a_plan() {
    let harness = Harness::small_company().await;
    let of_account = |account: &str, ledger: &str, args: &[&str]| -> Command {
        let mut command = harness.linx(args);
        command.env("LINX_EXAKTIME__ACCOUNT", account);
        command.env("LINX_LEDGER__URL", format!("sqlite://{ledger}"));
        command
    };
    expect(&mut of_account("north", "linx.db", &["sync", "--apply"]), 0);
    let save: Vec<&str> = EXPORT.into_iter().chain(["--save", "plan.json"]).collect();
    expect(&mut of_account("north", "linx.db", &save), 0);
    let writes = harness.writes();
    for args in [&["sync", "--apply"][..], &save, &["apply", "plan.json"]] {
        let told = stderr(&expect(&mut of_account("south", "linx.db", args), 2));
        assert!(
            told.contains("account north") && told.contains("account south"),
            "{told}"
        );
    }
    let told = stderr(&expect(
        &mut of_account("south", "south.db", &["apply", "plan.json"]),
        2,
    ));
    assert!(
        told.contains("was made for") && told.contains("account north") && told.contains("account south"),
        "{told}"
    );
    assert_eq!(harness.writes(), writes);
    expect(&mut of_account("north", "linx.db", &["apply", "plan.json"]), 0);
    assert_eq!(harness.hours_in_procore(), "108.00");
}

const FILE: &str = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode\n\
                    00202,2026-03-02,4.00,,26-101,03-300\n\
                    00202,2026-03-03,4.00,,26-101.01,03-300\n";

/// A plan of a file is applied with that file and no other, and not with what ExakTime itself has.
#[tokio::test]
async fn b17_a_plan_of_a_file_is_applied_with_that_file_alone() {
    let harness = Harness::small_company().await;
    harness.run(&["sync", "--apply"], 0);
    let write = |name: &str, text: &str| std::fs::write(harness.path(name), text).unwrap();
    write("time.csv", FILE);
    // The same rows in another order are another file, and so is the same one with an hour more.
    write("more.csv", &FILE.replacen("4.00", "5.00", 1));
    let mut rows: Vec<&str> = FILE.lines().collect();
    rows.swap(1, 2);
    write("order.csv", &(rows.join("\n") + "\n"));
    let save: Vec<&str> = EXPORT
        .into_iter()
        .chain(["--time-csv", "time.csv", "--save", "plan.json"])
        .collect();
    assert_eq!(harness.json(&save, 0)["summary"]["create"], 2);
    let writes = harness.writes();
    for other in [&[][..], &["--time-csv", "more.csv"], &["--time-csv", "order.csv"]] {
        let apply = [&["apply", "plan.json"][..], other].concat();
        let told = stderr(&harness.run(&apply, 2));
        assert!(
            told.contains("plan.json is not applied") && told.contains("hint: "),
            "{told}"
        );
    }
    assert_eq!(harness.writes(), writes);
    // The same content under another name is the same file.
    write("copy.csv", FILE);
    let output = harness.run(&["apply", "plan.json", "--time-csv", "copy.csv"], 0);
    assert!(stderr(&output).contains("copy.csv holds 8.00 h"), "{}", stderr(&output));
    assert_eq!(harness.hours_in_procore(), "8.00", "{}", stdout(&output));
    harness.run(&["apply", "plan.json", "--time-csv", "time.csv"], 1);
    assert_eq!(harness.hours_in_procore(), "8.00");

    // Nor is a plan of what ExakTime has applied with a file.
    let save: Vec<&str> = EXPORT.into_iter().chain(["--save", "whole.json"]).collect();
    harness.json(&save, 0);
    let told = stderr(&harness.run(&["apply", "whole.json", "--time-csv", "time.csv"], 2));
    assert!(told.contains("Leave --time-csv away"), "{told}");
    assert_eq!(harness.hours_in_procore(), "8.00");
}
