//! What a sync reads, and when. The one room of a plan with requests in it; it decides nothing.

use std::collections::BTreeSet;

use chrono::Days;
use futures_util::StreamExt;
use futures_util::future::{try_join, try_join_all, try_join3};
use futures_util::stream;

use super::facts::{Facts, OfficeLists, RecentTime, SentChange, TimeReading};
use super::plan::{MissingFact, kinds};
use crate::hold::{Held, Reason, Refusal, Subject};
use crate::ledger::{Direction, IntentId, JournalEntry, Link, Look, Missed, Outcome, Write};
use crate::linx::{Linx, LinxError};
use crate::mapping::named_projects;
use crate::model::{Kind, OfficeRef, ProjectId, Record, SubJob, WorkerId};
use crate::ports::{FailureKind, PortError, Progress, Snapshot};
use crate::settings::{Import, SyncSettings};

/// Lists of single projects that are read side by side: as many as requests of an account are under way.
const AT_ONCE: usize = 16;

impl Linx {
    /// Reads what every plan is made from.
    pub(super) async fn fetch_facts(
        &self,
        settings: &SyncSettings,
        imports: &BTreeSet<Import>,
        waited_for: Option<IntentId>,
    ) -> Result<Facts, LinxError> {
        let open = self.ledger.open_intents(Direction::Sync).await?;
        let after = self.last_run(Direction::Sync).await?;
        let links = self.ledger.links().await?;
        let ignored = self.ledger.ignored().await?;
        let looks_from = self.clock.now();
        let records = kinds(imports).map(|kind| self.fetch_records_of(kind));
        let (office, current) = try_join(self.fetch_office(settings, imports, &links), try_join_all(records)).await?;
        let look = self.look(Direction::Sync, looks_from, waited_for);
        Ok(Facts {
            pair: (*self.pair).clone(),
            after,
            office,
            current,
            links,
            ignored,
            sent: open.into_iter().filter_map(|open| sent_change(open, &look)).collect(),
            second_reading: None,
            time: None,
        })
    }

    async fn fetch_records_of(&self, kind: Kind) -> Result<(Kind, Snapshot<Record>), LinxError> {
        self.observer.progress(Progress::Reading(match kind {
            Kind::Employee => "ExakTime employees",
            Kind::Location => "ExakTime locations",
            Kind::CostCode => "ExakTime cost codes",
        }));
        let records = self.field.records(kind).await;
        Ok((kind, records.map_err(LinxError::Field)?))
    }

    /// Reads what a plan was made without and needs.
    pub(super) async fn fetch_missing(
        &self,
        missing: MissingFact,
        facts: &mut Facts,
        settings: &SyncSettings,
        imports: &BTreeSet<Import>,
    ) -> Result<(), LinxError> {
        match missing {
            MissingFact::SecondReading => {
                facts.second_reading = Some(self.fetch_office(settings, imports, &facts.links).await?);
            }
            MissingFact::Time => facts.time = Some(self.fetch_time(settings.unsent_days).await),
        }
        Ok(())
    }

    /// Reads what the imports need of the office, lists that need no other side by side. A failed list of sub-jobs is noted and the others go on; any other
    /// failed list ends the run (hazard C16).
    pub(crate) async fn fetch_office(
        &self,
        settings: &SyncSettings,
        imports: &BTreeSet<Import>,
        links: &[Link],
    ) -> Result<OfficeLists, LinxError> {
        let codes = async {
            if !imports.contains(&Import::CostCodes) {
                return Ok(Snapshot::complete(Vec::new()));
            }
            self.observer.progress(Progress::Reading("Procore cost codes"));
            self.office.company_cost_codes().await.map_err(LinxError::Office)
        };
        let workers = async {
            if !imports.contains(&Import::Workers) {
                return Ok(Snapshot::complete(Vec::new()));
            }
            self.observer.progress(Progress::Reading("Procore workers"));
            self.office.workers().await.map_err(LinxError::Office)
        };
        let of_projects = self.fetch_projects(settings, imports, links);
        let (cost_codes, workers, of_projects) = try_join3(codes, workers, of_projects).await?;
        Ok(OfficeLists {
            workers,
            cost_codes,
            ..of_projects
        })
    }

