//! Writes a plan, one line at a time, with the journal around each write (hazards A1, B1, B9).

use std::collections::BTreeMap;

use super::report::{ExportReport, LineResult};
use crate::hold::{Held, Reason};
use crate::ledger::{Direction, Effect, IntentId, JournalEntry, Outcome, RunId, StoredLine, Write, recover};
use crate::linx::{Linx, LinxError};
use crate::model::{Entry, EntryId};
use crate::plan::{Carried, ExportPlan, LineAction, LineChange, LineKey};
use crate::ports::{FailureKind, PortError, Progress};

/// How often a line is tried that Procore did not have after an unknown outcome.
const TRIES: usize = 2;

impl Linx {
    /// Writes a plan. One bad line is held and the others go on. After an unknown outcome Procore is read before
    /// anything is sent again; a run that was cut off is taken up by the next plan.
    ///
    /// Errors when the ledger fails, another run is at work, or another has written since the plan was made.
    pub async fn apply_export(&self, plan: &ExportPlan) -> Result<ExportReport, LinxError> {
        let lease = self.ledger.lease(Direction::Export).await?;
        self.refuse_stale(Direction::Export, plan.after).await?;
        let moved = self.moved_since(plan).await?;
        let days = (plan.selection.from, plan.selection.to);
        let run = self.begin(Direction::Export, Some(days), &plan.digest).await?;
        for (intent, outcome) in &plan.resumed {
            self.settle(*intent, outcome).await?;
        }
        self.ledger.remember_lines(&plan.agreed).await?;
        let mut account = plan.account.clone();
        let mut held = plan.held.clone();
        let mut results = Vec::with_capacity(plan.changes.len());
        for (done, change) in plan.changes.iter().enumerate() {
            self.observer.progress(Progress::Writing {
                done,
                of: plan.changes.len(),
            });
            let (result, trouble) = match moved.get(&change.key) {
                Some(detail) => (LineResult::Failed, Some((Reason::StalePlan, detail.clone()))),
                None => self.write_line(run, change).await?,
            };
            if let Some((reason, detail)) = trouble {
                for Carried { employee, date, hours } in &change.carries {
                    account.keep_back(employee, *date, *hours);
                }
                held.push(Held::new("line", &change.key, reason, detail).keeping(sum(change)));
            }
            results.push(result);
        }
        account.check().map_err(LinxError::Unaccounted)?;
        held.sort();
        let failed = results.iter().filter(|result| **result == LineResult::Failed).count();
        self.end(run, results.len() - failed, held.len(), failed).await?;
        drop(lease);
        Ok(ExportReport::applied(run, plan, results, held, account))
    }

    /// The lines whose entries are no longer as the plan found them: somebody has changed, approved or deleted them
    /// since, and that stands (hazards B6, D18). Read only where the plan changes or deletes entries.
    async fn moved_since(&self, plan: &ExportPlan) -> Result<BTreeMap<LineKey, String>, LinxError> {
        let changed = |change: &&LineChange| change.action != LineAction::Create;
        if !plan.changes.iter().any(|change| changed(&change)) {
            return Ok(BTreeMap::new());
        }
        let (from, to) = (plan.selection.from, plan.selection.to);
        let list = self.office.entries(from, to, None).await.map_err(LinxError::Office)?;
        let entries: BTreeMap<EntryId, Entry> = list.rows.into_iter().map(|entry| (entry.id, entry)).collect();
        let lines = self.ledger.lines(from, to).await?;
        // What the plan found by its mark is remembered only when it is applied.
        let known: BTreeMap<&LineKey, &StoredLine> =
            lines.iter().chain(&plan.agreed).map(|line| (&line.key, line)).collect();
        let as_planned = |change: &LineChange| {
            let entry = change.entry.and_then(|id| entries.get(&id));
            let ours = |entry: &Entry| {
                known
                    .get(&change.key)
                    .is_some_and(|line| line.is_untouched(&entry.content))
            };
            match entry {
                Some(entry) => entry.status.is_open() && !entry.signed && ours(entry),
                None => change.action == LineAction::Delete,
            }
        };
        let moved = plan.changes.iter().filter(changed).filter(|change| !as_planned(change));
        Ok(moved
            .map(|change| {
                let entry = change.entry.map_or_else(String::new, |id| format!("entry {id} "));
                (
                    change.key.clone(),
                    format!("{entry}was changed in Procore after the plan was made"),
                )
            })
            .collect())
    }

