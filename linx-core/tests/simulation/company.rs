//! How the company of a history works, all the while: which time it has approved, where it takes start and stop, by which way new
//! lines are written.

use chrono::NaiveTime;
use linx_core::model::EntryEndpoint;
use linx_core::settings::{ExportSettings, Timesheets};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of its own")]
pub struct Company {
    /// Days wait for a supervisor's approval in ExakTime.
    pub approves_time: bool,
    /// People's clocks show from when to when they worked, and the second project takes that instead of hours.
    pub takes_start_stop: bool,
    pub endpoint: EntryEndpoint,
    /// Lines are gathered in timesheets.
    pub shares_timesheets: bool,
    /// Procore does not tell what was deleted.
    pub hides_deleted: bool,
}

impl Company {
    pub fn settings(&self) -> ExportSettings {
        ExportSettings {
            approved_only: self.approves_time,
            endpoint: self.endpoint,
            timesheets: if self.shares_timesheets {
                Timesheets::Shared
            } else {
                Timesheets::Individual
            },
            ..ExportSettings::default()
        }
    }

    /// Every company that is a little simpler.
    pub fn lesser(&self) -> Vec<Self> {
        let plain = Self::default();
        let less = [
            Self {
                approves_time: false,
                ..self.clone()
            },
            Self {
                takes_start_stop: false,
                ..self.clone()
            },
            Self {
                endpoint: plain.endpoint,
                ..self.clone()
            },
            Self {
                shares_timesheets: false,
                ..self.clone()
            },
            Self {
                hides_deleted: false,
                ..self.clone()
            },
        ];
        less.into_iter().filter(|less| less != self).collect()
    }
}

/// When people begin in the morning.
pub fn morning() -> NaiveTime {
    NaiveTime::from_hms_opt(7, 0, 0).unwrap()
}
