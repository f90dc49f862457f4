//! What should stand in Procore against what does, per employee and work date (hazards B10, B12, D16 to D19).

mod agree;
mod keeps;
mod without_entry;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::comparison::Comparison;
use super::doubles::Doubles;
use super::entry_index::EntryIndex;
use super::evidence::Evidence;
use super::file_time::FileTime;
use super::kept::{KeptDays, is_recut};
use super::lost_ledger::LostLedger;
use super::marked::refuse_another_mark;
use super::other_hands::note_moved;
use super::our_writes::OurWrites;
use super::relinked::Relinked;
use super::removal::{CorrectedDays, Removal, note_seen, view_of};
use crate::change::{LineAction, LineChange, LineKey};
use crate::export::days::Days;
use crate::export::facts::ExportFacts;
use crate::export::lines::{HeldTime, Line};
use crate::export::select::Chosen;
use crate::export::tally::PlanTally;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Provenance, StoredLine, recover};
use crate::model::{CentiHours, Entry, EntryContent, EntryId, Hours, RecordId, Span, WorkerId};
use crate::settings::ExportSettings;

/// What a line is compared with beside its own entry.
pub(in crate::export) struct Against<'a> {
    /// Lines that stand under another worker than their people count as.
    pub(in crate::export) relinked: Relinked<'a>,
    /// Lines that stand twice by our hand.
    pub(in crate::export) doubles: &'a Doubles<'a>,
    /// What another ledger may have written.
    pub(in crate::export) lost: &'a LostLedger<'a>,
    /// How many hours other hands have on workers' days.
    pub(in crate::export) theirs: BTreeMap<(WorkerId, NaiveDate), CentiHours>,
}

/// Compares the lines of workers, one after the other, with those that Linx wrote before.
pub(in crate::export) struct Compare<'a> {
    facts: &'a ExportFacts,
    entries: &'a EntryIndex<'a>,
    removal: Removal<'a>,
    against: Against<'a>,
    our_writes: OurWrites<'a>,
    /// What the time is of, where it comes from a file.
    file: Option<FileTime<'a>>,
    /// Whether only some places of a day are compared.
    in_part: bool,
}

