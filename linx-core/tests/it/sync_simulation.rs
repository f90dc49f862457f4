//! Random simulations of people who edit both sides, with syncs in between, and the laws that hold after each sync.
//!
//! A simulation edits names, numbers, titles, addresses and states on both sides, makes and removes entities, links and ignores
//! by hand, and breaks requests. Syncs are planned, applied, applied twice, and applied late from their file. Then:
//!
//! - what a person set in ExakTime stands, unless Procore came to say the same (nobody owns a field here);
//! - no record is linked twice, and no sync makes a second record of a number;
//! - only what left Procore or is inactive there is deactivated, whatever was read of the lists;
//! - every entity of the office has a fate that is told;
//! - after a sync without faults the next plan has nothing but what was held, and in the end nothing; a plan is applied
//!   once;
//! - the same lists in another order give the same plan, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::Method;
use linx_core::LinxError;
use linx_core::change::RecordAction;
use linx_core::mapping::StandardRules;
use linx_core::model::{Attribute, Kind, OfficeRef};
use linx_core::plan::{AnyPlan, SavedPlan, SyncPlan};
use linx_core::ports::{Field, Office};
use linx_core::sync::{Facts, OfficeLists, RecordResult, SyncOptions};
use linx_http::sandbox::{Arrival, Fault, Order};
use procore_client::ids::{PersonId, ProjectId, StandardCostCodeId, SubJobId};
use procore_client::sandbox::{BetweenPages, State};

use crate::harness::Harness;

/// Stories in the gate. Some hundreds take a minute in a release build.
const SEEDS: u64 = 12;
const ROUNDS: usize = 8;
/// How often a number may be passed on in one round, and once more to see that nothing is left.
const MOST_PLANS: usize = 5;

