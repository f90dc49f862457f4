//! Time by other hands, as plans treat it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;

use crate::change::LineAction;
use crate::export::ExportFacts;
use crate::export::test_world::{
    PROJECT, WORKER, any_record, any_settings, applied, day, exported, plan_by, plan_of, reasons, record, record_id,
    world,
};
use crate::hold::Reason;
use crate::ledger::Beside;
use crate::model::{
    ApprovalStatus, CentiHours, ClassHours, ClassificationId, Coding, Entry, EntryContent, EntryId, HourClass, Hours,
    LineItemTypeId, ProjectCodeId, ProjectId, TaskCode, TimeRecord, TimeType, TimeTypeId, UserId, WbsCodeId, WorkerId,
};
use crate::plan::{ByOtherHands, Selection};
use crate::settings::{ExportSettings, OtherHands, Overnight, Rounding};

/// Somebody's entry on code 03-300 of the tower, as regular time.
fn theirs(id: u64, date: u32, hours: &str) -> Entry {
    Entry {
        id: EntryId(id),
        content: EntryContent {
            worker: WORKER,
            date: day(date),
            coding: Arc::new(Coding {
                cost_code: Some(ProjectCodeId(900)),
                line_item_type: Some(LineItemTypeId(50)),
                time_type: Some(TimeTypeId(1)),
                ..Coding::of(PROJECT)
            }),
            hours: hours.parse().unwrap(),
            span: None,
            description: Some("by hand".into()),
            billable: false,
        },
        status: ApprovalStatus::Approved,
        signed: true,
        origin: None,
        author: Some(UserId(41)),
        created: None,
        updated: None,
        parts: Vec::new(),
    }
}

fn coded(mut entry: Entry, change: impl FnOnce(&mut Coding)) -> Entry {
    change(Arc::make_mut(&mut entry.content.coding));
    entry
}

/// 8.00 h of Monday were worked, and others have entered this.
fn a_day_with(entries: Vec<Entry>) -> ExportFacts {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 8 * 3600)];
    facts.entries.rows = entries;
    facts
}

fn by(rule: OtherHands) -> ExportSettings {
    ExportSettings {
        other_hands: rule,
        ..ExportSettings::default()
    }
}

fn count(hours: &str, entries: usize) -> ByOtherHands {
    ByOtherHands {
        hours: hours.parse().unwrap(),
        entries,
    }
}

#[test]
fn d26_the_same_codes_are_held_with_entry_author_and_hours() {
    for hours in ["8.00", "2.50", "0.00"] {
        let plan = plan_of(&a_day_with(vec![theirs(91, 2, hours)]));
        assert!(plan.is_empty(), "{:?}", plan.changes);
        assert_eq!(reasons(&plan.held), [Reason::EnteredByAnother]);
        let held = &plan.held[0];
        assert_eq!(
            held.detail,
            format!("on the same codes: {hours} h in entry 91 by user 41")
        );
        assert_eq!(held.hours, Some(Hours::from_minutes(480)));
        assert_eq!(plan.account.total().held, Hours::from_minutes(480));
        assert_eq!(plan.other_hands, count(hours, 1));
    }
}

#[test]
fn d26_on_other_codes_the_sum_of_the_day_decides() {
    let elsewhere = |change: fn(&mut Coding)| coded(theirs(91, 2, "3.00"), change);
    for entry in [
        elsewhere(|coding| coding.project = ProjectId(99)),
        elsewhere(|coding| coding.cost_code = Some(ProjectCodeId(902))),
        elsewhere(|coding| coding.cost_code = None),
        elsewhere(|coding| coding.sub_job = Some(crate::model::SubJobId(5))),
        elsewhere(|coding| coding.time_type = Some(TimeTypeId(2))),
        elsewhere(|coding| coding.time_type = None),
        Entry {
            origin: Some("another program's".into()),
            ..elsewhere(|coding| coding.cost_code = None)
        },
    ] {
        let mut facts = a_day_with(vec![entry]);
        let plan = plan_of(&facts);
        assert_eq!(reasons(&plan.held), [Reason::EnteredByAnother], "{plan:?}");
        assert!(
            plan.held[0]
                .detail
                .contains("11.00 h would stand on the day, and 8.00 h were read of it"),
            "{}",
            plan.held[0].detail
        );

        // Three hours that are held for another reason may be theirs.
        let mut unknown = record(2, 21, 3 * 3600);
        unknown.location = None;
        facts.records.rows.push(unknown);
        let plan = plan_of(&facts);
        assert_eq!(
            (plan.count(LineAction::Create), reasons(&plan.held)),
            (1, vec![Reason::NoLocation])
        );
        assert_eq!(plan.other_hands, count("3.00", 1));
    }
}

