//! What the mapping makes for the other side, before it is compared with what is there.

use chrono::NaiveDate;

use crate::model::{Address, Attribute, Attributes, HourClass, Hours, Project, SubJob, TimeRecord, Worker};

/// An employee as ExakTime should hold it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EmployeeDraft {
    /// The employee number, by which employees are matched and told apart; a blank one holds the worker.
    pub identifier: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Work e-mail address.
    pub email: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Whether the employee may clock in; `false` deactivates the record.
    pub active: bool,
}

impl From<EmployeeDraft> for Attributes {
    fn from(draft: EmployeeDraft) -> Self {
        Self::default()
            .with(Attribute::Identifier, draft.identifier.as_str())
            .with(Attribute::FirstName, draft.first_name.as_str())
            .with(Attribute::LastName, draft.last_name.as_str())
            .with(Attribute::Email, draft.email.as_deref())
            .with(Attribute::JobTitle, draft.job_title.as_deref())
            .with_active(draft.active)
    }
}

/// A location as ExakTime should hold it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocationDraft {
    /// The customer's code of the place, by which places are matched; a blank one holds the project or sub-job.
    pub identifier: String,
    /// What people see when they clock in.
    pub name: String,
    /// The address. It is sent only when street, city, state and postal code are all there; a missing country is `US`
    /// (exaktime-api.md section 4.2).
    pub address: Address,
    /// Degrees north, as decimal text.
    pub latitude: Option<String>,
    /// Degrees east, as decimal text.
    pub longitude: Option<String>,
    /// Whether people may clock in there; `false` deactivates the record.
    pub active: bool,
}

impl From<LocationDraft> for Attributes {
    fn from(draft: LocationDraft) -> Self {
        let attributes = Self::default()
            .with(Attribute::Identifier, draft.identifier.as_str())
            .with(Attribute::Name, draft.name.as_str())
            .with(Attribute::Latitude, draft.latitude.as_deref())
            .with(Attribute::Longitude, draft.longitude.as_deref())
            .with_active(draft.active);
        // Procore tells a part that nobody entered as an empty text.
        let told = |part: Option<String>| part.filter(|text| !text.trim().is_empty());
        let Address {
            line1,
            city,
            state,
            postal_code,
            country,
        } = draft.address;
        let (Some(line1), Some(city), Some(state), Some(zip)) =
            (told(line1), told(city), told(state), told(postal_code))
        else {
            return attributes;
        };
        attributes
            .with(Attribute::AddressLine1, line1.as_str())
            .with(Attribute::City, city.as_str())
            .with(Attribute::State, state.as_str())
            .with(Attribute::PostalCode, zip.as_str())
            .with(Attribute::Country, told(country).as_deref().unwrap_or("US"))
    }
}

/// A cost code as ExakTime should hold it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CostCodeDraft {
    /// The full code, by which codes are matched; a blank one holds it.
    pub identifier: String,
    /// What people see when they choose a code.
    pub name: String,
    /// Whether people may choose it; `false` deactivates the record.
    pub active: bool,
}

impl From<CostCodeDraft> for Attributes {
    fn from(draft: CostCodeDraft) -> Self {
        Self::default()
            .with(Attribute::Identifier, draft.identifier.as_str())
            .with(Attribute::Name, draft.name.as_str())
            .with_active(draft.active)
    }
}

/// The hours of one class in one record, with what the record's ids are linked to.
#[derive(Debug, Clone, Copy)]
pub struct TimeAtPlace<'a> {
    /// The time record that the hours are of.
    pub record: &'a TimeRecord,
    /// The class of these hours.
    pub class: HourClass,
    /// How many hours of the class, to the second.
    pub hours: Hours,
    /// The worker in Procore whom the record's employee is linked to.
    pub worker: &'a Worker,
    /// The project that the record's place is linked to, or whose sub-job it is.
    pub project: &'a Project,
    /// The sub-job that the place is linked to; `None` where it is a project.
    pub sub_job: Option<&'a SubJob>,
    /// The full code of the company cost code that the record's code is linked to, such as `03-300`.
    pub cost_code: &'a str,
}

/// What a timesheet line says, before its parts are looked up in Procore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineDraft {
    /// The day it is booked on.
    pub date: NaiveDate,
    /// The full cost code, such as `03-300`; it is looked up among the project's own codes.
    pub cost_code: String,
    /// The note that people read in Procore.
    pub description: Option<String>,
    /// Whether it is marked as billable.
    pub billable: bool,
    /// The work classification, by its name, abbreviation or id in Procore (hazard D20).
    pub classification: Option<String>,
}
