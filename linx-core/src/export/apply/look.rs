//! Reading Procore back: what stands on a worker's day now (hazards A1, A15, B16).

use chrono::NaiveDate;

use super::conclusion::Conclusion;
use crate::change::LineChange;
use crate::export::diff::until;
use crate::ledger::recover::{self, Found};
use crate::ledger::{Effect, LedgerError, StoredLine};
use crate::linx::Linx;
use crate::model::{Entry, WorkerId};
use crate::ports::{PortError, SentEntries};
use crate::settings::OtherHands;

impl Linx {
    /// Reads the entries of a worker's day as Procore has them now. Errors with why they are not known.
    ///
    /// What was sent is given for the last look before a change, which compares with it; not for reading back, where
    /// whether it stands there is the question.
    pub(super) async fn worker_day(
        &self,
        worker: WorkerId,
        date: NaiveDate,
        sent: &SentEntries<'_>,
    ) -> Result<Vec<Entry>, DayUnread> {
        match self.office.entries(date, date, Some(worker), sent).await {
            Ok(entries) if entries.proves_absence() => Ok(entries.rows),
            Ok(_) => Err(DayUnread {
                words: "the worker's day could not be read completely".into(),
                error: None,
            }),
            Err(error) => Err(DayUnread {
                words: format!("the worker's day could not be read: {error}"),
                error: Some(error),
            }),
        }
    }

    /// Judges by its worker's day whether a change was applied. `None` is no proof that it was not: its request may still
    /// arrive (hazard A15).
    pub(super) async fn judge(
        &self,
        change: &LineChange,
        entries: &[Entry],
    ) -> Result<Option<(Effect, Conclusion)>, LedgerError> {
        let date = change.key.date;
        let lines = self.ledger.lines(date, date).await?;
        let known = lines.into_iter().map(|line| line.entry).collect();
        let beside = self.export.other_hands == OtherHands::Beside
            || self
                .ledger
                .beside(date, date)
                .await?
                .contains(&(change.key.worker, date));
        Ok(match recover::found(change, entries, &known, beside) {
            Found::Stands(entry) => {
                let effect = Effect::LineStored(Box::new(StoredLine::answered(change, &entry)));
                Some((effect, Conclusion::stored(change, &entry)))
            }
            Found::Gone => Some((Effect::of_deletion(change), Conclusion::Done)),
            Found::NotApplied => None,
        })
    }

    /// The conclusion of a line that was sent just now and got no answer that tells.
    pub(super) fn waits(&self, words: &str) -> Conclusion {
        let mut refusal = until(self.clock.now() + self.settle.span(), true);
        refusal.detail = format!("{} ({words})", refusal.detail);
        Conclusion::Waits(refusal)
    }
}

/// Why a worker's day is not known.
pub(super) struct DayUnread {
    /// For a person.
    pub(super) words: String,
    /// What the port said, if it failed.
    pub(super) error: Option<PortError>,
}
