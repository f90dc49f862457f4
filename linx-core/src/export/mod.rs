//! ExakTime time → Procore timesheets: read, plan, write.
//!
//! The way of a record: `fetch` reads it, `select` says whether it is asked for, `persons` whose it is, `time` makes shifts of
//! it, `booking` finds what its hours are charged to, `lines` sums them, and `diff` compares them with what stands in Procore,
//! by our hand and by others'. `plan` leads through these, person by person, and `tally` enters every hour in the
//! [`Account`](crate::plan::Account). `apply` makes the plan anew, writes what both plans show, waits for what got no answer,
//! and does so once more. Only `fetch` and `apply` wait for something; all else is pure.
//!
//! Beside that way: `beside` keeps a person's word on a worker's day, `marks` checks Procore for marks that this ledger never
//! made.

mod apply;
mod beside;
mod booking;
mod days;
mod deleted;
mod diff;
mod facts;
mod fetch;
mod lines;
mod marks;
mod notes;
mod persons;
mod places;
mod plan;
mod report;
mod select;
mod tally;
mod time;

pub use deleted::Deleted;
pub use facts::ExportFacts;
pub use marks::check_marks;
pub use plan::plan;
pub use report::{ExportHours, ExportReport, ExportSummary, LineResult, ReportedLine};

use crate::hold::{Held, Reason};
use crate::ledger::{Gone, IntentId, Lease, StoredLine};
use crate::linx::{Linx, LinxError};
use crate::plan::{ExportPlan, ReadAt, Selection};

impl Linx {
    /// Reads both sides and says what an export would write. Writes nothing: not to Procore, ExakTime or the ledger.
    ///
    /// # Flow
    ///
    /// The time of the days asked for is read, with the rest of their work weeks and as many weeks before as the settings
    /// say; so are Procore's entries of these days and the lines that Linx wrote. Lines are made of the time, worker by
    /// worker, and compared with those that were written before.
    ///
    /// # Guarantees
    ///
    /// - Every hour that was read of the days asked for is counted once: as stored, as held with a reason, or as left out by
    ///   a rule. The three add up to what was read, for each employee and day, to the second.
    /// - Hours are ExakTime's. They are rounded only where the company asks for it, and the report says by how much.
    /// - An entry that somebody changed, approved, signed or deleted in Procore stays as it is; the difference is held and
    ///   told. An entry that Linx did not write is never touched.
    /// - No line is planned anew unless Procore's entries of the days were read completely: it might be there already. Nor
    ///   is it where another hand's entry of that worker's day may be the same time, or where a lost ledger may have written
    ///   it and the office deleted it (hazards B12, D26).
    /// - An entry is planned for deletion only when its time is gone from a complete list, or when it is proven to be a
    ///   double of ours (hazard B15). Unless the settings say
    ///   otherwise it must also be gone at two refreshes of the source, or other time of that day must be new.
    /// - The same lists give the same plan, in whatever order they come.
    ///
    /// # Assumptions
    ///
    /// ExakTime has computed breaks and overtime. Linx does neither, and only moves hours to the project, code and type
    /// that they belong to.
    ///
    /// # Cancellation
    ///
    /// Can be dropped at any time: it only reads.
    ///
    /// # Errors
    ///
    /// When the newest time is older than the settings allow, a list could not be read, something that was asked for is
    /// not there, or the hours do not add up (hazard D25).
    pub async fn plan_export(&self, selection: &Selection) -> Result<ExportPlan, LinxError> {
        let mut plan = self.plan_now(selection, None, None).await?;
        plan.read_at = ReadAt::new(self.clock.now());
        Ok(plan)
    }

    /// See [`Linx::plan_export`]. `waited_for` is the newest intent that cannot arrive any more, whatever the clock says. A
    /// run that makes its plan anew has a `lease`.
    async fn plan_now(
        &self,
        selection: &Selection,
        waited_for: Option<IntentId>,
        lease: Option<&Lease>,
    ) -> Result<ExportPlan, LinxError> {
        let mut waits = 0;
        loop {
            let planned = self.plan_once(selection, waited_for).await;
            match &planned {
                Err(error) if self.outlasts_reading(error, waits, lease).await => waits += 1,
                _ => return planned,
            }
        }
    }

