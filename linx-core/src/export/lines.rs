//! From records to lines: grouped by natural key, hours summed exactly, decimals by largest remainder. One worker at a
//! time, so that a year of a whole company takes the memory of one person's.

use std::collections::{BTreeMap, BTreeSet};

use arcstr::ArcStr;
use chrono::NaiveDate;

use super::fates::{Fates, Worked};
use super::resolve::{Employee, Missing, Resolved, Resolver};
use super::select::{Chosen, EmployeeTime};
use crate::hold::{Disposition, Held, Reason};
use crate::model::{CentiHours, EntryContent, FieldId, Hours, TimeRecord, apportion};
use crate::plan::{Carried, LineKey, LineView};

/// The longest note of a line.
const LONGEST_NOTE: usize = 1000;

/// Hours on their way into a line, with all that the line needs.
pub(super) struct Piece<'a> {
    worked: Worked<'a>,
    resolved: Resolved<'a>,
}

/// What a worker's records come to.
#[derive(Default)]
pub(super) struct Drafted<'a> {
    /// In order of their keys.
    pub(super) pieces: Vec<Piece<'a>>,
    /// The days of which something is held: their lines are not complete.
    pub(super) held_days: BTreeSet<NaiveDate>,
}

/// A line as it should stand in Procore.
pub(super) struct Line<'a> {
    pub(super) key: &'a LineKey,
    pub(super) content: EntryContent,
    pieces: &'a [Piece<'a>],
}

impl<'a> Line<'a> {
    /// The exact sum of its hours.
    pub(super) fn hours(&self) -> Hours {
        sum(self.pieces)
    }

    /// Whose and which hours it carries.
    pub(super) fn worked(&self) -> impl Iterator<Item = Worked<'a>> + use<'a> {
        self.pieces.iter().map(|piece| piece.worked)
    }

    /// The same by employee and day.
    pub(super) fn carries(&self) -> Vec<Carried> {
        let mut days: BTreeMap<(&FieldId, NaiveDate), Hours> = BTreeMap::new();
        for Worked { employee, date, hours } in self.worked() {
            *days.entry((employee, date)).or_default() += hours;
        }
        days.into_iter()
            .map(|((employee, date), hours)| Carried {
                employee: employee.clone(),
                date,
                hours,
            })
            .collect()
    }

    /// How a person reads it.
    pub(super) fn view(&self) -> LineView {
        self.pieces.first().map_or_else(LineView::default, |piece| LineView {
            employee: piece.resolved.employee_number.to_owned(),
            location: piece.resolved.location.to_owned(),
        })
    }
}

fn sum(pieces: &[Piece<'_>]) -> Hours {
    pieces.iter().map(|piece| piece.worked.hours).sum()
}

/// Turns the records of those who are linked to one worker into pieces.
pub(super) fn draft<'a>(
    employees: &[(&'a FieldId, &EmployeeTime<'a>)],
    chosen: &Chosen<'a>,
    resolver: &mut Resolver<'a>,
    fates: &mut Fates,
) -> Drafted<'a> {
    let mut drafted = Drafted::default();
    for &(employee, time) in employees {
        let known = resolver.employee(employee);
        for &record in &time.records {
            if let Some(&reason) = time.blocked.get(&record.work_date) {
                let reason = if record.is_open() { Reason::OpenRecord } else { reason };
                drafted.stop(record, record.total(), (reason, String::new()), fates);
            } else if record.hours.is_empty() {
                drafted.stop(record, Hours::ZERO, (Reason::ZeroHours, String::new()), fates);
            } else {
                drafted.take(record, &known, chosen, resolver, fates);
            }
        }
    }
    drafted
        .pieces
        .sort_by(|one, other| one.resolved.key.cmp(&other.resolved.key));
    drafted
}

