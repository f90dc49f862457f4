//! What is kept of an entry: itself, what overtime splits off, and what was changed in it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::answer::{Refusal, invalid};
use super::entry_rows::flat_row;
use super::entry_rules::new_entry;
use super::fields::read;
use super::hours;
use super::state::{OvertimeRule, State};
use super::tables::{Entry, RecordedChange};
use crate::ids::{ProjectId, TimecardEntryId};

/// The fields whose changes are kept.
const HISTORY: [&str; 16] = [
    "date",
    "project_id",
    "hours",
    "time_in",
    "time_out",
    "lunch_time",
    "party_id",
    "sub_job_id",
    "cost_code_id",
    "line_item_type_id",
    "wbs_code_id",
    "timecard_time_type_id",
    "work_classification_id",
    "billable",
    "description",
    "approval_status",
];

/// Creates the entries of `rows`, whose project must be `project` if there is one, and returns the ids of all of them.
/// Whether one bad row spoils the others is a switch of the state.
pub(super) fn create_all(
    state: &mut State,
    rows: &[Map<String, Value>],
    project: Option<ProjectId>,
    now: DateTime<Utc>,
) -> Result<Vec<TimecardEntryId>, Refusal> {
    let before = (state.entries.clone(), state.next_entry);
    let mut ids = Vec::new();
    for fields in rows {
        let stored = read(fields, "project_id").and_then(|named| match named {
            Some(named) if project.is_none_or(|project| project == named) => new_entry(state, named, fields, now),
            _ => Err(invalid("project_id", "must be the project of the path")),
        });
        match stored {
            Ok(entry) => ids.extend(store(state, entry, fields, now)),
            Err(_) if state.bulk_create_keeps_good_ones => {}
            Err(refusal) => {
                (state.entries, state.next_entry) = before;
                return Err(refusal);
            }
        }
    }
    Ok(ids)
}

/// Stores an entry that was checked, notes what changed, and splits it where the overtime rule wants. Gives the ids of
/// all that it is now, its own first.
pub(super) fn store(
    state: &mut State,
    mut entry: Entry,
    fields: &Map<String, Value>,
    now: DateTime<Utc>,
) -> Vec<TimecardEntryId> {
    let id = entry.id;
    state.next_entry = state.next_entry.max(id.get() + 1);
    let automatic = fields.get("set_timecard_time_type_automatically") == Some(&Value::Bool(true));
    let rule = state
        .overtime
        .filter(|rule| rule.always || automatic || entry.time_type.is_none());
    let over = rule.and_then(|rule| split(state, &mut entry, rule));
    note_changes(state, &entry, now);
    state.entries.insert(id, entry);
    let sibling = over.map(|mut over| {
        over.id = state.next_entry_id();
        state.next_entry = over.id.get() + 1;
        let id = over.id;
        state.entries.insert(id, over);
        id
    });
    [id].into_iter().chain(sibling).collect()
}

/// Gives `entry` its time type and takes off the hours over the day's regular ones, which are given back as an entry of
/// their own. It keeps the mark of the writer (`origin_data`) and not its key, which is unique. An entry that was split
/// before counts anew.
fn split(state: &mut State, entry: &mut Entry, rule: OvertimeRule) -> Option<Entry> {
    let id = entry.id;
    state.entries.retain(|_, other| other.split_of != Some(id));
    let of_day = |other: &&Entry| other.id != id && (other.party, other.date) == (entry.party, entry.date);
    let regular: u64 = state
        .live_entries()
        .filter(of_day)
        .filter(|other| other.time_type != Some(rule.overtime))
        .filter_map(|other| hours::parts(other.hours.as_deref()?))
        .sum();
    let worked = hours::parts(entry.hours.as_deref()?)?;
    let room = (u64::from(rule.daily_hours) * hours::PARTS).saturating_sub(regular);
    entry.time_type = Some(if room == 0 { rule.overtime } else { rule.regular });
    if room == 0 || worked <= room {
        return None;
    }
    let over = Entry {
        hours: Some(hours::text(worked - room)),
        time_in: None,
        time_out: None,
        lunch_minutes: None,
        time_type: Some(rule.overtime),
        split_of: Some(id),
        origin_id: None,
        ..entry.clone()
    };
    entry.hours = Some(hours::text(room));
    Some(over)
}

/// Notes every field in which `entry` differs from what is stored.
fn note_changes(state: &mut State, entry: &Entry, now: DateTime<Utc>) {
    let Some(stored) = state.entries.get(&entry.id) else {
        return;
    };
    let as_text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let (before, after) = (flat_row(stored), flat_row(entry));
    let changes = HISTORY.iter().filter(|column| before[**column] != after[**column]);
    let changes: Vec<RecordedChange> = changes
        .map(|column| RecordedChange {
            entry: entry.id,
            column,
            old: as_text(&before[*column]),
            new: as_text(&after[*column]),
            at: now,
        })
        .collect();
    state.changes.extend(changes);
}
