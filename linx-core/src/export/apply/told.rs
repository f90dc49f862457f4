//! Of how many hours of a line somebody was told: noted once a report shows it, and not before (hazard D19).

use std::collections::BTreeMap;

use crate::change::LineKey;
use crate::ledger::{LedgerError, StoredLine};
use crate::linx::Linx;
use crate::model::CentiHours;
use crate::plan::ExportPlan;

impl Linx {
    /// Lets the ledger remember what a plan noted of lines, but that anybody was told of their hours: nothing is reported yet, and
    /// this run may die (hazard D19).
    pub(super) async fn remember_untold(&self, plan: &ExportPlan) -> Result<(), LedgerError> {
        let mut lines = plan.agreed.clone();
        let known = self.noted_lines(&lines).await?;
        for line in &mut lines {
            let told = known.get(&line.key).map_or(CentiHours::default(), |known| known.told);
            line.told = line.told.min(told);
        }
        self.ledger.remember_lines(&lines).await
    }

    /// Lets the ledger remember of how many hours of lines somebody is told by the report of a plan.
    pub(super) async fn remember_told(&self, plan: &ExportPlan) -> Result<(), LedgerError> {
        let mut known = self.noted_lines(&plan.agreed).await?;
        let told = plan.agreed.iter().filter_map(|line| {
            let mut now = known.remove(&line.key).filter(|now| now.told < line.told)?;
            now.told = line.told;
            Some(now)
        });
        let told: Vec<StoredLine> = told.collect();
        if told.is_empty() {
            return Ok(());
        }
        self.ledger.remember_lines(&told).await
    }

    /// What the ledger has of the days of lines of whose hours somebody was told, or is.
    async fn noted_lines(&self, lines: &[StoredLine]) -> Result<BTreeMap<LineKey, StoredLine>, LedgerError> {
        let days = || {
            lines
                .iter()
                .filter(|line| line.told > CentiHours::default())
                .map(|line| line.key.date)
        };
        let Some((from, to)) = days().min().zip(days().max()) else {
            return Ok(BTreeMap::new());
        };
        let known = self.ledger.lines(from, to).await?;
        Ok(known.into_iter().map(|line| (line.key.clone(), line)).collect())
    }
}
