//! Writes a plan, with the journal around each write (hazards A1, A15, B1, B9, B16, B17).
//!
//! A run goes in rounds. In each the plan is made anew, and what the given plan does not show is held (`confirm`). What
//! changes or goes is written first (`existing`), so that a move never stands twice; what is new follows by its batches
//! (`create`). When something got no answer, the run waits until it cannot arrive any more, and goes a second round. At
//! its end the days are read once more (`proof`).

mod batches;
mod conclusion;
mod confirm;
mod create;
mod existing;
mod look;
mod proof;
mod round;
mod side_by_side;
mod told;

use chrono::{DateTime, Utc};

use self::conclusion::{Conclusion, Conclusions};
use self::confirm::confirm;
use self::create::Sender;
use self::round::{Round, changes_existing};
use super::diff::{Changes, Kept, beside};
use super::report::{ExportReport, ReportedLine};
use crate::change::LineChange;
use crate::hold::{Held, List, Reason, Subject};
use crate::ledger::{Direction, IntentId, Lease, LedgerError, RunId, StoredLine};
use crate::linx::{Left, Linx, LinxError, Rounds, broken_off};
use crate::plan::{ExportPlan, Selection};

/// What a run has come to so far.
#[derive(Default)]
struct Progressed {
    run: Option<(RunId, DateTime<Utc>)>,
    conclusions: Conclusions,
    notes: Vec<String>,
    /// When a limit ends that ended the last round.
    paused_until: Option<DateTime<Utc>>,
    /// How many lines stood as they should before anything was written.
    unchanged: Option<usize>,
    /// Why the ledger ended the run, if it did. What was written before is told all the same.
    broken: Option<LedgerError>,
}

