//! Changes and deletions of entries, each after a last look at its worker's day (hazards B6, B16, D16, D18).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};

use super::conclusion::{Conclusion, not_applied};
use super::round::{Round, changes_existing};
use super::side_by_side::WORKERS_AT_ONCE;
use crate::change::{LineAction, LineChange};
use crate::hold::{Reason, Refusal};
use crate::ledger::recover;
use crate::ledger::{Effect, IntentId, LedgerError, Outcome, StoredLine, Write};
use crate::linx::is_away;
use crate::model::{Entry, WorkerId};
use crate::ports::{FailureKind, PortError, SentEntries};

/// How long a look at a worker's day is good for.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(5);

/// What came of a write.
enum Written {
    Answered(Conclusion),
    /// It got no answer that tells, and its worker's day was read back.
    LookedBack(Conclusion),
    /// A limit ends the round.
    Paused,
}

impl Round<'_> {
    /// Writes those of `changes` that change or delete an entry and of which nothing is concluded yet, those of several workers side
    /// by side. The entries of each worker's day are read once more directly before: what was changed since the plan read them
    /// stays as it is. Where the ledger fails, what is under way is finished and nothing else is begun.
    pub(super) async fn write_existing(&self, changes: &[&LineChange]) -> Result<(), LedgerError> {
        let mut workers: BTreeMap<WorkerId, Vec<&LineChange>> = BTreeMap::new();
        for change in changes {
            if changes_existing(change) && self.is_open(change) {
                workers.entry(change.key.worker).or_default().push(change);
            }
        }
        let failed = OnceLock::new();
        stream::iter(workers.into_values())
            .for_each_concurrent(WORKERS_AT_ONCE, |changes| self.write_worker(changes, &failed))
            .await;
        failed.into_inner().map_or(Ok(()), Err)
    }

    /// Writes the changes of one worker, day after day.
    async fn write_worker(&self, changes: Vec<&LineChange>, failed: &OnceLock<LedgerError>) {
        for changes in changes.chunk_by(|one, other| one.key.date == other.key.date) {
            self.tell_progress();
            if let Err(error) = self.write_day(changes, failed).await {
                // One error is told; the others are of the same ledger.
                let _ = failed.set(error);
            }
        }
    }

    /// Writes changes of one worker's day after one look at it, and after another one where a write took long or got no answer:
    /// somebody may have been at the next entry meanwhile.
    async fn write_day(&self, changes: &[&LineChange], failed: &OnceLock<LedgerError>) -> Result<(), LedgerError> {
        let mut seen: Option<(DateTime<Utc>, Vec<Entry>)> = None;
        for (at, change) in changes.iter().enumerate() {
            if self.is_paused() || failed.get().is_some() {
                return Ok(());
            }
            let now = self.linx.clock.now();
            let is_fresh = |looked: DateTime<Utc>| (TimeDelta::zero()..LOOK_AGAIN).contains(&(now - looked));
            let entries = match seen.take().filter(|(looked, _)| is_fresh(*looked)) {
                Some((looked, entries)) => (looked, entries),
                None => match self.last_look(change).await {
                    Ok(None) => return Ok(()),
                    Ok(Some(entries)) => (now, entries),
                    Err(refusal) => {
                        for change in &changes[at..] {
                            self.conclude(change, Conclusion::Failed(refusal.clone()));
                        }
                        return Ok(());
                    }
                },
            };
            let is_still_good = self.write_as_planned(change, &entries.1).await?;
            seen = Some(entries).filter(|_| is_still_good);
        }
        Ok(())
    }

    /// Reads the day of a change's worker; `None` when a limit ends the round. Errors with why nothing may be written there.
    async fn last_look(&self, change: &LineChange) -> Result<Option<Vec<Entry>>, Refusal> {
        if let Some(why) = self.is_gone() {
            return Err(why);
        }
        let (worker, date) = (change.key.worker, change.key.date);
        let lines = self.known_of(worker, date).iter();
        let sent: SentEntries<'_> = lines
            .filter_map(|line| Some((line.entry, line.sent.as_ref()?)))
            .collect();
        let read = self.linx.worker_day(worker, date, &sent).await;
        if let Err(unread) = &read
            && let Some(error) = &unread.error
            && self.pauses(error)
        {
            return Ok(None);
        }
        read.map(Some).map_err(|unread| match unread.error {
            Some(error) if is_away(&error) => {
                self.so_far().availability.note::<()>(&Err(error));
                Refusal::new(Reason::NotSent, unread.words)
            }
            _ => Refusal::new(Reason::IncompleteList, unread.words),
        })
    }

    /// Writes a change if its entry is as the plan found it. Returns whether the look is good for the next
    /// change of that day: nothing was sent that had to be read back.
    async fn write_as_planned(&self, change: &LineChange, entries: &[Entry]) -> Result<bool, LedgerError> {
        let mut is_still_good = true;
        let entry = entries.iter().find(|entry| Some(entry.id) == change.entry);
        let conclusion = match (
            entry.filter(|entry| self.is_as_planned(change, entry, entries)),
            self.is_gone(),
        ) {
            (None, _) => {
                let which = change.entry.map_or_else(String::new, |id| format!("entry {id} "));
                Conclusion::failed(
                    Reason::StalePlan,
                    format!("{which}was changed in Procore after the plan was made"),
                )
            }
            (Some(_), Some(why)) => Conclusion::Failed(why),
            (Some(_), None) => match self.write_line(change).await? {
                Written::Answered(conclusion) => conclusion,
                Written::LookedBack(conclusion) => {
                    is_still_good = false;
                    conclusion
                }
                Written::Paused => return Ok(true),
            },
        };
        self.conclude(change, conclusion);
        Ok(is_still_good)
    }

    /// Whether nobody has changed, approved or signed an entry since, and the overtime rules have not split it.
    fn is_as_planned(&self, change: &LineChange, entry: &Entry, entries: &[Entry]) -> bool {
        // Of a line that stands twice, the entry that is to be left must be there still (hazard B15).
        let is_left = |elder| entries.iter().any(|entry| entry.id == elder);
        if !change.double_of.is_none_or(is_left) {
            return false;
        }
        let untouched = match change.action {
            LineAction::Delete => entry.content == change.content,
            LineAction::Create | LineAction::Update => {
                let mut lines = self.known_of(change.key.worker, change.key.date).iter();
                let line = lines.find(|line| line.key == change.key);
                line.is_some_and(|line| recover::holds_ours(entry, line))
            }
        };
        entry.is_open() && entry.parts.is_empty() && untouched
    }

    /// Changes or deletes the entry of a line, with the journal around it (hazard A1).
    async fn write_line(&self, change: &LineChange) -> Result<Written, LedgerError> {
        let linx = self.linx;
        let write = Write::Line(Box::new(change.clone()));
        let intent = linx.ledger.record_intent(self.run, &write, linx.clock.now()).await?;
        self.so_far().conclusions.begin(change);
        let sent = self.send_line(change).await;
        self.so_far().availability.note(&sent);
        let error = match sent {
            Ok((effect, conclusion)) => {
                linx.record_outcome(intent, &Outcome::Done(effect)).await?;
                return Ok(Written::Answered(conclusion));
            }
            Err(error) => error,
        };
        // Of an entry that is to go, 404 is no proof that it is gone: it may be a gateway's, or for want of a right.
        let is_told_gone = change.action == LineAction::Delete && error.kind() == FailureKind::NotFound;
        if error.may_be_applied() || is_told_gone {
            let conclusion = self.unanswered(intent, change, &error).await?;
            return Ok(Written::LookedBack(conclusion));
        }
        linx.record_outcome(intent, &Outcome::Refused(error.words().to_owned()))
            .await?;
        Ok(if self.pauses(&error) {
            Written::Paused
        } else {
            Written::Answered(not_applied(&error))
        })
    }

    /// Looks whether a change that got no answer was applied. One that was not may still arrive (hazard A15).
    async fn unanswered(
        &self,
        intent: IntentId,
        change: &LineChange,
        error: &PortError,
    ) -> Result<Conclusion, LedgerError> {
        let linx = self.linx;
        // Durable before the target is read: a crash in between leaves an open intent, not a guess.
        linx.record_outcome(intent, &Outcome::Unknown(error.to_string()))
            .await?;
        let back = linx.look_back(change.key.worker, change.key.date).await;
        let concluded = linx.concluded(change, intent, &back, &error.to_string()).await?;
        Ok(concluded.unwrap_or_else(|| linx.waits(error.words())))
    }

    /// Sends a change once.
    async fn send_line(&self, change: &LineChange) -> Result<(Effect, Conclusion), PortError> {
        let office = &self.linx.office;
        match (change.action, change.entry) {
            (LineAction::Update, Some(id)) => {
                let mark = recover::mark(&change.key, &change.content);
                let entry = office.update_entry(id, &change.content, &mark).await?;
                let line = StoredLine::answered(change, &entry);
                Ok((Effect::LineStored(Box::new(line)), Conclusion::stored(change, &entry)))
            }
            (LineAction::Delete, Some(id)) => {
                office.delete_entry(id).await?;
                Ok((Effect::of_deletion(change.key.clone(), change.entry), Conclusion::Done))
            }
            (LineAction::Create, _) | (LineAction::Update | LineAction::Delete, None) => {
                let words = format!("not sent: no entry was named to {}", change.action.as_str());
                Err(PortError::not_applied(FailureKind::Unsupported, words))
            }
        }
    }
}
