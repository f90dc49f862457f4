//! Time records and approvals, out of the data warehouse (exaktime-api.md section 4.7).
//!
//! Read only: no way to write time is known. The warehouse is refreshed nightly; today's time may come tomorrow.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use linx_http::{Error, ErrorKind, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CostCodeId, LocationId, PersonId, TimeRecordId};
use crate::object::{Object, Reader};
use crate::odata::{Filter, Query};
use crate::wire::{ValueWire, WireProfile};

/// A stretch of work of one person at one place on one cost code, with the hours that ExakTime's policies made of it.
///
/// Their sum need not equal stop minus start: breaks and rounding are taken off, and corrections may be negative.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TimeRecord {
    /// The id at the time of reading. Not a key: the service recalculates records and gives them other ids.
    pub id: TimeRecordId,
    /// Who worked.
    pub person: PersonId,
    /// The day that ExakTime counts it for. A shift over midnight belongs to one day by the account's policy: do not
    /// derive it from `start` (hazard D5).
    pub work_date: NaiveDate,
    /// The place; absent where nobody chose one.
    pub location: Option<LocationId>,
    /// The activity; absent where nobody chose one.
    pub cost_code: Option<CostCodeId>,
    /// When it began; an instant, absent for hours that were entered without one.
    pub start: Option<DateTime<Utc>>,
    /// When it ended. Absent with a start, the record is open: somebody is at work, or forgot to clock out.
    pub stop: Option<DateTime<Utc>>,
    /// Regular hours: an exact decimal such as `7.50`, which may be negative; absent where the warehouse has none.
    pub regular_hours: Option<String>,
    /// Hours of the first overtime class, as regular hours are written.
    pub overtime_hours: Option<String>,
    /// Hours of the second overtime class, as regular hours are written.
    pub double_time_hours: Option<String>,
    /// A note, typed by the person or the supervisor.
    pub comment: Option<String>,
    /// The trade or class of the work. Absent unless the profile names a column for it
    /// ([`classification`](crate::wire::TimeRecordWire::classification)).
    pub classification: Option<String>,
}

/// On which level somebody approved. A level that the profile does not name is kept as text (hazard A12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalKind {
    /// The employee, of their own time.
    Employee,
    /// A supervisor.
    Supervisor,
    /// The final sign-off, after which nothing changes.
    SignOff,
    /// Any other word as it was sent; blank where there was none.
    Unknown(String),
}

/// An approval of one person's day.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Approval {
    /// The person whose day was approved.
    pub person: PersonId,
    /// The work date that was approved, all records of it.
    pub work_date: NaiveDate,
    /// On which level.
    pub kind: ApprovalKind,
    /// The person who approved; absent where the warehouse does not say.
    pub approver: Option<PersonId>,
    /// When it was approved; absent where the warehouse does not say.
    pub approved_at: Option<DateTime<Utc>>,
}

/// What the warehouse holds of time: from how far to how far, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeExtent {
    /// The newest work date of which there is time: how old the data is at most (hazard B13). `None` when there is no time
    /// at all.
    pub newest: Option<NaiveDate>,
    /// How many time records there are; `None` where the server does not count them.
    pub count: Option<u64>,
}

/// Ids and the date only: the note is somebody's (hazard A14).
impl fmt::Debug for TimeRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeRecord")
            .field("id", &self.id)
            .field("person", &self.person)
            .field("work_date", &self.work_date)
            .finish_non_exhaustive()
    }
}

impl TimeRecord {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.time_record);
        Ok(Self {
            id: reader.id(&names.id, TimeRecordId::read)?,
            person: reader.id(&names.person, PersonId::read)?,
            work_date: reader.required_date(&names.work_date)?,
            location: reader.maybe_id(&names.location, LocationId::read)?,
            cost_code: reader.maybe_id(&names.cost_code, CostCodeId::read)?,
            start: reader.instant(&names.start)?,
            stop: reader.instant(&names.stop)?,
            regular_hours: reader.decimal(&names.regular)?,
            overtime_hours: reader.decimal(&names.overtime)?,
            double_time_hours: reader.decimal(&names.double_time)?,
            comment: reader.text(&names.comment)?,
            classification: match &names.classification {
                Some(column) => reader.text(column)?,
                None => None,
            },
        })
    }
}

