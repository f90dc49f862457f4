//! Both services and the people around them: tables, what is on its way, and what a moment's judge found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use linx_core::model::{
    ApprovalStatus, Attribute, Attributes, CompanyCodeId, CompanyCostCode, Entry, EntryContent, EntryId, HourClass,
    Kind, Project, ProjectId, Record, RecordId, SubJob, SubJobId, TimeTypeId, Timesheet, TimesheetId, UserId, Worker,
    WorkerId,
};

use crate::calls::Fault;
use crate::clock::Timers;
use crate::company::{Company, morning};
use crate::model::Model;
use crate::model::events::{Content, Dated, Event, Hand, Sent};

/// The world as everybody in a history shares it.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }
}

/// A human being, whatever the services call them.
pub type Human = usize;

/// A human's day.
pub type Cell = (Human, NaiveDate);

/// The API's user, under whom Linx writes.
pub const OURSELVES: UserId = UserId(1);
/// Somebody in the office.
pub const OFFICE: UserId = UserId(77);

/// A stretch of work as it is true by now; the warehouse shows it after the next night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Punch {
    pub employee: RecordId,
    pub date: NaiveDate,
    pub place: RecordId,
    pub code: RecordId,
    pub class: HourClass,
    /// Hundredths of hours.
    pub hours: i64,
    /// When it began by the clock at the place, where people's clocks show that.
    pub from: Option<NaiveTime>,
    /// Whether somebody forgot to clock out.
    pub is_open: bool,
}

/// What stands for the code of a punch that has none.
pub fn no_code() -> RecordId {
    RecordId(String::new().into())
}

impl Punch {
    /// What one line of time is of.
    fn spot(&self) -> (&RecordId, NaiveDate, &RecordId, &RecordId, HourClass) {
        (&self.employee, self.date, &self.place, &self.code, self.class)
    }

    /// From its beginning to its end.
    pub fn length(&self) -> TimeDelta {
        TimeDelta::minutes(self.hours * 60 / 100)
    }
}

/// An entry with what only the service knows.
#[derive(Debug, Clone)]
pub struct Stored {
    pub entry: Entry,
    /// What Linx sent last, if it ever did.
    pub sent: Option<EntryContent>,
    /// When somebody other than Linx changed it last.
    pub edited: Option<DateTime<Utc>>,
    /// Whether somebody has put it back.
    pub put_back: bool,
    pub deleted: Option<DateTime<Utc>>,
}

impl Stored {
    /// Whether the service lets it be changed.
    pub fn is_open(&self) -> bool {
        self.entry.status != ApprovalStatus::Approved
    }
}

/// A write that may arrive later than its sender thinks.
#[derive(Debug, Clone)]
pub enum Request {
    Create(Vec<(EntryContent, String)>),
    Update(EntryId, EntryContent, String),
    Delete(EntryId),
    Make(Kind, Attributes),
    Set(Kind, RecordId, Vec<(Attribute, Option<String>)>),
    /// A timesheet of a project's day.
    OpenTimesheet(ProjectId, NaiveDate),
}

