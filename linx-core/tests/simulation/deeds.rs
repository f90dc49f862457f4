//! What people do, on both sides and in the midst of runs. Each picks among what is there by a number of its own, so that a
//! history stays a history when a part of it is left out.

use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use fastrand::Rng;
use linx_core::model::{
    ApprovalStatus, Attribute, CentiHours, Coding, Entry, EntryContent, EntryId, HourClass, Kind, ProjectCodeId,
    ProjectId, RecordId, TimeTypeId, WorkerId,
};
use serde::{Deserialize, Serialize};

use crate::company::morning;
use crate::model::events::{Event, Hand};
use crate::world::{Human, OFFICE, Punch, Stored, World, key_of, no_code};

/// A choice among what is there when it is made.
pub type Pick = u16;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Somebody works: who, how many days ago, where, on what, hundredths of hours.
    Works(Pick, u8, Pick, Pick, i64),
    /// A clerk corrects the hours of a punch.
    Corrects(Pick, i64),
    /// Moves it by days.
    MovesDay(Pick, i8),
    /// Gives it to another person.
    MovesPerson(Pick, Pick),
    /// Puts it on another code or place.
    Recodes(Pick, Pick),
    Replaces(Pick, Pick),
    /// Puts so many hours of it on another code, or on none.
    Splits(Pick, Pick, i64),
    /// Makes it regular time, overtime or double time.
    Classes(Pick, u8),
    /// Takes it out.
    Unpunches(Pick),
    /// It began so many minutes earlier or later.
    Shifts(Pick, i16),
    /// Somebody forgot to clock out, or a clerk mended it.
    ForgetsStop(Pick),
    /// Supervisors approve all days with time; one takes an approval back.
    SignsAll,
    Unsigns(Pick),
    /// The office edits the hours of an entry.
    EditsHours(Pick, i64),
    EditsDay(Pick, i8),
    EditsWorker(Pick, Pick),
    Deletes(Pick),
    Approves(Pick),
    Reopens(Pick),
    /// A foreman types the time of a punch, or some of his own.
    Types(Pick, bool, i64),
    /// The office copies an entry, mark and all.
    Copies(Pick),
    /// It puts an entry back that was deleted, by whomever.
    PutsBack(Pick),
    Hires,
    Leaves(Pick),
    Returns(Pick),
    /// The worker is deleted and made anew.
    MadeAnew(Pick),
    /// Somebody makes a worker a second time; the two are merged, and the older one is gone.
    HiredTwice(Pick),
    Merged(Pick),
    Renames(Pick, Pick),
    ClosesCode(Pick),
    OpensCode(Pick),
    RenamesCode(Pick, Pick),
    ClosesProject(Pick),
    OpensProject(Pick),
    /// A clerk renames an employee in ExakTime.
    RenamesRecord(Pick, Pick),
}

/// One of them, and nothing where there is none.
fn one<T: Clone>(all: impl Iterator<Item = T>, pick: Pick) -> Option<T> {
    let all: Vec<T> = all.collect();
    (!all.is_empty()).then(|| all[usize::from(pick) % all.len()].clone())
}

fn hours(rng: &mut Rng) -> i64 {
    50 * rng.i64(1..17)
}

impl Deed {
    /// Which punch, entry, person, code or project it is about.
    pub fn pick(&mut self) -> Option<&mut Pick> {
        match self {
            Self::Corrects(pick, _)
            | Self::MovesDay(pick, _)
            | Self::MovesPerson(pick, _)
            | Self::Recodes(pick, _)
            | Self::Replaces(pick, _)
            | Self::Splits(pick, ..)
            | Self::Classes(pick, _)
            | Self::Unpunches(pick)
            | Self::Shifts(pick, _)
            | Self::ForgetsStop(pick)
            | Self::EditsHours(pick, _)
            | Self::EditsDay(pick, _)
            | Self::EditsWorker(pick, _)
            | Self::Deletes(pick)
            | Self::Approves(pick)
            | Self::Reopens(pick)
            | Self::PutsBack(pick)
            | Self::Copies(pick) => Some(pick),
            _ => None,
        }
    }

