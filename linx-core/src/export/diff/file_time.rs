//! What a file of time tells of: the people in it, on the days from its first to its last (hazard D28).
//!
//! Of anybody else and of other days it tells nothing, so that files of other crews or other days go beside one another.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::export::facts::ExportFacts;
use crate::model::RecordId;

pub(super) struct FileTime<'a> {
    people: BTreeSet<&'a RecordId>,
    days: Option<RangeInclusive<NaiveDate>>,
}

impl<'a> FileTime<'a> {
    /// `None` where the time comes from a list that has all of it.
    pub(super) fn new(facts: &'a ExportFacts) -> Option<Self> {
        let records = || facts.records.rows.iter();
        let first = records().map(|record| record.work_date).min();
        let last = records().map(|record| record.work_date).max();
        facts.records.partial_by_nature.then(|| Self {
            people: records().map(|record| &record.employee).collect(),
            days: first.zip(last).map(|(first, last)| first..=last),
        })
    }

    /// Whether the file would have time of one of these people on this day, if there was any.
    pub(super) fn covers(&self, people: &BTreeSet<&RecordId>, date: NaiveDate) -> bool {
        self.days.as_ref().is_some_and(|days| days.contains(&date)) && !self.people.is_disjoint(people)
    }
}
