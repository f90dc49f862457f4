//! What the imitation speaks: it keeps the default names, and translates what comes and goes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::object::Object;
use crate::wire::{LoginWire, WireProfile};

/// A way in which the service may turn out to speak.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dialect {
    /// Names, header and login: the profile that a client of this dialect needs.
    pub wire: WireProfile,
    /// The property that holds the rows of a REST list; none for a bare array.
    pub envelope: Option<String>,
    /// Whether ids are sent as numbers instead of texts.
    pub numbered: bool,
}

impl Dialect {
    /// Returns the assumed one (exaktime-api.md section 8).
    pub fn assumed() -> Self {
        Self::default()
    }

    /// Returns another one: a login, an envelope, ids that are numbers, and other names for nearly everything.
    pub fn other() -> Self {
        let mut wire = WireProfile::default();
        "X-Arcoro-Key".clone_into(&mut wire.key.header);
        "Key ".clone_into(&mut wire.key.prefix);
        wire.login = Some(LoginWire {
            path: "/v1/Auth/Token".to_owned(),
            field: "subscriptionKey".to_owned(),
            token: "/data/accessToken".to_owned(),
            lifetime: "/data/expiresIn".to_owned(),
            ..LoginWire::default()
        });
        "page".clone_into(&mut wire.list.page);
        "perPage".clone_into(&mut wire.list.page_size);
        wire.list.envelopes = vec!["rows".to_owned()];
        for (group, names) in wire.groups() {
            for (field, name) in names {
                if let Some((.., other)) = OTHER.iter().find(|(g, f, _)| *g == group && *f == field) {
                    (*other).clone_into(name);
                }
            }
        }
        Self {
            wire,
            envelope: Some("rows".to_owned()),
            numbered: true,
        }
    }

    /// Returns both: what holds for a client has to hold on each.
    pub fn both() -> [Self; 2] {
        [Self::assumed(), Self::other()]
    }
}

/// What the other dialect calls by another name.
const OTHER: [(&str, &str, &str); 49] = [
    ("person", "id", "userId"),
    ("person", "first_name", "givenName"),
    ("person", "last_name", "familyName"),
    ("person", "work_email", "email"),
    ("person", "identifier", "employeeNumber"),
    ("person", "username", "userName"),
    ("person", "is_deleted", "deleted"),
    ("employment", "status", "employmentStatus"),
    ("employment", "job_title", "title"),
    ("location", "id", "id"),
    ("location", "name", "locationName"),
    ("location", "identifier", "number"),
    ("location", "latitude", "lat"),
    ("location", "longitude", "lng"),
    ("location", "is_active", "active"),
    ("location", "is_time_and_attendance", "timeAndAttendance"),
    ("address", "line1", "street1"),
    ("address", "line2", "street2"),
    ("address", "postal_code", "zip"),
    ("cost_code", "id", "id"),
    ("cost_code", "identifier", "code"),
    ("cost_code", "is_active", "active"),
    ("cost_type", "id", "id"),
    ("job", "id", "id"),
    ("job", "identifier", "number"),
    ("job", "is_active", "active"),
    ("department", "id", "id"),
    ("job_code", "id", "id"),
    ("pay_schedule", "id", "id"),
    ("time_record", "person", "UserId"),
    ("time_record", "start", "StartDateTime"),
    ("time_record", "stop", "StopDateTime"),
    ("time_record", "regular", "Regular"),
    ("time_record", "overtime", "OT1"),
    ("time_record", "double_time", "OT2"),
    ("time_record", "comment", "Comments"),
    ("hour_group", "person", "UserId"),
    ("hour_group", "group", "HourType"),
    ("punch", "person", "UserId"),
    ("punch", "at", "PunchDateTime"),
    ("shift", "person", "UserId"),
    ("shift", "start", "StartDateTime"),
    ("shift", "end", "EndDateTime"),
    ("approval", "person", "UserId"),
    ("approval", "kind", "ApprovalLevel"),
    ("pay_period", "is_closed", "Closed"),
    ("pay_period", "kind", "PayPeriodType"),
    ("pay_period_approval", "person", "UserId"),
    ("pay_period_approval", "kind", "ApprovalLevel"),
];