#[test]
fn d26_what_is_not_time_of_that_worker_and_day_does_not_count() {
    let others = vec![
        coded(theirs(91, 2, "8.00"), |coding| coding.time_type = Some(TimeTypeId(7))),
        theirs(92, 3, "8.00"),
        Entry {
            content: EntryContent {
                worker: WorkerId(8),
                ..theirs(93, 2, "8.00").content
            },
            ..theirs(93, 2, "8.00")
        },
    ];
    let mut facts = a_day_with(others);
    facts.time_types.push(TimeType {
        id: TimeTypeId(7),
        label: "Vacation".into(),
    });
    let plan = plan_of(&facts);
    assert_eq!((plan.count(LineAction::Create), plan.held.len()), (1, 0));
    assert_eq!(plan.other_hands, count("8.00", 1), "that of Tuesday");
    // Where ExakTime's leave is sent as vacation, theirs may be the same.
    let settings = ExportSettings {
        leave: [("VAC".to_owned(), "vacation".to_owned())].into(),
        ..ExportSettings::default()
    };
    assert_eq!(reasons(&plan_by(&facts, &settings).held), [Reason::EnteredByAnother]);
}

#[test]
fn d26_hours_beside_ours_are_told_and_hold_nothing_that_takes_hours_away() {
    let mut facts = exported();
    facts
        .entries
        .rows
        .push(coded(theirs(91, 2, "3.00"), |coding| coding.cost_code = None));
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::EnteredByAnother]);
    assert_eq!(plan.other_hands, count("3.00", 1));

    facts.records.rows[1].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(60));
    let plan = plan_of(&facts);
    assert_eq!((plan.count(LineAction::Update), plan.held.len()), (1, 1));

    facts.records.rows[1].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(300));
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::EnteredByAnother]);
    assert!(plan.held[0].detail.contains("12.00 h would stand"), "{:?}", plan.held);
}

#[test]
fn d26_both_are_right_where_the_company_or_a_person_says_so() {
    let mut facts = a_day_with(vec![theirs(91, 2, "8.00")]);
    let plan = plan_by(&facts, &by(OtherHands::Beside));
    assert_eq!(plan.count(LineAction::Create), 1);
    assert_eq!(plan.other_hands, count("8.00", 1));
    let word = |read: &str, theirs: &str| Beside {
        read: read.parse().ok(),
        entries: [(EntryId(91), theirs.parse().unwrap())].into(),
        deleted: [].into(),
        lowered: [].into(),
    };
    let both = word("8.00", "8.00");
    facts.beside = [((WORKER, day(3)), both.clone()), ((WorkerId(8), day(2)), both.clone())].into();
    assert!(plan_of(&facts).is_empty(), "the word is for one worker's day");
    facts.beside.insert((WORKER, day(2)), both.clone());
    assert_eq!(plan_of(&facts).count(LineAction::Create), 1);

    // Said of less on either side, of other entries, or by an older version: what is more is weighed.
    for said in [
        word("7.99", "8.00"),
        word("8.00", "7.99"),
        word("", "8.00"),
        Beside::default(),
    ] {
        facts.beside.insert((WORKER, day(2)), said);
        let plan = plan_of(&facts);
        assert_eq!(
            (plan.changes.len(), reasons(&plan.held)),
            (0, vec![Reason::EnteredByAnother])
        );
    }
    // What stands beside theirs is told no more, by an older word too.
    facts.beside.insert((WORKER, day(2)), both);
    let mut facts = applied(facts.clone(), &plan_of(&facts));
    for said in [word("8.00", "8.00"), Beside::default()] {
        facts.beside.insert((WORKER, day(2)), said);
        let plan = plan_of(&facts);
        assert_eq!((plan.changes.len(), plan.held.len()), (0, 0), "{:?}", plan.held);
    }
    facts.entries.rows.push(theirs(95, 2, "1.00"));
    facts.beside.insert((WORKER, day(2)), word("8.00", "8.00"));
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EnteredByAnother]);
}

