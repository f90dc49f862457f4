//! Cost codes: the company's own by either of Procore's ways, and what a task code is made of.

use std::collections::BTreeSet;

use linx_http::{Completeness, Listing};
use procore_client::wbs::{ItemStatus, SegmentItem, SegmentType, WbsCode};
use procore_client::{ids, line_item_types};

use super::company::ProcoreOffice;
use crate::adapters::http::{port_error, snapshot};
use crate::model::{CodeList, CodeListId, CompanyCodeId, CompanyCostCode, TaskCode, WbsCodeId};
use crate::ports::{PortError, Snapshot};

impl ProcoreOffice {
    /// Reads the codes of the cost code segment's lists (procore-api.md section 6.3).
    pub(super) async fn wbs_cost_codes(&self) -> Result<Snapshot<CompanyCostCode>, PortError> {
        let segments = self.client.segments().collect().await.map_err(port_error)?;
        let mut codes = Snapshot::complete(Vec::new());
        codes.incomplete = unseen("segments", &segments);
        for segment in segments
            .rows
            .iter()
            .filter(|segment| segment.kind == Some(SegmentType::CostCode))
        {
            let delimiter = segment.delimiter.as_deref().unwrap_or("-");
            let lists = self
                .client
                .segment_lists(segment.id)
                .collect()
                .await
                .map_err(port_error)?;
            codes.incomplete = codes.incomplete.or_else(|| unseen("code lists", &lists));
            for list in &lists.rows {
                let items = self.client.segment_items(segment.id, Some(list.id)).collect().await;
                let list = code_list(list.id, list.name.as_deref());
                codes = codes.and(snapshot(items, |item| company_code(item, delimiter, &list))?);
            }
        }
        Ok(codes)
    }

    /// Reads the same codes by the older, deprecated way, for companies whose structure is not open to the credential.
    pub(super) async fn standard_cost_codes(&self) -> Result<Snapshot<CompanyCostCode>, PortError> {
        let lists = self
            .client
            .standard_cost_code_lists()
            .collect()
            .await
            .map_err(port_error)?;
        let mut codes = Snapshot::complete(Vec::new());
        codes.incomplete = unseen("code lists", &lists);
        for list in &lists.rows {
            let listing = self
                .client
                .standard_cost_codes(list.id)
                .collect()
                .await
                .map_err(port_error)?;
            let list = code_list(list.id, list.name.as_deref());
            let parents: BTreeSet<_> = listing.rows.iter().filter_map(|code| code.parent_id).collect();
            codes = codes.and(snapshot(Ok(listing), |code| {
                let missing = |what: &str| (code.id.to_string(), format!("{what} is missing"));
                Ok(CompanyCostCode {
                    id: CompanyCodeId(code.id.get()),
                    full_code: code.full_code.clone().ok_or_else(|| missing("full_code"))?,
                    name: code.name.clone().ok_or_else(|| missing("name"))?,
                    list: Some(list.clone()),
                    leaf: !parents.contains(&code.id),
                    active: true,
                })
            })?);
        }
        Ok(codes)
    }
}

/// Why codes may be missing when a list that leads to them was not seen whole (hazard A6).
pub(super) fn unseen<T>(what: &str, list: &Listing<T>) -> Option<String> {
    let why = match &list.completeness {
        Completeness::Complete if list.unreadable.is_empty() => return None,
        Completeness::Complete => format!("{} could not be read", list.unreadable.len()),
        Completeness::Incomplete(why) => why.clone(),
    };
    Some(format!("{what}: {why}"))
}

fn code_list(id: ids::ListId, name: Option<&str>) -> CodeList {
    CodeList {
        id: CodeListId(id.get()),
        name: name.unwrap_or_default().to_owned(),
    }
}

fn company_code(item: SegmentItem, delimiter: &str, list: &CodeList) -> Result<CompanyCostCode, (String, String)> {
    let full_code = match item.path_code {
        Some(code) => Some(code),
        None if !item.path_codes.is_empty() => Some(item.path_codes.join(delimiter)),
        None => item.code,
    };
    let missing = |what: &str| (item.id.to_string(), format!("{what} is missing"));
    Ok(CompanyCostCode {
        id: CompanyCodeId(item.id.get()),
        full_code: full_code.ok_or_else(|| missing("path_code"))?,
        name: item.name.ok_or_else(|| missing("name"))?,
        list: Some(list.clone()),
        leaf: !item.is_parent.unwrap_or(false),
        active: item.status != Some(ItemStatus::Inactive),
    })
}

/// Converts a task code by the items that it is made of. Its cost type is found among the company's by id, else by
/// code.
pub(super) fn task_code(code: &WbsCode, types: &[line_item_types::LineItemType]) -> Result<TaskCode, (String, String)> {
    let cost_code = code.item(&SegmentType::CostCode);
    let cost_code = cost_code.and_then(|item| item.path_code.clone().or_else(|| item.code.clone()));
    let base_type = code.item(&SegmentType::LineItemType).and_then(|item| {
        let same_id = types.iter().find(|kind| kind.id.get() == item.id.get());
        let same_code = || types.iter().find(|kind| item.code.is_some() && kind.code == item.code);
        same_id.or_else(same_code)?.base_type.as_ref()
    });
    Ok(TaskCode {
        id: WbsCodeId(code.id.get()),
        cost_code: cost_code.ok_or_else(|| (code.id.to_string(), "it has no cost code".to_owned()))?,
        base_type: base_type.map(|base| base.as_str().to_owned()).unwrap_or_default(),
        sub_job: code.item(&SegmentType::SubJob).and_then(|item| item.code.clone()),
        active: code.status != Some(ItemStatus::Inactive),
    })
}
