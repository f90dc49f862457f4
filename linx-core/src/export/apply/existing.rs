//! Changes and deletions of entries, each after a last look at its worker's day (hazards B6, B16, D16, D18).

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::future::join_all;

use super::conclusion::{Conclusion, not_applied, not_asked};
use super::look::DayUnread;
use super::round::{Round, changes_existing};
use super::side_by_side::take_next;
use crate::change::{LineAction, LineChange};
use crate::hold::{Reason, Refusal};
use crate::ledger::recover;
use crate::ledger::{Effect, IntentId, LedgerError, Outcome, StoredLine};
use crate::linx::is_away;
use crate::model::{Entry, WorkerId};
use crate::ports::{FailureKind, PortError, SentEntries};

/// How long a look at a worker's day is good for.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(5);

/// A look at a worker's day: when it was made, and what it showed.
type Seen = (DateTime<Utc>, Vec<Entry>);

/// The newest look at a day of each worker that is good for its next change.
#[derive(Default)]
struct Looks(BTreeMap<WorkerId, (NaiveDate, Seen)>);

impl Looks {
    /// Takes the look at a change's day, if it is not too old.
    fn take(&mut self, change: &LineChange, now: DateTime<Utc>) -> Option<Seen> {
        let (date, seen) = self.0.remove(&change.key.worker)?;
        let age = now.signed_duration_since(seen.0);
        let is_fresh = (TimeDelta::zero()..LOOK_AGAIN).contains(&age);
        (date == change.key.date && is_fresh).then_some(seen)
    }

    fn keep(&mut self, change: &LineChange, seen: Seen) {
        self.0.insert(change.key.worker, (change.key.date, seen));
    }
}