#[test]
fn d26_an_equal_entry_is_adopted_unchanged_and_corrections_follow() {
    let facts = a_day_with(vec![theirs(90, 2, "7.00"), theirs(91, 2, "8.00")]);
    let settings = by(OtherHands::AdoptEqual);
    let plan = plan_by(&facts, &settings);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::EnteredByAnother], "the other one is told");
    assert!(plan.held[0].detail.contains("15.00 h would stand"), "{:?}", plan.held);
    assert_eq!((plan.unchanged, plan.agreed.len()), (1, 1));
    assert_eq!(plan.agreed[0].entry, EntryId(91));
    assert_eq!(plan.account.total().stored, Hours::from_minutes(480));
    assert_eq!(plan.other_hands, count("7.00", 1));
    assert!(
        plan.notes.iter().any(|note| note.ends_with("entries 91")),
        "{:?}",
        plan.notes
    );

    let mut facts = applied(facts, &plan);
    facts.lines = plan.agreed;
    facts.entries.rows.retain(|entry| entry.id == EntryId(91));
    let plan = plan_of(&facts);
    assert!(
        plan.is_empty() && plan.held.is_empty() && plan.left_out.is_empty(),
        "{plan:?}"
    );
    assert_eq!((plan.unchanged, plan.other_hands), (1, count("0.00", 0)));

    facts.records.rows[0].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(420));
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EntryLocked], "it is approved");
    let entry = &mut facts.entries.rows[0];
    (entry.status, entry.signed) = (ApprovalStatus::Pending, false);
    let plan = plan_of(&facts);
    assert_eq!(
        (plan.changes[0].action, plan.changes[0].entry),
        (LineAction::Update, Some(EntryId(91)))
    );
    facts.entries.rows[0].content.hours = "6.00".parse().unwrap();
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EditedOnBothSides]);
}

#[test]
fn d26_of_two_equal_entries_none_is_adopted() {
    let facts = a_day_with(vec![theirs(91, 2, "8.00"), theirs(92, 2, "8.00")]);
    let plan = plan_by(&facts, &by(OtherHands::AdoptEqual));
    assert!(plan.is_empty() && plan.agreed.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::EnteredByAnother]);
    assert!(plan.held[0].detail.contains("entry 91") && plan.held[0].detail.contains("entry 92"));
}

#[test]
fn d26_an_entry_with_other_times_or_of_another_class_is_not_adopted() {
    let mut facts = a_day_with(Vec::new());
    facts.settings.start_stop_projects = vec![PROJECT];
    let line = plan_of(&facts).changes.remove(0);
    let span = line.content.span.unwrap();
    let at = |id, later: i64| {
        let (mut entry, mut span) = (theirs(id, 2, "8.00"), span.clone());
        let later = chrono::TimeDelta::minutes(later);
        (span.start, span.stop) = (span.start + later, span.stop + later);
        entry.content.span = Some(span);
        entry
    };
    let other_class = coded(theirs(91, 2, "8.00"), |coding| {
        coding.classification = Some(ClassificationId(3));
    });
    for (entries, adopted) in [
        (vec![theirs(91, 2, "8.00")], Some(91)),
        (vec![at(91, 0)], Some(91)),
        (vec![at(91, 60)], None),
        (vec![at(91, 60), at(92, 0)], Some(92)),
        (vec![theirs(91, 2, "8.00"), at(92, 0)], Some(92)),
        (vec![other_class], None),
    ] {
        facts.entries.rows = entries;
        let plan = plan_by(&facts, &by(OtherHands::AdoptEqual));
        assert!(plan.is_empty(), "{:?}", plan.changes);
        assert_eq!(plan.agreed.first().map(|line| line.entry.0), adopted, "{:?}", plan.held);
    }
}

