//! Locations: the places where people clock in (exaktime-api.md section 4.2).

use std::fmt;

use linx_http::{Change, Endpoint, Error, ErrorKind, List};
use serde_json::Value;

use crate::client::Client;
use crate::ids::LocationId;
use crate::object::{Object, Reader};
use crate::request::endpoint;
use crate::wire::{AddressWire, LocationWire, WireProfile};

/// A place where people clock in: a job site or an office.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Location {
    /// The service's key.
    pub id: LocationId,
    /// What people see when they clock in. At most 200 characters; several locations may have the same.
    pub name: Option<String>,
    /// The customer's own number, usually the job's. Several locations may have the same.
    pub identifier: Option<String>,
    /// The address; a location without one has an address without parts.
    pub address: Address,
    /// Degrees north, negative in the south.
    pub latitude: Option<f64>,
    /// Degrees east, negative in the Americas.
    pub longitude: Option<f64>,
    /// Whether it is in use: nobody can clock in at one that is not. True where not told.
    pub is_active: bool,
    /// Whether it is an office and no job site; false where not told.
    pub is_office: bool,
    /// Whether people can clock in there; false where not told.
    pub is_time_and_attendance: bool,
    /// The whole record as it was received, with what this type has no field for.
    pub object: Object,
}

/// The address of a location, in parts. A location without one has none of them.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// Street and number.
    pub line1: Option<String>,
    /// A second line, such as a suite; the only part that an address may lack.
    pub line2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province, in the form in which the customer writes it: `AZ` or `Arizona`.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country, in the form in which the customer writes it.
    pub country: Option<String>,
}

/// What is to become of a location's values; what is not named keeps its value. Build it with `..Default::default()`:
/// more values may be added.
#[derive(Clone, Default)]
pub struct LocationChanges {
    /// The name, at most 200 characters. A new location needs one.
    pub name: Change<String>,
    /// The customer's own number.
    pub identifier: Change<String>,
    /// The address, part by part. All parts but the second line must be there in the end, or none.
    pub address: AddressChanges,
    /// Degrees north, negative in the south.
    pub latitude: Change<f64>,
    /// Degrees east, negative in the Americas.
    pub longitude: Change<f64>,
    /// Whether it is in use. A new one is unless this says otherwise.
    pub is_active: Change<bool>,
    /// Whether people can clock in there.
    pub is_time_and_attendance: Change<bool>,
}

/// What is to become of an address. The second line is never changed: it is the customer's own.
#[derive(Clone, Default)]
pub struct AddressChanges {
    /// Street.
    pub line1: Change<String>,
    /// City.
    pub city: Change<String>,
    /// State or province.
    pub state: Change<String>,
    /// Postal code.
    pub postal_code: Change<String>,
    /// Country.
    pub country: Change<String>,
}

/// The id only: an address may be a person's (hazard A14).
impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Location").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Location {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.location);
        let address = match reader.object(&names.address)? {
            Some(address) => Address::read(Reader(address), &wire.address)?,
            None => Address::default(),
        };
        Ok(Self {
            id: reader.id(&names.id, LocationId::read)?,
            name: reader.text(&names.name)?,
            identifier: reader.text(&names.identifier)?,
            address,
            latitude: reader.number(&names.latitude)?,
            longitude: reader.number(&names.longitude)?,
            is_active: reader.flag(&names.is_active)?.unwrap_or(true),
            is_office: reader.flag(&names.is_office)?.unwrap_or(false),
            is_time_and_attendance: reader.flag(&names.is_time_and_attendance)?.unwrap_or(false),
            object: object.clone(),
        })
    }
}

impl Address {
    fn read(reader: Reader<'_>, names: &AddressWire) -> Result<Self, String> {
        Ok(Self {
            line1: reader.text(&names.line1)?,
            line2: reader.text(&names.line2)?,
            city: reader.text(&names.city)?,
            state: reader.text(&names.state)?,
            postal_code: reader.text(&names.postal_code)?,
            country: reader.text(&names.country)?,
        })
    }
}

impl LocationChanges {
    fn apply_to(&self, object: &mut Object, wire: &WireProfile) -> Result<(), Error> {
        let names: &LocationWire = &wire.location;
        self.name.apply_to(object, &names.name);
        self.identifier.apply_to(object, &names.identifier);
        self.address.apply_to(object, &names.address, &wire.address)?;
        self.latitude.apply_to(object, &names.latitude);
        self.longitude.apply_to(object, &names.longitude);
        self.is_active.apply_to(object, &names.is_active);
        self.is_time_and_attendance
            .apply_to(object, &names.is_time_and_attendance);
        Ok(())
    }
}

