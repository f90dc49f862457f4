//! Time on its way to lines: deductions joined to their shifts, shifts cut to the days of the company's rule, and spans for
//! the projects that take start and stop.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use rustc_hash::FxHashMap;

use super::deductions::{self, Deduction};
use super::{overnight, start_stop, wall_clock};
use crate::export::notes;
use crate::export::select::EmployeeTime;
use crate::export::tally::Worked;
use crate::hold::{Reason, Refusal};
use crate::model::{HourClass, Hours, PlaceZone, RecordId, Span, TimeRecord, ZoneError};
use crate::settings::{ExportSettings, Overnight, Rounding};

/// The hours of a day on which the clocks stay.
const USUAL_DAY: Hours = Hours::from_minutes(24 * 60);

/// A record, or a part of one, as it becomes lines.
#[derive(Debug, Clone)]
pub(in crate::export) struct Shift<'a> {
    /// As ExakTime gave it.
    pub(in crate::export) record: &'a TimeRecord,
    /// As lines see it, where its day, hours, start or stop are others.
    changed: Option<Box<TimeRecord>>,
    deductions: Vec<Deduction>,
    spans: Vec<(HourClass, Span)>,
    /// The zone, where it decided something.
    pub(in crate::export) zone: Option<PlaceZone>,
    /// Why it becomes no line.
    pub(in crate::export) held: Option<Refusal>,
}

impl<'a> Shift<'a> {
    fn new(record: &'a TimeRecord, deductions: &[Deduction]) -> Self {
        Self {
            record,
            changed: None,
            deductions: deductions.to_vec(),
            spans: Vec::new(),
            zone: None,
            held: None,
        }
    }

    fn held(mut self, missing: Refusal) -> Self {
        self.held = Some(missing);
        self
    }

    /// As lines see it.
    pub(in crate::export) fn time(&self) -> &TimeRecord {
        self.changed.as_deref().unwrap_or(self.record)
    }

    /// Hours of one class by ExakTime's work dates; none for a class that it has nothing of.
    pub(in crate::export) fn worked(&self, class: HourClass) -> impl Iterator<Item = Worked<'a>> {
        let employee = &self.record.employee;
        let off = self.deductions.iter().filter(move |off| off.class == class);
        // What is taken off on another date stands there, so that each date keeps what was read of it.
        let hours = match &self.changed {
            Some(time) => time.hours.of_class(class) - off.clone().map(|off| off.hours).sum(),
            None => self.record.hours.of_class(class),
        };
        let own = Worked {
            employee,
            date: self.record.work_date,
            hours,
        };
        let off = off.map(move |off| Worked {
            employee,
            date: off.date,
            hours: off.hours,
        });
        std::iter::once(own)
            .filter(|own| own.hours != Hours::ZERO)
            .chain(off.collect::<Vec<_>>())
    }

    /// From when to when one class was worked, where the project takes start and stop.
    pub(in crate::export) fn span(&self, class: HourClass) -> Option<&Span> {
        self.spans
            .iter()
            .find(|(known, _)| *known == class)
            .map(|(_, span)| span)
    }
}

/// What a location means for time.
pub(in crate::export) struct PlaceClock {
    /// The zone of its clocks, or why that is not known.
    pub(in crate::export) zone: Result<PlaceZone, ZoneError>,
    /// Whether it takes start and stop instead of hours.
    pub(in crate::export) takes_start_stop: bool,
}

/// How the time of an export is treated.
pub(in crate::export) struct Timing<'a> {
    places: FxHashMap<&'a RecordId, PlaceClock>,
    /// Whether any place does.
    takes_start_stop: bool,
    overnight: Overnight,
    week_start: Weekday,
    longest: Hours,
    /// Rounding of our own. Where Procore rounds there is none: nothing is rounded twice (hazard D12).
    pub(in crate::export) rounding: Rounding,
    differences: (usize, Vec<String>),
}

/// The most that a shift may last.
pub(in crate::export) fn longest_shift(settings: &ExportSettings) -> Hours {
    Hours::from_minutes(i64::from(settings.longest_shift_hours) * 60)
}

impl<'a> Timing<'a> {
    /// `rounding` is the company's, unless hours are rounded where they are stored.
    pub(in crate::export) fn new(
        places: FxHashMap<&'a RecordId, PlaceClock>,
        rounding: Rounding,
        settings: &ExportSettings,
    ) -> Self {
        Self {
            takes_start_stop: places.values().any(|place| place.takes_start_stop),
            places,
            overnight: settings.overnight,
            week_start: settings.week_start.weekday(),
            longest: longest_shift(settings),
            rounding,
            differences: (0, Vec::new()),
        }
    }