    /// Something that a clerk does in ExakTime.
    pub fn of_the_field(rng: &mut Rng) -> Self {
        let pick = rng.u16(..);
        match rng.u8(0..14) {
            13 => Self::Splits(pick, rng.u16(..), hours(rng)),
            12 => Self::Classes(pick, rng.u8(0..3)),
            0..=2 => Self::Works(pick, rng.u8(0..6), rng.u16(..), rng.u16(..), hours(rng)),
            3 | 4 => Self::Corrects(pick, hours(rng)),
            5 => Self::MovesDay(pick, rng.i8(-4..5)),
            6 => Self::MovesPerson(pick, rng.u16(..)),
            7 => Self::Recodes(pick, rng.u16(..)),
            8 => Self::Replaces(pick, rng.u16(..)),
            9 => Self::RenamesRecord(pick, rng.u16(..)),
            _ => Self::Unpunches(pick),
        }
    }

    /// Something about from when to when somebody worked.
    pub fn at_the_clock(rng: &mut Rng) -> Self {
        if rng.u8(0..4) == 0 {
            Self::ForgetsStop(rng.u16(..))
        } else {
            Self::Shifts(rng.u16(..), 30 * rng.i16(-10..11))
        }
    }

    /// Something that supervisors do in ExakTime.
    pub fn of_supervisors(rng: &mut Rng) -> Self {
        if rng.u8(0..3) == 0 {
            Self::Unsigns(rng.u16(..))
        } else {
            Self::SignsAll
        }
    }

    /// Something that the office does with entries.
    pub fn of_the_office(rng: &mut Rng) -> Self {
        let pick = rng.u16(..);
        match rng.u8(0..11) {
            0 | 1 => Self::EditsHours(pick, hours(rng)),
            2 => Self::EditsDay(pick, rng.i8(-2..3)),
            3 => Self::EditsWorker(pick, rng.u16(..)),
            4 | 5 => Self::Deletes(pick),
            6 | 7 => Self::Approves(pick),
            8 => Self::Reopens(pick),
            9 => Self::Types(pick, rng.bool(), hours(rng)),
            _ if pick.is_multiple_of(2) => Self::PutsBack(pick),
            _ => Self::Copies(pick),
        }
    }

    /// Something that changes who and what there is.
    pub fn of_the_directory(rng: &mut Rng) -> Self {
        let pick = rng.u16(..);
        match rng.u8(0..15) {
            0 => Self::Hires,
            1 | 2 => Self::Leaves(pick),
            3 | 4 => Self::Returns(pick),
            5 | 11 | 12 => Self::MadeAnew(pick),
            13 => Self::HiredTwice(pick),
            14 => Self::Merged(pick),
            6 => Self::Renames(pick, rng.u16(..)),
            7 => Self::ClosesCode(pick),
            8 => Self::OpensCode(pick),
            9 => Self::RenamesCode(pick, rng.u16(..)),
            _ if rng.bool() => Self::ClosesProject(pick),
            _ => Self::OpensProject(pick),
        }
    }

    pub fn perform(&self, world: &mut World) {
        let name = format!("{self:?}");
        let name = name.split(['(', ' ']).next().unwrap_or_default();
        world.meet(format!("deed {name}"));
        if let Some(words) = self.done(world) {
            world.tell(words);
        }
    }

    /// Does it and tells it, where it can be done.
    fn done(&self, world: &mut World) -> Option<String> {
        match *self {
            Self::Works(..)
            | Self::Corrects(..)
            | Self::MovesDay(..)
            | Self::MovesPerson(..)
            | Self::Recodes(..)
            | Self::Replaces(..)
            | Self::Splits(..)
            | Self::Classes(..)
            | Self::Unpunches(..)
            | Self::RenamesRecord(..) => self.in_the_field(world),
            Self::Shifts(..) | Self::ForgetsStop(..) => self.by_the_clock(world),
            Self::SignsAll | Self::Unsigns(..) => self.by_supervisors(world),
            Self::EditsHours(..)
            | Self::EditsDay(..)
            | Self::EditsWorker(..)
            | Self::Deletes(..)
            | Self::Approves(..)
            | Self::Reopens(..)
            | Self::Types(..)
            | Self::Copies(..)
            | Self::PutsBack(..) => self.with_entries(world),
            _ => self.in_the_directory(world),
        }
    }

