//! Writes a plan, one record at a time, with the journal around each write (hazards A1, A15, B1, B9, B16, B17).
//!
//! A run goes in rounds. In each the plan is made anew, and what the given plan does not show is held (`confirm`). A record
//! is read once more directly before it is changed (`last_look`). When something got no answer, the run waits until it
//! cannot arrive any more, and goes a second round.

mod conclusion;
mod confirm;
mod last_look;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use self::conclusion::{Conclusion, Conclusions};
use self::confirm::confirm;
use self::last_look::{Arrival, Seen, unread};
use super::parent_location;
use super::report::{ReportedChange, SyncReport};
use super::unsettled::until;
use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, List, Reason, Refusal, Subject};
use crate::ledger::{Direction, Effect, IntentId, Lease, LedgerError, Link, Missed, Outcome, RunId, Write};
use crate::linx::{Availability, Left, Linx, LinxError, Rounds, broken_off, is_away};
use crate::model::{Kind, OfficeRef, ProjectId, RecordId};
use crate::plan::SyncPlan;
use crate::ports::{AttributeWrite, PortError, Progress};

/// What a run has come to so far.
#[derive(Default)]
struct Progressed {
    run: Option<RunId>,
    conclusions: Conclusions,
    notes: Vec<String>,
    /// When a limit ends that ended the last round.
    paused_until: Option<DateTime<Utc>>,
    /// The first round's plan: how many records stood as they should before anything was written, and who was adopted.
    first: Option<SyncPlan>,
    /// Why the ledger ended the run, if it did. What was written before is told all the same.
    broken: Option<LedgerError>,
}

