//! From records to lines: grouped by natural key, hours summed exactly, decimals by largest remainder.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::account::Account;
use super::fetch::ExportFacts;
use super::resolve::{Resolved, Resolver};
use super::select::Chosen;
use crate::hold::{Disposition, Held, Reason};
use crate::mapping::MappingRules;
use crate::model::{CentiHours, EntryContent, FieldId, Hours, TimeRecord, WorkerId, apportion};
use crate::plan::{Carried, LineKey, LineView};
use crate::settings::ExportSettings;

/// The longest note of a line.
const LONGEST_NOTE: usize = 1000;

/// A line as it should stand in Procore.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) content: EntryContent,
    pub(super) view: LineView,
    pub(super) carries: Vec<Carried>,
}

impl Line {
    /// The exact sum of its hours.
    pub(super) fn hours(&self) -> Hours {
        self.carries.iter().map(|carried| carried.hours).sum()
    }
}

/// Hours that become no line.
struct Stopped {
    held: Held,
    carried: Vec<Carried>,
}

/// The lines of an export, and what becomes none.
#[derive(Default)]
pub(super) struct Drafted {
    pub(super) lines: BTreeMap<LineKey, Line>,
    stopped: Vec<Stopped>,
}

impl Drafted {
    pub(super) fn held(&self) -> impl Iterator<Item = Held> + '_ {
        self.with(Disposition::Held)
    }

    pub(super) fn left_out(&self) -> impl Iterator<Item = Held> + '_ {
        self.with(Disposition::LeftOut)
    }

    fn with(&self, fate: Disposition) -> impl Iterator<Item = Held> + '_ {
        self.stopped
            .iter()
            .filter(move |stopped| stopped.held.reason.fate() == fate)
            .map(|stopped| stopped.held.clone())
    }

    /// The employees and days of which something is held: their lines are not complete.
    pub(super) fn held_days(&self) -> impl Iterator<Item = (&FieldId, NaiveDate)> {
        self.stopped
            .iter()
            .filter(|stopped| stopped.held.reason.fate() == Disposition::Held)
            .flat_map(|stopped| stopped.carried.iter().map(|carried| (&carried.employee, carried.date)))
    }

    /// Enters what became no line; the lines themselves are entered after the compare.
    pub(super) fn enter(&self, account: &mut Account) {
        for stopped in &self.stopped {
            for Carried { employee, date, hours } in &stopped.carried {
                match stopped.held.reason.fate() {
                    Disposition::Held => account.held(employee, *date, *hours),
                    Disposition::LeftOut => account.left_out(employee, *date, *hours),
                }
            }
        }
    }

    fn stop(&mut self, record: &TimeRecord, hours: Hours, reason: Reason, detail: &str) {
        let id = record
            .id
            .clone()
            .unwrap_or_else(|| format!("{} on {}", record.employee, record.work_date));
        let day = format!("employee {} on {}", record.employee, record.work_date);
        let detail = if detail.is_empty() {
            day
        } else {
            format!("{day}: {detail}")
        };
        self.stopped.push(Stopped {
            held: Held::new("time_record", id, reason, detail).keeping(hours),
            carried: vec![Carried {
                employee: record.employee.clone(),
                date: record.work_date,
                hours,
            }],
        });
    }
}

