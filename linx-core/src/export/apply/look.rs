//! Reading Procore back: what stands on a worker's day now (hazards A1, A15, B16).

use chrono::NaiveDate;

use super::conclusion::Conclusion;
use crate::change::LineChange;
use crate::export::diff::{Known, until};
use crate::ledger::recover::{self, Alike, Found};
use crate::ledger::{Direction, Effect, IntentId, LedgerError, Look, Missed, Outcome, StoredLine};
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

    /// Judges by its worker's day whether a change was applied: what it came to, or what was missed. That is no proof that it
    /// was not, or that what was to go is gone: another look concludes (hazard A15).
    async fn judge(
        &self,
        change: &LineChange,
        entries: &[Entry],
    ) -> Result<Result<(Effect, Conclusion), Missed>, LedgerError> {
        let date = change.key.date;
        let lines = self.ledger.lines(date, date).await?;
        let known = lines.into_iter().map(|line| line.entry).collect();
        let beside = self.export.other_hands == OtherHands::Beside
            || self
                .ledger
                .beside(date, date)
                .await?
                .contains_key(&(change.key.worker, date));
        Ok(
            match recover::found(change, entries, &known, Alike::by(entries, beside)) {
                Found::Stands(entry) => {
                    // What differs by now may be Procore's doing or a person's: it counts as a person's.
                    let effect = Effect::LineStored(Box::new(StoredLine::sent(change, entry.id)));
                    Ok((effect, Conclusion::stored(change, &entry)))
                }
                Found::Gone => Err(Missed::Target),
                Found::NotApplied => Err(Missed::Write),
            },
        )
    }

    /// Reads the worker's day of changes that got no answer.
    pub(super) async fn look_back(&self, worker: WorkerId, date: NaiveDate) -> LookBack {
        let began = self.clock.now();
        let entries = self.worker_day(worker, date, &SentEntries::default()).await.ok();
        LookBack {
            entries,
            look: self.look(Direction::Export, began, None),
        }
    }

    /// Concludes a change that got no answer, where a look at its worker's day shows what it came to. Otherwise the look is
    /// noted with the intent, if the day could be read; `words` say what was seen when it was sent.
    pub(super) async fn concluded(
        &self,
        change: &LineChange,
        intent: IntentId,
        back: &LookBack,
        words: &str,
    ) -> Result<Option<Conclusion>, LedgerError> {
        let Some(entries) = &back.entries else {
            return Ok(None);
        };
        match self.judge(change, entries).await? {
            Ok((effect, conclusion)) => {
                self.record_outcome(intent, &Outcome::Done(effect)).await?;
                Ok(Some(conclusion))
            }
            Err(missed) => {
                let noted = back.look.unseen(missed, Some(words.to_owned()));
                self.record_outcome(intent, &noted).await?;
                Ok(None)
            }
        }
    }

    /// The conclusion of a line that was sent just now and got no answer that tells.
    pub(super) fn waits(&self, words: &str) -> Conclusion {
        let mut refusal = until(Known::From(self.clock.now() + self.settle.span()), true);
        refusal.detail = format!("{} ({words})", refusal.detail);
        Conclusion::Waits(refusal)
    }
}

/// A worker's day, read after a write got no answer.
pub(super) struct LookBack {
    /// `None` where it could not be read to its end.
    entries: Option<Vec<Entry>>,
    look: Look,
}

/// Why a worker's day is not known.
pub(super) struct DayUnread {
    /// For a person.
    pub(super) words: String,
    /// What the port said, if it failed.
    pub(super) error: Option<PortError>,
}
