//! The plan of a sync as a pure function of what was read.
//!
//! Two facts are dear and seldom needed, so they are read only when a plan asks for them ([`missing_fact`]): Procore's lists
//! a second time, when something is to be deactivated for its absence, and the time of the last weeks, when an employee
//! or a place is still to be deactivated after that. A plan is made, what it lacks is read, and it is made
//! again from all the facts: the plan that is shown is always what [`plan`] says of the facts, with nothing done to it
//! afterwards.

use std::collections::BTreeSet;

use super::facts::{Facts, OfficeLists};
use super::{absence, desired, parent_location, unexported_time, unsettled};
use crate::digest::{digest, fingerprint};
use crate::hold::{Held, Reason};
use crate::ledger::Link;
use crate::mapping::{MappingRules, Ruling, unmatched};
use crate::model::{Kind, OfficeRef, Record};
use crate::plan::{FORMAT, ReadAt, SyncOptions, SyncPlan};
use crate::ports::Snapshot;
use crate::reconcile::{Input, KindPlan, reconcile};
use crate::settings::{Import, SyncSettings};

/// A fact that a plan needs and was made without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MissingFact {
    /// [`Facts::second_reading`].
    SecondReading,
    /// [`Facts::time`].
    Time,
}

/// What has to be read before this plan of these facts may be shown; `None` when it is complete.
pub(super) fn missing_fact(plan: &SyncPlan, facts: &Facts, settings: &SyncSettings) -> Option<MissingFact> {
    if facts.second_reading.is_none() && absence::is_planned(plan, &facts.office) {
        return Some(MissingFact::SecondReading);
    }
    let is_time_needed = facts.time.is_none() && settings.unsent_days != 0 && unexported_time::is_at_stake(plan);
    is_time_needed.then_some(MissingFact::Time)
}

/// Makes the plan out of what was read. The same facts give the same plan, in whatever order their lists come.
pub fn plan(facts: &Facts, rules: &dyn MappingRules, settings: &SyncSettings, options: &SyncOptions) -> SyncPlan {
    let resumed = unsettled::resumed(facts);
    let planner = Planner {
        facts,
        links: unsettled::links(facts, &resumed),
        rules,
        settings,
        imports: options.imports(settings),
        options,
    };
    let mut plan = planner.empty();
    let mut fingerprints = Vec::with_capacity(facts.current.len());
    for (kind, current) in &facts.current {
        let (of_kind, fingerprint) = planner.of_kind(*kind, current);
        fingerprints.push(fingerprint);
        take_in(&mut plan, *kind, of_kind);
    }
    plan.held.sort();
    plan.left_out.sort();
    plan.notes.sort();
    plan.digest = digest(&fingerprints);
    if let Some(second) = &facts.second_reading {
        absence::confirm(&mut plan, &facts.office, second);
        plan.held.extend(planner.held_lists(second));
        plan.held.sort();
        plan.held.dedup();
    }
    if let Some(time) = &facts.time {
        unexported_time::put_off(&mut plan, time, &planner.links);
    }
    plan.resumed = resumed;
    unsettled::hold(&mut plan, facts);
    plan
}

/// The kinds that these imports write, in the order of writing.
pub(super) fn kinds(imports: &BTreeSet<Import>) -> impl Iterator<Item = Kind> {
    let wanted: BTreeSet<Kind> = imports
        .iter()
        .map(|import| match import {
            Import::Workers => Kind::Employee,
            Import::Projects | Import::SubJobs => Kind::Location,
            Import::CostCodes => Kind::CostCode,
        })
        .collect();
    Kind::IN_ORDER.into_iter().filter(move |kind| wanted.contains(kind))
}

/// What a kind was planned from: ExakTime's records, the links, and what the rules made of Procore's entities.
type Fingerprint = (Kind, [u8; 16], [u8; 16], [u8; 16]);

struct Planner<'a> {
    facts: &'a Facts,
    links: Vec<Link>,
    rules: &'a dyn MappingRules,
    settings: &'a SyncSettings,
    imports: BTreeSet<Import>,
    options: &'a SyncOptions,
}

