//! The REST half: paths, parameters of lists, and properties.

use serde::{Deserialize, Serialize};

/// REST lists: pages by number, without links and totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListWire {
    /// The parameter of the page's number, which begins at 1: `pageNumber` unless configured otherwise.
    pub page: String,
    /// The parameter of the page's size: `pageSize` unless configured otherwise.
    pub page_size: String,
    /// Rows asked for per page: 100 unless configured otherwise. The service may send fewer.
    pub rows: u32,
    /// Properties under which an object holds the rows, or one record, if the answer is not bare; the first that is
    /// there counts. `items`, `data`, `results`, `value` and `records` unless configured otherwise.
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
