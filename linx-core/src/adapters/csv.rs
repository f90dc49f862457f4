//! ExakTime as the field, with its time out of a CSV export.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use exaktime_client::csv::{CsvError, CsvRowError, CsvTime};
use futures_util::lock::Mutex;
use serde::Serialize;

use crate::digest::digest;
use crate::model::{
    Approval, Attribute, Attributes, ClockTimes, HourClass, Hours, Kind, Pool, Record, RecordId, Refresh, SharedText,
    TimeRecord,
};
use crate::ports::{AttributeWrite, Check, Field, PortError, Snapshot, UnreadRow};

/// A field whose time records come from a file instead of the service; everything else stays the service's.
///
/// A file names people, places and codes by the customer's own numbers. Each is looked up among the service's records;
/// one that no record carries, or more than one, is told as `csv:` and the number, so that its hours are held with a
/// reason and not lost. Lists are read once.
pub struct CsvField {
    field: Arc<dyn Field>,
    rows: Vec<Row>,
    /// The first two lines of rows that are equal in all columns, by their fingerprint.
    repeated: BTreeMap<u64, [u64; 2]>,
    unreadable: Vec<UnreadRow>,
    lists: Mutex<BTreeMap<Kind, Snapshot<Record>>>,
}

/// A row, its texts shared with others: a file names the same people, places and codes again and again.
struct Row {
    line: u64,
    employee: SharedText,
    work_date: NaiveDate,
    location: Option<SharedText>,
    cost_code: Option<SharedText>,
    seconds: [i64; 3],
    /// What few rows have.
    details: Option<Box<Details>>,
    fingerprint: u64,
}

/// What few rows have.
#[derive(Serialize)]
struct Details {
    comment: Option<SharedText>,
    start: Option<NaiveDateTime>,
    stop: Option<NaiveDateTime>,
    classification: Option<SharedText>,
}

impl Row {
    fn new(row: CsvTime, texts: &mut Pool<SharedText>) -> Self {
        let mut text = |text: String| texts.share(text.into());
        let details = Details {
            comment: row.comment.map(&mut text),
            start: row.start,
            stop: row.stop,
            classification: row.classification.map(&mut text),
        };
        let has_details = details.comment.is_some() || details.start.is_some() || details.classification.is_some();
        Self {
            line: row.line,
            employee: text(row.employee),
            work_date: row.work_date,
            location: row.location.map(&mut text),
            cost_code: row.cost_code.map(&mut text),
            seconds: row.seconds,
            details: has_details.then(|| Box::new(details)),
            fingerprint: row.fingerprint,
        }
    }
}

impl CsvField {
    /// Returns a field with the rows of a file in place of the time of `field`. A row that cannot be read is held with its
    /// line.
    ///
    /// # Errors
    ///
    /// If a fault of the file leaves it open which of its rows are right (hazard D28): none of them is used then.
    pub fn new(
        field: Arc<dyn Field>,
        rows: impl IntoIterator<Item = Result<Result<CsvTime, CsvRowError>, CsvError>>,
    ) -> Result<Self, CsvError> {
        let (mut good, mut unreadable) = (Vec::new(), Vec::new());
        let mut texts = Pool::default();
        for row in rows {
            match row? {
                Ok(row) => good.push(Row::new(row, &mut texts)),
                Err(error) => unreadable.push(UnreadRow::new(format!("csv:{}", error.line), error.detail)),
            }
        }
        Ok(Self {
            field,
            repeated: repeated(&good),
            rows: good,
            unreadable,
            lists: Mutex::new(BTreeMap::new()),
        })
    }

    /// Returns how many rows could not be read.
    pub fn unreadable(&self) -> usize {
        self.unreadable.len()
    }

    /// Returns the sum of the file's hours whose work date is one that `days` takes: two sums show what a selection leaves
    /// out.
    pub fn hours(&self, days: impl Fn(NaiveDate) -> bool) -> Hours {
        let rows = self.rows.iter().filter(|row| days(row.work_date));
        rows.flat_map(|row| row.seconds).map(Hours::from_seconds).sum()
    }

    /// What points at a row: its line. Rows that are equal in all columns have one id, that of their first two lines: for all
    /// that the file tells they are one record (hazard D28).
    fn record_id(&self, row: &Row) -> String {
        match self.repeated.get(&row.fingerprint) {
            Some([first, second]) => format!("csv:{first},{second}"),
            None => format!("csv:{}", row.line),
        }
    }