impl Planner<'_> {
    /// A plan of nothing yet, with what the lists themselves have to say.
    fn empty(&self) -> SyncPlan {
        let office = &self.facts.office;
        let mut notes = office.notes.clone();
        notes.extend(unmatched(
            (&self.settings.workers, &office.workers.rows),
            (&self.settings.projects, &office.projects.rows),
            (&self.settings.cost_codes, &office.cost_codes.rows),
        ));
        SyncPlan {
            format: FORMAT,
            digest: String::new(),
            pair: self.facts.pair.clone(),
            options: self.options.clone(),
            after: self.facts.after,
            changes: Vec::new(),
            waiting: Vec::new(),
            resumed: Vec::new(),
            agreed: Vec::new(),
            adopted: Vec::new(),
            held: self.held_lists(office),
            left_out: Vec::new(),
            likely: Vec::new(),
            unchanged: std::collections::BTreeMap::new(),
            refused: Vec::new(),
            notes,
            read_at: ReadAt::default(),
        }
    }

    /// What Procore's lists hold back by themselves, but for what is left alone.
    fn held_lists(&self, office: &OfficeLists) -> Vec<Held> {
        let mut held = office.held();
        held.retain(|held| held.subject.entity().is_none_or(|office| !self.is_ignored(office)));
        held
    }

    fn of_kind(&self, kind: Kind, current: &Snapshot<Record>) -> (KindPlan, Fingerprint) {
        let office = &self.facts.office;
        let mut desired = office.desired(kind, self.rules, &self.imports);
        desired.sort_by_key(|desired| desired.office);
        let mut left_alone = Vec::new();
        for desired in desired.iter_mut().filter(|desired| self.is_ignored(desired.office)) {
            let ruling = std::mem::replace(&mut desired.ruling, Ruling::not(Reason::Ignored));
            if let Ruling::Becomes(attributes) = ruling {
                left_alone.push((desired.office, attributes));
            }
        }
        let mut links: Vec<&Link> = self.links.iter().filter(|link| link.kind == kind).collect();
        links.sort_by_key(|link| link.office);
        let mut plan = reconcile(&Input {
            kind,
            desired: &desired,
            left_alone: &left_alone,
            proves_absence: &|reference| office.proves_absence(reference),
            incomplete: &|reference| office.incomplete(reference).map(str::to_owned),
            emptied: &|reference| office.is_emptied(reference),
            in_scope: &|reference| desired::in_scope(reference, &self.imports) && !self.is_ignored(reference),
            current,
            links: &links,
            settings: self.settings,
            allow_mass_change: self.options.allow_mass_change,
        });
        parent_location::hold_parts(&mut plan, &links);
        let fingerprint = (
            kind,
            fingerprint(&current.rows),
            fingerprint(&links),
            fingerprint(&desired),
        );
        (plan, fingerprint)
    }

    /// Whether it, or the project it is a part of, is left alone.
    fn is_ignored(&self, reference: OfficeRef) -> bool {
        let ignored = &self.facts.ignored;
        let project = match reference {
            OfficeRef::SubJob(project, _) => Some(OfficeRef::Project(project)),
            _ => None,
        };
        ignored.contains(&reference) || project.is_some_and(|project| ignored.contains(&project))
    }
}

/// Adds what one kind needs to the plan of all.
fn take_in(plan: &mut SyncPlan, kind: Kind, of_kind: KindPlan) {
    plan.changes.extend(of_kind.changes);
    plan.agreed.extend(of_kind.agreed);
    plan.adopted.extend(of_kind.adopted);
    plan.held.extend(of_kind.held);
    plan.left_out.extend(of_kind.left_out);
    plan.likely.extend(of_kind.likely);
    plan.refused.extend(of_kind.refused);
    plan.notes.extend(of_kind.notes);
    plan.unchanged.insert(kind, of_kind.unchanged);
    let kept = match of_kind.kept {
        0 => return,
        1 => "one value that people changed in ExakTime is kept as they are there".to_owned(),
        more => format!("{more} values that people changed in ExakTime are kept as they are there"),
    };
    plan.notes.push(format!("{kind}: {kept}"));
}
