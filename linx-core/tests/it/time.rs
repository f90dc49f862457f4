//! Time as the field has it, through both sandboxes: nights, zones, breaks, rounding, and what the account makes of them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use exaktime_client::csv::{self, CsvFormat};
use exaktime_client::sandbox::TimeRecord;
use linx_core::export::ExportReport;
use linx_core::hold::Reason;
use linx_core::model::{Hours, RecordId, ZoneSource, zone_data_version};
use linx_core::plan::{ExportPlan, Selection};
use linx_core::settings::{Overnight, Rounding, WeekStart};
use procore_client::ids::ProjectId;

use crate::harness::{Harness, day};

const PHOENIX: ProjectId = ProjectId::new(316_001);
const CHICAGO: ProjectId = ProjectId::new(316_002);
/// Where in ExakTime they are.
const IN_PHOENIX: &str = "24-001";
const IN_CHICAGO: &str = "24-002";

/// Regular time of one employee: the work date, the place, from and to in UTC, decimal hours.
fn record(work_date: &str, place: &str, times: (&str, &str), hours: &str) -> TimeRecord {
    let at = |text: &str| format!("{text}:00Z").parse::<DateTime<Utc>>().unwrap();
    TimeRecord {
        id: format!("tr-{work_date}-{}", times.0),
        person: "p-101".into(),
        work_date: day(work_date),
        location: Some(format!("loc-{place}")),
        cost_code: Some("cc-03-300".into()),
        start: at(times.0),
        stop: Some(at(times.1)),
        regular_hours: hours.into(),
        ot1_hours: "0".into(),
        ot2_hours: "0".into(),
        comment: None,
    }
}

/// Both sides in step at the end of the year, and nothing in ExakTime but these.
async fn harness(records: &[TimeRecord]) -> Harness {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    harness.wait_days(280);
    harness
        .exaktime
        .with_state(|state| state.time_records = records.to_vec());
    harness
}

fn takes_start_stop(harness: &Harness, projects: &[ProjectId]) {
    harness
        .procore
        .with_state(|state| state.configuration.start_stop_projects = projects.to_vec());
}

async fn plan(harness: &Harness, from: &str, to: &str) -> ExportPlan {
    let selection = Selection::days(day(from), day(to));
    let plan = harness.linx().plan_export(&selection).await.unwrap();
    assert_eq!(plan.account.check(), Ok(()));
    plan
}

/// Day and hours of each line.
fn lines(plan: &ExportPlan) -> Vec<(String, String)> {
    let line = |change: &linx_core::change::LineChange| (change.key.date.to_string(), change.content.hours.to_string());
    plan.changes.iter().map(line).collect()
}

fn line(date: &str, hours: &str) -> (String, String) {
    (date.into(), hours.into())
}

fn held(plan: &ExportPlan) -> Vec<Reason> {
    plan.held.iter().map(|held| held.reason).collect()
}

/// Read, stored and held of one work date, in hundredths of an hour.
fn day_of(plan: &ExportPlan, date: &str) -> [i64; 3] {
    let date: NaiveDate = day(date);
    let tally = plan.account.days().find(|day| day.date == date).unwrap().hours;
    [tally.read, tally.stored, tally.held].map(|hours| hours.seconds() / 36)
}

/// From, to and minutes of lunch of each entry, and its hours, as Procore has them.
fn clocked(harness: &Harness) -> Vec<(String, String, Option<u32>, String)> {
    let text = |time: Option<DateTime<Utc>>| time.unwrap().format("%Y-%m-%d %H:%M").to_string();
    let entries = harness.procore.entries();
    let entry = entries.iter().map(|entry| {
        let hours = entry.hours.clone().unwrap();
        (text(entry.time_in), text(entry.time_out), entry.lunch_minutes, hours)
    });
    entry.collect()
}

async fn again(harness: &Harness) -> ExportReport {
    let again = harness.apply_export().await;
    assert!(again.changes.is_empty(), "{:?}", again.changes);
    again
}

