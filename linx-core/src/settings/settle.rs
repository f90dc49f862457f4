//! How far two looks are apart that prove that a request will not arrive any more.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// When a request that was sent without an answer cannot arrive any more, and whether a run waits for that.
///
/// One look that does not show what was to be written proves nothing: a gateway may still hold the request, and the list may
/// lack a row that is there. With the default of 120 s, a line that was sent at 10:00:00, got no answer by 10:01:00 and was
/// looked for then is known to be absent when Procore does not show it at 10:03:00 either. One of a run that was killed is
/// looked for by the next run for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settle {
    /// How many seconds after the first look that does not show it a request may still arrive: longer than any gateway on the
    /// way holds it. 120 by default; more than an hour counts as one.
    pub seconds: u32,
    /// Whether a run waits at its end until that time and looks again, as it does by default. Otherwise what is not known
    /// is held until the next run.
    pub wait: bool,
}

impl Settle {
    /// The most seconds that count: a run keeps its lease for longer than it waits (hazard B14).
    pub const MOST: u32 = 3600;

    /// Returns how long a request may still arrive after the first look that does not show it.
    pub fn span(self) -> TimeDelta {
        TimeDelta::seconds(self.seconds.min(Self::MOST).into())
    }
}

impl Default for Settle {
    fn default() -> Self {
        Self {
            seconds: 120,
            wait: true,
        }
    }
}