impl Linx {
    /// Writes a plan to ExakTime, once.
    ///
    /// *Flow.* The right to write is taken, and a plan that another run has overtaken is refused. The plan is made anew: what
    /// both have is written, and whatever the given one does not show is held (hazards B6, B17). Then the changes are made
    /// one after another: codes, places, people. Before each its record is read once more, and its intent goes into the
    /// journal; after it, what came of it. Where a write got no answer and ExakTime does not show it, the run goes on with
    /// the others, waits at its end until the request cannot arrive any more, makes the plan anew once more, and sends again
    /// what is absent then ([`Settle`](crate::settings::Settle)).
    ///
    /// *Guarantees.* Only what is in the plan is written. A record that changed in ExakTime since the plan was made, or whose
    /// number somebody else has by now, is not touched but held (hazards B6, B16). Values that Linx does not manage stay as
    /// they are. A record that the service refuses is held, and the others go on (hazard B9). Nothing is sent again while its
    /// request may still arrive, in this run or after it: it is held with the time from which on that is known (hazards A1,
    /// A15). A service that went away is not asked for each change; a limit is waited for. The report names every change and
    /// what came of it.
    ///
    /// *Assumptions.* Nobody changes a record in the moment between the last look and the write, or makes one with the same
    /// number after the plan was made anew.
    ///
    /// *Cancellation.* May be dropped at any time. The write that was under way stays open in the journal, those before it
    /// are done, those after it are not begun; the next plan takes it up from there.
    ///
    /// # Errors
    ///
    /// [`LinxError::OtherPair`] and [`LinxError::OtherFormat`] when the plan is for other companies or of another version,
    /// [`LinxError::Ledger`] when another run is at work or the ledger fails, [`LinxError::Stale`] when another run has
    /// written since the plan was made, [`LinxError::Office`] and [`LinxError::Field`] when a side could not be read before
    /// the first write.
    pub async fn apply_sync(&self, given: &SyncPlan) -> Result<SyncReport, LinxError> {
        self.refuse_other(given.format, &given.pair)?;
        let lease = self.lease(Direction::Sync).await?;
        self.refuse_stale(Direction::Sync, given.after).await?;
        let mut so_far = Progressed::default();
        let mut last = self.sync_round(&lease, given, None, &mut so_far).await?;
        let mut rounds = Rounds::new(Direction::Sync);
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
            match Box::pin(self.sync_round(&lease, given, rounds.waited_for, &mut so_far)).await {
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
        self.close_sync(given, last, so_far).await
    }

    /// Makes the plan anew and writes what the given one shows too. Returns what was to be written. Where the ledger fails
    /// while that is written, `so_far` has why.
    async fn sync_round(
        &self,
        lease: &Lease,
        given: &SyncPlan,
        waited_for: Option<IntentId>,
        so_far: &mut Progressed,
    ) -> Result<SyncPlan, LinxError> {
        let (plan, seen) = if given.is_idle() && given.read_at.is_fresh(self.clock.now()) {
            (given.clone(), Seen::default())
        } else {
            let (now, facts) = self.plan_sync_now(&given.options, waited_for, Some(lease)).await?;
            let resumed = now.resumed.iter().filter_map(|(_, outcome)| outcome.link());
            let agreed: BTreeSet<OfficeRef> = now.agreed.iter().chain(resumed).map(|link| link.office).collect();
            so_far.conclusions.arrived(|office| agreed.contains(&office));
            let plan = confirm(now, given, &so_far.conclusions);
            let seen = Seen::new(facts, &plan.changes);
            (plan, seen)
        };
        let run = match so_far.run {
            Some(run) => run,
            None => self.begin(lease, None, &given.digest).await?,
        };
        so_far.run = Some(run);
        self.keep(lease).await?;
        for (intent, outcome) in &plan.resumed {
            self.record_outcome(*intent, outcome).await?;
        }
        self.ledger.remember_links(&plan.agreed).await?;
        so_far.first.get_or_insert_with(|| plan.clone());
        let mut round = Round {
            linx: self,
            run,
            seen,
            conclusions: &mut so_far.conclusions,
            availability: Availability::default(),
        };
        let written = round.write(&plan.changes).await;
        let paused_until = round.availability.paused_until();
        so_far.paused_until = paused_until;
        so_far.broken = written.err();
        Ok(plan)
    }

    /// Enters what came of every change, and ends the run.
    async fn close_sync(
        &self,
        given: &SyncPlan,
        mut last: SyncPlan,
        so_far: Progressed,
    ) -> Result<SyncReport, LinxError> {
        let Progressed {
            run,
            conclusions,
            notes,
            first,
            broken,
            ..
        } = so_far;
        let broken = match broken {
            Some(error) if conclusions.is_empty() => return Err(error.into()),
            other => other,
        };
        if let Some(first) = first {
            last.unchanged = first.unchanged;
            last.adopted = first.adopted;
        }
        last.notes.extend(notes);
        let told: BTreeSet<OfficeRef> = last.held.iter().filter_map(|held| held.subject.entity()).collect();
        let mut changes = Vec::new();
        for change in given.changes.iter().chain(&given.waiting) {
            // What the last plan holds is told by it, and by nothing else.
            let Some(conclusion) = conclusions.of(change.office) else {
                continue;
            };
            let trouble = conclusion.trouble();
            if trouble.is_some() && told.contains(&change.office) {
                continue;
            }
            last.held
                .extend(trouble.map(|refusal| Held::new(change.office, refusal.clone())));
            changes.push(ReportedChange {
                change: change.clone(),
                result: conclusion.result(),
            });
        }
        for change in &last.changes {
            if conclusions.of(change.office).is_none() {
                let refusal = match &broken {
                    Some(error) => broken_off(error, conclusions.is_begun(change.office)),
                    None => Refusal::new(Reason::NotSent, "the limit was used up again and again"),
                };
                last.held.push(Held::new(change.office, refusal));
            }
        }
        last.held.extend(broken.as_ref().map(ended_by));
        last.held.sort();
        let mut report = SyncReport::applied(run, &last, changes);
        if let Some(run) = run.filter(|_| broken.is_none()) {
            let (written, held, failed) = (report.written(), report.held.len(), report.failed());
            let ended = self.end(run, written, held, failed).await;
            report.held.extend(ended.err().as_ref().map(ended_by));
        }
        Ok(report)
    }
}

/// Tells that the ledger ended a run, or did not note its end.
fn ended_by(error: &LedgerError) -> Held {
    Held::new(Subject::List(List::Records(Kind::Employee)), broken_off(error, false))
}

/// One round of a run: a plan that was confirmed, and what becomes of its changes.
struct Round<'a> {
    linx: &'a Linx,
    run: RunId,
    seen: Seen,
    conclusions: &'a mut Conclusions,
    availability: Availability,
}

