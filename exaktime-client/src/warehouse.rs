//! What else the data warehouse has of time: hours by kind, punches, shifts, pay periods and their approvals
//! (exaktime-api.md section 4.7). Read only.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use linx_http::List;

use crate::client::Client;
use crate::ids::{CostCodeId, LocationId, PayPeriodId, PersonId, PunchId, ShiftId, TimeRecordId};
use crate::object::{Object, Reader};
use crate::odata::{Filter, Query};
use crate::time::ApprovalKind;
use crate::wire::{ValueWire, WireProfile};

/// A kind of hours. One that the profile does not name is kept as text (hazard A12).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HourGroup {
    /// Regular hours.
    Regular,
    /// The first overtime class.
    Overtime,
    /// The second overtime class.
    DoubleTime,
    /// Any other word as it was sent; blank where there was none.
    Unknown(String),
}

/// The hours of one kind of one time record.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct GroupedHours {
    /// The id of the time record at the time of reading. Not a key: records are recalculated and get other ids.
    pub record: TimeRecordId,
    /// Who worked.
    pub person: PersonId,
    /// The day that ExakTime counts the record for.
    pub work_date: NaiveDate,
    /// The place; absent where nobody chose one.
    pub location: Option<LocationId>,
    /// The activity; absent where nobody chose one.
    pub cost_code: Option<CostCodeId>,
    /// Which kind.
    pub group: HourGroup,
    /// How many: an exact decimal such as `2.0`, which may be negative.
    pub hours: Option<String>,
}

/// A punch of the clock, from which time records are made.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Punch {
    /// The id of the punch.
    pub id: PunchId,
    /// Who punched.
    pub person: PersonId,
    /// The place; absent where nobody chose one.
    pub location: Option<LocationId>,
    /// The activity; absent where nobody chose one.
    pub cost_code: Option<CostCodeId>,
    /// The instant of the punch, as the device had it.
    pub at: Option<DateTime<Utc>>,
    /// The kind of device, in the service's own word.
    pub device: Option<String>,
}

/// A shift that somebody is scheduled for; nothing says that it was worked.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Shift {
    /// The id of the shift.
    pub id: ShiftId,
    /// Who is to work.
    pub person: PersonId,
    /// When it is to begin.
    pub start: Option<DateTime<Utc>>,
    /// When it is to end.
    pub end: Option<DateTime<Utc>>,
    /// The place; absent where none is planned.
    pub location: Option<LocationId>,
    /// The activity; absent where none is planned.
    pub cost_code: Option<CostCodeId>,
}

/// A pay period.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PayPeriod {
    /// The id of the pay period.
    pub id: PayPeriodId,
    /// The first day.
    pub start: NaiveDate,
    /// The last day, included.
    pub end: NaiveDate,
    /// Whether nothing in it can change at present: a closed period can be opened again. Absent where the warehouse
    /// does not say.
    pub is_closed: Option<bool>,
    /// The kind in the service's own word, such as `Weekly`.
    pub kind: Option<String>,
}

/// An approval of one person's pay period.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PayPeriodApproval {
    /// The period that was approved.
    pub pay_period: PayPeriodId,
    /// The person whose time was approved.
    pub person: PersonId,
    /// On which level.
    pub kind: ApprovalKind,
    /// The person who approved; absent where the warehouse does not say.
    pub approver: Option<PersonId>,
    /// When it was approved; absent where the warehouse does not say.
    pub approved_at: Option<DateTime<Utc>>,
}

/// Ids and the date only (hazard A14).
impl fmt::Debug for GroupedHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupedHours")
            .field("record", &self.record)
            .field("work_date", &self.work_date)
            .field("group", &self.group)
            .finish_non_exhaustive()
    }
}

/// Ids only (hazard A14).
impl fmt::Debug for Punch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Punch").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Ids only (hazard A14).
impl fmt::Debug for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shift").field("id", &self.id).finish_non_exhaustive()
    }
}

impl HourGroup {
    fn of(text: String, words: &ValueWire) -> Self {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if is(&words.regular) {
            Self::Regular
        } else if is(&words.overtime) {
            Self::Overtime
        } else if is(&words.double_time) {
            Self::DoubleTime
        } else {
            Self::Unknown(text)
        }
    }
}

impl GroupedHours {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.hour_group);
        Ok(Self {
            record: reader.id(&names.id, TimeRecordId::read)?,
            person: reader.id(&names.person, PersonId::read)?,
            work_date: reader.required_date(&names.work_date)?,
            location: reader.maybe_id(&names.location, LocationId::read)?,
            cost_code: reader.maybe_id(&names.cost_code, CostCodeId::read)?,
            group: HourGroup::of(reader.text(&names.group)?.unwrap_or_default(), &wire.value),
            hours: reader.decimal(&names.hours)?,
        })
    }
}

impl Punch {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.punch);
        Ok(Self {
            id: reader.id(&names.id, PunchId::read)?,
            person: reader.id(&names.person, PersonId::read)?,
            location: reader.maybe_id(&names.location, LocationId::read)?,
            cost_code: reader.maybe_id(&names.cost_code, CostCodeId::read)?,
            at: reader.instant(&names.at)?,
            device: reader.text(&names.device)?,
        })
    }
}

