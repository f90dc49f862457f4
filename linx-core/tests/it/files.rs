//! Time out of a file that is spoiled, in every way that was thought of: no hours are lost or made in silence.

use exaktime_client::csv::{self, CsvError, CsvFormat};
use linx_core::adapters::csv::CsvField;
use linx_core::change::LineAction;
use linx_core::hold::Subject;
use linx_core::model::{Attribute, Hours, Kind, RecordId};
use linx_core::ports::{Check, Field};
use linx_core::sync::SyncOptions;

use crate::harness::{Harness, two_weeks};

/// A line of a file, and the hundredths of hours that were worked by it.
type Line = (String, i64);

/// Two workers, two weeks, 28 rows and 108.00 h.
fn small_company() -> Vec<Line> {
    let header = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode,Comment";
    let mut lines = vec![(header.to_owned(), 0)];
    for day in 2..=15 {
        for employee in ["00101", "00102"] {
            // Of the last two days three hours, one of them overtime.
            let (regular, overtime, worked) = if day < 14 {
                ("4.00", "", 400)
            } else {
                ("2.00", "1.00", 300)
            };
            lines.push((
                format!("{employee},2026-03-{day:02},{regular},{overtime},24-001,03-300,Rain"),
                worked,
            ));
        }
    }
    assert_eq!(lines.iter().map(|line| line.1).sum::<i64>(), 10_800);
    lines
}

fn text(lines: &[Line]) -> Vec<u8> {
    lines
        .iter()
        .flat_map(|(line, _)| format!("{line}\n").into_bytes())
        .collect()
}

/// Returns the small company's file with one line written otherwise.
fn with_line(at: usize, from: &str, to: &str) -> (Vec<u8>, Vec<Line>) {
    let mut lines = small_company();
    let spoiled = lines[at].0.replacen(from, to, 1);
    assert_ne!(spoiled, lines[at].0);
    lines[at].0 = spoiled;
    (text(&lines), lines)
}

/// Returns the small company's file with a line more.
fn with_more(at: usize, line: &str) -> (Vec<u8>, Vec<Line>) {
    let mut lines = small_company();
    lines.insert(at, (line.to_owned(), 0));
    (text(&lines), lines)
}

/// Returns the small company's file with other bytes.
fn with_bytes(spoil: fn(Vec<u8>) -> Vec<u8>) -> (Vec<u8>, Vec<Line>) {
    let lines = small_company();
    (spoil(text(&lines)), lines)
}

fn read(harness: &Harness, file: &[u8]) -> Result<CsvField, CsvError> {
    CsvField::new(harness.field.clone(), csv::read(file, &CsvFormat::default())?)
}

/// Hours of the file = stored + held + left out, once the file was applied.
async fn every_hour_has_a_fate(what: &str, file: &[u8], lines: &[Line]) {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let linx = harness.linx_reading(csv::read(file, &CsvFormat::default()).unwrap());
    let plan = linx.plan_export(&two_weeks()).await.unwrap();
    let report = linx.apply_export(&plan).await.unwrap();
    assert_eq!(report.account.check(), Ok(()), "{what}");
    let worked = |line: usize| Hours::from_seconds(lines[line - 1].1 * 36);
    let unreadable: Vec<usize> = report
        .held
        .iter()
        .filter_map(|held| match &held.subject {
            Subject::TimeRecord(id) if held.hours.is_none() => id.strip_prefix("csv:")?.parse().ok(),
            _ => None,
        })
        .collect();
    let held_by_line: Hours = unreadable.iter().map(|line| worked(*line)).sum();
    let all: Hours = (1..=lines.len()).map(worked).sum();
    assert_eq!(
        report.account.total().read + held_by_line,
        all,
        "{what}: {unreadable:?}"
    );
    assert!(report.account.total().stored <= Hours::from_minutes(108 * 60), "{what}");

    // What the file lacks is not removed: the small company's whole file first, this one after.
    let whole = text(&small_company());
    let linx = harness.linx_reading(csv::read(whole.as_slice(), &CsvFormat::default()).unwrap());
    let plan = linx.plan_export(&two_weeks()).await.unwrap();
    linx.apply_export(&plan).await.unwrap();
    let linx = harness.linx_reading(csv::read(file, &CsvFormat::default()).unwrap());
    let plan = linx.plan_export(&two_weeks()).await.unwrap();
    assert_eq!(plan.count(LineAction::Delete), 0, "{what}");
}

#[tokio::test]
async fn d28_a_row_that_is_spoiled_is_held_and_takes_nothing_along() {
    let last = small_company().len() - 1;
    for (what, (file, lines)) in [
        ("nothing", with_bytes(|file| file)),
        ("a decimal comma", with_line(5, "4.00", "4,00")),
        ("a quoted decimal comma", with_line(5, "4.00", "\"4,00\"")),
        ("thousands", with_line(5, "4.00", "\"1,004.00\"")),
        ("a field too few", with_line(5, ",Rain", "")),
        ("a field too many", with_line(5, ",Rain", ",Rain, then sun")),
        ("a quote within", with_line(5, "Rain", "6\" of rain")),
        ("too many hours", with_line(5, "4.00", "400")),
        ("no hours", with_line(5, "4.00", "")),
        ("no date", with_line(5, "2026-03-04", "")),
        ("a short year", with_line(5, "2026-03-04", "26-03-04")),
        ("a blank line", with_more(5, "")),
        ("the header again", with_more(5, &small_company()[0].0)),
        ("a footer", with_more(last + 1, "Total,,106.00,2.00,,,")),
        ("a cut", with_line(last, "2.00,1.00,24-001,03-300,Rain", "2.0")),
    ] {
        every_hour_has_a_fate(what, &file, &lines).await;
    }
}

