//! What is written to Procore and read back from it, entry by entry and field by field.

use chrono::NaiveTime;
use linx_core::model::{EntryContent, LineItemTypeId, ProjectCodeId, ProjectId, Span, TimeTypeId, WorkerId};
use linx_core::ports::{FailureKind, Fate, Office};
use procore_client::ids;

use crate::stage::{Stage, day};

const LAKEFRONT: ProjectId = ProjectId(316_002);
const BEN: WorkerId = WorkerId(562_949_953_430_002);
const LABOR: LineItemTypeId = LineItemTypeId(50_887);
const REGULAR: TimeTypeId = TimeTypeId(9185);
const MARK: &str = "linx1 7:2026-03-02:316002:-:03-300:REG 01234567";

/// Eight regular hours of Ben's at Lakefront Tower, on its first cost code that takes labor.
fn eight_hours(stage: &Stage) -> EntryContent {
    let code = stage.procore.with_state(|state| {
        let labor = |code: &procore_client::sandbox::ProjectCode| {
            let labor = ids::LineItemTypeId::new(LABOR.0);
            (code.project.get(), code.sub_job) == (LAKEFRONT.0, None) && code.line_item_types.contains(&labor)
        };
        *state.project_codes.iter().find(|(_, code)| labor(code)).unwrap().0
    });
    EntryContent {
        worker: BEN,
        date: day("2026-03-02"),
        project: LAKEFRONT,
        sub_job: None,
        cost_code: Some(ProjectCodeId(code.get())),
        line_item_type: Some(LABOR),
        wbs_code: None,
        classification: None,
        time_type: Some(REGULAR),
        hours: "8.00".parse().unwrap(),
        span: None,
        description: Some("columns, level 4".into()),
        billable: true,
    }
}

/// The same by the clock, with half an hour of meal.
fn seven_to_half_past_three(stage: &Stage) -> EntryContent {
    let at = |hour, minute| day("2026-03-02").and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
    let span = Span {
        start: at(7, 0),
        stop: at(15, 30),
        lunch_minutes: 30,
    };
    EntryContent {
        span: Some(Box::new(span)),
        ..eight_hours(stage)
    }
}

fn takes_start_and_stop(stage: &Stage) {
    stage
        .procore
        .with_state(|state| state.configuration.start_stop_projects = vec![ids::ProjectId::new(LAKEFRONT.0)]);
}

#[tokio::test]
async fn d10_a_meal_is_sent_once_by_the_clock_and_comes_back_as_it_was_sent() {
    let stage = Stage::contractor();
    takes_start_and_stop(&stage);
    let mut content = seven_to_half_past_three(&stage);
    let entry = stage.office().create_entry(&content, MARK).await.unwrap();
    assert_eq!(entry.content, content);

    // A meal that is gone goes, and a stop after midnight is of the next day.
    let span = content.span.as_mut().unwrap();
    (span.stop, span.lunch_minutes) = (day("2026-03-03").and_hms_opt(1, 15, 0).unwrap(), 0);
    content.hours = "18.25".parse().unwrap();
    let entry = stage.office().update_entry(entry.id, &content, MARK).await.unwrap();
    assert_eq!(entry.content, content);
    let read = stage.office().entries(content.date, content.date, None).await.unwrap();
    assert_eq!(read.rows[0].content, content);
}

#[tokio::test]
async fn a2_the_other_way_of_telling_time_is_refused_and_nothing_is_stored() {
    let stage = Stage::contractor();
    let by_the_clock = seven_to_half_past_three(&stage);
    let error = stage.office().create_entry(&by_the_clock, MARK).await.unwrap_err();
    assert_eq!((error.kind, error.fate), (FailureKind::Refused, Fate::NotApplied));
    takes_start_and_stop(&stage);
    let error = stage
        .office()
        .create_entry(&eight_hours(&stage), MARK)
        .await
        .unwrap_err();
    assert_eq!((error.kind, error.fate), (FailureKind::Refused, Fate::NotApplied));
    assert!(stage.procore.entries().is_empty());
}

#[tokio::test]
async fn d18_a_signature_is_seen() {
    let stage = Stage::contractor();
    let entry = stage.office().create_entry(&eight_hours(&stage), MARK).await.unwrap();
    assert!(!entry.signed);
    let id = ids::TimecardEntryId::new(entry.id.0);
    stage
        .procore
        .with_state(|state| state.entries.get_mut(&id).unwrap().signed = true);
    let date = day("2026-03-02");
    let read = stage.office().entries(date, date, Some(BEN)).await.unwrap();
    assert!(read.rows[0].signed);
}

#[tokio::test]
async fn c11_task_codes_tell_their_cost_code_and_whether_they_are_labor() {
    let stage = Stage::contractor();
    assert!(!stage.office().time_settings().await.unwrap().task_codes);
    stage.procore.with_state(|state| state.configuration.task_codes = true);
    assert!(stage.office().time_settings().await.unwrap().task_codes);
    let codes = stage.office().task_codes(LAKEFRONT).await.unwrap();
    assert!(codes.proves_absence() && codes.rows.iter().all(|code| code.active));
    let types = |full: &str| -> Vec<&str> {
        let of = codes.rows.iter().filter(|code| code.cost_code == full);
        of.map(|code| code.base_type.as_str()).collect()
    };
    assert_eq!(types("03-300"), ["labor", "materials"]);
    // Demolition takes no labor.
    assert_eq!(types("02-410"), ["materials"]);
}

#[tokio::test]
async fn d20_classifications_tell_where_they_count() {
    let stage = Stage::contractor();
    let list = stage.office().classifications().await.unwrap().rows;
    let told: Vec<_> = list
        .iter()
        .map(|one| (one.name.as_str(), one.abbreviation.as_deref(), one.projects.clone()))
        .collect();
    let first = Some(vec![ProjectId(316_001)]);
    let expected = [
        ("Journeyman Carpenter", Some("JC"), None),
        ("Apprentice Carpenter", Some("AC"), first),
    ];
    assert_eq!(told, expected);
}