    fn in_the_field(&self, world: &mut World) -> Option<String> {
        let punch = |world: &World, pick| one(world.punches.keys().copied(), pick);
        let change = |world: &mut World, pick, act: &dyn Fn(&mut Punch)| {
            let id = punch(world, pick)?;
            let punch = world.punches.get_mut(&id)?;
            act(punch);
            Some(format!(
                "field: punch {id} is {} h of {} on {} at {} on {}, {:?}",
                punch.hours, punch.employee, punch.date, punch.place, punch.code, punch.class
            ))
        };
        match *self {
            Self::Works(who, ago, place, code, hours) => works(world, who, ago, (place, code), hours),
            Self::Corrects(pick, hours) => change(world, pick, &|punch| punch.hours = hours),
            Self::MovesDay(pick, by) => change(world, pick, &|punch| punch.date = moved(punch.date, by)),
            Self::MovesPerson(pick, to) => {
                let to = records(world, Kind::Employee, to)?;
                change(world, pick, &|punch| punch.employee = to.clone())
            }
            Self::Recodes(pick, to) => {
                let to = records(world, Kind::CostCode, to)?;
                change(world, pick, &|punch| punch.code = to.clone())
            }
            Self::Replaces(pick, to) => {
                let to = records(world, Kind::Location, to)?;
                change(world, pick, &|punch| punch.place = to.clone())
            }
            Self::Splits(pick, to, hours) => {
                let code = if to.is_multiple_of(3) {
                    no_code()
                } else {
                    records(world, Kind::CostCode, to)?
                };
                splits(world, punch(world, pick)?, code, hours)
            }
            Self::Classes(pick, to) => change(world, pick, &|punch| {
                punch.class = HourClass::ALL[usize::from(to) % HourClass::ALL.len()];
            }),
            Self::Unpunches(pick) => {
                let id = punch(world, pick)?;
                let gone = world.punches.remove(&id)?;
                Some(format!(
                    "field: punch {id} of {} h of {} on {} is taken out",
                    gone.hours, gone.employee, gone.date
                ))
            }
            Self::RenamesRecord(pick, to) => {
                let id = records(world, Kind::Employee, pick)?;
                let record = world.records.get_mut(&(Kind::Employee, id.clone()))?;
                record.attributes.set(Attribute::LastName, &format!("Called{}", to % 5));
                Some(format!("field: employee {id} is renamed"))
            }
            _ => None,
        }
    }

    fn by_the_clock(&self, world: &mut World) -> Option<String> {
        let (Self::Shifts(pick, _) | Self::ForgetsStop(pick)) = *self else {
            return None;
        };
        let id = one(world.punches.keys().copied(), pick)?;
        let punch = world.punches.get_mut(&id)?;
        let from = punch.from?;
        match *self {
            Self::Shifts(_, by) => punch.from = Some(from + TimeDelta::minutes(by.into())),
            _ => punch.is_open = !punch.is_open,
        }
        Some(format!(
            "field: punch {id} began at {:?}, open = {}",
            punch.from, punch.is_open
        ))
    }

    fn by_supervisors(&self, world: &mut World) -> Option<String> {
        let Self::Unsigns(pick) = *self else {
            world.sign_all();
            return Some("field: all days are approved".into());
        };
        let day = one(world.signed.iter().cloned(), pick)?;
        world.signed.remove(&day);
        let words = format!("field: the approval of {} on {} is taken back", day.0, day.1);
        world.unsigned.insert(day, world.now);
        Some(words)
    }

