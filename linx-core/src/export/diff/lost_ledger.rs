//! What a ledger that took the place of a lost one cannot know (hazard B12).
//!
//! The lines that stand are found by their marks, and some that were deleted by those in Procore's list of deleted entries. Of
//! any other, nothing tells whether it was never written or the office has deleted it since, and what the office deleted is not
//! put back; nor, of one that an older copy of the ledger knows and that is gone, whether the office or the lost ledger deleted
//! it.

use chrono::{DateTime, NaiveDate, Utc};

use super::baseline::Baseline;
use super::comparison::Comparison;
use super::entry_index::EntryIndex;
use crate::change::{LineAction, LineKey};
use crate::export::tally::PlanTally;
use crate::hold::{Reason, Refusal};
use crate::ledger::{Gone, Provenance, StoredLine};

/// The lines in Procore that this ledger never wrote.
pub(in crate::export) struct LostLedger<'a> {
    recovered: Vec<&'a StoredLine>,
    /// Up to which day the lost ledger wrote: that on which the newest of those that stand was made, by the company, or the last
    /// day of one, if that is later.
    until: Option<NaiveDate>,
}

impl<'a> LostLedger<'a> {
    /// `day` is the company's day of an instant.
    pub(in crate::export) fn new(
        baseline: &Baseline<'a>,
        entries: &EntryIndex<'_>,
        day: impl Fn(DateTime<Utc>) -> NaiveDate,
    ) -> Self {
        let lines = baseline.lines.iter().copied();
        let recovered: Vec<_> = lines.filter(|line| line.provenance == Provenance::Recovered).collect();
        let made = |line: &&StoredLine| entries.get(line.entry)?.created.map(&day);
        let days = recovered.iter().map(|line| line.key.date);
        let until = days.chain(recovered.iter().filter_map(made)).max();
        Self { recovered, until }
    }

    /// Holds what would be made on the days up to that one: the lost ledger may have written it, and the office deleted it.
    pub(in crate::export) fn hold(&self, found: &mut Comparison, tally: &mut PlanTally) {
        let Some(until) = self.until else {
            return;
        };
        found.hold(tally, |change| {
            let may_be_deleted = change.action == LineAction::Create && change.key.date <= until;
            let detail = format!("{} such lines, written up to {until}", self.recovered.len());
            may_be_deleted.then(|| Refusal::new(Reason::LostLedger, detail))
        });
    }

    /// Whether a line whose entry is not there may have been deleted by the lost ledger: up to that day it wrote.
    pub(super) fn may_have_deleted(&self, line: &StoredLine) -> bool {
        self.until.is_some_and(|until| line.key.date <= until)
    }

    /// A person has compared these lines with Procore: from now on they count as this ledger's own, and what ExakTime has for those
    /// that were deleted is new.
    pub(in crate::export) fn accept(&self, is_compared: impl Fn(&LineKey) -> bool, found: &mut Comparison) {
        for line in self.recovered.iter().filter(|line| is_compared(&line.key)) {
            found.agreed.entry(line.key.clone()).or_insert_with(|| (*line).clone());
        }
        for known in found.agreed.values_mut().filter(|known| is_compared(&known.key)) {
            // What a person has put back since is that person's.
            if known.provenance == Provenance::Recovered {
                known.provenance = Provenance::Written;
                found.accepted.insert(known.key.clone());
                if known.notes.gone.is_some_and(Gone::is_deleted) {
                    known.notes.gone = Some(Gone::Agreed);
                }
            }
        }
    }

    /// What is to be told when such lines are met for the first time: `found` are those that the ledger does not have.
    pub(in crate::export) fn note<'l>(found: impl Iterator<Item = &'l StoredLine>) -> Option<String> {
        let first_met = found.filter(|line| line.provenance == Provenance::Recovered).count();
        (first_met > 0).then(|| {
            format!(
                "{first_met} lines stand in Procore, or were deleted there, that this ledger never wrote: a ledger was lost, or another one is at work \
                 for these companies"
            )
        })
    }
}
