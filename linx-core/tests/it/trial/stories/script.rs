//! Stories told in words, by hand or by dice: `ben.delete night ben.to.dan only.dan consent`. A judge looks after every run.
//!
//! A word with a name is about that record of ExakTime, its first entry, or its person; the others are runs, ledgers and lost answers.

mod deeds;
mod dice;
mod judge;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use exaktime_client::sandbox::TimeRecord;
use http::Method;
use linx_core::ledger::{Ledger, MemoryLedger};
use linx_core::model::OfficeRef;
use linx_core::plan::Selection;
use linx_core::settings::OtherHands;
use linx_http::sandbox::{Arrival, Fault};
use procore_client::TimecardEntryId;

use self::judge::Judge;
use super::decided::copy_of;
use super::{consent, of, told};
use crate::harness::{Harness, day, once, two_weeks};
use crate::removal::rename_codes;
use crate::small_company::{exported, standing};
use crate::trial::ENTRIES;
use crate::trial::moves::{days, entry_of, second_week, somebody_unlinked};

/// The records that words are about: name, person, day, and whether it is the morning or the afternoon.
const NAMES: [(&str, u64, &str, usize); 8] = [
    ("ben", 202, "2026-03-03", 0),
    ("noon", 202, "2026-03-03", 1),
    ("mon", 202, "2026-03-02", 0),
    ("late", 202, "2026-03-09", 0),
    ("ada", 201, "2026-03-03", 0),
    ("dan", 204, "2026-03-05", 0),
    ("cleo", 203, "2026-03-03", 0),
    ("adan", 201, "2026-03-03", 1),
];

/// What the office decided.
const DECIDED: [&str; 14] = [
    "ben.delete night ben.to.eve night night ben.to.ben night night night",
    "ben.delete week2 week2 ben.anew night",
    "ben.delete night ben.unlink night night ben.anew night",
    "ben.delete night ben.unlink night ben.gone night night ben.again ben.link night night",
    "ben.delete night ben.gone noon.to.bridge night ben.again night night",
    "ben.delete night ben.ot ben.twin ben.twin.open night ben.twin.gone night night",
    "ben.delete night ben.beside night ben.new.delete night ben.ot night night",
    "ben.delete night copy ben.back night ben.ot old night night",
    "ben.delete night lost night ben.ot night night",
    "ben.delete noon.delete night ben.gone noon.gone night noon.again noon.ot night ben.again ben.ot night",
    "ben.lower night ben.unlink night ben.link ben.half.ot night night",
    "ben.lower ben.delete night ben.back night ben.ot night night",
    "ben.lower night ben.copy.wed ben.delete night ben.to.wed night night",
    "ben.zero night ben.gone night ben.new.delete night ben.again ben.ot night night",
];

/// What is kept, cut off, or forgotten.
const KEPT: [&str; 11] = [
    "ben.approve ben.to.dan night ben.to.wed night ben.unlink night ben.link night",
    "ben.approve ben.to.eve night ben.to.wed night ben.as.eve night night",
    "ben.approve ben.to.wed week1 ben.to.dan week1 ben.to.ben ben.to.next week2",
    "ben.replace night adopt night ben.to.wed night night",
    "dan.delete night same night night dan.to.ben night nosame night night",
    "mute.post ben.to.wed night hasty ben.new.delete hasty night night",
    "mute.patch ben.5h hasty ben.set hasty night night",
    "mute.delete ben.gone night hasty ben.back hasty night night",
    "cut.delete ben.gone night hasty ben.lower hasty night night",
    "copy ben.to.dan night night ben.new.delete night old night night",
    "copy ben.5h night ben.delete night old night night consent",
];