/// A request on its way.
pub struct Letter {
    pub arrives: DateTime<Utc>,
    /// What it asks for, in words.
    pub words: String,
    pub open: Box<dyn FnOnce(&mut World) + Send>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct World {
    pub company: Company,
    /// The true time.
    pub now: DateTime<Utc>,
    pub timers: Timers,
    pub workers: BTreeMap<WorkerId, Worker>,
    pub projects: BTreeMap<ProjectId, Project>,
    pub sub_jobs: Vec<SubJob>,
    pub codes: BTreeMap<CompanyCodeId, CompanyCostCode>,
    pub entries: BTreeMap<EntryId, Stored>,
    pub timesheets: BTreeMap<(ProjectId, NaiveDate), Vec<Timesheet>>,
    pub records: BTreeMap<(Kind, RecordId), Record>,
    /// Time as it is true.
    pub punches: BTreeMap<u32, Punch>,
    /// Time as the last night found it.
    pub warehouse: BTreeMap<u32, Punch>,
    /// Whose days are approved, by record.
    pub signed: BTreeSet<(RecordId, NaiveDate)>,
    /// When an approval was taken back last.
    pub unsigned: BTreeMap<(RecordId, NaiveDate), DateTime<Utc>>,
    /// The most hours that each punch had in it.
    pub most: BTreeMap<u32, i64>,
    /// What an export saw of it last.
    pub exported: BTreeMap<u32, Punch>,
    /// Hours that went to another person and to another, newer day or in another number, between two exports: nobody can tell
    /// them from new ones (hazard D19).
    pub unlike: i64,
    /// How many punches had changed since all time was looked at, when a run looked last.
    pub changed: usize,
    /// Whether a ledger was lost, or put back.
    pub is_forgetful: bool,
    /// Somebody has consented since, by an export that saw everything.
    pub has_compared: bool,
    /// Whether entries were read that lacked some without a sign, by a run whose ledger does not know what was written, or when one had
    /// arrived a moment before, after its sender gave it up: nobody can tell it.
    pub is_fooled: bool,
    /// A judge who has not seen the code.
    model: Model,
    /// What each location and cost code in ExakTime is in Procore.
    words_of_record: BTreeMap<RecordId, String>,
    /// How many requests arrived late.
    pub arrivals: usize,
    last_arrival: Option<DateTime<Utc>>,
    /// Who each worker and each employee record is.
    pub human_of_worker: BTreeMap<WorkerId, Human>,
    pub human_of_record: BTreeMap<RecordId, Human>,
    /// When anything of a human in the office's directory changed last.
    pub directory_changed: BTreeMap<Human, DateTime<Utc>>,
    /// Whom a person told Linx to leave alone, or may have.
    pub ignored: BTreeSet<WorkerId>,
    /// What is wrong with lists for the time being, whoever reads them.
    pub ailing: BTreeMap<&'static str, Fault>,
    /// Requests on their way.
    pub under_way: Vec<Letter>,
    /// Whether the network counts the present request a second time.
    pub repeats: bool,
    /// What is sure to be wrong at some moment.
    pub wrong: Option<String>,
    /// What happened, in words.
    pub story: Vec<String>,
    /// Keys that a fault doubled, not Linx.
    pub doubled: BTreeSet<String>,
    /// How many writes reached a service.
    pub writes: usize,
    /// How often each fault, deed and reason was met.
    pub met: BTreeMap<String, u64>,
    next_entry: u64,
    next_record: u32,
    next_punch: u32,
}

impl World {
    /// A small company on both sides, before the first sync.
    pub fn begin(humans: usize, company: Company) -> Self {
        let mut world = Self {
            company,
            now: "2026-03-02T14:00:00Z".parse().unwrap(),
            timers: Timers::default(),
            workers: BTreeMap::new(),
            projects: BTreeMap::new(),
            sub_jobs: Vec::new(),
            codes: BTreeMap::new(),
            entries: BTreeMap::new(),
            timesheets: BTreeMap::new(),
            records: BTreeMap::new(),
            punches: BTreeMap::new(),
            warehouse: BTreeMap::new(),
            signed: BTreeSet::new(),
            unsigned: BTreeMap::new(),
            most: BTreeMap::new(),
            exported: BTreeMap::new(),
            unlike: 0,
            changed: 0,
            is_forgetful: false,
            has_compared: false,
            is_fooled: false,
            model: Model::new(),
            words_of_record: BTreeMap::new(),
            arrivals: 0,
            last_arrival: None,
            human_of_worker: BTreeMap::new(),
            human_of_record: BTreeMap::new(),
            directory_changed: BTreeMap::new(),
            ignored: BTreeSet::new(),
            ailing: BTreeMap::new(),
            under_way: Vec::new(),
            repeats: false,
            wrong: None,
            story: Vec::new(),
            doubled: BTreeSet::new(),
            writes: 0,
            met: BTreeMap::new(),
            next_entry: 1000,
            next_record: 1,
            next_punch: 1,
        };
        for human in 0..humans {
            world.hire(human);
        }
        for (at, number) in ["26-101", "26-102"].into_iter().enumerate() {
            let id = ProjectId(300 + at as u64);
            let project = Project {
                time_zone: Some("America/Chicago".into()),
                ..Project::of(id, number, "Site")
            };
            world.projects.insert(id, project);
        }
        let sub_job = |id, code: &str| SubJob {
            project: ProjectId(300),
            id: SubJobId(id),
            code: code.into(),
            name: "Part".into(),
        };
        world.sub_jobs = vec![sub_job(41, "01"), sub_job(42, "02")];
        for (at, code) in ["01-500", "03-300", "06-100"].into_iter().enumerate() {
            let id = CompanyCodeId(500 + at as u64);
            let code = CompanyCostCode {
                id,
                full_code: code.into(),
                name: format!("Work {code}"),
                list: None,
                leaf: true,
                active: true,
            };
            world.codes.insert(id, code);
        }
        world
    }

    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    pub fn tell(&mut self, what: impl Into<String>) {
        let line = format!("{} {}", self.now.format("%a %m-%d %H:%M:%S"), what.into());
        self.story.push(line);
    }