impl Linx {
    /// See [`Linx::apply_export`].
    pub(super) async fn write_plan(&self, given: &ExportPlan) -> Result<ExportReport, LinxError> {
        self.refuse_foreign(given)?;
        given.account.check().map_err(LinxError::Unaccounted)?;
        let lease = self.lease(Direction::Export).await?;
        self.refuse_stale(Direction::Export, given.after).await?;
        let mut so_far = Progressed::default();
        let mut last = Box::pin(self.round(&lease, given, None, &mut so_far)).await?;
        let mut rounds = Rounds::new(Direction::Export);
        while so_far.broken.is_none() {
            let left = Left {
                paused_until: so_far.paused_until.take(),
                concluded: so_far.conclusions.len(),
                planned: last.changes.len(),
                waiting: so_far.conclusions.waiting() + last.awaiting_outcome(),
            };
            match rounds.go_on(self, &lease, left).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    so_far.broken = Some(error);
                    break;
                }
            }
            match Box::pin(self.round(&lease, given, rounds.waited_for, &mut so_far)).await {
                Ok(plan) => last = plan,
                Err(LinxError::Ledger(error)) => so_far.broken = Some(error),
                // What was written before is told all the same.
                Err(error) => {
                    let again = format!("what waits could not be looked for again: {error}");
                    so_far.notes.push(again);
                    break;
                }
            }
        }
        self.close(given, last, so_far).await
    }

    /// Errors when a plan was made for other companies, by another version, or from the time of another file (hazard B17).
    fn refuse_foreign(&self, plan: &ExportPlan) -> Result<(), LinxError> {
        self.refuse_other(plan.format, &plan.pair)?;
        if plan.file != self.field.file() {
            return Err(LinxError::OtherSource {
                from_file: plan.file.is_some(),
            });
        }
        Ok(())
    }

    /// Makes the plan anew and writes what the given one shows too. Returns what was to be written. Where the ledger fails
    /// while that is written, `so_far` has why.
    async fn round(
        &self,
        lease: &Lease,
        given: &ExportPlan,
        waited_for: Option<IntentId>,
        so_far: &mut Progressed,
    ) -> Result<ExportPlan, LinxError> {
        let plan = if given.is_idle() && given.read_at.is_fresh(self.clock.now()) {
            given.clone()
        } else {
            let now = self.plan_anew(lease, given, waited_for).await?;
            confirm(now, given, &mut so_far.conclusions)
        };
        plan.account.check().map_err(LinxError::Unaccounted)?;
        so_far.unchanged.get_or_insert(plan.unchanged);
        let days = (given.selection.from, given.selection.to);
        let (run, begun) = match so_far.run {
            Some(run) => run,
            None => (self.begin(lease, Some(days), &given.digest).await?, self.clock.now()),
        };
        so_far.run = Some((run, begun));
        self.keep(lease).await?;
        for (intent, outcome) in &plan.resumed {
            self.record_outcome(*intent, outcome).await?;
        }
        self.remember_untold(&plan).await?;
        let weeks = &plan.late_weeks;
        self.ledger.set_late_weeks(&weeks.differ, &weeks.agree).await?;
        let known = self.known_lines(&plan).await?;
        let told = (&mut so_far.conclusions, &mut so_far.notes);
        let round = Round::new(self, (run, begun), (&plan, known), told);
        let written = round.write().await;
        let paused_until = round.so_far().availability.paused_until();
        drop(round);
        so_far.paused_until = paused_until;
        so_far.broken = written.err();
        Ok(plan)
    }

    /// Makes the plan anew. Consent is for what the given plan showed: while that one held lines for a lost ledger, its
    /// consent was for something else, and is not taken for one to them now (hazard B12).
    async fn plan_anew(
        &self,
        lease: &Lease,
        given: &ExportPlan,
        waited_for: Option<IntentId>,
    ) -> Result<ExportPlan, LinxError> {
        let now = self.plan_now(&given.selection, waited_for, Some(lease)).await?;
        let is_lost = |plan: &ExportPlan| plan.held.iter().any(|held| held.reason == Reason::LostLedger);
        if !given.selection.allow_mass_change || !is_lost(given) || is_lost(&now) {
            return Ok(now);
        }
        let without_consent = Selection {
            allow_mass_change: false,
            ..given.selection.clone()
        };
        self.plan_now(&without_consent, waited_for, Some(lease)).await
    }

    /// The lines that Linx wrote on the days on which something changes.
    async fn known_lines(&self, plan: &ExportPlan) -> Result<Vec<StoredLine>, LinxError> {
        if !plan.changes.iter().any(changes_existing) {
            return Ok(Vec::new());
        }
        let (from, to) = plan.days();
        Ok(self.ledger.lines(from, to).await?)
    }

    /// Enters what came of every line, and ends the run.
    async fn close(
        &self,
        given: &ExportPlan,
        mut last: ExportPlan,
        so_far: Progressed,
    ) -> Result<ExportReport, LinxError> {
        let Progressed {
            run,
            conclusions,
            notes,
            unchanged,
            mut broken,
            ..
        } = so_far;
        let run = run.map(|(run, _)| run);
        match broken {
            Some(error) if conclusions.is_empty() => return Err(error.into()),
            _ => {}
        }
        for change in &last.changes {
            let unknown = match &broken {
                Some(error) => Conclusion::Failed(broken_off(error, conclusions.is_begun(&change.key))),
                None => Conclusion::failed(Reason::NotSent, "the limit was used up again and again"),
            };
            if let Some(refusal) = conclusions.of(&change.key).unwrap_or(&unknown).trouble() {
                last.account.hold_line(change);
                let held = Held::new(&change.key, refusal.clone());
                last.held.push(held.keeping(change.hours_carried()));
            }
        }
        let tried = given.changes.iter().chain(&given.waiting);
        let is_done = |change: &&LineChange| conclusions.of(&change.key) == Some(&Conclusion::Done);
        let written: Vec<&LineChange> = tried.clone().filter(is_done).collect();
        if broken.is_none() {
            broken = self.prove(&written, &mut last).await.err();
        }
        last.held.extend(broken.as_ref().map(of_ledger));
        last.held.sort();
        let lines: Vec<ReportedLine> = tried
            .filter_map(|change| {
                Some(ReportedLine {
                    result: conclusions.of(&change.key)?.result(),
                    change: change.clone(),
                })
            })
            .collect();
        last.unchanged = unchanged.unwrap_or_default();
        last.notes.extend(notes);
        let mut report = ExportReport::applied(run, &last, lines);
        if broken.is_none()
            && let Err(error) = self.finish(run, &last, &report).await
        {
            report.held.push(of_ledger(&error));
            report.summary.held += 1;
        }
        Ok(report)
    }

    /// Notes what the report of a plan tells, and ends its run.
    async fn finish(&self, run: Option<RunId>, last: &ExportPlan, report: &ExportReport) -> Result<(), LedgerError> {
        self.remember_told(last).await?;
        match run {
            Some(run) => {
                let (written, held, failed) = (report.written(), report.held.len(), report.summary.failed);
                self.end(run, written, held, failed).await
            }
            None => Ok(()),
        }
    }
}

/// That the ledger failed, as it is held.
fn of_ledger(error: &LedgerError) -> Held {
    Held::new(Subject::List(List::Entries), broken_off(error, false))
}

impl Round<'_> {
    /// Writes everything of the plan. What takes hours away goes first; as many as stay that were to go are not added
    /// elsewhere in this run.
    async fn write(&self) -> Result<(), LedgerError> {
        let plan = self.plan;
        let (gaining, losing): (Vec<_>, Vec<_>) = plan.changes.iter().partition(|change| change.gains());
        self.write_existing(&losing).await?;
        if self.is_paused() {
            return Ok(());
        }
        let is_done = |change: &LineChange| self.so_far().conclusions.is_done(&change.key);
        let stays = losing.iter().filter(|change| !is_done(change));
        let kept: Vec<Kept> = stays.map(|change| Kept::of_change(change)).collect();
        let mut beside = beside(&kept, Changes::of_any_day(&gaining));
        for change in &gaining {
            if let Some(refusal) = beside.remove(&change.key) {
                self.conclude(change, Conclusion::Failed(refusal));
            }
        }
        self.write_existing(&gaining).await?;
        if self.is_paused() {
            return Ok(());
        }
        let is_new = |change: &&LineChange| !changes_existing(change) && self.is_open(change);
        let creates = gaining.into_iter().filter(is_new).collect();
        Sender::new(self).send_all(creates).await
    }
}
