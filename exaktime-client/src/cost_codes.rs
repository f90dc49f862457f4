//! Cost codes: the activities that time is booked on (exaktime-api.md section 4.4).

use linx_http::{Change, Endpoint, Error, List};

use crate::client::Client;
use crate::ids::CostCodeId;
use crate::object::{Object, Reader};
use crate::request::endpoint;
use crate::wire::{CostCodeWire, WireProfile};

/// An activity that time is booked on, such as `03-300` for concrete.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CostCode {
    /// The service's key.
    pub id: CostCodeId,
    /// The customer's own code, such as `03-300`; unique in the account, at most 200 characters.
    pub identifier: Option<String>,
    /// What people see as they clock in; unique in the account, at most 200 characters.
    pub name: Option<String>,
    /// Whether time can be booked on it; true where not told.
    pub is_active: bool,
    /// Made by the service for itself (In and Out) and hidden from people: never touch it.
    pub is_system: bool,
    /// The whole record as it was received, with what this type has no field for.
    pub object: Object,
}

/// What is to become of a cost code's values; what is not named keeps its value. A new one needs identifier and name.
/// Build it with `..Default::default()`: more values may be added.
#[derive(Debug, Clone, Default)]
pub struct CostCodeChanges {
    /// The customer's own code; unique in the account.
    pub identifier: Change<String>,
    /// What people see; unique in the account.
    pub name: Change<String>,
    /// Whether time can be booked on it. A new one is in use unless this says otherwise.
    pub is_active: Change<bool>,
}

impl CostCode {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.cost_code);
        Ok(Self {
            id: reader.id(&names.id, CostCodeId::read)?,
            identifier: reader.text(&names.identifier)?,
            name: reader.text(&names.name)?,
            is_active: reader.flag(&names.is_active)?.unwrap_or(true),
            is_system: reader.text(&names.display_option)?.as_deref() == Some(wire.value.system.as_str()),
            object: object.clone(),
        })
    }
}

impl CostCodeChanges {
    fn apply_to(&self, object: &mut Object, names: &CostCodeWire) {
        self.identifier.apply_to(object, &names.identifier);
        self.name.apply_to(object, &names.name);
        self.is_active.apply_to(object, &names.is_active);
    }
}

impl Client {
    /// Returns the list of cost codes, in use and not, the service's own among them. Reads when its rows are asked for.
    pub fn cost_codes(&self) -> List<CostCode> {
        let names = &self.wire().cost_code;
        let list = endpoint(Endpoint::get(""), &[&names.path]);
        let id = |code: &CostCode| code.id.to_string();
        self.rest_list(list, CostCode::read, id, &names.id)
    }

    /// Returns one cost code. Reads; may be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is none of this id.
    pub async fn cost_code(&self, id: &CostCodeId) -> Result<CostCode, Error> {
        self.get(&[&self.wire().cost_code.path, id.as_str()], CostCode::read)
            .await
    }

    /// Makes a cost code and returns it as the service has it. Must not be repeated blindly.
    ///
    /// # Errors
    ///
    /// [`Conflict`](linx_http::ErrorKind::Conflict) or [`Rejected`](linx_http::ErrorKind::Rejected) if the identifier
    /// or the name is taken. After an error that [may have been applied](linx_http::Error::was_applied) it may be
    /// there.
    pub async fn create_cost_code(&self, values: &CostCodeChanges) -> Result<CostCode, Error> {
        let names = &self.wire().cost_code;
        let mut object = Object::new();
        values.apply_to(&mut object, names);
        self.create(&names.path, &names.id, &object, CostCode::read).await
    }

    /// Changes some values of a cost code, keeps all others, and returns it.
    /// Sends nothing where nothing changes. May be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is none of this id.
    /// [`Forbidden`](linx_http::ErrorKind::Forbidden) for one of the service's own.
    pub async fn update_cost_code(&self, id: &CostCodeId, changes: &CostCodeChanges) -> Result<CostCode, Error> {
        let names = &self.wire().cost_code;
        let edit = |object: &mut Object| {
            changes.apply_to(object, names);
            Ok(())
        };
        self.replace(&[&names.path, id.as_str()], None, edit, CostCode::read)
            .await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_services_own_codes_are_known() {
        let read =
            |value: serde_json::Value| CostCode::read(value.as_object().unwrap(), &WireProfile::default()).unwrap();
        assert!(read(json!({"costCodeId": 1, "displayOption": "System"})).is_system);
        let code = read(json!({"costCodeId": 1, "identifier": "03-300", "displayOption": "Default"}));
        assert!(!code.is_system && code.is_active);
        assert_eq!(code.identifier.as_deref(), Some("03-300"));
    }
}
