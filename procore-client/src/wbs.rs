//! The work breakdown structure of the company and of its projects: patterns, segments, their lists, their items, and
//! the codes that are made of them (procore-api.md section 6.3).
//!
//! A *pattern* names the *segments* of a code in their order, such as cost code and cost type. A segment has *items*. A
//! *code* of a project takes one item of each segment: `03-300.L` is concrete, labor. The company's cost codes are the
//! items of its segment of type [`SegmentType::CostCode`].

use std::sync::Arc;

use linx_http::{Endpoint, Error, List};
use serde::Deserialize;

use crate::client::{Client, Unpaged};
use crate::ids::{CompanyId, ListId, ProjectId, ProjectItemId, SegmentId, SegmentItemId, SubJobId, WbsCodeId};
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
        /// Whatever the company defined.
        Custom = "custom",
    }
}

/// A segment of the company's structure or of a project's.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Segment {
    /// The segment's id.
    pub id: SegmentId,
    /// What its items are.
    #[serde(rename = "type", default)]
    pub kind: Option<SegmentType>,
    /// The name that people read.
    #[serde(default)]
    pub name: Option<String>,
    /// The text between the parts of an item's path, such as `-`.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Its position in a code, from 1.
    #[serde(default)]
    pub position: Option<u64>,
    /// Whether every code has an item of it.
    #[serde(default)]
    pub required: Option<bool>,
    /// Whether its items form a tree.
    #[serde(default)]
    pub structure: Option<Structure>,
    /// How many items it has.
    #[serde(default)]
    pub segment_items_count: Option<u64>,
    /// Whether the project uses it; `None` in the company's own structure.
    #[serde(default)]
    pub is_included_in_project_pattern: Option<bool>,
}

open_enum! {
    /// How the items of a segment are arranged.
    Structure {
        /// Side by side.
        Flat = "flat",
        /// In a tree.
        Tiered = "tiered",
    }
}

/// Which segments a code is made of, in their order.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Pattern {
    /// The pattern's id.
    pub id: u64,
    /// The segments, in the order in which a code names them.
    #[serde(default, deserialize_with = "or_default")]
    pub segments: Vec<Segment>,
}

impl Pattern {
    /// Returns whether a project of this pattern uses a segment of this type. For sub jobs that seems to be the
    /// project's setting itself (procore-api.md section 5).
    pub fn uses(&self, kind: &SegmentType) -> bool {
        self.segments
            .iter()
            .any(|segment| segment.kind.as_ref() == Some(kind) && segment.is_included_in_project_pattern == Some(true))
    }
}

/// A list of items. A company may have several; a project uses one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SegmentList {
    /// The list's id.
    pub id: ListId,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// How many items it has.
    #[serde(default)]
    pub segment_items_count: Option<u64>,
}

/// An item of a segment: a node of its tree. A project's items have ids of their own ([`ProjectItemId`]).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SegmentItem<I = SegmentItemId> {
    /// The item's id; of the company's or of one project's.
    pub id: I,
    /// The last part of its code, such as `300`.
    #[serde(default, deserialize_with = "text")]
    pub code: Option<String>,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The item above it; `None` at the top.
    #[serde(default)]
    pub parent_id: Option<I>,
    /// The whole code, such as `03-300`.
    #[serde(default, deserialize_with = "text")]
    pub path_code: Option<String>,
    /// The parts of the whole code, from the top.
    #[serde(default, deserialize_with = "or_default")]
    pub path_codes: Vec<String>,
    /// Whether it has items below it. Only items without take time.
    #[serde(default)]
    pub is_parent: Option<bool>,
    /// Whether it is in use.
    #[serde(default)]
    pub status: Option<ItemStatus>,
    /// The segment that it belongs to.
    #[serde(default)]
    pub segment: Option<Segment>,
}

open_enum! {
    /// Whether an item is in use. The values are not documented; `active` was seen.
    ItemStatus {
        /// In use.
        Active = "active",
        /// Not in use.
        Inactive = "inactive",
    }
}