impl Round<'_> {
    /// Writes every change, and comes to a conclusion for each. Errors when the ledger fails.
    async fn write(&mut self, changes: &[RecordChange]) -> Result<(), LedgerError> {
        let mut without_place: BTreeSet<ProjectId> = BTreeSet::new();
        for (done, change) in changes.iter().enumerate() {
            let of = changes.len();
            self.linx.observer.progress(Progress::Writing { done, of });
            let conclusion = match parent_location::missing(change, &without_place) {
                Some(held) => Conclusion::held(held.reason, held.detail),
                None => match self.write_change(change).await? {
                    Some(conclusion) => conclusion,
                    None => return Ok(()),
                },
            };
            if conclusion != Conclusion::Done {
                without_place.extend(parent_location::place_of(change));
            }
            self.conclusions.conclude(change, conclusion);
        }
        Ok(())
    }

    /// Writes one change if its record is as the plan saw it. `None` when a limit ends the round.
    async fn write_change(&mut self, change: &RecordChange) -> Result<Option<Conclusion>, LedgerError> {
        if self.availability.is_gone() {
            let why = self.availability.why_not_asked();
            return Ok(Some(Conclusion::held(Reason::NotSent, why)));
        }
        if let Some(id) = &change.record
            && let Err(refusal) = self.look(change, id).await
        {
            let is_paused = self.availability.is_paused();
            return Ok((!is_paused).then_some(Conclusion::Held(refusal)));
        }
        let write = Write::Record(change.clone());
        let now = self.linx.clock.now();
        let intent = self.linx.ledger.record_intent(self.run, &write, now).await?;
        self.conclusions.begin(change);
        let sent = self.send(change).await;
        self.availability.note(&sent);
        match sent {
            Ok(id) => self.stored(intent, change, id).await.map(Some),
            Err(error) if error.may_be_applied() => self.unanswered(intent, change, &error).await.map(Some),
            Err(error) => {
                let refused = Outcome::Refused(error.words().to_owned());
                self.linx.record_outcome(intent, &refused).await?;
                let is_paused = self.linx.pauses(&error, &mut self.availability);
                Ok((!is_paused).then(|| refused_by(&error)))
            }
        }
    }

    /// Reads the record of a change once more. Errors with why it is not to be touched.
    async fn look(&mut self, change: &RecordChange, id: &RecordId) -> Result<(), Refusal> {
        let read = self.linx.field.record(change.kind, id).await;
        if let Err(error) = &read {
            self.linx.pauses(error, &mut self.availability);
        }
        self.availability.note(&read);
        let record = read.map_err(|error| unread(&error))?;
        self.seen.compare(change, id, record.as_ref())
    }

    async fn send(&self, change: &RecordChange) -> Result<RecordId, PortError> {
        let field = &self.linx.field;
        match (&change.record, change.action) {
            (Some(id), RecordAction::Update | RecordAction::Reactivate | RecordAction::Deactivate) => {
                field.update(change.kind, id, &writes(change)).await?;
                Ok(id.clone())
            }
            _ => field.create(change.kind, &change.base).await,
        }
    }

    async fn stored(
        &self,
        intent: IntentId,
        change: &RecordChange,
        record: RecordId,
    ) -> Result<Conclusion, LedgerError> {
        let done = Outcome::Done(Effect::Linked(Link::after(change, record)));
        self.linx.record_outcome(intent, &done).await?;
        Ok(Conclusion::Done)
    }

    /// Looks whether a change that got no answer has arrived. One that has not may still do so.
    async fn unanswered(
        &self,
        intent: IntentId,
        change: &RecordChange,
        error: &PortError,
    ) -> Result<Conclusion, LedgerError> {
        // Durable before ExakTime is read: a crash in between leaves an open intent, not a guess.
        let unknown = Outcome::Unknown(error.to_string());
        self.linx.record_outcome(intent, &unknown).await?;
        let began = self.linx.clock.now();
        match self.linx.has_arrived(change).await {
            Arrival::Shown(id) => return self.stored(intent, change, id).await,
            Arrival::Missed => {
                let look = self.linx.look(Direction::Sync, began, None);
                let noted = look.unseen(Missed::Write, Some(error.to_string()));
                self.linx.record_outcome(intent, &noted).await?;
            }
            Arrival::NotKnown => {}
        }
        let mut refusal = until(self.linx.clock.now() + self.linx.settle.span());
        refusal.detail = format!("{} ({})", refusal.detail, error.words());
        Ok(Conclusion::Waits(refusal))
    }
}

fn writes(change: &RecordChange) -> Vec<AttributeWrite> {
    let write = |attribute: &crate::change::AttributeChange| AttributeWrite {
        attribute: attribute.attribute,
        to: attribute.to.clone(),
    };
    change.attributes.iter().map(write).collect()
}

/// The conclusion of a write that surely changed nothing.
fn refused_by(error: &PortError) -> Conclusion {
    if is_away(error) {
        Conclusion::held(Reason::NotSent, error.words())
    } else {
        Conclusion::Failed(Refusal::new(Reason::TargetRefused, error.words()))
    }
}
