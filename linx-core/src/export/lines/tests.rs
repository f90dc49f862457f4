//! How the hours of a day become lines.

use chrono::NaiveDate;

use crate::export::plan;
use crate::export::test_world::{
    PROJECT, applied, day, link, plan_by, plan_of, project_code, reasons, record, record_id, world,
};
use crate::hold::Reason;
use crate::mapping::{MappingRules, StandardRules};
use crate::model::{
    Attributes, ClassHours, HourClass, Hours, Kind, LineItemTypeId, OfficeRef, Project, ProjectId, Record, TimeRecord,
};
use crate::plan::Selection;
use crate::ports::Snapshot;
use crate::settings::{ExportSettings, Rounding};

#[test]
fn records_of_one_day_place_code_and_class_are_one_line() {
    let mut facts = world();
    let mut overtime = record(2, 21, 3600);
    overtime.hours = ClassHours::of(HourClass::Overtime, Hours::from_seconds(3600));
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(2, 17, 4 * 3600), overtime];
    let plan = plan_of(&facts);
    let lines: Vec<_> = plan
        .changes
        .iter()
        .map(|line| (line.key.class, line.content.hours.to_string()))
        .collect();
    assert_eq!(
        lines,
        [
            (HourClass::Regular, "8.00".into()),
            (HourClass::Overtime, "1.00".into())
        ]
    );
    assert_eq!(plan.changes[0].content.coding.line_item_type, Some(LineItemTypeId(50)));
    assert!(plan.changes[0].content.billable);
}

#[test]
fn d13_three_times_twenty_minutes_are_sent_as_one_hour() {
    let mut facts = world();
    let mut records: Vec<TimeRecord> = (0..3).map(|n| record(2, 13 + n, 1200)).collect();
    facts.links.push(link(OfficeRef::Project(ProjectId(317)), "loc-2"));
    facts.links.push(link(OfficeRef::Project(ProjectId(318)), "loc-3"));
    for (n, record) in records.iter_mut().enumerate() {
        record.location = Some(record_id(&format!("loc-{}", n + 1)));
    }
    for id in [317, 318] {
        let project = Project {
            id: ProjectId(id),
            ..facts.projects.rows[0].clone()
        };
        facts.projects.rows.push(project);
        let codes = facts.project_codes[&(PROJECT, None)].clone();
        facts.project_codes.insert((ProjectId(id), None), codes);
    }
    facts.records.rows = records;
    let plan = plan_of(&facts);
    let sent: i64 = plan
        .changes
        .iter()
        .map(|change| change.content.hours.hundredths())
        .sum();
    assert_eq!((plan.changes.len(), sent), (3, 100));
    assert_eq!(plan.account.total().stored, Hours::from_minutes(60));
}

#[test]
fn c8_time_of_two_codes_that_are_called_alike_is_not_one_line() {
    let mut facts = world();
    let mut other = record(2, 17, 2 * 3600);
    other.cost_code = Some(record_id("cc-220"));
    facts.records.rows = vec![record(2, 13, 4 * 3600), other, record(3, 13, 4 * 3600)];
    facts.cost_codes.rows[2].full_code = "03-300".into();
    let codes = vec![
        project_code(900, 71, "03-300", &["labor"]),
        project_code(903, 73, "03-300", &["labor"]),
    ];
    facts
        .project_codes
        .insert((PROJECT, None), Ok(Snapshot::complete(codes)));
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1, "the day of one code alone is plain");
    assert_eq!(reasons(&plan.held), [Reason::AmbiguousCostCode]);
    assert_eq!(plan.account.total().held, Hours::from_minutes(6 * 60));
}

#[test]
fn d22_zero_hours_are_left_out_and_d23_negative_ones_are_held() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 0)];
    assert_eq!(reasons(&plan_of(&facts).left_out), [Reason::ZeroHours]);
    facts.records.rows = vec![record(2, 13, -1800)];
    let plan = plan_of(&facts);
    assert_eq!(reasons(&plan.held), [Reason::NegativeHours]);
    assert_eq!(plan.account.total().held, Hours::from_minutes(-30));
    facts.records.rows = vec![record(2, 13, 8 * 3600 + 1800), record(2, 22, -1800)];
    let plan = plan_of(&facts);
    assert_eq!(
        plan.changes[0].content.hours.to_string(),
        "8.00",
        "a lunch joins the shift of its day"
    );
}