    /// Whether lines may stand on other days than ExakTime's work dates.
    pub(in crate::export) fn moves_days(&self) -> bool {
        self.overnight != Overnight::ExakTime
    }

    /// What is worth knowing of the records that were treated, if anything is.
    pub(in crate::export) fn note(&self) -> Option<String> {
        let (count, named) = &self.differences;
        let named = notes::first_few(*count, named);
        let differences =
            || format!("the hours of these records are ExakTime's and differ from their start and stop: {named}");
        (*count > 0).then(differences)
    }

    /// The shifts of one person: of each employee whose time is that person's.
    pub(in crate::export) fn shifts(
        &mut self,
        employees: &[(&'a RecordId, &EmployeeTime<'a>)],
    ) -> Vec<(&'a RecordId, Vec<Shift<'a>>)> {
        let mut records: Vec<&TimeRecord> = Vec::new();
        records.extend(employees.iter().flat_map(|(_, time)| &time.records));
        if employees.len() > 1 {
            records.sort_by_key(|record| (record.work_date, record.start, record.stop));
        }
        let impossible = self.impossible_days(&records);
        let shifts = employees.iter();
        let mut shifts: Vec<_> = shifts
            .map(|(employee, time)| (*employee, self.of_employee(time, &impossible)))
            .collect();
        if self.moves_days() {
            self.hold_incomplete_days(&mut shifts);
        }
        shifts
    }