    fn with_entries(&self, world: &mut World) -> Option<String> {
        let now = world.now;
        let change = |world: &mut World, pick, act: &dyn Fn(&mut Stored)| {
            let id = one(world.live().map(|stored| stored.entry.id), pick)?;
            let stored = world.entries.get_mut(&id)?;
            let before = stored.entry.clone();
            act(stored);
            if stored.entry.content != before.content || stored.deleted.is_some() {
                stored.edited = Some(now);
            }
            stored.entry.updated = Some(now);
            let stored = stored.clone();
            seen(world, &before, &stored);
            let entry = &stored.entry;
            let fate = if stored.deleted.is_some() { "deleted" } else { "kept" };
            let content = &entry.content;
            Some(format!(
                "office: entry {id} is {} h of {} on {}, {:?}, {fate}",
                content.hours, content.worker, content.date, entry.status
            ))
        };
        match *self {
            Self::EditsHours(pick, hours) => {
                change(world, pick, &|stored| edit_hours(&mut stored.entry.content, hours))
            }
            Self::EditsDay(pick, by) => change(world, pick, &|stored| edit_day(&mut stored.entry.content, by)),
            Self::EditsWorker(pick, to) => {
                let to = one(world.workers.keys().copied(), to)?;
                let id = one(world.live().map(|stored| stored.entry.id), pick)?;
                let was = world.entries[&id].edited;
                let from = world.entries[&id].entry.content.worker;
                let words = change(world, pick, &|stored| stored.entry.content.worker = to);
                let human = |worker| world.human_of_worker[&worker];
                let of = world.entries[&id].sent.as_ref().map(|sent| human(sent.worker));
                if human(from) == human(to) && of == Some(human(to)) {
                    // Set to the worker as whom the same person counts by now, it is his line (C17), and nobody's edit.
                    let stored = world.entries.get_mut(&id)?;
                    stored.edited = was;
                    stored.sent.iter_mut().for_each(|sent| sent.worker = to);
                }
                words
            }
            Self::Deletes(pick) => change(world, pick, &|stored| stored.deleted = Some(now)),
            Self::Approves(pick) => change(world, pick, &|stored| stored.entry.status = ApprovalStatus::Approved),
            Self::Reopens(pick) => change(world, pick, &|stored| stored.entry.status = ApprovalStatus::Pending),
            Self::Types(pick, is_equal, hours) => types(world, pick, is_equal, hours),
            Self::Copies(pick) => {
                // With the mark it counts as ours, as far as it is as it was sent.
                let stored = one(world.live().cloned(), pick)?;
                let id = by_another_hand(world, stored.entry, stored.sent);
                Some(format!("office: copies an entry to {id}"))
            }
            Self::PutsBack(pick) => {
                let deleted = world.entries.values_mut().filter(|stored| stored.deleted.is_some());
                let id = one(deleted.map(|stored| stored.entry.id), pick)?;
                let stored = world.entries.get_mut(&id)?;
                (stored.deleted, stored.edited, stored.put_back) = (None, Some(now), true);
                stored.entry.updated = Some(now);
                world.see(Event::PutBack { entry: id.0 });
                Some(format!("office: puts entry {id} back"))
            }
            _ => None,
        }
    }

