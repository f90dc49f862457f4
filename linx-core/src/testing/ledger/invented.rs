//! Invented links, lines, runs and writes.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::change::{LineAction, LineChange, LineKey, LineView, RecordAction, RecordChange};
use crate::ledger::{Direction, Link, RunStart, StoredLine, Write};
use crate::model::{
    Attribute, Attributes, CentiHours, Coding, EntryContent, EntryId, HourClass, Kind, OfficeRef, ProjectId, RecordId,
    WorkerId,
};

/// A day by its text, `2026-03-02`.
///
/// # Panics
///
/// When it is none.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The moment at which all is done.
pub fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_529)
}

/// A run of a direction that begins.
pub fn start(direction: Direction) -> RunStart {
    RunStart {
        direction,
        at: now(),
        days: None,
        plan: "digest".into(),
    }
}

/// A link of a worker to an employee with this last name.
pub fn link(worker: u64, name: &str) -> Link {
    Link {
        office: OfficeRef::Worker(WorkerId(worker)),
        kind: Kind::Employee,
        record: RecordId(format!("p-{worker}").into()),
        base: Attributes::default().with(Attribute::LastName, name),
    }
}

/// A line of worker 1 on a day, with so many hundredths of an hour; each day has an entry of its own.
pub fn line(date: &str, hundredths: i64) -> StoredLine {
    let key = LineKey {
        worker: WorkerId(1),
        date: day(date),
        project: ProjectId(2),
        sub_job: None,
        cost_code: "03-300".into(),
        class: HourClass::Regular,
        classification: None,
        start: None,
    };
    let content = EntryContent {
        worker: key.worker,
        date: key.date,
        coding: Arc::new(Coding {
            project: key.project,
            sub_job: None,
            cost_code: None,
            line_item_type: None,
            wbs_code: None,
            classification: None,
            time_type: None,
        }),
        span: None,
        hours: CentiHours::from_hundredths(hundredths),
        description: Some("Waited for the pump truck".into()),
        billable: true,
    };
    StoredLine {
        sent: Some(content),
        ..StoredLine::of(key, EntryId(date.bytes().map(u64::from).sum()))
    }
}

/// The write that makes a line.
///
/// # Panics
///
/// When nothing was sent for it: [`line()`] has something.
pub fn line_write(line: &StoredLine) -> Write {
    Write::Line(Box::new(LineChange {
        key: line.key.clone(),
        action: LineAction::Create,
        entry: None,
        content: line.sent.clone().unwrap(),
        before: None,
        view: LineView::default(),
        why: "new time".into(),
        carries: Vec::new(),
        zone: None,
        double_of: None,
        touched: None,
    }))
}

/// A write that makes an employee.
pub fn record_write() -> Write {
    Write::Record(RecordChange {
        kind: Kind::Employee,
        action: RecordAction::Create,
        identifier: "00101".into(),
        office: OfficeRef::Worker(WorkerId(1)),
        record: None,
        attributes: Vec::new(),
        why: "new in Procore".into(),
        base: Attributes::default(),
    })
}
