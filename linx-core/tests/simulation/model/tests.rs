//! Short histories by hand: each law complains of what it is for, and of nothing else.

use super::events::*;
use super::*;

const ANNA: Human = 1;
const BOB: Human = 2;

/// A company in which events are put down by hand; a minute passes before each.
struct Company {
    model: Model,
    clock: DateTime<Utc>,
    wrong: Vec<String>,
    runs: u32,
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn content(human: Human, date: u32, place: &str, hours: i64) -> Content {
    Content {
        human,
        date: day(date),
        place: place.into(),
        code: "C".into(),
        hours: hours * 100,
    }
}

fn record(id: u32, human: Human, date: u32, place: &str, hours: i64) -> (u32, Punch) {
    (
        id,
        Punch {
            human: Some(human),
            date: day(date),
            place: place.into(),
            code: "C".into(),
            hours: hours * 100,
            from: None,
        },
    )
}

impl Company {
    fn new() -> Self {
        let clock = day(10).and_hms_opt(6, 0, 0).unwrap().and_utc();
        Company {
            model: Model::new(),
            clock,
            wrong: Vec::new(),
            runs: 0,
        }
    }

    fn see(&mut self, event: Event) -> &mut Self {
        self.clock += TimeDelta::minutes(1);
        let found = self.model.see(&Dated { at: self.clock, event });
        self.wrong.extend(found);
        self
    }

    fn night(&mut self, stretches: &[(u32, Punch)]) -> &mut Self {
        self.see(Event::Warehouse(stretches.to_vec()))
    }

    fn made(&mut self, entry: u64, by: Hand, key: &str, content: Content) -> &mut Self {
        let key = (!key.is_empty()).then(|| key.to_owned());
        self.see(Event::Made {
            entry,
            by,
            key,
            content,
        })
    }

    fn linx_makes(&mut self, entry: u64, key: &str, content: Content) -> &mut Self {
        self.made(entry, Hand::Linx, key, content)
    }

    fn changed(&mut self, entry: u64, by: Hand, content: Content) -> &mut Self {
        let sent = (by == Hand::Linx).then_some(left(self.clock + TimeDelta::minutes(1)));
        self.see(Event::Changed {
            entry,
            by,
            content,
            sent,
        })
    }

    fn deleted(&mut self, entry: u64, by: Hand) -> &mut Self {
        let sent = (by == Hand::Linx).then_some(left(self.clock + TimeDelta::minutes(1)));
        self.see(Event::Deleted { entry, by, sent })
    }

    fn approved(&mut self, entry: u64) -> &mut Self {
        self.see(Event::Approved { entry, approved: true })
    }

    fn begins(&mut self) -> &mut Self {
        self.runs += 1;
        self.see(Event::ExportBegins {
            run: self.runs,
            from: day(1),
            to: day(31),
            whole: true,
            consent: false,
        })
    }

    fn ends(&mut self, needs_nobody: bool, told: &[(Human, u32)]) -> &mut Self {
        let told = told.iter().map(|(human, date)| (*human, day(*date))).collect();
        self.see(Event::ExportEnds {
            run: self.runs,
            failed: false,
            needs_nobody,
            told,
            told_all: false,
            blind: BTreeSet::new(),
        })
    }

    /// An export that writes nothing and ends with 0.
    fn looks(&mut self) -> &mut Self {
        self.begins().ends(true, &[])
    }

    fn rests(&mut self) -> &mut Self {
        self.see(Event::AtRest { disturbed: false })
    }

    #[track_caller]
    fn is_right(&mut self) {
        self.see(Event::DoubledByFault { key: "none".into() });
        assert_eq!(self.wrong, Vec::<String>::new());
    }

    #[track_caller]
    fn breaks(&mut self, laws: &[&str]) {
        self.see(Event::DoubledByFault { key: "none".into() });
        let found: BTreeSet<&str> = self.wrong.iter().map(|sentence| &sentence[..5]).collect();
        assert_eq!(found, laws.iter().copied().collect(), "{:#?}", self.wrong);
    }
}

/// A request that left at some time, some seconds after Linx had looked.
fn left(left: DateTime<Utc>) -> Sent {
    Sent {
        left,
        known: left - TimeDelta::seconds(15),
    }
}

/// Anna's 2 March: 8 hours at A, exported as entry 1.
fn exported() -> Company {
    let mut company = Company::new();
    company
        .night(&[record(1, ANNA, 2, "A", 8)])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 8))
        .ends(true, &[]);
    company
}

