//! What people do in Procore.

use chrono::Duration;
use procore_client::TimecardEntryId;
use procore_client::ids::PersonId;
use procore_client::sandbox::Entry;
use procore_client::timecards::ApprovalStatus;

use super::Attack;
use crate::harness::day;
use crate::small_company::OTHER_HANDS;

/// The ids of copies that have our marks begin here.
const COPIES: u64 = 94_000_000;

impl Attack {
    pub(super) fn edit_entries(&mut self) {
        if self.rng.bool() {
            return;
        }
        // What is on its way might overwrite what a person does now, and nobody could tell.
        self.harness.procore_faults.deliver();
        let entries = self.harness.procore.entries();
        let Some(entry) = self.rng.choice(entries) else { return };
        let deed = self.rng.u8(0..7);
        self.tell(format!("office {deed} of {entry:?}"));
        let id = match deed {
            4 if !self.is_renamed => self.enter(COPIES, entry, |_| ()),
            4 | 5 => self.enter(OTHER_HANDS, entry, without_mark),
            6 => {
                let to = day("2026-03-02") + Duration::days(self.rng.i64(0..12));
                self.enter(OTHER_HANDS, entry, |copy| {
                    without_mark(copy);
                    copy.date = to;
                })
            }
            deed => self.change(entry.id, deed),
        };
        let left = self.left(id);
        self.edited.insert(id, left);
    }

    fn change(&mut self, id: TimecardEntryId, deed: u8) -> TimecardEntryId {
        let hours = format!("{}.37", self.rng.u8(1..6));
        self.harness.procore.with_state(|state| {
            let entry = state.entries.get_mut(&id).unwrap();
            match deed {
                0 => entry.hours = Some(hours),
                1 => entry.deleted_at = Some(entry.created_at),
                2 => entry.status = ApprovalStatus::Approved,
                _ => entry.date += Duration::days(if entry.date < day("2026-03-08") { 1 } else { -1 }),
            }
        });
        id
    }

    /// Somebody enters what another entry has, but for what `act` does.
    fn enter(&mut self, ids_from: u64, like: Entry, act: impl FnOnce(&mut Entry)) -> TimecardEntryId {
        let id = TimecardEntryId::new(ids_from + like.id.get() % 1_000_000);
        let mut entry = Entry { id, ..like };
        act(&mut entry);
        self.harness.procore.with_state(|state| state.entries.insert(id, entry));
        id
    }

    pub(super) fn left(&self, id: TimecardEntryId) -> Entry {
        self.harness.procore.with_state(|state| state.entries[&id].clone())
    }

    /// Somebody is made anew, or merged into another, or the codes get other names; and the next sync follows.
    pub(super) async fn edit_company(&mut self) {
        let number = format!("0020{}", self.rng.u8(1..5));
        match self.rng.u8(0..3) {
            0 => {
                self.tell(format!("{number} is made anew"));
                self.make_anew(&number);
            }
            1 if self.harness.export.same_person.is_empty() => {
                // Only Dan worked on other days than the others: two of those would be one person at two places.
                let others = [format!("0020{}", self.rng.u8(1..4)), "00204".to_owned()];
                let first = usize::from(self.rng.bool());
                self.merge(&others[first], &others[1 - first]).await;
            }
            _ if !self.is_copied() => {
                self.is_renamed = true;
                self.tell("codes are renamed");
                self.harness.procore.with_state(|state| {
                    for code in state.company_codes.values_mut().filter(|code| code.parent.is_some()) {
                        code.code = format!("9{}", code.code);
                    }
                });
            }
            _ => {}
        }
        self.sync().await;
    }

    /// Whether somebody copied an entry of ours, mark and all. Where its code is called otherwise since, nobody knows that it stands
    /// twice.
    fn is_copied(&self) -> bool {
        self.edited.keys().any(|id| (COPIES..OTHER_HANDS).contains(&id.get()))
    }

    /// As a run of its own, without which nobody would be linked.
    pub(super) async fn sync(&mut self) {
        self.clear_faults();
        let plan = self.harness.plan_with_consent().await;
        self.harness.linx().apply_sync(&plan).await.unwrap();
    }

    /// Who has had a number from the beginning, and is still in the directory.
    fn first_with(&self, number: &str) -> Option<PersonId> {
        self.harness.procore.with_state(|state| {
            let mut people = state.people.keys();
            let first = people.find(|id| number.ends_with(&(id.get() % 1000).to_string()));
            first.copied()
        })
    }

    fn make_anew(&self, number: &str) {
        if let Some(first) = self.first_with(number) {
            self.harness.hire_in_procore(number, |_| ());
            self.harness.procore.with_state(|state| state.people.remove(&first));
        }
    }

    /// Procore merges two people into one; the time of the first is the other's from then on.
    async fn merge(&mut self, number: &str, other: &str) {
        let Some(link) = self.harness.link_to(&format!("p-{}", &number[2..])).await else {
            return;
        };
        if number == other || self.first_with(number).is_none() {
            return;
        }
        self.tell(format!("{number} is merged into {other}"));
        self.harness.dismiss_in_procore(number);
        self.harness.linx().unlink(&[link.office]).await.unwrap();
        self.harness.export.same_person = [(number.to_owned(), other.to_owned())].into();
    }
}

fn without_mark(entry: &mut Entry) {
    (entry.origin_id, entry.origin_data) = (None, None);
}
