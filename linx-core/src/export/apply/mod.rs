//! Writes a plan, with the journal around each write (hazards A1, B1, B9).
//!
//! What changes or goes is written first, one by one, so that a move never stands twice; what is new follows by the
//! batches of [`create`].

mod batches;
mod create;

use std::collections::{BTreeMap, BTreeSet};

use self::create::{LineConclusion, Sender, TRIES, done, failed};
use super::fetch::sent_entries;
use super::report::{ExportReport, LineResult};
use crate::change::{Carried, LineAction, LineChange, LineKey};
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Direction, Effect, Outcome, RunId, StoredLine, Write, recover};
use crate::linx::{Linx, LinxError};
use crate::model::{Entry, EntryId, WorkerId};
use crate::plan::{ExportPlan, Selection, hold_where};
use crate::ports::{FailureKind, PortError, Progress};

/// Procore's entries that the plan changes, as they are now.
type CurrentEntries = BTreeMap<EntryId, Entry>;

/// The lines that Linx wrote, by their keys.
type KnownLines = BTreeMap<LineKey, StoredLine>;

impl Linx {
    /// See [`Linx::apply_export`].
    pub(super) async fn write_plan(&self, plan: &ExportPlan) -> Result<ExportReport, LinxError> {
        plan.account.check().map_err(LinxError::Unaccounted)?;
        let lease = self.lease(Direction::Export).await?;
        self.refuse_stale(Direction::Export, plan.after).await?;
        let known = self.known_lines(plan).await?;
        let current = self.current_entries(plan, &known).await?;
        let mut conclusions = moved_since(plan, &known, &current);
        let days = (plan.selection.from, plan.selection.to);
        let run = self.begin(&lease, Some(days), &plan.digest).await?;
        for (intent, outcome) in &plan.resumed {
            self.record_outcome(*intent, outcome).await?;
        }
        self.ledger.remember_lines(&plan.agreed).await?;
        let weeks = &plan.late_weeks;
        self.ledger.set_late_weeks(&weeks.differ, &weeks.agree).await?;

        // What takes hours away goes first; who keeps some that were to go gets no others in this run.
        let (gaining, losing): (Vec<_>, Vec<_>) = plan.changes.iter().partition(|change| change.gains());
        self.write_existing(run, plan, &losing, &current, &mut conclusions)
            .await?;
        let keeping = workers_keeping_hours(&losing, &conclusions);
        for change in gaining.iter().filter(|change| keeping.contains(&change.key.worker)) {
            let beside = || {
                failed(
                    Reason::BesideKept,
                    "a line of this run that was to go or to shrink stays",
                )
            };
            conclusions.entry(change.key.clone()).or_insert_with(beside);
        }
        self.write_existing(run, plan, &gaining, &current, &mut conclusions)
            .await?;
        let mut sender = Sender::new(self, run, plan);
        let is_new = |change: &&LineChange| !changes_existing(change) && !conclusions.contains_key(&change.key);
        let creates = gaining.into_iter().filter(is_new).collect();
        sender.send_all(creates, conclusions.len()).await?;
        conclusions.append(&mut sender.conclusions);
        let report = self.close(run, plan, conclusions, sender.notes).await?;
        drop(lease);
        Ok(report)
    }

    /// Writes those of `changes` that change or delete an entry and of which nothing is told yet.
    async fn write_existing(
        &self,
        run: RunId,
        plan: &ExportPlan,
        changes: &[&LineChange],
        current: &CurrentEntries,
        conclusions: &mut BTreeMap<LineKey, LineConclusion>,
    ) -> Result<(), LinxError> {
        for change in changes.iter().filter(|change| changes_existing(change)) {
            if !conclusions.contains_key(&change.key) {
                self.observer.progress(Progress::Writing {
                    done: conclusions.len(),
                    of: plan.changes.len(),
                });
                conclusions.insert(change.key.clone(), self.write_line(run, change, current).await?);
            }
        }
        Ok(())
    }

