//! A field-side record as named values: what the three-way merge compares.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::called;
use super::ids::{IdError, Kind, RecordId};

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident, $text:literal;)+) => {
        /// The name of a value that Linx keeps in step between both sides. The order is that in which a plan shows them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Attribute {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
        }

        impl Attribute {
            /// Every attribute, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Returns the name in plans, settings and the ledger, such as `first_name`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

attributes! {
    /// The customer's own number or code of the record, by which it is matched with Procore's.
    Identifier, "identifier";
    /// Name of a place or code.
    Name, "name";
    /// First name of a person.
    FirstName, "first_name";
    /// Last name of a person.
    LastName, "last_name";
    /// Work e-mail address.
    Email, "email";
    /// Job title.
    JobTitle, "job_title";
    /// Street address.
    AddressLine1, "address_line1";
    /// City.
    City, "city";
    /// State or province code.
    State, "state";
    /// Postal code.
    PostalCode, "postal_code";
    /// Country code.
    Country, "country";
    /// Degrees north, as decimal text.
    Latitude, "latitude";
    /// Degrees east, as decimal text.
    Longitude, "longitude";
    /// `true` or `false`. A change of it is a deactivation or a reactivation.
    Active, "active";
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Attribute {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::ALL
            .iter()
            .copied()
            .find(|name| name.as_str() == text)
            .ok_or_else(|| IdError {
                text: text.to_owned(),
                expected: "the name of an attribute",
            })
    }
}

/// The values of a record by their names. A blank value is no value, so that a blank can never erase one (hazard C14).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<Attribute, String>);

impl Attributes {
    /// Returns the value of that name, if there is one; never a blank one.
    pub fn get(&self, name: Attribute) -> Option<&str> {
        self.0.get(&name).map(String::as_str)
    }

    /// Sets a value without the blanks at its ends. A value of nothing but blanks removes the name.
    pub fn set(&mut self, name: Attribute, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, value.to_owned());
        }
    }

    /// Returns the same values with this one set; `None` changes nothing.
    #[must_use]
    pub fn with<'a>(mut self, name: Attribute, value: impl Into<Option<&'a str>>) -> Self {
        if let Some(value) = value.into() {
            self.set(name, value);
        }
        self
    }

    /// Returns the same values with [`Attribute::Active`] set.
    #[must_use]
    pub fn with_active(self, active: bool) -> Self {
        self.with(Attribute::Active, if active { "true" } else { "false" })
    }

    /// Whether the record is active. It is unless [`Attribute::Active`] is `false`, since most lists do not say.
    pub fn is_active(&self) -> bool {
        self.get(Attribute::Active) != Some("false")
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the values in the order of [`Attribute`].
    pub fn iter(&self) -> impl Iterator<Item = (Attribute, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Returns what a person calls the record: the name of a place or code, or first and last name.
    pub fn title(&self) -> String {
        match self.get(Attribute::Name) {
            Some(name) => name.to_owned(),
            None => [Attribute::FirstName, Attribute::LastName]
                .into_iter()
                .filter_map(|name| self.get(name))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}

/// An employee, location or cost code as ExakTime has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Record {
    /// Whether it is an employee, a location or a cost code.
    pub kind: Kind,
    /// ExakTime's id, unique among records of its kind only.
    pub id: RecordId,
    /// The values that Linx keeps in step; ExakTime may have others.
    pub attributes: Attributes,
    /// Whether ExakTime keeps it for itself, as the codes In and Out. Such a record is never written (exaktime-api.md
    /// section 5.2).
    pub protected: bool,
}

impl Record {
    /// Whether a person means this record by a word: its number or code, or its id, exactly as written.
    pub fn is_called(&self, word: &str) -> bool {
        let number = self.attributes.get(Attribute::Identifier);
        called::is_called(word, [number], Some(self.id.as_str()), called::exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c14_a_blank_is_no_value() {
        let attributes = Attributes::default()
            .with(Attribute::Email, "  ")
            .with(Attribute::Name, " Yard ");
        assert_eq!(attributes.get(Attribute::Email), None);
        assert_eq!(attributes.get(Attribute::Name), Some("Yard"));
    }

    #[test]
    fn every_name_survives_its_text() {
        for &name in Attribute::ALL {
            assert_eq!(name.as_str().parse(), Ok(name));
            assert_eq!(serde_json::to_value(name).unwrap(), name.as_str());
        }
    }
}