    pub fn meet(&mut self, what: impl Into<String>) {
        *self.met.entry(what.into()).or_default() += 1;
    }

    /// The first wrong moment is kept.
    pub fn blame(&mut self, what: impl Into<String>) {
        let what = what.into();
        self.tell(format!("WRONG: {what}"));
        self.wrong.get_or_insert(what);
    }

    /// Has the model see what happens.
    pub fn see(&mut self, event: Event) {
        let dated = Dated { at: self.now, event };
        for wrong in self.model.see(&dated) {
            self.blame(wrong);
        }
    }

    /// What an entry says, in the model's words.
    pub fn content(&self, content: &EntryContent) -> Content {
        let coding = &content.coding;
        let code = coding
            .cost_code
            .map_or_else(String::new, |code| code_words(CompanyCodeId(code.0 % 1000)));
        let class = coding.time_type.map_or(HourClass::Regular, class_of);
        Content {
            human: self.human_of_worker[&content.worker],
            date: content.date,
            place: place_words(coding.project, coding.sub_job),
            code: code + class_words(class),
            hours: content.hours.hundredths(),
        }
    }

    /// Lets time pass, in which requests arrive.
    pub fn pass(&mut self, span: TimeDelta) {
        let until = self.now + span;
        while let Some(at) = self.next_arrival(until) {
            let letter = self.under_way.remove(at);
            self.now = self.now.max(letter.arrives);
            self.arrivals += 1;
            self.last_arrival = Some(self.now);
            self.tell(format!("arrives late: {}", letter.words));
            (letter.open)(self);
        }
        self.now = until;
        self.timers.wake(until);
    }

    /// Time passes until so many seconds before midnight.
    pub fn pass_to_midnight(&mut self, seconds: i64) {
        let midnight = (self.today() + Days::new(1)).and_time(NaiveTime::MIN).and_utc();
        let span = midnight - self.now - TimeDelta::seconds(seconds);
        self.pass(span.max(TimeDelta::zero()));
    }

    /// Whether a request arrived late in the last two minutes: a list that lacks what it made then is as slow as the request was.
    pub fn has_just_arrived(&self) -> bool {
        let then = self.last_arrival;
        then.is_some_and(|at| self.now - at < TimeDelta::minutes(2))
    }

    fn next_arrival(&self, until: DateTime<Utc>) -> Option<usize> {
        let due = self
            .under_way
            .iter()
            .enumerate()
            .filter(|(_, one)| one.arrives <= until);
        due.min_by_key(|(_, one)| one.arrives).map(|(at, _)| at)
    }

    /// A night: the warehouse is filled anew, with a day's work of somebody.
    pub fn night(&mut self) {
        let tomorrow = (self.today() + Days::new(1)).and_hms_opt(3, 0, 0).unwrap().and_utc();
        let span = tomorrow - self.now;
        self.pass(span);
        self.warehouse = self.punches.clone();
        for (id, punch) in &self.warehouse {
            let most = self.most.entry(*id).or_default();
            *most = punch.hours.max(*most);
        }
        self.tell("night: the warehouse is filled anew");
        let seen = self.warehouse.iter().map(|(id, punch)| (*id, self.punch(punch)));
        let seen = Event::Warehouse(seen.collect());
        self.see(seen);
    }

