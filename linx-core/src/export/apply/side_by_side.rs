//! What may be under way at once: changes of different workers. What one worker's changes are of may be the same hours, so that
//! they follow one another (hazards A8, D19).

use std::collections::{BTreeSet, VecDeque};

use super::batches::Batch;
use crate::change::LineChange;
use crate::model::WorkerId;

/// How many changes, or batches of new entries, are under way at once.
pub(super) const AT_ONCE: usize = 8;

/// Something that is written for some workers.
pub(super) trait OfWorkers {
    /// Whose it is.
    fn workers(&self) -> impl Iterator<Item = WorkerId>;
}

impl OfWorkers for &LineChange {
    fn workers(&self) -> impl Iterator<Item = WorkerId> {
        std::iter::once(self.key.worker)
    }
}

impl OfWorkers for Batch<'_> {
    fn workers(&self) -> impl Iterator<Item = WorkerId> {
        self.changes.iter().map(|change| change.key.worker)
    }
}

/// Takes the first of `queue` that may be under way at once: no two of one worker, and none before another of its worker. The
/// others keep their order.
pub(super) fn take_next<T: OfWorkers>(queue: &mut VecDeque<T>) -> Vec<T> {
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    let mut busy = BTreeSet::new();
    while taken.len() < AT_ONCE
        && let Some(next) = queue.pop_front()
    {
        let is_free = next.workers().all(|worker| !busy.contains(&worker));
        busy.extend(next.workers());
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

    /// A number, and whose it is.
    #[derive(Debug, Clone, PartialEq)]
    struct Some(usize, Vec<u64>);

    impl OfWorkers for Some {
        fn workers(&self) -> impl Iterator<Item = WorkerId> {
            self.1.iter().copied().map(WorkerId)
        }
    }

    proptest! {
        #[test]
        fn a8_no_two_of_a_worker_are_under_way_at_once_and_each_workers_keep_their_order(
            whose in prop::collection::vec(prop::collection::vec(0_u64..12, 1..4), 0..60),
        ) {
            let all: Vec<Some> = whose.into_iter().enumerate().map(|(at, whose)| Some(at, whose)).collect();
            let mut queue: VecDeque<Some> = all.iter().cloned().collect();
            let mut order = Vec::new();
            while !queue.is_empty() {
                let first = queue[0].clone();
                let taken = take_next(&mut queue);
                prop_assert!(taken.contains(&first) && taken.len() <= AT_ONCE);
                for (at, one) in taken.iter().enumerate() {
                    let others = &taken[at + 1..];
                    prop_assert!(others.iter().all(|other| other.1.iter().all(|worker| !one.1.contains(worker))));
                }
                order.extend(taken);
            }
            prop_assert_eq!(order.len(), all.len());
            for worker in 0..12 {
                let of_worker = |all: &[Some]| -> Vec<usize> {
                    all.iter().filter(|one| one.1.contains(&worker)).map(|one| one.0).collect()
                };
                prop_assert_eq!(of_worker(&order), of_worker(&all));
            }
        }
    }
}
