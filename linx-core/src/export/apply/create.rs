//! Sends new entries by their batches, with the journal around each send (hazards A1, A10, B9).

use std::collections::{BTreeMap, BTreeSet, VecDeque, btree_map};

use chrono::NaiveDate;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::batches::{Batch, pack};
use super::conclusion::{Conclusion, not_applied};
use super::look::LookBack;
use super::round::Round;
use super::side_by_side::{BATCHES_AT_ONCE, take_next};
use crate::change::LineChange;
use crate::hold::{Reason, Refusal};
use crate::ledger::{Effect, IntentId, LedgerError, Outcome, StoredLine, recover};
use crate::linx::is_away;
use crate::model::{Entry, EntryEndpoint, ProjectId, TimesheetId, WorkerId};
use crate::ports::{FailureKind, NewEntry, PortError};
use crate::settings::Timesheets;

/// A change on its way, with the intent to make it.
type Intended<'a> = (&'a LineChange, IntentId);

/// A batch that was sent, with its intents and what was answered.
type Sent<'a> = (Batch<'a>, Vec<Intended<'a>>, Result<Vec<Option<Entry>>, PortError>);

/// What is left to do after a send.
enum Next<'a> {
    Nothing,
    /// These batches in place of the one that was sent.
    Again(Vec<Batch<'a>>),
    /// These lines by another endpoint.
    Elsewhere(Vec<&'a LineChange>),
}

/// The new entries of one round.
pub(super) struct Sender<'a, 'r> {
    round: &'r Round<'a>,
    /// Endpoints that refused the company.
    closed: BTreeSet<EntryEndpoint>,
    /// The timesheet of each project's day, or why there is none.
    sheets: BTreeMap<(ProjectId, NaiveDate), Result<TimesheetId, Conclusion>>,
}

impl<'a, 'r> Sender<'a, 'r> {
    pub(super) fn new(round: &'r Round<'a>) -> Self {
        Self {
            round,
            closed: BTreeSet::new(),
            sheets: BTreeMap::new(),
        }
    }

    /// Sends every new entry, batches of different workers side by side, and comes to a conclusion for each. Errors when the
    /// ledger fails.
    pub(super) async fn send_all(&mut self, creates: Vec<&'a LineChange>) -> Result<(), LedgerError> {
        let mut waiting = creates;
        while !waiting.is_empty() {
            let packed = pack(waiting.drain(..), self.round.plan.endpoint, &self.closed);
            for (change, field) in packed.stuck {
                self.round
                    .conclude(change, Conclusion::failed(Reason::NoEndpoint, field));
            }
            let mut queue: VecDeque<Batch<'a>> = packed.batches.into();
            while !queue.is_empty() {
                if self.round.is_paused() {
                    return Ok(());
                }
                self.round.tell_progress();
                if let Some(why) = self.round.is_gone() {
                    for change in queue.drain(..).flat_map(|batch| batch.changes) {
                        self.round.conclude(change, Conclusion::Failed(why.clone()));
                    }
                    continue;
                }
                let mut batches = take_next(&mut queue);
                batches.retain(|batch| {
                    let is_closed = self.closed.contains(&batch.endpoint);
                    waiting.extend(batch.changes.iter().filter(|_| is_closed));
                    !is_closed
                });
                for next in self.send(batches).await? {
                    match next {
                        Next::Nothing => {}
                        Next::Again(batches) => batches.into_iter().rev().for_each(|batch| queue.push_front(batch)),
                        Next::Elsewhere(changes) => waiting.extend(changes),
                    }
                }
            }
        }
        Ok(())
    }

    /// Sends batches side by side, each once: the intents of all lines before, and what is stored as soon as its answer is there, so that
    /// it is known whatever becomes of the others (hazard A1).
    async fn send(&mut self, batches: Vec<Batch<'a>>) -> Result<Vec<Next<'a>>, LedgerError> {
        let mut prepared = Vec::with_capacity(batches.len());
        for batch in batches {
            let (changes, entries): (Vec<_>, Vec<_>) = self.prepare(&batch).await.into_iter().unzip();
            if self.round.is_paused() {
                return Ok(Vec::new());
            }
            if !entries.is_empty() {
                let endpoint = batch.endpoint;
                prepared.push((Batch { endpoint, changes }, entries));
            }
        }
        let all: Vec<&LineChange> = prepared
            .iter()
            .flat_map(|(batch, _)| batch.changes.iter().copied())
            .collect();
        let mut intents = self.round.intend(&all).await?.into_iter();
        let office = &self.round.linx.office;
        let requests: FuturesUnordered<_> = prepared
            .into_iter()
            .map(|(batch, entries)| {
                let intended: Vec<Intended<'a>> = batch.changes.iter().copied().zip(intents.by_ref()).collect();
                async move {
                    let answer = office.create_entries(batch.endpoint, &entries).await;
                    (batch, intended, answer)
                }
            })
            .collect();
        let mut answers = requests.ready_chunks(BATCHES_AT_ONCE);
        let (mut sent, mut failed) = (Vec::new(), None);
        while let Some(answered) = answers.next().await {
            for (_, _, answer) in &answered {
                self.round.so_far().availability.note(answer);
            }
            // What is under way is waited for, also when the ledger fails.
            failed = failed.or(self.record_stored(&answered).await.err());
            sent.extend(answered);
        }
        if let Some(error) = failed {
            return Err(error);
        }
        let mut next = Vec::with_capacity(sent.len());
        for (batch, intended, answer) in sent {
            next.push(self.answered(&batch, intended, answer).await?);
        }
        Ok(next)
    }

    /// Records in one go what is known to be stored, and concludes it.
    async fn record_stored(&self, sent: &[Sent<'a>]) -> Result<(), LedgerError> {
        let (mut outcomes, mut stored) = (Vec::new(), Vec::new());
        for (_, intended, answer) in sent {
            for ((change, intent), answer) in intended.iter().zip(answer.iter().flatten()) {
                if let Some(entry) = answer {
                    let effect = Effect::LineStored(Box::new(StoredLine::answered(change, entry)));
                    outcomes.push((*intent, Outcome::Done(effect)));
                    stored.push((*change, Conclusion::stored(change, entry)));
                }
            }
        }
        self.round.linx.record_outcomes(&outcomes).await?;
        for (change, conclusion) in stored {
            self.round.conclude(change, conclusion);
        }
        Ok(())
    }

    /// Comes to a conclusion for the lines of a batch that was sent, but for those that are known to be stored.
    async fn answered(
        &mut self,
        batch: &Batch<'a>,
        intended: Vec<Intended<'a>>,
        answer: Result<Vec<Option<Entry>>, PortError>,
    ) -> Result<Next<'a>, LedgerError> {
        match answer {
            Ok(answers) => {
                let answers = answers.into_iter().chain(std::iter::repeat(None));
                let without = intended.into_iter().zip(answers).filter(|(_, answer)| answer.is_none());
                let unanswered = without.map(|(intended, _)| intended).collect();
                let words = "Procore's answer does not tell of it";
                let unseen = self.read_back(unanswered, words).await?;
                self.wait_for(unseen, words);
                Ok(Next::Nothing)
            }
            Err(error) if error.may_be_applied() => {
                let many = intended.len() > 1;
                let unseen = self.read_back(intended, error.words()).await?;
                // A refusal of many does not say of which (hazard A16): what is not there now was refused.
                if many && matches!(error.kind(), FailureKind::Refused | FailureKind::Forbidden) {
                    return self.refused(batch, unseen, &error).await;
                }
                self.wait_for(unseen, error.words());
                Ok(Next::Nothing)
            }
            Err(error) => {
                if self.round.pauses(&error) {
                    self.close_refused(&intended, &error).await?;
                    return Ok(Next::Nothing);
                }
                self.refused(batch, intended, &error).await
            }
        }
    }

    /// Lets lines wait until it is known whether they arrived.
    fn wait_for(&mut self, unseen: Vec<Intended<'a>>, words: &str) {
        for (change, _) in unseen {
            self.round.conclude(change, self.round.linx.waits(words));
        }
    }

    /// The entries of a batch with the timesheets that they go into. A line whose timesheet cannot be had is held. Those for
    /// which a limit ended the round are left to the next one.
    async fn prepare(&mut self, batch: &Batch<'a>) -> Vec<(&'a LineChange, NewEntry)> {
        let mut entries = Vec::with_capacity(batch.changes.len());
        for &change in &batch.changes {
            let timesheet = match self.round.plan.timesheets {
                Timesheets::Individual => None,
                Timesheets::Shared => match self.sheet(change.content.coding.project, change.content.date).await {
                    Ok(timesheet) => Some(timesheet),
                    Err(_) if self.round.is_paused() => break,
                    Err(why) => {
                        self.round.conclude(change, why);
                        continue;
                    }
                },
            };
            let entry = NewEntry {
                content: change.content.clone(),
                mark: recover::mark(&change.key, &change.content),
                unique_id: Some(self.round.unique_id(&change.key)),
                timesheet,
            };
            entries.push((change, entry));
        }
        entries
    }

    /// The pending timesheet of a project's day: the one that is there, else a new one; asked for once a round. Errors with
    /// what becomes of its lines.
    async fn sheet(&mut self, project: ProjectId, date: NaiveDate) -> Result<TimesheetId, Conclusion> {
        if let Some(known) = self.sheets.get(&(project, date)) {
            return known.clone();
        }
        if let Some(why) = self.round.is_gone() {
            return Err(Conclusion::Failed(why));
        }
        let sheet = self.find_or_make_sheet(project, date).await;
        self.round.so_far().availability.note(&sheet);
        let sheet = match sheet {
            Ok(sheet) => Ok(sheet),
            Err(error) => {
                self.round.pauses(&error);
                Err(without_sheet(&error))
            }
        };
        self.sheets.insert((project, date), sheet.clone());
        sheet
    }

    /// After an unknown outcome the list is read again, and no second one is made in this round (procore-api.md trap 15).
    async fn find_or_make_sheet(&self, project: ProjectId, date: NaiveDate) -> Result<TimesheetId, PortError> {
        if let Some(sheet) = self.find_sheet(project, date).await? {
            return Ok(sheet);
        }
        match self.round.linx.office.create_timesheet(project, date).await {
            Err(error) if error.may_be_applied() => self.find_sheet(project, date).await?.ok_or(error),
            answer => answer,
        }
    }

    async fn find_sheet(&self, project: ProjectId, date: NaiveDate) -> Result<Option<TimesheetId>, PortError> {
        let there = self.round.linx.office.timesheets(project, date).await?;
        if !there.proves_absence() {
            let words = format!("the timesheets of project:{project} on {date} could not be read completely");
            return Err(PortError::not_applied(FailureKind::Unreadable, words));
        }
        let pending = there.rows.iter().filter(|sheet| sheet.pending && sheet.date == date);
        Ok(pending.map(|sheet| sheet.id).min())
    }

    /// What to do with lines that were refused and are not stored. A refusal of many is taken apart, so that a bad line
    /// holds itself only; an endpoint that is not open to the company is left for the run.
    async fn refused(
        &mut self,
        batch: &Batch<'a>,
        intended: Vec<Intended<'a>>,
        error: &PortError,
    ) -> Result<Next<'a>, LedgerError> {
        self.close_refused(&intended, error).await?;
        let changes: Vec<&LineChange> = intended.into_iter().map(|(change, _)| change).collect();
        if changes.is_empty() {
            return Ok(Next::Nothing);
        }
        if error.kind() == FailureKind::Forbidden && batch.endpoint != EntryEndpoint::SingleEntries {
            if self.closed.insert(batch.endpoint) {
                self.round.so_far().notes.push(format!(
                    "Procore does not let this company write by {} ({}): other ways were used",
                    batch.endpoint.as_str(),
                    error.words()
                ));
            }
            return Ok(Next::Elsewhere(changes));
        }
        if error.kind() == FailureKind::Refused && changes.len() > 1 {
            let left = Batch {
                changes,
                endpoint: batch.endpoint,
            };
            return Ok(Next::Again(left.halves().into()));
        }
        for change in changes {
            self.round.conclude(change, not_applied(error));
        }
        Ok(Next::Nothing)
    }

    /// Closes intents whose request was refused.
    async fn close_refused(&self, intended: &[Intended<'a>], error: &PortError) -> Result<(), LedgerError> {
        let outcome = Outcome::Refused(error.words().to_owned());
        let outcomes: Vec<_> = intended.iter().map(|(_, intent)| (*intent, outcome.clone())).collect();
        self.round.linx.record_outcomes(&outcomes).await
    }

    /// Reads back the day of each worker whose lines have an unknown outcome, concludes what stands, and returns what was not
    /// seen: which proves nothing yet (hazard A15).
    async fn read_back(&mut self, unknown: Vec<Intended<'a>>, words: &str) -> Result<Vec<Intended<'a>>, LedgerError> {
        let linx = self.round.linx;
        // Durable before the target is read: a crash in between leaves open intents, not a guess.
        let outcome = Outcome::Unknown(words.to_owned());
        let outcomes: Vec<_> = unknown.iter().map(|(_, intent)| (*intent, outcome.clone())).collect();
        linx.record_outcomes(&outcomes).await?;
        let mut days: BTreeMap<(WorkerId, NaiveDate), LookBack> = BTreeMap::new();
        let mut unseen = Vec::new();
        for (change, intent) in unknown {
            let day = (change.key.worker, change.key.date);
            if let btree_map::Entry::Vacant(unread) = days.entry(day) {
                unread.insert(linx.look_back(day.0, day.1).await);
            }
            match linx.concluded(change, intent, &days[&day], words).await? {
                Some(conclusion) => self.round.conclude(change, conclusion),
                None => unseen.push((change, intent)),
            }
        }
        Ok(unseen)
    }
}

/// The conclusion of lines whose timesheet cannot be had: they are not sent, or not yet.
fn without_sheet(error: &PortError) -> Conclusion {
    if error.may_be_applied() {
        let detail = format!("its timesheet was asked for, and that got no answer: {}", error.words());
        return Conclusion::Waits(Refusal::new(Reason::UnknownOutcome, detail));
    }
    if is_away(error) {
        return not_applied(error);
    }
    Conclusion::failed(Reason::NoTimesheet, error.words())
}
