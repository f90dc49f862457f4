//! What should stand in Procore against what does, per employee and work date (hazards B10, B12, D16 to D19).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::account::Account;
use super::fetch::ExportFacts;
use super::lines::{Drafted, Line};
use super::select::Chosen;
use crate::hold::{Disposition, Held, Reason};
use crate::ledger::{Effect, Outcome, StoredLine, recover};
use crate::model::{Entry, EntryId, FieldId, Kind, OfficeRef, WorkerId};
use crate::plan::{Carried, LineAction, LineChange, LineKey, LineView};
use crate::settings::Guard;

/// The lines that Linx wrote, out of the ledger, out of intents that were cut off, and out of the marks in Procore.
pub(super) struct Known {
    pub(super) lines: BTreeMap<LineKey, StoredLine>,
    /// Those that the ledger has yet to learn of.
    found: Vec<StoredLine>,
}

/// What the ledger knows, completed by what Procore shows: a lost ledger is rebuilt here.
pub(super) fn known_lines(facts: &ExportFacts) -> Known {
    let mut lines: BTreeMap<LineKey, StoredLine> = facts
        .lines
        .iter()
        .map(|line| (line.key.clone(), line.clone()))
        .collect();
    let mut found = Vec::new();
    for intent in &facts.open_intents {
        match recover::outcome(intent, &facts.entries.rows, &lines) {
            Outcome::Done(Effect::LineStored(line)) => {
                lines.insert(line.key.clone(), *line);
            }
            Outcome::Done(Effect::LineRemoved(key)) => {
                lines.remove(&key);
            }
            _ => {}
        }
    }
    for line in recover::unrecorded(&facts.entries.rows, &lines) {
        lines.insert(line.key.clone(), line.clone());
        found.push(line);
    }
    Known { lines, found }
}

/// What comes of the compare.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) changes: Vec<LineChange>,
    pub(super) agreed: Vec<StoredLine>,
    pub(super) unchanged: usize,
    stored: Vec<Carried>,
    stopped: Vec<(Held, Vec<Carried>)>,
}

impl Compared {
    pub(super) fn held(&self) -> impl Iterator<Item = Held> + '_ {
        self.with(Disposition::Held)
    }

    pub(super) fn left_out(&self) -> impl Iterator<Item = Held> + '_ {
        self.with(Disposition::LeftOut)
    }

    fn with(&self, fate: Disposition) -> impl Iterator<Item = Held> + '_ {
        self.stopped
            .iter()
            .filter(move |(held, _)| held.reason.fate() == fate)
            .map(|(held, _)| held.clone())
    }

    /// Enters the fate of every line.
    pub(super) fn enter(&self, account: &mut Account) {
        for Carried { employee, date, hours } in &self.stored {
            account.stored(employee, *date, *hours);
        }
        for (held, carried) in &self.stopped {
            for Carried { employee, date, hours } in carried {
                match held.reason.fate() {
                    Disposition::Held => account.held(employee, *date, *hours),
                    Disposition::LeftOut => account.left_out(employee, *date, *hours),
                }
            }
        }
    }

    /// Takes deletions out of the plan when they are more than a correction would make: a warehouse that is being filled
    /// anew, or a name that was guessed wrong, looks like time that is gone (hazard B5). Gives the reason if it does.
    pub(super) fn guard_deletions(&mut self, guard: Guard, known: usize) -> Option<String> {
        let is_deletion = |change: &LineChange| change.action == LineAction::Delete;
        let count = self.changes.iter().filter(|change| is_deletion(change)).count();
        if !guard.is_exceeded(count, known) {
            return None;
        }
        let (refused, kept): (Vec<LineChange>, Vec<LineChange>) =
            std::mem::take(&mut self.changes).into_iter().partition(is_deletion);
        self.changes = kept;
        for LineChange { key, content, .. } in refused {
            let detail = format!("delete {} h", content.hours);
            self.stopped
                .push((Held::new("line", &key, Reason::GuardRefused, detail), Vec::new()));
        }
        Some(format!(
            "{count} of {known} lines would be deleted, since ExakTime does not show their time any more, and the guard lets \
             {}% or {} pass: look at the time records, then run again with --allow-mass-change, or raise percent and count \
             in [export.guard]",
            guard.percent, guard.count,
        ))
    }

    fn stop(&mut self, key: &LineKey, line: &Line, reason: Reason, detail: String) {
        let held = Held::new("line", key, reason, detail).keeping(line.hours());
        self.stopped.push((held, line.carries.clone()));
    }

    fn keep(&mut self, line: &Line) {
        self.unchanged += 1;
        self.stored.extend(line.carries.iter().cloned());
    }

    fn change(&mut self, key: &LineKey, line: &Line, change: LineChange) {
        debug_assert_eq!(change.key, *key);
        self.stored.extend(line.carries.iter().cloned());
        self.changes.push(change);
    }
}

