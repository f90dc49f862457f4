//! Ids as types that cannot be mixed up.
//!
//! Procore's ids exceed 32 bits in newer regions and are written as numbers by version 1 of its interface and as text
//! by version 2 (procore-api.md sections 1.4 and 8.1). They are read from either and written as numbers.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Unexpected, Visitor};
use serde::{Serialize, Serializer};

/// A text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a Procore id, which is a whole number")]
pub struct IdError {
    /// What was given.
    pub text: String,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The id with this number.
            pub const fn new(number: u64) -> Self {
                Self(number)
            }

            /// Its number.
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self).map_err(|_| IdError { text: text.to_owned() })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u64(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(NumberOrText).map(Self)
            }
        }
    )+};
}

ids! {
    /// A company.
    CompanyId,
    /// A person of the directory, with or without a login. This is the `party_id` of timecards, never the user id
    /// (procore-api.md section 3.1, trap 1).
    PersonId,
    /// A login. Not a person: never a `party_id`.
    UserId,
    /// A project.
    ProjectId,
    /// A sub job of one project.
    SubJobId,
    /// A cost code of one project or of one of its sub jobs; what timecards refer to.
    CostCodeId,
    /// A cost code of the company. It never fits a timecard (trap 5): a project's own cost code links to it.
    StandardCostCodeId,
    /// A cost type, such as labor.
    LineItemTypeId,
    /// A time type, such as overtime.
    TimeTypeId,
    /// A timecard entry.
    TimecardEntryId,
    /// A timesheet: one project's folder of entries for one day.
    TimesheetId,
    /// A segment of the work breakdown structure.
    SegmentId,
    /// A list of company cost codes, or of the items of a segment.
    ListId,
    /// A stage of projects.
    ProjectStageId,
    /// A crew.
    CrewId,
    /// A location of a project.
    LocationId,
    /// A work classification.
    WorkClassificationId,
    /// A person's place in a project's directory.
    MembershipId,
    /// An item of a project's segment. In the cost code segment one integrator found it to be the cost code's id
    /// (procore-api.md section 6.3): look that up rather than trust it.
    ProjectItemId,
    /// A code of a project's work breakdown structure, made of segment items. Also called a task code.
    WbsCodeId,
    /// A person's signature under an entry.
    SignatureId,
}

/// An item of a segment of the work breakdown structure. In the cost code segment it is a company cost code.
pub type SegmentItemId = StandardCostCodeId;

struct NumberOrText;

impl Visitor<'_> for NumberOrText {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as a number or as text")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<u64, E> {
        u64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<u64, E> {
        text.parse().map_err(|_| E::custom("the text is not an id"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_from_a_number_or_a_text_and_written_as_a_number() {
        let both: Vec<PersonId> = serde_json::from_str(r#"[562949953421312, "562949953421312"]"#).unwrap();
        assert_eq!(both, [PersonId::new(562_949_953_421_312); 2]);
        assert_eq!(serde_json::to_string(&both[0]).unwrap(), "562949953421312");
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for wrong in ["-1", "1.5", r#""abc""#, r#""""#, "null", "true"] {
            assert!(serde_json::from_str::<ProjectId>(wrong).is_err(), "{wrong}");
        }
        let error = "24-001".parse::<ProjectId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`24-001` is not a Procore id, which is a whole number"
        );
    }

    #[test]
    fn an_id_prints_and_parses_as_its_number() {
        let id: SubJobId = "416001".parse().unwrap();
        assert_eq!(id.to_string(), "416001");
        assert_eq!(id.get(), 416_001);
        assert!(id < SubJobId::new(416_002));
    }
}
