//! What Procore says of the places that time is worked at: their zones, and how they take time. The room `time` learns of it
//! from here and knows no project.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rustc_hash::FxHashMap;

use super::facts::ExportFacts;
use super::notes;
use super::time::{self, PlaceClock};
use crate::ledger::Link;
use crate::model::{
    OfficeRef, PlaceZone, Project, ProjectId, RecordId, TimeRecord, Zone, ZoneError, ZoneSource, contradicts,
};
use crate::settings::{ExportSettings, Rounding};

/// What each linked location means for time.
pub(super) fn clocks<'a>(facts: &'a ExportFacts, settings: &ExportSettings) -> FxHashMap<&'a RecordId, PlaceClock> {
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

/// The company's day at an instant (hazard D27): in the zone that the settings name, else in the westernmost of the open
/// projects' zones, where a day ends last, else in UTC.
pub(super) fn company_day(now: DateTime<Utc>, zone: Option<Zone>, projects: &[Project]) -> NaiveDate {
    let open = projects.iter().filter(|project| project.active);
    let zones = || open.filter_map(|project| Some(PlaceZone::of(project, None).ok()?.zone));
    let clock = match zone {
        Some(zone) => Some(zone.clock(now)),
        None => zones().map(|zone| zone.clock(now)).min(),
    };
    clock.unwrap_or(now.naive_utc()).date()
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
    let zones: FxHashMap<&RecordId, _> = projects_of(facts)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d27_a_day_is_the_companys_and_ends_where_it_ends_last() {
        let now: DateTime<Utc> = "2026-03-18T00:10:00Z".parse().unwrap();
        let project = |id, zone: &str, active| Project {
            time_zone: Some(zone.into()),
            active,
            ..Project::of(ProjectId(id), "24-001", "Tower")
        };
        let day = |zone: Option<&str>, projects: &[Project]| {
            let zone = zone.map(|zone| zone.parse().unwrap());
            company_day(now, zone, projects).to_string()
        };
        let projects = [
            project(1, "Europe/Berlin", true),
            project(2, "America/Chicago", true),
            project(3, "nowhere", true),
        ];
        assert_eq!(day(None, &projects), "2026-03-17");
        assert_eq!(day(None, &projects[..1]), "2026-03-18");
        assert_eq!(day(Some("Europe/Berlin"), &projects), "2026-03-18");
        assert_eq!(day(None, &[]), "2026-03-18");
        assert_eq!(day(None, &[project(2, "America/Chicago", false)]), "2026-03-18");
    }
}