/// Stories at the end of which something is told, and so many hours stand by all hands.
const TOLD: [(&str, i64); 18] = [
    // The office moved an hour from one entry to another, and the clerk to another place.
    ("ben.lower noon.raise night ben.split.bridge night night", 108_00),
    ("ben.raise night ben.split.bridge ben.4h night", 109_00),
    ("noon.raise ben.delete night ben.to.bridge night night", 105_00),
    // What the office took off comes again at another place.
    ("ben.lower night ben.split.bridge night", 107_00),
    // What was told once was other time.
    (
        "ben.delete night ben.to.bridge night ben.home night night ben.to.facilities night",
        104_00,
    ),
    (
        "ben.delete night ben.gone noon.twin.bridge night night ben.again night ben.to.bridge night",
        108_00,
    ),
    (
        "ben.lower night ben.split.bridge night ben.twin.gone ben.home night night ben.split.facilities night",
        107_00,
    ),
    (
        "ben.delete night ben.to.bridge night ben.home ben.3h night night ben.to.facilities ben.3h night",
        104_00,
    ),
    // What was told was less than what comes.
    (
        "ben.delete night ben.split.bridge night night ben.to.facilities night",
        105_00,
    ),
    ("ben.delete ben.split.facilities night ben.to.bridge night", 105_00),
    // What was held in another class is told anew on another code.
    ("ben.delete ben.ot night ben.to.facilities night", 104_00),
    // A look tells nobody.
    ("ben.delete ben.to.bridge only.hall night", 104_00),
    ("ben.lower ben.split.bridge only.hall night", 107_00),
    // One refresh of fewer hours is no agreement.
    ("ben.lower night ben.3h night ben.home ben.split.bridge night", 107_00),
    ("ben.lower night ben.3h night ben.split.bridge night", 107_00),
    // Consent for one person or place is for no other.
    ("ben.delete lost night consent.ada night", 104_00),
    ("ben.delete lost night ben.to.bridge consent.hall night", 104_00),
    // A copy on another day is no line of that day, whatever became of the entry.
    ("ben.copy.wed ben.gone mute.delete night night ben.again night", 108_00),
];

/// A story as it goes on.
struct Story {
    harness: Harness,
    /// The id of each record, and the entry that was made for it first.
    records: BTreeMap<&'static str, (String, TimecardEntryId)>,
    /// As they were at first.
    at_first: Vec<TimeRecord>,
    removed: BTreeMap<String, TimeRecord>,
    /// The workers that employees were linked to at first.
    workers: BTreeMap<String, OfficeRef>,
    copy: Option<Arc<dyn Ledger>>,
    /// Whether the ledger is not what it was.
    is_lost: bool,
    judge: Judge,
    log: Vec<String>,
}

impl Story {
    async fn begin() -> Self {
        let harness = exported().await;
        somebody_unlinked(&harness);
        restamp(&harness);
        let at_first = harness.exaktime.with_state(|state| state.time_records.clone());
        let record = |person: u64, date: &str, half: usize| {
            let person = format!("p-{person}");
            let mut of_day = at_first
                .iter()
                .filter(|record| record.person == person && record.work_date == day(date));
            of_day.nth(half).unwrap().id.clone()
        };
        let entry = |person, date, half| entry_of(&harness, person, date, half);
        let records = NAMES
            .iter()
            .map(|(name, person, date, half)| (*name, (record(*person, date, *half), entry(*person, date, *half))))
            .collect();
        let links = harness.ledger.links().await.unwrap();
        let workers = links
            .into_iter()
            .map(|link| (link.record.as_str().to_owned(), link.office));
        Self {
            records,
            removed: BTreeMap::new(),
            workers: workers.filter(|(record, _)| record.starts_with("p-")).collect(),
            copy: None,
            is_lost: false,
            judge: Judge::new(&harness),
            log: Vec::new(),
            at_first,
            harness,
        }
    }

    /// Does what a word says. Returns what is wrong then, if anything is.
    async fn word(&mut self, word: &str) -> Option<String> {
        if let Some((selection, sleeps)) = selection(word) {
            let wrong = self.run(word, &selection).await;
            if sleeps {
                self.harness.next_day();
            }
            return wrong;
        }
        let before = standing(&self.harness);
        if let Some((name, deed)) = word.split_once('.').filter(|(name, _)| self.records.contains_key(name)) {
            self.deed(name, deed).await;
        } else {
            self.without_name(word).await;
        }
        restamp(&self.harness);
        self.judge.follow(&self.harness, &before);
        self.log.push(word.to_owned());
        None
    }

