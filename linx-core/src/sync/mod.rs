//! Procore → ExakTime: fetch, plan, apply.
//!
//! `fetch` and `apply` talk to the services; everything else is a pure function of what they read. On the way:
//! [`Facts`] are what was read; the rules say what each of Procore's entities should be in ExakTime (`desired`);
//! `reconcile` compares that with what is there; what stands on a place that is not there (`parent_location`), is
//! missing from one reading only (`absence`), has time to be exported (`unexported_time`) or was sent and may still arrive
//! (`unsettled`) is held or left; the rest is the plan. `apply` makes it anew, reads each record once more before it is
//! changed, writes one after another, and reports.

mod absence;
mod apply;
mod desired;
mod facts;
mod fetch;
mod parent_location;
mod plan;
mod report;
mod unexported_time;
mod unsettled;

pub use crate::plan::SyncOptions;
pub use facts::{Facts, OfficeLists, RecentTime, SentChange, TimeReading};
pub use plan::plan;
pub use report::{RecordResult, ReportedChange, SyncReport, SyncSummary};

use crate::ledger::{IntentId, Lease};
use crate::linx::{Linx, LinxError};
use crate::plan::{ReadAt, SyncPlan};

impl Linx {
    /// Reads both sides and says what a sync would write to ExakTime. Writes nothing.
    ///
    /// *Flow.* The lists of Procore and of ExakTime that the imports need are read, with the ledger's links. [`plan`]
    /// makes the plan of them. When it would deactivate something that is in no list of Procore's, those lists are read once
    /// more; when it would deactivate an employee or a place, the time of the last weeks is read
    /// ([`SyncSettings::unsent_days`](crate::settings::SyncSettings::unsent_days)); and the plan is made again with what that showed.
    ///
    /// *Guarantees.* Nobody is deactivated because a list was cut short, was read once, or came out empty. Nobody is
    /// deactivated while time of the last weeks is not exported, or cannot be read. Nothing is created, linked by its number
    /// or given one while a list in which another may carry that number was not read completely, and such a list is held. A
    /// value that somebody changed in ExakTime since the last sync is kept; where Procore's was changed too, the owner that
    /// the settings name decides, and where they name none it is held for a person; so is a value that differs where the two
    /// meet for the first time. People, places and codes are found by their number or code, never by their name. Whatever is
    /// not written is in the plan with its reason, as held or as left out. The same lists give the same plan.
    ///
    /// *Assumptions.* The links of the ledger are those of these two companies.
    ///
    /// *Cancellation.* May be dropped at any time: nothing was written.
    ///
    /// # Errors
    ///
    /// [`LinxError::Office`] or [`LinxError::Field`] when a whole list could not be read, [`LinxError::Ledger`] when the
    /// ledger could not be. A single record, or the list of a single project, is never the cause: it is held.
    pub async fn plan_sync(&self, options: &SyncOptions) -> Result<SyncPlan, LinxError> {
        let (mut plan, _) = self.plan_sync_now(options, None, None).await?;
        plan.read_at = ReadAt::new(self.clock.now());
        Ok(plan)
    }

    /// See [`Linx::plan_sync`]; with the facts. `waited_for` is the newest intent that cannot arrive any more, whatever the
    /// clock says. A run that makes its plan anew has a `lease`.
    async fn plan_sync_now(
        &self,
        options: &SyncOptions,
        waited_for: Option<IntentId>,
        lease: Option<&Lease>,
    ) -> Result<(SyncPlan, Facts), LinxError> {
        let mut waits = 0;
        loop {
            let planned = self.plan_sync_once(options, waited_for).await;
            match &planned {
                Err(error) if self.outlasts_reading(error, waits, lease).await => waits += 1,
                _ => return planned,
            }
        }
    }

    async fn plan_sync_once(
        &self,
        options: &SyncOptions,
        waited_for: Option<IntentId>,
    ) -> Result<(SyncPlan, Facts), LinxError> {
        self.check_pair().await?;
        let settings = self.sync.as_ref();
        let imports = options.imports(settings);
        let mut facts = self.fetch_facts(settings, &imports, waited_for).await?;
        loop {
            let plan = plan(&facts, self.rules.as_ref(), settings, options);
            match plan::missing_fact(&plan, &facts, settings) {
                None => return Ok((plan, facts)),
                Some(missing) => self.fetch_missing(missing, &mut facts, settings, &imports).await?,
            }
        }
    }
}