#[test]
fn law_1_complains_of_a_key_that_stands_twice() {
    let mut company = Company::new();
    company
        .night(&[record(1, ANNA, 2, "A", 8)])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 8));
    company
        .linx_makes(2, "a", content(ANNA, 2, "A", 8))
        .ends(false, &[(ANNA, 2)])
        .breaks(&["Law 1"]);
}

#[test]
fn law_1_knows_faults_before_and_after_what_they_made() {
    let mut company = Company::new();
    company
        .night(&[record(1, ANNA, 2, "A", 8)])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 8));
    company
        .linx_makes(2, "a", content(ANNA, 2, "A", 8))
        .see(Event::DoubledByFault { key: "a".into() });
    company
        .ends(false, &[(ANNA, 2)])
        .begins()
        .deleted(2, Hand::Linx)
        .ends(true, &[])
        .rests()
        .is_right();
}

#[test]
fn law_1_knows_copies_and_what_people_put_back() {
    let mut company = exported();
    company
        .made(2, Hand::Other, "a", content(ANNA, 3, "A", 8))
        .looks()
        .is_right();
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 2, "B", 8)])
        .begins()
        .deleted(1, Hand::Linx)
        .linx_makes(2, "b", content(ANNA, 2, "B", 8))
        .ends(true, &[]);
    company
        .see(Event::PutBack { entry: 1 })
        .begins()
        .ends(false, &[(ANNA, 2)]);
    company
        .night(&[record(1, ANNA, 2, "A", 8)])
        .begins()
        .linx_makes(3, "a", content(ANNA, 2, "A", 8))
        .deleted(2, Hand::Linx);
    company.ends(false, &[(ANNA, 2)]).is_right();
}

#[test]
fn law_2_complains_of_what_is_done_to_peoples_entries() {
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 7))
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 8))
        .ends(true, &[])
        .breaks(&["Law 2"]);
    let mut company = exported();
    company
        .made(2, Hand::Other, "", content(ANNA, 2, "A", 8))
        .begins()
        .deleted(2, Hand::Linx)
        .ends(true, &[])
        .breaks(&["Law 2"]);
    let mut company = exported();
    company
        .approved(1)
        .night(&[record(1, ANNA, 2, "A", 7)])
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 7))
        .ends(true, &[])
        .breaks(&["Law 2"]);
    let mut company = exported();
    company
        .deleted(1, Hand::Other)
        .looks()
        .see(Event::PutBack { entry: 1 })
        .night(&[record(1, ANNA, 2, "A", 7)]);
    company
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 7))
        .ends(true, &[])
        .breaks(&["Law 2"]);
}

#[test]
fn law_2_knows_requests_that_left_before_people_acted() {
    let mut company = exported();
    company.night(&[record(1, ANNA, 2, "A", 9)]).begins();
    let sent = Some(left(company.clock));
    company.changed(1, Hand::Other, content(ANNA, 2, "A", 7));
    company
        .see(Event::Changed {
            entry: 1,
            by: Hand::Linx,
            content: content(ANNA, 2, "A", 9),
            sent,
        })
        .is_right();
}

#[test]
fn law_2_lets_linx_correct_its_own() {
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 2, "A", 9)])
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 9))
        .ends(true, &[]);
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 7))
        .changed(1, Hand::Other, content(ANNA, 2, "A", 9));
    company
        .night(&[record(1, ANNA, 2, "A", 10)])
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 10))
        .ends(true, &[])
        .rests()
        .is_right();
}

#[test]
fn law_2_forgets_with_linx_what_marks_do_not_show() {
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 7))
        .see(Event::MemoryLost);
    company
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 8))
        .ends(true, &[])
        .is_right();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 7))
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 8))
        .breaks(&["Law 2"]);
}

