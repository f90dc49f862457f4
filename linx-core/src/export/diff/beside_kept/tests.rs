use proptest::prelude::*;

use super::*;
use crate::change::{LineAction, LineView};
use crate::export::diff::kept::{self, KeptLine, Reach};
use crate::model::{Coding, EntryContent, HourClass, ProjectId};

const WHOSE: WorkerId = WorkerId(7);

fn key(worker: WorkerId, day: u32, code: u8) -> LineKey {
    LineKey {
        worker,
        date: NaiveDate::from_ymd_opt(2026, 3, day).unwrap(),
        project: ProjectId(316),
        sub_job: None,
        cost_code: format!("03-{code:03}").into(),
        class: HourClass::Regular,
        classification: None,
        start: None,
    }
}

fn change(key: LineKey, before: Option<i64>, after: i64) -> LineChange {
    let action = match (before, after) {
        (None, _) => LineAction::Create,
        (Some(_), 0) => LineAction::Delete,
        (Some(_), _) => LineAction::Update,
    };
    let hours = if action == LineAction::Delete {
        before.unwrap()
    } else {
        after
    };
    LineChange {
        content: EntryContent {
            worker: key.worker,
            date: key.date,
            coding: Coding::of(key.project).into(),
            hours: CentiHours::from_hundredths(hours),
            span: None,
            description: None,
            billable: true,
        },
        key,
        action,
        entry: None,
        before: before.map(CentiHours::from_hundredths),
        view: LineView::default(),
        why: String::new(),
        carries: Vec::new(),
        zone: None,
        double_of: None,
        touched: None,
    }
}

/// A day of the worker on which a line has so many hundredths more than ExakTime.
fn kept(day: u32, more: i64, held: i64) -> Kept {
    Kept {
        workers: [WHOSE].into(),
        nobodies: BTreeSet::new(),
        lines: vec![KeptLine {
            key: key(WHOSE, day, 0),
            code: None,
            more: CentiHours::from_hundredths(more),
            days: [key(WHOSE, day, 0).date].into(),
            of: BTreeSet::new(),
            of_employees: BTreeSet::new(),
            told: CentiHours::default(),
        }],
        held: CentiHours::from_hundredths(held),
        moved: CentiHours::default(),
        reach: Reach::Everywhere,
    }
}

/// The keys that are held, by worker, day and code.
fn held(kept: &[Kept], changes: &[LineChange]) -> Vec<LineKey> {
    let changes: Vec<&LineChange> = changes.iter().collect();
    let known = Changes {
        all: &changes,
        corrected: &BTreeSet::new(),
        sent_until: None,
    };
    beside(kept, known).into_keys().collect()
}

#[test]
fn d19_the_nearest_is_held_of_the_same_person_and_of_others() {
    let other = WorkerId(8);
    let same_day = change(key(WHOSE, 2, 1), None, 400);
    let next_day = change(key(WHOSE, 3, 1), None, 400);
    let same_place = change(key(other, 2, 0), None, 300);
    let as_many = change(key(other, 2, 5), None, 400);
    let unlike = change(key(other, 2, 6), None, 500);
    let far = change(key(other, 3, 0), None, 400);
    let all = [&same_day, &next_day, &same_place, &as_many, &unlike, &far].map(Clone::clone);
    let held = |more, without: usize| held(&[kept(2, more, 0)], &all[without..]);
    let keys = |of: &[&LineChange]| of.iter().map(|change| change.key.clone()).collect::<Vec<_>>();
    assert_eq!(
        held(400, 0),
        keys(&[&same_day, &same_place, &as_many]),
        "of either, since nothing tells whose it is"
    );
    assert_eq!(held(300, 0), keys(&[&same_day, &same_place]));
    assert_eq!(held(600, 0), keys(&[&same_day, &next_day, &same_place, &unlike]));
    assert_eq!(held(400, 1), keys(&[&next_day, &same_place, &as_many]));
    assert_eq!(held(400, 4), keys(&[&unlike]), "of others that day alone");
}

#[test]
fn d19_a_change_of_a_note_alone_gains_nothing() {
    let gains = |before, after| change(key(WHOSE, 2, 0), before, after).gains();
    assert!(gains(None, 400) && gains(Some(300), 400));
    assert!(!gains(Some(400), 400) && !gains(Some(400), 300) && !gains(Some(400), 0));
}

