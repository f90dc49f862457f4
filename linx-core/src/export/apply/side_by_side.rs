//! What may be under way at once: changes of different workers. What one worker's changes are of may be the same hours, so that
//! they follow one another (hazards A8, D19).

use std::collections::{BTreeSet, VecDeque};

use super::batches::Batch;

/// How many batches of new entries are under way at once. Where a ceiling lets one request leave in a second, the last of them
/// leaves while its intent is fresh all the same: a write leaves within fifteen seconds or not at all (hazard A15).
pub(super) const BATCHES_AT_ONCE: usize = 12;

/// How many workers' entries are changed and deleted at once. Each write follows a look of its own, which is good for five
/// seconds: at one request in a second four follow one another in that time (hazard B16).
pub(super) const WORKERS_AT_ONCE: usize = 4;

/// Takes the first batches of `queue` that may be under way at once: no two with lines of one worker, and none before another with
/// lines of its workers. The others keep their order.
pub(super) fn take_next<'a>(queue: &mut VecDeque<Batch<'a>>) -> Vec<Batch<'a>> {
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    let mut busy = BTreeSet::new();
    while taken.len() < BATCHES_AT_ONCE
        && let Some(next) = queue.pop_front()
    {
        let workers = || next.changes.iter().map(|change| change.key.worker);
        let is_free = workers().all(|worker| !busy.contains(&worker));
        busy.extend(workers());
        if is_free {
            taken.push(next);
        } else {
            left.push(next);
        }
    }
    for waiting in left.into_iter().rev() {
        queue.push_front(waiting);
    }
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::change::LineChange;
    use crate::export::test_world::{plan_of, record, world};
    use crate::model::{EntryEndpoint, WorkerId};

    proptest! {
        #[test]
        fn a8_no_two_of_a_worker_are_under_way_at_once_and_each_workers_keep_their_order(
            whose in prop::collection::vec(prop::collection::vec(0_u64..12, 1..4), 0..60),
        ) {
            let mut facts = world();
            facts.records.rows = vec![record(2, 13, 3600)];
            let of_anybody = plan_of(&facts).changes.remove(0);
            let mut pieces = 0;
            let whose: Vec<Vec<LineChange>> = whose
                .into_iter()
                .map(|whose| {
                    let of = |worker| {
                        pieces += 1;
                        let mut change = of_anybody.clone();
                        (change.key.worker, change.why) = (WorkerId(worker), pieces.to_string());
                        change
                    };
                    whose.into_iter().map(of).collect()
                })
                .collect();
            let batch = |changes| Batch { endpoint: EntryEndpoint::CompanyBulk, changes };
            let mut queue: VecDeque<Batch<'_>> = whose.iter().map(|changes| batch(changes.iter().collect())).collect();
            let mut order: Vec<&LineChange> = Vec::new();
            while !queue.is_empty() {
                let first = queue[0].clone();
                let taken = take_next(&mut queue);
                prop_assert!(taken.contains(&first) && taken.len() <= BATCHES_AT_ONCE);
                let of = |batch: &Batch<'_>| -> BTreeSet<WorkerId> {
                    batch.changes.iter().map(|change| change.key.worker).collect()
                };
                for (at, one) in taken.iter().enumerate() {
                    prop_assert!(taken[at + 1..].iter().all(|other| of(other).is_disjoint(&of(one))));
                }
                order.extend(taken.into_iter().flat_map(|batch| batch.changes));
            }
            for worker in (0..12).map(WorkerId) {
                let found = order.iter().copied().filter(|change| change.key.worker == worker);
                let expected = whose.iter().flatten().filter(|change| change.key.worker == worker);
                prop_assert!(found.eq(expected));
            }
        }
    }
}
