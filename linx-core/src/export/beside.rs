//! A person's word on a worker's day: what other hands entered and what is exported are both right (hazard D26).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::plan::seen;
use crate::ledger::{Beside, Direction, StoredLine};
use crate::linx::{Linx, LinxError};
use crate::model::{Kind, OfficeRef, WorkerId};
use crate::plan::Selection;

impl Linx {
    /// Keeps a person's word that, on this day of an employee, what other hands entered in Procore and what an export
    /// writes are `both` right; or takes that back, which undoes nothing that was written. Returns whose day it is.
    ///
    /// Both sides are read, and the word is kept with what there is of the day: it covers what others have entered and what
    /// ExakTime has now. More of either is weighed as ever, until it is said again.
    ///
    /// The employee is given by number or ExakTime id. The word counts as a run, so that a plan which was made before it is
    /// refused (hazard B6).
    ///
    /// # Errors
    ///
    /// [`LinxError::NotThere`] if ExakTime has no such employee, [`LinxError::NotOneWorker`] if it is not linked to exactly
    /// one worker; when another export is at work, or ExakTime or the ledger failed. Nothing is kept then.
    pub async fn set_beside(&self, employee: &str, date: NaiveDate, both: bool) -> Result<WorkerId, LinxError> {
        self.check_pair().await?;
        let lease = self.lease(Direction::Export).await?;
        let worker = self.worker_called(employee).await?;
        let (word, noted) = if both {
            let (word, noted) = self.seen(worker, date).await?;
            (Some(word), noted)
        } else {
            (None, Vec::new())
        };
        let run = self.begin(&lease, Some((date, date)), "beside").await?;
        self.ledger.remember_lines(&noted).await?;
        self.ledger.set_beside(worker, date, word.as_ref()).await?;
        self.end(run, 0, 0, 0).await?;
        Ok(worker)
    }

    /// What there is of a worker's day now.
    async fn seen(&self, worker: WorkerId, date: NaiveDate) -> Result<(Beside, Vec<StoredLine>), LinxError> {
        let settings = self.export.as_ref();
        let day = Selection::days(date, date);
        let facts = self.fetch_export(settings, &day, None).await?;
        seen(&facts, self.rules.as_ref(), settings, (worker, date))
    }

    /// The worker as whom the employee of this number or id counts.
    async fn worker_called(&self, given: &str) -> Result<WorkerId, LinxError> {
        let employees = self.field.records(Kind::Employee).await.map_err(LinxError::Field)?;
        let links = self.ledger.links().await?;
        let counts_as = self.export.same_person.get(given).map_or(given, String::as_str);
        let called: Vec<_> = employees.rows.iter().filter(|one| one.is_called(counts_as)).collect();
        if called.is_empty() {
            return Err(LinxError::NotThere {
                kind: Kind::Employee,
                given: given.to_owned(),
            });
        }
        let of_these = links
            .iter()
            .filter(|link| called.iter().any(|one| one.id == link.record));
        let workers: BTreeSet<WorkerId> = of_these
            .filter_map(|link| match link.office {
                OfficeRef::Worker(worker) => Some(worker),
                _ => None,
            })
            .collect();
        let mut workers = workers.into_iter();
        match (workers.next(), workers.next()) {
            (Some(worker), None) => Ok(worker),
            _ => Err(LinxError::NotOneWorker {
                given: given.to_owned(),
            }),
        }
    }
}
