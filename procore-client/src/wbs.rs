//! The company's work breakdown structure: segments, their lists, their items (reference section 6.3).
//!
//! The company's cost codes are the items of the segment of type [`SegmentType::CostCode`].

use std::sync::Arc;

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::{Client, Unpaged};
use crate::ids::{CompanyId, ListId, SegmentId, SegmentItemId};
use crate::wire::{open_enum, or_default, text};

open_enum! {
    /// What the items of a segment are.
    SegmentType {
        /// Cost codes.
        CostCode = "cost_code",
        /// Cost types.
        LineItemType = "line_item_type",
        /// Sub jobs.
        SubJob = "sub_job",
        /// What the company thought of.
        Custom = "custom",
    }
}

/// A segment.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// What its items are.
    #[serde(rename = "type", default)]
    pub kind: Option<SegmentType>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What stands between the codes of a path.
    #[serde(default)]
    pub delimiter: Option<String>,
}

/// A list of items. A company may have several; a project uses one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SegmentList {
    /// Its id.
    pub id: ListId,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// How many items it has.
    #[serde(default)]
    pub segment_items_count: Option<u64>,
}

/// An item: a node of a tree.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SegmentItem {
    /// Its id.
    pub id: SegmentItemId,
    /// The last part of its code, such as `300`.
    #[serde(default, deserialize_with = "text")]
    pub code: Option<String>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// The item above.
    #[serde(default)]
    pub parent_id: Option<SegmentItemId>,
    /// The whole code, such as `03-300`.
    #[serde(default, deserialize_with = "text")]
    pub path_code: Option<String>,
    /// The parts of the whole code.
    #[serde(default, deserialize_with = "or_default")]
    pub path_codes: Vec<String>,
    /// Whether it has items below it. Only leaves take time.
    #[serde(default)]
    pub is_parent: Option<bool>,
    /// Whether it is in use: `active` is what is known.
    #[serde(default)]
    pub status: Option<ItemStatus>,
}

open_enum! {
    /// Whether an item is in use. The values are not documented.
    ItemStatus {
        /// In use.
        Active = "active",
        /// Not in use.
        Inactive = "inactive",
    }
}

/// The segments of `company`. Not paged.
pub fn segments(company: CompanyId) -> Endpoint<Vec<Segment>> {
    of(company)
}

/// The lists of a segment. Not paged.
pub fn lists(company: CompanyId, segment: SegmentId) -> Endpoint<Vec<SegmentList>> {
    of(company).segment(segment).segment("lists")
}

/// The items of a segment; those of cost codes need their list.
pub fn items(company: CompanyId, segment: SegmentId, list: Option<ListId>) -> Endpoint<Vec<SegmentItem>> {
    let items = of(company).segment(segment).segment("segment_items");
    match list {
        Some(list) => items.query("segment_item_list_id", list),
        None => items,
    }
}

fn of<T>(company: CompanyId) -> Endpoint<T> {
    Endpoint::get("rest/v1.0/companies")
        .segment(company)
        .segment("work_breakdown_structure")
        .segment("segments")
}

impl Client {
    /// The segments of the company's work breakdown structure.
    pub fn segments(&self) -> List<Segment> {
        self.list_by(Arc::new(Unpaged), segments(self.company()), |segment| {
            segment.id.to_string()
        })
    }

    /// The lists of a segment.
    pub fn segment_lists(&self, segment: SegmentId) -> List<SegmentList> {
        self.list_by(Arc::new(Unpaged), lists(self.company(), segment), |list| {
            list.id.to_string()
        })
    }

    /// The items of a segment; those of cost codes need their list.
    pub fn segment_items(&self, segment: SegmentId, list: Option<ListId>) -> List<SegmentItem> {
        self.list(items(self.company(), segment, list), |item| item.id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_down_goes_by_path() {
        let (company, segment) = (CompanyId::new(8), SegmentId::new(6601));
        let base = "GET /rest/v1.0/companies/8/work_breakdown_structure/segments";
        assert_eq!(segments(company).operation(), base);
        assert_eq!(lists(company, segment).operation(), format!("{base}/6601/lists"));
        let items_of = items(company, segment, Some(ListId::new(5501)));
        assert_eq!(items_of.operation(), format!("{base}/6601/segment_items"));
        assert_eq!(
            items_of.query_pairs(),
            [("segment_item_list_id".to_owned(), "5501".to_owned())]
        );
        assert!(items(company, segment, None).query_pairs().is_empty());
    }

    #[test]
    fn an_item_and_an_unheard_of_segment_are_read() {
        let item: SegmentItem = serde_json::from_str(
            r#"{"id": 71, "code": "300", "name": "Cast-in-Place Concrete", "parent_id": 70, "path_ids": [70, 71],
                "path_code": "03-300", "path_codes": ["03", "300"], "path_names": null, "is_parent": false,
                "in_use": true, "status": "active", "segment": {"id": 6601, "type": "cost_code"}}"#,
        )
        .unwrap();
        assert_eq!(item.path_code.as_deref(), Some("03-300"));
        assert_eq!(item.status, Some(ItemStatus::Active));
        let segment: Segment = serde_json::from_str(r#"{"id": 1, "type": "phase"}"#).unwrap();
        assert_eq!(segment.kind, Some(SegmentType::Unknown("phase".to_owned())));
    }
}
