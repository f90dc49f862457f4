//! What clerks, the office and those who link people do.

use exaktime_client::sandbox::TimeRecord;
use linx_core::model::{OfficeRef, WorkerId};
use procore_client::sandbox::Entry;
use procore_client::timecards::ApprovalStatus;
use procore_client::{PersonId, TimecardEntryId};

use super::Story;
use crate::harness::day;
use crate::small_company::{OTHER_HANDS, by_our_hand, number};
use crate::trial::link;
use crate::trial::moves::make_ben_anew;

impl Story {
    /// What a word with a name says; what cannot be done is not done.
    pub(super) async fn deed(&mut self, name: &str, deed: &str) {
        let (id, first) = self.records[name].clone();
        if self.in_exaktime(&id, deed) || self.in_procore(first, deed) {
            return;
        }
        if let Some(deed) = deed.strip_prefix("new.") {
            if let Some(newest) = by_our_hand(&self.harness).iter().map(|entry| entry.id).max() {
                assert!(self.in_procore(newest, deed), "what is {deed}?");
            }
            return;
        }
        let person = self
            .at_first
            .iter()
            .find(|record| record.id == id)
            .unwrap()
            .person
            .clone();
        self.linked(&person, deed).await;
    }

    fn at_first(&self, name: &str) -> &TimeRecord {
        let (id, _) = &self.records[name];
        self.first_of(id)
    }

    /// A record as it was at first.
    fn first_of(&self, id: &str) -> &TimeRecord {
        self.at_first.iter().find(|record| record.id == id).unwrap()
    }

    /// A clerk's deed. Returns whether it is one.
    fn in_exaktime(&mut self, id: &str, deed: &str) -> bool {
        match deed {
            "gone" => self
                .removed
                .extend(self.without(id).map(|record| (id.to_owned(), record))),
            "again" => {
                let record = self.removed.remove(id);
                self.harness
                    .exaktime
                    .with_state(|state| state.time_records.extend(record));
            }
            "twin" => self.twin(id, |_| {}),
            "twin.ot" => self.twin(id, |twin| {
                (twin.regular_hours, twin.ot1_hours) = ("0.00".into(), "4.00".into());
            }),
            "twin.open" => self.twin(id, |twin| twin.stop = None),
            "twin.bridge" => self.twin(id, |_| {}),
            "twin.gone" => drop(self.without(&twin_of(id))),
            "split.bridge" | "split.dan" | "split.wed" | "split.facilities" => {
                self.twin(id, |twin| twin.regular_hours = "1.00".into());
                self.changes(id, |record| record.regular_hours = "3.00".into());
            }
            _ => return self.on_record(id, deed),
        }
        let bridge = self.at_first("late").location.clone();
        let of_ada = self.at_first.iter().find(|record| record.ot1_hours == "2.00");
        let facilities = of_ada.unwrap().cost_code.clone();
        self.changes(&twin_of(id), |twin| match deed {
            "twin.bridge" | "split.bridge" => twin.location = bridge,
            "split.dan" => twin.person = "p-204".into(),
            "split.wed" => twin.work_date = day("2026-03-04"),
            "split.facilities" => twin.cost_code = facilities,
            _ => {}
        });
        true
    }

    /// Takes a record away.
    fn without(&self, id: &str) -> Option<TimeRecord> {
        self.harness.exaktime.with_state(|state| {
            let at = state.time_records.iter().position(|record| record.id == id)?;
            Some(state.time_records.remove(at))
        })
    }

    /// Adds a record like another one.
    fn twin(&self, id: &str, act: impl Fn(&mut TimeRecord)) {
        self.harness.exaktime.with_state(|state| {
            let has = state.time_records.iter().any(|record| record.id == twin_of(id));
            let like = state
                .time_records
                .iter()
                .find(|record| record.id == id && !has)
                .cloned();
            let twin = like.map(|like| {
                let mut twin = TimeRecord {
                    id: twin_of(id),
                    ..like
                };
                act(&mut twin);
                twin
            });
            state.time_records.extend(twin);
        });
    }

    fn changes(&mut self, id: &str, act: impl FnOnce(&mut TimeRecord)) {
        let judge = &mut self.judge;
        let home = self.at_first.iter().find(|record| record.id == id);
        self.harness.exaktime.with_state(|state| {
            if let Some(record) = state.time_records.iter_mut().find(|record| record.id == id) {
                let before = record.clone();
                act(record);
                judge.time_moved(&before, record, home.unwrap_or(&before));
            }
        });
    }

    /// A clerk changes a record. Returns whether that is such a deed.
    fn on_record(&mut self, id: &str, deed: &str) -> bool {
        let home = self.first_of(id).clone();
        let bridge = self.at_first("late").location.clone();
        let depot = self.at_first("mon").location.clone();
        let carpentry = self.at_first("noon").cost_code.clone();
        let of_ada = self.at_first.iter().find(|record| record.ot1_hours == "2.00");
        let facilities = of_ada.unwrap().cost_code.clone();
        let mut is_one = true;
        let has = |record: &mut TimeRecord, regular: &str, overtime: &str| {
            (record.regular_hours, record.ot1_hours) = (regular.into(), overtime.into());
        };
        let act = |record: &mut TimeRecord| match deed {
            "home" => record.clone_from(&home),
            "to.ada" => record.person = "p-201".into(),
            "to.ben" => record.person = "p-202".into(),
            "to.cleo" => record.person = "p-203".into(),
            "to.dan" => record.person = "p-204".into(),
            "to.eve" => record.person = "p-205".into(),
            "to.mon" => record.work_date = day("2026-03-02"),
            "to.tue" => record.work_date = day("2026-03-03"),
            "to.wed" => record.work_date = day("2026-03-04"),
            "to.next" => record.work_date = day("2026-03-10"),
            "to.bridge" => record.location = bridge,
            "to.depot" => record.location = depot,
            "to.carpentry" => record.cost_code = carpentry,
            "to.facilities" => record.cost_code = facilities,
            "ot" => has(record, "0.00", "4.00"),
            "half.ot" => has(record, "2.00", "2.00"),
            "2h" => has(record, "2.00", "0.00"),
            "8h" => has(record, "8.00", "0.00"),
            "3h" => has(record, "3.00", "0.00"),
            "4h" => has(record, "4.00", "0.00"),
            "5h" => has(record, "5.00", "0.00"),
            _ => is_one = false,
        };
        if self.removed.contains_key(id) {
            act(&mut home.clone());
        } else {
            self.changes(id, act);
        }
        is_one
    }

