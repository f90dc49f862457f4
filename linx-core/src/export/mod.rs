//! ExakTime time → Procore timesheets: read, plan, write.
//!
//! The way of a record: `fetch` reads it, `select` says whether it is asked for, `time` makes shifts of it, `booking` finds
//! what its hours are charged to, `lines` sums them, `diff` compares them with what Linx wrote before, and `apply` writes
//! what differs. `plan` leads through these, worker by worker, and `tally` enters every hour in the
//! [`Account`](crate::plan::Account). Only `fetch` and `apply` wait for something; all else is pure.

mod apply;
mod beside;
mod booking;
mod days;
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

pub use facts::ExportFacts;
pub use marks::check_marks;
pub use plan::plan;
pub use report::{ExportHours, ExportReport, ExportSummary, LineResult, ReportedLine};

use crate::hold::{Held, Reason};
use crate::linx::{Linx, LinxError};
use crate::plan::{ExportPlan, Selection};

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
    /// - No line is planned anew unless Procore's entries of the days were read completely: it might be there already.
    /// - An entry is planned for deletion only when its time is gone from a complete list. Unless the settings say
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
        if selection.to < selection.from {
            return Err(LinxError::ReversedRange {
                from: selection.from,
                to: selection.to,
            });
        }
        self.check_pair().await?;
        let settings = self.export.as_ref();
        let mut facts = self.fetch_export(settings, selection).await?;
        if settings.oldest_feed_days > 0 {
            facts.refresh = self.fetch_refresh().await?;
            let newest = facts.refresh.and_then(|refresh| refresh.newest);
            fetch::check_age(newest, facts.today, settings.oldest_feed_days)?;
        }
        let planned = plan(&facts, self.rules.as_ref(), settings, selection)?;
        // Of a week that differs some lines may be missing.
        let may_wait = |held: &Held| matches!(held.reason, Reason::AwaitsRefresh | Reason::LateChange);
        let waits = planned.held.iter().any(may_wait);
        if !waits || facts.refresh.is_some() {
            return Ok(planned);
        }
        // Whether a line waits is known only now, and most plans have none that does.
        facts.refresh = self.fetch_refresh().await?;
        plan(&facts, self.rules.as_ref(), settings, selection)
    }

    /// Returns a kept plan without what has moved since it was made, on either side (hazard B6). That is held, and the rest
    /// can be applied. A plan that is applied at once does not need it.
    ///
    /// # Flow
    ///
    /// Both sides are read again and planned again; a change that would not be planned the same way is held.
    ///
    /// # Guarantees
    ///
    /// The plan that comes back writes nothing that the given one would not write, and its hours add up.
    ///
    /// # Assumptions
    ///
    /// A plan that was not made from ExakTime's complete list, such as one of a file's time, cannot be held against it and
    /// comes back unchanged.
    ///
    /// # Cancellation
    ///
    /// Can be dropped at any time: it only reads.
    ///
    /// # Errors
    ///
    /// As [`Linx::plan_export`].
    pub async fn confirm_export(&self, plan: &ExportPlan) -> Result<ExportPlan, LinxError> {
        self.confirm_plan(plan).await
    }

    /// Writes a plan to Procore, and reports what became of every line and hour.
    ///
    /// # Flow
    ///
    /// The entries that the plan changes are read once more. What takes hours away is written first, then what adds hours
    /// to entries, then new entries. Before each write the ledger notes the intent, after it the outcome.
    ///
    /// # Guarantees
    ///
    /// - Nothing is written twice. When it is not known whether a write arrived, Procore is read before anything is sent
    ///   again; if that does not tell, the line is held.
    /// - An entry that was changed, approved, signed or deleted after the plan was made stays as it is, and its line is held.
    /// - A worker from whose lines hours could not be taken away gets none added in this run: nobody is paid the same hour
    ///   twice.
    /// - A line that Procore refuses is held with Procore's words, and the others are written.
    /// - The hours of lines that were not written move from stored to held, so that they still add up to what was read.
    ///
    /// # Assumptions
    ///
    /// The plan was made by this version for this pair of companies, and with this ledger.
    ///
    /// # Cancellation
    ///
    /// May be dropped, or its process killed, at any moment. What was sent without an answer stays in the ledger as an open
    /// intent; the next plan reads in Procore what became of it and goes on from there.
    ///
    /// # Errors
    ///
    /// When the hours of the plan do not add up (hazard D25), another run is at work, or another has written since the plan
    /// was made: then nothing is written. When the ledger fails, or the entries to be changed cannot be read.
    pub async fn apply_export(&self, plan: &ExportPlan) -> Result<ExportReport, LinxError> {
        self.write_plan(plan).await
    }
}

#[cfg(test)]
mod test_world;
