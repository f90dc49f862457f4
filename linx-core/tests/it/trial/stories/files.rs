//! Corrected files, and files beside the nightly copy (hazard D28).

use exaktime_client::csv::{self, CsvFormat};
use linx_core::export::ExportReport;
use linx_core::plan::Selection;

use super::super::moves::days;
use super::super::synced;
use super::{comes_to_rest, of, recode, told};
use crate::harness::{Harness, two_weeks};
use crate::small_company::{all_hours, exported};

const HEADER: &str = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode,Comment\n";

async fn file(harness: &Harness, rows: &str) -> ExportReport {
    let text = format!("{HEADER}{rows}");
    let linx = harness.linx_reading(csv::read(text.as_bytes(), &CsvFormat::default()).unwrap());
    let plan = linx.plan_export(&two_weeks()).await.unwrap();
    linx.apply_export(&plan).await.unwrap()
}

/// A corrected file lacks one of two lines of a person's day.
#[tokio::test]
async fn d28_a_corrected_file_that_lacks_a_line_of_a_day_is_told() {
    let harness = synced().await;
    file(
        &harness,
        "00201,2026-03-02,4.00,,26-101,03-300,\n00201,2026-03-02,4.00,,26-101,06-100,\n",
    )
    .await;
    let report = file(&harness, "00201,2026-03-02,4.00,,26-101,03-300,\n").await;
    assert!(
        all_hours(&harness) == 4_00 || !report.held.is_empty(),
        "{} stand for 4.00, and nobody is told: {:?}",
        all_hours(&harness),
        report.notes
    );
}

/// The same of a whole day within the file's days.
#[tokio::test]
async fn d28_a_corrected_file_that_lacks_a_day_between_is_told() {
    let harness = synced().await;
    let rows = |with: bool| {
        let between = if with {
            "00201,2026-03-03,4.00,,26-101,03-300,\n"
        } else {
            ""
        };
        format!("00201,2026-03-02,4.00,,26-101,03-300,\n{between}00201,2026-03-04,4.00,,26-101,03-300,\n")
    };
    file(&harness, &rows(true)).await;
    let report = file(&harness, &rows(false)).await;
    assert!(
        all_hours(&harness) == 8_00 || !report.held.is_empty(),
        "{} stand for 8.00, and nobody is told: {:?}",
        all_hours(&harness),
        report.notes
    );
}

/// A week went by the nightly copy; a file of the second week has time that was in the first.
#[tokio::test]
async fn d28_a_file_after_the_nightly_copy_pays_nothing_twice_on_its_own_days() {
    let harness = exported().await;
    // Ben's Tuesday in the file: the morning on another code, and the afternoon as it was.
    let rows = "00202,2026-03-03,4.00,,26-101.01,01-500,\n00202,2026-03-03,4.00,,26-101.01,06-100,\n";
    let report = file(&harness, rows).await;
    assert!(all_hours(&harness) <= 108_00, "{:#?}", told(&report));
    assert!(!report.held.is_empty());
    recode(&harness);
    comes_to_rest(&harness, 108_00).await;
}

async fn file_of(harness: &Harness, rows: &str, selection: &Selection) -> ExportReport {
    let text = format!("{HEADER}{rows}");
    let linx = harness.linx_reading(csv::read(text.as_bytes(), &CsvFormat::default()).unwrap());
    let plan = linx.plan_export(selection).await.unwrap();
    linx.apply_export(&plan).await.unwrap()
}

/// A corrected file has the time under another person, and only that one is asked for.
#[tokio::test]
async fn d28_a_corrected_file_of_which_one_person_is_asked_for_does_not_pay_twice() {
    let harness = synced().await;
    let first = "00201,2026-03-02,4.00,,26-101,03-300,\n00201,2026-03-03,8.00,,26-101,03-300,\n";
    file(&harness, first).await;
    let corrected = "00203,2026-03-02,4.00,,26-101,03-300,\n00201,2026-03-03,8.00,,26-101,03-300,\n";
    let report = file_of(&harness, corrected, &of("00203")).await;
    assert_eq!(all_hours(&harness), 12_00, "paid twice: {:?}", told(&report));
}

/// A corrected file has the time on another day, and only that day is asked for; or only one place.
#[tokio::test]
async fn d28_a_corrected_file_of_which_one_day_or_place_is_asked_for_does_not_pay_twice() {
    for part in ["day", "place", "person"] {
        let harness = synced().await;
        let first = "00201,2026-03-02,4.00,,26-101,03-300,\n00203,2026-03-02,8.00,,26-101,03-300,\n";
        file(&harness, first).await;
        let corrected = "00201,2026-03-03,4.00,,26-102,03-300,\n00203,2026-03-02,8.00,,26-101,03-300,\n";
        let selection = match part {
            "day" => days("2026-03-03", "2026-03-03"),
            "place" => Selection {
                locations: vec!["26-102".into()],
                ..two_weeks()
            },
            _ => of("00201"),
        };
        let report = file_of(&harness, corrected, &selection).await;
        assert_eq!(all_hours(&harness), 12_00, "{part}: paid twice: {:?}", told(&report));
        assert!(!report.held.is_empty(), "{part}");
    }
}
