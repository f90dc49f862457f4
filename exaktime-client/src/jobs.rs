//! Jobs: projects as the payroll side has them (exaktime-api.md section 4.3). A job is never deleted; it is closed.

use chrono::NaiveDate;
use linx_http::{Endpoint, Error, List};
use serde_json::Value;

use crate::client::Client;
use crate::ids::{DepartmentId, JobId, LocationId};
use crate::object::{Change, Object, Reader};
use crate::request::endpoint;
use crate::wire::{JobWire, WireProfile};

/// A job, or a part of one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Job {
    /// The service's key.
    pub id: JobId,
    /// The customer's own number, unique.
    pub identifier: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// Whether time can be booked on it; true where not told.
    pub is_active: bool,
    /// Its first day.
    pub start_date: Option<NaiveDate>,
    /// Its last day.
    pub end_date: Option<NaiveDate>,
    /// Whether its payroll is certified.
    pub is_certified: bool,
    /// Whose it is.
    pub department: Option<DepartmentId>,
    /// The job that it is a part of.
    pub parent: Option<JobId>,
    /// All of it as it was received.
    pub object: Object,
}

/// What is to become of a job's values. A new one needs identifier and name.
#[derive(Debug, Clone, Default)]
pub struct JobChanges {
    /// The customer's own number.
    pub identifier: Change<String>,
    /// The name.
    pub name: Change<String>,
    /// Whether time can be booked on it.
    pub is_active: Change<bool>,
    /// Its first day.
    pub start_date: Change<NaiveDate>,
    /// Its last day.
    pub end_date: Change<NaiveDate>,
    /// Whose it is.
    pub department: Change<DepartmentId>,
    /// The job that it is a part of.
    pub parent: Change<JobId>,
    /// The places where it can be worked on; naming any makes it available only there.
    pub locations: Change<Vec<LocationId>>,
}

impl Job {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.job);
        Ok(Self {
            id: reader.id(&names.id, JobId::read)?,
            identifier: reader.text(&names.identifier)?,
            name: reader.text(&names.name)?,
            is_active: reader.flag(&names.is_active)?.unwrap_or(true),
            start_date: reader.date(&names.start_date)?,
            end_date: reader.date(&names.end_date)?,
            is_certified: reader.flag(&names.is_certified)?.unwrap_or(false),
            department: reader.maybe_id(&names.department, DepartmentId::read)?,
            parent: reader.maybe_id(&names.parent, JobId::read)?,
            object: object.clone(),
        })
    }
}

/// A change of what is written as JSON in its own form.
fn as_json<T: serde::Serialize>(change: &Change<T>) -> Change<Value> {
    match change {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(value) => Change::Set(serde_json::to_value(value).unwrap_or(Value::Null)),
    }
}

impl JobChanges {
    fn make(&self, object: &mut Object, names: &JobWire) {
        self.identifier.make(object, &names.identifier);
        self.name.make(object, &names.name);
        self.is_active.make(object, &names.is_active);
        // Dates stay dates (hazard D5).
        as_json(&self.start_date).make(object, &names.start_date);
        as_json(&self.end_date).make(object, &names.end_date);
        as_json(&self.department).make(object, &names.department);
        as_json(&self.parent).make(object, &names.parent);
        as_json(&self.locations).make(object, &names.locations);
    }
}

impl Client {
    /// Jobs, open and closed.
    pub fn jobs(&self) -> List<Job> {
        let names = &self.wire().job;
        let list = endpoint(Endpoint::get(""), &[&names.path]);
        self.rest_list(list, Job::read, |job| job.id.to_string(), &names.id)
    }

    /// One job.
    pub async fn job(&self, id: &JobId) -> Result<Job, Error> {
        self.get(&[&self.wire().job.path, id.as_str()], Job::read).await
    }

    /// Makes a job. Not repeatable; a taken identifier is refused as a conflict or a validation error.
    pub async fn create_job(&self, values: &JobChanges) -> Result<Job, Error> {
        let names = &self.wire().job;
        let mut object = Object::new();
        values.make(&mut object, names);
        self.create(&names.path, &names.id, &object, Job::read).await
    }

    /// Changes some values of a job and keeps all others. May be repeated.
    pub async fn update_job(&self, id: &JobId, changes: &JobChanges) -> Result<Job, Error> {
        let names = &self.wire().job;
        let edit = |object: &mut Object| {
            changes.make(object, names);
            Ok(())
        };
        self.replace(&[&names.path, id.as_str()], None, edit, Job::read).await
    }
}