    fn punch(&self, punch: &Punch) -> crate::model::events::Punch {
        let words = |record: &RecordId| self.words_of_record.get(record).cloned().unwrap_or_default();
        crate::model::events::Punch {
            human: self.human_of_record.get(&punch.employee).copied(),
            date: punch.date,
            place: words(&punch.place),
            code: words(&punch.code) + class_words(punch.class),
            hours: punch.hours,
            from: punch.from,
        }
    }

    pub fn hire(&mut self, human: Human) -> WorkerId {
        let nth = self.human_of_worker.values().filter(|other| **other == human).count() as u64;
        let id = WorkerId(200 + human as u64 + 1000 * nth);
        let mut worker = Worker::of(id, &format!("{:05}", 201 + human), &format!("Family{human}"));
        worker.first_name = Some(format!("Given{human}"));
        self.workers.insert(id, worker);
        self.human_of_worker.insert(id, human);
        self.directory_changed.insert(human, self.now);
        id
    }

    pub fn add_punch(&mut self, punch: Punch) -> u32 {
        let id = self.next_punch;
        self.next_punch += 1;
        self.punches.insert(id, punch);
        id
    }

    /// How much was in the warehouse once and is not any more.
    pub fn vanished(&self) -> i64 {
        let now = |id: &u32| self.warehouse.get(id).map_or(0, |punch| punch.hours);
        self.most.iter().map(|(id, most)| (most - now(id)).max(0)).sum()
    }

    /// An export has looked at all time, and held something of these days, or it has looked at a part: what became unlike itself since all was
    /// looked at? `newest` is the newest day of which something had been sent.
    pub fn look_at_time(&mut self, held: Option<&BTreeSet<Cell>>, newest: Option<NaiveDate>) {
        self.changed = 0;
        for (id, punch) in &self.warehouse {
            let Some(before) = self.exported.get(id) else {
                continue;
            };
            self.changed += usize::from(before != punch);
            let is_elsewhere = before.employee != punch.employee && before.date != punch.date;
            let is_newer = newest.is_none_or(|newest| newest < punch.date);
            // As much other time came to where it was, so that nothing is less there.
            let is_hidden = || before.spot() != punch.spot() && self.has_as_much(before);
            if (is_elsewhere && (is_newer || before.hours != punch.hours)) || is_hidden() {
                self.unlike += before.hours.max(punch.hours);
            }
        }
        let today = self.today();
        for (id, punch) in self.warehouse.iter().filter(|(_, punch)| punch.date <= today) {
            // What was not surely seen may have been written all the same, as it was first.
            let seen = self.exported.entry(*id).or_insert_with(|| punch.clone());
            let cell = |punch: &Punch| {
                self.human_of_record
                    .get(&punch.employee)
                    .map(|human| (*human, punch.date))
            };
            let is_held = |punch: &Punch| cell(punch).is_none_or(|cell| held.is_none_or(|held| held.contains(&cell)));
            if !is_held(punch) && !is_held(seen) {
                seen.clone_from(punch);
            }
        }
    }

    /// Whether the warehouse has as many hours of somebody's day, place and code as it had with this punch.
    fn has_as_much(&self, before: &Punch) -> bool {
        let at = |punches: &BTreeMap<u32, Punch>| {
            let there = punches.values().filter(|punch| punch.spot() == before.spot());
            there.map(|punch| punch.hours).sum::<i64>()
        };
        at(&self.warehouse) >= at(&self.exported)
    }

    /// Whether a human is on the office's list of active employees.
    pub fn is_wanted(&self, human: Human) -> bool {
        self.workers
            .iter()
            .any(|(id, worker)| worker.active && worker.is_employee && self.human_of_worker[id] == human)
    }

    pub fn live(&self) -> impl Iterator<Item = &Stored> {
        self.entries.values().filter(|stored| stored.deleted.is_none())
    }

