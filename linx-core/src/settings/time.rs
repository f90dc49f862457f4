//! How clock times become the hours of days and weeks.

use serde::{Deserialize, Serialize};

/// Rounding of our own: to the nearest, which averages out (hazards D11, D12; 29 CFR 785.48).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rounding {
    /// What ExakTime computed is sent.
    #[default]
    #[serde(rename = "none")]
    None,
    /// To five minutes.
    #[serde(rename = "5")]
    FiveMinutes,
    /// To a tenth of an hour.
    #[serde(rename = "6")]
    Tenth,
    /// To a quarter of an hour.
    #[serde(rename = "15")]
    Quarter,
}

/// Which day a shift across midnight belongs to (hazard D6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overnight {
    /// The work date that ExakTime gives.
    #[default]
    #[serde(rename = "exaktime")]
    ExakTime,
    /// The day on which it begins. What lies in the next work week stands there (hazard D7).
    StartDay,
    /// Each part to its own day.
    SplitAtMidnight,
}

/// A day of the week on which the work week begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // Their names say it.
pub enum WeekStart {
    #[default]
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl WeekStart {
    /// The day as the calendar knows it.
    pub fn weekday(self) -> chrono::Weekday {
        match self {
            Self::Monday => chrono::Weekday::Mon,
            Self::Tuesday => chrono::Weekday::Tue,
            Self::Wednesday => chrono::Weekday::Wed,
            Self::Thursday => chrono::Weekday::Thu,
            Self::Friday => chrono::Weekday::Fri,
            Self::Saturday => chrono::Weekday::Sat,
            Self::Sunday => chrono::Weekday::Sun,
        }
    }
}
