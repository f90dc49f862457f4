//! Words that stand as values, in both halves.

use serde::{Deserialize, Serialize};

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
