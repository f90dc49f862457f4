//! What one kind needs, as it is worked out.

use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::Link;
use crate::model::OfficeRef;
use crate::plan::{Adopted, MassChange, Suggestion};
use crate::settings::{Deactivate, SyncSettings};

/// What one kind needs.
#[derive(Debug, Clone, Default)]
pub(crate) struct KindPlan {
    /// To be written.
    pub(crate) changes: Vec<RecordChange>,
    /// To be remembered only.
    pub(crate) agreed: Vec<Link>,
    /// Linked for the first time.
    pub(crate) adopted: Vec<Adopted>,
    /// Needs a person.
    pub(crate) held: Vec<Held>,
    /// Left alone by a rule.
    pub(crate) left_out: Vec<Held>,
    /// Linked and without a difference.
    pub(crate) unchanged: usize,
    /// Values that only ExakTime changed, and that stay (hazard B7).
    pub(crate) kept: usize,
    /// Records that are likely the same as one that is to be made or has no number (hazards C3, C7).
    pub(crate) likely: Vec<Suggestion>,
    /// Groups of changes that the guard took out.
    pub(crate) refused: Vec<MassChange>,
    /// Worth knowing besides.
    pub(crate) notes: Vec<String>,
}

impl KindPlan {
    pub(super) fn hold(&mut self, office: OfficeRef, refusal: impl Into<Refusal>) {
        self.held.push(Held::new(office, refusal));
    }

    pub(super) fn leave_out(&mut self, office: OfficeRef, refusal: impl Into<Refusal>) {
        self.left_out.push(Held::new(office, refusal));
    }

    /// Plans a change, or only proposes it where the settings let no record be deactivated.
    ///
    /// Who is found for the first time is linked also where its change is only proposed: without, its time could not be
    /// exported.
    pub(super) fn plan_or_propose(&mut self, change: RecordChange, settings: &SyncSettings, is_new: bool) {
        if change.action != RecordAction::Deactivate || settings.deactivate == Deactivate::Apply {
            return self.changes.push(change);
        }
        self.agreed.extend(Link::without(&change).filter(|_| is_new));
        let record = change.record.as_ref().map(ToString::to_string).unwrap_or_default();
        let detail = format!("{} {record}", change.kind);
        self.leave_out(change.office, Refusal::new(Reason::OnlyProposed, detail));
    }
}
