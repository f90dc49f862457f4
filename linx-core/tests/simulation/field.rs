//! ExakTime at its port.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use linx_core::model::{
    Approval, ApprovalLevel, Attributes, ClassHours, ClockTimes, Hours, Kind, Record, RecordId, Refresh, TimeRecord,
};
use linx_core::ports::{AttributeWrite, FailureKind, Field, PortError, Snapshot};

use crate::calls::Caller;
use crate::world::{Applied, Punch, Request, World, no_code};

/// As a run calls it, with how far its clock is ahead of the run's.
pub struct SimField(pub Arc<Caller>, pub TimeDelta);

#[async_trait]
impl Field for SimField {
    async fn records(&self, kind: Kind) -> Result<Snapshot<Record>, PortError> {
        let rows = |world: &World| {
            world
                .records
                .values()
                .filter(|record| record.kind == kind)
                .cloned()
                .collect()
        };
        self.0
            .read(kind_words(kind), rows, |record| record.id.to_string())
            .await
    }

    async fn create(&self, kind: Kind, attributes: &Attributes) -> Result<RecordId, PortError> {
        match self.0.write(Request::Make(kind, attributes.clone())).await? {
            Applied::Record(id) => Ok(id),
            _ => Err(PortError::unknown(FailureKind::Unreadable, "no id")),
        }
    }

    async fn update(&self, kind: Kind, id: &RecordId, writes: &[AttributeWrite]) -> Result<(), PortError> {
        let writes = writes.iter().map(|write| (write.attribute, write.to.clone()));
        let request = Request::Set(kind, id.clone(), writes.collect());
        self.0.write(request).await.map(drop)
    }

    async fn time_records(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<TimeRecord>, PortError> {
        let rows = |world: &World| {
            let within = world
                .warehouse
                .iter()
                .filter(|(_, punch)| (from..=to).contains(&punch.date));
            within.map(|(id, punch)| record(*id, punch)).collect()
        };
        let id = |record: &TimeRecord| record.id.as_deref().unwrap_or_default().to_owned();
        self.0.read("time", rows, id).await
    }

    async fn approvals(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<Approval>, PortError> {
        let rows = |world: &World| {
            let within = world.signed.iter().filter(|(_, date)| (from..=to).contains(date));
            let approval = |(employee, work_date): &(RecordId, NaiveDate)| Approval {
                employee: employee.clone(),
                work_date: *work_date,
                level: ApprovalLevel::Supervisor,
            };
            within.map(approval).collect()
        };
        let id = |approval: &Approval| format!("{} {}", approval.employee, approval.work_date);
        self.0.read("approvals", rows, id).await
    }

    async fn last_refresh(&self, today: NaiveDate) -> Result<Refresh, PortError> {
        let rows = |world: &World| {
            let dates = || world.warehouse.values().map(|punch| punch.date);
            vec![Refresh {
                newest: dates().filter(|date| *date <= today).max(),
                count: Some(world.warehouse.len() as u64),
                ahead: dates().filter(|date| *date > today).max(),
            }]
        };
        let read = self.0.read("last refresh", rows, |_| String::new()).await?;
        let missing = || PortError::not_applied(FailureKind::Unreadable, "no refresh");
        read.rows.into_iter().next().ok_or_else(missing)
    }

    fn clock_difference(&self) -> Option<TimeDelta> {
        Some(self.1)
    }
}

fn record(id: u32, punch: &Punch) -> TimeRecord {
    TimeRecord {
        id: Some(format!("t-{id}").into()),
        employee: punch.employee.clone(),
        work_date: punch.date,
        location: Some(punch.place.clone()),
        cost_code: Some(punch.code.clone()).filter(|code| *code != no_code()),
        start: None,
        stop: None,
        hours: ClassHours::of(punch.class, Hours::from_minutes(punch.hours * 60 / 100)),
        comment: None,
        classification: None,
        clock: punch.from.map(|from| Box::new(clock(punch, from))),
    }
}

fn clock(punch: &Punch, from: NaiveTime) -> ClockTimes {
    let start = punch.date.and_time(from);
    ClockTimes {
        start,
        stop: (!punch.is_open).then(|| start + punch.length()),
    }
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::CostCode => "field codes",
        Kind::Location => "locations",
        Kind::Employee => "employees",
    }
}