const MARCH_CHICAGO: (&str, &str) = ("2026-03-08T04:00", "2026-03-08T11:30");
const MARCH_PHOENIX: (&str, &str) = ("2026-03-08T05:00", "2026-03-08T13:30");
const NOVEMBER_CHICAGO: (&str, &str) = ("2026-11-01T03:00", "2026-11-01T12:30");

#[tokio::test]
async fn d1_d2_the_nights_the_clocks_change_have_seven_eight_and_nine_hours() {
    let harness = harness(&[
        record("2026-03-07", IN_CHICAGO, MARCH_CHICAGO, "7.00"),
        record("2026-10-31", IN_CHICAGO, NOVEMBER_CHICAGO, "9.00"),
    ])
    .await;
    let plan = plan(&harness, "2026-03-01", "2026-11-30").await;
    assert_eq!(lines(&plan), [line("2026-03-07", "7.00"), line("2026-10-31", "9.00")]);
    assert!(
        plan.notes.iter().all(|note| !note.contains("differ")),
        "{:?}",
        plan.notes
    );
}

#[tokio::test]
async fn d1_d2_d10_what_procore_would_compute_otherwise_is_held_with_both_figures() {
    let harness = harness(&[
        record("2026-03-07", IN_CHICAGO, MARCH_CHICAGO, "7.00"),
        record("2026-10-31", IN_CHICAGO, NOVEMBER_CHICAGO, "9.00"),
    ])
    .await;
    takes_start_stop(&harness, &[CHICAGO]);
    let plan = plan(&harness, "2026-03-01", "2026-11-30").await;
    assert!(plan.changes.is_empty());
    assert_eq!(held(&plan), [Reason::ClockChange; 2]);
    let figures = |held: &str| plan.held.iter().any(|known| known.detail.contains(held));
    assert!(figures("8.00 h by the clock, 7.00 h worked") && figures("8.00 h by the clock, 9.00 h worked"));
    assert_eq!(plan.account.total().held, Hours::from_minutes(16 * 60));
}

#[tokio::test]
async fn d5_d10_a_project_on_start_and_stop_gets_the_places_clock_and_the_break_once() {
    let mut overtime = record(
        "2026-03-09",
        IN_PHOENIX,
        ("2026-03-09T14:00", "2026-03-10T00:00"),
        "8.00",
    );
    overtime.ot1_hours = "1.50".into();
    let harness = harness(&[record("2026-03-07", IN_PHOENIX, MARCH_PHOENIX, "8.00"), overtime]).await;
    takes_start_stop(&harness, &[PHOENIX]);
    let report = harness.apply_export().await;
    assert_eq!(report.summary.failed, 0, "{:?}", report.held);
    let text = str::to_owned;
    assert_eq!(
        clocked(&harness),
        [
            (
                text("2026-03-07 22:00"),
                text("2026-03-08 06:30"),
                Some(30),
                text("8.0")
            ),
            (
                text("2026-03-09 07:00"),
                text("2026-03-09 15:30"),
                Some(30),
                text("8.0")
            ),
            (text("2026-03-09 15:30"), text("2026-03-09 17:00"), None, text("1.5")),
        ]
    );
    let zone = report.changes[0].change.zone.unwrap();
    assert_eq!(
        (zone.zone.name(), zone.source),
        ("America/Phoenix", ZoneSource::Project)
    );
    again(&harness).await;
    // A lunch that ExakTime shows by itself is the same lunch.
    harness.exaktime.with_state(|state| {
        state.time_records[0].regular_hours = "8.50".into();
        let lunch = record(
            "2026-03-08",
            IN_PHOENIX,
            ("2026-03-08T10:00", "2026-03-08T10:00"),
            "-0.50",
        );
        state.time_records.push(lunch);
    });
    again(&harness).await;
}

#[tokio::test]
async fn d10_a_record_that_start_and_stop_do_not_explain_is_held() {
    let day = ("2026-03-09T14:00", "2026-03-09T22:00");
    let harness = harness(&[record("2026-03-09", IN_PHOENIX, day, "8.25")]).await;
    takes_start_stop(&harness, &[PHOENIX]);
    let plan = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(held(&plan), [Reason::HoursDifferFromClock]);
    assert!(
        plan.held[0]
            .detail
            .contains("8.00 h from start to stop, 8.25 h in ExakTime")
    );
}