/// Pairs of a name in the tables and the dialect's.
type Pairs = Vec<(String, String)>;

/// Translates from the dialect to the names of the tables, and back.
pub(super) struct Translator {
    pub(super) dialect: Dialect,
    groups: HashMap<&'static str, Pairs>,
    /// Where ids are numbers: the ids of the tables in the order in which they were first sent.
    ids: Mutex<Vec<String>>,
}

/// The first number that stands for an id.
const FIRST_NUMBER: usize = 70_001;
/// The properties that hold a word of [`crate::wire::ValueWire`].
const WORDS: [&str; 4] = ["status", "displayOption", "ApprovalType", "HourGroup"];

impl Translator {
    pub(super) fn of(dialect: Dialect) -> Self {
        let (mut own, mut translated) = (WireProfile::default(), dialect.wire.clone());
        let pairs = |(own, translated): (Vec<(_, &mut String)>, Vec<(_, &mut String)>)| {
            let pairs = own.into_iter().zip(translated);
            pairs
                .map(|((_, own), (_, translated))| (own.clone(), translated.clone()))
                .collect()
        };
        let groups = own.groups().into_iter().zip(translated.groups());
        let groups = groups
            .map(|((group, own), (_, translated))| (group, pairs((own, translated))))
            .collect();
        Self {
            dialect,
            groups,
            ids: Mutex::default(),
        }
    }

    fn pairs<'a>(&'a self, groups: &'a [&'a str]) -> impl Iterator<Item = &'a (String, String)> {
        groups.iter().filter_map(|group| self.groups.get(*group)).flatten()
    }

    /// Returns the dialect's name for a property of one of the groups.
    pub(super) fn name<'a>(&'a self, groups: &[&str], own: &'a str) -> &'a str {
        let mut groups = groups.iter().filter_map(|group| self.groups.get(*group));
        let found = groups.find_map(|pairs| pairs.iter().find(|(name, _)| name == own));
        found.map_or(own, |(_, translated)| translated.as_str())
    }

    /// Returns the tables' name for one of the dialect's. A name of the tables that the dialect does not use means
    /// nothing.
    fn own(&self, groups: &[&str], translated: &str) -> String {
        let pairs = || self.pairs(groups);
        match pairs().find(|(_, name)| name == translated) {
            Some((own, _)) => own.clone(),
            None if pairs().any(|(own, _)| own == translated) => meaningless(translated),
            None => translated.to_owned(),
        }
    }

    /// Returns a record of the tables as the dialect has it.
    pub(super) fn in_dialect(&self, groups: &[&str], record: Object) -> Object {
        if self.is_identity() {
            return record;
        }
        let translated = record.into_iter().map(|(own, value)| {
            let value = match value {
                Value::Object(part) if own == "address" => Value::Object(self.in_dialect(&["address"], part)),
                value if is_id(&own) => self.id_in_dialect(value),
                Value::String(word) if WORDS.contains(&own.as_str()) => {
                    Value::from(self.name(&["value"], &word).to_owned())
                }
                value => value,
            };
            (self.name(groups, &own).to_owned(), value)
        });
        translated.collect()
    }

    /// Returns what came in the dialect as the tables have it.
    pub(super) fn as_stored(&self, groups: &[&str], record: Object) -> Object {
        if self.is_identity() {
            return record;
        }
        let translated = record.into_iter().map(|(translated, value)| {
            let own = self.own(groups, &translated);
            let value = match value {
                Value::Object(part) if own == "address" => Value::Object(self.as_stored(&["address"], part)),
                value if is_id(&own) => self.id_as_stored(value),
                Value::String(word) if WORDS.contains(&own.as_str()) => Value::from(self.own(&["value"], &word)),
                value => value,
            };
            (own, value)
        });
        translated.collect()
    }

    /// Returns the query of a list with the names of the tables.
    pub(super) fn query_as_stored(&self, groups: &[&str], query: HashMap<String, String>) -> HashMap<String, String> {
        let list = &self.dialect.wire.list;
        let translated = |name: String| match name {
            name if name == list.page => "pageNumber".to_owned(),
            name if name == list.page_size => "pageSize".to_owned(),
            name if name == "pageNumber" || name == "pageSize" => meaningless(&name),
            name => self.own(groups, &name),
        };
        query
            .into_iter()
            .map(|(name, value)| (translated(name), value))
            .collect()
    }

    /// Returns an id, or a list of ids, as the dialect writes it.
    pub(super) fn id_in_dialect(&self, id: Value) -> Value {
        match id {
            Value::String(id) if self.dialect.numbered => {
                let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
                let place = ids.iter().position(|known| *known == id).unwrap_or_else(|| {
                    ids.push(id);
                    ids.len() - 1
                });
                json!(FIRST_NUMBER + place)
            }
            Value::Array(ids) => ids.into_iter().map(|id| self.id_in_dialect(id)).collect(),
            other => other,
        }
    }

    fn id_as_stored(&self, id: Value) -> Value {
        match id {
            Value::Number(number) => Value::from(self.id_text_as_stored(&number.to_string())),
            Value::Array(ids) => ids.into_iter().map(|id| self.id_as_stored(id)).collect(),
            other => other,
        }
    }

    /// Returns the id that the tables have for the text of one in an address.
    pub(super) fn id_text_as_stored(&self, text: &str) -> String {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let place = text
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(FIRST_NUMBER));
        let known = place.filter(|_| self.dialect.numbered).and_then(|place| ids.get(place));
        known.cloned().unwrap_or_else(|| text.to_owned())
    }

    /// Returns the rows of a REST list as they are sent.
    pub(super) fn enclose(&self, rows: Value) -> Value {
        match &self.dialect.envelope {
            Some(name) => json!({name: rows}),
            None => rows,
        }
    }

    /// Whether nothing has to be translated.
    fn is_identity(&self) -> bool {
        self.dialect == Dialect::assumed()
    }
}