impl Round<'_> {
    /// Writes those of `changes` that change or delete an entry and of which nothing is concluded yet, those of several workers
    /// side by side. The entries of each worker's day are read once more directly before: what was changed since the plan read
    /// them stays as it is. They are read again after a write that took long or got no answer: somebody may have been at the
    /// next entry meanwhile.
    pub(super) async fn write_existing(&mut self, changes: &[&LineChange]) -> Result<(), LedgerError> {
        let open = changes.iter().copied();
        let mut queue: VecDeque<&LineChange> = open
            .filter(|change| changes_existing(change) && self.is_open(change))
            .collect();
        let mut looks = Looks::default();
        while !queue.is_empty() && !self.availability.is_paused() {
            self.tell_progress();
            let next = take_next(&mut queue);
            let (seen, unread) = self.look_at(next, &mut looks).await;
            for (change, refusal) in unread {
                let is_of_day = |other: &&LineChange| day_of(other) == day_of(change);
                for left in queue.iter().copied().filter(is_of_day).chain([change]) {
                    self.conclude(left, Conclusion::Failed(refusal.clone()));
                }
                queue.retain(|other| !is_of_day(other));
            }
            if self.availability.is_paused() {
                break;
            }
            self.write_as_planned(seen, &mut looks).await?;
        }
        Ok(())
    }

    /// Looks at the days of changes, but for those that were looked at just now. Returns each with what was seen, and those whose day
    /// is not known with the reason; neither where a limit ends the round.
    async fn look_at<'c>(
        &mut self,
        changes: Vec<&'c LineChange>,
        looks: &mut Looks,
    ) -> (Vec<(&'c LineChange, Seen)>, Vec<(&'c LineChange, Refusal)>) {
        let now = self.linx.clock.now();
        let (mut seen, mut unread, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        for change in changes {
            match looks.take(change, now) {
                Some(look) => seen.push((change, look)),
                None if self.availability.is_gone() => unread.push((change, not_asked(&self.availability))),
                None => asked.push(change),
            }
        }
        let answers = join_all(asked.iter().map(|change| self.last_look(change))).await;
        for (change, answer) in asked.into_iter().zip(answers) {
            match answer {
                Ok(entries) => seen.push((change, (now, entries))),
                Err(DayUnread { error: Some(error), .. }) if self.linx.pauses(&error, &mut self.availability) => {}
                Err(DayUnread { words, error }) => {
                    let error = error.filter(is_away);
                    let reason = if error.is_some() {
                        Reason::NotSent
                    } else {
                        Reason::IncompleteList
                    };
                    if let Some(error) = error {
                        self.availability.note::<()>(&Err(error));
                    }
                    unread.push((change, Refusal::new(reason, words)));
                }
            }
        }
        (seen, unread)
    }

    /// Reads the day of a change's worker.
    async fn last_look(&self, change: &LineChange) -> Result<Vec<Entry>, DayUnread> {
        let (worker, date) = day_of(change);
        let lines = self.known_of(worker, date).iter();
        let sent: SentEntries<'_> = lines
            .filter_map(|line| Some((line.entry, line.sent.as_ref()?)))
            .collect();
        self.linx.worker_day(worker, date, &sent).await
    }

    /// Writes changes whose entries are as the plan found them. Their looks are kept for the next changes of those days, but for those
    /// of which something was sent that had to be read back.
    async fn write_as_planned(
        &mut self,
        changes: Vec<(&LineChange, Seen)>,
        looks: &mut Looks,
    ) -> Result<(), LedgerError> {
        let mut writes = Vec::with_capacity(changes.len());
        for (change, seen) in changes {
            let entry = seen.1.iter().find(|entry| Some(entry.id) == change.entry);
            if !entry.is_some_and(|entry| self.is_as_planned(change, entry, &seen.1)) {
                let which = change.entry.map_or_else(String::new, |id| format!("entry {id} "));
                let words = format!("{which}was changed in Procore after the plan was made");
                self.conclude(change, Conclusion::failed(Reason::StalePlan, words));
            } else if self.availability.is_gone() {
                self.conclude(change, Conclusion::Failed(not_asked(&self.availability)));
            } else {
                writes.push(change);
            }
            looks.keep(change, seen);
        }
        for unanswered in self.write_lines(&writes).await? {
            looks.0.remove(&unanswered);
        }
        Ok(())
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

    /// Changes or deletes the entries of lines side by side, with the journal around it (hazard A1). Returns the workers whose days had
    /// to be read back.
    async fn write_lines(&mut self, changes: &[&LineChange]) -> Result<Vec<WorkerId>, LedgerError> {
        let linx = self.linx;
        let intents = self.intend(changes).await?;
        let sent = join_all(changes.iter().map(|change| self.send_line(change))).await;
        let (mut outcomes, mut answered, mut unanswered) = (Vec::new(), Vec::new(), Vec::new());
        for ((change, intent), answer) in changes.iter().copied().zip(intents).zip(sent) {
            self.availability.note(&answer);
            let error = match answer {
                Ok((effect, conclusion)) => {
                    outcomes.push((intent, Outcome::Done(effect)));
                    answered.push((change, conclusion));
                    continue;
                }
                Err(error) => error,
            };
            // Of an entry that is to go, 404 is no proof that it is gone: it may be a gateway's, or for want of a right.
            let is_told_gone = change.action == LineAction::Delete && error.kind() == FailureKind::NotFound;
            if error.may_be_applied() || is_told_gone {
                // Durable before the target is read: a crash in between leaves an open intent, not a guess.
                outcomes.push((intent, Outcome::Unknown(error.to_string())));
                unanswered.push((change, intent, error));
                continue;
            }
            outcomes.push((intent, Outcome::Refused(error.words().to_owned())));
            if !linx.pauses(&error, &mut self.availability) {
                answered.push((change, not_applied(&error)));
            }
        }
        linx.record_outcomes(&outcomes).await?;
        for (change, conclusion) in answered {
            self.conclude(change, conclusion);
        }
        let mut read_back = Vec::with_capacity(unanswered.len());
        for (change, intent, error) in unanswered {
            let conclusion = self.unanswered(intent, change, &error).await?;
            self.conclude(change, conclusion);
            read_back.push(change.key.worker);
        }
        Ok(read_back)
    }

    /// Looks whether a change that got no answer was applied. One that was not may still arrive (hazard A15).
    async fn unanswered(
        &self,
        intent: IntentId,
        change: &LineChange,
        error: &PortError,
    ) -> Result<Conclusion, LedgerError> {
        let linx = self.linx;
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

fn day_of(change: &LineChange) -> (WorkerId, NaiveDate) {
    (change.key.worker, change.key.date)
}