impl<'a> Compare<'a> {
    /// `linked` is every employee who counts as some worker.
    pub(in crate::export) fn new(
        facts: &'a ExportFacts,
        entries: &'a EntryIndex<'a>,
        chosen: &Chosen<'_>,
        linked: impl Iterator<Item = (&'a RecordId, WorkerId)>,
        against: Against<'a>,
        settings: &ExportSettings,
    ) -> Self {
        Self {
            facts,
            entries,
            removal: Removal::new(facts, entries, Evidence::new(chosen, linked), settings.removals),
            against,
            our_writes: OurWrites::new(&facts.line_writes),
            file: FileTime::new(facts),
            in_part: chosen.in_part,
        }
    }

    /// Notes of which lines a report of what is `held` asks that their entries go, since their people count as somebody else.
    pub(in crate::export) fn note_asked(
        &self,
        days: &RangeInclusive<NaiveDate>,
        held: &[Held],
        found: &mut Comparison,
    ) {
        self.against.relinked.note_asked(days, held, found);
    }

    /// Whether all time of a worker's days was asked for.
    pub(in crate::export) fn judges(&self, worker: WorkerId) -> bool {
        !self.in_part && self.removal.evidence.is_asked(worker)
    }

    /// Whether the time of a line was asked for.
    pub(in crate::export) fn asks(&self, key: &LineKey) -> bool {
        let evidence = &self.removal.evidence;
        if self.in_part {
            evidence.asks_place(key)
        } else {
            evidence.is_asked(key.worker)
        }
    }

    /// Whether both sides of a worker's days were read completely, so that what was not found there is not there. A file proves
    /// nothing of what it lacks, and can be believed of days of which it `has_all` lines that stand.
    pub(in crate::export) fn knows(&self, worker: WorkerId, days: &BTreeSet<NaiveDate>, has_all: bool) -> bool {
        let records = &self.facts.records;
        let in_file = || has_all && records.was_read_whole() && self.judges(worker);
        let time = self.removal.evidence.knows(worker, days) || in_file();
        time && self.facts.entries.proves_absence()
    }

    /// Compares one worker's lines of some days with the baseline; both in order of their keys. What differs is added to
    /// what was `found` of this worker so far.
    pub(in crate::export) fn worker(
        &self,
        lines: &[Line<'_>],
        baseline: &[&StoredLine],
        days: &Days,
        held: &HeldTime,
        found: &mut Comparison,
        tally: &mut PlanTally,
    ) {
        let of_these = baseline.iter().copied().filter(|line| days.contains(line.key.date));
        let mut baseline = of_these.peekable();
        let (mut gone_lines, mut will_stand) = (Vec::new(), Vec::new());
        let (mut kept, mut in_part) = (KeptDays::default(), Vec::new());
        for line in lines {
            while let Some(gone) = baseline.next_if(|stored| stored.key < *line.key) {
                gone_lines.push(gone);
            }
            let stored = baseline.next_if(|stored| stored.key == *line.key);
            if stored.is_some_and(|stored| self.stands_as_sent(line, stored)) {
                found.unchanged += 1;
                will_stand.push(line);
                continue;
            }
            if let Some(stored) = stored {
                self.entries.note_lacked(stored, found);
                note_moved(stored, self.entries, found);
                self.note_kept(stored, line.content.hours, &mut kept, found);
                if lacks_stretches(line, stored) && !held.days.contains(&line.key.date) {
                    in_part.push(stored);
                } else if !self.agrees_on_less(line, stored) {
                    note_seen(stored, found);
                }
            }
            let around = Around {
                held_days: &held.days,
                lines,
            };
            match self.line(line, stored, &around, found) {
                Ok(()) => will_stand.push(line),
                Err(refusal) => {
                    found.note_unwritten(self.unwritten(line, stored), &refusal);
                    let refused = Held::new(line.key, refusal).keeping(line.hours());
                    tally.withhold(refused, line.worked());
                }
            }
        }
        tally.store(will_stand.into_iter().flat_map(Line::worked));
        gone_lines.extend(baseline);
        let mut corrected = CorrectedDays::new(&found.changes);
        self.removal.hold_half_read(&in_part, &mut corrected, found, tally);
        for gone in gone_lines {
            self.entries.note_lacked(gone, found);
            note_moved(gone, self.entries, found);
            self.note_kept(gone, CentiHours::default(), &mut kept, found);
            self.judge_gone(gone, &mut corrected, &held.days, found, tally);
        }
        found
            .kept
            .extend(kept.days(held, |kept, date| self.of_nobody(kept, date)));
    }

    /// What would be written for a line that is refused.
    fn unwritten(&self, line: &Line<'_>, stored: Option<&StoredLine>) -> LineChange {
        let entry = stored.and_then(|stored| self.entries.get(stored.entry));
        let sent = stored.and_then(|stored| stored.sent.as_ref());
        LineChange {
            before: entry.map(|entry| entry.content.hours).or(sent.map(|sent| sent.hours)),
            ..change(line, LineAction::Update, entry.map(|entry| entry.id), "")
        }
    }

    /// Compares a line with what was stored for it. Errors with why it does not stand as it should and is not written.
    fn line(
        &self,
        line: &Line<'_>,
        stored: Option<&StoredLine>,
        around: &Around<'_>,
        found: &mut Comparison,
    ) -> Result<(), Refusal> {
        if let Some(refusal) = self.refused_as_relinked(line, stored) {
            return Err(refusal);
        }
        match (self.against.doubles.of(line.key, stored), stored) {
            (Some(double), _) => double.judge(line, found),
            (None, None) => self.new_line(line, found),
            (None, Some(stored)) => self.known_line(line, stored, around, found),
        }
    }

    /// Judges a line that was sent and has no time any more.
    fn judge_gone(
        &self,
        gone: &StoredLine,
        corrected: &mut CorrectedDays,
        held_days: &BTreeSet<NaiveDate>,
        found: &mut Comparison,
        tally: &mut PlanTally,
    ) {
        if self.against.relinked.left_behind(gone) {
            if let Some(why) = self.against.relinked.why_left(gone) {
                tally.withhold(Held::new(&gone.key, why), []);
            }
            return;
        }
        if self.is_of_nobody(gone) {
            tally.withhold(Held::new(&gone.key, self.against.relinked.told(gone)), []);
            return;
        }
        if let Some(double) = self.against.doubles.of(&gone.key, Some(gone)) {
            let view = view_of(&gone.key, self.facts);
            let refusal = double.judge_gone(&gone.key, view, self.judges(gone.key.worker), found);
            tally.withhold(Held::new(&gone.key, refusal), []);
            return;
        }
        if self.lacks_in_file(gone) && !held_days.contains(&gone.key.date) {
            tally.withhold(Held::new(&gone.key, self.removal.gone_in_part(gone)), []);
            return;
        }
        self.note_recovered(gone, found);
        self.removal.judge(gone, corrected, held_days, found, tally);
    }

    /// Whether a file that would have the time of a line does not have it.
    fn lacks_in_file(&self, gone: &StoredLine) -> bool {
        let covers = |file: &FileTime<'_>| file.covers(&self.against.relinked.employees_of(gone), gone.key.date);
        let stands = || self.entries.get(gone.entry).is_some();
        self.file.as_ref().is_some_and(covers) && self.removal.evidence.is_asked(gone.key.worker) && stands()
    }

    /// Whether a line stands for people who count as nobody by now, and who have no time that day any more: it may have been
    /// entered anew for somebody else.
    fn is_of_nobody(&self, gone: &StoredLine) -> bool {
        let evidence = &self.removal.evidence;
        self.entries.get(gone.entry).is_some()
            && self.against.relinked.has_nobody(gone.key.worker)
            && evidence.lacks_time_of_nobody(&gone.employees, gone.key.date)
    }

    /// Why a line waits until time of its employees is gone from another worker, if it does. One that stands as it should
    /// says nothing: the other one is told (hazard C17).
    fn refused_as_relinked(&self, line: &Line<'_>, stored: Option<&StoredLine>) -> Option<Refusal> {
        let employees = line.worked().map(|worked| worked.employee);
        let refusal = self.against.relinked.refusal(line.key, employees, stored)?;
        let entry = stored.filter(|stored| !self.against.relinked.left_behind(stored));
        let entry = entry.and_then(|stored| self.entries.get(stored.entry));
        let stands = entry.is_some_and(|entry| entry.content == line.content);
        (!stands).then_some(refusal)
    }

    /// Plans the entry of a line that Linx has not written yet. Errors with why it may not be made.
    fn new_line(&self, line: &Line<'_>, found: &mut Comparison) -> Result<(), Refusal> {
        if !self.facts.entries.proves_absence() {
            // It may stand there already; a second one would be paid twice (hazard A1).
            let why = self.facts.entries.incomplete.clone();
            let why = why.unwrap_or_else(|| "an entry of these days could not be read".into());
            return Err(Refusal::new(Reason::IncompleteList, why));
        }
        found
            .changes
            .push(change(line, LineAction::Create, None, "Procore does not have it yet"));
        Ok(())
    }

    /// Compares a line that was written before with its entry, and plans an update where they differ. Errors with why
    /// the entry is not as it should be and stays so.
    fn known_line(
        &self,
        line: &Line<'_>,
        stored: &StoredLine,
        around: &Around<'_>,
        found: &mut Comparison,
    ) -> Result<(), Refusal> {
        let same_as_sent = stored.sent.as_ref() == Some(&line.content);
        let Some(entry) = self.entries.get(stored.entry) else {
            return self.without_entry(line, stored, same_as_sent, found);
        };
        refuse_another_mark(stored, entry)?;
        if entry.content == line.content {
            self.agree(line, stored, around, found);
            found.unchanged += 1;
            return Ok(());
        }
        if (self.in_part || !entry.is_open()) && differs_by_rounding_only(line, entry) {
            // Where the hundredth of a day went was decided when the whole day was sent (hazard D13).
            found.unchanged += 1;
            return Ok(());
        }
        if stored.provenance == Provenance::Adopted && same_as_sent && stored.is_untouched(&entry.content) {
            // It was taken over as it stands, and nothing has changed since (hazard D26).
            found.unchanged += 1;
            return Ok(());
        }
        self.may_update(line, stored, entry, same_as_sent)?;
        let is_less = line.content.hours < entry.content.hours;
        if is_less && (around.held_days.contains(&line.key.date) || self.is_shared(stored)) {
            // The rest of its time may be what is held: nobody is paid less on such an account (hazard D8).
            return Err(Refusal::new(Reason::PartHeld, in_both(line, entry)));
        }
        let why = "the time changed in ExakTime after it was exported";
        found.changes.push(LineChange {
            before: Some(entry.content.hours),
            touched: entry.updated,
            ..change(line, LineAction::Update, Some(entry.id), why)
        });
        Ok(())
    }

    /// Whether a line also carries time of somebody who is not compared with it: who counts as nobody and has time that day, as
    /// another worker, or was not asked for.
    fn is_shared(&self, stored: &StoredLine) -> bool {
        let evidence = &self.removal.evidence;
        let has_time = evidence.of_nobody(&stored.employees, stored.key.date) != Hours::ZERO;
        let whose = self.against.relinked.whose(stored);
        let is_anothers = whose.workers.iter().any(|worker| *worker != stored.key.worker);
        has_time || is_anothers || !evidence.asks_all(&stored.employees)
    }

    /// Whether an entry that differs from its line may be changed: nobody else has, and it is open. Errors with why not.
    fn may_update(
        &self,
        line: &Line<'_>,
        stored: &StoredLine,
        entry: &Entry,
        same_as_sent: bool,
    ) -> Result<(), Refusal> {
        let both = in_both(line, entry);
        if !recover::holds_ours(entry, stored) {
            if let Some(refusal) = self.our_writes.left(entry) {
                return Err(refusal);
            }
            let reason = if same_as_sent {
                Reason::AdjustedInOffice
            } else {
                Reason::EditedOnBothSides
            };
            return Err(Refusal::new(reason, both));
        }
        if same_as_sent && stored.is_untouched(&entry.content) {
            // Procore made something else of it, by its rounding for instance: no person's edit, and nothing to send
            // again.
            return Err(Refusal::new(Reason::StoredDifferently, both));
        }
        if !entry.is_open() {
            return Err(Refusal::new(Reason::EntryLocked, both));
        }
        if self.entries.is_put_back(stored) {
            return Err(Refusal::new(Reason::EditedOnBothSides, both));
        }
        if !entry.parts.is_empty() {
            // Which part it would change, and whether the rules would split it again, nobody can tell (hazard D16).
            return Err(Refusal::new(Reason::SplitByOffice, both));
        }
        if !self.facts.records.proves_absence() && line.content.hours < entry.content.hours {
            // The rest of its time may be in what could not be read: nobody is paid less on such an account.
            return Err(Refusal::new(Reason::IncompleteList, both));
        }
        if !self.facts.entries.proves_absence() && line.content.hours > entry.content.hours {
            // What it would gain may stand in an entry that could not be read (hazard D26).
            return Err(Refusal::new(Reason::IncompleteList, both));
        }
        Ok(())
    }
}

/// What there is beside a line.
struct Around<'a> {
    /// The days that are not complete.
    held_days: &'a BTreeSet<NaiveDate>,
    /// All lines of the worker.
    lines: &'a [Line<'a>],
}