    /// A run, and what is wrong after it.
    async fn run(&mut self, word: &str, selection: &Selection) -> Option<String> {
        self.judge.before_run(&self.harness);
        if selection.allow_mass_change && self.is_lost {
            self.judge.word_was_given();
        }
        let result = match word {
            "hasty" => self.harness.export_at_once().await,
            _ => self.harness.try_export_of(selection).await,
        };
        let line = match &result {
            Ok(report) => {
                let changes: Vec<String> = report
                    .changes
                    .iter()
                    .map(|line| format!("{} {} {:?}", line.change.action.as_str(), line.change.key, line.result))
                    .collect();
                let left: Vec<&str> = report.left_out.iter().map(|left| left.reason.code()).collect();
                let refused = &report.refused;
                format!(
                    "{word}: wrote {changes:#?} held {:#?} left out {left:?} refused {refused:?}",
                    told(report)
                )
            }
            Err(error) => format!("{word}: error {error}"),
        };
        self.log.push(line);
        self.judge.after_run(&self.harness, result.ok().as_ref(), selection)
    }

    async fn without_name(&mut self, word: &str) {
        match word {
            "sleep" => self.harness.next_day(),
            "lost" => {
                self.is_lost = true;
                self.judge.ledger_is_old();
                self.harness.ledger = Arc::new(MemoryLedger::new());
                self.harness.apply_sync().await;
            }
            "copy" => self.copy = Some(copy_of(&self.harness.ledger).await),
            "old" => {
                if let Some(copy) = &self.copy {
                    self.harness.ledger = copy_of(copy).await;
                    self.is_lost = true;
                    self.judge.ledger_is_old();
                }
            }
            "sync" => {
                self.harness.apply_sync().await;
            }
            "same" => {
                self.harness.export.same_person = [("00204".to_owned(), "00202".to_owned())].into();
                self.judge.crossed();
            }
            "nosame" => self.harness.export.same_person.clear(),
            "adopt" => self.harness.export.other_hands = OtherHands::AdoptEqual,
            "heal" => self.harness.procore_faults.clear(),
            "listed" => self.harness.procore.with_state(|state| state.unlisted.clear()),
            "deliver" => drop(self.harness.procore_faults.deliver()),
            "rename" => {
                rename_codes(&self.harness);
                self.harness.apply_sync().await;
            }
            _ => {
                let (method, fault) = lost_answer(word).unwrap_or_else(|| panic!("what is {word}?"));
                self.harness.procore_faults.order(once(method, ENTRIES, 0, fault));
            }
        }
    }
}

/// What a run asks for, and whether a night passes after it.
fn selection(word: &str) -> Option<(Selection, bool)> {
    let at = |place: &str| Selection {
        locations: vec![place.to_owned()],
        ..two_weeks()
    };
    let selection = match word {
        "night" | "run" | "hasty" => two_weeks(),
        "consent" => consent(),
        "consent.ada" => Selection {
            allow_mass_change: true,
            ..of("00201")
        },
        "consent.hall" => Selection {
            allow_mass_change: true,
            ..at("26-101.01")
        },
        "week1" => days("2026-03-02", "2026-03-08"),
        "week2" => second_week(),
        "tue" => days("2026-03-03", "2026-03-03"),
        "wed" => days("2026-03-04", "2026-03-04"),
        "only.ada" => of("00201"),
        "only.ben" => of("00202"),
        "only.dan" => of("00204"),
        "only.hall" => at("26-101.01"),
        "only.bridge" => at("26-102"),
        _ => return None,
    };
    Some((selection, !["run", "hasty"].contains(&word)))
}

/// `cut.post` is a request that never arrives, `mute.post` one whose answer does not.
fn lost_answer(word: &str) -> Option<(Method, Fault)> {
    let (how, what) = word.split_once('.')?;
    let fault = match how {
        "cut" => Fault::CutBefore,
        "mute" => Fault::CutAfter,
        "tardy" => Fault::CutThenApplied(Arrival::OnDelivery),
        _ => return None,
    };
    let method = match what {
        "post" => Method::POST,
        "patch" => Method::PATCH,
        "delete" => Method::DELETE,
        _ => return None,
    };
    Some((method, fault))
}

