//! From records to lines: grouped by natural key, hours summed exactly, decimals by largest remainder. One worker at a
//! time, so that a year of a whole company takes the memory of one person's.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::booking::{Employee, Resolved, Resolver, Work};
use super::days::Days;
use super::tally::{PlanTally, Worked};
use super::time::{self, Shift};
use crate::change::{Carried, LineKey, LineView};
use crate::hold::{Disposition, Held, Reason, Refusal, Subject};
use crate::model::{CentiHours, EntryContent, HourClass, Hours, PlaceZone, RecordId, SharedText, Span, apportion};
use crate::plan::Rounded;
use crate::settings::Rounding;

/// The longest note of a line.
const LONGEST_NOTE: usize = 1000;

/// Hours on their way into a line, with all that the line needs.
pub(super) struct Piece<'a> {
    worked: Worked<'a>,
    resolved: Resolved<'a>,
    /// From when to when, where the project takes start and stop.
    span: Option<Box<Span>>,
    zone: Option<PlaceZone>,
}

/// A worker's hours on their way into lines, and the days that cannot be complete.
#[derive(Default)]
pub(super) struct Drafted<'a> {
    /// In order of their keys.
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) held: HeldTime,
    /// Whether lines may stand on other days than ExakTime's work dates.
    moves_days: bool,
}

/// What becomes no line of a worker's time for now.
#[derive(Default)]
pub(super) struct HeldTime {
    /// The days of which something is held: their lines are not complete.
    pub(super) days: BTreeSet<NaiveDate>,
    /// The hours of each day that are held, by what they are of, as far as it can be found.
    hours: BTreeMap<NaiveDate, BTreeMap<Option<Work>, Hours>>,
}

/// What is held of a day, by what it is of; `None` where nobody can tell.
pub(super) type HeldOfDay = BTreeMap<Option<Work>, CentiHours>;

impl HeldTime {
    /// The hours of a day that are held.
    pub(super) fn of_day(&self, date: NaiveDate) -> HeldOfDay {
        let held = self.hours.get(&date).into_iter().flatten();
        held.map(|(work, hours)| (work.clone(), CentiHours::nearest(*hours)))
            .collect()
    }

    /// All hours that are held, with their days and what they are of.
    pub(super) fn all(&self) -> impl Iterator<Item = (NaiveDate, Option<&Work>, CentiHours)> {
        let days = self.hours.iter();
        days.flat_map(|(date, held)| {
            held.iter()
                .map(|(work, hours)| (*date, work.as_ref(), CentiHours::nearest(*hours)))
        })
    }

    /// The hours of a day that are held, together.
    pub(super) fn hours(&self, date: NaiveDate) -> CentiHours {
        let held = self.hours.get(&date).into_iter().flatten();
        CentiHours::nearest(held.map(|(_, hours)| *hours).sum())
    }

    fn add(&mut self, date: NaiveDate, work: Option<Work>, hours: Hours) {
        *self.hours.entry(date).or_default().entry(work).or_default() += hours;
    }
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

    /// The hours of [`Line::worked`], one sum for each employee and day: what moves to held when the line is not
    /// written.
    pub(super) fn carries(&self) -> Vec<Carried> {
        let mut days: BTreeMap<(&RecordId, NaiveDate), (Hours, u32)> = BTreeMap::new();
        for Worked { employee, date, hours } in self.worked() {
            let (sum, stretches) = days.entry((employee, date)).or_default();
            *sum += hours;
            *stretches += u32::from(hours > Hours::ZERO);
        }
        days.into_iter()
            .map(|((employee, date), (hours, stretches))| Carried {
                employee: employee.clone(),
                date,
                hours,
                stretches,
            })
            .collect()
    }

    /// Of how many stretches of work it is; what is taken off one is none.
    pub(super) fn stretches(&self) -> u32 {
        let worked = self.worked().filter(|worked| worked.hours > Hours::ZERO);
        u32::try_from(worked.count()).unwrap_or(u32::MAX)
    }

    /// The zone that decided the line's day or times; `None` where neither depended on one.
    pub(super) fn zone(&self) -> Option<PlaceZone> {
        self.pieces.first()?.zone
    }

    /// The employee, the location and the class of work in the words of ExakTime, for a person who reads the plan.
    pub(super) fn view(&self) -> LineView {
        self.pieces.first().map_or_else(LineView::default, |piece| LineView {
            employee: piece.resolved.employee_number.to_owned(),
            location: piece.resolved.location.to_owned(),
            classification: piece.resolved.class_said.map(str::to_owned),
        })
    }
}