#[test]
fn d26_of_entries_on_task_codes_the_one_on_the_same_task_is_adopted() {
    let mut facts = a_day_with(Vec::new());
    facts.settings.task_codes = true;
    let task = TaskCode {
        id: WbsCodeId(5),
        cost_code: "03-300".into(),
        base_type: "labor".into(),
        sub_job: None,
        active: true,
    };
    facts.task_codes.insert(PROJECT, Ok(vec![task]));
    for (task, cost_code, is_adopted) in [
        (5, None, true),
        (5, Some(ProjectCodeId(900)), true),
        (6, None, false),
        (6, Some(ProjectCodeId(900)), false),
    ] {
        let entry = coded(theirs(91, 2, "8.00"), |coding| {
            (coding.wbs_code, coding.cost_code) = (Some(WbsCodeId(task)), cost_code);
        });
        facts.entries.rows = vec![entry];
        let plan = plan_by(&facts, &by(OtherHands::AdoptEqual));
        assert!(plan.is_empty(), "{:?}", plan.changes);
        assert_eq!(
            !plan.agreed.is_empty(),
            is_adopted,
            "{task} {cost_code:?}: {:?}",
            plan.held
        );
        let same_codes = plan.held.iter().any(|held| held.detail.contains("on the same codes"));
        assert!(!same_codes, "two task codes are two codes: {:?}", plan.held);
    }
}

/// Two hours of the day are on a code that nobody linked, and somebody entered two.
#[test]
fn d26_what_is_new_on_another_day_makes_no_day_too_full() {
    let facts = a_day_with(Vec::new());
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    let mut unlinked = record(2, 21, 2 * 3600);
    unlinked.cost_code = Some(record_id("cc-IN"));
    facts.records.rows.extend([unlinked, record(3, 13, 8 * 3600)]);
    facts
        .entries
        .rows
        .push(coded(theirs(91, 2, "2.00"), |coding| coding.cost_code = None));
    let plan = plan_of(&facts);
    assert_eq!(reasons(&plan.held), [Reason::CostCodeNotLinked], "{:?}", plan.held);
    assert_eq!(plan.changes.len(), 1);
}

#[test]
fn d26_what_is_left_beside_an_adopted_entry_still_counts() {
    let mut facts = a_day_with(vec![
        theirs(91, 2, "8.00"),
        coded(theirs(92, 2, "2.00"), |coding| coding.cost_code = None),
    ]);
    let mut overtime = record(2, 21, 3600);
    overtime.hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(60));
    facts.records.rows.push(overtime);
    let plan = plan_by(&facts, &by(OtherHands::AdoptEqual));
    assert!(plan.is_empty());
    assert_eq!(
        (plan.unchanged, reasons(&plan.held)),
        (1, vec![Reason::EnteredByAnother])
    );
    assert!(plan.held[0].detail.contains("11.00 h would stand"), "{:?}", plan.held);
}

#[test]
fn d26_an_entry_of_ours_that_the_office_moved_is_weighed_where_it_stands_now() {
    let mut facts = exported();
    facts.entries.rows[0].content.date = day(3);
    // ExakTime is corrected in the same way.
    for record in &mut facts.records.rows {
        record.work_date = day(3);
        record.start = record.start.map(|start| start + chrono::Duration::days(1));
        record.stop = record.stop.map(|stop| stop + chrono::Duration::days(1));
    }
    let plan = plan_of(&facts);
    assert!(plan.is_empty(), "{:?}", plan.changes);
    assert!(
        reasons(&plan.held).contains(&Reason::EnteredByAnother),
        "{:?}",
        plan.held
    );
}

