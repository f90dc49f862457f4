//! How clock times become the hours of days and weeks.

use serde::{Deserialize, Serialize};

/// How Linx itself rounds time: to the nearest step, up as well as down, so that it averages out (hazard D11; 29 CFR
/// 785.48).
///
/// Where a project takes start and stop, both punches are rounded; else each worker's day is, and its lines add up to
/// the rounded day. With [`Quarter`](Self::Quarter), a day of 8:31 becomes 8:30. Nothing is rounded where Procore
/// rounds already (hazard D12).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rounding {
    /// The hours that ExakTime computed are sent as they are.
    #[default]
    #[serde(rename = "none")]
    None,
    /// To the nearest five minutes.
    #[serde(rename = "5")]
    FiveMinutes,
    /// To the nearest six minutes, a tenth of an hour.
    #[serde(rename = "6")]
    Tenth,
    /// To the nearest fifteen minutes, a quarter of an hour.
    #[serde(rename = "15")]
    Quarter,
}

/// Which day a shift across midnight belongs to (hazard D6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overnight {
    /// The work date that ExakTime gives it.
    #[default]
    #[serde(rename = "exaktime")]
    ExakTime,
    /// The day on which it begins. Only hours that fall into the next work week are booked on its first day, since they
    /// count for that week's overtime (hazard D7).
    StartDay,
    /// Both days: of a shift from 22:00 to 06:00, 2 hours are booked on the first and 6 on the second.
    SplitAtMidnight,
}

/// The day of the week on which the work week begins; Monday by default.
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
    /// Returns the day as the calendar's type.
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