    /// Reads the projects, and what is listed for each of them.
    async fn fetch_projects(
        &self,
        settings: &SyncSettings,
        imports: &BTreeSet<Import>,
        links: &[Link],
    ) -> Result<OfficeLists, LinxError> {
        let mut lists = OfficeLists::default();
        let by_project = imports.contains(&Import::Workers) && !settings.workers.projects.is_empty();
        if imports.contains(&Import::Projects) || imports.contains(&Import::SubJobs) || by_project {
            self.observer.progress(Progress::Reading("Procore projects"));
            lists.projects = self.office.projects().await.map_err(LinxError::Office)?;
            lists.hidden = self.hidden_projects(&lists, links).await?;
        }
        if imports.contains(&Import::SubJobs) {
            self.observer.progress(Progress::Reading("Procore sub-jobs"));
            self.fetch_sub_jobs(settings, &mut lists, links).await?;
        }
        if by_project {
            self.fetch_chosen_people(&mut lists, &settings.workers.projects).await?;
        }
        Ok(lists)
    }

    /// The people of the chosen projects. A directory that cannot be read is told, and its people are not chosen by it.
    async fn fetch_chosen_people(&self, lists: &mut OfficeLists, chosen: &[String]) -> Result<(), LinxError> {
        let projects: Vec<ProjectId> = named_projects(chosen, &lists.projects.rows)
            .map(|project| project.id)
            .collect();
        let answers: Vec<(ProjectId, Result<Snapshot<WorkerId>, PortError>)> = stream::iter(projects)
            .map(|project| async move { (project, self.office.project_workers(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut members = BTreeSet::new();
        for (project, answer) in answers {
            match answer {
                Ok(list) => {
                    if let Some(why) = list.doubt() {
                        lists.failed.push(unread_directory(project, &why));
                    }
                    members.extend(list.rows);
                }
                Err(error) if error.is_about_one_place() => {
                    lists.failed.push(unread_directory(project, error.words()));
                }
                Err(error) => return Err(LinxError::Office(error)),
            }
        }
        lists.members = Some(members);
        Ok(())
    }

    async fn fetch_sub_jobs(
        &self,
        settings: &SyncSettings,
        lists: &mut OfficeLists,
        links: &[Link],
    ) -> Result<(), LinxError> {
        let wanted = lists.projects_with_sub_jobs(&settings.projects, links);
        let answers: Vec<(ProjectId, Result<Snapshot<SubJob>, PortError>)> = stream::iter(wanted)
            .map(|project| async move { (project, self.office.sub_jobs(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        for (project, answer) in answers {
            match answer {
                Ok(list) => {
                    lists.sub_jobs.insert(project, list);
                }
                Err(error) if error.is_about_one_place() => lists.failed.push(Held::new(
                    OfficeRef::Project(project),
                    Refusal::new(Reason::IncompleteList, format!("sub-jobs: {}", error.words())),
                )),
                Err(error) => return Err(LinxError::Office(error)),
            }
        }
        Ok(())
    }

    /// The linked projects that are not listed and that Procore refuses to show: hidden, not gone (hazard C16). Asks for
    /// no others.
    async fn hidden_projects(&self, lists: &OfficeLists, links: &[Link]) -> Result<BTreeSet<ProjectId>, LinxError> {
        let mut hidden = BTreeSet::new();
        for project in lists.missing_projects(links) {
            match self.office.sub_jobs(project).await {
                Err(error) if error.kind() == FailureKind::Forbidden => {
                    hidden.insert(project);
                }
                Err(error) if !error.is_about_one_place() => return Err(LinxError::Office(error)),
                _ => {}
            }
        }
        Ok(hidden)
    }

    /// The time of the last `days` on both sides. A failure is a fact, not an error: whoever would be deactivated is held for
    /// it, and the rest goes on.
    async fn fetch_time(&self, days: u16) -> TimeReading {
        let to = self.clock.now().date_naive();
        let from = to - Days::new(days.into());
        let records = self.field.time_records(from, to).await;
        let exported = self.ledger.lines(from, to).await;
        Ok(RecentTime {
            records: records.map_err(|error| error.to_string())?,
            exported: exported.map_err(|error| error.to_string())?,
        })
    }
}

/// A change that was sent and got no answer, as a look at ExakTime's lists finds it. The journal is asked before they are read,
/// so that they show whatever arrived in time.
fn sent_change(intent: JournalEntry, look: &Look) -> Option<SentChange> {
    let known_from = look.known_from(&intent);
    let unseen = look.missed(&intent, Missed::Write, Outcome::Reread);
    match intent.write {
        Write::Record(change) => Some(SentChange {
            intent: intent.id,
            change,
            known_from,
            unseen,
        }),
        Write::Line(_) => None,
    }
}

fn unread_directory(project: ProjectId, why: &str) -> Held {
    let refusal = Refusal::new(Reason::IncompleteList, format!("directory: {why}"));
    Held::new(Subject::Directory(project), refusal)
}
