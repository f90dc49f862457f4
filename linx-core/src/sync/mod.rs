//! Procore → ExakTime: fetch, plan, apply.

mod absence;
mod apply;
mod desired;
mod parent_location;
mod preconditions;
mod report;
mod unexported_time;

pub use desired::OfficeLists;
pub use report::{RecordResult, ReportedChange, SyncReport, SyncSummary};

use std::collections::BTreeSet;

use crate::digest::{digest, fingerprint};
use crate::hold::Reason;
use crate::ledger::{Direction, Link};
use crate::linx::{Linx, LinxError};
use crate::mapping::{MappingRules, Ruling, unmatched};
use crate::model::{Kind, OfficeRef, Record};
use crate::plan::{FORMAT, SyncPlan};
use crate::ports::{Progress, Snapshot};
use crate::reconcile::{Input, reconcile};
use crate::settings::{Import, SyncSettings};

/// What one run of a sync may do beyond its settings.
#[derive(Debug, Clone, Default)]
pub struct SyncOptions {
    /// Only these; `None` means what the settings import.
    pub only: Option<BTreeSet<Import>>,
    /// Whether the guard stands aside (hazard B5).
    pub allow_mass_change: bool,
}

impl SyncOptions {
    fn imports(&self, settings: &SyncSettings) -> BTreeSet<Import> {
        let set: BTreeSet<Import> = settings.import.iter().copied().collect();
        match &self.only {
            Some(only) => set.intersection(only).copied().collect(),
            None => set,
        }
    }
}

impl Linx {
    /// Reads both sides and says what a sync would write. Writes nothing.
    ///
    /// Errors when a whole list could not be read; single records are held, not errors.
    pub async fn plan_sync(&self, settings: &SyncSettings, options: &SyncOptions) -> Result<SyncPlan, LinxError> {
        let imports = options.imports(settings);
        let after = self.last_run(Direction::Sync).await?;
        let links = self.ledger.links().await?;
        let ignored = self.ledger.ignored().await?;
        let office = self.fetch_office(settings, &imports, &links).await?;
        let mut current = Vec::new();
        for kind in Kind::IN_ORDER.into_iter().filter(|kind| kinds(&imports).contains(kind)) {
            self.observer.progress(Progress::Reading(match kind {
                Kind::Employee => "ExakTime employees",
                Kind::Location => "ExakTime locations",
                Kind::CostCode => "ExakTime cost codes",
            }));
            current.push((kind, self.field.records(kind).await.map_err(LinxError::Field)?));
        }
        let plan = plan(
            &office,
            &current,
            Remembered {
                links: &links,
                ignored: &ignored,
            },
            self.rules.as_ref(),
            settings,
            &imports,
            options.allow_mass_change,
        );
        let plan = self.confirm_absence(plan, &office, &links, settings, &imports).await?;
        let plan = self.put_off_deactivations(plan, &links, settings).await;
        Ok(SyncPlan { after, ..plan })
    }
}

/// The kinds that these imports write.
fn kinds(imports: &BTreeSet<Import>) -> BTreeSet<Kind> {
    imports
        .iter()
        .map(|import| match import {
            Import::Workers => Kind::Employee,
            Import::Projects | Import::SubJobs => Kind::Location,
            Import::CostCodes => Kind::CostCode,
        })
        .collect()
}

/// Whether it, or the project it is a part of, is left alone.
fn is_ignored(reference: OfficeRef, ignored: &BTreeSet<OfficeRef>) -> bool {
    let project = match reference {
        OfficeRef::SubJob(project, _) => Some(OfficeRef::Project(project)),
        _ => None,
    };
    ignored.contains(&reference) || project.is_some_and(|project| ignored.contains(&project))
}

/// What the ledger knows of the entities.
#[derive(Debug, Clone, Copy)]
pub struct Remembered<'a> {
    /// Every link.
    pub links: &'a [Link],
    /// What is left alone until that is lifted.
    pub ignored: &'a BTreeSet<OfficeRef>,
}

/// Makes the plan out of what was read. Pure: the same input gives the same plan, in whatever order it comes.
pub fn plan(
    office: &OfficeLists,
    current: &[(Kind, Snapshot<Record>)],
    remembered: Remembered<'_>,
    rules: &dyn MappingRules,
    settings: &SyncSettings,
    imports: &BTreeSet<Import>,
    allow_mass_change: bool,
) -> SyncPlan {
    let Remembered { links, ignored } = remembered;
    let mut plan = SyncPlan {
        format: FORMAT,
        digest: String::new(),
        after: None,
        changes: Vec::new(),
        agreed: Vec::new(),
        adopted: Vec::new(),
        held: office.held(),
        left_out: Vec::new(),
        likely: Vec::new(),
        unchanged: std::collections::BTreeMap::new(),
        refused: Vec::new(),
        notes: office.notes.clone(),
    };
    plan.notes.extend(unmatched(
        (&settings.workers, &office.workers.rows),
        (&settings.projects, &office.projects.rows),
        (&settings.cost_codes, &office.cost_codes.rows),
    ));
    let mut seen = Vec::new();
    for (kind, current) in current {
        let mut desired = office.desired(*kind, rules, imports);
        desired.sort_by_key(|desired| desired.office);
        for desired in desired.iter_mut().filter(|desired| is_ignored(desired.office, ignored)) {
            desired.ruling = Ruling::not(Reason::Ignored);
        }
        let mut of_kind: Vec<&Link> = links.iter().filter(|link| link.kind == *kind).collect();
        of_kind.sort_by_key(|link| link.office);
        let mut outcome = reconcile(&Input {
            kind: *kind,
            desired: &desired,
            proves_absence: &|reference| office.proves_absence(reference),
            emptied: &|reference| office.is_emptied(reference),
            in_scope: &|reference| desired::in_scope(reference, imports) && !is_ignored(reference, ignored),
            current,
            links: &of_kind,
            settings,
            allow_mass_change,
        });
        parent_location::hold_parts(&mut outcome, &of_kind);
        seen.push((
            *kind,
            fingerprint(&current.rows),
            fingerprint(&of_kind),
            fingerprint(&desired),
        ));
        plan.changes.extend(outcome.changes);
        plan.agreed.extend(outcome.agreed);
        plan.adopted.extend(outcome.adopted);
        plan.held.extend(outcome.held);
        plan.notes.extend(outcome.notes);
        plan.unchanged.insert(*kind, outcome.unchanged);
        plan.left_out.extend(outcome.left_out);
        plan.likely.extend(outcome.likely);
        if outcome.kept > 0 {
            plan.notes.push(format!(
                "{kind}: {} that people changed in ExakTime {} kept as they are there",
                if outcome.kept == 1 {
                    "one value".to_owned()
                } else {
                    format!("{} values", outcome.kept)
                },
                if outcome.kept == 1 { "is" } else { "are" },
            ));
        }
        plan.refused.extend(outcome.refused);
    }
    plan.held.sort();
    plan.left_out.sort();
    plan.notes.sort();
    plan.digest = digest(&seen);
    plan
}
