//! Every guessed name of the Arcoro API in one place: paths, parameters, properties, headers, values.
//!
//! Little of the API's spelling is published (`exaktime-api.md` section 6). The defaults here are the project's one set
//! of assumptions (`exaktime-wire-profile.md`); a configuration overrides any of them by the name of its field here, so
//! that a real account needs no new release. An unknown key is refused rather than ignored.

use serde::{Deserialize, Serialize};

/// A group of names, each with its default; what a configuration leaves out keeps it.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($field:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $(
                #[doc = concat!("`", $text, "` unless configured otherwise.")]
                pub $field: String,
            )+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $text.to_owned(),)+ }
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
    /// How OData pages.
    pub odata: ODataWire,
    /// Time records.
    pub time_record: TimeRecordWire,
    /// Approvals of work dates.
    pub approval: ApprovalWire,
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
        comment = "Comment",
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
    /// Words that stand as values.
    ValueWire {
        active = "Active",
        inactive = "Inactive",
        system = "System",
        employee = "Employee",
        supervisor = "Supervisor",
        sign_off = "SignOff",
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