impl TimeExtent {
    /// Reads an answer that has the newest row only, and the count of all.
    fn read(body: &[u8], work_date: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Newest {
            value: Vec<Object>,
            #[serde(rename = "@odata.count")]
            count: Option<u64>,
        }
        let answer: Newest =
            serde_json::from_slice(body).map_err(|_| "the answer is no OData feed: it has no rows under `value`")?;
        let newest = answer.value.first();
        Ok(Self {
            newest: newest.map(|row| Reader(row).required_date(work_date)).transpose()?,
            count: answer.count,
        })
    }
}

impl Approval {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.approval);
        let kind = reader.text(&names.kind)?;
        Ok(Self {
            person: reader.id(&names.person, PersonId::read)?,
            work_date: reader.required_date(&names.work_date)?,
            kind: ApprovalKind::of(kind.unwrap_or_default(), &wire.value),
            approver: reader.maybe_id(&names.approver, PersonId::read)?,
            approved_at: reader.instant(&names.approved_at)?,
        })
    }
}

impl ApprovalKind {
    pub(crate) fn of(text: String, words: &ValueWire) -> Self {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if is(&words.employee) {
            Self::Employee
        } else if is(&words.supervisor) {
            Self::Supervisor
        } else if is(&words.sign_off) {
            Self::SignOff
        } else {
            Self::Unknown(text)
        }
    }
}

impl Client {
    /// Returns the list of the time records of the work dates `from` to `to`, both included, of active and inactive
    /// employees (hazard C6). As old as the warehouse: what was worked today may come tomorrow. Reads when its rows are
    /// asked for.
    pub fn time_records(&self, from: NaiveDate, to: NaiveDate) -> List<TimeRecord> {
        let names = &self.wire().time_record;
        // Pages are cut out of one order, which has to be total.
        let query = Query::default()
            .filter(Filter::dates(&names.work_date, from, to))
            .order_by(&names.work_date)
            .order_by(&names.id);
        let id = |record: &TimeRecord| record.id.to_string();
        self.odata_list(query.request(&names.set), TimeRecord::read, id, &names.id)
    }

    /// Returns what the warehouse holds of time at present: by that one refresh of it can be told from another, which no
    /// date and no header does (hazard D27). One small request; reads, may be repeated.
    ///
    /// # Errors
    ///
    /// Whatever keeps the warehouse from answering, such as a column that it does not have
    /// ([`Rejected`](linx_http::ErrorKind::Rejected)), and a newest record without a readable work date.
    pub async fn time_extent(&self) -> Result<TimeExtent, Error> {
        self.extent(Query::default()).await
    }

    /// Returns the newest work date up to `until`, included, of which the warehouse has time; `None` where it has none. Where
    /// a work date lies in the future, [`time_extent`](Self::time_extent) tells nothing of how old the data is (hazard B13).
    /// One small request; reads, may be repeated.
    ///
    /// # Errors
    ///
    /// As [`time_extent`](Self::time_extent).
    pub async fn newest_time(&self, until: NaiveDate) -> Result<Option<NaiveDate>, Error> {
        let work_date = &self.wire().time_record.work_date;
        let query = Query::default().filter(Filter::le(work_date, until));
        Ok(self.extent(query).await?.newest)
    }

    /// The newest of the records that a query is about, and how many they are.
    async fn extent(&self, query: Query) -> Result<TimeExtent, Error> {
        let names = &self.wire().time_record;
        let query = query.order_by_desc(&names.work_date).order_by_desc(&names.id).top(1);
        let ask = query.request(&names.set).query("$count", true);
        let answer = self.odata().send_raw(&ask).await?;
        TimeExtent::read(answer.body(), &names.work_date)
            .map_err(|detail| Error::not_applied(ErrorKind::Unreadable, detail).during(ask.operation()))
    }