#[test]
fn it_is_told_of_which_days_the_hours_are_that_something_is_held_for() {
    let day_more = |mut kept: Kept| {
        let mut line = kept.lines[0].clone();
        line.key.date = key(WHOSE, 4, 0).date;
        kept.lines.push(line);
        kept
    };
    let told = |kept: Kept| kept.refusal(CentiHours::from_hundredths(400)).detail;
    assert!(told(kept(2, 400, 0)).contains("worker:7 on 2026-03-02"));
    assert!(told(day_more(kept(2, 200, 0))).contains("worker:7 from 2026-03-02 to 2026-03-04"));
}

/// Two hours of a day are kept; the same person gains an hour and a half there, and somebody else something on another day, late.
#[test]
fn d19_of_what_came_late_to_others_the_rest_is_held_that_is_found_nowhere_else() {
    let own = change(key(WHOSE, 2, 1), None, 150);
    for (hours, is_held) in [(50, true), (51, true), (49, true), (60, false), (90, false)] {
        let late = change(key(WorkerId(8), 3, 0), None, hours);
        let changes = [&own, &late];
        let held = beside(&[kept(2, 200, 0)], Changes::of_any_day(&changes));
        assert_eq!(held.contains_key(&late.key), is_held, "{hours}");
    }
}

/// Four hours of the day before are kept, for which four new ones are held; three lines of that day were to be lowered.
#[test]
fn d8_as_many_hours_stay_on_a_day_as_are_held_there_and_no_more() {
    let new = change(key(WHOSE, 2, 1), None, 400);
    let lines = [(2, 250), (3, 100), (4, 100)];
    let lowered = lines.map(|(code, by)| change(key(WHOSE, 2, code), Some(by + 50), 50));
    // What is lowered stands too high until then.
    let standing = lines.map(|(code, by)| {
        let mut kept = kept(2, by, 0);
        kept.lines[0].key = key(WHOSE, 2, code);
        kept
    });
    let kept = [[kept(1, 400, 0)].as_slice(), &standing].concat();
    let changes = [[new].as_slice(), &lowered].concat();
    let stay = changes[..3].iter().map(|change| change.key.clone());
    assert_eq!(held(&kept, &changes), stay.collect::<Vec<_>>());
}

/// Half an hour of two people who come late on another day: the same work is the likelier, whoever comes first.
#[test]
fn d19_of_what_came_late_to_others_the_same_work_comes_first() {
    let other_work = change(key(WorkerId(5), 3, 5), None, 50);
    let same_work = change(key(WorkerId(8), 3, 0), None, 50);
    let changes = [&other_work, &same_work];
    let known = Changes::of_any_day(&changes);
    let held: Vec<_> = beside(&[kept(2, 50, 0)], known).into_keys().collect();
    assert_eq!(held, std::slice::from_ref(&same_work.key));
}

/// Somebody copied an entry of an hour, and the hour is another's by now, who was held for it before, or was not.
#[test]
fn d19_of_a_line_that_stands_twice_half_comes_before_other_hours() {
    let other = change(key(WorkerId(5), 2, 5), None, 750);
    let half = change(key(WorkerId(8), 2, 6), None, 100);
    for gained_before in [[].as_slice(), &[WorkerId(5), WorkerId(8)]] {
        let mut twice = kept(2, 200, 0);
        twice.lines[0].of = gained_before.iter().copied().collect();
        let left = CentiHours::from_hundredths(100);
        let changes = [other.clone(), half.clone()];
        assert_eq!(held(&[twice.clone()], &changes), [other.key.clone(), half.key.clone()]);
        twice.held = left;
        assert_eq!(
            held(&[twice], &changes),
            std::slice::from_ref(&half.key),
            "what is nearest comes first"
        );
    }
}

/// The line that has half an hour too many comes at another time, and other time of the same work is new on that day.
#[test]
fn d19_of_the_same_work_of_a_day_as_many_hours_come_first() {
    let at = |hour, class, hours| {
        let start = chrono::NaiveTime::from_hms_opt(hour, 0, 0);
        let key = LineKey {
            class,
            start,
            ..key(WHOSE, 2, 0)
        };
        change(key, None, hours)
    };
    let moved = at(9, HourClass::Regular, 50);
    for new in [at(7, HourClass::DoubleTime, 250), at(7, HourClass::Regular, 250)] {
        let changes = [moved.clone(), new];
        assert_eq!(held(&[kept(2, 50, 0)], &changes), std::slice::from_ref(&moved.key));
    }
}