/// By its number in the list, in minutes: no two of one person overlap.
fn restamp(harness: &Harness) {
    harness.exaktime.with_state(|state| {
        for (at, record) in state.time_records.iter_mut().enumerate() {
            let early = record.work_date.and_hms_opt(12, 0, 0).unwrap().and_utc();
            record.start = early + TimeDelta::minutes(i64::try_from(at).unwrap() * 5);
            record.stop = record.stop.map(|_| record.start + TimeDelta::minutes(4));
        }
    });
}

/// Tells a story. Returns what went wrong, with all that happened until then.
async fn tell(words: &[&str]) -> Option<String> {
    let mut story = Story::begin().await;
    for word in words {
        if let Some(wrong) = story.word(word).await {
            return Some(format!("{wrong}\n{}", story.log.join("\n")));
        }
    }
    None
}

/// The kind of what went wrong: the first word that tells of it.
fn kind(wrong: &str) -> &str {
    wrong.split(':').next().unwrap_or_default()
}

/// Drops words as long as the same goes wrong.
async fn shortest<'w>(mut words: Vec<&'w str>, wrong: &mut String) -> Vec<&'w str> {
    let mut at = words.len();
    while at > 0 {
        at -= 1;
        let mut fewer = words.clone();
        fewer.remove(at);
        if let Some(as_wrong) = tell(&fewer).await.filter(|other| kind(other) == kind(wrong)) {
            *wrong = as_wrong;
            words = fewer;
            at = words.len();
        }
    }
    words
}

/// What is told after a story, and how many hours stand by all hands.
async fn told_after(words: &str) -> (Vec<String>, i64) {
    let mut story = Story::begin().await;
    for word in words.split_whitespace() {
        let wrong = story.word(word).await;
        assert_eq!(wrong, None, "{words}\n{}", story.log.join("\n"));
    }
    let report = story.harness.try_export().await.unwrap();
    (told(&report), standing(&story.harness).values().sum())
}

async fn told_right(story: &str) {
    let words: Vec<&str> = story.split_whitespace().collect();
    let wrong = tell(&words).await;
    assert_eq!(wrong, None, "{story}");
}

/// A number out of the environment.
#[expect(clippy::disallowed_methods, reason = "a hunt is longer than a test")]
fn number(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What the office deleted or lowered, and what comes after it.
#[tokio::test]
async fn b7_what_the_office_decided_stays_in_told_stories() {
    for story in DECIDED {
        told_right(story).await;
    }
}

/// Hours that are kept, lost answers, and older ledgers.
#[tokio::test]
async fn d19_what_is_kept_is_paid_once_in_told_stories() {
    for story in KEPT {
        told_right(story).await;
    }
}

/// Whatever may be time of which the office has decided is told before it is written.
#[tokio::test]
async fn b7_d19_d26_what_may_be_decided_is_told_first_in_told_stories() {
    for (story, due) in TOLD {
        let (last, words) = story.rsplit_once(' ').map(|(words, last)| (last, words)).unwrap();
        assert_eq!(last, "night");
        let (told, stands) = told_after(words).await;
        assert!(
            !told.is_empty() && stands == due,
            "{stands} stand for {due}, told {told:?}: {story}"
        );
    }
}

/// Tells stories by dice from `SEED` on, `COUNT` of them, and shows each way of going wrong once, by its shortest story.
#[tokio::test]
async fn d19_random_scripts_pay_nobody_twice_and_undo_nothing() {
    let (seed, count) = (number("SEED", 0), number("COUNT", 8));
    let mut found = BTreeMap::new();
    for seed in seed..seed + count {
        let words = dice::words(seed);
        let Some(mut wrong) = tell(&words).await else { continue };
        let words = shortest(words, &mut wrong).await.join(" ");
        found.entry(words).or_insert(wrong);
    }
    let all: Vec<String> = found.iter().map(|(words, wrong)| format!("{words}\n{wrong}")).collect();
    assert!(found.is_empty(), "{}", all.join("\n\n"));
}
