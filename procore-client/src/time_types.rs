//! Time types: regular time, overtime and what else the company has (procore-api.md section 7.6).

use std::sync::Arc;

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::{Client, Unpaged};
use crate::ids::{CompanyId, TimeTypeId};

/// A time type: as which kind of time hours are paid.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct TimeType {
    /// The time type's id, as entries name it.
    pub id: TimeTypeId,
    /// The label, such as `Regular Time`. Companies add, hide and rename them, so which one means what is a setting.
    #[serde(default)]
    pub time_type: Option<String>,
    /// Whether it is in use. Procore answers it since August 2026; `None` before.
    #[serde(default)]
    pub in_use: Option<bool>,
}

/// Requests the time types of `company`. Not paged.
pub fn of_company(company: CompanyId) -> Endpoint<Vec<TimeType>> {
    Endpoint::get("rest/v1.0/companies")
        .segment(company)
        .segment("timecard_time_types")
}

impl Client {
    /// The company's time types.
    pub fn time_types(&self) -> List<TimeType> {
        self.list_by(Arc::new(Unpaged), of_company(self.company()), |kind| {
            kind.id.to_string()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_asked_for_the_company() {
        assert_eq!(
            of_company(CompanyId::new(8)).operation(),
            "GET /rest/v1.0/companies/8/timecard_time_types"
        );
    }

    #[test]
    fn the_label_is_the_time_type() {
        let kind: TimeType = serde_json::from_str(r#"{"id": 9185, "time_type": "Regular Time"}"#).unwrap();
        assert_eq!(kind.time_type.as_deref(), Some("Regular Time"));
    }
}