fn sum(pieces: &[Piece<'_>]) -> Hours {
    pieces.iter().map(|piece| piece.worked.hours).sum()
}

/// Turns the time of those who are linked to one worker into pieces.
pub(super) fn draft<'a>(
    employees: &[(&'a RecordId, Vec<Shift<'a>>)],
    days: &Days,
    moves_days: bool,
    resolver: &mut Resolver<'a>,
    tally: &mut PlanTally,
) -> Drafted<'a> {
    let mut drafted = Drafted {
        moves_days,
        ..Drafted::default()
    };
    for (employee, shifts) in employees {
        let known = resolver.employee(employee);
        for shift in shifts {
            let all = || HourClass::ALL.into_iter().flat_map(|class| shift.worked(class));
            match (days.contains(shift.time().work_date), days.are_asked()) {
                (true, true) => {}
                (false, true) => {
                    tally.put_aside(all());
                    continue;
                }
                (true, false) => tally.take_back(all()),
                (false, false) => continue,
            }
            if let Some(missing) = shift.held.clone() {
                drafted.withhold(shift, all(), missing, resolver, tally);
            } else if all().next().is_none() {
                drafted.withhold(shift, [], Reason::ZeroHours.into(), resolver, tally);
            } else {
                drafted.take(shift, &known, days, resolver, tally);
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
        shift: &Shift<'a>,
        employee: &Result<Employee<'a>, Refusal>,
        days: &Days,
        resolver: &mut Resolver<'a>,
        tally: &mut PlanTally,
    ) {
        for class in HourClass::ALL {
            let mut worked = shift.worked(class).peekable();
            if worked.peek().is_none() {
                continue;
            }
            let hours = shift.time().hours.of_class(class);
            if hours == Hours::ZERO {
                self.withhold(shift, worked, Reason::ZeroHours.into(), resolver, tally);
                continue;
            }
            match resolver.resolve(shift.record, shift.time(), employee, class, hours) {
                Ok(found) if !days.contains(found.key.date) => {
                    // The lines of other days are not compared: it might stand there already.
                    let detail = format!("the rule puts it on {}, outside of the days exported", found.key.date);
                    self.withhold(shift, worked, Refusal::new(Reason::HeldByRule, detail), resolver, tally);
                }
                Ok(found) => self.add(shift, worked, shift.span(class), found),
                Err(missing) => self.withhold(shift, worked, missing, resolver, tally),
            }
        }
    }

    /// The first piece has the span, where there is one; what is taken off it follows under the same key.
    fn add(
        &mut self,
        shift: &Shift<'a>,
        worked: impl Iterator<Item = Worked<'a>>,
        span: Option<&Span>,
        mut resolved: Resolved<'a>,
    ) {
        resolved.key.start = span.map(|span| span.start.time());
        let mut span = span.cloned().map(Box::new);
        let mut worked = worked.peekable();
        let mut resolved = Some(resolved);
        while let Some(hours) = worked.next() {
            let is_last = worked.peek().is_none();
            let resolved = if is_last { resolved.take() } else { resolved.clone() };
            self.pieces.extend(resolved.map(|resolved| Piece {
                worked: hours,
                resolved,
                span: span.take(),
                zone: shift.zone,
            }));
        }
    }

    fn withhold(
        &mut self,
        shift: &Shift<'a>,
        worked: impl IntoIterator<Item = Worked<'a>>,
        Refusal { reason, detail }: Refusal,
        resolver: &mut Resolver<'a>,
        tally: &mut PlanTally,
    ) {
        let record = shift.record;
        let day = format!("employee {} on {}", record.employee, record.work_date);
        let subject = match record.id.as_deref() {
            Some(id) => Subject::TimeRecord(id.to_owned()),
            None => Subject::EmployeeDay(record.employee.clone(), record.work_date),
        };
        let detail = if detail.is_empty() {
            day
        } else {
            format!("{day}: {detail}")
        };
        let worked: Vec<Worked<'a>> = worked.into_iter().collect();
        if reason.fate() == Disposition::Held {
            let dates = worked
                .iter()
                .map(|worked| worked.date)
                .chain([record.work_date, shift.time().work_date]);
            for date in dates {
                self.hold(date);
            }
        }
        let hours = worked.iter().map(|worked| worked.hours).sum();
        if reason.fate() == Disposition::Held {
            self.held.add(shift.time().work_date, resolver.work(record), hours);
        }
        let held = Held::new(subject, Refusal::new(reason, detail)).keeping(hours);
        tally.withhold(held, worked);
    }

    /// Notes that a day is not complete; where lines move between days, those beside it are not either.
    fn hold(&mut self, date: NaiveDate) {
        self.held.days.insert(date);
        if self.moves_days {
            self.held
                .days
                .extend(date.pred_opt().into_iter().chain(date.succ_opt()));
        }
    }
}

/// The lines of a worker's pieces, in order of their keys. Procore takes hundredths of an hour, and each line rounded
/// by itself would lose some of the day: so the lines of a day add up to the rounded day, the largest remainder first
/// (hazard D13). Three lines of 20 minutes are 0.34, 0.33 and 0.33 h.
///
/// Of spans Procore computes the hours itself. Pieces that come to nothing or less become no line.
pub(super) fn lines<'a>(
    pieces: &'a [Piece<'a>],
    rounding: Rounding,
    held: &mut HeldTime,
    tally: &mut PlanTally,
) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for day in pieces.chunk_by(|one, other| one.resolved.key.date == other.resolved.key.date) {
        let groups = day.chunk_by(|one, other| one.resolved.key == other.resolved.key);
        let (whole, not): (Vec<_>, Vec<_>) = groups.partition(|group| why_no_line(group).is_none());
        for group in not {
            withhold_group(group, held, tally);
        }
        let (timed, whole): (Vec<_>, Vec<_>) = whole.into_iter().partition(|group| span(group).is_some());
        let from = lines.len();
        lines.extend(timed.into_iter().filter_map(|group| timed_line(group, rounding, tally)));
        let exact: Vec<Hours> = whole.iter().map(|group| sum(group)).collect();
        let rounded = time::round_day(&exact, rounding);
        if let Some(first) = whole.first().and_then(|group| group.first()) {
            let [exact, rounded] = [&exact, &rounded].map(|hours| hours.iter().copied().sum());
            Rounded::enter(&mut tally.rounded, first.worked.employee, exact, rounded);
        }
        let hours = apportion(&rounded);
        for (group, hours) in whole.into_iter().zip(hours) {
            match line(group, hours) {
                Some(line) if hours != CentiHours::default() => lines.push(line),
                _ => withhold_pieces(Reason::TooShort, group, tally),
            }
        }
        lines[from..].sort_by(|one, other| one.key.cmp(other.key));
    }
    lines
}