#[test]
fn law_3_complains_of_what_comes_again() {
    let mut company = exported();
    company
        .deleted(1, Hand::Other)
        .looks()
        .looks()
        .begins()
        .linx_makes(2, "a", content(ANNA, 2, "A", 8));
    company.ends(false, &[(ANNA, 2)]).breaks(&["Law 3", "Law 7"]);
}

#[test]
fn law_3_knows_what_was_left_behind_when_a_worker_was_made_anew() {
    for is_told in [true, false] {
        let mut company = exported();
        company.see(Event::MadeAnew { human: ANNA });
        let told: &[(usize, u32)] = if is_told { &[(ANNA, 2)] } else { &[] };
        company.begins().ends(false, told);
        company
            .deleted(1, Hand::Other)
            .night(&[record(1, ANNA, 2, "A", 8)])
            .begins()
            .linx_makes(2, "a", content(ANNA, 2, "A", 8));
        company.ends(false, &[]);
        if is_told {
            company.is_right();
        } else {
            company.breaks(&["Law 3"]);
        }
    }
}

#[test]
fn law_3_knows_what_nobody_had_learned_where_procore_does_not_tell_what_was_deleted() {
    for hides in [true, false] {
        let mut company = Company::new();
        if hides {
            company.see(Event::HidesDeleted);
        }
        // The run dies after its create, and people delete the entry before another one.
        company
            .night(&[record(1, ANNA, 2, "A", 8)])
            .begins()
            .linx_makes(1, "a", content(ANNA, 2, "A", 8));
        company
            .deleted(1, Hand::Other)
            .night(&[record(1, ANNA, 2, "A", 8)])
            .begins()
            .linx_makes(2, "a", content(ANNA, 2, "A", 8));
        company.ends(false, &[]);
        if hides {
            company.is_right();
        } else {
            company.breaks(&["Law 3"]);
        }
    }
}

#[test]
fn law_3_complains_of_hours_that_were_only_gone_for_a_night() {
    let mut company = exported();
    company
        .deleted(1, Hand::Other)
        .looks()
        .night(&[])
        .begins()
        .ends(false, &[(ANNA, 2)])
        .night(&[record(1, ANNA, 2, "A", 8)]);
    company
        .begins()
        .linx_makes(2, "a", content(ANNA, 2, "A", 8))
        .ends(false, &[(ANNA, 2)])
        .breaks(&["Law 3"]);
}

#[test]
fn law_3_complains_of_what_people_moved_away() {
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "B", 8))
        .looks()
        .night(&[record(1, ANNA, 2, "A", 8)]);
    company
        .begins()
        .linx_makes(2, "a", content(ANNA, 2, "A", 8))
        .ends(false, &[(ANNA, 2)])
        .breaks(&["Law 3", "Law 9"]);
}

#[test]
fn law_3_and_2_know_when_both_sides_agree_again() {
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 6))
        .looks()
        .night(&[record(1, ANNA, 2, "A", 6)])
        .looks();
    company
        .night(&[record(1, ANNA, 2, "A", 7)])
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 7))
        .ends(true, &[])
        .is_right();
    let mut company = exported();
    let bob = record(2, BOB, 2, "A", 8);
    company
        .deleted(1, Hand::Other)
        .night(std::slice::from_ref(&bob))
        .begins()
        .linx_makes(2, "b", content(BOB, 2, "A", 8))
        .ends(true, &[]);
    company
        .night(std::slice::from_ref(&bob))
        .looks()
        .night(&[record(1, ANNA, 2, "A", 8), bob]);
    company
        .begins()
        .linx_makes(3, "a", content(ANNA, 2, "A", 8))
        .ends(false, &[(ANNA, 2)])
        .is_right();
}

#[test]
fn law_3_lets_new_time_be_written_if_it_is_told() {
    let mut company = exported();
    company
        .deleted(1, Hand::Other)
        .looks()
        .night(&[record(1, ANNA, 2, "A", 10)])
        .begins()
        .linx_makes(2, "a", content(ANNA, 2, "A", 10));
    company.ends(false, &[(ANNA, 2)]).is_right();
    let mut company = exported();
    company
        .deleted(1, Hand::Other)
        .looks()
        .night(&[record(1, ANNA, 2, "A", 10)])
        .begins()
        .linx_makes(2, "a", content(ANNA, 2, "A", 10));
    company.ends(true, &[]).breaks(&["Law 3"]);
}