pub(super) fn compare(drafted: &Drafted, known: &Known, facts: &ExportFacts, chosen: &Chosen<'_>) -> Compared {
    let entries: BTreeMap<EntryId, &Entry> = facts.entries.rows.iter().map(|entry| (entry.id, entry)).collect();
    let mut compared = Compared {
        agreed: known.found.clone(),
        ..Compared::default()
    };
    for (key, line) in &drafted.lines {
        match known.lines.get(key) {
            None => compare_new(key, line, facts, &mut compared),
            Some(stored) => compare_known(
                key,
                line,
                stored,
                entries.get(&stored.entry).copied(),
                facts,
                &mut compared,
            ),
        }
    }
    let settled = Settled::new(drafted, facts, chosen);
    for (key, stored) in known.lines.iter().filter(|(key, _)| !drafted.lines.contains_key(*key)) {
        if settled.shows_removed(key)
            && let Some(entry) = entries.get(&stored.entry)
        {
            compare_removed(key, stored, entry, facts, &mut compared);
        }
    }
    compared
        .changes
        .sort_by(|one, other| place_in_plan(one).cmp(&place_in_plan(other)));
    compared
}

/// By day; within a day removals come first, so that a move never stands twice.
fn place_in_plan(change: &LineChange) -> impl Ord + '_ {
    (
        change.key.worker,
        change.key.date,
        std::cmp::Reverse(change.action),
        &change.key,
    )
}

fn compare_new(key: &LineKey, line: &Line, facts: &ExportFacts, compared: &mut Compared) {
    if !facts.entries.proves_absence() {
        // It may stand there already; a second one would be paid twice (hazard A1).
        let why = facts.entries.incomplete.clone();
        let why = why.unwrap_or_else(|| "an entry of these days could not be read".into());
        return compared.stop(key, line, Reason::IncompleteList, why);
    }
    let why = "Procore does not have it yet".into();
    compared.change(key, line, change(key, line, LineAction::Create, None, why));
}

fn compare_known(
    key: &LineKey,
    line: &Line,
    stored: &StoredLine,
    entry: Option<&Entry>,
    facts: &ExportFacts,
    compared: &mut Compared,
) {
    let same_as_sent = stored.sent.as_ref() == Some(&line.content);
    let Some(entry) = entry else {
        return if facts.entries.proves_absence() {
            let reason = if same_as_sent {
                Reason::DeletedInOffice
            } else {
                Reason::EditedOnBothSides
            };
            compared.stop(
                key,
                line,
                reason,
                format!("entry {} was deleted or moved to another day", stored.entry),
            );
        } else {
            compared.stop(key, line, Reason::IncompleteList, "entries of these days".into());
        };
    };
    if entry.content == line.content {
        if !same_as_sent {
            let agreed = StoredLine {
                sent: Some(line.content.clone()),
                answered: None,
                ..stored.clone()
            };
            compared.agreed.retain(|known| known.key != *key);
            compared.agreed.push(agreed);
        }
        return compared.keep(line);
    }
    let both = || {
        format!(
            "{} h in Procore, {} h in ExakTime (entry {})",
            entry.content.hours, line.content.hours, entry.id
        )
    };
    if !stored.is_untouched(&entry.content) {
        let reason = if same_as_sent {
            Reason::AdjustedInOffice
        } else {
            Reason::EditedOnBothSides
        };
        return compared.stop(key, line, reason, both());
    }
    if same_as_sent {
        // Procore made something else of it, by its rounding for instance: no person's edit, and nothing to send again.
        return compared.stop(key, line, Reason::StoredDifferently, both());
    }
    if !is_open(entry) {
        return compared.stop(key, line, Reason::EntryLocked, both());
    }
    if !entry.parts.is_empty() {
        // Which part it would change, and whether the rules would split it again, nobody can tell (hazard D16).
        return compared.stop(key, line, Reason::SplitByOffice, both());
    }
    if !facts.records.proves_absence() && line.content.hours < entry.content.hours {
        // The rest of its time may be in what could not be read: nobody is paid less on such an account.
        return compared.stop(key, line, Reason::IncompleteList, both());
    }
    let why = "the time changed in ExakTime after it was exported".into();
    let update = LineChange {
        before: Some(entry.content.hours),
        ..change(key, line, LineAction::Update, Some(entry.id), why)
    };
    compared.change(key, line, update);
}

