//! What is held or left out, and why.
//!
//! *Held* needs a person and is tried again at the next run. *Left out* follows a rule and needs nobody. Nothing is
//! dropped without one of these.

mod reason;
mod refusal;
mod remedy;
mod subject;

pub use reason::{Disposition, Reason};
pub use refusal::Refusal;
pub use remedy::{Fix, Remedy};
pub use subject::{List, Subject};

use serde::{Deserialize, Serialize};

use crate::model::Hours;

/// Something that was not written, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// What it is, by the ids of its system; no names.
    pub subject: Subject,
    /// Why.
    pub reason: Reason,
    /// What is particular to this one, or empty.
    pub detail: String,
    /// The hours it keeps back, where it is time.
    pub hours: Option<Hours>,
}

/// Kind, id, code, reason and fix as text; detail and seconds where there are any. The program says the fix in its own
/// words.
impl Serialize for Held {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut held = serializer.serialize_struct("Held", 7)?;
        held.serialize_field("kind", self.subject.kind())?;
        held.serialize_field("id", &self.subject.id())?;
        held.serialize_field("code", &self.reason)?;
        held.serialize_field("reason", self.reason.why())?;
        held.serialize_field("fix", &self.reason.fix())?;
        if self.detail.is_empty() {
            held.skip_field("detail")?;
        } else {
            held.serialize_field("detail", &self.detail)?;
        }
        match self.hours {
            Some(hours) => held.serialize_field("seconds", &hours)?,
            None => held.skip_field("seconds")?,
        }
        held.end()
    }
}

/// Reads what [`Serialize`] writes; the sentences come from the catalogue.
impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            kind: String,
            id: String,
            code: Reason,
            #[serde(default)]
            detail: String,
            #[serde(default)]
            seconds: Option<Hours>,
        }
        let wire = Wire::deserialize(deserializer)?;
        Ok(Self {
            subject: Subject::read(&wire.kind, &wire.id).map_err(serde::de::Error::custom)?,
            reason: wire.code,
            detail: wire.detail,
            hours: wire.seconds,
        })
    }
}

impl Held {
    /// Something that keeps back no hours.
    pub fn new(subject: impl Into<Subject>, refusal: impl Into<Refusal>) -> Self {
        let Refusal { reason, detail } = refusal.into();
        Self {
            subject: subject.into(),
            reason,
            detail,
            hours: None,
        }
    }

    /// The same with the hours it keeps back.
    #[must_use]
    pub fn keeping(mut self, hours: Hours) -> Self {
        self.hours = Some(hours);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_survives_json() {
        let refusal = Refusal::new(Reason::OpenRecord, "2026-03-13");
        let held = Held::new(Subject::TimeRecord("tr-1".into()), refusal).keeping(Hours::from_minutes(5));
        let json = serde_json::to_value(&held).unwrap();
        assert_eq!((&json["kind"], &json["id"]), (&"time_record".into(), &"tr-1".into()));
        assert_eq!(json["code"], "open_record");
        assert!(json["reason"].as_str().is_some() && json["fix"].as_str().is_some());
        assert_eq!(serde_json::from_value::<Held>(json).unwrap(), held);
    }
}