#[test]
fn law_3_knows_late_creates_and_what_was_put_back() {
    let mut company = Company::new();
    company
        .night(&[record(1, ANNA, 2, "A", 8)])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 8))
        .deleted(1, Hand::Other);
    company.linx_makes(2, "a", content(ANNA, 2, "A", 8)).is_right();
    let mut company = exported();
    company
        .deleted(1, Hand::Other)
        .see(Event::PutBack { entry: 1 })
        .looks()
        .rests()
        .is_right();
}

#[test]
fn law_4_complains_of_a_move_within_the_day_beside_an_approved_entry() {
    let mut company = exported();
    company
        .approved(1)
        .night(&[record(7, ANNA, 2, "B", 8)])
        .begins()
        .linx_makes(2, "b", content(ANNA, 2, "B", 8));
    company.ends(false, &[(ANNA, 2)]).breaks(&["Law 4"]);
}

#[test]
fn law_4_complains_of_a_move_to_another_day_or_human_beside_what_is_kept() {
    let mut company = exported();
    company
        .approved(1)
        .night(&[record(1, ANNA, 3, "A", 8)])
        .begins()
        .linx_makes(2, "b", content(ANNA, 3, "A", 8));
    company.ends(false, &[(ANNA, 2)]).breaks(&["Law 4"]);
    let mut company = exported();
    company
        .night(&[record(1, BOB, 2, "A", 8)])
        .begins()
        .linx_makes(2, "b", content(BOB, 2, "A", 8));
    company.ends(false, &[(ANNA, 2)]).breaks(&["Law 4"]);
}

#[test]
fn law_4_lets_moves_and_new_hours_be_written() {
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 3, "A", 8)])
        .begins()
        .ends(false, &[(ANNA, 2), (ANNA, 3)])
        .night(&[record(1, ANNA, 3, "A", 8)]);
    company
        .begins()
        .linx_makes(2, "b", content(ANNA, 3, "A", 8))
        .deleted(1, Hand::Linx)
        .ends(true, &[])
        .rests()
        .is_right();
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 2, "B", 8)])
        .begins()
        .linx_makes(2, "b", content(ANNA, 2, "B", 8))
        .deleted(1, Hand::Linx);
    company.ends(true, &[]).rests().is_right();
    let mut company = exported();
    company
        .approved(1)
        .night(&[record(2, ANNA, 3, "A", 8), record(3, BOB, 2, "A", 8)])
        .begins();
    company
        .linx_makes(2, "b", content(ANNA, 3, "A", 8))
        .linx_makes(3, "c", content(BOB, 2, "A", 8))
        .ends(false, &[(ANNA, 2)])
        .is_right();
}

#[test]
fn law_4_lets_a_refused_removal_be_told() {
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 2, "B", 8)])
        .begins()
        .linx_makes(2, "b", content(ANNA, 2, "B", 8))
        .approved(1);
    company
        .ends(false, &[(ANNA, 2)])
        .begins()
        .ends(false, &[(ANNA, 2)])
        .rests()
        .is_right();
}

#[test]
fn law_5_complains_of_0_over_a_difference() {
    let mut company = exported();
    company
        .approved(1)
        .night(&[record(1, ANNA, 2, "A", 7)])
        .looks()
        .breaks(&["Law 5"]);
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 7))
        .night(&[record(1, ANNA, 2, "A", 9)])
        .looks()
        .breaks(&["Law 5"]);
    let mut company = exported();
    company
        .made(2, Hand::Other, "", content(BOB, 2, "A", 8))
        .deleted(2, Hand::Other)
        .night(&[record(1, ANNA, 2, "A", 8), record(2, BOB, 2, "A", 8)]);
    company.looks().breaks(&["Law 5"]);
}

#[test]
fn law_5_complains_of_0_over_time_of_nobody() {
    let mut company = Company::new();
    let (id, mut punch) = record(1, ANNA, 2, "A", 8);
    punch.human = None;
    company.night(&[(id, punch)]).looks().breaks(&["Law 5"]);
}

