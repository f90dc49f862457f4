use super::*;

#[test]
fn d19_hours_that_are_held_stand_for_as_many_that_are_kept_and_for_no_more() {
    let line = |class: &str, more| KeptLine {
        key: format!("7:2026-03-02:316:-:03-300:{class}").parse().unwrap(),
        code: None,
        more: CentiHours::from_hundredths(more),
        days: BTreeSet::new(),
        of: BTreeSet::new(),
        of_employees: BTreeSet::new(),
        told: CentiHours::default(),
    };
    let work = Some(Work::of(&line("REG", 0).key));
    for (held, kept, rest) in [
        (0, 500, 0),
        (200, 300, 0),
        (300, 200, 0),
        (400, 100, 0),
        (500, 0, 0),
        (700, 0, 200),
    ] {
        let mut both = Kept {
            workers: BTreeSet::new(),
            nobodies: BTreeSet::new(),
            lines: vec![line("REG", 300), line("OT1", 200)],
            held: CentiHours::default(),
            moved: CentiHours::default(),
            reach: Reach::Day,
        };
        let elsewhere = (None, CentiHours::from_hundredths(900));
        let left = both.without([(work.clone(), CentiHours::from_hundredths(held)), elsewhere.clone()].into());
        assert_eq!(both.more().hundredths(), kept, "{held}");
        assert_eq!(left[&work].hundredths(), rest, "{held}");
        assert_eq!(left[&None], elsewhere.1);
    }
}

/// Of its own people on any other day, of others on its own.
#[test]
fn d19_what_is_held_elsewhere_may_be_the_same_work_or_as_many_hours() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    let key = |code: &str| -> LineKey { format!("7:2026-03-02:316:-:{code}:REG").parse().unwrap() };
    let kept = Kept {
        workers: [WorkerId(7)].into(),
        nobodies: BTreeSet::new(),
        lines: vec![KeptLine {
            key: key("03-300"),
            code: None,
            more: CentiHours::from_hundredths(300),
            days: [day(2)].into(),
            of: BTreeSet::new(),
            of_employees: BTreeSet::new(),
            told: CentiHours::default(),
        }],
        held: CentiHours::default(),
        moved: CentiHours::default(),
        reach: Reach::Everywhere,
    };
    for (worker, date, code, hours, may_be) in [
        (7, 3, "03-300", 100, true),
        (7, 3, "03-400", 300, true),
        (7, 3, "03-400", 100, false),
        (7, 2, "03-300", 300, false),
        (8, 2, "03-300", 100, true),
        (8, 2, "03-400", 100, false),
        (8, 3, "03-300", 300, false),
    ] {
        let held = HeldElsewhere {
            whose: Person::Worker(WorkerId(worker)),
            date: day(date),
            work: Some(Work::of(&key(code))),
            hours: CentiHours::from_hundredths(hours),
        };
        let found = kept.may_be_held_as(&held).count() == 1;
        assert_eq!(found, may_be, "{worker} {date} {code} {hours}");
    }
}