#[test]
fn a_rule_cannot_move_time_out_of_the_days_that_were_read() {
    let mut facts = world();
    facts.records.rows = vec![record(1, 7, 8 * 3600), record(2, 7, 8 * 3600)];
    let rules = crate::mapping::Overrides::of(StandardRules::standard()).timesheet_line(|standard, time| {
        standard.timesheet_line(time).map(|draft| crate::mapping::LineDraft {
            date: draft.date.pred_opt().unwrap(),
            ..draft
        })
    });
    let selection = Selection::days(day(1), day(31));
    let plan = plan(&facts, &rules, &ExportSettings::default(), &selection).unwrap();
    let dates: Vec<NaiveDate> = plan.changes.iter().map(|change| change.key.date).collect();
    assert_eq!(dates, [day(1)]);
    assert_eq!(reasons(&plan.held), [Reason::HeldByRule]);
}

#[test]
fn d13_what_is_shorter_than_a_hundredth_is_left_out_to_the_second_and_never_sent_as_nothing() {
    let mut facts = world();
    facts.records.rows = vec![
        record(2, 7, 17),
        TimeRecord {
            hours: ClassHours::of(HourClass::Overtime, Hours::from_seconds(3600)),
            ..record(2, 9, 3600)
        },
    ];
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(reasons(&plan.left_out), [Reason::TooShort]);
    assert_eq!(plan.account.total().left_out, Hours::from_seconds(17));
}

#[test]
fn d13_a_part_of_a_day_does_not_move_the_hundredths_of_the_whole() {
    let mut facts = world();
    facts.links.push(link(OfficeRef::Project(ProjectId(4)), "loc-2"));
    let other = Project {
        id: ProjectId(4),
        number: Some("24-004".into()),
        ..facts.projects.rows[0].clone()
    };
    facts.projects.rows.push(other);
    let codes = facts.project_codes[&(PROJECT, None)].clone();
    facts.project_codes.insert((ProjectId(4), None), codes);
    let third = |hour: u32, location: &str, class| TimeRecord {
        location: Some(record_id(location)),
        hours: ClassHours::of(class, Hours::from_minutes(20)),
        ..record(2, hour, 1200)
    };
    facts.records.rows = vec![
        third(7, "loc-1", HourClass::Regular),
        third(8, "loc-1", HourClass::Overtime),
        third(9, "loc-2", HourClass::Regular),
    ];
    let whole = plan_of(&facts);
    let facts = applied(facts, &whole);
    for location in ["loc-1", "loc-2"] {
        let selection = Selection {
            locations: vec![location.into()],
            ..Selection::days(day(1), day(31))
        };
        let mut facts = facts.clone();
        facts.locations.rows = vec![Record {
            kind: Kind::Location,
            id: record_id(location),
            attributes: Attributes::default(),
            protected: false,
        }];
        let part = plan(
            &facts,
            &StandardRules::standard(),
            &ExportSettings::default(),
            &selection,
        )
        .unwrap();
        assert!(part.is_empty(), "{location}: {:?}", part.changes);
    }
}

#[test]
fn d10_a_start_and_stop_that_is_rounded_is_told_and_one_that_is_not_is_not() {
    let mut facts = world();
    facts.settings.start_stop_projects = vec![PROJECT];
    for (worked, gained) in [(4 * 3600, 0), (4 * 3600 - 300, 300)] {
        facts.records.rows = vec![record(2, 13, worked)];
        let settings = ExportSettings {
            rounding: Rounding::Quarter,
            ..ExportSettings::default()
        };
        let plan = plan_by(&facts, &settings);
        assert_eq!(plan.changes[0].content.hours.to_string(), "4.00", "{:?}", plan.held);
        let told: i64 = plan.rounded.values().map(|rounded| rounded.gained.seconds()).sum();
        assert_eq!(told, gained);
    }
}