    /// See [`Linx::confirm_export`].
    pub(super) async fn confirm_plan(&self, plan: &ExportPlan) -> Result<ExportPlan, LinxError> {
        let mut confirmed = plan.clone();
        if !plan.whole {
            return Ok(confirmed);
        }
        let selection = Selection {
            allow_mass_change: true,
            ..plan.selection.clone()
        };
        let now: BTreeSet<LineChange> = self.plan_export(&selection).await?.changes.into_iter().collect();
        let account = &mut confirmed.account;
        hold_where(&mut confirmed.changes, &mut confirmed.held, |change| {
            if now.contains(change) {
                return None;
            }
            for Carried { employee, date, hours } in &change.carries {
                account.move_to_held(employee, *date, *hours);
            }
            let detail = "its time or its entry changed after the plan was made";
            let held = Held::new(&change.key, Refusal::new(Reason::StalePlan, detail));
            Some(held.keeping(sum(change)))
        });
        Ok(confirmed)
    }

    /// Enters what came of every line, and ends the run.
    async fn close(
        &self,
        run: RunId,
        plan: &ExportPlan,
        mut conclusions: BTreeMap<LineKey, LineConclusion>,
        notes: Vec<String>,
    ) -> Result<ExportReport, LinxError> {
        let mut account = plan.account.clone();
        let mut held = plan.held.clone();
        let mut results = Vec::with_capacity(plan.changes.len());
        for change in &plan.changes {
            let unknown = || failed(Reason::UnknownOutcome, "nothing is known of it");
            let (result, trouble) = conclusions.remove(&change.key).unwrap_or_else(unknown);
            if let Some(Refusal { reason, detail }) = trouble {
                for Carried { employee, date, hours } in &change.carries {
                    account.move_to_held(employee, *date, *hours);
                }
                held.push(Held::new(&change.key, Refusal::new(reason, detail)).keeping(sum(change)));
            }
            results.push(result);
        }
        held.sort();
        let failed = results.iter().filter(|result| **result == LineResult::Failed).count();
        self.end(run, results.len() - failed, held.len(), failed).await?;
        let mut report = ExportReport::applied(run, plan, results, held, account);
        report.notes.extend(notes);
        Ok(report)
    }

    /// The lines that Linx wrote on the plan's days. What the plan found by its mark is remembered only when it is
    /// applied.
    async fn known_lines(&self, plan: &ExportPlan) -> Result<KnownLines, LinxError> {
        let (from, to) = plan.days();
        let lines = self.ledger.lines(from, to).await?.into_iter();
        let lines = lines.chain(plan.agreed.iter().cloned());
        Ok(lines.map(|line| (line.key.clone(), line)).collect())
    }

    /// The entries of the plan's days as Procore has them now, by id. Read only where the plan changes or deletes
    /// entries, and empty otherwise.
    async fn current_entries(&self, plan: &ExportPlan, known: &KnownLines) -> Result<CurrentEntries, LinxError> {
        if !plan.changes.iter().any(changes_existing) {
            return Ok(CurrentEntries::new());
        }
        let (from, to) = plan.days();
        let sent = sent_entries(known.values());
        let list = self.office.entries(from, to, None, &sent).await;
        let entries = list.map_err(LinxError::Office)?.rows.into_iter();
        Ok(entries.map(|entry| (entry.id, entry)).collect())
    }