    async fn plan_once(&self, selection: &Selection, waited_for: Option<IntentId>) -> Result<ExportPlan, LinxError> {
        if selection.to < selection.from {
            return Err(LinxError::ReversedRange {
                from: selection.from,
                to: selection.to,
            });
        }
        self.check_pair().await?;
        let settings = self.export.as_ref();
        let mut facts = self.fetch_export(settings, selection, waited_for).await?;
        if settings.oldest_feed_days > 0 {
            facts.refresh = self.fetch_refresh(facts.today).await?;
            let newest = facts.refresh.and_then(|refresh| refresh.newest);
            fetch::check_age(newest, facts.today, settings.oldest_feed_days)?;
        } else if facts
            .lines
            .iter()
            .any(|line| matches!(line.notes.gone, Some(Gone::Deleted | Gone::LeftOut)))
        {
            // Whether ExakTime has lost its time as well is known by two refreshes.
            facts.refresh = self.fetch_refresh(facts.today).await?;
        }
        let planned = plan(&facts, self.rules.as_ref(), settings, selection)?;
        // Of a week that differs some lines may be missing.
        let may_wait = |held: &Held| matches!(held.reason, Reason::AwaitsRefresh | Reason::LateChange);
        let is_newly_gone = |line: &StoredLine| line.notes.gone == Some(Gone::Deleted) && line.notes.missing.is_none();
        let waits = planned.held.iter().any(may_wait) || planned.agreed.iter().any(is_newly_gone);
        if !waits || facts.refresh.is_some() {
            return Ok(planned);
        }
        // Whether a line waits is known only now, and most plans have none that does.
        facts.refresh = self.fetch_refresh(facts.today).await?;
        plan(&facts, self.rules.as_ref(), settings, selection)
    }

    /// Writes a plan to Procore, once, and reports what became of every line and hour.
    ///
    /// # Flow
    ///
    /// The right to write is taken, and the plan is made anew: what both plans have is written, and whatever the given one
    /// does not show is held (hazards B6, B17). What takes hours away is written first, then what adds hours to entries, then
    /// new entries. Directly before entries of a worker's day are changed or deleted, that day is read once more. Before
    /// each write the ledger notes the intent, after it the outcome. Something that got no answer does not stop the rest:
    /// when all else is written, the run waits until it cannot arrive any more, makes the plan a last time, and sends what
    /// is absent then ([`Settle`](crate::settings::Settle)).
    ///
    /// # Guarantees
    ///
    /// - Nothing is written that the given plan does not show, for no other companies, and nothing that would not be planned
    ///   now. A plan that was kept, or altered, gains nothing by that.
    /// - Nothing is written twice. What got no answer is sent again only after its absence from two looks, the second after
    ///   the time in which it could still arrive (hazard A15). If that cannot be awaited, the line is held.
    /// - An entry that was changed, approved, signed or deleted after the plan was made stays as it is, and its line is held.
    /// - As many hours as could not be taken away from a worker's lines are not added to others, of this worker or of those
    ///   who may have got them, in this run: nobody is paid the same hour twice.
    /// - A line that Procore refuses is held with Procore's words, and the others are written.
    /// - The hours of lines that were not written are held, so that the hours still add up to what was read.
    ///
    /// # Cancellation
    ///
    /// May be dropped, or its process killed, at any moment. What was sent without an answer stays in the ledger as an open
    /// intent; the next run reads in Procore what became of it and goes on from there.
    ///
    /// # Errors
    ///
    /// As [`Linx::plan_export`]; besides, when the plan was made for other companies, by another version or from another
    /// file, another run is at work, or another has written since the plan was made: then nothing is written. When the
    /// ledger fails.
    pub async fn apply_export(&self, plan: &ExportPlan) -> Result<ExportReport, LinxError> {
        self.write_plan(plan).await
    }
}

#[cfg(test)]
mod test_world;
