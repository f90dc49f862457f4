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