/// A plan by the rows of a file with clock times: work date, place, from, to, hours.
async fn plan_of_file(harness: &Harness, rows: &[(&str, &str, &str, &str, &str)]) -> ExportPlan {
    let header = "udfEmployeeNumber,WorkDate,udfJobsiteNumber,udfCostCode,In,Out,Regular".to_owned();
    let row = |(date, place, start, stop, hours): &(&str, &str, &str, &str, &str)| {
        format!("00101,{date},{place},03-300,{start},{stop},{hours}")
    };
    let text = std::iter::once(header)
        .chain(rows.iter().map(row))
        .map(|line| line + "\n")
        .collect::<String>();
    let format = CsvFormat {
        start: Some("In".into()),
        stop: Some("Out".into()),
        ..CsvFormat::default()
    };
    let selection = Selection::days(day("2026-01-01"), day("2026-12-31"));
    let linx = harness.linx_reading(csv::read(text.as_bytes(), &format).unwrap());
    let plan = linx.plan_export(&selection).await.unwrap();
    assert_eq!(plan.account.check(), Ok(()));
    plan
}

#[tokio::test]
async fn d1_d2_clock_times_of_a_file_that_do_not_exist_or_exist_twice_are_held() {
    let harness = harness(&[]).await;
    let plan = plan_of_file(
        &harness,
        &[
            ("2026-03-08", IN_CHICAGO, "02:30", "06:30", "4.00"),
            ("2026-06-01", IN_CHICAGO, "18:00", "03:00", "8.50"),
            ("2026-11-01", IN_CHICAGO, "01:30", "06:30", "5.00"),
            ("2026-11-20", IN_CHICAGO, "07:00", "06:00", "8.00"),
        ],
    )
    .await;
    assert_eq!(lines(&plan), [line("2026-06-01", "8.50")]);
    assert_eq!(
        held(&plan),
        [Reason::TimeSkipped, Reason::TimeTwice, Reason::ShiftTooLong]
    );
}

#[tokio::test]
async fn d2_the_neighbours_tell_which_of_two_times_is_meant() {
    let harness = harness(&[]).await;
    takes_start_stop(&harness, &[PHOENIX]);
    let rows = [
        ("2026-11-01", IN_CHICAGO, "00:30", "01:45", "1.25"),
        ("2026-11-01", IN_CHICAGO, "01:15", "06:00", "4.75"),
    ];
    let plan = plan_of_file(&harness, &rows).await;
    assert_eq!(lines(&plan), [line("2026-11-01", "6.00")]);
}

#[tokio::test]
async fn d3_a_company_zone_that_stands_in_is_told() {
    let mut harness = harness(&[record(
        "2026-03-09",
        IN_PHOENIX,
        ("2026-03-09T14:00", "2026-03-09T22:30"),
        "8.00",
    )])
    .await;
    takes_start_stop(&harness, &[PHOENIX]);
    harness.procore.with_state(|state| {
        let project = state.projects.get_mut(&PHOENIX).unwrap();
        project.tz_name.clear();
        project.time_zone.clear();
    });
    let without = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(held(&without), [Reason::NoTimeZone]);
    harness.export.time_zone = Some("Arizona".parse().unwrap());
    let plan = plan(&harness, "2026-03-02", "2026-03-15").await;
    let zone = plan.changes[0].zone.unwrap();
    assert_eq!(
        (zone.zone.name(), zone.source),
        ("America/Phoenix", ZoneSource::Company)
    );
    let told =
        "the company's time zone stands in for these projects, which name none: project:316001 (America/Phoenix)";
    assert!(plan.notes.iter().any(|note| note == told), "{:?}", plan.notes);
}

