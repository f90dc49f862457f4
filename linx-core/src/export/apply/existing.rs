//! Changes and deletions of entries, each after a last look at its worker's day (hazards B6, B16, D16, D18).

use chrono::{DateTime, TimeDelta, Utc};

use super::conclusion::{Conclusion, not_applied, not_asked};
use super::round::{Round, changes_existing};
use crate::change::{LineAction, LineChange};
use crate::hold::{Reason, Refusal};
use crate::ledger::recover;
use crate::ledger::{Effect, IntentId, LedgerError, Outcome, StoredLine, Write};
use crate::linx::is_away;
use crate::model::Entry;
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
    /// Writes those of `changes` that change or delete an entry and of which nothing is concluded yet. The entries of each
    /// worker's day are read once more directly before: what was changed since the plan read them stays as it is.
    pub(super) async fn write_existing(&mut self, changes: &[&LineChange]) -> Result<(), LedgerError> {
        let open = changes.iter().copied();
        let open: Vec<&LineChange> = open
            .filter(|change| changes_existing(change) && self.is_open(change))
            .collect();
        let day = |change: &LineChange| (change.key.worker, change.key.date);
        for changes in open.chunk_by(|one, other| day(one) == day(other)) {
            self.tell_progress();
            self.write_day(changes).await?;
            if self.availability.is_paused() {
                break;
            }
        }
        Ok(())
    }

    /// Writes changes of one worker's day after one look at it, and after another one where a write took long or got no answer:
    /// somebody may have been at the next entry meanwhile.
    async fn write_day(&mut self, changes: &[&LineChange]) -> Result<(), LedgerError> {
        let mut seen: Option<(DateTime<Utc>, Vec<Entry>)> = None;
        for (at, change) in changes.iter().enumerate() {
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
            if self.availability.is_paused() {
                return Ok(());
            }
            seen = Some(entries).filter(|_| is_still_good);
        }
        Ok(())
    }

    /// Reads the day of a change's worker; `None` when a limit ends the round. Errors with why nothing may be written there.
    async fn last_look(&mut self, change: &LineChange) -> Result<Option<Vec<Entry>>, Refusal> {
        if self.availability.is_gone() {
            return Err(not_asked(&self.availability));
        }
        let (worker, date) = (change.key.worker, change.key.date);
        let lines = self.known_of(worker, date).iter();
        let sent: SentEntries<'_> = lines
            .filter_map(|line| Some((line.entry, line.sent.as_ref()?)))
            .collect();
        let read = self.linx.worker_day(worker, date, &sent).await;
        if let Err(unread) = &read
            && let Some(error) = &unread.error
            && self.linx.pauses(error, &mut self.availability)
        {
            return Ok(None);
        }
        read.map(Some).map_err(|unread| match unread.error {
            Some(error) if is_away(&error) => {
                self.availability.note::<()>(&Err(error));
                Refusal::new(Reason::NotSent, unread.words)
            }
            _ => Refusal::new(Reason::IncompleteList, unread.words),
        })
    }

    /// Writes a change if its entry is as the plan found it. Returns whether the look is good for the next
    /// change of that day: nothing was sent that had to be read back.
    async fn write_as_planned(&mut self, change: &LineChange, entries: &[Entry]) -> Result<bool, LedgerError> {
        let mut is_still_good = true;
        let entry = entries.iter().find(|entry| Some(entry.id) == change.entry);
        let conclusion = match entry.filter(|entry| self.is_as_planned(change, entry, entries)) {
            None => {
                let which = change.entry.map_or_else(String::new, |id| format!("entry {id} "));
                Conclusion::failed(
                    Reason::StalePlan,
                    format!("{which}was changed in Procore after the plan was made"),
                )
            }
            Some(_) if self.availability.is_gone() => Conclusion::Failed(not_asked(&self.availability)),
            Some(_) => match self.write_line(change).await? {
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
    async fn write_line(&mut self, change: &LineChange) -> Result<Written, LedgerError> {
        let linx = self.linx;
        let write = Write::Line(Box::new(change.clone()));
        let intent = linx.ledger.record_intent(self.run, &write, linx.clock.now()).await?;
        self.conclusions.begin(change);
        let sent = self.send_line(change).await;
        self.availability.note(&sent);
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
        let is_paused = linx.pauses(&error, &mut self.availability);
        Ok(if is_paused {
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
