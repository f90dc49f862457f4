//! What of a given plan would be planned now too (hazards B6, B17). Pure.

use std::collections::BTreeSet;

use super::conclusion::Conclusions;
use crate::change::RecordChange;
use crate::hold::{Held, Reason, Refusal};
use crate::model::OfficeRef;
use crate::plan::{SyncPlan, hold_where};

/// Returns the plan of `now` without what `given` does not show: whoever looked at that has seen all that will be written.
/// Everything else is that of `now`: what a kept plan says of the ledger or of limits is not believed.
///
/// What was written or refused earlier in the same run is not tried again. What `given` shows and would not be planned any
/// more is held.
pub(super) fn confirm(mut now: SyncPlan, given: &SyncPlan, concluded: &Conclusions) -> SyncPlan {
    let detail = "it changed on one of the sides after the plan was made";
    let stale = |office: OfficeRef| Held::new(office, Refusal::new(Reason::StalePlan, detail));
    let shown: BTreeSet<&RecordChange> = given.changes.iter().chain(&given.waiting).collect();
    let planned = now.changes.iter().chain(&now.waiting);
    let planned: BTreeSet<OfficeRef> = planned.map(|change| change.office).collect();
    now.changes.retain(|change| !concluded.is_final(change.office));
    hold_where(&mut now.changes, &mut now.held, |change| {
        (!shown.contains(change)).then(|| stale(change.office))
    });
    let told: BTreeSet<OfficeRef> = now.held.iter().filter_map(|held| held.subject.entity()).collect();
    let missing =
        |office: &OfficeRef| !planned.contains(office) && !told.contains(office) && !concluded.is_final(*office);
    let offices = given.changes.iter().map(|change| change.office);
    let missing: Vec<Held> = offices.filter(missing).map(stale).collect();
    now.held.extend(missing);
    now.held.sort();
    now
}
