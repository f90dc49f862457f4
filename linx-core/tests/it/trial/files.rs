//! Files, which tell of the time in them and of nothing else (hazards C10, D28).

use super::codes;
use super::synced;
use crate::harness::Harness;
use crate::harness::two_weeks;
use crate::small_company::all_hours;
use exaktime_client::csv;
use exaktime_client::csv::CsvFormat;
use linx_core::export::ExportReport;
use linx_core::model::OfficeRef;

const HEADER: &str = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode,Comment\n";

/// Exports the time of a file.
async fn export_file(harness: &Harness, rows: &str) -> ExportReport {
    let text = format!("{HEADER}{rows}");
    let linx = harness.linx_reading(csv::read(text.as_bytes(), &CsvFormat::default()).unwrap());
    let plan = linx.plan_export(&two_weeks()).await.unwrap();
    linx.apply_export(&plan).await.unwrap()
}

/// Eight hours stand, or somebody is told.
fn judge_eight_hours(harness: &Harness, report: &ExportReport) {
    let stands = all_hours(harness);
    assert!(
        stands == 8_00 || !report.held.is_empty(),
        "{stands} hundredths stand for 8 h, and nobody is told: {:?}",
        report.changes
    );
}

#[tokio::test]
async fn d28_a_later_file_that_has_the_time_on_another_code_does_not_pay_it_twice() {
    let harness = synced().await;
    export_file(&harness, "00201,2026-03-02,8.00,,26-101,03-300,\n").await;
    let report = export_file(&harness, "00201,2026-03-02,8.00,,26-101,06-100,\n").await;
    judge_eight_hours(&harness, &report);
    assert_eq!(
        all_hours(&harness),
        8_00,
        "paid twice, although told: {:?}",
        report.held
    );
}

#[tokio::test]
async fn d28_a_file_in_which_hours_went_from_one_code_to_another_does_not_pay_them_twice() {
    let harness = synced().await;
    export_file(&harness, "00201,2026-03-02,8.00,,26-101,03-300,\n").await;
    let rows = "00201,2026-03-02,4.00,,26-101,03-300,\n00201,2026-03-02,4.00,,26-101,06-100,\n";
    let report = export_file(&harness, rows).await;

    assert_eq!(all_hours(&harness), 8_00, "{:?}", codes(&report.held));
}

/// The location of sent time is linked to another place; the same file comes again.
#[tokio::test]
async fn c10_d28_the_same_file_after_its_location_was_linked_elsewhere_is_not_paid_twice() {
    let harness = synced().await;
    let rows = "00201,2026-03-02,8.00,,26-101,03-300,\n";
    export_file(&harness, rows).await;
    let links = harness.ledger.links().await.unwrap();
    let office = |identifier: &str| {
        let link = links.iter().find(|link| {
            matches!(link.office, OfficeRef::Project(_) | OfficeRef::SubJob(..))
                && link.base.get(linx_core::model::Attribute::Identifier) == Some(identifier)
        });
        (link.unwrap().office, link.unwrap().record.clone())
    };
    let ((depot, at_depot), (bridge, _)) = (office("26-101"), office("26-102"));
    let linx = harness.linx();
    linx.unlink(&[depot, bridge]).await.unwrap();
    linx.set_links(&[(bridge, at_depot)]).await.unwrap();
    let report = export_file(&harness, rows).await;
    judge_eight_hours(&harness, &report);
}

/// A project begins to take start and stop; a file with times comes again.
#[tokio::test]
async fn d28_the_same_file_after_its_project_takes_start_and_stop_is_not_paid_twice() {
    let harness = synced().await;
    let format = CsvFormat {
        start: Some("In".into()),
        stop: Some("Out".into()),
        ..CsvFormat::default()
    };
    let text = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode,In,Out\n\
                00201,2026-03-02,8.00,,26-101,03-300,07:00,15:00\n";
    let export = async || {
        let linx = harness.linx_reading(csv::read(text.as_bytes(), &format).unwrap());
        let plan = linx.plan_export(&two_weeks()).await.unwrap();
        linx.apply_export(&plan).await.unwrap()
    };
    export().await;
    assert_eq!(all_hours(&harness), 8_00);
    harness.procore.with_state(|state| {
        let projects: Vec<_> = state.projects.keys().copied().collect();
        state.configuration.start_stop_projects = projects;
    });
    let report = export().await;
    judge_eight_hours(&harness, &report);
}

