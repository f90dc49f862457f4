//! Stories of people told in words, by hand or by dice: `carla.off sync carla.on hasty sync`. A judge looks after every sync.
//!
//! A word with a name is about that person, by whatever entity in Procore or record in ExakTime.

mod dice;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http::Method;
use linx_core::ledger::{Ledger, MemoryLedger};
use linx_core::model::RecordId;
use linx_core::settings::Import;
use linx_http::sandbox::{Arrival, Fault};
use procore_client::PersonId;
use procore_client::sandbox::Person;

use crate::actions::worker;
use crate::harness::{Harness, once};
use crate::trial::stories::decided::copy_of;

/// Those whom words are about, by name, number and record.
const NAMES: [(&str, &str, &str); 3] = [
    ("carla", "00103", "p-103"),
    ("dmitri", "00104", "p-104"),
    ("ana", "00101", "p-101"),
];

struct Story {
    harness: Harness,
    /// Who an entity of Procore's is.
    people: BTreeMap<PersonId, &'static str>,
    gone: Vec<(PersonId, Person)>,
    /// Who a record of ExakTime's is.
    records: BTreeMap<String, &'static str>,
    /// What a clerk has set and nobody else since.
    edited: BTreeMap<(String, &'static str), String>,
    copy: Option<Arc<dyn Ledger>>,
    fresh: u32,
    log: Vec<String>,
}

impl Story {
    async fn begin() -> Self {
        let mut harness = Harness::contractor();
        harness.sync.unsent_days = 0;
        harness.sync.import = [Import::Workers].into();
        harness.exaktime.with_state(|state| state.time_records.clear());
        harness.apply_sync().await;
        let people = harness.procore.with_state(|state| {
            let who = |person: &Person| {
                NAMES
                    .iter()
                    .find(|(_, number, _)| person.employee_id.as_deref() == Some(*number))
            };
            let of = state
                .people
                .iter()
                .filter_map(|(id, person)| Some((*id, who(person)?.0)));
            of.collect()
        });
        Self {
            people,
            gone: Vec::new(),
            records: NAMES
                .iter()
                .map(|(name, _, record)| ((*record).to_owned(), *name))
                .collect(),
            edited: BTreeMap::new(),
            copy: None,
            fresh: 0,
            log: Vec::new(),
            harness,
        }
    }

    async fn word(&mut self, word: &str) -> Option<String> {
        if word == "sync" || word == "hasty" {
            return self.sync(word).await;
        }
        self.log.push(word.to_owned());
        let Some((name, deed)) = word.split_once('.') else {
            self.plain(word).await;
            return None;
        };
        let Some((name, _, _)) = NAMES.iter().find(|(one, _, _)| *one == name) else {
            let fault = match name {
                "mute" => Fault::CutAfter,
                "tardy" => Fault::CutThenApplied(Arrival::OnDelivery),
                _ => Fault::CutBefore,
            };
            let method = if deed == "POST" { Method::POST } else { Method::PUT };
            self.harness.exaktime_faults.order(once(method, "/v1/", 0, fault));
            return None;
        };
        self.fresh += 1;
        match deed.strip_prefix("edit.") {
            Some(deed) => self.clerk(name, deed),
            None if deed == "relink" => self.relink(name).await,
            None => self.office(name, deed),
        }
        None
    }

    async fn plain(&mut self, word: &str) {
        match word {
            "deliver" => drop(self.harness.exaktime_faults.deliver()),
            "copy" => self.copy = Some(copy_of(&self.harness.ledger).await),
            "old" => {
                if let Some(copy) = &self.copy {
                    self.harness.ledger = copy_of(copy).await;
                    self.edited.clear();
                }
            }
            _ => {
                self.harness.ledger = Arc::new(MemoryLedger::new());
                self.edited.retain(|(_, property), _| *property == "lastName");
            }
        }
    }

    /// The newest entity of somebody.
    fn entity(&self, name: &str) -> Option<PersonId> {
        let mut of = self.people.iter().rev().filter(|(_, who)| **who == name);
        of.find(|(id, _)| self.harness.procore.with_state(|state| state.people.contains_key(id)))
            .map(|(id, _)| *id)
    }

