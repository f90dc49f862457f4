//! ExakTime as the field.

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use exaktime_client::cost_codes::{CostCode, CostCodeChanges};
use exaktime_client::locations::{AddressChanges, Location, LocationChanges};
use exaktime_client::people::{Employee, EmploymentChanges, NewEmployee, PersonChanges};
use exaktime_client::time::{self, ApprovalKind};
use exaktime_client::{Change, Client, CostCodeId, LocationId, PersonId};

use super::http::{clock_check, port_error, snapshot};
use crate::hold::{Fix, Remedy};
use crate::model::{
    Approval, ApprovalLevel, Attribute, Attributes, ClassHours, HourClass, Hours, Kind, Pool, Record, RecordId,
    Refresh, TimeRecord,
};
use crate::ports::{AttributeWrite, Check, CheckStatus, FailureKind, Field, PortError, Snapshot};

/// An ExakTime account as the field, reached through its client.
#[derive(Debug, Clone)]
pub struct ExakTimeField {
    client: Client,
}

impl ExakTimeField {
    /// Returns the account that `client` is signed in to. What the client refuses to write, such as in read-only mode, is
    /// refused here too.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Returns the day before which a termination lies in the past, by the client's clock.
    fn today(&self) -> NaiveDate {
        self.client.clock().now().date_naive()
    }
}

#[async_trait]
impl Field for ExakTimeField {
    async fn records(&self, kind: Kind) -> Result<Snapshot<Record>, PortError> {
        match kind {
            Kind::Employee => {
                let today = self.today();
                snapshot(self.client.employees().collect().await, |row| Ok(employee(&row, today)))
            }
            Kind::Location => snapshot(self.client.locations().collect().await, |row| Ok(location(&row))),
            Kind::CostCode => snapshot(self.client.cost_codes().collect().await, |row| Ok(cost_code(&row))),
        }
    }