#[test]
fn law_5_honours_what_people_decided() {
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 7))
        .looks()
        .rests()
        .is_right();
    let mut company = exported();
    company
        .deleted(1, Hand::Other)
        .looks()
        .made(2, Hand::Other, "", content(ANNA, 2, "B", 6))
        .looks()
        .is_right();
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 3, "A", 8))
        .looks()
        .is_right();
}

#[test]
fn law_5_knows_what_a_run_could_not_see() {
    let mut company = exported();
    company.night(&[record(1, ANNA, 2, "A", 9)]).begins();
    let blind = BTreeSet::from([Blind::LackedRows]);
    let (told, run) = (BTreeSet::new(), company.runs);
    company
        .see(Event::ExportEnds {
            run,
            failed: false,
            needs_nobody: true,
            told,
            told_all: false,
            blind,
        })
        .is_right();
    let mut company = exported();
    company
        .begins()
        .deleted(1, Hand::Other)
        .night(&[record(1, ANNA, 2, "A", 7)])
        .ends(true, &[])
        .is_right();
}

#[test]
fn law_6_complains_of_what_is_not_told() {
    let mut company = exported();
    company
        .approved(1)
        .night(&[record(1, ANNA, 2, "A", 7)])
        .begins()
        .ends(false, &[(BOB, 2)])
        .breaks(&["Law 6"]);
}

#[test]
fn law_6_is_content_with_what_is_told() {
    let mut company = exported();
    company
        .approved(1)
        .night(&[record(1, ANNA, 2, "A", 7)])
        .begins()
        .ends(false, &[(ANNA, 2)])
        .rests()
        .is_right();
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 7))
        .begins()
        .ends(false, &[])
        .is_right();
    let mut company = exported();
    company
        .changed(1, Hand::Other, content(ANNA, 2, "A", 7))
        .see(Event::MemoryLost)
        .looks()
        .is_right();
}

#[test]
fn law_7_complains_of_what_is_missing_at_rest_and_of_needless_writing() {
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 2, "A", 8), record(2, BOB, 2, "A", 8)])
        .begins()
        .ends(false, &[(BOB, 2)])
        .rests()
        .breaks(&["Law 7"]);
    let mut company = exported();
    company
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 9))
        .breaks(&["Law 7"]);
}

#[test]
fn law_7_knows_a_refresh_while_a_run_was_under_way() {
    let mut company = exported();
    company.begins().night(&[record(1, ANNA, 2, "A", 9)]).ends(true, &[]);
    company
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 9))
        .ends(true, &[])
        .is_right();
}

#[test]
fn law_7_lets_what_has_to_wait_wait() {
    let mut company = exported();
    company
        .night(&[record(2, BOB, 2, "A", 8)])
        .begins()
        .ends(false, &[(ANNA, 2), (BOB, 2)])
        .rests()
        .is_right();
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 2, "A", 9)])
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 9))
        .ends(true, &[])
        .looks()
        .rests()
        .is_right();
    let mut company = exported();
    let sent = Some(left(company.clock - TimeDelta::minutes(2)));
    company
        .begins()
        .see(Event::Changed {
            entry: 1,
            by: Hand::Linx,
            content: content(ANNA, 2, "A", 9),
            sent,
        })
        .is_right();
}

#[test]
fn law_8_complains_of_removals_after_one_look() {
    let mut company = exported();
    company
        .night(&[record(9, BOB, 2, "A", 1)])
        .begins()
        .linx_makes(2, "b", content(BOB, 2, "A", 1))
        .deleted(1, Hand::Linx)
        .ends(true, &[])
        .breaks(&["Law 8"]);
    let mut company = Company::new();
    company
        .night(&[record(1, ANNA, 2, "A", 5), record(2, ANNA, 2, "A", 3)])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 8))
        .ends(true, &[]);
    company
        .night(&[record(1, ANNA, 2, "A", 5)])
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 5))
        .ends(true, &[])
        .breaks(&["Law 8"]);
}