/// A code of a project, made of one item of each segment. Also called a task code.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct WbsCode {
    /// The code's id, as entries name it.
    pub id: WbsCodeId,
    /// The codes of its items in a row, such as `03-300.L`.
    #[serde(default, deserialize_with = "text")]
    pub flat_code: Option<String>,
    /// The names of its items in a row.
    #[serde(default)]
    pub flat_name: Option<String>,
    /// Text for people.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether it is in use.
    #[serde(default)]
    pub status: Option<ItemStatus>,
    /// Its items.
    #[serde(default, deserialize_with = "or_default")]
    pub segment_items: Vec<SegmentItem<ProjectItemId>>,
}

impl WbsCode {
    /// Returns its item of a segment of this type.
    pub fn item(&self, kind: &SegmentType) -> Option<&SegmentItem<ProjectItemId>> {
        let of_kind = |segment: &Segment| segment.kind.as_ref() == Some(kind);
        self.segment_items
            .iter()
            .find(|item| item.segment.as_ref().is_some_and(of_kind))
    }
}

/// Which items of a project's segment to list; [`ItemsQuery::default`] lists all that are the project's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemsQuery {
    /// Lists the cost codes of this sub job in place of the project's own.
    pub sub_job: Option<SubJobId>,
    /// Leaves out items that are not in use.
    pub only_active: bool,
    /// Lists the cost codes of all sub jobs beside the project's own (trap 6).
    pub include_sub_jobs: bool,
}

/// Requests the pattern of `company`.
pub fn pattern(company: CompanyId) -> Endpoint<Pattern> {
    in_company(company).segment("patterns")
}

/// Requests the pattern of `project`.
pub fn project_pattern(project: ProjectId) -> Endpoint<Pattern> {
    in_project(project).segment("patterns")
}

/// Requests the segments of `project`. Not paged.
pub fn project_segments(project: ProjectId) -> Endpoint<Vec<Segment>> {
    in_project(project).segment("segments")
}

/// Requests the items of a segment of `project`.
pub fn project_items(
    project: ProjectId,
    segment: SegmentId,
    query: ItemsQuery,
) -> Endpoint<Vec<SegmentItem<ProjectItemId>>> {
    let mut items = in_project(project)
        .segment("segments")
        .segment(segment)
        .segment("segment_items");
    if let Some(sub_job) = query.sub_job {
        items = items.query("legacy_sub_job_id", sub_job);
    }
    if query.only_active {
        items = items.query("only_active_items", true);
    }
    if query.include_sub_jobs {
        items = items.query("include_sub_job_cost_codes", true);
    }
    items
}

/// Requests the codes of `project`.
pub fn codes(project: ProjectId) -> Endpoint<Vec<WbsCode>> {
    in_project(project).segment("wbs_codes")
}

fn in_company<T>(company: CompanyId) -> Endpoint<T> {
    Endpoint::get("rest/v1.0/companies")
        .segment(company)
        .segment("work_breakdown_structure")
}

fn in_project<T>(project: ProjectId) -> Endpoint<T> {
    Endpoint::get("rest/v1.0/projects")
        .segment(project)
        .segment("work_breakdown_structure")
}

/// Requests the segments of `company`. Not paged.
pub fn segments(company: CompanyId) -> Endpoint<Vec<Segment>> {
    of(company)
}

/// Requests the lists of a segment. Not paged.
pub fn lists(company: CompanyId, segment: SegmentId) -> Endpoint<Vec<SegmentList>> {
    of(company).segment(segment).segment("lists")
}

/// Requests the items of a segment. Those of cost codes need their list: without it Procore refuses.
pub fn items(company: CompanyId, segment: SegmentId, list: Option<ListId>) -> Endpoint<Vec<SegmentItem>> {
    let items = of(company).segment(segment).segment("segment_items");
    match list {
        Some(list) => items.query("segment_item_list_id", list),
        None => items,
    }
}

