//! The company's cost codes by the older way, which is still served (procore-api.md section 6.2). It serves where the
//! work breakdown structure ([`crate::wbs`]) is refused.

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, ListId, StandardCostCodeId};
use crate::wire::text;

/// A list of company cost codes. A company may have several; a project uses one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StandardCostCodeList {
    /// The list's id.
    pub id: ListId,
    /// The list's name.
    #[serde(default)]
    pub name: Option<String>,
}

/// A cost code of the company. Its id never fits a timecard (trap 5).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StandardCostCode {
    /// The code's id, to which a project's own codes refer.
    pub id: StandardCostCodeId,
    /// The list that it belongs to.
    #[serde(default)]
    pub standard_cost_code_list_id: Option<ListId>,
    /// The code above it; `None` at the top.
    #[serde(default)]
    pub parent_id: Option<StandardCostCodeId>,
    /// The last part of the code, such as `300`.
    #[serde(default, deserialize_with = "text")]
    pub code: Option<String>,
    /// The whole code, such as `03-300`.
    #[serde(default, deserialize_with = "text")]
    pub full_code: Option<String>,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
}

/// Requests the lists of `company`.
pub fn lists(company: CompanyId) -> Endpoint<Vec<StandardCostCodeList>> {
    Endpoint::get("rest/v1.0/standard_cost_code_lists").query("company_id", company)
}

/// Requests the codes of one list, in the extended view: without a view Procore answers ids only.
pub fn list(company: CompanyId, list: ListId) -> Endpoint<Vec<StandardCostCode>> {
    Endpoint::get("rest/v1.0/standard_cost_codes")
        .query("company_id", company)
        .query("standard_cost_code_list_id", list)
        .query("view", "extended")
}

impl Client {
    /// The company's lists of cost codes.
    pub fn standard_cost_code_lists(&self) -> List<StandardCostCodeList> {
        self.list(lists(self.company()), |list| list.id.to_string())
    }

    /// The cost codes of one list.
    pub fn standard_cost_codes(&self, of: ListId) -> List<StandardCostCode> {
        self.list(list(self.company(), of), |code| code.id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_list_and_view_are_always_told() {
        assert_eq!(
            lists(CompanyId::new(8)).operation(),
            "GET /rest/v1.0/standard_cost_code_lists"
        );
        let codes = list(CompanyId::new(8), ListId::new(5501));
        assert_eq!(codes.operation(), "GET /rest/v1.0/standard_cost_codes");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            codes.query_pairs(),
            [
                pair("company_id", "8"),
                pair("standard_cost_code_list_id", "5501"),
                pair("view", "extended")
            ]
        );
    }

    #[test]
    fn a_code_is_read() {
        let code: StandardCostCode = serde_json::from_str(
            r#"{"id": 71, "standard_cost_code_list_id": 5501, "parent_id": null, "code": "03", "full_code": "03"}"#,
        )
        .unwrap();
        assert_eq!((code.parent_id, code.full_code.as_deref()), (None, Some("03")));
    }
}
