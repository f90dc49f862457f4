//! By which endpoint each new entry goes: one at a time unless many at once lose nothing (procore-api.md section 7.2).

use std::collections::{BTreeMap, BTreeSet};

use crate::change::LineChange;
use crate::model::{EntryContent, EntryEndpoint, ProjectId};

/// Entries that are sent together.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::export) struct Batch<'a> {
    pub(in crate::export) endpoint: EntryEndpoint,
    pub(in crate::export) changes: Vec<&'a LineChange>,
}

impl<'a> Batch<'a> {
    /// The two halves of a batch that was refused: the bad line is in one of them (hazard B9).
    pub(in crate::export) fn halves(self) -> [Self; 2] {
        let (first, second) = self.changes.split_at(self.changes.len() / 2);
        let half = |changes: &[&'a LineChange]| Self {
            endpoint: self.endpoint,
            changes: changes.to_vec(),
        };
        [half(first), half(second)]
    }
}

/// New entries by the way they are sent, and those that cannot be.
#[derive(Debug, Default, PartialEq)]
pub(in crate::export) struct Packed<'a> {
    pub(in crate::export) batches: Vec<Batch<'a>>,
    /// Entries that no open endpoint takes whole, each with the field that would be lost.
    pub(in crate::export) stuck: Vec<(&'a LineChange, &'static str)>,
}

/// Packs new entries. Each goes by the chosen endpoint if nothing is lost there, else by the first that loses nothing,
/// the generally available ones first; never by one that is closed.
pub(in crate::export) fn pack<'a>(
    creates: impl IntoIterator<Item = &'a LineChange>,
    chosen: EntryEndpoint,
    closed: &BTreeSet<EntryEndpoint>,
) -> Packed<'a> {
    let mut packed = Packed::default();
    // One project's entries go together where the endpoint is the project's; by turns of the first of each.
    let mut open: BTreeMap<(EntryEndpoint, Option<ProjectId>), usize> = BTreeMap::new();
    for change in creates {
        let endpoint = match endpoint_for(&change.content, chosen, closed) {
            Ok(endpoint) => endpoint,
            Err(field) => {
                packed.stuck.push((change, field));
                continue;
            }
        };
        let project = (endpoint == EntryEndpoint::ProjectBulk).then_some(change.content.coding.project);
        let room = |at: &usize| packed.batches[*at].changes.len() < endpoint.most();
        if let Some(at) = open.get(&(endpoint, project)).copied().filter(room) {
            packed.batches[at].changes.push(change);
            continue;
        }
        open.insert((endpoint, project), packed.batches.len());
        packed.batches.push(Batch {
            endpoint,
            changes: vec![change],
        });
    }
    packed
}

/// Returns the endpoint for an entry. Errors with the field that single entries would lose, where no open endpoint
/// takes the whole entry.
fn endpoint_for(
    content: &EntryContent,
    chosen: EntryEndpoint,
    closed: &BTreeSet<EntryEndpoint>,
) -> Result<EntryEndpoint, &'static str> {
    let takes = |endpoint: &EntryEndpoint| !closed.contains(endpoint) && lost_field(*endpoint, content).is_none();
    [chosen]
        .into_iter()
        .chain(EntryEndpoint::IN_ORDER)
        .find(takes)
        .ok_or_else(|| {
            // Single entries are never closed, so that there is a field that they lose.
            lost_field(EntryEndpoint::SingleEntries, content).unwrap_or("nothing")
        })
}

