//! Every guessed name of the Arcoro API in one place: paths, parameters, properties, headers, values.
//!
//! Little of the API's spelling is published (exaktime-api.md section 6). The defaults here are the project's one set
//! of assumptions (exaktime-api.md section 8); a configuration overrides any of them by the name of its field here, so
//! that a real account needs no new release. An unknown key is refused rather than ignored.

use serde::{Deserialize, Serialize};

/// A group of names, each with its default; what a configuration leaves out keeps it. After a semicolon stand names that
/// an account may lack, and lacks unless configured.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($field:ident = $text:literal),+ $(,)? $(; $($maybe:ident),+)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $(
                #[doc = concat!("`", $text, "` unless configured otherwise.")]
                pub $field: String,
            )+
            $($(
                /// None unless configured.
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $maybe: Option<String>,
            )+)?
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $text.to_owned(),)+ $($($maybe: None,)+)? }
            }
        }

        impl $name {
            /// Every name that an account must have, by its field.
            pub(crate) fn each(&mut self) -> Vec<(&'static str, &mut String)> {
                vec![$((stringify!($field), &mut self.$field)),+]
            }
        }
    };
}

/// What the client takes the service to speak.
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

/// Where the key stands in every request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyWire {
    /// The header that carries it: `Ocp-Apim-Subscription-Key`. Blank for none.
    pub header: String,
    /// What stands before it in that header: nothing.
    pub prefix: String,
    /// Whether it is sent as `Authorization: Bearer …`, beside the header or alone: no.
    pub bearer: bool,
}

impl Default for KeyWire {
    fn default() -> Self {
        Self {
            header: "Ocp-Apim-Subscription-Key".to_owned(),
            prefix: String::new(),
            bearer: false,
        }
    }
}

/// The exchange of the key for a token, which is then sent as `Authorization: Bearer …`. The key's header, where there
/// is one, is sent along. A 401 leads to one new login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoginWire {
    /// How it is asked for: by `POST`.
    pub method: LoginMethod,
    /// Where, on the REST half: `/v1/login`.
    pub path: String,
    /// The property of the request's body that holds the key: `apiKey`. Blank for no body; a `GET` never has one.
    pub field: String,
    /// Where in the answer the token stands, as a JSON pointer: `/token`.
    pub token: String,
    /// Where in the answer its life in seconds stands, as a JSON pointer: `/expiresIn`. Blank for nowhere.
    pub lifetime: String,
    /// Its life in seconds where the answer does not tell: 900.
    pub seconds: u64,
}

impl Default for LoginWire {
    fn default() -> Self {
        Self {
            method: LoginMethod::Post,
            path: "/v1/login".to_owned(),
            field: "apiKey".to_owned(),
            token: "/token".to_owned(),
            lifetime: "/expiresIn".to_owned(),
            seconds: 900,
        }
    }
}

/// How a login is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LoginMethod {
    /// With a body that holds the key.
    #[default]
    Post,
    /// With the key's header alone.
    Get,
}

/// REST lists: pages by number, without links and totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListWire {
    /// The parameter of the page's number, which begins at 1: `pageNumber`.
    pub page: String,
    /// The parameter of the page's size: `pageSize`.
    pub page_size: String,
    /// Rows asked for per page: 100.
    pub rows: u32,
    /// Properties under which an object holds the rows, if the answer is no bare array.
    pub envelopes: Vec<String>,
}

