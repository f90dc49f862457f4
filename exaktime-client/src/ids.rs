//! Opaque ids as types that cannot be mixed up.
//!
//! Whether the service's ids are numbers or text is not published (exaktime-api.md section 3.3): they are read from
//! either and written back in the form received. Two ids are equal when their texts are.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

/// A text, and whether it came as a number.
#[derive(Clone)]
enum Form {
    Text(String),
    Number(Number, String),
}

impl Form {
    fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(_, text) => text,
        }
    }

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) if !text.is_empty() => Some(Self::Text(text.clone())),
            Value::Number(number) if !number.is_f64() => Some(Self::Number(number.clone(), number.to_string())),
            _ => None,
        }
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Form);

        impl $name {
            /// Returns the id with this text, which is written as a text. An id that was received as a number is written
            /// as a number again: pass on the received one where the form matters.
            pub fn new(text: impl Into<String>) -> Self {
                Self(Form::Text(text.into()))
            }

            /// Returns the text of the id, also if it came as a number.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            pub(crate) fn read(value: &Value) -> Option<Self> {
                Form::read(value).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match &self.0 {
                    Form::Text(text) => serializer.serialize_str(text),
                    Form::Number(number, _) => number.serialize(serializer),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Value::deserialize(deserializer)?;
                Self::read(&value).ok_or_else(|| serde::de::Error::custom("an id is a text or a whole number"))
            }
        }
    )+};
}

ids! {
    /// Of a person, and of the employment that the person has.
    PersonId,
    /// Of a place where people clock in.
    LocationId,
    /// Of an activity that time is booked on.
    CostCodeId,
    /// Of a time record. Not a key: the service recalculates records (exaktime-api.md section 5.5).
    TimeRecordId,
    /// Of a punch of the clock.
    PunchId,
    /// Of a scheduled shift.
    ShiftId,
    /// Of a pay period.
    PayPeriodId,
    /// Of a kind of cost.
    CostTypeId,
    /// Of a job.
    JobId,
    /// Of a department.
    DepartmentId,
    /// Of a position or trade.
    JobCodeId,
    /// Of a pay schedule.
    PayScheduleId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_back_as_it_came() {
        for text in [r#""p-77""#, r#""0042""#, "77", "18446744073709551615", "-3"] {
            let id: PersonId = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&id).unwrap(), text);
        }
        for wrong in ["1.5", "null", r#""""#, "true", "[]"] {
            assert!(serde_json::from_str::<PersonId>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn c7_ids_are_equal_when_their_texts_are() {
        let number: LocationId = serde_json::from_str("42").unwrap();
        assert_eq!(number, LocationId::new("42"));
        assert_ne!(number, LocationId::new("0042"));
        assert!(LocationId::new("0042") < number);
        assert_eq!(format!("{number} {number:?}"), "42 LocationId(42)");
    }
}