#[test]
fn law_8_complains_of_an_absence_that_was_disproved_and_of_an_empty_source() {
    let mut company = exported();
    company
        .night(&[])
        .begins()
        .ends(false, &[(ANNA, 2)])
        .night(&[record(1, ANNA, 2, "A", 8)])
        .looks();
    company
        .night(&[record(9, BOB, 1, "A", 0)])
        .begins()
        .deleted(1, Hand::Linx)
        .ends(true, &[])
        .breaks(&["Law 8"]);
    let mut company = exported();
    company
        .night(&[])
        .begins()
        .ends(false, &[(ANNA, 2)])
        .night(&[])
        .begins()
        .deleted(1, Hand::Linx)
        .ends(true, &[])
        .breaks(&["Law 8"]);
}

#[test]
fn law_8_knows_a_late_deletion_that_was_proved_when_it_left() {
    let bob = record(2, BOB, 2, "A", 8);
    let mut company = Company::new();
    company
        .night(&[record(1, ANNA, 2, "A", 8), bob.clone()])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 8));
    company
        .linx_makes(2, "b", content(BOB, 2, "A", 8))
        .ends(true, &[])
        .night(std::slice::from_ref(&bob))
        .begins()
        .ends(false, &[(ANNA, 2)]);
    company.night(std::slice::from_ref(&bob)).begins();
    let sent = Some(left(company.clock));
    company
        .ends(false, &[(ANNA, 2)])
        .night(&[record(1, ANNA, 2, "A", 8), bob])
        .looks();
    company
        .see(Event::Deleted {
            entry: 1,
            by: Hand::Linx,
            sent,
        })
        .is_right();
}

#[test]
fn law_8_lets_proved_removals_and_corrections_pass() {
    let other = record(2, BOB, 2, "A", 8);
    let mut company = Company::new();
    company
        .night(&[record(1, ANNA, 2, "A", 8), other.clone()])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 8));
    company
        .linx_makes(2, "b", content(BOB, 2, "A", 8))
        .ends(true, &[])
        .night(std::slice::from_ref(&other))
        .begins()
        .ends(false, &[(ANNA, 2)]);
    company
        .night(&[other])
        .begins()
        .deleted(1, Hand::Linx)
        .ends(true, &[])
        .rests()
        .is_right();
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 2, "A", 6)])
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "A", 6))
        .ends(true, &[])
        .rests()
        .is_right();
    let mut company = exported();
    company
        .night(&[record(1, ANNA, 2, "B", 8)])
        .begins()
        .changed(1, Hand::Linx, content(ANNA, 2, "B", 8))
        .ends(true, &[])
        .rests()
        .is_right();
}

#[test]
fn law_2_complains_of_asking_for_what_is_approved() {
    let mut company = exported();
    company.approved(1).begins();
    let sent = left(company.clock + TimeDelta::minutes(1));
    company.see(Event::Refused { entry: 1, sent }).breaks(&["Law 2"]);
    let mut company = exported();
    let sent = left(company.clock);
    company.approved(1).see(Event::Refused { entry: 1, sent }).is_right();
}

#[test]
fn law_9_complains_of_hours_beside_those_of_others() {
    let mut company = Company::new();
    company
        .made(9, Hand::Other, "", content(ANNA, 2, "B", 6))
        .night(&[record(1, ANNA, 2, "A", 8)])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 8))
        .ends(false, &[(ANNA, 2)])
        .breaks(&["Law 9"]);
}

#[test]
fn law_9_lets_the_rest_of_a_day_be_added_and_knows_what_was_entered_meanwhile() {
    let mut company = Company::new();
    company
        .made(9, Hand::Other, "", content(ANNA, 2, "B", 2))
        .night(&[record(1, ANNA, 2, "A", 6), record(2, ANNA, 2, "B", 2)])
        .begins()
        .linx_makes(1, "a", content(ANNA, 2, "A", 6))
        .ends(false, &[(ANNA, 2)])
        .is_right();
    let mut company = Company::new();
    company
        .night(&[record(1, ANNA, 2, "A", 8)])
        .begins()
        .made(9, Hand::Other, "", content(ANNA, 2, "B", 6))
        .linx_makes(1, "a", content(ANNA, 2, "A", 8))
        .ends(false, &[(ANNA, 2)])
        .is_right();
}