impl Around<'_> {
    /// Whether other lines are the same work in another class or at another time.
    fn is_recut(&self, line: &Line<'_>) -> bool {
        let alike = self.lines.iter().filter(|other| is_recut(line.key, other.key));
        alike.count() > 1
    }
}

/// Whether a line has less than was sent, of fewer stretches: a correction, or a day of which a part was read.
fn lacks_stretches(line: &Line<'_>, stored: &StoredLine) -> bool {
    let is_less = stored.sent.as_ref().is_some_and(|sent| line.content.hours < sent.hours);
    is_less && stored.stretches.is_some_and(|sent| line.stretches() < sent)
}

/// Whether an entry differs from its line only by the rounding of a hundredth: 0.34 h stored for 20 minutes, where the
/// line of a part of the day comes to 0.33 h.
fn differs_by_rounding_only(line: &Line<'_>, entry: &Entry) -> bool {
    let same_hours = EntryContent {
        hours: entry.content.hours,
        ..line.content.clone()
    };
    let by = (entry.content.hours.to_hours() - line.hours()).seconds().abs();
    same_hours == entry.content && by < CentiHours::from_hundredths(1).to_hours().seconds()
}

/// A line as it is on both sides.
fn in_both(line: &Line<'_>, entry: &Entry) -> String {
    format!(
        "{} in Procore, {} in ExakTime (entry {})",
        shown(&entry.content),
        shown(&line.content),
        entry.id
    )
}

/// Hours, with their times where there are any.
fn shown(content: &EntryContent) -> String {
    let hours = format!("{} h", content.hours);
    match content.span.as_deref() {
        Some(Span { start, stop, .. }) => format!("{hours} ({} to {})", start.format("%H:%M"), stop.format("%H:%M")),
        None => hours,
    }
}

fn change(line: &Line<'_>, action: LineAction, entry: Option<EntryId>, why: &str) -> LineChange {
    LineChange {
        key: line.key.clone(),
        action,
        entry,
        content: line.content.clone(),
        before: None,
        view: line.view(),
        why: why.to_owned(),
        carries: line.carries(),
        zone: line.zone(),
        double_of: None,
        touched: None,
    }
}