    /// Applies a write that was sent at some time, as the service would.
    pub fn apply(&mut self, request: &Request, sent: Sent) -> Result<Applied, Refused> {
        match request {
            Request::Create(entries) => {
                let make = |(content, mark): &(EntryContent, String)| {
                    let id = self.new_entry_id();
                    self.made_entry(id, content, mark)
                };
                Ok(Applied::Entries(entries.iter().map(make).collect()))
            }
            Request::Update(id, content, mark) => self.update(*id, content, mark, sent),
            Request::Delete(id) => self.delete(*id, sent),
            Request::Make(kind, attributes) => {
                let id = self.new_record_id(*kind);
                self.made_record(*kind, id.clone(), attributes.clone());
                Ok(Applied::Record(id))
            }
            Request::Set(kind, id, writes) => self.set(*kind, id, writes, sent),
            Request::OpenTimesheet(project, date) => Ok(Applied::Timesheet(self.open_timesheet(*project, *date))),
        }
    }

    pub fn new_entry_id(&mut self) -> EntryId {
        self.next_entry += 1;
        EntryId(self.next_entry)
    }

    fn open_timesheet(&mut self, project: ProjectId, date: NaiveDate) -> TimesheetId {
        let of_day = self.timesheets.entry((project, date)).or_default();
        let id = TimesheetId(project.0 * 1000 + of_day.len() as u64);
        of_day.push(Timesheet {
            id,
            date,
            pending: true,
        });
        id
    }

    /// Supervisors approve every day that has time.
    pub fn sign_all(&mut self) {
        let days = self.punches.values();
        self.signed
            .extend(days.map(|punch| (punch.employee.clone(), punch.date)));
    }

    /// Where days wait for an approval, nothing is sent of one that had none since the run began that sends it.
    pub fn judge_approval(&mut self, request: &Request, began: DateTime<Utc>) {
        if !self.company.approves_time {
            return;
        }
        let contents: Vec<&EntryContent> = match request {
            Request::Create(entries) => entries.iter().map(|(content, _)| content).collect(),
            Request::Update(_, content, _) => vec![content],
            _ => Vec::new(),
        };
        let was_approved = |content: &EntryContent| {
            let human = self.human_of_worker[&content.worker];
            let records = self.human_of_record.iter().filter(|(_, of)| **of == human);
            let mut days = records.map(|(record, _)| (record.clone(), content.date));
            days.any(|day| self.signed.contains(&day) || self.unsigned.get(&day).is_some_and(|at| *at >= began))
        };
        let unapproved = contents.into_iter().find(|content| !was_approved(content));
        if let Some(content) = unapproved {
            let (worker, date) = (content.worker, content.date);
            self.blame(format!("{date} of worker {worker} is sent, and nobody has approved it"));
        }
    }

    /// Clerks mend what no clock can have shown: everybody's stretches of a day follow each other, and each has its end; and what is on no
    /// code is taken out.
    pub fn straighten(&mut self) {
        self.punches.retain(|_, punch| punch.code != no_code());
        let mut ends: BTreeMap<(Option<Human>, NaiveDate), NaiveTime> = BTreeMap::new();
        for punch in self.punches.values_mut() {
            punch.is_open = false;
            let human = self.human_of_record.get(&punch.employee).copied();
            let end = ends.entry((human, punch.date)).or_insert_with(morning);
            if punch.from.is_some() {
                punch.from = Some(*end);
                *end += punch.length();
            }
        }
    }

    /// Linx has made an entry, which the service gave this id.
    pub fn made_entry(&mut self, id: EntryId, content: &EntryContent, mark: &str) -> Entry {
        self.writes += 1;
        self.next_entry = self.next_entry.max(id.0);
        let entry = Entry {
            id,
            content: content.clone(),
            status: ApprovalStatus::Pending,
            signed: false,
            origin: Some(mark.into()),
            author: Some(OURSELVES),
            created: Some(self.now),
            updated: Some(self.now),
            parts: Vec::new(),
        };
        let stored = Stored {
            entry: entry.clone(),
            sent: Some(content.clone()),
            edited: None,
            put_back: false,
            deleted: None,
        };
        self.entries.insert(id, stored);
        self.judge_key(mark);
        let content = self.content(content);
        self.see(Event::Made {
            entry: id.0,
            by: Hand::Linx,
            key: Some(key_of(mark).to_owned()),
            content,
        });
        entry
    }

