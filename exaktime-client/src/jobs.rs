//! Jobs: projects as the payroll side has them (exaktime-api.md section 4.3). A job is never deleted; it is closed.

use chrono::NaiveDate;
use linx_http::{Change, Endpoint, Error, List};

use crate::client::Client;
use crate::ids::{DepartmentId, JobId, LocationId};
use crate::object::{Object, Reader};
use crate::request::endpoint;
use crate::wire::{JobWire, WireProfile};

/// A project as the payroll side has it, or a part of one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Job {
    /// The service's key.
    pub id: JobId,
    /// The customer's own number, with its leading zeros; unique in the account.
    pub identifier: Option<String>,
    /// The name, at most 200 characters.
    pub name: Option<String>,
    /// Whether time can be booked on it; true where not told.
    pub is_active: bool,
    /// The first day of the job.
    pub start_date: Option<NaiveDate>,
    /// The last day of the job, included.
    pub end_date: Option<NaiveDate>,
    /// Whether wages on it are reported as certified payroll; false where not told.
    pub is_certified: bool,
    /// The department that the job belongs to.
    pub department: Option<DepartmentId>,
    /// The job that it is a part of; absent for one that stands by itself.
    pub parent: Option<JobId>,
    /// The whole record as it was received, with what this type has no field for.
    pub object: Object,
}

/// What is to become of a job's values; what is not named keeps its value. A new one needs identifier and name. Build
/// it with `..Default::default()`: more values may be added.
#[derive(Debug, Clone, Default)]
pub struct JobChanges {
    /// The customer's own number; unique in the account.
    pub identifier: Change<String>,
    /// The name, at most 200 characters.
    pub name: Change<String>,
    /// Whether time can be booked on it.
    pub is_active: Change<bool>,
    /// The first day of the job; sent as a date, never as an instant (hazard D5).
    pub start_date: Change<NaiveDate>,
    /// The last day of the job, included; sent as a date.
    pub end_date: Change<NaiveDate>,
    /// The department that the job belongs to.
    pub department: Change<DepartmentId>,
    /// The job that it is a part of.
    pub parent: Change<JobId>,
    /// All the places where it can be worked on: the list replaces the one before. Naming any makes the job available
    /// only there (exaktime-api.md section 4.3).
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

impl JobChanges {
    fn apply_to(&self, object: &mut Object, names: &JobWire) {
        self.identifier.apply_to(object, &names.identifier);
        self.name.apply_to(object, &names.name);
        self.is_active.apply_to(object, &names.is_active);
        // Dates stay dates (hazard D5).
        self.start_date.apply_to(object, &names.start_date);
        self.end_date.apply_to(object, &names.end_date);
        self.department.apply_to(object, &names.department);
        self.parent.apply_to(object, &names.parent);
        self.locations.apply_to(object, &names.locations);
    }
}

impl Client {
    /// Returns the list of jobs, open and closed. Reads when its rows are asked for.
    pub fn jobs(&self) -> List<Job> {
        let names = &self.wire().job;
        let list = endpoint(Endpoint::get(""), &[&names.path]);
        self.rest_list(list, Job::read, |job| job.id.to_string(), &names.id)
    }

    /// Returns one job. Reads; may be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is none of this id.
    pub async fn job(&self, id: &JobId) -> Result<Job, Error> {
        self.get(&[&self.wire().job.path, id.as_str()], Job::read).await
    }

    /// Makes a job and returns it as the service has it. Must not be repeated blindly.
    ///
    /// # Errors
    ///
    /// [`Conflict`](linx_http::ErrorKind::Conflict) or [`Rejected`](linx_http::ErrorKind::Rejected) if the identifier
    /// is taken. After an error that [may have been applied](linx_http::Error::was_applied) it may be there.
    pub async fn create_job(&self, values: &JobChanges) -> Result<Job, Error> {
        let names = &self.wire().job;
        let mut object = Object::new();
        values.apply_to(&mut object, names);
        self.create(&names.path, &names.id, &object, Job::read).await
    }

    /// Changes some values of a job, keeps all others, and returns it.
    /// Sends nothing where nothing changes. May be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is none of this id.
    pub async fn update_job(&self, id: &JobId, changes: &JobChanges) -> Result<Job, Error> {
        let names = &self.wire().job;
        let edit = |object: &mut Object| {
            changes.apply_to(object, names);
            Ok(())
        };
        self.replace(&[&names.path, id.as_str()], None, edit, Job::read).await
    }
}