/// A value of a record of ExakTime's: the record and the property.
type Value = (String, &'static str);

struct Simulation {
    harness: Harness,
    rng: Rng,
    /// Counts up, so that no text is ever written twice by chance.
    fresh: u32,
    /// What both sides were last seen to agree on.
    agreed: BTreeMap<Value, String>,
    /// What a person set in ExakTime since, and nothing may overwrite.
    by_hand: BTreeMap<Value, String>,
}

fn pick<T: Clone>(rng: &mut Rng, of: impl IntoIterator<Item = T>) -> Option<T> {
    let all: Vec<T> = of.into_iter().collect();
    (!all.is_empty()).then(|| all[rng.usize(..all.len())].clone())
}

impl Simulation {
    async fn begin(seed: u64) -> Self {
        let mut harness = Harness::contractor();
        if seed.is_multiple_of(2) {
            harness.sync.unsent_days = 0;
        }
        // Few codes and little time, so that a simulation is quickly told.
        harness.procore.with_state(|state| {
            let mut kept = 0;
            state.company_codes.retain(|_, code| {
                kept += 1;
                code.parent.is_none() || kept < 40
            });
        });
        harness.exaktime.with_state(|state| state.time_records.truncate(40));
        harness.apply_sync().await;
        let mut simulation = Self {
            harness,
            rng: Rng::with_seed(seed),
            fresh: 0,
            agreed: BTreeMap::new(),
            by_hand: BTreeMap::new(),
        };
        simulation.see_agreement().await;
        simulation
    }

    async fn round(&mut self) {
        for _ in 0..self.rng.usize(1..4) {
            self.edit_procore();
            self.edit_exaktime().await;
        }
        if self.rng.u8(..) < 90 {
            self.decide_by_hand().await;
        }
        match self.rng.u8(0..6) {
            0 => drop(self.plan().await),
            1 => self.apply_late().await,
            2 | 3 => self.apply_among_faults().await,
            _ => self.apply_in_peace().await,
        }
        self.check_order().await;
    }

    fn word(&mut self, what: &str) -> String {
        self.fresh += 1;
        format!("{what}{}", self.fresh)
    }

    // What the office does.

    fn edit_procore(&mut self) {
        match self.rng.u8(0..10) {
            0..=5 => self.edit_person(),
            6 | 7 => self.edit_project(),
            8 => self.edit_sub_job(),
            _ => self.edit_code(),
        }
    }

    fn edit_person(&mut self) {
        let (word, number) = (self.word("Person"), self.word("N"));
        let rng = &mut self.rng;
        self.harness.procore.with_state(|state| {
            let Some(id) = pick(rng, state.people.keys().copied()) else {
                return;
            };
            let other = pick(rng, state.people.values().cloned());
            let next = PersonId::new(state.people.keys().next_back().unwrap().get() + 1);
            let deed = rng.u8(0..14);
            let person = state.people.get_mut(&id).unwrap();
            match deed {
                0 | 1 => person.last_name = word,
                2 => person.first_name = word,
                3 => person.employee_id = Some(number),
                4 => person.employee_id = None,
                5 => person.employee_id = other.and_then(|other| other.employee_id),
                6 => person.job_title = Some(word),
                7 => person.job_title = None,
                8 => person.email = Some(format!("{word}@site.example")),
                9 => person.is_active = !person.is_active,
                10 => drop(state.people.remove(&id)),
                // The same person by another id: made anew.
                11 => {
                    let anew = state.people.remove(&id).unwrap();
                    state.people.insert(next, anew);
                }
                // Somebody of the same name, or whose number lacks the zeros.
                12 => {
                    let mut like = person.clone();
                    like.employee_id = like.employee_id.map(|number| number.trim_start_matches('0').to_owned());
                    state.people.insert(next, like);
                }
                _ => {
                    let mut hired = person.clone();
                    hired.last_name = word;
                    hired.employee_id = Some(number);
                    hired.is_active = true;
                    state.people.insert(next, hired);
                }
            }
        });
    }

    fn edit_project(&mut self) {
        let (word, number) = (self.word("Project "), self.word("26-"));
        let rng = &mut self.rng;
        self.harness.procore.with_state(|state| {
            let Some(id) = pick(rng, state.projects.keys().copied()) else {
                return;
            };
            let next = ProjectId::new(state.projects.keys().next_back().unwrap().get() + 1);
            let deed = rng.u8(0..6);
            let project = state.projects.get_mut(&id).unwrap();
            match deed {
                0 => project.name = word,
                1 => project.number = number,
                2 => project.active = !project.active,
                3 => project.number.clear(),
                4 => drop(state.projects.remove(&id)),
                _ => {
                    let mut begun = project.clone();
                    (begun.name, begun.number, begun.active) = (word, number, true);
                    state.projects.insert(next, begun);
                }
            }
        });
    }

    fn edit_sub_job(&mut self) {
        let word = self.word("Part ");
        let rng = &mut self.rng;
        self.harness.procore.with_state(|state| {
            let Some(id) = pick(rng, state.sub_jobs.keys().copied()) else {
                return;
            };
            let next = SubJobId::new(state.sub_jobs.keys().next_back().unwrap().get() + 1);
            let project = pick(rng, state.projects.keys().copied());
            let deed = rng.u8(0..4);
            let part = state.sub_jobs.get_mut(&id).unwrap();
            match deed {
                0 => part.name = word,
                1 => part.code = word,
                2 => drop(state.sub_jobs.remove(&id)),
                _ => {
                    let mut begun = part.clone();
                    begun.project = project.unwrap_or(begun.project);
                    (begun.name, begun.code) = (word.clone(), word);
                    state.sub_jobs.insert(next, begun);
                }
            }
        });
    }

    fn edit_code(&mut self) {
        let word = self.word("Code ");
        let rng = &mut self.rng;
        self.harness.procore.with_state(|state| {
            let leaves = state.company_codes.iter().filter(|(_, code)| code.parent.is_some());
            let Some(id) = pick(rng, leaves.map(|(id, _)| *id)) else {
                return;
            };
            let next = StandardCostCodeId::new(state.company_codes.keys().next_back().unwrap().get() + 1);
            let deed = rng.u8(0..4);
            let code = state.company_codes.get_mut(&id).unwrap();
            match deed {
                0 => code.name = word,
                1 => code.code = word,
                2 => drop(state.company_codes.remove(&id)),
                _ => {
                    let mut begun = code.clone();
                    (begun.name, begun.code) = (word.clone(), word);
                    state.company_codes.insert(next, begun);
                }
            }
        });
    }

    // What people do in ExakTime.

    async fn edit_exaktime(&mut self) {
        let word = self.word("Hand");
        match self.rng.u8(0..16) {
            0 => {
                let numbers = self.harness.procore.with_state(|state| -> Vec<String> {
                    let people = state.people.values();
                    people.filter_map(|person| person.employee_id.clone()).collect()
                });
                let number = pick(&mut self.rng, numbers).filter(|_| self.rng.bool());
                return self.make_a_record(&word, &number.unwrap_or_else(|| word.clone()));
            }
            1 => return self.remove_a_record(),
            _ => {}
        }
        let properties: &[&'static str] = match self.rng.u8(0..4) {
            0 | 1 => &[
                "firstName",
                "lastName",
                "workEmail",
                "jobTitle",
                "status",
                "employeeIdentifier",
            ],
            2 => &["name", "isActive", "identifier"],
            _ => &["name ", "isActive "],
        };
        // The blank tells codes from places.
        let codes = properties[0].ends_with(' ');
        let property = properties[self.rng.usize(..properties.len())].trim_end();
        let ids = self.harness.exaktime.with_state(|state| -> Vec<String> {
            match properties.len() {
                6 => state.employments.keys().cloned().collect(),
                _ if codes => state
                    .cost_codes
                    .keys()
                    .filter(|id| !matches!(id.as_str(), "cc-IN" | "cc-OUT"))
                    .cloned()
                    .collect(),
                _ => state.locations.keys().cloned().collect(),
            }
        });
        let Some(record) = pick(&mut self.rng, ids) else {
            return;
        };
        let value = match property {
            "status" => ["Active", "Inactive"][self.rng.usize(..2)].to_owned(),
            "isActive" => ["true", "false"][self.rng.usize(..2)].to_owned(),
            "workEmail" => format!("{word}@hand.example"),
            "employeeIdentifier" | "identifier" if self.rng.u8(..) < 60 => String::new(),
            _ => word,
        };
        self.set_by_hand(record, property, value).await;
    }

    async fn set_by_hand(&mut self, record: String, property: &'static str, value: String) {
        match property {
            "isActive" => self.harness.set_in_exaktime(&record, property, value == "true"),
            _ => self.harness.set_in_exaktime(&record, property, value.as_str()),
        }
        let agreed = match property {
            // A state has two values only: what the ledger knows tells whether this is a change.
            "status" | "isActive" => self.harness.link_to(&record).await.and_then(|link| {
                let active = link.base.get(Attribute::Active)? == "true";
                Some(state_of(property, active).to_owned())
            }),
            _ => self.agreed.get(&(record.clone(), property)).cloned(),
        };
        let key = (record, property);
        match agreed {
            Some(agreed) if agreed != value => drop(self.by_hand.insert(key, value)),
            _ => drop(self.by_hand.remove(&key)),
        }
    }

    /// Somebody enters a person by hand, often with a number of Procore's.
    fn make_a_record(&self, word: &str, number: &str) {
        self.harness.exaktime.with_state(|state| {
            let Some((id, mut person)) = state.persons.iter().next().map(|(id, row)| (id.clone(), row.clone())) else {
                return;
            };
            let mut employment = state.employments.get(&id).cloned().unwrap_or_default();
            let made = format!("p-{word}");
            person.insert("lastName".into(), word.into());
            person.insert("employeeIdentifier".into(), number.into());
            for row in [&mut person, &mut employment] {
                row.insert("personId".into(), made.clone().into());
            }
            state.persons.insert(made.clone(), person);
            state.employments.insert(made, employment);
        });
    }

    fn remove_a_record(&mut self) {
        let rng = &mut self.rng;
        let gone = self.harness.exaktime.with_state(|state| {
            let id = pick(rng, state.employments.keys().cloned())?;
            state.persons.remove(&id);
            state.employments.remove(&id);
            Some(id)
        });
        if let Some(gone) = gone {
            self.forget(&gone);
        }
    }

    /// What was known of a record counts no more.
    fn forget(&mut self, record: &str) {
        self.agreed.retain(|(of, _), _| of != record);
        self.by_hand.retain(|(of, _), _| of != record);
    }

    /// Links, unlinks, ignores.
    async fn decide_by_hand(&mut self) {
        let links = self.harness.ledger.links().await.unwrap();
        let linx = self.harness.linx();
        let Some(linked) = pick(&mut self.rng, links) else {
            return;
        };
        match self.rng.u8(0..4) {
            0 => {
                linx.unlink(&[linked.office]).await.unwrap();
                self.forget(linked.record.as_str());
            }
            1 => {
                linx.ignore(&[linked.office]).await.unwrap();
            }
            2 => {
                let ignored = self.harness.ledger.ignored().await.unwrap();
                let lifted = pick(&mut self.rng, ignored);
                linx.unignore(&lifted.into_iter().collect::<Vec<_>>()).await.unwrap();
            }
            _ => {
                let mut suggestions = linx.suggest_links().await.unwrap();
                suggestions.retain(|one| one.linked.is_none());
                if let Some(one) = pick(&mut self.rng, suggestions) {
                    linx.set_links(&[(one.office, one.record.clone())]).await.unwrap();
                    self.forget(one.record.as_str());
                }
            }
        }
    }

    // Syncs.

    async fn try_plan(&mut self) -> Option<SyncPlan> {
        let plan = self.harness.linx().plan_sync(&SyncOptions::default()).await.ok()?;
        self.check_deactivations(&plan);
        self.see_agreement().await;
        Some(plan)
    }

    async fn plan(&mut self) -> SyncPlan {
        let plan = self.try_plan().await.unwrap();
        self.check_fates(&plan).await;
        plan
    }

    /// Applies plan after plan until nothing is left. A plan after the first has only what the one before held: a
    /// number that passes from one person to another is free in ExakTime once the first has been given a new one.
    async fn apply_in_peace(&mut self) {
        let mut held: Option<BTreeSet<String>> = None;
        for _ in 0..MOST_PLANS {
            let plan = self.plan().await;
            if let Some(held) = &held {
                let known = |change: &linx_core::change::RecordChange| held.contains(&change.office.to_string());
                assert!(plan.changes.iter().all(known), "{:?}", plan.changes);
                if plan.is_empty() {
                    return;
                }
            }
            let numbers = self.numbers();
            let report = self.harness.linx().apply_sync(&plan).await.unwrap();
            for one in report.changes.iter().filter(|one| one.result != RecordResult::Done) {
                // ExakTime has another record by that name, and says so each time.
                let refused = report
                    .held
                    .iter()
                    .find(|held| held.subject.id() == one.change.office.to_string());
                let by_name = |held: &linx_core::hold::Held| held.detail.contains("name exists already");
                assert!(refused.is_some_and(by_name), "{:?}: {:?}", one.change, report.held);
            }
            self.check(&numbers).await;
            if report.changes.iter().any(|one| one.result != RecordResult::Done) {
                return;
            }
            let writes = self.harness.writes();
            let again = self.harness.linx().apply_sync(&plan).await;
            assert!(matches!(again, Err(LinxError::Stale(_))), "a plan is applied once");
            assert_eq!(self.harness.writes(), writes);
            held = Some(
                report
                    .held
                    .into_iter()
                    .map(|held| held.subject.id().into_owned())
                    .collect(),
            );
        }
        panic!("there is always something left to do");
    }

    /// A plan is kept in a file, the world moves on, and it is applied.
    async fn apply_late(&mut self) {
        let saved = SavedPlan::new(AnyPlan::Sync(self.plan().await));
        let text = serde_json::to_string(&saved).unwrap();
        for _ in 0..3 {
            self.edit_procore();
            self.edit_exaktime().await;
        }
        let AnyPlan::Sync(plan) = SavedPlan::read(&text).unwrap().plan else {
            panic!("it was the plan of a sync")
        };
        // Somebody does by hand what the plan was to do.
        let gives_a_number = |change: &&linx_core::change::RecordChange| {
            let mut fields = change.attributes.iter();
            change.kind == Kind::Employee && fields.any(|field| field.attribute == Attribute::Identifier)
        };
        let people = plan.changes.iter().filter(gives_a_number);
        let planned = pick(&mut self.rng, people.map(|change| change.identifier.clone()));
        if let Some(number) = planned.filter(|number| !number.is_empty()) {
            let word = self.word("Hand");
            self.make_a_record(&word, &number);
        }
        let numbers = self.numbers();
        self.harness.linx().apply_sync(&plan).await.unwrap();
        self.check(&numbers).await;
    }

    async fn apply_among_faults(&mut self) {
        self.order_faults();
        let numbers = self.numbers();
        if let Some(plan) = self.try_plan().await {
            let _ = self.harness.linx().apply_sync(&plan).await;
        }
        // What is late has mostly arrived by the next run.
        self.harness.wait_seconds(self.rng.u64(0..240));
        self.harness.procore_faults.clear();
        self.harness.exaktime_faults.clear();
        self.harness.procore.with_state(|state| {
            state.between_pages.clear();
            state.max_per_page = None;
            state.people.remove(&PersonId::new(1));
        });
        self.check(&numbers).await;
    }

    fn order_faults(&mut self) {
        let unavailable = || http::Response::builder().status(503).body(Bytes::new()).unwrap();
        let forbidden = || http::Response::builder().status(403).body("{}".into()).unwrap();
        let order = |rng: &mut Rng, methods: &[Method], path: &str, fault: Fault| Order {
            method: Some(methods[rng.usize(..methods.len())].clone()),
            path: path.into(),
            after: rng.u32(0..4),
            times: rng.u32(1..4),
            fault,
        };
        for _ in 0..self.rng.usize(1..4) {
            let fault = match self.rng.u8(0..4) {
                0 => Fault::CutAfter,
                1 => Fault::CutBefore,
                2 => Fault::AnswerLost(unavailable()),
                _ => Fault::Instead(unavailable()),
            };
            let to_field = order(&mut self.rng, &[Method::POST, Method::PUT, Method::PUT], "/v1/", fault);
            self.harness.exaktime_faults.order(to_field);
        }
        if self.rng.bool() {
            // Within the time in which a request can still arrive.
            let span = Duration::from_secs(self.rng.u64(1..110));
            let late = Fault::CutThenApplied(Arrival::AfterTime(span));
            let late = order(&mut self.rng, &[Method::POST], "/v1/", late);
            self.harness.exaktime_faults.order(late);
        }
        match self.rng.u8(0..4) {
            0 => {
                let hidden = order(&mut self.rng, &[Method::GET], "sub_jobs", Fault::Instead(forbidden()));
                self.harness.procore_faults.order(hidden);
            }
            1 => {
                let cut = order(&mut self.rng, &[Method::GET], "/rest/", Fault::CutBefore);
                self.harness.procore_faults.order(cut);
            }
            2 => self.harness.procore.with_state(|state| {
                state.max_per_page = Some(7);
                for _ in 0..20 {
                    state.between_pages.push(BetweenPages::new("/people", 1, come_and_go));
                }
            }),
            _ => {}
        }
    }

    // The laws.

    async fn check(&mut self, numbers_before: &BTreeMap<(Kind, String), usize>) {
        for ((record, property), value) in &self.by_hand {
            let now = self.in_exaktime(record).get(property).cloned().unwrap_or_default();
            assert_eq!(&now, value, "{property} of {record} was set by a person");
        }
        for (number, count) in self.numbers() {
            let before = numbers_before.get(&number).copied().unwrap_or(0);
            assert!(count <= before.max(1), "{number:?} is there {count} times");
        }
        let links = self.harness.ledger.links().await.unwrap();
        let records: BTreeSet<_> = links.iter().map(|link| (link.kind, &link.record)).collect();
        assert_eq!(records.len(), links.len(), "no record is linked twice");
        let entities: BTreeSet<_> = links.iter().map(|link| link.office).collect();
        assert_eq!(entities.len(), links.len(), "no entity has two records");
        self.see_agreement().await;
    }

    /// Only what is gone from Procore or inactive there is deactivated.
    fn check_deactivations(&self, plan: &SyncPlan) {
        for change in plan
            .changes
            .iter()
            .filter(|change| change.action == RecordAction::Deactivate)
        {
            let ours = self.in_procore(change.office);
            let active = ours.is_some_and(|ours| {
                ours.get("status")
                    .or(ours.get("isActive"))
                    .is_none_or(|state| is_active(state))
            });
            assert!(!active, "{} is active in Procore: {change:?}", change.office);
        }
    }

    /// Whoever is in Procore is written, held, left out, or linked.
    async fn check_fates(&self, plan: &SyncPlan) {
        let mut told: BTreeSet<String> = plan
            .held
            .iter()
            .chain(&plan.left_out)
            .map(|held| held.subject.id().into_owned())
            .collect();
        told.extend(plan.changes.iter().map(|change| change.office.to_string()));
        told.extend(plan.agreed.iter().map(|link| link.office.to_string()));
        let links = self.harness.ledger.links().await.unwrap();
        told.extend(links.iter().map(|link| link.office.to_string()));
        let all: Vec<String> = self.harness.procore.with_state(|state| {
            let people = state.people.keys().map(|id| format!("worker:{id}"));
            let projects = state.projects.keys().map(|id| format!("project:{id}"));
            let codes = state.company_codes.keys().map(|id| format!("cost-code:{id}"));
            people.chain(projects).chain(codes).collect()
        });
        for one in all {
            assert!(told.contains(&one), "nothing is told of {one}");
        }
    }

    /// The order of the lists does not matter.
    async fn check_order(&mut self) {
        let (office, field) = (&self.harness.office, &self.harness.field);
        let mut facts = Facts {
            office: OfficeLists {
                workers: office.workers().await.unwrap(),
                projects: office.projects().await.unwrap(),
                cost_codes: office.company_cost_codes().await.unwrap(),
                ..OfficeLists::default()
            },
            links: self.harness.ledger.links().await.unwrap(),
            ignored: self.harness.ledger.ignored().await.unwrap(),
            ..Facts::default()
        };
        for project in &facts.office.projects.rows {
            let sub_jobs = office.sub_jobs(project.id).await.unwrap();
            facts.office.sub_jobs.insert(project.id, sub_jobs);
        }
        for kind in Kind::IN_ORDER {
            facts.current.push((kind, field.records(kind).await.unwrap()));
        }
        let rules = StandardRules::standard();
        let mut texts = BTreeSet::new();
        for _ in 0..2 {
            let plan = linx_core::sync::plan(&facts, &rules, &self.harness.sync, &SyncOptions::default());
            texts.insert(serde_json::to_string(&plan).unwrap());
            self.rng.shuffle(&mut facts.office.workers.rows);
            self.rng.shuffle(&mut facts.office.projects.rows);
            self.rng.shuffle(&mut facts.office.cost_codes.rows);
            for list in facts.office.sub_jobs.values_mut() {
                self.rng.shuffle(&mut list.rows);
            }
            for (_, list) in &mut facts.current {
                self.rng.shuffle(&mut list.rows);
            }
            self.rng.shuffle(&mut facts.links);
        }
        assert_eq!(texts.len(), 1, "the same lists in another order gave another plan");
    }

    // How the two sides are seen.

    /// What both sides say alike is agreed, and nobody's edit any more.
    async fn see_agreement(&mut self) {
        for link in self.harness.ledger.links().await.unwrap() {
            let Some(ours) = self.in_procore(link.office) else {
                continue;
            };
            let theirs = self.in_exaktime(link.record.as_str());
            for (property, value) in theirs {
                if ours.get(property) == Some(&value) {
                    let key = (link.record.to_string(), property);
                    self.by_hand.remove(&key);
                    self.agreed.insert(key, value);
                }
            }
        }
    }

    /// What ExakTime should have of an entity, by ExakTime's properties; nothing where Procore has it no more.
    fn in_procore(&self, office: OfficeRef) -> Option<BTreeMap<&'static str, String>> {
        let mut values = BTreeMap::new();
        let mut set = |property, value: &str| {
            if !value.trim().is_empty() {
                values.insert(property, value.trim().to_owned());
            }
        };
        self.harness.procore.with_state(|state| match office {
            OfficeRef::Worker(id) => {
                let person = state.people.get(&PersonId::new(id.0))?;
                set("firstName", &person.first_name);
                set("lastName", &person.last_name);
                set("employeeIdentifier", person.employee_id.as_deref().unwrap_or_default());
                set("workEmail", person.email.as_deref().unwrap_or_default());
                set("jobTitle", person.job_title.as_deref().unwrap_or_default());
                set("status", state_of("status", person.is_active));
                Some(())
            }
            OfficeRef::Project(id) => {
                let project = state.projects.get(&ProjectId::new(id.0))?;
                set("identifier", &project.number);
                set("name", &format!("{} - {}", project.number, project.name));
                set("isActive", state_of("isActive", project.active));
                Some(())
            }
            OfficeRef::SubJob(project, id) => {
                let part = state.sub_jobs.get(&SubJobId::new(id.0))?;
                let project = state.projects.get(&ProjectId::new(project.0))?;
                set("identifier", &format!("{}.{}", project.number, part.code));
                let name = format!("{}.{} - {} / {}", project.number, part.code, project.name, part.name);
                set("name", &name);
                set("isActive", state_of("isActive", project.active));
                Some(())
            }
            OfficeRef::CostCode(id) => {
                let code = state.company_codes.get(&StandardCostCodeId::new(id.0))?;
                set("identifier", &state.full_code(code));
                set("name", &code.name);
                set("isActive", "true");
                Some(())
            }
        })?;
        Some(values)
    }

    /// What a record says, by its properties.
    fn in_exaktime(&self, record: &str) -> BTreeMap<&'static str, String> {
        let properties = [
            "firstName",
            "lastName",
            "employeeIdentifier",
            "workEmail",
            "jobTitle",
            "status",
            "identifier",
            "name",
            "isActive",
        ];
        let text = |property| match self.harness.in_exaktime(record, property) {
            serde_json::Value::String(text) => text.trim().to_owned(),
            serde_json::Value::Bool(flag) => flag.to_string(),
            _ => String::new(),
        };
        properties
            .map(|property| (property, text(property)))
            .into_iter()
            .collect()
    }

    /// How often each number is there.
    fn numbers(&self) -> BTreeMap<(Kind, String), usize> {
        let mut numbers = BTreeMap::new();
        self.harness.exaktime.with_state(|state| {
            for (kind, table, key) in [
                (Kind::Employee, &state.persons, "employeeIdentifier"),
                (Kind::Location, &state.locations, "identifier"),
                (Kind::CostCode, &state.cost_codes, "identifier"),
            ] {
                for row in table.values() {
                    let number = row.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
                    if !number.trim().is_empty() {
                        *numbers.entry((kind, number.trim().to_lowercase())).or_default() += 1;
                    }
                }
            }
        });
        numbers
    }

    async fn end(mut self) {
        self.apply_in_peace().await;
        self.check_order().await;
    }
}

fn state_of(property: &str, active: bool) -> &'static str {
    match (property, active) {
        ("status", true) => "Active",
        ("status", false) => "Inactive",
        (_, true) => "true",
        (_, false) => "false",
    }
}

fn is_active(state: &str) -> bool {
    matches!(state, "Active" | "true")
}

/// Somebody at the head of the directory comes and goes.
fn come_and_go(state: &mut State) {
    let first = PersonId::new(1);
    if state.people.remove(&first).is_none() {
        let mut person = state.people.values().next().unwrap().clone();
        person.is_employee = false;
        state.people.insert(first, person);
    }
}

#[tokio::test]
async fn b7_no_story_of_edits_and_syncs_loses_an_edit_or_makes_a_duplicate() {
    for seed in 0..SEEDS {
        let told = std::panic::AssertUnwindSafe(async {
            let mut simulation = Simulation::begin(seed).await;
            for _ in 0..ROUNDS {
                simulation.round().await;
            }
            simulation.end().await;
        });
        let told = futures_util::FutureExt::catch_unwind(told).await;
        assert!(told.is_ok(), "the simulation of seed {seed} went wrong");
    }
}