#[tokio::test]
async fn d28_a_file_that_was_pasted_twice_without_its_header_is_not_paid_twice_in_silence() {
    let rows = "00201,2026-03-02,8.00,,26-101,03-300,\n00202,2026-03-02,8.00,,26-101,06-100,Rain\n";
    let twice = rows.repeat(2);
    let harness = synced().await;
    let report = export_file(&harness, &twice).await;
    assert_eq!(all_hours(&harness), 0, "{:?}", report.changes);
    assert_eq!(codes(&report.held), ["repeated_row"].into());
    assert_eq!(report.held.len(), 4, "each with its line: {:?}", report.held);
    assert_eq!(report.hours.held.to_string(), "32.00");

    let report = export_file(&harness, rows).await;
    assert_eq!(
        (all_hours(&harness), report.held.len()),
        (16_00, 0),
        "{:?}",
        report.held
    );

    let report = export_file(&harness, &twice).await;
    assert_eq!(
        (all_hours(&harness), report.changes.len()),
        (16_00, 0),
        "nothing gains or goes"
    );
    assert_eq!(codes(&report.held), ["repeated_row"].into());
}

#[tokio::test]
async fn d28_equal_stretches_that_any_column_tells_apart_are_both_paid() {
    let harness = synced().await;
    let text = "udfEmployeeNumber,WorkDate,Regular,udfJobsiteNumber,udfCostCode,Began\n\
                00201,2026-03-02,4.00,26-101,03-300,07:00\n00201,2026-03-02,4.00,26-101,03-300,11:30\n";
    let linx = harness.linx_reading(csv::read(text.as_bytes(), &CsvFormat::default()).unwrap());
    let plan = linx.plan_export(&two_weeks()).await.unwrap();
    let report = linx.apply_export(&plan).await.unwrap();
    assert_eq!((all_hours(&harness), report.held.len()), (8_00, 0), "{:?}", report.held);
}

/// A corrected file has the time of one person under another's number.
#[tokio::test]
async fn d28_a_corrected_file_that_has_the_time_under_another_person_does_not_pay_it_twice() {
    let harness = synced().await;
    let first = "00201,2026-03-02,4.00,,26-101,03-300,\n00201,2026-03-03,8.00,,26-101,03-300,\n";
    export_file(&harness, first).await;
    let corrected = "00203,2026-03-02,4.00,,26-101,03-300,\n00201,2026-03-03,8.00,,26-101,03-300,\n";
    let report = export_file(&harness, corrected).await;
    assert_eq!(all_hours(&harness), 12_00, "paid twice: {:?}", report.held);
    assert!(!report.held.is_empty(), "nobody is told");
}

/// Another day of a file has the time.
#[tokio::test]
async fn d28_a_corrected_file_that_has_the_time_on_another_day_does_not_pay_it_twice() {
    let harness = synced().await;
    export_file(
        &harness,
        "00201,2026-03-02,4.00,,26-101,03-300,\n00203,2026-03-02,8.00,,26-101,03-300,\n",
    )
    .await;
    let corrected = "00201,2026-03-03,4.00,,26-101,03-300,\n00203,2026-03-02,8.00,,26-101,03-300,\n";
    let report = export_file(&harness, corrected).await;
    assert_eq!(all_hours(&harness), 12_00, "paid twice: {:?}", report.held);
    assert!(!report.held.is_empty(), "nobody is told");
}

/// Files of another day, of other people: each is whole in itself.
#[tokio::test]
async fn d28_files_of_other_days_and_other_people_do_not_hold_one_another() {
    let harness = synced().await;
    export_file(&harness, "00201,2026-03-02,8.00,,26-101,03-300,\n").await;
    for (rows, stand) in [
        ("00201,2026-03-03,8.00,,26-101,03-300,\n", 16_00),
        ("00203,2026-03-02,8.00,,26-101,03-300,\n", 24_00),
    ] {
        let report = export_file(&harness, rows).await;
        assert_eq!(
            (report.held.len(), all_hours(&harness)),
            (0, stand),
            "{:?}",
            report.held
        );
    }
}