    fn of_employee(&mut self, time: &EmployeeTime<'a>, impossible: &BTreeMap<NaiveDate, Reason>) -> Vec<Shift<'a>> {
        let joined = deductions::join(&time.records);
        let blocked = |date: NaiveDate| time.blocked.get(&date).or_else(|| impossible.get(&date)).copied();
        let mut all = Vec::with_capacity(time.records.len());
        for (index, &record) in time
            .records
            .iter()
            .enumerate()
            .filter(|(index, _)| !joined.is_gone(*index))
        {
            let shift = Shift::new(record, joined.of(index));
            let mut dates = std::iter::once(record.work_date).chain(shift.deductions.iter().map(|off| off.date));
            let reason = match dates.find_map(blocked) {
                // The others of its day wait for this one, which says so itself.
                Some(Reason::DayIncomplete) if record.is_open() => Some(Reason::OpenRecord),
                None if joined.is_held(index) => Some(Reason::NegativeHours),
                reason => reason,
            };
            match reason {
                Some(reason) => all.push(shift.held(Refusal::new(reason, String::new()))),
                None => self.time(shift, &mut all),
            }
        }
        all
    }

    /// Times a shift that may be sent.
    fn time(&mut self, shift: Shift<'a>, all: &mut Vec<Shift<'a>>) {
        if let Some(by) = overnight::differs_from_clock(shift.record) {
            self.differences.0 += 1;
            if self.differences.1.len() < notes::NAMED {
                let id = shift.record.id.as_deref().unwrap_or("unknown");
                self.differences.1.push(format!("{id} by {} s", by.seconds()));
            }
        }
        match self.parts(&shift) {
            Ok(None) => all.push(shift),
            Ok(Some(parts)) => all.extend(parts),
            Err(missing) => all.push(shift.held(missing)),
        }
    }

    /// The parts of a shift with all that lines need; `None` where it stands as it is.
    fn parts(&self, shift: &Shift<'a>) -> Result<Option<Vec<Shift<'a>>>, Refusal> {
        let record = shift.record;
        if overnight::is_too_long(record, self.longest) {
            return Err(Reason::ShiftTooLong.into());
        }
        if overnight::is_not_computed(record) {
            return Err(Reason::HoursNotComputed.into());
        }
        let location = record.location.as_ref();
        // Where all projects take hours on ExakTime's days no place matters, and there are a great many records.
        let asks = self.takes_start_stop || self.moves_days() || record.clock.is_some();
        let place = location.filter(|_| asks).and_then(|location| self.places.get(location));
        if let (Some(clock), Some(Ok(place))) = (&record.clock, place.map(|place| &place.zone)) {
            return Err(Refusal::new(
                wall_clock::why_unresolved(clock, place.zone),
                format!("in {}", place.zone),
            ));
        }
        let net = net_of_deductions(record, &shift.deductions);
        let time = net.as_ref().unwrap_or(record);
        let has_clock = record.start.is_some() || record.clock.is_some();
        let takes_start_stop = place.is_some_and(|place| place.takes_start_stop);
        let needs_zone = takes_start_stop || (self.moves_days() && has_clock);
        let Some(place) = place.filter(|_| needs_zone && !time.hours.is_empty()) else {
            return Ok(net.map(|time| vec![shift.part(time, shift.deductions.clone())]));
        };
        if takes_start_stop && !has_clock {
            return Err(Reason::NoStartStop.into());
        }
        let at = place
            .zone
            .clone()
            .map_err(|error| Refusal::new(Reason::NoTimeZone, error.to_string()))?;
        let cut = overnight::cut(time, at.zone, self.overnight, self.week_start)
            .map_err(|reason| Refusal::new(reason, format!("in {}", at.zone)))?;
        let mut parts = shift.share(cut.unwrap_or_else(|| vec![time.clone()]));
        for part in &mut parts {
            part.zone = Some(at);
            if takes_start_stop {
                part.spans = start_stop::spans(part.time(), at.zone)?;
            }
        }
        Ok(Some(parts))
    }

    /// Days that cannot be: of two shifts at once that have two work dates, or of more hours than the day (hazard D9).
    /// A day that `select` holds for a reason of its own keeps that reason: this one needs the clock at the place.
    fn impossible_days(&self, records: &[&TimeRecord]) -> BTreeMap<NaiveDate, Reason> {
        let mut days = BTreeMap::new();
        let mut latest: Option<(DateTime<Utc>, NaiveDate)> = None;
        for record in records.iter().filter(|record| record.total() >= Hours::ZERO) {
            let (Some(start), Some(stop)) = (record.start, record.stop) else {
                continue;
            };
            if let Some((before, date)) = latest
                && start < before
                && date != record.work_date
            {
                days.extend([date, record.work_date].map(|date| (date, Reason::Overlap)));
            }
            if latest.is_none_or(|(before, _)| before < stop) {
                latest = Some((stop, record.work_date));
            }
        }
        for day in records.chunk_by(|one, other| one.work_date == other.work_date) {
            let total: Hours = day.iter().map(|record| record.total()).sum();
            if total > USUAL_DAY
                && day
                    .iter()
                    .all(|record| self.length_of_day(record).is_some_and(|day| total > day))
            {
                days.insert(day[0].work_date, Reason::TooManyHours);
            }
        }
        days
    }

    /// How long a record's day is at its place: 25 hours where the clocks go back.
    fn length_of_day(&self, record: &TimeRecord) -> Option<Hours> {
        let zone = self.places.get(record.location.as_ref()?)?.zone.as_ref().ok()?.zone;
        let [begin, end] = [Some(record.work_date), record.work_date.succ_opt()].map(|day| zone.midnight(day?));
        Some(Hours::from_seconds((end? - begin?).num_seconds()))
    }

    /// Holds what shares a line's day with a shift that is held and reaches into it: a day is sent only when it is complete
    /// (hazard D8).
    fn hold_incomplete_days(&self, all: &mut [(&RecordId, Vec<Shift<'a>>)]) {
        let reach = |shift: &Shift<'_>| {
            let time = shift.record;
            let zone = self.places.get(time.location.as_ref()?)?.zone.as_ref().ok()?.zone;
            let days = [time.start, time.stop].map(|instant| instant.map(|instant| zone.clock(instant).date()));
            Some(days.into_iter().flatten().collect::<Vec<_>>())
        };
        let incomplete: BTreeSet<NaiveDate> = all
            .iter()
            .flat_map(|(_, shifts)| shifts)
            .filter(|shift| shift.held.is_some())
            .flat_map(|shift| reach(shift).into_iter().flatten().chain([shift.record.work_date]))
            .collect();
        let shifts = all.iter_mut().flat_map(|(_, shifts)| shifts);
        for shift in shifts.filter(|shift| shift.held.is_none()) {
            if incomplete.contains(&shift.time().work_date) {
                shift.held = Some(Reason::DayIncomplete.into());
            }
        }
    }
}

impl Shift<'_> {
    fn part(&self, time: TimeRecord, deductions: Vec<Deduction>) -> Self {
        Self {
            changed: Some(Box::new(time)),
            deductions,
            ..Self::new(self.record, &[])
        }
    }

    /// One shift for each part; a deduction goes with the first part that has hours of its class.
    fn share(&self, times: Vec<TimeRecord>) -> Vec<Self> {
        let mut parts: Vec<Self> = times.into_iter().map(|time| self.part(time, Vec::new())).collect();
        for off in &self.deductions {
            let has_class = |part: &Self| part.time().hours.of_class(off.class) != Hours::ZERO;
            let at = parts.iter().position(has_class).unwrap_or(0);
            if let Some(part) = parts.get_mut(at) {
                part.deductions.push(off.clone());
            }
        }
        parts
    }
}

/// The record with its deductions taken off; `None` where there are none.
fn net_of_deductions(record: &TimeRecord, deductions: &[Deduction]) -> Option<TimeRecord> {
    deductions.first()?;
    let mut record = record.clone();
    for off in deductions {
        record.hours.add(off.class, off.hours);
    }
    Some(record)
}
