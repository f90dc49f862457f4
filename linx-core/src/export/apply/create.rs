//! Sends new entries by their batches, with the journal around each send (hazards A1, A10, B9).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::NaiveDate;

use super::batches::{Batch, pack};
use crate::change::{LineChange, LineKey};
use crate::export::report::LineResult;
use crate::hold::{Reason, Refusal};
use crate::ledger::recover::{self, Found};
use crate::ledger::{Effect, IntentId, LedgerError, Outcome, RunId, StoredLine, Write};
use crate::linx::Linx;
use crate::model::{Entry, EntryEndpoint, ProjectId, TimesheetId, WorkerId};
use crate::plan::ExportPlan;
use crate::ports::{FailureKind, NewEntry, PortError, Progress, SentEntries};
use crate::settings::Timesheets;

/// How often a line is sent at most. It is sent again only when its outcome was unknown and Procore was read and does
/// not have it.
pub(in crate::export) const TRIES: usize = 2;

/// What became of a line, with the reason where a person has to know of it: why it was not written, or what Procore
/// stored otherwise.
pub(in crate::export) type LineConclusion = (LineResult, Option<Refusal>);

pub(in crate::export) fn failed(reason: Reason, detail: impl Into<String>) -> LineConclusion {
    (LineResult::Failed, Some(Refusal::new(reason, detail.into())))
}

/// A change on its way, with the intent to make it.
type Intended<'a> = (&'a LineChange, IntentId);

/// What is left to do after a send.
enum Next<'a> {
    Nothing,
    /// These batches in place of the one that was sent.
    Again(Vec<Batch<'a>>),
    /// These lines by another endpoint.
    Elsewhere(Vec<&'a LineChange>),
}

/// The new entries of one run.
pub(in crate::export) struct Sender<'a> {
    linx: &'a Linx,
    run: RunId,
    plan: &'a ExportPlan,
    /// Endpoints that refused the company.
    closed: BTreeSet<EntryEndpoint>,
    /// The timesheet of each project's day, or why there is none.
    sheets: BTreeMap<(ProjectId, NaiveDate), Result<TimesheetId, String>>,
    pub(in crate::export) conclusions: BTreeMap<LineKey, LineConclusion>,
    pub(in crate::export) notes: Vec<String>,
}