#[tokio::test]
async fn d4_procores_names_are_zones_and_unknown_or_contradicting_ones_are_told() {
    let shift = ("2026-03-09T14:00", "2026-03-09T22:30");
    let harness = harness(&[record("2026-03-09", IN_PHOENIX, shift, "8.00")]).await;
    takes_start_stop(&harness, &[PHOENIX]);
    let name = |name: &str| {
        harness.procore.with_state(|state| {
            let project = state.projects.get_mut(&PHOENIX).unwrap();
            project.tz_name.clear();
            name.clone_into(&mut project.time_zone);
        });
    };
    name("Pacific Time (US & Canada)");
    let contradicted = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(contradicted.changes[0].zone.unwrap().zone.name(), "America/Los_Angeles");
    let told = "the time zones of these projects contradict their states: project:316001 (America/Los_Angeles in AZ)";
    assert!(
        contradicted.notes.iter().any(|note| note == told),
        "{:?}",
        contradicted.notes
    );
    assert_eq!(contradicted.zone_data, zone_data_version());
    name("Mountain Time");
    let unknown = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(held(&unknown), [Reason::NoTimeZone]);
    assert!(unknown.held[0].detail.contains("`Mountain Time` is no time zone"));
}

/// 18:00 to 03:00 in Chicago, nine hours of work and no break.
fn night(work_date: &str) -> TimeRecord {
    let next = day(work_date).succ_opt().unwrap();
    let (start, stop) = (format!("{work_date}T23:00"), format!("{next}T08:00"));
    record(work_date, IN_CHICAGO, (&start, &stop), "9.00")
}

#[tokio::test]
async fn d6_a_shift_across_midnight_belongs_to_the_days_of_the_companys_rule() {
    // In summer; the week of a Monday.
    let mut harness = harness(&[night("2026-06-02")]).await;
    for (rule, expected) in [
        (Overnight::ExakTime, vec![line("2026-06-02", "9.00")]),
        (Overnight::StartDay, vec![line("2026-06-02", "9.00")]),
        (
            Overnight::SplitAtMidnight,
            vec![line("2026-06-02", "6.00"), line("2026-06-03", "3.00")],
        ),
    ] {
        harness.export.overnight = rule;
        let plan = plan(&harness, "2026-06-01", "2026-06-07").await;
        assert_eq!(lines(&plan), expected, "{rule:?}");
        assert_eq!(
            day_of(&plan, "2026-06-02"),
            [900, 900, 0],
            "read and stored under ExakTime's work date"
        );
    }
    // ExakTime's own setting puts it on the day it ends.
    harness
        .exaktime
        .with_state(|state| state.time_records[0].work_date = day("2026-06-03"));
    for (rule, date) in [(Overnight::ExakTime, "2026-06-03"), (Overnight::StartDay, "2026-06-02")] {
        harness.export.overnight = rule;
        let plan = plan(&harness, "2026-06-01", "2026-06-07").await;
        assert_eq!(lines(&plan), [line(date, "9.00")], "{rule:?}");
        assert_eq!(day_of(&plan, "2026-06-03"), [900, 900, 0]);
    }
}

#[tokio::test]
async fn d6_each_export_has_the_lines_of_its_own_days_and_none_is_lost_or_written_twice() {
    let mut harness = harness(&[night("2026-03-08"), night("2026-03-09"), night("2026-03-10")]).await;
    harness.export.overnight = Overnight::SplitAtMidnight;
    // Daylight time: the nights begin at 18:00 and end at 03:00.
    let whole = plan(&harness, "2026-03-02", "2026-03-15").await;
    let expected = [
        line("2026-03-08", "6.00"),
        line("2026-03-09", "9.00"),
        line("2026-03-10", "9.00"),
        line("2026-03-11", "3.00"),
    ];
    assert_eq!(lines(&whole), expected);
    let mut in_turn = Vec::new();
    for date in ["2026-03-08", "2026-03-09", "2026-03-10", "2026-03-11"] {
        let plan = plan(&harness, date, date).await;
        in_turn.extend(lines(&plan));
        let total = plan.account.total();
        assert_eq!((total.read, total.stored), (total.stored, total.read));
        harness.linx().apply_export(&plan).await.unwrap();
    }
    assert_eq!(in_turn, expected);
    again(&harness).await;
}

