//! The adversary: histories of two services, a ledger, clocks and people, each drawn from a seed, with every fault that a call can
//! meet; and judges that know nothing of how Linx works.
//!
//! ```text
//! cargo test --release -p linx-core --test simulation                               some hundred histories
//! HISTORIES=20000 cargo test --release -p linx-core --test simulation -- --nocapture   the gate's, with what was met
//! HISTORY=178 cargo test --release -p linx-core --test simulation -- --nocapture    one of them, shrunk, in words and as data
//! STUBBORN=2000 cargo test --release -p linx-core --test simulation stubborn         as many in which people come back to the same two things
//! STORY=path cargo test --release -p linx-core --test simulation -- --nocapture     one that is kept as data, in words
//! THROUGH_HTTP=1000 cargo test --release -p linx-core --test simulation through_http   as many through both clients to the sandboxes
//! HTTP_HISTORY=178 cargo test --release -p linx-core --test simulation through_http -- --nocapture   one of them, shrunk
//! ```
//!
//! `HISTORY_ROUNDS` says how long they are: 4 rounds are some days, 60 a quarter of a year.

// A test may stop where it stands.
#![allow(clippy::unwrap_used, clippy::expect_used)]
// Hundredths of hours: 24_00 is 24.00 h.
#![allow(clippy::inconsistent_digit_grouping)]
// What was met is for whoever asked.
#![allow(clippy::disallowed_macros)]

mod calls;
mod clock;
mod company;
mod coverage;
mod deeds;
mod field;
mod history;
mod http;
mod judge;
mod ledger;
mod model;
mod office;
mod schedule;
mod shrink;
mod stage;
mod swarm;
mod words;
mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use history::History;
use stage::Played;

/// Histories that found a bug, planted or not: as they were, whatever seeds draw by now.
const BUGS: &[(&str, &str)] = &[
    (
        "a killed run's create arrives late, and one look called it absent",
        include_str!("bugs/late-after-a-kill.json"),
    ),
    (
        "what the office deleted and put back was deleted once its time went to another person",
        include_str!("bugs/put-back-and-moved-on.json"),
    ),
    (
        "time that went to another person stood twice, and a third person's was held for it",
        include_str!("bugs/the-unlike-person-is-held.json"),
    ),
    (
        "of two entries one went, and the hours of the one that stayed were written",
        include_str!("bugs/held-for-what-goes.json"),
    ),
    (
        "consent to a lost ledger's line was half forgotten, and its hours were never paid",
        include_str!("bugs/consent-lasted-a-night.json"),
    ),
    (
        "new time of somebody who was not asked for hid hours that had gone to another",
        include_str!("bugs/new-time-hid-what-moved.json"),
    ),
    (
        "what was deleted under another name of its code and put back was deleted again",
        include_str!("bugs/deleted-under-another-name.json"),
    ),
    (
        "hours that went to a day that was not over yet, and from there to another person, stood twice",
        include_str!("bugs/moved-on-from-a-day-that-was-not-over.json"),
    ),
    (
        "hours went to a day newer than the newest that was left of what had been sent, and stood twice",
        include_str!("bugs/newer-than-what-is-left.json"),
    ),
    (
        "a killed run's own deletion was taken for the office's, since its code was called otherwise",
        include_str!("bugs/own-deletion-under-another-name.json"),
    ),
    (
        "of two lines of one person the wrong one was held at the second look, and the other stood twice",
        include_str!("bugs/followed-to-the-wrong-line.json"),
    ),
    (
        "somebody was made inactive whose number another has who is left alone",
        include_str!("bugs/the-heir-is-left-alone.json"),
    ),
    (
        "of two people with as many new hours the one was held who had gained nothing before",
        include_str!("bugs/a-newcomer-took-the-place.json"),
    ),
    (
        "other hours of whoever had gained before were held in place of as many of another",
        include_str!("bugs/followed-with-other-hours.json"),
    ),
    (
        "the same work at another time was written beside what the office had moved away",
        include_str!("bugs/beside-what-was-moved-away.json"),
    ),
    (
        "what the office deleted was sent again by a list of deleted entries with a row that could not be read",
        include_str!("bugs/deleted-beside-an-unreadable-row.json"),
    ),
    (
        "a create that arrived late was sent again since one list lacked everything",
        include_str!("bugs/one-list-lacked-everything.json"),
    ),
    (
        "of what came late to two people other work was held, and the same stood twice",
        include_str!("bugs/late-to-two-people.json"),
    ),
    (
        "an entry that the office had deleted was reported as written",
        include_str!("bugs/deleted-and-reported-as-written.json"),
    ),
    (
        "half of an entry that somebody had copied was written for the person who has it by now",
        include_str!("bugs/half-of-a-copy.json"),
    ),
    (
        "a copy that somebody made minutes after a line had been sent twice was deleted",
        include_str!("bugs/a-copy-within-minutes.json"),
    ),
    (
        "consent to what a lost ledger had deleted was half forgotten beside an entry that waited",
        include_str!("bugs/consent-beside-what-waits.json"),
    ),
    (
        "without consent a run took the hours of more than half of what had been sent",
        include_str!("bugs/more-than-half-goes.json"),
    ),
    (
        "a create of which nothing was known was sent again",
        include_str!("bugs/unknown-and-sent-again.json"),
    ),
    (
        "what the office deleted came again after a day of which something was held",
        include_str!("bugs/a-held-day-agrees.json"),
    ),
    (
        "what a lost ledger had deleted was the office's again, though somebody had accepted it, since something was held beside it",
        include_str!("bugs/accepted-and-held-beside.json"),
    ),
];