/// The name under which a property that means nothing to the service is kept.
fn meaningless(name: &str) -> String {
    format!("unheard.{name}")
}

/// Whether a property of the account holds an id, or several.
fn is_id(own: &str) -> bool {
    own.ends_with("Id") || own.ends_with("Ids")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_translated_comes_back_the_same() {
        let translator = Translator::of(Dialect::other());
        let record = json!({"personId": "p-1", "firstName": "Pat", "status": "Active", "badgeColor": "orange"});
        let record = record.as_object().unwrap().clone();
        let groups = ["person", "employment"];
        let translated = translator.in_dialect(&groups, record.clone());
        assert_eq!(
            Value::Object(translated.clone()),
            json!({"userId": 70_001, "givenName": "Pat", "employmentStatus": "Active", "badgeColor": "orange"})
        );
        assert_eq!(translator.as_stored(&groups, translated), record);
        let foreign = json!({"firstName": "Pat"}).as_object().unwrap().clone();
        assert!(
            !translator.as_stored(&groups, foreign).contains_key("firstName"),
            "this dialect has another name for it"
        );
        assert_eq!(translator.id_text_as_stored("70001"), "p-1");
        assert_eq!(translator.id_text_as_stored("70009"), "70009");
    }

    #[test]
    fn every_other_name_is_one_that_the_profile_has() {
        let (mut own, mut other) = (WireProfile::default(), Dialect::other().wire);
        let names = |wire: &mut WireProfile| -> Vec<String> {
            wire.groups()
                .into_iter()
                .flat_map(|(_, names)| names)
                .map(|(_, name)| name.clone())
                .collect()
        };
        let differing = names(&mut own)
            .iter()
            .zip(names(&mut other))
            .filter(|(own, other)| *own != other)
            .count();
        assert_eq!(differing, OTHER.len());
    }
}