/// Eight hours of somebody stand too many; somebody else's half hour of a later day became eight hours.
#[test]
fn d19_a_line_most_of_which_is_new_may_be_all_that_went() {
    let other = WorkerId(8);
    let held = |before, after| {
        let change = change(key(other, 4, 3), Some(before), after);
        let known = Changes {
            all: &[&change],
            corrected: &BTreeSet::new(),
            sent_until: Some(change.key.date),
        };
        !beside(&[kept(2, 800, 0)], known).is_empty()
    };
    assert!(held(50, 800), "its own half hour may have gone that night too");
    assert!(!held(500, 800), "three hours more are three hours more");
    assert!(!held(50, 700));
}

/// Seven and a half hours of somebody stand too many, and are another's on a later day, where start and stop are sent: the stretch that
/// was there begins later now, and half an hour more begins where it did.
#[test]
fn d19_what_came_late_to_somebody_else_in_two_parts_is_held_in_both() {
    let at = |hour, before, hours| {
        let start = chrono::NaiveTime::from_hms_opt(hour, 0, 0);
        let key = LineKey {
            start,
            ..key(WorkerId(8), 4, 0)
        };
        change(key, before, hours)
    };
    let (more, later) = (at(7, Some(700), 750), at(14, None, 700));
    let other = change(key(WorkerId(8), 4, 3), None, 600);
    let changes = [&more, &later, &other];
    let held: Vec<_> = beside(&[kept(2, 750, 0)], Changes::of_any_day(&changes))
        .into_keys()
        .collect();
    assert_eq!(held, [more.key.clone(), later.key.clone()]);
}

/// The office deleted an entry, and its time comes at another start: nothing of what stands elsewhere moved there.
#[test]
fn d19_what_comes_again_of_what_was_deleted_is_no_time_that_moved() {
    let deleted = Kept {
        reach: Reach::Deleted,
        ..kept(2, 500, 0)
    };
    let (again, new) = (change(key(WHOSE, 2, 0), None, 600), change(key(WHOSE, 3, 0), None, 100));
    let moved = |kept: &[Kept]| kept::beyond_what_was_decided([&again, &new].into_iter(), kept).hundredths();
    assert_eq!(moved(&[kept(2, 500, 0)]), 700);
    assert_eq!(moved(&[kept(2, 500, 0), deleted]), 200);
}

/// Two hours of a day are kept. On days that were only looked at the same person gains more than that, and two hours are planned.
#[test]
fn d19_as_many_hours_of_the_same_person_are_held_whatever_is_new_elsewhere() {
    let like = change(key(WHOSE, 4, 5), None, 200);
    let unlike = change(key(WHOSE, 4, 6), None, 300);
    let kept = Kept {
        moved: CentiHours::from_hundredths(550),
        ..kept(2, 200, 0)
    };
    assert_eq!(held(&[kept], &[unlike, like.clone()]), [like.key]);
}

#[test]
fn d19_one_gain_stands_for_the_hours_of_more_than_one_day_until_it_has_no_more() {
    // Monday keeps 1.00 h and Tuesday 6.00 h: what Wednesday gains may be both.
    let [near, far] = [4, 5].map(|day| change(key(WHOSE, day, 0), None, 800));
    let gains = [near, far];
    let days = |monday, tuesday| held(&[kept(2, monday, 0), kept(3, tuesday, 0)], &gains).len();
    assert_eq!((days(100, 600), days(200, 600), days(300, 600)), (1, 1, 2));
}

#[test]
fn d8_what_is_held_of_the_day_itself_may_be_the_hours_that_are_kept() {
    let gains = [change(key(WHOSE, 3, 1), None, 400)];
    assert_eq!(held(&[kept(2, 400, 400)], &gains).len(), 0);
    assert_eq!(held(&[kept(2, 400, 300)], &gains).len(), 1);
}

#[test]
fn d13_a_hundredth_that_rounding_gave_is_no_hour_that_is_kept() {
    let gains = [change(key(WHOSE, 2, 1), None, 400), change(key(WHOSE, 2, 2), None, 399)];
    assert_eq!(held(&[kept(2, 1, 0)], &gains).len(), 0);
    assert_eq!(
        held(&[kept(2, 400, 0)], &gains[1..]).len(),
        1,
        "3.99 are 4.00, and nothing else is held"
    );
}

#[test]
fn d28_what_a_file_does_not_tell_of_is_found_again_on_its_day_alone() {
    let kept = Kept {
        reach: Reach::Day,
        ..kept(2, 400, 0)
    };
    let gains = [
        change(key(WHOSE, 3, 1), None, 400),
        change(key(WorkerId(8), 2, 0), None, 400),
    ];
    assert_eq!(held(std::slice::from_ref(&kept), &gains).len(), 0);
    assert_eq!(held(&[kept], &[change(key(WHOSE, 2, 1), None, 400)]).len(), 1);
}