#[expect(
    clippy::disallowed_methods,
    reason = "more histories, or one of them, are asked for by hand"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn asked(name: &str) -> Option<u64> {
    variable(name)?.parse().ok()
}

#[expect(clippy::disallowed_methods, reason = "a history is played again by hand")]
fn kept(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// What many histories came to.
#[derive(Default)]
struct Found {
    played: u64,
    met: BTreeMap<String, u64>,
    /// By what went wrong, the seeds.
    wrong: BTreeMap<String, Vec<u64>>,
}

impl Found {
    fn add(&mut self, seed: u64, played: std::thread::Result<Played>) {
        self.played += 1;
        let Ok(played) = played else {
            self.wrong.entry("panic".into()).or_default().push(seed);
            return;
        };
        for (what, times) in played.met {
            *self.met.entry(what).or_default() += times;
        }
        if let Some(wrong) = played.wrong {
            self.wrong.entry(shrink::kind(&wrong)).or_default().push(seed);
        }
    }

    fn words(&self) -> Vec<String> {
        let of = |(what, seeds): (&String, &Vec<u64>)| {
            let mut first = seeds.clone();
            first.sort_unstable();
            first.truncate(12);
            format!("{} times {what}: {first:?}", seeds.len())
        };
        self.wrong.iter().map(of).collect()
    }
}

fn rounds() -> usize {
    usize::try_from(asked("HISTORY_ROUNDS").unwrap_or(4)).unwrap()
}

/// Plays histories on every core.
fn play(first: u64, count: u64, rounds: usize, play: fn(&History) -> Played) -> Found {
    let found = Mutex::new(Found::default());
    let next = AtomicU64::new(first);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        return;
                    }
                    let played = std::panic::catch_unwind(|| play(&swarm::draw(seed, rounds)));
                    found.lock().unwrap().add(seed, played);
                }
            });
        }
    });
    found.into_inner().unwrap()
}