/// Why pieces of one key become no line, if they do not.
fn why_no_line(group: &[Piece<'_>]) -> Option<Reason> {
    if group
        .windows(2)
        .any(|two| two[0].resolved.coding != two[1].resolved.coding)
    {
        // Two codes are called alike: a line is charged to one (hazard C8).
        return Some(Reason::AmbiguousCostCode);
    }
    match sum(group).cmp(&Hours::ZERO) {
        Ordering::Less => Some(Reason::NegativeHours),
        Ordering::Equal => Some(Reason::ZeroHours),
        // Two that begin at the same moment, as of two employees who are linked to one worker (hazards C5, D9).
        Ordering::Greater => {
            (group.iter().filter_map(|piece| piece.span.as_ref()).count() > 1).then_some(Reason::Overlap)
        }
    }
}

/// Withholds pieces of one key: their hours are held or left out, as the reason says.
fn withhold_pieces(reason: Reason, group: &[Piece<'_>], tally: &mut PlanTally) {
    if let Some(first) = group.first() {
        let held = Held::new(&first.resolved.key, reason).keeping(sum(group));
        tally.withhold(held, group.iter().map(|piece| piece.worked));
    }
}

/// Withholds pieces of one key that become no line. Their days are not complete without them, unless a rule leaves the
/// pieces out.
fn withhold_group(group: &[Piece<'_>], held: &mut HeldTime, tally: &mut PlanTally) {
    let reason = why_no_line(group).unwrap_or(Reason::ZeroHours);
    withhold_pieces(reason, group, tally);
    if reason.fate() != Disposition::Held {
        return;
    }
    for piece in group {
        held.days.extend([piece.worked.date, piece.resolved.key.date]);
        let key = &piece.resolved.key;
        held.add(key.date, Some(Work::of(key)), piece.worked.hours);
    }
}

fn span<'a>(pieces: &'a [Piece<'_>]) -> Option<&'a Span> {
    pieces.iter().find_map(|piece| piece.span.as_deref())
}

/// A line of which Procore computes the hours.
fn timed_line<'a>(pieces: &'a [Piece<'a>], rounding: Rounding, tally: &mut PlanTally) -> Option<Line<'a>> {
    let punched = span(pieces)?;
    let sent = time::round_span(punched, rounding);
    let hours = time::hours_of(&sent);
    if sent != *punched {
        let employee = pieces.first()?.worked.employee;
        Rounded::enter(&mut tally.rounded, employee, sum(pieces), hours.to_hours());
    }
    let mut line = line(pieces, hours)?;
    line.content.span = Some(Box::new(sent));
    Some(line)
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
fn note(pieces: &[Piece<'_>]) -> Option<SharedText> {
    let mut notes: Vec<&str> = Vec::new();
    for note in pieces.iter().filter_map(|piece| piece.resolved.description.as_deref()) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let note: String = notes.join("; ").chars().take(LONGEST_NOTE).collect();
    (!note.is_empty()).then(|| note.into())
}

#[cfg(test)]
mod tests;