#[tokio::test]
async fn d7_a_shift_across_the_weeks_end_keeps_both_weeks_hours() {
    // Saturday night.
    let mut harness = harness(&[night("2026-06-06")]).await;
    harness.export.overnight = Overnight::StartDay;
    for (week_start, expected) in [
        (WeekStart::Monday, vec![line("2026-06-06", "9.00")]),
        (
            WeekStart::Sunday,
            vec![line("2026-06-06", "6.00"), line("2026-06-07", "3.00")],
        ),
    ] {
        harness.export.week_start = week_start;
        assert_eq!(lines(&plan(&harness, "2026-06-01", "2026-06-14").await), expected);
    }
}

#[tokio::test]
async fn d8_a_day_that_an_unsent_shift_reaches_into_is_not_complete() {
    let morning = record(
        "2026-06-03",
        IN_CHICAGO,
        ("2026-06-03T15:00", "2026-06-03T19:00"),
        "4.00",
    );
    let mut harness = harness(&[night("2026-06-02"), morning]).await;
    harness.export.overnight = Overnight::SplitAtMidnight;
    harness.export.longest_shift_hours = 8;
    let plan = plan(&harness, "2026-06-01", "2026-06-07").await;
    assert!(plan.changes.is_empty());
    assert_eq!(held(&plan), [Reason::ShiftTooLong, Reason::DayIncomplete]);
}

#[tokio::test]
async fn d9_shifts_of_two_days_that_overlap_hold_both_and_a_day_has_24_hours_or_25() {
    let early = record(
        "2026-06-03",
        IN_CHICAGO,
        ("2026-06-03T07:30", "2026-06-03T12:00"),
        "4.50",
    );
    let harness = harness(&[night("2026-06-02"), early]).await;
    assert_eq!(
        held(&plan(&harness, "2026-06-01", "2026-06-07").await),
        [Reason::Overlap; 2]
    );
    harness
        .exaktime
        .with_state(|state| state.time_records[1].start += chrono::Duration::minutes(30));
    assert_eq!(
        plan(&harness, "2026-06-01", "2026-06-07").await.changes.len(),
        2,
        "ends that touch"
    );

    let full_day = |date: &str| {
        let at = |hour: u32| format!("{date}T{hour:02}:00");
        let part = |from: u32, to: u32, hours: &str| record(date, IN_CHICAGO, (&at(from), &at(to)), hours);
        [part(6, 18, "12.25"), part(18, 23, "12.25")]
    };
    for (date, reasons) in [("2026-06-02", vec![Reason::TooManyHours; 2]), ("2026-11-01", vec![])] {
        harness
            .exaktime
            .with_state(|state| state.time_records = full_day(date).to_vec());
        assert_eq!(
            held(&plan(&harness, date, date).await),
            reasons,
            "24.50 hours on {date}"
        );
    }
}

#[tokio::test]
async fn d11_rounding_is_to_the_nearest_and_tells_what_each_worker_gains_and_loses() {
    let day = |date: &str, hours: &str| {
        let times = (format!("{date}T14:00"), format!("{date}T23:00"));
        record(date, IN_PHOENIX, (&times.0, &times.1), hours)
    };
    let records = [
        day("2026-03-09", "8.12"),
        day("2026-03-10", "8.13"),
        day("2026-03-11", "8.25"),
    ];
    let mut harness = harness(&records).await;
    assert!(plan(&harness, "2026-03-02", "2026-03-15").await.rounded.is_empty());
    harness.export.rounding = Rounding::Quarter;
    let rounded = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(
        lines(&rounded),
        [
            line("2026-03-09", "8.00"),
            line("2026-03-10", "8.25"),
            line("2026-03-11", "8.25")
        ]
    );
    let sum = rounded.rounded[&RecordId("p-101".into())];
    let hundredths = |hours: Hours| hours.seconds() / 36;
    assert_eq!((hundredths(sum.gained), hundredths(sum.lost)), (12, 12));
    assert_eq!(day_of(&rounded, "2026-03-09"), [812, 812, 0], "the original is kept");
}

