//! Ledgers that are lost, or put back as they were.

use std::sync::Arc;

use linx_core::ledger::{Ledger, MemoryLedger};

use super::Attack;
use crate::harness::{pair, two_weeks};

impl Attack {
    pub(super) async fn keep_or_lose_ledgers(&mut self) {
        match self.rng.u8(0..16) {
            0 => {
                self.tell("the ledger is lost");
                self.harness.ledger = Arc::new(MemoryLedger::new());
                self.kept = None;
                self.sync().await;
            }
            1 => self.yesterdays = Some(copy_of(&*self.harness.ledger).await),
            2 => {
                if let Some(yesterdays) = self.yesterdays.take() {
                    self.tell("the ledger is as it was");
                    self.harness.ledger = yesterdays;
                    self.kept = None;
                    self.sync().await;
                }
            }
            _ => {}
        }
    }
}

/// The ledger as it is now, as a copy of its file would be: what comes later is not in it.
async fn copy_of(ledger: &dyn Ledger) -> Arc<dyn Ledger> {
    let copy = MemoryLedger::new();
    copy.bind(&pair()).await.unwrap();
    copy.remember_links(&ledger.links().await.unwrap()).await.unwrap();
    let days = two_weeks();
    let lines = ledger.lines(days.from, days.to).await.unwrap();
    copy.remember_lines(&lines).await.unwrap();
    Arc::new(copy)
}
