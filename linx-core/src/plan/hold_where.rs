//! The one way in which a change leaves a plan for what is held.

use crate::hold::Held;

/// Moves changes of a plan to what it holds: each for which `refusal` has an answer. The others keep their order, and
/// `held` is sorted as a plan has it. Returns the changes that were taken out.
pub(crate) fn hold_where<T>(
    changes: &mut Vec<T>,
    held: &mut Vec<Held>,
    mut refusal: impl FnMut(&T) -> Option<Held>,
) -> Vec<T> {
    let mut is_refused = |change: &mut T| match refusal(change) {
        Some(refused) => {
            held.push(refused);
            true
        }
        None => false,
    };
    let taken = changes.extract_if(.., &mut is_refused).collect();
    held.sort();
    taken
}