#[tokio::test]
async fn d12_punches_and_durations_round_to_different_hours_and_nothing_is_rounded_twice() {
    // 7:07 to 15:38.
    let mut harness = harness(&[record(
        "2026-03-09",
        IN_PHOENIX,
        ("2026-03-09T14:07", "2026-03-09T22:38"),
        "8.52",
    )])
    .await;
    harness.export.rounding = Rounding::Quarter;
    let of_duration = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(lines(&of_duration), [line("2026-03-09", "8.50")]);
    takes_start_stop(&harness, &[PHOENIX]);
    let of_punches = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(lines(&of_punches), [line("2026-03-09", "8.75")]);
    let span = of_punches.changes[0].content.span.as_deref().unwrap();
    let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
    assert_eq!(
        (span.start, span.stop),
        (at("2026-03-09T07:00:00"), at("2026-03-09T15:45:00"))
    );

    harness
        .procore
        .with_state(|state| state.configuration.rounding = Some(("nearest".to_owned(), 15)));
    let left = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(lines(&left), [line("2026-03-09", "8.52")]);
    assert!(left.rounded.is_empty() && left.notes.iter().any(|note| note.contains("Linx does not round")));
}

#[tokio::test]
async fn d15_a_difference_of_more_than_a_minute_is_told_and_not_corrected() {
    let shift = ("2026-03-09T14:00", "2026-03-09T22:00");
    let harness = harness(&[record("2026-03-09", IN_PHOENIX, shift, "8.03")]).await;
    let plan = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert_eq!(lines(&plan), [line("2026-03-09", "8.03")]);
    let told = plan
        .notes
        .iter()
        .find(|note| note.contains("differ from their start and stop"))
        .unwrap();
    assert!(told.ends_with("tr-2026-03-09-2026-03-09T14:00 by 108 s"), "{told}");
}

#[tokio::test]
async fn d23_a_lunch_on_the_second_date_comes_off_the_first_day_in_whichever_export() {
    let shift = record(
        "2026-03-09",
        IN_PHOENIX,
        ("2026-03-10T01:00", "2026-03-10T10:00"),
        "8.50",
    );
    let lunch = record(
        "2026-03-10",
        IN_PHOENIX,
        ("2026-03-10T09:00", "2026-03-10T09:30"),
        "-0.50",
    );
    let harness = harness(&[shift, lunch]).await;
    let plan_of = |from: &'static str, to: &'static str| plan(&harness, from, to);
    let both = plan_of("2026-03-02", "2026-03-15").await;
    assert_eq!(lines(&both), [line("2026-03-09", "8.00")]);
    assert_eq!(day_of(&both, "2026-03-09"), [850, 850, 0]);
    assert_eq!(day_of(&both, "2026-03-10"), [-50, -50, 0]);
    assert_eq!(
        lines(&plan_of("2026-03-09", "2026-03-09").await),
        [line("2026-03-09", "8.00")]
    );
    let second = plan_of("2026-03-10", "2026-03-10").await;
    assert!(second.changes.is_empty() && second.held.is_empty() && second.left_out.is_empty());

    // At another place it may be anybody's: both are held.
    harness
        .exaktime
        .with_state(|state| state.time_records[1].location = Some("loc-24-003".into()));
    let apart = plan(&harness, "2026-03-02", "2026-03-15").await;
    assert!(apart.changes.is_empty());
    assert_eq!(held(&apart), [Reason::NegativeHours; 2]);
}

#[tokio::test]
async fn a18_a_clock_time_at_the_end_of_the_calendar_is_held_and_ends_no_run() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (first, last) = (at("0000-01-01T00:00:00Z"), at("9999-12-31T23:59:59Z"));
    for (start, stop) in [
        (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC),
        (first, first),
        (last, last),
        (first, last),
    ] {
        let mut harness = Harness::contractor();
        harness.export.overnight = Overnight::SplitAtMidnight;
        takes_start_stop(&harness, &[PHOENIX]);
        let id = harness.exaktime.with_state(|state| {
            let mut records = state.time_records.iter_mut();
            let record = records
                .find(|record| record.location.as_deref() == Some("loc-24-001"))
                .unwrap();
            (record.start, record.stop) = (start, Some(stop));
            record.id.clone()
        });
        harness.apply_sync().await;
        let report = harness.apply_export().await;
        let is_held = report.held.iter().any(|held| held.subject.id() == id);
        assert!(is_held, "{start} {:?}", report.held);
    }
}