    /// No key twice at any moment, but for what a fault doubled.
    fn judge_key(&mut self, mark: &str) {
        let key = key_of(mark).to_owned();
        let same = self.live().filter(|stored| {
            let origin = stored.entry.origin.as_deref().unwrap_or_default();
            stored.entry.author == Some(OURSELVES) && key_of(origin) == key && !stored.put_back
        });
        if same.count() <= 1 || self.doubled.contains(&key) {
            return;
        }
        // Of what a lost ledger, or another machine, has on its way nobody knows.
        let is_unknown = self.is_forgetful && self.has_just_arrived();
        if self.is_fooled || self.repeats || is_unknown {
            self.doubled.insert(key.clone());
            self.see(Event::DoubledByFault { key });
        } else {
            self.blame(format!("{key} stands twice"));
        }
    }

    fn update(&mut self, id: EntryId, content: &EntryContent, mark: &str, sent: Sent) -> Result<Applied, Refused> {
        self.judge_edit(id, sent, "overwritten");
        let now = self.now;
        let stored = self.open_entry(id, sent)?;
        stored.entry.content = content.clone();
        stored.entry.origin = Some(mark.into());
        stored.entry.updated = Some(now);
        stored.sent = Some(content.clone());
        let entry = stored.entry.clone();
        self.writes += 1;
        let content = self.content(content);
        self.see(Event::Changed {
            entry: id.0,
            by: Hand::Linx,
            content,
            sent: Some(sent),
        });
        Ok(Applied::Entries(vec![entry]))
    }

    fn delete(&mut self, id: EntryId, sent: Sent) -> Result<Applied, Refused> {
        self.judge_edit(id, sent, "deleted");
        let now = self.now;
        self.open_entry(id, sent)?.deleted = Some(now);
        self.writes += 1;
        self.see(Event::Deleted {
            entry: id.0,
            by: Hand::Linx,
            sent: Some(sent),
        });
        Ok(Applied::Nothing)
    }

    fn open_entry(&mut self, id: EntryId, sent: Sent) -> Result<&mut Stored, Refused> {
        let is_there = |stored: &&Stored| stored.deleted.is_none();
        let is_open = self
            .entries
            .get(&id)
            .filter(is_there)
            .ok_or(Refused::NotThere)?
            .is_open();
        if !is_open {
            self.see(Event::Refused { entry: id.0, sent });
            return Err(Refused::Closed);
        }
        self.entries.get_mut(&id).ok_or(Refused::NotThere)
    }

    /// No edit of a person is overwritten that could have been seen: one that is older than the last look may be, with which a
    /// write was sent.
    fn judge_edit(&mut self, id: EntryId, sent: Sent, what: &str) {
        let Some(stored) = self.entries.get(&id).filter(|stored| stored.deleted.is_none()) else {
            return;
        };
        let is_foreign = stored.sent.is_none();
        let is_other = stored.sent.as_ref() != Some(&stored.entry.content);
        let is_seen = is_other && stored.edited.is_some_and(|edited| edited < sent.known);
        if (is_foreign || is_seen) && stored.is_open() {
            let whose = if is_foreign {
                "of another hand"
            } else {
                "edited by the office"
            };
            self.blame(format!("entry {id}, {whose}, is {what}"));
        }
    }

    fn new_record_id(&mut self, kind: Kind) -> RecordId {
        let prefix = match kind {
            Kind::CostCode => "c",
            Kind::Location => "l",
            Kind::Employee => "e",
        };
        let id = RecordId(format!("{prefix}-{}", self.next_record).as_str().into());
        self.next_record += 1;
        id
    }

