//! What the field has: time records and their approvals.

use super::shared_text::SharedText;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use super::hours::Hours;
use super::ids::RecordId;

/// A class of hours, as ExakTime's policies computed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HourClass {
    /// Regular time.
    #[serde(rename = "REG")]
    Regular,
    /// Overtime.
    #[serde(rename = "OT1")]
    Overtime,
    /// Double time.
    #[serde(rename = "OT2")]
    DoubleTime,
}

impl HourClass {
    /// Every class, in the order of pay.
    pub const ALL: [Self; 3] = [Self::Regular, Self::Overtime, Self::DoubleTime];

    /// Returns ExakTime's code for it: `REG`, `OT1` or `OT2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regular => "REG",
            Self::Overtime => "OT1",
            Self::DoubleTime => "OT2",
        }
    }
}

/// Start and stop as the clock at the place showed them, without an offset. They become instants where the place has a
/// time zone (hazards D1, D2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClockTimes {
    /// When the work began.
    pub start: NaiveDateTime,
    /// When the work ended. One before the start is meant for the next day (hazard D6); `None` means that it goes on.
    pub stop: Option<NaiveDateTime>,
}

/// Hours by class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClassHours([Hours; 3]);

impl ClassHours {
    /// Makes hours of one class only.
    pub fn of(class: HourClass, hours: Hours) -> Self {
        [(class, hours)].into_iter().collect()
    }

    /// Adds hours to a class.
    pub fn add(&mut self, class: HourClass, hours: Hours) {
        // Declared in the order of `HourClass::ALL`.
        self.0[class as usize] += hours;
    }

    /// Returns the classes that have hours, in the order of pay.
    pub fn iter(&self) -> impl Iterator<Item = (HourClass, Hours)> + '_ {
        let classes = HourClass::ALL.into_iter().zip(self.0);
        classes.filter(|(_, hours)| *hours != Hours::ZERO)
    }

    /// Returns the hours of one class.
    pub fn of_class(&self, class: HourClass) -> Hours {
        self.0[class as usize]
    }

    /// Returns the sum over all classes.
    pub fn total(&self) -> Hours {
        self.0.into_iter().sum()
    }

    /// Whether no class has hours. Classes that cancel each other out are not empty.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|hours| *hours == Hours::ZERO)
    }
}

impl FromIterator<(HourClass, Hours)> for ClassHours {
    fn from_iter<I: IntoIterator<Item = (HourClass, Hours)>>(classes: I) -> Self {
        let mut all = Self::default();
        for (class, hours) in classes {
            all.add(class, hours);
        }
        all
    }
}

/// One stretch of work: a person, a place, a code and hours. ExakTime recalculates records, so that an id of a record
/// is no key (exaktime-api.md section 5.5).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeRecord {
    /// ExakTime's id of the record at the time of reading; only to point at it.
    pub id: Option<Box<str>>,
    /// ExakTime's id of the employee who worked.
    pub employee: RecordId,
    /// The day it belongs to, as ExakTime says (hazard D3).
    pub work_date: NaiveDate,
    /// ExakTime's id of the location, where one was chosen.
    pub location: Option<RecordId>,
    /// ExakTime's id of the cost code, where one was chosen.
    pub cost_code: Option<RecordId>,
    /// The instant at which the work began, where it is known; a mere total of hours has none.
    pub start: Option<DateTime<Utc>>,
    /// The instant at which the work ended. `None` beside a start is an open record: the person is still at work, or
    /// forgot to clock out (hazard D8).
    pub stop: Option<DateTime<Utc>>,
    /// The hours by class, as ExakTime's policies computed them; they need not be from start to stop.
    pub hours: ClassHours,
    /// The note, if any.
    pub comment: Option<SharedText>,
    /// The trade or class of the work, where the account keeps one (hazard D20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<SharedText>,
    /// Start and stop by the clock at the place, as long as the instants are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Box<ClockTimes>>,
}

impl TimeRecord {
    /// Returns the hours of all classes.
    pub fn total(&self) -> Hours {
        self.hours.total()
    }

    /// Whether its end is missing. A record with neither end is a total, not an open record.
    pub fn is_open(&self) -> bool {
        match &self.clock {
            Some(clock) => clock.stop.is_none(),
            None => self.start.is_some() && self.stop.is_none(),
        }
    }
}

/// How far an approval goes; a higher level includes the lower ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalLevel {
    /// By the employee.
    Employee,
    /// By the supervisor.
    Supervisor,
    /// The final sign-off.
    SignOff,
}

/// An approval of all of one employee's time on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// ExakTime's id of the employee whose day it is.
    pub employee: RecordId,
    /// The work date that is approved.
    pub work_date: NaiveDate,
    /// How far the approval goes.
    pub level: ApprovalLevel,
}
