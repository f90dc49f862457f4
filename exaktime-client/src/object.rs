//! Records as JSON objects: read by configured names, changed without losing what we do not know.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::Value;

use crate::wire::WireProfile;

/// A record as the service sent it: every property by its name, also those that this crate knows nothing of.
pub type Object = serde_json::Map<String, Value>;

/// Reads a record by the profile's names, or says which property is not as expected; never a value (hazard A14).
pub(crate) type ReadObject<T> = fn(&Object, &WireProfile) -> Result<T, String>;

/// A reader of one object's properties. Errors name the property and what was expected, never the value (hazard A14).
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a Object);

impl<'a> Reader<'a> {
    fn value(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Returns the property read by `read`; `None` if it is absent or null.
    fn read<T>(
        self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, String> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => read(value)
                .map(Some)
                .ok_or_else(|| format!("`{name}` is not {expected}")),
        }
    }

    /// Returns an id, which must be there.
    pub(crate) fn id<T>(self, name: &str, read: fn(&Value) -> Option<T>) -> Result<T, String> {
        self.maybe_id(name, read)?
            .ok_or_else(|| format!("`{name}` is missing; the object has {}", keys(self.0)))
    }

    /// Returns an id, or none where it is absent or null. So for all that follow.
    pub(crate) fn maybe_id<T>(self, name: &str, read: fn(&Value) -> Option<T>) -> Result<Option<T>, String> {
        self.read(name, "an id", read)
    }

    /// Returns a text; a number is taken for its digits.
    pub(crate) fn text(self, name: &str) -> Result<Option<String>, String> {
        self.read(name, "a text", |value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// Returns a flag; a text such as `"true"` is none.
    pub(crate) fn flag(self, name: &str) -> Result<Option<bool>, String> {
        self.read(name, "true or false", Value::as_bool)
    }

    /// Returns an object within the object.
    pub(crate) fn object(self, name: &str) -> Result<Option<&'a Object>, String> {
        self.read(name, "an object", Value::as_object)
    }

    /// Returns a number.
    pub(crate) fn number(self, name: &str) -> Result<Option<f64>, String> {
        self.read(name, "a number", Value::as_f64)
    }

    /// Returns a decimal as its exact text. A colon is no decimal point (hazard D14).
    pub(crate) fn decimal(self, name: &str) -> Result<Option<String>, String> {
        self.read(name, "a decimal number", |value| match value {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => is_decimal(text.trim()).then(|| text.trim().to_owned()),
            _ => None,
        })
    }

    /// Returns a calendar date: `2026-03-02`, or a date and time of which the date counts, as it stands (hazard D5).
    pub(crate) fn date(self, name: &str) -> Result<Option<NaiveDate>, String> {
        self.read(name, "a date", |value| {
            let text = value.as_str()?;
            let date = text.split_once('T').map_or(text, |(date, _)| date);
            date.parse().ok()
        })
    }

    /// Returns a calendar date that must be there.
    pub(crate) fn required_date(self, name: &str) -> Result<NaiveDate, String> {
        self.date(name)?.ok_or_else(|| format!("`{name}` is missing"))
    }

    /// Returns an instant of RFC 3339; without an offset it is UTC (exaktime-api.md section 3.4).
    pub(crate) fn instant(self, name: &str) -> Result<Option<DateTime<Utc>>, String> {
        self.read(name, "an instant", |value| {
            let text = value.as_str()?;
            let zoned = DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc()).ok();
            zoned.or_else(|| text.parse::<NaiveDateTime>().ok().map(|naive| naive.and_utc()))
        })
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(part)
}

/// The keys of an object, for an error about a name that was guessed wrong.
fn keys(object: &Object) -> String {
    if object.is_empty() {
        "no properties".to_owned()
    } else {
        shown_keys(object.keys())
    }
}

/// Keys as an error shows them: the first thirty. One that is no name of a property, such as a text with blanks in a table by
/// people's names, is shown as `…` (hazard A14).
pub(crate) fn shown_keys<'a>(keys: impl Iterator<Item = &'a String>) -> String {
    let is_name = |key: &str| {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.@$".contains(&byte);
        key.len() <= 60 && key.bytes().all(is_sign)
    };
    let shown: Vec<&str> = keys.take(30).map(|key| if is_name(key) { key } else { "…" }).collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn d14_hours_with_a_colon_are_no_decimal() {
        for (value, read) in [
            (json!("8.30"), Some("8.30")),
            (json!(8.3), Some("8.3")),
            (json!(-0.5), Some("-0.5")),
            (json!("8:30"), None),
            (json!("1,234.50"), None),
            (json!("8."), None),
            (json!("eight"), None),
            (json!(true), None),
        ] {
            let record = object(json!({"hours": value}));
            assert_eq!(
                Reader(&record).decimal("hours").ok().flatten().as_deref(),
                read,
                "{value}"
            );
        }
    }

    #[test]
    fn d5_a_date_stays_the_date_that_is_written() {
        for text in [
            "2026-03-08",
            "2026-03-08T00:00:00",
            "2026-03-08T00:00:00Z",
            "2026-03-08T23:59:59-11:00",
        ] {
            let record = object(json!({"on": text}));
            assert_eq!(
                Reader(&record).date("on").unwrap(),
                NaiveDate::from_ymd_opt(2026, 3, 8),
                "{text}"
            );
        }
        let record = object(json!({"on": "03/08/2026"}));
        assert_eq!(Reader(&record).date("on").unwrap_err(), "`on` is not a date");
    }

    #[test]
    fn an_instant_may_come_with_an_offset_or_without() {
        for text in [
            "2026-03-08T07:00:00Z",
            "2026-03-08T01:00:00-06:00",
            "2026-03-08T07:00:00",
        ] {
            let record = object(json!({"at": text}));
            let read = Reader(&record).instant("at").unwrap().unwrap();
            assert_eq!(read.to_rfc3339(), "2026-03-08T07:00:00+00:00", "{text}");
        }
    }

    #[test]
    fn a14_an_error_names_properties_and_no_values() {
        let record = object(json!({"firstName": "Pat", "active": "yes"}));
        assert_eq!(
            Reader(&record).flag("active").unwrap_err(),
            "`active` is not true or false"
        );
        let missing = Reader(&record).id("personId", crate::PersonId::read).unwrap_err();
        assert_eq!(missing, "`personId` is missing; the object has active, firstName");
    }

    #[test]
    fn a14_a_key_that_is_no_name_is_not_shown() {
        let people = object(json!({"Ana Delgado": 7, "is\u{85}Active": true, "personId": 7, "x".repeat(61): 1}));
        let error = Reader(&people)
            .id("locationId", crate::ids::LocationId::read)
            .unwrap_err();
        assert_eq!(error, "`locationId` is missing; the object has …, …, personId, …");
    }

    proptest! {
        #[test]
        fn no_value_panics(text in ".{0,40}") {
            let record = object(json!({"x": text}));
            let reader = Reader(&record);
            let _ = (reader.date("x"), reader.instant("x"), reader.decimal("x"), reader.text("x"));
        }
    }
}