    /// Returns the list of the approvals of the work dates `from` to `to`, both included. Reads when its rows are asked
    /// for.
    pub fn approvals(&self, from: NaiveDate, to: NaiveDate) -> List<Approval> {
        let names = &self.wire().approval;
        let query = [&names.work_date, &names.person, &names.kind, &names.approver]
            .iter()
            .fold(
                Query::default().filter(Filter::dates(&names.work_date, from, to)),
                |query, column| query.order_by(column),
            );
        let id = |approval: &Approval| format!("{approval:?}");
        self.odata_list(query.request(&names.set), Approval::read, id, &names.person)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(value: &Value) -> Result<TimeRecord, String> {
        TimeRecord::read(value.as_object().unwrap(), &WireProfile::default())
    }

    #[test]
    fn a_record_is_read_with_its_exact_hours() {
        let row = json!({"TimeRecordId": 7, "PersonId": "p-1", "WorkDate": "2026-03-08", "LocationId": null,
            "StartTime": "2026-03-08T07:00:00Z", "StopTime": null, "RegularHours": 0.33, "OT1Hours": "2.00"});
        let record = read(&row).unwrap();
        assert_eq!(record.regular_hours.as_deref(), Some("0.33"));
        assert_eq!(record.overtime_hours.as_deref(), Some("2.00"));
        assert_eq!((record.location, record.stop), (None, None));
    }

    #[test]
    fn d20_a_class_is_read_where_the_profile_names_its_column() {
        let row = json!({"TimeRecordId": 7, "PersonId": "p-1", "WorkDate": "2026-03-08", "Trade": "Carpenter"});
        assert_eq!(read(&row).unwrap().classification, None);
        let wire: WireProfile = serde_json::from_value(json!({"time_record": {"classification": "Trade"}})).unwrap();
        let record = TimeRecord::read(row.as_object().unwrap(), &wire).unwrap();
        assert_eq!(record.classification.as_deref(), Some("Carpenter"));
    }

    #[test]
    fn d14_hours_that_are_no_decimal_make_the_row_unreadable() {
        let row = json!({"TimeRecordId": 7, "PersonId": "p-1", "WorkDate": "2026-03-08", "RegularHours": "8:30"});
        assert_eq!(read(&row).unwrap_err(), "`RegularHours` is not a decimal number");
    }

    #[test]
    fn a_range_of_days_is_a_filter_with_unquoted_dates() {
        let day = |number| NaiveDate::from_ymd_opt(2026, 3, number).unwrap();
        let days = Filter::dates("WorkDate", day(2), day(15));
        let list = Query::default().filter(days).request("DwTimeRecords");
        assert_eq!(list.operation(), "GET /DwTimeRecords");
        let (name, value) = &list.query_pairs()[0];
        assert_eq!(
            (name.as_str(), value.as_str()),
            ("$filter", "WorkDate ge 2026-03-02 and WorkDate le 2026-03-15")
        );
    }

    #[test]
    fn d27_the_extent_is_the_newest_date_and_the_count_where_the_server_counts() {
        let read = |body: &str| TimeExtent::read(body.as_bytes(), "WorkDate");
        let newest = NaiveDate::from_ymd_opt(2026, 3, 13);
        for (body, newest, count) in [
            (
                r#"{"value":[{"WorkDate":"2026-03-13"}],"@odata.count":104}"#,
                newest,
                Some(104),
            ),
            (r#"{"value":[{"WorkDate":"2026-03-13"}]}"#, newest, None),
            (r#"{"value":[],"@odata.count":0}"#, None, Some(0)),
        ] {
            assert_eq!(read(body), Ok(TimeExtent { newest, count }), "{body}");
        }
        assert_eq!(read(r#"{"value":[{}]}"#).unwrap_err(), "`WorkDate` is missing");
        assert!(read("[]").is_err());
    }

    #[test]
    fn a12_an_unheard_of_approval_is_kept() {
        let words = ValueWire::default();
        assert_eq!(ApprovalKind::of("signoff".to_owned(), &words), ApprovalKind::SignOff);
        assert_eq!(
            ApprovalKind::of("Foreman".to_owned(), &words),
            ApprovalKind::Unknown("Foreman".to_owned())
        );
    }
}