    fn in_the_directory(&self, world: &mut World) -> Option<String> {
        let now = world.now;
        let active = |world: &mut World, pick, is: bool| {
            let all = world.workers.iter().filter(|(_, worker)| worker.active != is);
            let id = one(all.map(|(id, _)| *id), pick)?;
            world.workers.get_mut(&id)?.active = is;
            let human = world.human_of_worker[&id];
            world.directory_changed.insert(human, now);
            Some(format!("office: worker {id} active = {is}"))
        };
        match *self {
            Self::Hires => {
                let human: Human = world.directory_changed.len();
                let id = world.hire(human);
                Some(format!("office: hires worker {id}"))
            }
            Self::Leaves(pick) => active(world, pick, false),
            Self::Returns(pick) => active(world, pick, true),
            Self::MadeAnew(pick) => {
                let id = one(world.workers.keys().copied(), pick)?;
                world.workers.remove(&id);
                let human = world.human_of_worker[&id];
                let new = world.hire(human);
                world.see(Event::MadeAnew { human });
                Some(format!("office: worker {id} is deleted and made anew as {new}"))
            }
            Self::HiredTwice(pick) => {
                let id = one(world.workers.keys().copied(), pick)?;
                let human = world.human_of_worker[&id];
                let new = world.hire(human);
                Some(format!("office: worker {id} is made a second time, as {new}"))
            }
            Self::Merged(pick) => {
                let is_double = |id: &WorkerId| {
                    let human = world.human_of_worker[id];
                    world
                        .workers
                        .keys()
                        .any(|other| other > id && world.human_of_worker[other] == human)
                };
                let id = one(world.workers.keys().copied().filter(is_double), pick)?;
                world.workers.remove(&id);
                let human = world.human_of_worker[&id];
                world.see(Event::MadeAnew { human });
                Some(format!("office: worker {id} is merged into a newer one"))
            }
            Self::Renames(pick, to) => {
                let id = one(world.workers.keys().copied(), pick)?;
                world.workers.get_mut(&id)?.last_name = Some(format!("Family{}", to % 7));
                Some(format!("office: worker {id} is renamed"))
            }
            Self::ClosesCode(pick) => code(world, pick, |code| code.active = false),
            Self::OpensCode(pick) => code(world, pick, |code| code.active = true),
            Self::RenamesCode(pick, to) => code(world, pick, |code| code.full_code = format!("09-{:03}", to % 900)),
            Self::ClosesProject(pick) => project(world, pick, false),
            Self::OpensProject(pick) => project(world, pick, true),
            _ => None,
        }
    }
}

/// Where an entry has start and stop, its hours follow from them.
fn edit_hours(content: &mut EntryContent, hours: i64) {
    content.hours = CentiHours::from_hundredths(hours);
    if let Some(span) = &mut content.span {
        let minutes = hours * 60 / 100 + i64::from(span.lunch_minutes);
        span.stop = span.start + TimeDelta::minutes(minutes);
    }
}

fn edit_day(content: &mut EntryContent, by: i8) {
    content.date = moved(content.date, by);
    if let Some(span) = &mut content.span {
        let by = TimeDelta::days(by.into());
        (span.start, span.stop) = (span.start + by, span.stop + by);
    }
}

/// Has the model see what the office did with an entry.
fn seen(world: &mut World, before: &Entry, after: &Stored) {
    let entry = before.id.0;
    let content = world.content(&after.entry.content);
    if after.entry.content != before.content {
        let by = Hand::Other;
        world.see(Event::Changed {
            entry,
            by,
            content,
            sent: None,
        });
    }
    if after.entry.status != before.status {
        let approved = !after.is_open();
        world.see(Event::Approved { entry, approved });
    }
    if after.deleted.is_some() {
        let by = Hand::Other;
        world.see(Event::Deleted { entry, by, sent: None });
    }
}

fn code(world: &mut World, pick: Pick, act: impl Fn(&mut linx_core::model::CompanyCostCode)) -> Option<String> {
    let id = one(world.codes.keys().copied(), pick)?;
    let code = world.codes.get_mut(&id)?;
    act(code);
    Some(format!(
        "office: code {id} is {}, active = {}",
        code.full_code, code.active
    ))
}

fn project(world: &mut World, pick: Pick, active: bool) -> Option<String> {
    let id = one(world.projects.keys().copied(), pick)?;
    world.projects.get_mut(&id)?.active = active;
    Some(format!("office: project {id} active = {active}"))
}

fn moved(date: NaiveDate, by: i8) -> NaiveDate {
    let days = Days::new(by.unsigned_abs().into());
    if by < 0 { date - days } else { date + days }
}

/// A record of a kind, of those that can be chosen.
fn records(world: &World, kind: Kind, pick: Pick) -> Option<RecordId> {
    let all = world
        .records
        .values()
        .filter(|record| record.kind == kind && record.attributes.is_active());
    one(all.map(|record| record.id.clone()), pick)
}