    fn office(&mut self, name: &'static str, deed: &str) {
        let fresh = self.fresh;
        if deed == "back" {
            let at = self.gone.iter().position(|(id, _)| self.people[id] == name);
            if let Some((id, person)) = at.map(|at| self.gone.remove(at)) {
                self.harness.procore.with_state(|state| state.people.insert(id, person));
            }
            return;
        }
        let Some(id) = self.entity(name) else { return };
        let other = NAMES
            .iter()
            .find(|(other, _, _)| *other != name)
            .and_then(|(other, _, _)| self.entity(other));
        let (mut made, mut gone) = (None, None);
        self.harness.procore.with_state(|state| {
            let next = PersonId::new(state.people.keys().next_back().unwrap().get() + 10);
            let before = state.people[&id].clone();
            let person = state.people.get_mut(&id).unwrap();
            match deed {
                "swap" => {
                    if let Some(other) = other {
                        let number = person.employee_id.clone();
                        let theirs = state.people[&other].employee_id.clone();
                        state.people.get_mut(&id).unwrap().employee_id = theirs;
                        state.people.get_mut(&other).unwrap().employee_id = number;
                    }
                }
                "gone" => gone = state.people.remove(&id),
                "anew" => {
                    drop(state.people.remove(&id));
                    state.people.insert(next, before);
                    made = Some(next);
                }
                _ => changed(person, deed, fresh),
            }
        });
        self.people.extend(made.map(|made| (made, name)));
        self.gone.extend(gone.map(|person| (id, person)));
    }

    fn clerk(&mut self, name: &str, deed: &str) {
        let Some(record) = self
            .records
            .iter()
            .find(|(_, who)| **who == name)
            .map(|(record, _)| record.clone())
        else {
            return;
        };
        let (property, value) = match deed {
            "name" => ("lastName", format!("Clerk{}", self.fresh)),
            "number" => ("employeeIdentifier", format!("C{}", self.fresh)),
            "blank" => ("employeeIdentifier", String::new()),
            "off" => ("status", "Inactive".to_owned()),
            _ => ("status", "Active".to_owned()),
        };
        if self.harness.in_exaktime(&record, property) == value.as_str() {
            return;
        }
        self.harness.set_in_exaktime(&record, property, value.as_str());
        // A state that goes to and fro is nobody's edit.
        if property == "status" {
            self.edited.remove(&(record, property));
        } else {
            self.edited.insert((record, property), value);
        }
    }

    /// Somebody's newest entity is linked by hand to the first record.
    async fn relink(&mut self, name: &str) {
        let record = self
            .records
            .iter()
            .find(|(_, who)| **who == name)
            .map(|(record, _)| record.clone());
        let (Some(id), Some(record)) = (self.entity(name), record) else {
            return;
        };
        let linx = self.harness.linx();
        let old = self.harness.link_to(&record).await.map(|link| link.office);
        linx.unlink(&old.into_iter().chain([worker(id)]).collect::<Vec<_>>())
            .await
            .unwrap();
        drop(
            linx.set_links(&[(worker(id), RecordId(record.clone().as_str().into()))])
                .await,
        );
        // Its number and state follow Procore.
        self.edited
            .retain(|(of, property), _| *of != record || *property == "lastName");
    }

    fn states(&self) -> BTreeMap<String, bool> {
        self.harness.exaktime.with_state(|state| {
            let of = state.employments.iter();
            of.map(|(id, row)| (id.clone(), row.get("status").is_some_and(|status| status == "Active")))
                .collect()
        })
    }

    async fn sync(&mut self, word: &str) -> Option<String> {
        let before = self.states();
        let report = match word {
            "hasty" => self.harness.sync_at_once().await,
            _ => self.harness.apply_sync().await,
        };
        self.harness.wait_days(u64::from(word == "sync"));
        let ours: BTreeSet<String> = self.people.keys().map(|id| worker(*id).to_string()).collect();
        let changes = report
            .changes
            .iter()
            .filter(|one| ours.contains(&one.change.office.to_string()));
        let changes: Vec<String> = changes
            .map(|one| {
                let of = one
                    .change
                    .attributes
                    .iter()
                    .map(|one| format!("{}: {:?} to {:?}", one.attribute, one.from, one.to));
                let (change, of) = (&one.change, of.collect::<Vec<_>>().join(", "));
                format!(
                    "{} {} {:?} ({of}) {:?}",
                    change.action.as_str(),
                    change.office,
                    change.record,
                    one.result
                )
            })
            .collect();
        let held = report
            .held
            .iter()
            .filter(|held| ours.contains(held.subject.id().as_ref()));
        let held: Vec<String> = held
            .map(|held| format!("{} {} [{}]", held.reason.code(), held.subject.id(), held.detail))
            .collect();
        self.log.push(format!(
            "{word}: wrote {changes:#?} held {held:#?} refused {:?}",
            report.refused
        ));
        let wrong = self.judge(&before).or(self.linked_twice().await);
        wrong.map(|wrong| format!("{wrong} (held {})", held.len()))
    }