#[test]
fn d19_what_goes_for_a_line_that_is_held_stays_with_it() {
    // 4 h of Tuesday went from one code to another; Monday's 4 h are kept.
    let goes = change(key(WHOSE, 3, 0), Some(400), 0);
    let comes = change(key(WHOSE, 3, 1), None, 400);
    let monday = kept(2, 400, 0);
    let tuesday = kept(3, 400, 0);
    assert_eq!(
        held(&[monday, tuesday], &[goes.clone(), comes.clone()]),
        [goes.key, comes.key]
    );
}

#[test]
fn d19_an_entry_that_goes_has_no_hours_for_which_anything_is_held() {
    // 2.00 and 0.50 h went to another person, and the entry of 0.50 h cannot be changed.
    let other = WorkerId(8);
    let [goes, stays] = [(1, 200), (2, 50)].map(|(code, more)| {
        let mut line = kept(2, more, 0).lines.remove(0);
        line.key = key(WHOSE, 2, code);
        line
    });
    let deletion = change(goes.key.clone(), Some(200), 0);
    let kept = Kept {
        lines: vec![goes, stays],
        ..kept(2, 250, 0)
    };
    let [more, less] = [(1, 200), (2, 50)].map(|(code, hours)| change(key(other, 2, code), None, hours));
    assert_eq!(held(&[kept], &[deletion, more, less.clone()]), [less.key]);
}

/// Days that keep hours, and changes of which some gain and some lose.
fn any_days() -> impl Strategy<Value = (Vec<Kept>, Vec<LineChange>)> {
    let days = prop::collection::vec((2..9_u32, 1..1200_i64, 0..600_i64), 0..4);
    let changes = prop::collection::btree_map((7..9_u64, 2..9_u32, 1..5_u8), (0..3_u8, 1..900_i64, 1..900_i64), 0..12);
    (days, changes).prop_map(|(days, changes)| {
        let days: BTreeMap<u32, (i64, i64)> = days.into_iter().map(|(day, more, held)| (day, (more, held))).collect();
        let change = |((worker, day, code), (kind, one, other)): ((u64, u32, u8), (u8, i64, i64))| {
            let key = key(WorkerId(worker), day, code);
            match kind {
                0 => change(key, None, one),
                1 => change(key, Some(one), one + other),
                _ => change(key, Some(one + other), one),
            }
        };
        let days = days.into_iter().map(|(day, (more, held))| kept(day, more, held));
        (days.collect(), changes.into_iter().map(change).collect())
    })
}

proptest! {
    /// A person gets no more than ExakTime has: as many hours are held as are kept, or everything that gains.
    #[test]
    fn d19_nobody_gets_more_than_exaktime_has((kept, changes) in any_days()) {
        let held = held(&kept, &changes);
        let mine = || changes.iter().filter(|change| change.key.worker == WHOSE && change.gains());
        let sum = |all: &mut dyn Iterator<Item = &LineChange>| all.map(|change| change.gained().hundredths()).sum::<i64>();
        let is_held = |change: &&LineChange| held.contains(&change.key);
        let (all, withheld) = (sum(&mut mine()), sum(&mut mine().filter(is_held)));
        let keeps: i64 = kept.iter().map(|kept| kept.hours().hundredths()).sum();
        let rounding = i64::try_from(kept.len()).unwrap();
        prop_assert!(withheld == all || withheld >= keeps - rounding, "{withheld} of {all} for {keeps}");
    }

    /// And no line is held without need: without the last line that is held for each day, fewer would be held than are kept.
    #[test]
    fn d19_no_more_is_held_than_is_kept((kept, changes) in any_days()) {
        let held = held(&kept, &changes);
        let mine = changes.iter().filter(|change| change.gains() && change.key.worker == WHOSE);
        let gaining = mine.filter(|change| held.contains(&change.key));
        let mut gained: Vec<i64> = gaining.map(|change| change.gained().hundredths()).collect();
        gained.sort_unstable();
        let stays = changes.iter().any(|change| !change.gains() && held.contains(&change.key));
        let but_the_last: i64 = gained.iter().rev().skip(kept.len()).sum();
        let keeps: i64 = kept.iter().map(|kept| kept.hours().hundredths()).sum();
        prop_assert!(stays || gained.is_empty() || but_the_last < keeps, "{gained:?} for {keeps}");
    }
}
