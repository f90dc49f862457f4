//! How Procore writes values, where that is looser than one would think.
//!
//! Numbers come as text and text as numbers (trap 9), an empty association is an object of nulls (trap 24), a list may
//! be null, and a value may be one that nobody has heard of yet (hazard A12).

use std::fmt;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use linx_http::Change;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Another record, as an association names it. `Debug` shows the id only: the name may be a person's.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Named<I> {
    /// The record's id.
    pub id: I,
    /// The record's name; `None` where the answer has none.
    pub name: Option<String>,
}

impl<I: fmt::Debug> fmt::Debug for Named<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

/// What the clock on the wall at the work place showed, in whole seconds.
///
/// Procore labels it UTC and does not shift it by the project's zone (trap 22): `08:00` in Chicago travels as
/// `08:00:00Z`. It is always written in full, since a time in another form may be dropped in silence (hazard A13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime(NaiveDateTime);

impl ClockTime {
    /// This day and time at the work place.
    pub const fn at(local: NaiveDateTime) -> Self {
        Self(local)
    }

    /// Returns the day and time at the work place.
    pub const fn local(self) -> NaiveDateTime {
        self.0
    }
}

/// What an entry that was read shows: its label UTC is taken off.
impl From<DateTime<Utc>> for ClockTime {
    fn from(labelled: DateTime<Utc>) -> Self {
        Self(labelled.naive_utc())
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.and_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Writes minutes as the text that Procore wants, such as `"60"` (procore-api.md section 7.2).
#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)] // serde gives a reference
pub(crate) fn minutes<S: Serializer>(minutes: &Option<u32>, serializer: S) -> Result<S::Ok, S::Error> {
    match minutes {
        Some(minutes) => serializer.collect_str(minutes),
        None => serializer.serialize_none(),
    }
}

/// Writes minutes that are set, as [`minutes`] does.
#[allow(clippy::trivially_copy_pass_by_ref)] // serde gives a reference
pub(crate) fn minutes_set<S: Serializer>(change: &Change<u32>, serializer: S) -> Result<S::Ok, S::Error> {
    match change {
        Change::Set(number) => minutes(&Some(*number), serializer),
        Change::Keep | Change::Clear => change.serialize(serializer),
    }
}

/// Reads an association: null and an object of nulls are both "none".
pub(crate) fn association<'de, I, D>(deserializer: D) -> Result<Option<Named<I>>, D::Error>
where
    I: Deserialize<'de>,
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    struct Loose<I> {
        id: Option<I>,
        name: Option<String>,
    }
    let loose = Option::<Loose<I>>::deserialize(deserializer)?;
    Ok(loose.and_then(|Loose { id, name }| id.map(|id| Named { id, name })))
}

/// Reads text that may come as a number.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Loose {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(Option::<Loose>::deserialize(deserializer)?.map(|loose| match loose {
        Loose::Text(text) => text,
        Loose::Number(number) => number.to_string(),
    }))
}

/// Reads a value that may be null, as its default then.
pub(crate) fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// `Debug` that shows a record's id only, since its other fields may be personal (hazard A14). For every record that may
/// name a person, an address or a text that people type; add it to the test `a14_debug_of_what_was_read_…` as well.
macro_rules! debug_by_id {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("id", &self.id).finish_non_exhaustive()
            }
        }
    )+};
}
pub(crate) use debug_by_id;

/// An enum of Procore's that is open: a value that is not known is kept as text and written back unchanged.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// Any other value, as it was written.
            Unknown(String),
        }

        impl $name {
            /// The value as Procore writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown(text.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)
                    .map(|text| Self::from(text.as_ref()))
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SubJobId;

    open_enum! {
        /// A colour.
        Colour {
            /// Red.
            Red = "red",
        }
    }

    #[derive(Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "association")]
        sub_job: Option<Named<SubJobId>>,
        #[serde(default, deserialize_with = "text")]
        hours: Option<String>,
        #[serde(default, deserialize_with = "or_default")]
        list: Vec<u8>,
    }

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_association_of_nulls_is_none() {
        assert_eq!(row("{}").sub_job, None);
        assert_eq!(row(r#"{"sub_job": null}"#).sub_job, None);
        assert_eq!(row(r#"{"sub_job": {"id": null, "name": null}}"#).sub_job, None);
        let given = row(r#"{"sub_job": {"id": 7, "name": "Tower", "code": "02"}}"#)
            .sub_job
            .unwrap();
        assert_eq!((given.id, given.name.as_deref()), (SubJobId::new(7), Some("Tower")));
    }

    #[test]
    fn text_may_come_as_a_number_and_a_list_as_null() {
        assert_eq!(row(r#"{"hours": "8.0"}"#).hours.as_deref(), Some("8.0"));
        assert_eq!(row(r#"{"hours": 7.5}"#).hours.as_deref(), Some("7.5"));
        assert_eq!(row(r#"{"hours": null, "list": null}"#).hours, None);
        assert!(row(r#"{"list": null}"#).list.is_empty());
        assert_eq!(row(r#"{"list": [1]}"#).list, [1]);
    }

    #[test]
    fn a12_an_unknown_value_is_kept_and_written_back() {
        let known: Colour = serde_json::from_str(r#""red""#).unwrap();
        assert_eq!(known, Colour::Red);
        let unknown: Colour = serde_json::from_str(r#""mauve \u0041""#).unwrap();
        assert_eq!(unknown, Colour::Unknown("mauve A".to_owned()));
        assert_eq!(serde_json::to_string(&unknown).unwrap(), r#""mauve A""#);
        assert_eq!(unknown.to_string(), "mauve A");
    }

    #[test]
    fn a_clock_time_is_labelled_utc_and_never_shifted() {
        let time: NaiveDateTime = "2026-03-08T23:59:30".parse().unwrap();
        let text = serde_json::to_string(&ClockTime::at(time)).unwrap();
        assert_eq!(text, r#""2026-03-08T23:59:30Z""#);
        let read: DateTime<Utc> = serde_json::from_str(&text).unwrap();
        assert_eq!(ClockTime::from(read).local(), time);
    }

    #[test]
    fn a14_debug_of_an_association_shows_no_name() {
        let worker = Named {
            id: SubJobId::new(7),
            name: Some("Ana Delgado".to_owned()),
        };
        assert_eq!(format!("{worker:?}"), "SubJobId(7)");
    }
}
