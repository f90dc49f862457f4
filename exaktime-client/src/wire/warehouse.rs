//! The OData half: entity sets and their columns.

use serde::{Deserialize, Serialize};

/// OData lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ODataWire {
    /// Rows asked for per page: 1000 unless configured otherwise, which may be the service's own limit.
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