impl Shift {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.shift);
        Ok(Self {
            id: reader.id(&names.id, ShiftId::read)?,
            person: reader.id(&names.person, PersonId::read)?,
            start: reader.instant(&names.start)?,
            end: reader.instant(&names.end)?,
            location: reader.maybe_id(&names.location, LocationId::read)?,
            cost_code: reader.maybe_id(&names.cost_code, CostCodeId::read)?,
        })
    }
}

impl PayPeriod {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.pay_period);
        Ok(Self {
            id: reader.id(&names.id, PayPeriodId::read)?,
            start: reader.required_date(&names.start)?,
            end: reader.required_date(&names.end)?,
            is_closed: reader.flag(&names.is_closed)?,
            kind: reader.text(&names.kind)?,
        })
    }
}

impl PayPeriodApproval {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.pay_period_approval);
        Ok(Self {
            pay_period: reader.id(&names.pay_period, PayPeriodId::read)?,
            person: reader.id(&names.person, PersonId::read)?,
            kind: ApprovalKind::of(reader.text(&names.kind)?.unwrap_or_default(), &wire.value),
            approver: reader.maybe_id(&names.approver, PersonId::read)?,
            approved_at: reader.instant(&names.approved_at)?,
        })
    }
}

/// Returns the filter for the UTC days `from` to `to`, both included, of an instant column.
fn utc_days(column: &str, from: NaiveDate, to: NaiveDate) -> Filter {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let after = to.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    Filter::ge(column, midnight(from)).and(Filter::lt(column, midnight(after)))
}

impl Client {
    /// Returns the list of the hours by kind of the work dates `from` to `to`, both included.
    pub fn grouped_hours(&self, from: NaiveDate, to: NaiveDate) -> List<GroupedHours> {
        let names = &self.wire().hour_group;
        let days = Filter::dates(&names.work_date, from, to);
        let query = [&names.work_date, &names.id, &names.group]
            .iter()
            .fold(Query::default().filter(days), |query, column| query.order_by(column));
        let id = |row: &GroupedHours| format!("{} {:?}", row.record, row.group);
        self.odata_list(query.request(&names.set), GroupedHours::read, id, &names.id)
    }

    /// Returns the list of the punches of the UTC days `from` to `to`, both included: those days are not work dates
    /// (exaktime-api.md section 3.4).
    pub fn punches(&self, from: NaiveDate, to: NaiveDate) -> List<Punch> {
        let names = &self.wire().punch;
        let query = Query::default().filter(utc_days(&names.at, from, to));
        let query = query.order_by(&names.at).order_by(&names.id);
        self.odata_list(
            query.request(&names.set),
            Punch::read,
            |punch| punch.id.to_string(),
            &names.id,
        )
    }

    /// Returns the list of the shifts that begin on the UTC days `from` to `to`, both included.
    pub fn shifts(&self, from: NaiveDate, to: NaiveDate) -> List<Shift> {
        let names = &self.wire().shift;
        let query = Query::default().filter(utc_days(&names.start, from, to));
        let query = query.order_by(&names.start).order_by(&names.id);
        self.odata_list(
            query.request(&names.set),
            Shift::read,
            |shift| shift.id.to_string(),
            &names.id,
        )
    }

    /// Returns the list of the pay periods that share a day with `from` to `to`.
    pub fn pay_periods(&self, from: NaiveDate, to: NaiveDate) -> List<PayPeriod> {
        let names = &self.wire().pay_period;
        let meeting = Filter::le(&names.start, to).and(Filter::ge(&names.end, from));
        let query = Query::default()
            .filter(meeting)
            .order_by(&names.start)
            .order_by(&names.id);
        self.odata_list(
            query.request(&names.set),
            PayPeriod::read,
            |period| period.id.to_string(),
            &names.id,
        )
    }

    /// Returns the list of the approvals of one pay period.
    pub fn pay_period_approvals(&self, period: &PayPeriodId) -> List<PayPeriodApproval> {
        let names = &self.wire().pay_period_approval;
        let query = [&names.person, &names.kind, &names.approver].iter().fold(
            Query::default().filter(Filter::eq(&names.pay_period, crate::odata::Literal::id(period))),
            |query, column| query.order_by(column),
        );
        let id = |approval: &PayPeriodApproval| format!("{approval:?}");
        self.odata_list(query.request(&names.set), PayPeriodApproval::read, id, &names.person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a12_an_unheard_of_kind_of_hours_is_kept() {
        let words = ValueWire::default();
        assert_eq!(HourGroup::of("ot1".to_owned(), &words), HourGroup::Overtime);
        assert_eq!(
            HourGroup::of("OT3".to_owned(), &words),
            HourGroup::Unknown("OT3".to_owned())
        );
    }

    #[test]
    fn d5_a_utc_day_ends_where_the_next_begins() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
        assert_eq!(
            utc_days("At", day, day).to_string(),
            "At ge 2026-03-08T00:00:00Z and At lt 2026-03-09T00:00:00Z"
        );
    }
}