#[tokio::test]
async fn d28_a_file_of_which_it_is_not_known_which_rows_are_right_is_an_error_and_writes_nothing() {
    let harness = Harness::contractor();
    let utf16 = |file: Vec<u8>| -> Vec<u8> {
        let text = String::from_utf8(file).unwrap();
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    for (what, (file, _)) in [
        ("an open quote", with_line(5, "Rain", "\"Rain")),
        ("a doubled column", with_line(0, "Comment", "Regular")),
        ("overtime by another name", with_line(0, "OT1", "Overtime")),
        ("a missing column", with_line(0, "Regular", "Reg")),
        (
            "another header",
            with_more(
                5,
                "WorkDate,udfEmployeeNumber,Regular,OT1,udfJobsiteNumber,udfCostCode,Comment",
            ),
        ),
        ("day and month exchanged", with_line(25, "2026-03-14", "2026-14-03")),
        ("UTF-16", with_bytes(utf16)),
        (
            "Latin-1",
            with_bytes(|mut file| {
                let at = file.len() - 3;
                file[at] = 0xE4;
                file
            }),
        ),
        ("nothing at all", with_bytes(|_| Vec::new())),
        (
            "the header alone",
            with_bytes(|file| file.split_inclusive(|byte| *byte == b'\n').next().unwrap().to_vec()),
        ),
    ] {
        let error = read(&harness, &file).err();
        let error = error.unwrap_or_else(|| panic!("{what} is no error"));
        assert!(!error.to_string().contains("Rain"), "{what}");
    }
    assert_eq!(harness.writes(), 0);
}

#[tokio::test]
async fn d28_a_file_tells_its_hours_by_days_and_how_many_rows_could_not_be_read() {
    let harness = Harness::contractor();
    let whole = read(&harness, &text(&small_company())).unwrap();
    assert_eq!(
        (whole.unreadable(), whole.hours(|_| true)),
        (0, Hours::from_minutes(108 * 60))
    );
    let first_week = crate::harness::day("2026-03-08");
    assert_eq!(whole.hours(|day| day <= first_week), Hours::from_minutes(56 * 60));
    let mut lines = small_company();
    for at in [3, 5, 7] {
        lines[at].0 = lines[at].0.replacen("4.00", "4,00", 1);
    }
    let spoiled = read(&harness, &text(&lines)).unwrap();
    assert_eq!(
        (spoiled.unreadable(), spoiled.hours(|_| true)),
        (3, Hours::from_minutes(96 * 60))
    );
}

/// Only the time is the file's.
#[tokio::test]
async fn who_reads_time_out_of_a_file_syncs_and_checks_the_service_all_the_same() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let file = read(&harness, &text(&small_company())).unwrap();
    let checks = |checks: Vec<Check>| checks.into_iter().map(|check| check.name).collect::<Vec<_>>();
    assert_eq!(checks(file.check().await), checks(harness.field.check().await));
    assert!(file.clock_difference().is_some());
    assert_eq!(file.clock_difference(), harness.field.clock_difference());
    harness.procore.with_state(|state| {
        let mut people = state.people.values_mut();
        let sara = people
            .find(|person| person.employee_id.as_deref() == Some("00101"))
            .unwrap();
        sara.last_name = "Berg".into();
    });
    let linx = harness.linx_reading(csv::read(text(&small_company()).as_slice(), &CsvFormat::default()).unwrap());
    let plan = linx.plan_sync(&SyncOptions::default()).await.unwrap();
    assert_eq!(linx.apply_sync(&plan).await.unwrap().written(), 1);
    let id = RecordId("p-101".into());
    let record = file.record(Kind::Employee, &id).await.unwrap().unwrap();
    assert_eq!(record.attributes.get(Attribute::LastName), Some("Berg"));
}

#[tokio::test]
async fn b13_a_file_is_as_new_as_its_newest_day_until_today() {
    let harness = Harness::contractor();
    let file = read(&harness, &text(&small_company())).unwrap();
    let day = crate::harness::day;
    for (today, newest, ahead) in [
        ("2026-03-01", None, Some("2026-03-15")),
        ("2026-03-14", Some("2026-03-14"), Some("2026-03-15")),
        ("2026-03-15", Some("2026-03-15"), None),
        ("2026-03-20", Some("2026-03-15"), None),
    ] {
        let refresh = file.last_refresh(day(today)).await.unwrap();
        assert_eq!(
            (refresh.newest, refresh.ahead),
            (newest.map(day), ahead.map(day)),
            "{today}"
        );
    }
}
