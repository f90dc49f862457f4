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
mod report;
mod select;
mod tally;
mod time;

pub use facts::ExportFacts;
pub use report::{ExportHours, ExportReport, ExportSummary, LineResult, ReportedLine};

use std::collections::BTreeMap;

use self::booking::resolve::Resolver;
use self::days::Days;
use self::diff::baseline::{Entries, Known, Recovered};
use self::diff::compare::Compare;
use self::diff::window;
use self::select::{Chosen, EmployeeTime};
use self::tally::Fates;
use self::time::timing::{self, Timing};
use crate::digest::digest;
use crate::ledger::recover;
use crate::linx::{Linx, LinxError};
use crate::mapping::MappingRules;
use crate::model::{RecordId, WorkerId, zone_data_version};
use crate::plan::{ExportPlan, FORMAT, Selection};
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

/// Makes the plan out of what was read. Pure: the same input gives the same plan, in whatever order it comes.
pub fn plan(
    facts: &ExportFacts,
    rules: &dyn MappingRules,
    settings: &ExportSettings,
    selection: &Selection,
) -> Result<ExportPlan, LinxError> {
    let resolved = timing::with_instants(facts, settings);
    let facts = resolved.as_ref().unwrap_or(facts);
    let mut chosen = select::select(facts, settings, selection)?;
    let mut timing = Timing::new(facts, settings);
    let entries = Entries::new(facts);
    let recovered = Recovered::new(facts, &entries);
    let known = Known::new(facts, &recovered);
    let mut resolver = Resolver::new(facts, rules, settings);
    let mut compare = Compare::new(facts, &entries, &chosen, &resolver, &recovered.found, settings);
    let mut fates = Fates::default();
    let asked = Days::Asked(selection.from..=selection.to);
    let week_start = settings.week_start.weekday();
    for (worker, employees) in by_worker(&chosen, &resolver, &known) {
        for (employee, time) in &employees {
            time.enter(employee, &mut fates.account);
        }
        let time: Vec<_> = employees
            .iter()
            .map(|(employee, time)| (*employee, timing.shifts(time)))
            .collect();
        let known = worker.map_or(&[][..], |worker| known.of(worker));
        let mut pass = |days: &Days, compare: &mut Compare<'_>, fates: &mut Fates| {
            let mut drafted = lines::draft(&time, days, timing.moves_days(), &mut resolver, fates);
            let lines = lines::lines(&drafted.pieces, timing.rounding, &mut drafted.held_days, fates);
            compare.worker(&lines, known, days, &drafted.held_days, fates);
        };
        let before = compare.changes.len();
        pass(&asked, &mut compare, &mut fates);
        let again = window::brought_up(&compare.changes[before..], known, &asked, week_start);
        if !again.is_empty() {
            pass(&Days::Again(again), &mut compare, &mut fates);
        }
        let sent = window::sent_before(known, selection.from, week_start);
        if let Some(worker) = worker.filter(|_| !sent.is_empty()) {
            let changes = compare.look(|compare| pass(&Days::Again(sent), compare, &mut Fates::default()));
            fates.held.extend(window::late(worker, &changes, week_start));
        }
    }
    compare.sort();
    let refused = compare.guard_deletions(settings.guard, known.lines.len(), &mut fates);
    let Fates {
        mut account,
        mut held,
        mut left_out,
        beyond,
        rounded,
    } = fates;
    account.check().map_err(LinxError::Unaccounted)?;
    for ((employee, date), hours) in &beyond {
        account.forget(employee, *date, *hours);
    }
    chosen.notes.extend(timing.notes());
    chosen.notes.extend(resolver.unmatched());
    held.extend(facts.unreadable());
    held.sort();
    left_out.sort();
    Ok(ExportPlan {
        format: FORMAT,
        digest: digest(&(facts.fingerprint(), &compare.changes)),
        after: facts.last_run,
        selection: selection.clone(),
        changes: compare.changes,
        agreed: compare.agreed.into_values().collect(),
        resumed: facts.resumed(),
        unchanged: compare.unchanged,
        held,
        left_out,
        account,
        employees: facts.employee_numbers(),
        whole: facts.records.proves_absence(),
        refused,
        zone_data: zone_data_version().into(),
        rounded,
        endpoint: settings.endpoint,
        timesheets: settings.timesheets,
        notes: chosen.notes,
    })
}

/// An employee and the time of it.
type Time<'c, 'a> = (&'a RecordId, &'c EmployeeTime<'a>);

/// The time of those who are linked to each worker, and the workers of whom there are lines and no time. Whoever is
/// linked to nobody comes under `None`.
fn by_worker<'c, 'a>(
    chosen: &'c Chosen<'a>,
    resolver: &Resolver<'_>,
    known: &Known<'_>,
) -> BTreeMap<Option<WorkerId>, Vec<Time<'c, 'a>>> {
    let mut workers: BTreeMap<_, Vec<_>> = known.workers().map(|worker| (Some(worker), Vec::new())).collect();
    for (employee, time) in &chosen.time {
        let worker = resolver.worker_of(employee);
        workers.entry(worker).or_default().push((*employee, time));
    }
    workers
}

/// The text that marks an entry as ours.
pub(crate) use recover::mark;

#[cfg(test)]
mod tests;
