//! ExakTime time → Procore timesheets: fetch, plan, apply.
//!
//! The way of a record: `select` → `timing` (deductions, days, spans) → `lines` (through `resolve`) → `compare` with what
//! is `known` → plan → apply, one worker after the other, for the days asked for and the `weeks` they bring up. Every hour
//! gets exactly one of the `fates` in the [`Account`](crate::plan::Account).

mod apply;
mod booking;
mod days;
mod diff;
mod facts;
mod fetch;
mod lines;
mod plan;
mod report;
mod select;
mod tally;
mod time;

pub use facts::ExportFacts;
pub use plan::plan;
pub use report::{ExportHours, ExportReport, ExportSummary, LineResult, ReportedLine};

use crate::ledger::recover;
use crate::linx::{Linx, LinxError};
use crate::plan::{ExportPlan, Selection};
use crate::settings::ExportSettings;

impl Linx {
    /// Reads both sides and says what an export would write. Writes nothing.
    ///
    /// Errors when a whole list could not be read, or when the hours do not add up (hazard D25).
    pub async fn plan_export(&self, settings: &ExportSettings, selection: &Selection) -> Result<ExportPlan, LinxError> {
        self.refuse_old_feed(settings).await?;
        let facts = self.fetch_export(settings, selection).await?;
        plan(&facts, self.rules.as_ref(), settings, selection)
    }
}

/// The text that marks an entry as ours.
pub(crate) use recover::mark;

#[cfg(test)]
mod tests;