    /// Returns the service's ids by identifier. An identifier that two records carry is left out.
    async fn ids(&self, kind: Kind) -> Result<BTreeMap<String, RecordId>, PortError> {
        let list = self.records(kind).await?;
        let mut ids: BTreeMap<String, Option<RecordId>> = BTreeMap::new();
        for record in list.rows {
            if let Some(identifier) = record.attributes.get(Attribute::Identifier) {
                ids.entry(identifier.to_owned())
                    .and_modify(|id| *id = None)
                    .or_insert(Some(record.id));
            }
        }
        Ok(ids
            .into_iter()
            .filter_map(|(identifier, id)| Some((identifier, id?)))
            .collect())
    }
}

/// Rows with hours that are equal in all columns.
fn repeated(rows: &[Row]) -> BTreeMap<u64, [u64; 2]> {
    let mut first: HashMap<u64, u64> = HashMap::new();
    let mut repeated = BTreeMap::new();
    for row in rows.iter().filter(|row| row.seconds != [0; 3]) {
        match first.entry(row.fingerprint) {
            Entry::Vacant(entry) => {
                entry.insert(row.line);
            }
            Entry::Occupied(entry) => {
                repeated.entry(row.fingerprint).or_insert([*entry.get(), row.line]);
            }
        }
    }
    repeated
}

#[async_trait]
impl Field for CsvField {
    async fn records(&self, kind: Kind) -> Result<Snapshot<Record>, PortError> {
        let mut lists = self.lists.lock().await;
        if let Some(list) = lists.get(&kind) {
            return Ok(list.clone());
        }
        let list = self.field.records(kind).await?;
        lists.insert(kind, list.clone());
        Ok(list)
    }

    fn file(&self) -> Option<String> {
        let row = |row: &Row| {
            let what = (&row.employee, row.work_date, &row.location, &row.cost_code, row.seconds);
            digest(&(row.line, what, &row.details))
        };
        let rows: Vec<String> = self.rows.iter().map(row).collect();
        let unreadable: Vec<_> = self.unreadable.iter().map(|row| (&row.id, &row.reason)).collect();
        Some(digest(&(rows, unreadable)))
    }

    async fn record(&self, kind: Kind, id: &RecordId) -> Result<Option<Record>, PortError> {
        self.field.record(kind, id).await
    }

    async fn create(&self, kind: Kind, attributes: &Attributes) -> Result<RecordId, PortError> {
        self.field.create(kind, attributes).await
    }

    async fn update(&self, kind: Kind, id: &RecordId, writes: &[AttributeWrite]) -> Result<(), PortError> {
        self.field.update(kind, id, writes).await
    }

    async fn time_records(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<TimeRecord>, PortError> {
        let employees = self.ids(Kind::Employee).await?;
        let locations = self.ids(Kind::Location).await?;
        let codes = self.ids(Kind::CostCode).await?;
        let mut unknown = Pool::default();
        let mut id = |ids: &BTreeMap<String, RecordId>, identifier: &SharedText| {
            let known = ids.get(identifier.as_str()).cloned();
            known.unwrap_or_else(|| unknown.share(RecordId(format!("csv:{identifier}").into())))
        };
        let clock = |details: &Details| {
            let (start, stop) = (details.start?, details.stop);
            Some(Box::new(ClockTimes { start, stop }))
        };
        let record = |row: &Row| TimeRecord {
            id: Some(self.record_id(row).into()),
            employee: id(&employees, &row.employee),
            work_date: row.work_date,
            location: row.location.as_ref().map(|identifier| id(&locations, identifier)),
            cost_code: row.cost_code.as_ref().map(|identifier| id(&codes, identifier)),
            start: None,
            stop: None,
            hours: HourClass::ALL
                .into_iter()
                .zip(row.seconds.map(Hours::from_seconds))
                .collect(),
            comment: row.details.as_deref().and_then(|details| details.comment.clone()),
            classification: row
                .details
                .as_deref()
                .and_then(|details| details.classification.clone()),
            clock: row.details.as_deref().and_then(clock),
        };
        let within = |row: &&Row| (from..=to).contains(&row.work_date);
        Ok(Snapshot {
            rows: self.rows.iter().filter(within).map(record).collect(),
            unreadable: self.unreadable.clone(),
            // A crew's file says nothing about the others, and one that is cut where a row ends looks whole: no line is
            // removed on its account (hazards D19, D28).
            incomplete: None,
            partial_by_nature: true,
        })
    }

    async fn last_refresh(&self, today: NaiveDate) -> Result<Refresh, PortError> {
        let dates = || self.rows.iter().map(|row| row.work_date);
        Ok(Refresh {
            newest: dates().filter(|date| *date <= today).max(),
            count: None,
            ahead: dates().filter(|date| *date > today).max(),
        })
    }

    async fn approvals(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<Approval>, PortError> {
        self.field.approvals(from, to).await
    }

    fn clock_difference(&self) -> Option<TimeDelta> {
        self.field.clock_difference()
    }

    async fn check(&self) -> Vec<Check> {
        self.field.check().await
    }
}