fn works(world: &mut World, who: Pick, ago: u8, (place, code): (Pick, Pick), hours: i64) -> Option<String> {
    let date = moved(world.today(), -i8::try_from(ago).ok()?);
    let mut punch = Punch {
        employee: records(world, Kind::Employee, who)?,
        date,
        place: records(world, Kind::Location, place)?,
        code: records(world, Kind::CostCode, code)?,
        class: HourClass::Regular,
        hours,
        from: None,
        is_open: false,
    };
    // Nobody works more than a day has.
    let of_day = world
        .punches
        .values()
        .filter(|one| one.employee == punch.employee && one.date == date);
    if of_day.map(|one| one.hours).sum::<i64>() + hours > 1600 {
        return None;
    }
    punch.from = world.company.takes_start_stop.then(|| next_start(world, &punch));
    let words = format!(
        "field: {} works {hours} on {date} at {} on {}",
        punch.employee, punch.place, punch.code
    );
    let id = world.add_punch(punch);
    Some(format!("{words}, punch {id}"))
}

/// So many of a punch's hours are put on another code, or on none.
fn splits(world: &mut World, id: u32, to: RecordId, hours: i64) -> Option<String> {
    let punch = world.punches.get_mut(&id)?;
    let left = punch.hours - hours;
    if left <= 0 {
        return None;
    }
    punch.hours = left;
    let rest = Punch {
        code: to,
        hours,
        from: punch.from.map(|from| from + punch.length()),
        ..punch.clone()
    };
    let words = format!("field: {hours} of punch {id} are on {} now, {left} are left", rest.code);
    let id = world.add_punch(rest);
    Some(format!("{words}, punch {id}"))
}

/// When a stretch begins: where the day's last one ended, or in the morning.
fn next_start(world: &World, next: &Punch) -> NaiveTime {
    let same = |punch: &&Punch| punch.employee == next.employee && punch.date == next.date;
    let of_day = world.punches.values().filter(same);
    let ends = of_day.filter_map(|punch| Some(punch.from? + punch.length()));
    ends.max().unwrap_or_else(morning)
}

/// Time that somebody enters into Procore by hand: that of a punch, or other time.
fn types(world: &mut World, pick: Pick, is_equal: bool, hours: i64) -> Option<String> {
    let punch = one(world.punches.values().cloned(), pick)?;
    let human = *world.human_of_record.get(&punch.employee)?;
    let worker = world
        .human_of_worker
        .iter()
        .find(|(id, of)| **of == human && world.workers.contains_key(id));
    let worker: WorkerId = *worker?.0;
    let hours = if is_equal { punch.hours } else { hours };
    let project = ProjectId(300);
    let content = EntryContent {
        worker,
        date: punch.date,
        coding: Arc::new(Coding {
            cost_code: Some(ProjectCodeId(project.0 * 1_000_000 + 500)),
            time_type: Some(TimeTypeId(1)),
            ..Coding::of(project)
        }),
        hours: CentiHours::from_hundredths(hours),
        span: None,
        description: None,
        billable: true,
    };
    let words = format!(
        "office: a foreman types {} h of worker {worker} on {}",
        content.hours, content.date
    );
    let entry = Entry {
        id: EntryId(0),
        content,
        status: ApprovalStatus::Pending,
        signed: false,
        origin: None,
        author: Some(OFFICE),
        created: None,
        updated: None,
        parts: Vec::new(),
    };
    let id = by_another_hand(world, entry, None);
    Some(format!("{words}: entry {id}"))
}

fn by_another_hand(world: &mut World, mut entry: Entry, sent: Option<EntryContent>) -> EntryId {
    let id = world.new_entry_id();
    entry.id = id;
    entry.author = Some(OFFICE);
    entry.created = Some(world.now);
    entry.updated = Some(world.now);
    let made = Event::Made {
        entry: id.0,
        by: Hand::Other,
        key: entry.origin.as_deref().map(|mark| key_of(mark).to_owned()),
        content: world.content(&entry.content),
    };
    let stored = Stored {
        entry,
        sent,
        edited: Some(world.now),
        put_back: false,
        deleted: None,
    };
    world.entries.insert(id, stored);
    world.see(made);
    id
}
