//! ExakTime time → Procore timesheets: fetch, plan, apply.
//!
//! The way of a record: `select` → `lines` (through `resolve`) → `compare` → plan → apply. Every hour gets
//! exactly one fate in the [`Account`].

mod account;
mod apply;
mod compare;
mod fetch;
mod lines;
mod report;
mod resolve;
mod select;
mod send;
pub(crate) mod split;
mod write;

pub use account::{Account, DayTally, Tally};
pub use fetch::ExportFacts;
pub use report::{ExportHours, ExportReport, ExportSummary, LineResult, ReportedLine};

use crate::ledger::recover;
use crate::linx::{Linx, LinxError};
use crate::mapping::MappingRules;
use crate::plan::{ExportPlan, FORMAT, Selection, digest};
use crate::settings::ExportSettings;

impl Linx {
    /// Reads both sides and says what an export would write. Writes nothing.
    ///
    /// Errors when a whole list could not be read, or when the hours do not add up (hazard D25).
    pub async fn plan_export(&self, settings: &ExportSettings, selection: &Selection) -> Result<ExportPlan, LinxError> {
        let facts = self.fetch_export(settings, selection).await?;
        plan(&facts, self.rules.as_ref(), settings, selection)
    }
}

/// Makes the plan out of what was read. Pure: the same input gives the same plan, in whatever order it comes.
pub fn plan(
    facts: &ExportFacts,
    rules: &dyn MappingRules,
    settings: &ExportSettings,
    selection: &Selection,
) -> Result<ExportPlan, LinxError> {
    let chosen = select::select(facts, settings, selection);
    let drafted = lines::draft(&chosen, facts, rules, settings);
    let known = compare::known_lines(facts);
    let mut compared = compare::compare(&drafted, &known, facts, &chosen);
    let refused = compared.guard_deletions(settings.guard, known.lines.len());

    let mut account = Account::default();
    for record in &chosen.records {
        account.read(&record.employee, record.work_date, record.total());
    }
    drafted.enter(&mut account);
    compared.enter(&mut account);
    account.check().map_err(LinxError::Unaccounted)?;

    let mut held: Vec<_> = drafted
        .held()
        .chain(compared.held())
        .chain(facts.unreadable())
        .collect();
    let mut left_out: Vec<_> = drafted.left_out().chain(compared.left_out()).collect();
    held.sort();
    left_out.sort();
    Ok(ExportPlan {
        format: FORMAT,
        digest: digest(&(facts.fingerprint(), &compared.changes)),
        after: facts.last_run,
        selection: selection.clone(),
        changes: compared.changes,
        agreed: compared.agreed,
        resumed: facts.resumed(),
        unchanged: compared.unchanged,
        held,
        left_out,
        account,
        employees: facts.employee_numbers(),
        refused,
        endpoint: settings.endpoint,
        timesheets: settings.timesheets,
        notes: chosen.notes,
    })
}

/// The text that marks an entry as ours.
pub(crate) use recover::mark;

#[cfg(test)]
mod tests;