/// How a person reads a line that has no record any more: by Procore's numbers.
fn view_of(key: &LineKey, facts: &ExportFacts) -> LineView {
    let worker = facts.workers.rows.iter().find(|worker| worker.id == key.worker);
    let project = facts.projects.rows.iter().find(|project| project.id == key.project);
    let sub_job = facts.sub_jobs.iter().find(|sub_job| Some(sub_job.id) == key.sub_job);
    let number = project.and_then(|project| project.number.clone());
    let number = number.unwrap_or_else(|| key.project.to_string());
    LineView {
        employee: worker
            .and_then(|worker| worker.number.clone())
            .unwrap_or_else(|| key.worker.to_string()),
        location: sub_job.map_or(number.clone(), |sub_job| format!("{number}.{}", sub_job.code)),
    }
}

fn compare_removed(key: &LineKey, stored: &StoredLine, entry: &Entry, facts: &ExportFacts, compared: &mut Compared) {
    if stored.is_untouched(&entry.content) && is_open(entry) {
        compared.changes.push(LineChange {
            key: key.clone(),
            action: LineAction::Delete,
            entry: Some(entry.id),
            content: entry.content.clone(),
            before: Some(entry.content.hours),
            view: view_of(key, facts),
            why: "ExakTime does not have this time any more".into(),
            carries: Vec::new(),
        });
    } else {
        let detail = format!("{} h in entry {}", entry.content.hours, entry.id);
        compared
            .stopped
            .push((Held::new("line", key, Reason::RemovedButEdited, detail), Vec::new()));
    }
}

fn is_open(entry: &Entry) -> bool {
    entry.status.is_open() && !entry.signed
}

fn change(key: &LineKey, line: &Line, action: LineAction, entry: Option<EntryId>, why: String) -> LineChange {
    LineChange {
        key: key.clone(),
        action,
        entry,
        content: line.content.clone(),
        before: None,
        view: line.view.clone(),
        why,
        carries: line.carries.clone(),
    }
}

/// Which days are known well enough that a line without time is a removed one (hazards B4, B13, D19).
struct Settled {
    whole: bool,
    from: NaiveDate,
    to: NaiveDate,
    /// Workers whose employees are linked and selected.
    workers: BTreeSet<WorkerId>,
    /// Days of which something is held.
    held: BTreeSet<(WorkerId, NaiveDate)>,
}

impl Settled {
    fn new(drafted: &Drafted, facts: &ExportFacts, chosen: &Chosen<'_>) -> Self {
        let worker_of: BTreeMap<&FieldId, WorkerId> = facts
            .links
            .iter()
            .filter(|link| link.kind == Kind::Employee)
            .filter_map(|link| match link.office {
                OfficeRef::Worker(worker) => Some((&link.field, worker)),
                _ => None,
            })
            .collect();
        let workers = worker_of
            .iter()
            .filter(|(employee, _)| chosen.employees.as_ref().is_none_or(|wanted| wanted.contains(employee)))
            .map(|(_, worker)| *worker)
            .collect();
        let held = drafted
            .held_days()
            .filter_map(|(employee, date)| worker_of.get(employee).map(|worker| (*worker, date)))
            .collect();
        Self {
            whole: chosen.whole,
            from: chosen.from,
            to: chosen.to,
            workers,
            held,
        }
    }

    fn shows_removed(&self, key: &LineKey) -> bool {
        self.whole
            && (self.from..=self.to).contains(&key.date)
            && self.workers.contains(&key.worker)
            && !self.held.contains(&(key.worker, key.date))
    }
}
