//! What somebody was told of a line: noted once a report shows it, and not before (hazards C17, D19).

use std::collections::BTreeMap;

use crate::change::LineKey;
use crate::ledger::{LedgerError, StoredLine};
use crate::linx::Linx;
use crate::model::CentiHours;
use crate::plan::ExportPlan;

impl Linx {
    /// Lets the ledger remember what a plan noted of lines, but that anybody was told or asked anything: nothing is reported yet, and
    /// this run may die.
    pub(super) async fn remember_untold(&self, plan: &ExportPlan) -> Result<(), LedgerError> {
        let mut lines = plan.agreed.clone();
        let known = self.noted_lines(&lines).await?;
        for line in &mut lines {
            let known = known.get(&line.key);
            line.notes.told = line
                .notes
                .told
                .min(known.map_or(CentiHours::default(), |known| known.notes.told));
            line.notes.asked &= known.is_some_and(|known| known.notes.asked);
        }
        self.ledger.remember_lines(&lines).await
    }

    /// Lets the ledger remember what somebody is told of lines by the report of a plan, and asked.
    pub(super) async fn remember_told(&self, plan: &ExportPlan) -> Result<(), LedgerError> {
        let mut known = self.noted_lines(&plan.agreed).await?;
        let told = plan.agreed.iter().filter_map(|line| {
            let mut now = known.remove(&line.key)?;
            let is_new = now.notes.told < line.notes.told || (line.notes.asked && !now.notes.asked);
            (now.notes.told, now.notes.asked) =
                (now.notes.told.max(line.notes.told), now.notes.asked || line.notes.asked);
            is_new.then_some(now)
        });
        let told: Vec<StoredLine> = told.collect();
        if told.is_empty() {
            return Ok(());
        }
        self.ledger.remember_lines(&told).await
    }

    /// What the ledger has of the days of lines of which somebody was told, or is.
    async fn noted_lines(&self, lines: &[StoredLine]) -> Result<BTreeMap<LineKey, StoredLine>, LedgerError> {
        let days = || {
            lines
                .iter()
                .filter(|line| line.notes.told > CentiHours::default() || line.notes.asked)
                .map(|line| line.key.date)
        };
        let Some((from, to)) = days().min().zip(days().max()) else {
            return Ok(BTreeMap::new());
        };
        let known = self.ledger.lines(from, to).await?;
        Ok(known.into_iter().map(|line| (line.key.clone(), line)).collect())
    }
}