impl Default for ListWire {
    fn default() -> Self {
        Self {
            page: "pageNumber".to_owned(),
            page_size: "pageSize".to_owned(),
            rows: 100,
            envelopes: ["items", "data", "results", "value", "records"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
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

names! {
    /// Persons: their path, and what they carry. The filters of the list have the properties' names.
    PersonWire {
        path = "/v1/Common/Persons",
        id = "personId",
        first_name = "firstName",
        last_name = "lastName",
        work_email = "workEmail",
        identifier = "employeeIdentifier",
        username = "username",
        is_contractor = "isContractor",
        is_deleted = "isDeleted",
    }
}

names! {
    /// Employments: the list beneath the persons' path, and one beneath a person's.
    EmploymentWire {
        list = "Employees",
        path = "Employees",
        status = "status",
        job_title = "jobTitle",
        hire_date = "hireDate",
        termination_date = "terminationDate",
    }
}

names! {
    /// Locations.
    LocationWire {
        path = "/v1/Common/Locations",
        id = "locationId",
        name = "name",
        identifier = "identifier",
        address = "address",
        latitude = "latitude",
        longitude = "longitude",
        comments = "comments",
        is_active = "isActive",
        is_office = "isOffice",
        is_time_and_attendance = "isTimeAndAttendance",
    }
}

names! {
    /// The address of a location. If it is sent, all but the second line must be there.
    AddressWire {
        line1 = "addressLine1",
        line2 = "addressLine2",
        city = "city",
        state = "state",
        postal_code = "postalCode",
        country = "country",
    }
}

names! {
    /// Cost codes.
    CostCodeWire {
        path = "/v1/Time/CostCodes",
        id = "costCodeId",
        identifier = "identifier",
        name = "name",
        is_active = "isActive",
        cost_type = "costTypeId",
        display_option = "displayOption",
    }
}

names! {
    /// Cost types. Whether the service has them is not sure (exaktime-api.md section 4.5).
    CostTypeWire {
        path = "/v1/Time/CostTypes",
        id = "costTypeId",
        identifier = "identifier",
        name = "name",
        is_active = "isActive",
    }
}

names! {
    /// Jobs.
    JobWire {
        path = "/v1/Time/Jobs",
        id = "jobId",
        identifier = "identifier",
        name = "name",
        is_active = "isActive",
        start_date = "startDate",
        end_date = "endDate",
        is_certified = "isCertified",
        department = "departmentId",
        parent = "parentJobId",
        at_all_locations = "isAvailableAtAllLocations",
        locations = "locationIds",
    }
}

names! {
    /// Departments.
    DepartmentWire {
        path = "/v1/Common/Departments",
        id = "departmentId",
        identifier = "identifier",
        name = "name",
        is_active = "isActive",
    }
}

names! {
    /// Job codes: positions and trades.
    JobCodeWire {
        path = "/v1/Common/JobCodes",
        id = "jobCodeId",
        name = "name",
        description = "description",
        is_active = "isActive",
    }
}

names! {
    /// Pay schedules.
    PayScheduleWire {
        path = "/v1/Payroll/PaySchedules",
        id = "payScheduleId",
        name = "name",
        frequency = "frequency",
        first_pay_date = "firstPayDate",
        periods_per_year = "periodsPerYear",
        is_default = "isDefault",
    }
}

/// OData lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ODataWire {
    /// Rows asked for per page: 1000, which may be the service's own limit.
    pub rows: u32,
}

impl Default for ODataWire {
    fn default() -> Self {
        Self { rows: 1000 }
    }
}

names! {
    /// The entity set of time records, and its columns.
    TimeRecordWire {
        set = "DwTimeRecords",
        id = "TimeRecordId",
        person = "PersonId",
        work_date = "WorkDate",
        location = "LocationId",
        cost_code = "CostCodeId",
        start = "StartTime",
        stop = "StopTime",
        regular = "RegularHours",
        overtime = "OT1Hours",
        double_time = "OT2Hours",
        comment = "Comment";
        classification
    }
}

names! {
    /// The entity set of time records by kind of hours, and its columns.
    HourGroupWire {
        set = "DwTimeRecordByHourGroups",
        id = "TimeRecordId",
        person = "PersonId",
        work_date = "WorkDate",
        location = "LocationId",
        cost_code = "CostCodeId",
        start = "StartTime",
        stop = "StopTime",
        group = "HourGroup",
        hours = "Hours",
        comment = "Comment",
    }
}

names! {
    /// The entity set of punches, and its columns.
    PunchWire {
        set = "DwTimePunches",
        id = "TimePunchId",
        person = "PersonId",
        location = "LocationId",
        cost_code = "CostCodeId",
        at = "PunchTime",
        device = "DeviceType",
    }
}

names! {
    /// The entity set of scheduled shifts, and its columns.
    ShiftWire {
        set = "DwShifts",
        id = "ShiftId",
        person = "PersonId",
        start = "StartTime",
        end = "EndTime",
        title = "Title",
        location = "LocationId",
        cost_code = "CostCodeId",
        notes = "Notes",
    }
}

names! {
    /// The entity set of the approvals of work dates, and its columns.
    ApprovalWire {
        set = "DwWorkDateTimeApprovals",
        person = "PersonId",
        work_date = "WorkDate",
        kind = "ApprovalType",
        approver = "ApproverId",
        approved_at = "ApprovedAt",
    }
}

names! {
    /// The entity set of pay periods, and its columns.
    PayPeriodWire {
        set = "DwPayPeriods",
        id = "PayPeriodId",
        start = "StartDate",
        end = "EndDate",
        is_closed = "IsClosed",
        kind = "Type",
    }
}

names! {
    /// The entity set of the approvals of pay periods, and its columns.
    PayPeriodApprovalWire {
        set = "DwPayPeriodApprovals",
        pay_period = "PayPeriodId",
        person = "PersonId",
        kind = "ApprovalType",
        approver = "ApproverId",
        approved_at = "ApprovedAt",
        comment = "Comment",
    }
}

names! {
    /// Words that stand as values.
    ValueWire {
        active = "Active",
        inactive = "Inactive",
        system = "System",
        employee = "Employee",
        supervisor = "Supervisor",
        sign_off = "SignOff",
        regular = "REG",
        overtime = "OT1",
        double_time = "OT2",
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