    async fn write_line(
        &self,
        run: RunId,
        change: &LineChange,
    ) -> Result<(LineResult, Option<(Reason, String)>), LinxError> {
        let mut outcome = Outcome::Absent;
        let mut stored = None;
        for _ in 0..TRIES {
            let send = self.send_line(change, &mut stored);
            outcome = self
                .journaled(
                    run,
                    &Write::Line(Box::new(change.clone())),
                    send,
                    self.look_for(run, change),
                )
                .await?;
            if outcome != Outcome::Absent {
                break;
            }
        }
        Ok(match outcome {
            Outcome::Done(_) => {
                let difference = stored.and_then(|entry| difference(change, &entry));
                (
                    LineResult::Done,
                    difference.map(|detail| (Reason::StoredDifferently, detail)),
                )
            }
            Outcome::Refused(words) => (LineResult::Failed, Some((Reason::TargetRefused, words))),
            Outcome::Unknown(words) => (LineResult::Failed, Some((Reason::UnknownOutcome, words))),
            Outcome::Absent | Outcome::Reread => (
                LineResult::Failed,
                Some((Reason::UnknownOutcome, "Procore does not have it".into())),
            ),
        })
    }

    /// Sends a line once; `stored` becomes the entry that Procore answered with.
    async fn send_line(&self, change: &LineChange, stored: &mut Option<Entry>) -> Result<Effect, PortError> {
        let mark = super::mark(&change.key, &change.content);
        let entry = match (change.action, change.entry) {
            (LineAction::Update, Some(id)) => self.office.update_entry(id, &change.content, &mark).await?,
            (LineAction::Delete, Some(id)) => {
                return match self.office.delete_entry(id).await {
                    // Gone already is what was wanted.
                    Err(error) if error.kind != FailureKind::NotFound => Err(error),
                    _ => Ok(Effect::LineRemoved(change.key.clone())),
                };
            }
            _ => self.office.create_entry(&change.content, &mark).await?,
        };
        let line = StoredLine {
            key: change.key.clone(),
            entry: entry.id,
            sent: Some(change.content.clone()),
            answered: (entry.content != change.content).then(|| Box::new(entry.content.clone())),
        };
        *stored = Some(entry);
        Ok(Effect::LineStored(Box::new(line)))
    }

    /// Reads the worker's day back after an unknown outcome.
    async fn look_for(&self, run: RunId, change: &LineChange) -> Outcome {
        let (date, worker) = (change.key.date, change.key.worker);
        let entries = match self.office.entries(date, date, Some(worker)).await {
            Ok(entries) if entries.proves_absence() => entries.rows,
            Ok(_) => return Outcome::Unknown("the worker's day could not be read back completely".into()),
            Err(error) => return Outcome::Unknown(format!("the worker's day could not be read back: {error}")),
        };
        let recorded = match self.ledger.lines(date, date).await {
            Ok(lines) => lines.into_iter().map(|line| line.entry).collect(),
            Err(error) => return Outcome::Unknown(error.to_string()),
        };
        let intent = JournalEntry {
            id: IntentId(0),
            run,
            write: Write::Line(Box::new(change.clone())),
            at: self.clock.now(),
            outcome: None,
        };
        recover::outcome(&intent, &entries, &recorded)
    }
}

fn sum(change: &LineChange) -> crate::model::Hours {
    change.carries.iter().map(|carried| carried.hours).sum()
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
    compare("time type", sent.coding.time_type == stored.coding.time_type);
    compare("billable", sent.billable == stored.billable);
    compare("note", sent.description == stored.description);
    if sent.hours != stored.hours {
        differing.push(format!("hours ({} sent, {} stored)", sent.hours, stored.hours));
    }
    (!differing.is_empty()).then(|| format!("entry {}: {}", entry.id, differing.join(", ")))
}