impl AddressChanges {
    /// Changes the address within `object`. An error if it would be left in part: the service refuses that.
    fn apply_to(&self, object: &mut Object, property: &str, names: &AddressWire) -> Result<(), Error> {
        let before = object.get(property).and_then(Value::as_object).cloned();
        let mut address = before.clone().unwrap_or_default();
        // Whatever stands here must be there in the end.
        let required = [
            (&self.line1, &names.line1),
            (&self.city, &names.city),
            (&self.state, &names.state),
            (&self.postal_code, &names.postal_code),
            (&self.country, &names.country),
        ];
        for (change, name) in required {
            change.apply_to(&mut address, name);
        }
        if before.as_ref() == Some(&address) || (before.is_none() && address.is_empty()) {
            return Ok(());
        }
        let given = |name: &String| address.get(name).is_some_and(|value| !value.is_null());
        let missing: Vec<&str> = required
            .iter()
            .filter(|(_, name)| !given(name))
            .map(|(_, name)| name.as_str())
            .collect();
        let value = match missing.len() {
            0 => Value::Object(address),
            all if all == required.len() => Value::Null,
            _ => {
                let detail = format!(
                    "not sent: an address needs all of its parts, and {} is missing",
                    missing.join(", ")
                );
                return Err(Error::not_applied(ErrorKind::Rejected, detail));
            }
        };
        object.insert(property.to_owned(), value);
        Ok(())
    }
}

impl Client {
    /// Returns the list of locations, in use and not. Reads when its rows are asked for.
    pub fn locations(&self) -> List<Location> {
        let names = &self.wire().location;
        let list = endpoint(Endpoint::get(""), &[&names.path]);
        let id = |location: &Location| location.id.to_string();
        self.rest_list(list, Location::read, id, &names.id)
    }

    /// Returns one location. Reads; may be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is none of this id.
    pub async fn location(&self, id: &LocationId) -> Result<Location, Error> {
        self.get(&[&self.wire().location.path, id.as_str()], Location::read)
            .await
    }

    /// Makes a location and returns it as the service has it. Must not be repeated blindly: the service checks neither
    /// name nor identifier for uniqueness, and a second call makes a second one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rejected`] for an address in part or a text that is too long; nothing was sent then.
    /// After an error that [may have been applied](linx_http::Error::was_applied) it may be there.
    pub async fn create_location(&self, values: &LocationChanges) -> Result<Location, Error> {
        let names = &self.wire().location;
        let mut object = Object::new();
        values.apply_to(&mut object, self.wire())?;
        self.create(&names.path, &names.id, &object, Location::read).await
    }

    /// Changes some values of a location, keeps all others, and returns it.
    /// Sends nothing where nothing changes. May be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) if there is none of this id.
    /// [`Rejected`](ErrorKind::Rejected) for an address that would be left in part or a text that is too long.
    pub async fn update_location(&self, id: &LocationId, changes: &LocationChanges) -> Result<Location, Error> {
        let edit = |object: &mut Object| changes.apply_to(object, self.wire());
        self.replace(&[&self.wire().location.path, id.as_str()], None, edit, Location::read)
            .await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(text: &str) -> Change<String> {
        Change::Set(text.to_owned())
    }

    fn changed(before: &Value, address: AddressChanges) -> Result<Value, Error> {
        let mut object = before.as_object().unwrap().clone();
        let changes = LocationChanges {
            address,
            ..LocationChanges::default()
        };
        changes.apply_to(&mut object, &WireProfile::default())?;
        Ok(Value::Object(object))
    }

    #[test]
    fn a_part_of_an_address_changes_and_the_rest_stays() {
        let before = json!({"address": {"addressLine1": "1 A St", "addressLine2": "Rear", "city": "Mesa", "state": "AZ",
            "postalCode": "85201", "country": "US", "county": "Maricopa"}});
        let after = changed(
            &before,
            AddressChanges {
                line1: set("2 B St"),
                ..AddressChanges::default()
            },
        );
        let after = after.unwrap();
        assert_eq!(after["address"]["addressLine1"], "2 B St");
        assert_eq!(after["address"]["addressLine2"], "Rear");
        assert_eq!(after["address"]["county"], "Maricopa");
        assert_eq!(changed(&before, AddressChanges::default()).unwrap(), before);
    }

    #[test]
    fn an_address_in_part_is_refused_before_it_is_sent() {
        let error = changed(
            &json!({}),
            AddressChanges {
                city: set("Mesa"),
                ..AddressChanges::default()
            },
        )
        .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected);
        assert!(
            error
                .to_string()
                .contains("addressLine1, state, postalCode, country is missing")
        );
        assert!(!error.to_string().contains("Mesa"));
        assert_eq!(changed(&json!({}), AddressChanges::default()).unwrap(), json!({}));
    }

    #[test]
    fn a_location_is_in_use_unless_told_otherwise() {
        let read = |value: Value| Location::read(value.as_object().unwrap(), &WireProfile::default());
        assert!(read(json!({"locationId": 7})).unwrap().is_active);
        assert!(!read(json!({"locationId": 7, "isActive": false})).unwrap().is_active);
        assert!(read(json!({"locationId": 7, "isActive": "no"})).is_err());
        let error = read(json!({"id": 7})).unwrap_err();
        assert_eq!(error, "`locationId` is missing; the object has id");
    }
}