    /// Changes or deletes the entry of a line.
    async fn write_line(
        &self,
        run: RunId,
        change: &LineChange,
        current: &CurrentEntries,
    ) -> Result<LineConclusion, LinxError> {
        let parts = change
            .entry
            .and_then(|id| current.get(&id))
            .map(|entry| entry.parts.as_slice());
        let write = Write::Line(Box::new(change.clone()));
        for _ in 0..TRIES {
            let (mut stored, mut found) = (None, None);
            let send = self.send_line(change, parts.unwrap_or_default(), &mut stored);
            let read_back = async {
                let (outcome, conclusion) = match self.worker_day(change.key.worker, change.key.date).await {
                    Err(words) => (Outcome::Unknown(words), None),
                    Ok(entries) => match self.judge(change, &entries).await {
                        Ok(judged) => judged,
                        Err(error) => (Outcome::Unknown(error.to_string()), None),
                    },
                };
                found = conclusion;
                outcome
            };
            let outcome = self.journaled(run, &write, send, read_back).await?;
            let answered = stored.map(|entry| done(change, &entry)).or(found);
            match outcome {
                Outcome::Done(_) => return Ok(answered.unwrap_or((LineResult::Done, None))),
                Outcome::Refused(words) => return Ok(failed(Reason::TargetRefused, words)),
                Outcome::Unknown(words) => return Ok(failed(Reason::UnknownOutcome, words)),
                Outcome::Absent | Outcome::Reread => {}
            }
        }
        Ok(failed(Reason::UnknownOutcome, "Procore has not changed it"))
    }

    /// Sends a change once; `stored` becomes the entry that Procore answered with. The parts of a split entry go before
    /// it: it is the one that the ledger knows, so that a run that is cut off in between leaves no stranger.
    async fn send_line(
        &self,
        change: &LineChange,
        parts: &[EntryId],
        stored: &mut Option<Entry>,
    ) -> Result<Effect, PortError> {
        match (change.action, change.entry) {
            (LineAction::Update, Some(id)) => {
                let mark = recover::mark(&change.key, &change.content);
                let entry = self.office.update_entry(id, &change.content, &mark).await?;
                let line = StoredLine::answered(change, &entry);
                *stored = Some(entry);
                Ok(Effect::LineStored(Box::new(line)))
            }
            (_, id) => {
                for id in parts.iter().copied().chain(id) {
                    match self.office.delete_entry(id).await {
                        // Gone already is what was wanted.
                        Err(error) if error.kind() != FailureKind::NotFound => return Err(error),
                        _ => {}
                    }
                }
                Ok(Effect::of_deletion(change))
            }
        }
    }
}

/// The lines whose entries are no longer as the plan found them: somebody has changed, approved or deleted them
/// since, or the overtime rules have split one that was to be corrected, and that stands (hazards B6, D16, D18).
fn moved_since(plan: &ExportPlan, known: &KnownLines, current: &CurrentEntries) -> BTreeMap<LineKey, LineConclusion> {
    let as_planned = |change: &LineChange, entry: Option<&Entry>| match (known.get(&change.key), entry) {
        // Deleted, or moved to a day that was not read: neither is undone.
        (_, None) | (None, Some(_)) => false,
        (Some(line), Some(entry)) => {
            if let Some(elder) = change.double_of {
                // What is left of the line must be there still.
                return entry.is_open() && entry.content == change.content && current.contains_key(&elder);
            }
            let whole = entry.parts.is_empty() || change.action == LineAction::Delete;
            entry.is_open() && whole && line.is_untouched(&entry.content)
        }
    };
    let mut conclusions = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| changes_existing(change)) {
        let entry = change.entry.and_then(|id| current.get(&id));
        let which = change.entry.map_or_else(String::new, |id| format!("entry {id} "));
        if !as_planned(change, entry) {
            let detail = format!("{which}was changed in Procore after the plan was made");
            conclusions.insert(change.key.clone(), failed(Reason::StalePlan, detail));
        }
    }
    conclusions
}

/// Whether a change corrects or deletes an entry that is in Procore already.
fn changes_existing(change: &LineChange) -> bool {
    change.action != LineAction::Create
}

fn sum(change: &LineChange) -> crate::model::Hours {
    change.carries.iter().map(|carried| carried.hours).sum()
}

/// The workers of whom a line that was to go or to shrink stays.
fn workers_keeping_hours(
    losing: &[&LineChange],
    conclusions: &BTreeMap<LineKey, LineConclusion>,
) -> BTreeSet<WorkerId> {
    let stays = |change: &&&LineChange| matches!(conclusions.get(&change.key), Some((LineResult::Failed, _)) | None);
    losing.iter().filter(stays).map(|change| change.key.worker).collect()
}