fn of<T>(company: CompanyId) -> Endpoint<T> {
    in_company(company).segment("segments")
}

impl Client {
    /// Returns the company's pattern.
    ///
    /// # Errors
    ///
    /// As [every request](crate::guide::errors).
    pub async fn wbs_pattern(&self) -> Result<Pattern, Error> {
        self.send(&pattern(self.company())).await
    }

    /// Returns a project's pattern, which shows whether sub jobs are in use.
    ///
    /// # Errors
    ///
    /// As [every request](crate::guide::errors).
    pub async fn project_wbs_pattern(&self, project: ProjectId) -> Result<Pattern, Error> {
        self.send(&project_pattern(project)).await
    }

    /// The segments of a project.
    pub fn project_segments(&self, project: ProjectId) -> List<Segment> {
        self.list_by(Arc::new(Unpaged), project_segments(project), |segment| {
            segment.id.to_string()
        })
    }

    /// The items of a segment of a project.
    pub fn project_segment_items(
        &self,
        project: ProjectId,
        segment: SegmentId,
        query: ItemsQuery,
    ) -> List<SegmentItem<ProjectItemId>> {
        self.list(project_items(project, segment, query), |item| item.id.to_string())
    }

    /// The codes of a project.
    pub fn wbs_codes(&self, project: ProjectId) -> List<WbsCode> {
        self.list(codes(project), |code| code.id.to_string())
    }

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

    /// The items of a segment. Those of cost codes need their list: without it Procore refuses.
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
    fn a_projects_structure_goes_by_its_path() {
        let (project, base) = (ProjectId::new(3), "GET /rest/v1.0/projects/3/work_breakdown_structure");
        assert_eq!(project_pattern(project).operation(), format!("{base}/patterns"));
        assert_eq!(project_segments(project).operation(), format!("{base}/segments"));
        assert_eq!(codes(project).operation(), format!("{base}/wbs_codes"));
        let company = pattern(CompanyId::new(8)).operation();
        assert_eq!(company, "GET /rest/v1.0/companies/8/work_breakdown_structure/patterns");
        let plain = project_items(project, SegmentId::new(6601), ItemsQuery::default());
        assert_eq!(plain.operation(), format!("{base}/segments/6601/segment_items"));
        assert!(plain.query_pairs().is_empty());
        let query = ItemsQuery {
            sub_job: Some(SubJobId::new(4)),
            only_active: true,
            include_sub_jobs: true,
        };
        let narrowed = project_items(project, SegmentId::new(6601), query);
        let names: Vec<_> = narrowed.query_pairs().iter().map(|(name, _)| name.as_str()).collect();
        let expected = ["legacy_sub_job_id", "only_active_items", "include_sub_job_cost_codes"];
        assert_eq!(names, expected);
    }

    #[test]
    fn a12_a_pattern_tells_whether_sub_jobs_are_in_use() {
        let pattern: Pattern = serde_json::from_str(
            r#"{"id": 1, "segments": [
                {"id": 1, "type": "cost_code", "is_included_in_project_pattern": true, "structure": "spiral"},
                {"id": 2, "type": "sub_job", "is_included_in_project_pattern": false},
                {"id": 3, "type": "line_item_type"}]}"#,
        )
        .unwrap();
        assert!(pattern.uses(&SegmentType::CostCode));
        assert!(!pattern.uses(&SegmentType::SubJob) && !pattern.uses(&SegmentType::LineItemType));
        assert_eq!(
            pattern.segments[0].structure,
            Some(Structure::Unknown("spiral".to_owned()))
        );
        let code: WbsCode = serde_json::from_str(r#"{"id": 9, "flat_code": 3, "status": "archived"}"#).unwrap();
        assert_eq!(code.status, Some(ItemStatus::Unknown("archived".to_owned())));
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