    fn judge(&mut self, before: &BTreeMap<String, bool>) -> Option<String> {
        let now = self.states();
        let there: BTreeSet<&str> = self.harness.procore.with_state(|state| {
            let there = self
                .people
                .iter()
                .filter(|(id, _)| state.people.get(id).is_some_and(|person| person.is_active));
            there.map(|(_, name)| *name).collect()
        });
        for (record, name) in &self.records {
            if before.get(record) == Some(&true) && now.get(record) == Some(&false) && there.contains(name) {
                return Some(format!("DEACTIVATED: {record} of {name}, who is there"));
            }
        }
        for record in now.keys().filter(|record| !before.contains_key(*record)) {
            let number = self.harness.in_exaktime(record, "employeeIdentifier");
            let name = self.harness.procore.with_state(|state| {
                let mut of = self.people.iter();
                of.find(|(id, _)| {
                    state
                        .people
                        .get(id)
                        .is_some_and(|one| one.employee_id.as_deref() == number.as_str())
                })
                .map(|(_, name)| *name)
            });
            if let Some(name) = name.filter(|name| self.records.values().any(|one| one == name)) {
                return Some(format!("TWICE: {record} of {name}"));
            }
        }
        let mut edited = self.edited.iter();
        let lost =
            edited.find(|((record, property), value)| self.harness.in_exaktime(record, property) != value.as_str());
        lost.map(|((record, property), value)| format!("OVERWRITTEN: {property} of {record} was {value}"))
    }

    async fn linked_twice(&self) -> Option<String> {
        let links = self.harness.ledger.links().await.unwrap();
        let records: BTreeSet<_> = links.iter().map(|link| (link.kind, &link.record)).collect();
        (records.len() < links.len()).then(|| "LINKED TWICE: a record".to_owned())
    }
}

/// What the office changes of a person.
fn changed(person: &mut Person, deed: &str, fresh: u32) {
    match deed {
        "off" => person.is_active = false,
        "on" => person.is_active = true,
        "rename" => person.last_name = format!("Named{fresh}"),
        "number" => person.employee_id = Some(format!("N{fresh}")),
        "zeros" => {
            let number = person.employee_id.take();
            person.employee_id = number.map(|number| number.trim_start_matches('0').to_owned());
        }
        "blank" => person.employee_id = None,
        _ => panic!("what is {deed}?"),
    }
}

async fn tell(words: &[String]) -> Option<String> {
    let mut story = Story::begin().await;
    for word in words {
        if let Some(wrong) = story.word(word).await {
            return Some(format!("{wrong}\n{}", story.log.join("\n")));
        }
    }
    None
}

fn kind(wrong: &str) -> &str {
    wrong.split(':').next().unwrap_or_default()
}

async fn shortest(mut words: Vec<String>, wrong: &mut String) -> Vec<String> {
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

/// A number out of the environment.
#[expect(clippy::disallowed_methods, reason = "a hunt is longer than a test")]
fn number(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Who is made anew, comes back, is called otherwise, or passes a number on.
#[tokio::test]
async fn c3_c5_people_who_change_are_neither_made_twice_nor_deactivated_in_told_stories() {
    let stories = [
        "carla.anew sync carla.relink sync carla.rename sync",
        "carla.gone sync carla.back sync carla.edit.off sync",
        "carla.swap sync carla.swap sync sync",
        "carla.off mute.PUT sync carla.on hasty sync",
        "copy carla.rename sync carla.edit.name old sync sync",
        "lost carla.edit.name sync carla.rename sync",
    ];
    for story in stories {
        let words: Vec<String> = story.split_whitespace().map(str::to_owned).collect();
        assert_eq!(tell(&words).await, None, "{story}");
    }
}

/// Tells stories by dice from `SEED` on, `COUNT` of them, and shows each way of going wrong once, by its shortest story.
#[tokio::test]
async fn b7_random_scripts_of_people_deactivate_nobody_who_is_there_and_make_nobody_twice() {
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
