//! A change of a timesheet line.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{
    CentiHours, ClassificationId, EntryContent, EntryId, HourClass, Hours, IdError, PlaceZone, ProjectId, RecordId,
    SharedText, SubJobId, WorkerId,
};

/// How a start stands in a key.
const START: &str = "%H%M%S";

/// The natural key of a line: what does not change when ExakTime cuts a day's records anew (hazard B10).
///
/// As text, such as `7:2026-03-02:316:-:03-300:REG`, it is the mark that Linx leaves in Procore's entry. A
/// classification follows the class behind `#`, a start behind `@`: `REG#12@070000`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineKey {
    /// The worker whose time it is. Two employees who are linked to one worker share a line.
    pub worker: WorkerId,
    /// The day it is booked on in Procore.
    pub date: NaiveDate,
    /// The project it is booked to.
    pub project: ProjectId,
    /// The sub-job, where the place is one.
    pub sub_job: Option<SubJobId>,
    /// The full cost code that the rules want, such as `03-300`, whether or not the project has it; for leave, its code
    /// in ExakTime.
    pub cost_code: SharedText,
    /// The class of its hours: regular time and overtime of a day are two lines.
    pub class: HourClass,
    /// The work classification, where there is one (hazard D20).
    pub classification: Option<ClassificationId>,
    /// When it began by the clock at the place, to the second. Only where the project takes start and stop: there, each
    /// stretch of work is a line.
    pub start: Option<NaiveTime>,
}

impl fmt::Display for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}:", self.worker, self.date, self.project)?;
        match self.sub_job {
            Some(sub_job) => write!(f, "{sub_job}:")?,
            None => f.write_str("-:")?,
        }
        write!(f, "{}:{}", self.cost_code, self.class.as_str())?;
        if let Some(classification) = self.classification {
            write!(f, "#{classification}")?;
        }
        match self.start {
            Some(start) => write!(f, "@{}", start.format(START)),
            None => Ok(()),
        }
    }
}

impl FromStr for LineKey {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError {
            text: text.to_owned(),
            expected: "the key of a timesheet line",
        };
        let mut parts = text.splitn(5, ':');
        let mut next = || parts.next().ok_or_else(error);
        let worker = next()?.parse()?;
        let date = next()?.parse().map_err(|_| error())?;
        let project = next()?.parse()?;
        let sub_job = match next()? {
            "-" => None,
            id => Some(id.parse()?),
        };
        // A cost code may hold colons and any sign; what follows it cannot.
        let (cost_code, rest) = next()?.rsplit_once(':').ok_or_else(error)?;
        let (rest, start) = match rest.split_once('@') {
            Some((rest, start)) => (
                rest,
                Some(NaiveTime::parse_from_str(start, START).map_err(|_| error())?),
            ),
            None => (rest, None),
        };
        let (class, classification) = match rest.split_once('#') {
            Some((class, id)) => (class, Some(id.parse()?)),
            None => (rest, None),
        };
        let class = HourClass::ALL
            .into_iter()
            .find(|known| known.as_str() == class)
            .ok_or_else(error)?;
        Ok(Self {
            worker,
            date,
            project,
            sub_job,
            cost_code: cost_code.into(),
            class,
            classification,
            start,
        })
    }
}

impl Serialize for LineKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LineKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a change does to a timesheet line in Procore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineAction {
    /// Makes a new entry.
    Create,
    /// Changes the values of an entry that is still open.
    Update,
    /// Deletes an entry that Linx wrote and nobody touched since (hazard D19).
    Delete,
}

impl LineAction {
    /// Returns `create`, `update` or `delete`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// What a person calls the parts of a line: numbers and codes instead of ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineView {
    /// The employee number in ExakTime; empty where there is none.
    pub employee: String,
    /// The identifier of the location, such as `24-002.01`.
    pub location: String,
    /// What ExakTime calls the class of work; what Procore calls it stands in the content (hazard D20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
}

/// A share of one employee's day that a line books, by which the account knows what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Carried {
    /// ExakTime's id of the employee who worked.
    pub employee: RecordId,
    /// The work date in ExakTime, which may be another day than the line's.
    pub date: NaiveDate,
    /// How many hours, to the second: before rounding to hundredths.
    pub hours: Hours,
    /// Of how many stretches of work; 0 where an older version did not count them.
    #[serde(default)]
    pub stretches: u32,
}

/// One timesheet line to be created, updated or deleted in Procore.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineChange {
    /// The natural key of the line, by which it is found again in a later run.
    pub key: LineKey,
    /// Whether it is created, updated or deleted.
    pub action: LineAction,
    /// Procore's entry; `None` for one to be made.
    pub entry: Option<EntryId>,
    /// The values that the entry will have; for a deletion, those that it has now.
    pub content: EntryContent,
    /// The hours that the entry has now; `None` for one to be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<CentiHours>,
    /// What a person calls its parts.
    pub view: LineView,
    /// Why, in one sentence.
    pub why: String,
    /// The hours it carries; none for a deletion, but for that of a double. Of more than one employee only where several are linked to one
    /// worker (hazard C5).
    pub carries: Vec<Carried>,
    /// The time zone, where it decided the day or the times of the line, and where it was learnt (hazard D3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<PlaceZone>,
    /// The older entry in which the line stands on, where this deletes a double of it (hazard B15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub double_of: Option<EntryId>,
    /// When the entry had been changed last, by the service's clock, as the plan saw it; `None` for one to be made, or where that
    /// is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touched: Option<DateTime<Utc>>,
}

impl LineChange {
    /// Whether Procore has more hours by it than before.
    pub(crate) fn gains(&self) -> bool {
        self.action != LineAction::Delete && self.before.is_none_or(|before| before < self.content.hours)
    }

    /// How many hours more Procore has by it than before; less than none where it takes some away.
    pub(crate) fn gained(&self) -> CentiHours {
        match self.action {
            LineAction::Create => self.content.hours,
            LineAction::Update => self.content.hours - self.before.unwrap_or_default(),
            LineAction::Delete => CentiHours::default() - self.content.hours,
        }
    }

    /// How many hours fewer Procore has by it than before; less than none where it adds some.
    pub(crate) fn lost(&self) -> CentiHours {
        CentiHours::default() - self.gained()
    }

    /// The hours of ExakTime's that stand in it.
    pub(crate) fn hours_carried(&self) -> Hours {
        self.carries.iter().map(|carried| carried.hours).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b10_a_key_survives_its_text() {
        for cost_code in ["03-300", "01:02", "0 1"] {
            for (sub_job, classification, start) in [
                (None, None, None),
                (
                    Some(SubJobId(9)),
                    Some(ClassificationId(12)),
                    NaiveTime::from_hms_opt(7, 0, 55),
                ),
            ] {
                let key = LineKey {
                    worker: WorkerId(562_949_953_430_001),
                    date: NaiveDate::from_ymd_opt(2026, 3, 7).unwrap(),
                    project: ProjectId(316),
                    sub_job,
                    cost_code: cost_code.into(),
                    class: HourClass::Overtime,
                    classification,
                    start,
                };
                assert_eq!(key.to_string().parse(), Ok(key));
            }
        }
        assert!("7:2026-03-02:316:-:REG".parse::<LineKey>().is_err());
    }
}
