//! Cost types, which Procore's interface calls line item types (procore-api.md section 6.2). Hours reach the budget
//! only under one whose base type is labor (trap 7).

use linx_http::{Endpoint, Error, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, LineItemTypeId};
use crate::wire::{open_enum, text};

open_enum! {
    /// What a cost type counts. The published list leaves labor out; it occurs all the same (trap 8).
    BaseType {
        /// Work.
        Labor = "labor",
        /// Equipment.
        Equipment = "equipment",
        /// Materials.
        Materials = "materials",
        /// Commitments.
        Commitment = "commitment",
        /// The owner's costs.
        OwnerCost = "owner_cost",
        /// Professional services.
        ProfessionalServices = "professional_services",
        /// Something else.
        Other = "other",
    }
}

/// A cost type.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LineItemType {
    /// The cost type's id, as entries name it.
    pub id: LineItemTypeId,
    /// The name, such as `Labor`.
    #[serde(default)]
    pub name: Option<String>,
    /// The code, such as `L`.
    #[serde(default, deserialize_with = "text")]
    pub code: Option<String>,
    /// What it counts.
    #[serde(default)]
    pub base_type: Option<BaseType>,
}

/// Requests the cost types of `company`.
pub fn of_company(company: CompanyId) -> Endpoint<Vec<LineItemType>> {
    Endpoint::get("rest/v1.0/line_item_types").query("company_id", company)
}

/// Requests one cost type.
pub fn show(company: CompanyId, kind: LineItemTypeId) -> Endpoint<LineItemType> {
    Endpoint::get("rest/v1.0/line_item_types")
        .segment(kind)
        .query("company_id", company)
}

impl Client {
    /// The company's cost types.
    pub fn line_item_types(&self) -> List<LineItemType> {
        self.list(of_company(self.company()), |kind| kind.id.to_string())
    }

    /// Returns one cost type.
    ///
    /// # Errors
    ///
    /// [`linx_http::ErrorKind::NotFound`] where there is none; otherwise as [every request](crate::guide::errors).
    pub async fn line_item_type(&self, kind: LineItemTypeId) -> Result<LineItemType, Error> {
        self.send(&show(self.company(), kind)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_asked_for_the_company() {
        let request = of_company(CompanyId::new(8));
        assert_eq!(request.operation(), "GET /rest/v1.0/line_item_types");
        assert_eq!(request.query_pairs(), [("company_id".to_owned(), "8".to_owned())]);
        let one = show(CompanyId::new(8), LineItemTypeId::new(50_887));
        assert_eq!(one.operation(), "GET /rest/v1.0/line_item_types/50887");
        assert_eq!(one.query_pairs(), request.query_pairs());
    }

    #[test]
    fn a12_an_unknown_base_type_is_kept() {
        let kind: LineItemType = serde_json::from_str(r#"{"id": 1, "code": 7, "base_type": "drones"}"#).unwrap();
        assert_eq!(kind.base_type, Some(BaseType::Unknown("drones".to_owned())));
        assert_eq!(kind.code.as_deref(), Some("7"));
        let labor: LineItemType = serde_json::from_str(r#"{"id": 1, "base_type": "labor"}"#).unwrap();
        assert_eq!(labor.base_type, Some(BaseType::Labor));
    }
}
