//! What a run does after a round: it waits for what got no answer, or for a limit, and goes another round, or it ends.

use chrono::{DateTime, TimeDelta, Utc};

use super::availability::Limits;
use super::company::Linx;
use crate::ledger::{Direction, IntentId, Lease, LedgerError};
use crate::ports::Awaited;

/// How often a change is sent at most in a run: the second time after its absence is proven.
const LOOKS: usize = 2;

/// What a round left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Left {
    /// When a limit ends that ended the round.
    pub(crate) paused_until: Option<DateTime<Utc>>,
    /// How many changes are concluded.
    pub(crate) concluded: usize,
    /// How many changes its plan had.
    pub(crate) planned: usize,
    /// How many are neither stored nor absent yet.
    pub(crate) waiting: usize,
}

/// The rounds of a run so far.
#[derive(Debug)]
pub(crate) struct Rounds {
    direction: Direction,
    looks: usize,
    limits: Limits,
    /// The newest intent that was waited for.
    pub(crate) waited_for: Option<IntentId>,
}

impl Rounds {
    /// After the first round.
    pub(crate) fn new(direction: Direction) -> Self {
        Self {
            direction,
            looks: 1,
            limits: Limits::default(),
            waited_for: None,
        }
    }

    /// Waits, with the lease kept, where another round is to follow. Returns whether one is.
    pub(crate) async fn go_on(&mut self, linx: &Linx, lease: &Lease, left: Left) -> Result<bool, LedgerError> {
        let (awaited, span, waiting) = if let Some(until) = left.paused_until {
            if !self.limits.lets_go_on(left.concluded) {
                return Ok(false);
            }
            (Awaited::Limit, until - linx.clock.now(), left.planned)
        } else {
            if left.waiting == 0 || !linx.settle.wait || self.looks == LOOKS {
                return Ok(false);
            }
            self.looks += 1;
            let span = self.until_known(linx).await?;
            (Awaited::Outcome, span, left.waiting)
        };
        linx.keep(lease).await?;
        linx.wait(awaited, span, waiting).await;
        Ok(true)
    }

    /// How long until it can be known what became of everything that got no answer (hazard A15).
    async fn until_known(&mut self, linx: &Linx) -> Result<TimeDelta, LedgerError> {
        let open = linx.ledger.open_intents(self.direction).await?;
        let look = linx.look(self.direction, linx.clock.now(), None);
        self.waited_for = open.iter().map(|intent| intent.id).max();
        let left = open.iter().map(|intent| look.left(intent)).max();
        // Where nothing is left and something waits all the same, a list was not whole: another one is to come as much later.
        Ok(left
            .filter(|left| !left.is_zero())
            .unwrap_or_else(|| linx.settle.span()))
    }
}
