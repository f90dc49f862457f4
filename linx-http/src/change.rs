//! Partial updates: what is to become of one property.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// What is to become of a property in a partial update.
///
/// To leave a property as it is, to empty it and to set it are three things, where an `Option` can say only two. In a
/// request type, a property that is kept is left out: `#[serde(skip_serializing_if = "Change::is_keep")]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is set to null.
    Clear,
    /// It is set to this.
    Set(T),
}

impl<T> Change<T> {
    /// Whether the property stays as it is.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T: Serialize> Change<T> {
    /// Makes the change to the property `name` of `object`.
    ///
    /// What says the same already keeps its form: `33.0` is not written over `33`, and null not where nothing is. So an
    /// object that needs no change stays equal to itself.
    pub fn apply_to(&self, object: &mut Map<String, Value>, name: &str) {
        let value = match self {
            Self::Keep => return,
            Self::Clear => Value::Null,
            Self::Set(value) => serde_json::to_value(value).unwrap_or(Value::Null),
        };
        if !is_same(object.get(name).unwrap_or(&Value::Null), &value) {
            object.insert(name.to_owned(), value);
        }
    }
}

/// A value is set; `None` keeps what is there.
impl<T> From<Option<T>> for Change<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

/// Writes null or the value. To write what is to be kept is an error: null in its place would empty it.
impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => Err(serde::ser::Error::custom("a property that is kept is left out")),
            Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

/// Whether two values say the same: `33` and `33.0` do.
fn is_same(a: &Value, b: &Value) -> bool {
    a == b
        || match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => a.to_bits() == b.to_bits(),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn absent_null_and_a_value_are_three_states() {
        let mut record = object(json!({"a": 1, "b": "x"}));
        Change::<String>::Keep.apply_to(&mut record, "b");
        Change::<String>::Clear.apply_to(&mut record, "absent");
        Change::Set("x".to_owned()).apply_to(&mut record, "b");
        Change::Set(1.0).apply_to(&mut record, "a");
        assert_eq!(
            record,
            object(json!({"a": 1, "b": "x"})),
            "what says the same is left alone"
        );
        Change::<String>::Clear.apply_to(&mut record, "b");
        Change::Set(true).apply_to(&mut record, "c");
        assert_eq!(record, object(json!({"a": 1, "b": null, "c": true})));
    }

    #[test]
    fn what_is_kept_is_left_out_and_never_written_as_null() {
        #[derive(Serialize)]
        struct Update {
            #[serde(skip_serializing_if = "Change::is_keep")]
            name: Change<&'static str>,
        }
        let written = |name| serde_json::to_value(Update { name }).unwrap();
        assert_eq!(written(Change::Keep), json!({}));
        assert_eq!(written(Change::Clear), json!({"name": null}));
        assert_eq!(written(Some("x").into()), json!({"name": "x"}));
        assert!(serde_json::to_value(Change::<u8>::Keep).is_err());
    }
}