    async fn record(&self, kind: Kind, id: &RecordId) -> Result<Option<Record>, PortError> {
        let read = match kind {
            Kind::Employee => {
                let read = self.client.employee(&PersonId::new(id.as_str())).await;
                read.map(|row| employee(&row, self.today()))
            }
            Kind::Location => {
                let read = self.client.location(&LocationId::new(id.as_str())).await;
                read.map(|row| location(&row))
            }
            Kind::CostCode => {
                let read = self.client.cost_code(&CostCodeId::new(id.as_str())).await;
                read.map(|row| cost_code(&row))
            }
        };
        match read.map_err(port_error) {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.kind() == FailureKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn create(&self, kind: Kind, attributes: &Attributes) -> Result<RecordId, PortError> {
        let made = match kind {
            Kind::Employee => {
                let person = self.client.create_employee(&new_employee(attributes)).await;
                person.map(|person| person.id.to_string())
            }
            Kind::Location => {
                let changes = LocationChanges {
                    is_time_and_attendance: Change::Set(true),
                    ..location_changes(&all(attributes)).map_err(refused)?
                };
                let location = self.client.create_location(&changes).await;
                location.map(|location| location.id.to_string())
            }
            Kind::CostCode => {
                let code = self.client.create_cost_code(&cost_code_changes(&all(attributes))).await;
                code.map(|code| code.id.to_string())
            }
        };
        made.map(|id| RecordId(id.into())).map_err(port_error)
    }

    async fn update(&self, kind: Kind, id: &RecordId, writes: &[AttributeWrite]) -> Result<(), PortError> {
        match kind {
            Kind::Employee => self.update_employee(&PersonId::new(id.as_str()), writes).await,
            Kind::Location => {
                let changes = location_changes(writes).map_err(refused)?;
                let id = LocationId::new(id.as_str());
                self.client
                    .update_location(&id, &changes)
                    .await
                    .map_err(port_error)
                    .map(drop)
            }
            Kind::CostCode => {
                let id = CostCodeId::new(id.as_str());
                let updated = self.client.update_cost_code(&id, &cost_code_changes(writes)).await;
                updated.map_err(port_error).map(drop)
            }
        }
    }

    async fn time_records(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<TimeRecord>, PortError> {
        let mut ids = Pool::default();
        snapshot(self.client.time_records(from, to).collect().await, |row| {
            time_record(row, &mut ids)
        })
    }

    async fn last_refresh(&self, today: NaiveDate) -> Result<Refresh, PortError> {
        let extent = self.client.time_extent().await.map_err(port_error)?;
        let ahead = extent.newest.filter(|newest| *newest > today);
        let newest = match ahead {
            None => extent.newest,
            Some(_) => self.client.newest_time(today).await.map_err(port_error)?,
        };
        Ok(Refresh {
            newest,
            count: extent.count,
            ahead,
        })
    }

    async fn approvals(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<Approval>, PortError> {
        snapshot(self.client.approvals(from, to).collect().await, approval)
    }

    fn clock_difference(&self) -> Option<TimeDelta> {
        self.client.clock_difference()
    }

    async fn check(&self) -> Vec<Check> {
        let mut checks = vec![self.check_connection().await];
        if checks[0].status == CheckStatus::Ok {
            checks.extend(self.client.clock_difference().map(|by| clock_check("ExakTime", by)));
            checks.push(self.check_warehouse().await);
        }
        checks
    }
}

impl ExakTimeField {
    /// Writes to a person's record and to that of the employment: the service keeps the two apart.
    async fn update_employee(&self, id: &PersonId, writes: &[AttributeWrite]) -> Result<(), PortError> {
        let person = PersonChanges {
            first_name: change(writes, Attribute::FirstName),
            last_name: change(writes, Attribute::LastName),
            work_email: change(writes, Attribute::Email),
            identifier: change(writes, Attribute::Identifier),
        };
        let employment = EmploymentChanges {
            active: active(writes),
            job_title: change(writes, Attribute::JobTitle),
        };
        let is_the_employments =
            |write: &&AttributeWrite| matches!(write.attribute, Attribute::Active | Attribute::JobTitle);
        let employments = writes.iter().filter(is_the_employments).count();
        if let Change::Set(identifier) = &person.identifier {
            self.client.free_identifier(identifier, id).await.map_err(port_error)?;
        }
        if employments < writes.len() {
            self.client.update_person(id, &person).await.map_err(port_error)?;
        }
        if employments > 0 {
            let set = self.client.set_employment(id, &employment).await.map_err(port_error);
            // The person's own record has its part already.
            set.map_err(|error| {
                if employments < writes.len() {
                    error.after_a_part()
                } else {
                    error
                }
            })?;
        }
        Ok(())
    }

    async fn check_connection(&self) -> Check {
        let name = "ExakTime connection";
        match self.records(Kind::Location).await {
            Ok(list) => {
                let open = list.rows.iter().filter(|row| row.attributes.is_active()).count();
                Check::ok(name, format!("{open} active locations of {}", list.rows.len()))
            }
            Err(error) => Check::fail(name, error.words(), way_in(&error)),
        }
    }

    async fn check_warehouse(&self) -> Check {
        let name = "ExakTime time records";
        let today = self.today();
        let from = today - chrono::Days::new(14);
        match self.time_records(from, today).await {
            Err(error) => Check::fail(name, error.words(), way_in(&error)),
            Ok(list) if list.rows.is_empty() => Check::warn(
                name,
                "none in the last two weeks",
                "Nothing, if nobody worked: the warehouse is refreshed each night",
            ),
            Ok(list) => {
                let newest = list.rows.iter().map(|record| record.work_date).max().unwrap_or(today);
                let saw = format!("{} in the last two weeks, the newest of {newest}", list.rows.len());
                Check::ok(name, saw)
            }
        }
    }
}

fn way_in(error: &PortError) -> Fix {
    const ADDRESS: Remedy = Remedy::Setting("exaktime", "api_url");
    match error.kind() {
        FailureKind::Unauthorized => Fix::new(
            "Check {}, and {} for how it is sent",
            &[Remedy::ExakTimeKey, Remedy::Settings("exaktime.auth")],
        ),
        FailureKind::Forbidden => "Give the key read and write access in Arcoro Hub".into(),
        FailureKind::NotFound => Fix::new(
            "Check {} and odata_url, and the paths in {}",
            &[ADDRESS, Remedy::Settings("exaktime.wire")],
        ),
        FailureKind::Unavailable => Fix::new("Check {} and odata_url, and the network", &[ADDRESS]),
        FailureKind::Limited => "Wait as long as is said above; give nothing else the same key at that time".into(),
        FailureKind::Refused | FailureKind::Unreadable | FailureKind::Unsupported => Fix::new(
            "The account speaks otherwise than assumed: correct the names in {}",
            &[Remedy::Settings("exaktime.wire")],
        ),
    }
}

fn employee(row: &Employee, today: NaiveDate) -> Record {
    let person = &row.person;
    let attributes = Attributes::default()
        .with(Attribute::Identifier, person.identifier.as_deref())
        .with(Attribute::FirstName, person.first_name.as_deref())
        .with(Attribute::LastName, person.last_name.as_deref())
        .with(Attribute::Email, person.work_email.as_deref())
        .with(Attribute::JobTitle, row.employment.job_title.as_deref());
    // A status that nobody knows is not overwritten by one that is (hazard A12).
    let attributes = if row.has_known_status() {
        attributes.with_active(row.is_active(today))
    } else {
        attributes
    };
    record(Kind::Employee, person.id.as_str(), attributes)
}

fn location(row: &Location) -> Record {
    let address = &row.address;
    let degrees = |degrees: Option<f64>| degrees.map(|degrees| degrees.to_string());
    let attributes = Attributes::default()
        .with(Attribute::Identifier, row.identifier.as_deref())
        .with(Attribute::Name, row.name.as_deref())
        .with(Attribute::AddressLine1, address.line1.as_deref())
        .with(Attribute::City, address.city.as_deref())
        .with(Attribute::State, address.state.as_deref())
        .with(Attribute::PostalCode, address.postal_code.as_deref())
        .with(Attribute::Country, address.country.as_deref())
        .with(Attribute::Latitude, degrees(row.latitude).as_deref())
        .with(Attribute::Longitude, degrees(row.longitude).as_deref())
        .with_active(row.is_active);
    record(Kind::Location, row.id.as_str(), attributes)
}

fn cost_code(row: &CostCode) -> Record {
    let attributes = Attributes::default()
        .with(Attribute::Identifier, row.identifier.as_deref())
        .with(Attribute::Name, row.name.as_deref())
        .with_active(row.is_active);
    Record {
        protected: row.is_system,
        ..record(Kind::CostCode, row.id.as_str(), attributes)
    }
}

fn record(kind: Kind, id: &str, attributes: Attributes) -> Record {
    Record {
        kind,
        id: RecordId(id.into()),
        attributes,
        protected: false,
    }
}

/// Converts a time record. One whose hours cannot be read counts as unreadable, so that nothing is said of its day.
fn time_record(row: time::TimeRecord, ids: &mut Pool<RecordId>) -> Result<TimeRecord, (String, String)> {
    let classes = [
        (HourClass::Regular, &row.regular_hours),
        (HourClass::Overtime, &row.overtime_hours),
        (HourClass::DoubleTime, &row.double_time_hours),
    ];
    if row.stop.is_some() && row.regular_hours.is_none() {
        // Taken for zero it would be left out, and what was sent for it would be removed.
        return Err((row.id.to_string(), "it has an end and no regular hours".to_owned()));
    }
    let mut hours = ClassHours::default();
    for (class, text) in classes {
        let Some(text) = text else { continue };
        let amount = Hours::from_decimal(text).map_err(|error| (row.id.to_string(), error.to_string()))?;
        hours.add(class, amount);
    }
    let mut id = |text: &str| ids.share(RecordId(text.into()));
    Ok(TimeRecord {
        id: Some(row.id.as_str().into()),
        employee: id(row.person.as_str()),
        work_date: row.work_date,
        location: row.location.map(|location| id(location.as_str())),
        cost_code: row.cost_code.map(|code| id(code.as_str())),
        start: row.start,
        stop: row.stop,
        hours,
        comment: row.comment.map(Into::into),
        classification: row.classification.map(Into::into),
        clock: None,
    })
}

/// Converts an approval. One of an unknown kind counts as unreadable: it approves nothing.
fn approval(row: time::Approval) -> Result<Approval, (String, String)> {
    let level = match row.kind {
        ApprovalKind::Employee => ApprovalLevel::Employee,
        ApprovalKind::Supervisor => ApprovalLevel::Supervisor,
        ApprovalKind::SignOff => ApprovalLevel::SignOff,
        ApprovalKind::Unknown(kind) => return Err((row.person.to_string(), format!("an approval by \"{kind}\""))),
    };
    Ok(Approval {
        employee: RecordId(row.person.as_str().into()),
        work_date: row.work_date,
        level,
    })
}

/// Returns every value of a new record as a write.
fn all(attributes: &Attributes) -> Vec<AttributeWrite> {
    let write = |(attribute, value): (Attribute, &str)| AttributeWrite {
        attribute,
        to: Some(value.to_owned()),
    };
    attributes.iter().map(write).collect()
}

fn change(writes: &[AttributeWrite], attribute: Attribute) -> Change<String> {
    match writes.iter().find(|write| write.attribute == attribute) {
        None => Change::Keep,
        Some(AttributeWrite { to: None, .. }) => Change::Clear,
        Some(AttributeWrite { to: Some(value), .. }) => Change::Set(value.clone()),
    }
}

fn active(writes: &[AttributeWrite]) -> Option<bool> {
    let write = writes.iter().find(|write| write.attribute == Attribute::Active)?;
    write.to.as_deref().map(|value| value == "true")
}

fn new_employee(attributes: &Attributes) -> NewEmployee {
    let text = |attribute| attributes.get(attribute).map(str::to_owned);
    NewEmployee {
        first_name: text(Attribute::FirstName).unwrap_or_default(),
        last_name: text(Attribute::LastName).unwrap_or_default(),
        identifier: text(Attribute::Identifier).unwrap_or_default(),
        work_email: text(Attribute::Email),
        job_title: text(Attribute::JobTitle),
    }
}

fn location_changes(writes: &[AttributeWrite]) -> Result<LocationChanges, Attribute> {
    Ok(LocationChanges {
        name: change(writes, Attribute::Name),
        identifier: change(writes, Attribute::Identifier),
        address: AddressChanges {
            line1: change(writes, Attribute::AddressLine1),
            city: change(writes, Attribute::City),
            state: change(writes, Attribute::State),
            postal_code: change(writes, Attribute::PostalCode),
            country: change(writes, Attribute::Country),
        },
        latitude: degrees(writes, Attribute::Latitude)?,
        longitude: degrees(writes, Attribute::Longitude)?,
        is_active: active(writes).into(),
        is_time_and_attendance: Change::Keep,
    })
}

/// Returns the degrees that are to be written. Fails with the attribute if its text is no number.
fn degrees(writes: &[AttributeWrite], attribute: Attribute) -> Result<Change<f64>, Attribute> {
    match change(writes, attribute) {
        Change::Keep => Ok(Change::Keep),
        Change::Clear => Ok(Change::Clear),
        Change::Set(text) => text.trim().parse().map(Change::Set).map_err(|_| attribute),
    }
}

fn refused(attribute: Attribute) -> PortError {
    PortError::not_applied(
        FailureKind::Refused,
        format!("not sent: {attribute} is not a number of degrees"),
    )
}

fn cost_code_changes(writes: &[AttributeWrite]) -> CostCodeChanges {
    CostCodeChanges {
        identifier: change(writes, Attribute::Identifier),
        name: change(writes, Attribute::Name),
        is_active: active(writes).into(),
    }
}