    /// A deed of the office on an entry. Returns whether it is one.
    fn in_procore(&mut self, id: TimecardEntryId, deed: &str) -> bool {
        let now = linx_http::Clock::now(&*self.harness.our_clock);
        let judge = &mut self.judge;
        let dan = self.workers["p-204"];
        let OfficeRef::Worker(dan) = dan else { panic!("{dan:?}") };
        self.harness.procore.with_state(|state| {
            let theirs = TimecardEntryId::new(OTHER_HANDS.max(state.entries.keys().next_back().unwrap().get() + 1));
            if deed == "lack" {
                state.unlisted.insert(id);
                return true;
            }
            let entry = state.entries.get_mut(&id).unwrap();
            let before = entry.clone();
            let stands = entry.deleted_at.is_none();
            let copy = |act: fn(&mut Entry)| {
                let mut copy = before.clone();
                copy.id = theirs;
                copy.created_at = now;
                act(&mut copy);
                copy
            };
            match deed {
                "approve" => entry.status = ApprovalStatus::Approved,
                "open" => entry.status = ApprovalStatus::Pending,
                "back" => entry.deleted_at = None,
                _ if !stands => return is_of_office(deed),
                "delete" => entry.deleted_at = Some(now),
                "lower" => entry.hours = Some("3.0".into()),
                "raise" => entry.hours = Some("5.0".into()),
                "zero" => entry.hours = Some("0.0".into()),
                "set" => entry.hours = Some("4.0".into()),
                "give.dan" => entry.party = Some(PersonId::new(dan.0)),
                "put.wed" => entry.date = day("2026-03-04"),
                "put.next" => entry.date = day("2026-03-10"),
                "type" | "replace" => {
                    if deed == "replace" {
                        entry.deleted_at = Some(now);
                    }
                    judge.is_typed(theirs);
                    let copy = copy(|copy| (copy.origin_id, copy.origin_data) = (None, None));
                    state.entries.insert(theirs, copy);
                }
                "copy.wed" => {
                    judge.is_typed(theirs);
                    state.entries.insert(theirs, copy(|copy| copy.date = day("2026-03-04")));
                }
                _ => return false,
            }
            let entry = state.entries.get_mut(&id).unwrap();
            if *entry != before {
                entry.updated_at = now;
                judge.office_touched(&before, entry);
            }
            true
        })
    }

    /// A deed on links. Panics where there is no such deed.
    async fn linked(&mut self, person: &str, deed: &str) {
        let harness = &self.harness;
        match deed {
            "unlink" => {
                let link = harness.link_to(person).await;
                let link: Vec<_> = link.into_iter().map(|link| link.office).collect();
                harness.linx().unlink(&link).await.unwrap();
            }
            "link" => {
                let worker = self.workers[person];
                let there: Vec<_> = harness
                    .link_of(worker)
                    .await
                    .into_iter()
                    .map(|link| link.office)
                    .collect();
                harness.linx().unlink(&there).await.unwrap();
                if harness
                    .procore
                    .with_state(|state| state.people.keys().any(|id| is_worker(*id, worker)))
                {
                    link(harness, worker, person).await;
                }
            }
            "anew" if person == "p-202" => {
                if harness
                    .procore
                    .with_state(|state| state.people.keys().any(|id| is_worker(*id, self.workers[person])))
                {
                    let anew = make_ben_anew(harness);
                    link(harness, anew, person).await;
                    self.judge.made_anew(person);
                }
            }
            "as.dan" => {
                self.judge.crossed();
                let dan = self.workers["p-204"];
                let there: Vec<_> = harness.link_of(dan).await.into_iter().map(|link| link.office).collect();
                harness.linx().unlink(&there).await.unwrap();
                link(harness, dan, person).await;
            }
            "as.eve" => {
                self.judge.crossed();
                let eve = harness.hire_in_procore("00201", |eve| eve.employee_id = Some("00205".into()));
                link(harness, eve, "p-205").await;
            }
            "beside" => {
                let called = number(person);
                let said = harness.linx().set_beside(&called, day("2026-03-03"), true).await;
                self.log.push(format!("beside: {said:?}"));
                self.judge.word_was_given();
            }
            "anew" => {}
            _ => panic!("what is {deed}?"),
        }
    }
}

fn twin_of(id: &str) -> String {
    format!("{id}-twin")
}

fn is_of_office(deed: &str) -> bool {
    let deeds = [
        "delete", "lower", "raise", "zero", "set", "give.dan", "put.wed", "put.next", "type", "replace", "copy.wed",
    ];
    deeds.contains(&deed)
}

fn is_worker(id: PersonId, worker: OfficeRef) -> bool {
    worker == OfficeRef::Worker(WorkerId(id.get()))
}