impl<'a> Drafted<'a> {
    fn take(
        &mut self,
        record: &'a TimeRecord,
        employee: &Result<Employee<'a>, Missing>,
        chosen: &Chosen<'a>,
        resolver: &mut Resolver<'a>,
        fates: &mut Fates,
    ) {
        for (class, hours) in record.hours.iter() {
            match resolver.resolve(record, employee, class, hours) {
                Ok(found) if !(chosen.from..=chosen.to).contains(&found.key.date) => {
                    // Lines of other days were not read: it might stand there already.
                    let detail = format!("the rule puts it on {}, outside of the days exported", found.key.date);
                    self.stop(record, hours, (Reason::HeldByRule, detail), fates);
                }
                Ok(found) => self.pieces.push(Piece {
                    worked: worked(record, hours),
                    resolved: found,
                }),
                Err(missing) => self.stop(record, hours, missing, fates),
            }
        }
    }

    fn stop(&mut self, record: &TimeRecord, hours: Hours, (reason, detail): Missing, fates: &mut Fates) {
        let day = format!("employee {} on {}", record.employee, record.work_date);
        let id = record
            .id
            .as_deref()
            .map_or_else(|| format!("{} on {}", record.employee, record.work_date), str::to_owned);
        let detail = if detail.is_empty() {
            day
        } else {
            format!("{day}: {detail}")
        };
        if reason.fate() == Disposition::Held {
            self.held_days.insert(record.work_date);
        }
        let held = Held::new("time_record", id, reason, detail).keeping(hours);
        fates.stop(held, [worked(record, hours)]);
    }
}

fn worked(record: &TimeRecord, hours: Hours) -> Worked<'_> {
    Worked {
        employee: &record.employee,
        date: record.work_date,
        hours,
    }
}

/// The lines of a worker's pieces, in order of their keys. Each day gets its decimals so that its lines add up to the
/// day (hazard D13). Pieces that come to nothing or less become no line.
pub(super) fn lines<'a>(
    pieces: &'a [Piece<'a>],
    held_days: &mut BTreeSet<NaiveDate>,
    fates: &mut Fates,
) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for day in pieces.chunk_by(|one, other| one.resolved.key.date == other.resolved.key.date) {
        let groups = day.chunk_by(|one, other| one.resolved.key == other.resolved.key);
        let (whole, nothing): (Vec<_>, Vec<_>) = groups.partition(|group| sum(group) > Hours::ZERO);
        for group in nothing {
            held_days.extend(stop_group(group, fates));
        }
        let hours: Vec<Hours> = whole.iter().map(|group| sum(group)).collect();
        lines.extend(
            whole
                .into_iter()
                .zip(apportion(&hours))
                .filter_map(|(group, hours)| line(group, hours)),
        );
    }
    lines
}

/// Keeps back what comes to nothing or less. Gives the days that are held on its account.
fn stop_group<'a>(group: &'a [Piece<'a>], fates: &mut Fates) -> impl Iterator<Item = NaiveDate> + 'a {
    let hours = sum(group);
    let reason = if hours == Hours::ZERO {
        Reason::ZeroHours
    } else {
        Reason::NegativeHours
    };
    if let Some(first) = group.first() {
        let held = Held::new("line", &first.resolved.key, reason, "").keeping(hours);
        fates.stop(held, group.iter().map(|piece| piece.worked));
    }
    let is_held = reason.fate() == Disposition::Held;
    group.iter().filter(move |_| is_held).map(|piece| piece.worked.date)
}

fn line<'a>(pieces: &'a [Piece<'a>], hours: CentiHours) -> Option<Line<'a>> {
    let resolved = &pieces.first()?.resolved;
    Some(Line {
        key: &resolved.key,
        content: EntryContent {
            worker: resolved.key.worker,
            date: resolved.key.date,
            coding: resolved.coding.clone(),
            hours,
            span: None,
            description: note(pieces),
            billable: resolved.billable,
        },
        pieces,
    })
}

/// The notes of all pieces, each once.
fn note(pieces: &[Piece<'_>]) -> Option<ArcStr> {
    let mut notes: Vec<&str> = Vec::new();
    for note in pieces.iter().filter_map(|piece| piece.resolved.description.as_deref()) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let note: String = notes.join("; ").chars().take(LONGEST_NOTE).collect();
    (!note.is_empty()).then(|| note.into())
}