#[test]
fn histories_pay_everybody_once_and_tell_what_they_do_not() {
    if let Some(seed) = asked("HISTORY") {
        return tell(seed, stage::play);
    }
    if let Some(path) = variable("STORY") {
        let history: History = serde_json::from_str(&kept(&path)).unwrap();
        let played = stage::play(&history);
        println!("{}", played.story.join("\n"));
        assert_eq!(played.wrong, None);
        return;
    }
    let found = play(
        asked("HISTORY_FIRST").unwrap_or(0),
        asked("HISTORIES").unwrap_or(200),
        rounds(),
        stage::play,
    );
    println!("{:#?}", found.met);
    if found.played >= coverage::ENOUGH {
        assert_eq!(coverage::never_met(&found.met), [""; 0], "never met");
    }
    let words = found.words();
    assert!(words.is_empty(), "{}", words.join("\n"));
}

/// Many things happen to few punches and entries.
#[test]
fn histories_of_stubborn_people_pay_everybody_once_too() {
    let play_it = |history: &History| stage::play(&swarm::stubborn(history.clone()));
    if let Some(seed) = asked("STUBBORN_HISTORY") {
        return tell(seed, play_it);
    }
    let found = play(0, asked("STUBBORN").unwrap_or(200), rounds(), play_it);
    let words = found.words();
    assert!(words.is_empty(), "{}", words.join("\n"));
}

/// One history in words, as short as it can be.
fn tell(seed: u64, play: fn(&History) -> Played) {
    let history = swarm::draw(seed, rounds());
    let Some(wrong) = play(&history).wrong else {
        println!(
            "{}\nnothing is wrong with history {seed}",
            play(&history).story.join("\n")
        );
        return;
    };
    let short = shrink::shrink(&history, &wrong, play);
    let story = play(&short).story;
    panic!("{}\n{}", story.join("\n"), serde_json::to_string(&short).unwrap());
}

/// The judges are the same, the services are the sandboxes, and between them and Linx are its own adapters, both clients and their engine.
#[test]
fn histories_through_http_pay_everybody_once_too() {
    if let Some(seed) = asked("HTTP_HISTORY") {
        return tell(seed, stage::play_through_http);
    }
    let found = play(
        asked("HTTP_FIRST").unwrap_or(0),
        asked("THROUGH_HTTP").unwrap_or(100),
        rounds(),
        stage::play_through_http,
    );
    println!("{:#?}", found.met);
    if found.played >= coverage::ENOUGH_THROUGH_HTTP {
        assert_eq!(coverage::never_met_through_http(&found.met), [""; 0], "never met");
    }
    let words = found.words();
    assert!(words.is_empty(), "{}", words.join("\n"));
}

#[test]
fn what_went_wrong_once_does_not_again() {
    for (what, story) in BUGS {
        let history: History = serde_json::from_str(story).unwrap();
        assert_eq!(stage::play(&history).wrong, None, "{what}");
    }
}

/// On a disk that loses what was not synced, a ledger in a file is as one that is never lost.
#[test]
fn a_ledger_in_a_file_tells_the_same_story() {
    for seed in 0..asked("ON_FILE").unwrap_or(100) {
        let history = swarm::draw(seed, 4);
        assert_eq!(
            stage::play_on_a_file(&history).story,
            stage::play(&history).story,
            "history {seed}"
        );
    }
}

#[test]
fn a_flipped_bit_of_the_ledger_shows_or_does_no_harm() {
    let mut shown = 0;
    for seed in 0..asked("FLIPPED").unwrap_or(30) {
        let history = swarm::with_flipped_bits(swarm::draw(seed, 4));
        let played = stage::play_on_a_file(&history);
        assert_eq!(played.wrong, None, "history {seed}: {:#?}", played.story);
        shown += played.met.get("a flipped bit shows").copied().unwrap_or_default();
    }
    assert!(shown > 0, "no flipped bit ever showed");
}

#[test]
fn the_same_seed_tells_the_same_story() {
    for seed in 0..10 {
        for play in [stage::play, stage::play_through_http] {
            let [one, other] = [(), ()].map(|()| play(&swarm::draw(seed, 4)).story);
            assert_eq!(one, other);
        }
    }
}
