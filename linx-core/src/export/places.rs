//! What Procore says of the places that time is worked at: their zones, and how they take time. The room `time` learns of it
//! from here and knows no project.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::Datelike;

use super::facts::ExportFacts;
use super::notes;
use super::time::{self, PlaceClock};
use crate::ledger::Link;
use crate::model::{
    OfficeRef, PlaceZone, Project, ProjectId, RecordId, TimeRecord, ZoneError, ZoneSource, contradicts,
};
use crate::settings::{ExportSettings, Rounding};

/// What each linked location means for time.
pub(super) fn clocks<'a>(facts: &'a ExportFacts, settings: &ExportSettings) -> HashMap<&'a RecordId, PlaceClock> {
    let start_stop: BTreeSet<ProjectId> = facts.settings.start_stop_projects.iter().copied().collect();
    let clock = |project: &Project| PlaceClock {
        zone: PlaceZone::of(project, settings.time_zone),
        takes_start_stop: start_stop.contains(&project.id),
    };
    projects_of(facts)
        .map(|(location, project)| (location, clock(project)))
        .collect()
}

/// Rounding of our own. Where Procore rounds there is none, since nothing is rounded twice (hazard D12), and a note says
/// so.
pub(super) fn rounding(facts: &ExportFacts, settings: &ExportSettings) -> (Rounding, Option<String>) {
    match &facts.settings.rounding {
        Some(words) => {
            let note = format!("Procore rounds time itself ({words}): Linx does not round");
            (Rounding::None, Some(note))
        }
        None => (settings.rounding, None),
    }
}

/// Which project each location is, or belongs to.
fn projects_of(facts: &ExportFacts) -> impl Iterator<Item = (&RecordId, &Project)> {
    let projects: BTreeMap<ProjectId, &Project> = facts
        .projects
        .rows
        .iter()
        .map(|project| (project.id, project))
        .collect();
    let linked = move |link: &Link| match link.office {
        OfficeRef::Project(project) | OfficeRef::SubJob(project, _) => projects.get(&project).copied(),
        OfficeRef::Worker(_) | OfficeRef::CostCode(_) => None,
    };
    facts
        .links
        .iter()
        .filter_map(move |link| Some((&link.record, linked(link)?)))
}

/// The facts with instants in place of clock times, where there are such (hazards D1, D2).
pub(super) fn with_instants(facts: &ExportFacts, settings: &ExportSettings) -> Option<ExportFacts> {
    facts.records.rows.iter().find(|record| record.clock.is_some())?;
    let zones: HashMap<&RecordId, _> = projects_of(facts)
        .filter_map(|(location, project)| Some((location, PlaceZone::of(project, settings.time_zone).ok()?.zone)))
        .collect();
    let mut resolved = facts.clone();
    let zone_of = |record: &TimeRecord| zones.get(record.location.as_ref()?).copied();
    time::resolve_instants(&mut resolved.records.rows, zone_of, time::longest_shift(settings));
    Some(resolved)
}

/// What is worth knowing of the zones of open projects (hazards D3, D4).
pub(super) fn zone_notes(facts: &ExportFacts, settings: &ExportSettings) -> Vec<String> {
    let open: BTreeMap<ProjectId, &Project> = projects_of(facts)
        .filter(|(_, project)| project.active)
        .map(|(_, project)| (project.id, project))
        .collect();
    let (mut unknown, mut stood_in, mut contradicted) = (Vec::new(), Vec::new(), Vec::new());
    for project in open.into_values() {
        match PlaceZone::of(project, settings.time_zone) {
            Err(ZoneError::Unknown(name)) => unknown.push(format!("project:{} (`{name}`)", project.id)),
            Err(ZoneError::Missing) => {}
            Ok(PlaceZone { zone, source }) => {
                if source == ZoneSource::Company {
                    stood_in.push(format!("project:{} ({zone})", project.id));
                }
                if contradicts(zone, &project.address, facts.today.year()).is_some() {
                    let state = project.address.state.as_deref().unwrap_or_default();
                    contradicted.push(format!("project:{} ({zone} in {state})", project.id));
                }
            }
        }
    }
    [
        ("the time zones of these projects are not known", unknown),
        (
            "the company's time zone stands in for these projects, which name none",
            stood_in,
        ),
        ("the time zones of these projects contradict their states", contradicted),
    ]
    .into_iter()
    .filter(|(_, projects)| !projects.is_empty())
    .map(|(what, projects)| format!("{what}: {}", notes::first_few(projects.len(), &projects)))
    .collect()
}