    /// Linx has made a record, which the service gave this id.
    pub fn made_record(&mut self, kind: Kind, id: RecordId, attributes: Attributes) {
        self.writes += 1;
        let identifier = attributes.get(Attribute::Identifier).unwrap_or_default().to_owned();
        let words = self.words_of(kind, &identifier).unwrap_or_else(|| id.to_string());
        self.words_of_record.insert(id.clone(), words);
        if kind == Kind::Employee
            && let Some((worker, _)) = self
                .workers
                .iter()
                .find(|(_, worker)| worker.number.as_deref() == Some(&identifier))
        {
            self.human_of_record.insert(id.clone(), self.human_of_worker[worker]);
        }
        let record = Record {
            kind,
            id: id.clone(),
            attributes,
            protected: false,
        };
        self.records.insert((kind, id), record);
        let same = self
            .records
            .values()
            .filter(|record| record.kind == kind && record.attributes.get(Attribute::Identifier) == Some(&identifier));
        if same.count() <= 1 || self.doubled.contains(&identifier) {
            return;
        }
        if self.repeats {
            self.doubled.insert(identifier);
        } else {
            self.blame(format!("{kind:?} {identifier} is made twice"));
        }
    }

    /// What a number is in Procore when a record is made for it.
    fn words_of(&self, kind: Kind, number: &str) -> Option<String> {
        if kind == Kind::CostCode {
            let code = self.codes.values().find(|code| code.full_code == number)?;
            return Some(code_words(code.id));
        }
        let is_called = |project: &&Project| project.number.as_deref().is_some_and(|of| number.starts_with(of));
        let project = self.projects.values().find(is_called)?;
        let of_project = self.sub_jobs.iter().filter(|one| one.project == project.id);
        let sub_job = of_project
            .into_iter()
            .find(|one| number.ends_with(&format!(".{}", one.code)));
        Some(place_words(project.id, sub_job.map(|one| one.id)))
    }

    fn set(
        &mut self,
        kind: Kind,
        id: &RecordId,
        writes: &[(Attribute, Option<String>)],
        sent: Sent,
    ) -> Result<Applied, Refused> {
        let leaves = writes
            .iter()
            .any(|(name, to)| *name == Attribute::Active && to.as_deref() == Some("false"));
        let human = self.human_of_record.get(id).copied();
        if let Some(human) = human.filter(|_| kind == Kind::Employee && leaves)
            && self.is_wanted(human)
            && self.directory_changed[&human] < sent.known - TimeDelta::minutes(10)
        {
            self.blame(format!("human {human} is deactivated and is there"));
        }
        let record = self.records.get_mut(&(kind, id.clone())).ok_or(Refused::NotThere)?;
        for (name, to) in writes {
            record.attributes.set(*name, to.as_deref().unwrap_or_default());
        }
        self.writes += 1;
        Ok(Applied::Nothing)
    }
}

/// What became of a write.
pub enum Applied {
    Entries(Vec<Entry>),
    Record(RecordId),
    Timesheet(TimesheetId),
    Nothing,
}

/// Why the service itself refuses.
#[derive(Debug, Clone, Copy)]
pub enum Refused {
    NotThere,
    Closed,
}

/// The key in a mark, without its fingerprint.
pub fn key_of(mark: &str) -> &str {
    mark.rsplit_once(' ').map_or(mark, |(key, _)| key)
}

fn place_words(project: ProjectId, sub_job: Option<SubJobId>) -> String {
    sub_job.map_or_else(
        || format!("project {project}"),
        |sub_job| format!("project {project}, sub-job {sub_job}"),
    )
}

fn code_words(code: CompanyCodeId) -> String {
    format!("code {code}")
}

/// The time types of Procore, each with the class of hours that it is for.
pub const TIME_TYPES: [(TimeTypeId, &str, HourClass); 3] = [
    (TimeTypeId(1), "Regular Time", HourClass::Regular),
    (TimeTypeId(2), "Overtime", HourClass::Overtime),
    (TimeTypeId(3), "Double Time", HourClass::DoubleTime),
];

fn class_of(time_type: TimeTypeId) -> HourClass {
    let found = TIME_TYPES.into_iter().find(|(id, _, _)| *id == time_type);
    found.map_or(HourClass::Regular, |(_, _, class)| class)
}

fn class_words(class: HourClass) -> &'static str {
    match class {
        HourClass::Regular => "",
        HourClass::Overtime => ", overtime",
        HourClass::DoubleTime => ", double time",
    }
}