#[test]
fn d26_a_part_of_a_day_is_not_written_beside_what_others_have_of_it() {
    let mut facts = a_day_with(vec![coded(theirs(91, 2, "1.00"), |coding| coding.cost_code = None)]);
    facts.records.rows.push(record(2, 21, 3600));
    facts.locations.rows = vec![crate::model::Record {
        kind: crate::model::Kind::Location,
        id: crate::export::test_world::record_id("loc-1"),
        attributes: crate::model::Attributes::default(),
        protected: false,
    }];
    let plan_at = |locations: Vec<String>| {
        let selection = Selection {
            locations,
            ..Selection::days(day(1), day(31))
        };
        let rules = crate::mapping::StandardRules::standard();
        crate::export::plan(&facts, &rules, &ExportSettings::default(), &selection).unwrap()
    };
    assert!(reasons(&plan_at(vec!["loc-1".into()]).held).contains(&Reason::EnteredByAnother));
}

/// An entry by another hand on one of the days of [`any_record`].
fn any_of_theirs() -> impl Strategy<Value = Entry> {
    (1_u32..6, 0_i64..1200, 0..4_u64, 0..3_u64).prop_map(|(date, hundredths, code, time_type)| {
        let mut entry = theirs(0, date, "0");
        entry.content.hours = CentiHours::from_hundredths(hundredths);
        coded(entry, |coding| {
            coding.cost_code = (code < 3).then_some(ProjectCodeId(899 + code));
            coding.time_type = (time_type > 0).then_some(TimeTypeId(time_type));
        })
    })
}

fn standing(facts: &ExportFacts) -> BTreeMap<NaiveDate, CentiHours> {
    let mut days: BTreeMap<NaiveDate, CentiHours> = BTreeMap::new();
    for entry in &facts.entries.rows {
        *days.entry(entry.content.date).or_default() += entry.content.hours;
    }
    days
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// No day of which another hand has entered something comes to more than the hours read by what a plan gains, unless a
    /// person said so; and what is adopted is left as it is.
    #[test]
    fn d26_no_day_comes_to_more_than_was_read(
        before in proptest::collection::vec(any_record(), 0..6),
        after in proptest::collection::vec(any_record(), 0..8),
        entries in proptest::collection::vec(any_of_theirs(), 0..5),
        adopt in any::<bool>(),
        settings in any_settings(),
    ) {
        let mut settings = settings;
        settings.other_hands = if adopt { OtherHands::AdoptEqual } else { OtherHands::Hold };
        let mut facts = world();
        facts.records.rows = before;
        let plan = plan_by(&facts, &settings);
        let mut facts = applied(facts, &plan);
        for (entry, id) in entries.into_iter().zip(1000..) {
            facts.entries.rows.push(Entry { id: EntryId(id), ..entry });
        }
        facts.records.rows = after;
        let plan = plan_by(&facts, &settings);
        let would_stand = standing(&applied(facts.clone(), &plan));
        let stands = standing(&facts);
        // What was read, however shifts across midnight are cut: of the day and the days beside it.
        for (date, hours) in would_stand {
            let by_others = facts.entries.rows.iter().any(|entry| entry.origin.is_none() && entry.content.date == date);
            if by_others && hours > stands.get(&date).copied().unwrap_or_default() {
                let days = i64::from(settings.overnight != Overnight::ExakTime);
                let near = |record: &&TimeRecord| (record.work_date - date).num_days().abs() <= days;
                let worked = facts.records.rows.iter().filter(near).map(TimeRecord::total);
                let read: Hours = worked.filter(|hours| *hours > Hours::ZERO).sum();
                let rounding = if settings.rounding == Rounding::None { 1 } else { 25 };
                let rounding = CentiHours::from_hundredths(rounding);
                prop_assert!(hours <= CentiHours::nearest(read) + rounding, "{date}: {hours} of {read:?}");
            }
        }
        for entry in facts.entries.rows.iter().filter(|entry| entry.origin.is_none()) {
            prop_assert!(plan.changes.iter().all(|change| change.entry != Some(entry.id)));
        }
    }
}