impl<'a> Sender<'a> {
    pub(in crate::export) fn new(linx: &'a Linx, run: RunId, plan: &'a ExportPlan) -> Self {
        Self {
            linx,
            run,
            plan,
            closed: BTreeSet::new(),
            sheets: BTreeMap::new(),
            conclusions: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Sends every new entry, and keeps a conclusion for each. `before` is how many lines were concluded earlier, for
    /// the observer. Errors when the ledger fails.
    pub(in crate::export) async fn send_all(
        &mut self,
        creates: Vec<&'a LineChange>,
        before: usize,
    ) -> Result<(), LedgerError> {
        let mut waiting = creates;
        while !waiting.is_empty() {
            let packed = pack(waiting.drain(..), self.plan.endpoint, &self.closed);
            for (change, field) in packed.stuck {
                self.conclude(change, failed(Reason::NoEndpoint, field));
            }
            let mut queue: VecDeque<Batch<'a>> = packed.batches.into();
            while let Some(batch) = queue.pop_front() {
                self.linx.observer.progress(Progress::Writing {
                    done: before + self.conclusions.len(),
                    of: self.plan.changes.len(),
                });
                if self.closed.contains(&batch.endpoint) {
                    waiting.extend(batch.changes);
                    continue;
                }
                match self.send(batch).await? {
                    Next::Nothing => {}
                    Next::Again(batches) => batches.into_iter().rev().for_each(|batch| queue.push_front(batch)),
                    Next::Elsewhere(changes) => waiting.extend(changes),
                }
            }
        }
        Ok(())
    }

    fn conclude(&mut self, change: &LineChange, conclusion: LineConclusion) {
        self.conclusions.insert(change.key.clone(), conclusion);
    }

    /// Sends a batch once: the intents of all its lines before, their outcomes after.
    async fn send(&mut self, batch: Batch<'a>) -> Result<Next<'a>, LedgerError> {
        let entries = self.prepare(&batch).await;
        let mut intended: Vec<Intended<'a>> = Vec::with_capacity(entries.len());
        for (change, _) in &entries {
            let write = Write::Line(Box::new((*change).clone()));
            let intent = self
                .linx
                .ledger
                .record_intent(self.run, &write, self.linx.clock.now())
                .await?;
            intended.push((change, intent));
        }
        let entries: Vec<NewEntry> = entries.into_iter().map(|(_, entry)| entry).collect();
        if entries.is_empty() {
            return Ok(Next::Nothing);
        }
        match self.linx.office.create_entries(batch.endpoint, &entries).await {
            Ok(answers) => {
                let mut unanswered = Vec::new();
                let answers = answers.into_iter().chain(std::iter::repeat(None));
                for ((change, intent), answer) in intended.into_iter().zip(answers) {
                    match answer {
                        Some(entry) => self.stored(change, intent, entry).await?,
                        None => unanswered.push((change, intent)),
                    }
                }
                let absent = self
                    .read_back(unanswered, "Procore's answer does not tell of it")
                    .await?;
                Ok(self.again(&batch, absent))
            }
            Err(error) if !error.may_be_applied() => {
                for (_, intent) in &intended {
                    self.linx
                        .record_outcome(*intent, &Outcome::Refused(error.words().to_owned()))
                        .await?;
                }
                let changes = intended.into_iter().map(|(change, _)| change).collect();
                Ok(self.refused(&batch, changes, &error))
            }
            Err(error) => {
                let many = intended.len() > 1;
                let absent = self.read_back(intended, error.words()).await?;
                // A refusal of many does not say of which (hazard A16): what is absent now was refused.
                Ok(match error.kind() {
                    FailureKind::Refused | FailureKind::Forbidden if many => self.refused(&batch, absent, &error),
                    _ => self.again(&batch, absent),
                })
            }
        }
    }

    /// The entries of a batch with the timesheets that they go into. A line whose timesheet cannot be had is held.
    async fn prepare(&mut self, batch: &Batch<'a>) -> Vec<(&'a LineChange, NewEntry)> {
        let mut entries = Vec::with_capacity(batch.changes.len());
        for &change in &batch.changes {
            let timesheet = match self.plan.timesheets {
                Timesheets::Individual => None,
                Timesheets::Shared => match self.sheet(change.content.coding.project, change.content.date).await {
                    Ok(timesheet) => Some(timesheet),
                    Err(why) => {
                        self.conclude(change, failed(Reason::NoTimesheet, why));
                        continue;
                    }
                },
            };
            let entry = NewEntry {
                content: change.content.clone(),
                mark: recover::mark(&change.key, &change.content),
                timesheet,
            };
            entries.push((change, entry));
        }
        entries
    }

    /// The pending timesheet of a project's day: the one that is there, else a new one; asked for once a run.
    async fn sheet(&mut self, project: ProjectId, date: NaiveDate) -> Result<TimesheetId, String> {
        if let Some(known) = self.sheets.get(&(project, date)) {
            return known.clone();
        }
        let sheet = self
            .find_or_make_sheet(project, date)
            .await
            .map_err(|error| error.words().to_owned());
        self.sheets.insert((project, date), sheet.clone());
        sheet
    }

    /// After an unknown outcome the list is read again: a repeat would make a second one (procore-api.md trap 15).
    async fn find_or_make_sheet(&self, project: ProjectId, date: NaiveDate) -> Result<TimesheetId, PortError> {
        let office = &self.linx.office;
        let mut lost = None;
        for _ in 0..TRIES {
            let there = office.timesheets(project, date).await?;
            if !there.proves_absence() {
                let words = format!("the timesheets of project:{project} on {date} could not be read completely");
                return Err(PortError::not_applied(FailureKind::Unreadable, words));
            }
            let pending = there.rows.iter().filter(|sheet| sheet.pending && sheet.date == date);
            if let Some(sheet) = pending.map(|sheet| sheet.id).min() {
                return Ok(sheet);
            }
            match office.create_timesheet(project, date).await {
                Err(error) if error.may_be_applied() => lost = Some(error),
                answer => return answer,
            }
        }
        let words = || PortError::not_applied(FailureKind::Unavailable, "no timesheet could be made");
        Err(lost.unwrap_or_else(words))
    }

    async fn stored(&mut self, change: &LineChange, intent: IntentId, entry: Entry) -> Result<(), LedgerError> {
        let effect = Effect::LineStored(Box::new(StoredLine::answered(change, &entry)));
        self.linx.record_outcome(intent, &Outcome::Done(effect)).await?;
        self.conclude(change, done(change, &entry));
        Ok(())
    }

    /// What to do with lines that were refused and are not stored. A refusal of many is taken apart, so that a bad line
    /// holds itself only; an endpoint that is not open to the company is left for the run.
    fn refused(&mut self, batch: &Batch<'a>, changes: Vec<&'a LineChange>, error: &PortError) -> Next<'a> {
        if changes.is_empty() {
            return Next::Nothing;
        }
        if error.kind() == FailureKind::Forbidden && batch.endpoint != EntryEndpoint::SingleEntries {
            self.closed.insert(batch.endpoint);
            self.notes.push(format!(
                "Procore does not let this company write by {} ({}): other ways were used",
                batch.endpoint.as_str(),
                error.words()
            ));
            return Next::Elsewhere(changes);
        }
        if error.kind() == FailureKind::Refused && changes.len() > 1 {
            let left = Batch {
                changes,
                endpoint: batch.endpoint,
                tries: batch.tries,
            };
            return Next::Again(left.halves().into());
        }
        for change in changes {
            self.conclude(change, failed(Reason::TargetRefused, error.words()));
        }
        Next::Nothing
    }

    /// Reads back the day of each worker whose lines have an unknown outcome, tells what stands, and returns what is
    /// absent.
    async fn read_back(&mut self, unknown: Vec<Intended<'a>>, words: &str) -> Result<Vec<&'a LineChange>, LedgerError> {
        // Durable before the target is read: a crash in between leaves open intents, not a guess.
        for (_, intent) in &unknown {
            self.linx
                .record_outcome(*intent, &Outcome::Unknown(words.to_owned()))
                .await?;
        }
        let mut days: BTreeMap<(WorkerId, NaiveDate), Result<Vec<Entry>, String>> = BTreeMap::new();
        let mut absent = Vec::new();
        for (change, intent) in unknown {
            let day = (change.key.worker, change.key.date);
            if let std::collections::btree_map::Entry::Vacant(unread) = days.entry(day) {
                unread.insert(self.linx.worker_day(day.0, day.1).await);
            }
            let (outcome, conclusion) = match &days[&day] {
                Err(words) => {
                    let conclusion = failed(Reason::UnknownOutcome, words.clone());
                    (Outcome::Unknown(words.clone()), Some(conclusion))
                }
                Ok(entries) => self.linx.judge(change, entries).await?,
            };
            self.linx.record_outcome(intent, &outcome).await?;
            match conclusion {
                Some(conclusion) => self.conclude(change, conclusion),
                None => absent.push(change),
            }
        }
        Ok(absent)
    }

    /// Sends once more what a batch did not leave in Procore, as often as that is allowed.
    fn again(&mut self, batch: &Batch<'a>, absent: Vec<&'a LineChange>) -> Next<'a> {
        if absent.is_empty() {
            return Next::Nothing;
        }
        if batch.tries + 1 == TRIES {
            for change in absent {
                self.conclude(change, failed(Reason::UnknownOutcome, "Procore does not have it"));
            }
            return Next::Nothing;
        }
        Next::Again(vec![Batch {
            endpoint: batch.endpoint,
            changes: absent,
            tries: batch.tries + 1,
        }])
    }
}

impl Linx {
    /// Reads the entries of a worker's day as Procore has them now. Errors with why they are not known.
    pub(in crate::export) async fn worker_day(&self, worker: WorkerId, date: NaiveDate) -> Result<Vec<Entry>, String> {
        // What was sent is not told: whether it stands there is the question.
        match self
            .office
            .entries(date, date, Some(worker), &SentEntries::default())
            .await
        {
            Ok(entries) if entries.proves_absence() => Ok(entries.rows),
            Ok(_) => Err("the worker's day could not be read back completely".into()),
            Err(error) => Err(format!("the worker's day could not be read back: {error}")),
        }
    }

    /// Judges by its worker's day whether a change was applied. There is no conclusion yet when it was not: it may be
    /// sent again.
    pub(in crate::export) async fn judge(
        &self,
        change: &LineChange,
        entries: &[Entry],
    ) -> Result<(Outcome, Option<LineConclusion>), LedgerError> {
        let date = change.key.date;
        let lines = self.ledger.lines(date, date).await?;
        let known = lines.into_iter().map(|line| line.entry).collect();
        Ok(match recover::found(change, entries, &known) {
            Found::Stands(entry) => {
                let effect = Effect::LineStored(Box::new(StoredLine::answered(change, &entry)));
                (Outcome::Done(effect), Some(done(change, &entry)))
            }
            Found::Gone => {
                let effect = Effect::of_deletion(change);
                (Outcome::Done(effect), Some((LineResult::Done, None)))
            }
            Found::NotApplied => (Outcome::Absent, None),
        })
    }
}

/// The conclusion of a line that stands in Procore, with what Procore stored otherwise than it was sent (hazard A13).
pub(in crate::export) fn done(change: &LineChange, entry: &Entry) -> LineConclusion {
    let difference = difference(change, entry);
    (
        LineResult::Done,
        difference.map(|detail| Refusal::new(Reason::StoredDifferently, detail)),
    )
}

/// What Procore stored otherwise than it was sent (hazard A13).
fn difference(change: &LineChange, entry: &Entry) -> Option<String> {
    let (sent, stored) = (&change.content, &entry.content);
    let mut differing = Vec::new();
    let mut compare = |what: &str, same: bool| {
        if !same {
            differing.push(what.to_owned());
        }
    };
    compare("date", sent.date == stored.date);
    compare("worker", sent.worker == stored.worker);
    compare("project", sent.coding.project == stored.coding.project);
    compare("sub-job", sent.coding.sub_job == stored.coding.sub_job);
    compare("cost code", sent.coding.cost_code == stored.coding.cost_code);
    compare("cost type", sent.coding.line_item_type == stored.coding.line_item_type);
    compare("task code", sent.coding.wbs_code == stored.coding.wbs_code);
    compare(
        "work classification",
        sent.coding.classification == stored.coding.classification,
    );
    compare("time type", sent.coding.time_type == stored.coding.time_type);
    compare("start, stop or lunch", sent.span == stored.span);
    compare("billable", sent.billable == stored.billable);
    compare("note", sent.description == stored.description);
    if sent.hours != stored.hours {
        differing.push(format!("hours ({} sent, {} stored)", sent.hours, stored.hours));
    }
    (!differing.is_empty()).then(|| format!("entry {}: {}", entry.id, differing.join(", ")))
}