/// Turns the chosen records into lines.
pub(super) fn draft(
    chosen: &Chosen<'_>,
    facts: &ExportFacts,
    rules: &dyn MappingRules,
    settings: &ExportSettings,
) -> Drafted {
    let resolver = Resolver::new(facts, rules, settings);
    let mut drafted = Drafted::default();
    let mut groups: BTreeMap<LineKey, Group> = BTreeMap::new();
    for record in &chosen.records {
        if let Some(reason) = chosen.blocked.get(&(record.employee.clone(), record.work_date)) {
            let reason = if record.is_open() { Reason::OpenRecord } else { *reason };
            drafted.stop(record, record.total(), reason, "");
            continue;
        }
        if record.hours.iter().all(|(_, hours)| *hours == Hours::ZERO) {
            drafted.stop(record, Hours::ZERO, Reason::ZeroHours, "");
            continue;
        }
        for &(class, hours) in record.hours.iter().filter(|(_, hours)| *hours != Hours::ZERO) {
            match resolver.resolve(record, class, hours) {
                Ok(found) if !(chosen.from..=chosen.to).contains(&found.key.date) => {
                    // Lines of other days were not read: it might stand there already.
                    let detail = format!("the rule puts it on {}, outside of the days exported", found.key.date);
                    drafted.stop(record, hours, Reason::HeldByRule, &detail);
                }
                Ok(found) => {
                    groups
                        .entry(found.key.clone())
                        .or_insert_with(|| Group::new(found.clone()))
                        .add(record, hours, &found);
                }
                Err((reason, detail)) => drafted.stop(record, hours, reason, &detail),
            }
        }
    }
    finish(groups, &mut drafted);
    drafted
}

/// Records of one key.
struct Group {
    resolved: Resolved,
    carried: BTreeMap<(FieldId, NaiveDate), Hours>,
    notes: Vec<String>,
}

impl Group {
    fn new(resolved: Resolved) -> Self {
        Self {
            resolved,
            carried: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    fn add(&mut self, record: &TimeRecord, hours: Hours, resolved: &Resolved) {
        *self
            .carried
            .entry((record.employee.clone(), record.work_date))
            .or_default() += hours;
        if let Some(note) = &resolved.description
            && !self.notes.contains(note)
        {
            self.notes.push(note.clone());
        }
    }

    fn hours(&self) -> Hours {
        self.carried.values().copied().sum()
    }

    fn carries(&self) -> Vec<Carried> {
        self.carried
            .iter()
            .map(|((employee, date), hours)| Carried {
                employee: employee.clone(),
                date: *date,
                hours: *hours,
            })
            .collect()
    }

    fn line(&self, hours: CentiHours) -> Line {
        let note: String = self.notes.join("; ").chars().take(LONGEST_NOTE).collect();
        let resolved = &self.resolved;
        Line {
            content: EntryContent {
                worker: resolved.key.worker,
                date: resolved.key.date,
                project: resolved.key.project,
                sub_job: resolved.key.sub_job,
                cost_code: resolved.cost_code,
                line_item_type: resolved.line_item_type,
                wbs_code: None,
                classification: resolved.key.classification,
                time_type: Some(resolved.time_type),
                hours,
                span: None,
                description: (!note.is_empty()).then_some(note),
                billable: resolved.billable,
            },
            view: resolved.view.clone(),
            carries: self.carries(),
        }
    }
}

/// Gives each worker's day its decimals, so that the lines of a day add up to the day (hazard D13).
fn finish(groups: BTreeMap<LineKey, Group>, drafted: &mut Drafted) {
    let mut days: BTreeMap<(WorkerId, NaiveDate), Vec<(LineKey, Group)>> = BTreeMap::new();
    for (key, group) in groups {
        let reason = match group.hours().cmp(&Hours::ZERO) {
            std::cmp::Ordering::Greater => {
                days.entry((key.worker, key.date)).or_default().push((key, group));
                continue;
            }
            std::cmp::Ordering::Equal => Reason::ZeroHours,
            std::cmp::Ordering::Less => Reason::NegativeHours,
        };
        let held = Held::new("line", &key, reason, "").keeping(group.hours());
        drafted.stopped.push(Stopped {
            held,
            carried: group.carries(),
        });
    }
    for groups in days.into_values() {
        let hours: Vec<Hours> = groups.iter().map(|(_, group)| group.hours()).collect();
        for ((key, group), hours) in groups.into_iter().zip(apportion(&hours)) {
            drafted.lines.insert(key, group.line(hours));
        }
    }
}
