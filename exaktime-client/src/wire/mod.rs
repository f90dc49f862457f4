//! Every guessed name of the Arcoro API in one place: paths, parameters, properties, headers, values.
//!
//! Little of the API's spelling is published (exaktime-api.md section 6). The defaults here are the project's one set
//! of assumptions (exaktime-api.md section 8); a configuration overrides any of them by the name of its field here, so
//! that a real account needs no new release. An unknown key is refused rather than ignored.

#[macro_use]
mod names;

mod access;
mod rest;
mod values;
mod warehouse;

use serde::{Deserialize, Serialize};

pub use access::{KeyWire, LoginMethod, LoginWire};
pub use rest::{
    AddressWire, CostCodeWire, CostTypeWire, DepartmentWire, EmploymentWire, JobCodeWire, JobWire, ListWire,
    LocationWire, PayScheduleWire, PersonWire,
};
pub use values::ValueWire;
pub use warehouse::{
    ApprovalWire, HourGroupWire, ODataWire, PayPeriodApprovalWire, PayPeriodWire, PunchWire, ShiftWire, TimeRecordWire,
};

/// What the client takes the service to speak: each name a field, each with a default.
///
/// It is read out of a configuration, which names what is otherwise; an unknown key is refused. Build it in code with
/// `..Default::default()`: more names may be added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WireProfile {
    /// How the key is sent.
    pub key: KeyWire,
    /// The exchange of the key for a token, where the service wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginWire>,
    /// How REST lists page and wrap their rows.
    pub list: ListWire,
    /// Persons.
    pub person: PersonWire,
    /// The employment of a person.
    pub employment: EmploymentWire,
    /// Locations.
    pub location: LocationWire,
    /// The address of a location.
    pub address: AddressWire,
    /// Cost codes.
    pub cost_code: CostCodeWire,
    /// Cost types.
    pub cost_type: CostTypeWire,
    /// Jobs.
    pub job: JobWire,
    /// Departments.
    pub department: DepartmentWire,
    /// Job codes.
    pub job_code: JobCodeWire,
    /// Pay schedules.
    pub pay_schedule: PayScheduleWire,
    /// How OData pages.
    pub odata: ODataWire,
    /// Time records.
    pub time_record: TimeRecordWire,
    /// Time records by kind of hours.
    pub hour_group: HourGroupWire,
    /// Punches.
    pub punch: PunchWire,
    /// Scheduled shifts.
    pub shift: ShiftWire,
    /// Approvals of work dates.
    pub approval: ApprovalWire,
    /// Pay periods.
    pub pay_period: PayPeriodWire,
    /// Approvals of pay periods.
    pub pay_period_approval: PayPeriodApprovalWire,
    /// Words that stand as values.
    pub value: ValueWire,
}

impl WireProfile {
    /// Every group of names by its field, each name by its own: the way to what is true of all of them.
    pub(crate) fn groups(&mut self) -> Vec<(&'static str, Vec<(&'static str, &mut String)>)> {
        vec![
            ("person", self.person.each()),
            ("employment", self.employment.each()),
            ("location", self.location.each()),
            ("address", self.address.each()),
            ("cost_code", self.cost_code.each()),
            ("cost_type", self.cost_type.each()),
            ("job", self.job.each()),
            ("department", self.department.each()),
            ("job_code", self.job_code.each()),
            ("pay_schedule", self.pay_schedule.each()),
            ("time_record", self.time_record.each()),
            ("hour_group", self.hour_group.each()),
            ("punch", self.punch.each()),
            ("shift", self.shift.each()),
            ("approval", self.approval.each()),
            ("pay_period", self.pay_period.each()),
            ("pay_period_approval", self.pay_period_approval.each()),
            ("value", self.value.each()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_changes_what_it_names_and_nothing_else() {
        let profile: WireProfile = serde_json::from_str(
            r#"{"person": {"identifier": "employeeNumber"}, "list": {"page": "page"}, "odata": {"rows": 500}}"#,
        )
        .unwrap();
        assert_eq!(profile.person.identifier, "employeeNumber");
        assert_eq!(profile.person.id, "personId");
        assert_eq!(
            (profile.list.page.as_str(), profile.list.page_size.as_str()),
            ("page", "pageSize")
        );
        assert_eq!(profile.odata.rows, 500);
        assert_eq!(profile.cost_code, CostCodeWire::default());
    }

    #[test]
    fn a_name_that_nobody_knows_is_refused() {
        let error = serde_json::from_str::<WireProfile>(r#"{"person": {"identifer": "x"}}"#).unwrap_err();
        assert!(error.to_string().contains("unknown field `identifer`"), "{error}");
    }

    #[test]
    fn a_profile_survives_its_text() {
        let profile = WireProfile::default();
        let text = serde_json::to_string(&profile).unwrap();
        assert_eq!(serde_json::from_str::<WireProfile>(&text).unwrap(), profile);
    }
}
