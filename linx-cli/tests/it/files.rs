//! Time out of a file that is not as it should be.

use crate::harness::{EXPORT, Harness, stderr, stdout};

const HEADER: &str = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode,Comment";

#[tokio::test]
async fn d28_a_spoiled_file_ends_the_run_before_anything_is_written_and_none_of_its_rows_is_told() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let export: Vec<&str> = EXPORT
        .into_iter()
        .chain(["--time-csv", "time.csv", "--apply"])
        .collect();
    let writes = harness.writes();
    let good = "00101,2026-03-02,8.00,,24-001,03-300,Pat Nowak waited\n";
    for (file, status, cause) in [
        (
            format!("{HEADER}\n{good}00102,2026-03-02,8.00,,24-001,03-300,\"Pat Nowak\n{good}"),
            1,
            "line 3: a quote",
        ),
        (
            format!("{HEADER}\n{HEADER},More\n{good}"),
            1,
            "line 2 is another header",
        ),
        (format!("{HEADER}\0\n{good}"), 1, "line 1 is not UTF-8"),
        (String::new(), 1, "no rows"),
        (format!("{good}{good}"), 2, "no column `udfEmployeeNumber`"),
        (
            format!("{HEADER},Overtime\n00101,2026-03-02,8.00,,24-001,03-300,Pat Nowak,1\n"),
            2,
            "line 2 has hours in",
        ),
    ] {
        std::fs::write(harness.path("time.csv"), file).unwrap();
        let output = harness.run(&export, status);
        let told = stderr(&output);
        assert!(
            told.contains("time.csv") && told.contains(cause) && told.contains("hint: "),
            "{told}"
        );
        for value in ["Nowak", "00101", "24-001"] {
            assert!(!told.contains(value) && !stdout(&output).contains(value), "{told}");
        }
    }
    assert_eq!(harness.writes(), writes);
}

#[tokio::test]
async fn d28_a_row_that_cannot_be_read_is_held_with_its_line_and_the_sums_are_told() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let export: Vec<&str> = EXPORT
        .into_iter()
        .chain(["--time-csv", "time.csv", "--apply"])
        .collect();
    let file = format!(
        "{HEADER}\n00101,2026-03-02,8.00,1.00,24-001,03-300,Rain\n00101,2026-03-03,8,5,,24-001,03-300,Pat Nowak\n\
         00101,2026-04-03,7.00,,24-001,03-300,\n"
    );
    std::fs::write(harness.path("time.csv"), file).unwrap();
    let output = harness.run(&export, 3);
    let (told, report) = (stderr(&output), stdout(&output));
    assert!(
        told.contains("time.csv holds 16.00 h, 9.00 h of them of the days asked for, besides 1 row"),
        "{told}"
    );
    assert!(
        report.contains("csv:3") && report.contains("it has 8 columns, and the header 7"),
        "{report}"
    );
    assert!(!told.contains("Nowak") && !report.contains("Nowak"), "{report}");
}