/// The first of an entry's fields that an endpoint would lose.
pub(in crate::export) fn lost_field(endpoint: EntryEndpoint, content: &EntryContent) -> Option<&'static str> {
    let meal = content.span.as_ref().is_some_and(|span| span.lunch_minutes > 0);
    let (task_code, class) = (
        content.coding.wbs_code.is_some(),
        content.coding.classification.is_some(),
    );
    let cost_type = content.coding.line_item_type.is_some();
    let losses = match endpoint {
        EntryEndpoint::SingleEntries => [(task_code, "task code"), (class, "work classification"), (false, "")],
        EntryEndpoint::CompanyBulk => [(cost_type, "cost type"), (meal, "lunch"), (task_code, "task code")],
        EntryEndpoint::ProjectBulk => [(false, ""); 3],
    };
    losses.into_iter().find(|(loses, _)| *loses).map(|(_, field)| field)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::change::{LineAction, LineKey, LineView};
    use crate::model::{ClassificationId, Coding, HourClass, LineItemTypeId, Span, WbsCodeId, WorkerId};

    const ALL: [EntryEndpoint; 3] = EntryEndpoint::IN_ORDER;

    fn create(worker: u64, project: u64) -> LineChange {
        let date = "2026-03-02".parse().unwrap();
        LineChange {
            key: LineKey {
                worker: WorkerId(worker),
                date,
                project: ProjectId(project),
                sub_job: None,
                cost_code: "03-300".into(),
                class: HourClass::Regular,
                classification: None,
                start: None,
            },
            action: LineAction::Create,
            entry: None,
            content: EntryContent {
                worker: WorkerId(worker),
                date,
                coding: Arc::new(Coding::of(ProjectId(project))),
                hours: "8.00".parse().unwrap(),
                span: None,
                description: None,
                billable: true,
            },
            before: None,
            view: LineView::default(),
            why: String::new(),
            carries: Vec::new(),
            zone: None,
            double_of: None,
            touched: None,
        }
    }

    fn with(change: impl FnOnce(&mut EntryContent)) -> EntryContent {
        let mut content = create(7, 3).content;
        change(&mut content);
        content
    }

    fn span(lunch_minutes: u32) -> Span {
        let at = |hour| {
            "2026-03-02"
                .parse::<chrono::NaiveDate>()
                .unwrap()
                .and_hms_opt(hour, 0, 0)
                .unwrap()
        };
        Span {
            start: at(7),
            stop: at(15),
            lunch_minutes,
        }
    }

    #[test]
    fn what_each_endpoint_loses() {
        let cases = [
            (with(|_| ()), [None, None, None]),
            (
                with(|content| content.span = Some(Box::new(span(0)))),
                [None, None, None],
            ),
            (
                with(|content| content.span = Some(Box::new(span(30)))),
                [None, Some("lunch"), None],
            ),
            (
                with(|content| Arc::make_mut(&mut content.coding).line_item_type = Some(LineItemTypeId(5))),
                [None, Some("cost type"), None],
            ),
            (
                with(|content| Arc::make_mut(&mut content.coding).wbs_code = Some(WbsCodeId(5))),
                [Some("task code"), Some("task code"), None],
            ),
            (
                with(|content| Arc::make_mut(&mut content.coding).classification = Some(ClassificationId(5))),
                [Some("work classification"), None, None],
            ),
        ];
        for (content, expected) in cases {
            assert_eq!(
                ALL.map(|endpoint| lost_field(endpoint, &content)),
                expected,
                "{content:?}"
            );
        }
    }

    #[test]
    fn a_line_goes_where_nothing_is_lost_and_the_chosen_way_first() {
        let (plain, typed) = (
            with(|_| ()),
            with(|content| Arc::make_mut(&mut content.coding).line_item_type = Some(LineItemTypeId(5))),
        );
        let classed = with(|content| {
            Arc::make_mut(&mut content.coding).classification = Some(ClassificationId(5));
            Arc::make_mut(&mut content.coding).line_item_type = Some(LineItemTypeId(5));
        });
        let open = BTreeSet::new();
        for chosen in ALL {
            assert_eq!(endpoint_for(&plain, chosen, &open), Ok(chosen));
            assert_eq!(endpoint_for(&classed, chosen, &open), Ok(EntryEndpoint::ProjectBulk));
        }
        assert_eq!(
            endpoint_for(&typed, EntryEndpoint::CompanyBulk, &open),
            Ok(EntryEndpoint::SingleEntries)
        );
        let closed = BTreeSet::from([EntryEndpoint::ProjectBulk]);
        assert_eq!(
            endpoint_for(&plain, EntryEndpoint::ProjectBulk, &closed),
            Ok(EntryEndpoint::SingleEntries)
        );
        assert_eq!(
            endpoint_for(&classed, EntryEndpoint::ProjectBulk, &closed),
            Err("work classification")
        );
    }

    #[test]
    fn batches_hold_what_their_endpoint_takes_and_every_line_is_in_one() {
        let creates: Vec<LineChange> = (0..60).map(|n| create(n, n % 2)).collect();
        for (endpoint, sizes) in [
            (EntryEndpoint::SingleEntries, vec![1; 60]),
            (EntryEndpoint::CompanyBulk, vec![60]),
            (EntryEndpoint::ProjectBulk, vec![25, 25, 5, 5]),
        ] {
            let packed = pack(&creates, endpoint, &BTreeSet::new());
            let found: Vec<usize> = packed.batches.iter().map(|batch| batch.changes.len()).collect();
            assert_eq!((found, packed.stuck.len()), (sizes, 0));
            let workers: BTreeSet<u64> = packed
                .batches
                .iter()
                .flat_map(|batch| batch.changes.iter().map(|change| change.content.worker.0))
                .collect();
            assert_eq!(workers.len(), 60);
        }
    }

    #[test]
    fn b9_halving_comes_down_to_the_one_bad_line() {
        let creates: Vec<LineChange> = (0..5).map(|n| create(n, 1)).collect();
        let whole = pack(&creates, EntryEndpoint::ProjectBulk, &BTreeSet::new())
            .batches
            .remove(0);
        let [first, second] = whole.halves();
        assert_eq!((first.changes.len(), second.changes.len()), (2, 3));
        assert!(first.halves().iter().all(|half| half.changes.len() == 1));
    }
}
