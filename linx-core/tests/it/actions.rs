//! What people do on both sides, and how a test looks at it, by the numbers of the invented contractor.

use linx_core::change::RecordAction;
use linx_core::hold::{Held, Reason};
use linx_core::ledger::Link;
use linx_core::model::{Kind, OfficeRef, WorkerId};
use linx_core::plan::SyncPlan;
use linx_core::sync::SyncOptions;
use procore_client::ids::{PersonId, TimecardEntryId};
use procore_client::sandbox::{Entry, Person};
use serde_json::Value;

use crate::harness::Harness;

/// Procore's name for somebody.
pub fn worker(id: PersonId) -> OfficeRef {
    OfficeRef::Worker(WorkerId(id.get()))
}

/// Why an entity is in such a list, as often as it is there.
#[allow(clippy::needless_pass_by_value)] // An entity or its text, as it is at hand.
pub fn reasons(list: &[Held], entity: impl ToString) -> Vec<Reason> {
    let id = entity.to_string();
    list.iter()
        .filter(|held| held.subject.id() == id)
        .map(|held| held.reason)
        .collect()
}

/// How many entities a list names with this reason.
pub fn counted(list: &[Held], reason: Reason) -> usize {
    list.iter().filter(|held| held.reason == reason).count()
}

/// The numbers of what a plan does so.
pub fn changes(plan: &SyncPlan, kind: Kind, action: RecordAction) -> Vec<&str> {
    let of = plan
        .changes
        .iter()
        .filter(|change| change.kind == kind && change.action == action);
    of.map(|change| change.identifier.as_str()).collect()
}

impl Harness {
    /// Changes the first person with this number in Procore, and tells who it is.
    pub fn person_in_procore(&self, number: &str, act: impl FnOnce(&mut Person)) -> OfficeRef {
        self.procore.with_state(|state| {
            let mut people = state.people.iter_mut();
            let (id, person) = people
                .find(|(_, person)| person.employee_id.as_deref() == Some(number))
                .unwrap();
            act(person);
            worker(*id)
        })
    }

    /// Adds a person to Procore's directory, like the first one with the number `like`.
    pub fn hire_in_procore(&self, like: &str, act: impl FnOnce(&mut Person)) -> OfficeRef {
        self.procore.with_state(|state| {
            let like = state
                .people
                .values()
                .find(|person| person.employee_id.as_deref() == Some(like));
            let mut person = like.unwrap().clone();
            act(&mut person);
            let id = PersonId::new(state.people.keys().next_back().unwrap().get() + 1);
            state.people.insert(id, person);
            worker(id)
        })
    }

    /// Takes everybody with this number out of Procore's directory.
    pub fn dismiss_in_procore(&self, number: &str) {
        self.procore.with_state(|state| {
            state
                .people
                .retain(|_, person| person.employee_id.as_deref() != Some(number));
        });
    }

    /// Copies an entry in Procore, as it is but for what `act` does, and returns the copy's id.
    pub fn copy_entry(&self, id: TimecardEntryId, act: impl FnOnce(&mut Entry)) -> TimecardEntryId {
        self.procore.with_state(|state| {
            let copy = TimecardEntryId::new(state.entries.keys().next_back().unwrap().get() + 1);
            let mut entry = state.entries[&id].clone();
            entry.id = copy;
            act(&mut entry);
            state.entries.insert(copy, entry);
            copy
        })
    }

    /// Sets a property of a record of ExakTime's as a person would.
    pub fn set_in_exaktime(&self, id: &str, property: &str, value: impl Into<Value>) {
        self.exaktime.with_state(|state| {
            let table = match (id.split('-').next(), property) {
                (Some("p"), "status" | "jobTitle") => &mut state.employments,
                (Some("p"), _) => &mut state.persons,
                (Some("loc"), _) => &mut state.locations,
                _ => &mut state.cost_codes,
            };
            table.get_mut(id).unwrap().insert(property.to_owned(), value.into());
        });
    }

    /// A property of a record of ExakTime's; null where it has none.
    pub fn in_exaktime(&self, id: &str, property: &str) -> Value {
        self.exaktime.with_state(|state| {
            let tables = [&state.persons, &state.employments, &state.locations, &state.cost_codes];
            let found = tables.iter().find_map(|table| table.get(id)?.get(property));
            found.cloned().unwrap_or(Value::Null)
        })
    }

    /// How many records of each kind ExakTime has: persons, locations, codes.
    pub fn records_in_exaktime(&self) -> [usize; 3] {
        self.exaktime
            .with_state(|state| [state.persons.len(), state.locations.len(), state.cost_codes.len()])
    }

    pub async fn link_to(&self, record: &str) -> Option<Link> {
        let links = self.ledger.links().await.unwrap();
        links.into_iter().find(|link| link.record.as_str() == record)
    }

    pub async fn link_of(&self, entity: OfficeRef) -> Option<Link> {
        let links = self.ledger.links().await.unwrap();
        links.into_iter().find(|link| link.office == entity)
    }

    /// A plan on which the guard stands aside.
    pub async fn plan_with_consent(&self) -> SyncPlan {
        let options = SyncOptions {
            allow_mass_change: true,
            ..SyncOptions::default()
        };
        self.linx().plan_sync(&options).await.unwrap()
    }
}
